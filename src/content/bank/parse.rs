//! Markdown to rows, by way of the parser's events.

use std::{collections::HashSet, ops::Range};

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{
    csv,
    dialect::as_markdown,
    folds::unfolded,
    front_matter::front_matter,
    habits::{box_off, callout, headings_that_break, is_import, lists_that_go_on, tables_of_parts},
    html::{self, HtmlLine},
    repair::{Repair, RepairKind},
    rows::{Hidden, Row, Rows, Shape},
    shallow::shallow,
};

/// Cuts a text into rows. Linear in its length.
pub(super) fn rows(text: &str) -> Rows {
    if let Some(table) = csv::rows(text) {
        return table;
    }
    let (markdown, marks) = as_markdown(text);
    let (properties, body) = front_matter(&markdown).unwrap_or_default();
    let mut folds = unfolded(&markdown);
    let text = folds.text.take().unwrap_or_else(|| markdown.into_owned());
    let mut builder = Builder { text: &text, components: html::components(&text), ..Builder::default() };
    builder.starts.push(0);
    builder.starts.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1));
    builder.done.rows = properties;
    let shallow = shallow(&text[body..]);
    let parser = Parser::new_ext(&shallow, Options::ENABLE_TABLES).into_offset_iter();
    for (event, range) in parser {
        builder.event(event, body + range.start..body + range.end);
    }
    builder.close();
    let mut done = builder.done;
    headings_that_break(&mut done.rows);
    lists_that_go_on(&mut done.rows);
    tables_of_parts(&mut done);
    done.hidden.extend(marks.into_iter().chain(folds.hidden));
    if !folds.depths.is_empty() {
        for row in &mut done.rows {
            row.folds = folds.depths.get(row.line - 1).copied().unwrap_or_default();
        }
        done.rows.extend(folds.summaries);
        // A summary comes before what stands on its line; otherwise the order of the lines is kept.
        done.rows.sort_by_key(|row| (row.line, row.shape != Shape::Summary));
    }
    done
}

/// Signs of which diagrams are drawn.
const BOXES: [char; 8] = ['│', '├', '└', '┌', '─', '┐', '┘', '▼'];

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
    links: Vec<(String, Option<usize>)>,
    html: html::State,
    /// The language of the code block, if it names one.
    language: bool,
    /// The row of a table that is open; its cells are told apart from what surrounds them.
    cells: Option<Row>,
    in_head: bool,
    /// The names of components that are closed somewhere: `Tabs` for `</Tabs>`.
    components: HashSet<&'a str>,
    /// A statement or a comment of a page of components goes on.
    program: Option<Program>,
}

/// What goes over several lines in a page of components.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Program {
    Statement,
    Comment,
}

impl Builder<'_> {
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
            // `____` on a line is a rule to Markdown and a blank to whoever writes a form.
            Event::Rule if self.text[range.clone()].starts_with('_') => {
                self.next_block();
                self.push("____", at);
                self.close();
            }
            Event::Rule | Event::TaskListMarker(_) => self.close(),
        }
    }

    fn start(&mut self, tag: Tag<'_>, at: usize) {
        match tag {
            Tag::Strong => self.bold_from = Some(self.open.as_ref().map_or(0, |row| row.text.len())),
            Tag::Link { dest_url, .. } => self.links.push((dest_url.into_string(), None)),
            Tag::Image { dest_url, .. } => {
                self.push("![", at);
                let from = self.open.as_ref().map(|row| row.text.len());
                self.links.push((dest_url.into_string(), from));
            }
            Tag::TableHead | Tag::TableRow => {
                self.close();
                let line = self.line_of(at);
                self.in_head = matches!(tag, Tag::TableHead);
                self.cells = Some(Row { line, shape: Shape::Cells, head: self.in_head, ..self.plain_row(line) });
            }
            Tag::TableCell => self.close(),
            Tag::Emphasis | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
            block => {
                self.next_block();
                match block {
                    Tag::List(number) => self.lists.push(number),
                    Tag::Item => self.item = self.lists.last_mut().map(next_number),
                    Tag::BlockQuote(_) => self.quotes += 1,
                    Tag::CodeBlock(kind) => {
                        self.code = true;
                        self.language = false;
                        if let CodeBlockKind::Fenced(info) = kind {
                            let name = info.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
                            self.language = !matches!(name, "" | "text" | "txt" | "md" | "markdown" | "plaintext");
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
            TagEnd::Image => {
                let (url, _) = self.links.pop().unwrap_or_default();
                if let Some(row) = &mut self.open {
                    row.text.push_str(&format!("]({url})"));
                }
            }
            TagEnd::TableCell => self.end_cell(),
            TagEnd::TableHead | TagEnd::TableRow => {
                if let Some(mut row) = self.cells.take() {
                    let told: Vec<&str> =
                        row.cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
                    row.text = told.join(" · ");
                    if !row.text.is_empty() {
                        self.done.rows.push(row);
                    }
                }
            }
            TagEnd::Link => {
                let (url, _) = self.links.pop().unwrap_or_default();
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

    /// The text of a cell goes to the row of its table.
    fn end_cell(&mut self) {
        let cell = self.open.take().map_or_else(String::new, |row| row.text.trim().to_owned());
        self.bold_from = None;
        if let Some(row) = &mut self.cells {
            row.cells.push(cell);
        }
    }

    /// A row of text where the parser is now.
    fn plain_row(&self, line: usize) -> Row {
        Row { line, depth: self.lists.len(), quoted: self.quotes > 0, ..Row::default() }
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
        self.open = Some(Row { shape, depth, joined, ..self.plain_row(line) });
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
        if here.starts_with("**") {
            return true;
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
            row.bold.retain(|range| range.end <= trimmed && !range.is_empty());
            box_off(&mut row);
            callout(&mut row);
            if let Some(hidden) = self.is_program(&row) {
                self.done.hidden.push((row.line, hidden));
            } else if !row.text.is_empty() {
                self.done.rows.push(row);
            }
        }
        self.bold_from = None;
    }

    /// Whether a line is none that anybody reads, as pages in MDX have them: an import, a constant, a comment.
    fn is_program(&mut self, row: &Row) -> Option<Hidden> {
        if row.shape != Shape::Text {
            return None;
        }
        let line = row.text.trim_end();
        if self.program.is_none() || !row.joined {
            let words: Vec<&str> = line.split_whitespace().take(3).collect();
            self.program = match words.as_slice() {
                ["export", "const" | "let" | "var" | "default" | "function", ..] => Some(Program::Statement),
                _ if line.starts_with("{/*") => Some(Program::Comment),
                _ => None,
            };
        }
        let hidden = match self.program {
            None => return is_import(row).then_some(Hidden::Tags),
            Some(Program::Statement) => Hidden::Tags,
            Some(Program::Comment) => Hidden::Comment,
        };
        if line.ends_with("*/}") {
            self.program = None;
        }
        Some(hidden)
    }

    fn code_lines(&mut self, text: &str, at: usize) {
        let first = self.line_of(at);
        for (line, text) in (first..).zip(text.lines()) {
            if !text.trim().is_empty() {
                let (shape, text) = (Shape::Code(self.language || text.contains(BOXES)), text.to_owned());
                self.done.rows.push(Row { shape, text, ..self.plain_row(line) });
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
        if !tag.starts_with("<!") && html::is_blank(tag, &self.components) {
            // `<your answer>` is a blank to be filled in.
            return self.push(tag, at);
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
            let HtmlLine { text, tags, heading, bold, item, cells, hidden, .. } =
                self.html.line(source, &self.components);
            self.done.repairs.extend(tags.into_iter().map(|tag| Repair { line, kind: RepairKind::Tag(tag) }));
            if let Some(hidden) = hidden {
                self.done.hidden.push((line, hidden));
            }
            if !text.is_empty() {
                let shape = heading.map_or(if item { Shape::Item(None) } else { Shape::Text }, Shape::Heading);
                let bold = (bold > 0).then_some(0..bold).into_iter().collect();
                let row = self.plain_row(line);
                if cells.len() > 1 {
                    let head = self.done.rows.last().is_none_or(|row| row.shape != Shape::Cells);
                    self.done.rows.push(Row { shape: Shape::Cells, text, cells, head, ..row });
                    continue;
                }
                self.done.rows.push(Row { shape, text, bold, depth: row.depth + usize::from(item), ..row });
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
    use crate::content::bank::rows::Callout;

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
            (8, Shape::Code(false), 0, "four"),
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
        assert_eq!(shapes("---\ntags: a, b\n---\nText\n")[0], (2, Shape::Property, 0, "tags: a, b".into()));
        let middle = shapes("Text\n\n---\n### Next\ntags: a\n\n---\n");
        assert_eq!(middle[1], (4, Shape::Heading(3), 0, "Next".into()));
    }

    #[test]
    fn the_target_of_a_link_and_the_name_of_a_picture_are_kept() {
        let texts: Vec<String> = shapes("[a](http://b.c) ![d](e.png)").into_iter().map(|row| row.3).collect();
        assert_eq!(texts, ["a (http://b.c) ![d](e.png)"]);
    }

    #[test]
    fn a_box_is_no_part_of_an_item() {
        let text = "- [ ] one\n- [x] 2. **two:** three\n- [-] four\n- [1] five\n";
        let texts: Vec<_> = rows(text).rows.iter().map(|row| (row.text.clone(), row.lead())).collect();
        let expected = [("one", 0), ("two: three", 4), ("four", 0), ("[1] five", 0)];
        assert_eq!(texts, expected.map(|(text, lead)| (text.to_owned(), lead)));
    }

    #[test]
    fn a_table_gives_a_row_for_each_line_with_its_cells() {
        let rows = rows("| # | Why |\n|---|---|\n| 1 | **us** [x](y) |\n| | |\n").rows;
        let cells: Vec<_> = rows.iter().map(|row| (row.line, row.head, row.cells.join("|"))).collect();
        assert_eq!(cells, [(1, true, "#|Why".to_owned()), (3, false, "1|us x (y)".to_owned())]);
    }

    #[test]
    fn a_callout_has_a_kind_and_a_title() {
        let rows = rows("> [!question]- Why us?\n> because\n").rows;
        assert_eq!((rows[0].shape, rows[0].text.as_str()), (Shape::Callout(Callout::Question), "Why us?"));
        assert_eq!((rows[1].shape, rows[1].quoted), (Shape::Text, true));
    }

    #[test]
    fn a_name_in_pointed_brackets_is_text_unless_html_knows_it() {
        let texts: Vec<_> = shapes("At <company> I <b>led</b>\n").into_iter().map(|row| row.3).collect();
        assert_eq!(texts, ["At <company> I led"]);
    }
}
