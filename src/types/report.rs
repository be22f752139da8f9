//! The report on one answer: `greenroom.report/1`, exactly as it is written to JSON.
//!
//! A value that cannot be known (a time in a text that was never spoken, a verdict on
//! under thirty words) is `null`, never a guess.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{PointMark, Seconds, Span, Transcript, WordRange};

/// Everything found about one answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Always [`Report::SCHEMA`].
    pub schema: String,
    /// What was asked, if it is known.
    pub question: Option<QuestionRef>,
    /// The sound, if there is any.
    pub recording: Option<Recording>,
    /// What was said.
    pub transcript: Transcript,
    /// What was found.
    pub analysis: Analysis,
    /// What was good, the most telling first.
    pub strengths: Vec<Strength>,
    /// At most three things to do differently, the most valuable first.
    pub advice: Vec<Advice>,
    /// What the reader must know to trust the figures, such as a model that does not understand people.
    pub notices: Vec<String>,
}

impl Report {
    /// The name of this file format.
    pub const SCHEMA: &str = "greenroom.report/1";

    /// Puts what the person marked for what was found: whether their points were made, and by which words.
    ///
    /// What follows from it elsewhere in the report stays: `analysis::remarked` makes that anew.
    pub fn apply_marks(&mut self, marks: &[PointMark]) {
        let points = self.analysis.points.iter_mut().filter(|point| point.source == PointSource::Notes);
        for point in points {
            let Some(mark) = marks.iter().find(|mark| mark.point == point.text) else { continue };
            point.covered = if mark.made { Covered::Yes } else { Covered::No };
            point.strength = f64::from(u8::from(mark.made));
            point.marked = true;
            if mark.made && !mark.clause.is_empty() && point.quote != mark.clause {
                point.at_s =
                    self.transcript.find(&mark.clause).and_then(|words| self.transcript.words[words.first].start_s);
                point.quote.clone_from(&mark.clause);
            } else if !mark.made {
                point.quote.clear();
                point.at_s = None;
            }
        }
    }
}

/// Which question was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionRef {
    /// Its id in the bank.
    pub id: String,
    /// Its words.
    pub text: String,
    /// The bank's name.
    pub bank: Option<String>,
}

/// The recording a report is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// The file, as given or relative to the session's folder.
    pub path: String,
    /// How long it is.
    pub duration_s: Seconds,
    /// Frames a second in the file.
    pub sample_rate_hz: u32,
    /// Channels in the file.
    pub channels: u16,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
}

/// All findings about one answer; each keeps the words or the times that show it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// How long it was.
    pub length: Length,
    /// How fast it was.
    pub pace: Pace,
    /// Where nothing was said.
    pub pauses: Pauses,
    /// Filled pauses and filler words.
    pub fillers: Fillers,
    /// Situation, Task, Action, Result.
    pub star: Star,
    /// Whether the bottom line came up front.
    pub bluf: Bluf,
    /// Numbers and named specifics.
    pub evidence: Evidence,
    /// "I" and "we"; shown, not scored.
    pub ownership: Ownership,
    /// Phrases that weaken an answer, in the order spoken.
    pub cautions: Vec<Caution>,
    /// The person's own points, which they noted for this question, and what the interviewer looks for: see
    /// [`Analysis::own_points`] and [`Analysis::looked_for`].
    pub points: Vec<Point>,
    /// Coverage of the frameworks the question asks for.
    pub frameworks: Vec<FrameworkCoverage>,
    /// What strong answers do, beside the bank's example answers; empty where the bank has no best answer.
    #[serde(default)]
    pub moves: Vec<Move>,
}

/// More of what the interviewer looks for is not read.
const MOST_LOOKED_FOR: usize = 5;

impl Analysis {
    /// What the person noted for this question, and nothing that others wrote around it.
    pub fn own_points(&self) -> impl Iterator<Item = &Point> {
        self.points.iter().filter(|point| point.source == PointSource::Notes)
    }

    /// What the interviewer looks for, at most five: prompts of a discussion, or else criteria, then steps.
    pub fn looked_for(&self) -> Vec<&Point> {
        let of = |source: PointSource| self.points.iter().filter(move |point| point.source == source);
        // The parts of a story have their own place.
        let is_part = |point: &&Point| StarPart::ALL.iter().any(|part| point.text.starts_with(part.name()));
        let steps = of(PointSource::Structure).filter(|step| !is_part(step));
        of(PointSource::Discussion).chain(of(PointSource::Criteria)).chain(steps).take(MOST_LOOKED_FOR).collect()
    }
}

/// Something strong answers do, such as naming a shared goal, that the best example answer or this one does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Move {
    /// Its name.
    pub name: String,
    /// Whether this answer makes it.
    pub made: bool,
    /// The sentence that makes it, empty if not made.
    pub quote: String,
    /// Where that sentence begins; `None` without times.
    pub at_s: Option<Seconds>,
    /// Whether the competent answer makes it; `None` where the bank has none.
    pub competent: Option<bool>,
    /// The sentence of the best answer that makes it; `None` if it does not.
    pub best: Option<String>,
}

/// How long an answer was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Length {
    /// Words in the transcript.
    pub words: usize,
    /// From first to last speech; `None` without sound.
    pub duration_s: Option<Seconds>,
    /// Time in which speech was heard; `None` without sound.
    pub speaking_s: Option<Seconds>,
    /// About how long a text takes to say, at 140 words a minute; `None` for what was spoken.
    #[serde(default)]
    pub aloud_s: Option<Seconds>,
    /// Wanted length `[lo, hi]`.
    pub target_s: [u32; 2],
    /// By the time spoken, or for a text by the time that it takes to say; `None` on too few words.
    pub verdict: Option<LengthVerdict>,
}

/// Length against the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LengthVerdict {
    /// Under the target by more than the tolerance.
    Short,
    /// Near enough.
    OnTarget,
    /// Over the target by more than the tolerance.
    Long,
}

/// How fast an answer was spoken. Filled pauses do not count as words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    /// Words a minute over the whole answer, pauses included.
    pub wpm: Option<f64>,
    /// Words a minute of speaking, pauses left out.
    pub articulation_wpm: Option<f64>,
    /// `None` without sound or on too few words.
    pub verdict: Option<PaceVerdict>,
    /// Rate over a sliding window.
    pub timeline: Vec<PacePoint>,
}

/// Speech rate against the comfortable zone of 120 to 170 words a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaceVerdict {
    /// Under 110.
    Slow,
    /// 110 to 120.
    SlightlySlow,
    /// 120 to 170.
    Good,
    /// 170 to 180.
    SlightlyFast,
    /// Over 180.
    Fast,
}

/// One window of the pace timeline.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PacePoint {
    /// Where the window begins.
    pub start_s: Seconds,
    /// Words a minute inside it.
    pub wpm: f64,
}

/// Stretches without speech between two stretches of speech, from the voice detector.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pauses {
    /// How many of 0.25 s or more; `None` without sound.
    pub count: Option<usize>,
    /// How many of 2 s or more.
    pub long: Option<usize>,
    /// The longest.
    pub longest_s: Option<Seconds>,
    /// From the end of the question to the first speech; information, never a penalty.
    pub response_latency_s: Option<Seconds>,
    /// All of 0.25 s or more, in order.
    pub items: Vec<Span>,
}

/// Filled pauses and filler words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fillers {
    /// All that are sure.
    pub count: usize,
    /// `count` per minute of speaking; `None` without sound.
    pub per_minute: Option<f64>,
    /// `count` per 100 words; `None` on too few words.
    pub per_100_words: Option<f64>,
    /// Um, uh and kin, with hesitations found in the sound.
    pub filled_pauses: FilledPauses,
    /// Like, you know, so and kin where they carry no meaning.
    pub markers: Markers,
    /// `[in the transcript and sure, everything]`: the truth lies between.
    pub range: [usize; 2],
    /// Other people or noise hide what no word covers: only what the transcript has is counted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub too_noisy: bool,
    /// Three or more within ten seconds.
    pub clusters: Vec<FillerCluster>,
    /// Each one, in order.
    pub items: Vec<Filler>,
}

/// The class of "um".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FilledPauses {
    /// How many are sure.
    pub count: usize,
    /// Per minute of speaking; `None` without sound.
    pub per_minute: Option<f64>,
    /// Per 100 words; `None` on too few words.
    pub per_100_words: Option<f64>,
    /// By the rate a minute; `None` without sound or on too few words.
    pub verdict: Option<FilledPauseVerdict>,
}

/// Filled pauses a minute: up to 5 harmless, up to 12 watch, from 12 act.
/// (Laske & DiGennaro Reed 2024 tested 0, 2, 5 and 12.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilledPauseVerdict {
    /// Up to 5 a minute.
    Harmless,
    /// Over 5 and under 12 a minute.
    Watch,
    /// 12 a minute and more.
    Act,
}

/// The class of "you know".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Markers {
    /// How many are sure.
    pub count: usize,
    /// Per minute of speaking; `None` without sound.
    pub per_minute: Option<f64>,
    /// Per 100 words; `None` on too few words.
    pub per_100_words: Option<f64>,
    /// Sure ones by phrase.
    pub by_term: BTreeMap<String, usize>,
}

/// A burst of fillers; bursts are what listeners notice.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FillerCluster {
    /// Start of the first.
    pub start_s: Seconds,
    /// End of the last.
    pub end_s: Seconds,
    /// How many.
    pub count: usize,
}

/// One filler.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Filler {
    /// As spoken, lower case; `(hesitation)` for one the transcript does not have.
    pub text: String,
    /// What sort.
    pub kind: FillerKind,
    /// How sure.
    pub certainty: Certainty,
    /// Where it was found.
    pub source: FillerSource,
    /// Its words; `None` when found in the sound alone.
    pub words: Option<WordRange>,
    /// Where it begins, if that is known.
    pub start_s: Option<Seconds>,
    /// Where it ends, if that is known.
    pub end_s: Option<Seconds>,
}

/// What sort of filler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FillerKind {
    /// Um, uh, er.
    FilledPause,
    /// Like, you know, so.
    Marker,
    /// Voiced, and no word of the transcript covers it.
    Hesitation,
}

/// How sure a finding is: of the sure ones at least nine in ten are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// At least nine in ten of these are right.
    Sure,
    /// It may be one.
    Possible,
}

/// Where a filler was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FillerSource {
    /// In the words.
    Transcript,
    /// In the sound.
    Sound,
}

/// A part of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StarPart {
    /// Context and why it mattered.
    Situation,
    /// What had to be done, by whom.
    Task,
    /// What the person did.
    Action,
    /// What came of it.
    Result,
}

impl StarPart {
    /// All four, in the order they are usually told.
    pub const ALL: [StarPart; 4] = [StarPart::Situation, StarPart::Task, StarPart::Action, StarPart::Result];

    /// Its English name.
    pub fn name(self) -> &'static str {
        match self {
            StarPart::Situation => "Situation",
            StarPart::Task => "Task",
            StarPart::Action => "Action",
            StarPart::Result => "Result",
        }
    }
}

/// Whether something was judged, and if not, why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judged {
    /// It was.
    Yes,
    /// There are under thirty words: nothing is judged.
    #[default]
    TooLittle,
    /// The question does not ask for a story.
    DoesNotApply,
}

/// Which parts of a story were told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Star {
    /// Whether the parts below mean anything.
    pub judged: Judged,
    /// Share of the four parts that are present, 0 to 1.
    pub coverage: f64,
    /// Parts that were surely not told: of these claims nine in ten hold. Empty when nothing was judged.
    pub missing: Vec<StarPart>,
    /// Parts that were not heard and may be there all the same: something to ask, not to advise on.
    #[serde(default)]
    pub unsure: Vec<StarPart>,
    /// How sure it is which words tell which part, 0 to 1: the mean over the words.
    #[serde(default)]
    pub confidence: f64,
    /// Whether the parts came in their usual order, a result first being allowed as the bottom line.
    pub order_ok: bool,
    /// Each part.
    pub parts: BTreeMap<StarPart, StarPartFound>,
}

impl Star {
    /// What is shown of a part: what was told, or may have been; `None` of one that was not heard.
    pub fn shown(&self, part: StarPart) -> Option<&StarPartFound> {
        let may_be = |found: &&StarPartFound| self.unsure.contains(&part) && !found.quote.is_empty();
        self.parts.get(&part).filter(|found| found.present || may_be(found))
    }
}

/// One part of a story.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StarPartFound {
    /// Whether it was really told, not only named.
    pub present: bool,
    /// How sure that is, 0 to 1.
    pub confidence: f64,
    /// Share of the answer's time (of its words, without times), 0 to 1.
    pub share: f64,
    /// Time spent on it; `None` without times.
    pub seconds: Option<Seconds>,
    /// Its words.
    pub words: Vec<WordRange>,
    /// The words that show it best, or may show it where that is in doubt; empty where none do.
    pub quote: String,
}

/// Whether the Bottom Line came Up Front.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bluf {
    /// In the first two sentences, or the first 15 to 20 s; `None` when nothing was judged.
    pub up_front: Option<bool>,
    /// Number of the sentence that states the bottom line, from 0; `None` when none does.
    pub sentence: Option<usize>,
    /// When it begins; `None` without times.
    pub at_s: Option<Seconds>,
    /// Its words.
    pub words: Option<WordRange>,
    /// Its text.
    pub quote: Option<String>,
    /// How sure that is, 0 to 1.
    pub confidence: f64,
}

/// Numbers and named specifics.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Each number with its unit, in order.
    pub numbers: Vec<NumberFound>,
    /// Whether the Result holds one; `None` when there is no Result or nothing was judged.
    pub quantified_result: Option<bool>,
    /// Those of the Result that say how much came of it: no dates, and no time that something merely took.
    #[serde(default)]
    pub in_result: Vec<NumberFound>,
}

/// A number as spoken, such as `40 percent`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NumberFound {
    /// As spoken, with its unit.
    pub text: String,
    /// Its words.
    pub words: WordRange,
}

/// First person singular and plural, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ownership {
    /// I, me, my, mine, myself.
    pub i: usize,
    /// We, us, our, ours, ourselves.
    pub we: usize,
    /// The same, in the Action alone.
    pub in_action: Persons,
}

/// Counts of "I" and "we".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Persons {
    /// I, me, my, mine, myself.
    pub i: usize,
    /// We, us, our, ours, ourselves.
    pub we: usize,
}

/// A phrase that weakens an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Caution {
    /// What is wrong with it.
    pub kind: CautionKind,
    /// Its words.
    pub words: WordRange,
    /// Its text.
    pub quote: String,
}

/// What is wrong with a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CautionKind {
    /// "I think maybe".
    Hedge,
    /// "Stuff like that".
    Vague,
    /// The fault of others.
    Blame,
    /// Bitter or hopeless.
    Negative,
    /// "I, I", "we had the, the".
    Restart,
    /// The same phrase again and again.
    Repetition,
    /// Long past the target with nothing new.
    Ramble,
}

/// One of the person's own points, or something that the interviewer looks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// As the person wrote it.
    pub text: String,
    /// Where it was written.
    pub source: PointSource,
    /// Whether it was made.
    pub covered: Covered,
    /// How sure it is made, 0 to 1: how well its words match and, where the question has five points or more, how well
    /// those of all its points do.
    pub strength: f64,
    /// The words that made it, or those that come closest where it is in doubt; empty when it was not made.
    pub quote: String,
    /// When; `None` without times or when it was not made.
    pub at_s: Option<Seconds>,
    /// Whether the person said so themselves (`review mark`), and no rule did.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub marked: bool,
}

impl Point {
    /// Whether it asks ("What did you learn?") and does not state. Words tell little about whether an answer answers it:
    /// on points noted down before the answer the area under the ROC curve is 0.55 for questions and 0.69 for statements
    /// (`scripts/accuracy`; 0.5 is chance).
    pub fn asks(&self) -> bool {
        asks(&self.text)
    }
}

/// Whether a text is written as a question.
pub fn asks(text: &str) -> bool {
    text.trim_end().ends_with('?')
}

/// Where a point was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointSource {
    /// Personal notes.
    Notes,
    /// A scenario's discussion prompts.
    Discussion,
    /// What is really being asked.
    Criteria,
    /// A step of the structure.
    Structure,
    /// The best example answer.
    Answer,
}

/// Whether a point was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Covered {
    /// It was.
    Yes,
    /// In part, or in doubt.
    Partly,
    /// It was not.
    No,
}

/// Coverage of one framework.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FrameworkCoverage {
    /// The framework's name.
    pub name: String,
    /// Its parts, in order.
    pub parts: Vec<FrameworkPart>,
}

/// One part of a framework.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FrameworkPart {
    /// Its name.
    pub name: String,
    /// Whether it was told.
    pub present: bool,
    /// The words that show it; empty when it was not.
    pub quote: String,
}

/// Something that was good.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Strength {
    /// In a few words.
    pub title: String,
    /// The quote or figure that shows it.
    pub why: String,
}

/// Something to do differently.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Advice {
    /// In a few words.
    pub title: String,
    /// The quote or figure that shows why.
    pub why: String,
    /// A sentence to try.
    #[serde(rename = "try")]
    pub try_saying: String,
}
