//! The answers labelled for frameworks and the stories labelled for moves can be read, and name parts there are.

#[path = "../examples/accuracy/answers.rs"]
mod answers;
#[path = "../examples/frameworks/data.rs"]
#[allow(dead_code, reason = "the example also asks what was asked")]
mod data;
#[path = "../examples/accuracy/labelled.rs"]
mod labelled;

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use data::{Labelled, answers, others, stories, unknown_parts};
use greenroom::content::frameworks::Frameworks;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn all() -> Vec<Labelled> {
    let mut labelled = answers(root()).expect("the labelled answers can be read");
    labelled.extend(others(root()).expect("the labelled answers of others can be read"));
    labelled.extend(stories(root()).expect("the labelled stories can be read"));
    labelled
}

#[test]
fn every_label_names_a_part_of_its_framework_and_no_id_comes_twice() {
    let labelled = all();
    assert_eq!(unknown_parts(&labelled, Frameworks::builtin()), [""; 0]);
    let mut ids = HashSet::new();
    for answer in &labelled {
        assert!(ids.insert(&answer.id), "{} comes twice", answer.id);
        let told: HashSet<&String> = answer.told.iter().collect();
        assert_eq!(told.len(), answer.told.len(), "{} names a part twice", answer.id);
    }
}

#[test]
fn each_framework_has_answers_and_each_part_is_told_in_some_and_left_out_in_others() {
    let labelled = all();
    let mut by_framework: BTreeMap<&str, Vec<&Labelled>> = BTreeMap::new();
    for answer in &labelled {
        by_framework.entry(&answer.framework).or_default().push(answer);
    }
    for framework in Frameworks::builtin().iter().filter(|framework| framework.name != "star") {
        let answers = by_framework.get(framework.name.as_str()).map_or(&[][..], |answers| answers);
        for part in &framework.parts {
            let told = answers.iter().filter(|answer| answer.told.contains(&part.name)).count();
            assert!(0 < told && told < answers.len(), "{}, {}: {told}", framework.name, part.name);
        }
    }
}

#[test]
fn answers_have_60_to_160_words_and_a_third_of_them_no_punctuation() {
    let answers = answers(root()).expect("the labelled answers can be read");
    let raw = |answer: &&Labelled| !answer.transcript.text.contains(['.', ',', '?']);
    assert!(3 * answers.iter().filter(raw).count() >= answers.len());
    for answer in &answers {
        let words = answer.transcript.words.len();
        assert!((60..=160).contains(&words), "{}: {words} words", answer.id);
    }
}
