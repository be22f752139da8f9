//! How well this machine hears: what `doctor --calibrate` measured.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Seconds;

/// What one model and the speech detector made of known speech on this machine.
///
/// The speech is synthetic: people are harder to understand, and their "um"s harder to find.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Always [`Calibration::SCHEMA`].
    pub schema: String,
    /// The model's name.
    pub model: String,
    /// The voice that read, such as `espeak-ng en-us`.
    pub voice: String,
    /// When it was measured.
    pub measured_at: Timestamp,
    /// How long the reading was.
    pub duration_s: Seconds,
    /// Words that were said, fillers among them.
    pub words: usize,
    /// Words to change, add or leave out, for each word that was said; 0 is perfect.
    pub word_error_rate: f64,
    /// The "um"s.
    pub fillers: FillerCalibration,
    /// The pauses.
    pub pauses: PauseCalibration,
    /// The times of words beside a pause, which are the ones that are known.
    pub word_times: ErrorSpread,
}

impl Calibration {
    /// The name of this file format.
    pub const SCHEMA: &str = "greenroom.calibration/1";
}

/// How the filled pauses that were said were counted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FillerCalibration {
    /// How many were said.
    pub said: usize,
    /// How many of those the transcript has, in their place.
    pub right: usize,
    /// How many the transcript has in all.
    pub written: usize,
    /// What a report counts: `[in the transcript and sure, everything]`.
    pub range: [usize; 2],
}

impl FillerCalibration {
    /// Share of those said that are written, 0 to 1; `None` when none were said.
    pub fn recall(self) -> Option<f64> {
        (self.said > 0).then(|| self.right as f64 / self.said as f64)
    }

    /// Share of those written that were said, 0 to 1; `None` when none were written.
    pub fn precision(self) -> Option<f64> {
        (self.written > 0).then(|| self.right as f64 / self.written as f64)
    }
}

/// How the pauses that were made were found.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PauseCalibration {
    /// How many were made.
    pub made: usize,
    /// How many of those were found.
    pub found: usize,
    /// How many were found where none was made, such as a breath inside a phrase.
    pub extra: usize,
    /// How wrong the lengths of those found are.
    pub length_error: ErrorSpread,
}

/// How large errors are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ErrorSpread {
    /// How many were measured.
    pub of: usize,
    /// Half are smaller; `None` when nothing was measured.
    pub median_s: Option<Seconds>,
    /// Nine in ten are smaller; `None` when nothing was measured.
    pub p90_s: Option<Seconds>,
}

impl ErrorSpread {
    /// The spread of these errors, in seconds, signs left out.
    pub fn of(errors: &[f64]) -> ErrorSpread {
        let mut sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
        sizes.sort_by(f64::total_cmp);
        let at = |share: f64| sizes.get(((sizes.len() as f64 * share) as usize).min(sizes.len().saturating_sub(1)));
        let seconds = |size: Option<&f64>| size.copied().map(Seconds);
        ErrorSpread { of: sizes.len(), median_s: seconds(at(0.5)), p90_s: seconds(at(0.9)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_leaves_signs_out_and_knows_when_there_is_nothing() {
        let spread = ErrorSpread::of(&[-0.3, 0.1, 0.2, 0.05, -0.02, 0.01, 0.02, 0.04, 0.06, 0.07]);
        assert_eq!((spread.of, spread.median_s, spread.p90_s), (10, Some(Seconds(0.06)), Some(Seconds(0.3))));
        assert_eq!(ErrorSpread::of(&[]), ErrorSpread::default());
    }

    #[test]
    fn rates_of_nothing_are_not_known() {
        let none = FillerCalibration { said: 0, right: 0, written: 0, range: [0, 0] };
        assert_eq!((none.recall(), none.precision()), (None, None));
        let some = FillerCalibration { said: 4, right: 3, written: 5, range: [5, 6] };
        assert_eq!((some.recall(), some.precision()), (Some(0.75), Some(0.6)));
    }
}
