//! How loud the microphone is, and whether it can be used.

use crate::remedy::{Action, NextStep, next};
use crate::types::Seconds;

/// Nothing is shown as quieter than this, in dBFS.
const FLOOR_DBFS: f64 = -120.0;

/// A working microphone in a silent room is louder than this, in dBFS: 16 bits alone make noise of -98,
/// the cheapest built-in microphones of -60 to -80.
const TOO_QUIET_DBFS: f64 = -85.0;

/// Share of samples at full scale from which a listener hears clipping.
const CLIPPED_SHARE: f64 = 0.001;

/// What a microphone sounded like before the first question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MicCheck {
    /// Sound comes in at this level, which is that of the room where nobody speaks.
    Ok {
        /// Root mean square.
        rms_dbfs: f64,
    },
    /// Every sample is exactly zero: muted, or switched off.
    AllZero,
    /// Quieter than any open microphone.
    TooQuiet {
        /// Root mean square.
        rms_dbfs: f64,
    },
    /// Too loud for what can be recorded.
    Clipping {
        /// Share of samples at full scale, 0 to 1.
        share: f64,
    },
}

impl std::fmt::Display for MicCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            MicCheck::Ok { rms_dbfs } => write!(f, "sound comes in at {rms_dbfs:.0} dBFS"),
            MicCheck::AllZero => f.write_str("nothing but zeros come in"),
            MicCheck::TooQuiet { rms_dbfs } => write!(f, "very quiet, {rms_dbfs:.0} dBFS"),
            MicCheck::Clipping { share } => write!(f, "too loud, {:.1} % of it clipped", 100.0 * share),
        }
    }
}

impl MicCheck {
    /// Judges a piece of sound.
    pub fn of(samples: &[f32]) -> MicCheck {
        let mut sum = Sum::default();
        sum.add(samples);
        sum.verdict()
    }

    /// Whether a rehearsal can begin.
    pub fn is_ok(self) -> bool {
        matches!(self, MicCheck::Ok { .. })
    }

    /// What to do next; `None` where all is well.
    pub fn next_step(self) -> Option<NextStep> {
        match self {
            MicCheck::Ok { .. } => None,
            MicCheck::AllZero => Some(next!["unmute the microphone, or choose another one: ", Action::Microphones]),
            MicCheck::TooQuiet { .. } => {
                Some(next!["turn up the microphone's input level, or choose another one: ", Action::Microphones])
            }
            MicCheck::Clipping { .. } => Some("turn down the microphone's input level".into()),
        }
    }
}

/// Collects sound for a [`MicCheck`].
pub(super) struct Probe {
    left: usize,
    sum: Sum,
}

impl Probe {
    pub(super) fn new(samples: usize) -> Probe {
        Probe { left: samples.max(1), sum: Sum::default() }
    }

    pub(super) fn take(&mut self, samples: &[f32]) {
        let now = &samples[..samples.len().min(self.left)];
        self.left -= now.len();
        self.sum.add(now);
    }

    /// The verdict, once enough was heard.
    pub(super) fn verdict(&self) -> Option<MicCheck> {
        (self.left == 0).then(|| self.sum.verdict())
    }
}

/// Tells the level of every so many samples.
pub(super) struct Meter {
    every: usize,
    sum: Sum,
}

impl Meter {
    pub(super) fn new(every: u32) -> Meter {
        Meter { every: every.max(1) as usize, sum: Sum::default() }
    }

    /// Takes samples and tells the rms and peak, in dBFS, of each stretch that is full.
    pub(super) fn take(&mut self, mut samples: &[f32], tell: &mut dyn FnMut(f64, f64)) {
        while !samples.is_empty() {
            let (now, later) = samples.split_at(samples.len().min(self.every - self.sum.count));
            self.sum.add(now);
            samples = later;
            if self.sum.count == self.every {
                tell(self.sum.rms_dbfs(), dbfs(f64::from(self.sum.peak)));
                self.sum = Sum::default();
            }
        }
    }
}

#[derive(Default)]
struct Sum {
    count: usize,
    squares: f64,
    peak: f32,
    full_scale: usize,
}

impl Sum {
    fn add(&mut self, samples: &[f32]) {
        self.count += samples.len();
        for &sample in samples {
            self.squares += f64::from(sample) * f64::from(sample);
            self.peak = self.peak.max(sample.abs());
            self.full_scale += usize::from(sample.abs() >= 0.999);
        }
    }

    fn rms_dbfs(&self) -> f64 {
        dbfs((self.squares / self.count.max(1) as f64).sqrt())
    }

    fn verdict(&self) -> MicCheck {
        let share = self.full_scale as f64 / self.count.max(1) as f64;
        let rms_dbfs = self.rms_dbfs();
        match () {
            () if self.peak == 0.0 => MicCheck::AllZero,
            () if rms_dbfs < TOO_QUIET_DBFS => MicCheck::TooQuiet { rms_dbfs },
            () if share > CLIPPED_SHARE => MicCheck::Clipping { share },
            () => MicCheck::Ok { rms_dbfs },
        }
    }
}

fn dbfs(amplitude: f64) -> f64 {
    (20.0 * amplitude.log10()).max(FLOOR_DBFS)
}

/// The loudness of a whole sound (root mean square), in dBFS, at least -120.
pub fn rms_dbfs(samples: &[f32]) -> f64 {
    let mut sum = Sum::default();
    sum.add(samples);
    sum.rms_dbfs()
}

/// The time that a probe of the microphone takes where nothing else is said.
pub const PROBE: Seconds = Seconds(0.5);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_microphone_is_judged_by_what_it_delivers() {
        let noise = |gain: f32| (0..8_000).map(|n| gain * ((n * 7919 % 200) as f32 / 100.0 - 1.0)).collect::<Vec<_>>();
        assert_eq!(MicCheck::of(&[0.0; 8_000]), MicCheck::AllZero);
        assert!(matches!(MicCheck::of(&noise(1e-5)), MicCheck::TooQuiet { rms_dbfs } if rms_dbfs < -100.0));
        assert!(matches!(MicCheck::of(&noise(1e-3)), MicCheck::Ok { rms_dbfs } if (-66.0..-63.0).contains(&rms_dbfs)));
        let clipped: Vec<f32> = noise(4.0).iter().map(|s| s.clamp(-1.0, 1.0)).collect();
        assert!(matches!(MicCheck::of(&clipped), MicCheck::Clipping { share } if share > 0.5));
    }

    #[test]
    fn the_meter_tells_each_full_stretch_whatever_the_pieces() {
        let mut told = Vec::new();
        let mut meter = Meter::new(100);
        for piece in vec![0.5f32; 250].chunks(33) {
            meter.take(piece, &mut |rms, peak| told.push((rms.round() as i32, peak.round() as i32)));
        }
        assert_eq!(told, [(-6, -6), (-6, -6)]);
    }
}
