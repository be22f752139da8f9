//! A recording that stands in for a microphone: `--device file:answer.wav`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::decode::decode;
use super::input::{AudioInput, InputError, InputHealth, OpenInput};

/// How much is delivered at a time.
const PIECE: Duration = Duration::from_millis(20);

/// How fast a file is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As a person would speak.
    RealTime,
    /// As fast as it is taken.
    Fast,
}

/// A recording that is played from its start into every take, and ends the take with its end.
///
/// Between takes it is silent.
#[derive(Clone, Debug)]
pub struct FileInput {
    path: PathBuf,
    samples: Arc<[f32]>,
    rate_hz: u32,
    pace: Pace,
}

impl FileInput {
    /// Decodes the recording at `path`.
    pub fn open_file(path: &Path, pace: Pace) -> Result<FileInput, InputError> {
        let decoded = decode(path).map_err(|cause| InputError::File { cause })?;
        Ok(FileInput { path: path.to_owned(), samples: decoded.samples.into(), rate_hz: decoded.rate_hz, pace })
    }

    /// A sound that is at hand already: mono, -1 to 1.
    pub fn of_samples(samples: Vec<f32>, rate_hz: u32, pace: Pace) -> FileInput {
        FileInput { path: PathBuf::from("sound"), samples: samples.into(), rate_hz, pace }
    }
}

impl AudioInput for FileInput {
    fn open(&mut self, ring: rtrb::Producer<f32>, health: Arc<InputHealth>) -> Result<OpenInput, InputError> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut player = Player {
            samples: Arc::clone(&self.samples),
            piece: (self.rate_hz as usize * PIECE.as_millis() as usize / 1000).max(1),
            pace: self.pace,
            ring,
            health,
            playing: 0,
            at: 0,
        };
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("file-input".to_owned())
            .spawn(move || player.run(&stopped))
            .map_err(|cause| InputError::Refused { device: self.path.display().to_string(), cause: Box::new(cause) })?;
        Ok(OpenInput {
            name: self.path.display().to_string(),
            sample_rate_hz: self.rate_hz,
            stream: Box::new(Playing { stop, thread: Some(thread) }),
        })
    }
}

/// Ends the thread when it is dropped.
struct Playing {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Playing {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Player {
    samples: Arc<[f32]>,
    /// Samples in a piece.
    piece: usize,
    pace: Pace,
    ring: rtrb::Producer<f32>,
    health: Arc<InputHealth>,
    /// The take that is being played.
    playing: u64,
    /// The next sample.
    at: usize,
}

impl Player {
    fn run(&mut self, stop: &AtomicBool) {
        let mut next = Instant::now();
        while !stop.load(Ordering::Acquire) {
            let wanted = self.health.wanted.load(Ordering::Acquire);
            let playing = self.deliver(wanted);
            if playing && self.pace == Pace::Fast && self.ring.slots() >= self.piece {
                next = Instant::now();
                continue;
            }
            next += PIECE;
            std::thread::sleep(next.saturating_duration_since(Instant::now()));
        }
    }

    /// Delivers the next piece: of the sound while take `wanted` is kept, else of silence. Tells which it was.
    fn deliver(&mut self, wanted: u64) -> bool {
        if wanted != 0 && wanted != self.playing {
            (self.playing, self.at) = (wanted, 0);
        }
        let playing = wanted != 0 && self.at < self.samples.len();
        if !playing {
            self.push(None);
            return false;
        }
        let end = (self.at + self.piece).min(self.samples.len());
        if self.push(Some(self.at..end)) {
            self.at = end;
        }
        if self.at == self.samples.len() {
            self.health.finished.store(self.playing, Ordering::Release);
        }
        true
    }

    /// Pushes a stretch of the sound, or silence, where the ring has room for all of it: a file can wait.
    fn push(&mut self, stretch: Option<std::ops::Range<usize>>) -> bool {
        let pushed = match stretch {
            Some(stretch) => self.ring.push_entire_slice(&self.samples[stretch]),
            None => self.ring.push_entire_slice(&vec![0.0; self.piece]),
        };
        self.health.count(self.piece, 0);
        pushed.is_ok()
    }
}
