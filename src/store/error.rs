//! Why something could not be kept or found again.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::wav::WavError;
use crate::quote::quoted;
use crate::remedy::{Action, NextStep, Remedy, next};

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system does not say where this person's files belong.
    #[error("this system names no home directory")]
    NoHome,
    /// Something else stands where a folder belongs.
    #[error("{} is not a folder", path.display())]
    NotAFolder {
        /// What stands there.
        path: PathBuf,
    },
    /// The file or folder may not be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The file or folder may not be written.
    #[error("{} cannot be written", path.display())]
    ReadOnly {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// There is no room for the file.
    #[error("no room left to write {}", path.display())]
    Full {
        /// The file that was being written.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// Another program records in this home.
    #[error("another window of Greenroom is recording: {session}")]
    Recording {
        /// Its session.
        session: String,
    },
    /// Another program writes to this session.
    #[error("the session {session} is being recorded by another program")]
    InUse {
        /// Its name.
        session: String,
    },
    /// A file of ours does not hold what it should.
    #[error("{} is damaged: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A recording that nothing can be read from.
    #[error("{} is not a recording that can be repaired", path.display())]
    BadRecording {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        cause: WavError,
    },
    /// There is no session at all.
    #[error("nothing has been recorded in {} yet", folder.display())]
    NothingRecorded {
        /// Where sessions are kept.
        folder: PathBuf,
    },
    /// No session and no question has this name.
    #[error("no session and no question that was asked is called {wanted:?} in {}", folder.display())]
    NoSession {
        /// What was asked for.
        wanted: String,
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// Several sessions or questions are called like this.
    #[error("{wanted:?} could be any of {}: {}", matches.len(), brief(matches))]
    Ambiguous {
        /// What was asked for.
        wanted: String,
        /// Each as it can be typed.
        matches: Vec<String>,
    },
    /// The session, or the question, has no take of this number.
    #[error("{session} has no take {wanted}; it has {}", takes(*have))]
    NoTake {
        /// The session or the question.
        session: String,
        /// What was asked for.
        wanted: String,
        /// How many takes it has.
        have: usize,
    },
}

/// How many names are listed at the most.
const LISTED: usize = 8;

fn brief(names: &[String]) -> String {
    let listed = names[..names.len().min(LISTED)].join(", ");
    if names.len() > LISTED { format!("{listed} and {} more", names.len() - LISTED) } else { listed }
}

fn takes(count: usize) -> String {
    match count {
        0 => "none".to_owned(),
        1 => "one, number 1".to_owned(),
        n => format!("{n}, numbered 1 to {n}"),
    }
}

impl StoreError {
    /// What it means that reading `path` failed with `cause`.
    pub(super) fn reading(path: &Path, cause: io::Error) -> StoreError {
        let path = path.to_owned();
        match cause.kind() {
            ErrorKind::NotADirectory => StoreError::NotAFolder { path },
            _ => StoreError::Unreadable { path, cause },
        }
    }

    /// What it means that writing `path` failed with `cause`.
    pub(crate) fn writing(path: &Path, cause: io::Error) -> StoreError {
        let path = path.to_owned();
        match cause.kind() {
            ErrorKind::NotADirectory => StoreError::NotAFolder { path },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                StoreError::Full { path, cause }
            }
            _ => StoreError::ReadOnly { path, cause },
        }
    }
}

impl Remedy for StoreError {
    fn next_step(&self) -> NextStep {
        match self {
            StoreError::NoHome => "say where to keep files: export GREENROOM_HOME=/some/folder".into(),
            StoreError::NotAFolder { path } => {
                format!("move {} away, or choose another folder: export GREENROOM_HOME=/some/folder", quoted(path))
                    .into()
            }
            StoreError::Unreadable { path, .. } | StoreError::ReadOnly { path, .. } => format!(
                "look at its owner and rights: ls -ld {}; or choose another folder: export GREENROOM_HOME=/some/folder",
                quoted(path)
            )
            .into(),
            StoreError::Full { path, .. } => format!(
                "free some space: df -h {}; what was recorded so far is kept",
                quoted(path.parent().unwrap_or(path))
            )
            .into(),
            StoreError::Recording { .. } => "end that session first: only one records at a time".into(),
            StoreError::InUse { .. } => "wait until it ends, or end the other greenroom".into(),
            StoreError::Damaged { path, .. } => {
                format!("open {} and mend it, or move it away; the recordings beside it are untouched", quoted(path))
                    .into()
            }
            StoreError::BadRecording { path, .. } => format!("listen to what there is: ffplay {}", quoted(path)).into(),
            StoreError::NothingRecorded { .. } => next!["begin with: ", Action::Rehearse],
            StoreError::NoSession { .. } => next!["see what there is: ", Action::Sessions],
            StoreError::Ambiguous { matches, .. } => {
                next![
                    "type more of the name: ",
                    Action::Session(matches.first().map_or("ID".to_owned(), ToString::to_string))
                ]
            }
            StoreError::NoTake { .. } => next!["see what there is: ", Action::Sessions],
        }
    }
}
