//! The only place that writes to stdout and stderr.

use std::borrow::Cow;
use std::io::Write;
use std::process::exit;

use anstyle::{AnsiColor, Style};

use super::Failure;

/// For the word "error".
pub const RED: Style = AnsiColor::Red.on_default().bold();
/// For names and headings.
pub const BOLD: Style = Style::new().bold();
/// For what matters less.
pub const DIM: Style = Style::new().dimmed();
/// Ends a colour.
pub const PLAIN: anstyle::Reset = anstyle::Reset;

/// Writes a result to stdout, with a new line at its end.
pub fn try_result(text: &str) -> std::io::Result<()> {
    let text = harmless(text);
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        stdout.write_all(b"\n")?;
    }
    stdout.flush()
}

/// Writes a result to stdout, ending the program quietly when nobody reads it any more.
pub fn result(text: &str) -> Result<(), Failure> {
    match try_result(text) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => leave(0),
        Err(error) => Err(Failure::new("the result could not be written").because(error.to_string())),
    }
}

/// Ends the program at once, with the terminal as it was before.
pub fn leave(code: i32) -> ! {
    // Where there is no terminal nothing was changed.
    let _ = crossterm::terminal::disable_raw_mode();
    exit(code)
}

/// Anything as indented JSON.
pub fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).expect("our own types have string keys and plain values")
}

/// Writes a line of talk to stderr.
pub fn talk(line: &str) {
    // When stderr is gone there is nobody left to tell.
    let _ = writeln!(anstream::stderr(), "{}", harmless(line));
}

/// Text that does nothing to a terminal but colour it: names of files, sessions and what other programs say may have anything
/// in them, such as what fills the clipboard. Tabs and ends of lines stay, as do the escape sequences of colours.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let is_harmful = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if !text.contains(|c| is_harmful(c) || turns_writing_around(c)) {
        return Cow::Borrowed(text);
    }
    let mut harmless = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let colour = colour_at(rest);
        match colour {
            Some(length) => harmless.push_str(&rest[..length]),
            None if is_harmful(c) || turns_writing_around(c) => harmless.push('?'),
            None => harmless.push(c),
        }
        rest = &rest[colour.unwrap_or(c.len_utf8())..];
    }
    Cow::Owned(harmless)
}

/// The length of the escape sequence of a colour, if `text` begins with one.
fn colour_at(text: &str) -> Option<usize> {
    let parameters = text.strip_prefix("\u{1b}[")?;
    let end = parameters.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    parameters[end..].starts_with('m').then_some(2 + end + 1)
}

/// Signs that make a name read backwards.
fn turns_writing_around(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Writes a question to stderr; the answer is typed behind it.
pub fn ask(question: &str) {
    let mut stderr = anstream::stderr();
    // As above.
    let _ = write!(stderr, "{}", harmless(question)).and_then(|()| stderr.flush());
}

/// The columns of the terminal as it is now, 80 where there is none.
pub fn columns() -> usize {
    // A terminal that nobody told how wide it is has no columns at all.
    let columns = crossterm::terminal::size().map_or(0, |(columns, _)| usize::from(columns));
    if columns == 0 { 80 } else { columns }
}

/// The width for text: the terminal's, 80 where there is none, never over 100.
pub fn width() -> usize {
    columns().clamp(30, 100)
}

/// Text in lines that fit the terminal, broken at spaces only: a path or a command can still be copied.
pub fn wrapped(text: &str) -> String {
    let options = textwrap::Options::new(width())
        .break_words(false)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_colours_reach_the_terminal_whatever_is_in_a_name() {
        let cases = [
            ("a \u{1b}[1;31mred\u{1b}[0m word\n\tnext", "a \u{1b}[1;31mred\u{1b}[0m word\n\tnext"),
            ("x\u{1b}]52;c;UA==\u{7}.wav", "x?]52;c;UA==?.wav"),
            ("\u{1b}[2J\u{1b}[H\u{9b}31m\r", "?[2J?[H?31m?"),
            ("gpj.\u{202e}wav", "gpj.?wav"),
            ("\u{1b}", "?"),
        ];
        for (text, wanted) in cases {
            assert_eq!(harmless(text), wanted);
        }
    }
}
