//! Seeing what changed among the sessions without reading them.

use std::fs::{self, DirEntry, Metadata};
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::remarks::REMARKS_FILE;
use super::session::SESSION_FILE;
use super::{Home, StoreError};

/// What changed this long ago may change again without another time: file systems count in steps of up to 2 s.
const SETTLED: Duration = Duration::from_secs(3);

/// A session's folder, and what it is known by as long as nothing in it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionStamp {
    /// The session's name.
    pub id: String,
    /// Times and lengths; `None` where they are too young to trust.
    pub stamp: Option<String>,
}

/// A stamp of every folder among the sessions, in no order. A home without sessions has none.
///
/// Everything that this program writes is renamed into its folder, which the folder's time shows; `session.json` and
/// `remarks.json` are looked at too, because people edit them in place.
pub fn session_stamps(home: &Home) -> Result<Vec<SessionStamp>, StoreError> {
    let sessions = home.sessions();
    let failed = |cause| StoreError::reading(&sessions, cause);
    let entries = match fs::read_dir(&sessions) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(failed(cause)),
    };
    let now = SystemTime::now();
    let mut stamps = Vec::new();
    for entry in entries {
        stamps.extend(stamp_of(&entry.map_err(failed)?, now));
    }
    Ok(stamps)
}

/// `None` for what is no session's folder.
fn stamp_of(entry: &DirEntry, now: SystemTime) -> Option<SessionStamp> {
    let id = entry.file_name().to_string_lossy().into_owned();
    let path = entry.path();
    let folder = fs::metadata(&path).ok().filter(|found| found.is_dir() && !id.starts_with('.'))?;
    let look = |name: &str| fs::metadata(Path::new(&path).join(name)).ok();
    let found = [Some(folder), look(SESSION_FILE), look(REMARKS_FILE)];
    let is_young = |found: &Metadata| {
        let age = found.modified().map(|modified| now.duration_since(modified).unwrap_or_default());
        age.is_ok_and(|age| age < SETTLED)
    };
    let settled = !found.iter().flatten().any(is_young);
    Some(SessionStamp { id, stamp: settled.then(|| found.iter().map(in_words).collect::<Vec<_>>().join(" ")) })
}

fn in_words(found: &Option<Metadata>) -> String {
    let time = |found: &Metadata| found.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok();
    match found {
        Some(found) => format!("{}:{}", time(found).unwrap_or_default().as_nanos(), found.len()),
        None => "-".to_owned(),
    }
}
