//! What is known to go wrong with Whisper, and what is done about it. Pure.
//!
//! - *Loops*: the model writes the same words over and over. It is tried again (the whole window, then a little chance,
//!   then the piece in two halves), and at last the repeats are cut off.
//! - *Gaps*: the model ends after a word or two of a long piece. It is tried in two halves.
//! - *Phantoms*: words out of nothing, such as "Thank you." after silence. They are left out, and what cannot be speech is
//!   not heard in the first place.

use std::collections::HashSet;

use super::TranscribeError;
use super::loudness::Loudness;
use crate::analysis::tokens::normal;
use crate::audio::SPEECH_RATE_HZ;
use crate::types::{Seconds, Span, Word, WordRange};

/// How to run the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attempt {
    /// 0 takes the likeliest token; above, chance comes in.
    pub temperature: f32,
    /// Work through the whole 30 s window whatever the settings say.
    pub whole_window: bool,
}

impl Attempt {
    /// As the settings say.
    pub const FIRST: Attempt = Attempt { temperature: 0.0, whole_window: false };
}

/// What the model wrote for one piece.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decoded {
    /// The words, with times from the start of the piece.
    pub words: Vec<Word>,
    /// How sure the model is that nobody speaks, 0 to 1.
    pub no_speech: f64,
}

/// Runs the model over one piece as often as it takes to get something believable.
pub type Decode<'a> = dyn FnMut(&[f32], Attempt) -> Result<Decoded, TranscribeError> + 'a;

/// The words in `samples`, with loops and phantoms taken care of.
pub fn careful(samples: &[f32], decode: &mut Decode) -> Result<Vec<Word>, TranscribeError> {
    let loudness = Loudness::of(samples);
    if loudness.is_silent() || loudness.is_steady() {
        return Ok(Vec::new());
    }
    let length = Seconds::of_samples(samples.len(), SPEECH_RATE_HZ);
    let mut last = decode(samples, Attempt::FIRST)?;
    for again in [(0.0, true), (0.4, true)] {
        if find_loop(&last.words, length).is_none() {
            let words = without_phantoms(last, &loudness);
            if !leaves_out(&words, &loudness) {
                return Ok(words);
            }
            let more = in_halves(samples, &loudness, decode)?;
            return Ok(if more.len() > words.len() { more } else { words });
        }
        last = decode(samples, Attempt { temperature: again.0, whole_window: again.1 })?;
    }
    if find_loop(&last.words, length).is_none() {
        return Ok(without_phantoms(last, &loudness));
    }
    in_halves(samples, &loudness, decode)
}

/// A piece with less to hear than this is not looked at for gaps.
const SHORTEST_WITH_GAP: Seconds = Seconds(6.0);

/// Words for a second of sound, pauses not counted, below which something was left out; slow speech has 1.5.
const SLOWEST: f64 = 0.5;

/// Whether so few words cannot be all that was said. Nothing at all is believed.
fn leaves_out(words: &[Word], loudness: &Loudness) -> bool {
    let heard = loudness.loud();
    !words.is_empty() && heard >= SHORTEST_WITH_GAP && (words.len() as f64) < SLOWEST * heard.0
}

/// The words of the piece in two halves, cut at the quietest place near its middle, without loops and phantoms.
fn in_halves(samples: &[f32], loudness: &Loudness, decode: &mut Decode) -> Result<Vec<Word>, TranscribeError> {
    let length = Seconds::of_samples(samples.len(), SPEECH_RATE_HZ);
    let cut = loudness.quietest(Span { start_s: length * 0.3, end_s: length * 0.7 });
    let (left, right) = samples.split_at(cut.to_samples(SPEECH_RATE_HZ).min(samples.len()));
    let mut both = decode(left, Attempt { temperature: 0.0, whole_window: true })?;
    let right = decode(right, Attempt { temperature: 0.0, whole_window: true })?;
    both.no_speech = both.no_speech.min(right.no_speech);
    both.words.extend(right.words.into_iter().map(|word| later(word, cut)));
    both.words = without_loops(both.words, length);
    Ok(without_phantoms(both, loudness))
}

/// The same word `by` later.
pub fn later(word: Word, by: Seconds) -> Word {
    Word { start_s: word.start_s.map(|t| t + by), end_s: word.end_s.map(|t| t + by), ..word }
}

/// A stretch of words said again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loop {
    /// All of it, the first time included.
    pub words: WordRange,
    /// Words that are repeated together.
    pub unit: usize,
}

/// Longest stretch of words that is looked at for repeats.
const LONGEST_UNIT: usize = 12;

/// So many words in a row that are made of a few, over and over but never quite the same, are a loop too...
const CIRCLING: usize = 24;
/// ... where no more than so many of them differ. Any 24 words of the labelled answers have 14 or more.
const CIRCLING_WORDS: usize = 9;

/// Nobody speaks more words a second than this for a whole piece; fast speech is 4 to 5.
const FASTEST: f64 = 8.0;

/// The first loop in the words of a piece that lasts `length`, or `None`.
///
/// People repeat themselves too ("I, I, I think"), so a single word must come 6 times in a row, two words 4 times, more
/// words 3 times. One word that repeats its own letters ("ANKANKANKANK"), and more words than a mouth can say, also count.
pub fn find_loop(words: &[Word], length: Seconds) -> Option<Loop> {
    let normals: Vec<String> = words.iter().map(|word| normal(&word.text)).collect();
    if let Some(first) = normals.iter().position(|word| repeats_itself(word)) {
        return Some(Loop { words: WordRange::new(first, first + 1), unit: 1 });
    }
    for first in 0..normals.len() {
        for unit in 1..=LONGEST_UNIT.min((normals.len() - first) / 2) {
            let times = repeats(&normals[first..], unit);
            let enough = match unit {
                1 => 6,
                2 => 4,
                _ => 3,
            };
            if times >= enough {
                return Some(Loop { words: WordRange::new(first, first + unit * times), unit });
            }
        }
    }
    for (first, window) in normals.windows(CIRCLING).enumerate() {
        if window.iter().collect::<HashSet<_>>().len() <= CIRCLING_WORDS {
            return Some(Loop { words: WordRange::new(first, first + CIRCLING), unit: CIRCLING_WORDS });
        }
    }
    let babbles = words.len() > 12 && words.len() as f64 > FASTEST * length.0;
    babbles.then(|| Loop { words: WordRange::new(0, words.len()), unit: (FASTEST * length.0) as usize })
}

/// How often the first `unit` words come one after the other from the start of `words`.
fn repeats(words: &[String], unit: usize) -> usize {
    let pattern = &words[..unit];
    words.chunks_exact(unit).take_while(|chunk| *chunk == pattern).count()
}

/// Whether a word has one short pattern at least 4 times in a row, in 12 letters or more.
fn repeats_itself(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    (1..=letters.len() / 4).any(|unit| {
        let same = letters.iter().zip(&letters[unit..]).map(|(a, b)| a == b);
        // So many letters in a row are as they were one pattern before.
        longest_run(same) + unit >= (4 * unit).max(12)
    })
}

fn longest_run(hits: impl Iterator<Item = bool>) -> usize {
    let (mut run, mut longest) = (0, 0);
    for hit in hits {
        run = if hit { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// The words with every loop said only once, and words that are themselves loops left out.
pub fn without_loops(mut words: Vec<Word>, length: Seconds) -> Vec<Word> {
    while let Some(found) = find_loop(&words, length) {
        let range = found.words;
        let kept = if range.len() == 1 { range.first } else { range.first + found.unit };
        words.drain(kept..range.end);
    }
    words
}

/// Phrases that Whisper learned from subtitles and writes for silence and noise, in normal form.
const PHANTOMS: [&str; 14] = [
    "thank you",
    "thanks",
    "you",
    "bye",
    "thank you very much",
    "thank you so much",
    "thanks for watching",
    "thank you for watching",
    "thank you for listening",
    "please subscribe",
    "see you next time",
    "the end",
    "i'm sorry",
    "subtitles by the amara.org community",
];

/// A phantom phrase that stands alone is believed from this mean probability on.
const PHANTOM_DOUBT: f64 = 0.7;

/// A piece is not believed below this mean probability. The practice model gave 0.69 or more to each of 154 pieces of clear
/// speech, and 0.3 to 0.45 to noises.
const JUNK_DOUBT: f64 = 0.4;

/// The same for a piece of a few words, or one in which the model itself doubts that somebody speaks.
const LIKELY_JUNK_DOUBT: f64 = 0.5;

/// The model's own doubt that somebody speaks, from which a piece needs surer words.
const NO_SPEECH: f64 = 0.6;

/// The words without those that came out of nothing: lying in silence, a known phantom alone, or unsure junk.
pub fn without_phantoms(decoded: Decoded, loudness: &Loudness) -> Vec<Word> {
    let in_silence = |word: &Word| word.span().is_some_and(|span| loudness.is_quiet(span));
    let words: Vec<Word> = decoded.words.into_iter().filter(|word| !in_silence(word)).collect();
    if words.is_empty() {
        return words;
    }
    let sure = words.iter().map(|word| word.probability.unwrap_or(1.0)).sum::<f64>() / words.len() as f64;
    let text = words.iter().map(|word| normal(&word.text)).collect::<Vec<_>>().join(" ");
    let is_phantom = PHANTOMS.contains(&text.as_str()) && (sure < PHANTOM_DOUBT || decoded.no_speech > NO_SPEECH);
    let likely_junk = words.len() <= 3 || decoded.no_speech > NO_SPEECH;
    let is_junk = sure < if likely_junk { LIKELY_JUNK_DOUBT } else { JUNK_DOUBT };
    if is_phantom || is_junk { Vec::new() } else { words }
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
        assert_eq!(runs[1].1, Attempt { temperature: 0.0, whole_window: true });
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
