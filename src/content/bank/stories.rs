//! Stories that people keep by themselves, with the questions each one fits.
//!
//! Many keep no questions at all: a story bank. A story becomes something that can be told ("Tell me the story of ..."),
//! and where its author says which questions it fits, those are asked and the story is their answer.

use super::{
    accounting::LineMeaning as Means,
    asks::{self, Asks},
    draft::{Draft, Written},
    labels::{Label, Labelled},
    numbers::after_number,
    place::Place,
    prose,
    reader::Reader,
    rows::Row,
    vocabulary::vocabulary,
};
use crate::types::QuestionKind;

impl Reader<'_> {
    /// A heading that stands over a story; `None` where it stands over something else.
    pub(super) fn story_head(&mut self, row: &Row, found: Option<Labelled<'_>>) -> Option<Means> {
        let section = self.own_section().clone();
        let text = after_number(row.text.trim());
        let tells = section.parts.tell_a_story() && section.tells() && !section.holds_questions;
        let named = match found {
            // `Example story` has no name by which anybody could ask for it.
            Some(Labelled { label: Label::Story, rest: "" })
                if super::labels::of_heading(text).is_some() && tells && is_an_example(text) =>
            {
                return None;
            }
            // Behind questions `Story` is what one of them is answered with.
            Some(Labelled { label: Label::Story, rest: "" }) if names_nothing(text) && self.has_asked_beside() => {
                return None;
            }
            Some(Labelled { label: Label::Story, rest }) => Some(if rest.is_empty() { text } else { rest }),
            Some(Labelled { label: Label::Answer(1..), rest }) if tells && !rest.is_empty() => Some(rest),
            Some(_) => return None,
            None => None,
        };
        let told = tells && !explains(text) && section.storied_items < 2;
        let asks = self.outline.clues[self.at].asks != Asks::No;
        let title = named.or((told && !asks).then_some(text))?;
        let empty = section.rows == 0 && section.heads == 0;
        // Boxes to tick are no story.
        let idle = !section.parts.tell_a_story() && section.told == 0 && section.lines == 0 && section.part_heads == 0;
        if named.is_some() && (empty || idle && section.heads == 0) {
            return (!empty).then(|| {
                self.draft.themes.open(self.own_level(), None);
                self.place = Place::SelfCheck(text.to_owned());
                self.headed("self-check")
            });
        }
        Some(self.open_story(row, title))
    }

    /// Whether a question was asked under the same heading as the one that is being read, or under one beside it.
    fn has_asked_beside(&self) -> bool {
        let around = self.outline.clues[self.at].section;
        self.prompts.last().is_some_and(|(_, row)| {
            let section = self.outline.clues[*row].section;
            section == around || around > 0 && self.outline.sections[section].parent == around
        })
    }

    /// An item whose own items tell a story in parts: `1. The ferry (conflict)`.
    pub(super) fn story_item(&mut self, row: &Row) -> Option<Means> {
        let clue = &self.outline.clues[self.at];
        let below = &self.outline.lists[self.outline.clues.get(self.at + 1)?.list?];
        let tells = below.parent == Some(self.at) && below.parts.tell_a_story();
        let free = self.draft.open.is_none() && matches!(self.place, Place::Tips(_));
        let title = after_number(&row.text).trim_end_matches(':');
        let named = clue.part.is_none() && clue.asks == Asks::No && super::labels::of_heading(title).is_none();
        let section = &self.outline.sections[clue.section];
        (row.is_item() && !row.quoted && tells && section.tells() && free && named && section.storied_items >= 2)
            .then(|| self.open_story(row, title))
    }

    /// Opens a story as what asks for it.
    pub(super) fn open_story(&mut self, row: &Row, title: &str) -> Means {
        let (title, _) = super::draft::words_of_a_question(title);
        // `The night shift (competency: care)`: the aside is not part of its name.
        let (title, aside) = match title.trim_end().strip_suffix(')').and_then(|title| title.rsplit_once(" (")) {
            Some((title, aside)) if title.len() > 3 => (title.trim().to_owned(), Some(aside.to_owned())),
            _ => (title.clone(), None),
        };
        // `Example 1 — The flood`.
        let named = [" — ", " – ", ": ", " - "]
            .iter()
            .find_map(|mark| title.split_once(mark))
            .filter(|(before, _)| is_a_number_of_examples(before));
        let title = named.map_or(title.clone(), |(_, name)| name.to_owned());
        let todo = ["TBD", "TODO", "WIP"].iter().find_map(|mark| title.strip_suffix(mark));
        let title = todo
            .map(|title| title.trim_end_matches([' ', '-', '–', '—', ':', '(']))
            .filter(|title| !title.is_empty())
            .unwrap_or(&title);
        let title = prose::without_shouting(title);
        let means =
            self.open_question(row, &format!("Tell me the story of {}.", prose::in_a_sentence(&title)), Written::Story);
        self.draft.name_kind(QuestionKind::Behavioural);
        if let Some(open) = &self.draft.open {
            self.draft.stories.push((title, open.at));
        }
        if let Some(aside) = aside {
            self.draft.remark = Some(format!("left out: ({aside})"));
        }
        means
    }

    /// A line in the list of what a story fits: a question, or what the story is about.
    pub(super) fn fits(&mut self, row: &Row, text: &str) -> Means {
        if row.joined {
            return Means::Question;
        }
        let text = after_number(text);
        let quoted = text.starts_with(['"', '“']);
        if asks::asks(text) != Asks::No || quoted && text.split_whitespace().count() >= 3 {
            if let Some(open) = &mut self.draft.open {
                open.fits.push((row.line, prose::unquoted(text).to_owned()));
            }
            return Means::Question;
        }
        if text.len() <= 60 {
            self.draft.tag(text);
            return Means::Detail("tags");
        }
        self.advice(row, text, "Fits")
    }

    /// Questions on one line: `Best for: "Tell me ...", "Describe ..."`.
    pub(super) fn fits_in_line(&mut self, row: &Row, text: &str) -> Means {
        let quoted: Vec<&str> =
            text.split(['"', '“', '”']).skip(1).step_by(2).map(str::trim).filter(|text| !text.is_empty()).collect();
        let listed: Vec<&str> = text.split(';').map(str::trim).filter(|text| asks::asks(text) != Asks::No).collect();
        let quoted = if quoted.is_empty() && listed.len() > 1 { listed } else { quoted };
        if quoted.is_empty() {
            return if asks::asks(text) == Asks::No {
                self.draft.tag(text);
                Means::Detail("tags")
            } else {
                self.fits(row, text)
            };
        }
        for text in quoted {
            if let Some(open) = &mut self.draft.open {
                open.fits.push((row.line, text.trim_end_matches(',').to_owned()));
            }
        }
        Means::Question
    }
}

/// Gives the questions of a table the stories that it names for them.
pub(super) fn link(draft: &mut Draft) {
    if draft.links.is_empty() || draft.stories.is_empty() {
        return;
    }
    // By the whole title, or by what stands before its dash: `Silo – the sensor nobody trusted`.
    let short = |title: &str| key(title.split([':', '–', '—', '(']).next().unwrap_or(title));
    let mut named: std::collections::HashMap<String, usize> =
        draft.stories.iter().rev().map(|(title, at)| (short(title), *at)).collect();
    named.extend(draft.stories.iter().rev().map(|(title, at)| (key(title), *at)));
    for (question, story) in std::mem::take(&mut draft.links) {
        let Some(answer) = named.get(&key(&story)).and_then(|at| draft.bank.questions[*at].answers.first()).cloned()
        else {
            continue;
        };
        let asked = &mut draft.bank.questions[question];
        if asked.answers.is_empty() {
            asked.answers.push(answer);
        }
    }
}

/// Whether a title says that what stands under it explains how stories are told.
pub(super) fn explains(title: &str) -> bool {
    let lower = title.to_lowercase();
    lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| vocabulary().explains.contains(word))
}

/// Whether a title only counts: `Example 1`, `Sample answer 2`.
fn is_a_number_of_examples(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower
        .split_whitespace()
        .filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'#'))
        .peekable();
    words.peek().is_some() && words.all(|word| vocabulary().nouns.contains(word) || word == "sample")
}

/// `My story – The ferry`, `Story -`: a story of the person's own, and its name.
pub(super) fn mine(text: &str) -> Option<Labelled<'_>> {
    let (head, rest) = text.split_once(['–', '—', '-']).filter(|(head, _)| head.ends_with(' '))?;
    let head = super::vocabulary::lowered(head.trim());
    let mine = head.strip_prefix("my ").unwrap_or(&head);
    (super::labels::phrase(mine) == Some(Label::Story)).then(|| Labelled { label: Label::Story, rest: rest.trim() })
}

/// Whether a title is nothing but a word for a story, and perhaps an aside: `Story (long form)`.
fn names_nothing(title: &str) -> bool {
    let bare = title.split('(').next().unwrap_or_default();
    super::labels::phrase(bare.trim()) == Some(Label::Story)
}

fn is_an_example(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.starts_with("example") || lower.starts_with("sample")
}

/// The words of a title, whatever stands between them.
fn key(title: &str) -> String {
    let lower = after_number(title).to_lowercase();
    let words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && *word != "story" && *word != "the");
    words.collect::<Vec<_>>().join(" ")
}
