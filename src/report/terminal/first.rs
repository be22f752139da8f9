//! The first screen: the verdict, the figures that matter, the story, the person's points, one thing to do next.
//!
//! It fits a terminal of 24 lines; what has no room there comes with `--full`.

use super::figures::{self, Row};
use super::numbers::{count, percent, quoted};
use crate::analysis::MIN_WORDS;
use crate::content::frameworks::Frameworks;
use crate::report::page::{Page, Tone, short_lines};
use crate::types::{Analysis, Covered, FrameworkCoverage, Judged, Point, Report, StarPart, StarPartFound};

/// Lines of the screen.
const LINES: usize = 24;
/// Figures on it.
const FIGURES: usize = 3;
/// Columns of the bar that shows a share.
const BAR_COLUMNS: usize = 10;
/// Columns of text on a line of the page.
const LINE: usize = 76;
/// Columns of the mark before a point.
const MARK: usize = 13;
/// Columns of what stands beside a bar.
const BESIDE_BAR: usize = 47;
/// Under this confidence a part that was heard is said to be doubtful.
const DOUBTFUL: f64 = 0.65;
/// From this confidence on the place of the bottom line is said.
const SURE: f64 = 0.9;

/// What the screen shows, for what follows it to leave out.
pub(super) struct Shown {
    /// How many of the person's points.
    pub points: usize,
    /// The labels of the figures.
    pub figures: Vec<&'static str>,
}

/// How much is shown, from everything to the least; the person's points go last.
const LEVELS: [Level; 8] = [
    Level { points: 5, each: 2, question: 2, beside: 3, why: 2, notices: 2 },
    Level { points: 4, each: 2, question: 2, beside: 2, why: 1, notices: 2 },
    Level { points: 4, each: 1, question: 2, beside: 2, why: 1, notices: 1 },
    Level { points: 3, each: 1, question: 1, beside: 2, why: 1, notices: 1 },
    Level { points: 3, each: 1, question: 1, beside: 1, why: 1, notices: 1 },
    Level { points: 3, each: 1, question: 1, beside: 1, why: 0, notices: 1 },
    Level { points: 1, each: 1, question: 1, beside: 1, why: 0, notices: 1 },
    Level { points: 0, each: 1, question: 1, beside: 1, why: 0, notices: 1 },
];

/// Lines for each thing.
#[derive(Clone, Copy)]
struct Level {
    /// How many points, and lines of each.
    points: usize,
    each: usize,
    question: usize,
    beside: usize,
    why: usize,
    notices: usize,
}

/// The screen, as full as it may be.
pub(super) fn screen(report: &Report, full: bool) -> (Page, Shown) {
    let mut screens = LEVELS.iter().map(|level| at_level(report, full, *level));
    let fits = |screen: &(Page, Shown)| screen.0.lines() <= LINES;
    let least = at_level(report, full, LEVELS[LEVELS.len() - 1]);
    screens.find(fits).unwrap_or(least)
}

fn at_level(report: &Report, full: bool, level: Level) -> (Page, Shown) {
    let mut page = Page::default();
    if let Some(question) = &report.question {
        page.hanging("", 0, &short_lines(&question.text, LINE, level.question), Tone::Heading);
        page.gap();
    }
    let (verdict, tone) = verdict(report);
    page.hanging("", 0, &verdict, tone);
    page.gap();
    let rows = chosen(report);
    for row in &rows {
        page.labelled(row.label, &short_lines(&row.text, LINE - 13, 1), row.tone);
    }
    story(&mut page, report, level);
    let points = points(&mut page, report, level);
    next(&mut page, report, level);
    for (at, notice) in report.notices.iter().take(2).enumerate() {
        if at == 0 {
            page.gap();
        }
        page.hanging("Note: ", 6, &short_lines(notice, LINE - 6, level.notices), Tone::Watch);
    }
    if !full && report.analysis.length.words >= MIN_WORDS {
        if report.notices.is_empty() {
            page.gap();
        }
        page.hanging("", 0, "Everything else: --full", Tone::Quiet);
    }
    let shown = Shown { points, figures: rows.iter().map(|row| row.label).collect() };
    (page, shown)
}

/// The figures to show first: those to watch, then the others in their order.
pub(in crate::report) fn chosen(report: &Report) -> Vec<Row> {
    let mut rows = figures::rows(report);
    rows.sort_by_key(|row| row.tone != Tone::Watch);
    rows.truncate(FIGURES);
    rows
}

/// The answer in a sentence.
pub(in crate::report) fn verdict(report: &Report) -> (String, Tone) {
    let analysis = &report.analysis;
    let words = analysis.length.words;
    if words < MIN_WORDS {
        return (format!("Only {}: too little to judge.", count(words, "word", "words")), Tone::Watch);
    }
    let star = &analysis.star;
    let bluf = &analysis.bluf;
    let first = bluf.up_front == Some(true) && bluf.confidence >= SURE;
    match star.judged {
        Judged::Yes if !star.missing.is_empty() => {
            let first = if first { " The bottom line comes first." } else { "" };
            (format!("A story that leaves out {}.{first}", list(&star.missing, telling)), Tone::Watch)
        }
        Judged::Yes if !doubtful(report).is_empty() => {
            let doubt = format!("A story. I could not tell whether it says {}.", list(&doubtful(report), telling));
            (doubt, Tone::Plain)
        }
        Judged::Yes => {
            let first = if first { " with the bottom line first" } else { "" };
            let number = match (analysis.evidence.in_result.is_empty(), analysis.evidence.quantified_result) {
                (false, _) => ", and a number says what came of it",
                (true, Some(false)) => ", and no number says what came of it",
                _ => "",
            };
            (format!("A whole story{first}{number}."), Tone::Good)
        }
        _ if first => ("Not a story, and your point comes first.".to_owned(), Tone::Good),
        _ => match bluf.sentence.filter(|_| bluf.up_front == Some(false) && bluf.confidence >= SURE) {
            Some(sentence) => (format!("Not a story. Your point comes in sentence {}.", sentence + 1), Tone::Watch),
            None => wanted_instead(analysis)
                .map_or_else(|| ("Not a story, and not judged as one.".to_owned(), Tone::Plain), what_was_told),
        },
    }
}

/// What the question wants of an answer that is no story; `None` where it wants a story all the same.
pub(super) fn wanted_instead(analysis: &Analysis) -> Option<&FrameworkCoverage> {
    let wants_story = analysis.frameworks.iter().any(|framework| framework.name == "star");
    analysis.frameworks.first().filter(|_| analysis.star.judged == Judged::DoesNotApply && !wants_story)
}

/// `No story is wanted. Introduction: 3 of 4 parts heard.`
fn what_was_told(wanted: &FrameworkCoverage) -> (String, Tone) {
    let name = Frameworks::builtin().named(&wanted.name).map_or(&wanted.name, |framework| &framework.title);
    let (told, of) = (wanted.parts.iter().filter(|part| part.present).count(), wanted.parts.len());
    let tone = if told == of { Tone::Good } else { Tone::Plain };
    (format!("No story is wanted. {name}: {told} of {} heard.", count(of, "part", "parts")), tone)
}

/// The parts that were not heard and may be there, and those that were heard and are in doubt.
fn doubtful(report: &Report) -> Vec<StarPart> {
    let star = &report.analysis.star;
    let in_doubt = |part: &StarPart| {
        let found = star.parts.get(part).filter(|found| found.present);
        star.unsure.contains(part) || found.is_some_and(|found| found.confidence < DOUBTFUL)
    };
    StarPart::ALL.into_iter().filter(in_doubt).collect()
}

/// What a part tells, after "leaves out" and "whether it says".
fn telling(part: StarPart) -> &'static str {
    match part {
        StarPart::Situation => "where and when it was",
        StarPart::Task => "what was yours to do",
        StarPart::Action => "what you did",
        StarPart::Result => "how it ended",
    }
}

/// `a, b and c`.
fn list(parts: &[StarPart], name: impl Fn(StarPart) -> &'static str) -> String {
    match parts {
        [] => String::new(),
        [one] => name(*one).to_owned(),
        [rest @ .., last] => {
            let rest: Vec<&str> = rest.iter().map(|part| name(*part)).collect();
            format!("{} and {}", rest.join(", "), name(*last))
        }
    }
}

/// The parts of what is wanted instead of a story, each with the words that tell it.
fn instead_of_story(page: &mut Page, wanted: &FrameworkCoverage) {
    page.gap();
    for part in &wanted.parts {
        let quote = if part.quote.is_empty() { String::new() } else { format!(": {}", quoted(&part.quote)) };
        let (mark, tone) = if part.present { ("  yes        ", Tone::Good) } else { ("  not heard  ", Tone::Watch) };
        page.hanging(mark, MARK, &short_lines(&format!("{}{quote}", part.name), LINE - MARK, 1), tone);
    }
}

/// Situation, Task, Action, Result: how much of the answer each is, with a quote; of what is no story the parts that it wants.
fn story(page: &mut Page, report: &Report, level: Level) {
    let star = &report.analysis.star;
    if let Some(wanted) = wanted_instead(&report.analysis) {
        return instead_of_story(page, wanted);
    }
    if star.judged != Judged::Yes {
        return;
    }
    page.gap();
    for part in StarPart::ALL {
        match star.shown(part) {
            Some(found) => told(page, part, found, level),
            None if star.missing.contains(&part) => page.labelled(part.name(), "not told", Tone::Watch),
            None => page.labelled(part.name(), &format!("not heard. {}", asking(part)), Tone::Plain),
        }
    }
    if !star.order_ok && level.beside > 1 {
        page.hanging("  ", 2, "The parts do not come in their usual order.", Tone::Quiet);
    }
}

/// A question about a part that was not heard and may be there.
pub(in crate::report) fn asking(part: StarPart) -> &'static str {
    match part {
        StarPart::Situation => "Did you say where and when it was?",
        StarPart::Task => "Did you say what was yours to do?",
        StarPart::Action => "Was there something you did yourself?",
        StarPart::Result => "Did you say what came of it?",
    }
}

/// Whether it is in doubt that a part was told.
pub(in crate::report) fn is_doubtful(found: &StarPartFound) -> bool {
    !found.present || found.confidence < DOUBTFUL
}

fn told(page: &mut Page, part: StarPart, found: &StarPartFound, level: Level) {
    let full = (found.share.clamp(0.0, 1.0) * BAR_COLUMNS as f64).round() as usize;
    // A part that was told has at least one cell.
    let full = full.max(1);
    let bar = format!("{}{}", "█".repeat(full), "░".repeat(BAR_COLUMNS - full));
    let doubt = if is_doubtful(found) { "(not sure) " } else { "" };
    // An outcome is not cut where there is room; of the others the beginning tells enough.
    let lines = if part == StarPart::Result { level.beside } else { level.beside.min(2) };
    // A clause that ended at a dash or a comma is no torn sentence.
    let quote = found.quote.trim_end_matches([' ', '-', '\u{2013}', '\u{2014}', ',', ';']);
    let quote = if quote.is_empty() { String::new() } else { quoted(&short_lines(quote, BESIDE_BAR - 2, lines)) };
    let mark = format!("  {:11}{bar} {:>5}  ", part.name(), percent(found.share));
    page.hanging(&mark, 31, &short_lines(&format!("{doubt}{quote}"), BESIDE_BAR, lines), Tone::Plain);
}

/// The person's own points; returns how many were shown.
fn points(page: &mut Page, report: &Report, level: Level) -> usize {
    let points: Vec<&Point> = report.analysis.own_points().collect();
    if points.is_empty() {
        return 0;
    }
    let of = |covered| points.iter().filter(|point| point.covered == covered).count();
    let maybe = if of(Covered::Partly) > 0 { format!(", {} maybe", of(Covered::Partly)) } else { String::new() };
    page.heading(&format!("Your points: {} of {} made{maybe}", of(Covered::Yes), points.len()));
    let most = level.points;
    for point in points.iter().take(most) {
        tick(page, point, level.each);
    }
    let more = points.len() - most.min(points.len());
    if more > 0 && most > 0 {
        page.hanging(&" ".repeat(MARK), MARK, &format!("and {more} more"), Tone::Quiet);
    }
    most.min(points.len())
}

/// A point with its mark; where it is in doubt, with the words that come closest.
pub(super) fn tick(page: &mut Page, point: &Point, lines: usize) {
    let (mark, tone) = match point.covered {
        Covered::Yes => ("  yes        ", Tone::Good),
        Covered::Partly => ("  maybe      ", Tone::Plain),
        // Two in five of these are made in words that no rule knows; what the person marked is known.
        Covered::No if point.marked => ("  no         ", Tone::Watch),
        Covered::No => ("  not heard  ", Tone::Watch),
    };
    page.hanging(mark, mark.len(), &short_lines(&point.text, LINE - MARK, lines), tone);
    if point.covered == Covered::Partly && !point.quote.is_empty() {
        let closest = format!("closest: {}", quoted(&short_lines(&point.quote, LINE - MARK - 14, 1)));
        page.hanging(&" ".repeat(MARK), MARK, &closest, Tone::Quiet);
    }
}

/// The one thing to do next.
fn next(page: &mut Page, report: &Report, level: Level) {
    let Some(advice) = report.advice.first() else { return };
    page.heading(&short_lines(&format!("Next time: {}", advice.title), LINE, 1));
    if !advice.why.is_empty() && level.why > 0 {
        page.hanging("  ", 2, &short_lines(&advice.why, LINE - 2, level.why), Tone::Plain);
    }
    if !advice.try_saying.is_empty() {
        page.hanging(
            "  Try: ",
            7,
            &short_lines(&advice.try_saying, LINE - 7, if level.why > 0 { 3 } else { 2 }),
            Tone::Try,
        );
    }
}
