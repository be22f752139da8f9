//! One file over HTTP into a `.part` file, from where it was left.

use std::fs::{self, File, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::address::Address;
use super::download::Progress;
use super::download_error::{MirrorFailure, MirrorProblem, PullError};
use super::http::{self, Access, Answer, Patience, Request, Silence, Unreachable};
use super::sha256;

/// Times that a server may break off, each time having sent something, before it is given up.
const MAX_BREAKS: usize = 5;

/// What is to arrive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    /// The model it is for.
    pub name: &'a str,
    /// Size of the file, where it is known.
    pub bytes: Option<u64>,
    /// SHA-256 of the file, where it is known.
    pub sha256: Option<&'a str>,
}

/// Who is asked how, and who is told.
pub(super) struct Line<'a> {
    pub access: Access,
    pub patience: Patience,
    pub cancel: &'a AtomicBool,
    pub on: &'a mut dyn FnMut(Progress<'_>),
}

impl Line<'_> {
    /// Asks for a page of at most `most` bytes. The outer error ends the pull.
    pub fn page(
        &mut self,
        name: &str,
        address: &Address,
        accept: &'static str,
        most: usize,
    ) -> Result<Result<Page, MirrorProblem>, PullError> {
        (self.on)(Progress::Asking { url: &address.plain(), have: 0 });
        let request = Request {
            address,
            from: 0,
            version: None,
            accept: Some(accept),
            access: &self.access,
            patience: self.patience,
        };
        let answer = match http::get(&request, self.cancel) {
            Ok(answer) => answer,
            Err(silence) => return self.problem(silence, name, 0, None).map(Err),
        };
        if answer.head.status != 200 {
            return Ok(Err(MirrorProblem::Refused { status: answer.head.status }));
        }
        match answer.body.whole(most, self.cancel) {
            Ok(Some(content)) => Ok(Ok(Page { kind: answer.head.kind, content })),
            Ok(None) => Ok(Err(MirrorProblem::NotAnIndex)),
            Err(silence) => self.problem(silence, name, 0, None).map(Err),
        }
    }

    /// What a silence means for the pull of `name`.
    fn problem(
        &self,
        silence: Silence,
        name: &str,
        received: u64,
        wanted: Option<u64>,
    ) -> Result<MirrorProblem, PullError> {
        match silence {
            Silence::Cancelled => Err(PullError::Cancelled { name: name.to_owned(), kept: received }),
            Silence::Stalled => Ok(MirrorProblem::Stalled(self.patience.stall)),
            Silence::Unreachable(why) => Ok(MirrorProblem::NoConnection(why)),
            Silence::BrokeOff => Ok(MirrorProblem::BrokeOff { received, wanted }),
        }
    }
}

/// A page that was asked for.
pub(super) struct Page {
    /// The kind of content, such as `text/html`.
    pub kind: String,
    pub content: Vec<u8>,
}

/// A download under way.
pub(super) struct Download<'a, 'l> {
    pub wanted: Wanted<'a>,
    pub line: &'a mut Line<'l>,
    pub part: &'a mut Part,
}

impl Download<'_, '_> {
    /// Tries one address until the file is whole and right, or the server has failed for good.
    ///
    /// The outer error ends the pull: it is this machine's or the person's.
    pub fn try_url(&mut self, url: &str) -> Result<Result<(), MirrorFailure>, PullError> {
        match Address::parse(url) {
            Some(address) => self.try_at(&address),
            None => {
                let problem = MirrorProblem::NoConnection(Unreachable::not_an_address());
                let failure = MirrorFailure { url: url.to_owned(), problem };
                (self.line.on)(Progress::Failed(&failure));
                Ok(Err(failure))
            }
        }
    }

    /// As [`Download::try_url`].
    pub fn try_at(&mut self, address: &Address) -> Result<Result<(), MirrorFailure>, PullError> {
        let mut version = None;
        let mut breaks = 0;
        loop {
            let before = self.part.bytes;
            let attempt = if self.is_all_there()? { Ok(()) } else { self.attempt(address, &mut version)? };
            let problem = match attempt {
                Ok(()) if self.is_right()? => return Ok(Ok(())),
                Ok(()) => {
                    self.part.clear()?;
                    // The old beginning may have been at fault, so the whole file gets one more chance.
                    if before > 0 && breaks < MAX_BREAKS {
                        breaks = MAX_BREAKS;
                        (self.line.on)(Progress::StartedOver);
                        continue;
                    }
                    MirrorProblem::WrongBytes
                }
                Err(problem) => problem,
            };
            let goes_on = matches!(problem, MirrorProblem::BrokeOff { .. }) && self.part.bytes > before;
            let failure = MirrorFailure { url: address.plain(), problem };
            (self.line.on)(Progress::Failed(&failure));
            breaks += 1;
            if !goes_on || breaks >= MAX_BREAKS {
                return Ok(Err(failure));
            }
        }
    }

    /// Whether nothing is missing any more, as far as can be told without asking.
    fn is_all_there(&mut self) -> Result<bool, PullError> {
        match (self.wanted.bytes, self.wanted.sha256) {
            (Some(bytes), _) => Ok(self.part.bytes >= bytes),
            (None, Some(_)) => Ok(self.part.bytes > 0 && self.is_right()?),
            (None, None) => {
                // What is there may be of anything.
                self.part.clear()?;
                Ok(false)
            }
        }
    }

    /// Asks once, and keeps what comes.
    fn attempt(
        &mut self,
        address: &Address,
        version: &mut Option<String>,
    ) -> Result<Result<(), MirrorProblem>, PullError> {
        let have = self.part.bytes;
        (self.line.on)(Progress::Asking { url: &address.plain(), have });
        let request = Request {
            address,
            from: have,
            version: version.as_deref(),
            accept: None,
            access: &self.line.access,
            patience: self.line.patience,
        };
        let answer = match http::get(&request, self.line.cancel) {
            Ok(answer) => answer,
            Err(silence) => return self.line.problem(silence, self.wanted.name, have, self.wanted.bytes).map(Err),
        };
        let (start, whole) = match self.start_of(&answer) {
            Ok(place) => place,
            Err(problem) => return Ok(Err(problem)),
        };
        if start < have {
            (self.line.on)(Progress::StartedOver);
            self.part.clear()?;
        }
        version.clone_from(&answer.head.version);
        self.receive(answer, whole)
    }

    /// Where in the file the answer begins, and how long the whole file is.
    fn start_of(&self, answer: &Answer) -> Result<(u64, Option<u64>), MirrorProblem> {
        let head = &answer.head;
        if head.status / 100 == 2 && head.kind == "text/html" {
            return Err(MirrorProblem::WebPage);
        }
        let (start, whole) = match (head.status, head.range) {
            (200, _) => (0, head.length),
            (206, Some(range)) if range.start == self.part.bytes => (range.start, range.whole),
            (206, _) => return Err(MirrorProblem::WrongRange),
            (status, _) => return Err(MirrorProblem::Refused { status }),
        };
        match (whole, self.wanted.bytes) {
            (Some(found), Some(wanted)) if found != wanted => Err(MirrorProblem::WrongLength { found, wanted }),
            (found, wanted) => Ok((start, wanted.or(found))),
        }
    }

    /// Appends the body to the part.
    fn receive(&mut self, mut answer: Answer, whole: Option<u64>) -> Result<Result<(), MirrorProblem>, PullError> {
        while whole.is_none_or(|whole| self.part.bytes < whole) {
            let mut block = match answer.body.next(self.line.cancel) {
                Ok(Some(block)) => block,
                Ok(None) if whole.is_none() => return Ok(Ok(())),
                Ok(None) => return Ok(Err(MirrorProblem::BrokeOff { received: self.part.bytes, wanted: whole })),
                Err(silence) => return self.line.problem(silence, self.wanted.name, self.part.bytes, whole).map(Err),
            };
            if let Some(whole) = whole {
                // Never more than is missing, however much the server sends.
                block.truncate(usize::try_from(whole - self.part.bytes).unwrap_or(usize::MAX));
            }
            self.part.append(&block)?;
            (self.line.on)(Progress::Received { bytes: self.part.bytes, of: whole });
        }
        Ok(Ok(()))
    }

    /// Whether the part is the wanted file.
    fn is_right(&mut self) -> Result<bool, PullError> {
        if self.wanted.bytes.is_some_and(|bytes| bytes != self.part.bytes) {
            return Ok(false);
        }
        let Some(wanted) = self.wanted.sha256 else { return Ok(true) };
        (self.line.on)(Progress::Checking);
        let found = sha256_unless(&self.part.path, self.line.cancel, self.wanted.name, self.part.bytes)?;
        Ok(found == wanted)
    }
}

/// The digest of a file of a pull, unless the person stops it.
pub(super) fn sha256_unless(path: &Path, cancel: &AtomicBool, name: &str, kept: u64) -> Result<String, PullError> {
    let mut hasher = sha256::Hasher::default();
    let stops = || cancel.load(Ordering::Relaxed);
    let hashed = File::open(path).and_then(|mut file| sha256::hash_rest_unless(&mut file, &mut hasher, stops));
    match hashed {
        Ok(true) => Ok(hasher.finish()),
        Ok(false) => Err(PullError::Cancelled { name: name.to_owned(), kept }),
        Err(source) => Err(PullError::NotWritable { path: path.to_owned(), source }),
    }
}

/// The file in which a download grows. It is locked, so that two pulls do not write into each other.
pub(super) struct Part {
    pub path: PathBuf,
    file: File,
    pub bytes: u64,
}

impl Part {
    /// Opens what is left of an earlier download at `path`, or a new file; one of more than `most` bytes is thrown away.
    pub fn open(path: PathBuf, most: Option<u64>, name: &str) -> Result<Part, PullError> {
        let not_writable = |source| PullError::NotWritable { path: path.clone(), source };
        let opened = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = opened.map_err(not_writable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(PullError::Busy { name: name.to_owned() }),
            // Some network file systems have no locks; that is no reason to refuse.
            Err(TryLockError::Error(_)) => {}
        }
        let bytes = file.seek(SeekFrom::End(0)).map_err(not_writable)?;
        let mut part = Part { path, file, bytes };
        if most.is_some_and(|most| bytes > most) {
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
            Err(source) => Err(PullError::of_writing(&self.path, self.bytes, source)),
        }
    }

    /// Throws away what has come so far.
    pub fn clear(&mut self) -> Result<(), PullError> {
        let cleared = self.file.set_len(0).and_then(|()| self.file.rewind());
        self.bytes = 0;
        cleared.map_err(|source| PullError::NotWritable { path: self.path.clone(), source })
    }

    /// Gives the whole file its name.
    pub fn finish(&mut self, path: &Path) -> Result<(), PullError> {
        let renamed = self.file.sync_all().and_then(|()| fs::rename(&self.path, path));
        renamed.map_err(|source| PullError::NotWritable { path: path.to_owned(), source })
    }

    /// Leaves the file for the next pull; returns its size.
    pub fn close_keeping_what_came(self) -> u64 {
        self.bytes
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if self.bytes == 0 {
            // One that stays behind does no harm.
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl PullError {
    /// What a failed write to an unfinished file of `kept` bytes stands for.
    pub(super) fn of_writing(path: &Path, kept: u64, source: io::Error) -> PullError {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => PullError::DiskFull { path, kept, source },
            _ => PullError::NotWritable { path, source },
        }
    }
}
