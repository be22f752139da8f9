//! How often `review trends` claims a change where there is none, and finds one that is there, on simulated people.
//!
//!     cargo run --no-default-features --example trends -- 1000000 1000
//!
//! prints it for a thousand people whose seeds begin at a million; what the thresholds were chosen on has seeds below 10,000.

#![allow(clippy::print_stdout)] // A measuring program has nowhere else to put its table.

mod simulated;

use greenroom::practice::trends;
use greenroom::types::Measure;
use simulated::Person;

fn main() {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>().expect("a number"));
    let (first, people) = (numbers.next().unwrap_or(1), numbers.next().unwrap_or(500));
    println!("no true change, any of the nine measures claimed ({people} people)");
    for count in [14, 20, 24, 30, 40, 200] {
        let claims = |seed: &u64| {
            let takes = Person::of_seed(*seed).takes(count, 0, None, 0.0);
            trends(&takes).iter().any(|trend| trend.change.is_some())
        };
        let wrong = (first..first + people).filter(claims).count();
        println!("  {count:>3} takes: {:.1} %", share(wrong, people));
    }
    println!(
        "the same, of people whose takes of one sitting have a fifth of their variance in common ({people} people)"
    );
    for (count, a_sitting) in [(40, 2), (40, 4), (160, 4)] {
        let claims = |seed: &u64| {
            let takes = Person::of_seed(*seed).with_days(a_sitting).takes(count, 0, None, 0.0);
            trends(&takes).iter().any(|trend| trend.change.is_some())
        };
        let wrong = (first..first + people).filter(claims).count();
        println!("  {count:>3} takes, {a_sitting} a sitting: {:.1} %", share(wrong, people));
    }
    println!("a true change of two spreads found ({people} people)");
    let single = [(24, 12, 1), (32, 8, 1), (32, 16, 1), (40, 10, 1), (40, 20, 1), (40, 30, 1)];
    let several = [(24, 12, 2), (32, 16, 2), (48, 24, 4), (64, 32, 4)];
    for (count, since, a_sitting) in single.into_iter().chain(several) {
        let rates = Measure::ALL.map(|measure| {
            let finds = |seed: &u64| {
                let mut person = Person::of_seed(*seed).with_days(a_sitting);
                let takes = person.takes(count, since, Some(measure), 2.0);
                trends(&takes).iter().any(|trend| trend.measure == measure && trend.change.is_some())
            };
            share((first..first + people).filter(finds).count(), people)
        });
        let all = rates.iter().sum::<f64>() / rates.len() as f64;
        let each = rates.map(|rate| format!("{rate:.0}")).join(" ");
        println!(
            "  {since:>2} takes after {:>2} before, {a_sitting} a sitting: {all:.1} % (by measure: {each})",
            count - since
        );
    }
}

fn share(count: usize, of: u64) -> f64 {
    100.0 * count as f64 / of as f64
}
