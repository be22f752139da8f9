//! What is said to the program and not to the interviewer. Pure.
//!
//! A command counts only when it stands alone: all that was said between two long pauses. The caller sees to the pauses
//! ([`StreamEvent::Utterance`](super::StreamEvent)); here all words must belong to the command.

use crate::analysis::tokens::normal;
use crate::types::{Span, Word};

/// A spoken command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// "That's my answer": the answer ends.
    Done,
    /// "Repeat the question".
    Repeat,
    /// "Next question".
    Next,
    /// "Start over": this take is thrown away and begins again.
    StartOver,
    /// "Pause".
    Pause,
    /// "Resume" or "continue".
    Resume,
    /// "Stop the session".
    StopSession,
}

/// Every phrase and what it means; the first of each meaning is the one to show to people.
pub const PHRASES: [(&str, Command); 24] = [
    ("that's my answer", Command::Done),
    ("that is my answer", Command::Done),
    ("that was my answer", Command::Done),
    ("this is my answer", Command::Done),
    ("repeat the question", Command::Repeat),
    ("repeat question", Command::Repeat),
    ("can you repeat the question", Command::Repeat),
    ("could you repeat the question", Command::Repeat),
    ("next question", Command::Next),
    ("the next question", Command::Next),
    ("start over", Command::StartOver),
    ("let me start over", Command::StartOver),
    ("can i start over", Command::StartOver),
    ("pause", Command::Pause),
    ("paws", Command::Pause),
    ("pause the recording", Command::Pause),
    ("resume", Command::Resume),
    ("continue", Command::Resume),
    ("resume the recording", Command::Resume),
    ("continue the recording", Command::Resume),
    ("stop the session", Command::StopSession),
    ("stop session", Command::StopSession),
    ("stop this session", Command::StopSession),
    ("end the session", Command::StopSession),
];

/// Words that may stand before or after a command.
const AROUND: [&str; 14] =
    ["um", "uh", "er", "erm", "hm", "hmm", "ah", "so", "okay", "ok", "please", "and", "now", "greenroom"];

/// The command that `words`, said between two long pauses, are; `None` when they are an ordinary answer.
///
/// One letter in five may be wrong in a word of five letters or more, two letters in all: recognisers mishear. Short
/// words, and commands of a single word, must be right ("cause" is not "pause").
pub fn command_of(words: &[Word]) -> Option<Command> {
    let said: Vec<String> = words.iter().map(|word| normal(&word.text)).filter(|word| !word.is_empty()).collect();
    let mut said: &[String] = &said;
    while let Some((_, rest)) = said.split_first().filter(|(first, _)| AROUND.contains(&first.as_str())) {
        said = rest;
    }
    while let Some((_, rest)) = said.split_last().filter(|(last, _)| AROUND.contains(&last.as_str())) {
        said = rest;
    }
    PHRASES.iter().find(|(phrase, _)| is_phrase(said, phrase)).map(|&(_, command)| command)
}

/// The words that do not lie in `command`, a spoken command's place in the recording.
pub fn without_command(words: Vec<Word>, command: Span) -> Vec<Word> {
    let inside = |word: &Word| {
        word.span().is_some_and(|span| command.overlap(span).0 > 0.5 * span.length().0 && span.length().0 > 0.0)
    };
    words.into_iter().filter(|word| !inside(word)).collect()
}

fn is_phrase(said: &[String], phrase: &str) -> bool {
    let phrase: Vec<&str> = phrase.split(' ').collect();
    if phrase.len() == 1 {
        return said.len() == 1 && said[0] == phrase[0];
    }
    if said.len() == phrase.len() {
        let wrong: Option<usize> = said.iter().zip(&phrase).map(|(said, meant)| misheard(said, meant)).sum();
        if wrong.is_some_and(|wrong| wrong <= 2) {
            return true;
        }
    }
    // A word may be written in two, or two as one.
    said.len().abs_diff(phrase.len()) == 1 && said.concat() == phrase.concat()
}

/// How many letters of `meant` were misheard in `said`; `None` when it is another word.
fn misheard(said: &str, meant: &str) -> Option<usize> {
    let wrong = strsim::levenshtein(said, meant);
    (wrong <= meant.chars().count() / 5).then_some(wrong)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn heard(text: &str) -> Option<Command> {
        command_of(&text.split_whitespace().map(Word::untimed).collect::<Vec<_>>())
    }

    #[test]
    fn every_phrase_is_its_command_and_no_other() {
        for (phrase, command) in PHRASES {
            assert_eq!(heard(phrase), Some(command), "{phrase}");
        }
    }

    #[test]
    fn commands_are_heard_as_recognisers_write_them() {
        let cases = [
            ("That\u{2019}s my answer.", Command::Done),
            ("Thats my anser", Command::Done),
            ("Okay, that's my answer.", Command::Done),
            ("Um, repeat the question, please.", Command::Repeat),
            ("repeat the questin", Command::Repeat),
            ("Next question!", Command::Next),
            ("start-over", Command::StartOver),
            ("Start over.", Command::StartOver),
            ("startover", Command::StartOver),
            ("Pause.", Command::Pause),
            ("Continue.", Command::Resume),
            ("stop the sesion", Command::StopSession),
        ];
        for (text, expected) in cases {
            let text = text.replace("start-over", "start over");
            assert_eq!(heard(&text), Some(expected), "{text}");
        }
    }

    #[test]
    fn ordinary_answers_are_no_commands() {
        let answers = [
            "",
            "um",
            "so",
            "because",
            "cause",
            "clause",
            "answer",
            "question",
            "that's my approach",
            "that's my manager",
            "that's the answer",
            "my answer is yes",
            "that's my answer to the first part",
            "the next question was who would own it",
            "next quarter",
            "the question",
            "we had to start over",
            "start early",
            "stay over",
            "stop the session timeout from growing",
            "stop the release",
            "pause the rollout",
            "we continue",
            "continue with the plan",
            "I paused",
            "repeat the experiment",
            "let me start",
        ];
        for answer in answers {
            assert_eq!(heard(answer), None, "{answer}");
        }
    }

    #[test]
    fn the_words_of_a_command_are_taken_out_by_their_place() {
        let word = |text: &str, start: f64| Word {
            text: text.to_owned(),
            start_s: Some(crate::types::Seconds(start)),
            end_s: Some(crate::types::Seconds(start + 0.4)),
            probability: None,
        };
        let words = vec![word("done", 1.0), word("next", 5.0), word("question", 5.4)];
        let left = without_command(words, Span::new(4.9, 5.9));
        assert_eq!(left.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), ["done"]);
    }

    proptest! {
        #[test]
        fn a_command_inside_an_answer_is_part_of_the_answer(
            which in 0..PHRASES.len(),
            before in prop::collection::vec("(we|the|team|then|shipped|it|my|own)", 0..5),
            after in prop::collection::vec("(we|the|team|then|shipped|was|hard|late)", 1..5),
        ) {
            let text = format!("{} {} {}", before.join(" "), PHRASES[which].0, after.join(" "));
            prop_assert_eq!(heard(&text), None, "{}", text);
        }

        #[test]
        fn any_words_are_no_problem(text in ".{0,60}") {
            let _ = heard(&text);
        }
    }
}
