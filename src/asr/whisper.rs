//! Whisper itself; the only file that names whisper-rs.
//!
//! What had to be avoided (each was run or read in whisper.cpp 1.8.3):
//! - `set_abort_callback_safe` of whisper-rs 0.16 reads a pointer as the wrong type; the raw callback is used.
//! - Word alignment (DTW) ends the process on a window of 7 audio tokens (0.14 s) or less, and on one longer than
//!   `audio_ctx`. A timestamp token that ends a window chooses its length, so a piece is one window (`single_segment`), of a
//!   second or more.
//! - Without timestamp tokens Whisper leaves out more of what people say: on 30 s of a meeting 30 instead of 21 words of 100.
//! - Flash attention turns alignment off without a word, and takes 1.5 times as long on a processor.
//! - Earlier text as context spreads one bad piece over the rest; there is none.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};

use whisper_rs::whisper_rs_sys::{whisper_context, whisper_state, whisper_token_data};
use whisper_rs::{
    DtwMode, DtwModelPreset, DtwParameters, FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters,
    WhisperState,
};

use super::fallback::{Attempt, Decoded, decode_with_fallback};
use super::loudness::Loudness;
use super::words::{Token, words_of};
use super::{Stop, TranscribeError, Transcriber};
use crate::audio::SPEECH_RATE_HZ;
use crate::models::{BadModel, WordTimes, check};
use crate::remedy::{Action, NextStep, Remedy, next};
use crate::types::{Seconds, Word};

/// How Whisper works.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Threads, at least 1. As many as there are cores makes decoding up to 100 times slower as soon as anything else
    /// runs, because whisper.cpp's threads wait for each other without sleeping.
    pub threads: usize,
    /// Language code such as `en`. Only models for many languages look at it.
    pub language: String,
    /// Work through less than the whole window of 30 s where a piece is shorter: quicker, and for long pieces not quite as
    /// good. Short pieces are always worked through so.
    pub fits_windows: bool,
    /// Sentences that are followed at a time; 1 takes the best token each time.
    pub beam: u8,
}

impl Settings {
    /// For an answer that is being given: one core is left to the rest of the program.
    pub fn live(language: &str) -> Settings {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = cores.saturating_sub(1).clamp(1, MOST_THREADS);
        Settings { threads, language: language.to_owned(), fits_windows: true, beam: BEAM }
    }

    /// For pieces of recordings, several of which are transcribed at a time: one thread for each.
    pub fn recording(language: &str) -> Settings {
        Settings { threads: 1, language: language.to_owned(), fits_windows: false, beam: BEAM }
    }
}

/// More threads than this bring nothing: decoding does not spread over them.
const MOST_THREADS: usize = 4;

/// Sentences that are followed at a time, as whisper.cpp's own program does.
const BEAM: u8 = 5;

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

impl Remedy for LoadError {
    fn next_step(&self) -> NextStep {
        match self {
            LoadError::Bad(bad) => bad.next_step(),
            LoadError::Refused { .. } => next![Action::VerifyModels, "   (and free some memory)"],
        }
    }
}

/// A loaded Whisper model: the weights, once, for any number of [`Whisper`]s.
#[derive(Debug)]
pub struct WhisperModel {
    context: Arc<WhisperContext>,
    path: PathBuf,
    /// How late its word times come.
    late: Seconds,
    /// Tokens that are a whole filled pause.
    filled_pauses: Vec<c_int>,
}

/// Filled pauses as tokens: with the space before a word, small and capital.
const FILLED_PAUSES: [&str; 4] = [" um", " Um", " uh", " Uh"];

impl WhisperModel {
    /// Checks and loads a model; takes 0.1 s for tiny.en to seconds for large ones.
    pub fn load(path: &Path) -> Result<WhisperModel, LoadError> {
        keep_the_log_off_the_screen();
        give_large_blocks_back();
        let shape = check::check(path)?;
        let mut parameters = WhisperContextParameters::new();
        let (mode, late) = dtw_mode(&WordTimes::of_file(path), shape.text_layers);
        parameters.flash_attn(false).dtw_parameters(DtwParameters { mode, dtw_mem_size: 256 << 20 });
        forget_reason();
        let context = WhisperContext::new_with_params(path, parameters)
            .map_err(|_| LoadError::Refused { path: path.to_owned(), reason: last_reason() })?;
        let token = |text: &str| context.tokenize(text, 8).ok().filter(|ids| ids.len() == 1).map(|ids| ids[0]);
        let filled_pauses = FILLED_PAUSES.iter().filter_map(|text| token(text)).collect();
        Ok(WhisperModel { context: Arc::new(context), path: path.to_owned(), late, filled_pauses })
    }

    /// What transcribes one piece at a time with this model. Each takes memory of its own (tiny 150 MB, base 250 MB).
    pub fn transcriber(&self, settings: Settings) -> Result<Whisper, LoadError> {
        forget_reason();
        let refused = || LoadError::Refused { path: self.path.clone(), reason: last_reason() };
        // One is made for every piece; that there is memory for it is found out now.
        self.context.create_state().map_err(|_| refused())?;
        let favoured = if settings.language == "en" { self.filled_pauses.clone() } else { Vec::new() };
        Ok(Whisper {
            context: Arc::clone(&self.context),
            first_special: self.context.token_eot(),
            first_timestamp: self.context.token_beg(),
            window_tokens: self.context.n_audio_ctx(),
            late: self.late,
            favoured,
            settings,
        })
    }
}

/// Transcribes pieces, one at a time.
pub struct Whisper {
    context: Arc<WhisperContext>,
    /// First token that is not text.
    first_special: c_int,
    first_timestamp: c_int,
    /// Audio tokens of the whole window: 1500, 50 a second.
    window_tokens: c_int,
    /// How late word times come.
    late: Seconds,
    /// Tokens of filled pauses.
    favoured: Vec<c_int>,
    settings: Settings,
}

/// Audio tokens a second.
const AUDIO_TOKENS_A_SECOND: f64 = 50.0;

/// Audio tokens that the encoder works through at least (10.24 s). On pieces of 2 to 4 s, fewer than this send public models
/// into loops: 70 words too many in 100 with 0.5 s of silence after the piece, 10 with 2 s, none with this many tokens.
const SHORTEST_WINDOW: c_int = 512;

/// Silence that the encoder hears after a piece in the shortest window.
const MARGIN: Seconds = Seconds(1.0);

/// A longer window is this many times as long as its piece, and 2 s longer: with 1 s of silence after pieces of 20 s, tiny.en
/// heard 2 words of 100 in meetings less than in the whole window.
const ROOM: f64 = 1.2;
/// See [`ROOM`].
const MORE_ROOM: Seconds = Seconds(2.0);

/// How much likelier filled pauses are made, as what is added to their logits. Whisper was trained on cleaned text and
/// drops most of them.
const FAVOUR: f32 = 5.0;

impl Whisper {
    /// One run of the model over one piece.
    fn decode(
        &self,
        state: &mut WhisperState,
        samples: &[f32],
        attempt: Attempt,
        stop: &Stop,
    ) -> Result<Decoded, TranscribeError> {
        let length = Seconds::of_samples(samples.len(), SPEECH_RATE_HZ);
        let samples = at_least_a_second(samples);
        let language = self.settings.language.clone();
        let window = self.window(samples.len(), attempt);
        let filter = LogitFilter {
            favoured: self.favoured.clone(),
            by: FAVOUR,
            forbidden: position(self.first_timestamp + window + 1)
                ..position(self.first_timestamp + self.window_tokens + 1),
            vocabulary: position(self.context.n_vocab()),
            end: position(self.first_special),
            are_no_numbers: AtomicBool::new(false),
        };
        let params = self.parameters(&language, window, attempt, &filter, stop);
        forget_reason();
        let outcome = state.full(params, &samples);
        if stop.is_asked() {
            return Err(TranscribeError::Stopped);
        }
        if filter.are_no_numbers.load(Ordering::Relaxed) {
            let reason = "the model's weights give no numbers; the file is damaged".to_owned();
            return Err(TranscribeError::Failed { seconds: length.0, reason });
        }
        if let Err(error) = outcome {
            let reason = Some(last_reason()).filter(|r| r != NO_REASON).unwrap_or_else(|| error.to_string());
            return Err(TranscribeError::Failed { seconds: length.0, reason });
        }
        let no_speech = state.as_iter().map(|s| f64::from(s.no_speech_probability())).fold(0.0, f64::max);
        let (tokens, goes_on_at) = self.tokens(state, length);
        let words = words_of(&tokens, &Loudness::of(&samples), length);
        Ok(Decoded { words, no_speech, goes_on_at })
    }

    /// How many audio tokens the encoder works through for a piece. Fitted to the piece, it is several times faster than the
    /// whole window of 30 s; a short piece loses nothing by it.
    fn window(&self, samples: usize, attempt: Attempt) -> c_int {
        let length = Seconds::of_samples(samples, SPEECH_RATE_HZ);
        let tokens = |time: Seconds| (time.0 * AUDIO_TOKENS_A_SECOND).ceil() as c_int;
        let fitted = match tokens(length + MARGIN) {
            short if short <= SHORTEST_WINDOW => SHORTEST_WINDOW,
            _ if self.settings.fits_windows => tokens(length * ROOM + MORE_ROOM),
            _ => self.window_tokens,
        };
        if attempt.whole_window { self.window_tokens } else { fitted.min(self.window_tokens) }
    }

    fn parameters<'a>(
        &self,
        language: &'a str,
        window: c_int,
        attempt: Attempt,
        filter: &LogitFilter,
        stop: &Stop,
    ) -> FullParams<'a, 'a> {
        let beam = i32::from(self.settings.beam);
        let strategy = if attempt.temperature > 0.0 || beam <= 1 {
            SamplingStrategy::Greedy { best_of: 1 }
        } else {
            SamplingStrategy::BeamSearch { beam_size: beam, patience: -1.0 }
        };
        let mut params = FullParams::new(strategy);
        params.set_n_threads(self.settings.threads.max(1) as i32);
        params.set_language(Some(language));
        params.set_no_context(true);
        params.set_n_max_text_ctx(0);
        params.set_single_segment(true);
        params.set_temperature(attempt.temperature);
        params.set_print_progress(false);
        params.set_print_realtime(false);
        params.set_audio_ctx(if window < self.window_tokens { window } else { 0 });
        // SAFETY: `filter` lives as long as the caller runs `full`, and `filter_logits` only reads it.
        unsafe {
            params.set_filter_logits_callback(Some(filter_logits));
            params.set_filter_logits_callback_user_data(std::ptr::from_ref(filter).cast_mut().cast());
        }
        // SAFETY: the flag lives as long as `stop`, which the caller holds while `full` runs, and `is_asked` only reads it.
        unsafe {
            params.set_abort_callback(Some(is_asked));
            params.set_abort_callback_user_data(std::ptr::from_ref(stop.flag()).cast_mut().cast());
        }
        params
    }

    /// The text tokens of the last run over a piece of this length, and where the model stopped, if that is before its end:
    /// text after the last timestamp was not finished there and is left out.
    fn tokens(&self, state: &WhisperState, length: Seconds) -> (Vec<Token>, Option<Seconds>) {
        let mut tokens = Vec::new();
        let mut stopped = (Seconds::ZERO, 0);
        for segment in state.as_iter() {
            for index in 0..segment.n_tokens() {
                let Some(token) = segment.get_token(index) else { continue };
                let data = token.token_data();
                if data.id > self.first_timestamp {
                    stopped =
                        (Seconds(f64::from(data.id - self.first_timestamp) / AUDIO_TOKENS_A_SECOND), tokens.len());
                }
                if data.id >= self.first_special {
                    continue;
                }
                let end =
                    (data.t_dtw >= 0).then(|| (Seconds(data.t_dtw as f64 / 100.0) - self.late).max(Seconds::ZERO));
                let bytes = token.to_bytes().map(<[u8]>::to_vec).unwrap_or_default();
                let probability = f64::from(data.p);
                let is_favoured = self.favoured.contains(&data.id);
                let probability = if is_favoured { unfavoured(probability) } else { probability };
                if is_favoured && probability < UNLIKELY {
                    continue;
                }
                tokens.push(Token { bytes, probability, end });
            }
        }
        let (at, count) = stopped;
        if at == Seconds::ZERO || length - at < SHORTEST_REST {
            return (tokens, None);
        }
        tokens.truncate(count);
        (tokens, Some(at))
    }
}

/// A rest of a piece that is shorter is not heard again.
const SHORTEST_REST: Seconds = Seconds(1.0);

/// A filled pause that would have been less likely than this, had it not been favoured, is left out: of 12 in meetings 3 were
/// said.
const UNLIKELY: f64 = 0.002;

/// Tokens after a filled pause in which none is favoured: itself and a comma.
const REPEAT: usize = 2;

/// What is done to the logits of every token before one is chosen.
struct LogitFilter {
    /// Tokens that are made likelier ...
    favoured: Vec<c_int>,
    /// ... by this much.
    by: f32,
    /// Tokens that are never chosen: timestamps after the end of the window.
    forbidden: std::ops::Range<usize>,
    /// How many tokens there are.
    vocabulary: usize,
    /// The token that ends a piece.
    end: usize,
    /// Whether the model gave something else than numbers.
    are_no_numbers: AtomicBool,
}

/// A text that goes round is ended after so many tokens of it: whisper.cpp drops one of more than 32 tokens with few among them
/// for another that it followed, if there is one ...
const GOES_ROUND: usize = 34;
/// ... and so many rounds, which are more than a loop needs to be known as one ...
const ROUNDS: usize = 9;
/// ... of no more tokens than this. Else a loop runs on for 220 tokens, and is decoded up to five times.
const LONGEST_ROUND: usize = 8;

/// Whether a text has come to repeat its last tokens over and over.
fn goes_round(tokens: &[whisper_token_data]) -> bool {
    (1..=LONGEST_ROUND).any(|round| {
        let all = GOES_ROUND.max(ROUNDS * round);
        let is_round = |window: &[whisper_token_data]| window[0].id == window[round].id;
        tokens.len() >= all && tokens[tokens.len() - all..].windows(round + 1).all(is_round)
    })
}

unsafe extern "C" fn filter_logits(
    _: *mut whisper_context,
    _: *mut whisper_state,
    tokens: *const whisper_token_data,
    count: c_int,
    logits: *mut f32,
    filter: *mut c_void,
) {
    // SAFETY: `parameters` passed the address of a live LogitFilter.
    let filter = unsafe { &*filter.cast::<LogitFilter>() };
    // SAFETY: whisper.cpp passes as many logits as the model has tokens.
    let all = unsafe { std::slice::from_raw_parts_mut(logits, filter.vocabulary) };
    // Nothing but the end of the piece may come.
    let end_here = |all: &mut [f32]| {
        all.fill(f32::NEG_INFINITY);
        all[filter.end] = 0.0;
    };
    if all.iter().any(|logit| logit.is_nan() || *logit == f32::INFINITY) {
        filter.are_no_numbers.store(true, Ordering::Relaxed);
        // Sampling from these would choose a token that does not exist.
        return end_here(all);
    }
    // SAFETY: whisper.cpp passes the tokens chosen so far and their number.
    let chosen = unsafe { std::slice::from_raw_parts(tokens, position(count)) };
    if goes_round(chosen) {
        return end_here(all);
    }
    // One filled pause makes no other likelier: they would go on for ever.
    let just_said = chosen.iter().rev().take(REPEAT).any(|token| filter.favoured.contains(&token.id));
    for token in filter.favoured.iter().filter(|_| !just_said) {
        all[position(*token)] += filter.by;
    }
    all[filter.forbidden.clone()].fill(f32::NEG_INFINITY);
}

/// The position of a token among the logits; also what whisper.cpp counts.
fn position(token: c_int) -> usize {
    usize::try_from(token).unwrap_or(0)
}

/// How likely a token would have been without being favoured.
fn unfavoured(probability: f64) -> f64 {
    probability / (probability + (1.0 - probability) * f64::from(FAVOUR).exp())
}

impl Transcriber for Whisper {
    fn transcribe(&mut self, samples: &[f32], stop: &Stop) -> Result<Vec<Word>, TranscribeError> {
        let length = Seconds::of_samples(samples.len(), SPEECH_RATE_HZ);
        if stop.is_asked() {
            return Err(TranscribeError::Stopped);
        }
        forget_reason();
        let refused = |_| TranscribeError::Failed { seconds: length.0, reason: last_reason() };
        // A state of its own for every piece: following several sentences takes chance in, which a state carries on, so that
        // the same sound would give other words after other pieces.
        let mut state = self.context.create_state().map_err(refused)?;
        decode_with_fallback(samples, &mut |samples, attempt| self.decode(&mut state, samples, attempt, stop))
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

/// How late the words of tiny.en come by its alignment heads: on people 0.08 to 0.11 s in the median, reading and talking alike.
/// Those of base come 0.01 s early; the others were not measured.
const TINY_EN_LATE: Seconds = Seconds(0.07);

/// The alignment heads for `word_times`, and how late word times come by them.
///
/// The topmost layer stands in for a preset that is unknown, or that belongs to a model with another number of layers:
/// its heads might not exist, which ends the process.
fn dtw_mode(word_times: &WordTimes, text_layers: u32) -> (DtwMode<'static>, Seconds) {
    use DtwModelPreset as Preset;
    let top = |layers: u32| (DtwMode::TopMost { n_top: layers.clamp(1, text_layers.max(1)) as i32 }, Seconds::ZERO);
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
    if layers != text_layers {
        return top(1);
    }
    let late = if matches!(model_preset, Preset::TinyEn) { TINY_EN_LATE } else { Seconds::ZERO };
    (DtwMode::ModelPreset { model_preset }, late)
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

/// Has glibc give blocks of a megabyte and more back to the system as soon as they are freed. Else it raises that bound by
/// itself, and states that come and go leave 15 minutes of sound with 200 MB more than 2. Smaller blocks, which whisper.cpp
/// takes and frees for every token, it is to keep: that halves the time spent in the system.
fn give_large_blocks_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: mallopt may be called at any time from any thread, and only sets a number.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, 1 << 20);
        libc::mallopt(libc::M_TRIM_THRESHOLD, 16 << 20);
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_goes_round_after_nine_times_of_the_same_few_tokens() {
        let token = |id: &c_int| whisper_token_data {
            id: *id,
            tid: 0,
            p: 0.0,
            plog: 0.0,
            pt: 0.0,
            ptsum: 0.0,
            t0: 0,
            t1: 0,
            t_dtw: 0,
            vlen: 0.0,
        };
        let times = |round: &[c_int], count: usize| {
            [&[7, 8, 9, 10, 11][..], &round.repeat(count)].concat().iter().map(token).collect::<Vec<_>>()
        };
        assert!(goes_round(&times(&[1], 34)));
        assert!(goes_round(&times(&[1, 2], 17)));
        assert!(goes_round(&times(&[1, 2, 3, 4, 5, 6], 9)));
        assert!(!goes_round(&times(&[1], 33)));
        assert!(!goes_round(&times(&[1, 2, 3, 4, 5, 6], 8)));
        assert!(!goes_round(&[]));
    }
}
