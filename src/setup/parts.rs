//! The real parts that the settings choose: model, filler words, frameworks and voice.

use std::path::Path;
use std::sync::Arc;

use super::{Context, SetupError};
use crate::analysis::lexicon::Lexicon;
use crate::asr::{self, ChunkRules, LoadError, Transcriber, TranscriptionPool, WhisperModel};
use crate::assess::{Assessor, TranscriptionSettings};
use crate::batch::MadeBy;
use crate::content::frameworks::Frameworks;
use crate::models::download::{PackageIndex, Source};
use crate::models::installed::{self, Model};
use crate::models::{catalog, sha256};
use crate::remedy::Remedy;
use crate::report::calibration;
use crate::speech::{VoiceLadder, VoiceSettings};
use crate::store;
use crate::types::Calibration;

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
pub fn model_name(context: &Context) -> Result<Option<String>, SetupError> {
    if let Some(name) = context.config.model() {
        return Ok(Some(name.to_owned()));
    }
    let here = installed::list(&context.home.models())?;
    let is_here = |name: &&str| here.iter().any(|model| model.name == *name);
    let known = [catalog::RECOMMENDED, catalog::FIRST].into_iter().find(is_here);
    Ok(known.map(str::to_owned).or_else(|| here.first().map(|model| model.name.clone())))
}

/// Finds and checks the model in use; `None` where there is none.
pub fn installed_model(context: &Context) -> Result<Option<ChosenModel>, SetupError> {
    model_name(context)?.map(|name| model_named(context, &name)).transpose()
}

/// Finds and checks a model by its name.
pub fn model_named(context: &Context, name: &str) -> Result<ChosenModel, SetupError> {
    let model = installed::find(&context.home.models(), name)?;
    match model.entry {
        Some(_) => model.check()?,
        // Nobody has vouched for a file of the person's own: weights that are no numbers load in silence.
        None => model.verify()?,
    }
    let language = context.config.language().unwrap_or("en").to_owned();
    // What was measured matters less than the answer that is to be heard.
    let calibration = store::calibration(&context.home, &model.name).unwrap_or_else(|error| {
        context.tell(&format!("{error}. Measure again: greenroom doctor --calibrate"));
        None
    });
    Ok(ChosenModel { model, language, calibration })
}

/// Where models are downloaded from: `mirrors` first, then those of the settings, the public ones, and pip's package index.
pub fn download_source(context: &Context, mirrors: Vec<String>) -> Source {
    let index = PackageIndex::of_pip(&|name| std::env::var(name).ok());
    let public = Source::from_setting(None);
    let mirrors = mirrors.into_iter().chain(context.config.mirrors().iter().cloned()).chain(public.mirrors).collect();
    Source { index, mirrors, patience: public.patience }
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
    pub fn made_by(&self) -> Result<MadeBy, SetupError> {
        let sha256 = match self.model.entry {
            Some(entry) => entry.sha256.clone(),
            None => sha256::of_file(&self.model.path)
                .map_err(|cause| SetupError::UnreadableModel { path: self.model.path.clone(), cause })?,
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
    pub fn load_pool(&self, jobs: Option<usize>) -> Result<TranscriptionPool, SetupError> {
        let jobs = jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
        let model = self.load()?;
        let transcriber = |_| -> Result<Box<dyn Transcriber>, LoadError> {
            Ok(Box::new(model.transcriber(asr::Settings::recording(&self.language))?))
        };
        let transcribers = (0..jobs).map(transcriber).collect::<Result<Vec<_>, _>>()?;
        TranscriptionPool::start(transcribers).map_err(SetupError::Thread)
    }

    fn load(&self) -> Result<WhisperModel, LoadError> {
        WhisperModel::load(&self.model.path)
    }
}

/// Filler words of the language that is spoken, with the person's own.
pub fn lexicon(context: &Context) -> Result<Lexicon, SetupError> {
    let language = context.config.language().unwrap_or("en");
    Lexicon::with_folder(language, &context.home.lexicons())?
        .ok_or_else(|| SetupError::NoLexicon { language: language.to_owned() })
}

/// The frameworks that come with the program and the person's own; what cannot be read of those is said.
pub fn frameworks(context: &Context) -> Arc<Frameworks> {
    let (frameworks, broken) = Frameworks::with_folder(&context.home.frameworks());
    for error in broken {
        context.tell(&format!("{error}: it is left out; {}", error.next_step()));
    }
    Arc::new(frameworks)
}

/// What makes reports, each with `notices`.
pub fn assessor(context: &Context, notices: Vec<String>) -> Result<Assessor, SetupError> {
    Ok(Assessor::new(lexicon(context)?, frameworks(context), notices))
}

/// The voice that was chosen, with what it falls back to.
pub fn voice(context: &Context) -> Result<VoiceLadder, SetupError> {
    let config = &context.config;
    let settings =
        VoiceSettings::parse(config.voice(), config.rate_wpm(), config.volume_percent(), config.voice_command())?;
    Ok(VoiceLadder::new(&settings))
}
