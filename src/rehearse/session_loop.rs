//! The loop itself: one `select!`, and what each signal means in each phase.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::task::{JoinError, JoinHandle, spawn_blocking};
use tokio::time::{Duration, Instant, sleep_until, timeout};

use super::take::{Asked, KeptTake, RunningTake, TakeEvent, TakeSignal, Takes};
use super::{Command, EndReason, Event, Planned, Progress, RehearsalEnd, RehearsalError, Settings, follow_up};
use crate::analysis::length;
use crate::asr::{self, StreamEvent, command_of};
use crate::audio::{CaptureEvent, EndedBy, SpeechEdge, play_file};
use crate::speech::{Delivery, SpeakError, Speaker, Spoken, StopSignal};
use crate::types::{Analysis, Prompt, Question, Report, Seconds, Span};

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
    /// Who shows what happens.
    pub events: UnboundedSender<Event>,
}

/// One sitting. [`Rehearsal::run`] plays it to its end.
pub struct Rehearsal {
    settings: Settings,
    speaker: Arc<Mutex<Box<dyn Speaker>>>,
    takes: Takes,
    take_signals: UnboundedReceiver<TakeSignal>,
    commands: UnboundedReceiver<Command>,
    events: UnboundedSender<Event>,
    to_ask: VecDeque<Planned>,
    of: usize,
    current: Current,
    phase: Phase,
    /// What comes after the present phase.
    next: Next,
    /// When the question ended; `None` while it has not, or was not heard.
    asked_at: Option<Instant>,
    /// The one thing that goes on in the background: a voice, a report or a replay.
    job: Option<JoinHandle<JobDone>>,
    /// Whether that thing can be heard.
    is_sounding: bool,
}

/// The question under discussion.
struct Current {
    planned: Planned,
    number: usize,
    /// What is being asked now: the question, or a probe about its answer.
    asking: Question,
    prompt: Prompt,
    /// How many takes were recorded for it.
    takes: usize,
    /// Probes that were asked.
    probes: Vec<String>,
    /// What was found about the last answer to the question itself.
    last: Option<Box<Analysis>>,
}

enum Phase {
    /// The voice is asking.
    Asking { stop: StopSignal },
    /// The person thinks.
    Thinking { until: Instant },
    /// The microphone is on.
    Recording(Box<Recording>),
    /// The report is being made.
    Finishing { ended: Instant },
    /// The person chooses what comes next.
    Choosing,
    /// The take is being played.
    Replaying { stop: StopSignal },
    /// Everything is done.
    Over,
}

struct Recording {
    take: RunningTake,
    progress: Progress,
    /// Since when nothing has been said; `None` while something is, and before the first word.
    silent_since: Option<Instant>,
    /// What was said to the program and is no part of the answer.
    commands: Vec<Span>,
}

/// What comes after a phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Next {
    /// The answer after the question, the choice after the report.
    #[default]
    AsUsual,
    /// The answer, without thinking time.
    Answer,
    /// The same question again.
    Again,
    /// The next question.
    Question,
    /// The end.
    Leave,
}

impl Next {
    /// What a command means before the answer; `None` for one that means nothing then.
    fn before_answer(command: Command) -> Option<Next> {
        match command {
            Command::Done => Some(Next::Answer),
            Command::Again | Command::StartOver => Some(Next::Again),
            Command::Next => Some(Next::Question),
            Command::Quit | Command::Interrupt => Some(Next::Leave),
            Command::Pause | Command::FollowUp | Command::Replay => None,
        }
    }

    /// What a command means after the answer, while its report is made or it is played.
    fn after_answer(command: Command) -> Option<Next> {
        match command {
            Command::Again | Command::StartOver => Some(Next::Again),
            Command::Next => Some(Next::Question),
            Command::Quit | Command::Interrupt => Some(Next::Leave),
            Command::Done | Command::Pause | Command::FollowUp | Command::Replay => None,
        }
    }
}

enum JobDone {
    Spoken(Result<Spoken, SpeakError>),
    Finished(Result<Box<Report>, String>),
    Replayed(Result<(), String>),
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
        Ok(Rehearsal {
            settings,
            speaker: Arc::new(Mutex::new(parts.speaker)),
            takes: parts.takes,
            take_signals: parts.take_signals,
            commands: parts.commands,
            events: parts.events,
            to_ask,
            of,
            current: Current::new(first, 1),
            phase: Phase::Choosing,
            next: Next::AsUsual,
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
        let session = self.takes.end_session()?;
        self.tell(Event::Finished { folder: self.takes.folder(), takes: session.answers.len() });
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
            Phase::Recording(recording) if !recording.progress.paused => {
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
            (Phase::Recording(_), _) => return self.while_recording(command),
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

    fn while_recording(&mut self, command: Command) -> Result<(), RehearsalError> {
        match command {
            Command::Done => self.end_take(EndReason::Done, Next::AsUsual),
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
            Command::FollowUp | Command::Replay => Ok(()),
        }
    }

    fn while_choosing(&mut self, command: Command) -> Result<(), RehearsalError> {
        match command {
            Command::Done | Command::Next => self.go_on(Next::Question),
            Command::Again | Command::StartOver => self.go_on(Next::Again),
            Command::FollowUp if self.next_probe().is_none() => Ok(()),
            Command::FollowUp => self.probe(),
            Command::Replay => self.replay(),
            Command::Quit => self.go_on(Next::Leave),
            Command::Interrupt => self.leave_now(),
            Command::Pause => Ok(()),
        }
    }

    fn on_capture(&mut self, event: CaptureEvent) -> Result<(), RehearsalError> {
        let Phase::Recording(recording) = &mut self.phase else {
            if event == CaptureEvent::DeviceLost {
                self.tell(Event::Notice("The microphone is gone.".to_owned()));
            }
            return Ok(());
        };
        match event {
            CaptureEvent::Level { elapsed, rms_dbfs, .. } => {
                recording.progress.elapsed = elapsed;
                recording.progress.level_dbfs = rms_dbfs;
                let progress = recording.progress;
                self.tell(Event::Progress(progress));
            }
            CaptureEvent::Speech(SpeechEdge::Start(_)) => recording.silent_since = None,
            CaptureEvent::Speech(SpeechEdge::End(_)) => recording.silent_since = Some(Instant::now()),
            CaptureEvent::Ended { by, .. } => {
                // A microphone may come back; a full disk will not by itself.
                let goes_on = matches!(by, EndedBy::InputOver | EndedBy::DeviceLost);
                let next = if goes_on { Next::AsUsual } else { Next::Leave };
                return self.end_take(EndReason::of(by), next);
            }
            CaptureEvent::AllZero(time) => self.tell(Event::Notice(format!(
                "Nothing but silence for {:.0} s: the microphone seems to be muted.",
                time.0
            ))),
            CaptureEvent::Overflow(_) => {
                self.tell(Event::Notice("This machine is too busy: some of the sound was lost.".to_owned()));
            }
            CaptureEvent::Sound(_) | CaptureEvent::DeviceLost => {}
        }
        Ok(())
    }

    fn on_stream(&mut self, event: StreamEvent) -> Result<(), RehearsalError> {
        let Phase::Recording(recording) = &mut self.phase else { return Ok(()) };
        match event {
            StreamEvent::Ready => {}
            StreamEvent::Words { count, .. } => recording.progress.words = count,
            StreamEvent::StandsAlone { words, span } => {
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
                    self.tell(Event::Notice(note));
                }
                let shown_only = spoken.delivery == Delivery::OnScreen;
                self.asked_at = (!shown_only).then_some(asked);
                self.tell(Event::Asked { voice: spoken.voice, shown_only });
            }
            Err(error) => {
                self.tell(Event::Notice(error.to_string()));
                self.tell(Event::Asked { voice: "text".to_owned(), shown_only: true });
            }
        }
        match (std::mem::take(&mut self.next), self.settings.think) {
            (Next::AsUsual, Some(time)) => {
                self.tell(Event::Thinking { time });
                self.phase = Phase::Thinking { until: asked + time };
                Ok(())
            }
            (next, _) => self.go_on(next),
        }
    }

    fn on_finished(&mut self, outcome: Result<Box<Report>, String>) -> Result<(), RehearsalError> {
        let Phase::Finishing { ended } = self.phase else { return Ok(()) };
        match outcome {
            Ok(report) => {
                // The interviewer probes the answer itself, not what was said to a probe.
                if self.current.prompt != Prompt::FollowUp {
                    self.current.last = Some(Box::new(report.analysis.clone()));
                }
                self.tell(Event::Reported { report, after: ended.elapsed() });
            }
            Err(problem) => self.tell(Event::NotReported { problem }),
        }
        let next = std::mem::take(&mut self.next);
        let probes_left = self.current.probes.len() < self.settings.follow_ups && self.next_probe().is_some();
        if next == Next::AsUsual && probes_left {
            return self.probe();
        }
        self.go_on(if next == Next::AsUsual && !self.settings.choose { Next::Question } else { next })
    }

    fn on_replayed(&mut self, outcome: Result<(), String>) -> Result<(), RehearsalError> {
        if let Err(problem) = outcome {
            self.tell(Event::Notice(problem));
        }
        let next = std::mem::take(&mut self.next);
        self.go_on(next)
    }

    /// A job panicked. The take is on disk; the session goes on.
    fn on_broken_job(&mut self, broken: &JoinError) -> Result<(), RehearsalError> {
        self.tell(Event::NotReported { problem: format!("something inside Greenroom broke: {broken}") });
        self.go_on(if self.settings.choose { Next::AsUsual } else { Next::Question })
    }

    fn on_deadline(&mut self) -> Result<(), RehearsalError> {
        match self.phase {
            Phase::Thinking { .. } => self.begin_take(),
            Phase::Recording(_) => self.end_take(EndReason::Silence, Next::AsUsual),
            _ => Ok(()),
        }
    }

    // --- what happens

    /// Goes on once nothing is being spoken, recorded or made any more.
    fn go_on(&mut self, next: Next) -> Result<(), RehearsalError> {
        match next {
            Next::AsUsual if matches!(self.phase, Phase::Asking { .. }) => self.begin_take(),
            Next::AsUsual => {
                self.choose();
                Ok(())
            }
            Next::Answer => self.begin_take(),
            Next::Again => {
                self.current.asked_again();
                self.ask();
                Ok(())
            }
            Next::Question => {
                match self.to_ask.pop_front() {
                    Some(planned) => {
                        self.current = Current::new(planned, self.current.number + 1);
                        self.ask();
                    }
                    None => self.phase = Phase::Over,
                }
                Ok(())
            }
            Next::Leave => {
                self.phase = Phase::Over;
                Ok(())
            }
        }
    }

    fn ask(&mut self) {
        self.tell(Event::Asking {
            number: self.current.number,
            of: self.of,
            question: Box::new(self.current.asking.clone()),
            prompt: self.current.prompt,
        });
        let stop = StopSignal::default();
        let (speaker, text, stopped) = (self.speaker.clone(), spoken_text(&self.current.asking), stop.clone());
        self.asked_at = None;
        self.is_sounding = true;
        self.job = Some(spawn_blocking(move || {
            let mut speaker = speaker.lock().unwrap_or_else(PoisonError::into_inner);
            JobDone::Spoken(speaker.speak(&text, &stopped))
        }));
        self.phase = Phase::Asking { stop };
    }

    fn begin_take(&mut self) -> Result<(), RehearsalError> {
        let mut question = self.current.asking.clone();
        question.target_s = self.settings.target_s.or(question.target_s);
        let target_s = length::target_s(&question);
        let take = self.takes.begin(Asked {
            question,
            bank: self.current.planned.bank.clone(),
            prompt: self.current.prompt,
            since: self.asked_at.map(|at| at.elapsed()),
        })?;
        let progress = Progress::default();
        let recording = Recording { take, progress, silent_since: None, commands: Vec::new() };
        self.phase = Phase::Recording(Box::new(recording));
        self.tell(Event::Listening { target_s });
        Ok(())
    }

    /// Ends the recording and has its report made.
    fn end_take(&mut self, reason: EndReason, next: Next) -> Result<(), RehearsalError> {
        let Some(take) = self.keep_take(reason)? else { return self.go_on(next) };
        self.current.takes += 1;
        let takes = self.takes.clone();
        self.is_sounding = false;
        self.job = Some(spawn_blocking(move || JobDone::Finished(takes.finish(take).map(Box::new))));
        self.next = next;
        self.phase = Phase::Finishing { ended: Instant::now() };
        Ok(())
    }

    /// Ends the recording; from here on it is whole on disk.
    fn keep_take(&mut self, reason: EndReason) -> Result<Option<KeptTake>, RehearsalError> {
        let Phase::Recording(recording) = std::mem::replace(&mut self.phase, Phase::Choosing) else {
            return Ok(None);
        };
        let take = self.takes.keep(recording.take, recording.commands)?;
        // What went wrong in the last moment counts for more than what was pressed.
        let reason = match take.ended_by() {
            EndedBy::Asked => reason,
            by => EndReason::of(by.clone()),
        };
        self.tell(Event::Ended { reason, duration: take.duration() });
        Ok(Some(take))
    }

    fn throw_take_away(&mut self, next: Next) -> Result<(), RehearsalError> {
        let Phase::Recording(recording) = std::mem::replace(&mut self.phase, Phase::Choosing) else { return Ok(()) };
        let duration = self.takes.discard(recording.take)?;
        self.tell(Event::Ended { reason: EndReason::Discarded, duration });
        self.go_on(next)
    }

    fn toggle_pause(&mut self) {
        let Phase::Recording(recording) = &mut self.phase else { return };
        recording.progress.paused = !recording.progress.paused;
        recording.silent_since = None;
        self.takes.pause(recording.progress.paused);
        let progress = recording.progress;
        self.tell(Event::Progress(progress));
    }

    fn choose(&mut self) {
        let mut choices = vec![Command::Again];
        if self.next_probe().is_some() {
            choices.push(Command::FollowUp);
        }
        choices.extend([Command::Replay, Command::Next, Command::Quit]);
        self.phase = Phase::Choosing;
        self.tell(Event::Choose { choices });
    }

    fn next_probe(&self) -> Option<String> {
        follow_up(&self.current.planned.question, self.current.last.as_deref()?, &self.current.probes)
    }

    /// Asks what the answer leaves open, if anything.
    fn probe(&mut self) -> Result<(), RehearsalError> {
        let Some(text) = self.next_probe() else { return self.go_on(Next::AsUsual) };
        self.current.probes.push(text.clone());
        self.current.asking = Question::probe(&self.current.planned.question.id, &text);
        self.current.prompt = Prompt::FollowUp;
        self.ask();
        Ok(())
    }

    fn replay(&mut self) -> Result<(), RehearsalError> {
        let Some(audio) = self.takes.last_recording() else { return self.go_on(Next::AsUsual) };
        let stop = StopSignal::default();
        let stopped = stop.clone();
        self.is_sounding = true;
        self.job = Some(spawn_blocking(move || {
            let played = play_file(&audio, Seconds::ZERO, || stopped.is_stopped());
            JobDone::Replayed(played.map_err(|error| error.to_string()))
        }));
        self.phase = Phase::Replaying { stop };
        self.tell(Event::Replaying);
        Ok(())
    }

    /// Ends the session at once. What is recorded stays; a report in the making is left for later.
    fn leave_now(&mut self) -> Result<(), RehearsalError> {
        if let Phase::Asking { stop } | Phase::Replaying { stop } = &self.phase {
            stop.stop();
        }
        self.phase = Phase::Over;
        Ok(())
    }

    fn tell(&self, event: Event) {
        // Whoever showed events may be gone at the very end; the session is on disk all the same.
        let _ = self.events.send(event);
    }
}

impl Current {
    fn new(planned: Planned, number: usize) -> Current {
        let asking = planned.question.clone();
        Current { planned, number, asking, prompt: Prompt::Question, takes: 0, probes: Vec::new(), last: None }
    }

    /// The same question is asked again: once there was an answer, that makes it a retry.
    fn asked_again(&mut self) {
        if self.prompt == Prompt::Question && self.takes > 0 {
            self.prompt = Prompt::Retry;
        }
    }
}

/// What is read aloud: a scenario's situation, then the question.
fn spoken_text(question: &Question) -> String {
    match &question.situation {
        Some(situation) => format!("{situation}\n{}", question.text),
        None => question.text.clone(),
    }
}
