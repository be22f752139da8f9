//! Trends as text: a line and a row of bars for each measure, 80 columns wide.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::types::{Change, Measure, Trend, Trends, by_sitting};

const BARS: [char; 8] =
    ['\u{2581}', '\u{2582}', '\u{2583}', '\u{2584}', '\u{2585}', '\u{2586}', '\u{2587}', '\u{2588}'];

/// So many takes have a bar: what an 80 column line has room for.
const BARS_WIDE: usize = 40;

/// What each measure is called, and a figure of it.
struct Words {
    name: &'static str,
    /// Whether more of it is called longer, faster, or simply more.
    more: &'static str,
    less: &'static str,
    decimals: usize,
}

fn words(measure: Measure) -> Words {
    let (name, more, less, decimals) = match measure {
        Measure::LengthS => ("Length, s", "longer", "shorter", 0),
        Measure::PaceWpm => ("Pace, words a minute", "faster", "slower", 0),
        Measure::FilledPausesPerMinute => ("Filled pauses a minute", "more", "fewer", 1),
        Measure::FillersPer100Words => ("Fillers in 100 words", "more", "fewer", 1),
        Measure::LongPauses => ("Long pauses", "more", "fewer", 1),
        Measure::LatencyS => ("First word after, s", "later", "sooner", 1),
        Measure::PartsTold => ("Parts told, %", "more", "fewer", 0),
        Measure::BottomLineUpFront => ("Bottom line first, %", "more often", "less often", 0),
        Measure::PointsMade => ("Points made, %", "more", "fewer", 0),
    };
    Words { name, more, less, decimals }
}

/// What a measure is called, with its unit.
pub fn name(measure: Measure) -> &'static str {
    words(measure).name
}

/// What moved and what did not; days are those of this machine's zone.
pub fn render(trends: &Trends) -> String {
    render_in(trends, &TimeZone::system())
}

fn render_in(trends: &Trends, zone: &TimeZone) -> String {
    let of = match (&trends.question, &trends.competency) {
        (Some(question), _) => format!(" of \"{}\"", super::page::short(&question.text, 50)),
        (None, Some(competency)) => format!(" on {competency}"),
        (None, None) => String::new(),
    };
    let s = if trends.takes == 1 { "" } else { "s" };
    let head = format!("{} take{s}{of}; bars are the last ones, the newest at the right", trends.takes);
    let mut text = filled(&head) + "\n";
    text += &format!("{:<24}{:>7}{:>8}\n", "", "usual", "spread");
    for trend in &trends.measures {
        text += &row(trend);
        if let Some(change) = &trend.change {
            text += &changed(trend.measure, change, zone);
        }
    }
    text + "\n" + &said(trends)
}

fn row(trend: &Trend) -> String {
    let Words { name, .. } = words(trend.measure);
    let usual = figure(trend.measure, trend.usual);
    let spread =
        trend.spread.map_or_else(|| "-".to_owned(), |spread| format!("\u{b1} {}", figure(trend.measure, spread)));
    format!("{name:<24}{usual:>7}{spread:>8} {}\n", bars(trend))
}

fn changed(measure: Measure, change: &Change, zone: &TimeZone) -> String {
    let Words { more, less, .. } = words(measure);
    let way = if change.after > change.before { more } else { less };
    let judged = match change.better {
        Some(true) => ", which is better",
        Some(false) => ", which is worse",
        None => "",
    };
    let before = figure(measure, change.before);
    format!("  {way} since {}{judged}: {before} before, the last {} takes\n", day(change.at, zone), change.takes)
}

fn day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%-d %b %Y").to_string()
}

/// A figure of a measure, as it is shown: shares in percent.
pub fn figure(measure: Measure, figure: f64) -> String {
    let figure = if measure.is_share() { 100.0 * figure } else { figure };
    format!("{figure:.*}", words(measure).decimals)
}

/// A bar for each take, from the lowest figure (of a share from nothing) to the highest.
fn bars(trend: &Trend) -> String {
    let figures = trend.last.iter().skip(trend.last.len().saturating_sub(BARS_WIDE)).map(|dated| dated.figure);
    let (low, high) = if trend.measure.is_share() {
        (0.0, 1.0)
    } else {
        figures
            .clone()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), figure| (low.min(figure), high.max(figure)))
    };
    let bar = |figure: f64| {
        let share = if high > low { (figure - low) / (high - low) } else { 0.5 };
        BARS[(share * (BARS.len() - 1) as f64).round() as usize]
    };
    figures.map(bar).collect()
}

fn said(trends: &Trends) -> String {
    let changes = trends.measures.iter().filter(|trend| trend.change.is_some()).count();
    let takes = trends.measures.iter().map(|trend| trend.last.len()).max().unwrap_or_default();
    let sittings = trends.measures.iter().map(|trend| by_sitting(&trend.last).count()).max().unwrap_or_default();
    let text = match changes {
        0 if takes < 16 || sittings < 12 => format!(
            "With {} nothing can be told from chance: that takes 16 takes of 12 sittings.",
            counted(takes, sittings)
        ),
        0 => "No change beyond your own spread, and beyond what chance does.".to_owned(),
        _ => "A change is told where it is larger than your own spread, and chance would give one in any of these measures \
              for 1 person in 20 who did not change."
            .to_owned(),
    };
    filled(&text)
}

fn counted(takes: usize, sittings: usize) -> String {
    let s = |count: usize| if count == 1 { "" } else { "s" };
    format!("{takes} take{} of {sittings} sitting{}", s(takes), s(sittings))
}

fn filled(text: &str) -> String {
    format!("{}\n", textwrap::fill(text, super::page::options(80)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{DatedFigure, QuestionRef, TakeName};

    #[test]
    fn every_line_fits_eighty_columns_and_a_change_is_told_in_words() {
        let take = TakeName { session: "s".into(), take: 1 };
        let at: Timestamp = "2026-11-12T09:00:00Z".parse().unwrap();
        let last = |figures: &[f64]| {
            figures.iter().map(|figure| DatedFigure { take: take.clone(), at, figure: *figure }).collect::<Vec<_>>()
        };
        let change = Change { since: take.clone(), at, takes: 14, before: 8.24, after: 4.1, better: Some(true) };
        let trends = Trends {
            schema: Trends::SCHEMA.into(),
            question: Some(QuestionRef { id: "q".into(), text: "Why this? ".repeat(20), bank: None }),
            competency: None,
            takes: 412,
            measures: vec![
                Trend {
                    measure: Measure::FilledPausesPerMinute,
                    usual: 4.1,
                    spread: Some(1.6),
                    change: Some(change),
                    last: last(&[8.0, 9.0, 4.0, 1.0].repeat(10)),
                },
                Trend {
                    measure: Measure::PointsMade,
                    usual: 0.5,
                    spread: None,
                    change: None,
                    last: last(&[0.0, 0.5, 1.0]),
                },
            ],
        };
        let text = render_in(&trends, &TimeZone::UTC);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("412 takes of \"Why this? Why this?"), "{text}");
        assert!(lines[4].starts_with("Filled pauses a minute      4.1   \u{b1} 1.6 \u{2587}\u{2588}"), "{text}");
        assert_eq!(lines[5], "  fewer since 12 Nov 2026, which is better: 8.2 before, the last 14 takes");
        assert_eq!(lines[6], "Points made, %               50       - \u{2581}\u{2585}\u{2588}");
    }
}
