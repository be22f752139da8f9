//! Choosing the real parts: model, microphone and voice, from flags, settings and what this machine has.

use std::path::Path;
use std::sync::Arc;

use greenroom::analysis::lexicon::Lexicon;
use greenroom::asr::{self, ChunkRules, LoadError, Stop, Transcriber, TranscriptionPool, WhisperModel};
use greenroom::assess::{AssessError, Assessor, HeardRecording, TranscriptionSettings};
use greenroom::audio::WantedSound;
use greenroom::batch::MadeBy;
use greenroom::content::frameworks::Frameworks;
use greenroom::models::installed::{self, Model};
use greenroom::models::{catalog, sha256};
use greenroom::report::calibration;
use greenroom::speech::{VoiceLadder, VoiceSettings};
use greenroom::store;
use greenroom::types::{Calibration, Seconds, Transcript};
use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;
use super::context::Context;
use super::{first_model, output};

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
    /// Code of the language that is spoken.
    language: String,
    /// How well it hears on this machine, if that was measured.
    calibration: Option<Calibration>,
}

/// The name of the model in use: what is set, else the best known one that is here; `None` where there is none.
pub fn model_name(context: &Context) -> Result<Option<String>, Failure> {
    if let Some(name) = context.config.model() {
        return Ok(Some(name.to_owned()));
    }
    let here = installed::list(&context.home.models())?;
    let is_here = |name: &&str| here.iter().any(|model| model.name == *name);
    let known = [catalog::RECOMMENDED, catalog::FIRST].into_iter().find(is_here);
    Ok(known.map(str::to_owned).or_else(|| here.first().map(|model| model.name.clone())))
}

/// Finds and checks the model in use; where there is none, offers to download the first one.
pub fn model(context: &Context) -> Result<ChosenModel, Failure> {
    let name = match model_name(context)? {
        Some(name) => name,
        None => first_model::offer(context)?,
    };
    model_named(context, &name)
}

/// As [`model`], without asking anybody anything: `None` where there is no model.
pub fn model_that_is_here(context: &Context) -> Result<Option<ChosenModel>, Failure> {
    model_name(context)?.map(|name| model_named(context, &name)).transpose()
}

/// Finds and checks a model.
fn model_named(context: &Context, name: &str) -> Result<ChosenModel, Failure> {
    let model = installed::find(&context.home.models(), name)?;
    match model.entry {
        Some(_) => model.check()?,
        // Nobody has vouched for a file of the person's own: weights that are no numbers load in silence.
        None => model.verify()?,
    }
    let language = context.config.language().unwrap_or("en").to_owned();
    // What was measured matters less than the answer that is to be heard.
    let calibration = store::calibration(&context.home, &model.name).unwrap_or_else(|error| {
        output::talk(&format!("{error}. Measure again: greenroom doctor --calibrate"));
        None
    });
    Ok(ChosenModel { model, language, calibration })
}

impl ChosenModel {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.model.name
    }

    /// Its file.
    pub fn path(&self) -> &Path {
        &self.model.path
    }

    /// How recordings are transcribed with it.
    pub fn transcription(&self) -> TranscriptionSettings {
        TranscriptionSettings {
            model: self.model.name.clone(),
            language: self.language.clone(),
            rules: ChunkRules::RECORDING,
        }
    }

    /// What transcripts that are made with it can be known by.
    pub fn made_by(&self) -> Result<MadeBy, Failure> {
        let sha256 = match self.model.entry {
            Some(entry) => entry.sha256.clone(),
            None => sha256::of_file(&self.model.path).map_err(|error| Failure::of(&error))?,
        };
        Ok(MadeBy {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            model: self.model.name.clone(),
            model_sha256: sha256,
            language: self.language.clone(),
        })
    }

    /// What a reader of its transcripts must know.
    pub fn notices(&self) -> Vec<String> {
        self.calibration.as_ref().map(calibration::cited).into_iter().collect()
    }

    /// Loads it for an answer that is being given. Takes up to a second or so.
    pub fn load_live(&self) -> Result<Box<dyn Transcriber>, LoadError> {
        let settings = asr::Settings::live(&self.language);
        Ok(Box::new(self.load()?.transcriber(settings)?))
    }

    /// Loads it for recordings, of which so many pieces are transcribed at a time; all cores where nobody says.
    pub fn load_pool(&self, jobs: Option<usize>) -> Result<TranscriptionPool, Failure> {
        let jobs = jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
        let model = self.load()?;
        let transcriber = |_| -> Result<Box<dyn Transcriber>, LoadError> {
            Ok(Box::new(model.transcriber(asr::Settings::recording(&self.language))?))
        };
        let transcribers = (0..jobs).map(transcriber).collect::<Result<Vec<_>, _>>()?;
        TranscriptionPool::start(transcribers).map_err(|error| Failure::of(&error))
    }

    fn load(&self) -> Result<WhisperModel, LoadError> {
        WhisperModel::load(&self.model.path)
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
    let bar = transcribing_bar();
    let mut begun = |length: Option<Seconds>| bar.set_length(length.map_or(0, |length| length.0 as u64));
    let mut done = |until: Seconds| bar.set_position(bar.position().max(until.0 as u64));
    let found =
        model.transcription().transcribe_sound(recording, wanted, pool, &Stop::default(), &mut begun, &mut done);
    bar.finish_and_clear();
    found
}
