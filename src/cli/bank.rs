//! `greenroom bank`: the questions there are, how a file is understood, and taking one in.

use std::path::{Path, PathBuf};

use greenroom::content::{self, Reading};
use greenroom::types::Bank;
use jiff::Zoned;

use super::context::Context;
use super::output::{self, BOLD, DIM, PLAIN};
use super::{Exit, Failure, Outcome, questions};

/// Question banks: ours and your own Markdown notes.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Banks and their questions
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Everything a bank holds, or one question
    Show {
        /// A bank, a file, or a question's id
        name: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// How each line of a Markdown file is understood, what was repaired, and what was not understood
    Check {
        /// The file
        file: PathBuf,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Copy Markdown files into your own banks
    Import {
        /// The files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Write a bank to start from
    New {
        /// Where; nothing that exists is overwritten
        file: PathBuf,
    },
}

pub fn run(command: Command) -> Outcome {
    match command {
        Command::List { json } => list(json),
        Command::Show { name, json } => show(&name, json),
        Command::Check { file, json } => check(&file, json),
        Command::Import { files } => import(&files),
        Command::New { file } => new(&file),
    }
}

fn list(as_json: bool) -> Outcome {
    let banks = questions::banks(&Context::load()?)?;
    if as_json {
        output::result(&output::json(&banks))?;
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    for bank in &banks {
        text += &format!("{BOLD}{}{PLAIN}  {} {DIM}({} questions){PLAIN}\n", bank.name, bank.title, bank.questions.len());
        for question in &bank.questions {
            text += &format!("  {}\n", question.id);
            let indent = "      ";
            let options = textwrap::Options::new(output::width()).initial_indent(indent).subsequent_indent(indent);
            text += &format!("{}\n", textwrap::fill(&question.text, options));
        }
    }
    output::result(&text)?;
    Ok(Exit::Done)
}

fn show(name: &str, as_json: bool) -> Outcome {
    let context = Context::load()?;
    let bank = find_bank(&context, name)?;
    output::result(&if as_json { output::json(&bank) } else { content::render_bank(&bank) })?;
    Ok(Exit::Done)
}

/// A bank by its name or file, or the one question of an id as a bank of its own.
fn find_bank(context: &Context, name: &str) -> Result<Bank, Failure> {
    let banks = questions::banks(context)?;
    if let Some(bank) = banks.into_iter().find(|bank| bank.name == name) {
        return Ok(bank);
    }
    if Path::new(name).is_file() {
        return Ok(content::read_file(Path::new(name))?.bank);
    }
    let chosen = questions::find(context, None, name)?;
    Ok(Bank { name: chosen.bank, questions: vec![chosen.question], ..Bank::default() })
}

fn check(file: &Path, as_json: bool) -> Outcome {
    let reading: Reading = content::read_file(file)?;
    output::result(&if as_json { output::json(&reading.bank) } else { content::render_check(&reading) })?;
    Ok(Exit::Done)
}

fn import(files: &[PathBuf]) -> Outcome {
    let context = Context::load()?;
    context.home.prepare()?;
    let today = Zoned::now().date().to_string();
    let mut failed = 0;
    for file in files {
        match content::import(file, None, &context.home.banks(), &today) {
            Ok(imported) => output::talk(&format!("{imported:?}")),
            Err(error) => {
                Failure::from(error).print();
                failed += 1;
            }
        }
    }
    Ok(match failed {
        0 => Exit::Done,
        all if all == files.len() => Exit::Failed,
        _ => Exit::SomeFailed,
    })
}

fn new(file: &Path) -> Outcome {
    content::write_template(file)?;
    output::talk(&format!("written: {}", file.display()));
    output::talk(&format!("then: greenroom rehearse {}", file.display()));
    Ok(Exit::Done)
}
