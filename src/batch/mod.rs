//! Folders of recordings to transcripts, captions and reports: goes on after a bad file, and where it was left.

mod inputs;
mod outputs;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

pub use inputs::{Input, InputsError, Shard, recordings, sides};
pub use outputs::{Format, Outputs, write_table};

use crate::asr::{Stop, TranscriptionPool};
use crate::assess::{AssessError, Assessor, TranscriptionSettings};
use crate::store::StoreError;
use crate::types::{Report, Seconds};

/// What is done with every recording.
pub struct Batch<'a> {
    /// What makes reports.
    pub assessor: &'a Assessor,
    /// How recordings are transcribed.
    pub transcription: &'a TranscriptionSettings,
    /// What is written, and where.
    pub outputs: &'a Outputs,
    /// Ends the batch at once; the recordings at hand are left for the next time.
    pub stop: &'a Stop,
}

/// How a batch goes.
#[derive(Debug)]
pub enum BatchEvent<'a> {
    /// A recording is being read.
    Started {
        /// The recording.
        path: &'a Path,
        /// The length it promises, where it does.
        duration: Option<Seconds>,
    },
    /// Some more of a recording is transcribed.
    Advanced {
        /// The recording.
        path: &'a Path,
        /// How much more.
        by: Seconds,
    },
    /// A recording is done.
    Done {
        /// The recording.
        path: &'a Path,
        /// What was found.
        report: Box<Report>,
        /// What was written.
        written: Vec<PathBuf>,
    },
    /// A recording failed; the batch goes on.
    Failed {
        /// The recording.
        path: &'a Path,
        /// Why.
        error: BatchError,
    },
}

/// Why one recording of a batch has no transcript.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// It could not be read or transcribed.
    #[error(transparent)]
    Assess(#[from] AssessError),
    /// What was found could not be written.
    #[error(transparent)]
    Output(#[from] StoreError),
}

impl BatchError {
    /// The next thing to do.
    pub fn hint(&self) -> String {
        match self {
            BatchError::Assess(error) => error.hint(),
            BatchError::Output(error) => error.hint(),
        }
    }
}

/// Recordings that are read at a time. While one waits for its last pieces, the next keeps all threads busy.
const READERS: usize = 2;

impl Batch<'_> {
    /// Works through `recordings`, whose pieces `pool` transcribes.
    ///
    /// Returns how many were left when the batch was stopped; 0 when it ran to its end. Events come from several threads,
    /// in no order between recordings.
    pub fn run(&self, recordings: &[Input], pool: &TranscriptionPool, tell: &(dyn Fn(BatchEvent) + Sync)) -> usize {
        let waiting = Mutex::new(recordings.iter().collect::<VecDeque<_>>());
        let waiting = || waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || {
            while !self.stop.is_asked()
                && let Some(input) = { waiting().pop_front() }
            {
                let path = &input.path;
                match self.one(input, pool, tell) {
                    Ok((report, written)) => tell(BatchEvent::Done { path, report: Box::new(report), written }),
                    Err(_) if self.stop.is_asked() => waiting().push_front(input),
                    Err(error) => tell(BatchEvent::Failed { path, error }),
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..READERS.min(recordings.len()) {
                scope.spawn(read);
            }
        });
        waiting().len()
    }

    fn one(
        &self,
        input: &Input,
        pool: &TranscriptionPool,
        tell: &dyn Fn(BatchEvent),
    ) -> Result<(Report, Vec<PathBuf>), BatchError> {
        let path = &input.path;
        let mut begun = |duration| tell(BatchEvent::Started { path, duration });
        let mut progress = Seconds::ZERO;
        let mut done = |until: Seconds| {
            tell(BatchEvent::Advanced { path, by: (until - progress).max(Seconds::ZERO) });
            progress = progress.max(until);
        };
        let (heard, transcript) =
            self.transcription.transcribe_sound(path, input.sound, pool, self.stop, &mut begun, &mut done)?;
        tell(BatchEvent::Advanced { path, by: heard.recording.duration_s - progress });
        let report = self.assessor.report_recording(transcript, &heard, None);
        let written = self.outputs.write(input, &report)?;
        Ok((report, written))
    }
}
