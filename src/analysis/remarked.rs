//! A report as its person sees it: with what they marked, noted and said is no filler.
//!
//! The report on disk stays as the analysis made it; this is done whenever it is shown.

use super::answer::{Heard, MIN_WORDS};
use super::lexicon::Lexicon;
use super::points::Matcher;
use super::{advice, fillers};
use crate::types::{Filler, NoFiller, PointMark, PointSource, Question, Report, TakeRemarks};

/// Two models place the same word within so many seconds.
const SAME_PLACE_S: f64 = 0.5;

/// What a person said that matters to a take's report.
#[derive(Clone, Copy, Debug)]
pub struct Remarked<'a> {
    /// What they said of this take.
    pub take: &'a TakeRemarks,
    /// What they noted for its question, perhaps after it was answered.
    pub noted: &'a [String],
    /// What they marked in other takes of the question.
    pub marks: &'a [PointMark],
}

/// Brings a report in line with what its person said: points, fillers, and the praise and advice that follow from them.
pub fn apply(report: &mut Report, remarked: &Remarked, lexicon: &Lexicon) {
    let before = report.analysis.clone();
    add_noted(report, remarked, lexicon);
    report.apply_marks(&remarked.take.points);
    let is_none = |filler: &Filler| remarked.take.no_fillers.iter().any(|none| is(none, filler));
    if report.analysis.fillers.items.iter().any(is_none) {
        let (words, speaking) = (report.transcript.words.len(), report.analysis.length.speaking_s);
        report.analysis.fillers = fillers::without(&report.analysis.fillers, is_none, words, speaking);
    }
    // On fewer words nothing is praised or advised that could change.
    if report.analysis != before && report.analysis.length.words >= MIN_WORDS {
        let question = report.question.as_ref();
        let question = question.map(|asked| Question { text: asked.text.clone(), ..Question::default() });
        let heard = Heard { transcript: &report.transcript, sound: None, question: question.as_ref() };
        (report.strengths, report.advice) = advice::advise(&heard, &report.analysis);
    }
}

/// Ticks what was noted after the report was made, and puts it behind the person's other points.
fn add_noted(report: &mut Report, remarked: &Remarked, lexicon: &Lexicon) {
    if report.analysis.length.words < MIN_WORDS {
        return;
    }
    let question = Question { notes: remarked.noted.to_vec(), ..Question::default() };
    let noted: Vec<String> = super::points::of_question(&question).into_iter().map(|(text, _)| text).collect();
    let points = &mut report.analysis.points;
    let is_new =
        |text: &&String| !points.iter().any(|point| point.source == PointSource::Notes && point.text == **text);
    let new: Vec<&str> = noted.iter().filter(is_new).map(String::as_str).collect();
    let ticked = Matcher::shipped(&lexicon.language).tick_with(&report.transcript, &new, remarked.marks, lexicon);
    let own = points.iter().take_while(|point| point.source == PointSource::Notes).count();
    points.splice(own..own, ticked);
}

/// Whether this filler is what the person said is none.
pub fn is(none: &NoFiller, filler: &Filler) -> bool {
    match none.words {
        // Another transcript may have another filler at this place.
        Some(words) => filler.words == Some(words) && filler.text == none.text,
        None => filler.words.is_none() && filler.start_s == none.start_s,
    }
}

/// What was no filler, at its place in a report that was made anew from the same recording; as it was where nothing is
/// found there any more.
///
/// Words move in another transcript; their times hardly do.
pub fn moved(none: &NoFiller, report: &Report) -> NoFiller {
    let near = |filler: &&Filler| {
        let apart = filler.start_s.zip(none.start_s).map(|(new, old)| (new.0 - old.0).abs());
        filler.text == none.text && apart.is_some_and(|apart| apart <= SAME_PLACE_S)
    };
    let found = report.analysis.fillers.items.iter().find(near);
    found.map_or_else(
        || none.clone(),
        |filler| NoFiller { text: none.text.clone(), words: filler.words, start_s: filler.start_s },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::spoken_for_tests::{Take, english};
    use crate::analysis::{advice::advise, analyse};
    use crate::types::{Covered, QuestionRef, Seconds, WordRange};

    const ANSWER: &str = "Last autumn our clinic lost track of samples, and I was asked to find out why. I showed her the \
        numbers from the last three months, and I, like, labelled every shelf with two nurses. Since then no sample was lost.";

    fn report(notes: &[&str]) -> Report {
        let question = Question { notes: notes.iter().map(|&note| note.into()).collect(), ..Question::default() };
        let take = Take { question: Some(question), ..Take::written(ANSWER) };
        let analysis = analyse(&take.heard(), &english());
        let (strengths, advice) = advise(&take.heard(), &analysis);
        Report {
            schema: Report::SCHEMA.to_owned(),
            question: Some(QuestionRef { id: "q".into(), text: "What went wrong?".into(), bank: None }),
            recording: None,
            transcript: take.transcript,
            analysis,
            strengths,
            advice,
            notices: Vec::new(),
        }
    }

    fn mark(point: &str, made: bool, clause: &str) -> PointMark {
        PointMark { point: point.into(), made, clause: clause.into() }
    }

    #[test]
    fn a_mark_wins_over_the_rule_and_the_advice_follows_it() {
        let mut report = report(&["My sister runs the laboratory"]);
        let advised = |report: &Report| report.advice.iter().any(|advice| advice.try_saying.contains("My sister"));
        assert!(advised(&report), "{:?}", report.advice);
        let made = mark("My sister runs the laboratory", true, "I was asked to find out why");
        let take = TakeRemarks { points: vec![made], ..TakeRemarks::default() };
        apply(&mut report, &Remarked { take: &take, noted: &[], marks: &[] }, &english());
        let point = &report.analysis.points[0];
        assert_eq!((point.covered, point.marked), (Covered::Yes, true));
        assert_eq!(point.quote, "I was asked to find out why");
        assert!(!advised(&report), "{:?}", report.advice);
    }

    #[test]
    fn what_was_noted_later_is_ticked_behind_the_points_that_were_there() {
        let mut report = report(&["Nobody was blamed"]);
        let noted = ["Labelled every shelf".to_owned(), "Nobody was blamed".to_owned()];
        let take = TakeRemarks::default();
        apply(&mut report, &Remarked { take: &take, noted: &noted, marks: &[] }, &english());
        let points: Vec<_> = report.analysis.own_points().map(|point| (point.text.as_str(), point.covered)).collect();
        assert_eq!(points, [("Nobody was blamed", Covered::No), ("Labelled every shelf", Covered::Yes)]);
    }

    #[test]
    fn what_is_no_filler_is_counted_nowhere() {
        let mut report = report(&[]);
        let like =
            report.analysis.fillers.items.iter().find(|filler| filler.text == "like").expect("it is one").clone();
        let none = NoFiller { text: like.text, words: like.words, start_s: like.start_s };
        let take = TakeRemarks { no_fillers: vec![none], ..TakeRemarks::default() };
        apply(&mut report, &Remarked { take: &take, noted: &[], marks: &[] }, &english());
        let fillers = &report.analysis.fillers;
        assert_eq!((fillers.count, fillers.range, fillers.items.len()), (0, [0, 0], 0), "{fillers:?}");
        assert!(fillers.markers.by_term.is_empty());
    }

    #[test]
    fn what_is_no_filler_is_found_again_by_its_time_in_another_transcript() {
        let mut report = report(&[]);
        let like = report.analysis.fillers.items.first_mut().expect("the answer has a \"like\"");
        like.start_s = Some(Seconds(10.2));
        let (text, words) = (like.text.clone(), like.words);
        let none =
            |start| NoFiller { text: text.clone(), words: Some(WordRange::new(1, 2)), start_s: Some(Seconds(start)) };
        let found = moved(&none(10.0), &report);
        assert_eq!((found.words, found.start_s), (words, Some(Seconds(10.2))));
        assert_eq!(moved(&none(14.0), &report), none(14.0), "another one of the same words");
    }
}
