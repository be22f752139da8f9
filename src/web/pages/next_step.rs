//! What to do next, as the page says it: it leads to its own places, and to a terminal only for what it cannot do.

use crate::remedy::{Action, NextStep, Piece};
use crate::report::pages::{Markup, html, words};

/// A sentence with links.
pub fn said(step: &NextStep) -> Markup {
    html! {
        @for piece in step.pieces() {
            @match piece {
                Piece::Words(text) => (words(text)),
                Piece::Do(action) => (of_action(action)),
            }
        }
    }
}

/// The same where nothing can be a link.
pub fn as_text(step: &NextStep) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Words(text) => text.clone(),
        Piece::Do(action) => place(action).map_or_else(|| action.to_string(), |(_, text)| text.to_owned()),
    };
    step.pieces().iter().map(text).collect()
}

fn of_action(action: &Action) -> Markup {
    html! {
        @match place(action) {
            Some((address, text)) => a href=(address) { (text) },
            None => { "in a terminal, " code { (action.to_string()) } }
        }
    }
}

/// Where the page does it, and what that is called; `None` where it does not.
fn place(action: &Action) -> Option<(&'static str, &'static str)> {
    match action {
        Action::Microphones => Some(("/", "look under Microphone on the first page")),
        Action::Rehearse => Some(("/", "the first page")),
        Action::Sessions | Action::Session(_) => Some(("/over-time", "your sessions")),
        Action::Banks => Some(("/banks", "your banks")),
        Action::NewBank | Action::ReplaceBank => Some(("/banks", "drop a file on the page of the banks")),
        Action::Pull(_) | Action::Models => Some(("/model", "download a model")),
        Action::Doctor
        | Action::Recover
        | Action::Demo
        | Action::Reindex
        | Action::Settings
        | Action::Set(..)
        | Action::CheckBank(_)
        | Action::VerifyModels
        | Action::FindModels
        | Action::ImportModel(_)
        | Action::RemoveModel
        | Action::Analyze
        | Action::Transcribe(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remedy::next;

    #[test]
    fn the_page_leads_to_its_own_places_and_to_a_terminal_only_for_the_rest() {
        let step = next!["choose another: ", Action::Microphones, "; or ", Action::Doctor];
        let page = said(&step).into_string();
        assert!(page.contains("<a href=\"/\">look under Microphone on the first page</a>"), "{page}");
        assert!(page.contains("in a terminal, <code>greenroom doctor</code>"), "{page}");
        assert_eq!(as_text(&step), "choose another: look under Microphone on the first page; or greenroom doctor");
    }
}
