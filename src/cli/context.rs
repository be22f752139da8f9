//! The settings in force, for a command: what of them cannot be used is said.

use super::{Failure, output};
use greenroom::setup::Context;

/// Reads the settings; touches nothing.
pub fn load() -> Result<Context, Failure> {
    Ok(Context::load(say)?)
}

/// As [`load`], with what was typed instead: setting, flag and value.
pub fn load_with(flags: &[(&str, &str, Option<&str>)]) -> Result<Context, Failure> {
    Ok(load()?.with_flags(flags)?)
}

/// Says something that the person should know.
pub fn say(sentence: &str) {
    output::talk(sentence);
}
