//! How well people are heard: word errors, words lost, "um"s, false alarms, word times.
//!
//! Reads a folder of recordings with a `manifest.jsonl` (a line a file: `file`, `kind`, `reference`, `fillers_in_reference`,
//! `word_times`), transcribes each as `greenroom transcribe` does, and holds it against what was said. With `--beside` the
//! JSON that `whisper-cli -oj` wrote for the same files is scored in the same way. `scripts/people` does all of it.
//!
//!     cargo run --release --example people -- ../shared/speech --model models/ggml-tiny.en.bin
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod normal;
mod recordings;
mod score;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::Parser;
use greenroom::analysis::lexicon::Lexicon;
use greenroom::asr::{Chunk, ChunkRules, Cutter, Settings, Stop, Transcriber, TranscriptionPool, WhisperModel};
use greenroom::assess::{Assessor, HeardRecording, TranscriptionSettings, hear};
use greenroom::audio::{SPEECH_RATE_HZ, SpeechDetector, decode_16k};
use greenroom::types::{Report, Seconds, Transcript, Word};
use recordings::Recording;
use score::{Score, Table};

#[derive(Parser)]
struct Options {
    /// A folder with recordings and manifest.jsonl
    folder: PathBuf,
    /// Model file
    #[arg(long)]
    model: PathBuf,
    /// Cut as while somebody speaks, not as a file
    #[arg(long)]
    live: bool,
    /// Seconds from which a piece ends at the next pause
    #[arg(long)]
    target: Option<f64>,
    /// Seconds at which a piece ends in any case
    #[arg(long)]
    max: Option<f64>,
    /// Seconds of a pause that ends a piece of any length
    #[arg(long)]
    pause: Option<f64>,
    /// Seconds kept around a piece
    #[arg(long)]
    padding: Option<f64>,
    /// Pieces at a time
    #[arg(long, default_value_t = 2)]
    jobs: usize,
    /// A folder with what whisper-cli -oj wrote: NAME.json for NAME.wav and so on
    #[arg(long)]
    beside: Option<PathBuf>,
    /// Only files whose name holds this
    #[arg(long)]
    only: Option<String>,
    /// Show what was said and what was heard
    #[arg(long)]
    show: bool,
    /// Write a line of JSON for each recording here
    #[arg(long)]
    out: Option<PathBuf>,
}

fn main() {
    let options = Options::parse();
    let mut recordings = recordings::of_folder(&options.folder);
    recordings.retain(|one| options.only.as_ref().is_none_or(|part| one.path.to_string_lossy().contains(part)));
    let mut listener = Listener::load(&options);
    let lexicon = Lexicon::builtin("en").expect("English is built in");
    let assessor = Assessor::new(lexicon, Arc::default(), Vec::new());
    let (mut ours, mut theirs) = (Table::default(), Table::default());
    let mut lines = String::new();
    let (began, cpu) = (Instant::now(), cpu_s());
    let mut sound = 0.0;
    for recording in &recordings {
        let (heard, transcript) = listener.listen(&recording.path);
        sound += heard.recording.duration_s.0;
        let report = assessor.report_recording(transcript, &heard, None);
        let score = Score::of(recording, &report);
        if options.show {
            show(recording, &report, &score);
        }
        if options.out.is_some() {
            lines += &serde_json::json!({
                "file": recording.path.file_name().map(|name| name.to_string_lossy()),
                "words": report.transcript.words, "fillers": report.analysis.fillers.items,
                "not_understood": report.transcript.not_understood,
            })
            .to_string();
            lines.push('\n');
        }
        ours.add(&recording.kind, &score);
        if let Some(text) = options.beside.as_deref().and_then(|folder| written_by_whisper_cli(folder, recording)) {
            let score = Score::of_text(recording, &text);
            if options.show {
                println!("  whisper-cli {text}\n  {}", score.line());
            }
            theirs.add(&recording.kind, &score);
        }
    }
    let (wall, cpu) = (began.elapsed().as_secs_f64(), cpu_s() - cpu);
    println!("{}", ours.render("greenroom"));
    if options.beside.is_some() {
        println!("{}", theirs.render("whisper-cli, whole file"));
    }
    println!("{sound:.0} s of sound in {wall:.1} s, processor {cpu:.1} s: {:.1} x real time", sound / wall);
    if let Some(path) = options.out {
        std::fs::write(path, lines).expect("the results can be written");
    }
}

/// Hears recordings in one of the two ways.
enum Listener {
    File(TranscriptionSettings, TranscriptionPool),
    Live(TranscriptionSettings, Box<dyn Transcriber>),
}

impl Options {
    fn rules(&self) -> ChunkRules {
        let usual = if self.live { ChunkRules::LIVE } else { ChunkRules::RECORDING };
        ChunkRules {
            target: self.target.map_or(usual.target, Seconds),
            max: self.max.map_or(usual.max, Seconds),
            long_pause: self.pause.map_or(usual.long_pause, Seconds),
            padding: self.padding.map_or(usual.padding, Seconds),
        }
    }
}

impl Listener {
    fn load(options: &Options) -> Listener {
        let path = &options.model;
        let model = WhisperModel::load(path).expect("the model loads");
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let settings = TranscriptionSettings { model: name, language: "en".to_owned(), rules: options.rules() };
        let settings_of_model = if options.live { Settings::live("en") } else { Settings::recording("en") };
        let transcriber = || {
            let whisper = model.transcriber(settings_of_model.clone()).expect("there is memory");
            Box::new(whisper) as Box<dyn Transcriber>
        };
        if options.live {
            return Listener::Live(settings, transcriber());
        }
        let pool = TranscriptionPool::start((0..options.jobs).map(|_| transcriber()).collect());
        Listener::File(settings, pool.expect("threads start"))
    }

    fn listen(&mut self, path: &Path) -> (HeardRecording, Transcript) {
        match self {
            Listener::File(settings, pool) => settings
                .transcribe(path, pool, &Stop::default(), &mut |_| (), &mut |_| ())
                .expect("the recording can be heard"),
            Listener::Live(settings, transcriber) => {
                let heard = hear(path).expect("the recording can be read");
                let words = live(path, settings.rules, transcriber.as_mut());
                let transcript = settings.transcript(words, &heard.speech);
                (heard, transcript)
            }
        }
    }
}

/// The words of a recording that is cut as while somebody speaks.
fn live(path: &Path, rules: ChunkRules, transcriber: &mut dyn Transcriber) -> Vec<Word> {
    let samples = decode_16k(path).expect("the recording can be read").samples;
    let (mut cutter, mut detector) = (Cutter::new(rules), SpeechDetector::default());
    let mut words = Vec::new();
    let mut transcribe = |cutter: &Cutter, chunks: &mut Vec<Chunk>| {
        for chunk in chunks.drain(..) {
            let found = transcriber.transcribe(&cutter.samples(chunk.span), &Stop::default());
            words.extend(found.expect("the model works").into_iter().map(|word| word.shifted(chunk.span.start_s)));
        }
    };
    let mut chunks = Vec::new();
    for block in samples.chunks(SPEECH_RATE_HZ as usize / 50) {
        cutter.push(block, &mut |chunk| chunks.push(chunk));
        detector.push(block, &mut |edge| cutter.speech(edge, &mut |chunk| chunks.push(chunk)));
        transcribe(&cutter, &mut chunks);
    }
    detector.finish(&mut |edge| cutter.speech(edge, &mut |chunk| chunks.push(chunk)));
    cutter.finish(&mut |chunk| chunks.push(chunk));
    transcribe(&cutter, &mut chunks);
    words
}

/// The text in the JSON of whisper-cli.
fn written_by_whisper_cli(folder: &Path, recording: &Recording) -> Option<String> {
    let name = recording.path.file_name()?.to_str()?;
    // Its tokens may be halves of characters.
    let bytes = std::fs::read(folder.join(format!("{name}.json"))).ok()?;
    let json: serde_json::Value = serde_json::from_str(&String::from_utf8_lossy(&bytes)).ok()?;
    let segments = json["transcription"].as_array()?;
    Some(segments.iter().filter_map(|segment| segment["text"].as_str()).collect())
}

fn show(recording: &Recording, report: &Report, score: &Score) {
    println!("{}  {}", recording.path.display(), score.line());
    if let Some(reference) = &recording.reference {
        println!("  said   {}", normal::reference(reference).join(" "));
    }
    println!("  heard  {}", report.transcript.text);
    for span in &report.transcript.not_understood {
        println!("  not understood  {:.2}-{:.2}", span.start_s.0, span.end_s.0);
    }
    for filler in report.analysis.fillers.items.iter().filter(|f| f.kind != greenroom::types::FillerKind::Marker) {
        let at = filler.start_s.map_or(0.0, |at| at.0);
        println!(
            "  filler {at:.2}-{:.2} {:?} {} {:?}",
            filler.end_s.map_or(0.0, |e| e.0),
            filler.certainty,
            filler.text,
            filler.source
        );
    }
}

/// Processor time of this program, which other work on the machine does not change, in seconds.
fn cpu_s() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the clock exists on Linux and macOS, and `time` is a place to write to.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}
