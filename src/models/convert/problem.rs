//! Why a model in another format cannot be used, in words for the person who has it.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::models::catalog;
use crate::models::problem::BadModel;
use crate::quote::quoted;
use crate::remedy::{Action, NextStep, Remedy};

/// A file or folder that cannot be turned into a model for whisper.cpp.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be imported", path.display())]
pub struct ConvertError {
    /// The file or folder at fault.
    pub path: PathBuf,
    /// What is wrong with it.
    #[source]
    pub problem: ConvertProblem,
}

impl Remedy for ConvertError {
    fn next_step(&self) -> NextStep {
        let pull = |name: &str| NextStep::from(Action::Pull(name.to_owned()));
        match &self.problem {
            ConvertProblem::Missing | ConvertProblem::Unrecognised { .. } => Action::FindModels.into(),
            ConvertProblem::Unreadable(_) => format!("ls -l {}", quoted(&self.path)).into(),
            ConvertProblem::Other(OtherFormat::PyTorch) => {
                let known = self.path.file_stem().and_then(|stem| catalog::find(stem.to_str()?));
                let python = "in Python: WhisperForConditionalGeneration.from_pretrained(DIR).save_pretrained(NEW)";
                known.map_or_else(|| format!("{python}, then import NEW").into(), |entry| pull(&entry.name))
            }
            ConvertProblem::Bad(bad) => bad.next_step(),
            ConvertProblem::NoFile { .. } => format!("put it into {}", quoted(&self.path)).into(),
            ConvertProblem::Quantised { .. } => "import a file of 16-bit floats, or leave --type out".into(),
            _ => pull(catalog::RECOMMENDED).then("   (or get that model again from where it came)"),
        }
    }
}

/// What is wrong with a model in another format.
#[derive(Debug, thiserror::Error)]
pub enum ConvertProblem {
    /// There is nothing of that name.
    #[error("there is no such file or folder")]
    Missing,
    /// The system would not let it be read.
    #[error("it cannot be read")]
    Unreadable(#[source] io::Error),
    /// It is nothing that is known.
    #[error(
        "it is none of these: a ggml file, a CTranslate2 folder (model.bin), \
         a Hugging Face folder (model.safetensors){}", found.as_ref().map(|it| format!("; it has {it}")).unwrap_or_default()
    )]
    Unrecognised {
        /// What is there instead.
        found: Option<String>,
    },
    /// It is a model in a format that cannot be read here.
    #[error("{0}")]
    Other(OtherFormat),
    /// It is a model of another kind.
    #[error("it is no Whisper model: it says it is {found:?}")]
    NotWhisper {
        /// What it says.
        found: String,
    },
    /// It is a ggml file that must not be loaded.
    #[error(transparent)]
    Bad(#[from] BadModel),
    /// Its numbers were made coarser already.
    #[error("its numbers are stored as {found} already: making them {wanted} would lose twice")]
    Quantised {
        /// How they are stored.
        found: &'static str,
        /// How they should be.
        wanted: &'static str,
    },
    /// A file is missing from the folder.
    #[error("{what} is not there")]
    NoFile {
        /// The file, or the files of which one is enough.
        what: &'static str,
    },
    /// A text file is not what it should be.
    #[error("it is damaged: {reason}")]
    Text {
        /// What its reader says, with line and column.
        reason: String,
    },
    /// It ends too soon.
    #[error("it is cut short: it ends after {bytes} bytes, {place}")]
    CutShort {
        /// Size of the file.
        bytes: u64,
        /// Where it ends.
        place: String,
    },
    /// Its structure makes no sense.
    #[error("it is damaged: {what}")]
    Damaged {
        /// What and where.
        what: String,
    },
    /// It was written by another version of its format.
    #[error("its format version is {found}; {known} is known here")]
    Version {
        /// As it stands in the file.
        found: u32,
        /// What this program reads.
        known: u32,
    },
    /// One of its dimensions is impossible.
    #[error("{what} is {found}, must be {wanted}")]
    Dimension {
        /// Which.
        what: &'static str,
        /// Its value.
        found: i64,
        /// What it should be.
        wanted: String,
    },
    /// It has more tokens than whisper.cpp has a place for.
    #[error(
        "its vocabulary has {found} tokens: whisper.cpp works out the tokens of languages and times from that number \
         and would write nonsense without a word of warning{}", if *crisper { CRISPER } else { "" }
    )]
    MoreTokens {
        /// How many.
        found: u64,
        /// Whether it is CrisperWhisper.
        crisper: bool,
    },
    /// Its vocabulary lacks a token.
    #[error("token {id} is missing")]
    Token {
        /// Its number.
        id: u32,
    },
    /// A token is not written as Whisper's are.
    #[error("token {id} is not spelled as those of Whisper: {token:?}")]
    Spelling {
        /// Its number.
        id: u32,
        /// As it stands in the file.
        token: String,
    },
    /// Its vocabulary is that of another model.
    #[error("it is the vocabulary of another model: the text ends with token {found}, must end with {wanted}")]
    OtherVocabulary {
        /// The number of the token that ends a text.
        found: u32,
        /// The number it has in a model of this size.
        wanted: u32,
    },
    /// A tensor is missing.
    #[error("tensor {name} is missing")]
    NoTensor {
        /// Its name there.
        name: String,
    },
    /// A tensor has the wrong dimensions.
    #[error("tensor {name} is {}, must be {}", by(found), by(wanted))]
    TensorShape {
        /// Its name.
        name: String,
        /// Its dimensions.
        found: Vec<u64>,
        /// The dimensions of the model.
        wanted: Vec<u64>,
    },
    /// A tensor stores its numbers in a way that is not known here.
    #[error("tensor {name} has numbers of type {found}; 16- and 32-bit floats and scaled integers are known here")]
    TensorType {
        /// Its name.
        name: String,
        /// Its type.
        found: String,
    },
    /// The tokens that go in and those that come out have weights of their own.
    #[error("it has weights of its own for the tokens it writes ({name}); whisper.cpp has one set for both")]
    Untied {
        /// The second set.
        name: String,
    },
    /// A number is none, or too large.
    #[error("tensor {name} holds a value that is not a number, or too large for {numbers}")]
    NotANumber {
        /// The tensor's name.
        name: String,
        /// How it was to be stored.
        numbers: &'static str,
    },
}

/// What is said of CrisperWhisper besides.
const CRISPER: &str = " (it is CrisperWhisper 2, which is for non-commercial use only, its transcripts too)";

impl ConvertProblem {
    /// The problem that a failed open or read stands for.
    pub(super) fn of_io(error: io::Error) -> ConvertProblem {
        match error.kind() {
            io::ErrorKind::NotFound => ConvertProblem::Missing,
            _ => ConvertProblem::Unreadable(error),
        }
    }

    /// The problem with a JSON file, with line and column.
    pub(super) fn of_json(error: &serde_json::Error) -> ConvertProblem {
        ConvertProblem::Text { reason: error.to_string() }
    }
}

/// Formats that are recognised and not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherFormat {
    /// A PyTorch file.
    PyTorch,
    /// A GGUF file.
    Gguf,
    /// A Core ML folder.
    CoreMl,
    /// An ONNX file.
    Onnx,
    /// An MLX folder.
    Mlx,
    /// A LoRA adapter.
    Adapter,
}

impl fmt::Display for OtherFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            // Reading a pickle means doing what it says.
            OtherFormat::PyTorch => {
                "it is a PyTorch file, which is a program as much as a model: it is not opened here"
            }
            OtherFormat::Gguf => "it is a GGUF file; whisper.cpp reads its own older format",
            OtherFormat::CoreMl => "it is a Core ML model for Apple's chips, which cannot be turned back",
            OtherFormat::Onnx => "it is an ONNX model, which whisper.cpp cannot use",
            OtherFormat::Mlx => "it is an MLX model; import the one it was made from",
            OtherFormat::Adapter => "it is an adapter, not a whole model: merge it into its base first",
        })
    }
}

/// Dimensions as people write them: `384 by 1500`.
fn by(dims: &[u64]) -> String {
    if dims.is_empty() {
        return "a single number".to_owned();
    }
    dims.iter().map(u64::to_string).collect::<Vec<_>>().join(" by ")
}
