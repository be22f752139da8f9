//! Questions of the person's own, kept in a bank among theirs.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{LibraryError, hints_of, name_of, question_of_words, read_with};
use crate::store::write_whole;
use crate::types::Question;

/// The bank that questions are kept in, as a file in the folder of the person's own banks.
pub const KEPT_IN: &str = "asked.md";

/// What the bank begins with. "Questions I asked" would be understood as those that are put to the interviewer.
const TITLE: &str = "# Asked\n";
/// Signs that Markdown takes for its own.
const MARKS: &[char] = &['\\', '`', '*', '_', '<', '>', '[', ']', '#', '|', '~'];

/// A question that is in the bank now.
#[derive(Debug, PartialEq, Eq)]
pub struct Kept {
    /// The bank's file.
    pub path: PathBuf,
    /// Whether it was there before.
    pub unchanged: bool,
}

/// Adds a question by its words to the bank [`KEPT_IN`] in `folder`, unless it is there.
///
/// What stands in the file stays as it is, to the byte: the question comes behind it. The file is read as it will be
/// before it is written, so that the question is surely there, in its own words, and no other question was changed.
///
/// # Errors
///
/// When the file cannot be read or written, is no text, or the words cannot stand in a bank as one question.
pub fn keep(text: &str, folder: &Path) -> Result<Kept, LibraryError> {
    let path = folder.join(KEPT_IN);
    let wanted = question_of_words(text);
    let before = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => TITLE.as_bytes().to_vec(),
        Err(source) => return Err(LibraryError::Unreadable { path, source }),
    };
    let there = questions(&before, &path, folder)?;
    if there.iter().any(|question| question.id == wanted.id) {
        return Ok(Kept { path, unchanged: true });
    }
    // As people write it, where that is understood; else in quotes, or called a question and its signs made harmless.
    for entry in [format!("## {text}\n"), format!("## \"{text}\"\n"), format!("## Question: {}\n", escaped(text))] {
        let after = [before.as_slice(), b"\n", entry.as_bytes()].concat();
        let now = questions(&after, &path, folder)?;
        let is_the_same = |question: &Question| (&question.id, &question.text) == (&wanted.id, &wanted.text);
        if now.len() == there.len() + 1 && now.starts_with(&there) && now.last().is_some_and(is_the_same) {
            write_whole(&path, &after).map_err(|error| LibraryError::unwritable(&path, error))?;
            return Ok(Kept { path, unchanged: false });
        }
    }
    Err(LibraryError::NotKept { path, text: text.to_owned() })
}

fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| MARKS.contains(&c).then_some('\\').into_iter().chain([c])).collect()
}

/// The questions in the text of the bank.
fn questions(bytes: &[u8], path: &Path, folder: &Path) -> Result<Vec<Question>, LibraryError> {
    let hints = hints_of(path, folder)?;
    let reading = read_with(bytes, &name_of(path), &hints);
    Ok(reading.map_err(|source| LibraryError::NoBank { path: path.into(), source })?.bank.questions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::read_file;

    const OWN: &str = "Why should we give the platform to you?";

    #[test]
    fn a_question_is_kept_once_and_in_its_own_words() {
        let folder = tempfile::tempdir().unwrap();
        let asked = [
            OWN,
            "Tell me about a time you were \"wrong\" - and knew it.",
            "Which *one* thing would you drop?",
            "Why us",
        ];
        for text in asked {
            assert!(!keep(text, folder.path()).unwrap().unchanged, "{text}");
            assert!(keep(&text.to_uppercase(), folder.path()).unwrap().unchanged, "{text}");
        }
        let bank = read_file(&folder.path().join(KEPT_IN)).unwrap().bank;
        let texts: Vec<_> = bank.questions.iter().map(|question| question.text.as_str()).collect();
        assert_eq!(texts, asked);
        assert!(bank.questions.iter().all(|question| question.id == question_of_words(&question.text).id));
    }

    #[test]
    fn what_stands_in_the_bank_stays_to_the_byte() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(KEPT_IN);
        let mine = "\u{feff}# Mine\r\n\r\n## Why did you leave?\r\n- the fee";
        fs::write(&path, mine).unwrap();
        keep(OWN, folder.path()).unwrap();
        let after = fs::read_to_string(&path).unwrap();
        assert!(after.starts_with(mine), "{after:?}");
        let bank = read_file(&path).unwrap().bank;
        assert_eq!((bank.questions.len(), bank.questions[0].notes.len()), (2, 1));
    }

    #[test]
    fn what_cannot_be_a_question_in_this_file_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(KEPT_IN);
        // What follows an open code block is code.
        let open = "## Why did you leave?\n\n```rust\nlet a = 1;\n";
        for before in [open.as_bytes(), b"\0\0\0"] {
            fs::write(&path, before).unwrap();
            let error = keep(OWN, folder.path()).unwrap_err();
            assert!(error.to_string().contains("asked.md"), "{error}");
            assert_eq!(fs::read(&path).unwrap(), before);
        }
    }
}
