//! Rows: one for each line that says something, with its place in the syntax tree.
//!
//! People mean lines: `**Level**: Director` is a fact on a line of its own, though the syntax tree
//! sees three of them as one paragraph. So the tree is cut back into lines, each with what the tree
//! knows about it. Lines without a row are blank, or layout, or something Markdown hides.

use std::ops::Range;

use super::repair::Repair;

/// What a line is in the syntax tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shape {
    /// A heading of level 1 to 6.
    Heading(u8),
    /// Part of a paragraph.
    #[default]
    Text,
    /// The first line of a list item, with its number if it has one.
    Item(Option<u64>),
    /// A line of code, word for word; whether it is written in a language, as a diagram or a program is.
    Code(bool),
    /// What a folded section shows while it is closed.
    Summary,
    /// The title of a callout: `> [!question] Why?`.
    Callout(Callout),
    /// A row of a table; its cells are in `cells`.
    Cells,
    /// A property at the head of the file: `tags: a, b`.
    Property,
}

/// What a callout is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Callout {
    Question,
    Answer,
    Todo,
    /// Anything else: a tip, a note, a warning.
    Aside,
}

/// One line that says something.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    /// Line of the file, from 1.
    pub line: usize,
    /// What it is.
    pub shape: Shape,
    /// In how many lists it stands.
    pub depth: usize,
    /// Whether it stands in a block quote.
    pub quoted: bool,
    /// Whether it goes on with the sentence of the row before.
    pub joined: bool,
    /// In how many folded sections (`<details>`) it stands.
    pub folds: u8,
    /// Its text, without marks.
    pub text: String,
    /// The parts of the text in bold.
    pub bold: Vec<Range<usize>>,
    /// The cells of a table's row; in its head the names of the columns.
    pub cells: Vec<String>,
    /// Whether it is the head of a table.
    pub head: bool,
}

impl Row {
    /// Where the bold beginning of the text ends; 0 when it does not begin in bold.
    pub fn lead(&self) -> usize {
        self.bold.first().filter(|range| range.start == 0).map_or(0, |range| range.end)
    }

    /// Whether it is bold from end to end, but for punctuation and an aside: `**Why us?** (hard)`.
    pub fn all_bold(&self) -> bool {
        let lead = self.lead();
        let rest = self.text[lead..].trim_matches([':', '：', ' ']);
        let aside =
            rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).is_some_and(|aside| !aside.contains(')'));
        lead > 0 && (rest.is_empty() || aside)
    }

    /// Whether it is the first line of a list item.
    pub fn is_item(&self) -> bool {
        matches!(self.shape, Shape::Item(_))
    }

    /// Whether it is a heading, and not one by its looks only.
    pub fn is_heading(&self) -> bool {
        matches!(self.shape, Shape::Heading(_))
    }

    /// Takes a beginning off the text, as the parts in bold must follow.
    pub fn cut_start(&mut self, bytes: usize) {
        self.text.drain(..bytes);
        for range in &mut self.bold {
            *range = range.start.saturating_sub(bytes)..range.end.saturating_sub(bytes);
        }
        self.bold.retain(|range| !range.is_empty());
    }
}

/// What Markdown or HTML hides on a line; the later one is the worse news.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hidden {
    /// The fence of a code block, or another mark of layout.
    Fence,
    /// HTML that holds no text.
    Tags,
    /// A comment.
    Comment,
    /// A script or a style sheet.
    Script,
}

/// The lines of a file.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// In order, at most one for each line but for the rare line that holds two blocks.
    pub rows: Vec<Row>,
    /// Lines without a row that hold something else.
    pub hidden: Vec<(usize, Hidden)>,
    /// Tags left out.
    pub repairs: Vec<Repair>,
}
