//! What was said.

use serde::{Deserialize, Serialize};

use super::{Seconds, Span, WordRange};

/// One spoken word with its punctuation, as the recogniser or the author wrote it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// The word, never empty and without white space.
    pub text: String,
    /// Where it begins; `None` for a text that was never spoken.
    pub start_s: Option<Seconds>,
    /// Where it ends; `None` for a text that was never spoken.
    pub end_s: Option<Seconds>,
    /// How sure the recogniser is, 0 to 1.
    pub probability: Option<f64>,
}

impl Word {
    /// A word of a text that has no times.
    pub fn untimed(text: &str) -> Word {
        Word { text: text.to_owned(), start_s: None, end_s: None, probability: None }
    }

    /// The same word `by` later.
    pub fn shifted(self, by: Seconds) -> Word {
        Word { start_s: self.start_s.map(|t| t + by), end_s: self.end_s.map(|t| t + by), ..self }
    }

    /// Its place in the recording, where it has one.
    pub fn span(&self) -> Option<Span> {
        Some(Span { start_s: self.start_s?, end_s: self.end_s? })
    }
}

/// The words of one answer, in the order they were spoken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    /// The whole text; the words joined by single spaces for a recording, the text as given otherwise.
    pub text: String,
    /// The model that wrote it; `None` for a text that was never spoken.
    pub model: Option<String>,
    /// Language code such as `en`.
    pub language: String,
    /// The words; for text input the whitespace-separated tokens.
    pub words: Vec<Word>,
    /// Where somebody surely spoke and no word was recognised, in order; empty for a text.
    #[serde(default)]
    pub not_understood: Vec<Span>,
}

impl Transcript {
    /// A transcript of a written text: its whitespace-separated tokens, without times.
    pub fn of_text(text: &str) -> Transcript {
        Transcript {
            text: text.to_owned(),
            model: None,
            language: "en".to_owned(),
            words: text.split_whitespace().map(Word::untimed).collect(),
            not_understood: Vec::new(),
        }
    }

    /// A transcript of recognised words.
    pub fn of_words(words: Vec<Word>, model: &str, language: &str) -> Transcript {
        let text = words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
        Transcript {
            text,
            model: Some(model.to_owned()),
            language: language.to_owned(),
            words,
            not_understood: Vec::new(),
        }
    }

    /// The words of `range`, joined by single spaces.
    pub fn quote(&self, range: WordRange) -> String {
        let words = &self.words[range.first.min(self.words.len())..range.end.min(self.words.len())];
        words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Where these words stand next to each other first, whatever their capitals and punctuation.
    pub fn find(&self, words: &str) -> Option<WordRange> {
        let bare =
            |word: &str| word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
        let wanted: Vec<String> = words.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect();
        let said: Vec<(usize, String)> =
            self.words.iter().map(|word| bare(&word.text)).enumerate().filter(|(_, word)| !word.is_empty()).collect();
        let matches = |run: &&[(usize, String)]| run.iter().zip(&wanted).all(|((_, said), wanted)| said == wanted);
        let run = said.windows(wanted.len().max(1)).find(matches).filter(|_| !wanted.is_empty())?;
        Some(WordRange::new(run.first()?.0, run.last()?.0 + 1))
    }

    /// From the start of the first to the end of the last word of `range`, where the words have times.
    pub fn span(&self, range: WordRange) -> Option<Span> {
        let words = self.words.get(range.indices())?;
        Some(Span { start_s: words.first()?.start_s?, end_s: words.last()?.end_s? })
    }
}
