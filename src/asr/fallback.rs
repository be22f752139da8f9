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
use crate::audio::{detect, DetectorSettings, SPEECH_RATE_HZ, detect_with};
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
    let length = Seconds::of_samples(samples.len(), SPEECH_RATE_HZ);
    let mut words = believable(samples, decode)?;
    for gap in uncovered(&words, &detect_with(samples, LIKE_SPEECH), SHORTEST_GAP) {
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
fn one_window(
    samples: &[f32],
    decode: &mut Decode,
) -> Result<(Vec<Word>, Option<Seconds>), TranscribeError> {
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
    Ok((in_halves(samples, &loudness, decode)?, None))
}

/// The words of the piece in two halves, cut at the quietest place near its middle, without loops and hallucinations.
fn in_halves(samples: &[f32], loudness: &Loudness, decode: &mut Decode) -> Result<Vec<Word>, TranscribeError> {
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
    use super::*;

    /// Words half a second each, all equally sure.
    fn words(text: &str, probability: f64) -> Vec<Word> {
        let timed = |(i, text): (usize, &str)| Word {
            text: text.to_owned(),
            start_s: Some(Seconds(0.5 * i as f64)),
            end_s: Some(Seconds(0.5 * (i + 1) as f64)),
            probability: Some(probability),
        };
        text.split_whitespace().enumerate().map(timed).collect()
    }

    fn text(words: &[Word]) -> String {
        words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn tone(seconds: f64) -> Vec<f32> {
        (0..Seconds(seconds).to_samples(SPEECH_RATE_HZ)).map(|i| 0.3 * (i as f32 * 0.3).sin()).collect()
    }

    /// A tone that comes and goes as speech does.
    fn syllables(seconds: f64) -> Vec<f32> {
        tone(seconds).iter().enumerate().map(|(i, s)| s * (i as f32 * 0.001).sin().abs()).collect()
    }

    fn decoded(text: &str, probability: f64) -> Decoded {
        Decoded { words: words(text, probability), no_speech: 0.0 }
    }

    #[test]
    fn loops_are_found_and_people_who_repeat_themselves_are_not() {
        let cases = [
            ("and then and then and then and then we left", Some((0, 8, 2))),
            ("so no no no no no no", Some((1, 7, 1))),
            ("we had to do it we had to do it we had to do it", Some((0, 15, 5))),
            ("the end of the end of the end of it", Some((0, 9, 3))),
            ("a ankankankankank b", Some((1, 2, 1))),
            ("we believelylylylylyly", Some((1, 2, 1))),
            (
                "we the time and the time to the time and the time of the time the time and the time to and the time and \
                 the time left",
                Some((0, 24, 9)),
            ),
            ("Mississippi bananas hahaha", None),
            ("I I I think we we should", None),
            ("it was a very very very very long day", None),
            ("I think I think I think so", None),
            ("no um no um no we did not", None),
            ("", None),
        ];
        for (said, expected) in cases {
            let found = find_loop(&words(said, 0.9), Seconds(20.0));
            let expected = expected.map(|(first, end, unit)| Loop { words: WordRange::new(first, end), unit });
            assert_eq!(found, expected, "{said}");
        }
    }

    #[test]
    fn more_words_than_a_mouth_can_say_are_a_loop() {
        let many: String = (0..40).map(|i| format!("word{i} ")).collect();
        assert!(find_loop(&words(&many, 0.9), Seconds(3.0)).is_some());
        assert!(find_loop(&words(&many, 0.9), Seconds(10.0)).is_none());
    }

    #[test]
    fn a_loop_is_cut_to_its_first_round() {
        let cut = |said| text(&without_loops(words(said, 0.9), Seconds(20.0)));
        assert_eq!(cut("we left and then and then and then and then"), "we left and then");
        assert_eq!(cut("yes ankankankankank"), "yes");
    }

    /// A model that gives one answer after the other, and how it was run.
    fn run(answers: &[Decoded]) -> (Vec<Word>, Vec<(usize, Attempt)>) {
        let mut left = answers.iter().cloned();
        let mut runs = Vec::new();
        let found = careful(&syllables(4.0), &mut |samples, attempt| {
            runs.push((samples.len(), attempt));
            Ok(left.next().expect("no more runs than answers"))
        });
        (found.expect("nothing failed"), runs)
    }

    #[test]
    fn a_good_piece_is_run_once() {
        let (found, runs) = run(&[decoded("we shipped it", 0.9)]);
        assert_eq!(text(&found), "we shipped it");
        assert_eq!(runs, [(64_000, Attempt::FIRST)]);
    }

    #[test]
    fn a_loop_is_tried_again_with_the_whole_window() {
        let (found, runs) = run(&[decoded("no no no no no no no", 0.9), decoded("no it was not", 0.9)]);
        assert_eq!(text(&found), "no it was not");
        assert_eq!(runs[1].1, Attempt { temperature: 0.0, whole_window: true, for_doubt: true });
    }

    #[test]
    fn a_stubborn_loop_is_heard_in_halves_and_then_cut() {
        let looping = decoded("no no no no no no", 0.9);
        let (found, runs) = run(&[looping.clone(), looping.clone(), looping.clone(), decoded("well", 0.9), looping]);
        assert_eq!(text(&found), "well no");
        assert_eq!(runs.len(), 5);
        assert_eq!(runs[3].0 + runs[4].0, 64_000);
        assert!(found[1].start_s > found[0].start_s, "the second half comes later: {found:?}");
    }

    #[test]
    fn a_long_piece_with_a_word_or_two_is_heard_in_halves_and_a_short_one_is_believed() {
        let hear = |seconds: f64, answers: &[&str]| {
            let mut left = answers.iter();
            let found = careful(&syllables(seconds), &mut |_, _| {
                Ok(decoded(left.next().expect("no more runs than answers"), 0.9))
            });
            (text(&found.expect("nothing failed")), left.len())
        };
        assert_eq!(
            hear(20.0, &["P", "People did not speak up", "and I agreed"]),
            ("People did not speak up and I agreed".into(), 0)
        );
        assert_eq!(hear(20.0, &["Well then", "", "Well"]), ("Well then".into(), 0));
        assert_eq!(hear(20.0, &["", "never asked for"]), (String::new(), 1));
        assert_eq!(hear(4.0, &["P", "never asked for"]), ("P".into(), 1));
    }

    #[test]
    fn silence_and_steady_sounds_never_reach_the_model() {
        let mut decode =
            |_: &[f32], _: Attempt| -> Result<Decoded, TranscribeError> { panic!("there is nothing to hear") };
        for sound in [vec![0.0; 64_000], tone(4.0)] {
            assert_eq!(careful(&sound, &mut decode).expect("nothing failed"), []);
        }
    }

    #[test]
    fn phantoms_are_left_out_and_real_thanks_are_kept() {
        let loudness = Loudness::of(&tone(10.0));
        let kept = |said, probability, no_speech| {
            let decoded = Decoded { words: words(said, probability), no_speech };
            text(&without_phantoms(decoded, &loudness))
        };
        assert_eq!(kept("Thank you.", 0.5, 0.0), "");
        assert_eq!(kept("Thank you.", 0.95, 0.8), "");
        assert_eq!(kept("Thank you.", 0.95, 0.0), "Thank you.");
        assert_eq!(kept("Thank you for the question.", 0.5, 0.0), "Thank you for the question.");
        assert_eq!(kept("Is", 0.1, 0.0), "");
        assert_eq!(kept("um", 0.6, 0.0), "um");
    }

    #[test]
    fn a_word_in_silence_is_left_out() {
        let mut samples = tone(2.0);
        samples[16_000..].fill(0.0);
        let left = without_phantoms(decoded("we did it there", 0.9), &Loudness::of(&samples));
        assert_eq!(text(&left), "we did");
    }
}
