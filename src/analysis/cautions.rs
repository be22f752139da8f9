//! Phrases that weaken an answer: hedges, vagueness, blame, bitterness, restarts, repeats, rambling.

use std::collections::{HashMap, HashSet};

use super::answer::ReadAnswer;
use super::lexicon::Lexicon;
use super::{length, tokens};
use crate::types::{Caution, CautionKind, WordRange};

/// Finds all cautions in the order spoken; none on fewer than [`MIN_WORDS`](super::MIN_WORDS) words.
pub fn find(answer: &ReadAnswer, target_s: [u32; 2]) -> Vec<Caution> {
    if answer.is_too_short() {
        return Vec::new();
    }
    let (words, lexicon) = (answer.words(), answer.lexicon);
    let mut found = phrases(words, lexicon);
    found.extend(restarts(answer).into_iter().map(|range| (CautionKind::Restart, range)));
    found.extend(repetitions(words, lexicon).into_iter().map(|range| (CautionKind::Repetition, range)));
    found.extend(ramble(answer, target_s).map(|range| (CautionKind::Ramble, range)));
    found.sort_by_key(|(kind, range)| (range.first, range.end, *kind));
    found.into_iter().map(|(kind, words)| Caution { kind, words, quote: answer.transcript().quote(words) }).collect()
}

/// Hedges, vagueness, blame and bitterness, as the lexicon lists them.
fn phrases(words: &[String], lexicon: &Lexicon) -> Vec<(CautionKind, WordRange)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match lexicon.cautions.longest_at(at, |i| words.get(i).map(String::as_str)) {
            Some((length, kind)) => {
                found.push((*kind, WordRange::new(at, at + length)));
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// The longest stretch that is looked at for being said twice in a row.
const LONGEST_RESTART: usize = 4;

/// Words said again at once ("I, I", "we had, um, we had the"), and words broken off ("oth-").
///
/// Filled pauses in between are looked through; a sentence's end is not: "It did. It did."
fn restarts(answer: &ReadAnswer) -> Vec<WordRange> {
    let (written, words, lexicon) = (&answer.transcript().words, answer.words(), answer.lexicon);
    let spoken: Vec<usize> = (0..words.len())
        .filter(|&index| !words[index].is_empty() && lexicon.filled_pause(&words[index]).is_none())
        .collect();
    let same = |a: usize, b: usize| words[spoken[a]] == words[spoken[b]];
    let unbroken = |first: usize, end: usize| {
        (spoken[first]..spoken[end]).all(|index| !tokens::ends_sentence(&written[index].text))
    };
    let mut found: Vec<WordRange> = Vec::new();
    let mut at = 0;
    while at < spoken.len() {
        let again = (1..=LONGEST_RESTART).rev().find(|&length| {
            at + 2 * length <= spoken.len()
                && (0..length).all(|offset| same(at + offset, at + length + offset))
                && unbroken(at, at + 2 * length - 1)
                && !(length == 1 && rightly_doubled(&words[spoken[at]], lexicon))
        });
        if let Some(length) = again {
            let range = WordRange::new(spoken[at], spoken[at + 2 * length - 1] + 1);
            match found.last_mut() {
                // "I, I, I" is one restart.
                Some(last) if last.end > range.first => last.end = range.end,
                _ => found.push(range),
            }
            at += length;
        } else {
            if is_broken_off(&written[spoken[at]].text) {
                found.push(WordRange::new(spoken[at], spoken[at] + 1));
            }
            at += 1;
        }
    }
    found
}

fn rightly_doubled(word: &str, lexicon: &Lexicon) -> bool {
    lexicon.doubles.contains(word) || super::evidence::is_number(word, lexicon)
}

/// `oth-`: a hyphen that ends a word, as recognisers write a word cut short.
fn is_broken_off(written: &str) -> bool {
    let bare = written.trim_end_matches(',');
    bare.ends_with('-') && !bare.ends_with("--") && bare.chars().any(char::is_alphabetic)
}

/// Words in a repeated phrase.
const REPEATED_WORDS: usize = 3;
/// Content words it needs: "and then we" again and again is grammar, not repetition.
const REPEATED_CONTENT: usize = 2;
/// How often it is said before it is remarked on.
const REPEATED_TIMES: usize = 3;

/// Phrases said three times or more: where each is said for the third time, made as long as all three share.
fn repetitions(words: &[String], lexicon: &Lexicon) -> Vec<WordRange> {
    let content: Vec<bool> = words.iter().map(|word| lexicon.is_content(word)).collect();
    let mut said: HashMap<&[String], Vec<usize>> = HashMap::new();
    let mut found: Vec<WordRange> = Vec::new();
    for (at, phrase) in words.windows(REPEATED_WORDS).enumerate() {
        if content[at..at + REPEATED_WORDS].iter().filter(|is| **is).count() < REPEATED_CONTENT {
            continue;
        }
        let places = said.entry(phrase).or_default();
        if places.last().is_none_or(|last| last + REPEATED_WORDS <= at) {
            places.push(at);
            if places.len() == REPEATED_TIMES {
                match found.last_mut() {
                    Some(last) if last.end + 1 > at => last.end = at + REPEATED_WORDS,
                    _ => found.push(WordRange::new(at, at + REPEATED_WORDS)),
                }
            }
        }
    }
    found
}

/// Words looked at together when asking whether anything new is being said: some 20 s of speech.
const STRETCH: usize = 50;
/// Of the content words in a stretch, fewer than this share are new when someone goes round in circles.
const NEW_SHARE: f64 = 0.25;
/// Words a minute by which a text without times is placed against the target.
const TYPICAL_WPM: f64 = 150.0;

/// The tail of an answer that is long past its target and says little that was not said before.
fn ramble(answer: &ReadAnswer, target_s: [u32; 2]) -> Option<WordRange> {
    let (words, lexicon) = (answer.words(), answer.lexicon);
    let limit_s = length::limit_s(target_s);
    let begin = super::timing::answer(&answer.heard).map_or(0.0, |span| span.start_s.0);
    let past_limit = |index: usize| match answer.transcript().words[index].start_s {
        Some(start) => start.0 - begin > limit_s,
        None => index as f64 > limit_s / 60.0 * TYPICAL_WPM,
    };
    let first_past = (0..words.len()).find(|index| past_limit(*index))?;
    let mut known: HashSet<&str> = HashSet::new();
    let new: Vec<Option<bool>> =
        words.iter().map(|word| lexicon.is_content(word).then(|| known.insert(word))).collect();
    let nothing_new = |stretch: &[Option<bool>]| {
        let (mut content, mut fresh) = (0, 0);
        for is_new in stretch.iter().flatten() {
            content += 1;
            fresh += usize::from(*is_new);
        }
        (fresh as f64) < NEW_SHARE * content as f64
    };
    let tail = &new[first_past..];
    let stale = tail.chunks(STRETCH).filter(|stretch| stretch.len() == STRETCH).position(nothing_new)?;
    let first = first_past + stale * STRETCH;
    Some(WordRange::new(first, first + STRETCH))
}

#[cfg(test)]
mod tests {
    use super::super::spoken_for_tests::{Take, english};
    use super::*;

    /// Cautions of one kind in a text, which is filled up to be long enough to be judged.
    fn found(kind: CautionKind, text: &str) -> Vec<String> {
        let filling = "Alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november \
            oscar papa quebec romeo sierra tango uniform victor whisky xray yankee zulu zebra yellow violet.";
        let take = Take::written(&format!("{text} {filling}"));
        let cautions = find(&take.read(&english()), [60, 120]);
        cautions.into_iter().filter(|caution| caution.kind == kind).map(|caution| caution.quote).collect()
    }

    #[test]
    fn phrases_are_found_by_kind_and_the_longest_first() {
        assert_eq!(found(CautionKind::Hedge, "I think maybe, perhaps it is."), ["I think maybe,", "perhaps"]);
        assert_eq!(found(CautionKind::Vague, "Logs, metrics, stuff like that."), ["stuff like that."]);
        assert_eq!(found(CautionKind::Blame, "It was their fault, really."), ["their fault,"]);
        assert_eq!(found(CautionKind::Negative, "The code was awful."), ["awful."]);
    }

    #[test]
    fn words_said_again_at_once_are_a_restart_also_around_an_um() {
        let cases: [(&str, &[&str]); 8] = [
            ("I, I went", &["I, I"]),
            ("I, I, I went", &["I, I, I"]),
            ("so we had, um, we had the, the plan", &["we had, um, we had", "the, the"]),
            ("there were oth- other plans", &["oth-"]),
            ("it was very, very good that that worked", &[]),
            ("It worked. It worked.", &[]),
            ("twenty twenty was hard", &[]),
            ("a well-known plan", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(found(CautionKind::Restart, text), expected, "{text}");
        }
    }

    #[test]
    fn a_phrase_said_three_times_is_a_repetition_and_twice_is_not() {
        let thrice = "cross functional alignment and cross functional alignment or cross functional alignment";
        assert_eq!(found(CautionKind::Repetition, thrice), ["cross functional alignment"]);
        let twice = "cross functional alignment and then again cross functional alignment";
        assert_eq!(found(CautionKind::Repetition, twice), Vec::<String>::new());
        assert_eq!(found(CautionKind::Repetition, "and then we and then we and then we"), Vec::<String>::new());
    }

    #[test]
    fn going_round_in_circles_past_the_limit_is_rambling_and_saying_new_things_is_not() {
        let circling = "the deployment pipeline matters because deployment pipeline matters ".repeat(60);
        let ramble = |text: &str| {
            let take = Take::written(text);
            let cautions = find(&take.read(&english()), [60, 120]);
            cautions.iter().filter(|caution| caution.kind == CautionKind::Ramble).count()
        };
        assert_eq!(ramble(&circling), 1);
        let fresh: String = (0..500).map(|n| format!("topic{n} ")).collect();
        assert_eq!(ramble(&fresh), 0);
        let short = "the deployment pipeline matters because deployment pipeline matters ".repeat(20);
        assert_eq!(ramble(&short), 0);
    }

    #[test]
    fn a_few_words_are_not_judged() {
        let take = Take::written("I, I think maybe it was awful");
        assert_eq!(find(&take.read(&english()), [60, 120]), []);
    }
}
