//! `greenroom transcribe`: recordings and folders of them to text, captions and reports.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use greenroom::asr::Stop;
use greenroom::batch::{self, Batch, BatchEvent, Format, Input, Outputs, Shard};
use greenroom::report::{self, csv};
use greenroom::types::{Report, Seconds};
use indicatif::{ProgressBar, ProgressStyle};

use super::context::Context;
use super::live::clock;
use super::{Exit, Failure, Outcome, output, parts};

/// Transcribe recordings and folders of recordings.
#[derive(clap::Args)]
pub struct Args {
    /// Recordings, or folders of them (wav, mp3, m4a, ogg, opus, flac, webm and more)
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Write below this folder instead of beside each recording
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What to write for each recording, separated by commas; csv is one table of all of them
    #[arg(long, value_enum, value_delimiter = ',', default_value = "json,txt")]
    format: Vec<Wanted>,
    /// Also write a report on each recording
    #[arg(long)]
    report: bool,
    /// Pieces transcribed at a time [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    jobs: Option<u8>,
    /// Which track of sound is heard, from 1 [default: the one where somebody speaks]
    #[arg(long, value_name = "N")]
    track: Option<NonZeroUsize>,
    /// Hear both channels together, or each for itself, such as the two sides of a call
    #[arg(long, value_enum, default_value = "together", value_name = "HOW")]
    channels: Channels,
    /// Look into folders inside of folders
    #[arg(long)]
    recursive: bool,
    /// Do those again that are done already
    #[arg(long)]
    force: bool,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    /// Only this part of the recordings, such as 1/4
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Whisper model: a name from `greenroom models list` or a file
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// Print one line of JSON for each recording
    #[arg(long)]
    json: bool,
}

/// How the channels of a recording are heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Channels {
    /// As one
    Together,
    /// As two recordings, left and right
    Split,
}

/// What can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Wanted {
    /// Words with their times
    Json,
    /// Plain text
    Txt,
    /// SubRip captions
    Srt,
    /// WebVTT captions
    Vtt,
    /// One table with a row for each recording
    Csv,
}

impl Wanted {
    fn per_recording(self) -> Option<Format> {
        match self {
            Wanted::Json => Some(Format::Json),
            Wanted::Txt => Some(Format::Txt),
            Wanted::Srt => Some(Format::Srt),
            Wanted::Vtt => Some(Format::Vtt),
            Wanted::Csv => None,
        }
    }
}

pub fn run(args: Args) -> Outcome {
    let context = Context::load()?.with_flags(&[("model", "--model", args.model.as_deref())])?;
    let (mut all, unreadable) = batch::recordings(&args.paths, args.recursive)?;
    all.iter_mut().for_each(|input| input.sound.track = args.track);
    if args.channels == Channels::Split {
        all = batch::sides(all);
    }
    let formats = args.format.iter().filter_map(|wanted| wanted.per_recording()).collect();
    // All recordings have their names before a part is picked, so that the parts fit together.
    let outputs = Outputs::plan(&all, args.out.as_deref(), formats, args.report);
    let mut inputs = match args.shard {
        Some(shard) => shard.pick(all),
        None => all,
    };
    let missing = unreadable.len();
    unreadable.into_iter().map(Failure::from).for_each(|failure| _ = failure.print());
    let found = inputs.len();
    // The table of a batch has a row for each recording, so with it nothing is left out.
    if !args.force && !args.format.contains(&Wanted::Csv) {
        inputs.retain(|input| !outputs.are_done(input));
    }
    let skipped = found - inputs.len();
    if skipped > 0 {
        output::talk(&format!("{skipped} of {found} are done already (--force does them again)"));
    }
    if args.dry_run {
        return plan(&inputs, &outputs);
    }
    let exit = if inputs.is_empty() { Exit::Done } else { transcribe(&args, &context, &inputs, &outputs)? };
    Ok(match exit {
        Exit::Done if missing > 0 => Exit::SomeFailed,
        // Of the whole batch, only those failed that were not done before.
        Exit::Failed if skipped > 0 => Exit::SomeFailed,
        exit => exit,
    })
}

/// What would be done, a line for each file.
fn plan(inputs: &[Input], outputs: &Outputs) -> Outcome {
    let mut text = String::new();
    for input in inputs {
        let files: Vec<_> = outputs.files(input).iter().map(|file| file.display().to_string()).collect();
        text += &format!("{} -> {}\n", input.path.display(), files.join(", "));
    }
    output::result(&text)?;
    Ok(Exit::Done)
}

fn transcribe(args: &Args, context: &Context, inputs: &[Input], outputs: &Outputs) -> Outcome {
    let model = parts::model(context)?;
    let assessor = parts::assessor(context, model.notices())?;
    let pool = model.load_pool(args.jobs.map(usize::from))?;
    let stop = Stop::default();
    let asked = stop.clone();
    parts::on_ctrl_c(move || asked.ask());
    let bar = Bar::new(inputs.len());
    let rows = Mutex::new(Vec::new());
    let batch = Batch { assessor: &assessor, transcription: &model.transcription(), outputs, stop: &stop };
    let left = batch.run(inputs, &pool, &|event| {
        bar.show(&event);
        let row = match event {
            BatchEvent::Done { path, report, .. } => {
                if args.json {
                    bar.print(&report::json::line(&report));
                }
                Row { path: path.to_owned(), outcome: Ok(report) }
            }
            BatchEvent::Failed { path, error } => Row { path: path.to_owned(), outcome: Err(error.to_string()) },
            BatchEvent::Started { .. } | BatchEvent::Advanced { .. } => return,
        };
        rows.lock().expect("no worker panics while it holds the rows").push(row);
    });
    let rows = rows.into_inner().expect("no worker panics while it holds the rows");
    let failed = rows.iter().filter(|row| row.outcome.is_err()).count();
    bar.finish(&rows);
    for notice in model.notices() {
        output::talk(&notice);
    }
    if args.format.contains(&Wanted::Csv) {
        write_table(args, rows)?;
    }
    if left > 0 {
        output::talk(&format!("stopped with {left} left; the same command goes on where it was"));
        return Ok(Exit::Interrupted);
    }
    Ok(match failed {
        0 => Exit::Done,
        all if all == inputs.len() => Exit::Failed,
        _ => Exit::SomeFailed,
    })
}

/// What became of one recording.
struct Row {
    path: PathBuf,
    outcome: Result<Box<Report>, String>,
}

/// Writes the table of all recordings, in the order of their names, those that failed with their reason.
fn write_table(args: &Args, mut rows: Vec<Row>) -> Result<(), Failure> {
    rows.sort_by(|a, b| a.path.cmp(&b.path));
    let files: Vec<String> = rows.iter().map(|row| row.path.display().to_string()).collect();
    let table = csv::summary(
        rows.iter()
            .zip(&files)
            .map(|(row, file)| csv::Row { file, outcome: row.outcome.as_deref().map_err(String::as_str) }),
    );
    let name = args.shard.map_or_else(|| "summary.csv".to_owned(), |shard| format!("summary-{shard}.csv"));
    let written = batch::write_table(&args.out.as_deref().unwrap_or(Path::new(".")).join(name), &table)?;
    output::talk(&format!("table: {}", written.display()));
    Ok(())
}

/// The progress bar: recordings done, the one at hand, how much sound is done, speed against real time.
struct Bar {
    bar: ProgressBar,
    began: Instant,
    /// The recording at hand, and how many milliseconds of sound are done in all.
    at_hand: Mutex<(String, u64)>,
}

impl Bar {
    fn new(recordings: usize) -> Bar {
        let style = ProgressStyle::with_template("{bar:24} {pos}/{len}  {msg}").expect("the template is constant");
        let bar = ProgressBar::new(recordings as u64).with_style(style);
        bar.enable_steady_tick(std::time::Duration::from_millis(200));
        Bar { bar, began: Instant::now(), at_hand: Mutex::default() }
    }

    fn show(&self, event: &BatchEvent) {
        match event {
            BatchEvent::Started { path, duration } => {
                let length = duration.map_or_else(String::new, |length| format!(" ({})", clock(length.0)));
                self.tell(|at_hand| at_hand.0 = format!("{}{length}", file_name(path)));
            }
            BatchEvent::Advanced { by, .. } => self.tell(|at_hand| at_hand.1 += (by.0 * 1000.0) as u64),
            BatchEvent::Done { .. } => self.bar.inc(1),
            BatchEvent::Failed { error, .. } => {
                self.bar.inc(1);
                let failure = Failure::of(error).hint(error.hint());
                self.bar.suspend(|| failure.print());
            }
        }
    }

    fn tell(&self, change: impl FnOnce(&mut (String, u64))) {
        let mut at_hand = self.at_hand.lock().expect("no worker panics while it holds this");
        change(&mut at_hand);
        let done = at_hand.1 as f64 / 1000.0;
        let speed = done / self.began.elapsed().as_secs_f64().max(0.001);
        self.bar.set_message(format!("{}  {} done, {speed:.0} x real time", at_hand.0, clock(done)));
    }

    /// A line of results above the bar.
    fn print(&self, line: &str) {
        // A closed stdout ends the program in there; any other failure shows at the end.
        self.bar.suspend(|| output::result(line).ok());
    }

    fn finish(&self, rows: &[Row]) {
        self.bar.finish_and_clear();
        let done: Vec<_> = rows.iter().filter_map(|row| row.outcome.as_ref().ok()).collect();
        let sound: Seconds = done.iter().filter_map(|r| r.recording.as_ref()).map(|r| r.duration_s).sum();
        let took = self.began.elapsed().as_secs_f64();
        let (count, speed) = (done.len(), sound.0 / took.max(0.001));
        output::talk(&format!(
            "{count} transcribed: {} of sound in {}, {speed:.1} x real time",
            clock(sound.0),
            clock(took)
        ));
    }
}

fn file_name(path: &std::path::Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
