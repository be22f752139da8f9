//! The microphone: which there are, and whether one can be used.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc::unbounded_channel;

use super::pages::{choose, next_step};
use super::{App, Problem, blocking};
use crate::audio::{self, MicCheck, devices};
use crate::rehearse::OpenMicrophone;
use crate::remedy::NextStep;
use crate::setup::{Context, SetupError};

pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/microphones", get(choices)).route("/microphone", post(check))
}

/// What can be chosen, as options: looked up when a page asks, as devices come and go.
async fn choices(State(app): State<Arc<App>>) -> Result<Html<String>, Problem> {
    blocking(move || {
        let context = app.context(|_| ())?;
        // Where no sound system answers, the check says so; there is nothing to choose then.
        let found = devices::microphones().unwrap_or_default();
        Ok(Html(choose::microphones(context.config.device(), &found)))
    })
    .await
}

/// The microphone that was chosen on a page, by its id; empty where the settings decide.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Chosen {
    device: String,
}

/// The settings with what a page chose before what they say.
pub fn chosen(context: Context, device: &str) -> Result<Context, SetupError> {
    context.with_flags(&[("device", "the page", Some(device).filter(|device| !device.is_empty()))])
}

/// Listens for a moment and says whether the microphone can be used, and as what it sounds.
async fn check(State(app): State<Arc<App>>, Form(wanted): Form<Chosen>) -> Result<Response, Problem> {
    if app.stage.is_on_air() {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "The microphone is in use by the session that runs.",
            NextStep::none(),
        ));
    }
    blocking(move || {
        let context = chosen(app.context(|_| ())?, &wanted.device)?;
        let input = audio::input_named(context.config.device()).map_err(SetupError::from)?;
        let (signals, _) = unbounded_channel();
        let microphone = OpenMicrophone::open(input, signals).map_err(SetupError::from)?;
        let found = microphone.check().map_err(SetupError::from)?;
        let hint = found.next_step().map(|step| next_step::as_text(&step));
        let found = json!({
            "device": microphone.device(),
            "is_ok": found.is_ok(),
            "verdict": verdict(found, microphone.device()),
            "hint": hint,
        });
        Ok(([(CONTENT_TYPE, "application/json")], found.to_string()).into_response())
    })
    .await
}

/// What was heard, in plain words.
fn verdict(found: MicCheck, device: &str) -> String {
    if device.to_lowercase().contains("monitor of") {
        return "This is your loudspeaker's monitor, not a microphone: it hears what plays, not you.".to_owned();
    }
    match found {
        MicCheck::Ok { .. } => "It hears the room. Say something: the level moves when you record.".to_owned(),
        MicCheck::AllZero => "It gives nothing at all: it is muted, or another program has it.".to_owned(),
        MicCheck::TooQuiet { .. } => "Too quiet: raise its level, or come closer.".to_owned(),
        MicCheck::Clipping { .. } => "Too loud: lower its level.".to_owned(),
    }
}
