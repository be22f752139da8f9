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
