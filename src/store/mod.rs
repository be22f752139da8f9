//! A folder per session, written as things happen; plain files are the truth.
//!
//! ```text
//! $GREENROOM_HOME
//!   config.toml                        Config
//!   calibration.json                   how well each model hears on this machine
//!   sessions/2026-11-21T0930-stakeholders/
//!     session.json                     what was asked, and how far every take has come
//!     .lock                            held while a program writes here
//!     01-product-conflict.recording.wav   while it is being recorded
//!     01-product-conflict.wav          when it is whole
//!     01-product-conflict.transcript.json, .report.json
//!     remarks.json                     what the person marked and remarked; never in the report
//!   notes.json                         what the person noted for questions
//! ```
//!
//! Every file but a recording is written beside its name and renamed when whole, so a reader
//! sees the old file or the new one. A recording grows under its own name and is renamed when
//! it is closed; [`recover`] brings back the ones whose program was killed.

mod atomic;
mod browse;
mod calibrations;
mod claim;
mod config;
mod delete;
mod draft;
mod error;
mod home;
mod json;
mod names;
mod recover;
mod remarks;
mod session;
mod setting;
mod stamps;
mod takes;
mod wav;

pub(crate) use atomic::{Over, write_beside, write_whole};
#[cfg(feature = "app")]
pub(crate) use atomic::{clear_unfinished, folder_of, make_private_folder, prove_writable};
pub use browse::{
    BrokenSession, SessionList, StoredSession, find_take, is_being_recorded, list_sessions, look_into,
    read_session_called,
};
pub use calibrations::{calibration, keep_calibration};
pub use claim::RecordingClaim;
pub use config::{Config, ConfigError, Entry, Origin};
pub use delete::Freed;
pub use draft::{Draft, Taking};
pub use error::StoreError;
pub use home::Home;
pub use names::{Meant, NameError, question_called, resolve};
pub use recover::{Recovery, RecoveryProblem, Unfinished, recover};
pub use remarks::{FeltTake, MarkedPoint, change_notes, felt_takes, marked_points, question_notes};
pub use session::{SessionFolder, TakeFiles};
pub use setting::{KEYS, Key, Kind, Value, seconds as parse_time};
pub use stamps::{SessionStamp, session_stamps};
pub use takes::{ReportedTake, ReportedTakes, reported_takes};
pub use wav::{WavError, WavLayout, layout_of, repair_wav, wav_layout};
