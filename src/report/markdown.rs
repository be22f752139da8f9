//! Documents as Markdown.

use super::document::Block;

/// The document as Markdown. What stands in its texts is shown as it is, whatever it means in Markdown.
pub fn render(document: &[Block]) -> String {
    let blocks: Vec<String> = document.iter().map(block).collect();
    blocks.join("\n")
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading(level, text) => format!("{} {}\n", "#".repeat(usize::from(*level)), escaped(text)),
        Block::Paragraph(text) => format!("{}\n", escaped(text)),
        Block::Quote(text) => format!("> {}\n", escaped(text)),
        Block::List(points) => points.iter().map(|point| format!("- {}\n", escaped(point))).collect(),
        Block::Table(rows) => table(rows),
    }
}

fn table(rows: &[Vec<String>]) -> String {
    let mut lines: Vec<String> = rows
        .iter()
        .map(|cells| format!("| {} |\n", cells.iter().map(|cell| escaped(cell)).collect::<Vec<_>>().join(" | ")))
        .collect();
    let columns = rows.first().map_or(0, Vec::len);
    lines.insert(lines.len().min(1), format!("|{}\n", "---|".repeat(columns)));
    lines.concat()
}

/// Text on one line in which nothing is markup.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for (place, c) in text.char_indices() {
        let at_the_beginning = place == 0 && matches!(c, '#' | '-' | '+' | '=' | '~' | ':');
        if at_the_beginning || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '&' | '|') {
            escaped.push('\\');
        }
        escaped.push(if c.is_control() { ' ' } else { c });
    }
    escaped
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::report::{document, samples};

    #[test]
    fn a_report_is_a_page_that_can_be_read_as_it_is() {
        assert_snapshot!(render(&document::of_report(&samples::full(), "01-release-time.wav")));
    }

    #[test]
    fn what_was_said_is_no_markup() {
        let said = "# <script>alert(1)</script> [a](b) *c*\n- d | e";
        let page = render(&[Block::Paragraph(said.to_owned())]);
        assert_eq!(page, "\\# \\<script>alert(1)\\</script> \\[a\\](b) \\*c\\* - d \\| e\n");
    }
}
