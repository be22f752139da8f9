//! The texts that are read: `content/calibration/LANGUAGE.toml`.

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::types::Seconds;

static TEXTS: Dir = include_dir!("$CARGO_MANIFEST_DIR/content/calibration");

/// A text that is read at one speed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passage {
    /// Words a minute.
    pub wpm: u32,
    /// What is said, in order.
    pub phrases: Vec<Phrase>,
}

/// A few words without a pause inside.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// What is said, fillers as they are spoken.
    pub say: String,
    /// The silence behind it.
    pub after: Seconds,
}

/// The texts of a language; `None` where there are none.
pub(super) fn of_language(language: &str) -> Option<Vec<Passage>> {
    #[derive(Deserialize)]
    struct File {
        passage: Vec<Passage>,
    }
    let text = TEXTS.get_file(format!("{language}.toml"))?.contents_utf8()?;
    let file: File = toml::from_str(text).expect("a test reads every calibration text");
    Some(file.passage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asr::accuracy::{compared, is_filler};

    #[test]
    fn every_text_has_enough_words_fillers_and_pauses_to_measure_and_no_pause_in_doubt() {
        for file in TEXTS.files() {
            let language = file.path().file_stem().unwrap().to_str().unwrap();
            let passages = of_language(language).unwrap();
            let phrases = || passages.iter().flat_map(|passage| &passage.phrases);
            let words: Vec<String> = phrases().flat_map(|phrase| compared(&phrase.say)).collect();
            assert!(words.len() >= 200, "{language}: {} words", words.len());
            assert!(words.iter().filter(|word| is_filler(word)).count() >= 10, "{language}");
            // A pause counts from 0.25 s; one near that would be found or not by chance.
            assert!(phrases().all(|phrase| phrase.after.0 == 0.0 || phrase.after.0 >= 0.3), "{language}");
            assert!(phrases().filter(|phrase| phrase.after.0 >= 2.0).count() >= 3, "{language}");
        }
    }

    #[test]
    fn a_language_without_texts_has_none() {
        assert_eq!(of_language("xx"), None);
    }
}
