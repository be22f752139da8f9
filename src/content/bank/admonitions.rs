//! Boxes of documentation sites, made callouts: `!!! tip`, `??? question "Why?"`, `:::tip ... :::`.
//!
//! A box within a box goes on in the same quote, as what belongs to a question stands within its box. Every line stays a
//! line.

use std::borrow::Cow;

/// A text with its boxes as callouts. A text without any stays as it is.
pub(super) fn as_callouts(text: &str) -> Cow<'_, str> {
    let may_be = text.lines().any(|line| opening(line).is_some());
    if !may_be {
        return Cow::Borrowed(text);
    }
    let mut boxes = Boxes::default();
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for line in text.lines() {
        boxes.line(line, &mut out);
        out.push('\n');
    }
    Cow::Owned(out)
}

/// How an open box ends.
#[derive(Clone, Copy)]
enum Ends {
    /// With the first line that is set in less than this.
    Indent(usize),
    /// With a line `:::`.
    Fence,
}

#[derive(Default)]
struct Boxes {
    open: Vec<Ends>,
    /// Whether we are in a block of code, where nothing is a box.
    code: bool,
}

impl Boxes {
    fn line(&mut self, line: &str, out: &mut String) {
        let indent = indent(line);
        let blank = line.trim().is_empty();
        if !blank && !self.code {
            while let Some(Ends::Indent(least)) = self.open.last()
                && indent < *least
            {
                self.open.pop();
            }
        }
        if line.trim_start().starts_with("```") {
            self.code = !self.code;
        }
        if !self.code {
            if let Some((ends, name, title)) = opening(line) {
                self.open.push(ends);
                out.push_str(&format!("> [!{name}] {title}"));
                return;
            }
            if line.trim() == ":::" && matches!(self.open.last(), Some(Ends::Fence)) {
                self.open.pop();
                return;
            }
        }
        if self.open.is_empty() {
            return out.push_str(line);
        }
        out.push_str("> ");
        let margin =
            self.open.iter().rev().find_map(|ends| if let Ends::Indent(least) = ends { Some(*least) } else { None });
        out.push_str(after_indent(line, margin.unwrap_or(0)));
    }
}

/// The box that a line opens, the name of its kind, and its title.
fn opening(line: &str) -> Option<(Ends, &str, &str)> {
    let trimmed = line.trim_start();
    let (rest, fenced) = match trimmed
        .strip_prefix("!!!")
        .or_else(|| trimmed.strip_prefix("???+"))
        .or_else(|| trimmed.strip_prefix("???"))
    {
        Some(rest) => (rest.strip_prefix(' ')?, false),
        None => (trimmed.strip_prefix(":::")?, true),
    };
    let rest = rest.trim();
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
    let (name, title) = (&rest[..end], rest[end..].trim().trim_matches(['"', '[', ']']));
    let ends = if fenced { Ends::Fence } else { Ends::Indent(indent(line) + 4) };
    (!name.is_empty()).then_some((ends, name, title))
}

/// How far a line is set in; a tab counts for four.
fn indent(line: &str) -> usize {
    line.bytes().take_while(u8::is_ascii_whitespace).map(|byte| if byte == b'\t' { 4 } else { 1 }).sum()
}

fn after_indent(line: &str, width: usize) -> &str {
    let mut left = width;
    line.trim_start_matches(|c: char| {
        let wide = if c == '\t' { 4 } else { 1 };
        let inside = left > 0 && matches!(c, ' ' | '\t');
        left = left.saturating_sub(wide);
        inside
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_become_callouts_line_by_line() {
        let text = "??? question \"Why?\"\n    !!! tip\n        - a\n\n    told\nafter\n:::note Read\nthis\n:::\nend\n";
        let expected = "> [!question] Why?\n> [!tip] \n> - a\n> \n> told\nafter\n> [!note] Read\n> this\n\nend\n";
        assert_eq!(as_callouts(text), expected);
    }

    #[test]
    fn a_text_without_boxes_is_left_as_it_is() {
        for text in ["What???\n!!!\n", "Really !!! yes\n", "a ::: b\n"] {
            assert!(matches!(as_callouts(text), Cow::Borrowed(_)), "{text}");
        }
    }
}
