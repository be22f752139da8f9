//! Whether a take went better than the last one of its question, and than the best.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Worth;
use super::spread::{MIN_TAKES, usual_difference};
use crate::content::is_mended;
use crate::types::{Analysis, Covered, Difference, Judged, QuestionRef, StarPart};

/// The takes there are, in the order recorded, with the figures by which they are compared.
#[derive(Clone, Debug, Default)]
pub struct EarlierTakes {
    takes: Vec<Take>,
}

#[derive(Clone, Debug)]
struct Take {
    question: QuestionRef,
    figures: [Option<f64>; Measure::ALL.len()],
    length_s: Option<f64>,
    worth: Option<Worth>,
}

/// Something that can get better from take to take; of each figure less is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Parts of the story that were not heard.
    PartsUntold,
    /// Own points that were not heard.
    PointsMissed,
    /// Seconds by which the answer was longer or shorter than is wanted.
    OffTarget,
    /// Filled pauses a minute.
    FilledPauses,
}

impl Measure {
    const ALL: [Measure; 4] = [Measure::PartsUntold, Measure::PointsMissed, Measure::OffTarget, Measure::FilledPauses];

    /// The figure of an answer; `None` where it was not measured.
    fn of(self, analysis: &Analysis) -> Option<f64> {
        match self {
            Measure::PartsUntold => {
                let star = &analysis.star;
                (star.judged == Judged::Yes).then(|| (star.missing.len() + star.unsure.len()) as f64)
            }
            Measure::PointsMissed => {
                let points: Vec<Covered> = analysis.own_points().map(|point| point.covered).collect();
                let missed = points.iter().filter(|covered| **covered == Covered::No).count();
                (!points.is_empty()).then_some(missed as f64)
            }
            Measure::OffTarget => {
                let [lo, hi] = analysis.length.target_s.map(f64::from);
                analysis.length.duration_s.map(|length| (lo - length.0).max(length.0 - hi).max(0.0))
            }
            Measure::FilledPauses => analysis.fillers.filled_pauses.per_minute,
        }
    }

    /// A smaller change is not worth a word, however alike takes are otherwise.
    fn least(self) -> f64 {
        match self {
            Measure::PartsUntold | Measure::PointsMissed => 1.0,
            Measure::OffTarget => 10.0,
            Measure::FilledPauses => 2.0,
        }
    }

    /// What it is now, and in brackets what it was.
    fn told(self, now: &Take, then: &Take) -> String {
        let [new, old] = [now, then].map(|take| take.figures[self as usize].unwrap_or_default());
        match self {
            Measure::PartsUntold => {
                let of = StarPart::ALL.len();
                format!("{} of {of} parts told ({})", of as f64 - new, of as f64 - old)
            }
            Measure::PointsMissed => format!("{new} of your points missed ({old})"),
            Measure::OffTarget => {
                let [new, old] = [now, then].map(|take| take.length_s.unwrap_or_default());
                format!("{new:.0} s long ({old:.0})")
            }
            Measure::FilledPauses => format!("{new:.0} filled pauses a minute ({old:.0})"),
        }
    }
}

impl Take {
    fn new(question: &QuestionRef, analysis: &Analysis) -> Take {
        Take {
            question: question.clone(),
            figures: Measure::ALL.map(|measure| measure.of(analysis)),
            length_s: analysis.length.duration_s.map(|length| length.0),
            worth: Worth::of(analysis),
        }
    }

    /// Whether both answer one question: in the same words, or with a slip in them mended.
    fn is_of(&self, question: &QuestionRef) -> bool {
        self.question.text == question.text
            || (self.question.bank == question.bank && is_mended(&self.question.text, &question.text))
    }
}

impl EarlierTakes {
    /// Adds a take behind all others.
    pub fn add(&mut self, question: &QuestionRef, analysis: &Analysis) {
        self.takes.push(Take::new(question, analysis));
    }

    /// What is to be thought of the change of one measure from `then` to `now`, two takes of this question.
    pub(super) fn judge(
        &self,
        measure: Measure,
        question: &QuestionRef,
        now: &Analysis,
        then: &Analysis,
    ) -> Difference {
        let [now, then] = [now, then].map(|analysis| Take::new(question, analysis));
        judged(measure, &now, &then, &self.of(question))
    }

    /// The takes of a question that can be compared.
    fn of(&self, question: &QuestionRef) -> Vec<&Take> {
        self.takes.iter().filter(|take| take.is_of(question) && take.worth.is_some()).collect()
    }

    /// What is better or worse in an answer than in the last and in the best take of its question; `None` where that is
    /// nothing, or there are fewer than three takes to compare with.
    ///
    /// Only what changed more than the person's takes do by themselves counts: more than twice the usual difference (root
    /// mean square) from one take of this question to the next.
    pub fn compare(&self, question: &QuestionRef, analysis: &Analysis) -> Option<Comparison> {
        let takes = self.of(question);
        let now = Take::new(question, analysis);
        let last = *takes.last().filter(|_| takes.len() >= MIN_TAKES && now.worth.is_some())?;
        // Of equals the later one.
        let best = *takes.iter().max_by_key(|take| take.worth).expect("there is a last one");
        let comparison = Comparison {
            last: Changes::between(&now, last, &takes),
            best: if std::ptr::eq(last, best) { Changes::default() } else { Changes::between(&now, best, &takes) },
        };
        (comparison != Comparison::default()).then_some(comparison)
    }
}

/// How an answer stands beside the last take and the best; its text is a line for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    last: Changes,
    /// Nothing, where the last take is the best.
    best: Changes,
}

/// What is better and what is worse, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Changes {
    better: Vec<String>,
    worse: Vec<String>,
}

impl Changes {
    fn between(now: &Take, then: &Take, takes: &[&Take]) -> Changes {
        let mut changes = Changes::default();
        for measure in Measure::ALL {
            match judged(measure, now, then, takes) {
                Difference::Better => changes.better.push(measure.told(now, then)),
                Difference::Worse => changes.worse.push(measure.told(now, then)),
                Difference::Usual | Difference::Unknown | Difference::NotJudged => {}
            }
        }
        changes
    }

    /// `Better than last time: ...; not as good: ...`, or nothing.
    fn told(&self, whom: &str) -> Option<String> {
        let (better, worse) = (self.better.join(", "), self.worse.join(", "));
        match (better.is_empty(), worse.is_empty()) {
            (true, true) => None,
            (false, true) => Some(format!("Better than {whom}: {better}")),
            (true, false) => Some(format!("Not as good as {whom}: {worse}")),
            (false, false) => Some(format!("Better than {whom}: {better}; not as good: {worse}")),
        }
    }
}

/// Whether a measure changed by more than it does by itself between the takes of a question.
fn judged(measure: Measure, now: &Take, then: &Take, takes: &[&Take]) -> Difference {
    let figure = |take: &Take| take.figures[measure as usize];
    let figures: Vec<f64> = takes.iter().filter_map(|take| figure(take)).collect();
    match (figure(now), figure(then), usual_difference(&figures)) {
        (Some(new), Some(old), Some(usual)) => {
            let change = (new - old).abs();
            match change > 2.0 * usual && change >= measure.least() {
                true if new < old => Difference::Better,
                true => Difference::Worse,
                false => Difference::Usual,
            }
        }
        (Some(_), Some(_), None) => Difference::Unknown,
        _ => Difference::NotJudged,
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = [self.last.told("last time"), self.best.told("your best take")];
        write!(f, "{}", told.into_iter().flatten().collect::<Vec<_>>().join(". "))?;
        f.write_str(".")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{LengthVerdict, Seconds};

    fn question(text: &str) -> QuestionRef {
        QuestionRef { id: "a".into(), text: text.into(), bank: Some("mine".into()) }
    }

    /// An answer of a minute and a half with so many filled pauses a minute and such parts left out.
    fn answer(filled_pauses: f64, missing: &[StarPart]) -> Analysis {
        let mut analysis = Analysis::default();
        analysis.length.words = 200;
        analysis.length.duration_s = Some(Seconds(90.0));
        analysis.length.target_s = [60, 120];
        analysis.length.verdict = Some(LengthVerdict::OnTarget);
        analysis.star.judged = Judged::Yes;
        analysis.star.missing = missing.to_vec();
        analysis.fillers.filled_pauses.per_minute = Some(filled_pauses);
        analysis
    }

    fn compare(earlier: &[Analysis], now: &Analysis) -> Option<String> {
        let mut takes = EarlierTakes::default();
        earlier.iter().for_each(|analysis| takes.add(&question("Why us?"), analysis));
        takes.compare(&question("Why us?"), now).map(|comparison| comparison.to_string())
    }

    const RESULT: &[StarPart] = &[StarPart::Result];

    #[test]
    fn a_change_beyond_the_persons_own_spread_is_told_against_last_and_best() {
        let steady = [answer(8.0, RESULT), answer(9.0, RESULT), answer(8.0, RESULT)];
        assert_eq!(
            compare(&steady, &answer(3.0, &[])).as_deref(),
            Some("Better than last time: 4 of 4 parts told (3), 3 filled pauses a minute (8).")
        );
        let after_a_good_one = [answer(3.0, &[]), answer(4.0, &[]), answer(3.0, &[]), answer(4.0, RESULT)];
        assert_eq!(
            compare(&after_a_good_one, &answer(9.0, RESULT)).as_deref(),
            Some(
                "Not as good as last time: 9 filled pauses a minute (4). Not as good as your best take: 9 filled pauses a minute (3)."
            )
        );
        assert_eq!(
            compare(&steady, &answer(15.0, &[])).as_deref(),
            Some("Better than last time: 4 of 4 parts told (3); not as good: 15 filled pauses a minute (8).")
        );
    }

    #[test]
    fn what_varies_by_itself_is_no_progress() {
        let erratic = [answer(12.0, &[]), answer(3.0, &[]), answer(11.0, &[])];
        assert_eq!(compare(&erratic, &answer(3.0, &[])), None);
        let alike = [answer(3.0, &[]), answer(3.0, &[]), answer(3.0, &[])];
        assert_eq!(compare(&alike, &answer(2.0, &[])), None, "too small to be worth a word");
    }

    #[test]
    fn fewer_than_three_takes_of_this_question_say_nothing() {
        let mut takes = EarlierTakes::default();
        let bad = answer(20.0, RESULT);
        takes.add(&question("Why us?"), &bad);
        takes.add(&question("Why us?"), &bad);
        takes.add(&question("What was your worst launch?"), &bad);
        assert_eq!(takes.compare(&question("Why us?"), &answer(1.0, &[])), None);
        takes.add(&question("Why us?"), &Analysis::default());
        assert_eq!(takes.compare(&question("Why us?"), &answer(1.0, &[])), None, "a take without words is none");
        takes.add(&question("Why us?"), &bad);
        assert!(takes.compare(&question("Why us?"), &answer(1.0, &[])).is_some());
    }

    #[test]
    fn length_is_held_against_the_target_and_not_against_longer_or_shorter() {
        let long = |seconds: f64| {
            let mut analysis = answer(0.0, &[]);
            analysis.length.duration_s = Some(Seconds(seconds));
            analysis
        };
        let earlier = [long(200.0), long(205.0), long(198.0)];
        assert_eq!(compare(&earlier, &long(100.0)).as_deref(), Some("Better than last time: 100 s long (198)."));
        assert_eq!(compare(&[long(70.0), long(70.0), long(70.0)], &long(110.0)), None, "both are as wanted");
    }

    #[test]
    fn two_takes_are_judged_by_how_much_all_takes_of_the_question_differ() {
        let mut takes = EarlierTakes::default();
        let judge = |takes: &EarlierTakes, now: f64, then: f64| {
            takes.judge(Measure::FilledPauses, &question("Why us?"), &answer(now, &[]), &answer(then, &[]))
        };
        for filled_pauses in [8.0, 9.0] {
            takes.add(&question("Why us?"), &answer(filled_pauses, &[]));
            assert_eq!(judge(&takes, 1.0, 9.0), Difference::Unknown);
        }
        takes.add(&question("Why us?"), &answer(8.0, &[]));
        let judged = [judge(&takes, 3.0, 8.0), judge(&takes, 8.0, 3.0), judge(&takes, 8.0, 9.0)];
        assert_eq!(judged, [Difference::Better, Difference::Worse, Difference::Usual]);
    }
}
