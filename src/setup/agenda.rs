//! What a rehearsal asks: as chosen, or what is due first.

use jiff::Zoned;
use jiff::civil::Date;

use super::banks::{self, Pool};
use super::{Context, SetupError};
use crate::practice::{self, EarlierTakes, History, PastTake, Picked};
use crate::rehearse::Planned;
use crate::store::{self, ReportedTake};
use crate::types::{Plan, PracticeState, Prompt};

/// What a rehearsal asks.
pub struct Agenda {
    /// The questions, in order. Empty where nothing is due.
    pub questions: Vec<Planned>,
    /// The takes of earlier sittings, to hold new ones against.
    pub earlier: EarlierTakes,
    /// The same with why each is asked, and what comes later.
    pub plan: Plan,
    /// In which order.
    pub by: Order,
    /// The day it was made for.
    pub today: Date,
}

/// In which order questions are asked, and which of those that were chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As they were chosen.
    AsChosen,
    /// What is due, then what is new; nothing else.
    Due,
    /// The same, and where that is nothing, what comes due first.
    Tonight,
}

/// Every take on disk that was practice, in the order recorded; what cannot be read is said.
fn practice_takes(context: &Context) -> Result<Vec<ReportedTake>, SetupError> {
    let mut reported = store::reported_takes(&context.home)?;
    for broken in &reported.broken {
        context.tell(&format!("{} cannot be read and does not count: {}", broken.id, broken.reason));
    }
    reported.takes.retain(is_practice);
    Ok(reported.takes)
}

fn earlier<'a>(takes: impl IntoIterator<Item = &'a ReportedTake>) -> EarlierTakes {
    let mut earlier = EarlierTakes::default();
    for take in takes {
        earlier.add(&take.answer.question, &take.report.analysis);
    }
    earlier
}

/// All takes that were practice but one: they say how much this person's takes differ by themselves.
pub(super) fn all_takes_but(context: &Context, session: &str, take: usize) -> Result<EarlierTakes, SetupError> {
    let takes = practice_takes(context)?;
    Ok(earlier(takes.iter().filter(|other| (other.session.as_str(), other.answer.take) != (session, take))))
}

/// Whether a take was an answer to the question itself, first or again: not to a probe.
fn is_practice(take: &ReportedTake) -> bool {
    take.answer.prompt != Prompt::FollowUp && take.answer.part.is_none()
}

impl Agenda {
    /// Decides what of the pool is asked now.
    pub fn make(context: &Context, by: Order, pool: &Pool, now: &Zoned) -> Result<Agenda, SetupError> {
        let chosen = pool.chosen()?;
        let takes = practice_takes(context)?;
        let past = |take: &ReportedTake| PastTake::new(&take.session, &take.answer, &take.report.analysis);
        let history = match by {
            Order::AsChosen => History::default(),
            Order::Due | Order::Tonight => {
                History::replay(&pool.banks, &takes.iter().map(past).collect::<Vec<_>>(), now.time_zone())
            }
        };
        let mut picked = match by {
            Order::AsChosen => {
                let chosen = chosen.iter().copied();
                chosen.map(|chosen| Picked { chosen, state: PracticeState::Chosen, standing: None }).collect()
            }
            Order::Due => practice::due(&chosen, &history, now.date()),
            Order::Tonight => practice::tonight(&chosen, &history, now.date()),
        };
        picked.truncate(pool.count);
        Ok(Agenda {
            questions: picked.iter().map(|picked| banks::planned(context, picked.chosen)).collect(),
            earlier: earlier(&takes),
            plan: practice::listed(&picked, &chosen, &history, now.date()),
            by,
            today: now.date(),
        })
    }
}
