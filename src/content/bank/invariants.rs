//! What holds for every file that is read as a bank, whatever is in it.

use super::read;
use crate::content::{render_check, render_question};

/// Reads `bytes` as a bank and checks what must hold for any file: every byte and line is accounted for, every
/// question has a name, words and a place, and all of it can be shown. A file that is refused is fine.
///
/// For the property tests and the fuzz target (`fuzz/fuzz_targets/bank.rs`), which look for bytes that break it.
///
/// # Panics
///
/// When anything does not hold.
pub fn assert_invariants(bytes: &[u8]) {
    let Ok(reading) = read(bytes, "any") else { return };
    assert_eq!(reading.lines.iter().map(|note| note.bytes).sum::<usize>(), bytes.len());
    assert_eq!(reading.lines.len(), reading.text.lines().count());
    for (at, note) in reading.lines.iter().enumerate() {
        assert_eq!(note.line, at + 1);
        assert!(note.question.is_none_or(|question| question < reading.bank.questions.len()));
    }
    let mut ids = std::collections::HashSet::new();
    for question in &reading.bank.questions {
        assert!(!question.id.is_empty() && !question.text.is_empty());
        assert!(ids.insert(&question.id), "two questions are named {}", question.id);
        assert!(question.line >= 1 && question.line <= reading.lines.len());
        render_question(question, true, 60);
    }
    render_check(&reading, true, 80);
}
