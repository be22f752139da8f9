//! What goes into the loop, and what comes out of it.

use std::path::PathBuf;
use std::time::Duration;

use crate::audio::EndedBy;
use crate::interview::{Hint, Turn};
use crate::types::{ModelAnswer, Report, Seconds, Summary, TakePart};

/// What the person wants, by key or by voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Debug)]
pub enum Event {
    /// A question is about to be spoken.
    Asking {
        /// Number of the question, from 1.
        number: usize,
        /// How many questions there are.
        of: usize,
        /// What the question is called.
        title: String,
        /// What is said.
        turn: Box<Turn>,
        /// How far a conversation has come.
        clock: Option<Clock>,
    },
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
        time: Duration,
    },
    /// Recording has begun.
    Listening {
        /// Wanted length of the answer in seconds.
        target_s: [u32; 2],
        /// How far a conversation has come.
        clock: Option<Clock>,
    },
    /// The interviewer breaks into the answer; nothing is recorded until [`Event::GoOn`].
    BreakingIn {
        /// What is said.
        says: String,
    },
    /// The interviewer has broken in, and the recording goes on.
    GoOn,
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
    /// A take is to be thrown away: it will be when the same is wanted again in time. The recording goes on.
    ConfirmDiscard {
        /// What was wanted, and has to be wanted again.
        command: Command,
        /// How soon.
        within: Duration,
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
        /// The report.
        report: Box<Report>,
        /// How long after the end of the answer.
        after: Duration,
        /// Where the take stands in a drill or a conversation.
        part: Option<TakePart>,
    },
    /// A drill or a conversation is over.
    Summed(Box<Summary>),
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
    Notice(String),
    /// The session is over.
    Finished {
        /// Where it was saved.
        folder: PathBuf,
        /// How many takes it holds.
        takes: usize,
    },
}

/// How far a conversation has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// Time since it was opened, pauses left out.
    pub elapsed: Seconds,
    /// How long it is to go on.
    pub planned: Seconds,
}

/// How a recording goes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
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
