//! Where an answer says what a point says, as figures that a model weighs.

use super::vocabulary::{Term, Vocabulary};
use crate::analysis::lexicon::Lexicon;
use crate::types::{WordRange, asks};

/// What is measured of a point in one place of an answer, in the order of [`Figures`].
pub const FIGURES: [&str; 24] = [
    "bias",
    "covered",
    "covered_squared",
    "exact",
    "most_missing",
    "first_missing",
    "last_missing",
    "number_missing",
    "number_conflict",
    "name_missing",
    "one_term",
    "few_terms",
    "dense",
    "neighbours",
    "best_weight",
    "second_weight",
    "sum_weight",
    "question",
    "polarity",
    "opposite",
    "lone",
    "long",
    "long_covered",
    "rare_exact",
];

/// One value for each of [`FIGURES`].
pub type Figures = [f64; FIGURES.len()];

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
        let words: Vec<String> = written.iter().map(|word| crate::analysis::tokens::normal(word)).collect();
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
    /// Places to look at: terms `[from, to)`.
    places: Vec<(usize, usize)>,
}

impl Said {
    /// `words` are the normal forms, `sentences` cover them in order.
    pub fn new(words: &[String], sentences: &[WordRange], vocabulary: &Vocabulary, lexicon: &Lexicon) -> Said {
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
                    places.push((from, end));
                    from = at(terms[from].word + LONGEST_PLACE / 2).max(from + 1);
                }
                if from < to {
                    places.push((from, to));
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
    let likeness: Vec<Vec<f64>> = wanted
        .terms
        .iter()
        .map(|term| said.terms.iter().map(|other| vocabulary.likeness(term, other)).collect())
        .collect();
    said.places.iter().filter_map(|place| measure(wanted, said, vocabulary, &likeness, *place)).collect()
}

fn measure(
    wanted: &Wanted,
    said: &Said,
    vocabulary: &Vocabulary,
    likeness: &[Vec<f64>],
    (from, to): (usize, usize),
) -> Option<Place> {
    // The best word of the answer for each term of the point; the heaviest term first finds its place, the others
    // take the nearest of equals.
    let heaviest = (0..wanted.terms.len()).max_by(|a, b| {
        let best = |term: &usize| likeness[*term][from..to].iter().copied().fold(0.0, f64::max) * wanted.weights[*term];
        best(a).total_cmp(&best(b))
    })?;
    let best_near = |term: usize, near: Option<usize>| {
        let mut best: (f64, usize) = (0.0, from);
        for (position, &alike) in (from..to).zip(&likeness[term][from..to]) {
            let closer = near.is_some_and(|near| position.abs_diff(near) < best.1.abs_diff(near));
            if alike > best.0 + 1e-9 || alike > best.0 - 1e-9 && closer {
                best = (alike, position);
            }
        }
        best
    };
    let anchor = best_near(heaviest, None);
    if anchor.0 <= 0.0 {
        return None;
    }
    let found: Vec<(f64, usize)> = (0..wanted.terms.len())
        .map(|term| if term == heaviest { anchor } else { best_near(term, Some(anchor.1)) })
        .collect();
    let matched = |term: &usize| found[*term].0 >= MATCHED;
    let positions: Vec<usize> = (0..found.len()).filter(matched).map(|term| found[term].1).collect();
    let words = WordRange::new(
        positions.iter().map(|position| said.terms[*position].word).min()?,
        positions.iter().map(|position| said.terms[*position].end).max()?,
    );
    let figures = figures(wanted, said, vocabulary, &found, (from, to), words);
    Some(Place { figures, words })
}

fn figures(
    wanted: &Wanted,
    said: &Said,
    vocabulary: &Vocabulary,
    found: &[(f64, usize)],
    (from, to): (usize, usize),
    words: WordRange,
) -> Figures {
    let terms = 0..wanted.terms.len();
    let share = |value: &dyn Fn(usize) -> f64| terms.clone().map(value).sum::<f64>() / wanted.whole;
    let missing = |term: usize| 1.0 - found[term].0;
    let covered = share(&|term| wanted.weights[term] * found[term].0);
    let exact = share(&|term| if found[term].0 > 0.99 { wanted.weights[term] } else { 0.0 });
    let most_missing = terms.clone().map(|term| wanted.weights[term] * missing(term)).fold(0.0, f64::max);
    let content: Vec<usize> = terms.clone().filter(|term| wanted.weights[*term] > FRAMING_WEIGHT).collect();
    let edge = |term: Option<&usize>| term.map_or(0.0, |term| missing(*term));
    let numbers: Vec<usize> = terms.clone().filter(|term| wanted.terms[*term].value.is_some()).collect();
    let any = |mut list: &mut dyn Iterator<Item = bool>| f64::from(u8::from((&mut list).any(|found| found)));
    let number_missing = any(&mut numbers.iter().map(|term| found[*term].0 < MATCHED));
    // The unit is there with another number: "six weeks" is not "two weeks".
    let conflict = |term: &usize| {
        let unit = term + 1;
        let other = |position: usize| said.terms.get(position.wrapping_sub(1)).is_some_and(|term| term.value.is_some());
        found[*term].0 < MATCHED && unit < found.len() && found[unit].0 > 0.8 && other(found[unit].1)
    };
    let number_conflict = any(&mut numbers.iter().map(conflict));
    let name_missing = any(&mut terms.clone().map(|term| wanted.names[term] && found[term].0 < MATCHED));
    let count = content.len().max(1) as f64;
    let inside = said.terms[from..to].iter().filter(|term| words.contains(term.word)).count().max(1) as f64;
    let matched: Vec<usize> = terms.clone().filter(|term| found[*term].0 >= MATCHED).collect();
    let near = |pair: &[usize]| {
        let (one, other) = (&said.terms[found[pair[0]].1], &said.terms[found[pair[1]].1]);
        pair[1] == pair[0] + 1 && one.word.abs_diff(other.word) <= NEIGHBOURS && one.word != other.word
    };
    let neighbours = matched.windows(2).filter(|pair| near(pair)).count() as f64 / (count - 1.0).max(1.0);
    let mut absolute: Vec<f64> = terms.clone().map(|term| wanted.weights[term] * found[term].0).collect();
    absolute.sort_by(|a, b| b.total_cmp(a));
    let turned = |term: usize| {
        let (alike, position) = found[term];
        let turned = alike >= MATCHED && wanted.negated[term] != said.negated[position];
        if turned { wanted.weights[term] * alike } else { 0.0 }
    };
    let telling = matched.iter().filter(|term| wanted.weights[**term] > FRAMING_WEIGHT).count();
    let long = (count / 10.0).min(1.0);
    let statement = f64::from(u8::from(!wanted.question));
    let opposed = |term: usize| {
        let other = |other: &Term| vocabulary.opposed(&wanted.terms[term], other);
        found[term].0 < 0.8 && said.terms[from..to].iter().any(other)
    };
    [
        1.0,
        covered,
        covered * covered,
        exact,
        most_missing / wanted.whole,
        edge(content.first()),
        edge(content.last()),
        number_missing,
        number_conflict,
        name_missing,
        f64::from(u8::from(content.len() <= 1)),
        1.0 / count,
        matched.len() as f64 / inside,
        neighbours,
        absolute.first().copied().unwrap_or(0.0),
        absolute.get(1).copied().unwrap_or(0.0),
        (absolute.iter().sum::<f64>() / 3.0).min(2.0),
        1.0 - statement,
        statement * share(&turned) / covered.max(1e-9),
        statement * any(&mut terms.clone().map(opposed)),
        f64::from(u8::from(telling <= 1)),
        long,
        long * covered,
        terms.filter(|term| found[*term].0 >= 0.89).map(|term| wanted.weights[term]).fold(0.0, f64::max),
    ]
}
