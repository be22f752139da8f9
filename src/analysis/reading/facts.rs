//! What is known of each clause before anything is judged: its words, cues, verbs, numbers and place.

use std::collections::HashSet;
use std::fmt::Write;

use super::cues::{CUES, ClassSet};
use super::sentences::{Clause, Gap};
use super::text::Text;
use super::verbs::{Form, form, is_base, is_number};
use crate::analysis::tokens::normal;

/// Everything the judgements about an answer are made from.
#[derive(Debug)]
pub struct Facts {
    /// One for each clause, in order.
    pub clauses: Vec<ClauseFacts>,
    /// How many clauses tell of something done.
    acts: usize,
}

/// What one clause holds.
#[derive(Debug)]
pub struct ClauseFacts {
    /// Its words in normal form, without filled pauses.
    pub words: Vec<String>,
    /// Classes of all cues that begin in it.
    pub cues: ClassSet,
    /// Classes of all cues that begin in its sentence.
    pub sentence_cues: ClassSet,
    /// Who does what, in order.
    pub subjects: Vec<SubjectVerb>,
    /// How many numbers.
    pub numbers: usize,
    /// Words that the question has too, function words aside.
    pub shared_with_question: usize,
    /// Whether it ends in a question mark.
    pub asks: bool,
    /// Whether it begins a sentence.
    pub begins_sentence: bool,
    /// What parts it from the clause before.
    pub gap: Gap,
    /// The sentence it stands in, counted from 0.
    pub sentence: usize,
    /// How many sentences the answer has.
    pub sentences: usize,
    /// Where its middle stands in the answer, 0 to 1.
    pub position: f64,
    /// How many clauses before it tell of something done.
    acts_before: usize,
    /// The last clause before it that names a task.
    charged_before: Option<usize>,
}

/// A subject and the verb after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubjectVerb {
    /// Who.
    pub subject: Subject,
    /// The form of the verb.
    pub form: Form,
    /// Whether a form in -ing follows the verb: "was running".
    pub ing_follows: bool,
}

impl SubjectVerb {
    /// Whether the speaker, alone or with others, is the subject.
    pub fn is_first_person(&self) -> bool {
        matches!(self.subject, Subject::I | Subject::We)
    }
}

/// The grammatical subject of a verb, as far as pronouns show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// I.
    I,
    /// We.
    We,
    /// He, she, a name is not seen.
    Other,
    /// They.
    They,
    /// It, that, this, which.
    It,
    /// You.
    You,
    /// There.
    There,
}

impl Subject {
    fn name(self) -> &'static str {
        match self {
            Subject::I => "i",
            Subject::We => "we",
            Subject::Other => "she",
            Subject::They => "they",
            Subject::It => "it",
            Subject::You => "you",
            Subject::There => "there",
        }
    }
}

/// Filled pauses: they never say anything.
const FILLED: [&str; 12] = ["um", "uh", "er", "erm", "em", "hm", "hmm", "mm", "ah", "eh", "uhm", "mhm"];

impl Facts {
    /// Gathers the facts about a text as the answer to `question`.
    pub fn of(text: &Text, question: Option<&str>) -> Facts {
        let question_words: Vec<String> = question.unwrap_or_default().split_whitespace().map(normal).collect();
        let content = question_words.iter().map(String::as_str).filter(|word| word.len() > 4);
        let topics: HashSet<&str> = content.map(stem).collect();
        let clauses = text.segments.clauses.iter();
        let mut clauses: Vec<ClauseFacts> = clauses.map(|clause| ClauseFacts::of(clause, text, &topics)).collect();
        share_sentence_cues(&mut clauses);
        let acts = share_what_was_before(&mut clauses);
        Facts { clauses, acts }
    }
}

fn is_kept(word: &str) -> bool {
    !word.is_empty() && !FILLED.contains(&word)
}

/// A word without the commonest endings, for comparing content words.
fn stem(word: &str) -> &str {
    let bare = word.strip_suffix("ing").or_else(|| word.strip_suffix("ed")).or_else(|| word.strip_suffix("es"));
    let bare = bare.or_else(|| word.strip_suffix('s')).or_else(|| word.strip_suffix('e')).unwrap_or(word);
    if bare.len() >= 4 { bare } else { word }
}

fn share_sentence_cues(clauses: &mut [ClauseFacts]) {
    for sentence in clauses.chunk_by_mut(|_, next| !next.begins_sentence) {
        let cues = sentence.iter().fold(0, |set, clause| set | clause.cues);
        for clause in sentence {
            clause.sentence_cues = cues;
        }
    }
}

/// Tells each clause how many before it tell of something done, and which names a task; returns how many do in all.
fn share_what_was_before(clauses: &mut [ClauseFacts]) -> usize {
    let charge = CUES.set(&["charge"]);
    let (mut acts, mut charged) = (0, None);
    for (index, clause) in clauses.iter_mut().enumerate() {
        (clause.acts_before, clause.charged_before) = (acts, charged);
        acts += usize::from(clause.acts());
        if clause.has(charge) {
            charged = Some(index);
        }
    }
    acts
}

impl ClauseFacts {
    /// What a clause holds by itself; what its neighbours add comes later.
    fn of(clause: &Clause, text: &Text, topics: &HashSet<&str>) -> ClauseFacts {
        let all = &text.words[clause.words.indices()];
        let words: Vec<String> = all.iter().filter(|word| is_kept(word)).cloned().collect();
        let refs: Vec<&str> = words.iter().map(String::as_str).collect();
        let percent = if refs.iter().any(|word| word.ends_with('%')) { CUES.starting(&["percent"]) } else { 0 };
        let mut subjects: Vec<SubjectVerb> = (0..refs.len()).filter_map(|at| subject_and_verb(&refs[at..])).collect();
        subjects.extend(implied(&refs));
        let middle = (clause.words.first + clause.words.end) as f64 / 2.0;
        ClauseFacts {
            cues: (0..refs.len()).fold(percent, |set, at| set | CUES.starting(&refs[at..])),
            sentence_cues: 0,
            subjects,
            numbers: refs.iter().filter(|word| is_number(word)).count(),
            shared_with_question: refs.iter().filter(|word| topics.contains(stem(word))).count(),
            asks: text.transcript.words[clause.words.indices()].last().is_some_and(|word| word.text.contains('?')),
            begins_sentence: text.sentences()[clause.sentence].first == clause.words.first,
            gap: clause.gap,
            sentence: clause.sentence,
            sentences: text.sentences().len(),
            position: middle / text.words.len().max(1) as f64,
            acts_before: 0,
            charged_before: None,
            words,
        }
    }

    /// Whether any cue of a class in `set` begins in the clause.
    pub fn has(&self, set: ClassSet) -> bool {
        self.cues & set != 0
    }

    /// Whether the speaker, or the speaker's team, did something: "I built", "we asked".
    pub fn acts(&self) -> bool {
        self.subjects.iter().any(|told| told.is_first_person() && told.form == Form::Past)
    }

    /// Whether it begins as an order does: "Restore the service".
    pub fn orders(&self) -> bool {
        self.words.iter().find(|word| !joins(word)).is_some_and(|word| is_base(word))
    }

    /// Whether the speaker does something in the present: "I stay with them".
    pub fn acts_now(&self) -> bool {
        self.subjects.iter().any(|told| told.is_first_person() && told.form == Form::Other)
    }
}

/// The subject at the head of `words` with the form of its verb, adverbs skipped, and whether a form in -ing follows.
fn subject_and_verb(words: &[&str]) -> Option<SubjectVerb> {
    let (subject, short) = match words[0].split_once('\'') {
        Some((subject, short)) => (subject, short),
        None => (words[0], ""),
    };
    let subject = match subject {
        "i" => Subject::I,
        "we" => Subject::We,
        "he" | "she" => Subject::Other,
        "they" => Subject::They,
        "it" | "that" | "this" | "which" => Subject::It,
        "you" => Subject::You,
        "there" => Subject::There,
        _ => return None,
    };
    let verb = words[1..].iter().position(|word| !is_adverb(word)).map(|index| index + 1)?;
    let form = match short {
        "d" if form(words[verb]) == Form::Past => Form::Had,
        "d" => Form::Would,
        "ll" => Form::Will,
        "ve" => Form::Has,
        "m" | "re" | "s" => Form::Is,
        _ => form(words[verb]),
    };
    let ing_follows = words.get(verb + 1).is_some_and(|word| self::form(word) == Form::Ing);
    Some(SubjectVerb { subject, form, ing_follows })
}

/// The speaker as the subject of notes: "Built a cache" is "I built a cache".
fn implied(words: &[&str]) -> Option<SubjectVerb> {
    let skipped = words.iter().take_while(|word| joins(word) || is_adverb(word)).count();
    let verb = words.get(skipped)?;
    let speaker = SubjectVerb { subject: Subject::I, form: Form::Past, ing_follows: false };
    (form(verb) == Form::Past).then_some(speaker)
}

/// Whether a word joins a clause to what went before and says nothing itself.
fn joins(word: &str) -> bool {
    matches!(word, "and" | "then" | "also" | "so" | "but")
}

fn is_adverb(word: &str) -> bool {
    const ADVERBS: [&str; 14] = [
        "also", "then", "just", "never", "always", "still", "even", "only", "first", "now", "all", "both", "once",
        "kind",
    ];
    ADVERBS.contains(&word) || (word.len() > 4 && word.ends_with("ly"))
}

impl Facts {
    /// Names every feature of clause `index`, each once or a few times.
    pub fn features(&self, index: usize, emit: &mut dyn FnMut(&str)) {
        let clause = &self.clauses[index];
        let mut name = String::with_capacity(64);
        let mut say = |arguments: std::fmt::Arguments<'_>| {
            name.clear();
            name.write_fmt(arguments).expect("writing to a string does not fail");
            emit(&name);
        };
        say(format_args!("bias"));
        lexical(clause, &mut say);
        grammar(clause, &mut say);
        self.place(index, &mut say);
        self.surroundings(index, &mut say);
    }

    /// Where the clause stands, absolutely and among what has been told before and after it.
    fn place(&self, index: usize, say: &mut dyn FnMut(std::fmt::Arguments<'_>)) {
        let clause = &self.clauses[index];
        let (sentence, sentences) = (clause.sentence, clause.sentences);
        say(format_args!("pos={}", (clause.position * 8.0) as usize));
        say(format_args!("from_start={}", sentence.min(4)));
        say(format_args!("from_end={}", (sentences - 1 - sentence).min(4)));
        let (before, after) = (clause.acts_before, self.acts - clause.acts_before - usize::from(clause.acts()));
        say(format_args!("acts_before={}", bucket(before)));
        say(format_args!("acts_after={}", bucket(after)));
        say(format_args!("acts_around={}_{}", bucket(before), bucket(after)));
        let since = clause.charged_before.map_or(index, |earlier| index - earlier - 1);
        say(format_args!("charged={}_{}", clause.charged_before.is_some(), bucket(since)));
    }

    /// The cues of the clauses beside it and of the question.
    fn surroundings(&self, index: usize, say: &mut dyn FnMut(std::fmt::Arguments<'_>)) {
        let clause = &self.clauses[index];
        for class in CUES.names(clause.sentence_cues & !clause.cues) {
            say(format_args!("sc={class}"));
        }
        if !clause.begins_sentence {
            let opening = self.clauses[..index].iter().rev().find(|earlier| earlier.begins_sentence);
            if let Some(first) = opening.and_then(|opening| opening.subjects.first()) {
                say(format_args!("sv={}:{}", first.subject.name(), first.form.name()));
            }
        }
        if let Some(previous) = index.checked_sub(1).map(|previous| &self.clauses[previous]) {
            for class in CUES.names(previous.cues) {
                say(format_args!("pc={class}"));
            }
            say(format_args!("p.acts={}", previous.acts()));
            if let Some(first) = previous.subjects.first() {
                say(format_args!("pv={}:{}", first.subject.name(), first.form.name()));
            }
        }
        if let Some(next) = self.clauses.get(index + 1) {
            for class in CUES.names(next.cues) {
                say(format_args!("nc={class}"));
            }
            say(format_args!("n.acts={}", next.acts()));
            if let Some(first) = next.subjects.first() {
                say(format_args!("nv={}:{}", first.subject.name(), first.form.name()));
            }
        }
    }
}

fn bucket(count: usize) -> &'static str {
    match count {
        0 => "0",
        1 => "1",
        2..=3 => "2",
        4..=6 => "4",
        _ => "7",
    }
}

fn lexical(clause: &ClauseFacts, say: &mut dyn FnMut(std::fmt::Arguments<'_>)) {
    let words = &clause.words;
    for (index, word) in words.iter().enumerate() {
        say(format_args!("w={word}"));
        if let Some(next) = words.get(index + 1) {
            say(format_args!("b={word}_{next}"));
        }
    }
    if let Some(first) = words.first() {
        if clause.orders() {
            say(format_args!("order={}", if clause.begins_sentence { "b" } else { "m" }));
        }
        say(format_args!("f.form={}", form(first).name()));
        say(format_args!("f={first}"));
        if let Some(second) = words.get(1) {
            say(format_args!("f2={first}_{second}"));
        }
    }
}

fn grammar(clause: &ClauseFacts, say: &mut dyn FnMut(std::fmt::Arguments<'_>)) {
    let begins = if clause.begins_sentence { "b" } else { "m" };
    say(format_args!("length={}{begins}", bucket(clause.words.len() / 3)));
    for class in CUES.names(clause.cues) {
        say(format_args!("c={class}"));
        if clause.numbers > 0 {
            say(format_args!("c={class},number"));
        }
        say(format_args!("c={class},{}", (clause.position * 3.0) as usize));
    }
    let person = ["i", "we", "my", "our"].into_iter().find(|person| clause.words.iter().any(|word| word == person));
    let finite = clause.words.iter().map(|word| form(word)).find(|form| !matches!(form, Form::Other | Form::Ing));
    say(format_args!("person={},{}", person.unwrap_or("-"), finite.map_or("-", Form::name)));
    for (order, SubjectVerb { subject, form, ing_follows }) in clause.subjects.iter().enumerate() {
        let ing = if *ing_follows { "+ing" } else { "" };
        say(format_args!("v={}:{}{ing}", subject.name(), form.name()));
        if order == 0 {
            say(format_args!("v1={}:{}{ing}", subject.name(), form.name()));
        }
    }
    if clause.subjects.is_empty() {
        say(format_args!("v1=none"));
    }
    for word in &clause.words {
        let form = form(word);
        if form != Form::Other {
            say(format_args!("form={}", form.name()));
        }
    }
    say(format_args!("numbers={}", clause.numbers.min(3)));
    say(format_args!("shared={}", clause.shared_with_question.min(2)));
    if clause.asks {
        say(format_args!("asks"));
    }
}
