//! Folders of recordings to transcripts, captions and reports: goes on after a bad file, and where it was left.

mod inputs;
mod outputs;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

pub use inputs::{Input, InputsError, Shard, recordings};
pub use outputs::{Format, Outputs, write_table};

use crate::asr::{LoadError, Stop, Transcriber};
use crate::assess::{self, AssessError, Assessor, Transcribing};
use crate::store::StoreError;
use crate::types::{Report, Seconds};

/// What is done with every recording.
pub struct Batch<'a> {
    /// What makes reports.
    pub assessor: &'a Assessor,
    /// How recordings are transcribed.
    pub transcribing: &'a Transcribing,
    /// What is written, and where.
    pub outputs: &'a Outputs,
    /// Ends the batch at once; the recordings at hand are left for the next time.
    pub stop: &'a Stop,
}

/// How a batch goes.
#[derive(Debug)]
pub enum BatchEvent<'a> {
    /// A recording was read.
    Started {
        /// The recording.
        path: &'a Path,
        /// Its length.
        duration: Seconds,
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

impl Batch<'_> {
    /// Works through `recordings`, one transcriber to a worker, as many at a time as `load` gives transcribers.
    ///
    /// Returns how many were left when the batch was stopped; 0 when it ran to its end. Fails only
    /// when a model does not load. Events come from the workers, in no order between recordings.
    pub fn run(
        &self,
        recordings: &[Input],
        jobs: usize,
        load: &(dyn Fn() -> Result<Box<dyn Transcriber>, LoadError> + Sync),
        tell: &(dyn Fn(BatchEvent) + Sync),
    ) -> Result<usize, LoadError> {
        let waiting = Mutex::new(recordings.iter().collect::<VecDeque<_>>());
        let take = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        std::thread::scope(|scope| {
            let worker = || -> Result<(), LoadError> {
                let mut whisper = load()?;
                while !self.stop.is_asked()
                    && let Some(input) = take()
                {
                    let path = &input.path;
                    match self.one(input, whisper.as_mut(), tell) {
                        Ok((report, written)) => tell(BatchEvent::Done { path, report: Box::new(report), written }),
                        Err(_) if self.stop.is_asked() => {
                            waiting.lock().unwrap_or_else(PoisonError::into_inner).push_front(input);
                            return Ok(());
                        }
                        Err(error) => tell(BatchEvent::Failed { path, error }),
                    }
                }
                Ok(())
            };
            let workers: Vec<_> = (0..jobs.clamp(1, recordings.len().max(1))).map(|_| scope.spawn(worker)).collect();
            workers.into_iter().try_for_each(|worker| worker.join().expect("a worker reports its errors"))
        })?;
        Ok(waiting.into_inner().unwrap_or_else(PoisonError::into_inner).len())
    }

    fn one(
        &self,
        input: &Input,
        whisper: &mut dyn Transcriber,
        tell: &dyn Fn(BatchEvent),
    ) -> Result<(Report, Vec<PathBuf>), BatchError> {
        let path = &input.path;
        let heard = assess::hear(path)?;
        tell(BatchEvent::Started { path, duration: heard.recording.duration_s });
        let mut done = Seconds::ZERO;
        let mut progress = |now: Seconds| {
            tell(BatchEvent::Advanced { path, by: now - done });
            done = now;
        };
        let transcript = self.transcribing.transcribe(&heard, whisper, self.stop, &mut progress)?;
        let report = self.assessor.report_recording(transcript, &heard, None);
        let written = self.outputs.write(input, &report)?;
        Ok((report, written))
    }
}
