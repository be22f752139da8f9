//! Parts of a story that the text itself names: "Situation: ...", "## Action", "T - ...".
//!
//! Where people label their notes, the labels decide. A spoken answer has none.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::analysis::tokens::ends_sentence;
use crate::types::{StarPart, Transcript, WordRange};

/// A labelled stretch of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// The part that its label names.
    pub part: StarPart,
    /// The words of the label, marks such as `##` included.
    pub label: WordRange,
    /// The words under it; empty where the next label follows at once.
    pub words: WordRange,
}

/// Labels of fewer parts than this are taken for ordinary words.
const MIN_PARTS: usize = 2;

/// Returns the labelled stretches of a text, in order; none where the text does not label at least two parts.
pub fn sections(transcript: &Transcript) -> Vec<Section> {
    let words: Vec<&str> = transcript.words.iter().map(|word| word.text.as_str()).collect();
    let lines = line_starts(transcript);
    let mut labels: Vec<(StarPart, WordRange)> = Vec::new();
    for at in 0..words.len() {
        let after_label = labels.last().is_some_and(|(_, label)| label.end == at);
        let begins = at == 0 || after_label || lines.binary_search(&at).is_ok() || ends_sentence(words[at - 1]);
        let free = labels.last().is_none_or(|(_, label)| label.end <= at);
        if begins && free {
            let line_end = lines.get(lines.partition_point(|start| *start <= at)).copied().unwrap_or(words.len());
            labels.extend(label_at(&words, at, line_end));
        }
    }
    let named = |part: &StarPart| labels.iter().any(|(labelled, _)| labelled == part);
    if StarPart::ALL.iter().filter(|part| named(part)).count() < MIN_PARTS {
        return Vec::new();
    }
    let ends: Vec<usize> = labels.iter().skip(1).map(|(_, label)| label.first).chain([words.len()]).collect();
    let section = |((part, label), end): (&(StarPart, WordRange), usize)| Section {
        part: *part,
        label: *label,
        words: WordRange::new(label.end, end),
    };
    labels.iter().zip(ends).map(section).collect()
}

/// Where the lines of a written text begin, by word; empty for words that never were a text of lines.
pub(super) fn line_starts(transcript: &Transcript) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in transcript.text.lines() {
        let words = line.split_whitespace().count();
        if words > 0 {
            starts.push(at);
            at += words;
        }
    }
    if at == transcript.words.len() { starts } else { Vec::new() }
}

/// Whether a word is only a mark at the head of a line: `##`, `-`, `*`, `1.`.
pub(super) fn is_mark(word: &str) -> bool {
    let numbered = word.strip_suffix(['.', ')']).is_some_and(|number| number.chars().all(|c| c.is_ascii_digit()));
    numbered || !word.chars().any(char::is_alphanumeric)
}

/// The label that begins at a word, if one does, on a line that ends before `line_end`.
fn label_at(words: &[&str], at: usize, line_end: usize) -> Option<(StarPart, WordRange)> {
    let marks = words[at..line_end].iter().take(2).take_while(|word| is_mark(word)).count();
    let name_at = at + marks;
    let written = words[..line_end].get(name_at)?;
    let name = written.trim_matches(|c: char| !c.is_alphanumeric());
    let part = part_named(name)?;
    let heading = marks > 0 && words[at].starts_with('#');
    let bracketed = written.starts_with(['(', '[']) && written.ends_with([')', ']']);
    let alone = name_at + 1 == line_end && line_end < words.len() && (heading || name.len() > 1);
    let colon = written.trim_end_matches(['*', '_']).ends_with(':');
    let dash = words[..line_end].get(name_at + 1).is_some_and(|next| matches!(*next, "-" | "–" | "—" | ":" | "="));
    if !(heading || bracketed || alone || colon || dash) {
        return None;
    }
    Some((part, WordRange::new(at, name_at + 1 + usize::from(dash))))
}

/// The part that a name stands for; of names joined by a slash the first counts.
fn part_named(name: &str) -> Option<StarPart> {
    let first = name.split('/').next().unwrap_or(name);
    if first.len() == 1 && !first.starts_with(char::is_uppercase) {
        return None;
    }
    NAMES.get(first.to_lowercase().as_str()).copied()
}

/// The names of `content/star/labels.txt`.
static NAMES: LazyLock<HashMap<&'static str, StarPart>> = LazyLock::new(|| {
    let lines = include_str!("../../../content/star/labels.txt").lines().filter(|line| !line.starts_with('#'));
    let entries = lines.filter_map(|line| line.split_once(':')).flat_map(|(part, names)| {
        let part = StarPart::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(part));
        names.split(',').filter_map(move |name| Some((name.trim(), part?)))
    });
    entries.collect()
});

#[cfg(test)]
mod tests {
    use super::*;
    use StarPart::{Action, Result, Situation, Task};

    fn found(text: &str) -> Vec<(StarPart, String)> {
        let transcript = Transcript::of_text(text);
        sections(&transcript).into_iter().map(|section| (section.part, transcript.quote(section.words))).collect()
    }

    #[test]
    fn labels_in_the_text_part_it() {
        let expected = [
            (Situation, "No list.".to_owned()),
            (Task, "Write one.".to_owned()),
            (Action, "Wrote it. Tried it.".to_owned()),
            (Result, "It is used.".to_owned()),
        ];
        for text in [
            "Situation: No list. Task: Write one. Action: Wrote it. Tried it. Result: It is used.",
            "S - No list.\nT - Write one.\nA - Wrote it. Tried it.\nR - It is used.",
            "**Situation:** No list.\n**Task:** Write one.\n**Actions:** Wrote it. Tried it.\n**Outcome:** It is used.",
            "# Situation\nNo list.\n\n# Task\nWrite one.\n# Action\nWrote it. Tried it.\n# Result\nIt is used.",
            "(S) No list. (T) Write one. (A) Wrote it. Tried it. (R) It is used.",
            "Situation\nNo list.\nTask\nWrite one.\nAction\nWrote it. Tried it.\nResult\nIt is used.",
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn ordinary_words_are_no_labels() {
        for text in [
            "My task: write it. I wrote it.",
            "The result was clear. Action followed. A task is a task.",
            "We did it - a result of work. Then rest.",
            "Result: it works. It really works.",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn a_label_without_words_has_an_empty_section() {
        let transcript = Transcript::of_text("Situation: late trains. Task: Result: fewer.");
        let lengths: Vec<usize> = sections(&transcript).iter().map(|section| section.words.len()).collect();
        assert_eq!(lengths, [2, 0, 1]);
    }
}
