//! Nesting without end, made bounded before the parser sees it.

use std::borrow::Cow;

/// Blanks the marks of quotes and lists that are nested absurdly deep.
///
/// The parser looks through all open quotes and lists on every line, so that a thousand on one line
/// and a million lines after it would take it hours. Lengths stay the same, so offsets hold.
pub(super) fn shallow(text: &str) -> Cow<'_, str> {
    const MARKS: usize = 32;
    const COLUMN: usize = 128;
    let mut blanked: Option<Vec<u8>> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bytes = line.as_bytes();
        let mut marks = 0;
        for at in 0..bytes.len() {
            let spaced = bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace);
            match bytes[at] {
                b' ' | b'\t' => continue,
                b'>' => {}
                b'-' | b'+' | b'*' if spaced => {}
                b'.' | b')' if spaced && at > 0 && bytes[at - 1].is_ascii_digit() => {}
                // The number of an item, whose mark comes behind it.
                b'0'..=b'9' => continue,
                _ => break,
            }
            marks += 1;
            if marks > MARKS || at > COLUMN {
                blanked.get_or_insert_with(|| text.as_bytes().to_vec())[start + at] = b' ';
            }
        }
        start += line.len();
    }
    match blanked {
        Some(bytes) => Cow::Owned(String::from_utf8(bytes).expect("only ASCII was replaced, by ASCII")),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_absurd_nesting_is_blanked_and_lengths_stay() {
        let usual = "> - 1. a\n        - b\n12 > 3 - 4\n";
        assert_eq!(shallow(usual), usual);
        let absurd = format!("{}é\n", ">".repeat(40));
        assert_eq!(shallow(&absurd), format!("{}{}é\n", ">".repeat(32), " ".repeat(8)));
    }
}
