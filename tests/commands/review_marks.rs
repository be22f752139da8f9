//! `greenroom review mark` and `review note`: what a person says of a take is kept beside it, shown, and used for the next one.

use std::path::PathBuf;

use greenroom::store::{Home, SessionFolder};
use greenroom::types::{Prompt, QuestionRef, Report, Seconds, SessionSettings};
use jiff::Zoned;
use serde_json::{Value, json};

use super::support::Stage;

const BANK: &str = "# Mine\n\n## Tell me about a change that met resistance.\n**My notes**\n\n- Calm and well prepared\n\
    - Samples counted every week\n";

const FIRST: &str = "Last autumn our clinic lost samples in the post room, and I was asked to find out why. The head nurse did \
    not want a new form. I showed her the numbers from the last three months, and I sat with her for an hour. We, like, \
    count samples at noon now, and you can see it, like, in every week. Since then two samples were lost instead of thirty.";

const AGAIN: &str = "Samples went missing at our clinic last autumn. The head nurse was against any new form. So I showed the \
    head nurse our numbers of the last three months and sat down with her. Now we count the samples at noon, \
    and you see it every week. Since then \
    only two were lost, and she explains the form to others.";

/// A home with one bank of one question, which was answered once.
fn stage() -> (Stage, String) {
    let stage = Stage::silent();
    let bank = stage.write("mine.md", BANK);
    stage.run(["bank", "import", bank.to_str().expect("a path of a test")]).succeeded();
    let bank = stage.run(["bank", "show", "mine", "--json"]).succeeded().json();
    let id = bank["questions"][0]["id"].as_str().expect("an id").to_owned();
    let report: Report = serde_json::from_value(analyze(&stage, &id, FIRST)).expect("a report");
    let text = bank["questions"][0]["text"].as_str().expect("a text").to_owned();
    let question = QuestionRef { id: id.clone(), text, bank: Some("mine".to_owned()) };
    let (home, now) = (Home::at(stage.home()), Zoned::now());
    let mut folder = SessionFolder::create(&home, &now, "mine", Some("mine".into()), SessionSettings::default())
        .expect("a session can be made");
    let take = folder.begin_take(question, Prompt::Question, now.timestamp()).expect("a take begins");
    folder.finish_recording(take, Seconds(60.0)).expect("it ends");
    folder.save_report(take, &report).expect("it can be saved");
    (stage, id)
}

fn analyze(stage: &Stage, id: &str, answer: &str) -> Value {
    let question = format!("mine/{id}");
    stage.run_with_input(["analyze", "-", "--json", "--question", &question], answer).succeeded().json()
}

/// What is found of a point: `yes`, `partly` or `no`.
fn covered(report: &Value, point: &str) -> String {
    let points = report["analysis"]["points"].as_array().expect("a list");
    let found = points.iter().find(|found| found["text"] == point).unwrap_or_else(|| panic!("{point}: {points:#?}"));
    found["covered"].as_str().expect("a word").to_owned()
}

fn shown(stage: &Stage) -> Value {
    stage.run(["review", "show", "last/1", "--json"]).succeeded().json()["reports"][0].clone()
}

fn file(stage: &Stage, ending: &str) -> PathBuf {
    let below = super::support::files_below(&stage.home()).into_iter();
    below.into_iter().find(|file| file.to_string_lossy().ends_with(ending)).unwrap_or_else(|| panic!("no {ending}"))
}

#[test]
fn a_point_marked_as_made_is_shown_so_and_is_ticked_when_it_is_said_again_in_like_words() {
    let (stage, id) = stage();
    let point = "Calm and well prepared";
    assert_eq!(
        (covered(&shown(&stage), point), covered(&analyze(&stage, &id, AGAIN), point)),
        ("no".into(), "no".into())
    );
    let report = std::fs::read(file(&stage, ".report.json")).expect("it is there");
    let by = ["--by", "I showed her the numbers from the last three months"];
    let marked = stage.run([&["review", "mark", "last/1", "--made", "calm and"], &by[..]].concat()).succeeded();
    assert!(marked.stderr.contains("I showed her the numbers"), "{}", marked.stderr);

    let seen = shown(&stage);
    assert_eq!(covered(&seen, point), "yes");
    assert_eq!(seen["analysis"]["points"][0]["marked"], true);
    assert_eq!(
        std::fs::read(file(&stage, ".report.json")).expect("it is there"),
        report,
        "the report is the analysis'"
    );
    let page = stage.run(["review", "show", "last/1"]).succeeded().stdout;
    assert!(page.contains("Your points: 1 of 2 made") || page.contains("Your points: 2 of 2 made"), "{page}");
    assert!(page.lines().count() <= 24 && page.lines().all(|line| line.chars().count() <= 80), "{page}");

    assert_eq!(covered(&analyze(&stage, &id, AGAIN), point), "yes");
    stage.run(["review", "mark", "last/1", "--clear", "1"]).succeeded();
    assert_eq!(
        (covered(&shown(&stage), point), covered(&analyze(&stage, &id, AGAIN), point)),
        ("no".into(), "no".into())
    );
}

#[test]
fn a_false_tick_that_was_marked_does_not_come_again() {
    let (stage, id) = stage();
    let point = "Samples counted every week";
    let before = (covered(&shown(&stage), point), covered(&analyze(&stage, &id, AGAIN), point));
    assert!(before.0 != "no" && before.1 != "no", "{before:?}");
    stage.run(["review", "mark", "last", "--not-made", "2"]).succeeded();
    assert_eq!(
        (covered(&shown(&stage), point), covered(&analyze(&stage, &id, AGAIN), point)),
        ("no".into(), "no".into())
    );
}

#[test]
fn what_was_no_filler_is_counted_no_more() {
    let (stage, _) = stage();
    let count = |report: &Value| report["analysis"]["fillers"]["items"].as_array().expect("a list").len();
    assert_eq!(count(&shown(&stage)), 2);
    // There are two of them: which one must be said.
    stage.run(["review", "mark", "last", "--no-filler", "like"]).failed(1, &["1 \"like\" in", "2 \"like\" in"]);
    let listed = stage.run(["review", "mark", "last", "--no-filler", "2", "--json"]).succeeded().json();
    assert_eq!(listed["fillers"].as_array().map(Vec::len), Some(1));
    assert_eq!(count(&shown(&stage)), 1);
    stage.run(["review", "mark", "last", "--no-filler", "like"]).succeeded();
    assert_eq!(shown(&stage)["analysis"]["fillers"]["count"], 0);
}

#[test]
fn what_is_noted_for_a_question_is_one_of_its_points_and_a_remark_is_not() {
    let (stage, id) = stage();
    let noted = "Two samples lost instead of thirty";
    stage.run(["review", "note", "last", noted, "Apologised to my deputy"]).succeeded();
    stage.run(["review", "note", "last", "--remark", "Too fast at the end"]).succeeded();
    for report in [shown(&stage), analyze(&stage, &id, AGAIN)] {
        assert_eq!(covered(&report, "Apologised to my deputy"), "no");
    }
    assert_eq!(covered(&shown(&stage), noted), "yes");
    let notes = stage.run(["bank", "show", &format!("mine/{id}"), "--json"]).succeeded().json()["notes"].clone();
    assert!(notes.as_array().is_some_and(|notes| notes.contains(&json!(noted))), "{notes}");
    let page = stage.run(["review", "show"]).succeeded().stdout;
    assert!(page.contains("Your remark: Too fast at the end") && page.contains("of 4 made"), "{page}");
    let json = stage.run(["review", "show", "--json"]).succeeded().json();
    assert_eq!(json["remarks"]["1"]["notes"], json!(["Too fast at the end"]));

    let left = stage.run(["review", "note", "last", "--remove", "2", "--json"]).succeeded().json();
    assert_eq!((&left["points"], &left["remarks"]), (&json!([noted]), &json!(["Too fast at the end"])));
    stage.run(["review", "note", "last", "--remove", "7"]).failed(1, &["1 \"Two samples", "greenroom review note"]);
    stage.run(["review", "note", "last", " "]).failed(2, &["has words"]);
}

#[test]
fn an_unknown_take_or_point_says_what_there_is() {
    let (stage, _) = stage();
    stage.run(["review", "mark", "last/7", "--made", "1"]).failed(1, &["no take 7", "number 1"]);
    stage.run(["review", "mark", "1999", "--made", "1"]).failed(1, &["1999", "greenroom review list"]);
    let points = ["1 \"Calm and well prepared\"", "2 \"Samples counted every week\""];
    stage.run(["review", "mark", "last", "--made", "9"]).failed(1, &points);
    stage.run(["review", "mark", "last", "--made", "something else"]).failed(1, &points);
    let by = ["review", "mark", "last", "--made", "1", "--by", "words nobody said"];
    stage.run(by).failed(1, &["words nobody said", "--transcript"]);
    stage.run(["review", "mark", "last", "--by", "an hour"]).failed(2, &["--made"]);
    let listed = stage.run(["review", "mark"]).succeeded().stdout;
    assert!(listed.contains("  1  no     Calm and well prepared") && listed.contains("\"like\" in"), "{listed}");
    assert!(super::support::files_below(&stage.home()).iter().all(|file| !file.ends_with("remarks.json")));
}

#[test]
fn a_damaged_file_of_remarks_is_named_and_never_replaced() {
    let (stage, id) = stage();
    stage.run(["review", "mark", "last", "--made", "1"]).succeeded();
    let remarks = file(&stage, "remarks.json");
    std::fs::write(&remarks, "{\"takes\"").expect("it can be written");
    stage.run(["review", "mark", "last", "--made", "2"]).failed(1, &["remarks.json is damaged"]);
    assert_eq!(std::fs::read_to_string(&remarks).expect("it is there"), "{\"takes\"");
    // The next answer is judged all the same.
    assert_eq!(covered(&analyze(&stage, &id, AGAIN), "Calm and well prepared"), "no");
}
