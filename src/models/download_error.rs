//! What can go wrong with a download.

use crate::quote::quoted;
use crate::remedy::{Action, NextStep, Remedy, next};
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::catalog;
use super::http::Unreachable;

/// Why a model was not downloaded.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// Another pull of the same model is under way.
    #[error("{name} is being downloaded by another greenroom")]
    Busy {
        /// Its name.
        name: String,
    },
    /// A file or folder cannot be written or read back.
    #[error("{} cannot be written", path.display())]
    NotWritable {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The disk is full.
    #[error("the disk is full: {} holds {kept} bytes", path.display())]
    DiskFull {
        /// The unfinished download, which is kept.
        path: PathBuf,
        /// Its size.
        kept: u64,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The person stopped it.
    #[error("the download of {name} was stopped; {kept} bytes are kept")]
    Cancelled {
        /// Its name.
        name: String,
        /// Bytes that are kept.
        kept: u64,
    },
    /// Every mirror failed.
    #[error("{name} could not be downloaded")]
    NoMirror {
        /// Its name.
        name: String,
        /// Where its file belongs.
        path: PathBuf,
        /// Bytes that are kept.
        kept: u64,
        /// What each mirror did, in the order tried.
        #[source]
        failures: Failures,
    },
}

impl Remedy for PullError {
    fn next_step(&self) -> NextStep {
        match self {
            PullError::Busy { name } => next!["wait for it, then: ", Action::Pull(name.clone())],
            PullError::NotWritable { path, .. } => format!("ls -ld {}", quoted(path)).into(),
            PullError::DiskFull { path, .. } => {
                let folder = path.parent().unwrap_or(path);
                format!("df -h {}, make room and pull again; it goes on where it stopped", quoted(folder)).into()
            }
            PullError::Cancelled { name, .. } => next![Action::Pull(name.clone()), "   (goes on where it stopped)"],
            PullError::NoMirror { name, path, kept, failures } => {
                let ways = format!("greenroom models import FILE, or put the file at {}", quoted(path));
                if *kept > 0 && failures.was_anybody_there() {
                    let again = next![Action::Pull(name.clone()), "   (goes on where it stopped)"];
                    return format!("{again}; from elsewhere: --mirror URL, {ways}").into();
                }
                match on_the_index_instead_of(name) {
                    Some(it) => format!(
                        "greenroom models pull {it}, which the package index has too; for {name} itself: --mirror URL, {ways}"
                    ).into(),
                    None => format!("greenroom models pull {name} --mirror URL, {ways}").into(),
                }
            }
        }
    }
}

/// A model of the same languages that can be made from packages, for one that cannot.
fn on_the_index_instead_of(name: &str) -> Option<&'static str> {
    let entry = catalog::find(name).filter(|entry| entry.wheels.is_none())?;
    let mut others = catalog::entries().iter().filter(|it| it.wheels.is_some() && it.languages == entry.languages);
    others.next().map(|it| it.name.as_str())
}

/// What each mirror did, in the order tried.
#[derive(Debug)]
pub struct Failures(pub Vec<MirrorFailure>);

impl fmt::Display for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("there is no mirror to ask");
        }
        for (number, failure) in self.0.iter().enumerate() {
            let between = if number > 0 { "; " } else { "" };
            write!(f, "{between}{}: {}", failure.server(), failure.problem)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failures {}

impl Failures {
    /// Whether any server was connected.
    fn was_anybody_there(&self) -> bool {
        self.0.iter().any(|failure| !matches!(failure.problem, MirrorProblem::NoConnection(_)))
    }
}

/// What one mirror did.
#[derive(Debug, thiserror::Error)]
#[error("{url}: {problem}")]
pub struct MirrorFailure {
    /// The address that was asked.
    pub url: String,
    /// What went wrong.
    pub problem: MirrorProblem,
}

impl MirrorFailure {
    /// The server in its address.
    fn server(&self) -> &str {
        let rest = self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest);
        rest.split('/').next().unwrap_or(rest)
    }
}

/// What can go wrong with a mirror.
#[derive(Debug, thiserror::Error)]
pub enum MirrorProblem {
    /// There was no connection.
    #[error("no answer: {0}")]
    NoConnection(Unreachable),
    /// It sent nothing for too long.
    #[error("nothing came for {0:?}")]
    Stalled(Duration),
    /// The connection ended too soon.
    #[error("the connection broke off after {received}{} bytes", wanted.map(|it| format!(" of {it}")).unwrap_or_default())]
    BrokeOff {
        /// Bytes that are there.
        received: u64,
        /// Bytes of the whole file, where that is known.
        wanted: Option<u64>,
    },
    /// It does not have the file or does not give it.
    #[error("{}", refusal(*status))]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// Its file has another size.
    #[error("its file has {found} bytes, must have {wanted}")]
    WrongLength {
        /// Size announced.
        found: u64,
        /// Size in the catalog.
        wanted: u64,
    },
    /// It sent a page for people, such as one that says the address is blocked.
    #[error("it sent a web page instead of the file")]
    WebPage,
    /// It sent another part of the file than was asked for.
    #[error("it sent another part of the file than was asked for")]
    WrongRange,
    /// The whole file came and is not the right one.
    #[error("it sent wrong bytes: the SHA-256 is not the one it must be; they were deleted")]
    WrongBytes,
    /// What should list the files of a package does not.
    #[error("it is no package index: it sent something else than a list of files")]
    NotAnIndex,
    /// A package index has the package and not this version of it.
    #[error("it has no wheel of {package} {version}")]
    NoWheel {
        /// The package.
        package: String,
        /// Its version.
        version: String,
    },
    /// The package does not hold what it should.
    #[error("its package cannot be used: {reason}")]
    BadPackage {
        /// What is wrong with it.
        reason: String,
    },
}

/// An HTTP status in words.
fn refusal(status: u16) -> String {
    match status {
        404 | 410 => format!("it does not have the file (HTTP {status})"),
        401 | 403 => format!("it does not give the file (HTTP {status})"),
        429 => format!("it has had too many requests; try later (HTTP {status})"),
        500.. => format!("it has a problem of its own; try later (HTTP {status})"),
        _ => format!("it answered HTTP {status}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_that_only_the_hub_has_is_told_with_one_that_the_index_has() {
        let hint = |name: &str| {
            let path = PathBuf::from("/models/ggml.bin");
            PullError::NoMirror { name: name.to_owned(), path, kept: 0, failures: Failures(Vec::new()) }.hint()
        };
        assert!(hint("small.en").starts_with("greenroom models pull tiny.en, which"), "{}", hint("small.en"));
        assert!(hint("large-v3").starts_with("greenroom models pull base, which"), "{}", hint("large-v3"));
        assert!(
            hint("tiny.en").starts_with("greenroom models pull tiny.en --mirror URL, greenroom"),
            "{}",
            hint("tiny.en")
        );
    }
}
