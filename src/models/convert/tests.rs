//! Made-up models through every reader and the writer, and what is refused on the way.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::Path;

use half::f16;

use super::Precision::{F16, Q5_1, Q8_0};
use super::made_up::{Kind, MadeUp, put_variable};
use super::numbers::StoredAs;
use super::{
    ConvertError, ConvertProblem, Format, OtherFormat, Precision, Source, WriteError, ctranslate2, ggml, hugging_face,
    recognise, write,
};
use crate::models::check::check_weights;
use crate::models::sha256;
use crate::remedy::Remedy;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder can be made")
}

/// The model as a file, which must be one that whisper.cpp can be trusted with.
fn written(source: &Source, precision: Precision) -> Vec<u8> {
    let folder = folder();
    let path = folder.path().join("ggml-made-up.bin");
    let mut file = fs::File::create(&path).expect("it can be made");
    let mut last = (0, 1);
    let told = write(source, precision, &mut file, &mut |done, of| {
        last = (done, of);
        ControlFlow::Continue(())
    })
    .expect("it is written");
    assert_eq!(last.0, last.1, "progress ends at the end");
    assert_eq!(told.sha256, sha256::of_file(&path).expect("it can be read"));
    let shape = check_weights(&path).expect("it is a good model");
    assert_eq!(shape.numbers, precision.numbers());
    let bytes = fs::read(&path).expect("it can be read");
    assert_eq!(told.bytes, bytes.len() as u64);
    bytes
}

/// Compares a file of 16-bit floats with the model it was made from, tensor for tensor.
fn assert_is(file: &[u8], model: &MadeUp, tolerance: f32) {
    let folder = folder();
    let path = folder.path().join("ggml-made-up.bin");
    fs::write(&path, file).expect("it can be written");
    let places = ggml::read(&path, F16).expect("it is a good model").tensors;
    assert!(places.keys().eq(model.tensors.keys()));
    for (name, (_, numbers)) in &model.tensors {
        let at = &file[places[name].at as usize..];
        let found: Vec<f32> = match places[name].numbers {
            StoredAs::F32 => at.as_chunks().0.iter().take(numbers.len()).map(|b| f32::from_le_bytes(*b)).collect(),
            _ => at.as_chunks().0.iter().take(numbers.len()).map(|b| f16::from_le_bytes(*b).to_f32()).collect(),
        };
        let off = found.iter().zip(numbers).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(found.len() == numbers.len() && off <= tolerance, "{name} is off by {off}");
    }
}

#[test]
fn a_ctranslate2_model_of_floats_becomes_the_same_file_however_they_are_stored() {
    let model = MadeUp::new(51_864, 80);
    let files: Vec<_> = [Kind::F16, Kind::F32, Kind::Bf16]
        .into_iter()
        .map(|kind| {
            let folder = folder();
            model.write_ctranslate2(folder.path(), kind);
            written(&ctranslate2::read(folder.path()).expect("it is a good folder"), F16)
        })
        .collect();
    assert_is(&files[0], &model, 0.0);
    assert!(files[0] == files[1] && files[0] == files[2]);
}

#[test]
fn integers_of_ctranslate2_are_divided_by_the_scales_of_their_rows() {
    let model = MadeUp::new(51_864, 80);
    // Half a step of the coarsest row, and the rounding of halves.
    for (kind, tolerance) in [(Kind::I8, 0.5 * 8.0 / 127.0 + 0.005), (Kind::I16, 0.0)] {
        let folder = folder();
        model.write_ctranslate2(folder.path(), kind);
        assert_is(&written(&ctranslate2::read(folder.path()).expect("it is a good folder"), F16), &model, tolerance);
    }
}

#[test]
fn a_hugging_face_model_becomes_the_file_that_the_same_model_of_ctranslate2_does() {
    for (vocabulary, bands) in [(51_864, 80), (51_865, 80), (51_866, 128)] {
        let model = MadeUp::new(vocabulary, bands);
        let (theirs, ours) = (folder(), folder());
        model.write_ctranslate2(theirs.path(), Kind::F16);
        let wanted = written(&ctranslate2::read(theirs.path()).expect("it is a good folder"), F16);
        for (kind, files) in [(Kind::F32, 1), (Kind::Bf16, 1), (Kind::F16, 3)] {
            model.write_hugging_face(ours.path(), kind, files);
            let source = hugging_face::read(ours.path()).expect("it is a good folder");
            assert!(written(&source, F16) == wanted, "{vocabulary} {kind:?} in {files}");
        }
    }
}

#[test]
fn a_model_is_stored_in_fewer_bits_on_request_and_smaller_for_it() {
    let model = MadeUp::new(51_864, 80);
    let folder = folder();
    model.write_ctranslate2(folder.path(), Kind::F16);
    let source = ctranslate2::read(folder.path()).expect("it is a good folder");
    let sizes = [F16, Q8_0, Q5_1].map(|precision| written(&source, precision).len());
    assert!(sizes.is_sorted_by(|a, b| a > b), "{sizes:?}");
    let path = folder.path().join("ggml-half.bin");
    fs::write(&path, written(&source, F16)).expect("it can be written");
    let again = ggml::read(&path, Q8_0).expect("it has 16-bit floats");
    assert!(written(&again, Q8_0) == written(&source, Q8_0));
    assert!(written(&again, F16) == fs::read(&path).expect("it is there"));
    fs::write(&path, written(&source, Q8_0)).expect("it can be written");
    let error = ggml::read(&path, Q5_1).expect_err("it was made coarser already");
    assert!(matches!(error.problem, ConvertProblem::Quantised { found: "Q8_0", wanted: "q5_1" }), "{error}");
}

#[test]
fn every_vocabulary_file_gives_the_same_model() {
    let model = MadeUp::new(51_865, 80);
    let folder = folder();
    model.write_ctranslate2(folder.path(), Kind::F16);
    let wanted = written(&ctranslate2::read(folder.path()).expect("it is a good folder"), F16);
    let tokenizer: serde_json::Value = serde_json::from_str(&model.tokenizer_json()).expect("it is JSON");
    let vocabulary = tokenizer["model"]["vocab"].as_object().expect("it is a map");
    let mut tokens: Vec<(u64, &String)> =
        vocabulary.iter().map(|(t, id)| (id.as_u64().expect("a number"), t)).collect();
    tokens.sort();
    let list: Vec<&String> = tokens.into_iter().map(|(_, token)| token).collect();
    let lines = list.iter().map(|token| token.as_str()).collect::<Vec<_>>().join("\n");
    let files = [
        ("vocab.json", tokenizer["model"]["vocab"].to_string()),
        ("vocabulary.json", serde_json::to_string(&list).expect("it is plain")),
        ("vocabulary.txt", lines),
    ];
    fs::remove_file(folder.path().join("tokenizer.json")).expect("it is there");
    let error = ctranslate2::read(folder.path()).expect_err("there is no vocabulary");
    assert!(matches!(error.problem, ConvertProblem::NoFile { .. }), "{error}");
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::write(&path, content).expect("it can be written");
        let source = ctranslate2::read(folder.path()).unwrap_or_else(|error| panic!("{name}: {:?}", error.problem));
        assert!(written(&source, F16) == wanted, "{name}");
        fs::remove_file(&path).expect("it is there");
    }
}

/// The problem with a folder of CTranslate2 whose `model.bin` was changed.
fn problem_of(model: &MadeUp, change: impl FnOnce(&mut Vec<u8>)) -> ConvertError {
    let folder = folder();
    model.write_ctranslate2(folder.path(), Kind::F16);
    let mut bytes = model.ctranslate2(Kind::F16);
    change(&mut bytes);
    fs::write(folder.path().join("model.bin"), bytes).expect("it can be written");
    let error = ctranslate2::read(folder.path()).expect_err("it is bad");
    assert!(error.path.ends_with("model.bin"), "{error}");
    error
}

/// Where the name of a variable begins.
fn name_at(bytes: &[u8], name: &str) -> usize {
    let name = [name.as_bytes(), b"\0"].concat();
    bytes.windows(name.len()).position(|window| window == name).expect("the variable is there")
}

#[test]
fn a_ctranslate2_file_that_is_cut_anywhere_says_where() {
    let model = MadeUp::new(51_864, 80);
    let whole = model.ctranslate2(Kind::F16);
    let cases = [
        (0, "inside its header"),
        (3, "inside its header"),
        (20, "inside its header"),
        (whole.len() / 2, "in variable decoder/embeddings/weight"),
        (whole.len() - 1, "among its aliases"),
    ];
    for (length, wanted) in cases {
        let error = problem_of(&model, |bytes| bytes.truncate(length));
        match error.problem {
            ConvertProblem::CutShort { bytes, place } => assert_eq!((bytes, place.as_str()), (length as u64, wanted)),
            other => panic!("cut at {length}: {other:?}"),
        }
    }
}

#[test]
fn numbers_that_would_fill_the_memory_or_overrun_are_refused() {
    let model = MadeUp::new(51_864, 80);
    let name = "encoder/conv1/weight";
    let dims = |bytes: &[u8]| name_at(bytes, name) + name.len() + 2;
    for at in [0, 4, 8] {
        let error = problem_of(&model, |bytes| {
            let at = dims(bytes) + at;
            bytes[at..at + 4].fill(0xff);
        });
        assert!(
            matches!(&error.problem, ConvertProblem::Damaged { what } if what.contains(name)),
            "{:?}",
            error.problem
        );
    }
    // A payload longer than the file, with dimensions that would give it.
    let error = problem_of(&model, |bytes| {
        let at = dims(bytes);
        bytes[at..at + 4].copy_from_slice(&0x0100_0000_u32.to_le_bytes());
        bytes[at + 13..at + 17].copy_from_slice(&(0x0100_0000_u32.wrapping_mul(80 * 3 * 2)).to_le_bytes());
    });
    assert!(
        matches!(&error.problem, ConvertProblem::Damaged { .. } | ConvertProblem::CutShort { .. }),
        "{:?}",
        error.problem
    );
    let error = problem_of(&model, |bytes| bytes[22..26].fill(0xff));
    assert!(
        matches!(&error.problem, ConvertProblem::CutShort { .. } | ConvertProblem::Damaged { .. }),
        "{:?}",
        error.problem
    );
}

#[test]
fn another_version_another_model_and_a_missing_variable_are_called_that() {
    let model = MadeUp::new(51_864, 80);
    let error = problem_of(&model, |bytes| bytes[0] = 7);
    assert!(matches!(error.problem, ConvertProblem::Version { found: 7, known: 6 }), "{:?}", error.problem);
    let error = problem_of(&model, |bytes| bytes[6..10].copy_from_slice(b"Slow"));
    assert!(
        matches!(&error.problem, ConvertProblem::NotWhisper { found } if found == "SlowperSpec"),
        "{:?}",
        error.problem
    );
    let lost = "decoder/layer_1/attention/linear_1/weight";
    let error = problem_of(&model, |bytes| {
        let at = name_at(bytes, lost);
        bytes[at] = b'X';
    });
    assert!(matches!(&error.problem, ConvertProblem::NoTensor { name } if name == lost), "{:?}", error.problem);
    let error = problem_of(&model, |bytes| {
        let at =
            name_at(bytes, "decoder/layer_0/ffn/linear_0/weight") + "decoder/layer_0/ffn/linear_0/weight".len() + 10;
        assert_eq!(bytes[at], 4, "it is the type");
        bytes[at] = 2;
    });
    assert!(
        matches!(&error.problem, ConvertProblem::NoTensor { name } if name.ends_with("_scale")),
        "{:?}",
        error.problem
    );
}

#[test]
fn a_model_whose_written_tokens_have_weights_of_their_own_is_refused() {
    let model = MadeUp::new(51_864, 80);
    let error = problem_of(&model, |bytes| {
        // One variable more, before the aliases.
        let aliases = bytes.len() - (4 + 2 * (2 + "decoder/projection/weight".len() + 1));
        let tail = bytes.split_off(aliases);
        put_variable(bytes, "decoder/projection/weight", &[1, 1], 4, &[0, 0]);
        bytes.extend(tail);
        let count = u32::from_le_bytes(bytes[22..26].try_into().expect("four bytes")) + 1;
        bytes[22..26].copy_from_slice(&count.to_le_bytes());
    });
    assert!(matches!(error.problem, ConvertProblem::Untied { .. }), "{:?}", error.problem);
}

#[test]
fn more_tokens_than_whisper_cpp_has_places_for_are_refused_with_the_reason() {
    let model = MadeUp::new(51_866, 80);
    let folder = folder();
    model.write_hugging_face(folder.path(), Kind::F16, 1);
    let config = fs::read_to_string(folder.path().join("config.json")).expect("it is there");
    fs::write(folder.path().join("config.json"), config.replace("51866", "51896")).expect("it can be written");
    let error = hugging_face::read(folder.path()).expect_err("it has 31 tokens too many");
    assert!(
        matches!(error.problem, ConvertProblem::MoreTokens { found: 51_896, crisper: false }),
        "{:?}",
        error.problem
    );
    fs::write(folder.path().join("added_tokens.json"), r#"{"[verbatim_1]": 51866}"#).expect("it can be written");
    let error = hugging_face::read(folder.path()).expect_err("it has 31 tokens too many");
    assert!(error.problem.to_string().contains("non-commercial"), "{}", error.problem);
}

#[test]
fn a_hugging_face_folder_of_another_model_or_with_damage_is_called_that() {
    let model = MadeUp::new(51_864, 80);
    let folder = folder();
    let file = |name: &str| folder.path().join(name);
    let problem = || hugging_face::read(folder.path()).expect_err("it is bad");
    model.write_hugging_face(folder.path(), Kind::F16, 1);
    let (config, weights) = (
        fs::read(file("config.json")).expect("it is there"),
        fs::read(file("model.safetensors")).expect("it is there"),
    );

    fs::write(file("config.json"), r#"{"model_type": "wav2vec2", "hidden_size": 768}"#).expect("it can be written");
    assert!(matches!(problem().problem, ConvertProblem::NotWhisper { found } if found == "wav2vec2"));
    fs::write(file("config.json"), "{").expect("it can be written");
    let error = problem();
    assert!(
        error.path.ends_with("config.json") && error.problem.to_string().contains("line 1 column 1"),
        "{:?}",
        error
    );
    fs::write(file("config.json"), &config).expect("it can be written");

    for (length, wanted) in
        [(0, "inside its header"), (100, "inside its header"), (weights.len() - 5, "5 before the end")]
    {
        fs::write(file("model.safetensors"), &weights[..length]).expect("it can be written");
        let error = problem();
        assert!(error.path.ends_with("model.safetensors"), "{error}");
        assert!(error.problem.to_string().contains(wanted), "{}", error.problem);
    }
    let huge = [&u64::MAX.to_le_bytes(), &weights[8..]].concat();
    fs::write(file("model.safetensors"), huge).expect("it can be written");
    assert!(matches!(problem().problem, ConvertProblem::Damaged { .. }));
    let header = 8 + usize::from_le_bytes(weights[..8].try_into().expect("eight bytes"));
    let renamed = String::from_utf8_lossy(&weights[8..header]).replace("encoder.conv1.weight", "encoder.conv9.weight");
    let renamed = [&weights[..8], renamed.as_bytes(), &weights[header..]].concat();
    fs::write(file("model.safetensors"), renamed).expect("it can be written");
    assert!(matches!(problem().problem, ConvertProblem::NoTensor { name } if name == "model.encoder.conv1.weight"));
    fs::write(file("model.safetensors.index.json"), r#"{"weight_map": {"a": "../other.safetensors"}}"#)
        .expect("it can be written");
    let error = problem();
    assert!(error.problem.to_string().contains("outside its folder"), "{}", error.problem);
}

#[test]
fn a_weight_that_is_no_number_or_too_large_is_named_and_ends_the_writing() {
    let name = "encoder.blocks.0.mlp.2.weight";
    for (number, kind, numbers) in [
        (f32::NAN, Kind::F16, F16),
        (f32::INFINITY, Kind::F32, Q8_0),
        (f32::NAN, Kind::F32, Q5_1),
        (1e9, Kind::F32, F16),
    ] {
        let mut model = MadeUp::new(51_864, 80);
        model.tensors.get_mut(name).expect("it is there").1[5] = number;
        let folder = folder();
        model.write_ctranslate2(folder.path(), kind);
        let source = ctranslate2::read(folder.path()).expect("its structure is good");
        match write(&source, numbers, &mut Vec::new(), &mut |_, _| ControlFlow::Continue(())) {
            Err(WriteError::Source(ConvertError {
                problem: ConvertProblem::NotANumber { name: found, .. }, ..
            })) => {
                assert_eq!(found, name);
            }
            other => panic!("{number} as {kind:?}: {other:?}"),
        }
    }
}

#[test]
fn writing_can_be_stopped_and_a_full_disk_is_an_error() {
    let model = MadeUp::new(51_864, 80);
    let folder = folder();
    model.write_ctranslate2(folder.path(), Kind::F16);
    let source = ctranslate2::read(folder.path()).expect("it is a good folder");
    let mut calls = 0;
    let stopped = write(&source, F16, &mut Vec::new(), &mut |_, _| {
        calls += 1;
        ControlFlow::Break(())
    });
    assert!(matches!(stopped, Err(WriteError::Stopped)), "{stopped:?}");
    assert_eq!(calls, 1);
    let full = write(&source, F16, &mut &mut [0_u8; 1000][..], &mut |_, _| ControlFlow::Continue(()));
    assert!(matches!(full, Err(WriteError::Write(_))), "{full:?}");
}

#[test]
fn a_path_is_recognised_by_what_is_there() {
    let model = MadeUp::new(51_864, 80);
    let (theirs, ours) = (folder(), folder());
    model.write_ctranslate2(theirs.path(), Kind::F16);
    model.write_hugging_face(ours.path(), Kind::F16, 2);
    let ggml = theirs.path().join("ggml-x.bin");
    fs::write(&ggml, b"lmgg and more").expect("it can be written");
    let recognised = |path: &Path| recognise(path).expect("it is known");
    assert_eq!(recognised(&ggml), Format::Ggml(ggml.clone()));
    for path in [theirs.path().to_owned(), theirs.path().join("model.bin")] {
        assert_eq!(recognised(&path), Format::CTranslate2(theirs.path().to_owned()));
    }
    for path in
        [ours.path().to_owned(), ours.path().join("config.json"), ours.path().join("model.safetensors.index.json")]
    {
        assert_eq!(recognised(&path), Format::HuggingFace(ours.path().to_owned()));
    }
    // As the hub keeps it: the version that `main` is, among several.
    let hub = folder();
    let snapshot = hub.path().join("snapshots/abc");
    fs::create_dir_all(&snapshot).expect("it can be made");
    fs::create_dir_all(hub.path().join("snapshots/old")).expect("it can be made");
    fs::create_dir_all(hub.path().join("refs")).expect("it can be made");
    fs::write(hub.path().join("refs/main"), "abc\n").expect("it can be written");
    model.write_ctranslate2(&snapshot, Kind::F16);
    assert_eq!(recognised(hub.path()), Format::CTranslate2(snapshot));
}

#[test]
fn what_is_not_read_is_called_by_its_name_with_a_way_out() {
    let folder = folder();
    let cases: [(&str, &[u8], OtherFormat); 4] = [
        ("base.en.pt", b"PK\x03\x04....", OtherFormat::PyTorch),
        ("whisper.gguf", b"GGUF....", OtherFormat::Gguf),
        ("pytorch_model.bin", b"....", OtherFormat::PyTorch),
        ("encoder.onnx", b"....", OtherFormat::Onnx),
    ];
    for (name, content, wanted) in cases {
        let path = folder.path().join(name);
        fs::write(&path, content).expect("it can be written");
        let error = recognise(&path).expect_err("it is not read here");
        assert!(
            matches!(error.problem, ConvertProblem::Other(found) if found == wanted),
            "{name}: {:?}",
            error.problem
        );
        assert!(!error.hint().is_empty());
    }
    let error = recognise(&folder.path().join("base.en.pt")).expect_err("it is not read here");
    assert_eq!(error.hint(), "greenroom models pull base.en");
    for (name, wanted) in [("adapter_config.json", OtherFormat::Adapter), ("weights.npz", OtherFormat::Mlx)] {
        let other = folder.path().join(format!("of {name}"));
        fs::create_dir(&other).expect("it is new");
        fs::write(other.join(name), "x").expect("it can be written");
        let error = recognise(&other).expect_err("it is not read here");
        assert!(
            matches!(error.problem, ConvertProblem::Other(found) if found == wanted),
            "{name}: {:?}",
            error.problem
        );
    }
    let nothing = folder.path().join("letters");
    fs::create_dir(&nothing).expect("it is new");
    fs::write(nothing.join("a.txt"), "x").expect("it can be written");
    let error = recognise(&nothing).expect_err("it is no model");
    assert!(error.problem.to_string().ends_with("it has a.txt"), "{}", error.problem);
    assert!(matches!(
        recognise(&folder.path().join("nowhere")).expect_err("it is not there").problem,
        ConvertProblem::Missing
    ));
}

/// Bytes changed by chance in the headers of variables and tensors, where every number leads somewhere.
#[test]
fn damage_of_any_kind_ends_in_an_error_or_a_model_and_never_in_a_panic() {
    let model = MadeUp::new(51_864, 80);
    let (theirs, ours) = (folder(), folder());
    model.write_ctranslate2(theirs.path(), Kind::I8);
    model.write_hugging_face(ours.path(), Kind::F16, 1);
    let mut random = fastrand::Rng::with_seed(5);
    let whole = model.ctranslate2(Kind::I8);
    let headers: Vec<usize> =
        whole.windows(6).enumerate().filter(|(_, it)| it == b"coder/").map(|(at, _)| at).collect();
    let tensors = fs::read(ours.path().join("model.safetensors")).expect("it is there");
    let header = usize::from_le_bytes(tensors[..8].try_into().expect("eight bytes"));
    let damaged = |path: &Path, whole: &[u8], places: &[usize], random: &mut fastrand::Rng| {
        let mut file = fs::File::options().write(true).open(path).expect("it is there");
        let mut put = |at: usize, byte: u8| {
            file.seek(SeekFrom::Start(at as u64)).and_then(|_| file.write_all(&[byte])).expect("it can be written");
        };
        places.iter().for_each(|&at| put(at, if random.bool() { random.u8(..) } else { 0xff }));
        let read = if path.ends_with("model.bin") { ctranslate2::read } else { hugging_face::read };
        let outcome = read(path.parent().expect("it is in a folder"));
        places.iter().for_each(|&at| put(at, whole[at]));
        outcome.err()
    };
    let mut errors = 0;
    for _ in 0..50 {
        let places = [(); 3]
            .map(|()| (random.choice(&headers).expect("there are some") + random.usize(0..70)).min(whole.len() - 1));
        errors += usize::from(damaged(&theirs.path().join("model.bin"), &whole, &places, &mut random).is_some());
        let places = [(); 3].map(|()| random.usize(0..header + 8));
        errors +=
            usize::from(damaged(&ours.path().join("model.safetensors"), &tensors, &places, &mut random).is_some());
    }
    assert!(errors > 66, "{errors} of 100 kinds of damage are found");
}
