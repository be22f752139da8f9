//! `greenroom man`: the manual page in roff on stdout, all commands in one page.

use super::{Exit, Failure, Outcome, output};

pub fn run(command: clap::Command) -> Outcome {
    let mut page = Vec::new();
    render(command, &mut page).map_err(|error| Failure::of(&error))?;
    output::result(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Done)
}

/// The page of the program, then the pages of its commands behind it.
fn render(command: clap::Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    clap_mangen::Man::new(command.clone()).render(page)?;
    for subcommand in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        clap_mangen::Man::new(subcommand.clone()).render(page)?;
    }
    Ok(())
}
