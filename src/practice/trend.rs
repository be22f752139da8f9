//! What changed over many takes, against oneself and not against a norm.

use jiff::Timestamp;

use super::spread::spread;
use crate::types::{Analysis, Change, Covered, DatedFigure, Figures, Judged, Measure, TakeName, Trend, by_sitting};

/// How many of the last sittings are looked at: older ones say little about how somebody speaks today.
const WINDOW: usize = 40;

/// More takes than these are not looked at, however many a sitting has.
const MAX_TAKES: usize = 160;

/// On either side of a change stand at least so many takes.
const MIN_SIDE: usize = 8;

/// How often the sittings are shuffled to see what chance can do.
const SHUFFLES: usize = 6_000;

/// A claim about one of the nine measures may be wrong once in 20 times over *all* of them together.
const WRONG: f64 = 0.04 / Measure::ALL.len() as f64;

/// The same takes give the same answer.
const SEED: u64 = 15;

/// The figures of one take.
#[derive(Clone, Debug, PartialEq)]
pub struct TakeFigures {
    /// The take.
    pub name: TakeName,
    /// When it was recorded.
    pub at: Timestamp,
    /// What was measured.
    pub figures: Figures,
}

/// The figures of an answer; `None` where something was not measured.
pub fn figures(analysis: &Analysis) -> Figures {
    Measure::ALL.map(|measure| figure(measure, analysis))
}

fn figure(measure: Measure, analysis: &Analysis) -> Option<f64> {
    match measure {
        Measure::LengthS => analysis.length.duration_s.map(|length| length.0),
        Measure::PaceWpm => analysis.pace.wpm,
        Measure::FilledPausesPerMinute => analysis.fillers.filled_pauses.per_minute,
        Measure::FillersPer100Words => analysis.fillers.per_100_words,
        Measure::LongPauses => analysis.pauses.long.map(|long| long as f64),
        Measure::LatencyS => analysis.pauses.response_latency_s.map(|latency| latency.0),
        Measure::PartsTold => (analysis.star.judged == Judged::Yes).then_some(analysis.star.coverage),
        Measure::BottomLineUpFront => analysis.bluf.up_front.map(|up_front| f64::from(u8::from(up_front))),
        Measure::PointsMade => {
            let made = analysis.own_points().map(|point| match point.covered {
                Covered::Yes => 1.0,
                Covered::Partly => 0.5,
                Covered::No => 0.0,
            });
            let made: Vec<f64> = made.collect();
            (!made.is_empty()).then(|| made.iter().sum::<f64>() / made.len() as f64)
        }
    }
}

/// How each measure moved over these takes, which stand in the order recorded. A measure that no take has is left out.
///
/// Of the takes with a figure in the last `WINDOW` sittings, the moment is looked for at which the ranks of the figures
/// before and after differ most. A change is claimed where that difference is larger than all but a few of what shuffling
/// the same sittings gives at *their* best moment (`WRONG`), and what is usual moved by more than the spread. Looking at
/// one fixed pair of stretches instead would miss a change that came earlier or later; ranks, because one odd take must
/// not decide; whole sittings, because takes of one evening have its mood in common: many of them are not many evenings.
pub fn trends(takes: &[TakeFigures]) -> Vec<Trend> {
    Measure::ALL.into_iter().filter_map(|measure| trend(measure, takes)).collect()
}

fn trend(measure: Measure, takes: &[TakeFigures]) -> Option<Trend> {
    let of_take = |take: &TakeFigures| {
        let figure = take.figures[measure as usize]?;
        Some(DatedFigure { take: take.name.clone(), at: take.at, figure })
    };
    let last = of_the_last_sittings(takes.iter().rev().filter_map(of_take));
    let figures: Vec<f64> = last.iter().map(|dated| dated.figure).collect();
    let spread = spread(&figures);
    let change = spread.and_then(|spread| {
        let sittings: Vec<usize> = by_sitting(&last).map(<[DatedFigure]>::len).collect();
        let first = change_at(&figures, &sittings)?;
        let [before, after] = [&figures[..first], &figures[first..]].map(|side| usual(measure, side));
        let DatedFigure { take, at, .. } = last[first].clone();
        let better = measure.more_is_better().map(|more| more == (after > before));
        let takes = figures.len() - first;
        ((after - before).abs() > spread).then_some(Change { since: take, at, takes, before, after, better })
    });
    let since = change.as_ref().map_or(0, |change| figures.len() - change.takes);
    (!figures.is_empty()).then(|| Trend { measure, usual: usual(measure, &figures[since..]), spread, change, last })
}

/// What is looked at of figures that come newest first: the earliest first.
fn of_the_last_sittings(newest_first: impl Iterator<Item = DatedFigure>) -> Vec<DatedFigure> {
    let mut last: Vec<DatedFigure> = Vec::new();
    let mut sittings = 0;
    for figure in newest_first.take(MAX_TAKES) {
        sittings += usize::from(last.last().is_none_or(|later| later.take.session != figure.take.session));
        if sittings > WINDOW {
            break;
        }
        last.push(figure);
    }
    last.reverse();
    last
}

/// The middle of the figures; of shares the mean, because their middle is one of a few steps.
fn usual(measure: Measure, figures: &[f64]) -> f64 {
    if measure.is_share() {
        return figures.iter().sum::<f64>() / figures.len() as f64;
    }
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) }
}

/// The first figure after the change, where there is one beyond chance; `sittings` are the numbers of takes that belong
/// together.
fn change_at(figures: &[f64], sittings: &[usize]) -> Option<usize> {
    let ranks = ranks(figures);
    let (found, first) = largest_step(&ranks)?;
    let mut rest = ranks.as_slice();
    let mut sittings: Vec<&[f64]> = sittings.iter().filter_map(|takes| rest.split_off(..*takes)).collect();
    let mut shuffled = Vec::with_capacity(ranks.len());
    let mut random = fastrand::Rng::with_seed(SEED);
    let allowed = (WRONG * SHUFFLES as f64) as usize;
    let mut as_large = 0;
    for _ in 0..SHUFFLES {
        random.shuffle(&mut sittings);
        shuffled.clear();
        sittings.iter().for_each(|takes| shuffled.extend_from_slice(takes));
        // Sums of the same ranks in another order differ by a hair.
        as_large += usize::from(largest_step(&shuffled).is_some_and(|(step, _)| step >= found - 1e-9));
        if as_large > allowed {
            return None;
        }
    }
    Some(first)
}

/// The largest difference between the figures before and after any moment, by how unlikely it would be there, and the first
/// figure after it; `None` where there are too few, or all are alike.
fn largest_step(ranks: &[f64]) -> Option<(f64, usize)> {
    let count = ranks.len();
    let mean = ranks.iter().sum::<f64>() / count as f64;
    let mut so_far = 0.0;
    let mut largest = None;
    for (index, rank) in ranks.iter().enumerate() {
        so_far += rank - mean;
        let (before, after) = (index + 1, count - index - 1);
        if before >= MIN_SIDE && after >= MIN_SIDE {
            let step = so_far.abs() / ((before * after) as f64).sqrt();
            if largest.is_none_or(|(known, _)| step > known) {
                largest = Some((step, before));
            }
        }
    }
    largest.filter(|(step, _)| *step > 0.0)
}

/// The place of each figure in their order, from 1; equals share the middle of theirs.
fn ranks(figures: &[f64]) -> Vec<f64> {
    let rank = |figure: &f64| {
        let below = figures.iter().filter(|other| *other < figure).count();
        let equal = figures.iter().filter(|other| *other == figure).count();
        below as f64 + (equal as f64 + 1.0) / 2.0
    };
    figures.iter().map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Seconds;

    fn takes(lengths: &[f64]) -> Vec<TakeFigures> {
        let take = |(index, length): (usize, &f64)| {
            let mut analysis = Analysis::default();
            analysis.length.duration_s = Some(Seconds(*length));
            TakeFigures {
                name: TakeName { session: format!("s{index}"), take: 1 },
                at: Timestamp::from_second(index as i64 * 3_600).unwrap(),
                figures: figures(&analysis),
            }
        };
        lengths.iter().enumerate().map(take).collect()
    }

    /// So many lengths that go up and down around `usual`.
    fn around(usual: f64, count: usize) -> Vec<f64> {
        (0..count).map(|index| usual + [0.0, 4.0, -5.0, 2.0, -1.0, 5.0, -3.0][index % 7]).collect()
    }

    #[test]
    fn a_change_is_told_with_its_moment_and_what_was_usual_on_either_side() {
        let lengths = [around(120.0, 14), around(90.0, 9)].concat();
        let found = trends(&takes(&lengths));
        assert_eq!(found.len(), 1, "a measure that no take has is left out");
        let change = found[0].change.clone().expect("there is one");
        assert_eq!((change.since.session.as_str(), change.takes, change.better), ("s14", 9, None));
        assert_eq!((change.before.round(), change.after.round(), found[0].usual.round()), (120.0, 90.0, 90.0));
    }

    #[test]
    fn ups_and_downs_one_odd_take_and_all_alike_are_no_change() {
        let mut odd = around(90.0, 30);
        odd[20] = 900.0;
        for lengths in [around(90.0, 40), odd, vec![90.0; 40], around(90.0, 2), Vec::new()] {
            assert!(trends(&takes(&lengths)).iter().all(|trend| trend.change.is_none()), "{lengths:?}");
        }
    }

    #[test]
    fn a_change_smaller_than_the_spread_is_none_however_sure_it_is() {
        let lengths: Vec<f64> =
            (0..40).map(|index| [80.0, 100.0][index % 2] + f64::from(u8::from(index >= 20))).collect();
        let found = trends(&takes(&lengths));
        assert_eq!((found[0].change.clone(), found[0].last.len()), (None, WINDOW));
    }

    #[test]
    fn takes_of_one_evening_are_not_many_evenings() {
        let mut takes = takes(&[around(120.0, 20), around(90.0, 20)].concat());
        for (index, take) in takes.iter_mut().enumerate() {
            take.name.session = format!("s{}", index / 10);
        }
        let found = trends(&takes);
        assert_eq!((found[0].change.clone(), found[0].last.len()), (None, 40), "four evenings may differ by chance");
    }

    #[test]
    fn only_the_last_takes_count() {
        let lengths = [around(300.0, 60), around(90.0, 40)].concat();
        let found = trends(&takes(&lengths));
        assert!(found[0].change.is_none() && (found[0].usual - 90.0).abs() < 5.0, "{:?}", found[0]);
    }
}
