//! The nouns of the program: plain data, no behaviour that could fail.
//!
//! Everything that is written to disk or printed as JSON is declared here, so that the
//! contract can be read in one folder. Units are in the type ([`Seconds`]) or in the
//! field's name (`sample_rate_hz`).

mod calibration;
mod comparison;
mod practice;
mod question;
mod remarks;
mod report;
mod search;
mod session;
mod stories;
mod summary;
mod transcript;
mod trends;
mod units;
mod waveform;

pub use calibration::*;
pub use comparison::*;
pub use practice::*;
pub use question::*;
pub use remarks::*;
pub use report::*;
pub use search::*;
pub use session::*;
pub use stories::*;
pub use summary::*;
pub use transcript::*;
pub use trends::*;
pub use units::*;
pub use waveform::*;
