//! Settings, and where each of them comes from.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use toml_edit::{Array, Document, DocumentMut, Item};

use super::StoreError;
use super::atomic::lock_beside;
use super::atomic::write_whole;
use super::setting::{KEYS, Key, Value};
use crate::remedy::{Action, NextStep, Remedy, next};
use crate::types::Seconds;

/// The settings in force: defaults, overridden by the file, the environment and flags, in this order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    settings: BTreeMap<&'static str, (Value, Origin)>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Built in.
    Default,
    /// The configuration file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// An environment variable, by name.
    Environment(String),
    /// What was typed, such as `--rate`.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File { path, line } => write!(f, "{} line {line}", path.display()),
            Origin::Environment(name) | Origin::Flag(name) => f.write_str(name),
        }
    }
}

/// One setting, for showing.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Which.
    pub key: &'static Key,
    /// Its value; `None` where it is not set and has no default.
    pub value: Option<Value>,
    /// Where the value comes from; [`Origin::Default`] where there is none.
    pub origin: Origin,
}

/// Why settings could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file itself.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file is not TOML.
    #[error("{origin}: {message}")]
    Syntax {
        /// The place.
        origin: Origin,
        /// What the parser said.
        message: String,
    },
    /// There is no such setting.
    #[error("{origin}: there is no setting called {key:?}")]
    UnknownKey {
        /// The place.
        origin: Origin,
        /// What was written.
        key: String,
        /// The setting that is spelled most like it.
        nearest: Option<&'static str>,
    },
    /// The value does not fit the setting.
    #[error("{origin}: {key} wants {wanted}, not {found}")]
    WrongValue {
        /// The place.
        origin: Origin,
        /// The setting.
        key: &'static str,
        /// What fits, in words.
        wanted: String,
        /// What was written.
        found: String,
    },
}

impl Remedy for ConfigError {
    fn next_step(&self) -> NextStep {
        let edit = |origin: &Origin, otherwise: NextStep| match origin {
            Origin::File { path, line } => format!("edit line {line} of {}", path.display()).into(),
            _ => otherwise,
        };
        match self {
            ConfigError::Store(error) => error.next_step(),
            ConfigError::Syntax { origin, .. } => edit(origin, next!["see what is in force: ", Action::Settings]),
            ConfigError::UnknownKey { nearest: Some(key), .. } => format!("did you mean {key}?").into(),
            ConfigError::UnknownKey { nearest: None, .. } => next!["see all settings: ", Action::Settings],
            ConfigError::WrongValue { origin, key, .. } => {
                edit(origin, next!["see what is in force: ", Action::Settings, format!("; the setting is {key}")])
            }
        }
    }
}

impl Config {
    /// Reads the settings from the file, where there is one, and from the environment.
    ///
    /// `variable` looks up an environment variable; the one for `rate` is `GREENROOM_RATE`. An empty one counts as unset.
    /// What cannot be used is left out and is in the list, in the order read: a slip in one line costs that line alone, so
    /// that nobody is kept from a rehearsal by it.
    pub fn load(file: &Path, variable: impl Fn(&str) -> Option<String>) -> (Config, Vec<ConfigError>) {
        let mut config = Config::default();
        let mut left_out = Vec::new();
        for key in &KEYS {
            if let Some(text) = key.default {
                left_out.extend(config.set_text(key, text, Origin::Default).err());
            }
        }
        match fs::read(file) {
            Ok(bytes) => config.read_toml(&bytes, file, &mut left_out),
            Err(cause) if cause.kind() == ErrorKind::NotFound => {}
            Err(cause) => left_out.push(StoreError::reading(file, cause).into()),
        }
        for key in &KEYS {
            let name = format!("GREENROOM_{}", key.name.to_uppercase());
            if let Some(text) = variable(&name).filter(|text| !text.is_empty()) {
                left_out.extend(config.set_text(key, &text, Origin::Environment(name)).err());
            }
        }
        (config, left_out)
    }

    /// Overrides a setting with what was typed; `flag` is its name for people, such as `--rate`.
    pub fn override_with(&mut self, key: &str, text: &str, flag: &str) -> Result<(), ConfigError> {
        let origin = Origin::Flag(flag.to_owned());
        self.set_text(find_key(key, &origin)?, text, origin)
    }

    /// Changes one setting in the file and leaves everything else in it, comments too, as it is.
    ///
    /// An empty `text` takes the setting out of the file. A file that is missing is made. Programs that set something at the
    /// same time wait for each other, so that none of it is lost.
    pub fn set(file: &Path, key: &str, text: &str) -> Result<(), ConfigError> {
        let origin = Origin::Flag("config set".to_owned());
        let key = find_key(key, &origin)?;
        // Another program may be changing another setting at this moment.
        let _lock = lock_beside(file)?;
        let old = read_file(file)?.unwrap_or_default();
        let mut document: DocumentMut = old.parse().map_err(|e| syntax(&e, file, &old))?;
        if text.is_empty() {
            document.remove(key.name);
        } else {
            let value = key.parse(text).map_err(|wanted| wrong(key, wanted, format!("{text:?}"), &origin))?;
            let mut new = to_toml(&value);
            match document.get_mut(key.name).and_then(Item::as_value_mut) {
                Some(old) => {
                    // The comment behind a value belongs to the value.
                    *new.decor_mut() = old.decor().clone();
                    *old = new;
                }
                None => drop(document.insert(key.name, Item::Value(new))),
            }
        }
        Ok(write_whole(file, document.to_string().as_bytes())?)
    }

    /// Every setting, in the order of [`KEYS`].
    pub fn entries(&self) -> Vec<Entry> {
        let entry = |key: &'static Key| match self.settings.get(key.name) {
            Some((value, origin)) => Entry { key, value: Some(value.clone()), origin: origin.clone() },
            None => Entry { key, value: None, origin: Origin::Default },
        };
        KEYS.iter().map(entry).collect()
    }

    /// Where a setting comes from.
    pub fn origin(&self, key: &str) -> &Origin {
        self.settings.get(key).map_or(&Origin::Default, |(_, origin)| origin)
    }

    /// The Whisper model, by name in the catalog or as a file.
    pub fn model(&self) -> Option<&str> {
        self.text("model")
    }

    /// The microphone.
    pub fn device(&self) -> Option<&str> {
        self.text("device")
    }

    /// The voice that asks.
    pub fn voice(&self) -> Option<&str> {
        self.text("voice")
    }

    /// The command that speaks when no other voice does.
    pub fn voice_command(&self) -> Option<&str> {
        self.text("voice_command")
    }

    /// How fast questions are spoken, in words a minute.
    pub fn rate_wpm(&self) -> Option<u32> {
        self.whole("rate")
    }

    /// How loud questions are spoken, in percent.
    pub fn volume_percent(&self) -> Option<u32> {
        self.whole("volume")
    }

    /// Time to think before recording starts.
    pub fn think(&self) -> Option<Seconds> {
        self.time("think_s")
    }

    /// Silence after which an answer ends by itself.
    pub fn auto_stop(&self) -> Option<Seconds> {
        self.time("auto_stop_s")
    }

    /// The wanted length of an answer in seconds, `[lo, hi]`.
    pub fn target_s(&self) -> Option<[u32; 2]> {
        match self.value("target_s") {
            Some(Value::Range(range)) => Some(*range),
            _ => None,
        }
    }

    /// Where models are downloaded from before their own address is tried.
    pub fn mirrors(&self) -> &[String] {
        match self.value("mirrors") {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// The language that is spoken, as a code such as `en`.
    pub fn language(&self) -> Option<&str> {
        self.text("language")
    }

    fn value(&self, key: &str) -> Option<&Value> {
        self.settings.get(key).map(|(value, _)| value)
    }

    fn text(&self, key: &str) -> Option<&str> {
        match self.value(key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    fn whole(&self, key: &str) -> Option<u32> {
        match self.value(key) {
            Some(Value::Whole(number)) => Some(*number),
            _ => None,
        }
    }

    fn time(&self, key: &str) -> Option<Seconds> {
        match self.value(key) {
            Some(Value::Time(time)) => Some(*time),
            _ => None,
        }
    }

    fn set_text(&mut self, key: &'static Key, text: &str, origin: Origin) -> Result<(), ConfigError> {
        let value = key.parse(text).map_err(|wanted| wrong(key, wanted, format!("{text:?}"), &origin))?;
        self.settings.insert(key.name, (value, origin));
        Ok(())
    }

    /// Takes over every line of the file that can be used; why another cannot is put to `left_out`.
    fn read_toml(&mut self, bytes: &[u8], path: &Path, left_out: &mut Vec<ConfigError>) {
        let at = |line| Origin::File { path: path.to_owned(), line };
        let (text, slips) = salvage::readable_lines(bytes);
        left_out
            .extend(slips.into_iter().map(|slip| ConfigError::Syntax { origin: at(slip.line), message: slip.message }));
        // What was salvaged is TOML.
        let Ok(document) = Document::parse(&text) else { return };
        for (name, item) in document.iter() {
            let span = document.key(name).and_then(|key| key.span()).or_else(|| item.span());
            let origin = at(line_of(&text, span));
            left_out.extend(self.set_item(name, item, origin).err());
        }
    }

    fn set_item(&mut self, name: &str, item: &Item, origin: Origin) -> Result<(), ConfigError> {
        let key = find_key(name, &origin)?;
        let value = of_toml(key, item).map_err(|wanted| wrong(key, wanted, found(item), &origin))?;
        self.settings.insert(key.name, (value, origin));
        Ok(())
    }
}

fn wrong(key: &Key, wanted: String, found: String, origin: &Origin) -> ConfigError {
    ConfigError::WrongValue { origin: origin.clone(), key: key.name, wanted, found }
}

/// The text of the file; `None` where there is none.
fn read_file(path: &Path) -> Result<Option<String>, StoreError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(StoreError::reading(path, cause)),
    }
}

fn find_key(name: &str, origin: &Origin) -> Result<&'static Key, ConfigError> {
    Key::named(name).ok_or_else(|| ConfigError::UnknownKey {
        origin: origin.clone(),
        key: name.to_owned(),
        nearest: Key::nearest(name),
    })
}

fn syntax(error: &toml_edit::TomlError, path: &Path, text: &str) -> ConfigError {
    let origin = Origin::File { path: path.to_owned(), line: line_of(text, error.span()) };
    ConfigError::Syntax { origin, message: message_of(error) }
}

/// What the parser said, in a line.
fn message_of(error: &toml_edit::TomlError) -> String {
    error.message().replace('\n', ", ")
}

/// The line, from 1, on which `span` begins.
fn line_of(text: &str, span: Option<std::ops::Range<usize>>) -> usize {
    let before = span.map_or(0, |span| span.start.min(text.len()));
    1 + text.as_bytes()[..before].iter().filter(|&&byte| byte == b'\n').count()
}

/// Numbers and pairs may also be written as text, `"90s"`, as on the command line.
fn of_toml(key: &Key, item: &Item) -> Result<Value, String> {
    let texts = |array: &Array| array.iter().map(|v| v.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
    if let Some(text) = item.as_str() {
        return key.parse(text);
    }
    if let Some(array) = item.as_array() {
        let numbers = array.iter().map(|v| v.as_integer().map(|n| n.to_string())).collect::<Option<Vec<_>>>();
        return match (texts(array), numbers) {
            (Some(texts), _) => key.of_list(texts),
            (None, Some(numbers)) => key.of_numbers(&numbers),
            _ => Err(key.wanted()),
        };
    }
    match (item.as_integer(), item.as_float()) {
        (Some(number), _) => key.of_numbers(&[number.to_string()]),
        (None, Some(number)) => key.of_numbers(&[number.to_string()]),
        _ => Err(key.wanted()),
    }
}

fn to_toml(value: &Value) -> toml_edit::Value {
    match value {
        Value::Text(text) => text.as_str().into(),
        Value::Whole(number) => i64::from(*number).into(),
        Value::Time(time) if time.0.fract() == 0.0 => (time.0 as i64).into(),
        Value::Time(time) => time.0.into(),
        Value::Range(range) => range.iter().map(|&n| i64::from(n)).collect::<Array>().into(),
        Value::List(items) => items.iter().map(String::as_str).collect::<Array>().into(),
    }
}

/// A value of the file in an error message.
fn found(item: &Item) -> String {
    match item.as_value() {
        Some(value) => value.to_string().trim().to_owned(),
        None => "a table".to_owned(),
    }
}

mod salvage;
#[cfg(test)]
mod tests;
