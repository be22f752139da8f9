//! Rehearsing on the page: what may be asked, the sitting as it goes, and what its person wants of it.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::sse::{Event as Sent, KeepAlive};
use axum::response::{Html, IntoResponse, Redirect, Response, Sse};
use axum::routing::{get, post};
use futures_util::Stream;
use futures_util::stream::unfold;
use jiff::Zoned;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::pages::choose::{self, Choosing};
use super::pages::live;
use super::stage::{OnAir, Ready};
use super::told::Told;
use super::{App, Problem, blocking, microphone};
use crate::audio;
use crate::content::Choice;
use crate::interview::Style;
use crate::rehearse::{Command, Event, View};
use crate::setup::{self, Agenda, Context, Order, Pool, SetupError, Sitting};
use crate::store::Config;
use crate::types::Drill;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(start))
        .route("/rehearse", get(sitting).post(begin))
        .route("/rehearse/events", get(events))
        .route("/rehearse/command", post(command))
}

/// What may be asked, and why.
async fn start(State(app): State<Arc<App>>) -> Result<Html<String>, Problem> {
    blocking(move || start_page(&app).map(Html)).await
}

/// The first page.
pub fn start_page(app: &App) -> Result<String, Problem> {
    let is_on_air = app.stage.is_on_air();
    let name = if is_on_air { "start, on air" } else { "start" };
    app.kept.page(name, &app.home, || {
        let told = Told::default();
        let context = app.context(told.listener())?;
        let pool = Pool::of(&context, Choice::default())?;
        let tonight = Agenda::make(&context, Order::Tonight, &pool, &Zoned::now())?;
        let model = setup::model_name(&context)?;
        Ok(choose::page(&Choosing {
            plan: &tonight.plan,
            today: tonight.today,
            banks: &pool.banks,
            model: model.as_deref(),
            is_on_air,
            notices: &told.take(),
        }))
    })
}

/// What the form on the first page says. Fields that were left empty come as empty text.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wish {
    /// `tonight`, `bank` or `own`.
    what: String,
    /// A bank, or a question as `BANK/ID`.
    bank: String,
    /// A question in the person's own words.
    words: String,
    count: String,
    drill: String,
    mode: String,
    think: String,
    target: String,
    auto_stop: String,
    follow_ups: String,
    /// The id of a microphone.
    device: String,
    /// Use that one from now on.
    keep_device: String,
    /// Begin even where the microphone gives nothing.
    unchecked: String,
}

impl Wish {
    fn drill(&self) -> Result<Option<Drill>, Problem> {
        match self.drill.as_str() {
            "" => Ok(None),
            "ladder" => Ok(Some(Drill::Ladder)),
            "bluf" => Ok(Some(Drill::Bluf)),
            "interrupt" => Ok(Some(Drill::Interrupt)),
            other => Err(wrong(format!("There is no drill {other:?}."))),
        }
    }

    fn number(text: &str, what: &str) -> Result<Option<usize>, Problem> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        text.trim().parse().map(Some).map_err(|_| wrong(format!("{what} is a number, and {text:?} is none.")))
    }

    /// What was typed, as settings that win over those of the file.
    fn settings(&self) -> [(&str, &str, Option<&str>); 3] {
        [
            ("think_s", "time to think", filled(&self.think)),
            ("auto_stop_s", "silence", filled(&self.auto_stop)),
            ("target_s", "target", filled(&self.target)),
        ]
    }
}

fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn wrong(what: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, what, "Go back and choose again.")
}

/// Begins a sitting; where one is being played, that one is shown.
async fn begin(State(app): State<Arc<App>>, Form(wish): Form<Wish>) -> Result<Response, Problem> {
    if app.stage.is_on_air() {
        return Ok(Redirect::to("/rehearse").into_response());
    }
    let ready = blocking({
        let app = Arc::clone(&app);
        // Devices are told to the loop through tokio's channels.
        let runtime = tokio::runtime::Handle::current();
        move || {
            let _inside = runtime.enter();
            prepare(&app, &wish)
        }
    })
    .await?;
    let sitting = app.stage.play(ready);
    tokio::spawn(async move {
        sitting.over().await;
        app.make_ready();
    });
    Ok(Redirect::to("/rehearse").into_response())
}

fn prepare(app: &App, wish: &Wish) -> Result<Ready, Problem> {
    let told = Told::default();
    let context = microphone::chosen(app.context(told.listener())?, &wish.device)?.with_flags(&wish.settings())?;
    let agenda = agenda(&context, wish)?;
    if agenda.questions.is_empty() {
        return Err(wrong("Nothing is left to ask of what was chosen.".to_owned()));
    }
    context.home.prepare()?;
    if let (Some(device), Some(_)) = (filled(&wish.device), filled(&wish.keep_device)) {
        Config::set(&context.home.config_file(), "device", device)?;
    }
    let unfinished = setup::bring_back(&context);
    let study = wish.mode != "real";
    let follow_ups = Wish::number(&wish.follow_ups, "The number of follow-ups")?.unwrap_or(0);
    let style = Style {
        drill: wish.drill()?,
        follow_ups,
        single: false,
        target_s: filled(&wish.target).and_then(|_| context.config.target_s()),
        duration: None,
        seed: fastrand::u64(..),
        frameworks: setup::frameworks(&context),
    };
    let model = setup::installed_model(&context)?.ok_or_else(SetupError::no_model)?;
    let sitting = Sitting {
        settings: setup::loop_settings(&context.config, study, study, style),
        speaker: Box::new(setup::voice(&context)?),
        input: audio::input_named(context.config.device()).map_err(SetupError::from)?,
        model: model.clone(),
        check_microphone: wish.unchecked.is_empty() && !audio::is_stand_in(context.config.device()),
        notices: true,
        earlier: Some(agenda.earlier),
        planned: agenda.questions,
    };
    let (commands, to_loop) = unbounded_channel();
    let prepared = sitting.prepare(&context, to_loop)?;
    Ok(Ready { prepared, commands, study, notices: told.take(), unfinished: (context, model, unfinished) })
}

fn agenda(context: &Context, wish: &Wish) -> Result<Agenda, Problem> {
    let count = Wish::number(&wish.count, "The number of questions")?;
    let choice = |names| Choice { names, count, ..Choice::default() };
    let (order, pool) = match wish.what.as_str() {
        "own" => match filled(&wish.words) {
            Some(words) => (Order::AsChosen, Pool::of_words(context, &[words.to_owned()])?),
            None => return Err(wrong("The question of your own is empty.".to_owned())),
        },
        "bank" => match filled(&wish.bank) {
            Some(bank) => (Order::AsChosen, Pool::of(context, choice(vec![bank.to_owned()]))?),
            None => return Err(wrong("No bank was chosen.".to_owned())),
        },
        _ => (Order::Tonight, Pool::of(context, choice(Vec::new()))?),
    };
    Ok(Agenda::make(context, order, &pool, &Zoned::now())?)
}

/// The sitting as it stands.
async fn sitting(State(app): State<Arc<App>>) -> Response {
    match app.stage.sitting() {
        Some(sitting) => Html(live::page(&sitting.subscribe().0, &about(&sitting))).into_response(),
        None => Redirect::to("/").into_response(),
    }
}

fn about(sitting: &OnAir) -> live::About {
    live::About {
        session: sitting.session.clone(),
        study: sitting.study,
        notices: sitting.notices.clone(),
        broke: sitting.broke(),
    }
}

/// What a page is sent of a sitting: the whole screen when it changes, and what runs ten times a second as data.
async fn events(State(app): State<Arc<App>>) -> Result<Sse<impl Stream<Item = Result<Sent, Infallible>>>, Problem> {
    let sitting = app.stage.sitting().ok_or_else(Problem::no_such_page)?;
    let (view, events) = sitting.subscribe();
    let following = Following { sitting, view, events, first: true, over: false };
    Ok(Sse::new(unfold(following, Following::next)).keep_alive(KeepAlive::default()))
}

/// A page that follows a sitting.
struct Following {
    sitting: OnAir,
    view: View,
    events: UnboundedReceiver<Event>,
    first: bool,
    over: bool,
}

impl Following {
    async fn next(mut self) -> Option<(Result<Sent, Infallible>, Following)> {
        if self.over {
            return None;
        }
        if std::mem::take(&mut self.first) {
            let screen = self.screen();
            return Some((Ok(screen), self));
        }
        let sent = match self.events.recv().await {
            None => {
                self.over = true;
                // Whoever follows draws the end, and does not come back for more.
                Sent::default().event("over").data(live::screen(&self.view, &about(&self.sitting)).into_string())
            }
            Some(event) => {
                let was_paused = self.view.progress.paused;
                self.view.apply(&event);
                match event {
                    Event::Progress(progress) if progress.paused == was_paused => {
                        Sent::default().event("progress").data(
                            json!({"elapsed": progress.elapsed, "level_dbfs": progress.level_dbfs.max(-120.0)})
                                .to_string(),
                        )
                    }
                    Event::Words { latest, .. } => Sent::default().event("words").data(live::one_line(&latest)),
                    _ => self.screen(),
                }
            }
        };
        Some((Ok(sent), self))
    }

    fn screen(&self) -> Sent {
        Sent::default().event("screen").data(live::screen(&self.view, &about(&self.sitting)).into_string())
    }
}

/// What the person wants, by click or key.
#[derive(Debug, Deserialize)]
struct Wanted {
    command: Command,
}

async fn command(State(app): State<Arc<App>>, Form(wanted): Form<Wanted>) -> Redirect {
    if let Some(sitting) = app.stage.sitting() {
        sitting.send(wanted.command);
    }
    // A script does not follow this; without one the page is shown as it is then.
    Redirect::to("/rehearse")
}
