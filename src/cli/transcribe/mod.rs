//! `greenroom transcribe`: recordings and folders of them to text, captions and reports.

mod progress;
mod tables;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use greenroom::asr::{Stop, TranscriptionPool};
use greenroom::assess::Assessor;
use greenroom::batch::{
    self, Archive, Batch, BatchEvent, Format, Input, MadeBy, NameTemplate, Outputs, Progress, Shard, Watch,
};
use greenroom::quote::quoted;
use greenroom::report;
use greenroom::setup::{self, ChosenModel, Context};
use greenroom::store::StoreError;

use self::progress::Bar;
use super::{Exit, Failure, Outcome, context, output, parts};

/// Transcribe recordings and folders of recordings.
#[derive(clap::Args)]
pub struct Args {
    /// Recordings, or folders of them (wav, mp3, m4a, ogg, opus, flac, webm and more)
    #[arg(value_name = "PATH", required_unless_present = "merge")]
    paths: Vec<PathBuf>,
    /// Write below this folder instead of beside each recording
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What to write for each recording, separated by commas; csv is one table of all of them
    #[arg(long, value_enum, value_delimiter = ',', default_value = "json,txt")]
    format: Vec<Wanted>,
    /// Also write a report on each recording, as json, md and html
    #[arg(long)]
    report: bool,
    /// Name files like this, without the ending: {stem}, {ending}, {folder}, {date}, {time} of the recording
    #[arg(long, value_name = "TEMPLATE")]
    name: Option<NameTemplate>,
    /// Pieces transcribed at a time [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    jobs: Option<u8>,
    /// Look into folders inside of folders
    #[arg(long)]
    recursive: bool,
    /// Do those again that are done already; a file that is not ours is left all the same
    #[arg(long)]
    force: bool,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    /// Only this part of the recordings, such as 1/4 [default: what Slurm or Kubernetes says, else all]
    #[arg(long, value_name = "I/N", conflicts_with = "watch")]
    shard: Option<Shard>,
    /// Make one table of all that was transcribed below this folder, by whatever machines
    #[arg(long, value_name = "DIR", conflicts_with_all = ["paths", "watch", "shard"])]
    merge: Option<PathBuf>,
    /// Go on looking for new recordings until Ctrl-C; one is taken when it has stopped growing
    #[arg(long, conflicts_with = "dry_run")]
    watch: bool,
    /// Note every recording that is done in this file, and leave out those that are in it
    #[arg(long, value_name = "FILE")]
    archive: Option<PathBuf>,
    /// Transcribe this track of sound, from 1 [default: the one where somebody speaks]
    #[arg(long, value_name = "N")]
    track: Option<NonZeroUsize>,
    /// Hear both channels together, or each for itself, such as the two sides of a call: NAME.left and NAME.right
    #[arg(long, value_enum, default_value = "together", value_name = "HOW", conflicts_with = "archive")]
    channels: Channels,
    /// Whisper model: a name from `greenroom models list` or a file
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// Print one line of JSON for each recording
    #[arg(long)]
    json: bool,
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
    /// Markdown, and a page with the table of all recordings
    Md,
    /// One table with a row for each recording, and one for each person where folders are people
    Csv,
}

/// How the channels of a recording are heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Channels {
    /// As one
    Together,
    /// As two recordings, left and right
    Split,
}

impl Wanted {
    fn per_recording(self) -> Option<Format> {
        match self {
            Wanted::Json => Some(Format::Json),
            Wanted::Txt => Some(Format::Txt),
            Wanted::Srt => Some(Format::Srt),
            Wanted::Vtt => Some(Format::Vtt),
            Wanted::Md => Some(Format::Md),
            Wanted::Csv => None,
        }
    }
}

impl Args {
    fn formats(&self) -> Vec<Format> {
        let mut formats: Vec<Format> = self.format.iter().filter_map(|wanted| wanted.per_recording()).collect();
        formats.extend(self.report.then_some(Format::REPORTS).into_iter().flatten());
        formats.sort();
        formats.dedup();
        formats
    }

    /// What is transcribed of the recordings: all of each, one track, or its two sides.
    fn sounds(&self, recordings: Vec<Input>) -> Vec<Input> {
        let is_split = self.channels == Channels::Split;
        recordings.into_iter().flat_map(|input| input.sounds(self.track, is_split)).collect()
    }

    fn outputs(&self, inputs: &[Input], made_by: &MadeBy) -> Outputs {
        let wanted = batch::Wanted { folder: self.out.clone(), formats: self.formats(), template: self.name.clone() };
        Outputs::plan(inputs, wanted, made_by.clone())
    }

    /// The part of the batch that this is, as it was said or as the engine says that started it.
    fn part(&self) -> Result<Option<Shard>, Failure> {
        if self.shard.is_some() || self.watch {
            return Ok(self.shard);
        }
        let said = Shard::from_environment(|name| std::env::var(name).ok());
        let said = said.map_err(|error| Failure::from(error).into_usage())?;
        if let Some((shard, variable)) = said {
            output::talk(&format!("Part {shard} of the recordings, as {variable} says (all of them: --shard 1/1)"));
        }
        Ok(said.map(|(shard, _)| shard))
    }
}

pub fn run(args: Args) -> Outcome {
    if let Some(folder) = &args.merge {
        return tables::merge(folder);
    }
    let context = context::load_with(&[("model", "--model", args.model.as_deref())])?;
    let shard = args.part()?;
    if args.watch {
        return watch(&args, &context);
    }
    let (all, unreadable) = batch::recordings(&args.paths, args.recursive)?;
    let all = args.sounds(all);
    let missing = unreadable.len();
    unreadable.into_iter().map(Failure::from).for_each(|failure| _ = failure.print());
    let model = if args.dry_run { setup::installed_model(&context)? } else { Some(parts::model(&context)?) };
    let made_by = model.as_ref().map_or_else(|| Ok(MadeBy::nothing()), ChosenModel::made_by)?;
    // All recordings have their names before a part is picked, so that the parts fit together.
    let outputs = args.outputs(&all, &made_by);
    let folder = args.out.as_deref().filter(|_| !args.dry_run);
    if let Some(folder) = folder {
        batch::prepare_folder(folder).map_err(unwritable)?;
    }
    let inputs = match shard {
        Some(shard) => shard.pick(all, folder).map_err(unwritable)?,
        None => all,
    };
    // Looking at what would be done makes no file.
    let archive = args.archive.as_deref().filter(|path| !args.dry_run || path.exists());
    let archive = archive.map(Archive::open).transpose()?;
    let todo = Todo::of(&inputs, &outputs, archive.as_ref(), args.force);
    todo.say(inputs.len());
    let Some(model) = model.filter(|_| !args.dry_run) else {
        return plan(&todo.inputs, &outputs);
    };
    let mut work = Work {
        args: &args,
        outputs: &outputs,
        archive,
        tally: Tally { left_alone: todo.in_the_way, ..Tally::default() },
    };
    let todo = work.writable(todo.inputs);
    if !todo.is_empty() {
        Desk::open(&args, &context, &model)?.transcribe(&mut work, &todo);
    }
    tables::write(&args, shard, &outputs, &inputs, &mut work.tally)?;
    Ok(work.tally.exit(missing, inputs.len()))
}

/// What a batch that cannot write says: what to type has to do with `--out`.
fn unwritable(error: StoreError) -> Failure {
    let hint = batch::write_elsewhere(&error);
    Failure::of(&error).hint(hint)
}

/// What is to be done of a batch.
struct Todo {
    inputs: Vec<Input>,
    /// Recordings that are done already.
    done: usize,
    /// Files of the person's own that stand where all that is missing of a recording belongs.
    in_the_way: usize,
}

impl Todo {
    fn of(inputs: &[Input], outputs: &Outputs, archive: Option<&Archive>, force: bool) -> Todo {
        let mut todo = Todo { inputs: Vec::new(), done: 0, in_the_way: 0 };
        for input in inputs {
            if !force && archive.is_some_and(|archive| archive.has(&input.path)) {
                todo.done += 1;
                continue;
            }
            match outputs.progress(input, force) {
                Progress::Done => todo.done += 1,
                Progress::InTheWay(files) => {
                    files.iter().for_each(|file| say_left(file));
                    todo.in_the_way += files.len();
                }
                Progress::ToDo => todo.inputs.push(input.clone()),
            }
        }
        todo
    }

    fn say(&self, found: usize) {
        if self.done > 0 {
            output::talk(&format!("{} of {found} are done already (--force does them again)", self.done));
        }
    }
}

/// Says that a file was left as it is.
fn say_left(file: &Path) {
    Failure::new(format!("{} was left as it is", quoted(file)))
        .because("greenroom did not write it, or it was changed since")
        .hint("move it away, or write elsewhere: --out DIR")
        .print();
}

/// What would be done, a line for each recording.
fn plan(inputs: &[Input], outputs: &Outputs) -> Outcome {
    let mut text = String::new();
    for input in inputs {
        let files: Vec<_> = outputs.files(input).iter().map(|file| file.display().to_string()).collect();
        text += &format!("{} -> {}\n", input.name(), files.join(", "));
    }
    output::result(&text)?;
    Ok(Exit::Done)
}

/// How a batch has gone so far.
#[derive(Default)]
struct Tally {
    done: usize,
    failed: usize,
    /// Files of the person's own that were left.
    left_alone: usize,
    /// Recordings that were left when the batch was stopped.
    unfinished: usize,
    /// Why results could not be printed, where that was so.
    unprinted: Option<String>,
}

impl Tally {
    /// The exit code of a batch of `of` recordings, besides which some paths were `missing`.
    fn exit(&self, missing: usize, of: usize) -> Exit {
        if self.unfinished > 0 {
            let left = self.unfinished;
            output::talk(&format!("stopped with {left} left; the same command goes on where it was"));
            return Exit::Interrupted;
        }
        if let Some(reason) = &self.unprinted {
            let what = "the results could not be printed; the files are written";
            Failure::new(what).because(reason.clone()).hint("read the files, or print to another place").print();
            return Exit::Failed;
        }
        match self.failed {
            0 if missing + self.left_alone == 0 => Exit::Done,
            all if all == of && of > 0 => Exit::Failed,
            _ => Exit::SomeFailed,
        }
    }
}

/// A batch that is worked through.
struct Work<'a> {
    args: &'a Args,
    outputs: &'a Outputs,
    archive: Option<Archive>,
    tally: Tally,
}

impl Work<'_> {
    /// The recordings whose results can be written: that is tried before any is transcribed.
    fn writable(&mut self, inputs: Vec<Input>) -> Vec<Input> {
        let all = inputs.len();
        let (ready, errors) = self.outputs.prepare(inputs);
        errors.into_iter().for_each(|error| _ = unwritable(error).print());
        self.tally.failed += all - ready.len();
        ready
    }

    /// Takes in what became of a recording.
    fn take(&mut self, event: &BatchEvent, bar: &Bar) {
        match event {
            BatchEvent::Done { path, report, outcome } => {
                self.tally.done += 1;
                self.tally.left_alone += outcome.left.len();
                outcome.left.iter().for_each(|file| bar.suspend(|| say_left(file)));
                let sha256 = report.recording.as_ref().map(|recording| recording.sha256.as_str());
                let archived = self.archive.as_mut().zip(sha256).map(|(archive, sha256)| archive.add(path, sha256));
                if let Some(Err(error)) = archived {
                    bar.suspend(|| Failure::from(error).print());
                    self.tally.failed += 1;
                }
                if self.args.json && self.tally.unprinted.is_none() {
                    let line = report::json::line(report);
                    // The batch goes on for its files.
                    self.tally.unprinted =
                        bar.suspend(|| output::try_result(&line)).err().map(|error| error.to_string());
                }
            }
            BatchEvent::Failed { .. } => self.tally.failed += 1,
            BatchEvent::Started { .. } | BatchEvent::Advanced { .. } => {}
        }
    }
}

/// What recordings are transcribed with: loaded once, for a batch or for all that a watched folder brings.
struct Desk {
    model: ChosenModel,
    assessor: Assessor,
    pool: TranscriptionPool,
    stop: Stop,
}

impl Desk {
    fn open(args: &Args, context: &Context, model: &ChosenModel) -> Result<Desk, Failure> {
        let assessor = setup::assessor(context, model.notices())?;
        let pool = model.load_pool(args.jobs.map(usize::from))?;
        let stop = Stop::default();
        let asked = stop.clone();
        parts::on_ctrl_c(move || asked.ask());
        Ok(Desk { model: model.clone(), assessor, pool, stop })
    }

    fn transcribe(&self, work: &mut Work, inputs: &[Input]) {
        let bar = Bar::new(inputs);
        let outputs = work.outputs;
        let shared = Mutex::new(work);
        let transcription = self.model.transcription();
        let batch = Batch { assessor: &self.assessor, transcription: &transcription, outputs, stop: &self.stop };
        let left = batch.run(inputs, &self.pool, &|event| {
            bar.show(&event);
            shared.lock().expect("no worker panics while it holds the work").take(&event, &bar);
        });
        bar.finish();
        self.model.notices().iter().for_each(|notice| output::talk(notice));
        let work = shared.into_inner().expect("no worker panics while it holds the work");
        work.tally.unfinished = left;
    }
}

/// How long a recording must have stayed as it is to be taken for finished.
const SETTLED: Duration = Duration::from_secs(5);
/// How often a watched folder is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Transcribes what there is and what is added, until Ctrl-C.
fn watch(args: &Args, context: &Context) -> Outcome {
    let model = parts::model(context)?;
    let made_by = model.made_by()?;
    if let Some(folder) = &args.out {
        batch::prepare_folder(folder).map_err(unwritable)?;
    }
    let desk = Desk::open(args, context, &model)?;
    let mut archive = args.archive.as_deref().map(Archive::open).transpose()?;
    let mut watched = Watch::new(SETTLED);
    output::talk("Looking for recordings; Ctrl-C ends it");
    while !desk.stop.is_asked() {
        // A folder that is empty, or not there for a moment, may have something in it later.
        let all = batch::recordings(&args.paths, args.recursive).map_or_else(|_| Vec::new(), |(all, _)| all);
        let ready = watched.ready(all.clone(), Instant::now());
        if !ready.is_empty() {
            let (all, ready) = (args.sounds(all), args.sounds(ready));
            let outputs = args.outputs(&all, &made_by);
            let todo = Todo::of(&ready, &outputs, archive.as_ref(), args.force);
            let mut work = Work { args, outputs: &outputs, archive: archive.take(), tally: Tally::default() };
            let todo = work.writable(todo.inputs);
            if !todo.is_empty() {
                desk.transcribe(&mut work, &todo);
                tables::write(args, None, &outputs, &all, &mut work.tally)?;
            }
            archive = work.archive.take();
        }
        std::thread::sleep(LOOK);
    }
    output::talk("Stopped; everything that was done is kept");
    Ok(Exit::Interrupted)
}
