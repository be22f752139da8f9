//! What a batch notes of each recording: `.greenroom/NAME.json` beside what it wrote.
//!
//! One small file a recording, so that any number of machines can write to one folder at a time.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use super::Input;
use crate::models::sha256::{self, Hasher};
use crate::report::csv;
use crate::store::{Over, StoreError, make_private_folder, write_beside};

/// The folder of the records, beside the files they are about.
pub const RECORDS: &str = ".greenroom";

/// What was made of a recording, and which files it is in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// [`Record::SCHEMA`].
    pub schema: String,
    /// The recording.
    pub source: Source,
    /// Which track or side of it; nothing where it was all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sound: Option<String>,
    /// What it was transcribed with.
    pub made_by: MadeBy,
    /// What was written, by the name of the file.
    pub files: BTreeMap<String, Written>,
    /// Its row in the table of a batch.
    pub row: csv::Row,
}

/// A recording as it was when it was transcribed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Where it lay, without links. What is no text in the name is replaced in the record.
    #[serde(serialize_with = "as_text")]
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// When its content was last changed, and on Unix when anything of it was: nanoseconds since 1970.
    pub changed_ns: [i64; 2],
    /// SHA-256 of its content; empty where that is not known yet.
    pub sha256: String,
}

/// What a recording is transcribed with. Another model, another language: another transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeBy {
    /// The version of the program. What an earlier one made stays as it is.
    pub version: String,
    /// The model's name.
    pub model: String,
    /// SHA-256 of the model's file.
    pub model_sha256: String,
    /// Code of the language.
    pub language: String,
}

impl MadeBy {
    /// Of a machine without a model: nothing was made with it.
    pub fn nothing() -> MadeBy {
        let empty = String::new;
        MadeBy { version: empty(), model: empty(), model_sha256: empty(), language: empty() }
    }

    /// Whether the same transcript comes of it.
    fn transcribes_as(&self, other: &MadeBy) -> bool {
        (&self.model_sha256, &self.language) == (&other.model_sha256, &other.language)
    }
}

/// A file of ours, known again by its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// SHA-256 of what is written; empty where only something outdated is.
    pub sha256: String,
    /// SHA-256 of what stood there before, also ours: the record is written first, and the program may end in between.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
}

impl Written {
    /// Notes a file that is about to be written where `old` was noted before and `stands` is what stands there.
    pub fn next(content: &[u8], old: Option<&Written>, stands: Standing) -> Written {
        let sha256 = digest(content);
        let before = match stands {
            Standing::AsWritten => old.map(|old| old.sha256.clone()),
            Standing::Older => old.and_then(|old| old.before.clone()),
            Standing::Nothing | Standing::Foreign => None,
        };
        Written { before: before.filter(|before| *before != sha256), sha256 }
    }

    /// What was written is of another recording or another model: still ours, no longer what is wanted.
    pub fn is_outdated(&mut self) {
        if !self.sha256.is_empty() {
            self.before = Some(std::mem::take(&mut self.sha256));
        }
    }
}

fn as_text<S: serde::Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

fn digest(content: &[u8]) -> String {
    let mut hasher = Hasher::default();
    hasher.update(content);
    hasher.finish()
}

impl Source {
    /// The recording at `path` as it is now, its content not yet read.
    pub fn of(path: &Path) -> io::Result<Source> {
        let about = fs::metadata(path)?;
        Ok(Source {
            path: fs::canonicalize(path)?,
            bytes: about.len(),
            changed_ns: changed_ns(&about),
            sha256: String::new(),
        })
    }

    /// Whether the recording is still the one of `record`. Its content is read only where something about it has changed.
    fn is_as_in(&self, record: &Source) -> bool {
        if self.bytes != record.bytes {
            return false;
        }
        let untouched = self.path == record.path && self.changed_ns == record.changed_ns;
        untouched || sha256::of_file(&self.path).is_ok_and(|sha256| sha256 == record.sha256)
    }
}

fn changed_ns(about: &Metadata) -> [i64; 2] {
    let since_1970 = |time: SystemTime| time.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos() as i64);
    let content = about.modified().map_or(0, since_1970);
    #[cfg(unix)]
    let anything = {
        use std::os::unix::fs::MetadataExt;
        about.ctime().saturating_mul(1_000_000_000).saturating_add(about.ctime_nsec())
    };
    #[cfg(not(unix))]
    let anything = 0;
    [content, anything]
}

impl Record {
    /// The name and version of the format.
    pub const SCHEMA: &str = "greenroom.done/1";

    /// The record of what is written to `stem` and an ending; `None` where there is none that can be read.
    pub fn read(stem: &Path) -> Option<Record> {
        Record::read_file(&path_of(stem))
    }

    /// A record by its own path.
    pub fn read_file(path: &Path) -> Option<Record> {
        let record: Record = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
        (record.schema == Record::SCHEMA).then_some(record)
    }

    /// Writes the record of what is written to `stem` and an ending.
    pub fn write(&self, stem: &Path) -> Result<(), StoreError> {
        write_record(&path_of(stem), self)
    }

    /// Whether it is about this recording, as it is now.
    pub fn is_of(&self, source: &Source) -> bool {
        source.is_as_in(&self.source)
    }

    /// Whether this recording, `input` with its `source` as it is now, gives what it is about when transcribed with `made_by`.
    pub fn holds(&self, source: &Source, input: &Input, made_by: &MadeBy) -> bool {
        let is_same = self.sound == input.sound_name() && self.made_by.transcribes_as(made_by);
        is_same && self.row.problem.is_none() && self.is_of(source)
    }

    /// Whether its place belongs to another recording than `source`: one that still lies elsewhere or had other content.
    pub fn is_of_another(&self, source: &Source) -> bool {
        self.source.path != source.path && (self.source.path.exists() || !self.is_of(source))
    }
}

/// Where the record of what is written to `stem` and an ending lies.
fn path_of(stem: &Path) -> PathBuf {
    let mut name = stem.file_name().unwrap_or_default().to_owned();
    name.push(".json");
    stem.with_file_name(RECORDS).join(name)
}

/// Writes a record over an earlier one, making the folder of records.
pub(super) fn write_record(path: &Path, record: &impl Serialize) -> Result<(), StoreError> {
    put_record(path, record, Over::Ours)
}

/// Writes a record unless there is one; the error says so.
pub(super) fn write_new_record(path: &Path, record: &impl Serialize) -> Result<(), StoreError> {
    put_record(path, record, Over::Nothing)
}

fn put_record(path: &Path, record: &impl Serialize, over: Over) -> Result<(), StoreError> {
    let folder = path.parent().expect("a record lies in a folder of records");
    make_private_folder(folder).map_err(|cause| StoreError::writing(folder, cause))?;
    let mut bytes = serde_json::to_vec_pretty(record).expect("a record is plain data with text keys");
    bytes.push(b'\n');
    write_beside(path, &bytes, over)
}

/// The rows of every recording that was ever noted below `folder`, in the order of their names.
///
/// Where a recording was noted twice, because it was transcribed under two names, it has a row for each.
pub fn merged_rows(folder: &Path) -> Vec<csv::Row> {
    let files = WalkDir::new(folder).into_iter().flatten().map(walkdir::DirEntry::into_path);
    let records = files.filter(|path| path.parent().is_some_and(|parent| parent.ends_with(RECORDS)));
    let mut rows: Vec<csv::Row> =
        records.filter_map(|path| Record::read_file(&path)).map(|record| record.row).collect();
    rows.sort_by(|a, b| a.file.cmp(&b.file));
    rows
}

/// What stands where a file is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Nothing,
    /// What was noted as written there last.
    AsWritten,
    /// Something older that was noted as written there.
    Older,
    /// Something else: the person's own file, a folder, a link.
    Foreign,
}

impl Standing {
    /// Whether a file may be written there.
    pub fn may_be_written(self) -> bool {
        self != Standing::Foreign
    }
}

/// What stands at `path`, of which `written` was noted.
pub fn standing(path: &Path, written: Option<&Written>) -> Standing {
    let about = match fs::symlink_metadata(path) {
        Ok(about) => about,
        // Where it cannot be told, writing will say why.
        Err(_) => return Standing::Nothing,
    };
    let Some(written) = written.filter(|_| about.is_file()) else { return Standing::Foreign };
    match sha256::of_file(path) {
        Ok(found) if found == written.sha256 => Standing::AsWritten,
        Ok(found) if Some(&found) == written.before.as_ref() => Standing::Older,
        _ => Standing::Foreign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::{Side, WantedSound};

    fn record(source: Source) -> Record {
        Record {
            schema: Record::SCHEMA.to_owned(),
            source,
            sound: None,
            made_by: made_by("m"),
            files: BTreeMap::new(),
            row: csv::Row::default(),
        }
    }

    fn made_by(model: &str) -> MadeBy {
        MadeBy { version: "1".into(), model: model.into(), model_sha256: model.into(), language: "en".into() }
    }

    #[test]
    fn a_recording_is_known_by_its_content_and_a_replaced_one_is_another_whatever_its_date() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        fs::write(&path, "one").unwrap();
        let source = Source { sha256: digest(b"one"), ..Source::of(&path).unwrap() };
        let (record, input) = (record(source.clone()), Input::new(&path, "a.wav"));
        assert!(record.holds(&Source::of(&path).unwrap(), &input, &made_by("m")));
        assert!(!record.holds(&source, &input, &made_by("another")), "another model");
        let sound = WantedSound { side: Some(Side::Left), ..WantedSound::default() };
        assert!(!record.holds(&source, &Input { sound, ..input }, &made_by("m")), "one side of it");
        let date = fs::metadata(&path).unwrap().modified().unwrap();
        fs::write(&path, "two").unwrap();
        fs::File::options().append(true).open(&path).unwrap().set_modified(date).unwrap();
        assert!(!record.is_of(&Source::of(&path).unwrap()), "the same size and date, other content");
        fs::write(&path, "one").unwrap();
        assert!(record.is_of(&Source::of(&path).unwrap()), "only the date is another");
    }

    #[test]
    fn a_place_is_another_recordings_unless_that_was_only_moved() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one.wav"), folder.path().join("two.wav"));
        fs::write(&one, "same").unwrap();
        let record = record(Source { sha256: digest(b"same"), ..Source::of(&one).unwrap() });
        fs::copy(&one, &two).unwrap();
        assert!(record.is_of_another(&Source::of(&two).unwrap()), "both are there");
        fs::remove_file(&one).unwrap();
        assert!(!record.is_of_another(&Source::of(&two).unwrap()), "it was moved");
        fs::write(&two, "other").unwrap();
        assert!(record.is_of_another(&Source::of(&two).unwrap()), "what became of the first is kept");
    }

    #[test]
    fn only_what_was_noted_is_ours() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let first = Written::next(b"one", None, Standing::Nothing);
        let second = Written::next(b"two", Some(&first), Standing::AsWritten);
        assert_eq!(standing(&path, Some(&first)), Standing::Nothing);
        fs::write(&path, "one").unwrap();
        assert_eq!(standing(&path, Some(&first)), Standing::AsWritten);
        assert_eq!(standing(&path, Some(&second)), Standing::Older, "killed between the record and the file");
        assert_eq!(standing(&path, None), Standing::Foreign);
        fs::write(&path, "mine").unwrap();
        assert_eq!(standing(&path, Some(&second)), Standing::Foreign);
        fs::remove_file(&path).unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("nowhere", &path).unwrap();
            assert_eq!(standing(&path, Some(&second)), Standing::Foreign, "a link, even one that leads nowhere");
        }
    }
}
