//! What a path is that somebody wants to import.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::ctranslate2;
use super::hugging_face::{INDEX, WHOLE};
use super::problem::{ConvertError, ConvertProblem, OtherFormat};

/// A model in a format that is read here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// A file for whisper.cpp.
    Ggml(PathBuf),
    /// A folder of CTranslate2.
    CTranslate2(PathBuf),
    /// A folder of Hugging Face.
    HuggingFace(PathBuf),
}

/// Says what is at `path`: a file, a folder, a file in such a folder, or a repository in the cache of the Hugging Face hub.
///
/// # Errors
/// [`ConvertError`] where there is nothing, or nothing that is read here.
pub fn recognise(path: &Path) -> Result<Format, ConvertError> {
    let error = |problem| ConvertError { path: path.to_owned(), problem };
    let about = fs::metadata(path).map_err(|cause| error(ConvertProblem::of_io(cause)))?;
    if about.is_dir() {
        let folder = snapshot(path).unwrap_or_else(|| path.to_owned());
        of_folder(&folder).map_err(|problem| ConvertError { path: folder.clone(), problem })
    } else if about.is_file() {
        of_file(path).map_err(error)
    } else {
        Err(error(ConvertProblem::Unrecognised { found: Some("something that is no ordinary file".to_owned()) }))
    }
}

fn of_file(path: &Path) -> Result<Format, ConvertProblem> {
    let beginning = beginning(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = || match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    if beginning.starts_with(b"lmgg") {
        Ok(Format::Ggml(path.to_owned()))
    } else if ctranslate2::is_model(&beginning) && name == "model.bin" {
        Ok(Format::CTranslate2(folder()))
    } else if name == WHOLE || name == INDEX || name == "config.json" {
        of_folder(&folder())
    } else if let Some(other) = other_file(&beginning, &name) {
        Err(ConvertProblem::Other(other))
    } else if beginning.is_empty() {
        Err(ConvertProblem::Unrecognised { found: Some("no bytes at all".to_owned()) })
    } else {
        Err(ConvertProblem::Unrecognised { found: None })
    }
}

fn other_file(beginning: &[u8], name: &str) -> Option<OtherFormat> {
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if beginning.starts_with(b"GGUF") {
        Some(OtherFormat::Gguf)
    } else if beginning.starts_with(b"PK\x03\x04") || ends(&[".pt", ".pth", ".ckpt"]) || name == "pytorch_model.bin" {
        Some(OtherFormat::PyTorch)
    } else if ends(&[".onnx"]) {
        Some(OtherFormat::Onnx)
    } else {
        None
    }
}

fn of_folder(folder: &Path) -> Result<Format, ConvertProblem> {
    let has = |name: &str| folder.join(name).is_file();
    if has("model.bin") && ctranslate2::is_model(&beginning(&folder.join("model.bin"))?) {
        return Ok(Format::CTranslate2(folder.to_owned()));
    }
    if has(WHOLE) || has(INDEX) {
        return Ok(Format::HuggingFace(folder.to_owned()));
    }
    let names: Vec<String> = fs::read_dir(folder)
        .map_err(ConvertProblem::of_io)?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .collect();
    match names.iter().find_map(|name| other_in_folder(name)) {
        Some(other) => Err(ConvertProblem::Other(other)),
        None => Err(ConvertProblem::Unrecognised { found: Some(listed(names)) }),
    }
}

/// What a folder holds that has a file of this name.
fn other_in_folder(name: &str) -> Option<OtherFormat> {
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    match name {
        "adapter_config.json" => Some(OtherFormat::Adapter),
        "weights.npz" | "weights.safetensors" => Some(OtherFormat::Mlx),
        _ if name.starts_with("pytorch_model") || ends(&[".pt"]) => Some(OtherFormat::PyTorch),
        _ if ends(&[".mlmodelc", ".mlpackage"]) => Some(OtherFormat::CoreMl),
        _ if ends(&[".onnx"]) => Some(OtherFormat::Onnx),
        _ => None,
    }
}

/// The first names of a folder, for an error.
fn listed(mut names: Vec<String>) -> String {
    names.sort();
    match names.len() {
        0 => "nothing in it".to_owned(),
        count if count > 3 => format!("{} and {} more", names[..3].join(", "), count - 3),
        _ => names.join(", "),
    }
}

/// In a repository of the hub's cache, the version that its `main` is, or the only one there.
fn snapshot(repository: &Path) -> Option<PathBuf> {
    let snapshots = repository.join("snapshots");
    let main = fs::read_to_string(repository.join("refs/main")).ok();
    let named = main.map(|revision| snapshots.join(revision.trim())).filter(|folder| folder.is_dir());
    named.or_else(|| {
        let mut folders = fs::read_dir(&snapshots).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
        let only = folders.next()?;
        folders.next().is_none().then_some(only)
    })
}

/// The first bytes of a file, enough to know its format.
fn beginning(path: &Path) -> Result<Vec<u8>, ConvertProblem> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(ConvertProblem::of_io)?;
    file.take(32).read_to_end(&mut bytes).map_err(ConvertProblem::Unreadable)?;
    Ok(bytes)
}
