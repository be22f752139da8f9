//! What goes into the loop, and what comes out of it: the contract of the terminal, the page and whoever else listens.
//!
//! As JSON an event is `{"event": "listening", "target_s": [60, 120], "clock": null}`; a command is its name,
//! `"start_over"`. Times are seconds. What is added later is a new field or a new event: whoever does not know it
//! skips it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::audio::EndedBy;
use crate::interview::Hint;
use crate::practice::Comparison;
use crate::types::{ModelAnswer, Prompt, Report, Seconds, Summary, TakePart};

/// What the person wants, by key or by voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// That was my answer; while the question is spoken or thought about: I am ready.
    Done,
    /// Stop the clock, or go on.
    Pause,
    /// The same question once more: said again before the answer, another go after it.
    Again,
    /// Throw this take away and begin it again.
    StartOver,
    /// Let the interviewer probe the answer.
    FollowUp,
    /// Play the take.
    Replay,
    /// Show the next hint.
    Hint,
    /// Show the best answer; only after an answer of one's own.
    Reveal,
    /// The next question.
    Next,
    /// Take back what was asked for a moment ago; where that is nothing, [`Command::Quit`].
    Back,
    /// End the session; what was recorded is kept and its report is finished.
    Quit,
    /// End now; what was recorded is kept, its report is left for later.
    Interrupt,
}

/// What happened, for whoever shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A question is about to be spoken.
    Asking(Asking),
    /// The question has been asked.
    Asked {
        /// What said it.
        voice: String,
        /// Whether it could only be shown.
        shown_only: bool,
    },
    /// Time to think.
    Thinking {
        /// How long.
        time: Seconds,
    },
    /// Recording has begun.
    Listening {
        /// Wanted length of the answer in seconds.
        target_s: [u32; 2],
        /// How far a conversation has come.
        clock: Option<Clock>,
    },
    /// The interviewer breaks into the answer; nothing is recorded until [`Event::Resumed`].
    Interrupting {
        /// What is said.
        says: String,
    },
    /// The interviewer has broken in, and the recording goes on.
    Resumed,
    /// Something that helps.
    Hint {
        /// Its number, from 1.
        number: usize,
        /// How many there are.
        of: usize,
        /// What it says.
        hint: Hint,
    },
    /// The best example answer.
    Revealed {
        /// The answer.
        answer: Box<ModelAnswer>,
    },
    /// How the recording goes, about ten times a second.
    Progress(Progress),
    /// More words were recognised.
    Words {
        /// So many in all; may fall when the speaker goes on and the last words are heard anew.
        count: usize,
        /// The last few.
        latest: String,
    },
    /// A take is to be thrown away: it will be when the same is wanted again in time. The recording goes on.
    ConfirmDiscard {
        /// What was wanted, and has to be wanted again.
        command: Command,
        /// How soon.
        within: Seconds,
    },
    /// The take is not thrown away after all.
    DiscardTakenBack,
    /// A spoken command was understood.
    Understood {
        /// What.
        command: Command,
    },
    /// Recording has ended.
    Ended {
        /// Why.
        reason: EndReason,
        /// How much was kept.
        duration: Seconds,
    },
    /// The report is ready.
    Reported {
        /// The take's number in the session.
        take: usize,
        /// The report.
        report: Box<Report>,
        /// How long after the end of the answer.
        after: Seconds,
        /// Where the take stands in a drill or a conversation.
        part: Option<TakePart>,
    },
    /// How the answer stands beside earlier takes of its question; comes after its report, where there is something to say.
    Compared(Comparison),
    /// A drill or a conversation is over.
    Summary {
        /// What its takes came to together.
        summary: Box<Summary>,
    },
    /// The take is kept and there is no report, for this reason.
    NotReported {
        /// What went wrong, in a sentence.
        problem: String,
    },
    /// The person may choose what comes next.
    Choose {
        /// What may be chosen.
        choices: Vec<Command>,
    },
    /// The take is being played.
    Replaying,
    /// Something that the person should know.
    Notice {
        /// What.
        notice: Notice,
    },
    /// The session is over.
    Finished {
        /// Its name.
        session: String,
        /// Where it was saved.
        folder: String,
        /// How many takes it holds.
        takes: usize,
    },
}

/// What is asked, and where it stands in the session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asking {
    /// Number of the question, from 1.
    pub number: usize,
    /// How many questions there are.
    pub of: usize,
    /// What the question is called.
    pub title: String,
    /// Read aloud before anything is asked.
    pub situation: Option<String>,
    /// What is said.
    pub says: String,
    /// Why it is asked.
    pub prompt: Prompt,
    /// Where it stands in a drill or a conversation.
    pub part: Option<TakePart>,
    /// How far a conversation has come.
    pub clock: Option<Clock>,
}

/// Something that the person should know; its text is a sentence for them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// The microphone went away between two takes.
    MicrophoneGone,
    /// Nothing but zeros come from the microphone.
    Muted {
        /// For how long.
        time: Seconds,
    },
    /// Some of the sound was lost.
    SoundLost,
    /// What was different about how the question was said.
    Voice {
        /// In a sentence.
        note: String,
    },
    /// The question could not be said.
    VoiceFailed {
        /// Why.
        problem: String,
    },
    /// The take could not be played.
    ReplayFailed {
        /// Why.
        problem: String,
    },
    /// There are no more hints.
    NoMoreHints,
    /// The best answer is not shown where it is as in a real interview.
    NoAnswersInRealMode,
    /// The question has no example answer.
    NoExampleAnswer,
    /// The best answer is shown after an answer of one's own.
    AnswerFirst,
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let text = match self {
            Notice::MicrophoneGone => "The microphone is gone.",
            Notice::Muted { time } => {
                return write!(f, "Nothing but silence for {:.0} s: the microphone seems to be muted.", time.0);
            }
            Notice::SoundLost => "This machine is too busy: some of the sound was lost.",
            Notice::Voice { note: text } => text,
            Notice::VoiceFailed { problem: text } | Notice::ReplayFailed { problem: text } => text,
            Notice::NoMoreHints => "There are no more hints for this question.",
            Notice::NoAnswersInRealMode => "In a real interview nobody shows you the answer: see it in --mode study.",
            Notice::NoExampleAnswer => "There is no example answer for this question.",
            Notice::AnswerFirst => "The best answer is shown after your own: give one first.",
        };
        f.write_str(text)
    }
}

/// How far a conversation has come.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// Time since it was opened, pauses left out.
    pub elapsed: Seconds,
    /// How long it is to go on.
    pub planned: Seconds,
}

/// How a recording goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// How much has been recorded; stands still in a pause.
    pub elapsed: Seconds,
    /// Level of the last tenth of a second in dBFS, 0 the loudest.
    pub level_dbfs: f64,
    /// Words recognised so far.
    pub words: usize,
    /// Whether it is paused.
    pub paused: bool,
}

/// Why a recording ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The person said so, by key or voice.
    Done,
    /// Nothing was said for the time that was asked for.
    Silence,
    /// The person threw it away.
    Discarded,
    /// The session was ended.
    Quit,
    /// The microphone went away.
    DeviceLost,
    /// The file that stands in for a microphone is over.
    InputOver,
    /// The disk is full.
    DiskFull,
    /// The recording could not be written any further, with what the system said.
    WriteFailed(String),
}

impl EndReason {
    /// Why a take ended by itself.
    pub(super) fn of(ended: EndedBy) -> EndReason {
        match ended {
            EndedBy::Asked => EndReason::Done,
            EndedBy::DeviceLost => EndReason::DeviceLost,
            EndedBy::InputOver => EndReason::InputOver,
            EndedBy::DiskFull => EndReason::DiskFull,
            EndedBy::WriteFailed(reason) => EndReason::WriteFailed(reason),
        }
    }
}
