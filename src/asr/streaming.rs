//! Transcribing while the person is still speaking.
//!
//! A worker thread loads the model once (which may happen while the question is spoken) and then serves one take after
//! the other. The capture thread hands over samples and speech edges through a [`SoundFeed`], which only copies them.
//! Pieces are transcribed as they are cut; at every pause the open piece is transcribed too, so that its words are there
//! when nothing more is said. If the person goes on, that work is ended and thrown away.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::chunks::ChunkRules;
use super::schedule::{Job, Next, TakeSchedule};
use super::whisper::LoadError;
use super::{TranscribeError, Transcriber};
use crate::audio::SpeechEdge;
use crate::remedy::{Action, NextStep, Remedy};
use crate::types::{Seconds, Span, Word};

/// What happens while a take is being transcribed.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamEvent {
    /// The model is loaded; comes once for every take.
    Ready,
    /// There are more words.
    Words {
        /// So many in all; may fall when the speaker goes on and the last words are heard anew.
        count: usize,
        /// The last few, for a line on the screen.
        latest: String,
    },
    /// Something was said between two long pauses: it may be a command.
    Utterance {
        /// All of it; it is part of the answer too, until the caller takes it out.
        words: Vec<Word>,
        /// Where it was said.
        span: Span,
    },
}

/// What became of one take.
#[derive(Debug, Default)]
pub struct TakeWords {
    /// The words in order, with times from the start of the recording. Incomplete when there is a problem.
    pub words: Vec<Word>,
    /// Why words are missing. The recording itself is not touched by it.
    pub problem: Option<StreamError>,
}

/// Why a take could not be transcribed while it was recorded.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StreamError {
    /// There is no model to do it.
    #[error("no speech model could be loaded; the recording is kept")]
    NotLoaded(#[source] Arc<LoadError>),
    /// The model failed on a part of it.
    #[error("a part of the answer was not transcribed; the recording is kept")]
    Failed(#[source] Arc<TranscribeError>),
    /// The worker ended unexpectedly, which is a mistake in this program.
    #[error("the transcription ended unexpectedly; the recording is kept")]
    Gone,
}

impl Remedy for StreamError {
    fn next_step(&self) -> NextStep {
        match self {
            StreamError::NotLoaded(error) => error.next_step(),
            StreamError::Failed(error) => error.next_step(),
            StreamError::Gone => Action::Recover.into(),
        }
    }
}

/// Told what happens, on the worker's thread; must not wait for anything.
type OnEvent = Box<dyn FnMut(StreamEvent) + Send>;

/// The thread that owns the model.
pub struct TranscriptionWorker {
    takes: Sender<Assignment>,
}

struct Assignment {
    shared: Arc<Shared>,
    on_event: OnEvent,
    done: Sender<TakeWords>,
}

/// What the capture thread and the worker share. Either holds the lock only to copy samples or to decide what is next.
struct Shared {
    take: Mutex<TakeSchedule>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, TakeSchedule> {
        // Every change leaves the take whole, so that a panic elsewhere while it was locked does no harm.
        self.take.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut TakeSchedule)) {
        change(&mut self.lock());
        self.changed.notify_one();
    }
}

impl TranscriptionWorker {
    /// Starts the worker, which calls `load` at once and ends when this value and all its takes are gone.
    pub fn start<L>(load: L) -> std::io::Result<TranscriptionWorker>
    where
        L: FnOnce() -> Result<Box<dyn Transcriber>, LoadError> + Send + 'static,
    {
        let (takes, assigned) = channel();
        std::thread::Builder::new().name("transcribe".to_owned()).spawn(move || work(load, &assigned))?;
        Ok(TranscriptionWorker { takes })
    }

    /// Begins a take at the start of its recording. Takes are served one after the other.
    pub fn begin<E>(&self, rules: ChunkRules, on_event: E) -> StreamingTranscriber
    where
        E: FnMut(StreamEvent) + Send + 'static,
    {
        let shared = Arc::new(Shared { take: Mutex::new(TakeSchedule::new(rules)), changed: Condvar::new() });
        let (done, words) = channel();
        // If the worker is gone, so is `done`, and `finish` says so.
        let _ = self.takes.send(Assignment { shared: Arc::clone(&shared), on_event: Box::new(on_event), done });
        StreamingTranscriber { feed: SoundFeed { shared }, words }
    }
}

/// One take being transcribed. Dropping it gives the take up.
pub struct StreamingTranscriber {
    feed: SoundFeed,
    words: Receiver<TakeWords>,
}

impl StreamingTranscriber {
    /// Where the capture thread hands over the sound.
    pub fn feed(&self) -> SoundFeed {
        self.feed.clone()
    }

    /// The recording has ended: waits for the last words. Tell the speech detector's last edge before.
    ///
    /// What is handed over later is not heard.
    pub fn finish(self) -> TakeWords {
        self.feed.shared.change(TakeSchedule::end);
        self.words.recv().unwrap_or(TakeWords { words: Vec::new(), problem: Some(StreamError::Gone) })
    }
}

impl Drop for StreamingTranscriber {
    fn drop(&mut self) {
        self.feed.shared.change(TakeSchedule::cancel);
    }
}

/// Hands sound over to the worker; never waits for a transcription. Clones feed the same take.
#[derive(Clone)]
pub struct SoundFeed {
    shared: Arc<Shared>,
}

impl SoundFeed {
    /// The next samples (mono, 16 kHz, -1 to 1).
    pub fn push(&self, samples: &[f32]) {
        self.shared.change(|take| take.push(samples));
    }

    /// What the speech detector found in what was pushed; in order.
    pub fn speech(&self, update: SpeechEdge) {
        self.shared.change(|take| take.speech(update));
    }
}

/// The worker's life.
fn work<L>(load: L, assigned: &Receiver<Assignment>)
where
    L: FnOnce() -> Result<Box<dyn Transcriber>, LoadError>,
{
    let mut transcriber = load().map_err(Arc::new);
    while let Ok(mut assignment) = assigned.recv() {
        let words = match &mut transcriber {
            Ok(transcriber) => serve(transcriber.as_mut(), &mut assignment),
            Err(error) => TakeWords { words: Vec::new(), problem: Some(StreamError::NotLoaded(Arc::clone(error))) },
        };
        // Nobody waits for a take that was given up.
        let _ = assignment.done.send(words);
    }
}

/// Transcribes one take to its end.
fn serve(transcriber: &mut dyn Transcriber, assignment: &mut Assignment) -> TakeWords {
    let Assignment { shared, on_event, .. } = assignment;
    on_event(StreamEvent::Ready);
    let mut problem = None;
    loop {
        let mut take = shared.lock();
        let next = take.next();
        match next {
            Next::Wait => drop(shared.changed.wait(take)),
            Next::Done(words) => return TakeWords { words, problem },
            Next::Tell(events) => {
                drop(take);
                events.into_iter().for_each(&mut *on_event);
            }
            Next::Run(job) => {
                drop(take);
                let (events, failure) = run(transcriber, shared, &job);
                events.into_iter().for_each(&mut *on_event);
                problem = problem.or(failure);
            }
        }
    }
}

fn run(transcriber: &mut dyn Transcriber, shared: &Shared, job: &Job) -> (Vec<StreamEvent>, Option<StreamError>) {
    let started = Instant::now();
    match transcriber.transcribe(&job.samples, &job.stop) {
        Ok(words) => (shared.lock().transcribed(job, words, Seconds(started.elapsed().as_secs_f64())), None),
        Err(error) => {
            shared.lock().failed();
            // A guess that failed is heard again when its piece is cut; one that was stopped is not needed.
            let lost = !job.is_speculative && !matches!(error, TranscribeError::Stopped);
            (Vec::new(), lost.then(|| StreamError::Failed(Arc::new(error))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asr::{Scripted, Stop};
    use crate::models::{BadModel, Problem};

    fn rules() -> ChunkRules {
        ChunkRules { target: Seconds(6.0), max: Seconds(9.0), ..ChunkRules::LIVE }
    }

    fn worker(transcriber: impl Transcriber + 'static) -> TranscriptionWorker {
        TranscriptionWorker::start(move || Ok(Box::new(transcriber))).expect("a thread starts")
    }

    /// Somebody speaks for a second and falls silent for two.
    fn say_something(feed: &SoundFeed, from: f64) {
        feed.push(&[0.1; 16_000]);
        feed.speech(SpeechEdge::Start(Seconds(from)));
        feed.push(&[0.1; 16_000]);
        feed.speech(SpeechEdge::End(Seconds(from + 1.0)));
        feed.push(&[0.1; 16_000]);
    }

    fn texts(words: &[Word]) -> Vec<&str> {
        words.iter().map(|word| word.text.as_str()).collect()
    }

    #[test]
    fn one_model_serves_one_take_after_the_other() {
        let worker = worker(Scripted::new(["first take", "second take"]));
        for expected in [["first", "take"], ["second", "take"]] {
            let (told, events) = channel();
            let take = worker.begin(rules(), move |event| told.send(event).expect("the test listens"));
            say_something(&take.feed(), 0.5);
            let heard = take.finish();
            assert_eq!(texts(&heard.words), expected);
            assert!(heard.problem.is_none());
            let events: Vec<StreamEvent> = events.iter().collect();
            assert_eq!(events[0], StreamEvent::Ready);
            assert!(events.iter().any(|event| matches!(event, StreamEvent::Utterance { .. })), "{events:?}");
        }
    }

    #[test]
    fn sound_may_come_before_the_model_is_there() {
        let (loaded, wait) = channel::<()>();
        let worker = TranscriptionWorker::start(move || {
            wait.recv().expect("the test lets it load");
            Ok(Box::new(Scripted::new(["patience"])))
        });
        let take = worker.expect("a thread starts").begin(rules(), |_| {});
        say_something(&take.feed(), 0.5);
        loaded.send(()).expect("the worker waits");
        assert_eq!(texts(&take.finish().words), ["patience"]);
    }

    #[test]
    fn a_model_that_does_not_load_is_reported_for_every_take() {
        let worker =
            TranscriptionWorker::start(|| Err(BadModel { path: "m.bin".into(), problem: Problem::Empty }.into()));
        let worker = worker.expect("a thread starts");
        for _ in 0..2 {
            let problem = worker.begin(rules(), |_| {}).finish().problem.expect("it is reported");
            assert!(matches!(&problem, StreamError::NotLoaded(_)));
            assert!(problem.hint().contains("greenroom models pull"), "{}", problem.hint());
        }
    }

    /// Hears nothing shorter than two seconds.
    struct Slow;

    impl Transcriber for Slow {
        fn transcribe(&mut self, samples: &[f32], _: &Stop) -> Result<Vec<Word>, TranscribeError> {
            match samples.len() {
                0..32_000 => Err(TranscribeError::Failed { seconds: 1.0, reason: "a headache".to_owned() }),
                _ => Ok(vec![Word::untimed("better")]),
            }
        }
    }

    #[test]
    fn a_piece_that_fails_is_reported_and_the_rest_is_kept() {
        let take = worker(Slow).begin(rules(), |_| {});
        let feed = take.feed();
        say_something(&feed, 0.5);
        feed.speech(SpeechEdge::Start(Seconds(3.0)));
        feed.push(&[0.1; 48_000]);
        feed.speech(SpeechEdge::End(Seconds(5.5)));
        let heard = take.finish();
        assert_eq!(texts(&heard.words), ["better"]);
        let problem = heard.problem.expect("it is reported");
        assert!(matches!(problem, StreamError::Failed(_)), "{problem:?}");
    }

    #[test]
    fn a_worker_that_died_is_reported() {
        let worker = TranscriptionWorker::start(|| panic!("this test lets the worker die")).expect("a thread starts");
        let take = worker.begin(rules(), |_| {});
        say_something(&take.feed(), 0.5);
        assert!(matches!(take.finish().problem, Some(StreamError::Gone)));
    }

    /// Works until it is asked to stop.
    struct Endless(Sender<()>);

    impl Transcriber for Endless {
        fn transcribe(&mut self, _: &[f32], stop: &Stop) -> Result<Vec<Word>, TranscribeError> {
            while !stop.is_asked() {
                std::thread::yield_now();
            }
            self.0.send(()).expect("the test listens");
            Err(TranscribeError::Stopped)
        }
    }

    #[test]
    fn dropping_a_take_ends_the_work_on_it() {
        let (stopped, wait) = channel();
        let take = worker(Endless(stopped)).begin(rules(), |_| {});
        let feed = take.feed();
        say_something(&feed, 0.5);
        // The guess may be running or not begun; the piece that was cut after the long pause surely comes.
        feed.push(&[0.0; 16_000]);
        while take.feed.shared.lock().is_idle() {
            std::thread::yield_now();
        }
        drop(take);
        assert!(wait.recv().is_ok(), "it was asked to stop");
    }
}
