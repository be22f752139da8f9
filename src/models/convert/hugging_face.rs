//! Models of Hugging Face: `config.json`, `model.safetensors` in one file or several, and a vocabulary in a folder.
//!
//! The only file that names `safetensors`. The header of a file is read and the numbers stay where they are.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use safetensors::Dtype;
use safetensors::tensor::Metadata;
use serde::Deserialize;

use super::ctranslate2::shape_of;
use super::names;
use super::numbers::StoredAs;
use super::problem::{ConvertError, ConvertProblem};
use super::source::{Source, Stored};
use super::vocabulary::{Vocabulary, read_small};
use crate::models::architecture::Shape;

/// The file that says which tensor is in which file, where there are several.
pub(super) const INDEX: &str = "model.safetensors.index.json";
/// The file with the tensors where there is one.
pub(super) const WHOLE: &str = "model.safetensors";
/// The most bytes of a header that the `safetensors` library itself takes.
const MOST_HEADER_BYTES: u64 = 100_000_000;

/// What `config.json` says of a Whisper model.
#[derive(Deserialize)]
struct Config {
    vocab_size: u64,
    d_model: u64,
    encoder_layers: u64,
    encoder_attention_heads: u64,
    decoder_layers: u64,
    decoder_attention_heads: u64,
    #[serde(default = "bands_of_old")]
    num_mel_bins: u64,
    #[serde(default = "audio_context")]
    max_source_positions: u64,
    #[serde(default = "text_context")]
    max_target_positions: u64,
    #[serde(default = "yes")]
    tie_word_embeddings: bool,
}

fn bands_of_old() -> u64 {
    80
}
fn audio_context() -> u64 {
    1500
}
fn text_context() -> u64 {
    448
}
fn yes() -> bool {
    true
}

/// Reads a folder as `save_pretrained` of Hugging Face's `transformers` writes it.
///
/// # Errors
/// [`ConvertError`] with the file at fault and the place in it.
pub fn read(folder: &Path) -> Result<Source, ConvertError> {
    let path = folder.join("config.json");
    let config = read_config(&path).map_err(|problem| ConvertError { path: path.clone(), problem })?;
    let vocabulary = Vocabulary::of_folder(folder)?;
    let shape = config.shape(&vocabulary).map_err(|problem| ConvertError { path, problem })?;
    let (file, tensors) = read_tensors(folder)?;
    let error = |problem| ConvertError { path: file.clone(), problem };
    let words = vocabulary.spelled_out(shape.vocabulary).map_err(error)?;
    let output = "proj_out.weight";
    if !config.tie_word_embeddings && tensors.contains_key(output) {
        return Err(error(ConvertProblem::Untied { name: output.to_owned() }));
    }
    Source::new(file.clone(), shape, words, &mut |name| {
        let name = names::hugging_face(name);
        let found = tensors.get(&format!("model.{name}")).or_else(|| tensors.get(&name));
        found.ok_or_else(|| ConvertProblem::NoTensor { name: format!("model.{name}") }).map_err(error)?.stored()
    })
}

fn read_config(path: &Path) -> Result<Config, ConvertProblem> {
    let json = read_small(path)?.ok_or(ConvertProblem::Missing)?;
    // Asked by itself, so that the configuration of another model is called that and not damaged.
    #[derive(Deserialize)]
    struct Kind {
        model_type: Option<String>,
    }
    let kind: Kind = serde_json::from_slice(&json).map_err(|error| ConvertProblem::of_json(&error))?;
    match kind.model_type {
        Some(kind) if kind != "whisper" => Err(ConvertProblem::NotWhisper { found: kind }),
        _ => serde_json::from_slice(&json).map_err(|error| ConvertProblem::of_json(&error)),
    }
}

impl Config {
    fn shape(&self, vocabulary: &Vocabulary) -> Result<Shape, ConvertProblem> {
        if self.vocab_size > 51_866 {
            return Err(ConvertProblem::MoreTokens { found: self.vocab_size, crisper: vocabulary.is_crisper() });
        }
        shape_of([
            self.vocab_size,
            self.max_source_positions,
            self.d_model,
            self.encoder_attention_heads,
            self.encoder_layers,
            self.max_target_positions,
            self.d_model,
            self.decoder_attention_heads,
            self.decoder_layers,
            self.num_mel_bins,
            1,
        ])
    }
}

/// A tensor as a header tells it.
struct Told {
    name: String,
    file: PathBuf,
    at: u64,
    dims: Vec<u64>,
    dtype: Dtype,
}

impl Told {
    fn stored(&self) -> Result<Stored, ConvertError> {
        let numbers = match self.dtype {
            Dtype::F32 => StoredAs::F32,
            Dtype::F16 => StoredAs::F16,
            Dtype::BF16 => StoredAs::Bf16,
            other => {
                let problem = ConvertProblem::TensorType { name: self.name.clone(), found: other.to_string() };
                return Err(ConvertError { path: self.file.clone(), problem });
            }
        };
        Ok(Stored { file: self.file.clone(), at: self.at, dims: self.dims.clone(), numbers })
    }
}

/// Every tensor of a folder by its name, and the file that stands for all of them in an error.
fn read_tensors(folder: &Path) -> Result<(PathBuf, HashMap<String, Told>), ConvertError> {
    let index = folder.join(INDEX);
    let (main, files) = match read_index(&index).map_err(|problem| ConvertError { path: index.clone(), problem })? {
        Some(files) => (index, files.into_iter().map(|file| folder.join(file)).collect()),
        None => (folder.join(WHOLE), vec![folder.join(WHOLE)]),
    };
    let mut tensors = HashMap::new();
    for path in files {
        let told = read_header(&path).map_err(|problem| ConvertError { path: path.clone(), problem })?;
        tensors.extend(told.into_iter().map(|told| (told.name.clone(), told)));
    }
    Ok((main, tensors))
}

/// The files that an index names, or `None` where there is no index.
fn read_index(path: &Path) -> Result<Option<BTreeSet<String>>, ConvertProblem> {
    #[derive(Deserialize)]
    struct Index {
        weight_map: HashMap<String, String>,
    }
    let Some(json) = read_small(path)? else { return Ok(None) };
    let index: Index = serde_json::from_slice(&json).map_err(|error| ConvertProblem::of_json(&error))?;
    let files: BTreeSet<String> = index.weight_map.into_values().collect();
    let is_plain = |file: &String| {
        let mut parts = Path::new(file).components();
        matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
    };
    match files.iter().find(|file| !is_plain(file)) {
        Some(file) => Err(ConvertProblem::Damaged { what: format!("it names a file outside its folder, {file:?}") }),
        None => Ok(Some(files)),
    }
}

/// The tensors of one file.
fn read_header(path: &Path) -> Result<Vec<Told>, ConvertProblem> {
    let about = fs::metadata(path).map_err(ConvertProblem::of_io)?;
    // Opening a named pipe would wait for ever.
    if !about.is_file() {
        return Err(ConvertProblem::Missing);
    }
    let bytes = about.len();
    let mut file = File::open(path).map_err(ConvertProblem::of_io)?;
    let cut_short = || ConvertProblem::CutShort { bytes, place: "inside its header".to_owned() };
    let mut length = [0; 8];
    if bytes < 8 {
        return Err(cut_short());
    }
    file.read_exact(&mut length).map_err(ConvertProblem::of_io)?;
    let length = u64::from_le_bytes(length);
    if length > MOST_HEADER_BYTES {
        return Err(ConvertProblem::Damaged { what: format!("its header is said to have {length} bytes") });
    }
    let data = 8 + length;
    if data > bytes {
        return Err(cut_short());
    }
    let mut header = vec![0; length as usize];
    file.read_exact(&mut header).map_err(ConvertProblem::of_io)?;
    // Reading it checks that the tensors lie one behind the other and that their dimensions give their sizes.
    let header: Metadata = serde_json::from_slice(&header).map_err(|error| ConvertProblem::of_json(&error))?;
    let tensors = header.tensors();
    let end = data + tensors.values().map(|tensor| tensor.data_offsets.1 as u64).max().unwrap_or(0);
    if end > bytes {
        return Err(ConvertProblem::CutShort {
            bytes,
            place: format!("{} before the end of its tensors", end - bytes),
        });
    }
    let told = tensors.into_iter().map(|(name, tensor)| Told {
        name,
        file: path.to_owned(),
        at: data + tensor.data_offsets.0 as u64,
        dims: tensor.shape.iter().map(|&dim| dim as u64).collect(),
        dtype: tensor.dtype,
    });
    Ok(told.collect())
}
