//! Rows put together again as text that reads well: paragraphs, lists, nested lists.

use super::{
    labels::{self, Label},
    rows::{Row, Shape},
};

/// Appends a row to a text, with the line breaks and list marks it needs.
///
/// `text` is what the row says, which may be less than all of it, such as the part after a label;
/// `outer` is the depth of lists that counts as none.
pub(super) fn append(prose: &mut String, row: &Row, text: &str, outer: usize) {
    let depth = row.depth.saturating_sub(outer);
    let indent = "  ".repeat(depth.saturating_sub(1).min(8));
    match row.shape {
        _ if text.is_empty() => return,
        _ if prose.is_empty() => {}
        Shape::Text if row.joined => prose.push(' '),
        Shape::Text | Shape::Heading(_) | Shape::Summary if depth == 0 => prose.push_str("\n\n"),
        _ => prose.push('\n'),
    }
    match row.shape {
        Shape::Item(number) if depth > 0 => {
            prose.push_str(&indent);
            match number {
                Some(number) => prose.push_str(&format!("{number}. ")),
                None => prose.push_str("- "),
            }
        }
        Shape::Text if depth > 0 && !row.joined => prose.push_str(&indent),
        _ => {}
    }
    prose.push_str(text);
}

/// Takes off the quotation marks around a text as a whole.
///
/// People write whole answers in quotes. The closing mark may have been cut off with another part,
/// so a mark without its pair goes too. `"We" said "no"` keeps all four.
pub(super) fn unquoted(text: &str) -> &str {
    let mut text = text.trim();
    let marks = |text: &str| text.chars().filter(|c| matches!(c, '"' | '“' | '”')).count();
    let count = marks(text);
    let opens = text.starts_with(['"', '“']);
    let closes = text.ends_with(['"', '”']);
    let strip_start = |text: &str| text.chars().next().map_or(0, char::len_utf8);
    let strip_end = |text: &str| text.chars().next_back().map_or(0, char::len_utf8);
    if opens && closes && count >= 2 && (count == 2 || !ends_early(text)) {
        text = &text[strip_start(text)..];
        text = &text[..text.len() - strip_end(text)];
    } else if count % 2 == 1 && opens {
        text = &text[strip_start(text)..];
    } else if count % 2 == 1 && closes {
        text = &text[..text.len() - strip_end(text)];
    }
    text.trim()
}

/// Whether the quote that opens a text ends before the text does: the next mark follows a letter or
/// a stop and stands before a space.
fn ends_early(text: &str) -> bool {
    let mut chars = text.chars().skip(1).peekable();
    let mut before = '"';
    while let Some(c) = chars.next() {
        if matches!(c, '"' | '”') {
            let closes = !before.is_whitespace() && !matches!(before, '(' | '[');
            return closes && chars.peek().is_some();
        }
        if c == '“' {
            return false;
        }
        before = c;
    }
    false
}

/// Whether a line goes on with a question: the question has not ended, and the line begins as sentences go on, or ends it.
pub(super) fn goes_on(question: &str, line: &str) -> bool {
    let ended = question.ends_with(['?', '.', '!', ':', '？', '"', '”']);
    let line = line.trim();
    let label = line.split_once(':').is_some_and(|(head, _)| head.split_whitespace().count() <= 3 && head.len() <= 30);
    let begins = line.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit() || matches!(c, '(' | '\'' | '"'));
    let asks = line.ends_with('?') && line.len() < 100;
    !ended && !label && !line.starts_with(['-', '–', '—', '•', '[', '<', '_']) && (begins || asks)
}

/// What somebody would say of a note: without the quotation mark that lost its pair.
pub(super) fn as_point(text: &str) -> &str {
    let text = text.trim();
    let marks = text.chars().filter(|c| matches!(c, '"' | '“' | '”')).count();
    match marks {
        1 => text.trim_matches(['"', '“', '”']).trim(),
        2 => unquoted(text),
        _ => text,
    }
}

/// A title in capitals as people write one: `THE SILENT FAILURE` to `The silent failure`.
pub(super) fn without_shouting(title: &str) -> String {
    let letters = || title.chars().filter(|c| c.is_alphabetic());
    let shouted = letters().count() >= 8 && !letters().any(char::is_lowercase) && title.contains(' ');
    if !shouted {
        return title.to_owned();
    }
    let lower = title.to_lowercase();
    let mut characters = lower.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// A title as it stands inside a sentence: `The ferry` to `the ferry`.
pub(super) fn in_a_sentence(title: &str) -> String {
    let article =
        ["The ", "A ", "An ", "My ", "How ", "When ", "Our "].iter().find(|article| title.starts_with(**article));
    let title = title.trim_end_matches(['.', '!', '?', ':']);
    match article {
        Some(article) => format!("{}{}", article.to_lowercase(), &title[article.len()..]),
        None => title.to_owned(),
    }
}

/// What a point says: `story: the cache` names what it is, and the point is the cache.
pub(super) fn point_behind_label(text: &str) -> &str {
    let told = labels::of_line(text, 0)
        .filter(|found| matches!(found.label, Label::Story | Label::Notes) && !found.rest.is_empty());
    as_point(told.map_or(text, |found| found.rest))
}

/// A theme as it stands in a sentence: `Failure` to `failure`, `CI failures` as it is.
pub(super) fn begun_small(theme: &str) -> String {
    let mut rest = theme.chars();
    match (rest.next(), rest.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(rest).collect(),
        _ => theme.to_owned(),
    }
}

/// Splits a chain of steps: `goal → limits → options`. `None` when there are fewer than three.
pub(super) fn chain(text: &str) -> Option<Vec<String>> {
    let arrows = text.replace("->", "→").replace("=>", "→");
    let steps: Vec<String> = arrows.split('→').map(|step| step.trim().trim_end_matches('.').to_owned()).collect();
    (steps.len() >= 3 && steps.iter().all(|step| !step.is_empty())).then_some(steps)
}

/// Splits a step into its name and what to say in it.
///
/// The name is the bold beginning (`lead` bytes), else what stands before a colon or a dash, when
/// that is short; else the step is all name.
pub(super) fn step(text: &str, lead: usize) -> (String, String) {
    let short = |head: &str| head.split_whitespace().count() <= 8;
    let cut = if lead > 0 && lead < text.len() {
        Some((lead, lead))
    } else if lead >= text.len() && lead > 0 {
        None
    } else {
        let colon = text.find(": ").map(|at| (at, at + 1));
        let dash =
            [" - ", " – ", " — "].iter().filter_map(|dash| text.find(dash).map(|at| (at, at + dash.len()))).min();
        colon.filter(|(at, _)| short(&text[..*at])).or(dash.filter(|(at, _)| short(&text[..*at])))
    };
    let Some((end, start)) = cut else {
        return (text.trim().trim_end_matches([':', '.']).to_owned(), String::new());
    };
    let name = text[..end].trim().trim_end_matches([':', '.']);
    let hint = text[start..].trim_start_matches([':', '-', '–', '—', ' ']).trim();
    (name.to_owned(), hint.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_around_a_whole_text_go_and_others_stay() {
        let cases = [
            ("\"We moved it.\"", "We moved it."),
            ("“We moved it.", "We moved it."),
            ("We moved it.\"", "We moved it."),
            ("\"We\" said \"no\"", "\"We\" said \"no\""),
            ("\"I said, \"no\" to it.\"", "I said, \"no\" to it."),
        ];
        for (text, expected) in cases {
            assert_eq!(unquoted(text), expected);
        }
    }

    #[test]
    fn a_step_is_its_name_and_what_to_say() {
        let cases = [
            ("Goal first. Say it.", 11, ("Goal first", "Say it.")),
            ("Days 1-30: listen.", 0, ("Days 1-30", "listen.")),
            ("Name the limit – in money", 0, ("Name the limit", "in money")),
            ("Say what you would do next time", 0, ("Say what you would do next time", "")),
        ];
        for (text, lead, (name, hint)) in cases {
            assert_eq!(step(text, lead), (name.into(), hint.into()));
        }
    }

    #[test]
    fn arrows_make_a_chain() {
        assert_eq!(chain("goal → limits -> options."), Some(vec!["goal".into(), "limits".into(), "options".into()]));
        assert_eq!(chain("strength → story"), None);
    }
}
