//! The folder in which models lie: list, choose, verify, remove.
//!
//! Which model is chosen stands in the settings, not here: `greenroom models use NAME` is [`find`], then
//! [`Model::check`], then a line in the settings.

use crate::quote::quoted;
use crate::remedy::{Action, NextStep, Remedy};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::catalog::{self, CatalogEntry};
use super::check::{Shape, check, check_weights};
use super::problem::{BadModel, Problem};
use super::sha256;

/// A model file that can be used.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// What people type: a name of the catalog, or the file's name without `ggml-` and `.bin`.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Its entry in the catalog, if it has one.
    pub entry: Option<&'static CatalogEntry>,
}

impl Model {
    /// The model in a file, by the name of the file; nothing is read.
    fn of_file(path: &Path, bytes: u64) -> Model {
        let entry = catalog::of_file(path);
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let own_name = || file.trim_start_matches("ggml-").trim_end_matches(".bin").to_owned();
        let name = entry.map_or_else(own_name, |entry| entry.name.clone());
        Model { name, path: path.to_owned(), bytes, entry }
    }

    /// Checks the structure of its file; quick, and enough before loading it.
    ///
    /// # Errors
    /// [`BadModel`] when the file must not be loaded.
    pub fn check(&self) -> Result<(), BadModel> {
        check(&self.path).map(|_: Shape| ())
    }

    /// Reads the whole file: structure, then size and digest for a known name, or every weight for another.
    ///
    /// # Errors
    /// [`BadModel`] when the file must not be loaded or is not what its name promises.
    pub fn verify(&self) -> Result<(), BadModel> {
        let path = &self.path;
        match self.entry {
            Some(entry) => check(path).and_then(|_| verify_entry(path, entry)),
            None => check_weights(path).map(|_| ()),
        }
    }
}

/// Checks that a file has the size and the digest of a catalog entry; reads the whole file.
///
/// # Errors
/// [`BadModel`] when it has not, or cannot be read.
pub fn verify_entry(path: &Path, entry: &CatalogEntry) -> Result<(), BadModel> {
    let bad = |problem| BadModel { path: path.to_owned(), problem };
    let found = fs::metadata(path).map_err(|error| bad(Problem::of_io(error)))?.len();
    if found != entry.bytes {
        return Err(bad(Problem::WrongSize { name: entry.name.clone(), found, wanted: entry.bytes }));
    }
    let found = sha256::of_file(path).map_err(|error| bad(Problem::of_io(error)))?;
    if found != entry.sha256 {
        return Err(bad(Problem::WrongContent { name: entry.name.clone(), found, wanted: entry.sha256.clone() }));
    }
    Ok(())
}

/// Every model that is there: the `ggml-*.bin` files of `folder` by name.
///
/// A folder that does not exist has no models. Nothing is checked.
///
/// # Errors
/// [`FolderError::Unreadable`] when the folder cannot be read.
pub fn list(folder: &Path) -> Result<Vec<Model>, FolderError> {
    let unreadable = |source| FolderError::Unreadable { path: folder.to_owned(), source };
    let mut models = Vec::new();
    let files = match fs::read_dir(folder) {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(models),
        Err(error) => return Err(unreadable(error)),
    };
    for file in files {
        let path = file.map_err(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("ggml-") && name.ends_with(".bin") {
            // Follows links: a model may lie on another disk. A dangling one is listed with no bytes.
            let bytes = fs::metadata(&path).map_or(0, |about| about.len());
            models.push(Model::of_file(&path, bytes));
        }
    }
    models.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(models)
}

/// The model that `wanted` means: a name of the catalog, a file's name in `folder`, or a path to any file.
///
/// Nothing is checked beyond that it is there.
///
/// # Errors
/// [`FolderError::NotInstalled`] for a name of the catalog whose file is not there, [`FolderError::Unknown`]
/// for anything else that is not there, [`FolderError::Unreadable`] when the folder cannot be read.
pub fn find(folder: &Path, wanted: &str) -> Result<Model, FolderError> {
    let found = list(folder)?.into_iter().find(|model| {
        let file = model.path.file_name();
        model.name == wanted || file.is_some_and(|file| file == wanted)
    });
    if let Some(model) = found {
        return Ok(model);
    }
    if catalog::find(wanted).is_some() {
        return Err(FolderError::NotInstalled { name: wanted.to_owned() });
    }
    match fs::metadata(wanted) {
        Ok(about) => Ok(Model::of_file(Path::new(wanted), about.len())),
        Err(_) => Err(FolderError::Unknown { name: wanted.to_owned() }),
    }
}

/// Removes the model of that name from `folder`, with what is left of an unfinished download of it.
///
/// # Errors
/// As [`find`]; [`FolderError::Elsewhere`] for a file outside
/// `folder`, [`FolderError::NotRemoved`] when the system refuses.
pub fn remove(folder: &Path, name: &str) -> Result<PathBuf, FolderError> {
    let path = match find(folder, name) {
        Ok(model) => model.path,
        // Only an unfinished download of it may be there.
        Err(FolderError::NotInstalled { name }) => {
            let entry = catalog::find(&name).expect("a model that is not installed is in the catalog");
            let parts = unfinished(&folder.join(entry.file_name()));
            let first = parts.first().cloned().ok_or(FolderError::NotInstalled { name })?;
            for part in parts {
                fs::remove_file(&part).map_err(|source| FolderError::NotRemoved { path: part, source })?;
            }
            return Ok(first);
        }
        Err(error) => return Err(error),
    };
    if path.parent() != Some(folder) {
        return Err(FolderError::Elsewhere { path });
    }
    fs::remove_file(&path).map_err(|source| FolderError::NotRemoved { path: path.clone(), source })?;
    for part in unfinished(&path) {
        // What stays behind does no harm.
        let _ = fs::remove_file(part);
    }
    Ok(path)
}

/// Where an unfinished download of `path` is kept.
pub fn part_path(path: &Path) -> PathBuf {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    PathBuf::from(part)
}

/// An unfinished file of another kind beside the model at `path`, such as the package it is made from.
pub(super) fn part_beside(path: &Path, what: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(what);
    part_path(Path::new(&name))
}

/// Every unfinished file of the model at `path` that is there.
fn unfinished(path: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return Vec::new();
    };
    let beginning = format!("{name}.");
    let files = fs::read_dir(folder).into_iter().flatten().filter_map(|file| Some(file.ok()?.path()));
    let is_part = |file: &PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with(&beginning) && name.ends_with(".part")
    };
    let mut parts: Vec<PathBuf> = files.filter(is_part).collect();
    parts.sort();
    parts
}

/// Why a model could not be listed, found or removed.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The models folder cannot be read.
    #[error("the models folder {} cannot be read", path.display())]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is in the catalog and not on this machine.
    #[error("the model {name} is not installed")]
    NotInstalled {
        /// Its name.
        name: String,
    },
    /// It is neither in the catalog nor a file.
    #[error("there is no model and no file named {name}")]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// It is not in the models folder, so it is not ours to remove.
    #[error("{} is not in the models folder", path.display())]
    Elsewhere {
        /// The file.
        path: PathBuf,
    },
    /// The system would not remove it.
    #[error("{} could not be removed", path.display())]
    NotRemoved {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Remedy for FolderError {
    fn next_step(&self) -> NextStep {
        match self {
            FolderError::Unreadable { path, .. } | FolderError::NotRemoved { path, .. } => {
                format!("ls -ld {}", quoted(path)).into()
            }
            FolderError::NotInstalled { name } => Action::Pull(name.clone()).into(),
            FolderError::Unknown { .. } => Action::Models.into(),
            FolderError::Elsewhere { path } => format!("rm {}", quoted(path)).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::catalog::WordTimes;
    use super::*;
    use crate::models::convert::Precision;
    use crate::models::convert::made_up::MadeUp;

    fn folder_with(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder can be made");
        for file in files {
            fs::write(folder.path().join(file), "not really").expect("the file can be written");
        }
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        list(folder).expect("the folder can be read").into_iter().map(|model| model.name).collect()
    }

    #[test]
    fn the_list_has_every_model_file_and_nothing_else() {
        let folder =
            folder_with(&["ggml-tiny.en.bin", "ggml-base.en.bin", "ggml-mine.bin", "a.txt", "ggml-x.bin.part"]);
        assert_eq!(names(folder.path()), ["base.en", "mine", "tiny.en"]);
        assert_eq!(names(&folder.path().join("not there")), [""; 0]);
    }

    #[test]
    fn a_model_is_found_by_name_by_file_name_and_by_path() {
        let folder = folder_with(&["ggml-mine.bin"]);
        let path = folder.path().join("ggml-mine.bin");
        for wanted in ["mine", "ggml-mine.bin", path.to_str().expect("the path is plain")] {
            assert_eq!(find(folder.path(), wanted).expect("it is there").path, path, "{wanted}");
        }
    }

    #[test]
    fn what_is_not_there_says_what_to_type() {
        let folder = folder_with(&[]);
        let error = find(folder.path(), "small.en").expect_err("it is not installed");
        assert_eq!(error.hint(), "greenroom models pull small.en");
        let error = find(folder.path(), "smal.en").expect_err("there is no such model");
        assert_eq!(error.hint(), "greenroom models list");
    }

    #[test]
    fn removing_takes_the_file_and_its_unfinished_download() {
        let folder = folder_with(&[
            "ggml-tiny.en.bin",
            "ggml-tiny.en.bin.part",
            "ggml-tiny.en.bin.wheel0.part",
            "ggml-base.en.bin.part",
            "ggml-base.en.bin.weights.part",
        ]);
        remove(folder.path(), "tiny.en").expect("it is there");
        remove(folder.path(), "base.en").expect("a part of it is there");
        assert_eq!(fs::read_dir(folder.path()).expect("it can be read").count(), 0);
        assert!(matches!(remove(folder.path(), "tiny.en"), Err(FolderError::NotInstalled { .. })));
    }

    #[test]
    fn files_elsewhere_are_not_removed() {
        let folder = folder_with(&[]);
        let elsewhere = folder_with(&["ggml-mine.bin"]);
        let path = elsewhere.path().join("ggml-mine.bin");
        let error = remove(folder.path(), path.to_str().expect("the path is plain")).expect_err("it is elsewhere");
        assert!(matches!(error, FolderError::Elsewhere { .. }), "{error}");
        assert!(path.exists());
    }

    #[test]
    fn word_times_of_a_file_that_the_catalog_does_not_know_come_from_its_dimensions() {
        assert_eq!(Model::of_file(Path::new("/x/ggml-mine.bin"), 1).name, "mine");
        let folder = folder_with(&[]);
        let path = folder.path().join("mine.bin");
        fs::write(&path, MadeUp::new(51_864, 80).ggml(Precision::F16)).expect("it can be written");
        assert_eq!(WordTimes::of_file(&path), WordTimes::UNKNOWN_MODEL);
        let known = WordTimes::of_file(Path::new("/not/there/ggml-base.en.bin"));
        assert_eq!(known, WordTimes::Preset("base.en".to_owned()));
    }

    #[test]
    fn a_sound_file_under_the_name_of_another_model_does_not_verify() {
        let model = MadeUp::new(51_864, 80).ggml(Precision::F16);
        let folder = folder_with(&[]);
        let as_itself = folder.path().join("ggml-mine.bin");
        let as_another = folder.path().join("ggml-base.en.bin");
        fs::write(&as_itself, &model).expect("it can be written");
        fs::write(&as_another, &model).expect("it can be written");
        Model::of_file(&as_itself, 0).verify().expect("nobody promised more than a model");
        let error = Model::of_file(&as_another, 0).verify().expect_err("it is not base.en");
        let bytes = model.len() as u64;
        assert!(matches!(error.problem, Problem::WrongSize { found, .. } if found == bytes), "{:?}", error.problem);
        assert_eq!(error.hint(), "greenroom models pull base.en   (replaces the file)");
    }

    #[test]
    fn one_changed_byte_in_a_known_file_does_not_verify() {
        let mut model = MadeUp::new(51_864, 80).ggml(Precision::F16);
        let entry = CatalogEntry {
            bytes: model.len() as u64,
            sha256: sha256::of_reader(&mut model.as_slice()).expect("memory can be read"),
            ..catalog::find(catalog::FIRST).expect("it is in the catalog").clone()
        };
        let folder = folder_with(&[]);
        let path = folder.path().join(entry.file_name());
        fs::write(&path, &model).expect("it can be written");
        verify_entry(&path, &entry).expect("it is what its entry says");
        let last = model.len() - 1;
        model[last] ^= 1;
        fs::write(&path, &model).expect("it can be written");
        let error = verify_entry(&path, &entry).expect_err("it was changed");
        assert!(matches!(error.problem, Problem::WrongContent { .. }), "{:?}", error.problem);
    }
}
