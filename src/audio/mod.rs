//! Sound in and out: capture, playback, decoding, resampling, speech detection.

mod input;

pub use input::{AudioInput, InputError, InputHealth, OpenInput};

/// The rate that Whisper and the speech detector hear, in Hz; mono.
pub const SPEECH_RATE_HZ: u32 = 16_000;
