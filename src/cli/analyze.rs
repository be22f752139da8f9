//! `greenroom analyze`: one recording or transcript to a report, or many transcripts as JSON lines.

use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

use greenroom::assess::{AskedFrom, AssessError, Assessor};
use greenroom::audio;
use greenroom::report::terminal::Options;
use greenroom::report::{self, terminal};
use greenroom::types::{Question, QuestionKind, Report, Transcript};
use serde::Deserialize;
use serde_json::json;

use super::context::Context;
use super::questions::{self, Found};
use super::{Exit, Failure, Outcome, output, parts};

/// Report on one recording or transcript.
#[derive(clap::Args)]
pub struct Args {
    /// A recording, a transcript (.txt or .json), or - for text on standard input
    #[arg(value_name = "INPUT")]
    input: PathBuf,
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
    #[arg(long, conflicts_with_all = ["question", "bank", "transcript", "full"])]
    jsonl: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Outcome {
    let context = Context::load()?.with_flags(&[("model", "--model", args.model.as_deref())])?;
    if args.jsonl {
        return lines(&args.input, &context);
    }
    let found = args.question.as_deref().map(|id| questions::find(&context, args.bank.as_deref(), id)).transpose()?;
    let report = one(&args.input, &context, found.as_ref())?;
    output::result(&if args.json {
        report::json::pretty(&report)
    } else {
        terminal::render(&report, Options { full: args.full, transcript: args.transcript })
    })?;
    Ok(Exit::Done)
}

fn one(input: &Path, context: &Context, found: Option<&Found>) -> Result<Report, Failure> {
    let asked = found.map(Found::asked);
    if let Some(transcript) = text_input(input)? {
        let assessor = parts::assessor(context, Vec::new())?;
        return Ok(assessor.report_text(transcript, asked));
    }
    // That it is no recording is told before anything is asked of a model.
    audio::promised_length(input).map_err(AssessError::from)?;
    let model = parts::model(context)?;
    let assessor = parts::assessor(context, model.notices())?;
    let (heard, transcript) = parts::transcribe(&model, input, &model.load_pool(None)?)?;
    Ok(assessor.report_recording(transcript, &heard, asked))
}

/// The transcript in a text or JSON file or on standard input; `None` for anything else, a recording.
fn text_input(input: &Path) -> Result<Option<Transcript>, Failure> {
    let ending = input.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let text = match ending.as_deref() {
        _ if input == Path::new("-") => read_stdin()?,
        Some("txt" | "md" | "json") => read_file(input)?,
        _ => return Ok(None),
    };
    if ending.as_deref() == Some("json") {
        json_transcript(input, &text).map(Some)
    } else {
        Ok(Some(Transcript::of_text(&text)))
    }
}

/// A transcript as `transcribe` writes it, or the transcript inside of a report.
fn json_transcript(input: &Path, text: &str) -> Result<Transcript, Failure> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Known {
        Report { transcript: Transcript },
        Transcript(Transcript),
    }
    match serde_json::from_str(text) {
        Ok(Known::Report { transcript } | Known::Transcript(transcript)) => Ok(transcript),
        Err(error) => Err(Failure::new(format!("{} is no transcript of Greenroom", input.display()))
            .because(error.to_string())
            .hint(format!(
                "greenroom transcribe RECORDING writes one; for other text: greenroom analyze - < {}",
                input.display()
            ))),
    }
}

fn read_stdin() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map_err(|error| Failure::of(&error))?;
    let text = utf8(bytes, "standard input")?;
    // Most likely the command before the pipe failed, and a report on nothing would hide that.
    if text.trim().is_empty() {
        return Err(Failure::new("there is no text on standard input").hint("greenroom analyze - < answer.txt"));
    }
    Ok(text)
}

fn read_file(path: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(path).map_err(|error| {
        Failure::new(format!("{} could not be read", path.display()))
            .because(error.to_string())
            .hint(format!("ls -l {}", path.display()))
    })?;
    utf8(bytes, &path.display().to_string())
}

fn utf8(bytes: Vec<u8>, name: &str) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        let line = error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        Failure::new(format!("{name} is no UTF-8 text: line {line} is not"))
            .hint("a recording is analysed by its file name, a text must be UTF-8: iconv -t UTF-8")
    })
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
    let assessor = parts::assessor(context, Vec::new())?;
    let name = input.display().to_string();
    let reader: Box<dyn BufRead> = if input == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        let file = std::fs::File::open(input).map_err(|error| {
            Failure::new(format!("{name} could not be read")).because(error.to_string()).hint(format!("ls -l {name}"))
        })?;
        Box::new(std::io::BufReader::new(file))
    };
    let mut exit = Exit::Done;
    for (index, line) in reader.split(b'\n').enumerate() {
        let line = line.map_err(|error| Failure::of(&error))?;
        if line.trim_ascii().is_empty() {
            continue;
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
