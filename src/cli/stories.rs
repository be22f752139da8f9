//! `greenroom stories`: which story answered what, and what was told differently from one time to another.

use greenroom::report;
use greenroom::setup;

use super::{Exit, Outcome, context, output};

/// Which story answered which question, what is over-used or never told, and figures that differ
#[derive(clap::Args)]
pub struct Args {
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Outcome {
    let found = setup::stories(&context::load()?)?;
    for broken in &found.broken {
        output::talk(&format!("{} cannot be read and is left out: {}", broken.id, broken.reason));
    }
    if args.json {
        output::result(&output::json(&found.report))?;
    } else if !found.any_takes && found.broken.is_empty() {
        output::talk("No story has been told yet. Begin with: greenroom rehearse");
    } else {
        output::result(&report::stories::render(&found.report))?;
    }
    Ok(if found.broken.is_empty() { Exit::Done } else { Exit::SomeFailed })
}
