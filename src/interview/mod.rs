//! What the interviewer says next, and what came of it: follow-ups, conversations, drills, hints. Pure.
//!
//! An [`Interviewer`] sits through a whole session and remembers what was asked; an [`Interview`] is about one
//! question. [`Interview::opening`] is the first [`Turn`]; every take goes in by [`Interview::hear`], and
//! [`Interview::next`] says what follows by itself. At the end [`Interview::summary`] tells what the takes of a drill
//! or a conversation came to together. The rehearsal speaks the turns and records the answers; it decides nothing.

mod bottom_line;
mod conversation;
mod follow_up;
mod hints;
mod interruption;
mod ladder;
mod probes;

use std::sync::Arc;

use conversation::Conversation;
pub use follow_up::{Gap, Probe, follow_up};
pub use hints::{Hint, HintKind};
use interruption::Interruption;
pub use interruption::Planned as PlannedInterruption;
pub use probes::{BreakIn, Wants};

use crate::content::frameworks::Frameworks;
use crate::types::{Drill, ModelAnswer, Prompt, Question, QuestionKind, Report, Seconds, Summary, TakePart};

/// How long an answer to a follow-up is wanted to take, in seconds.
const PROBE_S: [u32; 2] = [15, 60];

/// How the interviewer goes about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Style {
    /// Every question is asked as this drill.
    pub drill: Option<Drill>,
    /// How many follow-ups are asked after an answer without being asked for.
    pub follow_ups: usize,
    /// Whether scenarios and deep dives are asked as one question each instead of as conversations.
    pub single: bool,
    /// Wanted length of an answer in seconds, instead of the question's own.
    pub target_s: Option<[u32; 2]>,
    /// Length of a conversation, instead of the question's own.
    pub duration: Option<Seconds>,
    /// Decides what is left to chance.
    pub seed: u64,
    /// The frameworks whose parts are asked for.
    pub frameworks: Arc<Frameworks>,
}

/// One thing the interviewer says, and the answer it wants.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Read aloud before anything is asked.
    pub situation: Option<String>,
    /// What the interviewer says.
    pub says: String,
    /// What the answer is judged by, and how its take is named.
    pub question: Question,
    /// Why it is asked.
    pub prompt: Prompt,
    /// Where it stands in a drill or a conversation.
    pub part: Option<TakePart>,
}

impl Turn {
    /// Everything that is read aloud.
    pub fn spoken(&self) -> String {
        match &self.situation {
            Some(situation) => format!("{situation}\n{}", self.says),
            None => self.says.clone(),
        }
    }

    /// A follow-up about an answer to `question`.
    fn probe(question: &Question, text: &str) -> Turn {
        Turn {
            situation: None,
            says: text.to_owned(),
            question: Question { target_s: Some(PROBE_S), ..Question::probe(&question.id, text) },
            prompt: Prompt::FollowUp,
            part: None,
        }
    }
}

/// A take that was reported on.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Its number in the session.
    pub take: usize,
    /// Why it was recorded.
    pub prompt: Prompt,
    /// Where it stands in a drill or a conversation.
    pub part: Option<TakePart>,
    /// What the interviewer had said.
    pub said: String,
    /// What was found.
    pub report: Report,
}

/// Leads a whole session: what was asked once is not asked again.
#[derive(Clone, Debug)]
pub struct Interviewer {
    style: Style,
    chance: fastrand::Rng,
    /// Every follow-up of the session.
    asked: Vec<String>,
}

impl Interviewer {
    /// An interviewer for one session.
    pub fn new(style: Style) -> Interviewer {
        Interviewer { chance: fastrand::Rng::with_seed(style.seed), asked: Vec::new(), style }
    }

    /// Begins with a question.
    pub fn begin(&mut self, question: Question) -> Interview {
        let question = Question { target_s: self.style.target_s.or(question.target_s), ..question };
        let course = self.course(&question);
        Interview { question, course, told: Vec::new(), hints_shown: 0 }
    }

    fn course(&mut self, question: &Question) -> Course {
        match self.style.drill {
            Some(Drill::Ladder) => Course::Ladder(ladder::limits_s(self.style.target_s)),
            Some(Drill::Bluf) => Course::BottomLine,
            Some(Drill::Interrupt) => Course::Interruption(Interruption::new(question, &mut self.chance)),
            None => {
                let discussed = matches!(question.kind, QuestionKind::Scenario | QuestionKind::DeepDive);
                let planned = (discussed && !self.style.single)
                    .then(|| Conversation::plan(question, &self.style, &mut self.chance));
                planned.flatten().map_or(Course::Single, Course::Conversation)
            }
        }
    }
}

/// One question with everything that follows from it.
#[derive(Clone, Debug)]
pub struct Interview {
    question: Question,
    course: Course,
    told: Vec<Told>,
    hints_shown: usize,
}

/// How a question goes on after its first answer.
#[derive(Clone, Debug)]
enum Course {
    /// By follow-ups, if at all.
    Single,
    /// By the phases and prompts of the bank.
    Conversation(Conversation),
    /// By the same answer within these limits.
    Ladder(Vec<u32>),
    /// By the bottom line again.
    BottomLine,
    /// Not at all; but the answer is broken into.
    Interruption(Interruption),
}

impl Interview {
    /// The question.
    pub fn question(&self) -> &Question {
        &self.question
    }

    /// What was answered so far.
    pub fn told(&self) -> &[Told] {
        &self.told
    }

    /// What the interviewer says first.
    pub fn opening(&self) -> Turn {
        let question = &self.question;
        match &self.course {
            Course::Single => Turn {
                situation: question.situation.clone(),
                says: question.text.clone(),
                question: question.clone(),
                prompt: Prompt::Question,
                part: None,
            },
            Course::Conversation(conversation) => conversation.opening(question),
            Course::Ladder(limits_s) => ladder::turn(question, limits_s, 0),
            Course::BottomLine => bottom_line::turn(question, 1),
            Course::Interruption(interruption) => interruption.turn(question),
        }
    }

    /// Takes in an answer.
    pub fn hear(&mut self, told: Told) {
        self.told.push(told);
    }

    /// What the interviewer says by itself after the last answer; `None` at the end.
    ///
    /// `elapsed` is the time since the opening.
    pub fn next(&mut self, interviewer: &mut Interviewer, elapsed: Seconds) -> Option<Turn> {
        match &mut self.course {
            Course::Single => {
                let asked = self.told.iter().rev().take_while(|told| told.prompt == Prompt::FollowUp).count();
                (asked < interviewer.style.follow_ups).then(|| self.probe(interviewer)).flatten()
            }
            Course::Conversation(conversation) => conversation.next(&self.question, &self.told, elapsed),
            Course::Ladder(limits_s) => {
                let climbed = ladder::climbed(&self.told);
                (climbed < limits_s.len()).then(|| ladder::turn(&self.question, limits_s, climbed))
            }
            Course::BottomLine => bottom_line::next(&self.question, &self.told),
            Course::Interruption(_) => None,
        }
    }

    /// Whether the interviewer has a follow-up that nobody has heard yet. Drills and conversations have none.
    pub fn has_probe(&self, interviewer: &Interviewer) -> bool {
        matches!(self.course, Course::Single) && self.open_probe(interviewer).is_some()
    }

    fn open_probe(&self, interviewer: &Interviewer) -> Option<Probe> {
        follow_up(&self.question, &self.told, &interviewer.asked, &interviewer.style.frameworks)
    }

    /// A follow-up about the last answer; `None` when nothing is left to ask.
    pub fn probe(&self, interviewer: &mut Interviewer) -> Option<Turn> {
        if !matches!(self.course, Course::Single) {
            return None;
        }
        let probe = self.open_probe(interviewer)?;
        interviewer.asked.push(probe.text.clone());
        Some(Turn::probe(&self.question, &probe.text))
    }

    /// Whether this is a drill or a conversation, in which one take follows another.
    pub fn is_whole(&self) -> bool {
        !matches!(self.course, Course::Single)
    }

    /// How long it is to go on, for a conversation.
    pub fn planned(&self) -> Option<Seconds> {
        match &self.course {
            Course::Conversation(conversation) => Some(conversation.planned()),
            _ => None,
        }
    }

    /// The interruption that this answer is to have.
    pub fn interruption(&self) -> Option<&PlannedInterruption> {
        match &self.course {
            Course::Interruption(interruption) => Some(interruption.planned()),
            _ => None,
        }
    }

    /// Begins the drill or the conversation anew; what was answered before is not part of it.
    pub fn restart(&mut self, interviewer: &mut Interviewer) {
        self.told.clear();
        self.course = interviewer.course(&self.question);
    }

    /// What the takes came to together; `None` for a single question and where nothing was answered.
    pub fn summary(&self, elapsed: Seconds) -> Option<Summary> {
        let last = self.told.last()?;
        match &self.course {
            Course::Single => None,
            Course::Conversation(conversation) => {
                Some(Summary::Conversation(conversation.summary(&self.question, &self.told, elapsed)))
            }
            Course::Ladder(_) => Some(Summary::Ladder(ladder::summary(&self.question.id, &self.told))),
            Course::BottomLine => Some(Summary::Bluf(bottom_line::summary(&self.question.id, &self.told))),
            Course::Interruption(interruption) => {
                Some(Summary::Interrupt(interruption.summary(&self.question.id, last)))
            }
        }
    }

    /// The next hint, with its number and how many there are; `None` when all were shown.
    pub fn hint(&mut self) -> Option<(usize, usize, Hint)> {
        let hints = hints::of_question(&self.question);
        let hint = hints.get(self.hints_shown)?.clone();
        self.hints_shown += 1;
        Some((self.hints_shown, hints.len(), hint))
    }

    /// The best example answer, which is worth more after an answer of one's own.
    pub fn best_answer(&self) -> Option<&ModelAnswer> {
        self.question.answers.iter().max_by_key(|answer| answer.level)
    }
}

/// `2 minutes` or `90 seconds`, as people say it.
fn time_in_words(seconds: u32) -> String {
    match (seconds / 60, seconds % 60) {
        (1, 0) => "one minute".to_owned(),
        (minutes @ 2.., 0) => format!("{minutes} minutes"),
        _ => format!("{seconds} seconds"),
    }
}

#[cfg(test)]
mod told_for_tests;
