//! How long the words take after an answer has ended.
//!
//! `cargo run --release --example latency` lets espeak-ng speak 90 s of our own answers, hands the sound over in real time
//! as a microphone would, and prints the time from the end of the recording to the last word; beside it the time to
//! transcribe the whole take at the end. `--model FILE` measures another model; one of `--example random_model` has the
//! true size of tiny.en.
#![allow(clippy::print_stdout)]

#[path = "accuracy/espeak.rs"]
mod espeak;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Parser;
use greenroom::asr::{
    ChunkRules, ModelSource, Settings, Stop, TranscriptionWorker, Whisper, Window, transcribe_samples,
};
use greenroom::audio::{SPEECH_RATE_HZ, SpeechDetector, detect};
use greenroom::models::{Feeding, WordTimes, catalog};
use greenroom::types::Seconds;

#[derive(Parser)]
struct Options {
    /// Folder with texts to speak
    #[arg(default_value = "examples/spoken/fresh")]
    folder: PathBuf,
    /// Model file; the built-in practice model where none is given
    #[arg(long)]
    model: Option<PathBuf>,
    /// Length of the answer in seconds
    #[arg(long, default_value_t = 90.0)]
    seconds: f64,
    /// Silence between the last word and the end of the recording, in seconds; repeat to measure several
    #[arg(long = "tail", default_values_t = [0.1, 0.7])]
    tails: Vec<f64>,
    #[arg(long)]
    threads: Option<usize>,
    /// Seconds of silence the encoder hears after a piece; as the catalog says where not given
    #[arg(long)]
    margin: Option<f64>,
}

fn main() {
    let options = Options::parse();
    let entry = options.model.as_deref().map_or(catalog::find(catalog::PRACTICE), catalog::of_file);
    let source = match &options.model {
        Some(path) => ModelSource::File(path.clone()),
        None => ModelSource::Embedded { name: catalog::PRACTICE, bytes: catalog::PRACTICE_FILE },
    };
    let word_times = entry.map_or(WordTimes::UNKNOWN_MODEL, |entry| entry.word_times.clone());
    let feeding = entry.map_or(Feeding::PUBLIC, |entry| entry.feeding);
    let rules = ChunkRules::of(feeding);
    let mut settings = Settings::new(word_times, feeding);
    settings.threads = options.threads.unwrap_or(settings.threads);
    if let Some(margin) = options.margin {
        settings.window = Window::Fitted { margin: Seconds(margin) };
    }
    let speech = answer(&options.folder, options.seconds);
    println!("{:.1} s of speech, {settings:?}, {rules:?}", seconds(&speech));
    for tail in &options.tails {
        let mut samples = speech.clone();
        samples.resize(samples.len() + Seconds(*tail).to_samples(SPEECH_RATE_HZ), 0.0);
        let (streamed, words) = stream(&samples, &source, &settings, rules);
        let (at_once, words_at_once) = at_once(&samples, &source, &settings, rules);
        println!(
            "ended {tail:.1} s after the last word: words after {:.2} s ({words} words); the whole take at the end {:.2} s \
             ({words_at_once} words), {:.1} times as long",
            streamed.as_secs_f64(),
            at_once.as_secs_f64(),
            at_once.as_secs_f64() / streamed.as_secs_f64().max(1e-6),
        );
    }
}

/// Our texts spoken one after the other, ending right after the last word that fits.
fn answer(folder: &Path, length: f64) -> Vec<f32> {
    let mut texts: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder can be read")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    texts.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    texts.sort();
    let mut samples = Vec::new();
    for text in texts {
        let text = std::fs::read_to_string(text).expect("a text can be read");
        samples.extend(espeak::spoken("en-us", 160, &text));
        if seconds(&samples) >= length {
            break;
        }
    }
    samples.truncate(Seconds(length).to_samples(SPEECH_RATE_HZ));
    let end = detect(&samples).last().map_or(Seconds::ZERO, |last| last.end_s);
    samples.truncate(end.to_samples(SPEECH_RATE_HZ));
    samples
}

/// Hands the sound over in real time; the time from its end to the words, and how many there are.
fn stream(samples: &[f32], source: &ModelSource, settings: &Settings, rules: ChunkRules) -> (Duration, usize) {
    let (source, settings) = (source.clone(), settings.clone());
    let worker =
        TranscriptionWorker::start(move || Ok(Box::new(Whisper::load(&source, settings)?))).expect("a thread starts");
    let take = worker.begin(rules, |_| {});
    let (feed, mut detector) = (take.feed(), SpeechDetector::default());
    let started = Instant::now();
    let frame = SPEECH_RATE_HZ as usize / 50;
    for (i, frame) in samples.chunks(frame).enumerate() {
        let due = Duration::from_millis(20) * (i as u32 + 1);
        std::thread::sleep(due.saturating_sub(started.elapsed()));
        feed.push(frame);
        detector.push(frame, &mut |edge| feed.speech(edge));
    }
    let ended = Instant::now();
    detector.finish(&mut |edge| feed.speech(edge));
    let words = take.finish();
    assert!(words.problem.is_none(), "{:?}", words.problem);
    (ended.elapsed(), words.words.len())
}

/// The whole take with a loaded model.
fn at_once(samples: &[f32], source: &ModelSource, settings: &Settings, rules: ChunkRules) -> (Duration, usize) {
    let mut model = Whisper::load(source, settings.clone()).expect("the model loads");
    let ended = Instant::now();
    let speech = detect(samples);
    let words = transcribe_samples(&mut model, samples, &speech, rules, &Stop::default(), &mut |_| {});
    (ended.elapsed(), words.expect("the model works").len())
}

fn seconds(samples: &[f32]) -> f64 {
    Seconds::of_samples(samples.len(), SPEECH_RATE_HZ).0
}
