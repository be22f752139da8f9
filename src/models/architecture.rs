//! What a Whisper model of given dimensions must hold: the names, dimensions and types of its tensors.

use std::collections::BTreeMap;

use super::number_type::{F32, NumberType};
use super::problem::Problem;

/// Most layers a Whisper model has is 32; more than twice that is a broken header.
const MAX_LAYERS: i32 = 64;
/// Largest width of a Whisper model is 1280.
const MAX_WIDTH: i32 = 2560;

/// The eleven numbers in a model's header, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Tokens it can write, special ones included: 51864 for English, more for many languages.
    pub vocabulary: u32,
    /// Width of its layers.
    pub width: u32,
    /// Attention heads in each layer that hears.
    pub audio_heads: u32,
    /// Layers that hear.
    pub audio_layers: u32,
    /// Attention heads in each layer that writes.
    pub text_heads: u32,
    /// Layers that write.
    pub text_layers: u32,
    /// Frequency bands of its input: 80, or 128 from large-v3 on.
    pub mel_bands: u32,
    /// How its large tensors are stored.
    pub numbers: &'static NumberType,
}

/// Steps of 20 ms in the 30 s that every Whisper model hears at once.
const AUDIO_CONTEXT: i32 = 1500;
/// Tokens that every Whisper model has room for.
const TEXT_CONTEXT: i32 = 448;
/// whisper.cpp writes the quantisation version times this into the type.
const VERSION_FACTOR: i32 = 1000;
/// The version of the block formats that are written, `GGML_QNT_VERSION`.
const QUANTISATION_VERSION: i32 = 2;

/// Dimensions and type of one tensor; unused dimensions are 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tensor {
    pub dims: [i32; 3],
    pub numbers: &'static NumberType,
}

impl Tensor {
    /// Bytes it takes.
    pub(super) fn bytes(&self) -> u64 {
        self.numbers.bytes(self.dims.iter().map(|&d| d as u64).product())
    }
}

impl Shape {
    /// Checks the eleven numbers of a header, in the order of the file.
    pub(super) fn of_header(header: [i32; 11]) -> Result<Shape, Problem> {
        let [vocabulary, audio_context, width, audio_heads, audio_layers, text_context, ..] = header;
        let [.., text_width, text_heads, text_layers, mel_bands, number_type] = header;
        within("vocabulary size", vocabulary, 51_864, 51_866)?;
        within("audio context", audio_context, AUDIO_CONTEXT, AUDIO_CONTEXT)?;
        within("width", width, 64, MAX_WIDTH)?;
        within("number of audio heads", audio_heads, 1, width)?;
        within("number of audio layers", audio_layers, 1, MAX_LAYERS)?;
        within("text context", text_context, TEXT_CONTEXT, TEXT_CONTEXT)?;
        within("text width", text_width, width, width)?;
        within("number of text heads", text_heads, 1, width)?;
        within("number of text layers", text_layers, 1, MAX_LAYERS)?;
        if !matches!(mel_bands, 80 | 128) {
            return Err(Problem::Dimension {
                what: "number of mel bands",
                found: mel_bands,
                wanted: "80 or 128".into(),
            });
        }
        let numbers = (0..3 * VERSION_FACTOR)
            .contains(&number_type)
            .then(|| NumberType::of_header(number_type % VERSION_FACTOR))
            .flatten()
            .ok_or(Problem::NumberType { found: number_type })?;
        let unit = audio_heads.max(text_heads);
        if width % audio_heads != 0 || width % text_heads != 0 || !(width as u64).is_multiple_of(numbers.block_items) {
            let wanted = format!("a multiple of {unit} heads and of {}", numbers.block_items);
            return Err(Problem::Dimension { what: "width", found: width, wanted });
        }
        Ok(Shape {
            vocabulary: vocabulary as u32,
            width: width as u32,
            audio_heads: audio_heads as u32,
            audio_layers: audio_layers as u32,
            text_heads: text_heads as u32,
            text_layers: text_layers as u32,
            mel_bands: mel_bands as u32,
            numbers,
        })
    }

    /// The eleven numbers of its header, in the order of the file.
    pub(super) fn header(&self) -> [i32; 11] {
        let Shape { vocabulary, width, audio_heads, audio_layers, text_heads, text_layers, mel_bands, numbers } = *self;
        let [vocabulary, width, mel_bands] = [vocabulary, width, mel_bands].map(|number| number as i32);
        let [audio_heads, audio_layers] = [audio_heads, audio_layers].map(|number| number as i32);
        let [text_heads, text_layers] = [text_heads, text_layers].map(|number| number as i32);
        let version = if numbers.block_items > 1 { QUANTISATION_VERSION * VERSION_FACTOR } else { 0 };
        let number_type = version + numbers.in_header;
        [
            vocabulary,
            AUDIO_CONTEXT,
            width,
            audio_heads,
            audio_layers,
            TEXT_CONTEXT,
            width,
            text_heads,
            text_layers,
            mel_bands,
            number_type,
        ]
    }

    /// Whether it knows languages other than English.
    pub fn is_multilingual(&self) -> bool {
        self.vocabulary > 51_864
    }

    /// Every tensor that must be in the file, by name.
    pub(super) fn tensors(&self) -> BTreeMap<String, Tensor> {
        let width = self.width as i32;
        let small = |dims| Tensor { dims, numbers: &F32 };
        let large = |dims| Tensor { dims, numbers: self.numbers };
        let convolution = |dims| Tensor { dims, numbers: self.numbers.of_convolutions() };
        let mut tensors = BTreeMap::from([
            ("encoder.positional_embedding".to_owned(), small([width, AUDIO_CONTEXT, 1])),
            ("encoder.conv1.weight".to_owned(), convolution([3, self.mel_bands as i32, width])),
            ("encoder.conv1.bias".to_owned(), small([1, width, 1])),
            ("encoder.conv2.weight".to_owned(), convolution([3, width, width])),
            ("encoder.conv2.bias".to_owned(), small([1, width, 1])),
            ("decoder.positional_embedding".to_owned(), small([width, TEXT_CONTEXT, 1])),
            ("decoder.token_embedding.weight".to_owned(), large([width, self.vocabulary as i32, 1])),
        ]);
        let mut weight_and_bias = |name: &str, weight: Tensor, width: i32| {
            tensors.insert(format!("{name}.weight"), weight);
            tensors.insert(format!("{name}.bias"), small([width, 1, 1]));
        };
        weight_and_bias("encoder.ln_post", small([width, 1, 1]), width);
        weight_and_bias("decoder.ln", small([width, 1, 1]), width);
        let mut keys = Vec::new();
        for (half, layers) in [("encoder", self.audio_layers), ("decoder", self.text_layers)] {
            for layer in 0..layers {
                let block = format!("{half}.blocks.{layer}");
                weight_and_bias(&format!("{block}.mlp_ln"), small([width, 1, 1]), width);
                weight_and_bias(&format!("{block}.mlp.0"), large([width, 4 * width, 1]), 4 * width);
                weight_and_bias(&format!("{block}.mlp.2"), large([4 * width, width, 1]), width);
                let attentions: &[&str] = if half == "encoder" { &["attn"] } else { &["attn", "cross_attn"] };
                for attention in attentions {
                    weight_and_bias(&format!("{block}.{attention}_ln"), small([width, 1, 1]), width);
                    for part in ["query", "value", "out"] {
                        weight_and_bias(&format!("{block}.{attention}.{part}"), large([width, width, 1]), width);
                    }
                    keys.push((format!("{block}.{attention}.key.weight"), large([width, width, 1])));
                }
            }
        }
        // Keys have no bias.
        tensors.extend(keys);
        tensors
    }
}

/// Checks that a number of the header lies in `[lo, hi]`.
fn within(what: &'static str, found: i32, lo: i32, hi: i32) -> Result<(), Problem> {
    if (lo..=hi).contains(&found) {
        return Ok(());
    }
    let wanted = if lo == hi { lo.to_string() } else { format!("{lo} to {hi}") };
    Err(Problem::Dimension { what, found, wanted })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::catalog;

    /// Width, heads, audio layers, text layers and mel bands of the public models (OpenAI's model card).
    fn header_of(name: &str) -> [i32; 11] {
        let (width, heads, audio, text, mel) = match name.trim_end_matches(".en") {
            "tiny" => (384, 6, 4, 4, 80),
            "base" => (512, 8, 6, 6, 80),
            "small" => (768, 12, 12, 12, 80),
            "medium" => (1024, 16, 24, 24, 80),
            "large-v2" => (1280, 20, 32, 32, 80),
            "large-v3" => (1280, 20, 32, 32, 128),
            "large-v3-turbo" => (1280, 20, 32, 4, 128),
            other => panic!("{other} is not a public model"),
        };
        let vocabulary = if name.ends_with(".en") { 51_864 } else { 51_865 } + i32::from(mel == 128);
        [vocabulary, 1500, width, heads, audio, 448, width, heads, text, mel, 1]
    }

    #[test]
    fn the_tensors_of_every_public_model_add_up_to_its_size_in_the_catalog() {
        let mut vocabularies = [Vec::new(), Vec::new()];
        for entry in catalog::entries().iter().filter(|e| !e.built_in) {
            let shape = Shape::of_header(header_of(&entry.name)).expect("public models are accepted");
            let filters = 8 + u64::from(shape.mel_bands) * 201 * 4;
            // 12 bytes of header, 4 for each dimension that is written, the name, the numbers.
            let tensors: u64 = shape
                .tensors()
                .iter()
                .map(|(name, tensor)| {
                    let dims = tensor.dims.iter().rposition(|&d| d > 1).expect("no tensor is a single number") + 1;
                    12 + 4 * dims as u64 + name.len() as u64 + tensor.bytes()
                })
                .sum();
            // What is left is the vocabulary: the same for all English models, and for all others.
            let vocabulary = entry.bytes - 48 - filters - 4 - tensors;
            vocabularies[usize::from(shape.is_multilingual())].push(vocabulary);
        }
        assert_eq!(vocabularies, [vec![521_855; 4], vec![508_085; 7]]);
    }

    #[test]
    fn a_header_is_written_as_it_was_read() {
        for number_type in [0, 1, 2007, 2009] {
            let mut header = header_of("large-v3-turbo");
            header[10] = number_type;
            assert_eq!(Shape::of_header(header).expect("it is a proper header").header(), header);
        }
    }

    #[test]
    fn a_header_out_of_range_is_refused_by_the_name_of_the_number() {
        let good = header_of("base.en");
        let cases = [
            (0, -1, "vocabulary size"),
            (0, i32::MAX, "vocabulary size"),
            (1, 3000, "audio context"),
            (2, 0, "width"),
            (2, 1_000_000, "width"),
            (3, 0, "number of audio heads"),
            (3, 7, "width"),
            (4, 1000, "number of audio layers"),
            (5, 0, "text context"),
            (6, 256, "text width"),
            (8, -3, "number of text layers"),
            (9, 0, "number of mel bands"),
        ];
        for (place, value, name) in cases {
            let mut header = good;
            header[place] = value;
            match Shape::of_header(header) {
                Err(Problem::Dimension { what, .. }) => assert_eq!(what, name, "number {place} as {value}"),
                other => panic!("number {place} as {value}: {other:?}"),
            }
        }
        for number_type in [-1, 4, 5, 99, 2004, 7007] {
            let mut header = good;
            header[10] = number_type;
            let refused =
                matches!(Shape::of_header(header), Err(Problem::NumberType { found }) if found == number_type);
            assert!(refused, "{number_type}");
        }
    }
}
