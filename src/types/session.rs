//! One sitting: what was asked, and what became of each answer.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{QuestionRef, Seconds};

/// One sitting, as it stands in `session.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Always [`Session::SCHEMA`].
    pub schema: String,
    /// The folder's name, such as `2026-11-21T0930-stakeholders`.
    pub id: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; `None` while it goes on, and for ever if the program was killed.
    pub ended_at: Option<Timestamp>,
    /// What the questions were taken from.
    pub bank: Option<String>,
    /// The settings that shaped it.
    pub settings: SessionSettings,
    /// Every take, in the order recorded.
    pub answers: Vec<Answer>,
}

impl Session {
    /// The name of this file format.
    pub const SCHEMA: &str = "greenroom.session/1";
    /// Id and bank of the questions of `greenroom demo`, whose candidate is synthetic.
    pub const DEMO: &str = "demo";

    /// Whether a question was asked by `greenroom demo`.
    pub fn is_demo(question: &QuestionRef) -> bool {
        question.id == Session::DEMO && question.bank.as_deref() == Some(Session::DEMO)
    }
}

/// The settings that shaped a session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionSettings {
    /// The Whisper model.
    pub model: Option<String>,
    /// The microphone's name.
    pub device: Option<String>,
    /// The voice that asks, such as `system` or `espeak-ng`.
    pub voice: Option<String>,
    /// Seconds to think before recording starts.
    pub think_s: Option<Seconds>,
    /// Silence after which an answer ends by itself.
    pub auto_stop_s: Option<Seconds>,
}

/// One take: a question asked and what was recorded after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Number of the take in the session, from 1; also the start of its files' names.
    pub take: usize,
    /// What was asked.
    pub question: QuestionRef,
    /// Why it was asked.
    pub prompt: Prompt,
    /// How far the take has come.
    pub status: AnswerStatus,
    /// When recording began.
    pub started_at: Timestamp,
    /// How much was recorded.
    pub duration_s: Option<Seconds>,
    /// File name of the recording, in the session's folder.
    pub audio: Option<String>,
    /// File name of the transcript.
    pub transcript: Option<String>,
    /// File name of the report.
    pub report: Option<String>,
    /// What went wrong, in a sentence, if anything did.
    pub problem: Option<String>,
}

/// Why a question was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// It was next on the list.
    #[default]
    Question,
    /// The person wanted another go.
    Retry,
    /// The interviewer probed the answer before; also when that is tried again.
    FollowUp,
}

/// How far a take has come. Each step is on disk before the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerStatus {
    /// Being recorded; if the program is gone, waiting for `review recover`.
    Recording,
    /// The recording is whole; not transcribed yet.
    Recorded,
    /// The transcript is on disk; the report is not.
    Transcribed,
    /// Everything is on disk.
    Reported,
    /// The person threw the take away (`start over`); the recording is kept.
    Discarded,
}
