//! Bottom Line Up Front: which sentence states the outcome, the decision or the recommendation, and when.
//!
//! After US Army regulation 25-50, which puts the main point at the beginning. For speech: within the first two
//! sentences, or the first twenty seconds. Announcing a topic is not stating a bottom line.

use std::fmt::Write;

use super::linear::{Weights, exp};
use super::star::{CUES, Reading};
use super::trained::Trained;
use super::{Heard, MIN_WORDS};
use crate::types::{Bluf, Judged, Star, StarPart, WordRange};

/// Sentences that count as up front.
const FRONT_SENTENCES: usize = 2;

/// Returns the sentence that states the bottom line, wherever it stands.
///
/// Nothing is judged on fewer than [`MIN_WORDS`] words.
pub fn bluf(heard: &Heard, star: &Star) -> Bluf {
    bluf_by(Trained::shipped(), heard, star)
}

/// The same with other weights; training measures itself so.
pub fn bluf_by(trained: &Trained, heard: &Heard, star: &Star) -> Bluf {
    let transcript = heard.transcript;
    if transcript.words.len() < MIN_WORDS {
        return Bluf::default();
    }
    let reading = Reading::of(trained, transcript, heard.question.map(|question| question.text.as_str()));
    let chances = chances(&trained.bottom_line, &reading, star.judged == Judged::Yes);
    let front: f64 = chances.iter().take(FRONT_SENTENCES.min(chances.len() - 1)).sum();
    let best = (0..chances.len()).max_by(|a, b| chances[*a].total_cmp(&chances[*b])).expect("none is always a choice");
    if best + 1 == chances.len() {
        return Bluf { up_front: Some(false), confidence: chances[best], ..Bluf::default() };
    }
    let words = reading.segments.sentences[best];
    let up_front = best < FRONT_SENTENCES;
    Bluf {
        up_front: Some(up_front),
        sentence: Some(best),
        at_s: transcript.span(words).map(|span| span.start_s),
        words: Some(words),
        quote: Some(transcript.quote(words)),
        confidence: if up_front { front } else { 1.0 - front },
    }
}

/// For every sentence the probability that it states the bottom line; last, that none does.
pub fn chances(weights: &Weights<1>, reading: &Reading, story: bool) -> Vec<f64> {
    let mut scores = Vec::with_capacity(reading.segments.sentences.len() + 1);
    for candidate in candidates(reading) {
        let mut score = [0.0];
        candidate_features(reading, story, candidate, &mut |feature| weights.add(feature, &mut score));
        scores.push(f64::from(score[0]));
    }
    let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let odds: Vec<f64> = scores.iter().map(|score| exp(score - top)).collect();
    let total: f64 = odds.iter().sum();
    odds.into_iter().map(|odds| odds / total).collect()
}

/// All sentences, then `None` for the answer that never states a bottom line.
pub fn candidates(reading: &Reading) -> impl Iterator<Item = Option<usize>> {
    (0..reading.segments.sentences.len()).map(Some).chain(std::iter::once(None))
}

/// What a sentence holds of each part, weighted by words, and which clauses it has.
struct SentenceView {
    clauses: std::ops::Range<usize>,
    shares: [f64; 4],
}

fn view(reading: &Reading, sentence: usize) -> SentenceView {
    let of = |clause: &super::sentences::Clause| clause.sentence;
    let first = reading.segments.clauses.partition_point(|clause| of(clause) < sentence);
    let end = reading.segments.clauses.partition_point(|clause| of(clause) <= sentence);
    let words = reading.segments.sentences[sentence].len().max(1) as f64;
    let mut shares = [0.0; 4];
    for clause in first..end {
        let weight = reading.segments.clauses[clause].words.len() as f64 / words;
        for (sum, share) in shares.iter_mut().zip(reading.shares[clause]) {
            *sum += share * weight;
        }
    }
    SentenceView { clauses: first..end, shares }
}

/// Names what may tell whether `candidate` states the bottom line.
pub fn candidate_features(reading: &Reading, story: bool, candidate: Option<usize>, emit: &mut dyn FnMut(&str)) {
    let kind = if story { "story" } else { "other" };
    let result = StarPart::Result as usize;
    let mut name = String::with_capacity(64);
    let mut say = |arguments: std::fmt::Arguments<'_>| {
        name.clear();
        name.write_fmt(arguments).expect("writing to a string does not fail");
        emit(&name);
    };
    let Some(sentence) = candidate else {
        let top = reading.shares.iter().map(|shares| shares[result]).fold(0.0, f64::max);
        say(format_args!("none,{kind}"));
        say(format_args!("none,{kind},top={}", tenths(top)));
        let any = reading.labels.contains(&Some(StarPart::Result));
        say(format_args!("none,{kind},result={any}"));
        return;
    };
    let view = view(reading, sentence);
    let of_result = |range: WordRange| -> bool {
        let clauses = reading.segments.clauses.iter().zip(&reading.labels);
        clauses.into_iter().any(|(clause, label)| {
            *label == Some(StarPart::Result) && clause.words.first < range.end && range.first < clause.words.end
        })
    };
    let own = of_result(reading.segments.sentences[sentence]);
    let earlier = sentence > 0 && of_result(WordRange::new(0, reading.segments.sentences[sentence].first));
    let just_before = sentence > 0 && of_result(reading.segments.sentences[sentence - 1]);
    let last = reading.segments.sentences.len() - 1 - sentence;
    let place = match sentence {
        0 => "0",
        1 => "1",
        2 => "2",
        _ if last == 0 => "last",
        _ if last == 1 => "last1",
        _ => "mid",
    };
    say(format_args!("place={place},{kind}"));
    say(format_args!("place={place},result={own},{kind}"));
    say(format_args!("result={own},earlier={earlier},before={just_before}"));
    say(format_args!("share={},{kind}", tenths(view.shares[result])));
    say(format_args!("share={},earlier={earlier}", tenths(view.shares[result])));
    for (part, share) in ["S", "T", "A", "R"].iter().zip(view.shares) {
        say(format_args!("part={part}{},front={}", (share * 3.0) as usize, sentence < FRONT_SENTENCES));
    }
    let facts = &reading.facts.clauses[view.clauses];
    let numbers: usize = facts.iter().map(|clause| clause.numbers).sum();
    let words: usize = facts.iter().map(|clause| clause.words.len()).sum();
    say(format_args!("numbers={},result={own}", numbers.min(2)));
    say(format_args!("length={}", (words / 5).min(6)));
    say(format_args!("asks={}", facts.iter().any(|clause| clause.asks)));
    for class in CUES.names(facts.first().map_or(0, |clause| clause.sentence_cues)) {
        say(format_args!("c={class},{kind}"));
        say(format_args!("c={class},result={own}"));
        if sentence < FRONT_SENTENCES {
            say(format_args!("c={class},front"));
        }
    }
    if let Some((subject, form, _)) = facts.iter().flat_map(|clause| &clause.subjects).next() {
        say(format_args!("v={subject:?}:{form:?},{kind}"));
        if sentence < FRONT_SENTENCES {
            say(format_args!("v={subject:?}:{form:?},front"));
        }
    }
}

fn tenths(share: f64) -> usize {
    (share * 6.0) as usize
}

#[cfg(test)]
mod tests;
