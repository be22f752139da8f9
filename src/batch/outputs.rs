//! What a batch writes, under which names, and whether it is there already.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::Input;
use crate::audio::Side;
use crate::report;
use crate::store::{StoreError, write_whole};
use crate::types::Report;

/// A kind of file that is written for each recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Words with their times.
    Json,
    /// Plain text.
    Txt,
    /// SubRip captions.
    Srt,
    /// WebVTT captions.
    Vtt,
}

impl Format {
    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Txt => "txt",
            Format::Srt => "srt",
            Format::Vtt => "vtt",
        }
    }

    fn render(self, report: &Report) -> String {
        match self {
            Format::Json => report::json::pretty(&report.transcript),
            Format::Txt => report::text::plain(&report.transcript),
            Format::Srt => report::captions::srt(&report.transcript),
            Format::Vtt => report::captions::vtt(&report.transcript),
        }
    }
}

/// Which files are written for which recording.
#[derive(Clone, Debug)]
pub struct Outputs {
    formats: Vec<Format>,
    with_report: bool,
    /// For each recording the path that its files' endings are added to.
    stems: BTreeMap<(PathBuf, Option<Side>), PathBuf>,
}

impl Outputs {
    /// Plans the files for `inputs`: beside each recording, or below `folder` as they lie below what was named.
    ///
    /// `talk.wav` gives `talk.txt`; where two recordings would write the same file, both keep their
    /// whole names: `talk.wav.txt`, `talk.mp3.txt`; where even these are the same, a number is added.
    pub fn plan(inputs: &[Input], folder: Option<&Path>, formats: Vec<Format>, with_report: bool) -> Outputs {
        let place = |input: &Input| folder.map_or_else(|| input.path.clone(), |folder| folder.join(&input.below));
        let mut sharing: BTreeMap<PathBuf, usize> = BTreeMap::new();
        for input in inputs {
            *sharing.entry(place(input).with_extension("")).or_default() += 1;
        }
        let mut taken = BTreeSet::new();
        let mut stems = BTreeMap::new();
        for input in inputs {
            let whole = place(input);
            let short = whole.with_extension("");
            let wanted = if sharing[&short] > 1 { whole } else { short };
            let free = (1..).map(|n| numbered(&wanted, n)).find(|stem| !taken.contains(stem));
            let stem = free.expect("there are more numbers than recordings");
            taken.insert(stem.clone());
            stems.insert(input.key(), stem);
        }
        Outputs { formats, with_report, stems }
    }

    /// The files of one recording.
    pub fn files(&self, input: &Input) -> Vec<PathBuf> {
        let report = self.with_report.then_some("report.json");
        self.formats.iter().map(|format| format.ending()).chain(report).map(|end| self.file(input, end)).collect()
    }

    /// Whether every file of a recording is there, and none is older than the recording.
    pub fn are_done(&self, input: &Input) -> bool {
        let changed = |path: &Path| std::fs::metadata(path).and_then(|file| file.modified()).ok();
        let recorded = changed(&input.path);
        self.files(input).iter().all(|file| changed(file).is_some_and(|written| Some(written) >= recorded))
    }

    /// Writes the files of one recording, each whole or not at all; returns their paths.
    pub fn write(&self, input: &Input, report: &Report) -> Result<Vec<PathBuf>, StoreError> {
        let mut written = Vec::new();
        for format in &self.formats {
            let file = self.file(input, format.ending());
            written.push(write_text(file, &format.render(report))?);
        }
        if self.with_report {
            written.push(write_text(self.file(input, "report.json"), &report::json::pretty(report))?);
        }
        Ok(written)
    }

    fn file(&self, input: &Input, ending: &str) -> PathBuf {
        let stem = self.stems.get(&input.key()).expect("the batch was planned with every input");
        let mut name = stem.clone().into_os_string();
        name.push(".");
        name.push(ending);
        PathBuf::from(name)
    }
}

/// A path with a number behind it; the first has none.
fn numbered(path: &Path, number: usize) -> PathBuf {
    if number == 1 {
        return path.to_owned();
    }
    let mut name = path.as_os_str().to_owned();
    name.push(format!("-{number}"));
    PathBuf::from(name)
}

/// Writes the table of a whole batch, whole or not at all.
pub fn write_table(path: &Path, table: &str) -> Result<PathBuf, StoreError> {
    write_text(path.to_owned(), table)
}

/// Writes `text` to `path`, whole or not at all, making the folders above it.
fn write_text(path: PathBuf, text: &str) -> Result<PathBuf, StoreError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|cause| StoreError::writing(folder, cause))?;
    }
    write_whole(&path, text.as_bytes())?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(path: &str, below: &str) -> Input {
        Input::whole(path.into(), below.into())
    }

    #[test]
    fn recordings_that_share_a_name_keep_their_endings() {
        let inputs = [input("in/a.wav", "a.wav"), input("in/a.mp3", "a.mp3"), input("in/b.wav", "b.wav")];
        let outputs = Outputs::plan(&inputs, None, vec![Format::Txt], false);
        let files: Vec<_> = inputs.iter().flat_map(|input| outputs.files(input)).collect();
        assert_eq!(files, ["in/a.wav.txt", "in/a.mp3.txt", "in/b.txt"].map(PathBuf::from));
    }

    #[test]
    fn recordings_of_the_same_name_from_two_folders_do_not_overwrite_each_other() {
        let inputs = [input("a/01.wav", "01.wav"), input("b/01.wav", "01.wav")];
        let outputs = Outputs::plan(&inputs, Some(Path::new("out")), vec![Format::Txt], false);
        let files: Vec<_> = inputs.iter().flat_map(|input| outputs.files(input)).collect();
        assert_eq!(files, ["out/01.wav.txt", "out/01.wav-2.txt"].map(PathBuf::from));
    }

    #[test]
    fn folders_inside_the_named_one_are_kept_below_the_output_folder() {
        let inputs = [input("in/x/a.wav", "x/a.wav"), input("in/y/a.wav", "y/a.wav")];
        let outputs = Outputs::plan(&inputs, Some(Path::new("out")), vec![Format::Srt], true);
        assert_eq!(outputs.files(&inputs[1]), ["out/y/a.srt", "out/y/a.report.json"].map(PathBuf::from));
    }

    #[test]
    fn a_recording_newer_than_its_transcript_is_not_done() {
        let folder = tempfile::tempdir().unwrap();
        let (audio, text) = (folder.path().join("a.wav"), folder.path().join("a.txt"));
        std::fs::write(&audio, "").unwrap();
        let one = Input::whole(audio.clone(), "a.wav".into());
        let outputs = Outputs::plan(std::slice::from_ref(&one), None, vec![Format::Txt], false);
        assert!(!outputs.are_done(&one));
        std::fs::write(&text, "words").unwrap();
        assert!(outputs.are_done(&one));
        let old = std::time::SystemTime::UNIX_EPOCH;
        std::fs::File::options().append(true).open(&text).unwrap().set_modified(old).unwrap();
        assert!(!outputs.are_done(&one));
    }
}
