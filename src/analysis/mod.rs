//! From words and speech spans to findings: one file per metric, all pure.
//!
//! An answer is read once (a [`ReadAnswer`]); every metric takes it and returns findings that keep the words or times
//! that show them. Nothing here knows of files, threads or the screen.

pub mod advice;
mod answer;
pub mod bluf;
pub mod cautions;
pub mod evidence;
pub mod fillers;
pub mod frameworks;
pub mod hesitation;
pub mod length;
pub mod lexicon;
pub mod linear;
mod moves;
pub mod ownership;
pub mod pace;
pub mod pauses;
pub mod points;
pub mod reading;
pub mod remarked;
pub mod star;
pub mod story;
pub mod timing;
pub mod tokens;
pub mod voice;

#[cfg(test)]
mod no_story_tests;
#[cfg(test)]
pub(crate) mod spoken_for_tests;

pub use answer::{Heard, MIN_WORDS, ReadAnswer, Sound};

use crate::content::frameworks::Frameworks;
use crate::types::{Analysis, Bluf, Judged, Star};
use lexicon::Lexicon;

/// Analyses one answer, with the frameworks that come with the program. Takes time linear in its length.
pub fn analyse(heard: &Heard, lexicon: &Lexicon) -> Analysis {
    analyse_with(heard, lexicon, Frameworks::builtin())
}

/// Analyses one answer; `frameworks` are those that its question may ask for.
pub fn analyse_with(heard: &Heard, lexicon: &Lexicon, frameworks: &Frameworks) -> Analysis {
    let answer = ReadAnswer::of(heard, lexicon);
    let wants_no_story = |question| !frameworks.instead_of_story(question).is_empty();
    if heard.question.is_some_and(wants_no_story) {
        let judged = if answer.is_too_short() { Judged::TooLittle } else { Judged::DoesNotApply };
        return measure(&answer, Star { judged, ..Star::default() }, Bluf::default(), frameworks);
    }
    let star = star::star(&answer);
    let bluf = bluf::bluf(&answer, &star);
    measure(&answer, star, bluf, frameworks)
}

/// Measures everything around a story whose parts are known.
fn measure(answer: &ReadAnswer, star: Star, bluf: Bluf, known: &Frameworks) -> Analysis {
    let length = length::measure(&answer.heard);
    let hesitations = hesitation::find(answer);
    let cautions = cautions::find(answer, length.target_s);
    Analysis {
        pace: pace::measure(answer),
        pauses: pauses::measure(&answer.heard),
        fillers: fillers::find(answer, &hesitations),
        evidence: evidence::find(answer, &star),
        ownership: ownership::count(answer, &star),
        points: points::cover(answer),
        frameworks: frameworks::coverage(answer, &star, &bluf, &cautions, known),
        moves: moves::compare(answer, &star, known),
        cautions,
        length,
        bluf,
        star,
    }
}
