//! How a transcript is compared with what was said: word errors and fillers. Pure.
//!
//! Words are compared in lower case without punctuation, a hyphen is a space, fillers stay.

/// Words as they are compared. Signs that carry meaning stay: `40%`, `$2`.
pub fn compared(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('-', " ").replace('\u{2019}', "'");
    let clean = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '%' | '$'));
        word.chars().filter(|c| c.is_alphanumeric() || matches!(c, '%' | '$' | '\'' | '.')).collect::<String>()
    };
    text.split_whitespace().map(clean).filter(|word| !word.is_empty()).collect()
}

/// Whether a compared word is a filled pause.
pub fn is_filler(word: &str) -> bool {
    matches!(word, "um" | "uh" | "er" | "erm" | "hm" | "hmm" | "ah")
}

/// What parts a transcript from what was said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    /// Words that became others.
    pub changed: usize,
    /// Words that were said and not written.
    pub lost: usize,
    /// Words that were written and not said.
    pub added: usize,
    /// Positions of words that are the same, in what was said and in what was heard, in order.
    pub same: Vec<(usize, usize)>,
}

impl Edits {
    /// The number of words to change, add or leave out.
    pub fn wrong(&self) -> usize {
        self.changed + self.lost + self.added
    }
}

/// The fewest edits that make `heard` of `said` (Levenshtein distance in words).
pub fn edits(said: &[String], heard: &[String]) -> Edits {
    let mut cost = vec![vec![0usize; heard.len() + 1]; said.len() + 1];
    for i in 0..=said.len() {
        for j in 0..=heard.len() {
            cost[i][j] = match (i, j) {
                (0, _) => j,
                (_, 0) => i,
                _ => (cost[i - 1][j - 1] + usize::from(said[i - 1] != heard[j - 1]))
                    .min(cost[i - 1][j] + 1)
                    .min(cost[i][j - 1] + 1),
            };
        }
    }
    let (mut i, mut j, mut found) = (said.len(), heard.len(), Edits::default());
    while i > 0 || j > 0 {
        let is_same = i > 0 && j > 0 && said[i - 1] == heard[j - 1];
        if i > 0 && j > 0 && cost[i][j] == cost[i - 1][j - 1] + usize::from(!is_same) {
            (i, j) = (i - 1, j - 1);
            if is_same {
                found.same.push((i, j));
            } else {
                found.changed += 1;
            }
        } else if i > 0 && cost[i][j] == cost[i - 1][j] + 1 {
            i -= 1;
            found.lost += 1;
        } else {
            j -= 1;
            found.added += 1;
        }
    }
    found.same.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_punctuation_do_not_count_and_signs_with_a_meaning_do() {
        assert_eq!(
            compared("Um, so -- twenty-two: 60% isn\u{2019}t 6."),
            ["um", "so", "twenty", "two", "60%", "isn't", "6"]
        );
    }

    #[test]
    fn a_changed_an_added_and_a_missing_word_are_an_error_each() {
        let found = |said, heard| edits(&compared(said), &compared(heard));
        let same = vec![(0, 0), (1, 1), (2, 2), (3, 3)];
        assert_eq!(found("a b c d", "a b c d"), Edits { same, ..Edits::default() });
        let same = vec![(0, 0), (2, 2)];
        assert_eq!(found("a b c d", "a x c"), Edits { changed: 1, lost: 1, added: 0, same });
        assert_eq!(found("a b", "a um b"), Edits { changed: 0, lost: 0, added: 1, same: vec![(0, 0), (1, 2)] });
        assert_eq!(found("", "a b").wrong(), 2);
    }
}
