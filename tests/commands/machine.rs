//! `greenroom devices` and `greenroom doctor`, with and without sound.

use greenroom::rig::RigOptions;

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
    let rehearse = stage.run(["rehearse"]).failed(1, &["microphone"]);
    is_quiet(&rehearse);
    assert!(stage.sessions().is_empty());
}

#[test]
fn with_sound_the_microphone_is_listed_chosen_and_healthy() {
    let stage = Stage::with_sound(RigOptions { echo: false, room: true });
    let devices = stage.run(["devices"]).succeeded();
    assert!(devices.stdout.contains("* Rig-Microphone"), "{}", devices.stdout);
    is_quiet(&devices);
    let doctor = stage.run(["doctor"]).succeeded();
    assert!(doctor.stdout.contains("ok   microphone  Rig-Microphone"), "{}", doctor.stdout);
    is_quiet(&doctor);
    stage.run(["rehearse", "--device", "nowhere"]).failed(1, &["nowhere", "rig_microphone"]);
}

#[test]
fn a_muted_microphone_is_a_finding_of_the_doctor() {
    let stage = Stage::with_sound(RigOptions::default());
    let doctor = stage.run(["doctor"]);
    assert_eq!(doctor.code, 1);
    assert!(doctor.stdout.contains("BAD  microphone") && doctor.stdout.contains("unmute"), "{}", doctor.stdout);
}
