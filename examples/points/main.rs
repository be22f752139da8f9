//! Trains and measures which points an answer makes.
//!
//! ```text
//! cargo run --no-default-features --example points -- train      write src/analysis/weights/{words,points}.tsv
//! cargo run --no-default-features --example points -- accuracy   precision, recall, F1, false ticks
//! cargo run --no-default-features --example points -- mistakes   the points for tuning that were judged wrongly
//! cargo run --no-default-features --example points -- ticks      points ticked by answers to other questions
//! cargo run --no-default-features --example points -- time       milliseconds for 12 points
//! ```

#![allow(clippy::print_stdout, clippy::print_stderr)]

#[path = "../accuracy/answers.rs"]
mod answers;
mod data;
#[path = "../accuracy/figures.rs"]
mod figures;
#[path = "../accuracy/labelled.rs"]
mod labelled;
#[path = "../accuracy/tally.rs"]
mod tally;
mod train;

use std::path::Path;

use greenroom::analysis::lexicon::Lexicon;
use greenroom::analysis::points::{Matcher, Model, Vocabulary};
use greenroom::types::{Covered, Point, Transcript};

use data::{Labelled, Set};
use tally::Tally;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let lexicon = Lexicon::builtin("en").ok_or("English is built in")?;
    let labelled = data::labelled(root)?;
    // The files as they are now, not as they were built in.
    let read = |path: &str| std::fs::read_to_string(root.join(path)).map(|text| &*Box::leak(text.into_boxed_str()));
    let synonyms = read("content/synonyms/en.txt")?;
    let matcher = &Matcher {
        vocabulary: Vocabulary::new("en", synonyms, read("src/analysis/weights/words.tsv")?),
        model: Model::parse(read("src/analysis/weights/points.tsv")?),
    };
    match std::env::args().nth(1).as_deref() {
        Some("train") => {
            let check = std::env::args().nth(2).as_deref() == Some("--check");
            let words = train::words(&lexicon)?;
            let vocabulary = Vocabulary::new("en", synonyms, Box::leak(words.clone().into_boxed_str()));
            let points = train::points(&labelled, &vocabulary, &lexicon);
            for (file, text) in [("words.tsv", words), ("points.tsv", points)] {
                let path = root.join("src/analysis/weights").join(file);
                if !check {
                    std::fs::write(&path, text)?;
                } else if std::fs::read_to_string(&path)? != text {
                    return Err(format!("{file} is not what the labelled points give: run scripts/train-points").into());
                }
            }
        }
        Some("accuracy") => accuracy(&labelled, matcher, &lexicon)?,
        Some("mistakes") => mistakes(&labelled, matcher, &lexicon),
        Some("ticks") => {
            for set in [Set::Dev, Set::Held] {
                let (pairs, ticked) = foreign(set, matcher, &lexicon);
                println!("{} of {pairs}", ticked.len());
                let few = if set == Set::Dev { 60 } else { 0 };
                ticked.iter().step_by((ticked.len() / 60).max(1)).take(few).for_each(|line| println!("{line}"));
            }
        }
        Some("time") => time(matcher, &lexicon),
        _ => return Err("say train, accuracy, mistakes, ticks or time".into()),
    }
    Ok(())
}

/// Counts over labelled points; one that is made in part counts neither way.
#[derive(Default)]
struct Score {
    tally: Tally,
    pairs: usize,
    /// Strengths of points that were made, and of those that were not.
    strengths: [Vec<f64>; 2],
}

impl Score {
    /// The area under the ROC curve: how often a point that was made is stronger than one that was not, of all such pairs: 0.5 is chance. Unlike F1 it
    /// does not rise when more is ticked.
    fn auc(&self) -> f64 {
        let [made, not] = &self.strengths;
        let against =
            |one: &f64| not.iter().map(|other| f64::from(one > other) + 0.5 * f64::from(one == other)).sum::<f64>();
        made.iter().map(against).sum::<f64>() / (made.len() * not.len()) as f64
    }

    fn row(&self, name: &str) -> String {
        let (tally, auc) = (self.tally, self.auc());
        let (precision, recall, f1) = (tally.precision(), tally.recall(), tally.f1());
        format!("{name:<31} {:>6}  {precision:>9.3}  {recall:>6.3}  {f1:>5.3}  {auc:>6.3}", self.pairs)
    }
}

/// Counts `yes` and `partly` as ticked; `strictly`, only `yes`. Only points that are `counted`.
fn score(
    labelled: &[Labelled],
    set: Set,
    strictly: bool,
    counted: impl Fn(&Point) -> bool,
    (matcher, lexicon): (&Matcher, &Lexicon),
) -> Score {
    let mut score = Score::default();
    for answer in labelled.iter().filter(|answer| answer.set == set) {
        let texts: Vec<&str> = answer.points.iter().map(|(_, text)| text.as_str()).collect();
        let ticked = matcher.tick(&answer.transcript, &texts, lexicon);
        for ((label, _), point) in answer.points.iter().zip(&ticked).filter(|(_, point)| counted(point)) {
            score.pairs += 1;
            let Some(label) = *label else { continue };
            let made = point.covered == Covered::Yes || point.covered == Covered::Partly && !strictly;
            score.tally.count(label, made);
            score.strengths[usize::from(!label)].push(point.strength);
        }
    }
    score
}

/// Every point of every question of our banks against example answers to other questions, and against the labelled
/// answers; questions are divided in two, so that one half is never looked at.
fn foreign(set: Set, matcher: &Matcher, lexicon: &Lexicon) -> (usize, Vec<String>) {
    let (mut pairs, mut ticked) = (0, Vec::new());
    for (points, answers) in data::foreign(set) {
        let texts: Vec<&str> = points.iter().map(String::as_str).collect();
        for answer in answers {
            for point in matcher.tick(&answer, &texts, lexicon) {
                pairs += 1;
                if point.covered != Covered::No {
                    ticked.push(format!("{:.2} {} | {}", point.strength, point.text, point.quote));
                }
            }
        }
    }
    (pairs, ticked)
}

/// Prints the tables and hands the figures over to the gate.
fn accuracy(labelled: &[Labelled], matcher: &Matcher, lexicon: &Lexicon) -> std::io::Result<()> {
    let mut figures = figures::Figures::default();
    println!("Points, yes or partly against no.\n");
    println!("{:<31} {:>6}  precision  recall     F1     AUC", "", "pairs");
    for (set, strictly, name) in [
        (Set::Dev, false, "for tuning and training"),
        (Set::Held, false, "held out"),
        (Set::Held, true, "held out, only yes"),
        (Set::Other, false, "other writers"),
        (Set::PreparedDev, false, "prepared, looked at"),
        (Set::PreparedHeld, false, "prepared, held out"),
        (Set::Everyday, false, "everyday, looked at"),
        (Set::EverydayHeld, false, "everyday, held out"),
    ] {
        let score = score(labelled, set, strictly, |_| true, (matcher, lexicon));
        println!("{}", score.row(name));
        figures.add(&format!("points, {name}"), "F1", score.tally.f1());
        if set == Set::EverydayHeld {
            figures.add(&format!("points, {name}"), "AUC", score.auc());
        }
    }
    for (asks, name) in [(false, "prepared, held out, statements"), (true, "prepared, held out, questions")] {
        let score = score(labelled, Set::PreparedHeld, false, |point| point.asks() == asks, (matcher, lexicon));
        println!("{}", score.row(name));
        figures.add(&format!("points, {name}"), "AUC", score.auc());
    }
    println!("\nPoints of our banks ticked by answers to other questions:");
    for (set, name) in [(Set::Dev, "half for tuning"), (Set::Held, "half held out")] {
        let (pairs, ticked) = foreign(set, matcher, lexicon);
        let share = ticked.len() as f64 / pairs as f64;
        println!("{name:<16} {} of {pairs} ({:.1} %)", ticked.len(), 100.0 * share);
        figures.add(&format!("points of other questions, {name}"), "not ticked", 1.0 - share);
    }
    figures.hand_over()
}

/// Prints what is judged wrongly among the points for tuning; those held out are not shown.
fn mistakes(labelled: &[Labelled], matcher: &Matcher, lexicon: &Lexicon) {
    for answer in labelled.iter().filter(|answer| Set::LEARNED.contains(&answer.set)) {
        let texts: Vec<&str> = answer.points.iter().map(|(_, text)| text.as_str()).collect();
        for ((label, text), point) in answer.points.iter().zip(matcher.tick(&answer.transcript, &texts, lexicon)) {
            let made = point.covered != Covered::No;
            if label.is_some_and(|label| label != made) {
                let wrong = if made { "ticked" } else { "missed" };
                println!("{wrong} {:.2} {} {text} | {}", point.strength, answer.name, point.quote);
            }
        }
    }
}

/// Prints how long twelve points take on 300 words, best of twenty.
fn time(matcher: &Matcher, lexicon: &Lexicon) {
    const SENTENCES: &str = "We had a billing job that failed every night and nobody knew why. I read the logs for a week, um, \
        and then I moved the job to its own machine. It has not failed since, and support calls fell by forty percent. ";
    const POINTS: [&str; 6] = [
        "Found the root cause by reading the logs",
        "Support calls down 40%",
        "How did you convince the finance director to pay for it?",
        "Result: What changed for customers, with a number before and after",
        "Do you work with data that both sides accept?",
        "Moved the service to a machine of its own and kept a way back for every step",
    ];
    let answer = Transcript::of_text(&SENTENCES.repeat(7));
    let points: Vec<&str> = POINTS.into_iter().cycle().take(12).collect();
    let run = || {
        let start = std::time::Instant::now();
        matcher.tick(&answer, &points, lexicon);
        start.elapsed().as_secs_f64() * 1e3
    };
    let best = (0..20).map(|_| run()).fold(f64::INFINITY, f64::min);
    println!("{} words, {} points: {best:.2} ms", answer.words.len(), points.len());
}
