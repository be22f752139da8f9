//! Hints for somebody who is stuck: one at a time, the least telling first.

use serde::{Deserialize, Serialize};

use crate::analysis::points;
use crate::types::{PointSource, Question};

/// Something that helps without being the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// Where it is from.
    pub kind: HintKind,
    /// What it says.
    pub text: String,
}

/// Where a hint is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HintKind {
    /// What is really being asked.
    Criterion,
    /// A step of the suggested structure.
    Step,
    /// Something the person meant to say.
    Note,
}

/// The hints of a question: what is really asked, how to build the answer, then what to say.
pub(super) fn of_question(question: &Question) -> Vec<Hint> {
    let of = |source: PointSource, kind: HintKind| {
        let points = points::of_question(question).into_iter().filter(move |(_, from)| *from == source);
        points.map(move |(text, _)| Hint { kind, text }).collect::<Vec<_>>()
    };
    [
        of(PointSource::Criteria, HintKind::Criterion),
        of(PointSource::Structure, HintKind::Step),
        of(PointSource::Notes, HintKind::Note),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{ModelAnswer, StructureStep};

    #[test]
    fn hints_come_one_at_a_time_and_never_from_the_answer() {
        let question = Question {
            criteria: vec!["Do you use data?".into()],
            structure: vec![StructureStep { step: "Frame".into(), hint: "the goal".into() }],
            notes: vec!["Mention the pilot".into()],
            answers: vec![ModelAnswer { text: "I ran a pilot with 12 stores.".into(), ..ModelAnswer::default() }],
            ..Question::default()
        };
        let hints = of_question(&question);
        let texts: Vec<&str> = hints.iter().map(|hint| hint.text.as_str()).collect();
        assert_eq!(texts, ["Do you use data?", "Frame: the goal", "Mention the pilot"]);
        let kinds: Vec<HintKind> = hints.iter().map(|hint| hint.kind).collect();
        assert_eq!(kinds, [HintKind::Criterion, HintKind::Step, HintKind::Note]);
    }
}
