//! Who did it: "I" and "we", counted and shown, not scored.
//!
//! Coaches want "I"; MIT's interview data favoured "we". So there is no verdict.

use super::answer::ReadAnswer;
use super::lexicon::before_apostrophe;
use crate::types::{Judged, Ownership, Persons, Star, StarPart};

/// Counts first persons in the whole answer and in its Action.
pub fn count(answer: &ReadAnswer, star: &Star) -> Ownership {
    let (words, lexicon) = (answer.words(), answer.lexicon);
    let persons = |range: std::ops::Range<usize>| {
        let mut persons = Persons::default();
        for index in range.filter(|index| *index < words.len()) {
            let word = before_apostrophe(&words[index]);
            if lexicon.i.contains(word) {
                persons.i += 1;
            } else if lexicon.we.contains(word) && !is_abbreviation(&answer.transcript().words[index].text) {
                persons.we += 1;
            }
        }
        persons
    };
    let whole = persons(0..words.len());
    let action = star.parts.get(&StarPart::Action).filter(|part| star.judged == Judged::Yes && part.present);
    let mut in_action = Persons::default();
    for range in action.map(|part| part.words.as_slice()).unwrap_or_default() {
        let found = persons(range.indices());
        in_action.i += found.i;
        in_action.we += found.we;
    }
    Ownership { i: whole.i, we: whole.we, in_action }
}

/// The US is a country.
fn is_abbreviation(written: &str) -> bool {
    let letters: String = written.chars().filter(|c| c.is_alphabetic()).collect();
    letters.len() > 1 && letters.chars().all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::super::spoken_for_tests::{Take, english};
    use super::*;
    use crate::types::{StarPartFound, WordRange};

    #[test]
    fn contractions_and_possessives_count_and_the_country_does_not() {
        let take = Take::written("I'm proud that my team and I, well, we\u{2019}re us and our US office");
        let ownership = count(&take.read(&english()), &Star::default());
        assert_eq!((ownership.i, ownership.we), (3, 3));
    }

    #[test]
    fn the_action_is_counted_apart_when_it_was_told() {
        let take = Take::written("we met and I wrote it while we slept");
        let part = StarPartFound { present: true, words: vec![WordRange::new(3, 9)], ..StarPartFound::default() };
        let star = Star { judged: Judged::Yes, parts: [(StarPart::Action, part)].into(), ..Star::default() };
        let ownership = count(&take.read(&english()), &star);
        assert_eq!(ownership.in_action, Persons { i: 1, we: 1 });
        assert_eq!((ownership.i, ownership.we), (1, 2));
    }
}
