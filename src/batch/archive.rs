//! A list of recordings that are done, which outlives what was written of them.

use std::collections::{HashMap, HashSet};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::record::Source;
use crate::models::sha256;
use crate::quote::quoted;
use crate::remedy::{NextStep, Remedy};

/// Recordings that are done, a line each; lines are only ever added.
#[derive(Debug)]
pub struct Archive {
    path: PathBuf,
    by_content: HashSet<String>,
    by_place: HashMap<PathBuf, Source>,
    sizes: HashSet<u64>,
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
struct Line {
    greenroom: String,
    #[serde(flatten)]
    source: Source,
}

/// What a line begins with, so that no other file is taken for an archive.
const DONE: &str = "done";

/// Why an archive cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It cannot be read or written.
    #[error("the archive {} cannot be used", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// It is another file.
    #[error("{} is not an archive of greenroom: line {line} is something else", path.display())]
    NotAnArchive {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
}

impl Remedy for ArchiveError {
    fn next_step(&self) -> NextStep {
        match self {
            ArchiveError::Unusable { path, .. } => {
                format!("look at its owner and rights: ls -l {}", quoted(path)).into()
            }
            ArchiveError::NotAnArchive { .. } => "name a file that does not exist yet: --archive done.jsonl".into(),
        }
    }
}

impl Archive {
    /// Opens an archive; one that does not exist is made, so that it is known at once whether it can be.
    pub fn open(path: &Path) -> Result<Archive, ArchiveError> {
        let unusable = |cause| ArchiveError::Unusable { path: path.to_owned(), cause };
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(unusable)?;
        let mut lines = Vec::new();
        file.read_to_end(&mut lines).map_err(unusable)?;
        let lines = String::from_utf8_lossy(&lines);
        let mut archive = Archive {
            path: path.to_owned(),
            by_content: HashSet::new(),
            by_place: HashMap::new(),
            sizes: HashSet::new(),
        };
        for (number, line) in lines.lines().enumerate() {
            match serde_json::from_str::<Line>(line) {
                Ok(line) if line.greenroom == DONE => archive.remember(line.source),
                // A program was killed while it wrote this line.
                _ if number > 0 => {}
                _ => return Err(ArchiveError::NotAnArchive { path: path.to_owned(), line: number + 1 }),
            }
        }
        if !lines.is_empty() && !lines.ends_with('\n') {
            file.write_all(b"\n").map_err(unusable)?;
        }
        Ok(archive)
    }

    /// Whether a recording is in it, wherever it lay then.
    pub fn has(&self, path: &Path) -> bool {
        let Ok(source) = Source::of(path) else { return false };
        let known = self.by_place.get(&source.path);
        if known.is_some_and(|known| (known.bytes, known.changed_ns) == (source.bytes, source.changed_ns)) {
            return true;
        }
        let may_be = self.sizes.contains(&source.bytes);
        may_be && sha256::of_file(path).is_ok_and(|sha256| self.by_content.contains(&sha256))
    }

    /// Adds a recording that is done; `sha256` is its digest.
    pub fn add(&mut self, path: &Path, sha256: &str) -> Result<(), ArchiveError> {
        let unusable = |cause| ArchiveError::Unusable { path: self.path.clone(), cause };
        let source = Source { sha256: sha256.to_owned(), ..Source::of(path).map_err(unusable)? };
        let line = Line { greenroom: DONE.to_owned(), source: source.clone() };
        let mut text = serde_json::to_vec(&line).expect("a line is plain data with text keys");
        text.push(b'\n');
        let mut file: File = OpenOptions::new().append(true).open(&self.path).map_err(unusable)?;
        // Other machines may add to it too. Where nothing can be locked, a line is short enough to be written whole.
        let _ = file.lock();
        file.write_all(&text).and_then(|()| file.sync_data()).map_err(unusable)?;
        self.remember(source);
        Ok(())
    }

    fn remember(&mut self, source: Source) {
        self.by_content.insert(source.sha256.clone());
        self.sizes.insert(source.bytes);
        self.by_place.insert(source.path.clone(), source);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_known_again_wherever_it_lies_and_a_replaced_recording_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (list, one, two) = (folder.path().join("done"), folder.path().join("1.wav"), folder.path().join("2.wav"));
        std::fs::write(&one, "sound").unwrap();
        let mut archive = Archive::open(&list).unwrap();
        assert!(!archive.has(&one));
        archive.add(&one, &sha256::of_file(&one).unwrap()).unwrap();
        std::fs::rename(&one, &two).unwrap();
        let again = Archive::open(&list).unwrap();
        assert!(archive.has(&two) && again.has(&two));
        std::fs::write(&two, "other").unwrap();
        assert!(!again.has(&two));
    }

    #[test]
    fn a_file_that_is_no_archive_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let notes = folder.path().join("notes.txt");
        std::fs::write(&notes, "my notes\n").unwrap();
        assert!(matches!(Archive::open(&notes), Err(ArchiveError::NotAnArchive { line: 1, .. })));
        assert_eq!(std::fs::read_to_string(&notes).unwrap(), "my notes\n");
    }

    #[test]
    fn a_line_that_was_cut_by_a_crash_costs_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let (list, one) = (folder.path().join("done"), folder.path().join("1.wav"));
        std::fs::write(&one, "sound").unwrap();
        Archive::open(&list).unwrap().add(&one, &sha256::of_file(&one).unwrap()).unwrap();
        OpenOptions::new().append(true).open(&list).unwrap().write_all(b"{\"greenroom\":\"do").unwrap();
        std::fs::write(folder.path().join("2.wav"), "more").unwrap();
        let two = folder.path().join("2.wav");
        Archive::open(&list).unwrap().add(&two, &sha256::of_file(&two).unwrap()).unwrap();
        let again = Archive::open(&list).unwrap();
        assert!(again.has(&one) && again.has(&two));
    }
}
