//! A scenario or a deep dive as a conversation: phases, prompts, a clock, and which topics were touched.

use std::sync::Arc;

use fastrand::Rng;

use super::probes::{filled, wordings};
use super::{Style, Told, Turn};
use crate::analysis::points;
use crate::content::frameworks::{Framework, Frameworks, PartGuide};
use crate::content::reads_like_a_question;
use crate::types::{
    ConversationSummary, Covered, Point, PointCoverage, PointSource, Prompt, Question, Seconds, TakePart, TopicCoverage,
};

/// How long a conversation goes on whose question does not say.
const USUAL_S: f64 = 900.0;
/// Share of the time that belongs to the opening where no phase says.
const OPENING: f64 = 0.1;
/// The least and the most an answer to one prompt is wanted to take, in seconds.
const ANSWER_S: [f64; 2] = [30.0, 180.0];
/// A prompt counts as answered from so many words on, whatever they were.
const ANSWERED_WORDS: usize = 10;
/// What the person's own notes are called.
const NOTES: &str = "Your talking points";
/// What the steps of a structure are called.
const STEPS: &str = "The suggested steps";

/// A conversation about one question.
#[derive(Clone, Debug)]
pub(super) struct Conversation {
    frameworks: Arc<Frameworks>,
    planned: Seconds,
    opening: Opening,
    stages: Vec<Stage>,
    /// The stage the conversation is in.
    at: usize,
    /// Turns of the interviewer so far.
    turns: usize,
    answer_s: [u32; 2],
}

#[derive(Clone, Debug)]
struct Opening {
    phase: Option<String>,
    says: String,
}

/// A stretch of the conversation about one topic.
#[derive(Clone, Debug)]
struct Stage {
    phase: Option<String>,
    topic: String,
    /// Share of the whole time at which it is over.
    until: f64,
    prompts: Vec<Asking>,
}

/// Something to ask in a stage.
#[derive(Clone, Debug)]
struct Asking {
    says: String,
    covered_by: CoveredBy,
    is_asked: bool,
}

/// What shows that a prompt need not be asked any more.
#[derive(Clone, Debug, PartialEq, Eq)]
enum CoveredBy {
    Nothing,
    Point(PointSource, String),
    Framework { framework: String, part: String },
}

/// A phase of the bank: `The way (25 min)`.
#[derive(Clone, Debug, PartialEq)]
struct Phase {
    name: String,
    minutes: Option<f64>,
}

impl Conversation {
    /// The conversation that a question gives matter for; `None` where there is nothing to talk about but the question.
    pub fn plan(question: &Question, style: &Style, chance: &mut Rng) -> Option<Conversation> {
        let topics = topics(question, &style.frameworks);
        if topics.is_empty() {
            return None;
        }
        let of_question = question.duration_min.map(|minutes| Seconds(f64::from(minutes) * 60.0));
        let planned = style.duration.or(of_question).unwrap_or(Seconds(USUAL_S));
        // The steps of a deep dive are its topics; those of a scenario are its phases.
        let phases = if question.discussion.is_empty() && question.challenges.is_empty() {
            Vec::new()
        } else {
            phases(question)
        };
        let (first, rest) = phases.split_first().map_or((None, &[][..]), |(first, rest)| (Some(first), rest));
        let opening_share = share_of(first, &phases).unwrap_or(OPENING);
        let mut stages = spread(topics, rest, opening_share);
        // What the interviewer changes under way; where challenges are the topics they all come up.
        if !question.discussion.is_empty() && !question.challenges.is_empty() && !rest.is_empty() {
            let challenge = &question.challenges[chance.usize(..question.challenges.len())];
            let phase = rest.last().map(|phase| phase.name.clone());
            stages.push(Stage { phase, ..challenge_stage(challenge) });
        }
        let prompts = 1 + stages.iter().map(|stage| stage.prompts.len()).sum::<usize>();
        let most = (planned.0 / prompts as f64).clamp(ANSWER_S[0], ANSWER_S[1]);
        let answer_s = style.target_s.unwrap_or([(most / 3.0).round() as u32, most.round() as u32]);
        let says = if question.text.trim_end().ends_with(['?', '.', '!']) || reads_like_a_question(&question.text) {
            &question.text
        } else {
            // The title of a scenario.
            &wordings().opening
        };
        let opening = Opening { phase: first.map(|phase| phase.name.clone()), says: says.clone() };
        let frameworks = Arc::clone(&style.frameworks);
        Some(Conversation { frameworks, planned, opening, stages, at: 0, turns: 1, answer_s })
    }

    /// How long it is to go on.
    pub fn planned(&self) -> Seconds {
        self.planned
    }

    /// The situation, and what opens the discussion of it.
    pub fn opening(&self, question: &Question) -> Turn {
        Turn {
            situation: question.situation.clone(),
            says: self.opening.says.clone(),
            question: self.judged_by(question, &question.text),
            prompt: Prompt::Question,
            part: Some(TakePart::Phase { turn: 1, phase: self.opening.phase.clone(), topic: None }),
        }
    }

    /// What is asked next; `None` when the time is over or everything was touched.
    ///
    /// A topic that has had its time is left for the next one; what an earlier answer touched is not asked.
    pub fn next(&mut self, question: &Question, told: &[Told], elapsed: Seconds) -> Option<Turn> {
        let share = elapsed.0 / self.planned.0;
        if share >= 1.0 {
            return None;
        }
        loop {
            let stage = self.stages.get_mut(self.at)?;
            let had_its_time = share > stage.until && stage.prompts.iter().any(|prompt| prompt.is_asked);
            let open = |prompt: &&mut Asking| !prompt.is_asked && !prompt.covered_by.is_shown(told);
            let next = if had_its_time { None } else { stage.prompts.iter_mut().find(open) };
            let Some(prompt) = next else {
                self.at += 1;
                continue;
            };
            prompt.is_asked = true;
            self.turns += 1;
            let says = prompt.says.clone();
            let (phase, topic) = (stage.phase.clone(), Some(stage.topic.clone()));
            let part = TakePart::Phase { turn: self.turns, phase, topic };
            let question = self.judged_by(question, &says);
            return Some(Turn { situation: None, says, question, prompt: Prompt::FollowUp, part: Some(part) });
        }
    }

    /// The question as one answer is judged by it: with all that is to be discussed, for as long as one answer takes.
    fn judged_by(&self, question: &Question, text: &str) -> Question {
        Question { text: text.to_owned(), target_s: Some(self.answer_s), duration_min: None, ..of_turn(question) }
    }

    /// Every topic with what was said on it.
    pub fn summary(&self, question: &Question, told: &[Told], elapsed: Seconds) -> ConversationSummary {
        ConversationSummary {
            question: question.id.clone(),
            elapsed_s: elapsed,
            planned_s: self.planned,
            takes: told.iter().map(|told| told.take).collect(),
            topics: coverage(question, &self.frameworks, told),
        }
    }
}

/// The question of one answer in a conversation; the example answer belongs to the whole.
fn of_turn(question: &Question) -> Question {
    Question { answers: Vec::new(), situation: None, ..question.clone() }
}

impl CoveredBy {
    fn is_shown(&self, told: &[Told]) -> bool {
        match self {
            CoveredBy::Nothing => false,
            CoveredBy::Point(source, text) => best(told, *source, text).is_some(),
            CoveredBy::Framework { framework, part } => shown_part(told, framework, part).is_some(),
        }
    }
}

/// What there is to talk about: the bank's topics, else its challenges, else a framework's parts, else the steps.
fn topics(question: &Question, known: &Frameworks) -> Vec<Stage> {
    if !question.discussion.is_empty() {
        let topics = question.discussion.iter().filter(|topic| !topic.prompts.is_empty());
        let asking = |prompt: &String| Asking {
            says: prompt.clone(),
            covered_by: CoveredBy::Point(PointSource::Discussion, prompt.trim().to_owned()),
            is_asked: false,
        };
        return topics.map(|topic| stage(&topic.topic, topic.prompts.iter().map(asking).collect())).collect();
    }
    if !question.challenges.is_empty() {
        return question.challenges.iter().map(|challenge| challenge_stage(challenge)).collect();
    }
    if let Some(framework) = its_frameworks(question, known).next() {
        let of_part = |part: &PartGuide| {
            let (framework, part_name) = (framework.name.clone(), part.name.clone());
            let says = part.probes.first().cloned()?;
            let covered_by = CoveredBy::Framework { framework, part: part_name };
            Some(stage(&part.name, vec![Asking { says, covered_by, is_asked: false }]))
        };
        return framework.parts.iter().filter_map(of_part).collect();
    }
    let steps = points::of_question(question).into_iter().filter(|(_, source)| *source == PointSource::Structure);
    let of_step = |(text, source): (String, PointSource)| {
        let (name, hint) = text.split_once(": ").map_or((text.as_str(), ""), |(name, hint)| (name, hint));
        let says = match hint {
            "" => filled(&wordings().step, &[name, ""]).trim_end_matches([':', ' ']).to_owned() + ".",
            hint => filled(&wordings().step, &[name, hint]),
        };
        let name = name.to_owned();
        stage(&name, vec![Asking { says, covered_by: CoveredBy::Point(source, text.clone()), is_asked: false }])
    };
    steps.map(of_step).collect()
}

/// The frameworks that a question names, but that of a story.
fn its_frameworks<'a>(question: &'a Question, known: &'a Frameworks) -> impl Iterator<Item = &'a Framework> {
    question.frameworks.iter().filter_map(|name| known.named(name)).filter(|framework| framework.name != "star")
}

fn stage(topic: &str, prompts: Vec<Asking>) -> Stage {
    Stage { phase: None, topic: topic.to_owned(), until: 1.0, prompts }
}

fn challenge_stage(challenge: &str) -> Stage {
    let says = filled(&wordings().challenge, &[challenge.trim_end_matches('.')]);
    stage(challenge, vec![Asking { says, covered_by: CoveredBy::Nothing, is_asked: false }])
}

/// The phases of a scenario with their minutes, which stand in brackets or behind a dash.
fn phases(question: &Question) -> Vec<Phase> {
    let phase = |step: &crate::types::StructureStep| {
        let (name, rest) = step.step.split_once(['(', '[']).unwrap_or((&step.step, ""));
        let digits: String =
            rest.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        let minutes = rest.contains("min").then(|| digits.parse().ok()).flatten();
        Phase { name: name.trim().to_owned(), minutes }
    };
    question.structure.iter().map(phase).collect()
}

/// The share of the time that belongs to a phase; `None` unless every phase says its minutes.
fn share_of(phase: Option<&Phase>, all: &[Phase]) -> Option<f64> {
    let minutes: Option<Vec<f64>> = all.iter().map(|phase| phase.minutes).collect();
    let whole: f64 = minutes?.iter().sum();
    phase?.minutes.filter(|_| whole > 0.0).map(|minutes| minutes / whole)
}

/// Spreads topics over the phases after the opening, in order and by their minutes.
fn spread(mut topics: Vec<Stage>, phases: &[Phase], opening_share: f64) -> Vec<Stage> {
    let count = topics.len() as f64;
    let weights: Vec<f64> = phases.iter().map(|phase| phase.minutes.unwrap_or(1.0)).collect();
    let whole: f64 = weights.iter().sum();
    for (stage, number) in topics.iter_mut().zip(1u32..) {
        let number = f64::from(number);
        stage.until = opening_share + (1.0 - opening_share) * number / count;
        let middle = (number - 0.5) / count * whole;
        let mut end = 0.0;
        let phase = phases.iter().zip(&weights).find(|(_, weight)| {
            end += **weight;
            middle <= end
        });
        stage.phase = phase.map(|(phase, _)| phase.name.clone());
    }
    topics
}

/// The take that made a point best, and how; `None` where none made it.
fn best<'a>(told: &'a [Told], source: PointSource, text: &str) -> Option<(usize, &'a Point)> {
    let points = told.iter().flat_map(|told| told.report.analysis.points.iter().map(move |point| (told.take, point)));
    let rank = |point: &Point| (point.covered == Covered::Yes, point.strength);
    points
        .filter(|(_, point)| point.source == source && point.text == text && point.covered != Covered::No)
        .reduce(|best, other| if rank(other.1) > rank(best.1) { other } else { best })
}

/// The take that told a part of a framework first, and its words.
fn shown_part<'a>(told: &'a [Told], framework: &str, part: &str) -> Option<(usize, &'a str)> {
    told.iter().find_map(|told| {
        let coverage = told.report.analysis.frameworks.iter().find(|coverage| coverage.name == framework)?;
        let part = coverage.parts.iter().find(|found| found.name == part && found.present)?;
        Some((told.take, part.quote.as_str()))
    })
}

/// Every topic of the question, and the person's own notes, with what was said on each.
fn coverage(question: &Question, known: &Frameworks, told: &[Told]) -> Vec<TopicCoverage> {
    let all = points::of_question(question);
    let of_source =
        |source: PointSource| all.iter().filter(move |(_, of)| *of == source).map(|(text, _)| text.as_str());
    let mut topics: Vec<TopicCoverage> = Vec::new();
    for topic in &question.discussion {
        let alone = topic.prompts.is_empty().then_some(&topic.topic);
        let points = topic.prompts.iter().chain(alone);
        let points = points.map(|text| point(told, PointSource::Discussion, text.trim())).collect();
        topics.push(of_points(&topic.topic, points));
    }
    if topics.is_empty() {
        for framework in its_frameworks(question, known) {
            let parts = framework.parts.iter().map(|guide| part(told, &framework.name, guide)).collect();
            topics.push(of_points(&framework.title, parts));
        }
    }
    if topics.is_empty() {
        let steps = of_source(PointSource::Structure).map(|text| point(told, PointSource::Structure, text)).collect();
        topics.push(of_points(STEPS, steps));
    }
    let notes: Vec<PointCoverage> =
        of_source(PointSource::Notes).map(|text| point(told, PointSource::Notes, text)).collect();
    topics.push(of_points(NOTES, notes));
    topics.retain(|topic| !topic.points.is_empty());
    topics
}

fn of_points(topic: &str, points: Vec<PointCoverage>) -> TopicCoverage {
    let touched = points.iter().any(|point| point.covered != Covered::No || point.asked_in.is_some());
    TopicCoverage { topic: topic.to_owned(), touched, points }
}

/// The first take that answered what the interviewer said in so many words.
fn answered<'a>(told: &'a [Told], says: &str) -> Option<&'a Told> {
    told.iter().find(|told| told.said.trim() == says && told.report.analysis.length.words >= ANSWERED_WORDS)
}

fn point(told: &[Told], source: PointSource, text: &str) -> PointCoverage {
    // A step is asked for in other words than it is written in.
    let asked = answered(told, text).or_else(|| {
        let (name, hint) = text.split_once(": ").filter(|_| source == PointSource::Structure)?;
        answered(told, &filled(&wordings().step, &[name, hint]))
    });
    let asked_only = not_made(text, Some(source), asked);
    match best(told, source, text) {
        None => asked_only,
        Some((take, point)) => PointCoverage {
            covered: point.covered,
            take: Some(take),
            quote: point.quote.clone(),
            at_s: point.at_s,
            ..asked_only
        },
    }
}

fn part(told: &[Told], framework: &str, guide: &PartGuide) -> PointCoverage {
    let asked = guide.probes.first().and_then(|probe| answered(told, probe));
    let asked_only = not_made(&guide.name, None, asked);
    match shown_part(told, framework, &guide.name) {
        None => asked_only,
        Some((take, quote)) => {
            PointCoverage { covered: Covered::Yes, take: Some(take), quote: quote.to_owned(), ..asked_only }
        }
    }
}

/// A point that no words show; where it was asked and answered, the beginning of the answer stands for them.
fn not_made(text: &str, source: Option<PointSource>, asked: Option<&Told>) -> PointCoverage {
    PointCoverage {
        text: text.to_owned(),
        source,
        covered: Covered::No,
        asked_in: asked.map(|told| told.take),
        take: None,
        quote: asked.map(|told| told.report.transcript.text.clone()).unwrap_or_default(),
        at_s: None,
    }
}

#[cfg(test)]
mod tests;
