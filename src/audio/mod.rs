//! Sound in and out: capture, playback, decoding, resampling, speech detection.

mod decode;
mod input;
mod recover;
mod resample;
mod speech_spans;
mod wav;

pub use decode::{DecodeError, DecodeWarning, Decoded, decode, decode_16k};
pub use input::{AudioInput, InputError, InputHealth, OpenInput};
pub use recover::{RepairError, repair_wav};
pub use resample::{RATES_HZ, StreamResampler, UnusableRate, resample};
pub use speech_spans::{DetectorSettings, SpeechDetector, SpeechEdge, detect, scores};
pub use wav::{WavRecording, finished_path, unfinished_path, write_wav};

/// The rate that Whisper and the speech detector hear, in Hz; mono.
pub const SPEECH_RATE_HZ: u32 = 16_000;
