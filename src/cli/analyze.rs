//! `greenroom analyze`: one recording or transcript to a report, or many transcripts as JSON lines.

use std::io::{BufRead, IsTerminal, Read};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use greenroom::assess::{AskedFrom, AssessError, Assessor};
use greenroom::audio::{self, WantedSound};
use greenroom::report::terminal::Options;
use greenroom::report::{self, terminal};
use greenroom::setup::{self, Context, Found};
use greenroom::transcripts::{self, Conversation, MAX_BYTES, Source, TranscriptError};
use greenroom::types::{Question, QuestionKind, Report, Transcript};
use serde::Deserialize;
use serde_json::json;

use super::{Exit, Failure, Outcome, context, output, parts};

/// Report on one recording or transcript.
#[derive(clap::Args)]
pub struct Args {
    /// A recording, a transcript (txt, srt, vtt, or JSON of a recogniser), or - for text on standard input
    #[arg(value_name = "INPUT")]
    input: PathBuf,
    /// Who answers, where several speak in a transcript: a name, or its beginning
    #[arg(long, value_name = "NAME")]
    speaker: Option<String>,
    /// Which track of sound is heard, from 1 [default: the one where somebody speaks]
    #[arg(long, value_name = "N")]
    track: Option<NonZeroUsize>,
    /// The question that was answered: an id from `greenroom bank show`, or its words
    #[arg(long, value_name = "ID")]
    question: Option<String>,
    /// The bank to look for the question in: a name or a file
    #[arg(long, value_name = "BANK")]
    bank: Option<String>,
    /// Whisper model: a name from `greenroom models list` or a file
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// Everything, not only the first screen
    #[arg(long)]
    full: bool,
    /// Add the transcript, its fillers marked
    #[arg(long)]
    transcript: bool,
    /// Read {"id","question","text"} lines and write one report a line, with its id
    #[arg(long, conflicts_with_all = ["question", "bank", "transcript", "full", "speaker"])]
    jsonl: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Outcome {
    let context = context::load_with(&[("model", "--model", args.model.as_deref())])?;
    if args.jsonl {
        return lines(&args.input, &context);
    }
    let found = args.question.as_deref().map(|id| setup::find(&context, args.bank.as_deref(), id)).transpose()?;
    let report = one(&args, &context, found.as_ref())?;
    output::result(&if args.json {
        report::json::pretty(&report)
    } else {
        terminal::render(&report, Options { full: args.full, transcript: args.transcript })
    })?;
    Ok(Exit::Done)
}

fn one(args: &Args, context: &Context, found: Option<&Found>) -> Result<Report, Failure> {
    let input = args.input.as_path();
    let asked = found.map(Found::asked);
    if let Some(transcript) = text_input(input, args.speaker.as_deref())? {
        let assessor = setup::assessor(context, Vec::new())?;
        return Ok(assessor.report_text(transcript, asked));
    }
    if args.speaker.is_some() {
        return Err(Failure::usage("--speaker chooses in a transcript, and a recording has none yet")
            .hint("leave out --speaker, or name a transcript with names in it"));
    }
    // That it is no recording is told before anything is asked of a model.
    audio::promised_length(input).map_err(AssessError::from)?;
    let model = parts::model(context)?;
    let assessor = setup::assessor(context, model.notices())?;
    let wanted = WantedSound { track: args.track, side: None };
    let (heard, transcript) = parts::transcribe(&model, input, wanted, &model.load_pool(None)?)?;
    Ok(assessor.report_recording(transcript, &heard, asked))
}

/// Endings of transcripts; anything else is a recording.
const TEXT_ENDINGS: [&str; 8] = ["txt", "text", "md", "json", "srt", "vtt", "sbv", "tsv"];

/// Whether a file is a transcript by its name.
pub fn is_transcript(input: &Path) -> bool {
    let ending = input.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    TEXT_ENDINGS.contains(&ending.as_str())
}

/// The transcript in a text file or on standard input; `None` for anything else, a recording.
pub fn text_input(input: &Path, speaker: Option<&str>) -> Result<Option<Transcript>, Failure> {
    let name = input.display().to_string();
    let source = if input == Path::new("-") {
        let bytes = all_of(std::io::stdin().lock(), "standard input")?;
        // Most likely the command before the pipe failed, and a report on nothing would hide that.
        if bytes.trim_ascii().is_empty() {
            return Err(Failure::new("there is no text on standard input").hint("greenroom analyze - < answer.txt"));
        }
        transcripts::read(&bytes, "standard input")?
    } else if is_transcript(input) {
        let file = std::fs::File::open(input).map_err(|error| unreadable(&name, &error))?;
        transcripts::read(&all_of(file, &name)?, &name)?
    } else {
        return Ok(None);
    };
    match source {
        Source::Conversation(conversation) => said_by(&conversation, speaker).map(Some),
        Source::Whole(_) if speaker.is_some() => {
            Err(Failure::usage(format!("nobody is named in {name}")).hint("leave out --speaker"))
        }
        Source::Whole(transcript) => Ok(Some(transcript)),
    }
}

/// All bytes, up to the size that a transcript can have: a device or a pipe may have no end.
fn all_of(input: impl Read, name: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    input.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| unreadable(name, &error))?;
    if bytes.len() > MAX_BYTES {
        return Err(TranscriptError::TooLarge { name: name.to_owned() }.into());
    }
    Ok(bytes)
}

fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("{name} could not be read")).because(error.to_string()).hint(format!("ls -l {name}"))
}

/// What one person said: who is named, who is chosen at the terminal, or else who says most.
fn said_by(conversation: &Conversation, speaker: Option<&str>) -> Result<Transcript, Failure> {
    let speakers = conversation.speakers();
    let speaker = match speaker {
        Some(wanted) => Some(conversation.find(wanted).map_err(|error| Failure::from(error).into_usage())?.name),
        None if speakers.len() < 2 => None,
        None if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() => Some(ask_who(conversation)?),
        None => conversation.main_speaker().map(|main| {
            let others = speakers.iter().filter(|other| other.name != main.name).map(|other| &*other.name);
            let others = others.collect::<Vec<_>>().join(", ");
            output::talk(&format!(
                "{} says most and is taken for who answers; --speaker NAME takes another: {others}",
                main.name
            ));
            main.name
        }),
    };
    Ok(conversation.transcript(speaker.as_deref()))
}

/// Asks at the terminal who answers; Enter is the one who says most.
fn ask_who(conversation: &Conversation) -> Result<String, Failure> {
    let main = conversation.main_speaker().map(|main| main.name).unwrap_or_default();
    output::talk("Several people speak:");
    for speaker in conversation.speakers() {
        output::talk(&format!("  {} ({} words)", speaker.name, speaker.words));
    }
    output::ask(&format!("Who answers? [{main}] "));
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(|error| Failure::of(&error))?;
    match answer.trim() {
        "" => Ok(main),
        wanted => Ok(conversation.find(wanted).map_err(Failure::from)?.name),
    }
}

/// One line of `--jsonl` input.
#[derive(Deserialize)]
struct Line {
    id: serde_json::Value,
    #[serde(default)]
    question: Option<String>,
    text: String,
}

fn lines(input: &Path, context: &Context) -> Outcome {
    let assessor = setup::assessor(context, Vec::new())?;
    let name = input.display().to_string();
    let mut reader: Box<dyn BufRead> = if input == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        let file = std::fs::File::open(input).map_err(|error| unreadable(&name, &error))?;
        Box::new(std::io::BufReader::new(file))
    };
    let mut exit = Exit::Done;
    let mut is_empty = true;
    let mut line = Vec::new();
    for index in 0.. {
        line.clear();
        // A device or a pipe may have a line without an end.
        let read = reader.by_ref().take(MAX_BYTES as u64 + 1).read_until(b'\n', &mut line);
        match read.map_err(|error| Failure::of(&error))? {
            0 => break,
            read if read > MAX_BYTES => return Err(TranscriptError::TooLarge { name }.into()),
            _ if line.trim_ascii().is_empty() => continue,
            _ => is_empty = false,
        }
        match serde_json::from_slice::<Line>(&line) {
            Ok(line) => output::result(&report_line(&assessor, line))?,
            Err(error) => {
                Failure::new(format!("{name} line {}: not {{\"id\", \"question\", \"text\"}}", index + 1))
                    .because(error.to_string())
                    .hint("the other lines are done; mend this one and run it again")
                    .print();
                exit = Exit::SomeFailed;
            }
        }
    }
    if is_empty {
        return Err(Failure::new(format!(
            "there is no line in {}",
            if name == "-" { "standard input" } else { &name }
        ))
        .hint("each line is an answer: {\"id\": 1, \"question\": \"Why us?\", \"text\": \"I ...\"}"));
    }
    Ok(exit)
}

fn report_line(assessor: &Assessor, line: Line) -> String {
    let question = line.question.map(|text| Question { text, kind: QuestionKind::default(), ..Question::default() });
    let asked = question.as_ref().map(|question| AskedFrom { question, bank: None });
    let report = assessor.report_text(Transcript::of_text(&line.text), asked);
    let mut value = json!({"id": line.id});
    let fields = serde_json::to_value(report).expect("our own types have string keys and plain values");
    if let (Some(value), serde_json::Value::Object(fields)) = (value.as_object_mut(), fields) {
        value.extend(fields);
    }
    value.to_string()
}
