//! What is to be transcribed next while a take is being recorded. Pure: no threads, no clock.

use std::collections::VecDeque;

use super::Stop;
use super::chunks::{Chunk, ChunkRules, Chunker};
use super::guard::later;
use super::loudness::Loudness;
use super::streaming::StreamEvent;
use crate::audio::{SPEECH_RATE_HZ, SpeechEdge};
use crate::types::{Seconds, Span, Word};

/// Pieces that wait are joined to one where no longer silence lies between them.
const JOINED_SILENCE: Seconds = Seconds(1.5);

/// Words shown on the live line.
const LATEST_WORDS: usize = 8;

/// One take: its sound, its pieces and its words so far.
#[derive(Debug)]
pub struct Take {
    rules: ChunkRules,
    chunker: Chunker,
    sound: Sound,
    /// Pieces that were cut and are not transcribed yet.
    waiting: VecDeque<Chunk>,
    /// The open piece at the last pause, to be transcribed in case nothing more is said.
    open: Option<Chunk>,
    /// What the worker transcribes now, and how to end it.
    running: Option<(Chunk, Stop)>,
    /// Words of the open piece at earlier pauses.
    guesses: Vec<(Span, Vec<Word>)>,
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
    pub is_guess: bool,
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

impl Take {
    /// A take at its start.
    pub fn new(rules: ChunkRules) -> Take {
        Take {
            rules,
            chunker: Chunker::new(rules),
            sound: Sound::default(),
            waiting: VecDeque::new(),
            open: None,
            running: None,
            guesses: Vec::new(),
            words: Vec::new(),
            ended: false,
        }
    }

    /// The next samples of the recording.
    pub fn push(&mut self, samples: &[f32]) {
        if self.ended {
            return;
        }
        self.sound.samples.extend_from_slice(samples);
        self.cut_in_time();
    }

    /// What the speech detector found.
    pub fn speech(&mut self, update: SpeechEdge) {
        if self.ended {
            return;
        }
        if let SpeechEdge::Start(at) = update {
            // The detector tells a start late: a long pause may have ended before it was noticed here.
            self.cut_until(at);
            self.drop_guess();
        }
        let cut = self.chunker.speech(update);
        self.waiting.extend(cut);
        if matches!(update, SpeechEdge::End(_)) {
            self.open = self.chunker.open();
        }
    }

    /// The recording has ended; what is left becomes the last piece.
    pub fn end(&mut self) {
        if self.ended {
            return;
        }
        let cut = self.chunker.finish(self.sound.end());
        self.waiting.extend(cut);
        self.open = None;
        self.ended = true;
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
            if let Some(words) = self.guessed(chunk) {
                return Next::Tell(self.accept(chunk, words));
            }
            return Next::Run(self.job(chunk, false));
        }
        if let Some(chunk) = self.open.take() {
            return Next::Run(self.job(chunk, true));
        }
        if self.ended { Next::Done(std::mem::take(&mut self.words)) } else { Next::Wait }
    }

    /// The worker has transcribed `job`; word times count from the start of its piece.
    pub fn transcribed(&mut self, job: &Job, words: Vec<Word>) -> Vec<StreamEvent> {
        self.running = None;
        let words: Vec<Word> = words.into_iter().map(|word| later(word, job.chunk.span.start_s)).collect();
        if !job.is_guess {
            return self.accept(job.chunk, words);
        }
        let shown = self.told(&words);
        self.guesses.push((job.chunk.speech, words));
        vec![shown]
    }

    /// The worker could not transcribe its job.
    pub fn failed(&mut self) {
        self.running = None;
    }

    fn accept(&mut self, chunk: Chunk, words: Vec<Word>) -> Vec<StreamEvent> {
        self.guesses.retain(|(speech, _)| speech.start_s >= chunk.speech.end_s);
        let mut events = Vec::new();
        if chunk.stands_alone(&self.rules) && !words.is_empty() {
            events.push(StreamEvent::StandsAlone { words: words.clone(), span: chunk.span });
        }
        self.words.extend(words);
        events.push(self.told(&[]));
        events
    }

    /// How many words there are, `more` included, and the last of them.
    fn told(&self, more: &[Word]) -> StreamEvent {
        let count = self.words.len() + more.len();
        let all = self.words.iter().chain(more);
        let latest: Vec<&str> =
            all.skip(count.saturating_sub(LATEST_WORDS)).map(|word| word.text.as_str()).collect();
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
            if alone || silence > JOINED_SILENCE || length > self.rules.max || self.is_guessed(chunk) {
                break;
            }
            chunk = chunk.joined(next);
            self.waiting.pop_front();
        }
        Some(chunk)
    }

    fn is_guessed(&self, chunk: Chunk) -> bool {
        self.guesses.iter().any(|(speech, _)| *speech == chunk.speech)
    }

    fn guessed(&mut self, chunk: Chunk) -> Option<Vec<Word>> {
        let at = self.guesses.iter().position(|(speech, _)| *speech == chunk.speech)?;
        Some(self.guesses.swap_remove(at).1)
    }

    fn job(&mut self, chunk: Chunk, is_guess: bool) -> Job {
        let samples = self.sound.piece(chunk.span);
        let kept = self.waiting.front().map_or(self.chunker.cut_at(), |next| next.span.start_s);
        self.sound.forget_before(kept);
        let stop = Stop::default();
        self.running = Some((chunk, stop.clone()));
        Job { chunk, samples, stop, is_guess }
    }

    /// Speech goes on: the open piece will be another one.
    fn drop_guess(&mut self) {
        self.open = None;
        if let Some((chunk, stop)) = &self.running
            && chunk.speech.start_s >= self.chunker.cut_at()
        {
            stop.ask();
        }
    }

    fn cut_in_time(&mut self) {
        self.cut_until(self.sound.end());
    }

    /// Cuts whatever is to be cut with the time at `now`.
    fn cut_until(&mut self, now: Seconds) {
        let sound = &self.sound;
        while let Some(chunk) = self.chunker.heard(now, &|span| sound.quietest(span)) {
            self.waiting.push_back(chunk);
        }
    }
}

/// The sound that may still be needed.
#[derive(Debug, Default)]
struct Sound {
    /// Samples before this one are gone.
    first: usize,
    samples: Vec<f32>,
}

impl Sound {
    fn end(&self) -> Seconds {
        Seconds::of_samples(self.first + self.samples.len(), SPEECH_RATE_HZ)
    }

    fn piece(&self, span: Span) -> Vec<f32> {
        let at = |time: Seconds| time.to_samples(SPEECH_RATE_HZ).saturating_sub(self.first).min(self.samples.len());
        self.samples[at(span.start_s)..at(span.end_s).max(at(span.start_s))].to_vec()
    }

    fn quietest(&self, span: Span) -> Seconds {
        let found = Loudness::of(&self.piece(span)).quietest(Span { start_s: Seconds::ZERO, end_s: span.length() });
        span.start_s + found
    }

    fn forget_before(&mut self, time: Seconds) {
        let count = time.to_samples(SPEECH_RATE_HZ).saturating_sub(self.first).min(self.samples.len());
        self.samples.drain(..count);
        self.first += count;
    }
}
