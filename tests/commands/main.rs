//! Every command as it is typed, with what can go wrong: exit codes, what is printed where, and what is left on disk.

#![cfg(all(feature = "app", target_os = "linux"))]

#[path = "../support/mod.rs"]
mod support;

mod analyze;
mod bad_audio;
mod bad_models;
mod bank;
mod disk;
mod machine;
mod models;
mod rehearse_due;
mod review;
mod stories;
mod transcribe;
mod usage;

use support::Stage;
use support::sound::{save, speak};

/// What the short recording says.
const SENTENCE: &str = "We planned the release with the whole team, and we shipped it in June.";

/// A machine without sound, and a short recording, `answer.wav`.
fn with_recording() -> Stage {
    let stage = Stage::silent();
    save(&stage.file("answer.wav"), &speak(SENTENCE));
    stage
}
