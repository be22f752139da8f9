//! Takes for the tests of the analysis: words spread evenly over speech.

use super::lexicon::Lexicon;
use super::voice::VoiceTrack;
use super::{Heard, ReadAnswer, Sound};
use crate::types::{Question, Seconds, Span, Transcript};

/// One take with everything the analysis hears.
pub struct Take {
    pub transcript: Transcript,
    pub speech: Option<Vec<Span>>,
    pub voice: VoiceTrack,
    pub duration: Seconds,
    pub question_end: Option<Seconds>,
    pub question: Option<Question>,
}

impl Take {
    /// A text that was never spoken.
    pub fn written(text: &str) -> Take {
        Take {
            transcript: Transcript::of_text(text),
            speech: None,
            voice: VoiceTrack::default(),
            duration: Seconds::ZERO,
            question_end: None,
            question: None,
        }
    }

    /// The take, read with the words of its language.
    pub fn read<'a>(&'a self, lexicon: &'a Lexicon) -> ReadAnswer<'a> {
        ReadAnswer::of(&self.heard(), lexicon)
    }

    pub fn heard(&self) -> Heard<'_> {
        let sound = self.speech.as_deref().map(|speech| Sound {
            duration: self.duration,
            speech,
            voice: &self.voice,
            question_end: self.question_end,
        });
        Heard { transcript: &self.transcript, sound, question: self.question.as_ref() }
    }
}

/// A take with `text` spread evenly from the first to the last of the `speech` spans.
pub fn take(text: &str, speech: &[(f64, f64)]) -> Take {
    let spans: Vec<Span> = speech.iter().map(|(start, end)| Span::new(*start, *end)).collect();
    let mut take = Take::written(text);
    if let (Some(first), Some(last)) = (spans.first(), spans.last()) {
        let step = (last.end_s - first.start_s).0 / take.transcript.words.len().max(1) as f64;
        for (index, word) in take.transcript.words.iter_mut().enumerate() {
            word.start_s = Some(first.start_s + Seconds(step * index as f64));
            word.end_s = Some(first.start_s + Seconds(step * (index + 1) as f64));
        }
        take.duration = last.end_s;
    }
    take.speech = Some(spans);
    take
}

pub fn english() -> Lexicon {
    Lexicon::builtin("en").expect("English is built in")
}
