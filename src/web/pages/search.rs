//! Looking for words in everything that was said, asked and noted.

use super::{clock, framed};
use crate::report::pages::{Markup, html, words};
use crate::types::{Field, Hit, WordRange};

/// What was looked for, and what was found.
pub struct Searched<'a> {
    /// What was typed.
    pub typed: &'a str,
    /// How many takes have it, and the first of them; `None` where nothing was looked for.
    pub found: Option<(usize, &'a [Hit])>,
    /// What there is to say of the index.
    pub notes: &'a [String],
}

/// The page.
pub fn page(searched: &Searched) -> String {
    let body = html! {
        header.title { h1 { "Search" } }
        form.search method="get" action="/search" role="search" {
            label for="q" { "Words, \u{201c}a phrase\u{201d}, or the start of a word with a star" }
            p.row { input #q type="search" name="q" value=(searched.typed) maxlength="200"; button { "Search" } }
        }
        @if let Some((count, hits)) = searched.found {
            p role="status" {
                @match count {
                    0 => "No take has all of these words.",
                    1 => "One take has it.",
                    count => { (count) " takes have it, the newest first." }
                }
                @if count > hits.len() { " The first " (hits.len()) " of them:" }
            }
            ul.hits { @for hit in hits { li { (one(hit)) } } }
        }
        (super::notices(searched.notes))
    };
    framed("Search", "/search", &body)
}

fn one(hit: &Hit) -> Markup {
    let at = hit.at_s.map(|at| format!("#t={:.2}", at.0)).unwrap_or_default();
    html! {
        p {
            a href={ "/takes/" (hit.take.session) "/" (hit.take.take) (at) } { (words(&hit.question.text)) }
            " " span.at { (hit.take.session) @if let Some(at) = hit.at_s { " at " (clock(at)) } }
        }
        p.quote {
            @if let Some(kind) = kind(hit.field) { span.quiet { (kind) ": " } }
            (quote(&hit.quote, &hit.matched))
        }
    }
}

fn kind(field: Field) -> Option<&'static str> {
    match field {
        Field::Said => None,
        Field::Question => Some("in the question"),
        Field::Remarks => Some("in your remarks"),
        Field::Points => Some("in your points"),
        Field::Findings => Some("in the report"),
    }
}

/// The quote with what was looked for marked.
fn quote(quote: &str, matched: &[WordRange]) -> Markup {
    let is_in = |at: usize| matched.iter().any(|range| range.indices().contains(&at));
    html! {
        q { @for (at, word) in quote.split(' ').enumerate() {
            @if at > 0 { " " }
            @if is_in(at) { mark.found { (words(word)) } } @else { (words(word)) }
        } }
    }
}
