//! Finding sessions and takes again.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::json::{check_schema, read_json};
use super::session::{LOCK_FILE, SESSION_FILE};
use super::{Home, StoreError};
use crate::types::{Answer, Report, Session, Transcript};

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

/// A session, or one take of it, as people type it: `ID`, the start of one, or `ID/2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeRef {
    /// The session's name or the start of it.
    pub session: String,
    /// The take's number.
    pub take: Option<usize>,
}

impl TakeRef {
    /// Takes apart what was typed. A part after the slash that is no number belongs to the name.
    pub fn parse(text: &str) -> TakeRef {
        match text.rsplit_once('/').map(|(session, take)| (session, take.parse())) {
            Some((session, Ok(take))) => TakeRef { session: session.to_owned(), take: Some(take) },
            _ => TakeRef { session: text.trim_end_matches('/').to_owned(), take: None },
        }
    }
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
        match read_session(&path) {
            Ok(session) => list.sessions.push(StoredSession { live: is_live(&path), path, session }),
            Err(_) if is_unused(&path) => {}
            Err(reason) => list.broken.push(BrokenSession { id, reason }),
        }
    }
    list.sessions.sort_by(|a, b| (b.session.started_at, &b.session.id).cmp(&(a.session.started_at, &a.session.id)));
    Ok(list)
}

/// Finds the session called `wanted`, or the only one whose name begins with it; `last` is the newest.
pub fn find_session(home: &Home, wanted: &str) -> Result<StoredSession, StoreError> {
    let list = list_sessions(home)?;
    if list.sessions.is_empty() && list.broken.is_empty() {
        return Err(StoreError::NothingRecorded { folder: home.sessions() });
    }
    let mut found: Vec<StoredSession> = match wanted {
        "last" => list.sessions.into_iter().take(1).collect(),
        _ => list.sessions.into_iter().filter(|s| s.session.id.starts_with(wanted)).collect(),
    };
    if let Some(exact) = found.iter().position(|s| s.session.id == wanted) {
        return Ok(found.swap_remove(exact));
    }
    let broken = list.broken.into_iter().find(|b| !wanted.is_empty() && b.id.starts_with(wanted));
    match (found.len(), broken) {
        (1, _) => Ok(found.remove(0)),
        (0, Some(broken)) => Err(broken.reason),
        (0, None) => Err(StoreError::NoSession { wanted: wanted.to_owned(), folder: home.sessions() }),
        _ => Err(StoreError::Ambiguous {
            wanted: wanted.to_owned(),
            matches: found.into_iter().map(|s| s.session.id).collect(),
        }),
    }
}

/// Finds a session, or a take of it, from what a person typed; see [`TakeRef`].
///
/// The number is returned only if it was typed, and then the session has that take.
pub fn find_take(home: &Home, typed: &str) -> Result<(StoredSession, Option<usize>), StoreError> {
    let wanted = TakeRef::parse(typed);
    let session = find_session(home, &wanted.session)?;
    if let Some(take) = wanted.take {
        session.answer(take)?;
    }
    Ok((session, wanted.take))
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
    names.flatten().filter(|name| {
        let mut parts = Path::new(name).components();
        !matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == name.as_str())
    })
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
