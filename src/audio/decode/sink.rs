//! Where decoded frames go: made mono, at one rate, without a hum, and handed on.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::hum::Hum;
use super::mono::{Mono, Side};
use super::{DecodeError, DecodeWarning, Decoded, TakePiece};
use crate::audio::resample::{RATES_HZ, StreamResampler};
use crate::types::Seconds;

/// Takes the frames of a recording.
pub struct Sink<'a, 'b> {
    path: PathBuf,
    side: Option<Side>,
    mono: Mono,
    take: &'a mut TakePiece<'b>,
    /// The first rate and number of channels; 0 before there is sound.
    rate_hz: u32,
    channels: usize,
    /// For what follows at another rate.
    resampler: Option<(u32, StreamResampler)>,
    hum: Hum,
    piece: Vec<f32>,
    converted: Vec<f32>,
    clean: Vec<f32>,
    /// Samples that were handed on.
    given: usize,
}

impl<'a, 'b> Sink<'a, 'b> {
    /// Hands on all channels, or one side, of the recording at `path`.
    pub fn new(path: &Path, side: Option<Side>, take: &'a mut TakePiece<'b>) -> Sink<'a, 'b> {
        Sink {
            path: path.to_owned(),
            side,
            mono: Mono::new(side),
            take,
            rate_hz: 0,
            channels: 0,
            resampler: None,
            hum: Hum::default(),
            piece: Vec::new(),
            converted: Vec::new(),
            clean: Vec::new(),
            given: 0,
        }
    }

    /// Whether there was no sound.
    pub fn is_empty(&self) -> bool {
        self.channels == 0
    }

    /// How much was handed on.
    pub fn length(&self) -> Seconds {
        Seconds::of_samples(self.given, self.rate_hz.max(1))
    }

    /// Takes interleaved frames; breaks off where nobody wants more.
    pub fn push(&mut self, frames: &[f32], channels: usize, rate_hz: u32) -> Result<ControlFlow<()>, DecodeError> {
        if frames.is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        if !RATES_HZ.contains(&rate_hz) {
            let reason = format!("a sample rate of {rate_hz} Hz is not usable");
            return Err(DecodeError::Unsupported { path: self.path.clone(), reason });
        }
        if self.is_empty() {
            if self.side.is_some() && channels < 2 {
                return Err(DecodeError::NoSides { path: self.path.clone() });
            }
            (self.rate_hz, self.channels) = (rate_hz, channels);
        }
        let changed = self.change_rate(rate_hz);
        self.piece.clear();
        self.mono.push(frames, channels, rate_hz, &mut self.piece);
        Ok(if changed.is_break() { changed } else { self.hand_on() })
    }

    /// Hands on what is left.
    pub fn finish(&mut self) -> ControlFlow<()> {
        self.finish_rate()?;
        self.clean.clear();
        self.hum.finish(self.rate_hz, &mut self.clean);
        self.give()
    }

    /// Goes over to another rate, where one recording follows another in the same file.
    fn change_rate(&mut self, rate_hz: u32) -> ControlFlow<()> {
        let now = self.resampler.as_ref().map_or(self.rate_hz, |(rate_hz, _)| *rate_hz);
        if now == rate_hz {
            return ControlFlow::Continue(());
        }
        self.finish_rate()?;
        let to_first = StreamResampler::new(rate_hz, self.rate_hz).expect("both rates were looked at");
        self.resampler = (rate_hz != self.rate_hz).then_some((rate_hz, to_first));
        ControlFlow::Continue(())
    }

    /// Hands on what is left of what came at one rate.
    fn finish_rate(&mut self) -> ControlFlow<()> {
        self.piece.clear();
        self.mono.finish(&mut self.piece);
        self.hand_on()?;
        let Some((_, mut resampler)) = self.resampler.take() else { return ControlFlow::Continue(()) };
        self.converted.clear();
        resampler.finish(&mut self.converted);
        self.clean.clear();
        self.hum.push(&self.converted, self.rate_hz, &mut self.clean);
        self.give()
    }

    fn hand_on(&mut self) -> ControlFlow<()> {
        self.clean.clear();
        match &mut self.resampler {
            None => self.hum.push(&self.piece, self.rate_hz, &mut self.clean),
            Some((_, resampler)) => {
                self.converted.clear();
                resampler.push(&self.piece, &mut self.converted);
                self.hum.push(&self.converted, self.rate_hz, &mut self.clean);
            }
        }
        self.give()
    }

    /// Gives what is clean, where there is anything.
    fn give(&mut self) -> ControlFlow<()> {
        self.given += self.clean.len();
        if self.clean.is_empty() { ControlFlow::Continue(()) } else { (self.take)(&self.clean, self.rate_hz) }
    }

    /// What was learned about the recording.
    pub fn decoded(&self, mut warnings: Vec<DecodeWarning>) -> Decoded {
        warnings.extend(self.side.map(DecodeWarning::Side));
        if self.mono.not_numbers > 0 {
            warnings.push(DecodeWarning::NotNumbers(self.mono.not_numbers));
        }
        if self.mono.were_opposite {
            warnings.push(DecodeWarning::OppositeChannels);
        }
        if let Some(hz) = self.hum.found_hz {
            warnings.push(DecodeWarning::Hum(hz));
        }
        let (rate_hz, channels) = (self.rate_hz, self.channels);
        Decoded { samples: Vec::new(), rate_hz, file_rate_hz: rate_hz, channels, warnings }
    }
}
