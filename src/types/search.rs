//! What was found among all takes: `greenroom.search/1`, as `review search --json` prints it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{QuestionRef, Seconds, TakeName, WordRange};

/// What a search found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchResult {
    /// Always [`SearchResult::SCHEMA`].
    pub schema: String,
    /// In how many takes it was found.
    pub count: usize,
    /// The newest of them, the newest first.
    pub hits: Vec<Hit>,
}

impl SearchResult {
    /// The name of this file format.
    pub const SCHEMA: &str = "greenroom.search/1";
}

/// A take in which something was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// The take.
    pub take: TakeName,
    /// When it was recorded.
    pub at: Timestamp,
    /// What was asked.
    pub question: QuestionRef,
    /// Where it was found first.
    pub field: Field,
    /// The words around it.
    pub quote: String,
    /// Which words of the quote were looked for, as ranges of positions between its spaces.
    pub matched: Vec<WordRange>,
    /// When the first of them was said, on the clock of the recording; `None` without times, and elsewhere than in what was said.
    pub at_s: Option<Seconds>,
}

/// What can be searched in a take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The words of the answer.
    Said,
    /// The question.
    Question,
    /// The person's remarks on the take.
    Remarks,
    /// The person's points for the question.
    Points,
    /// What the report found good, and what it advised.
    Findings,
}

impl Field {
    /// All of them.
    pub const ALL: [Field; 5] = [Field::Said, Field::Question, Field::Remarks, Field::Points, Field::Findings];
}
