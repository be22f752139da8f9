//! What reports say to people we do not know, and how often it is right.
//!
//! ```text
//! cargo run --no-default-features --example reports                a table, where ../shared/eval lies beside the project
//! cargo run --no-default-features --example reports -- read FILE   the report on a text, as `analyze` prints it
//! cargo run --no-default-features --example reports -- read 1 20   reports on tuning stories by their number
//! ```
//!
//! A claim is what the report says as a fact: that a part is missing, that the bottom line comes first. A quote belongs
//! to its part when most of its words do.

#![allow(clippy::print_stdout)] // A measuring program has nowhere else to put its table.

#[path = "../accuracy/beside.rs"]
mod beside;
#[path = "../accuracy/labelled.rs"]
mod labelled;
#[path = "../star/strangers.rs"]
mod strangers;
#[path = "../star/variants.rs"]
mod variants;

use std::collections::BTreeMap;

use crate::labelled::LabelledAnswer;
use greenroom::analysis::{Heard, advice, analyse, lexicon::Lexicon};
use greenroom::report::terminal::{self, Options};
use greenroom::types::{Judged, Question, QuestionRef, Report, StarPart, Transcript};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let lexicon = Lexicon::builtin("en").ok_or("English is built in")?;
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["read", file] => {
            let text = std::fs::read_to_string(file)?;
            println!("{}", terminal::render(&report(&Transcript::of_text(&text), None, &lexicon), Options::default()));
        }
        ["read", from, to] => {
            let folder = beside::folder().ok_or("there is no ../shared/eval")?;
            let (from, to): (usize, usize) = (from.parse()?, to.parse()?);
            for stranger in strangers::stories(&folder)?.iter().take(to).skip(from.saturating_sub(1)) {
                println!("{}\n", "=".repeat(79));
                read(&stranger.answer, &lexicon);
            }
        }
        _ => accuracy(&lexicon)?,
    }
    Ok(())
}

/// The labelled text and what its report says.
fn read(answer: &LabelledAnswer, lexicon: &Lexicon) {
    let mut last = None;
    for (word, label) in answer.words.iter().zip(&answer.labels) {
        if last != Some(label) {
            print!("\n<{}>", label.map_or("O", |part| &part.name()[..1]));
        }
        print!(" {word}");
        last = Some(label);
    }
    let report = report(&answer.transcript(), Some(&answer.question), lexicon);
    println!("\n\n{}", terminal::render(&report, Options::default()));
}

fn report(transcript: &Transcript, question: Option<&str>, lexicon: &Lexicon) -> Report {
    let question = question.filter(|text| !text.is_empty());
    let question = question.map(|text| Question { text: text.to_owned(), ..Question::default() });
    let heard = Heard { transcript, sound: None, question: question.as_ref() };
    let analysis = analyse(&heard, lexicon);
    let (strengths, advice) = advice::advise(&heard, &analysis);
    Report {
        schema: Report::SCHEMA.to_owned(),
        question: question.map(|question| QuestionRef { id: String::new(), text: question.text, bank: None }),
        recording: None,
        transcript: transcript.clone(),
        analysis,
        strengths,
        advice,
        notices: Vec::new(),
    }
}

/// How many of some claims are right.
#[derive(Default)]
struct Claims {
    right: usize,
    of: usize,
}

/// Prints how often claims and quotes are right.
fn accuracy(lexicon: &Lexicon) -> Result<(), Failure> {
    let Some(folder) = beside::folder() else {
        println!("No ../shared/eval here: reports to people we do not know are not measured.");
        return Ok(());
    };
    let mut claims: BTreeMap<String, Claims> = BTreeMap::new();
    let mut longest = 0;
    for (kind, all) in [("notes", strangers::stories(&folder)?), ("spoken", strangers::answers(&folder)?)] {
        for stranger in &all {
            for variant in variants::variants(&stranger.answer) {
                let answer = &variant.answer;
                let report = report(&answer.transcript(), Some(&answer.question), lexicon);
                longest = longest.max(terminal::render(&report, Options::default()).lines().count());
                let known = kind == "spoken" && variant.bottom_line_known || variant.how == "headline first";
                for (what, right) in claimed(answer, &report, known, variant.how == "as written") {
                    let count = claims.entry(format!("{kind}, {}: {what}", variant.how)).or_default();
                    count.right += usize::from(right);
                    count.of += 1;
                }
            }
        }
    }
    println!(
        "What reports say to people we do not know (shared/eval, for tuning).\n\n| claim | right | of |\n|---|---|---|"
    );
    for (what, count) in &claims {
        println!("| {what} | {:.3} | {} |", count.right as f64 / count.of as f64, count.of);
    }
    println!("\nThe longest first screen has {longest} lines.");
    Ok(())
}

/// What a report says as a fact, and whether it is right. People's notes begin with the scene as they were written.
fn claimed(answer: &LabelledAnswer, report: &Report, bottom_line_known: bool, as_written: bool) -> Vec<(String, bool)> {
    let star = &report.analysis.star;
    let mut claims = Vec::new();
    if star.judged != Judged::Yes || !answer.story {
        return claims;
    }
    let told = |part: StarPart| answer.labels.iter().filter(|label| **label == Some(part)).count() >= 3;
    for part in &star.missing {
        claims.push((format!("{} is not told", part.name()), !told(*part)));
    }
    for (part, found) in star.parts.iter().filter(|(_, found)| !found.quote.is_empty()) {
        let words: Vec<&str> = found.quote.split(' ').collect();
        let at = answer
            .words
            .windows(words.len())
            .position(|window| window.iter().map(String::as_str).eq(words.iter().copied()));
        let range = at.map(|at| at..at + words.len()).unwrap_or_default();
        let belongs = answer.labels[range].iter().filter(|label| **label == Some(*part)).count();
        claims.push((format!("quote of {}", part.name()), 2 * belongs > words.len()));
    }
    if report.advice.iter().any(|advice| advice.title == "Shorten the set-up") {
        let set_up =
            answer.labels.iter().filter(|label| matches!(label, Some(StarPart::Situation | StarPart::Task))).count();
        claims.push(("the set-up is long".to_owned(), set_up * 3 > answer.words.len()));
    }
    if bottom_line_known {
        let verdict = report.analysis.bluf.up_front == Some(answer.up_front);
        claims.push(("bottom line up front or not".to_owned(), verdict));
    }
    let praised = report.strengths.iter().any(|strength| strength.title.contains("bottom line"));
    if praised && (bottom_line_known || as_written) {
        claims.push(("praised for the bottom line".to_owned(), answer.up_front));
    }
    claims
}
