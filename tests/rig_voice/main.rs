//! The voice for real: speech-dispatcher and espeak-ng speak into a private sound server, and its monitor hears them.
//!
//! What speaks is this test binary, started again as [`speak_as_told`] with the rig in its
//! environment, because the speech service belongs to the process that first asks for it.

#![cfg(all(feature = "app", target_os = "linux"))]
#![allow(clippy::print_stdout, reason = "the child speaks to the test through its output")]

mod rig;

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

use greenroom::speech::{Delivery, Speaker, StopSignal, VoiceLadder, VoiceSettings};
use rig::Rig;
use serde_json::Value;

const QUESTION: &str = "Tell me about a time you disagreed with your manager.";

/// The variables that tell the child what to do: which voice, how fast, how loud, and what to say, line by line.
const TOLD: [&str; 4] = ["RIG_VOICE", "RIG_RATE", "RIG_VOLUME", "RIG_TEXTS"];

/// The child: says each text and prints what came of it; a line on its standard input stops the one being spoken.
#[test]
fn speak_as_told() {
    let told = TOLD.map(|name| std::env::var(name).ok());
    let [voice, rate, volume, Some(texts)] = told else { return };
    let number = |text: Option<String>| text.map(|text| text.parse().unwrap());
    let settings = VoiceSettings::parse(voice.as_deref(), number(rate), number(volume), None).unwrap();
    let mut ladder = VoiceLadder::new(&settings);
    let stop = StopSignal::default();
    let stopper = stop.clone();
    std::thread::spawn(move || std::io::stdin().lines().take(1).for_each(|_| stopper.stop()));
    for (n, text) in texts.lines().enumerate() {
        let stop = if n == 0 { stop.clone() } else { StopSignal::default() };
        let started = std::time::Instant::now();
        let spoken = ladder.speak(text, &stop).unwrap();
        let line = serde_json::json!({
            "voice": spoken.voice, "aloud": spoken.delivery == Delivery::Aloud, "stopped": spoken.stopped,
            "waited_s": started.elapsed().as_secs_f64(), "notes": spoken.notes,
        });
        println!("\nspoken {line}");
    }
}

/// A child at work.
struct Speaking {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

/// Starts the child with `rig` as its sound and `changes` to its environment.
fn speaking(rig: &Rig, texts: &[&str], changes: &[(&str, &str)]) -> Speaking {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "speak_as_told", "--nocapture"]);
    rig.apply(&mut command);
    command.env("RIG_TEXTS", texts.join("\n")).envs(changes.iter().copied());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    Speaking { child, lines }
}

impl Speaking {
    /// What came of the next text.
    fn next(&mut self) -> Value {
        loop {
            let line = self.lines.next().expect("the child ended without a word").unwrap();
            if let Some(json) = line.strip_prefix("spoken ") {
                return serde_json::from_str(json).unwrap();
            }
        }
    }

    fn stop(&mut self) {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    }
}

impl Drop for Speaking {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn notes(spoken: &Value) -> String {
    spoken["notes"].as_array().unwrap().iter().map(|note| note.as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_system_voice_is_heard_and_returns_when_the_sound_is_over() {
    let rig = Rig::start();
    let hearing = rig.listen();
    let mut child = speaking(&rig, &[QUESTION, "And then?"], &[]);
    let spoken = child.next();
    assert_eq!(
        (&spoken["voice"], &spoken["aloud"], notes(&spoken)),
        (&"system voice".into(), &true.into(), String::new())
    );
    let first = hearing.loud_s();
    assert!((2.0..6.0).contains(&first), "{first} s of sound");
    assert_eq!(child.next()["voice"], "system voice");
    assert!(hearing.loud_s() > first + 0.3, "the second text was not heard");
}

#[test]
fn rate_and_volume_are_heard() {
    let rig = Rig::start();
    let mut measured = Vec::new();
    for voice in ["system", "espeak-ng"] {
        for (rate, volume) in [("120", "100"), ("300", "100"), ("170", "30")] {
            let hearing = rig.listen();
            let changes = [("RIG_VOICE", voice), ("RIG_RATE", rate), ("RIG_VOLUME", volume)];
            let spoken = speaking(&rig, &[QUESTION], &changes).next();
            assert_eq!(notes(&spoken), "");
            measured.push((hearing.loud_s(), hearing.peak()));
        }
    }
    for of_voice in measured.chunks(3) {
        let [slow, fast, quiet] = of_voice else { unreachable!("three settings") };
        assert!(slow.0 > 1.7 * fast.0, "{measured:?}");
        assert!(quiet.1 < 0.7 * fast.1, "{measured:?}");
    }
}

#[test]
fn a_service_that_is_killed_in_the_middle_is_replaced_by_a_command() {
    let rig = Rig::start();
    let hearing = rig.listen();
    let mut child = speaking(&rig, &[QUESTION, "And then?"], &[]);
    hearing.wait_for_sound();
    rig.kill_service();
    let spoken = child.next();
    assert_eq!((&spoken["voice"], &spoken["aloud"]), (&"espeak-ng".into(), &true.into()));
    assert!(notes(&spoken).starts_with("The system voice broke off"), "{spoken}");
    assert!(hearing.loud_s() > 2.0, "the whole question is said again");
    let next = child.next();
    assert_eq!((&next["voice"], notes(&next)), (&"espeak-ng".into(), String::new()));
}

#[test]
fn a_stop_ends_the_sound_and_the_voice_can_go_on() {
    for voice in ["system", "espeak-ng"] {
        let rig = Rig::start();
        let hearing = rig.listen();
        let long = QUESTION.repeat(5);
        let mut child = speaking(&rig, &[&long, "Next."], &[("RIG_VOICE", voice)]);
        hearing.wait_for_sound();
        child.stop();
        let stopped = child.next();
        assert_eq!((&stopped["stopped"], notes(&stopped)), (&true.into(), String::new()), "{voice}");
        let next = child.next();
        assert_eq!(
            (&next["stopped"], &next["aloud"], notes(&next)),
            (&false.into(), &true.into(), String::new()),
            "{voice}"
        );
        // Five questions are 15 s of sound, the last word 0.5 s.
        assert!(hearing.loud_s() < 6.0, "{voice}: {} s of sound", hearing.loud_s());
    }
}

#[test]
fn without_any_voice_the_text_is_left_to_the_screen() {
    let rig = Rig::start();
    let nothing = [("SPEECHD_ADDRESS", "unix_socket:/nowhere/speechd.sock"), ("PATH", "/nowhere")];
    let mut child = speaking(&rig, &[QUESTION, "And then?"], &nothing);
    let spoken = child.next();
    assert_eq!((&spoken["voice"], &spoken["aloud"]), (&"text".into(), &false.into()));
    assert_eq!(
        notes(&spoken),
        "The system voice is not available: no speech service is running and none could be started. \
         espeak-ng is not available: it is not installed. Questions are shown as text."
    );
    assert!(spoken["waited_s"].as_f64().unwrap() < 10.0, "{spoken}");
    assert_eq!(notes(&child.next()), "");
}

#[test]
fn without_a_sound_server_no_voice_pretends_to_have_spoken() {
    let rig = Rig::start();
    let deaf = [("PULSE_SERVER", "unix:/nowhere/native"), ("ALSA_CONFIG_PATH", "/dev/null")];
    let spoken = speaking(&rig, &["What changed then?  Why?"], &deaf).next();
    assert_eq!(spoken["voice"], "text", "{spoken}");
    assert!(notes(&spoken).contains("did not finish within") && notes(&spoken).contains("too soon"), "{spoken}");
    // A service born without a sound server ignores every polite request to end.
    rig.kill_service();
}

#[test]
fn a_service_with_only_its_dummy_voice_is_found_out() {
    let rig = Rig::start();
    rig.start_service_with_only("sd_dummy");
    let spoken = speaking(&rig, &["And then?"], &[]).next();
    assert_eq!(spoken["voice"], "espeak-ng");
    assert!(notes(&spoken).contains("the speech service has no voice"), "{spoken}");
}

#[test]
fn a_system_voice_is_chosen_by_name_and_a_wrong_name_is_explained() {
    let rig = Rig::start();
    let named = speaking(&rig, &["And then?"], &[("RIG_VOICE", "english (america)")]).next();
    assert_eq!((&named["voice"], notes(&named)), (&"system voice".into(), String::new()));
    let wrong = speaking(&rig, &["And then?"], &[("RIG_VOICE", "English (Americ")]).next();
    assert!(notes(&wrong).contains("it has no voice called \"English (Americ\", but English (America)"), "{wrong}");
}
