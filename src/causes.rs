//! What is behind an error, in words.

use std::error::Error;
use std::iter::successors;

/// Everything behind an error, the nearest first.
pub fn causes(error: &dyn Error) -> Vec<String> {
    successors(error.source(), |cause| (*cause).source()).map(ToString::to_string).collect()
}

/// An error and everything behind it, in one sentence.
pub fn with_causes(error: &dyn Error) -> String {
    std::iter::once(error.to_string()).chain(causes(error)).collect::<Vec<_>>().join(": ")
}
