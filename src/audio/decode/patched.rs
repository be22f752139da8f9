//! A file with some of its bytes replaced, so that a reader is given what a broken header should have said.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// A file as it should be: stretches of the file itself, and bytes that stand in for others.
pub struct PatchedFile {
    file: File,
    parts: Vec<Part>,
    /// Where the next byte is read.
    at: u64,
}

/// A stretch of the patched file.
enum Part {
    /// These bytes.
    Bytes(Vec<u8>),
    /// So many bytes of the file.
    File { from: u64, length: u64 },
}

impl Part {
    fn length(&self) -> u64 {
        match self {
            Part::Bytes(bytes) => bytes.len() as u64,
            Part::File { length, .. } => *length,
        }
    }
}

impl PatchedFile {
    /// The first `length` bytes of `file`, as they are.
    pub fn whole(file: File, length: u64) -> PatchedFile {
        PatchedFile { file, parts: vec![Part::File { from: 0, length }], at: 0 }
    }

    /// `head`, and after it `length` bytes of `file` from `from` on.
    pub fn with_head(file: File, head: Vec<u8>, from: u64, length: u64) -> PatchedFile {
        PatchedFile { file, parts: vec![Part::Bytes(head), Part::File { from, length }], at: 0 }
    }

    /// The first `length` bytes of `file`, those at `from` replaced by `bytes`.
    pub fn with_bytes_at(file: File, from: u64, bytes: Vec<u8>, length: u64) -> PatchedFile {
        let after = from + bytes.len() as u64;
        let rest = Part::File { from: after, length: length.saturating_sub(after) };
        PatchedFile { file, parts: vec![Part::File { from: 0, length: from }, Part::Bytes(bytes), rest], at: 0 }
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        self.parts.iter().map(Part::length).sum()
    }
}

impl Read for PatchedFile {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut start = 0;
        for part in &self.parts {
            let inside = self.at - start;
            if inside < part.length() {
                let room = into.len().min(usize::try_from(part.length() - inside).unwrap_or(usize::MAX));
                let read = match part {
                    Part::Bytes(bytes) => {
                        into[..room].copy_from_slice(&bytes[inside as usize..][..room]);
                        room
                    }
                    Part::File { from, .. } => {
                        self.file.seek(SeekFrom::Start(from + inside))?;
                        self.file.read(&mut into[..room])?
                    }
                };
                self.at += read as u64;
                return Ok(read);
            }
            start += part.length();
        }
        Ok(0)
    }
}

impl Seek for PatchedFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.length().checked_add_signed(by),
        };
        // Behind the end there is nothing to read.
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?.min(self.length());
        Ok(self.at)
    }
}

/// A file that holds these bytes.
#[cfg(test)]
pub fn file_of(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    io::Write::write_all(&mut file, bytes).unwrap();
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_of(mut patched: PatchedFile) -> String {
        let mut text = String::new();
        patched.read_to_string(&mut text).unwrap();
        assert_eq!(text.len() as u64, patched.length());
        text
    }

    #[test]
    fn what_is_replaced_is_read_instead_of_what_is_in_the_file() {
        assert_eq!(all_of(PatchedFile::whole(file_of(b"abcdef"), 4)), "abcd");
        assert_eq!(all_of(PatchedFile::with_head(file_of(b"abcdef"), b"XYZ".to_vec(), 2, 3)), "XYZcde");
        assert_eq!(all_of(PatchedFile::with_bytes_at(file_of(b"abcdef"), 2, b"XY".to_vec(), 5)), "abXYe");
    }

    #[test]
    fn any_place_can_be_gone_to() {
        let mut patched = PatchedFile::with_bytes_at(file_of(b"abcdef"), 2, b"XY".to_vec(), 6);
        let mut from = |to| {
            patched.seek(to).unwrap();
            let mut byte = [0];
            patched.read(&mut byte).map(|read| char::from(byte[0]).to_string().repeat(read)).unwrap()
        };
        assert_eq!(from(SeekFrom::Start(3)), "Y");
        assert_eq!(from(SeekFrom::Current(0)), "e");
        assert_eq!(from(SeekFrom::End(-6)), "a");
        assert_eq!(from(SeekFrom::Start(99)), "");
    }
}
