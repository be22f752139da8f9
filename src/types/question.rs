//! What is asked, and what a good answer holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::PointMark;

/// What sort of answer a question wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// A story from the past; told as Situation, Task, Action, Result.
    #[default]
    Behavioural,
    /// A plan, an opinion or a philosophy, such as the first 90 days.
    Strategy,
    /// A situation set by the interviewer, discussed in phases.
    Scenario,
    /// One project, system or decision in technical depth.
    DeepDive,
}

/// One interview question with everything its author wrote around it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    /// Stable name, unique in its bank; does not change when the file is edited around it.
    pub id: String,
    /// What the interviewer says.
    pub text: String,
    /// What sort of answer it wants.
    pub kind: QuestionKind,
    /// The theme of the section it stands in.
    pub theme: Option<String>,
    /// For whom: `CTO/VP Engineering`, `Director`.
    pub level: Option<String>,
    /// What company a scenario plays in.
    pub company: Option<String>,
    /// How long the whole discussion takes, in minutes.
    pub duration_min: Option<u32>,
    /// What is read aloud before a scenario's question.
    pub situation: Option<String>,
    /// What is really being asked.
    pub criteria: Vec<String>,
    /// The suggested steps of an answer, in order.
    pub structure: Vec<StructureStep>,
    /// What the person means to say: their own notes.
    pub notes: Vec<String>,
    /// What they said of these points in earlier takes: examples of how this person makes them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<PointMark>,
    /// Example answers, the plainest first.
    pub answers: Vec<ModelAnswer>,
    /// What makes a scenario hard.
    pub challenges: Vec<String>,
    /// What a scenario is expected to touch.
    pub discussion: Vec<DiscussionTopic>,
    /// Advice on answering this question that is neither criterion nor step.
    pub tips: Vec<Tip>,
    /// Names of the frameworks that fit, such as `star`.
    pub frameworks: Vec<String>,
    /// Competency tags, such as `influence`.
    pub tags: Vec<String>,
    /// Wanted length of the answer in seconds, `[lo, hi]`.
    pub target_s: Option<[u32; 2]>,
    /// Lines under it that are still to be written: the blanks of a template.
    #[serde(skip_serializing_if = "is_zero")]
    pub blanks: usize,
    /// Its words in other languages, by their codes, where the author wrote them side by side.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub in_language: BTreeMap<String, String>,
    /// Line of the file on which it stands, from 1.
    pub line: usize,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Question {
    /// A probe into the answer to the question `id`: it wants a few sentences about one thing, not a whole story.
    pub fn probe(id: &str, text: &str) -> Question {
        let kind = QuestionKind::DeepDive;
        Question { id: id.to_owned(), text: text.to_owned(), kind, ..Question::default() }
    }
}

/// One step of a suggested structure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StructureStep {
    /// Its name, such as `Frame the goal`.
    pub step: String,
    /// What to say in it; empty when the author wrote no more than the name.
    pub hint: String,
}

/// An example answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelAnswer {
    /// 1 for a competent answer, 2 for the best.
    pub level: u8,
    /// What the author calls it.
    pub label: String,
    /// The whole answer.
    pub text: String,
    /// Its parts, where the author marked them.
    pub parts: AnswerParts,
}

/// The four parts of an example answer, where the author marked them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnswerParts {
    /// Context and why it mattered.
    pub situation: Option<String>,
    /// What had to be done, by whom.
    pub task: Option<String>,
    /// What the person did.
    pub action: Option<String>,
    /// What came of it.
    pub result: Option<String>,
}

/// One topic that a scenario is expected to touch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DiscussionTopic {
    /// Its heading.
    pub topic: String,
    /// The interviewer's questions under it.
    pub prompts: Vec<String>,
}

/// A set of questions, read from one file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bank {
    /// Short name: the file's name without its ending.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The questions in the order of the file.
    pub questions: Vec<Question>,
    /// Advice that belongs to no single question.
    pub tips: Vec<Tip>,
    /// What the person wants to ask the interviewer; never rehearsed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_ask: Vec<String>,
}

impl Bank {
    /// Puts the words of a language, by its code, for the questions that have some in it.
    ///
    /// Ids stay as they are: a question in two languages is one question.
    pub fn say_in(&mut self, language: &str) {
        for question in &mut self.questions {
            if let Some(text) = question.in_language.get(language) {
                question.text.clone_from(text);
            }
        }
    }
}

/// A piece of advice in a bank.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tip {
    /// The heading it stands under.
    pub title: String,
    /// What it says.
    pub text: String,
    /// Line of the file on which it stands, from 1.
    pub line: usize,
}
