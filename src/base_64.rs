//! Bytes as base64; the only file that names `base64`.

use base64::prelude::{BASE64_STANDARD, Engine};

/// The bytes in the standard alphabet, padded.
pub fn encoded(bytes: impl AsRef<[u8]>) -> String {
    BASE64_STANDARD.encode(bytes)
}
