//! Where the sets of people we do not know lie: beside the project, and no part of it.

use std::path::{Path, PathBuf};

/// The folder of the tuning sets, where there is one: `shared/eval` beside the project or beside a folder above it.
pub fn folder() -> Option<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    above.map(|folder| folder.join("shared/eval")).find(|folder| folder.is_dir())
}
