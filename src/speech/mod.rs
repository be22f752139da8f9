//! The voice that asks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::types::Seconds;

/// Says things aloud. Blocking: it is called on a thread of its own.
pub trait Speaker: Send {
    /// Says `text` and returns when the last of it has been heard, or soon after `stop` is set.
    ///
    /// Never hangs: every implementation has a time limit scaled to the text.
    fn speak(&mut self, text: &str, stop: &StopSignal) -> Result<Spoken, SpeakError>;
}

/// How an utterance went.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoken {
    /// What said it, such as `system voice` or `espeak-ng`; for people.
    pub voice: String,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    /// How long it took.
    pub duration: Seconds,
}

/// A flag that asks a speaker to stop; shared by cloning.
#[derive(Clone, Debug, Default)]
pub struct StopSignal(Arc<AtomicBool>);

impl StopSignal {
    /// Asks to stop.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether stopping was asked for.
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Why nothing was heard.
#[derive(Debug, thiserror::Error)]
pub enum SpeakError {
    /// There is no such voice on this machine.
    #[error("{voice} is not available: {reason}")]
    Unavailable {
        /// The voice that was tried.
        voice: String,
        /// What was found.
        reason: String,
    },
    /// It began and never said that it ended.
    #[error("{voice} did not finish within {} s", limit.0)]
    TimedOut {
        /// The voice that was tried.
        voice: String,
        /// How long was waited.
        limit: Seconds,
    },
}
