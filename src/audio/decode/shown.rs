//! What is shown of a track: recordings that were cut in an editing program keep what was cut away, and only say so.

use std::ops::Range;

use super::container::EditedTrack;
use crate::types::Seconds;

/// Cuts the sound of a track as it comes.
pub struct Shown {
    /// In seconds of the track; all of it where there is none.
    stretches: Vec<Range<f64>>,
    /// Silence before it, in seconds, that was not given yet.
    delay: f64,
    length: Option<Seconds>,
    is_over: bool,
}

impl Shown {
    /// What `track` shows of sound that is so long; all of it where that would be nothing.
    pub fn new(track: Option<&EditedTrack>, length: Option<Seconds>) -> Shown {
        let whole = length.map_or(f64::INFINITY, |length| length.0);
        let mut shown = Shown { stretches: Vec::new(), delay: 0.0, length: None, is_over: false };
        let Some(track) = track else { return shown };
        let inside = |stretch: &Range<f64>| (stretch.end.min(whole) - stretch.start).max(0.0);
        let seconds: f64 = track.shown.iter().map(inside).sum();
        shown.delay = track.delay;
        if seconds > 0.0 {
            shown.stretches = track.shown.clone();
            shown.length = Some(Seconds(track.delay + seconds)).filter(|length| length.0.is_finite());
        }
        shown
    }

    /// The length of what is shown, where something is cut and the length is known.
    pub fn length(&self) -> Option<Seconds> {
        self.length
    }

    /// Whether all that is shown was given.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Leaves of these frames, the first of which is frame `at` of the track, those that are shown.
    pub fn cut(&mut self, interleaved: &mut Vec<f32>, at: i64, channels: usize, rate_hz: u32) {
        let rate = f64::from(rate_hz);
        let frame = |seconds: f64| (seconds * rate).round() as i64;
        if !self.stretches.is_empty() {
            let is_shown = |frame_at: i64| {
                self.stretches.iter().any(|shown| (frame(shown.start)..frame(shown.end)).contains(&frame_at))
            };
            let frames = interleaved.len() / channels;
            let mut kept = 0;
            for index in 0..frames {
                if is_shown(at + index as i64) {
                    interleaved.copy_within(index * channels..(index + 1) * channels, kept * channels);
                    kept += 1;
                }
            }
            interleaved.truncate(kept * channels);
            let end = self.stretches.iter().map(|shown| shown.end).fold(0.0, f64::max);
            self.is_over = at + frames as i64 >= frame(end);
        }
        if self.delay > 0.0 {
            let silence = vec![0.0; Seconds(self.delay).to_samples(rate_hz) * channels];
            interleaved.splice(..0, silence);
            self.delay = 0.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(shown: &[Range<f64>], delay: f64) -> EditedTrack {
        EditedTrack { id: 1, is_enabled: true, shown: shown.to_vec(), delay }
    }

    /// What is left of a track whose frames (two channels, ten a second) are numbered, in pieces of seven.
    fn left(shown: &mut Shown, frames: i64) -> Vec<i64> {
        let mut left = Vec::new();
        for at in (0..frames).step_by(7) {
            let mut piece: Vec<f32> = (at..frames.min(at + 7)).flat_map(|frame| [frame as f32, -1.0]).collect();
            shown.cut(&mut piece, at, 2, 10);
            left.extend(piece.chunks(2).map(|frame| frame[0] as i64));
        }
        left
    }

    #[test]
    fn what_was_cut_away_is_not_heard() {
        let mut shown = Shown::new(Some(&track(&[0.4..0.9, 1.5..1.8], 0.0)), Some(Seconds(3.0)));
        assert_eq!(left(&mut shown, 30), [4, 5, 6, 7, 8, 15, 16, 17]);
        assert!(shown.is_over());
        assert!((shown.length().unwrap().0 - 0.8).abs() < 1e-9);
    }

    #[test]
    fn a_delay_is_silence_before_the_sound() {
        let mut shown = Shown::new(Some(&track(&[0.0..f64::INFINITY], 0.3)), None);
        assert_eq!(left(&mut shown, 3), [0, 0, 0, 0, 1, 2]);
        assert!(!shown.is_over());
        assert_eq!(shown.length(), None);
    }

    #[test]
    fn where_nothing_would_be_left_and_where_nothing_was_cut_all_is_heard() {
        let mut all = Shown::new(None, Some(Seconds(1.0)));
        assert_eq!(left(&mut all, 10).len(), 10);
        let mut nothing = Shown::new(Some(&track(&[5.0..6.0], 0.0)), Some(Seconds(1.0)));
        assert_eq!(left(&mut nothing, 10).len(), 10);
    }
}
