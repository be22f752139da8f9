//! Captions: SubRip (SRT) and WebVTT, from words with times.
//!
//! A caption is at most two lines of 42 characters (the common limit of broadcasters), ends where a sentence
//! ends or the speaker pauses, and never begins before the one before it has ended.

use crate::analysis::tokens::ends_sentence;
use crate::types::{Seconds, Transcript};

/// Characters of a line.
const LINE_CHARS: usize = 42;
/// Lines of a caption.
const LINES: usize = 2;
/// A gap between two words that ends a caption.
const PAUSE_S: f64 = 0.8;
/// Longest time that a caption collects words.
const LONGEST_S: f64 = 6.0;
/// Shortest time that a caption is shown, where the next one leaves room.
const SHORTEST_S: f64 = 1.0;

/// One caption: when it is shown, and its lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Caption {
    /// When it appears.
    pub start: Seconds,
    /// When it goes; after `start`, and not after the next caption's start.
    pub end: Seconds,
    /// One or two lines of at most 42 characters.
    pub lines: Vec<String>,
}

/// The captions of a transcript, in order; none where its words have no times.
///
/// A word without times is shown with the word before it. Times that run backwards are put in order.
pub fn captions(transcript: &Transcript) -> Vec<Caption> {
    let mut captions: Vec<Caption> = Vec::new();
    let mut open: Option<Open> = None;
    for piece in pieces(transcript) {
        let fits = open.as_ref().is_some_and(|open| open.takes(&piece));
        if !fits {
            captions.extend(open.take().map(Open::close));
        }
        open.get_or_insert_with(|| Open::at(piece.start)).push(piece);
    }
    captions.extend(open.map(Open::close));
    linger(&mut captions);
    captions
}

/// A transcript in SubRip format; empty where its words have no times.
pub fn srt(transcript: &Transcript) -> String {
    let mut text = String::new();
    for (number, caption) in (1..).zip(captions(transcript)) {
        let (start, end) = (stamp(caption.start, ','), stamp(caption.end, ','));
        // The arrow is the format's own.
        let lines = caption.lines.join("\n").replace("-->", "->");
        text += &format!("{number}\n{start} --> {end}\n{lines}\n\n");
    }
    text
}

/// A transcript in WebVTT format; the header alone where its words have no times.
pub fn vtt(transcript: &Transcript) -> String {
    let mut text = "WEBVTT\n\n".to_owned();
    for caption in captions(transcript) {
        let (start, end) = (stamp(caption.start, '.'), stamp(caption.end, '.'));
        let lines = caption.lines.join("\n").replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        text += &format!("{start} --> {end}\n{lines}\n\n");
    }
    text
}

/// `01:02:03,456`, with the format's own mark before the milliseconds.
fn stamp(at: Seconds, mark: char) -> String {
    let ms = (at.0 * 1000.0).round() as u64;
    let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
    format!("{hours:02}:{minutes:02}:{seconds:02}{mark}{:03}", ms % 1000)
}

/// A word, or a part of one that is longer than a line.
struct Piece {
    text: String,
    start: f64,
    end: f64,
}

/// The words with times that never run backwards, words longer than a line cut.
fn pieces(transcript: &Transcript) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut last_end = 0.0_f64;
    if transcript.words.iter().all(|word| word.span().is_none()) {
        return pieces;
    }
    for word in &transcript.words {
        let (start, end) = match word.span() {
            // `max` also takes care of what is not a number. A day is longer than any recording.
            Some(span) => (last_end.max(span.start_s.0).min(86_400.0), span.end_s.0),
            None => (last_end, last_end),
        };
        let end = start.max(end).min(86_400.0);
        last_end = end;
        // Whatever a word was given as, it must not end the caption or the file's line.
        let text: String = word.text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        let chars: Vec<char> = text.chars().collect();
        let parts = chars.chunks(LINE_CHARS);
        let length = (end - start) / parts.len().max(1) as f64;
        for (number, part) in parts.enumerate() {
            let start = start + length * number as f64;
            pieces.push(Piece { text: part.iter().collect(), start, end: start + length });
        }
    }
    pieces
}

/// A caption that still takes words.
struct Open {
    lines: Vec<String>,
    start: f64,
    end: f64,
    /// Whether its last word ends a sentence.
    sentence_ended: bool,
}

impl Open {
    fn at(start: f64) -> Open {
        Open { lines: vec![String::new()], start, end: start, sentence_ended: false }
    }

    /// Whether the next piece belongs into this caption.
    fn takes(&self, piece: &Piece) -> bool {
        let paused = piece.start - self.end >= PAUSE_S;
        let too_long = piece.end - self.start > LONGEST_S;
        let room = self.lines.len() < LINES || self.fits_on_line(piece);
        room && !paused && !too_long && !self.sentence_ended
    }

    fn fits_on_line(&self, piece: &Piece) -> bool {
        let line = self.lines.last().expect("a caption has a line");
        line.is_empty() || line.chars().count() + 1 + piece.text.chars().count() <= LINE_CHARS
    }

    fn push(&mut self, piece: Piece) {
        self.sentence_ended = ends_sentence(&piece.text);
        self.end = piece.end;
        if !self.fits_on_line(&piece) {
            self.lines.push(String::new());
        }
        let line = self.lines.last_mut().expect("a caption has a line");
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&piece.text);
    }

    fn close(self) -> Caption {
        Caption { start: Seconds(self.start), end: Seconds(self.end), lines: self.lines }
    }
}

/// Shows short captions longer where the next one leaves room, and every one for a moment at least.
fn linger(captions: &mut [Caption]) {
    for i in 0..captions.len() {
        let next = captions.get(i + 1).map_or(f64::INFINITY, |next| next.start.0);
        let caption = &mut captions[i];
        let wanted = caption.end.0.max(caption.start.0 + SHORTEST_S);
        caption.end = Seconds(wanted.min(next).max(caption.start.0 + 0.001));
        let end = caption.end;
        if let Some(next) = captions.get_mut(i + 1) {
            next.start = next.start.max(end);
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use proptest::prelude::*;

    use super::*;
    use crate::report::samples;
    use crate::types::Word;

    fn spoken(words: &[(&str, f64, f64)]) -> Transcript {
        let word = |&(text, start, end): &(&str, f64, f64)| Word {
            text: text.to_owned(),
            start_s: Some(Seconds(start)),
            end_s: Some(Seconds(end)),
            probability: None,
        };
        Transcript::of_words(words.iter().map(word).collect(), "base.en", "en")
    }

    #[test]
    fn captions_end_with_sentences_and_have_two_lines_at_most() {
        assert_snapshot!(srt(&samples::full().transcript));
    }

    #[test]
    fn webvtt_escapes_what_would_be_markup() {
        let transcript = spoken(&[("R&D", 3661.5, 3662.0), ("<b>", 3662.0, 3662.3), ("-->", 3662.3, 3662.5)]);
        assert_snapshot!(vtt(&transcript));
    }

    #[test]
    fn a_pause_begins_a_new_caption() {
        let captions = captions(&spoken(&[("so", 0.0, 0.3), ("um", 0.5, 0.8), ("well", 2.0, 2.4)]));
        let lines: Vec<_> = captions.iter().map(|caption| caption.lines.join("/")).collect();
        assert_eq!(lines, ["so um", "well"]);
        assert_eq!((captions[0].start, captions[0].end), (Seconds(0.0), Seconds(1.0)));
    }

    #[test]
    fn a_word_longer_than_a_line_is_cut_and_its_time_shared() {
        let captions = captions(&spoken(&[(&"a".repeat(100), 0.0, 3.0)]));
        let lengths: Vec<Vec<usize>> =
            captions.iter().map(|caption| caption.lines.iter().map(|line| line.chars().count()).collect()).collect();
        assert_eq!(lengths, [vec![42, 42], vec![16]]);
        assert_eq!(captions[1].start, Seconds(2.0));
    }

    #[test]
    fn a_text_that_was_never_spoken_has_no_captions() {
        let transcript = Transcript::of_text("We stopped it.");
        assert_eq!((srt(&transcript), vtt(&transcript)), (String::new(), "WEBVTT\n\n".to_owned()));
    }

    proptest! {
        #[test]
        fn captions_never_overlap_nor_overflow_nor_lose_a_word(transcript in samples::transcript()) {
            let captions = captions(&transcript);
            for pair in captions.windows(2) {
                prop_assert!(pair[0].end <= pair[1].start, "{pair:?}");
            }
            for caption in &captions {
                prop_assert!(caption.start < caption.end, "{caption:?}");
                prop_assert!((1..=LINES).contains(&caption.lines.len()), "{caption:?}");
                prop_assert!(caption.lines.iter().all(|line| line.chars().count() <= LINE_CHARS), "{caption:?}");
            }
            if !captions.is_empty() {
                let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>();
                let shown: String = captions.iter().flat_map(|caption| &caption.lines).map(|line| letters(line)).collect();
                prop_assert_eq!(shown, letters(&transcript.text));
            }
        }
    }
}
