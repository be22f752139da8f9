//! What has no room on the first screen: bottom line, points, what the interviewer looks for, phrases to watch.

use super::first::{tick, wanted_instead};
use super::numbers::{clock, count, quoted};
use crate::report::page::{Page, Tone, short};
use crate::types::{CautionKind, Covered, Move, Point, Report, Seconds};

/// Columns of a quote that must fit on one line.
const QUOTE_COLUMNS: usize = 56;
/// Under this confidence a finding is said to be doubtful.
const DOUBTFUL: f64 = 0.8;
/// Phrases to watch that are shown before the rest is counted.
const MAX_CAUTIONS: usize = 8;

/// When the main point came, and its words.
pub(super) fn bottom_line(page: &mut Page, report: &Report) {
    let bluf = &report.analysis.bluf;
    let Some(up_front) = bluf.up_front else { return };
    let quotes = |text: &str| bluf.quote.as_ref().is_some_and(|quote| text.contains(quote.as_str()));
    // Nothing twice: praise and advice quote it already.
    if report.strengths.iter().any(|strength| quotes(&strength.why))
        || report.advice.iter().any(|advice| quotes(&advice.try_saying))
    {
        return;
    }
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

/// The person's own points that the first screen has no room for.
pub(super) fn more_points(page: &mut Page, report: &Report, shown: usize) {
    let points: Vec<&Point> = report.analysis.own_points().skip(shown).collect();
    if !points.is_empty() {
        page.heading(if shown > 0 { "More of your points" } else { "Your points" });
    }
    for point in &points {
        tick(page, point, usize::MAX);
    }
    if report.analysis.own_points().any(Point::asks) {
        let how = "Questions are ticked by their words only: judge yourself whether you answered them.";
        page.hanging("  ", 2, how, Tone::Quiet);
    }
}

/// What the interviewer looks for, and what was heard of it.
pub(super) fn looked_for(page: &mut Page, report: &Report) {
    let looked_for = report.analysis.looked_for();
    if looked_for.is_empty() {
        return;
    }
    page.heading("What the interviewer looks for, and what was heard of it");
    for point in looked_for {
        page.hanging("  - ", 4, &point.text, Tone::Plain);
        if point.covered != Covered::No && !point.quote.is_empty() {
            let quote = quoted(&short(&point.quote, QUOTE_COLUMNS));
            page.hanging("    ", 4, &format!("{quote}{}", at(point.at_s)), Tone::Quiet);
        }
    }
}

/// The parts of other frameworks that the question asks for.
pub(super) fn frameworks(page: &mut Page, report: &Report) {
    // Nothing twice: what is wanted instead of a story stands on the first screen.
    let shown = usize::from(wanted_instead(&report.analysis).is_some());
    for framework in report.analysis.frameworks.iter().skip(shown) {
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
        let at = at(report.transcript.span(caution.words).map(|span| span.start_s));
        page.labelled(
            self::caution(caution.kind),
            &format!("{}{at}", quoted(&short(&caution.quote, QUOTE_COLUMNS))),
            Tone::Watch,
        );
    }
    if let Some(more @ 1..) = cautions.len().checked_sub(MAX_CAUTIONS) {
        page.labelled("", &format!("and {more} more"), Tone::Quiet);
    }
}

/// What is wrong with a phrase, in a word.
pub(in crate::report) fn caution(kind: CautionKind) -> &'static str {
    match kind {
        CautionKind::Hedge => "hedge",
        CautionKind::Vague => "vague",
        CautionKind::Blame => "blame",
        CautionKind::Negative => "negative",
        CautionKind::Restart => "restart",
        CautionKind::Repetition => "repeated",
        CautionKind::Ramble => "rambling",
    }
}

/// ` at 0:42`, where a time is known.
fn at(time: Option<Seconds>) -> String {
    time.map(|at| format!(" at {}", clock(at))).unwrap_or_default()
}
