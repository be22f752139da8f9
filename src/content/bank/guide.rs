//! A guide behind a list of questions: which section answers which question.
//!
//! People write the questions first and then, under "Solution", a section for each kind of answer.
//! A section goes to the question whose words its heading shares; a section about answers in
//! general becomes a tip of the bank.

use std::collections::{HashMap, HashSet};

use super::{
    accounting::LineMeaning as Means,
    prose,
    rows::{Row, Shape},
};
use crate::types::{Bank, StructureStep, Tip};

/// A section of a guide.
#[derive(Debug)]
pub(super) struct GuideSection {
    title: String,
    /// Its first and last line.
    pub lines: (usize, usize),
    /// Whether it is about answers in general.
    general: bool,
    text: String,
    criteria: Vec<String>,
    structure: Vec<StructureStep>,
    last: Option<Means>,
}

impl GuideSection {
    pub fn new(title: &str, line: usize, general: bool) -> Self {
        let title = title.trim_end_matches(':').to_owned();
        let (text, criteria, structure) = Default::default();
        Self { title, lines: (line, line), general, text, criteria, structure, last: None }
    }

    /// Takes in a row. Numbered items and chains of arrows are steps, other items criteria.
    pub fn take(&mut self, row: &Row, text: &str) -> Means {
        self.lines.1 = row.line;
        prose::append(&mut self.text, row, text, 0);
        let means = match (row.shape, self.last) {
            (Shape::Item(_) | Shape::Text, _) if !row.joined && prose::chain(text).is_some() => {
                let steps = prose::chain(text).unwrap_or_default();
                self.structure.extend(steps.into_iter().map(|step| StructureStep { step, hint: String::new() }));
                Means::Step
            }
            (Shape::Item(Some(_)), _) if row.depth == 1 => {
                let (step, hint) = prose::step(text, row.lead());
                self.structure.push(StructureStep { step, hint });
                Means::Step
            }
            (Shape::Item(_), _) => {
                self.criteria.push(text.to_owned());
                Means::Criterion
            }
            (Shape::Text, Some(Means::Criterion)) if row.joined => {
                if let Some(last) = self.criteria.last_mut() {
                    prose::append(last, row, text, row.depth);
                }
                Means::Criterion
            }
            (Shape::Text, Some(Means::Step)) if row.joined => {
                if let Some(last) = self.structure.last_mut() {
                    prose::append(&mut last.hint, row, text, row.depth);
                }
                Means::Step
            }
            _ => Means::Advice,
        };
        self.last = Some(means);
        means
    }
}

/// What became of a section: the question it went to, or `None` for a tip of the bank.
pub(super) struct Attached {
    pub lines: (usize, usize),
    pub question: Option<usize>,
}

/// Gives every section to the question it is about.
///
/// `asked` holds the positions of the questions with the rows they stand on; words in bold there
/// count double, as the author meant them to.
pub(super) fn attach(sections: Vec<GuideSection>, asked: &[(usize, &Row)], bank: &mut Bank) -> Vec<Attached> {
    if sections.is_empty() {
        return Vec::new();
    }
    let index = Index::of(asked);
    let mut attached = Vec::with_capacity(sections.len());
    for section in sections {
        let question = if section.general { None } else { index.best(&section) };
        attached.push(Attached { lines: section.lines, question });
        let tip = Tip { title: section.title, text: section.text, line: section.lines.0 };
        let Some(question) = question.and_then(|at| bank.questions.get_mut(at)) else {
            bank.tips.push(tip);
            continue;
        };
        question.tips.push(tip);
        question.criteria.extend(section.criteria);
        question.structure.extend(section.structure);
    }
    attached
}

/// Which questions hold a word, and how much it counts there.
struct Index {
    questions: usize,
    words: HashMap<String, Vec<(usize, f64)>>,
}

/// A word that more questions share than this tells none of them apart.
const COMMON: usize = 40;

impl Index {
    fn of(asked: &[(usize, &Row)]) -> Self {
        let mut words: HashMap<String, Vec<(usize, f64)>> = HashMap::new();
        for (question, row) in asked {
            let bold: HashSet<String> =
                row.bold.iter().filter_map(|range| row.text.get(range.clone())).flat_map(keys).collect();
            for key in keys(&row.text).into_iter().collect::<HashSet<_>>() {
                let weight = if bold.contains(&key) { 2.0 } else { 1.0 };
                words.entry(key).or_default().push((*question, weight));
            }
        }
        Self { questions: asked.len(), words }
    }

    /// The question that shares most with a section's heading; the text below decides when it is close.
    fn best(&self, section: &GuideSection) -> Option<usize> {
        let heading: HashSet<String> = keys(&section.title).into_iter().collect();
        let mut scores: HashMap<usize, f64> = HashMap::new();
        self.add(&heading, 1.0, &mut scores);
        let named: HashSet<usize> = scores.keys().copied().collect();
        let body: HashSet<String> = keys(&section.text).into_iter().filter(|key| !heading.contains(key)).collect();
        self.add(&body, 0.2, &mut scores);
        let of_named = scores.into_iter().filter(|(question, _)| named.contains(question));
        of_named.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|(question, _)| question)
    }

    fn add(&self, keys: &HashSet<String>, factor: f64, scores: &mut HashMap<usize, f64>) {
        for postings in keys.iter().filter_map(|key| self.words.get(key)).filter(|postings| postings.len() <= COMMON) {
            let rarity = (1.0 + self.questions as f64 / postings.len() as f64).ln();
            for (question, weight) in postings {
                *scores.entry(*question).or_default() += factor * rarity * weight;
            }
        }
    }
}

/// The words that tell what a text is about, cut to five letters so that `diagnose` meets `diagnosis`.
fn keys(text: &str) -> Vec<String> {
    const EMPTY: [&str; 12] =
        ["show", "good", "sounds", "with", "what", "your", "include", "prove", "focus", "describe", "example", "where"];
    let lower = text.to_lowercase();
    let words =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 3 && !EMPTY.contains(word));
    words.map(|word| word.chars().take(5).collect()).collect()
}
