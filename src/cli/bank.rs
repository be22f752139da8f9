//! `greenroom bank`: the questions there are, how a file is understood, and taking one in.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use greenroom::content::{self, BankChanges, Replaced};
use greenroom::quote::quoted;
use greenroom::setup;
use jiff::Zoned;

use super::{Exit, Failure, Outcome, context, output, reading};

/// Question banks: ours and your own Markdown notes.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Banks and how many questions each has
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// The questions of a bank, or one question with all that stands around it
    Show {
        /// A bank, a file, or a question's id
        name: String,
        /// Show the example answers too (better after a try of your own)
        #[arg(long)]
        answers: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// How each line of a Markdown file is understood, what was repaired, and what was not understood
    Check {
        /// The file
        file: PathBuf,
        /// Show blank lines and layout too
        #[arg(long)]
        all: bool,
        /// Say what a heading is: "Story map=questions", or "=questions" for what stands above the first; remembered beside your banks, never in the file
        #[arg(long, value_name = "HEADING=WHAT")]
        heading: Vec<String>,
        /// Say what a column of a table is: "Prompt=question"; remembered as well
        #[arg(long, value_name = "COLUMN=WHAT")]
        column: Vec<String>,
        /// Forget what was said about this file
        #[arg(long)]
        forget: bool,
        /// Ask what each heading and column is whose lines read like questions and were taken for something else
        #[arg(long)]
        interactive: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Copy Markdown files into your own banks
    Import {
        /// The files
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Under this name instead of the file's own
        #[arg(long)]
        name: Option<String>,
        /// Take notes that you have edited in again: the bank of that name makes room and is kept in banks/replaced
        #[arg(long)]
        replace: bool,
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
        Command::Show { name, answers, json } => show(&name, answers, json),
        Command::Check { file, all, heading, column, forget, interactive, json } => {
            reading::check(&reading::Check { file, all, headings: heading, columns: column, forget, interactive, json })
        }
        Command::Import { files, name, replace } => import(&files, name.as_deref(), replace),
        Command::New { file } => new(&file),
    }
}

fn list(as_json: bool) -> Outcome {
    let banks = setup::banks(&context::load()?)?;
    output::result(&if as_json { output::json(&banks) } else { content::render_list(&banks) })?;
    Ok(Exit::Done)
}

fn show(name: &str, answers: bool, as_json: bool) -> Outcome {
    let context = context::load()?;
    let width = output::width();
    let text = match setup::find_bank(&context, name)? {
        Some(bank) if as_json => output::json(&bank),
        Some(bank) => content::render_bank(&bank, width),
        None => {
            let question = setup::find(&context, None, name)?.question;
            if as_json { output::json(&question) } else { content::render_question(&question, answers, width) }
        }
    };
    output::result(&text)?;
    Ok(Exit::Done)
}

fn import(files: &[PathBuf], name: Option<&str>, replace: bool) -> Outcome {
    let context = context::load()?;
    context.home.prepare()?;
    let today = Zoned::now().date().to_string();
    let mut failed = 0;
    let import = if replace { content::replace } else { content::import };
    for file in files {
        match import(file, name, &context.home.banks(), &today) {
            Ok(imported) => {
                output::talk(&format!(
                    "{}: {} questions{}",
                    imported.path.display(),
                    imported.reading.bank.questions.len(),
                    if imported.unchanged { ", there already" } else { "" },
                ));
                if let Some(replaced) = &imported.replaced {
                    tell_changes(replaced);
                }
                reading::tell_doubts(&imported.reading, file);
            }
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

/// Says what is different in a bank that took the place of another, and where that one is.
fn tell_changes(Replaced { kept, changes }: &Replaced) {
    let BankChanges { new, gone, reworded, edited } = changes;
    let of = |count: usize, what: &str| format!("{count} {what}");
    let counts = [
        of(new.len(), "new"),
        of(gone.len(), "gone"),
        of(reworded.len(), "reworded"),
        of(*edited, "with other notes around them"),
    ];
    output::talk(&format!("  {}", counts.join(", ")));
    new.iter().for_each(|text| output::talk(&format!("  new: {text}")));
    gone.iter().for_each(|text| output::talk(&format!("  gone, its takes stay: {text}")));
    for (before, now) in reworded {
        output::talk(&format!("  reworded, its takes go with it: {before}\n    now: {now}"));
    }
    output::talk(&format!("  the bank as it was: {}", kept.display()));
}

fn new(file: &Path) -> Outcome {
    let title = content::name_of(file).replace(['-', '_'], " ");
    let written =
        std::fs::File::create_new(file).and_then(|mut new| new.write_all(content::template(&title).as_bytes()));
    written.map_err(|error| {
        Failure::new(format!("{} could not be written", file.display()))
            .because(error.to_string())
            .hint("greenroom bank new another-name.md")
    })?;
    output::talk(&format!("written: {}", file.display()));
    output::talk(&format!("edit it, then: greenroom rehearse {}", quoted(file)));
    Ok(Exit::Done)
}
