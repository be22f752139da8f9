//! Hesitations that the transcript dropped, found in the sound.
//!
//! Whisper was trained on cleaned text and drops most "um"s. Two things give them away:
//! voice that no word covers, and voice that stands apart inside a word which lasts far longer
//! than it could take to say. Pitch and spectrum that stay steady (after Goto et al. 1999, who
//! found filled pauses so with recall 85 % and precision 92 %, with no recogniser) make a find
//! sure. Inside words of ordinary length nothing is looked for: steadiness alone would make a
//! hesitation of every drawn-out vowel.

mod regions;
mod stretches;

use super::answer::{Heard, ReadAnswer};
use crate::types::{Certainty, Span};
use regions::{Region, RegionKind, SHORTEST_CLEAR};
use stretches::Stretch;

/// A stretch of voice longer than this is speech that the recogniser missed, not a hesitation, in seconds.
const LONGEST: f64 = 1.3;
/// The least that stands alone near a word which may be longer than its times say, in seconds.
const SHORTEST_ALONE: f64 = 0.13;
/// The least where it runs on into a word, whose times may be that much off, in seconds.
const SHORTEST_JOINED: f64 = 0.16;
/// Voice that begins so soon after a word runs on out of it, in seconds.
const JOINT: f64 = 0.02;
/// Steady for so long, it is no ordinary vowel, in seconds.
const STEADY: f64 = 0.12;
/// The least that is surely a hesitation, in seconds: people's are 0.2 to 0.9 s.
const SHORTEST_SURE: f64 = 0.2;
/// The least steadiness of a possible one that runs on into a word, in seconds.
const STEADY_JOINED: f64 = 0.16;
/// Silence for so long inside one word parts it from what else is heard there, in seconds. The longest
/// consonants take 0.15.
const APART: f64 = 0.2;
/// Quieter than the speaker's usual level by more than this, it is breath or someone else, in dB.
const QUIETEST_DB: f32 = 15.0;
/// The same for what is surely a hesitation, and for one that neither is steady nor sounds like speech to the detector.
const QUIETEST_SURE_DB: f32 = 12.0;
/// See [`QUIETEST_SURE_DB`].
const QUIETEST_UNLIKELY_DB: f32 = 6.0;
/// Where there is more voice without words than this, beside what the words take, and more than [`MUCH_VOICE`], nobody can tell
/// hesitations from other people. On meetings at most 0.18, on one with a crowd 1.08.
const TOO_NOISY: f64 = 0.5;
/// See [`TOO_NOISY`], in seconds.
const MUCH_VOICE: f64 = 4.0;

/// What was found in the sound.
#[derive(Clone, Debug, PartialEq)]
pub enum Hesitations {
    /// Each with its place, in order.
    Found(Vec<(Span, Certainty)>),
    /// There is so much other voice in it that none can be told.
    TooNoisy,
}

impl Hesitations {
    /// Those that were found.
    pub fn found(&self) -> &[(Span, Certainty)] {
        match self {
            Hesitations::Found(found) => found,
            Hesitations::TooNoisy => &[],
        }
    }
}

/// Finds the hesitations of an answer; none without sound or without word times.
///
/// None of them touches a filled pause that the transcript has, or speech that was not understood.
pub fn find(answer: &ReadAnswer) -> Hesitations {
    let heard = &answer.heard;
    let mut found = Vec::new();
    let Some(sound) = heard.sound else { return Hesitations::Found(found) };
    let regions = regions::unexplained(answer, sound.duration);
    let Some(usual_db) = regions::usual_level_db(heard, sound.voice) else { return Hesitations::Found(found) };
    let mut voice_without_words = 0.0;
    for region in regions {
        let mut stretches = stretches::voiced(sound.voice, region.span, usual_db);
        stretches.retain(|stretch| stretch.level_db > usual_db - QUIETEST_DB);
        if region.kind == RegionKind::Uncovered {
            voice_without_words += stretches.iter().map(|stretch| stretch.span.length().0).sum::<f64>();
        }
        stretches.retain(|stretch| !overlaps(&heard.transcript.not_understood, stretch.span));
        match region.kind {
            RegionKind::Uncovered => {
                found.extend(stretches.iter().filter_map(|stretch| uncovered(stretch, &region, heard, usual_db)));
            }
            RegionKind::StretchedWord => found.extend(inside_a_word(&stretches, region.span)),
        }
    }
    let too_noisy = voice_without_words > MUCH_VOICE && voice_without_words > TOO_NOISY * regions::time_of_words(heard);
    if too_noisy { Hesitations::TooNoisy } else { Hesitations::Found(found) }
}

/// Judges voice that no word covers.
///
/// Where it runs on out of a word that was given less time than it may take to say, it is the end of that word:
/// recognisers end the last word before a silence too early. So it is with the beginning of the next.
fn uncovered(stretch: &Stretch, region: &Region, heard: &Heard, usual_db: f32) -> Option<(Span, Certainty)> {
    let length = stretch.span.length().0;
    let (start, end) = (stretch.span.start_s.0, stretch.span.end_s.0);
    let (tail, head) = (end <= region.tail_until, start >= region.head_from);
    let shortest = match stretch.alone {
        true if !tail && !head => SHORTEST_CLEAR,
        true => SHORTEST_ALONE,
        false => SHORTEST_JOINED,
    };
    if !(shortest..=LONGEST).contains(&length) {
        return None;
    }
    let runs_on = start <= region.span.start_s.0 + JOINT;
    let runs_into = end >= region.span.end_s.0 - JOINT;
    if tail && runs_on || head && runs_into {
        return None;
    }
    let detected = heard.sound.is_some_and(|sound| overlaps(sound.speech, stretch.span));
    let clear = !tail && !head;
    let louder_than = |below: f32| stretch.level_db >= usual_db - below;
    let steady = stretch.steady >= STEADY;
    let is_sure =
        detected && steady && stretch.alone && clear && length >= SHORTEST_SURE && louder_than(QUIETEST_SURE_DB);
    let is_possible = match stretch.alone {
        true => detected || steady || louder_than(QUIETEST_UNLIKELY_DB),
        false => clear && stretch.steady >= STEADY_JOINED && length >= SHORTEST_SURE,
    };
    match (is_sure, is_possible) {
        (true, _) => Some((stretch.span, Certainty::Sure)),
        (false, true) => Some((stretch.span, Certainty::Possible)),
        (false, false) => None,
    }
}

/// Whether any of the spans, which are in order, touches `span`.
fn overlaps(spans: &[Span], span: Span) -> bool {
    let after = spans.partition_point(|other| other.end_s <= span.start_s);
    spans.get(after).is_some_and(|other| other.start_s < span.end_s)
}

/// Judges the voice inside a word that lasts too long: what stands apart from the word itself.
///
/// A recogniser that stretches a word over silence keeps one of its ends in place, mostly the first; the voice
/// there is the word. With neither in place, the longest is.
fn inside_a_word(stretches: &[Stretch], region: Span) -> Vec<(Span, Certainty)> {
    let groups: Vec<&[Stretch]> = stretches.chunk_by(|a, b| (b.span.start_s - a.span.end_s).0 < APART).collect();
    let begins = |group: &[Stretch]| (group[0].span.start_s - region.start_s).0 < APART;
    let ends = |group: &[Stretch]| (region.end_s - group[group.len() - 1].span.end_s).0 < APART;
    let voice = |group: &[Stretch]| group.iter().map(|stretch| stretch.span.length().0).sum::<f64>();
    let longest = || (0..groups.len()).max_by(|a, b| voice(groups[*a]).total_cmp(&voice(groups[*b])));
    let word = match groups.as_slice() {
        [first, ..] if begins(first) => Some(0),
        [.., last] if ends(last) => Some(groups.len() - 1),
        _ => longest(),
    };
    let others = groups.iter().enumerate().filter(|(index, _)| Some(*index) != word).map(|(_, group)| group);
    let span_of =
        |group: &&&[Stretch]| Span { start_s: group[0].span.start_s, end_s: group[group.len() - 1].span.end_s };
    others
        .filter(|group| group.iter().all(|stretch| stretch.alone))
        .map(|group| (span_of(&group), voice(group)))
        .filter(|(span, voice)| *voice >= SHORTEST_ALONE && span.length().0 <= LONGEST)
        .map(|(span, _)| (span, Certainty::Possible))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::spoken_for_tests::{Take, english};
    use super::super::voice::VoiceTrack;
    use super::*;
    use crate::types::Seconds;

    /// Words at their times over a sound that hums wherever `voiced` says.
    fn spoken(words: &[(&str, f64, f64)], voiced: &[(f64, f64)]) -> Take {
        let text: Vec<&str> = words.iter().map(|(text, ..)| *text).collect();
        let mut take = Take::written(&text.join(" "));
        for (word, (_, start, end)) in take.transcript.words.iter_mut().zip(words) {
            (word.start_s, word.end_s) = (Some(Seconds(*start)), Some(Seconds(*end)));
        }
        let hums = |t: f64| voiced.iter().any(|(start, end)| (*start..*end).contains(&t));
        let hum = |t: f64| (1..8).map(|h| (std::f64::consts::TAU * 120.0 * f64::from(h) * t).sin()).sum::<f64>() * 0.05;
        let samples: Vec<f32> =
            (0..128_000).map(|i| i as f64 / 16_000.0).map(|t| if hums(t) { hum(t) as f32 } else { 0.0 }).collect();
        take.voice = VoiceTrack::of(&samples);
        take.speech = Some(voiced.iter().map(|(start, end)| Span::new(*start, *end)).collect());
        take.duration = Seconds(8.0);
        take
    }

    fn found(words: &[(&str, f64, f64)], voiced: &[(f64, f64)]) -> Vec<(Span, Certainty)> {
        let take = spoken(words, voiced);
        find(&take.read(&english())).found().to_vec()
    }

    #[test]
    fn voice_that_no_word_covers_is_a_hesitation() {
        let found = found(&[("we", 0.5, 1.0), ("went", 2.0, 2.4)], &[(0.5, 1.0), (1.3, 1.7), (2.0, 2.4)]);
        let [(span, Certainty::Sure)] = found[..] else { panic!("one sure find, not {found:?}") };
        assert!((span.start_s.0 - 1.3).abs() < 0.04 && (span.end_s.0 - 1.7).abs() < 0.04, "{span:?}");
    }

    #[test]
    fn a_short_uh_is_heard_where_no_word_can_still_sound() {
        let words = [("we", 0.5, 1.0), ("went", 2.0, 2.4)];
        assert_eq!(found(&words, &[(0.5, 1.0), (1.5, 1.63), (2.0, 2.4)]).len(), 1);
        assert_eq!(found(&words, &[(0.5, 1.0), (1.5, 1.55), (2.0, 2.4)]), []);
        // So short a sound near the end of a word is its last consonant.
        let early = [("people", 0.5, 0.6), ("went", 2.0, 2.4), ("there", 2.4, 2.8)];
        assert_eq!(found(&early, &[(0.5, 0.6), (0.72, 0.85), (2.0, 2.8)]), []);
        assert_eq!(found(&early, &[(0.5, 0.6), (1.4, 1.53), (2.0, 2.8)]).len(), 1);
    }

    #[test]
    fn a_transcribed_um_is_not_counted_twice_even_where_its_time_is_off() {
        let words = [("we", 0.5, 1.0), ("um", 1.55, 1.8), ("went", 2.0, 2.4)];
        assert_eq!(found(&words, &[(0.5, 1.0), (1.35, 1.7), (2.0, 2.4)]), []);
    }

    #[test]
    fn the_end_of_a_word_that_was_cut_short_is_no_hesitation() {
        let early = [("we", 0.5, 0.9), ("went", 0.9, 1.5), ("there", 1.5, 1.9), ("again", 3.0, 3.6)];
        assert_eq!(found(&early, &[(0.5, 2.1), (3.0, 3.6)]), []);
        // The same voice apart from the word, after a breath, is one.
        assert_eq!(found(&early, &[(0.5, 1.9), (2.3, 2.6), (3.0, 3.6)]).len(), 1);
    }

    #[test]
    fn silence_and_a_whole_missed_sentence_are_no_hesitations() {
        let words = [("we", 0.5, 1.0), ("went", 3.4, 3.8)];
        assert_eq!(found(&words, &[(0.5, 1.0), (3.4, 3.8)]), []);
        assert_eq!(found(&words, &[(0.5, 1.0), (1.2, 3.2), (3.4, 3.8)]), []);
    }

    #[test]
    fn voice_apart_inside_a_stretched_word_is_a_possible_hesitation() {
        let found = found(&[("we", 0.5, 2.0), ("went", 2.0, 2.4)], &[(0.5, 0.8), (1.2, 1.6), (2.0, 2.4)]);
        let [(span, Certainty::Possible)] = found[..] else { panic!("one possible find, not {found:?}") };
        assert!(span.start_s.0 > 1.1 && span.end_s.0 < 1.7, "{span:?}");
    }

    #[test]
    fn among_other_voices_none_is_told() {
        let words = [("we", 0.1, 0.4), ("went", 7.4, 7.7)];
        let others: Vec<(f64, f64)> = (1..12).map(|i| (0.5 * f64::from(i), 0.5 * f64::from(i) + 0.42)).collect();
        let mut take = spoken(&words, &others);
        let found = |take: &Take| find(&take.read(&english()));
        assert_eq!(found(&take), Hesitations::TooNoisy);
        take = spoken(&words, &others[..2]);
        assert_eq!(found(&take).found().len(), 2);
        take.transcript.not_understood = vec![Span::new(0.5, 1.0)];
        assert_eq!(found(&take).found().len(), 1);
    }

    #[test]
    fn without_word_times_nothing_is_claimed() {
        assert_eq!(found(&[], &[(0.5, 1.0)]), []);
    }
}
