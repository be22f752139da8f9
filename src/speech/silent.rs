//! No voice: the question goes on the screen.

use super::{Delivery, SpeakError, Speaker, Spoken, StopSignal};
use crate::types::Seconds;

/// Speaks nothing and waits for nothing; whoever asked prints the text.
#[derive(Clone, Copy, Debug, Default)]
pub struct TextOnly;

impl Speaker for TextOnly {
    fn speak(&mut self, _text: &str, _stop: &StopSignal) -> Result<Spoken, SpeakError> {
        Ok(Spoken {
            voice: "text".to_owned(),
            delivery: Delivery::OnScreen,
            stopped: false,
            duration: Seconds::ZERO,
            notes: Vec::new(),
        })
    }
}
