//! `greenroom review delete`: takes, sessions, or only their recordings.

use std::io::IsTerminal as _;

use greenroom::setup::{self, Context};
use greenroom::store::{self, Freed, SessionFolder, StoreError, StoredSession};
use greenroom::types::Answer;
use jiff::Zoned;
use serde_json::json;

use super::super::live::clock;
use super::super::{Exit, Failure, Outcome, context, output};
use super::index;

/// Delete takes or sessions, or only their recordings. What would go is listed first.
#[derive(clap::Args)]
pub struct Args {
    /// Sessions or takes, as for `show`
    #[arg(value_name = "ID", required_unless_present = "older_than")]
    ids: Vec<String>,
    /// Every take that is older: 90d, 2026-01-31
    #[arg(long, value_name = "TIME", conflicts_with = "ids")]
    older_than: Option<String>,
    /// Only the recordings; transcripts and reports stay
    #[arg(long)]
    audio_only: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Takes of one session that are to go.
struct Doomed {
    stored: StoredSession,
    takes: Vec<usize>,
}

impl Doomed {
    fn answers(&self) -> impl Iterator<Item = &Answer> {
        self.stored.session.answers.iter().filter(|answer| self.takes.contains(&answer.take))
    }

    /// Whether nothing of the session stays.
    fn is_whole(&self) -> bool {
        self.takes.len() == self.stored.session.answers.len()
    }
}

pub fn run(args: Args) -> Outcome {
    let context = context::load()?;
    let mut doomed = chosen(&args, &context)?;
    if args.audio_only {
        keep_what_has_no_transcript(&mut doomed);
    }
    doomed.retain(|doomed| !doomed.takes.is_empty() || !args.audio_only && doomed.is_whole());
    if doomed.is_empty() {
        output::talk("There is nothing to delete.");
        return tell(&context, Freed::default(), &args);
    }
    for line in doomed.iter().flat_map(|doomed| listed(doomed, args.audio_only)) {
        output::talk(&line);
    }
    if !args.yes && !agreed()? {
        output::talk("Nothing was deleted.");
        return Ok(Exit::Done);
    }
    let mut freed = Freed::default();
    let mut exit = Exit::Done;
    for doomed in &doomed {
        match delete(&context, doomed, args.audio_only) {
            Ok(deleted) => freed += deleted,
            Err(error) => {
                Failure::from(error).print();
                exit = Exit::SomeFailed;
            }
        }
    }
    tell(&context, freed, &args)?;
    Ok(exit)
}

/// What was named, or is older, a session at a time.
fn chosen(args: &Args, context: &Context) -> Result<Vec<Doomed>, Failure> {
    let now = Zoned::now();
    let mut doomed: Vec<Doomed> = Vec::new();
    if let Some(older_than) = &args.older_than {
        let before = index::moment(older_than, &now, "--older-than")?;
        for stored in store::list_sessions(&context.home)?.sessions.into_iter().filter(|stored| !stored.live) {
            let old = stored.session.answers.iter().filter(|answer| answer.started_at < before);
            let takes: Vec<usize> = old.map(|answer| answer.take).collect();
            if !takes.is_empty() {
                doomed.push(Doomed { stored, takes });
            }
        }
        return Ok(doomed);
    }
    for id in &args.ids {
        let (stored, take) = setup::find_take(context, id)?;
        if stored.live {
            return Err(StoreError::InUse { session: stored.session.id }.into());
        }
        let takes = stored.session.answers.iter().map(|answer| answer.take);
        let takes: Vec<usize> = takes.filter(|number| take.is_none_or(|take| take == *number)).collect();
        match doomed.iter_mut().find(|known| known.stored.path == stored.path) {
            Some(known) => known.takes.extend(takes),
            None => doomed.push(Doomed { stored, takes }),
        }
    }
    for doomed in &mut doomed {
        doomed.takes.sort_unstable();
        doomed.takes.dedup();
    }
    Ok(doomed)
}

/// Without a transcript the recording is all there is of a take.
fn keep_what_has_no_transcript(doomed: &mut [Doomed]) {
    for doomed in doomed {
        let answers = doomed.stored.session.answers.iter();
        let (can_go, only_copy): (Vec<&Answer>, Vec<&Answer>) =
            answers.filter(|answer| answer.audio.is_some()).partition(|answer| answer.transcript.is_some());
        for answer in only_copy.iter().filter(|answer| doomed.takes.contains(&answer.take)) {
            let id = format!("{}/{}", doomed.stored.session.id, answer.take);
            output::talk(&format!(
                "{id} has no transcript, and its recording stays; finish it with: greenroom review recover"
            ));
        }
        doomed.takes.retain(|take| can_go.iter().any(|answer| answer.take == *take));
    }
}

fn listed(doomed: &Doomed, audio_only: bool) -> Vec<String> {
    let session = &doomed.stored.session;
    let of_take = |answer: &Answer| {
        let length = answer.duration_s.map_or_else(|| "-".to_owned(), |length| clock(length.0));
        let size = megabytes(doomed.stored.size_of(answer, audio_only));
        let question: String = answer.question.text.chars().take(40).collect();
        format!("  {}/{}  {length:>5}  {size:>8}  {question}", session.id, answer.take)
    };
    let what = match (audio_only, doomed.is_whole()) {
        (true, _) => "recordings only",
        (false, true) => "the whole session",
        (false, false) => "takes",
    };
    std::iter::once(format!("{} ({what})", session.id)).chain(doomed.answers().map(of_take)).collect()
}

/// Asks at the terminal; elsewhere it must be said with a flag.
fn agreed() -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(
            Failure::usage("nobody is here to ask whether this is to be deleted").hint("the same command with --yes")
        );
    }
    output::ask("Delete this for good? [y/N] ");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(|error| Failure::of(&error))?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

fn delete(context: &Context, doomed: &Doomed, audio_only: bool) -> Result<Freed, StoreError> {
    let mut folder = SessionFolder::open(&context.home, &doomed.stored.session.id)?;
    if !audio_only && doomed.is_whole() {
        let (freed, others) = folder.delete()?;
        if !others.is_empty() {
            let (session, others) = (&doomed.stored.session.id, others.join(", "));
            output::talk(&format!("the folder of {session} stays: not everything in it is Greenroom's: {others}"));
        }
        return Ok(freed);
    }
    let mut freed = Freed::default();
    for take in &doomed.takes {
        freed += if audio_only { folder.delete_audio(*take)? } else { folder.delete_take(*take)? };
    }
    Ok(freed)
}

/// Says what went and what is left.
fn tell(context: &Context, freed: Freed, args: &Args) -> Outcome {
    let left = store::list_sessions(&context.home)?.sessions;
    let (sessions, takes) = (left.len(), left.iter().map(|stored| stored.session.answers.len()).sum::<usize>());
    let audio = left.iter().flat_map(|stored| &stored.session.answers).filter(|answer| answer.audio.is_some()).count();
    // What was deleted is not found any more, neither.
    index::refresh(context);
    if args.json {
        output::result(&output::json(&json!({
            "deleted": freed.takes, "freed_bytes": freed.bytes,
            "left": {"sessions": sessions, "takes": takes, "recordings": audio},
        })))?;
    } else {
        let what = if args.audio_only { "recordings" } else { "takes" };
        output::talk(&format!(
            "deleted: {what} {}, {}; left: sessions {sessions}, takes {takes}, recordings {audio}",
            freed.takes,
            megabytes(freed.bytes)
        ));
    }
    Ok(Exit::Done)
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
