//! A page that leads to others.

use super::markup::{html, words};
use super::shell::{Assets, Link, page};

/// A page with a title and places to go to, in order.
pub fn list(title: &str, links: &[Link], assets: Assets) -> String {
    let body = html! {
        main {
            header.title { h1 { (words(title)) } }
            ul.list {
                @for link in links { li { a href=(link.address) { (words(&link.text)) } } }
            }
        }
    };
    page(title, assets, &body)
}
