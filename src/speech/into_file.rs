//! A voice that speaks into a file: the candidate of the demo, and what a calibration hears.

use std::path::Path;
use std::process::{Command, Stdio};

use super::SpeakError;

/// A program that writes what it says to a WAV file, faster than it could be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileVoice {
    program: Program,
    voice: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Program {
    Espeak,
    /// Of macOS.
    Say,
}

impl FileVoice {
    /// espeak-ng in American English.
    pub const ESPEAK: FileVoice = FileVoice { program: Program::Espeak, voice: "en-us" };

    /// The voice that this machine has: espeak-ng, else `say`; `None` where there is neither.
    pub fn of_this_machine() -> Option<FileVoice> {
        let say = FileVoice { program: Program::Say, voice: "Samantha" };
        [FileVoice::ESPEAK, say].into_iter().find(|voice| voice.is_installed())
    }

    /// Its name, such as `espeak-ng en-us`.
    pub fn name(self) -> String {
        format!("{} {}", self.program(), self.voice)
    }

    fn program(self) -> &'static str {
        match self.program {
            Program::Espeak => "espeak-ng",
            Program::Say => "say",
        }
    }

    fn is_installed(self) -> bool {
        let mut question = Command::new(self.program());
        question.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // Whatever it answers: `say` does not know the flag, and is there.
        question.status().is_ok()
    }

    /// Says `text` at `wpm` words a minute into a new WAV file at `wav`.
    pub fn speak_into(self, wav: &Path, text: &str, wpm: u32) -> Result<(), SpeakError> {
        let mut command = Command::new(self.program());
        match self.program {
            Program::Espeak => command.args(["-v", self.voice, "-s", &wpm.to_string(), "-w"]).arg(wav),
            Program::Say => {
                command.args(["-v", self.voice, "-r", &wpm.to_string(), "--data-format=LEI16@22050", "-o"]).arg(wav)
            }
        };
        let output = command
            .arg(text.trim())
            .output()
            .map_err(|cause| SpeakError::Unavailable { voice: self.name(), reason: cause.to_string() })?;
        if output.status.success() {
            return Ok(());
        }
        let complaint = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        let reason = if complaint.is_empty() { output.status.to_string() } else { complaint };
        Err(SpeakError::BrokeOff { voice: self.name(), reason })
    }
}
