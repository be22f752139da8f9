//! Where sentences begin in words without punctuation: a trained judgement of each gap, then the likeliest cut.

use std::fmt::Write;

use super::verbs::{is_number, is_past};
use crate::analysis::linear::{Weights, exp, probability};
use crate::types::WordRange;

/// No sentence is taken to be longer than this.
const MAX_WORDS: usize = 70;

/// Added to the log odds of every gap: a sentence cut in two is read better than two run together.
const EAGERNESS: f64 = 0.4;

/// For every word the probability that a sentence begins with it; 1 for the first.
pub fn begin_probabilities(weights: &Weights<1>, normals: &[String]) -> Vec<f64> {
    let mut probabilities = Vec::with_capacity(normals.len());
    for index in 0..normals.len() {
        let mut score = [0.0];
        begin_features(normals, index, &mut |feature| weights.add(feature, &mut score));
        probabilities.push(if index == 0 { 1.0 } else { probability(f64::from(score[0])) });
    }
    probabilities
}

/// Names what may tell whether a sentence begins with word `index`: the words around the gap, their kinds, and how
/// long ago the last subject and the last verb were.
pub fn begin_features(normals: &[String], index: usize, emit: &mut dyn FnMut(&str)) {
    let word = |offset: isize| {
        let position = index as isize + offset;
        usize::try_from(position).ok().and_then(|p| normals.get(p)).map_or("-", String::as_str)
    };
    let mut name = String::with_capacity(64);
    let mut say = |arguments: std::fmt::Arguments<'_>| {
        name.clear();
        name.write_fmt(arguments).expect("writing to a string does not fail");
        emit(&name);
    };
    let [b2, b1, a0, a1, a2] = [-2, -1, 0, 1, 2].map(word);
    say(format_args!("bias"));
    for (place, word) in [("b2", b2), ("b1", b1), ("a0", a0), ("a1", a1), ("a2", a2)] {
        say(format_args!("{place}={word}"));
    }
    say(format_args!("b={b2}_{b1}"));
    say(format_args!("m={b1}_{a0}"));
    say(format_args!("a={a0}_{a1}"));

    let [kb3, kb2, kb1, k0, k1] = [-3, -2, -1, 0, 1].map(|offset| kind(word(offset)));
    say(format_args!("k={kb1}_{k0}"));
    say(format_args!("ka={kb1}_{k0}_{k1}"));
    say(format_args!("kb={kb2}_{kb1}_{a0}"));
    say(format_args!("kc={kb1}_{a0}_{k1}"));
    say(format_args!("kd={kb2}_{kb1}_{k0}_{k1}"));
    say(format_args!("ke={kb3}_{kb2}_{kb1}_{k0}"));
    say(format_args!("e={}_{k0}", ending(b1)));

    let since = |kinds: &[&str]| {
        let back = (1isize..=12).find(|back| kinds.contains(&kind(word(-back)))).unwrap_or(13);
        if back > 6 { back / 3 + 4 } else { back }
    };
    let subject = since(&["subject", "it", "edge"]);
    say(format_args!("s={subject}_{k0}"));
    say(format_args!("sa={subject}_{a0}"));
    say(format_args!("v={}_{k0}_{k1}", since(&["aux", "ed", "edge"])));
}

/// The last three letters of a word.
fn ending(word: &str) -> &str {
    word.char_indices().rev().nth(2).map_or(word, |(start, _)| &word[start..])
}

/// A word's grammatical kind as far as its form shows it, for words too rare to have been learned.
fn kind(word: &str) -> &'static str {
    match word {
        "-" => "edge",
        "i" | "we" | "he" | "she" | "they" | "i'd" | "we'd" | "i'm" | "we're" | "they'd" | "i've" | "we've" => {
            "subject"
        }
        "it" | "that" | "this" | "there" | "it's" | "that's" | "there's" | "which" | "who" | "what" => "it",
        "me" | "us" | "him" | "them" => "object",
        "the" | "a" | "an" | "my" | "our" | "his" | "her" | "their" | "your" | "its" | "some" | "every" | "each" => {
            "det"
        }
        "and" | "but" | "so" | "or" | "because" | "then" | "if" | "when" | "while" | "until" | "since" | "after" => {
            "joint"
        }
        "of" | "to" | "in" | "on" | "at" | "for" | "with" | "from" | "by" | "about" | "into" | "than" | "as"
        | "over" => "prep",
        "was" | "were" | "is" | "are" | "had" | "have" | "has" | "be" | "been" | "would" | "will" | "could" | "can"
        | "did" | "do" | "didn't" | "wasn't" | "couldn't" | "don't" => "aux",
        "um" | "uh" | "er" | "erm" | "hmm" | "mm" | "ah" | "okay" | "yeah" | "yes" | "well" | "anyway" | "right" => {
            "filled"
        }
        _ if is_number(word) => "number",
        _ if word.ends_with("ing") => "ing",
        _ if is_past(word) => "ed",
        _ if word.ends_with("ly") => "ly",
        _ if word.ends_with('s') => "s",
        _ => "word",
    }
}

/// What a sentence of `words` words gains or loses by its length alone.
///
/// Spoken sentences of under four words are rare, and beyond thirty ever rarer.
pub fn length_score(words: usize) -> f64 {
    match words {
        0..=2 => -1.5,
        3..=4 => -0.5,
        5..=28 => 0.0,
        _ => -0.12 * (words as f64 - 28.0),
    }
}

/// Cuts words into the likeliest sentences, by the probability at each gap and the length of each sentence.
pub fn most_likely_sentences(begins: &[f64]) -> Vec<WordRange> {
    let log_odds: Vec<f64> = begins.iter().map(|&p| log_odds(p)).collect();
    let mut best = vec![(0.0, 0)];
    for end in 1..=begins.len() {
        let earliest = end.saturating_sub(MAX_WORDS);
        let candidates = (earliest..end).map(|first| {
            let gain = if first == 0 { 0.0 } else { log_odds[first] + EAGERNESS };
            (best[first].0 + gain + length_score(end - first), first)
        });
        let winner = candidates.max_by(|a, b| a.0.total_cmp(&b.0)).expect("at least one candidate before every end");
        best.push(winner);
    }
    let mut sentences = Vec::new();
    let mut end = begins.len();
    while end > 0 {
        let first = best[end].1;
        sentences.push(WordRange::new(first, end));
        end = first;
    }
    sentences.reverse();
    sentences
}

/// The logarithm of the odds of a probability, kept within ten either way.
fn log_odds(p: f64) -> f64 {
    let p = p.clamp(exp(-10.0), 1.0 - exp(-10.0));
    (p / (1.0 - p)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_likely_gap_is_cut_and_an_unlikely_one_is_not() {
        let mut begins = vec![0.02; 24];
        begins[0] = 1.0;
        begins[11] = 0.9;
        begins[13] = 0.6;
        assert_eq!(most_likely_sentences(&begins), [WordRange::new(0, 11), WordRange::new(11, 24)]);
    }

    #[test]
    fn a_run_without_any_likely_gap_is_still_cut_before_the_longest_length() {
        let sentences = most_likely_sentences(&vec![0.1; 300]);
        assert!(sentences.iter().all(|sentence| sentence.len() <= MAX_WORDS));
    }
}
