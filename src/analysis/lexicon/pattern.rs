//! What may stand around a marker: one line of a lexicon, such as `@be _ @number`.

use std::collections::{BTreeMap, HashSet};

/// The words around one place, as a [`Pattern`] asks for them.
///
/// Distances count from the marker outwards: 0 is its neighbour. Filled pauses are looked through.
pub(crate) trait Surroundings {
    /// The word at a distance to the left, if the answer goes that far.
    fn left(&self, distance: usize) -> Option<&str>;
    /// The word at a distance to the right, if the answer goes that far.
    fn right(&self, distance: usize) -> Option<&str>;
    /// What separates the word at `distance` to the left from what follows it.
    fn left_gap(&self, distance: usize) -> Gap;
    /// What separates the word at `distance` to the right from what precedes it.
    fn right_gap(&self, distance: usize) -> Gap;
    /// Whether a word is a number, in digits or spelled.
    fn is_number(&self, word: &str) -> bool;
    /// Whether the answer is written with punctuation.
    fn punctuated(&self) -> bool;
    /// Whether the word at a distance to the left is part of a marker already found.
    fn left_is_marker(&self, distance: usize) -> bool;
}

/// What stands between two neighbouring words, the weakest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gap {
    /// A comma, dash or other mark, or the end of a sentence.
    pub mark: bool,
    /// The end of a sentence, or an end of the answer.
    pub sentence: bool,
    /// The beginning or the end of the answer.
    pub answer: bool,
    /// A filled pause was looked through.
    pub filled: bool,
}

/// A context: elements outwards from the marker on both sides.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Pattern {
    left: Vec<Element>,
    right: Vec<Element>,
}

#[derive(Clone, Debug, PartialEq)]
struct Element {
    /// Must *not* fit.
    negated: bool,
    any_of: Vec<Choice>,
}

#[derive(Clone, Debug, PartialEq)]
enum Choice {
    /// `,`: a mark stands here. Takes no word.
    Mark,
    /// `^` or `$`: a sentence, or the answer, begins or ends here. Takes no word.
    Edge,
    /// `@start` or `@end`: the answer begins or ends here. Takes no word.
    AnswerEdge,
    /// `~`: a filled pause stands here. Takes no word.
    FilledPause,
    /// `@punctuated`: the answer has punctuation. Takes no word.
    Punctuated,
    /// `*`: any word.
    Any,
    /// `*ing`, `un*`: words with that end or start.
    Ending(String),
    Beginning(String),
    /// `@number`.
    Number,
    /// `@marker`: part of a filler found just before.
    Marker,
    /// One of these words.
    Words(HashSet<String>),
}

impl Choice {
    fn takes_a_word(&self) -> bool {
        let zero_width = [Choice::Mark, Choice::Edge, Choice::AnswerEdge, Choice::FilledPause, Choice::Punctuated];
        !zero_width.contains(self)
    }
}

impl Pattern {
    /// Reads a pattern; `classes` are what `@name` stands for. The error says what is wrong with it.
    pub fn parse(text: &str, classes: &BTreeMap<String, HashSet<String>>) -> Result<Pattern, String> {
        let (before, after) = text
            .split_once('_')
            .filter(|(_, after)| !after.contains('_'))
            .ok_or_else(|| "a context has exactly one _ where the marker stands".to_owned())?;
        let elements = |side: &str| side.split_whitespace().map(|e| Element::parse(e, classes)).collect();
        let mut left: Vec<Element> = Result::from_iter::<Vec<Result<Element, String>>>(elements(before))?;
        left.reverse();
        let right = Result::from_iter::<Vec<Result<Element, String>>>(elements(after))?;
        Ok(Pattern { left, right })
    }

    /// Whether the pattern fits around a place. Costs no more than its own length.
    pub fn fits(&self, around: &impl Surroundings) -> bool {
        fits_side(&self.left, around, Side::Left) && fits_side(&self.right, around, Side::Right)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
}

fn fits_side(elements: &[Element], around: &impl Surroundings, side: Side) -> bool {
    let mut distance = 0;
    for element in elements {
        if element.fits(around, side, distance) == element.negated {
            return false;
        }
        if element.any_of.iter().any(Choice::takes_a_word) {
            distance += 1;
        }
    }
    true
}

impl Element {
    fn parse(text: &str, classes: &BTreeMap<String, HashSet<String>>) -> Result<Element, String> {
        let (negated, text) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut any_of = Vec::new();
        let mut words = HashSet::new();
        for choice in text.split('|') {
            match choice {
                "" => return Err(format!("nothing stands at one side of | or ! in \"{text}\"")),
                "," => any_of.push(Choice::Mark),
                "^" | "$" => any_of.push(Choice::Edge),
                "~" => any_of.push(Choice::FilledPause),
                "*" => any_of.push(Choice::Any),
                "@number" => any_of.push(Choice::Number),
                "@start" | "@end" => any_of.push(Choice::AnswerEdge),
                "@punctuated" => any_of.push(Choice::Punctuated),
                "@marker" => any_of.push(Choice::Marker),
                _ => {
                    if let Some(class) = choice.strip_prefix('@') {
                        let members = classes.get(class).ok_or_else(|| format!("there is no class @{class}"))?;
                        words.extend(members.iter().cloned());
                    } else if let Some(end) = choice.strip_prefix('*') {
                        any_of.push(Choice::Ending(end.to_owned()));
                    } else if let Some(start) = choice.strip_suffix('*') {
                        any_of.push(Choice::Beginning(start.to_owned()));
                    } else {
                        words.insert(choice.to_owned());
                    }
                }
            }
        }
        if !words.is_empty() {
            any_of.push(Choice::Words(words));
        }
        Ok(Element { negated, any_of })
    }

    fn fits(&self, around: &impl Surroundings, side: Side, distance: usize) -> bool {
        let (gap, word) = match side {
            Side::Left => (around.left_gap(distance), around.left(distance)),
            Side::Right => (around.right_gap(distance), around.right(distance)),
        };
        self.any_of.iter().any(|choice| match (choice, word) {
            (Choice::Mark, _) => gap.mark,
            (Choice::Edge, _) => gap.sentence,
            (Choice::AnswerEdge, _) => gap.answer,
            (Choice::FilledPause, _) => gap.filled,
            (Choice::Punctuated, _) => around.punctuated(),
            (Choice::Any, word) => word.is_some(),
            (Choice::Ending(end), Some(word)) => word.len() > end.len() && word.ends_with(end.as_str()),
            (Choice::Beginning(start), Some(word)) => word.starts_with(start.as_str()),
            (Choice::Number, Some(word)) => around.is_number(word),
            (Choice::Marker, _) => side == Side::Left && around.left_is_marker(distance),
            (Choice::Words(words), Some(word)) => words.contains(word),
            (_, None) => false,
        })
    }
}
