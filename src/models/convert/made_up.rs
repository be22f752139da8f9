//! Made-up models in the shape of Whisper, the smallest there can be, in the formats that are read.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use half::{bf16, f16};
use serde_json::json;

use super::names;
use super::vocabulary::printable;
use crate::models::architecture::Shape;

/// One layer that hears, two that write, a width of 64.
pub(crate) fn shape(vocabulary: i32, mel_bands: i32) -> Shape {
    Shape::of_header([vocabulary, 1500, 64, 1, 1, 448, 64, 1, 2, mel_bands, 1]).expect("it is a proper header")
}

/// Dimensions and numbers of a tensor.
type Numbers = (Vec<u64>, Vec<f32>);

/// A model with numbers by chance, all of which 16 bits hold exactly.
pub(crate) struct MadeUp {
    pub shape: Shape,
    /// Dimensions, the slowest first, and numbers, by the names of ggml.
    pub tensors: BTreeMap<String, Numbers>,
}

impl MadeUp {
    pub fn new(vocabulary: i32, mel_bands: i32) -> MadeUp {
        let shape = shape(vocabulary, mel_bands);
        let mut random = fastrand::Rng::with_seed(11);
        // Sixteenths up to 8: exact as halves and as brain floats.
        let mut number = || f32::from(random.i8(..)) / 16.0;
        let tensors = shape.tensors().into_iter().map(|(name, tensor)| {
            let dims: Vec<u64> =
                tensor.dims.into_iter().rev().map(|dim| dim as u64).skip_while(|&dim| dim == 1).collect();
            // A convolution's bias has a second dimension of 1 in ggml only.
            let dims: Vec<u64> = if name.ends_with(".bias") { vec![dims[0]] } else { dims };
            let count: u64 = dims.iter().product();
            (name, (dims, (0..count).map(|_| number()).collect()))
        });
        MadeUp { tensors: tensors.collect(), shape }
    }

    /// Writes it as a folder of CTranslate2, its numbers stored as `kind`.
    pub fn write_ctranslate2(&self, folder: &Path, kind: Kind) {
        fs::write(folder.join("model.bin"), self.ctranslate2(kind)).expect("it can be written");
        fs::write(folder.join("config.json"), r#"{"alignment_heads": [[1, 0]]}"#).expect("it can be written");
        fs::write(folder.join("tokenizer.json"), self.tokenizer_json()).expect("it can be written");
    }

    /// `model.bin` of CTranslate2.
    pub fn ctranslate2(&self, kind: Kind) -> Vec<u8> {
        let mut variables: BTreeMap<String, Variable> = BTreeMap::new();
        for name in names::in_order(&self.shape) {
            let place = names::ctranslate2(&name);
            let (dims, numbers) = &self.tensors[&name];
            let variable = variables.entry(place.name.clone()).or_default();
            // The bias of the keys, which nobody has.
            if name.ends_with("query.bias") && place.part.1 == 3 {
                variable.push(dims, numbers);
                variable.push(dims, &vec![0.0; numbers.len()]);
            } else if name.ends_with("value.bias") && place.part.1 == 2 {
                variable.push(dims, &vec![0.0; numbers.len()]);
                variable.push(dims, numbers);
            } else {
                variable.push(dims, numbers);
            }
        }
        let mut scalars = vec![("encoder/num_heads", 1_i16), ("decoder/num_heads", 1)];
        let mut out = Vec::new();
        out.extend(6_u32.to_le_bytes());
        put_string(&mut out, "WhisperSpec");
        out.extend(3_u32.to_le_bytes());
        let mut body = Vec::new();
        let mut count = 0_u32;
        for (name, variable) in &variables {
            count += variable.put(&mut body, name, kind);
        }
        for (name, number) in scalars.drain(..) {
            put_variable(&mut body, name, &[], 2, &number.to_le_bytes());
            count += 1;
        }
        out.extend(count.to_le_bytes());
        out.extend(body);
        out.extend(1_u32.to_le_bytes());
        put_string(&mut out, "decoder/projection/weight");
        put_string(&mut out, "decoder/embeddings/weight");
        out
    }

    /// Writes it as a folder of Hugging Face in so many files.
    pub fn write_hugging_face(&self, folder: &Path, kind: Kind, files: usize) {
        let config = json!({
            "model_type": "whisper", "vocab_size": self.shape.vocabulary, "d_model": 64, "encoder_layers": 1,
            "encoder_attention_heads": 1, "decoder_layers": 2, "decoder_attention_heads": 1,
            "num_mel_bins": self.shape.mel_bands, "max_source_positions": 1500, "max_target_positions": 448,
        });
        fs::write(folder.join("config.json"), config.to_string()).expect("it can be written");
        fs::write(folder.join("vocab.json"), serde_json::to_string(&tokens(&self.shape)).expect("it is plain"))
            .expect("it can be written");
        let all: Vec<_> = self
            .tensors
            .iter()
            .map(|(name, tensor)| (format!("model.{}", names::hugging_face(name)), tensor))
            .collect();
        let mut weight_map = BTreeMap::new();
        for (number, tensors) in all.chunks(all.len().div_ceil(files)).enumerate() {
            let name = if files == 1 { "model.safetensors".to_owned() } else { format!("model-{number}.safetensors") };
            weight_map.extend(tensors.iter().map(|(tensor, _)| (tensor.clone(), name.clone())));
            fs::write(folder.join(&name), safetensors(tensors, kind)).expect("it can be written");
        }
        if files > 1 {
            let index = json!({"metadata": {}, "weight_map": weight_map});
            fs::write(folder.join("model.safetensors.index.json"), index.to_string()).expect("it can be written");
        }
    }

    /// `tokenizer.json` with its vocabulary.
    pub fn tokenizer_json(&self) -> String {
        json!({"model": {"type": "BPE", "vocab": tokens(&self.shape)}, "added_tokens": []}).to_string()
    }
}

/// A token for every number: all bytes, then made-up words, and the end of a text where it belongs.
fn tokens(shape: &Shape) -> BTreeMap<String, u32> {
    let bytes: Vec<char> = printable().collect();
    let end = if shape.vocabulary == 51_864 { 50_256 } else { 50_257 };
    (0..=end)
        .map(|id| match id {
            _ if id == end => ("<|endoftext|>".to_owned(), id),
            0..256 => (bytes[id as usize].to_string(), id),
            _ => (format!("Ġw{id}"), id),
        })
        .collect()
}

fn safetensors(tensors: &[(String, &Numbers)], kind: Kind) -> Vec<u8> {
    let (mut header, mut data) = (serde_json::Map::new(), Vec::new());
    header.insert("__metadata__".to_owned(), json!({"format": "pt"}));
    for (name, (dims, numbers)) in tensors {
        let from = data.len();
        data.extend(kind.stored(numbers));
        header.insert(name.clone(), json!({"dtype": kind.dtype(), "shape": dims, "data_offsets": [from, data.len()]}));
    }
    let header = serde_json::Value::Object(header).to_string();
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &data].concat()
}

/// How numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    F32,
    F16,
    Bf16,
    I8,
    I16,
}

impl Kind {
    fn stored(self, numbers: &[f32]) -> Vec<u8> {
        match self {
            Kind::F16 => numbers.iter().flat_map(|number| f16::from_f32(*number).to_le_bytes()).collect(),
            Kind::Bf16 => numbers.iter().flat_map(|number| bf16::from_f32(*number).to_le_bytes()).collect(),
            _ => numbers.iter().flat_map(|number| number.to_le_bytes()).collect(),
        }
    }

    fn dtype(self) -> &'static str {
        match self {
            Kind::F16 => "F16",
            Kind::Bf16 => "BF16",
            _ => "F32",
        }
    }
}

#[derive(Default)]
struct Variable {
    dims: Vec<u64>,
    numbers: Vec<f32>,
}

impl Variable {
    /// Stacks rows under those that are there.
    fn push(&mut self, dims: &[u64], numbers: &[f32]) {
        if self.dims.is_empty() {
            self.dims = dims.to_vec();
        } else {
            self.dims[0] += dims[0];
        }
        self.numbers.extend(numbers);
    }

    /// Writes it, with its scales where it has some; returns how many variables that are.
    fn put(&self, out: &mut Vec<u8>, name: &str, kind: Kind) -> u32 {
        let is_weight = name.ends_with("/weight");
        match kind {
            Kind::I8 if is_weight => {
                let row = self.numbers.len() / self.dims[0] as usize;
                let largest = |row: &[f32]| row.iter().fold(0.0_f32, |most, number| most.max(number.abs()));
                let scales: Vec<f32> = self.numbers.chunks(row).map(|row| 127.0 / largest(row)).collect();
                let bytes = self.numbers.iter().enumerate().map(|(n, number)| (number * scales[n / row]).round() as i8);
                put_variable(out, name, &self.dims, 1, &bytes.map(i8::cast_unsigned).collect::<Vec<_>>());
                put_variable(out, &format!("{name}_scale"), &self.dims[..1], 0, &Kind::F32.stored(&scales));
                2
            }
            Kind::I16 if is_weight => {
                let bytes = self.numbers.iter().flat_map(|number| ((number * 128.0).round() as i16).to_le_bytes());
                put_variable(out, name, &self.dims, 2, &bytes.collect::<Vec<_>>());
                put_variable(out, &format!("{name}_scale"), &[], 0, &128.0_f32.to_le_bytes());
                2
            }
            Kind::F16 => {
                put_variable(out, name, &self.dims, 4, &kind.stored(&self.numbers));
                1
            }
            Kind::Bf16 => {
                put_variable(out, name, &self.dims, 5, &kind.stored(&self.numbers));
                1
            }
            _ => {
                put_variable(out, name, &self.dims, 0, &Kind::F32.stored(&self.numbers));
                1
            }
        }
    }
}

fn put_string(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u16 + 1).to_le_bytes());
    out.extend(text.as_bytes());
    out.push(0);
}

pub(crate) fn put_variable(out: &mut Vec<u8>, name: &str, dims: &[u64], number_type: u8, bytes: &[u8]) {
    put_string(out, name);
    out.push(dims.len() as u8);
    out.extend(dims.iter().flat_map(|dim| (*dim as u32).to_le_bytes()));
    out.push(number_type);
    out.extend((bytes.len() as u32).to_le_bytes());
    out.extend(bytes);
}
