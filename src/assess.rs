//! From an answer to its report: what rehearsal, `analyze`, `transcribe --report` and `recover` share.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::analysis::lexicon::Lexicon;
use crate::analysis::{self, Heard, Sound};
use crate::asr::words::reach_to_pauses;
use crate::asr::{self, ChunkRules, Stop, TranscribeError, Transcriber, transcribe_samples};
use crate::audio::{self, DecodeError, Decoded};
use crate::content::frameworks::Frameworks;
use crate::models::sha256;
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
    /// The samples, mono at 16 kHz.
    pub samples: Vec<f32>,
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

impl AssessError {
    /// The next thing to do.
    pub fn hint(&self) -> String {
        match self {
            AssessError::Decode(error) => error.hint(),
            AssessError::Unreadable { path, .. } => format!("check the rights: ls -l {}", path.display()),
            AssessError::Transcribe { .. } => "greenroom doctor".to_owned(),
        }
    }
}

/// Reads a recording and finds where somebody speaks.
pub fn hear(path: &Path) -> Result<HeardRecording, AssessError> {
    let decoded = audio::decode_16k(path)?;
    let sha256 = sha256::of_file(path).map_err(|cause| AssessError::Unreadable { path: path.to_owned(), cause })?;
    let Decoded { samples, file_rate_hz, channels, ref warnings, .. } = decoded;
    let recording = Recording {
        path: path.display().to_string(),
        duration_s: Seconds::of_samples(samples.len(), audio::SPEECH_RATE_HZ),
        sample_rate_hz: file_rate_hz,
        channels: u16::try_from(channels).unwrap_or(u16::MAX),
        sha256,
    };
    let warnings = warnings.iter().map(|warning| format!("{}: {warning}", path.display())).collect();
    Ok(HeardRecording { speech: audio::detect(&samples), samples, recording, question_end: None, warnings })
}

/// How recordings are transcribed: the model's name, its habits, and the language that is spoken.
#[derive(Clone, Debug)]
pub struct Transcribing {
    /// The model's name, for the transcripts.
    pub model: String,
    /// Code of the language that is spoken.
    pub language: String,
    /// How the model likes its sound.
    pub rules: ChunkRules,
}

impl Transcribing {
    /// Transcribes a recording; `progress` is told how much of it is done.
    pub fn transcribe(
        &self,
        heard: &HeardRecording,
        whisper: &mut dyn Transcriber,
        stop: &Stop,
        progress: &mut dyn FnMut(Seconds),
    ) -> Result<Transcript, AssessError> {
        let mut done = |progress_now: asr::Progress| progress(progress_now.done);
        let words = transcribe_samples(whisper, &heard.samples, &heard.speech, self.rules, stop, &mut done)
            .map_err(|cause| AssessError::Transcribe { path: PathBuf::from(&heard.recording.path), cause })?;
        Ok(self.transcript(words, &heard.speech))
    }

    /// A transcript of words that were recognised already in these stretches of speech.
    pub fn transcript(&self, mut words: Vec<Word>, speech: &[Span]) -> Transcript {
        reach_to_pauses(&mut words, speech);
        Transcript::of_words(words, &self.model, &self.language)
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
                samples: &sound.samples,
                question_end: sound.question_end,
            }),
            question: asked.map(|asked| asked.question),
        };
        let analysis = analysis::analyse_with(&heard, &self.lexicon, &self.frameworks);
        let (strengths, advice) = analysis::advice::advise(&heard, &analysis);
        let mut notices = sound.map_or_else(Vec::new, |sound| sound.warnings.clone());
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
