//! The wordings of `content/probes`: what an interviewer says that no bank has written down.

use std::sync::LazyLock;

use serde::Deserialize;

static ENGLISH: LazyLock<Wordings> = LazyLock::new(|| {
    toml::from_str(include_str!("../../content/probes/en.toml")).expect("a test reads the shipped wordings")
});

/// What the interviewer says, by what it is about.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wordings {
    pub result: Vec<String>,
    pub action: Vec<String>,
    pub task: Vec<String>,
    pub situation: Vec<String>,
    pub number: Vec<String>,
    pub claim_more: Vec<String>,
    pub claim_did: Vec<String>,
    pub we: Vec<String>,
    pub bottom_line: Vec<String>,
    pub too_little: Vec<String>,
    pub opening: String,
    pub challenge: String,
    pub step: String,
    pub rung: String,
    pub first_rung: String,
    pub bluf: String,
    pub bluf_again: Vec<String>,
    pub interruption: Vec<BreakIn>,
}

/// Something to break into an answer with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreakIn {
    /// What is said.
    pub says: String,
    /// What would be an answer to it.
    pub wants: Wants,
}

/// What an interruption asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wants {
    /// What the person did: "I ...".
    OwnPart,
    /// What came of it, or a number.
    Outcome,
    /// Why: "because ...".
    Reason,
    /// The message in a sentence.
    BottomLine,
}

pub(super) fn wordings() -> &'static Wordings {
    &ENGLISH
}

/// A wording with its `{}` filled, one after the other; where only one text is given it goes into all of them.
pub(super) fn filled(wording: &str, with: &[&str]) -> String {
    let mut texts = with.iter();
    let mut last = "";
    let mut pieces = wording.split("{}");
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        last = texts.next().copied().unwrap_or(last);
        filled += last;
        filled += piece;
    }
    let mut letters = filled.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_wordings_are_sentences_and_none_stands_there_twice() {
        let all = wordings();
        let mut lines: Vec<&String> = [&all.result, &all.action, &all.task, &all.situation, &all.number, &all.we]
            .into_iter()
            .chain([&all.bottom_line, &all.too_little, &all.bluf_again])
            .flatten()
            .chain(all.interruption.iter().map(|interruption| &interruption.says))
            .collect();
        assert!(lines.iter().all(|line| line.ends_with(['.', '?'])), "{lines:?}");
        let count = lines.len();
        lines.sort();
        lines.dedup();
        assert_eq!(lines.len(), count);
    }

    #[test]
    fn one_text_fills_every_place_and_a_sentence_begins_with_a_capital() {
        assert_eq!(filled("{}, you said: {} than what?", &["faster"]), "Faster, you said: faster than what?");
        assert_eq!(filled("Deeper. {}: {}", &["Goal", "why"]), "Deeper. Goal: why");
    }
}
