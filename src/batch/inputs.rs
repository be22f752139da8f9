//! Which recordings a batch works on.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use walkdir::WalkDir;

use crate::audio::{self, Side, WantedSound};

/// Endings of files in a folder that are taken for recordings. A file that is named itself is always taken.
const ENDINGS: [&str; 41] = [
    "wav", "wave", "rf64", "bw64", "w64", "mp3", "mp2", "mpga", "m4a", "m4b", "m4r", "mp4", "m4v", "mov", "qta", "aac",
    "3gp", "3ga", "3g2", "amr", "awb", "ogg", "oga", "ogv", "opus", "spx", "flac", "webm", "weba", "mkv", "mka",
    "aiff", "aif", "aifc", "caf", "wma", "wmv", "avi", "m2ts", "au", "flv",
];

/// Why the recordings could not be listed.
#[derive(Debug, thiserror::Error)]
pub enum InputsError {
    /// There is nothing of that name, or it may not be read.
    #[error("{} could not be read", path.display())]
    Unreadable {
        /// What was named.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// There is no recording in what was named.
    #[error("there is no recording in {}", paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", "))]
    NoRecordings {
        /// What was named.
        paths: Vec<PathBuf>,
        /// Whether folders inside of folders were looked into.
        recursive: bool,
    },
}

impl InputsError {
    /// The next thing to do.
    pub fn hint(&self) -> String {
        match self {
            InputsError::Unreadable { path, .. } => format!("check the name and the rights: ls -l {}", path.display()),
            InputsError::NoRecordings { recursive: false, .. } => {
                "look into the folders inside as well: --recursive".to_owned()
            }
            InputsError::NoRecordings { .. } => format!("recordings end in {}", ENDINGS.join(", ")),
        }
    }
}

/// A recording of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The file.
    pub path: PathBuf,
    /// Its place below the folder that was named; its name alone where it was named itself.
    pub below: PathBuf,
    /// Which sound of it is heard.
    pub sound: WantedSound,
}

impl Input {
    /// All of the recording at `path`.
    pub fn whole(path: PathBuf, below: PathBuf) -> Input {
        Input { path, below, sound: WantedSound::default() }
    }

    /// What no other input of a batch is: the file, and the side of it.
    pub fn key(&self) -> (PathBuf, Option<Side>) {
        (self.path.clone(), self.sound.side)
    }

    /// One side of it, called `talk.left.wav`.
    fn side(&self, side: Side) -> Input {
        let ending = self.below.extension().map_or_else(String::new, |ending| format!(".{}", ending.to_string_lossy()));
        let below = self.below.with_extension(format!("{}{ending}", side.name()));
        Input { below, sound: WantedSound { side: Some(side), ..self.sound }, ..self.clone() }
    }
}

/// Both sides of each recording, such as of a call; a recording with one channel stays as it is.
pub fn sides(inputs: Vec<Input>) -> Vec<Input> {
    let both = |input: Input| match audio::has_one_channel(&input.path) {
        true => vec![input],
        false => vec![input.side(Side::Left), input.side(Side::Right)],
    };
    inputs.into_iter().flat_map(both).collect()
}

/// The recordings among `paths`, in order of their names within each folder, none twice.
///
/// Folders inside of folders are looked into only when `recursive`. Hidden files are left out. What cannot be
/// read is returned beside what can; the error is that there is nothing at all.
pub fn recordings(paths: &[PathBuf], recursive: bool) -> Result<(Vec<Input>, Vec<InputsError>), InputsError> {
    let mut found: Vec<Input> = Vec::new();
    let mut unreadable = Vec::new();
    for path in paths {
        let folder = match std::fs::metadata(path) {
            Ok(file) => file.is_dir(),
            Err(cause) => {
                unreadable.push(InputsError::Unreadable { path: path.clone(), cause });
                continue;
            }
        };
        if folder {
            let depth = if recursive { usize::MAX } else { 1 };
            for entry in WalkDir::new(path).max_depth(depth).sort_by_file_name() {
                let entry = match entry {
                    Ok(entry) => entry,
                    Err(error) => {
                        let path = error.path().unwrap_or(path).to_owned();
                        unreadable.push(InputsError::Unreadable { path, cause: error.into() });
                        continue;
                    }
                };
                if entry.file_type().is_file() && looks_like_recording(entry.path()) {
                    let below = entry.path().strip_prefix(path).unwrap_or(entry.path()).to_owned();
                    found.push(Input::whole(entry.into_path(), below));
                }
            }
        } else {
            let below = path.file_name().map_or_else(|| path.clone(), PathBuf::from);
            found.push(Input::whole(path.clone(), below));
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|input| seen.insert(input.path.clone()));
    match (found.is_empty(), unreadable.pop()) {
        (true, None) => Err(InputsError::NoRecordings { paths: paths.to_vec(), recursive }),
        (true, Some(error)) => Err(error),
        (false, last) => Ok((found, unreadable.into_iter().chain(last).collect())),
    }
}

fn looks_like_recording(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    !hidden && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// One of several equal parts of a batch, so that machines can share it: `1/4` to `4/4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    part: usize,
    of: usize,
}

impl Shard {
    /// The recordings of this part: every `of`-th one, so that parts stay alike as files are added.
    pub fn pick<T>(self, recordings: Vec<T>) -> Vec<T> {
        recordings.into_iter().skip(self.part - 1).step_by(self.of).collect()
    }
}

/// As part of a file's name: `1-of-4`.
impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-of-{}", self.part, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers = text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((part, of)) if (1..=of).contains(&part) => Ok(Shard { part, of }),
            _ => Err(format!("{text:?} is no part of a batch; write it like 1/4")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_recordings_and_no_other_files() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.WAV", "a.mp3", "notes.txt", ".hidden.wav"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("inner")).unwrap();
        std::fs::write(folder.path().join("inner/c.ogg"), "").unwrap();
        let names = |recursive| {
            let (found, _) = recordings(&[folder.path().to_owned()], recursive).unwrap();
            found.into_iter().map(|input| input.below.display().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names(false), ["a.mp3", "b.WAV"]);
        assert_eq!(names(true), ["a.mp3", "b.WAV", "inner/c.ogg"]);
    }

    #[test]
    fn a_named_file_is_taken_whatever_it_is_called_and_only_once() {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join("voice memo");
        std::fs::write(&odd, "").unwrap();
        let (found, _) = recordings(&[odd.clone(), odd.clone()], false).unwrap();
        assert_eq!(found, [Input::whole(odd, "voice memo".into())]);
    }

    #[test]
    fn the_two_sides_of_a_recording_are_two_inputs_with_names_of_their_own() {
        let two = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sounds/tone-f32-stereo.wav");
        let one = two.with_file_name("tone-s24.wav");
        let inputs = [two, one].map(|path| Input::whole(path.clone(), path.file_name().unwrap().into()));
        let names: Vec<_> = sides(inputs.to_vec()).iter().map(|input| input.below.display().to_string()).collect();
        assert_eq!(names, ["tone-f32-stereo.left.wav", "tone-f32-stereo.right.wav", "tone-s24.wav"]);
    }

    #[test]
    fn a_missing_file_does_not_keep_the_others_from_being_done() {
        let folder = tempfile::tempdir().unwrap();
        let there = folder.path().join("a.wav");
        std::fs::write(&there, "").unwrap();
        let missing = folder.path().join("b.wav");
        let (found, unreadable) = recordings(&[missing.clone(), there.clone()], false).unwrap();
        assert_eq!(found[0].path, there);
        assert!(unreadable[0].to_string().contains("b.wav"));
        assert!(recordings(&[missing], false).is_err());
    }

    #[test]
    fn the_parts_of_a_batch_make_the_whole_and_share_nothing() {
        let all: Vec<usize> = (0..10).collect();
        let mut parts: Vec<usize> = (1..=3).flat_map(|i| Shard { part: i, of: 3 }.pick(all.clone())).collect();
        parts.sort();
        assert_eq!(parts, all);
        for bad in ["0/3", "4/3", "1", "a/b", "1/0"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
    }
}
