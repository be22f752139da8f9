//! The one sitting that may be played at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;

use crate::index;
use crate::rehearse::Stage::{Finishing, Listening};
use crate::rehearse::{Broadcast, Command, Event, View, with_causes};
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
    /// Why it broke off, once it did.
    broke: Arc<Mutex<Option<String>>>,
    is_over: watch::Receiver<bool>,
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

    /// Plays a sitting from here on; `Err` gives it back where another one is being played.
    pub fn play(&self, ready: Ready) -> Result<(), Box<Ready>> {
        let mut stage = self.lock();
        if stage.as_ref().is_some_and(|sitting| !sitting.is_over()) {
            return Err(Box::new(ready));
        }
        let Ready { prepared, commands, study, notices, unfinished } = ready;
        let Prepared { rehearsal, events: broadcast, session } = prepared;
        let (over, is_over) = watch::channel(false);
        let broke = Arc::default();
        *stage = Some(OnAir { commands, broadcast, broke: Arc::clone(&broke), is_over, session, study, notices });
        tokio::spawn(async move {
            if let Err(error) = rehearsal.run().await {
                *broke.lock().unwrap_or_else(PoisonError::into_inner) = Some(with_causes(&error));
            }
            // Nobody waits any more where the program ends.
            let _ = over.send(true);
            let _ = tokio::task::spawn_blocking(move || after(unfinished)).await;
        });
        Ok(())
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
        *self.is_over.borrow()
    }

    /// Waits until it has ended.
    pub async fn over(mut self) {
        // Who would say so may be gone, which is an end, too.
        let _ = self.is_over.wait_for(|over| *over).await;
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
        self.broke.lock().unwrap_or_else(PoisonError::into_inner).clone()
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
