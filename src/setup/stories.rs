//! The stories that were told, and those that are prepared.

use std::collections::HashMap;

use super::{Context, SetupError};
use crate::content;
use crate::store::{self, BrokenSession, ReportedTake};
use crate::stories::{self, Prepared, Telling};
use crate::types::{Bank, Judged, Stories, TakeName};

/// What was found in all takes.
pub struct StoriesFound {
    /// Which story was told for what, and what was told differently.
    pub report: Stories,
    /// Whether there is any take with a report.
    pub any_takes: bool,
    /// Sessions that cannot be read and are left out.
    pub broken: Vec<BrokenSession>,
}

/// Compares the stories of all takes on disk.
pub fn stories(context: &Context) -> Result<StoriesFound, SetupError> {
    let reported = store::reported_takes(&context.home)?;
    let own = super::own_banks(context)?;
    let tags = Tags::of(own.iter().chain(content::builtin_banks()));
    let (told, others): (Vec<&ReportedTake>, Vec<&ReportedTake>) =
        reported.takes.iter().partition(|take| may_be_a_story(take));
    let prepared: Vec<Prepared> =
        own.iter().flat_map(|bank| bank.questions.iter().map(|question| Prepared::of(question, &bank.name))).collect();
    let tellings = told.into_iter().map(|take| telling(take, &tags)).collect();
    let report = stories::compare(tellings, &prepared, others.len(), &super::lexicon(context)?);
    Ok(StoriesFound { report, any_takes: !reported.takes.is_empty(), broken: reported.broken })
}

/// Whether a take may tell a story: an answer to the question itself, and not a plan or an opinion.
///
/// One too short to be judged is kept, to be counted as such.
fn may_be_a_story(take: &ReportedTake) -> bool {
    take.answer.is_practice() && take.report.analysis.star.judged != Judged::DoesNotApply
}

fn telling(take: &ReportedTake, tags: &Tags) -> Telling {
    let question = take.answer.question.clone();
    Telling {
        take: TakeName { session: take.session.clone(), take: take.answer.take },
        at: take.answer.started_at,
        tags: tags.of_question(question.bank.as_deref(), &question.id),
        question,
        transcript: take.report.transcript.clone(),
        bottom_line: take.report.analysis.bluf.quote.clone(),
    }
}

/// The competency tags of every question there is.
pub struct Tags(HashMap<String, Vec<(String, Vec<String>)>>);

impl Tags {
    /// Those of all questions of some banks.
    pub fn of<'a>(banks: impl Iterator<Item = &'a Bank>) -> Tags {
        let mut tags: HashMap<String, Vec<(String, Vec<String>)>> = HashMap::new();
        for (bank, question) in banks.flat_map(|bank| bank.questions.iter().map(move |q| (bank, q))) {
            tags.entry(question.id.clone()).or_default().push((bank.name.clone(), question.tags.clone()));
        }
        Tags(tags)
    }

    /// Those of the question of its own bank; of a copy of it where that bank is gone.
    pub fn of_question(&self, bank: Option<&str>, id: &str) -> Vec<String> {
        let found = self.0.get(id).map(Vec::as_slice).unwrap_or_default();
        let own = found.iter().find(|(name, _)| Some(name.as_str()) == bank);
        own.or(found.first()).map(|(_, tags)| tags.clone()).unwrap_or_default()
    }
}
