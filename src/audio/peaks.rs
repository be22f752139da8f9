//! The shape of a recording: how far the sound swings in each of some hundred stretches of it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;

use super::{DecodeError, SPEECH_RATE_HZ, WantedSound, read_16k};
use crate::store::{WavLayout, layout_of};
use crate::types::{Peak, Seconds};

/// Frames that are read at a place of a stretch.
const BLOCK_FRAMES: u64 = 1_024;
/// Places at which a long stretch is read: 8,192 frames of each make the shape of three hours in milliseconds.
const BLOCKS: u64 = 8;

/// The peaks of the recording at `path`, of `count` stretches of equal length; none of one without sound.
///
/// Of a WAV as we record them long stretches are read here and there; anything else is decoded, `length` being about how
/// long it is.
pub fn peaks(path: &Path, length: Seconds, count: usize) -> Result<Vec<Peak>, DecodeError> {
    // What is no WAV of ours, or cannot be read like one, is left to the decoder, which says why it cannot be read.
    if let Some(peaks) = of_wav(path, count as u64).ok().flatten() {
        return Ok(peaks);
    }
    decoded(path, length, count)
}

/// The peaks of a WAV of 16 bits; `None` for another.
fn of_wav(path: &Path, count: u64) -> io::Result<Option<Vec<Peak>>> {
    let mut file = File::open(path)?;
    let Ok(layout) = layout_of(&mut file) else { return Ok(None) };
    if layout.frame_bytes != 2 * layout.channels {
        return Ok(None);
    }
    let (frames, count) = (layout.frames(), count.min(layout.frames()));
    let stretch = |at: u64| at * frames / count.max(1);
    (0..count).map(|at| peak(&mut file, &layout, stretch(at), stretch(at + 1))).collect::<io::Result<_>>().map(Some)
}

/// The peak of the frames from `from` up to `until`, or of so many of them as tell it well enough.
fn peak(file: &mut File, layout: &WavLayout, from: u64, until: u64) -> io::Result<Peak> {
    let frame = u64::from(layout.frame_bytes);
    let whole = until - from <= BLOCKS * BLOCK_FRAMES;
    let (blocks, each) = if whole { (1, until - from) } else { (BLOCKS, BLOCK_FRAMES) };
    let mut peak = Peak::default();
    let mut bytes = vec![0; (each * frame) as usize];
    for block in 0..blocks {
        let at = from + block * (until - from - each) / blocks.max(2).saturating_sub(1);
        file.seek(SeekFrom::Start(layout.data_start + at * frame))?;
        file.read_exact(&mut bytes)?;
        for sample in bytes.chunks_exact(2) {
            peak.reach(f32::from(i16::from_le_bytes([sample[0], sample[1]])) / 32_768.0);
        }
    }
    Ok(peak)
}

/// The peaks of any recording, all of it being decoded.
fn decoded(path: &Path, length: Seconds, count: usize) -> Result<Vec<Peak>, DecodeError> {
    let each = (length.to_samples(SPEECH_RATE_HZ) / count.max(1)).max(1);
    let mut peaks: Vec<Peak> = Vec::new();
    let mut heard = 0;
    read_16k(path, WantedSound::default(), &mut |_| (), &mut |samples| {
        for sample in samples {
            if heard % each == 0 && peaks.len() < count {
                peaks.push(Peak::default());
            }
            peaks.last_mut().iter_mut().for_each(|peak| peak.reach(*sample));
            heard += 1;
        }
        ControlFlow::Continue(())
    })?;
    Ok(peaks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::write_wav;

    #[test]
    fn every_stretch_has_its_lowest_and_highest_sample_at_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        let mut samples = vec![0.0; 16_000];
        (samples[3_999], samples[4_000], samples[15_999]) = (0.5, -0.25, 1.0);
        write_wav(&path, &samples, 16_000).unwrap();
        let found = peaks(&path, Seconds(1.0), 4).unwrap();
        let rounded: Vec<(f32, f32)> =
            found.iter().map(|peak| (peak.low, (peak.high * 100.0).round() / 100.0)).collect();
        assert_eq!(rounded, [(0.0, 0.5), (-0.25, 0.0), (0.0, 0.0), (0.0, 1.0)]);
    }

    #[test]
    fn a_recording_shorter_than_the_stretches_has_a_peak_a_frame_and_an_empty_one_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        write_wav(&path, &[0.5, -0.5, 0.25], 16_000).unwrap();
        assert_eq!(peaks(&path, Seconds(0.1), 100).unwrap().len(), 3);
        write_wav(&path, &[], 16_000).unwrap();
        assert_eq!(peaks(&path, Seconds(0.1), 100).unwrap(), []);
    }

    #[test]
    fn three_hours_are_read_here_and_there_and_a_loud_minute_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        write_wav(&path, &[], 16_000).unwrap();
        let frames = 3 * 3_600 * 16_000_u64;
        let mut file = File::options().write(true).open(&path).unwrap();
        // Silence is a hole in the file; the second hour begins with a loud minute.
        file.set_len(44 + 2 * frames).unwrap();
        file.seek(SeekFrom::Start(44 + 2 * frames / 3)).unwrap();
        io::Write::write_all(&mut file, &[0xff, 0x3f].repeat(60 * 16_000)).unwrap();
        let began = std::time::Instant::now();
        let found = peaks(&path, Seconds(3.0 * 3_600.0), 600).unwrap();
        let loud: Vec<usize> = (0..600).filter(|at| found[*at].high > 0.4).collect();
        assert_eq!((found.len(), loud), (600, vec![200, 201, 202, 203]), "{:?}", began.elapsed());
    }
}
