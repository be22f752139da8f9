//! JSON files of ours.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use super::atomic::write_whole;

/// Writes a file that a person can read too, whole or not at all.
pub(super) fn write_json(path: &Path, value: &impl Serialize) -> Result<(), StoreError> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("our types are plain data with text keys");
    bytes.push(b'\n');
    write_whole(path, &bytes)
}

/// Refuses a file that says it is of another kind than `known`.
pub(super) fn check_schema(path: &Path, said: &str, known: &str) -> Result<(), StoreError> {
    if said == known {
        return Ok(());
    }
    let reason = format!("it says it is {said:?}; this greenroom reads {known:?}");
    Err(StoreError::Damaged { path: path.to_owned(), reason })
}

/// Reads a file; one that is missing or says something else is [`StoreError::Damaged`].
pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, StoreError> {
    let damaged = |reason: String| StoreError::Damaged { path: path.to_owned(), reason };
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Err(damaged("it is missing".to_owned())),
        Err(cause) => return Err(StoreError::reading(path, cause)),
    };
    serde_json::from_slice(&bytes).map_err(|e| damaged(e.to_string()))
}
