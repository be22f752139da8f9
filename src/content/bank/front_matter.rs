//! Properties at the head of a file: `key: value` lines between `---` or `+++`, as sites and vaults write them.

use super::rows::{Row, Shape};

/// The properties, and where the text behind them begins; `None` where the file does not begin with any.
///
/// The parser's own metadata blocks would also take `---` in the middle of a file.
pub(super) fn front_matter(text: &str) -> Option<(Vec<Row>, usize)> {
    let mut lines = text.split_inclusive('\n');
    let fence = lines.next().map(str::trim_end).filter(|line| matches!(*line, "---" | "+++"))?;
    let mut rows: Vec<Row> = Vec::new();
    let mut end = text.find('\n')? + 1;
    for (number, line) in (2..MOST).zip(lines) {
        end += line.len();
        let source = line.trim_end();
        if source == fence || fence == "---" && source == "..." {
            return (!rows.is_empty()).then_some((rows, end));
        }
        // A comment; but a file may begin with a rule and a heading.
        let comment = source.trim_start().starts_with("# ") && !rows.is_empty();
        if source.trim().is_empty() || comment {
            continue;
        }
        if let Some(item) =
            source.trim_start().strip_prefix("- ").or_else(|| source.starts_with(' ').then(|| source.trim()))
        {
            let item = value(item);
            // A list under a key is the key's value; its lines go on with the key's line.
            let key = rows.iter_mut().rev().find(|row| !row.joined)?;
            let separator = if key.text.ends_with(':') { " " } else { ", " };
            key.text.push_str(&format!("{separator}{item}"));
            rows.push(Row { line: number, shape: Shape::Property, joined: true, text: item, ..Row::default() });
            continue;
        }
        let (key, told) = source.split_once(if fence == "---" { ':' } else { '=' })?;
        if key.is_empty() || key.starts_with(['#', '-', '*', '>']) || key.len() > 60 {
            return None;
        }
        let text = format!("{}: {}", key.trim(), value(told)).trim_end().to_owned();
        rows.push(Row { line: number, shape: Shape::Property, text, ..Row::default() });
    }
    None
}

/// More lines than anybody writes at the head of a note.
const MOST: usize = 200;

/// A value without its brackets and quotes: `["a", b]` to `a, b`.
fn value(text: &str) -> String {
    let text = text.trim();
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).filter(|inner| !inner.starts_with('['));
    match inner {
        Some(inner) => inner.split(',').map(unquoted).collect::<Vec<_>>().join(", "),
        None => unquoted(text).to_owned(),
    }
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_quotes_are_values() {
        let text = "---\ntitle: \"My prep\"\ntags:\n  - one\n  - two\nkinds: [a, 'b']\n---\nText\n";
        let (rows, end) = front_matter(text).expect("properties");
        let texts: Vec<_> = rows.iter().filter(|row| !row.joined).map(|row| row.text.as_str()).collect();
        assert_eq!(texts, ["title: My prep", "tags: one, two", "kinds: a, b"]);
        assert_eq!(&text[end..], "Text\n");
    }

    #[test]
    fn a_rule_at_the_start_is_no_property() {
        assert_eq!(front_matter("---\n# Title\nkey: value\n---\n"), None);
        assert_eq!(front_matter("---\nA sentence.\n---\n"), None);
        assert_eq!(front_matter("---\nkey: value\n"), None);
    }
}
