//! Rows to meaning: a walk from the first row to the last that knows what it stands in.
//!
//! The [`outline`](super::outline) has said what every section and list holds. Headings and labels open a place
//! ([`Place`]); rows without a label go where the place says. Every row gets a [`LineMeaning`](Means); nothing is skipped.

use super::{
    accounting::LineMeaning as Means,
    answers,
    clues::Labels,
    draft::{Draft, Written},
    facts,
    guide::{self, GuideSection},
    hints::{Hints, Is},
    labels::{self, Label},
    outline::{Outline, PSEUDO, outline},
    place::Place,
    rows::{Callout, Row, Shape},
    stories,
    tables::Table,
};
use crate::types::{Bank, Question};

/// How one row was understood.
#[derive(Clone, Debug)]
pub(super) struct Understood {
    pub line: usize,
    pub means: Means,
    pub question: Option<usize>,
    /// How many example answers its question had with it.
    pub answers: usize,
    pub remark: Option<String>,
    /// Whether it reads like a question all the same.
    pub asks: bool,
    /// The line of the heading above it, or of the head of its table.
    pub under: Option<usize>,
}

/// A bank, and how each row of its file was understood.
#[derive(Debug, Default)]
pub(super) struct Interpretation {
    pub bank: Bank,
    pub rows: Vec<Understood>,
}

/// A heading or a fact longer than this many bytes is a paragraph.
///
/// Titles are kept with every question and piece of advice under them, so they must not be huge.
pub(super) const LONG: usize = 400;

/// Gives rows their meaning. `hints` is what the person said about headings and columns of this file.
pub(super) fn interpret(rows: &[Row], name: &str, hints: &Hints) -> Interpretation {
    let labels: Vec<Labels> = rows.iter().map(Labels::of).collect();
    let outline = outline(rows, &labels);
    let mut reader = Reader {
        rows,
        labels: &labels,
        outline: &outline,
        hints,
        at: 0,
        draft: Draft::new(name),
        place: first_place(hints),
        understood: Vec::with_capacity(rows.len()),
        empty_heading: None,
        guide: Vec::new(),
        prompts: Vec::new(),
        before_aside: None,
        list_place: None,
        table: None,
        gaps: false,
        advised: None,
    };
    for (at, row) in rows.iter().enumerate() {
        reader.at = at;
        let means = reader.row(row);
        let question = reader.draft.open.as_ref().map(|open| open.at);
        reader.settle(row, means, question);
    }
    reader.finish()
}

/// Where the lines above the first heading stand.
fn first_place(hints: &Hints) -> Place {
    match hints.above_headings() {
        Some(Is::Question | Is::Questions) => Place::Prompts(String::new()),
        Some(Is::ToAsk) => Place::ToAsk,
        Some(Is::Advice) => Place::Advised(String::new()),
        _ => Place::Tips(String::new()),
    }
}

pub(super) struct Reader<'a> {
    pub(super) rows: &'a [Row],
    /// The labels of the rows.
    pub(super) labels: &'a [Labels<'a>],
    pub(super) outline: &'a Outline,
    pub(super) hints: &'a Hints,
    /// The row that is being read.
    pub(super) at: usize,
    pub(super) draft: Draft,
    pub(super) place: Place,
    pub(super) understood: Vec<Understood>,
    /// Position in `understood` of the heading of the current place, while nothing stands under it.
    pub(super) empty_heading: Option<usize>,
    pub(super) guide: Vec<GuideSection>,
    /// Questions and the rows on which they stand, for the guide.
    pub(super) prompts: Vec<(usize, usize)>,
    /// The place in which a callout stands that is advice.
    pub(super) before_aside: Option<Place>,
    /// The place of the list of which a question is an item.
    pub(super) list_place: Option<Place>,
    /// The table that is being read.
    pub(super) table: Option<Table>,
    /// Whether the row that is being read has gaps to be filled in.
    pub(super) gaps: bool,
    /// The level of the heading that said all below it is advice.
    pub(super) advised: Option<u8>,
}

impl Reader<'_> {
    fn row(&mut self, row: &Row) -> Means {
        self.leave_what_ended(row);
        if row.shape == Shape::Cells {
            self.empty_heading = None;
            return self.cells(row);
        }
        self.table = None;
        let means = match row.shape {
            Shape::Property => self.property(row),
            Shape::Callout(callout) => self.callout(row, callout),
            Shape::Code(_) => self.code(row),
            Shape::Heading(_) if row.joined => self.more(row),
            _ if self.outline.clues[self.at].heads.is_some() => self.head(row),
            _ => self.line(row),
        };
        if !matches!(means, Means::Heading(_) | Means::Detail(_)) {
            self.empty_heading = None;
        }
        means
    }

    /// Notes what became of a row.
    fn settle(&mut self, row: &Row, means: Means, question: Option<usize>) {
        let gaps = std::mem::take(&mut self.gaps).then(|| "has blanks to be filled in".to_owned());
        let remark = self.draft.remark.take().or(gaps);
        let head = self.outline.sections[self.outline.clues[self.at].section].head;
        let told = match head {
            Some(head) => self.hints.heading(&self.rows[head].text).is_some(),
            None => self.hints.above_headings().is_some(),
        };
        let told = told || self.place == Place::Notes && means == Means::Note;
        let below = self.outline.section_of(self.at);
        let idle = below.rows > 0 && !below.holds_below;
        let clue = &self.outline.clues[self.at];
        let free = matches!(self.place, Place::Tips(_) | Place::Prompts(_) | Place::Asked);
        let among = free && clue.list.is_some_and(|list| self.outline.lists[list].mostly_asks());
        let asks = !told && super::doubt::is_doubtful(row, clue, means, idle, among);
        let table = self.table.as_ref().map(|table| table.line);
        let under = table.or(head.map(|head| self.rows[head].line));
        let answers = self.draft.question().map_or(0, |question| question.answers.len());
        self.understood.push(Understood { line: row.line, means, question, answers, remark, asks, under });
    }

    /// Closes what ends with a fold, a quote or a table.
    fn leave_what_ended(&mut self, row: &Row) {
        if let Some(place) = self.before_aside.take() {
            if row.quoted {
                self.before_aside = Some(place);
            } else {
                self.place = place;
            }
        }
        let Some(open) = &self.draft.open else { return };
        let ended = match open.written {
            Written::Callout => !row.quoted || row.shape == Shape::Callout(Callout::Question),
            Written::Cells => true,
            // The story of an item ends with the item.
            Written::Story if open.depth > 0 => {
                !row.joined && (row.depth < open.depth || row.depth == open.depth && row.is_item())
            }
            _ => open.level >= (row.folds + 1) * 10,
        };
        if ended {
            self.close_question();
            self.place = Place::Tips(self.draft.themes.title().unwrap_or_default());
        }
    }

    // ---- Questions

    /// Opens a question at a heading, a label or an item.
    pub(super) fn open_question(&mut self, row: &Row, text: &str, written: Written) -> Means {
        let level = self.level_of(written);
        // `### Question 3` with the words on a line of their own.
        let waiting = self.draft.question().is_some_and(|question| question.text.is_empty());
        if waiting
            && written != Written::Item
            && self.outline.clues[self.at].heads.is_none_or(|_| self.is_inside(self.own_level()))
        {
            self.draft.say(text);
            self.place = Place::Asked;
            return Means::Question;
        }
        let before = self.draft.open.as_ref().map(|open| (open.list, open.first, open.written));
        self.close_question();
        if matches!(written, Written::Heading | Written::Fold | Written::Story)
            && self.outline.clues[self.at].heads.is_some()
        {
            self.draft.themes.close(self.own_level());
        }
        self.draft.open(text, row.line, written, level);
        let list = self.outline.clues[self.at].list;
        if let Some(open) = &mut self.draft.open {
            open.depth = row.depth;
            open.list = list;
            if let Some((before, first, Written::Item)) = before
                && written == Written::Item
                && before == list
            {
                open.first = first;
            }
            self.prompts.push((open.at, self.at));
        }
        if !(written == Written::Item && matches!(self.place, Place::Prompts(_))) {
            self.place = Place::Asked;
        }
        self.list_place = Some(self.place.clone());
        Means::Question
    }

    /// Headings deeper than this stand inside a question that is written so where we are.
    fn level_of(&self, written: Written) -> u8 {
        match written {
            Written::Heading | Written::Fold | Written::Story => self.own_level(),
            _ => {
                // The heading above; a line in bold above a list is none.
                let section = &self.outline.sections[self.outline.clues[self.at].section];
                let bold = section.level % 10 == PSEUDO && written != Written::Callout;
                if bold { self.outline.sections[section.parent].level } else { section.level }
            }
        }
    }

    /// The level of the heading that is being read.
    pub(super) fn own_level(&self) -> u8 {
        self.outline.section_of(self.at).level
    }

    /// Whether a heading of this level stands inside the open question.
    pub(super) fn is_inside(&self, level: u8) -> bool {
        self.draft.open.as_ref().is_some_and(|open| level > open.level)
    }

    pub(super) fn close_question(&mut self) {
        self.leave();
        self.remark_if_empty();
        self.draft.close(&mut self.understood);
        // A form that was never filled in is no question.
        let asked = self.draft.bank.questions.len();
        self.prompts.pop_if(|(question, _)| *question >= asked);
    }

    /// Called whenever a place is left.
    pub(super) fn leave(&mut self) {
        if let Place::Answer(_) = self.place
            && let Some(answer) = self.draft.answer()
        {
            answers::finish_answer(answer);
        }
    }

    // ---- Headings of parts

    /// Opens a part of the open question. What stands behind the heading is its first entry.
    pub(super) fn section(&mut self, label: Label, title: &str, rest: &str) -> Means {
        let title = title.trim().trim_end_matches([':', '-', '.', ' ']);
        self.leave();
        let (place, name) = match label {
            Label::Criteria => (Place::Criteria(title.into()), "criteria"),
            Label::Structure => (Place::Structure(title.into()), "structure"),
            Label::Notes => (Place::Notes, "notes"),
            Label::Part(_) => (Place::Situation, "situation"),
            Label::Challenges => (Place::Challenges, "challenges"),
            Label::Discussion => (Place::Discussion { title: title.into(), topics: false }, "discussion"),
            Label::Fits => (Place::Fits, "questions it fits"),
            Label::Answer(level @ 1..) => {
                self.open_answer(level, title);
                (self.place.clone(), if level < 2 { "competent answer" } else { "best answer" })
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
        self.behind_label(&row, rest)
    }

    /// What stands behind the label of a part, on its line.
    fn behind_label(&mut self, row: &Row, rest: &str) -> Means {
        if matches!(self.place, Place::Fits) {
            return self.fits_in_line(row, rest);
        }
        if let Place::Answer(_) = self.place
            && let Some(labels::Labelled { label: Label::Part(part), rest }) = labels::of_line(rest, 0)
        {
            return self.part(row, part, rest);
        }
        self.entry(row, rest)
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

    // ---- The end

    fn finish(mut self) -> Interpretation {
        self.close_question();
        self.draft.give_up_situation();
        let asked: Vec<(usize, &Row)> =
            self.prompts.iter().map(|(question, row)| (*question, &self.rows[*row])).collect();
        let attached = guide::attach(std::mem::take(&mut self.guide), &asked, &mut self.draft.bank);
        for section in attached {
            let first = self.understood.partition_point(|row| row.line < section.lines.0);
            for row in self.understood[first..].iter_mut().take_while(|row| row.line <= section.lines.1) {
                row.question = section.question;
                if section.question.is_none() && !matches!(row.means, Means::Heading(_)) {
                    row.means = Means::Tip;
                }
            }
        }
        stories::link(&mut self.draft);
        let mut bank = self.draft.bank;
        for (question, kind) in bank.questions.iter_mut().zip(self.draft.kinds) {
            question.kind = kind.unwrap_or_else(|| facts::likely_kind(question));
            if question.frameworks.is_empty() {
                question.frameworks = facts::likely_frameworks(question);
            }
        }
        bank.tips.retain(|tip| !tip.text.is_empty());
        Interpretation { bank, rows: self.understood }
    }

    pub(super) fn next_is_nested(&self, row: &Row) -> bool {
        self.rows.get(self.at + 1).is_some_and(|next| next.is_item() && next.depth > row.depth)
    }

    pub(super) fn next_is_item(&self) -> bool {
        self.rows.get(self.at + 1).is_some_and(Row::is_item)
    }

    pub(super) fn row_now(&self) -> &Row {
        &self.rows[self.at]
    }

    /// Whether a question is open that has nothing under it yet.
    pub(super) fn is_bare(&mut self) -> bool {
        self.draft.question().is_some_and(|question| {
            *question
                == Question {
                    id: question.id.clone(),
                    text: question.text.clone(),
                    theme: question.theme.clone(),
                    line: question.line,
                    tags: question.tags.clone(),
                    level: question.level.clone(),
                    company: question.company.clone(),
                    duration_min: question.duration_min,
                    target_s: question.target_s,
                    frameworks: question.frameworks.clone(),
                    ..Question::default()
                }
        })
    }
}
