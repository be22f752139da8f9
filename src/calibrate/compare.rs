//! What was heard beside what was said. Pure.

use super::Reading;
use crate::asr::accuracy::{compared, edits, is_filler};
use crate::types::{ErrorSpread, FillerCalibration, PauseCalibration, Report, Span, Word};

/// What a comparison gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Words that were said.
    pub words: usize,
    /// Words to change, add or leave out, for each word that was said.
    pub word_error_rate: f64,
    /// The "um"s.
    pub fillers: FillerCalibration,
    /// The pauses.
    pub pauses: PauseCalibration,
    /// The times of words beside a pause.
    pub word_times: ErrorSpread,
}

/// Compares the report on a reading with the reading.
pub fn compare(reading: &Reading, report: &Report) -> Found {
    let said = reading.words();
    // A written word can be several compared ones ("twenty-two"); each keeps the word it came from.
    let written = &report.transcript.words;
    let (heard, from): (Vec<String>, Vec<&Word>) =
        written.iter().flat_map(|word| compared(&word.text).into_iter().map(move |text| (text, word))).unzip();
    let found = edits(&said, &heard);
    let (wrong, same) = (found.wrong(), found.same);
    Found {
        words: said.len(),
        word_error_rate: wrong as f64 / said.len().max(1) as f64,
        fillers: FillerCalibration {
            said: said.iter().filter(|word| is_filler(word)).count(),
            right: same.iter().filter(|(said_at, _)| is_filler(&said[*said_at])).count(),
            written: heard.iter().filter(|word| is_filler(word)).count(),
            range: filled_pauses(report),
        },
        pauses: pauses(&reading.pauses, &report.analysis.pauses.items),
        word_times: word_times(reading, &same, &from),
    }
}

/// How many "um"s and hesitations the report counts, `[sure and written, all]`; phrases such as "so" left out.
fn filled_pauses(report: &Report) -> [usize; 2] {
    use crate::types::{Certainty, FillerKind, FillerSource};
    let counted = || report.analysis.fillers.items.iter().filter(|item| item.kind != FillerKind::Marker);
    let sure =
        |item: &&crate::types::Filler| item.certainty == Certainty::Sure && item.source == FillerSource::Transcript;
    [counted().filter(sure).count(), counted().count()]
}

/// Pairs each pause made with the one found that shares the most of it.
fn pauses(made: &[Span], found: &[Span]) -> PauseCalibration {
    let mut free: Vec<Span> = found.to_vec();
    let mut errors = Vec::new();
    for pause in made {
        let shared = |other: &Span| pause.overlap(*other).0;
        let best = (0..free.len()).max_by(|a, b| shared(&free[*a]).total_cmp(&shared(&free[*b])));
        if let Some(best) = best.filter(|best| shared(&free[*best]) > 0.0) {
            errors.push(free.swap_remove(best).length().0 - pause.length().0);
        }
    }
    PauseCalibration {
        made: made.len(),
        found: errors.len(),
        extra: free.len(),
        length_error: ErrorSpread::of(&errors),
    }
}

/// Errors of the starts of first words and the ends of last words of phrases: the only times that are known.
fn word_times(reading: &Reading, same: &[(usize, usize)], from: &[&Word]) -> ErrorSpread {
    let mut errors = Vec::new();
    let mut first = 0;
    for phrase in &reading.phrases {
        let last = first + phrase.words.len() - 1;
        let heard_as = |said: usize| same.iter().find(|pair| pair.0 == said).map(|pair| from[pair.1]);
        let start = heard_as(first).and_then(|word| word.start_s);
        let end = heard_as(last).and_then(|word| word.end_s);
        errors.extend(start.map(|start| (start - phrase.span.start_s).0));
        errors.extend(end.map(|end| (end - phrase.span.end_s).0));
        first = last + 1;
    }
    ErrorSpread::of(&errors)
}

#[cfg(test)]
mod tests {
    use super::super::reading::SpokenPhrase;
    use super::*;
    use crate::types::*;

    fn phrase(text: &str, start: f64, end: f64) -> SpokenPhrase {
        SpokenPhrase { words: compared(text), span: Span::new(start, end) }
    }

    fn word(text: &str, start: f64, end: f64) -> Word {
        Word { start_s: Some(Seconds(start)), end_s: Some(Seconds(end)), ..Word::untimed(text) }
    }

    fn report(words: Vec<Word>, pauses: Vec<Span>) -> Report {
        let items = words
            .iter()
            .enumerate()
            .filter(|(_, word)| is_filler(&compared(&word.text)[0]))
            .map(|(at, word)| Filler {
                text: word.text.clone(),
                kind: FillerKind::FilledPause,
                certainty: Certainty::Sure,
                source: FillerSource::Transcript,
                words: Some(WordRange::new(at, at + 1)),
                start_s: word.start_s,
                end_s: word.end_s,
            })
            .collect();
        let analysis = Analysis {
            pauses: Pauses { items: pauses, ..Pauses::default() },
            fillers: Fillers { items, ..Fillers::default() },
            ..Analysis::default()
        };
        Report {
            schema: Report::SCHEMA.to_owned(),
            question: None,
            recording: None,
            transcript: Transcript::of_words(words, "scripted", "en"),
            analysis,
            strengths: vec![],
            advice: vec![],
            notices: vec![],
        }
    }

    fn reading() -> Reading {
        Reading {
            samples: Vec::new(),
            phrases: vec![phrase("Um, it was late.", 1.0, 2.5), phrase("We went, uh, home.", 3.5, 5.0)],
            pauses: vec![Span::new(2.5, 3.5)],
        }
    }

    #[test]
    fn what_is_heard_as_it_was_said_has_no_error() {
        let words = vec![
            word("Um,", 1.0, 1.4),
            word("it", 1.4, 1.6),
            word("was", 1.6, 1.9),
            word("late.", 1.9, 2.5),
            word("We", 3.5, 3.7),
            word("went,", 3.7, 4.0),
            word("uh,", 4.0, 4.4),
            word("home.", 4.4, 5.0),
        ];
        let found = compare(&reading(), &report(words, vec![Span::new(2.5, 3.5)]));
        assert_eq!((found.words, found.word_error_rate), (8, 0.0));
        assert_eq!(found.fillers, FillerCalibration { said: 2, right: 2, written: 2, range: [2, 2] });
        let none = ErrorSpread { of: 1, median_s: Some(Seconds(0.0)), p90_s: Some(Seconds(0.0)) };
        assert_eq!(found.pauses, PauseCalibration { made: 1, found: 1, extra: 0, length_error: none });
        assert_eq!((found.word_times.of, found.word_times.p90_s), (4, Some(Seconds(0.0))));
    }

    #[test]
    fn a_lost_filler_an_invented_one_and_a_wrong_time_are_errors_of_their_kind() {
        let words = vec![
            word("It", 1.5, 1.6),
            word("was", 1.6, 1.9),
            word("late.", 1.9, 2.4),
            word("Um,", 2.4, 2.5),
            word("We", 3.5, 3.7),
            word("went,", 3.7, 4.0),
            word("uh,", 4.0, 4.4),
            word("home.", 4.4, 5.2),
        ];
        let found = compare(&reading(), &report(words, vec![Span::new(0.2, 0.6), Span::new(2.6, 3.5)]));
        assert_eq!(found.word_error_rate, 2.0 / 8.0);
        assert_eq!(found.fillers, FillerCalibration { said: 2, right: 1, written: 2, range: [2, 2] });
        assert_eq!((found.pauses.found, found.pauses.extra), (1, 1));
        assert!((found.pauses.length_error.median_s.unwrap().0 - 0.1).abs() < 1e-9);
        // The first word of the first phrase was not written: its start is not measured.
        assert_eq!(found.word_times.of, 3);
        assert!((found.word_times.p90_s.unwrap().0 - 0.2).abs() < 1e-9);
    }

    #[test]
    fn a_pause_that_was_not_found_is_missed_and_silence_writes_nothing() {
        let found = compare(&reading(), &report(Vec::new(), Vec::new()));
        assert_eq!((found.pauses.made, found.pauses.found, found.word_error_rate), (1, 0, 1.0));
        assert_eq!(found.word_times, ErrorSpread::default());
    }
}
