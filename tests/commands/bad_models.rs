//! Every kind of model file that whisper.cpp aborts on, loads in silence, or refuses without a reason.

use super::support::Stage;
use super::support::real_model::tiny_en;
use super::with_recording;

/// Where things stand in tiny.en.
const HEADER_BYTES: usize = 48;
const VOCABULARY: usize = HEADER_BYTES + 8 + 80 * 201 * 4;
/// Where the header of its first tensor begins: its number of dimensions, the length of its name, its type, two dimensions.
const WEIGHTS: usize = 586_235;
const NAME: usize = WEIGHTS + 20;

/// `whole` with `bytes` written over it at `at`.
fn patched(whole: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut model = whole.to_vec();
    model[at..at + bytes.len()].copy_from_slice(bytes);
    model
}

/// `whole` with one of the eleven numbers of its header replaced.
fn with_header(whole: &[u8], number: usize, value: i32) -> Vec<u8> {
    patched(whole, 4 + 4 * number, &value.to_le_bytes())
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
    let whole = std::fs::read(tiny_en()).expect("it can be read");
    assert_eq!(&whole[NAME..NAME + 7], b"decoder");
    let noise: Vec<u8> = (0..200_000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let mut nan = whole.clone();
    // Far behind the last header of a tensor there are only numbers; every 16-bit float of ones is none.
    let end = nan.len();
    nan[end - 2000..].fill(0xff);
    let mut silero = b"lmgg".to_vec();
    silero.extend(10_i32.to_le_bytes());
    silero.extend(b"silero-16k");
    silero.extend([1, 0, 0, 0].repeat(200_000));
    // Each is 78 MB, so there is one at a time.
    let bad: [(&str, &dyn Fn() -> Vec<u8>); 19] = [
        ("empty.bin", &Vec::new),
        ("noise.bin", &|| noise.clone()),
        ("magic.bin", &|| patched(&whole, 0, b"GGUF")),
        ("cut-in-tensors.bin", &|| whole[..whole.len() / 2].to_vec()),
        ("cut-at-the-end.bin", &|| whole[..whole.len() - 1].to_vec()),
        ("cut-before-tensors.bin", &|| whole[..WEIGHTS].to_vec()),
        ("cut-in-vocabulary.bin", &|| whole[..VOCABULARY + 1000].to_vec()),
        ("forty-bytes.bin", &|| whole[..40].to_vec()),
        ("number-type.bin", &|| with_header(&whole, 10, 99)),
        ("mel-bands.bin", &|| with_header(&whole, 9, 1 << 28)),
        ("vocabulary-negative.bin", &|| with_header(&whole, 0, -5)),
        ("layers-huge.bin", &|| with_header(&whole, 3, 1 << 30)),
        ("width-huge.bin", &|| with_header(&whole, 2, 1 << 30)),
        ("filter-bins.bin", &|| patched(&whole, HEADER_BYTES + 4, &400_i32.to_le_bytes())),
        ("token-length.bin", &|| patched(&whole, VOCABULARY + 4, &(1_u32 << 31).to_le_bytes())),
        ("tensor-name.bin", &|| patched(&whole, NAME, b"nonsense")),
        ("trailing.bin", &|| [&whole, b"trailing garbage".as_slice()].concat()),
        ("silero-vad.bin", &|| silero.clone()),
        ("not-numbers.bin", &|| nan.clone()),
    ];
    for (name, content) in bad {
        stage.write(name, content());
        refuses(&stage, name);
        if name != "empty.bin" {
            std::fs::remove_file(stage.file(name)).expect("it is there");
        }
    }
    std::fs::create_dir(stage.file("folder.bin")).expect("the folder is new");
    refuses(&stage, "folder.bin");
    stage.run(["analyze", "answer.wav", "--model", "nowhere.bin"]).failed(1, &["nowhere.bin", "greenroom models list"]);
    stage.run(["rehearse", "--device", "file:answer.wav", "--model", "empty.bin"]).failed(1, &["empty.bin"]);
    stage.run(["transcribe", "answer.wav", "--model", "empty.bin"]).failed(1, &["empty.bin"]);
    stage.run(["models", "use", "empty.bin"]).failed(1, &["empty.bin"]);
    assert!(stage.sessions().is_empty());
}

/// Where the 16-bit floats of each tensor stand.
fn halves(model: &[u8]) -> Vec<std::ops::Range<usize>> {
    let number = |at: usize| i32::from_le_bytes(model[at..at + 4].try_into().expect("four bytes")) as usize;
    let (mut at, mut found) = (WEIGHTS, Vec::new());
    while at < model.len() {
        let (dimensions, name, is_half) = (number(at), number(at + 4), number(at + 8) == 1);
        let items: usize = (0..dimensions).map(|dimension| number(at + 12 + 4 * dimension)).product();
        let start = at + 12 + 4 * dimensions + name;
        at = start + items * if is_half { 2 } else { 4 };
        found.extend(is_half.then_some(start..at));
    }
    found
}

#[test]
fn weights_that_are_numbers_and_give_none_end_in_an_error_and_never_in_an_abort() {
    let stage = with_recording();
    let mut model = std::fs::read(tiny_en()).expect("it can be read");
    for half in halves(&model) {
        // 60,000: near the largest there is.
        model[half].chunks_exact_mut(2).for_each(|half| half.copy_from_slice(&[0x53, 0x7b]));
    }
    stage.write("large.bin", model);
    stage.run(["analyze", "answer.wav", "--model", "large.bin"]).failed(1, &["weights give no numbers"]);
}
