//! Bringing a model that is on this machine already into the models folder.
//!
//! A file for whisper.cpp is copied, a folder of faster-whisper or Hugging Face is written as such a file. What becomes the
//! public file of a name, to the byte, gets that name. Nothing is written where the model came from.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

mod error;
mod name;
#[cfg(test)]
mod tests;

use super::catalog::{self, CatalogEntry};
use super::check::check_weights;
use super::convert::{
    self, ConvertError, Format, Precision, Source, WriteError, Written, ctranslate2, ggml, hugging_face, recognise,
};
use super::installed::part_beside;
use super::sha256::{self, Hasher};

pub use error::ImportError;

/// Bytes that are copied at a time.
const BLOCK_BYTES: usize = 1 << 20;

/// What somebody wants to import.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    /// A file or a folder.
    pub path: &'a Path,
    /// What it is to be called; made from its path where nothing is said.
    pub name: Option<&'a str>,
    /// In how many bits it is stored: as a file for whisper.cpp has it, else as 16-bit floats, where nothing is said.
    pub precision: Option<Precision>,
}

/// A model that is in the models folder now.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// What people type.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
    /// Size of the file.
    pub bytes: u64,
    /// Its entry in the catalog, where it is the public file to the byte.
    pub entry: Option<&'static CatalogEntry>,
    /// Whether the very same model was there before.
    pub was_there: bool,
    /// What whoever uses it must know about its licence.
    pub licence: Option<&'static str>,
}

/// Imports a model into `folder`, which is made if it does not exist, and tells `watch` how many of how many bytes are done;
/// it may stop the work.
///
/// # Errors
/// [`ImportError`]; the folder is then as it was.
pub fn import(
    wish: &Wish<'_>,
    folder: &Path,
    watch: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
) -> Result<Imported, ImportError> {
    let format = recognise(wish.path)?;
    let own_name = match wish.name {
        Some(name) => name::checked(name)?,
        None => name::of_format(&format, wish.precision),
    };
    fs::create_dir_all(folder).map_err(|source| ImportError::NotWritable { path: folder.to_owned(), source })?;
    let mut unfinished = Unfinished::new(part_beside(&model_path(folder, &own_name), "import"))?;
    let written = write_model(&format, wish.precision, &mut unfinished, watch)?;
    let entry = catalog::entries().iter().find(|entry| entry.sha256 == written.sha256 && !entry.built_in);
    let name = match (wish.name, entry) {
        (None, Some(entry)) => entry.name.clone(),
        _ => own_name,
    };
    let entry = entry.filter(|entry| entry.name == name);
    if entry.is_none() && catalog::find(&name).is_some() {
        return Err(ImportError::NotThePublicOne { name });
    }
    let path = model_path(folder, &name);
    let was_there = same_is_there(&path, &written, entry)?;
    if !was_there {
        unfinished.finish(&path)?;
    }
    Ok(Imported { licence: licence(&format, &name), bytes: written.bytes, name, path, entry, was_there })
}

fn model_path(folder: &Path, name: &str) -> PathBuf {
    let entry = catalog::find(name);
    folder.join(entry.map_or_else(|| format!("ggml-{name}.bin"), CatalogEntry::file_name))
}

/// Whether the file is there already; another one of that name is in the way, unless it is not what its name promises.
fn same_is_there(path: &Path, written: &Written, entry: Option<&CatalogEntry>) -> Result<bool, ImportError> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(ImportError::NotWritable { path: path.to_owned(), source }),
        Ok(about) => {
            let same = about.len() == written.bytes && sha256::of_file(path).is_ok_and(|found| found == written.sha256);
            match (same, entry) {
                (true, _) => Ok(true),
                (false, Some(_)) => Ok(false),
                (false, None) => Err(ImportError::Taken { path: path.to_owned() }),
            }
        }
    }
}

/// Writes the model, in whatever format it is, into the unfinished file.
fn write_model(
    format: &Format,
    precision: Option<Precision>,
    unfinished: &mut Unfinished,
    watch: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
) -> Result<Written, ImportError> {
    let source = match (format, precision) {
        (Format::Ggml(path), None) => return copy(path, unfinished, watch),
        (Format::Ggml(path), Some(precision)) => {
            let shape = check_weights(path)?;
            if shape.numbers == precision.numbers() {
                return copy(path, unfinished, watch);
            }
            ggml::read(path, precision)?
        }
        (Format::CTranslate2(folder), _) => ctranslate2::read(folder)?,
        (Format::HuggingFace(folder), _) => hugging_face::read(folder)?,
    };
    convert(&source, precision.unwrap_or(Precision::F16), unfinished, watch)
}

fn convert(
    source: &Source,
    precision: Precision,
    unfinished: &mut Unfinished,
    watch: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
) -> Result<Written, ImportError> {
    let mut out = BufWriter::with_capacity(BLOCK_BYTES, &mut unfinished.file);
    let written = convert::write(source, precision, &mut out, watch);
    written.map_err(|error| match error {
        WriteError::Source(error) => ImportError::Source(error),
        WriteError::Write(cause) => ImportError::of_writing(&unfinished.path, cause),
        WriteError::Stopped => ImportError::Stopped,
    })
}

/// Copies a file for whisper.cpp of which every weight was looked at.
fn copy(
    path: &Path,
    unfinished: &mut Unfinished,
    watch: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
) -> Result<Written, ImportError> {
    check_weights(path)?;
    let unreadable =
        |cause| ConvertError { path: path.to_owned(), problem: convert::ConvertProblem::Unreadable(cause) };
    let mut file = File::open(path).map_err(unreadable)?;
    let of = file.metadata().map_err(unreadable)?.len();
    let (mut hasher, mut bytes, mut block) = (Hasher::default(), 0, vec![0; BLOCK_BYTES]);
    loop {
        let count = match file.read(&mut block) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(error).into()),
        };
        unfinished.file.write_all(&block[..count]).map_err(|cause| ImportError::of_writing(&unfinished.path, cause))?;
        hasher.update(&block[..count]);
        bytes += count as u64;
        if watch(bytes, of).is_break() {
            return Err(ImportError::Stopped);
        }
    }
    Ok(Written { bytes, sha256: hasher.finish() })
}

/// What is known about the licence of a model that the catalog does not have.
fn licence(format: &Format, name: &str) -> Option<&'static str> {
    let (Format::Ggml(path) | Format::CTranslate2(path) | Format::HuggingFace(path)) = format;
    let config = fs::read_to_string(path.join("config.json")).unwrap_or_default();
    let told = [path.to_string_lossy().as_ref(), name, &config].map(str::to_lowercase);
    told.iter().any(|text| text.contains("crisper")).then_some(CRISPER_LICENCE)
}

/// CrisperWhisper's model card, first version; the second is refused for its vocabulary.
const CRISPER_LICENCE: &str = "CrisperWhisper may be used for non-commercial purposes only (CC BY-NC 4.0).";

/// A file that grows into a model, and is gone when it does not become one. It is locked, so that two imports of one name do
/// not write into each other.
struct Unfinished {
    path: PathBuf,
    file: File,
}

impl Unfinished {
    fn new(path: PathBuf) -> Result<Unfinished, ImportError> {
        let not_writable = |source| ImportError::NotWritable { path: path.clone(), source };
        let file = File::options().write(true).create(true).truncate(false).open(&path).map_err(not_writable)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(ImportError::Busy),
            // Some network file systems have no locks; that is no reason to refuse.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        file.set_len(0).map_err(not_writable)?;
        Ok(Unfinished { file, path })
    }

    fn finish(&mut self, path: &Path) -> Result<(), ImportError> {
        let renamed = self.file.sync_all().and_then(|()| fs::rename(&self.path, path));
        renamed.map_err(|cause| ImportError::of_writing(path, cause))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // It may have got its name.
        let _ = fs::remove_file(&self.path);
    }
}
