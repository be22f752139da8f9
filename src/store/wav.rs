//! The header of a WAV file, as far as bringing one back needs it.
//!
//! A writer that is killed leaves the two length fields as they were at its last flush, or
//! zero; the sound behind them is all there. Format: Microsoft RIFF, little endian, chunks of
//! a four-letter name and a four-byte length, padded to even.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::types::Seconds;

/// Where the sound stands in a WAV file, and what one frame of it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WavLayout {
    /// Frames a second.
    pub sample_rate_hz: u32,
    /// Samples in a frame.
    pub channels: u16,
    /// Bytes in a frame, at least 1.
    pub frame_bytes: u16,
    /// Position of the first frame in the file, in bytes.
    pub data_start: u64,
    /// Bytes of sound: whole frames only.
    pub data_bytes: u64,
}

impl WavLayout {
    /// How many frames of sound there are.
    pub fn frames(&self) -> u64 {
        self.data_bytes / u64::from(self.frame_bytes)
    }

    /// How long the sound lasts.
    pub fn duration(&self) -> Seconds {
        Seconds(self.frames() as f64 / f64::from(self.sample_rate_hz))
    }
}

/// Why a file is no WAV recording.
#[derive(Debug, thiserror::Error)]
pub enum WavError {
    /// Nothing was written to it.
    #[error("it is empty")]
    Empty,
    /// It begins like something else.
    #[error("it does not begin like a WAV file")]
    NotWav,
    /// It ends, or goes wrong, before the sound begins.
    #[error("its header is cut short or wrong")]
    BadHeader,
    /// The system would not read or write it.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Our own headers are 44 or 68 bytes; some writers put a page of tags before the sound.
const HEADER_LIMIT: u64 = 64 * 1024;

/// Reads the layout of a file of `file_bytes` bytes from its beginning.
///
/// All bytes after the data chunk's header count as sound, whatever length the header claims:
/// in a recording the data chunk is the last one, and the claim is what a killed writer got wrong.
pub fn wav_layout(beginning: &[u8], file_bytes: u64) -> Result<WavLayout, WavError> {
    if file_bytes == 0 {
        return Err(WavError::Empty);
    }
    if beginning.len() < 12 || &beginning[..4] != b"RIFF" || &beginning[8..12] != b"WAVE" {
        return Err(WavError::NotWav);
    }
    let mut format = None;
    let mut at = 12;
    while let Some(chunk) = beginning.get(at..at + 8) {
        let body = at + 8;
        if &chunk[..4] == b"data" {
            let (channels, sample_rate_hz, frame_bytes) = format.ok_or(WavError::BadHeader)?;
            let data_start = body as u64;
            let sound = file_bytes.saturating_sub(data_start);
            let data_bytes = sound - sound % u64::from(frame_bytes);
            return Ok(WavLayout { sample_rate_hz, channels, frame_bytes, data_start, data_bytes });
        }
        if &chunk[..4] == b"fmt " {
            format = Some(format_chunk(beginning.get(body..).unwrap_or_default())?);
        }
        let length = le_u32(&chunk[4..]) as usize;
        at = body.saturating_add(length).saturating_add(length % 2);
        if at >= beginning.len() {
            break;
        }
    }
    Err(WavError::BadHeader)
}

/// Channels, rate and bytes a frame from the body of a `fmt ` chunk.
fn format_chunk(body: &[u8]) -> Result<(u16, u32, u16), WavError> {
    let body = body.get(..16).ok_or(WavError::BadHeader)?;
    let (channels, rate, frame_bytes) = (le_u16(&body[2..]), le_u32(&body[4..]), le_u16(&body[12..]));
    if channels == 0 || rate == 0 || frame_bytes == 0 {
        return Err(WavError::BadHeader);
    }
    Ok((channels, rate, frame_bytes))
}

fn le_u16(bytes: &[u8]) -> u16 {
    u16::from_le_bytes([bytes[0], bytes[1]])
}

fn le_u32(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// Makes the lengths in a file's header tell what is really in it, and cuts off an unfinished last frame.
///
/// A file that is already right stays as it is; repairing twice changes nothing. Needs no room on the disk.
pub fn repair_wav(path: &Path) -> Result<WavLayout, WavError> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let layout = layout_of(&mut file)?;
    file.set_len(layout.data_start + layout.data_bytes)?;
    // The fields have 32 bits, 12 hours at 48 kHz; what is longer stays in the file behind them.
    let frame = u64::from(layout.frame_bytes);
    let most = (u64::from(u32::MAX) - layout.data_start) / frame * frame;
    let data = layout.data_bytes.min(most) as u32;
    let riff = layout.data_start as u32 - 8 + data;
    file.seek(SeekFrom::Start(4))?;
    file.write_all(&riff.to_le_bytes())?;
    file.seek(SeekFrom::Start(layout.data_start - 4))?;
    file.write_all(&data.to_le_bytes())?;
    file.sync_all()?;
    Ok(layout)
}

/// The layout of an open file; leaves the position anywhere.
pub fn layout_of(file: &mut File) -> Result<WavLayout, WavError> {
    let length = file.metadata()?.len();
    let mut beginning = Vec::new();
    (&*file).take(HEADER_LIMIT).read_to_end(&mut beginning)?;
    wav_layout(&beginning, length)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A recording of 16-bit mono at 16 kHz whose writer was killed before it set any length.
    pub fn killed_wav(sound_bytes: usize) -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        bytes.extend(16_000u32.to_le_bytes());
        bytes.extend(32_000u32.to_le_bytes());
        bytes.extend(b"\x02\0\x10\0data\0\0\0\0");
        bytes.extend((0..sound_bytes).map(|i| i as u8));
        bytes
    }

    fn repaired(bytes: &[u8]) -> (Vec<u8>, Result<WavLayout, WavError>) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let layout = repair_wav(file.path());
        (std::fs::read(file.path()).unwrap(), layout)
    }

    #[test]
    fn lengths_are_set_from_the_file_and_the_sound_is_untouched() {
        let (fixed, layout) = repaired(&killed_wav(32_000));
        let layout = layout.unwrap();
        assert_eq!((layout.frames(), layout.duration()), (16_000, Seconds(1.0)));
        assert_eq!(le_u32(&fixed[4..]), 32_036);
        assert_eq!(le_u32(&fixed[40..]), 32_000);
        assert_eq!(fixed[44..], killed_wav(32_000)[44..]);
    }

    #[test]
    fn half_a_frame_at_the_end_is_cut_off() {
        let (fixed, layout) = repaired(&killed_wav(1_001));
        assert_eq!(layout.unwrap().data_bytes, 1_000);
        assert_eq!(fixed.len(), 1_044);
    }

    #[test]
    fn a_recording_longer_than_a_header_can_say_is_not_cut() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), killed_wav(0)).unwrap();
        // A hole in the file: it takes no room.
        file.as_file().set_len(5 << 30).unwrap();
        let layout = repair_wav(file.path()).unwrap();
        assert_eq!((layout.data_bytes, std::fs::metadata(file.path()).unwrap().len()), ((5 << 30) - 44, 5 << 30));
        let mut header = [0; 44];
        File::open(file.path()).unwrap().read_exact(&mut header).unwrap();
        assert_eq!(le_u32(&header[40..]) % 2, 0);
        assert_eq!(le_u32(&header[4..]), le_u32(&header[40..]) + 36);
    }

    #[test]
    fn repairing_twice_changes_nothing() {
        let (once, _) = repaired(&killed_wav(999));
        assert_eq!(repaired(&once).0, once);
    }

    #[test]
    fn sound_after_the_last_flush_is_kept() {
        let mut bytes = killed_wav(64);
        bytes[4..8].copy_from_slice(&46u32.to_le_bytes());
        bytes[40..44].copy_from_slice(&10u32.to_le_bytes());
        assert_eq!(repaired(&bytes).1.unwrap().frames(), 32);
    }

    #[test]
    fn chunks_before_the_sound_are_stepped_over() {
        let mut bytes = killed_wav(8);
        bytes.splice(12..12, *b"LIST\x03\0\0\0abc\0");
        assert_eq!(repaired(&bytes).1.unwrap().frames(), 4);
    }

    #[test]
    fn what_is_no_recording_is_said_and_left_as_it_is() {
        let header = killed_wav(0);
        for (bytes, wanted) in [
            (&b""[..], "it is empty"),
            (b"OggS and more of it", "it does not begin like a WAV file"),
            (&header[..20], "its header is cut short or wrong"),
            (&header[..40], "its header is cut short or wrong"),
        ] {
            let (after, layout) = repaired(bytes);
            assert_eq!(layout.unwrap_err().to_string(), wanted);
            assert_eq!(after, bytes);
        }
        assert_eq!(repaired(&header).1.unwrap().frames(), 0);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), cut in 0usize..60) {
            let _ = wav_layout(&bytes, bytes.len() as u64);
            let mut header = killed_wav(9);
            for (at, byte) in bytes.iter().take(8).enumerate() {
                let place = (cut + at * 7) % header.len();
                header[place] = *byte;
            }
            let _ = wav_layout(&header[..cut.min(header.len())], cut as u64);
            let _ = wav_layout(&header, u64::MAX);
        }
    }
}
