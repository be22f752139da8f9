//! The interviewer breaks in at a random moment, and the answer has to find its way back.

use fastrand::Rng;

use super::probes::{BreakIn, Wants, wordings};
use super::{Told, Turn};
use crate::analysis::reading::Text;
use crate::analysis::{MIN_WORDS, length};
use crate::types::{InterruptionSummary, Prompt, Question, Report, Seconds, StarPart, TakePart, WordRange};

/// When an answer is broken into, as shares of its shortest wanted length, and the least seconds of speech before that.
const WINDOW: [f64; 2] = [0.2, 0.5];
const LEAST_S: f64 = 3.0;

/// The break in somebody's speech that the interruption itself makes: speech within this time of it may be either side.
const SEAM: Seconds = Seconds(0.15);
/// A pause may begin this much after the interruption and still be the hesitation it caused: the end of a word.
const TAIL: Seconds = Seconds(0.6);

/// An interruption to come.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// What is said.
    pub break_in: BreakIn,
    /// After how much speech.
    pub after: Seconds,
}

#[derive(Clone, Debug)]
pub(super) struct Interruption {
    planned: Planned,
}

impl Interruption {
    /// Draws the moment and the words.
    pub fn new(question: &Question, chance: &mut Rng) -> Interruption {
        let shortest = f64::from(length::target_s(question)[0]);
        let [lo, hi] = WINDOW.map(|share| (share * shortest).max(LEAST_S));
        let all = &wordings().interruption;
        let break_in = all[chance.usize(..all.len())].clone();
        Interruption { planned: Planned { break_in, after: Seconds(lo + (hi - lo) * chance.f64()) } }
    }

    pub fn planned(&self) -> &Planned {
        &self.planned
    }

    /// The question; nobody says that there will be more.
    pub fn turn(&self, question: &Question) -> Turn {
        Turn {
            situation: question.situation.clone(),
            says: question.text.clone(),
            question: question.clone(),
            prompt: Prompt::Question,
            part: Some(TakePart::Interrupted { said: None, at_s: None }),
        }
    }

    /// What became of the answer.
    pub fn summary(&self, question: &str, told: &Told) -> InterruptionSummary {
        let (said, at_s) = match &told.part {
            Some(TakePart::Interrupted { said, at_s }) => (said.clone(), *at_s),
            _ => (None, None),
        };
        let empty = InterruptionSummary {
            question: question.to_owned(),
            take: told.take,
            said,
            at_s,
            latency_s: None,
            sentence: String::new(),
            answered: None,
            back_to_the_point: None,
            quote: String::new(),
        };
        match at_s.and_then(|at| Some((at, first_after(&told.report, at)?))) {
            Some((at, first)) => after(empty, &told.report, at, first, self.planned.break_in.wants),
            None => empty,
        }
    }
}

/// The first word after the interruption; `None` when nothing more was said.
fn first_after(report: &Report, at: Seconds) -> Option<usize> {
    report.transcript.words.iter().position(|word| word.start_s.is_some_and(|start| start >= at - SEAM))
}

fn after(
    summary: InterruptionSummary,
    report: &Report,
    at: Seconds,
    first: usize,
    wants: Wants,
) -> InterruptionSummary {
    let text = Text::of(&report.transcript);
    let sentence = sentence_from(&text, first);
    let point = point_after(report, sentence.end);
    let judged = report.analysis.length.words >= MIN_WORDS;
    InterruptionSummary {
        latency_s: Some(latency(report, at)),
        sentence: report.transcript.quote(sentence),
        answered: Some(takes_up(report, &text.words[sentence.indices()], sentence, wants)),
        back_to_the_point: judged.then_some(point.is_some()),
        quote: point.map(|point| report.transcript.quote(point)).unwrap_or_default(),
        ..summary
    }
}

/// The rest of the sentence in which word `first` stands.
fn sentence_from(text: &Text, first: usize) -> WordRange {
    WordRange::new(first, text.sentence_at(first).map_or(first + 1, |sentence| sentence.end))
}

/// From the interruption to the next speech: the pause at that place, or no time at all.
fn latency(report: &Report, at: Seconds) -> Seconds {
    let pauses = &report.analysis.pauses.items;
    let pause = pauses.iter().find(|pause| pause.start_s <= at + TAIL && pause.end_s >= at);
    pause.map_or(Seconds::ZERO, |pause| pause.end_s - at)
}

/// Words that give a reason.
const REASONS: [&str; 12] =
    ["because", "since", "otherwise", "reason", "risk", "cost", "costs", "matters", "mattered", "meant", "means", "so"];

/// Whether a sentence, with these words, takes up what was asked.
fn takes_up(report: &Report, words: &[String], sentence: WordRange, wants: Wants) -> bool {
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.split('\'').next().unwrap_or(word)));
    let number = report.analysis.evidence.numbers.iter().any(|number| sentence.contains(number.words.first));
    let outcome = number || result_ranges(report).any(|result| overlap(result, sentence));
    match wants {
        Wants::OwnPart => says(&["i", "my", "me", "myself", "mine"]),
        Wants::Outcome => outcome,
        Wants::Reason => says(&REASONS),
        Wants::BottomLine => outcome || report.analysis.bluf.words.is_some_and(|bluf| overlap(bluf, sentence)),
    }
}

/// Where the result or the bottom line is told from word `from` on.
fn point_after(report: &Report, from: usize) -> Option<WordRange> {
    let bluf = report.analysis.bluf.words.filter(|bluf| bluf.first >= from);
    bluf.or_else(|| result_ranges(report).find(|result| result.first >= from))
}

fn result_ranges(report: &Report) -> impl Iterator<Item = WordRange> + '_ {
    let result = report.analysis.star.parts.get(&StarPart::Result).filter(|found| found.present);
    result.into_iter().flat_map(|found| found.words.iter().copied())
}

fn overlap(a: WordRange, b: WordRange) -> bool {
    a.first < b.end && b.first < a.end
}

#[cfg(test)]
mod tests {
    use super::super::told_for_tests::{answer, told};
    use super::*;
    use crate::types::{Bluf, Span, StarPartFound};

    const ANSWER: &str = "Last year our releases took a week and nobody knew why. I looked at every step with the team. \
        I wrote the new pipeline myself. Then we moved five teams over one after the other. In the end releases took \
        one day instead of a week.";

    fn interruption(wants: Wants) -> Interruption {
        let break_in = BreakIn { says: "Sorry?".into(), wants };
        Interruption { planned: Planned { break_in, after: Seconds(3.0) } }
    }

    fn summary(wants: Wants, at: Option<f64>) -> InterruptionSummary {
        let mut report = answer(ANSWER);
        // "In the end" begins with word 35, at 14 s.
        let words = vec![WordRange::new(35, 45)];
        let result = StarPartFound { present: true, words, ..StarPartFound::default() };
        report.analysis.star.parts.insert(StarPart::Result, result);
        report.analysis.bluf = Bluf::default();
        report.analysis.pauses.items = vec![Span::new(7.6, 9.4)];
        let part = TakePart::Interrupted { said: at.map(|_| "Sorry?".into()), at_s: at.map(Seconds) };
        interruption(wants).summary("q", &Told { part: Some(part), ..told(Prompt::Question, report) })
    }

    #[test]
    fn the_same_seed_breaks_in_at_the_same_moment_and_within_the_window() {
        let question = Question { target_s: Some([60, 120]), ..Question::default() };
        let drawn = |seed| Interruption::new(&question, &mut Rng::with_seed(seed)).planned;
        assert_eq!(drawn(4), drawn(4));
        let all: Vec<Planned> = (0..50).map(drawn).collect();
        assert!(all.iter().all(|planned| (12.0..30.0).contains(&planned.after.0)), "{all:?}");
        assert!(all.iter().any(|planned| planned.break_in != all[0].break_in));
        let short = Question { target_s: Some([5, 10]), ..Question::default() };
        assert_eq!(Interruption::new(&short, &mut Rng::with_seed(1)).planned.after, Seconds(3.0));
    }

    #[test]
    fn the_sentence_after_it_is_judged_by_what_was_asked() {
        // "I wrote the new pipeline myself." begins with word 19, at 7.6 s.
        let own = summary(Wants::OwnPart, Some(7.6));
        assert_eq!((own.sentence.as_str(), own.answered), ("I wrote the new pipeline myself.", Some(true)));
        assert_eq!(own.latency_s, Some(Seconds(9.4) - Seconds(7.6)));
        assert_eq!(summary(Wants::Reason, Some(7.6)).answered, Some(false));
        let late = summary(Wants::Outcome, Some(14.0));
        assert!(late.sentence.starts_with("In the end releases") && late.answered == Some(true), "{late:?}");
        assert_eq!(late.latency_s, Some(Seconds::ZERO), "the answer went on at once");
    }

    #[test]
    fn an_answer_that_tells_its_result_afterwards_is_back_at_the_point() {
        let back = summary(Wants::OwnPart, Some(7.6));
        assert_eq!(back.back_to_the_point, Some(true), "{back:?}");
        assert!(back.quote.contains("one day"), "{back:?}");
        let silent = summary(Wants::OwnPart, Some(30.0));
        assert_eq!((silent.answered, silent.latency_s, silent.back_to_the_point), (None, None, None));
        let never = summary(Wants::OwnPart, None);
        assert_eq!((never.said, never.answered), (None, None));
    }
}
