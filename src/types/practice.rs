//! What to rehearse next: `greenroom.plan/1`, as `rehearse --dry-run --json` prints it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{QuestionRef, StarPart};

/// What a rehearsal would ask, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Always [`Plan::SCHEMA`].
    pub schema: String,
    /// The questions in the order they would be asked.
    pub questions: Vec<PlannedQuestion>,
    /// What comes due after today, the soonest of it; `None` when nothing does.
    pub next: Option<NextDue>,
}

impl Plan {
    /// The name of this file format.
    pub const SCHEMA: &str = "greenroom.plan/1";
}

/// One question of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedQuestion {
    /// What would be asked.
    pub question: QuestionRef,
    /// Why, as data.
    pub state: PracticeState,
    /// Why, in a few words; empty where the person chose it.
    pub why: String,
    /// How it stood with this question; `None` for one that was never practised.
    pub standing: Option<Standing>,
}

/// Why a question is in a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PracticeState {
    /// Its day has come.
    Due,
    /// There is no take of it that could be judged.
    NeverPractised,
    /// Its day has not come, and there is nothing else to practise.
    Early,
    /// The person chose it, whether it is due or not.
    Chosen,
}

/// How it stands with a question that was practised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The day from which it should be practised again.
    pub due: Date,
    /// On how many days it was practised.
    pub days: usize,
    /// The last day of these.
    pub last_day: Date,
    /// The take of that day that counted.
    pub last_take: TakeName,
    /// How it went.
    pub last: Graded,
}

/// What comes due next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NextDue {
    /// The question.
    pub question: QuestionRef,
    /// Its day.
    pub due: Date,
}

/// A take by the name of its session and its number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TakeName {
    /// The session.
    pub session: String,
    /// The take's number in it.
    pub take: usize,
}

/// How a take went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Graded {
    /// The grade.
    pub grade: Grade,
    /// What was wrong with it, the worst first.
    pub faults: Vec<Fault>,
}

/// How well an answer was known, in the words of spaced repetition; the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Not yet: it should come again soon.
    Again,
    /// With trouble.
    Hard,
    /// Well enough.
    Good,
    /// Nothing to improve.
    Easy,
}

/// One thing that was wrong with a take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// A part of the story was not told.
    PartMissing {
        /// The part.
        part: StarPart,
    },
    /// Half or more of the framework that the question asks for was not told.
    FrameworkMissing {
        /// The framework's name.
        name: String,
        /// Parts not told.
        missing: usize,
        /// All its parts.
        of: usize,
    },
    /// The bottom line came late.
    LateBottomLine,
    /// No bottom line was found.
    NoBottomLine,
    /// More than half of the person's own points were not made.
    PointsMissed {
        /// Points not made.
        missed: usize,
        /// All their points.
        of: usize,
    },
    /// Well under the wanted length.
    TooShort,
    /// Well over the wanted length.
    TooLong,
    /// Filled pauses at a rate that listeners notice.
    FilledPauses,
    /// It took hints.
    Hints,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::PartMissing { part } => write!(f, "the {} was missing", part.name().to_lowercase()),
            Fault::FrameworkMissing { name, missing, of } => {
                write!(f, "{missing} of {of} parts of {name} were missing")
            }
            Fault::LateBottomLine => write!(f, "the bottom line came late"),
            Fault::NoBottomLine => write!(f, "there was no bottom line"),
            Fault::PointsMissed { missed, of } => write!(f, "{missed} of {of} of your points were missed"),
            Fault::TooShort => write!(f, "it was too short"),
            Fault::TooLong => write!(f, "it was too long"),
            Fault::FilledPauses => write!(f, "there were many filled pauses"),
            Fault::Hints => write!(f, "it took hints"),
        }
    }
}
