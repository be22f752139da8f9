//! Length, pace, pauses and fillers.

use std::collections::BTreeMap;

use super::numbers::{clock, count, seconds};
use crate::analysis::MIN_WORDS;
use crate::report::page::{Page, Tone};
use crate::types::{
    Certainty, FilledPauseVerdict, FillerKind, Fillers, Length, LengthVerdict, Pace, PaceVerdict, Pauses, Report,
};

/// Columns of the pace line.
const SPARK_COLUMNS: usize = 40;
/// Pace at the bottom and at the top of the pace line, in words a minute; fixed, so that two takes compare.
const SPARK_RANGE_WPM: (f64, f64) = (80.0, 220.0);
/// Terms named before the rest is summed up.
const MAX_TERMS: usize = 6;

/// A figure on a line of its own, with what is to be thought of it.
pub(in crate::report) struct Row {
    pub label: &'static str,
    pub text: String,
    pub tone: Tone,
}

/// The figures that are known, a line each, those that mostly matter first.
pub(in crate::report) fn rows(report: &Report) -> Vec<Row> {
    let analysis = &report.analysis;
    let rows = [
        Some(length(&analysis.length)),
        Some(fillers(&analysis.fillers)),
        pace(&analysis.pace),
        numbers(report),
        pauses(&analysis.pauses),
        persons(report),
    ];
    rows.into_iter().flatten().collect()
}

/// The figures that were not shown yet, and what is to be said besides of each.
pub(super) fn details(page: &mut Page, report: &Report, shown: &[&str]) {
    page.heading("Figures");
    let analysis = &report.analysis;
    for row in rows(report) {
        if !shown.contains(&row.label) {
            page.labelled(row.label, &row.text, row.tone);
        }
    }
    if let Some(speaking) = analysis.length.speaking_s {
        page.labelled("Speaking", &format!("{} of the time.", seconds(speaking)), Tone::Plain);
    }
    pace_line(page, &analysis.pace);
    if let Some(latency) = analysis.pauses.response_latency_s {
        page.labelled("First word", &format!("{} after the question.", seconds(latency)), Tone::Quiet);
    }
    filler_details(page, &analysis.fillers);
}

fn length(length: &Length) -> Row {
    let words = count(length.words, "word", "words");
    let [lo, hi] = length.target_s;
    let took = match (length.duration_s, length.aloud_s) {
        (Some(duration), _) => format!("{words} in {}", seconds(duration)),
        (None, Some(aloud)) => format!("{words}, about {} aloud", seconds(aloud)),
        (None, None) => words,
    };
    let (verdict, tone) = match length.verdict {
        Some(LengthVerdict::OnTarget) => (format!(": on target, {lo}-{hi} s"), Tone::Good),
        Some(LengthVerdict::Short) => (format!(": shorter than {lo}-{hi} s"), Tone::Watch),
        Some(LengthVerdict::Long) => (format!(": longer than {lo}-{hi} s"), Tone::Watch),
        None => (String::new(), Tone::Plain),
    };
    Row { label: "Length", text: format!("{took}{verdict}."), tone }
}

fn pace(pace: &Pace) -> Option<Row> {
    let wpm = pace.wpm?;
    let (verdict, tone) = match pace.verdict {
        Some(PaceVerdict::Slow) => (": slow, 120-170 is comfortable", Tone::Watch),
        Some(PaceVerdict::SlightlySlow) => (": a little slow, 120-170 is comfortable", Tone::Plain),
        Some(PaceVerdict::Good) => (": comfortable", Tone::Good),
        Some(PaceVerdict::SlightlyFast) => (": a little fast, 120-170 is comfortable", Tone::Plain),
        Some(PaceVerdict::Fast) => (": fast, 120-170 is comfortable", Tone::Watch),
        None => ("", Tone::Plain),
    };
    Some(Row { label: "Pace", text: format!("{wpm:.0} words a minute{verdict}."), tone })
}

/// The rate without pauses and from start to end.
fn pace_line(page: &mut Page, pace: &Pace) {
    if let Some(wpm) = pace.articulation_wpm {
        page.labelled("Without", &format!("the pauses: {wpm:.0} words a minute."), Tone::Plain);
    }
    if pace.timeline.len() > 1 {
        let rates = || pace.timeline.iter().map(|point| point.wpm);
        let (lo, hi) = (rates().fold(f64::INFINITY, f64::min), rates().fold(0.0, f64::max));
        let line = sparkline(&rates().collect::<Vec<_>>());
        let line = format!("{line} from start to end, between {lo:.0} and {hi:.0}.");
        page.labelled("", &line, Tone::Plain);
    }
}

/// The numbers that were named.
fn numbers(report: &Report) -> Option<Row> {
    let evidence = &report.analysis.evidence;
    if evidence.numbers.is_empty() {
        return (report.analysis.length.words >= MIN_WORDS).then(|| Row {
            label: "Numbers",
            text: "none.".to_owned(),
            tone: Tone::Plain,
        });
    }
    let mut named: Vec<&str> = Vec::new();
    for number in &evidence.numbers {
        if !named.contains(&number.text.as_str()) {
            named.push(&number.text);
        }
    }
    Some(Row { label: "Numbers", text: format!("{}.", named.join(", ")), tone: Tone::Plain })
}

/// Who did it, shown and not judged.
fn persons(report: &Report) -> Option<Row> {
    let who = &report.analysis.ownership;
    let action = &who.in_action;
    let action = match action.i + action.we {
        0 => String::new(),
        _ => format!(" In the action: {} and {}.", action.i, action.we),
    };
    let text = format!("{} and {}.{action}", who.i, who.we);
    (who.i + who.we > 0).then_some(Row { label: "I and we", text, tone: Tone::Plain })
}

/// The rates as bars of eight heights, averaged where there are more than fit.
fn sparkline(rates: &[f64]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let (bottom, top) = SPARK_RANGE_WPM;
    let columns = rates.len().min(SPARK_COLUMNS);
    (0..columns)
        .map(|column| {
            let part = &rates[column * rates.len() / columns..(column + 1) * rates.len() / columns];
            let rate = part.iter().sum::<f64>() / part.len() as f64;
            let height = ((rate - bottom) / (top - bottom) * BARS.len() as f64).clamp(0.0, 7.0);
            BARS[height as usize]
        })
        .collect()
}

fn pauses(pauses: &Pauses) -> Option<Row> {
    let number = pauses.count?;
    let mut text = match number {
        0 => "none of 0.25 s or more.".to_owned(),
        _ => format!("{number} of 0.25 s or more, {} of 2 s or more.", pauses.long.unwrap_or(0)),
    };
    let longest = pauses.items.iter().max_by(|a, b| a.length().0.total_cmp(&b.length().0));
    if let Some(longest) = longest {
        text += &format!(" Longest: {} at {}.", seconds(longest.length()), clock(longest.start_s));
    }
    Some(Row { label: "Pauses", text, tone: Tone::Plain })
}

fn fillers(fillers: &Fillers) -> Row {
    let [lo, hi] = fillers.range;
    let label = "Fillers";
    if hi == 0 {
        return Row { label, text: "none.".to_owned(), tone: Tone::Good };
    }
    if lo == 0 {
        return Row { label, text: format!("none that is sure, up to {hi} possible."), tone: Tone::Plain };
    }
    let number = if lo == hi { format!("{lo}") } else { format!("{lo} sure, up to {hi}") };
    let rate = fillers.per_minute.map(|rate| format!(", {rate:.1} a minute"));
    let rate = rate.or(fillers.per_100_words.map(|rate| format!(", {rate:.1} in 100 words"))).unwrap_or_default();
    let (verdict, tone) = match fillers.filled_pauses.verdict {
        Some(FilledPauseVerdict::Harmless) => ("; so few um and uh do no harm", Tone::Plain),
        Some(FilledPauseVerdict::Watch) => ("; um and uh begin to be noticed", Tone::Watch),
        Some(FilledPauseVerdict::Act) => ("; this many um and uh cost you", Tone::Watch),
        None => ("", Tone::Plain),
    };
    Row { label, text: format!("{number}{rate}{verdict}."), tone }
}

/// Which fillers, how often each, and where they cluster.
fn filler_details(page: &mut Page, fillers: &Fillers) {
    let filled = &fillers.filled_pauses;
    if filled.count > 0 {
        let terms = terms(&filled_pause_terms(fillers));
        let rates = rates(filled.per_minute, filled.per_100_words);
        page.labelled("um, uh", &format!("{}{terms}{rates}.", filled.count), Tone::Plain);
    }
    let markers = &fillers.markers;
    if markers.count > 0 {
        let rates = rates(markers.per_minute, markers.per_100_words);
        let terms = terms(&markers.by_term);
        page.labelled("phrases", &format!("{}{terms}{rates}.", markers.count), Tone::Plain);
    }
    doubtful(page, fillers);
    for cluster in &fillers.clusters {
        let length = seconds(cluster.end_s - cluster.start_s);
        let burst = format!("A burst of {} within {length}, at {}.", cluster.count, clock(cluster.start_s));
        page.labelled("", &burst, Tone::Watch);
    }
}

/// What separates the two ends of the range.
fn doubtful(page: &mut Page, fillers: &Fillers) {
    let possible = || fillers.items.iter().filter(|f| f.certainty == Certainty::Possible);
    let heard = possible().filter(|f| f.kind == FillerKind::Hesitation).count();
    let written = possible().count() - heard;
    let mut parts = Vec::new();
    if heard > 0 {
        parts.push(format!("{} heard but not written", count(heard, "hesitation", "hesitations")));
    }
    if written > 0 {
        parts.push(format!("{} that may be meant", count(written, "phrase", "phrases")));
    }
    if !parts.is_empty() {
        page.labelled("in doubt", &format!("{}.", parts.join(", ")), Tone::Quiet);
    }
}

/// Sure filled pauses by what was said.
fn filled_pause_terms(fillers: &Fillers) -> BTreeMap<String, usize> {
    let mut terms = BTreeMap::new();
    let sure = fillers.items.iter().filter(|f| f.certainty == Certainty::Sure && f.kind == FillerKind::FilledPause);
    for filler in sure {
        *terms.entry(filler.text.clone()).or_insert(0) += 1;
    }
    terms
}

/// ` (um 3, uh 1)`, the commonest first; nothing where there are no terms.
fn terms(by_term: &BTreeMap<String, usize>) -> String {
    if by_term.is_empty() {
        return String::new();
    }
    let mut terms: Vec<_> = by_term.iter().collect();
    terms.sort_by_key(|(_, number)| std::cmp::Reverse(**number));
    let named = terms.iter().take(MAX_TERMS).map(|(term, number)| format!("{term} {number}"));
    let rest: usize = terms.iter().skip(MAX_TERMS).map(|(_, number)| **number).sum();
    let rest = (rest > 0).then(|| format!("others {rest}"));
    format!(" ({})", named.chain(rest).collect::<Vec<_>>().join(", "))
}

/// `: 3.1 a minute, 2.0 in 100 words`, the minutes being those of speaking; what is not known is left out.
fn rates(per_minute: Option<f64>, per_100_words: Option<f64>) -> String {
    let per_minute = per_minute.map(|rate| format!("{rate:.1} a minute"));
    let per_100_words = per_100_words.map(|rate| format!("{rate:.1} in 100 words"));
    let rates: Vec<_> = per_minute.into_iter().chain(per_100_words).collect();
    if rates.is_empty() { String::new() } else { format!(": {}", rates.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_line_keeps_its_scale_and_averages_what_does_not_fit() {
        assert_eq!(sparkline(&[0.0, 80.0, 150.0, 219.0, 400.0]), "▁▁▅██");
        let many: Vec<f64> = (0..100).map(f64::from).collect();
        assert_eq!(sparkline(&many).chars().count(), SPARK_COLUMNS);
    }

    #[test]
    fn the_commonest_term_comes_first_and_the_rest_is_summed_up() {
        let by_term = [("a", 1), ("b", 5), ("c", 1), ("d", 1), ("e", 1), ("f", 1), ("g", 1), ("h", 1)];
        let by_term = by_term.map(|(term, number)| (term.to_owned(), number)).into();
        assert_eq!(terms(&by_term), " (b 5, a 1, c 1, d 1, e 1, f 1, others 2)");
    }
}
