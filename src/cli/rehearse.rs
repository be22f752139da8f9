//! `greenroom rehearse`: the spoken loop at a terminal.

use greenroom::content::Choice;
use greenroom::interview::Style;
use greenroom::rehearse::{Command, RehearsalEnd, View};
use greenroom::remedy::Remedy;
use greenroom::report::session::SessionTake;
use greenroom::setup::{self, Agenda, Context, Order, Pool, Prepared, Sitting};
use greenroom::store;
use greenroom::types::{Drill, Report, Seconds};
use greenroom::{audio, index};
use jiff::Zoned;
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::keys::Keys;
use super::parts::{self, PartsArgs};
use super::show::{self, Listener, Manner, Shown};
use super::signals::Signals;
use super::{Exit, Failure, Outcome, agenda, context, output, recover};

/// Hear questions, answer aloud, read the report.
#[derive(clap::Args)]
pub struct Args {
    /// Banks (by name or file) or question ids; without any, what is due again, then what is new
    #[arg(value_name = "BANK|ID")]
    questions: Vec<String>,
    /// Ask this question of your own, in your words; may be given more than once
    #[arg(long, value_name = "QUESTION", value_parser = question)]
    #[arg(conflicts_with_all = ["questions", "tag", "shuffle", "due", "in_order", "count"])]
    ask: Vec<String>,
    /// Keep what --ask asks in your banks
    #[arg(long, requires = "ask", conflicts_with = "dry_run")]
    keep: bool,
    /// How many questions to ask [default: 3, or all that were named by id]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    count: Option<u32>,
    /// Only questions with this tag
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// In random order
    #[arg(long, group = "chance")]
    shuffle: bool,
    /// Makes --shuffle and the moment of an interruption repeatable
    #[arg(long, value_name = "N", requires = "chance")]
    seed: Option<u64>,
    /// First what is due again by how it went, then what was never practised; says why
    #[arg(long)]
    due: bool,
    /// In the order of the list, whatever is due
    #[arg(long, conflicts_with_all = ["due", "shuffle"])]
    in_order: bool,
    /// Print what would be asked, and why, and ask nothing
    #[arg(long)]
    dry_run: bool,
    /// Time to think before recording starts, such as 20s
    #[arg(long, value_name = "TIME")]
    think: Option<String>,
    /// Wanted length of an answer, such as 90s or 60-120 [default: the question's own]
    #[arg(long, value_name = "TIME")]
    target: Option<String>,
    /// End an answer by itself after this much silence, such as 4s
    #[arg(long, value_name = "TIME")]
    auto_stop: Option<String>,
    /// Ask up to this many follow-up questions by itself
    #[arg(long, value_name = "N", default_value_t = 0)]
    follow_ups: usize,
    /// Practise one thing: the same answer ever shorter, the bottom line alone, or being interrupted
    #[arg(long, value_enum, value_name = "DRILL", group = "chance")]
    drill: Option<DrillArg>,
    /// Length of a scenario or deep dive, such as 20m [default: its own]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    duration: Option<Seconds>,
    /// Ask scenarios and deep dives as single questions, not as conversations
    #[arg(long)]
    single: bool,
    /// When reports are shown
    #[arg(long, value_enum, default_value_t = Mode::Study)]
    mode: Mode,
    /// Begin even if the microphone gives nothing but silence
    #[arg(long)]
    no_mic_check: bool,
    #[command(flatten)]
    parts: PartsArgs,
    /// Print the session and its reports as JSON at the end
    #[arg(long)]
    json: bool,
}

/// A way to practise one thing about an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum DrillArg {
    /// The same answer in 2 min, 90 s, 45 s and 15 s; --target sets the first
    Ladder,
    /// The bottom line alone, up to three times, until it is the first sentence
    Bluf,
    /// The interviewer breaks in
    Interrupt,
}

impl From<DrillArg> for Drill {
    fn from(drill: DrillArg) -> Drill {
        match drill {
            DrillArg::Ladder => Drill::Ladder,
            DrillArg::Bluf => Drill::Bluf,
            DrillArg::Interrupt => Drill::Interrupt,
        }
    }
}

/// When reports are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Mode {
    /// After each answer
    Study,
    /// All at the end, as in a real interview
    Real,
}

pub fn run(args: Args) -> Outcome {
    let context = context::load_with(&args.parts.as_flags())?.with_flags(&[
        ("think_s", "--think", args.think.as_deref()),
        ("auto_stop_s", "--auto-stop", args.auto_stop.as_deref()),
        ("target_s", "--target", args.target.as_deref()),
    ])?;
    if args.keep {
        setup::keep(&context, &args.ask)?;
    }
    let pool = args.pool(&context)?;
    let mut agenda = Agenda::make(&context, args.order(), &pool, &Zoned::now())?;
    if args.dry_run || agenda.questions.is_empty() {
        return agenda::show(&agenda, args.json);
    }
    agenda::tell(&agenda);
    context.home.prepare()?;
    let unfinished = setup::bring_back(&context);

    let (key_commands, commands) = unbounded_channel();
    let at_terminal = std::io::IsTerminal::is_terminal(&std::io::stdin());
    let study = args.mode == Mode::Study;
    let style = Style {
        drill: args.drill.map(Drill::from),
        follow_ups: args.follow_ups,
        single: args.single,
        target_s: args.target.is_some().then(|| context.config.target_s()).flatten(),
        duration: args.duration,
        seed: args.seed.unwrap_or_else(|| fastrand::u64(..)),
        frameworks: setup::frameworks(&context),
    };
    let sitting = Sitting {
        settings: setup::loop_settings(&context.config, at_terminal && study, study, style),
        speaker: Box::new(setup::voice(&context)?),
        input: audio::input_named(context.config.device())?,
        // Whoever is asked for a model has typed everything else right.
        model: parts::model(&context)?,
        check_microphone: !args.no_mic_check && !audio::is_stand_in(context.config.device()),
        notices: true,
        earlier: Some(std::mem::take(&mut agenda.earlier)),
        planned: std::mem::take(&mut agenda.questions),
    };
    let manner = Manner { keys: at_terminal, reports: study && !args.json };
    if !at_terminal && sitting.settings.auto_stop.is_none() {
        output::talk(
            "Standard input is not a terminal: an answer ends by \"that's my answer\" or with --auto-stop 4s.",
        );
    }
    let screen = (manner, None);
    let held = play(&context, sitting, screen, key_commands.clone(), commands, || Keys::read_into(key_commands))?;
    let takes = held.takes();
    let plan = agenda.after(&pool, &held.end.session.id, &takes, &Zoned::now())?;
    if args.json {
        output::result(&output::json(&json!({"session": held.end.session, "reports": held.reports(), "plan": plan})))?;
    } else {
        if !study {
            held.shown.iter().for_each(show::Shown::print_below);
        }
        show::sum_up(&takes, &plan, agenda.today);
    }
    if held.end.interrupted {
        return Ok(Exit::Interrupted);
    }
    recover::finish(&context, &unfinished)?;
    update_index(&context);
    Ok(Exit::Done)
}

/// Takes in the new session, so that the next search finds it at once. Whoever searches does the same: nothing is lost
/// where it fails.
fn update_index(context: &Context) {
    match index::update(&context.home) {
        Ok(notes) => notes.iter().for_each(|note| context.tell(note)),
        Err(error) => context.tell(&format!("{error}: {}", error.hint())),
    }
}

impl Args {
    /// What there is to ask.
    fn pool(&self, context: &Context) -> Result<Pool, Failure> {
        if !self.ask.is_empty() {
            return Ok(Pool::of_words(context, &self.ask)?);
        }
        let choice = Choice {
            names: self.questions.clone(),
            count: self.count.map(|count| count as usize),
            tags: self.tag.clone(),
            seed: self.shuffle.then(|| self.seed.unwrap_or_else(|| fastrand::u64(..))),
        };
        Ok(Pool::of(context, choice)?)
    }

    /// Who names nothing is asked what is due; who names something, or wants it in an order, gets just that.
    fn order(&self) -> Order {
        let nothing_named = self.questions.is_empty() && self.ask.is_empty();
        match self.due {
            true => Order::Due,
            false if nothing_named && !self.in_order && !self.shuffle => Order::Tonight,
            false => Order::AsChosen,
        }
    }
}

/// A question as it is typed, in one line.
fn question(text: &str) -> Result<String, String> {
    if !text.contains(char::is_alphanumeric) {
        return Err("expected a question, such as \"Why did you leave?\"".to_owned());
    }
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A length of a conversation as it is typed.
fn duration(text: &str) -> Result<Seconds, String> {
    let time = store::parse_time(text).filter(|time| time.0 > 0.0);
    time.ok_or_else(|| "expected a time, such as 20m or 45s".to_owned())
}

/// What a sitting leaves.
pub struct Held {
    pub end: RehearsalEnd,
    pub shown: Vec<Shown>,
    pub view: View,
}

impl Held {
    /// The takes with what was found out about each.
    fn takes(&self) -> Vec<SessionTake<'_>> {
        let takes = self.end.session.answers.iter().map(|answer| {
            let viewed = self.view.takes.iter().find(|viewed| viewed.take == Some(answer.take));
            SessionTake {
                answer,
                report: viewed.and_then(|viewed| viewed.report.as_deref()),
                comparison: viewed.and_then(|viewed| viewed.comparison.as_ref()),
            }
        });
        takes.collect()
    }

    /// The reports alone, in the order made.
    pub fn reports(&self) -> Vec<&Report> {
        self.shown.iter().filter_map(Shown::report).collect()
    }
}

/// Plays a sitting and shows it. `during` is called once everything is ready; what it returns lives until the end.
pub fn play<T>(
    context: &Context,
    sitting: Sitting,
    (manner, listener): (Manner, Option<Listener>),
    to_loop: UnboundedSender<Command>,
    commands: UnboundedReceiver<Command>,
    during: impl FnOnce() -> T,
) -> Result<Held, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::of(&error))?;
    // Asked for this early, an end comes with the first question, and nothing is left half-made.
    let signals = Signals::listen(&runtime)?;
    let Prepared { rehearsal, events, .. } = sitting.prepare(context, commands)?;
    let (_, events) = events.subscribe();
    let alive = during();
    let (end, (shown, view)) = runtime.block_on(async {
        tokio::spawn(interrupt_on(signals, to_loop));
        tokio::join!(rehearsal.run(), show::show(events, manner, listener))
    });
    drop(alive);
    // A report in the making must not keep the person who pressed Ctrl-C.
    runtime.shutdown_background();
    Ok(Held { end: end?, shown, view })
}

/// Ends the sitting in order when the system or Ctrl-C asks for it, and at once when asked again.
async fn interrupt_on(mut signals: Signals, to_loop: UnboundedSender<Command>) {
    signals.next().await;
    // The loop is gone when the session is over.
    let _ = to_loop.send(Command::Interrupt);
    signals.next().await;
    std::process::exit(130);
}
