//! Reading recordings of any usual kind; the only file that names symphonia and libopus.

use std::fs::File;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::codecs::registry::CodecRegistry;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

use super::SPEECH_RATE_HZ;
use super::resample::{RATES_HZ, StreamResampler};
use crate::types::Seconds;

/// A recording, decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// Mono (all channels averaged), -1 to 1, finite, at `rate_hz`.
    pub samples: Vec<f32>,
    /// Samples a second of `samples`.
    pub rate_hz: u32,
    /// Samples a second in the file.
    pub file_rate_hz: u32,
    /// Channels in the file.
    pub channels: usize,
    /// What was wrong with the file, where something was; the sound is usable all the same.
    pub warnings: Vec<DecodeWarning>,
}

impl Decoded {
    /// How long it is.
    pub fn duration(&self) -> Seconds {
        Seconds::of_samples(self.samples.len(), self.rate_hz)
    }
}

/// Something wrong with a recording that still gave sound. Its `Display` is for people.
#[derive(Clone, Debug, PartialEq)]
pub enum DecodeWarning {
    /// The file ends early: this much of it was there.
    Truncated {
        /// The length of what was read.
        read: Seconds,
        /// The length that the file promises, where it does.
        promised: Option<Seconds>,
    },
    /// Pieces that could not be decoded were left out.
    DamagedPieces(usize),
    /// Samples that were no number (NaN or infinite) were made silent.
    NotNumbers(usize),
}

impl std::fmt::Display for DecodeWarning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DecodeWarning::Truncated { read, promised: Some(promised) } => {
                write!(f, "the file ends early: {:.1} s of {:.1} s are there", read.0, promised.0)
            }
            DecodeWarning::Truncated { read, promised: None } => {
                write!(f, "the file ends early: the first {:.1} s are there", read.0)
            }
            DecodeWarning::DamagedPieces(count) => write!(f, "{count} damaged pieces were left out"),
            DecodeWarning::NotNumbers(count) => write!(f, "{count} samples were no number and were made silent"),
        }
    }
}

/// Why a recording gave no sound.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// It cannot be read.
    #[error("{} could not be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// It is a folder, a pipe or a device.
    #[error("{} is not a file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// It has no bytes.
    #[error("{} is empty", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// It is no recording, or of a kind that is not known.
    #[error("{} is not a recording of a known kind", path.display())]
    NotAudio {
        /// The file.
        path: PathBuf,
    },
    /// It is a recording that cannot be decoded here.
    #[error("{} cannot be decoded: {reason}", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What is not supported.
        reason: String,
    },
    /// It is a recording of a known kind, and broken.
    #[error("{} is damaged: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// It is whole, and there is no sound in it.
    #[error("there is no sound in {}", path.display())]
    NoSound {
        /// The file.
        path: PathBuf,
    },
}

impl DecodeError {
    /// What to do next.
    pub fn hint(&self) -> String {
        match self {
            DecodeError::Unreadable { path, .. } => format!("check the name and the rights: ls -l {}", path.display()),
            DecodeError::NotAFile { path } => {
                format!("name a recording, or the folder to `greenroom transcribe {}`", path.display())
            }
            DecodeError::Empty { .. } | DecodeError::NoSound { .. } => "record it again".to_owned(),
            DecodeError::NotAudio { path } | DecodeError::Unsupported { path, .. } => {
                format!(
                    "wav, mp3, m4a, ogg, opus, flac, webm, aiff and caf are read; \
                     convert it first: ffmpeg -i {} answer.wav",
                    path.display()
                )
            }
            DecodeError::Damaged { path, .. } => {
                format!("see whether another program can save it: ffmpeg -i {} answer.wav", path.display())
            }
        }
    }
}

/// Decodes the recording at `path` at its own rate.
pub fn decode(path: &Path) -> Result<Decoded, DecodeError> {
    let mut samples = Vec::new();
    let read = read(path, &mut |_| (), &mut |piece, _| {
        samples.extend_from_slice(piece);
        ControlFlow::Continue(())
    })?;
    Ok(read.decoded(samples, read.rate_hz))
}

/// Decodes the recording at `path` at the rate of [`SPEECH_RATE_HZ`], which takes a third of the memory.
pub fn decode_16k(path: &Path) -> Result<Decoded, DecodeError> {
    let mut samples = Vec::new();
    let read = read_16k(path, &mut |_| (), &mut |piece| {
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
    begun: &mut dyn FnMut(Option<Seconds>),
    take: &mut dyn FnMut(&[f32]) -> ControlFlow<()>,
) -> Result<Decoded, DecodeError> {
    let mut resampler: Option<StreamResampler> = None;
    let mut piece_16k = Vec::new();
    let read = read(path, begun, &mut |piece, rate_hz| {
        let resampler = resampler.get_or_insert_with(|| {
            StreamResampler::new(rate_hz, SPEECH_RATE_HZ).expect("the reader refuses unusable rates")
        });
        piece_16k.clear();
        resampler.push(piece, &mut piece_16k);
        take(&piece_16k)
    })?;
    if let Some(resampler) = &mut resampler {
        piece_16k.clear();
        resampler.finish(&mut piece_16k);
        let _ = take(&piece_16k);
    }
    Ok(read.decoded(Vec::new(), SPEECH_RATE_HZ))
}

/// The length that the recording at `path` promises, where it does; fails where it is none that can be read.
pub fn promised_length(path: &Path) -> Result<Option<Seconds>, DecodeError> {
    let format = open(path)?;
    let track = format.default_track(TrackType::Audio);
    track.map(length_of).ok_or_else(|| DecodeError::NoSound { path: path.to_owned() })
}

/// What was learned about a file by reading all of it.
struct Read {
    rate_hz: u32,
    channels: usize,
    frames: usize,
    promised: Option<Seconds>,
    ended_early: bool,
    damaged_pieces: usize,
    not_numbers: usize,
}

impl Read {
    fn decoded(&self, samples: Vec<f32>, rate_hz: u32) -> Decoded {
        let read = Seconds::of_samples(self.frames, self.rate_hz);
        // Containers round their lengths, and codecs pad: half a second is no loss.
        let promised = self.promised.filter(|promised| promised.0 > read.0 + 0.5);
        let mut warnings = Vec::new();
        if self.ended_early || promised.is_some() {
            warnings.push(DecodeWarning::Truncated { read, promised });
        }
        if self.damaged_pieces > 0 {
            warnings.push(DecodeWarning::DamagedPieces(self.damaged_pieces));
        }
        if self.not_numbers > 0 {
            warnings.push(DecodeWarning::NotNumbers(self.not_numbers));
        }
        Decoded { samples, rate_hz, file_rate_hz: self.rate_hz, channels: self.channels, warnings }
    }
}

/// Takes mono samples and their rate, which stays the same.
type TakePiece<'a> = dyn FnMut(&[f32], u32) -> ControlFlow<()> + 'a;

/// Decodes `path` and hands it on piece by piece, until `take` breaks off.
fn read(path: &Path, begun: &mut dyn FnMut(Option<Seconds>), take: &mut TakePiece) -> Result<Read, DecodeError> {
    // Damaged headers have made readers of symphonia 0.6 panic (a shift by a width from the file, for one). What they
    // leave behind is thrown away, so nothing broken is seen afterwards.
    let reading = std::panic::AssertUnwindSafe(|| read_or_panic(path, begun, take));
    std::panic::catch_unwind(reading).unwrap_or_else(|_| {
        Err(DecodeError::Damaged { path: path.to_owned(), reason: "its header makes no sense".to_owned() })
    })
}

fn read_or_panic(
    path: &Path,
    begun: &mut dyn FnMut(Option<Seconds>),
    take: &mut TakePiece,
) -> Result<Read, DecodeError> {
    let mut format = open(path)?;
    let path = || path.to_owned();
    let track = format.default_track(TrackType::Audio).ok_or_else(|| DecodeError::NoSound { path: path() })?;
    let (track_id, promised) = (track.id, length_of(track));
    let mut decoder = make_decoder(track).map_err(|reason| DecodeError::Unsupported { path: path(), reason })?;
    begun(promised);
    let mut read =
        Read { rate_hz: 0, channels: 0, frames: 0, promised, ended_early: false, damaged_pieces: 0, not_numbers: 0 };
    let (mut interleaved, mut mono) = (Vec::<f32>::new(), Vec::new());
    let mut failure = None;
    loop {
        let packet = match format.next_packet() {
            Ok(Some(packet)) if packet.track_id == track_id => packet,
            Ok(Some(_)) => continue,
            Ok(None) => break,
            Err(error) => {
                read.ended_early = true;
                failure = Some(error.to_string());
                break;
            }
        };
        let sound = match decoder.decode(&packet) {
            Ok(sound) => sound,
            Err(error) => {
                read.damaged_pieces += 1;
                failure = Some(error.to_string());
                continue;
            }
        };
        let (rate_hz, channels) = (sound.spec().rate(), sound.num_planes());
        if sound.frames() == 0 || channels == 0 {
            continue;
        }
        if read.frames == 0 {
            if !RATES_HZ.contains(&rate_hz) {
                let reason = format!("a sample rate of {rate_hz} Hz is not usable");
                return Err(DecodeError::Unsupported { path: path(), reason });
            }
            (read.rate_hz, read.channels) = (rate_hz, channels);
        } else if rate_hz != read.rate_hz {
            // Another sound is chained on; what follows is not the recording that began.
            read.ended_early = true;
            break;
        }
        sound.copy_to_vec_interleaved(&mut interleaved);
        read.not_numbers += to_mono(&interleaved, channels, &mut mono);
        read.frames += mono.len();
        if take(&mono, rate_hz).is_break() {
            // Nobody wants the rest: that it is not there is no fault of the file.
            read.promised = None;
            break;
        }
    }
    match (read.frames, failure) {
        (0, Some(reason)) => Err(DecodeError::Damaged { path: path(), reason }),
        (0, None) => Err(DecodeError::NoSound { path: path() }),
        _ => Ok(read),
    }
}

/// Opens `path` and finds out of which kind it is.
fn open(path: &Path) -> Result<Box<dyn FormatReader>, DecodeError> {
    let unreadable = |cause| DecodeError::Unreadable { path: path.to_owned(), cause };
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(DecodeError::NotAFile { path: path.to_owned() });
    }
    if metadata.len() == 0 {
        return Err(DecodeError::Empty { path: path.to_owned() });
    }
    let file = File::open(path).map_err(unreadable)?;
    let mut hint = Hint::new();
    if let Some(extension) = path.extension().and_then(|e| e.to_str()) {
        hint.with_extension(extension);
    }
    let stream = MediaSourceStream::new(Box::new(file), Default::default());
    symphonia::default::get_probe().probe(&hint, stream, FormatOptions::default(), MetadataOptions::default()).map_err(
        |error| match error {
            Error::IoError(cause) if cause.kind() != io::ErrorKind::UnexpectedEof => unreadable(cause),
            Error::IoError(_) | Error::Unsupported(_) if !begins_as_a_recording(path) => {
                DecodeError::NotAudio { path: path.to_owned() }
            }
            Error::IoError(_) | Error::Unsupported(_) => {
                DecodeError::Damaged { path: path.to_owned(), reason: "it ends too early".to_owned() }
            }
            other => DecodeError::Damaged { path: path.to_owned(), reason: other.to_string() },
        },
    )
}

/// Whether the first bytes are those of a kind that is read, so that the file is broken rather than something else.
fn begins_as_a_recording(path: &Path) -> bool {
    let mut start = [0; 12];
    let whole = File::open(path).and_then(|mut file| io::Read::read_exact(&mut file, &mut start));
    let begins = |magic: &[u8]| start.starts_with(magic);
    whole.is_ok()
        && ([&b"OggS"[..], b"fLaC", b"ID3", b"caff", b"\x1A\x45\xDF\xA3"].into_iter().any(begins)
            || begins(b"RIFF") && &start[8..] == b"WAVE"
            || begins(b"FORM") && start[8..].starts_with(b"AIF")
            || &start[4..8] == b"ftyp")
}

fn length_of(track: &Track) -> Option<Seconds> {
    let rate_hz = track.codec_params.as_ref()?.audio()?.sample_rate?;
    Some(Seconds(track.num_frames? as f64 / f64::from(rate_hz)))
}

fn make_decoder(track: &Track) -> Result<Box<dyn AudioDecoder>, String> {
    let params = track.codec_params.as_ref().and_then(|p| p.audio()).ok_or("its codec is not known")?;
    let mut codecs = CodecRegistry::new();
    symphonia::default::register_enabled_codecs(&mut codecs);
    codecs.register_audio_decoder::<symphonia_adapter_libopus::OpusDecoder>();
    codecs.make_audio_decoder(params, &AudioDecoderOptions::default()).map_err(|error| error.to_string())
}

/// Averages the channels into `mono`, -1 to 1; returns how many samples were no number.
fn to_mono(interleaved: &[f32], channels: usize, mono: &mut Vec<f32>) -> usize {
    let mut not_numbers = 0;
    mono.clear();
    mono.extend(interleaved.chunks_exact(channels).map(|frame| {
        let sum: f32 = frame
            .iter()
            .map(|&sample| {
                not_numbers += usize::from(!sample.is_finite());
                if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 }
            })
            .sum();
        sum / channels as f32
    }));
    not_numbers
}
