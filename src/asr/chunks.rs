//! Where a recording is cut into the pieces that Whisper hears. Pure.
//!
//! Two detectors say what is heard. A careful one finds *speech*, and with it the pauses at which pieces are cut. A
//! generous one finds *sound* that may be speech, hoarse and quiet voices too; all of it is in a piece, with room on
//! either side, so that nothing said is lost. A piece ends at any pause once it has its target length, and at a long
//! pause in any case (what follows is a new thought, and the piece may be a command that stands alone). Where no pause
//! comes in time it is cut at an earlier pause, or at the quietest place. Silence between pieces is never heard by
//! Whisper, which hallucinates on it.

use crate::audio::SpeechEdge;
use crate::types::{Seconds, Span};

/// Nobody takes longer to say a command.
const LONGEST_COMMAND: Seconds = Seconds(3.5);

/// Of a pause that ends a piece this much belongs to the piece, where more speech may follow at once.
const SHORT_PADDING: Seconds = Seconds(0.12);

/// How pieces are cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChunkRules {
    /// From this length on, a piece ends at the next pause.
    pub target: Seconds,
    /// No piece is longer, but for the room around it.
    pub max: Seconds,
    /// A pause that ends a piece of any length.
    pub long_pause: Seconds,
    /// Room kept before the first and after the last sound of a piece.
    pub padding: Seconds,
}

impl ChunkRules {
    /// While somebody speaks: short enough that little is left to do when they end.
    pub const LIVE: ChunkRules =
        ChunkRules { target: Seconds(8.0), max: Seconds(20.0), long_pause: Seconds(0.8), padding: Seconds(0.4) };

    /// For a recording: as much at once as Whisper's window of 30 s holds, so that every word has its surroundings.
    pub const RECORDING: ChunkRules =
        ChunkRules { target: Seconds(20.0), max: Seconds(28.0), long_pause: Seconds(3.0), padding: Seconds(0.4) };
}

/// A piece of the recording that Whisper hears at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chunk {
    /// What is cut out of the recording.
    pub span: Span,
    /// From the start of its first to the end of its last speech; of its sound, where nothing in it is surely speech.
    pub speech: Span,
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

    /// Whether the words of this piece, taken while it was open, are those of `cut`, which it became: nothing more was said,
    /// and hardly more was heard.
    pub fn serves(&self, cut: Chunk) -> bool {
        self.speech == cut.speech && cut.span.end_s - self.span.end_s < Seconds(0.3)
    }

    /// This piece and the next one as one.
    pub fn joined(self, next: Chunk) -> Chunk {
        Chunk {
            span: Span { start_s: self.span.start_s, end_s: next.span.end_s },
            speech: Span { start_s: self.speech.start_s, end_s: next.speech.end_s },
            pause_before: self.pause_before,
            long_pause_after: next.long_pause_after,
        }
    }
}

/// Cuts a recording into pieces as its sound and speech become known.
#[derive(Clone, Debug)]
pub struct Chunker {
    rules: ChunkRules,
    /// Sound and speech since the last cut.
    sound: Stretches,
    speech: Stretches,
    /// Where the last piece was cut off.
    cut_at: Seconds,
    /// End of the speech before the open piece.
    spoke_until: Option<Seconds>,
}

/// Stretches in order; the last one may still go on.
#[derive(Clone, Debug, Default)]
struct Stretches(Vec<Stretch>);

#[derive(Clone, Copy, Debug)]
struct Stretch {
    start: Seconds,
    end: Option<Seconds>,
}

impl Stretches {
    /// Takes an edge of what lies after `cut_at`; whether it ended a stretch.
    fn take(&mut self, edge: SpeechEdge, cut_at: Seconds) -> bool {
        match edge {
            SpeechEdge::Start(at) => {
                self.0.push(Stretch { start: at.max(cut_at), end: None });
                false
            }
            SpeechEdge::End(at) => match self.0.last_mut().filter(|last| last.end.is_none()) {
                Some(last) => {
                    last.end = Some(at.max(last.start));
                    true
                }
                None => false,
            },
        }
    }

    fn start(&self) -> Option<Seconds> {
        Some(self.0.first()?.start)
    }

    /// The end of the last stretch; `None` where there is none, or it goes on.
    fn end(&self) -> Option<Seconds> {
        self.0.last()?.end
    }

    /// From the start of the first stretch to the end of the last, as far as they lie before `at`.
    fn span_until(&self, at: Seconds) -> Option<Span> {
        let before = self.0.iter().take_while(|stretch| stretch.start < at);
        let end = before.last()?.end.map_or(at, |end| end.min(at));
        Some(Span { start_s: self.start()?, end_s: end })
    }

    /// Forgets what lies before `at`.
    fn forget_before(&mut self, at: Seconds) {
        self.0.retain(|stretch| stretch.end.is_none_or(|end| end > at));
        if let Some(first) = self.0.first_mut() {
            first.start = first.start.max(at);
        }
    }

    /// The pauses between stretches, in order.
    fn pauses(&self) -> impl Iterator<Item = Span> {
        self.0.windows(2).filter_map(|pair| Some(Span { start_s: pair[0].end?, end_s: pair[1].start }))
    }

    /// An open stretch ends here.
    fn close(&mut self, at: Seconds) {
        if let Some(last) = self.0.last_mut() {
            last.end.get_or_insert(at.max(last.start));
        }
    }
}

impl Chunker {
    /// A chunker at the start of a recording.
    pub fn new(rules: ChunkRules) -> Chunker {
        let (sound, speech) = (Stretches::default(), Stretches::default());
        Chunker { rules, sound, speech, cut_at: Seconds::ZERO, spoke_until: None }
    }

    /// Takes what the generous detector found.
    pub fn sound(&mut self, edge: SpeechEdge) {
        self.sound.take(edge, self.cut_at);
    }

    /// Takes what the careful detector found; gives the piece that it completes, if any.
    pub fn speech(&mut self, edge: SpeechEdge) -> Option<Chunk> {
        if !self.speech.take(edge, self.cut_at) {
            return None;
        }
        let end = self.speech.end()?;
        (self.length(end) >= self.rules.target).then(|| self.cut(end + SHORT_PADDING, false)).flatten()
    }

    /// Time has passed: cuts the open piece where a long pause has come or the piece has become too long.
    ///
    /// `quietest` finds the quietest place in a span of the recording that lies before `now`. Call it until it
    /// gives `None`.
    pub fn heard(&mut self, now: Seconds, quietest: &dyn Fn(Span) -> Seconds) -> Option<Chunk> {
        // Where nothing is surely speech, the sound that may be has pauses too.
        let end = if self.speech.start().is_some() { self.speech.end() } else { self.sound.end() };
        if let Some(end) = end.filter(|end| now - *end >= self.rules.long_pause) {
            return self.cut(end + self.rules.padding, true);
        }
        (self.length(now) >= self.rules.max).then(|| self.cut_in_time(now, quietest)).flatten()
    }

    /// The recording ends: the open piece as it is.
    pub fn finish(&mut self, end: Seconds) -> Option<Chunk> {
        self.sound.close(end);
        self.speech.close(end);
        let last = self.sound.end().into_iter().chain(self.speech.end()).reduce(Seconds::max)?;
        self.cut((last + self.rules.padding).min(end), true)
    }

    /// The open piece as it would be if it ended at the last pause; `None` while somebody speaks and when nothing is said.
    pub fn open(&self) -> Option<Chunk> {
        let end = self.speech.end()?;
        self.piece(end + self.rules.padding, true)
    }

    /// The end of the last piece: nothing before it will be in a later one.
    pub fn cut_at(&self) -> Seconds {
        self.cut_at
    }

    /// Where the first sound or speech of the open piece begins; `None` where nothing is heard.
    pub fn start(&self) -> Option<Seconds> {
        self.sound.start().into_iter().chain(self.speech.start()).reduce(Seconds::min)
    }

    /// Length of the open piece if it ended at `end`.
    fn length(&self, end: Seconds) -> Seconds {
        self.start().map_or(Seconds::ZERO, |start| end - start)
    }

    /// Cuts at `at`; what lies after it belongs to the next piece.
    fn cut(&mut self, at: Seconds, long_pause_after: bool) -> Option<Chunk> {
        let chunk = self.piece(at, long_pause_after)?;
        self.cut_at = chunk.span.end_s;
        if let Some(spoken) = self.speech.span_until(at) {
            self.spoke_until = Some(spoken.end_s);
        }
        self.sound.forget_before(self.cut_at);
        self.speech.forget_before(self.cut_at);
        Some(chunk)
    }

    fn piece(&self, at: Seconds, long_pause_after: bool) -> Option<Chunk> {
        let speech = self.speech.span_until(at).or_else(|| self.sound.span_until(at))?;
        let start = self.start()?;
        Some(Chunk {
            span: Span { start_s: (start - self.rules.padding).max(self.cut_at), end_s: at },
            speech,
            pause_before: self.spoke_until.map(|until| speech.start_s - until),
            long_pause_after,
        })
    }

    /// Cuts a piece that has become too long: in its longest pause that leaves a piece worth having, else at the quietest
    /// place of its second half.
    fn cut_in_time(&mut self, now: Seconds, quietest: &dyn Fn(Span) -> Seconds) -> Option<Chunk> {
        let start = self.start()?;
        let (earliest, latest) = (start + self.rules.max * 0.4, start + self.rules.max);
        let going_on = self.speech.end().map(|end| Span { start_s: end, end_s: now });
        let pauses = self.speech.pauses().chain(self.sound.pauses()).chain(going_on);
        let pauses = pauses.filter(|pause| pause.start_s >= earliest && pause.start_s < latest);
        let longest = pauses.max_by(|a, b| a.length().0.total_cmp(&b.length().0));
        let at = match longest {
            Some(pause) => pause.start_s + self.rules.padding.min(pause.length() * 0.5),
            None => quietest(Span { start_s: start + self.rules.max * 0.5, end_s: latest }),
        };
        self.cut(at, false)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RULES: ChunkRules =
        ChunkRules { target: Seconds(6.0), max: Seconds(9.0), long_pause: Seconds(0.8), padding: Seconds(0.3) };

    /// The pieces of `length` seconds of sound; edges are told when they happen, the quietest place is in the middle.
    fn pieces(sound: &[Span], speech: &[Span], length: f64) -> Vec<Chunk> {
        let edges = |spans: &[Span], is_speech: bool| -> Vec<(Seconds, SpeechEdge, bool)> {
            let both = |span: &Span| {
                [
                    (span.start_s, SpeechEdge::Start(span.start_s), is_speech),
                    (span.end_s, SpeechEdge::End(span.end_s), is_speech),
                ]
            };
            spans.iter().flat_map(both).collect()
        };
        let mut all = edges(sound, false);
        all.extend(edges(speech, true));
        all.sort_by(|(a, ..), (b, ..)| a.0.total_cmp(&b.0));
        let quietest = |span: Span| (span.start_s + span.end_s) * 0.5;
        let (mut chunker, mut chunks) = (Chunker::new(RULES), Vec::new());
        for (at, edge, is_speech) in all {
            chunks.extend(std::iter::from_fn(|| chunker.heard(at, &quietest)));
            if is_speech {
                chunks.extend(chunker.speech(edge));
            } else {
                chunker.sound(edge);
            }
        }
        chunks.extend(std::iter::from_fn(|| chunker.heard(Seconds(length), &quietest)));
        chunks.extend(chunker.finish(Seconds(length)));
        chunks
    }

    fn spans(pairs: &[(f64, f64)]) -> Vec<Span> {
        pairs.iter().map(|&(start, end)| Span::new(start, end)).collect()
    }

    /// Where a minute with such sound and speech is cut, as (start, end).
    fn cut(sound: &[(f64, f64)], speech: &[(f64, f64)]) -> Vec<(f64, f64)> {
        let rounded = |s: Seconds| (s.0 * 1000.0).round() / 1000.0;
        let chunks = pieces(&spans(sound), &spans(speech), 60.0);
        chunks.into_iter().map(|chunk| (rounded(chunk.span.start_s), rounded(chunk.span.end_s))).collect()
    }

    /// What a case shows, its stretches of speech, and the pieces wanted.
    type Case = (&'static str, &'static [(f64, f64)], &'static [(f64, f64)]);

    #[test]
    fn pieces_end_at_pauses() {
        let cases: [Case; 6] = [
            ("silence is never heard", &[], &[]),
            ("short pauses are inside", &[(1.0, 3.0), (3.3, 5.0)], &[(0.7, 5.3)]),
            ("a long pause ends a piece", &[(1.0, 2.0), (3.0, 4.0)], &[(0.7, 2.3), (2.7, 4.3)]),
            ("enough is enough", &[(1.0, 4.0), (4.3, 7.5), (7.8, 9.0)], &[(0.7, 7.62), (7.62, 9.3)]),
            ("the longest pause in time", &[(1.0, 5.8), (6.3, 6.5), (6.8, 11.0)], &[(0.7, 6.05), (6.05, 11.3)]),
            ("nothing before the start", &[(0.0, 2.0)], &[(0.0, 2.3)]),
        ];
        for (claim, speech, expected) in cases {
            assert_eq!(cut(speech, speech), expected, "{claim}");
        }
    }

    #[test]
    fn sound_that_may_be_speech_is_in_a_piece_also_where_nothing_is_surely_speech() {
        assert_eq!(cut(&[(1.0, 5.0)], &[(2.0, 3.0)]), [(0.7, 3.3), (3.3, 5.3)]);
        assert_eq!(cut(&[(1.0, 4.0)], &[(2.0, 3.5)]), [(0.7, 3.8), (3.8, 4.3)]);
        assert_eq!(cut(&[(1.0, 2.0), (10.0, 11.0)], &[]), [(0.7, 2.3), (9.7, 11.3)]);
        assert_eq!(cut(&[(0.0, 20.0)], &[]).iter().map(|piece| piece.1).collect::<Vec<_>>(), [6.75, 13.5, 20.3]);
    }

    #[test]
    fn without_a_pause_the_cut_is_at_the_quietest_place_and_nothing_is_heard_twice() {
        let chunks = pieces(&spans(&[(1.0, 15.0)]), &spans(&[(1.0, 15.0)]), 20.0);
        assert_eq!(chunks.len(), 2);
        assert_eq!(chunks[0].span.end_s, Seconds(7.75));
        assert_eq!(chunks[1].span.start_s, chunks[0].span.end_s);
        assert_eq!(chunks[1].pause_before, Some(Seconds::ZERO));
    }

    #[test]
    fn only_a_piece_between_long_pauses_stands_alone() {
        let alone = |speech: &[(f64, f64)]| -> Vec<bool> {
            pieces(&spans(speech), &spans(speech), 20.0).iter().map(|chunk| chunk.stands_alone(&RULES)).collect()
        };
        assert_eq!(alone(&[(0.2, 1.5), (2.5, 3.1), (3.5, 4.0), (8.0, 9.0)]), [true, true, true]);
        assert_eq!(alone(&[(0.2, 7.0), (7.3, 8.0), (8.3, 15.0), (15.3, 15.9)]), [false, false, false]);
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
        fn all_sound_is_in_one_piece_and_no_piece_is_too_long(
            lengths in prop::collection::vec((0.25f64..3.0, 0.1f64..14.0, 0.0f64..1.0, 0.0f64..1.0), 0..12)
        ) {
            let (mut sound, mut speech, mut at) = (Vec::new(), Vec::new(), 0.0);
            for (pause, length, from, share) in lengths {
                let start = at + pause;
                at = start + length;
                sound.push(Span::new(start, at));
                // Some part of the sound is surely speech, or none.
                let spoken = Span::new(start + length * from * 0.5, start + length * (from * 0.5 + share * 0.5));
                if spoken.length().0 > 0.1 {
                    speech.push(spoken);
                }
            }
            let chunks = pieces(&sound, &speech, at + 5.0);
            for pair in chunks.windows(2) {
                prop_assert!(pair[0].span.end_s <= pair[1].span.start_s, "{pair:?}");
            }
            for chunk in &chunks {
                prop_assert!(chunk.span.length().0 <= RULES.max.0 + 2.0 * RULES.padding.0 + 1e-6, "{chunk:?}");
            }
            for span in &sound {
                let covered: f64 = chunks.iter().map(|chunk| chunk.span.overlap(*span).0).sum();
                prop_assert!((covered - span.length().0).abs() < 1e-6, "{span:?} in {chunks:?}");
            }
        }
    }
}
