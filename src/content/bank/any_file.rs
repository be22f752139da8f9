//! What holds of every file: it is read to its last byte or refused, and no word of it is lost.

use proptest::{prelude::*, test_runner::RngSeed};

use super::{assert_invariants, read, tests::words_lost};

/// Pieces that mean something to Markdown or to us, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "# ",
        "## ",
        "### ",
        "- ",
        "1. ",
        "> ",
        "    ",
        "\t",
        "\n",
        "\n\n",
        "---\n",
        "**",
        "*",
        "`",
        "```\n",
        "<b>",
        "</b>",
        "<!-- ",
        "-->",
        "<script>",
        "</script>",
        "<p>",
        "[a](b)",
        "[a]: b\n",
        "Question 1: ",
        "Scenario 2: ",
        "Situation: ",
        "**Task:** ",
        "**Action:** ",
        "Tags: a",
        "**Duration**: 5",
        "Best answer",
        "Answer: ",
        "Criteria:",
        "Discussion",
        "Prompts",
        "Solution",
        "Why did you leave?",
        "Tell me about it",
        "→",
        "\"",
        "“",
        "é",
        "â€”",
        "\u{0}",
        "\r",
        "a",
        ":",
        "(",
        "|",
        "==\n",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// The same 20,000 files in every run, so that one code has one verdict; `PROPTEST_CASES=1000000` tries so many new ones.
fn config() -> ProptestConfig {
    let asked = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => asked,
        None => ProptestConfig { cases: 20_000, rng_seed: RngSeed::Fixed(17), ..asked },
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_markdown_is_read_to_the_last_byte(text in pieces()) {
        assert_invariants(text.as_bytes());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        assert_invariants(&bytes);
    }

    #[test]
    fn no_word_of_an_understood_line_is_lost(text in pieces()) {
        let text = text.replace(['<', '[', '|', '"', '“', '('], "");
        if let Ok(reading) = read(text.as_bytes(), "any") {
            let letters = |text: &str| text.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "");
            let kept = letters(&serde_json::to_string(&reading.bank).expect("a bank is plain data"));
            // `a**Task` is one word to us and two to Markdown.
            let in_two = |word: &str| {
                word.char_indices().any(|(at, _)| kept.contains(&word[..at]) && kept.contains(&word[at..]))
            };
            let lost = words_lost(&reading).into_iter().filter(|lost| lost.rsplit(": ").next().is_none_or(|word| !in_two(word)));
            let lost: Vec<_> = lost.collect();
            prop_assert_eq!(lost, Vec::<String>::new(), "{:#?}", reading);
        }
    }
}
