//! How a file is understood, and what the person says about it: `greenroom bank check`.

use std::collections::BTreeSet;
use std::io::{BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};

use greenroom::content::{self, Hints, Is, LineNote, Reading};
use greenroom::quote::quoted;
use serde_json::json;

use super::{Exit, Failure, Outcome, context, output};

/// What `bank check` is to do.
pub struct Check {
    pub file: PathBuf,
    /// Blank lines and layout too.
    pub all: bool,
    /// `HEADING=WHAT`.
    pub headings: Vec<String>,
    /// `COLUMN=WHAT`.
    pub columns: Vec<String>,
    pub forget: bool,
    pub interactive: bool,
    pub json: bool,
}

pub fn check(check: &Check) -> Outcome {
    let context = context::load()?;
    let banks = context.home.banks();
    let known = content::hints_of(&check.file, &banks)?;
    let mut hints = if check.forget { Hints::default() } else { known.clone() };
    for said in &check.headings {
        let (heading, is) = said_of(said, "--heading")?;
        hints.say_heading(heading, is);
    }
    for said in &check.columns {
        let (column, is) = said_of(said, "--column")?;
        hints.say_column(column, is);
    }
    if check.interactive {
        ask_about(&content::read_file_with(&check.file, &hints)?, &mut hints)?;
    }
    let reading = content::read_file_with(&check.file, &hints)?;
    if hints != known {
        let kept = content::remember(&hints, &check.file, &banks)?;
        output::talk(&match hints.len() {
            0 => "forgotten what was said about this file".to_owned(),
            1 => format!("remembered what 1 heading or column is: {}", kept.display()),
            said => format!("remembered what {said} headings and columns are: {}", kept.display()),
        });
    }
    output::result(&if check.json {
        as_json(&reading)
    } else {
        content::render_check(&reading, check.all, output::width())
    })?;
    Ok(Exit::Done)
}

fn as_json(reading: &Reading) -> String {
    let lines = |notes: &mut dyn Iterator<Item = &LineNote>| notes.map(|note| note.line).collect::<Vec<_>>();
    let doubtful = reading
        .doubtful()
        .map(|note| json!({ "line": note.line, "taken_as": note.meaning.to_string(), "under": note.under }));
    output::json(&json!({
        "bank": reading.bank, "lines": reading.lines.len(), "repaired": reading.repairs.len(),
        "not_understood": lines(&mut reading.not_understood()),
        "doubtful": doubtful.collect::<Vec<_>>(),
        "to_write": lines(&mut reading.to_write()),
    }))
}

/// Tells on stderr what may have been taken wrongly in a file that was imported.
pub fn tell_doubts(reading: &Reading, file: &Path) {
    let doubts = content::doubts_in_words(reading);
    for doubt in &doubts {
        output::talk(&format!("  {doubt}"));
    }
    if !doubts.is_empty() {
        output::talk(&format!("  say what they are: greenroom bank check {} --interactive", quoted(file)));
    }
}

/// `Story map=questions`: a heading or a column, and what it is.
fn said_of<'a>(said: &'a str, flag: &str) -> Result<(&'a str, Is), Failure> {
    let (name, is) = said.rsplit_once('=').unwrap_or((said, ""));
    let named = !name.trim().is_empty() || flag == "--heading" && said.starts_with('=');
    Is::named(is).filter(|_| named).map(|is| (name, is)).ok_or_else(|| {
        Failure::usage(format!("{flag} {said:?} does not say what it is"))
            .because(format!("behind the = stands one of {}", kinds()))
            .hint(format!("{flag} \"Story map=questions\""))
    })
}

fn kinds() -> String {
    Is::ALL.map(Is::name).join(", ")
}

/// Asks what the headings and columns are that stand over doubtful lines.
fn ask_about(reading: &Reading, hints: &mut Hints) -> Result<(), Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage("--interactive asks, and there is no terminal to answer at")
            .hint("greenroom bank check FILE --heading \"Story map=questions\""));
    }
    let heads: BTreeSet<Option<usize>> = reading.doubtful().map(|note| note.under).collect();
    if heads.is_empty() {
        output::talk("No line is in doubt.");
    } else {
        output::talk(&format!("Type one of {}; Enter leaves it as it is.", kinds()));
    }
    for head in heads {
        let under = reading.doubtful().filter(|note| note.under == head);
        let line = |number: usize| reading.text.lines().nth(number - 1).unwrap_or_default().trim();
        match head {
            Some(head) => output::talk(&format!("\nline {head}: {}", line(head))),
            None => output::talk("\nabove the first heading:"),
        }
        for note in under.take(3) {
            output::talk(&format!("  line {}, taken as {}: {}", note.line, note.meaning, line(note.line)));
        }
        let Some(head) = head else {
            if let Some(is) = ask("what stands above the first heading is")? {
                hints.say_heading("", is);
            }
            continue;
        };
        match columns(line(head)) {
            Some(columns) => {
                for column in columns {
                    if let Some(is) = ask(&format!("the column {column:?} is"))? {
                        hints.say_column(column, is);
                    }
                }
            }
            None => {
                if let Some(is) = ask("this heading is")? {
                    hints.say_heading(&words_of_a_heading(line(head)), is);
                }
            }
        }
    }
    Ok(())
}

/// The columns of the head of a table.
fn columns(line: &str) -> Option<Vec<&str>> {
    let cells = line.contains('|').then(|| line.split('|').map(str::trim).filter(|cell| !cell.is_empty()))?;
    Some(cells.collect())
}

/// A heading without its marks.
fn words_of_a_heading(line: &str) -> String {
    line.trim_start_matches(['#', '*', ' ', '>', '-', '+']).replace("**", "").replace('`', "").trim().to_owned()
}

/// Asks until the answer makes sense; `None` for an empty one, or at the end of what is typed.
fn ask(what: &str) -> Result<Option<Is>, Failure> {
    loop {
        output::talk(&format!("{what}: "));
        let mut answer = String::new();
        let read = std::io::stdin().lock().read_line(&mut answer);
        let read = read.map_err(|error| Failure::new("the answer could not be read").because(error.to_string()))?;
        match answer.trim() {
            "" => return Ok(None),
            _ if read == 0 => return Ok(None),
            answer => match Is::named(answer) {
                Some(is) => return Ok(Some(is)),
                None => output::talk(&format!("{answer:?} is none of them: {}", kinds())),
            },
        }
    }
}
