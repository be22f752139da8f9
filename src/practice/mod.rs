//! What to rehearse next: how takes went, when a question is due again, what to ask today. Pure.
//!
//! Nothing is stored. The schedule is what comes out when the sessions on disk are played through
//! in order, so it is right after a session was deleted, copied from another machine or brought back,
//! and it can always be made again. Today's date is passed in.
//!
//! 1. `grade`: a report to one of four grades, with what was wrong.
//! 2. `memory`: grades and days to the day a question is due (FSRS).
//! 3. `history`: which question of today's banks a take belongs to, also when the question was edited since.
//! 4. `plan`: what is due, what was never practised, and why.
//! 5. `earlier`: whether a take went better than the last one of its question, and than the best.
//! 6. `trend`: what changed over many takes, beyond the spread of the person's own takes and beyond chance.
//! 7. `compare`: two takes beside each other, word for word.

mod compare;
mod earlier;
mod grade;
mod history;
mod memory;
mod plan;
mod spread;
mod trend;

pub use compare::{Compared, compare};
pub use earlier::{Comparison, EarlierTakes};
pub use grade::{Worth, feels_like, grade};
pub use history::{History, PastTake};
pub use plan::{Picked, day_in_words, due, listed, tonight};
pub use trend::{TakeFigures, figures, trends};
