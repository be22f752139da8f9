//! Tables: each row a question, or a story, or advice.

use super::{
    accounting::LineMeaning as Means,
    asks::{Asks, asks, opens_as_interviewers_do, speaks_to_you},
    blank::{Blank, blank},
    draft::Written,
    hints::Is,
    labels::{self, Column, Detail, Label, Part},
    numbers::after_number,
    place::Place,
    prose,
    reader::Reader,
    rows::{Row, Shape},
};
use crate::types::{ModelAnswer, QuestionKind};

/// What a table holds, by its head.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    /// The line of its head.
    pub line: usize,
    columns: Vec<Option<Column>>,
    heads: Vec<String>,
    holds: Holds,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    /// Questions, in this column.
    Questions(usize),
    /// Questions for the interviewer, in this column.
    ToAsk(usize),
    /// Stories told in parts, with their names in this column.
    Stories(usize),
    /// Anything else.
    Other,
}

impl Reader<'_> {
    /// A row of a table.
    pub(super) fn cells(&mut self, row: &Row) -> Means {
        if row.joined {
            return self.understood.last().map_or(Means::Layout, |row| row.means);
        }
        if row.head || self.table.is_none() {
            let table = self.table_of(row);
            let holds = table.holds;
            self.table = Some(table);
            if holds != Holds::Other {
                self.close_question();
                return Means::Heading(match holds {
                    Holds::Stories(_) => "stories",
                    Holds::ToAsk(_) => "to ask",
                    _ => "questions",
                });
            }
        }
        let Some(table) = self.table.clone() else { return self.entry(row, &row.text) };
        match table.holds {
            // A table of contents: what it points to is asked where it stands.
            Holds::Questions(at) if cell(row, at).contains("(#") => Means::Contents,
            Holds::Questions(at) => self.asked_row(row, &table, at),
            Holds::Stories(at) => self.story_row(row, &table, at),
            Holds::ToAsk(at) => {
                let place = std::mem::replace(&mut self.place, Place::ToAsk);
                let asked = Row { shape: Shape::Item(None), ..row.clone() };
                let means = self.entry(&asked, cell(row, at));
                self.place = place;
                means
            }
            Holds::Other => self.entry(row, &row.text),
        }
    }

    /// What the table holds that begins here.
    fn table_of(&self, head: &Row) -> Table {
        let column = |cell: &String| match self.hints.column(cell) {
            Some(is) => is.column(),
            None => labels::of_column(cell),
        };
        let columns: Vec<Option<Column>> = head.cells.iter().map(column).collect();
        let heads = head.cells.clone();
        let rows: Vec<&Row> = self.rows[self.at + 1..]
            .iter()
            .take_while(|row| row.shape == Shape::Cells && !row.head)
            .take(200)
            .filter(|row| !row.joined)
            .collect();
        let asking = |at: usize| rows.iter().filter(|row| asks(cell(row, at)) == Asks::Surely).count();
        let somebody = |text: &str| speaks_to_you(&text.to_lowercase()) || opens_as_interviewers_do(text);
        let asking_somebody = |at: usize| {
            rows.iter().filter(|row| asks(cell(row, at)) == Asks::Surely && somebody(cell(row, at))).count()
        };
        // A question has some words; `1-10` and `Biggest challenge` only name one.
        let wordy = |at: usize| {
            rows.iter()
                .filter(|row| {
                    cell(row, at).split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count() >= 3
                })
                .count()
        };
        let named = |at: &usize| columns[*at] == Some(Column::Question);
        let told = |name: &String| self.hints.column(name) == Some(Is::Question);
        // A column that says so; of a `Name` or a `Title` at least a third must ask.
        let asks_by_name = |at: &usize| {
            let head = heads[*at].to_lowercase();
            (head.contains("question") || head.contains("prompt")) && wordy(*at) * 2 >= rows.len()
        };
        let says_so =
            |at: &usize| named(at) && (told(&heads[*at]) || asks_by_name(at) || asking(*at) * 3 >= rows.len().max(1));
        let by_content = || {
            (0..columns.len())
                .find(|at| columns[*at].is_none() && rows.len() >= 2 && asking_somebody(*at) * 5 >= rows.len() * 3)
        };
        let question = (0..columns.len()).find(says_so).or_else(by_content);
        let parts = columns.iter().filter(|column| matches!(column, Some(Column::Label(Label::Part(_))))).count();
        let to_ask =
            matches!(self.place, Place::ToAsk) || heads.iter().any(|head| labels::phrase(head) == Some(Label::ToAsk));
        let inside =
            self.draft.open.as_ref().is_some_and(|open| !matches!(open.written, Written::Item | Written::Bare))
                || matches!(self.place, Place::Guide);
        let holds = match question {
            _ if inside => Holds::Other,
            Some(at) if to_ask => Holds::ToAsk(at),
            Some(at) => Holds::Questions(at),
            None if parts >= 3 => Holds::Stories(
                columns
                    .iter()
                    .position(|column| *column == Some(Column::Story))
                    .or_else(|| columns.iter().position(Option::is_none))
                    .unwrap_or(0),
            ),
            None => Holds::Other,
        };
        Table { line: head.line, columns, heads, holds }
    }

    fn asked_row(&mut self, row: &Row, table: &Table, at: usize) -> Means {
        let text = first_line(cell(row, at));
        if blank(text) == Blank::Wholly {
            // The person put no question there; what else is in the row is kept as advice.
            return if row.cells.iter().all(|cell| blank(cell) != Blank::No) {
                Means::ToWrite
            } else {
                self.tip(row, &row.text, "")
            };
        }
        let place = std::mem::replace(&mut self.place, Place::Tips(String::new()));
        let (tag, asked) = super::prefix::split(after_number(text));
        self.open_question(row, asked, Written::Cells);
        if let Some(tag) = tag {
            self.draft.tag(tag);
        }
        self.other_cells(row, table, at);
        self.leave();
        self.place = place;
        Means::Question
    }

    fn story_row(&mut self, row: &Row, table: &Table, at: usize) -> Means {
        let title = first_line(cell(row, at));
        if row.cells.iter().enumerate().all(|(column, cell)| column == at || blank(cell) != Blank::No)
            || blank(title) == Blank::Wholly
        {
            return Means::ToWrite;
        }
        let place = self.place.clone();
        match table.columns.get(at).copied().flatten() {
            // A theme is no name of a story.
            Some(Column::Label(Label::Detail(_) | Label::Criteria)) => {
                let asked = format!("Tell me a story about {}.", prose::begun_small(title));
                self.open_question(row, &asked, Written::Cells);
                self.draft.tag(title);
            }
            _ => drop(self.open_story(row, title)),
        }
        if let Some(open) = &mut self.draft.open {
            open.written = Written::Cells;
        }
        self.other_cells(row, table, at);
        self.leave();
        self.place = place;
        self.draft.name_kind(QuestionKind::Behavioural);
        Means::Question
    }

    /// The cells beside the question or the name of the story.
    fn other_cells(&mut self, row: &Row, table: &Table, at: usize) {
        let mut parts = Vec::new();
        for (column, cell) in row.cells.iter().enumerate() {
            if column == at || cell.is_empty() || cell == "-" || cell == "—" {
                continue;
            }
            if blank(cell) == Blank::Wholly {
                self.still_to_write();
                self.gaps = true;
                continue;
            }
            match table.columns.get(column).copied().flatten() {
                Some(Column::Number) => {}
                Some(Column::Label(Label::About)) => {
                    self.draft.remark = Some(format!("left out: {}: {cell}", table.heads[column]));
                }
                Some(Column::Story) => self.story_in_cell(cell),
                // A tick under the name of a story.
                None if is_tick(cell) => self.story_in_cell(&table.heads[column]),
                Some(Column::Label(Label::Part(part))) => parts.push((part, cell.as_str())),
                Some(Column::Label(Label::Criteria)) => self.list_in_cell(Label::Criteria, cell, &[',', ';']),
                Some(Column::Label(Label::Notes)) => self.list_in_cell(Label::Notes, cell, &[';']),
                Some(Column::Label(Label::Discussion)) => self.list_in_cell(Label::Discussion, cell, &[]),
                Some(Column::Label(Label::Fits | Label::Prompts)) => {
                    for asked in cell.lines().filter(|line| !line.trim().is_empty()) {
                        let row = Row { shape: Shape::Text, joined: false, ..row.clone() };
                        let asked = asked.trim_start_matches(['-', '•', ' ']);
                        if asked.contains(';') {
                            self.fits_in_line(&row, asked)
                        } else {
                            self.fits(&row, asked)
                        };
                    }
                }
                Some(Column::Label(Label::Detail(detail))) => self.fact_in_cell(row, table, column, detail, cell),
                Some(Column::Label(label @ Label::Answer(1..))) => {
                    self.answer_in_cell(label, &table.heads[column], cell)
                }
                Some(Column::Label(Label::In(language))) => {
                    let (said, _) = super::draft::words_of_a_question(cell);
                    if let Some(question) = self.draft.question() {
                        question.in_language.insert(language.to_owned(), said);
                    }
                }
                _ => {
                    let head = table.heads.get(column).cloned().unwrap_or_default();
                    self.advice(&Row { shape: Shape::Text, joined: false, ..row.clone() }, cell, &head);
                }
            }
        }
        self.parts_in_cells(&parts);
    }

    /// The story that answers the question of this row.
    fn story_in_cell(&mut self, name: &str) {
        if let Some(open) = &self.draft.open {
            self.draft.links.push((open.at, name.to_owned()));
        }
        self.list_in_cell(Label::Notes, name, &[]);
    }

    fn fact_in_cell(&mut self, row: &Row, table: &Table, column: usize, detail: Detail, cell: &str) {
        let known = match (detail, self.draft.open.as_ref().map(|open| open.at)) {
            (Detail::Kind, Some(at)) => super::facts::kind(cell).map(|kind| self.draft.kinds[at] = Some(kind)),
            (Detail::Id, _) => None,
            (detail, Some(at)) => super::defaults::set(&mut self.draft.bank.questions[at], detail, cell),
            (_, None) => None,
        };
        if known.is_none() {
            let head = table.heads[column].clone();
            self.advice(&Row { shape: Shape::Text, joined: false, ..row.clone() }, cell, &head);
        }
    }

    /// A cell that may hold several things, side by side or on lines.
    fn list_in_cell(&mut self, label: Label, cell: &str, separators: &[char]) {
        let entries: Vec<String> = cell
            .split(|c: char| c == '\n' || separators.contains(&c))
            .map(|entry| entry.trim().trim_start_matches(['-', '•', '*', ' ']).to_owned())
            .filter(|entry| !entry.is_empty())
            .collect();
        let Some(question) = self.draft.question() else { return };
        match label {
            Label::Criteria => question.criteria.extend(entries),
            Label::Discussion => question
                .discussion
                .push(crate::types::DiscussionTopic { topic: "Follow-up questions".into(), prompts: entries }),
            _ => question.notes.extend(entries.iter().map(|entry| prose::as_point(entry).to_owned())),
        }
    }

    /// An answer of one or several lines; its parts may be named in it.
    fn answer_in_cell(&mut self, label: Label, head: &str, cell: &str) {
        let Label::Answer(level) = label else { return };
        self.open_answer(level, head);
        for line in cell.lines().filter(|line| !line.trim().is_empty()) {
            let row = Row { shape: Shape::Text, text: line.trim().to_owned(), ..Row::default() };
            match labels::of_line(&row.text, 0) {
                Some(found) if matches!(found.label, Label::Part(_)) => {
                    let Label::Part(part) = found.label else { continue };
                    let rest = found.rest.to_owned();
                    self.part(&row, part, &rest);
                }
                _ => {
                    self.entry(&row, &row.text);
                }
            }
        }
        self.leave();
        self.place = Place::Asked;
    }

    /// Cells that each tell a part of a story.
    fn parts_in_cells(&mut self, parts: &[(Part, &str)]) {
        if parts.is_empty() {
            return;
        }
        let mut answer = ModelAnswer { level: 2, label: "Answer".into(), ..ModelAnswer::default() };
        for (part, told) in parts {
            let told = told.trim().to_owned();
            if !answer.text.is_empty() {
                answer.text.push_str("\n\n");
            }
            answer.text.push_str(&told);
            match part {
                Part::Situation => answer.parts.situation = Some(told),
                Part::Task => answer.parts.task = Some(told),
                Part::Action => answer.parts.action = Some(told),
                Part::Result => answer.parts.result = Some(told),
                Part::Learning => {}
            }
        }
        if let Some(question) = self.draft.question() {
            question.answers.push(answer);
        }
    }
}

fn cell(row: &Row, at: usize) -> &str {
    row.cells.get(at).map_or("", String::as_str)
}

/// Whether a cell says no more than yes.
fn is_tick(cell: &str) -> bool {
    let mark = cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{fe0f}');
    matches!(mark, "x" | "X" | "✓" | "✔" | "✅" | "☑" | "●" | "•" | "★" | "⭐" | "yes" | "Yes")
}

fn first_line(text: &str) -> &str {
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or("").trim()
}
