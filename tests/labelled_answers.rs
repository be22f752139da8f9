//! The labelled answers follow their markup and their conventions.

#[path = "../examples/accuracy/labelled.rs"]
mod labelled;
#[path = "../examples/accuracy/utterances.rs"]
mod utterances;

use std::collections::HashSet;
use std::path::Path;

use labelled::{LabelledAnswer, parse};

fn by_file() -> Vec<(String, Vec<LabelledAnswer>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/labelled/star");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the labelled answers are in the repository") {
        let path = entry.expect("the folder can be listed").path();
        let text = std::fs::read_to_string(&path).expect("a labelled file is text");
        let answers = parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        files.push((name, answers));
    }
    files
}

#[test]
fn every_file_is_read_and_ids_are_unique_and_begin_with_the_writer() {
    let mut ids = HashSet::new();
    for (writer, answers) in by_file() {
        assert!(!answers.is_empty(), "{writer} is empty");
        for answer in answers {
            assert_eq!(answer.writer(), writer, "{}", answer.id);
            assert!(ids.insert(answer.id.clone()), "{} comes twice", answer.id);
        }
    }
}

#[test]
fn the_bottom_line_is_up_front_exactly_when_its_sentence_is_the_first_or_second() {
    for answer in by_file().into_iter().flat_map(|(_, answers)| answers) {
        let front = answer.bottom_line.is_some_and(|sentence| sentence < 2);
        assert_eq!(answer.up_front, front, "{}: the mark stands in sentence {:?}", answer.id, answer.bottom_line);
    }
}

#[test]
fn raw_answers_have_no_punctuation_and_others_have_some() {
    for answer in by_file().into_iter().flat_map(|(_, answers)| answers) {
        let punctuated = |word: &String| word.ends_with(['.', ',', '?', '!', ';', ':']);
        assert_eq!(answer.words.iter().any(punctuated), !answer.raw, "{}", answer.id);
    }
}

#[test]
fn stories_have_parts_and_other_answers_have_none() {
    for answer in by_file().into_iter().flat_map(|(_, answers)| answers) {
        assert_eq!(answer.labels.iter().any(Option::is_some), answer.story, "{}", answer.id);
    }
}

#[test]
fn there_are_at_least_400_answers_of_60_000_words_by_eight_writers() {
    let files = by_file();
    let answers: usize = files.iter().map(|(_, answers)| answers.len()).sum();
    let words: usize = files.iter().flat_map(|(_, answers)| answers).map(|answer| answer.words.len()).sum();
    assert!(answers >= 400 && words >= 60_000 && files.len() >= 8, "{answers} answers, {words} words");
}
