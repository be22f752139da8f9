//! Takes as people name them: `last`, `yesterday`, a session, `SESSION/2`, `conflict#2`. Pure.

use jiff::civil::Date;
use jiff::{ToSpan, Zoned};

use crate::types::{Answer, AnswerStatus, Prompt, QuestionRef, Session, TakeName};

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// A whole session, by its own name.
    Session(String),
    /// One take.
    Take(TakeName),
}

/// Why a name stands for nothing, or for too much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameError {
    /// No session and no question is called like this.
    Unknown,
    /// It could be any of these, each as it can be typed.
    Ambiguous(Vec<String>),
    /// The session or the question has no such take.
    NoTake {
        /// The session or the question.
        of: String,
        /// What was asked for.
        wanted: String,
        /// How many takes there are.
        have: usize,
    },
}

/// Which of a question's takes.
enum Selector {
    Last,
    Best,
    Number(usize),
}

/// Finds what `typed` stands for among all sessions; `now` says which day is today.
///
/// | typed | is |
/// |---|---|
/// | `last` | the newest session |
/// | `today`, `yesterday`, `2026-11-21` | the session of that day |
/// | the name or the title of a session, or the start of one | that session |
/// | any of these and `/2` | its take of that number |
/// | a question's id, the start or a word of it, or of the question's own words | its last take |
/// | any of these and `#2`, `#last`, `#best` | its second take over all sessions, its last, its best by `worth` |
///
/// What is whole wins over a start, an id over words, and a session over a question. Takes of a question are counted in the
/// order recorded; those that were thrown away and answers to the interviewer's probes are left out. Of equally good takes
/// the later one is the best; where none can be judged, the last.
pub fn resolve<W: Ord>(
    sessions: &[&Session],
    typed: &str,
    now: &Zoned,
    worth: impl FnMut(&Session, &Answer) -> Option<W>,
) -> Result<Meant, NameError> {
    let typed = typed.trim();
    if let Some((question, selector)) = typed.rsplit_once('#') {
        let selector = selector_of(selector).ok_or(NameError::Unknown)?;
        return take_of_question(sessions, question, &selector, worth);
    }
    let name = typed.trim_end_matches('/');
    let found = session_called(sessions, name, now)?;
    if let Some(session) = found {
        return Ok(Meant::Session(session.id.clone()));
    }
    if let Some((name, take)) = typed.rsplit_once('/').and_then(|(name, take)| Some((name, take.parse().ok()?)))
        && let Some(session) = session_called(sessions, name, now)?
    {
        return take_of_session(session, take);
    }
    take_of_question(sessions, name, &Selector::Last, worth)
}

fn selector_of(text: &str) -> Option<Selector> {
    match text.to_lowercase().as_str() {
        "last" => Some(Selector::Last),
        "best" => Some(Selector::Best),
        number => number.parse().ok().map(Selector::Number),
    }
}

fn take_of_session(session: &Session, take: usize) -> Result<Meant, NameError> {
    if session.answers.iter().any(|answer| answer.take == take) {
        return Ok(Meant::Take(TakeName { session: session.id.clone(), take }));
    }
    Err(NameError::NoTake { of: session.id.clone(), wanted: take.to_string(), have: session.answers.len() })
}

/// The session of a name; `None` where there is none.
fn session_called<'a>(sessions: &[&'a Session], name: &str, now: &Zoned) -> Result<Option<&'a Session>, NameError> {
    if name.is_empty() {
        return Ok(None);
    }
    if let Some(exact) = sessions.iter().find(|session| session.id == name) {
        return Ok(Some(exact));
    }
    let wanted = name.to_lowercase();
    if wanted == "last" {
        return Ok(sessions.iter().copied().max_by_key(|session| (session.started_at, &session.id)));
    }
    let day = match wanted.as_str() {
        "today" => Some(now.date()),
        "yesterday" => now.date().checked_sub(1.day()).ok(),
        // With an hour behind it, it is the start of a name.
        date => date.parse::<Date>().ok().filter(|_| date.len() == 10),
    };
    let title = |session: &Session| session.title.as_deref().unwrap_or_default().to_lowercase();
    let tiers: [&dyn Fn(&Session) -> bool; 4] = [
        &|session| day.is_some_and(|day| day_of(session, now) == day),
        &|session| title(session) == wanted,
        &|session| session.id.to_lowercase().starts_with(&wanted),
        &|session| title(session).starts_with(&wanted),
    ];
    for tier in tiers {
        let found: Vec<&Session> = sessions.iter().copied().filter(|session| tier(session)).collect();
        match found[..] {
            [] => {}
            [one] => return Ok(Some(one)),
            _ => return Err(NameError::Ambiguous(found.iter().map(|session| session.id.clone()).collect())),
        }
    }
    Ok(None)
}

/// The day in a session's name, which is that of the place where it was recorded; else the day it began.
fn day_of(session: &Session, now: &Zoned) -> Date {
    let named = session.id.get(..10).and_then(|start| start.parse().ok());
    named.unwrap_or_else(|| session.started_at.to_zoned(now.time_zone().clone()).date())
}

fn take_of_question<W: Ord>(
    sessions: &[&Session],
    name: &str,
    selector: &Selector,
    mut worth: impl FnMut(&Session, &Answer) -> Option<W>,
) -> Result<Meant, NameError> {
    let mut takes: Vec<(&Session, &Answer)> =
        sessions.iter().flat_map(|session| session.answers.iter().map(move |answer| (*session, answer))).collect();
    takes.retain(|(_, answer)| answer.status != AnswerStatus::Discarded && answer.prompt != Prompt::FollowUp);
    takes.sort_by(|a, b| (a.1.started_at, &a.0.id, a.1.take).cmp(&(b.1.started_at, &b.0.id, b.1.take)));
    let question = question_called(takes.iter().map(|(_, answer)| &answer.question), name)?;
    takes.retain(|(_, answer)| is_same(&answer.question, question));
    let found = match selector {
        Selector::Last => takes.last(),
        Selector::Best => takes.iter().max_by_key(|(session, answer)| worth(session, answer)),
        Selector::Number(number) => number.checked_sub(1).and_then(|index| takes.get(index)),
    };
    match (found, selector) {
        (Some((session, answer)), _) => Ok(Meant::Take(TakeName { session: session.id.clone(), take: answer.take })),
        (None, Selector::Number(number)) => {
            Err(NameError::NoTake { of: question.id.clone(), wanted: number.to_string(), have: takes.len() })
        }
        (None, _) => Err(NameError::Unknown),
    }
}

fn is_same(a: &QuestionRef, b: &QuestionRef) -> bool {
    a.is(b.bank.as_deref(), &b.id)
}

/// The one question that is called like this, of those that were asked; these stand in the order recorded.
pub fn question_called<'a>(
    asked: impl Iterator<Item = &'a QuestionRef>,
    name: &str,
) -> Result<&'a QuestionRef, NameError> {
    let mut questions: Vec<&QuestionRef> = Vec::new();
    for question in asked {
        // Of a question whose words were mended the newest ones count, and takes come in the order recorded.
        match questions.iter_mut().find(|known| is_same(known, question)) {
            Some(known) => *known = question,
            None => questions.push(question),
        }
    }
    let wanted = name.trim().to_lowercase();
    let words = words_of(&wanted);
    let id = |question: &QuestionRef| question.id.to_lowercase();
    let with_bank = |question: &QuestionRef| with_bank(question).to_lowercase();
    let has_words = |text: &str| {
        let of_text = words_of(text);
        !words.is_empty() && words.iter().all(|word| of_text.contains(word))
    };
    let tiers: [&dyn Fn(&QuestionRef) -> bool; 6] = [
        &|question| with_bank(question) == wanted || id(question) == wanted,
        &|question| question.text.trim().to_lowercase() == wanted,
        &|question| id(question).starts_with(&wanted) || with_bank(question).starts_with(&wanted),
        &|question| has_words(&question.id),
        &|question| question.text.to_lowercase().starts_with(&wanted),
        &|question| has_words(&question.text),
    ];
    for tier in tiers.into_iter().filter(|_| !wanted.is_empty()) {
        let found: Vec<&QuestionRef> = questions.iter().copied().filter(|question| tier(question)).collect();
        match found[..] {
            [] => {}
            [one] => return Ok(one),
            _ => return Err(NameError::Ambiguous(typed_names(&found))),
        }
    }
    Err(NameError::Unknown)
}

/// The names by which questions can be told apart.
fn typed_names(questions: &[&QuestionRef]) -> Vec<String> {
    let is_alone = |question: &QuestionRef| questions.iter().filter(|other| other.id == question.id).count() == 1;
    questions.iter().map(|q| if is_alone(q) { q.id.clone() } else { with_bank(q) }).collect()
}

fn with_bank(question: &QuestionRef) -> String {
    format!("{}/{}", question.bank.as_deref().unwrap_or_default(), question.id)
}

fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::SessionSettings;

    fn session(id: &str, started_at: &str, asked: &[(&str, &str)]) -> Session {
        let started_at = started_at.parse().unwrap();
        let answer = |(index, (id, text)): (usize, &(&str, &str))| Answer {
            take: index + 1,
            question: QuestionRef { id: (*id).into(), text: (*text).into(), bank: Some("mine".into()) },
            prompt: Prompt::Question,
            status: AnswerStatus::Reported,
            started_at,
            duration_s: None,
            audio: None,
            transcript: None,
            report: None,
            problem: None,
            part: None,
            hints: 0,
            imported: None,
        };
        Session {
            schema: Session::SCHEMA.into(),
            id: id.into(),
            title: None,
            started_at,
            ended_at: None,
            bank: None,
            settings: SessionSettings::default(),
            answers: asked.iter().enumerate().map(answer).collect(),
            summaries: Vec::new(),
        }
    }

    const CONFLICT: (&str, &str) = ("product-conflict", "Tell me about a conflict over the product.");
    const LEADER: (&str, &str) = ("leadership", "How do you lead, and why?");
    const LAUNCH: (&str, &str) = ("worst-launch", "What was your worst launch, and why did it go wrong?");

    fn sessions() -> Vec<Session> {
        let mut sessions = vec![
            session("2026-11-19T0900-mine", "2026-11-19T08:00:00Z", &[CONFLICT, LEADER]),
            session("2026-11-20T2330-mine", "2026-11-20T22:30:00Z", &[CONFLICT, LAUNCH]),
            session("2026-11-21T0800-mine", "2026-11-21T07:00:00Z", &[CONFLICT]),
            session("2026-11-21T1800-mine", "2026-11-21T17:00:00Z", &[LAUNCH, CONFLICT, CONFLICT, CONFLICT]),
        ];
        sessions[3].title = Some("Dress rehearsal".into());
        sessions[3].answers[2].status = AnswerStatus::Discarded;
        sessions[3].answers[3].prompt = Prompt::FollowUp;
        sessions
    }

    /// What a name stands for, as `SESSION` or `SESSION/TAKE`, the sessions by their day and hour; errors by their facts.
    fn meant(typed: &str) -> String {
        let sessions = sessions();
        let now: Zoned = "2026-11-21T20:00:00+01:00[Europe/Berlin]".parse().unwrap();
        // The take of the 20th was the best.
        let worth = |session: &Session, _: &Answer| Some(session.id.starts_with("2026-11-20"));
        match resolve(&sessions.iter().collect::<Vec<_>>(), typed, &now, worth) {
            Ok(Meant::Session(id)) => id[8..13].to_owned(),
            Ok(Meant::Take(name)) => format!("{}/{}", &name.session[8..13], name.take),
            Err(NameError::Unknown) => "unknown".to_owned(),
            Err(NameError::Ambiguous(could_be)) => could_be.join(" or "),
            Err(NameError::NoTake { of, wanted, have }) => format!("{of} has no {wanted} of {have}"),
        }
    }

    #[test]
    fn a_name_is_understood_as_it_is_said() {
        let table = [
            ("last", "21T18"),
            ("LAST", "21T18"),
            ("last/2", "21T18/2"),
            ("last/9", "2026-11-21T1800-mine has no 9 of 4"),
            ("yesterday", "20T23"),
            ("yesterday/2", "20T23/2"),
            ("today", "2026-11-21T0800-mine or 2026-11-21T1800-mine"),
            ("2026-11-19", "19T09"),
            ("2026-11-19/", "19T09"),
            ("2026-11-21T18", "21T18"),
            ("2026-11-21T1800-mine", "21T18"),
            ("2026-11-21t18", "21T18"),
            ("2026-11-18", "unknown"),
            ("dress rehearsal", "21T18"),
            ("Dress/1", "21T18/1"),
            ("conflict", "21T18/2"),
            ("conflict#last", "21T18/2"),
            ("conflict#1", "19T09/1"),
            ("conflict#2", "20T23/1"),
            ("conflict#4", "21T18/2"),
            ("conflict#5", "product-conflict has no 5 of 4"),
            ("conflict#0", "product-conflict has no 0 of 4"),
            ("conflict#best", "20T23/1"),
            ("conflict#first", "unknown"),
            ("mine/product-conflict#2", "20T23/1"),
            ("product", "21T18/2"),
            ("worst launch", "21T18/1"),
            ("wrong", "21T18/1"),
            ("How do you lead, and why?", "19T09/2"),
            ("l", "19T09/2"),
            ("why", "leadership or worst-launch"),
            ("thing", "unknown"),
            ("", "unknown"),
            ("#2", "unknown"),
            ("/", "unknown"),
            ("../../etc", "unknown"),
        ];
        for (typed, wanted) in table {
            assert_eq!(meant(typed), wanted, "{typed:?}");
        }
    }

    #[test]
    fn questions_of_one_id_in_two_banks_are_told_apart_by_their_bank() {
        let mut sessions = [session("2026-11-19T0900-mine", "2026-11-19T08:00:00Z", &[CONFLICT, CONFLICT])];
        sessions[0].answers[1].question.bank = Some("theirs".into());
        let now: Zoned = "2026-11-21T20:00:00+01:00[Europe/Berlin]".parse().unwrap();
        let resolve = |typed| resolve(&[&sessions[0]], typed, &now, |_, _| Some(()));
        let both = vec!["mine/product-conflict".to_owned(), "theirs/product-conflict".to_owned()];
        assert_eq!(resolve("conflict"), Err(NameError::Ambiguous(both)));
        let theirs = TakeName { session: "2026-11-19T0900-mine".into(), take: 2 };
        assert_eq!(resolve("theirs/product-conflict#last"), Ok(Meant::Take(theirs)));
    }
}
