//! Rehearsals from end to end: a terminal with keys, a voice that is heard, a microphone that hears, kills and recovery.

#![cfg(all(feature = "app", target_os = "linux"))]
#![allow(clippy::print_stdout)]

mod support;

use std::path::Path;
use std::time::{Duration, Instant};

use greenroom::audio::{decode_16k, detect};
use greenroom::rig::RigOptions;
use serde_json::Value;
use support::sound::{join, noise, save, silence, speak, tone};
use support::terminal::{Terminal, assert_fits, lines_on_screen};
use support::{LIMIT, Stage, wait_until, words};

/// Two short questions; the first has a prompt for a follow-up.
const BANK: &str = "# Looking back\n\n## What went well?\n\n## What went badly?\n";
/// A room that is not quite silent, and a loudspeaker that the microphone hears.
const ROOM: RigOptions = RigOptions { echo: true, room: true };

/// An answer that tells no result.
const ANSWER: &str = "Last year I was leading the online shop. Our product manager wanted to ship a new page before the summer \
    sale. I had to keep the sale and make the service reliable. I asked my team to compare both options, and I wrote a \
    plan for the next release.";
const SECRET: &str = "The purple elephants are dancing on the table.";

fn stage() -> Stage {
    let stage = Stage::with_sound(ROOM).with_tiny_en();
    stage.write("bank.md", BANK);
    stage
}

/// `rehearse bank.md ARGS` at a terminal.
fn at_terminal(stage: &Stage, args: &[&str]) -> Terminal {
    Terminal::start(stage.command([&["rehearse", "bank.md"], args].concat()))
}

fn say(stage: &Stage, text: &str) {
    let file = stage.file("said.wav");
    save(&file, &speak(text));
    stage.rig().play_into_microphone(&file).expect("the rig plays");
}

/// The takes of the newest session.
fn takes(stage: &Stage) -> Vec<Value> {
    stage.sessions()[0]["answers"].as_array().expect("takes").clone()
}

/// The recording of a take of the newest session.
fn recording(stage: &Stage, take: &Value) -> Vec<f32> {
    let session = stage.sessions()[0]["id"].as_str().expect("an id").to_owned();
    let file = take["audio"].as_str().expect("it is recorded");
    let path = stage.home().join("sessions").join(session).join(file);
    decode_16k(&path).expect("it is a whole file").samples
}

/// The reports of the newest session.
fn reports(stage: &Stage) -> Vec<Value> {
    let shown = stage.run(["review", "show", "--json"]).succeeded().json();
    shown["reports"].as_array().expect("reports").clone()
}

fn bytes(file: &Path) -> u64 {
    file.metadata().map_or(0, |file| file.len())
}

/// Seconds of speech in a file.
fn heard_s(file: &Path) -> f64 {
    spoken_s(&decode_16k(file).expect("it is a whole file").samples)
}

fn spoken_s(samples: &[f32]) -> f64 {
    detect(samples).iter().map(|span| span.length().0).sum()
}

#[test]
fn a_rehearsal_is_led_by_keys() {
    let stage = stage();
    let (loudspeaker, replayed) = (stage.file("loudspeaker.wav"), stage.file("replayed.wav"));
    let listening = stage.rig().record_speaker(&loudspeaker).expect("the rig records");
    let mut terminal = at_terminal(&stage, &["--count", "2"]);

    terminal.expect("Question 1 of 2");
    terminal.expect("asked by system voice");
    terminal.expect("p pause");
    terminal.expect("recording");
    let began = Instant::now();
    listening.stop().expect("it records");
    assert!(heard_s(&loudspeaker) > 0.5, "the question was not heard");

    say(&stage, ANSWER);
    terminal.press("p");
    terminal.expect("paused");
    let paused = Instant::now();
    say(&stage, SECRET);
    let pause_s = paused.elapsed().as_secs_f64();
    terminal.press("p");
    terminal.expect("recording");
    terminal.press("\r");
    let took_s = began.elapsed().as_secs_f64();
    terminal.expect("done: ");
    terminal.expect("Result");
    terminal.expect("f follow-up");

    let listening = stage.rig().record_speaker(&replayed).expect("the rig records");
    terminal.press("l");
    terminal.expect("playing");
    // Three seconds and a little of what the loudspeaker says, in two channels of 16 bits.
    let began = bytes(&replayed);
    wait_until("the take to be played", || bytes(&replayed) > began + 3 * 200_000);
    terminal.press("\r");
    terminal.expect("r try again");
    listening.stop().expect("it records");
    assert!(heard_s(&replayed) > 1.5, "the take was not heard: {} s", heard_s(&replayed));

    terminal.press("f");
    terminal.expect("Follow-up");
    terminal.expect("recording");
    terminal.press("\r");
    terminal.expect("r try again");

    terminal.press("n");
    terminal.expect("Question 2 of 2");
    terminal.expect("recording");
    terminal.press("\r");
    terminal.expect("r try again");

    terminal.press("r");
    terminal.expect("asked by system voice");
    terminal.expect("recording");
    stage.wait_for_recorded(0.5);
    terminal.press("q");
    let (code, text) = terminal.end();
    assert_eq!(code, 0, "{text}");
    assert_fits(&text);

    let takes = takes(&stage);
    let told: Vec<_> = takes.iter().map(|take| (take["prompt"].as_str(), take["status"].as_str())).collect();
    let expected = ["question", "follow_up", "question", "retry"].map(|prompt| (Some(prompt), Some("reported")));
    assert_eq!(told, expected, "{text}");
    let first = &takes[0];
    let length_s = first["duration_s"].as_f64().expect("a length");
    assert!((length_s - (took_s - pause_s)).abs() < 1.0, "{length_s} s of {took_s} s with {pause_s} s of pause");
    let wrote = words(&reports(&stage)[0]).join(" ").to_lowercase();
    assert!(wrote.contains("team") && !wrote.contains("elephant") && !wrote.contains("went well"), "{wrote}");
    assert_live_line(&text);
    stage.is_clean();
}

/// While recording, a line tells level, time, target and words, over and over.
fn assert_live_line(text: &str) {
    let lines = lines_on_screen(&text.replace("\r\n", "\n\r").replace('\r', "\r\n"));
    let live: Vec<&String> = lines.iter().filter(|line| line.contains("● recording")).collect();
    assert!(live.len() > 20, "{live:?}");
    assert!(live.iter().all(|line| line.contains("target ") && line.contains('▯')), "{live:?}");
    let words = |line: &&&String| !line.contains(" 0 words");
    assert!(live.iter().any(|line| line.contains('▮')) && live.iter().any(|line| words(&line)), "{live:?}");
}

#[test]
fn control_c_keeps_the_answer_and_recover_finishes_it() {
    let stage = stage();
    let mut terminal = at_terminal(&stage, &["--voice", "text"]);
    terminal.expect("recording");
    say(&stage, ANSWER);
    terminal.press("\x03");
    let (code, text) = terminal.end();
    assert_eq!(code, 130, "{text}");
    assert_fits(&text);
    let take = &takes(&stage)[0];
    assert_eq!(take["status"], "recorded");
    assert!(spoken_s(&recording(&stage, take)) > 8.0, "the answer is not in the recording");
    let recovered = stage.run(["review", "recover"]).succeeded();
    assert!(recovered.stderr.contains("words"), "{}", recovered.stderr);
    assert!(words(&reports(&stage)[0]).len() > 30, "{:?}", words(&reports(&stage)[0]));
    let again = stage.run(["review", "recover"]).succeeded();
    assert!(again.stderr.contains("Every take is whole"), "{}", again.stderr);
}

#[test]
fn an_answer_whose_program_was_killed_comes_back_to_the_last_second() {
    let stage = stage();
    let mut lost = Vec::new();
    for kept_s in [0.7, 1.9, 3.2] {
        let mut terminal = at_terminal(&stage, &["--voice", "text"]);
        terminal.expect("Question 1");
        stage.wait_for_recorded(0.01);
        let began = Instant::now();
        let file = stage.file("said.wav");
        save(&file, &tone(kept_s));
        stage.rig().play_into_microphone(&file).expect("the rig plays");
        terminal.kill();
        let recorded_s = began.elapsed().as_secs_f64();
        assert_eq!(terminal.end().0, -libc::SIGKILL);
        let recovered = stage.run(["review", "recover", "--json"]).succeeded().json();
        assert_eq!(recovered["recovered"].as_array().map(Vec::len), Some(1), "{recovered}");
        let take = &takes(&stage)[0];
        assert_eq!(take["status"], "reported");
        lost.push(recorded_s - recording(&stage, take).len() as f64 / 16_000.0);
    }
    println!("lost by kill -9: {lost:.2?} s");
    assert!(lost.iter().all(|lost| *lost <= 1.0), "{lost:?}");
}

#[test]
fn the_next_rehearsal_brings_a_take_back_and_makes_its_report_when_it_is_over() {
    let stage = stage();
    let mut terminal = at_terminal(&stage, &["--voice", "text"]);
    stage.wait_for_recorded(0.5);
    terminal.kill();
    terminal.end();
    let mut terminal = at_terminal(&stage, &["--voice", "text"]);
    terminal.expect("1 earlier take brought back");
    terminal.expect("recording");
    terminal.press("q");
    assert_eq!(terminal.end().0, 0);
    let sessions = stage.sessions();
    assert!(sessions.iter().all(|session| session["answers"][0]["status"] == "reported"), "{sessions:?}");
}

/// A rehearsal at a terminal of so many columns, in which a quiet room is recorded.
fn in_a_quiet_room(stage: &Stage, columns: usize, args: &[&str]) -> Terminal {
    save(&stage.file("room.wav"), &noise(60.0));
    let fixed = ["rehearse", "--voice", "text", "--device", "file:room.wav"];
    Terminal::start_with(stage.command([&fixed, args].concat()), columns)
}

#[test]
fn a_key_that_slips_throws_no_take_away() {
    let stage = silent_stage();
    let mut terminal = in_a_quiet_room(&stage, 80, &["bank.md", "--count", "1"]);
    terminal.expect("recording");
    stage.wait_for_recorded(0.5);
    terminal.press("r");
    terminal.expect("Press r again within 5 s");
    stage.wait_for_recorded(1.0);
    terminal.press("\x1b");
    terminal.expect("The take is kept");
    terminal.press("o");
    terminal.expect("Press o again within 5 s");
    terminal.press("\r");
    terminal.expect("done: ");
    terminal.expect("r try again");
    terminal.press("r");
    terminal.expect("recording");
    stage.wait_for_recorded(0.3);
    terminal.press("o");
    terminal.expect("Press o again within 5 s");
    terminal.press("o");
    terminal.expect("thrown away: ");
    terminal.expect("recording");
    stage.wait_for_recorded(0.3);
    terminal.press("q");
    let (code, text) = terminal.end();
    assert_eq!(code, 0, "{text}");
    assert_fits(&text);
    let told: Vec<_> = takes(&stage).iter().map(|take| take["status"].clone()).collect();
    assert_eq!(told, ["reported", "discarded", "reported"], "{text}");
    assert!(takes(&stage)[0]["duration_s"].as_f64().is_some_and(|length| length > 0.9), "it went on meanwhile");
}

#[test]
fn the_live_line_fits_a_narrow_terminal_and_follows_a_resize() {
    let stage = silent_stage();
    let mut terminal = in_a_quiet_room(&stage, 30, &["--ask", "Why us?"]);
    terminal.expect("●");
    stage.wait_for_recorded(1.0);
    let narrow = terminal.text();
    terminal.resize(100);
    terminal.expect("target 1:00-2:00");
    terminal.expect(" words");
    terminal.resize(40);
    // The line of before is broken into two by now: the next one takes the place of both.
    terminal.expect("\x1b[1A");
    stage.wait_for_recorded(3.0);
    terminal.press("q");
    let (code, text) = terminal.end();
    assert_eq!(code, 0, "{text}");
    let columns = |text: &str| lines_on_screen(text).iter().map(|line| line.chars().count()).max().unwrap_or(0);
    assert!(columns(&narrow) <= 30, "{narrow}");
    let live = lines_on_screen(&text).iter().filter(|line| line.contains('●')).count();
    assert!(live <= 2, "{live} live lines flood the screen:\n{text}");
    assert_eq!(takes(&stage)[0]["question"]["text"], "Why us?");
    assert_eq!(takes(&stage)[0]["question"]["bank"], Value::Null);
}

/// A rehearsal without a terminal, with a recording in the place of the microphone.
fn with_file(stage: &Stage, sound: &[f32], args: &[&str]) -> support::Ended {
    save(&stage.file("answer.wav"), sound);
    let fixed = ["rehearse", "bank.md", "--count", "1", "--voice", "text", "--device", "file:answer.wav"];
    support::Running::start(stage.command([&fixed, args].concat())).end_within(LIMIT)
}

fn silent_stage() -> Stage {
    let stage = Stage::silent().with_tiny_en();
    stage.write("bank.md", BANK);
    stage
}

#[test]
fn without_a_terminal_silence_ends_the_answer_and_json_comes_out() {
    let stage = silent_stage();
    let answer = speak(ANSWER);
    let spoken_s = answer.len() as f64 / 48_000.0;
    let ended = with_file(&stage, &join(&[&answer, &silence(20.0)]), &["--auto-stop", "2s", "--json"]).succeeded();
    assert!(ended.stderr.contains("done, after silence"), "{}", ended.stderr);
    let json = ended.json();
    assert_eq!(json["session"]["schema"], "greenroom.session/1");
    assert_eq!(json["session"]["answers"][0]["status"], "reported");
    let report = &json["reports"][0];
    assert_eq!(report["schema"], "greenroom.report/1");
    let length_s = report["recording"]["duration_s"].as_f64().expect("a length");
    assert!((length_s - spoken_s - 2.0).abs() < 0.7, "{length_s} s of {spoken_s} s and 2 s of silence");
    assert!(words(report).len() > 35, "{:?}", words(report));
    // The session that was printed is the one that was kept.
    assert_eq!(stage.sessions()[0]["id"], json["session"]["id"]);
    assert_eq!(&reports(&stage)[0], report);
}

#[test]
fn a_better_fourth_take_is_told_and_the_session_is_summed_up_in_both_modes() {
    let stage = silent_stage();
    let begin = "Last year I was leading the online shop. Our product manager wanted to ship a new page before the summer \
        sale. I asked my team to compare both options, and I wrote a plan for the next release.";
    let more = "We moved the new page behind a switch, and for two weeks we showed it to one customer in ten. I called the \
        people who had complained and wrote down what they said. In the end we sold four hundred more tickets, and the \
        service was never down.";
    let (poor, good) = (speak(begin), speak(&format!("{begin} {more}")));
    // Earlier takes from elsewhere are heard without waiting for them; no two are the same file.
    for louder in [0.8, 0.9, 1.0] {
        let file = stage.file("earlier.wav");
        save(&file, &poor.iter().map(|sample| sample * louder).collect::<Vec<f32>>());
        let question = ["--bank", "bank.md", "--question", "What went well?"];
        stage.run([&["review", "import", file.to_str().expect("a plain name")], &question[..]].concat()).succeeded();
    }
    let ended = with_file(&stage, &good, &["--mode", "real"]).succeeded();
    let place = |wanted: &str| ended.stdout.find(wanted).unwrap_or_else(|| panic!("{wanted}: {}", ended.stdout));
    assert!(place("── Question 1 of 1 ──") < place("Better than last time: "), "{}", ended.stdout);
    assert!(place("Better than last time: ") < place("This session: 1 question, 1 take"), "{}", ended.stdout);
    assert_eq!(ended.stdout.matches("Better than last time: ").count(), 2, "below the report and in the summary");
    assert!(ended.stdout.contains("Due next"), "{}", ended.stdout);
    // The index knows it without being asked to look.
    assert!(stage.home().join("index.sqlite").exists());
}

#[test]
fn a_pause_to_think_ends_no_answer_unless_that_was_asked_for() {
    let stage = silent_stage();
    let sentence = speak("We shipped the new service in June.");
    let sound = join(&[&sentence, &silence(6.0), &sentence, &silence(1.0)]);
    let ended = with_file(&stage, &sound, &["--json"]).succeeded();
    assert!(ended.stderr.contains("the recording is over"), "{}", ended.stderr);
    let report = &ended.json()["reports"][0];
    assert_eq!(report["analysis"]["pauses"]["long"], 1, "{report}");
}

#[test]
fn the_spoken_words_that_s_my_answer_end_the_answer_and_are_no_part_of_it() {
    let stage = silent_stage();
    let sound = join(&[
        &speak("We planned the release with the whole team, and we shipped it in June."),
        &silence(3.0),
        &speak("That's my answer."),
        &silence(20.0),
    ]);
    let ended = with_file(&stage, &sound, &["--json"]).succeeded();
    let report = &ended.json()["reports"][0];
    assert!(ended.stderr.contains("understood: that's my answer"), "{}\nheard {:?}", ended.stderr, words(report));
    assert!(!words(report).join(" ").to_lowercase().contains("answer"), "{:?}", words(report));
    let length_s = report["recording"]["duration_s"].as_f64().expect("a length");
    assert!(length_s < 15.0, "{length_s} s: nobody understood");
}

#[test]
fn silence_noise_and_a_tone_have_no_words_and_the_report_says_so() {
    for (name, sound) in [("silence", silence(4.0)), ("noise", noise(4.0)), ("tone", tone(4.0))] {
        let stage = silent_stage();
        let json = with_file(&stage, &sound, &["--json"]).succeeded().json();
        assert_eq!(words(&json["reports"][0]), Vec::<String>::new(), "{name}");
        assert_eq!(json["reports"][0]["transcript"]["text"], "", "{name}");
        let shown = stage.run(["review", "show"]).succeeded();
        assert!(shown.stdout.contains("Nothing was heard"), "{name}: {}", shown.stdout);
    }
}

#[test]
fn a_muted_microphone_is_noticed_before_the_first_question() {
    let stage = Stage::with_sound(RigOptions::default()).with_tiny_en();
    stage.write("bank.md", BANK);
    let ended = stage.run(["rehearse", "bank.md"]).failed(1, &["Rig-Microphone", "--no-mic-check"]);
    assert!(!ended.stderr.contains("Question"), "{}", ended.stderr);
    assert!(stage.sessions().is_empty(), "nothing was recorded, so there is no session");
    let all_the_same = stage.start(["rehearse", "bank.md", "--no-mic-check", "--voice", "text"]);
    all_the_same.wait_for("Question 1");
    stage.wait_for_recorded(0.5);
    all_the_same.signal(libc::SIGTERM);
    assert_eq!(all_the_same.end_within(Duration::from_secs(20)).code, 130);
}

#[test]
fn a_microphone_that_is_unplugged_ends_the_answer_and_keeps_it() {
    let stage = stage();
    let running = stage.start(["rehearse", "bank.md", "--voice", "text", "--json"]);
    running.wait_for("\nrecording\n");
    say(&stage, "We planned the release with the whole team, and we shipped it in June.");
    stage.rig().unplug_microphone().expect("the rig unplugs it");
    let ended = running.end_within(Duration::from_secs(30));
    assert!(ended.stderr.contains("The microphone went away."), "{}", ended.stderr);
    let take = &takes(&stage)[0];
    assert_eq!(take["status"], "reported", "{}", ended.stderr);
    assert!(spoken_s(&recording(&stage, take)) > 2.5, "the answer is not in the recording");
}
