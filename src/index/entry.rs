//! What the index keeps of a take.

use jiff::Timestamp;

use super::query::MARKS;
use crate::practice;
use crate::store::{StoreError, StoredSession};
use crate::types::{
    Answer, AnswerStatus, Figures, Measure, PointSource, QuestionRef, Report, Session, TakeName, Transcript,
};

/// A take as the index knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexedTake {
    /// Its name.
    pub name: TakeName,
    /// When it was recorded.
    pub at: Timestamp,
    /// What was asked.
    pub question: QuestionRef,
    /// Whether it is an answer to the question itself, by a person: no probe, no part of a drill, and not the demo's.
    pub is_practice: bool,
    /// What was measured.
    pub figures: Figures,
}

/// A take with everything that can be searched in it.
pub(super) struct Entry {
    pub take: IndexedTake,
    /// Nothing of the demo can be found: nobody said it.
    pub texts: Option<Texts>,
    /// When each word begins, in milliseconds; -1 where that is not known.
    pub starts_ms: Vec<i32>,
}

/// The texts of a take, as they are searched.
pub(super) struct Texts {
    /// The words of the transcript, joined by single spaces, so that the place of a word is known from the spaces before it.
    pub said: String,
    pub question: String,
    pub remarks: String,
    pub points: String,
    pub findings: String,
}

/// All takes of a session, and what of it could not be read.
pub(super) fn entries_of(stored: &StoredSession) -> (Vec<Entry>, Vec<StoreError>) {
    let mut problems = Vec::new();
    let entries = stored.session.answers.iter().map(|answer| entry_of(stored, answer, &mut problems)).collect();
    (entries, problems)
}

fn entry_of(stored: &StoredSession, answer: &Answer, problems: &mut Vec<StoreError>) -> Entry {
    let mut or_none = |error| problems.push(error);
    let remarks = stored.remarks(answer.take).map_err(&mut or_none).unwrap_or_default();
    let mut report = stored.report(answer).map_err(&mut or_none).ok().flatten();
    report.iter_mut().for_each(|report| report.apply_marks(&remarks.points));
    let transcript = match &report {
        Some(report) => Some(report.transcript.clone()),
        None => stored.transcript(answer).map_err(&mut or_none).ok().flatten(),
    };
    let transcript = transcript.unwrap_or_default();
    let is_demo = Session::is_demo(&answer.question);
    let figures = report.as_ref().map(|report| practice::figures(&report.analysis));
    Entry {
        take: IndexedTake {
            name: TakeName { session: stored.session.id.clone(), take: answer.take },
            at: answer.started_at,
            question: answer.question.clone(),
            is_practice: answer.status == AnswerStatus::Reported && answer.is_practice() && !is_demo,
            figures: figures.unwrap_or([None; Measure::ALL.len()]),
        },
        starts_ms: starts_ms(&transcript),
        texts: (!is_demo).then(|| texts(answer, &transcript, report.as_ref(), &remarks.notes)),
    }
}

fn starts_ms(transcript: &Transcript) -> Vec<i32> {
    let start = |start_s: Option<crate::types::Seconds>| start_s.map_or(-1, |start| (start.0 * 1_000.0).round() as i32);
    transcript.words.iter().map(|word| start(word.start_s)).collect()
}

fn texts(answer: &Answer, transcript: &Transcript, report: Option<&Report>, remarks: &[String]) -> Texts {
    let words: Vec<&str> = transcript.words.iter().map(|word| word.text.as_str()).collect();
    let points = report.iter().flat_map(|report| &report.analysis.points);
    let points = points.filter(|point| point.source == PointSource::Notes).map(|point| point.text.as_str());
    let findings = report.iter().flat_map(|report| {
        let strengths = report.strengths.iter().flat_map(|found| [&found.title, &found.why]);
        strengths.chain(report.advice.iter().flat_map(|found| [&found.title, &found.why]))
    });
    Texts {
        said: clean(&words.join(" ")),
        question: clean(&answer.question.text),
        remarks: clean(&remarks.join("\n")),
        points: clean(&points.collect::<Vec<_>>().join("\n")),
        findings: clean(&findings.map(String::as_str).collect::<Vec<_>>().join("\n")),
    }
}

/// Without the signs that stand around what is found, and without what ends a text for SQLite.
fn clean(text: &str) -> String {
    text.replace([MARKS[0], MARKS[1], '\0'], "?")
}
