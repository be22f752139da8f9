//! Words that nobody said: loops, phrases out of silence, and unsure junk. Pure.

use std::collections::HashSet;

use super::fallback::Decoded;
use super::loudness::Loudness;
use crate::analysis::tokens::normal;
use crate::types::{Seconds, Word, WordRange};

/// A stretch of words said again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loop {
    /// All of it, the first time included.
    pub words: WordRange,
    /// Words that are repeated together.
    pub unit: usize,
}

/// Longest stretch of words that is looked at for repeats.
const LONGEST_UNIT: usize = 40;

/// From so many words on, twice may be a loop.
const LONG_UNIT: usize = 13;

/// What people fill pauses with, several in a row.
const FILLED_PAUSES: [&str; 6] = ["um", "uh", "mm", "hmm", "mhm", "mm-hmm"];

/// So many words in a row that are made of a few, over and over but never quite the same, are a loop too...
const CYCLE_WINDOW: usize = 24;
/// ... where no more than so many of them differ. Any 24 words of the labelled answers have 14 or more.
const CYCLE_WORDS: usize = 9;

/// Nobody speaks more words a second than this for a whole piece; fast speech is 4 to 5.
const FASTEST: f64 = 8.0;

/// The first loop in the words of a piece that lasts `length`, or `None`.
///
/// People repeat themselves too ("I, I, I think"), so a single word must come 6 times in a row, a filled pause 9 times, two
/// words 4 times. More words must come 3 times, and a long sentence twice, where one of the times was far shorter than
/// another; where all had their time, 5 times. One word that repeats its own letters ("ANKANKANKANK"), and more words than
/// a mouth can say, also count.
pub fn find_loop(words: &[Word], length: Seconds) -> Option<Loop> {
    let normals: Vec<String> = words.iter().map(|word| normal(&word.text)).collect();
    if let Some(first) = normals.iter().position(|word| repeats_itself(word)) {
        return Some(Loop { words: WordRange::new(first, first + 1), unit: 1 });
    }
    for first in 0..normals.len() {
        for unit in 1..=LONGEST_UNIT.min((normals.len() - first) / 2) {
            let times = repeats(&normals[first..], unit);
            // A word over and over is that word over and over, not pairs of it.
            if unit > 1 && normals[first..first + unit].iter().all(|word| *word == normals[first]) {
                continue;
            }
            // A person who says a sentence again takes as long for it again.
            let squeezed = |least: usize| times >= least && is_squeezed(&words[first..first + times * unit], unit);
            let is_loop = match unit {
                1 if FILLED_PAUSES.contains(&normals[first].as_str()) => times >= 9,
                1 => times >= 6,
                2 => times >= 4,
                3..LONG_UNIT => times >= 5 || squeezed(3),
                _ => times >= 5 || squeezed(2),
            };
            if is_loop {
                return Some(Loop { words: WordRange::new(first, first + unit * times), unit });
            }
        }
    }
    for (first, window) in normals.windows(CYCLE_WINDOW).enumerate() {
        if window.iter().collect::<HashSet<_>>().len() <= CYCLE_WORDS {
            return Some(Loop { words: WordRange::new(first, first + CYCLE_WINDOW), unit: CYCLE_WORDS });
        }
    }
    let babbles = words.len() > 12 && words.len() as f64 > FASTEST * length.0;
    babbles.then(|| Loop { words: WordRange::new(0, words.len()), unit: (FASTEST * length.0) as usize })
}

/// Whether one of the rounds of `unit` words took less than half as long as another.
fn is_squeezed(rounds: &[Word], unit: usize) -> bool {
    let time = |words: &[Word]| words.iter().filter_map(Word::span).map(|span| span.length().0).sum::<f64>();
    let times = || rounds.chunks(unit).map(time);
    times().fold(f64::INFINITY, f64::min) < 0.5 * times().fold(0.0, f64::max)
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
const PHRASES: [&str; 14] = [
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

/// A phrase of these that stands alone is believed from this mean probability on.
const PHRASE_DOUBT: f64 = 0.7;

/// Words are not believed below this mean probability where there is speech to hear. What people truly said got 0.44 to 0.97.
const DOUBT: f64 = 0.35;

/// The same where there is none to hear, or the model itself doubts that somebody speaks.
const NO_SPEECH_DOUBT: f64 = 0.6;

/// The model's own doubt that somebody speaks, from which words must be surer.
const NO_SPEECH: f64 = 0.6;

/// So much speech is enough for a word.
const A_WORD: Seconds = Seconds(0.3);

/// The words without those that came out of nothing: unsure ones in silence, a known phrase alone, or unsure junk.
///
/// `speech` is how much of the piece sounds like speech.
pub fn without_hallucinations(decoded: Decoded, loudness: &Loudness, speech: Seconds) -> Vec<Word> {
    let in_silence = |word: &Word| word.span().is_some_and(|span| loudness.is_quiet(span));
    let is_sure = |word: &Word| word.probability.is_none_or(|sure| sure >= NO_SPEECH_DOUBT);
    let words: Vec<Word> = decoded.words.into_iter().filter(|word| is_sure(word) || !in_silence(word)).collect();
    if words.is_empty() {
        return words;
    }
    let sure = words.iter().map(|word| word.probability.unwrap_or(1.0)).sum::<f64>() / words.len() as f64;
    let text = words.iter().map(|word| normal(&word.text)).collect::<Vec<_>>().join(" ");
    let likely_junk = speech < A_WORD || decoded.no_speech > NO_SPEECH;
    let is_phrase = PHRASES.contains(&text.as_str()) && (sure < PHRASE_DOUBT || likely_junk);
    let is_junk = sure < if likely_junk { NO_SPEECH_DOUBT } else { DOUBT };
    if is_phrase || is_junk { Vec::new() } else { words }
}

#[cfg(test)]
pub(super) mod for_tests {
    use super::*;
    use crate::audio::SPEECH_RATE_HZ;

    /// Words half a second each, all equally sure.
    pub fn words(text: &str, probability: f64) -> Vec<Word> {
        let timed = |(i, text): (usize, &str)| Word {
            text: text.to_owned(),
            start_s: Some(Seconds(0.5 * i as f64)),
            end_s: Some(Seconds(0.5 * (i + 1) as f64)),
            probability: Some(probability),
        };
        text.split_whitespace().enumerate().map(timed).collect()
    }

    pub fn text(words: &[Word]) -> String {
        words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    pub fn tone(seconds: f64) -> Vec<f32> {
        (0..Seconds(seconds).to_samples(SPEECH_RATE_HZ)).map(|i| 0.3 * (i as f32 * 0.3).sin()).collect()
    }

    /// A tone that comes and goes as speech does.
    pub fn syllables(seconds: f64) -> Vec<f32> {
        tone(seconds).iter().enumerate().map(|(i, s)| s * (i as f32 * 0.001).sin().abs()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::for_tests::{text, tone, words};
    use super::*;

    #[test]
    fn loops_are_found_and_people_who_repeat_themselves_are_not() {
        let cases = [
            ("and then and then and then and then we left", Some((0, 8, 2))),
            ("so no no no no no no", Some((1, 7, 1))),
            ("the end of the end of the end of the end of the end of it", Some((0, 15, 3))),
            ("uh uh uh uh uh uh uh uh uh", Some((0, 9, 1))),
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
            ("uh uh uh uh uh uh uh uh", None),
            ("we had to do it we had to do it we had to do it", None),
            ("", None),
        ];
        for (said, expected) in cases {
            let found = find_loop(&words(said, 0.9), Seconds(20.0));
            let expected = expected.map(|(first, end, unit)| Loop { words: WordRange::new(first, end), unit });
            assert_eq!(found, expected, "{said}");
        }
    }

    #[test]
    fn a_sentence_twice_is_a_loop_where_there_was_no_time_for_it() {
        let sentence = "the early reactions were mixed and some of the people who came to the houses did not like it ";
        let mut said = words(&sentence.repeat(2), 0.9);
        assert_eq!(find_loop(&said, Seconds(20.0)), None);
        for word in &mut said[19..] {
            (word.start_s, word.end_s) = (Some(Seconds(9.5)), Some(Seconds(9.6)));
        }
        assert_eq!(find_loop(&said, Seconds(20.0)), Some(Loop { words: WordRange::new(0, 38), unit: 19 }));
    }

    #[test]
    fn a_few_words_three_times_are_a_loop_where_there_was_no_time_for_one_of_them() {
        let mut said = words("we had to do it we had to do it we had to do it", 0.9);
        for word in &mut said[5..10] {
            (word.start_s, word.end_s) = (Some(Seconds(2.5)), Some(Seconds(2.55)));
        }
        assert_eq!(find_loop(&said, Seconds(20.0)), Some(Loop { words: WordRange::new(0, 15), unit: 5 }));
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

    #[test]
    fn words_out_of_nothing_are_left_out_and_real_thanks_are_kept() {
        let loudness = Loudness::of(&tone(10.0));
        let kept = |said, probability, no_speech, speech| {
            let decoded = Decoded { words: words(said, probability), no_speech, goes_on_at: None };
            text(&without_hallucinations(decoded, &loudness, Seconds(speech)))
        };
        assert_eq!(kept("Thank you.", 0.5, 0.0, 1.0), "");
        assert_eq!(kept("Thank you.", 0.95, 0.8, 1.0), "");
        assert_eq!(kept("Thank you.", 0.95, 0.0, 0.0), "");
        assert_eq!(kept("Thank you.", 0.95, 0.0, 1.0), "Thank you.");
        assert_eq!(kept("Thank you for the question.", 0.5, 0.0, 2.0), "Thank you for the question.");
        assert_eq!(kept("Montreal or Stalina", 0.45, 0.1, 2.0), "Montreal or Stalina");
        assert_eq!(kept("Montreal or Stalina", 0.45, 0.1, 0.0), "");
        assert_eq!(kept("Is", 0.1, 0.0, 1.0), "");
    }

    #[test]
    fn an_unsure_word_in_silence_is_left_out_and_a_sure_one_is_only_misplaced() {
        let mut samples = tone(2.0);
        samples[16_000..].fill(0.0);
        let left = |probability| {
            let decoded = Decoded { words: words("we did it there", probability), no_speech: 0.0, goes_on_at: None };
            text(&without_hallucinations(decoded, &Loudness::of(&samples), Seconds(1.0)))
        };
        assert_eq!(left(0.5), "we did");
        assert_eq!(left(0.9), "we did it there");
    }
}
