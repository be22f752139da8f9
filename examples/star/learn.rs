//! Fitting the weights: stochastic gradient steps in a fixed order, by basic arithmetic alone.
//!
//! AdaGrad (Duchi et al. 2011) with a quadratic penalty. Nothing depends on the clock, on the order of a hash
//! table or on the maths library, so the same labelled answers give the same weights.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use greenroom::analysis::linear::exp;
use greenroom::analysis::reading::{Chain, Gap, STATES, Transitions, label, transition_name};
use greenroom::types::StarPart;

/// Numbers for feature names, in the order of first use.
#[derive(Default)]
pub struct Names {
    numbers: HashMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.numbers.insert(name.to_owned(), number);
        self.names.push(name.to_owned());
        number
    }

    /// Looks a name up without adding it.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// For every name, by its number, whether something holds of it.
    pub fn which(&self, holds: impl Fn(&str) -> bool) -> Vec<bool> {
        self.names.iter().map(|name| holds(name)).collect()
    }
}

/// A choice among candidates, each a list of features with values; a yes or no is a choice between something and nothing.
pub struct Choice {
    pub candidates: Vec<Vec<(u32, f64)>>,
    pub right: usize,
    pub weight: f64,
}

impl Choice {
    pub fn yes_or_no(features: Vec<(u32, f64)>, yes: bool, weight: f64) -> Choice {
        Choice { candidates: vec![features, Vec::new()], right: usize::from(!yes), weight }
    }
}

/// How to learn.
#[derive(Clone, Copy)]
pub struct Pace {
    pub epochs: usize,
    pub step: f64,
    /// Strength of the pull towards zero.
    pub penalty: f64,
}

/// One weight with its sum of squared gradients.
#[derive(Clone, Copy, Default)]
struct Weight {
    value: f64,
    squares: f64,
}

impl Weight {
    fn descend(&mut self, gradient: f64, step: f64) {
        self.squares += gradient * gradient;
        self.value -= step * gradient / (1e-8 + self.squares).sqrt();
    }
}

/// A seeded order of `count` things, another for each epoch.
fn order(count: usize, epoch: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    fastrand::Rng::with_seed(17 + epoch as u64).shuffle(&mut order);
    order
}

/// Fits one weight for each feature so that the right candidates win.
pub fn fit_choices(choices: &[Choice], features: usize, pace: Pace) -> Vec<f64> {
    let mut weights = vec![Weight::default(); features];
    let mut uses = vec![0u32; features];
    for (feature, _) in choices.iter().flat_map(|choice| choice.candidates.iter().flatten()) {
        uses[*feature as usize] += 1;
    }
    for epoch in 0..pace.epochs {
        for index in order(choices.len(), epoch) {
            let choice = &choices[index];
            let score = |candidate: &Vec<(u32, f64)>| -> f64 {
                candidate.iter().map(|(feature, value)| weights[*feature as usize].value * value).sum()
            };
            let scores: Vec<f64> = choice.candidates.iter().map(score).collect();
            let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let odds: Vec<f64> = scores.iter().map(|score| exp(score - top)).collect();
            let total: f64 = odds.iter().sum();
            let mut gradients: BTreeMap<u32, f64> = BTreeMap::new();
            for (number, candidate) in choice.candidates.iter().enumerate() {
                let surprise = odds[number] / total - f64::from(number == choice.right);
                for (feature, value) in candidate {
                    *gradients.entry(*feature).or_default() += choice.weight * surprise * value;
                }
            }
            for (feature, gradient) in gradients {
                let weight = &mut weights[feature as usize];
                let pull = pace.penalty * weight.value / f64::from(uses[feature as usize]);
                weight.descend(gradient + pull, pace.step);
            }
        }
    }
    weights.into_iter().map(|weight| weight.value).collect()
}

/// One labelled answer as the chain sees it.
pub struct Sequence {
    pub features: Vec<Vec<u32>>,
    pub gaps: Vec<Gap>,
    pub states: Vec<usize>,
    pub weight: f64,
}

/// What is hidden from a chain while it learns, so that it leans on no single hint.
pub struct Hiding {
    /// For every feature whether it tells the place of a clause and not what it says.
    pub places: Vec<bool>,
    /// How often an answer is shown without any place: parts that were moved are known by what they say.
    pub places_hidden: f64,
    /// How often any feature is hidden.
    pub hidden: f64,
}

impl Hiding {
    /// The sequence without what is hidden this time.
    fn of(&self, sequence: &Sequence, chance: &mut fastrand::Rng) -> Sequence {
        let no_place = chance.f64() < self.places_hidden;
        let mut kept = |feature: &u32| !(no_place && self.places[*feature as usize]) && chance.f64() >= self.hidden;
        Sequence {
            features: sequence.features.iter().map(|f| f.iter().copied().filter(&mut kept).collect()).collect(),
            gaps: sequence.gaps.clone(),
            states: sequence.states.clone(),
            weight: sequence.weight,
        }
    }
}

/// What a chain has learned.
pub struct ChainWeights {
    pub features: Vec<[f64; STATES]>,
    pub transitions: Transitions,
}

/// For every state the label it shares with another state: a result told first is worded like any result.
///
/// What is learned of the label counts for both, and each learns only how it differs.
fn shared_label(state: usize) -> Option<usize> {
    match label(state) {
        Some(StarPart::Result) => Some(0),
        None => Some(1),
        Some(_) => None,
    }
}

/// How many labels have more than one state.
const SHARED: usize = 2;

/// A chain while it learns.
struct Learning {
    features: Vec<[Weight; STATES]>,
    /// What the states of one label have in common.
    shared: Vec<[Weight; SHARED]>,
    between: [[[Weight; STATES]; STATES]; Gap::ALL.len()],
    /// How many clauses have each feature.
    uses: Vec<u32>,
}

/// Fits the chain so that the right states are likely; the weights are the mean over the second half of the epochs.
pub fn fit_chain(sequences: &[Sequence], features: usize, pace: Pace, hiding: &Hiding) -> ChainWeights {
    let mut learning = Learning {
        features: vec![[Weight::default(); STATES]; features],
        shared: vec![[Weight::default(); SHARED]; features],
        between: [[[Weight::default(); STATES]; STATES]; Gap::ALL.len()],
        uses: vec![0; features],
    };
    for feature in sequences.iter().flat_map(|sequence| sequence.features.iter().flatten()) {
        learning.uses[*feature as usize] += 1;
    }
    let mut mean = ChainWeights {
        features: vec![[0.0; STATES]; features],
        transitions: [[[0.0; STATES]; STATES]; Gap::ALL.len()],
    };
    let averaged = pace.epochs - pace.epochs / 2;
    for epoch in 0..pace.epochs {
        let mut chance = fastrand::Rng::with_seed(1000 + epoch as u64);
        for index in order(sequences.len(), epoch) {
            let shown = hiding.of(&sequences[index], &mut chance);
            learning.step(&shown, pace, sequences.len());
        }
        if epoch + averaged >= pace.epochs {
            learning.add_to(&mut mean, 1.0 / averaged as f64);
        }
    }
    mean
}

impl Learning {
    /// Goes one step towards the right states of a sequence.
    fn step(&mut self, sequence: &Sequence, pace: Pace, sequences: usize) {
        let transitions = self.between.map(|rows| rows.map(|row| row.map(|weight| weight.value)));
        let beliefs = self.chain_of(sequence, &transitions).beliefs();
        for (clause, features) in sequence.features.iter().enumerate() {
            let mut surprise = beliefs.clauses[clause];
            surprise[sequence.states[clause]] -= 1.0;
            for feature in features {
                let pull = pace.penalty / f64::from(self.uses[*feature as usize]);
                for (weight, surprise) in self.features[*feature as usize].iter_mut().zip(surprise) {
                    weight.descend(sequence.weight * surprise + pull * weight.value, pace.step);
                }
                let mut in_common = [0.0; SHARED];
                for (state, surprise) in surprise.iter().enumerate() {
                    shared_label(state).into_iter().for_each(|label| in_common[label] += surprise);
                }
                for (weight, surprise) in self.shared[*feature as usize].iter_mut().zip(in_common) {
                    weight.descend(sequence.weight * surprise + pull * weight.value, pace.step);
                }
            }
        }
        let mut surprise = beliefs.transitions;
        for (clause, pair) in sequence.states.windows(2).enumerate() {
            surprise[sequence.gaps[clause + 1] as usize][pair[0]][pair[1]] -= 1.0;
        }
        let gradients = surprise.iter().flatten().flatten();
        for (weight, gradient) in self.between.iter_mut().flatten().flatten().zip(gradients) {
            let pull = pace.penalty * weight.value / sequences as f64;
            weight.descend(sequence.weight * gradient + pull, pace.step);
        }
    }

    /// Adds a share of the weights as they are to a mean.
    fn add_to(&self, mean: &mut ChainWeights, share: f64) {
        for (feature, sums) in mean.features.iter_mut().enumerate() {
            for (sum, weight) in sums.iter_mut().zip(self.weights(feature)) {
                *sum += share * weight;
            }
        }
        let weights = self.between.iter().flatten().flatten();
        for (sum, weight) in mean.transitions.iter_mut().flatten().flatten().zip(weights) {
            *sum += share * weight.value;
        }
    }

    /// What a feature weighs for each state: its own and what the states of its label share.
    fn weights(&self, feature: usize) -> [f64; STATES] {
        let (own, shared) = (&self.features[feature], &self.shared[feature]);
        std::array::from_fn(|state| own[state].value + shared_label(state).map_or(0.0, |label| shared[label].value))
    }

    fn chain_of<'a>(&self, sequence: &Sequence, transitions: &'a Transitions) -> Chain<'a> {
        let clauses = sequence.features.iter().map(|features| {
            let mut scores = [0.0; STATES];
            for feature in features {
                for (score, weight) in scores.iter_mut().zip(self.weights(*feature as usize)) {
                    *score += weight;
                }
            }
            scores
        });
        Chain { clauses: clauses.collect(), gaps: sequence.gaps.clone(), transitions }
    }
}

/// The text of a weights file: sorted by name, in hundredths, features under `least` hundredths left out.
pub fn text_of(names: &Names, weights: &[f64], least: i64) -> String {
    let rows = names.names.iter().zip(weights).map(|(name, weight)| (name.clone(), vec![*weight]));
    table(rows.collect(), least)
}

/// The text of the chain's weights file, transitions among the features.
pub fn text_of_chain(names: &Names, weights: &ChainWeights) -> String {
    let mut rows: Vec<(String, Vec<f64>)> =
        names.names.iter().zip(&weights.features).map(|(name, row)| (name.clone(), row.to_vec())).collect();
    for (gap, from) in Gap::ALL.into_iter().zip(&weights.transitions) {
        rows.extend(from.iter().enumerate().map(|(state, row)| (transition_name(gap, state), row.to_vec())));
    }
    table(rows, 3)
}

fn table(mut rows: Vec<(String, Vec<f64>)>, least: i64) -> String {
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let mut text =
        "# Trained by scripts/train-star from content/labelled/star; in hundredths. Do not edit.\n".to_owned();
    for (name, weights) in rows {
        let hundredths: Vec<i64> = weights.iter().map(|weight| (weight * 100.0).round() as i64).collect();
        if hundredths.iter().any(|weight| weight.abs() >= least) {
            let numbers: Vec<String> = hundredths.iter().map(i64::to_string).collect();
            writeln!(text, "{name}\t{}", numbers.join(" ")).expect("writing to a string does not fail");
        }
    }
    text
}
