//! Bytes to clean text, line by line: encodings, mojibake, line ends, control characters.
//!
//! Every line is decoded on its own, so that one damaged line costs only itself, and so that line
//! numbers and byte counts are those of the file.

use std::{fmt, sync::LazyLock};

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::ReadError;

/// The largest file that is read: 64 MiB. Ten thousand questions take about 20.
pub const MAX_BYTES: usize = 64 << 20;

/// Something in the file that was mended while reading it; the file itself is never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Line of the file, from 1.
    pub line: usize,
    /// What was mended.
    pub kind: RepairKind,
}

/// What was mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RepairKind {
    /// UTF-8 that some program once read as Windows-1252 and saved again, such as `â€”` for a dash.
    Mojibake {
        /// As it stands in the file.
        was: String,
        /// As it was meant.
        now: String,
    },
    /// Bytes that are no UTF-8; read as Windows-1252.
    OldEncoding,
    /// The whole file is UTF-16, as some Windows programs write it.
    Utf16,
    /// An HTML tag, left out; the text inside it is kept.
    Tag(String),
    /// Control characters, left out.
    Control(usize),
}

impl fmt::Display for RepairKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mojibake { was, now } => write!(f, "damaged characters mended: {was} is {now}"),
            Self::OldEncoding => write!(f, "not UTF-8: read as Windows-1252"),
            Self::Utf16 => write!(f, "the file is UTF-16: read as such"),
            Self::Tag(tag) => write!(f, "HTML left out, its text kept: {tag}"),
            Self::Control(1) => write!(f, "a control character left out"),
            Self::Control(count) => write!(f, "{count} control characters left out"),
        }
    }
}

/// A file as text, with what was mended on the way.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    /// The text; lines end in `\n`.
    pub text: String,
    /// Bytes that each line has in the file, its line end included.
    pub line_bytes: Vec<usize>,
    /// In the order of the lines.
    pub repairs: Vec<Repair>,
}

/// Decodes a file.
///
/// Fails when it is no text at all, empty, or larger than [`MAX_BYTES`].
pub(super) fn decode(bytes: &[u8], name: &str) -> Result<Decoded, ReadError> {
    if bytes.len() > MAX_BYTES {
        return Err(ReadError::TooLarge { name: name.into(), bytes: bytes.len(), limit: MAX_BYTES });
    }
    if let Some(what) = known_binary(bytes) {
        return Err(ReadError::Binary { name: name.into(), what: what.into() });
    }
    let decoded = match Encoding::for_bom(bytes) {
        Some((encoding, bom)) if encoding == UTF_16LE || encoding == UTF_16BE => utf16(encoding, &bytes[bom..], bom),
        Some((_, bom)) => eight_bit(&bytes[bom..], bom, name)?,
        None => eight_bit(bytes, 0, name)?,
    };
    if decoded.text.trim().is_empty() {
        return Err(ReadError::Empty { name: name.into() });
    }
    Ok(decoded)
}

/// The file formats that people take for text, by their first bytes.
fn known_binary(bytes: &[u8]) -> Option<&'static str> {
    let formats: [(&[u8], &str); 9] = [
        (b"%PDF-", "a PDF"),
        (b"PK\x03\x04", "a Word document or a zip archive"),
        (b"\xd0\xcf\x11\xe0", "an old Word document"),
        (b"{\\rtf", "a Rich Text document"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"RIFF", "a recording"),
        (b"OggS", "a recording"),
        (b"ID3", "a recording"),
    ];
    formats.into_iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, what)| what)
}

fn utf16(encoding: &'static Encoding, bytes: &[u8], bom: usize) -> Decoded {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let mut decoded = Decoded::default();
    decoded.repairs.push(Repair { line: 1, kind: RepairKind::Utf16 });
    for line in lines(text.as_bytes()) {
        let line = String::from_utf8_lossy(line);
        decoded.line_bytes.push(line.encode_utf16().count() * 2);
        decoded.push(&line);
    }
    // An odd byte at the end, and the mark at the start, belong to the lines they stand in.
    let counted: usize = decoded.line_bytes.iter().sum();
    if let Some(last) = decoded.line_bytes.last_mut() {
        *last = (*last + bytes.len()).saturating_sub(counted);
    }
    decoded.count_bom(bom);
    decoded
}

fn eight_bit(bytes: &[u8], bom: usize, name: &str) -> Result<Decoded, ReadError> {
    let no_text = || ReadError::Binary { name: name.into(), what: "no text".into() };
    if bytes.contains(&0) {
        return Err(no_text());
    }
    let mut decoded = Decoded::default();
    let mut foreign = 0;
    for line in lines(bytes) {
        decoded.line_bytes.push(line.len());
        if let Ok(line) = std::str::from_utf8(line) {
            decoded.push(line);
        } else {
            foreign += line.iter().filter(|byte| **byte >= 0x80).count();
            let number = decoded.line_bytes.len();
            decoded.repairs.push(Repair { line: number, kind: RepairKind::OldEncoding });
            decoded.push(&mixed(line));
        }
    }
    let controls = bytes.iter().filter(|byte| **byte < 0x20 && !matches!(**byte, b'\t' | b'\n' | b'\r')).count();
    if foreign + controls > bytes.len() / 4 {
        return Err(no_text());
    }
    decoded.count_bom(bom);
    Ok(decoded)
}

/// The valid UTF-8 of a line as it is, the bytes between as Windows-1252.
fn mixed(line: &[u8]) -> String {
    let mut text = String::with_capacity(line.len() + 8);
    for chunk in line.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    text
}

/// The lines with their ends: `\n`, `\r\n`, or the `\r` of old Macs.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = match rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            Some(at) if rest[at..].starts_with(b"\r\n") => at + 2,
            Some(at) => at + 1,
            None => rest.len(),
        };
        let (line, after) = rest.split_at(end);
        rest = after;
        Some(line)
    })
}

impl Decoded {
    /// Appends a line, mended.
    fn push(&mut self, line: &str) {
        let number = self.line_bytes.len();
        let line = line.trim_end_matches(['\n', '\r']);
        if line.is_ascii() && !line.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t') {
            self.text.push_str(line);
        } else {
            let (line, mended) = mend(line);
            self.repairs.extend(mended.into_iter().map(|kind| Repair { line: number, kind }));
            let controls = line.chars().filter(|c| unwanted(*c)).count();
            if controls > 0 {
                self.repairs.push(Repair { line: number, kind: RepairKind::Control(controls) });
            }
            self.text.extend(line.chars().filter(|c| !unwanted(*c)));
        }
        self.text.push('\n');
    }

    fn count_bom(&mut self, bom: usize) {
        if let Some(first) = self.line_bytes.first_mut() {
            *first += bom;
        }
    }
}

/// Characters that could play tricks on a terminal, or that nobody sees.
fn unwanted(c: char) -> bool {
    (c.is_control() && c != '\t') || matches!(c, '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Turns damaged characters back; what was damaged twice is mended twice.
fn mend(line: &str) -> (String, Vec<RepairKind>) {
    let mut text = line.to_owned();
    let mut repairs = Vec::new();
    for _ in 0..3 {
        let (mended, found) = mend_once(&text);
        if found.is_empty() {
            break;
        }
        text = mended;
        repairs.extend(found);
    }
    (text, repairs)
}

fn mend_once(line: &str) -> (String, Vec<RepairKind>) {
    let chars: Vec<char> = line.chars().collect();
    let mut text = String::with_capacity(line.len());
    let mut repairs = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let mut run = Vec::new();
        let mut end = at;
        while let Some((c, used)) = damaged(&chars[end..]) {
            run.push(c);
            end += used;
        }
        if run.len() >= 3 || run.iter().any(|c| certain(*c)) {
            let was: String = chars[at..end].iter().collect();
            let now: String = run.into_iter().collect();
            text.push_str(&now);
            repairs.push(RepairKind::Mojibake { was, now });
        } else {
            // A short run that may well be meant, or one character that is no run at all.
            end = end.max(at + 1);
            text.extend(&chars[at..end]);
        }
        at = end;
    }
    (text, repairs)
}

/// The character that the first two to four would be if they were UTF-8 bytes read as Windows-1252.
fn damaged(chars: &[char]) -> Option<(char, usize)> {
    let first = windows_1252(*chars.first()?)?;
    let count = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let mut bytes = [first, 0, 0, 0];
    for (byte, c) in bytes[1..count].iter_mut().zip(chars.get(1..count)?) {
        *byte = windows_1252(*c)?;
    }
    let c = std::str::from_utf8(&bytes[..count]).ok()?.chars().next()?;
    Some((c, count))
}

/// Whether such a character is damage even when it stands alone.
///
/// Others need company: `é”—` ends a quoted word in good French, and would be one Chinese character.
fn certain(c: char) -> bool {
    matches!(u32::from(c),
        0xa0..=0xff            // Latin letters and signs, `Ã©`
        | 0x2000..=0x23ff      // dashes, quotes, currency, arrows, `â€”`
        | 0x2600..=0x27bf | 0x2b00..=0x2bff
        | 0xfe0f | 0xfeff
        | 0x1f000..=0x1faff) // emoji, `ðŸŽ¯`
}

/// The byte of a character in Windows-1252, if it is one of its upper half.
fn windows_1252(c: char) -> Option<u8> {
    /// The characters of the bytes 0x80 to 0x9f; the rest stand where Unicode has them.
    static C1: LazyLock<Vec<char>> = LazyLock::new(|| {
        let bytes: Vec<u8> = (0x80..0xa0).collect();
        WINDOWS_1252.decode_without_bom_handling(&bytes).0.chars().collect()
    });
    match u32::from(c) {
        0..=0x7f => None,
        code @ 0xa0..=0xff => u8::try_from(code).ok(),
        _ => C1.iter().position(|known| *known == c).and_then(|at| u8::try_from(0x80 + at).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        decode(bytes, "bank").unwrap().text
    }

    #[test]
    fn damaged_dashes_quotes_letters_and_emoji_are_mended() {
        let cases = [
            ("done\u{e2}\u{20ac}\u{201d}late", "done—late"),
            ("it\u{e2}\u{20ac}\u{2122}s", "it’s"),
            ("caf\u{c3}\u{a9}", "café"),
            ("\u{f0}\u{178}\u{17d}\u{af} Goals", "🎯 Goals"),
            ("twice \u{c3}\u{a2}\u{e2}\u{201a}\u{ac}\u{e2}\u{20ac}\u{9d}", "twice —"),
        ];
        for (damaged, meant) in cases {
            assert_eq!(text(damaged.as_bytes()).trim(), meant, "{damaged}");
        }
    }

    #[test]
    fn good_accents_quotes_and_dashes_are_left_alone() {
        for good in ["“café”—and", "naïve façade", "Ærø – 5 € for “Ö”", "日本語", "«à»"] {
            let decoded = decode(good.as_bytes(), "bank").unwrap();
            assert_eq!(decoded.text.trim(), good);
            assert_eq!(decoded.repairs, []);
        }
    }

    #[test]
    fn a_line_in_an_old_encoding_is_read_and_noted_and_the_others_are_not() {
        let decoded = decode(b"fine \xc3\xa9\ncaf\xe9 \x96 late\nfine", "bank").unwrap();
        assert_eq!(decoded.text, "fine é\ncafé – late\nfine\n");
        assert_eq!(decoded.repairs, [Repair { line: 2, kind: RepairKind::OldEncoding }]);
    }

    #[test]
    fn every_line_end_ends_a_line_and_every_byte_is_counted() {
        for (bytes, lines) in [(&b"a\r\nb\rc\nd"[..], 4), (b"\xef\xbb\xbfa\n\nb\n", 3), (b"\xff\xfea\0\n\0b\0", 2)] {
            let decoded = decode(bytes, "bank").unwrap();
            assert_eq!(decoded.line_bytes.len(), lines, "{bytes:?}");
            assert_eq!(decoded.text.lines().count(), lines, "{bytes:?}");
            assert_eq!(decoded.line_bytes.iter().sum::<usize>(), bytes.len(), "{bytes:?}");
        }
    }

    #[test]
    fn terminal_escapes_are_left_out_and_noted() {
        let decoded = decode(b"a \x1b[2Jb", "bank").unwrap();
        assert_eq!(decoded.text, "a [2Jb\n");
        assert_eq!(decoded.repairs, [Repair { line: 1, kind: RepairKind::Control(1) }]);
    }

    #[test]
    fn what_is_no_text_is_named() {
        let error = |bytes: &[u8]| decode(bytes, "bank").unwrap_err().to_string();
        assert!(error(b"%PDF-1.7 ...").contains("PDF"));
        assert!(error(b"PK\x03\x04...").contains("Word"));
        assert!(error(b"a\0b").contains("no text"));
        assert!(error(&[0x81, 0xfe, 0x90, 0xc1, 0x8d]).contains("no text"));
        assert!(matches!(decode(b" \n\t\n", "bank"), Err(ReadError::Empty { .. })));
    }
}
