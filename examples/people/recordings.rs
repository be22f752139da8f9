//! The recordings of people, what was said in them, and where.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A recording and what is known of it.
pub struct Recording {
    /// The file.
    pub path: PathBuf,
    /// Of which kind it is: `read`, `spontaneous`, `elicited`, `telephone` or another.
    pub kind: String,
    /// What was said, word for word, where somebody wrote it down.
    pub reference: Option<String>,
    /// Whether "um" and "uh" are in the reference; `None` where nobody says.
    pub keeps_fillers: Option<bool>,
    /// Where each word was said, in order of time, where that is known.
    pub times: Vec<TimedWord>,
}

/// A word at its place, in seconds. Without a word it is a laugh, a cough or the like.
#[derive(Clone, Debug, Deserialize)]
pub struct TimedWord {
    pub word: Option<String>,
    pub start: f64,
    pub end: f64,
}

#[derive(Deserialize)]
struct Line {
    file: String,
    kind: String,
    reference: Option<String>,
    #[serde(default)]
    fillers_in_reference: Option<bool>,
    #[serde(default)]
    word_times: Option<String>,
}

#[derive(Deserialize)]
struct Times {
    words: Vec<TimedWord>,
}

/// Reads `manifest.jsonl` of a folder, and the word times it names.
pub fn of_folder(folder: &Path) -> Vec<Recording> {
    let manifest = std::fs::read_to_string(folder.join("manifest.jsonl")).expect("the folder has a manifest.jsonl");
    let lines = manifest.lines().map(|line| serde_json::from_str(line).expect("a line of the manifest is JSON"));
    lines.map(|line| recording(folder, line)).collect()
}

fn recording(folder: &Path, line: Line) -> Recording {
    let read = |file: String| {
        let text = std::fs::read_to_string(folder.join(file)).expect("the manifest names files that are there");
        serde_json::from_str::<Times>(&text).expect("word times are JSON").words
    };
    let mut times = line.word_times.map(read).unwrap_or_default();
    times.sort_by(|a, b| a.start.total_cmp(&b.start));
    Recording {
        path: folder.join(line.file),
        kind: kind(&line.kind).to_owned(),
        reference: line.reference,
        keeps_fillers: line.fillers_in_reference,
        times,
    }
}

/// "read, two speakers" is read; a headset in a meeting is spontaneous.
fn kind(stated: &str) -> &str {
    let first = stated.split([',', ' ']).next().unwrap_or(stated);
    match first {
        "speech" => "read",
        "meeting" => "spontaneous",
        other => other,
    }
}
