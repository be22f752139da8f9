//! Numbers as people read them.

use crate::types::Seconds;

/// A place on the clock of the recording, `1:32`.
pub(crate) fn clock(at: Seconds) -> String {
    let at = at.0.max(0.0).round() as u64;
    format!("{}:{:02}", at / 60, at % 60)
}

/// A length of time: `3.1 s` under ten seconds, `42 s` under two minutes, `2 min 5 s` from there.
pub(in crate::report) fn seconds(length: Seconds) -> String {
    let length = length.0.max(0.0);
    if length < 9.95 {
        return format!("{length:.1} s");
    }
    match length.round() as u64 {
        short @ ..120 => format!("{short} s"),
        long => format!("{} min {} s", long / 60, long % 60),
    }
}

/// A count with its noun.
pub(in crate::report) fn count(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A share from 0 to 1 in percent.
pub(in crate::report) fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share.clamp(0.0, 1.0))
}

/// `text` in quotation marks.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_without_arithmetic() {
        let lengths = [(0.0, "0.0 s"), (3.12, "3.1 s"), (9.96, "10 s"), (92.4, "92 s"), (125.0, "2 min 5 s")];
        for (length, expected) in lengths {
            assert_eq!(seconds(Seconds(length)), expected);
        }
        assert_eq!((clock(Seconds(59.6)), clock(Seconds(-1.0))), ("1:00".to_owned(), "0:00".to_owned()));
    }
}
