//! How loud a piece of sound is from moment to moment. Pure.

use crate::audio::SPEECH_RATE_HZ;
use crate::types::{Seconds, Span};

/// Samples in one frame: 10 ms.
const FRAME: usize = 160;

/// A frame so far below the loud ones (the 95th percentile) carries no speech sound, in dB.
const QUIET_BELOW_LOUD_DB: f32 = 35.0;

/// A piece whose loud frames are below this has nothing to hear, in dBFS: a microphone that is open in a silent
/// room gives about -60, quiet speech about -40.
const NOTHING_DBFS: f32 = -65.0;

/// A sound whose loudness varies less than this between its quieter and its louder moments (10th and 95th percentile) is a
/// tone, a hum or a noise, in dB. Speech varies by 20 and more, and by 5 in noise that is as loud as itself.
const STEADY_DB: f32 = 2.5;

/// The loudness of a piece in frames of 10 ms.
#[derive(Clone, Debug)]
pub struct Loudness {
    frames_dbfs: Vec<f32>,
    quiet_dbfs: f32,
    /// 95th percentile.
    loud_dbfs: f32,
    /// 10th percentile.
    soft_dbfs: f32,
}

impl Loudness {
    /// Measures `samples` (mono, 16 kHz, -1 to 1).
    pub fn of(samples: &[f32]) -> Loudness {
        let frames_dbfs: Vec<f32> = samples.chunks(FRAME).map(rms_dbfs).collect();
        let mut sorted = frames_dbfs.clone();
        sorted.sort_by(f32::total_cmp);
        let percentile =
            |percent: usize| sorted.get(sorted.len() * percent / 100).copied().unwrap_or(f32::NEG_INFINITY);
        let (soft_dbfs, loud_dbfs) = (percentile(10), percentile(95));
        let quiet_dbfs = (loud_dbfs - QUIET_BELOW_LOUD_DB).max(NOTHING_DBFS);
        Loudness { frames_dbfs, quiet_dbfs, loud_dbfs, soft_dbfs }
    }

    /// Whether there is nothing to hear at all.
    pub fn is_silent(&self) -> bool {
        self.loud_dbfs < NOTHING_DBFS
    }

    /// Whether the loudness hardly varies: a tone, a hum or a noise, and nobody speaking.
    pub fn is_steady(&self) -> bool {
        self.loud_dbfs - self.soft_dbfs < STEADY_DB
    }

    /// How long it is loud enough to carry speech sounds, in all.
    pub fn loud(&self) -> Seconds {
        time_of(self.frames_dbfs.iter().filter(|dbfs| **dbfs >= self.quiet_dbfs).count())
    }

    /// Whether every moment of `span` is quiet beside the loud ones of the piece.
    pub fn is_quiet(&self, span: Span) -> bool {
        self.frames(span).all(|frame| self.frames_dbfs[frame] < self.quiet_dbfs)
    }

    /// `span` without the quiet at its two ends; unchanged where all of it is quiet.
    pub fn trimmed(&self, span: Span) -> Span {
        let loud = |frame: &usize| self.frames_dbfs[*frame] >= self.quiet_dbfs;
        let (Some(first), Some(last)) = (self.frames(span).find(loud), self.frames(span).rev().find(loud)) else {
            return span;
        };
        Span { start_s: span.start_s.max(time_of(first)), end_s: span.end_s.min(time_of(last + 1)) }
    }

    /// The middle of the quietest 50 ms inside `span`; the middle of `span` where it is shorter than that.
    pub fn quietest(&self, span: Span) -> Seconds {
        const WIDTH: usize = 5;
        let frames = self.frames(span);
        let sum = |first: usize| self.frames_dbfs[first..first + WIDTH].iter().map(|db| db.max(-100.0)).sum::<f32>();
        let firsts = frames.start..(frames.end + 1).saturating_sub(WIDTH);
        match firsts.min_by(|a, b| sum(*a).total_cmp(&sum(*b))) {
            Some(first) => time_of(first) + Seconds::of_samples(WIDTH * FRAME / 2, SPEECH_RATE_HZ),
            None => (span.start_s + span.end_s) * 0.5,
        }
    }

    /// The frames that lie in `span`, at least partly.
    fn frames(&self, span: Span) -> std::ops::Range<usize> {
        let count = self.frames_dbfs.len();
        let first = (span.start_s.to_samples(SPEECH_RATE_HZ) / FRAME).min(count);
        let end = span.end_s.to_samples(SPEECH_RATE_HZ).div_ceil(FRAME).min(count);
        first..end.max(first)
    }
}

fn time_of(frame: usize) -> Seconds {
    Seconds::of_samples(frame * FRAME, SPEECH_RATE_HZ)
}

fn rms_dbfs(samples: &[f32]) -> f32 {
    let power = samples.iter().map(|s| s * s).sum::<f32>() / samples.len() as f32;
    10.0 * power.log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tones of the given lengths in seconds and amplitudes, one after the other.
    fn sound(parts: &[(f64, f32)]) -> Vec<f32> {
        parts
            .iter()
            .flat_map(|&(seconds, amplitude)| {
                (0..Seconds(seconds).to_samples(SPEECH_RATE_HZ)).map(move |i| amplitude * (i as f32 * 0.3).sin())
            })
            .collect()
    }

    #[test]
    fn quiet_at_both_ends_is_trimmed() {
        let loudness = Loudness::of(&sound(&[(0.5, 0.0001), (1.0, 0.3), (0.5, 0.0001)]));
        assert_eq!(loudness.trimmed(Span::new(0.2, 1.9)), Span::new(0.5, 1.5));
        assert_eq!(loudness.trimmed(Span::new(0.7, 1.2)), Span::new(0.7, 1.2));
        assert_eq!(loudness.trimmed(Span::new(1.6, 1.9)), Span::new(1.6, 1.9));
        assert!(loudness.is_quiet(Span::new(1.6, 1.9)) && !loudness.is_quiet(Span::new(1.4, 1.9)));
    }

    #[test]
    fn the_quietest_place_is_the_middle_of_the_dip() {
        let loudness = Loudness::of(&sound(&[(1.0, 0.3), (0.06, 0.02), (1.0, 0.3)]));
        let place = loudness.quietest(Span::new(0.2, 1.9)).0;
        assert!((place - 1.03).abs() <= 0.011, "{place}");
    }

    #[test]
    fn tones_and_noises_are_steady_and_what_comes_and_goes_is_not() {
        let mut random = fastrand::Rng::with_seed(3);
        let noise: Vec<f32> = (0..32_000).map(|_| 0.1 * (2.0 * random.f32() - 1.0)).collect();
        assert!(Loudness::of(&noise).is_steady());
        assert!(Loudness::of(&sound(&[(2.0, 0.3)])).is_steady());
        assert!(!Loudness::of(&sound(&[(0.2, 0.1), (0.3, 0.3), (0.2, 0.1)])).is_steady());
    }

    #[test]
    fn a_short_span_or_no_sound_at_all_is_no_problem() {
        assert_eq!(Loudness::of(&sound(&[(1.0, 0.3)])).quietest(Span::new(0.5, 0.51)), Seconds(0.505));
        let nothing = Loudness::of(&[]);
        assert!(nothing.is_silent());
        assert_eq!(nothing.trimmed(Span::new(0.0, 1.0)), Span::new(0.0, 1.0));
        assert!(Loudness::of(&vec![0.0; 16_000]).is_silent());
        assert!(!Loudness::of(&sound(&[(1.0, 0.01)])).is_silent());
    }
}
