//! `greenroom review`: what was recorded, its reports, playing it, finishing what was cut off; a file for each larger command.

mod again;
mod compare;
mod delete;
mod export;
mod import;
mod index;
mod list;
mod mark;
mod note;
mod reindex;
mod rename;
mod search;
mod trends;

use std::collections::BTreeMap;
use std::path::PathBuf;

use greenroom::audio;
use greenroom::report::terminal::{self, Options};
use greenroom::setup::{self, Context, SeenTake, Viewer};
use greenroom::store::StoredSession;
use greenroom::types::{Answer, AnswerStatus, Report, Seconds, TakeRemarks};
use serde_json::json;

use super::output;
use super::parts::PartsArgs;
use super::{Exit, Failure, Outcome, context};

/// Look back at what was recorded.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Sessions, the newest first
    List(list::Args),
    /// Find what you said, what you were asked, and what you remarked
    Search(search::Args),
    /// How your figures move from take to take, against yourself and not against a norm
    Trends(trends::Args),
    /// The reports of a session, or of one take of it
    Show {
        /// A session or a take: last, yesterday, 2026-11-21, the start of a name, SESSION/2, a question, QUESTION#2
        #[arg(value_name = "ID", default_value = "last")]
        id: String,
        /// Everything, not only the first screen of each
        #[arg(long)]
        full: bool,
        /// Add the transcript, its fillers, pauses and parts marked
        #[arg(long)]
        transcript: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Play a take
    Play {
        /// A take, as for `show`; of a session the last one that was recorded
        #[arg(value_name = "ID", default_value = "last")]
        id: String,
        /// Begin this many seconds into it
        #[arg(long, value_name = "SECONDS", default_value_t = 0.0)]
        from: f64,
    },
    /// Say which of your points a take made, or that something was no filler; the next take is judged by it too
    Mark(mark::Args),
    /// Note a point for the question of a take: from then on it is one of your points. Or remark on the take
    Note(note::Args),
    /// Two takes beside each other: figures, parts, points, sentences, words
    Compare(compare::Args),
    /// Transcribe and assess takes again, with a better model
    Again(again::Args),
    /// Write takes down for somebody else: one page with the sound inside, a folder, or a zip file
    Export(export::Args),
    /// Give a session a title; its folder keeps its name
    Rename(rename::Args),
    /// Delete takes or sessions, or only their recordings
    Delete(delete::Args),
    /// Take recordings and transcripts from elsewhere among your takes
    Import(import::Args),
    /// Make the index again, by which takes are found
    Reindex(reindex::Args),
    /// Bring back takes whose program was killed, and finish their reports
    Recover {
        #[command(flatten)]
        parts: PartsArgs,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

pub fn run(command: Command) -> Outcome {
    match command {
        Command::List(args) => list::run(args),
        Command::Search(args) => search::run(args),
        Command::Trends(args) => trends::run(args),
        Command::Show { id, full, transcript, json } => show(&id, Options { full, transcript }, json),
        Command::Play { id, from } => play(&id, from),
        Command::Mark(args) => mark::run(args),
        Command::Note(args) => note::run(args),
        Command::Compare(args) => compare::run(&args),
        Command::Again(args) => again::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Rename(args) => rename::run(args),
        Command::Delete(args) => delete::run(args),
        Command::Import(args) => import::run(args),
        Command::Reindex(args) => reindex::run(args),
        Command::Recover { parts, json } => super::recover::run(&parts, json),
    }
}

fn show(id: &str, options: Options, as_json: bool) -> Outcome {
    let context = context::load()?;
    let (stored, take) = setup::find_take(&context, id)?;
    let wanted = stored.session.answers.iter().filter(|answer| take.is_none_or(|take| take == answer.take));
    let viewer = Viewer::new(&context)?;
    let mut seen = Vec::new();
    for answer in wanted {
        match viewer.take(&stored, answer)? {
            Some(take) => seen.push(take),
            None => output::talk(&format!("take {} has no report{}", answer.take, why_not(answer))),
        }
    }
    if as_json {
        let remarks = seen.iter().filter(|take| take.remarks != TakeRemarks::default());
        let remarks: BTreeMap<usize, &TakeRemarks> = remarks.map(|take| (take.number, &take.remarks)).collect();
        let reports: Vec<&Report> = seen.iter().map(|take| &take.report).collect();
        output::result(&output::json(&json!({"session": stored.session, "reports": reports, "remarks": remarks})))?;
    } else {
        for take in &seen {
            output::result(&terminal::render(&take.report, options))?;
            if !take.remarks.notes.is_empty() {
                output::result(&terminal::render_remarks(&take.remarks.notes))?;
            }
        }
    }
    Ok(Exit::Done)
}

/// The take that is meant, as its person sees it; without a number the last one that has a report.
pub fn find_seen(context: &Context, id: &str) -> Result<(StoredSession, SeenTake), Failure> {
    let (stored, wanted) = setup::find_take(context, id)?;
    let viewer = Viewer::new(context)?;
    for answer in stored.session.answers.iter().rev().filter(|answer| wanted.is_none_or(|take| take == answer.take)) {
        if let Some(take) = viewer.take(&stored, answer)? {
            return Ok((stored, take));
        }
    }
    let take = wanted.map(|take| format!("take {take} of ")).unwrap_or_default();
    Err(Failure::new(format!("{take}session {} has no report", stored.session.id)).hint("greenroom review recover"))
}

fn why_not(answer: &Answer) -> String {
    match (&answer.problem, answer.status) {
        (Some(problem), _) => format!(": {problem}"),
        (None, AnswerStatus::Discarded) => ": it was thrown away".to_owned(),
        (None, _) => "; finish it with: greenroom review recover".to_owned(),
    }
}

fn play(id: &str, from: f64) -> Outcome {
    let context = context::load()?;
    let (stored, take) = setup::find_take(&context, id)?;
    let audio = recording(&stored, take)?;
    output::talk(&format!("playing {} (Ctrl-C stops)", audio.display()));
    audio::play_file(&audio, Seconds(from), || false)?;
    Ok(Exit::Done)
}

/// The recording of the take that was asked for, or of the session's last take that has one.
fn recording(stored: &StoredSession, take: Option<usize>) -> Result<PathBuf, Failure> {
    let answers = stored.session.answers.iter().rev();
    answers
        .filter(|answer| take.is_none_or(|take| take == answer.take))
        .find_map(|answer| stored.audio(answer))
        .ok_or_else(|| {
            Failure::new(format!("session {} has no recording to play", stored.session.id))
                .hint("greenroom review list")
        })
}
