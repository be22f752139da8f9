//! Looking back on the page: a take with its sound, what the person says of it, search, and how it goes over time.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use jiff::{Timestamp, Zoned};
use serde::Deserialize;
use tower::ServiceExt;
use tower_http::services::ServeFile;

use super::pages::over_time::{self, OverTime};
use super::pages::search::{self, Searched};
use super::told::Told;
use super::{App, Problem, blocking, pages};
use crate::audio;
use crate::content::Choice;
use crate::index::{Index, Search};
use crate::practice::{TakeFigures, feels_like, grade, trends};
use crate::remedy::NextStep;
use crate::report::pages::{Assets, Forms, Link, PEAKS, Sound, TakePage};
use crate::setup::{self, Agenda, Order, Pool, SeenTake, Viewer};
use crate::store::{self, FeltTake, StoredSession};
use crate::types::{Felt, Field, NoFiller, Peak, Seconds, TakeComparison};

/// So many hits are shown.
const HITS: usize = 50;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/over-time", get(over_time))
        .route("/search", get(search))
        .route("/takes/{session}/{take}", get(take))
        .route("/takes/{session}/{take}/sound", get(sound))
        .route("/takes/{session}/{take}/note", post(note))
        .route("/takes/{session}/{take}/point", post(point))
        .route("/takes/{session}/{take}/filler", post(filler))
        .route("/takes/{session}/{take}/felt", post(felt))
}

/// A take as addresses name it.
type Named = Path<(String, usize)>;

fn address(session: &str, take: usize) -> String {
    format!("/takes/{session}/{take}")
}

/// A take and what its person sees of it.
fn seen(app: &App, session: &str, take: usize) -> Result<(StoredSession, SeenTake), Problem> {
    let context = app.context(|_| ())?;
    let stored = store::read_session_called(&context.home, session)?;
    let answer = stored.answer(take)?;
    let seen = Viewer::new(&context)?.take(&stored, answer)?.ok_or_else(|| {
        let problem = answer.problem.clone().unwrap_or_else(|| "its report is not made yet".to_owned());
        Problem::new(
            StatusCode::NOT_FOUND,
            format!("Take {take} of {session} has no report: {problem}."),
            "greenroom review recover",
        )
    })?;
    Ok((stored, seen))
}

async fn take(
    State(app): State<Arc<App>>,
    Path((session, number)): Named,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Html<String>, Problem> {
    blocking(move || {
        let (stored, seen) = seen(&app, &session, number)?;
        let answer = stored.answer(number)?;
        let here = address(&session, number);
        let length = seen.report.recording.as_ref().map_or(Seconds::ZERO, |recording| recording.duration_s);
        // A recording that cannot be drawn can be heard all the same.
        let drawn = |path: PathBuf| audio::peaks(&path, length, PEAKS).unwrap_or_default();
        let peaks = stored.audio(answer).filter(|path| path.is_file()).map(drawn);
        let sound_address = format!("{here}/sound");
        let sound = peaks.as_ref().map(|peaks: &Vec<Peak>| Sound { address: &sound_address, peaks });
        let forms =
            Forms { note: format!("{here}/note"), point: format!("{here}/point"), filler: format!("{here}/filler") };
        let beside = query.get("beside").map(|beside| compared(&app, beside, (&stored, &seen))).transpose()?;
        let page = TakePage {
            name: &setup::take_in_words(answer),
            report: &seen.report,
            remarks: &seen.remarks.notes,
            sound,
            others: &others(&app, &stored, number)?,
            beside: beside.as_ref(),
            forms: Some(&forms),
            around: &pages::places(),
            assets: Assets::Linked { style: "/style.css", script: "/take.js" },
        };
        Ok(Html(page.render()))
    })
    .await
}

/// Another take, called `SESSION/TAKE`, beside this one.
fn compared(app: &App, beside: &str, now: (&StoredSession, &SeenTake)) -> Result<TakeComparison, Problem> {
    let (session, number) = beside.rsplit_once('/').ok_or_else(Problem::no_such_page)?;
    let number = number.parse().map_err(|_| Problem::no_such_page())?;
    let (stored, seen) = seen(app, session, number)?;
    Ok(setup::compare(&app.context(|_| ())?, (&stored, &seen), now)?)
}

/// Other takes of the same question, the newest first.
fn others(app: &App, stored: &StoredSession, number: usize) -> Result<Vec<Link>, Problem> {
    let asked = &stored.answer(number)?.question;
    let mut index = Index::open(&app.home, &mut |_, _| ())?;
    let takes = index.takes(Timestamp::MIN)?;
    let same = takes.iter().rev().filter(|take| take.question.is(asked.bank.as_deref(), &asked.id));
    let same = same.filter(|take| (take.name.session.as_str(), take.name.take) != (&stored.session.id, number));
    let zone = Zoned::now().time_zone().clone();
    Ok(same
        .take(12)
        .map(|take| Link {
            address: format!("?beside={}/{}#compared", take.name.session, take.name.take),
            text: take.at.to_zoned(zone.clone()).strftime("Compare with %-d %b, %H:%M").to_string(),
        })
        .collect())
}

/// The recording, whole or a range of it.
async fn sound(
    State(app): State<Arc<App>>,
    Path((session, number)): Named,
    request: Request,
) -> Result<Response, Problem> {
    let path = blocking(move || {
        let stored = store::read_session_called(&app.home, &session)?;
        let path = stored.audio(stored.answer(number)?).filter(|path| is_plain_file(path));
        path.ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "There is no recording.", NextStep::none()))
    })
    .await?;
    match ServeFile::new(path).oneshot(request).await {
        Ok(response) => Ok(response.into_response()),
        Err(never) => match never {},
    }
}

/// Whether a name leads to a file of the session, and not by a link out of it.
fn is_plain_file(path: &std::path::Path) -> bool {
    path.symlink_metadata().is_ok_and(|found| found.is_file())
}

#[derive(Deserialize)]
struct Note {
    text: String,
}

async fn note(
    State(app): State<Arc<App>>,
    Path((session, number)): Named,
    Form(note): Form<Note>,
) -> Result<Redirect, Problem> {
    blocking(move || {
        let (stored, _) = seen(&app, &session, number)?;
        let text = note.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().any(char::is_alphanumeric) {
            stored.change_remarks(number, |remarks| remarks.note(&text))?;
        }
        Ok(Redirect::to(&format!("{}#remarks", address(&session, number))))
    })
    .await
}

#[derive(Deserialize)]
struct Mark {
    /// Its number among the person's own points, from 1.
    point: usize,
    made: String,
}

async fn point(
    State(app): State<Arc<App>>,
    Path((session, number)): Named,
    Form(mark): Form<Mark>,
) -> Result<Redirect, Problem> {
    blocking(move || {
        let (stored, seen) = seen(&app, &session, number)?;
        let found = mark.point.checked_sub(1).and_then(|at| seen.report.analysis.own_points().nth(at)).cloned();
        let point = found
            .ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "This is not one of your points.", NextStep::none()))?;
        match mark.made.as_str() {
            "unsaid" => stored.change_remarks(number, |remarks| remarks.forget(&point.text))?,
            made => {
                let lexicon = setup::lexicon(&app.context(|_| ())?)?;
                let mark = seen.mark(&point, made == "yes", None, &lexicon);
                stored.change_remarks(number, |remarks| remarks.mark(mark))?;
            }
        }
        Ok(Redirect::to(&address(&session, number)))
    })
    .await
}

#[derive(Deserialize)]
struct NoFillerForm {
    filler: usize,
}

async fn filler(
    State(app): State<Arc<App>>,
    Path((session, number)): Named,
    Form(form): Form<NoFillerForm>,
) -> Result<Redirect, Problem> {
    blocking(move || {
        let (stored, seen) = seen(&app, &session, number)?;
        let items = &seen.report.analysis.fillers.items;
        let filler = form.filler.checked_sub(1).and_then(|at| items.get(at));
        let filler =
            filler.ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "There is no such filler.", NextStep::none()))?;
        stored.change_remarks(number, |remarks| remarks.no_filler(NoFiller::of(filler)))?;
        Ok(Redirect::to(&address(&session, number)))
    })
    .await
}

#[derive(Deserialize)]
struct Feeling {
    felt: Felt,
}

/// Keeps how a take felt; what was said first stays, since the report has been seen by then.
async fn felt(
    State(app): State<Arc<App>>,
    Path((session, number)): Named,
    Form(feeling): Form<Feeling>,
) -> Result<Redirect, Problem> {
    blocking(move || {
        let stored = store::read_session_called(&app.home, &session)?;
        stored.change_remarks(number, |remarks| {
            remarks.felt.get_or_insert(feeling.felt);
        })?;
        Ok(Redirect::to(&address(&session, number)))
    })
    .await
}

async fn search(
    State(app): State<Arc<App>>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Html<String>, Problem> {
    blocking(move || {
        let typed: String = query.get("q").map(String::as_str).unwrap_or_default().chars().take(200).collect();
        let mut index = Index::open(&app.home, &mut |_, _| ())?;
        let found = index.search(&Search { words: &typed, fields: &Field::ALL, question: None, limit: HITS })?;
        let found = found.as_ref().map(|(count, hits)| (*count, hits.as_slice()));
        Ok(Html(search::page(&Searched { typed: &typed, found, notes: &index.notes })))
    })
    .await
}

async fn over_time(State(app): State<Arc<App>>) -> Result<Html<String>, Problem> {
    blocking(move || over_time_page(&app).map(Html)).await
}

/// The page of how it goes over time.
pub fn over_time_page(app: &App) -> Result<String, Problem> {
    app.kept.page("over time", &app.home, || {
        let told = Told::default();
        let context = app.context(told.listener())?;
        let now = Zoned::now();
        let mut index = Index::open(&context.home, &mut |_, _| ())?;
        let sessions = index.sessions()?;
        let takes = index.takes(Timestamp::MIN)?;
        let figures = takes.into_iter().filter(|take| take.is_practice);
        let figures: Vec<TakeFigures> =
            figures.map(|take| TakeFigures { name: take.name, at: take.at, figures: take.figures }).collect();
        let pool = Pool::of(&context, Choice::default())?;
        let plan = Agenda::make(&context, Order::Due, &pool, &now)?.plan;
        let stories = setup::stories(&context)?.report;
        let felt = store::felt_takes(&context.home)?;
        let judged = |take: FeltTake| Some((take.felt, feels_like(grade(&take.report.analysis, 0)?.grade)));
        let felt: Vec<(Felt, Felt)> = felt.into_iter().filter_map(judged).collect();
        let mut notices = told.take();
        notices.extend(index.notes.iter().cloned());
        let page = OverTime {
            now: &now,
            sessions: &sessions,
            trends: &trends(&figures),
            plan: &plan,
            stories: &stories,
            felt: &felt,
            notices: &notices,
        };
        Ok(over_time::page(&page))
    })
}
