//! Whisper models that other programs keep on this machine. They are read, never written.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::catalog;
use super::check::check;
use super::convert::{ConvertError, ConvertProblem, Format, OtherFormat, ctranslate2, hugging_face, recognise};
use super::problem::Problem;

mod places;
#[cfg(test)]
mod tests;

pub use places::{Place, places};

/// Folders that are looked through below one place, so that a link in a circle has an end.
const MOST_FOLDERS: usize = 2000;

/// A model of another program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What its file or folder is called.
    pub name: String,
    /// The file or folder.
    pub path: PathBuf,
    /// Size of the file, or of all files in the folder.
    pub bytes: u64,
    /// In which format it is.
    pub kind: Kind,
    /// The program that keeps it.
    pub owner: &'static str,
    /// Why it cannot be imported, where it cannot.
    pub refusal: Option<String>,
}

/// The format of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file for whisper.cpp.
    Ggml,
    /// A folder of faster-whisper.
    CTranslate2,
    /// A folder of Hugging Face's `transformers`.
    HuggingFace,
    /// A format that is not read here.
    Other(OtherFormat),
}

impl Kind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Ggml => "ggml",
            Kind::CTranslate2 => "CTranslate2",
            Kind::HuggingFace => "Hugging Face",
            Kind::Other(OtherFormat::PyTorch) => "PyTorch",
            Kind::Other(OtherFormat::Gguf) => "GGUF",
            Kind::Other(OtherFormat::CoreMl) => "Core ML",
            Kind::Other(OtherFormat::Onnx) => "ONNX",
            Kind::Other(OtherFormat::Mlx) => "MLX",
            Kind::Other(OtherFormat::Adapter) => "adapter",
        }
    }
}

impl Found {
    /// What to type to have it here: an import, or where it cannot be imported and the catalog has it, a pull.
    pub fn command(&self) -> Option<String> {
        if self.refusal.is_none() {
            return Some(format!("greenroom models import {}", quoted(&self.path)));
        }
        let known = catalog::find(self.name.trim_end_matches(".pt"))?;
        Some(format!("greenroom models pull {}", known.name))
    }
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@%=".contains(c);
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// Every Whisper model at these places, in their order and then by path; each once, also where places overlap.
pub fn find(places: &[Place]) -> Vec<Found> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for place in places {
        let mut search = Search { owner: place.owner, found: Vec::new(), folders_left: MOST_FOLDERS };
        search.folder(&place.folder, place.depth);
        search.found.sort_by(|a, b| a.path.cmp(&b.path));
        found.extend(search.found.into_iter().filter(|model| seen.insert(real(&model.path))));
    }
    found
}

fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// A search below one place.
struct Search {
    owner: &'static str,
    found: Vec<Found>,
    folders_left: usize,
}

impl Search {
    /// Looks at a folder, and below it unless it is a model itself.
    fn folder(&mut self, folder: &Path, depth: usize) {
        if self.folders_left == 0 {
            return;
        }
        self.folders_left -= 1;
        let Ok(entries) = fs::read_dir(folder) else { return };
        if self.is_model(folder) {
            return;
        }
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        // In a repository of the Hugging Face hub they are what the names in its snapshots lead to.
        paths.retain(|path| !path.ends_with("blobs"));
        for path in paths {
            match fs::metadata(&path) {
                Ok(about) if about.is_dir() => {
                    if path.extension().is_some_and(|ending| ending == "mlmodelc") {
                        self.other(folder, OtherFormat::CoreMl);
                        return;
                    }
                    if depth > 0 {
                        self.folder(&path, depth - 1);
                    }
                }
                Ok(about) if about.is_file() => self.file(&path, about.len()),
                _ => {}
            }
        }
    }

    /// Takes a folder that is a model; says whether it is one, or one of another kind that nobody asked for.
    fn is_model(&mut self, folder: &Path) -> bool {
        let (kind, read, path) = match recognise(folder) {
            Ok(Format::CTranslate2(path)) => (Kind::CTranslate2, ctranslate2::read(&path), path),
            Ok(Format::HuggingFace(path)) => (Kind::HuggingFace, hugging_face::read(&path), path),
            _ => return false,
        };
        match read {
            Ok(_) => self.add(&path, size(&path), kind, None),
            // The hub has models of every kind.
            Err(ConvertError { problem: ConvertProblem::NotWhisper { .. }, .. }) => {}
            Err(error) if is_whisper(&path) => self.add(&path, size(&path), kind, Some(error.problem.to_string())),
            Err(_) => {}
        }
        true
    }

    fn file(&mut self, path: &Path, bytes: u64) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !(name.ends_with(".bin") || name.ends_with(".pt") || name.ends_with(".gguf")) {
            return;
        }
        match recognise(path) {
            Ok(Format::Ggml(path)) => match check(&path).map_err(|bad| bad.problem) {
                Ok(_) => self.add(&path, bytes, Kind::Ggml, None),
                Err(Problem::VoiceDetector) => {}
                Err(problem) => self.add(&path, bytes, Kind::Ggml, Some(problem.to_string())),
            },
            Err(ConvertError { problem: ConvertProblem::Other(other), .. }) if is_whisper(path) => {
                self.add(path, bytes, Kind::Other(other), Some(other.to_string()));
            }
            _ => {}
        }
    }

    fn other(&mut self, folder: &Path, other: OtherFormat) {
        self.add(folder, size(folder), Kind::Other(other), Some(other.to_string()));
    }

    fn add(&mut self, path: &Path, bytes: u64, kind: Kind, refusal: Option<String>) {
        let last = path.file_name().unwrap_or_default().to_string_lossy();
        let plain = last.strip_prefix("ggml-").unwrap_or(&last);
        let plain = plain.strip_suffix(".bin").unwrap_or(plain);
        let name = repository(path).unwrap_or_else(|| plain.to_owned());
        self.found.push(Found { name, path: path.to_owned(), bytes, kind, owner: self.owner, refusal });
    }
}

/// Whether a path that cannot be read as a model is one of Whisper by its name.
fn is_whisper(path: &Path) -> bool {
    let last = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let known = catalog::find(last.trim_end_matches(".pt")).is_some() || last == "large-v1.pt";
    known || path.to_string_lossy().to_lowercase().contains("whisper")
}

/// The name of the hub's repository that a folder is a version of.
pub(super) fn repository(snapshot: &Path) -> Option<String> {
    let mut above = snapshot.ancestors().skip(1).filter_map(|folder| folder.file_name()?.to_str());
    let (snapshots, repository) = (above.next()?, above.next()?);
    let name = repository.strip_prefix("models--").filter(|_| snapshots == "snapshots")?;
    name.rsplit("--").next().map(str::to_owned)
}

/// Bytes of all files in a folder and below, links followed, a few levels deep.
fn size(folder: &Path) -> u64 {
    fn below(folder: &Path, depth: usize) -> u64 {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let sizes = entries.filter_map(|entry| {
            let about = fs::metadata(entry.path()).ok()?;
            Some(match about.is_dir() {
                true if depth > 0 => below(&entry.path(), depth - 1),
                true => 0,
                false => about.len(),
            })
        });
        sizes.sum()
    }
    below(folder, 4)
}
