//! The catalog of Whisper models, their files, and the checks before one is loaded.
//!
//! whisper.cpp ends the whole process on some bad model files and reports success on others, so a
//! file is read here first: [`check()`] walks it from the first byte to the last without holding it in
//! memory. [`catalog`] knows the models that have a name; [`installed`] is the folder they lie in,
//! and `download` fills it.

pub mod catalog;
pub mod check;
pub mod convert;
pub mod elsewhere;
pub mod import;
pub mod installed;
pub mod sha256;

mod architecture;
mod number_type;
mod problem;

#[cfg(feature = "app")]
mod address;
#[cfg(feature = "app")]
pub mod download;
#[cfg(feature = "app")]
mod download_error;
#[cfg(feature = "app")]
mod fetch;
#[cfg(feature = "app")]
mod http;
#[cfg(feature = "app")]
mod package_index;
#[cfg(feature = "app")]
mod pip;
#[cfg(feature = "app")]
mod wheel;

#[cfg(test)]
mod check_tests;
#[cfg(all(test, feature = "app"))]
mod download_tests;
#[cfg(all(test, feature = "app"))]
mod wheel_tests;

pub use catalog::{CatalogEntry, Feeding, Languages, Wheels, WordTimes};
pub use check::{Shape, check, check_weights};
pub use problem::{BadModel, Place, Problem};
