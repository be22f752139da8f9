//! Reading a lexicon file.

use std::collections::{BTreeMap, HashSet};

use super::{Lexicon, Marker, Pattern, Verdict};
use crate::analysis::tokens::normal;
use crate::remedy::{NextStep, Remedy};
use crate::types::CautionKind;

/// Why a lexicon could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the lexicon: {problem}")]
pub struct LexiconError {
    /// Line of the file, from 1.
    pub line: usize,
    /// What is wrong with it, in a clause.
    pub problem: String,
}

impl Remedy for LexiconError {
    fn next_step(&self) -> NextStep {
        format!("mend line {} (the head of content/lexicons/en.txt explains the format)", self.line).into()
    }
}

/// The sections a lexicon may have; any may be absent.
#[derive(Clone, Copy, PartialEq)]
enum Section {
    Classes,
    FilledPauses,
    Markers,
    Caution(CautionKind),
    Doubles,
    FunctionWords,
    I,
    We,
    Negations,
    Framing,
    Numbers,
    WeakNumbers,
    NumberArticles,
    Multipliers,
    NumberJoints,
    DecimalPoints,
    NumberGlue,
    Quantities,
    Units,
}

const SECTIONS: [(&str, Section); 22] = [
    ("classes", Section::Classes),
    ("filled pauses", Section::FilledPauses),
    ("markers", Section::Markers),
    ("hedges", Section::Caution(CautionKind::Hedge)),
    ("vague", Section::Caution(CautionKind::Vague)),
    ("blame", Section::Caution(CautionKind::Blame)),
    ("negative", Section::Caution(CautionKind::Negative)),
    ("doubles", Section::Doubles),
    ("function words", Section::FunctionWords),
    ("i", Section::I),
    ("we", Section::We),
    ("negations", Section::Negations),
    ("framing", Section::Framing),
    ("numbers", Section::Numbers),
    ("weak numbers", Section::WeakNumbers),
    ("number articles", Section::NumberArticles),
    ("multipliers", Section::Multipliers),
    ("number joints", Section::NumberJoints),
    ("decimal points", Section::DecimalPoints),
    ("number glue", Section::NumberGlue),
    ("quantities", Section::Quantities),
    ("units", Section::Units),
];

/// Reads a lexicon onto another.
pub(super) fn parse(text: &str, onto: Lexicon) -> Result<Lexicon, LexiconError> {
    let mut reader = Reader { lexicon: onto, section: None, marker: None };
    for (index, line) in text.lines().enumerate() {
        let without_comment = line.split('#').next().unwrap_or_default().trim_end();
        if !without_comment.trim().is_empty() {
            reader.line(without_comment).map_err(|problem| LexiconError { line: index + 1, problem })?;
        }
    }
    reader.finish_marker();
    Ok(reader.lexicon)
}

struct Reader {
    lexicon: Lexicon,
    section: Option<Section>,
    /// The marker whose rules are being read.
    marker: Option<(Vec<String>, Marker)>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), String> {
        if let Some(name) = line.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            self.finish_marker();
            let name = name.trim().to_lowercase();
            let known = SECTIONS.iter().find(|(title, _)| *title == name);
            let (_, section) = known.ok_or_else(|| format!("there is no section [{name}]"))?;
            self.section = Some(*section);
            return Ok(());
        }
        match self.section {
            None => self.heading(line),
            Some(Section::Classes) => self.class(line),
            Some(Section::Markers) => self.marker_line(line),
            Some(Section::FilledPauses) => self.filled_pauses(line),
            Some(Section::Numbers | Section::WeakNumbers | Section::NumberArticles | Section::Multipliers) => {
                self.numbers(line)
            }
            Some(section) => {
                self.list(section, line);
                Ok(())
            }
        }
    }

    /// `language: en`, before the first section.
    fn heading(&mut self, line: &str) -> Result<(), String> {
        let language = line.trim().strip_prefix("language:").ok_or("expected \"language: CODE\" or a [section]")?;
        self.lexicon.language = language.trim().to_owned();
        Ok(())
    }

    /// `@be = am is are`; a class may name classes above it.
    fn class(&mut self, line: &str) -> Result<(), String> {
        let (name, members) = line.split_once('=').ok_or("expected \"@name = words\"")?;
        let name = name.trim().strip_prefix('@').ok_or("the name of a class begins with @")?;
        let mut words = self.lexicon.classes.get(name).cloned().unwrap_or_default();
        for member in members.split_whitespace() {
            match member.strip_prefix('@') {
                Some(other) => {
                    words.extend(class_named(&self.lexicon.classes, other)?.iter().cloned());
                }
                None => {
                    words.insert(member.to_owned());
                }
            }
        }
        self.lexicon.classes.insert(name.to_owned(), words);
        Ok(())
    }

    /// `um, uh` or `ah: possible`.
    fn filled_pauses(&mut self, line: &str) -> Result<(), String> {
        let (words, verdict) = match line.split_once(':') {
            Some((words, verdict)) => (words, parse_verdict(verdict)?),
            None => (line, Verdict::Sure),
        };
        for word in words.split(',').map(normal).filter(|word| !word.is_empty()) {
            self.lexicon.filled_pauses.insert(word, verdict);
        }
        Ok(())
    }

    /// `you know: sure` at the margin, or a rule `no: do _ ` indented below it.
    fn marker_line(&mut self, line: &str) -> Result<(), String> {
        let indented = line.starts_with([' ', '\t']);
        if indented {
            let (verdict, context) = line.split_once(':').ok_or("expected \"verdict: context\"")?;
            let rule = (parse_verdict(verdict)?, Pattern::parse(context, &self.lexicon.classes)?);
            let (_, marker) = self.marker.as_mut().ok_or("a rule stands below its marker")?;
            marker.rules.push(rule);
            return Ok(());
        }
        self.finish_marker();
        let (phrase, verdict) = line.split_once(':').ok_or("expected \"phrase: sure\", \"possible\" or \"no\"")?;
        let marker = Marker { otherwise: parse_verdict(verdict)?, rules: Vec::new() };
        self.marker = Some((split_phrase(phrase), marker));
        Ok(())
    }

    fn finish_marker(&mut self) {
        if let Some((phrase, marker)) = self.marker.take() {
            self.lexicon.markers.insert(phrase, marker);
        }
    }

    /// `two = 2, three = 3`.
    fn numbers(&mut self, line: &str) -> Result<(), String> {
        let numbers = &mut self.lexicon.numbers;
        let table = match self.section {
            Some(Section::WeakNumbers) => &mut numbers.weak,
            Some(Section::NumberArticles) => &mut numbers.articles,
            Some(Section::Multipliers) => &mut numbers.multipliers,
            _ => &mut numbers.plain,
        };
        for entry in line.split(',').filter(|entry| !entry.trim().is_empty()) {
            let (word, value) = entry.split_once('=').ok_or("expected \"word = number\"")?;
            let value = value.trim().parse().map_err(|_| format!("\"{}\" is not a number", value.trim()))?;
            table.insert(normal(word), value);
        }
        Ok(())
    }

    /// Phrases separated by commas.
    fn list(&mut self, section: Section, line: &str) {
        for entry in line.split(',') {
            let phrase = split_phrase(entry);
            if let Section::Caution(kind) = section {
                self.lexicon.cautions.insert(phrase, kind);
            } else {
                self.word_list(section).insert(phrase.join(" "));
            }
        }
    }

    fn word_list(&mut self, section: Section) -> &mut HashSet<String> {
        let lexicon = &mut self.lexicon;
        match section {
            Section::Doubles => &mut lexicon.doubles,
            Section::FunctionWords => &mut lexicon.function_words,
            Section::I => &mut lexicon.i,
            Section::We => &mut lexicon.we,
            Section::Framing => &mut lexicon.framing,
            Section::Negations => &mut lexicon.negations,
            Section::NumberJoints => &mut lexicon.numbers.joints,
            Section::DecimalPoints => &mut lexicon.numbers.points,
            Section::NumberGlue => &mut lexicon.numbers.glue,
            Section::Quantities => &mut lexicon.numbers.quantities,
            Section::Units => &mut lexicon.numbers.units,
            _ => unreachable!("the other sections are read by functions of their own"),
        }
    }
}

fn class_named<'a>(classes: &'a BTreeMap<String, HashSet<String>>, name: &str) -> Result<&'a HashSet<String>, String> {
    classes.get(name).ok_or_else(|| format!("there is no class @{name}"))
}

fn split_phrase(phrase: &str) -> Vec<String> {
    phrase.split_whitespace().map(normal).filter(|word| !word.is_empty()).collect()
}

fn parse_verdict(text: &str) -> Result<Verdict, String> {
    match text.trim() {
        "sure" => Ok(Verdict::Sure),
        "possible" => Ok(Verdict::Possible),
        "no" => Ok(Verdict::No),
        other => Err(format!("\"{other}\" is not sure, possible or no")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_not_understood_is_named_with_its_number() {
        let cases = [
            ("um", 1, "expected \"language: CODE\""),
            ("language: en\n\n[sauces]", 3, "no section [sauces]"),
            ("[markers]\nlike", 2, "expected \"phrase: sure\""),
            ("[markers]\nlike: often", 2, "\"often\" is not sure"),
            ("[markers]\nlike: no\n  sure: @being _", 3, "no class @being"),
            ("[markers]\nlike: no\n  sure: i like", 3, "exactly one _"),
            ("[markers]\n  sure: _ it", 2, "below its marker"),
            ("[classes]\nbe = is", 2, "begins with @"),
            ("[numbers]\ntwo", 2, "expected \"word = number\""),
            ("[numbers]\ntwo = many", 2, "\"many\" is not a number"),
        ];
        for (text, line, problem) in cases {
            let error = Lexicon::parse(text).expect_err(text);
            assert_eq!(error.line, line, "{text}");
            assert!(error.problem.contains(problem), "{text}: {}", error.problem);
            assert!(error.hint().contains(&line.to_string()));
        }
    }

    #[test]
    fn comments_and_empty_lines_are_ignored_and_any_section_may_be_absent() {
        let lexicon = Lexicon::parse("# mine\nlanguage: xx\n[i]\nje, moi # me\n").expect("it is well formed");
        assert!(lexicon.i.contains("je") && lexicon.i.contains("moi"));
        assert_eq!(lexicon.language, "xx");
    }
}
