//! The labelled files that several programs measure on.

use std::path::{Path, PathBuf};

use crate::labelled::{LabelledAnswer, parse};

type Failure = Box<dyn std::error::Error>;

/// The Markdown files of a folder, by name.
pub fn markdown(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, Failure>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    paths.sort();
    Ok(paths)
}

/// The answers of `content/labelled/star`, by file and place. Fails at the first that cannot be read, with its file.
pub fn labelled_answers() -> Result<Vec<LabelledAnswer>, Failure> {
    let mut answers = Vec::new();
    for path in markdown(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content/labelled/star"))? {
        let text = std::fs::read_to_string(&path)?;
        answers.extend(parse(&text).map_err(|error| format!("{}: {error}", path.display()))?);
    }
    Ok(answers)
}
