//! The words of the reader: how people mark the parts of their notes and how interviewers ask.
//!
//! They are data, in `content/reading`, a file for each language; all are read together, as notes mix languages.
//! `content/reading/en.txt` tells what the sections of a file mean.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, Hasher},
    sync::LazyLock,
};

use include_dir::{Dir, include_dir};

use super::labels::{Column, Detail, Label, Part};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/content/reading");

/// All the words the reader knows.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// What a heading or the head of a line announces.
    pub labels: Phrases<Label>,
    /// Parts of a story by names that mean one only beside others.
    pub weak_parts: Phrases<Part>,
    /// What the head of a column announces, besides the labels.
    pub columns: Phrases<Column>,
    /// Words for an example answer.
    pub nouns: Words,
    /// Words for how an answer is built.
    pub structure_nouns: Words,
    /// Words in which no sentence ends.
    pub unfinished: Words,
    /// Words that say how good an answer is, from the poorest.
    pub grades: [Words; 3],
    /// Words that may stand beside them.
    pub neutral: Words,
    /// Openings that ask without a question mark.
    pub asks: Phrases<()>,
    /// Openings that ask, or advise.
    pub may_ask: Phrases<()>,
    /// First words of questions.
    pub first_words: Words,
    /// Verbs that come before the subject in a question.
    pub verbs: Words,
    /// Words that speak to somebody.
    pub you: Words,
    /// Words of those who ask.
    pub us: Words,
    /// Words that lean on what was said before.
    pub refers: Words,
    /// Words of somebody who asks about themself.
    pub i: Words,
    /// Words of somebody who tells a story of their own.
    pub told: Words,
    /// Questions that a document puts to its reader.
    pub of_document: Phrases<()>,
    /// Words by which a question speaks of interviews, and not in one.
    pub of_interviews: Words,
    /// Words of questions about a candidate.
    pub of_candidate: Words,
    /// Words that open a question and say nothing.
    pub lead_ins: Words,
    /// Words in the heading of a section that explains how stories are told, and tells none.
    pub explains: Words,
    /// First words of advice.
    pub advises: Words,
    /// Lines that are still to be written.
    pub blank: Phrases<()>,
    /// Words of somebody whom one speaks of.
    pub them: Words,
    /// The first words of whatever asks.
    openers: Words,
    /// The languages of the words with which people ask and tell.
    languages: HashMap<String, Vec<&'static str>, Quick>,
    /// The language that is being read in.
    language: &'static str,
}

/// Words, looked up for every line of a file.
pub(super) type Words = HashSet<String, Quick>;
type Quick = BuildHasherDefault<Fnv>;

/// FNV-1a: the words are ours, and short.
#[derive(Clone)]
pub(super) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A text as the words here are written: in lower case, with straight apostrophes.
pub(super) fn lowered(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.replace('’', "'").to_lowercase() }
}

/// The words of all languages.
pub(super) fn vocabulary() -> &'static Vocabulary {
    static READ: LazyLock<Vocabulary> = LazyLock::new(|| {
        let mut vocabulary = Vocabulary::default();
        let mut files: Vec<_> = FILES.files().collect();
        // English first: where two languages share a word, ours is the one the documentation tells of.
        files.sort_by_key(|file| (!file.path().starts_with("en.txt"), file.path()));
        for file in files {
            vocabulary.language = file.path().file_stem().and_then(|name| name.to_str()).unwrap_or_default();
            vocabulary.read(file.contents_utf8().expect("our words are UTF-8, which a test reads"));
        }
        let phrases =
            vocabulary.asks.exact.keys().chain(vocabulary.may_ask.exact.keys()).chain(&vocabulary.first_words);
        let first = |phrase: &String| {
            phrase.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '-').next().unwrap_or_default().to_owned()
        };
        vocabulary.openers = phrases.map(first).collect();
        vocabulary
    });
    &READ
}

impl Vocabulary {
    /// Whether a text in lower case may begin as questions do; `first` is its first word.
    pub fn may_open(&self, lower: &str, first: &str) -> bool {
        self.openers.contains(first) || self.asks.starts(lower).is_some() || self.may_ask.starts(lower).is_some()
    }

    /// The language of a short text in Latin script, where its words tell one: `Warum wir?`.
    pub fn language(&self, text: &str) -> Option<&'static str> {
        let mut counts: Vec<(&'static str, usize)> = Vec::new();
        let lower = lowered(text);
        let words = lower.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '-');
        for language in words.filter_map(|word| self.languages.get(word)).flatten() {
            match counts.iter_mut().find(|(known, _)| known == language) {
                Some((_, count)) => *count += 1,
                None => counts.push((language, 1)),
            }
        }
        let most = counts.iter().map(|(_, count)| *count).max()?;
        let mut likely = counts.iter().filter(|(_, count)| *count == most);
        let (language, _) = likely.next()?;
        likely.next().is_none().then_some(*language)
    }

    /// Notes the language of the words of a phrase.
    fn learn(&mut self, phrase: &str) {
        for word in phrase.split_whitespace() {
            let known = self.languages.entry(word.to_owned()).or_default();
            if !known.contains(&self.language) {
                known.push(self.language);
            }
        }
    }

    fn read(&mut self, text: &str) {
        let mut section = "";
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with("# ") || section.is_empty() && line == "#" {
                continue;
            }
            match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                Some(name) => section = name,
                None => self.add(section, line),
            }
        }
    }

    fn add(&mut self, section: &str, phrase: &str) {
        if matches!(section, "asks" | "may ask" | "first words" | "verbs" | "you" | "us" | "i" | "told") {
            self.learn(phrase);
        }
        if let Some(label) = label(section) {
            return self.labels.add(phrase, label);
        }
        if let Some(part) = section.strip_suffix('?').and_then(part) {
            return self.weak_parts.add(phrase, part);
        }
        if let Some(column) = section.strip_prefix("column ").and_then(column) {
            return self.columns.add(phrase, column);
        }
        let phrases = match section {
            "asks" => &mut self.asks,
            "may ask" => &mut self.may_ask,
            "of the document" => &mut self.of_document,
            "blank" => &mut self.blank,
            _ => {
                let words = match section {
                    "answer nouns" => &mut self.nouns,
                    "structure nouns" => &mut self.structure_nouns,
                    "unfinished" => &mut self.unfinished,
                    "answer poor" => &mut self.grades[0],
                    "answer competent" => &mut self.grades[1],
                    "answer best" => &mut self.grades[2],
                    "answer neutral" => &mut self.neutral,
                    "first words" => &mut self.first_words,
                    "verbs" => &mut self.verbs,
                    "you" => &mut self.you,
                    "us" => &mut self.us,
                    "refers" => &mut self.refers,
                    "i" => &mut self.i,
                    "them" => &mut self.them,
                    "told" => &mut self.told,
                    "lead-ins" => &mut self.lead_ins,
                    "explains" => &mut self.explains,
                    "of interviews" => &mut self.of_interviews,
                    "of the candidate" => &mut self.of_candidate,
                    _ => &mut self.advises,
                };
                words.insert(phrase.to_owned());
                return;
            }
        };
        phrases.add(phrase, ());
    }
}

fn label(section: &str) -> Option<Label> {
    Some(match section {
        "question" => Label::Question,
        "scenario" => Label::Scenario,
        "criteria" => Label::Criteria,
        "structure" => Label::Structure,
        "notes" => Label::Notes,
        "answer" => Label::Answer(2),
        "challenges" => Label::Challenges,
        "follow-ups" => Label::Discussion,
        "advice" => Label::Tips,
        "questions" => Label::Prompts,
        "to-ask" => Label::ToAsk,
        "self-check" => Label::SelfCheck,
        "contents" => Label::Contents,
        "fits" => Label::Fits,
        "variants" => Label::Variants,
        "guide" => Label::Guide,
        "how-to" => Label::HowTo,
        "story" => Label::Story,
        "template" => Label::Template,
        "id" => Label::Detail(Detail::Id),
        "kind" => Label::Detail(Detail::Kind),
        "theme" => Label::Detail(Detail::Theme),
        "level" => Label::Detail(Detail::Level),
        "company" => Label::Detail(Detail::Company),
        "duration" => Label::Detail(Detail::Duration),
        "target" => Label::Detail(Detail::Target),
        "tags" => Label::Detail(Detail::Tags),
        "frameworks" => Label::Detail(Detail::Frameworks),
        "about" => Label::About,
        "english" => Label::In("en"),
        "german" => Label::In("de"),
        "spanish" => Label::In("es"),
        "french" => Label::In("fr"),
        "chinese" => Label::In("zh"),
        name => Label::Part(part(name)?),
    })
}

fn part(name: &str) -> Option<Part> {
    Some(match name {
        "situation" => Part::Situation,
        "task" => Part::Task,
        "action" => Part::Action,
        "result" => Part::Result,
        "learning" => Part::Learning,
        _ => return None,
    })
}

fn column(name: &str) -> Option<Column> {
    Some(match name {
        "question" => Column::Question,
        "story" => Column::Story,
        "notes" => Column::Label(Label::Notes),
        "answer" => Column::Label(Label::Answer(2)),
        "follow-ups" => Column::Label(Label::Discussion),
        "theme" => Column::Label(Label::Detail(Detail::Theme)),
        "tags" => Column::Label(Label::Detail(Detail::Tags)),
        "number" => Column::Number,
        _ => return None,
    })
}

/// Phrases in lower case, each with what it means; one may be open at its start or its end.
#[derive(Debug)]
pub(super) struct Phrases<T> {
    exact: HashMap<String, T, Quick>,
    /// By their first character.
    starts: HashMap<char, Vec<(String, T)>, Quick>,
    ends: Vec<(String, T)>,
    anywhere: Vec<(String, T)>,
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self { exact: HashMap::default(), starts: HashMap::default(), ends: Vec::new(), anywhere: Vec::new() }
    }
}

impl<T: Copy> Phrases<T> {
    fn add(&mut self, phrase: &str, means: T) {
        if let Some(inner) = phrase.strip_prefix('*').and_then(|phrase| phrase.strip_suffix('*')) {
            self.anywhere.push((inner.to_owned(), means));
        } else if let Some(end) = phrase.strip_prefix('*') {
            self.ends.push((end.trim_start().to_owned(), means));
        } else if let Some(start) = phrase.strip_suffix('*')
            && let Some(first) = start.chars().next()
        {
            self.starts.entry(first).or_default().push((start.to_owned(), means));
        } else {
            self.exact.entry(phrase.to_owned()).or_insert(means);
        }
    }

    /// What a text in lower case means as a whole.
    pub fn get(&self, text: &str) -> Option<T> {
        let exact = self.exact.get(text).copied();
        let ends = || self.ends.iter().find(|(end, _)| text.ends_with(end.as_str())).map(|(_, means)| *means);
        exact.or_else(|| self.starts(text).or_else(ends)).or_else(|| self.anywhere(text))
    }

    /// What words mean that may stand anywhere in a text in lower case.
    pub fn anywhere(&self, text: &str) -> Option<T> {
        self.anywhere
            .iter()
            .find(|(inner, _)| inner.len() <= text.len() && text.contains(inner.as_str()))
            .map(|(_, means)| *means)
    }

    /// What the words mean with which a text in lower case begins, whatever follows them.
    pub fn beginning(&self, text: &str) -> Option<T> {
        let words = text.char_indices().filter(|(_, c)| !c.is_alphanumeric() && !matches!(c, '\'' | '-'));
        let ends = words.map(|(at, _)| at).chain([text.len()]).take(LONGEST_PHRASE);
        ends.filter_map(|end| self.exact.get(&text[..end])).last().copied().or_else(|| self.starts(text))
    }

    /// What a phrase means that is open at its end and with which a text in lower case begins.
    fn starts(&self, text: &str) -> Option<T> {
        let phrases = self.starts.get(&text.chars().next()?)?;
        phrases.iter().find(|(start, _)| text.starts_with(start.as_str())).map(|(_, means)| *means)
    }
}

/// A phrase has at most so many words.
const LONGEST_PHRASE: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_stands_in_a_section_that_means_something() {
        let known = [
            "asks",
            "may ask",
            "of the document",
            "blank",
            "answer nouns",
            "structure nouns",
            "unfinished",
            "answer poor",
            "answer competent",
            "answer best",
            "answer neutral",
            "first words",
            "verbs",
            "you",
            "us",
            "refers",
            "i",
            "them",
            "told",
            "advises",
            "explains",
            "lead-ins",
            "of interviews",
            "of the candidate",
        ];
        for file in FILES.files() {
            let text = file.contents_utf8().expect("UTF-8");
            for line in text.lines().map(str::trim).filter(|line| line.starts_with('[')) {
                let name = line.trim_matches(['[', ']']);
                let means = label(name).is_some()
                    || name.strip_suffix('?').is_some_and(|name| part(name).is_some())
                    || name.strip_prefix("column ").is_some_and(|name| column(name).is_some())
                    || known.contains(&name);
                assert!(means, "{:?} has a section [{name}]", file.path());
            }
            assert_eq!(text.to_lowercase().lines().find(|line| !line.starts_with('#') && !text.contains(*line)), None);
        }
    }

    #[test]
    fn a_phrase_may_be_open_at_either_end() {
        let mut phrases = Phrases::default();
        phrases.add("tell me", 1);
        phrases.add("what is star*", 2);
        phrases.add("* questions", 3);
        assert_eq!(phrases.get("tell me"), Some(1));
        assert_eq!(phrases.get("tell me more"), None);
        assert_eq!(phrases.get("what is star and why"), Some(2));
        assert_eq!(phrases.get("hard questions"), Some(3));
        assert_eq!(phrases.beginning("tell me more"), Some(1));
        assert_eq!(phrases.beginning("tell mehr"), None);
    }
}
