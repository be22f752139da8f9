//! Situation, Task, Action, Result: which words tell which, and which part is missing.
//!
//! A linear chain over clauses ([`Labelling`]) reads the answer; a second, calibrated judgement
//! ([`presence`]) says whether a part is really told and not only named. Both are trained on the
//! labelled answers in `content/labelled/star`; how often they are right is printed by `scripts/accuracy`.

mod presence;

pub use presence::{presence, presence_features};

use super::answer::ReadAnswer;
use super::reading::{CUES, ClauseFacts, Labelling};
use super::story::is_story;
use crate::types::{Judged, Seconds, Span, Star, StarPart, StarPartFound, Transcript, WordRange};

/// Returns which parts of a story were told, with the words that tell them.
///
/// Nothing is judged on fewer than [`MIN_WORDS`](super::MIN_WORDS) words, nor where the question or the answer is not a
/// story.
pub fn star(answer: &ReadAnswer) -> Star {
    if answer.is_too_short() {
        return Star::default();
    }
    if !is_story(answer) {
        return Star { judged: Judged::DoesNotApply, ..Star::default() };
    }
    let labelling = answer.labelling();
    let presence = presence(&answer.trained.presence, labelling);
    let told = Told { answer, labels: labelling.labels_given(answer.trained, &presence.map(known)) };
    let parts = StarPart::ALL.map(|part| (part, told.found(part, presence[part as usize])));
    let absent: Vec<StarPart> = parts.iter().filter(|(_, found)| !found.present).map(|(part, _)| *part).collect();
    let coverage = (4 - absent.len()) as f64 / 4.0;
    // Two parts that are missing from a short story are more often told in a way that was not understood.
    let hard = absent.len() > 1 && answer.sentences().len() < FEW_SENTENCES && labelling.labelled.is_none();
    let (missing, unsure) =
        absent.into_iter().partition(|part| !hard && surely_absent(labelling, *part, presence[*part as usize]));
    Star {
        judged: Judged::Yes,
        coverage,
        missing,
        unsure,
        confidence: told.certainty(),
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
fn surely_absent(labelling: &Labelling, part: StarPart, probability: f64) -> bool {
    if let Some(words) = labelling.labelled {
        return words[part as usize] == 0;
    }
    let able = CUES.set(&["able"]);
    let deed = |(index, clause): (usize, &ClauseFacts)| {
        labelling.labels[index] != Some(StarPart::Result) && (clause.acts() || clause.acts_now() || clause.has(able))
    };
    // One sentence such as "Restore the service" is a task; more of them are notes of what was done.
    let orders = labelling.facts.clauses.iter().filter(|clause| clause.orders()).count();
    let does = part == StarPart::Action && (orders > 1 || labelling.facts.clauses.iter().enumerate().any(deed));
    probability < SURELY_ABSENT[part as usize] && !does
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

/// A story whose clauses have got their labels.
struct Told<'a> {
    answer: &'a ReadAnswer<'a>,
    labels: Vec<Option<StarPart>>,
}

impl Told<'_> {
    /// The mean probability of the label that each clause has, weighed by its words.
    fn certainty(&self) -> f64 {
        let (mut sum, mut words) = (0.0, 0);
        for (index, clause) in self.answer.text.segments.clauses.iter().enumerate() {
            let shares = &self.answer.labelling().shares[index];
            let share = self.labels[index].map_or(1.0 - shares.iter().sum::<f64>(), |part| shares[part as usize]);
            sum += share * clause.words.len() as f64;
            words += clause.words.len();
        }
        sum / words.max(1) as f64
    }

    /// Describes one part, which is told with this probability.
    fn found(&self, part: StarPart, probability: f64) -> StarPartFound {
        let transcript = self.answer.transcript();
        let present = probability >= PRESENT;
        let words = self.words_of(part);
        // What is in doubt is shown, too: who told it sees at once whether it is that.
        let best = self.best_clause(part).filter(|_| probability >= LIKELY);
        let quote = best.map(|clause| transcript.quote(self.around(clause))).unwrap_or_default();
        let seconds = total_time(transcript, &words);
        let whole = transcript.span(WordRange::new(0, transcript.words.len())).map(Span::length);
        let share = match (seconds, whole) {
            (Some(seconds), Some(whole)) if whole > Seconds::ZERO => (seconds.0 / whole.0).min(1.0),
            _ => words.iter().map(|range| range.len()).sum::<usize>() as f64 / transcript.words.len() as f64,
        };
        let confidence = if present { probability } else { 1.0 - probability };
        StarPartFound { present, confidence, share, seconds, words, quote }
    }

    /// The clauses of a part, by number.
    fn clauses_of(&self, part: StarPart) -> impl Iterator<Item = usize> {
        (0..self.labels.len()).filter(move |index| self.labels[*index] == Some(part))
    }

    /// The words of a part, neighbours joined.
    fn words_of(&self, part: StarPart) -> Vec<WordRange> {
        let mut words: Vec<WordRange> = Vec::new();
        for clause in self.clauses_of(part).map(|index| &self.answer.text.segments.clauses[index]) {
            match words.last_mut() {
                Some(last) if last.end == clause.words.first => last.end = clause.words.end,
                _ => words.push(clause.words),
            }
        }
        words
    }

    /// The clause that shows a part best, the first of equals.
    fn best_clause(&self, part: StarPart) -> Option<usize> {
        let labelling = self.answer.labelling();
        let strength = |index: usize| {
            labelling.shares[index][part as usize] * evidence_weight(&labelling.facts.clauses[index], part)
        };
        let clauses = self.clauses_of(part).map(|index| (strength(index), index));
        let best = clauses.reduce(|best, other| if other.0 > best.0 { other } else { best });
        best.map(|(_, index)| index)
    }

    /// The words to quote for a clause: those of its sentence around it that belong to the same part, where they are not
    /// many.
    fn around(&self, clause: usize) -> WordRange {
        let (clauses, labels) = (&self.answer.text.segments.clauses, &self.labels);
        let belongs =
            |other: usize| clauses[other].sentence == clauses[clause].sentence && labels[other] == labels[clause];
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
        let joins = |word: usize| matches!(self.answer.words()[word].as_str(), "and" | "so" | "but" | "then");
        words.first += words.indices().take(words.len() - 1).take_while(|word| joins(*word)).count();
        words
    }
}

/// A quote of more words is not read.
const QUOTE_WORDS: usize = 30;

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
