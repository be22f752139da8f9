//! One answer: what was heard of it, and what every metric is handed.

use std::cell::OnceCell;

use super::lexicon::Lexicon;
use super::reading::{Labelling, Text, Trained};
use super::voice::VoiceTrack;
use crate::types::{Question, Seconds, Span, Transcript, WordRange};

/// Fewer words than this are not judged: there is too little to say anything about.
pub const MIN_WORDS: usize = 30;

/// Everything the analysis hears of one answer.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    /// What was said.
    pub transcript: &'a Transcript,
    /// The sound, unless the answer is a written text.
    pub sound: Option<Sound<'a>>,
    /// What was asked, if it is known.
    pub question: Option<&'a Question>,
}

/// The sound of one answer.
#[derive(Clone, Copy, Debug)]
pub struct Sound<'a> {
    /// Length of the recording.
    pub duration: Seconds,
    /// Stretches of speech from the voice detector, in order, not touching.
    pub speech: &'a [Span],
    /// Its voice, frame by frame.
    pub voice: &'a VoiceTrack,
    /// When the question ended on the recording's clock (zero or before); `None` for a file from elsewhere.
    pub question_end: Option<Seconds>,
}

/// An answer as it was read: every metric is handed the same one.
#[derive(Debug)]
pub struct ReadAnswer<'a> {
    /// What was heard.
    pub heard: Heard<'a>,
    /// Its words and sentences.
    pub text: Text<'a>,
    /// The words of its language.
    pub lexicon: &'a Lexicon,
    /// What story and bottom line are judged by.
    pub trained: &'a Trained,
    labelling: OnceCell<Labelling>,
}

impl<'a> ReadAnswer<'a> {
    /// Reads an answer.
    pub fn of(heard: &Heard<'a>, lexicon: &'a Lexicon) -> ReadAnswer<'a> {
        ReadAnswer::by(Trained::shipped(), heard, lexicon)
    }

    /// The same with other weights; training measures itself so.
    pub fn by(trained: &'a Trained, heard: &Heard<'a>, lexicon: &'a Lexicon) -> ReadAnswer<'a> {
        let text = Text::by(trained, heard.transcript);
        ReadAnswer { heard: *heard, text, lexicon, trained, labelling: OnceCell::new() }
    }

    /// Which part of a story each clause tells; worked out when it is first asked for.
    pub fn labelling(&self) -> &Labelling {
        self.labelling.get_or_init(|| Labelling::of(self.trained, &self.text, self.question()))
    }

    /// What was said.
    pub fn transcript(&self) -> &'a Transcript {
        self.heard.transcript
    }

    /// The normal form of each word.
    pub fn words(&self) -> &[String] {
        &self.text.words
    }

    /// The sentences, in order, covering all words.
    pub fn sentences(&self) -> &[WordRange] {
        self.text.sentences()
    }

    /// The wording of the question, if it is known.
    pub fn question(&self) -> Option<&'a str> {
        self.heard.question.map(|question| question.text.as_str())
    }

    /// Whether it has too few words for anything to be judged.
    pub fn is_too_short(&self) -> bool {
        self.text.words.len() < MIN_WORDS
    }
}
