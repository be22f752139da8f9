//! Time and places in an answer.

use std::ops::{Add, AddAssign, Mul, Sub};

use serde::{Deserialize, Serialize};

/// A time or a length of time in seconds.
///
/// Written to JSON rounded to the millisecond, which is finer than anything measured here.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub f64);

impl Seconds {
    /// No time at all; also the start of a recording.
    pub const ZERO: Seconds = Seconds(0.0);

    /// The time that `samples` samples take at `rate_hz`.
    pub fn of_samples(samples: usize, rate_hz: u32) -> Seconds {
        Seconds(samples as f64 / f64::from(rate_hz))
    }

    /// The index of the sample that stands at this time; negative times give 0.
    pub fn to_samples(self, rate_hz: u32) -> usize {
        (self.0 * f64::from(rate_hz)).round().max(0.0) as usize
    }

    /// The smaller of two times.
    pub fn min(self, other: Seconds) -> Seconds {
        Seconds(self.0.min(other.0))
    }

    /// The larger of two times.
    pub fn max(self, other: Seconds) -> Seconds {
        Seconds(self.0.max(other.0))
    }
}

impl Serialize for Seconds {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64((self.0 * 1000.0).round() / 1000.0)
    }
}

impl Add for Seconds {
    type Output = Seconds;
    fn add(self, other: Seconds) -> Seconds {
        Seconds(self.0 + other.0)
    }
}

impl AddAssign for Seconds {
    fn add_assign(&mut self, other: Seconds) {
        self.0 += other.0;
    }
}

impl Sub for Seconds {
    type Output = Seconds;
    fn sub(self, other: Seconds) -> Seconds {
        Seconds(self.0 - other.0)
    }
}

impl Mul<f64> for Seconds {
    type Output = Seconds;
    fn mul(self, factor: f64) -> Seconds {
        Seconds(self.0 * factor)
    }
}

impl std::iter::Sum for Seconds {
    fn sum<I: Iterator<Item = Seconds>>(times: I) -> Seconds {
        Seconds(times.map(|t| t.0).sum())
    }
}

/// A stretch of a recording, from the start of the recording, `start_s <= end_s`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// Where it begins.
    pub start_s: Seconds,
    /// Where it ends.
    pub end_s: Seconds,
}

impl Span {
    /// A span from `start` to `end`, both in seconds.
    pub fn new(start: f64, end: f64) -> Span {
        Span { start_s: Seconds(start), end_s: Seconds(end) }
    }

    /// How long it lasts.
    pub fn length(self) -> Seconds {
        self.end_s - self.start_s
    }

    /// How long the two spans share; zero when they do not touch.
    pub fn overlap(self, other: Span) -> Seconds {
        (self.end_s.min(other.end_s) - self.start_s.max(other.start_s)).max(Seconds::ZERO)
    }
}

/// A half-open range `[first, end)` of positions in [`Transcript::words`](super::Transcript).
///
/// In JSON it is the pair `[first, end]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(usize, usize)", into = "(usize, usize)")]
pub struct WordRange {
    /// The first word inside.
    pub first: usize,
    /// One past the last word inside.
    pub end: usize,
}

impl WordRange {
    /// The words from `first` up to but not including `end`.
    pub fn new(first: usize, end: usize) -> WordRange {
        WordRange { first, end }
    }

    /// How many words are inside.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.first)
    }

    /// Whether no word is inside.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether word `index` is inside.
    pub fn contains(self, index: usize) -> bool {
        (self.first..self.end).contains(&index)
    }

    /// The positions inside, for indexing and iterating.
    pub fn indices(self) -> std::ops::Range<usize> {
        self.first..self.end
    }
}

impl From<(usize, usize)> for WordRange {
    fn from((first, end): (usize, usize)) -> WordRange {
        WordRange { first, end }
    }
}

impl From<WordRange> for (usize, usize) {
    fn from(range: WordRange) -> (usize, usize) {
        (range.first, range.end)
    }
}
