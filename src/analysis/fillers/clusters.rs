//! Bursts of fillers.

use std::collections::VecDeque;

use crate::types::{Certainty, Filler, FillerCluster, Seconds};

/// Within this time...
const WINDOW: Seconds = Seconds(10.0);
/// ... so many make a burst.
const BURST: usize = 3;

/// The stretches in which every filler is one of at least three within ten seconds, in order, not overlapping.
///
/// Only sure fillers with known times count.
pub(super) fn find(items: &[Filler]) -> Vec<FillerCluster> {
    let timed = items.iter().filter(|f| f.certainty == Certainty::Sure);
    let timed = timed.filter_map(|f| Some((f.start_s?, f.end_s?)));
    let mut clusters: Vec<FillerCluster> = Vec::new();
    // Position, start and end of the fillers that began in the last ten seconds.
    let mut recent: VecDeque<(usize, Seconds, Seconds)> = VecDeque::new();
    let mut last_counted = None;
    for (position, (start, end)) in timed.enumerate() {
        recent.push_back((position, start, end));
        while recent.front().is_some_and(|(_, first, _)| (end - *first).0 > WINDOW.0) {
            recent.pop_front();
        }
        if recent.len() < BURST {
            continue;
        }
        let first = recent.front().expect("it holds at least three");
        match clusters.last_mut() {
            Some(open) if last_counted >= Some(first.0) => {
                open.count += position - last_counted.expect("an open cluster has counted one");
                open.end_s = open.end_s.max(end);
            }
            _ => clusters.push(FillerCluster { start_s: first.1, end_s: end, count: recent.len() }),
        }
        last_counted = Some(position);
    }
    clusters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{FillerKind, FillerSource};

    fn at(times: &[f64]) -> Vec<Filler> {
        let filler = |t: &f64| Filler {
            text: "um".into(),
            kind: FillerKind::FilledPause,
            certainty: Certainty::Sure,
            source: FillerSource::Transcript,
            words: None,
            start_s: Some(Seconds(*t)),
            end_s: Some(Seconds(t + 0.25)),
        };
        times.iter().map(filler).collect()
    }

    #[test]
    fn three_within_ten_seconds_are_a_burst_and_two_are_not() {
        assert_eq!(find(&at(&[1.0, 5.0, 30.0])), []);
        assert_eq!(find(&at(&[1.0, 6.0, 12.0])), []);
        let burst = FillerCluster { start_s: Seconds(1.0), end_s: Seconds(9.25), count: 3 };
        assert_eq!(find(&at(&[1.0, 5.0, 9.0])), [burst]);
    }

    #[test]
    fn a_long_burst_is_one_and_each_filler_is_counted_once() {
        let burst = FillerCluster { start_s: Seconds(1.0), end_s: Seconds(16.25), count: 6 };
        assert_eq!(find(&at(&[1.0, 4.0, 7.0, 10.0, 13.0, 16.0])), [burst]);
    }

    #[test]
    fn two_bursts_far_apart_are_two() {
        let counts: Vec<_> = find(&at(&[1.0, 2.0, 3.0, 40.0, 41.0, 42.0, 43.0])).iter().map(|c| c.count).collect();
        assert_eq!(counts, [3, 4]);
    }
}
