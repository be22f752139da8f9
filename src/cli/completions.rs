//! `greenroom completions`: a completion script on stdout.

use clap_complete::Shell;

use super::{Exit, Outcome, output};

/// Writes the completion script.
///
/// For bash: greenroom completions bash > ~/.local/share/bash-completion/completions/greenroom
#[derive(clap::Args)]
pub struct Args {
    /// Which shell
    shell: Shell,
}

pub fn run(args: Args, command: &mut clap::Command) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, "greenroom", &mut script);
    output::result(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
