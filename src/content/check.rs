//! What `bank check` says: how every line of a file was understood.

use std::fmt::Write;

use super::{LineMeaning, Reading};

/// Renders how a file was understood: what was found, each line, what was mended, what was not understood.
///
/// `all` also shows blank lines and layout. Lines are cut to `width` columns.
pub fn render_check(reading: &Reading, all: bool, width: usize) -> String {
    let mut out = summary(reading);
    out.push_str("\n  line  understood as             text\n");
    for (note, line) in reading.lines.iter().zip(reading.text.lines()) {
        if !all && matches!(note.meaning, LineMeaning::Blank | LineMeaning::Layout) && note.remark.is_none() {
            continue;
        }
        let room = width.saturating_sub(34).max(20);
        let _ = writeln!(out, "{:>6}  {:<24}  {}", note.line, note.meaning.to_string(), cut(line.trim(), room));
        if let Some(remark) = &note.remark {
            let _ = writeln!(out, "{:>6}  {:<24}  ({remark})", "", "");
        }
    }
    mended(reading, &mut out);
    to_write(reading, &mut out);
    lost(reading, &mut out);
    doubts(reading, &mut out);
    if reading.bank.questions.is_empty() {
        let why = if reading.doubtful().next().is_none() {
            ": nothing in it asks, and no story is told in parts"
        } else {
            ""
        };
        let _ = writeln!(out, "\nNo question was found{why}.");
    } else if reading.is_sure() {
        out.push_str("\nEverything was understood.\n");
    }
    out
}

fn to_write(reading: &Reading, out: &mut String) {
    let lines: Vec<usize> = reading.to_write().map(|note| note.line).collect();
    if !lines.is_empty() {
        let _ = writeln!(out, "\nStill to write: {}: {}", counted(lines.len(), "line", "lines"), listed(&lines));
    }
}

fn doubts(reading: &Reading, out: &mut String) {
    let doubts = doubts_in_words(reading);
    if doubts.is_empty() {
        return;
    }
    out.push('\n');
    for doubt in doubts {
        let _ = writeln!(out, "{doubt}");
    }
    out.push_str("Say what they are: greenroom bank check FILE --interactive\n");
}

/// What may have been taken wrongly, a sentence for each kind: `4 lines read like questions and were taken as advice: 3, 4`.
pub fn doubts_in_words(reading: &Reading) -> Vec<String> {
    let mut kinds: Vec<(&'static str, Vec<usize>)> = Vec::new();
    for note in reading.doubtful() {
        let kind = taken_as(note.meaning);
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, lines)) => lines.push(note.line),
            None => kinds.push((kind, vec![note.line])),
        }
    }
    let sentences = kinds.into_iter().map(|(kind, lines)| match lines.len() {
        1 => format!("1 line reads like a question and was taken as {kind}: {}", lines[0]),
        count => format!("{count} lines read like questions and were taken as {kind}: {}", listed(&lines)),
    });
    sentences.collect()
}

/// What a line was taken as, in a word or two.
fn taken_as(meaning: LineMeaning) -> &'static str {
    match meaning {
        LineMeaning::Title | LineMeaning::Theme => "a theme",
        LineMeaning::Heading(_) => "the heading of a part",
        LineMeaning::Answer(_) | LineMeaning::Part(..) => "part of an answer",
        LineMeaning::Note => "a note",
        LineMeaning::Situation => "a situation",
        LineMeaning::ToAsk => "a question for the interviewer",
        _ => "advice",
    }
}

/// Line numbers, the first of many.
fn listed(lines: &[usize]) -> String {
    const SHOWN: usize = 20;
    let shown: Vec<String> = lines.iter().take(SHOWN).map(usize::to_string).collect();
    match lines.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        Some(more) => format!("{} and {more} more", shown.join(", ")),
        None => shown.join(", "),
    }
}

fn summary(reading: &Reading) -> String {
    let bank = &reading.bank;
    let sum = |count: &dyn Fn(&crate::types::Question) -> usize| bank.questions.iter().map(count).sum::<usize>();
    let found = [
        (bank.questions.len(), "question", "questions"),
        (sum(&|question| question.criteria.len()), "criterion", "criteria"),
        (sum(&|question| question.structure.len()), "step", "steps"),
        (sum(&|question| question.notes.len()), "note", "notes"),
        (sum(&|question| question.answers.len()), "example answer", "example answers"),
        (sum(&|question| question.challenges.len()), "challenge", "challenges"),
        (sum(&|question| question.discussion.len()), "topic", "topics"),
        (sum(&|question| question.discussion.iter().map(|topic| topic.prompts.len()).sum()), "prompt", "prompts"),
        (bank.to_ask.len(), "question for the interviewer", "questions for the interviewer"),
        (bank.tips.len() + sum(&|question| question.tips.len()), "piece of advice", "pieces of advice"),
    ];
    let found = found.iter().filter(|(count, ..)| *count > 0);
    let found: Vec<String> = found.map(|(count, one, many)| counted(*count, one, many)).collect();
    let found = if found.is_empty() { "no questions".to_owned() } else { found.join(", ") };
    let bytes: usize = reading.lines.iter().map(|note| note.bytes).sum();
    let (lines, bytes) = (counted(reading.lines.len(), "line", "lines"), counted(bytes, "byte", "bytes"));
    format!("{}: {}\n{found}\n{lines}, {bytes}, every one accounted for below\n", bank.name, bank.title)
}

fn mended(reading: &Reading, out: &mut String) {
    if reading.repairs.is_empty() {
        out.push_str("\nNothing had to be mended.\n");
        return;
    }
    let _ = writeln!(out, "\nMended while reading (your file stays as it is):");
    for repair in &reading.repairs {
        let _ = writeln!(out, "{:>6}  {}", repair.line, repair.kind);
    }
}

fn lost(reading: &Reading, out: &mut String) {
    let lost: Vec<_> = reading.not_understood().collect();
    if lost.is_empty() {
        return;
    }
    let bytes = lost.iter().map(|note| note.bytes).sum();
    let (lines, bytes) = (counted(lost.len(), "line", "lines"), counted(bytes, "byte", "bytes"));
    let _ = writeln!(out, "\nNot understood: {lines}, {bytes}");
    for note in lost {
        if let LineMeaning::NotUnderstood(why) = note.meaning {
            let _ = writeln!(out, "{:>6}  {why}", note.line);
        }
    }
}

pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// The beginning of a line, with a sign that there is more.
fn cut(line: &str, room: usize) -> String {
    if line.chars().count() <= room {
        return line.to_owned();
    }
    let kept: String = line.chars().take(room - 1).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::read;

    #[test]
    fn a_check_shows_every_line_what_was_mended_and_what_was_not_understood() {
        let markdown =
            "# Mine\n\n### Tell me about a launch.\n> <i>The ferry app</i>\n\n[x]: http://y.z\n**Duration**: long\n";
        let shown = render_check(&read(markdown.as_bytes(), "mine").unwrap(), false, 80);
        let expected = "\
mine: Mine
1 question, 1 note
7 lines, 95 bytes, every one accounted for below

  line  understood as             text
     1  title                     # Mine
     3  question                  ### Tell me about a launch.
     4  note                      > <i>The ferry app</i>
     6  NOT UNDERSTOOD            [x]: http://y.z
     7  NOT UNDERSTOOD            **Duration**: long

Mended while reading (your file stays as it is):
     4  HTML left out, its text kept: <i>
     4  HTML left out, its text kept: </i>

Not understood: 2 lines, 35 bytes
     6  Markdown takes it for a link target
     7  expected a time, such as 45 minutes
";
        assert_eq!(shown, expected);
    }

    #[test]
    fn everything_is_understood_only_where_nothing_reads_like_a_question_that_is_not_asked() {
        let shown = |markdown: &str| render_check(&read(markdown.as_bytes(), "mine").unwrap(), false, 80);
        let sure = shown("# Mine\n\n## Why did you leave?\n\n- the ferry\n");
        assert!(sure.ends_with("\nEverything was understood.\n"), "{sure}");
        let none = shown("# Shopping\n\n- flour\n");
        assert!(
            none.ends_with("\nNo question was found: nothing in it asks, and no story is told in parts.\n"),
            "{none}"
        );
        let doubtful = shown("# Why us?\n\n## Tips\n\n- Tell me about a time you led.\n- Be brief.\n");
        let expected = "\n1 line reads like a question and was taken as advice: 5\nSay what they are: greenroom bank check \
                        FILE --interactive\n\nNo question was found.\n";
        assert!(doubtful.ends_with(expected), "{doubtful}");
    }

    #[test]
    fn blanks_are_listed_as_still_to_write() {
        let markdown = "## Why did you leave?\n\n**Situation:** [where you were]\n\nI was at ____ then.\n";
        let shown = render_check(&read(markdown.as_bytes(), "mine").unwrap(), false, 80);
        assert!(shown.contains("\nStill to write: 2 lines: 3, 5\n"), "{shown}");
    }
}
