//! A home that cannot be written, folders that cannot be read, and a disk that is full.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

use super::support::real_model::tiny_en;
use super::support::sound::{join, save, silence, speak};
use super::support::{LIMIT, Running, Stage, files_below, words};
use super::{SENTENCE, STORY, with_recording};

/// A user without rights of its own.
const NOBODY: u32 = 65_534;

fn is_root() -> bool {
    // SAFETY: it takes nothing and cannot fail.
    unsafe { libc::geteuid() == 0 }
}

/// `greenroom ARGS` by somebody for whom rights count; the stage is theirs.
fn as_ordinary_user(stage: &Stage, args: &[&str]) -> Command {
    let command = stage.command(args);
    if !is_root() {
        return command;
    }
    // The program may lie where only root can go.
    let program = stage.file("greenroom");
    if !program.exists() {
        fs::copy(env!("CARGO_BIN_EXE_greenroom"), &program).expect("there is room for the program");
        for path in files_below(&stage.file("..")).iter().chain([&stage.file("..")]) {
            std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY)).expect("root may");
        }
    }
    let mut other = Command::new(program);
    other.args(args).current_dir(stage.file(""));
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => other.env(name, value),
            None => other.env_remove(name),
        };
    }
    other.uid(NOBODY).gid(NOBODY);
    other
}

#[test]
fn takes_in_a_home_that_cannot_be_written_are_found_without_an_index() {
    let (stage, [old, _]) = super::review_index::two_sessions();
    for folder in [stage.home(), stage.home().join("sessions")] {
        set_rights(&folder, 0o555);
    }
    let ended = Running::start(as_ordinary_user(&stage, &["review", "search", "backup"])).end_within(LIMIT).succeeded();
    assert!(ended.stdout.contains(&old) && ended.stderr.contains("The index is done without"), "{ended:?}");
    assert!(!stage.home().join("index.sqlite").exists());
}

fn set_rights(path: &std::path::Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

#[test]
fn a_home_that_cannot_be_written_is_named_and_reading_goes_on() {
    let stage = Stage::silent();
    save(&stage.file("answer.wav"), &speak(SENTENCE));
    // Where tiny.en lies only root may be able to go.
    fs::copy(tiny_en(), stage.file("ggml-tiny.en.bin")).expect("there is room for it");
    fs::create_dir(stage.home()).expect("the stage is new");
    set_rights(&stage.home(), 0o555);
    let run = |args: &[&str]| Running::start(as_ordinary_user(&stage, args)).end_within(LIMIT);
    let home = stage.home().display().to_string();
    let model = ["--model", "ggml-tiny.en.bin"];
    let rehearse = ["rehearse", "--voice", "text", "--device", "file:answer.wav", "--count", "1"];
    run(&[&rehearse[..], &model].concat()).failed(1, &[&home, "Permission denied"]);
    run(&["config", "set", "rate", "150"]).failed(1, &[&home]);
    run(&["models", "use", "ggml-tiny.en.bin"]).failed(1, &[&home]);
    for reads in [["review", "list"], ["config", "show"], ["models", "list"]] {
        run(&reads).succeeded();
    }
    run(&[&["analyze", "answer.wav"][..], &model].concat()).succeeded();
    set_rights(&stage.home(), 0o755);
    assert!(files_below(&stage.home()).is_empty(), "{:?}", files_below(&stage.home()));
}

#[test]
fn a_home_in_a_place_that_cannot_be_is_named() {
    let stage = with_recording();
    stage.write("taken", "a file");
    let model = tiny_en().display().to_string();
    let mut command = stage.command(["rehearse", "--voice", "text", "--device", "file:answer.wav", "--model", &model]);
    command.env("GREENROOM_HOME", stage.file("taken/home"));
    Running::start(command).end_within(LIMIT).failed(1, &["taken"]);
}

#[test]
fn what_may_not_be_read_is_named_and_the_rest_is_done() {
    let stage = with_recording();
    stage.write("locked/a.wav", "secret");
    stage.write("secret.wav", "secret");
    stage.write("secret.bin", "secret");
    fs::remove_file(stage.home().join("models/ggml-tiny.en.bin")).expect("it is a link");
    // Where the link leads only root may be able to go.
    fs::copy(tiny_en(), stage.home().join("models/ggml-tiny.en.bin")).expect("there is room for it");
    let run = |args: &[&str]| Running::start(as_ordinary_user(&stage, args)).end_within(LIMIT);
    run(&["--version"]).succeeded();
    for (name, mode) in [("locked", 0o000), ("secret.wav", 0o000), ("secret.bin", 0o000)] {
        set_rights(&stage.file(name), mode);
    }
    run(&["transcribe", "locked"]).failed(1, &["locked", "Permission denied"]);
    run(&["analyze", "secret.wav"]).failed(1, &["secret.wav", "Permission denied"]);
    run(&["analyze", "answer.wav", "--model", "secret.bin"]).failed(1, &["secret.bin", "Permission denied"]);
    let both = run(&["transcribe", "secret.wav", "answer.wav", "--format", "txt"]);
    assert_eq!(both.code, 3, "{}", both.stderr);
    assert!(stage.file("answer.txt").exists() && both.stderr.contains("secret.wav"), "{}", both.stderr);
    set_rights(&stage.file("locked"), 0o755);
}

/// A small disk: a file system of its own where that is allowed, else a limit on the size of files.
struct SmallDisk<'a> {
    stage: &'a Stage,
    mounted: bool,
}

impl SmallDisk<'_> {
    fn of(stage: &Stage, kib: u32) -> SmallDisk<'_> {
        fs::create_dir(stage.home()).expect("the stage is new");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={kib}k"), "tmpfs"]).arg(stage.home());
        let mounted = is_root() && mount.output().is_ok_and(|mount| mount.status.success());
        SmallDisk { stage, mounted }
    }

    fn command(&self, args: &[&str], kib: u32) -> Command {
        let mut command = self.stage.command(args);
        if !self.mounted {
            let limit = u64::from(kib) * 1024;
            // SAFETY: both calls are allowed between fork and exec, and take numbers only.
            unsafe {
                command.pre_exec(move || {
                    libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
                    let limit = libc::rlimit { rlim_cur: limit, rlim_max: limit };
                    match libc::setrlimit(libc::RLIMIT_FSIZE, &limit) {
                        0 => Ok(()),
                        _ => Err(std::io::Error::last_os_error()),
                    }
                });
            }
        }
        command
    }

    /// Makes room.
    fn grow(&self) {
        if self.mounted {
            let mut mount = Command::new("mount");
            mount.args(["-o", "remount,size=64m"]).arg(self.stage.home());
            assert!(mount.status().is_ok_and(|status| status.success()));
        }
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        if self.mounted {
            let _ = Command::new("umount").arg("-l").arg(self.stage.home()).status();
        }
    }
}

#[test]
fn a_full_disk_ends_the_answer_keeps_it_and_says_so() {
    let stage = Stage::silent();
    let answer = speak(STORY);
    save(&stage.file("long.wav"), &join(&[&answer, &silence(1.0)]));
    stage.write("bank.md", "# Looking back\n\n## What went well?\n");
    // Six seconds at 48 kHz; the answer has thirty.
    let disk = SmallDisk::of(&stage, 600);
    let model = tiny_en().display().to_string();
    let rehearse = ["rehearse", "bank.md", "--voice", "text", "--device", "file:long.wav", "--model", &model];
    let ended = Running::start(disk.command(&rehearse, 600)).end_within(LIMIT);
    let ended = ended.failed(1, &["kept"]);
    let reasons = ["no room left", "disk is full", "File too large"];
    assert!(reasons.iter().any(|reason| ended.stderr.contains(reason)), "{}", ended.stderr);
    disk.grow();
    let recovered = stage.run(["review", "recover", "--model", &model]).succeeded();
    let shown = stage.run(["review", "show", "--json"]).succeeded().json();
    let length_s = shown["reports"][0]["recording"]["duration_s"].as_f64().expect("a length");
    assert!((4.0..7.0).contains(&length_s), "{length_s} s: {}\n{}", ended.stderr, recovered.stderr);
    assert!(words(&shown["reports"][0]).len() > 10, "{shown}");
}

#[test]
fn a_full_disk_leaves_no_half_written_transcript() {
    let stage = Stage::silent();
    save(&stage.file("answer.wav"), &speak(SENTENCE));
    let disk = SmallDisk::of(&stage, 4);
    let model = tiny_en().display().to_string();
    let transcribe = ["transcribe", "answer.wav", "--out", "../home/out", "--format", "json,srt", "--model", &model];
    let ended = Running::start(disk.command(&transcribe, 1)).end_within(LIMIT);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    super::support::assert_is_an_error(ended.stderr.split("\n0 transcribed").next().expect("a first part"), &["out"]);
    let left: Vec<_> = files_below(&stage.home()).into_iter().filter(|path| path.is_file()).collect();
    for file in left {
        let text = fs::read_to_string(&file).expect("it is a text");
        assert!(
            file.ends_with("answer.srt") || serde_json::from_str::<serde_json::Value>(&text).is_ok(),
            "{file:?}: {text}"
        );
    }
}
