//! From an answer to its report: what rehearsal, `analyze`, `transcribe --report` and `recover` share.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::analysis::lexicon::Lexicon;
use crate::analysis::voice::{VoiceTrack, VoiceTracker};
use crate::analysis::{self, Heard, Sound};
use crate::asr::words::{reach_to_pauses, uncovered};
use crate::asr::{Chunk, ChunkRules, Cutter, PooledRecording, Stop, TranscribeError, TranscriptionPool};
use crate::audio::{self, DecodeError, Decoded, SpeechDetector, SpeechEdge, WantedSound};
use crate::content::frameworks::Frameworks;
use crate::models::sha256;
use crate::quote::quoted;
use crate::remedy::{Action, NextStep, Remedy};
use crate::report;
use crate::types::{Question, QuestionRef, Recording, Report, Seconds, Span, Transcript, Word};

/// Makes reports. One serves any number of answers.
#[derive(Debug)]
pub struct Assessor {
    lexicon: Lexicon,
    frameworks: Arc<Frameworks>,
    notices: Vec<String>,
}

/// A question and the bank it is from.
#[derive(Clone, Copy, Debug)]
pub struct AskedFrom<'a> {
    /// The question.
    pub question: &'a Question,
    /// The bank's name.
    pub bank: Option<&'a str>,
}

impl AskedFrom<'_> {
    /// How reports and sessions name it.
    pub fn reference(&self) -> QuestionRef {
        QuestionRef {
            id: self.question.id.clone(),
            text: self.question.text.clone(),
            bank: self.bank.map(str::to_owned),
        }
    }
}

/// A recording that has been read: what the analysis needs of it, and what the report says of it.
#[derive(Clone, Debug)]
pub struct HeardRecording {
    /// The voice, frame by frame.
    pub voice: VoiceTrack,
    /// Where somebody speaks.
    pub speech: Vec<Span>,
    /// What the report says of it.
    pub recording: Recording,
    /// When the question ended on its clock; `None` for a file from elsewhere.
    pub question_end: Option<Seconds>,
    /// What was wrong with the file, in sentences.
    pub warnings: Vec<String>,
}

/// Why a recording has no report.
#[derive(Debug, thiserror::Error)]
pub enum AssessError {
    /// It could not be read.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// It could not be read a second time.
    #[error("{} could not be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// Whisper failed on it.
    #[error("{} could not be transcribed", path.display())]
    Transcribe {
        /// The file.
        path: PathBuf,
        /// What Whisper said.
        #[source]
        cause: TranscribeError,
    },
}

impl Remedy for AssessError {
    fn next_step(&self) -> NextStep {
        match self {
            AssessError::Decode(error) => error.next_step(),
            AssessError::Unreadable { path, .. } => format!("check the rights: ls -l {}", quoted(path)).into(),
            AssessError::Transcribe { .. } => Action::Doctor.into(),
        }
    }
}

/// Reads a recording and finds where somebody speaks.
pub fn hear(path: &Path) -> Result<HeardRecording, AssessError> {
    let mut listener = Listener::default();
    let read = audio::read_16k(path, WantedSound::default(), &mut |_| (), &mut |samples| {
        listener.push(samples, &mut |_| ());
        ControlFlow::Continue(())
    })?;
    listener.finish(path, read, &mut |_| ())
}

/// What is found out about a recording while it is read; nothing of it is kept that grows by more than a kilobyte a second.
#[derive(Default)]
struct Listener {
    detector: SpeechDetector,
    voice: VoiceTracker,
    samples: usize,
}

impl Listener {
    /// Takes the next samples; `edge` is told where speech begins and ends.
    fn push(&mut self, samples: &[f32], edge: &mut dyn FnMut(SpeechEdge)) {
        self.samples += samples.len();
        self.voice.push(samples);
        self.detector.push(samples, edge);
    }

    /// All of the recording at `path` was pushed.
    fn finish(
        mut self,
        path: &Path,
        read: Decoded,
        edge: &mut dyn FnMut(SpeechEdge),
    ) -> Result<HeardRecording, AssessError> {
        self.detector.finish(edge);
        let sha256 = sha256::of_file(path).map_err(|cause| AssessError::Unreadable { path: path.to_owned(), cause })?;
        let recording = Recording {
            path: path.display().to_string(),
            duration_s: Seconds::of_samples(self.samples, audio::SPEECH_RATE_HZ),
            sample_rate_hz: read.file_rate_hz,
            channels: u16::try_from(read.channels).unwrap_or(u16::MAX),
            sha256,
        };
        let warnings = read.warnings.iter().map(|warning| format!("{}: {warning}", path.display())).collect();
        let speech = self.detector.spans().to_vec();
        Ok(HeardRecording { speech, voice: self.voice.finish(), recording, question_end: None, warnings })
    }
}

/// How recordings are transcribed: the model's name, and the language that is spoken.
#[derive(Clone, Debug)]
pub struct TranscriptionSettings {
    /// The model's name, for the transcripts.
    pub model: String,
    /// Code of the language that is spoken.
    pub language: String,
    /// How recordings are cut.
    pub rules: ChunkRules,
}

/// Samples that are listened to at a time, so that what the detectors find is told in its order: 0.1 s.
const BLOCK: usize = 1_600;

/// Speech without words is said to be not understood from this length on; shorter ones may be hesitations.
const NOT_UNDERSTOOD: Seconds = Seconds(1.5);

impl TranscriptionSettings {
    /// Reads and transcribes the recording at `path`; what was read is not kept, so that it may last for hours.
    ///
    /// `begun` is told how long the recording promises to be, where it does; `done` how far a piece goes that is done.
    /// Pieces that are transcribed at the same time may be done in any order.
    pub fn transcribe(
        &self,
        path: &Path,
        pool: &TranscriptionPool,
        stop: &Stop,
        begun: &mut dyn FnMut(Option<Seconds>),
        done: &mut dyn FnMut(Seconds),
    ) -> Result<(HeardRecording, Transcript), AssessError> {
        self.transcribe_sound(path, WantedSound::default(), pool, stop, begun, done)
    }

    /// As [`TranscriptionSettings::transcribe`], of one track or one side of the recording.
    pub fn transcribe_sound(
        &self,
        path: &Path,
        wanted: WantedSound,
        pool: &TranscriptionPool,
        stop: &Stop,
        begun: &mut dyn FnMut(Option<Seconds>),
        done: &mut dyn FnMut(Seconds),
    ) -> Result<(HeardRecording, Transcript), AssessError> {
        let mut listener = Listener::default();
        let mut cutter = Cutter::new(self.rules);
        let mut pooled = pool.recording(stop);
        let mut outcome = Ok(());
        let mut hand_in = |cutter: &mut Cutter, pooled: &mut PooledRecording, chunks: Vec<Chunk>| {
            let mut each = chunks.into_iter();
            let handed_in =
                each.try_for_each(|chunk| pooled.hand_in(chunk.span.start_s, cutter.samples(chunk.span), done));
            cutter.forget_before(cutter.needed_from());
            handed_in
        };
        let read = audio::read_16k(path, wanted, begun, &mut |samples| {
            for block in samples.chunks(BLOCK) {
                let mut chunks = Vec::new();
                cutter.push(block, &mut |chunk| chunks.push(chunk));
                listener.push(block, &mut |edge| cutter.speech(edge, &mut |chunk| chunks.push(chunk)));
                outcome = hand_in(&mut cutter, &mut pooled, chunks);
                if outcome.is_err() {
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        })?;
        let mut chunks = Vec::new();
        let heard = listener.finish(path, read, &mut |edge| cutter.speech(edge, &mut |chunk| chunks.push(chunk)))?;
        cutter.finish(&mut |chunk| chunks.push(chunk));
        let words = outcome.and_then(|()| hand_in(&mut cutter, &mut pooled, chunks)).and_then(|()| pooled.finish(done));
        let words = words.map_err(|cause| AssessError::Transcribe { path: path.to_owned(), cause })?;
        let transcript = self.transcript(words, &heard.speech);
        Ok((heard, transcript))
    }

    /// A transcript of words that were recognised already in these stretches of speech.
    pub fn transcript(&self, mut words: Vec<Word>, speech: &[Span]) -> Transcript {
        reach_to_pauses(&mut words, speech);
        let not_understood = uncovered(&words, speech, NOT_UNDERSTOOD);
        Transcript { not_understood, ..Transcript::of_words(words, &self.model, &self.language) }
    }
}

impl Assessor {
    /// Makes reports with these filler words and frameworks; every report on a recording carries `notices`.
    pub fn new(lexicon: Lexicon, frameworks: Arc<Frameworks>, notices: Vec<String>) -> Assessor {
        Assessor { lexicon, frameworks, notices }
    }

    /// The report on a text that was never spoken.
    pub fn report_text(&self, transcript: Transcript, asked: Option<AskedFrom>) -> Report {
        self.report(transcript, None, asked)
    }

    /// The report on a recording.
    pub fn report_recording(&self, transcript: Transcript, heard: &HeardRecording, asked: Option<AskedFrom>) -> Report {
        self.report(transcript, Some(heard), asked)
    }

    fn report(&self, transcript: Transcript, sound: Option<&HeardRecording>, asked: Option<AskedFrom>) -> Report {
        let heard = Heard {
            transcript: &transcript,
            sound: sound.map(|sound| Sound {
                duration: sound.recording.duration_s,
                speech: &sound.speech,
                voice: &sound.voice,
                question_end: sound.question_end,
            }),
            question: asked.map(|asked| asked.question),
        };
        let analysis = analysis::analyse_with(&heard, &self.lexicon, &self.frameworks);
        let (strengths, advice) = analysis::advice::advise(&heard, &analysis);
        let mut notices = sound.map_or_else(Vec::new, |sound| sound.warnings.clone());
        notices.extend(report::hearing::notices(&transcript, &analysis));
        notices.extend(sound.is_some().then(|| self.notices.clone()).into_iter().flatten());
        Report {
            schema: Report::SCHEMA.to_owned(),
            question: asked.map(|asked| asked.reference()),
            recording: sound.map(|sound| sound.recording.clone()),
            transcript,
            analysis,
            strengths,
            advice,
            notices,
        }
    }
}
