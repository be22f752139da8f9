//! The speaker's own words, made into a sentence that can be said or into a question about them.

use crate::analysis::reading::CUES;
use crate::analysis::tokens::normal;

/// Words at the head of a clause that join it to what went before.
const JOINS: [&str; 14] = [
    "and",
    "so",
    "but",
    "then",
    "well",
    "okay",
    "also",
    "because",
    "finally",
    "eventually",
    "ultimately",
    "yeah",
    "now",
    "as",
];
/// Phrases that do the same.
const JOINING: [&[&str]; 5] =
    [&["as", "a", "result"], &["in", "the", "end"], &["at", "the", "end"], &["you", "know"], &["i", "mean"]];
const FILLED: [&str; 6] = ["um", "uh", "er", "erm", "hm", "mm"];

/// A clause as a sentence of its own: without "and" or "in the end" at its head and without "um", with a capital letter
/// and a full stop.
pub(super) fn sentence(quote: &str) -> String {
    let words: Vec<&str> = quote.split_whitespace().filter(|word| !FILLED.contains(&normal(word).as_str())).collect();
    let normals: Vec<String> = words.iter().map(|word| normal(word)).collect();
    let mut first = 0;
    loop {
        let rest = &normals[first..];
        let phrase =
            JOINING.iter().find(|phrase| rest.len() > phrase.len() && rest.iter().zip(**phrase).all(|(a, b)| a == b));
        match phrase {
            Some(phrase) => first += phrase.len(),
            // "As" opens a clause that needs another; only the phrase may go.
            None if rest.len() > 1 && rest[0] != "as" && JOINS.contains(&rest[0].as_str()) => first += 1,
            None => break,
        }
    }
    let text = words[first..].join(" ");
    let text = text.trim_end_matches([',', ';', ':', '-', '\u{2014}', '\u{2013}', ' ']);
    let mut letters = text.chars();
    let Some(head) = letters.next() else { return String::new() };
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{stop}", head.to_uppercase(), letters.as_str())
}

/// Whether a sentence begins with a word that nobody understands who did not hear the one before: "This reduced rework."
pub(super) fn points_back(sentence: &str) -> bool {
    let first = sentence.split_whitespace().next().map(normal).unwrap_or_default();
    matches!(first.as_str(), "this" | "that" | "these" | "those" | "it" | "they" | "which" | "both")
}

/// The same said by one person: "we" is "I" and "our" is "my".
pub(super) fn by_one(quote: &str) -> String {
    const ONE: [(&str, &str); 9] = [
        ("we", "I"),
        ("we're", "I'm"),
        ("we've", "I've"),
        ("we'd", "I'd"),
        ("we'll", "I'll"),
        ("our", "my"),
        ("ours", "mine"),
        ("us", "me"),
        ("ourselves", "myself"),
    ];
    let mut after_one = false;
    let words = quote.split_whitespace().map(|word| {
        let bare = normal(word);
        let verb = [("were", "was"), ("are", "am"), ("weren't", "wasn't")];
        let swap = ONE.iter().chain(verb.iter().filter(|_| after_one)).find(|(plural, _)| *plural == bare);
        after_one = bare == "we";
        match swap {
            Some((_, single)) => {
                let end = word.trim_start_matches(|c: char| c.is_alphanumeric() || c == '\'' || c == '\u{2019}');
                format!("{single}{end}")
            }
            None => word.to_owned(),
        }
    });
    sentence(&words.collect::<Vec<_>>().join(" "))
}

/// What can be counted, besides the cues of the class "measure".
const COUNTED: [&str; 24] = [
    "calls",
    "customers",
    "errors",
    "failures",
    "incidents",
    "orders",
    "bugs",
    "crashes",
    "accidents",
    "members",
    "users",
    "visits",
    "visitors",
    "students",
    "patients",
    "returns",
    "falls",
    "deaths",
    "advertisers",
    "subscribers",
    "mistakes",
    "delays",
    "outages",
    "alerts",
];

/// Asks for the number that a result lacks, by the name of what changed where its words tell: "sales went up" asks how
/// many sales.
pub(super) fn asked_number(result: &str) -> String {
    let words: Vec<String> = result.split_whitespace().map(normal).collect();
    let refs: Vec<&str> = words.iter().map(String::as_str).collect();
    let (change, measure) = (CUES.set(&["up", "down"]), CUES.set(&["measure"]));
    let changes = (1..refs.len()).find(|at| CUES.starting(&refs[*at..]) & change != 0);
    let counted = |word: &&String| {
        let word = word.as_str();
        matches!(word, "time" | "times") || COUNTED.contains(&word) || CUES.starting(&[word]) & measure != 0
    };
    let named = changes.and_then(|verb| words[..verb].iter().rev().take(3).find(counted));
    match named.map(String::as_str) {
        Some("time" | "times") => "How long did it take before, and how long after?".to_owned(),
        Some(noun) if noun.ends_with('s') => format!("How many {noun} before, and how many after?"),
        Some(noun) => format!("What was the {noun} before, and what is it now?"),
        _ if words.iter().any(|word| matches!(word.as_str(), "faster" | "quicker" | "quickly" | "slower")) => {
            "How long did it take before, and how long after?".to_owned()
        }
        _ => "One figure is enough: how many, how much or how long, before and after?".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_becomes_a_sentence_that_can_be_said() {
        let cases = [
            ("and in the end, um, we were down to nine parcels,", "We were down to nine parcels."),
            ("As a result the queue was gone", "The queue was gone."),
            ("As soon as I left, it broke.", "As soon as I left, it broke."),
            ("", ""),
        ];
        for (quote, expected) in cases {
            assert_eq!(sentence(quote), expected);
        }
    }

    #[test]
    fn what_a_team_did_is_said_by_one() {
        assert_eq!(by_one("we were late, so we moved our desks"), "I was late, so I moved my desks.");
        assert_eq!(by_one("And we've built it ourselves."), "I've built it myself.");
    }

    #[test]
    fn a_missing_number_is_asked_for_by_its_name() {
        let cases = [
            ("my sales went up and my employer noticed", "How many sales before, and how many after?"),
            ("my skills improved", "One figure is enough: how many, how much or how long, before and after?"),
            ("our revenue grew", "What was the revenue before, and what is it now?"),
            ("the response time dropped", "How long did it take before, and how long after?"),
            ("it was a lot faster", "How long did it take before, and how long after?"),
            ("I passed the exam", "One figure is enough: how many, how much or how long, before and after?"),
        ];
        for (result, expected) in cases {
            assert_eq!(asked_number(result), expected);
        }
    }
}
