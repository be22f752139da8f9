//! Stories and answers of people we do not know: read from `shared/eval` above the project where it lies there.
//!
//! They are for measuring and for choosing between models, never for training, and are no part of the project.

use std::path::Path;

use crate::labelled::LabelledAnswer;
use greenroom::analysis::reading::by_punctuation;
use greenroom::types::{StarPart, WordRange};
use serde_json::Value;

type Failure = Box<dyn std::error::Error>;

/// An answer of somebody we do not know.
#[allow(dead_code)] // Each example uses what it needs.
pub struct Stranger {
    /// Who wrote it and in which manner, such as `human_likely, first`.
    pub group: String,
    pub answer: LabelledAnswer,
    /// What was learned, which may be Result or none: not counted.
    pub uncounted: Vec<WordRange>,
}

/// The stories people keep in their notes.
pub fn stories(folder: &Path) -> Result<Vec<Stranger>, Failure> {
    read(&folder.join("stories_dev.jsonl"), story)
}

/// The answers as people speak them.
pub fn answers(folder: &Path) -> Result<Vec<Stranger>, Failure> {
    read(&folder.join("answers_dev.jsonl"), spoken)
}

fn read(path: &Path, record: fn(&Value) -> Option<Stranger>) -> Result<Vec<Stranger>, Failure> {
    let text = std::fs::read_to_string(path)?;
    let mut all = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let value: Value = serde_json::from_str(line)?;
        all.push(record(&value).ok_or_else(|| format!("{}:{number}: an unknown shape", path.display()))?);
    }
    Ok(all)
}

fn story(record: &Value) -> Option<Stranger> {
    let (mut words, mut labels, mut uncounted, mut starts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for part in record["parts"].as_array()? {
        let name = part["label"].as_str()?;
        starts.push(words.len());
        for word in part["text"].as_str()?.split_whitespace() {
            words.push(word.to_owned());
            labels.push(label(name));
        }
        if name == "L" {
            uncounted.push(WordRange::new(starts[starts.len() - 1], words.len()));
        }
    }
    let writer = record["writer"].as_str()?;
    let answer = LabelledAnswer {
        id: format!("{writer}-{}", record["id"].as_str()?),
        question: record["question"].as_str().unwrap_or_default().to_owned(),
        raw: false,
        notes: true,
        story: true,
        flavour: String::new(),
        up_front: false,
        sentences: cut(by_punctuation(&words), &starts),
        bottom_line: None,
        fillers: Vec::new(),
        doubtful: Vec::new(),
        words,
        labels,
    };
    let group = format!("{}, {}", record["origin"].as_str()?, record["voice"].as_str()?);
    Some(Stranger { group, answer, uncounted })
}

fn spoken(record: &Value) -> Option<Stranger> {
    let words: Vec<String> =
        record["words"].as_array()?.iter().map(|word| word.as_str().map(str::to_owned)).collect::<Option<_>>()?;
    let labels =
        record["word_parts"].as_array()?.iter().map(|part| part.as_str().map(label)).collect::<Option<Vec<_>>>()?;
    // Sentences are given in characters of the text, whose words stand one blank apart.
    let mut begins = Vec::new();
    let mut at = 0;
    for word in &words {
        begins.push(at);
        at += word.chars().count() + 1;
    }
    let range = |pair: &Value| {
        let (from, to) = (pair[0].as_u64()? as usize, pair[1].as_u64()? as usize);
        let (first, end) = (begins.partition_point(|at| *at < from), begins.partition_point(|at| *at < to));
        Some(WordRange::new(first, end))
    };
    let found: Vec<WordRange> = record["sentences"].as_array()?.iter().map(range).collect::<Option<_>>()?;
    let starts: Vec<usize> = found.iter().map(|range| range.first).collect();
    let whole = WordRange::new(0, words.len());
    let style = record["style"].as_str()?;
    let answer = LabelledAnswer {
        id: format!("spoken-{}", record["id"].as_str()?),
        question: record["question"].as_str().unwrap_or_default().to_owned(),
        raw: style == "asr",
        notes: false,
        story: record["category"].as_str()? != "nonstory",
        flavour: String::new(),
        up_front: record["bluf"].as_bool()?,
        sentences: cut(vec![whole], &starts),
        bottom_line: record["bluf_sentence"].as_u64().map(|sentence| sentence as usize),
        fillers: Vec::new(),
        doubtful: Vec::new(),
        words,
        labels,
    };
    Some(Stranger { group: format!("{}, {style}", record["category"].as_str()?), answer, uncounted: Vec::new() })
}

/// The label of a letter; what was learned counts as none.
fn label(name: &str) -> Option<StarPart> {
    StarPart::ALL.into_iter().find(|part| part.name().starts_with(name))
}

/// Ranges cut again wherever a part begins.
fn cut(ranges: Vec<WordRange>, starts: &[usize]) -> Vec<WordRange> {
    let mut cuts: Vec<usize> = ranges.iter().map(|range| range.first).chain(starts.iter().copied()).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let end = ranges.last().map_or(0, |range| range.end);
    let ends = cuts.iter().skip(1).copied().chain(std::iter::once(end));
    cuts.iter().zip(ends).map(|(&first, end)| WordRange::new(first, end)).filter(|range| !range.is_empty()).collect()
}
