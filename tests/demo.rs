//! The demo from end to end: voice, microphone, Whisper and report are the real ones, in a sound server it starts itself.

#![cfg(all(feature = "app", target_os = "linux"))]
#![allow(clippy::print_stdout)]

mod support;

use std::time::Duration;

use greenroom::asr::accuracy::{compared, edits, is_filler};
use serde_json::Value;
use support::{Stage, words};

/// Two questions and two answers of about a minute each, spoken in real time.
const DEMO: Duration = Duration::from_secs(240);

/// The most words in a hundred that may be wrong.
const WRONG_WORDS: f64 = 0.1;
/// The least part of the fillers that must be written.
const FILLERS_KEPT: f64 = 0.9;

#[test]
fn the_demo_writes_what_the_candidate_read_and_leaves_nothing_behind() {
    let stage = Stage::silent().with_tiny_en();
    let demo = stage.start(["demo", "--json", "--count", "2"]).end_within(DEMO).succeeded();
    assert!(demo.stderr.contains("synthetic   the candidate"), "{}", demo.stderr);
    assert!(demo.stderr.contains("asked by system voice"), "{}", demo.stderr);
    assert_is_accurate(&demo.json());
    for report in demo.json()["reports"].as_array().expect("reports") {
        assert_holds_no_question(report);
    }
    stage.is_clean();
    assert!(!stage.home().join("sessions").exists(), "the demo is no session of the person");
}

fn assert_is_accurate(demo: &Value) {
    let reports = demo["reports"].as_array().expect("reports");
    let read = demo["candidate"]["answers"].as_array().expect("what the candidate read");
    assert_eq!((reports.len(), read.len()), (2, 2));
    let (mut said_words, mut wrong_words, mut fillers, mut kept) = (0, 0, 0, 0);
    for (report, read) in reports.iter().zip(read) {
        let said = compared(read["script"].as_str().expect("a script"));
        let heard = compared(&words(report).join(" "));
        let found = edits(&said, &heard);
        let (wrong, same) = (found.wrong(), found.same);
        said_words += said.len();
        wrong_words += wrong;
        fillers += said.iter().filter(|word| is_filler(word)).count();
        kept += same.iter().filter(|(at, _)| is_filler(&said[*at])).count();
    }
    let (errors, recall) = (wrong_words as f64 / said_words as f64, kept as f64 / fillers as f64);
    let figures = format!(
        "word error rate {:.1} % ({wrong_words} of {said_words}), filler recall {:.0} % ({kept} of {fillers})",
        100.0 * errors,
        100.0 * recall
    );
    println!("{figures}");
    assert!(errors <= WRONG_WORDS && recall >= FILLERS_KEPT, "{figures}");
}

/// The rig has an echo: what the program says comes back through the microphone.
fn assert_holds_no_question(report: &Value) {
    let question = compared(report["question"]["text"].as_str().expect("a question"));
    let begin = compared(&words(report)[..12].join(" "));
    for three in begin.windows(3) {
        assert!(!question.windows(3).any(|asked| asked == three), "the question is in the answer: {begin:?}");
    }
    let latency = report["analysis"]["pauses"]["response_latency_s"].as_f64().expect("the question was heard");
    assert!((0.5..2.5).contains(&latency), "the candidate waits 0.7 s, and {latency} s were found");
}

/// The last thing the demo says before the candidate answers; what it says of itself comes before.
const RECORDING: &str = "\nrecording\n";

#[test]
fn an_interrupted_demo_cleans_up() {
    // At once, while the sound server starts, and in the middle of the answer.
    for talk in ["A demo", "microphone:", RECORDING] {
        let stage = Stage::silent().with_tiny_en();
        let demo = stage.start(["demo"]);
        demo.wait_for(talk);
        demo.signal(libc::SIGINT);
        let demo = demo.end_within(Duration::from_secs(20));
        assert_eq!(demo.code, 130, "at {talk:?}: {}", demo.stderr);
        stage.is_clean();
    }
}

#[test]
fn control_c_keeps_what_the_demo_recorded_where_it_is_to_be_kept() {
    let stage = Stage::silent().with_tiny_en();
    let demo = stage.start(["demo", "--keep", "../home"]);
    stage.wait_for_recorded(1.0);
    demo.signal_all(libc::SIGINT);
    let demo = demo.end_within(Duration::from_secs(20));
    assert_eq!(demo.code, 130, "{}", demo.stderr);
    stage.is_clean();
    let sessions = stage.sessions();
    assert_eq!(sessions[0]["answers"][0]["status"], "recorded", "{sessions:?}");
    assert!(sessions[0]["answers"][0]["duration_s"].as_f64() > Some(1.0), "{sessions:?}");
}
