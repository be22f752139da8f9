//! Where a rehearsal stands: the question, the phase, and what comes after it.

use tokio::time::{Duration, Instant};

use super::take::RunningTake;
use super::{Clock, Command, Planned, Progress};
use crate::interview::{Interview, Interviewer, PlannedInterruption, Turn};
use crate::speech::{SpeakError, Spoken, StopSignal};
use crate::types::{Prompt, Report, Seconds, Span, TakePart};

/// The question under discussion.
pub(super) struct Current {
    pub interview: Interview,
    pub bank: Option<String>,
    pub number: usize,
    /// What is being said now: the question, or what follows from its answer.
    pub turn: Turn,
    /// How many takes were recorded for it.
    pub takes: usize,
    /// Hints that were shown since the last take.
    pub hints: usize,
    /// Whether a drill or a conversation was summed up.
    pub is_summed: bool,
    /// When it was asked first.
    began: Instant,
    /// How long it rested since.
    rested: Duration,
}

impl Current {
    pub fn new(planned: Planned, number: usize, interviewer: &mut Interviewer) -> Current {
        let interview = interviewer.begin(planned.question);
        Current {
            turn: interview.opening(),
            interview,
            bank: planned.bank,
            number,
            takes: 0,
            hints: 0,
            is_summed: false,
            began: Instant::now(),
            rested: Duration::ZERO,
        }
    }

    /// The same is asked again: once there was an answer, that makes it a retry. What is over begins anew.
    pub fn ask_again(&mut self, interviewer: &mut Interviewer) {
        if self.is_summed {
            self.interview.restart(interviewer);
            self.turn = self.interview.opening();
            (self.is_summed, self.began, self.rested) = (false, Instant::now(), Duration::ZERO);
        }
        if self.turn.prompt == Prompt::Question && self.takes > 0 {
            self.turn.prompt = Prompt::Retry;
        }
    }

    pub fn rest(&mut self, time: Duration) {
        self.rested += time;
    }

    /// Time since it was asked first, pauses left out.
    pub fn elapsed(&self) -> Seconds {
        Seconds(self.began.elapsed().saturating_sub(self.rested).as_secs_f64())
    }

    /// How far the conversation has come, if it is one.
    pub fn clock(&self) -> Option<Clock> {
        self.interview.planned().map(|planned| Clock { elapsed: self.elapsed(), planned })
    }

    /// Whether it is the opening of a conversation, or a later turn of one; `None` elsewhere.
    pub fn opens_conversation(&self) -> Option<bool> {
        match self.turn.part {
            Some(TakePart::Phase { turn, .. }) => Some(turn == 1),
            _ => None,
        }
    }
}

pub(super) enum Phase {
    /// The voice is asking.
    Asking { stop: StopSignal },
    /// The person thinks.
    Thinking { until: Instant },
    /// The microphone is on.
    Recording(Box<Recording>),
    /// The report on this take is being made.
    Finishing { ended: Instant, take: usize, part: Option<TakePart> },
    /// The person chooses what comes next.
    Choosing,
    /// The take is being played.
    Replaying { stop: StopSignal },
    /// Everything is done.
    Over,
}

pub(super) struct Recording {
    pub take: RunningTake,
    pub progress: Progress,
    /// Where it stands in a drill or a conversation.
    pub part: Option<TakePart>,
    /// Since when nothing has been said; `None` while something is, and before the first word.
    pub silent_since: Option<Instant>,
    /// What was said to the program and is no part of the answer.
    pub commands: Vec<Span>,
    /// Since when it rests.
    pub paused_since: Option<Instant>,
    pub speech: SpeechHeard,
    /// The interruption to come.
    pub interruption: Option<PlannedInterruption>,
    /// The voice that breaks in, while it does.
    pub interrupting: Option<StopSignal>,
    pub discard: DiscardRequest,
}

impl Recording {
    pub fn new(take: RunningTake, part: Option<TakePart>, interruption: Option<PlannedInterruption>) -> Recording {
        Recording {
            take,
            progress: Progress::default(),
            part,
            silent_since: None,
            commands: Vec::new(),
            paused_since: None,
            speech: SpeechHeard::default(),
            interruption,
            interrupting: None,
            discard: DiscardRequest::default(),
        }
    }

    /// Whether it is time to break in: enough was said, and something is being said now.
    pub fn is_to_be_interrupted(&self) -> bool {
        let Some(planned) = &self.interruption else { return false };
        let time = self.speech.time(self.progress.elapsed);
        !self.progress.paused && self.speech.is_going_on() && time >= planned.after
    }
}

/// How soon a key must be pressed again before a take is thrown away.
pub(super) const CONFIRM_WITHIN: Duration = Duration::from_secs(5);

/// The wish to throw a take away, which is carried out when it is pressed a second time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct DiscardRequest(Option<(Command, Instant)>);

impl DiscardRequest {
    /// Whether this press confirms the one before; else it is a first one and waits for its second.
    pub fn press(&mut self, command: Command, now: Instant) -> bool {
        let confirmed = self.pending(now) == Some(command);
        self.0 = (!confirmed).then_some((command, now));
        confirmed
    }

    /// Forgets the first press; whether there was one that still waited.
    pub fn take_back(&mut self, now: Instant) -> bool {
        let was_pending = self.pending(now).is_some();
        self.0 = None;
        was_pending
    }

    fn pending(&self, now: Instant) -> Option<Command> {
        self.0.filter(|(_, since)| now - *since <= CONFIRM_WITHIN).map(|(command, _)| command)
    }
}

/// How much of a recording was speech so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SpeechHeard {
    before: Seconds,
    since: Option<Seconds>,
}

impl SpeechHeard {
    pub fn begin(&mut self, at: Seconds) {
        self.since = Some(at);
    }

    pub fn end(&mut self, at: Seconds) {
        if let Some(since) = self.since.take() {
            self.before += at - since;
        }
    }

    pub fn is_going_on(&self) -> bool {
        self.since.is_some()
    }

    /// Speech up to `now` on the recording's clock.
    pub fn time(&self, now: Seconds) -> Seconds {
        self.since.map_or(self.before, |since| self.before + (now - since).max(Seconds::ZERO))
    }
}

/// What comes after a phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Next {
    /// The answer after the question, what follows from it after the report.
    #[default]
    Continue,
    /// The answer, without thinking time.
    Answer,
    /// The same question again.
    Again,
    /// The next question; in a conversation the interviewer's next turn.
    Question,
    /// The end.
    Leave,
}

impl Next {
    /// What a command means before the answer; `None` for one that means nothing then.
    pub fn before_answer(command: Command) -> Option<Next> {
        match command {
            Command::Done => Some(Next::Answer),
            Command::Again | Command::StartOver => Some(Next::Again),
            Command::Next => Some(Next::Question),
            Command::Quit | Command::Back | Command::Interrupt => Some(Next::Leave),
            _ => None,
        }
    }

    /// What a command means after the answer, while its report is made or it is played.
    pub fn after_answer(command: Command) -> Option<Next> {
        match command {
            Command::Done => None,
            _ => Next::before_answer(command),
        }
    }
}

pub(super) enum JobDone {
    Spoken(Result<Spoken, SpeakError>),
    /// The interviewer has broken into an answer.
    BrokeIn(Result<Spoken, SpeakError>),
    Finished(Result<Box<Report>, String>),
    Replayed(Result<(), String>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_take_is_thrown_away_by_the_same_key_twice_in_time_and_by_nothing_else() {
        let (start, mut request) = (Instant::now(), DiscardRequest::default());
        let after = |seconds| start + Duration::from_secs(seconds);
        assert!(!request.press(Command::Again, after(0)));
        assert!(request.press(Command::Again, after(4)));
        assert!(!request.press(Command::Again, after(5)), "what was confirmed is over");
        assert!(!request.press(Command::StartOver, after(6)), "another key is another wish");
        assert!(!request.press(Command::StartOver, after(12)), "too late: it counts as the first press");
        assert!(request.take_back(after(13)) && !request.take_back(after(13)));
        assert!(!request.press(Command::StartOver, after(14)), "what was taken back is over");
        assert!(!request.take_back(after(30)), "nothing waits any more");
    }

    #[test]
    fn speech_is_added_up_over_its_pauses() {
        let mut speech = SpeechHeard::default();
        assert_eq!(speech.time(Seconds(3.0)), Seconds::ZERO);
        speech.begin(Seconds(1.0));
        assert_eq!(speech.time(Seconds(3.0)), Seconds(2.0));
        speech.end(Seconds(4.0));
        speech.begin(Seconds(10.0));
        assert_eq!((speech.time(Seconds(11.5)), speech.is_going_on()), (Seconds(4.5), true));
    }
}
