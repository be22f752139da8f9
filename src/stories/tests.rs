//! Stories as wholes; the labelled set measures how often they are right.

use super::*;
use crate::analysis::lexicon::Lexicon;
use crate::types::{FactKind, Stories};

/// A telling of a day of March.
pub(super) fn telling(day: usize, text: &str) -> Telling {
    Telling {
        take: TakeName { session: format!("2026-03-{day:02}T0900-mine"), take: 1 },
        at: format!("2026-03-{day:02}T09:00:00Z").parse().expect("it is a time"),
        question: QuestionRef { id: format!("q{day}"), text: "Tell me about a time you failed.".into(), bank: None },
        tags: vec![format!("tag{}", day % 2)],
        transcript: Transcript::of_text(text),
        bottom_line: None,
    }
}

fn compared(texts: &[&str], prepared: &[Prepared]) -> Stories {
    let lexicon = Lexicon::builtin("en").expect("English is built in");
    let tellings = texts.iter().enumerate().map(|(n, text)| telling(n + 1, text)).collect();
    compare(tellings, prepared, 0, &lexicon)
}

const FERRY: &str = "I ran ticketing for a ferry operator in Split with a team of twelve. The scanners at the gangway lost their \
    signal every morning, so I had the crew scan offline and sync at sea. Queues went down by 40 percent and we finished it in March.";
const FERRY_AGAIN: &str = "At a ferry operator in Split the gangway scanners had no signal in the mornings. I was leading twenty people \
    on the team and I let them scan offline and sync at sea. The queues went down by 38 percent, and it was finished in May.";
const BAKERY: &str = "My uncle's bakery threw away a third of its rye bread. I counted the loaves for two weeks, asked the regulars what \
    they bought, and proposed baking twice a day in smaller batches. Waste dropped to four loaves, and he opened a second shop.";

#[test]
fn one_story_told_twice_is_one_story_and_what_differs_is_quoted() {
    let stories = compared(&[FERRY, BAKERY, FERRY_AGAIN], &[]);
    assert_eq!(stories.stories.iter().map(|story| story.tellings.len()).collect::<Vec<_>>(), [2, 1]);
    let ferry = &stories.stories[0];
    assert_eq!((ferry.questions, ferry.over_used, ferry.competencies.as_slice()), (2, false, &["tag1".to_owned()][..]));
    assert!(ferry.name.contains("ferry") || ferry.name.contains("gangway"), "{}", ferry.name);
    let said: Vec<_> =
        ferry.conflicts.iter().map(|c| (c.kind, c.before.said.as_str(), c.after.said.as_str())).collect();
    assert_eq!(
        said,
        [
            (FactKind::TeamSize, "twelve", "twenty people"),
            (FactKind::Figure, "40 percent", "38 percent"),
            (FactKind::Date, "March", "May"),
        ]
    );
    let quote = &ferry.conflicts[1].after.quote;
    assert!(quote.contains("The queues went down by 38 percent"), "{quote}");
    assert!(stories.stories[1].conflicts.is_empty());
}

#[test]
fn a_story_for_four_questions_is_over_used() {
    let stories = compared(&[FERRY; 4], &[]);
    assert_eq!((stories.stories[0].questions, stories.stories[0].over_used), (4, true));
    assert!(!compared(&[FERRY; 3], &[]).stories[0].over_used);
}

#[test]
fn a_prepared_answer_is_never_practised_until_its_story_is_told_for_any_question() {
    let prepared = |id: &str, answer: &str| Prepared {
        question: QuestionRef { id: id.into(), text: "Why?".into(), bank: Some("mine".into()) },
        tags: vec!["courage".into()],
        answer: Some(answer.to_owned()),
        blanks: false,
    };
    let stories = compared(&[FERRY], &[prepared("a", FERRY_AGAIN), prepared("b", BAKERY), prepared("q1", BAKERY)]);
    assert_eq!(stories.never_practised.iter().map(|q| q.id.as_str()).collect::<Vec<_>>(), ["b"]);
    let courage = &stories.competencies[0];
    assert_eq!((courage.tag.as_str(), courage.stories.len(), courage.questions), ("courage", 0, 3));
}

#[test]
fn a_form_with_blanks_is_not_prepared() {
    let form = |id: &str, answer: Option<&str>, blanks| Prepared {
        question: QuestionRef { id: id.into(), text: "Why?".into(), bank: Some("mine".into()) },
        tags: Vec::new(),
        answer: answer.map(str::to_owned),
        blanks,
    };
    let stories = compared(&[FERRY], &[form("a", None, true), form("b", None, false), form("c", Some(BAKERY), true)]);
    assert_eq!(stories.not_prepared.iter().map(|q| q.id.as_str()).collect::<Vec<_>>(), ["a"]);
}

#[test]
fn a_few_words_are_left_out_and_nothing_gives_nothing() {
    let stories = compared(&["Too short to be told.", FERRY], &[]);
    assert_eq!((stories.stories.len(), stories.left_out.short), (1, 1));
    assert!(compared(&[], &[]).stories.is_empty());
}
