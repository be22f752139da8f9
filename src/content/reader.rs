//! Rows to meaning: a walk from the first row to the last that knows what it stands in.
//!
//! Headings and labels open a place (`Place`); rows without a label go where the place says.
//! Every row gets a [`LineMeaning`]; a row that fits nowhere is `NotUnderstood`, never skipped.

use super::{
    accounting::LineMeaning as Means,
    defaults::Themes,
    details,
    guide::{self, GuideSection},
    labels::{self, Detail, Label},
    place::{Answering, Place},
    prose,
    rows::{Row, Shape},
};
use crate::types::{Bank, ModelAnswer, Question, QuestionKind};

/// How one row was understood.
#[derive(Clone, Debug)]
pub(super) struct Understood {
    pub line: usize,
    pub means: Means,
    pub question: Option<usize>,
    pub remark: Option<String>,
}

/// A bank, and how each row of its file was understood.
#[derive(Debug, Default)]
pub(super) struct Interpretation {
    pub bank: Bank,
    pub rows: Vec<Understood>,
}

/// The level of a heading that is only a line in bold.
pub(super) const PSEUDO: u8 = 7;
/// The level of a question that is a labelled line, below every heading.
pub(super) const LABELLED: u8 = 8;

/// A heading or a fact longer than this many bytes is a paragraph.
///
/// Titles are kept with every question and piece of advice under them, so they must not be huge.
pub(super) const LONG: usize = 400;

/// Gives rows their meaning.
///
/// A file without any marked question is read again as a bare list of questions.
pub(super) fn interpret(rows: &[Row], name: &str) -> Interpretation {
    let marked = Reader::read(rows, name, false);
    if !marked.bank.questions.is_empty() {
        return marked;
    }
    let bare = Reader::read(rows, name, true);
    if bare.bank.questions.is_empty() { marked } else { bare }
}

/// A question that is being read.
pub(super) struct Open {
    pub at: usize,
    pub level: u8,
}

pub(super) struct Reader<'a> {
    rows: &'a [Row],
    at: usize,
    pub(super) bank: Bank,
    /// The kinds that authors named, at the positions of the questions.
    pub(super) kinds: Vec<Option<QuestionKind>>,
    pub(super) themes: Themes,
    pub(super) open: Option<Open>,
    pub(super) place: Place,
    pub(super) understood: Vec<Understood>,
    /// What to remark on the row that is being read.
    remark: Option<String>,
    /// Position in `understood` of the heading of the current place, while nothing stands under it.
    pub(super) empty_heading: Option<usize>,
    pub(super) guide: Vec<GuideSection>,
    /// Questions and the rows on which they stand, for the guide.
    prompts: Vec<(usize, usize)>,
    pub(super) bare: bool,
    /// Whether a heading below the first level is a question, so that the first is a title.
    deeper_questions: bool,
}

impl<'a> Reader<'a> {
    fn read(rows: &'a [Row], name: &str, bare: bool) -> Interpretation {
        let deeper = |row: &Row| matches!(row.shape, Shape::Heading(2..)) && opens_question(&row.text);
        let mut reader = Reader {
            rows,
            at: 0,
            bank: Bank { name: name.into(), title: name.into(), ..Bank::default() },
            kinds: Vec::new(),
            themes: Themes::default(),
            open: None,
            place: Place::Tips(String::new()),
            understood: Vec::with_capacity(rows.len()),
            remark: None,
            empty_heading: None,
            guide: Vec::new(),
            prompts: Vec::new(),
            bare,
            deeper_questions: rows.iter().any(deeper),
        };
        for (at, row) in rows.iter().enumerate() {
            reader.at = at;
            let means = reader.row(row);
            let question = reader.open.as_ref().map(|open| open.at);
            let remark = reader.remark.take();
            reader.understood.push(Understood { line: row.line, means, question, remark });
        }
        reader.finish()
    }

    fn row(&mut self, row: &Row) -> Means {
        let means = match row.shape {
            Shape::Heading(_) if row.joined => self.more(row),
            Shape::Heading(level) if row.text.len() <= LONG || opens_question(&row.text) => self.heading(row, level),
            Shape::Code => self.entry(row, &row.text),
            _ if row.text.len() > LONG => self.line(row),
            _ if row.depth == 0 && row.all_bold() && !row.joined => self.pseudo_heading(row),
            _ => self.line(row),
        };
        if !matches!(means, Means::Heading(_) | Means::Detail(_)) {
            self.empty_heading = None;
        }
        means
    }

    // ---- Headings

    fn heading(&mut self, row: &Row, level: u8) -> Means {
        let text = row.text.as_str();
        let found = labels::of_heading(text);
        if let Some(labels::Labelled { label: label @ (Label::Question | Label::Scenario), rest }) = found {
            return self.open_question(row, rest, level, label == Label::Scenario);
        }
        if matches!(self.place, Place::Guide) && self.guide.is_empty() {
            // The sections of a guide stand under its heading, though they are no deeper.
            self.empty_heading = None;
        }
        if let Some(means) = self.heading_inside(text, level, found) {
            return means;
        }
        self.close_question();
        let title = labels::after_number(text);
        let themed = found.filter(|found| found.label == Label::Detail(Detail::Theme) && !found.rest.is_empty());
        match found.map(|found| found.label) {
            Some(Label::Prompts) => {
                self.themes.open(level, None);
                self.place = Place::Prompts(text.to_owned());
                return self.headed("questions");
            }
            Some(Label::Guide) if !self.bank.questions.is_empty() => {
                self.place = Place::Guide;
                return self.headed("guide");
            }
            Some(Label::Tips) => {
                self.themes.open(level, None);
                self.place = Place::Tips(text.trim_end_matches(':').to_owned());
                return self.headed("advice");
            }
            Some(label) if label.belongs_to_a_question() && !matches!(self.place, Place::Guide) => {
                self.place = Place::Lost;
                return Means::NotUnderstood("a part of a question, but no question is open");
            }
            _ => {}
        }
        if matches!(self.place, Place::Guide) {
            self.guide.push(GuideSection::new(
                title,
                row.line,
                matches!(found, Some(labels::Labelled { label: Label::Structure, .. })),
            ));
            return self.headed("guide");
        }
        let is_title = level == 1 && self.bank.title == self.bank.name && self.bank.questions.is_empty();
        if labels::looks_like_a_question(text) && !(is_title && self.deeper_questions) {
            return self.open_question(row, title, level, false);
        }
        if is_title {
            title.clone_into(&mut self.bank.title);
            self.themes.open(level, None);
            self.place = Place::Tips(title.to_owned());
            return Means::Title;
        }
        let theme = themed.map_or(title, |found| found.rest).trim_end_matches(':');
        self.themes.open(level, Some(theme.to_owned()));
        self.place = Place::Tips(theme.to_owned());
        Means::Theme
    }

    /// A heading inside the open question, or `None` when it ends the question.
    fn heading_inside(&mut self, text: &str, level: u8, found: Option<labels::Labelled<'_>>) -> Option<Means> {
        let open = self.open.as_ref()?;
        let deeper = level > open.level;
        // In a list of prompts a heading is a part only where it says so.
        let is_part = deeper && found.as_ref().is_some_and(|found| found.label.belongs_to_a_question());
        if matches!(self.place, Place::Guide) || matches!(self.place, Place::Prompts(_)) && !is_part {
            return None;
        }
        let numbered = labels::after_number(text).len() < text.trim().len();
        if deeper && numbered && matches!(self.place, Place::Discussion { .. }) {
            return Some(self.topic(labels::after_number(text)));
        }
        match found.map(|found| found.label) {
            Some(Label::Guide) if deeper => Some(self.section(Label::Answer(2), text, "")),
            Some(label @ Label::Tips) if deeper => Some(self.section(label, text, "")),
            Some(label) if label.belongs_to_a_question() && (deeper || level == open.level) => {
                let rest = found.map_or("", |found| found.rest);
                Some(self.section(label, text, rest))
            }
            _ if !deeper => None,
            _ if matches!(self.place, Place::Discussion { .. }) => Some(self.topic(labels::after_number(text))),
            _ => Some(self.section(Label::Tips, text, "")),
        }
    }

    /// A line in bold from end to end.
    fn pseudo_heading(&mut self, row: &Row) -> Means {
        let text = row.text.trim();
        let found = labels::of_heading(text);
        let question = matches!(found, Some(labels::Labelled { label: Label::Question | Label::Scenario, .. }));
        let in_question = self.open.is_some() && !matches!(self.place, Place::Prompts(_));
        let beside = self.open.as_ref().is_none_or(|open| open.level == PSEUDO);
        let is_question = question || (beside && labels::looks_like_a_question(text));
        match found {
            _ if row.quoted => self.line(row),
            // `**Tags**:` and the like say something even with nothing behind them.
            Some(labels::Labelled { label: Label::Detail(_) | Label::About, .. }) => self.line(row),
            Some(labels::Labelled { label: Label::Task | Label::Action | Label::Result, .. }) => self.line(row),
            Some(labels::Labelled { label: Label::Situation, .. }) if matches!(self.place, Place::Answer(_)) => {
                self.line(row)
            }
            Some(found) if in_question && (found.label.belongs_to_a_question() || found.label == Label::Tips) => {
                self.section(found.label, text, found.rest)
            }
            _ if is_question => self.heading(row, PSEUDO),
            _ if in_question && matches!(self.place, Place::Discussion { .. }) => {
                self.topic(labels::after_number(text))
            }
            _ if in_question || matches!(self.place, Place::Guide) || self.bare => self.line(row),
            _ => self.heading(row, PSEUDO),
        }
    }

    /// Opens a part of the open question. What stands behind the heading is its first entry.
    pub(super) fn section(&mut self, label: Label, title: &str, rest: &str) -> Means {
        let title = title.trim().trim_end_matches(':');
        self.leave();
        let (place, name) = match label {
            Label::Criteria => (Place::Criteria(title.into()), "criteria"),
            Label::Structure => (Place::Structure(title.into()), "structure"),
            Label::Notes => (Place::Notes, "notes"),
            Label::Situation => (Place::Situation, "situation"),
            Label::Challenges => (Place::Challenges, "challenges"),
            Label::Discussion => (Place::Discussion { title: title.into(), topics: false }, "discussion"),
            Label::Answer(level) => {
                if let Some(question) = self.question() {
                    question.answers.push(ModelAnswer { level, label: title.into(), ..ModelAnswer::default() });
                }
                (Place::Answer(Answering::default()), if level < 2 { "competent answer" } else { "best answer" })
            }
            _ => (Place::Advice(title.into()), "advice"),
        };
        self.place = place;
        if rest.is_empty() {
            return self.headed(name);
        }
        let row = Row {
            shape: Shape::Text,
            joined: false,
            text: rest.into(),
            bold: Vec::new(),
            ..self.rows[self.at].clone()
        };
        self.entry(&row, rest)
    }

    pub(super) fn headed(&mut self, name: &'static str) -> Means {
        self.remark_if_empty();
        self.empty_heading = Some(self.understood.len());
        Means::Heading(name)
    }

    pub(super) fn remark_if_empty(&mut self) {
        if let Some(heading) = self.empty_heading.take().and_then(|at| self.understood.get_mut(at)) {
            heading.remark = Some("nothing under it".into());
        }
    }

    // ---- Questions

    /// The question that is being read.
    pub(super) fn question(&mut self) -> Option<&mut Question> {
        let at = self.open.as_ref()?.at;
        self.bank.questions.get_mut(at)
    }

    pub(super) fn open_question(&mut self, row: &Row, text: &str, level: u8, scenario: bool) -> Means {
        // `### Question 3` with the words on a line of their own.
        let waiting = self.question().is_some_and(|question| question.text.is_empty());
        if waiting && level > self.open.as_ref().map_or(0, |open| open.level) {
            self.say_question(text);
            self.place = Place::Asked;
            return Means::Question;
        }
        self.close_question();
        if level < PSEUDO {
            self.themes.close(level);
        }
        let mut question = Question { line: row.line, theme: self.themes.title(), ..Question::default() };
        self.themes.defaults().fill(&mut question);
        self.kinds.push(scenario.then_some(QuestionKind::Scenario).or(self.themes.defaults().kind));
        self.bank.questions.push(question);
        let at = self.bank.questions.len() - 1;
        self.open = Some(Open { at, level });
        self.prompts.push((at, self.at));
        self.say_question(text);
        if !matches!(self.place, Place::Prompts(_)) {
            self.place = Place::Asked;
        }
        Means::Question
    }

    /// Sets the words of the open question: what stands in quotes, if it begins with a quote.
    pub(super) fn say_question(&mut self, text: &str) {
        let text = text.trim();
        let opens = text.starts_with(['"', '“']);
        let closing = text.rmatch_indices(['"', '”']).next().filter(|(at, _)| opens && *at > 0);
        let (said, left) = closing.map_or((text, ""), |(at, mark)| text.split_at(at + mark.len()));
        // Only a short aside is left out: `"Why?" (continued)`.
        let aside = left.trim_start().starts_with('(') && left.len() <= 40;
        let (said, left) = if aside { (said, left.trim()) } else { (text, "") };
        if let Some(question) = self.question() {
            prose::unquoted(said).clone_into(&mut question.text);
        }
        if !left.is_empty() {
            self.remark = Some(format!("left out: {left}"));
        }
    }

    pub(super) fn close_question(&mut self) {
        self.leave();
        self.remark_if_empty();
        let Some(open) = self.open.take() else { return };
        // Again, as the closing mark may have stood on a later line.
        let asked = &mut self.bank.questions[open.at].text;
        *asked = prose::unquoted(asked).to_owned();
        if asked.is_empty() {
            // A heading that announced a question and had none under it.
            let line = self.bank.questions[open.at].line;
            let unnamed = format!("Question on line {line}");
            self.bank.questions[open.at].text = unnamed;
            if let Some(heading) = self.understood.iter_mut().rev().find(|row| row.line == line) {
                heading.remark = Some("no question under it".into());
            }
        }
    }

    /// Called whenever a place is left.
    fn leave(&mut self) {
        if let Place::Answer(_) = self.place
            && let Some(answer) = self.question().and_then(|question| question.answers.last_mut())
        {
            super::place::finish_answer(answer);
        }
    }

    // ---- The end

    fn finish(mut self) -> Interpretation {
        self.close_question();
        let bold: Vec<(usize, &Row)> =
            self.prompts.iter().map(|(question, row)| (*question, &self.rows[*row])).collect();
        let attached = guide::attach(std::mem::take(&mut self.guide), &bold, &mut self.bank);
        for section in attached {
            let first = self.understood.partition_point(|row| row.line < section.lines.0);
            for row in self.understood[first..].iter_mut().take_while(|row| row.line <= section.lines.1) {
                row.question = section.question;
                if section.question.is_none() && !matches!(row.means, Means::Heading(_)) {
                    row.means = Means::Tip;
                }
            }
        }
        for (question, kind) in self.bank.questions.iter_mut().zip(self.kinds) {
            question.kind = kind.unwrap_or_else(|| details::likely_kind(question));
            if question.frameworks.is_empty() {
                question.frameworks = details::likely_frameworks(question);
            }
        }
        self.bank.tips.retain(|tip| !tip.text.is_empty());
        Interpretation { bank: self.bank, rows: self.understood }
    }

    pub(super) fn next_is_nested(&self, row: &Row) -> bool {
        self.rows.get(self.at + 1).is_some_and(|next| matches!(next.shape, Shape::Item(_)) && next.depth > row.depth)
    }

    pub(super) fn next_is_item(&self) -> bool {
        self.rows.get(self.at + 1).is_some_and(|next| matches!(next.shape, Shape::Item(_)))
    }

    pub(super) fn row_now(&self) -> &Row {
        &self.rows[self.at]
    }

    /// The kind that the author gave the open question.
    pub(super) fn kind_named(&self) -> Option<QuestionKind> {
        self.kinds[self.open.as_ref()?.at]
    }
}

/// Whether a heading is a question.
fn opens_question(text: &str) -> bool {
    labels::looks_like_a_question(text)
        || labels::of_heading(text).is_some_and(|found| matches!(found.label, Label::Question | Label::Scenario))
}
