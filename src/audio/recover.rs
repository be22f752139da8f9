//! Bringing back a take whose program was killed.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::types::Seconds;

/// Why a recording could not be brought back.
#[derive(Debug, thiserror::Error)]
pub enum RepairError {
    /// It cannot be read or written.
    #[error("the recording {} could not be opened for repair", path.display())]
    Io {
        /// The recording.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// It is not a recording of ours.
    #[error("{} is not a WAV file that can be repaired: {reason}", path.display())]
    NotAWav {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: &'static str,
    },
}

impl RepairError {
    /// What to do next.
    pub fn hint(&self) -> String {
        match self {
            RepairError::Io { path, .. } => format!("check that you may write to {}", path.display()),
            RepairError::NotAWav { path, .. } => {
                format!("listen to it with another program, or remove {}", path.display())
            }
        }
    }
}

/// Where the parts of a WAV file are, and what its format says.
struct Layout {
    /// Position of the data chunk's length field.
    data_length_at: u64,
    byte_rate: u32,
    frame_bytes: u32,
}

/// Sets the lengths in the header of the WAV file at `path` from the length of the file.
///
/// A program that is killed leaves lengths behind that are older than the sound (none at all where it never
/// flushed), and readers then refuse the file or lose its end. Returns how long the sound is; a file
/// that was whole already is left as it was. A last frame that is not whole is cut off.
pub fn repair_wav(path: &Path) -> Result<Seconds, RepairError> {
    let io = |cause| RepairError::Io { path: path.to_owned(), cause };
    let mut file = OpenOptions::new().read(true).write(true).open(path).map_err(io)?;
    let length = file.metadata().map_err(io)?.len();
    let layout = match read_layout(&mut file) {
        Ok(layout) => layout,
        Err(Unreadable::Io(cause)) => return Err(io(cause)),
        Err(Unreadable::NotAWav(reason)) => return Err(RepairError::NotAWav { path: path.to_owned(), reason }),
    };
    let data_at = layout.data_length_at + 4;
    let available = length.saturating_sub(data_at);
    let whole = available - available % u64::from(layout.frame_bytes);
    // The fields have 32 bits: 4 GiB, which is 12 hours at 48 kHz.
    let data_length = u32::try_from(whole).unwrap_or(u32::MAX - u32::MAX % layout.frame_bytes);
    let riff_length = u32::try_from(data_at - 8 + u64::from(data_length)).unwrap_or(u32::MAX);
    let write = |file: &mut File| {
        if whole < available {
            file.set_len(data_at + whole)?;
        }
        overwrite(file, layout.data_length_at, data_length)?;
        overwrite(file, 4, riff_length)?;
        file.sync_data()
    };
    write(&mut file).map_err(io)?;
    Ok(Seconds(whole as f64 / f64::from(layout.byte_rate)))
}

enum Unreadable {
    Io(io::Error),
    NotAWav(&'static str),
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Unreadable {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Unreadable::NotAWav("it ends before its sound begins"),
            _ => Unreadable::Io(error),
        }
    }
}

/// Walks over the chunks up to the sound.
fn read_layout(file: &mut File) -> Result<Layout, Unreadable> {
    let mut start = [0; 12];
    file.read_exact(&mut start)?;
    if &start[..4] != b"RIFF" || &start[8..] != b"WAVE" {
        return Err(Unreadable::NotAWav("it does not begin as one"));
    }
    let mut format = None;
    loop {
        let mut head = [0; 8];
        file.read_exact(&mut head)?;
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        if &head[..4] == b"data" {
            let (byte_rate, frame_bytes) = format.ok_or(Unreadable::NotAWav("its format is missing"))?;
            return Ok(Layout { data_length_at: file.stream_position()? - 4, byte_rate, frame_bytes });
        }
        let next = file.stream_position()? + u64::from(length) + u64::from(length % 2);
        if &head[..4] == b"fmt " {
            let mut fields = [0; 16];
            file.read_exact(&mut fields)?;
            let byte_rate = u32::from_le_bytes([fields[8], fields[9], fields[10], fields[11]]);
            let frame_bytes = u32::from(u16::from_le_bytes([fields[12], fields[13]]));
            if byte_rate == 0 || frame_bytes == 0 {
                return Err(Unreadable::NotAWav("its format makes no sense"));
            }
            format = Some((byte_rate, frame_bytes));
        }
        file.seek(SeekFrom::Start(next))?;
    }
}

fn overwrite(file: &mut File, at: u64, value: u32) -> io::Result<()> {
    file.seek(SeekFrom::Start(at))?;
    file.write_all(&value.to_le_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::wav::write_wav;

    /// A whole WAV of one second, and its bytes.
    fn second() -> (tempfile::TempDir, PathBuf, Vec<u8>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("take.wav");
        write_wav(&path, &vec![0.1; 16_000], 16_000).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        (dir, path, bytes)
    }

    #[test]
    fn lengths_of_nothing_become_those_of_the_sound() {
        let (_dir, path, whole) = second();
        let mut killed = whole.clone();
        killed[4..8].fill(0);
        killed[40..44].fill(0);
        std::fs::write(&path, &killed).unwrap();
        assert_eq!(repair_wav(&path).unwrap(), Seconds(1.0));
        assert_eq!(std::fs::read(&path).unwrap(), whole);
    }

    #[test]
    fn a_whole_file_stays_as_it_was() {
        let (_dir, path, whole) = second();
        assert_eq!(repair_wav(&path).unwrap(), Seconds(1.0));
        assert_eq!(std::fs::read(&path).unwrap(), whole);
    }

    #[test]
    fn half_a_sample_at_the_end_is_cut_off() {
        let (_dir, path, whole) = second();
        let mut killed = whole.clone();
        killed.push(7);
        std::fs::write(&path, &killed).unwrap();
        repair_wav(&path).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), whole);
    }

    #[test]
    fn a_header_alone_is_a_sound_of_no_length() {
        let (_dir, path, whole) = second();
        std::fs::write(&path, &whole[..44]).unwrap();
        assert_eq!(repair_wav(&path).unwrap(), Seconds(0.0));
    }

    #[test]
    fn what_is_not_a_wav_is_refused_and_left_alone() {
        let (_dir, path, whole) = second();
        for bytes in [&b""[..], b"RIFF", b"not a sound at all, only text", &whole[..40]] {
            std::fs::write(&path, bytes).unwrap();
            assert!(matches!(repair_wav(&path), Err(RepairError::NotAWav { .. })), "{bytes:?}");
            assert_eq!(std::fs::read(&path).unwrap(), bytes);
        }
        assert!(matches!(repair_wav(&path.with_extension("gone")), Err(RepairError::Io { .. })));
    }
}
