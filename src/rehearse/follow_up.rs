//! What the interviewer asks next about the same answer.

use super::event::PROBED;
use crate::types::{Analysis, Judged, Question, StarPart};

/// The probe that an answer most deserves and that was not asked before; `None` when nothing is left.
///
/// A missing part of the story comes first, then a claim without a number, then "we" where "I" was
/// wanted, then the question's own discussion prompts in their order.
pub fn follow_up(question: &Question, analysis: &Analysis, asked: &[String]) -> Option<String> {
    let prompts = question.discussion.iter().flat_map(|topic| topic.prompts.iter().cloned());
    gaps(analysis).into_iter().map(str::to_owned).chain(prompts).find(|probe| !asked.contains(probe))
}

/// Probes for what is missing or weak, the most telling first.
fn gaps(analysis: &Analysis) -> Vec<&'static str> {
    if analysis.star.judged != Judged::Yes {
        return Vec::new();
    }
    let mut probes: Vec<&str> =
        PROBED.into_iter().filter(|part| analysis.star.missing.contains(part)).map(for_missing).collect();
    if analysis.evidence.quantified_result == Some(false) {
        probes.push("How big was the difference? Put a number on it.");
    }
    let persons = analysis.ownership.in_action;
    if persons.we > 2 * persons.i {
        probes.push("You said \"we\" a lot. Which part of that was you?");
    }
    if analysis.bluf.up_front == Some(false) {
        probes.push("If you had one sentence for all of that, what would it be?");
    }
    probes
}

fn for_missing(part: StarPart) -> &'static str {
    match part {
        StarPart::Situation => "Take a step back: what was going on, and why did it matter?",
        StarPart::Task => "What exactly were you responsible for?",
        StarPart::Action => "Walk me through what you yourself did.",
        StarPart::Result => "How did it end? What was different afterwards?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{DiscussionTopic, Star};

    fn without(missing: Vec<StarPart>) -> Analysis {
        Analysis { star: Star { judged: Judged::Yes, missing, ..Star::default() }, ..Analysis::default() }
    }

    #[test]
    fn a_missing_result_is_asked_for_before_a_missing_situation() {
        let analysis = without(vec![StarPart::Situation, StarPart::Result]);
        let probe = follow_up(&Question::default(), &analysis, &[]).expect("two parts are missing");
        assert_eq!(probe, for_missing(StarPart::Result));
    }

    #[test]
    fn the_same_probe_is_never_asked_twice_and_the_banks_prompts_come_after_the_gaps() {
        let topic = DiscussionTopic { topic: "Cost".into(), prompts: vec!["Who paid for it?".into()] };
        let question = Question { discussion: vec![topic], ..Question::default() };
        let analysis = without(vec![StarPart::Task]);
        let mut asked = Vec::new();
        while let Some(probe) = follow_up(&question, &analysis, &asked) {
            asked.push(probe);
        }
        assert_eq!(asked, [for_missing(StarPart::Task), "Who paid for it?"]);
    }

    #[test]
    fn an_answer_that_was_not_judged_is_probed_by_the_bank_alone() {
        assert_eq!(follow_up(&Question::default(), &Analysis::default(), &[]), None);
    }
}
