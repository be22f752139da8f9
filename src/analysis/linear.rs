//! Sparse linear models: named features, one weight for each outcome, kept as readable text.

use std::collections::HashMap;

/// The weights of a linear model with `K` outcomes; a feature that is not listed weighs nothing.
#[derive(Debug)]
pub struct Weights<const K: usize> {
    table: HashMap<&'static str, [f32; K]>,
}

impl<const K: usize> Weights<K> {
    /// Reads weights from text: one feature a line, a tab, `K` whole numbers in hundredths; `#` begins a comment.
    ///
    /// Lines of another shape are skipped; a test holds the shipped files to the shape.
    pub fn parse(text: &'static str) -> Weights<K> {
        let table = text.lines().filter(|line| !line.starts_with('#')).filter_map(parse_line).collect();
        Weights { table }
    }

    /// The weights of one feature.
    pub fn get(&self, feature: &str) -> Option<&[f32; K]> {
        self.table.get(feature)
    }

    /// Adds the weights of one feature to `scores`.
    pub fn add(&self, feature: &str, scores: &mut [f32; K]) {
        if let Some(weights) = self.get(feature) {
            for (score, weight) in scores.iter_mut().zip(weights) {
                *score += weight;
            }
        }
    }

    /// How many features have a weight.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether no feature has a weight.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }
}

fn parse_line<const K: usize>(line: &'static str) -> Option<(&'static str, [f32; K])> {
    let (feature, numbers) = line.split_once('\t')?;
    let mut weights = [0.0; K];
    let mut numbers = numbers.split(' ');
    for weight in &mut weights {
        *weight = numbers.next()?.parse::<f32>().ok()? / 100.0;
    }
    numbers.next().is_none().then_some((feature, weights))
}

/// e to the power of `x`, by basic arithmetic alone.
///
/// The maths library of a system may round the last bit its own way; with this one, training gives
/// the same weights to the byte on every machine. Relative error under 1e-12; 0 below -700.
pub fn exp(x: f64) -> f64 {
    if x < -700.0 {
        return 0.0;
    }
    let x = x.min(700.0);
    let halvings = (x / std::f64::consts::LN_2).round();
    let rest = x - halvings * std::f64::consts::LN_2;
    let mut term = 1.0;
    let mut sum = 1.0;
    for k in 1..=14 {
        term *= rest / f64::from(k);
        sum += term;
    }
    sum * f64::from_bits(((1023 + halvings as i64) as u64) << 52)
}

/// The logistic function: from a score to a probability.
pub fn probability(score: f64) -> f64 {
    1.0 / (1.0 + exp(-score))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_hundredths_and_unlisted_features_weigh_nothing() {
        let weights = Weights::<2>::parse("# model\nw=won\t-50 125\nbroken\t1\n");
        let mut scores = [0.0, 1.0];
        weights.add("w=won", &mut scores);
        weights.add("w=lost", &mut scores);
        assert_eq!(scores, [-0.5, 2.25]);
        assert_eq!(weights.len(), 1);
    }

    #[test]
    fn exp_agrees_with_the_maths_library() {
        for x in [-30.0, -1.5, -1e-9, 0.0, 0.3, 1.0, 12.25, 200.0] {
            let relative = (exp(x) - f64::exp(x)).abs() / f64::exp(x);
            assert!(relative < 1e-12, "{x}: {relative}");
        }
        assert_eq!(exp(-1e9), 0.0);
    }
}
