//! Folders of recordings to transcripts, captions and reports: goes on after a bad file, and where it was left.

mod archive;
mod inputs;
mod names;
mod outputs;
mod record;
mod shard;
mod watch;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

pub use archive::{Archive, ArchiveError};
pub use inputs::{Input, InputsError, recordings};
pub use names::NameTemplate;
pub use outputs::{Format, Outcome, Outputs, Progress, Wanted, prepare_folder, write_summary};
pub use record::{MadeBy, merged_rows};
pub use shard::{Shard, ShardError};
pub use watch::Watch;

use crate::asr::{Stop, TranscriptionPool};
use crate::assess::{AssessError, Assessor, TranscriptionSettings};
use crate::quote::quoted;
use crate::remedy::{NextStep, Remedy};
use crate::store::StoreError;
use crate::types::{Report, Seconds};
use record::Source;

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
        /// What was written, and what was left because it is the person's own.
        outcome: Outcome,
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

impl Remedy for BatchError {
    fn next_step(&self) -> NextStep {
        match self {
            BatchError::Assess(error) => error.next_step(),
            BatchError::Output(error) => write_elsewhere(error).into(),
        }
    }
}

/// What to do where a batch cannot write.
pub fn write_elsewhere(error: &StoreError) -> String {
    match error {
        StoreError::Full { .. } => error.hint(),
        StoreError::NotAFolder { path } => format!("{} is a file; name a folder: --out transcripts", quoted(path)),
        StoreError::ReadOnly { path, .. } => {
            format!("look at its owner and rights: ls -ld {}; or write elsewhere: --out DIR", quoted(path))
        }
        _ => "write elsewhere: --out DIR".to_owned(),
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
                    Ok((report, outcome)) => tell(BatchEvent::Done { path, report: Box::new(report), outcome }),
                    Err(_) if self.stop.is_asked() => waiting().push_front(input),
                    Err(error) => tell(BatchEvent::Failed { path, error: self.noted(input, error) }),
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
    ) -> Result<(Report, Outcome), BatchError> {
        let path = &input.path;
        let before = Source::of(path).ok();
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
        let outcome = self.outputs.write(input, &report, before.as_ref())?;
        Ok((report, outcome))
    }

    /// Notes why a recording failed, for the table of the batch. Where even that cannot be written, the reason is the same.
    fn noted(&self, input: &Input, error: BatchError) -> BatchError {
        let _ = self.outputs.note_failure(input, &error.to_string());
        error
    }
}
