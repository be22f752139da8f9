//! The loop itself: one `select!`, and what each signal means in each phase.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::{Duration, Instant, sleep_until, timeout};

use super::state::{CONFIRM_WITHIN, Current, JobDone, Next, Phase};
use super::take::{TakeEvent, TakeSignal, Takes};
use super::{Broadcast, Command, EndReason, Event, Notice, Planned, RehearsalEnd, RehearsalError, Settings};
use crate::asr::{self, StreamEvent, command_of};
use crate::audio::{CaptureEvent, EndedBy, SpeechEdge};
use crate::interview::{Interviewer, Told};
use crate::practice::{Comparison, EarlierTakes};
use crate::speech::{Delivery, SpeakError, Speaker, Spoken};
use crate::types::{Prompt, Report, Seconds, TakePart};

/// How long a voice that was stopped may take to fall silent at the end.
const SILENCE_LIMIT: Duration = Duration::from_millis(1500);

/// The real parts that a rehearsal is played on.
pub struct Parts {
    /// The voice that asks.
    pub speaker: Box<dyn Speaker>,
    /// The microphone, Whisper and the disk.
    pub takes: Takes,
    /// What happens while a take is recorded.
    pub take_signals: UnboundedReceiver<TakeSignal>,
    /// Keys, or whoever stands in for them.
    pub commands: UnboundedReceiver<Command>,
    /// Who is told what happens.
    pub events: Broadcast,
    /// The takes that answers are held against; `None` where they are not.
    pub earlier: Option<EarlierTakes>,
}

/// One sitting. [`Rehearsal::run`] plays it to its end.
pub struct Rehearsal {
    pub(super) settings: Settings,
    pub(super) speaker: Arc<Mutex<Box<dyn Speaker>>>,
    pub(super) takes: Takes,
    take_signals: UnboundedReceiver<TakeSignal>,
    commands: UnboundedReceiver<Command>,
    pub(super) events: Broadcast,
    earlier: Option<EarlierTakes>,
    pub(super) to_ask: VecDeque<Planned>,
    pub(super) of: usize,
    pub(super) interviewer: Interviewer,
    pub(super) current: Current,
    pub(super) phase: Phase,
    /// What comes after the present phase.
    pub(super) next: Next,
    /// When the question ended; `None` while it has not, or was not heard.
    pub(super) asked_at: Option<Instant>,
    /// The one thing that goes on in the background: a voice, a report or a replay.
    pub(super) job: Option<JoinHandle<JobDone>>,
    /// Whether that thing can be heard.
    pub(super) is_sounding: bool,
}

enum Signal {
    Command(Command),
    Take(TakeSignal),
    Job(Result<JobDone, JoinError>),
    Deadline,
}

impl Rehearsal {
    /// A rehearsal of `questions`, of which there must be at least one.
    pub fn new(questions: Vec<Planned>, settings: Settings, parts: Parts) -> Result<Rehearsal, RehearsalError> {
        let of = questions.len();
        let mut to_ask = VecDeque::from(questions);
        let first = to_ask.pop_front().ok_or(RehearsalError::NothingToAsk)?;
        let mut interviewer = Interviewer::new(settings.style.clone());
        Ok(Rehearsal {
            settings,
            speaker: Arc::new(Mutex::new(parts.speaker)),
            takes: parts.takes,
            take_signals: parts.take_signals,
            commands: parts.commands,
            events: parts.events,
            earlier: parts.earlier,
            to_ask,
            of,
            current: Current::new(first, 1, &mut interviewer),
            interviewer,
            phase: Phase::Choosing,
            next: Next::Continue,
            asked_at: None,
            job: None,
            is_sounding: false,
        })
    }

    /// Plays the sitting to its end. What is recorded is on disk at every moment.
    ///
    /// Fails when the disk does; whatever was recorded until then is kept.
    pub async fn run(mut self) -> Result<RehearsalEnd, RehearsalError> {
        self.ask();
        let mut interrupted = false;
        while !matches!(self.phase, Phase::Over) {
            let signal = self.next_signal().await;
            interrupted |= matches!(signal, Signal::Command(Command::Interrupt));
            self.on_signal(signal)?;
        }
        self.wait_for_silence().await;
        self.sum_up()?;
        let session = self.takes.end_session()?;
        self.tell(Event::Finished {
            session: session.id.clone(),
            folder: self.takes.folder().display().to_string(),
            takes: session.answers.len(),
        });
        Ok(RehearsalEnd { interrupted, session })
    }

    /// Gives a voice or a player that was stopped a moment to fall silent; a report is not waited for.
    async fn wait_for_silence(&mut self) {
        if let (Some(job), true) = (self.job.take(), self.is_sounding) {
            // Whatever it would have said does not matter any more.
            let _ = timeout(SILENCE_LIMIT, job).await;
        }
    }

    async fn next_signal(&mut self) -> Signal {
        let deadline = self.deadline();
        tokio::select! {
            Some(command) = self.commands.recv() => Signal::Command(command),
            Some(signal) = self.take_signals.recv() => Signal::Take(signal),
            done = async { self.job.as_mut().expect("the branch is off without a job").await }, if self.job.is_some() => {
                self.job = None;
                Signal::Job(done)
            }
            () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => Signal::Deadline,
        }
    }

    /// When the present phase ends by itself.
    fn deadline(&self) -> Option<Instant> {
        match &self.phase {
            Phase::Thinking { until } => Some(*until),
            Phase::Recording(recording) if !recording.progress.paused && recording.interrupting.is_none() => {
                Some(recording.silent_since? + self.settings.auto_stop?)
            }
            _ => None,
        }
    }

    fn on_signal(&mut self, signal: Signal) -> Result<(), RehearsalError> {
        match signal {
            Signal::Command(command) => self.on_command(command),
            // What is still on its way from an earlier take means nothing to this one.
            Signal::Take(signal) if self.is_late(&signal) => Ok(()),
            Signal::Take(TakeSignal { what: TakeEvent::Capture(event), .. }) => self.on_capture(event),
            Signal::Take(TakeSignal { what: TakeEvent::Stream(event), .. }) => self.on_stream(event),
            Signal::Job(Ok(JobDone::Spoken(outcome))) => self.on_spoken(outcome),
            Signal::Job(Ok(JobDone::BrokeIn(outcome))) => {
                if let Err(error) = outcome {
                    self.notice(Notice::VoiceFailed { problem: error.to_string() });
                }
                self.listen_again();
                Ok(())
            }
            Signal::Job(Ok(JobDone::Finished(outcome))) => self.on_finished(outcome),
            Signal::Job(Ok(JobDone::Replayed(outcome))) => self.on_replayed(outcome),
            Signal::Job(Err(broken)) => self.on_broken_job(&broken),
            Signal::Deadline => self.on_deadline(),
        }
    }

    fn is_late(&self, signal: &TakeSignal) -> bool {
        matches!(&self.phase, Phase::Recording(recording) if signal.take.is_some_and(|take| take != recording.take.number()))
    }

    // --- what each signal means in each phase

    fn on_command(&mut self, command: Command) -> Result<(), RehearsalError> {
        match (&mut self.phase, command) {
            (Phase::Over, _) => {}
            (_, Command::Hint) => self.hint(),
            (_, Command::Reveal) => self.reveal(),
            (Phase::Recording(_), _) => return self.on_key_while_recording(command),
            (Phase::Choosing, _) => return self.while_choosing(command),
            (_, Command::Interrupt) => return self.leave_now(),
            // The voice or the player stops first; what comes next is done when it has.
            (Phase::Asking { stop }, _) => {
                if let Some(next) = Next::before_answer(command) {
                    stop.stop();
                    self.next = next;
                }
            }
            (Phase::Thinking { .. }, _) => {
                if let Some(next) = Next::before_answer(command) {
                    return self.go_on(next);
                }
            }
            (Phase::Replaying { stop }, _) => {
                stop.stop();
                self.next = Next::after_answer(command).unwrap_or_default();
            }
            // The report is finished first, whatever was pressed.
            (Phase::Finishing { .. }, _) => self.next = Next::after_answer(command).unwrap_or(self.next),
        }
        Ok(())
    }

    /// A key can slip: what would throw the take away waits for a second press, and the recording goes on meanwhile.
    ///
    /// Spoken commands do not come here: they stand alone between two pauses, and whoever speaks may not see the screen.
    fn on_key_while_recording(&mut self, command: Command) -> Result<(), RehearsalError> {
        let Phase::Recording(recording) = &mut self.phase else { return Ok(()) };
        let now = Instant::now();
        if matches!(command, Command::Again | Command::StartOver) {
            if recording.discard.press(command, now) {
                return self.while_recording(command);
            }
            self.tell(Event::ConfirmDiscard { command, within: Seconds(CONFIRM_WITHIN.as_secs_f64()) });
            return Ok(());
        }
        let taken_back = recording.discard.take_back(now);
        match command {
            Command::Back if taken_back => {
                self.tell(Event::DiscardTakenBack);
                Ok(())
            }
            Command::Back => self.while_recording(Command::Quit),
            _ => self.while_recording(command),
        }
    }

    fn while_recording(&mut self, command: Command) -> Result<(), RehearsalError> {
        match command {
            Command::Done => self.end_take(EndReason::Done, Next::Continue),
            Command::Next => self.end_take(EndReason::Done, Next::Question),
            Command::Quit => self.end_take(EndReason::Quit, Next::Leave),
            Command::Again => self.throw_take_away(Next::Again),
            Command::StartOver => self.throw_take_away(Next::Answer),
            Command::Interrupt => {
                self.keep_take(EndReason::Quit)?;
                self.leave_now()
            }
            Command::Pause => {
                self.toggle_pause();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn while_choosing(&mut self, command: Command) -> Result<(), RehearsalError> {
        match command {
            Command::Done | Command::Next => self.go_on(Next::Question),
            Command::Again | Command::StartOver => self.go_on(Next::Again),
            Command::FollowUp => {
                self.probe();
                Ok(())
            }
            Command::Replay => self.replay(),
            Command::Quit | Command::Back => self.go_on(Next::Leave),
            Command::Interrupt => self.leave_now(),
            Command::Pause | Command::Hint | Command::Reveal => Ok(()),
        }
    }

    fn on_capture(&mut self, event: CaptureEvent) -> Result<(), RehearsalError> {
        let Phase::Recording(recording) = &mut self.phase else {
            if event == CaptureEvent::DeviceLost {
                self.notice(Notice::MicrophoneGone);
            }
            return Ok(());
        };
        match event {
            CaptureEvent::Level { elapsed, rms_dbfs, .. } => {
                recording.progress.elapsed = elapsed;
                recording.progress.level_dbfs = rms_dbfs;
                let progress = recording.progress;
                let interrupt = recording.is_to_be_interrupted();
                self.tell(Event::Progress(progress));
                if interrupt {
                    self.break_in();
                }
            }
            CaptureEvent::Speech(SpeechEdge::Start(at)) => {
                recording.silent_since = None;
                recording.speech.begin(at);
            }
            CaptureEvent::Speech(SpeechEdge::End(at)) => {
                recording.silent_since = Some(Instant::now());
                recording.speech.end(at);
            }
            CaptureEvent::Ended { by, .. } => {
                // A microphone may come back; a full disk will not by itself.
                let goes_on = matches!(by, EndedBy::InputOver | EndedBy::DeviceLost);
                let next = if goes_on { Next::Continue } else { Next::Leave };
                return self.end_take(EndReason::of(by), next);
            }
            CaptureEvent::AllZero(time) => self.notice(Notice::Muted { time }),
            CaptureEvent::Overflow(_) => self.notice(Notice::SoundLost),
            CaptureEvent::Sound(_) | CaptureEvent::DeviceLost => {}
        }
        Ok(())
    }

    fn on_stream(&mut self, event: StreamEvent) -> Result<(), RehearsalError> {
        let Phase::Recording(recording) = &mut self.phase else { return Ok(()) };
        match event {
            StreamEvent::Ready => {}
            StreamEvent::Words { count, latest } => {
                recording.progress.words = count;
                self.tell(Event::Words { count, latest });
            }
            StreamEvent::Utterance { words, span } => {
                if let Some(spoken) = command_of(&words) {
                    recording.commands.push(span);
                    return self.on_spoken_command(spoken);
                }
            }
        }
        Ok(())
    }

    fn on_spoken_command(&mut self, spoken: asr::Command) -> Result<(), RehearsalError> {
        let command = match spoken {
            asr::Command::Done => Command::Done,
            asr::Command::Repeat => Command::Again,
            asr::Command::Next => Command::Next,
            asr::Command::StartOver => Command::StartOver,
            asr::Command::Pause => Command::Pause,
            asr::Command::StopSession => Command::Quit,
            // What is heard is not paused: there is nothing to resume.
            asr::Command::Resume => return Ok(()),
        };
        self.tell(Event::Understood { command });
        self.while_recording(command)
    }

    fn on_spoken(&mut self, outcome: Result<Spoken, SpeakError>) -> Result<(), RehearsalError> {
        let asked = Instant::now();
        match outcome {
            Ok(spoken) => {
                for note in spoken.notes {
                    self.notice(Notice::Voice { note });
                }
                let shown_only = spoken.delivery == Delivery::OnScreen;
                self.asked_at = (!shown_only).then_some(asked);
                self.tell(Event::Asked { voice: spoken.voice, shown_only });
            }
            Err(error) => {
                self.notice(Notice::VoiceFailed { problem: error.to_string() });
                self.tell(Event::Asked { voice: "text".to_owned(), shown_only: true });
            }
        }
        let think = match self.current.opens_conversation() {
            Some(true) => self.settings.think_situation,
            Some(false) => None,
            None => self.settings.think,
        };
        match (std::mem::take(&mut self.next), think) {
            (Next::Continue, Some(time)) => {
                self.tell(Event::Thinking { time: Seconds(time.as_secs_f64()) });
                self.phase = Phase::Thinking { until: asked + time };
                Ok(())
            }
            (next, _) => self.go_on(next),
        }
    }

    fn on_finished(&mut self, outcome: Result<Box<Report>, String>) -> Result<(), RehearsalError> {
        let Phase::Finishing { ended, take, part } = &self.phase else { return Ok(()) };
        let (after, take, part) = (Seconds(ended.elapsed().as_secs_f64()), *take, part.clone());
        let is_reported = outcome.is_ok();
        match outcome {
            Ok(report) => {
                let turn = &self.current.turn;
                self.current.interview.hear(Told {
                    take,
                    prompt: turn.prompt,
                    part: part.clone(),
                    said: turn.says.clone(),
                    report: (*report).clone(),
                });
                let comparison = self.compare(&report, &part);
                self.tell(Event::Reported { take, report, after, part });
                if let Some(comparison) = comparison {
                    self.tell(Event::Compared(comparison));
                }
            }
            Err(problem) => self.tell(Event::NotReported { problem }),
        }
        match std::mem::take(&mut self.next) {
            Next::Continue if is_reported => self.follow(),
            // Without a report nobody knows what follows, and asking again would fail again.
            Next::Continue if !self.settings.choose => self.go_on(Next::Question),
            next => self.go_on(next),
        }
    }

    /// Holds an answer to the question itself, first or again, against the takes before it, and puts it behind them.
    fn compare(&mut self, report: &Report, part: &Option<TakePart>) -> Option<Comparison> {
        let is_practice = self.current.turn.prompt != Prompt::FollowUp && part.is_none();
        let earlier = self.earlier.as_mut().filter(|_| is_practice)?;
        let question = report.question.as_ref()?;
        let comparison = earlier.compare(question, &report.analysis);
        earlier.add(question, &report.analysis);
        comparison
    }

    fn on_replayed(&mut self, outcome: Result<(), String>) -> Result<(), RehearsalError> {
        if let Err(problem) = outcome {
            self.notice(Notice::ReplayFailed { problem });
        }
        let next = std::mem::take(&mut self.next);
        self.go_on(next)
    }

    /// A job panicked. The take is on disk; the session goes on.
    fn on_broken_job(&mut self, broken: &JoinError) -> Result<(), RehearsalError> {
        self.tell(Event::NotReported { problem: format!("something inside Greenroom broke: {broken}") });
        if matches!(self.phase, Phase::Recording(_)) {
            self.listen_again();
            return Ok(());
        }
        self.go_on(if self.settings.choose { Next::Continue } else { Next::Question })
    }

    fn on_deadline(&mut self) -> Result<(), RehearsalError> {
        match self.phase {
            Phase::Thinking { .. } => self.begin_take(),
            Phase::Recording(_) => self.end_take(EndReason::Silence, Next::Continue),
            _ => Ok(()),
        }
    }
}

impl Drop for Rehearsal {
    fn drop(&mut self) {
        // However the sitting ended, nothing more will happen.
        self.events.end();
    }
}
