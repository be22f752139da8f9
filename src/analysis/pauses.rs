//! Stretches without speech inside an answer.

use super::answer::{Heard, Sound};
use crate::types::{Pauses, Seconds, Span};

/// The shortest pause counted. Cut-offs in the literature run from 0.1 to 1.0 s; 0.25 s is the usual one
/// (De Jong & Bosker 2013).
const SHORTEST: Seconds = Seconds(0.25);
/// A long pause.
const LONG: Seconds = Seconds(2.0);

/// Measures the pauses from the voice detector's spans; all `None` without sound, or where nothing was heard.
///
/// Never from gaps between words: a recogniser stretches words over silence.
pub fn measure(heard: &Heard) -> Pauses {
    let Some(sound) = heard.sound.filter(|sound| !sound.speech.is_empty()) else { return Pauses::default() };
    let items = pauses(sound.speech, SHORTEST);
    let longest_s = items.iter().map(|pause| pause.length()).reduce(Seconds::max);
    Pauses {
        count: Some(items.len()),
        long: Some(items.iter().filter(|pause| pause.length() >= LONG).count()),
        longest_s,
        response_latency_s: response_latency(&sound),
        items,
    }
}

/// Returns the pauses of at least `min`, in order.
///
/// A pause is a stretch with no speech *between* two stretches of speech; silence before the
/// first and after the last is not one.
pub fn pauses(speech: &[Span], min: Seconds) -> Vec<Span> {
    let between = speech.windows(2).map(|pair| Span { start_s: pair[0].end_s, end_s: pair[1].start_s });
    between.filter(|pause| pause.length() >= min).collect()
}

/// From the end of the question to the first speech; zero for who began before it ended.
fn response_latency(sound: &Sound) -> Option<Seconds> {
    let first = sound.speech.first()?;
    Some((first.start_s - sound.question_end?).max(Seconds::ZERO))
}

#[cfg(test)]
mod tests {
    use super::super::spoken_for_tests::{Take, take};
    use super::*;

    #[test]
    fn silence_at_the_start_and_at_the_end_is_not_a_pause() {
        let mut take = take("a few words", &[(3.0, 5.0), (5.25, 6.0), (8.5, 9.0)]);
        take.duration = Seconds(30.0);
        let pauses = measure(&take.heard());
        assert_eq!(pauses.items, [Span::new(5.0, 5.25), Span::new(6.0, 8.5)]);
        assert_eq!((pauses.count, pauses.long, pauses.longest_s), (Some(2), Some(1), Some(Seconds(2.5))));
    }

    #[test]
    fn breath_between_words_is_not_a_pause() {
        assert_eq!(pauses(&[Span::new(0.0, 1.0), Span::new(1.2, 2.0)], SHORTEST), []);
    }

    #[test]
    fn latency_runs_from_the_end_of_the_question_and_is_never_negative() {
        let mut take = take("words", &[(3.0, 5.0)]);
        assert_eq!(measure(&take.heard()).response_latency_s, None);
        for (end, latency) in [(0.0, 3.0), (-1.5, 4.5), (4.0, 0.0)] {
            take.question_end = Some(Seconds(end));
            assert_eq!(measure(&take.heard()).response_latency_s, Some(Seconds(latency)));
        }
    }

    #[test]
    fn where_nothing_was_heard_nothing_is_claimed() {
        assert_eq!(measure(&take("", &[]).heard()), Pauses::default());
        assert_eq!(measure(&Take::written("some text").heard()), Pauses::default());
    }
}
