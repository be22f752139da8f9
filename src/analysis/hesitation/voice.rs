//! Voice in short frames: loudness, pitch and spectral shape.

use std::ops::Range;
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

/// Samples a second in what is analysed.
pub(super) const RATE_HZ: usize = 16_000;
/// Samples from one frame to the next: 10 ms.
pub(super) const HOP: usize = 160;
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

/// One frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// Loudness in dB against full scale.
    pub level_db: f32,
    /// How periodic it is: 0 for noise, near 1 for a sung vowel.
    pub periodicity: f32,
    /// Pitch in semitones over 65 Hz; means nothing where the frame is not periodic.
    pub pitch: f32,
    /// Level of each band against the mean of all, in dB.
    shape: [f32; BANDS],
}

impl Frame {
    /// A frame too quiet to be analysed.
    pub fn silent(level_db: f32) -> Frame {
        Frame { level_db, periodicity: 0.0, pitch: 0.0, shape: [0.0; BANDS] }
    }

    /// How far apart two spectral shapes are: root mean square over the bands, in dB.
    pub fn shape_distance(&self, other: &Frame) -> f32 {
        let squares = self.shape.iter().zip(&other.shape).map(|(a, b)| (a - b) * (a - b));
        (squares.sum::<f32>() / BANDS as f32).sqrt()
    }
}

/// Analyses frames of one recording.
pub(super) struct Voice<'a> {
    samples: &'a [f32],
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    /// A Hann window and its own autocorrelation, by which that of a frame is divided (Boersma 1993).
    window: Vec<f32>,
    window_correlation: Vec<f32>,
    /// For each band its bins.
    bands: Vec<Range<usize>>,
}

impl<'a> Voice<'a> {
    /// Prepares to analyse `samples`, mono at 16 kHz.
    pub fn new(samples: &'a [f32]) -> Voice<'a> {
        let mut planner = RealFftPlanner::<f32>::new();
        let turn = std::f32::consts::TAU / WINDOW as f32;
        let window: Vec<f32> = (0..WINDOW).map(|i| 0.5 - 0.5 * (turn * i as f32).cos()).collect();
        let mut voice = Voice {
            samples,
            forward: planner.plan_fft_forward(FFT),
            inverse: planner.plan_fft_inverse(FFT),
            window,
            window_correlation: Vec::new(),
            bands: bands(),
        };
        let (_, correlation) = voice.correlate(vec![1.0; WINDOW]);
        voice.window_correlation = correlation.iter().map(|c| c / correlation[0]).collect();
        voice
    }

    /// How many whole frames the recording has.
    pub fn frames(&self) -> usize {
        (self.samples.len() + HOP).saturating_sub(WINDOW) / HOP
    }

    /// The loudness of frame `index` in dB against full scale, without the rest.
    pub fn level_db(&self, index: usize) -> f32 {
        // The middle of the frame, so that neighbouring frames share nothing and edges stay sharp.
        let middle = index * HOP + (WINDOW - HOP) / 2;
        let part = &self.samples[middle..middle + HOP];
        10.0 * (part.iter().map(|s| s * s).sum::<f32>() / HOP as f32 + 1e-10).log10()
    }

    /// Analyses frame `index`, below [`Voice::frames`].
    pub fn frame(&self, index: usize) -> Frame {
        let part = &self.samples[index * HOP..index * HOP + WINDOW];
        let mean = part.iter().sum::<f32>() / WINDOW as f32;
        let (spectrum, correlation) = self.correlate(part.iter().map(|s| s - mean).collect());
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
        Frame {
            level_db: self.level_db(index),
            periodicity: periodicity.clamp(0.0, 1.0),
            pitch: 12.0 * (RATE_HZ as f32 / period as f32 / 65.0).log2(),
            shape: shape(&spectrum, &self.bands),
        }
    }

    /// Power spectrum and autocorrelation of a windowed frame.
    fn correlate(&self, frame: Vec<f32>) -> (Vec<f32>, Vec<f32>) {
        let mut padded = self.forward.make_input_vec();
        for ((slot, sample), weight) in padded.iter_mut().zip(&frame).zip(&self.window) {
            *slot = sample * weight;
        }
        let mut spectrum = self.forward.make_output_vec();
        self.forward.process(&mut padded, &mut spectrum).expect("the buffers are made for this transform");
        let power: Vec<f32> = spectrum.iter().map(|bin| bin.norm_sqr()).collect();
        let mut power_bins: Vec<Complex<f32>> = power.iter().map(|p| Complex::new(*p, 0.0)).collect();
        let mut correlation = self.inverse.make_output_vec();
        self.inverse.process(&mut power_bins, &mut correlation).expect("a power spectrum is real");
        (power, correlation)
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
            let samples = tone(hz, 0.2);
            let frame = Voice::new(&samples).frame(5);
            let expected = 12.0 * (hz / 65.0).log2();
            assert!((frame.pitch - expected).abs() < 0.3, "{hz} Hz: {} against {expected}", frame.pitch);
            assert!(frame.periodicity > 0.9, "{hz} Hz: {}", frame.periodicity);
        }
    }

    #[test]
    fn noise_is_not_periodic() {
        let mut chance = fastrand::Rng::with_seed(7);
        let samples: Vec<f32> = (0..8000).map(|_| (chance.f32() - 0.5) * 0.2).collect();
        let voice = Voice::new(&samples);
        let mean = (0..voice.frames()).map(|i| voice.frame(i).periodicity).sum::<f32>() / voice.frames() as f32;
        assert!(mean < 0.4, "{mean}");
    }

    #[test]
    fn a_recording_shorter_than_a_frame_has_none() {
        assert_eq!(Voice::new(&[0.0; 100]).frames(), 0);
        assert_eq!(Voice::new(&[0.0; WINDOW]).frames(), 1);
        assert_eq!(Voice::new(&[0.0; WINDOW + HOP]).frames(), 2);
    }
}
