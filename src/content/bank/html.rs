//! HTML in Markdown: the text is kept, the tags are not, scripts are neither run nor read.

use std::collections::HashSet;

use super::rows::Hidden;

/// What is open from the lines before.
#[derive(Debug, Default)]
pub(super) struct State {
    comment: bool,
    /// Inside `<script>` or `<style>`.
    script: bool,
    /// A tag that goes over the end of its line.
    tag: bool,
    /// An item has begun and has no text yet.
    item: bool,
}

/// What a line of HTML says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct HtmlLine {
    pub text: String,
    /// The tags left out.
    pub tags: Vec<String>,
    /// The level, if it is a heading.
    pub heading: Option<u8>,
    /// Where the bold beginning of the text ends; 0 when it does not begin in bold.
    pub bold: usize,
    /// Whether it is an item of a list.
    pub item: bool,
    /// Whether the bold beginning is still open.
    open_bold: bool,
    /// Where the text of a component behind a question begins: `Why us? <Badge>new</Badge>`.
    badge: Option<usize>,
    /// The cells, where a whole row of a table stands on the line.
    pub cells: Vec<String>,
    /// What else stands on the line.
    pub hidden: Option<Hidden>,
}

/// What ends a cell while a line is read: the unit separator of ASCII.
const CELL: char = '\u{1f}';

impl State {
    /// Reads the next line of a block in a file that closes these components somewhere.
    pub fn line(&mut self, source: &str, components: &HashSet<&str>) -> HtmlLine {
        let mut line = HtmlLine::default();
        let mut rest = source;
        while !rest.is_empty() {
            let (hidden, end) = if self.comment {
                (Some(Hidden::Comment), self.until(rest, "-->"))
            } else if self.script {
                (Some(Hidden::Script), self.until(rest, "</"))
            } else if self.tag {
                (Some(Hidden::Tags), self.until(rest, ">"))
            } else {
                self.text_or_tag(rest, &mut line, components)
            };
            line.hidden = line.hidden.max(hidden);
            rest = &rest[end..];
        }
        if line.text.contains(CELL) {
            let text = line.text.trim_end().strip_suffix(CELL).unwrap_or(&line.text);
            line.cells = text.split(CELL).map(|cell| unescaped(cell.trim())).collect();
            line.text = line.text.replace(CELL, " ");
        }
        line.text = unescaped(line.text.trim());
        if line.open_bold {
            line.bold = line.text.len();
        }
        line.bold = line.bold.min(line.text.len());
        while !line.text.is_char_boundary(line.bold) {
            line.bold -= 1;
        }
        line.item |= self.item && !line.text.is_empty();
        self.item &= line.text.is_empty();
        line
    }

    /// Skips what is open, to its end if that is on this line; returns how much was skipped.
    fn until(&mut self, rest: &str, end: &str) -> usize {
        let Some(at) = rest.find(end) else { return rest.len() };
        if self.script && end == "</" {
            let name = tag_name(&rest[at..]);
            if name != "/script" && name != "/style" {
                return at + 2;
            }
            self.script = false;
            return at + rest[at..].find('>').map_or(rest.len() - at, |close| close + 1);
        }
        (self.comment, self.tag) = (false, false);
        at + end.len()
    }

    /// Reads up to the next tag, or one tag; returns what was hidden and how much was read.
    fn text_or_tag(&mut self, rest: &str, line: &mut HtmlLine, components: &HashSet<&str>) -> (Option<Hidden>, usize) {
        let opens = |rest: &str| {
            rest.starts_with('<') && rest[1..].starts_with(|c: char| c.is_alphabetic() || "/!?".contains(c))
        };
        if rest.starts_with("<!--") {
            self.comment = true;
            return (Some(Hidden::Comment), 4);
        }
        if !opens(rest) {
            let end = rest.char_indices().skip(1).find(|(at, _)| opens(&rest[*at..])).map_or(rest.len(), |(at, _)| at);
            line.text.push_str(&rest[..end]);
            return (None, end);
        }
        let end = rest.find('>').map(|at| at + 1);
        self.tag = end.is_none();
        let tag = &rest[..end.unwrap_or(rest.len())];
        if end.is_some() && is_blank(tag, components) {
            line.text.push_str(tag);
            return (None, tag.len());
        }
        line.tags.push(tag.to_owned());
        let name = tag.trim_start_matches(['<', '/']);
        if name.starts_with(|c: char| c.is_ascii_uppercase()) {
            match line.badge.take() {
                Some(start) if tag.starts_with("</") => line.text.truncate(start),
                _ => {
                    line.badge =
                        (!tag.starts_with("</") && line.text.trim_end().ends_with('?')).then_some(line.text.len())
                }
            }
        }
        match tag_name(tag).as_str() {
            "script" | "style" => self.script = end.is_some(),
            "summary" | "b" | "strong" => line.open_bold |= line.text.trim().is_empty(),
            "/b" | "/strong" if line.open_bold => {
                line.open_bold = false;
                line.bold = line.text.trim().len();
            }
            "li" => {
                line.item |= line.text.trim().is_empty();
                self.item = line.text.trim().is_empty();
            }
            "/td" | "/th" => line.text.push(CELL),
            "br" | "/p" | "/li" => line.text.push(' '),
            name => {
                if let Some(level @ b'1'..=b'6') = name.strip_prefix('h').and_then(|level| level.bytes().next()) {
                    line.heading = (name.len() == 2).then_some(level - b'0').or(line.heading);
                }
            }
        }
        (Some(Hidden::Tags), tag.len())
    }
}

/// The name of a tag in lower case, with the stroke of a closing one: `/b`.
pub(super) fn tag_name(tag: &str) -> String {
    tag.trim_start_matches('<')
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '/')
        .collect::<String>()
        .to_lowercase()
}

/// The text of a piece of HTML on one line.
pub(super) fn text_of(source: &str) -> String {
    State::default().line(source, &components(source)).text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether HTML has an element of this name; others in pointed brackets are words.
pub(super) fn is_element(name: &str) -> bool {
    const ELEMENTS: [&str; 78] = [
        "a",
        "abbr",
        "address",
        "article",
        "aside",
        "audio",
        "b",
        "big",
        "blockquote",
        "br",
        "button",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "embed",
        "figcaption",
        "figure",
        "font",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "i",
        "iframe",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "li",
        "link",
        "main",
        "mark",
        "meta",
        "nav",
        "ol",
        "p",
        "path",
        "picture",
        "pre",
        "q",
        "s",
        "samp",
        "script",
        "section",
        "small",
        "source",
        "span",
        "strike",
        "strong",
        "style",
        "sub",
        "summary",
        "sup",
        "svg",
        "table",
        "tbody",
        "td",
        "th",
        "tr",
        "u",
    ];
    ELEMENTS.contains(&name)
        || matches!(name, "ul" | "var" | "video" | "wbr" | "thead" | "tfoot" | "time" | "html" | "body" | "head")
}

/// The names of the components that a page closes somewhere: `Tabs` for `</Tabs>`.
pub(super) fn components(text: &str) -> HashSet<&str> {
    let names = text
        .match_indices("</")
        .map(|(at, _)| &text[at + 2..])
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
    names.map(|rest| &rest[..rest.find(|c: char| !c.is_alphanumeric() && c != '.').unwrap_or(rest.len())]).collect()
}

/// Whether what stands in pointed brackets is a blank to be filled in: `<your answer>`, and no tag.
pub(super) fn is_blank(tag: &str, components: &HashSet<&str>) -> bool {
    let inner = tag.trim_start_matches('<').trim_end_matches('>');
    let name = &inner[..inner.find(|c: char| !c.is_alphanumeric() && c != '.').unwrap_or(inner.len())];
    let program = inner.starts_with(['/', '!', '?']) || inner.ends_with('/') || inner.contains('=') || name.is_empty();
    !program && !is_element(&name.to_lowercase()) && !components.contains(name)
}

fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let signs = [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    signs.into_iter().fold(text.to_owned(), |text, (name, sign)| text.replace(name, sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(state: &mut State, source: &str) -> HtmlLine {
        state.line(source, &HashSet::new())
    }

    #[test]
    fn tags_are_named_and_their_text_is_kept() {
        let line = read(&mut State::default(), "<p><font color=\"red\">Say why &amp; how</font></p>");
        assert_eq!(line.text, "Say why & how");
        assert_eq!(line.tags.len(), 4);
    }

    #[test]
    fn scripts_and_comments_are_hidden_over_many_lines() {
        let mut state = State::default();
        let lines =
            ["<script>", "alert('</b>')", "</script> after <!-- one", "two --> end"].map(|line| read(&mut state, line));
        assert_eq!(lines.each_ref().map(|line| line.text.as_str()), ["", "", "after", "end"]);
        let hidden = [Hidden::Tags, Hidden::Script, Hidden::Script, Hidden::Comment].map(Some);
        assert_eq!(lines.map(|line| line.hidden), hidden);
    }

    #[test]
    fn a_smaller_than_sign_is_text() {
        assert_eq!(read(&mut State::default(), "latency < 5 ms").text, "latency < 5 ms");
    }
}
