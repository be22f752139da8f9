//! What every page has around it: the head, the policy of what may run, the look.

use super::markup::{DOCTYPE, Markup, PreEscaped, html, plain};
use crate::base_64;
use crate::models::sha256;

/// How pages look, in light, in dark and on paper.
pub const STYLE: &str = include_str!("page.css");
/// What pages do beyond being read.
pub const SCRIPT: &str = include_str!("page.js");

/// Where a page has its look and its script from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assets<'a> {
    /// Both are in the page, which loads nothing and may run nothing else.
    Inside,
    /// The look is in the page, which loads nothing and runs nothing.
    Style,
    /// Both have addresses on the server that sends the page, and its policy.
    Linked {
        /// Address of [`STYLE`].
        style: &'a str,
        /// Address of [`SCRIPT`].
        script: &'a str,
    },
}

/// A place to go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where.
    pub address: String,
    /// What stands there.
    pub text: String,
}

/// A whole page.
pub fn page(title: &str, assets: Assets, body: &Markup) -> String {
    let head = html! {
        meta charset="utf-8";
        meta name="viewport" content="width=device-width, initial-scale=1";
        meta name="color-scheme" content="light dark";
        @match assets {
            Assets::Inside | Assets::Style => {
                meta name="referrer" content="no-referrer";
                meta http-equiv="Content-Security-Policy" content=(policy_of_inside(assets));
                title { (plain(title)) }
                style { (PreEscaped(STYLE)) }
            }
            Assets::Linked { style, script } => {
                title { (plain(title)) }
                link rel="stylesheet" href=(style);
                script type="module" src=(script) {}
            }
        }
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head { (head) }
            body {
                (body)
                @if assets == Assets::Inside { script type="module" { (PreEscaped(SCRIPT)) } }
            }
        }
    };
    page.into_string() + "\n"
}

/// What a page that has everything inside may do: use our style, run our script, play what it carries or what lies beside
/// it.
fn policy_of_inside(assets: Assets) -> String {
    let runs = match assets {
        Assets::Style => String::new(),
        _ => format!("script-src {}; media-src 'self' data: blob:; ", hash(SCRIPT)),
    };
    format!("default-src 'none'; style-src {}; {runs}base-uri 'none'; form-action 'none'", hash(STYLE))
}

/// What a page from the server may do; the server sends it as `Content-Security-Policy`.
pub const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self' blob:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A source of a policy: the text with this SHA-256.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", base_64::encoded(sha256::of_bytes(text)))
}
