//! How long the analysis of an answer takes, and that it grows linearly with the answer.
//!
//! `cargo run --release --no-default-features --example analysis_speed` repeats one answer up to the length of a
//! three-hour transcript, under the question with most points in our banks, once as a written text and once as a
//! recording with word times, speech spans and voice. For each length it prints milliseconds, microseconds a word, and
//! those as a ratio to the shortest of an hour or less.
#![allow(clippy::print_stdout)]

use std::time::Instant;

use greenroom::analysis::lexicon::Lexicon;
use greenroom::analysis::points::of_question as points;
use greenroom::analysis::voice::VoiceTrack;
use greenroom::analysis::{Heard, Sound, analyse};
use greenroom::content::builtin_banks;
use greenroom::types::{Seconds, Span, Transcript};

const ANSWER: &str = include_str!("spoken/fresh/stakeholder.txt");
/// Words of an answer, of twenty minutes, of an hour, of three hours at 150 words a minute.
const LENGTHS: [usize; 4] = [300, 3_000, 9_000, 27_000];
const RATE_HZ: usize = 16_000;
/// Seconds from one word to the next, and how many words are said in one breath.
const WORD_S: f64 = 0.4;
const BREATH: usize = 12;

fn main() {
    let lexicon = Lexicon::builtin("en").expect("English is built in");
    let words: Vec<&str> = ANSWER.split_whitespace().collect();
    // With notes, criteria, steps and two example answers: everything an answer can be held against.
    let question =
        builtin_banks().iter().flat_map(|bank| &bank.questions).max_by_key(|question| points(question).len());
    for kind in ["written", "spoken"] {
        println!("{kind}:   words         ms   us a word   ratio");
        let mut shortest = None;
        for length in LENGTHS {
            let text = words.iter().copied().cycle().take(length).collect::<Vec<_>>().join(" ");
            let mut transcript = Transcript::of_text(&text);
            let (speech, samples) = if kind == "spoken" { speak(&mut transcript) } else { Default::default() };
            let duration = Seconds(samples.len() as f64 / RATE_HZ as f64);
            let voice = VoiceTrack::of(&samples);
            let sound = Sound { duration, speech: &speech, voice: &voice, question_end: None };
            let heard = Heard { transcript: &transcript, sound: (kind == "spoken").then_some(sound), question };
            let fastest = fastest_of((30_000 / length).clamp(2, 50), &heard, &lexicon);
            let per_word = 1e6 * fastest / length as f64;
            let first = *shortest.get_or_insert(per_word);
            println!("        {length:>8} {:10.2} {per_word:11.2} {:7.2}", 1e3 * fastest, per_word / first);
        }
    }
}

fn fastest_of(repeats: usize, heard: &Heard, lexicon: &Lexicon) -> f64 {
    let mut fastest = f64::INFINITY;
    for _ in 0..repeats {
        let began = Instant::now();
        let analysis = analyse(heard, lexicon);
        fastest = fastest.min(began.elapsed().as_secs_f64());
        assert_eq!(analysis.length.words, heard.transcript.words.len());
    }
    fastest
}

/// Gives every word a time, with a breath after every twelfth and a hum in every second breath, as a hesitation has it.
fn speak(transcript: &mut Transcript) -> (Vec<Span>, Vec<f32>) {
    let (mut speech, mut at) = (Vec::new(), 0.5);
    let mut voiced = Vec::new();
    for (nth, breath) in transcript.words.chunks_mut(BREATH).enumerate() {
        let start = at;
        for word in breath {
            (word.start_s, word.end_s) = (Some(Seconds(at)), Some(Seconds(at + WORD_S * 0.9)));
            voiced.push((at, at + WORD_S * 0.8));
            at += WORD_S;
        }
        speech.push(Span::new(start, at));
        if nth % 2 == 1 {
            voiced.push((at + 0.2, at + 0.6));
            speech.push(Span::new(at + 0.2, at + 0.6));
        }
        at += 0.9;
    }
    let mut samples = vec![0.0; (at * RATE_HZ as f64) as usize];
    for (start, end) in voiced {
        let range = (start * RATE_HZ as f64) as usize..(end * RATE_HZ as f64) as usize;
        // A saw at 125 Hz: as rich in overtones as a voice.
        range.for_each(|i| samples[i] = (i % 128) as f32 / 640.0 - 0.1);
    }
    (speech, samples)
}
