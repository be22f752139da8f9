//! Putting the real parts together: settings, model, voice, banks and what is asked tonight become a sitting.
//!
//! It prints nothing and asks nobody. What a person should know goes to the listener of the [`Context`], progress to
//! closures, and what went wrong out as [`SetupError`]. The command line and the page both begin here.

mod agenda;
mod banks;
mod context;
mod error;
mod finish;
mod parts;
mod seen;
mod sitting;
mod stories;

pub use agenda::{Agenda, Order};
pub use banks::{Found, Pool, banks, find, find_bank, keep, marked_points, own_banks};
pub use context::Context;
pub use error::{Muted, NeededFor, SetupError};
pub use finish::{Finisher, bring_back, question_of};
pub use parts::{
    ChosenModel, assessor, download_source, frameworks, installed_model, lexicon, model_name, model_named, voice,
};
pub use seen::{SeenTake, Viewer, compare, find_take, take_in_words};
pub use sitting::{Prepared, Sitting, loop_settings};
pub use stories::{StoriesFound, Tags, stories};
