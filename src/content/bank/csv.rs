//! Tables of values: what Notion and spreadsheets export.

use super::{
    labels::{self, Column},
    rows::{Hidden, Row, Rows, Shape},
};

/// The rows of a table of values; `None` when a text is none, which it is only with a head that we know.
pub(super) fn rows(text: &str) -> Option<Rows> {
    let first = text.lines().next()?;
    let separator = ['\t', ';', ','].into_iter().max_by_key(|separator| first.matches(*separator).count())?;
    if !first.contains(separator) || first.starts_with(['#', '-', '*', '>', '|']) {
        return None;
    }
    let records = records(text, separator);
    let (_, _, head) = records.first()?;
    let known = |cell: &String| matches!(labels::of_column(cell), Some(Column::Question | Column::Story));
    if head.len() < 2 || records.len() < 2 || !head.iter().any(known) || head.iter().any(|cell| cell.len() > 60) {
        return None;
    }
    // A sentence with a comma is no table: most lines must have as many cells as the head.
    let comments = records.iter().filter(|(_, _, cells)| cells[0].starts_with("<!--")).count();
    let even = records.iter().filter(|(_, _, cells)| cells.len() == head.len()).count();
    if even * 5 < (records.len() - comments) * 4 {
        return None;
    }
    let mut rows = Rows::default();
    for (at, (line, last, cells)) in records.into_iter().enumerate() {
        if cells.first().is_some_and(|cell| cell.starts_with("<!--")) {
            rows.hidden.push((line, Hidden::Comment));
            continue;
        }
        let text = cells.iter().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>().join(" · ");
        rows.rows.push(Row { line, shape: Shape::Cells, text, cells, head: at == 0, ..Row::default() });
        // A cell may hold several lines; they are the row's.
        rows.rows.extend((line + 1..=last).map(|line| Row {
            line,
            shape: Shape::Cells,
            joined: true,
            ..Row::default()
        }));
    }
    Some(rows)
}

/// The records of a text, each with its first and last line.
fn records(text: &str, separator: char) -> Vec<(usize, usize, Vec<String>)> {
    let mut records = Vec::new();
    let mut cells = vec![String::new()];
    let (mut line, mut first, mut quoted) = (1, 1, false);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let cell = cells.last_mut().expect("there is always a cell");
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = true;
            }
            '\n' => {
                line += 1;
                if quoted {
                    cell.push('\n');
                    continue;
                }
                push(&mut records, first, line - 1, std::mem::replace(&mut cells, vec![String::new()]));
                first = line;
            }
            c if c == separator && !quoted => cells.push(String::new()),
            c => cell.push(c),
        }
    }
    push(&mut records, first, line, cells);
    records
}

fn push(records: &mut Vec<(usize, usize, Vec<String>)>, first: usize, last: usize, cells: Vec<String>) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
    if cells.iter().any(|cell| !cell.is_empty()) {
        records.push((first, last, cells));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_cells_may_hold_commas_quotes_and_lines() {
        let text = "Name,Tags\n\"Why, \"\"really\"\"?\nTell me\",a\nNext?,b\n<!-- Imported -->\n";
        let rows = rows(text).expect("a table");
        let cells: Vec<_> =
            rows.rows.iter().filter(|row| !row.joined).map(|row| (row.line, row.cells[0].as_str())).collect();
        assert_eq!(cells, [(1, "Name"), (2, "Why, \"really\"?\nTell me"), (4, "Next?")]);
        assert_eq!(rows.hidden, [(5, Hidden::Comment)]);
    }

    #[test]
    fn prose_with_commas_is_no_table() {
        assert!(rows("Question, they say, is free.\nTell me about it.\n").is_none());
        assert!(rows("a,b\nc,d\n").is_none());
    }
}
