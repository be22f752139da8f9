//! The first model of a machine that has none: asked for once, at a terminal, and downloaded on a yes.

use std::io::{IsTerminal, stderr, stdin};
use std::sync::atomic::AtomicBool;

use greenroom::models::catalog::{self, CatalogEntry};
use greenroom::setup::{Context, SetupError};

use super::{Failure, models, output};

/// Offers to download the model that people begin with, and does so on a yes; returns its name.
///
/// # Errors
/// Where nobody can be asked, where the answer is no, and where the download fails.
pub fn offer(context: &Context) -> Result<String, Failure> {
    let entry = catalog::find(catalog::FIRST).expect("a test holds it in the catalog");
    // The question is written to stderr and answered on stdin.
    let can_ask = stdin().is_terminal() && stderr().is_terminal();
    if !can_ask || !says_yes(entry) {
        return Err(SetupError::no_model().into());
    }
    // Nobody listens for Ctrl-C yet, so it ends the program at once; what has come is on disk.
    models::download(context, entry, Vec::new(), &AtomicBool::new(false))?;
    // It is not set as the model in use: a better one that is pulled later is used without a word.
    Ok(entry.name.clone())
}

fn says_yes(entry: &CatalogEntry) -> bool {
    output::talk("There is no speech model on this machine yet. Whisper needs one to write down");
    output::talk("what you say.");
    output::ask(&format!(
        "Download {} now ({}, some seconds to a minute)? [Y/n] ",
        entry.name,
        format_args!("{} MB", entry.megabytes())
    ));
    let mut answer = String::new();
    // Standard input that ends is no yes.
    stdin().read_line(&mut answer).is_ok_and(|bytes| bytes > 0) && is_yes(&answer)
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enter_is_a_yes_and_anything_but_a_yes_is_a_no() {
        for yes in ["\n", "y\n", "Y\r\n", " yes "] {
            assert!(is_yes(yes), "{yes:?}");
        }
        for no in ["n\n", "no", "q", "nyes"] {
            assert!(!is_yes(no), "{no:?}");
        }
    }
}
