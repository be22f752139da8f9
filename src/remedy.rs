//! What a person can do about an error, said once and read twice: the terminal prints commands to type, the page leads to
//! its own places.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use crate::quote::quoted;

/// An error that knows the next thing to do about it.
pub trait Remedy: Error {
    /// What to do next.
    fn next_step(&self) -> NextStep;

    /// Whether the person asked for something that cannot be, rather than something having gone wrong.
    fn is_usage(&self) -> bool {
        false
    }

    /// What to do next, as a terminal says it.
    fn hint(&self) -> String {
        self.next_step().to_string()
    }
}

/// What to do next: words, and between them what Greenroom itself can do. As text it is what a terminal says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NextStep {
    pieces: Vec<Piece>,
}

/// A piece of a [`NextStep`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words that hold anywhere.
    Words(String),
    /// Something that Greenroom does.
    Do(Action),
}

/// Something that Greenroom does for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Shows the microphones.
    Microphones,
    /// Looks at everything that a rehearsal needs.
    Doctor,
    /// Plays the demo, which needs no microphone.
    Demo,
    /// Finishes takes that were broken off.
    Recover,
    /// Begins a rehearsal.
    Rehearse,
    /// Shows the sessions.
    Sessions,
    /// Shows one session.
    Session(String),
    /// Makes the index again.
    Reindex,
    /// Shows the settings in force.
    Settings,
    /// Changes a setting.
    Set(&'static str, &'static str),
    /// Shows the banks.
    Banks,
    /// Writes a bank to begin with.
    NewBank,
    /// Shows how the lines of a file are understood.
    CheckBank(PathBuf),
    /// Takes in a file in the place of an earlier one.
    ReplaceBank,
    /// Shows the models.
    Models,
    /// Checks the models that are here.
    VerifyModels,
    /// Looks for models of other programs.
    FindModels,
    /// Downloads a model.
    Pull(String),
    /// Takes in a model from elsewhere: what is typed behind it.
    ImportModel(&'static str),
    /// Deletes a model.
    RemoveModel,
    /// Judges a recording or a text.
    Analyze,
    /// Transcribes a folder.
    Transcribe(PathBuf),
}

impl Action {
    /// What is typed for it behind `greenroom`.
    fn typed(&self) -> String {
        let fixed = match self {
            Action::Microphones => "devices",
            Action::Doctor => "doctor",
            Action::Demo => "demo",
            Action::Recover => "review recover",
            Action::Rehearse => "rehearse",
            Action::Sessions => "review list",
            Action::Session(id) => return format!("review show {id}"),
            Action::Reindex => "review reindex",
            Action::Settings => "config show",
            Action::Set(key, value) => return format!("config set {key} {value}"),
            Action::Banks => "bank list",
            Action::NewBank => "bank new",
            Action::CheckBank(path) => return format!("bank check {}", quoted(path)),
            Action::ReplaceBank => "bank import FILE --replace",
            Action::Models => "models list",
            Action::VerifyModels => "models verify",
            Action::FindModels => "models find",
            Action::Pull(name) => return format!("models pull {name}"),
            Action::ImportModel(what) => return format!("models import {what}"),
            Action::RemoveModel => "models remove NAME",
            Action::Analyze => "analyze FILE",
            Action::Transcribe(path) => return format!("transcribe {}", quoted(path)),
        };
        fixed.to_owned()
    }
}

impl fmt::Display for Action {
    /// The command.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "greenroom {}", self.typed())
    }
}

impl NextStep {
    /// Of pieces, in order.
    pub fn of(pieces: impl IntoIterator<Item = Piece>) -> NextStep {
        NextStep { pieces: pieces.into_iter().collect() }
    }

    /// What it is made of.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Nothing that could be done.
    pub fn none() -> NextStep {
        NextStep::default()
    }

    /// The same, and then this.
    #[must_use]
    pub fn then(mut self, more: impl Into<NextStep>) -> NextStep {
        self.pieces.extend(more.into().pieces);
        self
    }
}

/// Words and actions in the order in which they are said: `next!["choose another: ", Action::Microphones]`.
macro_rules! next {
    ($($piece:expr),+ $(,)?) => { $crate::remedy::NextStep::of([$($crate::remedy::Piece::from($piece)),+]) };
}
pub(crate) use next;

impl fmt::Display for NextStep {
    /// As a terminal says it: a command in the middle of a sentence is marked as one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut is_apart = true;
        for piece in &self.pieces {
            match piece {
                Piece::Words(words) => {
                    f.write_str(words)?;
                    is_apart = words.ends_with(": ");
                }
                Piece::Do(action) if is_apart => write!(f, "{action}")?,
                Piece::Do(action) => write!(f, "`{action}`")?,
            }
        }
        Ok(())
    }
}

impl From<&str> for Piece {
    fn from(words: &str) -> Piece {
        Piece::Words(words.to_owned())
    }
}

impl From<String> for Piece {
    fn from(words: String) -> Piece {
        Piece::Words(words)
    }
}

impl From<Action> for Piece {
    fn from(action: Action) -> Piece {
        Piece::Do(action)
    }
}

impl<P: Into<Piece>> From<P> for NextStep {
    fn from(piece: P) -> NextStep {
        NextStep::of([piece.into()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_stands_apart_or_is_marked_in_its_sentence() {
        let step = next!["choose another: ", Action::Microphones, "; or try ", Action::Demo];
        assert_eq!(step.to_string(), "choose another: greenroom devices; or try `greenroom demo`");
        let step = next![Action::Pull("base.en".into()), "   (replaces the file)"];
        assert_eq!(step.to_string(), "greenroom models pull base.en   (replaces the file)");
        assert!(NextStep::none().is_empty() && NextStep::none().to_string().is_empty());
    }

    #[test]
    fn what_is_typed_can_be_pasted_into_a_shell() {
        let action = Action::CheckBank("my notes.md".into());
        assert_eq!(action.to_string(), "greenroom bank check 'my notes.md'");
    }
}
