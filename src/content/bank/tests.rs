//! The reader as a whole, on documents in the shapes that people write.

use super::*;
use crate::types::{Question, QuestionKind};

fn bank(markdown: &str) -> Bank {
    reading(markdown).bank
}

fn reading(markdown: &str) -> Reading {
    read(markdown.as_bytes(), "bank").expect("the fixture is text")
}

fn only(markdown: &str) -> Question {
    let mut questions = bank(markdown).questions;
    assert_eq!(questions.len(), 1, "{questions:#?}");
    questions.remove(0)
}

/// A themed file: criteria, structure, two answers, a note in red, damaged dashes.
const THEMED: &str = r#"# Prep: Head of Platform
## Theme: Working with sales

### Introduction: why they ask
They want to see that you sell nothing you cannot build.

---

### Question 1: "Tell me about a promise that sales made without asking you. What did you do?" (Continued)
> <font color="red">The kiosk order from Lyon</font>

#### What's Really Being Asked (The Evaluation):
*   Do you protect the customer first?
*   Can you say no
    without a fight?

#### Structuring Your Answer:
Keep to the classic four parts.
1.  **The promise:** what was sold, to whom.
2.  **Your move.** What you offered instead.

---

#### A Good Answer (Level 1 - Competent):
"We worked weekends and shipped it."

---

#### The Best Response (Level 2 - Calm & Fair):
"A promise made is ours as well.

*   **Situation:** Sales had sold offline kiosks â€” we had none.
*   **Task:** I had to keep the contract.
*   **Action:**
    1.  **Listen:** I said, "Show me what was promised."
    2.  **The Situation (for them):** I drew two options:
        *   **Option A:** a read-only kiosk in May.
*   **Result:** They took option A, and 40 kiosks went live."
"#;

#[test]
fn a_themed_question_is_read_with_all_its_parts() {
    let question = only(THEMED);
    assert_eq!(question.text, "Tell me about a promise that sales made without asking you. What did you do?");
    assert_eq!(question.theme.as_deref(), Some("Working with sales"));
    assert_eq!(question.notes, ["The kiosk order from Lyon"]);
    assert_eq!(question.criteria, ["Do you protect the customer first?", "Can you say no without a fight?"]);
    let steps: Vec<_> = question.structure.iter().map(|step| (step.step.as_str(), step.hint.as_str())).collect();
    assert_eq!(steps, [("The promise", "what was sold, to whom."), ("Your move", "What you offered instead.")]);
    assert_eq!(question.tips[0].text, "Keep to the classic four parts.");
    assert_eq!(question.answers.iter().map(|answer| answer.level).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(question.answers[0].text, "We worked weekends and shipped it.");
    assert_eq!((question.line, question.kind), (9, QuestionKind::Behavioural));
}

#[test]
fn an_answer_keeps_its_four_parts_and_what_is_nested_in_them() {
    let question = only(THEMED);
    let answer = &question.answers[1];
    assert_eq!(answer.parts.situation.as_deref(), Some("Sales had sold offline kiosks — we had none."));
    assert_eq!(answer.parts.task.as_deref(), Some("I had to keep the contract."));
    let action = "1. Listen: I said, \"Show me what was promised.\"\n2. The Situation (for them): I drew two \
                  options:\n  - Option A: a read-only kiosk in May.";
    assert_eq!(answer.parts.action.as_deref(), Some(action));
    assert_eq!(answer.parts.result.as_deref(), Some("They took option A, and 40 kiosks went live."));
    assert!(answer.text.starts_with("A promise made is ours as well."), "{}", answer.text);
    assert!(answer.text.ends_with("went live."), "{}", answer.text);
}

#[test]
fn what_was_mended_and_left_out_is_noted_by_line() {
    let reading = reading(THEMED);
    let repairs: Vec<_> = reading.repairs.iter().map(|repair| (repair.line, repair.kind.to_string())).collect();
    assert_eq!(repairs.len(), 3, "{repairs:?}");
    assert!(repairs[0].1.contains("<font color=\"red\">") && repairs[0].0 == 10);
    assert_eq!(repairs[2], (32, "damaged characters mended: â€” is —".into()));
    assert_eq!(reading.lines[8].remark.as_deref(), Some("left out: (Continued)"));
}

#[test]
fn a_question_and_answer_file_takes_its_themes_from_the_headings() {
    let bank = bank(
        "# Talks\n\n**Mindset for this round:** Stay calm.\n\n---\n\n### 1. Budgets\n**Question:** How do you cut \
         one?\n\n**Answer:**\n\"I ask first.\n\n1.  **Ask:** what it buys.\n\nThen I cut.\"\n\n### 2. Hiring\n\
         **Question:** Describe a hire\nyou regret.\n\n**Answer:** I hired in haste.\n",
    );
    let [first, second] = &bank.questions[..] else { panic!("{bank:#?}") };
    assert_eq!((first.text.as_str(), first.theme.as_deref()), ("How do you cut one?", Some("Budgets")));
    assert_eq!(first.answers[0].text, "I ask first.\n1. Ask: what it buys.\n\nThen I cut.");
    assert_eq!((second.text.as_str(), second.theme.as_deref()), ("Describe a hire you regret.", Some("Hiring")));
    assert_eq!((second.answers[0].text.as_str(), second.answers[0].level), ("I hired in haste.", 2));
    assert_eq!((bank.tips[0].title.as_str(), bank.tips[0].text.as_str()), ("Mindset for this round", "Stay calm."));
}

/// A list of prompts with a guide behind it, with hardly a blank line.
const PROMPTS: &str = "They will dig into one project.
### Prompts to prepare for
- Walk me through a migration in depth: size, limits, your part.
- Tell us about a **disagreement between teams**. Who decided?
- Describe how you onboard people.
Quick Answer: They look for judgement.
Solution
### 1) Structure: tell it in STAR
- **S**ituation: why it mattered
- **T**ask: what was yours
For long stories, add:
- **Limits** (money, dates)
---
### 2) Migrations: what good sounds like
Cover:
- Size in rows and in users
- Plan → rehearsal → switch → clean-up
Avoid saying only that it went well.
---
### 3) Disagreement: show how it ended
1. **Name both goals**: in their words
2. **Decide**: by whom
";

#[test]
fn a_guide_goes_to_the_questions_it_is_about() {
    let bank = bank(PROMPTS);
    let [migration, dispute, onboard] = &bank.questions[..] else { panic!("{bank:#?}") };
    assert_eq!(migration.criteria, ["Size in rows and in users"]);
    let steps = |question: &Question| question.structure.iter().map(|step| step.step.clone()).collect::<Vec<_>>();
    assert_eq!(steps(migration), ["Plan", "rehearsal", "switch", "clean-up"]);
    assert!(migration.tips[0].text.contains("Avoid saying only"), "{}", migration.tips[0].text);
    assert_eq!(steps(dispute), ["Name both goals", "Decide"]);
    assert_eq!(onboard.tips, []);
    let tips: Vec<_> = bank.tips.iter().map(|tip| tip.title.as_str()).collect();
    assert_eq!(tips, ["bank", "Quick Answer", "Structure: tell it in STAR"]);
    assert_eq!(bank.tips[2].text.lines().filter(|line| line.contains("why it mattered")).count(), 1);
    assert!(reading(PROMPTS).lines.iter().all(|note| note.remark.is_none()));
}

/// Scenarios with facts, challenges and topics, and advice at the end.
const SCENARIOS: &str = "# Scenarios

## \u{f0}\u{178}\u{17d}\u{af} For leaders

### Scenario 1: The strike
**Level**: COO / Director  \n**Duration**: 45 minutes  \n**Company**: Railway

**Situation**: The night shift has walked out,
and trains stand still.

**Key Challenges**:
- Safety
- Anger

**Expected Discussion Points**:

#### 1. Immediate Response
- Who is called first?
- What do passengers hear?

#### 2. Background
- What led to it?

## Best practices

### Response Framework
1. **Situation**: Set the scene
2. **Task**: Say what was yours

---

**Last Updated**: May 2031  \n**Category**: Rail
";

#[test]
fn a_scenario_is_read_with_its_facts_challenges_and_topics() {
    let question = only(SCENARIOS);
    assert_eq!((question.text.as_str(), question.kind), ("The strike", QuestionKind::Scenario));
    assert_eq!(question.theme.as_deref(), Some("For leaders"));
    assert_eq!(question.level.as_deref(), Some("COO / Director"));
    assert_eq!((question.duration_min, question.company.as_deref()), (Some(45), Some("Railway")));
    assert_eq!(question.situation.as_deref(), Some("The night shift has walked out, and trains stand still."));
    assert_eq!(question.challenges, ["Safety", "Anger"]);
    let topics: Vec<_> = question.discussion.iter().map(|topic| (topic.topic.as_str(), topic.prompts.len())).collect();
    assert_eq!(topics, [("Immediate Response", 2), ("Background", 1)]);
}

#[test]
fn advice_after_the_questions_belongs_to_none_of_them() {
    let tips: Vec<_> = bank(SCENARIOS).tips.into_iter().map(|tip| (tip.title, tip.text)).collect();
    let expected = [
        ("Response Framework", "Situation: Set the scene"),
        ("Response Framework", "Task: Say what was yours"),
        ("About this file", "Last Updated: May 2031\nCategory: Rail"),
    ];
    assert_eq!(tips, expected.map(|(title, text)| (title.to_owned(), text.to_owned())));
}

#[test]
fn every_byte_of_every_shape_is_accounted_for() {
    for markdown in [THEMED, PROMPTS, SCENARIOS] {
        let reading = reading(markdown);
        assert_eq!(reading.lines.iter().map(|note| note.bytes).sum::<usize>(), markdown.len());
        assert_eq!(reading.not_understood().count(), 0);
        assert_eq!(words_lost(&reading), Vec::<String>::new());
    }
}

/// Words of understood lines that stand nowhere in the bank, by line.
///
/// Labels and headings of parts say what a line is; they are not kept as text.
pub(crate) fn words_lost(reading: &Reading) -> Vec<String> {
    let json =
        serde_json::to_string(&reading.bank).expect("a bank is plain data").replace("\\n", " ").replace("\\t", " ");
    let words = |text: &str| -> Vec<String> {
        let text = text.replace("\\\"", " ");
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let kept: std::collections::HashSet<String> = words(&json).into_iter().collect();
    let mut lost = Vec::new();
    for (note, line) in reading.lines.iter().zip(reading.text.lines()) {
        let plain = html_and_marks_off(line);
        let said = match note.meaning {
            LineMeaning::Blank | LineMeaning::Layout | LineMeaning::Comment | LineMeaning::Heading(_) => continue,
            // A blank to be filled in is listed, and kept nowhere.
            LineMeaning::ToWrite | LineMeaning::Contents => continue,
            // Facts become numbers and tags, and a theme without questions has nobody to keep it.
            LineMeaning::NotUnderstood(_) | LineMeaning::Detail(_) | LineMeaning::Theme => continue,
            // Nor has a situation whose question is still to be written.
            LineMeaning::Situation if reading.bank.questions.iter().all(|question| question.situation.is_none()) => {
                continue;
            }
            LineMeaning::Question => plain.rsplit_once("\" (").map_or(plain.clone(), |(said, _)| said.to_owned()),
            _ => plain.clone(),
        };
        let mut label = said.find(':').map(|at| words(&said[..at])).unwrap_or_default();
        if note.meaning == LineMeaning::Question {
            // `Question 1: Scenario 2: ...` has two labels.
            label.extend(said.rfind(':').map(|at| words(&said[..at])).unwrap_or_default());
        }
        // What was left out is told.
        label.extend(words(note.remark.as_deref().unwrap_or_default()));
        let missing = words(&said).into_iter().filter(|word| !kept.contains(word) && !label.contains(word));
        lost.extend(missing.map(|word| format!("line {}: {word}", note.line)));
    }
    lost
}

fn html_and_marks_off(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        rest = rest[start..].find('>').map_or("", |end| &rest[start + end + 1..]);
    }
    text.push_str(rest);
    let text = text.replace(['*', '_'], "");
    // The number of a list item or a heading is its place, not its text.
    text.trim_start_matches(|c: char| !c.is_alphabetic() && c != '"').to_owned()
}

#[test]
fn a_question_keeps_its_id_when_the_file_is_edited_around_it() {
    let before = bank("## Why us?\n\n### Question 1: \"Tell me about a launch.\"\n- the ferry\n").questions;
    let after = bank(
        "# New title\n\n## Other theme\n\n### Tell me about a landing.\n\n### Question 7: **Tell me about a launch**\n\
         - other notes\n\n#### Criteria\n- more\n",
    );
    let id = &before.last().expect("a question").id;
    assert!(after.questions.iter().any(|question| question.id == *id), "{:#?}", after.questions);
}

#[test]
fn an_id_of_the_authors_own_outlives_the_words() {
    let question = only("### Tell me about a launch.\n**Id**: The Ferry\n");
    assert_eq!(question.id, "the-ferry");
}

#[test]
fn a_question_asked_twice_is_kept_twice_and_noted() {
    let reading = reading("### Why did you leave?\n### Why did you leave?\n");
    let ids: Vec<_> = reading.bank.questions.iter().map(|question| question.id.clone()).collect();
    assert_eq!(ids[1], format!("{}-2", ids[0]));
    assert!(reading.lines[1].remark.as_deref().is_some_and(|remark| remark.contains(&ids[1])));
}

#[test]
fn a_bare_list_of_questions_needs_no_headings() {
    let bank =
        bank("My list\n\n1. Why did you leave?\n   - the ferry\n2. Tell me about a launch.\n3. Not a question\n");
    let texts: Vec<_> = bank.questions.iter().map(|question| question.text.as_str()).collect();
    assert_eq!(texts, ["Why did you leave?", "Tell me about a launch."]);
    assert_eq!(bank.questions[0].notes, ["the ferry"]);
    assert_eq!(bank.questions[1].notes, Vec::<String>::new());
    assert_eq!([&bank.tips[0].text, &bank.tips[1].text], ["My list", "Not a question"]);
}

#[test]
fn quotes_of_any_kind_around_a_question_are_left_out_with_a_short_aside() {
    for quoted in ["\"Why this port?\" (again)", "“Why this port?” (again)", "“Why this port?”"] {
        let question = only(&format!("## Questions\n\n### Question 1: {quoted}\n"));
        assert_eq!(question.text, "Why this port?", "{quoted}");
    }
}

#[test]
fn a_list_of_questions_may_have_parts_under_headings() {
    let read = bank(
        "# Questions\n\n## Question 1: Why this port?\n\n### Discussion points\n\n#### Money\n\n- Who pays?\n\n\
         ## Question 2: Who decides?\n",
    );
    let texts: Vec<&str> = read.questions.iter().map(|question| question.text.as_str()).collect();
    assert_eq!(texts, ["Why this port?", "Who decides?"]);
    let topics = &read.questions[0].discussion;
    assert_eq!(
        (topics[0].topic.as_str(), topics[0].prompts.as_slice()),
        ("Money", ["Who pays?".to_owned()].as_slice())
    );
}

#[test]
fn bold_lines_and_plain_labels_do_for_headings() {
    let bank = bank(
        "**Leading**\n\n**Tell me about a launch?**\n\n**What they look for:**\n- calm\n\n**Best answer**\nWe launched.\n\n\
         **Why did you leave?**\nFor the ferry.\n",
    );
    let [launch, leave] = &bank.questions[..] else { panic!("{bank:#?}") };
    assert_eq!((launch.theme.as_deref(), launch.criteria.as_slice()), (Some("Leading"), &["calm".to_owned()][..]));
    assert_eq!(launch.answers[0].text, "We launched.");
    assert_eq!(leave.notes, ["For the ferry."]);
    let letters = self::bank("Q: Why did you leave?\nA: For the ferry.\nQ: What next?\nA: A ship.\n");
    assert_eq!(letters.questions.len(), 2);
    assert_eq!(letters.questions[1].answers[0].text, "A ship.");
}

#[test]
fn facts_above_the_questions_hold_for_those_below() {
    let bank = bank(
        "---\ntags: one\n---\n# All\n**Level**: Director\n## Theme: A\n**Tags**: two\n### Why a?\n### Tell me about a.\n\
         **Level**: VP\n## Theme: B\n### Tell me about b.\n**Tags**: three\n",
    );
    let facts: Vec<_> =
        bank.questions.iter().map(|q| (q.tags.join(" "), q.level.clone().unwrap_or_default())).collect();
    let expected = [("one two", "Director"), ("one two", "VP"), ("one three", "Director")];
    assert_eq!(facts, expected.map(|(tags, level)| (tags.to_owned(), level.to_owned())));
}

#[test]
fn scripts_are_never_text_and_are_reported() {
    let reading = reading("### Why did you leave?\n<script>\nalert('hi')\n</script>\n\n<p>For <b>the ferry</b></p>\n");
    assert_eq!(reading.bank.questions[0].notes, ["For the ferry"]);
    assert_eq!(reading.not_understood().map(|note| note.line).collect::<Vec<_>>(), [3, 4]);
}

#[test]
fn a_part_without_a_question_is_kept_as_advice_and_a_fact_without_sense_is_reported() {
    let reading = reading("## Best answer\nWe did it.\n\n## Why did you leave?\n**Duration**: ages\n#### Criteria\n");
    let lost: Vec<_> = reading.not_understood().map(|note| note.line).collect();
    assert_eq!(lost, [5]);
    assert_eq!(
        (reading.bank.tips[0].title.as_str(), reading.bank.tips[0].text.as_str()),
        ("Best answer", "We did it.")
    );
    assert!(reading.lines[0].remark.as_deref().is_some_and(|remark| remark.contains("no question is open")));
    assert_eq!(reading.lines[5].remark.as_deref(), Some("nothing under it"));
}

#[test]
fn windows_lines_and_tabs_change_nothing() {
    let unix = bank(THEMED);
    let windows = bank(&THEMED.replace('\n', "\r\n"));
    assert_eq!(unix, windows);
    let tabs = bank(&THEMED.replace("        *", "\t\t*").replace("    1.", "\t1.").replace("    2.", "\t2."));
    assert_eq!(unix, tabs);
}

#[test]
fn ten_times_the_questions_is_ten_times_the_questions() {
    let one = "### Question 1: \"Tell me about a launch.\"\n**Tags**: a\n- note\n#### Best answer\n- **Situation:** x\n- **Task:** y\n\n";
    let reading = reading(&one.repeat(5000));
    assert_eq!(reading.bank.questions.len(), 5000);
    assert_eq!(reading.not_understood().count(), 0);
}

/// Each of these took hours once, or would take more memory than there is.
#[test]
fn what_is_huge_in_one_way_is_read_like_anything_else() {
    let wrapped = reading(&format!("**Question:** a\n{}", "b\n".repeat(100_000)));
    assert_eq!(wrapped.bank.questions[0].text.len(), 1 + 2 * 100_000);
    let deep = reading(&format!("{} deep\n{}", ">".repeat(10_000), "lazy\n".repeat(100_000)));
    assert_eq!(deep.not_understood().count(), 0);
    let tags: String = (0..100_000).map(|at| format!("t{at},")).collect();
    assert_eq!(reading(&format!("### Why did you leave?\n**Tags**: {tags}\n")).not_understood().count(), 1);
    let title = format!("## {}\n{}", "long ".repeat(100_000), "- a\n".repeat(100_000));
    assert!(reading(&title).bank.tips.iter().all(|tip| tip.title.len() < 1000));
}

#[test]
fn what_names_a_question_and_makes_no_tag_is_said_to_be_left_out() {
    let reading = reading("# Talks\n\n## Question 1: é\n\nQuestion 1: # #\n");
    let remark = reading.lines[2].remark.as_deref().unwrap_or_default();
    assert!(remark.contains("no question under it") && remark.contains("left out: é"), "{remark}");
}

#[test]
fn a_form_beside_an_answer_is_still_to_write() {
    let reading = reading("# Why did you leave?\n\nAnswer: I wanted to build.\n\nAnswer: 1.\n");
    assert_eq!(reading.bank.questions[0].answers.len(), 1);
    assert_eq!(reading.lines[2].meaning, LineMeaning::Answer(2));
    assert_eq!(reading.lines[4].meaning, LineMeaning::ToWrite);
}

#[test]
fn what_has_a_colon_in_its_middle_is_more_than_a_label() {
    let reading = reading("# Why did you leave?\n\n**:Situation: Prompts** the fair\n");
    assert!(words_lost(&reading).is_empty(), "{:#?}", reading.bank);
}

#[test]
fn an_item_that_is_not_asked_among_questions_is_doubted() {
    let markdown =
        "# Prep\n\n## At sea\n\n- How do you rest on board?\n- Who taught you to steer?\n- the yellow ferry\n";
    let reading = reading(markdown);
    assert_eq!(reading.bank.questions.len(), 2, "{:#?}", reading.bank.questions);
    assert_eq!(reading.doubtful().map(|note| note.line).collect::<Vec<_>>(), [7]);
    assert!(!reading.is_sure());
}

#[test]
fn questions_to_ask_are_asked_of_the_candidate_where_they_ask_for_stories() {
    let asked = bank(
        "# My bank\n\n## Questions to ask\n\nFind four stories:\n\n1. **Speed:** Tell me about a time you shipped in a \
         week.\n2. **Failure:** Tell me about a time something broke.\n3. **Depth:** When did you last mend a bug yourself?\n",
    );
    assert_eq!(asked.questions.len(), 3, "{asked:#?}");
    let them =
        bank("# Ferries\n\n## Questions to ask\n\n- Tell me about the team.\n- What does a good week look like?\n");
    assert_eq!((them.questions.len(), them.to_ask.len()), (0, 2), "{them:#?}");
}
