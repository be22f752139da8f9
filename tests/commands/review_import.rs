//! `greenroom review import`: what was recorded or written elsewhere becomes takes like any other.

use super::support::{Stage, files_below};
use super::with_recording;

const TRANSCRIPT: &str = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Ana Silva>We lost the orders of a whole evening.\n\n\
    00:00:04.500 --> 00:00:06.000\n<v Tom Berg>And then?\n\n00:00:06.500 --> 00:00:12.000\n\
    <v Ana Silva>I called every customer the same night, and we had them back by noon.\n";

fn sessions_folder(stage: &Stage) -> Vec<String> {
    let files = files_below(&stage.home().join("sessions")).into_iter();
    files.filter(|file| !file.ends_with(".lock")).map(|file| file.display().to_string()).collect()
}

#[test]
fn a_transcript_alone_becomes_a_take_and_the_same_file_is_not_taken_twice() {
    let stage = Stage::silent();
    stage.write("call.vtt", TRANSCRIPT);
    let import = [
        "review",
        "import",
        "call.vtt",
        "--speaker",
        "Ana",
        "--question",
        "Tell me about a failure.",
        "--date",
        "2026-02-03T14:00",
    ];
    let ended = stage.run(import).succeeded();
    assert!(ended.stderr.contains("call.vtt is 2026-02-03T1400-"), "{}", ended.stderr);
    let shown = stage.run(["review", "show", "2026-02-03", "--json"]).succeeded().json();
    assert!(
        shown["reports"][0]["transcript"]["text"].as_str().is_some_and(|text| !text.contains("And then")),
        "{shown}"
    );
    assert_eq!(shown["reports"][0]["question"]["text"], "Tell me about a failure.");
    assert_eq!(shown["session"]["answers"][0]["audio"], serde_json::Value::Null);
    assert_eq!(stage.run(["review", "search", "customers called", "--json"]).succeeded().json()["count"], 1);
    let before = sessions_folder(&stage);
    std::fs::rename(stage.file("call.vtt"), stage.file("other name.vtt")).expect("it is there");
    let again = stage.run(["review", "import", "other name.vtt"]).succeeded();
    assert!(again.stderr.contains("is here already: 2026-02-03T1400-"), "{}", again.stderr);
    assert_eq!(sessions_folder(&stage), before);
}

#[test]
fn what_cannot_be_read_leaves_nothing_and_stops_nothing() {
    let stage = Stage::silent();
    stage.write("call.vtt", TRANSCRIPT);
    stage.write("broken.json", "{\"results\": [");
    stage.write("broken.wav", "this is no recording");
    let ended =
        stage.run(["review", "import", "broken.json", "broken.wav", "missing.txt", "call.vtt", "--speaker", "Ana"]);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    assert_eq!(stage.sessions().len(), 1, "{}", ended.stderr);
    assert!(sessions_folder(&stage).iter().all(|file| !file.contains("broken") && !file.contains(".draft")));
    stage.run(["review", "import", "call.vtt", "--speaker", "Nobody"]).succeeded();
    stage.run(["review", "import", "call.vtt", "--date", "soon"]).failed(2, &["soon", "2026-11-21"]);
}

#[test]
fn a_recording_is_copied_or_referred_to_and_assessed_like_any_other() {
    let stage = with_recording();
    let copied = stage.run(["review", "import", "answer.wav", "--json"]).succeeded().json();
    let session = copied["takes"][0]["take"]["session"].as_str().expect("a name").to_owned();
    let shown = stage.run(["review", "show", &session, "--json"]).succeeded().json();
    let answer = &shown["session"]["answers"][0];
    let audio =
        stage.home().join("sessions").join(&session).join(answer["audio"].as_str().expect("it has a recording"));
    assert_eq!(
        std::fs::read(&audio).expect("it is there"),
        std::fs::read(stage.file("answer.wav")).expect("it is there")
    );
    assert!(shown["reports"][0]["transcript"]["words"].as_array().is_some_and(|words| words.len() > 8), "{shown}");
    stage.run(["review", "delete", &session, "--yes"]).succeeded();
    let referred = stage.run(["review", "import", "answer.wav", "--refer", "--json"]).succeeded().json();
    let session = referred["takes"][0]["take"]["session"].as_str().expect("a name").to_owned();
    let folder = stage.home().join("sessions").join(&session);
    assert!(files_below(&folder).iter().any(|file| file.is_symlink()));
    stage.run(["review", "delete", &session, "--audio-only", "--yes"]).succeeded();
    assert!(stage.file("answer.wav").is_file() && !files_below(&folder).iter().any(|file| file.is_symlink()));
}
