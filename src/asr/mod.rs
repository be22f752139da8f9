//! Speech to words: Whisper, fed chunk by chunk while the person is still speaking.

use crate::types::Word;

/// Turns a piece of sound into words.
pub trait Transcriber: Send {
    /// The words in `samples` (mono, 16 kHz, -1 to 1), with times from the start of `samples`.
    ///
    /// No words is a proper answer: silence and noise have none.
    fn transcribe(&mut self, samples: &[f32]) -> Result<Vec<Word>, TranscribeError>;
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
}
