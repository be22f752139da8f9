//! What `review trends` claims about people who do not exist, so that it is known who changed.
//!
//! The thresholds were chosen on seeds below 10,000; these are others. `cargo run --no-default-features --example trends` prints more.

#[allow(dead_code, reason = "the example measures more")]
#[path = "../examples/trends/simulated.rs"]
mod simulated;

use greenroom::practice::trends;
use greenroom::types::Measure;
use simulated::Person;

const PEOPLE: u64 = 200;

#[test]
fn of_people_who_did_not_change_no_change_is_claimed_in_any_measure_for_95_of_100() {
    for (first, takes) in [(20_000, 24), (30_000, 40), (40_000, 120)] {
        let claims = |seed: &u64| {
            let takes = Person::of_seed(*seed).takes(takes, 0, None, 0.0);
            trends(&takes).iter().any(|trend| trend.change.is_some())
        };
        let wrong = (first..first + PEOPLE).filter(claims).count() as u64;
        assert!(100 * wrong <= 5 * PEOPLE, "{wrong} of {PEOPLE} with {takes} takes");
    }
}

#[test]
fn a_days_mood_is_not_taken_for_a_change() {
    for (first, takes, a_sitting) in [(60_000, 40, 2), (70_000, 160, 4)] {
        let claims = |seed: &u64| {
            let takes = Person::of_seed(*seed).with_days(a_sitting).takes(takes, 0, None, 0.0);
            trends(&takes).iter().any(|trend| trend.change.is_some())
        };
        let wrong = (first..first + PEOPLE).filter(claims).count() as u64;
        assert!(100 * wrong <= 5 * PEOPLE, "{wrong} of {PEOPLE} with {takes} takes, {a_sitting} a sitting");
    }
}

/// A change of two spreads in what can change so much: not the bottom line, which is there or not.
#[test]
fn a_change_of_two_spreads_sixteen_takes_ago_is_found_in_90_of_100() {
    let measures = Measure::ALL.into_iter().filter(|measure| *measure != Measure::BottomLineUpFront);
    let measures: Vec<Measure> = measures.collect();
    let finds = |seed: &u64| {
        let moved = measures[*seed as usize % measures.len()];
        let takes = Person::of_seed(*seed).takes(32, 16, Some(moved), 2.0);
        trends(&takes).iter().any(|trend| trend.measure == moved && trend.change.is_some())
    };
    let found = (50_000..50_000 + PEOPLE).filter(finds).count() as u64;
    assert!(100 * found >= 90 * PEOPLE, "{found} of {PEOPLE}");
}
