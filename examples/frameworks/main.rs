//! Measures how often a part of a framework, or a move of a strong answer, is rightly called told.
//!
//! ```text
//! cargo run --no-default-features --example frameworks              the tables
//! cargo run --no-default-features --example frameworks -- mistakes  and what was judged wrongly in the half for tuning
//! ```
//!
//! The answers are in `content/labelled/frameworks`, the stories in `content/labelled/moves`. Half of each framework's
//! answers and half of the stories, by a hash of their ids, are for tuning: whoever changes cues looks at those alone.
//! The answers of other writers are all held out.

#![allow(clippy::print_stdout)]

#[path = "../accuracy/answers.rs"]
mod answers;
mod data;
#[path = "../accuracy/figures.rs"]
mod figures;
#[path = "../accuracy/labelled.rs"]
mod labelled;
#[path = "../accuracy/tally.rs"]
mod tally;

use std::collections::BTreeMap;
use std::path::Path;

use greenroom::analysis::lexicon::Lexicon;
use greenroom::analysis::{Heard, analyse_with};
use greenroom::content::frameworks::Frameworks;

use data::{Labelled, MOVES};
use figures::Figures;
use tally::Tally;

/// Which half of a set an answer is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Half {
    Tuning,
    HeldOut,
}

impl Half {
    fn name(self) -> &'static str {
        match self {
            Half::Tuning => "for tuning",
            Half::HeldOut => "held out",
        }
    }
}

/// Cells of a table: how many were told, and the three shares.
fn cells(tally: Tally) -> String {
    format!("{} | {:.2} | {:.2} | {:.2}", tally.there(), tally.precision(), tally.recall(), tally.f1())
}

/// Tallies of one half, by the row of the table.
type Rows = BTreeMap<(Half, String), Tally>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let show = std::env::args().nth(1).as_deref() == Some("mistakes");
    let lexicon = Lexicon::builtin("en").ok_or("English is built in")?;
    // The files as they are now, not as they were built in.
    let (known, broken) = Frameworks::with_folder(&root.join("content/frameworks"));
    if let Some(broken) = broken.into_iter().next() {
        return Err(broken.into());
    }
    let mut figures = Figures::default();
    let both = [Half::Tuning, Half::HeldOut].as_slice();
    let sets = [
        ("framework parts", "framework", both, data::answers(root)?),
        ("framework parts, other writers", "framework, other writers", &[Half::HeldOut], data::others(root)?),
        ("moves of a strong answer", "move", both, data::stories(root)?),
    ];
    for (set, row, halves, labelled) in sets {
        if let Some(unknown) = data::unknown_parts(&labelled, &known).first() {
            return Err(format!("{unknown} is no part of the framework").into());
        }
        let rows = measure(&labelled, halves, &known, &lexicon, show);
        for (half, total) in print_table(row, halves, &rows) {
            let set = format!("{set}, {}", half.name());
            // Precision and recall stand in the table: on so few labels, each falls by points when the other rises.
            figures.add(&set, "F1", total.f1());
        }
    }
    figures.hand_over()?;
    Ok(())
}

/// Holds what is found to what is labelled: answers by framework, stories by move.
fn measure(labelled: &[Labelled], halves: &[Half], known: &Frameworks, lexicon: &Lexicon, show: bool) -> Rows {
    let mut rows = Rows::new();
    let halves = half_of_each(labelled, halves);
    for answer in labelled {
        let heard = Heard { transcript: &answer.transcript, sound: None, question: Some(&answer.question) };
        let analysis = analyse_with(&heard, lexicon, known);
        let is_story = answer.framework == MOVES;
        let found: Vec<(String, String)> = if is_story {
            let made = analysis.moves.into_iter().filter(|found| found.made);
            made.map(|found| (found.name, found.quote)).collect()
        } else {
            let parts = analysis.frameworks.into_iter().flat_map(|framework| framework.parts);
            parts.filter(|part| part.present).map(|part| (part.name, part.quote)).collect()
        };
        let framework = known.named(&answer.framework).expect("the labels were held to the frameworks");
        let half = halves[answer.id.as_str()];
        for part in &framework.parts {
            let told = answer.told.contains(&part.name);
            let quote = found.iter().find(|(name, _)| *name == part.name).map(|(_, quote)| quote);
            let row = if is_story { &part.name } else { &framework.name };
            rows.entry((half, row.clone())).or_default().count(told, quote.is_some());
            if show && half == Half::Tuning && told != quote.is_some() {
                let what = quote.map_or("missed".to_owned(), |quote| format!("not told: {quote:?}"));
                println!("{}, {}: {what}", answer.id, part.name);
            }
        }
    }
    rows
}

/// The half of each answer by its id: in turn of those there are, within its framework ordered by a hash.
fn half_of_each<'a>(labelled: &'a [Labelled], sides: &[Half]) -> BTreeMap<&'a str, Half> {
    let mut ordered: Vec<&Labelled> = labelled.iter().collect();
    ordered.sort_by_key(|answer| (answer.framework.as_str(), hash(&answer.id)));
    let mut halves = BTreeMap::new();
    for of_one in ordered.chunk_by(|a, b| a.framework == b.framework) {
        halves.extend(of_one.iter().map(|answer| answer.id.as_str()).zip(sides.iter().copied().cycle()));
    }
    halves
}

/// FNV-1a, the same on every machine and for ever.
fn hash(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Prints a row for each framework or move, the halves side by side, and returns the sums.
fn print_table(row: &str, halves: &[Half], rows: &Rows) -> Vec<(Half, Tally)> {
    let heads: Vec<String> =
        halves.iter().map(|half| format!("told, {} | precision | recall | F1", half.name())).collect();
    println!("| {row} | {} |\n|---|{}", heads.join(" | "), "---|".repeat(4 * halves.len()));
    let print = |name: &str, tallies: Vec<Tally>| {
        let cells: Vec<String> = tallies.into_iter().map(cells).collect();
        println!("| {name} | {} |", cells.join(" | "));
    };
    let mut sums: Vec<(Half, Tally)> = halves.iter().map(|&half| (half, Tally::default())).collect();
    let mut names: Vec<&String> = rows.keys().map(|(_, name)| name).collect();
    names.sort();
    names.dedup();
    for name in names {
        let of = |half| rows.get(&(half, name.clone())).copied().unwrap_or_default();
        print(name, halves.iter().map(|&half| of(half)).collect());
        sums.iter_mut().for_each(|(half, sum)| sum.add(of(*half)));
    }
    print("all", sums.iter().map(|(_, sum)| *sum).collect());
    println!();
    sums
}
