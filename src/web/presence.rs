//! Whether anybody still looks: every open page says so now and then.
//!
//! A connection that each page holds would say it sooner. But browsers keep no more than six to one address, over all pages
//! together, and a handful of pages would leave none for what is clicked.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How long nobody must have looked before the server ends. Open pages ask every half a minute; those in the background are
/// let by their browser once a minute.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// When somebody looked last.
pub struct Presence {
    /// Whether anybody ever came.
    came: AtomicBool,
    last: Mutex<Instant>,
}

impl Default for Presence {
    fn default() -> Presence {
        Presence { came: AtomicBool::new(false), last: Mutex::new(Instant::now()) }
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
            if self.came.load(Ordering::Acquire) && last.elapsed() >= PATIENCE {
                return;
            }
            sleep(PATIENCE / 60).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

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
        for _ in 0..20 {
            presence.seen();
            sleep(PATIENCE / 2).await;
            assert!(!waiting.is_finished(), "a page is open");
        }
        sleep(PATIENCE).await;
        assert!(waiting.is_finished());
    }
}
