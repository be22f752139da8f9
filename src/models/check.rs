//! Reads a model file as whisper.cpp would, and refuses what would make it abort or write nonsense.
//!
//! The layout is the one that `whisper_model_load` reads (whisper.cpp 1.8.3): magic, eleven numbers,
//! mel filters, vocabulary, tensors up to the end of the file. [`check`] jumps over the weights, so that a
//! file of 3 GB costs a thousand short reads; [`check_weights`] reads them too, a block at a time.

use std::fs::{self, File};
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

pub use super::architecture::Shape;
use super::architecture::Tensor;
use super::number_type::NumberType;
use super::problem::{BadModel, Place, Problem};

/// How a ggml file begins.
const MAGIC: [u8; 4] = *b"lmgg";
/// Frequencies under each mel filter: half of a 400-sample window, and one.
const FILTER_BINS: i32 = 201;
/// Fewest tokens spelled out in a file. GPT-2 has 50257; the public files could not be looked at to see
/// whether they write all of them, so a few may be missing.
const MIN_TOKENS: u32 = 50_000;
/// The longest token of GPT-2 has 128 bytes.
const MAX_TOKEN_BYTES: u32 = 1024;
/// The longest tensor name has 40 bytes.
const MAX_NAME_BYTES: i32 = 128;
/// Blocks of numbers that are looked at together.
const BLOCKS_AT_ONCE: u64 = 4096;

/// Checks the structure of a model file without reading its weights.
///
/// # Errors
/// [`BadModel`] when whisper.cpp would refuse the file, abort on it, or load it and write nothing or nonsense.
pub fn check(path: &Path) -> Result<Shape, BadModel> {
    check_file(path, Weights::Skipped)
}

/// Checks the structure of a model file and that every weight is a number; reads the whole file.
///
/// Right for a file that is in no catalog; the digest of one that is says more.
///
/// # Errors
/// As [`check`].
pub fn check_weights(path: &Path) -> Result<Shape, BadModel> {
    check_file(path, Weights::Read)
}

/// Checks the structure of a model that is in memory; `name` stands for it in errors.
///
/// # Errors
/// As [`check`].
pub fn check_bytes(model: &[u8], name: &Path) -> Result<Shape, BadModel> {
    check_source(Cursor::new(model), name)
}

/// As [`check_bytes`], for any source.
pub(super) fn check_source(source: impl Read + Seek, name: &Path) -> Result<Shape, BadModel> {
    walk(source, Weights::Skipped).map_err(|problem| BadModel { path: name.to_owned(), problem })
}

/// Whether the weights are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weights {
    Skipped,
    Read,
}

fn check_file(path: &Path, weights: Weights) -> Result<Shape, BadModel> {
    open(path).and_then(|file| walk(file, weights)).map_err(|problem| BadModel { path: path.to_owned(), problem })
}

fn open(path: &Path) -> Result<File, Problem> {
    // Asked before opening: opening a named pipe waits for ever, and on Linux a folder can be opened.
    let kind = fs::metadata(path).map_err(Problem::of_io)?.file_type();
    if kind.is_dir() {
        return Err(Problem::Folder);
    }
    if !kind.is_file() {
        return Err(Problem::NotAFile);
    }
    File::open(path).map_err(Problem::of_io)
}

/// Walks a model from its first byte to its last.
fn walk(source: impl Read + Seek, weights: Weights) -> Result<Shape, Problem> {
    let mut file = ModelReader::new(source)?;
    let shape = read_header(&mut file)?;
    skip_filters(&mut file, &shape)?;
    skip_vocabulary(&mut file, &shape)?;
    let mut missing = shape.tensors();
    let of = missing.len();
    for number in 1..=of {
        if file.at == file.bytes && number == 1 {
            return Err(Problem::HeaderOnly);
        }
        let place = Place::Weights { tensor: number, of };
        let (name, found) = read_tensor_header(&mut file, number, of)?;
        let Some(wanted) = missing.remove(&name) else {
            let twice = shape.tensors().contains_key(&name);
            return Err(if twice { Problem::TensorTwice { name } } else { Problem::UnknownTensor { name } });
        };
        compare(&name, &found, &wanted)?;
        match weights {
            Weights::Skipped => file.skip(wanted.bytes(), place)?,
            Weights::Read => read_weights(&mut file, &name, &wanted, place)?,
        }
    }
    match file.bytes - file.at {
        0 => Ok(shape),
        bytes => Err(Problem::TrailingBytes { bytes }),
    }
}

fn read_header(file: &mut ModelReader<impl Read + Seek>) -> Result<Shape, Problem> {
    if file.bytes == 0 {
        return Err(Problem::Empty);
    }
    let mut magic = [0; 4];
    file.read(&mut magic, Place::Header)?;
    if magic != MAGIC {
        return Err(Problem::NotAModel { looks_like: looks_like(magic) });
    }
    let mut header = [0; 11];
    header[0] = file.number(Place::Header)?;
    // A Silero file has the length of its name here, and then the name: "silero-16k".
    if header[0] == 10 {
        let mut name = [0; 10];
        file.read(&mut name, Place::Header)?;
        if name.starts_with(b"silero") {
            return Err(Problem::VoiceDetector);
        }
        return Err(Problem::NotAModel { looks_like: None });
    }
    for number in &mut header[1..] {
        *number = file.number(Place::Header)?;
    }
    Shape::of_header(header)
}

/// What a file with another beginning probably is.
fn looks_like(magic: [u8; 4]) -> Option<&'static str> {
    match &magic {
        b"GGUF" => Some("a GGUF model, such as those of llama.cpp"),
        b"PK\x03\x04" => Some("a PyTorch model or a zip file"),
        b"<!DO" | b"<!do" | b"<htm" | b"<HTM" => Some("a web page, saved in place of a download"),
        b"vers" => Some("a Git LFS pointer, not the file it points to"),
        b"RIFF" | b"OggS" | b"fLaC" | [b'I', b'D', b'3', _] => Some("a recording"),
        _ => None,
    }
}

fn skip_filters(file: &mut ModelReader<impl Read + Seek>, shape: &Shape) -> Result<(), Problem> {
    let bands = file.number(Place::Filters)?;
    let bins = file.number(Place::Filters)?;
    if bands != shape.mel_bands as i32 || bins != FILTER_BINS {
        return Err(Problem::Filters { bands, bins, wanted_bands: shape.mel_bands });
    }
    file.skip(u64::from(shape.mel_bands) * FILTER_BINS as u64 * 4, Place::Filters)
}

fn skip_vocabulary(file: &mut ModelReader<impl Read + Seek>, shape: &Shape) -> Result<(), Problem> {
    let count = file.number(Place::Vocabulary)?;
    let (lo, hi) = (MIN_TOKENS, shape.vocabulary);
    let tokens = u32::try_from(count).ok().filter(|count| (lo..=hi).contains(count));
    for index in 0..tokens.ok_or(Problem::Vocabulary { count, lo, hi })? {
        // Unsigned, as whisper.cpp reads it.
        let bytes = file.number(Place::Vocabulary)? as u32;
        if bytes > MAX_TOKEN_BYTES {
            return Err(Problem::Token { index, bytes });
        }
        file.skip(bytes.into(), Place::Vocabulary)?;
    }
    Ok(())
}

/// What a tensor's header says of it; its type is the number in the file.
struct FoundTensor {
    dims: [i32; 3],
    number_type: i32,
}

fn read_tensor_header(
    file: &mut ModelReader<impl Read + Seek>,
    number: usize,
    of: usize,
) -> Result<(String, FoundTensor), Problem> {
    let place = Place::Weights { tensor: number, of };
    let dimensions = file.number(place)?;
    let name_bytes = file.number(place)?;
    let number_type = file.number(place)?;
    if !(1..=3).contains(&dimensions) || !(1..=MAX_NAME_BYTES).contains(&name_bytes) {
        return Err(Problem::TensorHeader { number, of });
    }
    let mut dims = [1; 3];
    for dim in &mut dims[..dimensions as usize] {
        *dim = file.number(place)?;
    }
    let mut name = vec![0; name_bytes as usize];
    file.read(&mut name, place)?;
    Ok((String::from_utf8_lossy(&name).into_owned(), FoundTensor { dims, number_type }))
}

fn compare(name: &str, found: &FoundTensor, wanted: &Tensor) -> Result<(), Problem> {
    if found.dims != wanted.dims {
        return Err(Problem::TensorShape { name: name.to_owned(), found: found.dims, wanted: wanted.dims });
    }
    if found.number_type != wanted.numbers.in_tensor {
        let number = found.number_type;
        let found = NumberType::of_tensor(number).map_or_else(|| number.to_string(), |t| t.name.to_owned());
        return Err(Problem::TensorType { name: name.to_owned(), found, wanted: wanted.numbers.name });
    }
    Ok(())
}

fn read_weights(
    file: &mut ModelReader<impl Read + Seek>,
    name: &str,
    tensor: &Tensor,
    place: Place,
) -> Result<(), Problem> {
    let mut left = tensor.bytes();
    let mut blocks = vec![0; (BLOCKS_AT_ONCE * tensor.numbers.block_bytes) as usize];
    while left > 0 {
        let count = left.min(blocks.len() as u64);
        let blocks = &mut blocks[..count as usize];
        file.read(blocks, place)?;
        if !tensor.numbers.all_finite(blocks) {
            return Err(Problem::NotANumber { tensor: name.to_owned() });
        }
        left -= count;
    }
    Ok(())
}

/// A file that knows how long it is and where it is being read.
struct ModelReader<S> {
    source: BufReader<S>,
    /// Bytes read or skipped, never more than `bytes`.
    at: u64,
    bytes: u64,
}

impl<S: Read + Seek> ModelReader<S> {
    fn new(mut source: S) -> Result<ModelReader<S>, Problem> {
        let bytes = source.seek(SeekFrom::End(0)).map_err(Problem::of_io)?;
        source.rewind().map_err(Problem::of_io)?;
        Ok(ModelReader { source: BufReader::new(source), at: 0, bytes })
    }

    /// A little-endian number.
    fn number(&mut self, place: Place) -> Result<i32, Problem> {
        let mut number = [0; 4];
        self.read(&mut number, place)?;
        Ok(i32::from_le_bytes(number))
    }

    /// Fills `buffer`.
    fn read(&mut self, buffer: &mut [u8], place: Place) -> Result<(), Problem> {
        self.advance(buffer.len() as u64, place)?;
        self.source.read_exact(buffer).map_err(Problem::of_io)
    }

    /// Jumps over bytes that must be there.
    fn skip(&mut self, bytes: u64, place: Place) -> Result<(), Problem> {
        self.advance(bytes, place)?;
        let bytes = i64::try_from(bytes).expect("the file is longer than this");
        self.source.seek_relative(bytes).map_err(Problem::of_io)
    }

    fn advance(&mut self, bytes: u64, place: Place) -> Result<(), Problem> {
        if self.bytes - self.at < bytes {
            return Err(Problem::CutShort { bytes: self.bytes, place });
        }
        self.at += bytes;
        Ok(())
    }
}
