//! Numbers with their units, and whether the Result holds one.

use super::answer::ReadAnswer;
use super::lexicon::Lexicon;
use crate::types::{Evidence, Judged, NumberFound, Star, StarPart, WordRange};

/// Finds the numbers of an answer, in digits and spelled.
pub fn find(answer: &ReadAnswer, star: &Star) -> Evidence {
    let of_result = result_numbers(answer, star);
    let found = |words: WordRange| NumberFound { text: trimmed(&answer.transcript().quote(words)).to_owned(), words };
    let in_result = of_result.iter().flatten().filter(|number| says_how_much(answer, **number));
    Evidence {
        numbers: numbers(answer.words(), answer.lexicon).into_iter().map(found).collect(),
        quantified_result: of_result.as_ref().map(|numbers| !numbers.is_empty()),
        in_result: in_result.copied().map(found).collect(),
    }
}

/// Units of time: "four weeks" is how long something took unless the words around it say what changed.
const TIMES: [&str; 18] = [
    "second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months",
    "quarter", "quarters", "year", "years", "am", "pm",
];
/// The months, in normal form.
pub(crate) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// What makes a time an outcome: "an hour instead of a week", "two days early".
const OUTCOMES_OF_TIME: [&str; 15] = [
    "from", "instead", "early", "earlier", "ahead", "faster", "sooner", "quicker", "shorter", "only", "saved", "less",
    "under", "down", "cut",
];
/// Numbers that mostly count who took part.
const FEW: [&str; 6] = ["one", "two", "three", "1", "2", "3"];
/// So many words around a time are looked at.
const TIME_REACH: usize = 8;

/// Whether a number of the Result tells what came of it: a date does not, nor does how long a course was.
fn says_how_much(answer: &ReadAnswer, number: WordRange) -> bool {
    let words = answer.words();
    let is = |word: Option<&String>, list: &[&str]| word.is_some_and(|word| list.contains(&word.as_str()));
    let before = number.first.checked_sub(1).and_then(|before| words.get(before));
    if is(before, &MONTHS) || is(words.get(number.end), &MONTHS) {
        return false;
    }
    let of = |list: &[&str]| words[number.indices()].iter().any(|word| is(Some(word), list));
    // "Two teams" are those who were there; "from three to two teams" is what came of it.
    if of(&FEW) && number.len() > 1 && !of(&["percent", "hundred", "thousand", "million"]) && !of(&TIMES) {
        return is(before, &["from", "to", "by", "only", "just"]);
    }
    if !of(&TIMES) {
        return true;
    }
    let ends = |word: usize| super::tokens::ends_sentence(&answer.transcript().words[word].text);
    let first = (number.first.saturating_sub(TIME_REACH)..number.first).rev().take_while(|word| !ends(*word)).last();
    let rest = (number.end..words.len().min(number.end + TIME_REACH)).take_while(|word| !ends(word - 1));
    let mut around = (first.unwrap_or(number.first)..number.first).chain(rest);
    around.any(|word| is(words.get(word), &OUTCOMES_OF_TIME))
}

/// The numbers of the Result but years, in order; `None` where there is no Result, or nothing was judged.
pub(crate) fn result_numbers(answer: &ReadAnswer, star: &Star) -> Option<Vec<WordRange>> {
    let result = star.parts.get(&StarPart::Result).filter(|found| star.judged == Judged::Yes && found.present)?;
    let mut found = numbers(answer.words(), answer.lexicon);
    found.retain(|number| result.words.iter().any(|part| part.contains(number.first)));
    found.retain(|number| !is_year(&answer.words()[number.indices()]));
    Some(found)
}

/// A quoted number without the punctuation that followed it.
fn trimmed(quote: &str) -> &str {
    quote.trim_end_matches([',', '.', '!', '?', ';', ':', '"', ')', '\u{201d}'])
}

/// Where numbers stand, each with the unit that follows it, in order.
pub(crate) fn numbers(words: &[String], lexicon: &Lexicon) -> Vec<WordRange> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match number_at(words, at, lexicon) {
            Some(end) => {
                let end = with_unit(words, end, lexicon);
                found.push(WordRange::new(at, end));
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// One past the number that begins at word `at`; `None` when none does.
fn number_at(words: &[String], at: usize, lexicon: &Lexicon) -> Option<usize> {
    let numbers = &lexicon.numbers;
    let word = words[at].as_str();
    let next = words.get(at + 1).map(String::as_str).unwrap_or_default();
    if numbers.quantities.contains(word) {
        return Some(at + 1);
    }
    let after = words.get(at + 2).map(String::as_str).unwrap_or_default();
    let of_size = numbers.multipliers.contains_key(next);
    let counted = of_size || numbers.units.contains(next) || joins(next, lexicon) && is_number(after, lexicon);
    let begins = is_digits(word)
        || is_spelled(word, lexicon)
        // "Thousands of users" is a number, "hundred" alone is the end of one that was not understood.
        || (numbers.multipliers.contains_key(word) && word.ends_with('s'))
        || (numbers.articles.contains_key(word) && of_size)
        || (numbers.weak.contains_key(word) && counted);
    if !begins {
        return None;
    }
    let mut end = at + 1;
    while end < words.len() {
        let word = words[end].as_str();
        let follows = words.get(end + 1).map(String::as_str).unwrap_or_default();
        if is_number(word, lexicon) {
            end += 1;
        } else if is_number(follows, lexicon)
            && (numbers.points.contains(word) || joins(word, lexicon) && has_size(&words[end - 1], lexicon))
        {
            end += 2;
        } else {
            break;
        }
    }
    Some(end)
}

/// Whether a number word ends in a multiplier, so that "and" goes on with the same number: "a hundred and four" is
/// one, "fourteen and four" are two.
fn has_size(word: &str, lexicon: &Lexicon) -> bool {
    word.rsplit('-').next().is_some_and(|last| lexicon.numbers.multipliers.contains_key(last))
}

/// Whether a word stands between two parts of one number.
fn joins(word: &str, lexicon: &Lexicon) -> bool {
    lexicon.numbers.joints.contains(word) || lexicon.numbers.points.contains(word)
}

/// One past the unit that follows a number which ends before word `end`: a known unit, or a plural.
fn with_unit(words: &[String], end: usize, lexicon: &Lexicon) -> usize {
    let Some(word) = words.get(end) else { return end };
    let before = words[end - 1].as_str();
    let complete = before.ends_with('%') || lexicon.numbers.quantities.contains(before);
    let plural = word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && lexicon.is_content(word);
    if !complete && (lexicon.numbers.units.contains(word) || plural && !word.contains('\'')) { end + 1 } else { end }
}

/// Whether a normal form is a number by itself, in digits or spelled.
pub(crate) fn is_number(word: &str, lexicon: &Lexicon) -> bool {
    is_digits(word)
        || is_spelled(word, lexicon)
        || lexicon.numbers.multipliers.contains_key(word)
        || lexicon.numbers.weak.contains_key(word)
}

/// `40%`, `$2.5m`, `1,000`, `3x`; a name such as `p99` or `k8s` begins with a letter and is none.
fn is_digits(word: &str) -> bool {
    word.trim_start_matches(['$', '€', '£']).starts_with(|c: char| c.is_ascii_digit())
}

/// `forty`, `twenty-two`, and German `zweiundzwanzig`.
fn is_spelled(word: &str, lexicon: &Lexicon) -> bool {
    let numbers = &lexicon.numbers;
    if numbers.plain.contains_key(word) {
        return true;
    }
    let part = |part: &str| {
        numbers.plain.contains_key(part) || numbers.weak.contains_key(part) || numbers.multipliers.contains_key(part)
    };
    if word.contains('-') {
        return numbers.plain.contains_key(word.split('-').next().unwrap_or_default()) && word.split('-').all(part);
    }
    !numbers.glue.is_empty() && is_one_word(word, lexicon)
}

/// The longest word in bytes that can be a number; German writes 777,777 in 63 letters.
const LONGEST_NUMBER: usize = 200;

/// Whether a word is made wholly of number words and glue, beginning and ending with a number.
fn is_one_word(word: &str, lexicon: &Lexicon) -> bool {
    if word.len() > LONGEST_NUMBER {
        return false;
    }
    let numbers = &lexicon.numbers;
    // Where a piece may begin, and whether a number stands just before.
    let mut open = vec![(0, false)];
    let mut seen = std::collections::HashSet::new();
    while let Some((from, after_number)) = open.pop() {
        if from == word.len() {
            return after_number;
        }
        if !seen.insert((from, after_number)) {
            continue;
        }
        for (offset, c) in word[from..].char_indices() {
            let end = from + offset + c.len_utf8();
            let piece = &word[from..end];
            if numbers.plain.contains_key(piece) || numbers.multipliers.contains_key(piece) {
                open.push((end, true));
            } else if after_number && numbers.glue.contains(piece) {
                open.push((end, false));
            } else if from == 0 && numbers.weak.contains_key(piece) && end < word.len() {
                open.push((end, true));
            }
        }
    }
    false
}

/// What a number says, such as 2.5 million for `$2.5 million`; `None` for one without a value, such as `doubled`.
pub(crate) fn value(number: &[String], lexicon: &Lexicon) -> Option<f64> {
    let numbers = &lexicon.numbers;
    // The finished thousands and millions, and the part below them.
    let (mut total, mut part, mut any) = (0.0, 0.0, false);
    // After "point": what the next digit counts for.
    let mut decimal: Option<f64> = None;
    for word in
        number.iter().flat_map(|word| if is_digits(word) { vec![word.as_str()] } else { word.split('-').collect() })
    {
        let plain = numbers.plain.get(word).or(numbers.weak.get(word)).or(numbers.articles.get(word)).copied();
        if numbers.points.contains(word) {
            decimal = Some(0.1);
            continue;
        }
        if let Some(value) = plain.or_else(|| digits_value(word)) {
            part += value * decimal.unwrap_or(1.0);
            decimal = decimal.map(|place| place / 10.0);
        } else if let Some(factor) = numbers.multipliers.get(word) {
            part = if part == 0.0 { *factor } else { part * factor };
            decimal = None;
            if *factor >= 1000.0 {
                total += part;
                part = 0.0;
            }
        } else {
            continue;
        }
        any = true;
    }
    any.then_some(total + part)
}

/// The value of `$2.5m`, `1,000` or `40%`.
fn digits_value(word: &str) -> Option<f64> {
    let bare = word.trim_start_matches(['$', '€', '£']);
    let end = bare.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(bare.len());
    let value: f64 = bare[..end].replace(',', "").parse().ok()?;
    let factor = match &bare[end..] {
        "k" => 1e3,
        "m" | "mn" => 1e6,
        "b" | "bn" => 1e9,
        _ => 1.0,
    };
    Some(value * factor)
}

/// A bare year says when, not how much.
fn is_year(number: &[String]) -> bool {
    matches!(number, [word] if word.len() == 4
        && (word.starts_with("19") || word.starts_with("20"))
        && word.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::super::spoken_for_tests::{Take, english};
    use super::*;
    use crate::types::StarPartFound;

    fn found_in(text: &str, lexicon: &Lexicon) -> Vec<String> {
        let take = Take::written(text);
        let evidence = find(&take.read(lexicon), &Star::default());
        evidence.numbers.into_iter().map(|number| number.text).collect()
    }

    #[test]
    fn numbers_are_found_in_digits_and_spelled_with_their_units() {
        let cases: [(&str, &[&str]); 13] = [
            ("we cut it by 40%, I think", &["40%"]),
            ("from two hundred and five to twelve minutes", &["two hundred and five", "twelve minutes"]),
            ("about twenty-two percent.", &["twenty-two percent"]),
            ("it cost $2.5 million in 2019", &["$2.5 million", "2019"]),
            ("one of them had one hour", &["one hour"]),
            ("no one and the second one", &[]),
            ("a hundred people and a few more", &["a hundred people"]),
            ("we doubled sales and halved cost", &["doubled", "halved"]),
            ("p99 on k8s", &[]),
            ("three point five seconds", &["three point five seconds"]),
            ("four crore rupees", &["four crore rupees"]),
            ("two engineers and I", &["two engineers"]),
            ("it took fourteen and four weeks", &["fourteen", "four weeks"]),
        ];
        for (text, expected) in cases {
            assert_eq!(found_in(text, &english()), expected, "{text}");
        }
    }

    #[test]
    fn a_german_number_in_one_word_is_a_number() {
        let german = Lexicon::builtin("de").expect("German is built in");
        assert_eq!(found_in("etwa zweiundzwanzig Prozent und der Hund", &german), ["zweiundzwanzig Prozent"]);
        assert_eq!(found_in("hundertfünfzig Leute", &german), ["hundertfünfzig Leute"]);
    }

    #[test]
    fn the_value_of_a_number_is_the_same_in_digits_and_spelled() {
        let cases = [
            ("40%", Some(40.0)),
            ("twenty-two percent", Some(22.0)),
            ("two hundred and five", Some(205.0)),
            ("$2.5 million", Some(2.5e6)),
            ("$2.5m", Some(2.5e6)),
            ("two point five million", Some(2.5e6)),
            ("1,200 users", Some(1200.0)),
            ("four hundred thousand", Some(4e5)),
            ("a hundred", Some(100.0)),
            ("doubled", None),
        ];
        for (text, expected) in cases {
            let words: Vec<String> = text.split(' ').map(super::super::tokens::normal).collect();
            assert_eq!(value(&words, &english()), expected, "{text}");
        }
    }

    #[test]
    fn dates_and_the_length_of_a_course_are_no_outcome_and_a_saved_hour_is() {
        let outcomes = |text: &str| {
            let take = Take::written(text);
            let range = vec![WordRange::new(0, take.transcript.words.len())];
            let part = StarPartFound { present: true, words: range, ..StarPartFound::default() };
            let star = Star { judged: Judged::Yes, parts: [(StarPart::Result, part)].into(), ..Star::default() };
            let found = find(&take.read(&english()), &star).in_result;
            found.into_iter().map(|number| number.text).collect::<Vec<_>>()
        };
        let cases: [(&str, &[&str]); 6] = [
            ("I settled a quarrel of two teams.", &[]),
            ("I passed the exam on 3 May.", &[]),
            ("After four weeks I passed the exam.", &[]),
            ("It took one hour instead of a week.", &["one hour"]),
            ("We finished two days early.", &["two days"]),
            ("Calls fell by 40 percent.", &["40 percent"]),
        ];
        for (text, expected) in cases {
            assert_eq!(outcomes(text), expected, "{text}");
        }
    }

    #[test]
    fn a_result_is_quantified_by_a_number_inside_it_that_is_no_year() {
        let told = |present, first, end| {
            let words = vec![WordRange::new(first, end)];
            let part = StarPartFound { present, words, ..StarPartFound::default() };
            Star { judged: Judged::Yes, parts: [(StarPart::Result, part)].into(), ..Star::default() }
        };
        let take = Take::written("we were five people and then in 2019 it dropped by half");
        let quantified = |star: &Star| find(&take.read(&english()), star).quantified_result;
        assert_eq!(quantified(&told(true, 8, 12)), Some(true));
        assert_eq!(quantified(&told(true, 5, 10)), Some(false));
        assert_eq!(quantified(&told(false, 8, 12)), None);
        assert_eq!(quantified(&Star::default()), None);
    }
}
