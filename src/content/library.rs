//! The banks there are: ours, built into the program, and the person's own, in a folder.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use include_dir::{Dir, include_dir};
use thiserror::Error;

use super::changes::BankChanges;
use super::{Hints, ReadError, Reading, hints_of, read, read_with, remember};
use crate::quote::quoted;
use crate::remedy::{Action, NextStep, Remedy, next};
use crate::store::{Over, write_beside};
use crate::types::Bank;

static BANKS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/content/banks");

/// The Markdown of the banks built into the program, with their names, in the order of the names.
pub fn builtin_sources() -> Vec<(String, &'static str)> {
    let markdown = BANKS.files().filter(|file| is_markdown(file.path()));
    let mut sources: Vec<_> = markdown
        .map(|file| (name_of(file.path()), file.contents_utf8().expect("our banks are UTF-8, which a test reads")))
        .collect();
    sources.sort();
    sources
}

/// The banks built into the program, in the order of their names.
pub fn builtin_banks() -> &'static [Bank] {
    static READ: LazyLock<Vec<Bank>> = LazyLock::new(|| {
        let sources = builtin_sources().into_iter();
        sources.map(|(name, text)| read(text.as_bytes(), &name).expect("our banks are text").bank).collect()
    });
    &READ
}

/// The name of a bank: its file's name without the ending.
pub fn name_of(path: &Path) -> String {
    path.file_stem().map_or_else(|| "bank".into(), |stem| stem.to_string_lossy().into_owned())
}

/// Why a bank could not be used.
#[derive(Debug, Error)]
pub enum LibraryError {
    /// The file or folder cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is no bank.
    #[error("cannot use {} as a bank", path.display())]
    NoBank {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: ReadError,
    },
    /// The file is text and holds no question.
    #[error("there is no question in {}", path.display())]
    NoQuestions {
        /// The file.
        path: PathBuf,
    },
    /// A bank of that name is in the library and says something else.
    #[error("the library already has a bank named {name}: {}", path.display())]
    Taken {
        /// The name.
        name: String,
        /// Where it is.
        path: PathBuf,
    },
    /// A question cannot be added to a bank.
    #[error("{text:?} cannot be read back as a question of {}", path.display())]
    NotKept {
        /// The bank's file, which is as it was.
        path: PathBuf,
        /// The question.
        text: String,
    },
    /// What was said about a bank cannot be understood.
    #[error("cannot understand what {} says about a bank", path.display())]
    Hints {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// The library cannot be written.
    #[error("cannot write {}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system or the store said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl LibraryError {
    pub(super) fn unwritable(path: &Path, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> LibraryError {
        LibraryError::Unwritable { path: path.to_owned(), source: source.into() }
    }
}

impl Remedy for LibraryError {
    fn next_step(&self) -> NextStep {
        match self {
            Self::Unreadable { .. } => "check the path and its permissions".into(),
            Self::NoBank { source, .. } => source.next_step(),
            Self::NoQuestions { path } => next!["see how it was understood: ", Action::CheckBank(path.clone())],
            Self::Taken { name, .. } => {
                next![
                    "if these are the same notes, edited: ",
                    Action::ReplaceBank,
                    format!("; else give them another name: --name {name}-2")
                ]
            }
            Self::NotKept { path, .. } => {
                next!["leave out --keep, or see how the bank is understood: ", Action::CheckBank(path.clone())]
            }
            Self::Hints { path, .. } => format!("mend it, or delete it and say it again: rm {}", quoted(path)).into(),
            Self::Unwritable { .. } => "check that the disk is not full and the folder is yours".into(),
        }
    }
}

/// Reads one bank from a file.
///
/// # Errors
///
/// When the file cannot be read, or is no text.
pub fn read_file(path: &Path) -> Result<Reading, LibraryError> {
    read_file_with(path, &Hints::default())
}

/// Reads one bank from a file, with what the person said about its headings and columns.
///
/// # Errors
///
/// As [`read_file`].
pub fn read_file_with(path: &Path, hints: &Hints) -> Result<Reading, LibraryError> {
    let unreadable = |source| LibraryError::Unreadable { path: path.into(), source };
    // Looked at before it is read, so that a film named .md does not fill the memory.
    let bytes = fs::metadata(path).map_err(unreadable)?.len();
    let result = match usize::try_from(bytes).unwrap_or(usize::MAX) {
        bytes if bytes > super::MAX_BYTES => {
            Err(ReadError::TooLarge { name: name_of(path), bytes, limit: super::MAX_BYTES })
        }
        _ => read_with(&fs::read(path).map_err(unreadable)?, &name_of(path), hints),
    };
    result.map_err(|source| LibraryError::NoBank { path: path.into(), source })
}

/// Reads every `.md` file of a folder, in the order of their names; a folder that is not there has none.
///
/// A file that is no bank does not stop the others: it is in the second list.
///
/// # Errors
///
/// When the folder is there and cannot be listed.
pub fn user_banks(folder: &Path) -> Result<(Vec<Bank>, Vec<LibraryError>), LibraryError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), Vec::new())),
        Err(source) => return Err(LibraryError::Unreadable { path: folder.into(), source }),
    };
    let mut paths: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_markdown(path)).collect();
    paths.sort();
    let (mut banks, mut failed) = (Vec::new(), Vec::new());
    for path in paths {
        match hints_of(&path, folder).and_then(|hints| read_file_with(&path, &hints)) {
            Ok(reading) => banks.push(reading.bank),
            Err(error) => failed.push(error),
        }
    }
    Ok((banks, failed))
}

/// A bank that was copied into the library.
#[derive(Debug)]
pub struct Imported {
    /// Where it is now.
    pub path: PathBuf,
    /// How it was understood.
    pub reading: Reading,
    /// Whether the library had it already, word for word.
    pub unchanged: bool,
    /// What was there before and had to make room, if anything.
    pub replaced: Option<Replaced>,
}

/// A bank that made room for a newer one.
#[derive(Debug)]
pub struct Replaced {
    /// Where it is kept.
    pub kept: PathBuf,
    /// What is different in the newer one.
    pub changes: BankChanges,
}

/// Copies a bank into the library folder, under its own name or another.
///
/// The copy is the text after the repairs, in UTF-8, with a comment at its end that says where it
/// came from and when; so line numbers stay those of the original. `today` is the date to write.
///
/// # Errors
///
/// When the file cannot be read, holds no question, or another bank has that name.
pub fn import(file: &Path, name: Option<&str>, folder: &Path, today: &str) -> Result<Imported, LibraryError> {
    Copy::of(file, name, folder, today)?.put(folder)
}

/// As [`import`]; a bank of that name makes room, and is kept in `replaced` beside the others.
///
/// # Errors
///
/// As [`import`]; another bank has that name only where it is no file, such as a link.
pub fn replace(file: &Path, name: Option<&str>, folder: &Path, today: &str) -> Result<Imported, LibraryError> {
    let copy = Copy::of(file, name, folder, today)?;
    let is_file = fs::symlink_metadata(&copy.path).is_ok_and(|there| there.is_file());
    if !is_file || copy.is_there() {
        return copy.put(folder);
    }
    let before = hints_of(&copy.path, folder).and_then(|hints| read_file_with(&copy.path, &hints));
    // What cannot be read as a bank is kept as well, and every question is new.
    let before = before.map(|reading| reading.bank).unwrap_or_default();
    let kept = keep_replaced(&copy.path, &copy.name, folder, today)?;
    copy.write(folder, Over::Ours)?;
    let changes = BankChanges::between(&before, &copy.reading.bank);
    let replaced = Some(Replaced { kept, changes });
    Ok(Imported { path: copy.path, reading: copy.reading, unchanged: false, replaced })
}

/// Copies a bank that is to be replaced to where it is no bank any more, under a name that is free.
fn keep_replaced(path: &Path, name: &str, folder: &Path, today: &str) -> Result<PathBuf, LibraryError> {
    let unreadable = |source| LibraryError::Unreadable { path: path.to_owned(), source };
    let bytes = fs::read(path).map_err(unreadable)?;
    let kept_in = folder.join("replaced");
    fs::create_dir_all(&kept_in).map_err(|error| LibraryError::unwritable(&kept_in, error))?;
    let named = |number: usize| match number {
        1 => kept_in.join(format!("{name}-{today}.md")),
        number => kept_in.join(format!("{name}-{today}-{number}.md")),
    };
    let is_free = |path: &PathBuf| fs::symlink_metadata(path).is_err();
    let kept = (1..).map(named).find(is_free).expect("a folder does not hold every name");
    write_beside(&kept, &bytes, Over::Nothing).map_err(|error| LibraryError::unwritable(&kept, error))?;
    Ok(kept)
}

/// A bank on its way into the library.
struct Copy {
    name: String,
    /// Where it goes.
    path: PathBuf,
    reading: Reading,
    /// What is written.
    text: String,
    /// What was said about the notes.
    hints: Hints,
}

impl Copy {
    fn of(file: &Path, name: Option<&str>, folder: &Path, today: &str) -> Result<Copy, LibraryError> {
        let hints = hints_of(file, folder)?;
        let reading = read_file_with(file, &hints)?;
        if reading.bank.questions.is_empty() {
            return Err(LibraryError::NoQuestions { path: file.into() });
        }
        let name = name.map_or_else(|| name_of(file), str::to_owned).replace(['/', '\\'], "-");
        let name = name.trim_start_matches('.').to_owned();
        let path = folder.join(format!("{name}.md"));
        let from = file.canonicalize().unwrap_or_else(|_| file.into()).display().to_string().replace("--", "- -");
        let text = format!("{}\n<!-- Imported from {from} on {today} -->\n", reading.text);
        Ok(Copy { name, path, reading, text, hints })
    }

    /// Whether the library has it, word for word.
    fn is_there(&self) -> bool {
        let existing = fs::read(&self.path).unwrap_or_default();
        let rest = existing.strip_prefix(self.reading.text.as_bytes());
        rest.is_some_and(|rest| rest.starts_with(b"\n<!-- Imported"))
    }

    /// Writes it where nothing is yet.
    fn put(self, folder: &Path) -> Result<Imported, LibraryError> {
        // Whatever stands there is somebody's: a link that leads nowhere, and a bank in another encoding, too.
        let unchanged = fs::symlink_metadata(&self.path).is_ok();
        if unchanged && !self.is_there() {
            return Err(LibraryError::Taken { name: self.name, path: self.path });
        }
        if !unchanged {
            self.write(folder, Over::Nothing)?;
        }
        Ok(Imported { path: self.path, reading: self.reading, unchanged, replaced: None })
    }

    fn write(&self, folder: &Path, over: Over) -> Result<(), LibraryError> {
        let unwritable = |error| LibraryError::unwritable(&self.path, error);
        fs::create_dir_all(folder).map_err(|error| LibraryError::unwritable(&self.path, error))?;
        write_beside(&self.path, self.text.as_bytes(), over).map_err(unwritable)?;
        // What was said about the notes holds for the copy.
        if !self.hints.is_empty() {
            remember(&self.hints, &self.path, folder)?;
        }
        Ok(())
    }
}

fn is_markdown(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("md") || ending.eq_ignore_ascii_case("markdown"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_banks_are_understood_to_the_last_line() {
        for (name, text) in builtin_sources() {
            let reading = read(text.as_bytes(), &name).unwrap();
            let lost: Vec<_> = reading.not_understood().collect();
            assert!(lost.is_empty(), "{name}: {lost:#?}");
            assert!(reading.repairs.is_empty(), "{name}: {:?}", reading.repairs);
            let remarks: Vec<_> = reading.lines.iter().filter(|note| note.remark.is_some()).collect();
            assert!(remarks.is_empty(), "{name}: {remarks:#?}");
            assert_eq!(super::super::bank::tests::words_lost(&reading), Vec::<String>::new(), "{name}");
        }
    }

    #[test]
    fn our_banks_hold_eight_themes_and_eighty_whole_questions() {
        let banks = builtin_banks();
        let questions: Vec<_> = banks.iter().flat_map(|bank| &bank.questions).collect();
        assert!(banks.len() >= 8 && questions.len() >= 80, "{} banks, {} questions", banks.len(), questions.len());
        for question in &questions {
            let id = &question.id;
            assert!(question.criteria.len() >= 3, "{id} has too few criteria");
            assert!(question.structure.len() >= 3, "{id} has too few steps");
            assert!(question.structure.iter().all(|step| !step.hint.is_empty()), "{id} has a step without a hint");
            assert!(question.notes.len() >= 3, "{id} has too few talking points");
            assert_eq!(question.answers.iter().map(|answer| answer.level).collect::<Vec<_>>(), [1, 2], "{id}");
            assert!(question.answers[1].text.split_whitespace().count() >= 120, "{id}: the best answer is thin");
            assert!(question.target_s.is_some() && question.tags.len() >= 2, "{id} lacks a target or tags");
            assert!(question.theme.is_some() && question.level.is_some(), "{id} lacks a theme or a level");
        }
        let ids: std::collections::HashSet<_> = questions.iter().map(|question| &question.id).collect();
        assert_eq!(ids.len(), questions.len(), "ids are unique over all banks");
    }

    #[test]
    fn our_stories_are_told_in_four_parts_and_our_scenarios_have_all_they_need() {
        use crate::types::QuestionKind;
        let questions: Vec<_> = builtin_banks().iter().flat_map(|bank| &bank.questions).collect();
        for question in questions.iter().filter(|question| question.kind == QuestionKind::Behavioural) {
            let parts = &question.answers[1].parts;
            let told = [&parts.situation, &parts.task, &parts.action, &parts.result].map(|part| part.is_some());
            assert_eq!(told, [true; 4], "{}", question.id);
        }
        let scenarios: Vec<_> = questions.iter().filter(|question| question.kind == QuestionKind::Scenario).collect();
        assert!(scenarios.len() >= 8, "{} scenarios", scenarios.len());
        for scenario in scenarios {
            let id = &scenario.id;
            assert!(scenario.situation.is_some() && scenario.company.is_some(), "{id}");
            assert!(scenario.duration_min.is_some() && scenario.challenges.len() >= 4, "{id}");
            assert_eq!(scenario.discussion.len(), 4, "{id}");
            assert!(scenario.discussion.iter().all(|topic| topic.prompts.len() >= 3), "{id}");
            let phases: u32 = scenario.structure.iter().filter_map(|phase| minutes_in(&phase.step)).sum();
            assert_eq!(Some(phases), scenario.duration_min, "{id}: the phases fill the time");
        }
    }

    /// The minutes in `First week (10 min)`.
    fn minutes_in(phase: &str) -> Option<u32> {
        phase.rsplit_once('(')?.1.split(' ').next()?.parse().ok()
    }

    #[test]
    fn a_folder_gives_its_banks_and_says_which_files_are_none() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("b.md"), "# B\n## Why did you leave?\n").unwrap();
        fs::write(folder.path().join("a.md"), b"\0\0\0").unwrap();
        fs::write(folder.path().join("c.txt"), "no bank").unwrap();
        let (banks, failed) = user_banks(folder.path()).unwrap();
        assert_eq!(banks.iter().map(|bank| bank.name.as_str()).collect::<Vec<_>>(), ["b"]);
        assert_eq!(failed.len(), 1);
        assert!(user_banks(&folder.path().join("none")).unwrap().0.is_empty());
    }

    #[test]
    fn an_import_replaces_no_bank_whatever_it_is_written_in() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("notes.md");
        fs::write(&file, "## Why did you leave?\n").unwrap();
        let library = folder.path().join("banks");
        fs::create_dir(&library).unwrap();
        let latin_1 = b"# Mes r\xe9ponses\n";
        fs::write(library.join("notes.md"), latin_1).unwrap();
        assert!(matches!(import(&file, None, &library, "2031-05-01"), Err(LibraryError::Taken { .. })));
        assert_eq!(fs::read(library.join("notes.md")).unwrap(), latin_1);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.path().join("elsewhere.md"), library.join("link.md")).unwrap();
            assert!(matches!(import(&file, Some("link"), &library, "2031-05-01"), Err(LibraryError::Taken { .. })));
            assert!(!folder.path().join("elsewhere.md").exists(), "nothing is written through a link");
        }
    }

    #[test]
    fn an_import_keeps_the_questions_and_says_where_they_came_from() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("notes.md");
        fs::write(&file, "## Why did you leave?\r\nFor caf\u{e9}s.\r\n").unwrap();
        let library = folder.path().join("banks");
        let first = import(&file, None, &library, "2031-05-01").unwrap();
        let copy = read_file(&first.path).unwrap();
        assert_eq!(copy.bank, first.reading.bank);
        assert!(copy.text.contains("notes.md on 2031-05-01"), "{}", copy.text);
        assert_eq!(copy.not_understood().count(), 0);
        assert!(import(&file, None, &library, "2031-05-02").unwrap().unchanged);
        fs::write(&file, "## Why did you stay?\n").unwrap();
        assert!(matches!(import(&file, None, &library, "2031-05-02"), Err(LibraryError::Taken { .. })));
        assert!(import(&file, Some("more"), &library, "2031-05-02").is_ok());
    }

    #[test]
    fn edited_notes_replace_their_copy_which_is_kept_and_the_changes_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("notes.md");
        let library = folder.path().join("banks");
        fs::write(&file, "## Why did you leave your last team?\n\n## Who was your best hire?\n").unwrap();
        let first = replace(&file, None, &library, "2031-05-01").unwrap();
        assert!(first.replaced.is_none() && !first.unchanged, "with nothing there it is an import");
        assert!(replace(&file, None, &library, "2031-05-01").unwrap().unchanged);
        let mine = format!("{}\n- And a line of mine\n", fs::read_to_string(&first.path).unwrap());
        fs::write(&first.path, &mine).unwrap();
        fs::write(&file, "## Why did you leave your last team?\n\n## Why do you want to join us?\n").unwrap();
        let replaced = replace(&file, None, &library, "2031-05-01").unwrap().replaced.expect("there was one");
        assert_eq!(fs::read_to_string(&replaced.kept).unwrap(), mine, "nothing of the person's is lost");
        assert_eq!(
            (replaced.changes.new, replaced.changes.gone),
            (vec!["Why do you want to join us?".to_owned()], vec!["Who was your best hire?".to_owned()])
        );
        fs::write(&file, "## Why do you want to join them?\n").unwrap();
        let again = replace(&file, None, &library, "2031-05-01").unwrap().replaced.expect("there was one");
        assert!(again.kept != replaced.kept && replaced.kept.exists(), "{again:?}");
        let (banks, failed) = user_banks(&library).unwrap();
        assert_eq!((banks.len(), failed.len()), (1, 0), "what was replaced is no bank any more");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (file, library) = (folder.path().join("notes.md"), folder.path().join("banks"));
        fs::write(&file, "## Why do you want to join us?\n").unwrap();
        fs::create_dir(&library).unwrap();
        std::os::unix::fs::symlink(folder.path().join("elsewhere.md"), library.join("notes.md")).unwrap();
        assert!(matches!(replace(&file, None, &library, "2031-05-01"), Err(LibraryError::Taken { .. })));
    }
}
