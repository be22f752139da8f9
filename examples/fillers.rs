//! Measures how often the judgement of fillers is right, on the labelled sets of the project.
//!
//!     cargo run --no-default-features --example fillers                     # the table
//!     cargo run --no-default-features --example fillers -- --misses         # and every line that is wrong
//!     cargo run --no-default-features --example fillers -- --terms          # and a row for each phrase
//!     cargo run --no-default-features --example fillers -- --jsonl FILE     # a set from elsewhere instead
//!     cargo run --no-default-features --example fillers -- --lexicon FILE   # with another lexicon
//!
//! A set from elsewhere has one JSON object a line: `{"words": [...], "fillers": [[first, last], ...], "ignore":
//! [[first, last], ...]}`, ranges inclusive; with `conv` it is also counted in halves by conversation.
//! A labelled filler is found when all its words are; a find is wrong when none of its words is labelled.
#![allow(clippy::print_stdout)] // A measuring program has nowhere else to put its table.

#[path = "accuracy/answers.rs"]
mod answers;
#[path = "accuracy/beside.rs"]
mod beside;
#[path = "accuracy/figures.rs"]
mod figures;
#[path = "accuracy/labelled.rs"]
mod labelled;
#[path = "accuracy/tally.rs"]
mod tally;
#[path = "accuracy/utterances.rs"]
mod utterances;

use std::collections::BTreeMap;
use std::path::Path;

use greenroom::analysis::lexicon::Lexicon;
use greenroom::analysis::{Heard, ReadAnswer, fillers};
use greenroom::types::{Certainty, FillerKind, Transcript, Word, WordRange};

use answers::{labelled_answers, markdown};
use tally::Tally;

type Failure = Box<dyn std::error::Error>;

/// A text whose fillers are known.
struct Known {
    /// The sets it is counted in.
    sets: Vec<String>,
    words: Vec<String>,
    fillers: Vec<WordRange>,
    doubtful: Vec<WordRange>,
}

/// The counts of one set.
#[derive(Default)]
struct Score {
    texts: usize,
    words: usize,
    pauses: Tally,
    markers: Tally,
    sure: Tally,
    possible: Tally,
    terms: BTreeMap<String, Tally>,
    /// The same of what was called sure alone.
    sure_terms: BTreeMap<String, Tally>,
}

impl Score {
    /// F1 where only what was called sure counts as found.
    fn sure_f1(&self) -> f64 {
        2.0 * self.sure.right as f64 / (self.sure.right + self.sure.wrong + self.markers.there()).max(1) as f64
    }
}

struct Options {
    misses: bool,
    terms: bool,
}

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| args.iter().any(|arg| arg == name);
    let options = Options { misses: has("--misses"), terms: has("--terms") };
    let known = match args.iter().position(|arg| arg == "--jsonl") {
        Some(at) => from_jsonl(Path::new(args.get(at + 1).ok_or("--jsonl needs a file")?))?,
        None => shipped()?.into_iter().chain(strangers()?).collect(),
    };
    let lexicon = match args.iter().position(|arg| arg == "--lexicon") {
        Some(at) => Lexicon::parse(&std::fs::read_to_string(args.get(at + 1).ok_or("--lexicon needs a file")?)?)?,
        None => Lexicon::builtin("en").ok_or("English is built in")?,
    };
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    for text in &known {
        count(text, &lexicon, &mut scores, &options);
    }
    print_tables(&scores, &options);
    figures_of(&scores).hand_over()?;
    Ok(())
}

/// The utterances and the labelled answers of the project.
fn shipped() -> Result<Vec<Known>, Failure> {
    let mut known = Vec::new();
    for path in markdown(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content/labelled/fillers"))? {
        for utterance in utterances::parse(&std::fs::read_to_string(path)?)? {
            let style = if utterance.raw { "raw" } else { "punct" };
            let sets = vec!["utterances".to_owned(), format!("utterances, {}, {style}", utterance.setting)];
            let (fillers, doubtful) = (utterance.fillers, utterance.doubtful);
            known.push(Known { sets, words: utterance.words, fillers, doubtful });
        }
    }
    for answer in labelled_answers()? {
        let style = if answer.raw { "raw" } else { "punct" };
        let sets = vec!["answers".to_owned(), format!("answers, {style}"), format!("answers by {}", answer.writer())];
        known.push(Known { sets, words: answer.words, fillers: answer.fillers, doubtful: answer.doubtful });
    }
    Ok(known)
}

/// What people said in conversations that are no part of the project, where they lie beside it; for tuning.
fn strangers() -> Result<Vec<Known>, Failure> {
    let Some(folder) = beside::folder() else { return Ok(Vec::new()) };
    let mut known = from_jsonl(&folder.join("fillers_dev.jsonl"))?;
    for one in &mut known {
        one.sets = vec!["strangers, for tuning".to_owned()];
    }
    Ok(known)
}

fn from_jsonl(path: &Path) -> Result<Vec<Known>, Failure> {
    #[derive(serde::Deserialize)]
    struct Record {
        words: Vec<String>,
        fillers: Vec<[usize; 2]>,
        #[serde(default)]
        ignore: Vec<[usize; 2]>,
        #[serde(default)]
        conv: Option<String>,
    }
    let ranges =
        |pairs: Vec<[usize; 2]>| pairs.into_iter().map(|[first, last]| WordRange::new(first, last + 1)).collect();
    let mut known = Vec::new();
    for line in std::fs::read_to_string(path)?.lines().filter(|line| !line.is_empty()) {
        let record: Record = serde_json::from_str(line)?;
        let mut sets = vec!["all".to_owned()];
        if let Some(conversation) = record.conv {
            let odd = conversation.bytes().map(usize::from).sum::<usize>() % 2;
            sets.push(format!("conversations, half {}", odd + 1));
        }
        let mut doubtful: Vec<WordRange> = ranges(record.ignore);
        // Switchboard writes "'em" (them) so.
        let them = record.words.iter().enumerate().filter(|(_, word)| *word == "em");
        doubtful.extend(them.map(|(at, _)| WordRange::new(at, at + 1)));
        known.push(Known { sets, words: record.words, fillers: ranges(record.fillers), doubtful });
    }
    Ok(known)
}

/// Holds what is found in one text to what is known of it.
fn count(text: &Known, lexicon: &Lexicon, scores: &mut BTreeMap<String, Score>, options: &Options) {
    let words = text.words.iter().map(|word| Word::untimed(word)).collect();
    let transcript = Transcript { words, ..Transcript::of_text(&text.words.join(" ")) };
    let heard = Heard { transcript: &transcript, sound: None, question: None };
    let answer = ReadAnswer::of(&heard, lexicon);
    let found = fillers::in_transcript(&answer);
    let inside = |ranges: &[WordRange], at: usize| ranges.iter().any(|range| range.contains(at));
    let found_words: Vec<WordRange> = found.iter().filter_map(|filler| filler.words).collect();
    let is_pause = |range: WordRange| range.len() == 1 && lexicon.is_filled_pause(&answer.words()[range.first]);
    let mut tallies = Vec::new();
    for range in &text.fillers {
        let hit = range.indices().all(|at| inside(&found_words, at));
        tallies.push((*range, is_pause(*range), None, Tally::of(true, hit)));
    }
    for filler in &found {
        let Some(range) = filler.words else { continue };
        let right = range.indices().any(|at| inside(&text.fillers, at));
        if !right && range.indices().any(|at| inside(&text.doubtful, at)) {
            continue;
        }
        let pause = filler.kind == FillerKind::FilledPause;
        let finds = Tally::of(right, true);
        // What was found rightly is counted with the labels.
        let wrong = Tally { right: 0, ..finds };
        tallies.push((range, pause, Some((filler.certainty, finds)), wrong));
    }
    for set in &text.sets {
        let score = scores.entry(set.clone()).or_default();
        score.texts += 1;
        score.words += text.words.len();
        for (range, pause, finds, count) in &tallies {
            if *pause {
                score.pauses.add(*count);
                continue;
            }
            score.markers.add(*count);
            let term = answer.words()[range.indices()].join(" ");
            score.terms.entry(term.clone()).or_default().add(*count);
            match finds {
                Some((Certainty::Sure, finds)) => {
                    score.sure.add(*finds);
                    score.sure_terms.entry(term).or_default().add(*finds);
                }
                Some((Certainty::Possible, finds)) => score.possible.add(*finds),
                None => {}
            }
        }
    }
    if options.misses {
        for (range, _, finds, count) in tallies.iter().filter(|(.., count)| count.wrong + count.missed > 0) {
            let what = match (count.missed, finds) {
                (0, Some((Certainty::Sure, _))) => "SURE",
                (0, _) => "possible",
                _ => "missed",
            };
            println!("{:9}{:12} {}", what, answer.words()[range.indices()].join(" "), around(&text.words, *range));
        }
    }
}

/// The words around a range, the range in brackets.
fn around(words: &[String], range: WordRange) -> String {
    let first = range.first.saturating_sub(6);
    let end = (range.end + 6).min(words.len());
    format!(
        "{} [{}] {}",
        words[first..range.first].join(" "),
        words[range.indices()].join(" "),
        words[range.end..end].join(" ")
    )
}

fn print_tables(scores: &BTreeMap<String, Score>, options: &Options) {
    println!(
        "set                               texts  words | um  F1     n | markers P      R     F1     n | sure right    F1 | possible right    n"
    );
    for (name, score) in scores {
        let (pauses, markers) = (score.pauses, score.markers);
        println!(
            "{name:32} {:6} {:6} | {:6.3} {:5} | {:9.3} {:6.3} {:6.3} {:5} | {:10.3} {:.3} | {:14.3} {:4}",
            score.texts,
            score.words,
            pauses.f1(),
            pauses.there(),
            markers.precision(),
            markers.recall(),
            markers.f1(),
            markers.there(),
            score.sure.precision(),
            score.sure_f1(),
            score.possible.precision(),
            score.possible.right + score.possible.wrong,
        );
        if options.terms {
            for (term, count) in &score.terms {
                let sure = score.sure_terms.get(term).copied().unwrap_or_default();
                println!(
                    "    {term:16} P {:.3} R {:.3} F1 {:.3}   found {} wrong {} missed {}; sure {:.3} of {}",
                    count.precision(),
                    count.recall(),
                    count.f1(),
                    count.right,
                    count.wrong,
                    count.missed,
                    sure.precision(),
                    sure.right + sure.wrong
                );
            }
        }
    }
}

/// The figures that are held from falling.
fn figures_of(scores: &BTreeMap<String, Score>) -> figures::Figures {
    let mut figures = figures::Figures::default();
    for set in ["utterances", "answers"] {
        let Some(score) = scores.get(set) else { continue };
        let set = format!("fillers, {set}");
        figures.add(&set, "um and kin F1", score.pauses.f1());
        figures.add(&set, "markers F1", score.markers.f1());
        figures.add(&set, "sure markers right", score.sure.precision());
    }
    figures
}
