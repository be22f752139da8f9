//! The command line: one file per command. The only place that prints.
//!
//! Results go to stdout, talk and progress to stderr. Colour is written always and taken out by
//! `anstream` where it does not belong (a pipe, `NO_COLOR`).

mod agenda;
mod analyze;
mod bank;
mod completions;
mod config;
mod context;
mod demo;
mod devices;
mod doctor;
mod failure;
mod first_model;
mod keys;
mod live;
mod man;
mod models;
mod open;
mod output;
mod parts;
mod reading;
mod recover;
mod rehearse;
mod review;
mod show;
mod signals;
mod stories;
mod transcribe;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

pub use failure::{Exit, Failure};

/// What every command returns: how it went, or why it failed.
type Outcome = Result<Exit, Failure>;

/// Rehearse interview answers aloud, and find out what an interviewer would have heard.
///
/// Greenroom asks a question through the system voice, records your answer, transcribes it on this
/// machine, and reports length, pace, pauses, fillers, which parts of the story were told, and whether
/// the bottom line came up front. Nothing leaves the machine.
#[derive(Parser)]
#[command(name = "greenroom", version, arg_required_else_help = true, max_term_width = 80)]
#[command(
    after_help = "First steps:\n  greenroom demo        hear and see a whole rehearsal, no microphone needed\n  \
    greenroom doctor      what this machine has, and what is wrong\n  greenroom rehearse    begin"
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Hear questions, answer aloud, read the report
    Rehearse(rehearse::Args),
    Open(open::Args),
    /// One whole rehearsal with a synthetic candidate, on a machine with no sound hardware
    Demo(demo::Args),
    /// Report on one recording or transcript
    Analyze(analyze::Args),
    /// Transcribe recordings and folders of recordings
    Transcribe(transcribe::Args),
    /// Look back at what was recorded
    #[command(subcommand)]
    Review(review::Command),
    /// Which story answered which question, what is over-used or never told, and figures that differ
    Stories(stories::Args),
    /// Question banks: ours and your own Markdown notes
    #[command(subcommand)]
    Bank(bank::Command),
    /// Whisper models: list, download, verify, choose
    #[command(subcommand)]
    Models(models::Command),
    /// Microphones, and which one is used
    Devices(devices::Args),
    /// What this machine has, what is wrong, and how to mend it
    Doctor(doctor::Args),
    /// Settings: where they are, what they are, and where each comes from
    #[command(subcommand)]
    Config(config::Command),
    /// Write a completion script for a shell
    Completions(completions::Args),
    /// Write the manual page of the program or of a command
    Man(man::Args),
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return failure::usage(&error),
    };
    let outcome = match cli.command {
        Command::Rehearse(args) => rehearse::run(args),
        Command::Open(args) => open::run(&args),
        Command::Demo(args) => demo::run(args),
        Command::Analyze(args) => analyze::run(args),
        Command::Transcribe(args) => transcribe::run(args),
        Command::Review(command) => review::run(command),
        Command::Stories(args) => stories::run(args),
        Command::Bank(command) => bank::run(command),
        Command::Models(command) => models::run(command),
        Command::Devices(args) => devices::run(args),
        Command::Doctor(args) => doctor::run(args),
        Command::Config(command) => config::run(command),
        Command::Completions(args) => completions::run(args, &mut Cli::command()),
        Command::Man(args) => man::run(args, Cli::command()),
    };
    match outcome {
        Ok(exit) => exit.code(),
        Err(failure) => failure.print(),
    }
}
