//! Number words and the tense of verbs, as far as the form of a word shows them.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The tense or mood that a verb's form shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Was, were.
    Was,
    /// Am, is, are.
    Is,
    /// Had, and "'d" before a participle.
    Had,
    /// Have, has.
    Has,
    /// Would, could, should, might.
    Would,
    /// Will, "going to" and kin.
    Will,
    /// Can, may.
    Can,
    /// Did, didn't.
    Did,
    /// Do, does, don't.
    Does,
    /// A simple past: built, asked.
    Past,
    /// A form in -ing.
    Ing,
    /// Anything else.
    Other,
}

impl Form {
    /// A short name for features.
    pub fn name(self) -> &'static str {
        match self {
            Form::Was => "was",
            Form::Is => "is",
            Form::Had => "had",
            Form::Has => "has",
            Form::Would => "would",
            Form::Will => "will",
            Form::Can => "can",
            Form::Did => "did",
            Form::Does => "does",
            Form::Past => "past",
            Form::Ing => "ing",
            Form::Other => "other",
        }
    }
}

/// The form of a word, taken for a verb; the word is in normal form.
pub fn form(word: &str) -> Form {
    match word {
        "was" | "were" | "wasn't" | "weren't" => Form::Was,
        "is" | "are" | "am" | "isn't" | "aren't" => Form::Is,
        "had" | "hadn't" => Form::Had,
        "have" | "has" | "haven't" | "hasn't" => Form::Has,
        "would" | "could" | "should" | "might" | "wouldn't" | "couldn't" | "shouldn't" => Form::Would,
        "will" | "won't" | "gonna" => Form::Will,
        "can" | "can't" | "may" | "cannot" => Form::Can,
        "did" | "didn't" => Form::Did,
        "do" | "does" | "don't" | "doesn't" => Form::Does,
        _ if is_past(word) => Form::Past,
        _ if word.len() > 4
            && word.ends_with("ing")
            && !matches!(word, "thing" | "nothing" | "something" | "during" | "morning" | "evening") =>
        {
            Form::Ing
        }
        _ => Form::Other,
    }
}

/// Whether the form of a word is a simple past, by its ending or by the list of irregular ones.
pub fn is_past(word: &str) -> bool {
    const NOT_PAST: [&str; 16] = [
        "need", "speed", "indeed", "hundred", "feed", "seed", "exceed", "proceed", "succeed", "embed", "red", "bed",
        "shed", "kindred", "sacred", "naked",
    ];
    let regular = word.len() > 3 && word.ends_with("ed") && !NOT_PAST.contains(&word);
    regular || VERBS.pasts.contains(word)
}

/// Whether a word is the base form of a verb and not also its past: `restore`, `find`, not `put`.
pub fn is_base(word: &str) -> bool {
    VERBS.bases.contains(word) && !VERBS.pasts.contains(word)
}

/// The verbs of `content/star/verbs.txt`.
static VERBS: LazyLock<Verbs> = LazyLock::new(|| Verbs::parse(include_str!("../../../content/star/verbs.txt")));

#[derive(Debug, Default)]
struct Verbs {
    bases: HashSet<&'static str>,
    /// Irregular pasts, those of "be", "do" and "have" aside, which are forms of their own.
    pasts: HashSet<&'static str>,
}

impl Verbs {
    fn parse(text: &'static str) -> Verbs {
        let mut verbs = Verbs::default();
        let entries = text.lines().filter(|line| !line.starts_with('#')).flat_map(|line| line.split(','));
        for entry in entries.map(str::trim).filter(|entry| !entry.is_empty()) {
            let (base, pasts) = entry.split_once(':').unwrap_or((entry, ""));
            verbs.bases.insert(base);
            if !matches!(base, "be" | "do" | "have") {
                verbs.pasts.extend(pasts.split_whitespace());
            }
        }
        verbs
    }
}

/// Whether a word is a number: `12`, `3.5`, `$2`, `twenty-two`, `hundred`.
///
/// "One" is not: it counts far less often than it points.
pub fn is_number(word: &str) -> bool {
    const NUMBERS: [&str; 35] = [
        "zero",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "hundred",
        "thousand",
        "million",
        "billion",
        "half",
        "dozen",
        "lakh",
        "crore",
    ];
    let head = word.split('-').next().unwrap_or(word);
    word.trim_start_matches(['$', '€', '£']).starts_with(|c: char| c.is_ascii_digit()) || NUMBERS.contains(&head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told_apart() {
        let cases = [
            ("rebuilt", Form::Past),
            ("asked", Form::Past),
            ("hundred", Form::Other),
            ("wasn't", Form::Was),
            ("nothing", Form::Other),
            ("calling", Form::Ing),
            ("gonna", Form::Will),
        ];
        for (word, expected) in cases {
            assert_eq!(form(word), expected, "{word}");
        }
    }

    #[test]
    fn numbers_are_digits_and_number_words() {
        for word in ["12", "$2", "3.5", "twenty-two", "half"] {
            assert!(is_number(word), "{word}");
        }
        for word in ["one", "number", "often"] {
            assert!(!is_number(word), "{word}");
        }
    }
}
