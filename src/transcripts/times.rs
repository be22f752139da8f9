//! Times as people and programs write them: `0:05`, `00:01:02,345`, `[12:03]`, `75.5s`.

use crate::types::Seconds;

/// A time written with colons: minutes and seconds, or hours before them, and a fraction after a point or a comma.
pub fn clock(text: &str) -> Option<Seconds> {
    if text.len() > 16 || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (whole, fraction) = match text.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, number(fraction, 6)? / 10f64.powi(fraction.len() as i32)),
        None => (text, 0.0),
    };
    let parts = whole.split(':').map(|part| number(part, 3)).collect::<Option<Vec<_>>>()?;
    let seconds = match parts[..] {
        [minutes, seconds] if seconds < 60.0 => minutes * 60.0 + seconds,
        [hours, minutes, seconds] if minutes < 60.0 && seconds < 60.0 => (hours * 60.0 + minutes) * 60.0 + seconds,
        _ => return None,
    };
    Some(Seconds(seconds + fraction))
}

/// A number of at most so many digits.
fn number(digits: &str, most: usize) -> Option<f64> {
    let is_number = (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

/// The two times of `00:00:05,000 --> 00:00:09,000` or `0:00:05.000,0:00:09.000`, and what follows.
pub fn range(line: &str) -> Option<(Seconds, Seconds, &str)> {
    let Some((start, rest)) = line.split_once("-->") else {
        let (start, end) = line.split_once(',')?;
        // Not `1:05,250`: both have their fraction.
        let is_one = start.contains('.') && end.contains('.');
        return is_one.then(|| Some((clock(start)?, clock(end)?, ""))).flatten();
    };
    let rest = rest.trim_start();
    let end = rest.find(|c: char| c.is_whitespace() || c == ']').unwrap_or(rest.len());
    Some((clock(start.trim())?, clock(&rest[..end])?, &rest[end..]))
}

/// A time at the start of a line, in brackets of any kind or without, with what follows; and whether it stood in brackets.
pub fn leading(line: &str) -> Option<(Seconds, &str, bool)> {
    let bare = line.trim_start_matches('@');
    if let Some(close) = bare.chars().next().and_then(closing) {
        let end = bare.find(close)?;
        let time = clock(bare[1..end].trim().trim_end_matches('s'))?;
        return Some((time, bare[end + close.len_utf8()..].trim_start(), true));
    }
    let end = bare.find(|c: char| c.is_whitespace() || c == '-' || c == '–').unwrap_or(bare.len());
    let time = clock(bare[..end].trim_end_matches(':'))?;
    Some((time, bare[end..].trim_start(), false))
}

/// A time at the end of a line, with what stands before it; and whether it stood apart: in brackets, or after two spaces.
pub fn trailing(line: &str) -> Option<(&str, Seconds, bool)> {
    let line = line.trim_end().trim_end_matches(':');
    let last = line.chars().next_back()?;
    if let Some(open) = opening(last) {
        let start = line.rfind(open)?;
        let time = clock(line[start + open.len_utf8()..line.len() - last.len_utf8()].trim())?;
        return Some((line[..start].trim_end(), time, true));
    }
    let start = line.rfind(char::is_whitespace)?;
    let time = clock(line[start..].trim_start())?;
    let before = line[..start].trim_end();
    Some((before, time, start > before.len() || line[before.len()..].starts_with('\t')))
}

fn closing(open: char) -> Option<char> {
    [('[', ']'), ('(', ')'), ('<', '>'), ('{', '}')].into_iter().find(|pair| pair.0 == open).map(|pair| pair.1)
}

fn opening(close: char) -> Option<char> {
    ["[]", "()", "<>", "{}"].into_iter().find(|pair| pair.ends_with(close)).and_then(|pair| pair.chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_form_and_nothing_else_is_one() {
        let times = [
            ("0:05", 5.0),
            ("00:01:02,345", 62.345),
            ("01:02:03.4", 3_723.4),
            ("61:00", 3_660.0),
            ("00:00:00.0000001", -1.0),
        ];
        for (text, seconds) in times {
            assert_eq!(clock(text).map_or(-1.0, |time| time.0), seconds, "{text}");
        }
        for text in ["5", "1:75", "0:05am", ":05", "1:2:3:4", "-1:00", "10:1e3", "9:30pm", "16:9x"] {
            assert_eq!(clock(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_is_found_at_either_end_of_a_line() {
        assert_eq!(range("00:05.000 --> 00:09.000 align:start"), Some((Seconds(5.0), Seconds(9.0), " align:start")));
        assert_eq!(leading("[00:05] Sam: hello"), Some((Seconds(5.0), "Sam: hello", true)));
        assert_eq!(leading("0:05 - Sam"), Some((Seconds(5.0), "- Sam", false)));
        assert_eq!(trailing("Sam Okoro  0:05"), Some(("Sam Okoro", Seconds(5.0), true)));
        assert_eq!(trailing("Sam Okoro (0:05):"), Some(("Sam Okoro", Seconds(5.0), true)));
        assert_eq!(trailing("We met at 9:30"), Some(("We met at", Seconds(570.0), false)));
    }
}
