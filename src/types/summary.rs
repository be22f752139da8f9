//! What a drill or a conversation came to, over all its takes.

use serde::{Deserialize, Serialize};

use super::{Covered, PointSource, Seconds, StarPart};

/// What the takes of one drill or conversation came to together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Summary {
    /// A conversation: which topics were touched.
    Conversation(ConversationSummary),
    /// The same answer, shorter each time.
    Ladder(LadderSummary),
    /// The bottom line alone.
    Bluf(BottomLineSummary),
    /// An answer that was broken into.
    Interrupt(InterruptionSummary),
}

/// Which topics a conversation touched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConversationSummary {
    /// The question's id.
    pub question: String,
    /// How long it went on.
    pub elapsed_s: Seconds,
    /// How long it was to go on.
    pub planned_s: Seconds,
    /// Its takes, in order.
    pub takes: Vec<usize>,
    /// Every topic, in the order of the bank.
    pub topics: Vec<TopicCoverage>,
}

/// What was said on one topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopicCoverage {
    /// Its name.
    pub topic: String,
    /// Whether anything under it was made, made in part or answered.
    pub touched: bool,
    /// Each of its points.
    pub points: Vec<PointCoverage>,
}

/// Where one point came up in a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PointCoverage {
    /// As the bank has it.
    pub text: String,
    /// Where it is written; `None` for a part of a framework.
    pub source: Option<PointSource>,
    /// Whether it was made.
    pub covered: Covered,
    /// The take that answered it, if the interviewer asked it.
    pub asked_in: Option<usize>,
    /// The take that made it best.
    pub take: Option<usize>,
    /// The words that made it; the beginning of the answer where it was only asked and answered.
    pub quote: String,
    /// When in that take.
    pub at_s: Option<Seconds>,
}

/// What was kept of an answer as it became shorter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LadderSummary {
    /// The question's id.
    pub question: String,
    /// The rungs that were climbed, the longest answer first.
    pub rungs: Vec<Rung>,
    /// What the first rung held, and what became of it.
    pub facts: Vec<LadderFact>,
}

/// One rung.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rung {
    /// The take.
    pub take: usize,
    /// How long it was to be at most, in seconds.
    pub limit_s: u32,
    /// From first to last speech.
    pub duration_s: Option<Seconds>,
    /// Words.
    pub words: usize,
    /// Whether it kept to its limit, a tenth over being near enough; `None` when nothing was said.
    pub in_time: Option<bool>,
    /// The parts of the story that were told; `None` where that was not judged.
    pub parts: Option<Vec<StarPart>>,
    /// Numbers that were named.
    pub numbers: Vec<String>,
    /// The bottom line, where one was found.
    pub bottom_line: Option<String>,
}

/// Something that the first rung held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LadderFact {
    /// What sort of thing it is.
    pub kind: LadderFactKind,
    /// The part's name, the number or the point.
    pub text: String,
    /// For every rung whether it is still there; `None` where that was not judged.
    pub kept: Vec<Option<bool>>,
}

/// What sort of thing an answer held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LadderFactKind {
    /// A part of the story.
    Part,
    /// A number.
    Number,
    /// A point of the question.
    Point,
}

/// The tries at a bottom line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BottomLineSummary {
    /// The question's id.
    pub question: String,
    /// Each try.
    pub tries: Vec<BottomLineTry>,
    /// Number of the first try with the bottom line in its first sentence, from 1.
    pub reached_in: Option<usize>,
}

/// One try.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BottomLineTry {
    /// The take.
    pub take: usize,
    /// Words.
    pub words: usize,
    /// From first to last speech.
    pub duration_s: Option<Seconds>,
    /// Whether the first sentence states the bottom line; `None` on too few words.
    pub in_first_sentence: Option<bool>,
    /// The sentence that states it.
    pub quote: Option<String>,
    /// When it begins.
    pub at_s: Option<Seconds>,
}

/// What became of an answer after somebody broke in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InterruptionSummary {
    /// The question's id.
    pub question: String,
    /// The take.
    pub take: usize,
    /// What the interviewer said; `None` when the answer was over before that.
    pub said: Option<String>,
    /// When.
    pub at_s: Option<Seconds>,
    /// From the interviewer's last word to the first speech; `None` when nothing more was said.
    pub latency_s: Option<Seconds>,
    /// The first sentence afterwards.
    pub sentence: String,
    /// Whether that sentence takes up what was asked; `None` when nothing more was said.
    pub answered: Option<bool>,
    /// Whether the result or the bottom line was told after that; `None` when it was not judged.
    pub back_to_the_point: Option<bool>,
    /// The words that came back to it.
    pub quote: String,
}
