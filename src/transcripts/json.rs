//! JSON of programs that recognise speech.
//!
//! They agree on less than it seems: segments are `segments`, `utterances`, `transcription` or `chunks`, a word is `word`,
//! `text` or `punctuated_word`, times are seconds, milliseconds or pairs. What they have in common is read: lists of things
//! that have a text or words, and perhaps times and somebody who speaks.

use serde::Deserialize;
use serde_json::Value;

use super::conversation::{Conversation, Utterance, words};
use super::{Source, TranscriptError};
use crate::types::{Span, Transcript, Word};

/// Why it is no transcript.
pub enum JsonError {
    /// It is no JSON, from this line and column on.
    Broken(usize, usize),
    /// It is another kind of JSON.
    Unknown,
}

impl JsonError {
    /// The same, of the file of this name.
    pub fn named(self, name: &str) -> TranscriptError {
        let name = name.to_owned();
        match self {
            JsonError::Broken(line, column) => TranscriptError::BrokenJson { name, line, column },
            JsonError::Unknown => TranscriptError::UnknownJson { name },
        }
    }
}

/// A transcript of our own, or the one in a report.
#[derive(Deserialize)]
#[serde(untagged)]
enum Own {
    Report { transcript: Transcript },
    Transcript(Transcript),
}

/// Reads the JSON of any of them.
pub fn read(text: &str) -> Result<Source, JsonError> {
    let value: Value = serde_json::from_str(text).map_err(|error| JsonError::Broken(error.line(), error.column()))?;
    if let Ok(Own::Report { transcript } | Own::Transcript(transcript)) = Own::deserialize(&value) {
        return Ok(Source::Whole(transcript));
    }
    let language = language(&value).unwrap_or_else(|| "en".to_owned());
    let conversation = Conversation::of(in_milliseconds_mended(utterances(&value)), &language);
    match conversation {
        Some(conversation) => Ok(Source::Conversation(conversation)),
        // A recogniser that heard nothing.
        None if value.get("text").is_some_and(Value::is_string) => Ok(Source::Whole(whole_text(&value, &language))),
        None => Err(JsonError::Unknown),
    }
}

fn whole_text(value: &Value, language: &str) -> Transcript {
    let text = value.get("text").and_then(Value::as_str).unwrap_or_default();
    Transcript { language: language.to_owned(), ..Transcript::of_text(text.trim()) }
}

/// What is said, of the richest list that is there.
fn utterances(value: &Value) -> Vec<Utterance> {
    let lists = ["/results/utterances", "/utterances", "/segments", "/transcription", "/chunks", "/results/segments"];
    for path in lists {
        let found = value.pointer(path).map(|list| all_in(list, None)).unwrap_or_default();
        if found.iter().any(|utterance| !utterance.words.is_empty()) {
            return found;
        }
    }
    if let Some(channels) = value.pointer("/results/channels").and_then(Value::as_array) {
        return in_channels(channels);
    }
    let words = ["/words", "/word_segments"].iter().find_map(|path| value.pointer(path)).unwrap_or(value);
    all_in(words, None)
}

/// The channels of Deepgram, each with its best reading; each is somebody where there are several.
fn in_channels(channels: &[Value]) -> Vec<Utterance> {
    let of = |(at, channel): (usize, &Value)| {
        let name = (channels.len() > 1).then(|| format!("Channel {}", at + 1));
        let best = channel.pointer("/alternatives/0")?;
        Some(match best.get("words").map(|words| all_in(words, name.as_deref())) {
            Some(words) if !words.is_empty() => words,
            _ => one(best, name.as_deref()).into_iter().collect(),
        })
    };
    channels.iter().enumerate().filter_map(of).flatten().collect()
}

/// The utterances of a list, those of one person that follow each other as one.
fn all_in(list: &Value, speaker: Option<&str>) -> Vec<Utterance> {
    let mut all: Vec<Utterance> = Vec::new();
    for utterance in list.as_array().into_iter().flatten().filter_map(|item| one(item, speaker)) {
        match all.last_mut() {
            Some(last) if last.speaker == utterance.speaker => last.words.extend(utterance.words),
            _ => all.push(utterance),
        }
    }
    all
}

/// A segment, an utterance or a word.
fn one(item: &Value, speaker: Option<&str>) -> Option<Utterance> {
    let speaker = speaker.map(str::to_owned).or_else(|| name(item));
    let list = |key| item.get(key).and_then(Value::as_array).into_iter().flatten();
    let mut spoken: Vec<Word> = list("words").flat_map(word).collect();
    if spoken.is_empty() {
        spoken = of_tokens(list("tokens"));
    }
    if !spoken.is_empty() {
        return Some(Utterance { speaker, words: spoken });
    }
    let words = word(item);
    (!words.is_empty()).then_some(Utterance { speaker, words })
}

/// The words of an item that has a text itself.
fn word(item: &Value) -> Vec<Word> {
    let texts = ["punctuated_word", "word", "text", "transcript", "value"];
    let Some(text) = texts.iter().find_map(|key| item.get(key).and_then(Value::as_str)) else { return Vec::new() };
    let (start, end) = span(item).unzip();
    let sure = ["probability", "score", "confidence", "conf", "p"];
    words(text, start, end, sure.iter().find_map(|key| item.get(key).and_then(Value::as_f64)))
}

/// From when to when, in seconds; or in whatever the program counts in.
fn span(item: &Value) -> Option<(f64, f64)> {
    if let Some(offsets) = item.get("offsets") {
        return Some((offsets.get("from")?.as_f64()? / 1000.0, offsets.get("to")?.as_f64()? / 1000.0));
    }
    if let Some([start, end]) = item.get("timestamp").and_then(Value::as_array).map(Vec::as_slice) {
        return Some((start.as_f64()?, end.as_f64()?));
    }
    Some((item.get("start")?.as_f64()?, item.get("end")?.as_f64()?))
}

/// Who speaks: a name, or a number.
fn name(item: &Value) -> Option<String> {
    match item.get("speaker").or_else(|| item.get("speaker_id"))? {
        Value::String(name) if name.len() == 1 => Some(format!("Speaker {name}")),
        Value::String(name) => Some(name.trim().to_owned()).filter(|name| !name.is_empty()),
        Value::Number(number) => Some(format!("Speaker {number}")),
        _ => None,
    }
}

/// The words of whisper.cpp's tokens: one that begins with a space begins a word. Others' tokens are numbers, and are none.
fn of_tokens<'a>(tokens: impl Iterator<Item = &'a Value>) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::new();
    for token in tokens {
        let Some(text) = token.get("text").and_then(Value::as_str) else { continue };
        if text.starts_with("[_") || text.starts_with("<|") {
            continue;
        }
        let part = word(token);
        let Some(first) = part.first() else { continue };
        match joined.last_mut() {
            Some(last) if !text.starts_with(' ') && part.len() == 1 => {
                last.text.push_str(&first.text);
                last.end_s = first.end_s.or(last.end_s);
                last.probability = last.probability.zip(first.probability).map(|(a, b)| a.min(b));
            }
            _ => joined.extend(part),
        }
    }
    joined
}

/// The language's code, where it is said.
fn language(value: &Value) -> Option<String> {
    let places = ["/language", "/result/language", "/language_code", "/results/channels/0/detected_language"];
    let said = places.iter().find_map(|path| value.pointer(path)).and_then(Value::as_str)?.to_lowercase();
    let code = said.split(['-', '_']).next().unwrap_or_default();
    let named = [("english", "en"), ("german", "de"), ("french", "fr"), ("spanish", "es"), ("italian", "it")];
    let of_name = named.iter().find(|(name, _)| *name == code).map(|(_, code)| (*code).to_owned());
    of_name.or_else(|| (2..=3).contains(&code.len()).then(|| code.to_owned()))
}

/// Nobody takes twenty seconds for a word: such times are milliseconds.
fn in_milliseconds_mended(mut utterances: Vec<Utterance>) -> Vec<Utterance> {
    let spans = || utterances.iter().flat_map(|utterance| &utterance.words).filter_map(Word::span);
    let spoken: f64 = spans().map(|span: Span| span.length().0).sum();
    if spans().count() > 0 && spoken / spans().count() as f64 > 20.0 {
        for word in utterances.iter_mut().flat_map(|utterance| &mut utterance.words) {
            word.start_s = word.start_s.map(|time| time * 0.001);
            word.end_s = word.end_s.map(|time| time * 0.001);
        }
    }
    utterances
}
