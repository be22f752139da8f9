use super::super::told_for_tests::{answer_to, told};
use super::*;
use crate::types::{DiscussionTopic, QuestionKind, StructureStep};

fn scenario() -> Question {
    let topic = |topic: &str, prompts: &[&str]| DiscussionTopic {
        topic: topic.into(),
        prompts: prompts.iter().map(|prompt| (*prompt).into()).collect(),
    };
    let step = |step: &str| StructureStep { step: step.into(), hint: String::new() };
    Question {
        id: "port".into(),
        text: "The port that stood still".into(),
        kind: QuestionKind::Scenario,
        situation: Some("You join a port.".into()),
        duration_min: Some(40),
        structure: ["Questions (4 min)", "First week (18 min)", "The year (18 min)"].map(step).into(),
        challenges: vec!["A strike next week.".into()],
        discussion: vec![
            topic("Safety", &["Which cranes would you stop at once?", "Whom would you send home?"]),
            topic("Money", &["What would the board see after a year?"]),
        ],
        notes: vec!["Cranes before software".into()],
        ..Question::default()
    }
}

fn plan(question: &Question, style: &Style) -> Option<Conversation> {
    Conversation::plan(question, style, &mut Rng::with_seed(1))
}

/// Plays a conversation in which every turn takes `turn_s` and is answered by `reply`.
fn played(
    question: &Question,
    style: &Style,
    turn_s: f64,
    reply: impl Fn(&str) -> String,
) -> (Conversation, Vec<Told>) {
    let mut conversation = plan(question, style).expect("there is something to talk about");
    let mut takes: Vec<Told> = Vec::new();
    let mut turn = Some(conversation.opening(question));
    while let Some(now) = turn {
        let report = answer_to(&now.question, &reply(&now.says));
        takes.push(Told { take: takes.len() + 1, part: now.part, said: now.says, ..told(now.prompt, report) });
        turn = conversation.next(question, &takes, Seconds(turn_s * takes.len() as f64));
    }
    (conversation, takes)
}

fn nothing(_: &str) -> String {
    "well that is a good question and nobody knows".to_owned()
}

fn said(takes: &[Told]) -> Vec<&str> {
    takes.iter().map(|told| told.said.as_str()).collect()
}

#[test]
fn the_prompts_are_asked_topic_by_topic_and_a_challenge_comes_last() {
    let question = scenario();
    let (_, takes) = played(&question, &Style::default(), 60.0, nothing);
    let expected = [
        "Where would you begin, and what would you want to know first?",
        "Which cranes would you stop at once?",
        "Whom would you send home?",
        "What would the board see after a year?",
        "Think of this as well: A strike next week. What does it change?",
    ];
    assert_eq!(said(&takes), expected);
    let place = |told: &Told| match &told.part {
        Some(TakePart::Phase { turn, phase, topic }) => (*turn, phase.clone(), topic.clone()),
        other => panic!("{other:?}"),
    };
    let owned = |text: &str| Some(text.to_owned());
    assert_eq!(place(&takes[0]), (1, owned("Questions"), None));
    assert_eq!(place(&takes[2]), (3, owned("First week"), owned("Safety")));
    assert_eq!(place(&takes[3]), (4, owned("The year"), owned("Money")));
}

#[test]
fn a_topic_that_had_its_time_makes_way_and_the_end_is_the_end() {
    let question = scenario();
    // Of 40 minutes 4 belong to the opening and 18 to each topic.
    let (_, takes) = played(&question, &Style::default(), 750.0, nothing);
    assert_eq!(
        said(&takes)[1..],
        [
            "Which cranes would you stop at once?",
            "What would the board see after a year?",
            "Think of this as well: A strike next week. What does it change?"
        ][..]
    );
    let (_, takes) = played(&question, &Style { duration: Some(Seconds(100.0)), ..Style::default() }, 60.0, nothing);
    assert_eq!(takes.len(), 2);
}

#[test]
fn what_an_answer_touched_is_not_asked() {
    let question = scenario();
    let touching = |says: &str| match says.starts_with("Where") {
        true => {
            "First I would stop the old cranes at once, before they hurt somebody, and look at the software later. \
                 Then I would walk through the whole port with the people who work there every day."
                .to_owned()
        }
        false => nothing(says),
    };
    let (conversation, takes) = played(&question, &Style::default(), 60.0, touching);
    assert!(!said(&takes).contains(&"Which cranes would you stop at once?"), "{:?}", said(&takes));
    let summary = conversation.summary(&question, &takes, Seconds(240.0));
    let point = &summary.topics[0].points[0];
    assert_eq!(
        (point.text.as_str(), point.take, point.asked_in),
        ("Which cranes would you stop at once?", Some(1), None)
    );
    assert!(point.quote.contains("stop") && point.at_s.is_some(), "{point:?}");
    let names: Vec<(&str, bool)> = summary.topics.iter().map(|topic| (topic.topic.as_str(), topic.touched)).collect();
    assert_eq!(names, [("Safety", true), ("Money", false), (NOTES, true)]);
}

#[test]
fn what_was_asked_and_answered_in_other_words_counts_as_answered_and_not_as_made() {
    let question = scenario();
    let long = |_: &str| "we would look at the figures every friday with everybody who is around there".to_owned();
    let (conversation, takes) = played(&question, &Style::default(), 60.0, long);
    let summary = conversation.summary(&question, &takes, Seconds(240.0));
    let point = &summary.topics[0].points[1];
    assert_eq!((point.covered, point.asked_in, point.take), (Covered::No, Some(3), None));
    assert!(point.quote.starts_with("we would look"), "{point:?}");
    assert!(summary.topics[0].touched);
}

#[test]
fn a_question_gives_its_topics_or_challenges_or_steps_to_talk_about_or_is_asked_alone() {
    let deep = Question { kind: QuestionKind::DeepDive, text: "What did you build?".into(), ..Question::default() };
    assert!(plan(&deep, &Style::default()).is_none());
    let step = |step: &str, hint: &str| StructureStep { step: step.into(), hint: hint.into() };
    let steps =
        Question { structure: vec![step("Goal", "the problem, the users."), step("Numbers", "")], ..deep.clone() };
    let (_, takes) = played(&steps, &Style::default(), 10.0, nothing);
    assert_eq!(
        said(&takes),
        ["What did you build?", "Let us go deeper. Goal: the problem, the users.", "Let us go deeper. Numbers."]
    );
    let challenges = Question { challenges: vec!["No money".into(), "No time".into()], ..deep.clone() };
    let (_, takes) = played(&challenges, &Style::default(), 10.0, nothing);
    assert_eq!(
        said(&takes)[1..],
        [
            "Think of this as well: No money. What does it change?",
            "Think of this as well: No time. What does it change?"
        ][..]
    );
    let framework = Question { frameworks: vec!["decision".into()], ..deep };
    let (_, takes) = played(&framework, &Style::default(), 10.0, nothing);
    let parts = &Frameworks::builtin().named("decision").expect("it ships").parts;
    assert_eq!(takes.len(), 1 + parts.len());
    assert_eq!(takes[1].said, parts[0].probes[0]);
}

#[test]
fn an_answer_to_a_prompt_is_wanted_in_minutes_and_not_in_the_whole_hour() {
    let question = scenario();
    let opening = plan(&question, &Style::default()).expect("there are topics").opening(&question);
    assert_eq!((opening.question.target_s, opening.question.duration_min), (Some([60, 180]), None));
    assert!(opening.spoken().starts_with("You join a port.\nWhere would you begin"), "{}", opening.spoken());
    let style = Style { target_s: Some([10, 20]), ..Style::default() };
    assert_eq!(plan(&question, &style).expect("there are topics").opening(&question).question.target_s, Some([10, 20]));
}
