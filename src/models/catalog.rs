//! The models that have a name: what to download, and where word times come from in each.

use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

use super::check::{Shape, check};

/// Name of the model that people begin with: small, quick on any machine, and to be had where only the package index can
/// be reached.
pub const FIRST: &str = "tiny.en";

/// Name of the model that is recommended to people who want fewer mistakes.
pub const RECOMMENDED: &str = "base.en";

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| toml::from_str(include_str!("../../models/catalog.toml")).expect("the catalog is read by a test"));

/// Every model known by name: English ones, then those for many languages, by size.
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
    /// Size of the file.
    pub bytes: u64,
    /// SHA-256 of the file, 64 lower-case hex digits.
    pub sha256: String,
    /// What it can write down.
    pub languages: Languages,
    /// Free memory it wants while it works, in millions of bytes.
    pub memory_mb: u32,
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
        format!("ggml-{}.bin", self.name)
    }

    /// Its size in millions of bytes.
    pub fn megabytes(&self) -> u64 {
        (self.bytes + 500_000) / 1_000_000
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

    /// For the model in a file: what the catalog says of its name, else what its dimensions tell, which are read.
    pub fn of_file(path: &Path) -> WordTimes {
        match of_file(path) {
            Some(entry) => entry.word_times.clone(),
            None => check(path).map_or(WordTimes::UNKNOWN_MODEL, |shape| WordTimes::of_shape(&shape)),
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalog_is_read_and_every_entry_makes_sense() {
        assert_eq!(entries().len(), 11);
        for entry in entries() {
            let name = &entry.name;
            assert_eq!(entry.sha256.len(), 64, "{name}");
            assert!(entry.sha256.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')), "{name}");
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
    fn the_models_that_are_named_to_people_are_in_the_catalog_and_the_first_is_in_a_package() {
        assert!(find(RECOMMENDED).is_some());
        assert!(find(FIRST).expect("it is in the catalog").wheels.is_some());
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
}
