//! `greenroom review list`: sessions and their takes.

use greenroom::store;
use greenroom::types::{Answer, AnswerStatus, QuestionRef, Session};
use jiff::Zoned;

use super::super::live::clock;
use super::super::output::{self, BOLD, DIM, PLAIN};
use super::super::{Exit, Outcome, context};
use super::index;

/// Sessions, the newest first.
#[derive(clap::Args)]
pub struct Args {
    /// Only takes of this question: its id, or words of it
    #[arg(long, value_name = "QUESTION")]
    question: Option<String>,
    /// Only sessions since then: 30d, yesterday, 2026-11-21
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// At most so many sessions
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Outcome {
    let context = context::load()?;
    let since = args.since.as_deref().map(|since| index::moment(since, &Zoned::now(), "--since")).transpose()?;
    let mut found = index::open(&context)?;
    let question = args.question.as_deref().map(|wanted| index::question(&mut found, wanted)).transpose()?;
    let mut sessions = found.sessions()?;
    sessions.retain(|session| since.is_none_or(|since| session.started_at >= since));
    if let Some(question) = &question {
        sessions.iter_mut().for_each(|session| session.answers.retain(|answer| is_of(answer, question)));
        sessions.retain(|session| !session.answers.is_empty());
    }
    sessions.truncate(args.limit.unwrap_or(usize::MAX));
    if args.json {
        output::result(&output::json(&sessions))?;
    } else if !sessions.is_empty() {
        let is_live =
            |session: &Session| session.ended_at.is_none() && store::is_being_recorded(&context.home, &session.id);
        output::result(&table(&sessions, is_live))?;
    } else if since.is_some() || question.is_some() || args.limit.is_some() {
        output::talk("No session is like that. All of them: greenroom review list");
    } else {
        output::talk("Nothing has been recorded yet. Begin with: greenroom rehearse");
    }
    for broken in &found.broken {
        output::talk(&format!("{} cannot be read: {}", broken.id, broken.reason));
    }
    Ok(if found.broken.is_empty() { Exit::Done } else { Exit::SomeFailed })
}

fn is_of(answer: &Answer, question: &QuestionRef) -> bool {
    answer.question.is(question.bank.as_deref(), &question.id)
}

/// A line per session, and one per take under it.
fn table(sessions: &[Session], is_live: impl Fn(&Session) -> bool) -> String {
    let mut text = String::new();
    for session in sessions {
        let title = session.title.as_ref().map(|title| format!("  {title}")).unwrap_or_default();
        let live = if is_live(session) { "  (being recorded)" } else { "" };
        text += &format!("{BOLD}{}{PLAIN}{title}{live}\n", session.id);
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
