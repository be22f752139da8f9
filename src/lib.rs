//! Greenroom: rehearse interview answers aloud, alone, on your own machine.
//!
//! How a rehearsal flows: a question ([`content`]) is spoken ([`speech`]); the answer is
//! recorded to disk as it happens ([`audio`]), transcribed while the person still speaks
//! ([`asr`]), analysed ([`analysis`]), saved ([`store`]) and shown ([`report`]).
//! `rehearse` joins these; the command line in `src/cli` is the only place that prints.
//!
//! The map, from the bottom up:
//!
//! - [`types`]: plain data; the JSON contract.
//! - [`content`]: Markdown to questions, lexicons, choosing what to ask. Pure.
//! - [`transcripts`]: what other programs wrote down: subtitles, meeting programs, recognisers. Pure.
//! - [`analysis`]: one file per metric, from words and speech spans to findings. Pure.
//! - [`interview`]: what the interviewer says next, and what came of it. Pure.
//! - [`report`]: findings to terminal text, JSON, captions. Pure: `render() -> String`.
//! - [`practice`]: what is due again, and why. Pure.
//! - [`models`]: the catalog of Whisper models, and the checks that keep whisper.cpp from aborting.
//! - [`stories`]: which story was told for what, and what was told differently. Pure.
//! - [`causes`]: what is behind an error, in words.
//! - [`remedy`]: the next step of an error, as a type.
//! - [`quote`]: paths in commands that a person is advised to type.
//! - [`store`]: a folder per session, written as things happen.
//!
//! With the feature `app`:
//!
//! - [`audio`]: capture, playback, decoding, resampling, speech detection.
//! - [`speech`]: the voice that asks.
//! - [`asr`]: Whisper, fed chunk by chunk.
//! - `rehearse`: the loop.
//! - [`index`]: all takes, to be found in a moment; made from the folders, and never needed.
//! - [`setup`]: what a sitting is put together from, for the command line and the page.
//! - [`calibrate`]: the meter measures its own error on known speech.
//! - `batch`: folders of recordings.
//! - [`export`]: takes for somebody else.
//! - [`scratch`]: folders for what is needed only while the program runs.
//! - [`web`]: the same product in a browser.
//! - [`rig`]: a private sound server for machines without sound hardware; demo and tests share it.

pub mod analysis;
mod base_64;
pub mod causes;
pub mod content;
pub mod interview;
pub mod models;
pub mod practice;
pub mod quote;
pub mod remedy;
pub mod report;
pub mod store;
pub mod stories;
pub mod transcripts;
pub mod types;

#[cfg(feature = "app")]
pub mod asr;
#[cfg(feature = "app")]
pub mod assess;
#[cfg(feature = "app")]
pub mod audio;
#[cfg(feature = "app")]
pub mod batch;
#[cfg(feature = "app")]
pub mod calibrate;
#[cfg(feature = "app")]
pub mod export;
#[cfg(feature = "app")]
pub mod index;
#[cfg(feature = "app")]
pub mod rehearse;
#[cfg(all(feature = "app", unix))]
pub mod rig;
#[cfg(feature = "app")]
pub mod scratch;
#[cfg(feature = "app")]
pub mod setup;
#[cfg(feature = "app")]
pub mod speech;
#[cfg(feature = "app")]
pub mod web;
