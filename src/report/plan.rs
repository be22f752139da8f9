//! What a rehearsal would ask, and why, for a terminal of 80 columns.

use jiff::civil::Date;

use super::page::{Page, Tone};
use crate::practice::day_in_words;
use crate::types::{Plan, PlannedQuestion, PracticeState};

/// The plan in a line: how many questions are due, new, and practised before their day.
pub fn in_a_line(plan: &Plan) -> String {
    let count = |state| plan.questions.iter().filter(|planned| planned.state == state).count();
    let told = [(PracticeState::Due, "due again"), (PracticeState::NeverPractised, "new")];
    let told = told.map(|(state, word)| (count(state), word)).into_iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = told.map(|(count, word)| format!("{count} {word}")).collect();
    let asked = match told.as_slice() {
        [] => "nothing is due and nothing is new, so what comes due first".to_owned(),
        told => told.join(", then "),
    };
    format!("Tonight: {asked}. Why: --dry-run. In the order of the list: --in-order")
}

/// The plan, a question a block; without questions, when there will be one.
pub fn render(plan: &Plan, today: Date) -> String {
    let mut page = Page::default();
    for (number, planned) in (1..).zip(&plan.questions) {
        question(&mut page, number, planned);
    }
    let next = plan.next.as_ref().map(|next| (day(next.due, today), &next.question.text));
    match (plan.questions.is_empty(), next) {
        (true, Some((day, text))) => {
            page.hanging("", 0, &format!("Nothing is due. Next, {day}: {text}"), Tone::Plain);
            page.hanging("", 0, "To practise all the same, leave out --due.", Tone::Quiet);
        }
        (true, None) => page.hanging("", 0, "Nothing is due.", Tone::Plain),
        (false, Some((day, text))) if plan.questions.iter().any(|planned| planned.state != PracticeState::Chosen) => {
            page.gap();
            page.hanging("", 0, &format!("After these, {day}: {text}"), Tone::Quiet);
        }
        (false, _) => {}
    }
    page.finish()
}

fn question(page: &mut Page, number: usize, planned: &PlannedQuestion) {
    page.hanging(&format!("{number:>3} "), 4, &planned.question.text, Tone::Heading);
    if !planned.why.is_empty() {
        let tone = if planned.state == PracticeState::Due { Tone::Watch } else { Tone::Plain };
        page.hanging("    ", 4, &planned.why, tone);
    }
    let bank = planned.question.bank.as_deref().map(|bank| format!("{bank}/")).unwrap_or_default();
    page.hanging("    ", 4, &format!("{bank}{}", planned.question.id), Tone::Quiet);
}

/// `tomorrow`, `on Thursday`, `on 3 December`.
pub(super) fn day(due: Date, today: Date) -> String {
    match day_in_words(due, today) {
        words if words == "tomorrow" || words == "today" => words,
        words => format!("on {words}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::without_colour;
    use super::*;
    use crate::types::{NextDue, QuestionRef};
    use jiff::civil::date;

    fn reference(id: &str, text: &str) -> QuestionRef {
        QuestionRef { id: id.into(), text: text.into(), bank: Some("conflict".into()) }
    }

    fn plain(plan: &Plan) -> String {
        without_colour(&render(plan, date(2026, 11, 27)))
    }

    fn planned(text: &str, state: PracticeState, why: &str) -> PlannedQuestion {
        PlannedQuestion { question: reference("a-1f2e", text), state, why: why.into(), standing: None }
    }

    fn plan(questions: Vec<PlannedQuestion>, next: Option<Date>) -> Plan {
        let next = next.map(|due| NextDue { question: reference("b-2e3f", "Why did you leave?"), due });
        Plan { schema: Plan::SCHEMA.into(), questions, next }
    }

    #[test]
    fn each_question_says_why_it_is_asked_and_what_comes_after() {
        let long =
            "Tell me about a time when two of your managers wanted the same three engineers for a whole quarter.";
        let questions = vec![
            planned(long, PracticeState::Due, "due since Tuesday: the result was missing"),
            planned("Who was your best hire?", PracticeState::NeverPractised, "never practised"),
        ];
        let expected = "  1 Tell me about a time when two of your managers wanted the same three
    engineers for a whole quarter.
    due since Tuesday: the result was missing
    conflict/a-1f2e
  2 Who was your best hire?
    never practised
    conflict/a-1f2e

After these, on Thursday: Why did you leave?
";
        assert_eq!(plain(&plan(questions, Some(date(2026, 12, 3)))), expected);
    }

    #[test]
    fn nothing_due_names_the_day_there_will_be() {
        let text = plain(&plan(Vec::new(), Some(date(2026, 11, 28))));
        assert!(text.starts_with("Nothing is due. Next, tomorrow: Why did you leave?\n"), "{text}");
        assert_eq!(plain(&plan(Vec::new(), None)), "Nothing is due.\n");
    }

    #[test]
    fn a_line_says_how_many_are_due_and_how_many_are_new() {
        let of = |states: &[PracticeState]| {
            in_a_line(&plan(states.iter().map(|state| planned("Why us?", *state, "")).collect(), None))
        };
        use PracticeState::{Due, Early, NeverPractised};
        assert!(of(&[Due, NeverPractised, NeverPractised]).starts_with("Tonight: 1 due again, then 2 new. "));
        assert!(of(&[NeverPractised]).starts_with("Tonight: 1 new. "));
        assert!(of(&[Early]).starts_with("Tonight: nothing is due and nothing is new, so what comes due first. "));
    }

    #[test]
    fn what_the_person_chose_is_listed_without_reasons() {
        let text = plain(&plan(vec![planned("Why us?", PracticeState::Chosen, "")], None));
        assert_eq!(text, "  1 Why us?\n    conflict/a-1f2e\n");
    }
}
