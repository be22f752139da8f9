//! What people write that Markdown does not know: headings an editor broke, stories in tables, boxes, callouts.

use super::{
    asks::{self, Asks},
    labels::{self, Label},
    prose,
    rows::{Callout, Hidden, Row, Rows, Shape},
};

/// Joins headings with the lines on which they go on: an editor broke them, and Markdown ends a heading with its line.
pub(super) fn headings_that_break(rows: &mut [Row]) {
    for at in 1..rows.len() {
        let (before, here) = rows.split_at_mut(at);
        let (heading, row) = (&before[at - 1], &mut here[0]);
        let ended = heading.text.ends_with(['.', '?', '!', ':', '…', '"', '”', '？', '）', ')']);
        if !heading.is_heading()
            || ended
            || row.line != heading.line + 1
            || row.depth > 0
            || row.quoted
            || row.lead() > 0
        {
            continue;
        }
        let goes_on = match row.shape {
            Shape::Heading(_) => row.shape == heading.shape && row.text.starts_with(char::is_lowercase),
            Shape::Text => {
                let ends = row.text.ends_with(['?', '？'])
                    && asks::asks(&row.text) != Asks::Surely
                    && asks::asks(&heading.text) != Asks::No;
                prose::goes_on(&heading.text, &row.text)
                    && (ends
                        || row.text.starts_with(char::is_lowercase)
                            && (row.text.ends_with(['?', '？']) || asks::is_unfinished(&heading.text)))
            }
            _ => false,
        };
        if goes_on {
            (row.shape, row.joined) = (heading.shape, true);
            if let Some(next) = here.get_mut(1) {
                next.joined = false;
            }
        }
    }
}

/// Makes items of lines that go on with the numbers of a list: under a line of text Markdown begins a list with 1 alone.
pub(super) fn lists_that_go_on(rows: &mut [Row]) {
    let mut inside = false;
    for at in 1..rows.len() {
        let (before, here) = rows.split_at_mut(at);
        let (before, row) = (&before[at - 1], &mut here[0]);
        if !row.joined || row.shape != Shape::Text || row.depth > 0 || row.quoted {
            inside = false;
            continue;
        }
        let leads = before.text.ends_with(':') && before.shape == Shape::Text && !before.joined;
        match numbered(&row.text).filter(|_| inside || leads) {
            Some((number, start)) => {
                row.cut_start(start);
                (row.shape, row.depth, row.joined, inside) = (Shape::Item(Some(number)), 1, false, true);
            }
            None if inside => row.depth = 1,
            None => {}
        }
    }
}

/// The number of an item and where its text begins: `3. Why?`.
fn numbered(text: &str) -> Option<(u64, usize)> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).filter(|digits| (1..=2).contains(digits))?;
    let rest = text[digits..].strip_prefix(['.', ')'])?;
    let said = rest.trim_start();
    (said.len() < rest.len() && !said.is_empty())
        .then(|| (text[..digits].parse().unwrap_or(0), text.len() - said.len()))
}

/// Makes lines of the rows of a table whose first column names the parts of a story: `| S | We had ... |`.
pub(super) fn tables_of_parts(done: &mut Rows) {
    let mut at = 0;
    while at < done.rows.len() {
        let cells = |row: &&Row| row.shape == Shape::Cells && row.cells.len() == 2;
        let rows = done.rows[at..]
            .iter()
            .take_while(cells)
            .take_while(|row| !row.head || row.line == done.rows[at].line)
            .count();
        let table = at..at + rows;
        let parts = done.rows[table.clone()].iter().filter(|row| names_a_part(&row.cells[0])).count();
        if parts >= 3 && parts + 1 >= rows {
            for row in &mut done.rows[table.clone()] {
                let cells = std::mem::take(&mut row.cells);
                if row.head && !names_a_part(&cells[0]) {
                    done.hidden.push((row.line, Hidden::Fence));
                    row.text.clear();
                    continue;
                }
                let label = cells[0].trim_end_matches([':', ' ']);
                let lead = 0..label.len() + 1;
                *row = Row {
                    text: format!("{label}: {}", cells[1]),
                    bold: Vec::from([lead]),
                    shape: Shape::Text,
                    head: false,
                    ..row.clone()
                };
            }
        }
        at += rows.max(1);
    }
    done.rows.retain(|row| !row.text.is_empty() || row.joined);
}

fn names_a_part(cell: &str) -> bool {
    let name = cell.trim_end_matches([':', ' ']);
    let part =
        labels::of_heading(name).is_some_and(|found| matches!(found.label, Label::Part(_)) && found.rest.is_empty());
    part || labels::short_part(&format!("{name}: "), 0).is_some()
}

/// Whether a line imports a component, as pages in MDX do.
pub(super) fn is_import(row: &Row) -> bool {
    let line = row.text.trim_end_matches(';');
    row.shape == Shape::Text
        && row.text.starts_with("import ")
        && line.contains(" from ")
        && line.ends_with(['"', '\'', '’', '”'])
}

/// Takes the box off an item: `[ ]`, `[x]`, and what the vaults know besides; a number behind it goes too.
pub(super) fn box_off(row: &mut Row) {
    let Shape::Item(number) = row.shape else { return };
    let mut characters = row.text.chars();
    let ticked = (characters.next(), characters.next(), characters.next(), characters.next());
    let (Some('['), Some(mark), Some(']'), None | Some(' ')) = ticked else { return };
    if mark.is_ascii_digit() {
        return;
    }
    row.cut_start(2 + mark.len_utf8());
    row.cut_start(row.text.len() - row.text.trim_start().len());
    let digits = row.text.find(|c: char| !c.is_ascii_digit()).unwrap_or(row.text.len());
    if number.is_none()
        && digits > 0
        && row.text[digits..].starts_with([')', '.'])
        && row.text[digits + 1..].starts_with(' ')
    {
        row.cut_start(digits + 2);
    }
}

/// Makes a row that is the title of a callout one: `[!question]- Why?`.
pub(super) fn callout(row: &mut Row) {
    if !row.quoted || row.shape != Shape::Text {
        return;
    }
    let Some((name, _)) = row.text.strip_prefix("[!").and_then(|rest| rest.split_once(']')) else { return };
    let kind = match name.to_lowercase().as_str() {
        "question" | "faq" | "help" => Callout::Question,
        "success" | "check" | "done" | "example" | "quote" | "cite" | "answer" => Callout::Answer,
        "todo" => Callout::Todo,
        _ => Callout::Aside,
    };
    let name = name.to_owned();
    row.shape = Shape::Callout(kind);
    row.joined = false;
    row.depth = 0;
    row.cut_start(name.len() + 3);
    row.cut_start(row.text.len() - row.text.trim_start_matches(['+', '-', ' ']).len());
    if row.text.is_empty() {
        row.text = name;
        row.bold.clear();
    }
}
