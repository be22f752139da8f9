//! What went wrong, as a page that says what to do next.

use std::error::Error;

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::pages;
use crate::causes::with_causes;
use crate::content::LibraryError;
use crate::index::IndexError;
use crate::remedy::{NextStep, Remedy};
use crate::setup::SetupError;
use crate::store::{ConfigError, StoreError};

/// Why a page cannot be shown, or something could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    /// What happened.
    pub what: String,
    /// The next thing to do.
    pub hint: NextStep,
}

impl Problem {
    /// Something that cannot be done as it was asked for.
    pub fn new(status: StatusCode, what: impl Into<String>, hint: impl Into<NextStep>) -> Problem {
        Problem { status, what: what.into(), hint: hint.into() }
    }

    /// No page is there.
    pub fn no_such_page() -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "There is no such page.", NextStep::none())
    }

    /// Who comes without the token.
    pub fn not_let_in() -> Problem {
        let hint = "Open the address that `greenroom open` printed: it lets this browser in.";
        Problem::new(StatusCode::FORBIDDEN, "This browser has not been let in.", hint)
    }

    /// Something inside broke.
    pub fn inside(broken: &dyn Error) -> Problem {
        let what = format!("Something inside Greenroom broke: {broken}.");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, what, NextStep::none())
    }

    fn of(error: &dyn Error, status: StatusCode, hint: NextStep) -> Problem {
        Problem::new(status, with_causes(error), hint)
    }
}

impl From<SetupError> for Problem {
    fn from(error: SetupError) -> Problem {
        let status = if error.is_usage() { StatusCode::BAD_REQUEST } else { StatusCode::CONFLICT };
        Problem::of(&error, status, error.next_step())
    }
}

impl From<ConfigError> for Problem {
    fn from(error: ConfigError) -> Problem {
        Problem::of(&error, StatusCode::CONFLICT, error.next_step())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        let status = match error {
            StoreError::NoSession { .. } | StoreError::NoTake { .. } => StatusCode::NOT_FOUND,
            _ => StatusCode::CONFLICT,
        };
        Problem::of(&error, status, error.next_step())
    }
}

impl From<IndexError> for Problem {
    fn from(error: IndexError) -> Problem {
        Problem::of(&error, StatusCode::CONFLICT, error.next_step())
    }
}

impl From<LibraryError> for Problem {
    fn from(error: LibraryError) -> Problem {
        Problem::of(&error, StatusCode::BAD_REQUEST, error.next_step())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status, Html(pages::problem(&self))).into_response()
    }
}
