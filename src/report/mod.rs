//! Findings to text: terminal, JSON, captions, plain text, CSV. Pure: every renderer returns a `String`.
//!
//! A report format is one file here. Nothing is measured here; a figure that is `None` is left out.

pub mod batch;
pub mod calibration;
pub mod captions;
pub mod comparison;
pub mod csv;
pub mod document;
pub mod hearing;
pub mod html;
pub mod json;
pub mod markdown;
pub mod pages;
pub mod plan;
pub mod session;
pub mod stories;
pub mod terminal;
pub mod text;
pub mod trends;

mod marked;
mod page;

#[cfg(test)]
mod samples;
