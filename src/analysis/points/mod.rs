//! The person's own points, ticked off against the answer.
//!
//! A point counts as made when most of what it says, weighed by how telling each word is, is said
//! in one place of the answer. Words are compared by stem, synonym and value, never by spelling; a
//! point that is said with "not" in front is not made. What this cannot see is a point made in
//! quite other words: so each has a strength and a quote, and a doubtful one is `partly`.

mod claims;
pub(crate) mod stems;

use std::collections::{HashMap, HashSet};

use super::lexicon::Lexicon;
use super::{Heard, MIN_WORDS, tokens};
use crate::types::{Covered, Point, PointSource, Question, WordRange};
pub use claims::of_question;
use stems::{Stems, Term};

/// A point is made within so many words: two sentences.
const PLACE: usize = 35;
/// From this strength on a point is made...
const MADE: f64 = 0.60;
/// ... and from this on in part, or in doubt.
const PARTLY: f64 = 0.42;
/// A number or name weighs so much against an ordinary word.
const SPECIFIC_WEIGHT: f64 = 1.5;
/// What a question's author writes around a point, such as "explain how": it weighs so much.
const FRAMING_WEIGHT: f64 = 0.25;
/// A negation so many words before a matched word turns it round.
const NEGATION_REACH: usize = 3;

/// Ticks the points of a question; none without a question, or on fewer than [`MIN_WORDS`] words.
///
/// `words` are the normal forms.
pub fn cover(heard: &Heard, words: &[String], lexicon: &Lexicon) -> Vec<Point> {
    match heard.question {
        Some(question) if words.len() >= MIN_WORDS => cover_question(heard, words, question, lexicon),
        _ => Vec::new(),
    }
}

fn cover_question(heard: &Heard, words: &[String], question: &Question, lexicon: &Lexicon) -> Vec<Point> {
    let answer = Answer::new(words, lexicon);
    of_question(question).into_iter().map(|(text, source)| answer.tick(heard, text, source)).collect()
}

/// An answer prepared for many points.
struct Answer<'a> {
    words: &'a [String],
    lexicon: &'a Lexicon,
    stems: Stems<'a>,
    terms: Vec<Term>,
    /// Where each stem is said, as positions in `terms`.
    said: HashMap<String, Vec<usize>>,
    /// The stem at each position of a word.
    stem_at: HashMap<usize, String>,
}

/// The place of an answer that matches a point best.
struct Match {
    strength: f64,
    words: WordRange,
    /// Positions of the matched words.
    matched: Vec<usize>,
}

impl<'a> Answer<'a> {
    fn new(words: &'a [String], lexicon: &'a Lexicon) -> Answer<'a> {
        let stems = Stems::new(lexicon);
        let terms = stems.terms(words);
        let mut said: HashMap<String, Vec<usize>> = HashMap::new();
        for (position, term) in terms.iter().enumerate() {
            said.entry(term.stem.clone()).or_default().push(position);
        }
        let stem_at = terms.iter().map(|term| (term.word, term.stem.clone())).collect();
        Answer { words, lexicon, stems, terms, said, stem_at }
    }

    fn tick(&self, heard: &Heard, text: String, source: PointSource) -> Point {
        let point_words: Vec<String> = text.split_whitespace().map(tokens::normal).collect();
        let missed = Point { text, source, covered: Covered::No, strength: 0.0, quote: String::new(), at_s: None };
        let Some(best) = self.best_match(&point_words, &missed.text) else { return missed };
        let mut covered = match best.strength {
            strength if strength >= MADE => Covered::Yes,
            strength if strength >= PARTLY => Covered::Partly,
            _ => Covered::No,
        };
        let is_statement = !missed.text.trim_end().ends_with('?');
        if is_statement && self.denied(&best, &point_words) != self.negated(&point_words) {
            covered = Covered::No;
        }
        if covered == Covered::No {
            return Point { strength: best.strength, ..missed };
        }
        Point {
            covered,
            strength: best.strength,
            quote: heard.transcript.quote(best.words),
            at_s: heard.transcript.words[best.words.first].start_s,
            ..missed
        }
    }

    /// The stretch of at most [`PLACE`] words that says most of a point; `None` when it says nothing of it.
    fn best_match(&self, point_words: &[String], text: &str) -> Option<Match> {
        let weights = self.weights(point_words, text);
        let whole: f64 = weights.values().sum();
        let mut hits: Vec<usize> = weights.keys().filter_map(|stem| self.said.get(stem)).flatten().copied().collect();
        hits.sort_unstable();
        let mut best: Option<(f64, usize, usize)> = None;
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let (mut first, mut here) = (0, 0.0);
        for (last, &hit) in hits.iter().enumerate() {
            let stem = self.terms[hit].stem.as_str();
            let count = counts.entry(stem).or_insert(0);
            *count += 1;
            if *count == 1 {
                here += weights[stem];
            }
            while self.terms[hit].word - self.terms[hits[first]].word >= PLACE {
                let gone = self.terms[hits[first]].stem.as_str();
                let count = counts.get_mut(gone).expect("it was counted when it came in");
                *count -= 1;
                if *count == 0 {
                    here -= weights[gone];
                }
                first += 1;
            }
            let narrower = |(strength, from, to): (f64, usize, usize)| {
                here > strength + 1e-9 || here > strength - 1e-9 && last - first < to - from
            };
            if best.is_none_or(narrower) {
                best = Some((here, first, last));
            }
        }
        let (strength, first, last) = best?;
        let matched: Vec<usize> = hits[first..=last].iter().map(|hit| self.terms[*hit].word).collect();
        let words = WordRange::new(*matched.first()?, *matched.last()? + 1);
        Some(Match { strength: strength / whole, words, matched })
    }

    /// How much each stem of a point weighs.
    fn weights(&self, point_words: &[String], text: &str) -> HashMap<String, f64> {
        let written: Vec<&str> = text.split_whitespace().collect();
        let framing = |word: &str| self.lexicon.framing.contains(word);
        let mut weights = HashMap::new();
        for term in self.stems.terms(point_words) {
            let name = term.word > 0 && written[term.word].starts_with(char::is_uppercase);
            let weight = if framing(&point_words[term.word]) {
                FRAMING_WEIGHT
            } else if term.is_number || name {
                SPECIFIC_WEIGHT
            } else {
                1.0
            };
            let heaviest: &mut f64 = weights.entry(term.stem).or_insert(0.0);
            *heaviest = heaviest.max(weight);
        }
        weights
    }

    /// Whether half or more of the matched words, or the one that the point begins with, stand behind a "not".
    fn denied(&self, best: &Match, point_words: &[String]) -> bool {
        let behind_negation = |word: &usize| self.negated(&self.words[word.saturating_sub(NEGATION_REACH)..*word]);
        let framing = |term: &Term| self.lexicon.framing.contains(&point_words[term.word]);
        let head = self.stems.terms(point_words).into_iter().find(|term| !framing(term)).map(|term| term.stem);
        let is_head = |word: &usize| self.stem_at.get(word) == head.as_ref();
        let words: HashSet<usize> = best.matched.iter().copied().collect();
        let denied: Vec<&usize> = words.iter().filter(|word| behind_negation(word)).collect();
        denied.len() * 2 >= words.len() || denied.into_iter().any(is_head)
    }

    fn negated(&self, words: &[String]) -> bool {
        words.iter().any(|word| self.lexicon.negations.contains(word))
    }
}

#[cfg(test)]
mod tests;
