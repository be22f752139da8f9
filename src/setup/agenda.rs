//! What a rehearsal asks: as chosen, or what is due first.

use jiff::Zoned;
use jiff::civil::Date;

use super::banks::{self, Pool};
use super::{Context, SetupError};
use crate::practice::{self, EarlierTakes, History, PastTake, Picked};
use crate::rehearse::Planned;
use crate::report::session::SessionTake;
use crate::store::{self, ReportedTake};
use crate::types::{Plan, PracticeState};

/// What a rehearsal asks.
pub struct Agenda {
    /// The questions, in order. Empty where nothing is due.
    pub questions: Vec<Planned>,
    /// The takes of earlier sittings, to hold new ones against.
    pub earlier: EarlierTakes,
    /// The same, as far as the schedule needs them.
    past: Vec<PastTake>,
    /// The questions with why each is asked, and what comes later.
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
    reported.takes.retain(|take| take.answer.is_practice());
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

impl Agenda {
    /// Decides what of the pool is asked now.
    pub fn make(context: &Context, by: Order, pool: &Pool, now: &Zoned) -> Result<Agenda, SetupError> {
        let chosen = pool.chosen()?;
        let takes = practice_takes(context)?;
        let past = |take: &ReportedTake| PastTake::new(&take.session, &take.answer, &take.report.analysis);
        let past: Vec<PastTake> = takes.iter().map(past).collect();
        let history = match by {
            Order::AsChosen => History::default(),
            Order::Due | Order::Tonight => History::replay(&pool.banks, &past, now.time_zone()),
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
            past,
            plan: practice::listed(&picked, &chosen, &history, now.date()),
            by,
            today: now.date(),
        })
    }

    /// What is due after a session: of the pool, what is due today all the same, and what comes next. `takes` are those of
    /// the session.
    ///
    /// # Errors
    /// Those of choosing from the pool, which were there before the session, too.
    pub fn after(&self, pool: &Pool, session: &str, takes: &[SessionTake], now: &Zoned) -> Result<Plan, SetupError> {
        let chosen = pool.chosen()?;
        let practised = takes.iter().filter(|take| take.answer.is_practice());
        let new = practised.filter_map(|take| Some(PastTake::new(session, take.answer, &take.report?.analysis)));
        let past: Vec<PastTake> = self.past.iter().cloned().chain(new).collect();
        let history = History::replay(&pool.banks, &past, now.time_zone());
        let mut due = practice::due(&chosen, &history, now.date());
        due.retain(|picked| picked.state == PracticeState::Due);
        Ok(practice::listed(&due, &chosen, &history, now.date()))
    }
}
