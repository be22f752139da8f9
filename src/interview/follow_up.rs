//! What the interviewer asks next about an answer: what is missing in it, or weak.

use super::Told;
use super::probes::{Wordings, filled, wordings};
use crate::analysis::MIN_WORDS;
use crate::analysis::reading::Text;
use crate::content::frameworks::Frameworks;
use crate::types::{Analysis, Covered, Judged, PointSource, Prompt, Question, Report, StarPart, WordRange};

/// A follow-up question, and what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// What it is about.
    pub gap: Gap,
    /// What the interviewer says.
    pub text: String,
}

/// What an answer leaves open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// It was hardly an answer.
    TooLittle,
    /// A part of the story was not told.
    Part(StarPart),
    /// A result, or something that is claimed, has no number.
    Number,
    /// "We" throughout.
    We,
    /// A part of another framework was not told.
    Framework {
        /// The framework.
        framework: String,
        /// Its part.
        part: String,
    },
    /// A prompt of the bank that nothing was said on.
    Prompt(String),
    /// The bottom line came late or never.
    BottomLine,
}

/// Fewer "we" than this are no habit.
const MANY_WE: usize = 3;

/// The probe that the latest answer most deserves; `None` when nothing is left to ask.
///
/// `told` are the takes of this question, `asked` everything asked as a follow-up in this session, `known` the frameworks there are: no wording is used
/// twice in a session, and no gap is asked for twice about the same answer. A gap that a later answer closed is not
/// asked for. What is missing in the story comes first, then numbers, then "we" where "I" was wanted, then the
/// question's framework and its prompts, one a topic, and what is only a matter of form last.
pub fn follow_up(question: &Question, told: &[Told], asked: &[String], known: &Frameworks) -> Option<Probe> {
    let at = told.iter().rposition(|told| told.prompt != Prompt::FollowUp)?;
    let open = Open { question, answer: &told[at].report, later: &told[at + 1..], asked, known };
    open.gaps().into_iter().find_map(|gap| open.probe(gap))
}

/// An answer with the follow-ups about it.
struct Open<'a> {
    question: &'a Question,
    answer: &'a Report,
    later: &'a [Told],
    asked: &'a [String],
    known: &'a Frameworks,
}

impl Open<'_> {
    /// What is open, the most telling first.
    fn gaps(&self) -> Vec<Gap> {
        let analysis = &self.answer.analysis;
        let words = analysis.length.words;
        if words < MIN_WORDS && self.later.is_empty() {
            return if words == 0 { Vec::new() } else { vec![Gap::TooLittle] };
        }
        let star = &analysis.star;
        let is_story = star.judged == Judged::Yes;
        // Whether a part that was not heard is told: just that may be asked.
        let not_heard = |part: &StarPart| star.missing.contains(part) || star.unsure.contains(part);
        let missing = |part: StarPart| is_story && not_heard(&part) && !self.later_told(part);
        let part = |part: StarPart| missing(part).then_some(Gap::Part(part));
        let mut gaps: Vec<Gap> = [part(StarPart::Result), part(StarPart::Action)].into_iter().flatten().collect();
        gaps.extend(self.wants_number().then_some(Gap::Number));
        gaps.extend(self.says_we().then_some(Gap::We));
        gaps.extend([part(StarPart::Task), part(StarPart::Situation)].into_iter().flatten());
        gaps.extend(self.framework_gaps());
        gaps.extend(self.untouched_prompts());
        gaps.extend((analysis.bluf.up_front == Some(false)).then_some(Gap::BottomLine));
        gaps
    }

    fn all(&self) -> impl Iterator<Item = &Analysis> {
        std::iter::once(&self.answer.analysis).chain(self.later.iter().map(|told| &told.report.analysis))
    }

    fn later_told(&self, part: StarPart) -> bool {
        let told = |analysis: &Analysis| {
            analysis.star.judged == Judged::Yes && analysis.star.parts.get(&part).is_some_and(|found| found.present)
        };
        self.later.iter().any(|later| told(&later.report.analysis))
    }

    /// Whether a result was told without a number, or something is claimed without one.
    fn wants_number(&self) -> bool {
        if self.later.iter().any(|told| !told.report.analysis.evidence.numbers.is_empty()) {
            return false;
        }
        let of_result = self.answer.analysis.evidence.quantified_result;
        let asked_for_result = self.later.iter().any(|told| self.is_wording_of(StarPart::Result, &told.said));
        of_result == Some(false) || of_result.is_none() && (asked_for_result || claim(self.answer).is_some())
    }

    fn is_wording_of(&self, part: StarPart, said: &str) -> bool {
        Gap::Part(part).wordings(self.answer, self.known).iter().any(|wording| wording == said)
    }

    fn says_we(&self) -> bool {
        let analysis = &self.answer.analysis;
        let persons = analysis.ownership.in_action;
        let (i, we) = match persons.i + persons.we {
            0 => (analysis.ownership.i, analysis.ownership.we),
            _ => (persons.i, persons.we),
        };
        we >= MANY_WE && we > 2 * i && !self.later.iter().any(|told| told.report.analysis.ownership.i > 0)
    }

    /// Parts of the frameworks the question asks for, but the story's own.
    fn framework_gaps(&self) -> Vec<Gap> {
        let analysis = &self.answer.analysis;
        let is_story = analysis.star.judged == Judged::Yes;
        let wanted = analysis.frameworks.iter().filter(|coverage| !(is_story && coverage.name == "star"));
        let told_later = |framework: &str, part: &str| {
            let mut later = self.later.iter().flat_map(|told| &told.report.analysis.frameworks);
            later.any(|c| c.name == framework && c.parts.iter().any(|p| p.name == part && p.present))
        };
        let parts = wanted.flat_map(|coverage| {
            let open = coverage.parts.iter().filter(|part| !part.present && !told_later(&coverage.name, &part.name));
            open.map(|part| Gap::Framework { framework: coverage.name.clone(), part: part.name.clone() })
        });
        parts.collect()
    }

    /// Prompts that nothing was said on: first one of each topic that was not touched at all, then the others.
    fn untouched_prompts(&self) -> Vec<Gap> {
        let touched = |prompt: &str| {
            let mut points = self.all().flat_map(|analysis| &analysis.points);
            points.any(|point| {
                point.source == PointSource::Discussion && point.text == prompt.trim() && point.covered != Covered::No
            })
        };
        let topics = &self.question.discussion;
        let untouched = topics.iter().filter(|topic| !topic.prompts.iter().any(|prompt| touched(prompt)));
        let first = untouched.filter_map(|topic| topic.prompts.first());
        let rest = topics.iter().flat_map(|topic| &topic.prompts).filter(|prompt| !touched(prompt));
        first.chain(rest).cloned().map(Gap::Prompt).collect()
    }

    /// A wording for a gap that was not used yet; `None` when it was asked for already, or all were used.
    fn probe(&self, gap: Gap) -> Option<Probe> {
        let wordings = gap.wordings(self.answer, self.known);
        let was_asked = wordings.iter().any(|wording| self.later.iter().any(|told| told.said == *wording));
        if was_asked {
            return None;
        }
        let text = wordings.into_iter().find(|wording| !self.asked.contains(wording))?;
        Some(Probe { gap, text })
    }
}

impl Gap {
    /// Everything that may be asked about it, the best first.
    fn wordings(&self, answer: &Report, known: &Frameworks) -> Vec<String> {
        let all = wordings();
        let of_framework = |framework: &str, part: &str| {
            let framework = known.named(framework);
            let part = framework.and_then(|framework| framework.parts.iter().find(|guide| guide.name == part));
            part.map(|part| part.probes.clone()).unwrap_or_default()
        };
        match self {
            Gap::TooLittle => all.too_little.clone(),
            Gap::Part(part) => [for_part(all, *part).clone(), of_framework("star", part.name())].concat(),
            Gap::Number => [claim(answer).unwrap_or_default(), all.number.clone()].concat(),
            Gap::We => all.we.clone(),
            Gap::Framework { framework, part } => of_framework(framework, part),
            Gap::Prompt(prompt) => vec![prompt.clone()],
            Gap::BottomLine => all.bottom_line.clone(),
        }
    }
}

fn for_part(all: &Wordings, part: StarPart) -> &Vec<String> {
    match part {
        StarPart::Situation => &all.situation,
        StarPart::Task => &all.task,
        StarPart::Action => &all.action,
        StarPart::Result => &all.result,
    }
}

/// Words that say that something is more than it was.
const MORE: [&str; 14] = [
    "faster",
    "better",
    "cheaper",
    "happier",
    "smaller",
    "safer",
    "quicker",
    "easier",
    "slower",
    "shorter",
    "stronger",
    "smoother",
    "simpler",
    "healthier",
];
/// Words that say that something moved.
const MOVED: [&str; 16] = [
    "improved",
    "reduced",
    "increased",
    "decreased",
    "grew",
    "saved",
    "doubled",
    "tripled",
    "halved",
    "dropped",
    "lowered",
    "raised",
    "accelerated",
    "shrank",
    "shortened",
    "rose",
];

/// What to ask about the last sentence that claims something and has no number; `None` when there is none.
fn claim(answer: &Report) -> Option<Vec<String>> {
    let text = Text::of(&answer.transcript);
    let has_number = |sentence: &WordRange| {
        answer.analysis.evidence.numbers.iter().any(|number| sentence.contains(number.words.first))
    };
    let said = |sentence: &WordRange, list: &[&str]| {
        text.words[sentence.indices()].iter().find(|word| list.contains(&word.as_str())).cloned()
    };
    let fill = |wordings: &[String], word: &str| wordings.iter().map(|wording| filled(wording, &[word])).collect();
    text.sentences().iter().rev().filter(|sentence| !has_number(sentence)).find_map(|sentence| {
        let more = said(sentence, &MORE).map(|word| fill(&wordings().claim_more, &word));
        more.or_else(|| said(sentence, &MOVED).map(|word| fill(&wordings().claim_did, &word)))
    })
}

#[cfg(test)]
mod tests {
    use super::super::told_for_tests::{answer, told};
    use super::*;
    use crate::types::{DiscussionTopic, FrameworkCoverage, FrameworkPart, Persons, Point, Star};

    /// Everything that is asked about these takes when every probe is answered with nothing.
    fn all_probes(question: &Question, mut takes: Vec<Told>, asked: &[String]) -> Vec<String> {
        let mut asked = asked.to_vec();
        let first = asked.len();
        while let Some(probe) = follow_up(question, &takes, &asked, Frameworks::builtin()) {
            asked.push(probe.text.clone());
            takes.push(Told { said: probe.text, ..told(Prompt::FollowUp, answer("well I do not know")) });
        }
        asked.split_off(first)
    }

    fn without(missing: &[StarPart]) -> Report {
        let mut report = answer(&"the team worked on it and then the next day came ".repeat(4));
        report.analysis.star = Star { judged: Judged::Yes, missing: missing.to_vec(), ..Star::default() };
        report.analysis.evidence.quantified_result = None;
        report.analysis.bluf.up_front = None;
        report
    }

    fn wanted(report: Report) -> Option<Gap> {
        follow_up(&Question::default(), &[told(Prompt::Question, report)], &[], Frameworks::builtin())
            .map(|probe| probe.gap)
    }

    #[test]
    fn the_gap_that_tells_most_is_probed_first() {
        let of_result = |quantified| {
            let mut report = without(&[StarPart::Situation]);
            report.analysis.evidence.quantified_result = quantified;
            report
        };
        let mut we = of_result(Some(true));
        we.analysis.ownership.in_action = Persons { i: 1, we: 4 };
        let cases = [
            (without(&[StarPart::Situation, StarPart::Result]), Some(Gap::Part(StarPart::Result))),
            (of_result(Some(false)), Some(Gap::Number)),
            (we, Some(Gap::We)),
            (of_result(Some(true)), Some(Gap::Part(StarPart::Situation))),
            (without(&[]), None),
            (answer("I would not know"), Some(Gap::TooLittle)),
            (answer(""), None),
        ];
        for (report, expected) in cases {
            let text = report.transcript.text.clone();
            assert_eq!(wanted(report), expected, "{text}");
        }
    }

    #[test]
    fn a_claim_without_a_number_is_taken_up_in_the_words_that_were_used() {
        let tail = "and there is a lot more that could be told about it on another day if there is still some time left for it";
        let probe = |text: &str| {
            let mut report = answer(text);
            report.analysis.star = Star { judged: Judged::DoesNotApply, ..Star::default() };
            report.analysis.evidence.quantified_result = None;
            report.analysis.bluf.up_front = None;
            follow_up(&Question::default(), &[told(Prompt::Question, report)], &[], Frameworks::builtin())
        };
        let asked = probe(&format!("The releases became much faster. Nobody complained, {tail}.")).expect("it claims");
        assert_eq!(
            (asked.gap, asked.text.as_str()),
            (Gap::Number, "You said faster. How much faster, and how do you know?")
        );
        let asked = probe(&format!("We improved the releases. Nobody complained, {tail}.")).expect("it claims");
        assert_eq!(asked.text, "You said improved. From what, to what?");
        assert_eq!(probe(&format!("Nobody complained, {tail}, {tail}.")), None);
    }

    #[test]
    fn no_wording_is_used_twice_in_a_session_and_no_gap_twice_about_an_answer() {
        let take = || vec![told(Prompt::Question, without(&[StarPart::Result, StarPart::Task]))];
        let question = Question::default();
        let mut asked = Vec::new();
        let mut rounds = 0;
        loop {
            let probes = all_probes(&question, take(), &asked);
            if probes.is_empty() {
                break;
            }
            // The result, a number for it, and the task: once each.
            assert!(probes.len() <= 3, "{probes:?}");
            assert!(probes.iter().all(|probe| !asked.contains(probe)), "{probes:?} after {asked:?}");
            asked.extend(probes);
            rounds += 1;
        }
        assert!(rounds >= 4, "the wordings last for {rounds} takes: {asked:?}");
    }

    #[test]
    fn what_a_follow_up_brought_is_not_asked_for_again() {
        let asked = |reply: &str| {
            let takes = vec![told(Prompt::Question, without(&[StarPart::Result]))];
            let first =
                follow_up(&Question::default(), &takes, &[], Frameworks::builtin()).expect("the result is missing");
            let reply = Told { said: first.text.clone(), ..told(Prompt::FollowUp, answer(reply)) };
            let takes = [takes, vec![reply]].concat();
            follow_up(&Question::default(), &takes, &[first.text], Frameworks::builtin()).map(|probe| probe.gap)
        };
        assert_eq!(asked("it went well and everybody was happy"), Some(Gap::Number));
        assert_eq!(asked("complaints fell by 40 percent"), None);
    }

    #[test]
    fn prompts_of_topics_that_were_not_touched_come_first_and_touched_ones_never() {
        let topic = |topic: &str, prompts: &[&str]| DiscussionTopic {
            topic: topic.into(),
            prompts: prompts.iter().map(|prompt| (*prompt).into()).collect(),
        };
        let discussion = vec![topic("Cost", &["Who paid?", "What was cut?"]), topic("Risk", &["What could fail?"])];
        let question = Question { discussion, ..Question::default() };
        let mut report = without(&[]);
        let point = |text: &str, covered| Point {
            text: text.into(),
            source: PointSource::Discussion,
            covered,
            strength: 0.5,
            quote: String::new(),
            at_s: None,
            marked: false,
        };
        report.analysis.points = vec![point("Who paid?", Covered::Partly), point("What could fail?", Covered::No)];
        let probes = all_probes(&question, vec![told(Prompt::Question, report)], &[]);
        assert_eq!(probes, ["What could fail?", "What was cut?"]);
    }

    #[test]
    fn an_answer_that_is_no_story_is_probed_by_its_own_framework() {
        let mut report = without(&[StarPart::Result]);
        report.analysis.star.judged = Judged::DoesNotApply;
        let part = |name: &str, present| FrameworkPart { name: name.into(), present, quote: String::new() };
        let plan = Frameworks::builtin().named("30-60-90").expect("it ships");
        let parts = plan.parts.iter().enumerate().map(|(number, guide)| part(&guide.name, number != 1)).collect();
        report.analysis.frameworks = vec![FrameworkCoverage { name: plan.name.clone(), parts }];
        let probes = all_probes(&Question::default(), vec![told(Prompt::Question, report)], &[]);
        assert_eq!(probes, [plan.parts[1].probes[0].as_str()]);
    }
}
