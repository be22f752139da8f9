//! `greenroom open`: the same product in a browser, served on loopback to whoever holds the token.
//!
//! - `gate`: who may come in, and what a page may do.
//! - `stage`: the one sitting that may be played at a time; a page is only a face of it.
//! - `rehearse`, `microphone`, `model`, `review`, `banks`: what can be asked for, a file each.
//! - `pages`: what is sent, as pure functions from data to text.
//!
//! Recording stays here: a page that is closed or reloaded in the middle of an answer loses nothing, and finds the take
//! again as it goes on.

mod banks;
mod gate;
mod kept;
mod microphone;
mod model;
mod pages;
mod presence;
mod problem;
mod rehearse;
mod review;
mod stage;
mod told;

#[cfg(test)]
mod tests;

use std::future::Future;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::remedy::Remedy;
use crate::report::pages as report_pages;
use crate::setup::{Context, SetupError};
use crate::store::Home;
use gate::Gate;
use kept::Kept;
use model::Downloading;
use presence::Presence;
use problem::Problem;
use stage::Stage;

/// A server that is ready, before anybody is served.
pub struct Server {
    listener: TcpListener,
    app: Arc<App>,
    address: String,
}

/// What every request can reach.
struct App {
    home: Home,
    /// What was typed: setting, flag and value.
    flags: Vec<(String, String, String)>,
    gate: Gate,
    stage: Stage,
    presence: Presence,
    kept: Kept,
    downloading: Downloading,
}

/// Why the server stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was asked to; an answer that was being recorded is kept.
    Asked {
        /// Whether one was being recorded.
        while_recording: bool,
    },
    /// Nobody looked at it any more.
    Deserted,
}

impl Server {
    /// Begins to listen on loopback, on any free port where none is named.
    ///
    /// `flags` are setting, flag and value of what was typed.
    ///
    /// # Errors
    /// Where the port is taken or the system gives no random numbers.
    pub async fn bind(
        context: &Context,
        port: Option<u16>,
        flags: &[(&str, &str, Option<&str>)],
    ) -> io::Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await?;
        let at = listener.local_addr()?;
        let gate = Gate::new(at)?;
        let address = format!("http://{at}/?token={}", gate.token());
        let typed = flags.iter().filter_map(|(key, flag, value)| Some((key, flag, (*value)?)));
        let flags = typed.map(|(key, flag, value)| ((*key).to_owned(), (*flag).to_owned(), value.to_owned()));
        let app = App {
            home: context.home.clone(),
            flags: flags.collect(),
            gate,
            stage: Stage::default(),
            presence: Presence::default(),
            kept: Kept::default(),
            downloading: Downloading::default(),
        };
        Ok(Server { listener, app: Arc::new(app), address })
    }

    /// The address to open. It holds the token: whoever has it may come in.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Serves until `asked_to_end` is there, or nobody looks any more and nothing is being recorded.
    ///
    /// # Errors
    /// Where the system takes no more connections.
    pub async fn serve(self, asked_to_end: impl Future<Output = ()>) -> io::Result<Ended> {
        let app = self.app;
        let router = router(Arc::clone(&app));
        app.make_ready();
        // Open pages hold connections that never end by themselves: those are simply dropped at the end.
        let served = async { axum::serve(self.listener, router).await };
        let mut ended = tokio::select! {
            served = served => return served.map(|()| Ended::Deserted),
            () = asked_to_end => Ended::Asked { while_recording: false },
            () = app.deserted() => Ended::Deserted,
        };
        app.downloading.stop();
        let was_on_air = app.stage.end().await;
        if let Ended::Asked { while_recording } = &mut ended {
            *while_recording = was_on_air;
        }
        Ok(ended)
    }
}

impl App {
    /// The settings as they are now; what `listener` should know of them is told.
    fn context(&self, listener: impl Fn(&str) + Send + Sync + 'static) -> Result<Context, SetupError> {
        let (context, left_out) = Context::of_home(self.home.clone(), listener);
        for error in left_out {
            context.tell(&format!("{error}: it is left out; {}", error.next_step()));
        }
        let flags: Vec<(&str, &str, Option<&str>)> =
            self.flags.iter().map(|(key, flag, value)| (key.as_str(), flag.as_str(), Some(value.as_str()))).collect();
        context.with_flags(&flags)
    }

    /// Makes the pages that take longest, so that nobody waits for them.
    fn make_ready(self: &Arc<App>) {
        let app = Arc::clone(self);
        tokio::task::spawn_blocking(move || {
            // Whoever asks for them sees what is wrong.
            let _ = rehearse::start_page(&app);
            let _ = review::over_time_page(&app);
        });
    }

    /// Waits until nobody looks any more and nothing is being recorded.
    async fn deserted(&self) {
        loop {
            self.presence.gone().await;
            if !self.stage.is_recording() {
                return;
            }
            // The take goes on; whoever comes back finds it.
            tokio::time::sleep(presence::PATIENCE).await;
        }
    }
}

/// Runs what reads the disk or opens devices where it keeps nobody waiting.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Problem> + Send + 'static) -> Result<T, Problem> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(broken) => Err(Problem::inside(&broken)),
    }
}

fn router(app: Arc<App>) -> Router {
    Router::new()
        .merge(rehearse::routes())
        .merge(microphone::routes())
        .merge(model::routes())
        .merge(review::routes())
        .merge(banks::routes())
        .route("/alive", get(|| async { StatusCode::NO_CONTENT }))
        .route("/style.css", get(|| asset("text/css; charset=utf-8", pages::style())))
        .route("/app.js", get(|| asset(SCRIPT, pages::APP_SCRIPT.to_owned())))
        .route("/favicon.ico", get(|| asset("image/svg+xml", ICON.to_owned())))
        .route("/take.js", get(|| asset(SCRIPT, format!("import '/app.js';\n{}", report_pages::SCRIPT))))
        .fallback(|| async { Problem::no_such_page() })
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&app), gate::guard))
        .with_state(app)
}

/// A speech bubble in the colour of links.
const ICON: &str = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><path fill='#1f5a8a' d='M3 2h10a2 2 0 0 1 2 \
    2v6a2 2 0 0 1-2 2H8l-4 3v-3H3a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2z'/></svg>";
const SCRIPT: &str = "text/javascript; charset=utf-8";

async fn asset(kind: &'static str, text: String) -> impl IntoResponse {
    // A newer program on the same port has other assets.
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")], text)
}
