//! Which question a take belongs to, and how it stands with every question.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::grade;
use super::memory::Memory;
use crate::content::{Chosen, is_mended};
use crate::types::{Analysis, Answer, Bank, Graded, Question, QuestionRef, Standing, TakeName};

/// A take of a question, as far as the schedule needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct PastTake {
    /// Its name.
    pub name: TakeName,
    /// When it was recorded.
    pub at: Timestamp,
    /// What was asked, in the words of that day.
    pub question: QuestionRef,
    /// How it went; `None` where it could not be judged.
    pub graded: Option<Graded>,
}

impl PastTake {
    /// A take of this session with its grade.
    pub fn new(session: &str, answer: &Answer, analysis: &Analysis) -> PastTake {
        PastTake {
            name: TakeName { session: session.to_owned(), take: answer.take },
            at: answer.started_at,
            question: answer.question.clone(),
            graded: grade(analysis, answer.hints),
        }
    }
}

/// How it stands with every question that was practised.
#[derive(Debug, Default)]
pub struct History {
    /// By the place of a question: its bank's name and its id.
    standings: HashMap<(String, String), Standing>,
}

impl History {
    /// Plays the takes through in the order of their times; days are those of `zone`.
    ///
    /// Of the takes of one day the first counts: it shows what was still known. The ones after it
    /// are practice, and FSRS has no use for how they went. Takes that could not be judged do not count.
    ///
    /// A take belongs to the question of the same id in the same bank, and to every question of
    /// that id and those words in other banks: a copy. A take whose question is no longer there under
    /// its id belongs to the one question of its bank that is the same but for a mended slip.
    pub fn replay(banks: &[Bank], takes: &[PastTake], zone: &TimeZone) -> History {
        let mut judged: Vec<(&PastTake, &Graded)> =
            takes.iter().filter_map(|take| Some((take, take.graded.as_ref()?))).collect();
        judged.sort_by(|a, b| (a.0.at, &a.0.name).cmp(&(b.0.at, &b.0.name)));
        let homes = Homes::of(banks);
        let mut running: HashMap<(String, String), (Memory, Standing)> = HashMap::new();
        for (take, graded) in judged {
            let day = take.at.to_zoned(zone.clone()).date();
            for place in homes.of_take(&take.question) {
                let before = running.get(&place);
                if before.is_some_and(|(_, standing)| standing.last_day == day) {
                    continue;
                }
                let memory = match before {
                    Some((memory, _)) => memory.after(day, graded.grade),
                    None => Memory::first(day, graded.grade),
                };
                let days = before.map_or(0, |(_, standing)| standing.days) + 1;
                let standing = standing(&memory, days, day, take, graded);
                running.insert(place, (memory, standing));
            }
        }
        History { standings: running.into_iter().map(|(place, (_, standing))| (place, standing)).collect() }
    }

    /// How it stands with a question; `None` for one that was never practised.
    pub fn standing(&self, chosen: &Chosen) -> Option<&Standing> {
        self.standings.get(&(chosen.bank.name.clone(), chosen.question.id.clone()))
    }
}

fn standing(memory: &Memory, days: usize, last_day: Date, take: &PastTake, last: &Graded) -> Standing {
    Standing { due: memory.due(), days, last_day, last_take: take.name.clone(), last: last.clone() }
}

/// The questions there are today, by id and by bank.
struct Homes<'a> {
    by_id: HashMap<&'a str, Vec<(&'a Bank, &'a Question)>>,
    banks: &'a [Bank],
}

impl<'a> Homes<'a> {
    fn of(banks: &'a [Bank]) -> Homes<'a> {
        let mut by_id: HashMap<&str, Vec<(&Bank, &Question)>> = HashMap::new();
        for bank in banks {
            for question in &bank.questions {
                by_id.entry(&question.id).or_default().push((bank, question));
            }
        }
        Homes { by_id, banks }
    }

    /// The places of the questions that a take of `asked` belongs to.
    fn of_take(&self, asked: &QuestionRef) -> Vec<(String, String)> {
        let place = |bank: &Bank, question: &Question| (bank.name.clone(), question.id.clone());
        let in_bank = |bank: &Bank| asked.bank.as_deref() == Some(bank.name.as_str());
        let of_id = self.by_id.get(asked.id.as_str()).map(Vec::as_slice).unwrap_or_default();
        let same = of_id.iter().filter(|(bank, question)| in_bank(bank) || question.text == asked.text);
        let found: Vec<_> = same.map(|(bank, question)| place(bank, question)).collect();
        if !found.is_empty() {
            return found;
        }
        let questions = self.banks.iter().filter(|bank| in_bank(bank));
        let questions = questions.flat_map(|bank| bank.questions.iter().map(move |question| (bank, question)));
        let mut mended = questions.filter(|(_, question)| is_mended(&asked.text, &question.text));
        match (mended.next(), mended.next()) {
            (Some((bank, question)), None) => vec![place(bank, question)],
            // None, or more than one: it cannot be told which.
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content;
    use crate::types::Grade;
    use jiff::civil::date;

    fn bank(name: &str, markdown: &str) -> Bank {
        content::read(markdown.as_bytes(), name).expect("it is a bank").bank
    }

    fn take(bank: &Bank, question: usize, at: &str, grade: Grade) -> PastTake {
        let question = &bank.questions[question];
        PastTake {
            name: TakeName { session: at[..10].to_owned(), take: 1 },
            at: at.parse().expect("it is a time"),
            question: QuestionRef {
                id: question.id.clone(),
                text: question.text.clone(),
                bank: Some(bank.name.clone()),
            },
            graded: Some(Graded { grade, faults: Vec::new() }),
        }
    }

    const TWO: &str =
        "# Mine\n\n## Tell me about a time you manged a difficult vendor contract.\n\n## Why did you leave?\n";

    fn standing_of<'a>(history: &'a History, bank: &Bank, question: usize) -> Option<&'a Standing> {
        history.standing(&Chosen { bank, question: &bank.questions[question] })
    }

    #[test]
    fn the_first_take_of_a_day_counts_and_days_are_those_of_the_zone() {
        let mine = bank("mine", TWO);
        let takes = [
            take(&mine, 0, "2026-03-02T22:30:00Z", Grade::Again),
            take(&mine, 0, "2026-03-02T22:40:00Z", Grade::Easy),
            take(&mine, 0, "2026-03-02T23:30:00Z", Grade::Good),
        ];
        let banks = [mine];
        let utc = History::replay(&banks, &takes, &TimeZone::UTC);
        let standing = standing_of(&utc, &banks[0], 0).expect("it was practised");
        assert_eq!((standing.days, standing.last.grade, standing.due), (1, Grade::Again, date(2026, 3, 3)));
        // In Berlin the third take was on the next day.
        let berlin = History::replay(&banks, &takes, &TimeZone::fixed(jiff::tz::offset(1)));
        let standing = standing_of(&berlin, &banks[0], 0).expect("it was practised");
        assert_eq!((standing.days, standing.last.grade, standing.last_day), (2, Grade::Good, date(2026, 3, 3)));
        assert_eq!(standing_of(&berlin, &banks[0], 1), None);
    }

    #[test]
    fn the_order_of_the_files_does_not_matter_and_what_cannot_be_judged_does_not_count() {
        let mine = bank("mine", TWO);
        let mut takes = vec![
            take(&mine, 0, "2026-03-02T10:00:00Z", Grade::Good),
            take(&mine, 0, "2026-03-05T10:00:00Z", Grade::Again),
            PastTake { graded: None, ..take(&mine, 0, "2026-03-09T10:00:00Z", Grade::Good) },
        ];
        let banks = [mine];
        let forward = History::replay(&banks, &takes, &TimeZone::UTC);
        takes.reverse();
        let backward = History::replay(&banks, &takes, &TimeZone::UTC);
        assert_eq!(forward.standings, backward.standings);
        assert_eq!(standing_of(&forward, &banks[0], 0).map(|standing| standing.last_day), Some(date(2026, 3, 5)));
    }

    #[test]
    fn history_follows_a_question_through_reordering_insertion_and_a_mended_slip() {
        let before = bank("mine", TWO);
        let takes = [take(&before, 0, "2026-03-02T10:00:00Z", Grade::Good)];
        let after = bank(
            "mine",
            "# Mine\n\n## What would you do first?\n\n## Why did you leave?\n\n\
             ## Tell me about a time you managed a difficult vendor contract.\n\n- the fee\n",
        );
        assert_ne!(before.questions[0].id, after.questions[2].id, "the id holds the words");
        let banks = [after];
        let history = History::replay(&banks, &takes, &TimeZone::UTC);
        let known: Vec<bool> = (0..3).map(|question| standing_of(&history, &banks[0], question).is_some()).collect();
        assert_eq!(known, [false, false, true]);
    }

    #[test]
    fn a_copy_in_another_bank_shares_the_history_and_a_question_of_the_same_short_id_does_not() {
        let mine = bank("mine", "## Why did you leave?\n**Id**: why\n\n## Who was your best hire?\n");
        let copy = bank("copy", "## Why would you join?\n**Id**: why\n\n## Who was your best hire?\n");
        let takes: Vec<PastTake> = (0..2).map(|n| take(&mine, n, "2026-03-02T10:00:00Z", Grade::Good)).collect();
        let banks = [mine, copy];
        let history = History::replay(&banks, &takes, &TimeZone::UTC);
        let known = |bank: usize, question| standing_of(&history, &banks[bank], question).is_some();
        assert_eq!((known(0, 0), known(0, 1), known(1, 0), known(1, 1)), (true, true, false, true));
        assert_eq!(banks[1].questions[0].id, "why", "an id that the author chose");
    }
}
