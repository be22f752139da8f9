//! `greenroom models import`: a model that is on this machine already.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use greenroom::models::convert::Precision;
use greenroom::models::import::{ImportError, Imported, Wish, import};
use greenroom::setup::Context;
use indicatif::HumanBytes;

use super::super::output;
use super::super::{Exit, Outcome};

#[derive(clap::Args)]
pub struct ImportArgs {
    /// A ggml file, or a folder with model.bin or model.safetensors
    path: PathBuf,
    /// What to call it (from its file or folder where not given)
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Store its weights in fewer bits: q8_0 halves the file and is quicker on most machines, q5_1 makes it smaller still
    #[arg(long = "type", value_name = "TYPE")]
    precision: Option<StoredAs>,
}

/// How weights can be stored.
#[derive(Clone, Copy, clap::ValueEnum)]
enum StoredAs {
    #[value(name = "q8_0")]
    Q8_0,
    #[value(name = "q5_1")]
    Q5_1,
    F16,
}

impl StoredAs {
    fn precision(self) -> Precision {
        match self {
            StoredAs::Q8_0 => Precision::Q8_0,
            StoredAs::Q5_1 => Precision::Q5_1,
            StoredAs::F16 => Precision::F16,
        }
    }
}

pub fn run(context: &Context, args: &ImportArgs) -> Outcome {
    context.home.prepare()?;
    let cancel = super::set_by_ctrl_c();
    let bar = super::bytes_bar("importing", 0);
    let wish =
        Wish { path: &args.path, name: args.name.as_deref(), precision: args.precision.map(StoredAs::precision) };
    let imported = import(&wish, &context.home.models(), &mut |bytes, of| {
        bar.set_length(of);
        bar.set_position(bytes);
        if cancel.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    bar.finish_and_clear();
    match imported {
        Ok(imported) => finish(context, &imported),
        Err(ImportError::Stopped) => {
            output::talk("stopped; nothing was imported");
            Ok(Exit::Interrupted)
        }
        Err(error) => Err(error.into()),
    }
}

fn finish(context: &Context, imported: &Imported) -> Outcome {
    let Imported { name, path, bytes, .. } = imported;
    let before = if imported.was_there { " already" } else { "" };
    output::talk(&format!("{name} is here{before}: {} ({})", path.display(), HumanBytes(*bytes)));
    if imported.entry.is_some() {
        output::talk(&format!("It is the public {name}, to the byte."));
    }
    if let Some(licence) = imported.licence {
        output::talk(&format!("Mind its licence: {licence}"));
    }
    match context.config.model() {
        None => super::choose(context, name),
        Some(used) if used == name => Ok(Exit::Done),
        Some(_) => {
            output::talk(&format!("To use it from now on: greenroom models use {name}"));
            Ok(Exit::Done)
        }
    }
}
