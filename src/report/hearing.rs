//! What could not be heard well, as notices of a report.

use super::terminal::clock;
use crate::types::{Analysis, Span, Transcript};

/// Places named in one notice.
const PLACES: usize = 3;

/// What the person should know about how well they were heard.
pub fn notices(transcript: &Transcript, analysis: &Analysis) -> Vec<String> {
    let mut notices = Vec::new();
    if let Some(notice) = not_understood(&transcript.not_understood) {
        notices.push(notice);
    }
    if analysis.fillers.too_noisy {
        let notice =
            "Too many other voices or too much noise to hear hesitations: fillers are those in the transcript.";
        notices.push(notice.to_owned());
    }
    notices
}

/// `0:41-0:46 was not understood.`
fn not_understood(spans: &[Span]) -> Option<String> {
    let places: Vec<String> =
        spans.iter().take(PLACES).map(|span| format!("{}-{}", clock(span.start_s), clock(span.end_s))).collect();
    let more = spans.len() - places.len();
    match (places.as_slice(), more) {
        ([], _) => None,
        ([one], 0) => Some(format!("{one} was not understood.")),
        (several, 0) => Some(format!("{} were not understood.", several.join(", "))),
        (several, more) => Some(format!("{} and {more} more places were not understood.", several.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_named_and_many_are_counted() {
        let spans = [Span::new(41.2, 46.0), Span::new(62.0, 64.0), Span::new(70.0, 72.0), Span::new(80.0, 82.0)];
        assert_eq!(not_understood(&[]), None);
        assert_eq!(not_understood(&spans[..1]).as_deref(), Some("0:41-0:46 was not understood."));
        assert_eq!(not_understood(&spans[..2]).as_deref(), Some("0:41-0:46, 1:02-1:04 were not understood."));
        let many = "0:41-0:46, 1:02-1:04, 1:10-1:12 and 1 more places were not understood.";
        assert_eq!(not_understood(&spans).as_deref(), Some(many));
    }
}
