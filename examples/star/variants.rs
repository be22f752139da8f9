//! More answers out of one: with the punctuation gone, with a part left out, with parts moved.
//!
//! A model that has only seen whole answers in order learns the order and not the parts.

use crate::labelled::LabelledAnswer;
use greenroom::types::{StarPart, WordRange};

/// An answer to learn from, and how much it counts.
#[allow(dead_code)] // Each example uses what it needs.
pub struct Variant {
    pub answer: LabelledAnswer,
    pub weight: f64,
    /// Whether its bottom line is known.
    pub bottom_line_known: bool,
    /// What was done to it.
    pub how: &'static str,
}

/// The answer itself and what can be made of it, in a fixed order.
pub fn variants(answer: &LabelledAnswer) -> Vec<Variant> {
    let mut all = vec![variant(answer.clone(), 1.0, true, "as written")];
    if !answer.raw {
        all.push(variant(bare(answer), 1.0, true, "bare"));
    }
    if !answer.story {
        return all;
    }
    for part in StarPart::ALL {
        if answer.labels.contains(&Some(part)) {
            let kept = keep(answer, |sentence| majority(answer, sentence) != Some(part));
            all.extend(changed(answer, kept, 1.0, "part left out"));
        }
    }
    all.extend(changed(answer, result_first(answer), 0.7, "result first"));
    all.extend(changed(answer, headline_first(answer), 0.5, "headline first"));
    all.extend(changed(answer, part_moved(answer), 0.4, "part moved"));
    all
}

fn variant(answer: LabelledAnswer, weight: f64, bottom_line_known: bool, how: &'static str) -> Variant {
    Variant { answer, weight, bottom_line_known, how }
}

/// A variant of other sentences; `None` where nothing changed or hardly anything is left.
fn changed(answer: &LabelledAnswer, order: Vec<usize>, weight: f64, how: &'static str) -> Option<Variant> {
    let same = order.iter().copied().eq(0..answer.sentences.len());
    let rebuilt = of_sentences(answer, &order);
    let of_result = |sentence: usize| majority(&rebuilt, sentence) == Some(StarPart::Result);
    // No answer as written opens with a Result and has its bottom line later: where moving made one, it is anyone's guess.
    let opens_with_result = (0..rebuilt.sentences.len().min(2)).any(of_result);
    let known = match rebuilt.bottom_line {
        Some(_) => rebuilt.up_front || !opens_with_result,
        None => !rebuilt.labels.contains(&Some(StarPart::Result)),
    };
    (!same && rebuilt.words.len() >= 40).then(|| variant(rebuilt, weight, known, how))
}

/// The label of most words of a sentence.
fn majority(answer: &LabelledAnswer, sentence: usize) -> Option<StarPart> {
    let labels = &answer.labels[answer.sentences[sentence].indices()];
    let count = |wanted: &Option<StarPart>| labels.iter().filter(|label| *label == wanted).count();
    labels.iter().copied().max_by_key(|label| count(label)).flatten()
}

fn keep(answer: &LabelledAnswer, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
    (0..answer.sentences.len()).filter(|sentence| wanted(*sentence)).collect()
}

/// All sentences of the Result before everything else but an opening.
fn result_first(answer: &LabelledAnswer) -> Vec<usize> {
    let of_result = |sentence: usize| majority(answer, sentence) == Some(StarPart::Result);
    let opening = opening(answer);
    let mut order: Vec<usize> = (0..opening).collect();
    order.extend((opening..answer.sentences.len()).filter(|sentence| of_result(*sentence)));
    order.extend((opening..answer.sentences.len()).filter(|sentence| !of_result(*sentence)));
    order
}

/// The sentence that states the bottom line before everything else but an opening.
fn headline_first(answer: &LabelledAnswer) -> Vec<usize> {
    let Some(headline) = answer.bottom_line else { return keep(answer, |_| true) };
    let opening = opening(answer);
    let mut order: Vec<usize> = (0..opening.min(headline)).collect();
    order.push(headline);
    order.extend((opening.min(headline)..answer.sentences.len()).filter(|sentence| *sentence != headline));
    order
}

/// How many sentences the answer opens with before any part; none when that is a speech of its own.
fn opening(answer: &LabelledAnswer) -> usize {
    let opening = (0..answer.sentences.len()).take_while(|sentence| majority(answer, *sentence).is_none()).count();
    if opening > 2 { 0 } else { opening }
}

/// The Task before the Situation, or, without one, the first half of the Action before it.
fn part_moved(answer: &LabelledAnswer) -> Vec<usize> {
    let moved = if answer.labels.contains(&Some(StarPart::Task)) { StarPart::Task } else { StarPart::Action };
    let first = |part: StarPart| (0..answer.sentences.len()).find(|sentence| majority(answer, *sentence) == Some(part));
    let target = first(StarPart::Situation).unwrap_or(0);
    let is_moved = |sentence: usize| majority(answer, sentence) == Some(moved);
    let mut order = keep(answer, |sentence| sentence < target);
    order.extend(keep(answer, |sentence| sentence >= target && is_moved(sentence)));
    order.extend(keep(answer, |sentence| sentence >= target && !is_moved(sentence)));
    order
}

/// The answer made of some of its sentences in another order.
fn of_sentences(answer: &LabelledAnswer, order: &[usize]) -> LabelledAnswer {
    let mut made = LabelledAnswer {
        words: Vec::new(),
        labels: Vec::new(),
        sentences: Vec::new(),
        bottom_line: None,
        fillers: Vec::new(),
        doubtful: Vec::new(),
        ..answer.clone()
    };
    for sentence in order {
        let range = answer.sentences[*sentence];
        if answer.bottom_line == Some(*sentence) {
            made.bottom_line = Some(made.sentences.len());
        }
        let first = made.words.len();
        made.words.extend_from_slice(&answer.words[range.indices()]);
        made.labels.extend_from_slice(&answer.labels[range.indices()]);
        made.sentences.push(WordRange::new(first, made.words.len()));
    }
    made.up_front = made.bottom_line.is_some_and(|sentence| sentence < 2);
    made
}

/// The answer as a recogniser without punctuation writes it.
pub fn bare(answer: &LabelledAnswer) -> LabelledAnswer {
    let mut made = LabelledAnswer {
        raw: true,
        words: Vec::new(),
        labels: Vec::new(),
        sentences: Vec::new(),
        fillers: Vec::new(),
        doubtful: Vec::new(),
        ..answer.clone()
    };
    for range in &answer.sentences {
        let first = made.words.len();
        for index in range.indices() {
            let lower = answer.words[index].to_lowercase().replace('\u{2019}', "'");
            let spoken: String = lower.chars().map(|c| if is_spoken(c) { c } else { ' ' }).collect();
            for word in spoken.split_whitespace() {
                made.words.push(word.to_owned());
                made.labels.push(answer.labels[index]);
            }
        }
        made.sentences.push(WordRange::new(first, made.words.len()));
    }
    made
}

fn is_spoken(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '%' | '$' | '€' | '£')
}
