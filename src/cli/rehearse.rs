//! `greenroom rehearse`: the spoken loop at a terminal.

use greenroom::assess::Assessor;
use greenroom::audio::{self, AudioInput};
use greenroom::content::{self, Choice};
use greenroom::interview::Style;
use greenroom::practice::EarlierTakes;
use greenroom::rehearse::{Command, OpenMicrophone, Parts, Planned, Rehearsal, RehearsalEnd, Settings, Takes};
use greenroom::speech::Speaker;
use greenroom::store::{self, Origin, SessionFolder};
use greenroom::types::{Drill, Report, Seconds, SessionSettings};
use jiff::Zoned;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::agenda::Order;
use super::context::Context;
use super::keys::Keys;
use super::parts::{self, ChosenModel, PartsArgs};
use super::questions::Pool;
use super::show::{self, Listener, Manner, Shown};
use super::signals::Signals;
use super::{Exit, Failure, Outcome, agenda, output, recover};

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
    let context = Context::load()?.with_flags(&args.parts.as_flags())?.with_flags(&[
        ("think_s", "--think", args.think.as_deref()),
        ("auto_stop_s", "--auto-stop", args.auto_stop.as_deref()),
        ("target_s", "--target", args.target.as_deref()),
    ])?;
    if args.keep {
        keep(&context, &args.ask)?;
    }
    let agenda = agenda::make(&context, args.order(), &args.pool(&context)?)?;
    if args.dry_run || agenda.questions.is_empty() {
        return agenda.show(args.json);
    }
    agenda.tell();
    let planned = agenda.questions;
    context.home.prepare()?;
    let earlier = recover::mend(&context);

    let (key_commands, commands) = unbounded_channel();
    let at_terminal = std::io::IsTerminal::is_terminal(&std::io::stdin());
    let sitting = Sitting {
        settings: Settings {
            think: time(context.config.think()),
            auto_stop: time(context.config.auto_stop()),
            think_situation: if *context.config.origin("think_s") == Origin::Default {
                Some(THINK_SITUATION)
            } else {
                time(context.config.think())
            },
            choose: at_terminal && args.mode == Mode::Study,
            reveal: args.mode == Mode::Study,
            style: Style {
                drill: args.drill.map(Drill::from),
                follow_ups: args.follow_ups,
                single: args.single,
                target_s: args.target.is_some().then(|| context.config.target_s()).flatten(),
                duration: args.duration,
                seed: args.seed.unwrap_or_else(|| fastrand::u64(..)),
                frameworks: parts::frameworks(&context),
            },
        },
        speaker: Box::new(parts::voice(&context)?),
        input: audio::input_named(context.config.device())?,
        // Whoever is asked for a model has typed everything else right.
        model: parts::model(&context)?,
        check_microphone: !args.no_mic_check && !audio::is_stand_in(context.config.device()),
        notices: true,
        manner: Manner { keys: at_terminal, reports: args.mode == Mode::Study && !args.json },
        listener: None,
        earlier: Some(agenda.earlier),
        planned,
    };
    if !at_terminal && sitting.settings.auto_stop.is_none() {
        output::talk("Standard input is no terminal: an answer ends by \"that's my answer\" or with --auto-stop 4s.");
    }
    let held = play(&context, sitting, key_commands.clone(), commands, || Keys::read_into(key_commands))?;
    if args.mode == Mode::Real && !args.json {
        held.shown.iter().for_each(show::Shown::print);
    }
    if args.json {
        output::result(&output::json(&json!({"session": held.end.session, "reports": held.reports()})))?;
    }
    if held.end.interrupted {
        return Ok(Exit::Interrupted);
    }
    recover::finish(&context, &earlier)?;
    Ok(Exit::Done)
}

impl Args {
    /// What there is to ask.
    fn pool(&self, context: &Context) -> Result<Pool, Failure> {
        if !self.ask.is_empty() {
            return Pool::of_words(context, &self.ask);
        }
        let choice = Choice {
            names: self.questions.clone(),
            count: self.count.map(|count| count as usize),
            tags: self.tag.clone(),
            seed: self.shuffle.then(|| self.seed.unwrap_or_else(|| fastrand::u64(..))),
        };
        Pool::of(context, choice)
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

/// Puts questions into the person's own banks.
fn keep(context: &Context, asked: &[String]) -> Result<(), Failure> {
    context.home.prepare()?;
    for text in asked {
        let kept = content::keep(text, &context.home.banks())?;
        let how = if kept.unchanged { "was kept before" } else { "is kept" };
        output::talk(&output::wrapped(&format!("\"{text}\" {how} in {}", kept.path.display())));
    }
    Ok(())
}

/// A question as it is typed, in one line.
fn question(text: &str) -> Result<String, String> {
    if !text.contains(char::is_alphanumeric) {
        return Err("expected a question, such as \"Why did you leave?\"".to_owned());
    }
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Time to think after a situation was read aloud, where nobody says.
const THINK_SITUATION: Duration = Duration::from_secs(20);

/// A length of a conversation as it is typed.
fn duration(text: &str) -> Result<Seconds, String> {
    let time = store::parse_time(text).filter(|time| time.0 > 0.0);
    time.ok_or_else(|| "expected a time, such as 20m or 45s".to_owned())
}

/// A setting of zero seconds is none.
fn time(setting: Option<Seconds>) -> Option<Duration> {
    setting.filter(|time| time.0 > 0.0).map(|time| Duration::from_secs_f64(time.0))
}

/// Everything that makes a sitting.
pub struct Sitting {
    pub model: ChosenModel,
    pub settings: Settings,
    pub speaker: Box<dyn Speaker>,
    pub input: Box<dyn AudioInput>,
    /// Whether to listen whether the microphone works before the first question.
    pub check_microphone: bool,
    /// Whether reports carry what must be known about the model: not needed where the voice is synthetic.
    pub notices: bool,
    pub manner: Manner,
    /// Who else hears what happens.
    pub listener: Option<Listener>,
    /// The takes that new ones are held against; `None` where the voice is synthetic.
    pub earlier: Option<EarlierTakes>,
    pub planned: Vec<Planned>,
}

/// What a sitting leaves.
pub struct Held {
    pub end: RehearsalEnd,
    pub shown: Vec<Shown>,
}

impl Held {
    /// The reports alone, in the order made.
    pub fn reports(&self) -> Vec<&Report> {
        self.shown.iter().filter_map(Shown::report).collect()
    }
}

/// Plays a sitting. `during` is called once everything is ready; what it returns lives until the end.
pub fn play<T>(
    context: &Context,
    sitting: Sitting,
    to_loop: UnboundedSender<Command>,
    commands: UnboundedReceiver<Command>,
    during: impl FnOnce() -> T,
) -> Result<Held, Failure> {
    let Sitting { model, settings, speaker, input, check_microphone, notices, manner, listener, earlier, planned } =
        sitting;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::of(&error))?;
    // Asked for this early, an end comes with the first question, and nothing is left half-made.
    let signals = Signals::listen(&runtime)?;
    let notices = if notices { model.notices() } else { Vec::new() };
    let assessor = Assessor::new(parts::lexicon(context)?, Arc::clone(&settings.style.frameworks), notices);
    let (take_events, take_signals) = unbounded_channel();
    let microphone = OpenMicrophone::open(input, take_events)?;
    output::talk(&format!("microphone: {}", microphone.device()));
    if check_microphone {
        check(&microphone)?;
    }
    let bank = planned.first().and_then(|planned| planned.bank.clone());
    let topic = bank.as_deref().unwrap_or("questions");
    let settings_used = SessionSettings {
        model: Some(model.name().to_owned()),
        device: Some(microphone.device().to_owned()),
        voice: context.config.voice().map(str::to_owned),
        think_s: context.config.think(),
        auto_stop_s: context.config.auto_stop(),
        drill: settings.style.drill,
    };
    let folder = SessionFolder::create(&context.home, &Zoned::now(), topic, bank.clone(), settings_used)?;
    let loading = model.clone();
    let takes = Takes::new(microphone, model.transcription(), move || loading.load_live(), assessor, folder)?;
    let (events, shown) = unbounded_channel();
    let rehearsal = Rehearsal::new(planned, settings, Parts { speaker, takes, take_signals, commands, events })?;
    let alive = during();
    let (end, shown) = runtime.block_on(async {
        tokio::spawn(interrupt_on(signals, to_loop));
        tokio::join!(rehearsal.run(), show::show(shown, manner, listener, earlier))
    });
    drop(alive);
    // A report in the making must not keep the person who pressed Ctrl-C.
    runtime.shutdown_background();
    Ok(Held { end: end?, shown })
}

fn check(microphone: &OpenMicrophone) -> Result<(), Failure> {
    let found = microphone.check()?;
    match found.hint() {
        None => Ok(()),
        Some(hint) if found == audio::MicCheck::AllZero => {
            Err(Failure::new(format!("the microphone {:?} gives nothing but zeros", microphone.device()))
                .because("it is muted, or another program has it")
                .hint(format!("{hint}   (or begin all the same: --no-mic-check)")))
        }
        Some(hint) => {
            output::talk(&format!("The microphone does not sound right ({found}): {hint}"));
            Ok(())
        }
    }
}

/// Ends the sitting in order when the system or Ctrl-C asks for it, and at once when asked again.
async fn interrupt_on(mut signals: Signals, to_loop: UnboundedSender<Command>) {
    signals.next().await;
    // The loop is gone when the session is over.
    let _ = to_loop.send(Command::Interrupt);
    signals.next().await;
    std::process::exit(130);
}
