//! How long the analysis of an answer takes, and that it grows linearly with the answer.
//!
//! `cargo run --release --no-default-features --example analysis_speed` repeats one written answer up to the length of a
//! three-hour transcript and prints milliseconds, and microseconds a word, for each length.
#![allow(clippy::print_stdout)]

use std::time::Instant;

use greenroom::analysis::lexicon::Lexicon;
use greenroom::analysis::{Heard, analyse};
use greenroom::types::Transcript;

const ANSWER: &str = include_str!("spoken/fresh/stakeholder.txt");
/// Words of an answer, of an hour, of three hours at 150 words a minute.
const LENGTHS: [usize; 4] = [300, 3_000, 9_000, 27_000];

fn main() {
    let lexicon = Lexicon::builtin("en").expect("English is built in");
    let words: Vec<&str> = ANSWER.split_whitespace().collect();
    for length in LENGTHS {
        let text = words.iter().copied().cycle().take(length).collect::<Vec<_>>().join(" ");
        let transcript = Transcript::of_text(&text);
        let heard = Heard { transcript: &transcript, sound: None, question: None };
        let repeats = (60_000 / length).clamp(3, 100);
        let mut fastest = f64::INFINITY;
        for _ in 0..repeats {
            let began = Instant::now();
            let analysis = analyse(&heard, &lexicon);
            fastest = fastest.min(began.elapsed().as_secs_f64());
            assert_eq!(analysis.length.words, length);
        }
        println!("{length:>6} words: {:8.2} ms, {:.2} us a word", 1e3 * fastest, 1e6 * fastest / length as f64);
    }
}
