//! What the reader of MP4, M4A and MOV leaves out: files that were cut off, and what an editing program shows of a track.

use std::fs::File;
use std::io;
use std::ops::Range;

use super::container::{Container, EditedTrack, read_at};
use super::patched::PatchedFile;

/// More boxes in a row than any file has; a recording in pieces of a second has two for each.
const MOST_BOXES: usize = 200_000;

/// More cuts than any person makes.
const MOST_EDITS: u64 = 10_000;

/// A track may begin so much later than its file, in seconds; more is a mistake.
const LONGEST_DELAY: f64 = 600.0;

/// A box: four letters and what is in it.
struct Mp4Box {
    name: [u8; 4],
    at: u64,
    content: Range<u64>,
}

/// The file with a box of sound that fits into it, and what is shown of each track.
pub fn open(mut file: File, length: u64) -> io::Result<Container> {
    let boxes = boxes(&mut file, 0..length)?;
    let movie = boxes.iter().find(|found| &found.name == b"moov" && found.content.end <= length);
    let has_index = movie.is_some();
    let tracks = movie.map(|movie| tracks(&mut file, movie)).transpose()?.unwrap_or_default();
    let (file, ends_early) = match boxes.last() {
        // The one that reaches beyond the end is the sound and the pictures, as far as they came.
        Some(last) if &last.name == b"mdat" && last.content.end > length => {
            let head = fitting_head(last, length);
            (PatchedFile::with_bytes_at(file, last.at, head, length), Some(true))
        }
        Some(last) if last.content.end < length => (PatchedFile::whole(file, last.content.end), None),
        _ => (PatchedFile::whole(file, length), None),
    };
    Ok(Container { ends_early, tracks, has_index, ..Container::plain(file) })
}

/// The head of a box that reaches to the end of the file, as long as the one that is there.
fn fitting_head(last: &Mp4Box, length: u64) -> Vec<u8> {
    let size = length - last.at;
    match u32::try_from(size) {
        Ok(size) if last.content.start == last.at + 8 => [&size.to_be_bytes()[..], &last.name].concat(),
        _ => [&1u32.to_be_bytes()[..], &last.name, &size.to_be_bytes()].concat(),
    }
}

/// The boxes of a stretch of the file, up to the first that makes no sense; the last one may reach beyond the stretch.
fn boxes(file: &mut File, stretch: Range<u64>) -> io::Result<Vec<Mp4Box>> {
    let (mut found, mut at) = (Vec::new(), stretch.start);
    while at + 8 <= stretch.end && found.len() < MOST_BOXES {
        let head = read_at(file, at, 16.min(stretch.end - at) as usize)?;
        let (size, width) = match number(&head, 0, 4) {
            Some(0) => (Some(stretch.end - at), 8),
            Some(1) => (number(&head, 8, 8), 16),
            size => (size, 8),
        };
        let end = size.filter(|size| *size >= width).and_then(|size| at.checked_add(size));
        let Some(end) = end else { break };
        let name = [head[4], head[5], head[6], head[7]];
        found.push(Mp4Box { name, at, content: at + width..end });
        at = end;
    }
    Ok(found)
}

/// The first box of this name in another one, where it is all there.
fn inside(file: &mut File, outer: &Mp4Box, name: &[u8; 4]) -> io::Result<Option<Mp4Box>> {
    let within = |found: &Mp4Box| &found.name == name && found.content.end <= outer.content.end;
    Ok(boxes(file, outer.content.clone())?.into_iter().find(within))
}

/// The first bytes of a box's content, up to `most`.
fn content(file: &mut File, of: &Mp4Box, most: u64) -> io::Result<Vec<u8>> {
    let length = (of.content.end - of.content.start).min(most);
    read_at(file, of.content.start, length as usize)
}

fn tracks(file: &mut File, movie: &Mp4Box) -> io::Result<Vec<EditedTrack>> {
    let Some(header) = inside(file, movie, b"mvhd")? else { return Ok(Vec::new()) };
    let ticks = ticks_a_second(&content(file, &header, 32)?);
    let mut tracks = Vec::new();
    for found in boxes(file, movie.content.clone())? {
        if &found.name == b"trak" && found.content.end <= movie.content.end {
            tracks.extend(track(file, &found, ticks)?);
        }
    }
    Ok(tracks)
}

fn track(file: &mut File, track: &Mp4Box, movie_ticks: Option<f64>) -> io::Result<Option<EditedTrack>> {
    let Some(header) = inside(file, track, b"tkhd")? else { return Ok(None) };
    let header = content(file, &header, 32)?;
    let id_at = if header.first() == Some(&1) { 20 } else { 12 };
    let Some(id) = number(&header, id_at, 4).and_then(|id| u32::try_from(id).ok()) else { return Ok(None) };
    let is_enabled = header.get(3).is_some_and(|flags| flags & 1 == 1);
    let mut edited = EditedTrack { id, is_enabled, shown: Vec::new(), delay: 0.0 };
    let media = match inside(file, track, b"mdia")? {
        Some(media) => inside(file, &media, b"mdhd")?,
        None => None,
    };
    let edits = match inside(file, track, b"edts")? {
        Some(edits) => inside(file, &edits, b"elst")?,
        None => None,
    };
    if let (Some(media), Some(edits), Some(movie_ticks)) = (media, edits, movie_ticks)
        && let Some(media_ticks) = ticks_a_second(&content(file, &media, 32)?)
    {
        let list = content(file, &edits, 8 + 20 * MOST_EDITS)?;
        show(&mut edited, &list, movie_ticks, media_ticks);
    }
    Ok(Some(edited))
}

/// The `timescale` of a head of a movie or of its media.
fn ticks_a_second(header: &[u8]) -> Option<f64> {
    let at = if header.first()? == &1 { 20 } else { 12 };
    number(header, at, 4).filter(|ticks| *ticks > 0).map(|ticks| ticks as f64)
}

/// Takes over what an edit list shows; stretches are put in the order of the track, which they are hardly ever not in.
fn show(track: &mut EditedTrack, list: &[u8], movie_ticks: f64, media_ticks: f64) {
    let wide = list.first() == Some(&1);
    let (width, entry) = if wide { (8, 20) } else { (4, 12) };
    let count = number(list, 4, 4).unwrap_or(0);
    for at in (8..).step_by(entry).take(count.min(MOST_EDITS) as usize) {
        let (Some(length), Some(from)) = (number(list, at, width), number(list, at + width, width)) else { break };
        let length = length as f64 / movie_ticks;
        let is_empty = from == if wide { u64::MAX } else { u64::from(u32::MAX) };
        match is_empty {
            true if track.shown.is_empty() => track.delay += length,
            true => {}
            false => {
                let from = from as f64 / media_ticks;
                // Recorders that write in pieces do not know the length beforehand.
                let end = if length > 0.0 { from + length } else { f64::INFINITY };
                track.shown.push(from..end);
            }
        }
    }
    track.shown.sort_by(|a, b| a.start.total_cmp(&b.start));
    if track.delay > LONGEST_DELAY {
        track.delay = 0.0;
    }
}

/// A number of `width` bytes, the largest first.
fn number(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    Some(bytes.get(at..at + width)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}
