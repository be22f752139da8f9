//! Markdown to questions, lexicons, and choosing what to ask. Pure.
//!
//! A bank *is* a file that a person writes and reads. [`read`] takes the bytes of one and returns the questions in it,
//! together with what became of every line; `bank` tells how. [`spoken`](spoken::spoken) is what is read aloud of it.

mod asked;
mod bank;
mod changes;
mod check;
mod choose;
pub mod frameworks;
mod library;
mod remembered;
mod show;
pub mod spoken;
mod template;

pub use asked::{KEPT_IN, Kept, keep};
#[doc(hidden)]
pub use bank::assert_invariants;
pub use bank::{
    Hints, Is, LineMeaning, LineNote, MAX_BYTES, ReadError, Reading, Repair, RepairKind, is_mended, plain_text,
    question_of_words, read, read_with, reads_like_a_question,
};
pub use changes::BankChanges;
pub use check::{doubts_in_words, render_check};
pub use choose::{Choice, ChooseError, Chosen, choose, find};
pub use library::{
    Imported, LibraryError, Replaced, builtin_banks, builtin_sources, import, name_of, read_file, read_file_with,
    replace, user_banks,
};
pub use remembered::{hints_file, hints_of, remember};
pub use show::{render_bank, render_list, render_question};
pub use template::template;
