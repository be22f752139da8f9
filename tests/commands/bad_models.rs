//! Every kind of model file that whisper.cpp aborts on, loads in silence, or refuses without a reason.

use std::path::Path;

use super::support::Stage;
use super::with_recording;

/// Where things stand in the practice model.
const HEADER_BYTES: usize = 48;
const VOCABULARY: usize = HEADER_BYTES + 8 + 80 * 201 * 4;
const WEIGHTS: usize = 586_836;

fn practice() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/ggml-practice.en-q8_0.bin");
    std::fs::read(path).expect("the practice model is part of the project")
}

/// The practice model with `bytes` written over it at `at`.
fn patched(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut model = practice();
    model[at..at + bytes.len()].copy_from_slice(bytes);
    model
}

/// The practice model with one of the eleven numbers of its header replaced.
fn with_header(number: usize, value: i32) -> Vec<u8> {
    patched(4 + 4 * number, &value.to_le_bytes())
}

/// Fails unless the program refuses the model with a reason and a way out.
fn refuses(stage: &Stage, name: &str) {
    let ended = stage.run(["analyze", "answer.wav", "--model", name]);
    assert_eq!(ended.code, 1, "{name}: {ended:?}");
    let ended = ended.failed(1, &[name]);
    assert!(ended.stderr.contains("greenroom models"), "{name}: the way out is another model:\n{}", ended.stderr);
    assert_eq!(ended.stdout, "", "{name}");
}

#[test]
fn every_bad_model_ends_in_an_error_that_names_it_and_never_in_an_abort() {
    let stage = with_recording();
    let whole = practice();
    let noise: Vec<u8> = (0..200_000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let mut nan = whole.clone();
    // Far behind the last header of a tensor there are only numbers; every 16-bit float of ones is none.
    let end = nan.len();
    nan[end - 2000..].fill(0xff);
    let mut silero = b"lmgg".to_vec();
    silero.extend(10_i32.to_le_bytes());
    silero.extend(b"silero-16k");
    silero.extend([1, 0, 0, 0].repeat(200_000));
    let bad: Vec<(&str, Vec<u8>)> = vec![
        ("empty.bin", Vec::new()),
        ("noise.bin", noise),
        ("magic.bin", patched(0, b"GGUF")),
        ("cut-in-tensors.bin", whole[..whole.len() / 2].to_vec()),
        ("cut-at-the-end.bin", whole[..whole.len() - 1].to_vec()),
        ("cut-before-tensors.bin", whole[..WEIGHTS].to_vec()),
        ("cut-in-vocabulary.bin", whole[..VOCABULARY + 1000].to_vec()),
        ("forty-bytes.bin", whole[..40].to_vec()),
        ("number-type.bin", with_header(10, 99)),
        ("mel-bands.bin", with_header(9, 1 << 28)),
        ("vocabulary-negative.bin", with_header(0, -5)),
        ("layers-huge.bin", with_header(3, 1 << 30)),
        ("width-huge.bin", with_header(2, 1 << 30)),
        ("filter-bins.bin", patched(HEADER_BYTES + 4, &400_i32.to_le_bytes())),
        ("token-length.bin", patched(VOCABULARY + 4, &(1_u32 << 31).to_le_bytes())),
        ("tensor-name.bin", patched(WEIGHTS + 12, b"nonsense")),
        ("trailing.bin", [whole.as_slice(), b"trailing garbage"].concat()),
        ("silero-vad.bin", silero),
        ("not-numbers.bin", nan),
    ];
    for (name, content) in bad {
        stage.write(name, content);
        refuses(&stage, name);
    }
    std::fs::create_dir(stage.file("folder.bin")).expect("the folder is new");
    refuses(&stage, "folder.bin");
    stage.run(["analyze", "answer.wav", "--model", "nowhere.bin"]).failed(1, &["nowhere.bin", "greenroom models list"]);
    stage.run(["rehearse", "--device", "file:answer.wav", "--model", "empty.bin"]).failed(1, &["empty.bin"]);
    stage.run(["transcribe", "answer.wav", "--model", "empty.bin"]).failed(1, &["empty.bin"]);
    stage.run(["models", "use", "empty.bin"]).failed(1, &["empty.bin"]);
    assert!(stage.sessions().is_empty());
}
