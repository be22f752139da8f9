//! Writing a model as the published files for whisper.cpp are: magic, eleven numbers, mel filters, vocabulary, tensors.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;

use super::Precision;
use super::mel::BINS;
use super::names;
use super::numbers::stored;
use super::problem::{ConvertError, ConvertProblem};
use super::source::{Source, Stored};
use crate::models::architecture::{Shape, Tensor};
use crate::models::number_type::NumberType;
use crate::models::sha256::Hasher;

/// Numbers that are read, changed and written at a time: whole blocks of every type.
const ITEMS_AT_ONCE: u64 = 1 << 18;

/// A model that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Size of the file.
    pub bytes: u64,
    /// SHA-256 of the file, 64 lower-case hex digits.
    pub sha256: String,
}

/// Why a model was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// What it should be made from is not good.
    #[error(transparent)]
    Source(#[from] ConvertError),
    /// It could not be written.
    #[error("it could not be written")]
    Write(#[source] io::Error),
    /// The person stopped it.
    #[error("it was stopped")]
    Stopped,
}

/// Writes a model with its large tensors stored in `precision` and tells `watch` after every block how many of how many
/// bytes are written; it may stop the work.
///
/// What a failure leaves in `out` is no model.
///
/// # Errors
/// [`WriteError`].
pub fn write(
    source: &Source,
    precision: Precision,
    out: &mut dyn Write,
    watch: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
) -> Result<Written, WriteError> {
    let shape = Shape { numbers: precision.numbers(), ..source.shape };
    let header = shape.header();
    // Some widths are not whole blocks.
    Shape::of_header(header).map_err(|problem| source.error(ConvertProblem::Damaged { what: problem.to_string() }))?;
    let tensors = shape.tensors();
    let of = tensors.values().map(Tensor::bytes).sum();
    let mut out = Output { out, hasher: Hasher::default(), bytes: 0 };
    out.put(b"lmgg")?;
    out.numbers(header)?;
    out.numbers([shape.mel_bands as i32, BINS as i32])?;
    out.put(&source.filters.iter().flat_map(|weight| weight.to_le_bytes()).collect::<Vec<_>>())?;
    out.numbers([source.vocabulary.len() as i32])?;
    for token in &source.vocabulary {
        out.numbers([token.len() as i32])?;
        out.put(token)?;
    }
    let mut done = 0;
    for name in names::in_order(&shape) {
        let (from, to) = (&source.tensors[&name], &tensors[&name]);
        out.tensor_header(&name, to)?;
        let copy = Copy { name: &name, from, to: to.numbers };
        copy.run(&mut out, &mut |bytes| {
            done += bytes;
            watch(done, of)
        })?;
    }
    out.out.flush().map_err(WriteError::Write)?;
    Ok(Written { bytes: out.bytes, sha256: out.hasher.finish() })
}

/// A file that is hashed while it is written.
struct Output<'a> {
    out: &'a mut dyn Write,
    hasher: Hasher,
    bytes: u64,
}

impl Output<'_> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        self.out.write_all(bytes).map_err(WriteError::Write)?;
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    fn numbers<const N: usize>(&mut self, numbers: [i32; N]) -> Result<(), WriteError> {
        self.put(numbers.map(i32::to_le_bytes).as_flattened())
    }

    fn tensor_header(&mut self, name: &str, tensor: &Tensor) -> Result<(), WriteError> {
        let rank = tensor.dims.iter().rposition(|&dim| dim != 1).map_or(1, |last| last + 1);
        self.numbers([rank as i32, name.len() as i32, tensor.numbers.in_tensor])?;
        for dim in &tensor.dims[..rank] {
            self.numbers([*dim])?;
        }
        self.put(name.as_bytes())
    }
}

/// The way of one tensor's numbers from file to file.
struct Copy<'a> {
    name: &'a str,
    from: &'a Stored,
    to: &'static NumberType,
}

impl Copy<'_> {
    fn run(&self, out: &mut Output<'_>, watch: &mut dyn FnMut(u64) -> ControlFlow<()>) -> Result<(), WriteError> {
        let mut file = File::open(&self.from.file).map_err(|error| self.unreadable(error))?;
        file.seek(SeekFrom::Start(self.from.at)).map_err(|error| self.unreadable(error))?;
        let (items, mut item) = (self.from.items(), 0);
        while item < items {
            let count = ITEMS_AT_ONCE.min(items - item);
            let mut bytes = vec![0; (count * self.from.numbers.item_bytes()) as usize];
            file.read_exact(&mut bytes).map_err(|error| self.unreadable(error))?;
            let block = self.changed(bytes, item)?;
            out.put(&block)?;
            if watch(block.len() as u64).is_break() {
                return Err(WriteError::Stopped);
            }
            item += count;
        }
        Ok(())
    }

    /// Numbers as they are to be stored; `item` is the number of the first.
    fn changed(&self, bytes: Vec<u8>, item: u64) -> Result<Vec<u8>, WriteError> {
        let bytes = if self.from.numbers.is(self.to) {
            bytes
        } else {
            let numbers = self.from.numbers.widened(&bytes, item, self.from.row_items());
            // A block's scale would hide a number that is none.
            if !numbers.iter().all(|number| number.is_finite()) {
                return Err(self.no_number());
            }
            stored(&numbers, self.to).ok_or_else(|| {
                self.error(ConvertProblem::TensorType { name: self.name.to_owned(), found: self.to.name.to_owned() })
            })?
        };
        if self.to.all_finite(&bytes) { Ok(bytes) } else { Err(self.no_number()) }
    }

    fn no_number(&self) -> WriteError {
        self.error(ConvertProblem::NotANumber { name: self.name.to_owned(), numbers: self.to.name })
    }

    fn unreadable(&self, error: io::Error) -> WriteError {
        self.error(ConvertProblem::Unreadable(error))
    }

    fn error(&self, problem: ConvertProblem) -> WriteError {
        ConvertError { path: self.from.file.clone(), problem }.into()
    }
}
