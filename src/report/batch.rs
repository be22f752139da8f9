//! What a whole batch came to: a table of its files and one of its people, as CSV and as a document.

use std::collections::BTreeMap;

use super::csv::{self, Row};
use super::document::Block;

/// The columns of [`people`], in order.
const PEOPLE: [&str; 9] = [
    "person",
    "files",
    "failed",
    "recorded_s",
    "words",
    "wpm",
    "filled_pauses_per_minute",
    "star_coverage",
    "bluf_up_front",
];

/// What one person's recordings came to. Times and words are sums; paces and shares are means of the recordings that
/// have them.
struct Person<'a> {
    name: &'a str,
    rows: Vec<&'a Row>,
}

impl Person<'_> {
    fn figures(&self, column: &str) -> Vec<f64> {
        self.rows.iter().filter_map(|row| row.figure(column).parse().ok()).collect()
    }

    fn sum(&self, column: &str) -> String {
        // Not `sum`: that of nothing is -0.
        csv::decimal(Some(self.figures(column).iter().fold(0.0, |sum, figure| sum + figure)), 1)
    }

    fn mean(&self, column: &str, places: usize) -> String {
        let figures = self.figures(column);
        csv::decimal((!figures.is_empty()).then(|| figures.iter().sum::<f64>() / figures.len() as f64), places)
    }

    /// `3 of 4`: recordings whose bottom line came first, of those in which it was found.
    fn up_front(&self) -> String {
        let told: Vec<&str> =
            self.rows.iter().map(|row| row.figure("bluf_up_front")).filter(|x| !x.is_empty()).collect();
        let first = told.iter().filter(|told| **told == "yes").count();
        if told.is_empty() { String::new() } else { format!("{first} of {}", told.len()) }
    }

    fn cells(&self) -> [String; PEOPLE.len()] {
        let failed = self.rows.iter().filter(|row| row.problem.is_some()).count();
        [
            self.name.to_owned(),
            self.rows.len().to_string(),
            failed.to_string(),
            self.sum("recorded_s"),
            self.sum("words"),
            self.mean("wpm", 1),
            self.mean("filled_pauses_per_minute", 2),
            self.mean("star_coverage", 2),
            self.up_front(),
        ]
    }
}

fn people_of(rows: &[Row]) -> Vec<Person<'_>> {
    let mut people: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        if let Some(person) = &row.person {
            people.entry(person).or_default().push(row);
        }
    }
    people.into_iter().map(|(name, rows)| Person { name, rows }).collect()
}

/// A row for each person, as CSV; `None` where no file lies in a person's folder.
pub fn people(rows: &[Row]) -> Option<String> {
    let people = people_of(rows);
    let mut table = csv::line(PEOPLE.map(str::to_owned));
    people.iter().for_each(|person| table += &csv::line(person.cells()));
    (!people.is_empty()).then_some(table)
}

/// The columns of the table of files in [`document`]: heading, and where it comes from.
const FILES: [(&str, &str); 7] = [
    ("Length (s)", "answer_s"),
    ("Words", "words"),
    ("Words a minute", "wpm"),
    ("Filled pauses", "filled_pauses"),
    ("Parts told", "star_coverage"),
    ("Not told", "star_missing"),
    ("Bottom line first", "bluf_up_front"),
];

/// The batch as a document: a table of its files, what went wrong, and a table of its people where folders are people.
pub fn document(rows: &[Row]) -> Vec<Block> {
    let (done, failed): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.problem.is_none());
    let headings = std::iter::once("File").chain(FILES.map(|(heading, _)| heading)).map(str::to_owned);
    let files = done.iter().map(|row| {
        let figures = FILES.iter().map(|(_, column)| row.figure(column).to_owned());
        std::iter::once(row.file.clone()).chain(figures).collect()
    });
    let mut blocks = vec![
        Block::Heading(1, format!("{} recordings", rows.len())),
        Block::Table(std::iter::once(headings.collect()).chain(files).collect()),
    ];
    if !failed.is_empty() {
        let told = |row: &&Row| format!("{}: {}", row.file, row.problem.as_deref().unwrap_or_default());
        blocks.push(Block::Heading(2, "Not transcribed".to_owned()));
        blocks.push(Block::List(failed.iter().map(told).collect()));
    }
    let people = people_of(rows);
    if !people.is_empty() {
        let headings = PEOPLE.iter().map(|column| column.replace('_', " ")).collect();
        let people = people.iter().map(|person| person.cells().to_vec());
        blocks.push(Block::Heading(2, "People".to_owned()));
        blocks.push(Block::Table(std::iter::once(headings).chain(people).collect()));
    }
    blocks
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::report::samples;

    fn rows() -> Vec<Row> {
        let row = |file: &str, person: Option<&str>| Row::of(file.into(), person.map(Into::into), &samples::full());
        vec![
            row("ada/one|two.wav", Some("ada")),
            row("ada/three.wav", Some("ada")),
            Row::failed("bo/broken.wav".into(), Some("bo".into()), "it is cut short".into()),
            row("loose.wav", None),
        ]
    }

    #[test]
    fn people_have_a_row_each_and_a_file_that_is_nobodys_has_none() {
        assert_snapshot!(people(&rows()).expect("there are people").replace('\r', ""));
        assert_eq!(people(&rows()[3..]), None);
    }

    #[test]
    fn a_batch_on_a_page_has_its_files_its_failures_and_its_people() {
        assert_snapshot!(crate::report::markdown::render(&document(&rows())));
    }
}
