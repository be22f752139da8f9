//! What looks like the name of somebody who speaks.

/// Words that people put before a part of an answer, which are no names.
const PARTS: [&str; 26] = [
    "situation",
    "task",
    "action",
    "actions",
    "result",
    "results",
    "context",
    "outcome",
    "challenge",
    "learning",
    "lesson",
    "lessons",
    "reflection",
    "note",
    "notes",
    "answer",
    "question",
    "example",
    "summary",
    "background",
    "problem",
    "solution",
    "impact",
    "obstacle",
    "star",
    "hook",
];

/// More words than a name has; `Speaker 1 (they/them, Acme)` is the longest kind.
const MOST_WORDS: usize = 6;

/// Whether `text` can be the name of a speaker: a few words that begin with a capital letter or a digit.
pub fn is_name(text: &str) -> bool {
    let text = text.trim();
    let plain = text.split(['(', '[']).next().unwrap_or_default().trim();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let begins_well = |word: &&str| {
        let small = ["de", "van", "von", "der", "da", "la", "el", "bin", "al", "di", "du", "of", "and", "&"];
        word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || !c.is_lowercase() && c.is_alphabetic())
            || small.contains(word)
    };
    (1..=MOST_WORDS).contains(&words.len())
        && text.len() <= 80
        && words[0].starts_with(char::is_alphabetic)
        && (words.iter().all(begins_well) || is_role(plain))
        && !plain.ends_with(['.', '!', '?', ',', ';'])
        && !PARTS.contains(&plain.to_lowercase().as_str())
}

/// What programs and people call somebody whose name they do not know.
fn is_role(text: &str) -> bool {
    let first = text.split([' ', '_', '-']).next().unwrap_or_default().to_lowercase();
    ["speaker", "interviewer", "interviewee", "candidate", "me", "you", "host", "guest", "unknown"].contains(&&*first)
        && text.split_whitespace().count() <= 2
}

/// The name before a colon, and what follows: `Sam Okoro: Last spring ...`, `[Sam Okoro]: ...`, `>> SAM: ...`.
pub fn before_colon(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start().trim_start_matches(">>").trim_start();
    let line = line.strip_prefix("- ").unwrap_or(line);
    let (name, rest) = line.split_once(':')?;
    // `10:30` and `https://` are no names with a text behind them.
    let separated = rest.is_empty() || rest.starts_with(char::is_whitespace);
    let name = name.trim().trim_matches(['[', ']', '*', '(', ')', '_']).trim();
    (separated && is_name(name)).then(|| (name, rest.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_what_stands_for_them_are_told_from_sentences_and_parts_of_an_answer() {
        for name in
            ["Sam Okoro", "SPEAKER_00", "Speaker 1", "speaker 2", "Ana de la Cruz", "李雷", "Meyer", "interviewer"]
        {
            assert!(is_name(name), "{name}");
        }
        for other in ["Situation", "last spring I was", "We shipped it.", "", "12", "Result", "I was there and so"] {
            assert!(!is_name(other), "{other}");
        }
        assert_eq!(before_colon("Sam Okoro: Last spring"), Some(("Sam Okoro", "Last spring")));
        assert_eq!(before_colon("[SPEAKER_01]: Hm."), Some(("SPEAKER_01", "Hm.")));
        assert_eq!(before_colon("At 10:30 we met"), None);
        assert_eq!(before_colon("the point: we shipped"), None);
    }
}
