//! What people put before a question: `Ownership: Tell me ...`, `[[Ownership]] Tell me ...`, `GAP 1: "Why ...?"`.

use super::{
    asks::{Asks, asks},
    prose,
    vocabulary::vocabulary,
};

/// The words before a question, and the question; all of it is the question where nothing stands before it.
pub(super) fn split(text: &str) -> (Option<&str>, &str) {
    let (before, asked) = match in_brackets(text).or_else(|| before_mark(text)) {
        Some((before, asked)) => (Some(before), asked),
        None => (None, text),
    };
    // `GAP 2: "Plans — Where will you be?"` has two.
    let inner = prose::unquoted(asked);
    let asked = if before.is_some() && inner.len() < asked.len() {
        before_mark(inner).map_or(asked, |(_, asked)| asked)
    } else {
        asked
    };
    (before, quoted_at_the_end(asked).unwrap_or(asked))
}

/// `For "Why our company?"`: a word or two before a question in quotes.
fn quoted_at_the_end(text: &str) -> Option<&str> {
    let inner = text.strip_suffix(['"', '”'])?;
    let at = inner.find(['"', '“']).filter(|at| *at > 0)?;
    let (before, asked) = (inner[..at].trim(), inner[at..].trim_start_matches(['"', '“']));
    let few = before.split_whitespace().count() <= 2 && asks(before) == Asks::No;
    (few && !asked.contains(['"', '”']) && asks(asked) == Asks::Surely).then_some(asked)
}

/// `[[Ownership]] Tell me ...`.
fn in_brackets(text: &str) -> Option<(&str, &str)> {
    let (tag, rest) = text.strip_prefix("[[")?.split_once("]]")?;
    let rest = rest.trim_start_matches([':', '-', '–', '—', ' ']);
    (asks(rest) != Asks::No && tag.len() <= 60).then(|| (tag.rsplit('|').next().unwrap_or(tag), rest))
}

/// Words and a colon or a dash before what asks by itself.
fn before_mark(text: &str) -> Option<(&str, &str)> {
    let colon = text.find(": ").map(|at| (at, at + 2));
    let dash = [" - ", " – ", " — "].iter().filter_map(|dash| text.find(dash).map(|at| (at, at + dash.len()))).min();
    let (end, start) = colon.into_iter().chain(dash).min()?;
    let (before, asked) = (text[..end].trim(), text[start..].trim());
    let quoted = asked.starts_with(['"', '“']);
    let few = before.split_whitespace().count() <= 5 && before.len() <= 50;
    let opens = asked.trim_start_matches(['"', '“']).starts_with(|c: char| c.is_uppercase() || c == '¿');
    let heading = !before.contains(['?', '"', '“', '.', ',']);
    if !(few && opens && heading && asks(asked) == Asks::Surely) {
        return None;
    }
    // "What would you say: yes or no?" is one question.
    let asks_before =
        asks(before) != Asks::No && !quoted || vocabulary().asks.beginning(&before.to_lowercase()).is_some();
    // "Ask: Is it clear?" is advice.
    let advises = !before.contains(' ') && super::asks::advises(before);
    (!asks_before && !advises).then_some((before, asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_before_a_question_is_told_from_the_question() {
        let cases = [
            ("Ownership: Tell me about a time you owned it", (Some("Ownership"), "Tell me about a time you owned it")),
            ("[[Thrift|thrift]] Describe a limit you liked", (Some("thrift"), "Describe a limit you liked")),
            ("GAP 1: \"Why do you leave?\"", (Some("GAP 1"), "\"Why do you leave?\"")),
            ("Conflict – How do you settle one?", (Some("Conflict"), "How do you settle one?")),
            ("GAP 2: \"Plans — Where will you be in a year?\"", (Some("GAP 2"), "Where will you be in a year?")),
            ("For \"Why our company?\"", (None, "Why our company?")),
            ("What would you say: yes or no?", (None, "What would you say: yes or no?")),
            ("Tell me: Why are you here?", (None, "Tell me: Why are you here?")),
            ("Why us - and why now?", (None, "Why us - and why now?")),
        ];
        for (text, expected) in cases {
            assert_eq!(split(text), expected, "{text}");
        }
    }
}
