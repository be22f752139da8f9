//! Which recordings a batch works on.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::audio::{self, Side, WantedSound};
use crate::quote::quoted;
use crate::remedy::{NextStep, Remedy};

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

impl Remedy for InputsError {
    fn next_step(&self) -> NextStep {
        match self {
            InputsError::Unreadable { path, .. } => {
                format!("check the name and the rights: ls -l {}", quoted(path)).into()
            }
            InputsError::NoRecordings { recursive: false, .. } => {
                "look into the folders inside as well: --recursive".into()
            }
            InputsError::NoRecordings { .. } => format!("recordings end in {}", ENDINGS.join(", ")).into(),
        }
    }
}

/// A recording of a batch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Input {
    /// The file.
    pub path: PathBuf,
    /// Its place below the folder that was named; its name alone where it was named itself.
    pub below: PathBuf,
    /// Which sound of it is transcribed.
    pub sound: WantedSound,
}

impl Input {
    /// The recording at `path`, all of it; `below` as in [`Input::below`].
    pub fn new(path: impl Into<PathBuf>, below: impl Into<PathBuf>) -> Input {
        Input { path: path.into(), below: below.into(), sound: WantedSound::default() }
    }

    /// One track of it, or with `sides` the two sides of that track: a recording of a single channel has none.
    pub fn sounds(self, track: Option<NonZeroUsize>, sides: bool) -> Vec<Input> {
        let sides = match sides && !audio::has_one_channel(&self.path) {
            true => vec![Some(Side::Left), Some(Side::Right)],
            false => vec![None],
        };
        sides.into_iter().map(|side| Input { sound: WantedSound { track, side }, ..self.clone() }).collect()
    }

    /// How a table calls it: its path, and which side of it.
    pub fn name(&self) -> String {
        self.with_side(&self.path)
    }

    /// A place of it, and which side of it.
    pub(super) fn with_side(&self, place: &Path) -> String {
        let side = self.sound.side.map_or_else(String::new, |side| format!(" ({})", side.name()));
        format!("{}{side}", place.display())
    }

    /// What its record says of the sound, where that is not all of it.
    pub(super) fn sound_name(&self) -> Option<String> {
        let track = self.sound.track.map(|track| format!("track {track}"));
        let side = self.sound.side.map(|side| side.name().to_owned());
        let parts: Vec<String> = track.into_iter().chain(side).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// Whose it is, where folders are people: the first folder below the one that was named.
    pub fn person(&self) -> Option<String> {
        let mut parts = self.below.components();
        let first = parts.next()?;
        parts.next().map(|_| first.as_os_str().to_string_lossy().into_owned())
    }
}

/// The recordings among `paths`, in order of their names within each folder, none twice however it is spelled.
///
/// Folders inside of folders are looked into only when `recursive`. Hidden files are left out. A link to a recording counts
/// as that recording; links to folders are not followed. What cannot be
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
                if entry.file_type().is_dir() || !looks_like_recording(entry.path()) {
                    continue;
                }
                let about = std::fs::metadata(entry.path());
                if let Err(cause) = about {
                    unreadable.push(InputsError::Unreadable { path: entry.into_path(), cause });
                } else if about.is_ok_and(|about| about.is_file()) {
                    let below = entry.path().strip_prefix(path).unwrap_or(entry.path()).to_owned();
                    found.push(Input::new(entry.into_path(), below));
                }
            }
        } else {
            let below = path.file_name().map_or_else(|| path.clone(), PathBuf::from);
            found.push(Input::new(path, below));
        }
    }
    let mut seen = std::collections::HashSet::new();
    // What cannot be looked up stays: reading it will say why.
    found.retain(|input| std::fs::canonicalize(&input.path).map_or(true, |place| seen.insert(place)));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_sides_of_a_recording_are_two_inputs_and_one_channel_is_one() {
        let sides = |name| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sounds").join(name);
            let inputs = Input::new(path, name).sounds(None, true);
            inputs.iter().map(|input| input.sound.side).collect::<Vec<_>>()
        };
        assert_eq!(sides("tone-f32-stereo.wav"), [Some(Side::Left), Some(Side::Right)]);
        assert_eq!(sides("tone-s24.wav"), [None]);
    }

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
        assert_eq!(found, [Input::new(odd, "voice memo")]);
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

    #[cfg(unix)]
    #[test]
    fn a_file_that_is_spelled_in_several_ways_or_linked_to_is_one_recording() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("a.wav"), "").unwrap();
        std::fs::create_dir(at("inner")).unwrap();
        std::os::unix::fs::symlink(at("a.wav"), at("link.wav")).unwrap();
        std::os::unix::fs::symlink(at("nowhere"), at("dangling.wav")).unwrap();
        let spelled = [at("a.wav"), at("./a.wav"), at("inner/../a.wav"), at("link.wav"), folder.path().to_owned()];
        let (found, unreadable) = recordings(&spelled, false).unwrap();
        assert_eq!(found.iter().map(|input| &input.path).collect::<Vec<_>>(), [&at("a.wav")]);
        assert_eq!(unreadable.len(), 1, "the link that leads nowhere: {unreadable:?}");
    }

    #[test]
    fn a_recording_in_a_folder_below_the_named_one_is_that_persons() {
        let person = |below: &str| Input::new("x", below).person();
        assert_eq!(person("ada/monday/a.wav").as_deref(), Some("ada"));
        assert_eq!(person("a.wav"), None);
    }
}
