//! Reading recordings in this process; the only file that names symphonia and libopus.

use std::fs::File;
use std::io;
use std::path::Path;

use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::codecs::registry::CodecRegistry;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackFlags};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::Duration;

use super::DecodeError;
use super::container::{self, Container, EditedTrack};
use super::patched::PatchedFile;
use crate::types::Seconds;

impl MediaSource for PatchedFile {
    fn is_seekable(&self) -> bool {
        true
    }
    fn byte_len(&self) -> Option<u64> {
        Some(self.length())
    }
}

/// A recording that is open.
pub struct Opened {
    format: Box<dyn FormatReader>,
    ends_early: Option<bool>,
    promised: Option<Seconds>,
    edited: Vec<EditedTrack>,
    is_mp3: bool,
}

/// A track of sound that can be decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct SoundTrack {
    /// Its number in the file.
    pub id: u32,
    /// Whether players play it where nobody chooses.
    pub is_default: bool,
}

/// What comes out of a file next.
pub enum Next {
    /// Sound of the track of this number.
    Sound {
        /// The track.
        track: u32,
        /// Samples a second.
        rate_hz: u32,
        /// How many channels the frames have.
        channels: usize,
        /// The place of its first frame in the track.
        at: i64,
    },
    /// Sound that cannot be decoded, and why.
    Damaged(String),
    /// Another recording begins in the same file.
    Another,
    /// There is no more.
    End {
        /// Whether there should be more.
        early: bool,
        /// What the reader said, where it did not end in order.
        reason: Option<String>,
    },
}

/// The decoders of the tracks that are listened to.
#[derive(Default)]
pub struct Decoders {
    each: Vec<(u32, Box<dyn AudioDecoder>)>,
}

impl Opened {
    /// Opens `path` and finds out of which kind it is.
    pub fn open(path: &Path) -> Result<Opened, DecodeError> {
        let unreadable = |cause| DecodeError::Unreadable { path: path.to_owned(), cause };
        let metadata = std::fs::metadata(path).map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(DecodeError::NotAFile { path: path.to_owned() });
        }
        if metadata.len() == 0 {
            return Err(DecodeError::Empty { path: path.to_owned() });
        }
        let file = File::open(path).map_err(unreadable)?;
        let Container { file, ends_early, promised, tracks, has_index, kind_for_others } =
            Container::open(file, metadata.len()).map_err(unreadable)?;
        if !has_index {
            return Err(DecodeError::NoIndex { path: path.to_owned() });
        }
        if let Some(kind) = kind_for_others {
            let reason = format!("{kind} is not read here");
            return Err(DecodeError::Unsupported { path: path.to_owned(), reason });
        }
        let mut hint = Hint::new();
        if let Some(extension) = path.extension().and_then(|e| e.to_str()) {
            hint.with_extension(extension);
        }
        let stream = MediaSourceStream::new(Box::new(file), Default::default());
        let probed =
            symphonia::default::get_probe().probe(&hint, stream, FormatOptions::default(), MetadataOptions::default());
        let format = probed.map_err(|error| unopened(path, error))?;
        let is_mp3 = format.format_info().short_name.starts_with("mp");
        Ok(Opened { format, ends_early, promised, edited: tracks, is_mp3 })
    }

    /// The tracks of sound that can be decoded; where there is none, why.
    pub fn tracks(&self) -> Result<Vec<SoundTrack>, Option<String>> {
        let mut reason = None;
        let sound = |track: &&Track| track.codec_params.as_ref().is_none_or(|params| params.audio().is_some());
        let found: Vec<SoundTrack> = (self.format.tracks().iter().filter(sound))
            .filter_map(|track| match make_decoder(track) {
                Ok(_) => {
                    let is_default = match self.edited.iter().find(|edited| edited.id == track.id) {
                        Some(edited) => edited.is_enabled,
                        None => track.flags.contains(TrackFlags::DEFAULT),
                    };
                    Some(SoundTrack { id: track.id, is_default })
                }
                Err(why) => {
                    reason = Some(why);
                    None
                }
            })
            .collect();
        if found.is_empty() { Err(reason) } else { Ok(found) }
    }

    /// What is shown of a track.
    pub fn edits(&self, track: u32) -> Option<&EditedTrack> {
        self.edited.iter().find(|edited| edited.id == track)
    }

    /// The length of a track in seconds, where the file says it.
    pub fn length(&self, track: u32) -> Option<Seconds> {
        let track = self.format.tracks().iter().find(|found| found.id == track)?;
        let rate_hz = track.codec_params.as_ref()?.audio()?.sample_rate?;
        let frames = track.num_frames.filter(|frames| *frames > 0)?;
        Some(Seconds(frames as f64 / f64::from(rate_hz)))
    }

    /// How many channels a track has, where the file says it.
    pub fn channels(&self, track: u32) -> Option<usize> {
        let track = self.format.tracks().iter().find(|found| found.id == track)?;
        Some(track.codec_params.as_ref()?.audio()?.channels.as_ref()?.count())
    }

    /// The length that must be there, or else the file ends early.
    pub fn promised(&self, track: u32) -> Option<Seconds> {
        // Only the head that an encoder writes counts the pieces of an mp3; otherwise it is guessed from the first of them.
        let is_guess =
            self.is_mp3 && self.format.tracks().iter().all(|found| found.id != track || found.delay.is_none());
        if is_guess { None } else { self.promised.or_else(|| self.length(track)) }
    }

    /// Makes decoders of these tracks, without those that cannot be decoded.
    pub fn decoders(&self, tracks: &[u32]) -> Decoders {
        let wanted = self.format.tracks().iter().filter(|track| tracks.contains(&track.id));
        Decoders { each: wanted.filter_map(|track| Some((track.id, make_decoder(track).ok()?))).collect() }
    }

    /// The next sound of the tracks that are listened to, interleaved.
    pub fn next(&mut self, decoders: &mut Decoders, interleaved: &mut Vec<f32>) -> Next {
        loop {
            let mut packet = match self.format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => return Next::End { early: self.ends_early.unwrap_or(false), reason: None },
                Err(Error::ResetRequired) => return Next::Another,
                Err(error) => {
                    let is_end =
                        matches!(&error, Error::IoError(cause) if cause.kind() == io::ErrorKind::UnexpectedEof);
                    let early = self.ends_early.filter(|_| is_end).unwrap_or(true);
                    return Next::End { early, reason: Some(error.to_string()) };
                }
            };
            let Some((track, decoder)) = decoders.each.iter_mut().find(|(track, _)| *track == packet.track_id) else {
                continue;
            };
            if self.is_mp3 {
                // What is behind the length that its head says, or that was guessed, is sound all the same.
                packet.trim_end = Duration::ZERO;
            }
            let sound = match decoder.decode(&packet) {
                Ok(sound) => sound,
                Err(error) => return Next::Damaged(error.to_string()),
            };
            let (rate_hz, channels) = (sound.spec().rate(), sound.num_planes());
            if sound.frames() == 0 || channels == 0 {
                continue;
            }
            sound.copy_to_vec_interleaved(interleaved);
            let track = *track;
            let at = frame_of(&self.format.tracks().iter().find(|found| found.id == track), &packet, rate_hz);
            return Next::Sound { track, rate_hz, channels, at };
        }
    }
}

/// Which frame of its track a packet begins with.
fn frame_of(track: &Option<&Track>, packet: &Packet, rate_hz: u32) -> i64 {
    let Some(base) = track.and_then(|track| track.time_base) else { return 0 };
    let seconds = packet.pts.get() as f64 * f64::from(base.numer.get()) / f64::from(base.denom.get());
    (seconds * f64::from(rate_hz)).round() as i64
}

fn unopened(path: &Path, error: Error) -> DecodeError {
    let path_owned = || path.to_owned();
    match error {
        Error::IoError(cause) if cause.kind() != io::ErrorKind::UnexpectedEof => {
            DecodeError::Unreadable { path: path_owned(), cause }
        }
        Error::IoError(_) | Error::Unsupported(_) if !begins_as_a_recording(path) => {
            DecodeError::NotAudio { path: path_owned() }
        }
        Error::IoError(_) => DecodeError::Damaged { path: path_owned(), reason: "it ends too early".to_owned() },
        other => DecodeError::Damaged { path: path_owned(), reason: other.to_string() },
    }
}

fn begins_as_a_recording(path: &Path) -> bool {
    let mut start = [0; 12];
    let whole = File::open(path).and_then(|mut file| io::Read::read_exact(&mut file, &mut start));
    whole.is_ok() && container::begins_as_a_recording(&start)
}

fn make_decoder(track: &Track) -> Result<Box<dyn AudioDecoder>, String> {
    let params = track.codec_params.as_ref().and_then(|params| params.audio()).ok_or("its codec is not known")?;
    let mut codecs = CodecRegistry::new();
    symphonia::default::register_enabled_codecs(&mut codecs);
    codecs.register_audio_decoder::<symphonia_adapter_libopus::OpusDecoder>();
    codecs.make_audio_decoder(params, &AudioDecoderOptions::default()).map_err(|error| error.to_string())
}
