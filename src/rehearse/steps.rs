//! What happens in a rehearsal, once the loop has decided that it should.

use std::sync::PoisonError;

use tokio::task::spawn_blocking;
use tokio::time::{Duration, Instant};

use super::session_loop::Rehearsal;
use super::state::{Current, JobDone, Next, Phase, Recording};
use super::take::{Asked, KeptTake};
use super::{Asking, Command, EndReason, Event, Notice, RehearsalError};
use crate::analysis::length;
use crate::audio::{EndedBy, play_file};
use crate::content::spoken::spoken;
use crate::interview::Turn;
use crate::speech::StopSignal;
use crate::types::{Seconds, TakePart};

/// How long the recording still rests after the interviewer broke in: what is said is then still in the room.
const ECHO: Duration = Duration::from_millis(250);

impl Rehearsal {
    /// Goes on once nothing is being spoken, recorded or made any more.
    pub(super) fn go_on(&mut self, next: Next) -> Result<(), RehearsalError> {
        match next {
            Next::Continue if matches!(self.phase, Phase::Asking { .. }) => self.begin_take(),
            Next::Continue => {
                self.choose();
                Ok(())
            }
            Next::Answer => self.begin_take(),
            Next::Again => {
                self.current.ask_again(&mut self.interviewer);
                self.ask();
                Ok(())
            }
            Next::Question if self.is_in_conversation() => self.follow(),
            Next::Question => {
                self.sum_up()?;
                match self.to_ask.pop_front() {
                    Some(planned) => {
                        self.current = Current::new(planned, self.current.number + 1, &mut self.interviewer);
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

    /// Whether a conversation goes on, so that "next" means its next prompt.
    fn is_in_conversation(&self) -> bool {
        self.current.clock().is_some() && !self.current.is_summed && !self.current.interview.told().is_empty()
    }

    /// What follows by itself: the interviewer's next turn, else the summary and the choice.
    pub(super) fn follow(&mut self) -> Result<(), RehearsalError> {
        let elapsed = self.current.elapsed();
        if let Some(turn) = self.current.interview.next(&mut self.interviewer, elapsed) {
            self.say(turn);
            return Ok(());
        }
        self.sum_up()?;
        self.go_on(if self.settings.choose { Next::Continue } else { Next::Question })
    }

    /// Says what the takes of a drill or a conversation came to, once.
    pub(super) fn sum_up(&mut self) -> Result<(), RehearsalError> {
        if self.current.is_summed {
            return Ok(());
        }
        if let Some(summary) = self.current.interview.summary(self.current.elapsed()) {
            self.current.is_summed = true;
            self.takes.add_summary(summary.clone())?;
            self.tell(Event::Summary { summary: Box::new(summary) });
        }
        Ok(())
    }

    fn say(&mut self, turn: Turn) {
        self.current.turn = turn;
        self.ask();
    }

    pub(super) fn ask(&mut self) {
        let current = &self.current;
        let turn = current.turn.clone();
        self.tell(Event::Asking(Asking {
            number: current.number,
            of: self.of,
            title: current.interview.question().text.clone(),
            situation: turn.situation,
            says: turn.says,
            prompt: turn.prompt,
            part: turn.part,
            clock: current.clock(),
        }));
        let stop = StopSignal::default();
        let (speaker, text, stopped) = (self.speaker.clone(), spoken(&current.turn.spoken()), stop.clone());
        self.asked_at = None;
        self.is_sounding = true;
        self.job = Some(spawn_blocking(move || {
            let mut speaker = speaker.lock().unwrap_or_else(PoisonError::into_inner);
            JobDone::Spoken(speaker.speak(&text, &stopped))
        }));
        self.phase = Phase::Asking { stop };
    }

    pub(super) fn begin_take(&mut self) -> Result<(), RehearsalError> {
        let turn = &self.current.turn;
        let (target_s, part) = (length::target_s(&turn.question), turn.part.clone());
        let take = self.takes.begin(Asked {
            question: turn.question.clone(),
            bank: self.current.bank.clone(),
            prompt: turn.prompt,
            part: part.clone(),
            since: self.asked_at.map(|at| at.elapsed()),
        })?;
        let interruption = self.current.interview.interruption().cloned();
        self.phase = Phase::Recording(Box::new(Recording::new(take, part, interruption)));
        self.tell(Event::Listening { target_s, clock: self.current.clock() });
        Ok(())
    }

    /// Ends the recording and has its report made.
    pub(super) fn end_take(&mut self, reason: EndReason, next: Next) -> Result<(), RehearsalError> {
        let Some((kept, part)) = self.keep_take(reason)? else { return self.go_on(next) };
        self.current.takes += 1;
        let (takes, take) = (self.takes.clone(), kept.number());
        self.is_sounding = false;
        self.job = Some(spawn_blocking(move || JobDone::Finished(takes.finish(kept).map(Box::new))));
        self.next = next;
        self.phase = Phase::Finishing { ended: Instant::now(), take, part };
        Ok(())
    }

    /// Ends the recording; from here on it is whole on disk.
    pub(super) fn keep_take(
        &mut self,
        reason: EndReason,
    ) -> Result<Option<(KeptTake, Option<TakePart>)>, RehearsalError> {
        let Some(recording) = self.stop_recording() else { return Ok(None) };
        let number = recording.take.number();
        let take = self.takes.keep(recording.take, recording.commands)?;
        let hints = std::mem::take(&mut self.current.hints);
        self.takes.note(number, recording.part.clone(), hints)?;
        // What went wrong in the last moment counts for more than what was pressed.
        let reason = match take.ended_by() {
            EndedBy::Asked => reason,
            by => EndReason::of(by.clone()),
        };
        self.tell(Event::Ended { reason, duration: take.duration() });
        Ok(Some((take, recording.part)))
    }

    /// Leaves the recording, and silences whoever broke into it.
    fn stop_recording(&mut self) -> Option<Recording> {
        let Phase::Recording(recording) = std::mem::replace(&mut self.phase, Phase::Choosing) else { return None };
        if let Some(voice) = &recording.interrupting {
            voice.stop();
        }
        if let Some(since) = recording.paused_since {
            self.current.rest(since.elapsed());
        }
        Some(*recording)
    }

    pub(super) fn throw_take_away(&mut self, next: Next) -> Result<(), RehearsalError> {
        let Some(recording) = self.stop_recording() else { return Ok(()) };
        let duration = self.takes.discard(recording.take)?;
        self.tell(Event::Ended { reason: EndReason::Discarded, duration });
        self.go_on(next)
    }

    pub(super) fn toggle_pause(&mut self) {
        let Phase::Recording(recording) = &mut self.phase else { return };
        if recording.interrupting.is_some() {
            return;
        }
        recording.progress.paused = !recording.progress.paused;
        recording.silent_since = None;
        let rested = recording.paused_since.take().map(|since| since.elapsed());
        recording.paused_since = recording.progress.paused.then(Instant::now);
        self.takes.pause(recording.progress.paused);
        let progress = recording.progress;
        self.current.rest(rested.unwrap_or_default());
        self.tell(Event::Progress(progress));
    }

    /// The interviewer breaks in. The recording rests meanwhile, so that the voice is no part of the answer.
    pub(super) fn break_in(&mut self) {
        let Phase::Recording(recording) = &mut self.phase else { return };
        let Some(planned) = recording.interruption.take() else { return };
        self.takes.pause(true);
        let says = planned.break_in.says;
        recording.part =
            Some(TakePart::Interrupted { said: Some(says.clone()), at_s: Some(recording.progress.elapsed) });
        let stop = StopSignal::default();
        recording.interrupting = Some(stop.clone());
        let (speaker, text) = (self.speaker.clone(), spoken(&says));
        self.is_sounding = true;
        self.job = Some(spawn_blocking(move || {
            let spoken = speaker.lock().unwrap_or_else(PoisonError::into_inner).speak(&text, &stop);
            std::thread::sleep(ECHO);
            JobDone::BrokeIn(spoken)
        }));
        self.tell(Event::Interrupting { says });
    }

    /// The recording goes on after an interruption.
    pub(super) fn listen_again(&mut self) {
        let Phase::Recording(recording) = &mut self.phase else { return };
        recording.interrupting = None;
        self.is_sounding = false;
        self.takes.pause(false);
        self.tell(Event::Resumed);
    }

    fn choose(&mut self) {
        let mut choices = vec![Command::Again];
        if self.current.interview.has_probe(&self.interviewer) {
            choices.push(Command::FollowUp);
        }
        choices.push(Command::Replay);
        if self.settings.reveal && self.current.interview.best_answer().is_some() {
            choices.push(Command::Reveal);
        }
        choices.extend([Command::Next, Command::Quit]);
        self.phase = Phase::Choosing;
        self.tell(Event::Choose { choices });
    }

    /// Asks what the answer leaves open, if anything.
    pub(super) fn probe(&mut self) {
        if let Some(turn) = self.current.interview.probe(&mut self.interviewer) {
            self.say(turn);
        }
    }

    pub(super) fn hint(&mut self) {
        match self.current.interview.hint() {
            Some((number, of, hint)) => {
                self.current.hints += 1;
                self.tell(Event::Hint { number, of, hint });
            }
            None => self.notice(Notice::NoMoreHints),
        }
    }

    /// Shows the best answer, unless that would take the exercise away.
    pub(super) fn reveal(&mut self) {
        let answered = matches!(self.phase, Phase::Choosing | Phase::Finishing { .. } | Phase::Replaying { .. });
        match self.current.interview.best_answer() {
            _ if !self.settings.reveal => self.notice(Notice::NoAnswersInRealMode),
            None => self.notice(Notice::NoExampleAnswer),
            Some(_) if !answered || self.current.takes == 0 => self.notice(Notice::AnswerFirst),
            Some(answer) => self.tell(Event::Revealed { answer: Box::new(answer.clone()) }),
        }
    }

    pub(super) fn replay(&mut self) -> Result<(), RehearsalError> {
        let Some(audio) = self.takes.last_recording() else { return self.go_on(Next::Continue) };
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
    pub(super) fn leave_now(&mut self) -> Result<(), RehearsalError> {
        if let Phase::Asking { stop } | Phase::Replaying { stop } = &self.phase {
            stop.stop();
        }
        self.phase = Phase::Over;
        Ok(())
    }

    pub(super) fn notice(&self, notice: Notice) {
        self.tell(Event::Notice { notice });
    }

    pub(super) fn tell(&self, event: Event) {
        self.events.send(event);
    }
}
