//! A page of text: wrapped lines with headings, labels and a little colour.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};
use textwrap::core::display_width;

use crate::types::StarPart;

/// Columns of a page; the text keeps one free for the cursor.
pub(super) const COLUMNS: usize = 80;
/// A page is never narrower than this, however narrow the screen is.
const MIN_COLUMNS: usize = 20;
/// Columns before the text of a labelled line.
const LABEL_COLUMNS: usize = 13;

/// How a piece of text is meant; everything can be read without the colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Heading,
    Good,
    Watch,
    Try,
    Quiet,
    /// A part of the story, which has its colour everywhere.
    Of(StarPart),
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Tone::Plain => Style::new(),
            Tone::Heading => Style::new().bold(),
            Tone::Good => AnsiColor::Green.on_default(),
            Tone::Watch => AnsiColor::Yellow.on_default(),
            Tone::Try => AnsiColor::Cyan.on_default(),
            Tone::Quiet => Style::new().dimmed(),
            Tone::Of(part) => colour(part).on_default().bold(),
        }
    }

    /// The text in this tone's colour.
    pub(super) fn paint(self, text: &str) -> String {
        let style = self.style();
        format!("{style}{text}{style:#}")
    }
}

/// The colour of a part, as near to that of pages as a terminal has it.
fn colour(part: StarPart) -> AnsiColor {
    match part {
        StarPart::Situation => AnsiColor::Blue,
        StarPart::Task => AnsiColor::Magenta,
        StarPart::Action => AnsiColor::Green,
        StarPart::Result => AnsiColor::Red,
    }
}

/// Lines of at most so many columns, one block under the other.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    /// Columns of text.
    columns: usize,
}

impl Default for Page {
    /// For a screen of [`COLUMNS`].
    fn default() -> Page {
        Page::of_columns(COLUMNS)
    }
}

impl Page {
    /// For a screen of so many columns; lines are never longer than [`COLUMNS`].
    pub(super) fn of_columns(columns: usize) -> Page {
        Page { text: String::new(), columns: columns.min(COLUMNS).saturating_sub(1).max(MIN_COLUMNS) }
    }

    /// Begins a block: an empty line and a heading.
    pub(super) fn heading(&mut self, heading: &str) {
        self.gap();
        self.hanging("", 0, heading, Tone::Heading);
    }

    /// A line across the page with a title in it, such as over each of several reports.
    pub(super) fn rule(&mut self, title: &str) {
        let title = short(title, self.columns.saturating_sub(5));
        let rest = self.columns.saturating_sub(display_width(&title) + 4);
        self.text.push_str(&format!(
            "{} {} {}\n",
            Tone::Quiet.paint("──"),
            Tone::Heading.paint(&title),
            Tone::Quiet.paint(&"─".repeat(rest))
        ));
    }

    /// An empty line, unless the page is still empty.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// A line under the label of a column, such as `Pace`; an empty label continues the line above.
    pub(super) fn labelled(&mut self, label: &str, text: &str, tone: Tone) {
        self.hanging(&format!("  {label:width$}", width = LABEL_COLUMNS - 2), LABEL_COLUMNS, text, tone);
    }

    /// Text after `mark` on its first line and `indent` columns on the others.
    pub(super) fn hanging(&mut self, mark: &str, indent: usize, text: &str, tone: Tone) {
        let text = plain(text);
        // The mark is not wrapped with the text, so that the colour begins after it.
        let first = " ".repeat(display_width(mark));
        let rest = " ".repeat(indent);
        let options = options(self.columns).initial_indent(&first).subsequent_indent(&rest);
        for (number, line) in textwrap::wrap(&text, options).iter().enumerate() {
            let (before, indent) = if number == 0 { (mark, first.len()) } else { (rest.as_str(), rest.len()) };
            let line = line.get(indent..).unwrap_or_default();
            if line.is_empty() {
                self.text.push_str(before.trim_end());
            } else {
                self.text.push_str(before);
                self.text.push_str(&tone.paint(line));
            }
            self.text.push('\n');
        }
    }

    /// Pieces of text set one after the other with spaces between, each in its tone: after `mark` on the first line, and as
    /// far in on the others.
    pub(super) fn flowing<'a>(&mut self, mark: &str, pieces: impl Iterator<Item = (Cow<'a, str>, Tone)>) {
        let indent = display_width(mark);
        let room = self.columns - indent;
        // `None` before the first word: one of no width still begins the line.
        let mut column = None;
        for (piece, tone) in pieces {
            for word in textwrap::wrap(&plain(&piece), options(room)).iter().filter(|word| !word.is_empty()) {
                let width = display_width(word);
                column = match column {
                    Some(column) if column + 1 + width <= room => {
                        self.text.push(' ');
                        Some(column + 1 + width)
                    }
                    before => {
                        match before {
                            Some(_) => self.text.push_str(&format!("\n{}", " ".repeat(indent))),
                            None => self.text.push_str(mark),
                        }
                        Some(width)
                    }
                };
                self.text.push_str(&tone.paint(word));
            }
        }
        if column.is_some() {
            self.text.push('\n');
        }
    }

    /// How many lines it has.
    pub(super) fn lines(&self) -> usize {
        self.text.lines().count()
    }

    /// The whole page.
    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// How text is broken into lines of `columns`.
///
/// First fit: the algorithm that balances lines lets one run over where a broken word follows a short one.
pub(super) fn options<'a>(columns: usize) -> textwrap::Options<'a> {
    textwrap::Options::new(columns).wrap_algorithm(textwrap::WrapAlgorithm::FirstFit)
}

/// Text on one line without control characters, which could move the cursor or recolour the screen.
fn plain(text: &str) -> String {
    let spaced: String =
        text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_hidden(*c)).collect();
    spaced.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Control characters, and signs that turn the direction of writing around.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The beginning of a quote, at most `columns` wide, cut at a word.
pub(super) fn short(quote: &str, columns: usize) -> String {
    let quote = plain(quote);
    if display_width(&quote) <= columns {
        return quote;
    }
    let lines = textwrap::wrap(&quote, options(columns.saturating_sub(4).max(1)));
    let kept = lines.first().expect("a text wider than no columns has a line");
    format!("{kept} ...")
}

/// The beginning of a text that takes at most `lines` lines of `columns` columns, cut at a word.
pub(super) fn short_lines(text: &str, columns: usize, lines: usize) -> String {
    let text = plain(text);
    if textwrap::wrap(&text, options(columns)).len() <= lines {
        return text;
    }
    // Room for the dots at the end of the last line, and for the end of a quote that is cut.
    let kept = textwrap::wrap(&text, options(columns - 5));
    let kept = kept[..lines.min(kept.len())].join(" ");
    let open = if kept.matches('"').count() % 2 == 1 { "\"" } else { "" };
    format!("{kept} ...{open}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_hangs_under_its_first_line() {
        let mut page = Page::default();
        page.labelled("Pace", &"word ".repeat(30), Tone::Plain);
        let page = page.finish();
        let lines: Vec<&str> = page.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[0].starts_with("  Pace       word word"), "{page}");
        assert!(lines[1].starts_with("             word word"), "{page}");
    }

    #[test]
    fn escape_sequences_in_a_transcript_do_not_reach_the_screen() {
        assert_eq!(plain("a\u{1b}[31mb\tc\n d\u{202e}e"), "a[31mb c de");
    }

    #[test]
    fn a_word_of_hidden_signs_does_not_indent_the_line_twice() {
        let mut page = Page::default();
        page.flowing("  ", ["\u{202a}", "we", "stopped"].into_iter().map(|word| (Cow::Borrowed(word), Tone::Plain)));
        assert_eq!(page.finish(), "  we stopped\n");
    }

    #[test]
    fn a_quote_that_is_cut_is_ended() {
        assert_eq!(short_lines("\"we moved the whole team to it\"", 22, 1), "\"we moved the ...\"");
        assert_eq!(short_lines("so \"we moved\" the whole team", 24, 1), "so \"we moved\" the ...");
    }

    #[test]
    fn a_quote_is_cut_between_words() {
        assert_eq!(short("we moved the whole team", 16), "we moved the ...");
        assert_eq!(short("we moved", 16), "we moved");
    }
}
