//! Classes of words and phrases that hint at a part of a story, read from `content/star/cues.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The cue classes of Greenroom.
pub static CUES: LazyLock<Cues> = LazyLock::new(|| Cues::parse(include_str!("../../../content/star/cues.txt")));

/// A set of cue classes, one bit each, in the order of the file.
pub type ClassSet = u64;

/// Named classes of words and phrases.
#[derive(Debug)]
pub struct Cues {
    names: Vec<&'static str>,
    words: HashMap<&'static str, ClassSet>,
    stems: HashMap<&'static str, ClassSet>,
    /// Bytes of the longest stem: a word of a hundred thousand letters begins with no longer one.
    longest_stem: usize,
    /// By first word: the words after it, and the class.
    phrases: HashMap<&'static str, Vec<(Vec<&'static str>, ClassSet)>>,
}

impl Cues {
    fn parse(text: &'static str) -> Cues {
        let mut cues = Cues {
            names: Vec::new(),
            words: HashMap::new(),
            stems: HashMap::new(),
            longest_stem: 0,
            phrases: HashMap::new(),
        };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((name, entries)) = line.split_once(':') else { continue };
            let class = 1 << cues.names.len();
            cues.names.push(name);
            for entry in entries.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
                cues.insert(entry, class);
            }
        }
        cues
    }

    fn insert(&mut self, entry: &'static str, class: ClassSet) {
        let mut words = entry.split(' ');
        let first = words.next().expect("splitting gives at least one piece");
        let rest: Vec<&str> = words.collect();
        if !rest.is_empty() {
            self.phrases.entry(first).or_default().push((rest, class));
        } else if let Some(stem) = first.strip_suffix('*') {
            *self.stems.entry(stem).or_default() |= class;
            self.longest_stem = self.longest_stem.max(stem.len());
        } else {
            *self.words.entry(first).or_default() |= class;
        }
    }

    /// The classes of all cues that begin with the first of `words`, which are in normal form.
    pub fn starting(&self, words: &[&str]) -> ClassSet {
        let Some((&first, rest)) = words.split_first() else { return 0 };
        let mut found = self.words.get(first).copied().unwrap_or(0);
        for (end, _) in first.char_indices().skip(2).take_while(|(end, _)| *end <= self.longest_stem) {
            found |= self.stems.get(&first[..end]).copied().unwrap_or(0);
        }
        found |= self.stems.get(first).copied().unwrap_or(0);
        for (phrase, class) in self.phrases.get(first).into_iter().flatten() {
            if rest.starts_with(phrase) {
                found |= class;
            }
        }
        found
    }

    /// The set of the classes with these names.
    pub fn set(&self, names: &[&str]) -> ClassSet {
        let bits = self.names.iter().enumerate().filter(|(_, name)| names.contains(name));
        bits.map(|(bit, _)| 1 << bit).sum()
    }

    /// The names of the classes in a set, in the order of the file.
    pub fn names(&self, set: ClassSet) -> impl Iterator<Item = &'static str> {
        self.names.iter().enumerate().filter(move |(bit, _)| set & (1 << bit) != 0).map(|(_, name)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stems_and_phrases_are_found_where_they_begin() {
        let cues = Cues::parse("# comment\nchance: luck, in the end\ntrouble: fail*, end\n");
        let names = |words: &[&str]| cues.names(cues.starting(words)).collect::<Vec<_>>();
        assert_eq!(names(&["in", "the", "end", "it"]), ["chance"]);
        assert_eq!(names(&["failing"]), ["trouble"]);
        assert_eq!(names(&["in", "the"]), Vec::<&str>::new());
        assert_eq!(names(&[]), Vec::<&str>::new());
    }

    #[test]
    fn a_word_of_any_length_takes_no_time() {
        let long = "fail".repeat(250_000);
        let began = std::time::Instant::now();
        assert_ne!(CUES.starting(&[&long]), 0);
        assert!(began.elapsed().as_millis() < 500, "{:?}", began.elapsed());
    }

    #[test]
    fn the_shipped_classes_fit_their_set_and_are_in_normal_form() {
        assert!(CUES.names.len() <= 64);
        let entries = CUES.words.keys().chain(CUES.phrases.values().flatten().flat_map(|(rest, _)| rest));
        for word in entries {
            assert_eq!(crate::analysis::tokens::normal(word.trim_end_matches('*')), word.trim_end_matches('*'));
        }
    }
}
