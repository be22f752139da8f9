//! A machine on which other programs keep made-up models.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::{Found, Kind, find, places};
use crate::models::convert::made_up::{self, MadeUp};
use crate::models::convert::{OtherFormat, Precision, ctranslate2, write};

/// A home with models of others in it.
struct Machine {
    home: tempfile::TempDir,
    model: MadeUp,
}

impl Machine {
    fn new() -> Machine {
        Machine { home: tempfile::tempdir().expect("a folder can be made"), model: MadeUp::new(51_864, 80) }
    }

    fn folder(&self, name: &str) -> PathBuf {
        let folder = self.home.path().join(name);
        fs::create_dir_all(&folder).expect("it can be made");
        folder
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.home.path().join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("it can be made");
        fs::write(&path, content).expect("it can be written");
        path
    }

    fn faster_whisper(&self, name: &str) -> PathBuf {
        let folder = self.folder(name);
        self.model.write_ctranslate2(&folder, made_up::Kind::F16);
        folder
    }

    fn ggml(&self, name: &str) -> PathBuf {
        let from = self.faster_whisper("from");
        let source = ctranslate2::read(&from).expect("it is a good folder");
        let mut bytes = Vec::new();
        write(&source, Precision::Q8_0, &mut bytes, &mut |_, _| ControlFlow::Continue(())).expect("it is written");
        fs::remove_dir_all(from).expect("it is there");
        self.file(name, &bytes)
    }

    /// What is found by somebody with these variables besides `HOME`.
    fn found(&self, variables: &[(&str, &str)]) -> Vec<Found> {
        let home = self.home.path().display().to_string();
        let mut environment: BTreeMap<&str, &str> = variables.iter().copied().collect();
        environment.insert("HOME", &home);
        let value = |name: &str| environment.get(name).map(|value| (*value).to_owned());
        find(&places(&value, &self.home.path().join("work")))
    }
}

/// Everything below a folder with its size and time of change.
fn state(folder: &Path) -> Vec<(PathBuf, u64, std::time::SystemTime)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("it can be read").flatten() {
        let about = entry.metadata().expect("it is there");
        all.push((entry.path(), about.len(), about.modified().expect("the system knows")));
        if about.is_dir() {
            all.extend(state(&entry.path()));
        }
    }
    all.sort();
    all
}

#[cfg(target_os = "linux")]
#[test]
fn models_are_found_where_each_program_keeps_them_and_nothing_is_written_there() {
    let machine = Machine::new();
    let hub = ".cache/huggingface/hub/models--Systran--faster-whisper-mini.en";
    let snapshot = machine.faster_whisper(&format!("{hub}/snapshots/abc"));
    machine.faster_whisper(&format!("{hub}/snapshots/older"));
    machine.file(&format!("{hub}/refs/main"), b"abc");
    let transformers = machine.folder(".cache/huggingface/hub/models--openai--whisper-mini.en/snapshots/def");
    machine.model.write_hugging_face(&transformers, made_up::Kind::F16, 2);
    let openai = machine.file(".cache/whisper/base.en.pt", b"PK\x03\x04...");
    let cpp = machine.ggml("whisper.cpp/models/ggml-mini.en.bin");
    let bin = fs::read(&cpp).expect("it is there");
    let here = machine.file("work/ggml-own.bin", &bin);
    let buzz = machine.file(".cache/Buzz/models/whisper_cpp/ggml-model.bin", &bin);
    let vibe = machine.file(".local/share/github.com.thewh1teagle.vibe/ggml-mini.bin", &bin);
    let handy = machine.file(".local/share/com.pais.handy/models/ggml-mini.bin", &bin);
    let noscribe = machine.faster_whisper(".config/noScribe/whisper_models/precise");
    let before = state(machine.home.path());
    let found = machine.found(&[]);
    let listed: Vec<_> = found.iter().map(|model| (model.owner, model.path.clone(), model.kind)).collect();
    let hub = "Hugging Face hub (faster-whisper, transformers)";
    assert_eq!(
        listed,
        [
            (hub, snapshot, Kind::CTranslate2),
            (hub, transformers, Kind::HuggingFace),
            ("openai-whisper", openai, Kind::Other(OtherFormat::PyTorch)),
            ("whisper.cpp", here, Kind::Ggml),
            ("whisper.cpp", cpp, Kind::Ggml),
            ("Buzz", buzz, Kind::Ggml),
            ("Vibe", vibe, Kind::Ggml),
            ("Handy", handy, Kind::Ggml),
            ("noScribe", noscribe, Kind::CTranslate2),
        ]
    );
    let names: Vec<_> = found.iter().map(|model| model.name.as_str()).collect();
    assert_eq!(names[..5], ["faster-whisper-mini.en", "whisper-mini.en", "base.en.pt", "own", "mini.en"]);
    for model in &found {
        assert_eq!(model.refusal.is_none(), model.kind != Kind::Other(OtherFormat::PyTorch), "{model:?}");
    }
    assert_eq!(found[2].command().as_deref(), Some("greenroom models pull base.en"));
    assert!(found[3].command().is_some_and(|command| command.ends_with("work/ggml-own.bin")));
    assert_eq!(found[3].bytes, bin.len() as u64);
    assert!(state(machine.home.path()) == before);
}

#[cfg(target_os = "linux")]
#[test]
fn the_variables_of_the_programs_move_their_places_and_a_model_is_listed_once() {
    let machine = Machine::new();
    machine.faster_whisper("disk/hub/models--a--faster-whisper-b/snapshots/1");
    let disk = machine.home.path().join("disk");
    let hub = disk.join("hub").display().to_string();
    let disk = disk.display().to_string();
    for variables in [[("HF_HUB_CACHE", hub.as_str())], [("HF_HOME", disk.as_str())]] {
        assert_eq!(machine.found(&variables).len(), 1, "{variables:?}");
    }
    let twice = machine.found(&[("HF_HUB_CACHE", &hub), ("BUZZ_MODEL_ROOT", &hub)]);
    assert_eq!(twice.len(), 1);
    assert_eq!(machine.found(&[]), []);
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_no_whisper_model_is_left_out_and_a_damaged_one_says_why() {
    let machine = Machine::new();
    machine.file(".cache/huggingface/hub/models--x--bert/snapshots/1/config.json", br#"{"model_type": "bert"}"#);
    machine.file(".cache/huggingface/hub/models--x--bert/snapshots/1/model.safetensors", b"........");
    machine.file(".cache/huggingface/hub/models--x--t5/snapshots/1/pytorch_model.bin", b"PK\x03\x04");
    machine.file("work/ggml-silero-v6.2.0.bin", b"lmgg\x0a\0\0\0silero-16k........");
    machine.file("work/notes.bin", b"something else");
    assert_eq!(machine.found(&[]), []);
    let whole = fs::read(machine.ggml("work/ggml-whole.bin")).expect("it is there");
    machine.file("work/ggml-cut.bin", &whole[..whole.len() / 2]);
    let folder = machine.faster_whisper(".cache/huggingface/hub/models--x--faster-whisper-y/snapshots/1");
    fs::remove_file(folder.join("tokenizer.json")).expect("it is there");
    let found = machine.found(&[]);
    let refusals: Vec<_> = found.iter().map(|model| model.refusal.as_deref().unwrap_or_default()).collect();
    assert!(refusals[0].contains("tokenizer.json"), "{refusals:?}");
    assert!(refusals[1].contains("cut short"), "{refusals:?}");
    assert_eq!(refusals[2..], [""]);
    assert_eq!(found[1].command(), None);
}

#[cfg(unix)]
#[test]
fn a_link_in_a_circle_has_an_end_and_a_path_with_spaces_can_be_pasted() {
    let machine = Machine::new();
    let root = machine.folder("buzz root");
    std::os::unix::fs::symlink(&root, root.join("again")).expect("a link can be made");
    machine.ggml("buzz root/it's.bin");
    let found = machine.found(&[("BUZZ_MODEL_ROOT", &root.display().to_string())]);
    assert_eq!(found.len(), 1);
    let command = found[0].command().expect("it is a good file");
    assert!(command.contains(" '/") && command.ends_with(r"it'\''s.bin'"), "{command}");
}
