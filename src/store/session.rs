//! The folder of one session, as the program that records into it sees it.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::atomic::{make_new_private_folder, make_private_folder, rename_whole};
use super::browse::read_session;
use super::json::write_json;
use super::{Home, RecordingClaim, StoreError};
use crate::types::{
    Answer, AnswerStatus, Prompt, QuestionRef, Report, Seconds, Session, SessionSettings, Summary, TakePart, Transcript,
};
use jiff::{Timestamp, Zoned};

/// What `session.json` is called.
pub(super) const SESSION_FILE: &str = "session.json";
/// What the lock is called. It stays behind; only the system's lock on it counts.
pub(super) const LOCK_FILE: &str = ".lock";
/// How a recording's name ends while it grows.
pub(super) const RECORDING: &str = ".recording.wav";

/// Longest name made from a question or a theme, in characters.
const SLUG_LIMIT: usize = 40;

/// A session that this program writes to; no other program can until it is dropped.
///
/// Every method that changes something has it on disk when it returns. When one fails, the
/// files are as before and the change is tried again with the next one.
#[derive(Debug)]
pub struct SessionFolder {
    path: PathBuf,
    session: Session,
    _lock: File,
    /// That of the program that records into it.
    claim: Option<RecordingClaim>,
}

/// Where the files of one take belong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeFiles {
    /// The recording while it grows: `01-product-conflict.recording.wav`.
    pub recording: PathBuf,
    /// The recording when it is whole: `01-product-conflict.wav`.
    pub audio: PathBuf,
    /// `01-product-conflict.transcript.json`.
    pub transcript: PathBuf,
    /// `01-product-conflict.report.json`.
    pub report: PathBuf,
}

impl SessionFolder {
    /// Makes the folder of a new session, called by its local start time and `topic`.
    ///
    /// Where that name is taken, `-2`, `-3` and so on is added.
    pub fn create(
        home: &Home,
        started_at: &Zoned,
        topic: &str,
        bank: Option<String>,
        settings: SessionSettings,
    ) -> Result<SessionFolder, StoreError> {
        let sessions = home.sessions();
        make_private_folder(&sessions).map_err(|cause| StoreError::writing(&sessions, cause))?;
        let (id, path) = make_unique(&sessions, &session_name(started_at, topic))?;
        let lock = lock(&path, &id)?;
        SessionFolder::new_in(path, lock, id, started_at, bank, settings)
    }

    /// A new session in a folder that was made for it.
    pub(super) fn new_in(
        path: PathBuf,
        lock: File,
        id: String,
        started_at: &Zoned,
        bank: Option<String>,
        settings: SessionSettings,
    ) -> Result<SessionFolder, StoreError> {
        let session = Session {
            schema: Session::SCHEMA.to_owned(),
            id,
            title: None,
            started_at: started_at.timestamp(),
            ended_at: None,
            bank,
            settings,
            answers: Vec::new(),
            summaries: Vec::new(),
        };
        let folder = SessionFolder { path, session, _lock: lock, claim: None };
        folder.save()?;
        Ok(folder)
    }

    /// Opens a session that is on disk, to finish its takes or to record more.
    ///
    /// `id` is its whole name. Fails with [`StoreError::InUse`] while another program has it.
    pub fn open(home: &Home, id: &str) -> Result<SessionFolder, StoreError> {
        let path = home.sessions().join(id);
        if !path.is_dir() {
            return Err(StoreError::NoSession { wanted: id.to_owned(), folder: home.sessions() });
        }
        let lock = lock(&path, id)?;
        SessionFolder::locked(&path, lock)
    }

    /// The session in a folder whose lock is held.
    pub(super) fn locked(path: &Path, lock: File) -> Result<SessionFolder, StoreError> {
        Ok(SessionFolder { path: path.to_owned(), session: read_session(path)?, _lock: lock, claim: None })
    }

    /// Keeps the claim to record as long as this.
    pub fn keep_claim(&mut self, claim: RecordingClaim) {
        self.claim = Some(claim);
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What `session.json` says.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Enters a new take, to be recorded from `started_at` on; returns its number, from 1.
    ///
    /// The caller then records into [`TakeFiles::recording`] of [`SessionFolder::files`].
    pub fn begin_take(
        &mut self,
        question: QuestionRef,
        prompt: Prompt,
        started_at: Timestamp,
    ) -> Result<usize, StoreError> {
        let take = self.session.answers.iter().map(|a| a.take).max().unwrap_or(0) + 1;
        let stem = stem(take, &question);
        self.session.answers.push(Answer {
            take,
            question,
            prompt,
            status: AnswerStatus::Recording,
            started_at,
            duration_s: None,
            audio: Some(format!("{stem}{RECORDING}")),
            transcript: None,
            report: None,
            problem: None,
            part: None,
            hints: 0,
            imported: None,
        });
        if let Err(error) = self.save() {
            self.session.answers.pop();
            return Err(error);
        }
        Ok(take)
    }

    /// Where the files of take `take` belong.
    pub fn files(&self, take: usize) -> Result<TakeFiles, StoreError> {
        let stem = stem(take, &self.take(take)?.question);
        let file = |ending: &str| self.path.join(format!("{stem}{ending}"));
        Ok(TakeFiles {
            recording: file(RECORDING),
            audio: file(".wav"),
            transcript: file(".transcript.json"),
            report: file(".report.json"),
        })
    }

    /// Marks a take's recording as whole and gives it its final name.
    ///
    /// Call it when the file is closed. It does not matter whether the file already has that name,
    /// nor whether the take was discarded before; it stays discarded.
    pub fn finish_recording(&mut self, take: usize, duration: Seconds) -> Result<PathBuf, StoreError> {
        let files = self.files(take)?;
        if files.recording.exists() {
            rename_whole(&files.recording, &files.audio)?;
        }
        let audio = name_of(&files.audio);
        self.change(take, |answer| {
            answer.audio = Some(audio);
            answer.duration_s = Some(duration);
            if answer.status == AnswerStatus::Recording {
                answer.status = AnswerStatus::Recorded;
            }
        })?;
        Ok(files.audio)
    }

    /// Keeps the transcript of a take.
    pub fn save_transcript(&mut self, take: usize, transcript: &Transcript) -> Result<(), StoreError> {
        let path = self.files(take)?.transcript;
        write_json(&path, transcript)?;
        self.change(take, |answer| {
            answer.transcript = Some(name_of(&path));
            answer.status = AnswerStatus::Transcribed;
            answer.problem = None;
        })
    }

    /// Keeps the report on a take.
    pub fn save_report(&mut self, take: usize, report: &Report) -> Result<(), StoreError> {
        let path = self.files(take)?.report;
        write_json(&path, report)?;
        self.change(take, |answer| {
            answer.report = Some(name_of(&path));
            answer.status = AnswerStatus::Reported;
            answer.problem = None;
        })
    }

    /// Keeps another transcript and report of a take instead of those it has.
    ///
    /// Both are written beside the old ones, `session.json` then names them, and only then the old ones go: whoever reads,
    /// also after a power cut, sees the old pair or the new one.
    pub fn replace_report(&mut self, take: usize, transcript: &Transcript, report: &Report) -> Result<(), StoreError> {
        let old = self.take(take)?.clone();
        let files = self.files(take)?;
        let [transcript_file, report_file] = [files.transcript, files.report].map(|path| free_beside(&path));
        write_json(&transcript_file, transcript)?;
        write_json(&report_file, report)?;
        self.change(take, |answer| {
            answer.transcript = Some(name_of(&transcript_file));
            answer.report = Some(name_of(&report_file));
            answer.status = AnswerStatus::Reported;
            answer.problem = None;
        })?;
        for name in [old.transcript, old.report].into_iter().flatten() {
            // One that stays is named by nothing and does no harm.
            let _ = std::fs::remove_file(self.path.join(name));
        }
        Ok(())
    }

    /// Marks a take as thrown away by the person. Its recording is kept.
    pub fn discard(&mut self, take: usize) -> Result<(), StoreError> {
        self.change(take, |answer| answer.status = AnswerStatus::Discarded)
    }

    /// Notes what went wrong with a take, in a sentence for people.
    pub fn note_problem(&mut self, take: usize, problem: &str) -> Result<(), StoreError> {
        self.change(take, |answer| answer.problem = Some(problem.to_owned()))
    }

    /// Notes where a take stands in a drill or a conversation.
    pub fn note_part(&mut self, take: usize, part: TakePart) -> Result<(), StoreError> {
        self.change(take, |answer| answer.part = Some(part))
    }

    /// Notes how many hints were shown for a take.
    pub fn note_hints(&mut self, take: usize, hints: usize) -> Result<(), StoreError> {
        self.change(take, |answer| answer.hints = hints)
    }

    /// Keeps what a drill or a conversation came to.
    pub fn add_summary(&mut self, summary: Summary) -> Result<(), StoreError> {
        self.session.summaries.push(summary);
        self.save()
    }

    /// Gives the session a title, or takes it away; its folder keeps its name.
    pub fn rename(&mut self, title: Option<String>) -> Result<(), StoreError> {
        self.session.title = title;
        self.save()
    }

    /// Marks the session as ended.
    pub fn end(&mut self, at: Timestamp) -> Result<(), StoreError> {
        self.session.ended_at = Some(at);
        self.save()
    }

    /// Removes the folder of a session in which no take was begun; any other is left as it is.
    pub fn remove_if_unused(&self) -> Result<(), StoreError> {
        if !self.session.answers.is_empty() {
            return Ok(());
        }
        std::fs::remove_dir_all(&self.path).map_err(|cause| StoreError::writing(&self.path, cause))
    }

    /// Changes one take and saves.
    pub(super) fn change(&mut self, take: usize, change: impl FnOnce(&mut Answer)) -> Result<(), StoreError> {
        self.take(take)?;
        if let Some(answer) = self.session.answers.iter_mut().find(|a| a.take == take) {
            change(answer);
        }
        self.save()
    }

    /// Says that the folder is called `id` from now on.
    pub(super) fn renamed(&mut self, id: &str) -> Result<(), StoreError> {
        id.clone_into(&mut self.session.id);
        self.save()
    }

    /// Takes a take out of `session.json`.
    pub(super) fn forget(&mut self, take: usize) -> Result<(), StoreError> {
        self.session.answers.retain(|answer| answer.take != take);
        self.save()
    }

    /// The take of a number.
    pub(super) fn take(&self, take: usize) -> Result<&Answer, StoreError> {
        self.session.answers.iter().find(|a| a.take == take).ok_or_else(|| StoreError::NoTake {
            session: self.session.id.clone(),
            wanted: take.to_string(),
            have: self.session.answers.len(),
        })
    }

    fn save(&self) -> Result<(), StoreError> {
        write_json(&self.path.join(SESSION_FILE), &self.session)
    }
}

/// `path`, or where that exists a name with a number before its ending: `01-x.2.report.json`.
fn free_beside(path: &Path) -> PathBuf {
    let name = name_of(path);
    let (stem, ending) = name.split_once('.').expect("a take's file has an ending");
    let numbered = (2..).map(|number| path.with_file_name(format!("{stem}.{number}.{ending}")));
    let mut names = std::iter::once(path.to_owned()).chain(numbered);
    names.find(|name| !name.exists()).expect("a folder has fewer entries than there are numbers")
}

/// How often, and how long apart, a lock is tried: a program that lists sessions holds it for a moment.
const LOCK_TRIES: (u32, Duration) = (5, Duration::from_millis(10));

/// Takes the lock of a session folder; [`StoreError::InUse`] when another program keeps it.
pub(super) fn lock(folder: &Path, id: &str) -> Result<File, StoreError> {
    let path = folder.join(LOCK_FILE);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|cause| StoreError::writing(&path, cause))?;
    let (tries, apart) = LOCK_TRIES;
    for _ in 0..tries {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => thread::sleep(apart),
            Err(TryLockError::Error(cause)) => return Err(StoreError::writing(&path, cause)),
        }
    }
    Err(StoreError::InUse { session: id.to_owned() })
}

/// What a session is called that begins at this local time.
pub(super) fn session_name(started_at: &Zoned, topic: &str) -> String {
    format!("{}-{}", started_at.strftime("%Y-%m-%dT%H%M"), slug(topic, "session"))
}

/// Makes a folder of a name that nobody else has, also not another program at the same moment.
pub(super) fn make_unique(sessions: &Path, wanted: &str) -> Result<(String, PathBuf), StoreError> {
    let mut id = wanted.to_owned();
    for number in 2.. {
        let path = sessions.join(&id);
        match make_new_private_folder(&path) {
            Ok(()) => return Ok((id, path)),
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => id = format!("{wanted}-{number}"),
            Err(cause) => return Err(StoreError::writing(&path, cause)),
        }
    }
    unreachable!("a folder has fewer entries than there are numbers")
}

/// How the names of a take's files begin: `01-product-conflict`.
pub(super) fn stem(take: usize, question: &QuestionRef) -> String {
    format!("{take:02}-{}", slug(&question.id, "answer"))
}

/// A file name for `text`: lower case letters and digits, the rest as single hyphens.
///
/// At most [`SLUG_LIMIT`] characters, cut at a hyphen where there is one; `otherwise` when nothing is left.
pub(super) fn slug(text: &str, otherwise: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    if let Some((limit, next)) = slug.char_indices().nth(SLUG_LIMIT) {
        let cut = if next == '-' { limit } else { slug[..limit].rfind('-').unwrap_or(limit) };
        slug.truncate(cut);
    }
    match slug.trim_end_matches('-') {
        "" => otherwise.to_owned(),
        slug => slug.to_owned(),
    }
}

pub(super) fn name_of(path: &Path) -> String {
    path.file_name().expect("a take's file has a name").to_string_lossy().into_owned()
}
