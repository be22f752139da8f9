//! Imports of made-up models into a folder of the test.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::{ImportError, Imported, Wish, import};
use crate::models::convert::Precision;
use crate::models::convert::made_up::{Kind, MadeUp};
use crate::models::installed;
use crate::remedy::Remedy;

/// A made-up faster-whisper folder, and a models folder.
struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    fn new() -> Machine {
        let machine = Machine { folder: tempfile::tempdir().expect("a folder can be made") };
        fs::create_dir(machine.theirs()).expect("it is new");
        MadeUp::new(51_864, 80).write_ctranslate2(&machine.theirs(), Kind::F16);
        machine
    }

    fn theirs(&self) -> PathBuf {
        self.folder.path().join("faster-whisper-mini.en")
    }

    fn models(&self) -> PathBuf {
        self.folder.path().join("home/models")
    }

    fn import(&self, path: &Path, name: Option<&str>, precision: Option<Precision>) -> Result<Imported, ImportError> {
        import(&Wish { path, name, precision }, &self.models(), &mut |_, _| ControlFlow::Continue(()))
    }

    /// The names of all files in the models folder.
    fn files(&self) -> Vec<String> {
        let files = fs::read_dir(self.models()).into_iter().flatten();
        let mut names: Vec<_> =
            files.map(|file| file.expect("it is there").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

#[test]
fn a_folder_of_faster_whisper_becomes_a_model_that_the_list_knows() {
    let machine = Machine::new();
    let imported = machine.import(&machine.theirs(), None, None).expect("it is a good folder");
    assert_eq!((imported.name.as_str(), imported.was_there), ("faster-whisper-mini.en", false));
    assert_eq!(machine.files(), ["ggml-faster-whisper-mini.en.bin"]);
    let model = installed::find(&machine.models(), "faster-whisper-mini.en").expect("it is in the folder");
    model.verify().expect("it is good");
    assert_eq!(model.bytes, imported.bytes);
    assert!(machine.import(&machine.theirs(), None, None).expect("it is there").was_there);
}

#[test]
fn what_is_stored_in_fewer_bits_says_so_in_its_name() {
    let machine = Machine::new();
    let half = machine.import(&machine.theirs(), Some("mini.en"), None).expect("it is a good folder");
    for path in [machine.theirs(), half.path.clone()] {
        let imported = machine.import(&path, None, Some(Precision::Q8_0)).expect("it is a good model");
        assert!(imported.name.ends_with("mini.en-q8_0") && imported.bytes < half.bytes, "{}", imported.name);
        installed::find(&machine.models(), &imported.name).expect("it is there").verify().expect("it is good");
    }
    assert_eq!(machine.files(), ["ggml-faster-whisper-mini.en-q8_0.bin", "ggml-mini.en-q8_0.bin", "ggml-mini.en.bin"]);
}

#[test]
fn a_file_for_whisper_cpp_is_copied_as_it_is() {
    let machine = Machine::new();
    let first = machine.import(&machine.theirs(), Some("a"), None).expect("it is a good folder");
    let elsewhere = machine.folder.path().join("ggml-my own.bin");
    fs::copy(&first.path, &elsewhere).expect("it can be copied");
    let imported = machine.import(&elsewhere, None, None).expect("it is a good file");
    assert_eq!(imported.name, "my-own");
    assert!(fs::read(&imported.path).expect("it is there") == fs::read(&elsewhere).expect("it is there"));
    let same = machine.import(&elsewhere, Some("b"), Some(Precision::F16)).expect("it has 16-bit floats already");
    assert!(fs::read(&same.path).expect("it is there") == fs::read(&elsewhere).expect("it is there"));
    assert!(elsewhere.exists(), "what is elsewhere is left alone");
}

#[test]
fn another_model_is_never_overwritten_and_a_public_name_never_given_to_another_file() {
    let machine = Machine::new();
    machine.import(&machine.theirs(), Some("a"), None).expect("it is a good folder");
    let error = machine.import(&machine.theirs(), Some("a"), Some(Precision::Q8_0)).expect_err("it is another model");
    assert!(matches!(error, ImportError::Taken { .. }), "{error}");
    let error = machine.import(&machine.theirs(), Some("base.en"), None).expect_err("it is not base.en");
    assert!(matches!(&error, ImportError::NotThePublicOne { name } if name == "base.en"), "{error}");
    for name in ["", "../x", "a/b", ".hidden", "a b", &"x".repeat(65)] {
        let error = machine.import(&machine.theirs(), Some(name), None).expect_err("it is no name");
        assert!(matches!(error, ImportError::BadName { .. }), "{name}: {error}");
    }
    assert_eq!(machine.files(), ["ggml-a.bin"]);
}

#[test]
fn what_is_bad_or_stopped_leaves_nothing_behind() {
    let machine = Machine::new();
    let theirs = machine.theirs().join("model.bin");
    let whole = fs::read(&theirs).expect("it is there");
    let wish = Wish { path: &machine.theirs(), name: None, precision: None };
    let stopped = import(&wish, &machine.models(), &mut |_, _| ControlFlow::Break(()));
    assert!(matches!(stopped, Err(ImportError::Stopped)), "{stopped:?}");
    fs::write(&theirs, &whole[..whole.len() / 2]).expect("it can be written");
    let error = machine.import(&machine.theirs(), None, None).expect_err("half of it is missing");
    assert!(error.to_string().contains("model.bin") && !error.hint().is_empty(), "{error}");
    let bad = machine.folder.path().join("ggml-bad.bin");
    fs::write(&bad, b"lmgg and nothing").expect("it can be written");
    let error = machine.import(&bad, None, None).expect_err("it is cut short");
    assert!(matches!(error, ImportError::Bad(_)), "{error}");
    assert_eq!(machine.files(), Vec::<String>::new());
}

#[test]
fn a_repository_of_the_hub_gives_its_name() {
    let machine = Machine::new();
    let snapshot = machine.folder.path().join("hub/models--Systran--faster-whisper-tiny.en/snapshots/0123abc");
    fs::create_dir_all(&snapshot).expect("it can be made");
    for file in ["model.bin", "config.json", "tokenizer.json"] {
        fs::copy(machine.theirs().join(file), snapshot.join(file)).expect("it can be copied");
    }
    for path in [snapshot.clone(), snapshot.join("../..")] {
        let imported = machine.import(&path, None, None).expect("it is a good folder");
        assert_eq!(imported.name, "faster-whisper-tiny.en");
    }
}

#[test]
fn the_licence_of_crisper_whisper_is_told() {
    let machine = Machine::new();
    assert_eq!(machine.import(&machine.theirs(), None, None).expect("it is a good folder").licence, None);
    let config = machine.theirs().join("config.json");
    fs::write(&config, r#"{"_name_or_path": "nyrahealth/CrisperWhisper"}"#).expect("it can be written");
    let licence = machine.import(&machine.theirs(), None, None).expect("it is a good folder").licence;
    assert!(licence.is_some_and(|licence| licence.contains("non-commercial")));
}
