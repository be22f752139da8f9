//! The seam to the microphone.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Something that delivers sound as it happens: a microphone, or a file that stands in for one.
pub trait AudioInput: Send {
    /// Starts delivering samples into `ring`, from a thread of its own, until the returned value is dropped.
    ///
    /// Samples are mono, -1 to 1, at [`OpenInput::sample_rate_hz`]. What does not fit into the ring is
    /// counted in `health` and lost. Called on the capture thread, which also drops the result.
    fn open(&mut self, ring: rtrb::Producer<f32>, health: std::sync::Arc<InputHealth>)
    -> Result<OpenInput, InputError>;
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

/// What the audio thread tells the capture thread: atomics only, never a lock.
#[derive(Debug, Default)]
pub struct InputHealth {
    /// Samples that did not fit into the ring.
    pub overflowed: AtomicU64,
    /// Samples delivered since the start, those that did not fit included.
    pub delivered: AtomicU64,
    /// The device reported that it is gone.
    pub lost: AtomicBool,
}

impl InputHealth {
    /// Marks the device as gone.
    pub fn lose(&self) {
        self.lost.store(true, Ordering::Release);
    }
}

/// Why a microphone could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// No microphone at all.
    #[error("no microphone was found")]
    NoDevice,
    /// The one that was asked for is not there.
    #[error("there is no microphone called {wanted:?}")]
    NotFound {
        /// What was asked for.
        wanted: String,
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
