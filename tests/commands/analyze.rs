//! `greenroom analyze`.

use serde_json::Value;

use super::support::{Stage, words};
use super::with_recording;

const ANSWER: &str = "Um, so last year I led the payments team. Failures dropped by 60%.";

#[test]
fn a_text_from_standard_input_a_file_or_a_report_gives_the_same_report() {
    let stage = Stage::silent();
    let of_stdin = stage.run_with_input(["analyze", "-", "--json"], ANSWER).succeeded();
    let report = of_stdin.json();
    assert_eq!(words(&report), ANSWER.split_whitespace().collect::<Vec<_>>());
    assert_eq!((&report["recording"], &report["transcript"]["words"][0]["start_s"]), (&Value::Null, &Value::Null));
    assert_eq!(report["analysis"]["fillers"]["filled_pauses"]["count"], 1);
    stage.write("answer.txt", ANSWER);
    stage.write("report.json", &of_stdin.stdout);
    for file in ["answer.txt", "report.json"] {
        assert_eq!(stage.run(["analyze", file, "--json"]).succeeded().json(), report, "{file}");
    }
    let shown = stage.run(["analyze", "answer.txt", "--transcript"]).succeeded();
    assert!(shown.stdout.contains("Fillers") && shown.stdout.contains("payments team"), "{}", shown.stdout);
    assert_eq!(shown.stderr, "");
}

#[test]
fn a_recording_is_transcribed_and_the_report_says_by_which_model() {
    let stage = with_recording();
    let report = stage.run(["analyze", "answer.wav", "--json"]).succeeded().json();
    assert!(words(&report).iter().any(|word| word.contains("team")), "{:?}", words(&report));
    let length_s = report["recording"]["duration_s"].as_f64().expect("a length");
    assert!((3.0..6.0).contains(&length_s), "{length_s}");
    assert_eq!(report["transcript"]["model"], "tiny.en");
}

#[test]
fn a_question_in_words_or_by_its_id_stands_in_the_report() {
    let stage = Stage::silent();
    let banks = stage.run(["bank", "list", "--json"]).succeeded().json();
    let question = &banks[0]["questions"][0];
    let id = question["id"].as_str().expect("an id");
    let report = stage.run_with_input(["analyze", "-", "--question", id, "--json"], ANSWER).succeeded().json();
    assert_eq!(report["question"]["text"], question["text"]);
    stage.run_with_input(["analyze", "-", "--question", "nowhere"], ANSWER).failed(2, &["nowhere"]);
}

#[test]
fn a_framework_of_ones_own_is_covered_and_a_broken_one_is_named_and_left_out() {
    let stage = Stage::silent();
    let folder = stage.home().join("frameworks");
    std::fs::create_dir_all(&folder).expect("a folder");
    let own = r#"name = "premortem"
        title = "Pre-mortem"
        asked_by = ["what could go wrong"]
        parts = [{name = "Worst outcome", cues = ["worst case"]}, {name = "Owner", cues = ["owner"]}]"#;
    std::fs::write(folder.join("premortem.toml"), own).expect("writes");
    std::fs::write(folder.join("broken.toml"), "name = 7").expect("writes");
    let answer = "Well, the worst case is that we lose the whole register on the night of the switch. ".repeat(3);
    let question = ["analyze", "-", "--question", "What could go wrong with the migration?", "--json"];
    let ended = stage.run_with_input(question, &answer).succeeded();
    let report = ended.json();
    let covered = report["analysis"]["frameworks"].as_array().expect("frameworks");
    let own = covered.iter().find(|framework| framework["name"] == "premortem").expect("it is asked for");
    assert_eq!((&own["parts"][0]["present"], &own["parts"][1]["present"]), (&Value::Bool(true), &Value::Bool(false)));
    assert!(ended.stderr.contains("broken.toml"), "{}", ended.stderr);
}

#[test]
fn an_answer_is_held_against_the_best_one_of_the_bank() {
    let stage = Stage::silent();
    let banks = stage.run(["bank", "list", "--json"]).succeeded().json();
    let id = banks[0]["questions"][0]["id"].as_str().expect("an id");
    let answer = "I asked both leads what they wanted and we agreed on one goal for the quarter. ".repeat(3);
    let report = stage.run_with_input(["analyze", "-", "--question", id, "--json"], &answer).succeeded().json();
    let moves = report["analysis"]["moves"].as_array().expect("moves");
    let of = |name: &str| moves.iter().find(|found| found["name"] == name);
    assert_eq!(of("Shared goal").map(|found| &found["made"]), Some(&Value::Bool(true)));
    assert!(moves.iter().any(|found| found["made"] == false && found["best"].is_string()), "{moves:?}");
}

#[test]
fn lines_of_json_keep_their_ids_and_a_bad_line_does_not_stop_the_rest() {
    let stage = Stage::silent();
    let lines = [
        r#"{"id": "first", "question": "What happened?", "text": "Um, I led the team."}"#,
        r#"{"id": "second", "text": }"#,
        "",
        r#"{"id": 3, "text": "We shipped it in June."}"#,
        r#"{"id": "fourth"}"#,
    ];
    stage.write("answers.jsonl", lines.join("\n"));
    let ended = stage.run(["analyze", "--jsonl", "answers.jsonl"]).failed(3, &["answers.jsonl line 5", "text"]);
    assert!(ended.stderr.contains("answers.jsonl line 2"), "{}", ended.stderr);
    let reports: Vec<Value> = ended.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let ids: Vec<_> = reports.iter().map(|report| report["id"].clone()).collect();
    assert_eq!(ids, [Value::from("first"), Value::from(3)]);
    assert_eq!(reports[0]["question"]["text"], "What happened?");
    assert_eq!(reports[0]["schema"], "greenroom.report/1");
    let from_stdin = stage.run_with_input(["analyze", "--jsonl", "-"], lines[0]).succeeded();
    assert_eq!(from_stdin.stdout.lines().next(), ended.stdout.lines().next());
}

#[test]
fn lines_of_nothing_are_an_error_like_an_answer_of_nothing() {
    let stage = Stage::silent();
    stage.write("blank.jsonl", "\n  \n");
    stage.run(["analyze", "--jsonl", "blank.jsonl"]).failed(1, &["blank.jsonl", "each line is an answer"]);
    stage.run_with_input(["analyze", "--jsonl", "-"], "").failed(1, &["standard input", "each line is an answer"]);
}

#[test]
fn what_is_no_recording_and_no_transcript_is_refused_with_the_way_out() {
    let stage = Stage::silent();
    stage.write("other.json", r#"{"name": "greenroom"}"#);
    stage.write("broken.json", "{\"text\": }");
    stage.write("folder/inside.txt", "");
    stage.run(["analyze", "nowhere.wav"]).failed(1, &["nowhere.wav", "No such file"]);
    stage.run(["analyze", "nowhere.txt"]).failed(1, &["nowhere.txt", "No such file"]);
    stage.run(["analyze", "nowhere.jsonl", "--jsonl"]).failed(1, &["nowhere.jsonl"]);
    stage.run(["analyze", "other.json"]).failed(1, &["other.json", "srt, vtt or txt"]);
    stage.run(["analyze", "broken.json"]).failed(1, &["broken.json", "line 1"]);
    stage.run(["analyze", "other.json", "--speaker", "Sam"]).failed(1, &["other.json"]);
    stage.run(["analyze", "folder"]).failed(1, &["folder", "greenroom transcribe folder"]);
}

/// A talk of two as a meeting program exports it.
const TALK: &str = "WEBVTT\n\n1\n00:00:00.000 --> 00:00:04.000\n<v Ana Ruiz>What went wrong?</v>\n\n2\n00:00:04.000 --> 00:00:14.000\n\
    <v Lee Park>Um, we lost 4 hours of orders. I called every customer.</v>\n";

#[test]
fn of_a_talk_the_one_who_says_most_is_taken_or_who_is_named() {
    let stage = Stage::silent();
    stage.write("talk.vtt", TALK);
    let ended = stage.run(["analyze", "talk.vtt", "--json"]).succeeded();
    assert_eq!(words(&ended.json()).join(" "), "Um, we lost 4 hours of orders. I called every customer.");
    assert!(ended.stderr.contains("Lee Park says most") && ended.stderr.contains("Ana Ruiz"), "{}", ended.stderr);
    assert_eq!(ended.json()["analysis"]["length"]["duration_s"], 10.0);
    let named = stage.run(["analyze", "talk.vtt", "--speaker", "ana", "--json"]).succeeded();
    assert_eq!((words(&named.json()).join(" "), named.stderr), ("What went wrong?".to_owned(), String::new()));
    stage.run(["analyze", "talk.vtt", "--speaker", "Tom"]).failed(2, &["Tom", "--speaker \"Lee Park\""]);
    stage.write("answer.txt", ANSWER);
    stage.run(["analyze", "answer.txt", "--speaker", "Tom"]).failed(2, &["answer.txt", "--speaker"]);
}

#[test]
fn our_own_captions_and_old_encodings_are_read() {
    let stage = Stage::silent();
    stage.write("latin.txt", b"line one\r\ncaf\xe9\r\n");
    let text: Vec<u8> = "\u{feff}line one\ncaf\u{e9}\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    stage.write("wide.txt", text);
    stage.write("own.srt", "1\n00:00:00,500 --> 00:00:02,000\nline one\ncaf\u{e9}\n\n");
    for name in ["latin.txt", "wide.txt", "own.srt"] {
        assert_eq!(
            words(&stage.run(["analyze", name, "--json"]).succeeded().json()),
            ["line", "one", "caf\u{e9}"],
            "{name}"
        );
    }
}

#[test]
fn a_text_without_an_end_and_a_word_without_an_end_take_no_time() {
    let stage = Stage::silent();
    std::os::unix::fs::symlink("/dev/zero", stage.file("endless.txt")).expect("a link can be made");
    stage.run(["analyze", "endless.txt"]).failed(1, &["endless.txt", "64 MB"]);
    stage.run(["analyze", "--jsonl", "endless.txt"]).failed(1, &["endless.txt", "64 MB"]);
    let began = std::time::Instant::now();
    stage
        .run_with_input(["analyze", "-", "--full"], &format!("{ANSWER} {} {ANSWER}", "long".repeat(50_000)))
        .succeeded();
    assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
}

#[test]
fn an_empty_file_has_a_report_that_says_that_nothing_was_said() {
    let stage = Stage::silent();
    stage.write("nothing.txt", " \n");
    let shown = stage.run(["analyze", "nothing.txt"]).succeeded();
    assert!(shown.stdout.contains("Nothing was"), "{}", shown.stdout);
    assert_eq!(words(&stage.run(["analyze", "nothing.txt", "--json"]).succeeded().json()).len(), 0);
}

#[test]
fn nothing_on_standard_input_is_an_error() {
    let stage = Stage::silent();
    for nothing in ["", " \n\t\n"] {
        let ended = stage.run_with_input(["analyze", "-", "--json"], nothing);
        assert_eq!(ended.stdout, "");
        ended.failed(1, &["no text on standard input", "greenroom analyze - < "]);
    }
}
