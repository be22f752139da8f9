//! Facts that hold for every question under a heading, and the headings that are open.

use super::{facts, labels::Detail, reader::LONG};
use crate::types::{Question, QuestionKind};

/// Facts written before the questions they hold for.
#[derive(Clone, Debug, Default)]
pub(super) struct Defaults {
    known: Question,
    pub kind: Option<QuestionKind>,
}

impl Defaults {
    /// Takes in a fact; `None` when its text makes no sense.
    pub fn set(&mut self, detail: Detail, text: &str) -> Option<()> {
        if detail == Detail::Kind {
            self.kind = Some(facts::kind(text)?);
            return Some(());
        }
        set(&mut self.known, detail, text)
    }

    /// Gives a question these facts, over those it has.
    pub fn fill(&self, question: &mut Question) {
        let known = &self.known;
        question.level = known.level.clone().or(question.level.take());
        question.company = known.company.clone().or(question.company.take());
        question.duration_min = known.duration_min.or(question.duration_min);
        question.target_s = known.target_s.or(question.target_s);
        // Both lists are short, so what does not fit beside the other is no loss anyone would see.
        let _ = extend(&mut question.tags, &known.tags);
        let _ = extend(&mut question.frameworks, &known.frameworks);
    }
}

/// Sets a fact of a question; `None` when its text makes no sense.
pub(super) fn set(question: &mut Question, detail: Detail, text: &str) -> Option<()> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONG {
        return None;
    }
    match detail {
        Detail::Theme => question.theme = Some(text.into()),
        Detail::Level => question.level = Some(text.into()),
        Detail::Company => question.company = Some(text.into()),
        Detail::Duration => question.duration_min = Some(facts::minutes(text)?),
        Detail::Target => question.target_s = Some(facts::target(text)?),
        Detail::Tags => extend(&mut question.tags, &facts::tags(text))?,
        Detail::Frameworks => extend(&mut question.frameworks, &facts::tags(text))?,
        Detail::Kind | Detail::Id => return None,
    }
    Some(())
}

/// More tags than anybody gives to one question; each is compared with all others.
const MANY: usize = 64;

/// Adds what is not yet there; `None` when that would be too many.
fn extend(list: &mut Vec<String>, more: &[String]) -> Option<()> {
    for item in more {
        if !list.contains(item) {
            if list.len() >= MANY {
                return None;
            }
            list.push(item.clone());
        }
    }
    Some(())
}

/// What a fact is called.
pub(super) fn name(detail: Detail) -> &'static str {
    match detail {
        Detail::Id => "id",
        Detail::Kind => "kind",
        Detail::Theme => "theme",
        Detail::Level => "level",
        Detail::Company => "company",
        Detail::Duration => "duration",
        Detail::Target => "target length",
        Detail::Tags => "tags",
        Detail::Frameworks => "frameworks",
    }
}

/// What a fact should have looked like.
pub(super) fn expected(detail: Detail) -> &'static str {
    match detail {
        Detail::Kind => "expected behavioural, strategy, scenario or deep dive",
        Detail::Duration => "expected a time, such as 45 minutes",
        Detail::Target => "expected a length, such as 90-120 s",
        Detail::Id => "expected a short name",
        _ => "expected a few words behind it",
    }
}

/// The headings that are open, the outermost first, with the facts under each.
#[derive(Debug)]
pub(super) struct Themes {
    open: Vec<(u8, Option<String>, Defaults)>,
}

impl Default for Themes {
    fn default() -> Self {
        Self { open: vec![(0, None, Defaults::default())] }
    }
}

impl Themes {
    /// Opens a heading, closing those of its level and below.
    pub fn open(&mut self, level: u8, title: Option<String>) {
        self.close(level);
        self.open.push((level, title, Defaults::default()));
    }

    /// Closes the headings of a level and below.
    pub fn close(&mut self, level: u8) {
        self.open.retain(|(open, _, _)| *open < level || *open == 0);
    }

    /// The level of the innermost heading.
    pub fn level(&self) -> u8 {
        self.open.last().map_or(0, |(level, ..)| *level)
    }

    /// The innermost title.
    pub fn title(&self) -> Option<String> {
        self.open.iter().rev().find_map(|(_, title, _)| title.clone())
    }

    /// The facts of the innermost heading, to add to.
    pub fn defaults_here(&mut self) -> &mut Defaults {
        &mut self.open.last_mut().expect("the root is never closed").2
    }

    /// All facts that hold here; inner ones count more.
    pub fn defaults(&self) -> Defaults {
        let mut all = Defaults::default();
        for (_, _, defaults) in &self.open {
            defaults.fill(&mut all.known);
            all.kind = defaults.kind.or(all.kind);
        }
        all
    }
}
