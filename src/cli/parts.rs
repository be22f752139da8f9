//! Choosing the real parts: model, microphone and voice, from flags, settings and what this machine has.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use greenroom::analysis::lexicon::Lexicon;
use greenroom::asr::{LoadError, Transcriber, Whisper, WhisperSettings};
use greenroom::audio::{AudioInput, FileInput, Microphone};
use greenroom::models::installed::{self, Model};
use greenroom::models::{Feeding, catalog};
use greenroom::speech::{VoiceLadder, VoiceSettings};
use greenroom::types::Seconds;
use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;
use super::context::Context;

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

/// The model that is used, checked and ready to load.
#[derive(Clone, Debug)]
pub struct ChosenModel {
    model: Model,
    settings: WhisperSettings,
}

/// The name of the model in use: what is set, or the one inside the program.
pub fn model_name(context: &Context) -> String {
    context.config.model().unwrap_or(catalog::PRACTICE).to_owned()
}

/// Finds and checks the model in use.
pub fn model(context: &Context) -> Result<ChosenModel, Failure> {
    let model = installed::find(&context.home.models(), &model_name(context))?;
    model.check()?;
    let settings = WhisperSettings {
        language: context.config.language().unwrap_or("en").to_owned(),
        word_times: model.word_times(),
        ..WhisperSettings::default()
    };
    Ok(ChosenModel { model, settings })
}

impl ChosenModel {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.model.name
    }

    /// How it likes its sound.
    pub fn feeding(&self) -> Feeding {
        self.model.feeding()
    }

    /// What a reader of its transcripts must know.
    pub fn notices(&self) -> Vec<String> {
        if self.model.understands_people() {
            return Vec::new();
        }
        let (name, better) = (&self.model.name, catalog::RECOMMENDED);
        vec![format!(
            "The words were written by {name}, which understands clear synthetic voices and little else. \
             For your own voice install a real model: greenroom models pull {better}"
        )]
    }

    /// Loads it. Takes up to a second or so.
    pub fn load(&self) -> Result<Box<dyn Transcriber>, LoadError> {
        Ok(Box::new(Whisper::load(&self.model, &self.settings)?))
    }
}

/// Filler words of the language that is spoken, with the person's own added.
pub fn lexicon(context: &Context) -> Result<Lexicon, Failure> {
    let language = context.config.language().unwrap_or("en");
    Ok(Lexicon::builtin(language)?)
}

/// The microphone that was chosen, or a file that stands in for one.
pub fn input(context: &Context) -> Box<dyn AudioInput> {
    match context.config.device() {
        Some(device) => match device.strip_prefix("file:") {
            Some(path) => Box::new(FileInput::new(PathBuf::from(path))),
            None => Box::new(Microphone::new(Some(device.to_owned()))),
        },
        None => Box::new(Microphone::new(None)),
    }
}

/// The voice that was chosen, with what it falls back to.
pub fn voice(context: &Context) -> Result<VoiceLadder, Failure> {
    let config = &context.config;
    let settings = VoiceSettings::parse(
        config.voice().unwrap_or("system"),
        config.rate_wpm(),
        config.volume_percent(),
        config.voice_command(),
    )?;
    Ok(VoiceLadder::new(settings))
}

/// Sets `flag` at the first Ctrl-C, so that work ends in order; the second one ends the program.
pub fn stop_on_ctrl_c(flag: Arc<AtomicBool>) {
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let Ok(runtime) = runtime else { return };
        runtime.block_on(async {
            while tokio::signal::ctrl_c().await.is_ok() {
                if flag.swap(true, Ordering::AcqRel) {
                    std::process::exit(130);
                }
            }
        });
    });
}

/// A bar for transcribing one recording of this length.
pub fn transcribing_bar(length: Seconds) -> ProgressBar {
    let style = ProgressStyle::with_template("transcribing {bar:24} {pos}/{len} s  {eta} left")
        .expect("the template is constant");
    ProgressBar::new(length.0 as u64).with_style(style)
}
