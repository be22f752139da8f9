//! Every kind of bad model file that whisper.cpp aborts on, loads in silence, or refuses without a reason.

use std::fs;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::check::{Shape, check, check_bytes, check_source, check_weights};
use super::convert::Precision;
use super::convert::made_up::MadeUp;
use super::problem::{BadModel, Place, Problem};
use crate::remedy::Remedy;

/// Where things stand in every model with 80 mel bands.
const HEADER: usize = 4;
const HEADER_BYTES: usize = 48;
const FILTER_BINS: usize = HEADER_BYTES + 4;
const VOCABULARY: usize = HEADER_BYTES + 8 + 80 * 201 * 4;
/// Tensors of a model with one layer that hears and two that write.
const TENSORS: usize = 3 + 2 * 24 + 2 + 4 + 15 + 2;

/// A good model, made up.
static MODEL: LazyLock<Vec<u8>> = LazyLock::new(|| MadeUp::new(51_864, 80).ggml(Precision::Q8_0));

/// Where the header of its first tensor begins: three numbers, two dimensions, and the name.
static WEIGHTS: LazyLock<usize> = LazyLock::new(|| position("decoder.positional_embedding") - 20);

/// The model with `bytes` written over it at `at`.
fn patched(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut model = MODEL.clone();
    model[at..at + bytes.len()].copy_from_slice(bytes);
    model
}

/// The model with one of the eleven numbers of its header replaced.
fn with_header(number: usize, value: i32) -> Vec<u8> {
    patched(HEADER + 4 * number, &value.to_le_bytes())
}

/// Where the name of a tensor begins.
fn position(name: &str) -> usize {
    let name = name.as_bytes();
    MODEL.windows(name.len()).position(|window| window == name).expect("the tensor is in the model")
}

fn problem_of(model: &[u8]) -> Problem {
    check_bytes(model, Path::new("bad.bin")).expect_err("the file is bad").problem
}

/// The error on a file of this name and content.
fn error_on_disk(name: &str, content: &[u8]) -> BadModel {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join(name);
    fs::write(&path, content).expect("the file can be written");
    check(&path).expect_err("the file is bad")
}

#[test]
fn a_good_model_is_accepted_and_its_shape_is_read() {
    let shape = check_bytes(&MODEL, Path::new("good")).expect("the model is good");
    assert_eq!((shape.width, shape.audio_layers, shape.text_layers, shape.mel_bands), (64, 1, 2, 80));
    assert_eq!((shape.numbers.name, shape.is_multilingual()), ("Q8_0", false));
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("good.bin");
    fs::write(&path, &*MODEL).expect("the file can be written");
    assert_eq!(check_weights(&path).expect("its weights are numbers"), shape);
}

/// Counts the bytes that are read, not those that are jumped over.
struct Counted {
    file: fs::File,
    read: u64,
}

impl Seek for &mut Counted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Read for &mut Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.read += count as u64;
        Ok(count)
    }
}

/// Writes a model of the dimensions of large-v3 with holes in place of its weights.
fn write_large(file: &mut fs::File) -> io::Result<()> {
    let header = [51_866, 1500, 1280, 20, 32, 448, 1280, 20, 32, 128, 1];
    let shape = Shape::of_header(header).expect("large-v3 is accepted");
    let mut begin = b"lmgg".to_vec();
    begin.extend(header.into_iter().chain([128, 201]).flat_map(i32::to_le_bytes));
    begin.resize(begin.len() + 128 * 201 * 4, 0);
    begin.extend(50_257_i32.to_le_bytes());
    for _ in 0..50_257 {
        begin.extend(4_u32.to_le_bytes());
        begin.extend(b"word");
    }
    file.write_all(&begin)?;
    for (name, tensor) in shape.tensors() {
        let mut header = Vec::new();
        for number in [3, name.len() as i32, tensor.numbers.in_tensor].into_iter().chain(tensor.dims) {
            header.extend(number.to_le_bytes());
        }
        header.extend(name.as_bytes());
        file.write_all(&header)?;
        let end = file.stream_position()? + tensor.bytes();
        file.set_len(end)?;
        file.seek(SeekFrom::Start(end))?;
    }
    Ok(())
}

#[test]
fn a_model_of_3_gb_is_checked_by_reading_a_few_megabytes_of_it() {
    let mut file = tempfile::tempfile().expect("a file can be made");
    write_large(&mut file).expect("holes take no space");
    let mut counted = Counted { file, read: 0 };
    let shape = check_source(&mut counted, Path::new("large")).expect("it is good");
    assert_eq!((shape.mel_bands, shape.numbers.name, shape.is_multilingual()), (128, "F16", true));
    assert!(counted.file.metadata().expect("it is open").len() > 3_000_000_000);
    assert!(counted.read < 16_000_000, "{} bytes were read", counted.read);
}

#[test]
fn a_file_that_is_not_there_and_a_folder_say_so() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let missing = check(&folder.path().join("ggml-small.en.bin")).expect_err("it is not there");
    assert!(matches!(missing.problem, Problem::Missing));
    assert_eq!(missing.hint(), "greenroom models pull small.en");
    assert!(matches!(check(folder.path()).expect_err("it is a folder").problem, Problem::Folder));
    assert!(matches!(check(Path::new("/dev/zero")).expect_err("it is a device").problem, Problem::NotAFile));
}

#[test]
fn files_of_another_kind_say_what_they_look_like() {
    let cases: [(&[u8], &str); 6] = [
        (b"GGUF\x03\0\0\0........", "a GGUF model"),
        (b"PK\x03\x04..........", "a PyTorch model"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"version https://git-lfs.github.com/spec/v1", "a Git LFS pointer"),
        (b"RIFF....WAVEfmt ", "a recording"),
        (b"\x8f\x02\x77\x10\x99\xc0\xff\xee", "not a Whisper model"),
    ];
    for (content, expected) in cases {
        let problem = problem_of(content);
        assert!(matches!(problem, Problem::NotAModel { .. }), "{expected}: {problem:?}");
        assert!(problem.to_string().contains(expected), "{problem}");
    }
    assert!(matches!(problem_of(b""), Problem::Empty));
    assert!(matches!(problem_of(&patched(0, b"ggml")), Problem::NotAModel { looks_like: None }));
}

#[test]
fn a_voice_detector_given_as_a_model_is_recognised() {
    // The beginning of a Silero file for whisper.cpp: the same magic, then its type, version and dimensions.
    let mut silero = b"lmgg\x0a\0\0\0silero-16k".to_vec();
    for number in [6_i32, 2, 0, 512, 64, 4, 129, 128, 3] {
        silero.extend(number.to_le_bytes());
    }
    let error = error_on_disk("ggml-silero-v6.2.0.bin", &silero);
    assert!(matches!(error.problem, Problem::VoiceDetector));
    assert_eq!(error.hint(), "greenroom models pull base.en");
}

#[test]
fn a_file_that_ends_too_soon_says_where() {
    let second_tensor = position("encoder.positional_embedding") - 20;
    let last_byte = MODEL.len() - 1;
    let cases = [
        (40, Place::Header),
        (HEADER_BYTES, Place::Filters),
        (HEADER_BYTES + 8 + 100, Place::Filters),
        (VOCABULARY, Place::Vocabulary),
        (*WEIGHTS - 1, Place::Vocabulary),
        (*WEIGHTS + 11, Place::Weights { tensor: 1, of: TENSORS }),
        (second_tensor, Place::Weights { tensor: 2, of: TENSORS }),
        (last_byte, Place::Weights { tensor: TENSORS, of: TENSORS }),
    ];
    for (length, expected) in cases {
        match problem_of(&MODEL[..length]) {
            Problem::CutShort { bytes, place } => assert_eq!((bytes, place), (length as u64, expected)),
            other => panic!("cut at {length}: {other:?}"),
        }
    }
}

#[test]
fn a_file_without_weights_is_not_taken_for_a_model() {
    assert!(matches!(problem_of(&MODEL[..*WEIGHTS]), Problem::HeaderOnly));
}

#[test]
fn impossible_numbers_in_the_header_are_named() {
    for (number, value) in [(0, -1), (0, i32::MAX), (2, i32::MAX), (4, 0), (8, 1_000_000), (9, 81)] {
        let problem = problem_of(&with_header(number, value));
        assert!(matches!(problem, Problem::Dimension { found, .. } if found == value), "{number}: {problem:?}");
    }
    for value in [-1, 4, 5, 6, 99, 2099, i32::MAX] {
        let problem = problem_of(&with_header(10, value));
        assert!(matches!(problem, Problem::NumberType { found } if found == value), "{problem:?}");
    }
}

#[test]
fn a_width_that_its_number_type_cannot_store_is_refused() {
    // 64 is no multiple of the 256 numbers in a Q4_K block; ggml asserts on that.
    assert!(matches!(problem_of(&with_header(10, 2012)), Problem::Dimension { what: "width", .. }));
}

#[test]
fn filters_that_would_fill_the_memory_or_garble_the_sound_are_refused() {
    let huge = i32::MAX.to_le_bytes();
    assert!(matches!(problem_of(&patched(HEADER_BYTES, &huge)), Problem::Filters { bands: i32::MAX, .. }));
    let wrong_fft = 257_i32.to_le_bytes();
    assert!(matches!(problem_of(&patched(FILTER_BINS, &wrong_fft)), Problem::Filters { bins: 257, .. }));
}

#[test]
fn a_vocabulary_that_would_fill_the_memory_is_refused() {
    for count in [-1, 0, 7, 51_865, i32::MAX] {
        let problem = problem_of(&patched(VOCABULARY, &count.to_le_bytes()));
        assert!(matches!(problem, Problem::Vocabulary { count: c, .. } if c == count), "{problem:?}");
    }
    let problem = problem_of(&patched(VOCABULARY + 4, &u32::MAX.to_le_bytes()));
    assert!(matches!(problem, Problem::Token { index: 0, bytes: u32::MAX }), "{problem:?}");
}

#[test]
fn a_tensor_with_a_wrong_name_shape_or_type_is_named() {
    let name = "encoder.conv2.bias";
    let at = position(name);
    assert!(matches!(problem_of(&patched(at, b"X")), Problem::UnknownTensor { name } if name == "Xncoder.conv2.bias"));
    // Before the name stand the dimensions, 1 by 64, and before those the type.
    let problem = problem_of(&patched(at - 4, &1024_i32.to_le_bytes()));
    assert_eq!(problem.to_string(), format!("its weights are damaged: tensor {name} is 1 by 1024, must be 1 by 64"));
    let huge = problem_of(&patched(at - 4, &i32::MAX.to_le_bytes()));
    assert!(matches!(huge, Problem::TensorShape { .. }), "{huge:?}");
    let problem = problem_of(&patched(at - 12, &1_i32.to_le_bytes()));
    assert!(matches!(problem, Problem::TensorType { wanted: "F32", ref found, .. } if found == "F16"), "{problem:?}");
    let unknown = problem_of(&patched(at - 12, &77_i32.to_le_bytes()));
    assert!(matches!(unknown, Problem::TensorType { ref found, .. } if found == "77"), "{unknown:?}");
}

#[test]
fn a_tensor_header_that_would_overrun_or_fill_the_memory_is_refused() {
    for (at, value) in [(0, 4_i32), (0, -1), (0, i32::MAX), (4, 0), (4, -1), (4, i32::MAX)] {
        let problem = problem_of(&patched(*WEIGHTS + at, &value.to_le_bytes()));
        assert!(matches!(problem, Problem::TensorHeader { number: 1, of: TENSORS }), "{at} {value}: {problem:?}");
    }
}

#[test]
fn the_same_tensor_twice_is_refused() {
    // Two tensors of the same shape and name length: the second gets the name of the first.
    let first = "decoder.blocks.0.attn.query.weight";
    let second = "decoder.blocks.1.attn.query.weight";
    let problem = problem_of(&patched(position(second), first.as_bytes()));
    assert!(matches!(problem, Problem::TensorTwice { ref name } if name == first), "{problem:?}");
}

#[test]
fn bytes_after_the_weights_are_refused() {
    for extra in [1, 12, 1000] {
        let mut model = MODEL.clone();
        model.extend(std::iter::repeat_n(7, extra));
        let problem = problem_of(&model);
        assert!(matches!(problem, Problem::TrailingBytes { bytes } if bytes == extra as u64), "{problem:?}");
    }
}

#[test]
fn a_weight_that_is_not_a_number_is_found_when_the_weights_are_read() {
    let name = "encoder.ln_post.weight";
    let model = patched(position(name) + name.len() + 8, &f32::NAN.to_le_bytes());
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("nan.bin");
    fs::write(&path, model).expect("the file can be written");
    check(&path).expect("its structure is good");
    let error = check_weights(&path).expect_err("one weight is not a number");
    assert!(matches!(error.problem, Problem::NotANumber { ref tensor } if tensor == name), "{:?}", error.problem);
}

#[test]
fn an_error_names_the_file_and_the_way_out() {
    let error = error_on_disk("ggml-base.en.bin", &MODEL[..40]);
    assert!(error.to_string().ends_with("ggml-base.en.bin cannot be used"), "{error}");
    assert_eq!(error.problem.to_string(), "it is cut short: it ends after 40 bytes, inside its header");
    assert_eq!(error.hint(), "greenroom models pull base.en   (replaces the file)");
    let own = error_on_disk("my-own.bin", &MODEL[..*WEIGHTS]);
    assert_eq!(own.hint(), "greenroom models pull base.en   (or get that file again from where it came)");
    let unreadable = BadModel {
        path: PathBuf::from("/models/secret.bin"),
        problem: Problem::of_io(std::io::ErrorKind::PermissionDenied.into()),
    };
    assert_eq!(unreadable.hint(), "ls -l /models/secret.bin");
}
