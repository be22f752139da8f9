//! Headings whose words say it together: an example answer and how good it is, or how an answer is built.

use super::{
    labels::{Label, split_head},
    vocabulary::{lowered, vocabulary},
};

/// The level of an example answer's heading, if it is one: 0 warns, 1 is competent, 2 the best.
pub(super) fn answer(text: &str) -> Option<u8> {
    let words = vocabulary();
    let (head, _) = split_head(text);
    if head.len() > 80 {
        return None;
    }
    let head = lowered(head);
    let mut named: Vec<&str> =
        head.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()).collect();
    let all = text.to_lowercase();
    let level =
        all.find("level ").and_then(|at| all[at + 6..].bytes().next()).filter(|digit| (b'1'..=b'3').contains(digit));
    let level = level.map(|digit| (digit - b'0').min(2));
    // The noun comes last in English and first in Spanish or French; a number may follow it.
    named.retain(|word| !word.bytes().all(|byte| byte.is_ascii_digit()));
    let is_noun = |word: &&&str| words.nouns.contains(**word);
    let at = [named.last(), named.first()].into_iter().flatten().find(is_noun).copied()?;
    let rest: Vec<&str> =
        named.iter().filter(|word| **word != at || at == "example" && named.len() == 1).copied().collect();
    let cue = |grade: usize| rest.iter().any(|word| words.grades[grade].contains(*word));
    let known = |word: &&str| words.neutral.contains(*word) || words.grades.iter().any(|grade| grade.contains(*word));
    let levelled = rest.iter().all(|word| known(word) || word.len() == 1 || *word == "level");
    match (rest.as_slice(), level) {
        ([] | ["example"], level) => Some(level.unwrap_or(2)),
        _ if cue(0) => Some(0),
        _ if cue(2) && (levelled || level.is_some() || rest.len() <= 3) => Some(level.unwrap_or(2)),
        _ if cue(1) && (levelled || level.is_some() || rest.len() <= 3) => Some(level.unwrap_or(1)),
        (_, Some(level)) if levelled => Some(level),
        _ if levelled => Some(2),
        _ => None,
    }
}

/// How good the answer of a candidate of this kind is: `Junior`, `A senior engineer`; `None` for other words.
pub(super) fn grade(text: &str) -> Option<u8> {
    let words = vocabulary();
    let lower = lowered(text.trim().trim_end_matches(':'));
    let named: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty()).collect();
    if named.is_empty() || named.len() > 4 {
        return None;
    }
    let cue = |grade: usize| named.iter().any(|word| words.grades[grade].contains(*word));
    (0..3).find(|grade| cue(*grade)).map(|grade| grade as u8)
}

/// How an answer is built, by a noun and words that stand before it: `Suggested STAR approach`.
pub(super) fn structure(head: &str) -> Option<Label> {
    let words = vocabulary();
    let lower = lowered(head);
    let mut named: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    named.pop().filter(|noun| words.structure_nouns.contains(*noun))?;
    let known = |word: &&str| {
        words.neutral.contains(*word)
            || words.nouns.contains(*word)
            || words.grades.iter().any(|grade| grade.contains(*word))
    };
    // `My approach` is what somebody did.
    let told = words.weak_parts.get(&lower).is_some();
    (!told && (1..=4).contains(&named.len()) && named.iter().all(known)).then_some(Label::Structure)
}
