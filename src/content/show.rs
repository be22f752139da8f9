//! What `bank show` and `bank list` say.

use std::fmt::Write;

use super::check::counted;
use crate::types::{Bank, ModelAnswer, Question, QuestionKind};

/// Renders a list of banks: name, how many questions, title.
pub fn render_list(banks: &[Bank]) -> String {
    let width = banks.iter().map(|bank| bank.name.chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    for bank in banks {
        let _ = writeln!(out, "{:<width$}  {:>4}  {}", bank.name, bank.questions.len(), bank.title);
    }
    let questions = banks.iter().map(|bank| bank.questions.len()).sum();
    let (banks, questions) = (counted(banks.len(), "bank", "banks"), counted(questions, "question", "questions"));
    let _ = writeln!(out, "{banks}, {questions}");
    out
}

/// Renders a bank: its questions by theme, with their ids, then its advice. Wrapped to `width` columns.
pub fn render_bank(bank: &Bank, width: usize) -> String {
    let mut out = format!("{} ({})\n", bank.title, counted(bank.questions.len(), "question", "questions"));
    let mut theme = None;
    for question in &bank.questions {
        if question.theme != theme {
            theme.clone_from(&question.theme);
            let _ = writeln!(out, "\n{}", theme.as_deref().unwrap_or("Other"));
        }
        let _ = writeln!(out, "\n{}", wrapped(&question.text, "  ", width));
        let _ = writeln!(out, "    {}", question.id);
    }
    if !bank.tips.is_empty() {
        out.push_str("\nAdvice\n");
        for tip in &bank.tips {
            let _ = writeln!(out, "\n{}", wrapped(&tip.text, "  ", width));
        }
    }
    out
}

/// Renders a question with all that its author wrote around it. Wrapped to `width` columns.
///
/// `answers` shows the example answers; without it only their names are shown, so that nobody reads
/// one before trying.
pub fn render_question(question: &Question, answers: bool, width: usize) -> String {
    let mut out = format!("{}\n", wrapped(&question.text, "", width));
    facts(question, &mut out);
    if let Some(situation) = &question.situation {
        section(&mut out, "Situation", [situation.clone()], "", width);
    }
    section(&mut out, "What is really being asked", question.criteria.clone(), "- ", width);
    let steps = question.structure.iter().map(|step| match step.hint.as_str() {
        "" => step.step.clone(),
        hint => format!("{}: {hint}", step.step),
    });
    section(&mut out, "Structure", steps.enumerate().map(|(at, step)| format!("{}. {step}", at + 1)), "", width);
    section(&mut out, "What you want to say", question.notes.clone(), "- ", width);
    section(&mut out, "Challenges", question.challenges.clone(), "- ", width);
    for topic in &question.discussion {
        section(&mut out, &topic.topic, topic.prompts.clone(), "- ", width);
    }
    section(&mut out, "Advice", question.tips.iter().map(|tip| tip.text.clone()), "", width);
    for answer in &question.answers {
        example(&mut out, answer, answers, width);
    }
    out
}

fn facts(question: &Question, out: &mut String) {
    let kind = match question.kind {
        QuestionKind::Behavioural => "behavioural",
        QuestionKind::Strategy => "strategy",
        QuestionKind::Scenario => "scenario",
        QuestionKind::DeepDive => "deep dive",
    };
    let mut facts = vec![question.id.clone(), kind.to_owned()];
    facts.extend([&question.theme, &question.level, &question.company].into_iter().flatten().cloned());
    facts.extend(question.duration_min.map(|minutes| format!("{minutes} min")));
    facts.extend(question.target_s.map(|[low, high]| format!("answer in {low} to {high} s")));
    facts.extend((!question.tags.is_empty()).then(|| question.tags.join(", ")));
    let _ = writeln!(out, "{}", facts.join(" · "));
}

fn section(out: &mut String, title: &str, items: impl IntoIterator<Item = String>, mark: &str, width: usize) {
    for (at, item) in items.into_iter().enumerate() {
        if at == 0 {
            let _ = writeln!(out, "\n{title}");
        }
        let _ = writeln!(out, "{}", wrapped(&format!("{mark}{item}"), "  ", width));
    }
}

fn example(out: &mut String, answer: &ModelAnswer, shown: bool, width: usize) {
    if shown {
        section(out, &answer.label, [answer.text.clone()], "", width);
    } else {
        let _ = writeln!(out, "\n{} (hidden)", answer.label);
    }
}

fn wrapped(text: &str, indent: &str, width: usize) -> String {
    let lines = text.lines().map(|line| {
        let inner = line.len() - line.trim_start().len();
        let first = format!("{indent}{}", &line[..inner]);
        let rest = if line.trim_start().starts_with("- ") { format!("{first}  ") } else { first.clone() };
        let options = textwrap::Options::new(width.max(20)).initial_indent(&first).subsequent_indent(&rest);
        textwrap::fill(line.trim_start(), options)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::read;

    #[test]
    fn a_question_is_shown_with_what_its_author_wrote_and_answers_stay_hidden() {
        let markdown = "### Why did you leave?\n**Tags**: change\n**Target**: 60-90 s\n- the ferry\n#### Criteria\n- honest\n\
                        #### Best answer\nI wanted to build.\n";
        let bank = read(markdown.as_bytes(), "mine").unwrap().bank;
        let shown = render_question(&bank.questions[0], false, 60);
        let id = &bank.questions[0].id;
        let expected = format!(
            "Why did you leave?\n{id} · behavioural · answer in 60 to 90 s · change\n\nWhat is really being asked\n  \
             - honest\n\nWhat you want to say\n  - the ferry\n\nBest answer (hidden)\n"
        );
        assert_eq!(shown, expected);
        assert!(render_question(&bank.questions[0], true, 60).ends_with("Best answer\n  I wanted to build.\n"));
    }

    #[test]
    fn a_list_counts_banks_and_questions() {
        let bank = |name: &str| Bank { name: name.into(), title: name.to_uppercase(), ..Bank::default() };
        assert_eq!(render_list(&[bank("a"), bank("long")]), "a        0  A\nlong     0  LONG\n2 banks, 0 questions\n");
    }
}
