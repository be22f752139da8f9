//! Whisper really run, with tiny.en: what it hears, and that it hears nothing where nothing is.

#![cfg(all(feature = "app", target_os = "linux"))]

#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use greenroom::asr::{
    ChunkRules, LoadError, Settings, Stop, TranscribeError, Transcriber, TranscriptionPool, TranscriptionWorker,
    Whisper, WhisperModel,
};
use greenroom::assess::TranscriptionSettings;
use greenroom::audio::{SPEECH_RATE_HZ, SpeechDetector, decode_16k, detect, write_wav};
use greenroom::models::Problem;
use greenroom::remedy::Remedy;
use greenroom::types::{Seconds, Word};
use support::real_model::tiny_en;

const ANSWER: &str = "Um, so we read the old code for two days. I asked each team to move one service that nobody would \
    miss, and, uh, only one person wrote to us. We closed the project the next week. Everyone is still with us after six \
    years.";

fn whisper() -> Whisper {
    let model = WhisperModel::load(tiny_en()).expect("the model loads");
    model.transcriber(Settings::recording("en")).expect("there is memory")
}

/// The words of a recording, as `analyze` finds them.
fn heard(samples: &[f32]) -> Vec<Word> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("recording.wav");
    write_wav(&path, samples, SPEECH_RATE_HZ).expect("the file can be written");
    let pool = TranscriptionPool::start(vec![Box::new(whisper())]).expect("a thread starts");
    let settings =
        TranscriptionSettings { model: "tiny.en".to_owned(), language: "en".to_owned(), rules: ChunkRules::RECORDING };
    let found = settings.transcribe(&path, &pool, &Stop::default(), &mut |_| (), &mut |_| ());
    found.expect("nothing fails").1.words
}

fn text(words: &[Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// The answer as espeak-ng speaks it.
fn spoken(answer: &str) -> Vec<f32> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("answer.wav");
    let status = Command::new("espeak-ng").args(["-v", "en-us", "-s", "160", "-w"]).arg(&path).arg(answer).status();
    assert!(status.is_ok_and(|status| status.success()), "espeak-ng is installed (scripts/setup)");
    decode_16k(&path).expect("espeak-ng writes WAV").samples
}

fn noise(seconds: usize, level: f32) -> Vec<f32> {
    let mut random = fastrand::Rng::with_seed(7);
    (0..seconds * SPEECH_RATE_HZ as usize).map(|_| level * (2.0 * random.f32() - 1.0)).collect()
}

fn tone(seconds: usize, hz: f32, level: f32) -> Vec<f32> {
    let turn = std::f32::consts::TAU * hz / SPEECH_RATE_HZ as f32;
    (0..seconds * SPEECH_RATE_HZ as usize).map(|i| level * (turn * i as f32).sin()).collect()
}

#[test]
fn a_minute_of_silence_noise_or_tone_has_no_words() {
    let sounds = [vec![0.0; 960_000], noise(60, 0.001), noise(60, 0.1), tone(60, 440.0, 0.3), tone(60, 150.0, 0.1)];
    for (i, samples) in sounds.iter().enumerate() {
        assert_eq!(text(&heard(samples)), "", "sound {i}");
    }
}

#[test]
fn noise_that_was_taken_for_speech_has_no_words_either() {
    let mut whisper = whisper();
    for (i, samples) in
        [noise(4, 0.001), noise(4, 0.03), noise(2, 0.3), tone(4, 440.0, 0.3), tone(3, 150.0, 0.05)].iter().enumerate()
    {
        let words = whisper.transcribe(samples, &Stop::default()).expect("nothing fails");
        assert_eq!(text(&words), "", "sound {i}: {words:?}");
    }
}

#[test]
fn a_piece_of_any_length_is_survived() {
    let mut whisper = whisper();
    let samples = spoken("Um, we moved the launch.");
    for length in [0, 1, 159, 160, 800, 1_600, 3_000, 8_000, 15_999, 16_000] {
        let length = length.min(samples.len());
        let words = whisper.transcribe(&samples[..length], &Stop::default()).expect("nothing fails");
        let end = words.last().and_then(|word| word.end_s).unwrap_or_default();
        assert!(end <= Seconds::of_samples(length, SPEECH_RATE_HZ), "{length}: {words:?}");
    }
}

#[test]
fn an_answer_is_understood_with_its_fillers_and_times() {
    let samples = spoken(ANSWER);
    let speech = detect(&samples);
    let words = heard(&samples);
    let understood = text(&words).to_lowercase();
    for phrase in
        ["um, so we read the old code", "one service that nobody would miss", "and uh, only one person", "six years"]
    {
        assert!(understood.contains(phrase), "{phrase:?} in {understood:?}");
    }
    let spans: Vec<_> = words.iter().map(|word| word.span().expect("every word has a time")).collect();
    assert!(spans.iter().all(|span| span.start_s < span.end_s), "{words:?}");
    assert!(spans.windows(2).all(|pair| pair[0].end_s <= pair[1].start_s + Seconds(1e-9)), "{words:?}");
    let covered: f64 = spans.iter().map(|span| span.length().0).sum();
    let spoken: f64 = speech.iter().map(|span| span.length().0).sum();
    assert!(covered > 0.8 * spoken && covered < 1.1 * spoken, "{covered} s of words, {spoken} s of speech");
}

#[test]
fn an_answer_is_understood_while_it_is_spoken() {
    let samples = spoken(ANSWER);
    let worker = TranscriptionWorker::start(|| Ok(Box::new(whisper()))).expect("a thread starts");
    let take = worker.begin(ChunkRules::LIVE, |_| {});
    let (feed, mut detector) = (take.feed(), SpeechDetector::default());
    for piece in samples.chunks(320) {
        feed.push(piece);
        detector.push(piece, &mut |edge| feed.speech(edge));
    }
    detector.finish(&mut |edge| feed.speech(edge));
    let take = take.finish();
    assert!(take.problem.is_none(), "{:?}", take.problem);
    let understood = text(&take.words).to_lowercase();
    for phrase in ["so we read the old code", "uh, only one person", "six years"] {
        assert!(understood.contains(phrase), "{phrase:?} in {understood:?}");
    }
}

#[test]
fn a_stop_ends_the_work_and_the_model_goes_on_working() {
    let mut whisper = whisper();
    let samples = spoken("We moved the meeting to Friday.");
    let stop = Stop::default();
    stop.ask();
    assert!(matches!(whisper.transcribe(&samples, &stop), Err(TranscribeError::Stopped)));
    let words = whisper.transcribe(&samples, &Stop::default()).expect("nothing fails");
    assert!(text(&words).contains("moved the meeting"), "{words:?}");
}

#[test]
fn a_bad_model_is_an_error_and_never_an_abort() {
    let refused = |path: &Path| match WhisperModel::load(path) {
        Err(LoadError::Bad(bad)) => bad,
        Err(other) => panic!("the check comes first: {other}"),
        Ok(_) => panic!("this is no model: {path:?}"),
    };
    let whole = fs::read(tiny_en()).expect("it can be read");
    let folder = tempfile::tempdir().expect("a folder can be made");
    let cut = folder.path().join("cut.bin");
    for bytes in [0, 3, 40, 600_000, whole.len() - 1] {
        fs::write(&cut, &whole[..bytes]).expect("it can be written");
        let bad = refused(&cut);
        assert!(bad.to_string().contains("cut.bin") && !bad.hint().is_empty(), "{bad}");
    }
    let missing = refused(Path::new("/nowhere/ggml-base.en.bin"));
    assert!(matches!(missing.problem, Problem::Missing));
}
