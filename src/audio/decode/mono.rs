//! From the channels of a file to the one that is heard.
//!
//! Channels are averaged, with three exceptions that are decided by the sound itself, half a second at a time and by all
//! that was heard so far, so that nothing but that half second is kept:
//!
//! - A channel with nothing in it does not count: the voice of a microphone on one side keeps its level. As soon as there
//!   is something in it, it counts; no side is ever lost.
//! - Two channels of which one is the other upside down would be silence together: their difference is taken.
//! - A constant offset, as cheap sound cards have it, is taken off.

use crate::types::Seconds;

/// One side of a recording with two, such as of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The first channel.
    Left,
    /// The second channel.
    Right,
}

impl Side {
    /// As part of a file's name.
    pub fn name(self) -> &'static str {
        match self {
            Side::Left => "left",
            Side::Right => "right",
        }
    }
}

/// How much is decided on at a time.
const BLOCK: Seconds = Seconds(0.5);

/// An offset below this (-40 dBFS) does no harm.
const OFFSET: f64 = 0.01;

/// A channel whose loudest half second is so much weaker (-40 dB) than that of the loudest channel has nothing in it.
const NOTHING: f64 = 1e-4;

/// Correlation below which two channels are each other's opposite. Rooms and stereo effects stay above.
const OPPOSITE: f64 = -0.6;

/// Turns interleaved samples into mono as they come.
pub struct Mono {
    side: Option<Side>,
    channels: Vec<Channel>,
    /// The sum of the products of the first two channels.
    product: f64,
    frames: u64,
    /// Interleaved samples that do not fill a block yet.
    waiting: Vec<f32>,
    block_frames: usize,
    /// Samples that were no number.
    pub not_numbers: usize,
    /// Whether channels were found to be each other's opposite.
    pub were_opposite: bool,
}

/// What is known of a channel.
#[derive(Clone, Copy, Default)]
struct Channel {
    sum: f64,
    /// The sum of the squares, without the offset.
    power: f64,
    /// The power of its loudest block.
    loudest: f64,
    offset: f32,
}

impl Mono {
    /// Of all channels, or of one side.
    pub fn new(side: Option<Side>) -> Mono {
        Mono {
            side,
            channels: Vec::new(),
            product: 0.0,
            frames: 0,
            waiting: Vec::new(),
            block_frames: 1,
            not_numbers: 0,
            were_opposite: false,
        }
    }

    /// Takes whole frames of so many channels and appends what is decided by now to `mono`, -1 to 1.
    pub fn push(&mut self, interleaved: &[f32], channels: usize, rate_hz: u32, mono: &mut Vec<f32>) {
        if channels != self.channels.len() {
            self.finish(mono);
            self.channels = vec![Channel::default(); channels];
            (self.product, self.frames) = (0.0, 0);
            self.block_frames = BLOCK.to_samples(rate_hz).max(1);
        }
        self.waiting.extend(interleaved.iter().map(|&sample| {
            self.not_numbers += usize::from(!sample.is_finite());
            if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 }
        }));
        let waiting = std::mem::take(&mut self.waiting);
        let mut blocks = waiting.chunks_exact(self.block_frames * channels);
        for block in &mut blocks {
            self.block(block, mono);
        }
        self.waiting.extend_from_slice(blocks.remainder());
    }

    /// Appends what is left to `mono`.
    pub fn finish(&mut self, mono: &mut Vec<f32>) {
        let rest = std::mem::take(&mut self.waiting);
        if !rest.is_empty() {
            self.block(&rest, mono);
        }
    }

    fn block(&mut self, block: &[f32], mono: &mut Vec<f32>) {
        self.learn(block);
        let channels = &self.channels;
        let centred = |frame: &[f32], at: usize| frame[at] - channels[at].offset;
        let frames = block.chunks_exact(channels.len());
        match (self.side, channels.len()) {
            (Some(side), 2..) => {
                let at = usize::from(side == Side::Right);
                mono.extend(frames.map(|frame| centred(frame, at).clamp(-1.0, 1.0)));
            }
            (None, 2) if self.are_opposite() => {
                self.were_opposite = true;
                mono.extend(frames.map(|frame| ((centred(frame, 0) - centred(frame, 1)) / 2.0).clamp(-1.0, 1.0)));
            }
            _ => {
                let loudest = channels.iter().map(|channel| channel.loudest).fold(0.0, f64::max);
                let counts = |channel: &Channel| channel.loudest >= loudest * NOTHING;
                let counting: Vec<usize> = (0..channels.len()).filter(|at| counts(&channels[*at])).collect();
                mono.extend(frames.map(|frame| {
                    let sum: f32 = counting.iter().map(|&at| centred(frame, at)).sum();
                    (sum / counting.len() as f32).clamp(-1.0, 1.0)
                }));
            }
        }
    }

    /// Adds a block to what is known.
    fn learn(&mut self, block: &[f32]) {
        let count = self.channels.len();
        self.frames += (block.len() / count) as u64;
        for (at, channel) in self.channels.iter_mut().enumerate() {
            let samples = || block[at..].iter().step_by(count);
            channel.sum += samples().map(|sample| f64::from(*sample)).sum::<f64>();
            let mean = channel.sum / self.frames as f64;
            channel.offset = if mean.abs() > OFFSET { mean as f32 } else { 0.0 };
            let power = samples().map(|sample| f64::from(sample - channel.offset).powi(2)).sum::<f64>();
            channel.power += power;
            channel.loudest = channel.loudest.max(power);
        }
        if let [left, right] = self.channels[..] {
            let product = |frame: &[f32]| f64::from(frame[0] - left.offset) * f64::from(frame[1] - right.offset);
            self.product += block.chunks_exact(2).map(product).sum::<f64>();
        }
    }

    fn are_opposite(&self) -> bool {
        let power = (self.channels[0].power * self.channels[1].power).sqrt();
        power > 0.0 && self.product / power < OPPOSITE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE_HZ: u32 = 8_000;

    /// Noise of this strength, of `seconds`.
    fn noise(seed: u64, strength: f32, seconds: usize) -> Vec<f32> {
        let mut random = fastrand::Rng::with_seed(seed);
        (0..seconds * RATE_HZ as usize).map(|_| strength * (2.0 * random.f32() - 1.0)).collect()
    }

    fn two(left: &[f32], right: &[f32]) -> Vec<f32> {
        left.iter().zip(right).flat_map(|(left, right)| [*left, *right]).collect()
    }

    fn mono_of(interleaved: &[f32], channels: usize, side: Option<Side>) -> (Vec<f32>, Mono) {
        let (mut mono, mut out) = (Mono::new(side), Vec::new());
        for piece in interleaved.chunks(channels * 1_000) {
            mono.push(piece, channels, RATE_HZ, &mut out);
        }
        mono.finish(&mut out);
        (out, mono)
    }

    fn level(samples: &[f32]) -> f32 {
        (samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32).sqrt()
    }

    #[test]
    fn two_channels_are_averaged_and_one_is_left_as_it_is() {
        let (left, right) = (noise(1, 0.5, 2), noise(2, 0.5, 2));
        let (mono, _) = mono_of(&two(&left, &right), 2, None);
        assert!(mono.iter().zip(left.iter().zip(&right)).all(|(mono, (l, r))| *mono == (l + r) / 2.0));
        assert_eq!(mono_of(&left, 1, None).0, left);
    }

    #[test]
    fn channels_in_opposite_phase_do_not_cancel() {
        let voice = noise(1, 0.5, 3);
        let opposite: Vec<f32> = voice.iter().map(|sample| -0.8 * sample).collect();
        let (mono, found) = mono_of(&two(&voice, &opposite), 2, None);
        assert!((level(&mono) / level(&voice) - 0.9).abs() < 0.01);
        assert!(found.were_opposite);
    }

    #[test]
    fn opposite_channels_are_found_after_any_pause_before_them() {
        let voice = [noise(1, 0.001, 60), noise(2, 0.5, 3)].concat();
        let hiss = noise(3, 0.001, 63);
        let opposite: Vec<f32> = voice.iter().zip(&hiss).map(|(sample, hiss)| hiss - sample).collect();
        let (mono, _) = mono_of(&two(&voice, &opposite), 2, None);
        let spoken = 60 * RATE_HZ as usize;
        assert!(level(&mono[spoken..]) / level(&voice[spoken..]) > 0.95);
    }

    #[test]
    fn a_voice_on_one_side_keeps_its_level_until_the_other_side_is_heard_too() {
        let (silence, voice) = (vec![0.0; 2 * RATE_HZ as usize], noise(1, 0.5, 2));
        let left = [silence.clone(), voice.clone()].concat();
        let right = [voice.clone(), silence].concat();
        let (mono, _) = mono_of(&two(&left, &right), 2, None);
        let (first, second) = mono.split_at(voice.len());
        assert_eq!(first, voice);
        assert!((level(second) / level(&voice) - 0.5).abs() < 0.01);
        assert_eq!(mono_of(&two(&left, &right), 2, Some(Side::Left)).0, left);
        assert_eq!(mono_of(&two(&left, &right), 2, Some(Side::Right)).0, right);
    }

    #[test]
    fn a_constant_offset_is_taken_off_and_a_side_with_nothing_else_is_silent() {
        let voice = noise(1, 0.3, 4);
        let raised: Vec<f32> = voice.iter().map(|sample| sample + 0.25).collect();
        let (mono, _) = mono_of(&two(&raised, &vec![-0.4; voice.len()]), 2, None);
        let mean = mono.iter().sum::<f32>() / mono.len() as f32;
        assert!(mean.abs() < 0.01, "{mean}");
        assert!((level(&mono) / level(&voice) - 1.0).abs() < 0.05);
    }

    #[test]
    fn what_is_no_number_is_silent_and_counted() {
        let (mono, found) = mono_of(&[f32::NAN, 0.5, f32::INFINITY, 7.0], 2, None);
        assert_eq!((mono.len(), found.not_numbers), (2, 2));
        assert!(mono.iter().all(|sample| sample.abs() <= 1.0));
    }
}
