//! When an answer began, ended, and was spoken: what every rate divides by.

use super::answer::Heard;
use crate::types::{Seconds, Span};

/// From the first to the last speech; from the first to the last word where there is no detector but the words have
/// times; `None` for a written text.
pub fn answer(heard: &Heard) -> Option<Span> {
    let speech = heard.sound.map(|sound| sound.speech).unwrap_or_default();
    if let (Some(first), Some(last)) = (speech.first(), speech.last()) {
        return Some(Span { start_s: first.start_s, end_s: last.end_s });
    }
    let mut timed = heard.transcript.words.iter().filter_map(|word| word.span());
    let first = timed.next()?;
    let end_s = timed.fold(first.end_s, |end, span| end.max(span.end_s));
    Some(Span { start_s: first.start_s, end_s })
}

/// Time in which speech was heard; `None` where no detector listened or it heard nothing.
pub fn speaking(heard: &Heard) -> Option<Seconds> {
    let speech = heard.sound?.speech;
    (!speech.is_empty()).then(|| speech.iter().map(|span| span.length()).sum())
}
