//! Situation, Task, Action, Result: which words tell which, and which part is missing.
//!
//! A linear chain over clauses (`chain`) reads the answer; a second, calibrated judgement
//! ([`presence`]) says whether a part is really told and not only named. Both are trained on the
//! labelled answers in `content/labelled/star`; how often they are right is printed by `scripts/accuracy`.

mod chain;
mod cues;
mod features;
mod presence;
mod reading;
mod verbs;

pub use chain::{Beliefs, Chain, STATE_NAMES, STATES, Scores, Told, Transitions, label, states_of};
pub use cues::{CUES, ClassSet, Cues};
pub use features::{ClauseFacts, Facts, Subject};
pub use presence::{presence, presence_features};
pub use reading::{PartWeights, Reading, transition_name};
pub use verbs::{Form, form, is_base, is_number, is_past};

use super::story::is_story;
use super::tokens::normal;
use super::trained::Trained;
use super::{Heard, MIN_WORDS};
use crate::types::{Judged, Seconds, Span, Star, StarPart, StarPartFound, Transcript, WordRange};

/// Returns which parts of a story were told, with the words that tell them.
///
/// Nothing is judged on fewer than [`MIN_WORDS`] words, nor where the question or the answer is not a story.
pub fn star(heard: &Heard) -> Star {
    star_by(Trained::shipped(), heard)
}

/// The same with other weights; training measures itself so.
pub fn star_by(trained: &Trained, heard: &Heard) -> Star {
    let transcript = heard.transcript;
    if transcript.words.len() < MIN_WORDS {
        return Star::default();
    }
    let reading = Reading::of(trained, transcript, heard.question.map(|question| question.text.as_str()));
    if !is_story(trained, heard, &reading) {
        return Star { judged: Judged::DoesNotApply, ..Star::default() };
    }
    let presence = presence(&trained.presence, &reading);
    let labels = reading.labels_given(trained, &presence.map(known));
    let parts: Vec<(StarPart, StarPartFound)> = StarPart::ALL
        .into_iter()
        .map(|part| (part, found(transcript, &reading, &labels, part, presence[part as usize])))
        .collect();
    let absent: Vec<StarPart> = parts.iter().filter(|(_, found)| !found.present).map(|(part, _)| *part).collect();
    let coverage = (4 - absent.len()) as f64 / 4.0;
    // Two parts that are missing from a short story are more often told in a way that was not understood.
    let hard = absent.len() > 1 && reading.segments.sentences.len() < FEW_SENTENCES && reading.labelled.is_none();
    let (missing, unsure) =
        absent.into_iter().partition(|part| !hard && surely_absent(&reading, *part, presence[*part as usize]));
    Star {
        judged: Judged::Yes,
        coverage,
        missing,
        unsure,
        confidence: certainty_of(&reading, &labels),
        order_ok: in_usual_order(&parts),
        parts: parts.into_iter().collect(),
    }
}

/// A part is called present from this probability.
const PRESENT: f64 = 0.5;

/// A part is said to be missing under these probabilities, in the order of [`StarPart::ALL`]; between them and [`PRESENT`]
/// it could not be told. Chosen so that on stories of people we do not know nine in ten of such claims hold.
const SURELY_ABSENT: [f64; 4] = [0.15, 0.20, 0.05, 0.08];

/// A story of fewer sentences is short.
const FEW_SENTENCES: usize = 8;

/// Whether it may be claimed that a part is not told.
///
/// An Action is told in too many ways: where the speaker does anything outside of the Result, nothing is claimed.
fn surely_absent(reading: &Reading, part: StarPart, probability: f64) -> bool {
    if let Some(words) = reading.labelled {
        return words[part as usize] == 0;
    }
    let able = CUES.set(&["able"]);
    let deed = |(index, clause): (usize, &ClauseFacts)| {
        reading.labels[index] != Some(StarPart::Result) && (clause.acts() || clause.acts_now() || clause.has(able))
    };
    // One sentence such as "Restore the service" is a task; more of them are notes of what was done.
    let orders = reading.facts.clauses.iter().filter(|clause| clause.orders()).count();
    let does = part == StarPart::Action && (orders > 1 || reading.facts.clauses.iter().enumerate().any(deed));
    probability < SURELY_ABSENT[part as usize] && !does
}

/// The mean probability of the label that each clause has, weighed by its words.
fn certainty_of(reading: &Reading, labels: &[Option<StarPart>]) -> f64 {
    let (mut sum, mut words) = (0.0, 0);
    for (index, clause) in reading.segments.clauses.iter().enumerate() {
        let shares = &reading.shares[index];
        let share = labels[index].map_or(1.0 - shares.iter().sum::<f64>(), |part| shares[part as usize]);
        sum += share * clause.words.len() as f64;
        words += clause.words.len();
    }
    sum / words.max(1) as f64
}

/// From this probability on a part gets at least its likeliest clause.
const LIKELY: f64 = 0.3;

/// Under this probability a part gets no words; between the two the chain decides.
const UNLIKELY: f64 = 0.15;

/// What is known of a part that is told with some probability.
fn known(probability: f64) -> Option<bool> {
    match probability {
        p if p >= LIKELY => Some(true),
        p if p < UNLIKELY => Some(false),
        _ => None,
    }
}

/// Describes one part from the labels of the clauses.
fn found(
    transcript: &Transcript,
    reading: &Reading,
    labels: &[Option<StarPart>],
    part: StarPart,
    probability: f64,
) -> StarPartFound {
    let present = probability >= PRESENT;
    let mut words: Vec<WordRange> = Vec::new();
    let mut best: Option<(f64, usize)> = None;
    for (index, clause) in reading.segments.clauses.iter().enumerate() {
        if labels[index] != Some(part) {
            continue;
        }
        match words.last_mut() {
            Some(last) if last.end == clause.words.first => last.end = clause.words.end,
            _ => words.push(clause.words),
        }
        let strength = reading.shares[index][part as usize] * evidence_weight(&reading.facts.clauses[index], part);
        if best.is_none_or(|(top, _)| strength > top) {
            best = Some((strength, index));
        }
    }
    let quote =
        best.filter(|_| present).map(|(_, clause)| transcript.quote(around(transcript, reading, labels, clause)));
    let quote = quote.unwrap_or_default();
    let seconds = total_time(transcript, &words);
    let whole = transcript.span(WordRange::new(0, transcript.words.len())).map(Span::length);
    let share = match (seconds, whole) {
        (Some(seconds), Some(whole)) if whole > Seconds::ZERO => (seconds.0 / whole.0).min(1.0),
        _ => words.iter().map(|range| range.len()).sum::<usize>() as f64 / transcript.words.len() as f64,
    };
    let confidence = if present { probability } else { 1.0 - probability };
    StarPartFound { present, confidence, share, seconds, words, quote }
}

/// A quote of more words is not read.
const QUOTE_WORDS: usize = 30;

/// The words to quote for a clause: those of its sentence around it that belong to the same part, where they are not many.
fn around(transcript: &Transcript, reading: &Reading, labels: &[Option<StarPart>], clause: usize) -> WordRange {
    let clauses = &reading.segments.clauses;
    let belongs = |other: usize| clauses[other].sentence == clauses[clause].sentence && labels[other] == labels[clause];
    let mut words = clauses[clause].words;
    // Forwards first: an outcome stands at the end of its sentence.
    for other in (clause + 1..clauses.len()).take_while(|other| belongs(*other)) {
        if clauses[other].words.end - words.first > QUOTE_WORDS {
            break;
        }
        words.end = clauses[other].words.end;
    }
    for other in (0..clause).rev().take_while(|other| belongs(*other)) {
        if words.end - clauses[other].words.first > QUOTE_WORDS {
            break;
        }
        words.first = clauses[other].words.first;
    }
    // What only joins it to the words before says nothing of it.
    let joins = |word: usize| matches!(normal(&transcript.words[word].text).as_str(), "and" | "so" | "but" | "then");
    words.first += words.indices().take(words.len() - 1).take_while(|word| joins(*word)).count();
    words
}

/// A quote of a Result is better with a number or a change and worse as a lesson; any quote is better with some length.
fn evidence_weight(clause: &ClauseFacts, part: StarPart) -> f64 {
    let length = (clause.words.len().min(12) as f64).sqrt();
    if part != StarPart::Result {
        return length;
    }
    let number = if clause.numbers > 0 { 1.5 } else { 1.0 };
    let change = if clause.has(CUES.set(&["up", "down", "win"])) { 1.3 } else { 1.0 };
    let lesson = if clause.has(CUES.set(&["lesson"])) { 0.5 } else { 1.0 };
    length * number * change * lesson
}

/// Time spent on some words; `None` without times.
fn total_time(transcript: &Transcript, words: &[WordRange]) -> Option<Seconds> {
    transcript.span(WordRange::new(0, transcript.words.len()))?;
    words.iter().map(|range| transcript.span(*range).map(Span::length)).sum()
}

/// Whether Situation, Task and Action begin in this order and a Result ends after the Action began.
///
/// A Result told first is no fault as long as the answer comes back to one or tells the rest in order.
fn in_usual_order(parts: &[(StarPart, StarPartFound)]) -> bool {
    let first = |part: StarPart| parts[part as usize].1.words.first().map(|range| range.first);
    let set_up: Vec<usize> = StarPart::ALL[..3].iter().filter_map(|part| first(*part)).collect();
    let results = &parts[StarPart::Result as usize].1.words;
    let headline = results.first().is_some_and(|range| set_up.iter().all(|begin| range.first < *begin));
    let action_first = first(StarPart::Action).unwrap_or(0);
    let result_late = results.last().is_none_or(|range| range.end > action_first);
    set_up.is_sorted() && (result_late || headline)
}

#[cfg(test)]
mod tests;
