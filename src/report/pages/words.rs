//! What was said, word for word: each can be heard, with its part of the story at the side and its marks in it.

use super::markup::{Markup, html, shown};
use crate::analysis::tokens::ends_sentence;
use crate::report::marked::{self, Between, Betweens, Run, letter};
use crate::report::terminal::{clock, seconds};
use crate::types::{Certainty, Filler, FillerKind, Report, Seconds, Word};

/// A pause of this length after a sentence begins a paragraph.
const PARAGRAPH_PAUSE: Seconds = Seconds(2.0);

/// The words; `heard` where there is a sound to hear them in.
pub(super) fn transcript(report: &Report, heard: bool) -> Markup {
    let fillers = marked::fillers(report);
    let mut between = Betweens::of(report);
    let runs = marked::runs(report);
    let told: Vec<Markup> = runs.iter().map(|run| told(report, *run, &fillers, &mut between)).collect();
    let model = report.transcript.model.as_ref();
    html! {
        section.transcript aria-labelledby="said" {
            h2 #said { "What you said" }
            @if runs.is_empty() { p { "No word was heard." } }
            div #words role="group" aria-label=(label(heard)) lang=(shown(&report.transcript.language)) {
                @for run in &told { (run) }
                @for last in between.rest() { p { (chip(&last)) } }
            }
            p.legend {
                span { mark.sure { "filler" } } " "
                span { mark.possible { "may be one" } } " "
                span { span.gap { "2.4 s" } " pause" }
                @if let Some(model) = model { " " span { "written down by " (shown(model)) } }
            }
        }
    }
}

fn label(heard: bool) -> &'static str {
    if heard { "The words. Arrow keys go from word to word, Enter plays from there." } else { "The words" }
}

/// Consecutive words of one part.
fn told(report: &Report, run: Run, fillers: &[Option<&Filler>], between: &mut Betweens) -> Markup {
    let words = &report.transcript.words;
    let mut paragraphs: Vec<Vec<Markup>> = vec![Vec::new()];
    for at in run.words.indices() {
        let word = &words[at];
        let before = at.checked_sub(1).map(|before| &words[before]);
        if at > run.words.first && begins_paragraph(before, word) {
            paragraphs.push(Vec::new());
        }
        let paragraph = paragraphs.last_mut().expect("it begins with one");
        paragraph.extend(between.before(word.start_s).iter().map(chip));
        paragraph.push(spoken(word, fillers[at]));
    }
    let said = html! {
        @for paragraph in &paragraphs { p { @for piece in paragraph { (piece) " " } } }
    };
    match run.part {
        Some(part) => html! {
            div.run data-part=(letter(part)) {
                p.letter title=(part.name()) { span aria-hidden="true" { (letter(part)) } span.unseen { (part.name()) } }
                (said)
            }
        },
        None => html! { div.run { (said) } },
    }
}

fn begins_paragraph(before: Option<&Word>, word: &Word) -> bool {
    let Some(before) = before else { return false };
    let gap = before.end_s.zip(word.start_s).map(|(end, start)| start - end);
    gap.is_some_and(|gap| gap >= PARAGRAPH_PAUSE) && ends_sentence(&before.text)
}

/// A word; one of a filler is marked.
fn spoken(word: &Word, filler: Option<&Filler>) -> Markup {
    let start = word.start_s.map(time);
    let text = shown(&word.text);
    match filler {
        None => html! { span.w data-start=[start] { (text) } },
        Some(filler) => html! {
            mark class={ "w " (certainty(filler)) } title=(kind(filler)) data-start=[start] { (text) }
        },
    }
}

/// What is heard between words.
fn chip(between: &Between) -> Markup {
    match between {
        Between::Pause(span) => html! {
            span.gap data-start=(time(span.start_s)) title={ "a pause at " (clock(span.start_s)) } {
                (seconds(span.end_s - span.start_s))
            }
        },
        Between::Hesitation(filler) => html! {
            mark class={ "heard " (certainty(filler)) } title=(kind(filler)) data-start=[filler.start_s.map(time)] {
                "[\u{2026}]"
            }
        },
    }
}

/// A place in the recording for the script, to the hundredth of a second.
pub(super) fn time(at: Seconds) -> String {
    format!("{:.2}", at.0)
}

/// The class of how sure a filler is.
pub(super) fn certainty(filler: &Filler) -> &'static str {
    match filler.certainty {
        Certainty::Sure => "sure",
        Certainty::Possible => "possible",
    }
}

/// What sort of filler it is, and how sure that is.
pub(super) fn kind(filler: &Filler) -> String {
    let kind = match filler.kind {
        FillerKind::FilledPause => "filled pause",
        FillerKind::Marker => "filler word",
        FillerKind::Hesitation => "hesitation, heard and not written",
    };
    match filler.certainty {
        Certainty::Sure => kind.to_owned(),
        Certainty::Possible => format!("perhaps a {kind}"),
    }
}
