//! How strongly each clause of an answer belongs to each part of a story.

use super::chain::{Beliefs, Chain, HEADLINE, STATES, Scores, Told, label};
use super::facts::Facts;
use super::part_weights::PartWeights;
use super::sections::Section;
use super::sentences::Clause;
use super::text::Text;
use super::trained::Trained;
use crate::types::StarPart;

/// The clauses of an answer, each judged.
#[derive(Debug)]
pub struct Labelling {
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

impl Labelling {
    /// Judges a text as the answer to `question`.
    pub fn of(trained: &Trained, text: &Text, question: Option<&str>) -> Labelling {
        let facts = Facts::of(text, question);
        let chain = chain(&trained.parts, &facts);
        let Beliefs { clauses, .. } = chain.beliefs();
        let shares: Vec<[f64; 4]> = clauses.iter().map(parts).collect();
        let headlines = clauses.iter().map(|states| states[HEADLINE]).collect();
        let labels = chain.best(&[None; 4]).into_iter().map(label).collect();
        let absent = chain.absent();
        let mut labelling = Labelling { facts, labels, shares, headlines, absent, labelled: None };
        labelling.hold_to(&text.sections, &text.segments.clauses);
        labelling
    }

    /// The likeliest label of each clause when something is known of which parts are told; labels in the text decide.
    pub fn labels_given(&self, trained: &Trained, told: &Told) -> Vec<Option<StarPart>> {
        let agrees = |part: StarPart| told[part as usize].is_none_or(|told| self.labels.contains(&Some(part)) == told);
        if self.labelled.is_some() || StarPart::ALL.into_iter().all(agrees) {
            return self.labels.clone();
        }
        chain(&trained.parts, &self.facts).best(told).into_iter().map(label).collect()
    }

    /// Takes the parts from the labels in the text, where it has any.
    fn hold_to(&mut self, sections: &[Section], clauses: &[Clause]) {
        if sections.is_empty() {
            return;
        }
        let mut words = [0; 4];
        for section in sections {
            words[section.part as usize] += section.words.len();
        }
        self.labelled = Some(words);
        for (index, clause) in clauses.iter().enumerate() {
            let of = sections.iter().find(|section| section.words.contains(clause.words.first));
            self.labels[index] = of.map(|section| section.part);
            self.shares[index] = StarPart::ALL.map(|part| f64::from(of.is_some_and(|section| section.part == part)));
            self.headlines[index] = 0.0;
        }
    }
}

/// The chain of an answer's clauses.
fn chain<'a>(weights: &'a PartWeights, facts: &Facts) -> Chain<'a> {
    let clauses = (0..facts.clauses.len()).map(|index| {
        let mut scores = [0.0; STATES];
        facts.features(index, &mut |feature| weights.features.add(feature, &mut scores));
        scores.map(f64::from)
    });
    let gaps = facts.clauses.iter().map(|clause| clause.gap).collect();
    Chain { clauses: clauses.collect(), gaps, transitions: &weights.transitions }
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
