//! `greenroom review compare`: two takes beside each other.

use std::path::PathBuf;

use greenroom::export;
use greenroom::quote::quoted;
use greenroom::report::comparison;
use greenroom::report::pages::{Assets, comparison_page};
use greenroom::setup;

use super::super::{Exit, Failure, Outcome, context, output};
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
    let (before_in, before) = find_seen(&context, &args.before)?;
    let (now_in, now) = find_seen(&context, &args.now)?;
    if (&before_in.session.id, before.number) == (&now_in.session.id, now.number) {
        let one = format!("{}/{} is one take: there is nothing to compare it with", now_in.session.id, now.number);
        return Err(Failure::usage(one).hint("see what there is: greenroom review list"));
    }
    let found = setup::compare(&context, (&before_in, &before), (&now_in, &now))?;
    match &args.html {
        Some(path) => {
            export::write_page(&comparison_page(&found, &[], &[], Assets::Style), path)?;
            output::talk(&format!("{} opens in any browser", quoted(path)));
        }
        None => output::result(&if args.json { output::json(&found) } else { comparison::render(&found) })?,
    }
    Ok(Exit::Done)
}
