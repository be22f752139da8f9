//! The seam to the microphone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::remedy::{Action, NextStep, Remedy, next};

/// Something that delivers sound as it happens: a microphone, or a file that stands in for one.
pub trait AudioInput: Send {
    /// Starts delivering samples into `ring`, from a thread of its own, until the returned value is dropped.
    ///
    /// Samples are mono, -1 to 1, at [`OpenInput::sample_rate_hz`]. What does not fit into the ring is
    /// counted in `health` and lost. Called on the capture thread, which also drops the result.
    fn open(&mut self, ring: rtrb::Producer<f32>, health: Arc<InputHealth>) -> Result<OpenInput, InputError>;
}

/// An open input. Dropping it stops the sound.
pub struct OpenInput {
    /// The device's name, for people.
    pub name: String,
    /// Samples a second.
    pub sample_rate_hz: u32,
    /// Keeps the device open.
    pub stream: Box<dyn std::any::Any>,
}

/// What the audio thread and the capture thread tell each other: atomics only, never a lock.
#[derive(Debug, Default)]
pub struct InputHealth {
    /// Samples that did not fit into the ring.
    pub overflowed: AtomicU64,
    /// Samples delivered since the start, those that did not fit included.
    pub delivered: AtomicU64,
    /// The device is gone, as it reported itself or as the capture thread found.
    pub lost: AtomicBool,
    /// The number of the take that a file standing in for a microphone has played to its end; 0 before.
    pub finished: AtomicU64,
    /// The number of the take that is being kept, from 1; 0 while nothing is. A microphone does not care,
    /// a file waits for it.
    pub wanted: AtomicU64,
}

impl InputHealth {
    /// Marks the device as gone.
    pub fn lose(&self) {
        self.lost.store(true, Ordering::Release);
    }

    /// Whether the device is gone.
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }

    /// Counts `delivered` samples of which `overflowed` did not fit into the ring.
    pub fn count(&self, delivered: usize, overflowed: usize) {
        self.delivered.fetch_add(delivered as u64, Ordering::Relaxed);
        if overflowed > 0 {
            self.overflowed.fetch_add(overflowed as u64, Ordering::Relaxed);
        }
    }
}

/// Why a microphone could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// No microphone at all; what a loudspeaker plays (a monitor) does not count as one.
    #[error("no microphone was found")]
    NoDevice,
    /// The sound system does not answer.
    #[error("the sound system does not answer")]
    NoSoundSystem {
        /// What it said.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The one that was asked for is not there.
    #[error("there is no microphone called {wanted:?}")]
    NotFound {
        /// What was asked for.
        wanted: String,
        /// The ids of those that are there.
        present: Vec<String>,
    },
    /// The file that stands in for a microphone gave no sound.
    #[error("the recording cannot stand in for a microphone")]
    File {
        /// Why not.
        #[source]
        cause: super::DecodeError,
    },
    /// It is there, and it would not open.
    #[error("the microphone {device:?} would not open")]
    Refused {
        /// Its name.
        device: String,
        /// What the sound system said.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Remedy for InputError {
    fn next_step(&self) -> NextStep {
        match self {
            InputError::NoDevice => next!["plug one in, then ", Action::Microphones, "; or try ", Action::Demo],
            InputError::NoSoundSystem { .. } => next!["see what is missing: ", Action::Doctor],
            InputError::NotFound { present, .. } if present.is_empty() => {
                next!["plug it in, then ", Action::Microphones]
            }
            InputError::NotFound { present, .. } => {
                format!("choose one of these with --device: {}", present.join(", ")).into()
            }
            InputError::File { cause } => cause.next_step(),
            InputError::Refused { .. } => {
                next!["close other programs that record, allow this one to use the microphone, then ", Action::Doctor]
            }
        }
    }
}
