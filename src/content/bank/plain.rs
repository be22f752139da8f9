//! Plain text: its headings are lines by themselves, in capitals or above a story, and carry no mark of Markdown.

use super::{
    asks::{Asks, asks},
    dialect::rewritten,
    labels::{self, Label, Part},
};

/// A line longer than this many characters is a sentence.
const LONGEST: usize = 60;

/// A plain text with its headings marked as such; `None` where it has none, or marks of its own.
pub(super) fn with_headings(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    if lines.iter().any(|line| is_marked(line)) {
        return None;
    }
    // The first line that says something from each line on.
    let mut below = vec![None; lines.len() + 1];
    for at in (0..lines.len()).rev() {
        below[at] = if lines[at].trim().is_empty() { below[at + 1] } else { Some(at) };
    }
    let level = |at: usize| {
        let apart = at == 0 || lines[at - 1].trim().is_empty();
        let next = lines[below[at + 1]?];
        match lines[at] {
            line if !apart || !may_be_a_title(line) => None,
            line if is_in_capitals(line) => Some(if below[0] == Some(at) { "#" } else { "##" }),
            _ => begins_a_story(next).then_some("###"),
        }
    };
    let levels: Vec<Option<&str>> = (0..lines.len()).map(level).collect();
    levels.iter().any(Option::is_some).then(|| {
        rewritten(text, |number, line| match levels[number - 1] {
            Some(level) => format!("{level} {line}"),
            None => line.to_owned(),
        })
    })
}

/// Whether a line is marked as Markdown marks headings, tables, quotes and code.
fn is_marked(line: &str) -> bool {
    let line = line.trim_start();
    let underline = line.len() >= 3 && line.trim_end().bytes().all(|byte| matches!(byte, b'=' | b'-'));
    underline || line.starts_with(['#', '|', '>', '<']) || line.starts_with("**") || line.starts_with("```")
}

/// Whether a line may be the title of what follows: a few words, and no sentence, label or question.
fn may_be_a_title(line: &str) -> bool {
    let ended = line.ends_with(['.', ',', ';', '!', '?', ':']) && !is_in_capitals(line);
    line.starts_with(char::is_alphanumeric)
        && line.chars().count() <= LONGEST
        && !ended
        && labels::of_line(line, 0).is_none()
        && (asks(line) == Asks::No || is_in_capitals(line) && !line.ends_with('?'))
}

/// Whether a line is written in capitals; an abbreviation is no heading.
fn is_in_capitals(line: &str) -> bool {
    let letters = line.chars().filter(|c| c.is_alphabetic());
    let (upper, all) = letters.fold((0, 0), |(upper, all), c| (upper + usize::from(c.is_uppercase()), all + 1));
    all >= 6 && upper == all
}

/// Whether a line tells the situation of a story: `Situation: ...`, `S: ...`.
fn begins_a_story(line: &str) -> bool {
    let named = labels::of_line(line, 0).is_some_and(|found| found.label == Label::Part(Part::Situation));
    named || labels::short_part(line, 0).is_some_and(|(part, _)| part == Part::Situation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_in_capitals_and_titles_of_stories_are_headings() {
        let text = "MY STORIES\n\nThe kiln\n\nSituation: it cracked.\nTHE END\n\nQUESTIONS FOR THEM\nWho pays?\n";
        let expected =
            "# MY STORIES\n\n### The kiln\n\nSituation: it cracked.\nTHE END\n\n## QUESTIONS FOR THEM\nWho pays?\n";
        assert_eq!(with_headings(text).as_deref(), Some(expected));
    }

    #[test]
    fn prose_and_markdown_stay_as_they_are() {
        for text in ["# A\n\nMY STORIES\n\nb\n", "One line\n\nand another.\n", "Q: Why?\n\nNASA\n\nyes\n"] {
            assert_eq!(with_headings(text), None, "{text}");
        }
    }
}
