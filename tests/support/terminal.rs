//! A terminal of 80 columns, with somebody at its keyboard.

use std::fs::File;
use std::io::Write;
use std::process::Command;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use expectrl::process::unix::{UnixProcess, WaitStatus};
use expectrl::process::{Healthcheck, Process};

use super::{LIMIT, Stream};

/// Columns of the terminal.
pub const COLUMNS: usize = 80;

/// A program in a terminal; it is killed when this is dropped.
pub struct Terminal {
    process: UnixProcess,
    keyboard: File,
    output: Stream,
    reader: JoinHandle<()>,
    /// What has been waited for already ends here.
    seen: usize,
}

impl Terminal {
    pub fn start(command: Command) -> Terminal {
        Terminal::start_with(command, COLUMNS)
    }

    /// Starts a command in a terminal of so many columns.
    pub fn start_with(mut command: Command, columns: usize) -> Terminal {
        command.env("TERM", "xterm-256color");
        let mut process = UnixProcess::spawn_command(command).expect("the program starts");
        process.set_window_size(columns as u16, 24).expect("it is a terminal");
        let screen = process.get_raw_handle().expect("it is a terminal");
        let keyboard = process.get_raw_handle().expect("it is a terminal");
        let (output, reader) = Stream::read(screen);
        Terminal { process, keyboard, output, reader, seen: 0 }
    }

    /// Makes the terminal wider or narrower.
    pub fn resize(&mut self, columns: usize) {
        self.process.set_window_size(columns as u16, 24).expect("it is a terminal");
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("the terminal is open");
    }

    /// Waits until `wanted` appears behind all that was waited for before.
    pub fn expect(&mut self, wanted: &str) {
        self.seen = self.output.wait_for(wanted, self.seen, LIMIT);
    }

    /// Everything written so far.
    pub fn text(&self) -> String {
        self.output.text()
    }

    pub fn kill(&mut self) {
        self.process.kill(expectrl::process::unix::Signal::SIGKILL).expect("it runs");
    }

    /// Waits for the end; returns the exit code (a signal is negative) and everything written.
    pub fn end(self) -> (i32, String) {
        let deadline = Instant::now() + LIMIT;
        let code = loop {
            match self.process.get_status().expect("it is our child") {
                WaitStatus::Exited(_, code) => break code,
                WaitStatus::Signaled(_, signal, _) => break -(signal as i32),
                _ => std::thread::sleep(Duration::from_millis(5)),
            }
            assert!(Instant::now() < deadline, "it still runs:\n{}", self.text());
        };
        // What it wrote last may still be on its way.
        while !self.reader.is_finished() {
            assert!(Instant::now() < deadline, "it has ended, and its terminal is still open:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
        (code, self.text())
    }
}

/// The lines as a terminal that never wraps would show them; an overwritten line shows what was on it last.
pub fn lines_on_screen(text: &str) -> Vec<String> {
    let mut screen = Screen::default();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => screen.column = 0,
            // In raw mode a new line does not go back to the first column.
            '\n' => screen.row += 1,
            '\x1b' => {
                // Only colours and "clear to the end of the line" are used.
                let last = characters.by_ref().find(char::is_ascii_alphabetic);
                if last == Some('K') {
                    screen.clear_rest();
                }
            }
            '\t' | '\x08' | '\x07' => panic!("a control character is written: {character:?}"),
            _ => screen.write(character),
        }
    }
    screen.lines.into_iter().map(|line| line.into_iter().collect()).collect()
}

#[derive(Default)]
struct Screen {
    lines: Vec<Vec<char>>,
    row: usize,
    column: usize,
}

impl Screen {
    fn write(&mut self, character: char) {
        let line = self.line();
        line.1.resize(line.1.len().max(line.0 + 1), ' ');
        line.1[line.0] = character;
        self.column += 1;
    }

    fn clear_rest(&mut self) {
        let (column, line) = self.line();
        line.truncate(column);
    }

    fn line(&mut self) -> (usize, &mut Vec<char>) {
        self.lines.resize(self.lines.len().max(self.row + 1), Vec::new());
        (self.column, &mut self.lines[self.row])
    }
}

/// Fails when a line is wider than the terminal.
pub fn assert_fits(text: &str) {
    for line in lines_on_screen(text) {
        assert!(line.chars().count() <= COLUMNS, "{} columns: {line:?}\n{text}", line.chars().count());
    }
}
