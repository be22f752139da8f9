//! Measures how often tellings are put to the right story, and how often a contradiction is one.
//!
//! ```text
//! cargo run --no-default-features --example stories            the table, and every mistake
//! ```
//!
//! The stories and their planted contradictions are in `content/labelled/stories`.

#![allow(clippy::print_stdout)]

#[path = "../accuracy/answers.rs"]
mod answers;
#[path = "../accuracy/figures.rs"]
mod figures;
#[path = "../accuracy/labelled.rs"]
mod labelled;
#[path = "../accuracy/tally.rs"]
mod tally;

use std::path::Path;

use answers::labelled_answers;
use figures::Figures;
use greenroom::analysis::lexicon::Lexicon;
use greenroom::stories::{Telling, compare};
use greenroom::types::{QuestionRef, TakeName, Transcript};
use serde::Deserialize;
use tally::Tally;

/// What the tellings answer, in turn: the same question meets different stories.
const QUESTIONS: [&str; 5] = [
    "Tell me about a time you solved a hard problem.",
    "Tell me about a result you are proud of.",
    "Describe a conflict at work and how it ended.",
    "What did you learn from something that went wrong?",
    "Tell me about a time you led people through a change.",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    story: Vec<Labelled>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Labelled {
    name: String,
    tellings: Vec<String>,
    conflicts: Vec<[String; 2]>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/labelled/stories");
    let lexicon = Lexicon::builtin("en").ok_or("English is built in")?;
    let mut figures = Figures::default();
    println!(
        "| set | stories | tellings | pairs of one story: precision | recall | contradictions | precision | recall |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for name in ["tuning", "fresh"] {
        let set: Set = toml::from_str(&std::fs::read_to_string(folder.join(format!("{name}.toml")))?)?;
        for (style, bare) in [("", false), (", bare words", true)] {
            let Measured { tellings, pairs, conflicts, mistakes } = measure(&set, bare, &lexicon);
            println!(
                "| {name}{style} | {} | {tellings} | {:.2} | {:.2} | {} | {:.2} | {:.2} |",
                set.story.len(),
                pairs.precision(),
                pairs.recall(),
                conflicts.there(),
                conflicts.precision(),
                conflicts.recall(),
            );
            mistakes.iter().for_each(|mistake| println!("<!-- {mistake} -->"));
            if name == "fresh" {
                let set = if bare { "told again, unpunctuated" } else { "told again, as written" };
                figures.add(set, "same story, precision", pairs.precision());
                figures.add(set, "same story, recall", pairs.recall());
                figures.add(set, "told differently, precision", conflicts.precision());
                figures.add(set, "told differently, recall", conflicts.recall());
            }
        }
    }
    let (alone, answers, writers) = told_once(&lexicon)?;
    println!("\n{alone} of {answers} answers of {writers} writers, each told once, are kept apart from all others.");
    figures.add("told once", "kept apart", alone as f64 / answers as f64);
    figures.hand_over()?;
    Ok(())
}

/// How many of the answers labelled for their parts, no two of which tell the same, stand alone when each
/// writer's are compared as if one person had given them; all of them; and the writers.
fn told_once(lexicon: &Lexicon) -> Result<(usize, usize, usize), Box<dyn std::error::Error>> {
    let labelled = labelled_answers()?;
    let (mut alone, mut answers, mut writers) = (0, 0, 0);
    for of_writer in labelled.chunk_by(|one, next| one.writer() == next.writer()) {
        let tellings = of_writer.iter().filter(|answer| answer.story).enumerate().map(|(number, answer)| {
            let question = QuestionRef { id: answer.question.clone(), text: answer.question.clone(), bank: None };
            Telling { question, transcript: answer.transcript(), ..telling(number, "") }
        });
        let found = compare(tellings.collect(), &[], 0, lexicon);
        alone += found.stories.iter().filter(|story| story.tellings.len() == 1).count();
        answers += found.stories.iter().map(|story| story.tellings.len()).sum::<usize>();
        writers += 1;
    }
    Ok((alone, answers, writers))
}

struct Measured {
    tellings: usize,
    pairs: Tally,
    conflicts: Tally,
    mistakes: Vec<String>,
}

/// Compares the tellings of a set, as written or as a recogniser without punctuation and capitals writes them.
fn measure(set: &Set, bare: bool, lexicon: &Lexicon) -> Measured {
    let mut tellings = Vec::new();
    let mut story_of = Vec::new();
    // Told in rounds, so that no story's tellings follow each other.
    let rounds = set.story.iter().map(|story| story.tellings.len()).max().unwrap_or(0);
    for round in 0..rounds {
        for (story, labelled) in set.story.iter().enumerate() {
            if let Some(text) = labelled.tellings.get(round) {
                tellings.push(telling(tellings.len(), &if bare { unpunctuated(text) } else { text.clone() }));
                story_of.push(story);
            }
        }
    }
    let count = tellings.len();
    let found = compare(tellings, &[], 0, lexicon);
    let mut measured =
        Measured { tellings: count, pairs: Tally::default(), conflicts: Tally::default(), mistakes: Vec::new() };
    let mut group_of = vec![usize::MAX; count];
    for (group, story) in found.stories.iter().enumerate() {
        for told in &story.tellings {
            group_of[told.take.take] = group;
        }
    }
    for a in 0..count {
        for b in a + 1..count {
            let (one, together) = (story_of[a] == story_of[b], group_of[a] == group_of[b]);
            measured.pairs.count(one, together);
            match (one, together) {
                (false, true) => {
                    let names = (&set.story[story_of[a]].name, &set.story[story_of[b]].name);
                    measured.mistakes.push(format!("put together: {} and {}", names.0, names.1));
                }
                (true, false) => {
                    measured.mistakes.push(format!("not put together: two of {}", set.story[story_of[a]].name));
                }
                _ => {}
            }
        }
    }
    contradictions(set, &story_of, &found, &mut measured);
    measured
}

fn contradictions(set: &Set, story_of: &[usize], found: &greenroom::types::Stories, measured: &mut Measured) {
    let mut open: Vec<(usize, &[String; 2])> =
        set.story.iter().enumerate().flat_map(|(at, story)| story.conflicts.iter().map(move |c| (at, c))).collect();
    for conflict in found.stories.iter().flat_map(|story| &story.conflicts) {
        let said = [conflict.before.said.to_lowercase(), conflict.after.said.to_lowercase()];
        let holds = |planted: &[String; 2], one: usize, two: usize| {
            said[one].contains(&planted[0].to_lowercase()) && said[two].contains(&planted[1].to_lowercase())
        };
        let of_story =
            |at: usize| story_of[conflict.before.take.take] == at && story_of[conflict.after.take.take] == at;
        let right =
            open.iter().position(|(at, planted)| of_story(*at) && (holds(planted, 0, 1) || holds(planted, 1, 0)));
        match right {
            Some(at) => {
                open.remove(at);
                measured.conflicts.right += 1;
            }
            None => {
                measured.conflicts.wrong += 1;
                measured
                    .mistakes
                    .push(format!("no contradiction: {:?} / {:?}", conflict.before.quote, conflict.after.quote));
            }
        }
    }
    measured.conflicts.missed = open.len();
    for (at, planted) in open {
        measured.mistakes.push(format!("not found in {}: {planted:?}", set.story[at].name));
    }
}

fn telling(number: usize, text: &str) -> Telling {
    let question = QUESTIONS[number % QUESTIONS.len()];
    Telling {
        take: TakeName { session: "labelled".to_owned(), take: number },
        at: jiff::Timestamp::from_second(86_400 * number as i64).expect("a day of the seventies"),
        question: QuestionRef { id: format!("q{}", number % QUESTIONS.len()), text: question.to_owned(), bank: None },
        tags: Vec::new(),
        transcript: Transcript::of_text(text),
        bottom_line: None,
    }
}

/// The words as a recogniser without punctuation writes them.
fn unpunctuated(text: &str) -> String {
    let bare = |word: &str| word.trim_matches(|c: char| matches!(c, '.' | ',' | ':' | ';' | '?' | '!')).to_lowercase();
    text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
