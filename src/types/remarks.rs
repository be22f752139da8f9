//! What a person says of their own takes: which points were made, what is no filler, and what they note.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Filler, QuestionRef, Seconds, WordRange};

/// What was said of the takes of one session, as it stands in `remarks.json` beside its reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionRemarks {
    /// Always [`SessionRemarks::SCHEMA`].
    pub schema: String,
    /// By the number of the take.
    pub takes: BTreeMap<usize, TakeRemarks>,
}

impl SessionRemarks {
    /// The name of this file format.
    pub const SCHEMA: &str = "greenroom.remarks/1";
}

impl Default for SessionRemarks {
    fn default() -> SessionRemarks {
        SessionRemarks { schema: SessionRemarks::SCHEMA.to_owned(), takes: BTreeMap::new() }
    }
}

/// What was said of one take.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TakeRemarks {
    /// Points that were made, and points that were not; one mark for each.
    pub points: Vec<PointMark>,
    /// What was taken for a filler and is none.
    pub no_fillers: Vec<NoFiller>,
    /// Remarks on the take, in the order written.
    pub notes: Vec<String>,
    /// How it went, said before the report was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub felt: Option<Felt>,
}

/// How a take went, as its person feels it; the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Felt {
    /// Not yet.
    Badly,
    /// With trouble.
    Middling,
    /// Well enough.
    Well,
}

/// Whether a point was made, and by which words. In later takes it is an example of how this person says it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PointMark {
    /// The point, as the person wrote it.
    pub point: String,
    /// Whether it was made.
    pub made: bool,
    /// The words that made it, or that were wrongly taken for it; empty where there are none.
    #[serde(default)]
    pub clause: String,
}

/// Words, or a hesitation in the sound, that are no filler.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoFiller {
    /// The words.
    pub text: String,
    /// Their place in the transcript; `None` for a hesitation.
    pub words: Option<WordRange>,
    /// When; `None` without times.
    pub start_s: Option<Seconds>,
}

impl NoFiller {
    /// That this is none.
    pub fn of(filler: &Filler) -> NoFiller {
        NoFiller { text: filler.text.clone(), words: filler.words, start_s: filler.start_s }
    }
}

/// Points that a person noted for questions, as they stand in `notes.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionNotes {
    /// Always [`QuestionNotes::SCHEMA`].
    pub schema: String,
    /// In the order in which they were first noted.
    pub questions: Vec<NotedQuestion>,
}

impl QuestionNotes {
    /// The name of this file format.
    pub const SCHEMA: &str = "greenroom.notes/1";

    /// What was noted for a question.
    pub fn of(&self, bank: Option<&str>, id: &str) -> &[String] {
        let noted = self.questions.iter().find(|noted| noted.question.is(bank, id));
        noted.map_or(&[], |noted| &noted.points)
    }
}

impl Default for QuestionNotes {
    fn default() -> QuestionNotes {
        QuestionNotes { schema: QuestionNotes::SCHEMA.to_owned(), questions: Vec::new() }
    }
}

/// A question with what was noted for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NotedQuestion {
    /// The question.
    pub question: QuestionRef,
    /// The points, in the order noted.
    pub points: Vec<String>,
}

impl QuestionRef {
    /// Whether it is the question of this bank and id; its words may have changed since.
    pub fn is(&self, bank: Option<&str>, id: &str) -> bool {
        self.id == id && self.bank.as_deref() == bank
    }
}

impl TakeRemarks {
    /// Keeps a mark instead of an earlier one of the same point.
    pub fn mark(&mut self, mark: PointMark) {
        self.forget(&mark.point);
        self.points.push(mark);
    }

    /// Keeps a remark; one that is there already stays once.
    pub fn note(&mut self, text: &str) {
        if !self.notes.iter().any(|known| known == text) {
            self.notes.push(text.to_owned());
        }
    }

    /// Keeps that something is no filler.
    pub fn no_filler(&mut self, none: NoFiller) {
        if !self.no_fillers.contains(&none) {
            self.no_fillers.push(none);
        }
    }

    /// Forgets the mark of a point.
    pub fn forget(&mut self, point: &str) {
        self.points.retain(|known| known.point != point);
    }
}
