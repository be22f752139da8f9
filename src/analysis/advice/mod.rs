//! What was good, and the few things worth doing differently next time.
//!
//! Both are lists in order of worth, cut short: a person remembers three things. Every item rests on a
//! finding of the analysis and shows it, as a quote or a figure.

mod improvements;
mod strengths;
mod wording;

use super::answer::{Heard, MIN_WORDS};
use crate::types::{Advice, Analysis, Judged, StarPart, StarPartFound, Strength};

/// More than this would not be remembered.
const MOST: usize = 3;

/// What was good, the most telling first, and at most three things to do differently, the most valuable first.
///
/// On fewer than [`MIN_WORDS`] words nothing is praised, and the only advice is to say more.
pub fn advise(heard: &Heard, analysis: &Analysis) -> (Vec<Strength>, Vec<Advice>) {
    if analysis.length.words < MIN_WORDS {
        return (Vec::new(), vec![improvements::too_little(heard, analysis)]);
    }
    let strengths = strengths::all(analysis).into_iter().take(MOST).collect();
    let advice = improvements::all(heard, analysis).into_iter().take(MOST).collect();
    (strengths, advice)
}

/// From this confidence on a part is told, a bottom line is where it was found, and shares can be trusted.
const SURE: f64 = 0.8;

/// A part of a story that was told.
fn told(analysis: &Analysis, part: StarPart) -> Option<&StarPartFound> {
    analysis.star.parts.get(&part).filter(|found| analysis.star.judged == Judged::Yes && found.present)
}

/// A rate or share as people say it: `4`, `4.5`.
fn figure(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// At most this many words of a quote are shown.
const LONGEST_QUOTE: usize = 24;

/// A quote in quotation marks, cut to a length that can be read at a glance.
fn quoted(quote: &str) -> String {
    let words: Vec<&str> = quote.split_whitespace().collect();
    if words.len() > LONGEST_QUOTE {
        format!("\"{} …\"", words[..LONGEST_QUOTE].join(" "))
    } else {
        format!("\"{}\"", words.join(" "))
    }
}

/// A number of things with its noun, `1 time` or `5 times`.
fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests;
