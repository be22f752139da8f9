//! `greenroom rehearse --due`: what is asked and why, by the sessions on disk; and choosing with tags, seeds and counts.

use greenroom::store::{Home, SessionFolder};
use greenroom::types::{
    Analysis, Judged, LengthVerdict, Prompt, QuestionRef, Report, Seconds, SessionSettings, StarPart, Transcript,
};
use jiff::{ToSpan, Zoned};
use serde_json::Value;

use super::support::Stage;

const BANK: &str = "# Mine\n\n## Tell me about a launch that failed.\n**Tags**: launch\n\n\
    ## Tell me about your best hire.\n**Tags**: people\n\n## Why did you leave your last team?\n**Tags**: people\n";

fn stage() -> Stage {
    let stage = Stage::silent();
    let imported = stage.write("mine.md", BANK);
    stage.run(["bank", "import", imported.to_str().expect("a path of a test")]).succeeded();
    stage
}

/// Leaves a session of some days ago on disk, in which one question of the bank was answered so.
fn answered(stage: &Stage, days_ago: i64, question: &Value, change: impl FnOnce(&mut Analysis)) {
    let at = Zoned::now() - days_ago.days();
    let home = Home::at(stage.home());
    let mut folder = SessionFolder::create(&home, &at, "mine", Some("mine".into()), SessionSettings::default())
        .expect("a session can be made");
    let text = |key: &str| question[key].as_str().expect("a text").to_owned();
    let question = QuestionRef { id: text("id"), text: text("text"), bank: Some("mine".to_owned()) };
    let take = folder.begin_take(question.clone(), Prompt::Question, at.timestamp()).expect("a take begins");
    std::fs::write(folder.files(take).expect("it has files").recording, b"RIFF").expect("it can be written");
    folder.finish_recording(take, Seconds(60.0)).expect("it ends");
    let mut analysis = Analysis::default();
    analysis.length.words = 150;
    analysis.length.verdict = Some(LengthVerdict::OnTarget);
    analysis.star.judged = Judged::Yes;
    analysis.evidence.quantified_result = Some(true);
    change(&mut analysis);
    let report = Report {
        schema: Report::SCHEMA.to_owned(),
        question: Some(question),
        recording: None,
        transcript: Transcript::of_text("It failed."),
        analysis,
        strengths: Vec::new(),
        advice: Vec::new(),
        notices: Vec::new(),
    };
    folder.save_report(take, &report).expect("it can be saved");
}

fn questions(stage: &Stage) -> Vec<Value> {
    let bank = stage.run(["bank", "show", "mine", "--json"]).succeeded().json();
    bank["questions"].as_array().expect("a list").clone()
}

fn plan(stage: &Stage, args: &[&str]) -> Value {
    stage.run([&["rehearse", "mine", "--dry-run", "--json"], args].concat()).succeeded().json()
}

fn asked(plan: &Value) -> Vec<String> {
    let questions = plan["questions"].as_array().expect("a list").iter();
    questions.map(|planned| planned["question"]["text"].as_str().expect("a text").to_owned()).collect()
}

#[test]
fn what_is_due_comes_first_with_its_reason_and_nothing_is_recorded() {
    let stage = stage();
    let [launch, hire, leave] = questions(&stage).try_into().expect("three questions");
    answered(&stage, 9, &hire, |_| {});
    answered(&stage, 4, &leave, |analysis| analysis.star.missing = vec![StarPart::Result]);
    let plan = plan(&stage, &["--due"]);
    assert_eq!(plan["schema"], "greenroom.plan/1");
    assert_eq!(asked(&plan), [leave["text"].as_str().expect("a text"), launch["text"].as_str().expect("a text")]);
    let first = &plan["questions"][0];
    assert_eq!((&first["state"], &first["standing"]["last"]["grade"]), (&"due".into(), &"again".into()));
    assert_eq!(
        (&plan["questions"][1]["state"], &plan["next"]["question"]["id"]),
        (&"never_practised".into(), &hire["id"])
    );
    let text = stage.run(["rehearse", "mine", "--due", "--dry-run"]).succeeded().stdout;
    assert!(text.contains("due since") && text.contains("the result was missing"), "{text}");
    assert!(text.contains("never practised") && text.contains("After these, on"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert_eq!(stage.sessions().len(), 2, "looking records nothing");
}

#[test]
fn with_nothing_due_the_command_says_when_there_will_be_and_asks_nothing() {
    let stage = stage();
    for question in questions(&stage) {
        answered(&stage, 0, &question, |_| {});
    }
    let ended = stage.run(["rehearse", "mine", "--due"]).succeeded();
    assert!(ended.stdout.starts_with("Nothing is due. Next, on "), "{}", ended.stdout);
    let plan = plan(&stage, &["--due"]);
    assert_eq!((asked(&plan).len(), plan["next"]["due"].is_string()), (0, true));
}

#[test]
fn who_names_nothing_is_asked_what_is_due_then_what_is_new_and_the_list_on_request() {
    let stage = stage();
    let [launch, hire, leave] = questions(&stage).try_into().expect("three questions");
    let text = |question: &Value| question["text"].as_str().expect("a text").to_owned();
    answered(&stage, 9, &leave, |analysis| analysis.star.missing = vec![StarPart::Result]);
    answered(&stage, 1, &launch, |_| {});
    let tonight =
        |args: &[&str]| asked(&stage.run([&["rehearse", "--dry-run", "--json"], args].concat()).succeeded().json());
    assert_eq!(tonight(&[])[..2], [text(&leave), text(&hire)]);
    assert_eq!(tonight(&["--in-order"]), [text(&launch), text(&hire), text(&leave)]);
    assert_eq!(tonight(&["mine"]), [text(&launch), text(&hire), text(&leave)], "a bank is asked as it stands");
    assert_eq!(tonight(&["--tag", "people"])[..2], [text(&leave), text(&hire)]);
    assert_eq!(stage.run(["rehearse", "--in-order", "--due"]).code, 2);
}

#[test]
fn a_question_of_ones_own_needs_no_bank_and_keeps_its_history() {
    let stage = Stage::silent();
    let words = "Why should we give you  the platform?";
    let plan = |args: &[&str]| {
        let plan = stage.run([&["rehearse", "--ask", words, "--dry-run", "--json"], args].concat()).succeeded().json();
        plan["questions"][0].clone()
    };
    let question = plan(&[])["question"].clone();
    assert_eq!(question["text"], "Why should we give you the platform?");
    assert_eq!(question["bank"], Value::Null);
    assert_eq!(plan(&["--ask", "WHY should we give you the platform"])["question"]["id"], question["id"]);
    let shown = stage.run(["rehearse", "--ask", words, "--dry-run"]).succeeded().stdout;
    assert!(shown.contains("1 Why should we give you the platform?"), "{shown}");
    assert!(!stage.home().join("banks/asked.md").exists(), "nothing is kept without being told so");

    // It is kept before anything else is needed: there is neither a microphone nor a model here.
    let kept = stage.run(["rehearse", "--ask", words, "--keep"]);
    assert!(kept.stderr.contains("is kept in") && kept.stderr.contains("asked.md"), "{}", kept.stderr);
    let again = stage.run(["rehearse", "--ask", words, "--keep"]);
    assert!(again.stderr.contains("was kept before"), "{}", again.stderr);
    let bank = stage.run(["bank", "show", "asked", "--json"]).succeeded().json();
    assert_eq!(bank["questions"].as_array().map(Vec::len), Some(1));
    assert_eq!(bank["questions"][0]["id"], question["id"], "its history follows by its id");
    assert_eq!(plan(&[])["question"]["bank"], "asked");
    // The words of a question that is known are that question.
    let ours = stage.run(["bank", "show", "conflict", "--json"]).succeeded().json()["questions"][0].clone();
    let known = stage.run(["rehearse", "--ask", ours["text"].as_str().expect("a text"), "--dry-run", "--json"]);
    assert_eq!(known.succeeded().json()["questions"][0]["question"]["id"], ours["id"]);
    for wrong in [&["--ask", " ?"][..], &["--ask", words, "conflict"], &["--keep"], &["--ask", words, "--due"]] {
        assert_eq!(stage.run([&["rehearse"], wrong].concat()).code, 2, "{wrong:?}");
    }
}

#[test]
fn a_broken_report_is_named_and_does_not_count() {
    let stage = stage();
    let question = questions(&stage).remove(0);
    answered(&stage, 4, &question, |_| {});
    let files = super::support::files_below(&stage.home());
    let report = files.iter().find(|file| file.to_string_lossy().ends_with(".report.json")).expect("there is a report");
    std::fs::write(report, "{").expect("it can be written");
    let ended = stage.run(["rehearse", "mine", "--due", "--dry-run"]).succeeded();
    assert!(ended.stderr.contains("cannot be read and does not count"), "{}", ended.stderr);
    assert_eq!(ended.stdout.matches("never practised").count(), 3, "{}", ended.stdout);
}

#[test]
fn tags_counts_and_seeds_choose_what_is_asked() {
    let stage = stage();
    assert_eq!(asked(&plan(&stage, &["--tag", "People"])).len(), 2);
    assert_eq!(asked(&plan(&stage, &["--count", "1"])).len(), 1);
    assert_eq!(asked(&plan(&stage, &["--tag", "people", "--tag", "launch"])).len(), 3);
    let all = |args: &[&str]| {
        let args = [&["rehearse", "--dry-run", "--json", "--count", "20"], args].concat();
        asked(&stage.run(args).succeeded().json())
    };
    let shuffled = all(&["--shuffle", "--seed", "7"]);
    assert_eq!((shuffled.len(), &all(&["--shuffle", "--seed", "7"])), (20, &shuffled));
    assert_ne!(all(&["--shuffle", "--seed", "8"]), shuffled);
    assert_ne!(all(&[]), shuffled);
    // What is due is asked before anything else; chance orders only the rest.
    let question = questions(&stage).remove(2);
    answered(&stage, 9, &question, |analysis| analysis.star.missing = vec![StarPart::Result]);
    let due = all(&["--due", "--shuffle", "--seed", "7"]);
    assert_eq!((&due[0], due.len()), (&question["text"].as_str().expect("a text").to_owned(), 20));
    stage.run(["rehearse", "--dry-run", "--tag", "nonsense"]).failed(1, &["nonsense", "the tags are"]);
}
