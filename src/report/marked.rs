//! What is marked in the words of an answer: the part of the story that each tells, fillers, and pauses between them.

use crate::types::{Filler, Judged, Report, Seconds, Span, StarPart, WordRange};

/// A pause is shown from this length on; shorter ones are how people speak.
const SHOWN_PAUSE: Seconds = Seconds(1.0);

/// Whether a pause is long enough to be shown.
pub(super) fn is_shown(pause: &Span) -> bool {
    pause.end_s - pause.start_s >= SHOWN_PAUSE
}

/// Consecutive words that tell one part of the story, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub part: Option<StarPart>,
    pub words: WordRange,
}

/// The answer cut where the part changes, in order, covering all words.
pub(super) fn runs(report: &Report) -> Vec<Run> {
    let count = report.transcript.words.len();
    let mut parts = vec![None; count];
    let star = &report.analysis.star;
    let told = star.parts.iter().filter(|(_, found)| found.present && star.judged == Judged::Yes);
    for (part, found) in told {
        for range in &found.words {
            parts[within(*range, count)].fill(Some(*part));
        }
    }
    let mut runs: Vec<Run> = Vec::new();
    for (at, part) in parts.into_iter().enumerate() {
        match runs.last_mut() {
            Some(run) if run.part == part => run.words.end = at + 1,
            _ => runs.push(Run { part, words: WordRange::new(at, at + 1) }),
        }
    }
    runs
}

/// The places of a range in a list of `count`; a report from elsewhere may name others.
fn within(range: WordRange, count: usize) -> std::ops::Range<usize> {
    let end = range.end.min(count);
    range.first.min(end)..end
}

/// Something heard before a word that is no word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Between<'a> {
    /// Nothing was said.
    Pause(Span),
    /// A hesitation that the transcript does not have.
    Hesitation(&'a Filler),
}

impl Between<'_> {
    fn at(&self) -> Seconds {
        match self {
            Between::Pause(span) => (span.start_s + span.end_s) * 0.5,
            Between::Hesitation(filler) => filler.start_s.unwrap_or_default(),
        }
    }
}

/// What is heard between words, in order, to be taken as the words go by.
pub(super) struct Betweens<'a>(std::iter::Peekable<std::vec::IntoIter<Between<'a>>>);

impl<'a> Betweens<'a> {
    pub fn of(report: &'a Report) -> Betweens<'a> {
        let pauses = report.analysis.pauses.items.iter().filter(|pause| is_shown(pause));
        let heard = report.analysis.fillers.items.iter().filter(|filler| filler.words.is_none());
        let heard = heard.filter(|filler| filler.start_s.is_some()).map(Between::Hesitation);
        let mut all: Vec<Between> = pauses.map(|pause| Between::Pause(*pause)).chain(heard).collect();
        all.sort_by(|a, b| a.at().0.total_cmp(&b.at().0));
        Betweens(all.into_iter().peekable())
    }

    /// What is heard before a word that begins at `start`; all that is left without one.
    pub fn before(&mut self, start: Option<Seconds>) -> Vec<Between<'a>> {
        let mut before = Vec::new();
        while let Some(next) = self.0.next_if(|next| start.is_some_and(|start| next.at() < start)) {
            before.push(next);
        }
        before
    }

    /// What is heard behind the last word.
    pub fn rest(self) -> impl Iterator<Item = Between<'a>> {
        self.0
    }
}

/// For each word the filler that it belongs to.
pub(super) fn fillers(report: &Report) -> Vec<Option<&Filler>> {
    let mut of_words = vec![None; report.transcript.words.len()];
    for filler in &report.analysis.fillers.items {
        let Some(range) = filler.words else { continue };
        let range = within(range, of_words.len());
        of_words[range].fill(Some(filler));
    }
    of_words
}

/// The letter of a part, which is its mark wherever colours are not seen.
pub(super) fn letter(part: StarPart) -> &'static str {
    match part {
        StarPart::Situation => "S",
        StarPart::Task => "T",
        StarPart::Action => "A",
        StarPart::Result => "R",
    }
}
