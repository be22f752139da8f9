//! What to ask today, and why.

use jiff::civil::Date;

use super::History;
use crate::content::Chosen;
use crate::types::{Grade, NextDue, Plan, PlannedQuestion, PracticeState, QuestionRef, Standing};

/// A question that is to be asked, and how it stands with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Picked<'a> {
    /// The question.
    pub chosen: Chosen<'a>,
    /// Why it is here.
    pub state: PracticeState,
    /// How it stands; `None` for one that was never practised.
    pub standing: Option<Standing>,
}

/// Of the questions chosen, those that are due today, the most overdue first, and after them those that were
/// never practised, in the order given.
///
/// Due for as long: the one that went worse comes first. What is practised and not due is left out.
pub fn due<'a>(chosen: &[Chosen<'a>], history: &History, today: Date) -> Vec<Picked<'a>> {
    let standings = chosen.iter().map(|chosen| (*chosen, history.standing(chosen).cloned()));
    let (practised, new): (Vec<_>, Vec<_>) = standings.partition(|(_, standing)| standing.is_some());
    let mut due: Vec<(Chosen, Standing)> =
        practised.into_iter().filter_map(|(chosen, standing)| Some((chosen, standing?))).collect();
    due.retain(|(_, standing)| standing.due <= today);
    due.sort_by_key(|(_, standing)| (standing.due, standing.last.grade));
    let due = due.into_iter().map(|(chosen, standing)| Picked {
        chosen,
        state: PracticeState::Due,
        standing: Some(standing),
    });
    let new =
        new.into_iter().map(|(chosen, _)| Picked { chosen, state: PracticeState::NeverPractised, standing: None });
    due.chain(new).collect()
}

/// What to practise where nobody says: as [`due`]; and where that is nothing, what comes due first.
pub fn tonight<'a>(chosen: &[Chosen<'a>], history: &History, today: Date) -> Vec<Picked<'a>> {
    let due = due(chosen, history, today);
    if !due.is_empty() {
        return due;
    }
    let standings = chosen.iter().filter_map(|chosen| Some((*chosen, history.standing(chosen)?.clone())));
    let mut later: Vec<(Chosen, Standing)> = standings.collect();
    later.sort_by_key(|(_, standing)| (standing.due, standing.last.grade));
    let early = |(chosen, standing)| Picked { chosen, state: PracticeState::Early, standing: Some(standing) };
    later.into_iter().map(early).collect()
}

/// The plan as it is shown: `picked` are asked, `chosen` is everything they were picked from.
pub fn listed(picked: &[Picked], chosen: &[Chosen], history: &History, today: Date) -> Plan {
    let later = chosen.iter().filter_map(|chosen| {
        let is_picked = picked.iter().any(|picked| std::ptr::eq(picked.chosen.question, chosen.question));
        let standing = history.standing(chosen).filter(|standing| standing.due > today && !is_picked)?;
        Some(NextDue { question: reference(chosen), due: standing.due })
    });
    Plan {
        schema: Plan::SCHEMA.to_owned(),
        questions: picked.iter().map(|picked| planned(picked, today)).collect(),
        // The first of those of the same day.
        next: later.min_by_key(|next| next.due),
    }
}

fn planned(picked: &Picked, today: Date) -> PlannedQuestion {
    let why = match (picked.state, &picked.standing) {
        (PracticeState::NeverPractised, _) => "never practised".to_owned(),
        (PracticeState::Due, Some(standing)) if standing.due == today => format!("due today: {}", went(standing)),
        (PracticeState::Due, Some(standing)) => {
            format!("due since {}: {}", day_in_words(standing.due, today), went(standing))
        }
        (PracticeState::Early, Some(standing)) => {
            format!("not due before {}: {}", day_in_words(standing.due, today), went(standing))
        }
        _ => String::new(),
    };
    PlannedQuestion { question: reference(&picked.chosen), state: picked.state, why, standing: picked.standing.clone() }
}

/// How it went last, in a few words.
fn went(standing: &Standing) -> String {
    match standing.last.faults.as_slice() {
        [] if standing.last.grade == Grade::Easy => "last time it went very well".to_owned(),
        [] => "last time it went well".to_owned(),
        [fault] => fault.to_string(),
        // The two worst say why; all of them stand in the JSON.
        [first, second, ..] => format!("{first}, {second}"),
    }
}

/// A day as people say it: `today`, `yesterday`, `Tuesday` within a week, `3 November`, `3 November 2025`.
pub fn day_in_words(day: Date, today: Date) -> String {
    match (day - today).get_days() {
        0 => "today".to_owned(),
        -1 => "yesterday".to_owned(),
        1 => "tomorrow".to_owned(),
        -6..=6 => day.strftime("%A").to_string(),
        _ if day.year() == today.year() => day.strftime("%-d %B").to_string(),
        _ => day.strftime("%-d %B %Y").to_string(),
    }
}

fn reference(chosen: &Chosen) -> QuestionRef {
    let question = chosen.question;
    let bank = Some(chosen.bank.name.clone()).filter(|name| !name.is_empty());
    QuestionRef { id: question.id.clone(), text: question.text.clone(), bank }
}

#[cfg(test)]
mod tests {
    use super::super::PastTake;
    use super::*;
    use crate::content::{Choice, choose};
    use crate::types::{Bank, Fault, Graded, Question, StarPart, TakeName};
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    fn bank() -> Bank {
        let question = |id: &str| Question { id: id.to_owned(), text: format!("{id}?"), ..Question::default() };
        Bank { name: "mine".into(), questions: ["a", "b", "c", "d", "e"].map(question).to_vec(), ..Bank::default() }
    }

    fn take(id: &str, day: &str, grade: Grade, faults: &[Fault]) -> PastTake {
        PastTake {
            name: TakeName { session: day.to_owned(), take: 1 },
            at: format!("{day}T10:00:00Z").parse().expect("it is a time"),
            question: QuestionRef { id: id.into(), text: format!("{id}?"), bank: Some("mine".into()) },
            graded: Some(Graded { grade, faults: faults.to_vec() }),
        }
    }

    fn plan_on(today: Date, takes: &[PastTake]) -> Plan {
        let banks = [bank()];
        let history = History::replay(&banks, takes, &TimeZone::UTC);
        let chosen = choose(&banks, &Choice::default()).expect("there are questions");
        listed(&due(&chosen, &history, today), &chosen, &history, today)
    }

    #[test]
    fn what_is_due_comes_first_by_how_long_and_then_what_was_never_practised() {
        let takes = [
            take(
                "a",
                "2026-03-05",
                Grade::Again,
                &[Fault::PartMissing { part: StarPart::Result }, Fault::TooLong, Fault::FilledPauses],
            ),
            take("b", "2026-03-03", Grade::Good, &[]),
            take("d", "2026-03-03", Grade::Again, &[Fault::TooShort]),
            take("e", "2026-03-06", Grade::Easy, &[]),
        ];
        let plan = plan_on(date(2026, 3, 6), &takes);
        let listed: Vec<(&str, &str)> =
            plan.questions.iter().map(|planned| (planned.question.id.as_str(), planned.why.as_str())).collect();
        assert_eq!(
            listed,
            [
                ("d", "due since Wednesday: it was too short"),
                ("a", "due today: the result was missing, it was too long"),
                ("b", "due today: last time it went well"),
                ("c", "never practised"),
            ]
        );
        assert_eq!(plan.next.map(|next| (next.question.id, next.due)), Some(("e".into(), date(2026, 3, 21))));
    }

    #[test]
    fn with_nothing_due_the_plan_is_empty_and_names_the_next_day() {
        let takes = ["a", "b", "c", "d", "e"].map(|id| take(id, "2026-03-05", Grade::Good, &[]));
        let plan = plan_on(date(2026, 3, 5), &takes);
        assert!(plan.questions.is_empty(), "{plan:?}");
        assert_eq!(plan.next.map(|next| (next.question.id, next.due)), Some(("a".into(), date(2026, 3, 8))));
    }

    #[test]
    fn with_nothing_due_and_nothing_new_tonight_is_what_comes_due_first() {
        let takes = [
            take("a", "2026-03-05", Grade::Easy, &[]),
            take("b", "2026-03-05", Grade::Good, &[]),
            take("c", "2026-03-05", Grade::Hard, &[Fault::TooLong]),
            take("d", "2026-03-05", Grade::Easy, &[]),
            take("e", "2026-03-05", Grade::Easy, &[]),
        ];
        let banks = [bank()];
        let history = History::replay(&banks, &takes, &TimeZone::UTC);
        let chosen = choose(&banks, &Choice::default()).expect("there are questions");
        let today = date(2026, 3, 5);
        let mut picked = tonight(&chosen, &history, today);
        picked.truncate(2);
        let plan = listed(&picked, &chosen, &history, today);
        let told: Vec<(&str, &str)> =
            plan.questions.iter().map(|planned| (planned.question.id.as_str(), planned.why.as_str())).collect();
        let expected =
            [("c", "not due before Saturday: it was too long"), ("b", "not due before Sunday: last time it went well")];
        assert_eq!(told, expected);
        assert_eq!(
            plan.next.map(|next| next.question.id),
            Some("a".into()),
            "what is asked now is not what comes next"
        );
        assert_eq!(tonight(&chosen, &History::default(), today), due(&chosen, &History::default(), today));
    }

    #[test]
    fn days_are_said_as_people_say_them() {
        let today = date(2026, 11, 27);
        let cases = [
            (date(2026, 11, 27), "today"),
            (date(2026, 11, 26), "yesterday"),
            (date(2026, 11, 28), "tomorrow"),
            (date(2026, 11, 24), "Tuesday"),
            (date(2026, 12, 3), "Thursday"),
            (date(2026, 11, 20), "20 November"),
            (date(2026, 12, 4), "4 December"),
            (date(2027, 1, 4), "4 January 2027"),
        ];
        for (day, words) in cases {
            assert_eq!(day_in_words(day, today), words);
        }
    }
}
