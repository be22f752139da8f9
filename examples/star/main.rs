//! Trains and measures the judgements about stories: STAR, BLUF, story or not, sentences.
//!
//! ```text
//! cargo run --no-default-features --example star -- train      write src/analysis/weights/*.tsv
//! cargo run --no-default-features --example star -- accuracy   tables by writer held out
//! cargo run --no-default-features --example star -- mistakes   every clause judged wrongly, by writer held out
//! cargo run --no-default-features --example star -- predict    {"id","question","text"} lines to judgements
//! cargo run --no-default-features --example star -- time       milliseconds by length
//! ```

#![allow(clippy::print_stdout, clippy::print_stderr)]

#[path = "../accuracy/answers.rs"]
mod answers;
#[path = "../accuracy/beside.rs"]
mod beside;
#[path = "../accuracy/figures.rs"]
mod figures;
#[path = "../accuracy/labelled.rs"]
mod labelled;
mod learn;
mod measure;
mod strangers;
#[path = "../accuracy/tally.rs"]
mod tally;
mod train;
mod variants;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use crate::labelled::LabelledAnswer;
use greenroom::analysis::reading::trained::{FILES, Trained};
use greenroom::types::{StarPart, Transcript};

use answers::labelled_answers;
use measure::{HEAD, Score};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let asked = std::env::args().nth(2);
    let (check, write) = (asked.as_deref() == Some("--check"), asked.as_deref() == Some("--write"));
    match std::env::args().nth(1).as_deref() {
        Some("train") => {
            let learned = train::learn(&train::Corpus::of(&labelled_answers()?));
            if check {
                as_shipped(root, &learned)?;
            } else {
                ship(root, &learned)?;
            }
        }
        Some("accuracy") => {
            let learned = accuracy(&labelled_answers()?)?;
            if check {
                as_shipped(root, &learned)?;
            } else if write {
                ship(root, &learned)?;
            }
        }
        Some("mistakes") => mistakes(&labelled_answers()?),
        Some("predict") => predict()?,
        Some("time") => time(),
        Some("lab") => {
            // Chain once, then judgements; strangers only.
            let trained = train::chain_of_all(&train::Corpus::of(&labelled_answers()?));
            println!("{HEAD}");
            strangers(trained, &mut figures::Figures::default())?;
        }
        Some("strangers") => {
            println!("{HEAD}");
            strangers(Trained::shipped(), &mut figures::Figures::default())?;
        }
        _ => return Err("say train, accuracy, mistakes, predict or time".into()),
    }
    Ok(())
}

/// Where the weights lie.
const WEIGHTS: &str = "src/analysis/weights";

/// Writes the learned weights where the program takes them from.
fn ship(root: &Path, learned: &train::Learned) -> std::io::Result<()> {
    FILES.iter().zip(&learned.all).try_for_each(|(file, text)| std::fs::write(root.join(WEIGHTS).join(file), text))
}

/// Fails unless the shipped weights are the learned ones, to the byte.
fn as_shipped(root: &Path, learned: &train::Learned) -> Result<(), Box<dyn std::error::Error>> {
    for (file, text) in FILES.iter().zip(&learned.all) {
        if std::fs::read_to_string(root.join(WEIGHTS).join(file))? != *text {
            return Err(format!("{file} is not what the labelled answers give: run scripts/train-star").into());
        }
    }
    Ok(())
}

/// Prints the tables and hands the figures of each kind of answer over to the gate.
fn accuracy(answers: &[LabelledAnswer]) -> Result<train::Learned, Box<dyn std::error::Error>> {
    let corpus = train::Corpus::of(answers);
    let learned = train::learn(&corpus);
    let mut sets = Sets::default();
    let mut overall = Score::default();
    let held_out: BTreeMap<&String, &'static Trained> =
        learned.held_out.iter().map(|(writer, texts)| (writer, train::trained(texts))).collect();
    for variant in &corpus.variants {
        let (answer, known) = (&variant.answer, variant.bottom_line_known);
        let trained = held_out[&answer.writer().to_owned()];
        let manner = if answer.notes { "notes" } else { "spoken" };
        sets.of(&format!("{manner}, {}", variant.how)).add(trained, answer, known);
        match variant.how {
            "as written" => {
                sets.of("as written").add(trained, answer, true);
                sets.of(&format!("writer {}", answer.writer())).add(trained, answer, true);
                overall.add(trained, answer, true);
            }
            "bare" => sets.of("bare").add(trained, answer, known),
            _ => {
                sets.of("variants").add(trained, answer, known);
                sets.of(&format!("{manner}, variants")).add(trained, answer, known);
            }
        }
    }
    println!("Every writer judged by weights learned from other writers.\n\n{HEAD}");
    let mut figures = figures::Figures::default();
    for (name, score) in &sets.scores {
        println!("{}", score.row(name));
        if !name.starts_with("writer") {
            score.figures().into_iter().for_each(|(what, value)| figures.add(&format!("stories, {name}"), what, value));
        }
    }
    println!(
        "\nReliability, as written: how often what is stated with some confidence is so.\n\n{}",
        overall.reliability()
    );
    println!("Confusion, as written: words by true label (rows) and by what was said.\n\n{}", overall.confusion());
    strangers(train::trained(&learned.all), &mut figures)?;
    figures.hand_over()?;
    Ok(learned)
}

/// Prints how often people we do not know are judged rightly, where their stories lie beside the project, and what the
/// simplest method gives.
fn strangers(trained: &Trained, figures: &mut figures::Figures) -> Result<(), Box<dyn std::error::Error>> {
    let Some(folder) = beside::folder() else {
        println!("No ../shared/eval here: people we do not know are not measured.");
        return Ok(());
    };
    let mut sets = Sets::default();
    let mut rulers = Sets::default();
    for (kind, all) in [("notes", strangers::stories(&folder)?), ("spoken", strangers::answers(&folder)?)] {
        for stranger in &all {
            for variant in variants::variants(&stranger.answer) {
                let as_written = variant.how == "as written";
                let names = match variant.how {
                    "as written" => vec![kind.to_owned(), format!("{kind}, {}", stranger.group)],
                    "bare" => vec![format!("{kind}, bare")],
                    how => vec![format!("{kind}, variants"), format!("{kind}, {how}")],
                };
                let answer = &variant.answer;
                let known = variant.bottom_line_known && kind == "spoken";
                let uncounted = if as_written { stranger.uncounted.as_slice() } else { &[] };
                let verdict = measure::judge(trained, &answer.transcript(), Some(&answer.question));
                let ruler = measure::ruler(answer.words.len());
                for name in names {
                    sets.of(&name).add_verdict(answer, &verdict, uncounted, known);
                    rulers.of(&name).add_verdict(answer, &ruler, uncounted, known);
                }
            }
        }
    }
    println!(
        "People we do not know (shared/eval, for tuning), and a fixed split of 20, 10, 50 and 20 % of the words.\n\n{HEAD}"
    );
    for (name, score) in &sets.scores {
        println!("{}", score.row(name));
        println!("{}", rulers.of(name).row(&format!("{name}: the split")));
        let _ = &figures;
    }
    Ok(())
}

/// Scores by the name of the set.
#[derive(Default)]
struct Sets {
    scores: BTreeMap<String, Score>,
}

impl Sets {
    fn of(&mut self, name: &str) -> &mut Score {
        self.scores.entry(name.to_owned()).or_default()
    }
}

/// Prints every answer as it was read, with the labels that are wrong, judged by writer held out.
fn mistakes(answers: &[LabelledAnswer]) {
    let corpus = train::Corpus::of(answers);
    let learned = train::learn(&corpus);
    let letter = |part: Option<StarPart>| part.map_or("O", |part| &part.name()[..1]);
    for writer in corpus.writers() {
        let trained = train::trained(&learned.held_out[&writer]);
        let written = |variant: &&variants::Variant| variant.answer.writer() == writer && variant.how == "as written";
        for variant in corpus.variants.iter().filter(written) {
            let answer = &variant.answer;
            let transcript = answer.transcript();
            let verdict = measure::judge(trained, &transcript, Some(&answer.question));
            let (said, truth) =
                (verdict.bluf.quote.unwrap_or_default(), answer.bottom_line.map(|s| answer.sentences[s]));
            println!("\n## {} {} [{}]", answer.id, answer.question, answer.flavour);
            println!(
                "   missing {:?}",
                verdict.star.missing.iter().map(|part| letter(Some(*part))).collect::<String>()
            );
            if truth.map(|range| transcript.quote(range)).unwrap_or_default() != said {
                let truth = truth.map(|range| transcript.quote(range)).unwrap_or_default();
                println!("   bottom line {:.2}\n     said  {said}\n     truth {truth}", verdict.bluf.confidence);
            }
            for sentence in &answer.sentences {
                let truth = train::majority(&answer.labels[sentence.indices()]);
                let said = train::majority(&verdict.parts[sentence.indices()]);
                let mark = if truth == said { "  " } else { "!!" };
                println!("   {mark} {} {} {}", letter(truth), letter(said), transcript.quote(*sentence));
            }
        }
    }
}

/// Reads answers a line from standard input and writes what the scorer of labelled sets reads.
fn predict() -> Result<(), Box<dyn std::error::Error>> {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input)?;
    for line in input.lines() {
        let record: serde_json::Value = serde_json::from_str(line)?;
        let transcript = Transcript::of_text(record["text"].as_str().ok_or("no text")?);
        let verdict = measure::judge(Trained::shipped(), &transcript, record["question"].as_str());
        let letter = |part: &StarPart| &part.name()[..1];
        let parts: Vec<&str> = verdict.parts.iter().map(|part| part.as_ref().map_or("O", letter)).collect();
        let present: Vec<&str> =
            verdict.star.parts.iter().filter(|(_, found)| found.present).map(|(part, _)| letter(part)).collect();
        let words = verdict.bluf.words;
        let offset = words
            .map(|range| transcript.words[..range.first].iter().map(|w| w.text.chars().count() + 1).sum::<usize>());
        let mut out = serde_json::json!({ "id": record["id"], "parts": parts, "present": present,
            "bluf": verdict.bluf.up_front.unwrap_or(false), "story": !verdict.star.parts.is_empty() });
        match offset {
            Some(offset) => out["bluf_char"] = offset.into(),
            None => out["bluf_sentence"] = serde_json::Value::Null,
        }
        println!("{out}");
    }
    Ok(())
}

/// Prints how long the judgements take by length, best of five.
fn time() {
    const SENTENCES: &str = "We had a billing job that failed every night and nobody knew why. I read the logs for a week, um, \
        and then I moved the job to its own machine. It has not failed since, and support calls fell by forty percent. ";
    for words in [300, 3_000, 30_000] {
        let text = SENTENCES.repeat(words / 40);
        for (style, text) in [("punctuated", text.clone()), ("bare", text.replace(['.', ','], "").to_lowercase())] {
            let transcript = Transcript::of_text(&text);
            let run = || {
                let start = std::time::Instant::now();
                measure::judge(Trained::shipped(), &transcript, None);
                start.elapsed().as_secs_f64() * 1e3
            };
            let best = (0..5).map(|_| run()).fold(f64::INFINITY, f64::min);
            println!("{:>6} words {style:<10} {best:8.2} ms", transcript.words.len());
        }
    }
}
