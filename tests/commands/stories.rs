//! `greenroom stories`: nothing told, one story told twice with other figures, and a broken session.

use greenroom::store::{Home, SessionFolder};
use greenroom::types::{Analysis, Judged, Prompt, QuestionRef, Report, Seconds, SessionSettings, Transcript};
use jiff::{ToSpan, Zoned};

use super::support::Stage;

const FIRST: &str = "I ran ticketing for a ferry operator in Split with a team of twelve. The scanners at the gangway lost \
    their signal every morning, so I had the crew scan offline and sync at sea. Queues went down by 40 percent.";
const SECOND: &str = "At a ferry operator in Split the gangway scanners had no signal in the mornings. I was leading a team of \
    twenty and I let them scan offline and sync at sea. The queues went down by 40 percent.";

fn told(stage: &Stage, days_ago: i64, id: &str, bank: &str, text: &str) {
    let at = Zoned::now() - days_ago.days();
    let home = Home::at(stage.home());
    let mut folder = SessionFolder::create(&home, &at, "mine", Some(bank.into()), SessionSettings::default())
        .expect("a session can be made");
    let question = QuestionRef { id: id.to_owned(), text: "How was it?".into(), bank: Some(bank.to_owned()) };
    let take = folder.begin_take(question.clone(), Prompt::Question, at.timestamp()).expect("a take begins");
    folder.finish_recording(take, Seconds(60.0)).expect("it ends");
    let mut analysis = Analysis::default();
    analysis.star.judged = Judged::Yes;
    let report = Report {
        schema: Report::SCHEMA.to_owned(),
        question: Some(question),
        recording: None,
        transcript: Transcript::of_text(text),
        analysis,
        strengths: Vec::new(),
        advice: Vec::new(),
        notices: Vec::new(),
    };
    folder.save_report(take, &report).expect("it can be saved");
}

#[test]
fn with_nothing_told_the_command_says_what_to_do_first() {
    let stage = Stage::silent();
    let ended = stage.run(["stories"]).succeeded();
    assert!(ended.stdout.is_empty() && ended.stderr.contains("greenroom rehearse"), "{ended:?}");
    let json = stage.run(["stories", "--json"]).succeeded().json();
    assert_eq!((&json["schema"], json["stories"].as_array().map(Vec::len)), (&"greenroom.stories/1".into(), Some(0)));
    assert!(!stage.home().exists(), "looking makes nothing");
}

#[test]
fn a_story_told_with_other_figures_is_flagged_with_both_quotes_and_the_demo_is_left_out() {
    let stage = Stage::silent();
    told(&stage, 3, "a", "mine", FIRST);
    told(&stage, 2, "b", "mine", SECOND);
    told(&stage, 1, "demo", "demo", SECOND);
    let json = stage.run(["stories", "--json"]).succeeded().json();
    let story = &json["stories"][0];
    assert_eq!((json["stories"].as_array().map(Vec::len), &story["questions"]), (Some(1), &2.into()));
    let conflicts = story["conflicts"].as_array().expect("a list");
    assert_eq!((conflicts.len(), &conflicts[0]["kind"]), (1, &"team_size".into()), "{conflicts:#?}");
    let text = stage.run(["stories"]).succeeded().stdout;
    assert!(text.contains("a team of twelve") && text.contains("a team of twenty"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

#[test]
fn a_broken_session_is_named_and_hides_no_story() {
    let stage = Stage::silent();
    told(&stage, 3, "a", "mine", FIRST);
    let broken = stage.home().join("sessions/2020-01-01T0000-broken");
    std::fs::create_dir(&broken).expect("the folder is new");
    std::fs::write(broken.join("session.json"), "{").expect("it can be written");
    let ended = stage.run(["stories"]);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("2020-01-01T0000-broken") && ended.stdout.contains("1 story, told once"),
        "{ended:?}"
    );
}
