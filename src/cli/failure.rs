//! How a command ends: the exit code, and an error in three short lines.

use std::error::Error;
use std::process::ExitCode;

use greenroom::causes::causes;
use greenroom::remedy::Remedy;

use super::output;

/// How a command ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All of it was done.
    Done,
    /// It ran to its end, and some of its inputs failed.
    SomeFailed,
    /// The person stopped it; everything recorded so far is kept.
    Interrupted,
    /// It found something wrong and has said what.
    Failed,
}

impl Exit {
    /// The number for the shell.
    pub fn code(self) -> ExitCode {
        ExitCode::from(match self {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::SomeFailed => 3,
            Exit::Interrupted => 130,
        })
    }
}

/// Why a command failed: what happened, because of what, and the next thing to type.
#[derive(Debug)]
pub struct Failure {
    what: String,
    because: Option<String>,
    hint: Option<String>,
    code: u8,
}

impl Failure {
    /// A failure of the work.
    pub fn new(what: impl Into<String>) -> Failure {
        Failure { what: what.into(), because: None, hint: None, code: 1 }
    }

    /// The command was used wrongly.
    pub fn usage(what: impl Into<String>) -> Failure {
        Failure { code: 2, ..Failure::new(what) }
    }

    /// The failure that an error of the library stands for, with all its causes.
    pub fn of(error: &dyn Error) -> Failure {
        let causes = causes(error);
        let because = (!causes.is_empty()).then(|| causes.join(": "));
        Failure { because, ..Failure::new(error.to_string()) }
    }

    /// Adds the reason.
    pub fn because(mut self, because: impl Into<String>) -> Failure {
        self.because = Some(because.into());
        self
    }

    /// Adds the next thing to type.
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into());
        self
    }

    /// The same failure, as a wrong use of the command.
    pub fn into_usage(self) -> Failure {
        Failure { code: 2, ..self }
    }

    /// What happened with its reason, and the next thing to type.
    pub fn parts(&self) -> (String, String) {
        let because = self.because.as_ref().map(|because| format!(": {because}")).unwrap_or_default();
        (format!("{}{because}", self.what), self.hint.clone().unwrap_or_default())
    }

    /// Writes the lines to stderr and gives the exit code.
    pub fn print(&self) -> ExitCode {
        output::talk(&format!("{}error:{} {}", output::RED, output::PLAIN, self.what));
        if let Some(because) = &self.because {
            output::talk(&format!("  because {because}"));
        }
        if let Some(hint) = &self.hint {
            output::talk(&format!("  try: {hint}"));
        }
        ExitCode::from(self.code)
    }
}

/// Lets `?` turn errors of the library into failures, each with its own hint.
impl<E: Remedy> From<E> for Failure {
    fn from(error: E) -> Failure {
        let failure = Failure::of(&error).hint(error.hint());
        if error.is_usage() { failure.into_usage() } else { failure }
    }
}

/// Prints what clap says about the command line (help and version go to stdout) and gives the exit code.
pub fn usage(error: &clap::Error) -> ExitCode {
    if error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // Help that was not asked for by name is help all the same.
        let shown = output::try_result(&error.render().ansi().to_string());
        return ExitCode::from(u8::from(shown.is_err()));
    }
    // A closed pipe is no reason to complain about help that nobody reads.
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}
