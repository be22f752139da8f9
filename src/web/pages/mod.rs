//! What is sent to browsers: pure functions from data to text, with the look and the markup of [`crate::report::pages`].

pub mod banks;
pub mod choose;
pub mod live;
pub mod model;
pub mod next_step;
pub mod over_time;
pub mod search;

use super::Problem;
use crate::report::pages::{Assets, Link, Markup, STYLE, html, page, words};
use crate::report::terminal::clock;

/// What every page of the server does: it says that it is open, follows a sitting, and takes files that are dropped.
pub const APP_SCRIPT: &str = include_str!("app.js");
const APP_STYLE: &str = include_str!("app.css");

/// The look of the pages.
pub fn style() -> String {
    format!("{STYLE}{APP_STYLE}")
}

/// The places there are.
pub const PLACES: [(&str, &str); 4] =
    [("/", "Rehearse"), ("/over-time", "Over time"), ("/search", "Search"), ("/banks", "Banks")];

/// The places as links.
pub fn places() -> Vec<Link> {
    PLACES.map(|(address, text)| Link { address: address.to_owned(), text: text.to_owned() }).to_vec()
}

/// A page with the places above it; `here` is the address of its own.
fn framed(title: &str, here: &str, body: &Markup) -> String {
    let framed = html! {
        a.skip href="#main" { "To the content" }
        nav.around aria-label="Greenroom" {
            ul {
                @for (address, text) in PLACES {
                    li { a href=(address) aria-current=[(address == here).then_some("page")] { (text) } }
                }
            }
        }
        main #main { (body) }
        p #announced.unseen role="status" aria-live="polite" {}
    };
    page(&format!("{title} \u{b7} Greenroom"), Assets::Linked { style: "/style.css", script: "/app.js" }, &framed)
}

/// What went wrong, and what to do next.
pub fn problem(problem: &Problem) -> String {
    let body = html! {
        header.title { h1 { "That did not work" } }
        p.verdict { (words(&problem.what)) }
        @if !problem.hint.is_empty() { p { (next_step::said(&problem.hint)) } }
        p { a href="/" { "To the first page" } }
    };
    framed("That did not work", "", &body)
}

/// Sentences that a person should know.
fn notices(notices: &[String]) -> Markup {
    html! { @for notice in notices { p.notice { (words(notice)) } } }
}
