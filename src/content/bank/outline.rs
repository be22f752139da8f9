//! The outline of a file: what stands under what, and what stands there, before anything is given a meaning.
//!
//! A heading cannot be understood by its words alone: `Conflict` is a theme above a list of questions and a story above
//! its four parts. So the rows are looked over once, and every section and every list says what it holds.

use super::{
    asks::{self, Asks, asks, may_be_asked, speaks_to_you},
    clues::{Clue, Labels, Strength, behind_label, clue, instructs, is_asked},
    labels::{self, Part},
    numbers::after_number,
    reader::LONG,
    rows::{Callout, Row, Shape},
};

/// The outline of all rows.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// For each row, what is known of it.
    pub clues: Vec<Clue>,
    /// All sections; the first is the file.
    pub sections: Vec<Section>,
    /// All lists, at every depth.
    pub lists: Vec<List>,
    /// Lines of text right under a heading that ask.
    pub first_lines_asking: usize,
}

/// A heading, or a line that stands out as one, with what is below it.
#[derive(Clone, Debug, Default)]
pub(super) struct Section {
    /// How deep it is; see [`level`].
    pub level: u8,
    /// The section around it.
    pub parent: usize,
    /// Headings right below it: all, those that ask, those with a number.
    pub heads: usize,
    pub asking_heads: usize,
    pub numbered_heads: usize,
    /// Lines of text, and those that ask by themselves.
    pub lines: usize,
    pub asking_lines: usize,
    /// Headings right below it that may ask, and those that announce something.
    pub maybe_heads: usize,
    pub labelled_heads: usize,
    /// Paragraphs inside items that ask.
    pub asking_inset: usize,
    /// Whether any question is opened anywhere below it.
    pub holds_questions: bool,
    /// Whether any question is opened below its own line.
    pub holds_below: bool,
    /// Headings right below it that name parts of a question.
    pub part_heads: usize,
    /// Whether a question is marked as one anywhere below it, and not only an item that asks.
    pub holds_marked: bool,
    /// Whether a line here is marked as a question: `Q: ...`.
    pub marks_questions: bool,
    /// Parts of a story told right here.
    pub parts: Parts,
    /// Sections right below it that tell a story each.
    pub storied_heads: usize,
    /// Items here whose own items tell a story each.
    pub storied_items: usize,
    /// The rows right here, headings apart.
    pub rows: usize,
    /// Items that ask a candidate as only interviewers do.
    pub of_interviewers: usize,
    /// Items that ask for a story of the candidate's: `Tell me about a time ...`.
    pub of_the_candidate: usize,
    /// Rows in which somebody tells of themself, and rows that speak to the reader.
    pub told: usize,
    pub advised: usize,
    /// Rows that say what is to be done, by their first word.
    pub instructs: usize,
    /// The row that heads it.
    pub head: Option<usize>,
}

impl Section {
    /// Whether its parts of a story only explain what belongs into each: nobody tells anything.
    pub fn explains(&self) -> bool {
        self.told == 0 && (self.advised > 0 || 2 * self.instructs >= self.rows.max(1))
    }

    /// Whether its parts of a story tell one: somebody speaks of themself, or nobody says how to.
    pub fn tells(&self) -> bool {
        self.told > 0 || self.advised == 0 && 4 * self.instructs < self.rows
    }
}

/// A list of items side by side.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    /// The row of the item around it.
    pub parent: Option<usize>,
    /// The row of its first item.
    pub first: usize,
    pub items: usize,
    /// Items that ask surely, and perhaps.
    pub sure: usize,
    pub maybe: usize,
    /// Items in which the one who prepares asks: `How do I ...?`
    pub own: usize,
    /// Items that only point somewhere in the file.
    pub anchors: usize,
    /// Items in which a story tells a part.
    pub parts: Parts,
    /// The parts of a story that its items speak of, by the bits of [`Part`].
    named: u8,
}

impl List {
    /// Whether its items are questions: most of them ask.
    pub fn asks(&self) -> bool {
        self.sure > 0 && (2 * self.sure + self.maybe) >= self.items
    }

    /// Whether hardly any of many items does not ask.
    pub fn nearly_all_ask(&self) -> bool {
        self.items >= 5 && 2 * self.sure >= self.items && 10 * (self.sure + self.maybe) >= 8 * self.items
    }

    /// Whether most of its items surely ask.
    pub fn mostly_asks(&self) -> bool {
        self.items >= 3 && 3 * self.sure >= 2 * self.items
    }

    /// Whether its items say what belongs into the parts of a story: `Describe the situation`, `Share the result`.
    pub fn explains_parts(&self) -> bool {
        (3..=8).contains(&self.items) && self.named.count_ones() >= 3
    }

    /// Whether it is a table of contents.
    pub fn is_contents(&self) -> bool {
        self.anchors > 0 && 2 * self.anchors >= self.items
    }
}

/// The parts of a story that were seen, by the strength of their names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    strong: u8,
    weak: u8,
    letters: u8,
    /// Letters of another word stand beside them: `C - Customers`, `U - Us`, `S - Speed`.
    other_letters: bool,
}

impl Parts {
    pub fn add(&mut self, part: Part, strength: Strength) {
        let set = match strength {
            Strength::Strong => &mut self.strong,
            Strength::Weak => &mut self.weak,
            Strength::Letter => &mut self.letters,
        };
        *set |= 1 << part as u8;
    }

    fn merge(&mut self, other: Parts) {
        self.strong |= other.strong;
        self.weak |= other.weak;
        self.letters |= other.letters;
        self.other_letters |= other.other_letters;
    }

    /// Whether they tell a story: a situation alone is that of a scenario, a result alone is a heading.
    pub fn tell_a_story(self) -> bool {
        let end = 1 << Part::Action as u8 | 1 << Part::Result as u8;
        let all = self.strong | self.weak;
        let (strong, all_named, begins) =
            (self.strong.count_ones(), all.count_ones(), all & 1 << Part::Situation as u8 != 0);
        let named = all & end != 0
            && (strong >= 2
                || strong == 1 && (begins && all_named >= 2 || all_named >= 3)
                || self.weak.count_ones() >= 3);
        named || self.are_letters()
    }

    /// Whether single letters stand for parts here: S and A, or T and R, are there together.
    pub fn are_letters(self) -> bool {
        let both = |a: Part, b: Part| {
            let bits = 1 << a as u8 | 1 << b as u8;
            (self.letters | self.strong) & bits == bits && self.letters & bits != 0
        };
        !self.other_letters
            && (both(Part::Situation, Part::Action)
                || both(Part::Task, Part::Result)
                || both(Part::Situation, Part::Result))
    }

    /// Whether a part of this strength is one among these.
    pub fn accept(self, strength: Strength) -> bool {
        match strength {
            Strength::Strong => true,
            Strength::Weak => self.tell_a_story(),
            Strength::Letter => self.are_letters(),
        }
    }
}

/// The level of a line that is a heading only by its looks: bold from end to end.
pub(super) const PSEUDO: u8 = 7;
/// The level of a question on a line of its own, below every heading.
pub(super) const LABELLED: u8 = 8;
/// Levels inside one folded section; all are deeper than those outside.
const FOLD: u8 = 10;

/// How deep a heading is, with the folds around it.
fn level(of: &Labels) -> Option<u8> {
    let row = of.row;
    let base = row.folds * FOLD;
    match row.shape {
        Shape::Heading(_) if row.joined => None,
        Shape::Heading(level) if row.text.len() <= LONG || asks(&row.text) != Asks::No || of.is_question_mark() => {
            Some(base + level)
        }
        Shape::Summary => Some(base),
        Shape::Callout(Callout::Question | Callout::Answer) => Some(base + LABELLED),
        Shape::Text if row.depth == 0 && !row.joined && !row.quoted && row.text.len() <= LONG && row.all_bold() => {
            Some(base + PSEUDO)
        }
        _ => None,
    }
}

/// Looks over all rows, with the labels of each.
pub(super) fn outline<'a>(rows: &'a [Row], looked_up: &[Labels<'a>]) -> Outline {
    let mut sketch = Sketch { done: Outline::default(), open: vec![0], lists: Vec::new() };
    sketch.done.sections.push(Section::default());
    for (at, (row, labels)) in rows.iter().zip(looked_up).enumerate() {
        let mut clue = clue(labels);
        // A heading may go over several lines.
        let more = rows[at + 1..].iter().take(3).take_while(|row| row.is_heading() && row.joined);
        let whole = more.fold(None, |whole: Option<String>, more| {
            Some(format!("{} {}", whole.as_deref().unwrap_or(&row.text), more.text))
        });
        if let Some(whole) = whole.filter(|_| row.is_heading() && !row.joined) {
            clue.asks = clue.asks.max(asks(&whole));
        }
        sketch.row(at, labels, clue);
    }
    sketch.done.sum_up();
    sketch.done
}

struct Sketch {
    done: Outline,
    /// The sections that are open, the file first.
    open: Vec<usize>,
    /// The lists that are open, the outermost first.
    lists: Vec<OpenList>,
}

/// A list that may go on.
#[derive(Clone, Copy)]
struct OpenList {
    depth: usize,
    numbered: bool,
    list: usize,
    /// The row of its last item.
    item: usize,
}

impl Sketch {
    fn row(&mut self, at: usize, labels: &Labels, mut clue: Clue) {
        let row = labels.row;
        let level = level(labels);
        let floor = row.folds * FOLD;
        if let Some(level) = level {
            self.close(|open| open.level >= level);
            clue.heads = Some(self.open_section(level, at, labels, &clue));
            self.lists.clear();
        } else {
            // What was opened inside a fold ends with it.
            self.close(|open| open.level >= floor + FOLD);
        }
        clue.section = match clue.heads {
            Some(section) => self.done.sections[section].parent,
            None => *self.open.last().expect("the file is always open"),
        };
        if clue.heads.is_none() {
            self.inside(at, labels, &mut clue);
        }
        self.done.clues.push(clue);
    }

    fn close(&mut self, ends: impl Fn(&Section) -> bool) {
        while self.open.len() > 1 && ends(&self.done.sections[self.open[self.open.len() - 1]]) {
            self.open.pop();
        }
    }

    fn open_section(&mut self, level: u8, at: usize, labels: &Labels, clue: &Clue) -> usize {
        let row = labels.row;
        let asks = clue.asks == Asks::Surely || labels.is_question_mark();
        let parent = *self.open.last().expect("the file is always open");
        let section = self.done.sections.len();
        let around = &mut self.done.sections[parent];
        around.heads += 1;
        around.asking_heads += usize::from(asks);
        around.maybe_heads += usize::from(!asks && clue.asks == Asks::Maybe);
        around.labelled_heads += usize::from(!asks && clue.asks == Asks::No && labels.of_heading().is_some());
        around.part_heads += usize::from(labels.of_heading().is_some_and(|found| found.label.belongs_to_a_question()));
        around.numbered_heads += usize::from(after_number(&row.text).len() < row.text.trim().len());
        if let Some((part, strength)) = clue.part {
            around.parts.add(part, strength);
        }
        let opens = asks || row.shape == Shape::Callout(Callout::Question);
        self.done.sections.push(Section {
            level,
            parent,
            holds_questions: opens,
            holds_marked: opens,
            head: Some(at),
            ..Section::default()
        });
        self.open.push(section);
        section
    }

    fn inside(&mut self, at: usize, labels: &Labels, clue: &mut Clue) {
        let row = labels.row;
        let section = &mut self.done.sections[clue.section];
        section.rows += 1;
        section.parts.other_letters |= labels::is_other_letter(&row.text);
        let lower = row.text.to_lowercase();
        // `Use "I", not "we"` tells nothing.
        let told = asks::tells(&lower) && !["\"i\"", "“i”", "'i'"].iter().any(|i| lower.contains(i));
        let advised = asks::addresses(&lower);
        section.told += usize::from(told);
        section.advised += usize::from(advised && !told);
        section.instructs += usize::from(!told && instructs(labels));
        if let Some((part, strength)) = clue.part {
            section.parts.add(part, strength);
        }
        if row.depth == 0 && row.shape == Shape::Text && !row.quoted {
            section.lines += 1;
            let first = section.rows == 1 && section.head.is_some() && !row.joined && clue.asks == Asks::Surely;
            self.done.first_lines_asking += usize::from(first);
            section.asking_lines +=
                usize::from(clue.asks == Asks::Surely && (speaks_to_you(&lower) || may_be_asked(&row.text)));
        }
        if row.depth == 1 && row.shape == Shape::Text && !row.joined && !row.quoted {
            section.asking_inset +=
                usize::from(clue.asks == Asks::Surely && (speaks_to_you(&lower) || may_be_asked(&row.text)));
        }
        let marked = labels.of_line().is_some_and(|found| is_asked(found.label));
        if marked && row.shape != Shape::Cells && !matches!(row.shape, Shape::Code(_)) {
            section.marks_questions = true;
            section.holds_questions = true;
            section.holds_below = true;
            section.holds_marked = true;
        }
        if row.is_item() {
            let of_interviewers =
                clue.asks == Asks::Surely && !told && advised && asks::opens_as_interviewers_do(&row.text);
            let section = &mut self.done.sections[clue.section];
            section.of_interviewers += usize::from(of_interviewers);
            let asked = behind_label(row);
            section.of_the_candidate +=
                usize::from(asks::is_of_the_candidate(asked) && asks::opens_as_interviewers_do(asked));
            self.item(at, row, clue);
        } else if row.depth == 0 && !row.joined {
            self.lists.clear();
        }
    }

    fn item(&mut self, at: usize, row: &Row, clue: &mut Clue) {
        let numbered = matches!(row.shape, Shape::Item(Some(_)));
        // `10.` and `-` at one margin: the dashes were meant to stand under the number.
        self.lists.retain(|open| open.depth < row.depth || open.depth == row.depth && (open.numbered || !numbered));
        let list = match self.lists.last() {
            Some(open) if open.depth == row.depth && open.numbered == numbered => open.list,
            around => {
                let parent = around.map(|open| open.item);
                self.done.lists.push(List { parent, first: at, ..List::default() });
                self.done.lists.len() - 1
            }
        };
        self.lists.retain(|open| open.depth < row.depth || open.numbered != numbered);
        self.lists.push(OpenList { depth: row.depth, numbered, list, item: at });
        let known = &mut self.done.lists[list];
        known.items += 1;
        known.sure += usize::from(clue.asks == Asks::Surely);
        known.maybe += usize::from(clue.asks == Asks::Maybe);
        let asked = row.text.rfind('?').map_or("", |end| &row.text[..end]);
        known.own += usize::from(asks::asks_of_oneself(asked));
        known.anchors += usize::from(row.text.contains("(#"));
        known.named |= labels::parts_spoken_of(&row.text);
        if let Some((part, strength)) = clue.part {
            known.parts.add(part, strength);
        }
        clue.list = Some(list);
    }
}

impl Outline {
    /// Tells every section what the sections below it hold.
    fn sum_up(&mut self) {
        for at in (0..self.clues.len()).rev() {
            let Clue { section, list: Some(list), heads: None, .. } = self.clues[at] else { continue };
            if self.lists[list].asks() {
                self.sections[section].holds_questions = true;
                self.sections[section].holds_below = true;
            }
        }
        for list in &self.lists {
            if let Some(parent) = list.parent.filter(|_| list.parts.tell_a_story()) {
                self.sections[self.clues[parent].section].storied_items += 1;
            }
        }
        for at in 1..self.sections.len() {
            let Section { parent, parts, .. } = self.sections[at];
            self.sections[parent].storied_heads += usize::from(parts.tell_a_story());
        }
        // Sections come after those around them.
        for at in (1..self.sections.len()).rev() {
            let Section { parent, holds_questions, holds_marked, told, advised, instructs, rows, head, .. } =
                self.sections[at];
            let is_part = head.is_some_and(|row| self.clues[row].part.is_some());
            let around = &mut self.sections[parent];
            around.holds_questions |= holds_questions;
            around.holds_below |= holds_questions;
            around.holds_marked |= holds_marked;
            if is_part {
                around.told += told;
                around.advised += advised;
                around.instructs += instructs;
                around.rows += rows;
            }
        }
    }

    /// Whether a row, its list or its section tells a story in parts.
    pub fn parts_around(&self, row: usize) -> Parts {
        let clue = &self.clues[row];
        let mut parts = self.sections[clue.section].parts;
        if let Some(list) = clue.list {
            parts.merge(self.lists[list].parts);
        }
        if let Some(section) = clue.heads {
            parts.merge(self.sections[section].parts);
        }
        parts
    }

    /// Whether a list stands right under the name of a part of a story.
    pub fn is_under_a_part(&self, list: &List) -> bool {
        list.first > 0 && self.clues[list.first - 1].list.is_none() && self.clues[list.first - 1].part.is_some()
    }

    /// The section that a row heads, or that it stands in.
    pub fn section_of(&self, row: usize) -> &Section {
        &self.sections[self.clues[row].heads.unwrap_or(self.clues[row].section)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::bank::parse;

    fn of(text: &str) -> Outline {
        let rows = parse::rows(text).rows;
        outline(&rows, &rows.iter().map(Labels::of).collect::<Vec<_>>())
    }

    #[test]
    fn a_section_knows_what_it_holds() {
        let outline = of("# A\n## B\n- Why did you leave?\n- What came next?\n## C\n**Situation:** x\n**Action:** y\n");
        let [file, a, b, c] = &outline.sections[..] else { panic!("{outline:#?}") };
        assert!(file.holds_questions && a.holds_questions && b.holds_questions && !c.holds_questions);
        assert!(c.parts.tell_a_story() && !b.parts.tell_a_story());
        assert_eq!((a.heads, a.asking_heads), (2, 0));
        assert!(outline.lists[0].asks());
    }

    #[test]
    fn letters_are_parts_only_together() {
        assert!(of("S: a\nT: b\nA: c\nR: d\n").sections[0].parts.are_letters());
        assert!(!of("Q: a\nA: b\n").sections[0].parts.tell_a_story());
    }

    #[test]
    fn a_situation_alone_is_no_story_and_names_of_other_kinds_need_company() {
        assert!(!of("**Situation:** a\n**Goal:** b\n").sections[0].parts.tell_a_story());
        assert!(of("**Context:** a\n**Decision:** b\n**Outcome:** c\n").sections[0].parts.tell_a_story());
        assert!(!of("**Impact:** a\n").sections[0].parts.tell_a_story());
    }

    #[test]
    fn headings_in_a_fold_are_deeper_than_those_outside() {
        let outline = of("## A\n<details><summary>B</summary>\n\n# C\n\n</details>\n\n## D\n");
        let levels: Vec<_> = outline.sections.iter().map(|section| (section.level, section.parent)).collect();
        assert_eq!(levels, [(0, 0), (2, 0), (10, 1), (11, 2), (2, 0)]);
    }
}
