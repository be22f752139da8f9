//! What only real processes can show: a kill, two programs at once, a home without rights, a full disk.
//!
//! A test that needs another program starts this test binary again with [`ROLE`] set; the
//! test `another_program` then plays that part and is nothing otherwise.

#![allow(clippy::print_stdout, reason = "the other program speaks to the test through its output")]

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use super::*;

/// Which part the other program plays, and in which home.
const ROLE: (&str, &str) = ("GREENROOM_TEST_ROLE", "GREENROOM_TEST_HOME");

fn program(role: &str, home: &Home) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "processes::another_program", "--nocapture", "--test-threads=1"]);
    command.env(ROLE.0, role).env(ROLE.1, home.root());
    command
}

/// Runs a part to its end and returns what it printed.
fn run(mut command: Command) -> String {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// Starts a part and waits until it says that it is ready.
fn start(mut command: Command) -> Child {
    let mut child = command.stdout(Stdio::piped()).stdin(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("ready")), "the other program ended early");
    child
}

#[test]
fn another_program() {
    let Ok(role) = std::env::var(ROLE.0) else { return };
    let home = Home::at(std::env::var_os(ROLE.1).unwrap());
    match role.as_str() {
        "record" => record_until_killed(&home),
        "create" => {
            for _ in 0..20 {
                let id = new_session(&home).session().id.clone();
                println!("\nid {id}");
            }
        }
        "prepare" => println!("\nsaid {}", home.prepare().unwrap_err()),
        "list" => println!("\nsaid {}", list_sessions(&home).unwrap_err()),
        "full" => println!("\nsaid {}", fill_the_disk(&home)),
        other => panic!("no part is called {other}"),
    }
}

fn record_until_killed(home: &Home) {
    let mut folder = new_session(home);
    begin(&mut folder, "conflict");
    fs::write(folder.files(1).unwrap().recording, open_recording(1.0)).unwrap();
    println!("\nready");
    std::io::stdin().lines().for_each(drop);
}

#[test]
fn a_session_is_left_alone_while_its_program_lives_and_comes_back_when_it_is_killed() {
    let test = test_home();
    let mut other = start(program("record", &test.home));
    assert!(list_sessions(&test.home).unwrap().sessions[0].live);
    assert!(recover(&test.home).unwrap().unfinished.is_empty());
    other.kill().unwrap();
    other.wait().unwrap();
    assert!(!list_sessions(&test.home).unwrap().sessions[0].live);
    let found = recover(&test.home).unwrap();
    assert_eq!(found.unfinished[0].answer.duration_s, Some(Seconds(1.0)));
}

#[test]
fn two_programs_that_begin_in_the_same_minute_get_folders_of_their_own() {
    let test = test_home();
    let children: Vec<Child> =
        (0..2).map(|_| program("create", &test.home).stdout(Stdio::piped()).spawn().unwrap()).collect();
    // Listing and recovering at the same time must not get in their way.
    for _ in 0..50 {
        list_sessions(&test.home).unwrap();
        recover(&test.home).unwrap();
    }
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let list = list_sessions(&test.home).unwrap();
    assert_eq!((list.sessions.len(), list.broken.len()), (40, 0));
}

/// Makes `command` run as somebody without rights; tests in containers run as root, whom no rights stop.
fn as_nobody(command: &mut Command, folder: &Path) {
    // The system's call for one's own user id is not in std; the owner of a new file tells it.
    use std::os::unix::fs::MetadataExt;
    if fs::metadata(folder).unwrap().uid() == 0 {
        command.uid(65_534).gid(65_534);
    }
}

/// A copy of this test binary that everybody may run, and a home that only its owner may write.
fn locked_home(rights: u32) -> (tempfile::TempDir, Home, PathBuf) {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let binary = folder.path().join("tests");
    // By another process: a file that this one has open for writing, if only in a fork, cannot be run.
    let copied = Command::new("cp").arg(std::env::current_exe().unwrap()).arg(&binary).status().unwrap();
    assert!(copied.success());
    fs::set_permissions(&binary, fs::Permissions::from_mode(0o755)).unwrap();
    let home = Home::at(folder.path().join("home"));
    home.prepare().unwrap();
    for path in [home.sessions(), home.root().to_owned()] {
        fs::set_permissions(path, fs::Permissions::from_mode(rights)).unwrap();
    }
    (folder, home, binary)
}

fn run_as_nobody(role: &str, home: &Home, binary: &Path) -> String {
    let mut command = Command::new(binary);
    command.args(["--exact", "processes::another_program", "--nocapture"]);
    command.env(ROLE.0, role).env(ROLE.1, home.root());
    as_nobody(&mut command, binary);
    run(command)
}

#[test]
fn a_read_only_home_is_found_before_anything_is_recorded() {
    let (_folder, home, binary) = locked_home(0o555);
    let said = run_as_nobody("prepare", &home, &binary);
    assert!(said.contains(&format!("said {} cannot be written", home.sessions().display())), "{said}");
    restore(&home);
}

#[test]
fn an_unreadable_home_is_an_error_that_names_it() {
    let (_folder, home, binary) = locked_home(0o311);
    let said = run_as_nobody("list", &home, &binary);
    assert!(said.contains(&format!("said {} cannot be read", home.sessions().display())), "{said}");
    restore(&home);
}

/// Gives the rights back, so that the folder can be removed.
fn restore(home: &Home) {
    use std::os::unix::fs::PermissionsExt;
    for path in [home.root().to_owned(), home.sessions()] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

/// Saves a transcript that has no room, and returns what was said.
fn fill_the_disk(home: &Home) -> StoreError {
    let mut folder = SessionFolder::open(home, "2026-11-21T0930-stakeholders").unwrap();
    let error = folder.save_transcript(1, &Transcript::of_text(&"word ".repeat(100_000))).unwrap_err();
    assert_eq!(folder.session().answers[0].status, AnswerStatus::Recorded);
    folder.note_problem(1, "there was no room for the transcript").unwrap();
    error
}

#[test]
fn a_full_disk_is_said_and_leaves_every_file_as_it_was() {
    let test = test_home();
    let mut folder = new_session(&test.home);
    begin(&mut folder, "conflict");
    fs::write(folder.files(1).unwrap().recording, open_recording(1.0)).unwrap();
    folder.finish_recording(1, Seconds(1.0)).unwrap();
    let path = folder.path().to_owned();
    drop(folder);

    // A limit on the size of files fails like a disk that fills up in the middle of one.
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -f 64; trap '' XFSZ; exec \"$0\" --exact processes::another_program --nocapture"]);
    shell.arg(std::env::current_exe().unwrap()).env(ROLE.0, "full").env(ROLE.1, test.home.root());
    let said = run(shell);
    assert!(said.contains("said no room left to write") && said.contains("01-conflict.transcript.json"), "{said}");
    assert_eq!(files_in(&path), [".lock", "01-conflict.wav", "session.json"]);
    let stored = find(&test.home, "last").unwrap();
    assert_eq!(stored.answer(1).unwrap().problem.as_deref(), Some("there was no room for the transcript"));
}
