//! How fast an answer was spoken.

use super::answer::ReadAnswer;
use super::timing;
use crate::types::{Pace, PacePoint, PaceVerdict, Seconds, Span};

/// Length of the sliding window of the timeline: long enough for some 40 words, short enough to show a rush.
const WINDOW: Seconds = Seconds(15.0);
/// How far apart the windows begin.
const STEP: Seconds = Seconds(5.0);
/// Under this, a rate would be noise.
const SHORTEST: Seconds = Seconds(1.0);

/// Measures the pace. Filled pauses do not count as words.
pub fn measure(answer: &ReadAnswer) -> Pace {
    let (heard, words) = (&answer.heard, answer.words());
    let counts = |word: &String| !word.is_empty() && answer.lexicon.filled_pause(word).is_none();
    let spoken = words.iter().filter(|word| counts(word)).count();
    let whole = timing::answer(heard).filter(|span| span.length() >= SHORTEST && spoken > 0);
    let wpm = whole.map(|span| rate(spoken, span.length()));
    let articulation_wpm =
        timing::speaking(heard).filter(|s| *s >= SHORTEST && spoken > 0).map(|speaking| rate(spoken, speaking));
    let middles: Vec<Seconds> = heard
        .transcript
        .words
        .iter()
        .zip(words)
        .filter(|(_, normal)| counts(normal))
        .filter_map(|(word, _)| word.span().map(|span| (span.start_s + span.end_s) * 0.5))
        .collect();
    Pace {
        wpm,
        articulation_wpm,
        verdict: wpm.filter(|_| !answer.is_too_short()).map(verdict),
        timeline: whole.map(|span| timeline(&middles, span)).unwrap_or_default(),
    }
}

fn rate(words: usize, time: Seconds) -> f64 {
    words as f64 * 60.0 / time.0
}

/// The rate in every whole window of the answer; empty for an answer shorter than one, or without word times.
fn timeline(middles: &[Seconds], answer: Span) -> Vec<PacePoint> {
    if middles.is_empty() {
        return Vec::new();
    }
    let (mut first, mut end) = (0, 0);
    let windows = ((answer.length() - WINDOW).0 / STEP.0).floor() + 1.0;
    // A negative count of windows becomes none.
    (0..windows as usize)
        .map(|index| {
            let start_s = answer.start_s + STEP * index as f64;
            while first < middles.len() && middles[first] < start_s {
                first += 1;
            }
            end = end.max(first);
            while end < middles.len() && middles[end] < start_s + WINDOW {
                end += 1;
            }
            PacePoint { start_s, wpm: rate(end - first, WINDOW) }
        })
        .collect()
}

/// Comfortable from 120 to 170 words a minute (Microsoft Speaker Coach 100-165, Read.ai 130-175;
/// comprehension falls past about 190).
fn verdict(wpm: f64) -> PaceVerdict {
    match wpm {
        _ if wpm < 110.0 => PaceVerdict::Slow,
        _ if wpm < 120.0 => PaceVerdict::SlightlySlow,
        _ if wpm <= 170.0 => PaceVerdict::Good,
        _ if wpm <= 180.0 => PaceVerdict::SlightlyFast,
        _ => PaceVerdict::Fast,
    }
}

#[cfg(test)]
mod tests {
    use super::super::spoken_for_tests::{Take, english, take};
    use super::*;

    fn pace(take: &Take) -> Pace {
        measure(&take.read(&english()))
    }

    #[test]
    fn pauses_slow_the_speech_rate_but_not_the_articulation_rate() {
        let pace = pace(&take("word ".repeat(60).trim(), &[(0.0, 10.0), (20.0, 30.0)]));
        assert_eq!(pace.wpm, Some(120.0));
        assert_eq!(pace.articulation_wpm, Some(180.0));
        assert_eq!(pace.verdict, Some(PaceVerdict::Good));
    }

    #[test]
    fn filled_pauses_are_not_words() {
        let pace = pace(&take("um word uh word", &[(0.0, 60.0)]));
        assert_eq!(pace.wpm, Some(2.0));
    }

    #[test]
    fn the_timeline_shows_a_rush_at_the_end() {
        let mut take = take("word ".repeat(90).trim(), &[(0.0, 45.0)]);
        for (index, word) in take.transcript.words.iter_mut().enumerate() {
            // One word a second for 30 s, then four a second.
            let start = if index < 30 { index as f64 } else { 30.0 + (index - 30) as f64 * 0.25 };
            (word.start_s, word.end_s) = (Some(Seconds(start)), Some(Seconds(start + 0.2)));
        }
        let rates: Vec<f64> = pace(&take).timeline.iter().map(|point| point.wpm).collect();
        assert_eq!(rates, [60.0, 60.0, 60.0, 60.0, 120.0, 180.0, 240.0]);
    }

    #[test]
    fn verdicts_change_at_the_published_rates() {
        let verdicts = [109.9, 110.0, 120.0, 170.0, 175.0, 180.1].map(verdict);
        use PaceVerdict::*;
        assert_eq!(verdicts, [Slow, SlightlySlow, Good, Good, SlightlyFast, Fast]);
    }

    #[test]
    fn a_written_text_has_no_pace() {
        assert_eq!(pace(&Take::written("some words that were never spoken")), Pace::default());
    }
}
