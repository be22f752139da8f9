//! What a rehearsal shows: the question, the live line, the report, what may be typed.

use std::io::{IsTerminal, Write};

use greenroom::rehearse::{Command, EndReason, Event, Progress};
use greenroom::report::terminal::{self, Options};
use greenroom::types::{Prompt, Question, Report};
use tokio::sync::mpsc::UnboundedReceiver;

use super::keys;
use super::live::{self, clock};
use super::output::{self, BOLD, DIM, PLAIN};

/// Shows events until there are no more; returns the reports in the order made.
///
/// `listener` hears each event before it is shown.
pub async fn show(mut events: UnboundedReceiver<Event>, manner: Manner, mut listener: Option<Listener>) -> Vec<Report> {
    let mut screen = Screen { manner, live: std::io::stderr().is_terminal(), on_line: false, target_s: [0, 0] };
    let mut reports = Vec::new();
    while let Some(event) = events.recv().await {
        if let Some(listener) = &mut listener {
            listener(&event);
        }
        if let Event::Reported { report, .. } = &event {
            reports.push((**report).clone());
        }
        screen.show(event);
    }
    screen.end_live_line();
    reports
}

/// Somebody who hears each event before it is shown.
pub type Listener = Box<dyn FnMut(&Event) + Send>;

/// How things are shown.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Whether somebody can press keys.
    pub keys: bool,
    /// Whether reports are shown as they are made.
    pub reports: bool,
}

struct Screen {
    manner: Manner,
    /// Whether stderr is a terminal, on which a line can be written over.
    live: bool,
    /// Whether the cursor stands behind a live line.
    on_line: bool,
    target_s: [u32; 2],
}

impl Screen {
    fn show(&mut self, event: Event) {
        match event {
            Event::Progress(progress) => self.live_line(&progress),
            Event::Asking { number, of, question, prompt } => self.say(&asking(number, of, &question, prompt)),
            Event::Asked { voice, shown_only: false } => self.say(&format!("{DIM}asked by {voice}{PLAIN}")),
            Event::Asked { .. } => self.say(&format!("{DIM}no voice: please read the question{PLAIN}")),
            Event::Thinking { time } => {
                self.say(&format!("{} to think", clock(time.as_secs_f64())));
                self.say_keys(keys::BEFORE);
            }
            Event::Listening { target_s } => {
                self.target_s = target_s;
                self.say_keys(keys::DURING);
                if !self.live {
                    self.say("recording");
                }
            }
            Event::Understood { command } => self.say(&format!("{DIM}understood: {}{PLAIN}", understood(command))),
            Event::Ended { reason, duration } => self.say(&ended(&reason, duration.0)),
            Event::Reported { report, after } => {
                if self.manner.reports {
                    self.say("");
                    print(&report);
                }
                self.say(&format!("{DIM}report {:.1} s after the end{PLAIN}", after.as_secs_f64()));
            }
            Event::NotReported { problem } => {
                self.say(&format!("There is no report: {problem}."));
                self.say("The recording is kept; its report can be made later: greenroom review recover");
            }
            Event::Choose { choices } => self.say_keys(&keys::choices(&choices)),
            Event::Replaying => self.say("playing (Enter stops)"),
            Event::Notice(notice) => self.say(&notice),
            Event::Finished { folder, takes } => {
                let s = if takes == 1 { "" } else { "s" };
                self.say(&match takes {
                    0 => "Nothing was recorded.".to_owned(),
                    _ => format!("{takes} take{s} saved in {}", folder.display()),
                });
            }
        }
    }

    fn live_line(&mut self, progress: &Progress) {
        if self.live {
            let line = live::line(progress, self.target_s);
            // A terminal that cannot be written to any more is told nothing.
            let _ = write!(anstream::stderr(), "\r{line}\x1b[K");
            self.on_line = true;
        }
    }

    fn end_live_line(&mut self) {
        if std::mem::take(&mut self.on_line) {
            output::talk("");
        }
    }

    fn say(&mut self, line: &str) {
        self.end_live_line();
        output::talk(&output::wrapped(line));
    }

    fn say_keys(&mut self, keys: &str) {
        if self.manner.keys {
            self.say(&format!("{DIM}{keys}{PLAIN}"));
        }
    }
}

/// Prints a report where results go.
pub fn print(report: &Report) {
    // When nobody reads reports any more the session goes on: they are on disk.
    let _ = output::try_result(&terminal::render(report, Options { transcript: false }));
}

fn asking(number: usize, of: usize, question: &Question, prompt: Prompt) -> String {
    let head = match prompt {
        Prompt::FollowUp => "Follow-up".to_owned(),
        Prompt::Question | Prompt::Retry => format!("Question {number} of {of}"),
    };
    let situation = question.situation.as_deref().map(|situation| format!("{}\n", situation)).unwrap_or_default();
    format!("\n{DIM}{head}{PLAIN}\n{situation}{BOLD}{}{PLAIN}", question.text)
}

/// A spoken command in words.
fn understood(command: Command) -> &'static str {
    match command {
        Command::Done => "that's my answer",
        Command::Again => "repeat the question",
        Command::Next => "next question",
        Command::StartOver => "start over",
        Command::Pause => "pause (p goes on)",
        Command::Quit | Command::Interrupt => "stop the session",
        Command::FollowUp => "follow-up",
        Command::Replay => "listen",
    }
}

fn ended(reason: &EndReason, seconds: f64) -> String {
    let length = clock(seconds);
    match reason {
        EndReason::Done => format!("done: {length}"),
        EndReason::Silence => format!("done, after silence: {length}"),
        EndReason::Discarded => format!("thrown away: {length} (the recording is kept)"),
        EndReason::Quit => format!("stopped: {length}, kept"),
        EndReason::InputOver => format!("the recording is over: {length}"),
        EndReason::DeviceLost => format!("The microphone went away. {length} of your answer are kept."),
        EndReason::DiskFull => format!("The disk is full. {length} of your answer are kept."),
        EndReason::WriteFailed(reason) => format!("Recording failed ({reason}). {length} of your answer are kept."),
    }
}
