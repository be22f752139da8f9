//! Markup that escapes what it is given; the only file that names `maud`.

pub use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Somebody's words inside a page: isolated, so that signs which turn the direction of writing around end with them,
/// and without control characters.
pub(crate) fn words(text: &str) -> Markup {
    html! { bdi { (shown(text)) } }
}

/// The text without control characters; ends of lines and tabs are spaces.
pub fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !c.is_control()).collect()
}

/// As [`shown`], for places that know no markup, such as a title: without the signs that turn writing around, too.
pub(super) fn plain(text: &str) -> String {
    shown(text).chars().filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')).collect()
}
