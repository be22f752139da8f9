//! `greenroom doctor`: what this machine has, what is wrong and how to mend it, as a block to paste.

use std::process::Command;

use greenroom::audio::{self, Capture, CaptureSettings, PROBE, devices};
use greenroom::calibrate::{self, CalibrateError};
use greenroom::models::catalog;
use greenroom::remedy::Remedy;
use greenroom::report;
use greenroom::setup::{self, Context};
use greenroom::speech::FileVoice;
use greenroom::store::{self, ConfigError};
use greenroom::types::Seconds;
use serde::Serialize;
use serde_json::json;

use super::{Exit, Failure, Outcome, context, output, parts};

/// What this machine has, what is wrong, and how to mend it.
#[derive(clap::Args)]
pub struct Args {
    /// Have a voice read known texts and measure how well they are heard; later reports cite it
    #[arg(long)]
    calibrate: bool,
    /// Whisper model: a name from `greenroom models list` or a file
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// One thing that was looked at.
#[derive(Serialize)]
struct Finding {
    what: &'static str,
    state: State,
    /// What was found.
    found: String,
    /// How to mend it; nothing where all is well.
    mend: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// It works.
    Good,
    /// It works less well than it could.
    Limited,
    /// It does not work.
    Bad,
}

impl State {
    fn mark(self) -> &'static str {
        match self {
            State::Good => "ok  ",
            State::Limited => "note",
            State::Bad => "BAD ",
        }
    }
}

impl Finding {
    fn good(what: &'static str, found: impl Into<String>) -> Finding {
        Finding { what, state: State::Good, found: found.into(), mend: None }
    }

    fn limited(what: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Finding {
        Finding { what, state: State::Limited, found: found.into(), mend: Some(mend.into()) }
    }

    fn bad(what: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Finding {
        Finding { what, state: State::Bad, found: found.into(), mend: Some(mend.into()) }
    }
}

pub fn run(args: Args) -> Outcome {
    let (context, left_out) = Context::look(context::say)?;
    let context = context.with_flags(&[("model", "--model", args.model.as_deref())])?;
    if args.calibrate {
        // There are no findings to list them among.
        context.tell_left_out(&left_out);
        return calibrate(&context, args.json);
    }
    let mut findings = vec![home(&context)];
    findings.extend(settings(&context, &left_out));
    findings.extend([
        takes(&context),
        model(&context),
        microphone(&context),
        voice(),
        program("demo", &["pulseaudio", "paplay", "espeak-ng"], "scripts/setup   (only `greenroom demo` needs them)"),
    ]);
    if args.json {
        output::result(&output::json(&json!({"version": env!("CARGO_PKG_VERSION"), "findings": findings})))?;
    } else {
        output::result(&block(&findings))?;
    }
    Ok(if findings.iter().any(|finding| finding.state == State::Bad) { Exit::Failed } else { Exit::Done })
}

/// Measures how well known speech is heard, and keeps what was found for later reports.
fn calibrate(context: &Context, json: bool) -> Outcome {
    context.home.prepare()?;
    let voice = FileVoice::of_this_machine().ok_or(CalibrateError::NoVoice)?;
    let model = parts::model(context)?;
    let pool = model.load_pool(None)?;
    output::talk(&format!("{} reads, {} listens.", voice.name(), model.name()));
    let bar = parts::transcribing_bar();
    let mut begun = |length: Seconds| bar.set_length(length.0 as u64);
    let mut progress = |done: Seconds| bar.set_position(done.0 as u64);
    let now = jiff::Timestamp::now();
    let found = calibrate::calibrate(voice, &model.transcription(), &pool, now, &mut begun, &mut progress)?;
    bar.finish_and_clear();
    store::keep_calibration(&context.home, &found)?;
    output::result(&if json { output::json(&found) } else { report::calibration::render(&found) })?;
    Ok(Exit::Done)
}

/// Where what was found begins.
const INDENT: &str = "                 ";

/// The block to paste.
fn block(findings: &[Finding]) -> String {
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut text = format!("greenroom {} on {system} {machine}, {cores} cores\n", env!("CARGO_PKG_VERSION"));
    for finding in findings {
        let line = format!("{} {:<11} {}", finding.state.mark(), finding.what, finding.found);
        text += &format!("{}\n", textwrap::fill(&line, textwrap::Options::new(80).subsequent_indent(INDENT)));
        if let Some(mend) = &finding.mend {
            let further = format!("{INDENT}     ");
            let options = textwrap::Options::new(80).initial_indent(INDENT).subsequent_indent(&further);
            text += &format!("{}\n", textwrap::fill(&format!("try: {mend}"), options));
        }
    }
    text
}

fn home(context: &Context) -> Finding {
    match context.home.prepare() {
        Ok(()) => Finding::good("home", context.home.root().display().to_string()),
        Err(error) => Finding::bad("home", error.to_string(), error.hint()),
    }
}

/// One finding for each setting that cannot be used: everything else works without it.
fn settings(context: &Context, left_out: &[ConfigError]) -> Vec<Finding> {
    if left_out.is_empty() {
        return vec![Finding::good("settings", context.home.config_file().display().to_string())];
    }
    let limited = |error: &ConfigError| Finding::limited("settings", format!("{error}: it is left out"), error.hint());
    left_out.iter().map(limited).collect()
}

fn takes(context: &Context) -> Finding {
    match store::recover(&context.home) {
        Ok(found) if found.unfinished.is_empty() && found.problems.is_empty() => {
            Finding::good("takes", "every take is whole and has its report")
        }
        Ok(found) => Finding::limited(
            "takes",
            format!("{} wait for a report, {} cannot be read", found.unfinished.len(), found.problems.len()),
            "greenroom review recover",
        ),
        Err(error) => Finding::bad("takes", error.to_string(), error.hint()),
    }
}

fn model(context: &Context) -> Finding {
    let model = match setup::installed_model(context) {
        Ok(Some(model)) => model,
        Ok(None) => {
            let pull = format!("greenroom models pull {}", catalog::FIRST);
            return Finding::bad("model", "there is none yet; Whisper needs one to write down what you say", pull);
        }
        Err(error) => return failed("model", &error.into()),
    };
    match model.load_live() {
        Ok(_) => Finding::good("model", format!("{} loads", model.name())),
        Err(error) => Finding::bad("model", error.to_string(), error.hint()),
    }
}

/// Opens the microphone and listens for a moment.
fn microphone(context: &Context) -> Finding {
    let opened = audio::input_named(context.config.device())
        .map_err(Failure::from)
        .and_then(|input| Ok(Capture::start(input, CaptureSettings::default(), |_| ())?));
    let capture = match opened {
        Ok(capture) => capture,
        Err(failure) => return failed("microphone", &failure),
    };
    let name = format!("{} ({}, {} Hz)", capture.device(), devices::sound_system(), capture.sample_rate_hz());
    if audio::is_stand_in(context.config.device()) {
        return Finding::good("microphone", name);
    }
    match capture.probe(PROBE) {
        Ok(check) => match check.next_step().map(|step| step.to_string()) {
            None => Finding::good("microphone", name),
            Some(hint) => Finding::bad("microphone", format!("{name}: {check}"), hint),
        },
        Err(error) => Finding::bad("microphone", format!("{name}: {error}"), error.hint()),
    }
}

/// Which voices there are, without making a sound.
fn voice() -> Finding {
    let service = found("speech-dispatcher") || cfg!(any(target_os = "macos", target_os = "windows"));
    let command = ["espeak-ng", "say"].into_iter().find(|name| found(name));
    match (service, command) {
        (true, _) => Finding::good("voice", "the system has a speech service"),
        (false, Some(command)) => {
            Finding::limited("voice", format!("no speech service; {command} speaks instead"), "scripts/setup")
        }
        (false, None) => Finding::limited("voice", "no voice: questions are shown and not spoken", "scripts/setup"),
    }
}

fn program(what: &'static str, programs: &[&str], mend: &str) -> Finding {
    let missing: Vec<&str> = programs.iter().copied().filter(|name| !found(name)).collect();
    if missing.is_empty() {
        Finding::good(what, format!("{} are here", programs.join(", ")))
    } else {
        Finding::limited(what, format!("missing: {}", missing.join(", ")), mend)
    }
}

/// Whether a program of this name can be started.
fn found(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

fn failed(what: &'static str, failure: &Failure) -> Finding {
    let (found, mend) = failure.parts();
    Finding::bad(what, found, mend)
}
