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

/// The number of words to change, add or leave out, and the pairs of positions that are the same word.
pub fn align(said: &[String], heard: &[String]) -> (usize, Vec<(usize, usize)>) {
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
    let (mut i, mut j, mut same) = (said.len(), heard.len(), Vec::new());
    while i > 0 && j > 0 {
        let is_same = said[i - 1] == heard[j - 1];
        if cost[i][j] == cost[i - 1][j - 1] + usize::from(!is_same) {
            (i, j) = (i - 1, j - 1);
            if is_same {
                same.push((i, j));
            }
        } else if cost[i][j] == cost[i - 1][j] + 1 {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    same.reverse();
    (cost[said.len()][heard.len()], same)
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
        let words = |text| compared(text);
        assert_eq!(align(&words("a b c d"), &words("a b c d")), (0, vec![(0, 0), (1, 1), (2, 2), (3, 3)]));
        assert_eq!(align(&words("a b c d"), &words("a x c")).0, 2);
        assert_eq!(align(&words("a b"), &words("a um b")), (1, vec![(0, 0), (1, 2)]));
        assert_eq!(align(&[], &words("a b")).0, 2);
    }
}
