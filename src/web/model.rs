//! The speech model: downloaded from a page where there is none, because a person asked for it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use super::pages::model as page;
use super::{App, Problem, blocking};
use crate::causes::with_causes;
use crate::models::catalog::{self, CatalogEntry};
use crate::models::download::{self, Progress, PullError};
use crate::models::installed;
use crate::remedy::{NextStep, Remedy};
use crate::setup::{self, Context, SetupError};

pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/model", get(look).post(begin)).route("/model/progress", get(progress))
}

/// The download that a page asked for: one at a time.
#[derive(Default)]
pub struct Downloading {
    now: Mutex<Option<Stand>>,
    cancel: AtomicBool,
}

/// How a download stands.
#[derive(Clone, Debug)]
pub struct Stand {
    /// What is downloaded.
    pub entry: &'static CatalogEntry,
    /// Bytes of it that are here.
    pub bytes: u64,
    /// What is being done.
    pub doing: String,
    /// How it ended, once it has; what went wrong comes with the next thing to do.
    pub ended: Option<Result<(), (String, NextStep)>>,
}

impl Downloading {
    /// How the download stands, if one was begun that is not whole yet.
    pub fn stand(&self) -> Option<Stand> {
        self.lock().clone().filter(|stand| !matches!(stand.ended, Some(Ok(()))))
    }

    /// Stops it; what has come is kept, and the next one goes on from there.
    pub fn stop(&self) {
        self.cancel.store(true, Ordering::Relaxed);
    }

    /// Whether `entry` is to be downloaded now: no other download is under way.
    fn begins(&self, entry: &'static CatalogEntry) -> bool {
        let mut now = self.lock();
        let begins = now.as_ref().is_none_or(|stand| stand.ended.is_some());
        if begins {
            *now = Some(Stand { entry, bytes: 0, doing: "Looking for a server".to_owned(), ended: None });
        }
        begins
    }

    fn download(&self, context: &Context, entry: &CatalogEntry) {
        let source = setup::download_source(context, Vec::new());
        let mut on = |event: Progress<'_>| self.hear(&event);
        let ended = match download::pull(entry, &context.home.models(), &source, &self.cancel, &mut on) {
            Ok(_) => Ok(()),
            Err(error @ PullError::Cancelled { .. }) => Err((with_causes(&error), NextStep::none())),
            Err(error) => Err((with_causes(&error), error.next_step())),
        };
        self.set(|stand| stand.ended = Some(ended));
    }

    fn hear(&self, event: &Progress<'_>) {
        self.set(|stand| match event {
            Progress::Asking { url, have } => {
                stand.doing = format!("Downloading from {url}");
                stand.bytes = *have;
            }
            Progress::StartedOver => stand.bytes = 0,
            Progress::Received { bytes, .. } => stand.bytes = *bytes,
            Progress::Failed(failure) => stand.doing = failure.to_string(),
            Progress::Checking => "Checking every byte".clone_into(&mut stand.doing),
            Progress::Converting { bytes, .. } => {
                "Writing the model from the package".clone_into(&mut stand.doing);
                stand.bytes = *bytes;
            }
        });
    }

    fn set(&self, change: impl FnOnce(&mut Stand)) {
        if let Some(stand) = self.lock().as_mut() {
            change(stand);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Stand>> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Deserialize)]
struct Wanted {
    name: String,
}

/// Begins a download; where one is under way, that one is shown.
async fn begin(State(app): State<Arc<App>>, Form(wanted): Form<Wanted>) -> Result<Redirect, Problem> {
    let unknown = || {
        let what = format!("There is no model called {:?} to download.", wanted.name);
        Problem::new(StatusCode::BAD_REQUEST, what, "Go back and choose again.")
    };
    let entry = catalog::find(&wanted.name).ok_or_else(unknown)?;
    let context = app.context(|_| ())?;
    context.home.prepare()?;
    if app.downloading.begins(entry) {
        let app = Arc::clone(&app);
        tokio::task::spawn_blocking(move || app.downloading.download(&context, entry));
    }
    Ok(Redirect::to("/model"))
}

/// The download as it stands; where there is none, what can be downloaded.
async fn look(State(app): State<Arc<App>>) -> Result<Html<String>, Problem> {
    match app.downloading.stand() {
        None => {
            blocking(move || {
                let here = installed::list(&app.home.models()).map_err(SetupError::from)?;
                let here: Vec<String> = here.into_iter().map(|model| model.name).collect();
                Ok(Html(page::choose(&here)))
            })
            .await
        }
        Some(stand) => Ok(Html(page::page(&stand))),
    }
}

/// The changing part of that page; none where it is whole.
async fn progress(State(app): State<Arc<App>>) -> Response {
    match app.downloading.stand() {
        None => StatusCode::NO_CONTENT.into_response(),
        Some(stand) => Html(page::progress(&stand).into_string()).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_model_is_downloaded_at_a_time_and_one_that_failed_can_be_begun_again() {
        let entry = catalog::find(catalog::FIRST).expect("a test holds it in the catalog");
        let downloading = Downloading::default();
        assert!(downloading.begins(entry) && !downloading.begins(entry));
        downloading.hear(&Progress::Received { bytes: 1_000, of: None });
        assert_eq!(downloading.stand().map(|stand| stand.bytes), Some(1_000));
        downloading.set(|stand| stand.ended = Some(Err(("no server answers".to_owned(), NextStep::none()))));
        assert!(downloading.begins(entry));
        assert_eq!(downloading.stand().map(|stand| stand.bytes), Some(0), "it says how far the new one is");
    }
}
