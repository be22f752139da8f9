//! Rows: one for each line that says something, with its place in the syntax tree.
//!
//! People mean lines: `**Level**: Director` is a fact on a line of its own, though the syntax tree
//! sees three of them as one paragraph. So the tree is cut back into lines, each with what the tree
//! knows about it. Lines without a row are blank, or layout, or something Markdown hides.

use std::ops::Range;

use super::repair::Repair;

/// What a line is in the syntax tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A heading of level 1 to 6.
    Heading(u8),
    /// Part of a paragraph.
    Text,
    /// The first line of a list item, with its number if it has one.
    Item(Option<u64>),
    /// A line of code, word for word.
    Code,
}

/// One line that says something.
#[derive(Clone, Debug, PartialEq)]
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
    /// Its text, without marks.
    pub text: String,
    /// The parts of the text in bold.
    pub bold: Vec<Range<usize>>,
}

impl Row {
    /// Where the bold beginning of the text ends; 0 when it does not begin in bold.
    pub fn lead(&self) -> usize {
        self.bold.first().filter(|range| range.start == 0).map_or(0, |range| range.end)
    }

    /// Whether it is bold from end to end, but for punctuation.
    pub fn all_bold(&self) -> bool {
        let lead = self.lead();
        lead > 0 && self.text[lead..].chars().all(|c| c == ':' || c.is_whitespace())
    }
}

/// What Markdown or HTML hides on a line; the later one is the worse news.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hidden {
    /// The fence of a code block.
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
