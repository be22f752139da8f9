//! A report for a terminal of 80 columns: what is good first, then figures, then what to try next.
//!
//! Colours are ANSI codes in the text; whoever prints it strips them where there is no terminal.
//! Nothing is said by colour alone.

mod content;
mod figures;
mod numbers;
mod speech;
mod summary;

pub use summary::{render_part, render_summary};

pub(super) use numbers::clock;

use super::page::{Page, Tone};
use crate::analysis::MIN_WORDS;
use crate::types::Report;

/// What to show of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether to add the transcript with its fillers marked.
    pub transcript: bool,
}

/// More advice than this is not followed.
const MAX_ADVICE: usize = 3;

/// The report as lines of at most 80 columns.
///
/// An answer without words says so and nothing else; one of under 30 words gets its figures and no judgement.
pub fn render(report: &Report, options: Options) -> String {
    let mut page = Page::default();
    if let Some(question) = &report.question {
        page.hanging("", 0, &question.text, Tone::Heading);
    }
    match report.analysis.length.words {
        0 => nothing(&mut page, report),
        words => {
            if words < MIN_WORDS {
                let only = format!("Only {}: too little to judge.", numbers::count(words, "word", "words"));
                page.hanging("", 0, &only, Tone::Watch);
            }
            strengths(&mut page, report);
            figures::figures(&mut page, report);
            content::story(&mut page, report);
            content::bottom_line(&mut page, report);
            content::evidence(&mut page, report);
            content::points(&mut page, report);
            content::frameworks(&mut page, report);
            content::moves(&mut page, report);
            content::cautions(&mut page, report);
            advice(&mut page, report);
        }
    }
    notices(&mut page, report);
    if options.transcript && report.analysis.length.words > 0 {
        speech::transcript(&mut page, report);
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

fn advice(page: &mut Page, report: &Report) {
    if report.advice.is_empty() {
        return;
    }
    page.heading("Next time");
    for (number, advice) in (1..).zip(report.advice.iter().take(MAX_ADVICE)) {
        page.hanging(&format!("  {number} "), 4, &advice.title, Tone::Heading);
        if !advice.why.is_empty() {
            page.hanging("    ", 4, &advice.why, Tone::Plain);
        }
        if !advice.try_saying.is_empty() {
            page.hanging("    Try: ", 9, &advice.try_saying, Tone::Try);
        }
    }
}

fn notices(page: &mut Page, report: &Report) {
    if report.notices.is_empty() {
        return;
    }
    page.gap();
    for notice in &report.notices {
        page.hanging("Note: ", 6, notice, Tone::Watch);
    }
}

#[cfg(test)]
mod tests;
