//! Bottom Line Up Front: which sentence states the outcome, the decision or the recommendation, and when.
//!
//! After US Army regulation 25-50, which puts the main point at the beginning. For speech: within the first two
//! sentences, or the first twenty seconds. Announcing a topic is not stating a bottom line.

use std::collections::HashSet;
use std::fmt::Write;

use super::answer::ReadAnswer;
use super::linear::{Weights, exp};
use super::reading::{CUES, ClauseFacts, Labelling, Segments, SubjectVerb, is_number};
use super::story::{Asked, asked};
use crate::types::{Bluf, Judged, Seconds, Star, StarPart, Transcript, WordRange};

/// Sentences that count as up front.
const FRONT_SENTENCES: usize = 2;

/// A bottom line that is stated within this time is up front, however many sentences that took.
const FRONT_TIME: Seconds = Seconds(20.0);

/// Returns the sentence that states the bottom line, wherever it stands.
///
/// Nothing is judged on fewer than [`MIN_WORDS`](super::MIN_WORDS) words.
pub fn bluf(answer: &ReadAnswer, star: &Star) -> Bluf {
    let transcript = answer.transcript();
    if answer.is_too_short() {
        return Bluf::default();
    }
    let is_story = star.judged == Judged::Yes;
    let views = Views::of(&answer.text.segments, answer.labelling(), is_story, answer.question());
    let chances = chances(&answer.trained.bottom_line, &views);
    let front = front_chance(&chances);
    let Some(sentence) = choose(&chances, front >= 0.5) else {
        return Bluf { up_front: Some(false), confidence: 1.0 - front, ..Bluf::default() };
    };
    let words = answer.sentences()[sentence];
    let up_front = sentence < FRONT_SENTENCES || ends_early(transcript, words);
    Bluf {
        up_front: Some(up_front),
        sentence: Some(sentence),
        at_s: transcript.span(words).map(|span| span.start_s),
        words: Some(words),
        quote: Some(transcript.quote(words)),
        confidence: if sentence < FRONT_SENTENCES { front } else { 1.0 - front },
    }
}

/// The probability that one of the first two sentences states the bottom line.
fn front_chance(chances: &[f64]) -> f64 {
    chances[..chances.len() - 1].iter().take(FRONT_SENTENCES).sum()
}

/// The sentence to name: among the first two or among the others, as it was decided; `None` when likely none states it.
///
/// Neighbours lend a sentence some of their chance, since a bottom line often takes two sentences and the point is
/// to be near it.
fn choose(chances: &[f64], up_front: bool) -> Option<usize> {
    let (none, sentences) = chances.split_last().expect("none is always a choice");
    let front = FRONT_SENTENCES.min(sentences.len());
    let range = if up_front { 0..front } else { front..sentences.len() };
    let own = |index: usize| if range.contains(&index) { sentences[index] } else { 0.0 };
    let near = |index: usize| own(index) + NEIGHBOUR * (own(index.wrapping_sub(1)) + own(index + 1));
    let best = range.clone().max_by(|a, b| near(*a).total_cmp(&near(*b)))?;
    (up_front || near(best) > *none).then_some(best)
}

/// Share of its chance that a sentence lends to each neighbour.
const NEIGHBOUR: f64 = 0.5;

/// Whether a sentence is over within twenty seconds of the first word.
fn ends_early(transcript: &Transcript, words: WordRange) -> bool {
    let begin = transcript.words.first().and_then(|word| word.start_s);
    let end = transcript.span(words).map(|span| span.end_s);
    begin.zip(end).is_some_and(|(begin, end)| end - begin <= FRONT_TIME)
}

/// For every sentence the probability that it states the bottom line; last, that none does.
pub fn chances(weights: &Weights<1>, views: &Views) -> Vec<f64> {
    let scores: Vec<f64> = (0..=views.sentences.len())
        .map(|candidate| {
            let mut score = [0.0];
            views.features(candidate, &mut |feature| weights.add(feature, &mut score));
            f64::from(score[0])
        })
        .collect();
    let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let odds: Vec<f64> = scores.iter().map(|score| exp(score - top)).collect();
    let total: f64 = odds.iter().sum();
    odds.into_iter().map(|odds| odds / total).collect()
}

/// The sentences of an answer as candidates for the bottom line.
pub struct Views<'a> {
    labelling: &'a Labelling,
    kind: &'static str,
    sentences: Vec<SentenceView>,
    /// How much of an outcome the five that state most of one state, largest first.
    most: Vec<f64>,
    /// How much of an outcome the best sentence after the first two states.
    later: f64,
    /// The last sentence that is a Result.
    last_result: Option<usize>,
}

/// What a sentence holds of each part, weighted by words, and which clauses it has.
struct SentenceView {
    clauses: std::ops::Range<usize>,
    shares: [f64; 4],
    /// The largest probability of a result told before anything else.
    headline: f64,
    /// Whether any clause of it is labelled a Result, and whether any before it is.
    result: bool,
    result_before: bool,
    /// How much of an outcome it states: a share of Result with a cue of change or a number.
    outcome: f64,
}

impl<'a> Views<'a> {
    /// Sums up what is known of an answer to `question`, sentence by sentence.
    pub fn of(segments: &Segments, labelling: &'a Labelling, story: bool, question: Option<&str>) -> Views<'a> {
        let mut sentences = Vec::with_capacity(segments.sentences.len());
        let mut first = 0;
        let mut result_before = false;
        let outcome = CUES.set(&["up", "down", "win", "miss", "later", "lasting"]);
        for sentence in &segments.sentences {
            let inside = segments.clauses[first..].iter().take_while(|clause| clause.words.end <= sentence.end);
            let end = first + inside.count();
            let mut shares = [0.0; 4];
            for clause in first..end {
                let weight = segments.clauses[clause].words.len() as f64 / sentence.len() as f64;
                for (sum, share) in shares.iter_mut().zip(labelling.shares[clause]) {
                    *sum += share * weight;
                }
            }
            let result = labelling.labels[first..end].contains(&Some(StarPart::Result));
            let headline = labelling.headlines[first..end].iter().copied().fold(0.0, f64::max);
            let facts = &labelling.facts.clauses[first..end];
            let changed = facts.first().is_some_and(|clause| clause.sentence_cues & outcome != 0);
            let numbers = facts.iter().any(|clause| clause.numbers > 0);
            let outcome = shares[RESULT] * (0.4 + if changed { 0.4 } else { 0.0 } + if numbers { 0.2 } else { 0.0 });
            sentences.push(SentenceView { clauses: first..end, shares, headline, result, result_before, outcome });
            result_before |= result;
            first = end;
        }
        let mut most: Vec<f64> = sentences.iter().map(|view| view.outcome).collect();
        most.sort_by(|a, b| b.total_cmp(a));
        most.truncate(5);
        let later = sentences.iter().skip(FRONT_SENTENCES).map(|view| view.outcome).fold(0.0, f64::max);
        let last_result = sentences.iter().rposition(|view| view.result);
        let kind = match question.map(asked) {
            _ if story => "story",
            Some(Asked::Overview) => "overview",
            _ => "other",
        };
        Views { labelling, kind, sentences, most, later, last_result }
    }

    /// How many choices there are: every sentence, and that there is no bottom line.
    pub fn choices(&self) -> usize {
        self.sentences.len() + 1
    }

    /// Names what may tell whether sentence `candidate` states the bottom line; the last choice is that none does.
    pub fn features(&self, candidate: usize, emit: &mut dyn FnMut(&str)) {
        let mut name = String::with_capacity(64);
        let mut say = |arguments: std::fmt::Arguments<'_>| {
            name.clear();
            name.write_fmt(arguments).expect("writing to a string does not fail");
            emit(&name);
        };
        if candidate < self.sentences.len() {
            self.standing(candidate, &mut say);
            self.wording(candidate, &mut say);
        } else {
            let kind = self.kind;
            let top = self.sentences.iter().map(|view| view.shares[RESULT]).fold(0.0, f64::max);
            let told = self.sentences.last().is_some_and(|view| view.result || view.result_before);
            let outcome = self.sentences.iter().map(|view| view.outcome).fold(0.0, f64::max);
            say(format_args!("none,{kind}"));
            say(format_args!("none,{kind},outcome={}", step(outcome)));
            say(format_args!("none,{kind},outcome={},result={told}", step(outcome)));
            if let Some(last) = self.sentences.last() {
                for class in CUES.names(self.labelling.facts.clauses[last.clauses.start].sentence_cues) {
                    say(format_args!("none,last,c={class}"));
                }
            }
            say(format_args!("none,{kind},top={}", step(top)));
            say(format_args!("none,{kind},result={told}"));
        }
    }

    /// Where a sentence stands and how much of a Result it is.
    fn standing(&self, sentence: usize, say: &mut dyn FnMut(std::fmt::Arguments<'_>)) {
        let (view, kind) = (&self.sentences[sentence], self.kind);
        let (own, earlier) = (view.result, view.result_before);
        let just_before = sentence > 0 && self.sentences[sentence - 1].result;
        let front = sentence < FRONT_SENTENCES;
        let place = match (sentence, self.sentences.len() - 1 - sentence) {
            (0, _) => "0",
            (1, _) => "1",
            (2, _) => "2",
            (_, 0) => "last",
            (_, 1) => "last1",
            _ => "mid",
        };
        say(format_args!("place={place},{kind}"));
        say(format_args!("place={place},result={own},{kind}"));
        say(format_args!("result={own},earlier={earlier},before={just_before}"));
        if own {
            let run = self.sentences[..sentence].iter().rev().take(3).take_while(|view| view.result).count();
            let rest = self.sentences[sentence + 1..].iter().take(3).take_while(|view| view.result).count();
            let more = self.last_result > Some(sentence);
            say(format_args!("run={run},rest={rest},more={more}"));
            say(format_args!("run={run},front={front}"));
        }
        let better = self.most.iter().filter(|outcome| **outcome > view.outcome).count();
        say(format_args!("better={},front={front}", better.min(4)));
        say(format_args!("outcome={},front={front}", step(view.outcome)));
        if front {
            self.at_the_front(sentence, say);
            self.what_follows(sentence, say);
        }
        say(format_args!("share={},{kind}", step(view.shares[RESULT])));
        say(format_args!("share={},earlier={earlier}", step(view.shares[RESULT])));
        if front {
            self.as_a_headline(sentence, say);
        }
        for (part, share) in ["S", "T", "A", "R"].iter().zip(view.shares) {
            say(format_args!("part={part}{},front={front}", (share * 3.0) as usize));
        }
    }

    /// How much of an outcome one of the first sentences states against those after it.
    fn at_the_front(&self, sentence: usize, say: &mut dyn FnMut(std::fmt::Arguments<'_>)) {
        let (view, kind) = (&self.sentences[sentence], self.kind);
        let (outcome, share, later) = (view.outcome * 4.0, view.shares[RESULT] * 4.0, self.later);
        say(format_args!("front,outcome={},later={}", outcome as usize, (later * 4.0) as usize));
        say(format_args!("front={sentence},share={},later={}", share as usize, (later * 3.0) as usize));
        let opens = sentence == 1 && self.opens(0);
        say(format_args!("front={sentence},opened={opens},{kind}"));
        let question = facts_of(self.labelling, view).iter().map(|clause| clause.shared_with_question).sum::<usize>();
        say(format_args!("front,asked={},{kind}", question.min(2)));
    }

    /// How much one of the first sentences reads as a result told before the story.
    fn as_a_headline(&self, sentence: usize, say: &mut dyn FnMut(std::fmt::Arguments<'_>)) {
        let (view, kind) = (&self.sentences[sentence], self.kind);
        say(format_args!("headline={}", step(view.headline)));
        let next = self.sentences.get(sentence + 1).map_or(0.0, |next| next.shares[0] + next.shares[1]);
        let facts = &self.labelling.facts.clauses[view.clauses.clone()];
        let acts = facts.iter().any(|clause| clause.acts());
        say(format_args!("front,acts={acts},next={},{kind}", (next * 2.0) as usize));
        // A decision told first is no part of the story, and then the story begins.
        let none = 1.0 - view.shares.iter().sum::<f64>();
        say(format_args!("front,none={},acts={acts}", step(none)));
        let (none, next) = ((none * 3.0) as usize, (next * 3.0) as usize);
        say(format_args!("front,none={none},acts={acts},next={next}"));
    }

    /// After a headline the story begins: what the next sentence begins with, and whether the end says the same again.
    fn what_follows(&self, sentence: usize, say: &mut dyn FnMut(std::fmt::Arguments<'_>)) {
        let own = facts_of(self.labelling, &self.sentences[sentence]);
        let acts = own.iter().any(|clause| clause.acts());
        if let Some(next) = self.sentences.get(sentence + 1) {
            let facts = facts_of(self.labelling, next);
            for class in CUES.names(facts.first().map_or(0, |clause| clause.sentence_cues)) {
                say(format_args!("next,c={class}"));
                say(format_args!("next,c={class},acts={acts}"));
            }
            let words: Vec<&String> = facts.iter().flat_map(|clause| &clause.words).take(NEXT_WORDS).collect();
            say(format_args!("next,f={}", words.first().map_or("-", |word| word)));
            for word in &words {
                say(format_args!("next,w={word}"));
            }
            for pair in words.windows(2) {
                say(format_args!("next,b={}_{}", pair[0], pair[1]));
            }
            if let Some(SubjectVerb { subject, form, .. }) = facts.iter().flat_map(|clause| &clause.subjects).next() {
                say(format_args!("next,v={subject:?}:{form:?}"));
                say(format_args!("next,v={subject:?}:{form:?},acts={acts}"));
            }
            let set_up = next.shares[0] + next.shares[1];
            say(format_args!(
                "next,setup={},headline={}",
                (set_up * 3.0) as usize,
                step(self.sentences[sentence].headline)
            ));
        }
        let told: HashSet<&str> = content(own).collect();
        let later = self.sentences.iter().skip(sentence + 3).filter(|view| view.result);
        let again = later.flat_map(|view| content(facts_of(self.labelling, view))).filter(|word| told.contains(word));
        say(format_args!("front,again={}", again.take(3).count()));
    }

    /// Whether a sentence only greets or announces.
    fn opens(&self, sentence: usize) -> bool {
        let facts = facts_of(self.labelling, &self.sentences[sentence]);
        let words: usize = facts.iter().map(|clause| clause.words.len()).sum();
        let cues = facts.first().map_or(0, |clause| clause.sentence_cues);
        words < 4 || cues & CUES.set(&["announce", "greet"]) != 0
    }

    /// The numbers, cues and verbs of a sentence.
    fn wording(&self, sentence: usize, say: &mut dyn FnMut(std::fmt::Arguments<'_>)) {
        let (view, kind) = (&self.sentences[sentence], self.kind);
        let own = view.result;
        let front = sentence < FRONT_SENTENCES;
        let facts = &self.labelling.facts.clauses[view.clauses.clone()];
        let numbers: usize = facts.iter().map(|clause| clause.numbers).sum();
        let words: usize = facts.iter().map(|clause| clause.words.len()).sum();
        say(format_args!("numbers={},result={own}", numbers.min(2)));
        say(format_args!("length={}", (words / 5).min(6)));
        say(format_args!("asks={}", facts.iter().any(|clause| clause.asks)));
        for class in CUES.names(facts.first().map_or(0, |clause| clause.sentence_cues)) {
            say(format_args!("c={class},{kind}"));
            say(format_args!("c={class},result={own}"));
            if front {
                say(format_args!("c={class},front"));
            }
        }
        let place = if front { "front" } else { "late" };
        for (number, word) in facts.iter().flat_map(|clause| &clause.words).enumerate() {
            say(format_args!("w={word},{place}"));
            if number == 0 {
                say(format_args!("f={word},{place}"));
            }
            if kind == "other" {
                say(format_args!("w={word},{place},{kind}"));
            }
        }
        if let Some(SubjectVerb { subject, form, .. }) = facts.iter().flat_map(|clause| &clause.subjects).next() {
            say(format_args!("v={subject:?}:{form:?},{kind}"));
            if front {
                say(format_args!("v={subject:?}:{form:?},front"));
            }
        }
    }
}

/// How many words of the sentence after it tell whether a sentence was a headline.
const NEXT_WORDS: usize = 10;

/// The facts about a sentence's clauses.
fn facts_of<'a>(labelling: &'a Labelling, view: &SentenceView) -> &'a [ClauseFacts] {
    &labelling.facts.clauses[view.clauses.clone()]
}

/// The words that carry content: long ones and numbers.
fn content(facts: &[ClauseFacts]) -> impl Iterator<Item = &str> {
    let words = facts.iter().flat_map(|clause| &clause.words).map(String::as_str);
    words.filter(|word| word.len() > 4 || is_number(word))
}

const RESULT: usize = StarPart::Result as usize;

/// Which of eleven steps a probability lies on, finer near 0 and 1.
fn step(share: f64) -> usize {
    const STEPS: [f64; 10] = [0.03, 0.08, 0.17, 0.3, 0.5, 0.7, 0.83, 0.92, 0.97, 0.99];
    STEPS.iter().filter(|edge| share >= **edge).count()
}

#[cfg(test)]
mod tests;
