use super::super::spoken_for_tests::{Take, english};
use super::*;
use crate::types::{Question, Seconds};

const ANSWER: &str = "In the spring we moved the billing service to the cloud in three waves and I kept a way back \
    for every wave. We did not hire anyone for it. In the end cost fell by forty percent.";

fn ticked(answer: &str, point: &str) -> Point {
    let question = Question { notes: vec![point.into()], ..Question::default() };
    let take = Take { question: Some(question), ..Take::written(answer) };
    let mut points = cover(&take.read(&english()));
    points.pop().expect("a note is a point")
}

#[test]
fn a_point_is_made_in_other_forms_and_with_the_number_spelled() {
    assert_eq!(ticked(ANSWER, "Mention: costs fell 40%").covered, Covered::Yes);
    assert_eq!(ticked(ANSWER, "Migrating billing to the cloud").covered, Covered::Yes);
    assert_eq!(ticked(ANSWER, "The security review with the auditors").covered, Covered::No);
}

#[test]
fn a_point_that_is_denied_is_not_made() {
    assert_eq!(ticked(ANSWER, "We hired people").covered, Covered::No);
    assert_ne!(ticked(ANSWER, "We did not hire for the billing service").covered, Covered::No);
}

#[test]
fn a_ticked_point_has_its_quote_and_time_and_a_missed_one_has_none() {
    let question = Question { notes: vec!["three waves".into(), "the auditors".into()], ..Question::default() };
    let mut take = Take { question: Some(question), ..Take::written(ANSWER) };
    for (index, word) in take.transcript.words.iter_mut().enumerate() {
        (word.start_s, word.end_s) = (Some(Seconds(index as f64)), Some(Seconds(index as f64 + 0.5)));
    }
    let points = cover(&take.read(&english()));
    assert_eq!((points[0].quote.as_str(), points[0].at_s), ("three waves", Some(Seconds(12.0))));
    assert_eq!((points[1].quote.as_str(), points[1].at_s), ("", None));
}

#[test]
fn the_quote_is_where_most_of_the_point_is_said() {
    let answer = "Our product manager wanted to ship before the summer. The service was failing two times a week. We agreed on a \
        smaller page. I also sent a short update to the directors every week. In the end it went well.";
    assert_eq!(ticked(answer, "I told the directors every week how it went").quote, "directors every week.");
}

#[test]
fn a_single_word_ticks_no_point_that_has_more() {
    assert_ne!(ticked(ANSWER, "The auditors reviewed our service").covered, Covered::Yes);
    assert_eq!(ticked(ANSWER, "three waves").covered, Covered::Yes);
}

#[test]
fn words_scattered_over_the_answer_do_not_make_a_point() {
    let filling = "and so on about other matters entirely with much detail ".repeat(8);
    let answer = format!("billing {filling} cloud {filling} waves {filling}");
    assert_ne!(ticked(&answer, "billing cloud waves").covered, Covered::Yes);
}

#[derive(serde::Deserialize)]
struct Labelled {
    answer: Vec<LabelledAnswer>,
}

#[derive(serde::Deserialize)]
struct LabelledAnswer {
    set: String,
    text: String,
    points: Vec<(String, String)>,
}

/// F1 over the labelled answers of a set: `yes` or `partly` against `no`; `scripts/accuracy` measures more.
fn f1(set: &str) -> f64 {
    let labelled: Labelled = toml::from_str(include_str!("../../../content/labelled/points/answers.toml"))
        .expect("the labelled answers are well formed");
    let (mut right, mut errors) = (0.0, 0.0);
    for answer in labelled.answer.iter().filter(|answer| answer.set == set) {
        let texts: Vec<&str> = answer.points.iter().map(|(_, text)| text.as_str()).collect();
        let ticked = Matcher::shipped("en").tick(&Transcript::of_text(&answer.text), &texts, &english());
        for ((label, _), point) in answer.points.iter().zip(ticked) {
            let made = point.covered != Covered::No;
            match label.as_str() {
                "yes" if made => right += 1.0,
                "yes" => errors += 1.0,
                "no" if made => errors += 1.0,
                _ => {}
            }
        }
    }
    2.0 * right / (2.0 * right + errors)
}

#[test]
fn points_of_the_labelled_answers_are_ticked_rightly() {
    for (set, least) in [("dev", 0.70), ("held", 0.70)] {
        assert!(f1(set) >= least, "{set}: F1 {:.3}", f1(set));
    }
}

#[test]
fn every_figure_has_its_weight_in_the_shipped_file() {
    for name in Figures::NAMES.iter().chain(&["company", "company_usual", "company_most"]) {
        assert!(WEIGHTS.lines().any(|line| line.split('\t').next() == Some(name)), "{name}");
    }
}

/// What the next answer makes of a point that was marked in an earlier one.
fn ticked_after(made: bool, clause: &str, point: &str, answer: &str) -> Point {
    let marks = [PointMark { point: point.into(), made, clause: clause.into() }];
    let answer = Transcript::of_text(answer);
    Matcher::shipped("en").tick_with(&answer, &[point], &marks, &english()).remove(0)
}

const AGAIN: &str = "We had trouble in the yard. So I showed my manager the numbers of the last three months and we talked \
    for an hour. After that she gave us a second crane.";

#[test]
fn what_made_a_point_once_makes_it_when_it_is_said_again_in_like_words() {
    let (point, clause) = ("Calm and prepared", "I showed her the numbers from the last three months");
    assert_eq!(ticked(AGAIN, point).covered, Covered::No);
    let again = ticked_after(true, clause, point, AGAIN);
    assert_eq!(again.covered, Covered::Yes);
    assert!(again.quote.contains("numbers of the last three months"), "{}", again.quote);
    let other = AGAIN.replace("the numbers of the last three months", "a picture of the last ship");
    assert_eq!(ticked_after(true, clause, point, &other).covered, Covered::No);
    let denied = AGAIN.replace("I showed my manager", "I never showed my manager");
    assert_ne!(ticked_after(true, clause, point, &denied).covered, Covered::Yes);
    let marks = [PointMark { point: point.into(), made: true, clause: clause.into() }];
    let another =
        Matcher::shipped("en").tick_with(&Transcript::of_text(AGAIN), &["Nobody was hurt"], &marks, &english());
    assert_eq!(another[0].covered, Covered::No);
}

#[test]
fn what_did_not_make_a_point_once_does_not_make_it_again() {
    let (point, clause) = ("Numbers every month", "I showed her the numbers from the last three months");
    assert_ne!(ticked(AGAIN, point).covered, Covered::No);
    assert_eq!(ticked_after(false, clause, point, AGAIN).covered, Covered::No);
    let made = format!("{AGAIN} I sent the numbers to everybody every month.");
    let elsewhere = ticked_after(false, clause, point, &made);
    assert_eq!(elsewhere.covered, Covered::Yes);
    assert!(elsewhere.quote.contains("every month"), "{}", elsewhere.quote);
}
