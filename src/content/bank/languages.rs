//! Several languages side by side in one heading: `Tell me about yourself. / 请介绍一下你自己`.
//!
//! Scripts tell languages apart; in one script, the words with which people ask do. Two halves in one language are two
//! questions, and stay one text.

use super::{
    asks::{Asks, asks},
    vocabulary::vocabulary,
};

/// The words asked, and the same in languages known by their script; `None` where a text is in one script.
pub(super) fn side_by_side(text: &str) -> Option<(&str, Vec<(&'static str, &str)>)> {
    let halves = in_brackets(text).or_else(|| MARKS.iter().find_map(|mark| text.split_once(mark)))?;
    let halves = [halves.0.trim(), halves.1.trim()];
    let scripts = halves.map(script);
    let asked = halves.map(|half| asks(half) != Asks::No);
    if scripts[0]? == scripts[1]? {
        return in_one_script(halves);
    }
    if asked == [false, false] {
        return None;
    }
    let said = scripts.iter().position(|script| *script == Some(LATIN)).unwrap_or(0);
    let told = scripts.into_iter().flatten().zip(halves).filter(|(script, _)| *script != LATIN);
    Some((halves[said], told.collect()))
}

/// `Warum wir? / Why us?`: both halves ask, each in a language of its own.
fn in_one_script(halves: [&str; 2]) -> Option<(&str, Vec<(&'static str, &str)>)> {
    let asked = halves.map(asks);
    let marked = halves.iter().all(|half| half.ends_with('?'));
    if asked.contains(&Asks::No) || !asked.contains(&Asks::Surely) && !marked {
        return None;
    }
    let languages = [vocabulary().language(halves[0])?, vocabulary().language(halves[1])?];
    if languages[0] == languages[1] {
        return None;
    }
    let said = languages.iter().position(|language| *language == "en").unwrap_or(0);
    let told = languages.into_iter().zip(halves).filter(|(language, _)| *language != "en");
    Some((halves[said], told.collect()))
}

/// What people put between two languages.
const MARKS: [&str; 8] = [" / ", " | ", " // ", "／", "｜", " – ", " — ", " - "];

/// A script of many languages.
const LATIN: &str = "latin";

/// `说说你最大的失败 (Tell me about your biggest failure)`.
fn in_brackets(text: &str) -> Option<(&str, &str)> {
    let (close, open) = if text.ends_with(')') { (')', '(') } else { ('）', '（') };
    let (before, inner) = text.strip_suffix(close)?.split_once(open)?;
    (!inner.contains(open) && !before.trim().is_empty()).then_some((before, inner))
}

/// The language of a script in which most of a text is written, or [`LATIN`]; `None` for hardly any letters.
fn script(text: &str) -> Option<&'static str> {
    let mut counts: [(usize, &'static str); 8] =
        [(0, LATIN), (0, "zh"), (0, "ja"), (0, "ko"), (0, "ru"), (0, "el"), (0, "ar"), (0, "hi")];
    for c in text.chars().filter(|c| c.is_alphabetic()).take(400) {
        let (at, weight) = match u32::from(c) {
            0x3040..=0x30ff => (2, 4),
            0x3400..=0x9fff => (1, 3),
            0xac00..=0xd7af => (3, 3),
            0x0400..=0x04ff => (4, 1),
            0x0370..=0x03ff => (5, 1),
            0x0600..=0x06ff => (6, 1),
            0x0900..=0x097f => (7, 2),
            _ => (0, 1),
        };
        counts[at].0 += weight;
    }
    counts.into_iter().rev().max_by_key(|(count, _)| *count).filter(|(count, _)| *count >= 4).map(|(_, script)| script)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_in_two_scripts_are_one_question() {
        let cases = [
            ("Tell me about yourself. / 请介绍一下你自己", "Tell me about yourself.", "zh"),
            ("说说你最失败的一次经历 (Tell me about your biggest failure)", "Tell me about your biggest failure", "zh"),
            ("Почему вы уходите? | Why do you want to leave?", "Why do you want to leave?", "ru"),
            ("自己紹介をお願いします（Tell me about yourself）", "Tell me about yourself", "ja"),
            ("Why us? / Warum wir?", "Why us?", "de"),
            (
                "Wo sehen Sie sich in fünf Jahren? (Where do you see yourself in five years?)",
                "Where do you see yourself in five years?",
                "de",
            ),
        ];
        for (text, said, language) in cases {
            let (found, told) = side_by_side(text).expect(text);
            assert_eq!((found, told[0].0), (said, language), "{text}");
        }
        for text in [
            "Why us? / Why now?",
            "Why do you want to go? – What would keep you?",
            "你如何看待 React 和 Vue / Angular",
            "What is 1/2 of it?",
            "为什么？",
        ] {
            assert_eq!(side_by_side(text), None, "{text}");
        }
    }
}
