//! Tellings to stories.

use std::collections::HashSet;

use super::Telling;
use super::likeness::{Profile, Rarity, Weighed};
use super::stems::Stems;

/// From this likeness on, on the average, a telling belongs to a story: the middle of the range, 0.22 to 0.32, in
/// which content/labelled/stories/tuning.toml is grouped without a mistake.
const SAME_STORY: f64 = 0.26;
/// A telling is compared with so many of a story's tellings, the latest: that is enough, and keeps the work small.
const COMPARED: usize = 6;

/// Groups tellings by content: for each story the positions of its tellings, in order.
///
/// Two rounds: the first knows which words are rare in general; the second also which of them the person uses in
/// many stories, such as the name of the company, and holds these for less.
pub(super) fn group(tellings: &[Telling], stems: &Stems, rarity: Rarity) -> (Vec<Vec<usize>>, Rarity) {
    let profiles: Vec<Profile> =
        tellings.iter().map(|telling| Profile::of(stems, &telling.transcript, &telling.question.text)).collect();
    let first = round(&profiles, &rarity);
    let words = |story: &Vec<usize>| -> HashSet<&str> {
        story.iter().flat_map(|at| profiles[*at].said.keys().map(String::as_str)).collect()
    };
    let rarity = rarity.among(first.iter().map(words));
    (round(&profiles, &rarity), rarity)
}

/// The likeness of every telling that was prepared to the story it is most like, if it is that story.
pub(super) fn is_told(prepared: &Profile, told: &[Weighed], rarity: &Rarity) -> bool {
    let prepared = Weighed::of(prepared, rarity);
    told.iter().any(|telling| prepared.likeness(telling) >= SAME_STORY)
}

fn round(profiles: &[Profile], rarity: &Rarity) -> Vec<Vec<usize>> {
    let weighed: Vec<Weighed> = profiles.iter().map(|profile| Weighed::of(profile, rarity)).collect();
    let mut stories: Vec<Vec<usize>> = Vec::new();
    for at in 0..weighed.len() {
        let best = nearest(&weighed, &stories, &[at], usize::MAX);
        match best {
            Some(story) => stories[story].push(at),
            None => stories.push(vec![at]),
        }
    }
    // A story that began as two, before the telling that joins them was heard.
    let mut at = 0;
    while at < stories.len() {
        match nearest(&weighed, &stories, &stories[at], at) {
            Some(other) => {
                let joined = stories.swap_remove(at.max(other));
                stories[at.min(other)].extend(joined);
                at = 0;
            }
            None => at += 1,
        }
    }
    stories.iter_mut().for_each(|story| story.sort_unstable());
    stories.sort();
    stories
}

/// The story most like these tellings, if it is like enough; never story `but`.
fn nearest(weighed: &[Weighed], stories: &[Vec<usize>], tellings: &[usize], but: usize) -> Option<usize> {
    let others = stories.iter().enumerate().filter(|(story, _)| *story != but);
    let scored = others.map(|(story, members)| (story, average(weighed, members, tellings)));
    let best = scored.max_by(|a, b| a.1.total_cmp(&b.1))?;
    (best.1 >= SAME_STORY).then_some(best.0)
}

fn average(weighed: &[Weighed], a: &[usize], b: &[usize]) -> f64 {
    let latest = |tellings: &[usize]| tellings.iter().rev().take(COMPARED).copied().collect::<Vec<usize>>();
    let (a, b) = (latest(a), latest(b));
    let pairs = a.iter().flat_map(|left| b.iter().map(move |right| (*left, *right)));
    let sum: f64 = pairs.map(|(left, right)| weighed[left].likeness(&weighed[right])).sum();
    sum / (a.len() * b.len()).max(1) as f64
}
