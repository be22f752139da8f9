//! Where sentences and clauses begin, in punctuated prose and in a recogniser's bare lower-case words.

use super::boundary;
use super::sections::{Section, is_mark, line_starts};
use crate::analysis::linear::Weights;
use crate::analysis::tokens::{ends_sentence, normal};
use crate::types::{Transcript, WordRange};

/// A sentence of punctuated text longer than this with hardly a comma is taken for unpunctuated.
const ENDLESS_WORDS: usize = 60;

/// A gap at least this likely to begin a sentence also begins a clause.
const CLAUSE_PROBABILITY: f64 = 0.1;

/// Fewer words than this are no clause of their own.
const CLAUSE_WORDS: usize = 4;

/// A stretch of one sentence that may have a purpose of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Its words.
    pub words: WordRange,
    /// The sentence it stands in, counted from 0.
    pub sentence: usize,
    /// What parts it from the clause before.
    pub gap: Gap,
}

/// What parts a clause from the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// The end of a sentence by its punctuation, or the beginning of the answer.
    Stop,
    /// A conjunction inside a punctuated sentence.
    Joint,
    /// Unpunctuated words, and a sentence likely begins.
    LikelyStop,
    /// Unpunctuated words, and a sentence may begin.
    PossibleStop,
    /// Unpunctuated words, and a sentence hardly begins.
    BareJoint,
}

impl Gap {
    /// All of them, in the order of their numbers.
    pub const ALL: [Gap; 5] = [Gap::Stop, Gap::Joint, Gap::LikelyStop, Gap::PossibleStop, Gap::BareJoint];

    fn of_probability(begins: f64) -> Gap {
        match begins {
            p if p >= 0.5 => Gap::LikelyStop,
            p if p >= 0.2 => Gap::PossibleStop,
            _ => Gap::BareJoint,
        }
    }
}

/// An answer cut into sentences and clauses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segments {
    /// The sentences, in order, covering all words.
    pub sentences: Vec<WordRange>,
    /// The clauses, in order, covering all words; none crosses a sentence's end.
    pub clauses: Vec<Clause>,
}

/// Cuts a transcript into sentences and clauses; `normals` are the normal forms of its words.
///
/// Punctuation decides where there is any; elsewhere the words do, judged by `weights`. A label such as `Task:` (those of
/// `sections`) is a sentence of its own, and an entry of a list begins one.
pub fn segments(weights: &Weights<1>, transcript: &Transcript, normals: &[String], sections: &[Section]) -> Segments {
    let words: Vec<&str> = transcript.words.iter().map(|word| word.text.as_str()).collect();
    let mut result = Segments::default();
    for stretch in cut(by_punctuation(&words), &written_cuts(transcript, sections)) {
        if reads_as_unpunctuated(&words[stretch.indices()], words.len()) {
            let begins = boundary::begin_probabilities(weights, &normals[stretch.indices()]);
            for inner in boundary::most_likely_sentences(&begins) {
                let sentence = WordRange::new(stretch.first + inner.first, stretch.first + inner.end);
                result.push(sentence, &words, normals, Some(&begins[inner.indices()]));
            }
        } else {
            result.push(stretch, &words, normals, None);
        }
    }
    result
}

/// Where the layout of a written text begins a sentence: before and after labels, and at the entries of a list.
fn written_cuts(transcript: &Transcript, sections: &[Section]) -> Vec<usize> {
    let labels = sections.iter().flat_map(|section| [section.label.first, section.label.end]);
    let is_entry = |start: &usize| is_mark(&transcript.words[*start].text);
    let mut cuts: Vec<usize> = labels.chain(line_starts(transcript).into_iter().filter(is_entry)).collect();
    cuts.sort_unstable();
    cuts
}

/// Ranges, in order, cut again at some words.
fn cut(ranges: Vec<WordRange>, cuts: &[usize]) -> Vec<WordRange> {
    let mut pieces = Vec::with_capacity(ranges.len());
    for range in ranges {
        let mut first = range.first;
        for &at in &cuts[cuts.partition_point(|at| *at <= first)..] {
            if at >= range.end {
                break;
            }
            if at > first {
                pieces.push(WordRange::new(first, at));
                first = at;
            }
        }
        pieces.push(WordRange::new(first, range.end));
    }
    pieces
}

impl Segments {
    /// Adds a sentence; `begins` holds, for words without punctuation, how likely a sentence begins with each.
    fn push(&mut self, sentence: WordRange, words: &[&str], normals: &[String], begins: Option<&[f64]>) {
        let number = self.sentences.len();
        self.sentences.push(sentence);
        let chance = |index: usize| begins.map_or(0.0, |begins| begins[index - sentence.first]);
        let gap = |index: usize| match begins {
            Some(_) if index > 0 => Gap::of_probability(chance(index)),
            _ if index == sentence.first => Gap::Stop,
            _ => Gap::Joint,
        };
        let mut first = sentence.first;
        for index in sentence.first + 1..sentence.end {
            let likelier_soon = (index + 1..sentence.end.min(index + CLAUSE_WORDS)).any(|i| chance(i) > chance(index));
            let likely = chance(index) >= CLAUSE_PROBABILITY && !likelier_soon;
            let long_enough = index - first >= CLAUSE_WORDS && sentence.end - index >= CLAUSE_WORDS;
            if long_enough && (likely || begins_clause(words[index - 1], &normals[index..sentence.end])) {
                self.clauses.push(Clause { words: WordRange::new(first, index), sentence: number, gap: gap(first) });
                first = index;
            }
        }
        self.clauses.push(Clause { words: WordRange::new(first, sentence.end), sentence: number, gap: gap(first) });
    }
}

/// Whether a clause begins with `rest`: at a semicolon or dash, or at a conjunction with a subject after it.
fn begins_clause(before: &str, rest: &[String]) -> bool {
    const JOINING: [&str; 9] = ["and", "but", "so", "because", "then", "which", "until", "although", "while"];
    const SUBJECT: [&str; 24] = [
        "i",
        "we",
        "he",
        "she",
        "they",
        "it",
        "that",
        "this",
        "there",
        "the",
        "my",
        "our",
        "his",
        "her",
        "their",
        "i'd",
        "we'd",
        "it's",
        "nobody",
        "everyone",
        "everybody",
        "people",
        "i'm",
        "we're",
    ];
    if before.ends_with([';', ':', '—', '–']) || before == "-" || before == "--" {
        return true;
    }
    let next = rest.get(1).map_or("", String::as_str);
    JOINING.contains(&rest[0].as_str()) && (SUBJECT.contains(&next) || rest[0] == "which" || before.ends_with(','))
}

/// Whether a stretch without a full stop owes its length to missing punctuation.
fn reads_as_unpunctuated(words: &[&str], of_total: usize) -> bool {
    let commas = words.iter().filter(|word| word.ends_with([',', ';', ':'])).count();
    let closed = words.last().is_some_and(|word| ends_sentence(word));
    let bare = commas * 25 < words.len();
    bare && (words.len() > ENDLESS_WORDS || (!closed && (words.len() == of_total || words.len() > 25)))
}

/// Returns the sentences by full stop, question and exclamation mark alone, in order, covering all words.
pub fn by_punctuation<W: AsRef<str>>(words: &[W]) -> Vec<WordRange> {
    let mut sentences = Vec::new();
    let mut first = 0;
    for index in 0..words.len() {
        let last = index + 1 == words.len();
        if last || (ends_sentence(words[index].as_ref()) && begins_after_stop(&words[index], &words[index + 1])) {
            sentences.push(WordRange::new(first, index + 1));
            first = index + 1;
        }
    }
    sentences
}

/// Whether `next` begins a sentence after a word that ends in a stop: not after `Dr.` and not in lower case.
fn begins_after_stop<W: AsRef<str>>(stopped: &W, next: &W) -> bool {
    const ABBREVIATIONS: [&str; 10] = ["dr", "mr", "mrs", "ms", "prof", "e.g", "i.e", "vs", "approx", "st"];
    let stopped = normal(stopped.as_ref());
    let opening = next.as_ref().chars().find(|c| c.is_alphanumeric() || matches!(c, '$' | '€' | '£'));
    !ABBREVIATIONS.contains(&stopped.as_str()) && opening.is_none_or(|c| !c.is_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::reading::Text;

    fn split(text: &str) -> Vec<String> {
        let transcript = Transcript::of_text(text);
        Text::of(&transcript).sentences().iter().map(|sentence| transcript.quote(*sentence)).collect()
    }

    #[test]
    fn stops_before_a_capital_end_a_sentence_and_abbreviations_do_not() {
        assert_eq!(
            split("We met Dr. Osei at 3.5 percent. \"Why?\" she asked. Two left."),
            ["We met Dr. Osei at 3.5 percent.", "\"Why?\" she asked.", "Two left."]
        );
    }

    #[test]
    fn a_long_sentence_with_commas_stays_whole() {
        let text = format!("I {}went home.", "called the next one on the list, ".repeat(12));
        assert_eq!(split(&text).len(), 1);
    }

    #[test]
    fn a_clause_begins_at_a_conjunction_with_a_subject() {
        let transcript = Transcript::of_text("The vendor had walked away in May and I took over the whole build.");
        let clauses = Text::of(&transcript).segments.clauses;
        let clauses: Vec<String> = clauses.iter().map(|clause| transcript.quote(clause.words)).collect();
        assert_eq!(clauses, ["The vendor had walked away in May", "and I took over the whole build."]);
    }

    #[test]
    fn clauses_cover_every_word_once_and_stay_inside_their_sentence() {
        let bare = "so we had a server that died every night and nobody knew why i was asked to find out i read \
                    the logs for a week and then i moved the job and it has not died since";
        for text in [bare, "One. Two, and then I left the house. Three"] {
            let transcript = Transcript::of_text(text);
            let segments = Text::of(&transcript).segments;
            let mut next = 0;
            for clause in &segments.clauses {
                assert_eq!(clause.words.first, next);
                let sentence = segments.sentences[clause.sentence];
                assert!(sentence.first <= clause.words.first && clause.words.end <= sentence.end);
                next = clause.words.end;
            }
            assert_eq!(next, text.split_whitespace().count());
        }
    }

    #[test]
    fn nothing_has_no_sentences() {
        assert_eq!(Text::of(&Transcript::default()).segments, Segments::default());
    }
}
