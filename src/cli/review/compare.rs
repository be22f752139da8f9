//! `greenroom review compare`: two takes beside each other.

use std::path::PathBuf;

use greenroom::export;
use greenroom::practice::{self, Compared, EarlierTakes};
use greenroom::quote::quoted;
use greenroom::report::comparison;
use greenroom::report::pages::{Assets, comparison_page};
use greenroom::setup::Context;
use greenroom::store;
use greenroom::types::Prompt;

use super::super::{Exit, Failure, Outcome, context, output};
use super::export::named;
use super::find_seen;

/// Two takes beside each other. Better and worse is said only of what changed more than your takes do by themselves.
#[derive(clap::Args)]
pub struct Args {
    /// The take to compare with: SESSION/TAKE, or a session for its last one
    #[arg(value_name = "BEFORE")]
    before: String,
    /// The take to look at
    #[arg(value_name = "NOW", default_value = "last")]
    now: String,
    /// As a page, which is written to this file
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    html: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Outcome {
    let context = context::load()?;
    let [before, now] = [take(&context, &args.before)?, take(&context, &args.now)?];
    if before.id == now.id {
        return Err(Failure::usage(format!("{} is one take: there is nothing to compare it with", now.id))
            .hint("see what there is: greenroom review list"));
    }
    let found = practice::compare(&before.compared(), &now.compared(), &others(&context, &now.id)?);
    match &args.html {
        Some(path) => {
            export::write_page(&comparison_page(&found, &[], &[], Assets::Style), path)?;
            output::talk(&format!("{} opens in any browser", quoted(path)));
        }
        None => output::result(&if args.json { output::json(&found) } else { comparison::render(&found) })?,
    }
    Ok(Exit::Done)
}

/// A take with what it is called.
struct Named {
    id: String,
    name: String,
    report: greenroom::types::Report,
}

impl Named {
    fn compared(&self) -> Compared<'_> {
        Compared { id: &self.id, name: &self.name, report: &self.report }
    }
}

fn take(context: &Context, id: &str) -> Result<Named, Failure> {
    let (stored, seen) = find_seen(context, id)?;
    let name = named(stored.answer(seen.number)?);
    Ok(Named { id: format!("{}/{}", stored.session.id, seen.number), name, report: seen.report })
}

/// The takes that say how much this person's takes differ by themselves: all but the one that is looked at, and none that
/// only answered a probe.
fn others(context: &Context, now: &str) -> Result<EarlierTakes, Failure> {
    let mut others = EarlierTakes::default();
    for take in store::reported_takes(&context.home)?.takes {
        let is_whole = take.answer.prompt != Prompt::FollowUp && take.answer.part.is_none();
        if is_whole && format!("{}/{}", take.session, take.answer.take) != now {
            others.add(&take.answer.question, &take.report.analysis);
        }
    }
    Ok(others)
}
