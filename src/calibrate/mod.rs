//! The meter measures itself: a voice reads known texts, and what was heard is compared with what was said.
//!
//! [`Reading`] is what the voice read, with every phrase and pause at a known place; [`compare`] sets the
//! transcript, the pauses and the fillers that a report would show beside it.

mod compare;
mod passages;
mod reading;

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use crate::analysis::lexicon::Lexicon;
use crate::asr::{Stop, TranscriptionPool};
use crate::assess::{AssessError, Assessor, TranscriptionSettings};
use crate::audio::{DecodeError, SPEECH_RATE_HZ, write_wav};
use crate::quote::quoted;
use crate::remedy::{Action, NextStep, Remedy};
use crate::scratch::Scratch;
use crate::speech::{FileVoice, SpeakError};
use crate::types::{Calibration, Seconds};

pub use compare::compare;
pub use passages::Passage;
pub use reading::Reading;

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum CalibrateError {
    /// The texts are in English.
    #[error("there is no calibration text in the language {language:?}")]
    NoText {
        /// The language that was asked for.
        language: String,
    },
    /// No program on this machine speaks into a file.
    #[error("no voice on this machine can speak into a file")]
    NoVoice,
    /// The voice failed.
    #[error("the calibration text could not be read aloud")]
    Voice(#[from] SpeakError),
    /// What the voice wrote is no sound.
    #[error("what the voice wrote could not be read")]
    Sound(#[from] DecodeError),
    /// The temporary folder.
    #[error("{} could not be written", path.display())]
    Disk {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// Whisper failed.
    #[error(transparent)]
    Assess(#[from] AssessError),
}

impl Remedy for CalibrateError {
    fn next_step(&self) -> NextStep {
        match self {
            CalibrateError::NoText { .. } => Action::Set("language", "en").into(),
            CalibrateError::NoVoice | CalibrateError::Voice(_) => "scripts/setup   (it installs espeak-ng)".into(),
            CalibrateError::Sound(_) => "espeak-ng -w test.wav \"one two three\"   (does it write a sound?)".into(),
            CalibrateError::Disk { path, .. } => format!("df -h {}", quoted(path)).into(),
            CalibrateError::Assess(error) => error.next_step(),
        }
    }
}

/// Has `voice` read the texts, transcribes and analyses them as any recording, and measures the errors.
///
/// `begun` is told how long the reading is, `progress` how much of it is transcribed. Takes about as long as
/// transcribing two minutes of speech.
pub fn calibrate(
    voice: FileVoice,
    transcription: &TranscriptionSettings,
    pool: &TranscriptionPool,
    now: Timestamp,
    begun: &mut dyn FnMut(Seconds),
    progress: &mut dyn FnMut(Seconds),
) -> Result<Calibration, CalibrateError> {
    let language = transcription.language.clone();
    let no_text = || CalibrateError::NoText { language: language.clone() };
    let passages = passages::of_language(&language).ok_or_else(no_text)?;
    let lexicon = Lexicon::builtin(&language).ok_or_else(no_text)?;
    let folder =
        Scratch::new("calibration").map_err(|cause| CalibrateError::Disk { path: std::env::temp_dir(), cause })?;
    let reading = Reading::of(&passages, voice, folder.path())?;
    begun(reading.duration());
    // Through a file, so that the way is the one of any recording.
    let path = folder.path().join("reading.wav");
    write_wav(&path, &reading.samples, SPEECH_RATE_HZ)
        .map_err(|cause| CalibrateError::Disk { path: path.clone(), cause })?;
    let (heard, transcript) = transcription.transcribe(&path, pool, &Stop::default(), &mut |_| (), progress)?;
    let report = Assessor::new(lexicon, Arc::default(), Vec::new()).report_recording(transcript, &heard, None);
    let found = compare(&reading, &report);
    Ok(Calibration {
        schema: Calibration::SCHEMA.to_owned(),
        model: transcription.model.clone(),
        voice: voice.name(),
        measured_at: now,
        duration_s: reading.duration(),
        words: found.words,
        word_error_rate: found.word_error_rate,
        fillers: found.fillers,
        pauses: found.pauses,
        word_times: found.word_times,
    })
}
