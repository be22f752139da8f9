//! The ladder: the same answer in two minutes, ninety, forty-five and fifteen seconds.

use super::probes::{filled, wordings};
use super::{Told, Turn, time_in_words};
use crate::analysis::tokens::normal;
use crate::types::{
    Covered, Judged, LadderFact, LadderFactKind, LadderSummary, Prompt, Question, Report, Rung, StarPart, TakePart,
};

/// The usual rungs in seconds.
const LIMITS_S: [u32; 4] = [120, 90, 45, 15];
/// Over a limit by this factor is near enough; as is one second.
const NEAR_ENOUGH: f64 = 1.1;
/// Points of the question that the summary follows, at most.
const MAX_POINTS: usize = 6;

/// The rungs in seconds; with a target, its middle is the first one and the others follow in proportion.
pub(super) fn limits_s(target_s: Option<[u32; 2]>) -> Vec<u32> {
    let Some([lo, hi]) = target_s else { return LIMITS_S.to_vec() };
    let scale = f64::from(lo + hi) / 2.0 / f64::from(LIMITS_S[0]);
    let mut limits: Vec<u32> =
        LIMITS_S.iter().map(|limit| (f64::from(*limit) * scale).round().max(1.0) as u32).collect();
    limits.dedup();
    limits
}

/// How many rungs were climbed.
pub(super) fn climbed(told: &[Told]) -> usize {
    told.iter().filter_map(|told| rung_of(told.part.as_ref())).max().unwrap_or(0)
}

fn rung_of(part: Option<&TakePart>) -> Option<usize> {
    match part {
        Some(TakePart::Rung { number, .. }) => Some(*number),
        _ => None,
    }
}

/// What is said before rung `index`, from 0.
pub(super) fn turn(question: &Question, limits_s: &[u32], index: usize) -> Turn {
    let limit_s = limits_s[index];
    let time = time_in_words(limit_s);
    let says = match index {
        0 => format!("{} {}", question.text, filled(&wordings().first_rung, &[&time])),
        _ => filled(&wordings().rung, &[&time]),
    };
    Turn {
        situation: question.situation.clone().filter(|_| index == 0),
        says,
        question: Question { target_s: Some([limit_s * 2 / 3, limit_s]), ..question.clone() },
        prompt: if index == 0 { Prompt::Question } else { Prompt::Retry },
        part: Some(TakePart::Rung { number: index + 1, of: limits_s.len(), limit_s }),
    }
}

/// The rungs side by side, and what became of what the first one held.
pub(super) fn summary(question: &str, told: &[Told]) -> LadderSummary {
    // A rung that was climbed again counts as it was climbed last.
    let last = |number: usize| told.iter().rev().find(|told| rung_of(told.part.as_ref()) == Some(number));
    let climbed: Vec<&Told> = (1..=climbed(told)).filter_map(last).collect();
    let reports: Vec<&Report> = climbed.iter().map(|told| &told.report).collect();
    LadderSummary {
        question: question.to_owned(),
        rungs: climbed.iter().filter_map(|told| rung(told)).collect(),
        facts: reports.first().map(|first| facts(first, &reports)).unwrap_or_default(),
    }
}

fn rung(told: &Told) -> Option<Rung> {
    let Some(TakePart::Rung { limit_s, .. }) = told.part else { return None };
    let analysis = &told.report.analysis;
    let most_s = (f64::from(limit_s) * NEAR_ENOUGH).max(f64::from(limit_s) + 1.0);
    let duration_s = analysis.length.duration_s;
    Some(Rung {
        take: told.take,
        limit_s,
        duration_s,
        words: analysis.length.words,
        in_time: duration_s.filter(|_| analysis.length.words > 0).map(|duration| duration.0 <= most_s),
        parts: parts(&told.report),
        numbers: analysis.evidence.numbers.iter().map(|number| number.text.clone()).collect(),
        bottom_line: analysis.bluf.quote.clone(),
    })
}

/// The parts of the story that were told; `None` where that was not judged.
fn parts(report: &Report) -> Option<Vec<StarPart>> {
    let star = &report.analysis.star;
    let told = |part: &StarPart| star.parts.get(part).is_some_and(|found| found.present);
    (star.judged == Judged::Yes).then(|| StarPart::ALL.into_iter().filter(told).collect())
}

/// What the first rung held: parts, numbers, points; and for every rung whether it is still there.
fn facts(first: &Report, rungs: &[&Report]) -> Vec<LadderFact> {
    let mut facts = Vec::new();
    for part in parts(first).unwrap_or_default() {
        let kept = |report: &Report| parts(report).map(|parts| parts.contains(&part));
        facts.push(fact(LadderFactKind::Part, part.name(), rungs, kept));
    }
    let mut seen = Vec::new();
    for number in &first.analysis.evidence.numbers {
        let wanted = plain(&number.text);
        if seen.contains(&wanted) {
            continue;
        }
        let kept = |report: &Report| {
            let mut numbers = report.analysis.evidence.numbers.iter();
            Some(numbers.any(|number| plain(&number.text) == wanted))
        };
        facts.push(fact(LadderFactKind::Number, &number.text, rungs, kept));
        seen.push(wanted);
    }
    let made = first.analysis.own_points().filter(|point| point.covered == Covered::Yes);
    for point in made.take(MAX_POINTS) {
        let kept = |report: &Report| {
            let mut points = report.analysis.points.iter();
            points.find(|other| other.text == point.text).map(|other| other.covered != Covered::No)
        };
        facts.push(fact(LadderFactKind::Point, &point.text, rungs, kept));
    }
    facts
}

fn fact(kind: LadderFactKind, text: &str, rungs: &[&Report], kept: impl Fn(&Report) -> Option<bool>) -> LadderFact {
    LadderFact { kind, text: text.to_owned(), kept: rungs.iter().map(|report| kept(report)).collect() }
}

/// A number as it is compared: `40%` is `40 percent`.
fn plain(number: &str) -> String {
    let words: Vec<String> = number.replace('%', " percent").split_whitespace().map(normal).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::told_for_tests::{answer_to, told};
    use super::*;

    #[test]
    fn a_target_scales_the_ladder() {
        let cases = [
            (None, vec![120, 90, 45, 15]),
            (Some([80, 160]), vec![120, 90, 45, 15]),
            (Some([11, 21]), vec![16, 12, 6, 2]),
            (Some([1, 1]), vec![1]),
        ];
        for (target, expected) in cases {
            assert_eq!(limits_s(target), expected, "{target:?}");
        }
    }

    #[test]
    fn every_rung_says_its_time_and_only_the_first_one_the_question() {
        let question = Question { id: "q".into(), text: "What did you fix?".into(), ..Question::default() };
        let said: Vec<String> = (0..4).map(|index| turn(&question, &LIMITS_S, index).says).collect();
        assert_eq!(said[0], "What did you fix? You have 2 minutes.");
        assert_eq!(said[3], "The same answer again, in 15 seconds.");
        let turn = turn(&question, &LIMITS_S, 1);
        assert_eq!((turn.question.target_s, turn.prompt), (Some([60, 90]), Prompt::Retry));
        assert_eq!(turn.question.text, question.text);
    }

    #[test]
    fn the_summary_says_what_was_kept_and_where_it_was_dropped() {
        let question = Question { id: "q".into(), notes: vec!["the pilot in Lyon".into()], ..Question::default() };
        let texts = [
            "Last year our releases took a week and 12 people. I had to make them faster. I ran a pilot in Lyon with \
             two teams, and I moved every team over. In the end releases took 40% less time and nobody left.",
            "I had to make our releases faster, which took a week. I ran a pilot with two teams in Lyon and moved all. \
             In the end releases took 40 percent less time and nobody left the team.",
            "Releases took 40 percent less time.",
        ];
        let takes: Vec<Told> = (texts.iter().enumerate())
            .map(|(index, text)| Told {
                take: index + 1,
                part: turn(&question, &[16, 12, 2], index).part,
                ..told(Prompt::Question, answer_to(&question, text))
            })
            .collect();
        let summary = summary("q", &takes);
        let kept = |text: &str| {
            let fact = summary.facts.iter().find(|fact| fact.text == text);
            fact.unwrap_or_else(|| panic!("{text} in {:#?}", summary.facts)).kept.clone()
        };
        assert_eq!(kept("40%"), [Some(true), Some(true), Some(true)]);
        assert_eq!(kept("12 people"), [Some(true), Some(false), Some(false)]);
        // Too few words to judge points and parts is not "dropped".
        assert_eq!(kept("the pilot in Lyon"), [Some(true), Some(true), None]);
        assert_eq!(summary.rungs[2].parts, None);
        assert_eq!(
            summary.rungs.iter().map(|rung| rung.in_time).collect::<Vec<_>>(),
            [Some(true), Some(false), Some(true)]
        );
    }
}
