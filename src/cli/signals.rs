//! Being asked to end: Ctrl-C, or the system.

use tokio::runtime::Runtime;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Failure;

/// Requests to end. From [`Signals::listen`] on none of them ends the program by itself, and none is lost.
pub struct Signals {
    #[cfg(unix)]
    kinds: [Signal; 3],
}

impl Signals {
    /// Begins to listen.
    #[cfg(unix)]
    pub fn listen(runtime: &Runtime) -> Result<Signals, Failure> {
        let _inside = runtime.enter();
        let of = |kind| signal(kind).map_err(|error| Failure::of(&error));
        let kinds = [of(SignalKind::interrupt())?, of(SignalKind::terminate())?, of(SignalKind::hangup())?];
        Ok(Signals { kinds })
    }

    /// Begins to listen.
    #[cfg(not(unix))]
    pub fn listen(_: &Runtime) -> Result<Signals, Failure> {
        Ok(Signals {})
    }

    /// Waits for the next request.
    pub async fn next(&mut self) {
        #[cfg(unix)]
        {
            let [interrupt, terminate, hang_up] = &mut self.kinds;
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hang_up.recv() => {}
            }
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            // Nobody can ask.
            std::future::pending().await
        }
    }
}
