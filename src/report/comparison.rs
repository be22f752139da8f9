//! Two takes beside each other, for a terminal of 80 columns.

use std::borrow::Cow;

use super::page::{Page, Tone, short};
use super::terminal::percent;
use crate::types::{Became, Difference, FigureChange, PartChange, SentenceChange, TakeComparison};

/// Columns of the bar that shows a share.
const BAR_COLUMNS: usize = 20;
/// Columns of a sentence that must fit on one line.
const SENTENCE_COLUMNS: usize = 70;
/// Columns that the names of figures take, and their values.
const NAME_COLUMNS: usize = 15;
const VALUES_COLUMNS: usize = 26;

/// The comparison in lines of at most 80 columns; the take before always stands above or left of the take now.
pub fn render(found: &TakeComparison) -> String {
    let mut page = Page::default();
    heads(&mut page, found);
    page.gap();
    for figure in &found.figures {
        let (verdict, tone) = verdict(figure);
        let mark = format!("  {:NAME_COLUMNS$}{:VALUES_COLUMNS$}  ", figure.name, values(figure));
        page.hanging(&mark, mark.len(), verdict, tone);
    }
    parts(&mut page, &found.parts);
    points(&mut page, found);
    sentences(&mut page, &found.sentences);
    words(&mut page, found);
    page.finish()
}

fn heads(page: &mut Page, found: &TakeComparison) {
    let asked = |question: &Option<crate::types::QuestionRef>| question.as_ref().map(|asked| asked.text.clone());
    let (before, now) = (asked(&found.before.question), asked(&found.now.question));
    if let Some(question) = now.as_ref().filter(|_| found.same_question) {
        page.hanging("", 0, question, Tone::Heading);
    }
    let takes = [("before  ", &found.before, before), ("now     ", &found.now, now)];
    for (mark, take, question) in takes {
        let question = question.filter(|_| !found.same_question).map(|asked| format!(": {asked}")).unwrap_or_default();
        page.hanging(mark, 8, &format!("{} ({}){question}", take.name, take.id), Tone::Plain);
    }
    if !found.same_question {
        page.hanging("", 0, "These answer different questions: nothing is called better or worse.", Tone::Watch);
    }
}

/// `118 s -> 95 s`.
pub(super) fn values(figure: &FigureChange) -> String {
    let unit = if figure.unit.is_empty() { String::new() } else { format!(" {}", figure.unit) };
    let shown = |value: Option<f64>| match value {
        None => "-".to_owned(),
        Some(value) if value.fract() == 0.0 || value.abs() >= 20.0 => format!("{value:.0}"),
        Some(value) => format!("{value:.1}"),
    };
    format!("{} -> {}{unit}", shown(figure.before), shown(figure.now))
}

/// What is to be thought of a figure, in words; nothing where it did not change.
pub(super) fn verdict(figure: &FigureChange) -> (&'static str, Tone) {
    if figure.before == figure.now {
        return ("", Tone::Plain);
    }
    match figure.change {
        Difference::Better => ("better", Tone::Good),
        Difference::Worse => ("not as good", Tone::Watch),
        Difference::Usual => ("no more than your takes differ", Tone::Quiet),
        Difference::Unknown => ("too few takes to judge", Tone::Quiet),
        Difference::NotJudged => ("", Tone::Plain),
    }
}

fn parts(page: &mut Page, parts: &[PartChange]) {
    if parts.is_empty() {
        return;
    }
    page.heading("The story");
    for change in parts {
        for (name, share) in [(change.part.name(), change.before), ("", change.now)] {
            let Some(share) = share else {
                page.labelled(name, "not heard", Tone::Quiet);
                continue;
            };
            let full = ((share.clamp(0.0, 1.0) * BAR_COLUMNS as f64).round() as usize).max(1);
            let bar = format!("{}{}", "█".repeat(full), "░".repeat(BAR_COLUMNS - full));
            page.hanging(&format!("  {name:11}{bar} {:>5}", percent(share)), 0, "", Tone::Plain);
        }
    }
}

fn points(page: &mut Page, found: &TakeComparison) {
    if found.points.is_empty() {
        return;
    }
    page.heading("Your points");
    for (became, mark, tone) in [
        (Became::Won, "  won      ", Tone::Good),
        (Became::Lost, "  lost     ", Tone::Watch),
        (Became::Kept, "  kept     ", Tone::Plain),
        (Became::Missing, "  missing  ", Tone::Quiet),
    ] {
        for point in found.points.iter().filter(|point| point.became == became) {
            page.hanging(mark, mark.len(), &point.text, tone);
        }
    }
}

/// How many sentences were kept, dropped and are new, such as `5 kept, 2 dropped, 1 new`.
pub(super) fn counted(sentences: &[SentenceChange]) -> String {
    let of = |became| sentences.iter().filter(|sentence| sentence.became == became).count();
    format!("{} kept, {} dropped, {} new", of(Became::Kept), of(Became::Lost), of(Became::Won))
}

fn sentences(page: &mut Page, sentences: &[SentenceChange]) {
    page.heading(&format!("Sentences: {}", counted(sentences)));
    for sentence in sentences {
        let (mark, text, tone) = match sentence.became {
            Became::Lost => ("  - ", &sentence.before, Tone::Watch),
            Became::Won => ("  + ", &sentence.now, Tone::Good),
            Became::Kept | Became::Missing => ("    ", &sentence.now, Tone::Plain),
        };
        page.hanging(mark, 4, &short(text.as_deref().unwrap_or_default(), SENTENCE_COLUMNS), tone);
    }
}

fn words(page: &mut Page, found: &TakeComparison) {
    if found.words.is_empty() {
        return;
    }
    page.heading("Word for word: [-dropped-] {+new+}");
    // Word by word, so that lines break between any two.
    let pieces = found.words.iter().flat_map(|run| {
        let (begin, end, tone) = match run.became {
            Became::Lost => ("[-", "-]", Tone::Watch),
            Became::Won => ("{+", "+}", Tone::Good),
            Became::Kept | Became::Missing => ("", "", Tone::Plain),
        };
        let marked = format!("{begin}{}{end}", run.text);
        let words: Vec<String> = marked.split_whitespace().map(str::to_owned).collect();
        words.into_iter().map(move |word| (Cow::Owned(word), tone))
    });
    page.flowing("  ", pieces);
}

#[cfg(test)]
pub(in crate::report) mod tests {
    use insta::assert_snapshot;
    use textwrap::core::display_width;

    use super::*;
    use crate::practice::{Compared, EarlierTakes, compare};
    use crate::report::samples::{self, without_colour};
    use crate::types::{Covered, Report, Transcript};

    /// The sample, and a later take of it with other figures and other words.
    pub(in crate::report) fn compared() -> TakeComparison {
        let before = samples::full();
        let now = changed();
        let all = EarlierTakes::default();
        let before = Compared { id: "2026-11-21T0930-release/1", name: "Take 1, 21 November 2026", report: &before };
        compare(
            &before,
            &Compared { id: "2026-11-28T1800-release/3", name: "Take 3, 28 November 2026", report: &now },
            &all,
        )
    }

    fn changed() -> Report {
        let mut now = samples::full();
        now.transcript = Transcript::of_text(
            "We cut the release time by 40 percent. Two years ago our releases took a week, and I was asked to fix that. \
             I wrote the pipeline and taught five teams. In the end a release took an hour.",
        );
        now.analysis.fillers.filled_pauses.per_minute = Some(0.0);
        for point in now.analysis.points.iter_mut().take(1) {
            point.covered = if point.covered == Covered::Yes { Covered::No } else { Covered::Yes };
        }
        now
    }

    #[test]
    fn two_takes_are_read_beneath_each_other() {
        let page = without_colour(&render(&compared()));
        assert!(page.lines().all(|line| display_width(line) <= 80), "{page}");
        assert_snapshot!(page);
    }
}
