//! The words a language gives the analysis: fillers, cautions, persons, numbers.
//!
//! A lexicon is a plain text file (`content/lexicons/*.txt`; the head of `en.txt` explains the
//! format), so that a person can add a filler with one line and a language without touching code.

mod parse;
mod pattern;
mod phrases;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::remedy::{NextStep, Remedy};

pub use parse::LexiconError;
pub(crate) use pattern::{Gap, Pattern, Surroundings};
pub(crate) use phrases::Phrases;

use crate::types::CautionKind;

/// The lexicons that come with the program: a file for each language, named by its code.
static BUILTIN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/content/lexicons");

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
        let text = BUILTIN.get_file(file_name(language))?.contents_utf8()?;
        Some(Lexicon::parse(text).expect("a test parses every lexicon that is built in"))
    }

    /// The codes of the languages that [`Lexicon::builtin`] knows.
    pub fn languages() -> impl Iterator<Item = &'static str> {
        BUILTIN.files().filter_map(|file| file.path().file_stem()?.to_str())
    }

    /// The lexicon of a language with what a person's own folder adds to it, or holds alone for a language of which
    /// we have none: the file `en.txt` for English. `None` where neither we nor the folder have one.
    ///
    /// # Errors
    /// The person's file cannot be read or understood.
    pub fn with_folder(language: &str, folder: &Path) -> Result<Option<Lexicon>, OwnLexiconError> {
        let builtin = Lexicon::builtin(language);
        let path = folder.join(file_name(language));
        if !path.exists() {
            return Ok(builtin);
        }
        let text = fs::read_to_string(&path).map_err(|cause| OwnLexiconError::Read { path: path.clone(), cause })?;
        let onto = builtin.unwrap_or_else(|| Lexicon { language: code(language), ..Lexicon::default() });
        onto.extended(&text).map(Some).map_err(|cause| OwnLexiconError::Understand { path, cause })
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

/// The language of a code such as `en-GB`, in lower case: `en`.
fn code(language: &str) -> String {
    language.split(['-', '_']).next().unwrap_or_default().to_lowercase()
}

fn file_name(language: &str) -> String {
    format!("{}.txt", code(language))
}

/// Why a person's own lexicon could not be used.
#[derive(Debug, thiserror::Error)]
pub enum OwnLexiconError {
    /// The file is there and cannot be read.
    #[error("{} cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// A line of it does not follow the format.
    #[error("{} is not understood", path.display())]
    Understand {
        /// The file.
        path: PathBuf,
        /// Which line, and what is wrong with it.
        #[source]
        cause: LexiconError,
    },
}

impl Remedy for OwnLexiconError {
    fn next_step(&self) -> NextStep {
        match self {
            OwnLexiconError::Read { path, .. } => {
                format!("see what {} is; it must be a text file", path.display()).into()
            }
            OwnLexiconError::Understand { cause, .. } => cause.next_step(),
        }
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
    fn a_file_in_a_persons_folder_extends_a_language_or_is_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("it is written");
        put("en.txt", "[markers]\nto be fair: sure\n");
        put("nl.txt", "[filled pauses]\neh, euh\n[i]\nik\n");
        put("fr.txt", "[markers]\nquoi\n");
        let read = |language: &str| Lexicon::with_folder(language, folder.path());
        let english = read("en-GB").expect("it is readable").expect("it is there");
        let words = ["to", "be", "fair"];
        assert!(english.markers.longest_at(0, |i| words.get(i).copied()).is_some());
        assert!(english.is_filled_pause("um"));
        let dutch = read("nl").expect("it is readable").expect("it is there");
        assert!(dutch.is_filled_pause("euh") && !dutch.is_filled_pause("um"));
        assert_eq!(dutch.language, "nl");
        assert_eq!(read("de").expect("ours"), Lexicon::builtin("de"));
        assert_eq!(read("tlh").expect("nobody has one"), None);
        let error = read("fr").expect_err("a marker needs a verdict");
        assert!(error.to_string().ends_with("fr.txt is not understood"), "{error}");
        assert!(error.hint().starts_with("mend line 2 "), "{}", error.hint());
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
