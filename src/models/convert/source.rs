//! A model in another format: its shape, its vocabulary, and where the numbers of every tensor lie.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use super::mel;
use super::numbers::StoredAs;
use super::problem::{ConvertError, ConvertProblem};
use crate::models::architecture::{Shape, Tensor};

/// A Whisper model on disk, ready to be written for whisper.cpp.
pub struct Source {
    /// Its dimensions; `numbers` there is what it becomes when nothing else is asked for.
    pub shape: Shape,
    /// The file that an error is about when it is about the model as a whole.
    pub(super) file: PathBuf,
    /// The mel filters, one after the other.
    pub(super) filters: Vec<f32>,
    /// The tokens that are spelled out in the file, in order, as bytes.
    pub(super) vocabulary: Vec<Vec<u8>>,
    /// Where the numbers of each tensor are, by its name in ggml.
    pub(super) tensors: BTreeMap<String, Stored>,
}

/// Without its 50,257 words.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("file", &self.file).field("shape", &self.shape).finish_non_exhaustive()
    }
}

/// Where the numbers of one tensor are, and how they are stored.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stored {
    pub file: PathBuf,
    /// Bytes from the beginning of the file.
    pub at: u64,
    /// The slowest dimension first, as numpy writes a shape.
    pub dims: Vec<u64>,
    pub numbers: StoredAs,
}

impl Stored {
    /// How many numbers it has.
    pub fn items(&self) -> u64 {
        product(&self.dims)
    }

    /// Numbers in one of its rows: all that share a place in its first dimension.
    pub fn row_items(&self) -> u64 {
        product(self.dims.get(1..).unwrap_or_default())
    }

    /// The part `number` of `of` equal ones, cut between rows: what was stacked is taken apart.
    ///
    /// `None` when the rows cannot be divided so.
    pub fn part(&self, number: u64, of: u64) -> Option<Stored> {
        let rows = self.dims.first().filter(|rows| rows.is_multiple_of(of))? / of;
        let mut part = self.clone();
        part.at += number * rows * self.row_items() * self.numbers.item_bytes();
        part.dims[0] = rows;
        part.numbers = self.numbers.of_rows(number * rows, rows);
        Some(part)
    }

    /// Whether it has the numbers of `wanted`, whose fastest dimension comes first; dimensions of 1 do not count.
    fn fits(&self, wanted: &Tensor) -> bool {
        let found = self.dims.iter().copied().filter(|&dim| dim != 1);
        found.eq(wanted_dims(wanted))
    }
}

/// Dimensions come out of files and may be anything.
fn product(dims: &[u64]) -> u64 {
    dims.iter().fold(1, |product, dim| product.saturating_mul(*dim))
}

fn wanted_dims(wanted: &Tensor) -> impl Iterator<Item = u64> {
    wanted.dims.into_iter().rev().map(|dim| dim as u64).filter(|&dim| dim != 1)
}

impl Source {
    /// Brings together what a reader found, and checks that every tensor is there and has its dimensions.
    pub(super) fn new(
        file: PathBuf,
        shape: Shape,
        vocabulary: Vec<Vec<u8>>,
        find: &mut dyn FnMut(&str) -> Result<Stored, ConvertError>,
    ) -> Result<Source, ConvertError> {
        let mut tensors = BTreeMap::new();
        for (name, wanted) in shape.tensors() {
            let stored = find(&name)?;
            if !stored.fits(&wanted) {
                let problem = ConvertProblem::TensorShape {
                    name,
                    found: stored.dims.clone(),
                    wanted: wanted_dims(&wanted).collect(),
                };
                return Err(ConvertError { path: stored.file, problem });
            }
            tensors.insert(name, stored);
        }
        Ok(Source { filters: mel::filters(shape.mel_bands), shape, file, vocabulary, tensors })
    }

    /// An error about the model as a whole.
    pub(super) fn error(&self, problem: ConvertProblem) -> ConvertError {
        ConvertError { path: self.file.clone(), problem }
    }
}
