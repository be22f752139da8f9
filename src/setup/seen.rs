//! Takes as their person sees them.

use jiff::Zoned;
use jiff::tz::TimeZone;

use super::agenda::all_takes_but;
use super::{Context, SetupError};
use crate::analysis::lexicon::Lexicon;
use crate::analysis::points::Matcher;
use crate::analysis::remarked::{self, Remarked};
use crate::practice::{self, Compared, Worth};
use crate::store::{self, MarkedPoint, StoreError, StoredSession};
use crate::types::{
    Answer, Covered, Point, PointMark, Prompt, QuestionNotes, Report, TakeComparison, TakeRemarks, WordRange,
};

/// A take as its person sees it: the report with what they marked and noted, and what they said.
pub struct SeenTake {
    /// Its number.
    pub number: usize,
    /// The report, in line with what was said.
    pub report: Report,
    /// What was said of it.
    pub remarks: TakeRemarks,
}

/// Finds a session, or a take of it, from what a person typed; see [`store::find_take`]. The best take is the one with the best
/// grade and the fewest faults.
pub fn find_take(context: &Context, typed: &str) -> Result<(StoredSession, Option<usize>), StoreError> {
    store::find_take(&context.home, typed, &Zoned::now(), |report| Worth::of(&report.analysis))
}

/// Which take it is, for people: `Take 2, 30 November 2026, 18:05`.
pub fn take_in_words(answer: &Answer) -> String {
    let at = answer.started_at.to_zoned(TimeZone::system());
    format!("Take {}, {}", answer.take, at.strftime("%-d %B %Y, %H:%M"))
}

/// Two takes beside each other, each with the session it is in.
pub fn compare(
    context: &Context,
    before: (&StoredSession, &SeenTake),
    now: (&StoredSession, &SeenTake),
) -> Result<TakeComparison, SetupError> {
    let name = |(stored, seen): (&StoredSession, &SeenTake)| -> Result<(String, String), SetupError> {
        let id = format!("{}/{}", stored.session.id, seen.number);
        Ok((id, take_in_words(stored.answer(seen.number)?)))
    };
    let ((before_id, before_name), (now_id, now_name)) = (name(before)?, name(now)?);
    let others = all_takes_but(context, &now.0.session.id, now.1.number)?;
    Ok(practice::compare(
        &Compared { id: &before_id, name: &before_name, report: &before.1.report },
        &Compared { id: &now_id, name: &now_name, report: &now.1.report },
        &others,
    ))
}

impl SeenTake {
    /// What it means that the person says whether they made a point: by which words of the answer, where they do not say so
    /// themselves, and as what the closest ones are not to be taken again.
    pub fn mark(&self, point: &Point, made: bool, by: Option<WordRange>, lexicon: &Lexicon) -> PointMark {
        let transcript = &self.report.transcript;
        // What was not taken for the point needs no contradiction.
        let clause = match by {
            None if made || point.covered != Covered::No => {
                Matcher::shipped(&lexicon.language).closest(transcript, &point.text, lexicon)
            }
            by => by,
        };
        let clause = clause.map(|clause| transcript.quote(clause)).unwrap_or_default();
        PointMark { point: point.text.clone(), made, clause }
    }
}

/// Brings reports in line with what their person said.
pub struct Viewer {
    lexicon: Lexicon,
    notes: QuestionNotes,
    marked: Vec<MarkedPoint>,
}

impl Viewer {
    /// Reads what was noted and marked.
    pub fn new(context: &Context) -> Result<Viewer, SetupError> {
        let notes = store::question_notes(&context.home)?;
        Ok(Viewer { lexicon: super::lexicon(context)?, notes, marked: super::marked_points(context) })
    }

    /// A take; `None` where it has no report.
    pub fn take(&self, stored: &StoredSession, answer: &Answer) -> Result<Option<SeenTake>, SetupError> {
        let Some(mut report) = stored.report(answer)? else { return Ok(None) };
        let remarks = stored.remarks(answer.take)?;
        let asked = &answer.question;
        let bank = asked.bank.as_deref();
        // A probe of the interviewer has no points of its own.
        let noted = if answer.prompt == Prompt::FollowUp { &[] } else { self.notes.of(bank, &asked.id) };
        let elsewhere = |marked: &&MarkedPoint| (&marked.session, marked.take) != (&stored.session.id, answer.take);
        let of_question = self.marked.iter().filter(|marked| marked.question.is(bank, &asked.id));
        let marks: Vec<PointMark> = of_question.filter(elsewhere).map(|marked| marked.mark.clone()).collect();
        remarked::apply(&mut report, &Remarked { take: &remarks, noted, marks: &marks }, &self.lexicon);
        Ok(Some(SeenTake { number: answer.take, report, remarks }))
    }
}
