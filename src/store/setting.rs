//! Which settings there are, and what fits each.

use std::fmt;

use crate::types::Seconds;

/// One setting.
#[derive(Debug, PartialEq)]
pub struct Key {
    /// Its name in the file; `rate` is `GREENROOM_RATE` in the environment.
    pub name: &'static str,
    /// What it does, in a line.
    pub about: &'static str,
    /// What fits it.
    pub kind: Kind,
    /// Its value where nobody sets it, as one would type it.
    pub default: Option<&'static str>,
}

/// What fits a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text that is not empty.
    Text,
    /// A whole number from the first to the second.
    Whole(u32, u32),
    /// A time up to this many seconds: `20`, `20s`, `1m30s`.
    Time(u32),
    /// A length with room on both sides: `60-120`, or `90` for a third less to a third more.
    Range,
    /// Texts: an array in the file, commas elsewhere.
    List,
}

/// The value of a setting.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A whole number.
    Whole(u32),
    /// A time.
    Time(Seconds),
    /// Seconds `[lo, hi]`, `lo <= hi`.
    Range([u32; 2]),
    /// Texts.
    List(Vec<String>),
}

/// Prints a value as one would type it.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => f.write_str(text),
            Value::Whole(number) => write!(f, "{number}"),
            Value::Time(time) => write!(f, "{}s", time.0),
            Value::Range([lo, hi]) => write!(f, "{lo}-{hi}s"),
            Value::List(items) => f.write_str(&items.join(",")),
        }
    }
}

/// Every setting, in the order in which they are shown.
pub static KEYS: [Key; 11] = [
    key("model", "Whisper model: a name from `models list`, or a file", Kind::Text, None),
    key("language", "language that is spoken, as a code", Kind::Text, Some("en")),
    key("device", "microphone: a name from `devices`", Kind::Text, None),
    key("voice", "who asks: system, espeak-ng, say, text, cmd:COMMAND, or a system voice's name", Kind::Text, None),
    key("voice_command", "command that speaks {text} when no other voice does", Kind::Text, None),
    key("rate", "speed of the voice in words a minute", Kind::Whole(80, 450), Some("170")),
    key("volume", "loudness of the voice in percent", Kind::Whole(0, 100), Some("100")),
    key("think_s", "time to think before recording starts", Kind::Time(3600), Some("0")),
    key("auto_stop_s", "silence after which an answer ends by itself", Kind::Time(3600), None),
    key("target_s", "wanted length of an answer in seconds", Kind::Range, Some("60-120")),
    key("mirrors", "where models are downloaded from before their own address", Kind::List, None),
];

const fn key(name: &'static str, about: &'static str, kind: Kind, default: Option<&'static str>) -> Key {
    Key { name, about, kind, default }
}

impl Key {
    /// The setting of this name.
    pub fn named(name: &str) -> Option<&'static Key> {
        KEYS.iter().find(|key| key.name == name)
    }

    /// The setting whose name is spelled most like `name`, where one is near enough to be meant.
    pub fn nearest(name: &str) -> Option<&'static str> {
        let name = name.to_lowercase().replace('-', "_");
        let near = KEYS.iter().map(|key| match key.name.trim_end_matches("_s") == name {
            true => (0, key.name),
            false => (strsim::levenshtein(&name, key.name), key.name),
        });
        near.min().filter(|(edits, key)| *edits <= key.len() / 3).map(|(_, key)| key)
    }

    /// Reads a value as a person types it; the error says in words what would fit.
    pub fn parse(&self, text: &str) -> Result<Value, String> {
        let text = text.trim();
        let value = match self.kind {
            Kind::Text => Some(text).filter(|t| !t.is_empty()).map(|t| Value::Text(t.to_owned())),
            Kind::Whole(lo, hi) => text.parse().ok().filter(|n| (lo..=hi).contains(n)).map(Value::Whole),
            Kind::Time(most) => seconds(text).filter(|s| s.0 <= f64::from(most)).map(Value::Time),
            Kind::Range => range(text).map(Value::Range),
            Kind::List => return self.of_list(text.split(',').map(str::to_owned).collect()),
        };
        value.ok_or_else(|| self.wanted())
    }

    /// A value from an array of texts.
    pub(super) fn of_list(&self, items: Vec<String>) -> Result<Value, String> {
        let items: Vec<String> = items.iter().map(|i| i.trim().to_owned()).filter(|i| !i.is_empty()).collect();
        match self.kind {
            Kind::List => Ok(Value::List(items)),
            _ => Err(self.wanted()),
        }
    }

    /// A value from one number or from an array of two.
    pub(super) fn of_numbers(&self, numbers: &[String]) -> Result<Value, String> {
        match (self.kind, numbers) {
            (Kind::Whole(..) | Kind::Time(_) | Kind::Range, [number]) => self.parse(number),
            (Kind::Range, [lo, hi]) => self.parse(&format!("{lo}-{hi}")),
            _ => Err(self.wanted()),
        }
    }

    /// What fits, in words.
    pub(super) fn wanted(&self) -> String {
        match self.kind {
            Kind::Text => "text".to_owned(),
            Kind::Whole(lo, hi) => format!("a whole number from {lo} to {hi}"),
            Kind::Time(most) => format!("a time up to {most} s, such as 20 or \"1m30s\""),
            Kind::Range => "a length such as 90, \"60-120\" or [60, 120]".to_owned(),
            Kind::List => "a list of texts".to_owned(),
        }
    }
}

/// A time as people type it: `20`, `2.5`, `20s`, `2m`, `1m30s`.
pub fn seconds(text: &str) -> Option<Seconds> {
    let (minutes, rest) = match text.split_once('m') {
        Some((minutes, rest)) => (minutes.parse::<u32>().ok()?, rest),
        None => (0, text),
    };
    let rest = match (rest.strip_suffix('s').unwrap_or(rest), minutes) {
        ("", 1..) => 0.0,
        (digits, _) if digits.starts_with(|c: char| c.is_ascii_digit()) => digits.parse::<f64>().ok()?,
        _ => return None,
    };
    Some(Seconds(f64::from(minutes) * 60.0 + rest))
}

/// Longest answer that can be aimed at, in seconds.
const LONGEST_TARGET_S: f64 = 7200.0;

/// A target as people type it: `60-120`, `60s-2m`, or `90s` for 60 to 120.
fn range(text: &str) -> Option<[u32; 2]> {
    let (lo, hi) = match text.split_once('-') {
        Some((lo, hi)) => (seconds(lo.trim())?.0, seconds(hi.trim())?.0),
        None => {
            let middle = seconds(text)?.0;
            (middle * 2.0 / 3.0, middle * 4.0 / 3.0)
        }
    };
    (0.0 < hi && lo <= hi && hi <= LONGEST_TARGET_S).then_some([lo.round() as u32, hi.round() as u32])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_targets_are_read_as_people_type_them() {
        for (text, wanted) in [("20", 20.0), ("2.5", 2.5), ("20s", 20.0), ("2m", 120.0), ("1m30s", 90.0), ("0", 0.0)] {
            assert_eq!(seconds(text), Some(Seconds(wanted)), "{text}");
        }
        for text in ["", "s", "m", "-3", "nan", "inf", "1e999x", "20 apples", "1h"] {
            assert_eq!(seconds(text), None, "{text}");
        }
        for (text, wanted) in [("60-120", [60, 120]), ("90s", [60, 120]), ("1m-2m", [60, 120]), ("0-30", [0, 30])] {
            assert_eq!(range(text), Some(wanted), "{text}");
        }
        for text in ["120-60", "0", "60-", "-60", "99999"] {
            assert_eq!(range(text), None, "{text}");
        }
    }

    #[test]
    fn the_setting_that_was_meant_is_found() {
        for (typed, meant) in
            [("mirror", "mirrors"), ("think", "think_s"), ("voice-command", "voice_command"), ("Rate", "rate")]
        {
            assert_eq!(Key::nearest(typed), Some(meant));
        }
        assert_eq!(Key::nearest("colour_of_the_sky"), None);
    }

    #[test]
    fn every_default_fits_its_setting() {
        for key in &KEYS {
            if let Some(text) = key.default {
                assert!(key.parse(text).is_ok(), "{}", key.name);
            }
        }
    }
}
