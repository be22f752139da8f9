//! The lengths of a WAV file as they are, and not as its header says.
//!
//! A recorder that is killed leaves lengths of 0, of the last time it wrote them, or of nothing at all; one that writes
//! into a pipe never knew them. RF64 and W64 keep lengths over 4 GB elsewhere. Where the samples begin and how they look
//! is right in all of these, so that a new header can be put in front of them.

use std::fs::File;
use std::io;

use super::container::{Container, read_at};
use super::patched::PatchedFile;
use crate::types::Seconds;

/// Whether a length is a way to say "not known": what is written into a pipe, or before a recorder is killed.
fn is_not_known(bytes: u64) -> bool {
    (0x7FFF_0000..=u64::from(u32::MAX)).contains(&bytes) || bytes > 1 << 50
}

/// More than any `fmt ` chunk has.
const LONGEST_FORMAT: u64 = 4_096;

/// More chunks than any recorder writes before the samples.
const MOST_CHUNKS: usize = 10_000;

/// What was found in a WAV: its `fmt ` chunk, and where its samples are.
struct Wave {
    format: Vec<u8>,
    samples_at: u64,
    /// The length of the samples in bytes as the header says it.
    declared: u64,
}

/// The WAV in `file`, which is `length` bytes long.
pub fn open(mut file: File, length: u64) -> io::Result<Container> {
    let Some(wave) = find(&mut file, length)? else {
        return Ok(Container::plain(PatchedFile::whole(file, length)));
    };
    let there = length - wave.samples_at;
    let is_short = wave.declared < there && !chunks_follow(&mut file, wave.samples_at + wave.declared, length)?;
    let bytes = if is_short { there } else { wave.declared.min(there) };
    let is_cut = wave.declared > there && !is_not_known(wave.declared);
    let promised = is_cut.then(|| seconds(wave.declared, &wave.format)).flatten();
    let file = PatchedFile::with_head(file, header(&wave.format, bytes), wave.samples_at, bytes);
    Ok(Container { ends_early: Some(is_cut), promised, ..Container::plain(file) })
}

/// Finds the format and the samples, whatever the lengths say.
fn find(file: &mut File, length: u64) -> io::Result<Option<Wave>> {
    let start = read_at(file, 0, length.min(40) as usize)?;
    if start.starts_with(&w64_id(b"riff")) && start.ends_with(&w64_id(b"wave")) {
        find_in(file, length, 40, &Shape::W64)
    } else if start.get(8..12) == Some(b"WAVE") {
        find_in(file, length, 12, &Shape::RIFF)
    } else {
        Ok(None)
    }
}

/// How chunks are written.
struct Shape {
    id: usize,
    size: usize,
    /// Whether the size counts the head of the chunk too.
    counts_head: bool,
    /// Chunks begin at multiples of this.
    align: u64,
}

impl Shape {
    const RIFF: Shape = Shape { id: 4, size: 4, counts_head: false, align: 2 };
    const W64: Shape = Shape { id: 16, size: 8, counts_head: true, align: 8 };
}

fn find_in(file: &mut File, length: u64, from: u64, shape: &Shape) -> io::Result<Option<Wave>> {
    let head = (shape.id + shape.size) as u64;
    let (mut at, mut format, mut long_size) = (from, None, None);
    for _ in 0..MOST_CHUNKS {
        if at + head > length {
            break;
        }
        let bytes = read_at(file, at, head as usize)?;
        let mut size = bytes[shape.id..].iter().rev().fold(0u64, |size, byte| size << 8 | u64::from(*byte));
        if shape.counts_head {
            size = size.saturating_sub(head);
        }
        let data_at = at + head;
        match &bytes[..4] {
            b"data" => {
                let declared = long_size.filter(|_| size == u64::from(u32::MAX)).unwrap_or(size);
                return Ok(format.map(|format| Wave { format, samples_at: data_at, declared }));
            }
            b"fmt " if size <= LONGEST_FORMAT && data_at + size <= length => {
                format = Some(read_at(file, data_at, size as usize)?);
            }
            // The length of the samples where it may be over 4 GB; 0 where the recorder never came to write it.
            b"ds64" if size >= 16 && data_at + 16 <= length => {
                let sizes = read_at(file, data_at, 16)?;
                long_size = sizes[8..].try_into().ok().map(u64::from_le_bytes);
            }
            _ => {}
        }
        let Some(next) = data_at.checked_add(size) else { break };
        at = next.next_multiple_of(shape.align);
    }
    Ok(None)
}

/// Whether there are whole chunks from `at` to the end: then the samples end there as the header says.
///
/// Where the length is wrong there are samples, which hardly ever look like the name and the length of a chunk.
fn chunks_follow(file: &mut File, at: u64, length: u64) -> io::Result<bool> {
    let at = at.next_multiple_of(2);
    if at + 8 > length {
        // A few bytes of padding.
        return Ok(true);
    }
    let head = read_at(file, at, 8)?;
    let named = head[..4].iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ');
    let size = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
    Ok(named && at + 8 + size <= length)
}

/// A header for `bytes` bytes of samples in this format.
fn header(format: &[u8], bytes: u64) -> Vec<u8> {
    // All ones say that the samples go on to the end of the file, which is right, and all that can be said over 4 GB.
    let data = u32::try_from(bytes).unwrap_or(u32::MAX);
    let riff = u32::try_from(bytes + format.len() as u64 + 20).unwrap_or(u32::MAX);
    let (data, riff) = if riff == u32::MAX { (riff, riff) } else { (data, riff) };
    let mut header = Vec::new();
    header.extend(b"RIFF");
    header.extend(riff.to_le_bytes());
    header.extend(b"WAVEfmt ");
    header.extend((format.len() as u32).to_le_bytes());
    header.extend(format);
    header.extend(b"data");
    header.extend(data.to_le_bytes());
    header
}

/// How long so many bytes of sound are, by the bytes a second that the format says.
fn seconds(bytes: u64, format: &[u8]) -> Option<Seconds> {
    let bytes_a_second = u32::from_le_bytes(format.get(8..12)?.try_into().ok()?);
    (bytes_a_second > 0).then(|| Seconds(bytes as f64 / f64::from(bytes_a_second)))
}

/// The name that W64 gives to a chunk.
fn w64_id(name: &[u8; 4]) -> [u8; 16] {
    let mut id = *b"....\xF3\xAC\xD3\x11\x8C\xD1\x00\xC0\x4F\x8E\xDB\x8A";
    if name == b"riff" {
        id = *b"....\x2E\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\x00\x00";
    }
    id[..4].copy_from_slice(name);
    id
}
