//! Whether a line reads like something an interviewer asks.

use super::{
    numbers::after_number,
    vocabulary::{Words, lowered, vocabulary},
};
use crate::content::spoken::plain_words;

/// How much a line reads like a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asks {
    /// Not at all.
    #[default]
    No,
    /// It could be one: it begins so and does not end so, or it is very short.
    Maybe,
    /// It begins or ends as questions do.
    Surely,
}

/// A line longer than this many bytes is a paragraph, however it ends.
const LONGEST: usize = 600;
/// A question without a question mark or an opening has at least so many words.
const FEW: usize = 4;

/// How much a line reads like a question; a number and marks around it do not matter.
pub(super) fn asks(text: &str) -> Asks {
    if text.len() > LONGEST {
        return Asks::No;
    }
    let text = plain_words(text);
    let text = after_number(&text).trim_matches(['"', '“', '”', '„', '‘', '*', '_', '«', '»', ' ', ':']).trim();
    let lower = lowered(text);
    let lower = after_lead_in(&lower);
    let first = lower.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '-').next().unwrap_or_default();
    // Most lines are spared the rest: nothing in them asks.
    if lower.is_ascii() && !lower.contains('?') && !lower.contains(". ") && !vocabulary().may_open(lower, first) {
        return Asks::No;
    }
    match by_form(text, lower, first) {
        Asks::No => Asks::No,
        _ if is_said_otherwise(text, lower) || is_of_the_document(lower) => Asks::No,
        asked => asked,
    }
}

/// Whether a text that has the form of a question, and is here in lower case as well, is advice or tells of sayings.
fn is_said_otherwise(text: &str, lower: &str) -> bool {
    // "Ask: Is it clear?" is advice, and so is "Ask Jon: who decides?"
    let told_to = lower.find(':').is_some_and(|at| {
        let told = lower[..at].split(' ').count();
        advises(&lower[..at]) && (told == 1 || told == 2 && vocabulary().asks.beginning(lower).is_none())
    });
    // "Record it. How many were there?" tells what to do, and how to check it.
    let drill = lower.split_once(". ").is_some_and(|(first, rest)| {
        let asked = vocabulary().asks.beginning(lower).or(vocabulary().may_ask.beginning(lower)).is_some();
        advises(first) && !asked && !speaks_to_you(rest)
    });
    // What is said about several sayings is none of them.
    let sayings = !text.starts_with(['"', '“', '«']) && text.matches(['"', '“', '”']).count() >= 4;
    told_to || drill || sayings
}

/// How much a text, here in lower case as well, has the form of a question: how it begins and ends, and its length.
fn by_form(text: &str, lower: &str, first: &str) -> Asks {
    let words = words(lower);
    if words == 0 {
        return Asks::No;
    }
    // "Tell me about a time when ..." is the beginning of many questions, and none itself.
    let told = text.trim_end_matches(['…', '.', ' ']);
    let trails = text.ends_with('…') || text.ends_with("...");
    if text.ends_with([',', ';']) || text.ends_with(" when") || trails && is_unfinished(told) {
        return Asks::No;
    }
    let (text, lower) = if trails { (told, lower.trim_end_matches(['…', '.', ' '])) } else { (text, lower) };
    if text.ends_with(['?', '？', '؟']) || text.starts_with('¿') {
        // "Why us?" is whole, "Why?" and "Tight deadlines?" are not.
        let whole = words >= 3 || words == 2 && vocabulary().first_words.contains(first) && speaks_to_you(lower);
        return if whole { Asks::Surely } else { Asks::Maybe };
    }
    let whole = || vocabulary().asks.get(lower.trim_end_matches(['.', '。', '!'])).is_some();
    if vocabulary().asks.beginning(lower).is_some() && words >= 3 || whole() {
        return Asks::Surely;
    }
    // "The night shift has walked out. Walk me through your first hour."
    if let Some((_, last)) = lower.trim_end_matches(['.', '!', '"']).rsplit_once(". ")
        && text.len() < 300
        && last.split_whitespace().count() >= 3
        && vocabulary().asks.beginning(last).is_some()
    {
        return Asks::Surely;
    }
    let opens = vocabulary().first_words.contains(first);
    if opens && (text.contains("? ") || text.contains('？')) {
        return if speaks_to_you(lower) || text.len() < 160 { Asks::Surely } else { Asks::Maybe };
    }
    if opens && words >= FEW && text.len() < 160 && !text.ends_with('.') && speaks_to_you(lower) && is_inverted(lower) {
        return Asks::Surely;
    }
    let may = vocabulary().may_ask.beginning(lower).is_some();
    // `Biggest regret` says all that it asks, `A time` does not.
    let named = || words >= 2 && vocabulary().may_ask.get(lower).is_some() && !is_unfinished(lower);
    if words >= FEW && (may || opens && speaks_to_you(lower))
        || named()
        || opens && words >= 3 && text.len() < 100 && !text.ends_with('.')
    {
        return Asks::Maybe;
    }
    Asks::No
}

/// Whether a text breaks off: no sentence ends in its last word.
pub(super) fn is_unfinished(text: &str) -> bool {
    let last = text.rsplit(|c: char| !c.is_alphanumeric() && c != '\'').next().unwrap_or_default().to_lowercase();
    vocabulary().unfinished.contains(&last)
}

/// A text in lower case without what opens it and says nothing: `so, tell me ...`.
fn after_lead_in(lower: &str) -> &str {
    match lower.split_once(", ") {
        Some((first, rest)) if vocabulary().lead_ins.contains(first) => rest,
        _ => lower,
    }
}

/// Whether a text in lower case puts the verb first, as only questions do: `how do you`, `what is your`, `are you`.
fn is_inverted(lower: &str) -> bool {
    let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let verbs = &vocabulary().verbs;
    let you = vocabulary().you.contains(first);
    verbs.contains(second) && !you
        || first.ends_with("'s")
        || verbs.contains(first) && vocabulary().you.contains(second)
}

/// Whether a line reads like something an interviewer asks, with or without a question mark.
pub fn reads_like_a_question(text: &str) -> bool {
    asks(text) == Asks::Surely
}

/// Whether a line could be nothing but a question: it begins or ends so, as `asks` demands of a heading.
pub(super) fn may_be_asked(text: &str) -> bool {
    match asks(text) {
        Asks::Surely => true,
        Asks::Maybe => {
            let text = plain_words(text);
            let lower = after_number(&text).trim_matches(['"', '“', '”', ' ']).to_lowercase();
            words(&lower) >= 3 && (lower.ends_with('?') || vocabulary().may_ask.beginning(&lower).is_some())
        }
        Asks::No => false,
    }
}

/// Whether a line opens as only interviewers do: `Tell me about ...`.
pub(super) fn opens_as_interviewers_do(text: &str) -> bool {
    let lower = lowered(after_number(text).trim_matches(['"', '“', '”', ' ']));
    let lower = after_lead_in(&lower);
    words(lower) >= 3 && vocabulary().asks.beginning(lower).is_some() && asks(text) == Asks::Surely
}

/// Whether a text in lower case speaks to somebody, or of those who ask: `Why us?`
pub(super) fn speaks_to_you(lower: &str) -> bool {
    addresses(lower) || has_word(lower, &vocabulary().us)
}

/// Whether a question can be asked with nothing said before it: it speaks to the candidate and leans on no earlier word.
pub(super) fn stands_alone(text: &str) -> bool {
    let lower = lowered(text);
    let whole = opens_as_interviewers_do(text) || speaks_to_you(&lower) && words(&lower) > FEW;
    asks(text) == Asks::Surely && whole && !has_word(&lower, &vocabulary().refers)
}

/// Whether a question leans on what was said before, and speaks to nobody: `How did it go?`
pub(super) fn looks_back(text: &str) -> bool {
    let lower = lowered(text);
    has_word(&lower, &vocabulary().refers) && !speaks_to_you(&lower) && !opens_as_interviewers_do(text)
}

/// Whether a text in lower case speaks to somebody.
pub(super) fn addresses(lower: &str) -> bool {
    has_word(lower, &vocabulary().you)
}

/// Whether somebody tells of themself in a text in lower case.
pub(super) fn tells(lower: &str) -> bool {
    has_word(lower, &vocabulary().told)
}

/// Whether somebody tells of themself alone, and speaks to nobody: `I was asked to ...`.
pub(super) fn tells_of_oneself(lower: &str) -> bool {
    (has_word(lower, &vocabulary().i) || lower.starts_with("my ") || lower.contains(" my ")) && !addresses(lower)
}

/// Whether somebody asks about themself, or about those who will ask: `Can I use a story twice?`, `Do they allow notes?`
pub(super) fn asks_of_oneself(text: &str) -> bool {
    let lower = lowered(text);
    let of_them = || lower.split_whitespace().take(4).any(|word| vocabulary().them.contains(word));
    (has_word(&lower, &vocabulary().i) || of_them()) && !speaks_to_you(&lower) && !lower.starts_with("tell")
}

/// Whether a question is about the candidate and hardly about a company: `Tell me about a time you failed`.
pub(super) fn is_of_the_candidate(text: &str) -> bool {
    has_word(&text.to_lowercase(), &vocabulary().of_candidate)
}

/// Whether a line begins as advice does: `Be specific about ...`.
pub(super) fn advises(text: &str) -> bool {
    let lower = lowered(after_number(text));
    let first = lower.split(|c: char| !c.is_alphanumeric() && c != '\'').next().unwrap_or_default();
    vocabulary().advises.contains(first)
}

fn is_of_the_document(lower: &str) -> bool {
    let words = vocabulary();
    let of_interviews = || {
        let named = || words.of_interviews.iter().any(|name| lower.contains(name.as_str()));
        !speaks_to_you(lower) && words.asks.beginning(lower).is_none() && named()
    };
    // "When you are stuck, what do you do?" opens as documents do, and asks behind its comma.
    let asks_in_the_end = || {
        let last = lower.rsplit_once(", ").map_or("", |(_, last)| last);
        last.ends_with('?') && speaks_to_you(last) && is_inverted(last)
    };
    words.of_document.get(lower.trim_end_matches(['?', ' '])).is_some() && !asks_in_the_end() || of_interviews()
}

/// Whether a text has one of these words; in a script without spaces they may stand anywhere.
fn has_word(lower: &str, words: &Words) -> bool {
    let spaced = lower.split(|c: char| !c.is_alphanumeric() && c != '\'').any(|word| words.contains(word));
    spaced
        || !lower.is_ascii()
            && lower.contains(is_sign)
            && words.iter().any(|word| word.starts_with(is_sign) && lower.contains(word.as_str()))
}

/// Whether a character is one of a script without spaces.
fn is_sign(c: char) -> bool {
    matches!(u32::from(c), 0x3040..=0x30ff | 0x3400..=0x9fff | 0xac00..=0xd7af)
}

/// How many words a text has; two signs of a script without spaces count as one.
fn words(text: &str) -> usize {
    let spaced = text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    let signs = text.chars().filter(|c| is_sign(*c)).count();
    spaced.max(signs / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_interviewer_says_is_told_from_a_title() {
        use Asks::{Maybe, No, Surely};
        let cases = [
            ("\"Tell me about a time you failed.\"", Surely),
            ("3. What would you change?", Surely),
            ("3.Can you describe a hard week", Surely),
            ("What's a hard problem you solved? Be specific about how.", Surely),
            ("What's your strength and weakness", Surely),
            ("Have you ever worked with very little? Include an example", Surely),
            ("The night shift has gone. Walk me through your first hour.", Surely),
            ("Describe the context", No),
            ("Describe the context of it", Maybe),
            ("How do you handle conflict with peers", Surely),
            ("What your boss may want", Maybe),
            ("Tight deadlines?", Maybe),
            ("Biggest regret", Maybe),
            ("Why?", Maybe),
            ("Erzählen Sie von einem Streit", Surely),
            ("¿Cuál es tu mayor logro?", Surely),
            ("你最大的缺点是什么？", Surely),
            ("Tell me about a time when...", No),
            ("Managing managers", No),
            ("Why Ask Questions?", No),
            ("What is the STAR method?", No),
            ("How to answer behavioral questions", No),
            ("Leaders start with the customer and work backwards.", No),
            ("Why us?", Surely),
            ("When you meet a wall, what is the first thing that you try?", Surely),
            ("When you meet a wall, say so", No),
            ("Record it. How many pauses?", No),
            ("Describe your team. How large was it?", Surely),
        ];
        for (text, expected) in cases {
            assert_eq!(asks(text), expected, "{text}");
        }
    }

    #[test]
    fn a_question_that_leans_on_what_was_said_does_not_stand_alone() {
        assert!(stands_alone("How would your last team describe you?") && stands_alone("Tell me about a delay."));
        assert!(!stands_alone("What happened then?") && !stands_alone("How did you tell them?"));
        assert!(!stands_alone("What did you change?"), "too short to say what about");
    }

    #[test]
    fn a_question_of_the_one_who_prepares_is_told_apart() {
        assert!(asks_of_oneself("Can the same story serve me twice, or do I need two?"));
        assert!(!asks_of_oneself("How do you and I differ?"));
        assert!(advises("Be honest about it") && !advises("The jammed sorter"));
    }
}
