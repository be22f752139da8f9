//! Folded sections: `<details>` with its `<summary>`.
//!
//! A folded section is one thing to whoever wrote it: what shows while it is closed is its head, and everything up to
//! `</details>` belongs to it, headings too. Markdown sees blocks of HTML that end at the first blank line, so the tags
//! are taken out before the parser looks.

use super::rows::{Hidden, Row, Shape};

/// A text without the tags of its folded sections; lines and lengths stay as they are.
#[derive(Debug, Default)]
pub(super) struct Unfolded {
    /// The text; `None` where nothing was folded.
    pub text: Option<String>,
    /// What the summaries say, in order.
    pub summaries: Vec<Row>,
    /// In how many sections each line stands, from the first line; empty where nothing was folded.
    pub depths: Vec<u8>,
    /// The lines that held the tags.
    pub hidden: Vec<(usize, Hidden)>,
}

/// Deeper nesting than anybody writes; what is deeper counts as this deep.
const DEEPEST: u8 = 20;
/// A summary goes over at most so many lines.
const LINES: usize = 12;

/// Takes the tags of folded sections out of a text.
pub(super) fn unfolded(text: &str) -> Unfolded {
    let mut done = Unfolded::default();
    if !text.contains("<details") && !text.contains("<summary") && !text.contains("<DETAILS") {
        return done;
    }
    let mut state = State { out: String::with_capacity(text.len()), ..State::default() };
    for (at, line) in text.split_inclusive('\n').enumerate() {
        state.line(at + 1, line, &mut done);
    }
    state.close_summary(&mut done);
    done.text = Some(state.out);
    done
}

#[derive(Default)]
struct State {
    out: String,
    depth: u8,
    fence: bool,
    comment: bool,
    /// The summary that is open: its first line and what it says so far.
    summary: Option<(usize, String)>,
}

impl State {
    fn line(&mut self, number: usize, line: &str, done: &mut Unfolded) {
        if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
            self.fence = !self.fence;
        }
        let before = self.depth;
        let mut rest = line;
        // In code and in comments a tag is a word.
        let was = self.comment;
        let opened = line.rfind("<!--");
        self.comment = if was { !line.contains("-->") } else { opened.is_some_and(|at| !line[at..].contains("-->")) };
        if self.fence || was || opened.is_some() {
            self.out.push_str(line);
            rest = "";
        }
        while !rest.is_empty() {
            rest = self.piece(number, rest, done);
        }
        // The line that opens a section stands in it, and so does the line that closes it.
        done.depths.push(self.depth.max(before));
        if self.summary.as_ref().is_some_and(|(first, _)| number - first >= LINES) {
            self.close_summary(done);
        }
    }

    /// Reads up to the next tag, or one tag; returns what is left of the line.
    fn piece<'a>(&mut self, number: usize, rest: &'a str, done: &mut Unfolded) -> &'a str {
        let Some((start, name, end)) = tag(rest) else {
            self.text(rest);
            return "";
        };
        self.text(&rest[..start]);
        self.blanked(&rest[start..end]);
        done.hidden.push((number, Hidden::Tags));
        match name {
            "details" => self.depth = (self.depth + 1).min(DEEPEST),
            "/details" => {
                self.close_summary(done);
                self.depth = self.depth.saturating_sub(1);
            }
            "summary" => {
                self.close_summary(done);
                self.summary = Some((number, String::new()));
            }
            _ => self.close_summary(done),
        }
        &rest[end..]
    }

    fn text(&mut self, text: &str) {
        match &mut self.summary {
            Some((_, said)) => {
                said.push_str(text.trim_end_matches('\n'));
                said.push(' ');
                let text = text.to_owned();
                self.blanked(&text);
            }
            None => self.out.push_str(text),
        }
    }

    /// Puts spaces for what is taken out, byte for byte.
    fn blanked(&mut self, text: &str) {
        self.out.extend(text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
    }

    fn close_summary(&mut self, done: &mut Unfolded) {
        let Some((line, said)) = self.summary.take() else { return };
        let text = super::html::text_of(&said);
        if !text.is_empty() {
            done.summaries.push(Row { line, shape: Shape::Summary, folds: self.depth, text, ..Row::default() });
        }
    }
}

/// The next tag of a folded section in a text: where it starts, its name, and where it ends.
fn tag(text: &str) -> Option<(usize, &'static str, usize)> {
    const NAMES: [&str; 4] = ["/details", "details", "/summary", "summary"];
    let mut from = 0;
    while let Some(start) = text[from..].find('<').map(|at| from + at) {
        let inner = &text[start + 1..];
        let found = NAMES.into_iter().find(|name| {
            let named = inner.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name));
            named && inner[name.len()..].starts_with(|c: char| c == '>' || c.is_whitespace() || c == '/')
        });
        if let Some(name) = found {
            let end = inner.find('>').map_or(text.len(), |end| start + end + 2);
            return Some((start, name, end));
        }
        from = start + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fold_gives_its_summary_and_how_deep_each_line_stands() {
        let text = "a\n<details>\n<summary><b>Why?</b>\nReally?</summary>\nAs é said\n</details>\nb\n";
        let done = unfolded(text);
        let summaries: Vec<_> = done.summaries.iter().map(|row| (row.line, row.folds, row.text.as_str())).collect();
        assert_eq!(summaries, [(3, 1, "Why? Really?")]);
        assert_eq!(done.depths, [0, 1, 1, 1, 1, 1, 0]);
        let left = done.text.expect("something was folded");
        assert_eq!((left.len(), left.trim_end().ends_with('b'), left.contains("As é said")), (text.len(), true, true));
    }

    #[test]
    fn a_fold_on_one_line_keeps_its_answer() {
        let done = unfolded("<details><summary>Why?</summary>Because.</details>\n");
        assert_eq!(done.summaries[0].text, "Why?");
        assert_eq!(done.text.expect("folded").trim(), "Because.");
    }

    #[test]
    fn a_fold_in_a_fence_is_code() {
        assert_eq!(unfolded("```\n<details>\n```\n").depths, [0, 0, 0]);
    }
}
