//! How long an answer was, against how long it was wanted.

use super::answer::{Heard, MIN_WORDS};
use super::timing;
use crate::types::{Length, LengthVerdict, Question, Seconds};

/// Wanted length of an answer to a question that names none, in seconds.
const DEFAULT_TARGET_S: [u32; 2] = [60, 120];

/// An answer may miss its target by this share before it is called short or long: 45 to 150 s for 60 to 120 s.
const TOLERANCE: f64 = 0.25;

/// Words a minute at which a text would be spoken: the middle of what is easy to follow, 120 to 170.
const ALOUD_WPM: f64 = 140.0;

/// Measures an answer. The verdict needs at least [`MIN_WORDS`] words; that on a text goes by how long it takes to say.
pub fn measure(heard: &Heard) -> Length {
    let words = heard.transcript.words.len();
    let target_s = heard.question.map_or(DEFAULT_TARGET_S, target_s);
    let duration_s = timing::answer(heard).map(|span| span.length());
    let written = heard.sound.is_none() && duration_s.is_none() && words > 0;
    let aloud_s = written.then_some(Seconds(words as f64 * 60.0 / ALOUD_WPM));
    Length {
        words,
        duration_s,
        aloud_s,
        speaking_s: timing::speaking(heard),
        target_s,
        verdict: duration_s.or(aloud_s).filter(|_| words >= MIN_WORDS).map(|duration| verdict(duration, target_s)),
    }
}

/// The wanted length `[lo, hi]` of an answer to a question, in seconds.
///
/// A question that says how many minutes its discussion takes wants at least half of them.
pub fn target_s(question: &Question) -> [u32; 2] {
    let of_minutes = |minutes: u32| [minutes.saturating_mul(30), minutes.saturating_mul(60)];
    question.target_s.or(question.duration_min.map(of_minutes)).unwrap_or(DEFAULT_TARGET_S)
}

/// The longest an answer may be, in seconds, before it is too long for its target.
pub(super) fn limit_s(target_s: [u32; 2]) -> f64 {
    f64::from(target_s[1]) * (1.0 + TOLERANCE)
}

fn verdict(duration: Seconds, target_s: [u32; 2]) -> LengthVerdict {
    if duration.0 < f64::from(target_s[0]) * (1.0 - TOLERANCE) {
        LengthVerdict::Short
    } else if duration.0 > limit_s(target_s) {
        LengthVerdict::Long
    } else {
        LengthVerdict::OnTarget
    }
}

#[cfg(test)]
mod tests {
    use super::super::spoken_for_tests::{Take, take};
    use super::*;

    #[test]
    fn an_answer_is_short_under_45_and_long_over_150_seconds_by_default() {
        let cases = [
            (44.0, LengthVerdict::Short),
            (45.0, LengthVerdict::OnTarget),
            (150.0, LengthVerdict::OnTarget),
            (151.0, LengthVerdict::Long),
        ];
        for (duration, expected) in cases {
            assert_eq!(verdict(Seconds(duration), DEFAULT_TARGET_S), expected, "{duration}");
        }
    }

    #[test]
    fn silence_before_and_after_the_answer_is_not_part_of_it() {
        let take = take("word ".repeat(40).trim(), &[(2.0, 20.0), (25.0, 52.0)]);
        let length = measure(&take.heard());
        assert_eq!(length.duration_s, Some(Seconds(50.0)));
        assert_eq!(length.speaking_s, Some(Seconds(45.0)));
        assert_eq!(length.verdict, Some(LengthVerdict::OnTarget));
    }

    #[test]
    fn a_question_overrides_the_target() {
        let question = Question { target_s: Some([10, 20]), ..Question::default() };
        let take = Take { question: Some(question), ..take("word ".repeat(40).trim(), &[(0.0, 30.0)]) };
        assert_eq!(measure(&take.heard()).verdict, Some(LengthVerdict::Long));
    }

    #[test]
    fn a_text_is_judged_by_how_long_it_takes_to_say() {
        let of_words = |words: usize| measure(&Take::written("word ".repeat(words).trim()).heard());
        assert_eq!((of_words(140).duration_s, of_words(140).aloud_s), (None, Some(Seconds(60.0))));
        let verdicts = [60, 140, 420].map(|words| of_words(words).verdict);
        assert_eq!(verdicts, [LengthVerdict::Short, LengthVerdict::OnTarget, LengthVerdict::Long].map(Some));
        assert_eq!(measure(&take("word", &[(0.0, 1.0)]).heard()).aloud_s, None);
    }

    #[test]
    fn a_few_words_have_no_verdict() {
        assert_eq!(measure(&Take::written("one two three").heard()).verdict, None);
        assert_eq!(measure(&take("too few words", &[(0.0, 1.0)]).heard()).verdict, None);
    }
}
