//! Words as the analysis compares them.

use crate::types::Transcript;

/// A word as it is compared: lower case, straight apostrophes, no punctuation at either end.
///
/// What stands inside a word stays: `don't`, `twenty-two`, `3.5`. A sign that carries meaning stays
/// at its end: `40%`, `$2`. A token of nothing but punctuation gives an empty string.
pub fn normal(word: &str) -> String {
    let kept_before = |c: char| c.is_alphanumeric() || matches!(c, '$' | '€' | '£');
    let kept_after = |c: char| c.is_alphanumeric() || c == '%';
    let word = word.trim_start_matches(|c| !kept_before(c)).trim_end_matches(|c| !kept_after(c));
    word.replace(['\u{2019}', '\u{2018}'], "'").to_lowercase()
}

/// The normal form of every word of a transcript, at the same positions.
pub fn normals(transcript: &Transcript) -> Vec<String> {
    transcript.words.iter().map(|word| normal(&word.text)).collect()
}

/// Whether a word ends a sentence by its punctuation.
///
/// Always false in text from a recogniser that writes none; the sentence splitter copes with that.
pub fn ends_sentence(word: &str) -> bool {
    word.trim_end_matches(['"', '\'', ')', '\u{201d}', '\u{2019}']).ends_with(['.', '!', '?', '…'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_around_a_word_is_dropped_and_inside_it_is_kept() {
        let cases = [
            ("Um,", "um"),
            ("don\u{2019}t", "don't"),
            ("\"Twenty-two", "twenty-two"),
            ("40%.", "40%"),
            ("($2", "$2"),
            ("3.5,", "3.5"),
            ("--", ""),
            ("oth-,", "oth"),
        ];
        for (word, expected) in cases {
            assert_eq!(normal(word), expected, "{word}");
        }
    }

    #[test]
    fn a_closing_quote_does_not_hide_the_end_of_a_sentence() {
        assert!(ends_sentence("done.\""));
        assert!(!ends_sentence("done,"));
    }
}
