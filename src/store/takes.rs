//! All takes that have a report, for what looks across sessions.

use super::{BrokenSession, Home, StoreError, list_sessions};
use crate::types::{Answer, AnswerStatus, Report, Session};

/// Takes with a report, out of all sessions.
#[derive(Debug, Default)]
pub struct ReportedTakes {
    /// In the order they were recorded.
    pub takes: Vec<ReportedTake>,
    /// Sessions that cannot be read, and takes whose report cannot, by name.
    pub broken: Vec<BrokenSession>,
}

/// One take with its report.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportedTake {
    /// The session's name.
    pub session: String,
    /// What the session says of it.
    pub answer: Answer,
    /// The report.
    pub report: Report,
}

/// Reads every take that has a report and was not thrown away, with what the person marked in it. Takes of `greenroom demo` are left out: nobody told them.
///
/// A home without sessions has none. One broken session or report stops nothing.
pub fn reported_takes(home: &Home) -> Result<ReportedTakes, StoreError> {
    let list = list_sessions(home)?;
    let mut found = ReportedTakes { broken: list.broken, ..ReportedTakes::default() };
    for stored in &list.sessions {
        let answers = stored.session.answers.iter();
        let told = |answer: &&Answer| answer.status == AnswerStatus::Reported && !Session::is_demo(&answer.question);
        for answer in answers.filter(told) {
            let marked = || {
                let mut report = stored.report(answer)?;
                let remarks = stored.remarks(answer.take)?;
                report.iter_mut().for_each(|report| report.apply_marks(&remarks.points));
                Ok(report)
            };
            match marked() {
                Ok(Some(report)) => found.takes.push(ReportedTake {
                    session: stored.session.id.clone(),
                    answer: answer.clone(),
                    report,
                }),
                Ok(None) => {}
                Err(reason) => {
                    found.broken.push(BrokenSession { id: format!("{}/{}", stored.session.id, answer.take), reason });
                }
            }
        }
    }
    found.takes.sort_by(|a, b| {
        (a.answer.started_at, &a.session, a.answer.take).cmp(&(b.answer.started_at, &b.session, b.answer.take))
    });
    Ok(found)
}
