//! Words brought to what they mean: endings cut, synonyms and phrases grouped, numbers by their value.

use std::collections::HashMap;

use rust_stemmers::{Algorithm, Stemmer};

use crate::analysis::evidence;
use crate::analysis::lexicon::{Lexicon, before_apostrophe};

/// The longest phrase of the synonyms, in words.
const LONGEST_PHRASE: usize = 6;

/// How alike two terms of one group of synonyms are; one and the same word is 1.
const SAME: f64 = 0.9;
/// How alike a word and another of its family are: `decide`, `decision`.
const FAMILY: f64 = 0.75;
/// How alike two terms of one group of near words are.
const NEAR: f64 = 0.5;
/// Two numbers that differ by no more than this share are alike to a half: "almost 40" and thirty-eight.
const NEAR_NUMBER: f64 = 0.08;

/// What a person says of one thing; groups are numbered across the file.
#[derive(Debug, Default)]
struct Groups {
    same: Vec<u16>,
    near: Vec<u16>,
    /// Groups that say the opposite of this word.
    opposite: Vec<u16>,
    /// The groups of opposites it is in.
    sides: Vec<u16>,
}

/// The words of one language as points are compared by.
#[derive(Debug)]
pub struct Vocabulary {
    algorithm: Option<Algorithm>,
    /// What a term, or a phrase joined by spaces, means.
    groups: HashMap<String, Groups>,
    /// In how many of `texts` texts a stem was counted.
    counts: HashMap<&'static str, u32>,
    texts: u32,
}

/// A word or phrase that carries content.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    /// What it is compared by: a stem, a phrase joined by spaces, `#` and a number.
    pub stem: String,
    /// Position of its first word.
    pub word: usize,
    /// One past its last word.
    pub end: usize,
    /// Whether it is a number.
    pub value: Option<f64>,
    /// The content stems of a phrase; empty for a word.
    pub parts: Vec<String>,
}

/// A piece of a word, between hyphens.
struct Piece {
    stem: String,
    plain: String,
    word: usize,
}

impl Vocabulary {
    /// The vocabulary of a language with its synonyms; the head of `content/synonyms/en.txt` explains their format.
    ///
    /// `counts` has a line for each stem: the stem, a tab, in how many texts it stands. The line of the empty stem
    /// counts the texts.
    pub fn new(language: &str, synonyms: &str, counts: &'static str) -> Vocabulary {
        let algorithm = match language {
            "en" => Some(Algorithm::English),
            "de" => Some(Algorithm::German),
            _ => None,
        };
        let mut vocabulary = Vocabulary { algorithm, groups: HashMap::new(), counts: HashMap::new(), texts: 1 };
        let lines = counts.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
        vocabulary.counts = lines.filter_map(|(stem, count)| Some((stem, count.parse().ok()?))).collect();
        vocabulary.texts = vocabulary.counts.get("").copied().unwrap_or(1).max(1);
        vocabulary.read_synonyms(synonyms);
        vocabulary
    }

    fn read_synonyms(&mut self, text: &str) {
        let mut section = "";
        let mut number = 0;
        for line in text.lines().map(|line| line.split('#').next().unwrap_or_default().trim()) {
            if line.starts_with('[') {
                section = if line == "[same]" {
                    "same"
                } else if line == "[near]" {
                    "near"
                } else {
                    "opposite"
                };
                continue;
            }
            let sides: Vec<Vec<String>> = line.split('|').map(|side| self.keys(side)).collect();
            if section == "opposite" && sides.len() == 2 {
                for (side, own, other) in [(&sides[0], number, number + 1), (&sides[1], number + 1, number)] {
                    for key in side {
                        let groups = self.groups.entry(key.clone()).or_default();
                        groups.sides.push(own);
                        groups.opposite.push(other);
                    }
                }
                number += 2;
            } else if section != "opposite" {
                for key in sides.into_iter().flatten() {
                    let groups = self.groups.entry(key).or_default();
                    if section == "same" { groups.same.push(number) } else { groups.near.push(number) }
                }
                number += 1;
            }
        }
    }

    /// The keys of comma-separated words and phrases.
    fn keys(&self, line: &str) -> Vec<String> {
        let key = |entry: &str| {
            if let Ok(value) = entry.parse::<f64>() {
                return format!("#{value}");
            }
            let pieces = entry.split([' ', '-', '/']).filter(|word| !word.is_empty());
            pieces.map(|word| self.cut(&word.to_lowercase())).collect::<Vec<_>>().join(" ")
        };
        line.split(',').map(str::trim).map(key).filter(|key| !key.is_empty()).collect()
    }

    fn cut(&self, word: &str) -> String {
        let bare = before_apostrophe(word);
        self.algorithm.map_or_else(|| bare.to_owned(), |algorithm| Stemmer::create(algorithm).stem(bare).into_owned())
    }

    /// How telling a stem is, 0.12 to 1: the rarer in our own texts, the more.
    pub(super) fn weight(&self, term: &Term) -> f64 {
        if self.counts.is_empty() || term.value.is_some() {
            return 1.0;
        }
        let of_stem = |stem: &str| {
            let count = self.counts.get(stem).copied().unwrap_or(1).max(1);
            (0.12 + 0.11 * f64::from((self.texts / count).max(1).ilog2())).min(1.0)
        };
        if term.parts.is_empty() {
            of_stem(&term.stem)
        } else {
            term.parts.iter().map(|part| of_stem(part)).fold(0.5, f64::max)
        }
    }

    /// How alike two terms are, 0 to 1.
    pub(super) fn likeness(&self, one: &Term, other: &Term) -> f64 {
        if let (Some(one), Some(other)) = (one.value, other.value) {
            let differ = (one - other).abs() / one.abs().max(other.abs()).max(1e-9);
            return if differ < 1e-9 {
                1.0
            } else if differ <= NEAR_NUMBER {
                NEAR
            } else {
                0.0
            };
        }
        if one.stem == other.stem {
            return 1.0;
        }
        let mut likeness: f64 = 0.0;
        if let (Some(one), Some(other)) = (self.groups.get(&one.stem), self.groups.get(&other.stem)) {
            if meet(&one.same, &other.same) {
                return SAME;
            }
            if meet(&one.near, &other.near) {
                likeness = NEAR;
            }
        }
        if one.value.is_none() && other.value.is_none() && of_one_family(&one.stem, &other.stem) {
            likeness = likeness.max(FAMILY);
        }
        // Half of a phrase is something.
        if one.parts.len() > 1 && one.parts.contains(&other.stem) {
            likeness = likeness.max(1.0 / one.parts.len() as f64);
        }
        likeness
    }

    /// Whether two terms say the opposite.
    pub(super) fn opposed(&self, one: &Term, other: &Term) -> bool {
        let (Some(one), Some(other)) = (self.groups.get(&one.stem), self.groups.get(&other.stem)) else { return false };
        meet(&one.opposite, &other.sides)
    }

    /// The terms of a text in order; `words` are normal forms. Function words and filled pauses are left out, and a
    /// number is one term. A phrase of the synonyms is a term; where `with_parts`, so are the words it is made of.
    pub(super) fn terms(&self, words: &[String], lexicon: &Lexicon, with_parts: bool) -> Vec<Term> {
        let numbers = evidence::numbers(words, lexicon);
        let mut numbers = numbers.iter().peekable();
        let mut terms = Vec::new();
        let pieces = self.pieces(words, lexicon);
        let mut at = 0;
        let mut covered = 0;
        while at < pieces.len() {
            let piece = &pieces[at];
            while numbers.next_if(|number| number.first < piece.word).is_some() {}
            let number = numbers
                .peek()
                .filter(|number| number.first == piece.word && (at == 0 || pieces[at - 1].word != piece.word));
            if let Some(phrase) = self.phrase(&pieces[at..], lexicon).filter(|_| at >= covered) {
                covered = at + phrase.1;
                let term = phrase.0;
                let whole = !with_parts;
                terms.push(term);
                if whole {
                    at = covered;
                    continue;
                }
            }
            let value = number.and_then(|number| evidence::value(&words[number.indices()], lexicon));
            if let (Some(number), Some(value)) = (number, value) {
                let mut end = number.first + 1;
                // The unit is a term of its own; the rest of the number is not.
                while end < number.end && evidence::is_number(&words[end], lexicon) {
                    end += 1;
                }
                terms.push(Term {
                    stem: format!("#{value}"),
                    word: number.first,
                    end,
                    value: Some(value),
                    parts: vec![],
                });
                at += pieces[at..].iter().take_while(|piece| piece.word < end).count().max(1);
                continue;
            }
            if lexicon.is_content(&piece.plain) && !is_percent(&piece.plain) {
                let (stem, word) = (piece.stem.clone(), piece.word);
                terms.push(Term { stem, word, end: word + 1, value: None, parts: vec![] });
            }
            at += 1;
        }
        terms
    }

    fn pieces(&self, words: &[String], lexicon: &Lexicon) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for (word, text) in words.iter().enumerate().filter(|(_, text)| lexicon.filled_pause(text).is_none()) {
            for plain in text.split(['-', '/']).filter(|plain| !plain.is_empty()) {
                pieces.push(Piece { stem: self.cut(plain), plain: plain.to_owned(), word });
            }
        }
        pieces
    }

    /// The longest phrase of two words or more at the beginning of `pieces`, and how many pieces it takes.
    fn phrase(&self, pieces: &[Piece], lexicon: &Lexicon) -> Option<(Term, usize)> {
        let mut key = pieces.first()?.stem.clone();
        let mut longest = None;
        for (length, piece) in (2..).zip(pieces.iter().take(LONGEST_PHRASE).skip(1)) {
            key.push(' ');
            key.push_str(&piece.stem);
            if self.groups.contains_key(&key) {
                longest = Some((key.clone(), length));
            }
        }
        let (stem, length) = longest?;
        let inside = &pieces[..length];
        let parts =
            inside.iter().filter(|piece| lexicon.is_content(&piece.plain)).map(|piece| piece.stem.clone()).collect();
        Some((Term { stem, word: inside[0].word, end: inside[length - 1].word + 1, value: None, parts }, length))
    }
}

fn is_percent(word: &str) -> bool {
    matches!(word, "percent" | "cent" | "percentage")
}

fn meet(one: &[u16], other: &[u16]) -> bool {
    one.iter().any(|group| other.contains(group))
}

/// Whether two stems begin alike for long enough to come from one word: `decid`, `decis`; `measur`, `measurement`.
fn of_one_family(one: &str, other: &str) -> bool {
    let common = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let (shorter, longer) = (one.len().min(other.len()), one.len().max(other.len()));
    !one.contains(' ')
        && !other.contains(' ')
        && common >= 5
        && shorter - common <= 1
        && longer - common <= 4
        && 4 * common >= 3 * shorter
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::spoken_for_tests::english;
    use crate::analysis::tokens::normal;

    fn terms(text: &str) -> Vec<Term> {
        let words: Vec<String> = text.split(' ').map(normal).collect();
        Vocabulary::new("en", super::super::ENGLISH_SYNONYMS, "").terms(&words, &english(), false)
    }

    /// How alike the single terms of two texts are.
    fn alike(one: &str, other: &str) -> f64 {
        let (one, other) = (terms(one), terms(other));
        assert!(one.len() == 1 && other.len() == 1, "{one:?} {other:?}");
        Vocabulary::new("en", super::super::ENGLISH_SYNONYMS, "").likeness(&one[0], &other[0])
    }

    #[test]
    fn endings_synonyms_phrases_and_spelling_of_numbers_do_not_matter() {
        assert_eq!(alike("migrating", "migrated"), 1.0);
        assert_eq!(alike("forty percent", "40%"), 1.0);
        assert_eq!(alike("half a dozen", "6"), SAME);
        assert_eq!(alike("our customers", "the clients"), SAME);
        assert_eq!(alike("a post-mortem", "a postmortem"), SAME);
        assert_eq!(alike("looking back", "in hindsight"), SAME);
        assert_eq!(alike("decide", "decision"), SAME.max(FAMILY));
        assert_eq!(alike("thirty-eight", "40"), NEAR);
        assert_eq!(alike("billing", "cloud"), 0.0);
    }

    #[test]
    fn words_of_opposite_meaning_are_known() {
        let vocabulary = Vocabulary::new("en", super::super::ENGLISH_SYNONYMS, "");
        assert!(vocabulary.opposed(&terms("increased")[0], &terms("fell")[0]));
        assert!(!vocabulary.opposed(&terms("increased")[0], &terms("grew")[0]));
    }

    #[test]
    fn grammar_is_no_term() {
        assert_eq!(terms("and then we did it for them, um"), []);
    }
}
