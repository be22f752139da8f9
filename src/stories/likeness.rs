//! How alike two tellings are, by the rare words they share.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::stems::Stems;
use crate::analysis::lexicon::Lexicon;
use crate::analysis::tokens::{normal, normals};
use crate::content::builtin_banks;
use crate::types::Transcript;

/// A word of the question counts for so much: two answers to one question share it whatever they tell.
const QUESTION_WEIGHT: f64 = 0.2;

/// How telling words are: rare ones are, and those that the person uses in every story are not.
pub(super) struct Rarity {
    /// In how many of our own example answers each stem stands.
    documents: HashMap<String, usize>,
    count: usize,
    /// How much each stem tells the person's own stories apart, 0 to 1; 1 where it is not listed.
    own: HashMap<String, f64>,
}

impl Rarity {
    /// Rarity in general, learned from the example answers of our own banks.
    pub fn general(stems: &Stems) -> Rarity {
        let mut documents: HashMap<String, usize> = HashMap::new();
        let mut count = 0;
        let answers = builtin_banks().iter().flat_map(|bank| &bank.questions).flat_map(|question| &question.answers);
        for answer in answers {
            count += 1;
            for stem in stems_of(stems, &Transcript::of_text(&answer.text)).collect::<HashSet<_>>() {
                *documents.entry(stem).or_default() += 1;
            }
        }
        Rarity { documents, count, own: HashMap::new() }
    }

    /// The same, knowing in how many of the person's stories each stem stands.
    pub fn among<'a>(self, stories: impl Iterator<Item = HashSet<&'a str>>) -> Rarity {
        let mut uses: HashMap<&str, usize> = HashMap::new();
        let mut count = 0_usize;
        for story in stories {
            count += 1;
            story.into_iter().for_each(|stem| *uses.entry(stem).or_default() += 1);
        }
        let all = count.max(1) as f64;
        let tells = |uses: usize| (1.0 + all / uses as f64).ln() / (1.0 + all).ln();
        let own = uses.into_iter().map(|(stem, uses)| (stem.to_owned(), tells(uses))).collect();
        Rarity { own, ..self }
    }

    /// How much a stem tells: 0 for one that is everywhere, about 6 for one our answers never use.
    pub fn of(&self, stem: &str) -> f64 {
        self.general_of(stem) * self.own.get(stem).copied().unwrap_or(1.0)
    }

    /// The same without regard to the person's own stories.
    pub fn general_of(&self, stem: &str) -> f64 {
        let uses = self.documents.get(stem).copied().unwrap_or(0);
        ((self.count as f64 + 1.0) / (uses as f64 + 0.5)).ln().max(0.0)
    }
}

/// The stems of a telling without its numbers, which may be told otherwise each time.
fn stems_of(stems: &Stems, transcript: &Transcript) -> impl Iterator<Item = String> {
    stems.terms(&normals(transcript)).into_iter().filter(|term| !term.is_number).map(|term| term.stem)
}

/// What a telling is compared by.
pub(super) struct Profile {
    /// How often each stem is said.
    pub said: BTreeMap<String, usize>,
    /// Stems of the question.
    asked: HashSet<String>,
}

impl Profile {
    pub fn of(stems: &Stems, transcript: &Transcript, question: &str) -> Profile {
        let mut said = BTreeMap::new();
        stems_of(stems, transcript).for_each(|stem| *said.entry(stem).or_default() += 1);
        let words: Vec<String> = question.split_whitespace().map(normal).collect();
        Profile { said, asked: stems.terms(&words).into_iter().map(|term| term.stem).collect() }
    }

    fn weight(&self, rarity: &Rarity, stem: &str, times: usize) -> f64 {
        let asked = if self.asked.contains(stem) { QUESTION_WEIGHT } else { 1.0 };
        rarity.of(stem) * asked * (1.0 + (times as f64).ln())
    }
}

/// A profile whose weights are worked out.
pub(super) struct Weighed(BTreeMap<String, f64>, f64);

impl Weighed {
    pub fn of(profile: &Profile, rarity: &Rarity) -> Weighed {
        let weights: BTreeMap<String, f64> =
            profile.said.iter().map(|(stem, times)| (stem.clone(), profile.weight(rarity, stem, *times))).collect();
        let norm = weights.values().map(|weight| weight * weight).sum::<f64>().sqrt();
        Weighed(weights, norm)
    }

    /// How alike two tellings are, 0 to 1: the mean of the cosine, and of the share of the shorter one that the longer
    /// one holds; so a telling in fifteen seconds is known again in one of two minutes.
    pub fn likeness(&self, other: &Weighed) -> f64 {
        let (small, large) = if self.0.len() <= other.0.len() { (self, other) } else { (other, self) };
        let (mut product, mut shared) = (0.0, 0.0);
        for (stem, weight) in &small.0 {
            if let Some(there) = large.0.get(stem) {
                product += weight * there;
                shared += weight.min(*there).powi(2);
            }
        }
        let cosine = product / (self.1 * other.1).max(f64::MIN_POSITIVE);
        let held = shared / (self.1.min(other.1)).powi(2).max(f64::MIN_POSITIVE);
        0.5 * (cosine + held.min(1.0))
    }
}

/// The language's stemmer and numbers.
pub(super) fn stems(lexicon: &Lexicon) -> Stems<'_> {
    Stems::new(lexicon)
}
