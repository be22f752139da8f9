//! Sessions that are made of what was recorded elsewhere: whole, or not there.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Zoned;

use super::atomic::make_private_folder;
use super::session::{LOCK_FILE, SessionFolder, lock, make_unique, name_of, session_name};
use super::{Home, StoreError};
use crate::types::{Imported, Prompt, QuestionRef, Report, Seconds, SessionSettings, Transcript};

/// How the folder of a draft begins; no session is looked for in one with a dot.
const PREFIX: &str = ".draft-";

/// How a file from elsewhere becomes that of a take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taking {
    /// It is copied.
    Copy,
    /// It stays where it is, and a link in the session's folder leads there.
    Refer,
}

/// A session of one take that nobody sees before it is whole. One that is dropped is gone.
#[derive(Debug)]
pub struct Draft {
    folder: Option<SessionFolder>,
    wanted: String,
    take: usize,
}

impl Draft {
    /// Begins a session with one take of `question`, given at `at`.
    pub fn begin(home: &Home, at: &Zoned, question: &QuestionRef, imported: Imported) -> Result<Draft, StoreError> {
        let sessions = home.sessions();
        make_private_folder(&sessions).map_err(|cause| StoreError::writing(&sessions, cause))?;
        clear_drafts(&sessions);
        let wanted = session_name(at, &question.id);
        let (id, path) = make_unique(&sessions, &format!("{PREFIX}{wanted}"))?;
        let lock = lock(&path, &id)?;
        let mut folder = SessionFolder::new_in(path, lock, id, at, question.bank.clone(), SessionSettings::default())?;
        let take = folder.begin_take(question.clone(), Prompt::Question, at.timestamp())?;
        folder.change(take, |answer| {
            answer.audio = None;
            answer.imported = Some(imported);
        })?;
        Ok(Draft { folder: Some(folder), wanted, take })
    }

    fn folder(&mut self) -> &mut SessionFolder {
        self.folder.as_mut().expect("it is there until it is published")
    }

    /// Puts the recording into the session; returns where it is.
    pub fn take_recording(&mut self, recording: &Path, taking: Taking) -> Result<PathBuf, StoreError> {
        let take = self.take;
        let ending = recording.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let path = self.folder().files(take)?.audio.with_extension(ending.as_deref().unwrap_or("wav"));
        let taken = match taking {
            Taking::Copy => copy(recording, &path),
            Taking::Refer => refer(recording, &path),
        };
        taken.map_err(|cause| StoreError::writing(&path, cause))?;
        let name = name_of(&path);
        self.folder().change(take, |answer| answer.audio = Some(name))?;
        Ok(path)
    }

    /// Puts transcript and report into the session, and the session among the others; returns its name.
    pub fn publish(mut self, home: &Home, transcript: &Transcript, report: &Report) -> Result<String, StoreError> {
        let take = self.take;
        let duration: Option<Seconds> = report.recording.as_ref().map(|recording| recording.duration_s);
        let folder = self.folder();
        folder.change(take, |answer| answer.duration_s = duration)?;
        folder.save_transcript(take, transcript)?;
        folder.save_report(take, report)?;
        let started_at = folder.session().started_at;
        folder.end(started_at)?;
        let (id, path) = make_unique(&home.sessions(), &self.wanted)?;
        let folder = self.folder();
        let moved = folder.renamed(&id).and_then(|()| {
            // Some systems replace no folder, not even an empty one that is ours.
            #[cfg(not(unix))]
            fs::remove_dir(&path).map_err(|cause| StoreError::writing(&path, cause))?;
            fs::rename(folder.path(), &path).map_err(|cause| StoreError::writing(&path, cause))
        });
        if let Err(error) = moved {
            let _ = fs::remove_dir(&path);
            return Err(error);
        }
        self.folder = None;
        Ok(id)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(folder) = self.folder.take() {
            // What stays is cleared by the next import.
            let _ = fs::remove_dir_all(folder.path());
        }
    }
}

/// Copies a file, for its owner alone, down to the disk.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut copied = options.open(to)?;
    io::copy(&mut File::open(from)?, &mut copied)?;
    copied.sync_all()
}

#[cfg(unix)]
fn refer(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(fs::canonicalize(from)?, to)
}

#[cfg(not(unix))]
fn refer(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "links to files are not made on this system; leave out --refer"))
}

/// Removes the drafts of programs that were killed; one that is being made is locked.
fn clear_drafts(sessions: &Path) {
    let drafts = fs::read_dir(sessions).into_iter().flatten().flatten();
    for draft in drafts.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX)) {
        let lock = File::open(draft.path().join(LOCK_FILE));
        if lock.is_ok_and(|lock| lock.try_lock().is_ok()) {
            let _ = fs::remove_dir_all(draft.path());
        }
    }
}
