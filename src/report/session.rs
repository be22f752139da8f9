//! What a session came to: what was asked, how each take went, what is due next.

use jiff::civil::Date;

use super::page::{Page, Tone};
use super::plan::day;
use super::terminal::{count, seconds};
use crate::practice::{Comparison, grade};
use crate::types::{
    Analysis, Answer, AnswerStatus, Covered, Grade, Graded, Judged, Plan, PracticeState, Prompt, Report, Seconds,
    StarPart, TakePart,
};

/// More takes than this of what is still due are counted, not listed.
const MAX_DUE: usize = 3;

/// A take of the session, with what was found out about it.
#[derive(Clone, Copy, Debug)]
pub struct SessionTake<'a> {
    /// The take.
    pub answer: &'a Answer,
    /// Its report; `None` where none could be made.
    pub report: Option<&'a Report>,
    /// How it stands beside earlier takes of its question.
    pub comparison: Option<&'a Comparison>,
}

/// The takes in the order recorded, a question a block, and what `after` says is due next; for a screen of so many
/// columns. Empty where nothing was recorded, or all of it thrown away.
pub fn render(takes: &[SessionTake], after: &Plan, today: Date, columns: usize) -> String {
    let kept = |take: &&SessionTake| take.answer.status != AnswerStatus::Discarded;
    let takes: Vec<SessionTake> = takes.iter().filter(kept).copied().collect();
    if takes.is_empty() {
        return String::new();
    }
    let questions: Vec<&[SessionTake]> = takes.chunk_by(|a, b| is_one_question(a.answer, b.answer)).collect();
    let length: f64 = takes.iter().filter_map(|take| take.answer.duration_s).map(|length| length.0).sum();
    let asked = count(questions.len(), "question", "questions");
    let given = count(takes.len(), "take", "takes");
    let mut page = Page::of_columns(columns);
    page.hanging("", 0, &format!("This session: {asked}, {given}, {}", seconds(Seconds(length))), Tone::Heading);
    for (number, takes) in (1..).zip(questions) {
        question(&mut page, number, takes);
    }
    due(&mut page, after, today);
    page.finish()
}

/// The line over a report among others: `── Question 2 of 3 · Follow-up ────`.
pub fn rule(place: &str, columns: usize) -> String {
    let mut page = Page::of_columns(columns);
    page.rule(place);
    page.finish()
}

/// A follow-up has the words of its own and the id of what it follows.
fn is_one_question(before: &Answer, now: &Answer) -> bool {
    (&before.question.bank, &before.question.id) == (&now.question.bank, &now.question.id)
}

fn question(page: &mut Page, number: usize, takes: &[SessionTake]) {
    page.gap();
    // A question has a take, and what was said first is the question.
    let text = takes.first().map(|take| take.answer.question.text.as_str()).unwrap_or_default();
    page.hanging(&format!("{number:>3} "), 4, text, Tone::Heading);
    let (in_parts, alone): (Vec<SessionTake>, Vec<SessionTake>) =
        takes.iter().partition(|take| take.answer.part.is_some());
    if let Some(part) = in_parts.first().and_then(|take| take.answer.part.as_ref()) {
        page.hanging("    ", 4, &parts(part, in_parts.len()), Tone::Plain);
    }
    for take in &alone {
        let (how, tone) = how_it_went(take);
        let again = match take.answer.prompt {
            Prompt::Question => "",
            Prompt::Retry => "Again. ",
            Prompt::FollowUp => "Follow-up. ",
        };
        page.hanging("    ", 4, &format!("{again}{how}"), tone);
        if let Some(comparison) = take.comparison {
            page.hanging("    ", 4, &comparison.to_string(), Tone::Plain);
        }
    }
}

/// What a drill or a conversation was; what came of it has a summary of its own.
fn parts(part: &TakePart, takes: usize) -> String {
    match part {
        TakePart::Phase { .. } => format!("A conversation: {}.", count(takes, "answer", "answers")),
        TakePart::Rung { .. } => format!("The ladder: {}.", count(takes, "rung", "rungs")),
        TakePart::BottomLine { .. } => format!("The bottom line: {}.", count(takes, "try", "tries")),
        TakePart::Interrupted { .. } => "You were interrupted.".to_owned(),
    }
}

/// A take in a line: its grade in words, and the figures that stand behind it.
fn how_it_went(take: &SessionTake) -> (String, Tone) {
    let Some(report) = take.report else {
        let why = take.answer.problem.as_ref().map(|problem| format!(": {problem}")).unwrap_or_default();
        return (format!("No report{why}."), Tone::Watch);
    };
    if take.answer.prompt == Prompt::FollowUp {
        // It answers a probe: neither the question's length nor its parts are wanted of it.
        return (format!("{}.", length(&report.analysis)), Tone::Plain);
    }
    let figures = figures(&report.analysis);
    match grade(&report.analysis, take.answer.hints) {
        Some(graded) => {
            let tone = if graded.grade >= Grade::Good { Tone::Good } else { Tone::Watch };
            (format!("{}. {figures}.", in_words(&graded)), tone)
        }
        None if report.analysis.length.words == 0 => ("Nothing was heard.".to_owned(), Tone::Watch),
        None => (format!("Too little to judge. {figures}."), Tone::Watch),
    }
}

/// A grade in words, with the two worst faults.
fn in_words(graded: &Graded) -> String {
    let grade = match (graded.grade, graded.faults.as_slice()) {
        (Grade::Easy, _) => return "Went very well".to_owned(),
        (_, []) => return "Went well".to_owned(),
        (Grade::Good, _) => "Went well, but",
        (Grade::Hard, _) => "Went with trouble:",
        (Grade::Again, _) => "Not there yet:",
    };
    let faults: Vec<String> = graded.faults.iter().take(2).map(ToString::to_string).collect();
    format!("{grade} {}", faults.join(", "))
}

/// `1 min 35 s (60-120 s wanted), 3 of 4 parts told, 2 of 3 of your points made`.
fn figures(analysis: &Analysis) -> String {
    let [lo, hi] = analysis.length.target_s;
    let mut figures = vec![format!("{} ({lo}-{hi} s wanted)", length(analysis))];
    let star = &analysis.star;
    if star.judged == Judged::Yes {
        let of = StarPart::ALL.len();
        figures.push(format!("{} of {of} parts told", of - (star.missing.len() + star.unsure.len()).min(of)));
    }
    if star.judged == Judged::DoesNotApply
        && let Some(wanted) = analysis.frameworks.iter().find(|framework| framework.name != "star")
    {
        let told = wanted.parts.iter().filter(|part| part.present).count();
        figures.push(format!("{told} of {} parts told", wanted.parts.len()));
    }
    let points: Vec<Covered> = analysis.own_points().map(|point| point.covered).collect();
    if !points.is_empty() {
        let made = points.iter().filter(|covered| **covered == Covered::Yes).count();
        figures.push(format!("{made} of {} of your points made", points.len()));
    }
    figures.join(", ")
}

fn length(analysis: &Analysis) -> String {
    analysis.length.duration_s.map_or_else(|| count(analysis.length.words, "word", "words"), seconds)
}

/// What is due today all the same, and what comes after that.
fn due(page: &mut Page, after: &Plan, today: Date) {
    let due: Vec<&str> = after
        .questions
        .iter()
        .filter(|planned| planned.state == PracticeState::Due)
        .map(|planned| planned.question.text.as_str())
        .collect();
    if due.is_empty() && after.next.is_none() {
        return;
    }
    page.heading("Due next");
    for text in due.iter().take(MAX_DUE) {
        page.hanging("  ", 4, &format!("today: {text}"), Tone::Plain);
    }
    if due.len() > MAX_DUE {
        page.hanging("  ", 4, &format!("today: {} more", due.len() - MAX_DUE), Tone::Plain);
    }
    if let Some(next) = &after.next {
        page.hanging("  ", 4, &format!("{}: {}", day(next.due, today), next.question.text), Tone::Plain);
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{self, without_colour};
    use super::*;
    use crate::practice::EarlierTakes;
    use crate::types::{LengthVerdict, NextDue, PlannedQuestion, QuestionRef};
    use jiff::Timestamp;
    use jiff::civil::date;
    use textwrap::core::display_width;

    const ENGINEERS: &str =
        "Tell me about a time when two of your managers wanted the same three engineers for a whole quarter.";

    fn question(id: &str, text: &str) -> QuestionRef {
        QuestionRef { id: id.into(), text: text.into(), bank: Some("mine".into()) }
    }

    fn answer(take: usize, question: QuestionRef, prompt: Prompt) -> Answer {
        Answer {
            take,
            question,
            prompt,
            status: AnswerStatus::Reported,
            started_at: Timestamp::UNIX_EPOCH,
            duration_s: Some(Seconds(95.0)),
            audio: None,
            transcript: None,
            report: None,
            problem: None,
            part: None,
            hints: 0,
            imported: None,
        }
    }

    fn told(answer: &Answer) -> SessionTake<'_> {
        SessionTake { answer, report: None, comparison: None }
    }

    /// A story of 95 s with everything in it, and one without its result that is too long.
    fn reports() -> [Report; 2] {
        let mut whole = samples::full();
        let analysis = &mut whole.analysis;
        analysis.length.words = 200;
        (analysis.length.duration_s, analysis.length.target_s) = (Some(Seconds(95.0)), [60, 120]);
        analysis.length.verdict = Some(LengthVerdict::OnTarget);
        analysis.star.judged = Judged::Yes;
        (analysis.star.missing, analysis.star.unsure) = (Vec::new(), Vec::new());
        analysis.evidence.quantified_result = Some(true);
        analysis.bluf.up_front = Some(true);
        analysis.fillers.filled_pauses.verdict = None;
        analysis.points.iter_mut().for_each(|point| point.covered = Covered::Yes);
        let mut long = whole.clone();
        long.analysis.star.missing = vec![StarPart::Result];
        long.analysis.length.duration_s = Some(Seconds(150.0));
        long.analysis.length.verdict = Some(LengthVerdict::Long);
        [whole, long]
    }

    fn plan(due: &[&str], next: Option<&str>) -> Plan {
        let planned = |text: &&str| PlannedQuestion {
            question: question(text, text),
            state: PracticeState::Due,
            why: String::new(),
            standing: None,
        };
        let next = next.map(|text| NextDue { question: question("next", text), due: date(2026, 12, 1) });
        Plan { schema: Plan::SCHEMA.into(), questions: due.iter().map(planned).collect(), next }
    }

    fn page(takes: &[SessionTake], plan: &Plan, columns: usize) -> String {
        without_colour(&render(takes, plan, date(2026, 11, 30), columns))
    }

    #[test]
    fn a_session_says_what_was_asked_how_each_take_went_and_what_is_due_next() {
        let [whole, long] = reports();
        let mut earlier = EarlierTakes::default();
        for _ in 0..3 {
            earlier.add(&question("a", ENGINEERS), &long.analysis);
        }
        let comparison = earlier.compare(&question("a", ENGINEERS), &whole.analysis).expect("it is better");
        let answers = [
            answer(1, question("a", ENGINEERS), Prompt::Question),
            answer(2, question("a", ENGINEERS), Prompt::Retry),
            answer(3, question("a", "What came of it?"), Prompt::FollowUp),
            answer(4, question("b", "Why us?"), Prompt::Question),
        ];
        let mut takes: Vec<SessionTake> = answers.iter().map(told).collect();
        takes[0].report = Some(&long);
        (takes[1].report, takes[1].comparison) = (Some(&whole), Some(&comparison));
        takes[2].report = Some(&whole);
        let plan = plan(&["Who was your best hire?", "b", "c", "d", "e"], Some("Why us?"));
        let expected = "This session: 2 questions, 4 takes, 6 min 20 s

  1 Tell me about a time when two of your managers wanted the same three
    engineers for a whole quarter.
    Not there yet: the result was missing, it was too long. 2 min 30 s (60-120
    s wanted), 3 of 4 parts told, 3 of 3 of your points made.
    Again. Went very well. 95 s (60-120 s wanted), 4 of 4 parts told, 3 of 3 of
    your points made.
    Better than last time: 4 of 4 parts told (3), 95 s long (150).
    Follow-up. 95 s.

  2 Why us?
    No report.

Due next
  today: Who was your best hire?
  today: b
  today: c
  today: 2 more
  tomorrow: Why us?
";
        assert_eq!(page(&takes, &plan, 80), expected);
        for columns in [30, 40, 60, 200] {
            let page = page(&takes, &plan, columns);
            assert!(page.lines().all(|line| display_width(line) < columns.min(80)), "{columns}: {page}");
        }
    }

    #[test]
    fn a_take_that_was_thrown_away_or_not_judged_is_not_praised() {
        let [whole, _] = reports();
        let mut few = whole.clone();
        few.analysis.length.words = 12;
        let mut answers = [1, 2, 3].map(|take| answer(take, question("b", "Why us?"), Prompt::Question));
        answers[0].status = AnswerStatus::Discarded;
        answers[2].problem = Some("the disk is full".into());
        let mut takes: Vec<SessionTake> = answers.iter().map(told).collect();
        assert_eq!(page(&takes[..1], &plan(&[], None), 80), "", "nothing came of it");
        (takes[0].report, takes[1].report) = (Some(&whole), Some(&few));
        let page = page(&takes, &plan(&[], None), 80);
        assert!(page.starts_with("This session: 1 question, 2 takes, "), "{page}");
        assert!(page.contains("Too little to judge.") && page.contains("No report: the disk is full."), "{page}");
        assert!(!page.contains("Went") && !page.contains("Due next"), "{page}");
    }

    #[test]
    fn a_drill_and_a_conversation_are_a_line() {
        let [whole, _] = reports();
        let part = |turn| TakePart::Phase { turn, phase: None, topic: None };
        let answers = [1, 2].map(|turn| Answer {
            part: Some(part(turn)),
            ..answer(turn, question("s", "The plant stands still."), Prompt::Question)
        });
        let takes: Vec<SessionTake> =
            answers.iter().map(|answer| SessionTake { report: Some(&whole), ..told(answer) }).collect();
        let page = page(&takes, &plan(&[], None), 80);
        assert!(page.ends_with("  1 The plant stands still.\n    A conversation: 2 answers.\n"), "{page}");
    }

    #[test]
    fn a_rule_names_the_report_below_it_and_fits_the_screen() {
        assert_eq!(without_colour(&rule("Question 2 of 3", 30)), "── Question 2 of 3 ──────────\n");
        for columns in [20, 40, 80, 120] {
            let rule = without_colour(&rule("Question 12 of 13 · Follow-up", columns));
            assert!(display_width(rule.trim_end()) < columns.clamp(22, 80), "{columns}: {rule}");
        }
    }
}
