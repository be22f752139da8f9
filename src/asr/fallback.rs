//! What is done when Whisper fails on a piece, and what it left out is heard again. Pure.
//!
//! - *Loops*: the model writes the same words over and over. It is tried again (the whole window, then a little chance,
//!   then the piece in two halves), and at last the repeats are cut off.
//! - *Gaps*: sound like speech that no word covers is heard again by itself. Whisper ends early, and passes over what is
//!   soft beside what is loud.
//! - *Hallucinations*: words out of nothing, such as "Thank you." after silence. They are left out, and what cannot be
//!   speech is not heard in the first place.

use super::TranscribeError;
use super::hallucination::{find_loop, without_hallucinations, without_loops};
use super::loudness::Loudness;
use super::words::uncovered;
use crate::audio::{DetectorSettings, SPEECH_RATE_HZ, detect, detect_with};
use crate::types::{Seconds, Span, Word};

/// How to run the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attempt {
    /// 0 takes the likeliest token; above, chance comes in.
    pub temperature: f32,
    /// Work through the whole 30 s window and not only the part that the piece fills.
    pub whole_window: bool,
}

impl Attempt {
    /// The quickest.
    pub const FIRST: Attempt = Attempt { temperature: 0.0, whole_window: false };
    /// The surest.
    const WHOLE: Attempt = Attempt { temperature: 0.0, whole_window: true };
}

/// What is tried in turn as long as the model falls into loops.
const ATTEMPTS: [Attempt; 3] = [Attempt::FIRST, Attempt::WHOLE, Attempt { temperature: 0.4, whole_window: true }];

/// What the model wrote for one piece.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decoded {
    /// The words, with times from the start of the piece.
    pub words: Vec<Word>,
    /// How sure the model is that nobody speaks, 0 to 1.
    pub no_speech: f64,
    /// Where the model stopped before the end of the piece: what follows is to be heard by itself.
    pub goes_on_at: Option<Seconds>,
}

/// Runs the model over one piece.
pub type Decode<'a> = dyn FnMut(&[f32], Attempt) -> Result<Decoded, TranscribeError> + 'a;

/// Sound like speech without words is heard again from this length on.
const SHORTEST_GAP: Seconds = Seconds(1.0);

/// Room around a gap that is heard again.
const SURROUNDINGS: Seconds = Seconds(0.25);

/// What is heard again sounds like speech to the ear of the generous detector, however soft it is.
const LIKE_SPEECH: DetectorSettings = DetectorSettings { rise_db: None, ..DetectorSettings::GENEROUS };

/// A gap that is nearly all of the piece was heard just now.
const NEARLY_ALL: f64 = 0.9;

/// The words in `samples`, loops and hallucinations left out, and what was passed over heard again.
pub fn decode_with_fallback(samples: &[f32], decode: &mut Decode) -> Result<Vec<Word>, TranscribeError> {
    let words = believable(samples, decode)?;
    with_gaps_heard_again(words, &detect_with(samples, LIKE_SPEECH), samples, decode)
}

/// The words, and those of the parts of `speech` that none of them covers.
fn with_gaps_heard_again(
    mut words: Vec<Word>,
    speech: &[Span],
    samples: &[f32],
    decode: &mut Decode,
) -> Result<Vec<Word>, TranscribeError> {
    let length = Seconds::of_samples(samples.len(), SPEECH_RATE_HZ);
    for gap in uncovered(&words, speech, SHORTEST_GAP) {
        if gap.length() < length * NEARLY_ALL {
            words.extend(heard_again(gap, samples, decode)?);
        }
    }
    words.sort_by(|a, b| a.start_s.unwrap_or_default().0.total_cmp(&b.start_s.unwrap_or_default().0));
    Ok(words)
}

/// The words in `gap`, which is heard by itself.
fn heard_again(gap: Span, samples: &[f32], decode: &mut Decode) -> Result<Vec<Word>, TranscribeError> {
    let from = (gap.start_s - SURROUNDINGS).max(Seconds::ZERO);
    let end = (gap.end_s + SURROUNDINGS).to_samples(SPEECH_RATE_HZ).min(samples.len());
    let words = believable(&samples[from.to_samples(SPEECH_RATE_HZ)..end], decode)?;
    let inside = |word: &Word| word.span().is_some_and(|span| span.overlap(gap) >= span.length() * 0.5);
    Ok(words.into_iter().map(|word| word.shifted(from)).filter(inside).collect())
}

/// What can be believed of what the model writes for `samples`, from one place where it stopped to the next.
fn believable(samples: &[f32], decode: &mut Decode) -> Result<Vec<Word>, TranscribeError> {
    let (mut words, mut at) = (Vec::new(), Seconds::ZERO);
    loop {
        let rest = &samples[at.to_samples(SPEECH_RATE_HZ).min(samples.len())..];
        let (found, goes_on_at) = one_window(rest, decode)?;
        words.extend(found.into_iter().map(|word| word.shifted(at)));
        match goes_on_at {
            Some(on) => at += on,
            None => return Ok(words),
        }
    }
}

/// What can be believed of what the model writes for the beginning of `samples`, and where it stopped.
fn one_window(samples: &[f32], decode: &mut Decode) -> Result<(Vec<Word>, Option<Seconds>), TranscribeError> {
    let loudness = Loudness::of(samples);
    if loudness.is_silent() || loudness.is_steady() {
        return Ok((Vec::new(), None));
    }
    let length = Seconds::of_samples(samples.len(), SPEECH_RATE_HZ);
    for attempt in ATTEMPTS {
        let decoded = decode(samples, attempt)?;
        if find_loop(&decoded.words, length).is_none() {
            let goes_on_at = decoded.goes_on_at;
            return Ok((without_hallucinations(decoded, &loudness, speech_in(samples)), goes_on_at));
        }
    }
    Ok((retry_in_halves(samples, &loudness, decode)?, None))
}

/// The words of the piece in two halves, cut at the quietest place near its middle, without loops and hallucinations.
fn retry_in_halves(samples: &[f32], loudness: &Loudness, decode: &mut Decode) -> Result<Vec<Word>, TranscribeError> {
    let length = Seconds::of_samples(samples.len(), SPEECH_RATE_HZ);
    let cut = loudness.quietest(Span { start_s: length * 0.3, end_s: length * 0.7 });
    let (left, right) = samples.split_at(cut.to_samples(SPEECH_RATE_HZ).min(samples.len()));
    let mut both = decode(left, Attempt::WHOLE)?;
    let right = decode(right, Attempt::WHOLE)?;
    both.no_speech = both.no_speech.min(right.no_speech);
    both.words.extend(right.words.into_iter().map(|word| word.shifted(cut)));
    both.words = without_loops(both.words, length);
    Ok(without_hallucinations(both, loudness, speech_in(samples)))
}

/// How much of it sounds like speech.
fn speech_in(samples: &[f32]) -> Seconds {
    detect(samples).into_iter().map(Span::length).sum()
}

#[cfg(test)]
mod tests {
    use super::super::hallucination::for_tests::{syllables, text, tone, words};
    use super::*;

    fn decoded(text: &str) -> Decoded {
        Decoded { words: words(text, 0.9), no_speech: 0.0, goes_on_at: None }
    }

    /// What comes of `seconds` of sound with a model that gives one answer after the other: its words, and the samples and way
    /// of each run.
    fn run(seconds: f64, answers: &[Decoded]) -> (String, Vec<(usize, Attempt)>) {
        let mut left = answers.iter().cloned();
        let mut runs = Vec::new();
        let found = believable(&syllables(seconds), &mut |samples, attempt| {
            runs.push((samples.len(), attempt));
            Ok(left.next().expect("no more runs than answers"))
        });
        assert_eq!(left.len(), 0, "every answer was asked for");
        (text(&found.expect("nothing failed")), runs)
    }

    #[test]
    fn a_good_piece_is_run_once() {
        let (found, runs) = run(4.0, &[decoded("we shipped it")]);
        assert_eq!(found, "we shipped it");
        assert_eq!(runs, [(64_000, Attempt::FIRST)]);
    }

    #[test]
    fn a_loop_is_tried_again_with_the_whole_window() {
        let (found, runs) = run(4.0, &[decoded("no no no no no no no"), decoded("no it was not")]);
        assert_eq!(found, "no it was not");
        assert_eq!(runs[1].1, Attempt::WHOLE);
    }

    #[test]
    fn a_stubborn_loop_is_heard_in_halves_and_then_cut() {
        let looping = decoded("no no no no no no");
        let (found, runs) = run(4.0, &[looping.clone(), looping.clone(), looping.clone(), decoded("well"), looping]);
        assert_eq!(found, "well no");
        assert_eq!(runs.len(), 5);
        assert_eq!(runs[3].0 + runs[4].0, 64_000);
    }

    #[test]
    fn where_the_model_stops_it_goes_on() {
        let stopped = Decoded { goes_on_at: Some(Seconds(1.5)), ..decoded("we shipped it") };
        let (found, runs) = run(4.0, &[stopped, decoded("and it held")]);
        assert_eq!(found, "we shipped it and it held");
        assert_eq!(runs[1].0, 64_000 - 24_000);
    }

    #[test]
    fn what_was_passed_over_is_heard_by_itself() {
        let samples = syllables(4.0);
        let speech = [Span::new(0.0, 4.0)];
        let mut heard = Vec::new();
        let again = with_gaps_heard_again(words("we shipped", 0.9), &speech, &samples, &mut |samples, _| {
            heard.push(samples.len());
            Ok(decoded("and it held"))
        });
        assert_eq!(text(&again.expect("nothing failed")), "we shipped and it held");
        // The gap begins 0.3 s after the last word, and is heard with a quarter of a second before it.
        assert_eq!(heard, [Seconds(3.0 - 0.3 + 0.25).to_samples(SPEECH_RATE_HZ)]);
    }

    #[test]
    fn what_is_nearly_the_whole_piece_was_heard_just_now() {
        let mut decode = |_: &[f32], _: Attempt| -> Result<Decoded, TranscribeError> { panic!("it was heard") };
        let found = with_gaps_heard_again(Vec::new(), &[Span::new(0.0, 3.9)], &syllables(4.0), &mut decode);
        assert_eq!(found.expect("nothing failed"), []);
    }

    #[test]
    fn silence_and_steady_sounds_never_reach_the_model() {
        let mut decode =
            |_: &[f32], _: Attempt| -> Result<Decoded, TranscribeError> { panic!("there is nothing to hear") };
        for sound in [vec![0.0; 64_000], tone(4.0)] {
            assert_eq!(believable(&sound, &mut decode).expect("nothing failed"), []);
        }
    }
}
