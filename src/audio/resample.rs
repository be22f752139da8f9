//! Changing the sample rate; the only file that names rubato.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler};

/// The sample rates that are accepted, in Hz. Below, no speech is left; above, the file is lying.
pub const RATES_HZ: std::ops::RangeInclusive<u32> = 4_000..=768_000;

/// The number of input samples that are converted at a time, about; 21 ms at 48 kHz.
const CHUNK: usize = 1024;

/// A rate that cannot be converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sample rate of {rate_hz} Hz is outside of {} to {} Hz", RATES_HZ.start(), RATES_HZ.end())]
pub struct UnusableRate {
    /// The rate in question.
    pub rate_hz: u32,
}

/// Converts mono sound from one rate to another as it comes in.
///
/// The filter's delay is taken off: output sample `n` stands at the time `n / to_hz`, and as much time
/// comes out as went in, to the sample (rounded up).
pub struct StreamResampler {
    /// `None` where both rates are the same.
    filter: Option<Fft<f32>>,
    from_hz: u32,
    to_hz: u32,
    /// Input that did not fill a chunk yet.
    waiting: Vec<f32>,
    /// Output of the filter, one chunk.
    chunk: Vec<f32>,
    /// Output samples still to be dropped: the filter's delay.
    to_drop: usize,
    taken: u64,
    given: u64,
}

impl StreamResampler {
    /// A converter of mono sound from `from_hz` to `to_hz`.
    pub fn new(from_hz: u32, to_hz: u32) -> Result<StreamResampler, UnusableRate> {
        for rate_hz in [from_hz, to_hz] {
            if !RATES_HZ.contains(&rate_hz) {
                return Err(UnusableRate { rate_hz });
            }
        }
        let filter = (from_hz != to_hz).then(|| {
            Fft::new(from_hz as usize, to_hz as usize, CHUNK, 1, FixedSync::Both)
                .expect("both rates are above zero, and so are the chunk and the one channel")
        });
        let chunk = vec![0.0; filter.as_ref().map_or(0, Resampler::output_frames_max)];
        let to_drop = filter.as_ref().map_or(0, Resampler::output_delay);
        Ok(StreamResampler { filter, from_hz, to_hz, waiting: Vec::new(), chunk, to_drop, taken: 0, given: 0 })
    }

    /// Takes `samples` and appends what can be converted by now to `out`.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        self.taken += samples.len() as u64;
        let Some(filter) = &mut self.filter else {
            self.given += samples.len() as u64;
            out.extend_from_slice(samples);
            return;
        };
        self.waiting.extend_from_slice(samples);
        let needed = filter.input_frames_next();
        let whole = self.waiting.len() / needed * needed;
        for at in (0..whole).step_by(needed) {
            self.convert(at, needed, out);
        }
        self.waiting.drain(..whole);
    }

    /// Ends the sound: appends what the filter still holds to `out` and is ready for a new sound.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        let expected = (self.taken * u64::from(self.to_hz)).div_ceil(u64::from(self.from_hz));
        while self.given < expected && self.filter.is_some() {
            let rest = self.waiting.len();
            self.convert(0, rest, out);
            self.waiting.clear();
        }
        out.truncate(out.len() - (self.given - expected) as usize);
        if let Some(filter) = &mut self.filter {
            filter.reset();
            self.to_drop = filter.output_delay();
        }
        (self.taken, self.given) = (0, 0);
    }

    /// Converts one chunk that begins at `at` in `waiting` and has `length` samples, silence after them.
    fn convert(&mut self, at: usize, length: usize, out: &mut Vec<f32>) {
        let Some(filter) = &mut self.filter else { return };
        let needed = filter.input_frames_next();
        if self.waiting.len() < at + needed {
            self.waiting.resize(at + needed, 0.0);
        }
        let input = InterleavedSlice::new(&self.waiting[at..at + needed], 1, needed).expect("one channel, cut to size");
        let room = self.chunk.len();
        let mut output = InterleavedSlice::new_mut(&mut self.chunk, 1, room).expect("one channel, its own size");
        let partial = (length < needed).then(|| Indexing::new().partial_len(length));
        let (_, made) = filter
            .process_into_buffer(&input, &mut output, partial.as_ref())
            .expect("both buffers have the size that the filter asked for");
        let dropped = self.to_drop.min(made);
        self.to_drop -= dropped;
        self.given += (made - dropped) as u64;
        out.extend_from_slice(&self.chunk[dropped..made]);
    }
}

/// Converts a whole mono sound.
pub fn resample(samples: &[f32], from_hz: u32, to_hz: u32) -> Result<Vec<f32>, UnusableRate> {
    let mut resampler = StreamResampler::new(from_hz, to_hz)?;
    let mut out = Vec::with_capacity(samples.len() * to_hz as usize / from_hz as usize + 1);
    resampler.push(samples, &mut out);
    resampler.finish(&mut out);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f32::consts::TAU;

    fn tone(hz: f32, seconds: f32, rate_hz: u32) -> Vec<f32> {
        (0..(seconds * rate_hz as f32) as usize).map(|n| 0.5 * (TAU * hz * n as f32 / rate_hz as f32).sin()).collect()
    }

    #[test]
    fn every_usual_rate_keeps_the_length_and_the_tone_in_step() {
        for from_hz in [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000] {
            let out = resample(&tone(440.0, 1.0, from_hz), from_hz, 16_000).unwrap();
            assert_eq!(out.len(), 16_000, "{from_hz} Hz");
            let expected = tone(440.0, 1.0, 16_000);
            let worst = (1_000..15_000).map(|n| (out[n] - expected[n]).abs()).fold(0.0f32, f32::max);
            // The filter's delay is rounded to a whole sample: at most one sample (0.0863 here) out of step.
            assert!(worst < 0.0863, "{from_hz} Hz: off by {worst}");
        }
    }

    #[test]
    fn pieces_give_the_same_as_the_whole() {
        let sound = tone(300.0, 0.7, 44_100);
        let whole = resample(&sound, 44_100, 16_000).unwrap();
        let mut resampler = StreamResampler::new(44_100, 16_000).unwrap();
        let mut out = Vec::new();
        for piece in sound.chunks(333) {
            resampler.push(piece, &mut out);
        }
        resampler.finish(&mut out);
        assert_eq!(out, whole);
    }

    #[test]
    fn a_second_sound_after_the_end_of_the_first_starts_afresh() {
        let sound = tone(300.0, 0.3, 48_000);
        let mut resampler = StreamResampler::new(48_000, 16_000).unwrap();
        let (mut first, mut second) = (Vec::new(), Vec::new());
        resampler.push(&sound, &mut first);
        resampler.finish(&mut first);
        resampler.push(&sound, &mut second);
        resampler.finish(&mut second);
        assert_eq!(first, second);
    }

    #[test]
    fn sounds_of_no_and_of_one_sample_are_fine() {
        assert_eq!(resample(&[], 48_000, 16_000).unwrap().len(), 0);
        assert_eq!(resample(&[0.5], 48_000, 16_000).unwrap().len(), 1);
    }

    #[test]
    fn a_rate_that_no_sound_has_is_refused() {
        assert_eq!(resample(&[0.0], 0, 16_000), Err(UnusableRate { rate_hz: 0 }));
        assert_eq!(resample(&[0.0], u32::MAX, 16_000), Err(UnusableRate { rate_hz: u32::MAX }));
    }
}
