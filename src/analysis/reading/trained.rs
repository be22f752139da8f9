//! The trained weights that ship with the program, and where each is used.

use std::sync::LazyLock;

use super::part_weights::PartWeights;
use crate::analysis::linear::Weights;

/// All trained weights. `scripts/train-star` makes the files again, to the same bytes.
#[derive(Debug)]
pub struct Trained {
    /// Where sentences begin in words without punctuation.
    pub boundary: Weights<1>,
    /// Which part of a story a clause belongs to.
    pub parts: PartWeights,
    /// Whether a part is really told.
    pub presence: Weights<1>,
    /// Whether an answer is a story at all.
    pub story: Weights<1>,
    /// Which sentence states the bottom line.
    pub bottom_line: Weights<1>,
}

/// Names of the weight files, in the order that [`Trained::read`] takes their texts.
pub const FILES: [&str; 5] = ["boundary.tsv", "parts.tsv", "presence.tsv", "story.tsv", "bottom_line.tsv"];

static SHIPPED: LazyLock<Trained> = LazyLock::new(|| {
    Trained::read([
        include_str!("../weights/boundary.tsv"),
        include_str!("../weights/parts.tsv"),
        include_str!("../weights/presence.tsv"),
        include_str!("../weights/story.tsv"),
        include_str!("../weights/bottom_line.tsv"),
    ])
});

impl Trained {
    /// The weights that ship with the program.
    pub fn shipped() -> &'static Trained {
        &SHIPPED
    }

    /// Reads weights from the texts of the files in [`FILES`].
    pub fn read([boundary, parts, presence, story, bottom_line]: [&'static str; 5]) -> Trained {
        Trained {
            boundary: Weights::parse(boundary),
            parts: PartWeights::new(Weights::parse(parts)),
            presence: Weights::parse(presence),
            story: Weights::parse(story),
            bottom_line: Weights::parse(bottom_line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_shipped_files_is_read() {
        let trained = Trained::shipped();
        let sizes = [trained.boundary.len(), trained.presence.len(), trained.story.len(), trained.bottom_line.len()];
        let texts = [
            include_str!("../weights/boundary.tsv"),
            include_str!("../weights/presence.tsv"),
            include_str!("../weights/story.tsv"),
            include_str!("../weights/bottom_line.tsv"),
        ];
        for (size, text) in sizes.iter().zip(texts) {
            let lines = text.lines().filter(|line| !line.starts_with('#')).count();
            assert!(*size == lines && lines > 5, "{size} of {lines} lines");
        }
    }
}
