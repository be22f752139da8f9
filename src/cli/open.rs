//! `greenroom open`: the same product in the browser.

use std::io::{IsTerminal, stdin};

use greenroom::setup;
use greenroom::web::{Ended, Server};

use super::parts::PartsArgs;
use super::signals::Signals;
use super::{Exit, Failure, Outcome, context, first_model, output};

/// Rehearse and look back in the browser; nothing leaves this machine.
#[derive(clap::Args)]
pub struct Args {
    /// Listen on this port of the loopback address [default: any that is free]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    /// Print the address and open no browser
    #[arg(long)]
    no_browser: bool,
    #[command(flatten)]
    parts: PartsArgs,
}

pub fn run(args: &Args) -> Outcome {
    let flags = args.parts.as_flags();
    let context = context::load_with(&flags)?;
    context.home.prepare()?;
    // Whoever sits here is asked now: the page cannot, and nobody should have to come back to the terminal.
    if stdin().is_terminal() && setup::model_name(&context)?.is_none() {
        first_model::offer(&context)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::of(&error))?;
    let mut signals = Signals::listen(&runtime)?;
    let ended = runtime.block_on(async {
        let server = Server::bind(&context, args.port, &flags).await.map_err(|error| cannot_listen(args, &error))?;
        output::result(&format!("{}\n", server.address()))?;
        show(args, server.address());
        let again = async {
            signals.next().await;
            output::talk("Ending; what was recorded is kept.");
        };
        server.serve(again).await.map_err(|error| Failure::of(&error))
    });
    // Pages that are open hold connections which never end by themselves.
    runtime.shutdown_background();
    Ok(match ended? {
        Ended::Asked { while_recording: true } => Exit::Interrupted,
        Ended::Asked { while_recording: false } => Exit::Done,
        Ended::Deserted => {
            output::talk("No page is open any more.");
            Exit::Done
        }
    })
}

fn show(args: &Args, address: &str) {
    if args.no_browser {
        output::talk("Open this address in a browser on this machine. Ctrl-C ends.");
    } else if opener::open_browser(address).is_ok() {
        output::talk("Opened in your browser. Ctrl-C ends; so does closing the last page.");
    } else {
        output::talk("No browser could be started: open the address above yourself. Ctrl-C ends.");
    }
}

fn cannot_listen(args: &Args, error: &std::io::Error) -> Failure {
    let port = args.port.map_or_else(|| "no port of this machine".to_owned(), |port| format!("port {port}"));
    let failure = Failure::new(format!("{port} cannot be listened on")).because(error.to_string());
    failure.hint("greenroom open   (without --port any free one is taken)")
}
