//! `greenroom review` across takes: finding, naming, listing, telling trends, renaming and deleting, on takes made without a microphone.

use std::path::PathBuf;

use greenroom::store::{Home, SessionFolder};
use greenroom::types::{Analysis, Prompt, QuestionRef, Report, Seconds, SessionSettings, Transcript, Word};
use jiff::Zoned;

use super::support::{LIMIT, Running, Stage, files_below};

/// Keeps a session that began at `at` with a take of each question, in which this was said, a word every half a second.
fn tell(stage: &Stage, at: &str, takes: &[(&str, &str)]) -> String {
    let at: Zoned = format!("{at}[UTC]").parse().expect("a time");
    let home = Home::at(stage.home());
    let mut folder = SessionFolder::create(&home, &at, "mine", None, SessionSettings::default()).expect("it is new");
    for (id, said) in takes {
        let question =
            QuestionRef { id: (*id).to_owned(), text: format!("Tell me about a {id}."), bank: Some("mine".to_owned()) };
        let take = folder.begin_take(question.clone(), Prompt::Question, at.timestamp()).expect("it is written");
        let word = |(number, text): (usize, &str)| Word {
            text: text.to_owned(),
            start_s: Some(Seconds(number as f64 / 2.0)),
            end_s: Some(Seconds(number as f64 / 2.0 + 0.4)),
            probability: None,
        };
        let words: Vec<Word> = said.split_whitespace().enumerate().map(word).collect();
        let length = Seconds(words.len() as f64 / 2.0);
        std::fs::write(folder.files(take).expect("it is there").recording, vec![7; 100_000]).expect("it is written");
        folder.finish_recording(take, length).expect("it is written");
        let transcript = Transcript::of_words(words, "none", "en");
        folder.save_transcript(take, &transcript).expect("it is written");
        let mut analysis = Analysis::default();
        analysis.length.duration_s = Some(length);
        let report = Report {
            schema: Report::SCHEMA.to_owned(),
            question: Some(question),
            recording: None,
            transcript,
            analysis,
            strengths: Vec::new(),
            advice: Vec::new(),
            notices: Vec::new(),
        };
        folder.save_report(take, &report).expect("it is written");
    }
    folder.end(at.timestamp()).expect("it is written");
    folder.session().id.clone()
}

const OLD: (&str, &str) = ("conflict", "We were migrating the database, and then the backup was empty.");
const NEW: (&str, &str) = ("conflict", "The backup held, and the customers stayed.");
const LAUNCH: (&str, &str) = ("launch", "We shipped it late.");

/// Two sessions of two takes each.
pub fn two_sessions() -> (Stage, [String; 2]) {
    let stage = Stage::silent();
    let ids =
        [tell(&stage, "2026-03-01T09:00:00", &[OLD, LAUNCH]), tell(&stage, "2026-03-02T09:00:00", &[LAUNCH, NEW])];
    (stage, ids)
}

#[test]
fn what_was_said_is_found_with_its_time_and_the_command_that_plays_it() {
    let (stage, [old, new]) = two_sessions();
    let found = stage.run(["review", "search", "backup"]).succeeded();
    assert!(found.stdout.find(&format!("{new}/2")) < found.stdout.find(&format!("{old}/1")), "{}", found.stdout);
    assert!(found.stdout.contains("the backup was empty."), "{}", found.stdout);
    assert!(found.stderr.contains("2 takes.") && found.stderr.contains("--from"), "{}", found.stderr);
    let json = stage.run(["review", "search", "migrat*", "backup was", "--json"]).succeeded().json();
    assert_eq!((&json["count"], &json["hits"][0]["take"]["session"]), (&1.into(), &old.as_str().into()));
    assert_eq!(json["hits"][0]["at_s"], 1.0, "the first that was found: {json}");
    let one = stage.run(["review", "search", "backup", "--question", "conflict", "--limit", "1", "--json"]).succeeded();
    assert_eq!(one.json()["hits"].as_array().map(Vec::len), Some(1));
    assert!(
        stage
            .run(["review", "search", "late", "--question", "conflict"])
            .succeeded()
            .stderr
            .contains("Nothing was found")
    );
    for hostile in ["NEAR(", "\"", "said:x", "-- '; DROP", "a AND", "*x", "(((", "\u{2}x"] {
        let ended = stage.run(["review", "search", hostile]);
        assert!([0, 2].contains(&ended.code) && !ended.stderr.contains("panicked"), "{hostile:?}: {ended:?}");
    }
    stage.run(["review", "search", "***"]).failed(2, &["no word to look for"]);
    stage.run(["review", "search", "late", "--question", "thing"]).failed(2, &["thing", "review list"]);
}

#[test]
fn remarks_are_found_and_a_take_is_called_as_people_call_it() {
    let (stage, [old, _]) = two_sessions();
    stage.run(["review", "note", "conflict#1", "Name the budget", "--remark"]).succeeded();
    let json = stage.run(["review", "search", "budgets", "--json"]).succeeded().json();
    assert_eq!(
        (&json["hits"][0]["take"]["session"], &json["hits"][0]["field"]),
        (&old.as_str().into(), &"remarks".into())
    );
    let first = |name: &str| {
        let json = stage.run(["review", "show", name, "--json"]).succeeded().json();
        json["reports"][0]["transcript"]["text"].as_str().map(str::to_owned)
    };
    assert_eq!(first("conflict#1").as_deref(), Some(OLD.1));
    assert_eq!(first("conflict").as_deref(), Some(NEW.1));
    assert_eq!(first("2026-03-01").as_deref(), Some(OLD.1));
    stage.run(["review", "show", "conflict#3"]).failed(1, &["conflict has no take 3; it has 2"]);
    stage.run(["review", "show", "2026-03"]).failed(1, &["could be any of 2"]);
}

#[test]
fn a_list_is_narrowed_by_question_time_and_number() {
    let (stage, [old, new]) = two_sessions();
    let ids = |flags: &[&str]| {
        let listed = stage.run(["review", "list", "--json"].iter().chain(flags)).succeeded().json();
        listed
            .as_array()
            .expect("a list")
            .iter()
            .map(|session| session["id"].as_str().expect("a name").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&[]), [&*new, &*old]);
    assert_eq!(ids(&["--limit", "1"]), [&*new]);
    assert_eq!(ids(&["--since", "2026-03-02"]), [&*new]);
    let of_one = stage.run(["review", "list", "--question", "launch"]).succeeded();
    assert!(of_one.stdout.contains("launch") && !of_one.stdout.contains("conflict"), "{}", of_one.stdout);
    stage.run(["review", "list", "--since", "soon"]).failed(2, &["soon", "30d"]);
}

#[test]
fn trends_tell_a_change_and_a_session_without_sound_says_what_to_do() {
    let empty = Stage::silent();
    assert!(empty.run(["review", "trends"]).succeeded().stderr.contains("greenroom rehearse"));
    assert!(!empty.home().exists(), "looking makes nothing");
    let stage = Stage::silent();
    for number in 0..24_usize {
        let words = if number < 12 { 60 + number % 5 } else { 30 + number % 5 };
        let said = "word ".repeat(words);
        tell(&stage, &format!("2026-03-{:02}T09:00:00", number + 1), &[("conflict", &said)]);
    }
    let json = stage.run(["review", "trends", "--json"]).succeeded().json();
    let length = &json["measures"][0];
    assert_eq!((&length["measure"], &length["change"]["takes"]), (&"length_s".into(), &12.into()), "{json}");
    let text = stage.run(["review", "trends", "--question", "conflict"]).succeeded().stdout;
    assert!(text.contains("shorter since 13 Mar 2026: 31 before, the last 12 takes"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(stage.run(["review", "trends", "--since", "2027-01-01"]).succeeded().stderr.contains("no take"));
    stage.run(["review", "trends", "--competency", "flying"]).failed(2, &["flying", "no take has any"]);
}

#[test]
fn a_broken_index_is_said_in_a_line_and_made_again_and_reindex_counts() {
    let (stage, _) = two_sessions();
    stage.run(["review", "list"]).succeeded();
    std::fs::write(stage.home().join("index.sqlite"), "nothing of the kind").expect("it can be written");
    let found = stage.run(["review", "search", "backup"]).succeeded();
    assert!(found.stderr.contains("made again") && found.stdout.contains("backup"), "{found:?}");
    assert!(!stage.run(["review", "search", "backup"]).succeeded().stderr.contains("index"));
    let json = stage.run(["review", "reindex", "--json"]).succeeded().json();
    assert_eq!((&json["sessions"], &json["takes"]), (&2.into(), &4.into()));
}

#[test]
fn a_full_disk_keeps_nobody_from_searching() {
    let (stage, _) = two_sessions();
    let mut shell = std::process::Command::new("sh");
    let command = stage.command(["review", "search", "backup"]);
    // A limit on the size of files fails like a disk that fills up in the middle of one.
    shell
        .args(["-c", "ulimit -f 16; trap '' XFSZ; exec \"$@\"", "sh"])
        .arg(command.get_program())
        .args(command.get_args());
    shell.current_dir(stage.file(""));
    command.get_envs().for_each(|(name, value)| match value {
        Some(value) => _ = shell.env(name, value),
        None => _ = shell.env_remove(name),
    });
    let ended = Running::start(shell).end_within(LIMIT).succeeded();
    assert!(ended.stderr.contains("The index is done without") && ended.stdout.contains("backup"), "{ended:?}");
    let again = stage.run(["review", "search", "backup"]).succeeded();
    assert!(!again.stderr.contains("index") && again.stdout.contains("backup"), "{again:?}");
}

#[test]
fn a_session_has_a_title_and_keeps_its_folder_and_its_remarks() {
    let (stage, [old, _]) = two_sessions();
    stage.run(["review", "note", "conflict#1", "Slower", "--remark"]).succeeded();
    stage.run(["review", "rename", "2026-03-01", "  Dress   rehearsal "]).succeeded();
    assert!(stage.home().join("sessions").join(&old).is_dir());
    assert!(stage.run(["review", "list"]).succeeded().stdout.contains(&format!("{old}  Dress rehearsal")));
    let shown = stage.run(["review", "show", "dress rehearsal/1"]).succeeded().stdout;
    assert!(shown.contains("Slower"), "{shown}");
    stage.run(["review", "rename", "conflict#1", "x"]).failed(2, &["titles are for sessions"]);
    stage.run(["review", "rename", "dress", ""]).succeeded();
    assert!(!stage.run(["review", "list"]).succeeded().stdout.contains("Dress"));
}

/// The files of all sessions, without locks.
fn session_files(stage: &Stage) -> Vec<PathBuf> {
    let files =
        files_below(&stage.home().join("sessions")).into_iter().filter(|file| file.is_file() || file.is_symlink());
    files.filter(|file| !file.ends_with(".lock")).collect()
}

#[test]
fn nothing_is_deleted_that_was_not_agreed_to_and_what_goes_is_listed_first() {
    let (stage, [old, new]) = two_sessions();
    let before = session_files(&stage);
    let asked = stage.run(["review", "delete", "conflict#1"]).failed(2, &["--yes"]);
    assert!(asked.stderr.contains(&format!("{old}/1")) && !asked.stderr.contains(&new), "{}", asked.stderr);
    stage.run(["review", "delete", "last", "--older-than", "9d", "--yes"]);
    assert_eq!(stage.run(["review", "delete"]).code, 2);
    assert_eq!(session_files(&stage), before);
    let json = stage.run(["review", "delete", "conflict#1", "--yes", "--json"]).succeeded().json();
    assert_eq!((&json["deleted"], &json["left"]["takes"]), (&1.into(), &3.into()));
    assert!(json["freed_bytes"].as_u64().is_some_and(|bytes| bytes > 100_000), "{json}");
    assert!(session_files(&stage).iter().all(|file| !file.to_string_lossy().contains("01-conflict")));
    assert!(stage.run(["review", "search", "migrating"]).succeeded().stderr.contains("Nothing was found"));
    stage.run(["review", "delete", &format!("{old}/2"), "--yes"]).succeeded();
    assert!(!stage.home().join("sessions").join(&old).exists(), "with its last take a session goes, too");
    assert_eq!(stage.sessions().len(), 1);
}

#[test]
fn recordings_alone_can_go_and_old_takes_go_together() {
    let (stage, [old, new]) = two_sessions();
    let ended = stage.run(["review", "delete", &old, &new, "--audio-only", "--yes"]).succeeded();
    assert!(
        ended.stderr.contains("recordings 4") && ended.stderr.contains("left: sessions 2, takes 4, recordings 0"),
        "{}",
        ended.stderr
    );
    assert!(session_files(&stage).iter().all(|file| !file.to_string_lossy().ends_with(".wav")));
    assert!(stage.run(["review", "show", "conflict#1", "--json"]).succeeded().stdout.contains("empty"));
    let ended = stage.run(["review", "delete", "--older-than", "2026-03-02", "--yes"]).succeeded();
    assert!(ended.stderr.contains("left: sessions 1, takes 2"), "{}", ended.stderr);
    assert!(!stage.home().join("sessions").join(old).exists());
}

#[test]
fn links_are_never_followed_and_what_is_not_ours_stays() {
    let (stage, [old, _]) = two_sessions();
    let precious = stage.write("precious.wav", vec![1; 1_000]);
    let folder = stage.home().join("sessions").join(&old);
    std::fs::remove_file(folder.join("01-conflict.wav")).expect("it is there");
    std::os::unix::fs::symlink(&precious, folder.join("01-conflict.wav")).expect("it can be made");
    std::fs::write(folder.join("my notes.txt"), "mine").expect("it can be written");
    std::fs::write(folder.join("02-launch.wav.unreadable"), "set aside").expect("it can be written");
    let ended = stage.run(["review", "delete", &old, "--yes"]).succeeded();
    assert!(ended.stderr.contains("my notes.txt"), "{}", ended.stderr);
    assert!(precious.is_file() && folder.join("my notes.txt").is_file());
    assert!(!folder.join("02-launch.wav.unreadable").exists(), "what was set aside is of the take");
    assert_eq!(stage.run(["review", "list"]).code, 0, "what is left is no broken session");
}

#[test]
fn a_session_that_is_being_recorded_is_not_deleted() {
    let (stage, [old, _]) = two_sessions();
    let open = SessionFolder::open(&Home::at(stage.home()), &old).expect("nobody else has it");
    stage.run(["review", "delete", &old, "--yes"]).failed(1, &["being recorded"]);
    let ended = stage.run(["review", "delete", "--older-than", "2026-03-02", "--yes"]).succeeded();
    assert!(ended.stderr.contains("nothing to delete"), "{}", ended.stderr);
    drop(open);
    assert!(stage.home().join("sessions").join(old).join("01-conflict.wav").is_file());
}
