//! `greenroom review export`: takes for somebody else, as one page, a folder or a zip file.

use std::path::{Path, PathBuf};

use greenroom::export::{self, Leaving};
use greenroom::quote::quoted;
use greenroom::setup::{self, Context, SeenTake, Viewer};
use greenroom::store::StoredSession;
use greenroom::types::{Answer, AnswerStatus};

use super::super::{Exit, Failure, Outcome, context, output};

/// Write takes down for somebody else: their pages, sound, reports and words, and nothing besides.
#[derive(clap::Args)]
pub struct Args {
    /// A session, or one take of it (SESSION/TAKE)
    #[arg(value_name = "ID", default_value = "last")]
    id: String,
    /// One page with everything inside, the sound too: this file
    #[arg(long, value_name = "FILE", conflicts_with = "out")]
    html: Option<PathBuf>,
    /// This folder, or this zip file if it is called so [default: one beside you, named as the session]
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Leave the sound out
    #[arg(long)]
    no_audio: bool,
    /// Add your remarks on the takes, which stay with you otherwise
    #[arg(long)]
    remarks: bool,
}

pub fn run(args: &Args) -> Outcome {
    let context = context::load()?;
    let (stored, wanted) = setup::find_take(&context, &args.id)?;
    let takes = seen(&context, &stored, wanted)?;
    let described: Vec<Described> =
        takes.iter().map(|(answer, seen)| Described::of(&stored, answer, seen, args)).collect();
    let leaving: Vec<Leaving> = described.iter().map(Described::leaving).collect();
    match (&args.html, leaving.as_slice()) {
        (Some(path), [take]) => {
            let bytes = export::one_page(take, path)?;
            output::talk(&format!("{} ({:.1} MB) opens in any browser", quoted(path), bytes as f64 / 1e6));
        }
        (Some(path), several) => {
            let first = &takes[0].0;
            let one = format!("greenroom review export {}/{} --html {}", stored.session.id, first.take, quoted(path));
            return Err(Failure::usage(format!(
                "session {} has {} takes, and a page has one",
                stored.session.id,
                several.len()
            ))
            .hint(format!("{one}; or all of them: --out {}.zip", stored.session.id)));
        }
        (None, takes) => {
            let named = args.out.clone().unwrap_or_else(|| PathBuf::from(name(&stored, wanted)));
            export::several_files(&stored.session.id, takes, &named)?;
            output::talk(&format!("{}: open index.html in it", quoted(&named)));
        }
    }
    Ok(Exit::Done)
}

/// The takes that have a report, as their person sees them.
fn seen<'a>(
    context: &Context,
    stored: &'a StoredSession,
    wanted: Option<usize>,
) -> Result<Vec<(&'a Answer, SeenTake)>, Failure> {
    let viewer = Viewer::new(context)?;
    let mut takes = Vec::new();
    // What was thrown away goes along only where it is asked for by its number.
    let goes = |answer: &&Answer| match wanted {
        Some(take) => take == answer.take,
        None => answer.status != AnswerStatus::Discarded,
    };
    for answer in stored.session.answers.iter().filter(goes) {
        takes.extend(viewer.take(stored, answer)?.map(|seen| (answer, seen)));
    }
    if takes.is_empty() {
        return Err(Failure::new(format!("nothing of session {} has a report", stored.session.id))
            .hint("greenroom review recover"));
    }
    Ok(takes)
}

/// A take with what is said of it where it goes.
struct Described<'a> {
    seen: &'a SeenTake,
    name: String,
    folder: String,
    recording: Option<PathBuf>,
    remarks: &'a [String],
}

impl<'a> Described<'a> {
    fn of(stored: &StoredSession, answer: &Answer, seen: &'a SeenTake, args: &Args) -> Described<'a> {
        // A recording that was deleted by hand leaves its report, which can go alone.
        let recording = stored.audio(answer).filter(|path| !args.no_audio && path.exists());
        Described {
            seen,
            name: setup::take_in_words(answer),
            folder: format!("{:02}", answer.take),
            recording,
            remarks: if args.remarks { &seen.remarks.notes } else { &[] },
        }
    }

    fn leaving(&self) -> Leaving<'_> {
        Leaving {
            name: &self.name,
            folder: &self.folder,
            report: &self.seen.report,
            remarks: self.remarks,
            recording: self.recording.as_deref(),
        }
    }
}

/// What the folder is called where nobody says.
fn name(stored: &StoredSession, wanted: Option<usize>) -> String {
    let take = wanted.map(|take| format!("-{take:02}")).unwrap_or_default();
    format!("{}{take}", Path::new(&stored.session.id).display())
}
