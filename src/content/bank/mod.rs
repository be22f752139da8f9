//! A file to a bank: Markdown and its kin, read in a few passes.
//!
//! 1. `repair`: bytes to clean text; encodings, mojibake, line ends.
//! 2. `parse`: text to rows, one for each line that says something. What is no Markdown yet is made so line by line
//!    (`dialect`, `admonitions`, `front_matter`, `folds`, `csv`); what Markdown does not know follows (`habits`).
//! 3. `outline`: what each section and list holds, and what each row could be (`clues`).
//! 4. `reader`: roles and questions, row by row: `heads`, `outside`, `lines`, `items`, `tables`, `stories`; `place` says what
//!    a row without a label becomes where it stands, `draft` holds the bank meanwhile, `doubt` what may be taken wrongly.
//! 5. `ids`: names that stay the same while the file around a question changes.
//!
//! The words are data (`vocabulary`, `content/reading`). `docs/banks.md` tells people which shapes are understood. Reading
//! is linear in the length of the file, and total: every file that is text gives a [`Reading`].

mod accounting;
mod admonitions;
mod announced;
mod answers;
#[cfg(test)]
mod any_file;
mod asks;
mod blank;
mod clues;
mod components;
mod csv;
mod defaults;
mod dialect;
mod doubt;
mod draft;
mod facts;
mod folds;
mod front_matter;
mod grades;
mod guide;
mod habits;
mod heads;
mod hints;
mod html;
mod ids;
mod invariants;
mod items;
mod labels;
mod languages;
mod lines;
mod numbers;
mod outline;
mod outside;
mod parse;
mod place;
mod plain;
mod prefix;
mod prose;
mod reader;
mod repair;
mod rows;
mod shallow;
mod stories;
mod tables;
#[cfg(test)]
pub(crate) mod tests;
mod vocabulary;

use thiserror::Error;

pub use accounting::{LineMeaning, LineNote};
pub use asks::reads_like_a_question;
pub use hints::{Hints, Is};
pub use ids::is_mended;
#[doc(hidden)]
pub use invariants::assert_invariants;
pub use repair::{MAX_BYTES, Repair, RepairKind};

use crate::remedy::{Action, NextStep, Remedy, next};
use crate::types::{Bank, Question};

/// A bank, and how every line of its file was understood.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The questions and the advice.
    pub bank: Bank,
    /// One note for each line of the file, in order.
    pub lines: Vec<LineNote>,
    /// What was mended, in the order of the lines.
    pub repairs: Vec<Repair>,
    /// The file as text after the repairs; its lines are those of the file, ending in `\n`.
    pub text: String,
}

impl Reading {
    /// The lines that were not understood, in order.
    pub fn not_understood(&self) -> impl Iterator<Item = &LineNote> {
        self.lines.iter().filter(|note| matches!(note.meaning, LineMeaning::NotUnderstood(_)))
    }

    /// The lines that read like questions and were taken for something else, in order.
    pub fn doubtful(&self) -> impl Iterator<Item = &LineNote> {
        self.lines.iter().filter(|note| note.asks)
    }

    /// Whether every line was understood, and none reads like a question that is not asked.
    pub fn is_sure(&self) -> bool {
        self.not_understood().next().is_none() && self.doubtful().next().is_none()
    }

    /// The lines that are still to be written, in order.
    pub fn to_write(&self) -> impl Iterator<Item = &LineNote> {
        self.lines.iter().filter(|note| {
            note.meaning == LineMeaning::ToWrite
                || note.remark.as_deref().is_some_and(|remark| remark.contains("blanks"))
        })
    }
}

/// Why a file is no bank.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ReadError {
    /// The file has no text in it.
    #[error("{name} is empty")]
    Empty {
        /// The file.
        name: String,
    },
    /// The file is no text.
    #[error("{name} is {what}, and a bank is a Markdown file")]
    Binary {
        /// The file.
        name: String,
        /// What it is, with its article: `a PDF`.
        what: String,
    },
    /// The file is larger than any bank.
    #[error("{name} is {} MiB large, and a bank may have {}", bytes >> 20, limit >> 20)]
    TooLarge {
        /// The file.
        name: String,
        /// Its size.
        bytes: usize,
        /// The largest size that is read, [`MAX_BYTES`].
        limit: usize,
    },
}

impl Remedy for ReadError {
    fn next_step(&self) -> NextStep {
        match self {
            Self::Empty { .. } => next!["write a bank to start from: ", Action::NewBank],
            Self::Binary { .. } => {
                next!["save it as Markdown or plain text, in UTF-8, then: ", Action::CheckBank("FILE".into())]
            }
            Self::TooLarge { .. } => "split it into several files: every .md file in the banks folder is read".into(),
        }
    }
}

/// The text in the bytes of a file that is no bank: damaged characters mended, no marks and no control characters; its lines
/// end in `\n`.
pub fn plain_text(bytes: &[u8], name: &str) -> Result<String, ReadError> {
    repair::decode(bytes, name).map(|decoded| decoded.text)
}

/// A question that stands in no bank, with the id and the kind that it would have in one.
pub fn question_of_words(text: &str) -> Question {
    let question = Question { id: ids::from_words(text), text: text.to_owned(), ..Question::default() };
    Question { kind: facts::likely_kind(&question), ..question }
}

/// Reads a bank.
///
/// `name` becomes the bank's name; it is the file's name without its ending. A file without any
/// question is no error: its bank has none, and its lines say what they were taken for.
///
/// # Errors
///
/// When the file is empty, no text, or larger than [`MAX_BYTES`].
pub fn read(markdown: &[u8], name: &str) -> Result<Reading, ReadError> {
    read_with(markdown, name, &Hints::default())
}

/// Reads a bank as [`read`] does, with what the person said about its headings and columns.
///
/// # Errors
///
/// As [`read`].
pub fn read_with(markdown: &[u8], name: &str, hints: &Hints) -> Result<Reading, ReadError> {
    let repair::Decoded { text, line_bytes, mut repairs } = repair::decode(markdown, name)?;
    let rows = parse::rows(&text);
    let reader::Interpretation { mut bank, rows: understood } = reader::interpret(&rows.rows, name, hints);
    let doubles = ids::name_all(&mut bank.questions);
    repairs.extend(rows.repairs);
    repairs.sort_by_key(|repair| repair.line);
    let mut lines = accounting::account(&text, &line_bytes, understood, &rows.hidden);
    for at in doubles {
        let question = &bank.questions[at];
        if let Some(note) = lines.get_mut(question.line.saturating_sub(1)) {
            let remark = format!("asked before in this file; its id is {}", question.id);
            note.remark = Some(note.remark.take().map_or(remark.clone(), |first| format!("{first}; {remark}")));
        }
    }
    Ok(Reading { bank, lines, repairs, text })
}
