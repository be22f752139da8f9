//! How a person's own figures move over time: `greenroom.trends/1`, as `review trends --json` prints it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{QuestionRef, TakeName};

/// Every measure over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trends {
    /// Always [`Trends::SCHEMA`].
    pub schema: String,
    /// The question, where one was chosen.
    pub question: Option<QuestionRef>,
    /// The competency, where one was chosen.
    pub competency: Option<String>,
    /// How many takes were looked at.
    pub takes: usize,
    /// Each measure that a take has, in the order of [`Measure::ALL`].
    pub measures: Vec<Trend>,
}

impl Trends {
    /// The name of this file format.
    pub const SCHEMA: &str = "greenroom.trends/1";
}

/// Something that is measured in every take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Seconds from first to last speech.
    LengthS,
    /// Words a minute, pauses included.
    PaceWpm,
    /// Filled pauses a minute of speaking.
    FilledPausesPerMinute,
    /// Fillers of all kinds in 100 words.
    FillersPer100Words,
    /// Pauses of 2 s or more.
    LongPauses,
    /// Seconds from the end of the question to the first speech.
    LatencyS,
    /// Share of the four parts of a story that were told, 0 to 1.
    PartsTold,
    /// Whether the bottom line came up front, 0 or 1.
    BottomLineUpFront,
    /// Share of the person's own points that were made, 0 to 1; one made in part counts half.
    PointsMade,
}

impl Measure {
    /// All of them, in the order shown.
    pub const ALL: [Measure; 9] = [
        Measure::LengthS,
        Measure::PaceWpm,
        Measure::FilledPausesPerMinute,
        Measure::FillersPer100Words,
        Measure::LongPauses,
        Measure::LatencyS,
        Measure::PartsTold,
        Measure::BottomLineUpFront,
        Measure::PointsMade,
    ];

    /// Whether it is a share, 0 to 1.
    pub fn is_share(self) -> bool {
        matches!(self, Measure::PartsTold | Measure::BottomLineUpFront | Measure::PointsMade)
    }

    /// Whether more of it is better (`true`) or less; `None` where it depends.
    pub fn more_is_better(self) -> Option<bool> {
        match self {
            Measure::LengthS | Measure::PaceWpm | Measure::LongPauses | Measure::LatencyS => None,
            Measure::FilledPausesPerMinute | Measure::FillersPer100Words => Some(false),
            Measure::PartsTold | Measure::BottomLineUpFront | Measure::PointsMade => Some(true),
        }
    }
}

/// The figures of one take, in the order of [`Measure::ALL`]; `None` where something was not measured.
pub type Figures = [Option<f64>; Measure::ALL.len()];

/// One measure over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trend {
    /// What is measured.
    pub measure: Measure,
    /// What is usual: the median (of shares the mean) of the last takes, since the change where there is one.
    pub usual: f64,
    /// How far takes usually lie from it by themselves; `None` of fewer than three.
    pub spread: Option<f64>,
    /// A change that is larger than the spread and not to be had by chance; `None` where there is none.
    pub change: Option<Change>,
    /// The last takes with this figure, the earliest first: those that usual, spread and change are told of.
    pub last: Vec<DatedFigure>,
}

/// Takes in the order recorded, those of one sitting together.
pub(crate) fn by_sitting(takes: &[DatedFigure]) -> impl Iterator<Item = &[DatedFigure]> {
    takes.chunk_by(|one, next| one.take.session == next.take.session)
}

/// One figure of one take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatedFigure {
    /// The take.
    pub take: TakeName,
    /// When it was recorded.
    pub at: Timestamp,
    /// The figure.
    pub figure: f64,
}

/// What was usual, and what is since.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The first take of what is usual now.
    pub since: TakeName,
    /// When that was.
    pub at: Timestamp,
    /// How many takes there were since, that one included.
    pub takes: usize,
    /// What was usual before.
    pub before: f64,
    /// What is usual since.
    pub after: f64,
    /// Whether that is better; `None` where it depends.
    pub better: Option<bool>,
}
