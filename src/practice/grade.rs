//! From a report to a grade: how well was this answer known?

use std::cmp::Reverse;

use crate::analysis::MIN_WORDS;
use crate::types::{
    Analysis, Covered, Fault, Felt, FilledPauseVerdict, Grade, Graded, Judged, LengthVerdict, StarPart,
};

/// Fewer own points than this say nothing about how many were missed.
const MIN_POINTS: usize = 2;

/// Grades an answer for which so many hints were shown; `None` for one of under [`MIN_WORDS`] words, on which
/// nothing is judged.
///
/// Faults are weighed and added up. Nothing wrong and, in a story, a result with a number, is
/// [`Grade::Easy`]; up to one fault [`Grade::Good`]; two [`Grade::Hard`]; three or more [`Grade::Again`]:
///
/// | fault | weight |
/// |---|---|
/// | the Action or the Result was missing | 3 |
/// | the Situation or the Task was missing | 1 |
/// | half or more of the framework the question asks for was missing (where no story is asked for) | 2 |
/// | the bottom line came late, or there was none | 1 |
/// | more than half of the person's own points were missed; none at all was made | 1; 2 |
/// | too short, too long | 1 |
/// | filled pauses at 12 a minute or more | 1 |
/// | hints were shown: what has to be prompted is not known | 2 |
///
/// A story without its Action or Result is not the story, whatever else was good about it. The
/// others are blemishes: one alone must not bring a question back as if it were forgotten. Own points
/// are notes and discussion prompts; criteria, steps and example answers are advice, not what the person
/// set out to say. A first guess, with nothing behind it but reason: no data on interview answers
/// and forgetting were found.
pub fn grade(analysis: &Analysis, hints: usize) -> Option<Graded> {
    if analysis.length.words < MIN_WORDS {
        return None;
    }
    let mut weighed = Vec::new();
    parts(analysis, &mut weighed);
    bottom_line(analysis, &mut weighed);
    points(analysis, &mut weighed);
    delivery(analysis, &mut weighed);
    if hints > 0 {
        weighed.push((2, Fault::Hints));
    }
    let total: u32 = weighed.iter().map(|(weight, _)| weight).sum();
    let proven = analysis.star.judged != Judged::Yes || analysis.evidence.quantified_result == Some(true);
    let grade = match total {
        0 if proven => Grade::Easy,
        0 | 1 => Grade::Good,
        2 => Grade::Hard,
        _ => Grade::Again,
    };
    // Stable: of the same weight, the order above.
    weighed.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    Some(Graded { grade, faults: weighed.into_iter().map(|(_, fault)| fault).collect() })
}

/// Parts of the story; of the framework, where no story is asked for.
fn parts(analysis: &Analysis, weighed: &mut Vec<(u32, Fault)>) {
    if analysis.star.judged == Judged::Yes {
        // The Result is named before the Action where both are missing: it is the likelier slip.
        for part in analysis.star.missing.iter().rev() {
            let weight = if matches!(part, StarPart::Action | StarPart::Result) { 3 } else { 1 };
            weighed.push((weight, Fault::PartMissing { part: *part }));
        }
        return;
    }
    // One framework counts, the best told: the bank may name several that fit.
    let told = |framework: &&crate::types::FrameworkCoverage| {
        let present = framework.parts.iter().filter(|part| part.present).count();
        1000 * present / framework.parts.len().max(1)
    };
    let best = analysis.frameworks.iter().filter(|framework| framework.name != "star").max_by_key(told);
    if let Some(framework) = best {
        let (missing, of) = (framework.parts.iter().filter(|part| !part.present).count(), framework.parts.len());
        if 2 * missing >= of && missing > 0 {
            weighed.push((2, Fault::FrameworkMissing { name: framework.name.clone(), missing, of }));
        }
    }
}

/// How good a take was beside others of its question: the better, the greater. The best take is the greatest, and of equals
/// the later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Worth {
    grade: Grade,
    faults: Reverse<usize>,
}

impl Worth {
    /// By the grade, then by how few faults there were; `None` for a take that cannot be judged. Hints do not count: they are
    /// about what the person knew, not about what was heard.
    pub fn of(analysis: &Analysis) -> Option<Worth> {
        grade(analysis, 0).map(|graded| Worth { grade: graded.grade, faults: Reverse(graded.faults.len()) })
    }
}

fn bottom_line(analysis: &Analysis, weighed: &mut Vec<(u32, Fault)>) {
    if analysis.bluf.up_front == Some(false) {
        let fault = if analysis.bluf.sentence.is_some() { Fault::LateBottomLine } else { Fault::NoBottomLine };
        weighed.push((1, fault));
    }
}

fn points(analysis: &Analysis, weighed: &mut Vec<(u32, Fault)>) {
    let covered: Vec<Covered> = analysis.own_points().map(|point| point.covered).collect();
    let (missed, of) = (covered.iter().filter(|covered| **covered == Covered::No).count(), covered.len());
    if of >= MIN_POINTS && 2 * missed > of {
        weighed.push((if missed == of { 2 } else { 1 }, Fault::PointsMissed { missed, of }));
    }
}

fn delivery(analysis: &Analysis, weighed: &mut Vec<(u32, Fault)>) {
    match analysis.length.verdict {
        Some(LengthVerdict::Short) => weighed.push((1, Fault::TooShort)),
        Some(LengthVerdict::Long) => weighed.push((1, Fault::TooLong)),
        Some(LengthVerdict::OnTarget) | None => {}
    }
    if analysis.fillers.filled_pauses.verdict == Some(FilledPauseVerdict::Act) {
        weighed.push((1, Fault::FilledPauses));
    }
}

/// What a grade feels like to who judges as the report does.
pub fn feels_like(grade: Grade) -> Felt {
    match grade {
        Grade::Again => Felt::Badly,
        Grade::Hard => Felt::Middling,
        Grade::Good | Grade::Easy => Felt::Well,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{FrameworkCoverage, FrameworkPart, Point, PointSource};

    /// A story with nothing wrong with it.
    fn flawless() -> Analysis {
        let mut analysis = Analysis::default();
        analysis.length.words = 200;
        analysis.length.verdict = Some(LengthVerdict::OnTarget);
        analysis.star.judged = Judged::Yes;
        analysis.bluf.up_front = Some(true);
        analysis.bluf.sentence = Some(0);
        analysis.evidence.quantified_result = Some(true);
        analysis
    }

    fn point(source: PointSource, covered: Covered) -> Point {
        Point { text: String::new(), source, covered, strength: 0.0, quote: String::new(), at_s: None, marked: false }
    }

    fn missing(parts: &[StarPart]) -> impl Fn(&mut Analysis) {
        move |analysis| analysis.star.missing = parts.to_vec()
    }

    fn notes(covered: &[Covered]) -> impl Fn(&mut Analysis) {
        move |analysis| analysis.points = covered.iter().map(|c| point(PointSource::Notes, *c)).collect()
    }

    fn late(analysis: &mut Analysis) {
        analysis.bluf.up_front = Some(false);
        analysis.bluf.sentence = Some(5);
    }

    fn long(analysis: &mut Analysis) {
        analysis.length.verdict = Some(LengthVerdict::Long);
    }

    fn ums(analysis: &mut Analysis) {
        analysis.fillers.filled_pauses.verdict = Some(FilledPauseVerdict::Act);
    }

    #[test]
    fn faults_add_up_to_a_grade_and_the_worst_is_named_first() {
        use Covered::{No, Partly, Yes};
        use StarPart::{Action, Result, Situation, Task};
        type Change<'a> = Box<dyn Fn(&mut Analysis) + 'a>;
        let table: Vec<(&str, Vec<Change>, Grade, &str)> = vec![
            ("nothing", vec![], Grade::Easy, ""),
            (
                "no number",
                vec![Box::new(|analysis| analysis.evidence.quantified_result = Some(false))],
                Grade::Good,
                "",
            ),
            ("late", vec![Box::new(late)], Grade::Good, "the bottom line came late"),
            (
                "none",
                vec![Box::new(late), Box::new(|analysis| analysis.bluf.sentence = None)],
                Grade::Good,
                "there was no bottom line",
            ),
            ("no task", vec![Box::new(missing(&[Task]))], Grade::Good, "the task was missing"),
            (
                "no set-up",
                vec![Box::new(missing(&[Situation, Task]))],
                Grade::Hard,
                "the task was missing, the situation was missing",
            ),
            ("no result", vec![Box::new(missing(&[Result]))], Grade::Again, "the result was missing"),
            (
                "late, no action",
                vec![Box::new(late), Box::new(missing(&[Action]))],
                Grade::Again,
                "the action was missing, the bottom line came late",
            ),
            (
                "long and late",
                vec![Box::new(long), Box::new(late)],
                Grade::Hard,
                "the bottom line came late, it was too long",
            ),
            (
                "long, late, full of ums",
                vec![Box::new(ums), Box::new(long), Box::new(late)],
                Grade::Again,
                "the bottom line came late, it was too long, there were many filled pauses",
            ),
            ("half the points", vec![Box::new(notes(&[Yes, No, Partly, No]))], Grade::Easy, ""),
            ("few points", vec![Box::new(notes(&[Yes, No, No]))], Grade::Good, "2 of 3 of your points were missed"),
            ("no point", vec![Box::new(notes(&[No, No]))], Grade::Hard, "2 of 2 of your points were missed"),
            ("one point", vec![Box::new(notes(&[No]))], Grade::Easy, ""),
        ];
        for (name, changes, grade_wanted, faults) in table {
            let mut analysis = flawless();
            changes.iter().for_each(|change| change(&mut analysis));
            let graded = grade(&analysis, 0).expect("there are enough words");
            let said: Vec<String> = graded.faults.iter().map(Fault::to_string).collect();
            assert_eq!((graded.grade, said.join(", ").as_str()), (grade_wanted, faults), "{name}");
        }
    }

    #[test]
    fn criteria_and_example_answers_are_no_points_of_ones_own() {
        let mut analysis = flawless();
        for source in [PointSource::Criteria, PointSource::Structure, PointSource::Answer] {
            analysis.points.extend([point(source, Covered::No), point(source, Covered::No)]);
        }
        assert_eq!(grade(&analysis, 0).map(|graded| graded.grade), Some(Grade::Easy));
    }

    #[test]
    fn a_plan_is_graded_by_its_own_framework_and_needs_no_result() {
        let part = |present| FrameworkPart { name: String::new(), present, quote: String::new() };
        let framework = |name: &str, told: &[bool]| FrameworkCoverage {
            name: name.to_owned(),
            parts: told.iter().map(|told| part(*told)).collect(),
        };
        let mut analysis = flawless();
        analysis.star.judged = Judged::DoesNotApply;
        analysis.evidence.quantified_result = None;
        analysis.frameworks = vec![framework("bluf", &[true, false, false, false]), framework("star", &[true])];
        let graded = grade(&analysis, 0).expect("there are enough words");
        assert_eq!(
            (graded.grade, graded.faults[0].to_string().as_str()),
            (Grade::Hard, "3 of 4 parts of bluf were missing")
        );
        analysis.frameworks.push(framework("30-60-90", &[true, true, false]));
        assert_eq!(grade(&analysis, 0).map(|graded| graded.grade), Some(Grade::Easy));
    }

    #[test]
    fn an_answer_that_took_hints_is_hard_at_best() {
        let graded = grade(&flawless(), 1).expect("there are enough words");
        assert_eq!((graded.grade, graded.faults), (Grade::Hard, vec![Fault::Hints]));
    }

    #[test]
    fn a_few_words_are_not_graded() {
        let mut analysis = flawless();
        analysis.length.words = MIN_WORDS - 1;
        assert_eq!(grade(&analysis, 0), None);
    }
}
