//! Markdown to rows, by way of the parser's events.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{
    html::{self, HtmlLine},
    repair::{Repair, RepairKind},
    rows::{Hidden, Row, Rows, Shape},
    shallow::shallow,
};

/// Cuts a text into rows. Linear in its length.
pub(super) fn rows(text: &str) -> Rows {
    let mut starts = vec![0];
    starts.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1));
    let mut builder = Builder { text, starts, ..Builder::default() };
    let body = builder.front_matter();
    let shallow = shallow(&text[body..]);
    let parser = Parser::new_ext(&shallow, Options::empty()).into_offset_iter();
    for (event, range) in parser {
        builder.event(event, body + range.start..body + range.end);
    }
    builder.close();
    builder.done
}

/// A line shorter than this was ended on purpose, not wrapped by an editor.
const WRAP: usize = 60;

#[derive(Default)]
struct Builder<'a> {
    text: &'a str,
    starts: Vec<usize>,
    done: Rows,
    open: Option<Row>,
    /// The list items around, the last the innermost: the number of the next item.
    lists: Vec<Option<u64>>,
    quotes: usize,
    heading: Option<u8>,
    code: bool,
    /// An item has begun and has no row yet.
    item: Option<Option<u64>>,
    /// The next row goes on with the row before.
    joined: bool,
    /// The paragraph has left its list, though Markdown says it has not.
    outside: bool,
    bold_from: Option<usize>,
    links: Vec<String>,
    html: html::State,
}

impl Builder<'_> {
    /// `key: value` lines between `---` at the very start; returns where the rest begins.
    ///
    /// The parser's own metadata blocks would also take `---` in the middle of a file.
    fn front_matter(&mut self) -> usize {
        let text = self.text;
        let mut lines = text.split_inclusive('\n');
        if lines.next().is_none_or(|line| line.trim_end() != "---") {
            return 0;
        }
        let mut rows = Vec::new();
        let mut end = 4;
        for (number, line) in (2..60).zip(lines) {
            end += line.len();
            if matches!(line.trim_end(), "---" | "...") {
                self.done.rows = rows;
                return end;
            }
            if !line.trim().is_empty() {
                if !line.contains(':') || line.starts_with(['#', '-', '*', '>']) {
                    return 0;
                }
                let (shape, text) = (Shape::Text, line.trim().to_owned());
                rows.push(Row { line: number, shape, depth: 0, quoted: false, joined: false, text, bold: Vec::new() });
            }
        }
        0
    }

    fn line_of(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        let at = range.start;
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                self.next_block();
                self.heading = is_heading(&self.text[range]).then_some(level_number(level));
            }
            Event::Start(tag) => self.start(tag, at),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.code => self.code_lines(&text, at),
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.push(&text, at);
            }
            Event::InlineHtml(tag) => self.inline_html(&tag, at),
            Event::Html(lines) => self.html_lines(&lines, at),
            Event::SoftBreak => self.line_break(true),
            Event::HardBreak => self.line_break(false),
            Event::FootnoteReference(name) => self.push(&name, at),
            Event::Rule | Event::TaskListMarker(_) => self.close(),
        }
    }

    fn start(&mut self, tag: Tag<'_>, at: usize) {
        match tag {
            Tag::Strong => self.bold_from = Some(self.open.as_ref().map_or(0, |row| row.text.len())),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => self.links.push(dest_url.into_string()),
            Tag::Emphasis | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
            block => {
                self.next_block();
                match block {
                    Tag::List(number) => self.lists.push(number),
                    Tag::Item => self.item = self.lists.last_mut().map(next_number),
                    Tag::BlockQuote(_) => self.quotes += 1,
                    Tag::CodeBlock(kind) => {
                        self.code = true;
                        if let CodeBlockKind::Fenced(_) = kind {
                            self.done.hidden.push((self.line_of(at), Hidden::Fence));
                        }
                    }
                    Tag::HtmlBlock => self.html = html::State::default(),
                    _ => {}
                }
            }
        }
    }

    fn next_block(&mut self) {
        self.close();
        self.joined = false;
        self.outside = false;
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => {
                if let (Some(from), Some(row)) = (self.bold_from.take(), &mut self.open) {
                    row.bold.push(from.min(row.text.len())..row.text.len());
                }
            }
            TagEnd::Link | TagEnd::Image => {
                let url = self.links.pop().unwrap_or_default();
                if let Some(row) = &mut self.open
                    && !url.is_empty()
                    && !row.text.ends_with(url.trim_start_matches("mailto:"))
                {
                    row.text.push_str(&format!(" ({url})"));
                }
            }
            TagEnd::Emphasis | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => {}
            block => {
                self.close();
                self.joined = false;
                match block {
                    TagEnd::Heading(_) => self.heading = None,
                    TagEnd::List(_) => drop(self.lists.pop()),
                    TagEnd::Item => self.item = None,
                    TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
                    TagEnd::CodeBlock => self.code = false,
                    _ => {}
                }
            }
        }
    }

    /// Adds text to the open row, or opens one.
    fn push(&mut self, text: &str, at: usize) {
        if self.open.is_none() {
            self.open_row(at);
        }
        if let Some(row) = &mut self.open {
            row.text.push_str(text);
        }
    }

    fn open_row(&mut self, at: usize) {
        let line = self.line_of(at);
        let mut depth = self.lists.len();
        let mut joined = self.joined;
        if joined && self.ends_here(line) {
            self.outside |= depth > 0;
            joined = false;
        }
        let shape = match (self.heading, self.item.take()) {
            (Some(level), _) => Shape::Heading(level),
            (None, Some(number)) => Shape::Item(number),
            (None, None) => Shape::Text,
        };
        if self.outside {
            depth = 0;
        }
        self.bold_from = self.bold_from.map(|_| 0);
        let quoted = self.quotes > 0;
        self.open = Some(Row { line, shape, depth, quoted, joined, text: String::new(), bold: Vec::new() });
    }

    /// Whether a line that Markdown takes for the rest of a list item was meant as a line of its own.
    ///
    /// Markdown lets the second line of an item start at the margin. Many people write a new
    /// paragraph there, without the blank line it takes.
    fn ends_here(&self, line: usize) -> bool {
        let start = self.starts[line - 1];
        let here = &self.text[start..];
        let margin = !here.starts_with([' ', '\t', '>']);
        if !margin || (self.lists.is_empty() && !self.outside) {
            return false;
        }
        let capital = here.trim_start_matches(['*', '_', '"', '“']).starts_with(|c: char| c.is_uppercase());
        let before = self.done.rows.last().map_or("", |row| row.text.trim_end());
        capital && (before.len() < WRAP || before.ends_with(['.', '!', '?', ':', ')', '"', '”']))
    }

    fn line_break(&mut self, soft: bool) {
        let bold = self.bold_from.is_some();
        if let (Some(from), Some(row)) = (self.bold_from, &mut self.open) {
            row.bold.push(from.min(row.text.len())..row.text.len());
        }
        self.close();
        self.joined = soft;
        self.bold_from = bold.then_some(0);
    }

    fn close(&mut self) {
        if let Some(mut row) = self.open.take() {
            let trimmed = row.text.trim_end().len();
            row.text.truncate(trimmed);
            if !row.text.is_empty() {
                row.bold.retain(|range| range.end <= trimmed && !range.is_empty());
                self.done.rows.push(row);
            }
        }
        self.bold_from = None;
    }

    fn code_lines(&mut self, text: &str, at: usize) {
        let first = self.line_of(at);
        for (line, text) in (first..).zip(text.lines()) {
            if !text.trim().is_empty() {
                let (depth, quoted) = (self.lists.len(), self.quotes > 0);
                let (shape, text) = (Shape::Code, text.to_owned());
                self.done.rows.push(Row { line, shape, depth, quoted, joined: false, text, bold: Vec::new() });
            }
        }
    }

    fn inline_html(&mut self, tag: &str, at: usize) {
        let name = html::tag_name(tag);
        match name.trim_start_matches('/') {
            "b" | "strong" if name.starts_with('/') => self.end(TagEnd::Strong),
            "b" | "strong" => self.start(Tag::Strong, at),
            "br" => self.push(" ", at),
            _ => {}
        }
        let line = self.line_of(at);
        if tag.starts_with("<!") {
            self.done.hidden.push((line, Hidden::Comment));
        } else {
            self.done.repairs.push(Repair { line, kind: RepairKind::Tag(tag.into()) });
            self.done.hidden.push((line, Hidden::Tags));
        }
    }

    fn html_lines(&mut self, lines: &str, at: usize) {
        let first = self.line_of(at);
        for (line, source) in (first..).zip(lines.lines()) {
            let HtmlLine { text, tags, heading, bold, hidden } = self.html.line(source);
            self.done.repairs.extend(tags.into_iter().map(|tag| Repair { line, kind: RepairKind::Tag(tag) }));
            if let Some(hidden) = hidden {
                self.done.hidden.push((line, hidden));
            }
            if !text.is_empty() {
                let shape = heading.map_or(Shape::Text, Shape::Heading);
                let bold = bold.then_some(0..text.len()).into_iter().collect();
                let (depth, quoted) = (self.lists.len(), self.quotes > 0);
                self.done.rows.push(Row { line, shape, depth, quoted, joined: false, text, bold });
            }
        }
    }
}

/// Whether a heading was meant as one.
///
/// `---` under a sentence makes it a heading to Markdown; people mean a rule below a paragraph.
fn is_heading(source: &str) -> bool {
    let mut lines = source.trim_end().lines();
    let underlined = lines.next_back().is_some_and(|line| line.trim_start().starts_with('-'));
    let first = lines.next().unwrap_or("#").trim();
    let sentence = first.ends_with(['.', '!', '"', '”', ';', ',']) || first.starts_with("**");
    first.starts_with('#') || !underlined || (lines.next().is_none() && !sentence)
}

fn next_number(list: &mut Option<u64>) -> Option<u64> {
    let number = *list;
    *list = list.map(|number| number.saturating_add(1));
    number
}

fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes(text: &str) -> Vec<(usize, Shape, usize, String)> {
        rows(text).rows.into_iter().map(|row| (row.line, row.shape, row.depth, row.text)).collect()
    }

    #[test]
    fn each_line_keeps_its_number_and_its_place_in_the_tree() {
        let text = "# A\n\n1. one\n   - two\n\n> three\n\n    four\n";
        let expected = [
            (1, Shape::Heading(1), 0, "A"),
            (3, Shape::Item(Some(1)), 1, "one"),
            (4, Shape::Item(None), 2, "two"),
            (6, Shape::Text, 0, "three"),
            (8, Shape::Code, 0, "four"),
        ];
        assert_eq!(shapes(text), expected.map(|(line, shape, depth, text)| (line, shape, depth, text.into())));
    }

    #[test]
    fn a_new_sentence_at_the_margin_leaves_the_list_and_a_wrapped_one_does_not() {
        let text =
            "- done.\nNext, say why.\n- a line that an editor wrapped because it was long enough, as\nEditors do\n";
        let rows = rows(text).rows;
        assert_eq!((rows[1].depth, rows[1].joined), (0, false));
        assert_eq!((rows[3].depth, rows[3].joined), (1, true));
    }

    #[test]
    fn the_bold_beginning_of_a_line_is_known() {
        let rows = rows("**Level**: CTO  \n**All of it:**\n\n<b>Also</b> this\n").rows;
        assert_eq!(rows.iter().map(Row::lead).collect::<Vec<_>>(), [5, 10, 4]);
        assert_eq!(rows.iter().map(Row::all_bold).collect::<Vec<_>>(), [false, true, false]);
    }

    #[test]
    fn a_block_of_properties_is_read_only_at_the_start() {
        assert_eq!(shapes("---\ntags: a, b\n---\nText\n")[0], (2, Shape::Text, 0, "tags: a, b".into()));
        let middle = shapes("Text\n\n---\n### Next\ntags: a\n\n---\n");
        assert_eq!(middle[1], (4, Shape::Heading(3), 0, "Next".into()));
    }

    #[test]
    fn the_target_of_a_link_and_the_name_of_a_picture_are_kept() {
        let texts: Vec<String> = shapes("[a](http://b.c) ![d](e.png)").into_iter().map(|row| row.3).collect();
        assert_eq!(texts, ["a (http://b.c) d (e.png)"]);
    }
}
