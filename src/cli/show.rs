//! What a rehearsal shows: the question, the live line, the report, what may be typed.

use std::io::{IsTerminal, Write};

use greenroom::interview::{Hint, HintKind};
use greenroom::practice::Comparison;
use greenroom::rehearse::{Asking, Clock, Command, EndReason, Event, Progress, View};
use greenroom::report::session::{self, SessionTake};
use greenroom::report::terminal::{self, Options};
use greenroom::types::{ModelAnswer, Plan, Prompt, Report, Summary, TakePart};
use jiff::civil::Date;
use tokio::sync::mpsc::UnboundedReceiver;

use super::keys;
use super::live::{self, clock};
use super::output::{self, BOLD, DIM, PLAIN};

/// Something that may be read.
#[derive(Clone)]
pub enum Shown {
    /// The report on a take.
    Report(ShownReport),
    /// What a drill or a conversation came to.
    Summary(Box<Summary>),
    /// How a take stands beside earlier ones.
    Compared(Comparison),
}

/// A report, and what it is about.
#[derive(Clone)]
pub struct ShownReport {
    report: Box<Report>,
    /// Where the take stands in a drill or a conversation.
    part: Option<TakePart>,
    /// Where it stands in the sitting, such as `Question 2 of 3`.
    place: String,
    /// What was asked.
    says: String,
}

impl ShownReport {
    fn text(&self) -> String {
        let of_part = self.part.as_ref().and_then(|part| terminal::render_part(&self.report, part));
        of_part.unwrap_or_else(|| terminal::render(&self.report, Options::default()))
    }

    /// What stands over it among others: a line with its place, and the question where the report has none.
    fn heading(&self) -> String {
        let rule = session::rule(&self.place, output::columns());
        let is_named = self.part.is_none();
        if is_named { format!("\n{rule}") } else { format!("\n{rule}{BOLD}{}{PLAIN}\n", output::wrapped(&self.says)) }
    }
}

impl Shown {
    /// The report, if it is one.
    pub fn report(&self) -> Option<&Report> {
        match self {
            Shown::Report(shown) => Some(&shown.report),
            Shown::Summary(_) | Shown::Compared(_) => None,
        }
    }

    /// Prints it where results go.
    pub fn print(&self) {
        // When nobody reads reports any more the session goes on: they are on disk.
        let _ = output::try_result(&self.text());
    }

    /// Prints it below others of its kind, told apart from them.
    pub fn print_below(&self) {
        let heading = match self {
            Shown::Report(shown) => shown.heading(),
            Shown::Summary(_) => "\n".to_owned(),
            Shown::Compared(_) => String::new(),
        };
        let _ = output::try_result(&format!("{heading}{}", self.text()));
    }

    fn text(&self) -> String {
        match self {
            Shown::Report(shown) => shown.text(),
            Shown::Summary(summary) => terminal::render_summary(summary),
            Shown::Compared(comparison) => output::wrapped(&comparison.to_string()),
        }
    }
}

/// Shows events until there are no more; returns what there is to read, in the order made, and where the sitting stood
/// at its end.
///
/// `listener` hears each event before it is shown.
pub async fn show(
    mut events: UnboundedReceiver<Event>,
    manner: Manner,
    mut listener: Option<Listener>,
) -> (Vec<Shown>, View) {
    let live = std::io::stderr().is_terminal();
    let mut screen = Screen { manner, live, on_line: None, view: View::default() };
    let mut shown = Vec::new();
    while let Some(event) = events.recv().await {
        if let Some(listener) = &mut listener {
            listener(&event);
        }
        let to_read = to_read(&event, screen.view.asking.as_ref());
        to_read.iter().for_each(|to_read| screen.read(to_read));
        shown.extend(to_read);
        screen.show(event);
    }
    screen.end_live_line();
    (shown, screen.view)
}

/// What an event brings that may be read again at the end; `asking` is what was asked last.
fn to_read(event: &Event, asking: Option<&Asking>) -> Option<Shown> {
    match event {
        Event::Reported { report, part, .. } => {
            let (place, says) = asking.map(|asking| (place(asking), asking.says.clone())).unwrap_or_default();
            Some(Shown::Report(ShownReport { report: report.clone(), part: part.clone(), place, says }))
        }
        Event::Compared(comparison) => Some(Shown::Compared(comparison.clone())),
        Event::Summary { summary } => Some(Shown::Summary(summary.clone())),
        _ => None,
    }
}

/// Prints what the session came to and what is due next.
pub fn sum_up(takes: &[SessionTake], plan: &Plan, today: Date) {
    let summary = session::render(takes, plan, today, output::columns());
    if !summary.is_empty() {
        // As above.
        let _ = output::try_result(&format!("\n{summary}"));
    }
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
    /// The columns of the live line behind which the cursor stands.
    on_line: Option<usize>,
    /// Where the sitting stands.
    view: View,
}

impl Screen {
    /// Prints what there is to read, where it is read as it is made.
    fn read(&mut self, to_read: &Shown) {
        if self.manner.reports {
            if !matches!(to_read, Shown::Compared(_)) {
                self.say("");
            }
            to_read.print();
        }
    }

    fn show(&mut self, event: Event) {
        self.view.apply(&event);
        match event {
            Event::Progress(progress) => self.live_line(&progress),
            Event::Asking(asking) => self.say(&question(&asking)),
            Event::Asked { voice, shown_only: false } => self.say(&format!("{DIM}asked by {voice}{PLAIN}")),
            Event::Asked { .. } => self.say(&format!("{DIM}no voice: please read the question{PLAIN}")),
            Event::Thinking { time } => {
                self.say(&format!("{} to think", clock(time.0)));
                self.say_keys(keys::BEFORE);
            }
            Event::Listening { .. } => {
                self.say_keys(keys::DURING);
                if !self.live {
                    self.say("recording");
                }
            }
            Event::ConfirmDiscard { command, within } => self.say(&keys::confirm(command, within)),
            Event::DiscardTakenBack => self.say("The take is kept; still recording."),
            Event::Understood { command } => self.say(&format!("{DIM}understood: {}{PLAIN}", understood(command))),
            Event::Ended { reason, duration } => self.say(&ended(&reason, duration.0)),
            Event::Interrupting { says } => {
                self.say(&format!("{DIM}The interviewer breaks in:{PLAIN} {BOLD}{says}{PLAIN}"))
            }
            Event::Resumed => self.say("recording goes on"),
            Event::Hint { number, of, hint } => self.say(&hint_line(number, of, &hint)),
            Event::Revealed { answer } => self.say(&best_answer(&answer)),
            Event::Reported { after, .. } => self.say(&format!("{DIM}report {:.1} s after the end{PLAIN}", after.0)),
            Event::Compared(_) | Event::Summary { .. } | Event::Words { .. } => {}
            Event::NotReported { problem } => {
                self.say(&format!("There is no report: {problem}."));
                self.say("The recording is kept; its report can be made later: greenroom review recover");
            }
            Event::Choose { choices } => self.say_keys(&keys::choices(&choices)),
            Event::Replaying => self.say("playing (Enter stops)"),
            Event::Notice { notice } => self.say(&notice.to_string()),
            Event::Finished { folder, takes, .. } => {
                let s = if takes == 1 { "" } else { "s" };
                self.say(&match takes {
                    0 => "Nothing was recorded.".to_owned(),
                    _ => format!("{takes} take{s} saved in {folder}"),
                });
            }
        }
    }

    fn live_line(&mut self, progress: &Progress) {
        if self.live {
            let conversation = self
                .view
                .clock
                .map(|clock| live::so_far(&Clock { elapsed: clock.elapsed + progress.elapsed, ..clock }));
            let columns = output::columns();
            let line = live::line(progress, self.view.target_s, conversation, columns);
            let over = live::over_the_last(self.on_line.unwrap_or_default(), columns);
            // A terminal that cannot be written to any more is told nothing.
            let _ = write!(anstream::stderr(), "{over}{line}\x1b[K");
            self.on_line = Some(live::width_of(&line));
        }
    }

    fn end_live_line(&mut self) {
        if self.on_line.take().is_some() {
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

fn question(asking: &Asking) -> String {
    let situation = asking.situation.as_deref().map(|situation| format!("{situation}\n")).unwrap_or_default();
    format!("\n{DIM}{}{PLAIN}\n{situation}{BOLD}{}{PLAIN}", place(asking), asking.says)
}

/// Where a question stands: `Question 2 of 3`, `Follow-up`, a phase of a conversation with its clock.
fn place(asking: &Asking) -> String {
    let Asking { number, of, title, prompt, part, clock, .. } = asking;
    let within = match part {
        Some(TakePart::Phase { phase, topic, .. }) => {
            let place = [phase, topic].into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" · ");
            let place = if place.is_empty() { title } else { &place };
            let clock = clock.map(|clock| format!(" · {}", live::so_far(&clock))).unwrap_or_default();
            format!("{place}{clock}")
        }
        Some(TakePart::Rung { number, of, .. }) => format!("Ladder, rung {number} of {of}"),
        Some(TakePart::BottomLine { number, of }) => format!("Bottom line, try {number} of {of}"),
        _ if *prompt == Prompt::FollowUp => "Follow-up".to_owned(),
        _ => String::new(),
    };
    match within.is_empty() {
        true => format!("Question {number} of {of}"),
        false if *prompt == Prompt::Question => format!("Question {number} of {of} · {within}"),
        false => within,
    }
}

fn hint_line(number: usize, of: usize, hint: &Hint) -> String {
    let kind = match hint.kind {
        HintKind::Criterion => "what is really asked",
        HintKind::Step => "a step",
        HintKind::Note => "your note",
    };
    format!("{DIM}hint {number} of {of}, {kind}:{PLAIN} {}", hint.text)
}

fn best_answer(answer: &ModelAnswer) -> String {
    let label = if answer.label.is_empty() { "The best answer" } else { &answer.label };
    let parts = &answer.parts;
    let parts =
        [("Situation", &parts.situation), ("Task", &parts.task), ("Action", &parts.action), ("Result", &parts.result)];
    let told: Vec<String> =
        parts.into_iter().filter_map(|(name, text)| Some(format!("{name}: {}", text.as_ref()?))).collect();
    let text = if told.is_empty() || !answer.text.is_empty() { answer.text.clone() } else { told.join("\n") };
    format!("\n{BOLD}{label}{PLAIN}\n{text}")
}

/// A spoken command in words.
fn understood(command: Command) -> &'static str {
    match command {
        Command::Done => "that's my answer",
        Command::Again => "repeat the question",
        Command::Next => "next question",
        Command::StartOver => "start over",
        Command::Pause => "pause (p goes on)",
        Command::Quit | Command::Back | Command::Interrupt => "stop the session",
        Command::FollowUp => "follow-up",
        Command::Replay => "listen",
        Command::Hint => "hint",
        Command::Reveal => "best answer",
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
