//! Files that are whole or not there.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::StoreError;

/// How the names of unfinished files begin and end; such a file never holds the only copy of anything.
pub(super) const UNFINISHED: (&str, &str) = (".unfinished-", ".tmp");

/// What may stand where a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Nothing: a file, a folder or a link that is there is left as it is, and the error says so.
    Nothing,
    /// A file of ours, which is replaced. A link is never followed; where one stands, it is replaced itself.
    Ours,
}

/// Writes `bytes` to `path` so that every reader, also after a power cut, sees the old file or the new one.
///
/// The bytes go to a temporary file in the same folder, are forced to disk, and the file is
/// renamed. A symbolic link is followed, so that a configuration kept elsewhere stays there,
/// and the access rights of a file that is replaced are kept.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    replace(&target, bytes, Over::Ours).map_err(|cause| StoreError::writing(path, cause))
}

/// As [`write_whole`] for a file among a person's own: no link is followed, and only `over` is replaced.
///
/// A new file can be read by its owner alone.
pub(crate) fn write_beside(path: &Path, bytes: &[u8], over: Over) -> Result<(), StoreError> {
    replace(path, bytes, over).map_err(|cause| StoreError::writing(path, cause))
}

fn replace(path: &Path, bytes: &[u8], over: Over) -> io::Result<()> {
    let folder = folder_of(path);
    let mut file = unfinished_in(folder)?;
    if over == Over::Ours
        && let Ok(old) = fs::symlink_metadata(path)
        && old.is_file()
    {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    match over {
        Over::Ours => file.persist(path),
        Over::Nothing => file.persist_noclobber(path),
    }
    .map_err(|error| error.error)?;
    sync_folder(folder);
    Ok(())
}

/// The folder in which a file lies; for a name alone the one that the program is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A new unfinished file, locked as long as it is open, so that [`clear_unfinished`] leaves it alone.
fn unfinished_in(folder: &Path) -> io::Result<NamedTempFile> {
    loop {
        let file = tempfile::Builder::new().prefix(UNFINISHED.0).suffix(UNFINISHED.1).tempfile_in(folder)?;
        // A file system without locks has no lock to see, and then nothing is cleared.
        let _ = file.as_file().lock_shared();
        // Between being made and being locked it may have been taken for a leftover.
        if file.path().exists() {
            return Ok(file);
        }
    }
}

/// Removes what programs that were killed left half written in `folder`. A file that is being written stays.
pub(crate) fn clear_unfinished(folder: &Path) {
    for path in unfinished_files(folder) {
        if File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            // What cannot be removed does no harm.
            let _ = fs::remove_file(path);
        }
    }
}

fn unfinished_files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| is_unfinished(&entry.file_name().to_string_lossy())).map(|entry| entry.path())
}

/// Whether a file of this name was never finished.
pub(super) fn is_unfinished(name: &str) -> bool {
    name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1)
}

/// Writes a file into `folder` and takes it away again.
///
/// It has a page of content, because one without any fits on a full disk.
pub(crate) fn prove_writable(folder: &Path) -> Result<(), StoreError> {
    let proof = unfinished_in(folder);
    proof.and_then(|mut file| file.write_all(&[0; 4096])).map_err(|cause| StoreError::writing(folder, cause))
}

/// Makes a folder and those above it, which only their owner can look into; one that is there stays as it is.
pub(crate) fn make_private_folder(folder: &Path) -> io::Result<()> {
    private_folders().recursive(true).create(folder)
}

/// Makes a folder that only its owner can look into; fails where there is one.
pub(super) fn make_new_private_folder(folder: &Path) -> io::Result<()> {
    private_folders().create(folder)
}

fn private_folders() -> fs::DirBuilder {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Waits for the lock on a file that is changed; it lies beside it as `.NAME.lock` and stays there.
pub(super) fn lock_beside(file: &Path) -> Result<File, StoreError> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let path = file.with_file_name(format!(".{name}.lock"));
    let failed = |cause| StoreError::writing(&path, cause);
    let lock = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    lock.lock().map_err(failed)?;
    Ok(lock)
}

/// Renames a file within its folder, durably.
pub(super) fn rename_whole(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(|cause| StoreError::writing(to, cause))?;
    sync_folder(to.parent().expect("a file in the store stands in a folder"));
    Ok(())
}

/// Forces a folder's names to disk.
///
/// Where a folder cannot be opened as a file (Windows) the rename is as durable as the system makes it.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        folder.sync_all().ok();
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write_whole(&path, b"one").unwrap();
        write_whole(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_there_is_replaced_only_where_it_is_ours() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write_beside(&path, b"one", Over::Nothing).unwrap();
        let taken = write_beside(&path, b"two", Over::Nothing).unwrap_err();
        assert!(matches!(&taken, StoreError::ReadOnly { cause, .. } if cause.kind() == ErrorKind::AlreadyExists));
        assert_eq!(fs::read(&path).unwrap(), b"one");
        write_beside(&path, b"two", Over::Ours).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_a_killed_program_left_is_cleared_and_what_is_being_written_stays() {
        let folder = tempfile::tempdir().unwrap();
        let left = folder.path().join(".unfinished-left.tmp");
        fs::write(&left, "half").unwrap();
        fs::write(folder.path().join("notes.tmp"), "mine").unwrap();
        let being_written = unfinished_in(folder.path()).unwrap();
        clear_unfinished(folder.path());
        assert!(!left.exists() && being_written.path().exists() && folder.path().join("notes.tmp").exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_among_the_persons_own_is_never_written_through_a_link_and_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        assert!(write_beside(&link, b"new", Over::Nothing).is_err());
        write_beside(&link, b"new", Over::Ours).unwrap();
        assert_eq!(fs::read(&real).unwrap(), b"old");
        assert_eq!(fs::metadata(&link).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_rights_are_kept() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write_whole(&link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read(&real).unwrap(), b"new");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
