//! Every command as it is typed, with what can go wrong: exit codes, what is printed where, and what is left on disk.

#![cfg(all(feature = "app", target_os = "linux"))]

#[path = "../support/mod.rs"]
mod support;

mod analyze;
mod bad_audio;
mod bad_models;
mod bank;
mod batch_files;
mod disk;
mod first_model;
mod machine;
mod models;
mod rehearse_due;
mod review;
mod review_import;
mod review_index;
mod review_marks;
mod review_takes;
mod stories;
mod transcribe;
mod usage;

use support::Stage;
use support::sound::{save, speak};

/// What the short recording says.
const SENTENCE: &str = "We planned the release with the whole team, and we shipped it in June.";

/// Half a minute of speech in which nothing is said twice: Whisper hears what repeats itself several times over.
const STORY: &str = "We lost four hours of customer orders last year, and the mistake was mine. I was the manager of a small \
    team, and we ran the reporting system. When we tried to restore the data, the backup was empty. I called the customers \
    the same morning and told them the truth before they had to ask. I asked two engineers to get back what they could from \
    the logs. Before midnight we had most of the data again. We now restore a backup every month.";

/// A machine without sound, with tiny.en, and a short recording, `answer.wav`.
fn with_recording() -> Stage {
    let stage = Stage::silent().with_tiny_en();
    save(&stage.file("answer.wav"), &speak(SENTENCE));
    stage
}
