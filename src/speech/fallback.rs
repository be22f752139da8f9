//! The voice that always has an answer.

use super::command_voice::CommandVoice;
use super::settings::{VoiceChoice, VoiceSettings};
use super::silent::TextOnly;
use super::system_voice::SystemVoice;
use super::{SpeakError, Speaker, Spoken, StopSignal};

/// Tries one voice after the other and stays with the first that speaks.
///
/// A voice that failed is not tried again; why it failed is said once, in [`Spoken::notes`].
/// The last rung is [`TextOnly`], so that speaking never fails.
pub struct VoiceLadder {
    rungs: Vec<Box<dyn Speaker>>,
    notes: Vec<String>,
}

impl VoiceLadder {
    /// The voices that `settings` ask for, and what stands in for them.
    ///
    /// Starts the system voice, where it is asked for, in the background: it is ready sooner when
    /// this is called some time before the first question.
    pub fn new(settings: &VoiceSettings) -> VoiceLadder {
        let mut rungs: Vec<Box<dyn Speaker>> = Vec::new();
        let command = |line: &super::CommandLine| Box::new(CommandVoice::new(line.clone(), settings));
        match &settings.voice {
            VoiceChoice::System => rungs.push(Box::new(SystemVoice::start(None, settings))),
            VoiceChoice::SystemNamed(name) => rungs.push(Box::new(SystemVoice::start(Some(name), settings))),
            VoiceChoice::Espeak(voice) => rungs.push(Box::new(CommandVoice::espeak(voice.as_deref(), settings))),
            VoiceChoice::Say(voice) => rungs.push(Box::new(CommandVoice::say(voice.as_deref(), settings))),
            VoiceChoice::Command(line) => rungs.push(command(line)),
            VoiceChoice::Text => {}
        }
        if settings.voice != VoiceChoice::Text {
            rungs.extend(settings.command.iter().map(|line| command(line) as Box<dyn Speaker>));
        }
        if matches!(settings.voice, VoiceChoice::System | VoiceChoice::SystemNamed(_)) {
            rungs.push(match cfg!(target_os = "macos") {
                true => Box::new(CommandVoice::say(None, settings)),
                false => Box::new(CommandVoice::espeak(None, settings)),
            });
        }
        VoiceLadder::of(rungs)
    }

    /// These voices in this order, and text at the end.
    pub fn of(mut rungs: Vec<Box<dyn Speaker>>) -> VoiceLadder {
        rungs.push(Box::new(TextOnly));
        VoiceLadder { rungs, notes: Vec::new() }
    }
}

impl Speaker for VoiceLadder {
    /// Says `text` by the first voice that can. Never fails.
    fn speak(&mut self, text: &str, stop: &StopSignal) -> Result<Spoken, SpeakError> {
        while self.rungs.len() > 1 {
            match self.rungs[0].speak(text, stop) {
                Ok(spoken) => return Ok(self.with_notes(spoken)),
                Err(error) => {
                    self.rungs.remove(0);
                    self.notes.push(sentence(&error));
                }
            }
        }
        let spoken = self.rungs[0].speak(text, stop)?;
        Ok(self.with_notes(spoken))
    }
}

impl VoiceLadder {
    /// Adds what has not been said yet, and who speaks instead.
    fn with_notes(&mut self, mut spoken: Spoken) -> Spoken {
        if !self.notes.is_empty() {
            self.notes.push(match spoken.delivery {
                super::Delivery::Aloud => format!("{} speaks instead.", capital(&spoken.voice)),
                super::Delivery::OnScreen => "Questions are shown as text.".to_owned(),
            });
        }
        spoken.notes.splice(0..0, self.notes.drain(..));
        spoken
    }
}

fn sentence(error: &SpeakError) -> String {
    format!("{}.", capital(error.to_string().trim_end_matches('.')))
}

fn capital(text: &str) -> String {
    // The names of programs keep their spelling: `espeak-ng`, `say`.
    match text.strip_prefix("system voice") {
        Some(rest) => format!("The system voice{rest}"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::super::Delivery;
    use super::*;
    use crate::types::Seconds;

    /// A voice that speaks so often and then fails; counts how often it was asked.
    struct Tired {
        name: &'static str,
        good: usize,
        asked: Arc<AtomicUsize>,
    }

    impl Speaker for Tired {
        fn speak(&mut self, _text: &str, stop: &StopSignal) -> Result<Spoken, SpeakError> {
            let voice = self.name.to_owned();
            if self.asked.fetch_add(1, Ordering::Relaxed) >= self.good {
                return Err(SpeakError::BrokeOff { voice, reason: "it is gone".to_owned() });
            }
            let (delivery, stopped) = (Delivery::Aloud, stop.is_stopped());
            Ok(Spoken { voice, delivery, stopped, duration: Seconds(1.0), notes: Vec::new() })
        }
    }

    fn tired(name: &'static str, good: usize) -> (Box<dyn Speaker>, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        (Box::new(Tired { name, good, asked: asked.clone() }), asked)
    }

    #[test]
    fn a_voice_that_fails_is_replaced_for_good_and_that_is_said_once() {
        let ((first, asked), (second, _)) = (tired("system voice", 1), tired("espeak-ng", 3));
        let mut ladder = VoiceLadder::of(vec![first, second]);
        let mut said = || ladder.speak("x", &StopSignal::default()).unwrap();
        assert_eq!(
            (said().voice.as_str(), said().notes),
            (
                "system voice",
                vec!["The system voice broke off: it is gone.".to_owned(), "espeak-ng speaks instead.".to_owned()]
            )
        );
        let third = said();
        assert_eq!((third.voice.as_str(), third.notes.len()), ("espeak-ng", 0));
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn the_last_rung_is_text_and_says_why_each_voice_failed() {
        let mut ladder = VoiceLadder::of(vec![tired("a", 0).0, tired("b", 0).0]);
        let spoken = ladder.speak("x", &StopSignal::default()).unwrap();
        assert_eq!(spoken.delivery, Delivery::OnScreen);
        assert_eq!(
            spoken.notes,
            ["a broke off: it is gone.", "b broke off: it is gone.", "Questions are shown as text."]
        );
        assert!(ladder.speak("x", &StopSignal::default()).unwrap().notes.is_empty());
    }

    #[test]
    fn text_that_was_asked_for_is_not_explained() {
        let settings = VoiceSettings { voice: VoiceChoice::Text, ..VoiceSettings::default() };
        let spoken = VoiceLadder::new(&settings).speak("x", &StopSignal::default()).unwrap();
        assert_eq!((spoken.delivery, spoken.notes.len()), (Delivery::OnScreen, 0));
    }

    #[test]
    fn a_stop_does_not_go_down_a_rung() {
        let mut ladder = VoiceLadder::of(vec![tired("a", 1).0]);
        let stop = StopSignal::default();
        stop.stop();
        let spoken = ladder.speak("x", &stop).unwrap();
        assert!(spoken.stopped && spoken.voice == "a");
    }
}
