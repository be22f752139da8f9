//! `greenroom stories`: which story answered what, and what was told differently from one time to another.

use std::collections::HashMap;

use greenroom::content;
use greenroom::report;
use greenroom::store::{self, ReportedTake};
use greenroom::stories::{self, Prepared, Telling};
use greenroom::types::{Bank, Judged, Prompt, TakeName};

use super::context::Context;
use super::{Exit, Outcome, output, parts, questions};

/// Which story answered which question, what is over-used or never told, and figures that differ
#[derive(clap::Args)]
pub struct Args {
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Outcome {
    let context = Context::load()?;
    let reported = store::reported_takes(&context.home)?;
    for broken in &reported.broken {
        output::talk(&format!("{} cannot be read and is left out: {}", broken.id, broken.reason));
    }
    let own = questions::own_banks(&context)?;
    let tags = Tags::of(own.iter().chain(content::builtin_banks()));
    let (told, others): (Vec<&ReportedTake>, Vec<&ReportedTake>) =
        reported.takes.iter().partition(|take| may_be_a_story(take));
    let prepared: Vec<Prepared> =
        own.iter().flat_map(|bank| bank.questions.iter().map(|question| Prepared::of(question, &bank.name))).collect();
    let tellings = told.into_iter().map(|take| telling(take, &tags)).collect();
    let found = stories::compare(tellings, &prepared, others.len(), &parts::lexicon(&context)?);
    if args.json {
        output::result(&output::json(&found))?;
    } else if reported.takes.is_empty() && reported.broken.is_empty() {
        output::talk("No story has been told yet. Begin with: greenroom rehearse");
    } else {
        output::result(&report::stories::render(&found))?;
    }
    Ok(if reported.broken.is_empty() { Exit::Done } else { Exit::SomeFailed })
}

/// Whether a take may tell a story: an answer to the question itself, and not a plan or an opinion.
///
/// One too short to be judged is kept, to be counted as such.
fn may_be_a_story(take: &ReportedTake) -> bool {
    take.answer.prompt != Prompt::FollowUp
        && take.answer.part.is_none()
        && take.report.analysis.star.judged != Judged::DoesNotApply
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
pub(super) struct Tags(HashMap<String, Vec<(String, Vec<String>)>>);

impl Tags {
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
