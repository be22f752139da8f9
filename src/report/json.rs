//! JSON, indented for people or on one line for programs.

use serde::Serialize;

/// Indented JSON with an end of line: a [`Report`](crate::types::Report), a transcript, a session.
///
/// The types of [`types`](crate::types) have string keys only, so this does not fail; a float that is not a
/// number is written as `null`.
pub fn pretty(value: &impl Serialize) -> String {
    let mut json = serde_json::to_string_pretty(value).expect("the contract's types have string keys");
    json.push('\n');
    json
}

/// JSON on one line with an end of line, as `--jsonl` writes it.
pub fn line(value: &impl Serialize) -> String {
    let mut json = serde_json::to_string(value).expect("the contract's types have string keys");
    json.push('\n');
    json
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;
    use crate::types::Report;

    #[test]
    fn a_report_comes_back_from_its_json() {
        let report = samples::full();
        let json = pretty(&report);
        let back: Report = serde_json::from_str(&json).expect("it is JSON");
        assert_eq!(pretty(&back), json);
        assert_eq!(serde_json::from_str::<Report>(&line(&report)).expect("it is JSON"), back);
        // Times come back to the millisecond.
        assert_eq!((back.strengths, back.analysis.star.missing), (report.strengths, report.analysis.star.missing));
    }

    #[test]
    fn a_figure_that_is_not_a_number_is_null() {
        let mut report = samples::written();
        report.analysis.pace.wpm = Some(f64::NAN);
        assert!(line(&report).contains("\"wpm\":null"));
    }

    #[test]
    fn a_line_is_one_line_even_when_the_text_has_many() {
        let mut report = samples::written();
        report.transcript.text = "one\ntwo\r\nthree".to_owned();
        assert_eq!(line(&report).lines().count(), 1);
    }
}
