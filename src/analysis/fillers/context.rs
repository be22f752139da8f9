//! The words around a marker, as the rules of a lexicon see them.

use crate::analysis::evidence;
use crate::analysis::lexicon::{Gap, Lexicon, Marker, Surroundings, Verdict};
use crate::analysis::tokens;
use crate::types::Transcript;

/// The words of an answer without its filled pauses, and what stood between them.
pub(crate) struct Context<'a> {
    words: &'a [String],
    lexicon: &'a Lexicon,
    /// Positions of the words that are no filled pauses.
    kept: Vec<usize>,
    /// What stands before each kept word; one more at the end for what follows the last.
    gaps: Vec<Gap>,
    /// For each word: its place in `kept`, or that of the next kept one.
    place: Vec<usize>,
    /// Which words are part of a marker found so far.
    marked: Vec<bool>,
    punctuated: bool,
}

/// Fewer marks than one in so many words, and a comma that is not there says nothing.
const WORDS_PER_MARK: usize = 25;

impl<'a> Context<'a> {
    pub fn new(transcript: &Transcript, words: &'a [String], lexicon: &'a Lexicon) -> Context<'a> {
        let edge = Gap { mark: true, sentence: true, answer: true, filled: false };
        let (mut kept, mut gaps, mut place) = (Vec::new(), Vec::new(), Vec::new());
        let mut gap = edge;
        for (index, word) in words.iter().enumerate() {
            place.push(kept.len());
            let written = &transcript.words[index].text;
            if word.is_empty() || lexicon.filled_pause(word).is_some() {
                gap.filled |= !word.is_empty();
                gap.mark |= word.is_empty();
            } else {
                kept.push(index);
                gaps.push(gap);
                gap = Gap::default();
            }
            gap.mark |= ends_with_mark(written);
            gap.sentence |= tokens::ends_sentence(written);
        }
        let marks = transcript.words.iter().filter(|word| ends_with_mark(&word.text)).count();
        let punctuated = marks * WORDS_PER_MARK >= words.len();
        gaps.push(Gap { filled: gap.filled, ..edge });
        Context { words, lexicon, kept, gaps, place, marked: vec![false; words.len()], punctuated }
    }

    /// Whether the `length` words at `at`, which are `marker`, are a filler there.
    pub fn judge(&self, at: usize, length: usize, marker: &Marker) -> Verdict {
        let here = Here { context: self, before: self.place[at], after: self.place[at] + length };
        let rule = marker.rules.iter().find(|(_, pattern)| pattern.fits(&here));
        rule.map_or(marker.otherwise, |(verdict, _)| *verdict)
    }

    /// Remembers that the `length` words at `at` are a filler.
    pub fn mark(&mut self, at: usize, length: usize) {
        self.marked[at..at + length].fill(true);
    }
}

/// Whether a written word ends with a comma, dash, or the end of a sentence.
fn ends_with_mark(written: &str) -> bool {
    let bare = written.trim_end_matches(['"', '\'', ')', '\u{201d}', '\u{2019}']);
    bare.ends_with([',', '.', '!', '?', '…', ';', ':', '\u{2013}', '\u{2014}'])
}

/// One place in a context: the kept words `before..after` are the marker.
struct Here<'c> {
    context: &'c Context<'c>,
    before: usize,
    after: usize,
}

impl Surroundings for Here<'_> {
    fn left(&self, distance: usize) -> Option<&str> {
        let index = self.before.checked_sub(distance + 1)?;
        Some(&self.context.words[self.context.kept[index]])
    }

    fn right(&self, distance: usize) -> Option<&str> {
        let index = *self.context.kept.get(self.after + distance)?;
        Some(&self.context.words[index])
    }

    fn left_gap(&self, distance: usize) -> Gap {
        self.before.checked_sub(distance).map_or(Gap::default(), |index| self.context.gaps[index])
    }

    fn right_gap(&self, distance: usize) -> Gap {
        self.context.gaps.get(self.after + distance).copied().unwrap_or_default()
    }

    fn is_number(&self, word: &str) -> bool {
        evidence::is_number(word, self.context.lexicon)
    }

    fn punctuated(&self) -> bool {
        self.context.punctuated
    }

    fn left_is_marker(&self, distance: usize) -> bool {
        let index = self.before.checked_sub(distance + 1);
        index.is_some_and(|index| self.context.marked[self.context.kept[index]])
    }
}
