//! A report as headings, paragraphs, lists and tables: what Markdown and HTML have in common.

use super::csv::Row;
use super::text;
use crate::types::{Judged, Report, StarPart, Transcript};

/// A piece of a document. Its texts are plain: whoever writes them down escapes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// The title, 1, or a heading below it, 2.
    Heading(u8, String),
    /// Some text.
    Paragraph(String),
    /// What somebody said.
    Quote(String),
    /// Points.
    List(Vec<String>),
    /// A row of headings, then rows of as many cells.
    Table(Vec<Vec<String>>),
}

/// The figures of a report's table: what they are called, and their column in [`super::csv`].
const FIGURES: [(&str, &str); 10] = [
    ("Words", "words"),
    ("Length (s)", "answer_s"),
    ("Speaking (s)", "speaking_s"),
    ("Words a minute", "wpm"),
    ("Pauses", "pauses"),
    ("Longest pause (s)", "longest_pause_s"),
    ("Filled pauses", "filled_pauses"),
    ("Filler words", "markers"),
    ("Bottom line first", "bluf_up_front"),
    ("Bottom line at (s)", "bluf_at_s"),
];

/// A report, with its transcript at the end; `title` is the recording's name.
pub fn of_report(report: &Report, title: &str) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(1, title.to_owned())];
    if let Some(question) = &report.question {
        blocks.push(Block::Paragraph(question.text.clone()));
    }
    blocks.push(figures(report));
    blocks.extend(story(report));
    let listed = |title: &str, lines: Vec<String>| {
        let list = (!lines.is_empty()).then(|| [Block::Heading(2, title.to_owned()), Block::List(lines)]);
        list.into_iter().flatten()
    };
    let strengths = report.strengths.iter().map(|strength| format!("{}: {}", strength.title, strength.why));
    blocks.extend(listed("What was good", strengths.collect()));
    let advice = report.advice.iter().map(|advice| {
        let try_saying = Some(&advice.try_saying).filter(|sentence| !sentence.is_empty());
        let try_saying = try_saying.map(|sentence| format!(" Try: {sentence}")).unwrap_or_default();
        format!("{}: {}{try_saying}", advice.title, advice.why)
    });
    blocks.extend(listed("Next time", advice.collect()));
    blocks.extend(listed("Good to know", report.notices.clone()));
    blocks.push(Block::Heading(2, "Transcript".to_owned()));
    blocks.extend(paragraphs(&report.transcript));
    blocks
}

/// A transcript alone; `title` is the recording's name.
pub fn of_transcript(transcript: &Transcript, title: &str) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(1, title.to_owned())];
    blocks.extend(paragraphs(transcript));
    blocks
}

fn paragraphs(transcript: &Transcript) -> Vec<Block> {
    let text = text::plain(transcript);
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    let blocks: Vec<Block> = paragraphs.map(|paragraph| Block::Paragraph(paragraph.to_owned())).collect();
    if blocks.is_empty() { vec![Block::Paragraph("Nothing was heard.".to_owned())] } else { blocks }
}

fn figures(report: &Report) -> Block {
    let row = Row::of(String::new(), None, report);
    let known = FIGURES.iter().map(|(name, column)| vec![(*name).to_owned(), row.figure(column).to_owned()]);
    let heading = vec!["Figure".to_owned(), String::new()];
    Block::Table(std::iter::once(heading).chain(known.filter(|cells| !cells[1].is_empty())).collect())
}

/// The parts that were told or may have been, each with its share and its words; nothing where the story was not judged.
fn story(report: &Report) -> Vec<Block> {
    let star = &report.analysis.star;
    if star.judged != Judged::Yes {
        return Vec::new();
    }
    let mut blocks = vec![Block::Heading(2, "The story".to_owned())];
    for part in StarPart::ALL {
        let Some(found) = star.shown(part) else { continue };
        let doubt = if found.present { "" } else { " (not sure)" };
        blocks.push(Block::Paragraph(format!("{}{doubt}, {:.0} %", part.name(), found.share * 100.0)));
        blocks.push(Block::Quote(found.quote.clone()));
    }
    let missing: Vec<&str> = star.missing.iter().map(|part| part.name()).collect();
    if !missing.is_empty() {
        blocks.push(Block::Paragraph(format!("Not told: {}.", missing.join(", "))));
    }
    blocks
}
