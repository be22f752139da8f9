//! The reading of an answer: its clauses, and how strongly each belongs to each part.

use super::chain::{Beliefs, Chain, HEADLINE, STATE_NAMES, STATES, Scores, Told, Transitions, label};
use super::features::Facts;
use crate::analysis::linear::Weights;
use crate::analysis::sections::{Section, sections};
use crate::analysis::sentences::{Gap, Segments, segments};
use crate::analysis::trained::Trained;
use crate::types::{StarPart, Transcript};

/// The weights of clauses and of transitions.
#[derive(Debug)]
pub struct PartWeights {
    features: Weights<STATES>,
    transitions: Transitions,
}

impl PartWeights {
    /// Takes the transitions out of a table: the features named by [`transition_name`].
    pub fn new(features: Weights<STATES>) -> PartWeights {
        let row = |gap: Gap, from: usize| {
            features.get(&transition_name(gap, from)).copied().unwrap_or_default().map(f64::from)
        };
        let transitions = Gap::ALL.map(|gap| std::array::from_fn(|from| row(gap, from)));
        PartWeights { features, transitions }
    }

    /// The chain of an answer's clauses.
    pub fn chain(&self, facts: &Facts) -> Chain<'_> {
        let clauses = (0..facts.clauses.len()).map(|index| {
            let mut scores = [0.0; STATES];
            facts.features(index, &mut |feature| self.features.add(feature, &mut scores));
            scores.map(f64::from)
        });
        let gaps = facts.clauses.iter().map(|clause| clause.gap).collect();
        Chain { clauses: clauses.collect(), gaps, transitions: &self.transitions }
    }
}

/// The feature that holds the weights of going on from a state across a gap.
pub fn transition_name(gap: Gap, from: usize) -> String {
    format!("{gap:?}>{}", STATE_NAMES[from])
}

/// An answer cut up and judged clause by clause.
#[derive(Debug)]
pub struct Reading {
    /// Sentences and clauses.
    pub segments: Segments,
    /// What is known of each clause.
    pub facts: Facts,
    /// For each clause its likeliest label.
    pub labels: Vec<Option<StarPart>>,
    /// For each clause the probability of each part, in the order of [`StarPart::ALL`].
    pub shares: Vec<[f64; 4]>,
    /// For each clause the probability of a result told before anything else.
    pub headlines: Vec<f64>,
    /// For each part the log odds that it is not told, by the chain alone, in the order of [`StarPart::ALL`].
    pub absent: [f64; 4],
    /// Whether the text labels its parts itself, and how many words stand under the labels of each.
    pub labelled: Option<[usize; 4]>,
}

impl Reading {
    /// Reads a transcript as the answer to `question`.
    pub fn of(trained: &Trained, transcript: &Transcript, question: Option<&str>) -> Reading {
        let segments = segments(&trained.boundary, transcript);
        let facts = Facts::of(transcript, &segments, question);
        let chain = trained.parts.chain(&facts);
        let Beliefs { clauses, .. } = chain.beliefs();
        let shares: Vec<[f64; 4]> = clauses.iter().map(parts).collect();
        let headlines = clauses.iter().map(|states| states[HEADLINE]).collect();
        let labels = chain.best(&[None; 4]).into_iter().map(label).collect();
        let absent = chain.absent();
        let mut reading = Reading { segments, facts, labels, shares, headlines, absent, labelled: None };
        reading.hold_to(&sections(transcript));
        reading
    }

    /// Takes the parts from the labels in the text, where it has any.
    fn hold_to(&mut self, sections: &[Section]) {
        if sections.is_empty() {
            return;
        }
        let mut words = [0; 4];
        for section in sections {
            words[section.part as usize] += section.words.len();
        }
        self.labelled = Some(words);
        for (index, clause) in self.segments.clauses.iter().enumerate() {
            let of = sections.iter().find(|section| section.words.contains(clause.words.first));
            self.labels[index] = of.map(|section| section.part);
            self.shares[index] = StarPart::ALL.map(|part| f64::from(of.is_some_and(|section| section.part == part)));
            self.headlines[index] = 0.0;
        }
    }
}

/// The probability of each part from that of each state.
fn parts(states: &Scores) -> [f64; 4] {
    let mut parts = [0.0; 4];
    for (state, probability) in states.iter().enumerate() {
        if let Some(part) = label(state) {
            parts[part as usize] += probability;
        }
    }
    parts
}

impl Reading {
    /// The likeliest label of each clause when something is known of which parts are told; labels in the text decide.
    pub fn labels_given(&self, trained: &Trained, told: &Told) -> Vec<Option<StarPart>> {
        let agrees = |part: StarPart| told[part as usize].is_none_or(|told| self.labels.contains(&Some(part)) == told);
        if self.labelled.is_some() || StarPart::ALL.into_iter().all(agrees) {
            return self.labels.clone();
        }
        trained.parts.chain(&self.facts).best(told).into_iter().map(label).collect()
    }
}
