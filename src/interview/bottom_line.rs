//! The bottom line and nothing else, until it comes in the first sentence.

use super::probes::wordings;
use super::{Told, Turn};
use crate::types::{BottomLineSummary, BottomLineTry, Prompt, Question, TakePart};

/// How long a bottom line takes, in seconds.
const TARGET_S: [u32; 2] = [15, 20];
/// How often it is asked for.
const TRIES: usize = 3;

/// What is said before try `number`, from 1.
pub(super) fn turn(question: &Question, number: usize) -> Turn {
    let says = match number {
        1 => format!("{} {}", question.text, wordings().bluf),
        _ => {
            let again = &wordings().bluf_again;
            again[(number - 2) % again.len()].clone()
        }
    };
    Turn {
        situation: question.situation.clone().filter(|_| number == 1),
        says,
        question: Question { target_s: Some(TARGET_S), ..question.clone() },
        prompt: if number == 1 { Prompt::Question } else { Prompt::Retry },
        part: Some(TakePart::BottomLine { number, of: TRIES }),
    }
}

/// The next try, unless the last one got there or there were enough.
pub(super) fn next(question: &Question, told: &[Told]) -> Option<Turn> {
    let reached = told.last().and_then(in_first_sentence) == Some(true);
    let tried = told.iter().filter_map(number_of).max().unwrap_or(0);
    (!reached && tried < TRIES).then(|| turn(question, tried + 1))
}

fn number_of(told: &Told) -> Option<usize> {
    match told.part {
        Some(TakePart::BottomLine { number, .. }) => Some(number),
        _ => None,
    }
}

/// Whether the first sentence states the bottom line; `None` on too few words.
fn in_first_sentence(told: &Told) -> Option<bool> {
    let bluf = &told.report.analysis.bluf;
    bluf.up_front.map(|_| bluf.sentence == Some(0))
}

/// Every try, and which one got there.
pub(super) fn summary(question: &str, told: &[Told]) -> BottomLineSummary {
    let tries = told.iter().map(|told| {
        let analysis = &told.report.analysis;
        BottomLineTry {
            take: told.take,
            words: analysis.length.words,
            duration_s: analysis.length.duration_s,
            in_first_sentence: in_first_sentence(told),
            quote: analysis.bluf.quote.clone(),
            at_s: analysis.bluf.at_s,
        }
    });
    let tries: Vec<BottomLineTry> = tries.collect();
    let reached_in = tries.iter().position(|one| one.in_first_sentence == Some(true)).map(|index| index + 1);
    BottomLineSummary { question: question.to_owned(), tries, reached_in }
}

#[cfg(test)]
mod tests {
    use super::super::told_for_tests::{answer, told};
    use super::*;
    use crate::types::Bluf;

    fn tried(question: &Question, number: usize, sentence: Option<usize>, judged: bool) -> Told {
        let mut report = answer("some words");
        report.analysis.bluf = Bluf { up_front: judged.then_some(sentence == Some(0)), sentence, ..Bluf::default() };
        Told { take: number, part: turn(question, number).part, ..told(Prompt::Question, report) }
    }

    #[test]
    fn it_is_asked_for_until_it_comes_in_the_first_sentence_and_three_times_at_most() {
        let question = Question { text: "What did you change?".into(), ..Question::default() };
        let mut takes = Vec::new();
        assert!(turn(&question, 1).says.starts_with("What did you change? In fifteen"));
        for (number, sentence, judged) in [(1, Some(2), true), (2, None, false)] {
            takes.push(tried(&question, number, sentence, judged));
            let next = next(&question, &takes).expect("it was not reached");
            assert_eq!(next.part, Some(TakePart::BottomLine { number: number + 1, of: TRIES }));
        }
        let mut reached = takes.clone();
        reached.push(tried(&question, 3, Some(0), true));
        takes.push(tried(&question, 3, Some(1), true));
        assert_eq!((next(&question, &takes), next(&question, &reached)), (None, None));
        assert_eq!((summary("q", &takes).reached_in, summary("q", &reached).reached_in), (None, Some(3)));
        let judged: Vec<Option<bool>> = summary("q", &takes).tries.iter().map(|one| one.in_first_sentence).collect();
        assert_eq!(judged, [Some(false), None, Some(false)]);
    }
}
