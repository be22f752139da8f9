//! Sounds to answer with, mono at 48 kHz.

use std::path::Path;
use std::process::Command;

use greenroom::audio::{decode, write_wav};

pub const RATE_HZ: u32 = 48_000;

/// What espeak-ng says, at the pace of the demo's candidate.
pub fn speak(text: &str) -> Vec<f32> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let wav = folder.path().join("speech.wav");
    let status = Command::new("espeak-ng").args(["-v", "en-us", "-s", "160", "-w"]).arg(&wav).arg(text).status();
    assert!(status.expect("scripts/setup installs espeak-ng").success());
    let spoken = decode(&wav).expect("espeak-ng writes good files");
    greenroom::audio::resample(&spoken.samples, spoken.rate_hz, RATE_HZ).expect("both rates are usual")
}

pub fn silence(seconds: f64) -> Vec<f32> {
    vec![0.0; length(seconds)]
}

/// White noise at about -30 dBFS.
pub fn noise(seconds: f64) -> Vec<f32> {
    let mut random = fastrand::Rng::with_seed(7);
    (0..length(seconds)).map(|_| 0.05 * (2.0 * random.f32() - 1.0)).collect()
}

/// A tone of 440 Hz at about -20 dBFS.
pub fn tone(seconds: f64) -> Vec<f32> {
    let step = 440.0 * std::f64::consts::TAU / f64::from(RATE_HZ);
    (0..length(seconds)).map(|at| (0.14 * (step * at as f64).sin()) as f32).collect()
}

pub fn join(parts: &[&[f32]]) -> Vec<f32> {
    parts.concat()
}

pub fn save(path: &Path, samples: &[f32]) {
    write_wav(path, samples, RATE_HZ).expect("the file can be written");
}

fn length(seconds: f64) -> usize {
    (seconds * f64::from(RATE_HZ)).round() as usize
}
