//! `greenroom transcribe`.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::support::sound::{save, speak};
use super::support::{LIMIT, Stage, files_below, wait_until};
use super::{STORY, with_recording};

/// Every kind of recording that people have.
const KINDS: [&str; 7] = ["flac", "m4a", "mp3", "ogg", "opus", "wav", "webm"];
const FORMATS: [&str; 5] = ["json", "txt", "srt", "vtt", "report.json"];

/// Turns `answer.wav` into another kind.
fn convert(stage: &Stage, to: &str) {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-i"]).arg(stage.file("answer.wav")).arg(stage.file(to));
    assert!(command.status().expect("scripts/setup installs ffmpeg").success(), "{to}");
}

/// A folder with one recording of every kind and a broken one.
fn mixed_folder() -> Stage {
    let stage = with_recording();
    stage.write("mixed/e-broken.mp3", "this is no recording");
    KINDS.iter().for_each(|kind| convert(&stage, &format!("mixed/{kind}.{kind}")));
    stage
}

#[test]
fn a_folder_is_transcribed_whatever_its_kinds_and_a_bad_file_does_not_stop_it() {
    let stage = mixed_folder();
    let all = ["transcribe", "mixed", "--out", "out", "--format", "json,txt,srt,vtt,csv", "--report"];
    let ended = stage.run(all);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    assert!(ended.stderr.contains("e-broken.mp3") && ended.stderr.contains("  try: "), "{}", ended.stderr);
    for kind in KINDS {
        for format in FORMATS {
            assert!(stage.file(&format!("out/{kind}.{format}")).is_file(), "{kind}.{format}:\n{}", ended.stderr);
        }
        let text = read(&stage.file(&format!("out/{kind}.txt")));
        assert!(text.contains("release") && text.contains("team"), "{kind}: {text}");
    }
    assert!(read(&stage.file("out/wav.srt")).starts_with("1\n00:00:0"));
    assert!(read(&stage.file("out/wav.vtt")).starts_with("WEBVTT\n"));
    let table = read(&stage.file("out/summary.csv"));
    assert_eq!(table.lines().count(), 1 + KINDS.len() + 1, "{table}");
    assert!(table.contains("e-broken.mp3"), "{table}");

    let again = stage.run(["transcribe", "mixed", "--out", "out", "--format", "json,txt,srt,vtt", "--report"]);
    assert_eq!(again.code, 3, "one of eight still fails: {}", again.stderr);
    assert!(again.stderr.contains("7 of 8 are done already"), "{}", again.stderr);

    let forced = stage.run(["transcribe", "mixed/wav.wav", "--out", "out", "--force", "--json"]).succeeded();
    assert!(
        forced.json()["transcript"]["text"].as_str().is_some_and(|text| text.contains("team")),
        "{}",
        forced.stdout
    );
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_two_sides_of_a_call_are_transcribed_apart_and_known_again() {
    let stage = with_recording();
    let other = speak("What did the customers say about the delay?");
    save(&stage.file("other.wav"), &other);
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-i"]).arg(stage.file("answer.wav")).arg("-i").arg(stage.file("other.wav"));
    command.args(["-filter_complex", "[0]aresample=16000[a];[1]aresample=16000,apad[b];[a][b]join=inputs=2[c]"]);
    command.args(["-map", "[c]", "-shortest"]).arg(stage.file("call.wav"));
    assert!(command.status().expect("scripts/setup installs ffmpeg").success());
    let split = ["transcribe", "call.wav", "--channels", "split", "--format", "txt"];
    stage.run(split).succeeded();
    let (left, right) = (read(&stage.file("call.left.txt")), read(&stage.file("call.right.txt")));
    assert!(left.contains("team") && !left.contains("customers"), "{left}");
    assert!(right.contains("customers") && !right.contains("team"), "{right}");
    let again = stage.run(split).succeeded();
    assert!(again.stderr.contains("2 of 2 are done already"), "{}", again.stderr);
    stage.run(["transcribe", "answer.wav", "--channels", "split", "--format", "txt"]).succeeded();
    assert!(read(&stage.file("answer.txt")).contains("team"), "one channel has no sides");
}

#[test]
fn a_dry_run_names_what_would_be_written_and_shards_share_the_work() {
    let stage = mixed_folder();
    let before = files_below(&stage.file(""));
    let plan = |args: &[&str]| stage.run([&["transcribe", "mixed", "--dry-run"], args].concat()).succeeded().stdout;
    let whole = plan(&[]);
    assert_eq!(whole.lines().count(), KINDS.len() + 1, "{whole}");
    assert!(whole.contains("mixed/ogg.ogg -> ") && whole.contains("ogg.json"), "{whole}");
    let mut parts: Vec<String> =
        ["1/3", "2/3", "3/3"].map(|part| plan(&["--shard", part])).join("").lines().map(str::to_owned).collect();
    parts.sort();
    assert_eq!(parts, whole.lines().collect::<Vec<_>>());
    assert_eq!(files_below(&stage.file("")), before, "a dry run writes nothing");
}

#[test]
fn an_interrupted_batch_keeps_what_it_has_and_goes_on_where_it_was() {
    let stage = Stage::silent().with_tiny_en();
    let long = speak(STORY);
    for name in ["a", "b", "c"] {
        save(&stage.file(&format!("{name}.wav")), &long);
    }
    let batch = ["transcribe", ".", "--format", "txt"];
    let running = stage.start(batch);
    wait_until("the first transcript", || stage.file("a.txt").exists() || stage.file("b.txt").exists());
    running.signal(libc::SIGINT);
    let ended = running.end_within(Duration::from_secs(30));
    assert_eq!(ended.code, 130, "{}", ended.stderr);
    assert!(ended.stderr.contains("goes on where it was"), "{}", ended.stderr);
    let left: Vec<_> = files_below(&stage.file(""))
        .into_iter()
        .filter(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".unfinished-")))
        .collect();
    assert!(left.is_empty(), "half-written: {left:?}");
    let again = stage.start(batch).end_within(LIMIT).succeeded();
    assert!(again.stderr.contains("are done already"), "{}", again.stderr);
    assert!(["a", "b", "c"].iter().all(|name| stage.file(&format!("{name}.txt")).exists()));
}

#[test]
fn what_cannot_be_transcribed_is_said_before_anything_is_done() {
    let stage = with_recording();
    std::fs::create_dir(stage.file("empty")).expect("the folder is new");
    stage.run(["transcribe", "empty"]).failed(1, &["no recording", "empty"]);
    stage.run(["transcribe", "nowhere.wav"]).failed(1, &["nowhere.wav", "No such file"]);
    let mixed = stage.run(["transcribe", "nowhere.wav", "answer.wav", "--out", "out"]);
    assert_eq!(mixed.code, 3, "{}", mixed.stderr);
    assert!(stage.file("out/answer.txt").exists(), "{}", mixed.stderr);
    for wrong in [["--shard", "3/2"], ["--jobs", "0"], ["--format", "doc"]] {
        assert_eq!(stage.run([&["transcribe", "answer.wav"], &wrong[..]].concat()).code, 2, "{wrong:?}");
    }
    stage.write("taken", "a file");
    let into_file = stage.run(["transcribe", "answer.wav", "--out", "taken"]);
    assert_eq!(into_file.code, 1, "{}", into_file.stderr);
    assert!(into_file.stderr.contains("taken") && into_file.stderr.contains("  try: "), "{}", into_file.stderr);
}
