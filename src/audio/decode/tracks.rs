//! Which of several tracks of sound is heard: the one that players play, unless nobody speaks in it.
//!
//! Screen recorders write the sound of the desktop to the first track and the microphone to the second.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::Path;

use super::native::{Next, Opened, SoundTrack};
use super::sink::Sink;
use super::{DecodeError, DecodeWarning, SPEECH_RATE_HZ};
use crate::audio::resample::StreamResampler;
use crate::audio::speech_spans::SpeechDetector;
use crate::types::Seconds;

/// So much speech in one of the tracks is enough to decide.
const ENOUGH: Seconds = Seconds(30.0);

/// The track that players play is taken with this part of the speech that another one has.
const SHARE: f64 = 0.2;

/// The track that is heard.
pub struct Chosen {
    /// Its number in the file.
    pub track: u32,
    /// That it was chosen, where there was a choice.
    pub warning: Option<DecodeWarning>,
}

/// Chooses among the tracks of sound in `path`, of which there is at least one.
pub fn choose(path: &Path, tracks: &[SoundTrack], wanted: Option<NonZeroUsize>) -> Result<Chosen, DecodeError> {
    let of = tracks.len();
    if let Some(wanted) = wanted {
        let track = tracks.get(wanted.get() - 1).map(|track| track.id);
        let missing = || DecodeError::NoSuchTrack { path: path.to_owned(), wanted: wanted.get(), of };
        return Ok(Chosen { track: track.ok_or_else(missing)?, warning: None });
    }
    if of == 1 {
        return Ok(Chosen { track: tracks[0].id, warning: None });
    }
    let usual = tracks.iter().position(|track| track.is_default).unwrap_or(0);
    let at = best(&survey(path, tracks)?, usual);
    let warning = DecodeWarning::Track { number: at + 1, of, because_of_speech: at != usual };
    Ok(Chosen { track: tracks[at].id, warning: Some(warning) })
}

/// The place of the best track: `usual`, where enough is spoken in it.
fn best(heard: &[Heard], usual: usize) -> usize {
    let most = |measure: fn(&Heard) -> f64| {
        // Of equals the first.
        (0..heard.len()).rev().max_by(|a, b| measure(&heard[*a]).total_cmp(&measure(&heard[*b]))).unwrap_or(usual)
    };
    for measure in [(|heard| heard.speech.0) as fn(&Heard) -> f64, |heard| heard.power] {
        let best = most(measure);
        if measure(&heard[best]) > 0.0 {
            return if measure(&heard[usual]) >= SHARE * measure(&heard[best]) { usual } else { best };
        }
    }
    usual
}

/// What was found in a track.
#[derive(Clone, Copy, Debug, Default)]
struct Heard {
    speech: Seconds,
    /// The sum of the squares of its samples.
    power: f64,
}

/// Listens to all tracks until it is clear where somebody speaks.
fn survey(path: &Path, tracks: &[SoundTrack]) -> Result<Vec<Heard>, DecodeError> {
    let mut opened = Opened::open(path)?;
    let ids: Vec<u32> = tracks.iter().map(|track| track.id).collect();
    let mut decoders = opened.decoders(&ids);
    let mut listeners: Vec<Listener> = tracks.iter().map(|_| Listener::default()).collect();
    let mut interleaved = Vec::new();
    loop {
        match opened.next(&mut decoders, &mut interleaved) {
            Next::Sound { track, rate_hz, channels, .. } => {
                let Some(at) = ids.iter().position(|id| *id == track) else { continue };
                listeners[at].push(path, &interleaved, channels, rate_hz)?;
                if listeners[at].speech() >= ENOUGH {
                    break;
                }
            }
            Next::Damaged(_) => {}
            Next::Another | Next::End { .. } => break,
        }
    }
    Ok(listeners.into_iter().map(Listener::heard).collect())
}

/// Listens to one track.
#[derive(Default)]
struct Listener {
    detector: SpeechDetector,
    resampler: Option<StreamResampler>,
    power: f64,
}

impl Listener {
    fn push(&mut self, path: &Path, frames: &[f32], channels: usize, rate_hz: u32) -> Result<(), DecodeError> {
        let mut take = |piece: &[f32], rate_hz| {
            let resampler = self.resampler.get_or_insert_with(|| {
                StreamResampler::new(rate_hz, SPEECH_RATE_HZ).expect("the sink refuses unusable rates")
            });
            let mut piece_16k = Vec::new();
            resampler.push(piece, &mut piece_16k);
            self.power += piece_16k.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>();
            self.detector.push(&piece_16k, &mut |_| ());
            ControlFlow::Continue(())
        };
        let mut sink = Sink::new(path, None, &mut take);
        let _ = sink.push(frames, channels, rate_hz)?;
        let _ = sink.finish();
        Ok(())
    }

    fn speech(&self) -> Seconds {
        self.detector.spans().iter().map(|span| span.length()).sum()
    }

    fn heard(mut self) -> Heard {
        self.detector.finish(&mut |_| ());
        Heard { speech: self.speech(), power: self.power }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(speech: f64, power: f64) -> Heard {
        Heard { speech: Seconds(speech), power }
    }

    #[test]
    fn the_usual_track_is_left_only_where_nobody_speaks_in_it() {
        assert_eq!(best(&[heard(0.0, 0.0), heard(9.0, 5.0)], 0), 1);
        assert_eq!(best(&[heard(0.5, 90.0), heard(9.0, 5.0)], 0), 1);
        assert_eq!(best(&[heard(4.0, 5.0), heard(9.0, 5.0)], 0), 0);
        assert_eq!(best(&[heard(4.0, 5.0), heard(9.0, 5.0)], 1), 1);
    }

    #[test]
    fn where_nobody_speaks_a_silent_track_is_left_for_one_that_is_not() {
        assert_eq!(best(&[heard(0.0, 0.0), heard(0.0, 5.0)], 0), 1);
        assert_eq!(best(&[heard(0.0, 0.0), heard(0.0, 0.0)], 0), 0);
        assert_eq!(best(&[heard(0.0, 3.0), heard(0.0, 5.0)], 0), 0);
    }
}
