//! How much a person's takes differ by themselves.

/// With fewer takes than this, nothing is known of how much they differ by themselves.
pub(super) const MIN_TAKES: usize = 3;

/// The root mean square of the differences from each figure to the next; `None` for fewer than [`MIN_TAKES`].
///
/// Differences in a row tell steady progress from chance, which a deviation from the mean does not.
pub(super) fn usual_difference(figures: &[f64]) -> Option<f64> {
    let differences = figures.windows(2).map(|pair| (pair[1] - pair[0]).powi(2));
    (figures.len() >= MIN_TAKES).then(|| (differences.sum::<f64>() / (figures.len() - 1) as f64).sqrt())
}

/// How far a take usually lies from what is usual, in the sense of a standard deviation: two takes differ by the root of
/// two of these. `None` for fewer than [`MIN_TAKES`].
pub(super) fn spread(figures: &[f64]) -> Option<f64> {
    usual_difference(figures).map(|difference| difference / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steady_progress_is_hardly_any_spread_and_a_coin_that_falls_is_one() {
        let rising: Vec<f64> = (0..20).map(f64::from).collect();
        assert!(spread(&rising).is_some_and(|spread| spread < 0.71));
        assert!(spread(&[1.0, -1.0, 1.0, -1.0]).is_some_and(|spread| (spread - 2.0 / 2.0_f64.sqrt()).abs() < 1e-9));
        assert_eq!((spread(&[1.0, 2.0]), spread(&[2.0; 3])), (None, Some(0.0)));
    }
}
