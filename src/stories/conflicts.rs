//! Facts of two tellings that are about the same thing and do not agree.
//!
//! A false alarm costs more than a miss: whoever is told three times that a story contradicts itself when it
//! does not, stops reading. So a figure counts as contradicted only where all of this holds: the other telling
//! nowhere says the same figure of the same things; both count the same things in the same role (`from`,
//! `to`, `by`); what stands around them is about the same; and no rounding explains the difference.

use std::collections::BTreeSet;

use super::facts::{Fact, Meant, Role};
use super::likeness::Rarity;
use crate::types::FactKind;

/// Two facts are about the same thing when the words around them share this much of their rarity...
const SHARED: f64 = 0.40;
/// ... or this much, where each telling has only one fact of this sort, which can hardly be two things.
const SHARED_ALONE: f64 = 0.22;
/// What they share must weigh this much: one word that is everywhere is no sign.
const LEAST: f64 = 2.5;
/// A figure meant roughly agrees with one this near, as a share of the larger.
const ROUNDING: f64 = 0.15;

/// The pairs of facts of two tellings that contradict each other, the surest first; each fact is in one pair at most.
pub(super) fn conflicts<'a>(a: &'a [Fact], b: &'a [Fact], rarity: &Rarity) -> Vec<(&'a Fact, &'a Fact)> {
    let (left, right) = (unconfirmed(a, b), unconfirmed(b, a));
    let mut pairs: Vec<(f64, &Fact, &Fact)> = Vec::new();
    for fact in &left {
        for other in &right {
            if is_same_sort(fact, other) && !agree(fact, other) {
                let alone = alone(fact, a) && alone(other, b);
                if let Some(score) = same_thing(fact, other, alone, rarity) {
                    pairs.push((score, fact, other));
                }
            }
        }
    }
    pairs.sort_by(|x, y| y.0.total_cmp(&x.0));
    let mut used: Vec<&Fact> = Vec::new();
    let mut found = Vec::new();
    for (_, fact, other) in pairs {
        let taken = |fact: &Fact| used.iter().any(|used| std::ptr::eq(*used, fact));
        if !taken(fact) && !taken(other) {
            used.extend([fact, other]);
            found.push((fact, other));
        }
    }
    found
}

/// The facts that the other telling nowhere confirms.
fn unconfirmed<'a>(facts: &'a [Fact], others: &[Fact]) -> Vec<&'a Fact> {
    let confirms = |fact: &Fact, other: &Fact| is_like(fact, other) && agree(fact, other);
    facts.iter().filter(|fact| !others.iter().any(|other| confirms(fact, other))).collect()
}

/// Whether two facts count the same things, generously: to confirm.
fn is_like(a: &Fact, b: &Fact) -> bool {
    let people = |fact: &Fact| {
        fact.kind == FactKind::TeamSize || matches!(fact.unit.as_str(), "person" | "engineer" | "developer")
    };
    a.unit == b.unit || people(a) && people(b)
}

/// Whether two facts count the same things in the same role, strictly: to contradict.
fn is_same_sort(a: &Fact, b: &Fact) -> bool {
    a.kind == b.kind && a.unit == b.unit && is_same_role(a, b)
}

fn is_same_role(a: &Fact, b: &Fact) -> bool {
    // "Saved 400 dollars" and "down by 400 dollars" are both the change; a deadline is not a date.
    let change = |fact: &Fact| fact.kind == FactKind::Figure && matches!(fact.role, Role::Plain | Role::By);
    a.role == b.role && a.role != Role::Theirs || change(a) && change(b)
}

/// Whether two figures can be the same one, each as exactly as it was meant.
fn agree(a: &Fact, b: &Fact) -> bool {
    if a.value == b.value {
        return true;
    }
    if matches!(a.kind, FactKind::Date | FactKind::Year) {
        return false;
    }
    let (small, large) = if a.value < b.value { (a, b) } else { (b, a) };
    let near = large.value - small.value <= ROUNDING * large.value.abs();
    match (small.meant, large.meant) {
        (Meant::Exactly, Meant::Exactly) => false,
        // "Over ten" for twelve is no contradiction, for forty it is.
        (Meant::AtLeast, _) | (_, Meant::AtMost) => large.value <= 1.5 * small.value,
        _ => near,
    }
}

/// Whether no other fact of the telling counts the same things.
fn alone(fact: &Fact, all: &[Fact]) -> bool {
    all.iter().filter(|other| other.kind == fact.kind && other.unit == fact.unit).count() == 1
}

/// How sure it is that two facts are about the same thing; `None` when it is not sure enough.
fn same_thing(a: &Fact, b: &Fact, alone: bool, rarity: &Rarity) -> Option<f64> {
    let weight = |stems: &mut dyn Iterator<Item = &String>| stems.map(|stem| rarity.general_of(stem)).sum::<f64>();
    let shared: BTreeSet<&String> = a.about.intersection(&b.about).collect();
    let shared = weight(&mut shared.into_iter());
    let least = weight(&mut a.about.iter()).min(weight(&mut b.about.iter()));
    let score = shared / least.max(f64::MIN_POSITIVE);
    // "My team of twelve" says what it counts by itself.
    if a.kind == FactKind::TeamSize && alone {
        return Some(1.0 + score);
    }
    (shared >= LEAST && score >= if alone { SHARED_ALONE } else { SHARED }).then_some(score)
}
