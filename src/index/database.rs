//! The index as a SQLite file: all SQL there is.
//!
//! No write-ahead log: it needs shared memory, which a home on a network share does not have.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags, Row, params, params_from_iter};

use super::entry::{Entry, IndexedTake};
use super::query::MARKS;
use crate::types::{Measure, QuestionRef, Session, TakeName};

/// Says that a file is an index of ours: "GRix".
const APPLICATION: i64 = 0x4752_6978;

/// The form of the tables. An index of another form is made again.
const FORM: i64 = 1;

/// How long another program that writes is waited for.
const PATIENCE: Duration = Duration::from_millis(300);

/// More words are not asked for where somebody types the start of one.
const MOST_WORDS: usize = 200;

/// What can be searched, in the order of the columns.
pub(super) const COLUMNS: [&str; 5] = ["said", "question", "remarks", "points", "findings"];

const TABLES: &str = "
    CREATE TABLE sessions (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, stamp TEXT, json TEXT NOT NULL);
    CREATE TABLE takes (
        id INTEGER PRIMARY KEY, session INTEGER NOT NULL REFERENCES sessions, take INTEGER NOT NULL, at INTEGER NOT NULL,
        question TEXT NOT NULL, question_text TEXT NOT NULL, bank TEXT, is_practice INTEGER NOT NULL, starts_ms BLOB NOT NULL,
        length_s REAL, pace_wpm REAL, filled_pauses_per_minute REAL, fillers_per_100_words REAL, long_pauses REAL,
        latency_s REAL, parts_told REAL, bottom_line_up_front REAL, points_made REAL);
    CREATE INDEX takes_of_session ON takes (session);
    CREATE INDEX takes_by_time ON takes (at);
    -- The words by their stems, each row that of its take.
    CREATE VIRTUAL TABLE spoken USING fts5 (
        said, question, remarks, points, findings, tokenize = 'porter unicode61 remove_diacritics 2');
    -- The words as they are written, for their starts.
    CREATE VIRTUAL TABLE letters USING fts5 (
        words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2');
    CREATE VIRTUAL TABLE vocabulary USING fts5vocab (letters, row);";

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// A newer program made it, or it is no index at all.
    #[error("it was made by a newer greenroom, or by another program")]
    NotOurs,
    /// It has an older form, or it is broken.
    #[error("it is damaged, or older than this greenroom ({0})")]
    Useless(String),
    /// Another program has it, it cannot be written, the disk is full.
    #[error("{0}")]
    OutOfReach(String),
}

impl From<rusqlite::Error> for DatabaseError {
    fn from(error: rusqlite::Error) -> DatabaseError {
        let said = error.to_string();
        match error.sqlite_error_code() {
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::ReadOnly
                | ErrorCode::DiskFull
                | ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied
                | ErrorCode::FileLockingProtocolFailed
                | ErrorCode::SystemIoFailure
                | ErrorCode::OutOfMemory,
            ) => DatabaseError::OutOfReach(said),
            _ => DatabaseError::Useless(said),
        }
    }
}

type Result<T> = std::result::Result<T, DatabaseError>;

/// An open index.
#[derive(Debug)]
pub(super) struct Database {
    connection: Connection,
}

/// A take in which something was found, with the columns it was searched in, what was found between [`MARKS`].
pub(super) struct Found {
    pub take: IndexedTake,
    pub columns: Vec<String>,
    pub starts_ms: Vec<i32>,
}

/// A session as it is put into the index.
pub(super) struct Indexed<'a> {
    pub session: &'a Session,
    pub stamp: Option<&'a str>,
    pub entries: &'a [Entry],
}

impl Database {
    /// Opens the file of an index; one that is not there is made, for its owner alone.
    pub fn open(path: &Path) -> Result<Database> {
        make_private(path);
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.busy_timeout(PATIENCE)?;
        Database::of(connection)
    }

    /// An index in memory, with what the file of one has, as far as that can be read.
    pub fn in_memory(file: &Path) -> Result<Database> {
        Database::copy_of(file).or_else(|_| Database::of(Connection::open_in_memory()?))
    }

    fn copy_of(file: &Path) -> Result<Database> {
        let source = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        source.busy_timeout(PATIENCE)?;
        let mut connection = Connection::open_in_memory()?;
        match Backup::new(&source, &mut connection)?.step(-1)? {
            StepResult::Done => {}
            busy => return Err(DatabaseError::OutOfReach(format!("it cannot be copied: {busy:?}"))),
        }
        Database::of(connection)
    }

    /// Makes the tables in an empty file; refuses what is not an index of this form.
    fn of(connection: Connection) -> Result<Database> {
        let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        match (number("application_id")?, number("user_version")?) {
            (APPLICATION, FORM) => {}
            (APPLICATION, form) if form < FORM => return Err(DatabaseError::Useless(format!("form {form}"))),
            (0, 0) if tables == 0 => connection.execute_batch(&format!(
                "BEGIN IMMEDIATE; {TABLES} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {FORM}; COMMIT;"
            ))?,
            _ => return Err(DatabaseError::NotOurs),
        }
        Ok(Database { connection })
    }

    /// What each session in it was known by when it was read.
    pub fn stamps(&self) -> Result<HashMap<String, Option<String>>> {
        let mut all = self.connection.prepare_cached("SELECT name, stamp FROM sessions")?;
        let stamps = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(stamps.collect::<rusqlite::Result<_>>()?)
    }

    /// Puts sessions in place of what was known of them, and forgets others; all of it or nothing.
    pub fn change(&mut self, read: &[Indexed], gone: &[String]) -> Result<()> {
        let transaction = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        gone.iter().map(String::as_str).chain(read.iter().map(|read| read.session.id.as_str())).try_for_each(
            |name| {
                let takes = "(SELECT takes.id FROM takes JOIN sessions ON sessions.id = session WHERE name = ?1)";
                for table in ["spoken", "letters"] {
                    let forget = format!("DELETE FROM {table} WHERE rowid IN {takes}");
                    transaction.prepare_cached(&forget)?.execute([name])?;
                }
                transaction.prepare_cached(&format!("DELETE FROM takes WHERE id IN {takes}"))?.execute([name])?;
                transaction.prepare_cached("DELETE FROM sessions WHERE name = ?1")?.execute([name]).map(|_| ())
            },
        )?;
        read.iter().try_for_each(|read| insert(&transaction, read))?;
        Ok(transaction.commit()?)
    }

    /// Every session, the newest first.
    pub fn sessions(&self) -> Result<Vec<Session>> {
        let mut all = self.connection.prepare_cached("SELECT json FROM sessions")?;
        let texts = all.query_map([], |row| row.get::<_, String>(0))?;
        let read = texts.map(|text| {
            serde_json::from_str::<Session>(&text?).map_err(|error| DatabaseError::Useless(error.to_string()))
        });
        let mut sessions = read.collect::<Result<Vec<Session>>>()?;
        sessions.sort_by(|a, b| (b.started_at, &b.id).cmp(&(a.started_at, &a.id)));
        Ok(sessions)
    }

    /// Every take since then, in the order recorded.
    pub fn takes(&self, since: Timestamp) -> Result<Vec<IndexedTake>> {
        let all = format!("SELECT {TAKE} WHERE at >= ?1 ORDER BY at, name, take");
        let mut all = self.connection.prepare_cached(&all)?;
        let takes = all.query_map([since.as_microsecond()], take_of)?;
        Ok(takes.collect::<rusqlite::Result<_>>()?)
    }

    /// Takes that an expression of FTS5 finds, the newest first: how many there are, and the first of them.
    pub fn search(
        &self,
        expression: &str,
        question: Option<&QuestionRef>,
        limit: usize,
    ) -> Result<(usize, Vec<Found>)> {
        let of_question = match question {
            Some(_) => "AND question IS ?2 AND bank IS ?3",
            None => "AND ?2 IS NULL AND ?3 IS NULL",
        };
        let found = "FROM takes WHERE id IN (SELECT rowid FROM spoken WHERE spoken MATCH ?1)";
        let id = question.map(|question| question.id.as_str());
        let bank = question.and_then(|question| question.bank.as_deref());
        let count = format!("SELECT count(*) {found} {of_question}");
        let count: i64 = self.connection.query_row(&count, params![expression, id, bank], |row| row.get(0))?;
        let newest = format!("SELECT id {found} {of_question} ORDER BY at DESC, id DESC LIMIT ?4");
        let mut newest = self.connection.prepare_cached(&newest)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let takes = newest.query_map(params![expression, id, bank, limit], |row| row.get::<_, i64>(0))?;
        let found = takes.map(|take| Ok(self.found(expression, take?)?)).collect::<Result<Vec<Found>>>()?;
        Ok((usize::try_from(count).unwrap_or_default(), found))
    }

    fn found(&self, expression: &str, id: i64) -> rusqlite::Result<Found> {
        let [open, close] = MARKS;
        let marked: Vec<String> =
            (0..COLUMNS.len()).map(|column| format!("highlight(spoken, {column}, '{open}', '{close}')")).collect();
        let marked = format!("SELECT {} FROM spoken WHERE spoken MATCH ?1 AND rowid = ?2", marked.join(", "));
        let columns = self.connection.prepare_cached(&marked)?.query_row(params![expression, id], |row| {
            (0..COLUMNS.len()).map(|column| row.get(column)).collect::<rusqlite::Result<Vec<String>>>()
        })?;
        let take = format!("SELECT {TAKE} WHERE takes.id = ?1");
        let mut take = self.connection.prepare_cached(&take)?;
        let (take, starts) = take.query_row([id], |row| Ok((take_of(row)?, row.get::<_, Vec<u8>>("starts_ms")?)))?;
        let starts_ms =
            starts.chunks_exact(4).map(|bytes| i32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
        Ok(Found { take, columns, starts_ms: starts_ms.collect() })
    }

    /// Words that were said or written and begin like this, whatever their capitals.
    pub fn words_beginning(&self, start: &str) -> Result<Vec<String>> {
        let start = start.to_lowercase();
        let words = "SELECT term FROM vocabulary WHERE term >= ?1 AND term < ?2 LIMIT ?3";
        let mut words = self.connection.prepare_cached(words)?;
        let end = format!("{start}{}", char::MAX);
        let found = words.query_map(params![start, end, MOST_WORDS as i64], |row| row.get(0))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether a session is in it.
    #[cfg(test)]
    pub fn has(&self, session: &str) -> Result<bool> {
        Ok(self.stamps()?.contains_key(session))
    }

    /// Holds the file as a program does that writes to it and never ends.
    #[cfg(test)]
    pub fn hold(&self) -> Result<()> {
        Ok(self.connection.execute_batch("BEGIN EXCLUSIVE")?)
    }

    /// Says that a program of another version made it.
    #[cfg(test)]
    pub fn pretend_form(&self, form: i64) -> Result<()> {
        Ok(self.connection.pragma_update(None, "user_version", form)?)
    }
}

/// The columns of a take, and where they are.
const TAKE: &str = "name, take, at, question, question_text, bank, is_practice, starts_ms, length_s, pace_wpm, \
    filled_pauses_per_minute, fillers_per_100_words, long_pauses, latency_s, parts_told, bottom_line_up_front, points_made \
    FROM takes JOIN sessions ON sessions.id = session";

fn take_of(row: &Row) -> rusqlite::Result<IndexedTake> {
    let mut figures = [None; Measure::ALL.len()];
    for (place, figure) in figures.iter_mut().enumerate() {
        *figure = row.get(8 + place)?;
    }
    let take = row.get::<_, i64>("take")?;
    Ok(IndexedTake {
        name: TakeName { session: row.get("name")?, take: usize::try_from(take).unwrap_or_default() },
        at: Timestamp::from_microsecond(row.get("at")?).unwrap_or_default(),
        question: QuestionRef { id: row.get("question")?, text: row.get("question_text")?, bank: row.get("bank")? },
        is_practice: row.get("is_practice")?,
        figures,
    })
}

fn insert(connection: &Connection, read: &Indexed) -> rusqlite::Result<()> {
    let json = serde_json::to_string(read.session).expect("our types are plain data with text keys");
    let session = "INSERT INTO sessions (name, stamp, json) VALUES (?1, ?2, ?3)";
    connection.prepare_cached(session)?.execute(params![read.session.id, read.stamp, json])?;
    let session = connection.last_insert_rowid();
    for entry in read.entries {
        let IndexedTake { name, at, question, is_practice, figures } = &entry.take;
        let starts: Vec<u8> = entry.starts_ms.iter().flat_map(|start| start.to_le_bytes()).collect();
        let take = "INSERT INTO takes VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";
        let (number, at) = (i64::try_from(name.take).unwrap_or_default(), at.as_microsecond());
        let [a, b, c, d, e, f, g, h, i] = figures;
        connection.prepare_cached(take)?.execute(params![
            session,
            number,
            at,
            question.id,
            question.text,
            question.bank,
            is_practice,
            starts,
            a,
            b,
            c,
            d,
            e,
            f,
            g,
            h,
            i
        ])?;
        let Some(texts) = &entry.texts else { continue };
        let id = connection.last_insert_rowid();
        let texts = [&texts.said, &texts.question, &texts.remarks, &texts.points, &texts.findings];
        let spoken = format!("INSERT INTO spoken (rowid, {}) VALUES ({id}, ?1, ?2, ?3, ?4, ?5)", COLUMNS.join(", "));
        connection.execute(&spoken, params_from_iter(texts))?;
        let all = texts.map(String::as_str).join(" ");
        let letters = "INSERT INTO letters (rowid, words) VALUES (?1, ?2)";
        connection.prepare_cached(letters)?.execute(params![id, all])?;
    }
    Ok(())
}

/// Makes an empty file where there is none, which only its owner can read. SQLite's journal gets the same rights.
fn make_private(path: &Path) {
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // Where it cannot be made, opening it says why.
    let _ = options.open(path);
}
