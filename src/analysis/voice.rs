//! Voice in short frames: loudness, pitch and spectral shape, measured as the sound comes in.
//!
//! Of the sound itself nothing is kept but nine bytes for every 10 ms, so that an answer may last for hours.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use crate::types::{Seconds, Span};

/// Samples a second in what is analysed.
const RATE_HZ: usize = 16_000;
/// Samples from one frame to the next: 10 ms.
const HOP: usize = 160;
/// Samples in a frame: 40 ms holds two and a half periods of the lowest pitch.
const WINDOW: usize = 640;
/// Room for an autocorrelation that does not wrap around.
const FFT: usize = 2048;
/// Highest and lowest pitch looked for, as periods in samples: 400 and 65 Hz.
const PERIODS: Range<usize> = RATE_HZ / 400..RATE_HZ / 65;
/// Bands of the spectral shape, and where they lie.
const BANDS: usize = 16;
const LOWEST_HZ: f32 = 150.0;
const HIGHEST_HZ: f32 = 4500.0;
/// Bands this far under the loudest are noise, in dB.
const BAND_FLOOR_DB: f32 = 25.0;
/// A frame below this level is silence, and nothing but its level is measured, in dB against full scale.
const SILENCE_DB: f32 = -75.0;
/// Frames over which steadiness is judged: 50 ms.
pub const STEP: usize = 5;
/// Pitch may drift this much over a step, in semitones.
const DRIFT_SEMITONES: f32 = 1.0;
/// The spectral shape may change this much over a step, in dB.
const DRIFT_DB: f32 = 4.5;

const FRAMES_PER_SECOND: f64 = (RATE_HZ / HOP) as f64;
const FRAME_MIDDLE_S: f64 = 0.02;

/// What is kept of a frame of 40 ms; there is one every 10 ms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VoiceFrame {
    /// Loudness of its middle 10 ms in dB against full scale.
    pub level_db: f32,
    /// How periodic it is, 0 to 1: 0 for noise, near 1 for a sung vowel.
    pub periodicity: f32,
    /// Whether pitch and spectral shape are nearly those of the frame [`STEP`] frames before; means nothing where
    /// either is not periodic.
    pub is_steady: bool,
}

/// The voice of one answer, frame by frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VoiceTrack {
    frames: Vec<VoiceFrame>,
}

impl VoiceTrack {
    /// Analyses a whole sound, mono at 16 kHz, -1 to 1.
    pub fn of(samples: &[f32]) -> VoiceTrack {
        let mut tracker = VoiceTracker::default();
        tracker.push(samples);
        tracker.finish()
    }

    /// The frames in order.
    pub fn frames(&self) -> &[VoiceFrame] {
        &self.frames
    }

    /// The positions of the frames whose middle lies inside `span`.
    pub fn positions(&self, span: Span) -> Range<usize> {
        let at = |time: Seconds| ((time.0 - FRAME_MIDDLE_S) * FRAMES_PER_SECOND).ceil().max(0.0) as usize;
        let end = at(span.end_s).min(self.frames.len());
        at(span.start_s).min(end)..end
    }

    /// The time of the middle of the frame at `position`, in seconds.
    pub fn middle_of(position: usize) -> f64 {
        position as f64 / FRAMES_PER_SECOND + FRAME_MIDDLE_S
    }
}

/// Makes a [`VoiceTrack`] of sound that comes in piece by piece.
pub struct VoiceTracker {
    spectra: Spectra,
    track: VoiceTrack,
    /// Samples of frames that are not complete.
    waiting: Vec<f32>,
    /// Pitch and shape of the last [`STEP`] frames.
    recent: VecDeque<Sounding>,
}

impl Default for VoiceTracker {
    fn default() -> VoiceTracker {
        VoiceTracker {
            spectra: Spectra::new(),
            track: VoiceTrack::default(),
            waiting: Vec::new(),
            recent: VecDeque::with_capacity(STEP + 1),
        }
    }
}

impl VoiceTracker {
    /// The next samples: mono at 16 kHz, -1 to 1.
    pub fn push(&mut self, samples: &[f32]) {
        self.waiting.extend_from_slice(samples);
        let mut done = 0;
        while self.waiting.len() - done >= WINDOW {
            let frame = self.frame(done);
            self.track.frames.push(frame);
            done += HOP;
        }
        self.waiting.drain(..done);
    }

    /// The track of all that was pushed. What does not fill a frame at the end has none.
    pub fn finish(self) -> VoiceTrack {
        self.track
    }

    /// Analyses the frame that begins at `first` of the waiting samples.
    fn frame(&mut self, first: usize) -> VoiceFrame {
        let part = &self.waiting[first..first + WINDOW];
        let level_db = level_db(part);
        let sounding = if level_db < SILENCE_DB { Sounding::default() } else { self.spectra.analyse(part) };
        let before = if self.recent.len() == STEP { self.recent.pop_front() } else { None };
        self.recent.push_back(sounding);
        VoiceFrame {
            level_db,
            periodicity: sounding.periodicity,
            is_steady: before.is_some_and(|before| sounding.is_like(&before)),
        }
    }
}

/// The loudness of the middle of a frame, so that neighbouring frames share nothing and edges stay sharp.
fn level_db(frame: &[f32]) -> f32 {
    let middle = (WINDOW - HOP) / 2;
    let part = &frame[middle..middle + HOP];
    10.0 * (part.iter().map(|s| s * s).sum::<f32>() / HOP as f32 + 1e-10).log10()
}

/// How one frame sounds.
#[derive(Clone, Copy, Debug, Default)]
struct Sounding {
    periodicity: f32,
    /// In semitones over 65 Hz.
    pitch: f32,
    /// Level of each band against the mean of all, in dB.
    shape: [f32; BANDS],
}

impl Sounding {
    /// Whether pitch and shape are nearly the same.
    fn is_like(&self, other: &Sounding) -> bool {
        (self.pitch - other.pitch).abs() <= DRIFT_SEMITONES && self.shape_distance(other) <= DRIFT_DB
    }

    /// How far apart two spectral shapes are: root mean square over the bands, in dB.
    fn shape_distance(&self, other: &Sounding) -> f32 {
        let squares = self.shape.iter().zip(&other.shape).map(|(a, b)| (a - b) * (a - b));
        (squares.sum::<f32>() / BANDS as f32).sqrt()
    }
}

/// The transforms behind pitch and shape, with their buffers.
struct Spectra {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    /// A Hann window and its own autocorrelation, by which that of a frame is divided (Boersma 1993).
    window: Vec<f32>,
    window_correlation: Vec<f32>,
    /// For each band its bins.
    bands: Vec<Range<usize>>,
    padded: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    power: Vec<f32>,
    correlation: Vec<f32>,
    forward_scratch: Vec<Complex<f32>>,
    inverse_scratch: Vec<Complex<f32>>,
}

impl Spectra {
    fn new() -> Spectra {
        let mut planner = RealFftPlanner::<f32>::new();
        let turn = std::f32::consts::TAU / WINDOW as f32;
        let window: Vec<f32> = (0..WINDOW).map(|i| 0.5 - 0.5 * (turn * i as f32).cos()).collect();
        let (forward, inverse) = (planner.plan_fft_forward(FFT), planner.plan_fft_inverse(FFT));
        let mut spectra = Spectra {
            padded: forward.make_input_vec(),
            spectrum: forward.make_output_vec(),
            power: Vec::with_capacity(FFT / 2 + 1),
            correlation: inverse.make_output_vec(),
            forward_scratch: forward.make_scratch_vec(),
            inverse_scratch: inverse.make_scratch_vec(),
            forward,
            inverse,
            window,
            window_correlation: Vec::new(),
            bands: bands(),
        };
        spectra.correlate(&[1.0; WINDOW], 0.0);
        let whole = spectra.correlation[0];
        spectra.window_correlation = spectra.correlation.iter().map(|c| c / whole).collect();
        spectra
    }

    /// Pitch and shape of a frame.
    fn analyse(&mut self, frame: &[f32]) -> Sounding {
        let mean = frame.iter().sum::<f32>() / WINDOW as f32;
        self.correlate(frame, mean);
        let correlation = &self.correlation;
        let energy = correlation[0].max(1e-9);
        let (mut periodicity, mut period) = (0.0, PERIODS.start);
        for lag in PERIODS {
            let peak = correlation[lag] >= correlation[lag - 1] && correlation[lag] >= correlation[lag + 1];
            let strength = correlation[lag] / energy / self.window_correlation[lag];
            // A longer period must be clearly better: every multiple of the true one fits nearly as well.
            if peak && strength > periodicity + 0.03 {
                (periodicity, period) = (strength, lag);
            }
        }
        Sounding {
            periodicity: periodicity.clamp(0.0, 1.0),
            pitch: 12.0 * (RATE_HZ as f32 / period as f32 / 65.0).log2(),
            shape: shape(&self.power, &self.bands),
        }
    }

    /// Power spectrum and autocorrelation of a frame less `mean`, windowed, into the buffers.
    fn correlate(&mut self, frame: &[f32], mean: f32) {
        self.padded[WINDOW..].fill(0.0);
        for ((slot, sample), weight) in self.padded.iter_mut().zip(frame).zip(&self.window) {
            *slot = (sample - mean) * weight;
        }
        self.forward
            .process_with_scratch(&mut self.padded, &mut self.spectrum, &mut self.forward_scratch)
            .expect("the buffers are made for this transform");
        self.power.clear();
        self.power.extend(self.spectrum.iter().map(|bin| bin.norm_sqr()));
        for (bin, power) in self.spectrum.iter_mut().zip(&self.power) {
            *bin = Complex::new(*power, 0.0);
        }
        self.inverse
            .process_with_scratch(&mut self.spectrum, &mut self.correlation, &mut self.inverse_scratch)
            .expect("a power spectrum is real");
    }
}

/// Bands of equal width on a scale like the ear's, from [`LOWEST_HZ`] to [`HIGHEST_HZ`].
fn bands() -> Vec<Range<usize>> {
    let mel = |hz: f32| (1.0 + hz / 700.0).ln();
    let hz = |mel: f32| 700.0 * (mel.exp() - 1.0);
    let (low, high) = (mel(LOWEST_HZ), mel(HIGHEST_HZ));
    let bin = |edge: usize| {
        let at = hz(low + (high - low) * edge as f32 / BANDS as f32);
        (at * FFT as f32 / RATE_HZ as f32).round() as usize
    };
    (0..BANDS).map(|band| bin(band)..bin(band + 1)).collect()
}

fn shape(power: &[f32], bands: &[Range<usize>]) -> [f32; BANDS] {
    let mut levels = [0.0; BANDS];
    for (level, bins) in levels.iter_mut().zip(bands) {
        let mean = power[bins.clone()].iter().sum::<f32>() / bins.len() as f32;
        *level = 10.0 * (mean + 1e-12).log10();
    }
    let floor = levels.iter().copied().fold(f32::MIN, f32::max) - BAND_FLOOR_DB;
    levels.iter_mut().for_each(|level| *level = level.max(floor));
    let mean = levels.iter().sum::<f32>() / BANDS as f32;
    levels.map(|level| level - mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A voice-like tone: ten harmonics of `hz`.
    fn tone(hz: f32, seconds: f32) -> Vec<f32> {
        let sample = |i: usize| {
            let t = i as f32 / RATE_HZ as f32;
            (1..=10).map(|h| (std::f32::consts::TAU * hz * h as f32 * t).sin() / h as f32).sum::<f32>() * 0.1
        };
        (0..(seconds * RATE_HZ as f32) as usize).map(sample).collect()
    }

    #[test]
    fn the_pitch_of_a_tone_is_found_and_not_its_double_or_half() {
        for hz in [80.0, 120.0, 210.0, 330.0] {
            let sounding = Spectra::new().analyse(&tone(hz, 0.2)[5 * HOP..5 * HOP + WINDOW]);
            let expected = 12.0 * (hz / 65.0).log2();
            assert!((sounding.pitch - expected).abs() < 0.3, "{hz} Hz: {} against {expected}", sounding.pitch);
            assert!(sounding.periodicity > 0.9, "{hz} Hz: {}", sounding.periodicity);
        }
    }

    #[test]
    fn a_held_tone_is_steady_and_one_that_glides_is_not() {
        let held = VoiceTrack::of(&tone(150.0, 0.5));
        assert!(held.frames()[STEP..].iter().all(|frame| frame.is_steady));
        assert!(!held.frames()[0].is_steady, "there is nothing before it");
        let glide = |i: usize| {
            let t = i as f32 / RATE_HZ as f32;
            (1..=10).map(|h| (std::f32::consts::TAU * (100.0 + 200.0 * t) * h as f32 * t).sin() / h as f32).sum::<f32>()
        };
        let gliding = VoiceTrack::of(&(0..8000).map(|i| 0.1 * glide(i)).collect::<Vec<f32>>());
        let steady = gliding.frames().iter().filter(|frame| frame.is_steady).count();
        assert!(steady * 2 < gliding.frames().len(), "{steady} of {}", gliding.frames().len());
    }

    #[test]
    fn noise_is_not_periodic() {
        let mut chance = fastrand::Rng::with_seed(7);
        let samples: Vec<f32> = (0..8000).map(|_| (chance.f32() - 0.5) * 0.2).collect();
        let track = VoiceTrack::of(&samples);
        let mean = track.frames().iter().map(|frame| frame.periodicity).sum::<f32>() / track.frames().len() as f32;
        assert!(mean < 0.4, "{mean}");
    }

    #[test]
    fn pieces_of_any_size_give_the_same_as_the_whole() {
        let samples = tone(180.0, 0.4);
        let mut tracker = VoiceTracker::default();
        samples.chunks(97).for_each(|piece| tracker.push(piece));
        assert_eq!(tracker.finish(), VoiceTrack::of(&samples));
    }

    #[test]
    fn a_sound_shorter_than_a_frame_has_none() {
        for (samples, frames) in [(100, 0), (WINDOW, 1), (WINDOW + HOP, 2)] {
            assert_eq!(VoiceTrack::of(&vec![0.0; samples]).frames().len(), frames);
        }
    }
}
