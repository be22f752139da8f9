//! From what a person types to what the index is asked, and from what it finds to a quote. Pure.

use crate::types::WordRange;

/// One thing that must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    /// A word or a phrase, without the signs that said so.
    pub text: String,
    /// Whether words that begin with it count too.
    pub is_start: bool,
}

/// Takes apart what was typed: words, "phrases in quotes", and starts of words followed by a star. All must be there.
///
/// What has no letter and no digit is nothing to look for. Everything else is looked for as it stands: there are no other
/// signs and no words with a meaning of their own.
pub(super) fn terms(typed: &str) -> Vec<Term> {
    let is_quote = |c: char| matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}');
    let typed: String = typed.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut terms = Vec::new();
    for (number, stretch) in typed.split(is_quote).enumerate() {
        let in_quotes = number % 2 == 1;
        if in_quotes {
            terms.push(Term { text: stretch.trim().to_owned(), is_start: false });
        } else {
            terms.extend(
                stretch
                    .split_whitespace()
                    .map(|word| Term { text: word.trim_end_matches('*').to_owned(), is_start: word.ends_with('*') }),
            );
        }
    }
    terms.retain(|term| term.text.contains(char::is_alphanumeric));
    terms
}

/// The terms in the language of FTS5, every one of them in quotes; `words` gives the words that begin with a start.
///
/// The index keeps stems, and the start of a word need not be the start of its stem, so each of those words is asked for.
pub(super) fn in_fts(terms: &[Term], columns: &[&str], mut words: impl FnMut(&str) -> Vec<String>) -> String {
    let each = terms.iter().map(|term| {
        if !term.is_start {
            return quoted(&term.text);
        }
        let words = words(&term.text).into_iter().map(|word| quoted(&word));
        let any: Vec<String> = std::iter::once(format!("{}*", quoted(&term.text))).chain(words).collect();
        format!("({})", any.join(" OR "))
    });
    format!("{{{}}} : ({})", columns.join(" "), each.collect::<Vec<_>>().join(" AND "))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Before and behind what was found, in a text of the index. No text has them of its own.
pub(super) const MARKS: [char; 2] = ['\u{2}', '\u{3}'];

/// How many words of a quote stand before and from the first that was found.
const AROUND: (usize, usize) = (8, 18);

/// Words around what was found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Excerpt {
    /// The words.
    pub quote: String,
    /// Which of them were found.
    pub matched: Vec<WordRange>,
    /// The place of the first one in the whole text, in words.
    pub first: usize,
}

/// The excerpt of a text in which what was found stands between [`MARKS`]; `None` where nothing was.
pub(super) fn excerpt(marked: &str) -> Option<Excerpt> {
    let mut inside = false;
    let words: Vec<(String, bool)> = marked
        .split_whitespace()
        .map(|word| {
            let found = inside || word.contains(MARKS[0]);
            inside = word
                .rfind(MARKS[0])
                .map_or(inside && !word.contains(MARKS[1]), |open| !word[open..].contains(MARKS[1]));
            (word.replace(MARKS, ""), found)
        })
        .collect();
    let first = words.iter().position(|(_, found)| *found)?;
    let (begin, end) = (first.saturating_sub(AROUND.0), words.len().min(first + AROUND.1));
    let mut matched: Vec<WordRange> = Vec::new();
    for (place, _) in words[begin..end].iter().enumerate().filter(|(_, (_, found))| *found) {
        match matched.last_mut() {
            Some(last) if last.end == place => last.end = place + 1,
            _ => matched.push(WordRange::new(place, place + 1)),
        }
    }
    let quote = words[begin..end].iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(" ");
    Some(Excerpt { quote, matched, first })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_never_reaches_the_language_of_the_index() {
        let table = [
            ("backup", r#"{said} : ("backup")"#),
            ("backup empty", r#"{said} : ("backup" AND "empty")"#),
            ("\"was empty\" backup", r#"{said} : ("was empty" AND "backup")"#),
            ("\u{201c}was empty\u{201d}", r#"{said} : ("was empty")"#),
            ("migrat*", r#"{said} : (("migrat"* OR "migrated"))"#),
            ("NEAR(a b)", r#"{said} : ("NEAR(a" AND "b)")"#),
            ("a OR NOT b", r#"{said} : ("a" AND "OR" AND "NOT" AND "b")"#),
            ("question:why -said ^x", r#"{said} : ("question:why" AND "-said" AND "^x")"#),
            ("half \"open phrase", r#"{said} : ("half" AND "open phrase")"#),
            ("a\0b '; DROP TABLE takes; --", r#"{said} : ("a" AND "b" AND "DROP" AND "TABLE" AND "takes;")"#),
        ];
        for (typed, wanted) in table {
            assert_eq!(in_fts(&terms(typed), &["said"], |_| vec!["migrated".into()]), wanted, "{typed:?}");
        }
        for nothing in ["", " ", "\"\"", "*", "-- ++", "\" \" * ()"] {
            assert_eq!(terms(nothing), [], "{nothing:?}");
        }
    }

    #[test]
    fn a_quote_stands_around_the_first_hit_and_knows_which_words_were_found() {
        let text: String = (0..40).map(|n| format!("w{n} ")).collect();
        let marked = text.replace("w20 w21", "\u{2}w20 w21\u{3}").replace("w23", "\u{2}w23\u{3},");
        let found = excerpt(&marked).expect("something is marked");
        assert_eq!((found.first, found.quote.split(' ').next()), (20, Some("w12")));
        assert_eq!(found.matched, [WordRange::new(8, 10), WordRange::new(11, 12)]);
        assert_eq!(found.quote.split(' ').nth(11), Some("w23,"));
        assert_eq!(excerpt("nothing here"), None);
    }
}
