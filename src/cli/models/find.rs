//! `greenroom models find`: models that other programs keep.

use greenroom::models::elsewhere::{self, Found, Place};
use indicatif::HumanBytes;
use serde_json::json;

use super::super::output::{self, BOLD, DIM, PLAIN};
use super::super::{Exit, Outcome};

pub fn run(as_json: bool) -> Outcome {
    let here = std::env::current_dir().unwrap_or_default();
    let places = elsewhere::places(&|name| std::env::var(name).ok(), &here);
    let found = elsewhere::find(&places);
    if as_json {
        let models: Vec<_> = found.iter().map(described).collect();
        let places: Vec<_> = places.iter().map(|place| json!({"owner": place.owner, "path": place.folder})).collect();
        output::result(&output::json(&json!({"found": models, "looked_in": places})))?;
    } else if found.is_empty() {
        output::result(&nothing(&places))?;
    } else {
        output::result(&listed(&found))?;
    }
    Ok(Exit::Done)
}

fn described(model: &Found) -> serde_json::Value {
    json!({
        "name": model.name, "path": model.path, "bytes": model.bytes, "kind": model.kind.name(), "owner": model.owner,
        "importable": model.refusal.is_none(), "reason": model.refusal, "command": model.command(),
    })
}

fn listed(found: &[Found]) -> String {
    let mut text = String::new();
    let mut owner = "";
    for model in found {
        if model.owner != owner {
            owner = model.owner;
            let before = if text.is_empty() { "" } else { "\n" };
            text += &format!("{before}{BOLD}{owner}{PLAIN}\n");
        }
        let size = HumanBytes(model.bytes).to_string();
        text += &format!("  {:<32} {size:>10}  {}\n", model.name, model.kind.name());
        if model.refusal.is_some() {
            text += &format!("    {DIM}{}{PLAIN}\n", model.path.display());
        }
        if let Some(refusal) = &model.refusal {
            text += &format!("    cannot be imported: {refusal}\n");
        }
        if let Some(command) = model.command() {
            text += &format!("    {command}\n");
        }
    }
    text
}

fn nothing(places: &[Place]) -> String {
    let mut text = "No Whisper model of another program was found. Looked in:\n".to_owned();
    for place in places {
        text += &format!("  {}  {DIM}{}{PLAIN}\n", place.folder.display(), place.owner);
    }
    text + "To download one: greenroom models pull\n"
}
