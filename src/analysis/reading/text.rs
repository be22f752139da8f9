//! A transcript, read once.

use super::sections::{Section, sections};
use super::sentences::{Segments, segments};
use super::trained::Trained;
use crate::analysis::tokens::normals;
use crate::types::{Transcript, WordRange};

/// A transcript with its words as they are compared, and where its sentences and clauses begin.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    /// What was said.
    pub transcript: &'a Transcript,
    /// The normal form of each word, at the same positions.
    pub words: Vec<String>,
    /// The parts of a story that the text itself labels, in order.
    pub sections: Vec<Section>,
    /// Its sentences and clauses.
    pub segments: Segments,
}

impl<'a> Text<'a> {
    /// Reads a transcript.
    pub fn of(transcript: &'a Transcript) -> Text<'a> {
        Text::by(Trained::shipped(), transcript)
    }

    /// The same with other weights; training measures itself so.
    pub fn by(trained: &Trained, transcript: &'a Transcript) -> Text<'a> {
        let words = normals(transcript);
        let sections = sections(transcript);
        let segments = segments(&trained.boundary, transcript, &words, &sections);
        Text { transcript, words, sections, segments }
    }

    /// The sentences, in order, covering all words.
    pub fn sentences(&self) -> &[WordRange] {
        &self.segments.sentences
    }

    /// The sentence that word `word` stands in.
    pub fn sentence_at(&self, word: usize) -> Option<WordRange> {
        self.sentences().iter().copied().find(|sentence| sentence.contains(word))
    }
}
