//! What `bank new` writes: a bank to start from, in the shapes the reader knows.

/// The text of a new bank with this title, with one question to write over.
pub fn template(title: &str) -> String {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    format!(
        r#"# {title}

**Tags**: leadership
**Target**: 90-150 s

<!-- Facts above the first question hold for all of them. Delete what you do not need: only the
question itself is necessary. See how it is understood with: greenroom bank check FILE -->

## Theme: My theme

### Question 1: "Tell me about a time you changed how your team works."
> Your own notes: the points you want to make, a line each.

#### What's really being asked
- What does the interviewer want to find out?

#### Suggested structure
1. **Situation:** Where it was and why it mattered.
2. **Task:** What was yours to do.
3. **Action:** What you did, in two or three steps.
4. **Result:** What came of it, as a figure.

#### A competent answer
An answer that would pass.

#### The best answer
- **Situation:** The night before, in one sentence.
- **Task:** What only you could do.
- **Action:** What you did first, and why.
- **Result:** What changed, by how much, and what stayed changed.
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::read;

    #[test]
    fn a_new_bank_is_understood_to_the_last_line() {
        let reading = read(template("My  bank\n# x").as_bytes(), "mine").unwrap();
        assert_eq!(reading.not_understood().count(), 0);
        assert_eq!(reading.bank.title, "My bank # x");
        let question = &reading.bank.questions[0];
        assert_eq!((question.structure.len(), question.answers.len(), question.notes.len()), (4, 2, 1));
        assert_eq!(question.answers[1].parts.task.as_deref(), Some("What only you could do."));
        assert_eq!(question.target_s, Some([90, 150]));
    }
}
