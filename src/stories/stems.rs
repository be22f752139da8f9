//! Words brought to what they mean: endings cut, synonyms joined, numbers by their value.

use std::collections::HashMap;

use rust_stemmers::{Algorithm, Stemmer};

use crate::analysis::evidence;
use crate::analysis::lexicon::{Lexicon, before_apostrophe};

/// Words of the same meaning, a group on a line.
const ENGLISH_SYNONYMS: &str = include_str!("../../content/synonyms/en.txt");

/// Brings words to a common form.
pub(super) struct Stems<'a> {
    lexicon: &'a Lexicon,
    stemmer: Option<Stemmer>,
    /// The stem of a synonym to the stem of the first word of its group.
    synonyms: HashMap<String, String>,
}

/// A word that carries content.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    /// What it is compared by.
    pub stem: String,
    /// Position of its (first) word.
    pub word: usize,
    /// Whether it is a number.
    pub is_number: bool,
}

impl<'a> Stems<'a> {
    pub fn new(lexicon: &'a Lexicon) -> Stems<'a> {
        let algorithm = match lexicon.language.as_str() {
            "en" => Some(Algorithm::English),
            "de" => Some(Algorithm::German),
            _ => None,
        };
        let mut stems = Stems { lexicon, stemmer: algorithm.map(Stemmer::create), synonyms: HashMap::new() };
        if lexicon.language == "en" {
            let lines = ENGLISH_SYNONYMS.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
            // What is near or opposite is another word to a story, and so is a phrase.
            let same = lines.skip_while(|line| *line != "[same]").skip(1).take_while(|line| !line.starts_with('['));
            let groups = same.map(|line| {
                line.split(',')
                    .filter(|w| !w.trim().contains(' '))
                    .map(|w| stems.cut(&w.trim().replace('-', "")))
                    .collect::<Vec<_>>()
            });
            let pairs = groups.flat_map(|group| {
                let first = group.first().cloned().unwrap_or_default();
                group.into_iter().map(move |word| (word, first.clone())).collect::<Vec<_>>()
            });
            stems.synonyms = pairs.filter(|(word, _)| !word.is_empty()).collect();
        }
        stems
    }

    fn cut(&self, word: &str) -> String {
        let bare = before_apostrophe(word);
        self.stemmer.as_ref().map_or_else(|| bare.to_owned(), |stemmer| stemmer.stem(bare).into_owned())
    }

    /// The form a word is compared by.
    fn stem(&self, word: &str) -> String {
        let cut = self.cut(word);
        self.synonyms.get(&cut).cloned().unwrap_or(cut)
    }

    /// The terms of a text in order; `words` are normal forms. Function words and filled pauses are left out, a number
    /// is one term, and both halves of `cross-team` are terms.
    pub fn terms(&self, words: &[String]) -> Vec<Term> {
        let numbers = evidence::numbers(words, self.lexicon);
        let mut numbers = numbers.iter().peekable();
        let mut terms = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let number = numbers.next_if(|number| number.first == at);
            let value = number.and_then(|number| evidence::value(&words[number.indices()], self.lexicon));
            if let (Some(number), Some(value)) = (number, value) {
                terms.push(Term { stem: format!("#{value}"), word: at, is_number: true });
                at += 1;
                // The unit is a term of its own; the rest of the number is not.
                while at < number.end && evidence::is_number(&words[at], self.lexicon) {
                    at += 1;
                }
                continue;
            }
            let joined = self.cut(&words[at].replace('-', ""));
            if let Some(stem) = self.synonyms.get(&joined).filter(|_| words[at].contains('-')) {
                terms.push(Term { stem: stem.clone(), word: at, is_number: false });
                at += 1;
                continue;
            }
            for part in words[at].split(['-', '/']).filter(|part| self.lexicon.is_content(part)) {
                terms.push(Term { stem: self.stem(part), word: at, is_number: false });
            }
            at += 1;
        }
        terms
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::spoken_for_tests::english;
    use crate::analysis::tokens::normal;

    fn stems(text: &str) -> Vec<String> {
        let lexicon = english();
        let words: Vec<String> = text.split(' ').map(normal).collect();
        Stems::new(&lexicon).terms(&words).into_iter().map(|term| term.stem).collect()
    }

    #[test]
    fn endings_numbers_and_synonyms_do_not_matter() {
        assert_eq!(stems("migrating the services"), stems("we migrated a service"));
        assert_eq!(stems("forty percent"), stems("40 percent"));
        assert_eq!(stems("our customers"), stems("the clients"));
        assert_eq!(stems("a post-mortem"), stems("a postmortem"));
        assert_eq!(stems("cross-team alignment"), stems("cross team alignment"));
    }

    #[test]
    fn grammar_is_no_term() {
        assert_eq!(stems("and then we did it for them, um"), Vec::<String>::new());
    }
}
