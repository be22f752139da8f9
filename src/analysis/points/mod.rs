//! The person's own points, ticked off against the answer.
//!
//! A point counts as made when what it says is said in one place of the answer, of up to three sentences. Words are
//! compared by stem, synonym, phrase and value, weighed by how telling each is; a small model, trained on our own
//! labelled points, weighs how much is covered against what is missing, denied or said with another number. What this
//! cannot see is a point made in quite other words: so each has a strength and a quote, and a doubtful one is
//! `partly`.

mod claims;
mod examples;
mod figures;
mod matching;
mod vocabulary;

use std::sync::LazyLock;

use super::answer::ReadAnswer;
use super::lexicon::Lexicon;
use super::linear::{Weights, exp, probability};
use super::reading::Text;
use crate::types::{Covered, Point, PointMark, PointSource, Transcript, WordRange};
pub use claims::of_question;
pub use examples::same;
pub use figures::Figures;
use matching::{Place, Said, Wanted};
pub use vocabulary::Vocabulary;

/// From this strength on a point is made...
const MADE: f64 = 0.60;
/// ... and from this on in part, or in doubt.
const PARTLY: f64 = 0.45;

/// A point is denied where so much of what matches it stands behind a "not", and it does not itself.
const DENIED: f64 = 0.5;
/// A word more in the quote must cover so much more of the point.
const A_WORD_OF_THE_QUOTE: f64 = 0.01;
/// A point that is denied is no surer than this, and none that is no surer is lifted by the others of its question.
const DENIED_STRENGTH: f64 = 0.15;
/// A point of several words that a single one ("weeks") meets is no surer than this: in doubt, never made.
const SINGLE_WORD_STRENGTH: f64 = 0.59;
/// A sentence of so many words is quoted whole for a point in doubt.
const LONGEST_CLOSEST: usize = 24;
/// Strengths that differ by less are the same.
const NO_LESS_LIKE: f64 = 0.1;
/// The points of a question tell something of each other where it has at least so many.
const MIN_COMPANY: usize = 5;

/// In how many of our own texts each word stands. `scripts/train-points` makes the file again.
const COUNTS: &str = include_str!("../weights/words.tsv");
/// What each of [`Figures`] weighs. `scripts/train-points` makes the file again.
const WEIGHTS: &str = include_str!("../weights/points.tsv");

/// Words that say the same, nearly the same, or the opposite.
const ENGLISH_SYNONYMS: &str = include_str!("../../../content/synonyms/en.txt");

static ENGLISH: LazyLock<Matcher> = LazyLock::new(|| Matcher {
    vocabulary: Vocabulary::new("en", ENGLISH_SYNONYMS, COUNTS),
    model: Model::parse(WEIGHTS),
});
static GERMAN: LazyLock<Matcher> =
    LazyLock::new(|| Matcher { vocabulary: Vocabulary::new("de", "", ""), model: Model::parse(WEIGHTS) });

/// What points of one language are ticked by.
#[derive(Debug)]
pub struct Matcher {
    /// Its words.
    pub vocabulary: Vocabulary,
    /// What is made of their matches.
    pub model: Model,
}

/// What each figure of a match weighs.
#[derive(Clone, Debug)]
pub struct Model {
    /// In the order of [`Figures::NAMES`].
    pub weights: [f64; Figures::COUNT],
    /// How much a match is believed more in an answer that makes the points of its question, itself among them, and less
    /// in one that makes none: log-odds for 1 of their mean strength, the mean that changes nothing, and the log-odds that
    /// are added or taken away at the most.
    pub company: [f64; 3],
}

impl Model {
    /// Reads weights from text: a figure, a tab, hundredths.
    pub fn parse(text: &'static str) -> Model {
        let table: Weights<1> = Weights::parse(text);
        let weight = |name: &str| table.get(name).map_or(0.0, |[weight]| f64::from(*weight));
        let weights = std::array::from_fn(|index| weight(Figures::NAMES[index]));
        Model { weights, company: ["company", "company_usual", "company_most"].map(weight) }
    }

    /// How sure a point is made, 0 to 1.
    pub fn strength(&self, figures: &Figures) -> f64 {
        let products = self.weights.iter().zip(figures.values()).map(|(weight, figure)| weight * figure);
        let strength = probability(products.sum());
        if figures.polarity >= DENIED { strength.min(DENIED_STRENGTH) } else { strength }
    }

    /// How sure a point is made, given the mean strength of all points of its question.
    fn in_company(&self, strength: f64, mean: f64) -> f64 {
        if strength <= DENIED_STRENGTH {
            return strength;
        }
        let [each, usual, most] = self.company;
        let factor = exp((each * (mean - usual)).clamp(-most, most));
        strength * factor / (strength * factor + 1.0 - strength)
    }
}

/// Ticks the points of a question; none without a question, or on fewer than [`MIN_WORDS`](super::MIN_WORDS) words.
pub fn cover(answer: &ReadAnswer) -> Vec<Point> {
    let Some(question) = answer.heard.question.filter(|_| !answer.is_too_short()) else { return Vec::new() };
    let matcher = Matcher::shipped(&answer.lexicon.language);
    matcher.tick_all(&answer.text, of_question(question), &question.marks, answer.lexicon)
}

impl Matcher {
    /// The one that ships for a language; a language without one gets German's, which knows no synonyms.
    pub fn shipped(language: &str) -> &'static Matcher {
        if language == "en" { &ENGLISH } else { &GERMAN }
    }

    /// Ticks points, each with its source; `marks` are examples of how this person makes them.
    fn tick_all(
        &self,
        answer: &Text,
        points: Vec<(String, PointSource)>,
        marks: &[PointMark],
        lexicon: &Lexicon,
    ) -> Vec<Point> {
        let transcript = answer.transcript;
        let said = Said::new(answer, &self.vocabulary, lexicon);
        let find = |(text, source): &(String, PointSource)| {
            let marks = if *source == PointSource::Notes { marks } else { &[] };
            self.find(text, marks, &said, lexicon)
        };
        let found: Vec<Found> = points.iter().map(find).collect();
        let mean = found.iter().map(|found| found.strength).sum::<f64>() / found.len().max(1) as f64;
        let company = found.len() >= MIN_COMPANY;
        let tick = |((text, source), found): ((String, PointSource), Found)| {
            let Found { strength, single, by_example, place } = found;
            let strength = if company && !by_example { self.model.in_company(strength, mean) } else { strength };
            let strength = if single { strength.min(SINGLE_WORD_STRENGTH) } else { strength };
            let covered = match strength {
                strength if strength >= MADE => Covered::Yes,
                strength if strength >= PARTLY => Covered::Partly,
                _ => Covered::No,
            };
            let made = covered != Covered::No;
            let closest = if covered == Covered::Partly { around(answer, place) } else { place };
            let quote = if made { transcript.quote(closest) } else { String::new() };
            let at_s = transcript.words.get(place.first).filter(|_| made).and_then(|word| word.start_s);
            Point { text, source, covered, strength, quote, at_s, marked: false }
        };
        points.into_iter().zip(found).map(tick).collect()
    }

    /// Where one point is made, and how sure that is.
    fn find(&self, point: &str, marks: &[PointMark], said: &Said, lexicon: &Lexicon) -> Found {
        let wanted = Wanted::new(point, &self.vocabulary, lexicon);
        let mut places = matching::places(&wanted, said, &self.vocabulary);
        let examples = examples::of(point, marks, said, &self.vocabulary, lexicon);
        // Once words were marked that do not make it, neither does what is less like the point, or strewn over sentences.
        let strength_of = |place: &Place| self.model.strength(&place.figures);
        let rejected = places.iter().filter(|place| examples.rejects(place.words)).map(strength_of).reduce(f64::max);
        let still_counts = |place: &Place| {
            rejected.is_none_or(|rejected| {
                strength_of(place) > rejected - NO_LESS_LIKE && place.words.len() <= LONGEST_CLOSEST
            })
        };
        places.retain(|place| !examples.rejects(place.words) && still_counts(place));
        let strengths = places.iter().map(|place| (strength_of(place), place));
        let best = strengths.max_by(|one, other| one.0.total_cmp(&other.0));
        let strength = best.map_or(0.0, |(strength, _)| strength);
        if let Some((alike, place)) = examples.made.filter(|(alike, _)| *alike >= strength) {
            return Found { strength: alike, single: false, by_example: true, place };
        }
        let lone = best.is_some_and(|(_, place)| place.figures.lone > 0.0);
        let single = best.is_some_and(|(_, place)| lone && place.figures.one_term == 0.0);
        // A point that more than one word makes is not quoted by one.
        places.retain(|place| lone || place.figures.lone == 0.0);
        let place = quoted(&places).unwrap_or(WordRange::new(0, 0));
        Found { strength, single, by_example: false, place }
    }

    /// The clause of an answer that comes closest to a point, made or not; `None` where nothing of it is said.
    pub fn closest(&self, answer: &Transcript, point: &str, lexicon: &Lexicon) -> Option<WordRange> {
        let text = Text::of(answer);
        let said = Said::new(&text, &self.vocabulary, lexicon);
        let wanted = Wanted::new(point, &self.vocabulary, lexicon);
        let place = quoted(&matching::places(&wanted, &said, &self.vocabulary))?;
        Some(around(&text, place))
    }

    /// Ticks a person's points, with what they marked before as examples, as [`cover`] does.
    pub fn tick_with(
        &self,
        answer: &Transcript,
        points: &[&str],
        marks: &[PointMark],
        lexicon: &Lexicon,
    ) -> Vec<Point> {
        let points = points.iter().map(|text| ((*text).to_owned(), PointSource::Notes)).collect();
        self.tick_all(&Text::of(answer), points, marks, lexicon)
    }

    /// Ticks points that belong to no question, as [`cover`] does.
    pub fn tick(&self, answer: &Transcript, points: &[&str], lexicon: &Lexicon) -> Vec<Point> {
        self.tick_with(answer, points, &[], lexicon)
    }
}

/// How sure a point is made, whether by a single word alone or as the person made it before, and the words to quote.
struct Found {
    strength: f64,
    single: bool,
    by_example: bool,
    place: WordRange,
}

/// The words to quote for a point: those that cover most of it and are not many.
fn quoted(places: &[Place]) -> Option<WordRange> {
    let worth = |place: &&Place| place.figures.covered - A_WORD_OF_THE_QUOTE * place.words.len() as f64;
    let best = places.iter().max_by(|one, other| worth(one).total_cmp(&worth(other)));
    best.map(|place| place.words)
}

/// The sentence around words that make a point, where it is one to be quoted whole; else the words.
fn around(answer: &Text, place: WordRange) -> WordRange {
    let sentence = answer.sentence_at(place.first).filter(|sentence| place.end <= sentence.end);
    sentence.filter(|sentence| sentence.len() <= LONGEST_CLOSEST).unwrap_or(place)
}

/// What training and measuring look at: the figures of every place of a written answer, for each point.
pub fn figures_of(
    answer: &Transcript,
    points: &[&str],
    vocabulary: &Vocabulary,
    lexicon: &Lexicon,
) -> Vec<Vec<Figures>> {
    let said = Said::new(&Text::of(answer), vocabulary, lexicon);
    let of_point = |point: &&str| {
        let wanted = Wanted::new(point, vocabulary, lexicon);
        matching::places(&wanted, &said, vocabulary).into_iter().map(|place| place.figures).collect()
    };
    points.iter().map(of_point).collect()
}

/// The stems of a text, for counting in how many texts each stands.
pub fn stems(text: &str, vocabulary: &Vocabulary, lexicon: &Lexicon) -> Vec<String> {
    let words: Vec<String> = text.split_whitespace().map(super::tokens::normal).collect();
    let terms = vocabulary.terms(&words, lexicon, true);
    terms.into_iter().filter(|term| term.value.is_none() && term.parts.is_empty()).map(|term| term.stem).collect()
}

#[cfg(test)]
mod tests;
