//! `greenroom review reindex`: the index made again from the folders.

use jiff::Timestamp;
use serde_json::json;

use super::super::{Exit, Outcome, context, output};
use super::index;

/// Make the index again from the session folders.
#[derive(clap::Args)]
pub struct Args {
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Outcome {
    let context = context::load()?;
    let mut index = index::rebuild(&context)?;
    let (sessions, takes) = (index.sessions()?.len(), index.takes(Timestamp::MIN)?.len());
    for broken in &index.broken {
        output::talk(&format!("{} cannot be read: {}", broken.id, broken.reason));
    }
    if args.json {
        let broken: Vec<&str> = index.broken.iter().map(|broken| broken.id.as_str()).collect();
        output::result(&output::json(&json!({"sessions": sessions, "takes": takes, "broken": broken})))?;
    } else {
        output::talk(&format!("{takes} takes of {sessions} sessions are in the index"));
    }
    Ok(if index.broken.is_empty() { Exit::Done } else { Exit::SomeFailed })
}
