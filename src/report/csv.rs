//! Comma-separated values (RFC 4180) for spreadsheets: one row for each file, or one for each word.

use crate::types::{Covered, Judged, Report, Seconds, Transcript};

/// One file of a batch: what was found in it, or why nothing was.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The file's name as the person gave it.
    pub file: &'a str,
    /// Its report, or what went wrong.
    pub outcome: Result<&'a Report, &'a str>,
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
pub fn summary<'a>(rows: impl IntoIterator<Item = Row<'a>>) -> String {
    let names = COLUMNS.iter().map(|(name, _)| (*name).to_owned());
    let mut csv = line(["file".to_owned(), "problem".to_owned()].into_iter().chain(names));
    for Row { file, outcome } in rows {
        let problem = outcome.err().unwrap_or_default();
        let cells = COLUMNS.iter().map(|(_, of)| outcome.map(of).unwrap_or_default());
        csv += &line([file.to_owned(), problem.to_owned()].into_iter().chain(cells));
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

fn line(cells: impl IntoIterator<Item = String>) -> String {
    let cells: Vec<String> = cells.into_iter().map(quoted).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell in quotation marks where a comma, a quotation mark or an end of line asks for them.
fn quoted(cell: String) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

/// A number to three places without zeros at its end; empty where it is not known.
fn cell(value: Option<f64>) -> String {
    let Some(value) = value.filter(|value| value.is_finite()) else { return String::new() };
    let digits = format!("{value:.3}");
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
        let csv = summary([
            Row { file: "monday, first.m4a", outcome: Ok(&full) },
            Row { file: "notes.txt", outcome: Ok(&written) },
            Row { file: "broken.ogg", outcome: Err("it is \"cut short\"") },
        ]);
        assert_snapshot!(csv.replace('\r', ""));
    }

    #[test]
    fn every_row_has_as_many_cells_as_there_are_columns() {
        let full = samples::full();
        let csv = summary([Row { file: "a", outcome: Ok(&full) }, Row { file: "b", outcome: Err("x") }]);
        let cells: Vec<usize> = csv.lines().map(|line| line.split(',').count()).collect();
        assert_eq!(cells, [COLUMNS.len() + 2; 3]);
    }

    #[test]
    fn a_word_with_a_comma_stays_in_its_cell() {
        let csv = words(&Transcript::of_text("well, yes"));
        assert_eq!(csv, "start_s,end_s,word,probability\r\n,,\"well,\",\r\n,,yes,\r\n");
    }
}
