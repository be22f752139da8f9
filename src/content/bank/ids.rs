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

/// Whether `after` is `before` with a slip of the pen mended: a word spelled otherwise, or one word more or less.
///
/// Compared are the words that carry meaning, in their order. Each must have its like in the other;
/// from six words on, one may be missing. So a question in which one word was exchanged for quite another is
/// another question: "a conflict with your manager" is not "a conflict with your peer".
pub fn is_mended(before: &str, after: &str) -> bool {
    let (before, after) = (telling_words(before), telling_words(after));
    let (short, long) = if before.len() <= after.len() { (before, after) } else { (after, before) };
    if short.is_empty() || long.len() > short.len() + usize::from(long.len() >= 6) {
        return false;
    }
    let alike = short.iter().zip(&long).take_while(|(a, b)| is_respelled(a, b)).count();
    // What follows the word that is missing, or the same length and nothing follows.
    let gap = long.len() - short.len();
    short[alike..].iter().zip(&long[alike + gap..]).all(|(a, b)| is_respelled(a, b))
}

/// The words of a question that say what it is about; all of them where none does.
fn telling_words(text: &str) -> Vec<String> {
    let lower = text.replace(['’', '\''], "").to_lowercase();
    let words: Vec<String> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let telling: Vec<String> = words.iter().filter(|word| !EMPTY_WORDS.contains(&word.as_str())).cloned().collect();
    if telling.is_empty() { words } else { telling }
}

/// Whether two words are one word with a slip in it: letters added, left out or exchanged, one in four at most.
fn is_respelled(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let longer = a.len().max(b.len());
    if a == b {
        return true;
    }
    // Numbers and short words are other words as soon as a sign differs.
    if !(4..=40).contains(&longer) || a.iter().chain(&b).any(char::is_ascii_digit) {
        return false;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, right) in b.iter().enumerate() {
            let exchanged = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = exchanged.min(diagonal + 1).min(row[j] + 1);
        }
    }
    4 * row[b.len()] <= longer
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
    fn a_mended_slip_leaves_the_question_the_same_and_another_word_does_not() {
        let cases = [
            ("Tell me about a time you manged a conflict", "Tell me about a time you managed a conflict.", true),
            ("How would you rebuild trust with a sales team?", "How would you re-build trust with sales teams?", false),
            ("How would you rebuild trust with a sales team?", "How do you rebuild trust with a sales team?", true),
            ("Describe a conflict with your manager", "Describe a conflict with your peer", false),
            (
                "Tell me about a hard decision on a large migration you led",
                "Tell me about a hard decision on a large database migration you led",
                true,
            ),
            ("Your first 30 days?", "Your first 90 days?", false),
            ("Why do you want this job?", "Why do you want a job?", true),
            ("", "", false),
        ];
        for (before, after, same) in cases {
            assert_eq!(is_mended(before, after), same, "{before} / {after}");
            assert_eq!(is_mended(after, before), same, "{after} / {before}");
        }
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
