//! The texts as sound, with every phrase at a known place.

use std::path::Path;

use super::{CalibrateError, Passage};
use crate::asr::accuracy::compared;
use crate::audio::{SPEECH_RATE_HZ, decode_16k};
use crate::speech::FileVoice;
use crate::types::{Seconds, Span};

/// Silence before the first phrase, between passages, and after the last.
const AROUND: Seconds = Seconds(1.5);
/// What is quieter than this share of a phrase's loudest sample at its ends is silence: -40 dB.
const SILENT_SHARE: f32 = 0.01;

/// Known speech.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Mono at [`SPEECH_RATE_HZ`].
    pub samples: Vec<f32>,
    /// The phrases in order.
    pub phrases: Vec<SpokenPhrase>,
    /// The silences between them.
    pub pauses: Vec<Span>,
}

/// A phrase and where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct SpokenPhrase {
    /// Its words as they are compared.
    pub words: Vec<String>,
    /// From its first sound to its last.
    pub span: Span,
}

impl Reading {
    /// Has `voice` read `passages`; `folder` is used for its files.
    pub(super) fn of(passages: &[Passage], voice: FileVoice, folder: &Path) -> Result<Reading, CalibrateError> {
        let mut reading = Reading::default();
        reading.be_silent(AROUND);
        let wav = folder.join("phrase.wav");
        for passage in passages {
            for phrase in &passage.phrases {
                voice.speak_into(&wav, &phrase.say, passage.wpm)?;
                reading.say(&phrase.say, trimmed(&decode_16k(&wav)?.samples));
                reading.be_silent(phrase.after);
            }
            reading.be_silent(AROUND);
        }
        Ok(reading)
    }

    fn say(&mut self, text: &str, samples: &[f32]) {
        let start_s = self.duration();
        if let Some(before) = self.phrases.last() {
            self.pauses.push(Span { start_s: before.span.end_s, end_s: start_s });
        }
        self.samples.extend_from_slice(samples);
        let span = Span { start_s, end_s: self.duration() };
        self.phrases.push(SpokenPhrase { words: compared(text), span });
    }

    fn be_silent(&mut self, time: Seconds) {
        self.samples.resize(self.samples.len() + time.to_samples(SPEECH_RATE_HZ), 0.0);
    }

    /// How long it is.
    pub fn duration(&self) -> Seconds {
        Seconds::of_samples(self.samples.len(), SPEECH_RATE_HZ)
    }

    /// Everything that is said.
    pub fn words(&self) -> Vec<String> {
        self.phrases.iter().flat_map(|phrase| phrase.words.clone()).collect()
    }
}

/// Without the silence at both ends.
fn trimmed(samples: &[f32]) -> &[f32] {
    let loudest = samples.iter().fold(0.0f32, |loudest, sample| loudest.max(sample.abs()));
    let is_sound = |sample: &f32| sample.abs() > SILENT_SHARE * loudest;
    let first = samples.iter().position(is_sound).unwrap_or(0);
    let end = samples.iter().rposition(is_sound).map_or(0, |last| last + 1);
    &samples[first.min(end)..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_around_a_phrase_is_cut_off_and_quiet_sound_inside_stays() {
        assert_eq!(trimmed(&[0.0, 0.001, 0.5, 0.0, -1.0, 0.002, 0.0]), [0.5, 0.0, -1.0]);
        assert!(trimmed(&[0.0; 4]).is_empty());
        assert!(trimmed(&[]).is_empty());
    }

    #[test]
    fn pauses_lie_between_phrases_and_not_around_them() {
        let mut reading = Reading::default();
        reading.be_silent(Seconds(1.0));
        reading.say("Um, one two.", &[0.5; 16_000]);
        reading.be_silent(Seconds(0.5));
        reading.say("Three.", &[0.5; 8_000]);
        reading.be_silent(Seconds(1.0));
        assert_eq!(reading.pauses, [Span::new(2.0, 2.5)]);
        assert_eq!(reading.phrases[1].span, Span::new(2.5, 3.0));
        assert_eq!(reading.words(), ["um", "one", "two", "three"]);
        assert_eq!(reading.duration(), Seconds(4.0));
    }
}
