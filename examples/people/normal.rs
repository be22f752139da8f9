//! Words of transcripts from different hands, made comparable.
//!
//! Lower case, no punctuation, numbers in words, letters apart ("`H_T_M_L_`", "HTML" stays), a few spellings made one.
//! Filled pauses and words that were cut off in the middle are left out on both sides.

/// Filled pauses in all the ways they are written.
const FILLED_PAUSES: [&str; 15] =
    ["um", "umm", "uhm", "uh", "uhh", "er", "erm", "ah", "hm", "hmm", "mm", "mmm", "mhm", "mmhmm", "uhhuh"];

/// Spellings of one word, and words that are two.
const SAME: [(&str, &str); 13] = [
    ("mister", "mr"),
    ("ok", "okay"),
    ("kay", "okay"),
    ("cause", "because"),
    ("cuz", "because"),
    ("yknow", "you know"),
    ("gonna", "going to"),
    ("wanna", "want to"),
    ("kinda", "kind of"),
    ("alright", "all right"),
    ("er", "her"),
    ("mfa", "m f a"),
    ("html", "h t m l"),
];

/// The words of a reference as somebody transcribed it.
pub fn reference(text: &str) -> Vec<String> {
    let mut kept = String::new();
    for token in text.split_whitespace() {
        // `<cutoff-x>` is x cut off, `<hes-x>` is x drawn out, other marks are no words.
        let token = match token.strip_prefix('<') {
            Some(mark) => mark.strip_prefix("hes-").map_or("", |word| word.trim_end_matches('>')),
            None => token,
        };
        let bare = token.trim_end_matches(['.', ',', '?', '!']);
        if !bare.ends_with('-') {
            kept.push_str(token);
            kept.push(' ');
        }
    }
    words(&kept)
}

/// The words of what a recogniser wrote.
pub fn words(text: &str) -> Vec<String> {
    let text = without_notes(&text.to_lowercase().replace('\u{2019}', "'"));
    let text =
        text.replace("mm-hmm", "mmhmm").replace("mm hmm", "mmhmm").replace("uh-huh", "uhhuh").replace('%', " percent ");
    let mut out = Vec::new();
    for token in text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | '\u{2014}')) {
        for word in spelled(token) {
            // An apostrophe before a word tells "'er" (her) from the filled pause.
            let (bare, is_short) = (word.trim_matches('\''), word.starts_with('\''));
            let same = SAME.iter().find(|(from, _)| *from == bare && (*from != "er" || is_short));
            let word = same.map_or(bare, |(_, to)| to);
            if !FILLED_PAUSES.contains(&word) {
                out.extend(word.split(' ').filter(|word| !word.is_empty()).map(str::to_owned));
            }
        }
    }
    out
}

/// Whether a word, as written, is an "um" or "uh".
pub fn is_um(word: &str) -> bool {
    let word: String = word.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    matches!(word.as_str(), "um" | "umm" | "uhm" | "uh" | "uhh" | "er" | "erm")
}

/// Whether a word, as written, is any filled pause.
pub fn is_filled_pause(word: &str) -> bool {
    let word: String = word.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    FILLED_PAUSES.contains(&word.as_str()) || word == "huh" || word == "oh"
}

/// Leaves out `[BLANK_AUDIO]`, `(laughs)` and `*coughs*`.
fn without_notes(text: &str) -> String {
    let mut kept = String::new();
    let mut until = None;
    for c in text.chars() {
        match (until, c) {
            (None, '[') => until = Some(']'),
            (None, '(') => until = Some(')'),
            (None, '*') => until = Some('*'),
            (None, _) => kept.push(c),
            (Some(end), _) if c == end => {
                until = None;
                kept.push(' ');
            }
            (Some(_), _) => {}
        }
    }
    kept
}

/// The words of a token: a number spelled out, letters apart.
fn spelled(token: &str) -> Vec<String> {
    if token.contains('_') {
        return token.split('_').map(plain).filter(|letter| !letter.is_empty()).collect();
    }
    let letters: Vec<&str> = token.trim_end_matches([',', '?', '!']).split_terminator('.').collect();
    if letters.len() > 1 && letters.iter().all(|letter| letter.len() == 1 && letter.chars().all(char::is_alphabetic)) {
        return letters.into_iter().map(str::to_owned).collect();
    }
    let figures: String = token.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let figures = figures.trim_matches('.');
    if !token.contains(|c: char| c.is_ascii_digit()) {
        return vec![plain(token)];
    }
    let ordinal = ["st", "nd", "rd", "th"].iter().any(|end| plain(token).ends_with(end));
    let mut words = number(figures, ordinal);
    if token.starts_with('$') {
        words.push("dollars".to_owned());
    }
    words
}

fn plain(token: &str) -> String {
    token.chars().filter(|c| c.is_alphanumeric() || *c == '\'').collect()
}

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// A number in words, as people say it; four digits from 1100 to 2099 are a year.
fn number(figures: &str, ordinal: bool) -> Vec<String> {
    let (whole, part) = figures.split_once('.').unwrap_or((figures, ""));
    let value: u64 = whole.parse().unwrap_or(0);
    let mut words = if whole.len() == 4 && (1100..2100).contains(&value) && part.is_empty() && value % 1000 >= 10 {
        let mut words = cardinal(value / 100);
        words.extend(cardinal(value % 100));
        words
    } else {
        cardinal(value)
    };
    if !part.is_empty() {
        words.push("point".to_owned());
        words.extend(part.bytes().map(|digit| ONES[usize::from(digit - b'0')].to_owned()));
    }
    if ordinal && let Some(last) = words.last_mut() {
        *last = match last.as_str() {
            "one" => "first".to_owned(),
            "two" => "second".to_owned(),
            "three" => "third".to_owned(),
            "five" => "fifth".to_owned(),
            "eight" => "eighth".to_owned(),
            "nine" => "ninth".to_owned(),
            "twelve" => "twelfth".to_owned(),
            tens if tens.ends_with('y') => format!("{}ieth", &tens[..tens.len() - 1]),
            other => format!("{other}th"),
        };
    }
    words
}

fn cardinal(value: u64) -> Vec<String> {
    let one = |word: &str| vec![word.to_owned()];
    let with = |mut head: Vec<String>, unit: &str, rest: u64| {
        head.push(unit.to_owned());
        if rest > 0 {
            head.extend(cardinal(rest));
        }
        head
    };
    match value {
        0..20 => one(ONES[value as usize]),
        20..100 if value.is_multiple_of(10) => one(TENS[value as usize / 10]),
        20..100 => [one(TENS[value as usize / 10]), one(ONES[value as usize % 10])].concat(),
        100..1_000 => with(cardinal(value / 100), "hundred", value % 100),
        1_000..1_000_000 => with(cardinal(value / 1_000), "thousand", value % 1_000),
        _ => with(cardinal(value / 1_000_000), "million", value % 1_000_000),
    }
}
