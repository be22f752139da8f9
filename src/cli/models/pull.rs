//! `greenroom models pull`: downloading a model.

use std::sync::atomic::AtomicBool;

use greenroom::models::catalog::{self, CatalogEntry};
use greenroom::models::download::{self, Progress, PullError, Pulled};
use greenroom::setup::{self, Context};
use indicatif::{HumanBytes, ProgressBar};

use super::super::output;
use super::super::{Exit, Failure, Outcome};

/// With `undecided` it becomes the model in use only for as long as there is no other.
pub fn run(context: &Context, name: &str, mirrors: Vec<String>, undecided: bool) -> Outcome {
    let entry = catalog::find(name).ok_or_else(|| {
        Failure::usage(format!("there is no model called {name:?} to download")).hint("greenroom models list")
    })?;
    if !download(context, entry, mirrors, &super::set_by_ctrl_c())? {
        output::talk("stopped; the same command goes on where it was");
        return Ok(Exit::Interrupted);
    }
    match context.config.model() {
        None if undecided => Ok(Exit::Done),
        None => super::choose(context, &entry.name),
        Some(used) if used == entry.name => Ok(Exit::Done),
        Some(_) => {
            output::talk(&format!("To use it from now on: greenroom models use {}", entry.name));
            Ok(Exit::Done)
        }
    }
}

/// Downloads a model with a bar; false when `cancel` was set before it was whole.
pub fn download(
    context: &Context,
    entry: &CatalogEntry,
    mirrors: Vec<String>,
    cancel: &AtomicBool,
) -> Result<bool, Failure> {
    context.home.prepare()?;
    let bar = super::bytes_bar(&entry.name, entry.bytes);
    let source = setup::download_source(context, mirrors);
    let pulled = download::pull(entry, &context.home.models(), &source, cancel, &mut |event| show(&bar, &event));
    bar.finish_and_clear();
    match pulled {
        Ok(Pulled::AlreadyThere(path) | Pulled::Downloaded(path)) => {
            output::talk(&format!("{} is here and whole: {}", entry.name, path.display()));
            Ok(true)
        }
        Err(PullError::Cancelled { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn show(bar: &ProgressBar, event: &Progress) {
    match event {
        Progress::Received { bytes, of } => set(bar, *bytes, of.unwrap_or(*bytes)),
        Progress::Converting { bytes: 0, .. } => bar.suspend(|| output::talk("writing the model from the package")),
        Progress::Converting { bytes, of } => set(bar, *bytes, *of),
        Progress::Asking { url, have: 0 } => bar.suspend(|| output::talk(&format!("from {url}"))),
        Progress::Asking { url, have } => {
            bar.suspend(|| output::talk(&format!("from {url}, {} are here already", HumanBytes(*have))));
        }
        Progress::StartedOver => bar.suspend(|| output::talk("this server has another file: starting over")),
        Progress::Failed(failure) => bar.suspend(|| output::talk(&failure.to_string())),
        Progress::Checking => bar.suspend(|| output::talk("checking every byte")),
    }
}

fn set(bar: &ProgressBar, bytes: u64, of: u64) {
    bar.set_length(of);
    bar.set_position(bytes);
}
