//! Whether a part is really told: a calibrated judgement over everything that the chain believes.

use crate::analysis::linear::{Weights, probability};
use crate::analysis::reading::{CUES, ClassSet, Labelling};
use crate::types::StarPart;

/// How sure it is that a part is told which the text labels, and at most that one is which it does not.
const LABELLED: (f64, f64) = (0.99, 0.4);

/// The probability that each part is told, in the order of [`StarPart::ALL`].
pub fn presence(weights: &Weights<1>, labelling: &Labelling) -> [f64; 4] {
    StarPart::ALL.map(|part| {
        let judged = judged(weights, labelling, part);
        match labelling.labelled.map(|words| words[part as usize]) {
            None => judged,
            Some(words) if words >= TOLD_WORDS => LABELLED.0,
            Some(_) => judged.min(LABELLED.1),
        }
    })
}

/// A part of fewer words is named, not told.
const TOLD_WORDS: usize = 3;

/// The probability by everything but labels in the text.
fn judged(weights: &Weights<1>, labelling: &Labelling, part: StarPart) -> f64 {
    let mut score = 0.0;
    presence_features(labelling, part, &mut |name, value| {
        score += weights.get(name).map_or(0.0, |weight| f64::from(weight[0])) * value;
    });
    probability(score)
}

/// Names and measures what may tell whether `part` is told.
pub fn presence_features(labelling: &Labelling, part: StarPart, emit: &mut dyn FnMut(&str, f64)) {
    let outcome = CUES.set(&["up", "down", "win", "miss", "later", "lasting", "lesson"]);
    let (mut top, mut expected, mut labelled, mut total, mut substance) = (0.0, 0.0, 0, 0, 0.0);
    for (index, clause) in labelling.facts.clauses.iter().enumerate() {
        let share = labelling.shares[index][part as usize];
        let words = clause.words.len();
        top = f64::max(top, share);
        expected += share * words as f64;
        labelled += if labelling.labels[index] == Some(part) { words } else { 0 };
        total += words;
        substance = f64::max(substance, share * substance_of(clause.sentence_cues, clause.numbers, outcome));
    }
    let name = part.name();
    let mut say = |what: &str, value: f64| emit(&format!("{name}:{what}"), value);
    say("bias", 1.0);
    say("absent", labelling.absent[part as usize]);
    say("top", log_odds(top));
    say("expected", (1.0 + expected).ln());
    say("share", expected / total.max(1) as f64);
    say("labelled", (1.0 + labelled as f64).ln());
    say("none", f64::from(labelled == 0));
    if part == StarPart::Result {
        say("substance", substance);
        say("end", labelling.shares.last().map_or(0.0, |shares| shares[part as usize]));
    }
}

/// How much of an outcome a sentence holds: a cue of change counts one, a number half.
fn substance_of(cues: ClassSet, numbers: usize, outcome: ClassSet) -> f64 {
    f64::from(cues & outcome != 0) + if numbers > 0 { 0.5 } else { 0.0 }
}

fn log_odds(p: f64) -> f64 {
    let p = p.clamp(0.01, 0.99);
    (p / (1.0 - p)).ln()
}
