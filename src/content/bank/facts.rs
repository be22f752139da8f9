//! Facts on a line: durations, target lengths, lists of tags, kinds and frameworks.

use crate::{
    content::frameworks::Frameworks,
    types::{Question, QuestionKind},
};

/// Reads a duration in minutes: `45 minutes`, `1 hour 30`, `30-45 min` (the longer one counts).
///
/// A number without a unit is minutes.
pub(super) fn minutes(text: &str) -> Option<u32> {
    let longest = amounts(text, 60)?.into_iter().max()?;
    Some((longest / 60).max(1))
}

/// Reads a wanted length in seconds: `90 to 120 s`, `2-3 minutes`, `1:30-2:00`.
///
/// One figure stands for a range around it, a quarter to either side; with `under`, `up to` or `at
/// most` before it, for the range from half of it. A number without a unit is seconds.
pub(super) fn target(text: &str) -> Option<[u32; 2]> {
    let amounts = amounts(text, 1)?;
    let (least, most) = (*amounts.iter().min()?, *amounts.iter().max()?);
    if amounts.len() > 1 && least < most {
        return Some([least, most]);
    }
    let lower = text.to_lowercase();
    if ["under", "up to", "at most", "max", "less than", "no more"].iter().any(|word| lower.contains(word)) {
        return Some([most / 2, most]);
    }
    Some([most - most / 4, most + most / 4])
}

/// The amounts of time in a text, in seconds.
fn amounts(text: &str, default_unit: u32) -> Option<Vec<u32>> {
    let mut found: Vec<(f64, Option<u32>)> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        rest = &rest[start..];
        let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(rest.len());
        let number = rest[..end].trim_end_matches([':', '.']);
        rest = &rest[end..];
        if let Some((whole, part)) = number.split_once(':') {
            found.push((whole.parse::<f64>().ok()? * 60.0 + part.parse::<f64>().ok()?, Some(1)));
        } else {
            found.push((number.parse().ok()?, unit(rest)));
        }
    }
    // `2-3 minutes`: a number without a unit has the unit of the one after it.
    let mut following = None;
    for (_, unit) in found.iter_mut().rev() {
        following = unit.or(following);
        *unit = following;
    }
    let mut amounts: Vec<u32> = Vec::new();
    let mut before = 0;
    for (value, unit) in found {
        // `1 hour 30`: after hours, a bare number is minutes, and both belong together.
        let unit = unit.unwrap_or(if before == 3600 { 60 } else { default_unit });
        let seconds = value * f64::from(unit);
        if !(1.0..=86_400.0).contains(&seconds) {
            return None;
        }
        match amounts.last_mut() {
            Some(last) if before == 3600 && unit == 60 => *last += seconds as u32,
            _ => amounts.push(seconds as u32),
        }
        before = unit;
    }
    (!amounts.is_empty()).then_some(amounts)
}

fn unit(after: &str) -> Option<u32> {
    let after = after.trim_start_matches([' ', '-', '\u{a0}']).to_lowercase();
    let word: String = after.chars().take_while(|c| c.is_alphabetic()).collect();
    match word.as_str() {
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(3600),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(60),
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1),
        _ => None,
    }
}

/// Reads a list of tags: `Influence, risk trade-offs` to `influence`, `risk-trade-offs`.
pub(super) fn tags(text: &str) -> Vec<String> {
    let tags = text.split([',', ';']).map(|tag| {
        let words = tag.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '/' | '+'));
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-").replace('/', "-").to_lowercase()
    });
    tags.filter(|tag| !tag.is_empty()).collect()
}

/// Reads the kind of a question: `deep dive`, `Behavioural`.
pub(super) fn kind(text: &str) -> Option<QuestionKind> {
    let word: String = text.chars().filter(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
    match word.as_str() {
        "behavioural" | "behavioral" | "story" => Some(QuestionKind::Behavioural),
        "strategy" | "strategic" | "opinion" | "hypothetical" => Some(QuestionKind::Strategy),
        "scenario" | "case" => Some(QuestionKind::Scenario),
        "deepdive" | "technical" => Some(QuestionKind::DeepDive),
        _ => None,
    }
}

/// Whether a text names frameworks: one we know, or names of one word, as the person's own have.
pub(super) fn is_framework(text: &str) -> bool {
    let known = Frameworks::builtin();
    tags(text).iter().any(|name| known.named(name).is_some())
        || text.split([',', ';']).all(|name| name.split_whitespace().count() <= 1)
}

/// The kind of a question by its own words, when the author did not name it.
pub(super) fn likely_kind(question: &Question) -> QuestionKind {
    if question.situation.is_some() || !question.challenges.is_empty() {
        return QuestionKind::Scenario;
    }
    let text = question.text.to_lowercase();
    let has = |cues: &[&str]| cues.iter().any(|cue| text.contains(cue));
    if has(&["deep dive", "in depth", "technical challenge", "design review", "architecture of", "hardest bug"]) {
        QuestionKind::DeepDive
    } else if has(&[
        "tell me about a time",
        "tell us about a time",
        "describe a time",
        "describe a situation",
        "give an example",
        "give me an example",
        "a time you",
        "a time when",
    ]) {
        QuestionKind::Behavioural
    } else if has(&[
        "how do you",
        "how would you",
        "if you were",
        "if you got",
        "what is your philosophy",
        "what's your philosophy",
        "what would you",
        "how should",
        "first 90 days",
        "how will you",
    ]) {
        QuestionKind::Strategy
    } else {
        QuestionKind::Behavioural
    }
}

/// The frameworks a question asks for, by its own words, when the author named none.
pub(super) fn likely_frameworks(question: &Question) -> Vec<String> {
    Frameworks::builtin().asked_for(question).into_iter().map(|framework| framework.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_minutes() {
        let cases = [
            ("60 minutes", Some(60)),
            ("1 hour 30", Some(90)),
            ("1.5 hours", Some(90)),
            ("30-45 min", Some(45)),
            ("45", Some(45)),
            ("a while", None),
            ("99999999999999999999", None),
        ];
        for (text, expected) in cases {
            assert_eq!(minutes(text), expected, "{text}");
        }
    }

    #[test]
    fn target_lengths_are_ranges_of_seconds() {
        let cases = [
            ("90 to 120 s", Some([90, 120])),
            ("2–3 minutes", Some([120, 180])),
            ("1:30-2:00", Some([90, 120])),
            ("about 2 minutes", Some([90, 150])),
            ("under 60 seconds", Some([30, 60])),
            ("short", None),
        ];
        for (text, expected) in cases {
            assert_eq!(target(text), expected, "{text}");
        }
    }

    #[test]
    fn tags_are_lower_case_words_with_hyphens() {
        assert_eq!(
            tags("Influence, risk trade-offs; Hiring/firing,"),
            ["influence", "risk-trade-offs", "hiring-firing"]
        );
    }
}
