//! What a drill or a conversation came to, and what is said of one of its takes.

use super::numbers::{clock, count, quoted, seconds};
use super::{content, nothing, notices};
use crate::report::page::{Page, Tone, short};
use crate::types::*;

/// Columns of a quote that must fit on one line.
const QUOTE_COLUMNS: usize = 56;

/// A drill or a conversation as lines of at most 80 columns.
pub fn render_summary(summary: &Summary) -> String {
    let mut page = Page::default();
    match summary {
        Summary::Conversation(conversation) => conversation_page(&mut page, conversation),
        Summary::Ladder(ladder) => ladder_page(&mut page, ladder),
        Summary::Bluf(bottom_line) => bottom_line_page(&mut page, bottom_line),
        Summary::Interrupt(interruption) => interruption_page(&mut page, interruption),
    }
    page.finish()
}

/// What is said at once of a take of a drill or a conversation; `None` where the whole report is shown.
///
/// The whole report is kept all the same.
pub fn render_part(report: &Report, part: &TakePart) -> Option<String> {
    let mut page = Page::default();
    match part {
        TakePart::Interrupted { .. } => return None,
        _ if report.analysis.length.words == 0 => nothing(&mut page, report),
        TakePart::Phase { .. } => page.hanging("", 0, &figures(report), Tone::Plain),
        TakePart::Rung { limit_s, .. } => {
            page.hanging("", 0, &format!("{} of {limit_s} s", figures(report)), Tone::Plain);
        }
        TakePart::BottomLine { .. } => try_page(&mut page, report),
    }
    notices(&mut page, report, 0);
    Some(page.finish())
}

/// `48 words, 21 s, 140 a minute, 2 fillers`.
fn figures(report: &Report) -> String {
    let analysis = &report.analysis;
    let length = analysis.length.duration_s.map(|duration| format!(", {}", seconds(duration))).unwrap_or_default();
    let words = count(analysis.length.words, "word", "words");
    let fillers = count(analysis.fillers.count, "filler", "fillers");
    let numbers = count(analysis.evidence.numbers.len(), "number", "numbers");
    format!("{words}, {fillers}, {numbers}{length}")
}

fn try_page(page: &mut Page, report: &Report) {
    let bluf = &report.analysis.bluf;
    page.hanging("", 0, &figures(report), Tone::Plain);
    match (bluf.up_front, bluf.sentence) {
        (None, _) => page.hanging("", 0, "Too few words to judge: a bottom line takes 15 to 20 seconds.", Tone::Watch),
        (_, Some(0)) => {
            page.hanging("", 0, "The bottom line is your first sentence:", Tone::Good);
            page.hanging("  ", 2, &quoted(bluf.quote.as_deref().unwrap_or_default()), Tone::Quiet);
        }
        _ => content::bottom_line(page, report),
    }
}

fn conversation_page(page: &mut Page, conversation: &ConversationSummary) {
    let touched = conversation.topics.iter().filter(|topic| topic.touched).count();
    let of = count(conversation.topics.len(), "topic", "topics");
    page.heading(&format!("What you talked about: {touched} of {of} touched"));
    let (elapsed, planned) = (clock(conversation.elapsed_s), clock(conversation.planned_s));
    let answers = count(conversation.takes.len(), "answer", "answers");
    page.hanging("  ", 2, &format!("{elapsed} of {planned}, {answers}"), Tone::Quiet);
    for topic in &conversation.topics {
        page.heading(&topic.topic);
        for point in &topic.points {
            point_line(page, point);
        }
    }
}

fn point_line(page: &mut Page, point: &PointCoverage) {
    let (mark, tone) = match (point.covered, point.asked_in) {
        (Covered::Yes, _) => ("  yes       ", Tone::Good),
        (Covered::Partly, _) => ("  partly    ", Tone::Plain),
        (Covered::No, Some(_)) => ("  answered  ", Tone::Plain),
        (Covered::No, None) => ("  no        ", Tone::Watch),
    };
    page.hanging(mark, mark.len(), &point.text, tone);
    if !point.quote.is_empty() {
        let take = point.take.or(point.asked_in).map(|take| format!(" in take {take}")).unwrap_or_default();
        let at = point.at_s.map(|at| format!(" at {}", clock(at))).unwrap_or_default();
        let quote = quoted(&short(&point.quote, QUOTE_COLUMNS - 8));
        page.hanging("            ", 12, &format!("{quote}{take}{at}"), Tone::Quiet);
    }
}

fn ladder_page(page: &mut Page, ladder: &LadderSummary) {
    page.heading("The ladder");
    for (rung, number) in ladder.rungs.iter().zip(1..) {
        let took = rung.duration_s.map_or_else(|| "-".to_owned(), seconds);
        let verdict = match rung.in_time {
            Some(true) => "in time",
            Some(false) => "too long",
            None => "nothing heard",
        };
        let tone = if rung.in_time == Some(true) { Tone::Good } else { Tone::Watch };
        let words = count(rung.words, "word", "words");
        let numbers = count(rung.numbers.len(), "number", "numbers");
        let parts = rung.parts.as_ref().map_or_else(|| "parts not judged".to_owned(), |parts| named(parts));
        let line = format!("{took} of {} s, {verdict}: {words}, {numbers}, {parts}", rung.limit_s);
        page.labelled(&format!("Rung {number}"), &line, tone);
    }
    if let Some(line) = ladder.rungs.iter().rev().find_map(|rung| rung.bottom_line.as_ref()) {
        page.labelled("At the end", &quoted(line), Tone::Quiet);
    }
    let of = |wanted: fn(&LadderFact) -> bool| ladder.facts.iter().filter(move |fact| wanted(fact));
    list(
        page,
        "Kept to the last rung",
        of(|fact| fact.kept.last() == Some(&Some(true)) && fact.kept.len() > 1),
        fact_name,
    );
    list(page, "Dropped on the way", of(|fact| dropped_on(fact).is_some()), |fact| {
        format!("{} (rung {})", fact_name(fact), dropped_on(fact).unwrap_or_default())
    });
}

/// `Situation, Action` or that none was told.
fn named(parts: &[StarPart]) -> String {
    match parts {
        [] => "no part of the story".to_owned(),
        parts => parts.iter().map(|part| part.name()).collect::<Vec<_>>().join(", "),
    }
}

fn fact_name(fact: &LadderFact) -> String {
    match fact.kind {
        LadderFactKind::Part | LadderFactKind::Number => fact.text.clone(),
        LadderFactKind::Point => format!("your point {}", quoted(&short(&fact.text, QUOTE_COLUMNS))),
    }
}

/// The rung from which on a fact is gone for good; `None` for one that is there, or not judged, at the end.
fn dropped_on(fact: &LadderFact) -> Option<usize> {
    let last_kept = fact.kept.iter().rposition(|kept| *kept == Some(true))?;
    let gone = fact.kept[last_kept + 1..].iter().position(|kept| *kept == Some(false))?;
    Some(last_kept + 1 + gone + 1)
}

fn list<'a>(
    page: &mut Page,
    heading: &str,
    facts: impl Iterator<Item = &'a LadderFact>,
    say: impl Fn(&LadderFact) -> String,
) {
    let lines: Vec<String> = facts.map(say).collect();
    if !lines.is_empty() {
        page.heading(heading);
    }
    for line in lines {
        page.hanging("  - ", 4, &line, Tone::Plain);
    }
}

fn bottom_line_page(page: &mut Page, summary: &BottomLineSummary) {
    match summary.reached_in {
        Some(number) => page.heading(&format!("Bottom line: in your first sentence on try {number}")),
        None => page.heading(&format!(
            "Bottom line: not in a first sentence in {}",
            count(summary.tries.len(), "try", "tries")
        )),
    }
    for (one, number) in summary.tries.iter().zip(1..) {
        let (verdict, tone) = match (one.in_first_sentence, &one.quote) {
            (Some(true), _) => ("first sentence", Tone::Good),
            (Some(false), Some(_)) => ("later", Tone::Watch),
            (Some(false), None) => ("never stated", Tone::Watch),
            (None, _) => ("too few words to judge", Tone::Watch),
        };
        let took = one.duration_s.map(|duration| format!(", {}", seconds(duration))).unwrap_or_default();
        let at = one.at_s.map(|at| format!(" at {}", clock(at))).unwrap_or_default();
        page.labelled(&format!("Try {number}"), &format!("{verdict}{at}{took}"), tone);
        if let Some(quote) = &one.quote {
            page.labelled("", &quoted(&short(quote, QUOTE_COLUMNS)), Tone::Quiet);
        }
    }
}

fn interruption_page(page: &mut Page, summary: &InterruptionSummary) {
    page.heading("The interruption");
    let (Some(said), Some(at)) = (&summary.said, summary.at_s) else {
        page.hanging("  ", 2, "Your answer was over before anybody could break in.", Tone::Quiet);
        return;
    };
    page.labelled(&format!("At {}", clock(at)), &quoted(said), Tone::Plain);
    let Some(latency) = summary.latency_s else {
        page.labelled("Then", "you said nothing more.", Tone::Watch);
        return;
    };
    let latency = if latency.0 < 0.25 { "at once".to_owned() } else { format!("after {}", seconds(latency)) };
    page.labelled(
        "Your reply",
        &format!("{latency}: {}", quoted(&short(&summary.sentence, QUOTE_COLUMNS))),
        Tone::Plain,
    );
    match summary.answered {
        Some(true) => page.labelled("", "It takes up what was asked.", Tone::Good),
        _ => page.labelled("", "It does not take up what was asked.", Tone::Watch),
    }
    match summary.back_to_the_point {
        Some(true) => {
            page.labelled("Back on track", &quoted(&short(&summary.quote, QUOTE_COLUMNS)), Tone::Good);
        }
        Some(false) => {
            page.labelled("Back on track", "No result or bottom line was heard after that.", Tone::Watch);
        }
        None => page.labelled("Back on track", "too few words to judge", Tone::Quiet),
    }
}
