//! `greenroom review import`: recordings and transcripts from elsewhere become takes.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use greenroom::asr::TranscriptionPool;
use greenroom::assess::{AssessError, Assessor};
use greenroom::audio::{self, WantedSound};
use greenroom::batch::{self, Input};
use greenroom::content;
use greenroom::models::sha256;
use greenroom::quote::quoted;
use greenroom::setup::{self, ChosenModel, Context, Found};
use greenroom::store::{self, Draft, Taking};
use greenroom::types::{Imported, QuestionRef, Report, TakeName, Transcript};
use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, Zoned};
use serde_json::json;

use super::super::analyze::{is_transcript, text_input};
use super::super::parts;
use super::super::{Exit, Failure, Outcome, context, output};
use super::index;

/// Take recordings and transcripts from elsewhere among your takes, each with a report.
#[derive(clap::Args)]
pub struct Args {
    /// Recordings, transcripts (txt, srt, vtt, JSON of a recogniser), folders of recordings
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// What was asked: an id from `greenroom bank show`, or its words
    #[arg(long, value_name = "ID")]
    question: Option<String>,
    /// The bank to look for the question in: a name or a file
    #[arg(long, value_name = "BANK")]
    bank: Option<String>,
    /// When it was recorded: 2026-11-21, 2026-11-21T09:30 [default: the file's own time]
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// Who answers, where several speak in a transcript: a name, or its beginning
    #[arg(long, value_name = "NAME")]
    speaker: Option<String>,
    /// Leave recordings where they are, and keep a link to each
    #[arg(long)]
    refer: bool,
    /// Look into the folders inside folders as well
    #[arg(long)]
    recursive: bool,
    /// Whisper model: a name from `greenroom models list` or a file
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Outcome {
    let context = context::load_with(&[("model", "--model", args.model.as_deref())])?;
    let at = args.date.as_deref().map(date).transpose()?;
    let asked = args.question.as_deref().map(|id| setup::find(&context, args.bank.as_deref(), id)).transpose()?;
    let (files, mut failed) = files_of(&args.paths, args.recursive)?;
    let mut importer = Importer { context: &context, args: &args, asked, at, heard: None, known: known(&context)? };
    let mut done = Vec::new();
    for file in &files {
        match importer.import(file) {
            Ok(take) => done.push(take),
            Err(failure) => {
                failure.print();
                failed += 1;
            }
        }
    }
    index::refresh(&context);
    if args.json {
        output::result(&output::json(&json!({"takes": done, "failed": failed})))?;
    }
    Ok(if failed == 0 { Exit::Done } else { Exit::SomeFailed })
}

/// The files to import, folders opened; and how many of the paths could not be read.
fn files_of(paths: &[PathBuf], recursive: bool) -> Result<(Vec<PathBuf>, usize), Failure> {
    let (transcripts, others): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.iter().cloned().partition(|path| is_transcript(path));
    let (recordings, problems) = match &others[..] {
        [] => (Vec::new(), Vec::new()),
        others => batch::recordings(others, recursive)?,
    };
    let failed = problems.len();
    problems.into_iter().for_each(|problem| _ = Failure::from(problem).print());
    let recordings = recordings.into_iter().map(|Input { path, .. }| path);
    Ok((recordings.chain(transcripts).collect(), failed))
}

/// The day or the moment that was typed, in this machine's zone.
fn date(typed: &str) -> Result<Zoned, Failure> {
    let moment =
        typed.parse::<DateTime>().or_else(|_| typed.parse::<Date>().map(|day| day.to_datetime(Time::midnight())));
    let moment = moment.and_then(|moment| moment.to_zoned(jiff::tz::TimeZone::system()));
    moment.map_err(|_| {
        Failure::usage(format!("--date {typed:?} is no date")).hint("--date 2026-11-21, or --date 2026-11-21T09:30")
    })
}

/// What was imported before, by what it was made from.
fn known(context: &Context) -> Result<Vec<(String, TakeName)>, Failure> {
    let sessions = store::list_sessions(&context.home)?.sessions;
    let takes = sessions.into_iter().flat_map(|stored| {
        let id = stored.session.id;
        let named = move |take| TakeName { session: id.clone(), take };
        let answers = stored.session.answers.into_iter();
        answers.filter_map(move |answer| Some((answer.imported?.sha256, named(answer.take)))).collect::<Vec<_>>()
    });
    Ok(takes.collect())
}

struct Importer<'a> {
    context: &'a Context,
    args: &'a Args,
    asked: Option<Found>,
    at: Option<Zoned>,
    /// Loaded for the first recording.
    heard: Option<(ChosenModel, TranscriptionPool)>,
    known: Vec<(String, TakeName)>,
}

/// What became of a file.
#[derive(serde::Serialize)]
struct Done {
    path: PathBuf,
    take: TakeName,
    /// Whether it was here already.
    already: bool,
}

impl Importer<'_> {
    fn import(&mut self, file: &Path) -> Result<Done, Failure> {
        let sha256 = sha256::of_file(file).map_err(|cause| unreadable(file, &cause))?;
        if let Some((_, take)) = self.known.iter().find(|(known, _)| *known == sha256) {
            let take = take.clone();
            output::talk(&format!("{} is here already: {}/{}", file.display(), take.session, take.take));
            return Ok(Done { path: file.to_owned(), take, already: true });
        }
        let at = self.at.clone().map_or_else(|| time_of(file), Ok)?;
        let imported = Imported { from: file.display().to_string(), sha256: sha256.clone() };
        let question = self.question(file);
        // What it says comes first: a file that cannot be understood leaves no trace.
        let text = text_input(file, self.args.speaker.as_deref())?;
        let mut draft;
        let (transcript, report) = match text {
            Some(transcript) => {
                draft = Draft::begin(&self.context.home, &at, &question, imported)?;
                let assessor = setup::assessor(self.context, Vec::new())?;
                (transcript.clone(), assessor.report_text(transcript, self.asked.as_ref().map(Found::asked)))
            }
            None => {
                audio::promised_length(file).map_err(AssessError::from)?;
                draft = Draft::begin(&self.context.home, &at, &question, imported)?;
                let taking = if self.args.refer { Taking::Refer } else { Taking::Copy };
                let recording = draft.take_recording(file, taking)?;
                self.hear(&recording)?
            }
        };
        let session = draft.publish(&self.context.home, &transcript, &report)?;
        let take = TakeName { session, take: 1 };
        output::talk(&format!(
            "{} is {}/{}, {} words",
            file.display(),
            take.session,
            take.take,
            transcript.words.len()
        ));
        self.known.push((sha256, take.clone()));
        Ok(Done { path: file.to_owned(), take, already: false })
    }

    /// What is said in a recording of a session, and the report on it.
    fn hear(&mut self, recording: &Path) -> Result<(Transcript, Report), Failure> {
        let (model, pool) = match &self.heard {
            Some(heard) => heard,
            None => {
                let model = parts::model(self.context)?;
                let pool = model.load_pool(None)?;
                self.heard.insert((model, pool))
            }
        };
        let assessor: Assessor = setup::assessor(self.context, model.notices())?;
        let (mut heard, transcript) = parts::transcribe(model, recording, WantedSound::default(), pool)?;
        heard.recording.path = recording.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let asked = self.asked.as_ref().map(Found::asked);
        let report = assessor.report_recording(transcript.clone(), &heard, asked);
        Ok((transcript, report))
    }

    /// What was asked; where nobody says, the file's name stands for it.
    fn question(&self, file: &Path) -> QuestionRef {
        if let Some(asked) = &self.asked {
            return asked.asked().reference();
        }
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        QuestionRef { id: content::question_of_words(&stem).id, text: stem, bank: None }
    }
}

/// When a file was changed last, which for a recording is when it ended.
fn time_of(file: &Path) -> Result<Zoned, Failure> {
    let modified =
        std::fs::metadata(file).and_then(|found| found.modified()).map_err(|cause| unreadable(file, &cause))?;
    let at = Timestamp::try_from(modified.max(SystemTime::UNIX_EPOCH)).unwrap_or_default();
    Ok(at.to_zoned(jiff::tz::TimeZone::system()))
}

fn unreadable(file: &Path, cause: &std::io::Error) -> Failure {
    Failure::new(format!("{} could not be read", file.display()))
        .because(cause.to_string())
        .hint(format!("ls -l {}", quoted(file)))
}
