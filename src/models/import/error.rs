//! What can go wrong with an import.

use std::io;
use std::path::{Path, PathBuf};

use crate::models::convert::ConvertError;
use crate::models::problem::BadModel;
use crate::quote::quoted;
use crate::remedy::{Action, NextStep, Remedy, next};

/// Why a model was not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// What is there is not good, or not read here.
    #[error(transparent)]
    Source(#[from] ConvertError),
    /// It is a file for whisper.cpp that must not be loaded.
    #[error(transparent)]
    Bad(#[from] BadModel),
    /// The name cannot be that of a model.
    #[error("a model cannot be called {name:?}")]
    BadName {
        /// What was wanted.
        name: String,
    },
    /// Another model has the name.
    #[error("there is another model at {}", path.display())]
    Taken {
        /// Its file.
        path: PathBuf,
    },
    /// The name belongs to a public model, and this is another one.
    #[error("{name} is the name of a public model, and this is not its file (another SHA-256)")]
    NotThePublicOne {
        /// The name.
        name: String,
    },
    /// Another import of the same name is under way.
    #[error("a model of that name is being imported by another greenroom")]
    Busy,
    /// A file or folder cannot be written.
    #[error("{} cannot be written", path.display())]
    NotWritable {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The disk is full.
    #[error("the disk is full: {} was being written", path.display())]
    DiskFull {
        /// The unfinished file, which is removed.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The person stopped it.
    #[error("the import was stopped")]
    Stopped,
}

impl ImportError {
    /// What a failed write to `path` stands for.
    pub(super) fn of_writing(path: &Path, source: io::Error) -> ImportError {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ImportError::DiskFull { path, source },
            _ => ImportError::NotWritable { path, source },
        }
    }
}

impl Remedy for ImportError {
    fn next_step(&self) -> NextStep {
        let another = NextStep::from(Action::ImportModel("PATH --name NAME"));
        match self {
            ImportError::Source(error) => error.next_step(),
            ImportError::Bad(error) => error.next_step(),
            ImportError::BadName { .. } => another.then("   (letters, digits, and . _ - + between them)"),
            ImportError::Taken { .. } => another.then(next!["; or first: ", Action::RemoveModel]),
            ImportError::NotThePublicOne { .. } => another,
            ImportError::Busy => "wait for it, then import again".into(),
            ImportError::NotWritable { path, .. } => format!("ls -ld {}", quoted(path)).into(),
            ImportError::DiskFull { path, .. } => {
                let folder = path.parent().unwrap_or(path);
                format!("df -h {}, make room and import again", quoted(folder)).into()
            }
            ImportError::Stopped => "import it again".into(),
        }
    }
}
