//! Compares the speech detector with Silero (through whisper.cpp) on speech whose pauses are known.
//!
//! `cargo run --example vad_compare -- ggml-silero-v6.2.0.bin` prints a table; without a model file only
//! our own detector is measured. Needs espeak-ng. The speech is synthetic: the figures say how exactly
//! edges are found, and what noise does, not how well every voice is heard.
#![allow(clippy::print_stdout)]

#[path = "accuracy/espeak.rs"]
mod espeak;

use greenroom::audio::{SPEECH_RATE_HZ, detect, scores};
use greenroom::types::{Seconds, Span};

/// A set of speech: how it is called, its voices, words a minute, phrases, and the seed of its noise.
struct Set {
    name: &'static str,
    voices: [&'static str; 4],
    words_per_minute: u32,
    phrases: [&'static str; 8],
    seed: u64,
}

/// What the detector's settings were chosen on.
const TUNED: Set = Set {
    name: "the set that our settings were chosen on",
    voices: ["en-us", "en-gb+f3", "en-us+m7", "en-gb-scotland+f2"],
    words_per_minute: 165,
    phrases: [
        "we moved the launch by three weeks",
        "I asked the finance team for help",
        "um nobody had owned the migration",
        "she wanted to see the numbers first",
        "our error rate fell by half",
        "so I wrote down what each side needed",
        "the customer signed again in March",
        "looking back I would start sooner",
    ],
    seed: 20_261_121,
};

/// Other voices, words, speed and noise, looked at only after the settings were fixed.
const HELD_OUT: Set = Set {
    name: "the held-out set",
    voices: ["en-gb-x-rp+m3", "en-us+f5", "en-gb-x-gbclan", "en-029+m1"],
    words_per_minute: 190,
    phrases: [
        "half of the staff had already left",
        "this is what I would ask of a peer",
        "uh then the whole site went quiet",
        "first we froze every other project",
        "they thought it could not be shipped",
        "my manager pushed back on the price",
        "eight people joined us over the summer",
        "what surprised me was how few complained",
    ],
    seed: 4_711,
};

const PAUSES_S: [f64; 7] = [0.3, 0.4, 0.6, 0.8, 1.2, 2.0, 3.5];
/// A pause in the sense of METRICS.md.
const MIN_PAUSE_S: f64 = 0.25;

type Detect<'a> = Box<dyn FnMut(&[f32]) -> Vec<Span> + 'a>;

fn main() {
    let model = std::env::args().nth(1);
    let mut detectors: Vec<(&str, Detect)> = vec![("ours (earshot)", Box::new(detect))];
    if let Some(path) = &model {
        let mut params = whisper_rs::WhisperVadContextParams::default();
        // With more threads than idle cores, ggml waits on itself.
        params.set_n_threads(1);
        let context = whisper_rs::WhisperVadContext::new(path, params).expect("the Silero model loads");
        let context = std::rc::Rc::new(std::cell::RefCell::new(context));
        // A shorter silence than the shortest pause, since Silero's score falls late; the best of the two counts.
        for (name, min_silence_ms) in [("Silero 200 ms", 200), ("Silero 100 ms", 100)] {
            let context = std::rc::Rc::clone(&context);
            let run = move |samples: &[f32]| silero(&mut context.borrow_mut(), min_silence_ms, samples);
            detectors.push((name, Box::new(run)));
        }
    }
    for set in [&TUNED, &HELD_OUT] {
        compare(set, &mut detectors);
    }
    let mut noise = Noise::new(HELD_OUT.seed);
    println!("\nno speech at all: seconds of speech found in a minute");
    for (name, sound) in noise.without_speech() {
        print!("{name:<26}");
        for (detector, run) in &mut detectors {
            let found: f64 = run(&sound).iter().map(|s| s.length().0).fold(0.0, std::ops::Add::add);
            print!("  {detector}: {:>5.1}", found * 60.0 / seconds(&sound));
        }
        let mut frames = scores(&sound);
        frames.sort_by(f32::total_cmp);
        println!("   (score p50 {:.2}, p99 {:.2})", frames[frames.len() / 2], frames[frames.len() * 99 / 100]);
    }
}

/// Prints how well each detector finds the speech of `set`.
fn compare(set: &Set, detectors: &mut [(&str, Detect)]) {
    let (speech, truth) = speech_with_known_pauses(set);
    let level = dbfs(&speech.iter().copied().filter(|s| s.abs() > 1e-3).collect::<Vec<_>>());
    println!("{}: {:.0} s in {} stretches at {level:.0} dBFS\n", set.name, seconds(&speech), truth.len());
    println!(
        "{:<15} {:<22} {:>7} {:>7} | {:>15} {:>15} | {:>6}",
        "detector", "speech with", "pauses", "", "start error ms", "end error ms", "false"
    );
    println!(
        "{:<15} {:<22} {:>7} {:>7} | {:>7} {:>7} {:>7} {:>7} | {:>6}",
        "", "", "recall", "precis.", "mean", "p90 abs", "mean", "p90 abs", "s/min"
    );
    let mut noise = Noise::new(set.seed);
    let conditions: Vec<(&str, Vec<f32>)> = vec![
        ("nothing", speech.clone()),
        ("white noise, 20 dB", add(&speech, &noise.white(speech.len()), level - 20.0)),
        ("white noise, 10 dB", add(&speech, &noise.white(speech.len()), level - 10.0)),
        ("pink noise, 20 dB", add(&speech, &noise.pink(speech.len()), level - 20.0)),
        ("pink noise, 10 dB", add(&speech, &noise.pink(speech.len()), level - 10.0)),
        ("20 dB quieter", scale(&speech, -20.0)),
        ("20 dB quieter + room", add(&scale(&speech, -20.0), &noise.pink(speech.len()), level - 40.0)),
    ];
    for (name, sound) in &conditions {
        for (detector, run) in detectors.iter_mut() {
            let found = run(sound);
            println!("{detector:<15} {name:<22} {}", Score::of(&truth, &found, seconds(sound)));
        }
    }
    for (detector, run) in detectors.iter_mut() {
        let from = std::time::Instant::now();
        run(&speech);
        println!("{detector}: {:.0} times faster than the speech", seconds(&speech) / from.elapsed().as_secs_f64());
    }
    println!();
}

/// Silero with the same shortest speech as ours, and no padding.
fn silero(context: &mut whisper_rs::WhisperVadContext, min_silence_ms: i32, samples: &[f32]) -> Vec<Span> {
    let mut params = whisper_rs::WhisperVadParams::default();
    params.set_min_speech_duration(100);
    params.set_min_silence_duration(min_silence_ms);
    params.set_speech_pad(0);
    let segments = context.segments_from_samples(params, samples).expect("Silero runs");
    segments.map(|s| Span::new(f64::from(s.start) / 100.0, f64::from(s.end) / 100.0)).collect()
}

/// Phrases by several voices with pauses between them, and where the speech is.
fn speech_with_known_pauses(set: &Set) -> (Vec<f32>, Vec<Span>) {
    let mut samples = vec![0.0; SPEECH_RATE_HZ as usize];
    let mut truth = Vec::new();
    for (n, (voice, phrase)) in set.voices.iter().flat_map(|v| set.phrases.iter().map(move |p| (v, p))).enumerate() {
        let phrase = synthesize(voice, set.words_per_minute, phrase);
        for span in active(&phrase) {
            let offset = seconds(&samples);
            truth.push(Span::new(span.start_s.0 + offset, span.end_s.0 + offset));
        }
        samples.extend(phrase);
        samples.extend(vec![0.0; (PAUSES_S[n % PAUSES_S.len()] * f64::from(SPEECH_RATE_HZ)) as usize]);
    }
    samples.extend(vec![0.0; SPEECH_RATE_HZ as usize]);
    (samples, truth)
}

/// One phrase, without the silence around it.
fn synthesize(voice: &str, words_per_minute: u32, text: &str) -> Vec<f32> {
    let samples = espeak::spoken(voice, words_per_minute, text);
    let spans = active(&samples);
    let (first, last) = (spans[0].start_s, spans[spans.len() - 1].end_s);
    samples[first.to_samples(SPEECH_RATE_HZ)..last.to_samples(SPEECH_RATE_HZ).min(samples.len())].to_vec()
}

/// Where a clean sound is louder than -55 dBFS, gaps below the shortest pause closed.
fn active(samples: &[f32]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for (n, frame) in samples.chunks(80).enumerate() {
        if dbfs(frame) < -55.0 {
            continue;
        }
        let (start, end) = (n as f64 * 0.005, (n + 1) as f64 * 0.005);
        match spans.last_mut() {
            Some(last) if start - last.end_s.0 < MIN_PAUSE_S => last.end_s = Seconds(end),
            _ => spans.push(Span::new(start, end)),
        }
    }
    spans
}

/// How well found spans match the true ones.
struct Score {
    recall: f64,
    precision: f64,
    starts_ms: Vec<f64>,
    ends_ms: Vec<f64>,
    false_s_per_min: f64,
}

impl Score {
    fn of(truth: &[Span], found: &[Span], total_s: f64) -> Score {
        let (true_pauses, found_pauses) = (pauses(truth), pauses(found));
        let hit = |pause: &Span, among: &[Span]| {
            among.iter().any(|other| {
                let union = pause.end_s.max(other.end_s) - pause.start_s.min(other.start_s);
                pause.overlap(*other).0 / union.0 >= 0.5
            })
        };
        let share =
            |of: &[Span], among: &[Span]| of.iter().filter(|p| hit(p, among)).count() as f64 / of.len().max(1) as f64;
        let nearest = |at: Seconds, edges: &mut dyn Iterator<Item = Seconds>| {
            edges
                .map(|edge| (edge - at).0 * 1000.0)
                .min_by(|a, b| a.abs().total_cmp(&b.abs()))
                .filter(|e| e.abs() < 300.0)
        };
        let covered: f64 =
            found.iter().map(|f| f.length().0 - truth.iter().map(|t| t.overlap(*f).0).sum::<f64>()).sum();
        Score {
            recall: share(&true_pauses, &found_pauses),
            precision: share(&found_pauses, &true_pauses),
            starts_ms: truth.iter().filter_map(|t| nearest(t.start_s, &mut found.iter().map(|f| f.start_s))).collect(),
            ends_ms: truth.iter().filter_map(|t| nearest(t.end_s, &mut found.iter().map(|f| f.end_s))).collect(),
            false_s_per_min: covered * 60.0 / total_s,
        }
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:>6.0}% {:>6.0}% |", self.recall * 100.0, self.precision * 100.0)?;
        for errors in [&self.starts_ms, &self.ends_ms] {
            let mut sizes: Vec<f64> = errors.iter().map(|e| e.abs()).collect();
            sizes.sort_by(f64::total_cmp);
            let mean = errors.iter().sum::<f64>() / errors.len().max(1) as f64;
            write!(f, " {mean:>+7.0} {:>7.0}", sizes.get(sizes.len() * 9 / 10).copied().unwrap_or(f64::NAN))?;
        }
        write!(f, " | {:>6.1}", self.false_s_per_min)
    }
}

fn pauses(spans: &[Span]) -> Vec<Span> {
    spans
        .windows(2)
        .map(|pair| Span { start_s: pair[0].end_s, end_s: pair[1].start_s })
        .filter(|p| p.length().0 >= MIN_PAUSE_S)
        .collect()
}

/// Sounds that are not speech, at 0 dBFS until they are scaled.
struct Noise {
    random: fastrand::Rng,
}

impl Noise {
    fn new(seed: u64) -> Noise {
        Noise { random: fastrand::Rng::with_seed(seed) }
    }

    fn white(&mut self, length: usize) -> Vec<f32> {
        (0..length).map(|_| self.random.f32() * 2.0 - 1.0).collect()
    }

    /// Noise that falls by 3 dB an octave, as a fan or a street does (Paul Kellet's filter).
    fn pink(&mut self, length: usize) -> Vec<f32> {
        let mut state = [0.0f32; 3];
        let mut out = self.white(length);
        for sample in &mut out {
            let white = *sample;
            state[0] = 0.997_65 * state[0] + white * 0.099_046;
            state[1] = 0.963 * state[1] + white * 0.296_516_4;
            state[2] = 0.57 * state[2] + white * 1.052_691_3;
            *sample = state.iter().sum::<f32>() + white * 0.184_8;
        }
        out
    }

    /// Key strokes: 8 a second, each a click that dies away in a few milliseconds.
    fn typing(&mut self, length: usize) -> Vec<f32> {
        let mut out = vec![0.0; length];
        let mut at = 0;
        while at + 800 < length {
            for n in 0..800 {
                out[at + n] += (self.random.f32() * 2.0 - 1.0) * (-(n as f32) / 60.0).exp();
            }
            at += 1_000 + self.random.usize(0..2_000);
        }
        out
    }

    /// Breaths: two seconds of noise that swells and fades, every five.
    fn breathing(&mut self, length: usize) -> Vec<f32> {
        let mut out = self.pink(length);
        for (n, sample) in out.iter_mut().enumerate() {
            let phase = (n % 80_000) as f32 / 32_000.0;
            *sample *= if phase < 1.0 { (std::f32::consts::PI * phase).sin() } else { 0.0 };
        }
        out
    }

    fn without_speech(&mut self) -> Vec<(String, Vec<f32>)> {
        let length = 30 * SPEECH_RATE_HZ as usize;
        let mut out = vec![("silence".to_owned(), vec![0.0; length])];
        for level in [-60.0, -40.0, -30.0, -20.0, -10.0] {
            out.push((format!("white noise {level} dBFS"), at_level(&self.white(length), level)));
        }
        for level in [-40.0, -20.0, -10.0] {
            out.push((format!("pink noise {level} dBFS"), at_level(&self.pink(length), level)));
        }
        for hz in [100.0, 150.0, 220.0, 300.0, 440.0, 1000.0] {
            for level in [-30.0, -15.0, -6.0] {
                out.push((format!("tone {hz} Hz {level} dBFS"), at_level(&tone(&[(hz, 1.0)], length), level)));
            }
        }
        for hz in [50.0, 100.0, 120.0, 200.0] {
            let harmonics: Vec<(f32, f32)> = (1..9).map(|h| (hz * h as f32, 1.0 / h as f32)).collect();
            for level in [-40.0, -20.0] {
                out.push((format!("hum {hz} Hz {level} dBFS"), at_level(&tone(&harmonics, length), level)));
            }
        }
        out.push(("typing -30 dBFS".to_owned(), at_level(&self.typing(length), -30.0)));
        out.push(("breathing -40 dBFS".to_owned(), at_level(&self.breathing(length), -40.0)));
        out.push(("breathing -25 dBFS".to_owned(), at_level(&self.breathing(length), -25.0)));
        let beeps = tone(&[(800.0, 1.0)], length);
        let beeps: Vec<f32> =
            beeps.iter().enumerate().map(|(n, s)| if n % 16_000 < 4_000 { *s } else { 0.0 }).collect();
        out.push(("beeps 800 Hz -20 dBFS".to_owned(), at_level(&beeps, -20.0)));
        out
    }
}

fn tone(partials: &[(f32, f32)], length: usize) -> Vec<f32> {
    let at = |n: usize| {
        let turn = n as f32 / SPEECH_RATE_HZ as f32;
        partials.iter().map(|(hz, gain)| gain * (std::f32::consts::TAU * (hz * turn).fract()).sin()).sum()
    };
    (0..length).map(at).collect()
}

fn seconds(samples: &[f32]) -> f64 {
    Seconds::of_samples(samples.len(), SPEECH_RATE_HZ).0
}

fn dbfs(samples: &[f32]) -> f64 {
    let power = samples.iter().map(|s| f64::from(s * s)).sum::<f64>() / samples.len().max(1) as f64;
    10.0 * (power + 1e-12).log10()
}

fn scale(samples: &[f32], db: f64) -> Vec<f32> {
    let gain = 10f64.powf(db / 20.0) as f32;
    samples.iter().map(|s| (s * gain).clamp(-1.0, 1.0)).collect()
}

fn at_level(samples: &[f32], level: f64) -> Vec<f32> {
    scale(samples, level - dbfs(samples))
}

fn add(speech: &[f32], noise: &[f32], noise_level: f64) -> Vec<f32> {
    let noise = at_level(noise, noise_level);
    speech.iter().zip(noise).map(|(s, n)| (s + n).clamp(-1.0, 1.0)).collect()
}
