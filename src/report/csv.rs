//! Comma-separated values (RFC 4180) for spreadsheets: one row for each file, or one for each word.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::types::{Covered, Judged, Report, Seconds, Transcript};

/// One file of a batch: what was found in it, or why nothing was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The file's name as the person gave it.
    pub file: String,
    /// Whose it is, where folders are people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// What went wrong; `None` where all went well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// The figures, by the name of their column. One that is not known is left out.
    #[serde(default)]
    pub figures: BTreeMap<String, String>,
}

impl Row {
    /// The row of a file that was transcribed.
    pub fn of(file: String, person: Option<String>, report: &Report) -> Row {
        let cells = COLUMNS.iter().map(|(name, of)| ((*name).to_owned(), of(report)));
        Row { file, person, problem: None, figures: cells.filter(|(_, cell)| !cell.is_empty()).collect() }
    }

    /// The row of a file that was not.
    pub fn failed(file: String, person: Option<String>, problem: String) -> Row {
        Row { file, person, problem: Some(problem), figures: BTreeMap::new() }
    }

    /// A figure as it is written; empty where it is not known.
    pub fn figure(&self, column: &str) -> &str {
        self.figures.get(column).map_or("", String::as_str)
    }
}

/// A column of [`summary`]: its name, and the cell of a report.
type Column = (&'static str, fn(&Report) -> String);

/// The columns of [`summary`] after `file` and `problem`, in order.
const COLUMNS: [Column; 26] = [
    ("question", |r| r.question.as_ref().map(|question| question.id.clone()).unwrap_or_default()),
    ("model", |r| r.transcript.model.clone().unwrap_or_default()),
    ("words", |r| r.analysis.length.words.to_string()),
    ("recorded_s", |r| cell(r.recording.as_ref().map(|recording| recording.duration_s.0))),
    ("answer_s", |r| time(r.analysis.length.duration_s)),
    ("speaking_s", |r| time(r.analysis.length.speaking_s)),
    ("wpm", |r| cell(r.analysis.pace.wpm)),
    ("articulation_wpm", |r| cell(r.analysis.pace.articulation_wpm)),
    ("pauses", |r| number(r.analysis.pauses.count)),
    ("long_pauses", |r| number(r.analysis.pauses.long)),
    ("longest_pause_s", |r| time(r.analysis.pauses.longest_s)),
    ("fillers_low", |r| r.analysis.fillers.range[0].to_string()),
    ("fillers_high", |r| r.analysis.fillers.range[1].to_string()),
    ("filled_pauses", |r| r.analysis.fillers.filled_pauses.count.to_string()),
    ("filled_pauses_per_minute", |r| cell(r.analysis.fillers.filled_pauses.per_minute)),
    ("markers", |r| r.analysis.fillers.markers.count.to_string()),
    ("markers_per_100_words", |r| cell(r.analysis.fillers.markers.per_100_words)),
    ("star_coverage", |r| judged(r, cell(Some(r.analysis.star.coverage)))),
    ("star_missing", |r| judged(r, missing(r))),
    ("bluf_up_front", |r| {
        r.analysis.bluf.up_front.map(|yes| if yes { "yes" } else { "no" }.to_owned()).unwrap_or_default()
    }),
    ("bluf_at_s", |r| time(r.analysis.bluf.at_s)),
    ("numbers", |r| r.analysis.evidence.numbers.len().to_string()),
    ("cautions", |r| r.analysis.cautions.len().to_string()),
    ("points_made", |r| covered(r, Covered::Yes)),
    ("points_partly", |r| covered(r, Covered::Partly)),
    ("points", |r| r.analysis.own_points().count().to_string()),
];

/// A batch: a row with the names of the columns, then one for each file.
///
/// Columns: `file`, `problem` (empty where all went well), then the figures. A figure that is not known is an
/// empty cell; a file that failed has nothing but empty ones. Times are seconds, to the millisecond.
pub fn summary(rows: &[Row]) -> String {
    let names = COLUMNS.iter().map(|(name, _)| *name);
    let mut csv = line(["file", "problem"].into_iter().chain(names).map(str::to_owned));
    for row in rows {
        let known = [row.file.clone(), row.problem.clone().unwrap_or_default()];
        let figures = COLUMNS.iter().map(|(name, _)| row.figure(name).to_owned());
        csv += &line(known.into_iter().chain(figures));
    }
    csv
}

/// A transcript: a row with the names of the columns (`start_s,end_s,word,probability`), then one for each word.
pub fn words(transcript: &Transcript) -> String {
    let mut csv = line(["start_s", "end_s", "word", "probability"].map(str::to_owned));
    for word in &transcript.words {
        csv += &line([time(word.start_s), time(word.end_s), word.text.clone(), cell(word.probability)]);
    }
    csv
}

/// A line of a table, quoted where that is needed.
pub(super) fn line(cells: impl IntoIterator<Item = String>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|cell| quoted(no_formula(cell))).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell that no spreadsheet takes for a formula: a file may be called `=HYPERLINK(...)`.
fn no_formula(cell: String) -> String {
    let may_run = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if may_run { format!("'{cell}") } else { cell }
}

/// A cell in quotation marks where a comma, a quotation mark or an end of line asks for them.
fn quoted(cell: String) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

/// A number to three places; empty where it is not known.
fn cell(value: Option<f64>) -> String {
    decimal(value, 3)
}

/// A number to so many places, at least one, without zeros at its end; empty where it is not known.
pub(super) fn decimal(value: Option<f64>, places: usize) -> String {
    let Some(value) = value.filter(|value| value.is_finite()) else { return String::new() };
    let digits = format!("{value:.places$}");
    digits.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn time(value: Option<Seconds>) -> String {
    cell(value.map(|value| value.0))
}

fn number(value: Option<usize>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A cell that means something only where the story was judged.
fn judged(report: &Report, cell: String) -> String {
    if report.analysis.star.judged == Judged::Yes { cell } else { String::new() }
}

fn missing(report: &Report) -> String {
    report.analysis.star.missing.iter().map(|part| part.name().to_lowercase()).collect::<Vec<_>>().join(" ")
}

fn covered(report: &Report, covered: Covered) -> String {
    report.analysis.own_points().filter(|point| point.covered == covered).count().to_string()
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::report::samples;

    #[test]
    fn a_batch_has_a_row_for_every_file_and_says_what_went_wrong() {
        let (full, written) = (samples::full(), samples::written());
        let csv = summary(&[
            Row::of("monday, first.m4a".to_owned(), None, &full),
            Row::of("notes.txt".to_owned(), None, &written),
            Row::failed("broken.ogg".to_owned(), None, "it is \"cut short\"".to_owned()),
        ]);
        assert_snapshot!(csv.replace('\r', ""));
    }

    #[test]
    fn every_row_has_as_many_cells_as_there_are_columns() {
        let full = samples::full();
        let failed = Row::failed("b".to_owned(), None, "x".to_owned());
        let csv = summary(&[Row::of("a".to_owned(), None, &full), failed]);
        let cells: Vec<usize> = csv.lines().map(|line| line.split(',').count()).collect();
        assert_eq!(cells, [COLUMNS.len() + 2; 3]);
    }

    #[test]
    fn a_name_that_a_spreadsheet_would_run_is_text_and_a_number_stays_one() {
        let names = ["=HYPERLINK(1).wav", "+1", "@sum", "-2.5", "-x"].map(str::to_owned);
        assert_eq!(line(names), "'=HYPERLINK(1).wav,+1,'@sum,-2.5,'-x\r\n");
    }

    #[test]
    fn a_row_that_was_kept_as_json_gives_the_same_table() {
        let row = Row::of("a.wav".to_owned(), Some("Ada".to_owned()), &samples::full());
        let kept: Row = serde_json::from_str(&serde_json::to_string(&row).unwrap()).unwrap();
        assert_eq!(summary(&[kept]), summary(&[row]));
    }

    #[test]
    fn a_word_with_a_comma_stays_in_its_cell() {
        let csv = words(&Transcript::of_text("well, yes"));
        assert_eq!(csv, "start_s,end_s,word,probability\r\n,,\"well,\",\r\n,,yes,\r\n");
    }
}
