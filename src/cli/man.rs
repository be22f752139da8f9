//! `greenroom man`: the manual page of the program, or of one command, in roff on stdout.

use super::{Exit, Failure, Outcome, output};

/// Write the manual page.
///
/// To read one: greenroom man rehearse | man -l -
#[derive(clap::Args)]
pub struct Args {
    /// A command, such as `rehearse` or `models pull`; the whole program where none is named
    command: Vec<String>,
}

pub fn run(args: Args, mut program: clap::Command) -> Outcome {
    program.build();
    let mut found = &program;
    for name in &args.command {
        found = found.find_subcommand(name).ok_or_else(|| {
            Failure::usage(format!("there is no command {:?}", args.command.join(" "))).hint("greenroom --help")
        })?;
    }
    // Under `models`, the command `pull` is called greenroom-models-pull, as its page will be.
    let page_name = found.get_bin_name().unwrap_or("greenroom").replace(' ', "-");
    let mut page = Vec::new();
    let man = clap_mangen::Man::new(found.clone()).title(page_name.to_uppercase());
    man.render(&mut page).map_err(|error| Failure::of(&error))?;
    output::result(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Done)
}
