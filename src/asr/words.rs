//! Whisper's tokens put together to words with times. Pure.

use super::loudness::Loudness;
use crate::types::{Seconds, Span, Word};

/// One text token as Whisper wrote it.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Its bytes: a new word begins with a space; a character may be split over tokens.
    pub bytes: Vec<u8>,
    /// How sure Whisper is of it, 0 to 1.
    pub probability: f64,
    /// Where it ends, in the piece. Alignment gives ends only: its first jump, the start of the first token, is lost.
    pub end: Option<Seconds>,
}

/// A word is never shorter than this.
const SHORTEST_WORD: Seconds = Seconds(0.02);

/// A word is never longer than this beyond 0.1 s a letter: alignment stretches words over what it did not understand.
const LONGEST_WORD: Seconds = Seconds(1.0);

/// The words of one piece, with times from the start of the piece, in order and not overlapping.
///
/// `loudness` is that of the same piece: a word neither starts nor ends in silence. Fillers stay as they are;
/// what is not speech (`[BLANK_AUDIO]`, `(music)`, notes) is left out.
pub fn words_of(tokens: &[Token], loudness: &Loudness, length: Seconds) -> Vec<Word> {
    let mut words = Vec::new();
    let mut last_end = Seconds::ZERO;
    for group in grouped(tokens) {
        let end = group.iter().rev().find_map(|token| token.end).unwrap_or(last_end);
        let (start, end) = (last_end.min(length), end.max(last_end).min(length));
        last_end = end;
        let bytes: Vec<u8> = group.iter().flat_map(|token| token.bytes.iter().copied()).collect();
        let text = String::from_utf8_lossy(&bytes).trim().to_owned();
        let probability = probability(group);
        words.push(Word { text, start_s: Some(start), end_s: Some(end), probability: Some(probability) });
    }
    let mut words = spoken(words);
    fit(&mut words, loudness, length);
    words
}

/// How sure Whisper is of a word: of its tokens with letters or digits, on average. A comma says nothing about the word.
fn probability(word: &[Token]) -> f64 {
    let says_something =
        |token: &&Token| token.bytes.iter().any(|byte| !byte.is_ascii_punctuation() && !byte.is_ascii_whitespace());
    let telling: Vec<f64> = word.iter().filter(says_something).map(|token| token.probability).collect();
    match telling.len() {
        0 => word.iter().map(|token| token.probability).sum::<f64>() / word.len() as f64,
        count => telling.iter().sum::<f64>() / count as f64,
    }
}

/// The tokens of each word: up to the next token that begins with a space.
fn grouped(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    tokens
        .chunk_by(|_, next| !next.bytes.first().is_some_and(u8::is_ascii_whitespace))
        .filter(|group| !group.is_empty())
}

/// A note such as `(door closes)` has no more words; a bracket that stays open longer is a slip, not a note.
const LONGEST_NOTE: usize = 5;

/// Leaves out what is not speech and joins lone punctuation to the word before it.
fn spoken(words: Vec<Word>) -> Vec<Word> {
    let mut kept: Vec<Word> = Vec::with_capacity(words.len());
    let mut next = 0;
    while next < words.len() {
        let note = note_length(&words[next..]);
        // A damaged `[BLANK_AUDIO]` is a noise mark too.
        if note == 0 && !is_noise_mark(&words[next].text) {
            keep(words[next].clone(), &mut kept);
        }
        next += note.max(1);
    }
    kept
}

/// How many words the note has that `words` begin with; 0 where they begin with none.
fn note_length(words: &[Word]) -> usize {
    let Some(close) = words.first().and_then(|word| closing_bracket(&word.text)) else { return 0 };
    let closes = |(i, word): (usize, &Word)| match i {
        0 => word.text[1..].contains(close),
        _ => word.text.trim_end_matches(['.', ',']).ends_with(close),
    };
    words.iter().take(LONGEST_NOTE).enumerate().position(closes).map_or(0, |last| last + 1)
}

/// Adds a word; lone punctuation goes to the word before it, a lone dash nowhere.
fn keep(word: Word, kept: &mut Vec<Word>) {
    if word.text.chars().any(char::is_alphanumeric) {
        kept.push(word);
    } else if let Some(before) = kept.last_mut().filter(|_| !word.text.chars().all(|c| c == '-')) {
        before.text.push_str(&word.text);
    }
}

/// The bracket that would close a note such as `[music]`, where `text` begins one.
fn closing_bracket(text: &str) -> Option<char> {
    match text.chars().next()? {
        '[' => Some(']'),
        '(' => Some(')'),
        '{' => Some('}'),
        '*' => Some('*'),
        _ => None,
    }
}

fn is_noise_mark(text: &str) -> bool {
    text.contains(['_', ']', '[', '\u{266a}', '\u{266b}'])
}

/// Fits the times to the sound: no word in silence, none overlapping, all inside the piece.
fn fit(words: &mut [Word], loudness: &Loudness, length: Seconds) {
    let mut earliest = Seconds::ZERO;
    for word in words {
        let Some(span) = word.span() else { continue };
        let longest = LONGEST_WORD + Seconds(0.1) * word.text.chars().count() as f64;
        let span = Span { start_s: span.start_s.max(earliest), end_s: span.end_s.max(earliest) };
        let span = Span { start_s: span.start_s.max(span.end_s - longest), ..span };
        let mut span = loudness.trimmed(span);
        if span.length() < SHORTEST_WORD {
            span.end_s = (span.start_s + SHORTEST_WORD).min(length);
            span.start_s = span.start_s.min(span.end_s);
        }
        earliest = span.end_s;
        (word.start_s, word.end_s) = (Some(span.start_s), Some(span.end_s));
    }
}

/// Words account for what is this near to them: their times are that much off.
const NEAR: Seconds = Seconds(0.3);

/// The parts of `speech` that no word accounts for, of at least `shortest`, in order.
///
/// Parts with nothing but a short pause between them are one.
pub fn uncovered(words: &[Word], speech: &[Span], shortest: Seconds) -> Vec<Span> {
    let mut gaps: Vec<Span> = Vec::new();
    for stretch in speech {
        let mut from = stretch.start_s;
        let covering = words
            .iter()
            .filter_map(Word::span)
            .filter(|word| word.start_s - NEAR < stretch.end_s && stretch.start_s < word.end_s + NEAR);
        for word in covering {
            add_gap(&mut gaps, Span { start_s: from, end_s: word.start_s - NEAR }, words);
            from = from.max(word.end_s + NEAR);
        }
        add_gap(&mut gaps, Span { start_s: from, end_s: stretch.end_s }, words);
    }
    gaps.retain(|gap| gap.length() >= shortest);
    gaps
}

/// Adds a gap, or lengthens the last one where no word lies between them.
fn add_gap(gaps: &mut Vec<Span>, gap: Span, words: &[Word]) {
    if gap.length() <= Seconds::ZERO {
        return;
    }
    let is_free =
        |between: Span| words.iter().filter_map(Word::span).all(|word| word.overlap(between) == Seconds::ZERO);
    match gaps.last_mut() {
        Some(last)
            if gap.start_s - last.end_s < NEAR * 2.0 && is_free(Span { start_s: last.end_s, end_s: gap.start_s }) =>
        {
            last.end_s = gap.end_s;
        }
        _ => gaps.push(gap),
    }
}

/// How much too early the last word before a pause may end, in seconds.
const LATE_END: f64 = 0.6;

/// Lets the last word of each stretch of speech reach to where the voice falls silent.
///
/// Word times come from where the model looks, and it looks away before a last word has died out: 0.2 to 0.5 s of voice
/// were left behind "team." and "wanted." in the demo, which would pass for hesitations.
pub fn reach_to_pauses(words: &mut [Word], speech: &[Span]) {
    for index in 0..words.len() {
        let next = words.get(index + 1).and_then(|word| word.start_s);
        let word = &mut words[index];
        let Some(span) = word.span() else { continue };
        let stretch = speech.iter().find(|stretch| stretch.start_s < span.end_s && span.start_s < stretch.end_s);
        let Some(stretch) = stretch else { continue };
        let is_last = next.is_none_or(|next| next >= stretch.end_s);
        let behind = (stretch.end_s - span.end_s).0;
        if is_last && (0.0..LATE_END).contains(&behind) {
            word.end_s = Some(stretch.end_s);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::SPEECH_RATE_HZ;

    fn token(text: &str, end: f64) -> Token {
        Token { bytes: text.as_bytes().to_vec(), probability: 0.8, end: Some(Seconds(end)) }
    }

    fn tone(seconds: f64) -> Vec<f32> {
        (0..Seconds(seconds).to_samples(SPEECH_RATE_HZ)).map(|i| 0.3 * (i as f32 * 0.3).sin()).collect()
    }

    /// The words of tokens over two seconds of sound.
    fn words(tokens: &[Token]) -> Vec<Word> {
        words_of(tokens, &Loudness::of(&tone(2.0)), Seconds(2.0))
    }

    fn texts(tokens: &[&str]) -> Vec<String> {
        let tokens: Vec<_> = tokens.iter().enumerate().map(|(i, text)| token(text, 0.1 * (i + 1) as f64)).collect();
        words(&tokens).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn pieces_of_a_word_are_joined_and_fillers_kept() {
        assert_eq!(texts(&[" Um", ",", " I", " re", "wr", "ote", " 40", "%."]), ["Um,", "I", "rewrote", "40%."]);
    }

    #[test]
    fn a_word_starts_where_the_token_before_it_ended() {
        let words = words(&[token(" we", 0.4), token(" sh", 0.6), token("ipped", 0.9)]);
        let spans: Vec<_> = words.iter().map(|w| w.span().expect("timed")).collect();
        assert_eq!(spans, [Span::new(0.0, 0.4), Span::new(0.4, 0.9)]);
        assert!(words.iter().all(|w| (w.probability.expect("known") - 0.8).abs() < 1e-9));
    }

    #[test]
    fn a_word_neither_starts_nor_ends_in_silence() {
        let mut samples = tone(2.0);
        samples[8_000..16_000].fill(0.0);
        let words = words_of(
            &[token(" one", 0.7), token(" two", 1.5), token(" three", 2.0)],
            &Loudness::of(&samples),
            Seconds(2.0),
        );
        let spans: Vec<_> = words.iter().map(|w| w.span().expect("timed")).collect();
        assert_eq!(spans, [Span::new(0.0, 0.5), Span::new(1.0, 1.5), Span::new(1.5, 2.0)]);
    }

    #[test]
    fn what_is_not_speech_is_left_out() {
        assert!(texts(&[" [", "BL", "ANK", "_", "AUDIO", "]"]).is_empty());
        assert!(texts(&["K", "_BLANK", "_ANK_AUDIO]"]).is_empty());
        assert_eq!(texts(&[" [no", " speech]", " yes"]), ["yes"]);
        assert_eq!(texts(&[" (so", " we", " did", " all", " of", " it", " then)"]).len(), 7, "no note is that long");
        assert_eq!(texts(&[" (laughs)", " well", " *", " coughs*", " then", " \u{266a}"]), ["well", "then"]);
    }

    #[test]
    fn a_last_word_reaches_to_the_pause_and_a_long_rest_stays_uncovered() {
        let word = |start, end| Word {
            text: "team.".into(),
            start_s: Some(Seconds(start)),
            end_s: Some(Seconds(end)),
            probability: None,
        };
        let mut words = [word(0.2, 0.5), word(0.6, 1.0), word(2.0, 2.3)];
        reach_to_pauses(&mut words, &[Span::new(0.2, 1.3), Span::new(2.0, 3.5)]);
        let ends: Vec<_> = words.iter().map(|word| word.end_s.unwrap().0).collect();
        assert_eq!(ends, [0.5, 1.3, 2.3], "1.2 s behind the last word are no part of it");
    }

    #[test]
    fn a_lone_dash_is_no_word_and_a_lone_stop_belongs_to_the_word_before() {
        assert_eq!(texts(&[" -", " so", " -", " done", " ."]), ["so", "done."]);
    }

    #[test]
    fn a_character_split_over_two_tokens_is_put_together() {
        let (first, second) = "é".as_bytes().split_at(1);
        let split = |bytes: &[u8]| Token { bytes: bytes.to_vec(), probability: 1.0, end: None };
        let words = words(&[token(" caf", 0.3), split(first), split(second)]);
        assert_eq!(words[0].text, "café");
    }

    #[test]
    fn times_that_run_backwards_or_past_the_end_are_put_right() {
        let words = words(&[token(" a", 1.0), token(" b", 0.5), token(" c", 9.0), token(" d", 9.5)]);
        let mut last = Seconds::ZERO;
        for word in &words {
            let span = word.span().expect("timed");
            assert!(span.start_s >= last && span.end_s >= span.start_s && span.end_s.0 <= 2.0, "{words:?}");
            last = span.end_s;
        }
    }
}
