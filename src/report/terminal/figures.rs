//! Length, pace, pauses and fillers.

use std::collections::BTreeMap;

use super::numbers::{clock, count, seconds};
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

/// The figures; those that are not known are left out.
pub(super) fn figures(page: &mut Page, report: &Report) {
    page.heading("Figures");
    let analysis = &report.analysis;
    length(page, &analysis.length);
    pace(page, &analysis.pace);
    pauses(page, &analysis.pauses);
    fillers(page, &analysis.fillers);
}

fn length(page: &mut Page, length: &Length) {
    let words = count(length.words, "word", "words");
    let Some(duration) = length.duration_s else {
        page.labelled("Length", &format!("{words}."), Tone::Plain);
        return;
    };
    let speaking = length.speaking_s.map(|s| format!(", {} of it speaking", seconds(s))).unwrap_or_default();
    page.labelled("Length", &format!("{words} in {}{speaking}.", seconds(duration)), Tone::Plain);
    let [lo, hi] = length.target_s;
    match length.verdict {
        Some(LengthVerdict::OnTarget) => page.labelled("", &format!("On target: {lo}-{hi} s."), Tone::Good),
        Some(LengthVerdict::Short) => {
            page.labelled("", &format!("Shorter than the target of {lo}-{hi} s."), Tone::Watch)
        }
        Some(LengthVerdict::Long) => page.labelled("", &format!("Longer than the target of {lo}-{hi} s."), Tone::Watch),
        None => {}
    }
}

fn pace(page: &mut Page, pace: &Pace) {
    let Some(wpm) = pace.wpm else { return };
    let articulation = pace.articulation_wpm.map(|wpm| format!(", {wpm:.0} without the pauses")).unwrap_or_default();
    page.labelled("Pace", &format!("{wpm:.0} words a minute{articulation}."), Tone::Plain);
    if let Some(verdict) = pace.verdict {
        let (verdict, tone) = match verdict {
            PaceVerdict::Slow => ("Slow: under 110. Comfortable is 120-170.", Tone::Watch),
            PaceVerdict::SlightlySlow => ("A little slow. Comfortable is 120-170.", Tone::Plain),
            PaceVerdict::Good => ("Comfortable: 120-170.", Tone::Good),
            PaceVerdict::SlightlyFast => ("A little fast. Comfortable is 120-170.", Tone::Plain),
            PaceVerdict::Fast => ("Fast: over 180. Comfortable is 120-170.", Tone::Watch),
        };
        page.labelled("", verdict, tone);
    }
    if pace.timeline.len() > 1 {
        let rates = || pace.timeline.iter().map(|point| point.wpm);
        let (lo, hi) = (rates().fold(f64::INFINITY, f64::min), rates().fold(0.0, f64::max));
        let line = sparkline(&rates().collect::<Vec<_>>());
        let line = format!("{line} from start to end, between {lo:.0} and {hi:.0}.");
        page.labelled("", &line, Tone::Plain);
    }
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

fn pauses(page: &mut Page, pauses: &Pauses) {
    let Some(number) = pauses.count else { return };
    let mut text = match number {
        0 => "None of 0.25 s or more.".to_owned(),
        _ => format!("{number} of 0.25 s or more, {} of 2 s or more.", pauses.long.unwrap_or(0)),
    };
    let longest = pauses.items.iter().max_by(|a, b| a.length().0.total_cmp(&b.length().0));
    if let Some(longest) = longest {
        text += &format!(" Longest: {} at {}.", seconds(longest.length()), clock(longest.start_s));
    }
    page.labelled("Pauses", &text, Tone::Plain);
    if let Some(latency) = pauses.response_latency_s {
        page.labelled("", &format!("First word {} after the question.", seconds(latency)), Tone::Quiet);
    }
}

fn fillers(page: &mut Page, fillers: &Fillers) {
    let [lo, hi] = fillers.range;
    if hi == 0 {
        page.labelled("Fillers", "None.", Tone::Good);
        return;
    }
    let number = if lo == hi { format!("{lo}") } else { format!("{lo} sure, up to {hi}") };
    let rate = rates(fillers.per_minute, fillers.per_100_words);
    page.labelled("Fillers", &format!("{number}{rate}."), Tone::Plain);

    let filled = &fillers.filled_pauses;
    if filled.count > 0 {
        let terms = terms(&filled_pause_terms(fillers));
        let rates = rates(filled.per_minute, filled.per_100_words);
        page.labelled("  um, uh", &format!("{}{terms}{rates}.", filled.count), Tone::Plain);
        let verdict = match filled.verdict {
            Some(FilledPauseVerdict::Harmless) => Some(("Up to 5 a minute is harmless.", Tone::Good)),
            Some(FilledPauseVerdict::Watch) => Some(("From 5 a minute on, listeners begin to notice.", Tone::Watch)),
            Some(FilledPauseVerdict::Act) => Some(("From 12 a minute on, it costs you.", Tone::Watch)),
            None => None,
        };
        if let Some((verdict, tone)) = verdict {
            page.labelled("", verdict, tone);
        }
    }
    let markers = &fillers.markers;
    if markers.count > 0 {
        let rates = rates(markers.per_minute, markers.per_100_words);
        let terms = terms(&markers.by_term);
        page.labelled("  phrases", &format!("{}{terms}{rates}.", markers.count), Tone::Plain);
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
        page.labelled("  in doubt", &format!("{}.", parts.join(", ")), Tone::Quiet);
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
