//! The shape of a recording, for drawing it.

/// How far the sound swings in one stretch of a recording.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Peak {
    /// The lowest sample, -1 to 1.
    pub low: f32,
    /// The highest sample, -1 to 1.
    pub high: f32,
}

impl Peak {
    /// Takes in another sample.
    pub fn reach(&mut self, sample: f32) {
        self.low = self.low.min(sample);
        self.high = self.high.max(sample);
    }
}
