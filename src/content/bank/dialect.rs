//! Notes in other dialects, made Markdown line by line: org-mode, and files that stand in a code fence as a whole.
//!
//! Every line stays a line, so that numbers and counts of bytes hold.

use std::borrow::Cow;

use super::{components, plain, rows::Hidden};

/// A text as Markdown, and the lines that are marks of its dialect.
pub(super) fn as_markdown(text: &str) -> (Cow<'_, str>, Vec<(usize, Hidden)>) {
    if let Some((first, last)) = whole_fence(text) {
        let inside = rewritten(
            text,
            |number, line| if number == first || number == last { String::new() } else { line.to_owned() },
        );
        return (Cow::Owned(inside), vec![(first, Hidden::Fence), (last, Hidden::Fence)]);
    }
    if is_org(text) {
        return org(text);
    }
    if text.lines().any(|line| outlined(line).is_some()) {
        let listed = rewritten(text, |_, line| match outlined(line) {
            Some((indent, rest)) => format!("{}- {rest}", &line[..indent]),
            None => line.to_owned(),
        });
        return (Cow::Owned(super::admonitions::as_callouts(&listed).into_owned()), Vec::new());
    }
    if let Some(headed) = plain::with_headings(text) {
        return (Cow::Owned(headed), Vec::new());
    }
    if let Some((opened, hidden)) = components::opened(text) {
        return (Cow::Owned(super::admonitions::as_callouts(&opened).into_owned()), hidden);
    }
    (super::admonitions::as_callouts(text), Vec::new())
}

/// `   2.1 Why us?`: an item of an outline, set in below its heading; where it begins, and what it says.
fn outlined(line: &str) -> Option<(usize, &str)> {
    let item = line.trim_start();
    let indent = line.len() - item.len();
    if !(2..=6).contains(&indent) || !item.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (number, rest) = item.split_once(' ')?;
    let number = number.trim_end_matches(['.', ')']);
    let numbers = number.split_once('.').is_some_and(|(chapter, section)| {
        [chapter, section]
            .iter()
            .all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    });
    (numbers && rest.starts_with(|c: char| c.is_uppercase() || matches!(c, '"' | '“'))).then_some((indent, rest))
}

/// A text with each of its lines written anew; they are counted from 1.
pub(super) fn rewritten(text: &str, mut line: impl FnMut(usize, &str) -> String) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for (at, source) in text.lines().enumerate() {
        out.push_str(&line(at + 1, source));
        out.push('\n');
    }
    out
}

/// The lines of the two fences between which all of a text stands; comments may stand around them.
fn whole_fence(text: &str) -> Option<(usize, usize)> {
    let is_fence = |line: &str| line.starts_with("```") || line.starts_with("~~~");
    let idle = |line: &str| line.trim().is_empty() || line.starts_with("<!--") && line.trim_end().ends_with("-->");
    let (first, opening) = text.lines().enumerate().find(|(_, line)| !idle(line))?;
    if !is_fence(opening) {
        return None;
    }
    // A longer fence holds shorter ones.
    let mark = &opening[..opening.len() - opening.trim_start_matches(['`', '~']).len()];
    let mut fences = text.lines().enumerate().skip(first + 1).filter(|(_, line)| line.starts_with(mark));
    let (last, closing) = fences.next()?;
    let closes = closing.trim_end().chars().all(|c| matches!(c, '`' | '~'));
    let alone = fences.next().is_none() && text.lines().skip(last + 1).all(idle);
    (closes && alone && last > first + 2).then_some((first + 1, last + 1))
}

/// Whether a text is org-mode: headings of stars, or keywords such as `#+TITLE:`.
fn is_org(text: &str) -> bool {
    let mut deep = 0;
    let mut headings = 0;
    for line in text.lines().take(2000) {
        if line.starts_with("#+") && line[2..].starts_with(|c: char| c.is_alphabetic()) {
            return true;
        }
        if line.starts_with("# ") || line.starts_with("## ") {
            return false;
        }
        match stars(line) {
            Some(1) => headings += 1,
            Some(_) => deep += 1,
            None => {}
        }
    }
    deep > 0 && headings > 0 && deep + headings > 2
}

/// How many stars begin a heading of org-mode; bold text begins with stars and no space.
fn stars(line: &str) -> Option<usize> {
    let count = line.len() - line.trim_start_matches('*').len();
    (count > 0 && count < 9 && line[count..].starts_with(' ') && !line[count..].trim().is_empty()).then_some(count)
}

fn org(text: &str) -> (Cow<'_, str>, Vec<(usize, Hidden)>) {
    let mut hidden = Vec::new();
    let mut drawer = false;
    // How far the text under a heading is set in: that is no code.
    let mut margin: Option<usize> = None;
    let markdown = rewritten(text, |number, line| {
        let trimmed = line.trim();
        let upper = trimmed.get(..40.min(trimmed.len())).unwrap_or_default().to_uppercase();
        if trimmed == ":PROPERTIES:" || trimmed == ":LOGBOOK:" || drawer {
            drawer = trimmed != ":END:";
            hidden.push((number, Hidden::Comment));
            return String::new();
        }
        if let Some(title) = ["#+TITLE:", "#+title:", "#+Title:"].iter().find_map(|key| trimmed.strip_prefix(key)) {
            return format!("# {}", title.trim());
        }
        if upper.starts_with("#+BEGIN") || upper.starts_with("#+END") {
            hidden.push((number, Hidden::Fence));
            return String::new();
        }
        if trimmed.starts_with("#+")
            || trimmed.starts_with("# ")
            || ["SCHEDULED:", "DEADLINE:", "CLOSED:"].iter().any(|stamp| upper.starts_with(stamp))
        {
            hidden.push((number, Hidden::Comment));
            return String::new();
        }
        match stars(line) {
            Some(count) => {
                margin = None;
                org_heading(count, line[count..].trim())
            }
            None if trimmed.is_empty() => String::new(),
            None => {
                let indent = line.len() - line.trim_start().len();
                let margin = *margin.get_or_insert(indent);
                in_markdown(&line[indent.min(margin)..])
            }
        }
    });
    (Cow::Owned(markdown), hidden)
}

/// `TODO [#A] Why? :tag:` as a heading; its tags stay as `#tag`.
fn org_heading(level: usize, text: &str) -> String {
    let text =
        ["TODO ", "DONE ", "NEXT ", "WAITING "].iter().find_map(|state| text.strip_prefix(state)).unwrap_or(text);
    let text = text.strip_prefix("[#").and_then(|rest| rest.split_once("] ")).map_or(text, |(_, rest)| rest);
    let (text, tags) = match text.rsplit_once(" :") {
        Some((before, tags)) if tags.ends_with(':') && !tags.contains(' ') => {
            (before.trim_end(), tags.trim_end_matches(':'))
        }
        _ => (text, ""),
    };
    let tags: String = tags.split(':').filter(|tag| !tag.is_empty()).map(|tag| format!(" #{tag}")).collect();
    format!("{} {}{tags}", "#".repeat((level + 1).min(6)), in_markdown(text))
}

/// Bold, links and description items of a line of org-mode.
fn in_markdown(line: &str) -> String {
    let mut line = line.to_owned();
    if line.contains("][") && line.contains("[[") {
        let mut out = String::new();
        let mut rest = line.as_str();
        while let Some(start) = rest.find("[[") {
            let Some((url, name, end)) = org_link(&rest[start..]) else { break };
            out.push_str(&rest[..start]);
            out.push_str(&format!("[{name}]({url})"));
            rest = &rest[start + end..];
        }
        out.push_str(rest);
        line = out;
    }
    let item = line.trim_start();
    if let Some((name, told)) = item.strip_prefix("- ").and_then(|item| item.split_once(" :: ")) {
        return format!("{}- **{name}:** {told}", &line[..line.len() - item.len()]);
    }
    bold(&line)
}

/// The address, the name, and where a link `[[address][name]]` ends that begins a text.
fn org_link(text: &str) -> Option<(&str, &str, usize)> {
    let (inner, _) = text.strip_prefix("[[")?.split_once("]]")?;
    let (url, name) = inner.split_once("][")?;
    Some((url, name, inner.len() + 4))
}

/// `*bold*` to `**bold**`, where the stars stand at the edges of words.
fn bold(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut before = ' ';
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let inner = &rest[c.len_utf8()..];
        if c == '*'
            && !before.is_alphanumeric()
            && inner.starts_with(|c: char| !c.is_whitespace() && c != '*')
            && let Some(end) = inner.find('*').filter(|end| !inner[..*end].ends_with(' '))
        {
            out.push_str(&format!("**{}**", &inner[..end]));
            rest = &inner[end + 1..];
            before = '*';
            continue;
        }
        out.push(c);
        before = c;
        rest = inner;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn org_mode_becomes_markdown_line_by_line() {
        let text = "#+TITLE: Prep\n* People :lead:\n:PROPERTIES:\n:ID: 7\n:END:\n** TODO Tell me about *one* hire\n- Situation :: we grew\n[[http://a.b][here]]\n";
        let (markdown, hidden) = as_markdown(text);
        let expected = "# Prep\n## People #lead\n\n\n\n### Tell me about **one** hire\n- **Situation:** we grew\n[here](http://a.b)\n";
        assert_eq!(markdown, expected);
        assert_eq!(hidden.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4, 5]);
    }

    #[test]
    fn a_file_in_a_fence_is_read_and_a_fence_in_a_file_is_not() {
        let (inside, hidden) = as_markdown("```text\n# A\n- b\n```\n");
        assert_eq!((&*inside, hidden.len()), ("\n# A\n- b\n\n", 2));
        let program = "# A\n```\nx\ny\n```\n";
        assert_eq!(as_markdown(program).0, program);
    }

    #[test]
    fn markdown_is_left_as_it_is() {
        for text in ["# A\n* one\n** not a heading\n", "* one\n* two\n  * three\n", "**bold** text\n* item\n"] {
            assert!(matches!(as_markdown(text).0, Cow::Borrowed(_)), "{text}");
        }
    }
}
