//! Phrases looked up by the words at a position, the longest first.

use std::collections::HashMap;

/// A table of phrases of one or more words, each with what it means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Phrases<T> {
    /// By first word; the longest first.
    by_first: HashMap<String, Vec<(Vec<String>, T)>>,
}

impl<T> Default for Phrases<T> {
    fn default() -> Phrases<T> {
        Phrases { by_first: HashMap::new() }
    }
}

impl<T> Phrases<T> {
    /// Adds a phrase of normal forms; a later one replaces the same phrase added earlier. An empty one is ignored.
    pub fn insert(&mut self, phrase: Vec<String>, meaning: T) {
        let Some(first) = phrase.first() else { return };
        let same_start = self.by_first.entry(first.clone()).or_default();
        same_start.retain(|(other, _)| *other != phrase);
        same_start.push((phrase, meaning));
        same_start.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
    }

    /// The longest phrase that begins at word `at`: how many words it has, and its meaning.
    ///
    /// `word(i)` gives the normal form of the i-th word, or `None` past the end.
    pub fn longest_at<'w>(&self, at: usize, word: impl Fn(usize) -> Option<&'w str>) -> Option<(usize, &T)> {
        let candidates = self.by_first.get(word(at)?)?;
        let fits = |phrase: &[String]| phrase.iter().enumerate().all(|(i, part)| word(at + i) == Some(part.as_str()));
        candidates.iter().find(|(phrase, _)| fits(phrase)).map(|(phrase, meaning)| (phrase.len(), meaning))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_wins_and_a_later_meaning_replaces_an_earlier() {
        let mut phrases = Phrases::default();
        let split = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        phrases.insert(split("i think"), 1);
        phrases.insert(split("i think maybe"), 2);
        phrases.insert(split("i think"), 3);
        let words = split("and i think maybe i think");
        let word = |i: usize| words.get(i).map(String::as_str);
        assert_eq!(phrases.longest_at(1, word), Some((3, &2)));
        assert_eq!(phrases.longest_at(4, word), Some((2, &3)));
        assert_eq!(phrases.longest_at(0, word), None);
    }
}
