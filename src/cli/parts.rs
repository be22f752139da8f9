//! Choosing the real parts: model, microphone and voice, from flags, settings and what this machine has.

use std::sync::Arc;

use greenroom::analysis::lexicon::Lexicon;
use greenroom::asr::{self, ChunkRules, LoadError, ModelSource, Transcriber, Whisper};
use greenroom::assess::{Assessor, Transcribing};
use greenroom::content::frameworks::Frameworks;
use greenroom::models::catalog;
use greenroom::models::installed::{self, Model};
use greenroom::report::calibration;
use greenroom::speech::{VoiceLadder, VoiceSettings};
use greenroom::store;
use greenroom::types::{Calibration, Seconds};
use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;
use super::context::Context;
use super::output;

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
    settings: asr::Settings,
    /// How well it hears on this machine, if that was measured.
    calibration: Option<Calibration>,
}

/// The name of the model in use: what is set, or the one inside the program.
pub fn model_name(context: &Context) -> String {
    context.config.model().unwrap_or(catalog::PRACTICE).to_owned()
}

/// Finds and checks the model in use.
pub fn model(context: &Context) -> Result<ChosenModel, Failure> {
    let model = installed::find(&context.home.models(), &model_name(context))?;
    match model.entry {
        Some(_) => model.check()?,
        // Nobody has vouched for a file of the person's own: weights that are no numbers load in silence.
        None => model.verify()?,
    }
    let language = context.config.language().unwrap_or("en").to_owned();
    let settings = asr::Settings { language, ..asr::Settings::new(model.word_times(), model.feeding()) };
    // What was measured matters less than the answer that is to be heard.
    let calibration = store::calibration(&context.home, &model.name).unwrap_or_else(|error| {
        output::talk(&format!("{error}. Measure again: greenroom doctor --calibrate"));
        None
    });
    Ok(ChosenModel { model, settings, calibration })
}

impl ChosenModel {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.model.name
    }

    /// How recordings are transcribed with it.
    pub fn transcribing(&self) -> Transcribing {
        Transcribing {
            model: self.model.name.clone(),
            language: self.settings.language.clone(),
            rules: ChunkRules::of(self.model.feeding()),
        }
    }

    /// Whether it understands more than synthetic voices.
    pub fn understands_people(&self) -> bool {
        self.model.understands_people()
    }

    /// What a reader of its transcripts must know.
    pub fn notices(&self) -> Vec<String> {
        let (name, better) = (&self.model.name, catalog::RECOMMENDED);
        let practice = || {
            format!(
                "The words were written by {name}, which understands clear synthetic voices and little else. \
                 For your own voice install a real model: greenroom models pull {better}"
            )
        };
        let practice = (!self.understands_people()).then(practice);
        practice.into_iter().chain(self.calibration.as_ref().map(calibration::cited)).collect()
    }

    /// The same model with its share of the cores, for `jobs` of it at a time.
    pub fn shared_by(mut self, jobs: usize) -> ChosenModel {
        self.settings.threads = (self.settings.threads / jobs.max(1)).max(1);
        self
    }

    /// Loads it. Takes up to a second or so.
    pub fn load(&self) -> Result<Box<dyn Transcriber>, LoadError> {
        let source = match &self.model.path {
            Some(path) => ModelSource::File(path.clone()),
            None => ModelSource::Embedded { name: catalog::PRACTICE, bytes: catalog::PRACTICE_FILE },
        };
        Ok(Box::new(Whisper::load(&source, self.settings.clone())?))
    }
}

/// Filler words of the language that is spoken, with the person's own.
pub fn lexicon(context: &Context) -> Result<Lexicon, Failure> {
    let language = context.config.language().unwrap_or("en");
    Lexicon::with_folder(language, &context.home.lexicons())?.ok_or_else(|| {
        Failure::new(format!("there is no list of filler words for the language {language:?}"))
            .hint("greenroom config set language en")
    })
}

/// The frameworks that come with the program and the person's own; what cannot be read of those is said.
pub fn frameworks(context: &Context) -> Arc<Frameworks> {
    let (frameworks, broken) = Frameworks::with_folder(&context.home.frameworks());
    for error in broken {
        output::talk(&format!("{error}: it is left out; {}", error.hint()));
    }
    Arc::new(frameworks)
}

/// What makes reports, each with `notices`.
pub fn assessor(context: &Context, notices: Vec<String>) -> Result<Assessor, Failure> {
    Ok(Assessor::new(lexicon(context)?, frameworks(context), notices))
}

/// The voice that was chosen, with what it falls back to.
pub fn voice(context: &Context) -> Result<VoiceLadder, Failure> {
    let config = &context.config;
    let settings =
        VoiceSettings::parse(config.voice(), config.rate_wpm(), config.volume_percent(), config.voice_command())
            .map_err(|error| Failure::from(error).into_usage())?;
    Ok(VoiceLadder::new(&settings))
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

/// A bar for transcribing one recording of this length.
pub fn transcribing_bar(length: Seconds) -> ProgressBar {
    let style = ProgressStyle::with_template("transcribing {bar:24} {pos}/{len} s  {eta} left")
        .expect("the template is constant");
    ProgressBar::new(length.0 as u64).with_style(style)
}
