//! Two takes beside each other: what changed, and whether it changed by more than takes do by themselves.
//!
//! The only file that names `similar`.

use std::collections::HashMap;

use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::earlier::{EarlierTakes, Measure};
use crate::analysis::reading::Text;
use crate::types::{
    Analysis, Became, ComparedTake, Covered, Difference, FigureChange, Judged, PartChange, PointChange, Report,
    Seconds, SentenceChange, StarPart, TakeComparison, WordChange, WordRange,
};

/// Two sentences are one, said differently, when at least so much of their words is common to both (Dice).
const SAME_SENTENCE: f64 = 0.5;

/// A take with its report.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// What it is called, such as `2026-11-21T0930-stakeholders/2`.
    pub id: &'a str,
    /// Which it is, for people.
    pub name: &'a str,
    /// Its report, as its person sees it.
    pub report: &'a Report,
}

/// Compares a take with one before it; `all` are the person's takes, which say how much takes differ by themselves.
pub fn compare(before: &Compared, now: &Compared, all: &EarlierTakes) -> TakeComparison {
    let question = |take: &Compared| take.report.question.clone();
    let same_question = match (question(before), question(now)) {
        (Some(before), Some(now)) => before.text == now.text || (before.bank == now.bank && before.id == now.id),
        _ => false,
    };
    let compared =
        |take: &Compared| ComparedTake { id: take.id.to_owned(), name: take.name.to_owned(), question: question(take) };
    let (old, new) = (Text::of(&before.report.transcript), Text::of(&now.report.transcript));
    TakeComparison {
        schema: TakeComparison::SCHEMA.to_owned(),
        before: compared(before),
        now: compared(now),
        same_question,
        figures: figures(before.report, now.report, same_question.then_some(all)),
        parts: parts(&before.report.analysis, &now.report.analysis),
        points: points(&before.report.analysis, &now.report.analysis),
        sentences: sentence_changes(&old, &new),
        words: word_changes(&old, &new),
    }
}

/// A figure: what it is called, its unit, what it is in an answer, and the measure that judges it.
type Figure = (&'static str, &'static str, fn(&Analysis) -> Option<f64>, Option<Measure>);

const FIGURES: [Figure; 9] = [
    ("Length", "s", |found| seconds(found.length.duration_s.or(found.length.aloud_s)), Some(Measure::OffTarget)),
    ("Words", "", |found| Some(found.length.words as f64), None),
    ("Pace", "words a minute", |found| found.pace.wpm, None),
    ("Long pauses", "", |found| found.pauses.long.map(|long| long as f64), None),
    ("Filled pauses", "a minute", |found| found.fillers.filled_pauses.per_minute, Some(Measure::FilledPauses)),
    ("Filler words", "a minute", |found| found.fillers.markers.per_minute, None),
    ("Parts told", "of 4", parts_told, Some(Measure::PartsUntold)),
    ("Points made", "", points_made, Some(Measure::PointsMissed)),
    ("Bottom line", "s in", |found| seconds(found.bluf.at_s), None),
];

fn seconds(time: Option<Seconds>) -> Option<f64> {
    time.map(|time| time.0)
}

fn parts_told(found: &Analysis) -> Option<f64> {
    let told = found.star.parts.values().filter(|part| part.present).count();
    (found.star.judged == Judged::Yes).then_some(told as f64)
}

fn points_made(found: &Analysis) -> Option<f64> {
    let made = found.own_points().filter(|point| point.covered == Covered::Yes).count();
    found.own_points().next().map(|_| made as f64)
}

/// The figures that either take has.
fn figures(before: &Report, now: &Report, all: Option<&EarlierTakes>) -> Vec<FigureChange> {
    let change = |measure: Option<Measure>| match (measure, all, &now.question) {
        (Some(measure), Some(all), Some(asked)) => all.judge(measure, asked, &now.analysis, &before.analysis),
        _ => Difference::NotJudged,
    };
    let figures = FIGURES.iter().map(|(name, unit, of, measure)| FigureChange {
        name: (*name).to_owned(),
        unit: (*unit).to_owned(),
        before: of(&before.analysis),
        now: of(&now.analysis),
        change: change(*measure),
    });
    figures.filter(|figure| figure.before.is_some() || figure.now.is_some()).collect()
}

/// The four parts; none where neither take was judged as a story.
fn parts(before: &Analysis, now: &Analysis) -> Vec<PartChange> {
    if before.star.judged != Judged::Yes && now.star.judged != Judged::Yes {
        return Vec::new();
    }
    let share = |found: &Analysis, part: StarPart| {
        let part = found.star.parts.get(&part).filter(|part| part.present)?;
        Some(part.share)
    };
    StarPart::ALL.map(|part| PartChange { part, before: share(before, part), now: share(now, part) }).into()
}

/// The points of both takes, those of the take now first.
fn points(before: &Analysis, now: &Analysis) -> Vec<PointChange> {
    let made = |found: &Analysis, text: &str| {
        found.own_points().any(|point| point.text == text && point.covered == Covered::Yes)
    };
    let mut texts: Vec<&str> = Vec::new();
    for point in now.own_points().chain(before.own_points()) {
        if !texts.contains(&point.text.as_str()) {
            texts.push(&point.text);
        }
    }
    let became = |text: &str| match (made(before, text), made(now, text)) {
        (true, true) => Became::Kept,
        (false, true) => Became::Won,
        (true, false) => Became::Lost,
        (false, false) => Became::Missing,
    };
    texts.into_iter().map(|text| PointChange { text: text.to_owned(), became: became(text) }).collect()
}

/// A sentence with its words in lower case, each with how often it is said.
struct Sentence {
    text: String,
    words: HashMap<String, usize>,
    count: usize,
}

impl Sentence {
    fn all(take: &Text) -> Vec<Sentence> {
        let sentence = |range: &WordRange| {
            let said: Vec<&String> = take.words[range.indices()].iter().filter(|word| !word.is_empty()).collect();
            let mut words = HashMap::new();
            for word in &said {
                *words.entry((*word).clone()).or_insert(0) += 1;
            }
            Sentence { text: take.transcript.quote(*range), words, count: said.len() }
        };
        take.sentences().iter().map(sentence).filter(|sentence| sentence.count > 0).collect()
    }

    /// How much of both is common to them, 0 to 1.
    fn likeness(&self, other: &Sentence) -> f64 {
        let common: usize =
            self.words.iter().map(|(word, count)| other.words.get(word).map_or(0, |others| *count.min(others))).sum();
        2.0 * common as f64 / (self.count + other.count) as f64
    }
}

/// Sentences kept, perhaps in other words, and new ones, in their order now; then those that were dropped.
fn sentence_changes(before: &Text, now: &Text) -> Vec<SentenceChange> {
    let (before, now) = (Sentence::all(before), Sentence::all(now));
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (new, sentence) in now.iter().enumerate() {
        let alike = before.iter().enumerate().map(|(old, other)| (sentence.likeness(other), new, old));
        pairs.extend(alike.filter(|(likeness, ..)| *likeness >= SAME_SENTENCE));
    }
    // The likest first; of equals those that stand earlier.
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let (mut old_of, mut is_kept) = (vec![None; now.len()], vec![false; before.len()]);
    for (_, new, old) in pairs {
        if old_of[new].is_none() && !is_kept[old] {
            (old_of[new], is_kept[old]) = (Some(old), true);
        }
    }
    let here = now.iter().zip(&old_of).map(|(sentence, old)| SentenceChange {
        became: if old.is_some() { Became::Kept } else { Became::Won },
        before: old.map(|old| before[old].text.clone()),
        now: Some(sentence.text.clone()),
    });
    let dropped = before.iter().zip(&is_kept).filter(|(_, is_kept)| !**is_kept).map(|(sentence, _)| SentenceChange {
        became: Became::Lost,
        before: Some(sentence.text.clone()),
        now: None,
    });
    here.chain(dropped).collect()
}

/// The words of both takes in one row, capitals and punctuation aside.
fn word_changes(before: &Text, now: &Text) -> Vec<WordChange> {
    let mut changes = Vec::new();
    let mut add = |became, take: &Text, range: std::ops::Range<usize>| {
        if !range.is_empty() {
            let text = take.transcript.quote(WordRange::new(range.start, range.end));
            changes.push(WordChange { became, text });
        }
    };
    for run in capture_diff_slices(Algorithm::Myers, &before.words, &now.words) {
        if run.tag() == DiffTag::Equal {
            add(Became::Kept, now, run.new_range());
        } else {
            add(Became::Lost, before, run.old_range());
            add(Became::Won, now, run.new_range());
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Transcript;

    fn said(text: &str) -> Transcript {
        Transcript::of_text(text)
    }

    #[test]
    fn a_sentence_in_other_words_is_kept_and_others_are_new_or_dropped() {
        let before = said("We lost sixty parcels every night. I was new there. My boss wanted fewer than twenty.");
        let now = said("Every night we lost sixty parcels. I asked the vendor. My boss wanted under twenty.");
        let changes = sentence_changes(&Text::of(&before), &Text::of(&now));
        let became: Vec<(Became, &str)> = changes
            .iter()
            .map(|change| (change.became, change.now.as_deref().or(change.before.as_deref()).unwrap_or_default()))
            .collect();
        let wanted = [
            (Became::Kept, "Every night we lost sixty parcels."),
            (Became::Won, "I asked the vendor."),
            (Became::Kept, "My boss wanted under twenty."),
            (Became::Lost, "I was new there."),
        ];
        assert_eq!(became, wanted);
        assert_eq!(changes[0].before.as_deref(), Some("We lost sixty parcels every night."));
    }

    #[test]
    fn words_are_aligned_whatever_their_capitals_and_punctuation() {
        let words =
            word_changes(&Text::of(&said("So, we fixed it. Um in March")), &Text::of(&said("We fixed it in May")));
        let words: Vec<(Became, &str)> = words.iter().map(|run| (run.became, run.text.as_str())).collect();
        let wanted = [
            (Became::Lost, "So,"),
            (Became::Kept, "We fixed it"),
            (Became::Lost, "Um"),
            (Became::Kept, "in"),
            (Became::Lost, "March"),
            (Became::Won, "May"),
        ];
        assert_eq!(words, wanted);
    }

    #[test]
    fn nothing_said_is_compared_with_nothing() {
        let silence = Transcript::default();
        assert_eq!(
            (
                sentence_changes(&Text::of(&silence), &Text::of(&silence)).len(),
                word_changes(&Text::of(&silence), &Text::of(&silence)).len()
            ),
            (0, 0)
        );
        assert_eq!(sentence_changes(&Text::of(&said("One two.")), &Text::of(&silence))[0].became, Became::Lost);
    }
}
