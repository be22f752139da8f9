//! The transcript with its fillers marked.

use std::borrow::Cow;

use crate::report::page::{Page, Tone};
use crate::types::{Certainty, Filler, Report, Transcript};

/// The words as they were spoken: `[um]` is a filler, `(like)` may be one, `[...]` was heard and not written.
pub(super) fn transcript(page: &mut Page, report: &Report) {
    let model = report.transcript.model.as_ref().map(|model| format!(" by {model}")).unwrap_or_default();
    page.heading(&format!("Transcript{model}"));
    let fillers = &report.analysis.fillers.items;
    page.flowing(2, pieces(&report.transcript, fillers).into_iter());
    if !fillers.is_empty() {
        page.hanging("  ", 2, "[filler]  (may be one)  [...] heard, not in the transcript", Tone::Quiet);
    }
}

/// The words in order, fillers marked and hesitations put where they were heard.
fn pieces<'a>(transcript: &'a Transcript, fillers: &[Filler]) -> Vec<(Cow<'a, str>, Tone)> {
    let words = &transcript.words;
    let mut heard: Vec<_> = fillers.iter().filter(|f| f.words.is_none()).filter_map(|f| f.start_s).collect();
    heard.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut heard = heard.into_iter().peekable();
    let mut pieces = Vec::new();
    let mut next = 0;
    while next < words.len() {
        let start = words[next].start_s;
        while heard.next_if(|at| start.is_some_and(|start| *at < start)).is_some() {
            pieces.push((Cow::Borrowed("[...]"), Tone::Watch));
        }
        let filler = fillers.iter().find(|f| f.words.is_some_and(|range| range.first == next && !range.is_empty()));
        match filler.and_then(|filler| Some((filler, filler.words?))) {
            Some((filler, range)) => {
                let quote = transcript.quote(range);
                pieces.push(match filler.certainty {
                    Certainty::Sure => (Cow::Owned(format!("[{quote}]")), Tone::Watch),
                    Certainty::Possible => (Cow::Owned(format!("({quote})")), Tone::Quiet),
                });
                next = range.end.min(words.len());
            }
            None => {
                pieces.push((Cow::Borrowed(words[next].text.as_str()), Tone::Plain));
                next += 1;
            }
        }
    }
    pieces.extend(heard.map(|_| (Cow::Borrowed("[...]"), Tone::Watch)));
    pieces
}
