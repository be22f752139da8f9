//! Takes as their person sees them.

use super::{Context, SetupError};
use crate::analysis::lexicon::Lexicon;
use crate::analysis::points::Matcher;
use crate::analysis::remarked::{self, Remarked};
use crate::store::{self, MarkedPoint, StoredSession};
use crate::types::{Answer, Covered, Point, PointMark, Prompt, QuestionNotes, Report, TakeRemarks, WordRange};

/// A take as its person sees it: the report with what they marked and noted, and what they said.
pub struct SeenTake {
    /// Its number.
    pub number: usize,
    /// The report, in line with what was said.
    pub report: Report,
    /// What was said of it.
    pub remarks: TakeRemarks,
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
