//! What an imported model is called.

use std::fs;
use std::path::Path;

use super::ImportError;
use crate::models::catalog;
use crate::models::convert::{Format, Precision};
use crate::models::elsewhere::repository;

/// The longest name.
const MOST_CHARS: usize = 64;

/// A name that somebody chose, without what the file's name has around it.
pub(super) fn checked(name: &str) -> Result<String, ImportError> {
    let plain = name.strip_prefix("ggml-").unwrap_or(name);
    let plain = plain.strip_suffix(".bin").unwrap_or(plain);
    let is_good = (1..=MOST_CHARS).contains(&plain.len())
        && plain.chars().all(is_name_char)
        && plain.starts_with(|first: char| first.is_ascii_alphanumeric());
    if is_good && catalog::find(plain).is_none_or(|entry| !entry.built_in) {
        Ok(plain.to_owned())
    } else {
        Err(ImportError::BadName { name: name.to_owned() })
    }
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+')
}

/// A name made from where the model is.
pub(super) fn of_format(format: &Format, precision: Option<Precision>) -> String {
    let (Format::Ggml(path) | Format::CTranslate2(path) | Format::HuggingFace(path)) = format;
    // So that `.` has a name. A file keeps the name under which it was given, wherever a link leads.
    let path = match format {
        Format::Ggml(path) => path.clone(),
        _ => fs::canonicalize(path).unwrap_or_else(|_| path.clone()),
    };
    let last = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let plain = match format {
        Format::Ggml(_) => last(&path),
        _ => repository(&path).unwrap_or_else(|| last(&path)),
    };
    let plain = plain.strip_prefix("ggml-").unwrap_or(&plain);
    let plain = plain.strip_suffix(".bin").unwrap_or(plain);
    let name: String = plain.chars().map(|c| if is_name_char(c) { c } else { '-' }).collect();
    let name = name.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let name: String = if name.is_empty() { "imported" } else { name }.chars().take(MOST_CHARS - 5).collect();
    match precision {
        Some(precision) if precision != Precision::F16 && !name.ends_with(precision.name()) => {
            format!("{name}-{}", precision.name())
        }
        _ => name,
    }
}
