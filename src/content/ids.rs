//! Names of questions that stay the same while the file around them changes.

use std::collections::{HashMap, HashSet};

use crate::types::Question;

/// Words that say nothing about what a question is about.
const EMPTY_WORDS: &[&str] = &[
    "a", "about", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "describe", "did",
    "do", "does", "example", "for", "from", "get", "give", "had", "has", "have", "how", "i", "if", "in", "into", "is",
    "it", "its", "made", "make", "me", "my", "of", "on", "one", "or", "our", "out", "s", "so", "tell", "that", "the",
    "their", "them", "then", "they", "this", "through", "time", "to", "up", "us", "was", "walk", "were", "what",
    "when", "where", "which", "who", "why", "will", "with", "would", "you", "your",
];

/// How many words of the question its name holds.
const WORDS: usize = 4;

/// A name from a question's own words: `disagreed-product-partner-roadmap-3f2a`.
///
/// It does not depend on anything else in the file, nor on punctuation, case or marks in the
/// question. The four digits at the end tell apart questions that share their first words.
pub(super) fn from_words(text: &str) -> String {
    let lower = text.replace(['’', '\''], "").to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let telling = |word: &&&str| word.is_ascii() && !EMPTY_WORDS.contains(*word) && word.len() <= 24;
    let mut name: Vec<&str> = words.iter().filter(telling).take(WORDS).copied().collect();
    if name.is_empty() {
        name.push("question");
    }
    format!("{}-{:04x}", name.join("-"), hash(&words))
}

/// A name that the author chose, with nothing in it that a shell or a file name would mind.
pub(super) fn from_author(text: &str) -> Option<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-").to_lowercase();
    (!name.is_empty() && name.len() <= 80).then_some(name)
}

/// FNV-1a over the words, folded to 16 bits. Part of every name people have in their history: never change it.
fn hash(words: &[&str]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in words.iter().flat_map(|word| word.bytes().chain([b' '])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash ^ (hash >> 16) ^ (hash >> 32) ^ (hash >> 48)) & 0xffff
}

/// Names every question; returns the positions of those whose name was already taken.
///
/// A second question with the very same words gets `-2` behind its name, a third `-3`.
pub(super) fn name_all(questions: &mut [Question]) -> Vec<usize> {
    let mut taken: HashSet<String> = HashSet::with_capacity(questions.len());
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut doubles = Vec::new();
    for (at, question) in questions.iter_mut().enumerate() {
        let wanted = if question.id.is_empty() { from_words(&question.text) } else { question.id.clone() };
        let mut id = wanted.clone();
        while taken.contains(&id) {
            let count = counts.entry(wanted.clone()).or_insert(1);
            *count += 1;
            id = format!("{wanted}-{count}");
        }
        if id != wanted {
            doubles.push(at);
        }
        taken.insert(id.clone());
        question.id = id;
    }
    doubles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_from_the_words_and_not_from_their_marks() {
        let name = from_words("Tell me about a time you changed a vendor's mind.");
        assert_eq!(name, from_words("\"tell me about a time you changed a vendor’s mind\""));
        assert!(name.starts_with("changed-vendors-mind-"), "{name}");
        assert_ne!(name, from_words("Tell me about a time you changed a vendor's mind. Why?"));
    }

    #[test]
    fn names_never_change_from_one_version_to_the_next() {
        assert_eq!(from_words("How would you rebuild trust with a sales team?"), "rebuild-trust-sales-team-f6ad");
        assert_eq!(from_words("为什么?"), "question-bca9");
    }

    #[test]
    fn equal_questions_get_different_names() {
        let same = || Question { text: "Why do you want this job?".into(), ..Question::default() };
        let mut questions = [same(), same(), same()];
        assert_eq!(name_all(&mut questions), [1, 2]);
        let base = questions[0].id.clone();
        assert_eq!(questions[2].id, format!("{base}-3"));
    }
}
