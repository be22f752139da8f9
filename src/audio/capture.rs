//! The capture thread: holds the microphone open for a whole session and keeps one take after another.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::input::{AudioInput, InputError, InputHealth, OpenInput};
use super::level::MicCheck;
use super::recorder::{CaptureEvent, CaptureSettings, OnEvent, Recorder, Take};
use super::resample::UnusableRate;
use crate::remedy::{Action, NextStep, Remedy, next};
use crate::types::Seconds;

/// How often the ring is emptied.
const TICK: Duration = Duration::from_millis(20);

/// Samples between the audio thread and the capture thread: 22 s at 48 kHz, so that a slow disk or a
/// starved machine loses nothing. 4 MB.
const RING: usize = 1 << 20;

/// Why nothing could be captured.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The microphone.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The microphone runs at a rate that cannot be used.
    #[error("the microphone cannot be used")]
    Rate(#[from] UnusableRate),
    /// A take of this name is there already, finished or not.
    #[error("{} is there already", path.display())]
    Exists {
        /// Its name.
        path: PathBuf,
    },
    /// The take's file could not be created.
    #[error("{} could not be created", path.display())]
    Create {
        /// Its name.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The take's file could not be removed.
    #[error("the recording could not be removed")]
    Discard(#[source] io::Error),
    /// A take goes on already.
    #[error("a recording is going on already")]
    Busy,
    /// No take goes on.
    #[error("nothing is being recorded")]
    NoTake,
    /// The microphone is gone.
    #[error("the microphone {device:?} is gone")]
    DeviceLost {
        /// Its name.
        device: String,
    },
    /// The capture thread died.
    #[error("recording stopped by a fault of the program")]
    Stopped,
}

impl Remedy for CaptureError {
    fn next_step(&self) -> NextStep {
        match self {
            CaptureError::Input(error) => error.next_step(),
            CaptureError::Rate(_) => next!["choose another microphone: ", Action::Microphones],
            CaptureError::Exists { .. } => next!["bring it back first: ", Action::Recover],
            CaptureError::Create { path, .. } => {
                let folder = path.parent().unwrap_or(Path::new("."));
                format!("check that you may write to {} and that its disk has room: df -h", folder.display()).into()
            }
            CaptureError::Discard(_) => "check the rights of the session's folder".into(),
            CaptureError::Busy | CaptureError::NoTake => "wait for the end of what is going on".into(),
            CaptureError::DeviceLost { .. } => next!["plug it in again, or choose another one: ", Action::Microphones],
            CaptureError::Stopped => next!["start again; what was recorded is kept: ", Action::Recover],
        }
    }
}

/// An open microphone with a thread behind it. Dropping it ends a take that goes on, and keeps it.
pub struct Capture {
    requests: Sender<CaptureRequest>,
    thread: Option<JoinHandle<()>>,
    device: String,
    rate_hz: u32,
}

enum CaptureRequest {
    Begin(PathBuf, Sender<Result<(), CaptureError>>),
    End(Sender<Result<Take, CaptureError>>),
    Pause(bool),
    Discard(Sender<Result<(), CaptureError>>),
    Probe(Seconds, Sender<Result<MicCheck, CaptureError>>),
}

impl Capture {
    /// Opens `input` and waits until it is open. `on_event` is called on the capture thread and must not wait.
    pub fn start(
        input: Box<dyn AudioInput>,
        settings: CaptureSettings,
        on_event: impl FnMut(CaptureEvent) + Send + 'static,
    ) -> Result<Capture, CaptureError> {
        let (requests, inbox) = channel();
        let (opened, is_open) = channel();
        let on_event: OnEvent = Box::new(on_event);
        let run = move || match CaptureLoop::open(input, settings, on_event) {
            Ok(mut desk) => {
                let _ = opened.send(Ok((desk.open.name.clone(), desk.open.sample_rate_hz)));
                desk.run(&inbox);
            }
            Err(error) => {
                let _ = opened.send(Err(error));
            }
        };
        let thread =
            std::thread::Builder::new().name("capture".to_owned()).spawn(run).map_err(|_| CaptureError::Stopped)?;
        let (device, rate_hz) = is_open.recv().map_err(|_| CaptureError::Stopped)??;
        Ok(Capture { requests, thread: Some(thread), device, rate_hz })
    }

    /// The microphone's name, for people.
    pub fn device(&self) -> &str {
        &self.device
    }

    /// Samples a second, as the microphone works and as takes are written.
    pub fn sample_rate_hz(&self) -> u32 {
        self.rate_hz
    }

    /// Begins a take that will be `path` when it is whole, and `NAME.recording.wav` until then.
    ///
    /// Only sound from now on counts, less the guard time. Where the microphone was lost, it is opened again first.
    pub fn begin(&self, path: &Path) -> Result<(), CaptureError> {
        self.ask(|reply| CaptureRequest::Begin(path.to_owned(), reply))
    }

    /// Ends the take and returns it, also one that has ended by itself.
    pub fn end(&self) -> Result<Take, CaptureError> {
        self.ask(CaptureRequest::End)
    }

    /// Stops keeping sound; the take's time stands still.
    pub fn pause(&self) {
        let _ = self.requests.send(CaptureRequest::Pause(true));
    }

    /// Goes on keeping sound.
    pub fn resume(&self) {
        let _ = self.requests.send(CaptureRequest::Pause(false));
    }

    /// Ends the take and throws it away.
    pub fn discard(&self) -> Result<(), CaptureError> {
        self.ask(CaptureRequest::Discard)
    }

    /// Listens for `duration` and says whether the microphone can be used. Blocks for as long.
    pub fn probe(&self, duration: Seconds) -> Result<MicCheck, CaptureError> {
        self.ask(|reply| CaptureRequest::Probe(duration, reply))
    }

    fn ask<T>(
        &self,
        request: impl FnOnce(Sender<Result<T, CaptureError>>) -> CaptureRequest,
    ) -> Result<T, CaptureError> {
        let (reply, answer) = channel();
        self.requests.send(request(reply)).map_err(|_| CaptureError::Stopped)?;
        answer.recv().map_err(|_| CaptureError::Stopped)?
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        // The thread ends when nobody can give it requests any more.
        let (nobody, _) = channel();
        self.requests = nobody;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What the capture thread has before it.
struct CaptureLoop {
    input: Box<dyn AudioInput>,
    settings: CaptureSettings,
    on_event: OnEvent,
    open: OpenInput,
    recorder: Recorder,
    probe_reply: Option<Sender<Result<MicCheck, CaptureError>>>,
}

impl CaptureLoop {
    fn open(
        mut input: Box<dyn AudioInput>,
        settings: CaptureSettings,
        on_event: OnEvent,
    ) -> Result<CaptureLoop, CaptureError> {
        let (open, recorder) = open_input(input.as_mut(), &settings)?;
        Ok(CaptureLoop { input, settings, on_event, open, recorder, probe_reply: None })
    }

    fn run(&mut self, inbox: &Receiver<CaptureRequest>) {
        loop {
            match inbox.recv_timeout(TICK) {
                Ok(request) => self.handle(request),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.recorder.step(Instant::now(), &mut self.on_event);
            self.answer_probe();
        }
        self.recorder.end(&mut self.on_event);
    }

    fn handle(&mut self, request: CaptureRequest) {
        // A reply that nobody waits for any more is no error.
        match request {
            CaptureRequest::Begin(path, reply) => drop(reply.send(self.begin(&path))),
            CaptureRequest::End(reply) => {
                drop(reply.send(self.recorder.end(&mut self.on_event).ok_or(CaptureError::NoTake)))
            }
            CaptureRequest::Pause(paused) => self.recorder.pause(paused, &mut self.on_event),
            CaptureRequest::Discard(reply) => drop(reply.send(self.recorder.discard().map_err(CaptureError::Discard))),
            CaptureRequest::Probe(_, reply) if self.recorder.is_keeping() => drop(reply.send(Err(CaptureError::Busy))),
            CaptureRequest::Probe(duration, reply) => {
                self.recorder.begin_probe(duration);
                self.probe_reply = Some(reply);
            }
        }
    }

    fn begin(&mut self, path: &Path) -> Result<(), CaptureError> {
        if self.recorder.is_keeping() {
            return Err(CaptureError::Busy);
        }
        if self.recorder.is_lost() {
            (self.open, self.recorder) = open_input(self.input.as_mut(), &self.settings)?;
        }
        self.recorder.begin(path).map_err(|cause| match cause.kind() {
            io::ErrorKind::AlreadyExists => CaptureError::Exists { path: path.to_owned() },
            _ => CaptureError::Create { path: path.to_owned(), cause },
        })
    }

    fn answer_probe(&mut self) {
        let Some(reply) = &self.probe_reply else { return };
        let answer = match self.recorder.probed() {
            Some(check) => Ok(check),
            None if self.recorder.is_lost() => Err(CaptureError::DeviceLost { device: self.open.name.clone() }),
            None => return,
        };
        let _ = reply.send(answer);
        self.probe_reply = None;
    }
}

fn open_input(input: &mut dyn AudioInput, settings: &CaptureSettings) -> Result<(OpenInput, Recorder), CaptureError> {
    let (producer, consumer) = rtrb::RingBuffer::new(RING);
    let health = Arc::new(InputHealth::default());
    let open = input.open(producer, Arc::clone(&health))?;
    let recorder = Recorder::new(consumer, health, open.sample_rate_hz, settings.clone(), Instant::now())?;
    Ok((open, recorder))
}

#[cfg(test)]
mod tests {
    use super::super::wav::samples_of;
    use super::super::{EndedBy, FileInput, Pace, decode};
    use super::*;
    use crate::analysis::voice::VoiceTrack;

    const RATE_HZ: u32 = 16_000;

    /// A capture of a file that holds 2 s of one value, and its events.
    fn capture() -> (Capture, Receiver<CaptureEvent>, tempfile::TempDir) {
        let input = FileInput::of_samples(vec![0.25; 2 * RATE_HZ as usize], RATE_HZ, Pace::Fast);
        let (sender, events) = channel();
        let on_event = move |event| drop(sender.send(event));
        let capture = Capture::start(Box::new(input), CaptureSettings::default(), on_event).unwrap();
        (capture, events, tempfile::tempdir().unwrap())
    }

    fn wait_for_end(events: &Receiver<CaptureEvent>) {
        while !matches!(events.recv().unwrap(), CaptureEvent::Ended { .. }) {}
    }

    #[test]
    fn a_file_stands_in_for_the_microphone_of_every_take_and_ends_it() {
        let (capture, events, dir) = capture();
        for name in ["1.wav", "2.wav"] {
            capture.begin(&dir.path().join(name)).unwrap();
            wait_for_end(&events);
            let take = capture.end().unwrap();
            assert_eq!(take.ended_by, EndedBy::InputOver);
            let kept = samples_of(&take.path);
            assert_eq!(kept.iter().filter(|s| **s == 0.25).count(), 2 * RATE_HZ as usize, "{name}");
            assert_eq!(take.voice, VoiceTrack::of(&kept));
        }
    }

    #[test]
    fn orders_that_do_not_fit_are_refused_and_change_nothing() {
        let (capture, events, dir) = capture();
        let path = dir.path().join("take.wav");
        assert!(matches!(capture.end(), Err(CaptureError::NoTake)));
        capture.begin(&path).unwrap();
        assert!(matches!(capture.begin(&dir.path().join("other.wav")), Err(CaptureError::Busy)));
        wait_for_end(&events);
        capture.end().unwrap();
        assert!(matches!(capture.begin(&path), Err(CaptureError::Exists { .. })));
        let nowhere = dir.path().join("no/such/folder.wav");
        assert!(matches!(capture.begin(&nowhere), Err(CaptureError::Create { .. })));
        assert!(decode(&path).unwrap().duration().0 >= 2.0);
    }

    #[test]
    fn a_take_that_goes_on_when_everything_ends_is_kept() {
        let (capture, events, dir) = capture();
        let path = dir.path().join("take.wav");
        capture.begin(&path).unwrap();
        while !matches!(events.recv().unwrap(), CaptureEvent::Sound(_)) {}
        drop(capture);
        assert!(decode(&path).is_ok());
    }

    #[test]
    fn an_input_that_does_not_open_says_why() {
        struct Absent;
        impl AudioInput for Absent {
            fn open(&mut self, _: rtrb::Producer<f32>, _: Arc<InputHealth>) -> Result<OpenInput, InputError> {
                Err(InputError::NoDevice)
            }
        }
        let refused = Capture::start(Box::new(Absent), CaptureSettings::default(), |_| {});
        assert!(matches!(refused, Err(CaptureError::Input(InputError::NoDevice))));
    }
}
