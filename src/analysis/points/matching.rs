//! Where an answer says what a point says, as figures that a model weighs.

use std::ops::Range;

use super::figures::Figures;
use super::vocabulary::{Term, Vocabulary};
use crate::analysis::lexicon::Lexicon;
use crate::analysis::reading::Text;
use crate::analysis::tokens::normal;
use crate::types::{WordRange, asks};

/// A point is made within so many sentences.
const SENTENCES: usize = 3;
/// Longer places are not looked at, in words, unless they are one sentence.
const LONGEST_PLACE: usize = 60;
/// What a question's author writes around a point, such as "explain how": it weighs so much.
const FRAMING_WEIGHT: f64 = 0.2;
/// A number or name weighs so much against an ordinary word.
const SPECIFIC_WEIGHT: f64 = 1.4;
/// From this likeness on a word of the answer is one that made the point.
const MATCHED: f64 = 0.45;
/// A negation so many words before a word turns it round.
const NEGATION_REACH: usize = 5;
/// From this likeness on a word says another outright.
const OUTRIGHT: f64 = 0.8;
/// From this likeness on it is the very word, or means the same.
const SAME_MEANING: f64 = 0.89;
/// From this likeness on it is the very word.
const VERY_WORD: f64 = 0.99;
/// Matched neighbours of a point stand so near each other in the answer, in words.
const NEIGHBOURS: usize = 5;

/// A point, prepared for many answers.
#[derive(Debug)]
pub(super) struct Wanted {
    terms: Vec<Term>,
    weights: Vec<f64>,
    negated: Vec<bool>,
    names: Vec<bool>,
    question: bool,
    whole: f64,
}

impl Wanted {
    pub fn new(text: &str, vocabulary: &Vocabulary, lexicon: &Lexicon) -> Wanted {
        let written: Vec<&str> = text.split_whitespace().collect();
        let words: Vec<String> = written.iter().map(|word| normal(word)).collect();
        let mut terms: Vec<Term> = Vec::new();
        for term in vocabulary.terms(&words, lexicon, false) {
            if !terms.iter().any(|known| known.stem == term.stem) {
                terms.push(term);
            }
        }
        let name = |term: &Term| {
            let before = term.word.checked_sub(1).map(|before| written[before]);
            let opens = before.is_none_or(|before| before.ends_with([':', '.', '?', '!', ';']));
            !opens && term.value.is_none() && written[term.word].starts_with(char::is_uppercase)
        };
        let names: Vec<bool> = terms.iter().map(name).collect();
        let weight = |(term, name): (&Term, &bool)| {
            let framing = words[term.word..term.end].iter().all(|word| lexicon.framing.contains(word));
            match (framing, term.value.is_some() || *name) {
                (true, _) => FRAMING_WEIGHT,
                (_, true) => SPECIFIC_WEIGHT,
                _ => vocabulary.weight(term),
            }
        };
        let weights: Vec<f64> = terms.iter().zip(&names).map(weight).collect();
        let negated = terms.iter().map(|term| is_negated(&words, 0, term, lexicon)).collect();
        let whole = weights.iter().sum();
        Wanted { terms, weights, negated, names, question: asks(text), whole }
    }

    /// Whether there is nothing in it to compare.
    pub fn is_empty(&self) -> bool {
        self.whole <= 0.0
    }
}

/// An answer, prepared for many points.
#[derive(Debug)]
pub(super) struct Said {
    terms: Vec<Term>,
    negated: Vec<bool>,
    /// Places to look at, as terms.
    places: Vec<Range<usize>>,
}

impl Said {
    pub fn new(text: &Text, vocabulary: &Vocabulary, lexicon: &Lexicon) -> Said {
        let (words, sentences) = (&text.words, text.sentences());
        let terms = vocabulary.terms(words, lexicon, true);
        let start_of = |term: &Term| {
            let sentence = sentences.partition_point(|sentence| sentence.end <= term.word);
            sentences.get(sentence).map_or(0, |sentence| sentence.first)
        };
        let negated = terms.iter().map(|term| is_negated(words, start_of(term), term, lexicon)).collect();
        let at = |word: usize| terms.partition_point(|term| term.word < word);
        let mut places = Vec::new();
        for (index, first) in sentences.iter().enumerate() {
            for last in &sentences[index..sentences.len().min(index + SENTENCES)] {
                if first != last && last.end - first.first > LONGEST_PLACE {
                    break;
                }
                let (mut from, to) = (at(first.first), at(last.end));
                // A sentence without end is looked at in pieces.
                while to > from && terms[to - 1].word - terms[from].word > LONGEST_PLACE {
                    let end = at(terms[from].word + LONGEST_PLACE);
                    places.push(from..end);
                    from = at(terms[from].word + LONGEST_PLACE / 2).max(from + 1);
                }
                if from < to {
                    places.push(from..to);
                }
            }
        }
        Said { terms, negated, places }
    }
}

/// Whether a "not" stands before a term, in its sentence.
fn is_negated(words: &[String], sentence: usize, term: &Term, lexicon: &Lexicon) -> bool {
    let from = term.word.saturating_sub(NEGATION_REACH).max(sentence);
    let inside =
        term.end - term.word > 1 && words[term.word..term.end].iter().any(|word| lexicon.negations.contains(word));
    let before = words[from..term.word].iter().filter(|word| lexicon.negations.contains(*word)).count() % 2 == 1;
    before && !inside
}

/// A place of the answer, how it compares with the point, and the words that do.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub figures: Figures,
    /// From the first to the last word that made the point.
    pub words: WordRange,
}

/// All places of an answer in which something of a point is said.
pub(super) fn places(wanted: &Wanted, said: &Said, vocabulary: &Vocabulary) -> Vec<Place> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let alike = |term: &Term| said.terms.iter().map(|other| vocabulary.likeness(term, other)).collect();
    let likeness: Vec<Vec<f64>> = wanted.terms.iter().map(alike).collect();
    let places = said.places.iter();
    let compared = places.filter_map(|place| Comparison::of(wanted, said, &likeness, place.clone()));
    compared.map(|here| Place { figures: here.figures(vocabulary), words: here.words }).collect()
}

/// A point held against one place of an answer.
struct Comparison<'a> {
    wanted: &'a Wanted,
    said: &'a Said,
    /// The terms of the answer that stand in the place.
    place: Range<usize>,
    /// For each term of the point what says it best there.
    met: Vec<Met>,
    /// From the first to the last word that made the point.
    words: WordRange,
}

/// What says a term of a point best.
#[derive(Clone, Copy)]
struct Met {
    /// How alike the two are, 0 to 1.
    alike: f64,
    /// Which term of the answer it is.
    position: usize,
}

impl<'a> Comparison<'a> {
    /// Finds the best word of a place for each term of a point; `None` where none says anything of it.
    ///
    /// The heaviest term first finds its place, the others take the nearest of equals.
    fn of(wanted: &'a Wanted, said: &'a Said, likeness: &[Vec<f64>], place: Range<usize>) -> Option<Comparison<'a>> {
        let weight = |term: usize| {
            let alike: &[f64] = &likeness[term];
            alike[place.clone()].iter().copied().fold(0.0, f64::max) * wanted.weights[term]
        };
        let heaviest = (0..wanted.terms.len()).max_by(|a, b| weight(*a).total_cmp(&weight(*b)))?;
        let anchor = best_near(&likeness[heaviest], &place, None);
        if anchor.alike <= 0.0 {
            return None;
        }
        let near = |term: usize| {
            if term == heaviest { anchor } else { best_near(&likeness[term], &place, Some(anchor.position)) }
        };
        let met: Vec<Met> = (0..wanted.terms.len()).map(near).collect();
        let matched = met.iter().filter(|met| met.alike >= MATCHED).map(|met| &said.terms[met.position]);
        let words = WordRange::new(matched.clone().map(|term| term.word).min()?, matched.map(|term| term.end).max()?);
        Some(Comparison { wanted, said, place, met, words })
    }

    fn figures(&self, vocabulary: &Vocabulary) -> Figures {
        let (wanted, met) = (self.wanted, &self.met);
        let covered = self.share(|term| wanted.weights[term] * met[term].alike);
        let content: Vec<usize> = self.terms().filter(|term| self.tells(*term)).collect();
        let count = content.len().max(1) as f64;
        let matched: Vec<usize> = self.terms().filter(|term| self.is_met(*term)).collect();
        let beside = matched.windows(2).filter(|pair| self.are_beside(pair[0], pair[1])).count() as f64;
        let strongest = self.strongest();
        let statement = f64::from(!wanted.question);
        let long = (count / 10.0).min(1.0);
        Figures {
            bias: 1.0,
            covered,
            covered_squared: covered * covered,
            exact: self.share(|term| if met[term].alike > VERY_WORD { wanted.weights[term] } else { 0.0 }),
            most_missing: self.most(|term| wanted.weights[term] * self.missing(term)) / wanted.whole,
            first_missing: content.first().map_or(0.0, |term| self.missing(*term)),
            last_missing: content.last().map_or(0.0, |term| self.missing(*term)),
            number_missing: self.any(|term| wanted.terms[term].value.is_some() && !self.is_met(term)),
            number_conflict: self.any(|term| self.has_another_number(term)),
            name_missing: self.any(|term| wanted.names[term] && !self.is_met(term)),
            one_term: f64::from(content.len() <= 1),
            few_terms: 1.0 / count,
            dense: matched.len() as f64 / self.terms_between(),
            neighbours: beside / (count - 1.0).max(1.0),
            best_weight: strongest.first().copied().unwrap_or(0.0),
            second_weight: strongest.get(1).copied().unwrap_or(0.0),
            sum_weight: (strongest.iter().sum::<f64>() / 3.0).min(2.0),
            question: 1.0 - statement,
            polarity: statement * self.share(|term| self.turned(term)) / covered.max(1e-9),
            opposite: statement * self.any(|term| self.is_opposed(term, vocabulary)),
            lone: f64::from(matched.iter().filter(|term| self.tells(**term)).count() <= 1),
            long,
            long_covered: long * covered,
            rare_exact: self.most(|term| if met[term].alike >= SAME_MEANING { wanted.weights[term] } else { 0.0 }),
        }
    }

    /// The terms of the point, by number.
    fn terms(&self) -> Range<usize> {
        0..self.wanted.terms.len()
    }

    /// The sum of a value over the terms of the point, as a share of what they weigh.
    fn share(&self, value: impl Fn(usize) -> f64) -> f64 {
        self.terms().map(value).sum::<f64>() / self.wanted.whole
    }

    /// The largest value of a term of the point.
    fn most(&self, value: impl Fn(usize) -> f64) -> f64 {
        self.terms().map(value).fold(0.0, f64::max)
    }

    /// 1 where something holds for a term of the point, else 0.
    fn any(&self, holds: impl Fn(usize) -> bool) -> f64 {
        f64::from(self.terms().any(holds))
    }

    /// Whether a term is more than what is written around a point.
    fn tells(&self, term: usize) -> bool {
        self.wanted.weights[term] > FRAMING_WEIGHT
    }

    fn is_met(&self, term: usize) -> bool {
        self.met[term].alike >= MATCHED
    }

    fn missing(&self, term: usize) -> f64 {
        1.0 - self.met[term].alike
    }

    /// Whether the unit of a number is there with another number: "six weeks" is not "two weeks".
    fn has_another_number(&self, number: usize) -> bool {
        let is_number = |term: Option<&Term>| term.is_some_and(|term| term.value.is_some());
        is_number(self.wanted.terms.get(number))
            && !self.is_met(number)
            && self.met.get(number + 1).is_some_and(|unit| {
                unit.alike > OUTRIGHT && is_number(self.said.terms.get(unit.position.wrapping_sub(1)))
            })
    }

    /// Whether two terms of the point that follow each other stand beside each other in the answer.
    fn are_beside(&self, one: usize, other: usize) -> bool {
        let [a, b] = [one, other].map(|term| &self.said.terms[self.met[term].position]);
        other == one + 1 && a.word.abs_diff(b.word) <= NEIGHBOURS && a.word != b.word
    }

    /// How many terms of the answer stand between the first and the last word that made the point.
    fn terms_between(&self) -> f64 {
        let terms = &self.said.terms[self.place.clone()];
        terms.iter().filter(|term| self.words.contains(term.word)).count().max(1) as f64
    }

    /// How much each term counts that is met, the most first.
    fn strongest(&self) -> Vec<f64> {
        let mut weights: Vec<f64> = self.terms().map(|term| self.wanted.weights[term] * self.met[term].alike).collect();
        weights.sort_by(|a, b| b.total_cmp(a));
        weights
    }

    /// How much a term counts that is met behind a "not", and does not stand behind one itself, or the other way round.
    fn turned(&self, term: usize) -> f64 {
        let Met { alike, position } = self.met[term];
        let turned = self.is_met(term) && self.wanted.negated[term] != self.said.negated[position];
        if turned { self.wanted.weights[term] * alike } else { 0.0 }
    }

    /// Whether the opposite of a term is said, and not the term.
    fn is_opposed(&self, term: usize, vocabulary: &Vocabulary) -> bool {
        let opposes = |other: &Term| vocabulary.opposed(&self.wanted.terms[term], other);
        self.met[term].alike < OUTRIGHT && self.said.terms[self.place.clone()].iter().any(opposes)
    }
}

/// The term of a place that is most alike, of equals the nearest to another term of the answer.
fn best_near(likeness: &[f64], place: &Range<usize>, near: Option<usize>) -> Met {
    let mut best = Met { alike: 0.0, position: place.start };
    for position in place.clone() {
        let alike = likeness[position];
        let closer = near.is_some_and(|near| position.abs_diff(near) < best.position.abs_diff(near));
        if alike > best.alike + 1e-9 || alike > best.alike - 1e-9 && closer {
            best = Met { alike, position };
        }
    }
    best
}
