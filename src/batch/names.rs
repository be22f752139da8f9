//! What the files of each recording are called.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Input;
use super::record::{Record, Source};
use crate::models::sha256::Hasher;

/// How files are called where `talk.wav` is not to give `talk.txt`: text with `{stem}` and other words in braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameTemplate(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Stem,
    Ending,
    Folder,
    Date,
    Time,
}

/// The words that may stand in braces.
const PIECES: [(&str, Piece); 5] = [
    ("stem", Piece::Stem),
    ("ending", Piece::Ending),
    ("folder", Piece::Folder),
    ("date", Piece::Date),
    ("time", Piece::Time),
];

impl FromStr for NameTemplate {
    type Err = String;

    fn from_str(text: &str) -> Result<NameTemplate, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (word, after) = after.split_once('}').ok_or("a brace is not closed")?;
            let piece = PIECES.iter().find(|(name, _)| *name == word).map(|(_, piece)| piece.clone());
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(piece.ok_or_else(|| {
                let known: Vec<String> = PIECES.iter().map(|(name, _)| format!("{{{name}}}")).collect();
                format!("there is no {{{word}}}; there are {}", known.join(", "))
            })?);
            rest = after;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        let outside = Path::new(text).components().any(|part| !matches!(part, Component::Normal(_)));
        if outside || text.is_empty() || text.ends_with('/') {
            return Err("a name lies below the folder of the others: no leading slash, no dots alone".to_owned());
        }
        if !pieces.iter().any(|piece| !matches!(piece, Piece::Text(_))) {
            return Err("every recording would have the same name; write {stem} somewhere".to_owned());
        }
        Ok(NameTemplate(pieces))
    }
}

impl NameTemplate {
    /// The name for a recording, without an ending.
    fn name(&self, input: &Input, zone: &TimeZone) -> PathBuf {
        let changed = std::fs::metadata(&input.path).and_then(|about| about.modified()).ok();
        let changed = changed.and_then(|time| Timestamp::try_from(time).ok()).unwrap_or_default();
        let changed = changed.to_zoned(zone.clone());
        let place = std::path::absolute(&input.path).unwrap_or_else(|_| input.path.clone());
        let text = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
        let name = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Stem => text(input.below.file_stem()),
            Piece::Ending => text(input.below.extension()),
            Piece::Folder => text(place.parent().and_then(Path::file_name)),
            Piece::Date => changed.strftime("%Y-%m-%d").to_string(),
            Piece::Time => changed.strftime("%H%M").to_string(),
        });
        PathBuf::from(name.collect::<String>())
    }
}

/// The path that the endings of a recording's files are added to, for each recording that `inputs` has.
///
/// `talk.wav` gives `talk.txt`, or what `template` says. Where two recordings would write the same file, they keep their whole
/// names (`talk.wav.txt`, `talk.mp3.txt`), and where even these are the same, or are another recording's since an earlier
/// run, six digits of where the recording lies are added. So a name depends on the recording and on what there is, never
/// on the order in which things were named, and a recording keeps the name that it once got.
pub fn stems(
    inputs: &[Input],
    folder: Option<&Path>,
    template: Option<&NameTemplate>,
    endings: &[&str],
) -> BTreeMap<Input, PathBuf> {
    let zone = TimeZone::system();
    let mut waiting: Vec<Wanted> = inputs.iter().map(|input| Wanted::of(input, folder, template, &zone)).collect();
    waiting.sort_by(|a, b| a.input.cmp(b.input));
    let mut taken = Taken { endings, files: BTreeSet::new() };
    let mut stems = BTreeMap::new();
    waiting.retain(|wanted| match wanted.earlier() {
        Some(stem) => {
            taken.take(stem);
            stems.insert(wanted.input.clone(), stem.clone());
            false
        }
        None => true,
    });
    let mut sharing: BTreeMap<String, usize> = BTreeMap::new();
    for wanted in &waiting {
        // A recording without an ending has one name in both ways.
        let own: BTreeSet<String> = wanted.names[..2].iter().flat_map(|name| taken.files_of(name)).collect();
        own.into_iter().for_each(|file| *sharing.entry(file).or_default() += 1);
    }
    for wanted in &waiting {
        let is_shared = |name: &PathBuf| taken.files_of(name).iter().any(|file| sharing.get(file) > Some(&1));
        let fits = |name: &&PathBuf| !is_shared(name) && taken.is_free(name) && !wanted.is_anothers(name);
        let stem = wanted.names.iter().find(fits).cloned().unwrap_or_else(|| wanted.numbered(&taken));
        taken.take(&stem);
        stems.insert(wanted.input.clone(), stem);
    }
    stems
}

/// The names that a recording may get, the best first.
struct Wanted<'a> {
    input: &'a Input,
    source: Option<Source>,
    /// Without its ending, with it, and with where it lies.
    names: [PathBuf; 3],
}

impl<'a> Wanted<'a> {
    fn of(input: &'a Input, folder: Option<&Path>, template: Option<&NameTemplate>, zone: &TimeZone) -> Wanted<'a> {
        let whole = folder.map_or_else(|| input.path.clone(), |folder| folder.join(&input.below));
        let source = Source::of(&input.path).ok();
        let (short, whole) = match template {
            Some(template) => {
                let short = whole.with_file_name(template.name(input, zone));
                let ending = input.below.extension().unwrap_or_default().to_string_lossy();
                let whole = with_added(&short, &format!(".{ending}"));
                (short, whole)
            }
            None => (whole.with_extension(""), whole),
        };
        let mut place = Hasher::default();
        place.update(source.as_ref().map_or(&input.path, |source| &source.path).as_os_str().as_encoded_bytes());
        let placed = with_added(&short, &format!("-{}", &place.finish()[..6]));
        let side = input.sound.side.map_or_else(String::new, |side| format!(".{}", side.name()));
        Wanted { input, source, names: [short, whole, placed].map(|name| with_added(&name, &side)) }
    }

    /// The name that it got in an earlier run.
    fn earlier(&self) -> Option<&PathBuf> {
        let source = self.source.as_ref()?;
        self.names.iter().find(|name| Record::read(name).is_some_and(|record| record.source.path == source.path))
    }

    /// Whether another recording got this name in an earlier run.
    fn is_anothers(&self, name: &Path) -> bool {
        let Some(source) = &self.source else { return false };
        Record::read(name).is_some_and(|record| record.is_of_another(source))
    }

    /// The last name with a number that makes it free.
    fn numbered(&self, taken: &Taken) -> PathBuf {
        let names = (2..).map(|number| with_added(&self.names[2], &format!("-{number}")));
        let mut free = names.filter(|name| taken.is_free(name) && !self.is_anothers(name));
        free.next().expect("there are more numbers than recordings")
    }
}

/// The files that have an owner, in lower case: some disks know no other.
struct Taken<'a> {
    endings: &'a [&'a str],
    files: BTreeSet<String>,
}

impl Taken<'_> {
    fn files_of(&self, stem: &Path) -> Vec<String> {
        let stem = stem.to_string_lossy().to_lowercase();
        // The record has the name of the stem: of two recordings neither may have the other's.
        std::iter::once(stem.clone()).chain(self.endings.iter().map(|ending| format!("{stem}.{ending}"))).collect()
    }

    fn is_free(&self, stem: &Path) -> bool {
        self.files_of(stem).iter().all(|file| !self.files.contains(file))
    }

    fn take(&mut self, stem: &Path) {
        let files = self.files_of(stem);
        self.files.extend(files);
    }
}

/// A path with something behind it.
pub(super) fn with_added(path: &Path, behind: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(behind);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::{Side, WantedSound};

    fn input(path: &str, below: &str) -> Input {
        Input::new(path, below)
    }

    fn named(inputs: &[Input], folder: Option<&str>, template: Option<&str>) -> Vec<String> {
        let template = template.map(|text| text.parse().unwrap());
        let stems = stems(inputs, folder.map(Path::new), template.as_ref(), &["txt", "report.json"]);
        inputs.iter().map(|input| stems[input].display().to_string()).collect()
    }

    #[test]
    fn recordings_that_share_a_name_keep_their_endings() {
        let inputs = [input("in/a.wav", "a.wav"), input("in/A.mp3", "A.mp3"), input("in/b.wav", "b.wav")];
        assert_eq!(named(&inputs, None, None), ["in/a.wav", "in/A.mp3", "in/b"]);
        assert_eq!(named(&[input("in/voice memo", "voice memo")], None, None), ["in/voice memo"]);
    }

    #[test]
    fn recordings_of_one_name_from_two_folders_have_names_of_their_own_in_whatever_order_they_are_given() {
        let inputs = [input("a/01.wav", "01.wav"), input("b/01.wav", "01.wav")];
        let one_way = named(&inputs, Some("out"), None);
        let [first, second] = inputs;
        let other_way = named(&[second, first], Some("out"), None);
        assert_eq!(one_way, other_way.into_iter().rev().collect::<Vec<_>>());
        assert!(one_way[0] != one_way[1] && one_way.iter().all(|name| name.starts_with("out/01-")), "{one_way:?}");
    }

    #[test]
    fn a_report_of_one_recording_is_not_the_transcript_of_another() {
        let inputs = [input("a.wav", "a.wav"), input("a.report.wav", "a.report.wav")];
        let stems = stems(&inputs, None, None, &["json", "report.json"]);
        let files: Vec<Vec<String>> = stems
            .values()
            .map(|stem| ["json", "report.json"].map(|e| format!("{}.{e}", stem.display())).into())
            .collect();
        assert!(files[0].iter().all(|file| !files[1].contains(file)), "{files:?}");
    }

    #[test]
    fn the_two_sides_of_a_call_have_names_of_their_own() {
        let side =
            |side| Input { sound: WantedSound { track: None, side: Some(side) }, ..input("in/call.wav", "call.wav") };
        assert_eq!(named(&[side(Side::Left), side(Side::Right)], None, None), ["in/call.left", "in/call.right"]);
    }

    #[test]
    fn folders_inside_the_named_one_are_kept() {
        let inputs = [input("in/x/a.wav", "x/a.wav"), input("in/y/a.wav", "y/a.wav")];
        assert_eq!(named(&inputs, Some("out"), None), ["out/x/a", "out/y/a"]);
    }

    #[test]
    fn a_template_makes_names_and_two_that_come_out_alike_are_kept_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("calls").join("talk.wav");
        std::fs::create_dir(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "").unwrap();
        let date = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_900_000_000);
        std::fs::File::options().append(true).open(&path).unwrap().set_modified(date).unwrap();
        let talk = Input::new(path, "talk.wav");
        let one = std::slice::from_ref(&talk);
        assert_eq!(named(one, Some("o"), Some("{folder}/{stem}-{ending}-{date}")), ["o/calls/talk-wav-2030-03-17"]);
        let alike = [input("in/a.wav", "a.wav"), input("in/b.mp3", "b.mp3")];
        assert_eq!(named(&alike, Some("o"), Some("all-{folder}")), ["o/all-in.wav", "o/all-in.mp3"]);
    }

    #[test]
    fn a_template_that_cannot_be_is_refused() {
        for bad in ["", "{stem", "{author}", "/tmp/{stem}", "../{stem}", "same"] {
            assert!(bad.parse::<NameTemplate>().is_err(), "{bad:?}");
        }
    }
}
