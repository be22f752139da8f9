//! Documents as pages of HTML that need nothing beside them.

use super::document::Block;

/// How a page looks, in light and in dark.
const STYLE: &str = ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;\
    margin:2rem auto;padding:0 1rem}table{border-collapse:collapse}th,td{padding:.2rem .8rem .2rem 0;text-align:left}\
    blockquote{margin:0 0 1rem;padding-left:1rem;border-left:3px solid}";

/// The document as a page that runs nothing and loads nothing.
pub fn render(document: &[Block]) -> String {
    let title = document.iter().find_map(|block| match block {
        Block::Heading(1, title) => Some(escaped(title)),
        _ => None,
    });
    let title = title.unwrap_or_default();
    let body: String = document.iter().map(block).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading(level, text) => format!("<h{level}>{}</h{level}>\n", escaped(text)),
        Block::Paragraph(text) => format!("<p>{}</p>\n", escaped(text)),
        Block::Quote(text) => format!("<blockquote>{}</blockquote>\n", escaped(text)),
        Block::List(points) => {
            let points: String = points.iter().map(|point| format!("<li>{}</li>\n", escaped(point))).collect();
            format!("<ul>\n{points}</ul>\n")
        }
        Block::Table(rows) => {
            let rows: String = rows.iter().enumerate().map(|(number, cells)| row(number == 0, cells)).collect();
            format!("<table>\n{rows}</table>\n")
        }
    }
}

fn row(is_heading: bool, cells: &[String]) -> String {
    let tag = if is_heading { "th" } else { "td" };
    let cells: String = cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell))).collect();
    format!("<tr>{cells}</tr>\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{document, samples};

    #[test]
    fn a_report_is_a_whole_page_with_its_figures_and_its_words() {
        let page = render(&document::of_report(&samples::full(), "01-release-time.wav"));
        assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"), "{page}");
        assert!(page.contains("<h1>01-release-time.wav</h1>") && page.contains("<td>Words a minute</td>"), "{page}");
        assert!(page.contains("we cut the release time by 40 percent"), "{page}");
    }

    #[test]
    fn what_was_said_is_no_markup() {
        let page = render(&[Block::Paragraph("<script>alert(\"&\")</script>".to_owned())]);
        assert!(page.contains("<p>&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;</p>"), "{page}");
    }
}
