//! Pages of HTML for people: a take, with its sound, its words and what was found.
//!
//! A page needs no server: it is a `String`, either with all it needs inside or with the addresses of what is beside it.
//! Everything can be read without a script; a script makes words heard. Nothing is styled in place, so that the policy
//! of a page can forbid everything that is not ours.

mod comparison;
mod findings;
mod first;
mod list;
mod markup;
mod player;
mod shell;
mod take;
mod words;

#[cfg(test)]
mod tests;

pub use comparison::comparison_page;
#[cfg(feature = "app")]
pub(crate) use first::screen as first_screen;
pub use list::list;
pub(crate) use markup::words;
pub use markup::{Markup, html, shown};
pub use player::PEAKS;
pub use shell::{Assets, Link, POLICY, SCRIPT, STYLE, page};
pub use take::{Forms, Sound, TakePage};
