//! From words and speech spans to findings: one file per metric, all pure.
//!
//! Every function takes what it needs and returns findings that keep the words or times
//! that show them. Nothing here knows of files, threads or the screen.

pub mod advice;
pub mod bluf;
pub mod cautions;
pub mod evidence;
pub mod fillers;
pub mod frameworks;
pub mod hesitation;
pub mod labelled;
pub mod length;
pub mod lexicon;
pub mod linear;
mod moves;
pub mod ownership;
pub mod pace;
pub mod pauses;
pub mod points;
pub mod remarked;
pub mod sections;
pub mod sentences;
pub mod star;
pub mod story;
pub mod timing;
pub mod tokens;
pub mod trained;
pub mod utterances;
pub mod voice;

#[cfg(test)]
mod no_story_tests;
#[cfg(test)]
pub(crate) mod spoken_for_tests;

use crate::content::frameworks::Frameworks;
use crate::types::{Analysis, Bluf, Judged, Question, Seconds, Span, Star, Transcript};
use lexicon::Lexicon;
use voice::VoiceTrack;

/// Fewer words than this are not judged: there is too little to say anything about.
pub const MIN_WORDS: usize = 30;

/// Everything the analysis hears of one answer.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    /// What was said.
    pub transcript: &'a Transcript,
    /// The sound, unless the answer is a written text.
    pub sound: Option<Sound<'a>>,
    /// What was asked, if it is known.
    pub question: Option<&'a Question>,
}

/// The sound of one answer.
#[derive(Clone, Copy, Debug)]
pub struct Sound<'a> {
    /// Length of the recording.
    pub duration: Seconds,
    /// Stretches of speech from the voice detector, in order, not touching.
    pub speech: &'a [Span],
    /// Its voice, frame by frame.
    pub voice: &'a VoiceTrack,
    /// When the question ended on the recording's clock (zero or before); `None` for a file from elsewhere.
    pub question_end: Option<Seconds>,
}

/// Analyses one answer, with the frameworks that come with the program. Takes time linear in its length.
pub fn analyse(heard: &Heard, lexicon: &Lexicon) -> Analysis {
    analyse_with(heard, lexicon, Frameworks::builtin())
}

/// Analyses one answer; `frameworks` are those that its question may ask for.
pub fn analyse_with(heard: &Heard, lexicon: &Lexicon, frameworks: &Frameworks) -> Analysis {
    let wants_no_story = |question| !frameworks.instead_of_story(question).is_empty();
    if heard.question.is_some_and(wants_no_story) {
        let judged = if heard.transcript.words.len() < MIN_WORDS { Judged::TooLittle } else { Judged::DoesNotApply };
        return measure(heard, Star { judged, ..Star::default() }, Bluf::default(), lexicon, frameworks);
    }
    let star = star::star(heard);
    let bluf = bluf::bluf(heard, &star);
    measure(heard, star, bluf, lexicon, frameworks)
}

/// Measures everything around a story whose parts are known.
fn measure(heard: &Heard, star: Star, bluf: Bluf, lexicon: &Lexicon, known: &Frameworks) -> Analysis {
    let words = tokens::normals(heard.transcript);
    let length = length::measure(heard);
    let hesitations = hesitation::find(heard, &words, lexicon);
    let cautions = cautions::find(heard, &words, length.target_s, lexicon);
    Analysis {
        pace: pace::measure(heard, &words, lexicon),
        pauses: pauses::measure(heard),
        fillers: fillers::find(heard, &words, &hesitations, lexicon),
        evidence: evidence::find(heard, &words, &star, lexicon),
        ownership: ownership::count(heard, &words, &star, lexicon),
        points: points::cover(heard, &words, lexicon),
        frameworks: frameworks::coverage(heard, &words, &star, &bluf, &cautions, lexicon, known),
        moves: moves::compare(heard, &words, &star, lexicon, known),
        cautions,
        length,
        bluf,
        star,
    }
}
