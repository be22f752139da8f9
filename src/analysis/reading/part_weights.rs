//! What the chain weighs: a weight of every feature for each part, and of every step from one part to the next.

use super::chain::{STATE_NAMES, STATES, Transitions};
use super::sentences::Gap;
use crate::analysis::linear::Weights;

/// The weights of clauses and of transitions.
#[derive(Debug)]
pub struct PartWeights {
    /// What each feature of a clause says of each state.
    pub features: Weights<STATES>,
    /// What each step says.
    pub transitions: Transitions,
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
}

/// The feature that holds the weights of going on from a state across a gap.
pub fn transition_name(gap: Gap, from: usize) -> String {
    format!("{gap:?}>{}", STATE_NAMES[from])
}
