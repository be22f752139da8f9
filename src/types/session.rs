//! One sitting: what was asked, and what became of each answer.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{QuestionRef, Seconds, Summary};

/// One sitting, as it stands in `session.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Always [`Session::SCHEMA`].
    pub schema: String,
    /// The folder's name, such as `2026-11-21T0930-stakeholders`.
    pub id: String,
    /// What the person calls it; `None` where they did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
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
    /// What drills and conversations came to, in the order they ended.
    #[serde(default)]
    pub summaries: Vec<Summary>,
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
    /// The drill that every question was asked as.
    pub drill: Option<Drill>,
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
    /// Where it stands in a drill or a conversation, if it is part of one.
    #[serde(default)]
    pub part: Option<TakePart>,
    /// How many hints were shown for it.
    #[serde(default)]
    pub hints: usize,
    /// Where it is from, if it was not recorded here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported: Option<Imported>,
}

/// Where a take is from that was not recorded here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// The file it was made from.
    pub from: String,
    /// SHA-256 of that file, in hex: the same file is not imported twice.
    pub sha256: String,
}

impl Answer {
    /// Whether it answers the question itself, first or again: no probe, and no part of a drill or a conversation.
    pub fn is_practice(&self) -> bool {
        self.prompt != Prompt::FollowUp && self.part.is_none()
    }
}

/// A way to practise one thing about an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drill {
    /// The same answer again and again, each time shorter.
    Ladder,
    /// The bottom line and nothing else, until it comes in the first sentence.
    Bluf,
    /// The interviewer breaks in.
    Interrupt,
}

/// Where a take stands in a drill or a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TakePart {
    /// An answer in a conversation about one question.
    Phase {
        /// Number of the interviewer's turn, from 1.
        turn: usize,
        /// The phase, where the question has phases.
        phase: Option<String>,
        /// What it is about; `None` for the opening.
        topic: Option<String>,
    },
    /// A rung of the ladder.
    Rung {
        /// Number of the rung, from 1.
        number: usize,
        /// How many rungs there are.
        of: usize,
        /// How long the answer may be, in seconds.
        limit_s: u32,
    },
    /// A try at the bottom line.
    BottomLine {
        /// Number of the try, from 1.
        number: usize,
        /// The most tries.
        of: usize,
    },
    /// An answer that the interviewer breaks into.
    Interrupted {
        /// What the interviewer said; `None` when the answer was over before that.
        said: Option<String>,
        /// When, on the clock of the recording, which stands still while the interviewer speaks.
        at_s: Option<Seconds>,
    },
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
