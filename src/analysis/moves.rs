//! An answer beside the bank's example answers: which moves of the best one it makes, and which of them the competent
//! one makes.
//!
//! What the moves are stands in `content/frameworks/moves.toml`; they are found as the parts of a framework are.

use super::answer::{Heard, ReadAnswer};
use super::frameworks::Told;
use super::lexicon::Lexicon;
use super::star::star;
use crate::content::frameworks::{Framework, Frameworks};
use crate::types::{Bluf, ModelAnswer, Move, Question, Star, Transcript, WordRange};

/// The framework whose parts are the moves.
const MOVES: &str = "moves";
/// The level of a best answer; what stands below it is a competent one.
const BEST: u8 = 2;

/// The moves that the best example answer makes or this answer makes, in the order of their framework.
///
/// Empty without a best answer and on fewer than [`MIN_WORDS`](super::MIN_WORDS) words.
pub fn compare(answer: &ReadAnswer, star: &Star, known: &Frameworks) -> Vec<Move> {
    let (Some(question), Some(framework)) = (answer.heard.question, known.named(MOVES)) else { return Vec::new() };
    let best = question.answers.iter().filter(|answer| answer.level >= BEST).max_by_key(|answer| answer.level);
    let Some(best) = best.filter(|_| !answer.is_too_short()) else { return Vec::new() };
    let competent = question.answers.iter().filter(|answer| answer.level < BEST).max_by_key(|answer| answer.level);
    let best = of_example(best, question, framework, answer.lexicon);
    let competent = competent.map(|example| of_example(example, question, framework, answer.lexicon));
    let (made, transcript) = (found(answer, star, framework), answer.transcript());
    let moves = framework.parts.iter().enumerate().map(|(at, part)| Move {
        name: part.name.clone(),
        made: made[at].is_some(),
        quote: made[at].map(|words| transcript.quote(words)).unwrap_or_default(),
        at_s: made[at].and_then(|words| transcript.words[words.first].start_s),
        competent: competent.as_ref().map(|competent| competent[at].is_some()),
        best: best[at].clone(),
    });
    moves.filter(|found| found.made || found.best.is_some()).collect()
}

/// The sentences of an example answer that make each move.
fn of_example(
    example: &ModelAnswer,
    question: &Question,
    framework: &Framework,
    lexicon: &Lexicon,
) -> Vec<Option<String>> {
    let transcript = Transcript::of_text(&example.text);
    let heard = Heard { transcript: &transcript, sound: None, question: Some(question) };
    let answer = ReadAnswer::of(&heard, lexicon);
    let sentences = found(&answer, &star(&answer), framework);
    // Banks write parts of an answer as a list.
    let quote = |words: WordRange| transcript.quote(words).trim_start_matches(['-', '*', ' ']).to_owned();
    sentences.into_iter().map(|sentence| sentence.map(quote)).collect()
}

fn found(answer: &ReadAnswer, star: &Star, framework: &Framework) -> Vec<Option<WordRange>> {
    // No move is judged by the bottom line: that has its own place in the report.
    let told = Told { answer, star, bluf: &Bluf::default(), cautions: &[] };
    framework.parts.iter().map(|guide| told.sentence(guide)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::spoken_for_tests::english;
    use crate::content::builtin_banks;

    fn compared(question: &Question, text: &str) -> Vec<Move> {
        let transcript = Transcript::of_text(text);
        let english = english();
        let heard = Heard { transcript: &transcript, sound: None, question: Some(question) };
        let answer = ReadAnswer::of(&heard, &english);
        compare(&answer, &star(&answer), Frameworks::builtin())
    }

    fn names(moves: &[Move], which: impl Fn(&Move) -> bool) -> Vec<&str> {
        moves.iter().filter(|found| which(found)).map(|found| found.name.as_str()).collect()
    }

    fn example(level: u8, text: &str) -> ModelAnswer {
        ModelAnswer { level, text: text.to_owned(), ..ModelAnswer::default() }
    }

    #[test]
    fn moves_are_held_against_the_best_and_the_competent_answer_with_quotes() {
        let best = "We both wanted the launch to hold on the first weekend. I pulled the figures of nine weeks and saw \
            that two steps took most of the time. Calls fell from 40 a week to 11. I learned to ask before I measure.";
        let competent =
            "I looked at the data of the last nine weeks with the team. We fixed the slow steps one by one.";
        let question = Question { answers: vec![example(1, competent), example(2, best)], ..Question::default() };
        let moves = compared(
            &question,
            "Well, the platform group and mine were not on speaking terms back then, so I asked their lead what \
             worried him. We agreed on one goal, which was a quiet first weekend. In the end calls went from 40 to 11.",
        );
        assert_eq!(
            names(&moves, |found| found.best.is_some()),
            ["Shared goal", "Data", "Quantified result", "Learning"]
        );
        assert_eq!(names(&moves, |found| found.made), ["Shared goal", "Listening", "Quantified result"]);
        assert_eq!(names(&moves, |found| found.competent == Some(true)), ["Data"]);
        assert_eq!(moves[0].quote, "We agreed on one goal, which was a quiet first weekend.");
        assert_eq!(moves[0].best.as_deref(), Some("We both wanted the launch to hold on the first weekend."));
    }

    #[test]
    fn nothing_is_compared_without_a_best_answer_or_in_a_few_words() {
        let question =
            Question { answers: vec![example(1, "I looked at the data of nine weeks.")], ..Question::default() };
        assert_eq!(compared(&question, &"I looked at the data of nine weeks. ".repeat(5)), []);
        let question =
            Question { answers: vec![example(2, "I looked at the data of nine weeks.")], ..Question::default() };
        assert_eq!(compared(&question, "I looked at the data of nine weeks."), []);
    }

    #[test]
    fn the_best_answers_of_our_banks_make_more_moves_than_the_competent_ones() {
        let (mut pairs, mut more) = (0, 0);
        for question in builtin_banks().iter().flat_map(|bank| &bank.questions) {
            let Some(best) = question.answers.iter().find(|answer| answer.level == BEST) else { continue };
            let moves = compared(question, &best.text);
            let of_best = names(&moves, |found| found.best.is_some()).len();
            let of_competent = names(&moves, |found| found.competent == Some(true)).len();
            assert_eq!(names(&moves, |found| found.made).len(), of_best, "{}", question.id);
            pairs += 1;
            more += usize::from(of_best > of_competent);
        }
        assert!(pairs >= 80 && 10 * more >= 9 * pairs, "{more} of {pairs}");
    }
}
