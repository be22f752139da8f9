//! What can be wrong with a recording.

use std::io;
use std::path::{Path, PathBuf};

use super::mono::Side;
use crate::quote::quoted;
use crate::remedy::{Action, NextStep, Remedy, next};
use crate::types::Seconds;

/// Something about a recording that its reader must know; the sound is usable all the same. Its `Display` is for people.
#[derive(Clone, Debug, PartialEq)]
pub enum DecodeWarning {
    /// The file ends early: this much of it was there.
    Truncated {
        /// The length of what was read.
        read: Seconds,
        /// The length that the file promises, where it does.
        promised: Option<Seconds>,
    },
    /// Pieces that could not be decoded were left out.
    DamagedPieces(usize),
    /// Samples that were no number (NaN or infinite) were made silent.
    NotNumbers(usize),
    /// It has several tracks of sound, of which one was chosen.
    Track {
        /// The track that is read, from 1.
        number: usize,
        /// How many there are.
        of: usize,
        /// Whether it was chosen because nobody speaks in the one that players play.
        because_of_speech: bool,
    },
    /// One side of it was asked for.
    Side(Side),
    /// Its two channels are each other's opposite: together they would be silence, and their difference is heard instead.
    OppositeChannels,
    /// A mains hum on this tone in Hz was taken out.
    Hum(u32),
    /// It was decoded by ffmpeg.
    ByFfmpeg,
}

impl std::fmt::Display for DecodeWarning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DecodeWarning::Truncated { read, promised: Some(promised) } => {
                write!(f, "the file ends early: {:.1} s of {:.1} s are there", read.0, promised.0)
            }
            DecodeWarning::Truncated { read, promised: None } => {
                write!(f, "the file ends early: the first {:.1} s are there", read.0)
            }
            DecodeWarning::DamagedPieces(count) => write!(f, "{count} damaged pieces were left out"),
            DecodeWarning::NotNumbers(count) => write!(f, "{count} samples were no number and were made silent"),
            DecodeWarning::Track { number, of, because_of_speech } => {
                let why = if *because_of_speech { ", where somebody speaks," } else { "" };
                write!(f, "of its {of} tracks of sound, track {number}{why} is heard; --track N takes another")
            }
            DecodeWarning::Side(side) => write!(f, "this is its {} side", side.name()),
            DecodeWarning::OppositeChannels => {
                write!(
                    f,
                    "one channel is the other in opposite phase (a wrongly wired cable): their difference is heard"
                )
            }
            DecodeWarning::Hum(hz) => write!(f, "a mains hum of {hz} Hz was taken out"),
            DecodeWarning::ByFfmpeg => write!(f, "it was read through ffmpeg"),
        }
    }
}

/// Why a recording gave no sound.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// It cannot be read.
    #[error("{} could not be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// It is a folder, a pipe or a device.
    #[error("{} is not a file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// It has no bytes.
    #[error("{} is empty", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// It is no recording, or of a kind that is not known.
    #[error("{} is not a recording of a known kind", path.display())]
    NotAudio {
        /// The file.
        path: PathBuf,
    },
    /// It is a recording that cannot be decoded here.
    #[error("{} cannot be decoded: {reason}", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What is not supported.
        reason: String,
    },
    /// It is a recording of a known kind, and broken.
    #[error("{} is damaged: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// It is a recording whose index, which recorders write last, is missing.
    #[error("{} has no index: the recorder was stopped before it wrote it", path.display())]
    NoIndex {
        /// The file.
        path: PathBuf,
    },
    /// It is whole, and there is no sound in it.
    #[error("there is no sound in {}", path.display())]
    NoSound {
        /// The file.
        path: PathBuf,
    },
    /// It has fewer tracks of sound than the one that was asked for.
    #[error("{} has {of} track(s) of sound, and no track {wanted}", path.display())]
    NoSuchTrack {
        /// The file.
        path: PathBuf,
        /// What was asked for, from 1.
        wanted: usize,
        /// How many there are.
        of: usize,
    },
    /// One side of it was asked for, and it has only one channel.
    #[error("{} has one channel, and so no two sides", path.display())]
    NoSides {
        /// The file.
        path: PathBuf,
    },
}

impl Remedy for DecodeError {
    fn next_step(&self) -> NextStep {
        match self {
            DecodeError::Unreadable { path, .. } => {
                format!("check the name and the rights: ls -l {}", quoted(path)).into()
            }
            DecodeError::NotAFile { path } => {
                next!["name a recording, or transcribe the whole folder: ", Action::Transcribe(path.clone())]
            }
            DecodeError::Empty { path } => {
                format!("copy it again from where it was recorded: ls -l {}", quoted(path)).into()
            }
            DecodeError::NoSound { path } => {
                format!("see which tracks it has: ffprobe -hide_banner {}", quoted(path)).into()
            }
            DecodeError::NotAudio { path } | DecodeError::Unsupported { path, .. } => format!(
                "wav, mp3, m4a, mp4, mov, mkv, webm, ogg, opus, flac, aiff and caf are read, and what ffmpeg reads \
                     where it is installed: {}",
                by_ffmpeg(path)
            )
            .into(),
            DecodeError::Damaged { path, .. } => {
                format!("see whether another program can save it: {}", by_ffmpeg(path)).into()
            }
            DecodeError::NoIndex { path } => format!(
                "a whole recording of the same device helps to rebuild it: untrunc WHOLE-RECORDING {}",
                quoted(path)
            )
            .into(),
            DecodeError::NoSuchTrack { of, .. } => format!("choose one from 1 to {of}: --track {of}").into(),
            DecodeError::NoSides { .. } => "leave out --channels split".into(),
        }
    }
}

/// The line that converts a recording into one that is read anywhere.
fn by_ffmpeg(path: &Path) -> String {
    format!("ffmpeg -i {} -vn {}", quoted(path), quoted(&path.with_extension("flac")))
}
