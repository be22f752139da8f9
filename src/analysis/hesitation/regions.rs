//! Where in the sound a dropped hesitation may hide.

use crate::analysis::answer::{Heard, ReadAnswer};
use crate::analysis::voice::VoiceTrack;
use crate::types::{Seconds, Span};

/// Part of the sound that the words do not explain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Region {
    pub span: Span,
    pub kind: RegionKind,
    /// Until here the word before it may last at the pace of this person, whatever its times say.
    pub tail_until: f64,
    /// From here the word after it may already sound.
    pub head_from: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum RegionKind {
    /// No word covers it.
    Uncovered,
    /// One word covers it that lasts far longer than it could take to say.
    StretchedWord,
}

/// What a word may last: so much, and so much for each letter, in seconds.
///
/// Well over the 0.4 s that a word takes on average at 150 words a minute, so that slow and stressed words pass.
const PLAUSIBLE_BASE: f64 = 0.30;
const PLAUSIBLE_LETTER: f64 = 0.085;
/// A word before or after a silence takes this much longer than others.
const LENGTHENED: f64 = 1.4;
/// Words of a recogniser are this much off at either end, in seconds.
const WORD_MARGIN: f64 = 0.04;
/// The least voice that no word covers, that stands alone and where no word near it can still sound, in seconds.
pub(super) const SHORTEST_CLEAR: f64 = 0.10;
/// A transcribed filled pause accounts for voice this near to it, in seconds: its times are the least sure.
const FILLED_PAUSE_MARGIN: f64 = 0.25;

/// The parts of the sound that no word explains, in order; none where no word has times.
pub(super) fn unexplained(answer: &ReadAnswer, duration: Seconds) -> Vec<Region> {
    let mut regions = Vec::new();
    let mut explained_to: Option<f64> = None;
    let mut tail_until = f64::NEG_INFINITY;
    let pace = LENGTHENED * seconds_per_weight(answer);
    for (word, normal) in answer.transcript().words.iter().zip(answer.words()) {
        let Some(span) = word.span() else { continue };
        let filled = answer.lexicon.filled_pause(normal).is_some();
        let margin = if filled { FILLED_PAUSE_MARGIN } else { WORD_MARGIN };
        let plausible = PLAUSIBLE_BASE + PLAUSIBLE_LETTER * normal.chars().count() as f64;
        let (from, to) = (explained_to.unwrap_or(0.0), span.start_s.0 - margin);
        let unhurried = pace * weight(normal);
        push_uncovered(&mut regions, from, to, tail_until, span.end_s.0 - unhurried);
        if !filled && span.length().0 > plausible {
            regions.push(Region { span, kind: RegionKind::StretchedWord, tail_until: 0.0, head_from: 0.0 });
        }
        explained_to = Some(explained_to.unwrap_or(0.0).max(span.end_s.0 + margin));
        tail_until = span.start_s.0 + unhurried;
    }
    if let Some(explained_to) = explained_to {
        push_uncovered(&mut regions, explained_to, duration.0, tail_until, f64::INFINITY);
    }
    regions
}

/// How long a word of these letters takes beside others.
fn weight(normal: &str) -> f64 {
    normal.chars().count() as f64 + 2.0
}

/// How fast this person speaks: the time of all words of a likely length by their weights; 0 where there is none.
fn seconds_per_weight(answer: &ReadAnswer) -> f64 {
    let (mut seconds, mut weights) = (0.0, 0.0);
    for (word, normal) in answer.transcript().words.iter().zip(answer.words()) {
        let length = word.span().map_or(0.0, |span| span.length().0);
        if length > 0.0 && length <= PLAUSIBLE_BASE + PLAUSIBLE_LETTER * normal.chars().count() as f64 {
            seconds += length;
            weights += weight(normal);
        }
    }
    if weights > 0.0 { seconds / weights } else { 0.0 }
}

fn push_uncovered(regions: &mut Vec<Region>, start: f64, end: f64, tail_until: f64, head_from: f64) {
    if end - start >= SHORTEST_CLEAR {
        let span = Span::new(start, end);
        regions.push(Region { span, kind: RegionKind::Uncovered, tail_until, head_from });
    }
}

/// How long the words last in all, in seconds; none counts for more than a second, which is longer than any is spoken.
pub(super) fn time_of_words(heard: &Heard) -> f64 {
    heard.transcript.words.iter().filter_map(|word| word.span()).map(|span| span.length().0.min(1.0)).sum()
}

/// The loudness that half of the frames inside words exceed, in dB; `None` where no word has times or no sound.
pub(super) fn usual_level_db(heard: &Heard, voice: &VoiceTrack) -> Option<f32> {
    let mut levels = Vec::new();
    for span in heard.transcript.words.iter().filter_map(|word| word.span()) {
        levels.extend(voice.frames()[voice.positions(span)].iter().map(|frame| frame.level_db));
    }
    if levels.is_empty() {
        return None;
    }
    let middle = levels.len() / 2;
    let (_, median, _) = levels.select_nth_unstable_by(middle, f32::total_cmp);
    Some(*median)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::spoken_for_tests::{Take, english};

    fn regions(words: &[(&str, f64, f64)], duration: f64) -> Vec<Region> {
        let text: Vec<&str> = words.iter().map(|(text, ..)| *text).collect();
        let mut take = Take::written(&text.join(" "));
        for (word, (_, start, end)) in take.transcript.words.iter_mut().zip(words) {
            (word.start_s, word.end_s) = (Some(Seconds(*start)), Some(Seconds(*end)));
        }
        unexplained(&take.read(&english()), Seconds(duration))
    }

    #[test]
    fn what_no_word_covers_is_a_region_also_before_the_first_and_after_the_last() {
        let spans: Vec<Span> =
            regions(&[("so", 1.0, 1.2), ("we", 1.2, 1.4), ("did", 2.0, 2.3)], 3.0).iter().map(|r| r.span).collect();
        assert_eq!(spans, [Span::new(0.0, 0.96), Span::new(1.44, 1.96), Span::new(2.34, 3.0)]);
    }

    #[test]
    fn a_word_that_lasts_too_long_is_a_region() {
        let found = regions(&[("the", 0.0, 2.0)], 2.0);
        assert!(matches!(found[..], [Region { kind: RegionKind::StretchedWord, .. }]), "{found:?}");
        assert_eq!(regions(&[("responsibility", 0.0, 1.1)], 1.1), []);
    }

    #[test]
    fn a_transcribed_um_accounts_for_the_sound_around_it_and_words_without_times_for_nothing() {
        assert_eq!(regions(&[("so", 0.0, 0.3), ("um", 0.55, 0.8), ("we", 1.0, 1.2)], 1.2), []);
        assert_eq!(unexplained(&Take::written("so we").read(&english()), Seconds(9.0)), []);
    }
}
