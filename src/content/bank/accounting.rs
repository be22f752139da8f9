//! What became of every line: nothing in a file is dropped in silence.

use std::fmt;

use super::{reader::Understood, rows::Hidden};

/// How one line of a bank was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineNote {
    /// Line of the file, from 1.
    pub line: usize,
    /// Bytes it has in the file, its line end included.
    pub bytes: usize,
    /// What it is.
    pub meaning: LineMeaning,
    /// The position in the bank of the question it belongs to.
    pub question: Option<usize>,
    /// What the author may want to know about it, such as `nothing under it`.
    pub remark: Option<String>,
    /// Whether it reads like a question though it was taken for something else.
    pub asks: bool,
    /// The line of the heading above it, or of the head of its table.
    pub under: Option<usize>,
}

/// What a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LineMeaning {
    /// Nothing on it.
    #[default]
    Blank,
    /// A rule, the underline of a heading, the fence of a code block, tags without text.
    Layout,
    /// An HTML comment: the author's, not for the interview.
    Comment,
    /// The title of the bank.
    Title,
    /// The heading of a group of questions.
    Theme,
    /// A question.
    Question,
    /// The heading of a part of a question: `criteria`, `structure` ...
    Heading(&'static str),
    /// A fact about a question, or about those that follow: `level`, `tags` ...
    Detail(&'static str),
    /// Something the interviewer looks for.
    Criterion,
    /// A step of the suggested structure.
    Step,
    /// Something the person means to say.
    Note,
    /// Part of an example answer of this level.
    Answer(u8),
    /// Part of an example answer that tells one of its four parts.
    Part(u8, &'static str),
    /// The situation of a scenario.
    Situation,
    /// What makes a scenario hard.
    Challenge,
    /// The heading of a topic to discuss.
    Topic,
    /// A prompt of the interviewer.
    Prompt,
    /// Advice on answering one question.
    Advice,
    /// Advice that belongs to no single question.
    Tip,
    /// What the person wants to ask the interviewer.
    ToAsk,
    /// What the person asks themself.
    SelfCheck,
    /// The table of contents.
    Contents,
    /// A blank to be filled in.
    ToWrite,
    /// A fact about the file, such as when it was last changed.
    About,
    /// Not understood, and why.
    NotUnderstood(&'static str),
}

impl fmt::Display for LineMeaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Self::Blank => "blank",
            Self::Layout => "layout",
            Self::Comment => "comment",
            Self::Title => "title",
            Self::Theme => "theme",
            Self::Question => "question",
            Self::Heading(part) => return write!(f, "heading: {part}"),
            Self::Detail(fact) => fact,
            Self::Criterion => "criterion",
            Self::Step => "step",
            Self::Note => "note",
            Self::Answer(level) => return write!(f, "answer {level}"),
            Self::Part(level, part) => return write!(f, "answer {level}, {part}"),
            Self::Situation => "situation",
            Self::Challenge => "challenge",
            Self::Topic => "topic",
            Self::Prompt => "prompt",
            Self::Advice => "advice",
            Self::Tip => "tip",
            Self::ToAsk => "to ask them",
            Self::SelfCheck => "self-check",
            Self::Contents => "contents",
            Self::ToWrite => "still to write",
            Self::About => "about the file",
            Self::NotUnderstood(_) => "NOT UNDERSTOOD",
        };
        f.write_str(word)
    }
}

/// Puts together what is known of every line.
pub(super) fn account(
    text: &str,
    line_bytes: &[usize],
    understood: Vec<Understood>,
    hidden: &[(usize, Hidden)],
) -> Vec<LineNote> {
    let mut notes: Vec<LineNote> = line_bytes
        .iter()
        .zip(text.lines())
        .enumerate()
        .map(|(at, (bytes, line))| {
            let meaning = if line.trim().is_empty() { LineMeaning::Blank } else { unseen(line) };
            LineNote { line: at + 1, bytes: *bytes, meaning, question: None, remark: None, asks: false, under: None }
        })
        .collect();
    for (line, hidden) in hidden {
        if let Some(note) = notes.get_mut(line - 1) {
            match hidden {
                Hidden::Script => {
                    note.meaning = LineMeaning::NotUnderstood("a script or a style sheet");
                    note.remark = Some("a script or a style sheet was left out".into());
                }
                Hidden::Comment => note.meaning = LineMeaning::Comment,
                Hidden::Fence | Hidden::Tags => note.meaning = LineMeaning::Layout,
            }
        }
    }
    for Understood { line, means, question, remark, asks, under, .. } in understood {
        if let Some(note) = notes.get_mut(line - 1) {
            let worse = matches!(note.meaning, LineMeaning::NotUnderstood(_)) && note.question.is_some();
            if !worse {
                note.meaning = means;
            }
            note.question = question;
            note.asks |= asks;
            note.under = under;
            note.remark = remark.or(note.remark.take());
        }
    }
    notes
}

/// A line from which the parser made no row: marks only, or something it took for its own.
fn unseen(line: &str) -> LineMeaning {
    let mark = |c: char| c.is_whitespace() || c.is_ascii_punctuation() || c.is_ascii_digit();
    if line.chars().all(mark) {
        LineMeaning::Layout
    } else {
        LineMeaning::NotUnderstood("Markdown takes it for a link target")
    }
}
