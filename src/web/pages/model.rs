//! The download of a speech model.

use super::{framed, next_step};
use crate::models::catalog::{self, CatalogEntry};
use crate::report::pages::{Markup, html, words};
use crate::web::model::Stand;

/// The offer of a first page that has none to hear with.
pub fn offer() -> Markup {
    let offered = [catalog::FIRST, catalog::RECOMMENDED].into_iter().filter_map(catalog::find);
    html! {
        div.next {
            h2 { "A speech model is missing" }
            p { "Whisper needs one to write down what you say. It is downloaded once; after that nothing leaves this machine." }
            @for entry in offered { (button(entry, false)) }
        }
    }
}

fn button(entry: &CatalogEntry, is_here: bool) -> Markup {
    html! {
        form.offer method="post" action="/model" {
            p {
                button name="name" value=(entry.name) { "Download " (entry.name) ", " (entry.megabytes()) " MB" }
                " " span.quiet { @if is_here { "Is here. " } (entry.advice) }
            }
        }
    }
}

/// Every model that is known; `here` are the names of those that are here, which can be downloaded again.
pub fn choose(here: &[String]) -> String {
    let body = html! {
        header.title { h1 { "Speech models" } }
        p { "A better one hears more and takes longer. Files are checked byte by byte, and one that is broken is replaced." }
        @for entry in catalog::entries() {
            (button(entry, here.contains(&entry.name)))
        }
    };
    framed("Speech models", "/", &body)
}

/// The page of a download; it leads back to the first one when the model is whole.
pub fn page(stand: &Stand) -> String {
    let body = html! {
        header.title { h1 { "Downloading " (stand.entry.name) } }
        div #progress data-progress="/model/progress" { (progress(stand)) }
        noscript { p { a href="/model" { "How far is it now?" } } }
    };
    framed("Downloading", "/", &body)
}

/// What changes while it comes.
pub fn progress(stand: &Stand) -> Markup {
    let megabytes = |bytes: u64| bytes / 1_000_000;
    html! {
        @match &stand.ended {
            Some(Err((what, hint))) => {
                p.verdict { (words(what)) }
                @if !hint.is_empty() { p { (next_step::said(hint)) } }
                p.quiet { "What has come is kept: the next try goes on from there." }
                (button(stand.entry, false))
            },
            _ => {
                p.download {
                    progress value=(stand.bytes) max=(stand.entry.bytes) aria-label="downloaded" {}
                    " " (megabytes(stand.bytes)) " of " (stand.entry.megabytes()) " MB"
                }
                p.quiet { (words(&stand.doing)) }
            }
        }
    }
}
