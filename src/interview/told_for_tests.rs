//! Answers for the tests of this module.

use super::Told;
use crate::analysis::lexicon::Lexicon;
use crate::analysis::{Heard, analyse};
use crate::types::{Prompt, Question, Report, Seconds, Transcript, Word};

/// A report on words that took 0.4 s each from the start of the recording.
pub fn answer(text: &str) -> Report {
    answer_to(&Question { frameworks: vec!["none".into()], ..Question::default() }, text)
}

/// The same for an answer to a question.
pub fn answer_to(question: &Question, text: &str) -> Report {
    let words = text.split_whitespace().zip(0u32..).map(|(text, number)| {
        let start = 0.4 * f64::from(number);
        Word { start_s: Some(Seconds(start)), end_s: Some(Seconds(start + 0.35)), ..Word::untimed(text) }
    });
    let transcript = Transcript::of_words(words.collect(), "test", "en");
    let lexicon = Lexicon::builtin("en").expect("it ships");
    let heard = Heard { transcript: &transcript, sound: None, question: Some(question) };
    let analysis = analyse(&heard, &lexicon);
    Report {
        schema: Report::SCHEMA.to_owned(),
        question: None,
        recording: None,
        transcript,
        analysis,
        strengths: Vec::new(),
        advice: Vec::new(),
        notices: Vec::new(),
    }
}

pub fn told(prompt: Prompt, report: Report) -> Told {
    Told { take: 1, prompt, part: None, said: String::new(), report }
}
