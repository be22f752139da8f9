//! Whether anybody still looks: every open page holds one connection that says so.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use futures_util::stream::{StreamExt, once, pending};
use tokio::time::{Instant, sleep};

use super::App;

/// How long nobody must have looked before the server ends: a page that is reloaded is gone for a moment, a laptop that
/// sleeps for longer.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Who looks at the pages, and when somebody did last.
pub struct Presence {
    open: Arc<AtomicUsize>,
    /// Whether anybody ever came.
    came: AtomicBool,
    last: Mutex<Instant>,
}

impl Default for Presence {
    fn default() -> Presence {
        Presence { open: Arc::default(), came: AtomicBool::new(false), last: Mutex::new(Instant::now()) }
    }
}

impl Presence {
    /// Somebody asked for something.
    pub fn seen(&self) {
        self.came.store(true, Ordering::Release);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Waits until somebody came and has been gone for [`PATIENCE`].
    pub async fn gone(&self) {
        loop {
            let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
            let is_here = self.open.load(Ordering::Acquire) > 0 || !self.came.load(Ordering::Acquire);
            if is_here {
                self.still_here();
            } else if last.elapsed() >= PATIENCE {
                return;
            }
            sleep(PATIENCE / 24).await;
        }
    }

    /// A page that is open counts as somebody who asks all the time.
    fn still_here(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }
}

/// A page that is open.
struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Held open by every page.
pub async fn alive(State(app): State<Arc<App>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    app.presence.open.fetch_add(1, Ordering::AcqRel);
    let open = Open(Arc::clone(&app.presence.open));
    let hello = once(async { Ok(Event::default().data("here")) });
    let held = hello.chain(pending()).map(move |event| {
        // The page is gone when the stream, and this with it, is dropped.
        let _held = &open;
        event
    });
    Sse::new(held).keep_alive(KeepAlive::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_server_waits_for_the_first_page_and_outlives_the_last_for_a_while() {
        let presence = Arc::new(Presence::default());
        let waiting = tokio::spawn({
            let presence = Arc::clone(&presence);
            async move { presence.gone().await }
        });
        sleep(PATIENCE * 10).await;
        assert!(!waiting.is_finished(), "nobody came yet");
        presence.seen();
        presence.open.fetch_add(1, Ordering::AcqRel);
        sleep(PATIENCE * 10).await;
        assert!(!waiting.is_finished(), "a page is open");
        drop(Open(Arc::clone(&presence.open)));
        sleep(PATIENCE / 2).await;
        assert!(!waiting.is_finished(), "it may be reloaded");
        sleep(PATIENCE).await;
        assert!(waiting.is_finished());
    }
}
