//! The transcript as plain text.

use crate::analysis::tokens::ends_sentence;
use crate::types::Transcript;

/// A pause of this length after a sentence begins a paragraph.
const PARAGRAPH_PAUSE_S: f64 = 2.0;

/// The words with an end of line; a recording gets a new paragraph at each long pause between sentences.
///
/// A text that was never spoken comes back as it was given.
pub fn plain(transcript: &Transcript) -> String {
    if transcript.words.iter().all(|word| word.span().is_none()) {
        return format!("{}\n", transcript.text.trim_end());
    }
    let mut text = String::new();
    let mut before: Option<&crate::types::Word> = None;
    for word in &transcript.words {
        if let Some(before) = before {
            let gap = before.end_s.zip(word.start_s).map_or(0.0, |(end, start)| (start - end).0);
            let paragraph = gap >= PARAGRAPH_PAUSE_S && ends_sentence(&before.text);
            text.push_str(if paragraph { "\n\n" } else { " " });
        }
        text.push_str(&word.text);
        before = Some(word);
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Seconds, Word};

    #[test]
    fn a_long_pause_between_sentences_begins_a_paragraph_and_one_within_does_not() {
        let words = [("We", 0.0), ("stopped.", 3.0), ("Then", 6.0), ("we", 6.5), ("went.", 7.0), ("Home.", 7.5)];
        let words = words.map(|(text, start)| Word {
            text: text.to_owned(),
            start_s: Some(Seconds(start)),
            end_s: Some(Seconds(start + 0.4)),
            probability: None,
        });
        assert_eq!(plain(&Transcript::of_words(words.to_vec(), "m", "en")), "We stopped.\n\nThen we went. Home.\n");
    }

    #[test]
    fn a_written_text_keeps_its_lines() {
        assert_eq!(plain(&Transcript::of_text("One.\n\n  Two.\n\n")), "One.\n\n  Two.\n");
    }
}
