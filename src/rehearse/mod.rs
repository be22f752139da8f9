//! The rehearsal: ask, listen, transcribe, analyse, save, and what comes next.
//!
//! [`Rehearsal::run`] is one `select!` over keys and spoken commands, sound, words, the clock and
//! whatever job runs in the background. It prints nothing: [`Event`]s come out, [`Command`]s go in.

mod broadcast;
mod event;
mod session_loop;
mod state;
mod steps;
mod take;
#[cfg(test)]
mod tests;
mod view;

use std::time::Duration;

pub use broadcast::Broadcast;
pub use event::{Asking, Clock, Command, EndReason, Event, Notice, Progress};
pub use session_loop::{Parts, Rehearsal};
pub use take::{OpenMicrophone, TakeEvent, TakeSignal, Takes};
pub use view::{Stage, View, ViewedTake};

use crate::audio::CaptureError;
use crate::interview::Style;
use crate::remedy::{Action, NextStep, Remedy};
use crate::store::StoreError;
use crate::types::{Question, Session};

/// What shapes a rehearsal.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Time to think between the question and the recording.
    pub think: Option<Duration>,
    /// The same after the situation that opens a conversation; its later turns have none.
    pub think_situation: Option<Duration>,
    /// Silence after which an answer ends by itself; never by default, since thinking pauses are no end.
    pub auto_stop: Option<Duration>,
    /// Whether somebody is there to choose what comes after a report.
    pub choose: bool,
    /// Whether the best answer may be looked at after a take.
    pub reveal: bool,
    /// How the interviewer goes about it.
    pub style: Style,
}

/// A question to be asked, and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// The question.
    pub question: Question,
    /// The bank's name.
    pub bank: Option<String>,
}

/// How a sitting ended.
#[derive(Clone, Debug, PartialEq)]
pub struct RehearsalEnd {
    /// Whether it was broken off with Ctrl-C.
    pub interrupted: bool,
    /// What was recorded. A session without a take is not kept.
    pub session: Session,
}

/// Why a rehearsal could not begin or go on. What was recorded until then is kept.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    /// No question was chosen.
    #[error("there is no question to ask")]
    NothingToAsk,
    /// The microphone.
    #[error(transparent)]
    Capture(#[from] CaptureError),
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gives no more threads.
    #[error("no thread could be started")]
    Thread(#[source] std::io::Error),
}

impl Remedy for RehearsalError {
    fn next_step(&self) -> NextStep {
        match self {
            RehearsalError::NothingToAsk => Action::Banks.into(),
            RehearsalError::Capture(error) => error.next_step(),
            RehearsalError::Store(error) => error.next_step(),
            RehearsalError::Thread(_) => "close other programs and try again".into(),
        }
    }
}
