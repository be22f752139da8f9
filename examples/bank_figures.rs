//! How many questions of a folder of notes the bank reader finds, takes by mistake, or misses.
//!
//! `cargo run --release --no-default-features --example bank_figures -- FOLDER` reads every file of a folder. Beside a note
//! `NAME.md` may lie `NAME.lines`: the lines on which its questions stand by a person's count, one number a line, the
//! rest of the line free for a remark. `--list` also prints the questions, `--lines` how each line was understood.
#![allow(clippy::print_stdout)]

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use greenroom::content;

/// What came of one note: counts of questions.
#[derive(Default)]
struct Figures {
    labelled: usize,
    found: usize,
    wrong: usize,
    missed: usize,
}

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let asked = |name: &str| arguments.iter().any(|argument| argument == name);
    let folder = arguments.iter().find(|argument| !argument.starts_with("--")).map_or(".", String::as_str);
    let mut sum = Figures::default();
    println!("{:>8} {:>6} {:>6} {:>7}  note", "labelled", "found", "false", "missed");
    for path in notes(Path::new(folder))? {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let reading = match content::read(&fs::read(&path)?, &content::name_of(&path)) {
            Ok(reading) => reading,
            Err(error) => {
                println!("{name}: {error}");
                continue;
            }
        };
        let lines: BTreeSet<usize> = reading.bank.questions.iter().map(|question| question.line).collect();
        let extra = reading.bank.questions.len() - lines.len();
        let labelled = labels(&path)?;
        let found = labelled.intersection(&lines).count();
        let figures = Figures {
            labelled: labelled.len(),
            found,
            wrong: lines.difference(&labelled).count() + extra,
            missed: labelled.len() - found,
        };
        show(&figures, &name);
        if asked("--list") {
            for question in &reading.bank.questions {
                let mark = if labelled.contains(&question.line) { ' ' } else { '+' };
                println!("  {mark}{:>5}  {}", question.line, serde_json::to_string(question).unwrap_or_default());
            }
        }
        if asked("--missed") {
            for line in labelled.difference(&lines) {
                println!("  -{line:>5}  {}", reading.text.lines().nth(line - 1).unwrap_or_default());
            }
            for question in reading.bank.questions.iter().filter(|question| !labelled.contains(&question.line)) {
                println!("  +{:>5}  {}", question.line, question.text);
            }
        }
        if asked("--lines") {
            print!("{}", content::render_check(&reading, false, 160));
        }
        sum = Figures {
            labelled: sum.labelled + figures.labelled,
            found: sum.found + figures.found,
            wrong: sum.wrong + figures.wrong,
            missed: sum.missed + figures.missed,
        };
    }
    show(&sum, "all");
    Ok(())
}

fn show(figures: &Figures, name: &str) {
    let Figures { labelled, found, wrong, missed } = figures;
    println!("{labelled:>8} {found:>6} {wrong:>6} {missed:>7}  {name}");
}

/// The notes of a folder, in the order of their names; a file is the only note.
fn notes(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    if folder.is_file() {
        return Ok(vec![folder.into()]);
    }
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.is_file() && path.extension().is_none_or(|ending| ending != "lines"));
    paths.sort();
    Ok(paths)
}

/// The lines on which a person counted questions.
fn labels(note: &Path) -> std::io::Result<BTreeSet<usize>> {
    match fs::read_to_string(note.with_extension("lines")) {
        Ok(text) => Ok(text.lines().filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(error),
    }
}
