//! What goes into the loop, and what comes out of it.

use std::path::PathBuf;
use std::time::Duration;

use crate::audio::EndedBy;
use crate::types::{Prompt, Question, Report, Seconds, StarPart};

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
    /// The next question.
    Next,
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
        /// What is asked.
        question: Box<Question>,
        /// Why.
        prompt: Prompt,
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
    },
    /// How the recording goes, about ten times a second.
    Progress(Progress),
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
    Notice(String),
    /// The session is over.
    Finished {
        /// Where it was saved.
        folder: PathBuf,
        /// How many takes it holds.
        takes: usize,
    },
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

/// The parts a follow-up may ask for, the most telling first.
pub(super) const PROBED: [StarPart; 4] = [StarPart::Result, StarPart::Action, StarPart::Task, StarPart::Situation];
