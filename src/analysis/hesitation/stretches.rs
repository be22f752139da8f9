//! Unbroken stretches of voice, and how steady they are.

use super::regions::{frames_of, middle_of};
use super::voice::{Frame, Voice};
use crate::types::Span;

/// A frame at least so periodic is voice. Noise alone stays under 0.4 on average (a test of `voice` holds it to that).
const VOICED: f32 = 0.55;
/// A break of fewer frames does not end a stretch.
const BRIDGED: usize = 5;
/// Frames over which steadiness is judged: 50 ms.
const STEP: usize = 5;
/// Pitch may drift this much over a step, in semitones.
const DRIFT_SEMITONES: f32 = 1.0;
/// The spectral shape may change this much over a step, in dB.
const DRIFT_DB: f32 = 4.5;
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
pub(super) fn voiced(voice: &Voice, region: Span, usual_db: f32) -> Vec<Stretch> {
    let wide = Span::new(region.start_s.0 - BEYOND, region.end_s.0 + BEYOND);
    let (inner, outer) = (frames_of(region, voice), frames_of(wide, voice));
    let frame = |index: usize| match voice.level_db(index) {
        level_db if level_db > usual_db - FADE_DB => voice.frame(index),
        level_db => Frame::silent(level_db),
    };
    let frames: Vec<Frame> = outer.clone().map(frame).collect();
    runs(frames.iter().map(|frame| frame.periodicity >= VOICED))
        .into_iter()
        .filter_map(|(first, end)| {
            let within = end.min(inner.end - outer.start).saturating_sub(first.max(inner.start - outer.start));
            let touches_edge = first == 0 && outer.start > 0 || end == frames.len() && outer.end < voice.frames();
            let alone = !touches_edge && within * 2 >= end - first;
            let (from, to) = if alone {
                (first, end)
            } else {
                (first.max(inner.start - outer.start), end.min(inner.end - outer.start))
            };
            let part = frames.get(from..to).filter(|part| !part.is_empty())?;
            let time = |frame: usize| middle_of(outer.start + frame);
            Some(Stretch {
                span: Span::new(time(from) - 0.005, time(to - 1) + 0.005),
                steady: longest_steady(part) as f64 * 0.01,
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
fn longest_steady(frames: &[Frame]) -> usize {
    let steady = frames.windows(STEP + 1).map(|window| {
        let (before, after) = (&window[0], &window[STEP]);
        before.periodicity >= VOICED
            && after.periodicity >= VOICED
            && (before.pitch - after.pitch).abs() <= DRIFT_SEMITONES
            && before.shape_distance(after) <= DRIFT_DB
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
