//! Bottom Line Up Front: which sentence states the outcome, the decision or the recommendation, and when.
//!
//! After US Army regulation 25-50, which puts the main point at the beginning. For speech: within the first two
//! sentences, or the first twenty seconds. Announcing a topic is not stating a bottom line.

use std::fmt::Write;

use super::linear::{Weights, exp};
use super::star::{CUES, Reading};
use super::trained::Trained;
use super::{Heard, MIN_WORDS};
use crate::types::{Bluf, Judged, Seconds, Star, StarPart, Transcript, WordRange};

/// Sentences that count as up front.
const FRONT_SENTENCES: usize = 2;

/// A bottom line that is stated within this time is up front, however many sentences that took.
const FRONT_TIME: Seconds = Seconds(20.0);

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
    let front = front_chance(&chances);
    let Some(sentence) = choose(&chances, front >= 0.5) else {
        return Bluf { up_front: Some(false), confidence: 1.0 - front, ..Bluf::default() };
    };
    let words = reading.segments.sentences[sentence];
    let up_front = sentence < FRONT_SENTENCES || ends_early(transcript, words);
    Bluf {
        up_front: Some(up_front),
        sentence: Some(sentence),
        at_s: transcript.span(words).map(|span| span.start_s),
        words: Some(words),
        quote: Some(transcript.quote(words)),
        confidence: if sentence < FRONT_SENTENCES { front } else { 1.0 - front },
    }
}

/// The probability that one of the first two sentences states the bottom line.
fn front_chance(chances: &[f64]) -> f64 {
    chances[..chances.len() - 1].iter().take(FRONT_SENTENCES).sum()
}

/// The sentence to name: among the first two or among the others, as it was decided; `None` when likely none states it.
///
/// Neighbours lend a sentence some of their chance, since a bottom line often takes two sentences and the point is
/// to be near it.
fn choose(chances: &[f64], up_front: bool) -> Option<usize> {
    let (none, sentences) = chances.split_last().expect("none is always a choice");
    let front = FRONT_SENTENCES.min(sentences.len());
    let range = if up_front { 0..front } else { front..sentences.len() };
    let own = |index: usize| if range.contains(&index) { sentences[index] } else { 0.0 };
    let near = |index: usize| own(index) + NEIGHBOUR * (own(index.wrapping_sub(1)) + own(index + 1));
    let best = range.clone().max_by(|a, b| near(*a).total_cmp(&near(*b)))?;
    (up_front || near(best) > *none).then_some(best)
}

/// Share of its chance that a sentence lends to each neighbour.
const NEIGHBOUR: f64 = 0.5;

/// Whether a sentence is over within twenty seconds of the first word.
fn ends_early(transcript: &Transcript, words: WordRange) -> bool {
    let begin = transcript.words.first().and_then(|word| word.start_s);
    let end = transcript.span(words).map(|span| span.end_s);
    begin.zip(end).is_some_and(|(begin, end)| end - begin <= FRONT_TIME)
}

/// For every sentence the probability that it states the bottom line; last, that none does.
pub fn chances(weights: &Weights<1>, reading: &Reading, story: bool) -> Vec<f64> {
    let views = Views::of(reading, story);
    let scores: Vec<f64> = (0..=views.sentences.len())
        .map(|candidate| {
            let mut score = [0.0];
            views.features(candidate, &mut |feature| weights.add(feature, &mut score));
            f64::from(score[0])
        })
        .collect();
    let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let odds: Vec<f64> = scores.iter().map(|score| exp(score - top)).collect();
    let total: f64 = odds.iter().sum();
    odds.into_iter().map(|odds| odds / total).collect()
}

/// The sentences of an answer as candidates for the bottom line.
pub struct Views<'a> {
    reading: &'a Reading,
    story: &'static str,
    sentences: Vec<SentenceView>,
}

/// What a sentence holds of each part, weighted by words, and which clauses it has.
struct SentenceView {
    clauses: std::ops::Range<usize>,
    shares: [f64; 4],
    /// The largest probability of a result told before anything else.
    headline: f64,
    /// Whether any clause of it is labelled a Result, and whether any before it is.
    result: bool,
    result_before: bool,
}

impl<'a> Views<'a> {
    /// Sums the reading up sentence by sentence.
    pub fn of(reading: &'a Reading, story: bool) -> Views<'a> {
        let mut sentences = Vec::with_capacity(reading.segments.sentences.len());
        let mut first = 0;
        let mut result_before = false;
        for sentence in &reading.segments.sentences {
            let inside = reading.segments.clauses[first..].iter().take_while(|clause| clause.words.end <= sentence.end);
            let end = first + inside.count();
            let mut shares = [0.0; 4];
            for clause in first..end {
                let weight = reading.segments.clauses[clause].words.len() as f64 / sentence.len() as f64;
                for (sum, share) in shares.iter_mut().zip(reading.shares[clause]) {
                    *sum += share * weight;
                }
            }
            let result = reading.labels[first..end].contains(&Some(StarPart::Result));
            let headline = reading.headlines[first..end].iter().copied().fold(0.0, f64::max);
            sentences.push(SentenceView { clauses: first..end, shares, headline, result, result_before });
            result_before |= result;
            first = end;
        }
        Views { reading, story: if story { "story" } else { "other" }, sentences }
    }

    /// How many choices there are: every sentence, and that there is no bottom line.
    pub fn choices(&self) -> usize {
        self.sentences.len() + 1
    }

    /// Names what may tell whether sentence `candidate` states the bottom line; the last choice is that none does.
    pub fn features(&self, candidate: usize, emit: &mut dyn FnMut(&str)) {
        let mut name = String::with_capacity(64);
        let mut say = |arguments: std::fmt::Arguments<'_>| {
            name.clear();
            name.write_fmt(arguments).expect("writing to a string does not fail");
            emit(&name);
        };
        if candidate < self.sentences.len() {
            self.standing(candidate, &mut say);
            self.wording(candidate, &mut say);
        } else {
            let kind = self.story;
            let top = self.sentences.iter().map(|view| view.shares[RESULT]).fold(0.0, f64::max);
            let told = self.sentences.last().is_some_and(|view| view.result || view.result_before);
            say(format_args!("none,{kind}"));
            say(format_args!("none,{kind},top={}", sixths(top)));
            say(format_args!("none,{kind},result={told}"));
        }
    }

    /// Where a sentence stands and how much of a Result it is.
    fn standing(&self, sentence: usize, say: &mut dyn FnMut(std::fmt::Arguments<'_>)) {
        let (view, kind) = (&self.sentences[sentence], self.story);
        let (own, earlier) = (view.result, view.result_before);
        let just_before = sentence > 0 && self.sentences[sentence - 1].result;
        let front = sentence < FRONT_SENTENCES;
        let place = match (sentence, self.sentences.len() - 1 - sentence) {
            (0, _) => "0",
            (1, _) => "1",
            (2, _) => "2",
            (_, 0) => "last",
            (_, 1) => "last1",
            _ => "mid",
        };
        say(format_args!("place={place},{kind}"));
        say(format_args!("place={place},result={own},{kind}"));
        say(format_args!("result={own},earlier={earlier},before={just_before}"));
        say(format_args!("share={},{kind}", sixths(view.shares[RESULT])));
        say(format_args!("share={},earlier={earlier}", sixths(view.shares[RESULT])));
        if front {
            say(format_args!("headline={}", sixths(view.headline)));
            let next = self.sentences.get(sentence + 1).map_or(0.0, |next| next.shares[0] + next.shares[1]);
            let facts = &self.reading.facts.clauses[view.clauses.clone()];
            let acts = facts.iter().any(|clause| clause.acts());
            say(format_args!("front,acts={acts},next={},{kind}", (next * 2.0) as usize));
        }
        for (part, share) in ["S", "T", "A", "R"].iter().zip(view.shares) {
            say(format_args!("part={part}{},front={front}", (share * 3.0) as usize));
        }
    }

    /// The numbers, cues and verbs of a sentence.
    fn wording(&self, sentence: usize, say: &mut dyn FnMut(std::fmt::Arguments<'_>)) {
        let (view, kind) = (&self.sentences[sentence], self.story);
        let own = view.result;
        let front = sentence < FRONT_SENTENCES;
        let facts = &self.reading.facts.clauses[view.clauses.clone()];
        let numbers: usize = facts.iter().map(|clause| clause.numbers).sum();
        let words: usize = facts.iter().map(|clause| clause.words.len()).sum();
        say(format_args!("numbers={},result={own}", numbers.min(2)));
        say(format_args!("length={}", (words / 5).min(6)));
        say(format_args!("asks={}", facts.iter().any(|clause| clause.asks)));
        for class in CUES.names(facts.first().map_or(0, |clause| clause.sentence_cues)) {
            say(format_args!("c={class},{kind}"));
            say(format_args!("c={class},result={own}"));
            if front {
                say(format_args!("c={class},front"));
            }
        }
        if let Some((subject, form, _)) = facts.iter().flat_map(|clause| &clause.subjects).next() {
            say(format_args!("v={subject:?}:{form:?},{kind}"));
            if front {
                say(format_args!("v={subject:?}:{form:?},front"));
            }
        }
    }
}

const RESULT: usize = StarPart::Result as usize;

fn sixths(share: f64) -> usize {
    (share * 6.0) as usize
}

#[cfg(test)]
mod tests;
