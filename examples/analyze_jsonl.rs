//! Analyses written answers, one JSON object `{"id", "question", "text"}` a line on standard input, and
//! writes `{"id", "analysis"}` lines. With `--lexicon FILE` it tries a lexicon that is not built in.
//!
//!     cargo run --no-default-features --example analyze_jsonl < answers.jsonl

use std::io::{BufRead, BufWriter, Write};

use greenroom::analysis::lexicon::Lexicon;
use greenroom::analysis::{Findings, Heard, analyse};
use greenroom::types::{Question, Transcript};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let lexicon = match std::env::args().skip_while(|arg| arg != "--lexicon").nth(1) {
        Some(path) => Lexicon::parse(&std::fs::read_to_string(path)?)?,
        None => Lexicon::builtin("en").ok_or("English is built in")?,
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let record: Value = serde_json::from_str(&line?)?;
        let transcript = Transcript::of_text(record["text"].as_str().unwrap_or_default());
        let text = record["question"].as_str().unwrap_or_default().to_owned();
        let question = Question { text, ..Question::default() };
        let heard = Heard { transcript: &transcript, sound: None, question: Some(&question) };
        let analysis = analyse(&heard, Findings::default(), &lexicon);
        writeln!(out, "{}", json!({ "id": record["id"], "analysis": analysis }))?;
    }
    Ok(())
}
