//! Whether an answer is a story from the past, and STAR applies, or a plan, an opinion or a portfolio.

use super::answer::ReadAnswer;
use super::linear::{Weights, probability};
use super::reading::{CUES, Form, Labelling, Subject, is_past};
use super::tokens::normal;
use crate::types::QuestionKind;

/// Whether the four parts mean anything for this answer, judged by the question and by the answer.
///
/// A text that labels its parts is a story.
pub fn is_story(answer: &ReadAnswer) -> bool {
    if answer.labelling().labelled.is_some() {
        return true;
    }
    let leaning = match answer.heard.question.map(|question| question.kind) {
        Some(QuestionKind::Strategy | QuestionKind::Scenario) => -1.5,
        _ => 0.0,
    };
    probability(score(&answer.trained.story, answer.question(), answer.labelling()) + leaning) >= 0.5
}

fn score(weights: &Weights<1>, question: Option<&str>, labelling: &Labelling) -> f64 {
    let mut score = 0.0;
    story_features(question, labelling, &mut |name, value| {
        score += weights.get(name).map_or(0.0, |weight| f64::from(weight[0])) * value;
    });
    score
}

/// What a question asks for, by its wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A time, an example, something done.
    Event,
    /// What one would do.
    Plan,
    /// What one thinks or usually does.
    Opinion,
    /// Many things: a career, a portfolio, oneself.
    Overview,
    /// It is not known.
    Unknown,
}

/// Reads from its wording what a question asks for.
pub fn asked(question: &str) -> Asked {
    const PLAN: [&str; 18] = [
        "would you",
        "you would",
        "will you",
        "first 90",
        "90 days",
        "90-day",
        "ninety days",
        "first month",
        "first week",
        "your plan",
        "suppose",
        "imagine",
        "if you",
        "hundred days",
        "100 days",
        "you'd",
        "next five years",
        "first quarter",
    ];
    const EVENT: [&str; 30] = [
        "a time",
        "an example",
        "an instance",
        "a situation",
        "a moment",
        "an occasion",
        "when you",
        "when did",
        "did you",
        "have you ever",
        "you led",
        "you handled",
        "you had to",
        "you've had",
        "you've made",
        "last time",
        "most proud",
        "accomplishment",
        "achievement",
        "biggest",
        "toughest",
        "hardest",
        "most difficult",
        "tell me about winning",
        "describe a",
        "about a ",
        "you were",
        "you made",
        "you built",
        "you've",
    ];
    const OVERVIEW: [&str; 14] = [
        "portfolio",
        "about yourself",
        "your background",
        "your career",
        "your experience with",
        "walk me through your",
        "your resume",
        "your cv",
        "projects you",
        "your projects",
        "range of",
        "introduce yourself",
        "overview of",
        "relevant experience",
    ];
    const OPINION: [&str; 20] = [
        "how do you",
        "what do you",
        "what is your",
        "what's your",
        "why do",
        "why is",
        "what makes",
        "do you",
        "how should",
        "philosophy",
        "approach to",
        "opinion",
        "your view",
        "what are your",
        "what does",
        "which ",
        "should ",
        "how important",
        "your style",
        "why are",
    ];
    let text: Vec<String> = question.split_whitespace().map(normal).collect();
    let text = format!("{} ", text.join(" "));
    let holds = |patterns: &[&str]| patterns.iter().any(|pattern| text.contains(pattern));
    if holds(&OVERVIEW) {
        Asked::Overview
    } else if holds(&PLAN) {
        Asked::Plan
    } else if holds(&EVENT) {
        Asked::Event
    } else if holds(&OPINION) {
        Asked::Opinion
    } else {
        Asked::Unknown
    }
}

/// Names and measures what may tell whether an answer is a story.
pub fn story_features(question: Option<&str>, labelling: &Labelling, emit: &mut dyn FnMut(&str, f64)) {
    let clauses = &labelling.facts.clauses;
    let count = clauses.len().max(1) as f64;
    let share = |holds: &dyn Fn(usize) -> bool| (0..clauses.len()).filter(|i| holds(*i)).count() as f64 / count;
    let verb = |index: usize, wanted: &[Form]| clauses[index].subjects.iter().any(|told| wanted.contains(&told.form));
    let first_person = |index: usize, wanted: &[Form]| {
        let mut subjects = clauses[index].subjects.iter();
        subjects.any(|told| told.is_first_person() && wanted.contains(&told.form))
    };
    emit("bias", 1.0);
    emit(
        match question.map_or(Asked::Unknown, asked) {
            Asked::Event => "asked=event",
            Asked::Plan => "asked=plan",
            Asked::Opinion => "asked=opinion",
            Asked::Overview => "asked=overview",
            Asked::Unknown => "asked=unknown",
        },
        1.0,
    );
    emit("did", share(&|i| clauses[i].acts()));
    emit("was", share(&|i| verb(i, &[Form::Was, Form::Had])));
    emit("would", share(&|i| first_person(i, &[Form::Would, Form::Will])));
    emit("present", share(&|i| verb(i, &[Form::Is, Form::Does, Form::Can, Form::Has, Form::Other])));
    emit("past", share(&|i| clauses[i].words.iter().any(|word| is_past(word))));
    let you = |i: usize| clauses[i].subjects.iter().any(|told| told.subject == Subject::You);
    emit("you", share(&|i| you(i)));
    for class in ["opine", "ninety", "would", "when_back", "order"] {
        let set = CUES.set(&[class]);
        emit(&format!("cue={class}"), share(&|i| clauses[i].has(set)));
    }
    for (part, name) in ["S", "T", "A", "R"].into_iter().enumerate() {
        let total: f64 = labelling.shares.iter().map(|shares| shares[part]).sum();
        emit(&format!("part={name}"), total / count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_ask_for_an_event_a_plan_an_opinion_or_an_overview() {
        let cases = [
            ("Tell me about a time you failed.", Asked::Event),
            ("What would your first ninety days look like here?", Asked::Plan),
            ("How do you run one-to-ones?", Asked::Opinion),
            ("Walk me through your portfolio.", Asked::Overview),
            ("Delivery.", Asked::Unknown),
        ];
        for (question, expected) in cases {
            assert_eq!(asked(question), expected, "{question}");
        }
    }
}
