//! The transcript with its fillers, its pauses and the parts of the story marked.

use std::borrow::Cow;

use super::numbers::seconds;
use crate::report::marked::{self, Between, Betweens, Run, letter};
use crate::report::page::{Page, Tone};
use crate::types::{Certainty, Filler, Report, WordRange};

/// A word or a mark, and how it is meant.
type Piece<'a> = (Cow<'a, str>, Tone);

/// The words as they were spoken: `[um]` is a filler, `(like)` may be one, `[...]` was heard and not written, `<2.4 s>` is a
/// pause. Where the story was judged, each part begins on a line with its letter.
pub(super) fn transcript(page: &mut Page, report: &Report) {
    let model = report.transcript.model.as_ref().map(|model| format!(" by {model}")).unwrap_or_default();
    page.heading(&format!("Transcript{model}"));
    let mut between = Betweens::of(report);
    let runs = marked::runs(report);
    let has_parts = runs.iter().any(|run| run.part.is_some());
    let mut pieces: Vec<(Run, Vec<Piece>)> =
        runs.iter().map(|run| (*run, pieces(report, *run, &mut between))).collect();
    if let Some((_, last)) = pieces.last_mut() {
        last.extend(between.rest().map(chip));
    }
    for (run, pieces) in pieces {
        match run.part {
            Some(part) => page.flowing(&format!("  {}  ", Tone::Of(part).paint(letter(part))), pieces.into_iter()),
            None => page.flowing(if has_parts { "     " } else { "  " }, pieces.into_iter()),
        }
    }
    legend(page, report, has_parts);
}

/// What the marks mean that are there.
fn legend(page: &mut Page, report: &Report, has_parts: bool) {
    let mut marks = Vec::new();
    if !report.analysis.fillers.items.is_empty() {
        marks.push("[filler]  (may be one)  [...] heard, not in the transcript");
    }
    if report.analysis.pauses.items.iter().any(marked::is_shown) {
        marks.push("<2.4 s> pause");
    }
    if has_parts {
        page.hanging("  ", 2, "S Situation, T Task, A Action, R Result", Tone::Quiet);
    }
    if !marks.is_empty() {
        page.hanging("  ", 2, &marks.join("  "), Tone::Quiet);
    }
}

/// The words of a run in order, fillers marked, and what was heard between them where it was heard.
fn pieces<'a>(report: &'a Report, run: Run, between: &mut Betweens) -> Vec<Piece<'a>> {
    let (words, fillers) = (&report.transcript.words, &report.analysis.fillers.items);
    let mut pieces = Vec::new();
    let mut next = run.words.first;
    while next < run.words.end {
        pieces.extend(between.before(words[next].start_s).into_iter().map(chip));
        let begins = |filler: &&Filler| filler.words.is_some_and(|range| range.first == next && !range.is_empty());
        match fillers.iter().find(begins).and_then(|filler| Some((filler, filler.words?))) {
            Some((filler, range)) => {
                let range = WordRange::new(next, range.end.min(run.words.end));
                let quote = report.transcript.quote(range);
                pieces.push(match filler.certainty {
                    Certainty::Sure => (Cow::Owned(format!("[{quote}]")), Tone::Watch),
                    Certainty::Possible => (Cow::Owned(format!("({quote})")), Tone::Quiet),
                });
                next = range.end;
            }
            None => {
                pieces.push((Cow::Borrowed(words[next].text.as_str()), Tone::Plain));
                next += 1;
            }
        }
    }
    pieces
}

fn chip<'a>(between: Between) -> Piece<'a> {
    match between {
        Between::Pause(span) => (Cow::Owned(format!("<{}>", seconds(span.end_s - span.start_s))), Tone::Quiet),
        Between::Hesitation(_) => (Cow::Borrowed("[...]"), Tone::Watch),
    }
}
