//! Documents as pages of HTML that need nothing beside them.

use super::document::Block;
use super::pages::{Assets, Markup, html, page, shown};

/// The document as a page that runs nothing and loads nothing.
pub fn render(document: &[Block]) -> String {
    let title = document.iter().find_map(|block| match block {
        Block::Heading(1, title) => Some(title.as_str()),
        _ => None,
    });
    let body = html! { main.document { @for piece in document { (block(piece)) } } };
    page(title.unwrap_or_default(), Assets::Style, &body)
}

fn block(block: &Block) -> Markup {
    html! {
        @match block {
            Block::Heading(1, text) => h1 { (shown(text)) },
            Block::Heading(_, text) => h2 { (shown(text)) },
            Block::Paragraph(text) => p { (shown(text)) },
            Block::Quote(text) => blockquote { (shown(text)) },
            Block::List(points) => ul { @for point in points { li { (shown(point)) } } },
            Block::Table(rows) => table {
                @for (number, cells) in rows.iter().enumerate() {
                    tr { @for cell in cells { @if number == 0 { th { (shown(cell)) } } @else { td { (shown(cell)) } } } }
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{document, samples};

    #[test]
    fn a_report_is_a_whole_page_with_its_figures_and_its_words() {
        let page = render(&document::of_report(&samples::full(), "01-release-time.wav"));
        assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"), "{page}");
        assert!(page.contains("<h1>01-release-time.wav</h1>") && page.contains("<td>Words a minute</td>"), "{page}");
        assert!(page.contains("we cut the release time by 40 percent"), "{page}");
    }

    #[test]
    fn what_was_said_is_no_markup() {
        let page = render(&[Block::Paragraph("<script>alert(\"&\")</script>".to_owned())]);
        assert!(page.contains("<p>&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;</p>"), "{page}");
    }
}
