//! `greenroom devices` and `greenroom doctor`, with and without sound.

use std::time::{Duration, Instant};

use greenroom::rig::RigOptions;

use super::SENTENCE;
use super::support::sound::{save, speak};
use super::support::{Ended, Stage};

fn is_quiet(ended: &Ended) {
    for noise in ["ALSA lib", "jack", "Cannot connect to server", "snd_"] {
        assert!(!ended.stderr.contains(noise), "{}", ended.stderr);
    }
}

#[test]
fn without_a_sound_server_devices_and_doctor_say_what_is_missing() {
    let stage = Stage::silent();
    let devices = stage.run(["devices"]).succeeded();
    assert!(devices.stderr.contains("No microphone was found"), "{}", devices.stderr);
    is_quiet(&devices);
    assert_eq!(stage.run(["devices", "--json"]).succeeded().json(), serde_json::json!([]));
    let doctor = stage.run(["doctor"]);
    assert_eq!(doctor.code, 1, "{}", doctor.stderr);
    assert!(doctor.stdout.contains("BAD  microphone") && doctor.stdout.contains("try: "), "{}", doctor.stdout);
    assert!(doctor.stdout.lines().all(|line| line.chars().count() <= 80), "{}", doctor.stdout);
    is_quiet(&doctor);
    let json = stage.run(["doctor", "--json"]);
    assert_eq!(json.code, 1);
    assert!(json.json()["findings"].as_array().is_some_and(|findings| findings.len() >= 5), "{}", json.stdout);
    let stage = stage.with_tiny_en();
    let rehearse = stage.run(["rehearse"]).failed(1, &["microphone"]);
    is_quiet(&rehearse);
    assert!(stage.sessions().is_empty());
}

#[test]
fn with_sound_the_microphone_is_listed_chosen_and_healthy() {
    let stage = Stage::with_sound(RigOptions { echo: false, room: true }).with_tiny_en();
    let devices = stage.run(["devices"]).succeeded();
    assert!(devices.stdout.contains("* Rig-Microphone"), "{}", devices.stdout);
    is_quiet(&devices);
    let doctor = stage.run(["doctor"]).succeeded();
    assert!(doctor.stdout.contains("ok   microphone  Rig-Microphone"), "{}", doctor.stdout);
    is_quiet(&doctor);
    stage.run(["rehearse", "--device", "nowhere"]).failed(1, &["nowhere", "rig_microphone"]);
}

#[test]
fn a_sound_server_that_has_stopped_is_said_within_seconds_and_an_answer_ends() {
    let stage = Stage::with_sound(RigOptions { echo: false, room: true }).with_tiny_en();
    stage.write("bank.md", "# Looking back\n\n## What went well?\n");
    let answering = stage.start(["rehearse", "bank.md", "--voice", "text", "--no-mic-check", "--count", "1"]);
    stage.wait_for_recorded(1.0);
    stage.rig().freeze_server();
    let ended = answering.end_within(Duration::from_secs(30));
    assert!(ended.stderr.contains("are kept"), "{}", ended.stderr);
    let began = Instant::now();
    stage.run(["devices"]).failed(1, &["the sound system has stopped"]);
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
}

#[test]
fn a_muted_microphone_is_a_finding_of_the_doctor() {
    let stage = Stage::with_sound(RigOptions::default());
    let doctor = stage.run(["doctor"]);
    assert_eq!(doctor.code, 1);
    assert!(doctor.stdout.contains("BAD  microphone") && doctor.stdout.contains("unmute"), "{}", doctor.stdout);
}

#[test]
fn calibration_measures_known_speech_keeps_what_it_found_and_later_reports_cite_it() {
    let stage = Stage::silent().with_tiny_en();
    let found = stage.run(["doctor", "--calibrate", "--json"]).succeeded().json();
    assert_eq!(found["schema"], "greenroom.calibration/1");
    let figure = |pointer: &str| found.pointer(pointer).and_then(serde_json::Value::as_f64).expect(pointer);
    // What stands in README is printed by the command; this is what must hold on any machine.
    assert!(figure("/word_error_rate") < 0.18, "{found}");
    assert!(figure("/fillers/right") >= 0.8 * figure("/fillers/said"), "{found}");
    assert!(figure("/pauses/found") >= 0.9 * figure("/pauses/made"), "{found}");
    assert!(figure("/pauses/length_error/median_s") < 0.15, "{found}");
    assert!(figure("/word_times/median_s") < 0.2, "{found}");
    assert!(stage.home().join("calibration.json").exists());

    save(&stage.file("answer.wav"), &speak(SENTENCE));
    let report = stage.run(["analyze", "answer.wav", "--json"]).succeeded().json();
    let notices = report["notices"].as_array().expect("notices are a list");
    let cites =
        |notice: &serde_json::Value| notice.as_str().is_some_and(|text| text.contains("Measured on this machine"));
    assert!(notices.iter().any(cites), "{notices:?}");
}

#[test]
fn calibration_in_a_language_without_texts_says_so() {
    let stage = Stage::silent().with_tiny_en();
    stage.run(["config", "set", "language", "de"]).succeeded();
    stage.run(["doctor", "--calibrate"]).failed(1, &["\"de\"", "language en"]);
}

#[test]
fn calibration_says_which_settings_are_left_out() {
    let stage = Stage::silent().with_tiny_en();
    stage.run(["config", "set", "language", "de"]).succeeded();
    let config = stage.home().join("config.toml");
    let settings = std::fs::read_to_string(&config).expect("it was written");
    std::fs::write(&config, format!("think_s = \"a while\"\n{settings}")).expect("it can be written");
    let ended = stage.run(["doctor", "--calibrate"]);
    assert!(ended.stderr.contains("think_s") && ended.stderr.contains("it is left out"), "{}", ended.stderr);
}
