//! From the formats in which people have Whisper to the one file that whisper.cpp reads.
//!
//! Reading a format ends in a [`Source`]: the model's shape, its vocabulary, and where on disk the numbers of every
//! tensor lie. [`write()`] takes them from there a block at a time, so that a model of 3 GB needs a few MB of memory,
//! and writes them in the order and layout of the published files: half-precision weights of a public model give that
//! file to the byte.
//!
//! [`ctranslate2`] reads the folders of faster-whisper, [`hugging_face`] those of the Hugging Face hub, [`ggml`] files
//! that are to be stored in fewer bits. [`recognise()`] says which of them a path is.

pub mod ctranslate2;
pub mod ggml;
pub mod hugging_face;

mod mel;
mod names;
mod numbers;
mod problem;
mod recognise;
mod source;
pub(crate) mod vocabulary;
mod write;

#[cfg(test)]
pub(crate) mod made_up;
#[cfg(test)]
mod tests;

pub use problem::{ConvertError, ConvertProblem, OtherFormat};
pub use recognise::{Format, recognise};
pub use source::Source;
pub use write::{WriteError, Written, write};

use super::number_type::{F16, NumberType, Q5_1, Q8_0};

/// In how many bits the large tensors of a model are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// 16-bit floats, as the published models are.
    F16,
    /// About eight and a half bits for each number, and quicker on most machines.
    Q8_0,
    /// Six bits for each number; slower than [`Precision::Q8_0`] on most machines.
    Q5_1,
}

impl Precision {
    /// Its name in ggml, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Precision::F16 => "f16",
            Precision::Q8_0 => "q8_0",
            Precision::Q5_1 => "q5_1",
        }
    }

    pub(super) fn numbers(self) -> &'static NumberType {
        match self {
            Precision::F16 => &F16,
            Precision::Q8_0 => &Q8_0,
            Precision::Q5_1 => &Q5_1,
        }
    }
}
