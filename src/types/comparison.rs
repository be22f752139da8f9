//! Two takes beside each other: `greenroom.comparison/1`.

use serde::{Deserialize, Serialize};

use super::{QuestionRef, StarPart};

/// What is different between two takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TakeComparison {
    /// Always [`TakeComparison::SCHEMA`].
    pub schema: String,
    /// The take that is compared with.
    pub before: ComparedTake,
    /// The take that is looked at.
    pub now: ComparedTake,
    /// Whether both answer one question.
    pub same_question: bool,
    /// What was measured, with the change.
    pub figures: Vec<FigureChange>,
    /// The four parts of the story.
    pub parts: Vec<PartChange>,
    /// The person's own points.
    pub points: Vec<PointChange>,
    /// Sentences, in the order of the later take; those that were dropped at the end.
    pub sentences: Vec<SentenceChange>,
    /// The words of both takes beside each other, in order.
    pub words: Vec<WordChange>,
}

impl TakeComparison {
    /// The name of this file format.
    pub const SCHEMA: &str = "greenroom.comparison/1";
}

/// One of the two takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparedTake {
    /// What it is called, such as `2026-11-21T0930-stakeholders/2`.
    pub id: String,
    /// Which it is, for people.
    pub name: String,
    /// What was asked.
    pub question: Option<QuestionRef>,
}

/// A figure of both takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureChange {
    /// What it is called.
    pub name: String,
    /// Its unit; empty for a count.
    pub unit: String,
    /// In the take before.
    pub before: Option<f64>,
    /// In the take now.
    pub now: Option<f64>,
    /// What is to be thought of the change.
    pub change: Difference,
}

/// What is to be thought of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// Better by more than the person's takes differ by themselves.
    Better,
    /// Worse by more than that.
    Worse,
    /// No more than the person's takes differ by themselves.
    Usual,
    /// There are too few takes of this question to know how much they differ by themselves.
    Unknown,
    /// More of it is neither better nor worse, or it was not measured.
    NotJudged,
}

/// A part of the story in both takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartChange {
    /// Which part.
    pub part: StarPart,
    /// Its share of the take before, 0 to 1; `None` where it was not heard.
    pub before: Option<f64>,
    /// Its share of the take now.
    pub now: Option<f64>,
}

/// A point in both takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointChange {
    /// As the person wrote it.
    pub text: String,
    /// What became of it.
    pub became: Became,
}

/// What became of a point or a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// It is in both takes.
    Kept,
    /// It is in the take now alone.
    Won,
    /// It was in the take before alone.
    Lost,
    /// It is in neither.
    Missing,
}

/// A sentence of one take or of both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentenceChange {
    /// What became of it; never [`Became::Missing`].
    pub became: Became,
    /// As it was said before.
    pub before: Option<String>,
    /// As it is said now.
    pub now: Option<String>,
}

/// Words that stand in one take or in both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordChange {
    /// [`Became::Kept`] for words of both, [`Became::Lost`] and [`Became::Won`] for those of one.
    pub became: Became,
    /// The words, as they are said now where they are in both.
    pub text: String,
}
