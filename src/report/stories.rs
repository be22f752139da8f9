//! Stories across sessions, for a terminal of 80 columns.

use super::page::{Page, Tone, short};
use crate::types::{Competency, Conflict, FactTold, Stories, Story};

/// How many of a long list are shown; the JSON has all.
const SHOWN: usize = 12;
/// Columns of a bottom line and of a question in a list.
const LINE: usize = 70;

/// What was told, how it serves, and what was told differently.
pub fn render(stories: &Stories) -> String {
    let mut page = Page::default();
    summary(&mut page, stories);
    if !stories.stories.is_empty() {
        page.heading("Stories, the most told first");
        stories.stories.iter().enumerate().take(SHOWN).for_each(|(at, story)| one(&mut page, at, story));
        and_more(&mut page, stories.stories.len());
    }
    contradictions(&mut page, stories);
    competencies(&mut page, stories);
    if !stories.never_practised.is_empty() {
        page.heading("Prepared, and never told");
        for question in stories.never_practised.iter().take(SHOWN) {
            page.hanging("  - ", 4, &short(&question.text, LINE), Tone::Plain);
        }
        and_more(&mut page, stories.never_practised.len());
    }
    if !stories.not_prepared.is_empty() {
        page.heading("Not prepared: blanks still to be filled in");
        for question in stories.not_prepared.iter().take(SHOWN) {
            page.hanging("  - ", 4, &short(&question.text, LINE), Tone::Plain);
        }
        and_more(&mut page, stories.not_prepared.len());
    }
    page.finish()
}

fn summary(page: &mut Page, stories: &Stories) {
    let told: usize = stories.stories.iter().map(|story| story.tellings.len()).sum();
    let [low, high] = stories.advised;
    let count = stories.stories.len();
    let advice = match count {
        count if count < low => format!("{low} to {high} prepared stories are usually advised"),
        count if count <= high => format!("as many as are usually advised: {low} to {high}"),
        _ => format!("more than the {low} to {high} usually advised: tell the best of them more often"),
    };
    page.hanging(
        "",
        0,
        &format!("{}, told {}; {advice}.", counted(count, "story", "stories"), times(told)),
        Tone::Heading,
    );
    let left = stories.left_out;
    if left.short + left.no_story > 0 {
        let mut what = Vec::new();
        if left.short > 0 {
            what.push(format!("{} of under 30 words", counted(left.short, "take", "takes")));
        }
        if left.no_story > 0 {
            what.push(format!("{} that told no story", counted(left.no_story, "answer", "answers")));
        }
        page.hanging("", 0, &format!("Left out: {}.", what.join(", ")), Tone::Quiet);
    }
}

fn one(page: &mut Page, at: usize, story: &Story) {
    page.hanging(&format!("{:>3} ", at + 1), 4, &story.name, Tone::Heading);
    if let Some(line) = &story.bottom_line {
        page.hanging("    ", 4, &format!("\"{}\"", short(line, LINE)), Tone::Plain);
    }
    let mut use_of =
        format!("told {} for {}", times(story.tellings.len()), counted(story.questions, "question", "questions"));
    if !story.competencies.is_empty() {
        use_of += &format!("; shows {}", story.competencies.join(", "));
    }
    page.hanging("    ", 4, &use_of, Tone::Quiet);
    if story.over_used {
        let warning =
            format!("over-used: it answers {} questions; have another story for some of them", story.questions);
        page.hanging("    ", 4, &warning, Tone::Watch);
    }
}

fn contradictions(page: &mut Page, stories: &Stories) {
    let all: Vec<(usize, &Conflict)> = stories
        .stories
        .iter()
        .enumerate()
        .flat_map(|(at, story)| story.conflicts.iter().map(move |c| (at, c)))
        .collect();
    if all.is_empty() {
        return;
    }
    page.heading("Told differently: make sure which is right");
    for (at, conflict) in &all {
        let what = format!("\"{}\" and \"{}\"", conflict.before.said, conflict.after.said);
        page.hanging(&format!("{:>3} ", at + 1), 4, &what, Tone::Watch);
        quoted(page, &conflict.before);
        quoted(page, &conflict.after);
    }
}

fn quoted(page: &mut Page, told: &FactTold) {
    let at = told.at_s.map_or_else(String::new, |at| format!(" at {}", super::terminal::clock(at)));
    page.hanging("    ", 6, &format!("\"{}\"", told.quote), Tone::Plain);
    page.hanging("      ", 6, &format!("{}/{}{at}", told.take.session, told.take.take), Tone::Quiet);
}

fn competencies(page: &mut Page, stories: &Stories) {
    let (without, with): (Vec<&Competency>, Vec<&Competency>) =
        stories.competencies.iter().partition(|competency| competency.stories.is_empty());
    if !with.is_empty() {
        page.heading("Competencies, and the stories that showed them");
        for competency in &with {
            let numbers: Vec<String> = competency.stories.iter().map(|story| (story + 1).to_string()).collect();
            page.hanging("  ", 4, &format!("{}: {}", competency.tag, numbers.join(", ")), Tone::Plain);
        }
    }
    if !without.is_empty() {
        page.heading("Without a story so far");
        let tags: Vec<&str> = without.iter().take(2 * SHOWN).map(|competency| competency.tag.as_str()).collect();
        let more = without.len().saturating_sub(tags.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        page.hanging("  ", 2, &format!("{}{more}", tags.join(", ")), Tone::Plain);
    }
}

fn and_more(page: &mut Page, count: usize) {
    if count > SHOWN {
        page.hanging("    ", 4, &format!("and {} more; all of them: --json", count - SHOWN), Tone::Quiet);
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::without_colour;
    use super::*;
    use crate::types::{FactKind, LeftOut, QuestionRef, Seconds, TakeName, ToldAt};

    fn told(day: u32, said: &str, quote: &str, at: Option<f64>) -> FactTold {
        FactTold {
            take: TakeName { session: format!("2026-03-0{day}T0900-conflict"), take: 1 },
            at: format!("2026-03-0{day}T09:00:00Z").parse().expect("it is a time"),
            said: said.into(),
            quote: quote.into(),
            at_s: at.map(Seconds),
        }
    }

    fn stories() -> Stories {
        let question = QuestionRef { id: "q".into(), text: "Tell me about a time you failed.".into(), bank: None };
        let telling = |day| {
            let told = told(day, "", "", None);
            ToldAt { take: told.take, at: told.at, question: question.clone() }
        };
        let story = |name: &str, tellings: Vec<ToldAt>| Story {
            name: name.into(),
            bottom_line: Some(
                "Queues went down by forty percent and nobody on the quay had to wait in the rain again.".into(),
            ),
            questions: 4,
            competencies: vec!["failure".into(), "operations".into()],
            over_used: tellings.len() > 1,
            conflicts: Vec::new(),
            tellings,
        };
        let mut ferry = story("ferry, gangway, scanners, Split", vec![telling(1), telling(2)]);
        let quote = "Queues went down by 38 percent, and it was finished in May.";
        ferry.conflicts = vec![Conflict {
            kind: FactKind::Figure,
            before: told(1, "40 percent", "Queues went down by 40 percent ...", Some(61.4)),
            after: told(2, "38 percent", quote, None),
        }];
        Stories {
            schema: Stories::SCHEMA.into(),
            stories: vec![ferry, story("rye, loaves, uncle's", vec![telling(3)])],
            competencies: vec![
                Competency { tag: "courage".into(), stories: vec![], questions: 3 },
                Competency { tag: "failure".into(), stories: vec![0, 1], questions: 1 },
            ],
            never_practised: vec![question.clone()],
            not_prepared: vec![question],
            advised: [10, 15],
            left_out: LeftOut { short: 1, no_story: 2 },
        }
    }

    #[test]
    fn stories_are_shown_with_their_use_their_contradictions_and_their_gaps() {
        insta::assert_snapshot!(without_colour(&render(&stories())));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_and_long_lists_are_cut() {
        let mut many = stories();
        let one = many.stories[0].clone();
        many.stories = vec![one; 40];
        many.never_practised = vec![many.never_practised[0].clone(); 40];
        let text = without_colour(&render(&many));
        assert!(text.lines().all(|line| line.chars().count() < 80), "{text}");
        assert_eq!(text.matches("and 28 more; all of them: --json").count(), 2, "{text}");
        assert!(text.starts_with("40 stories, told 80 times; more than the 10 to 15 usually advised"), "{text}");
    }
}
