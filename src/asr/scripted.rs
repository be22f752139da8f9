//! A transcriber that says what it was told to: for tests, and for people without a model.

use super::{Stop, TranscribeError, Transcriber};
use crate::audio::SPEECH_RATE_HZ;
use crate::types::{Seconds, Word};

/// Gives fixed words instead of listening.
#[derive(Clone, Debug, Default)]
pub struct Scripted {
    pieces: std::collections::VecDeque<String>,
}

impl Scripted {
    /// The first piece of sound gives the words of the first text, the second those of the second, and so on; after the
    /// last text there are no words.
    pub fn new<T: Into<String>>(pieces: impl IntoIterator<Item = T>) -> Scripted {
        Scripted { pieces: pieces.into_iter().map(Into::into).collect() }
    }
}

impl Transcriber for Scripted {
    /// The words of the next text, spread evenly over the piece.
    fn transcribe(&mut self, samples: &[f32], stop: &Stop) -> Result<Vec<Word>, TranscribeError> {
        if stop.is_asked() {
            return Err(TranscribeError::Stopped);
        }
        let text = self.pieces.pop_front().unwrap_or_default();
        let texts: Vec<&str> = text.split_whitespace().collect();
        let each = Seconds::of_samples(samples.len(), SPEECH_RATE_HZ) * (1.0 / texts.len().max(1) as f64);
        let word = |(i, text): (usize, &&str)| Word {
            text: (*text).to_owned(),
            start_s: Some(each * i as f64),
            end_s: Some(each * (i + 1) as f64),
            probability: Some(1.0),
        };
        Ok(texts.iter().enumerate().map(word).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_gets_the_next_text_spread_over_it() {
        let mut scripted = Scripted::new(["we shipped it", "um"]);
        let words = scripted.transcribe(&[0.0; 48_000], &Stop::default()).expect("it never fails");
        assert_eq!(words.len(), 3);
        assert_eq!((words[1].start_s, words[1].end_s), (Some(Seconds(1.0)), Some(Seconds(2.0))));
        assert_eq!(scripted.transcribe(&[0.0; 160], &Stop::default()).expect("it never fails").len(), 1);
        assert!(scripted.transcribe(&[0.0; 160], &Stop::default()).expect("it never fails").is_empty());
    }

    #[test]
    fn a_stopped_piece_does_not_use_up_a_text() {
        let mut scripted = Scripted::new(["kept"]);
        let stop = Stop::default();
        stop.ask();
        assert!(matches!(scripted.transcribe(&[0.0; 160], &stop), Err(TranscribeError::Stopped)));
        assert_eq!(scripted.transcribe(&[0.0; 160], &Stop::default()).expect("it never fails").len(), 1);
    }
}
