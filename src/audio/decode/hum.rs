//! Mains hum: a tone of 50 or 60 Hz and its multiples, from a bad cable or a charger.
//!
//! People hear over it, Whisper does not: over a hum louder than the voice it hears nothing at all. A hum is there from the
//! first to the last moment and never moves, which no voice does; so the first seconds decide, and narrow filters take it
//! out of all of the recording. A recording without a hum is not touched.

use std::f32::consts::TAU;
use std::f64::consts::TAU as TAU_64;

use crate::types::Seconds;

/// So much sound decides.
const DECIDING: Seconds = Seconds(4.0);

/// It is looked at in pieces of this length, in which tones 4 Hz apart are told apart.
const PIECE: Seconds = Seconds(0.5);

/// Fewer pieces say nothing: a voice may hold a tone for a second.
const FEWEST_PIECES: usize = 4;

/// A tone is there in a piece where it has so many times the power of what is this far beside it.
const STANDS_OUT: f32 = 10.0;
const BESIDE_HZ: f32 = 8.0;

/// A hum below this part of all power does no harm.
const HARMFUL: f32 = 0.1;

/// Multiples that are looked at.
const MULTIPLES: u32 = 12;

/// How wide a filter is.
const WIDTH_HZ: f32 = 4.0;

/// Takes a hum out of mono sound as it comes.
#[derive(Default)]
pub struct Hum {
    /// What came before it was decided.
    waiting: Vec<f32>,
    filters: Option<Vec<Notch>>,
    /// The hum's lowest tone in Hz, where there is one.
    pub found_hz: Option<u32>,
}

impl Hum {
    /// Takes samples and appends what can be given by now to `out`.
    pub fn push(&mut self, samples: &[f32], rate_hz: u32, out: &mut Vec<f32>) {
        if self.filters.is_none() {
            // Silence before the recording begins says nothing.
            if self.waiting.is_empty() && samples.iter().all(|sample| *sample == 0.0) {
                out.extend_from_slice(samples);
                return;
            }
            self.waiting.extend_from_slice(samples);
            if self.waiting.len() >= DECIDING.to_samples(rate_hz) {
                self.decide(rate_hz, out);
            }
            return;
        }
        self.filter(samples, out);
    }

    /// Appends what is left to `out`.
    pub fn finish(&mut self, rate_hz: u32, out: &mut Vec<f32>) {
        if self.filters.is_none() {
            self.decide(rate_hz, out);
        }
    }

    fn decide(&mut self, rate_hz: u32, out: &mut Vec<f32>) {
        let waiting = std::mem::take(&mut self.waiting);
        let hum = [50, 60].into_iter().find_map(|base| Some((base, tones(&waiting, rate_hz, base)?)));
        self.found_hz = hum.as_ref().map(|(base, _)| *base);
        let tones = hum.map(|(_, tones)| tones).unwrap_or_default();
        self.filters = Some(tones.into_iter().map(|hz| Notch::at(hz, rate_hz)).collect());
        self.filter(&waiting, out);
    }

    fn filter(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        let filters = self.filters.as_deref_mut().unwrap_or_default();
        if filters.is_empty() {
            out.extend_from_slice(samples);
            return;
        }
        out.extend(
            samples
                .iter()
                .map(|&sample| filters.iter_mut().fold(sample, |sample, filter| filter.next(sample)).clamp(-1.0, 1.0)),
        );
    }
}

/// The tones of a hum on `base`, where there is one that does harm.
fn tones(sound: &[f32], rate_hz: u32, base: u32) -> Option<Vec<f32>> {
    let pieces: Vec<Vec<f32>> = sound.chunks_exact(PIECE.to_samples(rate_hz).max(1)).map(windowed).collect();
    if pieces.len() < FEWEST_PIECES {
        return None;
    }
    let below = rate_hz as f32 / 2.0 - BESIDE_HZ;
    let multiples = (1..=MULTIPLES).map(|multiple| (base * multiple) as f32).filter(|hz| *hz < below);
    let steady = |hz: &f32| pieces.iter().filter(|piece| stands_out(piece, rate_hz, *hz)).count() + 1 >= pieces.len();
    let tones: Vec<f32> = multiples.filter(steady).collect();
    // The lowest tone may be lost in a small microphone, and then the next one is there.
    let is_hum = tones.iter().any(|hz| *hz <= 2.0 * base as f32);
    let of_tones: f32 = pieces.iter().flat_map(|piece| tones.iter().map(|hz| power_at(piece, rate_hz, *hz))).sum();
    let power = |piece: &Vec<f32>| piece.iter().map(|sample| sample * sample).sum::<f32>() / piece.len() as f32;
    // The window leaves three eighths of the power.
    let whole = pieces.iter().map(power).sum::<f32>() * 8.0 / 3.0;
    (is_hum && of_tones > HARMFUL * whole).then_some(tones)
}

fn stands_out(piece: &[f32], rate_hz: u32, hz: f32) -> bool {
    let beside = power_at(piece, rate_hz, hz - BESIDE_HZ).max(power_at(piece, rate_hz, hz + BESIDE_HZ));
    power_at(piece, rate_hz, hz) > STANDS_OUT * beside
}

/// A piece that begins and ends in silence; without that, its ends would look like tones.
fn windowed(piece: &[f32]) -> Vec<f32> {
    let turn = TAU / piece.len() as f32;
    piece.iter().enumerate().map(|(at, sample)| sample * (1.0 - (turn * at as f32).cos()) / 2.0).collect()
}

/// The power of the tone of `hz` in a windowed piece, by Goertzel's algorithm.
fn power_at(piece: &[f32], rate_hz: u32, hz: f32) -> f32 {
    let twice_cosine = 2.0 * (TAU_64 * f64::from(hz) / f64::from(rate_hz)).cos();
    let (mut last, mut before) = (0.0, 0.0);
    for sample in piece {
        (last, before) = (f64::from(*sample) + twice_cosine * last - before, last);
    }
    let magnitude = last * last + before * before - twice_cosine * last * before;
    (8.0 * magnitude / (piece.len() as f64).powi(2)) as f32
}

/// A filter that leaves out one tone.
struct Notch {
    /// Of the sound, now and before.
    forward: [f32; 3],
    /// Of what was given before.
    back: [f32; 2],
    taken: [f32; 2],
    given: [f32; 2],
}

impl Notch {
    /// The usual filter of second order.
    fn at(hz: f32, rate_hz: u32) -> Notch {
        let turn = TAU * hz / rate_hz as f32;
        let alpha = turn.sin() * WIDTH_HZ / (2.0 * hz);
        let scale = 1.0 / (1.0 + alpha);
        let middle = -2.0 * turn.cos() * scale;
        Notch {
            forward: [scale, middle, scale],
            back: [middle, (1.0 - alpha) * scale],
            taken: [0.0; 2],
            given: [0.0; 2],
        }
    }

    fn next(&mut self, sample: f32) -> f32 {
        let out = self.forward[0] * sample + self.forward[1] * self.taken[0] + self.forward[2] * self.taken[1]
            - self.back[0] * self.given[0]
            - self.back[1] * self.given[1];
        self.taken = [sample, self.taken[0]];
        self.given = [out, self.given[0]];
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE_HZ: u32 = 16_000;

    /// A tone with three multiples.
    fn hum(hz: f32, strength: f32, seconds: f32) -> Vec<f32> {
        let tone =
            |at: usize, multiple: f32| (TAU * (at as f32 * hz * multiple / RATE_HZ as f32).fract()).sin() / multiple;
        let samples = 0..(seconds * RATE_HZ as f32) as usize;
        samples.map(|at| strength * (1..=4).map(|multiple| tone(at, multiple as f32)).sum::<f32>()).collect()
    }

    /// Noise that comes and goes four times a second, as a voice does.
    fn voice(seconds: f32) -> Vec<f32> {
        let mut random = fastrand::Rng::with_seed(3);
        let samples = 0..(seconds * RATE_HZ as f32) as usize;
        samples.map(|at| 0.1 * (2.0 * random.f32() - 1.0) * f32::from(u8::from(at % 4_000 < 2_500))).collect()
    }

    fn without_hum(sound: &[f32]) -> (Vec<f32>, Option<u32>) {
        let (mut hum, mut out) = (Hum::default(), Vec::new());
        sound.chunks(700).for_each(|piece| hum.push(piece, RATE_HZ, &mut out));
        hum.finish(RATE_HZ, &mut out);
        assert_eq!(out.len(), sound.len());
        (out, hum.found_hz)
    }

    fn level(samples: &[f32]) -> f32 {
        (samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32).sqrt()
    }

    #[test]
    fn a_hum_louder_than_the_voice_is_taken_out_and_the_voice_stays() {
        for (base, found) in [(50.03, 50), (59.96, 60)] {
            let voice = voice(8.0);
            let sound: Vec<f32> = hum(base, 0.3, 8.0).iter().zip(&voice).map(|(hum, voice)| hum + voice).collect();
            let (clean, hz) = without_hum(&sound);
            let settled = RATE_HZ as usize;
            let left: Vec<f32> = clean.iter().zip(&voice).map(|(clean, voice)| clean - voice).collect();
            assert_eq!(hz, Some(found));
            assert!(level(&left[settled..]) < 0.25 * level(&voice), "{base}: {}", level(&left[settled..]));
        }
    }

    #[test]
    fn sound_without_a_hum_comes_out_as_it_went_in() {
        let glide: Vec<f32> = (0..80_000)
            .map(|at| 0.3 * (TAU * (at as f32 * (90.0 + at as f32 / 4_000.0) / RATE_HZ as f32).fract()).sin())
            .collect();
        let steps: Vec<f32> = [hum(100.0, 0.3, 1.0), hum(112.0, 0.3, 1.0), hum(95.0, 0.3, 2.5)].concat();
        for sound in [voice(5.0), hum(440.0, 0.3, 5.0), glide, steps, hum(50.0, 0.3, 1.0), vec![0.0; 90_000], vec![]] {
            let (same, hz) = without_hum(&sound);
            assert_eq!(hz, None);
            assert!(same == sound);
        }
    }
}
