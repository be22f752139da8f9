//! The keyboard while a rehearsal runs: single keys, no Enter needed.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossterm::event::{self, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::terminal;
use tokio::sync::mpsc::UnboundedSender;

use greenroom::rehearse::Command;
use greenroom::types::Seconds;

use super::output;

/// How often the reader looks whether it should stop.
const POLL: Duration = Duration::from_millis(100);

/// Reads keys until it is dropped; the terminal is then as it was before.
pub struct Keys {
    stop: Arc<AtomicBool>,
    reader: Option<JoinHandle<()>>,
}

impl Keys {
    /// Starts reading keys into `commands`; `None` when there is no terminal to read from.
    pub fn read_into(commands: UnboundedSender<Command>) -> Option<Keys> {
        if !std::io::stdin().is_terminal() || terminal::enable_raw_mode().is_err() {
            return None;
        }
        keep_line_ends();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let reader = std::thread::Builder::new()
            .name("keys".to_owned())
            .spawn(move || read(&commands, &stopped))
            .expect("a thread can be started");
        Some(Keys { stop, reader: Some(reader) })
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(reader) = self.reader.take() {
            // The reader only polls; a panic in it is worth nothing any more.
            let _ = reader.join();
        }
        let _ = terminal::disable_raw_mode();
    }
}

fn read(commands: &UnboundedSender<Command>, stopped: &AtomicBool) {
    let mut interrupted = false;
    while !stopped.load(Ordering::Acquire) {
        match wait_for_input() {
            Input::None => continue,
            Input::There => {}
            // Nobody is left to press a key: what was recorded is kept and the sitting ends.
            Input::Gone => {
                let _ = commands.send(Command::Interrupt);
                return;
            }
        }
        // What came may be half a key.
        if !event::poll(Duration::ZERO).unwrap_or(false) {
            continue;
        }
        let Ok(event::Event::Key(key)) = event::read() else { continue };
        let Some(command) = meaning(key) else { continue };
        if command == Command::Interrupt && std::mem::replace(&mut interrupted, true) {
            output::leave(130);
        }
        if commands.send(command).is_err() {
            return;
        }
    }
}

/// What the terminal has for us.
enum Input {
    None,
    There,
    /// The terminal was closed.
    Gone,
}

/// Waits for input for a moment. Not crossterm's own waiting, which never comes back from a terminal that was closed.
#[cfg(unix)]
fn wait_for_input() -> Input {
    let mut stdin = libc::pollfd { fd: libc::STDIN_FILENO, events: libc::POLLIN, revents: 0 };
    // SAFETY: one structure, which is ours.
    let ready = unsafe { libc::poll(&raw mut stdin, 1, POLL.as_millis() as libc::c_int) };
    if ready <= 0 {
        // Nothing came, or a signal did.
        Input::None
    } else if stdin.revents & (libc::POLLHUP | libc::POLLERR | libc::POLLNVAL) != 0 {
        Input::Gone
    } else {
        Input::There
    }
}

/// Waits for input for a moment.
#[cfg(not(unix))]
fn wait_for_input() -> Input {
    match event::poll(POLL) {
        Ok(true) => Input::There,
        Ok(false) => Input::None,
        Err(_) => Input::Gone,
    }
}

/// Lets a new line begin at the left again: raw mode turns that off, and the report has many lines.
#[cfg(unix)]
fn keep_line_ends() {
    // SAFETY: the structure is plain data that the first call fills before the second one reads it, and
    // both check the terminal themselves.
    unsafe {
        let mut mode = std::mem::zeroed::<libc::termios>();
        if libc::tcgetattr(libc::STDIN_FILENO, &mut mode) == 0 {
            mode.c_oflag |= libc::OPOST | libc::ONLCR;
            libc::tcsetattr(libc::STDIN_FILENO, libc::TCSANOW, &mode);
        }
    }
}

/// Raw mode leaves the output alone here.
#[cfg(not(unix))]
fn keep_line_ends() {}

/// What a key means. The loop gives it its sense by what is going on.
fn meaning(key: KeyEvent) -> Option<Command> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return (key.code == KeyCode::Char('c')).then_some(Command::Interrupt);
    }
    match key.code {
        KeyCode::Enter => Some(Command::Done),
        KeyCode::Char(' ' | 'p') => Some(Command::Pause),
        KeyCode::Char('r') => Some(Command::Again),
        KeyCode::Char('o') => Some(Command::StartOver),
        KeyCode::Char('f') => Some(Command::FollowUp),
        KeyCode::Char('l') => Some(Command::Replay),
        KeyCode::Char('h') => Some(Command::Hint),
        KeyCode::Char('b') => Some(Command::Reveal),
        KeyCode::Char('n' | 's') => Some(Command::Next),
        KeyCode::Char('q') => Some(Command::Quit),
        KeyCode::Esc => Some(Command::Back),
        _ => None,
    }
}

/// What may be typed while the question is spoken or thought about.
pub const BEFORE: &str = "Enter answer now · r say it again · h hint · n next · q quit";
/// What may be typed while recording.
pub const DURING: &str = "Enter done · p pause · h hint · o o start over · r r repeat · n skip · q quit";

/// What a key would do that was pressed while recording, and how to let it be.
pub fn confirm(command: Command, within: Seconds) -> String {
    let (key, then) = match command {
        Command::StartOver => ("o", "begin it anew"),
        _ => ("r", "hear the question again"),
    };
    let seconds = within.0;
    format!(
        "Press {key} again within {seconds:.0} s to throw this take away and {then}; Esc keeps it. Still recording."
    )
}

/// What may be typed after a report: each choice the loop offers, with its key.
pub fn choices(offered: &[Command]) -> String {
    let name = |command: &Command| match command {
        Command::Again => Some("r try again"),
        Command::FollowUp => Some("f follow-up"),
        Command::Replay => Some("l listen"),
        Command::Reveal => Some("b best answer"),
        Command::Next => Some("n next"),
        Command::Quit => Some("q quit"),
        _ => None,
    };
    offered.iter().filter_map(name).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_keys_fits_80_columns() {
        let all = [Command::Again, Command::FollowUp, Command::Replay, Command::Reveal, Command::Next, Command::Quit];
        for line in [BEFORE.to_owned(), DURING.to_owned(), choices(&all)] {
            assert!(line.chars().count() < 80, "{line}");
        }
        assert!(choices(&all).contains("b best answer"));
    }

    #[test]
    fn control_c_interrupts_and_plain_c_does_nothing() {
        let key = |code, modifiers| meaning(KeyEvent::new(code, modifiers));
        assert_eq!(key(KeyCode::Char('c'), KeyModifiers::CONTROL), Some(Command::Interrupt));
        assert_eq!(key(KeyCode::Char('c'), KeyModifiers::NONE), None);
        assert_eq!(key(KeyCode::Enter, KeyModifiers::NONE), Some(Command::Done));
    }
}
