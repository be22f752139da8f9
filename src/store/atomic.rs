//! Files that are whole or not there.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use super::StoreError;

/// How the names of unfinished files begin and end; such a file never holds the only copy of anything.
pub(super) const UNFINISHED: (&str, &str) = (".unfinished-", ".tmp");

/// Writes `bytes` to `path` so that every reader, also after a power cut, sees the old file or the new one.
///
/// The bytes go to a temporary file in the same folder, are forced to disk, and the file is
/// renamed. A symbolic link is followed, so that a configuration kept elsewhere stays there,
/// and the access rights of a file that is replaced are kept.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().expect("a file in the store stands in a folder");
    let failed = |cause| StoreError::writing(path, cause);
    let mut file =
        tempfile::Builder::new().prefix(UNFINISHED.0).suffix(UNFINISHED.1).tempfile_in(folder).map_err(failed)?;
    if let Ok(old) = fs::metadata(&target) {
        file.as_file().set_permissions(old.permissions()).map_err(failed)?;
    }
    file.write_all(bytes).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(&target).map_err(|e| failed(e.error))?;
    sync_folder(folder);
    Ok(())
}

/// Writes a file into `folder` and takes it away again.
///
/// It has a page of content, because one without any fits on a full disk.
pub(super) fn prove_writable(folder: &Path) -> Result<(), StoreError> {
    let proof = tempfile::Builder::new().prefix(UNFINISHED.0).suffix(UNFINISHED.1).tempfile_in(folder);
    proof.and_then(|mut file| file.write_all(&[0; 4096])).map_err(|cause| StoreError::writing(folder, cause))
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
