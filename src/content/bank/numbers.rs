//! The ornaments and numbers that people put before a heading or an item.

/// A heading without its ornaments and number: `🎯 2) Ownership` to `Ownership`, `3.Can you` to `Can you`.
pub(super) fn after_number(text: &str) -> &str {
    let text = after_ornament(text);
    number(text).map_or(text, |end| text[end..].trim())
}

/// Where the number ends with which a text begins, its mark included: `2.1.`, `3)`, `(4)`, `5 -`, `#6`.
///
/// `30-60-90`, `3.5 years` and `1:1` are no numbers of a place.
fn number(text: &str) -> Option<usize> {
    // `B2. "Why?"`: a letter before the number, and a sentence behind it.
    if let Some(letter) = text.chars().next().filter(char::is_ascii_uppercase)
        && letter != 'Q'
        && let Some(after) = text[1..]
            .strip_prefix(|c: char| c.is_ascii_digit())
            .map(|after| after.trim_start_matches(|c: char| c.is_ascii_digit()))
        && let Some(rest) = after.strip_prefix(['.', ')', ':'])
        && rest.trim_start().starts_with(|c: char| c.is_uppercase() || matches!(c, '"' | '“'))
        && rest.starts_with(' ')
        && text.len() - after.len() <= 4
    {
        return Some(text.len() - rest.len());
    }
    let inner = text.strip_prefix(['(', '#']).unwrap_or(text);
    let open = text.len() - inner.len();
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let mut end = digits(inner);
    if end == 0 || end > 4 {
        return None;
    }
    // The numbers of the sections above: `2.1.2`.
    while let Some(more) = inner[end..].strip_prefix('.').map(digits).filter(|more| *more > 0) {
        end += 1 + more;
    }
    let rest = &inner[end..];
    if text.starts_with('#') && rest.starts_with(char::is_whitespace) {
        return Some(open + end);
    }
    let marked = rest.strip_prefix(['.', ')', ':', '．', '、']);
    if let Some(after) = marked {
        let mark = rest.len() - after.len();
        let word = after.chars().take_while(|c| c.is_alphabetic()).count() >= 3;
        let apart = word
            || after.is_empty()
            || after.starts_with(|c: char| c.is_whitespace() || c.is_uppercase() || "\"“'*".contains(c));
        let time = rest.starts_with(':') && !after.starts_with(char::is_whitespace);
        return (apart && !time).then_some(open + end + mark);
    }
    let sections =
        inner[..end].contains('.') && rest.starts_with(' ') && !rest.trim_start().starts_with(char::is_lowercase);
    let dashed = [" - ", " – ", " — "].iter().find(|dash| rest.starts_with(**dash)).map(|dash| open + end + dash.len());
    dashed.or(sections.then_some(open + end))
}

/// A heading without what is neither a word nor opens one.
pub(super) fn after_ornament(text: &str) -> &str {
    let ornament = |c: char| {
        !c.is_alphanumeric()
            && !matches!(c, '"' | '“' | '‘' | '\'' | '(' | '[' | '<' | '$' | '€' | '£' | '¿' | '¡' | '„' | '«')
    };
    let mut text = text;
    loop {
        let number = text.starts_with('#') && text[1..].starts_with(|c: char| c.is_ascii_digit());
        let rest = if number { text } else { text.trim_start_matches(ornament) };
        // A keycap is a digit with marks behind it: `1️⃣`.
        let digit = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        match rest[digit..].starts_with(['\u{fe0f}', '\u{20e3}']) {
            true => text = rest[digit..].trim_start_matches(['\u{fe0f}', '\u{20e3}', ' ']),
            false => return rest.trim_end(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ornaments_go_and_figures_stay() {
        let cases = [
            ("🎯 2) Ownership", "Ownership"),
            ("3.Can you", "Can you"),
            ("4.ownership", "ownership"),
            ("2.1.2. Why us?", "Why us?"),
            ("2.1 Why us?", "Why us?"),
            ("#4 Why us?", "Why us?"),
            ("B2. \"Why us?\"", "\"Why us?\""),
            ("B2B sales", "B2B sales"),
            ("(5) Why us?", "Why us?"),
            ("6 - Why us?", "Why us?"),
            ("1️⃣ Why us?", "Why us?"),
            ("3.5 years of what?", "3.5 years of what?"),
            ("30-60-90 days", "30-60-90 days"),
            ("1:1 with your boss", "1:1 with your boss"),
            ("90 days from now", "90 days from now"),
            ("2024. Then what?", "Then what?"),
        ];
        for (text, expected) in cases {
            assert_eq!(after_number(text), expected, "{text}");
        }
    }
}
