//! The index of all takes: what was said, asked, noted and measured, to be found in a moment.
//!
//! The folders stay the truth; the file `index.sqlite` in the home can be deleted at any time. Every opening brings it up to
//! date by what changed since ([`store::session_stamps`]). One that is broken or old is made again, one that is locked, read-only, made by
//! a newer program or on a full disk is done without: what is needed is then kept in memory. Both are said in a line.
//!
//! - `database`: the file, and all SQL.
//! - `entry`: what is kept of a take.
//! - `query`: what a person types to what the index is asked, and back to a quote.
//!
//! The words of a take are one row of a full-text table, and their times stand beside it as numbers: a word's place in the
//! text says which of them is its own. A row for every word would be two million of them, and no query needs it. Themes and
//! competencies are not kept: they belong to the banks, which people edit.

mod database;
mod entry;
mod query;

use std::fs;
use std::path::PathBuf;

use jiff::Timestamp;

pub use database::DatabaseError;
pub use entry::IndexedTake;

use crate::remedy::{Action, NextStep, Remedy, next};
use crate::store::{self, BrokenSession, Home, StoreError, StoredSession};
use crate::types::{Field, Hit, QuestionRef, Seconds, Session};
use database::{COLUMNS, Database, Found, Indexed};
use entry::Entry;

/// So many sessions are put into the file at a time: what was done is kept when the program is stopped.
const BATCH: usize = 100;

/// Told how many sessions of how many that changed are read.
pub type Progress<'a> = &'a mut dyn FnMut(usize, usize);

/// Why the index cannot answer. What is wrong with its file alone is no such reason.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The sessions cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Not even memory can be used.
    #[error("the index cannot be used")]
    Database(#[from] DatabaseError),
}

impl Remedy for IndexError {
    fn next_step(&self) -> NextStep {
        match self {
            IndexError::Store(error) => error.next_step(),
            IndexError::Database(_) => next!["make it again: ", Action::Reindex],
        }
    }
}

/// What is looked for in all takes.
#[derive(Clone, Debug)]
pub struct Search<'a> {
    /// Words, "phrases in quotes" and starts of words with a star; all of them must be there.
    pub words: &'a str,
    /// Where they may be.
    pub fields: &'a [Field],
    /// The question of the takes, where only one counts.
    pub question: Option<&'a QuestionRef>,
    /// At most so many hits.
    pub limit: usize,
}

/// The index, up to date.
#[derive(Debug)]
pub struct Index {
    home: Home,
    database: Database,
    /// What there is to say of it, in sentences.
    pub notes: Vec<String>,
    /// Sessions that cannot be read, by name.
    pub broken: Vec<BrokenSession>,
}

impl Index {
    /// Opens the index and brings it up to date. In a home without sessions nothing is made.
    ///
    /// Fails only where the sessions cannot be read.
    pub fn open(home: &Home, progress: Progress) -> Result<Index, IndexError> {
        let file = home.index_file();
        let mut notes = Vec::new();
        let opened = if home.sessions().is_dir() { Database::open(&file) } else { Database::in_memory(&file) };
        let opened = match opened {
            Err(DatabaseError::Useless(why)) => {
                notes.push(format!("The index cannot be used ({why}) and is made again from the sessions."));
                remove(home).and_then(|()| Database::open(&file))
            }
            opened => opened,
        };
        let database = opened.or_else(|why| in_memory(home, &why, &mut notes))?;
        let mut index = Index { home: home.clone(), database, notes, broken: Vec::new() };
        match index.bring_up_to_date(progress) {
            Err(IndexError::Database(why)) => {
                index.start_again(why)?;
                index.bring_up_to_date(progress)?;
            }
            done => done?,
        }
        Ok(index)
    }

    /// Takes in which all that is looked for was found, the newest first: how many there are, and the first of them. `None` where
    /// there is nothing to look for.
    pub fn search(&mut self, search: &Search) -> Result<Option<(usize, Vec<Hit>)>, IndexError> {
        let terms = query::terms(search.words);
        if terms.is_empty() {
            return Ok(None);
        }
        let columns: Vec<&str> = search.fields.iter().map(|field| COLUMNS[*field as usize]).collect();
        let (count, found) = self.ask(|database| {
            let mut words = |start: &str| database.words_beginning(start).unwrap_or_default();
            let expression = query::in_fts(&terms, &columns, &mut words);
            database.search(&expression, search.question, search.limit)
        })?;
        Ok(Some((count, found.into_iter().filter_map(hit).collect())))
    }

    /// Every session, the newest first.
    pub fn sessions(&mut self) -> Result<Vec<Session>, IndexError> {
        self.ask(Database::sessions)
    }

    /// Every take since then, in the order recorded.
    pub fn takes(&mut self, since: Timestamp) -> Result<Vec<IndexedTake>, IndexError> {
        self.ask(|database| database.takes(since))
    }

    /// Asks the database; where that turns out to be broken, an index that is made again.
    fn ask<T>(&mut self, question: impl Fn(&Database) -> Result<T, DatabaseError>) -> Result<T, IndexError> {
        match question(&self.database) {
            Ok(answer) => Ok(answer),
            Err(why) => {
                self.start_again(why)?;
                self.bring_up_to_date(&mut |_, _| ())?;
                Ok(question(&self.database)?)
            }
        }
    }

    /// Makes the file anew where it is broken, and goes on in memory where it is out of reach.
    fn start_again(&mut self, why: DatabaseError) -> Result<(), DatabaseError> {
        self.broken.clear();
        self.database = match why {
            DatabaseError::Useless(why) => {
                self.notes.push(format!("The index cannot be used ({why}) and is made again from the sessions."));
                let made = remove(&self.home).and_then(|()| Database::open(&self.home.index_file()));
                made.or_else(|why| in_memory(&self.home, &why, &mut self.notes))?
            }
            why => in_memory(&self.home, &why, &mut self.notes)?,
        };
        Ok(())
    }

    /// Reads what changed since the last time, and forgets what is gone.
    fn bring_up_to_date(&mut self, progress: Progress) -> Result<(), IndexError> {
        let mut known = self.database.stamps()?;
        let mut changed = store::session_stamps(&self.home)?;
        changed.retain(|now| known.remove(&now.id).is_none_or(|then| now.stamp.is_none() || then != now.stamp));
        let gone: Vec<String> = known.into_keys().collect();
        if !gone.is_empty() {
            self.database.change(&[], &gone)?;
        }
        let of = changed.len();
        for (number, batch) in changed.chunks(BATCH).enumerate() {
            progress(number * BATCH, of);
            let ids = batch.iter().map(|now| now.id.as_str());
            let (read, unreadable) = self.read(ids);
            let stamps = |id: &str| batch.iter().find(|now| now.id == id).and_then(|now| now.stamp.as_deref());
            let indexed = read.iter().map(|(stored, entries)| {
                let session = &stored.session;
                Indexed { session, stamp: stamps(&session.id), entries }
            });
            self.database.change(&indexed.collect::<Vec<_>>(), &unreadable)?;
        }
        progress(of, of);
        Ok(())
    }

    /// Reads sessions with all their takes; and the names of those that cannot be read, or in which nothing was begun.
    fn read<'a>(&mut self, ids: impl Iterator<Item = &'a str>) -> (Vec<(StoredSession, Vec<Entry>)>, Vec<String>) {
        let (mut read, mut unreadable) = (Vec::new(), Vec::new());
        for id in ids {
            match store::look_into(&self.home, id) {
                Some(Ok(stored)) => {
                    let (entries, problems) = entry::entries_of(&stored);
                    self.notes.extend(problems.iter().map(|problem| format!("{id}: {problem}.")));
                    read.push((stored, entries));
                }
                Some(Err(reason)) => {
                    self.broken.push(BrokenSession { id: id.to_owned(), reason });
                    unreadable.push(id.to_owned());
                }
                None => unreadable.push(id.to_owned()),
            }
        }
        (read, unreadable)
    }
}

/// Brings the index of a home up to date, such as when a session has ended; returns what there is to say of it.
pub fn update(home: &Home) -> Result<Vec<String>, IndexError> {
    Index::open(home, &mut |_, _| ()).map(|index| index.notes)
}

/// Makes the index again from the folders.
pub fn rebuild(home: &Home, progress: Progress) -> Result<Index, IndexError> {
    match remove(home) {
        Ok(()) => Index::open(home, progress),
        Err(why) => Err(why.into()),
    }
}

fn in_memory(home: &Home, why: &DatabaseError, notes: &mut Vec<String>) -> Result<Database, DatabaseError> {
    notes.push(format!("The index is done without: {why}. The sessions themselves are read."));
    Database::in_memory(&home.index_file())
}

/// Removes the file and what SQLite keeps beside it.
fn remove(home: &Home) -> Result<(), DatabaseError> {
    let file = home.index_file();
    let journal = PathBuf::from(format!("{}-journal", file.display()));
    for path in [file, journal] {
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                return Err(DatabaseError::OutOfReach(format!("{} cannot be removed: {cause}", path.display())));
            }
            _ => {}
        }
    }
    Ok(())
}

/// What is shown of a take in which something was found: the first field with it.
fn hit(found: Found) -> Option<Hit> {
    let Found { take, columns, starts_ms } = found;
    let (field, excerpt) =
        Field::ALL.into_iter().zip(&columns).find_map(|(field, column)| Some((field, query::excerpt(column)?)))?;
    let start = starts_ms.get(excerpt.first).filter(|start| field == Field::Said && **start >= 0);
    Some(Hit {
        take: take.name,
        at: take.at,
        question: take.question,
        field,
        quote: excerpt.quote,
        matched: excerpt.matched,
        at_s: start.map(|start| Seconds(f64::from(*start) / 1_000.0)),
    })
}

#[cfg(test)]
mod tests;
