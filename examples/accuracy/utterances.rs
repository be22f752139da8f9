//! Spoken lines with their fillers labelled by hand: what the judgement of fillers is measured on.
//!
//! ```text
//! ## interview, raw              who speaks where; `punct`, or `raw`: lower case, no punctuation
//! # a note
//! {so} {um} we had <like> forty calls and i like that
//! ```
//!
//! `{...}` marks a filler, `<...>` a word that people would judge differently: it is not counted.
//! One line is one utterance.

#![allow(dead_code, reason = "every measuring program uses a part of it")]

use super::labelled::MarkupError;
use greenroom::types::{Transcript, Word, WordRange};

/// One labelled utterance.
#[derive(Clone, Debug, PartialEq)]
pub struct Utterance {
    /// Its line in the file, from 1.
    pub line: usize,
    /// Where it could be heard, such as `interview`.
    pub setting: String,
    /// Whether it has neither punctuation nor capitals.
    pub raw: bool,
    /// The words, without any mark-up.
    pub words: Vec<String>,
    /// The fillers, in order.
    pub fillers: Vec<WordRange>,
    /// What is not counted either way, in order.
    pub doubtful: Vec<WordRange>,
}

impl Utterance {
    /// The words as a transcript.
    pub fn transcript(&self) -> Transcript {
        let words = self.words.iter().map(|word| Word::untimed(word)).collect();
        Transcript {
            text: self.words.join(" "),
            model: None,
            language: "en".to_owned(),
            words,
            not_understood: Vec::new(),
        }
    }
}

/// Reads a file of labelled utterances.
///
/// # Errors
/// The first line that does not follow the markup.
pub fn parse(text: &str) -> Result<Vec<Utterance>, MarkupError> {
    let mut style: Option<(String, bool)> = None;
    let mut utterances = Vec::new();
    for (index, line) in text.lines().map(str::trim).enumerate() {
        let number = index + 1;
        if let Some(heading) = line.strip_prefix("## ") {
            style = Some(style_of(number, heading)?);
        } else if !line.is_empty() && !line.starts_with('#') {
            let (setting, raw) = style.clone().ok_or_else(|| problem(number, "text before the first heading"))?;
            let utterance =
                Utterance { line: number, setting, raw, words: Vec::new(), fillers: Vec::new(), doubtful: Vec::new() };
            utterances.push(read(utterance, line)?);
        }
    }
    Ok(utterances)
}

fn style_of(line: usize, heading: &str) -> Result<(String, bool), MarkupError> {
    match heading.split_once(", ") {
        Some((setting, "punct")) => Ok((setting.to_owned(), false)),
        Some((setting, "raw")) => Ok((setting.to_owned(), true)),
        _ => Err(problem(line, "a heading is `## SETTING, punct` or `## SETTING, raw`")),
    }
}

fn read(mut utterance: Utterance, line: &str) -> Result<Utterance, MarkupError> {
    let mut open: Option<(char, usize)> = None;
    for token in line.split_whitespace() {
        let opened = token.chars().find(|c| matches!(c, '{' | '<'));
        if let Some(mark) = opened
            && open.replace((mark, utterance.words.len())).is_some()
        {
            return Err(problem(utterance.line, "a mark inside a mark"));
        }
        let word: String = token.chars().filter(|c| !matches!(c, '{' | '}' | '<' | '>')).collect();
        if utterance.raw && word.chars().any(|c| c.is_uppercase() || matches!(c, ',' | '.' | '?' | '!')) {
            return Err(problem(utterance.line, "raw text has neither capitals nor punctuation"));
        }
        utterance.words.push(word);
        if let Some(mark) = token.chars().find(|c| matches!(c, '}' | '>')) {
            let wanted = if mark == '}' { '{' } else { '<' };
            let first = open.take().filter(|(opened, _)| *opened == wanted).map(|(_, first)| first);
            let first = first.ok_or_else(|| problem(utterance.line, "a mark is closed that was not opened"))?;
            let kind = if mark == '}' { &mut utterance.fillers } else { &mut utterance.doubtful };
            kind.push(WordRange::new(first, utterance.words.len()));
        }
    }
    if open.is_some() {
        return Err(problem(utterance.line, "a mark is not closed"));
    }
    Ok(utterance)
}

fn problem(line: usize, problem: &str) -> MarkupError {
    MarkupError { line, problem: problem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_and_taken_out_of_the_words() {
        let found = parse("# note\n## interview, punct\n{So}, it was, {like}, <well> {you know}, fine.\n")
            .expect("well formed");
        assert_eq!(found[0].words.join(" "), "So, it was, like, well you know, fine.");
        assert_eq!(found[0].fillers, [WordRange::new(0, 1), WordRange::new(3, 4), WordRange::new(5, 7)]);
        assert_eq!(found[0].doubtful, [WordRange::new(4, 5)]);
    }

    #[test]
    fn a_broken_line_is_refused_with_its_number() {
        let cases = [
            ("{so} we", "text before the first heading"),
            ("## interview", "a heading is `## SETTING, punct` or `## SETTING, raw`"),
            ("## chat, raw\n\n{so we", "a mark is not closed"),
            ("## chat, raw\n\nso} we", "a mark is closed that was not opened"),
            ("## chat, raw\n\n{so> we", "a mark is closed that was not opened"),
            ("## chat, raw\n\nSo we", "raw text has neither capitals nor punctuation"),
        ];
        for (text, expected) in cases {
            let error = parse(text).expect_err(expected);
            assert_eq!((error.line, error.problem.as_str()), (text.lines().count(), expected));
        }
    }

    #[test]
    fn every_shipped_utterance_is_readable_and_no_two_are_the_same() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/content/labelled/fillers");
        let mut seen = std::collections::HashSet::new();
        for entry in std::fs::read_dir(folder).expect("the folder is part of the project") {
            let path = entry.expect("it can be listed").path();
            let text = std::fs::read_to_string(&path).expect("it is text");
            for utterance in parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())) {
                assert!(seen.insert(utterance.words.join(" ")), "{}:{} is there twice", path.display(), utterance.line);
            }
        }
        assert!(seen.len() >= 250, "{} utterances", seen.len());
    }
}
