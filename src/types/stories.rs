//! What was told across sessions: `greenroom.stories/1`, as `stories --json` prints it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{QuestionRef, Seconds, TakeName};

/// Every story that was told, and how they serve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stories {
    /// Always [`Stories::SCHEMA`].
    pub schema: String,
    /// The stories, the most told first.
    pub stories: Vec<Story>,
    /// Every competency tag of the questions in your banks and of those answered, with the stories that showed it.
    pub competencies: Vec<Competency>,
    /// Questions of the person's own banks with a prepared answer that no take has told yet.
    pub never_practised: Vec<QuestionRef>,
    /// Questions of the person's own banks whose answer is a form with blanks: not prepared yet.
    #[serde(default)]
    pub not_prepared: Vec<QuestionRef>,
    /// How many prepared stories are usually advised, from and to.
    pub advised: [usize; 2],
    /// What was not compared.
    pub left_out: LeftOut,
}

impl Stories {
    /// The name of this file format.
    pub const SCHEMA: &str = "greenroom.stories/1";
}

/// Takes that tell no story.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Under thirty words.
    pub short: usize,
    /// A plan or an opinion, or an answer to a probe.
    pub no_story: usize,
}

/// One story, and every time it was told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// Its most telling words, as spoken.
    pub name: String,
    /// The bottom line of the latest telling that has one.
    pub bottom_line: Option<String>,
    /// Every telling, the oldest first.
    pub tellings: Vec<ToldAt>,
    /// How many different questions it answered.
    pub questions: usize,
    /// Competency tags of these questions, in order of the alphabet.
    pub competencies: Vec<String>,
    /// Whether it answers so many questions that interviewers who compare notes hear it twice.
    pub over_used: bool,
    /// What was told differently from one telling to another.
    pub conflicts: Vec<Conflict>,
}

/// One telling of a story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToldAt {
    /// The take.
    pub take: TakeName,
    /// When.
    pub at: Timestamp,
    /// What it answered.
    pub question: QuestionRef,
}

/// A figure or a date that differs between two tellings of one story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// What sort of thing differs.
    pub kind: FactKind,
    /// As told the first time.
    pub before: FactTold,
    /// As told another time.
    pub after: FactTold,
}

/// What sort of thing a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// How large a team or group was.
    TeamSize,
    /// A number with what it counts.
    Figure,
    /// A month, a weekday or a season.
    Date,
    /// A year.
    Year,
}

/// A fact where it was told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactTold {
    /// The take.
    pub take: TakeName,
    /// When that was recorded.
    pub at: Timestamp,
    /// The fact, as spoken: `twelve people`.
    pub said: String,
    /// The words around it.
    pub quote: String,
    /// When it was said, on the clock of the recording; `None` without times.
    pub at_s: Option<Seconds>,
}

/// A competency, and the stories that showed it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Competency {
    /// The tag.
    pub tag: String,
    /// The stories, by their place in [`Stories::stories`].
    pub stories: Vec<usize>,
    /// Questions with this tag in the banks that were compared.
    pub questions: usize,
}
