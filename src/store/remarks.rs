//! What a person says of their takes, beside each session; and what they note for questions, in the home.

use std::path::Path;

use super::atomic::lock_beside;
use super::browse::session_folders;
use super::json::{check_schema, read_json, write_json};
use super::{BrokenSession, Home, StoreError, StoredSession};
use crate::types::{
    Felt, NotedQuestion, PointMark, QuestionNotes, QuestionRef, Report, Session, SessionRemarks, TakeRemarks,
};

/// What the remarks of a session are called.
pub(super) const REMARKS_FILE: &str = "remarks.json";

/// A mark of a point, and the question whose point it is.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkedPoint {
    /// The session's name.
    pub session: String,
    /// The question.
    pub question: QuestionRef,
    /// Number of the take.
    pub take: usize,
    /// The mark.
    pub mark: PointMark,
}

impl StoredSession {
    /// What was said of a take; nothing where nothing was.
    pub fn remarks(&self, take: usize) -> Result<TakeRemarks, StoreError> {
        Ok(of_session(&self.path)?.takes.remove(&take).unwrap_or_default())
    }

    /// Changes what was said of a take; on disk when it returns. The reports stay as they are.
    ///
    /// The session may still be recorded into. Fails on a file that is damaged, which is left as it is.
    pub fn change_remarks(&self, take: usize, change: impl FnOnce(&mut TakeRemarks)) -> Result<(), StoreError> {
        self.answer(take)?;
        let _lock = lock_beside(&self.path.join(REMARKS_FILE))?;
        let mut remarks = of_session(&self.path)?;
        change(remarks.takes.entry(take).or_default());
        remarks.takes.retain(|_, said| *said != TakeRemarks::default());
        write_json(&self.path.join(REMARKS_FILE), &remarks)
    }
}

/// What a person felt of a take, and what its report came to.
#[derive(Clone, Debug, PartialEq)]
pub struct FeltTake {
    /// How they said it went.
    pub felt: Felt,
    /// The report they had not seen then.
    pub report: Report,
}

/// Every take of which its person said how it went, the earliest session first. What cannot be read does not count.
pub fn felt_takes(home: &Home) -> Result<Vec<FeltTake>, StoreError> {
    let mut folders = session_folders(home)?;
    folders.retain(|(_, path)| path.join(REMARKS_FILE).exists());
    folders.sort();
    let mut takes = Vec::new();
    for (id, path) in folders {
        let Ok(stored) = super::browse::read_session_called(home, &id) else { continue };
        let said = of_session(&path).map(|remarks| remarks.takes).unwrap_or_default();
        let felt = said.into_iter().filter_map(|(take, said)| Some((take, said.felt?)));
        takes.extend(felt.filter_map(|(take, felt)| {
            let report = stored.report(stored.answer(take).ok()?).ok()??;
            Some(FeltTake { felt, report })
        }));
    }
    Ok(takes)
}

/// Every mark of a point in every session, the earliest session first, and what could not be read.
pub fn marked_points(home: &Home) -> Result<(Vec<MarkedPoint>, Vec<BrokenSession>), StoreError> {
    let (mut marked, mut broken) = (Vec::new(), Vec::new());
    for (id, path) in session_folders(home)? {
        // Most sessions have none, and need not be read.
        if path.join(REMARKS_FILE).exists() {
            match of_session(&path).and_then(|remarks| Ok((remarks, super::browse::read_session(&path)?))) {
                Ok((remarks, session)) => marked.extend(marks_of(&session, remarks)),
                Err(reason) => broken.push(BrokenSession { id, reason }),
            }
        }
    }
    marked.sort_by(|a, b| (&a.session, a.take).cmp(&(&b.session, b.take)));
    Ok((marked, broken))
}

fn marks_of(session: &Session, remarks: SessionRemarks) -> Vec<MarkedPoint> {
    let of_take = |(take, said): (usize, TakeRemarks)| {
        let answer = session.answers.iter().find(|answer| answer.take == take)?;
        let (session, question) = (session.id.clone(), answer.question.clone());
        let marked = move |mark| MarkedPoint { session: session.clone(), question: question.clone(), take, mark };
        Some(said.points.into_iter().map(marked))
    };
    remarks.takes.into_iter().filter_map(of_take).flatten().collect()
}

pub(super) fn of_session(folder: &Path) -> Result<SessionRemarks, StoreError> {
    read_known(&folder.join(REMARKS_FILE), SessionRemarks::SCHEMA, |remarks: &SessionRemarks| &remarks.schema)
}

/// What was noted for questions; nothing in a home without notes.
pub fn question_notes(home: &Home) -> Result<QuestionNotes, StoreError> {
    read_known(&home.notes_file(), QuestionNotes::SCHEMA, |notes: &QuestionNotes| &notes.schema)
}

/// Changes what was noted for a question; on disk when it returns.
pub fn change_notes(
    home: &Home,
    question: &QuestionRef,
    change: impl FnOnce(&mut Vec<String>),
) -> Result<(), StoreError> {
    // Another program that notes something is done in a moment.
    let _lock = lock_beside(&home.notes_file())?;
    let mut notes = question_notes(home)?;
    let known = notes.questions.iter().position(|noted| noted.question.is(question.bank.as_deref(), &question.id));
    let at = known.unwrap_or_else(|| {
        notes.questions.push(NotedQuestion { question: question.clone(), points: Vec::new() });
        notes.questions.len() - 1
    });
    change(&mut notes.questions[at].points);
    notes.questions.retain(|noted| !noted.points.is_empty());
    write_json(&home.notes_file(), &notes)
}

/// Reads a file of ours that need not be there and must say what it is.
fn read_known<T>(path: &Path, schema: &str, of: impl Fn(&T) -> &String) -> Result<T, StoreError>
where
    T: Default + serde::de::DeserializeOwned,
{
    if !path.exists() {
        return Ok(T::default());
    }
    let value: T = read_json(path)?;
    check_schema(path, of(&value), schema)?;
    Ok(value)
}
