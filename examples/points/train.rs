//! Counts words and fits what each figure of a match weighs: by basic arithmetic, in a fixed order.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use greenroom::analysis::lexicon::Lexicon;
use greenroom::analysis::linear::probability;
use greenroom::analysis::points::{Figures, Vocabulary, figures_of, stems};
use greenroom::content::builtin_sources;

use super::answers::labelled_answers;
use super::data::{self, Labelled, Set};

const HEAD: &str = "# Made by scripts/train-points from content. Do not edit.\n";
/// Words that stand in fewer texts are as rare as one that is in none.
const LEAST_TEXTS: u32 = 2;
/// How much all foreign pairs together weigh against the labelled points.
const FOREIGN_WEIGHT: f64 = 0.8;
/// Every so many answers to other questions are learned from.
const FOREIGN_STEP: usize = 6;
/// What the mean strength of a question's points weighs, which mean is usual, and the most it adds or takes away, in
/// hundredths: chosen on the half for tuning and on the prepared points that were looked at, between 0 and 3000, 10 and
/// 40, 100 and 300.
const COMPANY: [u32; 3] = [2000, 21, 200];
/// The pull towards zero.
const PENALTY: f64 = 0.004;
/// Times that the best place of every point is chosen anew.
const ROUNDS: usize = 8;

/// In how many of our own texts each stem stands: answers, and the sections of banks.
pub fn words(lexicon: &Lexicon) -> Result<String, Box<dyn std::error::Error>> {
    let bare = Vocabulary::new("en", "", "");
    let mut texts: Vec<String> = labelled_answers()?.iter().map(|answer| answer.words.join(" ")).collect();
    for (_, source) in builtin_sources() {
        texts.extend(source.split("\n---").map(str::to_owned));
    }
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for text in &texts {
        for stem in stems(text, &bare, lexicon).into_iter().collect::<BTreeSet<_>>() {
            *counts.entry(stem).or_insert(0) += 1;
        }
    }
    let mut out = format!("{HEAD}\t{}\n", texts.len());
    for (stem, count) in counts.iter().filter(|(stem, count)| **count >= LEAST_TEXTS && !stem.is_empty()) {
        writeln!(out, "{stem}\t{count}")?;
    }
    Ok(out)
}

/// The values of all figures.
type Values = [f64; Figures::COUNT];

/// One point and one answer: the figures of all places, whether it is made, and how much it counts.
struct Example {
    places: Vec<Values>,
    made: bool,
    weight: f64,
}

/// What each figure weighs, as the text of `points.tsv`.
pub fn points(labelled: &[Labelled], vocabulary: &Vocabulary, lexicon: &Lexicon) -> String {
    let mut examples = Vec::new();
    for answer in labelled.iter().filter(|answer| Set::LEARNED.contains(&answer.set)) {
        let texts: Vec<&str> = answer.points.iter().map(|(_, text)| text.as_str()).collect();
        let figures = figures_of(&answer.transcript, &texts, vocabulary, lexicon);
        for ((label, _), places) in answer.points.iter().zip(figures) {
            let places = values(&places);
            examples.extend(label.map(|made| Example { places, made, weight: 1.0 }));
        }
    }
    // A point of which no word is said is never ticked, whatever the weights.
    examples.retain(|example| !example.places.is_empty());
    let own = examples.len();
    for (points, answers) in data::foreign(Set::Dev) {
        let texts: Vec<&str> = points.iter().map(String::as_str).collect();
        for answer in answers.iter().step_by(FOREIGN_STEP) {
            let figures = figures_of(answer, &texts, vocabulary, lexicon);
            let said = figures.into_iter().filter(|places| !places.is_empty());
            examples.extend(said.map(|places| Example { places: values(&places), made: false, weight: 0.0 }));
        }
    }
    let each = FOREIGN_WEIGHT * own as f64 / (examples.len() - own).max(1) as f64;
    examples[own..].iter_mut().for_each(|example| example.weight = each);

    // At first the place that covers most stands for a point, then the one that the weights find best.
    let mut weights: Values = std::array::from_fn(|figure| f64::from(Figures::NAMES[figure] == "covered"));
    for _ in 0..ROUNDS {
        let chosen: Vec<(&Values, bool, f64)> =
            examples.iter().map(|example| (best(&example.places, &weights), example.made, example.weight)).collect();
        weights = fit(&chosen);
    }
    let mut out = HEAD.to_owned();
    for (name, weight) in Figures::NAMES.iter().zip(weights) {
        let _ = writeln!(out, "{name}\t{}", (weight * 100.0).round());
    }
    for (name, weight) in ["company", "company_usual", "company_most"].iter().zip(COMPANY) {
        let _ = writeln!(out, "{name}\t{weight}");
    }
    out
}

fn values(places: &[Figures]) -> Vec<Values> {
    places.iter().map(Figures::values).collect()
}

fn score(figures: &Values, weights: &Values) -> f64 {
    figures.iter().zip(weights).map(|(figure, weight)| figure * weight).sum()
}

fn best<'a>(places: &'a [Values], weights: &Values) -> &'a Values {
    let mut best = &places[0];
    for place in places {
        if score(place, weights) > score(best, weights) + 1e-9 {
            best = place;
        }
    }
    best
}

/// Logistic regression by Newton steps.
fn fit(examples: &[(&Values, bool, f64)]) -> Values {
    const N: usize = Figures::COUNT;
    let total: f64 = examples.iter().map(|(_, _, weight)| weight).sum();
    let mut weights: Values = [0.0; N];
    for _ in 0..12 {
        let mut gradient = [0.0; N];
        let mut curve = [[0.0; N]; N];
        for (figures, made, weight) in examples {
            let p = probability(score(figures, &weights));
            let error = (f64::from(u8::from(*made)) - p) * weight / total;
            let steep = (p * (1.0 - p)).max(1e-6) * weight / total;
            for i in 0..N {
                gradient[i] += error * figures[i];
                for j in 0..N {
                    curve[i][j] += steep * figures[i] * figures[j];
                }
            }
        }
        for i in 1..N {
            gradient[i] -= PENALTY * weights[i];
            curve[i][i] += PENALTY;
        }
        curve[0][0] += 1e-9;
        let step = solve(curve, gradient);
        weights.iter_mut().zip(step).for_each(|(weight, step)| *weight += step.clamp(-3.0, 3.0));
    }
    weights
}

/// Solves a system of linear equations by elimination with pivots.
fn solve<const N: usize>(mut rows: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for column in 0..N {
        let pivot =
            (column..N).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs())).unwrap_or(column);
        rows.swap(column, pivot);
        right.swap(column, pivot);
        if rows[column][column].abs() < 1e-12 {
            continue;
        }
        for row in column + 1..N {
            let factor = rows[row][column] / rows[column][column];
            let above = rows[column];
            rows[row].iter_mut().zip(above).skip(column).for_each(|(value, above)| *value -= factor * above);
            right[row] -= factor * right[column];
        }
    }
    let mut found = [0.0; N];
    for row in (0..N).rev() {
        let rest: f64 = (row + 1..N).map(|at| rows[row][at] * found[at]).sum();
        found[row] = if rows[row][row].abs() < 1e-12 { 0.0 } else { (right[row] - rest) / rows[row][row] };
    }
    found
}
