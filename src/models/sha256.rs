//! SHA-256 of files and streams, in lower-case hex.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

/// How much is read at a time.
const BLOCK_BYTES: usize = 1 << 18;

/// A SHA-256 that grows with what it is given.
#[derive(Clone, Debug, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Adds bytes to what is hashed.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of everything given, 64 lower-case hex digits.
    pub fn finish(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The digest of bytes, as it is.
pub fn of_bytes(bytes: impl AsRef<[u8]>) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The digest of a file, read in blocks.
///
/// # Errors
/// When the file cannot be opened or read.
pub fn of_file(path: &Path) -> io::Result<String> {
    of_reader(&mut File::open(path)?)
}

/// The digest of everything `reader` has left, read in blocks.
///
/// # Errors
/// When reading fails.
pub fn of_reader(reader: &mut impl Read) -> io::Result<String> {
    let mut hasher = Hasher::default();
    hash_rest(reader, &mut hasher)?;
    Ok(hasher.finish())
}

/// Adds everything `reader` has left to `hasher`.
///
/// # Errors
/// When reading fails.
pub fn hash_rest(reader: &mut impl Read, hasher: &mut Hasher) -> io::Result<()> {
    hash_rest_unless(reader, hasher, || false).map(|_| ())
}

/// As [`hash_rest`], asking `stops` before every block whether to go on; returns whether it came to the end.
///
/// # Errors
/// When reading fails.
pub fn hash_rest_unless(reader: &mut impl Read, hasher: &mut Hasher, stops: impl Fn() -> bool) -> io::Result<bool> {
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        match reader.read(&mut block) {
            Ok(0) => return Ok(true),
            Ok(_) if stops() => return Ok(false),
            Ok(count) => hasher.update(&block[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_published_examples() {
        // FIPS 180-2, appendix B.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(of_reader(&mut &b"abc"[..]).expect("memory can be read"), abc);
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(of_reader(&mut &b""[..]).expect("memory can be read"), nothing);
    }
}
