//! Speech to measure on, spoken by espeak-ng.

use std::io::Write;
use std::process::{Command, Stdio};

use greenroom::audio::decode_16k;

/// `text` as samples (mono, 16 kHz, -1 to 1), spoken by a voice of espeak-ng at some words a minute.
///
/// Panics where espeak-ng is not installed or does not know the voice.
pub fn spoken(voice: &str, words_a_minute: u32, text: &str) -> Vec<f32> {
    let wav = tempfile::Builder::new().suffix(".wav").tempfile().expect("a temporary file");
    let mut espeak = Command::new("espeak-ng")
        .args(["-v", voice, "-s", &words_a_minute.to_string(), "--stdin", "-w"])
        .arg(wav.path())
        .stdin(Stdio::piped())
        .spawn()
        .expect("espeak-ng runs");
    let mut stdin = espeak.stdin.take().expect("its input is a pipe");
    stdin.write_all(text.as_bytes()).expect("espeak-ng reads");
    drop(stdin);
    assert!(espeak.wait().is_ok_and(|status| status.success()), "espeak-ng speaks {text:?} as {voice}");
    decode_16k(wav.path()).expect("espeak-ng writes WAV").samples
}
