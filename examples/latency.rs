//! How long the words take after an answer has ended.
//!
//! `cargo run --release --example latency -- --model FILE` lets espeak-ng speak 90 s of our own answers, hands the sound over
//! in real time as a microphone would, and prints the time from the end of the recording to the last word; beside it the
//! time to transcribe the whole take at the end, as a recording is.
#![allow(clippy::print_stdout)]

#[path = "accuracy/espeak.rs"]
mod espeak;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Parser;
use greenroom::asr::{ChunkRules, Settings, Stop, TranscriptionPool, TranscriptionWorker, WhisperModel};
use greenroom::assess::TranscriptionSettings;
use greenroom::audio::{SPEECH_RATE_HZ, SpeechDetector, detect, write_wav};
use greenroom::types::Seconds;

#[derive(Parser)]
struct Options {
    /// Folder with texts to speak
    #[arg(default_value = "examples/spoken/fresh")]
    folder: PathBuf,
    /// Model file
    #[arg(long)]
    model: PathBuf,
    /// Length of the answer in seconds
    #[arg(long, default_value_t = 90.0)]
    seconds: f64,
    /// Silence between the last word and the end of the recording, in seconds; repeat to measure several
    #[arg(long = "tail", default_values_t = [0.1, 0.7])]
    tails: Vec<f64>,
    /// Threads while it is spoken
    #[arg(long)]
    threads: Option<usize>,
}

fn main() {
    let options = Options::parse();
    let mut settings = Settings::live("en");
    settings.threads = options.threads.unwrap_or(settings.threads);
    let speech = answer(&options.folder, options.seconds);
    println!("{:.1} s of speech, {settings:?}, {:?}", seconds(&speech), ChunkRules::LIVE);
    for tail in &options.tails {
        let mut samples = speech.clone();
        samples.resize(samples.len() + Seconds(*tail).to_samples(SPEECH_RATE_HZ), 0.0);
        let (streamed, words) = stream(&samples, &options.model, &settings);
        let (at_once, words_at_once) = at_once(&samples, &options.model);
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

fn load(path: &Path) -> WhisperModel {
    WhisperModel::load(path).expect("the model loads")
}

/// Hands the sound over in real time; the time from its end to the words, and how many there are.
fn stream(samples: &[f32], model: &Path, settings: &Settings) -> (Duration, usize) {
    let transcriber = load(model).transcriber(settings.clone()).expect("there is memory");
    let worker = TranscriptionWorker::start(move || Ok(Box::new(transcriber))).expect("a thread starts");
    let take = worker.begin(ChunkRules::LIVE, |_| {});
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

/// The whole take with a loaded model on all cores.
fn at_once(samples: &[f32], model: &Path) -> (Duration, usize) {
    let model = load(model);
    let transcriber = || Box::new(model.transcriber(Settings::recording("en")).expect("there is memory")) as _;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let pool = TranscriptionPool::start((0..cores).map(|_| transcriber()).collect()).expect("threads start");
    let wav = tempfile::Builder::new().suffix(".wav").tempfile().expect("a temporary file");
    write_wav(wav.path(), samples, SPEECH_RATE_HZ).expect("it can be written");
    let settings =
        TranscriptionSettings { model: String::new(), language: "en".to_owned(), rules: ChunkRules::RECORDING };
    let ended = Instant::now();
    let found = settings.transcribe(wav.path(), &pool, &Stop::default(), &mut |_| (), &mut |_| ());
    (ended.elapsed(), found.expect("the model works").1.words.len())
}

fn seconds(samples: &[f32]) -> f64 {
    Seconds::of_samples(samples.len(), SPEECH_RATE_HZ).0
}
