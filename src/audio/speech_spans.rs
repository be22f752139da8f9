//! Where somebody speaks and where they pause; the only file that names earshot.

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
}

impl Default for DetectorSettings {
    fn default() -> Self {
        DetectorSettings {
            begin_score: 0.6,
            end_score: 0.45,
            sure_score: 0.88,
            sure: Seconds(0.048),
            min_speech: Seconds(0.1),
            min_pause: Seconds(0.25),
        }
    }
}

/// How long the score stays up after speech has ended; taken off the end of every stretch.
const HANGOVER: Seconds = Seconds(0.05);

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
    state: State,
    spans: Vec<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Quiet,
    /// Frames that may be speech: since when, the end of the last of them, how many were sure, and whether
    /// the start was told.
    Voice { start: usize, end: usize, sure: usize, told: bool },
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
                self.waiting.clear();
                self.judge(score, found);
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
                self.state = State::Voice { start: frame, end: frame + 1, sure: is_sure, told: false };
            }
            State::Quiet => {}
            State::Voice { end, sure, .. } if score >= self.settings.end_score => {
                *end = frame + 1;
                *sure += is_sure;
            }
            &mut State::Voice { end, .. } => {
                if self.at(self.frames) - trimmed(self.at(end)) >= self.settings.min_pause {
                    self.end_stretch(found);
                }
            }
        }
        self.tell_start(found);
    }

    /// Tells the start of a stretch as soon as it is sure to be speech.
    fn tell_start(&mut self, found: &mut dyn FnMut(SpeechEdge)) {
        let State::Voice { start, end, sure, told: false } = self.state else { return };
        let (from, to) = (self.at(start), trimmed(self.at(end)));
        if self.at(sure) >= self.settings.sure && to - from >= self.settings.min_speech {
            self.state = State::Voice { start, end, sure, told: true };
            found(SpeechEdge::Start(from));
        }
    }

    fn end_stretch(&mut self, found: &mut dyn FnMut(SpeechEdge)) {
        if let State::Voice { start, end, told: true, .. } = self.state {
            let span = Span { start_s: self.at(start), end_s: trimmed(self.at(end)) };
            self.spans.push(span);
            found(SpeechEdge::End(span.end_s));
        }
        self.state = State::Quiet;
    }

    fn at(&self, frame: usize) -> Seconds {
        Seconds::of_samples(frame * FRAME, SPEECH_RATE_HZ)
    }
}

fn trimmed(end: Seconds) -> Seconds {
    end - HANGOVER
}

/// The stretches of speech in a whole sound (mono, 16 kHz, -1 to 1), in order.
pub fn detect(samples: &[f32]) -> Vec<Span> {
    let mut detector = SpeechDetector::default();
    detector.push(samples, &mut |_| {});
    detector.finish(&mut |_| {});
    detector.spans
}

/// The score of every 16 ms, 0 to 1, before any decision: for measuring.
pub fn scores(samples: &[f32]) -> Vec<f32> {
    let mut model = earshot::Detector::default_boxed();
    samples.chunks_exact(FRAME).map(|frame| model.predict_f32(frame)).collect()
}
