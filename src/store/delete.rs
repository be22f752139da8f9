//! Taking takes and sessions off the disk; links are removed and never followed.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::atomic::is_unfinished;
use super::json::write_json;
use super::remarks::{REMARKS_FILE, of_session};
use super::session::{LOCK_FILE, SESSION_FILE, SessionFolder, stem};
use super::{StoreError, StoredSession};
use crate::types::Answer;

/// What a deletion would take or has taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Freed {
    /// Takes, or recordings of takes.
    pub takes: usize,
    /// Bytes on disk.
    pub bytes: u64,
}

impl std::ops::AddAssign for Freed {
    fn add_assign(&mut self, other: Freed) {
        self.takes += other.takes;
        self.bytes += other.bytes;
    }
}

impl StoredSession {
    /// How much room a take takes; of a recording that lies elsewhere only the link counts.
    pub fn size_of(&self, answer: &Answer, audio_only: bool) -> u64 {
        files_of(&self.path, answer, audio_only).iter().map(|file| size(file)).sum()
    }
}

impl SessionFolder {
    /// Removes the recording of a take; transcript and report stay. Doing it again after it was stopped finishes it.
    pub fn delete_audio(&mut self, take: usize) -> Result<Freed, StoreError> {
        let answer = self.take(take)?.clone();
        let Some(audio) = &answer.audio else { return Ok(Freed::default()) };
        let bytes = remove(&self.path().join(audio))?;
        self.change(take, |answer| answer.audio = None)?;
        Ok(Freed { takes: 1, bytes })
    }

    /// Removes a take with all its files and what was said of it. Doing it again after it was stopped finishes it: the take is
    /// known until the last of its files is gone.
    pub fn delete_take(&mut self, take: usize) -> Result<Freed, StoreError> {
        let answer = self.take(take)?.clone();
        let mut bytes = 0;
        for file in files_of(self.path(), &answer, false) {
            bytes += remove(&file)?;
        }
        let remarks_file = self.path().join(REMARKS_FILE);
        let mut remarks = of_session(self.path())?;
        if remarks.takes.remove(&take).is_some() {
            match remarks.takes.is_empty() {
                true => _ = remove(&remarks_file)?,
                false => write_json(&remarks_file, &remarks)?,
            }
        }
        self.forget(take)?;
        Ok(Freed { takes: 1, bytes })
    }

    /// Removes all takes, and then the folder; where something lies in it that is none of ours, folder and `session.json` stay, and
    /// the names of those files are returned.
    pub fn delete(mut self) -> Result<(Freed, Vec<String>), StoreError> {
        let takes: Vec<usize> = self.session().answers.iter().map(|answer| answer.take).collect();
        let mut freed = Freed::default();
        for take in takes {
            freed += self.delete_take(take)?;
        }
        let path = self.path().to_owned();
        let is_ours = |name: &str| [SESSION_FILE, LOCK_FILE, REMARKS_FILE].contains(&name) || is_unfinished(name);
        let entries = fs::read_dir(&path).map_err(|cause| StoreError::reading(&path, cause))?;
        let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        let (ours, others): (Vec<String>, Vec<String>) = names.partition(|name| is_ours(name));
        if others.is_empty() {
            // What makes it a session goes first: a folder with nothing but a lock in it is none.
            let (lock, rest): (Vec<&String>, Vec<&String>) = ours.iter().partition(|name| *name == LOCK_FILE);
            for name in rest.into_iter().chain(lock) {
                freed.bytes += remove(&path.join(name))?;
            }
            fs::remove_dir(&path).map_err(|cause| StoreError::writing(&path, cause))?;
        }
        Ok((freed, others))
    }
}

/// How the names of a take's files end; a recording that could not be read was set aside.
const ENDINGS: [&str; 3] = [".json", ".wav", ".wav.unreadable"];

/// The files of a take, or its recording alone; those that nothing names any more count, too.
fn files_of(folder: &Path, answer: &Answer, audio_only: bool) -> Vec<PathBuf> {
    if audio_only {
        return answer.audio.iter().map(|audio| folder.join(audio)).collect();
    }
    let named = [&answer.audio, &answer.transcript, &answer.report].into_iter().flatten().cloned();
    let stem = format!("{}.", stem(answer.take, &answer.question));
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let found = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let of_take = found.filter(|name| name.starts_with(&stem) && ENDINGS.iter().any(|ending| name.ends_with(ending)));
    let names: BTreeSet<String> = named.chain(of_take).collect();
    names.into_iter().map(|name| folder.join(name)).collect()
}

fn size(path: &Path) -> u64 {
    fs::symlink_metadata(path).map_or(0, |found| found.len())
}

/// Removes a file or a link; returns how large it was. One that is gone already is fine.
fn remove(path: &Path) -> Result<u64, StoreError> {
    let bytes = size(path);
    match fs::remove_file(path) {
        Ok(()) => Ok(bytes),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(0),
        Err(cause) => Err(StoreError::writing(path, cause)),
    }
}
