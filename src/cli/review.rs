//! `greenroom review`: what was recorded, its reports, playing it, and finishing what was cut off.

use std::collections::BTreeMap;
use std::path::PathBuf;

use greenroom::analysis::lexicon::Lexicon;
use greenroom::analysis::remarked::{self, Remarked};
use greenroom::audio;
use greenroom::report::terminal::{self, Options};
use greenroom::store::{self, MarkedPoint, SessionList, StoredSession};
use greenroom::types::{Answer, AnswerStatus, PointMark, Prompt, QuestionNotes, Report, Seconds, TakeRemarks};
use serde_json::json;

use super::context::Context;
use super::live::clock;
use super::output::{self, BOLD, DIM, PLAIN};
use super::parts::{self, PartsArgs};
use super::{Exit, Failure, Outcome};

/// Look back at what was recorded.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Sessions, the newest first
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// The reports of a session, or of one take of it
    Show {
        /// A session (its start is enough; `last` is the newest), or SESSION/TAKE
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
        /// SESSION/TAKE; without a take the last one that was recorded
        #[arg(value_name = "ID", default_value = "last")]
        id: String,
        /// Begin this many seconds into it
        #[arg(long, value_name = "SECONDS", default_value_t = 0.0)]
        from: f64,
    },
    /// Say which of your points a take made, or that something was no filler; the next take is judged by it too
    Mark(super::review_mark::Args),
    /// Note a point for the question of a take: from then on it is one of your points. Or remark on the take
    Note(super::review_note::Args),
    /// Two takes beside each other: figures, parts, points, sentences, words
    Compare(super::review_compare::Args),
    /// Transcribe and assess takes again, with a better model
    Again(super::review_again::Args),
    /// Write takes down for somebody else: one page with the sound inside, a folder, or a zip file
    Export(super::review_export::Args),
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
        Command::List { json } => list(json),
        Command::Show { id, full, transcript, json } => show(&id, Options { full, transcript }, json),
        Command::Play { id, from } => play(&id, from),
        Command::Mark(args) => super::review_mark::run(args),
        Command::Note(args) => super::review_note::run(args),
        Command::Compare(args) => super::review_compare::run(&args),
        Command::Again(args) => super::review_again::run(&args),
        Command::Export(args) => super::review_export::run(&args),
        Command::Recover { parts, json } => super::recover::run(&parts, json),
    }
}

fn list(as_json: bool) -> Outcome {
    let context = Context::load()?;
    let found = store::list_sessions(&context.home)?;
    if as_json {
        let sessions: Vec<_> = found.sessions.iter().map(|stored| &stored.session).collect();
        output::result(&output::json(&sessions))?;
    } else if found.sessions.is_empty() {
        output::talk("Nothing has been recorded yet. Begin with: greenroom rehearse");
    } else {
        output::result(&table(&found))?;
    }
    for broken in &found.broken {
        output::talk(&format!("{} cannot be read: {}", broken.id, broken.reason));
    }
    Ok(if found.broken.is_empty() { Exit::Done } else { Exit::SomeFailed })
}

/// A line per session, and one per take under it.
fn table(found: &SessionList) -> String {
    let mut text = String::new();
    for stored in &found.sessions {
        let session = &stored.session;
        let live = if stored.live { "  (being recorded)" } else { "" };
        text += &format!("{BOLD}{}{PLAIN}{live}\n", session.id);
        for answer in &session.answers {
            let length = answer.duration_s.map_or_else(|| "-".to_owned(), |seconds| clock(seconds.0));
            let question: String = answer.question.text.chars().take(56).collect();
            text += &format!("  {:>2}  {length:>5}  {question}{}\n", answer.take, state(answer));
        }
    }
    text
}

/// What there is to say about a take that is not simply done.
fn state(answer: &Answer) -> String {
    let state = match answer.status {
        AnswerStatus::Reported => return String::new(),
        AnswerStatus::Discarded => "thrown away",
        AnswerStatus::Recording => "not ended",
        AnswerStatus::Recorded | AnswerStatus::Transcribed => "no report yet",
    };
    format!("  {DIM}({state}){PLAIN}")
}

fn show(id: &str, options: Options, as_json: bool) -> Outcome {
    let context = Context::load()?;
    let (stored, take) = store::find_take(&context.home, id)?;
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

/// A take as its person sees it: the report with what they marked and noted, and what they said.
pub struct SeenTake {
    /// Its number.
    pub number: usize,
    /// The report, in line with what was said.
    pub report: Report,
    /// What was said of it.
    pub remarks: TakeRemarks,
}

/// Brings reports in line with what their person said.
pub struct Viewer {
    lexicon: Lexicon,
    notes: QuestionNotes,
    marked: Vec<MarkedPoint>,
}

impl Viewer {
    /// Reads what was noted and marked.
    pub fn new(context: &Context) -> Result<Viewer, Failure> {
        let notes = store::question_notes(&context.home)?;
        Ok(Viewer { lexicon: parts::lexicon(context)?, notes, marked: super::questions::marked_points(context) })
    }

    /// A take; `None` where it has no report.
    pub fn take(&self, stored: &StoredSession, answer: &Answer) -> Result<Option<SeenTake>, Failure> {
        let Some(mut report) = stored.report(answer)? else { return Ok(None) };
        let remarks = stored.remarks(answer.take)?;
        let asked = &answer.question;
        let bank = asked.bank.as_deref();
        // A probe of the interviewer has no points of its own.
        let noted = if answer.prompt == Prompt::FollowUp { &[] } else { self.notes.of(bank, &asked.id) };
        let elsewhere = |marked: &&MarkedPoint| (&marked.session, marked.take) != (&stored.session.id, answer.take);
        let of_question = self.marked.iter().filter(|marked| marked.question.is(bank, &asked.id));
        let marks: Vec<PointMark> = of_question.filter(elsewhere).map(|marked| marked.mark.clone()).collect();
        remarked::apply(&mut report, &Remarked { take: &remarks, noted, marks: &marks }, &self.lexicon);
        Ok(Some(SeenTake { number: answer.take, report, remarks }))
    }
}

/// The take that is meant, as its person sees it; without a number the last one that has a report.
pub fn find_seen(context: &Context, id: &str) -> Result<(StoredSession, SeenTake), Failure> {
    let (stored, wanted) = store::find_take(&context.home, id)?;
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
    let context = Context::load()?;
    let (stored, take) = store::find_take(&context.home, id)?;
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
