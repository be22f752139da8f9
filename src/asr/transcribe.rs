//! A whole recording to words.

use super::chunks::{ChunkRules, chunks_of};
use super::guard::later;
use super::{Stop, TranscribeError, Transcriber};
use crate::audio::SPEECH_RATE_HZ;
use crate::types::{Seconds, Span, Word};

/// How far a transcription has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Up to here the recording is done.
    pub done: Seconds,
    /// Length of the recording.
    pub total: Seconds,
    /// Words found so far.
    pub words: usize,
}

/// The words of a whole recording (mono, 16 kHz, -1 to 1), in order, with times from its start.
///
/// `speech` are its stretches of speech, in order; nothing outside them is heard. `progress` is told after every piece.
/// The first piece that fails ends the work.
pub fn transcribe_samples(
    transcriber: &mut dyn Transcriber,
    samples: &[f32],
    speech: &[Span],
    rules: ChunkRules,
    stop: &Stop,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<Word>, TranscribeError> {
    let total = Seconds::of_samples(samples.len(), SPEECH_RATE_HZ);
    let mut words = Vec::new();
    for chunk in chunks_of(samples, speech, rules) {
        let piece = piece_of(samples, chunk.span);
        let found = transcriber.transcribe(piece, stop)?;
        words.extend(found.into_iter().map(|word| later(word, chunk.span.start_s)));
        progress(Progress { done: chunk.span.end_s.min(total), total, words: words.len() });
    }
    progress(Progress { done: total, total, words: words.len() });
    Ok(words)
}

/// The samples that lie in `span`.
fn piece_of(samples: &[f32], span: Span) -> &[f32] {
    let end = span.end_s.to_samples(SPEECH_RATE_HZ).min(samples.len());
    let first = span.start_s.to_samples(SPEECH_RATE_HZ).min(end);
    &samples[first..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asr::Scripted;
    use crate::models::Feeding;

    const SPEECH: [Span; 2] =
        [Span { start_s: Seconds(1.0), end_s: Seconds(2.0) }, Span { start_s: Seconds(5.0), end_s: Seconds(6.0) }];

    fn transcribe(script: Scripted, stop: &Stop, told: &mut Vec<Progress>) -> Result<Vec<Word>, TranscribeError> {
        let rules = ChunkRules::of(Feeding::PUBLIC);
        transcribe_samples(&mut { script }, &vec![0.1; 160_000], &SPEECH, rules, stop, &mut |p| told.push(p))
    }

    #[test]
    fn word_times_count_from_the_start_of_the_recording() {
        let mut told = Vec::new();
        let words =
            transcribe(Scripted::new(["first", "second"]), &Stop::default(), &mut told).expect("it never fails");
        let starts: Vec<f64> = words.iter().filter_map(|word| word.start_s).map(|s| s.0).collect();
        assert!((starts[0] - 0.88).abs() < 1e-6 && (starts[1] - 4.88).abs() < 1e-6, "{starts:?}");
        assert_eq!(told.iter().map(|p| p.words).collect::<Vec<_>>(), [1, 2, 2]);
        assert_eq!(told.last().expect("told").done, Seconds(10.0));
    }

    #[test]
    fn a_stop_ends_it() {
        let stop = Stop::default();
        stop.ask();
        let outcome = transcribe(Scripted::default(), &stop, &mut Vec::new());
        assert!(matches!(outcome, Err(TranscribeError::Stopped)));
    }
}
