//! What is different in a bank that was edited.

use super::is_mended;
use crate::types::{Bank, Question};

/// What is different between two states of a bank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankChanges {
    /// Questions that were not there before, in order.
    pub new: Vec<String>,
    /// Questions that are not there any more, in order. Their takes stay where they are.
    pub gone: Vec<String>,
    /// Questions in other words, before and now. Their takes go with them: the practice history finds them.
    pub reworded: Vec<(String, String)>,
    /// How many have the same words and something else around them: notes, answers, a length.
    pub edited: usize,
}

impl BankChanges {
    /// Compares a bank with what it was before.
    pub fn between(before: &Bank, now: &Bank) -> BankChanges {
        let mut changes = BankChanges::default();
        let mut known: Vec<&str> = Vec::new();
        for old in &before.questions {
            let Some(new) = successor(old, now) else {
                changes.gone.push(old.text.clone());
                continue;
            };
            known.push(&new.id);
            if old.text != new.text {
                changes.reworded.push((old.text.clone(), new.text.clone()));
            } else if !is_same(old, new) {
                changes.edited += 1;
            }
        }
        let new = now.questions.iter().filter(|question| !known.contains(&question.id.as_str()));
        changes.new = new.map(|question| question.text.clone()).collect();
        changes
    }
}

/// The question that takes of `old` belong to now: that of its id, else the only one that is the same but for a slip.
fn successor<'a>(old: &Question, now: &'a Bank) -> Option<&'a Question> {
    if let Some(same) = now.questions.iter().find(|question| question.id == old.id) {
        return Some(same);
    }
    let mut mended = now.questions.iter().filter(|question| is_mended(&old.text, &question.text));
    mended.next().filter(|_| mended.next().is_none())
}

/// Whether nothing differs but the line they stand on.
fn is_same(old: &Question, new: &Question) -> bool {
    Question { line: new.line, ..old.clone() } == *new
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::read;

    fn bank(markdown: &str) -> Bank {
        read(markdown.as_bytes(), "mine").expect("it is a bank").bank
    }

    #[test]
    fn questions_are_new_gone_reworded_or_edited() {
        let before = bank(
            "# Mine\n\n## Why did you leave your last team?\n- The plant moved\n\n## Who was your best hire?\n\n\
             ## Tell me about a launch that failed in your company.\n\n## Why us?\n",
        );
        let now = bank(
            "# Mine\n\nA line more.\n\n## Why did you leave your last team?\n- The plant moved\n- In the spring\n\n\
             ## Tell me about a launch that faild in your company.\n\n## Why us?\n\n## What do you know of us?\n",
        );
        let changes = BankChanges::between(&before, &now);
        assert_eq!(changes.new, ["What do you know of us?"]);
        assert_eq!(changes.gone, ["Who was your best hire?"]);
        assert_eq!(changes.reworded.len(), 1, "{changes:?}");
        assert_eq!(changes.reworded[0].1, "Tell me about a launch that faild in your company.");
        assert_eq!(changes.edited, 1, "a line above the questions edits none of them");
        assert_eq!(BankChanges::between(&now, &now), BankChanges::default());
    }
}
