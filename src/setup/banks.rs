//! Finding questions: in our banks, in the person's own, and in a file that is named.

use std::path::Path;

use super::{Context, SetupError};
use crate::assess::AskedFrom;
use crate::content::{self, Choice};
use crate::rehearse::Planned;
use crate::remedy::Remedy;
use crate::store::{self, MarkedPoint, Origin};
use crate::types::{Bank, Question, QuestionNotes};

/// How many questions are asked where nobody says and no question was named by its id.
const USUAL_COUNT: usize = 3;

/// A question that was found, and the name of its bank.
pub struct Found {
    /// The question.
    pub question: Question,
    /// The bank's name; empty for a question that is in none.
    pub bank: String,
}

impl Found {
    fn of(chosen: content::Chosen) -> Found {
        let mut question = chosen.question.clone();
        ours_are_nobodys_points(&mut question, &chosen.bank.name);
        Found { question, bank: chosen.bank.name.clone() }
    }

    /// As reports want it.
    pub fn asked(&self) -> AskedFrom<'_> {
        AskedFrom { question: &self.question, bank: named(&self.bank) }
    }
}

/// What our own banks note for a question is what an interviewer looks for. A person's points are what they noted themselves:
/// nobody is told that they missed what they never promised.
fn ours_are_nobodys_points(question: &mut Question, bank: &str) {
    let ours = content::builtin_banks().iter().filter(|ours| ours.name == bank).flat_map(|ours| &ours.questions);
    for known in ours.filter(|known| known.id == question.id) {
        let (ours, own) = std::mem::take(&mut question.notes).into_iter().partition(|note| known.notes.contains(note));
        question.notes = own;
        question.criteria.extend::<Vec<String>>(ours);
    }
}

/// The name of a bank; the one without a name stands for no bank at all.
fn named(bank: &str) -> Option<&str> {
    Some(bank).filter(|bank| !bank.is_empty())
}

/// All banks: the person's own first, then ours.
pub fn banks(context: &Context) -> Result<Vec<Bank>, SetupError> {
    Ok(own_banks(context)?.into_iter().chain(content::builtin_banks().iter().cloned()).collect())
}

/// The person's own banks. A file that is none is named and left out.
pub fn own_banks(context: &Context) -> Result<Vec<Bank>, SetupError> {
    let (mut own, broken) = content::user_banks(&context.home.banks())?;
    own.iter_mut().for_each(|bank| in_the_language(bank, context));
    for error in broken {
        context.tell(&format!("{error}; {}", error.next_step()));
    }
    Ok(own)
}

/// Puts the words of the language that is spoken, where the author wrote several side by side.
fn in_the_language(bank: &mut Bank, context: &Context) {
    bank.say_in(context.config.language().unwrap_or("en"));
}

/// Adds the banks of files that are named, and puts the banks' names for the files.
///
/// A file without any question is an error: its reading says what the lines were taken for.
fn with_files(context: &Context, names: Vec<String>) -> Result<(Vec<Bank>, Vec<String>), SetupError> {
    let mut banks = banks(context)?;
    let mut known = Vec::new();
    for name in names {
        if Path::new(&name).is_file() && !banks.iter().any(|bank| bank.name == name) {
            let path = Path::new(&name);
            let hints = content::hints_of(path, &context.home.banks())?;
            let mut bank = content::read_file_with(path, &hints)?.bank;
            if bank.questions.is_empty() {
                return Err(content::LibraryError::NoQuestions { path: path.into() }.into());
            }
            in_the_language(&mut bank, context);
            known.push(bank.name.clone());
            banks.insert(0, bank);
        } else {
            known.push(name);
        }
    }
    add_what_was_said(context, &mut banks);
    Ok((banks, known))
}

/// Gives questions what the person noted for them, and what they said of their points in earlier takes.
///
/// What cannot be read is said, and keeps nobody from a rehearsal.
fn add_what_was_said(context: &Context, banks: &mut [Bank]) {
    let notes = store::question_notes(&context.home).unwrap_or_else(|error| {
        context.tell(&format!("{error}: it is left out; {}", error.next_step()));
        QuestionNotes::default()
    });
    let marked = marked_points(context);
    for bank in banks {
        for question in &mut bank.questions {
            let of_bank = named(&bank.name);
            let noted = notes.of(of_bank, &question.id).iter().filter(|note| !question.notes.contains(note));
            let noted: Vec<String> = noted.cloned().collect();
            question.notes.extend(noted);
            let of_question = marked.iter().filter(|marked| marked.question.is(of_bank, &question.id));
            question.marks.extend(of_question.map(|marked| marked.mark.clone()));
        }
    }
}

/// What the person marked in all their takes; what of it cannot be read is said and left out.
pub fn marked_points(context: &Context) -> Vec<MarkedPoint> {
    let (marked, broken) = store::marked_points(&context.home).unwrap_or_else(|error| {
        context.tell(&format!("{error}: marks are left out; {}", error.next_step()));
        Default::default()
    });
    for broken in broken {
        context.tell(&format!(
            "the marks of {} are left out: {}; {}",
            broken.id,
            broken.reason,
            broken.reason.next_step()
        ));
    }
    marked
}

/// All banks with those of the files that are named, and what of them was chosen.
pub struct Pool {
    /// The banks.
    pub banks: Vec<Bank>,
    /// What was chosen, but for the count.
    choice: Choice,
    /// At most so many questions are asked.
    pub count: usize,
}

impl Pool {
    /// Reads the banks. Files may be named as well as banks and questions.
    pub fn of(context: &Context, choice: Choice) -> Result<Pool, SetupError> {
        let (banks, names) = with_files(context, choice.names)?;
        let only_ids = !names.is_empty() && names.iter().all(|name| banks.iter().all(|bank| bank.name != *name));
        let count = choice.count.unwrap_or(if only_ids { usize::MAX } else { USUAL_COUNT });
        Ok(Pool { banks, choice: Choice { names, count: None, ..choice }, count })
    }

    /// Questions by their words: each as it stands in a bank, or else one that is in none.
    pub fn of_words(context: &Context, asked: &[String]) -> Result<Pool, SetupError> {
        let (mut banks, _) = with_files(context, Vec::new())?;
        let mut own = Bank::default();
        let mut names = Vec::new();
        for text in asked {
            let question = content::question_of_words(text);
            let bank = banks.iter().find(|bank| bank.questions.iter().any(|known| known.id == question.id));
            names.push(format!("{}/{}", bank.map(|bank| bank.name.as_str()).unwrap_or_default(), question.id));
            if bank.is_none() && own.questions.iter().all(|known| known.id != question.id) {
                own.questions.push(question);
            }
        }
        let mut without_bank = [own];
        add_what_was_said(context, &mut without_bank);
        banks.extend(without_bank);
        Ok(Pool { banks, choice: Choice { names, ..Choice::default() }, count: usize::MAX })
    }

    /// Everything that was chosen, in order; no count is applied.
    pub fn chosen(&self) -> Result<Vec<content::Chosen<'_>>, SetupError> {
        Ok(content::choose(&self.banks, &self.choice)?)
    }
}

/// A question as the rehearsal asks it.
pub(super) fn planned(context: &Context, chosen: content::Chosen) -> Planned {
    let Found { question, bank } = Found::of(chosen);
    Planned { question: with_target(question, context), bank: named(&bank).map(str::to_owned) }
}

/// Gives questions that name no length of their own the one that is set, if one is.
fn with_target(mut question: Question, context: &Context) -> Question {
    if question.duration_min.is_none() && *context.config.origin("target_s") != Origin::Default {
        question.target_s = question.target_s.or(context.config.target_s());
    }
    question
}

/// The question of an id, in `bank` (a name or a file) where one is named.
pub fn find(context: &Context, bank: Option<&str>, wanted: &str) -> Result<Found, SetupError> {
    let (banks, names) = with_files(context, bank.map(str::to_owned).into_iter().collect())?;
    if wanted.contains(char::is_whitespace) {
        // The words themselves: of a question that is known, or of one that is not.
        let question = content::question_of_words(wanted);
        let known = banks.iter().find_map(|bank| Some((bank, bank.questions.iter().find(|q| q.id == question.id)?)));
        return Ok(match known {
            Some((bank, question)) => Found::of(content::Chosen { question, bank }),
            None => Found { question, bank: String::new() },
        });
    }
    let wanted = names.first().map_or_else(|| wanted.to_owned(), |bank| format!("{bank}/{wanted}"));
    let Found { question, bank } = Found::of(content::find(&banks, &wanted)?);
    Ok(Found { question: with_target(question, context), bank })
}

/// The bank of a name, or in a file.
pub fn find_bank(context: &Context, name: &str) -> Result<Option<Bank>, SetupError> {
    let (banks, names) = with_files(context, vec![name.to_owned()])?;
    Ok(banks.into_iter().find(|bank| names.contains(&bank.name)))
}

/// Puts questions into the person's own banks, and tells where they are kept.
pub fn keep(context: &Context, asked: &[String]) -> Result<(), SetupError> {
    context.home.prepare()?;
    for text in asked {
        let kept = content::keep(text, &context.home.banks())?;
        let how = if kept.unchanged { "was kept before" } else { "is kept" };
        context.tell(&format!("\"{text}\" {how} in {}", kept.path.display()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_our_banks_note_is_looked_for_and_is_nobodys_point_but_what_the_person_notes_is() {
        let bank = content::builtin_banks().iter().find(|bank| bank.questions.iter().any(|one| !one.notes.is_empty()));
        let bank = bank.expect("our banks have talking points");
        let ours = bank.questions.iter().find(|one| !one.notes.is_empty()).expect("as was just seen");
        let mut question = ours.clone();
        question.notes.push("I settled it by a test of two weeks".to_owned());
        ours_are_nobodys_points(&mut question, &bank.name);
        assert_eq!(question.notes, ["I settled it by a test of two weeks"]);
        assert!(ours.notes.iter().all(|note| question.criteria.contains(note)));
        let mut same_in_a_bank_of_ones_own = ours.clone();
        ours_are_nobodys_points(&mut same_in_a_bank_of_ones_own, "mine");
        assert_eq!(same_in_a_bank_of_ones_own, *ours);
    }
    #[test]
    fn a_question_of_ours_is_the_same_by_its_words_and_by_its_id() {
        let folder = tempfile::tempdir().expect("a folder");
        let (context, _) = Context::of_home(crate::store::Home::at(folder.path()), |_| ());
        let ours = content::builtin_banks().iter().flat_map(|bank| &bank.questions).find(|one| !one.notes.is_empty());
        let ours = ours.expect("our banks have talking points");
        let by = |wanted: &str| find(&context, None, wanted).expect("it is there").question;
        assert_eq!(by(&ours.text), by(&ours.id));
        assert_eq!(by(&ours.text).notes, Vec::<String>::new());
    }
}
