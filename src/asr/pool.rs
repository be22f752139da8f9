//! Several transcribers at work on the pieces of recordings, one thread each.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Stop, TranscribeError, Transcriber};
use crate::types::{Seconds, Word};

/// Threads that transcribe pieces, in the order they are handed in, for any number of recordings at a time.
///
/// They end when this value is gone and all pieces are done.
pub struct TranscriptionPool {
    pieces: SyncSender<Piece>,
    size: usize,
}

struct Piece {
    /// Its position among the pieces of its recording.
    position: usize,
    /// Where it begins.
    start: Seconds,
    samples: Vec<f32>,
    stop: Stop,
    done: Sender<Done>,
}

/// A piece that was transcribed.
struct Done {
    position: usize,
    /// Where it ends.
    end: Seconds,
    /// Its words on the recording's clock.
    outcome: Result<Vec<Word>, TranscribeError>,
}

impl TranscriptionPool {
    /// Starts a thread for each transcriber; fails where the system gives none.
    pub fn start(transcribers: Vec<Box<dyn Transcriber>>) -> std::io::Result<TranscriptionPool> {
        let size = transcribers.len();
        // A few pieces may wait, so that no thread does; more would only be held in memory.
        let (pieces, waiting) = sync_channel(size);
        let waiting = Arc::new(Mutex::new(waiting));
        for mut transcriber in transcribers {
            let waiting = Arc::clone(&waiting);
            let work = move || work(transcriber.as_mut(), &waiting);
            std::thread::Builder::new().name("transcribe".to_owned()).spawn(work)?;
        }
        Ok(TranscriptionPool { pieces, size })
    }

    /// How many pieces are transcribed at a time.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Begins a recording, whose pieces are handed in one after the other.
    pub fn recording(&self, stop: &Stop) -> PooledRecording<'_> {
        let (done, results) = channel();
        PooledRecording { pool: self, stop: stop.clone(), done, results, handed_in: 0, words: Vec::new(), failed: None }
    }
}

fn work(transcriber: &mut dyn Transcriber, waiting: &Mutex<Receiver<Piece>>) {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(piece) = next else { return };
        let Piece { position, start, samples, stop, done } = piece;
        let end = start + Seconds::of_samples(samples.len(), crate::audio::SPEECH_RATE_HZ);
        let on_clock = |words: Vec<Word>| words.into_iter().map(|word| word.shifted(start)).collect();
        let outcome = transcriber.transcribe(&samples, &stop).map(on_clock);
        // Nobody waits for a recording that was given up.
        let _ = done.send(Done { position, end, outcome });
    }
}

/// One recording whose pieces a [`TranscriptionPool`] transcribes.
pub struct PooledRecording<'a> {
    pool: &'a TranscriptionPool,
    stop: Stop,
    done: Sender<Done>,
    results: Receiver<Done>,
    handed_in: usize,
    /// The words of each piece that is done, by its position.
    words: Vec<(usize, Vec<Word>)>,
    failed: Option<TranscribeError>,
}

impl PooledRecording<'_> {
    /// Hands in the next piece, which begins at `start`; waits while all threads are busy. `progress` is told for every
    /// piece that is done meanwhile where it ends.
    ///
    /// Fails with what a piece before it failed with, or [`TranscribeError::Stopped`]; then no more need be handed in.
    pub fn hand_in(
        &mut self,
        start: Seconds,
        samples: Vec<f32>,
        progress: &mut dyn FnMut(Seconds),
    ) -> Result<(), TranscribeError> {
        while let Ok(done) = self.results.try_recv() {
            self.take(done, progress);
        }
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        if self.stop.is_asked() {
            return Err(TranscribeError::Stopped);
        }
        let piece =
            Piece { position: self.handed_in, start, samples, stop: self.stop.clone(), done: self.done.clone() };
        self.handed_in += 1;
        self.pool.pieces.send(piece).expect("the threads outlive the pool");
        Ok(())
    }

    /// Waits for all pieces and gives their words, in order.
    pub fn finish(mut self, progress: &mut dyn FnMut(Seconds)) -> Result<Vec<Word>, TranscribeError> {
        while self.words.len() < self.handed_in && self.failed.is_none() {
            let done = self.results.recv().expect("this value holds a sender");
            self.take(done, progress);
        }
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.words.sort_by_key(|(position, _)| *position);
        Ok(self.words.into_iter().flat_map(|(_, words)| words).collect())
    }

    fn take(&mut self, done: Done, progress: &mut dyn FnMut(Seconds)) {
        match done.outcome {
            Ok(words) => {
                self.words.push((done.position, words));
                progress(done.end);
            }
            Err(error) => {
                // The pieces behind it are for nothing.
                self.stop.ask();
                self.failed.get_or_insert(error);
            }
        }
    }
}
