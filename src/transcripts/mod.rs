//! Transcripts that other programs wrote: subtitles, exports of meeting programs, JSON of recognisers. Pure.
//!
//! What is not speech is taken off (times, names, numbers of captions, marks) and kept as what it is: when a word was
//! said, and by whom. A text in which nothing of the kind is found is a text.

mod captions;
mod conversation;
mod json;
mod marked;
mod names;
mod times;

pub use conversation::{Conversation, NoSuchSpeaker, Speaker, Utterance};

use crate::content::{self, ReadError};
use crate::remedy::{Action, NextStep, Remedy, next};
use crate::types::Transcript;

/// The largest transcript that is read: 64 MiB, a thousand hours of speech.
pub const MAX_BYTES: usize = content::MAX_BYTES;

/// What was read.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A text, or a transcript of our own.
    Whole(Transcript),
    /// What one or several people said.
    Conversation(Conversation),
}

/// Why there is no transcript in a file.
#[derive(Debug, thiserror::Error)]
pub enum TranscriptError {
    /// It is no text.
    #[error("{name} is {what}, and a transcript is a text")]
    NotText {
        /// The file.
        name: String,
        /// What it is, with its article.
        what: String,
    },
    /// It is larger than any transcript.
    #[error("{name} is larger than {} MB, and no transcript is", MAX_BYTES >> 20)]
    TooLarge {
        /// The file.
        name: String,
    },
    /// It is JSON that ends too early or has a mistake in it.
    #[error("{name} is JSON with a mistake in line {line}, column {column}")]
    BrokenJson {
        /// The file.
        name: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// It is JSON in which nobody says anything.
    #[error("{name} is JSON, and not that of a transcript that is known here")]
    UnknownJson {
        /// The file.
        name: String,
    },
}

impl Remedy for TranscriptError {
    fn next_step(&self) -> NextStep {
        match self {
            TranscriptError::NotText { .. } => {
                next!["save it as plain text; a recording is analysed by its file name: ", Action::Analyze]
            }
            TranscriptError::TooLarge { .. } => "name a file with one answer in it".into(),
            TranscriptError::BrokenJson { .. } => "export it again from the program that wrote it".into(),
            TranscriptError::UnknownJson { .. } => {
                "export it as srt, vtt or txt instead; JSON is read of Greenroom, Whisper in its forms, Deepgram and \
                 AssemblyAI"
                    .into()
            }
        }
    }
}

/// Reads a transcript; `name` is that of its file, for errors and for its ending.
pub fn read(bytes: &[u8], name: &str) -> Result<Source, TranscriptError> {
    let text = text_of(bytes, name)?;
    let is_json = name.to_lowercase().ends_with(".json");
    if is_json || text.trim_start().starts_with(['{', '[']) {
        match json::read(&text) {
            Ok(source) => return Ok(source),
            // A text may begin with a bracket.
            Err(error) if is_json => return Err(error.named(name)),
            Err(_) => {}
        }
    }
    let found = captions::read(&text).or_else(|| marked::read(&text));
    Ok(found.map_or_else(|| Source::Whole(Transcript::of_text(&text)), Source::Conversation))
}

/// The text in the bytes: UTF-8, UTF-16 or Windows-1252, with lines that end in any way.
fn text_of(bytes: &[u8], name: &str) -> Result<String, TranscriptError> {
    let marked;
    let bytes = match half_empty(bytes) {
        Some(mark) => {
            marked = [&mark[..], bytes].concat();
            &marked
        }
        None => bytes,
    };
    match content::plain_text(bytes, name) {
        Ok(text) => Ok(text),
        Err(ReadError::Empty { .. }) => Ok(String::new()),
        Err(ReadError::Binary { what, .. }) => Err(TranscriptError::NotText { name: name.to_owned(), what }),
        Err(ReadError::TooLarge { .. }) => Err(TranscriptError::TooLarge { name: name.to_owned() }),
    }
}

/// The mark that belongs before UTF-16 without one: every other byte of its Latin letters is empty.
fn half_empty(bytes: &[u8]) -> Option<[u8; 2]> {
    let start = &bytes[..bytes.len().min(4_096)];
    let empty = |first: usize| start.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let many = start.len() / 4;
    match (empty(0) > many, empty(1) > many) {
        (true, false) => Some([0xFE, 0xFF]),
        (false, true) => Some([0xFF, 0xFE]),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
