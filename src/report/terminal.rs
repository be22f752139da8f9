//! A report for a terminal of 80 columns: one screen that says what matters, and the rest where it is asked for.
//!
//! Colours are ANSI codes in the text; whoever prints it strips them where there is no terminal.
//! Nothing is said by colour alone.

mod content;
mod figures;
mod first;
mod numbers;
mod speech;
mod summary;

/// More advice than this is not followed.
const MAX_ADVICE: usize = 3;

pub use summary::{render_part, render_summary};

pub(super) use content::caution;
pub(super) use figures::{Row, rows};
pub(super) use first::{asking, chosen, is_doubtful, verdict};
pub(crate) use numbers::clock;
pub(super) use numbers::{count, percent, seconds};

use super::page::{Page, Tone};
use crate::types::Report;

/// What to show of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether to add what has no room on the first screen.
    pub full: bool,
    /// Whether to add the transcript with its fillers marked.
    pub transcript: bool,
}

/// The report as lines of at most 80 columns: one screen of 24 lines, and with [`Options::full`] the rest below it.
///
/// Nothing is said twice. An answer without words says so and nothing else; one of under 30 words gets its figures and
/// no judgement.
pub fn render(report: &Report, options: Options) -> String {
    if report.analysis.length.words == 0 {
        let mut page = Page::default();
        if let Some(question) = &report.question {
            page.hanging("", 0, &question.text, Tone::Heading);
        }
        nothing(&mut page, report);
        notices(&mut page, report, 0);
        return page.finish();
    }
    let (mut page, shown) = first::screen(report, options.full);
    if options.full {
        strengths(&mut page, report);
        figures::details(&mut page, report, &shown.figures);
        content::bottom_line(&mut page, report);
        content::more_points(&mut page, report, shown.points);
        content::looked_for(&mut page, report);
        content::frameworks(&mut page, report);
        content::moves(&mut page, report);
        content::cautions(&mut page, report);
        more_advice(&mut page, report);
    }
    if options.transcript {
        speech::transcript(&mut page, report);
    }
    page.finish()
}

/// What the person remarked on a take, in lines of at most 80 columns.
pub fn render_remarks(remarks: &[String]) -> String {
    let mut page = Page::default();
    for remark in remarks {
        page.hanging("Your remark: ", 13, remark, Tone::Plain);
    }
    page.finish()
}

/// Says that there was no answer.
fn nothing(page: &mut Page, report: &Report) {
    match &report.recording {
        Some(recording) => {
            let length = numbers::seconds(recording.duration_s);
            page.hanging("", 0, &format!("Nothing was heard in {length} of recording."), Tone::Watch);
        }
        None => page.hanging("", 0, "Nothing was heard: the answer has no words.", Tone::Watch),
    }
}

fn strengths(page: &mut Page, report: &Report) {
    if report.strengths.is_empty() {
        return;
    }
    page.heading("What was good");
    for strength in &report.strengths {
        page.hanging("  + ", 4, &strength.title, Tone::Good);
        if !strength.why.is_empty() {
            page.hanging("    ", 4, &strength.why, Tone::Plain);
        }
    }
}

fn more_advice(page: &mut Page, report: &Report) {
    let more = report.advice.get(1..MAX_ADVICE.min(report.advice.len())).unwrap_or_default();
    if more.is_empty() {
        return;
    }
    page.heading("After that");
    for (number, advice) in (2..).zip(more) {
        page.hanging(&format!("  {number} "), 4, &advice.title, Tone::Heading);
        if !advice.why.is_empty() {
            page.hanging("    ", 4, &advice.why, Tone::Plain);
        }
        if !advice.try_saying.is_empty() {
            page.hanging("    Try: ", 9, &advice.try_saying, Tone::Try);
        }
    }
}

fn notices(page: &mut Page, report: &Report, shown: usize) {
    let more = report.notices.get(shown..).unwrap_or_default();
    if more.is_empty() {
        return;
    }
    page.gap();
    for notice in more {
        page.hanging("Note: ", 6, notice, Tone::Watch);
    }
}

#[cfg(test)]
mod tests;
