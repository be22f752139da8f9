//! Where everything is kept.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::StoreError;
use super::atomic::{clear_unfinished, make_private_folder, prove_writable};

/// The folder that holds sessions, banks, models and the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    root: PathBuf,
}

impl Home {
    /// The name of the environment variable that says where it is.
    pub const VARIABLE: &str = "GREENROOM_HOME";

    /// Chooses the folder: `wanted` (the value of [`Home::VARIABLE`]) where it is set and not empty,
    /// else `greenroom` in the platform's data folder (`~/.local/share` on Linux).
    ///
    /// Touches no file. Fails only where the system names no home directory.
    pub fn resolve(wanted: Option<OsString>) -> Result<Home, StoreError> {
        match wanted.filter(|w| !w.is_empty()) {
            Some(path) => {
                Ok(Home::at(std::path::absolute(&path).map_err(|cause| StoreError::reading(Path::new(&path), cause))?))
            }
            None => {
                let folders = etcetera::base_strategy::choose_native_strategy().map_err(|_| StoreError::NoHome)?;
                Ok(Home::at(folders.data_dir().join("greenroom")))
            }
        }
    }

    /// The home in a folder that is known, such as a test's.
    pub fn at(root: impl Into<PathBuf>) -> Home {
        Home { root: root.into() }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// One folder per session.
    pub fn sessions(&self) -> PathBuf {
        self.root.join("sessions")
    }

    /// The person's own question banks.
    pub fn banks(&self) -> PathBuf {
        self.root.join("banks")
    }

    /// The person's own filler words: a file for each language, such as `en.txt`.
    pub fn lexicons(&self) -> PathBuf {
        self.root.join("lexicons")
    }

    /// The person's own frameworks: a file for each, in the form of `content/frameworks`.
    pub fn frameworks(&self) -> PathBuf {
        self.root.join("frameworks")
    }

    /// Verified models.
    pub fn models(&self) -> PathBuf {
        self.root.join("models")
    }

    /// The configuration.
    pub fn config_file(&self) -> PathBuf {
        self.root.join("config.toml")
    }

    /// What `doctor --calibrate` measured.
    pub fn calibration_file(&self) -> PathBuf {
        self.root.join("calibration.json")
    }

    /// What the person noted for questions with `review note`.
    pub fn notes_file(&self) -> PathBuf {
        self.root.join("notes.json")
    }

    /// The index, which can always be rebuilt from the rest.
    pub fn index_file(&self) -> PathBuf {
        self.root.join("index.sqlite")
    }

    /// Makes the home and its folders where they are missing, and proves that a file can be written.
    ///
    /// Call it before anything is recorded: a read-only or full home is then found while nothing is lost.
    pub fn prepare(&self) -> Result<(), StoreError> {
        for folder in [self.root.clone(), self.sessions(), self.banks(), self.models()] {
            make_folder(&folder)?;
        }
        [self.root.clone(), self.sessions(), self.banks()].iter().for_each(|folder| clear_unfinished(folder));
        prove_writable(&self.sessions())
    }
}

/// Makes a folder and those above it, for their owner alone; naming the one that stands in the way when a file does.
fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let Err(cause) = make_private_folder(folder) else { return Ok(()) };
    let in_the_way = folder.ancestors().find(|above| above.exists() && !above.is_dir());
    Err(match in_the_way {
        Some(path) => StoreError::NotAFolder { path: path.to_owned() },
        None => StoreError::writing(folder, cause),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::remedy::Remedy;

    #[test]
    fn the_variable_wins_and_an_empty_one_counts_as_unset() {
        assert_eq!(Home::resolve(Some("/x/y".into())).unwrap().root(), Path::new("/x/y"));
        let native = Home::resolve(None).unwrap();
        assert!(native.root().ends_with("greenroom"));
        assert_eq!(Home::resolve(Some("".into())).unwrap(), native);
    }

    #[test]
    fn a_relative_home_does_not_move_with_the_working_directory() {
        assert!(Home::resolve(Some("here".into())).unwrap().root().is_absolute());
    }

    #[test]
    fn preparing_twice_is_fine_and_leaves_no_proof_behind() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path().join("a/b"));
        home.prepare().unwrap();
        home.prepare().unwrap();
        assert_eq!(fs::read_dir(home.sessions()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_in_the_way_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        for root in [file.clone(), file.join("below")] {
            let error = Home::at(root).prepare().unwrap_err();
            assert!(matches!(&error, StoreError::NotAFolder { path } if *path == file), "{error}");
            assert!(error.hint().contains(&file.display().to_string()));
        }
    }
}
