//! What can be wrong with a model file, in words for the person who has it.

use crate::quote::quoted;
use crate::remedy::{Action, NextStep, Remedy};
use std::fmt;
use std::io;
use std::path::PathBuf;

use super::catalog;

/// A model file that must not be loaded.
#[derive(Debug, thiserror::Error)]
#[error("the model file {} cannot be used", path.display())]
pub struct BadModel {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    #[source]
    pub problem: Problem,
}

impl Remedy for BadModel {
    fn next_step(&self) -> NextStep {
        let known = catalog::of_file(&self.path);
        let name = known.map_or(catalog::RECOMMENDED, |entry| entry.name.as_str());
        let pull = NextStep::from(Action::Pull(name.to_owned()));
        match &self.problem {
            Problem::Unreadable(_) => format!("ls -l {}", quoted(&self.path)).into(),
            Problem::Missing | Problem::Folder | Problem::NotAFile | Problem::VoiceDetector => pull,
            _ if known.is_some() => pull.then("   (replaces the file)"),
            _ => pull.then("   (or get that file again from where it came)"),
        }
    }
}

/// What is wrong with a model file.
///
/// Behind most of these whisper.cpp would end the process, or load the file and write nothing or nonsense.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// It is a folder.
    #[error("it is a folder; a model is one file, such as ggml-base.en.bin")]
    Folder,
    /// It is a device, a pipe or a socket.
    #[error("it is not an ordinary file")]
    NotAFile,
    /// The system would not let it be read.
    #[error("it cannot be read")]
    Unreadable(#[source] io::Error),
    /// It has no bytes.
    #[error("it is empty (0 bytes)")]
    Empty,
    /// It begins like something else.
    #[error("it is not a Whisper model for whisper.cpp{}", looks_like.map(|it| format!(": it looks like {it}")).unwrap_or_default())]
    NotAModel {
        /// What it looks like, where that is known.
        looks_like: Option<&'static str>,
    },
    /// It is a Silero voice detector, which begins like a Whisper model.
    #[error("it is a voice detector (Silero): it finds speech but cannot write it down")]
    VoiceDetector,
    /// It ends too soon.
    #[error("it is cut short: it ends after {bytes} bytes, {place}")]
    CutShort {
        /// Size of the file.
        bytes: u64,
        /// Where it ends.
        place: Place,
    },
    /// It has a header and a vocabulary but not one tensor.
    #[error("it has a header but no weights; whisper.cpp would load it and never write a word")]
    HeaderOnly,
    /// A number of the header is impossible.
    #[error("its header is damaged: {what} is {found}, must be {wanted}")]
    Dimension {
        /// Which number.
        what: &'static str,
        /// Its value.
        found: i32,
        /// What it should be.
        wanted: String,
    },
    /// Its numbers are stored in a way that is not known.
    #[error("its header is damaged, or it is newer than this program: number type {found} is not known")]
    NumberType {
        /// As it stands in the file.
        found: i32,
    },
    /// The size of its mel filters is impossible.
    #[error("its mel filters are damaged: {bands} by {bins}, must be {wanted_bands} by 201")]
    Filters {
        /// Frequency bands found.
        bands: i32,
        /// Frequencies found.
        bins: i32,
        /// Frequency bands that its header announces.
        wanted_bands: u32,
    },
    /// The number of its tokens is impossible.
    #[error("its vocabulary is damaged: {count} tokens, must be {lo} to {hi}")]
    Vocabulary {
        /// Tokens announced.
        count: i32,
        /// Fewest possible.
        lo: u32,
        /// Most possible.
        hi: u32,
    },
    /// A token is impossibly long.
    #[error("its vocabulary is damaged: token {index} is {bytes} bytes long")]
    Token {
        /// Number of the token, from 0.
        index: u32,
        /// Length announced.
        bytes: u32,
    },
    /// A tensor's header makes no sense.
    #[error("its weights are damaged: tensor {number} of {of} has no proper header")]
    TensorHeader {
        /// Number of the tensor, from 1.
        number: usize,
        /// How many there should be.
        of: usize,
    },
    /// A tensor that does not belong into a model of these dimensions.
    #[error("its weights are damaged: a tensor named {name:?} does not belong there")]
    UnknownTensor {
        /// Its name.
        name: String,
    },
    /// A tensor comes twice.
    #[error("its weights are damaged: tensor {name} comes twice")]
    TensorTwice {
        /// Its name.
        name: String,
    },
    /// A tensor has the wrong dimensions.
    #[error("its weights are damaged: tensor {name} is {}, must be {}", by(found), by(wanted))]
    TensorShape {
        /// Its name.
        name: String,
        /// Its dimensions.
        found: [i32; 3],
        /// The dimensions that the header asks for.
        wanted: [i32; 3],
    },
    /// A tensor stores its numbers in another way than the header says.
    #[error("its weights are damaged: tensor {name} has numbers of type {found}, must be {wanted}")]
    TensorType {
        /// Its name.
        name: String,
        /// Its type.
        found: String,
        /// The type that the header asks for.
        wanted: &'static str,
    },
    /// After the weights there is something else.
    #[error("{bytes} bytes follow after its weights that do not belong there")]
    TrailingBytes {
        /// How many.
        bytes: u64,
    },
    /// A weight is infinite or not a number.
    #[error("its weights are damaged: tensor {tensor} holds a value that is not a number")]
    NotANumber {
        /// The tensor's name.
        tensor: String,
    },
    /// It bears a name of the catalog and has another size.
    #[error("it has {found} bytes; {name} has {wanted}")]
    WrongSize {
        /// The name in the catalog.
        name: String,
        /// Size of the file.
        found: u64,
        /// Size in the catalog.
        wanted: u64,
    },
    /// It bears a name of the catalog and has another content.
    #[error("its content is not that of {name}: SHA-256 begins with {}, must begin with {}", &found[..12], &wanted[..12])]
    WrongContent {
        /// The name in the catalog.
        name: String,
        /// SHA-256 of the file.
        found: String,
        /// SHA-256 in the catalog.
        wanted: String,
    },
}

impl Problem {
    /// The problem that a failed open or read stands for.
    pub(super) fn of_io(error: io::Error) -> Problem {
        match error.kind() {
            io::ErrorKind::NotFound => Problem::Missing,
            io::ErrorKind::IsADirectory => Problem::Folder,
            _ => Problem::Unreadable(error),
        }
    }
}

/// Where in a model file something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the twelve numbers at its beginning.
    Header,
    /// In the filters that follow.
    Filters,
    /// In the vocabulary after those.
    Vocabulary,
    /// In its weights.
    Weights {
        /// Number of the tensor, from 1.
        tensor: usize,
        /// How many there should be.
        of: usize,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Header => write!(f, "inside its header"),
            Place::Filters => write!(f, "inside its mel filters"),
            Place::Vocabulary => write!(f, "inside its vocabulary"),
            Place::Weights { tensor, of } => write!(f, "at tensor {tensor} of {of}"),
        }
    }
}

/// Dimensions as people write them: `384 by 1500`.
fn by(dims: &[i32; 3]) -> String {
    let used = dims.iter().rposition(|&d| d != 1).map_or(1, |last| last + 1);
    dims[..used].iter().map(i32::to_string).collect::<Vec<_>>().join(" by ")
}
