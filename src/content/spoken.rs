//! What a person would read aloud of what somebody wrote.
//!
//! [`plain`] takes off what is there for the eye: addresses, pictures, emoji, stars, tags, Markdown, asides. [`spoken`]
//! also says signs and abbreviations as people do. Both are pure, and both leave plain words as they are.

use std::{borrow::Cow, sync::LazyLock};

/// A text as it is shown and named, and what was left out of it, in order.
///
/// Numbers before a text are no part of this; `2. Why?` keeps its number.
pub fn plain(text: &str) -> (String, Vec<String>) {
    if !needs_work(text) {
        return (text.trim().to_owned(), Vec::new());
    }
    let mut left = Vec::new();
    let text = without_marks(text, &mut left);
    let text = without_addresses(&text, &mut left);
    let text = without_signs_and_tags(&text, &mut left);
    let text = without_asides(&text, &mut left);
    (tidied(&text), left)
}

/// The words of [`plain`] alone.
pub fn plain_words(text: &str) -> Cow<'_, str> {
    if needs_work(text) { plain(text).0.into() } else { text.trim().into() }
}

/// Whether anything in a text could be more than words: most lines are spared the work.
fn needs_work(text: &str) -> bool {
    text.bytes().any(|byte| {
        matches!(byte, b'(' | b'[' | b'~' | b'*' | b'`' | b'#' | b'=' | b'<' | b'_' | b'%' | b'{' | b'^' | b'|')
    }) || text.contains(':') && text.contains("://")
        || text.as_bytes().windows(4).any(|bytes| bytes == b"www.")
        || text.as_bytes().windows(2).any(|bytes| bytes == b"  ")
        || !text.is_ascii() && text.chars().any(|c| is_sign(c) || c == '★' || c == '☆')
}

/// Marks of Markdown and its kin: what is struck out goes, what is marked stays.
fn without_marks(text: &str, left: &mut Vec<String>) -> String {
    let mut text = cut_between(text, "~~", "~~", left);
    text = cut_between(&text, "%%", "%%", left);
    text = cut_between(&text, "![[", "]]", left);
    text = links_of_a_vault(&text);
    for mark in ["**", "__", "==", "`"] {
        // `____` is a blank to be filled in.
        if text.contains(mark) && !text.contains("___") {
            text = text.replace(mark, "");
        }
    }
    text
}

/// Cuts what stands between two marks, and the marks.
fn cut_between(text: &str, open: &str, close: &str, left: &mut Vec<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(open) {
        let inner = &rest[start + open.len()..];
        let Some(end) = inner.find(close).filter(|end| *end > 0) else { break };
        left.push(inner[..end].to_owned());
        out.push_str(&rest[..start]);
        rest = &inner[end + close.len()..];
    }
    out.push_str(rest);
    out
}

/// `[[a note|its name]]` to `its name`.
fn links_of_a_vault(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("[[") {
        let inner = &rest[start + 2..];
        let Some(end) = inner.find("]]").filter(|end| *end > 0) else { break };
        out.push_str(&rest[..start]);
        out.push_str(inner[..end].rsplit('|').next().unwrap_or_default());
        rest = &inner[end + 2..];
    }
    out.push_str(rest);
    out
}

/// Addresses and pictures: `![a](b.png)`, `(https://...)`, `https://...`, and the brackets that held only those.
fn without_addresses(text: &str, left: &mut Vec<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        if rest.starts_with("![")
            && let Some(middle) = rest.find("](")
            && let Some(end) = rest[middle..].find(')')
        {
            left.push(rest[..=middle + end].to_owned());
            rest = &rest[middle + end + 1..];
        } else if let Some(inner) = rest.strip_prefix('(')
            && let Some(end) = closing(inner)
            && is_address_in_brackets(&inner[..end])
        {
            left.push(rest[..end + 2].to_owned());
            rest = &inner[end + 1..];
        } else if starts_address(rest) && !out.ends_with(char::is_alphanumeric) {
            let end =
                rest.find(|c: char| c.is_whitespace() || matches!(c, ')' | ']' | '>' | '"')).unwrap_or(rest.len());
            left.push(rest[..end].to_owned());
            rest = &rest[end..];
        } else {
            let c = rest.chars().next().unwrap_or(' ');
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out.replace("()", "").replace("<>", "")
}

fn starts_address(text: &str) -> bool {
    ["http://", "https://", "www.", "mailto:", "file://", "ftp://"].iter().any(|start| text.starts_with(start))
}

/// Where the bracket closes that is open before the text; at most a line's worth is looked at.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices().take_while(|(at, _)| *at < 400) {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Whether brackets hold an address, or a word or two with theirs: `(source (https://...))`.
fn is_address_in_brackets(inner: &str) -> bool {
    let inner = inner.trim();
    let local = !inner.contains(char::is_whitespace)
        && (inner.starts_with(['#', '/']) && inner.len() > 1 && !inner[1..].starts_with(|c: char| c.is_ascii_digit())
            || inner.starts_with("./")
            || inner.starts_with("../")
            || FILES.iter().any(|ending| inner.to_ascii_lowercase().ends_with(ending)));
    if starts_address(inner) {
        return true;
    }
    let named = inner.ends_with(')')
        && inner.find('(').is_some_and(|at| at <= 40 && is_address_in_brackets(inner[at + 1..].trim_end_matches(')')));
    local || named
}

/// Endings of files that people link to.
const FILES: [&str; 12] =
    [".md", ".mdx", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".pdf", ".html", ".webp", ".docx", ".txt"];

/// Asides for the eye: `(STAR)`, `[asked at Initech]`, `[2-3 minutes]`, `(Continued)`.
fn without_asides(text: &str, left: &mut Vec<String>) -> String {
    let mut text = text.trim().to_owned();
    // Before the text: `[[Ownership]]` was resolved, `[easy] Tell me`.
    while let Some(inner) = text.strip_prefix('[')
        && let Some(end) = inner.find(']').filter(|end| *end <= 60)
        && !inner[end + 1..].trim().is_empty()
        && !inner[end + 1..].starts_with(['(', '['])
        && is_aside(&inner[..end])
    {
        left.push(text[..end + 2].to_owned());
        text = inner[end + 1..].trim().to_owned();
    }
    // `(optional) Tell me`.
    if let Some((aside, rest)) = text.strip_prefix('(').and_then(|inner| inner.split_once(')'))
        && is_aside(aside)
        && !rest.trim().is_empty()
    {
        left.push(format!("({aside})"));
        text = rest.trim().to_owned();
    }
    loop {
        let ornament = |c: char| is_sign(c) || c.is_whitespace() || matches!(c, '★' | '☆');
        let end = text.trim_end_matches(ornament).len();
        let body = &text[..end];
        let Some(open) = aside_at_the_end(body) else { return text };
        left.push(body[open..].to_owned());
        text = format!("{}{}", body[..open].trim_end(), &text[end..]);
    }
}

/// Where the aside begins that ends a text.
fn aside_at_the_end(text: &str) -> Option<usize> {
    let (open, close) = match text.chars().last()? {
        ')' => ('(', 1),
        ']' => ('[', 1),
        _ => return None,
    };
    let at = text.rfind(open).filter(|at| *at > 0 && text.len() - at <= 80)?;
    let (before, inner) = (text[..at].trim_end(), &text[at + 1..text.len() - close]);
    if open == '(' {
        return is_aside(inner).then_some(at);
    }
    // `at [Company]` is a blank in the sentence; behind a whole sentence a bracket is a remark.
    let blank = before.split_whitespace().last().is_some_and(|word| NEEDS_MORE.contains(&word.to_lowercase().as_str()));
    (is_aside(inner) || !blank && inner.chars().any(char::is_alphanumeric)).then_some(at)
}

/// Words after which something must come.
const NEEDS_MORE: [&str; 18] = [
    "a", "an", "the", "at", "in", "for", "with", "to", "of", "by", "about", "your", "our", "my", "from", "on", "as",
    "and",
];

/// Whether brackets hold a remark on the question, not a part of it.
fn is_aside(inner: &str) -> bool {
    const WORDS: [&str; 30] = [
        "star",
        "star method",
        "star format",
        "star stories",
        "starl",
        "car",
        "care",
        "soar",
        "par",
        "bluf",
        "continued",
        "cont",
        "again",
        "optional",
        "important",
        "common",
        "very common",
        "easy",
        "medium",
        "hard",
        "bonus",
        "new",
        "repeat",
        "source",
        "link",
        "ref",
        "must know",
        "behavioral",
        "behavioural",
        "classic",
    ];
    let lower = inner.trim().trim_end_matches('.').to_lowercase();
    WORDS.contains(&lower.as_str()) || lower.starts_with("asked ") || lower.starts_with("click to ") || is_time(&lower)
}

/// Whether brackets hold a length of time: `2-3 minutes`, `~90 sec`.
pub(crate) fn is_time(lower: &str) -> bool {
    let digits = lower.chars().filter(char::is_ascii_digit).count();
    let unit = lower.split(|c: char| !c.is_alphabetic()).any(|word| {
        matches!(word, "s" | "sec" | "secs" | "second" | "seconds" | "m" | "min" | "mins" | "minute" | "minutes")
    });
    digits > 0 && digits <= 6 && unit && lower.len() <= 30
}

/// Emoji, stars and `#tags`.
fn without_signs_and_tags(text: &str, left: &mut Vec<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let tag = c == '#' && before.is_whitespace() && after.starts_with(|c: char| c.is_alphabetic());
        if tag {
            let end = after.find(char::is_whitespace).unwrap_or(after.len());
            left.push(format!("#{}", &after[..end]));
            rest = &after[end..];
        } else {
            if !(is_sign(c) || matches!(c, '★' | '☆')) {
                out.push(c);
            }
            rest = after;
        }
        before = c;
    }
    // `^block-id` is how a vault names a paragraph.
    if let Some(at) = out.rfind(" ^").filter(|at| *at > 0 && !out[at + 2..].contains(char::is_whitespace)) {
        left.push(out[at + 1..].to_owned());
        out.truncate(at);
    }
    out
}

/// Whether a character is a picture: an emoji, a star, an arrowhead, or what joins emoji.
pub(crate) fn is_sign(c: char) -> bool {
    matches!(u32::from(c),
        0x1f000..=0x1faff | 0x2600..=0x27bf | 0x2b00..=0x2bff | 0x2300..=0x23ff | 0x25a0..=0x25ff
        | 0xfe0e | 0xfe0f | 0x200b..=0x200f | 0x2060 | 0x20e3 | 0xe0020..=0xe007f)
}

/// One space between words, and none before a stop.
fn tidied(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let stop = word.chars().all(|c| matches!(c, '?' | '!' | '.' | ',' | ':' | ';'));
        if !out.is_empty() && !stop {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A text as a person would say it.
///
/// Numbers keep their digits, which voices read well; signs beside them are said in words.
pub fn spoken(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let (line, _) = plain(line);
        let line = line.trim_start_matches(['-', '*', '+', '>', ' ']).replace(['[', ']', '{', '}'], "");
        line.split_whitespace().fold(String::with_capacity(line.len()), with_word)
    });
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// A sentence with one more word. `Why us ?` loses its space, and a dash between words is a short pause.
fn with_word(mut sentence: String, word: &str) -> String {
    let mark = match word {
        "-" | "–" | "—" => Some(','),
        _ if word.chars().all(|c| matches!(c, '?' | '!' | '.' | ',' | ':' | ';')) => word.chars().next(),
        _ => None,
    };
    let word = if mark.is_some() { String::new() } else { said(word) };
    let ended = sentence.ends_with(['?', '!', '.', ',', ':', ';']);
    match mark {
        Some(mark) if !ended && !sentence.is_empty() => sentence.push(mark),
        _ if word.is_empty() => {}
        _ => {
            if !sentence.is_empty() {
                sentence.push(' ');
            }
            sentence.push_str(&word);
        }
    }
    sentence
}

/// A word as it is said.
fn said(word: &str) -> String {
    let core = word.trim_matches(|c: char| {
        matches!(c, '(' | ')' | '"' | '“' | '”' | ',' | ';' | '?' | '!' | ':' | '‘' | '’' | '\'')
    });
    if core.is_empty() {
        return if word.chars().any(char::is_alphanumeric) { word.to_owned() } else { String::new() };
    }
    let start = word.find(core).unwrap_or(0);
    let (before, after) = (&word[..start], &word[start + core.len()..]);
    if let Some(said) = abbreviation(core) {
        return format!("{before}{said}{after}");
    }
    let (core, stop) = core.strip_suffix('.').filter(|core| !core.is_empty()).map_or((core, ""), |core| (core, "."));
    if let Some(said) = abbreviation(core) {
        return format!("{before}{said}{after}");
    }
    let said = money(core).or_else(|| percentage(core)).unwrap_or_else(|| core_in_words(core));
    format!("{before}{said}{stop}{after}")
}

/// What `content/spoken/en.txt` says of a word.
fn abbreviation(word: &str) -> Option<String> {
    static WORDS: LazyLock<std::collections::HashMap<&str, &str>> = LazyLock::new(|| {
        let text = include_str!("../../content/spoken/en.txt");
        let lines = text.lines().filter(|line| !line.starts_with("# "));
        lines.filter_map(|line| line.split_once(" = ")).map(|(word, said)| (word.trim(), said.trim())).collect()
    });
    WORDS.get(word).or_else(|| WORDS.get(word.to_lowercase().as_str())).map(|said| (*said).to_owned())
}

/// `$2M` to `2 million dollars`.
fn money(word: &str) -> Option<String> {
    let mut characters = word.chars();
    let currency = match characters.next()? {
        '$' => "dollars",
        '€' => "euros",
        '£' => "pounds",
        '¥' => "yen",
        '₹' => "rupees",
        _ => return None,
    };
    let rest = characters.as_str();
    let digits = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',')).unwrap_or(rest.len());
    let (number, scale) = (rest[..digits].trim_end_matches(['.', ',']), rest[digits..].trim_end_matches('+'));
    let stop = &rest[number.len()..digits];
    let scale = match scale.to_lowercase().as_str() {
        "" => "",
        "k" => " thousand",
        "m" | "mm" | "mn" => " million",
        "b" | "bn" => " billion",
        _ => return None,
    };
    (!number.is_empty()).then(|| format!("{number}{scale} {currency}{stop}"))
}

/// `40%` to `40 percent`; `%` alone too.
fn percentage(word: &str) -> Option<String> {
    let (number, rest) = word.split_once('%')?;
    let plain = number.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '–' | '~' | '+'));
    let number = number.replace(['-', '–'], " to ").replace('~', "about ");
    plain.then(|| format!("{number} percent{rest}").trim().to_owned())
}

/// Signs inside a word, as they are said.
fn core_in_words(word: &str) -> String {
    let figure = |word: &str| word.chars().next().is_some_and(|c| c.is_ascii_digit());
    match word {
        "&" | "+" => return "and".into(),
        "=" => return "is".into(),
        "@" => return "at".into(),
        ">" | "<" | "|" | "/" | "-" | "–" | "—" | "•" | "→" | "->" | "=>" => {
            return if matches!(word, "→" | "->" | "=>") { "to".into() } else { String::new() };
        }
        _ => {}
    }
    if let Some(rest) = word.strip_prefix('#').filter(|rest| figure(rest)) {
        return format!("number {rest}");
    }
    if let Some(number) = word.strip_prefix('~').filter(|rest| figure(rest)) {
        return format!("about {number}");
    }
    if let Some(times) = word
        .strip_suffix(['x', '×'])
        .filter(|rest| figure(rest) && rest.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
    {
        return format!("{times} times");
    }
    if let Some(more) = word.strip_suffix('+').filter(|rest| figure(rest)) {
        return format!("more than {more}");
    }
    let mut out = word.to_owned();
    for (sign, said) in [("&", " and "), ("→", " to "), ("->", " to "), ("_", " ")] {
        out = out.replace(sign, said);
    }
    // `planning/estimation`: people say the one or the other.
    if out.contains('/') && !out.chars().any(|c| c.is_ascii_digit()) && out.split('/').all(|part| part.len() > 1) {
        out = out.replace('/', " or ");
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spoken_is_what_a_person_would_read_aloud() {
        let cases = [
            ("Tell me about a time you failed.", "Tell me about a time you failed."),
            ("Why us ??", "Why us?"),
            ("Tell me the story of the silo – and its sensor.", "Tell me the story of the silo, and its sensor."),
            ("🔥 Tell me about a slow `SELECT` (source (https://example.org/q)) ⭐⭐", "Tell me about a slow SELECT"),
            ("Describe a time you led a team (STAR) [asked at Initech]", "Describe a time you led a team"),
            ("Walk me through your biggest launch! #leadership", "Walk me through your biggest launch!"),
            (
                "Tell me about a time you ~~failed~~ learned something ![picture](a.png)",
                "Tell me about a time you learned something",
            ),
            ("Tell me a bit about your work [2-3 minutes]", "Tell me a bit about your work"),
            ("Why **this** port (Continued)", "Why this port"),
            ("See [[Ownership|what you owned]] first", "See what you owned first"),
            ("Why do you want to work at [Company]?", "Why do you want to work at Company?"),
            ("What is your favorite [Company] product", "What is your favorite Company product"),
            ("How do you run CI/CD, e.g. for kiosks?", "How do you run C I C D, for example for kiosks?"),
            ("How often do you have 1:1s?", "How often do you have one-on-ones?"),
            ("A cut of 40% saved $2.5M.", "A cut of 40 percent saved 2.5 million dollars."),
            ("From 5-10% to €3k", "From 5 to 10 percent to 3 thousand euros"),
            ("You grew it 10x & kept ~90 people", "You grew it 10 times and kept about 90 people"),
            (
                "Walk me through a PIP (Performance Improvement Plan).",
                "Walk me through a PIP (Performance Improvement Plan).",
            ),
            ("What is your planning/estimation process?", "What is your planning or estimation process?"),
            ("Your #1 rule in C#?", "Your number 1 rule in C#?"),
            ("Why us?\n- money\n- people", "Why us?\nmoney\npeople"),
            ("What would you do w/ 3 engineers vs. 30?", "What would you do with 3 engineers versus 30?"),
            ("⭐️", ""),
        ];
        for (written, said) in cases {
            assert_eq!(spoken(written), said, "{written}");
        }
    }

    #[test]
    fn what_was_left_out_is_told() {
        let (text, left) = plain("Why us? (STAR) #culture [asked twice] https://a.b");
        assert_eq!(text, "Why us?");
        assert_eq!(left.len(), 4, "{left:?}");
    }

    #[test]
    fn plain_words_are_left_alone_and_nothing_is_spoken_twice() {
        for text in ["Why this port?", "naïve façade – “quoted”", "I am at 5 p.m. sharp", "mail me@x.org"] {
            assert_eq!(plain(text), (text.to_owned(), Vec::new()));
            assert_eq!(spoken(&spoken(text)), spoken(text));
        }
    }
}
