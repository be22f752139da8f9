//! Which voice asks, how fast and how loud.

use super::NORMAL_RATE_WPM;
use super::command_voice::CommandLine;
use crate::remedy::{NextStep, Remedy};

/// What a person asked of the voice.
#[derive(Clone, Debug, PartialEq)]
pub struct VoiceSettings {
    /// The voice to try first.
    pub voice: VoiceChoice,
    /// Speed in words a minute, 80 to 450.
    pub rate_wpm: u32,
    /// Loudness in percent, 0 to 100; 100 is as loud as the voice speaks by itself.
    pub volume_percent: u32,
    /// A command to try before the built-in ones when the system voice fails.
    pub command: Option<CommandLine>,
}

/// The voice to try first.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum VoiceChoice {
    /// The system's speech service with its own voice.
    #[default]
    System,
    /// One of the system's voices, by name.
    SystemNamed(String),
    /// `espeak-ng`, with one of its voices where one is named.
    Espeak(Option<String>),
    /// `say` of macOS, with one of its voices where one is named.
    Say(Option<String>),
    /// Any command.
    Command(CommandLine),
    /// None: text on the screen.
    Text,
}

impl Default for VoiceSettings {
    fn default() -> VoiceSettings {
        VoiceSettings { voice: VoiceChoice::System, rate_wpm: NORMAL_RATE_WPM, volume_percent: 100, command: None }
    }
}

/// Why a voice could not be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VoiceError {
    /// No name, or `cmd:` without a command.
    #[error("{given:?} names no voice")]
    Empty {
        /// What was given.
        given: String,
    },
    /// A quotation mark is missing.
    #[error("the voice command {command:?} has an open quotation mark")]
    OpenQuote {
        /// What was given.
        command: String,
    },
    /// The text would be run as a part of a program.
    #[error("the voice command {command:?} has {{text}} inside of a script, where a question could run what it likes")]
    TextIsRun {
        /// What was given.
        command: String,
    },
    /// The speed is out of range.
    #[error("{given} words a minute is no speed to speak at")]
    Rate {
        /// What was given.
        given: u32,
    },
    /// The loudness is out of range.
    #[error("{given} percent is no loudness")]
    Volume {
        /// What was given.
        given: u32,
    },
}

impl Remedy for VoiceError {
    fn next_step(&self) -> NextStep {
        match self {
            VoiceError::Empty { .. } => "choose one: --voice system, espeak-ng, say, text, or cmd:COMMAND".into(),
            VoiceError::OpenQuote { .. } => "close it: --voice 'cmd:sh -c \"piper ... | aplay\"'".into(),
            VoiceError::TextIsRun { .. } => {
                "leave {text} out and read the text from standard input: --voice 'cmd:sh -c \"piper ... | aplay\"'"
                    .into()
            }
            VoiceError::Rate { .. } => "choose 80 to 450: --rate 170".into(),
            VoiceError::Volume { .. } => "choose 0 to 100: --volume 80".into(),
        }
    }
}

impl VoiceSettings {
    /// Reads what was typed or configured; `None` leaves a setting as it is by default.
    ///
    /// `voice` is `system`, `text`, `espeak-ng` or `espeak-ng:VOICE`, `say` or `say:VOICE`,
    /// `cmd:COMMAND` (see [`CommandLine`]), or else the name of a system voice.
    pub fn parse(
        voice: Option<&str>,
        rate_wpm: Option<u32>,
        volume_percent: Option<u32>,
        command: Option<&str>,
    ) -> Result<VoiceSettings, VoiceError> {
        let defaults = VoiceSettings::default();
        let rate_wpm = rate_wpm.unwrap_or(defaults.rate_wpm);
        if !(80..=450).contains(&rate_wpm) {
            return Err(VoiceError::Rate { given: rate_wpm });
        }
        let volume_percent = volume_percent.unwrap_or(defaults.volume_percent);
        if volume_percent > 100 {
            return Err(VoiceError::Volume { given: volume_percent });
        }
        Ok(VoiceSettings {
            voice: voice.map(VoiceChoice::parse).transpose()?.unwrap_or_default(),
            rate_wpm,
            volume_percent,
            command: command.map(CommandLine::parse).transpose()?,
        })
    }
}

impl VoiceChoice {
    /// Reads what was typed after `--voice`.
    pub fn parse(typed: &str) -> Result<VoiceChoice, VoiceError> {
        let typed = typed.trim();
        let (kind, name) = match typed.split_once(':') {
            Some((kind, name)) => (kind, Some(name.trim().to_owned()).filter(|name| !name.is_empty())),
            None => (typed, None),
        };
        Ok(match (kind, name) {
            ("", _) | ("cmd", None) => return Err(VoiceError::Empty { given: typed.to_owned() }),
            ("system", None) => VoiceChoice::System,
            ("system", Some(name)) => VoiceChoice::SystemNamed(name),
            ("text", None) => VoiceChoice::Text,
            ("espeak" | "espeak-ng", name) => VoiceChoice::Espeak(name),
            ("say", name) => VoiceChoice::Say(name),
            ("cmd", Some(command)) => VoiceChoice::Command(CommandLine::parse(&command)?),
            _ => VoiceChoice::SystemNamed(typed.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn voices_are_read_as_typed() {
        let named = |name: &str| Some(name.to_owned());
        for (typed, wanted) in [
            ("system", VoiceChoice::System),
            ("text", VoiceChoice::Text),
            ("espeak-ng", VoiceChoice::Espeak(None)),
            ("espeak-ng:en-gb", VoiceChoice::Espeak(named("en-gb"))),
            ("say", VoiceChoice::Say(None)),
            ("say:Daniel", VoiceChoice::Say(named("Daniel"))),
            ("system:English (America)", VoiceChoice::SystemNamed("English (America)".to_owned())),
            ("English (America)+f2", VoiceChoice::SystemNamed("English (America)+f2".to_owned())),
            ("cmd: piper -m a", VoiceChoice::Command(CommandLine::parse("piper -m a").unwrap())),
        ] {
            assert_eq!(VoiceChoice::parse(typed), Ok(wanted), "{typed}");
        }
        for typed in ["", " ", "cmd:", "cmd: ", ":"] {
            assert!(matches!(VoiceChoice::parse(typed), Err(VoiceError::Empty { .. })), "{typed:?}");
        }
    }

    #[test]
    fn speeds_and_loudness_out_of_range_are_refused() {
        assert_eq!(VoiceSettings::parse(None, Some(79), None, None), Err(VoiceError::Rate { given: 79 }));
        assert_eq!(VoiceSettings::parse(None, None, Some(101), None), Err(VoiceError::Volume { given: 101 }));
        assert_eq!(VoiceSettings::parse(None, None, None, None), Ok(VoiceSettings::default()));
    }
}
