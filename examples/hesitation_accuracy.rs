//! Measures how well dropped hesitations are found: espeak-ng and flite read known phrases with known "um"s between
//! them, the "um"s are left out of the transcript, and what the analysis finds is held to the truth.
//!
//! Synthetic "um"s are easier than human ones, and the speech spans are those of an ideal detector (energy of
//! the sound without noise, 0.1 s of hangover): read the table as an upper bound. `--takes FILE` scores other
//! takes, one JSON object a line: `{"samples": [i16, ...], "words": [["text", start, end], ...],
//! "hesitations": [[start, end], ...]}` at 16 kHz.
//!
//!     cargo run --no-default-features --example hesitation_accuracy      # needs espeak-ng and flite

use std::process::Command;

use greenroom::analysis::hesitation;
use greenroom::analysis::lexicon::Lexicon;
use greenroom::analysis::voice::VoiceTrack;
use greenroom::analysis::{Heard, ReadAnswer, Sound};
use greenroom::types::{Certainty, Seconds, Span, Transcript, Word};

type Failure = Box<dyn std::error::Error>;

const RATE_HZ: u32 = 16_000;
/// Voices of espeak-ng, and of flite, which are made of the recordings of a person.
const VOICES: [&str; 10] = [
    "en-us",
    "en-gb",
    "en-us+f3",
    "en-gb+f4",
    "en-us+m3",
    "en-gb-scotland+m7",
    "flite:slt",
    "flite:rms",
    "flite:awb",
    "flite:kal16",
];
const WORDS_PER_MINUTE: [u32; 3] = [130, 165, 200];
/// Phrases with a hesitation before each but the first.
const ANSWERS: [(&[&str], &[&str]); 4] = [
    (
        &[
            "when I joined the payments team",
            "we were losing about two percent of all orders",
            "at the very last step",
            "and nobody could say why",
            "so I sat down with the support lead",
            "and we read every ticket from that week",
        ],
        &["um", "uh", "er", "um", "uh"],
    ),
    (
        &[
            "my manager asked me",
            "to move four hundred servers",
            "before the lease ran out in June",
            "I drew up a plan with three waves",
            "and I told the board",
            "exactly which one could fail",
        ],
        &["uh", "erm", "um", "hmm", "um"],
    ),
    (
        &[
            "the hardest part was",
            "telling a very good engineer",
            "that her design was not going to ship",
            "I showed her the numbers first",
            "then I asked what she would do",
            "and she found a better way herself",
        ],
        &["um", "um", "uh", "er", "uh"],
    ),
    (
        &[
            "in the end",
            "we shipped on the ninth of March",
            "with half of the alarms we had before",
            "the team now owns the pager",
            "and last quarter",
            "they had one quiet month after another",
        ],
        &["er", "uh", "um", "uh", "erm"],
    ),
];
/// Silence around a hesitation, in seconds, in turn.
const GAPS: [f64; 4] = [0.05, 0.35, 0.15, 0.6];

/// A take whose truth is known.
#[derive(Clone)]
struct Take {
    samples: Vec<f32>,
    speech: Vec<Span>,
    words: Vec<Word>,
    truth: Vec<Span>,
}

/// What is done to a take before it is analysed.
struct Condition {
    name: &'static str,
    /// White noise this far under the speech, in dB.
    noise_db: Option<f32>,
    /// Word times are moved by up to this much, in seconds.
    jitter: f64,
    /// Every word lasts until the next begins, as Whisper often has it.
    stretched: bool,
    /// The last word before every silence ends this much too early, in seconds.
    early: f64,
    /// Share of the words that the transcript lacks.
    dropped: f64,
    /// No hesitation is spoken: whatever is found is a false alarm.
    fluent: bool,
}

const PLAIN: Condition =
    Condition { name: "", noise_db: None, jitter: 0.0, stretched: false, early: 0.0, dropped: 0.0, fluent: false };
const CONDITIONS: [Condition; 16] = [
    Condition { name: "clean", ..PLAIN },
    Condition { name: "word times 80 ms off", jitter: 0.08, ..PLAIN },
    Condition { name: "noise 20 dB", noise_db: Some(20.0), ..PLAIN },
    Condition { name: "noise 10 dB", noise_db: Some(10.0), ..PLAIN },
    Condition { name: "noise 10 dB, 80 ms off", noise_db: Some(10.0), jitter: 0.08, ..PLAIN },
    Condition { name: "words stretched", stretched: true, ..PLAIN },
    Condition { name: "stretched, 10 dB", stretched: true, noise_db: Some(10.0), ..PLAIN },
    Condition { name: "one word in 20 dropped", dropped: 0.05, ..PLAIN },
    Condition { name: "fluent, 80 ms off", fluent: true, jitter: 0.08, ..PLAIN },
    Condition { name: "fluent", fluent: true, ..PLAIN },
    Condition { name: "last words 0.2 s early", early: 0.2, ..PLAIN },
    Condition { name: "fluent, last words 0.2 s early", fluent: true, early: 0.2, ..PLAIN },
    Condition { name: "fluent, last words 0.4 s early", fluent: true, early: 0.4, ..PLAIN },
    Condition { name: "fluent, 1 in 20 dropped", fluent: true, dropped: 0.05, ..PLAIN },
    Condition { name: "fluent, stretched", fluent: true, stretched: true, ..PLAIN },
    Condition { name: "fluent, 10 dB, 80 ms off", fluent: true, noise_db: Some(10.0), jitter: 0.08, ..PLAIN },
];

/// Counts over takes, of the sure findings and of all.
#[derive(Default)]
struct Score {
    truth: usize,
    found: [usize; 2],
    right: [usize; 2],
    recalled: [usize; 2],
    minutes: f64,
}

fn main() -> Result<(), Failure> {
    let lexicon = Lexicon::builtin("en").ok_or("English is built in")?;
    if let Some(path) = std::env::args().skip_while(|arg| arg != "--takes").nth(1) {
        let mut score = Score::default();
        for line in std::fs::read_to_string(path)?.lines() {
            score.add(&read_take(line)?, &lexicon);
        }
        score.print("takes");
        return Ok(());
    }
    print("condition                   n  recall  precision  | with possible: recall  precision | false/min");
    let (hesitant, fluent) = (takes(false)?, takes(true)?);
    for condition in &CONDITIONS {
        let mut score = Score::default();
        for take in if condition.fluent { &fluent } else { &hesitant } {
            let mut take = take.clone();
            disturb(&mut take, condition);
            score.add(&take, &lexicon);
        }
        score.print(condition.name);
    }
    for (voice, takes) in VOICES.iter().zip(hesitant.chunks(hesitant.len() / VOICES.len())) {
        let mut score = Score::default();
        takes.iter().for_each(|take| score.add(take, &lexicon));
        score.print(&format!("clean, {voice}"));
    }
    Ok(())
}

/// Every answer by every voice at every rate.
fn takes(fluent: bool) -> Result<Vec<Take>, Failure> {
    let mut takes = Vec::new();
    for (nth, voice) in VOICES.iter().enumerate() {
        for wpm in WORDS_PER_MINUTE {
            for (answer, fillers) in ANSWERS {
                takes.push(speak(voice, wpm, answer, fillers, nth, fluent)?);
            }
        }
    }
    Ok(takes)
}

#[allow(clippy::print_stdout)] // A measuring program has nowhere else to put its table.
fn print(line: &str) {
    println!("{line}");
}

impl Score {
    fn add(&mut self, take: &Take, lexicon: &Lexicon) {
        let transcript = Transcript::of_words(take.words.clone(), "known", "en");
        let duration = Seconds::of_samples(take.samples.len(), RATE_HZ);
        let voice = VoiceTrack::of(&take.samples);
        let sound = Sound { duration, speech: &take.speech, voice: &voice, question_end: None };
        let heard = Heard { transcript: &transcript, sound: Some(sound), question: None };
        let found = hesitation::find(&ReadAnswer::of(&heard, lexicon));
        self.truth += take.truth.len();
        self.minutes += duration.0 / 60.0;
        for (column, with_possible) in [false, true].into_iter().enumerate() {
            let kept: Vec<Span> = found
                .found()
                .iter()
                .filter(|(_, c)| with_possible || *c == Certainty::Sure)
                .map(|(span, _)| *span)
                .collect();
            let touches = |spans: &[Span], span: &Span| spans.iter().any(|other| other.overlap(*span).0 > 0.0);
            self.found[column] += kept.len();
            self.right[column] += kept.iter().filter(|span| touches(&take.truth, span)).count();
            self.recalled[column] += take.truth.iter().filter(|span| touches(&kept, span)).count();
        }
    }

    fn print(&self, name: &str) {
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        let columns: Vec<String> = (0..2)
            .map(|c| {
                format!("{:6.3}  {:9.3}", share(self.recalled[c], self.truth), share(self.right[c], self.found[c]))
            })
            .collect();
        let false_alarms = [0, 1].map(|c| (self.found[c] - self.right[c]) as f64 / self.minutes);
        print(&format!(
            "{name:26} {:3}  {}  |       {}  | {:.2} {:.2}",
            self.truth, columns[0], columns[1], false_alarms[0], false_alarms[1]
        ));
    }
}

/// Lets a voice read an answer, with the hesitations between its phrases unless it is to be fluent.
fn speak(voice: &str, wpm: u32, answer: &[&str], fillers: &[&str], nth: usize, fluent: bool) -> Result<Take, Failure> {
    let mut take = Take { samples: vec![0.0; 4800], speech: Vec::new(), words: Vec::new(), truth: Vec::new() };
    for (index, phrase) in answer.iter().enumerate() {
        if index > 0 {
            silence(&mut take, GAPS[(index + nth) % GAPS.len()]);
            if !fluent {
                let span = append(&mut take, &synthesise(voice, wpm, fillers[index - 1])?);
                take.truth.push(span);
                silence(&mut take, GAPS[(index + nth + 1) % GAPS.len()]);
            }
        }
        let span = append(&mut take, &synthesise(voice, wpm, phrase)?);
        take.words.extend(spread(phrase, span));
    }
    silence(&mut take, 0.5);
    take.speech = energy_spans(&take.samples);
    Ok(take)
}

fn silence(take: &mut Take, seconds: f64) {
    let end = take.samples.len() + Seconds(seconds).to_samples(RATE_HZ);
    take.samples.resize(end, 0.0);
}

/// Adds a sound without the silence around it, and says where it came to lie.
fn append(take: &mut Take, sound: &[f32]) -> Span {
    let loud = |s: &f32| s.abs() > 0.01;
    let first = sound.iter().position(loud).unwrap_or(0);
    let end = sound.iter().rposition(loud).map_or(0, |last| last + 1);
    let start_s = Seconds::of_samples(take.samples.len(), RATE_HZ);
    take.samples.extend_from_slice(&sound[first..end.max(first)]);
    Span { start_s, end_s: Seconds::of_samples(take.samples.len(), RATE_HZ) }
}

/// The words of a phrase spread over its span by their letters.
fn spread(phrase: &str, span: Span) -> Vec<Word> {
    let weight = |word: &str| word.len() as f64 + 2.0;
    let total: f64 = phrase.split(' ').map(weight).sum();
    let mut at = span.start_s;
    let mut words = Vec::new();
    for text in phrase.split(' ') {
        let end = at + span.length() * (weight(text) / total);
        words.push(Word { start_s: Some(at), end_s: Some(end), ..Word::untimed(text) });
        at = end;
    }
    words
}

fn disturb(take: &mut Take, condition: &Condition) {
    let mut chance = fastrand::Rng::with_seed(20);
    if let Some(snr_db) = condition.noise_db {
        let in_speech =
            take.speech.iter().flat_map(|s| &take.samples[s.start_s.to_samples(RATE_HZ)..s.end_s.to_samples(RATE_HZ)]);
        let (energy, count) = in_speech.fold((0.0, 0), |(energy, count), s| (energy + s * s, count + 1));
        let rms = (energy / count.max(1) as f32).sqrt() * 10f32.powf(-snr_db / 20.0);
        // The sum of twelve even numbers is near enough to normal, with variance one.
        take.samples.iter_mut().for_each(|s| *s += rms * ((0..12).map(|_| chance.f32()).sum::<f32>() - 6.0));
    }
    for word in &mut take.words {
        let off = Seconds((chance.f64() * 2.0 - 1.0) * condition.jitter);
        word.start_s = word.start_s.map(|start| (start + off).max(Seconds::ZERO));
        let off = Seconds((chance.f64() * 2.0 - 1.0) * condition.jitter);
        word.end_s = word.end_s.map(|end| end + off);
    }
    if condition.early > 0.0 {
        let next_starts: Vec<Option<Seconds>> =
            take.words.iter().skip(1).map(|word| word.start_s).chain([None]).collect();
        for (word, next) in take.words.iter_mut().zip(next_starts) {
            let (Some(start), Some(end)) = (word.start_s, word.end_s) else { continue };
            if next.is_none_or(|next| (next - end).0 > 0.04) {
                word.end_s = Some(Seconds((end.0 - condition.early).max(start.0 + 0.02)));
            }
        }
    }
    take.words.retain(|_| chance.f64() >= condition.dropped);
    if condition.stretched {
        for index in 1..take.words.len() {
            take.words[index - 1].end_s = take.words[index].start_s;
        }
    }
}

/// Stretches louder than 40 dB under full scale, breaks under 0.2 s bridged, with 0.1 s of hangover.
fn energy_spans(samples: &[f32]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for (index, block) in samples.chunks(160).enumerate() {
        let rms = (block.iter().map(|s| s * s).sum::<f32>() / block.len() as f32).sqrt();
        if rms > 0.01 {
            let (start, end) = (index as f64 * 0.01, index as f64 * 0.01 + 0.01);
            match spans.last_mut() {
                Some(last) if start - last.end_s.0 < 0.2 => last.end_s = Seconds(end),
                _ => spans.push(Span::new(start, end)),
            }
        }
    }
    spans.iter_mut().for_each(|span| span.end_s += Seconds(0.1));
    spans
}

/// Has espeak-ng or flite say a text, at 16 kHz.
fn synthesise(voice: &str, wpm: u32, text: &str) -> Result<Vec<f32>, Failure> {
    let file = tempfile::NamedTempFile::new()?;
    let mut command = match voice.strip_prefix("flite:") {
        Some(voice) => {
            let mut command = Command::new("flite");
            // Its voices speak some 165 words a minute.
            let stretch = format!("duration_stretch={:.2}", 165.0 / f64::from(wpm));
            command.args(["-voice", voice, "--setf", &stretch, "-t", text, "-o"]).arg(file.path());
            command
        }
        None => {
            let mut command = Command::new("espeak-ng");
            command.args(["-v", voice, "-s", &wpm.to_string(), "-w"]).arg(file.path()).arg(text);
            command
        }
    };
    let status = command.status().map_err(|error| {
        format!(
            "{:?} could not be started ({error}); install them: apt-get install espeak-ng flite",
            command.get_program()
        )
    })?;
    if !status.success() {
        return Err(format!("there is no voice {voice}").into());
    }
    let bytes = std::fs::read(file.path())?;
    let header: [u8; 4] = bytes.get(24..28).ok_or("the voice wrote nothing")?.try_into()?;
    let ratio = f64::from(u32::from_le_bytes(header)) / f64::from(RATE_HZ);
    let samples: Vec<f32> =
        bytes[44..].chunks_exact(2).map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32768.0).collect();
    // Linear interpolation dulls the highest frequencies a little, which matter to neither pitch nor shape.
    let at = |position: f64| {
        let (index, share) = (position as usize, position.fract() as f32);
        let next = samples.get(index + 1).copied().unwrap_or_default();
        samples[index] * (1.0 - share) + next * share
    };
    Ok((0..(samples.len() as f64 / ratio) as usize).map(|index| at(index as f64 * ratio)).collect())
}

fn read_take(line: &str) -> Result<Take, Failure> {
    #[derive(serde::Deserialize)]
    struct Written {
        samples: Vec<i16>,
        words: Vec<(String, f64, f64)>,
        hesitations: Vec<(f64, f64)>,
    }
    let written: Written = serde_json::from_str(line)?;
    let samples: Vec<f32> = written.samples.iter().map(|s| f32::from(*s) / 32768.0).collect();
    let word = |(text, start, end): (String, f64, f64)| Word {
        start_s: Some(Seconds(start)),
        end_s: Some(Seconds(end)),
        ..Word::untimed(&text)
    };
    Ok(Take {
        speech: energy_spans(&samples),
        samples,
        words: written.words.into_iter().map(word).collect(),
        truth: written.hesitations.into_iter().map(|(start, end)| Span::new(start, end)).collect(),
    })
}
