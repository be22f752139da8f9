//! Components of pages in MDX: their tags stand on lines by themselves, and what they hold is Markdown.
//!
//! Markdown takes a tag and the lines below it for one block of HTML, headings too, so the tags are taken out first.

use super::{
    dialect::rewritten,
    labels::{self, Label},
    rows::Hidden,
};

/// A text without the tags of its components, and the lines on which they stood; `None` where it has none.
///
/// A component that is named as the parts of a question are opens one: `<Answer>`.
pub(super) fn opened(text: &str) -> Option<(String, Vec<(usize, Hidden)>)> {
    text.lines().find_map(name)?;
    let mut hidden = Vec::new();
    let mut fence = false;
    let markdown = rewritten(text, |number, line| {
        fence ^= line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        let Some(name) = name(line).filter(|_| !fence) else { return line.to_owned() };
        if labels::of_heading(name).is_some_and(|found| is_a_part(found.label)) && !line.trim_start().starts_with("</")
        {
            return format!("**{name}**");
        }
        hidden.push((number, Hidden::Tags));
        String::new()
    });
    (!hidden.is_empty()).then_some((markdown, hidden))
}

fn is_a_part(label: Label) -> bool {
    matches!(label, Label::Answer(_) | Label::Discussion | Label::Notes | Label::Tips)
}

/// The name of the component whose tag is all that stands on a line.
fn name(line: &str) -> Option<&str> {
    let inner = line.trim().strip_prefix('<')?.strip_suffix('>')?;
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(inner.len());
    // `<The number of people>` is to be filled in.
    let attributes = inner[end..].trim().trim_end_matches('/').trim();
    let written = attributes.is_empty() || attributes.contains('=') || attributes.starts_with('{');
    let named = inner.starts_with(|c: char| c.is_ascii_uppercase()) && end < 40 && !inner.contains(['<', '>']);
    (named && written).then_some(&inner[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tags_of_components_go_and_what_they_hold_is_read() {
        let text = "<Question level=\"senior\">\n### Why?\n</Question>\n<Notes>\n<Badge />\n<Your name here>\n";
        let (markdown, hidden) = opened(text).expect("there are components");
        assert_eq!(markdown, "\n### Why?\n\n**Notes**\n\n<Your name here>\n");
        assert_eq!(hidden.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3, 5]);
        assert!(opened("Plain\n```\n<Tag>\n```\n").is_none());
    }
}
