//! What the command line adds to choosing the real parts: flags, the offer of a first model, bars, Ctrl-C.

use std::path::Path;

use greenroom::asr::{Stop, TranscriptionPool};
use greenroom::assess::{AssessError, HeardRecording};
use greenroom::audio::WantedSound;
use greenroom::setup::{self, ChosenModel, Context};
use greenroom::types::{Seconds, Transcript};
use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;
use super::first_model;

/// Flags that choose the real parts.
#[derive(clap::Args, Clone, Debug)]
pub struct PartsArgs {
    /// Microphone: a name or id from `greenroom devices`, or file:PATH to hear a recording instead
    #[arg(long, value_name = "DEVICE")]
    pub device: Option<String>,
    /// Voice that asks: system, text, espeak-ng, say, cmd:COMMAND, or the name of a system voice
    #[arg(long, value_name = "VOICE")]
    pub voice: Option<String>,
    /// Whisper model: a name from `greenroom models list` or a file
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
}

impl PartsArgs {
    /// The flags as settings that win over the file's.
    pub fn as_flags(&self) -> [(&str, &str, Option<&str>); 3] {
        [
            ("device", "--device", self.device.as_deref()),
            ("voice", "--voice", self.voice.as_deref()),
            ("model", "--model", self.model.as_deref()),
        ]
    }
}

/// Finds and checks the model in use; where there is none, offers to download the first one.
pub fn model(context: &Context) -> Result<ChosenModel, Failure> {
    if let Some(model) = setup::installed_model(context)? {
        return Ok(model);
    }
    let name = first_model::offer(context)?;
    Ok(setup::model_named(context, &name)?)
}

/// Calls `stop` at the first Ctrl-C, so that work ends in order; the second one ends the program.
pub fn on_ctrl_c(stop: impl FnOnce() + Send + 'static) {
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let Ok(runtime) = runtime else { return };
        let wait = || runtime.block_on(tokio::signal::ctrl_c());
        if wait().is_ok() {
            stop();
        }
        if wait().is_ok() {
            std::process::exit(130);
        }
    });
}

/// A bar for transcribing one recording, whose length is set once it is known.
pub fn transcribing_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("transcribing {bar:24} {pos}/{len} s  {eta} left")
        .expect("the template is constant");
    ProgressBar::new(0).with_style(style)
}

/// Transcribes one recording, or one track or side of it, with a bar.
pub fn transcribe(
    model: &ChosenModel,
    recording: &Path,
    wanted: WantedSound,
    pool: &TranscriptionPool,
) -> Result<(HeardRecording, Transcript), AssessError> {
    with_transcribing_bar(|begun, done| {
        model.transcription().transcribe_sound(recording, wanted, pool, &Stop::default(), begun, done)
    })
}

/// Shows a bar while `work` transcribes a recording, which says how long that is, where it knows, and how far it has come.
pub fn with_transcribing_bar<T>(work: impl FnOnce(&mut dyn FnMut(Option<Seconds>), &mut dyn FnMut(Seconds)) -> T) -> T {
    let bar = transcribing_bar();
    let mut begun = |length: Option<Seconds>| bar.set_length(length.map_or(0, |length| length.0 as u64));
    let mut done = |until: Seconds| bar.set_position(bar.position().max(until.0 as u64));
    let found = work(&mut begun, &mut done);
    bar.finish_and_clear();
    found
}
