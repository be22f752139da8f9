//! `greenroom review`: a home with nothing in it, with a session, and with a broken one.

use super::support::{Stage, files_below};
use super::with_recording;

/// A home with one session of one take.
fn with_session() -> Stage {
    let stage = with_recording();
    stage.write("bank.md", "# Looking back\n\n## What went well?\n");
    let rehearse = ["rehearse", "bank.md", "--voice", "text", "--device", "file:answer.wav"];
    stage.run(rehearse).succeeded();
    stage
}

#[test]
fn an_empty_home_says_what_to_do_first() {
    let stage = Stage::silent();
    let list = stage.run(["review", "list"]).succeeded();
    assert_eq!(list.stdout, "");
    assert!(list.stderr.contains("greenroom rehearse"), "{}", list.stderr);
    assert_eq!(stage.run(["review", "list", "--json"]).succeeded().json(), serde_json::json!([]));
    for command in [["review", "show"], ["review", "play"]] {
        stage.run(command).failed(1, &["nothing has been recorded", "greenroom rehearse"]);
    }
    stage.run(["review", "recover"]).succeeded();
    assert!(!stage.home().exists(), "looking makes nothing");
}

#[test]
fn a_session_is_listed_and_shown_by_its_name_its_start_and_its_take() {
    let stage = with_session();
    let sessions = stage.sessions();
    let id = sessions[0]["id"].as_str().expect("an id");
    let list = stage.run(["review", "list"]).succeeded();
    assert!(list.stdout.contains(id) && list.stdout.contains("What went well?"), "{}", list.stdout);
    let whole = stage.run(["review", "show"]).succeeded();
    assert!(whole.stdout.contains("What went well?"), "{}", whole.stdout);
    for wanted in [id, &id[..13], &format!("{id}/1"), "last/1"] {
        assert_eq!(stage.run(["review", "show", wanted]).succeeded().stdout, whole.stdout, "{wanted}");
    }
    let json = stage.run(["review", "show", "--json"]).succeeded().json();
    assert_eq!((&json["session"]["id"], json["reports"].as_array().map(Vec::len)), (&sessions[0]["id"], Some(1)));
    stage.run(["review", "show", "last/9"]).failed(1, &["9"]);
    stage.run(["review", "show", "1999"]).failed(1, &["1999", "greenroom review list"]);
}

#[test]
fn a_take_without_a_loudspeaker_is_not_played_and_that_is_said() {
    let stage = with_session();
    let ended = stage.run(["review", "play"]).failed(1, &[]);
    assert!(!ended.stderr.contains("ALSA lib"), "{}", ended.stderr);
}

#[test]
fn a_broken_session_hides_no_other() {
    let stage = with_session();
    let broken = stage.home().join("sessions/2020-01-01T0000-broken");
    std::fs::create_dir(&broken).expect("the folder is new");
    std::fs::write(broken.join("session.json"), "{").expect("it can be written");
    let list = stage.run(["review", "list"]);
    assert_eq!(list.code, 3, "{}", list.stderr);
    assert!(list.stdout.contains("What went well?") && list.stderr.contains("2020-01-01T0000-broken"), "{list:?}");
    stage.run(["review", "show", "2020"]).failed(1, &["2020-01-01T0000-broken"]);
}

/// A home whose one take has lost its transcript and its report; `change` is done to what its session says.
fn with_unfinished_take(change: impl Fn(&str) -> String) -> (Stage, std::path::PathBuf) {
    let stage = with_session();
    let id = stage.sessions()[0]["id"].as_str().expect("an id").to_owned();
    let folder = stage.home().join("sessions").join(id);
    for file in files_below(&folder) {
        let name = file.to_string_lossy();
        if name.ends_with(".transcript.json") || name.ends_with(".report.json") {
            std::fs::remove_file(&file).expect("it is ours");
        }
    }
    let path = folder.join("session.json");
    let mut session: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&path).expect("it is there")).expect("JSON");
    let take = &mut session["answers"][0];
    take["status"] = "recorded".into();
    take["transcript"] = serde_json::Value::Null;
    take["report"] = serde_json::Value::Null;
    let audio = take["audio"].as_str().expect("it has a recording").to_owned();
    take["audio"] = change(&audio).into();
    std::fs::write(&path, session.to_string()).expect("it is ours");
    (stage, folder.join(audio))
}

#[test]
fn a_take_that_cannot_be_finished_is_announced_once_and_recover_never_says_that_all_is_whole() {
    let (stage, audio) = with_unfinished_take(str::to_owned);
    std::fs::write(&audio, "this is no recording at all, whatever it is called").expect("it is ours");
    let rehearse = ["rehearse", "bank.md", "--voice", "text", "--device", "file:answer.wav"];
    let first = stage.run(rehearse);
    assert!(first.stderr.contains("1 earlier take brought back"), "{}", first.stderr);
    let second = stage.run(rehearse);
    assert!(!second.stderr.contains("earlier take"), "{}", second.stderr);
    let recover = stage.run(["review", "recover"]);
    assert_eq!(recover.code, 3, "{}", recover.stderr);
    assert!(!recover.stderr.contains("Every take is whole"), "{}", recover.stderr);
}

#[test]
fn a_session_that_names_a_file_outside_of_its_folder_is_damaged_and_nothing_there_is_read() {
    let (stage, _) = with_unfinished_take(|_| "../../../files/answer.wav".to_owned());
    let recover = stage.run(["review", "recover"]);
    assert_eq!(recover.code, 3, "{}", recover.stderr);
    assert!(recover.stderr.contains("is no file of this session"), "{}", recover.stderr);
    assert!(!recover.stderr.contains("words"), "{}", recover.stderr);
}
