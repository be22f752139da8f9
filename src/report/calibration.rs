//! What a calibration found, as a table to read and as a sentence that reports cite.

use super::page::{Page, Tone};
use crate::types::{Calibration, ErrorSpread};

/// What such speech cannot tell.
const SYNTHETIC: &str = "The speech was synthetic: people are harder to understand, and their \"um\"s harder to find.";

/// The whole result in lines of at most 80 columns.
pub fn render(found: &Calibration) -> String {
    let Calibration { fillers, pauses, word_times, .. } = found;
    let mut page = Page::default();
    let head = format!("How well {} hears on this machine", found.model);
    page.hanging("", 0, &head, Tone::Heading);
    let read = format!("{} read {} words in {:.0} s.", found.voice, found.words, found.duration_s.0);
    page.labelled("Read", &read, Tone::Plain);
    let wrong = format!("{} wrong.", percent(found.word_error_rate));
    page.labelled("Words", &wrong, Tone::Plain);
    let written = format!("{} of {} \"um\"s are in the transcript.", fillers.right, fillers.said);
    page.labelled("Fillers", &written, Tone::Plain);
    if let (Some(recall), Some(precision)) = (fillers.recall(), fillers.precision()) {
        let rates = format!("Recall {}, precision {}.", percent(recall), percent(precision));
        page.labelled("", &rates, Tone::Plain);
    }
    let [lo, hi] = fillers.range;
    page.labelled("", &format!("A report says {lo} to {hi}; {} were said.", fillers.said), Tone::Plain);
    let extra = format!("{} of {} found, {} where none was made.", pauses.found, pauses.made, pauses.extra);
    page.labelled("Pauses", &extra, Tone::Plain);
    page.labelled("", &format!("Their length is off by {}.", spread(pauses.length_error)), Tone::Plain);
    page.labelled("Times", &format!("Of words beside a pause: off by {}.", spread(*word_times)), Tone::Plain);
    page.hanging("Note: ", 6, SYNTHETIC, Tone::Watch);
    page.finish()
}

/// One sentence for the foot of a report.
pub fn cited(found: &Calibration) -> String {
    let day = found.measured_at.strftime("%Y-%m-%d");
    let Calibration { model, voice, fillers, .. } = found;
    format!(
        "Measured on this machine on {day} with {model} and a synthetic voice ({voice}): {} of the words wrong, \
         {} of {} \"um\"s written, pauses off by {}, words beside them by {}. People are harder.",
        percent(found.word_error_rate),
        fillers.right,
        fillers.said,
        spread(found.pauses.length_error),
        spread(found.word_times),
    )
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// `0.05 s (nine in ten under 0.12 s)`.
fn spread(errors: ErrorSpread) -> String {
    match (errors.median_s, errors.p90_s) {
        (Some(median), Some(p90)) => format!("{:.2} s (nine in ten under {:.2} s)", median.0, p90.0),
        _ => "an unknown amount".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples::without_colour;
    use crate::types::{FillerCalibration, PauseCalibration, Seconds};

    fn found() -> Calibration {
        let spread = |median, p90| ErrorSpread { of: 20, median_s: Some(Seconds(median)), p90_s: Some(Seconds(p90)) };
        Calibration {
            schema: Calibration::SCHEMA.to_owned(),
            model: "base.en".to_owned(),
            voice: "espeak-ng en-us".to_owned(),
            measured_at: "2026-11-27T12:00:00Z".parse().unwrap(),
            duration_s: Seconds(121.4),
            words: 232,
            word_error_rate: 0.043,
            fillers: FillerCalibration { said: 11, right: 9, written: 10, range: [10, 12] },
            pauses: PauseCalibration { made: 24, found: 23, extra: 1, length_error: spread(0.05, 0.11) },
            word_times: spread(0.08, 0.19),
        }
    }

    #[test]
    fn the_table_has_every_error_and_says_what_it_was_measured_on() {
        insta::assert_snapshot!(without_colour(&render(&found())));
    }

    #[test]
    fn the_citation_is_one_paragraph_with_the_figures() {
        insta::assert_snapshot!(cited(&found()));
    }

    #[test]
    fn what_could_not_be_compared_has_no_figure() {
        let mut found = found();
        found.word_times = ErrorSpread::default();
        assert!(render(&found).contains("an unknown amount"));
    }
}
