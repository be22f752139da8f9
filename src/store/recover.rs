//! Bringing back takes whose program was killed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::atomic::{is_unfinished as is_leftover, rename_whole};
use super::browse::{is_unused, read_session, session_folders};
use super::json::read_json;
use super::session::{RECORDING, SessionFolder, lock, name_of};
use super::wav::{WavError, layout_of, repair_wav};
use super::{Home, StoreError};
use crate::types::{Answer, AnswerStatus, Report, Transcript};

/// What was found when looking for unfinished takes.
#[derive(Debug, Default)]
pub struct Recovery {
    /// Takes whose recording is whole and whose transcript or report is missing, oldest session first.
    pub unfinished: Vec<Unfinished>,
    /// What could not be brought back; nothing of it was thrown away.
    pub problems: Vec<RecoveryProblem>,
}

/// A take that waits for its transcript or its report.
#[derive(Clone, Debug, PartialEq)]
pub struct Unfinished {
    /// The session, for [`SessionFolder::open`].
    pub session: String,
    /// The take as it stands now: `Recorded` or `Transcribed`.
    pub answer: Answer,
    /// Its recording.
    pub audio: PathBuf,
    /// Whether the program was killed while recording it, so that its last second may be missing.
    pub cut_off: bool,
}

/// Something that stays as it was.
#[derive(Debug)]
pub struct RecoveryProblem {
    /// The session.
    pub session: String,
    /// What is wrong.
    pub reason: StoreError,
}

/// Makes every recording whole that a killed program left open, and lists the takes that want finishing.
///
/// A session that a program writes to now is left alone. One that is damaged is listed as a problem
/// and stops nothing. Doing it again finds the same takes until they are finished, no longer as cut
/// off. Fails only where the sessions folder cannot be read.
pub fn recover(home: &Home) -> Result<Recovery, StoreError> {
    let mut recovery = Recovery::default();
    let mut folders = session_folders(home)?;
    folders.sort();
    for (id, path) in folders {
        if !wants_attention(&path) {
            continue;
        }
        match recover_session(&id, &path) {
            Ok(found) => {
                recovery.unfinished.extend(found.unfinished);
                recovery.problems.extend(found.problems);
            }
            Err(StoreError::InUse { .. }) => {}
            Err(reason) => recovery.problems.push(RecoveryProblem { session: id, reason }),
        }
    }
    Ok(recovery)
}

/// Whether something is left to do here; a quick look without the lock.
fn wants_attention(folder: &Path) -> bool {
    let open = files_of(folder).any(|name| name.ends_with(RECORDING) || is_leftover(&name));
    // One that cannot be read is a problem to be told, not one to be passed over.
    open || read_session(folder).map_or_else(|_| !is_unused(folder), |s| s.answers.iter().any(is_unfinished))
}

fn is_unfinished(answer: &Answer) -> bool {
    !matches!(answer.status, AnswerStatus::Reported | AnswerStatus::Discarded)
}

fn files_of(folder: &Path) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned())
}

/// A recording whose writer is gone, and what became of it.
struct Closed {
    /// The name it had, ending in [`RECORDING`].
    was: String,
    /// The name it has now; `None` where there was no sound in it.
    now: Option<String>,
}

fn recover_session(id: &str, path: &Path) -> Result<Recovery, StoreError> {
    let lock = lock(path, id)?;
    let mut found = Recovery::default();
    for name in files_of(path).filter(|name| is_leftover(name)) {
        // Never the only copy of anything: it was about to be written again from memory.
        fs::remove_file(path.join(name)).ok();
    }
    // Recordings come first: they are brought back even where `session.json` is damaged.
    let mut closed = Vec::new();
    for name in files_of(path).filter(|name| name.ends_with(RECORDING)) {
        let (now, problem) = close_recording(&path.join(&name))?;
        closed.push(Closed { was: name, now });
        found.problems.extend(problem.map(|reason| RecoveryProblem { session: id.to_owned(), reason }));
    }
    let mut folder = SessionFolder::locked(path, lock)?;
    for answer in folder.session().answers.clone() {
        let closed = closed.iter().find(|c| answer.audio.as_ref() == Some(&c.was));
        let answer = settle(&mut folder, answer, closed)?;
        if let (AnswerStatus::Recorded | AnswerStatus::Transcribed, Some(audio)) = (answer.status, &answer.audio) {
            let (session, audio, cut_off) = (id.to_owned(), path.join(audio), closed.is_some());
            found.unfinished.push(Unfinished { session, answer, audio, cut_off });
        }
    }
    Ok(found)
}

/// Repairs a recording and gives it its final name.
///
/// One without a single frame of sound is removed; one whose header cannot be understood is set
/// aside as `.unreadable`, and the error says so. A link is left as it is: nothing is written through it.
fn close_recording(path: &Path) -> Result<(Option<String>, Option<StoreError>), StoreError> {
    if path.is_symlink() {
        let reason = "it is a link, and a recording of ours is a file".to_owned();
        return Err(StoreError::Damaged { path: path.to_owned(), reason });
    }
    let stem = path.to_string_lossy().strip_suffix(RECORDING).expect("only recordings are closed").to_owned();
    match repair_wav(path) {
        Ok(layout) if layout.frames() > 0 => {
            let whole = free_name(&stem, ".wav");
            rename_whole(path, &whole)?;
            Ok((Some(name_of(&whole)), None))
        }
        Ok(_) | Err(WavError::Empty) => {
            fs::remove_file(path).map_err(|cause| StoreError::writing(path, cause))?;
            Ok((None, None))
        }
        Err(WavError::Io(cause)) => Err(StoreError::writing(path, cause)),
        Err(cause) => {
            let aside = free_name(&stem, ".wav.unreadable");
            rename_whole(path, &aside)?;
            Ok((None, Some(StoreError::BadRecording { path: aside, cause })))
        }
    }
}

/// `stem` and `ending`, with a number between them where that file exists: nothing is ever overwritten.
fn free_name(stem: &str, ending: &str) -> PathBuf {
    let numbered = (2..).map(|n| PathBuf::from(format!("{stem}-{n}{ending}")));
    let mut names = std::iter::once(PathBuf::from(format!("{stem}{ending}"))).chain(numbered);
    names.find(|name| !name.exists()).expect("a folder has fewer entries than there are numbers")
}

/// Brings what `session.json` says about a take up to what is on disk; returns the take as it stands then.
fn settle(folder: &mut SessionFolder, old: Answer, closed: Option<&Closed>) -> Result<Answer, StoreError> {
    let mut answer = old.clone();
    let files = folder.files(answer.take)?;
    if let Some(closed) = closed {
        answer.audio.clone_from(&closed.now);
    } else if answer.status == AnswerStatus::Recording {
        // Killed before the recording had a file, or just after it got its final name.
        answer.audio = files.audio.exists().then(|| name_of(&files.audio));
    }
    if answer.status == AnswerStatus::Recording {
        let audio = answer.audio.as_ref().map(|name| folder.path().join(name));
        match audio.map(|path| File::open(path).map_err(WavError::from).and_then(|mut file| layout_of(&mut file))) {
            Some(Ok(layout)) => {
                answer.status = AnswerStatus::Recorded;
                answer.duration_s = Some(layout.duration());
            }
            Some(Err(cause)) => {
                answer.status = AnswerStatus::Discarded;
                answer.problem = Some(format!("The recording cannot be read: {cause}."));
            }
            None => {
                answer.status = AnswerStatus::Discarded;
                answer.problem = Some("The program ended before anything was recorded.".to_owned());
            }
        }
    }
    if answer.status == AnswerStatus::Recorded && read_json::<Transcript>(&files.transcript).is_ok() {
        answer.status = AnswerStatus::Transcribed;
        answer.transcript = Some(name_of(&files.transcript));
    }
    if answer.status == AnswerStatus::Transcribed && read_json::<Report>(&files.report).is_ok() {
        answer.status = AnswerStatus::Reported;
        answer.report = Some(name_of(&files.report));
    }
    if answer != old {
        folder.change(answer.take, |stored| stored.clone_from(&answer))?;
    }
    Ok(answer)
}
