//! People who do not exist and practise: with no true change, or with one.

use greenroom::practice::TakeFigures;
use greenroom::types::{Figures, Measure, TakeName};
use jiff::Timestamp;

/// What is usual for somebody, and how far their takes lie from it by themselves.
pub struct Person {
    random: fastrand::Rng,
    /// Mean and standard deviation, in the order of [`Measure::ALL`].
    habits: [(f64, f64); Measure::ALL.len()],
    /// How many takes they give in a sitting.
    a_sitting: usize,
    /// How far the day moves each measure, in spreads.
    the_day: [f64; Measure::ALL.len()],
}

/// Where days differ, their share of the spread: a fifth of the variance.
const OF_THE_DAY: f64 = 0.45;

impl Person {
    /// Somebody of a seed.
    pub fn of_seed(seed: u64) -> Person {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut between = |low: f64, high: f64| low + (high - low) * random.f64();
        let (parts, bottom_line, points) = (between(0.4, 0.6), between(0.3, 0.7), between(0.4, 0.6));
        // Of a share that is counted in n, the deviation follows from its mean.
        let share = |mean: f64, of: f64| (mean, (mean * (1.0 - mean) / of).sqrt());
        let length = between(70.0, 150.0);
        let habits = [
            (length, length * between(0.1, 0.3)),
            (between(120.0, 180.0), between(6.0, 18.0)),
            counted(between(4.0, 14.0), length),
            counted(between(4.0, 14.0), length),
            (between(2.0, 8.0), 0.0),
            (between(1.0, 4.0), between(0.3, 0.8)),
            share(parts, 4.0),
            share(bottom_line, 1.0),
            share(points, 5.0),
        ]
        .map(|(mean, deviation): (f64, f64)| if deviation == 0.0 { (mean, mean.sqrt()) } else { (mean, deviation) });
        Person { random, habits, a_sitting: 1, the_day: [0.0; Measure::ALL.len()] }
    }

    /// The same person, who gives so many takes in a sitting, which have the day in common.
    pub fn with_days(self, a_sitting: usize) -> Person {
        Person { a_sitting, ..self }
    }

    /// So many takes, of which the last `since` have this measure moved by `spreads` of the person's own.
    pub fn takes(&mut self, count: usize, since: usize, moved: Option<Measure>, spreads: f64) -> Vec<TakeFigures> {
        let mut takes = Vec::new();
        for number in 0..count {
            if self.a_sitting > 1 && number % self.a_sitting == 0 {
                self.the_day = Measure::ALL.map(|_| OF_THE_DAY * self.normal());
            }
            let figures: Figures = Measure::ALL.map(|measure| {
                let is_moved = moved == Some(measure) && number >= count - since;
                Some(self.figure(measure, if is_moved { spreads } else { 0.0 }))
            });
            let at = Timestamp::from_second(1_790_000_000 + number as i64 * 86_400).expect("it is in range");
            let (sitting, take) = (number / self.a_sitting, number % self.a_sitting + 1);
            takes.push(TakeFigures { name: TakeName { session: format!("s{sitting}"), take }, at, figures });
        }
        takes
    }

    fn figure(&mut self, measure: Measure, spreads: f64) -> f64 {
        let (mean, deviation) = self.habits[measure as usize];
        // Downwards where there is no room above.
        let moved = if measure.is_share() && mean + spreads * deviation > 1.0 { -spreads } else { spreads };
        let mean = mean + (moved + self.the_day[measure as usize]) * deviation;
        match measure {
            // Skewed, as times are.
            Measure::LengthS | Measure::LatencyS => {
                let mean = mean.max(0.1);
                let sigma = (1.0 + (deviation / mean).powi(2)).ln().sqrt();
                (mean.ln() - sigma * sigma / 2.0 + sigma * self.normal()).exp()
            }
            Measure::PaceWpm => mean + deviation * self.normal(),
            Measure::FilledPausesPerMinute | Measure::FillersPer100Words => {
                let of = self.habits[measure as usize].0 / deviation.powi(2).max(1e-9);
                self.poisson((mean * of).max(0.0)) / of
            }
            Measure::LongPauses => self.poisson(mean.max(0.0)),
            Measure::PartsTold => self.share(mean, 4),
            Measure::BottomLineUpFront => self.share(mean, 1),
            Measure::PointsMade => self.share(mean, 5),
        }
    }

    fn normal(&mut self) -> f64 {
        let (a, b) = (1.0 - self.random.f64(), self.random.f64());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }

    fn poisson(&mut self, mean: f64) -> f64 {
        let (limit, mut product, mut count) = ((-mean).exp(), self.random.f64(), 0);
        while product > limit {
            product *= self.random.f64();
            count += 1;
        }
        f64::from(count)
    }

    fn share(&mut self, mean: f64, of: u32) -> f64 {
        let made = (0..of).filter(|_| self.random.f64() < mean).count();
        made as f64 / f64::from(of)
    }
}

/// A rate that is counted over a take of this many seconds.
fn counted(per_minute: f64, length_s: f64) -> (f64, f64) {
    (per_minute, (per_minute / (length_s / 60.0)).sqrt())
}
