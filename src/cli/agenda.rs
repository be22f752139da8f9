//! What a rehearsal asks: as chosen, or what is due first.

use greenroom::content::Choice;
use greenroom::practice::{self, History, PastTake, Picked};
use greenroom::rehearse::Planned;
use greenroom::report;
use greenroom::store::{self, ReportedTake};
use greenroom::types::{Plan, PracticeState, Prompt};
use jiff::Zoned;
use jiff::civil::Date;

use super::context::Context;
use super::questions::{self, Pool};
use super::{Exit, Failure, Outcome, output};

/// What a rehearsal asks.
pub struct Agenda {
    /// The questions, in order. Empty where nothing is due.
    pub questions: Vec<Planned>,
    plan: Plan,
    by_due: bool,
    today: Date,
}

/// Chooses what to ask; with `by_due`, what is due first.
pub fn make(context: &Context, by_due: bool, choice: Choice) -> Result<Agenda, Failure> {
    let pool = Pool::of(context, choice)?;
    let chosen = pool.chosen()?;
    let now = Zoned::now();
    let history = if by_due { history(context, &pool, &now)? } else { History::default() };
    let mut picked = if by_due {
        practice::due(&chosen, &history, now.date())
    } else {
        chosen.iter().map(|chosen| Picked { chosen: *chosen, state: PracticeState::Chosen, standing: None }).collect()
    };
    picked.truncate(pool.count);
    Ok(Agenda {
        questions: picked.iter().map(|picked| questions::planned(context, picked.chosen)).collect(),
        plan: practice::listed(&picked, &chosen, &history, now.date()),
        by_due,
        today: now.date(),
    })
}

/// How it stands with every question, by what is on disk.
fn history(context: &Context, pool: &Pool, now: &Zoned) -> Result<History, Failure> {
    let reported = store::reported_takes(&context.home)?;
    for broken in &reported.broken {
        output::talk(&format!("{} cannot be read and does not count: {}", broken.id, broken.reason));
    }
    let past = |take: &ReportedTake| PastTake::new(&take.session, &take.answer, &take.report.analysis);
    let takes: Vec<PastTake> = reported.takes.iter().filter(|take| is_practice(take)).map(past).collect();
    Ok(History::replay(&pool.banks, &takes, now.time_zone()))
}

/// Whether a take was an answer to the question itself, first or again: not to a probe.
fn is_practice(take: &ReportedTake) -> bool {
    take.answer.prompt != Prompt::FollowUp && take.answer.part.is_none()
}

impl Agenda {
    /// Prints the plan instead of rehearsing.
    pub fn show(&self, as_json: bool) -> Outcome {
        let text = if as_json { output::json(&self.plan) } else { self.text() };
        output::result(&text)?;
        Ok(Exit::Done)
    }

    /// Says what is going to be asked and why, where the program chose it.
    pub fn tell(&self) {
        if self.by_due {
            output::talk(self.text().trim_end());
        }
    }

    fn text(&self) -> String {
        report::plan::render(&self.plan, self.today)
    }
}
