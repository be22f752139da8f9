//! Finding questions: in our banks, in the person's own, and in a file that is named.

use std::path::Path;

use greenroom::assess::AskedFrom;
use greenroom::content;
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
