//! The only place that writes to stdout and stderr.

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
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Writes a question to stderr; the answer is typed behind it.
pub fn ask(question: &str) {
    let mut stderr = anstream::stderr();
    // As above.
    let _ = write!(stderr, "{question}").and_then(|()| stderr.flush());
}

/// The width for text: the terminal's, 80 where there is none, never over 100.
pub fn width() -> usize {
    crossterm::terminal::size().map_or(80, |(columns, _)| usize::from(columns).clamp(40, 100))
}

/// Text in lines that fit the terminal, broken at spaces only: a path or a command can still be copied.
pub fn wrapped(text: &str) -> String {
    let options = textwrap::Options::new(width())
        .break_words(false)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}
