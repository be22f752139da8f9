//! Reading recordings of any usual kind.
//!
//! A file is mended where its header is wrong (`container` and one file for each kind), read by `native`, of its tracks
//! the one where somebody speaks is taken (`tracks`), of each track what is shown (`shown`), and of its channels one is
//! made (`mono`) without a mains hum (`hum`). What is not read here is read by `ffmpeg`. Nothing that grows with the file
//! is kept.

mod container;
mod error;
mod ffmpeg;
mod hum;
mod isomp4;
mod matroska;
mod mono;
mod native;
mod ogg;
mod patched;
mod shown;
mod sink;
mod tracks;
mod wave;

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::Path;

pub use error::{DecodeError, DecodeWarning};
pub use mono::Side;

use self::ffmpeg::FfmpegError;
use self::native::{Next, Opened};
use self::shown::Shown;
use self::sink::Sink;
use self::tracks::Chosen;
use super::SPEECH_RATE_HZ;
use super::resample::StreamResampler;
use crate::types::Seconds;

/// Which sound of a file is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct WantedSound {
    /// The track of sound, from 1; where nobody says, the one where somebody speaks.
    pub track: Option<NonZeroUsize>,
    /// One side of it; both where nobody says.
    pub side: Option<Side>,
}

/// A recording, decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// Mono, -1 to 1, finite, at `rate_hz`.
    pub samples: Vec<f32>,
    /// Samples a second of `samples`.
    pub rate_hz: u32,
    /// Samples a second in the file.
    pub file_rate_hz: u32,
    /// Channels in the file.
    pub channels: usize,
    /// What its reader must know, where there is something; the sound is usable all the same.
    pub warnings: Vec<DecodeWarning>,
}

impl Decoded {
    /// How long it is.
    pub fn duration(&self) -> Seconds {
        Seconds::of_samples(self.samples.len(), self.rate_hz)
    }
}

/// Decodes the recording at `path` at its own rate.
pub fn decode(path: &Path) -> Result<Decoded, DecodeError> {
    let mut samples = Vec::new();
    let read = read(path, WantedSound::default(), &mut |_| (), &mut |piece, _| {
        samples.extend_from_slice(piece);
        ControlFlow::Continue(())
    })?;
    let rate_hz = read.file_rate_hz;
    Ok(Decoded { samples, rate_hz, ..read })
}

/// Decodes the recording at `path` at the rate of [`SPEECH_RATE_HZ`], which takes a third of the memory.
pub fn decode_16k(path: &Path) -> Result<Decoded, DecodeError> {
    let mut samples = Vec::new();
    let read = read_16k(path, WantedSound::default(), &mut |_| (), &mut |piece| {
        samples.extend_from_slice(piece);
        ControlFlow::Continue(())
    })?;
    Ok(Decoded { samples, ..read })
}

/// Decodes the recording at `path` at the rate of [`SPEECH_RATE_HZ`], and hands it on piece by piece instead of keeping it:
/// `samples` of what is returned is empty.
///
/// `begun` is told the length that the file promises, where it does. Where `take` breaks off, the rest is not read.
pub fn read_16k(
    path: &Path,
    wanted: WantedSound,
    begun: &mut dyn FnMut(Option<Seconds>),
    take: &mut dyn FnMut(&[f32]) -> ControlFlow<()>,
) -> Result<Decoded, DecodeError> {
    let mut resampler: Option<StreamResampler> = None;
    let mut piece_16k = Vec::new();
    let mut more = ControlFlow::Continue(());
    let read = read(path, wanted, begun, &mut |piece, rate_hz| {
        let resampler = resampler.get_or_insert_with(|| {
            StreamResampler::new(rate_hz, SPEECH_RATE_HZ).expect("the reader refuses unusable rates")
        });
        piece_16k.clear();
        resampler.push(piece, &mut piece_16k);
        // What the reader still hands on after a break is not wanted either.
        more = if more.is_break() { more } else { take(&piece_16k) };
        more
    })?;
    if let Some(resampler) = resampler.as_mut().filter(|_| more.is_continue()) {
        piece_16k.clear();
        resampler.finish(&mut piece_16k);
        let _ = take(&piece_16k);
    }
    Ok(Decoded { rate_hz: SPEECH_RATE_HZ, ..read })
}

/// The length that the recording at `path` promises, where it does; fails where it is none that can be read.
pub fn promised_length(path: &Path) -> Result<Option<Seconds>, DecodeError> {
    let length = guarded(path, || {
        let opened = Opened::open(path)?;
        let tracks = sound_tracks(path, &opened)?;
        Ok(opened.length(tracks[0].id))
    });
    length.or_else(|error| {
        if !may_be_read_by_ffmpeg(&error) {
            return Err(error);
        }
        let mut first = |_: &[f32], _, _| ControlFlow::Break(());
        match ffmpeg::read(ffmpeg::PROGRAM, path, 0, &mut first) {
            Ok(()) => Ok(None),
            Err(failed) => Err(with_reason(error, failed)),
        }
    })
}

/// Whether the recording at `path` surely has no two sides.
pub fn has_one_channel(path: &Path) -> bool {
    let channels = guarded(path, || {
        let opened = Opened::open(path)?;
        Ok(opened.channels(sound_tracks(path, &opened)?[0].id))
    });
    matches!(channels, Ok(Some(1)))
}

/// Takes mono samples and their rate, which stays the same.
type TakePiece<'a> = dyn FnMut(&[f32], u32) -> ControlFlow<()> + 'a;

/// Decodes `path` and hands it on piece by piece, until `take` breaks off; `samples` of what is returned is empty.
fn read(
    path: &Path,
    wanted: WantedSound,
    begun: &mut dyn FnMut(Option<Seconds>),
    take: &mut TakePiece,
) -> Result<Decoded, DecodeError> {
    let mut sink = Sink::new(path, wanted.side, take);
    match guarded(path, || read_natively(path, wanted, begun, &mut sink)) {
        Err(error) if sink.is_empty() && may_be_read_by_ffmpeg(&error) => {
            begun(None);
            read_by_ffmpeg(error, path, wanted, &mut sink)
        }
        read => read,
    }
    .map(|warnings| sink.decoded(warnings))
}

/// Runs `read`, and takes a panic of a reader for damage.
///
/// Damaged headers have made readers of symphonia 0.6 panic (a shift by a width from the file, for one). What they leave
/// behind is thrown away, so nothing broken is seen afterwards.
fn guarded<T>(path: &Path, read: impl FnOnce() -> Result<T, DecodeError>) -> Result<T, DecodeError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(DecodeError::Damaged { path: path.to_owned(), reason: "its header makes no sense".to_owned() })
    })
}

fn read_natively(
    path: &Path,
    wanted: WantedSound,
    begun: &mut dyn FnMut(Option<Seconds>),
    sink: &mut Sink,
) -> Result<Vec<DecodeWarning>, DecodeError> {
    let mut opened = Opened::open(path)?;
    let Chosen { track, warning } = tracks::choose(path, &sound_tracks(path, &opened)?, wanted.track)?;
    let mut decoders = opened.decoders(&[track]);
    let mut shown = Shown::new(opened.edits(track), opened.length(track));
    begun(shown.length().or(opened.length(track)));
    let promised = shown.length().or(opened.promised(track));
    let mut warnings: Vec<_> = warning.into_iter().collect();
    let (mut damaged_pieces, mut failure, mut interleaved) = (0, None, Vec::new());
    let ended_early = loop {
        match opened.next(&mut decoders, &mut interleaved) {
            Next::Sound { rate_hz, channels, at, .. } => {
                shown.cut(&mut interleaved, at, channels, rate_hz);
                if sink.push(&interleaved, channels, rate_hz)?.is_break() {
                    // Nobody wants the rest: that it is not there is no fault of the file.
                    return Ok(warnings);
                }
                if shown.is_over() {
                    break false;
                }
            }
            Next::Damaged(reason) => {
                damaged_pieces += 1;
                failure = Some(reason);
            }
            Next::Another => {
                // Recorders that can be paused chain a recording for each stretch into one file.
                let Ok(tracks) = opened.tracks() else { break true };
                decoders = opened.decoders(&[tracks[0].id]);
            }
            Next::End { early, reason } => {
                failure = reason.or(failure);
                break early;
            }
        }
    };
    if sink.finish().is_break() {
        return Ok(warnings);
    }
    let read = sink.length();
    if sink.is_empty() {
        let path = path.to_owned();
        return Err(match failure {
            Some(reason) => DecodeError::Damaged { path, reason },
            None => DecodeError::NoSound { path },
        });
    }
    // Containers round their lengths, and codecs pad: half a second is no loss.
    let promised = promised.filter(|promised| promised.0 > read.0 + 0.5);
    if ended_early || promised.is_some() {
        warnings.push(DecodeWarning::Truncated { read, promised });
    }
    if damaged_pieces > 0 {
        warnings.push(DecodeWarning::DamagedPieces(damaged_pieces));
    }
    Ok(warnings)
}

/// The tracks of sound of an open file, of which there is at least one.
fn sound_tracks(path: &Path, opened: &Opened) -> Result<Vec<native::SoundTrack>, DecodeError> {
    opened.tracks().map_err(|reason| match reason {
        Some(reason) => DecodeError::Unsupported { path: path.to_owned(), reason },
        None => DecodeError::NoSound { path: path.to_owned() },
    })
}

/// Whether ffmpeg may read what failed in this way.
fn may_be_read_by_ffmpeg(error: &DecodeError) -> bool {
    matches!(
        error,
        DecodeError::NotAudio { .. }
            | DecodeError::Unsupported { .. }
            | DecodeError::Damaged { .. }
            | DecodeError::NoIndex { .. }
    )
}

fn read_by_ffmpeg(
    error: DecodeError,
    path: &Path,
    wanted: WantedSound,
    sink: &mut Sink,
) -> Result<Vec<DecodeWarning>, DecodeError> {
    let track = wanted.track.map_or(0, |track| track.get() - 1);
    let mut refused = None;
    let mut take = |frames: &[f32], channels, rate_hz| match sink.push(frames, channels, rate_hz) {
        Ok(flow) => flow,
        Err(error) => {
            refused = Some(error);
            ControlFlow::Break(())
        }
    };
    match ffmpeg::read(ffmpeg::PROGRAM, path, track, &mut take) {
        Err(failed) => Err(with_reason(error, failed)),
        Ok(()) => match refused {
            Some(refused) => Err(refused),
            None => {
                let _ = sink.finish();
                if sink.is_empty() { Err(error) } else { Ok(vec![DecodeWarning::ByFfmpeg]) }
            }
        },
    }
}

/// The error with what ffmpeg said, where that says more.
fn with_reason(error: DecodeError, failed: FfmpegError) -> DecodeError {
    match (error, failed) {
        (DecodeError::Unsupported { path, .. }, FfmpegError::Failed(said)) if said.contains("matches no streams") => {
            DecodeError::NoSound { path }
        }
        (DecodeError::Unsupported { path, reason }, FfmpegError::Failed(said)) => {
            DecodeError::Unsupported { path, reason: format!("{reason}; ffmpeg: {said}") }
        }
        (DecodeError::Damaged { path, reason }, FfmpegError::Failed(said)) => {
            DecodeError::Damaged { path, reason: format!("{reason}; ffmpeg: {said}") }
        }
        (error, _) => error,
    }
}

#[cfg(test)]
mod tests;
