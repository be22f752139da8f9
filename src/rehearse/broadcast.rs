//! Events to everybody who listens, and where the sitting stands for whoever comes later.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{Event, View};

/// Hands every event to all who listen. Clones are the same broadcast.
#[derive(Clone, Debug, Default)]
pub struct Broadcast {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    view: View,
    listeners: Vec<UnboundedSender<Event>>,
    is_over: bool,
}

impl Broadcast {
    /// Where the sitting stands, and everything that happens from then on: no event is in both or in neither.
    ///
    /// The receiver ends when the sitting does.
    pub fn subscribe(&self) -> (View, UnboundedReceiver<Event>) {
        let (sender, events) = unbounded_channel();
        let mut shared = self.lock();
        if !shared.is_over {
            shared.listeners.push(sender);
        }
        (shared.view.clone(), events)
    }

    /// Where the sitting stands.
    pub fn view(&self) -> View {
        self.lock().view.clone()
    }

    pub(super) fn send(&self, event: Event) {
        let mut shared = self.lock();
        shared.view.apply(&event);
        // Whoever is gone hears nothing more.
        shared.listeners.retain(|listener| listener.send(event.clone()).is_ok());
    }

    pub(super) fn end(&self) {
        let mut shared = self.lock();
        shared.is_over = true;
        shared.listeners.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        // Both fields are whole after every call, so a panic elsewhere spoils nothing.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rehearse::Stage;
    use crate::types::Seconds;

    #[test]
    fn who_comes_late_is_told_where_the_sitting_stands_and_hears_the_rest() {
        let broadcast = Broadcast::default();
        let (view, mut first) = broadcast.subscribe();
        assert_eq!(view, View::default());
        broadcast.send(Event::Thinking { time: Seconds(20.0) });
        let (view, mut second) = broadcast.subscribe();
        assert_eq!(view.stage, Stage::Thinking { time: Seconds(20.0) });
        broadcast.send(Event::Resumed);
        broadcast.end();
        let all = |events: &mut UnboundedReceiver<Event>| std::iter::from_fn(|| events.try_recv().ok()).count();
        assert_eq!((all(&mut first), all(&mut second)), (2, 1));
        assert!(second.is_closed() || second.try_recv().is_err());
        assert_eq!(broadcast.subscribe().0, broadcast.view());
    }
}
