//! Where somebody speaks and where they pause; the only file that names earshot.

use std::collections::VecDeque;

use super::SPEECH_RATE_HZ;
use crate::types::{Seconds, Span};

/// Samples that are judged at a time: 16 ms.
const FRAME: usize = 256;

/// How speech is told from pauses. The defaults come from `examples/vad_compare.rs`.
#[derive(Clone, Debug, PartialEq)]
pub struct DetectorSettings {
    /// Score of a frame, 0 to 1, from which it may be speech.
    pub begin_score: f32,
    /// Score of a frame below which speech ends.
    pub end_score: f32,
    /// Score that some frames of a stretch must reach: steady noise and tones stay below it.
    pub sure_score: f32,
    /// How long a stretch must be above `sure_score`, in all.
    pub sure: Seconds,
    /// Shorter speech is none.
    pub min_speech: Seconds,
    /// A shorter pause is none.
    pub min_pause: Seconds,
    /// What is this much louder than the quietest half second of the last ten seconds is taken for speech whatever its
    /// score, in dB.
    pub rise_db: Option<f32>,
}

impl DetectorSettings {
    /// For pauses: finds what is surely speech.
    pub const CAREFUL: DetectorSettings = DetectorSettings {
        begin_score: 0.5,
        end_score: 0.35,
        sure_score: 0.8,
        sure: Seconds(0.048),
        min_speech: Seconds(0.1),
        min_pause: Seconds(0.25),
        rise_db: None,
    };

    /// For what is to be transcribed: finds all that may be speech, hoarse, whispered and far from the microphone too. Of the
    /// words of ten meetings it hears 99 % of the time with 0.3 s around them, where [`CAREFUL`](Self::CAREFUL) hears 94 %;
    /// it takes half of what is not speech for it. What rises 12 dB above the quiet counts whatever its score: whispering,
    /// falsetto and a creaky voice score nothing.
    pub const GENEROUS: DetectorSettings =
        DetectorSettings { begin_score: 0.35, end_score: 0.25, rise_db: Some(12.0), ..DetectorSettings::CAREFUL };
}

impl Default for DetectorSettings {
    fn default() -> Self {
        DetectorSettings::CAREFUL
    }
}

/// Frames (0.19 s) by which an edge may be moved to where the level changes. The score follows speech by
/// 50 ms in silence and by 100 ms and more in noise.
const REACH: usize = 12;

/// What is this much louder than its surroundings, in dB, belongs to the speech beside it.
const ABOVE_SURROUNDINGS_DB: f32 = 4.0;

/// Nothing below this level is speech, in dBFS.
const FLOOR_DBFS: f32 = -70.0;

/// Frames of which the level is remembered (1 s).
const REMEMBERED: usize = 64;

/// Speech begins or ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SpeechEdge {
    /// Somebody began to speak at this time; known a little later.
    Start(Seconds),
    /// They fell silent at this time; known once the pause is long enough to be one.
    End(Seconds),
}

/// Finds speech in sound as it comes in. Times count from the first sample.
pub struct SpeechDetector {
    settings: DetectorSettings,
    model: Box<earshot::Detector>,
    /// Samples that did not fill a frame yet.
    waiting: Vec<f32>,
    frames: usize,
    /// Levels of the last frames in dBFS, the newest last.
    levels: VecDeque<f32>,
    floor: Floor,
    state: State,
    spans: Vec<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Quiet,
    /// Frames that may be speech: since when, the end of the last of them, how many were sure, and whether
    /// the start was told.
    Voice {
        start: usize,
        end: usize,
        sure: usize,
        told: bool,
    },
}

impl Default for SpeechDetector {
    fn default() -> Self {
        SpeechDetector::new(DetectorSettings::default())
    }
}

impl SpeechDetector {
    /// A detector at the start of a sound.
    pub fn new(settings: DetectorSettings) -> SpeechDetector {
        SpeechDetector {
            settings,
            model: earshot::Detector::default_boxed(),
            waiting: Vec::with_capacity(FRAME),
            frames: 0,
            levels: VecDeque::with_capacity(REMEMBERED),
            floor: Floor::default(),
            state: State::Quiet,
            spans: Vec::new(),
        }
    }

    /// Takes samples (mono, 16 kHz, -1 to 1) and tells what was found, in order.
    pub fn push(&mut self, samples: &[f32], found: &mut dyn FnMut(SpeechEdge)) {
        let mut rest = samples;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(FRAME - self.waiting.len()));
            self.waiting.extend_from_slice(now);
            rest = later;
            if self.waiting.len() == FRAME {
                for sample in &mut self.waiting {
                    // The model wants -1 to 1 and finite; a NaN would stay in it for ever.
                    *sample = if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 };
                }
                let score = self.model.predict_f32(&self.waiting);
                if self.levels.len() == REMEMBERED {
                    self.levels.pop_front();
                }
                let level = dbfs(&self.waiting).max(FLOOR_DBFS);
                self.levels.push_back(level);
                self.waiting.clear();
                let rises = self.settings.rise_db.is_some_and(|rise| self.floor.take(level) + rise < level);
                self.judge(if rises { 1.0 } else { score }, found);
            }
        }
    }

    /// Ends the sound: an open stretch of speech ends here.
    pub fn finish(&mut self, found: &mut dyn FnMut(SpeechEdge)) {
        self.end_stretch(found);
    }

    /// The stretches of speech that have ended so far, in order; all of them after [`finish`](Self::finish).
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Whether speech is going on, as far as is known.
    pub fn is_speaking(&self) -> bool {
        matches!(self.state, State::Voice { told: true, .. })
    }

    /// Takes the score of the next frame.
    fn judge(&mut self, score: f32, found: &mut dyn FnMut(SpeechEdge)) {
        let frame = self.frames;
        self.frames += 1;
        let is_sure = usize::from(score >= self.settings.sure_score);
        match &mut self.state {
            State::Quiet if score >= self.settings.begin_score => {
                let start = self.onset(frame);
                self.state = State::Voice { start, end: frame + 1, sure: is_sure, told: false };
            }
            State::Quiet => {}
            State::Voice { end, sure, .. } if score >= self.settings.end_score => {
                *end = frame + 1;
                *sure += is_sure;
            }
            &mut State::Voice { end, .. } => {
                if self.at(self.frames - self.offset(end)) >= self.settings.min_pause {
                    self.end_stretch(found);
                }
            }
        }
        self.tell_start(found);
    }

    /// Tells the start of a stretch as soon as it is sure to be speech.
    fn tell_start(&mut self, found: &mut dyn FnMut(SpeechEdge)) {
        let State::Voice { start, end, sure, told: false } = self.state else { return };
        if self.at(sure) >= self.settings.sure && self.at(end - start) >= self.settings.min_speech {
            self.state = State::Voice { start, end, sure, told: true };
            found(SpeechEdge::Start(self.at(start)));
        }
    }

    fn end_stretch(&mut self, found: &mut dyn FnMut(SpeechEdge)) {
        if let State::Voice { start, end, told: true, .. } = self.state {
            let span = Span { start_s: self.at(start), end_s: self.at(self.offset(end)) };
            self.spans.push(span);
            found(SpeechEdge::End(span.end_s));
        }
        self.state = State::Quiet;
    }

    /// Where speech that the model hears from `frame` on began: as far before as it is louder than what was before it.
    fn onset(&self, frame: usize) -> usize {
        let earliest = frame.saturating_sub(REACH).max(self.spans.last().map_or(0, |s| self.frame_of(s.end_s)));
        let before = self.mean_level(earliest.saturating_sub(REACH), earliest);
        let Some(before) = before else { return frame };
        (earliest..frame).rev().take_while(|&f| self.level(f) > before + ABOVE_SURROUNDINGS_DB).last().unwrap_or(frame)
    }

    /// Where speech that the model heard up to `end` really ended: before what is no louder than what came after it.
    fn offset(&self, end: usize) -> usize {
        let Some(after) = self.mean_level(end, self.frames) else { return end };
        let quiet = (end - REACH.min(end)..end).rev().take_while(|&f| self.level(f) < after + ABOVE_SURROUNDINGS_DB);
        end - quiet.count()
    }

    /// The level of a frame that is still remembered, in dBFS.
    fn level(&self, frame: usize) -> f32 {
        let oldest = self.frames - self.levels.len();
        frame.checked_sub(oldest).and_then(|n| self.levels.get(n)).copied().unwrap_or(FLOOR_DBFS)
    }

    /// The mean level from `first` up to but not including `end`, in dBFS; `None` where there is no frame.
    fn mean_level(&self, first: usize, end: usize) -> Option<f32> {
        (first < end).then(|| (first..end).map(|f| self.level(f)).sum::<f32>() / (end - first) as f32)
    }

    fn frame_of(&self, at: Seconds) -> usize {
        at.to_samples(SPEECH_RATE_HZ) / FRAME
    }

    fn at(&self, frame: usize) -> Seconds {
        Seconds::of_samples(frame * FRAME, SPEECH_RATE_HZ)
    }
}

/// How quiet it was lately.
#[derive(Default)]
struct Floor {
    /// Level of each half second, the newest last.
    halves: VecDeque<f32>,
    sum: f32,
    frames: usize,
}

impl Floor {
    /// Frames in half a second.
    const HALF: usize = 31;
    /// Half seconds that are remembered.
    const HALVES: usize = 20;

    /// Takes the level of the next frame; the level of the quietest half second of the last ten seconds, in dBFS.
    fn take(&mut self, level: f32) -> f32 {
        self.sum += level;
        self.frames += 1;
        if self.frames == Floor::HALF {
            if self.halves.len() == Floor::HALVES {
                self.halves.pop_front();
            }
            self.halves.push_back(self.sum / self.frames as f32);
            (self.sum, self.frames) = (0.0, 0);
        }
        self.halves.iter().copied().reduce(f32::min).unwrap_or(level)
    }
}

fn dbfs(samples: &[f32]) -> f32 {
    let power = samples.iter().map(|s| s * s).sum::<f32>() / samples.len() as f32;
    10.0 * (power + 1e-12).log10()
}

/// The stretches of speech in a whole sound (mono, 16 kHz, -1 to 1), in order.
pub fn detect(samples: &[f32]) -> Vec<Span> {
    detect_with(samples, DetectorSettings::CAREFUL)
}

/// The same with other settings.
pub fn detect_with(samples: &[f32], settings: DetectorSettings) -> Vec<Span> {
    let mut detector = SpeechDetector::new(settings);
    detector.push(samples, &mut |_| {});
    detector.finish(&mut |_| {});
    detector.spans
}

/// The score of every 16 ms, 0 to 1, before any decision: for measuring.
pub fn scores(samples: &[f32]) -> Vec<f32> {
    let mut model = earshot::Detector::default_boxed();
    samples.chunks_exact(FRAME).map(|frame| model.predict_f32(frame)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: usize = SPEECH_RATE_HZ as usize;

    fn noise(level_dbfs: f32, seconds: usize) -> Vec<f32> {
        let mut random = fastrand::Rng::with_seed(16);
        let gain = 10f32.powf(level_dbfs / 20.0) * 3f32.sqrt();
        (0..seconds * SECOND).map(|_| ((random.f32() * 2.0 - 1.0) * gain).clamp(-1.0, 1.0)).collect()
    }

    fn tone(hz: f32, level_dbfs: f32, seconds: usize) -> Vec<f32> {
        let gain = 10f32.powf(level_dbfs / 20.0) * 2f32.sqrt();
        let turn = |n: usize| (n as f32 / SECOND as f32 * hz).fract() * std::f32::consts::TAU;
        (0..seconds * SECOND).map(|n| (gain * turn(n).sin()).clamp(-1.0, 1.0)).collect()
    }

    /// A real voice (espeak-ng): two phrases with a pause of 1.4 s between them.
    fn two_phrases() -> Vec<f32> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sounds/two-phrases.opus");
        crate::audio::decode_16k(std::path::Path::new(path)).unwrap().samples
    }

    #[test]
    fn silence_is_not_speech() {
        assert_eq!(detect(&vec![0.0; 10 * SECOND]), []);
    }

    #[test]
    fn white_noise_of_any_loudness_is_not_speech() {
        for level in [-70.0, -40.0, -30.0, -20.0, -10.0] {
            assert_eq!(detect(&noise(level, 10)), [], "{level} dBFS");
        }
    }

    #[test]
    fn a_tone_is_not_speech() {
        for hz in [100.0, 150.0, 220.0, 300.0, 440.0, 1000.0] {
            for level in [-30.0, -15.0, -6.0] {
                assert_eq!(detect(&tone(hz, level, 10)), [], "{hz} Hz, {level} dBFS");
            }
        }
    }

    #[test]
    fn samples_out_of_range_and_no_numbers_do_no_harm() {
        let mut samples = two_phrases();
        for (n, value) in [f32::NAN, f32::INFINITY, -9.0].into_iter().enumerate() {
            samples[100 + n] = value;
        }
        assert_eq!(detect(&samples).len(), 2);
    }

    #[test]
    fn a_voice_20_db_softer_is_heard_as_well() {
        let soft: Vec<f32> = two_phrases().iter().map(|s| s * 0.1).collect();
        assert_eq!(detect(&soft).len(), 2);
    }

    #[test]
    fn pieces_of_any_size_give_the_same_as_the_whole() {
        let samples = two_phrases();
        let mut detector = SpeechDetector::default();
        let mut edges = Vec::new();
        for piece in samples.chunks(97) {
            detector.push(piece, &mut |edge| edges.push(edge));
        }
        detector.finish(&mut |edge| edges.push(edge));
        let whole = detect(&samples);
        assert_eq!(detector.spans(), whole);
        let told: Vec<SpeechEdge> =
            whole.iter().flat_map(|s| [SpeechEdge::Start(s.start_s), SpeechEdge::End(s.end_s)]).collect();
        assert_eq!(edges, told);
    }

    #[test]
    fn the_end_is_told_while_the_pause_goes_on() {
        let samples = two_phrases();
        let end = detect(&samples)[0].end_s;
        let mut detector = SpeechDetector::default();
        let mut told = false;
        let settings = DetectorSettings::default();
        // The pause, a frame, and the fall of the score.
        let heard = end + settings.min_pause + Seconds(0.1);
        detector.push(&samples[..heard.to_samples(SPEECH_RATE_HZ)], &mut |edge| {
            told |= edge == SpeechEdge::End(end);
        });
        assert!(told && !detector.is_speaking());
    }

    #[test]
    fn speech_that_is_cut_off_by_the_end_of_the_sound_ends_there() {
        let samples = two_phrases();
        let cut = SECOND * 3 / 2;
        let spans = detect(&samples[..cut]);
        assert_eq!(spans.len(), 1);
        assert!((spans[0].end_s.0 - 1.5).abs() < 0.05, "{spans:?}");
    }
}
