//! One take from the first sample to the report: microphone, Whisper, analysis and disk together.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;

use super::RehearsalError;
use crate::asr::commands::without_command;
use crate::asr::{
    ChunkRules, LoadError, SoundFeed, StreamEvent, StreamingTranscriber, Transcriber, TranscriptionWorker,
};
use crate::assess::{AskedFrom, Assessor, HeardRecording, TranscriptionSettings};
use crate::audio::{AudioInput, Capture, CaptureEvent, CaptureSettings, EndedBy, MicCheck, PROBE, Take};
use crate::causes::with_causes;
use crate::models::sha256;
use crate::store::SessionFolder;
use crate::types::{Prompt, Question, Recording, Report, Seconds, Session, Span, Summary, TakePart};

/// Makes takes: records them, keeps them, and turns them into reports. Clones make the same takes.
#[derive(Clone)]
pub struct Takes {
    studio: Arc<Studio>,
}

/// What all takes of a session share.
struct Studio {
    capture: Capture,
    guard: Seconds,
    /// Where the microphone's sound goes while a take is recorded.
    feed: Feed,
    worker: TranscriptionWorker,
    transcribing: TranscriptionSettings,
    signals: UnboundedSender<TakeSignal>,
    assessor: Assessor,
    folder: Mutex<SessionFolder>,
}

/// The number of the take that is being recorded, and where its sound goes.
type Feed = Arc<Mutex<Option<(usize, SoundFeed)>>>;

/// What happens while a take is recorded.
#[derive(Debug)]
pub struct TakeSignal {
    /// The take; `None` when it happens between takes.
    pub take: Option<usize>,
    /// What happens.
    pub what: TakeEvent,
}

/// What can happen while a take is recorded.
#[derive(Debug)]
pub enum TakeEvent {
    /// At the microphone.
    Capture(CaptureEvent),
    /// In the transcription.
    Stream(StreamEvent),
}

/// What is asked before a take.
pub(super) struct Asked {
    pub question: Question,
    pub bank: Option<String>,
    pub prompt: Prompt,
    /// Where it stands in a drill or a conversation.
    pub part: Option<TakePart>,
    /// How long ago the question ended; `None` when it was read and not heard.
    pub since: Option<Duration>,
}

impl Asked {
    fn from(&self) -> AskedFrom<'_> {
        AskedFrom { question: &self.question, bank: self.bank.as_deref() }
    }
}

/// A take that is being recorded.
pub(super) struct RunningTake {
    number: usize,
    asked: Asked,
    words: StreamingTranscriber,
}

impl RunningTake {
    pub(super) fn number(&self) -> usize {
        self.number
    }
}

/// A take that is whole on disk and not yet reported on.
pub(super) struct KeptTake {
    number: usize,
    asked: Asked,
    words: StreamingTranscriber,
    path: PathBuf,
    take: Take,
    /// What was said to the program and is no part of the answer.
    commands: Vec<Span>,
}

impl KeptTake {
    pub(super) fn number(&self) -> usize {
        self.number
    }

    pub(super) fn duration(&self) -> Seconds {
        self.take.duration
    }

    /// Why the recording ended, as the capture thread saw it.
    pub(super) fn ended_by(&self) -> &EndedBy {
        &self.take.ended_by
    }
}

/// A microphone that is on, before anything is recorded.
pub struct OpenMicrophone {
    capture: Capture,
    guard: Seconds,
    feed: Feed,
    signals: UnboundedSender<TakeSignal>,
}

impl OpenMicrophone {
    /// Opens the microphone. `signals` hears what happens during takes.
    pub fn open(
        input: Box<dyn AudioInput>,
        signals: UnboundedSender<TakeSignal>,
    ) -> Result<OpenMicrophone, RehearsalError> {
        let feed = Feed::default();
        let settings = CaptureSettings::default();
        let guard = settings.guard;
        let capture = Capture::start(input, settings, route(feed.clone(), signals.clone()))?;
        Ok(OpenMicrophone { capture, guard, feed, signals })
    }

    /// Listens for a moment and says whether the microphone can be used. Blocks for as long.
    pub fn check(&self) -> Result<MicCheck, RehearsalError> {
        Ok(self.capture.probe(PROBE)?)
    }

    /// The microphone's name, for people.
    pub fn device(&self) -> &str {
        self.capture.device()
    }
}

impl Takes {
    /// Takes from an open microphone into the folder of a session; the model begins to load.
    pub fn new(
        microphone: OpenMicrophone,
        transcribing: TranscriptionSettings,
        load: impl FnOnce() -> Result<Box<dyn Transcriber>, LoadError> + Send + 'static,
        assessor: Assessor,
        folder: SessionFolder,
    ) -> Result<Takes, RehearsalError> {
        let OpenMicrophone { capture, guard, feed, signals } = microphone;
        let worker = TranscriptionWorker::start(load).map_err(RehearsalError::Thread)?;
        let folder = Mutex::new(folder);
        let studio = Studio { capture, guard, feed, worker, transcribing, signals, assessor, folder };
        Ok(Takes { studio: Arc::new(studio) })
    }

    /// Where everything is kept.
    pub(super) fn folder(&self) -> PathBuf {
        self.studio.folder().path().to_owned()
    }

    /// Begins to record. Only sound from now on is in the take.
    pub(super) fn begin(&self, asked: Asked) -> Result<RunningTake, RehearsalError> {
        let studio = &*self.studio;
        let mut folder = studio.folder();
        let number = folder.begin_take(asked.from().reference(), asked.prompt, Timestamp::now())?;
        if let Some(part) = &asked.part {
            folder.note_part(number, part.clone())?;
        }
        let audio = folder.files(number)?.audio;
        let signals = studio.signals.clone();
        let words = studio.worker.begin(ChunkRules::LIVE, move |event| {
            // Nobody listens any more once the session is over.
            let _ = signals.send(TakeSignal { take: Some(number), what: TakeEvent::Stream(event) });
        });
        *lock(&studio.feed) = Some((number, words.feed()));
        if let Err(error) = studio.capture.begin(&audio) {
            folder.note_problem(number, &with_causes(&error))?;
            folder.discard(number)?;
            return Err(error.into());
        }
        Ok(RunningTake { number, asked, words })
    }

    /// Lets the recording rest, or go on.
    pub(super) fn pause(&self, paused: bool) {
        if paused { self.studio.capture.pause() } else { self.studio.capture.resume() }
    }

    /// Ends the recording; from here on it is whole on disk.
    pub(super) fn keep(&self, running: RunningTake, commands: Vec<Span>) -> Result<KeptTake, RehearsalError> {
        let RunningTake { number, asked, words } = running;
        let ended = self.studio.capture.end();
        *lock(&self.studio.feed) = None;
        let take = ended?;
        let path = self.studio.folder().finish_recording(number, take.duration)?;
        Ok(KeptTake { number, asked, words, path, take, commands })
    }

    /// Writes down what is known of a take only at its end.
    pub(super) fn note(&self, take: usize, part: Option<TakePart>, hints: usize) -> Result<(), RehearsalError> {
        let mut folder = self.studio.folder();
        if let Some(part) = part {
            folder.note_part(take, part)?;
        }
        if hints > 0 {
            folder.note_hints(take, hints)?;
        }
        Ok(())
    }

    /// Keeps what a drill or a conversation came to.
    pub(super) fn add_summary(&self, summary: Summary) -> Result<(), RehearsalError> {
        Ok(self.studio.folder().add_summary(summary)?)
    }

    /// Ends the recording and marks it as thrown away; returns its length.
    pub(super) fn discard(&self, running: RunningTake) -> Result<Seconds, RehearsalError> {
        let kept = self.keep(running, Vec::new())?;
        self.studio.folder().discard(kept.number)?;
        Ok(kept.duration())
    }

    /// Waits for the last words and makes the report; each is on disk before the next begins. Blocks.
    ///
    /// The error is a sentence for people; the recording is kept all the same, and the take says why.
    pub(super) fn finish(&self, kept: KeptTake) -> Result<Report, String> {
        let number = kept.number;
        self.studio.report(kept).inspect_err(|problem| {
            // If even this cannot be written the sentence still reaches the screen.
            let _ = self.studio.folder().note_problem(number, problem);
        })
    }

    /// The newest recording that is whole.
    pub(super) fn last_recording(&self) -> Option<PathBuf> {
        let folder = self.studio.folder();
        let audio = folder.session().answers.iter().rev().find_map(|answer| answer.audio.clone());
        audio.map(|name| folder.path().join(name))
    }

    /// Ends the session and returns what it holds. One without a take leaves no folder behind.
    pub(super) fn end_session(&self) -> Result<Session, RehearsalError> {
        let mut folder = self.studio.folder();
        folder.end(Timestamp::now())?;
        folder.remove_if_unused()?;
        Ok(folder.session().clone())
    }
}

impl Studio {
    fn folder(&self) -> MutexGuard<'_, SessionFolder> {
        lock(&self.folder)
    }

    fn report(&self, kept: KeptTake) -> Result<Report, String> {
        let KeptTake { number, asked, words, path, take, commands } = kept;
        let heard = words.finish();
        if let Some(problem) = heard.problem {
            return Err(with_causes(&problem));
        }
        let words = commands.iter().fold(heard.words, |words, command| without_command(words, *command));
        let transcript = self.transcribing.transcript(words, &take.speech);
        self.folder().save_transcript(number, &transcript).map_err(|error| with_causes(&error))?;
        let recording = Recording {
            path: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            duration_s: take.duration,
            sample_rate_hz: take.sample_rate_hz,
            channels: 1,
            sha256: sha256::of_file(&path).map_err(|error| with_causes(&error))?,
        };
        let mut speech = take.speech;
        speech.retain(|span| commands.iter().all(|command| span.overlap(*command).0 < 0.5 * span.length().0));
        let sound = HeardRecording {
            voice: take.voice,
            speech,
            recording,
            question_end: asked.since.map(|since| Seconds(-since.as_secs_f64()) - self.guard),
            warnings: lost_samples(take.overflowed, take.sample_rate_hz),
        };
        let report = self.assessor.report_recording(transcript, &sound, Some(asked.from()));
        self.folder().save_report(number, &report).map_err(|error| with_causes(&error))?;
        Ok(report)
    }
}

/// What the capture thread does with what happens: sound goes to Whisper, the rest to the loop as well.
fn route(feed: Feed, signals: UnboundedSender<TakeSignal>) -> impl FnMut(CaptureEvent) + Send + 'static {
    move |event| {
        let feed = lock(&feed);
        match (&event, feed.as_ref()) {
            (CaptureEvent::Sound(samples), Some((_, feed))) => return feed.push(samples),
            (CaptureEvent::Speech(edge), Some((_, feed))) => feed.speech(*edge),
            _ => {}
        }
        let take = feed.as_ref().map(|(number, _)| *number);
        // Nobody listens any more once the session is over.
        let _ = signals.send(TakeSignal { take, what: TakeEvent::Capture(event) });
    }
}

fn lost_samples(overflowed: u64, rate_hz: u32) -> Vec<String> {
    if overflowed == 0 {
        return Vec::new();
    }
    let seconds = overflowed as f64 / f64::from(rate_hz);
    vec![format!("This machine was too busy to record {seconds:.2} s of the answer; they are missing.")]
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is behind these locks is whole after every single call, so a panic elsewhere spoils nothing.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
