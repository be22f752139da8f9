//! What was told: story, bottom line, evidence, points, phrases to watch.

use super::numbers::{clock, count, percent, quoted, seconds};
use crate::report::page::{Page, Tone, short};
use crate::types::{CautionKind, Covered, Judged, Move, Point, Report, Seconds, StarPart, StarPartFound};

/// Columns of the bar that shows a share.
const BAR_COLUMNS: usize = 20;
/// Columns of a quote that must fit on one line.
const QUOTE_COLUMNS: usize = 56;
/// Under this confidence a finding is said to be doubtful.
const DOUBTFUL: f64 = 0.5;
/// Phrases to watch that are shown before the rest is counted.
const MAX_CAUTIONS: usize = 8;

/// Situation, Task, Action, Result as bars with a quote each.
pub(super) fn story(page: &mut Page, report: &Report) {
    let star = &report.analysis.star;
    match star.judged {
        Judged::TooLittle => return,
        Judged::DoesNotApply => {
            page.heading("Story (STAR)");
            page.hanging("  ", 2, "Not judged: this question does not ask for a story.", Tone::Quiet);
            return;
        }
        Judged::Yes => page.heading("Story (STAR)"),
    }
    for part in StarPart::ALL {
        match star.parts.get(&part).filter(|found| found.present) {
            Some(found) => told(page, part, found),
            None => page.labelled(part.name(), "not told", Tone::Watch),
        }
    }
    if !star.order_ok {
        page.hanging("  ", 2, "The parts do not come in their usual order.", Tone::Watch);
    }
}

fn told(page: &mut Page, part: StarPart, found: &StarPartFound) {
    let full = (found.share.clamp(0.0, 1.0) * BAR_COLUMNS as f64).round() as usize;
    // A part that was told has at least one cell.
    let full = full.max(1);
    let bar = format!("{}{}", "█".repeat(full), "░".repeat(BAR_COLUMNS - full));
    let time = found.seconds.map(|s| format!("  {}", seconds(s))).unwrap_or_default();
    let doubt = if found.confidence < DOUBTFUL { "  (not sure)" } else { "" };
    page.labelled(part.name(), &format!("{bar} {}{time}{doubt}", percent(found.share)), Tone::Plain);
    if !found.quote.is_empty() {
        page.labelled("", &quoted(&short(&found.quote, QUOTE_COLUMNS)), Tone::Quiet);
    }
}

/// When the main point came, and its words.
pub(super) fn bottom_line(page: &mut Page, report: &Report) {
    let bluf = &report.analysis.bluf;
    let Some(up_front) = bluf.up_front else { return };
    page.heading("Bottom line up front");
    let Some(quote) = &bluf.quote else {
        page.hanging("  ", 2, "The answer never states its main point.", Tone::Watch);
        return;
    };
    let place = match (bluf.at_s, bluf.sentence) {
        (Some(at), _) => format!("at {}", clock(at)),
        (None, Some(sentence)) => format!("in sentence {}", sentence + 1),
        (None, None) => "in the answer".to_owned(),
    };
    let doubt = if bluf.confidence < DOUBTFUL { " (not sure)" } else { "" };
    let (verdict, tone) = if up_front { ("Yes", Tone::Good) } else { ("Late", Tone::Watch) };
    page.hanging("  ", 2, &format!("{verdict}, {place}{doubt}."), tone);
    page.hanging("  ", 2, &quoted(quote), Tone::Quiet);
}

/// Numbers named, and who acted.
pub(super) fn evidence(page: &mut Page, report: &Report) {
    let (evidence, who) = (&report.analysis.evidence, &report.analysis.ownership);
    let result = match evidence.quantified_result {
        Some(true) => " The result has one.",
        Some(false) => " The result has none.",
        None => "",
    };
    if evidence.numbers.is_empty() && result.is_empty() && who.i + who.we == 0 {
        return;
    }
    page.heading("Evidence");
    let numbers: Vec<_> = evidence.numbers.iter().map(|number| number.text.as_str()).collect();
    let numbers = if numbers.is_empty() { "none".to_owned() } else { numbers.join(", ") };
    let tone = if evidence.quantified_result == Some(false) { Tone::Watch } else { Tone::Plain };
    page.labelled("Numbers", &format!("{numbers}.{result}"), tone);
    let action = &who.in_action;
    let action = match action.i + action.we {
        0 => String::new(),
        _ => format!(" In the action: {} and {}.", action.i, action.we),
    };
    page.labelled("I and we", &format!("{} and {}.{action}", who.i, who.we), Tone::Plain);
}

/// The person's own points, ticked.
pub(super) fn points(page: &mut Page, report: &Report) {
    let points = &report.analysis.points;
    if points.is_empty() {
        return;
    }
    let of = |covered| points.iter().filter(|point| point.covered == covered).count();
    let (made, partly) = (of(Covered::Yes), of(Covered::Partly));
    let partly = if partly > 0 { format!(", {partly} in part") } else { String::new() };
    page.heading(&format!("Your points: {made} of {} made{partly}", points.len()));
    for point in points {
        tick(page, point);
    }
    if points.iter().any(Point::asks) {
        page.hanging(
            "  ",
            2,
            "Questions are ticked by their words only: judge yourself whether you answered them.",
            Tone::Quiet,
        );
    }
}

fn tick(page: &mut Page, point: &Point) {
    let (mark, tone) = match point.covered {
        Covered::Yes => ("  yes     ", Tone::Good),
        Covered::Partly => ("  partly  ", Tone::Plain),
        Covered::No => ("  no      ", Tone::Watch),
    };
    page.hanging(mark, mark.len(), &point.text, tone);
    if !point.quote.is_empty() {
        let quote = quoted(&short(&point.quote, QUOTE_COLUMNS));
        page.hanging("          ", 10, &format!("{quote}{}", at(point.at_s)), Tone::Quiet);
    }
}

/// The parts of other frameworks that the question asks for.
pub(super) fn frameworks(page: &mut Page, report: &Report) {
    for framework in &report.analysis.frameworks {
        let told = framework.parts.iter().filter(|part| part.present).count();
        page.heading(&format!("{}: {told} of {}", framework.name, count(framework.parts.len(), "part", "parts")));
        for part in &framework.parts {
            let (mark, tone) = if part.present { ("  yes     ", Tone::Good) } else { ("  no      ", Tone::Watch) };
            page.hanging(mark, mark.len(), &part.name, tone);
            if !part.quote.is_empty() {
                page.hanging("          ", 10, &quoted(&short(&part.quote, QUOTE_COLUMNS)), Tone::Quiet);
            }
        }
    }
}

/// What the best example answer does, and whether this one did it too.
pub(super) fn moves(page: &mut Page, report: &Report) {
    let of_best: Vec<&Move> = report.analysis.moves.iter().filter(|found| found.best.is_some()).collect();
    if of_best.is_empty() {
        return;
    }
    let made = of_best.iter().filter(|found| found.made).count();
    let by_competent = of_best.iter().filter(|found| found.competent == Some(true)).count();
    let competent = match of_best.iter().any(|found| found.competent.is_some()) {
        true => format!("; the competent one makes {by_competent}"),
        false => String::new(),
    };
    page.heading(&format!("Moves: {made} of the best answer's {}{competent}", of_best.len()));
    for found in &of_best {
        let (mark, tone) = if found.made { ("  yes     ", Tone::Good) } else { ("  no      ", Tone::Watch) };
        page.hanging(mark, mark.len(), &found.name, tone);
        let quote = if found.made { &found.quote } else { found.best.as_ref().unwrap_or(&found.quote) };
        let quote = quoted(&short(quote, QUOTE_COLUMNS));
        let line = if found.made { format!("{quote}{}", at(found.at_s)) } else { format!("the best answer: {quote}") };
        page.hanging("          ", 10, &line, Tone::Quiet);
    }
    let more: Vec<&str> =
        report.analysis.moves.iter().filter(|found| found.best.is_none()).map(|found| found.name.as_str()).collect();
    if !more.is_empty() {
        page.labelled("Besides", &format!("{}.", more.join(", ")), Tone::Good);
    }
}

/// Phrases that weaken the answer, each quoted.
pub(super) fn cautions(page: &mut Page, report: &Report) {
    let cautions = &report.analysis.cautions;
    if cautions.is_empty() {
        return;
    }
    page.heading("Phrases to watch");
    for caution in cautions.iter().take(MAX_CAUTIONS) {
        let kind = match caution.kind {
            CautionKind::Hedge => "hedge",
            CautionKind::Vague => "vague",
            CautionKind::Blame => "blame",
            CautionKind::Negative => "negative",
            CautionKind::Restart => "restart",
            CautionKind::Repetition => "repeated",
            CautionKind::Ramble => "rambling",
        };
        let at = at(report.transcript.span(caution.words).map(|span| span.start_s));
        page.labelled(kind, &format!("{}{at}", quoted(&short(&caution.quote, QUOTE_COLUMNS))), Tone::Watch);
    }
    if let Some(more @ 1..) = cautions.len().checked_sub(MAX_CAUTIONS) {
        page.labelled("", &format!("and {more} more"), Tone::Quiet);
    }
}

/// ` at 0:42`, where a time is known.
fn at(time: Option<Seconds>) -> String {
    time.map(|at| format!(" at {}", clock(at))).unwrap_or_default()
}
