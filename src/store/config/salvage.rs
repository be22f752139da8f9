//! A file with slips in it, less the lines with the slips.

use toml_edit::Document;

use super::{line_of, message_of};

/// A line that is left out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slip {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

/// So many lines above the one where reading stops are tried: a bracket or quote that never closes is found out below.
const REACH: usize = 40;
/// A file with more slips than this is not a file of settings.
const MOST_SLIPS: usize = 100;

/// The file as TOML, with empty lines in the place of those that cannot be read, and what is wrong with these.
///
/// Each line stays where it is, so that line numbers are those of the file.
pub(super) fn readable_lines(bytes: &[u8]) -> (String, Vec<Slip>) {
    let mut slips = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        lines.push(std::str::from_utf8(line).unwrap_or_else(|_| {
            slips.push(Slip { line: number, message: "not UTF-8 text".to_owned() });
            ""
        }));
    }
    while let Some((stopped_at, message)) = first_slip(&lines) {
        let Some(line) = culprit(&lines, stopped_at).filter(|_| slips.len() < MOST_SLIPS) else {
            slips.push(Slip { line: stopped_at, message: format!("{message}, and nothing in this file can be read") });
            return (String::new(), slips);
        };
        lines[line - 1] = "";
        slips.push(Slip { line, message });
    }
    (lines.join("\n"), slips)
}

/// Where reading stops, as a line from 1, and why.
fn first_slip(lines: &[&str]) -> Option<(usize, String)> {
    let text = lines.join("\n");
    let error = Document::parse(text.as_str()).err()?;
    Some((line_of(&text, error.span()).min(lines.len()), message_of(&error)))
}

/// The line without which the file is read furthest; of several the nearest to where reading stops now.
fn culprit(lines: &[&str], stopped_at: usize) -> Option<usize> {
    let mut without = lines.to_vec();
    let mut read_to = |line: usize| {
        let left_out = std::mem::take(&mut without[line - 1]);
        let stops = first_slip(&without).map_or(usize::MAX, |(stops, _)| stops);
        without[line - 1] = left_out;
        stops
    };
    let near = (stopped_at.saturating_sub(REACH).max(1)..=stopped_at).filter(|line| !lines[line - 1].trim().is_empty());
    // The last of the best: lines come in rising order.
    near.max_by_key(|line| read_to(*line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_out(text: &[u8]) -> Vec<usize> {
        let (readable, slips) = readable_lines(text);
        assert!(Document::parse(readable.as_str()).is_ok(), "{readable}");
        assert_eq!(readable.split('\n').count(), text.split(|byte| *byte == b'\n').count(), "{readable}");
        slips.into_iter().map(|slip| slip.line).collect()
    }

    #[test]
    fn a_slip_costs_its_own_line_and_no_other() {
        let cases: [(&[u8], &[usize]); 8] = [
            (b"rate = 150\nvolume = 80", &[]),
            (b"rate = 150\nvoice = \nvolume = 80", &[2]),
            (b"rate 150\nvoice = text\nvolume = 80", &[1, 2]),
            (b"rate = 150\nrate = 160\nvolume = 80", &[2]),
            // What never closes is found out below.
            (b"mirrors = [\"https://a\"\nrate = 150\nvolume = 80", &[1]),
            (b"rate = 150\nvoice = \"\"\"text\nvolume = 80", &[2]),
            (b"rate = 150\nvoice = \"caf\xe9\"\nvolume = 80", &[2]),
            (b"<<<<<<< HEAD\nrate = 150\n=======\n>>>>>>> theirs", &[1, 3, 4]),
        ];
        for (text, lines) in cases {
            assert_eq!(left_out(text), lines, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn a_file_that_is_something_else_is_given_up() {
        let (readable, slips) = readable_lines("no settings\n".repeat(300).as_bytes());
        assert_eq!((readable.as_str(), slips.len()), ("", MOST_SLIPS + 1));
    }
}
