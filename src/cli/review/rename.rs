//! `greenroom review rename`: a title for a session.

use greenroom::setup;
use greenroom::store::SessionFolder;
use serde_json::json;

use super::super::{Exit, Failure, Outcome, context, output};

/// Longest title, in characters.
const LONGEST: usize = 120;

/// Give a session a title; its folder keeps its name, and both can be typed.
#[derive(clap::Args)]
pub struct Args {
    /// The session
    #[arg(value_name = "SESSION")]
    id: String,
    /// What to call it; an empty one takes the title away
    #[arg(value_name = "NEW")]
    title: String,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Outcome {
    let context = context::load()?;
    let title = args.title.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.chars().count() > LONGEST {
        return Err(Failure::usage(format!("a title has at most {LONGEST} characters"))
            .hint("greenroom review note ID --remark \"...\""));
    }
    let title = Some(title).filter(|title| !title.is_empty());
    let (stored, take) = setup::find_take(&context, &args.id)?;
    if take.is_some() {
        return Err(Failure::usage(format!("{} is a take, and titles are for sessions", args.id))
            .hint(format!("greenroom review rename {} NEW", stored.session.id)));
    }
    SessionFolder::open(&context.home, &stored.session.id)?.rename(title.clone())?;
    if args.json {
        output::result(&output::json(&json!({"session": stored.session.id, "title": title})))?;
    } else {
        output::talk(&match &title {
            Some(title) => format!("{} is called \"{title}\" now", stored.session.id),
            None => format!("{} has no title now", stored.session.id),
        });
    }
    Ok(Exit::Done)
}
