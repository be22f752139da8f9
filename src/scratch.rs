//! Folders for what is needed only while the program runs.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// How the names of these folders begin.
const PREFIX: &str = "greenroom-";
/// The file in each of them that is locked as long as its program runs.
const ALIVE: &str = ".alive";

/// A folder among the system's temporary ones, for its owner alone. It goes when this is dropped; where the program was
/// killed, when the next one makes such a folder.
#[derive(Debug)]
pub struct Scratch {
    folder: tempfile::TempDir,
    _alive: File,
}

impl Scratch {
    /// Makes a folder; `name` is a part of its name. Removes those that killed programs left.
    pub fn new(name: &str) -> io::Result<Scratch> {
        Scratch::new_in(&std::env::temp_dir(), name)
    }

    fn new_in(place: &Path, name: &str) -> io::Result<Scratch> {
        clear(place);
        loop {
            let folder = tempfile::Builder::new().prefix(&format!("{PREFIX}{name}-")).tempdir_in(place)?;
            #[cfg(unix)]
            fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
            let alive = File::create(folder.path().join(ALIVE))?;
            // Where a file system has no locks, nothing is ever cleared.
            let _ = alive.lock_shared();
            // Before it was locked, another program may have taken it for one that was left.
            if folder.path().join(ALIVE).exists() {
                return Ok(Scratch { folder, _alive: alive });
            }
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes the folders whose program is gone; what cannot be removed, such as another person's, stays.
fn clear(place: &Path) {
    for folder in ours(place) {
        let alive = File::open(folder.join(ALIVE));
        if alive.is_ok_and(|alive| alive.try_lock().is_ok()) {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

fn ours(place: &Path) -> impl Iterator<Item = PathBuf> {
    let is_ours = |name: &OsStr| name.to_string_lossy().starts_with(PREFIX);
    let entries = fs::read_dir(place).into_iter().flatten().flatten();
    entries.filter(move |entry| is_ours(&entry.file_name())).map(|entry| entry.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_a_killed_program_left_goes_with_the_next_and_one_in_use_stays() {
        let place = tempfile::tempdir().unwrap();
        let left = place.path().join("greenroom-demo-left");
        fs::create_dir(&left).unwrap();
        fs::write(left.join(ALIVE), "").unwrap();
        fs::write(left.join("0.wav"), "sound").unwrap();
        let another = place.path().join("greenroom-notes");
        fs::create_dir(&another).unwrap();
        let in_use = Scratch::new_in(place.path(), "demo").unwrap();
        let next = Scratch::new_in(place.path(), "demo").unwrap();
        assert!(!left.exists() && another.exists() && in_use.path().exists());
        drop((in_use, next));
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }
}
