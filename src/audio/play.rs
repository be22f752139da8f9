//! Playing a sound through a loudspeaker.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::decode::{DecodeError, Decoded, decode};
use super::devices::{self, DeviceError, OpenDevice};
use super::resample::{UnusableRate, resample};
use crate::remedy::{Action, NextStep, Remedy, next};
use crate::types::Seconds;

/// Silence that is given after the sound: by then, the loudspeaker's buffer of two tenths has been heard.
const TAIL: Seconds = Seconds(0.3);

/// When the loudspeaker asks for nothing for so long, it is gone.
const STALLED: Duration = Duration::from_secs(3);

/// Why nothing was heard.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// The loudspeaker.
    #[error("nothing can be played")]
    Device(#[from] DeviceError),
    /// The sound's rate.
    #[error("nothing can be played")]
    Rate(#[from] UnusableRate),
    /// The recording cannot be read.
    #[error(transparent)]
    Recording(#[from] DecodeError),
    /// It was gone while the sound was played.
    #[error("the loudspeaker is gone")]
    Lost,
}

impl Remedy for PlayError {
    fn next_step(&self) -> NextStep {
        match self {
            PlayError::Recording(error) => error.next_step(),
            PlayError::Rate(_) => "play the file with another program".into(),
            PlayError::Device(_) | PlayError::Lost => {
                next!["choose another loudspeaker in the system's settings, then ", Action::Doctor]
            }
        }
    }
}

/// Plays a recording through the usual loudspeaker from `from` on, to its end or until `stop` says so. Blocks.
pub fn play_file(recording: &Path, from: Seconds, stop: impl FnMut() -> bool) -> Result<(), PlayError> {
    Playback::start(&decode(recording)?, from, None)?.wait(stop)
}

/// A sound that is being played. Dropping it stops the sound.
pub struct Playback {
    device: OpenDevice,
    shared: Arc<Shared>,
    from: Seconds,
    /// Samples of the sound at the loudspeaker's rate.
    length: usize,
}

#[derive(Default)]
struct Shared {
    /// Samples given, the silence after the end included.
    given: AtomicUsize,
    lost: AtomicBool,
}

impl Playback {
    /// Begins to play `sound` from the time `from` on the loudspeaker `device`, or the default one.
    pub fn start(sound: &Decoded, from: Seconds, device: Option<&str>) -> Result<Playback, PlayError> {
        let first = from.to_samples(sound.rate_hz).min(sound.samples.len());
        let shared = Arc::new(Shared::default());
        let (giving, losing) = (Arc::clone(&shared), Arc::clone(&shared));
        let mut prepared = Ok(0);
        let prepare = |rate_hz| {
            // The callback must not resample: all of it is done before.
            let samples = resample(&sound.samples[first..], sound.rate_hz, rate_hz).unwrap_or_else(|error| {
                prepared = Err(error);
                Vec::new()
            });
            prepared = prepared.map(|_| samples.len());
            move |out: &mut [f32]| give(&samples, &giving.given, out)
        };
        let device = devices::open_loudspeaker(device, prepare, move || losing.lost.store(true, Ordering::Release))?;
        Ok(Playback { device, shared, from, length: prepared? })
    }

    /// Where in the sound the loudspeaker is, to two tenths of a second.
    pub fn position(&self) -> Seconds {
        let given = self.shared.given.load(Ordering::Acquire).min(self.length);
        self.from + Seconds::of_samples(given, self.device.rate_hz)
    }

    /// Whether all of it has been heard.
    pub fn is_over(&self) -> bool {
        self.shared.given.load(Ordering::Acquire) >= self.length + TAIL.to_samples(self.device.rate_hz)
    }

    /// Waits until all of it has been heard, or until `stop` says so; asked fifty times a second.
    pub fn wait(&self, mut stop: impl FnMut() -> bool) -> Result<(), PlayError> {
        let (mut given, mut since) = (0, Instant::now());
        while !self.is_over() && !stop() {
            let now_given = self.shared.given.load(Ordering::Acquire);
            if now_given != given {
                (given, since) = (now_given, Instant::now());
            }
            if self.shared.lost.load(Ordering::Acquire) || since.elapsed() > STALLED {
                return Err(PlayError::Lost);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

/// Fills `out` with the next samples, and with silence after the last.
fn give(samples: &[f32], given: &AtomicUsize, out: &mut [f32]) {
    let at = given.load(Ordering::Relaxed);
    let rest = samples.get(at..).unwrap_or_default();
    let now = rest.len().min(out.len());
    out[..now].copy_from_slice(&rest[..now]);
    out[now..].fill(0.0);
    given.store(at + out.len(), Ordering::Release);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sound_is_given_in_order_and_then_silence() {
        let given = AtomicUsize::new(0);
        let mut out = [9.0; 4];
        give(&[1.0, 2.0, 3.0, 4.0, 5.0], &given, &mut out);
        assert_eq!(out, [1.0, 2.0, 3.0, 4.0]);
        give(&[1.0, 2.0, 3.0, 4.0, 5.0], &given, &mut out);
        assert_eq!(out, [5.0, 0.0, 0.0, 0.0]);
        give(&[1.0, 2.0, 3.0, 4.0, 5.0], &given, &mut out);
        assert_eq!((out, given.into_inner()), ([0.0; 4], 12));
    }
}
