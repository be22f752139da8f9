//! Blanks: what somebody still has to write.
//!
//! `[Describe the context]`, `____`, `<your answer>`, `TODO`: a template is full of them. They are nothing to be asked,
//! said or compared with.

use super::vocabulary::vocabulary;

/// How much of a text is still to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Blank {
    /// Nothing: it says something.
    No,
    /// A sentence with gaps in it.
    Partly,
    /// All of it.
    Wholly,
}

/// How much of a text, without its label, is still to be written. An empty text is blank as a whole.
pub(super) fn blank(text: &str) -> Blank {
    let text =
        if text.trim_end_matches('.').len() + 2 < text.len() { super::numbers::after_number(text) } else { text };
    let marks = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '"' | '“' | '”' | '*' | '_' | '-' | '–' | '—' | '.' | ':' | ',' | '…' | '`' | '>' | '~' | '/'
            )
    };
    let core = text.trim_matches(marks);
    if core.is_empty() {
        // `____` and `...`, but not a rule or a lone dash in a table.
        return Blank::Wholly;
    }
    if core.contains("..") && !core.contains(char::is_alphabetic) {
        return Blank::Wholly;
    }
    // `I ...`: a sentence that somebody is to begin.
    if core.split_whitespace().count() == 1
        && core.len() <= 12
        && text.trim_end_matches(['"', '”', '*', '_', ' ']).ends_with(" ...")
    {
        return Blank::Wholly;
    }
    let said = core.trim_end_matches([')', ']', '}', '>']).trim_start_matches(['(', '[', '{', '<']);
    if (said.len() < 60 || core.starts_with(['[', '(', '<']))
        && vocabulary().blank.get(said.to_lowercase().trim()).is_some()
    {
        return Blank::Wholly;
    }
    // Most lines have nothing in which a gap could be.
    if !text.contains(['[', '<', '{', '_']) && !text.contains("XX") {
        return Blank::No;
    }
    let gaps = gaps(text);
    let left = gaps.left.trim_matches(marks);
    let letters = left.chars().filter(|c| c.is_alphanumeric()).count();
    // `XX % faster`, `$XX`: a figure that is still to come.
    let figure = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '%' | '$' | '€'));
        let letters = word.trim_matches(['%', '$', '€']);
        (2..=4).contains(&letters.len()) && letters.bytes().all(|byte| byte == b'X')
    };
    if gaps.count == 0 && left.contains("XX") && left.split_whitespace().any(figure) {
        return Blank::Partly;
    }
    if gaps.count > 0 && letters == 0 {
        return Blank::Wholly;
    }
    // `Company: [name], year: [when]` has hardly a word of its own.
    let mostly = gaps.letters > 3 * letters && gaps.letters >= 20;
    match gaps.count {
        0 => Blank::No,
        _ if mostly => Blank::Wholly,
        _ if gaps.underscores || gaps.count > 1 || gaps.letters * 4 > letters => Blank::Partly,
        _ => Blank::No,
    }
}

/// The gaps of a text, and what is left without them.
#[derive(Default)]
struct Gaps {
    count: usize,
    /// Letters inside brackets.
    letters: usize,
    underscores: bool,
    left: String,
}

fn gaps(text: &str) -> Gaps {
    let mut gaps = Gaps::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let bracket = match c {
            '[' if rest.starts_with("[[") => {
                let end = rest.find("]]").map_or(2, |end| end + 2);
                gaps.left.push_str(&rest[..end]);
                rest = &rest[end..];
                continue;
            }
            '[' => gap_in_brackets(rest, ']'),
            '<' => gap_in_brackets(rest, '>'),
            '{' => gap_in_brackets(rest, '}'),
            _ => None,
        };
        if let Some(end) = bracket {
            gaps.count += 1;
            gaps.letters += rest[..end].chars().filter(|c| c.is_alphanumeric()).count();
            rest = &rest[end..];
            continue;
        }
        let underscores = rest.len() - rest.trim_start_matches('_').len();
        if underscores >= 3 {
            gaps.count += 1;
            gaps.underscores = true;
            rest = &rest[underscores..];
            continue;
        }
        gaps.left.push(c);
        rest = &rest[c.len_utf8()..];
    }
    gaps
}

/// Where a bracket ends that holds words to be replaced; `None` for `[1]`, `[x]`, a link, or a comparison.
fn gap_in_brackets(text: &str, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    let open = text.chars().next()?;
    for (at, c) in text.char_indices().take_while(|(at, _)| *at < 2000) {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                let (inner, after) = (&text[1..at], &text[at + 1..]);
                let words = inner.chars().filter(|c| c.is_alphabetic()).count() >= 2;
                let link = after.starts_with('(') || inner.starts_with('!') || inner.starts_with('^');
                let told = c == '>'
                    && (inner.contains('<') || inner.starts_with([' ', '=', '/', '!']) || inner.contains("://"));
                return (words && !link && !told).then_some(at + 1);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_blank_and_sentences_are_not() {
        use Blank::{No, Partly, Wholly};
        let cases = [
            ("[Describe the context: which team, what was at stake]", Wholly),
            ("_[What was your own responsibility?]_", Wholly),
            ("\"[Company], [Year].\"", Wholly),
            ("____", Wholly),
            ("...", Wholly),
            ("1. ....", Wholly),
            ("", Wholly),
            ("TODO", Wholly),
            ("I ...", Wholly),
            ("<your answer here>", Wholly),
            ("[Example: During my time at X, we saw [a lot].]", Wholly),
            ("I am a ____ at ____.", Partly),
            ("At [Company], I was working on [system].", Partly),
            ("XX % faster than before", Partly),
            ("Sales of the Xbox in year X", No),
            ("The jammed sorter", No),
            ("Why do you want to work at [a large and old company]?", Partly),
            ("I read it in [1] and ticked it [x]", No),
            ("p < 5 and q > 3", No),
            ("[a link](b.md)", No),
            ("[[Ownership]]", No),
            ("We had no To do list that anybody read", No),
        ];
        for (text, expected) in cases {
            assert_eq!(blank(text), expected, "{text}");
        }
    }
}
