//! `greenroom rehearse`: the spoken loop at a terminal.

use std::time::Duration;

use super::parts::PartsArgs;

/// Hear questions, answer aloud, read the report.
#[derive(clap::Args)]
pub struct Args {
    /// Banks (by name or file) or question ids; all of our own questions when none is named
    #[arg(value_name = "BANK|ID")]
    questions: Vec<String>,
    /// How many questions to ask [default: 3, or all that were named]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    count: Option<u32>,
    /// Only questions with this tag or theme
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// In random order
    #[arg(long)]
    shuffle: bool,
    /// Makes --shuffle repeatable
    #[arg(long, value_name = "N", requires = "shuffle")]
    seed: Option<u64>,
    /// Time to think before recording starts
    #[arg(long, value_name = "TIME", value_parser = setting("think_s"))]
    think: Option<String>,
    /// Wanted length of an answer, such as 90s, 2m or 60s-2m [default: the question's own]
    #[arg(long, value_name = "TIME", value_parser = target)]
    target: Option<[u32; 2]>,
    /// End an answer by itself after this much silence
    #[arg(long, value_name = "TIME", value_parser = duration)]
    auto_stop: Option<Duration>,
    /// Ask up to this many follow-up questions by itself
    #[arg(long, value_name = "N", default_value_t = 0)]
    follow_ups: usize,
    /// When reports are shown
    #[arg(long, value_enum, default_value_t = Mode::Study)]
    mode: Mode,
    #[command(flatten)]
    parts: PartsArgs,
    /// Print the session and its reports as JSON at the end
    #[arg(long)]
    json: bool,
}

/// When reports are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Mode {
    /// After each answer
    Study,
    /// All at the end, as in a real interview
    Real,
}
