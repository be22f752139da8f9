//! Where a sitting stands: a pure fold of its events, for a screen that is drawn whole.

use serde::{Deserialize, Serialize};

use super::{Asking, Clock, Command, EndReason, Event, Notice, Progress};
use crate::interview::Hint;
use crate::practice::Comparison;
use crate::types::{ModelAnswer, Report, Seconds, Summary, TakePart};

/// Where a sitting stands. A page that was reloaded begins with this and goes on with the events that follow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// What is going on.
    pub stage: Stage,
    /// What was asked last; `None` before the first question.
    pub asking: Option<Asking>,
    /// What said it; `None` until it was said, and where it could only be shown.
    pub voice: Option<String>,
    /// Wanted length of the answer in seconds.
    pub target_s: [u32; 2],
    /// How far the conversation had come when the recording began.
    pub clock: Option<Clock>,
    /// How the recording goes, or went.
    pub progress: Progress,
    /// The last words that were recognised.
    pub latest: String,
    /// What the interviewer is breaking in with.
    pub interrupting: Option<String>,
    /// What has to be wanted once more before the take is thrown away.
    pub to_confirm: Option<Command>,
    /// How the last recording ended, and how much of it was kept.
    pub ended: Option<(EndReason, Seconds)>,
    /// Hints that were shown for this question, in order.
    pub hints: Vec<Hint>,
    /// The best answer, where it was shown.
    pub revealed: Option<Box<ModelAnswer>>,
    /// What may be chosen now.
    pub choices: Vec<Command>,
    /// What was heard so far in this session, in order.
    pub takes: Vec<ViewedTake>,
    /// What drills and conversations came to.
    pub summaries: Vec<Summary>,
    /// What the person should know about the present question, in order.
    pub notices: Vec<Notice>,
}

/// What is going on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// Nothing yet.
    #[default]
    Starting,
    /// The voice is asking.
    Asking,
    /// The person thinks.
    Thinking {
        /// For so long in all.
        time: Seconds,
    },
    /// The microphone is on; it may rest.
    Listening,
    /// The report is being made.
    Finishing,
    /// The person chooses what comes next.
    Choosing,
    /// The take is being played.
    Replaying,
    /// The session is over.
    Finished {
        /// Its name.
        session: String,
        /// Where it was saved.
        folder: String,
        /// How many takes it holds.
        takes: usize,
    },
}

/// A take of this session as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ViewedTake {
    /// Its number in the session; `None` where it has no report.
    pub take: Option<usize>,
    /// Its report.
    pub report: Option<Box<Report>>,
    /// Why it has none.
    pub problem: Option<String>,
    /// Where it stands in a drill or a conversation.
    pub part: Option<TakePart>,
    /// How it stands beside earlier takes.
    pub comparison: Option<Comparison>,
}

impl View {
    /// Takes in what happened.
    pub fn apply(&mut self, event: &Event) {
        match event.clone() {
            Event::Asking(asking) => {
                let is_new = self.asking.as_ref().is_none_or(|before| before.number != asking.number);
                if is_new {
                    self.hints.clear();
                    self.revealed = None;
                }
                self.notices.clear();
                self.choices.clear();
                (self.voice, self.ended, self.to_confirm, self.interrupting) = (None, None, None, None);
                self.asking = Some(asking);
                self.stage = Stage::Asking;
            }
            Event::Asked { voice, shown_only } => self.voice = (!shown_only).then_some(voice),
            Event::Thinking { time } => self.stage = Stage::Thinking { time },
            Event::Listening { target_s, clock } => {
                (self.target_s, self.clock) = (target_s, clock);
                (self.progress, self.latest) = (Progress::default(), String::new());
                self.stage = Stage::Listening;
            }
            Event::Interrupting { says } => self.interrupting = Some(says),
            Event::Resumed => self.interrupting = None,
            Event::Hint { hint, .. } => self.hints.push(hint),
            Event::Revealed { answer } => self.revealed = Some(answer),
            Event::Progress(progress) => self.progress = progress,
            Event::Words { latest, .. } => self.latest = latest,
            Event::ConfirmDiscard { command, .. } => self.to_confirm = Some(command),
            Event::DiscardTakenBack => self.to_confirm = None,
            Event::Understood { .. } => {}
            Event::Ended { reason, duration } => {
                (self.to_confirm, self.interrupting) = (None, None);
                self.stage = if reason == EndReason::Discarded { Stage::Choosing } else { Stage::Finishing };
                self.ended = Some((reason, duration));
            }
            Event::Reported { take, report, part, .. } => {
                let (take, report) = (Some(take), Some(report));
                self.takes.push(ViewedTake { take, report, problem: None, part, comparison: None });
            }
            Event::Compared(comparison) => {
                if let Some(take) = self.takes.last_mut() {
                    take.comparison = Some(comparison);
                }
            }
            Event::NotReported { problem } => {
                let problem = Some(problem);
                self.takes.push(ViewedTake { take: None, report: None, problem, part: None, comparison: None });
            }
            Event::Summary { summary } => self.summaries.push(*summary),
            Event::Choose { choices } => {
                self.choices = choices;
                self.stage = Stage::Choosing;
            }
            Event::Replaying => self.stage = Stage::Replaying,
            Event::Notice { notice } => self.notices.push(notice),
            Event::Finished { session, folder, takes } => {
                self.choices.clear();
                self.stage = Stage::Finished { session, folder, takes };
            }
        }
    }
}
