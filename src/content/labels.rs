//! The words by which people mark the parts of a bank.

use std::{collections::HashMap, sync::LazyLock};

use super::phrases::PHRASES;

/// What a heading or the beginning of a line announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// A question, perhaps with a number.
    Question,
    /// A scenario, perhaps with a number.
    Scenario,
    /// What is really being asked.
    Criteria,
    /// The steps of an answer, or the phases of a scenario.
    Structure,
    /// The person's own points.
    Notes,
    /// An example answer of a level.
    Answer(u8),
    /// The situation of a scenario, or the first part of an answer.
    Situation,
    /// The second part of an answer.
    Task,
    /// The third part of an answer.
    Action,
    /// The last part of an answer.
    Result,
    /// What makes a scenario hard.
    Challenges,
    /// What a scenario is expected to touch.
    Discussion,
    /// Advice.
    Tips,
    /// A list of questions.
    Prompts,
    /// A guide to the questions before it.
    Guide,
    /// A fact about a question, or about all that follow.
    Detail(Detail),
    /// A fact about the file.
    About,
}

/// A fact about a question on a line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    Id,
    Kind,
    Theme,
    Level,
    Company,
    Duration,
    Target,
    Tags,
    Frameworks,
}

impl Label {
    /// Whether it may stand only inside a question.
    pub fn belongs_to_a_question(self) -> bool {
        matches!(
            self,
            Self::Criteria
                | Self::Structure
                | Self::Notes
                | Self::Answer(_)
                | Self::Situation
                | Self::Challenges
                | Self::Discussion
        )
    }
}

/// A label at the beginning of a line, and what stands after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Labelled<'a> {
    pub label: Label,
    /// Without the colon.
    pub rest: &'a str,
}

/// The label of a heading, or of a line that stands out as one.
pub(super) fn of_heading(text: &str) -> Option<Labelled<'_>> {
    if let Some(question) = numbered(text) {
        return Some(question);
    }
    let (head, rest) = split_head(text);
    if let Some(label) = phrase(head) {
        return Some(Labelled { label, rest });
    }
    answer(text).map(|level| Labelled { label: Label::Answer(level), rest: "" })
}

/// The label with which a line begins: `Level: Director`, or a bold beginning of `lead` bytes.
pub(super) fn of_line(text: &str, lead: usize) -> Option<Labelled<'_>> {
    let colon = text.find(':').filter(|at| *at <= 60);
    if let Some(at) = colon
        && let Some(found) = head_of_line(&text[..at])
    {
        return Some(Labelled { label: found, rest: text[at + 1..].trim() });
    }
    if lead == 0 || lead > 200 {
        return None;
    }
    // "**A** plan" is no answer: a letter alone needs its colon.
    let head = text[..lead].trim().trim_end_matches([':', '.']);
    let label = head_of_line(head).filter(|_| head.len() > 1)?;
    Some(Labelled { label, rest: text[lead..].trim_start_matches([':', '.', '-', '–', '—', ' ']).trim() })
}

fn head_of_line(head: &str) -> Option<Label> {
    if let Some(Labelled { label, rest: "" }) = numbered(head) {
        return Some(label);
    }
    match head.trim() {
        "Q" | "q" => Some(Label::Question),
        "A" | "a" => Some(Label::Answer(2)),
        head => phrase(split_head(head).0).or_else(|| answer(head).map(Label::Answer)),
    }
}

/// The part before a colon or a bracket, and the part after the colon.
fn split_head(text: &str) -> (&str, &str) {
    let text = after_number(text);
    let (head, rest) = text.split_once(':').unwrap_or((text, ""));
    let head = head.split(['(', '[']).next().unwrap_or(head);
    (head.trim().trim_end_matches(['.', '-', '–', '—', '?']).trim(), rest.trim())
}

fn phrase(head: &str) -> Option<Label> {
    static EXACT: LazyLock<HashMap<&str, Label>> =
        LazyLock::new(|| PHRASES.iter().map(|(phrase, label)| (phrase.trim_end_matches(['*', ' ']), *label)).collect());
    static OPEN: LazyLock<Vec<(&str, Label)>> = LazyLock::new(|| {
        PHRASES.iter().filter_map(|(phrase, label)| Some((phrase.strip_suffix('*')?, *label))).collect()
    });
    if head.is_empty() || head.len() > 60 {
        return None;
    }
    let head = head.replace('’', "'").to_lowercase();
    let exact = EXACT.get(head.as_str()).copied();
    exact.or_else(|| OPEN.iter().find(|(start, _)| head.starts_with(start)).map(|(_, label)| *label))
}

/// `Question 3: ...`, `Q3. ...`, `Scenario 2 - ...`.
fn numbered(text: &str) -> Option<Labelled<'_>> {
    let text = after_ornament(text);
    let letters = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let label = match text[..letters].to_lowercase().as_str() {
        "question" | "q" | "prompt" => Label::Question,
        "scenario" | "case" | "exercise" => Label::Scenario,
        _ => return None,
    };
    let after = text[letters..].trim_start().trim_start_matches('#');
    let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    let rest = after[digits..].trim_start();
    let separated = rest.is_empty() || rest.starts_with([':', '.', ')', '-', '–', '—']);
    let marked = digits > 0 || rest.starts_with(':') || (rest.is_empty() && label == Label::Question);
    (separated && marked && (letters > 1 || digits > 0 || rest.starts_with(':')))
        .then(|| Labelled { label, rest: rest.trim_start_matches([':', '.', ')', '-', '–', '—', ' ']).trim() })
}

const COMPETENT: [&str; 9] =
    ["competent", "good", "passable", "acceptable", "basic", "okay", "ok", "average", "decent"];
const BEST: [&str; 11] = [
    "best",
    "great",
    "excellent",
    "strong",
    "stronger",
    "ideal",
    "model",
    "outstanding",
    "exceptional",
    "sample",
    "example",
];

/// The level of an example answer's heading, if it is one: 1 competent, 2 the best.
fn answer(text: &str) -> Option<u8> {
    let (head, _) = split_head(text);
    if text.len() > 120 {
        return None;
    }
    let head = head.to_lowercase();
    let mut words: Vec<&str> = head.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let all = text.to_lowercase();
    let level =
        all.find("level ").and_then(|at| all[at + 6..].bytes().next()).filter(|digit| (b'1'..=b'3').contains(digit));
    let level = level.map(|digit| (digit - b'0').min(2));
    let is_answer = matches!(words.pop(), Some("answer" | "response"));
    if !is_answer {
        return None;
    }
    words.retain(|word| !matches!(*word, "a" | "an" | "the" | "my" | "your"));
    let cue = |cues: &[&str]| words.iter().any(|word| cues.contains(word));
    match words.as_slice() {
        [] | ["suggested"] => Some(level.unwrap_or(2)),
        _ if cue(&BEST) => Some(level.unwrap_or(2)),
        _ if cue(&COMPETENT) => Some(level.unwrap_or(1)),
        ["level", "1"] => Some(1),
        ["level", _] => Some(2),
        _ => None,
    }
}

/// A heading without its ornaments and number: `🎯 2) Ownership` to `Ownership`.
pub(super) fn after_number(text: &str) -> &str {
    let text = after_ornament(text);
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    match text[digits..].strip_prefix(['.', ')', ':']) {
        Some(rest) if digits > 0 && rest.starts_with(char::is_whitespace) => rest.trim(),
        _ => text,
    }
}

fn after_ornament(text: &str) -> &str {
    text.trim_start_matches(|c: char| {
        !c.is_alphanumeric() && !matches!(c, '"' | '“' | '‘' | '\'' | '(' | '$' | '€' | '£')
    })
    .trim_end()
}

/// Whether a line reads like something an interviewer says.
pub(super) fn looks_like_a_question(text: &str) -> bool {
    const OPENINGS: [&str; 14] = [
        "tell me",
        "tell us",
        "describe",
        "walk me through",
        "walk us through",
        "walk through",
        "give me an example",
        "give an example",
        "give us",
        "talk me through",
        "talk about",
        "imagine",
        "discuss",
        "share an example",
    ];
    let text = after_number(text).trim_matches(['"', '“', '”', ' ']);
    if text.split_whitespace().count() < 3 {
        return false;
    }
    let lower: String = text.chars().take(40).collect::<String>().to_lowercase();
    text.ends_with('?') || OPENINGS.iter().any(|opening| lower.starts_with(opening))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_say_what_they_announce() {
        let cases = [
            ("Question 1: \"Why?\"", Label::Question, "\"Why?\""),
            ("Q2. Why?", Label::Question, "Why?"),
            ("🚀 Scenario 3 - The outage", Label::Scenario, "The outage"),
            ("What’s Really Being Asked (The Evaluation):", Label::Criteria, ""),
            ("Structuring Your Answer:", Label::Structure, ""),
            ("A Good Answer (Level 1 - Competent):", Label::Answer(1), ""),
            ("The Best Response (Level 2 - Bold & Calm):", Label::Answer(2), ""),
            ("Answer", Label::Answer(2), ""),
            ("Theme: Influence", Label::Detail(Detail::Theme), "Influence"),
            ("Prompts to prepare for", Label::Prompts, ""),
        ];
        for (text, label, rest) in cases {
            assert_eq!(of_heading(text), Some(Labelled { label, rest }), "{text}");
        }
    }

    #[test]
    fn headings_that_only_resemble_a_label_are_none() {
        let texts = [
            "1. Immediate Response",
            "Response Framework",
            "Question the numbers",
            "Crisis and Incident Response",
            "Best Practices for Interviews",
            "Case studies",
            "Actionable advice",
        ];
        for text in texts {
            assert_eq!(of_heading(text), None, "{text}");
        }
    }

    #[test]
    fn a_line_is_labelled_by_its_colon_or_its_bold_beginning() {
        let detail = |detail, rest| Some(Labelled { label: Label::Detail(detail), rest });
        assert_eq!(of_line("Level: Director", 0), detail(Detail::Level, "Director"));
        assert_eq!(of_line("Tags a, b", 4), detail(Detail::Tags, "a, b"));
        assert_eq!(of_line("Level playing field", 0), None);
        let situation = Some(Labelled { label: Label::Situation, rest: "why it mattered" });
        assert_eq!(of_line("Situation: why it mattered", 1), situation);
        assert_eq!(of_line("Q: Why?", 0), Some(Labelled { label: Label::Question, rest: "Why?" }));
        assert_eq!(of_line("I said: no", 0), None);
        assert_eq!(of_line("A plan", 1), None);
    }

    #[test]
    fn what_an_interviewer_says_is_told_from_a_title() {
        assert!(looks_like_a_question("\"Tell me about a time you failed.\""));
        assert!(looks_like_a_question("3. What would you change?"));
        assert!(!looks_like_a_question("Managing managers"));
        assert!(!looks_like_a_question("Why?"));
    }
}
