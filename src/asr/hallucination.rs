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

/// So many words in a row that are made of a few, over and over but never quite the same, are a loop too...
const CYCLE_WINDOW: usize = 24;
/// ... where no more than so many of them differ. Any 24 words of the labelled answers have 14 or more.
const CYCLE_WORDS: usize = 9;

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
                3..13 => 3,
                // Nobody says a long sentence twice, word for word.
                _ => 2,
            };
            if times >= enough {
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

