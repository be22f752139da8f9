//! The voice that asks.
//!
//! [`VoiceLadder`] is what a rehearsal uses: it tries [`SystemVoice`], then [`CommandVoice`]s,
//! and ends at [`TextOnly`], which leaves the question to the screen. It says once why it went
//! down a rung, and never hangs: every voice has a time limit that grows with the text.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::remedy::{Action, NextStep, Remedy, next};
use crate::types::Seconds;

mod command_voice;
mod fallback;
mod into_file;
mod settings;
mod silent;
mod system_voice;

pub use command_voice::{CommandLine, CommandVoice};
pub use fallback::VoiceLadder;
pub use into_file::FileVoice;
pub use settings::{VoiceChoice, VoiceError, VoiceSettings};
pub use silent::TextOnly;
pub use system_voice::SystemVoice;

/// Says things aloud. Blocking: it is called on a thread of its own.
pub trait Speaker: Send {
    /// Says `text` and returns when the last of it has been heard, or soon after `stop` is set.
    ///
    /// Never hangs: every implementation has a time limit scaled to the text.
    fn speak(&mut self, text: &str, stop: &StopSignal) -> Result<Spoken, SpeakError>;
}

/// How an utterance went.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoken {
    /// What said it, such as `system voice` or `espeak-ng`; for people.
    pub voice: String,
    /// Whether it was heard or has to be shown.
    pub delivery: Delivery,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    /// How long it took.
    pub duration: Seconds,
    /// What a person must know about the voice, in sentences; each is said once.
    pub notes: Vec<String>,
}

/// How a question reaches the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It was spoken.
    Aloud,
    /// Nothing was spoken: whoever asked prints the text.
    OnScreen,
}

/// A flag that asks a speaker to stop; shared by cloning.
#[derive(Clone, Debug, Default)]
pub struct StopSignal(Arc<AtomicBool>);

impl StopSignal {
    /// Asks to stop.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether stopping was asked for.
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Why nothing was heard.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SpeakError {
    /// There is no such voice on this machine.
    #[error("{voice} is not available: {reason}")]
    Unavailable {
        /// The voice that was tried.
        voice: String,
        /// What was found.
        reason: String,
    },
    /// It began and broke off.
    #[error("{voice} broke off: {reason}")]
    BrokeOff {
        /// The voice that was tried.
        voice: String,
        /// What was found.
        reason: String,
    },
    /// It never said that it ended.
    #[error("{voice} did not finish within {:.0} s: {reason}", limit.0)]
    TimedOut {
        /// The voice that was tried.
        voice: String,
        /// How long was waited.
        limit: Seconds,
        /// What was found when it was asked why.
        reason: String,
    },
}

impl Remedy for SpeakError {
    fn next_step(&self) -> NextStep {
        match self {
            SpeakError::Unavailable { voice, .. } if voice == system_voice::NAME => {
                "install a speech service: apt-get install speech-dispatcher speech-dispatcher-espeak-ng; or --voice text"
                    .into()
            }
            SpeakError::Unavailable { voice, .. } => format!("install {voice}, or choose another: --voice text").into(),
            SpeakError::BrokeOff { .. } | SpeakError::TimedOut { .. } => {
                next!["see what is wrong: ", Action::Doctor, "; or go on without sound: --voice text"]
            }
        }
    }
}

/// How fast espeak and most system voices speak when nothing is asked of them, in words a minute.
pub const NORMAL_RATE_WPM: u32 = 170;

/// How long saying `text` may take at `rate_wpm` words a minute before something must be wrong.
///
/// 3 s and 0.15 s a character at the normal rate: twice what espeak-ng needs for English (0.067 s a
/// character, 4.1 s for a question of 60). A digit counts four times, because it is spoken as a word.
pub fn time_limit(text: &str, rate_wpm: u32) -> Seconds {
    let characters: u32 = text.chars().map(|c| if c.is_numeric() { 4 } else { 1 }).sum();
    let slower = f64::from(NORMAL_RATE_WPM) / f64::from(rate_wpm.max(1));
    Seconds(3.0 + 0.15 * f64::from(characters) * slower)
}

/// `text` as a voice can take it: without the control characters that end a C string or a protocol line.
fn speakable(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_control() || c.is_whitespace()).filter(|w| !w.is_empty()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_grows_with_the_text_its_digits_and_a_slower_rate() {
        let limit = |text: &str, rate| time_limit(text, rate).0;
        assert_eq!(limit("", 170), 3.0);
        assert_eq!(limit(&"x".repeat(100), 170), 18.0);
        assert_eq!(limit(&"x".repeat(100), 85), 33.0);
        assert_eq!(limit("1000", 170), 3.0 + 0.15 * 16.0);
        assert!(limit("x", 0).is_finite());
    }

    #[test]
    fn what_a_voice_gets_is_one_line_of_text() {
        assert_eq!(speakable(" Tell\0 me\r\n.\n\nWhy? "), "Tell me . Why?");
        assert_eq!(speakable("\0 \n"), "");
    }
}
