//! Example answers and the parts of the stories they tell.

use super::{
    accounting::LineMeaning as Means,
    blank::{Blank, blank},
    draft::part_name,
    labels::{Label, Part},
    place::Place,
    prose,
    reader::Reader,
    rows::{Row, Shape},
};
use crate::{
    content::spoken::plain,
    types::{AnswerParts, ModelAnswer},
};

/// What is known of the example answer that is being read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Answering {
    /// In how many lists its parts stand, once the first was found.
    depth: Option<usize>,
    part: Option<Part>,
}

impl Reader<'_> {
    /// Opens an example answer of the open question.
    pub(super) fn open_answer(&mut self, level: u8, label: &str) {
        self.leave();
        let (label, _) = plain(label);
        if let Some(question) = self.draft.question() {
            question.answers.push(ModelAnswer { level, label, ..ModelAnswer::default() });
        }
        self.place = Place::Answer(Answering::default());
    }

    /// A row of an answer that begins with the name of a part.
    ///
    /// Parts stand side by side: the `Action` of a numbered plan, or a `Situation` inside an action, is no part.
    pub(super) fn part(&mut self, row: &Row, part: Part, rest: &str) -> Means {
        let heading = matches!(row.shape, Shape::Heading(_)) || row.all_bold() && row.depth == 0;
        let Place::Answer(answering) = &mut self.place else { return self.entry(row, &row.text) };
        let begins = matches!(part, Part::Situation | Part::Task);
        let starts = answering.depth.is_none() && (begins || self.outline.parts_around(self.at).tell_a_story());
        let beside = answering.depth == Some(row.depth) || heading;
        if !(starts || beside) {
            return self.entry(row, &row.text);
        }
        let depth = row.depth;
        *answering = Answering { depth: Some(depth), part: Some(part) };
        let Some(answer) = self.draft.answer() else { return Means::Answer(2) };
        let level = answer.level;
        let rest = without_time(rest);
        if blank(rest) == Blank::Wholly {
            if rest.chars().any(char::is_alphanumeric) || !heading && self.nothing_follows(row) {
                return self.still_to_write();
            }
            if heading {
                return Means::Heading(part_name(part));
            }
            // The name alone; what it tells comes on the lines below.
            let name = Row { joined: false, ..row.clone() };
            let Some(answer) = self.draft.answer() else { return Means::Answer(2) };
            prose::append(&mut answer.text, &name, &row.text, 0);
            return Means::Part(level, part_name(part));
        }
        self.blanks_in(rest);
        let Some(answer) = self.draft.answer() else { return Means::Answer(2) };
        let line_of_its_own = Row { joined: false, ..row.clone() };
        prose::append(&mut answer.text, &line_of_its_own, &row.text, 0);
        if let Some(told) = part_of(&mut answer.parts, part) {
            let joined = Row { shape: Shape::Text, ..row.clone() };
            prose::append(told, &joined, rest, depth);
        }
        Means::Part(level, part_name(part))
    }

    /// Whether the next row is no content of this one: an empty part stands before another part, or at an end.
    pub(super) fn nothing_follows(&self, row: &Row) -> bool {
        let Some(next) = self.rows.get(self.at + 1) else { return true };
        let clue = &self.outline.clues[self.at + 1];
        clue.heads.is_some() || clue.part.is_some() && next.depth <= row.depth || next.depth < row.depth
    }

    pub(super) fn answer_entry(&mut self, row: &Row, text: &str, answering: &Answering) -> Means {
        let belongs = answering.depth.is_some_and(|depth| {
            depth == 0 || row.depth > depth || row.joined || (row.depth == depth && row.shape == Shape::Text)
        });
        let part = answering.part.filter(|_| belongs);
        if let Place::Answer(answering) = &mut self.place {
            answering.part = part;
        }
        let Some(answer) = self.draft.answer() else { return Means::Answer(2) };
        prose::append(&mut answer.text, row, text, 0);
        let level = answer.level;
        let Some(part) = part else { return Means::Answer(level) };
        if let Some(told) = part_of(&mut answer.parts, part) {
            prose::append(told, row, text, answering.depth.unwrap_or(0));
        }
        Means::Part(level, part_name(part))
    }

    /// The label under which a story is told that has none.
    pub(super) fn answer_label(title: &str) -> String {
        if title.is_empty() { "Answer".into() } else { title.trim().trim_end_matches(':').to_owned() }
    }

    /// `Junior: ...` under a heading for answers: an answer of its own for each kind of candidate.
    pub(super) fn graded(&mut self, row: &Row) -> Option<Means> {
        let lead = row.lead();
        if lead == 0
            || lead >= row.text.len()
            || lead > 60
            || !matches!(self.place, Place::Answer(Answering { depth: None, .. }))
        {
            return None;
        }
        let level = super::grades::grade(&row.text[..lead])?;
        let (label, rest) = row.text.split_at(lead);
        let rest = rest.trim_start_matches([':', ' ', '-', '–', '—']);
        let label = label.trim().trim_end_matches(':').to_owned();
        if level == 0 {
            return None;
        }
        // The heading announced answers and had none of its own.
        let heading_only = self.draft.answer().is_some_and(|answer| answer.text.is_empty());
        if heading_only && let Some(question) = self.draft.question() {
            question.answers.pop();
        }
        self.open_answer(level, &label);
        let plain = Row { shape: Shape::Text, depth: 0, joined: false, bold: Vec::new(), ..row.clone() };
        Some(self.entry(&plain, rest))
    }
}

/// `(30 seconds)` and the like behind the name of a part says how long it takes, not what it tells.
fn without_time(rest: &str) -> &str {
    let rest = rest.trim();
    match rest.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
        Some((inner, after)) if after.trim_matches([':', ' ']).is_empty() && inner.len() <= 60 => "",
        _ => rest,
    }
}

/// Puts the finishing touches to an answer that has been read to its end.
pub(super) fn finish_answer(answer: &mut ModelAnswer) {
    answer.text = prose::unquoted(&answer.text).to_owned();
    let parts = &mut answer.parts;
    for part in [&mut parts.situation, &mut parts.task, &mut parts.action, &mut parts.result] {
        if let Some(text) = part {
            *part = Some(prose::unquoted(text).to_owned()).filter(|text| !text.is_empty());
        }
    }
}

/// Whether an answer says anything but the names of its parts.
pub(super) fn is_told(answer: &ModelAnswer) -> bool {
    answer.text.lines().any(|line| {
        let line = line.trim_start_matches(|c: char| !c.is_alphabetic() && c != '"');
        let named = super::labels::of_line(line, 0)
            .is_some_and(|found| matches!(found.label, Label::Part(_)) && found.rest.is_empty())
            || super::labels::phrase(line.trim_end_matches([':', ' ', '-']))
                .is_some_and(|label| matches!(label, Label::Part(_)));
        line.chars().any(char::is_alphanumeric) && !named
    })
}

fn part_of(parts: &mut AnswerParts, part: Part) -> Option<&mut String> {
    let part = match part {
        Part::Situation => &mut parts.situation,
        Part::Task => &mut parts.task,
        Part::Action => &mut parts.action,
        Part::Result => &mut parts.result,
        Part::Learning => return None,
    };
    Some(part.get_or_insert_default())
}
