//! What is known of a row by itself: whether it asks, its labels, the part of a story with which it begins.

use std::cell::OnceCell;

use super::{
    asks::{self, Asks, asks},
    blank::{Blank, blank},
    draft::before_arrow,
    labels::{self, Label, Labelled, Part},
    numbers::after_number,
    prefix,
    rows::{Row, Shape},
};

/// What is known of a row by itself, and where it stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Clue {
    /// Whether it reads like a question.
    pub asks: Asks,
    /// The part of a story it begins with, and whether its name means one only beside others.
    pub part: Option<(Part, Strength)>,
    /// The section in which it stands.
    pub section: usize,
    /// The section that it heads.
    pub heads: Option<usize>,
    /// The list of which it is an item.
    pub list: Option<usize>,
}

/// How sure the name of a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    /// `Situation`.
    Strong,
    /// `Context`.
    Weak,
    /// `S`.
    Letter,
}

/// A row and its labels, each looked up once: many ask for them.
pub(super) struct Labels<'a> {
    pub row: &'a Row,
    line: OnceCell<Option<Labelled<'a>>>,
    heading: OnceCell<Option<Labelled<'a>>>,
}

impl<'a> Labels<'a> {
    pub fn of(row: &'a Row) -> Self {
        Self { row, line: OnceCell::new(), heading: OnceCell::new() }
    }

    /// The label with which it begins as a line.
    pub fn of_line(&self) -> Option<Labelled<'a>> {
        *self.line.get_or_init(|| labels::of_line(&self.row.text, self.row.lead()))
    }

    /// Its label as a heading.
    pub fn of_heading(&self) -> Option<Labelled<'a>> {
        *self.heading.get_or_init(|| labels::of_heading(&self.row.text))
    }

    /// What is asked behind a bold label that nobody knows.
    fn behind(&self) -> &'a str {
        let row = self.row;
        let lead = row.lead();
        let label = lead > 0 && lead < row.text.len() && lead <= 60;
        let known = || self.of_line().is_some_and(|found| !is_asked(found.label) && found.label != Label::Story);
        let colon = || row.text[..lead].trim_end().ends_with(':') || row.text[lead..].starts_with(':');
        if label && colon() && !known() { row.text[lead..].trim_start_matches([':', ' ']) } else { &row.text }
    }

    /// Whether it is marked as a question by a heading's label.
    pub fn is_question_mark(&self) -> bool {
        self.of_heading().is_some_and(|found| is_asked(found.label))
    }
}

pub(super) fn is_asked(label: Label) -> bool {
    matches!(label, Label::Question | Label::Scenario)
}

/// What is known of a row by itself.
pub(super) fn clue(labels: &Labels) -> Clue {
    let row = labels.row;
    let asked = match row.shape {
        Shape::Cells | Shape::Property => Asks::No,
        Shape::Code(_) => Asks::No,
        // `Format: "How would you ...?"` is a form, which nobody asks.
        _ if labels.of_line().is_some_and(|found| found.label == Label::Template) => Asks::No,
        _ => {
            let said = before_arrow(labels.behind()).0;
            match asks(said) {
                Asks::No => {
                    // What stands before the question may have hidden it.
                    let whole = after_number(&row.text);
                    let asked = prefix::split(whole).1;
                    let same = asked.len() == whole.len() && said.len() == row.text.len();
                    if same { Asks::No } else { asks(asked) }
                }
                asked => asked,
            }
        }
    };
    Clue { asks: asked, part: part(labels), ..Clue::default() }
}

/// What is asked behind a bold label that nobody knows: `**Ownership:** Tell me ...`.
pub(super) fn behind_label(row: &Row) -> &str {
    Labels::of(row).behind()
}

/// The part of a story with which a row begins.
fn part(labels: &Labels) -> Option<(Part, Strength)> {
    let row = labels.row;
    if row.joined && row.lead() == 0 && !matches!(row.shape, Shape::Code(_)) && !starts_line_of_parts(labels) {
        return None;
    }
    if matches!(row.shape, Shape::Cells | Shape::Property | Shape::Code(true)) {
        return None;
    }
    let text = row.text.trim_start();
    if let Some((part, _)) = labels::short_part(text, row.lead()) {
        return Some((part, Strength::Letter));
    }
    let heading = matches!(row.shape, Shape::Heading(_)) || row.all_bold();
    let found = match heading {
        true => labels.of_heading(),
        // Code is indented, and its labels are looked up without that.
        false if text.len() < row.text.len() => labels::of_line(text, row.lead()),
        false => labels.of_line(),
    };
    match found.map(|found| found.label) {
        Some(Label::Part(part)) => Some((part, Strength::Strong)),
        Some(Label::Question | Label::Scenario) => None,
        _ if heading || row.lead() > 0 || text.find(':').is_some_and(|at| at < 40) => {
            let lead = if heading { text.len() } else { row.lead().min(text.len()) };
            let colon = heading || row.lead() > 0;
            labels::weak_part(text, lead)
                .filter(|_| colon || text.contains(':'))
                .map(|(part, _)| (part, Strength::Weak))
        }
        _ => None,
    }
}

/// Whether a row says what to do, behind the name of a part or by itself: `Situation: Set the scene`.
pub(super) fn instructs(labels: &Labels) -> bool {
    let part = labels.of_line().filter(|found| matches!(found.label, Label::Part(_)));
    let said = part.map_or(labels.row.text.as_str(), |found| found.rest);
    // `Action: 60 seconds` tells nothing either.
    let short = part.is_some() && (1..4).contains(&said.split_whitespace().count());
    short || asks::advises(said) || said.contains(['[', '<']) && blank(said) == Blank::Wholly
}

/// Whether a line that goes on with a paragraph begins with the name of a part.
fn starts_line_of_parts(labels: &Labels) -> bool {
    labels::short_part(labels.row.text.trim_start(), 0).is_some()
        || labels.of_line().is_some_and(|found| matches!(found.label, Label::Part(_)))
}
