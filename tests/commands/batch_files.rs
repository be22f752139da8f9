//! What `transcribe` writes and what it leaves: files of the person's own, names, records, tables and parts of a batch.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use super::support::sound::{save, speak};
use super::support::{LIMIT, Running, Stage, files_below, wait_until};
use super::{SENTENCE, with_recording};

/// What another recording says.
const OTHER: &str = "I had to find a plan, and the finance team agreed to it on Friday.";

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Has a voice read a text into a file of the stage.
fn record(stage: &Stage, name: &str, text: &str) {
    fs::create_dir_all(stage.file(name).parent().expect("it lies in a folder")).expect("it can be made");
    save(&stage.file(name), &speak(text));
}

/// Names of the files in a folder that a person sees.
fn seen_in(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("it is there").flatten().map(|entry| entry.file_name());
    let mut names: Vec<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    names
}

#[test]
fn a_file_that_greenroom_did_not_write_is_left_also_by_force_and_never_written_through_a_link() {
    let stage = with_recording();
    stage.write("answer.txt", "my own notes");
    stage.write("precious", "precious");
    symlink(stage.file("precious"), stage.file("answer.srt")).expect("it is new");
    for force in [&[][..], &["--force"]] {
        let run = stage.run([&["transcribe", "answer.wav", "--format", "txt,srt,json"], force].concat());
        assert_eq!(run.code, 3, "{}", run.stderr);
        assert!(run.stderr.contains("answer.txt was left as it is"), "{}", run.stderr);
        assert!(run.stderr.contains("answer.srt was left as it is"), "{}", run.stderr);
    }
    assert_eq!(read(&stage.file("answer.txt")), "my own notes");
    assert_eq!(read(&stage.file("precious")), "precious");
    assert!(stage.file("answer.srt").is_symlink() && read(&stage.file("answer.json")).contains("team"));
    let only_in_the_way = stage.run(["transcribe", "answer.wav", "--format", "txt"]);
    assert_eq!(only_in_the_way.code, 3, "{}", only_in_the_way.stderr);
    assert!(!only_in_the_way.stderr.contains("transcribed"), "no work for nothing: {}", only_in_the_way.stderr);
}

#[test]
fn another_recording_a_replaced_one_and_another_language_are_not_done_and_the_same_is() {
    let stage = with_recording();
    record(&stage, "b/answer.wav", OTHER);
    let into_out = |path: &str| stage.run(["transcribe", path, "--out", "out", "--format", "txt"]).succeeded();
    into_out("answer.wav");
    let second = into_out("b/answer.wav");
    assert!(second.stderr.contains("1 transcribed"), "{}", second.stderr);
    let texts: Vec<String> =
        seen_in(&stage.file("out")).iter().map(|name| read(&stage.file("out").join(name))).collect();
    assert_eq!(texts.len(), 2);
    assert!(texts.iter().any(|text| text.contains("team agreed")) && texts.iter().any(|text| text.contains("whole")));
    for path in ["answer.wav", "b/answer.wav"] {
        assert!(into_out(path).stderr.contains("1 of 1 are done already"), "{path}");
    }
    let date = fs::metadata(stage.file("answer.wav")).and_then(|about| about.modified()).expect("it has a date");
    fs::copy(stage.file("b/answer.wav"), stage.file("answer.wav")).expect("it can be replaced");
    let replaced = fs::File::options().append(true).open(stage.file("answer.wav")).expect("it is there");
    replaced.set_modified(date).expect("it is ours");
    assert!(into_out("answer.wav").stderr.contains("1 transcribed"));
    assert!(read(&stage.file("out/answer.txt")).contains("plan"));
}

#[test]
fn a_batch_with_a_table_goes_on_where_it_was_and_the_table_is_whole() {
    let stage = with_recording();
    record(&stage, "in/ada/one.wav", SENTENCE);
    record(&stage, "in/bo/two.wav", OTHER);
    stage.write("in/bo/broken.mp3", "this is no recording");
    let all = ["transcribe", "in", "--recursive", "--out", "out", "--format", "txt,csv,md", "--report"];
    assert_eq!(stage.run(all).code, 3);
    let table = read(&stage.file("out/summary.csv"));
    assert_eq!(table.lines().count(), 4, "{table}");
    let again = stage.run(all);
    assert!(again.stderr.contains("2 of 3 are done already"), "{}", again.stderr);
    assert_eq!(read(&stage.file("out/summary.csv")), table);
    let people = read(&stage.file("out/people.csv"));
    assert!(people.contains("ada,1,0,") && people.contains("bo,2,1,"), "{people}");
    for report in ["one.report.json", "one.report.md", "one.report.html", "one.md"] {
        assert!(read(&stage.file("out/ada").join(report)).contains("release"), "{report}");
    }
    assert!(read(&stage.file("out/summary.md")).contains("broken.mp3"));
    let merged = stage.run(["transcribe", "--merge", "out"]);
    assert_eq!(merged.code, 3, "one failed: {}", merged.stderr);
    assert_eq!(read(&stage.file("out/summary.csv")), table, "the records alone give the same table");
}

#[test]
fn one_file_spelled_in_three_ways_is_one_and_names_follow_the_template() {
    let stage = with_recording();
    let ways = ["transcribe", "answer.wav", "./answer.wav", "../files/answer.wav", "--out", "out", "--format", "txt"];
    stage.run(ways).succeeded();
    assert_eq!(seen_in(&stage.file("out")), ["answer.txt"]);
    stage
        .run(["transcribe", "answer.wav", "--out", "named", "--format", "txt", "--name", "{folder}-{stem}"])
        .succeeded();
    assert_eq!(seen_in(&stage.file("named")), ["files-answer.txt"]);
    assert_eq!(stage.run(["transcribe", "answer.wav", "--name", "../{stem}"]).code, 2);
}

#[test]
fn what_is_written_is_for_its_owner_alone() {
    let stage = with_recording();
    stage.run(["transcribe", "answer.wav", "--out", "out", "--report"]).succeeded();
    for path in files_below(&stage.file("out")) {
        let mode = fs::metadata(&path).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}: {mode:o}", path.display());
    }
}

#[test]
fn an_output_folder_that_cannot_be_is_found_before_anything_is_transcribed() {
    let stage = with_recording();
    stage.write("my file", "a file");
    let run = stage.run(["transcribe", "answer.wav", "--out", "my file"]).failed(1, &["my file", "--out"]);
    assert!(!run.stderr.contains("GREENROOM_HOME") && run.stderr.contains("'my file'"), "{}", run.stderr);
    assert_eq!(run.stderr.matches("error:").count(), 1, "{}", run.stderr);
}

#[test]
fn results_that_cannot_be_printed_fail_the_command_and_the_files_are_written_all_the_same() {
    let stage = with_recording();
    record(&stage, "other.wav", OTHER);
    let mut command = stage.command(["transcribe", ".", "--out", "full", "--format", "txt", "--json"]);
    let full = fs::File::options().write(true).open("/dev/full").expect("Linux has it");
    let ended = command.stdin(Stdio::null()).stdout(full).stderr(Stdio::null()).status().expect("it starts");
    assert_eq!(ended.code(), Some(1));
    assert_eq!(seen_in(&stage.file("full")), ["answer.txt", "other.txt"]);
    let mut command = stage.command(["transcribe", ".", "--out", "pipe", "--format", "txt", "--json"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("it starts");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    assert_eq!(seen_in(&stage.file("pipe")), ["answer.txt", "other.txt"]);
}

#[test]
fn an_archive_knows_what_is_done_after_the_transcripts_were_moved_away() {
    let stage = with_recording();
    let batch = ["transcribe", "answer.wav", "--out", "out", "--format", "txt", "--archive", "done.jsonl"];
    stage.run(batch).succeeded();
    fs::remove_dir_all(stage.file("out")).expect("it is there");
    assert!(stage.run(batch).succeeded().stderr.contains("1 of 1 are done already"));
    assert!(!read(&stage.file("done.jsonl")).contains("release"), "no word of what was said");
}

#[test]
fn a_watched_folder_gives_what_is_added_once_it_has_stopped_growing_until_control_c() {
    let stage = with_recording();
    fs::create_dir(stage.file("inbox")).expect("it is new");
    let watching = stage.start(["transcribe", "inbox", "--out", "out", "--format", "txt", "--watch"]);
    watching.wait_for("Looking for recordings");
    fs::copy(stage.file("answer.wav"), stage.file("inbox/answer.wav")).expect("there is room");
    wait_until("the transcript", || stage.file("out/answer.txt").exists());
    watching.signal(libc::SIGINT);
    let ended = watching.end_within(Duration::from_secs(10));
    assert_eq!(ended.code, 130, "{}", ended.stderr);
    assert!(read(&stage.file("out/answer.txt")).contains("team"));
    assert!(!ended.stderr.contains("whole team"), "no word of what was said is in a log: {}", ended.stderr);
}

#[test]
fn parts_that_slurm_starts_make_the_same_as_one_run_also_when_one_is_killed_and_started_again() {
    let stage = with_recording();
    for (name, text) in [("a", SENTENCE), ("b", OTHER), ("c", "We wrote it down, and everybody could read it.")] {
        record(&stage, &format!("in/{name}.wav"), text);
    }
    let batch = |out| ["transcribe", "in", "--out", out, "--format", "json,txt,csv"];
    stage.run(batch("whole")).succeeded();
    let part = |number: &str| {
        let mut command = stage.command(batch("shared"));
        command.env("SLURM_ARRAY_TASK_ID", number).env("SLURM_ARRAY_TASK_MIN", "0").env("SLURM_ARRAY_TASK_COUNT", "2");
        Running::start(command)
    };
    let killed = part("0");
    wait_until("the work to begin", || stage.file("shared/.greenroom").exists());
    killed.signal(libc::SIGKILL);
    drop(killed);
    for number in ["1", "0"] {
        let ended = part(number).end_within(LIMIT).succeeded();
        assert!(ended.stderr.contains("as SLURM_ARRAY_TASK_ID says"), "{}", ended.stderr);
    }
    stage.run(["transcribe", "--merge", "shared"]).succeeded();
    for name in ["a.json", "a.txt", "b.json", "b.txt", "c.json", "c.txt", "summary.csv"] {
        assert_eq!(read(&stage.file("shared").join(name)), read(&stage.file("whole").join(name)), "{name}");
    }
    let left: Vec<PathBuf> = files_below(&stage.file("shared"));
    assert!(left.iter().all(|path| !path.to_string_lossy().contains(".unfinished-")), "{left:?}");
}

#[test]
fn a_batch_that_is_killed_again_and_again_ends_as_if_it_had_not_been_and_leaves_nothing() {
    let stage: Stage = with_recording();
    record(&stage, "in/a.wav", SENTENCE);
    record(&stage, "in/b.wav", OTHER);
    let batch = ["transcribe", "in", "--out", "out", "--format", "json,txt,srt,csv", "--report"];
    for after_ms in [5, 60, 200, 500, 900, 1500, 2200] {
        let running = stage.start(batch);
        std::thread::sleep(Duration::from_millis(after_ms));
        running.signal(libc::SIGKILL);
        drop(running);
        for json in files_below(&stage.file("out")).iter().filter(|path| path.extension().is_some_and(|e| e == "json"))
        {
            serde_json::from_str::<serde_json::Value>(&read(json))
                .unwrap_or_else(|e| panic!("{}: {e}", json.display()));
        }
    }
    stage.run(batch).succeeded();
    let again = stage.run(batch).succeeded();
    assert!(again.stderr.contains("2 of 2 are done already"), "{}", again.stderr);
    let left = files_below(&stage.file("out"));
    assert!(left.iter().all(|path| !path.to_string_lossy().contains(".unfinished-")), "{left:?}");
    assert_eq!(files_below(&stage.tmp()), Vec::<PathBuf>::new(), "nothing is left among the temporary files");
}
