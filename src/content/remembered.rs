//! What the person said about the headings and columns of their notes, kept beside their banks.
//!
//! It is a file of its own in the banks folder, `NAME.reading.toml`; a person's notes are never changed. Of notes that
//! lie elsewhere the name is made unlike others by their path.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{Hints, LibraryError, name_of};

/// Where it is kept what was said about a bank, whether the bank is in the folder of banks or elsewhere.
pub fn hints_file(bank: &Path, folder: &Path) -> PathBuf {
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.into());
    let (path, folder_path) = (whole(bank), whole(folder));
    let name = name_of(bank);
    if path.parent() == Some(folder_path.as_path()) {
        return folder.join(format!("{name}.reading.toml"));
    }
    folder.join(format!("{name}-{:08x}.reading.toml", hash(&path.to_string_lossy())))
}

/// What was said about a bank; nothing where there is no such file.
///
/// # Errors
///
/// When the file is there and cannot be read or understood.
pub fn hints_of(bank: &Path, folder: &Path) -> Result<Hints, LibraryError> {
    let path = hints_file(bank, folder);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Hints::default()),
        Err(source) => return Err(LibraryError::Unreadable { path, source }),
    };
    toml::from_str(&text).map_err(|source| LibraryError::Hints { path, source: Box::new(source) })
}

/// Keeps what was said about a bank; where nothing is left of it the file goes. Returns where it is.
///
/// # Errors
///
/// When the folder cannot be written.
pub fn remember(hints: &Hints, bank: &Path, folder: &Path) -> Result<PathBuf, LibraryError> {
    let path = hints_file(bank, folder);
    let unwritable = |error| LibraryError::unwritable(&path, error);
    if hints.is_empty() {
        return match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(unwritable(error)),
            _ => Ok(path),
        };
    }
    fs::create_dir_all(folder).map_err(unwritable)?;
    let text = format!(
        "# What you said about {}: `greenroom bank check FILE --interactive` writes this.\n{}",
        name_of(bank),
        toml::to_string(hints).expect("names of headings are strings")
    );
    let draft = path.with_extension("new");
    fs::write(&draft, text).and_then(|()| fs::rename(&draft, &path)).map_err(unwritable)?;
    Ok(path)
}

/// FNV-1a of a path; part of file names, so it must not change.
fn hash(text: &str) -> u32 {
    let mut hash: u32 = 0x811c_9dc5;
    for byte in text.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::Is;
    use crate::remedy::Remedy;

    #[test]
    fn what_was_said_is_kept_beside_the_banks_and_not_in_the_notes() {
        let folder = tempfile::tempdir().unwrap();
        let banks = folder.path().join("banks");
        let notes = folder.path().join("notes.md");
        fs::write(&notes, "# Story map\n").unwrap();
        assert!(hints_of(&notes, &banks).unwrap().is_empty());
        let mut hints = Hints::default();
        hints.say_heading("Story map", Is::Questions);
        let kept = remember(&hints, &notes, &banks).unwrap();
        assert_eq!(kept.parent(), Some(banks.as_path()));
        assert_eq!(hints_of(&notes, &banks).unwrap(), hints);
        assert_eq!(fs::read_to_string(&notes).unwrap(), "# Story map\n");
        remember(&Hints::default(), &notes, &banks).unwrap();
        assert!(!kept.exists());
    }

    #[test]
    fn two_notes_of_one_name_are_told_apart_and_a_bank_has_its_own_name() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a"), folder.path().join("b"));
        for place in [&a, &b] {
            fs::create_dir(place).unwrap();
            fs::write(place.join("README.md"), "x").unwrap();
        }
        assert_ne!(hints_file(&a.join("README.md"), &b), hints_file(&a.join("README.md"), &a));
        assert_eq!(hints_file(&b.join("README.md"), &b), b.join("README.reading.toml"));
    }

    #[test]
    fn a_file_that_says_nonsense_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.md"), "x").unwrap();
        fs::write(folder.path().join("a.reading.toml"), "headings = 3").unwrap();
        let error = hints_of(&folder.path().join("a.md"), folder.path()).unwrap_err();
        assert!(error.to_string().contains("a.reading.toml") && !error.hint().is_empty(), "{error}");
    }
}
