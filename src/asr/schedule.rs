//! What is to be transcribed next while a take is being recorded. Pure: no threads, no clock.

use std::collections::VecDeque;

use super::Stop;
use super::chunks::{Chunk, ChunkRules};
use super::cutter::Cutter;
use super::streaming::StreamEvent;
use crate::audio::SpeechEdge;
use crate::types::{Seconds, Word};

/// Pieces that wait are joined to one where no longer silence lies between them.
const JOINED_SILENCE: Seconds = Seconds(1.5);

/// Words shown on the live line.
const LATEST_WORDS: usize = 8;

/// One take: its sound, its pieces and its words so far.
pub struct TakeSchedule {
    rules: ChunkRules,
    cutter: Cutter,
    /// Pieces that were cut and are not transcribed yet.
    waiting: VecDeque<Chunk>,
    /// The open piece at the last pause, to be transcribed in case nothing more is said.
    open: Option<Chunk>,
    /// How long a pause must be for its words to be worth their while.
    speculate_after: Seconds,
    /// What the worker transcribes now, and how to end it.
    running: Option<(Chunk, Stop)>,
    /// Words of the open piece at earlier pauses.
    speculations: Vec<(Chunk, Vec<Word>)>,
    words: Vec<Word>,
    ended: bool,
}

/// A piece to transcribe.
#[derive(Debug)]
pub struct Job {
    /// Where it lies.
    pub chunk: Chunk,
    /// Its sound.
    pub samples: Vec<f32>,
    /// How to end it early.
    pub stop: Stop,
    /// Whether it may turn out that the piece goes on.
    pub is_speculative: bool,
}

/// What the worker does next.
#[derive(Debug)]
pub enum Next {
    /// Transcribe this.
    Run(Job),
    /// These things have happened; ask again.
    Tell(Vec<StreamEvent>),
    /// Nothing to do until more is known.
    Wait,
    /// All words are there.
    Done(Vec<Word>),
}

impl TakeSchedule {
    /// A take at its start.
    pub fn new(rules: ChunkRules) -> TakeSchedule {
        TakeSchedule {
            rules,
            cutter: Cutter::new(rules),
            waiting: VecDeque::new(),
            open: None,
            speculate_after: Seconds::ZERO,
            running: None,
            speculations: Vec::new(),
            words: Vec::new(),
            ended: false,
        }
    }

    /// The next samples of the recording.
    pub fn push(&mut self, samples: &[f32]) {
        if self.ended {
            return;
        }
        let (waiting, open) = (&mut self.waiting, &mut self.open);
        self.cutter.push(samples, &mut |chunk| {
            // Cut before anybody guessed at it.
            *open = None;
            waiting.push_back(chunk);
        });
        self.forget();
    }

    /// What the speech detector found.
    pub fn speech(&mut self, edge: SpeechEdge) {
        if self.ended {
            return;
        }
        let waiting = &mut self.waiting;
        self.cutter.speech(edge, &mut |chunk| waiting.push_back(chunk));
        match edge {
            SpeechEdge::Start(_) => self.drop_speculation(),
            SpeechEdge::End(_) => self.open = self.cutter.open(),
        }
    }

    /// The recording has ended; what is left becomes the last piece.
    pub fn end(&mut self) {
        if self.ended {
            return;
        }
        let waiting = &mut self.waiting;
        self.cutter.finish(&mut |chunk| waiting.push_back(chunk));
        self.open = None;
        self.ended = true;
    }

    /// Whether the worker transcribes nothing of it now.
    #[cfg(test)]
    pub fn is_idle(&self) -> bool {
        self.running.is_none()
    }

    /// Nobody wants the words any more.
    pub fn cancel(&mut self) {
        self.ended = true;
        self.waiting.clear();
        self.open = None;
        if let Some((_, stop)) = &self.running {
            stop.ask();
        }
    }

    /// What the worker should do now.
    pub fn next(&mut self) -> Next {
        if let Some(chunk) = self.next_waiting() {
            if let Some(words) = self.known(chunk) {
                return Next::Tell(self.commit(chunk, words));
            }
            return Next::Run(self.job(chunk, false));
        }
        let now = self.cutter.end();
        if let Some(chunk) = self.open.take_if(|open| now - open.speech.end_s >= self.speculate_after) {
            return Next::Run(self.job(chunk, true));
        }
        if self.ended { Next::Done(std::mem::take(&mut self.words)) } else { Next::Wait }
    }

    /// The worker has transcribed `job`, which took it `took`; word times count from the start of its piece.
    pub fn transcribed(&mut self, job: &Job, words: Vec<Word>, took: Seconds) -> Vec<StreamEvent> {
        self.running = None;
        // It cannot be ended at once when the speaker goes on: with a slow model it would keep real work waiting, so
        // that only pauses get one that are likely to last.
        self.speculate_after = took * 0.5;
        let words: Vec<Word> = words.into_iter().map(|word| word.shifted(job.chunk.span.start_s)).collect();
        if !job.is_speculative {
            return self.commit(job.chunk, words);
        }
        let shown = self.progress_event(&words);
        self.speculations.push((job.chunk, words));
        vec![shown]
    }

    /// The worker could not transcribe its job.
    pub fn failed(&mut self) {
        self.running = None;
    }

    fn commit(&mut self, chunk: Chunk, words: Vec<Word>) -> Vec<StreamEvent> {
        self.speculations.retain(|(open, _)| open.speech.start_s >= chunk.speech.end_s);
        let mut events = Vec::new();
        if chunk.stands_alone(&self.rules) && !words.is_empty() {
            events.push(StreamEvent::Utterance { words: words.clone(), span: chunk.span });
        }
        self.words.extend(words);
        events.push(self.progress_event(&[]));
        events
    }

    /// How many words there are, `more` included, and the last of them.
    fn progress_event(&self, more: &[Word]) -> StreamEvent {
        let count = self.words.len() + more.len();
        let all = self.words.iter().chain(more);
        let latest: Vec<&str> = all.skip(count.saturating_sub(LATEST_WORDS)).map(|word| word.text.as_str()).collect();
        StreamEvent::Words { count, latest: latest.join(" ") }
    }

    /// The next piece that was cut, with those after it as far as they make one piece. Pieces wait only when the machine
    /// is slower than the speaker, and one long piece costs much less than two short ones.
    fn next_waiting(&mut self) -> Option<Chunk> {
        let mut chunk = self.waiting.pop_front()?;
        while let Some(&next) = self.waiting.front() {
            let alone = chunk.stands_alone(&self.rules) || next.stands_alone(&self.rules);
            let silence = next.span.start_s - chunk.span.end_s;
            let length = next.speech.end_s - chunk.speech.start_s;
            if alone || silence > JOINED_SILENCE || length > self.rules.max || self.is_known(chunk) {
                break;
            }
            chunk = chunk.joined(next);
            self.waiting.pop_front();
        }
        Some(chunk)
    }

    fn is_known(&self, chunk: Chunk) -> bool {
        self.speculations.iter().any(|(open, _)| open.serves(chunk))
    }

    fn known(&mut self, chunk: Chunk) -> Option<Vec<Word>> {
        let at = self.speculations.iter().position(|(open, _)| open.serves(chunk))?;
        Some(self.speculations.swap_remove(at).1)
    }

    fn job(&mut self, chunk: Chunk, is_speculative: bool) -> Job {
        let samples = self.cutter.samples(chunk.span);
        self.forget();
        let stop = Stop::default();
        self.running = Some((chunk, stop.clone()));
        Job { chunk, samples, stop, is_speculative }
    }

    /// Speech goes on: the open piece will be another one.
    fn drop_speculation(&mut self) {
        self.open = None;
        if let Some((chunk, stop)) = &self.running
            && chunk.speech.start_s >= self.cutter.cut_at()
        {
            stop.ask();
        }
    }

    /// Forgets the sound that no piece will need.
    fn forget(&mut self) {
        let needed = self.cutter.needed_from();
        let needed = self.waiting.front().map_or(needed, |next| needed.min(next.span.start_s));
        self.cutter.forget_before(needed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::SPEECH_RATE_HZ;
    use crate::types::Span;

    const RULES: ChunkRules =
        ChunkRules { target: Seconds(6.0), max: Seconds(9.0), long_pause: Seconds(0.8), padding: Seconds(0.1) };

    /// A take and the clock of its recording.
    struct Recording {
        take: TakeSchedule,
        now: f64,
    }

    impl Recording {
        fn new() -> Recording {
            Recording { take: TakeSchedule::new(RULES), now: 0.0 }
        }

        /// Time passes; nothing is found in it.
        fn until(&mut self, time: f64) {
            let samples = Seconds(time).to_samples(SPEECH_RATE_HZ) - Seconds(self.now).to_samples(SPEECH_RATE_HZ);
            self.take.push(&vec![0.1; samples]);
            self.now = time;
        }

        /// Somebody speaks from `start` to `end`, which is known a quarter of a second later.
        fn speech(&mut self, start: f64, end: f64) {
            self.until(start + 0.1);
            self.take.speech(SpeechEdge::Start(Seconds(start)));
            self.until(end + 0.25);
            self.take.speech(SpeechEdge::End(Seconds(end)));
        }

        fn job(&mut self) -> Job {
            match self.take.next() {
                Next::Run(job) => job,
                other => panic!("there is something to transcribe, not {other:?}"),
            }
        }

        fn waits(&mut self) -> bool {
            matches!(self.take.next(), Next::Wait)
        }

        /// The words that the take ends with.
        fn end(mut self) -> Vec<String> {
            self.take.end();
            loop {
                match self.take.next() {
                    Next::Run(job) => drop(self.take.transcribed(&job, said("late"), Seconds(0.3))),
                    Next::Tell(_) => {}
                    Next::Wait => panic!("an ended take waits for nothing"),
                    Next::Done(words) => return words.into_iter().map(|word| word.text).collect(),
                }
            }
        }
    }

    fn said(text: &str) -> Vec<Word> {
        let word = |text: &str| Word { start_s: Some(Seconds(0.1)), end_s: Some(Seconds(0.2)), ..Word::untimed(text) };
        text.split_whitespace().map(word).collect()
    }

    #[test]
    fn a_take_without_speech_has_no_words_and_nothing_to_do() {
        let mut recording = Recording::new();
        recording.until(60.0);
        assert!(recording.waits());
        assert!(recording.end().is_empty());
    }

    #[test]
    fn the_open_piece_is_transcribed_at_a_pause_and_kept_when_nothing_more_is_said() {
        let mut recording = Recording::new();
        recording.speech(1.0, 3.0);
        let job = recording.job();
        assert!(job.is_speculative);
        assert_eq!(job.samples.len(), 35_200, "2 s of speech and a tenth of a second on either side");
        recording.take.transcribed(&job, said("early words"), Seconds(0.3));
        assert!(recording.waits());
        assert_eq!(recording.end(), ["early", "words"], "nothing was transcribed at the end");
    }

    #[test]
    fn a_piece_that_was_cut_before_its_guess_began_is_transcribed_once() {
        let mut recording = Recording::new();
        recording.speech(1.0, 3.0);
        recording.until(5.0);
        let job = recording.job();
        assert!(!job.is_speculative);
        recording.take.transcribed(&job, said("once"), Seconds(0.3));
        assert!(recording.waits());
    }

    #[test]
    fn word_times_count_from_the_start_of_the_recording() {
        let mut recording = Recording::new();
        recording.speech(10.0, 12.0);
        let job = recording.job();
        recording.take.transcribed(&job, said("here"), Seconds(0.3));
        recording.take.end();
        assert!(matches!(recording.take.next(), Next::Tell(_)));
        let Next::Done(words) = recording.take.next() else { panic!("the guess is enough") };
        assert!((words[0].start_s.expect("timed").0 - 10.0).abs() < 1e-9, "{words:?}");
    }

    #[test]
    fn a_running_guess_is_stopped_when_the_person_goes_on() {
        let mut recording = Recording::new();
        recording.speech(1.0, 3.0);
        let job = recording.job();
        recording.speech(3.5, 5.0);
        assert!(job.stop.is_asked());
        recording.take.failed();
        let next = recording.job();
        assert!(next.is_speculative && !next.stop.is_asked());
        assert_eq!(next.chunk.speech, Span::new(1.0, 5.0));
    }

    #[test]
    fn a_guess_that_nobody_started_is_dropped_when_the_person_goes_on() {
        let mut recording = Recording::new();
        recording.speech(1.0, 3.0);
        recording.until(3.5);
        recording.take.speech(SpeechEdge::Start(Seconds(3.4)));
        assert!(recording.waits());
    }

    #[test]
    fn a_slow_model_speculates_only_at_pauses_that_last() {
        let mut recording = Recording::new();
        recording.speech(0.5, 7.0);
        let job = recording.job();
        recording.take.transcribed(&job, said("slowly"), Seconds(1.2));
        recording.speech(8.0, 9.0);
        assert!(recording.waits());
        recording.until(9.5);
        assert!(recording.waits());
        recording.until(9.65);
        assert!(recording.job().is_speculative);
    }

    #[test]
    fn a_guess_at_an_earlier_pause_serves_the_cut_that_falls_there_later() {
        let mut recording = Recording::new();
        recording.speech(1.0, 5.0);
        let guess = recording.job();
        recording.take.transcribed(&guess, said("first part"), Seconds(0.3));
        recording.until(5.6);
        recording.take.speech(SpeechEdge::Start(Seconds(5.5)));
        recording.until(10.5);
        assert!(matches!(recording.take.next(), Next::Tell(_)), "the piece that was cut at 5 s is known");
        assert!(recording.waits());
    }

    #[test]
    fn a_piece_that_was_cut_comes_before_any_guess() {
        let mut recording = Recording::new();
        recording.speech(1.0, 8.0);
        recording.speech(8.5, 9.5);
        let job = recording.job();
        assert!(!job.is_speculative && job.chunk.speech == Span::new(1.0, 8.0));
        assert!(!job.stop.is_asked(), "real work is never stopped by speech");
        assert!(recording.job().is_speculative);
    }

    #[test]
    fn pieces_that_wait_are_joined_up_to_the_longest_piece() {
        let mut recording = Recording::new();
        // Cut at a short pause for its length; then after a long one, but not standing alone.
        recording.speech(0.0, 6.1);
        recording.speech(6.5, 7.5);
        recording.until(8.5);
        recording.speech(9.0, 11.0);
        recording.speech(11.4, 15.4);
        recording.until(17.0);
        let joined = recording.job();
        assert_eq!(joined.chunk.speech, Span::new(0.0, 7.5));
        assert_eq!(joined.samples.len(), 121_600, "7.5 s of speech and a tenth of a second after it");
        assert_eq!(recording.job().chunk.speech, Span::new(9.0, 15.4));
    }

    #[test]
    fn what_stands_alone_is_told_and_never_joined() {
        let mut recording = Recording::new();
        recording.speech(0.2, 7.0);
        recording.speech(9.0, 10.0);
        recording.until(12.0);
        let first = recording.job();
        assert_eq!(first.chunk.speech, Span::new(0.2, 7.0));
        recording.take.transcribed(&first, said("a long answer"), Seconds(0.3));
        let alone = recording.job();
        let events = recording.take.transcribed(&alone, said("next question"), Seconds(0.3));
        assert_eq!(
            events.first(),
            Some(&StreamEvent::Utterance {
                words: said("next question").into_iter().map(|word| word.shifted(alone.chunk.span.start_s)).collect(),
                span: alone.chunk.span,
            })
        );
    }

    #[test]
    fn the_live_line_counts_known_words_too() {
        let mut recording = Recording::new();
        recording.speech(1.0, 3.0);
        let job = recording.job();
        let events = recording.take.transcribed(&job, said("a b c d e f g h i j"), Seconds(0.3));
        assert_eq!(events, [StreamEvent::Words { count: 10, latest: "c d e f g h i j".to_owned() }]);
    }

    #[test]
    fn what_comes_after_the_end_is_not_heard() {
        let mut recording = Recording::new();
        recording.speech(1.0, 3.0);
        recording.take.end();
        recording.speech(4.0, 5.0);
        let job = recording.job();
        assert_eq!(job.chunk.speech, Span::new(1.0, 3.0));
        recording.take.transcribed(&job, Vec::new(), Seconds(0.3));
        assert!(matches!(recording.take.next(), Next::Done(_)));
    }

    #[test]
    fn a_cancelled_take_stops_what_runs_and_is_done() {
        let mut recording = Recording::new();
        recording.speech(1.0, 8.0);
        let job = recording.job();
        recording.take.cancel();
        assert!(job.stop.is_asked());
        recording.take.failed();
        assert!(matches!(recording.take.next(), Next::Done(_)));
    }

    #[test]
    fn sound_that_no_later_piece_needs_is_let_go() {
        let mut recording = Recording::new();
        for start in 0..20 {
            recording.speech(f64::from(start) * 9.0 + 0.5, f64::from(start) * 9.0 + 8.0);
            let job = recording.job();
            assert_eq!(job.samples.len(), 123_520, "7.5 s of speech, 0.1 s before it and 0.12 s after it");
            recording.take.transcribed(&job, Vec::new(), Seconds(0.3));
        }
        let everything = Span::new(0.0, 200.0);
        let kept = recording.take.cutter.samples(everything).len();
        assert!(kept < 30 * 16_000, "{kept}");
    }
}
