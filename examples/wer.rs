//! How well recordings are transcribed: word error rate, fillers, word times, speed.
//!
//! `cargo run --example wer -- --model FILE examples/spoken/fresh` reads every `NAME.txt` of the folder with the recording `NAME.wav`
//! beside it; where there is none, espeak-ng speaks the text. `NAME.times` beside a recording (a line a word: word, start,
//! end in seconds) gives the error of the word times. A text that is a spoken command counts as recognised where Greenroom
//! would obey. Words are compared in lower case without punctuation, a hyphen is a
//! space, fillers stay; the texts are our own, the voice is synthetic.
#![allow(clippy::print_stdout)]

#[path = "accuracy/espeak.rs"]
mod espeak;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Parser;
use greenroom::asr::accuracy::{compared, edits, is_filler};
use greenroom::asr::commands::command_of;
use greenroom::asr::{ChunkRules, Settings, Stop, Transcriber, TranscriptionPool, WhisperModel};
use greenroom::assess::TranscriptionSettings;
use greenroom::audio::{SPEECH_RATE_HZ, decode_16k, write_wav};
use greenroom::types::{Seconds, Word};

#[derive(Parser)]
struct Options {
    /// Folders with texts and, where they are real, recordings
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    /// Model file
    #[arg(long)]
    model: PathBuf,
    /// Sentences followed at a time
    #[arg(long)]
    beam: Option<u8>,
    /// Pieces transcribed at a time
    #[arg(long, default_value_t = 1)]
    jobs: usize,
    // Where these are not given, they are as for any recording.
    /// Seconds from which a piece ends at the next pause
    #[arg(long)]
    target: Option<f64>,
    /// Seconds at which a piece ends in any case
    #[arg(long)]
    max: Option<f64>,
    #[arg(long)]
    long_pause: Option<f64>,
    #[arg(long)]
    padding: Option<f64>,
    /// Voice and words a minute of espeak-ng
    #[arg(long, default_value = "en-us")]
    voice: String,
    #[arg(long, default_value_t = 160)]
    speed: u32,
    /// White noise added, in dBFS
    #[arg(long)]
    noise: Option<f32>,
    /// Show what was said and what was understood
    #[arg(long)]
    show: bool,
    /// Print the sums as JSON
    #[arg(long)]
    json: bool,
}

fn main() {
    let options = Options::parse();
    let pool = load(&options);
    let model = options.model.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let settings = TranscriptionSettings { model, language: "en".to_owned(), rules: rules(&options) };
    let mut total = Score::default();
    for text in options.folders.iter().flat_map(|folder| texts(folder)) {
        let said = std::fs::read_to_string(&text).expect("the text can be read");
        let mut samples = recording(&text, &said, &options);
        if let Some(level) = options.noise {
            add_noise(&mut samples, level);
        }
        let wav = tempfile::Builder::new().suffix(".wav").tempfile().expect("a temporary file");
        write_wav(wav.path(), &samples, SPEECH_RATE_HZ).expect("it can be written");
        let (wall, cpu, mut pieces) = (Instant::now(), cpu_time(), 0);
        let found = settings.transcribe(wav.path(), &pool, &Stop::default(), &mut |_| (), &mut |_| pieces += 1);
        let words = found.expect("the model works").1.words;
        let mut score = Score { pieces, wall: wall.elapsed(), cpu: cpu_time() - cpu, ..Score::default() };
        score.audio = Seconds::of_samples(samples.len(), SPEECH_RATE_HZ);
        score.compare(&compared(&said), &words, &times(&text));
        let name = text.file_stem().unwrap_or_default().to_string_lossy();
        score.command(&said, &words);
        println!("{name:<14}{score}");
        if options.show {
            let understood = words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
            println!(
                "  said        {}\n  understood  {understood}\n",
                said.split_whitespace().collect::<Vec<_>>().join(" ")
            );
        }
        total.add(score);
    }
    if options.json {
        println!("{}", total.json());
    } else {
        println!("{:<14}{total}", "all");
    }
}

fn load(options: &Options) -> TranscriptionPool {
    let path = &options.model;
    let model = WhisperModel::load(path).expect("the model loads");
    let mut settings = Settings::recording("en");
    settings.beam = options.beam.unwrap_or(settings.beam);
    let transcriber =
        || Box::new(model.transcriber(settings.clone()).expect("there is memory")) as Box<dyn Transcriber>;
    TranscriptionPool::start((0..options.jobs).map(|_| transcriber()).collect()).expect("threads start")
}

fn rules(options: &Options) -> ChunkRules {
    let rules = ChunkRules::RECORDING;
    ChunkRules {
        target: options.target.map_or(rules.target, Seconds),
        max: options.max.map_or(rules.max, Seconds),
        long_pause: options.long_pause.map_or(rules.long_pause, Seconds),
        padding: options.padding.map_or(rules.padding, Seconds),
    }
}

/// The texts of a folder by name.
fn texts(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let mut texts: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    texts.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    texts.sort();
    texts
}

/// The recording beside a text; where there is none, espeak-ng speaks it.
fn recording(text: &Path, said: &str, options: &Options) -> Vec<f32> {
    let recording = text.with_extension("wav");
    if recording.exists() {
        return decode_16k(&recording).expect("the recording can be read").samples;
    }
    espeak::spoken(&options.voice, options.speed, said)
}

/// Where the words of a text are in its recording, if that is known.
fn times(text: &Path) -> Vec<(String, f64, f64)> {
    let Ok(lines) = std::fs::read_to_string(text.with_extension("times")) else { return Vec::new() };
    let word = |line: &str| {
        let mut parts = line.split_whitespace();
        Some((parts.next()?.to_owned(), parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    lines.lines().filter_map(word).collect()
}

/// CPU time of the process, which other work on the machine does not change.
fn cpu_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the clock exists on Linux and macOS, and `time` is a place to write to.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn add_noise(samples: &mut [f32], level_dbfs: f32) {
    let mut random = fastrand::Rng::with_seed(1);
    // Evenly spread noise has an effective value of its peak over the root of three.
    let peak = 10f32.powf(level_dbfs / 20.0) * 3f32.sqrt();
    samples.iter_mut().for_each(|sample| *sample += peak * (2.0 * random.f32() - 1.0));
}

#[derive(Default)]
struct Score {
    words: usize,
    wrong: usize,
    fillers: usize,
    fillers_written: usize,
    fillers_right: usize,
    /// Words that were understood, right or wrong.
    written: usize,
    /// Texts that are a spoken command, and those recognised.
    commands: usize,
    commands_right: usize,
    time_errors: Vec<f64>,
    pieces: usize,
    audio: Seconds,
    wall: Duration,
    cpu: Duration,
}

impl Score {
    fn compare(&mut self, said: &[String], written: &[Word], times: &[(String, f64, f64)]) {
        // A written token can be several compared words ("twenty-two"); each keeps the token it came from.
        let (heard, from): (Vec<String>, Vec<usize>) = written
            .iter()
            .enumerate()
            .flat_map(|(i, word)| compared(&word.text).into_iter().map(move |text| (text, i)))
            .unzip();
        let found = edits(said, &heard);
        let (wrong, same) = (found.wrong(), found.same);
        self.words = said.len();
        self.wrong = wrong;
        self.written = heard.len();
        self.fillers = said.iter().filter(|word| is_filler(word)).count();
        self.fillers_written = heard.iter().filter(|word| is_filler(word)).count();
        self.fillers_right = same.iter().filter(|(i, _)| is_filler(&said[*i])).count();
        if times.len() == said.len() {
            for (i, j) in same {
                let word = &written[from[j]];
                let (Some(start), Some(end)) = (word.start_s, word.end_s) else { continue };
                self.time_errors.push((start.0 - times[i].1).abs());
                self.time_errors.push((end.0 - times[i].2).abs());
            }
        }
    }

    /// Whether a text that is a command is obeyed as it was understood.
    fn command(&mut self, said: &str, written: &[Word]) {
        let said: Vec<Word> = said.split_whitespace().map(Word::untimed).collect();
        if let Some(meant) = command_of(&said) {
            self.commands = 1;
            self.commands_right = usize::from(command_of(written) == Some(meant));
        }
    }

    fn json(&self) -> String {
        let mut errors = self.time_errors.clone();
        errors.sort_by(f64::total_cmp);
        serde_json::json!({
            "words": self.words, "wrong": self.wrong, "written": self.written,
            "fillers": self.fillers, "fillers_written": self.fillers_written, "fillers_right": self.fillers_right,
            "commands": self.commands, "commands_right": self.commands_right,
            "times": errors.len(), "times_within": errors.iter().filter(|error| **error <= 0.15).count(),
            "times_p90": errors.get(errors.len() * 9 / 10),
            "audio_s": self.audio.0, "wall": self.wall.as_secs_f64() / self.audio.0, "cpu": self.cpu.as_secs_f64() / self.audio.0,
        })
        .to_string()
    }

    fn add(&mut self, other: Score) {
        self.words += other.words;
        self.wrong += other.wrong;
        self.fillers += other.fillers;
        self.fillers_written += other.fillers_written;
        self.fillers_right += other.fillers_right;
        self.written += other.written;
        self.commands += other.commands;
        self.commands_right += other.commands_right;
        self.time_errors.extend(other.time_errors);
        self.pieces += other.pieces;
        self.audio += other.audio;
        self.wall += other.wall;
        self.cpu += other.cpu;
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        write!(
            f,
            "WER {:5.2} % of {:4} words | fillers recall {:3.0} % precision {:3.0} % of {:2} | {:3} pieces, {:5.1} s, \
             RTF {:.3} wall {:.3} cpu",
            percent(self.wrong, self.words),
            self.words,
            percent(self.fillers_right, self.fillers),
            percent(self.fillers_right, self.fillers_written),
            self.fillers,
            self.pieces,
            self.audio.0,
            self.wall.as_secs_f64() / self.audio.0,
            self.cpu.as_secs_f64() / self.audio.0,
        )?;
        if self.commands > 0 {
            write!(f, " | commands {} of {}", self.commands_right, self.commands)?;
        }
        if !self.time_errors.is_empty() {
            let mut errors = self.time_errors.clone();
            errors.sort_by(f64::total_cmp);
            let within = errors.iter().filter(|error| **error <= 0.2).count();
            let (half, most) = (errors[errors.len() / 2], errors[errors.len() * 9 / 10]);
            write!(f, " | times median {half:.3} s p90 {most:.3} s, {:.0} % in 0.2 s", percent(within, errors.len()))?;
        }
        Ok(())
    }
}
