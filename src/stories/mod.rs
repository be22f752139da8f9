//! Which story was told for which question, and what was told differently from one time to another. Pure.
//!
//! 1. `likeness`: how alike two tellings are, by the rare words they share.
//! 2. `group`: tellings to stories.
//! 3. `facts`: the figures, team sizes and dates of a telling, with what they are about.
//! 4. `conflicts`: facts of two tellings that are about the same thing and do not agree.
//! 5. `survey`: names, competencies, what is over-used and what was never told.

mod conflicts;
mod facts;
mod group;
mod likeness;
mod stems;
mod survey;

pub use survey::{Prepared, compare};

use jiff::Timestamp;

use crate::types::{QuestionRef, TakeName, Transcript};

/// One telling, as far as it is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    /// The take.
    pub take: TakeName,
    /// When it was recorded.
    pub at: Timestamp,
    /// What it answered.
    pub question: QuestionRef,
    /// Competency tags of that question.
    pub tags: Vec<String>,
    /// What was said.
    pub transcript: Transcript,
    /// The bottom line, where one was found.
    pub bottom_line: Option<String>,
}

#[cfg(test)]
mod tests;
