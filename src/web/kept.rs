//! Pages that are made from every take there is, kept as long as nothing they are made from changes.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use jiff::Zoned;

use super::Problem;
use crate::store::{self, Home};

/// Pages by name, each with what it was made from.
#[derive(Default)]
pub struct Kept {
    pages: Mutex<HashMap<&'static str, (String, String)>>,
}

impl Kept {
    /// The page of a name; `make` makes it where there is none, or something has changed since.
    pub fn page(
        &self,
        name: &'static str,
        home: &Home,
        make: impl FnOnce() -> Result<String, Problem>,
    ) -> Result<String, Problem> {
        let made_from = fingerprint(home)?;
        let pages = || self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = pages().get(name).filter(|(from, _)| Some(from) == made_from.as_ref()).map(|(_, page)| page.clone());
        if let Some(page) = kept {
            return Ok(page);
        }
        let page = make()?;
        // What changed meanwhile is seen by the next look: the page counts as made from what was there before.
        if let Some(made_from) = made_from {
            pages().insert(name, (made_from, page.clone()));
        }
        Ok(page)
    }
}

/// What pages are made from: the sessions, the banks, notes, settings and models, and the day. `None` where a change is so young that the
/// next one could look the same.
fn fingerprint(home: &Home) -> Result<Option<String>, Problem> {
    let mut parts = Vec::new();
    for session in store::session_stamps(home)? {
        let Some(stamp) = session.stamp else { return Ok(None) };
        parts.push(format!("{} {stamp}", session.id));
    }
    let banks = fs::read_dir(home.banks()).into_iter().flatten().flatten().map(|entry| entry.path());
    let places = [home.notes_file(), home.config_file(), home.models(), home.lexicons(), home.frameworks()];
    for path in banks.chain(places) {
        parts.push(format!("{} {}", path.display(), of_file(&path)));
    }
    // The order of a folder's entries means nothing.
    parts.sort();
    parts.push(Zoned::now().date().to_string());
    Ok(Some(parts.join("\n")))
}

fn of_file(path: &Path) -> String {
    fs::metadata(path).map_or_else(|_| "-".to_owned(), |found| format!("{:?} {}", found.modified().ok(), found.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_made_once_and_again_when_a_bank_changes() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::at(folder.path());
        home.prepare().expect("it can be made");
        let (kept, mut made) = (Kept::default(), 0);
        let mut look = || {
            kept.page("start", &home, || {
                made += 1;
                Ok(made.to_string())
            })
        };
        assert_eq!((look().expect("a page"), look().expect("a page")), ("1".to_owned(), "1".to_owned()));
        fs::write(home.banks().join("mine.md"), "# A\n\n## Why?\n").expect("it can be written");
        assert_eq!((look().expect("a page"), look().expect("a page")), ("2".to_owned(), "2".to_owned()));
    }
}
