//! Choosing what to ask: by name, by tag, how many, in which order.

use fastrand::Rng;
use thiserror::Error;

use crate::remedy::{Action, NextStep, Remedy, next};
use crate::types::{Bank, Question};

/// What to ask. The default is everything, in the order of the banks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Names of banks, ids of questions, beginnings of ids that fit only one question, or `bank/id`.
    /// Empty means all banks.
    pub names: Vec<String>,
    /// Only questions with one of these tags or this theme, without regard to case. Empty means all.
    pub tags: Vec<String>,
    /// At most so many questions.
    pub count: Option<usize>,
    /// Shuffled with this seed; the same seed gives the same order. `None` keeps the order.
    pub seed: Option<u64>,
}

/// A question that was chosen, and the bank it stands in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chosen<'a> {
    /// The bank.
    pub bank: &'a Bank,
    /// The question.
    pub question: &'a Question,
}

/// Why there is nothing to ask.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ChooseError {
    /// No bank and no question has this name.
    #[error("there is no bank and no question named {name}")]
    Unknown {
        /// The name.
        name: String,
        /// Names that are near it, the nearest first.
        near: Vec<String>,
    },
    /// More than one question has an id that begins so.
    #[error("{name} fits {} questions", ids.len())]
    Ambiguous {
        /// The beginning.
        name: String,
        /// The ids that begin with it.
        ids: Vec<String>,
    },
    /// No question has one of these tags.
    #[error("no question is tagged {}", tags.join(" or "))]
    NoSuchTag {
        /// The tags.
        tags: Vec<String>,
        /// The tags there are, in order of the alphabet.
        known: Vec<String>,
    },
    /// The banks hold no question.
    #[error("there is no question to ask")]
    Nothing,
}

impl Remedy for ChooseError {
    fn next_step(&self) -> NextStep {
        match self {
            Self::Unknown { near, .. } if near.is_empty() => next!["see what there is: ", Action::Banks],
            Self::Unknown { near, .. } => format!("did you mean {}?", near.join(" or ")).into(),
            Self::Ambiguous { ids, .. } => format!("type more of one of them: {}", ids.join(", ")).into(),
            Self::NoSuchTag { known, .. } if known.is_empty() => "no question has a tag; leave out --tag".into(),
            Self::NoSuchTag { known, .. } => format!("the tags are: {}", known.join(", ")).into(),
            Self::Nothing => next!["write a bank: ", Action::NewBank],
        }
    }

    /// Whether a name is one of nothing: a slip of the hand, like a flag that does not exist.
    fn is_usage(&self) -> bool {
        matches!(self, Self::Unknown { .. } | Self::Ambiguous { .. })
    }
}

/// Chooses questions; each at most once, in the order they were named.
///
/// # Errors
///
/// When a name fits nothing or too much, or when nothing is left to ask.
pub fn choose<'a>(banks: &'a [Bank], choice: &Choice) -> Result<Vec<Chosen<'a>>, ChooseError> {
    let mut chosen: Vec<Chosen<'a>> = Vec::new();
    if choice.names.is_empty() {
        chosen.extend(all(banks));
    }
    for name in &choice.names {
        chosen.extend(named(banks, name)?);
    }
    let mut seen = std::collections::HashSet::new();
    chosen.retain(|chosen| seen.insert(std::ptr::from_ref(chosen.question)));
    if chosen.is_empty() {
        return Err(ChooseError::Nothing);
    }
    if !choice.tags.is_empty() {
        let known = tags_of(&chosen);
        chosen.retain(|chosen| choice.tags.iter().any(|tag| has_tag(chosen.question, tag)));
        if chosen.is_empty() {
            return Err(ChooseError::NoSuchTag { tags: choice.tags.clone(), known });
        }
    }
    if let Some(seed) = choice.seed {
        Rng::with_seed(seed).shuffle(&mut chosen);
    }
    chosen.truncate(choice.count.unwrap_or(usize::MAX));
    Ok(chosen)
}

/// Finds one question by its id, the beginning of its id, or `bank/id`.
///
/// # Errors
///
/// When none or more than one fits; also when the name is that of a bank with other than one question.
pub fn find<'a>(banks: &'a [Bank], name: &str) -> Result<Chosen<'a>, ChooseError> {
    match named(banks, name)?.as_slice() {
        [one] => Ok(*one),
        [] => Err(ChooseError::Nothing),
        many => Err(ChooseError::Ambiguous { name: name.into(), ids: ids_of(many) }),
    }
}

fn all(banks: &[Bank]) -> impl Iterator<Item = Chosen<'_>> {
    banks.iter().flat_map(|bank| bank.questions.iter().map(move |question| Chosen { bank, question }))
}

fn named<'a>(banks: &'a [Bank], name: &str) -> Result<Vec<Chosen<'a>>, ChooseError> {
    if let Some(bank) = banks.iter().find(|bank| bank.name == name) {
        return Ok(bank.questions.iter().map(|question| Chosen { bank, question }).collect());
    }
    let (within, id) = name.split_once('/').map_or((None, name), |(bank, id)| (Some(bank), id));
    let candidates: Vec<_> = all(banks).filter(|chosen| within.is_none_or(|bank| chosen.bank.name == bank)).collect();
    if let Some(exact) = candidates.iter().find(|chosen| chosen.question.id == id) {
        return Ok(vec![*exact]);
    }
    let mut begin: Vec<_> = candidates.into_iter().filter(|chosen| chosen.question.id.starts_with(id)).collect();
    match begin.len() {
        _ if id.is_empty() => Err(ChooseError::Unknown { name: name.into(), near: Vec::new() }),
        0 => Err(ChooseError::Unknown { name: name.into(), near: near(banks, id) }),
        1 => Ok(begin),
        // The same id in two banks is the same question, copied.
        _ if begin.iter().all(|chosen| chosen.question.id == begin[0].question.id) => {
            begin.truncate(1);
            Ok(begin)
        }
        _ => Err(ChooseError::Ambiguous { name: name.into(), ids: ids_of(&begin) }),
    }
}

fn ids_of(chosen: &[Chosen<'_>]) -> Vec<String> {
    chosen.iter().take(5).map(|chosen| chosen.question.id.clone()).collect()
}

fn has_tag(question: &Question, tag: &str) -> bool {
    let same = |other: &str| other.eq_ignore_ascii_case(tag);
    question.tags.iter().any(|tag| same(tag)) || question.theme.as_deref().is_some_and(same)
}

fn tags_of(chosen: &[Chosen<'_>]) -> Vec<String> {
    let mut tags: Vec<String> = chosen.iter().flat_map(|chosen| chosen.question.tags.iter().cloned()).collect();
    tags.sort();
    tags.dedup();
    tags
}

/// At most three names that share the most letter pairs with a mistyped one.
fn near(banks: &[Bank], name: &str) -> Vec<String> {
    let pairs = |text: &str| -> Vec<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    let wanted = pairs(name);
    let names = banks.iter().map(|bank| &bank.name).chain(all(banks).map(|chosen| &chosen.question.id));
    let mut scored: Vec<(usize, &String)> = names
        .map(|name| {
            let have = pairs(name);
            (
                100 * 2 * wanted.iter().filter(|pair| have.contains(pair)).count() / (wanted.len() + have.len()).max(1),
                name,
            )
        })
        .filter(|(score, _)| *score >= 40)
        .collect();
    scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(3).map(|(_, name)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn banks() -> Vec<Bank> {
        let question = |id: &str, tag: &str| Question { id: id.into(), tags: vec![tag.into()], ..Question::default() };
        let bank = |name: &str, questions| Bank { name: name.into(), questions, ..Bank::default() };
        vec![
            bank("people", vec![question("coach-new-manager-1a2b", "coaching"), question("coach-star-3c4d", "growth")]),
            bank("crisis", vec![question("outage-night-5e6f", "incident")]),
        ]
    }

    fn ids(choice: &Choice) -> Vec<String> {
        let banks = banks();
        choose(&banks, choice).unwrap().into_iter().map(|chosen| chosen.question.id.clone()).collect()
    }

    fn names(names: &[&str]) -> Choice {
        Choice { names: names.iter().map(|name| (*name).to_owned()).collect(), ..Choice::default() }
    }

    #[test]
    fn banks_ids_and_their_beginnings_are_names_and_nothing_is_asked_twice() {
        assert_eq!(ids(&Choice::default()).len(), 3);
        let chosen = ids(&names(&["crisis", "coach-star", "people"]));
        assert_eq!(chosen, ["outage-night-5e6f", "coach-star-3c4d", "coach-new-manager-1a2b"]);
        assert_eq!(ids(&names(&["people/coach-n"])), ["coach-new-manager-1a2b"]);
    }

    #[test]
    fn a_name_that_fits_nothing_or_too_much_says_what_would_fit() {
        let banks = banks();
        let unknown = choose(&banks, &names(&["outage-nihgt"])).unwrap_err();
        assert_eq!(unknown.hint(), "did you mean outage-night-5e6f?");
        let ambiguous = choose(&banks, &names(&["coach"])).unwrap_err();
        assert!(matches!(&ambiguous, ChooseError::Ambiguous { ids, .. } if ids.len() == 2), "{ambiguous}");
        let untagged = choose(&banks, &Choice { tags: vec!["sales".into()], ..Choice::default() }).unwrap_err();
        assert_eq!(untagged.hint(), "the tags are: coaching, growth, incident");
    }

    #[test]
    fn the_same_seed_gives_the_same_order_and_the_count_comes_after_the_shuffle() {
        let shuffled = |seed, count| ids(&Choice { seed: Some(seed), count, ..Choice::default() });
        assert_eq!(shuffled(7, None), shuffled(7, None));
        assert_eq!(shuffled(7, Some(1))[0], shuffled(7, None)[0]);
        assert!((0..20).any(|seed| shuffled(seed, None) != ids(&Choice::default())));
    }

    #[test]
    fn tags_are_compared_without_case() {
        assert_eq!(ids(&Choice { tags: vec!["Incident".into()], ..Choice::default() }), ["outage-night-5e6f"]);
    }
}
