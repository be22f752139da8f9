//! Lines that are no headings: those that begin with a label, and those that go on with something.

use super::{
    accounting::LineMeaning as Means,
    defaults, details, ids,
    labels::{self, Detail, Label},
    place::Place,
    prose,
    reader::{LABELLED, LONG, PSEUDO, Reader},
    rows::{Row, Shape},
};
use crate::types::Tip;

impl Reader<'_> {
    /// A row that is no heading.
    pub(super) fn line(&mut self, row: &Row) -> Means {
        if let Some(means) = self.labelled(row) {
            return means;
        }
        if row.joined {
            return self.more(row);
        }
        let is_prompt =
            matches!(self.place, Place::Prompts(_)) && matches!(row.shape, Shape::Item(_)) && row.depth == 1;
        let is_bare = self.bare && row.depth <= 1 && !row.quoted && labels::looks_like_a_question(&row.text);
        if is_prompt || is_bare {
            self.empty_heading = None;
            return self.open_question(row, labels::after_number(&row.text), LABELLED, false);
        }
        if let Place::Prompts(title) = &self.place
            && row.depth == 0
        {
            let title = title.clone();
            self.close_question();
            self.place = Place::Prompts(title.clone());
            return self.tip(row, &row.text, &title);
        }
        self.entry(row, &row.text)
    }

    /// A line that begins with a label, if it may have one where it stands.
    fn labelled(&mut self, row: &Row) -> Option<Means> {
        let lead = row.lead();
        // "Solution" alone on a line, after the questions.
        let alone = matches!(self.place, Place::Prompts(_)) && row.depth == 0 && !row.joined;
        if alone
            && labels::of_heading(&row.text).is_some_and(|found| found.label == Label::Guide && found.rest.is_empty())
        {
            self.close_question();
            self.place = Place::Guide;
            return Some(self.headed("guide"));
        }
        let found = labels::of_line(&row.text, lead)?;
        let asked = matches!(found.label, Label::Question | Label::Answer(_));
        let bold = lead > 0;
        let in_answer = matches!(self.place, Place::Answer(_));
        if let Place::Answer(_) = self.place
            && let Label::Situation | Label::Task | Label::Action | Label::Result = found.label
        {
            return Some(self.part(row, found.label, found.rest));
        }
        let in_list = row.depth > 0;
        let fresh_fact =
            matches!(self.place, Place::Asked) && row.depth == 1 && matches!(found.label, Label::Detail(_));
        if (in_list && !fresh_fact)
            || (in_answer && !bold && !asked)
            || (row.joined && !bold && !asked && !matches!(found.label, Label::Detail(_)))
            || matches!(self.place, Place::Guide)
        {
            return None;
        }
        self.announced(row, found, in_answer)
    }

    /// Does what a label announces; `None` when it announces nothing here.
    fn announced(&mut self, row: &Row, found: labels::Labelled<'_>, in_answer: bool) -> Option<Means> {
        match found.label {
            Label::Question | Label::Scenario => {
                Some(self.open_question(row, found.rest, LABELLED, found.label == Label::Scenario))
            }
            Label::Detail(detail) => Some(self.detail(detail, found.rest)),
            Label::About => Some(self.about(row)),
            Label::Tips if self.open.is_none() || matches!(self.place, Place::Prompts(_)) => {
                self.close_question();
                let title = row.text[..row.text.len() - found.rest.len()].trim().trim_end_matches(':').to_owned();
                Some(if found.rest.is_empty() {
                    self.place = Place::Tips(title);
                    self.headed("advice")
                } else {
                    self.tip(row, found.rest, &title)
                })
            }
            label if label.belongs_to_a_question() || label == Label::Tips => {
                self.open.as_ref()?;
                if in_answer && label == Label::Tips {
                    return None;
                }
                let title = row.text[..row.text.len() - found.rest.len()].to_owned();
                Some(self.section(label, &title, found.rest))
            }
            _ => None,
        }
    }

    fn detail(&mut self, detail: Detail, text: &str) -> Means {
        let open = self.open.as_ref().map(|open| open.at);
        let known = match (open, detail) {
            (Some(at), Detail::Id) => ids::from_author(text).map(|id| self.bank.questions[at].id = id),
            (None, Detail::Id) => return Means::NotUnderstood("an id, but no question is open"),
            (Some(at), Detail::Kind) => details::kind(text).map(|kind| self.kinds[at] = Some(kind)),
            (Some(at), detail) => defaults::set(&mut self.bank.questions[at], detail, text),
            (None, Detail::Theme) => {
                self.themes.open(PSEUDO, Some(text.to_owned()));
                Some(())
            }
            (None, detail) => self.themes.defaults_here().set(detail, text),
        };
        match known {
            Some(()) => Means::Detail(defaults::name(detail)),
            None => Means::NotUnderstood(defaults::expected(detail)),
        }
    }

    fn about(&mut self, row: &Row) -> Means {
        let title = "About this file";
        match self.bank.tips.last_mut().filter(|tip| tip.title == title) {
            Some(tip) => tip.text = format!("{}\n{}", tip.text, row.text),
            None => self.bank.tips.push(Tip { title: title.into(), text: row.text.clone(), line: row.line }),
        }
        Means::About
    }

    /// Adds a tip under a heading: one for each paragraph and each item of a list.
    pub(super) fn tip(&mut self, row: &Row, text: &str, title: &str) -> Means {
        let title = if title.is_empty() { self.bank.title.as_str() } else { title };
        match self.bank.tips.last_mut() {
            Some(tip) if (row.joined || row.depth > 1) && tip.title == title => {
                prose::append(&mut tip.text, row, text, 1)
            }
            _ => self.bank.tips.push(Tip { title: title.into(), text: text.into(), line: row.line }),
        }
        Means::Tip
    }

    /// Goes on with what the row before was.
    pub(super) fn more(&mut self, row: &Row) -> Means {
        let last = self.understood.last().map(|row| row.means);
        match last {
            // A question in bold ends where the bold ends.
            Some(Means::Question) if self.open.as_ref().is_some_and(|open| open.level == PSEUDO) && row.lead() == 0 => {
                self.entry(&Row { joined: false, ..row.clone() }, &row.text)
            }
            Some(Means::Question) => {
                if let Some(question) = self.question() {
                    question.text.push(' ');
                    question.text.push_str(&row.text);
                }
                Means::Question
            }
            Some(Means::Title) if self.bank.title.len() < LONG => {
                self.bank.title.push(' ');
                self.bank.title.push_str(&row.text);
                Means::Title
            }
            Some(means @ Means::Detail("tags")) => {
                if self.detail(Detail::Tags, &row.text) == means {
                    means
                } else {
                    Means::NotUnderstood("no tags")
                }
            }
            _ => self.entry(row, &row.text),
        }
    }
}
