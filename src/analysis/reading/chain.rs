//! A linear chain over clauses: what each clause says of its own part, and which part follows which.
//!
//! A conditional random field. Two of the four parts change their looks with their place, so the chain has
//! more states than there are labels: a result told before anything else (a headline) and an opening
//! that announces are states of their own.

use super::sentences::Gap;
use crate::analysis::linear::exp;
use crate::types::StarPart;

/// How many states the chain has.
pub const STATES: usize = 7;

/// The states by name, in the order of the weights file.
pub const STATE_NAMES: [&str; STATES] = ["S", "T", "A", "R", "O", "F", "P"];

/// A result told before anything else.
pub const HEADLINE: usize = 5;

/// An opening that is no part.
const OPENING: usize = 6;

/// The state of no part.
const OTHER: usize = 4;

/// The label that a state stands for.
pub fn label(state: usize) -> Option<StarPart> {
    match state {
        HEADLINE => Some(StarPart::Result),
        OTHER | OPENING => None,
        _ => Some(StarPart::ALL[state]),
    }
}

/// The states of a labelled answer: results and other words before the first other part are told apart.
pub fn states_of(labels: &[Option<StarPart>]) -> Vec<usize> {
    let set_up = |label: &Option<StarPart>| label.is_some_and(|part| part != StarPart::Result);
    let story = labels.iter().any(Option::is_some);
    let opened = if story { labels.iter().position(set_up).unwrap_or(0) } else { 0 };
    let states = labels.iter().enumerate().map(|(index, label)| match label {
        Some(StarPart::Result) if index < opened => HEADLINE,
        None if index < opened => OPENING,
        None => OTHER,
        Some(part) => *part as usize,
    });
    states.collect()
}

/// One score for each state.
pub type Scores = [f64; STATES];

/// Scores of going from one state to another, by what stands between the clauses.
pub type Transitions = [[Scores; STATES]; Gap::ALL.len()];

/// The scores of one answer.
#[derive(Clone, Debug)]
pub struct Chain<'a> {
    /// For each clause the score of each state.
    pub clauses: Vec<Scores>,
    /// For each clause what parts it from the one before it.
    pub gaps: Vec<Gap>,
    /// Scores between neighbours.
    pub transitions: &'a Transitions,
}

/// What a chain believes.
#[derive(Clone, Debug)]
pub struct Beliefs {
    /// For each clause the probability of each state.
    pub clauses: Vec<Scores>,
    /// How often each transition is expected.
    pub transitions: Transitions,
}

impl Chain<'_> {
    fn between(&self, index: usize) -> &[Scores; STATES] {
        &self.transitions[self.gaps[index] as usize]
    }

    /// The likeliest sequence of states that holds to what is known to be told.
    ///
    /// People tell the set-up before the rest: a sequence that does is taken unless another is much likelier.
    pub fn best(&self, told: &Told) -> Vec<usize> {
        let walk = Walk::new(told);
        let (any, score) = walk.best(self, |_, _| true);
        if is_ordered(&any) {
            return any;
        }
        let (ordered, ordered_score) = walk.best(self, in_order);
        if ordered_score + ORDER_MARGIN >= score { ordered } else { any }
    }

    /// For each part how much likelier it is that no clause tells it than that one does, in log odds within ±10.
    pub fn absent(&self) -> [f64; 4] {
        let between = self.transitions.map(|rows| rows.map(|row| row.map(exp)));
        let whole = self.total(&between, None);
        StarPart::ALL.map(|part| {
            let share = exp(self.total(&between, Some(part)) - whole).clamp(1e-5, 1.0 - 1e-5);
            (share / (1.0 - share)).ln().clamp(-10.0, 10.0)
        })
    }

    /// The logarithm of the sum over all sequences, or over those without a part.
    fn total(&self, between: &Transitions, without: Option<StarPart>) -> f64 {
        let mut total = 0.0;
        let mut before: Option<Scores> = None;
        for (index, own) in self.clauses.iter().enumerate() {
            let top = own.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let mut sums = exponentials(own);
            for (state, sum) in sums.iter_mut().enumerate() {
                if without.is_some() && label(state) == without {
                    *sum = 0.0;
                }
                if let Some(before) = before {
                    let rows = &between[self.gaps[index] as usize];
                    *sum *= (0..STATES).map(|from| before[from] * rows[from][state]).sum::<f64>();
                }
            }
            let sum: f64 = sums.iter().sum();
            total += top + sum.ln();
            before = Some(sums.map(|value| value / sum));
        }
        total
    }

    /// The probability of each state at each clause and the expected transitions, by forward and backward sums.
    pub fn beliefs(&self) -> Beliefs {
        let count = self.clauses.len();
        let own: Vec<Scores> = self.clauses.iter().map(exponentials).collect();
        let between = self.transitions.map(|rows| rows.map(|row| row.map(exp)));
        let kind = |index: usize| self.gaps[index] as usize;

        let mut forward: Vec<Scores> = Vec::with_capacity(count);
        for index in 0..count {
            let mut sums = own[index];
            if let Some(before) = forward.last() {
                for (state, sum) in sums.iter_mut().enumerate() {
                    *sum *= (0..STATES).map(|p| before[p] * between[kind(index)][p][state]).sum::<f64>();
                }
            }
            forward.push(normalised(sums));
        }
        let mut clauses = vec![[0.0; STATES]; count];
        let mut transitions = [[[0.0; STATES]; STATES]; Gap::ALL.len()];
        let mut backward = [1.0; STATES];
        for index in (0..count).rev() {
            clauses[index] = normalised(std::array::from_fn(|state| forward[index][state] * backward[state]));
            if index == 0 {
                break;
            }
            let after: Scores = std::array::from_fn(|state| own[index][state] * backward[state]);
            let mut pairs = [[0.0; STATES]; STATES];
            for (previous, row) in pairs.iter_mut().enumerate() {
                for (state, pair) in row.iter_mut().enumerate() {
                    *pair = forward[index - 1][previous] * between[kind(index)][previous][state] * after[state];
                }
            }
            let total: f64 = pairs.iter().flatten().sum();
            for (sums, row) in transitions[kind(index)].iter_mut().zip(&pairs) {
                for (sum, pair) in sums.iter_mut().zip(row) {
                    *sum += pair / total;
                }
            }
            backward = normalised(pairs_to_backward(&between[kind(index)], &after));
        }
        Beliefs { clauses, transitions }
    }
}

/// What is known of each part, in the order of [`StarPart::ALL`]: told, not told, or nothing.
pub type Told = [Option<bool>; 4];

/// How much likelier an order must be in which set-up comes after the rest, in natural log odds; measured.
const ORDER_MARGIN: f64 = 3.0;

/// Whether a state may follow another where an opening comes first, then Situation, then Task, then the rest.
pub fn in_order(from: usize, to: usize) -> bool {
    let stage = |state: usize| match label(state) {
        _ if state == OPENING || state == HEADLINE => 0,
        Some(StarPart::Situation) => 1,
        Some(StarPart::Task) => 2,
        _ => 3,
    };
    stage(from) <= stage(to)
}

fn is_ordered(states: &[usize]) -> bool {
    states.windows(2).all(|pair| in_order(pair[0], pair[1]))
}

/// The search for the likeliest sequence: for every clause, state and set of required parts met so far, the best way there.
struct Walk {
    /// For each state the required parts that it meets, a bit each.
    meets: [usize; STATES],
    /// Which states may be taken at all.
    allowed: [bool; STATES],
    /// How many sets of required parts there are.
    sets: usize,
}

/// A place in the search: a set of parts met and a state.
type Place = usize;

impl Walk {
    fn new(told: &Told) -> Walk {
        let required: Vec<StarPart> =
            StarPart::ALL.into_iter().filter(|part| told[*part as usize] == Some(true)).collect();
        let bit = |state: usize| required.iter().position(|part| label(state) == Some(*part)).map_or(0, |bit| 1 << bit);
        let allowed = |state: usize| label(state).is_none_or(|part| told[part as usize] != Some(false));
        Walk { meets: std::array::from_fn(bit), allowed: std::array::from_fn(allowed), sets: 1 << required.len() }
    }

    /// The likeliest sequence, and its score, in which every step is one of `may_follow`.
    ///
    /// Where there are fewer clauses than required parts, as many are met as can be.
    fn best(&self, chain: &Chain, may_follow: impl Fn(usize, usize) -> bool) -> (Vec<usize>, f64) {
        let places = self.sets * STATES;
        let mut scores: Vec<Vec<f64>> = Vec::with_capacity(chain.clauses.len());
        let mut came_from: Vec<Vec<Place>> = Vec::with_capacity(chain.clauses.len());
        for (index, own) in chain.clauses.iter().enumerate() {
            let mut best = vec![f64::NEG_INFINITY; places];
            let mut from = vec![0; places];
            let mut reach = |met: usize, state: usize, score: f64, place: Place| {
                let to = (met | self.meets[state]) * STATES + state;
                if self.allowed[state] && score > best[to] {
                    (best[to], from[to]) = (score, place);
                }
            };
            match scores.last() {
                None => (0..STATES).for_each(|state| reach(0, state, own[state], 0)),
                Some(before) => {
                    let between = self.between(chain, index, &may_follow);
                    for (place, score) in before.iter().enumerate().filter(|(_, score)| score.is_finite()) {
                        for state in 0..STATES {
                            let score = score + between[place % STATES][state] + own[state];
                            reach(place / STATES, state, score, place);
                        }
                    }
                }
            }
            scores.push(best);
            came_from.push(from);
        }
        let Some(last) = scores.last() else { return (Vec::new(), 0.0) };
        let met = |place: &Place| (place / STATES).count_ones();
        let finite = (0..places).filter(|place| last[*place].is_finite());
        let end = finite.max_by(|a, b| met(a).cmp(&met(b)).then(last[*a].total_cmp(&last[*b])));
        let mut place = end.expect("the state of no part is always allowed");
        let score = last[place];
        let mut states = vec![place % STATES];
        for from in came_from[1..].iter().rev() {
            place = from[place];
            states.push(place % STATES);
        }
        states.reverse();
        (states, score)
    }

    fn between(&self, chain: &Chain, index: usize, may_follow: &impl Fn(usize, usize) -> bool) -> [Scores; STATES] {
        let mut between = *chain.between(index);
        for (from, row) in between.iter_mut().enumerate() {
            for (to, score) in row.iter_mut().enumerate() {
                if !may_follow(from, to) {
                    *score = f64::NEG_INFINITY;
                }
            }
        }
        between
    }
}

fn pairs_to_backward(between: &[Scores; STATES], after: &Scores) -> Scores {
    std::array::from_fn(|previous| (0..STATES).map(|state| between[previous][state] * after[state]).sum())
}

/// Exponentials relative to the largest, so that none overflows.
fn exponentials(scores: &Scores) -> Scores {
    let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    scores.map(|score| exp((score - top).max(-60.0)))
}

fn normalised(values: Scores) -> Scores {
    let total: f64 = values.iter().sum();
    values.map(|value| value / total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(transitions: &Transitions) -> Chain<'_> {
        let clauses = vec![
            [1.0, 0.0, 0.3, 0.0, 0.1, 0.0, 0.0],
            [0.0, 0.5, 0.9, 0.0, 0.0, 0.2, 0.0],
            [0.2, 0.0, 0.0, 0.8, 0.0, 0.0, 0.7],
        ];
        Chain { clauses, gaps: vec![Gap::Stop, Gap::Joint, Gap::Stop], transitions }
    }

    fn transitions() -> Transitions {
        let score = |kind: usize, from: usize, to: usize| ((kind * 31 + from * 7 + to * 13) % 11) as f64 / 5.0 - 1.0;
        std::array::from_fn(|k| std::array::from_fn(|from| std::array::from_fn(|to| score(k, from, to))))
    }

    /// The score of every sequence of three states.
    fn all_sequences(chain: &Chain<'_>) -> Vec<([usize; 3], f64)> {
        let mut all = Vec::new();
        for number in 0..STATES.pow(3) {
            let states = [number % STATES, number / STATES % STATES, number / STATES / STATES];
            let own: f64 = (0..3).map(|i| chain.clauses[i][states[i]]).sum();
            let between: f64 = (1..3).map(|i| chain.between(i)[states[i - 1]][states[i]]).sum();
            all.push((states, own + between));
        }
        all
    }

    #[test]
    fn the_best_sequence_is_the_one_that_counting_all_finds() {
        let transitions = transitions();
        let chain = chain(&transitions);
        let all = all_sequences(&chain);
        let best = all.iter().max_by(|a, b| a.1.total_cmp(&b.1)).expect("there are sequences");
        assert_eq!(Walk::new(&[None; 4]).best(&chain, |_, _| true).0, best.0);
    }

    #[test]
    fn the_best_sequence_holds_to_what_is_known_to_be_told() {
        let transitions = transitions();
        let chain = chain(&transitions);
        let told: Told = [Some(true), None, Some(false), Some(true)];
        let fits = |states: &[usize; 3]| {
            let has = |part: StarPart| states.iter().any(|state| label(*state) == Some(part));
            has(StarPart::Situation) && has(StarPart::Result) && !has(StarPart::Action)
        };
        let all = all_sequences(&chain);
        let best = all.iter().filter(|(states, _)| fits(states)).max_by(|a, b| a.1.total_cmp(&b.1));
        assert_eq!(Walk::new(&told).best(&chain, |_, _| true).0, best.expect("some fit").0);
    }

    #[test]
    fn the_odds_of_absence_are_those_that_counting_all_gives() {
        let transitions = transitions();
        let chain = chain(&transitions);
        let all = all_sequences(&chain);
        let sum = |without: bool| -> f64 {
            let task = |states: &[usize; 3]| states.contains(&(StarPart::Task as usize));
            all.iter().filter(|(states, _)| task(states) != without).map(|(_, score)| score.exp()).sum()
        };
        assert!((chain.absent()[StarPart::Task as usize] - (sum(true) / sum(false)).ln()).abs() < 1e-6);
    }

    #[test]
    fn beliefs_are_the_sums_over_all_sequences() {
        let transitions = transitions();
        let chain = chain(&transitions);
        let all = all_sequences(&chain);
        let total: f64 = all.iter().map(|(_, score)| score.exp()).sum();
        let beliefs = chain.beliefs();
        for clause in 0..3 {
            for state in 0..STATES {
                let share: f64 = all.iter().filter(|(s, _)| s[clause] == state).map(|(_, score)| score.exp()).sum();
                assert!((beliefs.clauses[clause][state] - share / total).abs() < 1e-9);
            }
        }
        let into: f64 = all.iter().filter(|(s, _)| s[1] == 2 && s[2] == 3).map(|(_, score)| score.exp()).sum();
        assert!((beliefs.transitions[0][2][3] - into / total).abs() < 1e-9);
    }

    #[test]
    fn nothing_has_no_states() {
        let transitions = transitions();
        let empty = Chain { clauses: Vec::new(), gaps: Vec::new(), transitions: &transitions };
        assert!(empty.best(&[None; 4]).is_empty());
        assert!(empty.beliefs().clauses.is_empty());
    }

    #[test]
    fn a_result_told_first_and_an_opening_have_states_of_their_own() {
        use StarPart::{Action, Result, Situation};
        let labels = [None, Some(Result), Some(Situation), None, Some(Action), Some(Result)];
        assert_eq!(states_of(&labels), [OPENING, HEADLINE, 0, OTHER, 2, 3]);
        assert_eq!(states_of(&[None, None]), [OTHER, OTHER]);
    }
}
