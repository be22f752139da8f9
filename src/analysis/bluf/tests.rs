use super::*;
use crate::analysis::Heard;
use crate::analysis::spoken_for_tests::english;
use crate::analysis::star::star;
use crate::types::{Question, Transcript};

const SET_UP: &str = "I was running the night desk at a parcel depot, and every evening two hundred parcels stayed on the \
    floor because the scanners kept freezing. My manager asked me to get that under twenty. I spent three nights on \
    the floor and wrote down what froze and when. Then I moved the chargers and I trained two people on each shift.";
const OUTCOME: &str = "We cut the parcels left behind from two hundred a night to nine by December.";

fn judge(text: &str) -> Bluf {
    let question = Question { text: "Tell me about a time you fixed a problem.".to_owned(), ..Question::default() };
    let transcript = Transcript::of_text(text);
    let heard = Heard { transcript: &transcript, sound: None, question: Some(&question) };
    let english = english();
    let answer = ReadAnswer::of(&heard, &english);
    bluf(&answer, &star(&answer))
}

#[test]
fn an_outcome_told_first_is_up_front_and_quoted() {
    let bluf = judge(&format!("{OUTCOME} {SET_UP}"));
    assert_eq!(bluf.up_front, Some(true));
    assert_eq!(bluf.quote.as_deref(), Some(OUTCOME));
    assert_eq!(bluf.at_s, None);
}

#[test]
fn an_outcome_told_last_is_found_and_not_up_front() {
    let bluf = judge(&format!("I will tell you about a depot I ran. {SET_UP} {OUTCOME}"));
    assert_eq!(bluf.up_front, Some(false));
    assert_eq!(bluf.quote.as_deref(), Some(OUTCOME));
}

#[test]
fn a_story_that_never_says_what_came_of_it_has_no_bottom_line() {
    let bluf = judge(&format!("I will tell you about a depot I ran. {SET_UP}"));
    assert_eq!((bluf.up_front, bluf.sentence, bluf.quote), (Some(false), None, None));
}

#[test]
fn nothing_is_judged_on_too_few_words() {
    assert_eq!(judge("We cut it by half.").up_front, None);
}
