//! Finding sessions and takes again.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use jiff::Zoned;

use super::json::{check_schema, read_json};
use super::names::{self, Meant, NameError};
use super::session::{LOCK_FILE, SESSION_FILE};
use super::{Home, StoreError};
use crate::types::{Answer, Report, Session, TakeName, Transcript};

/// A session on disk, for reading.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredSession {
    /// Its folder.
    pub path: PathBuf,
    /// What `session.json` says.
    pub session: Session,
    /// Whether a program is writing to it now.
    pub live: bool,
}

/// Every session there is.
#[derive(Debug, Default)]
pub struct SessionList {
    /// Those that can be read, newest first.
    pub sessions: Vec<StoredSession>,
    /// Those that cannot, by name.
    pub broken: Vec<BrokenSession>,
}

/// A folder among the sessions that is not one.
#[derive(Debug)]
pub struct BrokenSession {
    /// The folder's name.
    pub id: String,
    /// What is wrong with it.
    pub reason: StoreError,
}

impl StoredSession {
    /// Where the recording of a take is; `None` where it has none.
    pub fn audio(&self, answer: &Answer) -> Option<PathBuf> {
        answer.audio.as_ref().map(|name| self.path.join(name))
    }

    /// Reads the transcript of a take; `None` where it has none yet.
    pub fn transcript(&self, answer: &Answer) -> Result<Option<Transcript>, StoreError> {
        answer.transcript.as_ref().map(|name| read_json(&self.path.join(name))).transpose()
    }

    /// Reads the report on a take; `None` where it has none yet.
    pub fn report(&self, answer: &Answer) -> Result<Option<Report>, StoreError> {
        answer.report.as_ref().map(|name| read_json(&self.path.join(name))).transpose()
    }

    /// The take of a number.
    pub fn answer(&self, take: usize) -> Result<&Answer, StoreError> {
        self.session.answers.iter().find(|a| a.take == take).ok_or_else(|| StoreError::NoTake {
            session: self.session.id.clone(),
            wanted: take.to_string(),
            have: self.session.answers.len(),
        })
    }
}

/// Reads all sessions. One that cannot be read is listed as broken and stops nothing.
///
/// A home without sessions is an empty list. Fails only where the sessions folder cannot be read.
pub fn list_sessions(home: &Home) -> Result<SessionList, StoreError> {
    let mut list = SessionList::default();
    for (id, path) in session_folders(home)? {
        match read_folder(path) {
            Some(Ok(session)) => list.sessions.push(session),
            Some(Err(reason)) => list.broken.push(BrokenSession { id, reason }),
            None => {}
        }
    }
    list.sessions.sort_by(|a, b| (b.session.started_at, &b.session.id).cmp(&(a.session.started_at, &a.session.id)));
    Ok(list)
}

/// The session of a whole name, of which alone the folder is read.
pub fn read_session_called(home: &Home, id: &str) -> Result<StoredSession, StoreError> {
    let path = home.sessions().join(id);
    if !is_file_name(id) || !path.is_dir() {
        return Err(StoreError::NoSession { wanted: id.to_owned(), folder: home.sessions() });
    }
    Ok(StoredSession { session: read_session(&path)?, live: is_live(&path), path })
}

/// The session in the folder of a name; `None` where there is none, or nothing was begun in it.
pub fn look_into(home: &Home, id: &str) -> Option<Result<StoredSession, StoreError>> {
    let path = home.sessions().join(id);
    (is_file_name(id) && path.is_dir()).then(|| read_folder(path)).flatten()
}

/// Whether a program is recording into the session of a name.
pub fn is_being_recorded(home: &Home, id: &str) -> bool {
    is_file_name(id) && is_live(&home.sessions().join(id))
}

/// A session folder; `None` for one in which nothing was begun.
fn read_folder(path: PathBuf) -> Option<Result<StoredSession, StoreError>> {
    match read_session(&path) {
        Ok(session) => Some(Ok(StoredSession { live: is_live(&path), path, session })),
        Err(_) if is_unused(&path) => None,
        Err(reason) => Some(Err(reason)),
    }
}

/// Finds a session, or a take of it, from what a person typed; [`names::resolve`] says how.
///
/// A number is returned only where one take was meant, and then the session has it. A session that is called by its whole
/// name is the only one that is read. `worth` says how good a take is by its report: the greater, the better.
pub fn find_take<W: Ord>(
    home: &Home,
    typed: &str,
    now: &Zoned,
    worth: impl Fn(&Report) -> Option<W>,
) -> Result<(StoredSession, Option<usize>), StoreError> {
    let numbered = typed.rsplit_once('/').and_then(|(name, take)| Some((name, Some(take.parse().ok()?))));
    for (name, take) in [Some((typed.trim_end_matches('/'), None)), numbered].into_iter().flatten() {
        if is_file_name(name) && home.sessions().join(name).is_dir() {
            let stored = read_session_called(home, name)?;
            take.map(|take| stored.answer(take)).transpose()?;
            return Ok((stored, take));
        }
    }
    find_among(home, list_sessions(home)?, typed, now, worth)
}

fn find_among<W: Ord>(
    home: &Home,
    mut list: SessionList,
    typed: &str,
    now: &Zoned,
    worth: impl Fn(&Report) -> Option<W>,
) -> Result<(StoredSession, Option<usize>), StoreError> {
    if list.sessions.is_empty() && list.broken.is_empty() {
        return Err(StoreError::NothingRecorded { folder: home.sessions() });
    }
    let sessions: Vec<&Session> = list.sessions.iter().map(|stored| &stored.session).collect();
    let worth_of = |session: &Session, answer: &Answer| {
        let stored = list.sessions.iter().find(|stored| stored.session.id == session.id)?;
        // A report that cannot be read makes no take the best.
        worth(&stored.report(answer).ok()??)
    };
    let (session, take) = match names::resolve(&sessions, typed, now, worth_of) {
        Ok(Meant::Session(session)) => (session, None),
        Ok(Meant::Take(TakeName { session, take })) => (session, Some(take)),
        Err(NameError::Unknown) => {
            let broken = list.broken.into_iter().find(|broken| !typed.is_empty() && broken.id.starts_with(typed));
            let unknown = || StoreError::NoSession { wanted: typed.to_owned(), folder: home.sessions() };
            return Err(broken.map_or_else(unknown, |broken| broken.reason));
        }
        Err(NameError::Ambiguous(matches)) => return Err(StoreError::Ambiguous { wanted: typed.to_owned(), matches }),
        Err(NameError::NoTake { of, wanted, have }) => return Err(StoreError::NoTake { session: of, wanted, have }),
    };
    let index = list.sessions.iter().position(|stored| stored.session.id == session);
    Ok((list.sessions.swap_remove(index.expect("a name stands for a session of the list")), take))
}

/// The folders among the sessions with their names, in no order.
pub(super) fn session_folders(home: &Home) -> Result<Vec<(String, PathBuf)>, StoreError> {
    let sessions = home.sessions();
    let failed = |cause| StoreError::reading(&sessions, cause);
    let entries = match fs::read_dir(&sessions) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(failed(cause)),
    };
    let mut folders = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with('.') {
            folders.push((name, path));
        }
    }
    Ok(folders)
}

/// Reads `session.json`. The folder's name counts as the session's, so that a renamed folder is found.
pub(super) fn read_session(folder: &Path) -> Result<Session, StoreError> {
    let path = folder.join(SESSION_FILE);
    let mut session: Session = read_json(&path)?;
    check_schema(&path, &session.schema, Session::SCHEMA)?;
    if let Some(name) = outside_names(&session).next() {
        return Err(StoreError::Damaged { path, reason: format!("{name:?} is no file of this session") });
    }
    if let Some(name) = folder.file_name() {
        session.id = name.to_string_lossy().into_owned();
    }
    Ok(session)
}

/// Names of files that do not lie in the session's own folder: one that was sent by somebody may say anything.
fn outside_names(session: &Session) -> impl Iterator<Item = &String> {
    let names = session.answers.iter().flat_map(|answer| [&answer.audio, &answer.transcript, &answer.report]);
    names.flatten().filter(|name| !is_file_name(name))
}

/// Whether this is a name in a folder, and no way out of it.
fn is_file_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == name)
}

/// Whether a program holds the lock of this session.
fn is_live(folder: &Path) -> bool {
    let Ok(lock) = File::open(folder.join(LOCK_FILE)) else { return false };
    matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock))
}

/// Whether there is nothing in a folder but perhaps a lock: a program was killed as it began.
pub(super) fn is_unused(folder: &Path) -> bool {
    let Ok(mut entries) = fs::read_dir(folder) else { return false };
    entries.all(|entry| entry.is_ok_and(|e| e.file_name().to_string_lossy().starts_with('.')))
}
