//! When a question is due again, by FSRS: the one file that names the scheduler's crate.

use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rs_fsrs::{Card, FSRS, Parameters, Rating};

use crate::types::Grade;

/// How well a question is remembered. It counts days, not hours: people practise once a day at most.
///
/// FSRS-5 with its published weights and its usual aim: a question comes when it would still be known
/// nine times in ten. Learning steps within a day are off, and so is the random spread of days: the
/// same sessions always give the same days.
#[derive(Clone, Debug)]
pub(super) struct Memory(Card);

impl Memory {
    /// After the first time a question was practised.
    pub fn first(on: Date, grade: Grade) -> Memory {
        Memory(Card::default()).after(on, grade)
    }

    /// After another time; `on` is not before the last.
    pub fn after(&self, on: Date, grade: Grade) -> Memory {
        let parameters = Parameters { enable_short_term: false, enable_fuzz: false, ..Parameters::default() };
        let rating = match grade {
            Grade::Again => Rating::Again,
            Grade::Hard => Rating::Hard,
            Grade::Good => Rating::Good,
            Grade::Easy => Rating::Easy,
        };
        // A new card is due at the start of 1970, which spares naming the crate that its times are made of.
        let start = Card::default().due;
        let now = start + Duration::from_secs(86_400 * days_since_1970(on));
        Memory(FSRS::new(parameters).next(self.0.clone(), now, rating).card)
    }

    /// The day it is due.
    pub fn due(&self) -> Date {
        let seconds = jiff::Timestamp::from_second(self.0.due.timestamp()).unwrap_or(jiff::Timestamp::MAX);
        seconds.to_zoned(TimeZone::UTC).date()
    }
}

/// Days from the start of 1970; dates before that count as it.
fn days_since_1970(date: Date) -> u64 {
    let midnight = date.to_zoned(TimeZone::UTC).map_or(0, |midnight| midnight.timestamp().as_second());
    u64::try_from(midnight / 86_400).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::date;

    const DAY: Date = date(2026, 3, 2);

    fn days(from: Date, memory: &Memory) -> i32 {
        (memory.due() - from).get_days()
    }

    #[test]
    fn the_better_it_went_the_later_it_comes_again() {
        let first =
            [Grade::Again, Grade::Hard, Grade::Good, Grade::Easy].map(|grade| days(DAY, &Memory::first(DAY, grade)));
        assert_eq!(first, [1, 2, 3, 15]);
    }

    #[test]
    fn what_goes_well_comes_ever_more_seldom_and_a_relapse_brings_it_back() {
        let mut memory = Memory::first(DAY, Grade::Good);
        let mut gaps = vec![days(DAY, &memory)];
        for _ in 0..3 {
            let on = memory.due();
            memory = memory.after(on, Grade::Good);
            gaps.push(days(on, &memory));
        }
        assert!(gaps.windows(2).all(|pair| pair[1] > 2 * pair[0]), "{gaps:?}");
        let on = memory.due();
        let relapse = days(on, &memory.after(on, Grade::Again));
        assert!(relapse < gaps[2], "{relapse} after {gaps:?}");
    }

    #[test]
    fn what_is_practised_late_and_still_goes_well_is_known_the_better() {
        let memory = Memory::first(DAY, Grade::Good);
        let (in_time, late) = (memory.due(), memory.due() + 20.days());
        assert!(days(late, &memory.after(late, Grade::Good)) > days(in_time, &memory.after(in_time, Grade::Good)));
    }

    #[test]
    fn days_are_whole_and_the_calendar_has_no_edge_to_fall_over() {
        assert_eq!(Memory::first(date(2026, 12, 31), Grade::Again).due(), date(2027, 1, 1));
        assert_eq!(days_since_1970(date(1969, 7, 20)), 0);
        assert!(Memory::first(date(1950, 1, 1), Grade::Good).due() > date(1950, 1, 1));
    }
}
