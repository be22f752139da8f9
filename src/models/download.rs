//! Downloading a model: into a `.part` file, from where it was left, and under its name only when it is whole.
//!
//! Mirrors are tried in order. What has arrived is kept over a broken connection, another mirror, and the end of
//! the program; it is the same file everywhere, and its SHA-256 has the last word.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::catalog::{self, CatalogEntry};
pub use super::download_error::{Failures, MirrorFailure, MirrorProblem, PullError};
use super::http::{self, Answer};
pub use super::http::{Patience, Unreachable};
use super::installed::{part_path, verify_entry};
use super::problem::Problem;

/// Bytes between two looks at the cancel flag, and between two events.
const BLOCK_BYTES: usize = 1 << 16;
/// Times that a mirror may break off, each time having sent something, before the next is tried.
const MAX_BREAKS: usize = 5;

/// Where to download from, and how patiently.
#[derive(Clone, Debug)]
pub struct Source {
    /// Addresses to which the file's name is added, in the order to try them.
    pub mirrors: Vec<String>,
    /// How long to wait for a server.
    pub patience: Patience,
}

impl Source {
    /// The mirrors in `setting`, separated by commas or spaces; the catalog's own where it names none.
    pub fn from_setting(setting: Option<&str>) -> Source {
        let named = setting.unwrap_or_default().split([',', ' ']).filter(|mirror| !mirror.is_empty());
        let mut mirrors: Vec<String> = named.map(str::to_owned).collect();
        if mirrors.is_empty() {
            mirrors = catalog::mirrors().to_vec();
        }
        Source { mirrors, patience: Patience::default() }
    }
}

/// What happens while a model is downloaded.
#[derive(Debug)]
pub enum Progress<'a> {
    /// A mirror is asked.
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
        /// Bytes of the whole file.
        of: u64,
    },
    /// A mirror failed; the next one, or the same one again, follows if there is one.
    Failed(&'a MirrorFailure),
    /// Everything is there; its SHA-256 is computed.
    Checking,
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
/// after every block; while nothing arrives that may take as long as the patience for a stall.
///
/// # Errors
/// [`PullError`]. What has arrived stays in a `.part` file beside the model, from where the next pull goes on;
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
    if path.exists() {
        on(Progress::Checking);
        if verify_entry(&path, entry).is_ok() {
            return Ok(Pulled::AlreadyThere(path));
        }
    }
    fs::create_dir_all(folder).map_err(|source| PullError::NotWritable { path: folder.to_owned(), source })?;
    let mut download = Download { entry, cancel, patience: source.patience, part: Part::open(&path, entry)?, on };
    let mut failures = Vec::new();
    for url in entry.urls(&source.mirrors) {
        match download.try_mirror(&url)? {
            Ok(()) => {
                download.part.finish(&path)?;
                return Ok(Pulled::Downloaded(path));
            }
            Err(failure) => failures.push(failure),
        }
    }
    let kept = download.part.close_keeping_what_came();
    Err(PullError::NoMirror { name: entry.name.clone(), kept, failures: Failures(failures) })
}

/// A download under way.
struct Download<'a> {
    entry: &'a CatalogEntry,
    cancel: &'a AtomicBool,
    patience: Patience,
    part: Part,
    on: &'a mut dyn FnMut(Progress<'_>),
}

impl Download<'_> {
    /// Tries one mirror until the file is whole and right, or the mirror has failed for good.
    ///
    /// The outer error ends the pull: it is this machine's or the person's.
    fn try_mirror(&mut self, url: &str) -> Result<Result<(), MirrorFailure>, PullError> {
        let mut version = None;
        let mut breaks = 0;
        loop {
            let before = self.part.bytes;
            let attempt = if before < self.entry.bytes { self.attempt(url, &mut version)? } else { Ok(()) };
            let problem = match attempt {
                Ok(()) if self.is_right()? => return Ok(Ok(())),
                Ok(()) => {
                    self.part.clear()?;
                    // The old beginning may have been at fault, so the whole file gets one more chance.
                    if before > 0 && breaks < MAX_BREAKS {
                        breaks = MAX_BREAKS;
                        (self.on)(Progress::StartedOver);
                        continue;
                    }
                    MirrorProblem::WrongBytes
                }
                Err(problem) => problem,
            };
            let goes_on = matches!(problem, MirrorProblem::BrokeOff { .. }) && self.part.bytes > before;
            let failure = MirrorFailure { url: url.to_owned(), problem };
            (self.on)(Progress::Failed(&failure));
            breaks += 1;
            if !goes_on || breaks >= MAX_BREAKS {
                return Ok(Err(failure));
            }
        }
    }

    /// Asks once, and keeps what comes.
    fn attempt(&mut self, url: &str, version: &mut Option<String>) -> Result<Result<(), MirrorProblem>, PullError> {
        let have = self.part.bytes;
        (self.on)(Progress::Asking { url, have });
        let answer = match http::get(url, have, version.as_deref(), self.patience) {
            Ok(answer) => answer,
            Err(error) if error.is_stall() => return Ok(Err(MirrorProblem::Stalled(self.patience.stall))),
            Err(error) => return Ok(Err(MirrorProblem::NoConnection(error))),
        };
        let start = match self.start_of(&answer) {
            Ok(start) => start,
            Err(problem) => return Ok(Err(problem)),
        };
        if start < have {
            (self.on)(Progress::StartedOver);
            self.part.clear()?;
        }
        version.clone_from(&answer.version);
        self.receive(answer)
    }

    /// Where in the file the answer begins.
    fn start_of(&self, answer: &Answer) -> Result<u64, MirrorProblem> {
        let wanted = self.entry.bytes;
        match (answer.status, answer.range) {
            (200, _) => match answer.length {
                Some(found) if found != wanted => Err(MirrorProblem::WrongLength { found, wanted }),
                _ => Ok(0),
            },
            (206, Some(range)) if range.start == self.part.bytes => match range.whole {
                Some(found) if found != wanted => Err(MirrorProblem::WrongLength { found, wanted }),
                _ => Ok(range.start),
            },
            (206, _) => Err(MirrorProblem::WrongRange),
            (status, _) => Err(MirrorProblem::Refused { status }),
        }
    }

    /// Appends the body to the part.
    fn receive(&mut self, mut answer: Answer) -> Result<Result<(), MirrorProblem>, PullError> {
        let wanted = self.entry.bytes;
        let mut block = vec![0; BLOCK_BYTES];
        while self.part.bytes < wanted {
            if self.cancel.load(Ordering::Relaxed) {
                return Err(PullError::Cancelled { name: self.entry.name.clone(), kept: self.part.bytes });
            }
            // Never more than is missing, however much the server sends.
            let room = (wanted - self.part.bytes).min(BLOCK_BYTES as u64) as usize;
            match answer.body.read(&mut block[..room]) {
                Ok(0) => return Ok(Err(MirrorProblem::BrokeOff { received: self.part.bytes, wanted })),
                Ok(count) => self.part.append(&block[..count])?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if http::is_stall(&error) => return Ok(Err(MirrorProblem::Stalled(self.patience.stall))),
                Err(_) => return Ok(Err(MirrorProblem::BrokeOff { received: self.part.bytes, wanted })),
            }
            (self.on)(Progress::Received { bytes: self.part.bytes, of: wanted });
        }
        Ok(Ok(()))
    }

    /// Whether the part is the wanted file.
    fn is_right(&mut self) -> Result<bool, PullError> {
        (self.on)(Progress::Checking);
        match verify_entry(&self.part.path, self.entry) {
            Ok(()) => Ok(true),
            Err(bad) => match bad.problem {
                Problem::WrongSize { .. } | Problem::WrongContent { .. } => Ok(false),
                problem => Err(PullError::NotWritable { path: bad.path, source: io::Error::other(problem) }),
            },
        }
    }
}

/// The file in which a download grows. It is locked, so that two pulls do not write into each other.
struct Part {
    path: PathBuf,
    file: File,
    bytes: u64,
}

impl Part {
    /// Opens what is left of an earlier download of `path`, or a new file.
    fn open(path: &Path, entry: &CatalogEntry) -> Result<Part, PullError> {
        let path = part_path(path);
        let not_writable = |source| PullError::NotWritable { path: path.clone(), source };
        let opened = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = opened.map_err(not_writable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(PullError::Busy { name: entry.name.clone() }),
            // Some network file systems have no locks; that is no reason to refuse.
            Err(TryLockError::Error(_)) => {}
        }
        let bytes = file.seek(SeekFrom::End(0)).map_err(not_writable)?;
        let mut part = Part { path, file, bytes };
        if bytes > entry.bytes {
            part.clear()?;
        }
        Ok(part)
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), PullError> {
        match self.file.write_all(bytes) {
            Ok(()) => {
                self.bytes += bytes.len() as u64;
                Ok(())
            }
            Err(source) if matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => {
                Err(PullError::DiskFull { path: self.path.clone(), kept: self.bytes, source })
            }
            Err(source) => Err(PullError::NotWritable { path: self.path.clone(), source }),
        }
    }

    /// Throws away what has come so far.
    fn clear(&mut self) -> Result<(), PullError> {
        let cleared = self.file.set_len(0).and_then(|()| self.file.rewind());
        self.bytes = 0;
        cleared.map_err(|source| PullError::NotWritable { path: self.path.clone(), source })
    }

    /// Gives the whole file its name.
    fn finish(&mut self, path: &Path) -> Result<(), PullError> {
        let renamed = self.file.sync_all().and_then(|()| fs::rename(&self.path, path));
        renamed.map_err(|source| PullError::NotWritable { path: path.to_owned(), source })
    }

    /// Leaves the file for the next pull, or removes it if nothing came; returns its size.
    fn close_keeping_what_came(self) -> u64 {
        if self.bytes == 0 {
            // An empty file that stays behind does no harm.
            let _ = fs::remove_file(&self.path);
        }
        self.bytes
    }
}
