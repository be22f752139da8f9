//! Unbroken stretches of voice, and how steady they are.

use crate::analysis::voice::{STEP, VoiceFrame, VoiceTrack};
use crate::types::Span;

/// A frame at least so periodic is voice. Noise alone stays under 0.4 on average (a test of `voice` holds it to that).
const VOICED: f32 = 0.55;
/// A break of fewer frames does not end a stretch.
const BRIDGED: usize = 5;
/// A frame this much quieter than the speaker's usual level is silence and not looked at, in dB.
const FADE_DB: f32 = 25.0;
/// How far beyond a region it is looked whether a stretch goes on, in seconds.
const BEYOND: f64 = 0.15;

/// A stretch of voice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stretch {
    /// Where it is: all of it when it is alone, else the part inside its region.
    pub span: Span,
    /// The longest time in it with steady pitch and steady spectrum, in seconds.
    pub steady: f64,
    /// Its mean loudness in dB.
    pub level_db: f32,
    /// Whether it begins and ends in or near the region and lies mostly inside, so that it is no word running on.
    pub alone: bool,
}

/// The stretches of voice inside a part of the sound, in order.
///
/// `usual_db` is how loud the speaker usually is.
pub(super) fn voiced(voice: &VoiceTrack, region: Span, usual_db: f32) -> Vec<Stretch> {
    let wide = Span::new(region.start_s.0 - BEYOND, region.end_s.0 + BEYOND);
    let (inner, outer) = (voice.positions(region), voice.positions(wide));
    let is_voiced = |frame: &VoiceFrame| frame.periodicity >= VOICED && frame.level_db > usual_db - FADE_DB;
    let all = voice.frames();
    let frames = &all[outer.clone()];
    runs(frames.iter().map(is_voiced))
        .into_iter()
        .filter_map(|(first, end)| {
            let within = end.min(inner.end - outer.start).saturating_sub(first.max(inner.start - outer.start));
            let touches_edge = first == 0 && outer.start > 0 || end == frames.len() && outer.end < all.len();
            let alone = !touches_edge && within * 2 >= end - first;
            let (from, to) = if alone {
                (first, end)
            } else {
                (first.max(inner.start - outer.start), end.min(inner.end - outer.start))
            };
            let part = frames.get(from..to).filter(|part| !part.is_empty())?;
            let time = |frame: usize| VoiceTrack::middle_of(outer.start + frame);
            Some(Stretch {
                span: Span::new(time(from) - 0.005, time(to - 1) + 0.005),
                steady: longest_steady(part, &is_voiced) as f64 * 0.01,
                level_db: part.iter().map(|frame| frame.level_db).sum::<f32>() / part.len() as f32,
                alone,
            })
        })
        .collect()
}

/// Half-open runs of true, bridging short breaks.
fn runs(flags: impl Iterator<Item = bool>) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (index, _) in flags.enumerate().filter(|(_, flag)| *flag) {
        match runs.last_mut() {
            Some((_, end)) if index - *end < BRIDGED => *end = index + 1,
            _ => runs.push((index, index + 1)),
        }
    }
    runs
}

/// How many frames the longest steady part of a stretch has.
fn longest_steady(frames: &[VoiceFrame], is_voiced: &dyn Fn(&VoiceFrame) -> bool) -> usize {
    let steady = frames.windows(STEP + 1).map(|window| {
        let (before, after) = (&window[0], &window[STEP]);
        is_voiced(before) && is_voiced(after) && after.is_steady
    });
    let (mut longest, mut current) = (0, 0);
    for is_steady in steady {
        current = if is_steady { current + 1 } else { 0 };
        longest = longest.max(current);
    }
    if longest == 0 { 0 } else { longest + STEP }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_breaks_are_bridged_and_long_ones_part_stretches() {
        let flags = "..XX..XXX........X".chars().map(|c| c == 'X');
        assert_eq!(runs(flags), [(2, 9), (17, 18)]);
    }
}
