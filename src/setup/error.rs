//! Why a sitting could not be put together.

use std::io;
use std::path::PathBuf;

use crate::analysis::lexicon::OwnLexiconError;
use crate::asr::LoadError;
use crate::assess::AssessError;
use crate::audio::InputError;
use crate::content::{ChooseError, LibraryError};
use crate::models::BadModel;
use crate::models::catalog::{self, CatalogEntry};
use crate::models::installed::FolderError;
use crate::quote::quoted;
use crate::rehearse::RehearsalError;
use crate::remedy::{Action, NextStep, Remedy, next};
use crate::speech::VoiceError;
use crate::store::{ConfigError, StoreError};

/// Why a sitting could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A value that was typed is none for its setting.
    #[error(transparent)]
    Flag(ConfigError),
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A bank.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// What was named cannot be asked.
    #[error(transparent)]
    Choose(#[from] ChooseError),
    /// The models that are here.
    #[error(transparent)]
    Models(#[from] FolderError),
    /// The model in use is not whole.
    #[error(transparent)]
    BadModel(#[from] BadModel),
    /// The model's file could not be read.
    #[error("{} could not be read", path.display())]
    UnreadableModel {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The model could not be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// There is no model at all.
    #[error("there is no speech model on this machine yet")]
    NoModel {
        /// The one that people begin with.
        first: &'static CatalogEntry,
        /// What it is needed for.
        #[source]
        why: NeededFor,
    },
    /// The person's own filler words.
    #[error(transparent)]
    Lexicon(#[from] OwnLexiconError),
    /// There are no filler words of the language that is set.
    #[error("there is no list of filler words for the language {language:?}")]
    NoLexicon {
        /// Its code.
        language: String,
    },
    /// The voice that was chosen.
    #[error(transparent)]
    Voice(#[from] VoiceError),
    /// The microphone that was chosen.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The microphone is open and gives nothing.
    #[error("the microphone {device:?} gives nothing but zeros")]
    NothingHeard {
        /// Its name.
        device: String,
        /// What to do about it.
        hint: NextStep,
        /// Why that may be.
        #[source]
        why: Muted,
    },
    /// The loop.
    #[error(transparent)]
    Rehearsal(#[from] RehearsalError),
    /// A recording.
    #[error(transparent)]
    Assess(#[from] AssessError),
    /// The system gives no more threads.
    #[error("no thread could be started")]
    Thread(#[source] io::Error),
}

/// What a model is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Whisper needs one to write down what you say")]
pub struct NeededFor;

/// Why a microphone may give nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is muted, or another program has it")]
pub struct Muted;

impl SetupError {
    /// There is no model, and this is the one that people begin with.
    pub fn no_model() -> SetupError {
        let first = catalog::find(catalog::FIRST).expect("a test holds it in the catalog");
        SetupError::NoModel { first, why: NeededFor }
    }
}

impl Remedy for SetupError {
    fn next_step(&self) -> NextStep {
        match self {
            SetupError::Flag(error) => error.next_step(),
            SetupError::Store(error) => error.next_step(),
            SetupError::Library(error) => error.next_step(),
            SetupError::Choose(error) => error.next_step(),
            SetupError::Models(error) => error.next_step(),
            SetupError::BadModel(error) => error.next_step(),
            SetupError::UnreadableModel { path, .. } => format!("check the rights: ls -l {}", quoted(path)).into(),
            SetupError::Load(error) => error.next_step(),
            SetupError::NoModel { first, .. } => {
                next![Action::Pull(first.name.clone()), format!("   ({} MB)", first.megabytes())]
            }
            SetupError::Lexicon(error) => error.next_step(),
            SetupError::NoLexicon { .. } => Action::Set("language", "en").into(),
            SetupError::Voice(error) => error.next_step(),
            SetupError::Input(error) => error.next_step(),
            SetupError::NothingHeard { hint, .. } => hint.clone().then("   (or begin all the same: --no-mic-check)"),
            SetupError::Rehearsal(error) => error.next_step(),
            SetupError::Assess(error) => error.next_step(),
            SetupError::Thread(_) => "close other programs and try again".into(),
        }
    }

    /// Whether something was typed wrongly: a name of nothing, a value that is none.
    fn is_usage(&self) -> bool {
        match self {
            SetupError::Flag(_) | SetupError::Voice(_) => true,
            SetupError::Choose(error) => error.is_usage(),
            _ => false,
        }
    }
}
