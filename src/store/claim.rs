//! One microphone hears one answer: the program that records in a home claims it, and another one is told which session it is.
//!
//! A session's own lock does not say so: whoever finishes an old take holds that, too.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use super::atomic::make_private_folder;
use super::{Home, StoreError};

/// The claim to record in a home; it ends when this is dropped, or the program is.
#[derive(Debug)]
pub struct RecordingClaim {
    path: PathBuf,
    file: File,
}

impl RecordingClaim {
    /// Claims the home.
    ///
    /// # Errors
    /// [`StoreError::Recording`] while another program records in it.
    pub fn of(home: &Home) -> Result<RecordingClaim, StoreError> {
        let sessions = home.sessions();
        make_private_folder(&sessions).map_err(|cause| StoreError::writing(&sessions, cause))?;
        let path = sessions.join(".recording");
        let failed = |cause| StoreError::writing(&path, cause);
        let options = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = options.map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(RecordingClaim { path, file }),
            Err(TryLockError::WouldBlock) => {
                let mut session = String::new();
                // Which one it is matters less than that there is one.
                let _ = file.read_to_string(&mut session);
                Err(StoreError::Recording { session })
            }
            Err(TryLockError::Error(cause)) => Err(failed(cause)),
        }
    }

    /// Says which session is recorded.
    pub fn tell(&mut self, session: &str) -> Result<(), StoreError> {
        let written = self.file.set_len(0).and_then(|()| self.file.seek(SeekFrom::Start(0)));
        written
            .and_then(|_| self.file.write_all(session.as_bytes()))
            .map_err(|cause| StoreError::writing(&self.path, cause))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_program_is_told_what_the_first_one_records_until_that_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::at(folder.path());
        let mut claim = RecordingClaim::of(&home).expect("nobody records");
        claim.tell("a-longer-name").and_then(|()| claim.tell("2026-11-30T2100-why")).expect("it can be written");
        match RecordingClaim::of(&home) {
            Err(StoreError::Recording { session }) => assert_eq!(session, "2026-11-30T2100-why"),
            other => panic!("{other:?}"),
        }
        drop(claim);
        assert!(RecordingClaim::of(&home).is_ok());
    }
}
