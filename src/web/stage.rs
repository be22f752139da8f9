//! The one sitting that may be played at a time.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;

use crate::causes::with_causes;
use crate::index;
use crate::rehearse::Stage::{Finishing, Listening};
use crate::rehearse::{Broadcast, Command, Event, View};
use crate::setup::{ChosenModel, Context, Finisher, Prepared};
use crate::store::Unfinished;

/// How long a sitting that is asked to end may take to keep what was recorded.
const END_LIMIT: Duration = Duration::from_secs(10);

/// Where a sitting may be played: one at a time.
#[derive(Default)]
pub struct Stage {
    sitting: Mutex<Option<OnAir>>,
}

/// A sitting that was begun; it may be over.
#[derive(Clone)]
pub struct OnAir {
    commands: UnboundedSender<Command>,
    broadcast: Broadcast,
    /// How it ended, once it has: well, or broken off for this reason.
    ended: watch::Receiver<Option<Result<(), String>>>,
    /// Its name, which is its folder's.
    pub session: String,
    /// Whether reports are shown after each answer, and not at the end.
    pub study: bool,
    /// What there is to know about the parts it is played on.
    pub notices: Vec<String>,
}

/// A sitting that is ready to be played.
pub struct Ready {
    /// The loop.
    pub prepared: Prepared,
    /// Where it listens.
    pub commands: UnboundedSender<Command>,
    /// Whether reports are shown after each answer.
    pub study: bool,
    /// What there is to know about its parts.
    pub notices: Vec<String>,
    /// What is done when it is over: takes that an earlier program left, with this model.
    pub unfinished: (Context, ChosenModel, Vec<Unfinished>),
}

impl Stage {
    /// Whether a sitting is being played.
    pub fn is_on_air(&self) -> bool {
        self.sitting().is_some_and(|sitting| !sitting.is_over())
    }

    /// Whether an answer is being recorded, or its report made.
    pub fn is_recording(&self) -> bool {
        let is_recorded =
            |sitting: OnAir| !sitting.is_over() && matches!(sitting.broadcast.view().stage, Listening | Finishing);
        self.sitting().is_some_and(is_recorded)
    }

    /// The sitting that is played, or the last one.
    pub fn sitting(&self) -> Option<OnAir> {
        self.lock().clone()
    }

    /// Plays a sitting from here on. No other is being played: each claims the home when it is prepared.
    pub fn play(&self, ready: Ready) -> OnAir {
        let Ready { prepared, commands, study, notices, unfinished } = ready;
        let Prepared { rehearsal, events: broadcast, session } = prepared;
        let (over, ended) = watch::channel(None);
        let sitting = OnAir { commands, broadcast, ended, session, study, notices };
        *self.lock() = Some(sitting.clone());
        tokio::spawn(async move {
            let end = rehearsal.run().await;
            // Nobody waits any more where the program ends.
            let _ = over.send(Some(end.map(drop).map_err(|error| with_causes(&error))));
            let _ = tokio::task::spawn_blocking(move || after(unfinished)).await;
        });
        sitting
    }

    /// Asks the sitting to end and waits until what was recorded is kept; whether there was one.
    pub async fn end(&self) -> bool {
        let Some(sitting) = self.sitting().filter(|sitting| !sitting.is_over()) else { return false };
        sitting.send(Command::Interrupt);
        let _ = tokio::time::timeout(END_LIMIT, sitting.over()).await;
        true
    }

    fn lock(&self) -> MutexGuard<'_, Option<OnAir>> {
        self.sitting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OnAir {
    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        self.ended.borrow().is_some()
    }

    /// Waits until it has ended.
    pub async fn over(mut self) {
        // Who would say so may be gone, which is an end, too.
        let _ = self.ended.wait_for(Option::is_some).await;
    }

    /// Tells it what the person wants; one that is over hears nothing.
    pub fn send(&self, command: Command) {
        let _ = self.commands.send(command);
    }

    /// Where it stands, and what happens from then on.
    pub fn subscribe(&self) -> (View, UnboundedReceiver<Event>) {
        self.broadcast.subscribe()
    }

    /// Why it broke off, if it did.
    pub fn broke(&self) -> Option<String> {
        self.ended.borrow().clone()?.err()
    }
}

/// What is left to do when a sitting is over: earlier takes without a report get one, and the index knows the new ones.
fn after((context, model, unfinished): (Context, ChosenModel, Vec<Unfinished>)) {
    if let Ok(mut finisher) = Finisher::new(&context, model) {
        for take in &unfinished {
            // What cannot be finished is noted with the take.
            let _ = finisher.finish(take, &mut |_| (), &mut |_| ());
        }
    }
    // The index is brought up to date by whoever asks it next, too.
    let _ = index::update(&context.home);
}
