//! Models of CTranslate2, as faster-whisper keeps them: `model.bin` and a vocabulary in a folder.
//!
//! Format version 6: the version, the name of the specification, its revision, then the variables - name, dimensions,
//! type, bytes - and aliases at the end. Numbers are little-endian; a string has its length first and a zero at its end.
//! Whisper's specification stacks query, key and value of a layer in one variable. Eight-bit weights have a scale for each
//! row in a variable of the same name and `_scale`.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use super::names;
use super::numbers::StoredAs;
use super::problem::{ConvertError, ConvertProblem};
use super::source::{Source, Stored};
use super::vocabulary::Vocabulary;
use crate::models::architecture::Shape;
use crate::models::problem::Problem;

/// The version of the format that is read; every Whisper model was written with it.
const VERSION: u32 = 6;
/// The specification of Whisper.
const SPECIFICATION: &str = "WhisperSpec";
/// Heads of Whisper are this wide; what is not said follows from it.
const HEAD_WIDTH: u64 = 64;
/// The longest name has about 60 bytes.
const MOST_NAME_BYTES: u16 = 512;

/// Reads a folder with `model.bin` and a vocabulary.
///
/// # Errors
/// [`ConvertError`] with the file at fault and the place in it.
pub fn read(folder: &Path) -> Result<Source, ConvertError> {
    read_parts(&folder.join("model.bin"), &Vocabulary::of_folder(folder)?)
}

/// The same from a `model.bin` of any name and a vocabulary that was read already.
///
/// # Errors
/// As [`read`].
pub fn read_parts(weights: &Path, vocabulary: &Vocabulary) -> Result<Source, ConvertError> {
    let error = |problem| ConvertError { path: weights.to_owned(), problem };
    let variables = Variables::read(weights).map_err(error)?;
    let shape = variables.shape(vocabulary).map_err(error)?;
    let projection = "decoder/projection/weight";
    if variables.found.contains_key(projection) {
        return Err(error(ConvertProblem::Untied { name: projection.to_owned() }));
    }
    let words = vocabulary.spelled_out(shape.vocabulary).map_err(error)?;
    Source::new(weights.to_owned(), shape, words, &mut |name| variables.stored(name).map_err(error))
}

/// Whether a file begins like a model of CTranslate2.
pub(super) fn is_model(beginning: &[u8]) -> bool {
    // Version, length of the name, name.
    beginning.len() >= 17
        && beginning[..4] == VERSION.to_le_bytes()
        && beginning[6..].starts_with(SPECIFICATION.as_bytes())
}

/// The variables of a file, by name.
struct Variables {
    path: PathBuf,
    found: HashMap<String, Variable>,
    aliases: HashMap<String, String>,
}

#[derive(Clone, Debug)]
struct Variable {
    dims: Vec<u64>,
    number_type: u8,
    /// Bytes from the beginning of the file.
    at: u64,
}

impl Variables {
    fn read(path: &Path) -> Result<Variables, ConvertProblem> {
        let mut file = Numbers::open(path)?;
        let version = file.u32()?;
        if version != VERSION {
            return Err(ConvertProblem::Version { found: version, known: VERSION });
        }
        let specification = file.string()?;
        if specification != SPECIFICATION {
            return Err(ConvertProblem::NotWhisper { found: specification });
        }
        let _revision = file.u32()?;
        let mut found = HashMap::new();
        // Each takes bytes of the file, so a number that is too large ends at the end of the file.
        for number in 1..=file.u32()? {
            file.place = format!("in variable {number}");
            let (name, variable) = file.variable()?;
            found.insert(name, variable);
        }
        file.place = "among its aliases".to_owned();
        let mut aliases = HashMap::new();
        for _ in 0..file.u32()? {
            aliases.insert(file.string()?, file.string()?);
        }
        Ok(Variables { path: path.to_owned(), found, aliases })
    }

    fn get(&self, name: &str) -> Result<&Variable, ConvertProblem> {
        let own_name = self.aliases.get(name).map_or(name, String::as_str);
        self.found.get(own_name).ok_or_else(|| ConvertProblem::NoTensor { name: name.to_owned() })
    }

    /// The dimensions that its variables have, checked.
    fn shape(&self, vocabulary: &Vocabulary) -> Result<Shape, ConvertProblem> {
        let [tokens, width] = self.dims("decoder/embeddings/weight")?;
        let [audio_context, _] = self.dims("encoder/position_encodings/encodings")?;
        let [text_context, _] = self.dims("decoder/position_encodings/encodings")?;
        let [_, mel_bands, _] = self.dims("encoder/conv1/weight")?;
        if tokens > 51_866 {
            return Err(ConvertProblem::MoreTokens { found: tokens, crisper: vocabulary.is_crisper() });
        }
        let heads = |half| self.number(&format!("{half}/num_heads")).unwrap_or(width / HEAD_WIDTH);
        let header = [
            tokens,
            audio_context,
            width,
            heads("encoder"),
            self.layers("encoder"),
            text_context,
            width,
            heads("decoder"),
            self.layers("decoder"),
            mel_bands,
            1,
        ];
        shape_of(header)
    }

    fn dims<const N: usize>(&self, name: &str) -> Result<[u64; N], ConvertProblem> {
        let dims = &self.get(name)?.dims;
        let found =
            || ConvertProblem::Damaged { what: format!("variable {name} has {} dimensions, not {N}", dims.len()) };
        dims.as_slice().try_into().map_err(|_| found())
    }

    /// Layers of one half, counted from 0 until one is missing.
    fn layers(&self, half: &str) -> u64 {
        let is_there = |layer: &u64| {
            let name = format!("{half}/layer_{layer}/self_attention/linear_0/weight");
            self.found.contains_key(&name) || self.aliases.contains_key(&name)
        };
        (0..).take_while(is_there).count() as u64
    }

    /// A variable that is a single 16-bit number.
    fn number(&self, name: &str) -> Option<u64> {
        let variable = self.get(name).ok().filter(|it| it.dims.is_empty() && it.number_type == 2)?;
        let bytes = read_at(&self.path, variable.at, 2).ok()?;
        u64::try_from(i16::from_le_bytes([bytes[0], bytes[1]])).ok()
    }

    /// Where a tensor of ggml is.
    fn stored(&self, name: &str) -> Result<Stored, ConvertProblem> {
        let place = names::ctranslate2(name);
        let variable = self.get(&place.name)?;
        let unknown = |found: String| ConvertProblem::TensorType { name: place.name.clone(), found };
        let numbers = match variable.number_type {
            0 => StoredAs::F32,
            1 => StoredAs::I8 { scales: self.scales(&place.name, variable.dims.first().copied().unwrap_or(1))?.into() },
            2 => match self.scales(&place.name, 1)?[..] {
                [scale] => StoredAs::I16 { scale },
                _ => unreachable!("one scale was asked for"),
            },
            4 => StoredAs::F16,
            5 => StoredAs::Bf16,
            3 => return Err(unknown("I32".to_owned())),
            other => return Err(unknown(other.to_string())),
        };
        let whole = Stored { file: self.path.clone(), at: variable.at, dims: variable.dims.clone(), numbers };
        let (part, of) = place.part;
        whole.part(part, of).ok_or_else(|| ConvertProblem::Damaged {
            what: format!("variable {} has rows that cannot be divided by {of}", place.name),
        })
    }

    /// The scales of an integer variable.
    fn scales(&self, name: &str, wanted: u64) -> Result<Vec<f32>, ConvertProblem> {
        let own_name = self.aliases.get(name).map_or(name, String::as_str);
        let name = format!("{own_name}_scale");
        let scale = self.get(&name)?;
        let count: u64 = scale.dims.iter().product();
        if scale.number_type != 0 || count != wanted {
            let what = format!("variable {name} is not {wanted} 32-bit floats");
            return Err(ConvertProblem::Damaged { what });
        }
        let bytes = read_at(&self.path, scale.at, count * 4).map_err(ConvertProblem::of_io)?;
        Ok(StoredAs::F32.widened(&bytes, 0, 1))
    }
}

/// A shape from the numbers of a header, with the problems of a converter.
pub(super) fn shape_of(header: [u64; 11]) -> Result<Shape, ConvertProblem> {
    let header = header.map(|number| i32::try_from(number).unwrap_or(i32::MAX));
    Shape::of_header(header).map_err(|problem| match problem {
        Problem::Dimension { what, found, wanted } => ConvertProblem::Dimension { what, found: found.into(), wanted },
        other => ConvertProblem::Damaged { what: other.to_string() },
    })
}

/// Some bytes from the middle of a file.
fn read_at(path: &Path, at: u64, count: u64) -> std::io::Result<Vec<u8>> {
    use std::io::{Seek, SeekFrom};
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = vec![0; count as usize];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A file of numbers and strings that knows where it is being read.
struct Numbers {
    file: BufReader<File>,
    /// Bytes read or skipped, never more than `bytes`.
    at: u64,
    bytes: u64,
    /// For an error.
    place: String,
}

impl Numbers {
    fn open(path: &Path) -> Result<Numbers, ConvertProblem> {
        let file = File::open(path).map_err(ConvertProblem::of_io)?;
        let bytes = file.metadata().map_err(ConvertProblem::of_io)?.len();
        Ok(Numbers { file: BufReader::new(file), at: 0, bytes, place: "inside its header".to_owned() })
    }

    fn variable(&mut self) -> Result<(String, Variable), ConvertProblem> {
        let name = self.string()?;
        self.place = format!("in variable {name}");
        let [rank] = self.take()?;
        let dims = (0..rank).map(|_| Ok(u64::from(self.u32()?))).collect::<Result<Vec<_>, ConvertProblem>>()?;
        let [number_type] = self.take()?;
        let bytes = u64::from(self.u32()?);
        let item_bytes = match number_type {
            1 => 1,
            2 | 4 | 5 => 2,
            _ => 4,
        };
        let wanted = dims.iter().try_fold(item_bytes, |product: u64, dim| product.checked_mul(*dim));
        if wanted != Some(bytes) || dims.contains(&0) {
            let what = format!("variable {name} has {bytes} bytes, which its dimensions {dims:?} do not give");
            return Err(ConvertProblem::Damaged { what });
        }
        let at = self.at;
        self.skip(bytes)?;
        Ok((name, Variable { dims, number_type, at }))
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], ConvertProblem> {
        self.advance(N as u64)?;
        let mut bytes = [0; N];
        self.file.read_exact(&mut bytes).map_err(ConvertProblem::of_io)?;
        Ok(bytes)
    }

    fn u32(&mut self) -> Result<u32, ConvertProblem> {
        self.take().map(u32::from_le_bytes)
    }

    fn string(&mut self) -> Result<String, ConvertProblem> {
        let length = u16::from_le_bytes(self.take()?);
        if !(1..=MOST_NAME_BYTES).contains(&length) {
            return Err(ConvertProblem::Damaged { what: format!("a name of {length} bytes {}", self.place) });
        }
        self.advance(length.into())?;
        let mut bytes = vec![0; length.into()];
        self.file.read_exact(&mut bytes).map_err(ConvertProblem::of_io)?;
        // The last byte is a zero.
        bytes.pop();
        String::from_utf8(bytes)
            .map_err(|_| ConvertProblem::Damaged { what: format!("a name that is not UTF-8 {}", self.place) })
    }

    fn skip(&mut self, bytes: u64) -> Result<(), ConvertProblem> {
        self.advance(bytes)?;
        let bytes = i64::try_from(bytes).expect("it was a 32-bit number");
        self.file.seek_relative(bytes).map_err(ConvertProblem::of_io)
    }

    fn advance(&mut self, bytes: u64) -> Result<(), ConvertProblem> {
        if self.bytes - self.at < bytes {
            return Err(ConvertProblem::CutShort { bytes: self.bytes, place: self.place.clone() });
        }
        self.at += bytes;
        Ok(())
    }
}
