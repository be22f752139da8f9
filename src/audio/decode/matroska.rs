//! Whether a Matroska or WebM file is all there.

use std::fs::File;
use std::io;

use super::container::{Container, EditedTrack, read_at};
use super::patched::PatchedFile;

/// The name of the element that holds everything after the header.
const SEGMENT: [u8; 4] = [0x18, 0x53, 0x80, 0x67];

/// The name of the element that says where others are; the first one in the segment where there is one.
const SEEK_HEAD: [u8; 4] = [0x11, 0x4D, 0x9B, 0x74];

/// The name of the element that lists the tracks, and that of each of them.
const TRACKS: [u8; 4] = [0x16, 0x54, 0xAE, 0x6B];
const TRACK: [u8; 1] = [0xAE];

/// Of a track: its number, and whether it is played where nobody chooses.
const NUMBER: [u8; 1] = [0xD7];
const DEFAULT: [u8; 1] = [0x88];

/// The tracks are listed in the first so many bytes.
const HEAD: u64 = 1 << 16;

/// The name of an element with nothing in it.
const VOID: u8 = 0xEC;

/// The file, and where it was cut off without what its reader does not forgive: an end behind the end of the file.
///
/// A browser and a program that streams say no end, and then the end of the file is the end.
pub fn open(mut file: File, length: u64) -> io::Result<Container> {
    let head = read_at(&mut file, 0, length.min(HEAD) as usize)?;
    let Some((from, size, width)) = segment(&head) else {
        return Ok(Container::plain(PatchedFile::whole(file, length)));
    };
    let ends_early = size.is_some_and(|size| (from as u64).saturating_add(size) > length);
    let file = if ends_early {
        let mut patch = not_known(width);
        patch.extend(head.get(from..).and_then(void_for).unwrap_or_default());
        PatchedFile::with_bytes_at(file, (from - width) as u64, patch, length)
    } else {
        PatchedFile::whole(file, length)
    };
    let tracks = head.get(from..).map(tracks).unwrap_or_default();
    Ok(Container { ends_early: Some(ends_early), tracks, ..Container::plain(file) })
}

/// Which tracks are played where nobody chooses. All are of which nothing is said, which the reader takes for the opposite.
fn tracks(segment: &[u8]) -> Vec<EditedTrack> {
    let list = elements(segment).find(|(name, _)| *name == TRACKS).map(|(_, list)| list).unwrap_or_default();
    let track = |(_, track): (&[u8], &[u8])| {
        let value =
            |wanted: [u8; 1]| elements(track).find(|(name, _)| *name == wanted).and_then(|(_, value)| unsigned(value));
        let id = u32::try_from(value(NUMBER)?).ok()?;
        Some(EditedTrack { id, is_enabled: value(DEFAULT) != Some(0), shown: Vec::new(), delay: 0.0 })
    };
    elements(list).filter(|(name, _)| *name == TRACK).filter_map(track).collect()
}

/// The names and contents of elements in a row, as far as they are there.
fn elements(mut bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        let width = bytes.first()?.leading_zeros() as usize + 1;
        let name = bytes.get(..width)?;
        let (size, size_width) = number(&bytes[width..])?;
        let after = &bytes[width + size_width..];
        let content = after.get(..usize::try_from(size?).ok()?)?;
        bytes = &after[content.len()..];
        Some((name, content))
    })
}

fn unsigned(bytes: &[u8]) -> Option<u64> {
    (bytes.len() <= 8).then(|| bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

/// A size that says nothing.
fn not_known(width: usize) -> Vec<u8> {
    let all_ones = u64::MAX >> (64 - 7 * width) | 1 << (7 * width);
    all_ones.to_be_bytes()[8 - width..].to_vec()
}

/// The head of an empty element in place of that of the element that says where others are.
fn void_for(element: &[u8]) -> Option<Vec<u8>> {
    let (size, width) = number(element.strip_prefix(&SEEK_HEAD)?)?;
    // As long as the head that it replaces: the shorter name leaves its room to the size.
    let wide = (width + SEEK_HEAD.len() - 1).min(8);
    let rest = size? + (width + SEEK_HEAD.len() - 1 - wide) as u64;
    let marked = rest | 1 << (7 * wide);
    Some([&[VOID], &marked.to_be_bytes()[8 - wide..]].concat())
}

/// Where the segment's content begins, its size where that is said, and how wide the size is written.
fn segment(head: &[u8]) -> Option<(usize, Option<u64>, usize)> {
    let (header_size, after) = number(head.get(4..)?)?;
    let segment = usize::try_from(header_size?).ok()?.checked_add(4 + after)?;
    let rest = head.get(segment..)?.strip_prefix(&SEGMENT)?;
    let (size, width) = number(rest)?;
    Some((segment + SEGMENT.len() + width, size, width))
}

/// A number of variable width with its width; all ones are no number.
fn number(bytes: &[u8]) -> Option<(Option<u64>, usize)> {
    let width = bytes.first()?.leading_zeros() as usize + 1;
    let all = bytes.get(..width)?;
    let ones = (1u64 << (7 * width.min(8))) - 1;
    let value = all.iter().fold(0u64, |value, byte| value << 8 | u64::from(*byte)) & ones;
    (width <= 8).then_some(((value != ones).then_some(value), width))
}

#[cfg(test)]
mod tests {
    use super::super::patched::file_of;
    use super::*;

    fn ends(segment_size: &[u8], content: usize) -> Option<bool> {
        let mut bytes = vec![0x1A, 0x45, 0xDF, 0xA3, 0x82, 0, 0];
        bytes.extend(SEGMENT);
        bytes.extend(segment_size);
        bytes.extend(vec![0; content]);
        open(file_of(&bytes), bytes.len() as u64).unwrap().ends_early
    }

    #[test]
    fn what_points_behind_the_end_of_a_cut_file_is_not_read() {
        let seek_head = [&SEEK_HEAD[..], &[0x83, 1, 2, 3]].concat();
        let bytes = [&[0x1A, 0x45, 0xDF, 0xA3, 0x80][..], &SEGMENT, &[0xA0], &seek_head].concat();
        let mut read = Vec::new();
        io::Read::read_to_end(&mut open(file_of(&bytes), bytes.len() as u64).unwrap().file, &mut read).unwrap();
        assert_eq!(read[..9], bytes[..9]);
        assert_eq!(read[9..], [0xFF, VOID, 0x10, 0, 0, 3, 1, 2, 3]);
    }

    #[test]
    fn a_track_is_a_default_one_unless_it_says_that_it_is_none() {
        let track = |content: &[u8]| [&TRACK[..], &[0x80 | content.len() as u8], content].concat();
        let list =
            [track(&[0xD7, 0x81, 1, 0x88, 0x81, 0]), track(&[0xD7, 0x81, 2]), track(&[0x88, 0x81, 1, 0xD7, 0x81, 3])];
        let list = [&[0xEC, 0x81, 7][..], &TRACKS, &[0x80 | list.concat().len() as u8], &list.concat()].concat();
        let found: Vec<_> = tracks(&list).iter().map(|track| (track.id, track.is_enabled)).collect();
        assert_eq!(found, [(1, false), (2, true), (3, true)]);
        assert_eq!(tracks(&list[..list.len() - 1]), []);
    }

    #[test]
    fn only_a_file_that_says_its_end_can_end_before_it() {
        assert_eq!(ends(&[0x85], 5), Some(false));
        assert_eq!(ends(&[0x85], 4), Some(true));
        assert_eq!(ends(&[0x40, 0x05], 4), Some(true));
        assert_eq!(ends(&[0xFF], 4), Some(false));
        assert_eq!(ends(&[0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], 4), Some(false));
        assert_eq!(ends(&[], 0), None);
    }
}
