//! Writing WAV files as the sound comes in; the only file that names hound.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use crate::types::Seconds;

/// What the file of a take that is not finished ends in.
const UNFINISHED: &str = ".recording.wav";

/// Where a take is written while it goes on: `01-x.recording.wav` for `01-x.wav`.
pub fn unfinished_path(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}{UNFINISHED}"))
}

/// Where a take that was not finished belongs: `01-x.wav` for `01-x.recording.wav`.
///
/// `None` for any other name.
pub fn finished_path(unfinished: &Path) -> Option<PathBuf> {
    let name = unfinished.file_name()?.to_str()?.strip_suffix(UNFINISHED)?;
    Some(unfinished.with_file_name(format!("{name}.wav")))
}

/// A take on its way to disk: mono, 16 bits, written under a name of its own until it is whole.
pub struct WavRecording {
    writer: Option<hound::WavWriter<Box<dyn WriteSeek>>>,
    /// The same file again, for forcing it to disk.
    file: Option<File>,
    unfinished: PathBuf,
    path: PathBuf,
    rate_hz: u32,
    samples: u64,
}

/// What a WAV is written to.
trait WriteSeek: Write + Seek + Send {}
impl<T: Write + Seek + Send> WriteSeek for T {}

impl WavRecording {
    /// Begins the file that will be `path` when it is whole. Nothing that exists is overwritten.
    pub fn create(path: &Path, rate_hz: u32) -> io::Result<WavRecording> {
        if path.exists() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let unfinished = unfinished_path(path);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // A voice is nobody else's business, from the first moment on.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&unfinished)?;
        let begun = WavRecording::begin(file, unfinished.clone(), path, rate_hz);
        if begun.is_err() {
            // An empty file would be in the way of the next attempt.
            let _ = std::fs::remove_file(&unfinished);
        }
        begun
    }

    /// Writes the header.
    fn begin(file: File, unfinished: PathBuf, path: &Path, rate_hz: u32) -> io::Result<WavRecording> {
        let for_sync = file.try_clone()?;
        let buffered: Box<dyn WriteSeek> = Box::new(BufWriter::new(file));
        let mut recording = WavRecording {
            writer: Some(hound::WavWriter::new(buffered, spec(rate_hz)).map_err(to_io)?),
            file: Some(for_sync),
            unfinished,
            path: path.to_owned(),
            rate_hz,
            samples: 0,
        };
        recording.flush()?;
        Ok(recording)
    }

    /// Adds samples, -1 to 1; what is louder is clipped.
    pub fn write(&mut self, samples: &[f32]) -> io::Result<()> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        for &sample in samples {
            writer.write_sample(to_16_bit(sample)).map_err(to_io)?;
            self.samples += 1;
        }
        Ok(())
    }

    /// Makes the file whole as far as it goes, also for a power cut: the lengths in the header are right after it.
    pub fn flush(&mut self) -> io::Result<()> {
        if let Some(writer) = &mut self.writer {
            writer.flush().map_err(to_io)?;
        }
        self.file.as_ref().map_or(Ok(()), File::sync_data)
    }

    /// How much sound was added.
    pub fn duration(&self) -> Seconds {
        Seconds::of_samples(self.samples as usize, self.rate_hz)
    }

    /// Ends the file and gives it its name, which is returned.
    ///
    /// On an error the sound that is on disk stays there, with a header mended as far as possible;
    /// the returned path says where.
    pub fn finish(mut self) -> Result<PathBuf, (io::Error, PathBuf)> {
        let ended = self.flush().and_then(|()| match self.writer.take() {
            Some(writer) => writer.finalize().map_err(to_io),
            None => Ok(()),
        });
        drop(self.writer.take());
        if let Err(error) = ended {
            // What hound could not write is lost; the header must still say what is there.
            let _ = crate::store::repair_wav(&self.unfinished);
            return match std::fs::rename(&self.unfinished, &self.path) {
                Ok(()) => Err((error, self.path)),
                Err(_) => Err((error, self.unfinished)),
            };
        }
        match std::fs::rename(&self.unfinished, &self.path) {
            Ok(()) => Ok(self.path),
            Err(error) => Err((error, self.unfinished)),
        }
    }

    /// Throws the sound away.
    pub fn discard(mut self) -> io::Result<()> {
        drop(self.writer.take());
        std::fs::remove_file(&self.unfinished)
    }
}

/// Writes a whole mono sound as a WAV of 16 bits, over whatever is there.
pub fn write_wav(path: &Path, samples: &[f32], rate_hz: u32) -> io::Result<()> {
    write_samples(BufWriter::new(File::create(path)?), samples, rate_hz)
}

/// A whole mono sound as a WAV file of 16 bits.
pub fn wav_bytes(samples: &[f32], rate_hz: u32) -> io::Result<Vec<u8>> {
    let mut bytes = io::Cursor::new(Vec::with_capacity(2 * samples.len() + 64));
    write_samples(&mut bytes, samples, rate_hz)?;
    Ok(bytes.into_inner())
}

fn write_samples(to: impl Write + Seek, samples: &[f32], rate_hz: u32) -> io::Result<()> {
    let mut writer = hound::WavWriter::new(to, spec(rate_hz)).map_err(to_io)?;
    for &sample in samples {
        writer.write_sample(to_16_bit(sample)).map_err(to_io)?;
    }
    writer.finalize().map_err(to_io)
}

fn spec(rate_hz: u32) -> hound::WavSpec {
    hound::WavSpec { channels: 1, sample_rate: rate_hz, bits_per_sample: 16, sample_format: hound::SampleFormat::Int }
}

/// The nearest 16-bit value; a device's own 16 bits come back unchanged.
fn to_16_bit(sample: f32) -> i16 {
    // `as` saturates, and turns NaN into silence.
    (sample * 32_768.0).round() as i16
}

fn to_io(error: hound::Error) -> io::Error {
    match error {
        hound::Error::IoError(error) => error,
        other => io::Error::other(other),
    }
}

/// The samples of a file as they stand in it: reading one like any recording takes a constant offset out.
#[cfg(test)]
pub(super) fn samples_of(path: &Path) -> Vec<f32> {
    let samples = hound::WavReader::open(path).unwrap().into_samples::<i16>();
    samples.map(|sample| f32::from(sample.unwrap()) / 32_768.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file on a disk with room for a little.
    struct SmallDisk {
        file: File,
        room: u64,
    }

    impl Write for SmallDisk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.file.stream_position()? + bytes.len() as u64 > self.room {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.file.write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            self.file.flush()
        }
    }

    impl Seek for SmallDisk {
        fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
            self.file.seek(to)
        }
    }

    #[test]
    fn names_of_unfinished_takes_lead_back_to_their_own() {
        let path = Path::new("/s/01-a.b.wav");
        assert_eq!(unfinished_path(path), Path::new("/s/01-a.b.recording.wav"));
        assert_eq!(finished_path(&unfinished_path(path)).as_deref(), Some(path));
        assert_eq!(finished_path(path), None);
    }

    #[test]
    fn a_finished_take_holds_every_sample_under_its_own_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("take.wav");
        let mut recording = WavRecording::create(&path, 48_000).unwrap();
        recording.write(&[0.0, 0.5, -0.5, 2.0, -2.0, f32::NAN]).unwrap();
        assert_eq!(recording.finish().unwrap(), path);
        let read: Vec<i16> = hound::WavReader::open(&path).unwrap().into_samples().map(Result::unwrap).collect();
        assert_eq!(read, [0, 16_384, -16_384, 32_767, -32_768, 0]);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn every_16_bit_value_comes_back_unchanged() {
        for value in i16::MIN..=i16::MAX {
            assert_eq!(to_16_bit(f32::from(value) / 32_768.0), value);
        }
    }

    #[test]
    fn the_file_is_readable_after_each_flush_without_an_end() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("take.wav");
        let mut recording = WavRecording::create(&path, 16_000).unwrap();
        recording.write(&vec![0.25; 8_000]).unwrap();
        recording.flush().unwrap();
        assert_eq!(hound::WavReader::open(unfinished_path(&path)).unwrap().len(), 8_000);
    }

    #[test]
    fn neither_a_take_nor_an_unfinished_one_is_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("take.wav");
        std::fs::write(unfinished_path(&path), "precious").unwrap();
        assert_eq!(WavRecording::create(&path, 16_000).err().unwrap().kind(), io::ErrorKind::AlreadyExists);
        std::fs::rename(unfinished_path(&path), &path).unwrap();
        assert_eq!(WavRecording::create(&path, 16_000).err().unwrap().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).unwrap(), b"precious");
    }

    #[test]
    fn a_full_disk_is_reported_and_the_sound_before_it_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("take.wav");
        let file = File::create(unfinished_path(&path)).unwrap();
        let full: Box<dyn WriteSeek> = Box::new(SmallDisk { file, room: 1_044 });
        let mut recording = WavRecording {
            writer: Some(hound::WavWriter::new(full, spec(16_000)).unwrap()),
            file: None,
            unfinished: unfinished_path(&path),
            path: path.clone(),
            rate_hz: 16_000,
            samples: 0,
        };
        assert_eq!(recording.write(&[0.1; 1_000]).unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert_eq!(recording.duration(), Seconds::of_samples(500, 16_000));
        let _ = recording.finish();
        assert_eq!(hound::WavReader::open(&path).unwrap().len(), 500);
    }
}
