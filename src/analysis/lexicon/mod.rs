//! The words a language gives the analysis: fillers, cautions, persons, numbers.
//!
//! A lexicon is a plain text file (`content/lexicons/*.txt`; the head of `en.txt` explains the
//! format), so that a person can add a filler with one line and a language without touching code.

mod parse;
mod pattern;
mod phrases;

use std::collections::{BTreeMap, HashMap, HashSet};

pub use parse::LexiconError;
pub(crate) use pattern::{Gap, Pattern, Surroundings};
pub(crate) use phrases::Phrases;

use crate::types::CautionKind;

/// The lexicons that come with the program, by language code.
const BUILTIN: [(&str, &str); 2] = [
    ("en", include_str!("../../../content/lexicons/en.txt")),
    ("de", include_str!("../../../content/lexicons/de.txt")),
];

/// Whether a phrase is a filler where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is; right at least nine times in ten.
    Sure,
    /// More likely than not.
    Possible,
    /// It carries meaning here.
    No,
}

/// One filler word or phrase, and how it is told from its meaningful uses.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Marker {
    /// What holds where no rule fits.
    pub otherwise: Verdict,
    /// The first that fits decides.
    pub rules: Vec<(Verdict, Pattern)>,
}

/// The words of one language.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lexicon {
    /// Language code such as `en`.
    pub language: String,
    pub(crate) filled_pauses: HashMap<String, Verdict>,
    pub(crate) markers: Phrases<Marker>,
    pub(crate) cautions: Phrases<CautionKind>,
    pub(crate) doubles: HashSet<String>,
    pub(crate) function_words: HashSet<String>,
    pub(crate) i: HashSet<String>,
    pub(crate) we: HashSet<String>,
    pub(crate) negations: HashSet<String>,
    pub(crate) framing: HashSet<String>,
    pub(crate) numbers: NumberWords,
    pub(crate) classes: BTreeMap<String, HashSet<String>>,
}

/// The words of which numbers are made, with their values.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct NumberWords {
    /// Numbers of themselves: `two`, `eleven`, `forty`.
    pub plain: HashMap<String, f64>,
    /// Numbers only before a unit or a multiplier: `one`.
    pub weak: HashMap<String, f64>,
    /// Numbers only before a multiplier: `a` of `a hundred`.
    pub articles: HashMap<String, f64>,
    /// What makes a number larger: `hundred`, `million`.
    pub multipliers: HashMap<String, f64>,
    /// What stands between two parts of one number: `and`.
    pub joints: HashSet<String>,
    /// What stands before decimals: `point`.
    pub points: HashSet<String>,
    /// What may stand inside a number written as one word: German `und`.
    pub glue: HashSet<String>,
    /// A quantity in one word: `half`, `doubled`.
    pub quantities: HashSet<String>,
    /// What is counted: `percent`, `minutes`.
    pub units: HashSet<String>,
}

impl Lexicon {
    /// Reads a lexicon.
    ///
    /// # Errors
    /// The first line that is not understood, with its number and what was expected.
    pub fn parse(text: &str) -> Result<Lexicon, LexiconError> {
        parse::parse(text, Lexicon::default())
    }

    /// The same lexicon with what a person's own file adds; a marker that is in both is taken from the file.
    ///
    /// # Errors
    /// As [`Lexicon::parse`].
    pub fn extended(self, text: &str) -> Result<Lexicon, LexiconError> {
        parse::parse(text, self)
    }

    /// The lexicon that comes with the program for a language code such as `en` or `en-GB`; `None` for a language
    /// without one.
    pub fn builtin(language: &str) -> Option<Lexicon> {
        let code = language.split(['-', '_']).next().unwrap_or_default().to_lowercase();
        let (_, text) = BUILTIN.iter().find(|(name, _)| *name == code)?;
        Some(Lexicon::parse(text).expect("a test parses every lexicon that is built in"))
    }

    /// The codes of the languages that [`Lexicon::builtin`] knows.
    pub fn languages() -> impl Iterator<Item = &'static str> {
        BUILTIN.iter().map(|(name, _)| *name)
    }

    /// Whether a normal form is a filled pause, sure or possible.
    pub fn is_filled_pause(&self, normal: &str) -> bool {
        self.filled_pause(normal).is_some()
    }

    /// Whether a normal form is a filled pause, however long it is drawn: `um`, `ummm`.
    pub(crate) fn filled_pause(&self, normal: &str) -> Option<Verdict> {
        self.filled_pauses.get(normal).copied().or_else(|| {
            let last = normal.chars().next_back()?;
            // Only a drawn-out end: "ummm" is "um", but "erred" is not "er".
            let stem = normal.trim_end_matches(last);
            if normal.len() - stem.len() < 3 * last.len_utf8() {
                return None;
            }
            self.filled_pauses.get(&format!("{stem}{last}")).copied()
        })
    }

    /// Whether a normal form carries content rather than grammar.
    pub(crate) fn is_content(&self, normal: &str) -> bool {
        !normal.is_empty()
            && self.filled_pause(normal).is_none()
            && !self.function_words.contains(normal)
            && !self.function_words.contains(before_apostrophe(normal))
    }
}

/// What stands before an apostrophe: `i` of `i'm`; the whole word when there is none.
pub(crate) fn before_apostrophe(normal: &str) -> &str {
    normal.split('\'').next().unwrap_or(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_builtin_lexicon_is_readable_and_bears_its_own_code() {
        for language in Lexicon::languages() {
            let lexicon = Lexicon::builtin(language).expect("it is in the list");
            assert_eq!(lexicon.language, language);
            assert!(!lexicon.filled_pauses.is_empty() && !lexicon.i.is_empty(), "{language}");
        }
    }

    #[test]
    fn a_persons_own_file_adds_to_a_lexicon_in_one_line() {
        let lexicon = Lexicon::builtin("en").expect("English is built in");
        let mine = "[markers]\nat the end of the day: sure\nlike: no\n[classes]\n@be = gonna";
        let lexicon = lexicon.extended(mine).expect("it is well formed");
        let found = |text: &str| {
            let words: Vec<&str> = text.split(' ').collect();
            lexicon.markers.longest_at(0, |i| words.get(i).copied()).map(|(_, marker)| marker.otherwise)
        };
        assert_eq!(found("at the end of the day"), Some(Verdict::Sure));
        assert_eq!(found("like"), Some(Verdict::No));
        assert_eq!(found("basically"), Some(Verdict::Sure));
        assert_eq!(lexicon.language, "en");
    }

    #[test]
    fn a_regional_code_finds_its_language() {
        assert_eq!(Lexicon::builtin("en-GB").map(|l| l.language), Some("en".to_owned()));
        assert_eq!(Lexicon::builtin("tlh"), None);
    }

    #[test]
    fn a_drawn_out_um_is_an_um_and_a_word_that_begins_like_er_is_not() {
        let lexicon = Lexicon::builtin("en").expect("English is built in");
        assert_eq!(lexicon.filled_pause("ummmm"), Some(Verdict::Sure));
        assert_eq!(lexicon.filled_pause("erred"), None);
        assert_eq!(lexicon.filled_pause("uh-huh"), None);
    }

    #[test]
    fn um_is_a_word_in_german() {
        let lexicon = Lexicon::builtin("de").expect("German is built in");
        assert_eq!(lexicon.filled_pause("um"), None);
        assert_eq!(lexicon.filled_pause("ähm"), Some(Verdict::Sure));
    }
}
