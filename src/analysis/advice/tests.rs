use super::super::measure;
use super::super::spoken_for_tests::{Take, english, take};
use super::*;
use crate::content::frameworks::Frameworks;
use crate::types::{Bluf, Judged, Question, Star, StarPart, StarPartFound, WordRange};

/// A story of forty words with the given parts, each ten words long.
fn story(present: &[StarPart]) -> Star {
    let missing: Vec<StarPart> = StarPart::ALL.into_iter().filter(|part| !present.contains(part)).collect();
    let part = |(index, part): (usize, StarPart)| {
        let range = WordRange::new(index * 10, index * 10 + 10);
        let quote = format!("the {} part", part.name());
        let present = present.contains(&part);
        (
            part,
            StarPartFound {
                present,
                confidence: 0.9,
                share: 0.25,
                words: vec![range],
                quote,
                ..StarPartFound::default()
            },
        )
    };
    let parts = StarPart::ALL.into_iter().enumerate().map(part).collect();
    Star {
        judged: Judged::Yes,
        coverage: present.len() as f64 / 4.0,
        missing,
        order_ok: true,
        confidence: 0.9,
        unsure: Vec::new(),
        parts,
    }
}

fn advised(take: &Take, star: Star, bluf: Bluf) -> (Vec<Strength>, Vec<Advice>) {
    let analysis = measure(&take.read(&english()), star, bluf, Frameworks::builtin());
    advise(&take.heard(), &analysis)
}

fn titles(advice: &[Advice]) -> Vec<&str> {
    advice.iter().map(|advice| advice.title.as_str()).collect()
}

const TEXT: &str = "we had a slow page in the old shop then I was asked to make it fast by summer \
    so I measured every call and I cut what was not used and in the end it was ninety percent faster for all";

#[test]
fn a_missing_result_comes_before_everything_else_and_there_are_never_more_than_three() {
    let words = format!("{TEXT} you know you know you know you know you know it was their fault I guess maybe perhaps");
    let late = Bluf { up_front: Some(false), quote: Some("it was faster".into()), ..Bluf::default() };
    let (_, advice) = advised(&Take::written(&words), story(&[StarPart::Situation]), late);
    assert_eq!(titles(&advice), ["Say how it ended", "Say what you did", "Say what was asked of you"]);
}

#[test]
fn a_result_with_a_number_is_praised_and_one_without_is_advised_upon() {
    let (strengths, advice) = advised(&Take::written(TEXT), story(&StarPart::ALL), Bluf::default());
    assert_eq!(strengths[0].why, "ninety percent");
    assert!(!titles(&advice).contains(&"Put a number on your result"));
    let (_, advice) =
        advised(&Take::written(&TEXT.replace("ninety percent", "very much")), story(&StarPart::ALL), Bluf::default());
    assert_eq!(titles(&advice)[0], "Put a number on your result");
    assert_eq!(advice[0].why, "\"the Result part\"");
}

#[test]
fn a_late_bottom_line_is_to_be_said_first_in_its_own_words() {
    let quote = Some("and in the end, um, we won it".into());
    let late = Bluf { up_front: Some(false), sentence: Some(4), quote, confidence: 0.95, ..Bluf::default() };
    let (_, advice) = advised(&Take::written(TEXT), Star::default(), late);
    let found = advice.iter().find(|advice| advice.title == "Open with the bottom line").expect("it came late");
    assert_eq!((found.why.as_str(), found.try_saying.as_str()), ("It came in sentence 5", "\"We won it.\""));
}

#[test]
fn a_story_whose_outcome_was_not_heard_is_not_told_which_sentence_states_it() {
    let quote = Some("we launched on time".into());
    let late = Bluf { up_front: Some(false), sentence: Some(3), quote, confidence: 0.95, ..Bluf::default() };
    let mut star = story(&[StarPart::Situation, StarPart::Task, StarPart::Action]);
    star.unsure = std::mem::take(&mut star.missing);
    let (_, advice) = advised(&Take::written(TEXT), star, late);
    assert!(!titles(&advice).contains(&"Open with the bottom line"), "{advice:?}");
}

#[test]
fn a_sentence_that_points_back_is_no_opening() {
    let quote = Some("This reduced the rework.".into());
    let late = Bluf { up_front: Some(false), sentence: Some(4), quote, confidence: 0.95, ..Bluf::default() };
    let (_, advice) = advised(&Take::written(TEXT), Star::default(), late);
    let found = advice.iter().find(|advice| advice.title == "Open with the bottom line").expect("it came late");
    assert_eq!(found.try_saying, "What did you change, in one sentence? You said: \"This reduced the rework.\"");
}

#[test]
fn a_missed_point_is_what_to_say_next_time() {
    let question = Question { notes: vec!["the audit in Lisbon".into()], ..Question::default() };
    let take = Take { question: Some(question), ..Take::written(TEXT) };
    let (_, advice) = advised(&take, Star::default(), Bluf::default());
    assert_eq!(advice[0].try_saying, "Next time, say: the audit in Lisbon");
}

#[test]
fn of_missed_points_a_statement_is_named_before_a_question() {
    let advised_on = |notes: &[&str]| {
        let question = Question { notes: notes.iter().map(|note| (*note).into()).collect(), ..Question::default() };
        let take = Take { question: Some(question), ..Take::written(TEXT) };
        advised(&take, Star::default(), Bluf::default()).1[0].try_saying.clone()
    };
    assert_eq!(advised_on(&["Which audit was it?", "the audit in Lisbon"]), "Next time, say: the audit in Lisbon");
    // Words tell little about whether a question was answered, so nothing is advised on one.
    assert!(!advised_on(&["Which audit was it?"]).contains("audit"));
}

#[test]
fn silence_is_named_and_a_few_words_are_neither_praised_nor_judged() {
    let nothing = advised(&take("", &[]), Star::default(), Bluf::default());
    assert_eq!((nothing.0.len(), titles(&nothing.1)), (0, vec!["Nothing was heard"]));
    let wordless = advised(&take("", &[(0.0, 2.0)]), Star::default(), Bluf::default());
    assert_eq!(titles(&wordless.1), ["No words were understood"]);
    let few = advised(&take("I like it", &[(0.0, 2.0)]), Star::default(), Bluf::default());
    assert_eq!(
        (few.0.len(), titles(&few.1), few.1[0].why.as_str()),
        (0, vec!["Say more"], "3 words: too few to judge")
    );
}

#[test]
fn a_flood_of_ums_is_advised_upon_with_its_rate() {
    let (_, advice) = advised(&take(&format!("{TEXT} um uh um"), &[(0.0, 15.0)]), Star::default(), Bluf::default());
    let found = advice.iter().find(|advice| advice.title == "Let a pause be silent").expect("12 a minute is too many");
    assert!(found.why.starts_with("12 a minute"), "{}", found.why);
}
