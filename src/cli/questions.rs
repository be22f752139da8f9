//! Finding questions: in our banks, in the person's own, and in a file that is named.

use std::path::Path;

use greenroom::assess::AskedFrom;
use greenroom::content::{self, Choice};
use greenroom::rehearse::Planned;
use greenroom::types::{Bank, Question};

use super::context::Context;
use super::{Failure, output};

/// A question that was found, and its bank.
pub struct Chosen {
    pub question: Question,
    pub bank: String,
}

impl Chosen {
    /// As reports want it.
    pub fn asked(&self) -> AskedFrom<'_> {
        AskedFrom { question: &self.question, bank: Some(&self.bank) }
    }
}

/// Which questions are to be asked.
pub struct Wanted {
    /// Banks, files and ids.
    pub named: Vec<String>,
    pub count: Option<usize>,
    pub tags: Vec<String>,
    /// The seed of a random order.
    pub shuffle: Option<u64>,
}

/// How many questions are asked where nobody says.
const USUAL_COUNT: usize = 3;

/// All banks: the person's own first, then ours.
pub fn banks(context: &Context) -> Result<Vec<Bank>, Failure> {
    let (own, broken) = content::user_banks(&context.home.banks())?;
    for error in broken {
        output::talk(&format!("{error}; {}", error.hint()));
    }
    Ok(own.into_iter().chain(content::builtin_banks().iter().cloned()).collect())
}

/// The questions to be asked, in order.
pub fn plan(context: &Context, wanted: &Wanted) -> Result<Vec<Planned>, Failure> {
    let banks = banks(context)?;
    let mut all_by_id = !wanted.named.is_empty();
    let mut planned = Vec::new();
    for name in &wanted.named {
        let found = named(&banks, name)?;
        all_by_id &= found.len() == 1;
        planned.extend(found);
    }
    if wanted.named.is_empty() {
        planned = banks.iter().flat_map(questions_of).collect();
    }
    let choice = Choice {
        tags: &wanted.tags,
        shuffle: wanted.shuffle,
        count: wanted.count.or((!all_by_id).then_some(USUAL_COUNT)),
    };
    let planned = content::choose(planned, &choice, |planned| &planned.question);
    if planned.is_empty() {
        let tags = wanted.tags.join(", ");
        return Err(Failure::usage(format!("no question has the tag {tags}")).hint("greenroom bank list --tags"));
    }
    Ok(planned)
}

/// What one name means: a question, a bank, or a file.
fn named(banks: &[Bank], name: &str) -> Result<Vec<Planned>, Failure> {
    if let Some(bank) = banks.iter().find(|bank| bank.name == name) {
        return Ok(questions_of(bank).collect());
    }
    let by_id = banks.iter().flat_map(questions_of).find(|planned| planned.question.id == name);
    if let Some(planned) = by_id {
        return Ok(vec![planned]);
    }
    if Path::new(name).is_file() {
        let bank = content::read_file(Path::new(name))?.bank;
        return Ok(questions_of(&bank).collect());
    }
    Err(Failure::usage(format!("there is no question, bank or file called {name:?}")).hint("greenroom bank list"))
}

fn questions_of(bank: &Bank) -> impl Iterator<Item = Planned> {
    bank.questions.iter().map(|question| Planned { question: question.clone(), bank: Some(bank.name.clone()) })
}

/// The question of an id, or of its own words, in `bank` where one is named.
pub fn find(context: &Context, bank: Option<&str>, wanted: &str) -> Result<Chosen, Failure> {
    let banks = match bank {
        Some(file) if Path::new(file).is_file() => vec![content::read_file(Path::new(file))?.bank],
        _ => banks(context)?,
    };
    let looked_in = banks.iter().filter(|candidate| bank.is_none_or(|bank| candidate.name == bank || banks.len() == 1));
    let mut all = looked_in.flat_map(questions_of);
    let found = all.find(|planned| planned.question.id == wanted || planned.question.text == wanted);
    match found {
        Some(Planned { question, bank }) => Ok(Chosen { question, bank: bank.unwrap_or_default() }),
        None => Err(Failure::usage(format!("there is no question called {wanted:?}")).hint("greenroom bank list")),
    }
}

/// A seed that nobody chose.
pub fn fresh_seed() -> u64 {
    fastrand::u64(..)
}
