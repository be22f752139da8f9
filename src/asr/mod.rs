//! Speech to words: Whisper, fed piece by piece, while the person is still speaking or while a file is read.
//!
//! Data flow: two speech detectors decide where the sound is cut ([`chunks`], [`cutter`]); each piece goes through a
//! [`Transcriber`] ([`whisper`], or [`Scripted`] for tests and for people without a model), which holds every result
//! against what is known to go wrong ([`fallback`], [`hallucination`]). [`streaming`] does this on a worker while a take is
//! recorded, in the order that `schedule` decides; [`pool`] on all cores for files. [`accuracy`] compares with what was
//! said. [`commands`] finds what was said to the program and not to the interviewer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::remedy::{Action, NextStep, Remedy, next};
use crate::types::Word;

pub mod accuracy;
pub mod chunks;
pub mod commands;
pub mod cutter;
pub mod fallback;
pub mod hallucination;
pub mod loudness;
pub mod pool;
mod schedule;
pub mod scripted;
pub mod streaming;
pub mod whisper;
pub mod words;

pub use chunks::{Chunk, ChunkRules, Chunker};
pub use commands::{Command, command_of};
pub use cutter::Cutter;
pub use pool::{PooledRecording, TranscriptionPool};
pub use scripted::Scripted;
pub use streaming::{SoundFeed, StreamError, StreamEvent, StreamingTranscriber, TakeWords, TranscriptionWorker};
pub use whisper::{LoadError, Settings, Whisper, WhisperModel};

/// Turns a piece of sound into words.
pub trait Transcriber: Send {
    /// The words in `samples` (mono, 16 kHz, -1 to 1), with times from the start of `samples`, in order.
    ///
    /// No words is a proper answer: silence and noise have none. Returns [`TranscribeError::Stopped`] soon after
    /// `stop` is asked for, which takes up to one pass of the model (0.1 s to several seconds).
    fn transcribe(&mut self, samples: &[f32], stop: &Stop) -> Result<Vec<Word>, TranscribeError>;
}

/// Asks a running transcription to end early. Clones are the same request.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Ends the work that was given this request.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// The flag itself, for code that can only read a flag.
    pub(crate) fn flag(&self) -> &AtomicBool {
        &self.0
    }
}

/// Why a piece of sound could not be transcribed.
#[derive(Debug, thiserror::Error)]
pub enum TranscribeError {
    /// Whisper gave up on this piece.
    #[error("Whisper could not transcribe {seconds:.1} s of sound: {reason}")]
    Failed {
        /// Length of the piece.
        seconds: f64,
        /// What Whisper said.
        reason: String,
    },
    /// It was asked to stop; nothing is wrong.
    #[error("the transcription was stopped")]
    Stopped,
}

impl Remedy for TranscribeError {
    fn next_step(&self) -> NextStep {
        match self {
            TranscribeError::Failed { .. } => next![Action::VerifyModels, "   (the recording itself is kept)"],
            TranscribeError::Stopped => next![Action::Recover, "   (the recording itself is kept)"],
        }
    }
}
