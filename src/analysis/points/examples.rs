//! What a person marked in earlier takes, as examples: words that make a point, and words that do not.

use super::matching::{Place, Said, Wanted, places};
use super::vocabulary::Vocabulary;
use crate::analysis::lexicon::Lexicon;
use crate::analysis::tokens::normal;
use crate::types::{PointMark, WordRange};

/// From this share of an example on its words are said again...
const ALIKE: f64 = 0.62;
/// ... and from this on what did not make the point: a false tick is worse than none.
const ALIKE_NOT_MADE: f64 = 0.5;
/// From this share on behind a "not" the opposite is said: a "not" stands before few of the words that it turns.
const TURNED: f64 = 0.15;

/// Where the examples of one point are said again.
#[derive(Debug, Default)]
pub(super) struct Examples {
    /// Where one that made the point is said again, and how much of it.
    pub made: Option<(f64, WordRange)>,
    /// Where those are said again that did not make it.
    rejected: Vec<WordRange>,
}

impl Examples {
    /// Whether the person said that such words do not make the point.
    pub fn rejects(&self, words: WordRange) -> bool {
        self.rejected.iter().any(|rejected| rejected.first < words.end && words.first < rejected.end)
    }
}

/// The examples among `marks` that are of this point, looked for in an answer.
///
/// Where the words of a good and of a bad example are the same, the one that more is said of counts.
pub(super) fn of(
    point: &str,
    marks: &[PointMark],
    said: &Said,
    vocabulary: &Vocabulary,
    lexicon: &Lexicon,
) -> Examples {
    let mut found = Examples::default();
    let mut rejected: Vec<(f64, WordRange)> = Vec::new();
    for mark in marks.iter().filter(|mark| !mark.clause.is_empty() && same(&mark.point, point)) {
        let least = if mark.made { ALIKE } else { ALIKE_NOT_MADE };
        let Some((alike, words)) = said_again(&mark.clause, least, said, vocabulary, lexicon) else { continue };
        if !mark.made {
            rejected.push((alike, words));
        } else if found.made.is_none_or(|(best, _)| alike > best) {
            found.made = Some((alike, words));
        }
    }
    let surer = |alike: f64| found.made.is_none_or(|(made, _)| alike > made);
    found.rejected = rejected.iter().filter(|(alike, _)| surer(*alike)).map(|(_, words)| *words).collect();
    if found.made.is_some_and(|(_, words)| found.rejects(words)) {
        found.made = None;
    }
    found
}

/// Whether two texts are one point, whatever their capitals and stops.
pub fn same(one: &str, other: &str) -> bool {
    let words = |text: &str| text.split_whitespace().map(normal).filter(|word| !word.is_empty()).collect::<Vec<_>>();
    words(one) == words(other)
}

/// Where most of an example is said again, and how much of it. One word of several is not enough, nor is its opposite.
fn said_again(
    clause: &str,
    least: f64,
    said: &Said,
    vocabulary: &Vocabulary,
    lexicon: &Lexicon,
) -> Option<(f64, WordRange)> {
    let all = places(&Wanted::new(clause, vocabulary, lexicon), said, vocabulary);
    let alike = |place: &Place| place.figures.covered;
    let again = |place: &&Place| {
        alike(place) >= least && place.figures.polarity < TURNED && (place.figures.lone == 0.0 || alike(place) > 0.99)
    };
    // Of equals the shortest: it holds nothing else.
    let worth = |place: &&Place| alike(place) - 0.001 * place.words.len() as f64;
    let best = all.iter().filter(again).max_by(|one, other| worth(one).total_cmp(&worth(other)))?;
    Some((alike(best), best.words))
}
