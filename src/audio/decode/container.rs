//! What a container's header should have said, and what its reader does not tell.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use super::patched::PatchedFile;
use super::{isomp4, matroska, ogg, wave};
use crate::types::Seconds;

/// A file to be read, and what is known of it beforehand.
pub struct Container {
    /// The file, mended where that was needed.
    pub file: PatchedFile,
    /// Whether it was cut off; `None` where only reading it tells.
    pub ends_early: Option<bool>,
    /// The length that the header says, where the reader is not told it.
    pub promised: Option<Seconds>,
    /// What an editing program said of its tracks.
    pub tracks: Vec<EditedTrack>,
    /// Whether the index that says where the sound is can be there.
    pub has_index: bool,
    /// Its kind, where that is one that only other programs read.
    pub kind_for_others: Option<&'static str>,
}

/// What is shown of a track.
#[derive(Clone, Debug, PartialEq)]
pub struct EditedTrack {
    /// The track's number in the file.
    pub id: u32,
    /// Whether it is to be played where nobody chooses.
    pub is_enabled: bool,
    /// Which stretches of it are shown, in seconds; all of it where there is none.
    pub shown: Vec<Range<f64>>,
    /// How much later than the file it begins, in seconds.
    pub delay: f64,
}

impl Container {
    /// A file of which nothing is known.
    pub fn plain(file: PatchedFile) -> Container {
        Container { file, ends_early: None, promised: None, tracks: Vec::new(), has_index: true, kind_for_others: None }
    }

    /// Looks at the start of `file`, which is `length` bytes long.
    pub fn open(mut file: File, length: u64) -> io::Result<Container> {
        let mut start = [0; 12];
        let read = file.read(&mut start)?;
        match start[..read] {
            [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' '] => {
                let kind_for_others = Some("AVI");
                Ok(Container { kind_for_others, ..Container::plain(PatchedFile::whole(file, length)) })
            }
            [b'R', b'I', b'F', b'F', ..]
            | [b'R', b'F', b'6', b'4', ..]
            | [b'B', b'W', b'6', b'4', ..]
            | [b'r', b'i', b'f', b'f', ..] => wave::open(file, length),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => isomp4::open(file, length),
            [b'O', b'g', b'g', b'S', ..] => {
                let ends_early = ogg::ends_with_a_page(&mut file, length)?.then_some(false);
                Ok(Container { ends_early, ..Container::plain(PatchedFile::whole(file, length)) })
            }
            [0x1A, 0x45, 0xDF, 0xA3, ..] => matroska::open(file, length),
            _ => {
                let kind_for_others = kind_for_others(&start, &mut file, length)?;
                Ok(Container { kind_for_others, ..Container::plain(PatchedFile::whole(file, length)) })
            }
        }
    }
}

/// A kind that is not read here. Left to itself, the reader would look for an MP3 in it, and find one in noise.
fn kind_for_others(start: &[u8; 12], file: &mut File, length: u64) -> io::Result<Option<&'static str>> {
    let begins = |magic: &[u8]| start.starts_with(magic);
    let by_name = [
        (&b"#!AMR"[..], "AMR"),
        (b"FLV\x01", "FLV"),
        (b"\x30\x26\xB2\x75\x8E\x66\xCF\x11", "WMA"),
        (b"\x00\x00\x01\xBA", "MPEG"),
        (b".snd", "AU"),
        (b".RMF", "RealMedia"),
    ];
    if let Some((_, kind)) = by_name.iter().find(|(magic, _)| begins(magic)) {
        return Ok(Some(kind));
    }
    // A broadcast's packets, and those of a camera with a time before each, all begin with the same byte.
    let mut is_first_byte = |at: u64| Ok::<_, io::Error>(at < length && read_at(file, at, 1)? == [0x47]);
    for (first, packet) in [(0, 188), (4, 192)] {
        if is_first_byte(first)? && is_first_byte(first + packet)? && is_first_byte(first + 2 * packet)? {
            return Ok(Some("MPEG-TS"));
        }
    }
    Ok(None)
}

/// Whether the first bytes are those of a kind that is read, so that the file is broken rather than something else.
pub fn begins_as_a_recording(start: &[u8; 12]) -> bool {
    let begins = |magic: &[u8]| start.starts_with(magic);
    [&b"OggS"[..], b"fLaC", b"ID3", b"caff", b"\x1A\x45\xDF\xA3"].into_iter().any(begins)
        || [&b"RIFF"[..], b"RF64", b"BW64"].into_iter().any(begins) && &start[8..] == b"WAVE"
        || begins(b"riff\x2E\x91\xCF\x11")
        || begins(b"FORM") && start[8..].starts_with(b"AIF")
        || &start[4..8] == b"ftyp"
}

/// Reads `count` bytes from `at` on.
pub fn read_at(file: &mut File, at: u64, count: usize) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = vec![0; count];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}
