//! Answers labelled by hand, in a markup people can read: what the trained judgements learn from.
//!
//! ```text
//! ## w03-017
//! question: Tell me about a time you kept a customer.
//! style: punct                   or `notes`: as people write stories down;
//!                                or `raw`: lower case, no punctuation, ` | ` between sentences
//! kind: story                    or plan, opinion, portfolio
//! flavour: Scottish English, account manager
//! bluf: no
//!
//! [S] {So} our biggest customer had <actually> written to say they were leaving.
//! [R] ^ They signed for two more years. ^
//! ```
//!
//! A line in brackets begins a run of text with one label: a part of the story, or `O` for none.
//! `{...}` marks fillers, `<...>` words that people would judge differently, `^ ... ^` the sentence that states the
//! bottom line.

#![allow(dead_code, reason = "every measuring program uses a part of it")]

use greenroom::analysis::reading::by_punctuation;
use greenroom::types::{StarPart, Transcript, Word, WordRange};

/// One labelled answer.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelledAnswer {
    /// Writer and number, such as `w03-017`.
    pub id: String,
    /// What was asked.
    pub question: String,
    /// Whether it has neither punctuation nor capitals.
    pub raw: bool,
    /// Whether it is written the way people keep stories in their notes, rather than as it would be spoken.
    pub notes: bool,
    /// Whether it is one story, rather than a plan, an opinion or a portfolio.
    pub story: bool,
    /// Who speaks and how.
    pub flavour: String,
    /// Whether the bottom line stands in the first two sentences.
    pub up_front: bool,
    /// The words, without any mark-up.
    pub words: Vec<String>,
    /// The part that each word belongs to; `None` for neither.
    pub labels: Vec<Option<StarPart>>,
    /// The sentences, in order, covering all words.
    pub sentences: Vec<WordRange>,
    /// The sentence that states the bottom line, counted from 0.
    pub bottom_line: Option<usize>,
    /// The fillers, in order.
    pub fillers: Vec<WordRange>,
    /// What is not counted as a filler or as none, in order.
    pub doubtful: Vec<WordRange>,
}

impl LabelledAnswer {
    /// The writer: the id up to its dash.
    pub fn writer(&self) -> &str {
        self.id.split_once('-').map_or(&self.id, |(writer, _)| writer)
    }

    /// The words as a transcript.
    pub fn transcript(&self) -> Transcript {
        Transcript {
            text: self.words.join(" "),
            model: None,
            language: "en".to_owned(),
            words: self.words.iter().map(|word| Word::untimed(word)).collect(),
            not_understood: Vec::new(),
        }
    }
}

/// A record that does not follow the markup.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct MarkupError {
    /// Line of the file, from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: String,
}

/// Reads all records of one file, in order.
///
/// Fails at the first record that lacks a field, has an unknown label or whose marks do not pair.
pub fn parse(text: &str) -> Result<Vec<LabelledAnswer>, MarkupError> {
    let mut answers = Vec::new();
    let mut record: Vec<(usize, &str)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.starts_with("## ") && !record.is_empty() {
            answers.push(parse_record(&record)?);
            record.clear();
        }
        if line.starts_with("## ") || !record.is_empty() {
            record.push((index + 1, line.trim()));
        }
    }
    if !record.is_empty() {
        answers.push(parse_record(&record)?);
    }
    Ok(answers)
}

fn parse_record(lines: &[(usize, &str)]) -> Result<LabelledAnswer, MarkupError> {
    let start = lines[0].0;
    let field = |name: &str| {
        let value = lines.iter().find_map(|(_, line)| line.strip_prefix(name)?.strip_prefix(':'));
        value.map(|value| value.trim().to_owned()).ok_or_else(|| problem(start, &format!("no `{name}:`")))
    };
    let style = one_of(start, &field("style")?, &["punct", "raw", "notes"])?;
    let (raw, notes) = (style == 1, style == 2);
    let story = one_of(start, &field("kind")?, &["story", "plan", "opinion", "portfolio"])? == 0;
    let up_front = one_of(start, &field("bluf")?, &["no", "yes"])? == 1;
    let mut body = Body::default();
    for &(number, line) in &lines[1..] {
        if let Some((label, text)) = label_of(line) {
            let label = label.ok_or_else(|| problem(number, "the label is none of S, T, A, R, O"))?;
            body.read_line(number, label, text)?;
        } else if !line.is_empty() && body.labels.is_empty() && !line.contains(": ") {
            return Err(problem(number, "neither a field nor a labelled line"));
        } else if !line.is_empty() && !body.labels.is_empty() {
            return Err(problem(number, "text without a label"));
        }
    }
    body.finish(start)?;
    let sentences = if raw { body.raw_sentences() } else { by_punctuation(&body.words) };
    let bottom_line = body
        .caret
        .map(|word| sentences.iter().position(|sentence| sentence.contains(word)).expect("sentences cover all words"));
    Ok(LabelledAnswer {
        id: lines[0].1.trim_start_matches("## ").trim().to_owned(),
        question: field("question")?,
        raw,
        notes,
        story,
        flavour: field("flavour")?,
        up_front,
        labels: body.labels,
        sentences,
        bottom_line,
        fillers: body.fillers,
        doubtful: body.doubtful,
        words: body.words,
    })
}

fn one_of(line: usize, value: &str, allowed: &[&str]) -> Result<usize, MarkupError> {
    let position = allowed.iter().position(|allowed| *allowed == value);
    position.ok_or_else(|| problem(line, &format!("`{value}` is none of {}", allowed.join(", "))))
}

fn problem(line: usize, problem: &str) -> MarkupError {
    MarkupError { line, problem: problem.to_owned() }
}

/// The label and the text of a line such as `[S] It was a Tuesday.`
///
/// The outer option: whether the line begins with a letter in brackets. The next: whether that is a label.
type LabelAndText<'a> = (Option<Option<StarPart>>, &'a str);

fn label_of(line: &str) -> Option<LabelAndText<'_>> {
    let (name, text) = line.strip_prefix('[')?.split_once(']')?;
    let label = match name {
        "S" => Some(Some(StarPart::Situation)),
        "T" => Some(Some(StarPart::Task)),
        "A" => Some(Some(StarPart::Action)),
        "R" => Some(Some(StarPart::Result)),
        "O" => Some(None),
        _ => None,
    };
    Some((label, text))
}

/// The text of one record while it is read.
#[derive(Default)]
struct Body {
    words: Vec<String>,
    labels: Vec<Option<StarPart>>,
    /// First words of sentences, where the markup says so.
    starts: Vec<usize>,
    fillers: Vec<WordRange>,
    doubtful: Vec<WordRange>,
    /// First word inside `^ ... ^`.
    caret: Option<usize>,
    carets: usize,
    /// The opening mark and the first word after it.
    open: Option<(char, usize)>,
}

impl Body {
    fn read_line(&mut self, number: usize, label: Option<StarPart>, text: &str) -> Result<(), MarkupError> {
        self.starts.push(self.words.len());
        for token in text.split_whitespace() {
            let carets = token.matches('^').count();
            if carets > 0 && self.carets == 0 {
                self.caret = Some(self.words.len());
            }
            self.carets += carets;
            if token.contains('|') {
                self.starts.push(self.words.len());
            }
            if let Some(mark) = token.chars().find(|c| matches!(c, '{' | '<'))
                && self.open.replace((mark, self.words.len())).is_some()
            {
                return Err(problem(number, "a mark inside a mark"));
            }
            let word: String = token.chars().filter(|c| !matches!(c, '{' | '}' | '<' | '>' | '^' | '|')).collect();
            if !word.is_empty() {
                self.words.push(word);
                self.labels.push(label);
            }
            if let Some(mark) = token.chars().find(|c| matches!(c, '}' | '>')) {
                let (opening, kind) = if mark == '}' { ('{', &mut self.fillers) } else { ('<', &mut self.doubtful) };
                let opened = self.open.take().filter(|(mark, _)| *mark == opening);
                let (_, first) = opened.ok_or_else(|| problem(number, "a mark is closed that was not opened"))?;
                kind.push(WordRange::new(first, self.words.len()));
            }
        }
        if self.open.is_some() {
            return Err(problem(number, "a mark is not closed"));
        }
        Ok(())
    }

    fn finish(&self, line: usize) -> Result<(), MarkupError> {
        if self.words.is_empty() {
            return Err(problem(line, "no labelled text"));
        }
        if !matches!(self.carets, 0 | 2) {
            return Err(problem(line, "`^` must come twice or not at all"));
        }
        Ok(())
    }

    /// Sentences of unpunctuated text: between bars, and a new label begins a new one.
    fn raw_sentences(&self) -> Vec<WordRange> {
        let ends = self.starts.iter().skip(1).copied().chain(std::iter::once(self.words.len()));
        let ranges = self.starts.iter().zip(ends).map(|(&first, end)| WordRange::new(first, end));
        ranges.filter(|range| !range.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = "# notes\n\n## w00-001\nquestion: Tell me about a time you kept a customer.\nstyle: punct\n\
        kind: story\nflavour: Scottish\nbluf: no\n\n[S] {So}, they were {sort of} <just> leaving. It hurt.\n\
        [R] ^ They signed. ^\n";

    #[test]
    fn marks_are_read_and_taken_out_of_the_words() {
        let answers = parse(RECORD).expect("the record is well formed");
        let answer = &answers[0];
        assert_eq!(answer.words.join(" "), "So, they were sort of just leaving. It hurt. They signed.");
        assert_eq!(answer.fillers, [WordRange::new(0, 1), WordRange::new(3, 5)]);
        assert_eq!(answer.doubtful, [WordRange::new(5, 6)]);
        assert_eq!(answer.sentences.len(), 3);
        assert_eq!(answer.bottom_line, Some(2));
        assert_eq!(answer.labels[8], Some(StarPart::Situation));
        assert_eq!(answer.labels[9], Some(StarPart::Result));
        assert_eq!(answer.writer(), "w00");
    }

    #[test]
    fn bars_part_the_sentences_of_raw_text() {
        let raw = RECORD
            .replace("style: punct", "style: raw")
            .replace("{So}, they were {sort of} <just> leaving. It hurt.", "they left | it hurt")
            .replace("^ They signed. ^", "^ they signed ^ | good");
        let answer = &parse(&raw).expect("the record is well formed")[0];
        let lengths: Vec<usize> = answer.sentences.iter().map(|sentence| sentence.len()).collect();
        assert_eq!(lengths, [2, 2, 2, 1]);
        assert_eq!(answer.bottom_line, Some(2));
    }

    #[test]
    fn a_broken_record_is_refused_with_its_line() {
        let cases = [
            (RECORD.replace("bluf: no\n", ""), 3, "no `bluf:`"),
            (RECORD.replace("[S]", "[X]"), 10, "the label is none of S, T, A, R, O"),
            (RECORD.replace("signed. ^", "signed."), 3, "`^` must come twice or not at all"),
            (RECORD.replace("sort of}", "sort of"), 10, "a mark inside a mark"),
            (RECORD.replace("just>", "just"), 10, "a mark is not closed"),
            (RECORD.replace("{sort", "sort"), 10, "a mark is closed that was not opened"),
        ];
        for (text, line, expected) in cases {
            let error = parse(&text).expect_err(expected);
            assert_eq!((error.line, error.problem.as_str()), (line, expected));
        }
    }
}
