//! Sound in and out: capture, playback, decoding, resampling, speech detection.

mod capture;
mod decode;
pub mod devices;
mod file_input;
mod input;
mod level;
mod microphone;
mod peaks;
mod play;
mod recorder;
mod resample;
mod speech_spans;
mod wav;

pub use capture::{Capture, CaptureError};
pub use decode::{
    DecodeError, DecodeWarning, Decoded, Side, WantedSound, decode, decode_16k, has_one_channel, promised_length,
    read_16k,
};
pub use file_input::{FileInput, Pace};
pub use input::{AudioInput, InputError, InputHealth, OpenInput};
pub use level::{MicCheck, PROBE, rms_dbfs};
pub use microphone::Microphone;
pub use peaks::peaks;
pub use play::{PlayError, Playback, play_file};
pub use recorder::{CaptureEvent, CaptureSettings, EndedBy, Recorder, Take};
pub use resample::{RATES_HZ, StreamResampler, UnusableRate, resample};
pub use speech_spans::{DetectorSettings, SpeechDetector, SpeechEdge, detect, detect_with, scores};
pub use wav::{WavRecording, finished_path, unfinished_path, wav_bytes, write_wav};

/// The rate that Whisper and the speech detector hear, in Hz; mono.
pub const SPEECH_RATE_HZ: u32 = 16_000;

/// Whether `device` names a recording that stands in for a microphone.
pub fn is_stand_in(device: Option<&str>) -> bool {
    device.is_some_and(|device| device.starts_with("file:"))
}

/// The input that `device` names: `file:PATH` is a recording that stands in, anything else a microphone,
/// nothing the default one.
pub fn input_named(device: Option<&str>) -> Result<Box<dyn AudioInput>, InputError> {
    match device.and_then(|device| device.strip_prefix("file:")) {
        Some(path) => Ok(Box::new(FileInput::open_file(std::path::Path::new(path), Pace::RealTime)?)),
        None => Ok(Box::new(Microphone::find(device)?)),
    }
}
