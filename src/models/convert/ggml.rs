//! Models for whisper.cpp that are to be stored in fewer bits.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use super::Precision;
use super::mel::BINS;
use super::numbers::StoredAs;
use super::problem::{ConvertError, ConvertProblem};
use super::source::{Source, Stored};
use crate::models::architecture::{Shape, Tensor};
use crate::models::check::check;
use crate::models::number_type::{F16, F32};

/// Reads a file that whisper.cpp could load, to store it in the precision `wanted`.
///
/// # Errors
/// [`ConvertError`] where it is damaged, or where its numbers were made coarser already.
pub fn read(path: &Path, wanted: Precision) -> Result<Source, ConvertError> {
    let error = |problem| ConvertError { path: path.to_owned(), problem };
    let shape = check(path).map_err(|bad| error(bad.into()))?;
    if *shape.numbers != F16 && *shape.numbers != F32 {
        let problem = ConvertProblem::Quantised { found: shape.numbers.name, wanted: wanted.name() };
        return Err(error(problem));
    }
    let read = read_checked(path, &shape).map_err(|cause| error(ConvertProblem::of_io(cause)))?;
    let mut tensors = read.tensors;
    let no_tensor = |name: &str| error(ConvertProblem::NoTensor { name: name.to_owned() });
    let mut find = |name: &str| tensors.remove(name).ok_or_else(|| no_tensor(name));
    let source = Source::new(path.to_owned(), shape, read.vocabulary, &mut find)?;
    Ok(Source { filters: read.filters, ..source })
}

struct Inventory {
    filters: Vec<f32>,
    vocabulary: Vec<Vec<u8>>,
    tensors: HashMap<String, Stored>,
}

/// Reads a file whose structure was found to be good; one that changes meanwhile ends in an error like any that cannot
/// be read.
fn read_checked(path: &Path, shape: &Shape) -> io::Result<Inventory> {
    let mut file = Numbers(BufReader::new(File::open(path)?));
    file.skip(48 + 8)?;
    let filters = StoredAs::F32.widened(&file.bytes(shape.mel_bands as usize * BINS * 4)?, 0, 1);
    let mut vocabulary = Vec::new();
    for _ in 0..file.number()? {
        let length = file.number()? as usize;
        vocabulary.push(file.bytes(length)?);
    }
    let mut tensors = HashMap::new();
    let wanted = shape.tensors();
    for _ in 0..wanted.len() {
        let (rank, length, number_type) = (file.number()?, file.number()?, file.number()?);
        let mut dims = (0..rank).map(|_| file.number().map(u64::from)).collect::<io::Result<Vec<_>>>()?;
        dims.reverse();
        let name = String::from_utf8_lossy(&file.bytes(length as usize)?).into_owned();
        let at = file.0.stream_position()?;
        file.skip(wanted.get(&name).map_or(0, Tensor::bytes))?;
        let numbers = if number_type == 0 { StoredAs::F32 } else { StoredAs::F16 };
        tensors.insert(name, Stored { file: path.to_owned(), at, dims, numbers });
    }
    Ok(Inventory { filters, vocabulary, tensors })
}

struct Numbers(BufReader<File>);

impl Numbers {
    fn number(&mut self) -> io::Result<u32> {
        let mut bytes = [0; 4];
        self.0.read_exact(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn bytes(&mut self, count: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; count];
        self.0.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        self.0.seek_relative(bytes.cast_signed())
    }
}
