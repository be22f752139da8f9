//! Whisper itself; the only file that names whisper-rs.
//!
//! What had to be avoided (each was run or read in whisper.cpp 1.8.3):
//! - `set_abort_callback_safe` of whisper-rs 0.16 reads a pointer as the wrong type; the raw callback is used.
//! - Word alignment (DTW) ends the process on a window of 7 audio tokens (0.14 s) or less, and on a window longer than
//!   `audio_ctx`. With timestamps on, a timestamp token chooses the window, so they are off and pieces are a second or more.
//! - Flash attention turns alignment off without a word.
//! - Earlier text as context spreads one bad piece over the rest; there is none.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_void};
use std::path::PathBuf;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use whisper_rs::{
    DtwMode, DtwModelPreset, DtwParameters, FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters,
    WhisperState,
};

use super::guard::{self, Attempt, Decoded};
use super::loudness::Loudness;
use super::words::{Token, words_of};
use super::{Stop, TranscribeError, Transcriber};
use crate::audio::SPEECH_RATE_HZ;
use crate::models::{BadModel, Feeding, WordTimes, check};
use crate::types::{Seconds, Word};

/// Where a model's bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelSource {
    /// Inside the program.
    Embedded {
        /// What to call it in an error.
        name: &'static str,
        /// The whole file.
        bytes: &'static [u8],
    },
    /// A file.
    File(PathBuf),
}

/// How Whisper works.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Threads, at least 1. As many as there are cores makes decoding up to 100 times slower as soon as anything else
    /// runs, because whisper.cpp's threads wait for each other without sleeping.
    pub threads: usize,
    /// Language code such as `en`. Only models for many languages look at it.
    pub language: String,
    /// Sentences that are followed at a time; 1 takes the best token each time.
    pub beam: u8,
    /// Where word times come from.
    pub word_times: WordTimes,
    /// How much of the 30 s window the encoder works through.
    pub window: Window,
}

/// How much of its 30 s window the encoder works through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Window {
    /// All of it, as the model was trained. Public models go into loops with less.
    Whole,
    /// The piece and so much silence after it: several times faster.
    Fitted {
        /// Silence that stays after the piece.
        margin: Seconds,
    },
}

impl Settings {
    /// One core left to the rest of the program, English, and the model fed as `feeding` says.
    pub fn new(word_times: WordTimes, feeding: Feeding) -> Settings {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Settings {
            threads: cores.saturating_sub(1).max(1),
            language: "en".to_owned(),
            beam: feeding.beam,
            word_times,
            window: feeding.margin_s.map_or(Window::Whole, |margin| Window::Fitted { margin }),
        }
    }
}

/// Why a model could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file is not one that whisper.cpp can be trusted with.
    #[error(transparent)]
    Bad(#[from] BadModel),
    /// The file looked right and whisper.cpp would not take it.
    #[error("Whisper would not load {}: {reason}", path.display())]
    Refused {
        /// The model.
        path: PathBuf,
        /// What whisper.cpp said.
        reason: String,
    },
}

impl LoadError {
    /// The next thing to type.
    pub fn hint(&self) -> String {
        match self {
            LoadError::Bad(bad) => bad.hint(),
            LoadError::Refused { .. } => "greenroom models verify   (and free some memory)".to_owned(),
        }
    }
}

/// A loaded Whisper model.
pub struct Whisper {
    state: WhisperState,
    /// First token that is not text.
    first_special: i32,
    window_tokens: i32,
    settings: Settings,
}

impl Whisper {
    /// Checks and loads a model; takes 0.05 s for the practice model to seconds for large ones.
    pub fn load(source: &ModelSource, settings: Settings) -> Result<Whisper, LoadError> {
        keep_the_log_off_the_screen();
        let path = match source {
            ModelSource::Embedded { name, .. } => PathBuf::from(name),
            ModelSource::File(path) => path.clone(),
        };
        let shape = match source {
            ModelSource::Embedded { bytes, .. } => check::check_bytes(bytes, &path)?,
            ModelSource::File(path) => check::check(path)?,
        };
        let mut parameters = WhisperContextParameters::new();
        parameters.flash_attn(false).dtw_parameters(DtwParameters {
            mode: dtw_mode(&settings.word_times, shape.text_layers),
            dtw_mem_size: 256 << 20,
        });
        let refused = || LoadError::Refused { path: path.clone(), reason: last_reason() };
        forget_reason();
        let context = match source {
            ModelSource::Embedded { bytes, .. } => WhisperContext::new_from_buffer_with_params(bytes, parameters),
            ModelSource::File(path) => WhisperContext::new_with_params(path, parameters),
        };
        let context = context.map_err(|_| refused())?;
        let state = context.create_state().map_err(|_| refused())?;
        Ok(Whisper { state, first_special: context.token_eot(), window_tokens: context.n_audio_ctx(), settings })
    }

    /// One run of the model over one piece.
    fn decode(&mut self, samples: &[f32], attempt: Attempt, stop: &Stop) -> Result<Decoded, TranscribeError> {
        let length = Seconds::of_samples(samples.len(), SPEECH_RATE_HZ);
        let samples = at_least_a_second(samples);
        let language = self.settings.language.clone();
        let params = self.parameters(&language, samples.len(), attempt, stop);
        forget_reason();
        let outcome = self.state.full(params, &samples);
        if stop.is_asked() {
            return Err(TranscribeError::Stopped);
        }
        if let Err(error) = outcome {
            let reason = Some(last_reason()).filter(|r| r != NO_REASON).unwrap_or_else(|| error.to_string());
            return Err(TranscribeError::Failed { seconds: length.0, reason });
        }
        let no_speech = self.state.as_iter().map(|s| f64::from(s.no_speech_probability())).fold(0.0, f64::max);
        let words = words_of(&self.tokens(), &Loudness::of(&samples), length);
        Ok(Decoded { words, no_speech })
    }

    fn parameters<'a>(&self, language: &'a str, samples: usize, attempt: Attempt, stop: &Stop) -> FullParams<'a, 'a> {
        let beam = i32::from(self.settings.beam);
        let strategy = if attempt.temperature > 0.0 || beam <= 1 {
            SamplingStrategy::Greedy { best_of: 1 }
        } else {
            SamplingStrategy::BeamSearch { beam_size: beam, patience: -1.0 }
        };
        let mut params = FullParams::new(strategy);
        params.set_n_threads(self.settings.threads.max(1) as i32);
        if language != "en" {
            params.set_language(Some(language));
        }
        params.set_no_context(true);
        params.set_n_max_text_ctx(0);
        params.set_no_timestamps(true);
        // A piece with nothing in it may end before its first token.
        params.set_suppress_blank(false);
        params.set_temperature(attempt.temperature);
        // Trying again is the guard's decision: whisper.cpp would try five times on every unclear piece.
        params.set_temperature_inc(0.0);
        params.set_print_progress(false);
        params.set_print_realtime(false);
        if let (Window::Fitted { margin }, false) = (self.settings.window, attempt.whole_window) {
            let seconds = Seconds::of_samples(samples, SPEECH_RATE_HZ) + margin;
            params.set_audio_ctx(((seconds.0 * 50.0).ceil() as i32).min(self.window_tokens));
        }
        // SAFETY: the flag lives as long as `stop`, which the caller holds while `full` runs, and `is_asked` only reads it.
        unsafe {
            params.set_abort_callback(Some(is_asked));
            params.set_abort_callback_user_data(std::ptr::from_ref(stop.flag()).cast_mut().cast());
        }
        params
    }

    /// The text tokens of the last run.
    fn tokens(&self) -> Vec<Token> {
        let mut tokens = Vec::new();
        for segment in self.state.as_iter() {
            for index in 0..segment.n_tokens() {
                let Some(token) = segment.get_token(index) else { continue };
                let data = token.token_data();
                if data.id >= self.first_special {
                    continue;
                }
                let end = (data.t_dtw >= 0).then(|| Seconds(data.t_dtw as f64 / 100.0));
                let bytes = token.to_bytes().map(<[u8]>::to_vec).unwrap_or_default();
                tokens.push(Token { bytes, probability: f64::from(data.p), end });
            }
        }
        tokens
    }
}

impl Transcriber for Whisper {
    fn transcribe(&mut self, samples: &[f32], stop: &Stop) -> Result<Vec<Word>, TranscribeError> {
        if stop.is_asked() {
            return Err(TranscribeError::Stopped);
        }
        guard::careful(samples, &mut |samples, attempt| self.decode(samples, attempt, stop))
    }
}

unsafe extern "C" fn is_asked(flag: *mut c_void) -> bool {
    // SAFETY: `parameters` passed the address of a live AtomicBool.
    unsafe { &*flag.cast::<AtomicBool>() }.load(Ordering::Relaxed)
}

/// Whisper hears nothing in less than 0.1 s, and alignment ends the process on it.
fn at_least_a_second(samples: &[f32]) -> Cow<'_, [f32]> {
    let second = SPEECH_RATE_HZ as usize;
    if samples.len() >= second {
        return Cow::Borrowed(samples);
    }
    let mut padded = samples.to_vec();
    padded.resize(second, 0.0);
    Cow::Owned(padded)
}

/// The alignment heads for `word_times`.
///
/// The topmost layer stands in for a preset that is unknown, or that belongs to a model with another number of layers:
/// its heads might not exist, which ends the process.
fn dtw_mode(word_times: &WordTimes, text_layers: u32) -> DtwMode<'static> {
    use DtwModelPreset as Preset;
    let top = |layers: u32| DtwMode::TopMost { n_top: layers.clamp(1, text_layers.max(1)) as i32 };
    let (model_preset, layers) = match word_times {
        WordTimes::TopLayers(layers) => return top(u32::from(*layers)),
        WordTimes::Preset(name) => match name.as_str() {
            "tiny.en" => (Preset::TinyEn, 4),
            "tiny" => (Preset::Tiny, 4),
            "base.en" => (Preset::BaseEn, 6),
            "base" => (Preset::Base, 6),
            "small.en" => (Preset::SmallEn, 12),
            "small" => (Preset::Small, 12),
            "medium.en" => (Preset::MediumEn, 24),
            "medium" => (Preset::Medium, 24),
            "large-v1" => (Preset::LargeV1, 32),
            "large-v2" => (Preset::LargeV2, 32),
            "large-v3" => (Preset::LargeV3, 32),
            "large-v3-turbo" => (Preset::LargeV3Turbo, 4),
            _ => return top(1),
        },
    };
    if layers == text_layers { DtwMode::ModelPreset { model_preset } } else { top(1) }
}

const NO_REASON: &str = "it gave no reason";

#[cfg(all(windows, not(target_env = "gnu")))]
type LogLevel = std::ffi::c_int;
#[cfg(not(all(windows, not(target_env = "gnu"))))]
type LogLevel = std::ffi::c_uint;

thread_local! {
    /// The last warning or error whisper.cpp gave on this thread.
    static REASON: RefCell<Option<String>> = const { RefCell::new(None) };
}

fn forget_reason() {
    REASON.with_borrow_mut(|reason| *reason = None);
}

fn last_reason() -> String {
    REASON.with_borrow_mut(Option::take).unwrap_or_else(|| NO_REASON.to_owned())
}

/// Sends whisper.cpp's and ggml's messages to the log instead of stderr, and keeps the last reason for errors.
fn keep_the_log_off_the_screen() {
    static ONCE: Once = Once::new();
    // SAFETY: `on_log` is a plain function that neither panics nor unwinds, and needs no data.
    ONCE.call_once(|| unsafe { whisper_rs::set_log_callback(Some(on_log), std::ptr::null_mut()) });
}

unsafe extern "C" fn on_log(level: LogLevel, text: *const c_char, _: *mut c_void) {
    if text.is_null() {
        return;
    }
    // SAFETY: whisper.cpp passes a string that ends in NUL and lives during the call.
    let text = unsafe { CStr::from_ptr(text) }.to_string_lossy();
    let text = text.trim();
    log::debug!(target: "whisper", "{text}");
    use whisper_rs::GGMLLogLevel;
    if matches!(GGMLLogLevel::from(level), GGMLLogLevel::Warn | GGMLLogLevel::Error) && !text.is_empty() {
        // Not while the thread ends, and never twice at once: then the message is only in the log.
        let _ = REASON.try_with(|reason| {
            if let Ok(mut reason) = reason.try_borrow_mut() {
                *reason = Some(text.to_owned());
            }
        });
    }
}
