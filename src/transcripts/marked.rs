//! Texts with times and names between what is said, as meeting programs and recorders export them.
//!
//! Every program has a form of its own: `Sam Okoro  0:05` above the text, `[0:05] Sam: ...`, a time on a line of its own,
//! `Sam (00:05): ...`. They have in common that a line, or its start, is nothing but a time, a name, or both.

use super::conversation::{Conversation, Utterance};
use super::{names, times};

/// What stands in front of a piece of text.
struct Mark<'a> {
    name: Option<&'a str>,
    /// What follows in the same line.
    text: &'a str,
    /// Whether nobody would write it in a text of their own.
    is_sure: bool,
}

/// A piece of text and who says it.
struct Block<'a> {
    name: Option<&'a str>,
    lines: Vec<&'a str>,
}

/// Of the lines with text, at least this part must be marked.
const MARKED: f64 = 0.15;

/// Above the first mark stand a title, a date and who was there, in at most so many lines.
const MOST_TITLE_LINES: usize = 12;

/// Reads such a text; `None` where it is a text without marks.
pub fn read(text: &str) -> Option<Conversation> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut blocks = by_times(&lines).or_else(|| by_names(&lines))?;
    name_by_first_lines(&mut blocks);
    let utterances = blocks.iter().map(|block| Utterance::of_text(block.name, &block.lines.join(" "), None)).collect();
    Conversation::of(utterances, "en")
}

/// The blocks of a text whose marks have times.
fn by_times<'a>(lines: &[&'a str]) -> Option<Vec<Block<'a>>> {
    let marks: Vec<Option<Mark>> = lines.iter().map(|line| timed(line)).collect();
    let first = marks.iter().position(Option::is_some)?;
    let count = marks.iter().flatten().count();
    let sure = marks.iter().flatten().filter(|mark| mark.is_sure).count();
    let part = count as f64 / lines.len() as f64;
    // Without a sure one, they are a habit only where nearly every line has one.
    let is_marked = first < MOST_TITLE_LINES && if sure > 0 { part >= MARKED } else { count >= 3 && part >= 0.4 };
    if !is_marked {
        return None;
    }
    let names_above = names_above(lines, &marks);
    let mut blocks: Vec<Block> = Vec::new();
    for (at, mark) in marks.into_iter().enumerate().skip(first) {
        match mark {
            Some(mark) => {
                let above = names_above.then(|| lines[..at].last()).flatten().copied();
                if let (Some(_), Some(last)) = (above, blocks.last_mut()) {
                    last.lines.pop();
                }
                let before = blocks.last().and_then(|block| block.name);
                // A time between two paragraphs of one person is no other person.
                let name = mark.name.or(above).or(before.filter(|_| mark.text.is_empty()));
                let lines = Some(mark.text).filter(|text| !text.is_empty()).into_iter().collect();
                blocks.push(Block { name, lines });
            }
            None if is_signature(lines[at]) => {}
            None => blocks.last_mut()?.lines.push(lines[at]),
        }
    }
    Some(blocks)
}

/// Whether each time stands alone on its line, below the name of who speaks.
fn names_above(lines: &[&str], marks: &[Option<Mark>]) -> bool {
    let is_name = |at: usize| at > 0 && marks[at - 1].is_none() && names::is_name(lines[at - 1]);
    let mut timed = marks.iter().enumerate().filter_map(|(at, mark)| mark.as_ref().map(|mark| (at, mark)));
    timed.all(|(at, mark)| mark.name.is_none() && mark.text.is_empty() && is_name(at))
}

/// The mark that a line is or begins with, where it has a time.
fn timed(line: &str) -> Option<Mark<'_>> {
    if let Some((_, rest, in_brackets)) = times::leading(line) {
        return after_time(rest, in_brackets);
    }
    if let Some((name, _, apart)) = times::trailing(line)
        && names::is_name(name)
    {
        return Some(Mark { name: Some(name), text: "", is_sure: apart });
    }
    named_then_timed(line)
}

/// What follows a time: nothing, a name, a name and a text, or a text.
fn after_time(rest: &str, in_brackets: bool) -> Option<Mark<'_>> {
    let rest = rest.trim_start_matches(['-', '–', '—', '|', ':']).trim_start();
    if let Some((name, text)) = chatted(rest).or_else(|| names::before_colon(rest)) {
        return Some(Mark { name: Some(name), text, is_sure: true });
    }
    if names::is_name(rest) && rest.split_whitespace().count() > 1 {
        return Some(Mark { name: Some(rest), text: "", is_sure: true });
    }
    Some(Mark { name: None, text: rest, is_sure: in_brackets || rest.is_empty() })
}

/// `From Sam Okoro to Everyone: text`, as a chat is saved.
fn chatted(rest: &str) -> Option<(&str, &str)> {
    let (from_to, text) = rest.strip_prefix("From ")?.split_once(':')?;
    let name = from_to.split(" to ").next()?.trim();
    names::is_name(name).then(|| (name, text.trim()))
}

/// `Sam Okoro (0:05): text`, `[Sam Okoro] 14:02:05 text`.
fn named_then_timed(line: &str) -> Option<Mark<'_>> {
    if let Some((name, rest)) = line.strip_prefix('[').and_then(|line| line.split_once(']'))
        && names::is_name(name)
        && let Some((_, text, _)) = times::leading(rest.trim_start())
    {
        return Some(Mark { name: Some(name), text, is_sure: true });
    }
    let open = line.find(['(', '['])?;
    let name = line[..open].trim();
    let (_, rest, _) =
        times::leading(&line[open..]).filter(|(_, _, in_brackets)| *in_brackets && names::is_name(name))?;
    Some(Mark { name: Some(name), text: rest.trim_start_matches([':', '-']).trim_start(), is_sure: true })
}

/// The blocks of a text in which names alone stand in front: more than one name, and one of them several times.
fn by_names<'a>(lines: &[&'a str]) -> Option<Vec<Block<'a>>> {
    let mut blocks: Vec<Block> = Vec::new();
    for line in lines {
        match names::before_colon(line) {
            Some((name, text)) => {
                blocks.push(Block {
                    name: Some(name),
                    lines: Some(text).filter(|text| !text.is_empty()).into_iter().collect(),
                });
            }
            None if is_signature(line) => {}
            // A text that begins without a name has other uses for colons.
            None => blocks.last_mut()?.lines.push(line),
        }
    }
    let mut found: Vec<&str> = blocks.iter().filter_map(|block| block.name).collect();
    let turns = found.len();
    found.sort_unstable();
    found.dedup();
    (found.len() > 1 && turns > found.len() && 2 * turns >= lines.len()).then_some(blocks)
}

/// Recorders write the name on the line below the time: then nearly every block begins with one.
fn name_by_first_lines(blocks: &mut [Block]) {
    let has_name = |block: &Block| block.name.is_none() && block.lines.len() > 1 && names::is_name(block.lines[0]);
    let with_text = blocks.iter().filter(|block| !block.lines.is_empty()).count();
    let named = blocks.iter().filter(|block| has_name(block)).count();
    if named == 0 || 5 * named < 4 * with_text {
        return;
    }
    for block in blocks {
        if has_name(block) {
            block.name = Some(block.lines.remove(0));
        }
    }
}

/// What programs write below their exports.
fn is_signature(line: &str) -> bool {
    let line = line.to_lowercase();
    ["transcribed by ", "transcript generated by ", "generated by ", "this transcript was "]
        .iter()
        .any(|start| line.starts_with(start))
}
