//! How often the judgements are right, on answers of writers they were not learned from.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::labelled::LabelledAnswer;
use greenroom::analysis::bluf::bluf;
use greenroom::analysis::lexicon::Lexicon;
use greenroom::analysis::reading::{Text, Trained};
use greenroom::analysis::star::star;
use greenroom::analysis::{Heard, ReadAnswer};
use greenroom::types::{Bluf, Judged, Question, Star, StarPart, StarPartFound, Transcript, WordRange};

use crate::tally::Tally;

/// Everything counted over a set of answers.
#[derive(Default)]
pub struct Score {
    pub answers: usize,
    words: usize,
    right_words: usize,
    /// By part and for no part.
    labels: [Tally; 5],
    absent: [Tally; 4],
    story: [usize; 2],
    front: [usize; 2],
    /// Exact, within one, of all.
    sentence: [usize; 3],
    /// Sentences of unpunctuated answers: where they begin.
    begins: Tally,
    /// By tenths of the stated confidence: how many, and how many right.
    presence_reliability: [[usize; 2]; 10],
    presence_sum: [f64; 10],
    front_reliability: [[usize; 2]; 10],
    front_sum: [f64; 10],
    /// True label, label said: words.
    confusion: BTreeMap<(&'static str, &'static str), usize>,
}

/// The judgement of one answer.
pub struct Verdict {
    pub star: Star,
    pub bluf: Bluf,
    pub parts: Vec<Option<StarPart>>,
}

/// Judges words as the answer to a question.
pub fn judge(trained: &Trained, transcript: &Transcript, question: Option<&str>) -> Verdict {
    let question = question.map(|text| Question { text: text.to_owned(), ..Question::default() });
    let heard = Heard { transcript, sound: None, question: question.as_ref() };
    // Neither of the two looks at fillers and the like.
    let lexicon = Lexicon::default();
    let answer = ReadAnswer::by(trained, &heard, &lexicon);
    let star = star(&answer);
    let bluf = bluf(&answer, &star);
    let mut parts = vec![None; transcript.words.len()];
    for (part, found) in &star.parts {
        for word in found.words.iter().flat_map(|range| range.indices()) {
            parts[word] = Some(*part);
        }
    }
    Verdict { star, bluf, parts }
}

/// What the simplest method says of any answer: a fixed split, everything told, the bottom line first.
pub fn ruler(words: usize) -> Verdict {
    let part = |word: usize| match (word as f64 + 0.5) / words as f64 {
        share if share < 0.2 => StarPart::Situation,
        share if share < 0.3 => StarPart::Task,
        share if share < 0.8 => StarPart::Action,
        _ => StarPart::Result,
    };
    let told = StarPartFound { present: true, confidence: 1.0, ..StarPartFound::default() };
    let star =
        Star { judged: Judged::Yes, parts: StarPart::ALL.map(|part| (part, told.clone())).into(), ..Star::default() };
    let first = Some(WordRange::new(0, 1));
    let bluf = Bluf { up_front: Some(true), sentence: Some(0), words: first, confidence: 1.0, ..Bluf::default() };
    Verdict { star, bluf, parts: (0..words).map(|word| Some(part(word))).collect() }
}

impl Score {
    /// Judges one answer and counts it.
    pub fn add(&mut self, trained: &Trained, answer: &LabelledAnswer, bottom_line_known: bool) {
        let transcript = answer.transcript();
        let verdict = judge(trained, &transcript, Some(&answer.question));
        self.add_verdict(answer, &verdict, &[], bottom_line_known);
        if answer.raw {
            let found = Text::by(trained, &transcript).segments.sentences;
            for word in 1..answer.words.len() {
                let begins = |sentences: &[greenroom::types::WordRange]| sentences.iter().any(|s| s.first == word);
                self.begins.count(begins(&answer.sentences), begins(&found));
            }
        }
    }

    /// Counts one judgement; `uncounted` are words whose part is anybody's guess.
    pub fn add_verdict(
        &mut self,
        answer: &LabelledAnswer,
        verdict: &Verdict,
        uncounted: &[WordRange],
        bottom_line_known: bool,
    ) {
        self.answers += 1;
        self.add_words(answer, &verdict.parts, uncounted);
        self.add_presence(answer, &verdict.star);
        if bottom_line_known {
            self.add_bottom_line(answer, &verdict.bluf);
        }
    }

    fn add_words(&mut self, answer: &LabelledAnswer, parts: &[Option<StarPart>], uncounted: &[WordRange]) {
        for (index, (truth, said)) in answer.labels.iter().zip(parts).enumerate() {
            if uncounted.iter().any(|range| range.contains(index)) {
                continue;
            }
            self.words += 1;
            self.right_words += usize::from(truth == said);
            for part in StarPart::ALL {
                self.labels[part as usize].count(*truth == Some(part), *said == Some(part));
            }
            self.labels[4].count(truth.is_none(), said.is_none());
            let name = |label: &Option<StarPart>| label.map_or("none", StarPart::name);
            *self.confusion.entry((name(truth), name(said))).or_default() += 1;
        }
    }

    fn add_presence(&mut self, answer: &LabelledAnswer, star: &Star) {
        let judged = star.judged == Judged::Yes;
        self.story[0] += usize::from(judged == answer.story);
        self.story[1] += 1;
        for part in StarPart::ALL {
            let told = answer.labels.iter().filter(|label| **label == Some(part)).count() >= 3;
            let found = star.parts.get(&part);
            let present = found.is_some_and(|found| found.present);
            self.absent[part as usize].count(!told, !present);
            if let Some(found) = found.filter(|_| answer.story) {
                let p = if present { found.confidence } else { 1.0 - found.confidence };
                let bin = ((p * 10.0) as usize).min(9);
                self.presence_reliability[bin][0] += 1;
                self.presence_reliability[bin][1] += usize::from(told);
                self.presence_sum[bin] += p;
            }
        }
    }

    fn add_bottom_line(&mut self, answer: &LabelledAnswer, bluf: &Bluf) {
        let Some(up_front) = bluf.up_front else { return };
        let right = up_front == answer.up_front;
        self.front[0] += usize::from(right);
        self.front[1] += 1;
        let bin = ((bluf.confidence * 10.0) as usize).min(9);
        self.front_reliability[bin][0] += 1;
        self.front_reliability[bin][1] += usize::from(right);
        self.front_sum[bin] += bluf.confidence;
        // Compared in the labelled sentences, so that a splitter that cuts elsewhere is not excused.
        let said = bluf.words.map(|words| {
            answer
                .sentences
                .iter()
                .position(|sentence| sentence.contains(words.first))
                .expect("sentences cover all words")
        });
        let near = match (said, answer.bottom_line) {
            (Some(said), Some(truth)) => said.abs_diff(truth) <= 1,
            (None, None) => true,
            _ => false,
        };
        self.sentence[0] += usize::from(said == answer.bottom_line);
        self.sentence[1] += usize::from(near);
        self.sentence[2] += 1;
    }

    pub fn macro_f1(&self) -> f64 {
        self.labels[..4].iter().map(|tally| tally.f1()).sum::<f64>() / 4.0
    }

    /// The mean over the parts that are absent from at least one answer of the set: of the others there is no F1.
    pub fn absent_f1(&self) -> f64 {
        let absent: Vec<f64> = self.absent.iter().filter(|part| part.there() > 0).map(|part| part.f1()).collect();
        absent.iter().sum::<f64>() / absent.len().max(1) as f64
    }

    /// One row of the table.
    pub fn row(&self, name: &str) -> String {
        let mut row = format!(
            "| {name} | {} | {:.3} | {:.3} |",
            self.answers,
            ratio(self.right_words, self.words),
            self.macro_f1()
        );
        for tally in &self.labels {
            write!(row, " {:.2}", tally.f1()).expect("writing to a string does not fail");
        }
        write!(row, " | {:.3} |", self.absent_f1()).expect("writing to a string does not fail");
        for tally in &self.absent {
            write!(row, " {:.2} ({})", tally.f1(), tally.there()).expect("writing to a string does not fail");
        }
        let [exact, near, of] = self.sentence;
        write!(
            row,
            " | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} |",
            ratio(self.story[0], self.story[1]),
            ratio(self.front[0], self.front[1]),
            ratio(exact, of),
            ratio(near, of),
            self.begins.f1(),
        )
        .expect("writing to a string does not fail");
        row
    }

    /// The figures that are held from falling.
    pub fn figures(&self) -> [(&'static str, f64); 6] {
        let [exact, near, of] = self.sentence;
        [
            ("words right", ratio(self.right_words, self.words)),
            ("macro-F1 of S T A R", self.macro_f1()),
            ("absent F1", self.absent_f1()),
            ("BLUF right", ratio(self.front[0], self.front[1])),
            ("bottom line exact", ratio(exact, of)),
            ("bottom line within one", ratio(near, of)),
        ]
    }

    /// Words by true label and by the label said.
    pub fn confusion(&self) -> String {
        let names: Vec<&str> = StarPart::ALL.map(StarPart::name).into_iter().chain(["none"]).collect();
        let mut text = format!("| | {} |\n|---|---|---|---|---|---|\n", names.join(" | "));
        for truth in &names {
            let counts =
                names.iter().map(|said| self.confusion.get(&(*truth, *said)).copied().unwrap_or(0).to_string());
            let counts: Vec<String> = counts.collect();
            writeln!(text, "| {truth} | {} |", counts.join(" | ")).expect("writing to a string does not fail");
        }
        text
    }

    /// How often a part said to be present with some probability is, and how often a BLUF verdict holds.
    pub fn reliability(&self) -> String {
        let mut text = "| stated | parts | mean stated | told | BLUF verdicts | mean stated | right |\n|---|---|---|---|---|---|---|\n".to_owned();
        for bin in 0..10 {
            let [parts, told] = self.presence_reliability[bin];
            let [verdicts, right] = self.front_reliability[bin];
            writeln!(
                text,
                "| {:.1}-{:.1} | {parts} | {:.2} | {:.2} | {verdicts} | {:.2} | {:.2} |",
                bin as f64 / 10.0,
                (bin + 1) as f64 / 10.0,
                self.presence_sum[bin] / parts.max(1) as f64,
                ratio(told, parts),
                self.front_sum[bin] / verdicts.max(1) as f64,
                ratio(right, verdicts),
            )
            .expect("writing to a string does not fail");
        }
        text
    }
}

/// The head of the table that [`Score::row`] fills.
pub const HEAD: &str = "| set | answers | words right | macro-F1 STAR | F1 of S T A R none | absent F1 | absent S T A R (how many) | story or not | BLUF | sentence | within one | sentence begins F1 |\n|---|---|---|---|---|---|---|---|---|---|---|---|";

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
