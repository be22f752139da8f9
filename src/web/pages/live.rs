//! A sitting as it goes: one screen, drawn whole from where the sitting stands.

use super::{clock, framed, notices};
use crate::interview::HintKind;
use crate::rehearse::{Command, EndReason, Stage, View, ViewedTake};
use crate::report::pages::{Markup, first_screen, html, shown, words};
use crate::types::{Prompt, Seconds, StarPart, Summary, TakePart};

/// What is known of a sitting beside where it stands.
pub struct About {
    /// Its name.
    pub session: String,
    /// Whether reports are shown after each answer, and not at the end.
    pub study: bool,
    /// What there is to know about the parts it is played on.
    pub notices: Vec<String>,
    /// Why it broke off, if it did.
    pub broke: Option<String>,
}

/// What is done by a key, as in the terminal: the command, its key, and what it is called before, while and after an answer.
const KEYS: [(Command, &str, &str); 10] = [
    (Command::Done, "Enter", "Done"),
    (Command::Pause, "p", "Pause"),
    (Command::Again, "r", "Repeat the question"),
    (Command::StartOver, "o", "Start over"),
    (Command::FollowUp, "f", "Follow-up"),
    (Command::Replay, "l", "Listen"),
    (Command::Hint, "h", "Hint"),
    (Command::Reveal, "b", "Best answer"),
    (Command::Next, "n", "Next question"),
    (Command::Quit, "q", "End the session"),
];

/// The page.
pub fn page(view: &View, about: &About) -> String {
    let body = html! {
        div #screen data-follow="/rehearse/events" { (screen(view, about)) }
        noscript { p.notice { "Without a script this page does not move by itself: reload it." } }
    };
    framed("Rehearsing", "", &body)
}

/// What is drawn anew whenever something happens.
pub fn screen(view: &View, about: &About) -> Markup {
    html! {
        section.stage data-stage=(name(&view.stage)) data-say=(said(view)) aria-label="The session" {
            @if let Some(broke) = &about.broke {
                p.verdict data-tone="watch" { "The session broke off: " (words(broke)) }
                p { "What was recorded until then is kept." }
            }
            @match &view.stage {
                Stage::Finished { takes, .. } => (finished(view, about, *takes)),
                _ => {
                    (question(view))
                    (going_on(view))
                    (helped(view))
                    (notices(&view.notices.iter().map(ToString::to_string).collect::<Vec<_>>()))
                    @if about.study { (last_take(view, about)) }
                }
            }
            (notices(&about.notices))
        }
    }
}

fn name(stage: &Stage) -> &'static str {
    match stage {
        Stage::Starting => "starting",
        Stage::Asking => "asking",
        Stage::Thinking { .. } => "thinking",
        Stage::Listening => "listening",
        Stage::Finishing => "finishing",
        Stage::Choosing => "choosing",
        Stage::Replaying => "replaying",
        Stage::Finished { .. } => "finished",
    }
}

/// What a screen reader is told.
fn said(view: &View) -> String {
    match &view.stage {
        Stage::Starting => "It begins.".to_owned(),
        Stage::Asking => view.asking.as_ref().map(|asking| shown(&asking.says)).unwrap_or_default(),
        Stage::Thinking { time } => format!("{} to think.", clock(*time)),
        Stage::Listening if view.to_confirm.is_some() => "Once more throws this take away.".to_owned(),
        Stage::Listening if view.progress.paused => "Paused.".to_owned(),
        Stage::Listening => "Recording.".to_owned(),
        Stage::Finishing => "The report is being made.".to_owned(),
        Stage::Choosing => "The report is ready.".to_owned(),
        Stage::Replaying => "Playing.".to_owned(),
        Stage::Finished { .. } => "The session is over.".to_owned(),
    }
}

fn question(view: &View) -> Markup {
    let Some(asking) = &view.asking else {
        return html! { header.title { h1 { "It begins \u{2026}" } p.quiet { "The microphone is being opened and the model loaded." } } };
    };
    let place = match &asking.part {
        Some(TakePart::Rung { number, of, .. }) => format!(" \u{b7} ladder, rung {number} of {of}"),
        Some(TakePart::BottomLine { number, of }) => format!(" \u{b7} bottom line, try {number} of {of}"),
        Some(TakePart::Phase { phase, topic, .. }) => {
            [phase, topic].into_iter().flatten().map(|name| format!(" \u{b7} {name}")).collect()
        }
        _ if asking.prompt == Prompt::FollowUp => " \u{b7} follow-up".to_owned(),
        _ => String::new(),
    };
    html! {
        header.title {
            p.kicker { "Question " (asking.number) " of " (asking.of) (words(&place)) }
            @if let Some(situation) = &asking.situation { p.situation { (words(situation)) } }
            h1 { (words(&asking.says)) }
        }
    }
}

fn going_on(view: &View) -> Markup {
    let before = [Command::Done, Command::Again, Command::Hint, Command::Next, Command::Quit];
    html! {
        @match &view.stage {
            Stage::Starting => {}
            Stage::Asking => {
                p.now { @if view.voice.is_some() { "Asked." } @else { "Listen \u{2026}" } }
                (buttons(&before, Some("Answer now")))
            }
            Stage::Thinking { time } => {
                p.now { "Think. The microphone opens in " span #left data-left=(format!("{:.0}", time.0)) { (clock(*time)) } "." }
                (buttons(&before, Some("Answer now")))
            }
            Stage::Listening => (listening(view)),
            Stage::Finishing => {
                p.now { (ended(view)) }
                p.quiet { "The report is being made \u{2026}" }
            }
            Stage::Choosing => {
                p.now { (ended(view)) }
                (buttons(&view.choices, None))
            }
            Stage::Replaying => {
                p.now { "Playing the take." }
                (buttons(&[Command::Done, Command::Again, Command::Next, Command::Quit], Some("Stop playing")))
            }
            Stage::Finished { .. } => {}
        }
    }
}

fn listening(view: &View) -> Markup {
    let [low, high] = view.target_s.map(|s| Seconds(f64::from(s)));
    let whole = (high * 1.35).max(Seconds(30.0));
    let percent = |at: Seconds| format!("{:.1}%", at.0 / whole.0 * 100.0);
    let elapsed = view.progress.elapsed;
    let paused = view.progress.paused;
    let during = [
        Command::Done,
        Command::Pause,
        Command::Hint,
        Command::StartOver,
        Command::Again,
        Command::Next,
        Command::Quit,
    ];
    html! {
        p.now {
            span.dot data-paused=[paused.then_some("yes")] aria-hidden="true" {}
            @if paused { "Paused" } @else { "Recording" }
        }
        p.clock { span #elapsed { (clock(elapsed)) } span.quiet { " of " (clock(low)) " to " (clock(high)) } }
        svg.target #target width="100%" height="18" role="img" data-whole=(format!("{:.0}", whole.0))
            aria-label={ "An answer is wanted to take " (clock(low)) " to " (clock(high)) } {
            rect.ground width="100%" y="5" height="8" rx="4" {}
            rect.band x=(percent(low)) width=(percent((high - low).max(Seconds::ZERO))) y="5" height="8" {}
            rect.done #done width=(percent(elapsed.min(whole))) y="7" height="4" rx="2" {}
        }
        p.level { label for="level" { "Level" } meter #level min="-60" max="0" low="-45" high="-3" optimum="-20" value=(format!("{:.0}", view.progress.level_dbfs.clamp(-60.0, 0.0))) {} }
        p #latest.latest { (words(&view.latest)) }
        @if let Some(says) = &view.interrupting { p.next { "The interviewer breaks in: " (words(says)) } }
        @if let Some(command) = view.to_confirm {
            div.next role="alert" {
                "Press " (key_of(command)) " again to throw this take away. The recording goes on. "
                (button(Command::Back, "Esc", "Keep it"))
            }
        }
        (buttons(&during, if paused { Some("Done") } else { None }))
    }
}

fn key_of(command: Command) -> &'static str {
    KEYS.iter().find(|(known, ..)| *known == command).map_or("", |(_, key, _)| key)
}

fn ended(view: &View) -> String {
    let Some((reason, length)) = &view.ended else { return String::new() };
    let length = clock(*length);
    match reason {
        EndReason::Done | EndReason::Silence | EndReason::InputOver => format!("Your answer took {length}."),
        EndReason::Quit => format!("Stopped after {length}, and kept."),
        EndReason::Discarded => format!("Thrown away after {length}; the recording is kept."),
        EndReason::DeviceLost => format!("The microphone went away. {length} of your answer are kept."),
        EndReason::DiskFull => format!("The disk is full. {length} of your answer are kept."),
        EndReason::WriteFailed(why) => format!("Recording failed ({why}). {length} of your answer are kept."),
    }
}

/// Commands to choose from; the first is what comes by itself, and may be called otherwise.
fn buttons(commands: &[Command], first: Option<&str>) -> Markup {
    html! {
        div.commands role="group" aria-label="What next" {
            @for (at, command) in commands.iter().enumerate() {
                @if let Some((command, key, name)) = KEYS.iter().find(|(known, ..)| known == command) {
                    (button(*command, key, if at == 0 { first.unwrap_or(name) } else { name }))
                }
            }
        }
    }
}

fn button(command: Command, key: &str, name: &str) -> Markup {
    let wire = serde_json::to_value(command).expect("a command is a name");
    let wire = wire.as_str().unwrap_or_default();
    html! {
        form.command method="post" action="/rehearse/command" {
            button id={ "do-" (wire) } name="command" value=(wire) data-key=(key) { (name) " " kbd { (key) } }
        }
    }
}

fn helped(view: &View) -> Markup {
    html! {
        @if !view.hints.is_empty() {
            ul.hints {
                @for hint in &view.hints {
                    li {
                        span.quiet { (match hint.kind {
                            HintKind::Criterion => "What is really asked: ",
                            HintKind::Step => "A step: ",
                            HintKind::Note => "Your note: ",
                        }) }
                        (words(&hint.text))
                    }
                }
            }
        }
        @if let Some(answer) = &view.revealed {
            div.next {
                h2 { @if answer.label.is_empty() { "The best answer" } @else { (words(&answer.label)) } }
                p { (words(&answer.text)) }
                @let parts = &answer.parts;
                @for (part, text) in StarPart::ALL.into_iter().zip([&parts.situation, &parts.task, &parts.action, &parts.result]) {
                    @if let (Some(text), true) = (text, answer.text.is_empty()) { p { (part.name()) ": " (words(text)) } }
                }
            }
        }
    }
}

/// The report on the take that was last given, while nothing else is being asked.
fn last_take(view: &View, about: &About) -> Markup {
    let is_read = matches!(view.stage, Stage::Choosing | Stage::Replaying);
    html! {
        @if let Some(take) = view.takes.last().filter(|_| is_read) {
            @match (take.take, &take.report) {
                // What it felt like is worth something only before the report is seen.
                (Some(number), Some(_)) => {
                    (felt(number, about))
                    details.report data-take=(number) {
                        summary { "Show the report" }
                        (self::take(take, about, false))
                    }
                }
                _ => (self::take(take, about, false)),
            }
        }
        @if is_read && view.choices.is_empty() { p.quiet { "The next question follows." } }
    }
}

/// Asks how it went, in one tap that also opens the report.
fn felt(number: usize, about: &About) -> Markup {
    html! {
        form.felt method="post" action={ "/takes/" (about.session) "/" (number) "/felt" } data-felt=(number) {
            span #felt-label { "How did it go?" }
            @for (felt, name) in [("well", "Well"), ("middling", "So-so"), ("badly", "Badly")] {
                button name="felt" value=(felt) aria-describedby="felt-label" { (name) }
            }
        }
    }
}

fn take(take: &ViewedTake, about: &About, headed: bool) -> Markup {
    let question = take.report.as_ref().and_then(|report| report.question.as_ref());
    html! {
        article.take {
            @if headed {
                h2 { "Take " (take.take.unwrap_or_default()) @if let Some(question) = question { " \u{b7} " (words(&question.text)) } }
            }
            @match (&take.report, &take.problem) {
                (Some(report), _) => {
                    (first_screen(report, None))
                    @if let Some(comparison) = &take.comparison { p.try { (words(&comparison.to_string())) } }
                    @if let Some(number) = take.take {
                        p { a href={ "/takes/" (about.session) "/" (number) } { "Every word of it, to read and to hear" } }
                    }
                }
                (None, problem) => {
                    p.verdict data-tone="watch" { "There is no report: " (words(problem.as_deref().unwrap_or_default())) "." }
                    p { "The recording is kept; its report is made when the next session ends." }
                }
            }
        }
    }
}

fn finished(view: &View, about: &About, takes: usize) -> Markup {
    html! {
        header.title {
            h1 {
                @match takes {
                    0 => "Nothing was recorded.",
                    1 => "One take is saved.",
                    takes => { (takes) " takes are saved." }
                }
            }
        }
        @for summary in &view.summaries { (summed(summary)) }
        @for take in &view.takes { (self::take(take, about, true)) }
        p.commands { a.button href="/" { "Rehearse again" } " " a href="/over-time" { "See how it goes over time" } }
    }
}

/// What a drill or a conversation came to, as the terminal says it.
fn summed(summary: &Summary) -> Markup {
    let text = crate::report::terminal::render_summary(summary);
    html! { pre.summary { (words_with_lines(&text)) } }
}

/// A text of the terminal without its colours.
fn words_with_lines(text: &str) -> String {
    let plain = anstream::adapter::strip_str(text).to_string();
    plain.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}

/// Words for a line that is replaced as they come.
pub fn one_line(text: &str) -> String {
    shown(text)
}
