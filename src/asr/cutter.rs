//! Sound that comes in, cut into pieces: what a take that is being recorded and a file that is being read share.

use super::chunks::{Chunk, ChunkRules, Chunker};
use super::loudness::Loudness;
use crate::audio::{DetectorSettings, SPEECH_RATE_HZ, SpeechDetector, SpeechEdge};
use crate::types::{Seconds, Span};

/// This much before the end of the sound may still become part of a piece, where nothing is heard yet.
const LATE_START: Seconds = Seconds(1.5);

/// Cuts sound into pieces as it comes in, and keeps it for as long as it is needed.
pub struct Cutter {
    chunker: Chunker,
    /// Finds all that may be speech.
    generous: SpeechDetector,
    sound: KeptSound,
}

impl Cutter {
    /// A cutter at the start of a recording.
    pub fn new(rules: ChunkRules) -> Cutter {
        Cutter {
            chunker: Chunker::new(rules),
            generous: SpeechDetector::new(DetectorSettings::GENEROUS),
            sound: KeptSound::default(),
        }
    }

    /// Takes the next samples (mono, 16 kHz, -1 to 1) and tells the pieces that are complete with them.
    pub fn push(&mut self, samples: &[f32], cut: &mut dyn FnMut(Chunk)) {
        self.sound.samples.extend_from_slice(samples);
        let chunker = &mut self.chunker;
        self.generous.push(samples, &mut |edge| chunker.sound(edge));
        self.cut_until(self.sound.end(), cut);
    }

    /// Takes what the careful detector found, and tells the pieces that are complete with it.
    pub fn speech(&mut self, edge: SpeechEdge, cut: &mut dyn FnMut(Chunk)) {
        if let SpeechEdge::Start(at) = edge {
            // The detector tells a start late: a long pause may have ended before it was noticed here.
            self.cut_until(at, cut);
        }
        if let Some(chunk) = self.chunker.speech(edge) {
            cut(chunk);
        }
    }

    /// The recording has ended: tells the last pieces.
    pub fn finish(&mut self, cut: &mut dyn FnMut(Chunk)) {
        let chunker = &mut self.chunker;
        self.generous.finish(&mut |edge| chunker.sound(edge));
        self.cut_until(self.sound.end(), cut);
        if let Some(chunk) = self.chunker.finish(self.sound.end()) {
            cut(chunk);
        }
    }

    /// The open piece as it would be if it ended at the last pause; see [`Chunker::open`].
    pub fn open(&self) -> Option<Chunk> {
        self.chunker.open()
    }

    /// The end of the last piece: nothing before it will be in a later one.
    pub fn cut_at(&self) -> Seconds {
        self.chunker.cut_at()
    }

    /// From here on the sound may be in a piece that is not cut yet.
    pub fn needed_from(&self) -> Seconds {
        // Both detectors tell a start late, and room belongs to it.
        self.chunker.start().unwrap_or(self.sound.end()) - LATE_START
    }

    /// How much sound came in.
    pub fn end(&self) -> Seconds {
        self.sound.end()
    }

    /// The sound of `span`, as far as it is kept.
    pub fn samples(&self, span: Span) -> Vec<f32> {
        self.sound.samples_of(span).to_vec()
    }

    /// Forgets the sound before `time`.
    pub fn forget_before(&mut self, time: Seconds) {
        self.sound.forget_before(time);
    }

    /// Cuts whatever is to be cut with the time at `now`.
    fn cut_until(&mut self, now: Seconds, cut: &mut dyn FnMut(Chunk)) {
        let sound = &self.sound;
        while let Some(chunk) = self.chunker.heard(now, &|span| sound.quietest(span)) {
            cut(chunk);
        }
    }
}

/// The sound that may still be needed.
#[derive(Debug, Default)]
struct KeptSound {
    /// Samples before this one are gone.
    first: usize,
    samples: Vec<f32>,
}

impl KeptSound {
    fn end(&self) -> Seconds {
        Seconds::of_samples(self.first + self.samples.len(), SPEECH_RATE_HZ)
    }

    fn samples_of(&self, span: Span) -> &[f32] {
        let at = |time: Seconds| time.to_samples(SPEECH_RATE_HZ).saturating_sub(self.first).min(self.samples.len());
        &self.samples[at(span.start_s)..at(span.end_s).max(at(span.start_s))]
    }

    fn quietest(&self, span: Span) -> Seconds {
        let found = Loudness::of(self.samples_of(span)).quietest(Span { start_s: Seconds::ZERO, end_s: span.length() });
        span.start_s + found
    }

    fn forget_before(&mut self, time: Seconds) {
        let count = time.to_samples(SPEECH_RATE_HZ).saturating_sub(self.first).min(self.samples.len());
        self.samples.drain(..count);
        self.first += count;
    }
}
