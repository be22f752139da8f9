//! Where a recording is cut into the pieces that Whisper hears. Pure.
//!
//! A piece holds one or more stretches of speech with the pauses between them. It ends at a pause: at any pause once it
//! has its target length, at a long one in any case (what follows is a new thought, and the piece may be a command that
//! stands alone). Where no pause comes in time it is cut at an earlier pause, or at the quietest place. The silence
//! between pieces is never heard by Whisper, which writes phantoms for it.

use super::loudness::Loudness;
use crate::audio::{SPEECH_RATE_HZ, SpeechEdge};
use crate::models::Feeding;
use crate::types::{Seconds, Span};

/// Nobody takes longer to say a command.
const LONGEST_COMMAND: Seconds = Seconds(3.5);

/// How pieces are cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChunkRules {
    /// From this length on, a piece ends at the next pause.
    pub target: Seconds,
    /// No piece is longer.
    pub max: Seconds,
    /// A pause that ends a piece of any length.
    pub long_pause: Seconds,
    /// Silence kept before and after the speech of a piece.
    pub padding: Seconds,
}

impl ChunkRules {
    /// The rules for a model that likes to be fed as `feeding` says.
    pub fn of(feeding: Feeding) -> ChunkRules {
        ChunkRules { target: feeding.target_s, max: feeding.max_s, long_pause: Seconds(0.8), padding: Seconds(0.12) }
    }
}

/// A piece of the recording that Whisper hears at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chunk {
    /// What is cut out of the recording.
    pub span: Span,
    /// From the start of its first to the end of its last speech.
    pub speech: Span,
    /// How many stretches of speech are inside.
    pub stretches: usize,
    /// Silence between its speech and the speech before it; `None` where nothing was said before.
    pub pause_before: Option<Seconds>,
    /// Whether a long pause follows it, as far as is known when it is cut.
    pub long_pause_after: bool,
}

impl Chunk {
    /// Whether it may be a spoken command: short, and set off from the rest by long pauses.
    pub fn stands_alone(&self, rules: &ChunkRules) -> bool {
        let is_short = self.speech.length() <= LONGEST_COMMAND;
        is_short && self.long_pause_after && self.pause_before.is_none_or(|pause| pause >= rules.long_pause)
    }

    /// This piece and the next one as one.
    pub fn joined(self, next: Chunk) -> Chunk {
        Chunk {
            span: Span { start_s: self.span.start_s, end_s: next.span.end_s },
            speech: Span { start_s: self.speech.start_s, end_s: next.speech.end_s },
            stretches: self.stretches + next.stretches,
            pause_before: self.pause_before,
            long_pause_after: next.long_pause_after,
        }
    }
}

/// Cuts a recording into pieces as its speech becomes known.
#[derive(Clone, Debug)]
pub struct Chunker {
    rules: ChunkRules,
    /// Stretches of speech in the open piece; the last one may still go on.
    stretches: Vec<Stretch>,
    /// End of the last piece that was cut, with its padding.
    cut_at: Seconds,
    /// End of the speech before the open piece.
    spoke_until: Option<Seconds>,
    /// The open piece begins where speech was cut, so that nothing may be added before it.
    begins_in_speech: bool,
}

#[derive(Clone, Copy, Debug)]
struct Stretch {
    start: Seconds,
    end: Option<Seconds>,
}

impl Chunker {
    /// A chunker at the start of a recording.
    pub fn new(rules: ChunkRules) -> Chunker {
        Chunker { rules, stretches: Vec::new(), cut_at: Seconds::ZERO, spoke_until: None, begins_in_speech: false }
    }

    /// Takes what the speech detector found; tells the piece that it completes, if any.
    pub fn speech(&mut self, update: SpeechEdge) -> Option<Chunk> {
        match update {
            SpeechEdge::Start(at) => {
                let start = at.max(self.cut_at);
                self.stretches.push(Stretch { start, end: None });
                None
            }
            SpeechEdge::End(at) => {
                let last = self.stretches.last_mut().filter(|stretch| stretch.end.is_none())?;
                last.end = Some(at.max(last.start));
                (self.length(at) >= self.rules.target).then(|| self.cut(false)).flatten()
            }
        }
    }

    /// Time has passed: cuts the open piece where a long pause has come or the piece has become too long.
    ///
    /// `quietest` finds the quietest place in a span of the recording that lies before `now`. Call it until it
    /// gives `None`.
    pub fn heard(&mut self, now: Seconds, quietest: &dyn Fn(Span) -> Seconds) -> Option<Chunk> {
        let last = *self.stretches.last()?;
        match last.end {
            Some(end) if now - end >= self.rules.long_pause => self.cut(true),
            Some(_) => None,
            None if self.length(now) >= self.rules.max => self.cut_in_time(quietest),
            None => None,
        }
    }

    /// The recording ends: the open piece as it is.
    pub fn finish(&mut self, end: Seconds) -> Option<Chunk> {
        if let Some(last) = self.stretches.last_mut()
            && last.end.is_none()
        {
            last.end = Some(end.max(last.start));
        }
        let mut chunk = self.cut(true)?;
        chunk.span.end_s = chunk.span.end_s.min(end);
        Some(chunk)
    }

    /// The open piece as it would be if it ended at the last pause; `None` while somebody speaks and when nothing is open.
    pub fn open(&self) -> Option<Chunk> {
        self.stretches.last()?.end?;
        self.piece(self.stretches.len(), true)
    }

    /// The end of the last piece: nothing before it will be in a later one.
    pub fn cut_at(&self) -> Seconds {
        self.cut_at
    }

    /// Length of the open piece if it ended at `end`.
    fn length(&self, end: Seconds) -> Seconds {
        self.stretches.first().map_or(Seconds::ZERO, |first| end - first.start)
    }

    /// Cuts after the last stretch, which has ended.
    fn cut(&mut self, long_pause_after: bool) -> Option<Chunk> {
        self.cut_after(self.stretches.len(), long_pause_after)
    }

    /// Cuts after `count` stretches, the last of which has ended.
    fn cut_after(&mut self, count: usize, long_pause_after: bool) -> Option<Chunk> {
        let chunk = self.piece(count, long_pause_after)?;
        self.stretches.drain(..count);
        self.cut_at = chunk.span.end_s;
        self.spoke_until = Some(chunk.speech.end_s);
        self.begins_in_speech = false;
        Some(chunk)
    }

    fn piece(&self, count: usize, long_pause_after: bool) -> Option<Chunk> {
        let speech =
            Span { start_s: self.stretches.first()?.start, end_s: self.stretches.get(count.checked_sub(1)?)?.end? };
        let before = if self.begins_in_speech { Seconds::ZERO } else { self.rules.padding };
        Some(Chunk {
            span: Span {
                start_s: (speech.start_s - before).max(self.cut_at),
                end_s: speech.end_s + self.rules.padding,
            },
            speech,
            stretches: count,
            pause_before: self.spoke_until.map(|until| speech.start_s - until),
            long_pause_after,
        })
    }

    /// Cuts a piece that has become too long while somebody speaks: at its last pause, where that leaves a piece worth
    /// having, else at the quietest place of its second half.
    fn cut_in_time(&mut self, quietest: &dyn Fn(Span) -> Seconds) -> Option<Chunk> {
        let start = self.stretches.first()?.start;
        let paused = self.stretches.len() - 1;
        let left = self.stretches[..paused].last().and_then(|last| last.end).map_or(Seconds::ZERO, |end| end - start);
        if left >= self.rules.max * 0.25 {
            return self.cut_after(paused, false);
        }
        let at = quietest(Span { start_s: start + self.rules.max * 0.5, end_s: start + self.rules.max });
        let last = self.stretches.last_mut()?;
        // A pause may lie after the middle; then the cut would be in it or before the last stretch.
        let at = at.max(last.start + Seconds(0.1));
        last.end = Some(at);
        let mut chunk = self.piece(self.stretches.len(), false)?;
        chunk.span.end_s = at;
        self.stretches.clear();
        self.stretches.push(Stretch { start: at, end: None });
        (self.cut_at, self.spoke_until, self.begins_in_speech) = (at, Some(at), true);
        Some(chunk)
    }
}

/// The pieces of a whole recording whose stretches of speech are known, in order.
pub fn chunks_of(samples: &[f32], speech: &[Span], rules: ChunkRules) -> Vec<Chunk> {
    let mut chunker = Chunker::new(rules);
    let mut chunks = Vec::new();
    let loudness = Loudness::of(samples);
    let quietest = |span: Span| loudness.quietest(span);
    for span in speech {
        while let Some(chunk) = chunker.heard(span.start_s, &quietest) {
            chunks.push(chunk);
        }
        chunks.extend(chunker.speech(SpeechEdge::Start(span.start_s)));
        while let Some(chunk) = chunker.heard(span.end_s, &quietest) {
            chunks.push(chunk);
        }
        chunks.extend(chunker.speech(SpeechEdge::End(span.end_s)));
    }
    chunks.extend(chunker.finish(Seconds::of_samples(samples.len(), SPEECH_RATE_HZ)));
    chunks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RULES: ChunkRules =
        ChunkRules { target: Seconds(6.0), max: Seconds(9.0), long_pause: Seconds(0.8), padding: Seconds(0.1) };

    /// The pieces of a minute of sound with the given speech, as (start, end) of what is cut out.
    fn cut(speech: &[(f64, f64)]) -> Vec<(f64, f64)> {
        let spans: Vec<Span> = speech.iter().map(|&(start, end)| Span::new(start, end)).collect();
        let rounded = |s: Seconds| (s.0 * 1000.0).round() / 1000.0;
        chunks_of(&vec![0.1; 60 * 16_000], &spans, RULES)
            .into_iter()
            .map(|chunk| (rounded(chunk.span.start_s), rounded(chunk.span.end_s)))
            .collect()
    }

    /// What a case shows, its stretches of speech, and the pieces wanted.
    type Case = (&'static str, &'static [(f64, f64)], &'static [(f64, f64)]);

    #[test]
    fn pieces_end_at_pauses() {
        let cases: [Case; 6] = [
            ("silence is never heard", &[], &[]),
            ("short pauses are inside", &[(1.0, 3.0), (3.3, 5.0)], &[(0.9, 5.1)]),
            ("a long pause ends a piece", &[(1.0, 2.0), (3.0, 4.0)], &[(0.9, 2.1), (2.9, 4.1)]),
            ("enough is enough", &[(1.0, 4.0), (4.3, 7.5), (7.8, 9.0)], &[(0.9, 7.6), (7.7, 9.1)]),
            ("the last pause in time", &[(1.0, 6.0), (6.3, 11.0)], &[(0.9, 6.1), (6.2, 11.1)]),
            ("nothing before the start", &[(0.0, 2.0)], &[(0.0, 2.1)]),
        ];
        for (claim, speech, expected) in cases {
            assert_eq!(cut(speech), expected, "{claim}");
        }
    }

    #[test]
    fn without_a_pause_the_cut_is_at_the_quietest_place() {
        let mut samples = vec![0.1; 20 * 16_000];
        samples[7 * 16_000..7 * 16_000 + 1600].fill(0.001);
        let chunks = chunks_of(&samples, &[Span::new(1.0, 15.0)], RULES);
        assert_eq!(chunks.len(), 2);
        let at = chunks[0].span.end_s;
        assert!((at.0 - 7.05).abs() < 0.05, "{at:?}");
        assert_eq!(chunks[1].span.start_s, at, "nothing is heard twice and nothing is lost");
        assert_eq!(chunks[1].pause_before, Some(Seconds::ZERO));
    }

    #[test]
    fn only_a_piece_between_long_pauses_stands_alone() {
        let spans = [Span::new(0.2, 1.5), Span::new(2.5, 3.1), Span::new(3.5, 4.0), Span::new(8.0, 9.0)];
        let alone: Vec<bool> =
            chunks_of(&vec![0.1; 160_000], &spans, RULES).iter().map(|chunk| chunk.stands_alone(&RULES)).collect();
        assert_eq!(alone, [true, true, true]);
        let close = [Span::new(0.2, 7.0), Span::new(7.3, 8.0), Span::new(8.3, 15.0), Span::new(15.3, 15.9)];
        let alone: Vec<bool> =
            chunks_of(&vec![0.1; 320_000], &close, RULES).iter().map(|chunk| chunk.stands_alone(&RULES)).collect();
        assert_eq!(alone, [false, false, false], "only short pauses");
    }

    #[test]
    fn an_end_without_a_start_changes_nothing() {
        let mut chunker = Chunker::new(RULES);
        assert_eq!(chunker.speech(SpeechEdge::End(Seconds(1.0))), None);
        assert_eq!(chunker.finish(Seconds(2.0)), None);
    }

    #[test]
    fn the_open_piece_is_what_the_next_pause_makes_of_it() {
        let mut chunker = Chunker::new(RULES);
        chunker.speech(SpeechEdge::Start(Seconds(1.0)));
        assert_eq!(chunker.open(), None);
        chunker.speech(SpeechEdge::End(Seconds(2.0)));
        let open = chunker.open().expect("a pause has come");
        let closed = chunker.heard(Seconds(2.9), &|_| unreachable!()).expect("a long pause has come");
        assert_eq!(open, closed);
    }

    proptest! {
        #[test]
        fn all_speech_is_in_one_piece_and_no_piece_is_too_long(
            lengths in prop::collection::vec((0.25f64..3.0, 0.1f64..14.0), 0..12)
        ) {
            let mut at = 0.0;
            let spans: Vec<Span> = lengths
                .iter()
                .map(|(pause, speech)| { let start = at + pause; at = start + speech; Span::new(start, at) })
                .collect();
            let samples = vec![0.1; Seconds(at + 1.0).to_samples(SPEECH_RATE_HZ)];
            let chunks = chunks_of(&samples, &spans, RULES);
            for pair in chunks.windows(2) {
                prop_assert!(pair[0].span.end_s <= pair[1].span.start_s, "{pair:?}");
            }
            for chunk in &chunks {
                prop_assert!(chunk.span.length().0 <= RULES.max.0 + 2.0 * RULES.padding.0 + 1e-6, "{chunk:?}");
            }
            for span in &spans {
                let covered: f64 = chunks.iter().map(|chunk| chunk.span.overlap(*span).0).sum();
                prop_assert!((covered - span.length().0).abs() < 1e-6, "{span:?} in {chunks:?}");
            }
        }
    }
}
