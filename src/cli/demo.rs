//! `greenroom demo`: the whole loop on a machine with no sound hardware.
//!
//! The command starts a private sound server and runs itself again inside of it, because a running
//! process cannot change its own environment safely. It stays outside to clean up, whatever happens inside.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::thread;
use std::time::Duration;

use greenroom::audio;
use greenroom::interview::Style;
use greenroom::quote::quoted;
use greenroom::rehearse::{self, Event, Planned, Settings};
use greenroom::rig::{self, Rig, RigOptions};
use greenroom::scratch::Scratch;
use greenroom::setup::{self, Sitting};
use greenroom::speech::FileVoice;
use greenroom::types::{Question, Session};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::parts;
use super::rehearse::play;
use super::show::{Listener, Manner};
use super::signals::Signals;
use super::{Exit, Failure, Outcome, context, output};

/// One whole rehearsal with a synthetic candidate, on a machine with no sound hardware.
#[derive(clap::Args)]
pub struct Args {
    /// How many questions are asked and answered
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    count: u8,
    /// Print the session, its reports and what the candidate read as JSON
    #[arg(long)]
    json: bool,
    /// Keep the session in this folder instead of throwing it away
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Whisper model: a name from `greenroom models list` or a file
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
}

/// The voice of the candidate; the interviewer has the system's own.
const CANDIDATE: FileVoice = FileVoice::ESPEAK;
/// Words a minute of the candidate.
const CANDIDATE_WPM: u32 = 160;
/// How long the candidate waits before the answer, and after it.
const PAUSE: Duration = Duration::from_millis(700);

/// What the candidate says: `content/demo/candidate.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Candidate {
    answer: Vec<Script>,
}

/// One question of the demo, and the answer to it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    question: String,
    target_s: [u32; 2],
    notes: Vec<String>,
    script: String,
}

/// Set for the program that runs inside of the private sound server. A flag would turn up in completions.
const INSIDE: &str = "GREENROOM_DEMO_INSIDE";

pub fn run(args: Args) -> Outcome {
    if std::env::var_os(INSIDE).is_some() { inside(&args) } else { outside(&args) }
}

/// Starts the sound server, runs the rest inside, and cleans up.
fn outside(args: &Args) -> Outcome {
    // The inner program has a home of its own, with no models and no settings in it.
    let model = parts::model(&context::load_with(&[("model", "--model", args.model.as_deref())])?)?;
    let model = std::path::absolute(model.path()).map_err(|error| Failure::of(&error))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::of(&error))?;
    // From here on nothing ends this program before it has cleaned up.
    let signals = Signals::listen(&runtime)?;
    output::talk("A demo without sound hardware, on a private sound server of its own:");
    output::talk("  real        the system voice, the recording, Whisper, the report");
    output::talk("  synthetic   the candidate: espeak-ng reads a script into the microphone");
    let rig = Rig::start(RigOptions { echo: true, room: true })?;
    let scratch = Scratch::new("demo").map_err(|error| Failure::of(&error))?;
    let home = args.keep.clone().unwrap_or_else(|| scratch.path().join("home"));
    let program = std::env::current_exe().map_err(|error| Failure::of(&error))?;
    let mut command = rig.command(&program);
    command.env(INSIDE, "1").args(["demo", "--count", &args.count.to_string()]);
    command.args(args.json.then_some("--json")).arg("--model").arg(&model);
    let home = std::path::absolute(&home).unwrap_or(home);
    command.env(greenroom::store::Home::VARIABLE, &home).env("TMPDIR", scratch.path());
    // Ctrl-C reaches this program alone, which passes it on once: a second one would end the inner program at once.
    let again =
        |error| Failure::new(format!("cannot start {} again inside the sound server: {error}", program.display()));
    let child = command.process_group(0).spawn().map_err(again)?;
    let (status, asked_to_end) = runtime.block_on(wait(child, signals))?;
    if let Some(kept) = &args.keep {
        output::talk(&format!("The session is kept: GREENROOM_HOME={} greenroom review show", quoted(kept)));
    }
    Ok(if asked_to_end { Exit::Interrupted } else { exit_of(status) })
}

/// Waits for the inner program, and asks it to end when this one is asked to; says whether that was so.
async fn wait(mut child: Child, mut signals: Signals) -> Result<(ExitStatus, bool), Failure> {
    let mut asked_to_end = false;
    loop {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(50)) => {}
            () = signals.next() => {
                asked_to_end = true;
                rig::ask_to_end(&child);
            }
        }
        if let Some(status) = child.try_wait().map_err(|error| Failure::of(&error))? {
            return Ok((status, asked_to_end));
        }
    }
}

fn exit_of(status: ExitStatus) -> Exit {
    match status.code() {
        Some(0) => Exit::Done,
        Some(130) => Exit::Interrupted,
        _ => Exit::Failed,
    }
}

/// The loop itself, with the candidate on the other side of the microphone.
fn inside(args: &Args) -> Outcome {
    let context = context::load_with(&[("model", "--model", args.model.as_deref())])?;
    context.home.prepare()?;
    let candidate: Candidate = toml::from_str(include_str!("../../content/demo/candidate.toml"))
        .expect("a test reads what the candidate says");
    let scripts: Vec<Script> = candidate.answer.into_iter().take(usize::from(args.count)).collect();
    let recordings = Scratch::new("candidate").map_err(|error| Failure::of(&error))?;
    let answers = scripts
        .iter()
        .enumerate()
        .map(|(index, script)| read_aloud(&script.script, recordings.path().join(format!("{index}.wav"))))
        .collect::<Result<Vec<PathBuf>, Failure>>()?;
    let (to_loop, commands) = unbounded_channel();
    let sitting = Sitting {
        model: parts::model(&context)?,
        settings: Settings {
            think: None,
            think_situation: None,
            auto_stop: None,
            choose: false,
            reveal: false,
            style: Style::default(),
        },
        speaker: Box::new(setup::voice(&context)?),
        input: audio::input_named(None)?,
        check_microphone: true,
        notices: false,
        earlier: None,
        planned: scripts.iter().map(Script::planned).collect(),
    };
    let screen = (Manner { keys: false, reports: !args.json }, Some(answer_when_asked(answers, to_loop.clone())));
    let held = play(&context, sitting, screen, to_loop, commands, || ())?;
    if args.json {
        let candidate: Vec<_> =
            scripts.iter().map(|script| json!({"question": script.question, "script": script.script.trim()})).collect();
        output::result(&output::json(&json!({
            "session": held.end.session,
            "reports": held.reports(),
            "candidate": {"voice": CANDIDATE.name(), "wpm": CANDIDATE_WPM, "answers": candidate},
        })))?;
    }
    Ok(if held.end.interrupted { Exit::Interrupted } else { Exit::Done })
}

impl Script {
    fn planned(&self) -> Planned {
        let question = Question {
            id: Session::DEMO.to_owned(),
            text: self.question.clone(),
            notes: self.notes.clone(),
            target_s: Some(self.target_s),
            frameworks: vec!["star".to_owned()],
            ..Question::default()
        };
        Planned { question, bank: Some(Session::DEMO.to_owned()) }
    }
}

/// Has the candidate read a text into a WAV file.
fn read_aloud(text: &str, wav: PathBuf) -> Result<PathBuf, Failure> {
    CANDIDATE
        .speak_into(&wav, text, CANDIDATE_WPM)
        .map_err(|error| Failure::of(&error).hint("scripts/setup   (it installs espeak-ng)"))?;
    Ok(wav)
}

/// Answers each question once the microphone is on, and says when the answer is over.
fn answer_when_asked(answers: Vec<PathBuf>, to_loop: UnboundedSender<rehearse::Command>) -> Listener {
    let mut answers = answers.into_iter();
    Box::new(move |event| {
        if !matches!(event, Event::Listening { .. }) {
            return;
        }
        let (answer, to_loop) = (answers.next(), to_loop.clone());
        thread::spawn(move || {
            thread::sleep(PAUSE);
            if let Some(answer) = answer {
                // If it cannot be played the report says that nothing was heard.
                let _ = rig::player(&answer).status();
            }
            thread::sleep(PAUSE);
            // The session may be over already.
            let _ = to_loop.send(rehearse::Command::Done);
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_candidate_says_can_be_read_and_has_fillers_to_find() {
        let candidate: Candidate = toml::from_str(include_str!("../../content/demo/candidate.toml")).unwrap();
        for answer in candidate.answer {
            let fillers = answer.script.split_whitespace().filter(|word| {
                let word = greenroom::analysis::tokens::normal(word);
                ["um", "uh", "er"].contains(&word.as_str())
            });
            assert!(fillers.count() >= 4, "{}", answer.question);
        }
    }
}
