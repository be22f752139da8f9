//! Captions: SubRip, WebVTT, and what whisper.cpp prints, with the marks that they have in the text.

use super::conversation::{Conversation, Utterance};
use super::{names, times};
use crate::types::Span;

/// A caption: when it is shown, who speaks where a line says nothing else, and its lines.
struct Cue<'a> {
    span: Span,
    name: Option<&'a str>,
    lines: Vec<&'a str>,
}

/// Reads captions; `None` where the text has none.
pub fn read(text: &str) -> Option<Conversation> {
    let mut cues = table(text).or_else(|| cues(text))?;
    if text.contains("><c>") {
        leave_out_repeated_lines(&mut cues);
    }
    name_by_first_lines(&mut cues);
    let said: Vec<(Span, Option<String>, String)> = cues.iter().flat_map(said_in).collect();
    let utterances = match whose_names_are_in_front(&said) {
        true => said
            .iter()
            .scan(None, |last: &mut Option<String>, (span, tagged, text)| {
                let (name, text) =
                    names::before_colon(text).map_or((None, text.as_str()), |(name, text)| (Some(name), text));
                // Who goes on is often not named again.
                *last = tagged.clone().or(name.map(str::to_owned)).or(last.take());
                Some(Utterance::of_text(last.as_deref(), text, Some(*span)))
            })
            .collect(),
        false => said.iter().map(|(span, name, text)| Utterance::of_text(name.as_deref(), text, Some(*span))).collect(),
    };
    Conversation::of(utterances, "en")
}

/// The captions of a text: one begins at each line with two times.
fn cues(text: &str) -> Option<Vec<Cue<'_>>> {
    let mut cues: Vec<Cue> = Vec::new();
    // Lines after an empty one, of which it is not known yet whether the last one is the number of the next caption.
    let mut paragraph: Vec<&str> = Vec::new();
    let mut after_empty = false;
    for line in text.lines().map(str::trim) {
        if let Some((start, end, rest)) = times::range(line.trim_start_matches('[')) {
            leave_out_number(&mut cues, &mut paragraph);
            take_over(&mut cues, &mut paragraph);
            let inline = rest.strip_prefix(']').map(str::trim).filter(|text| !text.is_empty());
            let span = Span { start_s: start.min(end), end_s: end.max(start) };
            cues.push(Cue { span, name: None, lines: inline.into_iter().collect() });
            after_empty = false;
        } else if line.is_empty() {
            take_over(&mut cues, &mut paragraph);
            after_empty = true;
        } else if after_empty {
            paragraph.push(line);
        } else if let Some(last) = cues.last_mut() {
            last.lines.push(line);
        }
    }
    take_over(&mut cues, &mut paragraph);
    (!cues.is_empty()).then_some(cues)
}

/// Leaves out the number, or the name, that stands above the times of the next caption.
fn leave_out_number(cues: &mut [Cue], paragraph: &mut Vec<&str>) {
    let is_number = |line: &&str| line.bytes().all(|byte| byte.is_ascii_digit());
    let Some(last) = cues.last_mut() else { return };
    if paragraph.is_empty() {
        // No empty line stands between the captions.
        last.lines.pop_if(|line| is_number(&&**line));
    } else if paragraph.last().is_some_and(is_number) || paragraph.len() == 1 && !last.lines.is_empty() {
        paragraph.pop();
    }
}

/// Adds a paragraph to the last caption, whose text may have an empty line in it, unless it is a note or a style.
fn take_over<'a>(cues: &mut [Cue<'a>], paragraph: &mut Vec<&'a str>) {
    let first = paragraph.first().and_then(|line| line.split_whitespace().next());
    let is_note = first.is_some_and(|word| ["NOTE", "STYLE", "REGION"].contains(&word));
    if let (Some(last), false) = (cues.last_mut(), is_note) {
        last.lines.append(paragraph);
    }
    paragraph.clear();
}

/// A table with a start, an end and a text in each row, as Whisper (in milliseconds) and Audacity (in seconds) write it.
fn table<'a>(text: &'a str) -> Option<Vec<Cue<'a>>> {
    let has_head = text.starts_with("start\tend\ttext");
    let unit = if has_head { 0.001 } else { 1.0 };
    let row = |line: &'a str| {
        let mut cells = line.splitn(3, '\t');
        let mut time = || cells.next()?.parse::<f64>().ok().filter(|time| *time >= 0.0).map(|time| time * unit);
        let (start, end) = (time()?, time()?);
        Some(Cue { span: Span::new(start, end.max(start)), name: None, lines: vec![cells.next()?.trim()] })
    };
    let rows = text.lines().skip(usize::from(has_head)).filter(|line| !line.trim().is_empty());
    rows.map(row).collect::<Option<Vec<_>>>().filter(|cues| !cues.is_empty())
}

/// Some programs write the name of who speaks on the line below the times: then nearly every caption begins with one.
fn name_by_first_lines(cues: &mut [Cue]) {
    let has_name = |cue: &Cue| cue.lines.len() > 1 && names::is_name(cue.lines[0]);
    let named = cues.iter().filter(|cue| has_name(cue)).count();
    if named > 1 && 5 * named >= 4 * cues.len() {
        for cue in cues.iter_mut().filter(|cue| has_name(cue)) {
            cue.name = Some(cue.lines.remove(0));
        }
    }
}

/// The parts of a caption's text, each with who says it where a tag names them.
fn said_in(cue: &Cue) -> Vec<(Span, Option<String>, String)> {
    let text = cue.lines.join(" ");
    let mut parts = vec![(cue.name.map(str::to_owned), String::new())];
    let mut rest = text.as_str();
    while let Some(open) = rest.find(['<', '{']) {
        push(&mut parts, &rest[..open]);
        let close = if rest[open..].starts_with('<') { '>' } else { '}' };
        let Some(end) = rest[open..].find(close) else {
            push(&mut parts, &rest[open..]);
            rest = "";
            break;
        };
        let tag = &rest[open + 1..open + end];
        match voice(tag) {
            Some(name) => parts.push((Some(name), String::new())),
            None if is_tag(tag, close) => {}
            None => push(&mut parts, &rest[open..=open + end]),
        }
        rest = &rest[open + end + 1..];
    }
    push(&mut parts, rest);
    let heard = parts.into_iter().map(|(name, text)| (cue.span, name, without_sounds(&unescaped(&text))));
    heard.filter(|(_, _, text)| !text.trim().is_empty()).collect()
}

fn push(parts: &mut [(Option<String>, String)], text: &str) {
    if let Some((_, last)) = parts.last_mut() {
        last.push_str(text);
    }
}

/// The name in `v Sam Okoro` or `v.loud Sam Okoro`.
fn voice(tag: &str) -> Option<String> {
    let (kind, name) = tag.split_once(char::is_whitespace)?;
    let is_voice = kind == "v" || kind.starts_with("v.");
    is_voice.then(|| unescaped(name.trim())).filter(|name| !name.is_empty())
}

/// Whether it is a mark for the eye: `i`, `/b`, `c.yellow`, `font color=...`, `00:00:01.000`, and `\an8` in braces.
fn is_tag(tag: &str, close: char) -> bool {
    if close == '}' {
        return tag.starts_with('\\');
    }
    let name: &str = tag.trim_start_matches('/').split(['.', ' ', '\t']).next().unwrap_or_default();
    ["i", "b", "u", "s", "c", "v", "font", "ruby", "rt", "lang", "span", "br", "br/", "em", "strong", "p"]
        .contains(&name)
        || times::clock(tag).is_some()
}

/// The characters that stand for others in HTML.
fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let marks = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&lrm;", ""),
        ("&rlm;", ""),
        ("&amp;", "&"),
    ];
    marks.iter().fold(text.to_owned(), |text, (mark, plain)| text.replace(mark, plain))
}

/// Without what is heard and not said: `[Music]`, `(laughs)` where it stands alone, notes of a song.
fn without_sounds(text: &str) -> String {
    let trimmed = text.trim();
    if trimmed.starts_with('(') && trimmed.ends_with(')') && trimmed.matches('(').count() == 1 {
        return String::new();
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let Some(end) = rest[open..].find(']') else { break };
        // A name in brackets with a colon after it is somebody who speaks.
        let is_name = rest[open + end + 1..].starts_with(':');
        kept.push_str(if is_name { &rest[..=open + end] } else { &rest[..open] });
        rest = &rest[open + end + 1..];
    }
    kept.push_str(rest);
    kept.replace(['♪', '♫'], "")
}

/// Whether captions begin with the name of who speaks: one name in several of them, or a name in most.
fn whose_names_are_in_front(said: &[(Span, Option<String>, String)]) -> bool {
    let mut found: Vec<&str> =
        said.iter().filter_map(|(_, _, text)| names::before_colon(text)).map(|(name, _)| name).collect();
    let named = found.len();
    found.sort_unstable();
    let several = found.chunk_by(|a, b| a == b).filter(|same| same.len() > 1).count();
    named > 0 && (2 * named >= said.len() || several > 0 && 5 * named >= said.len())
}

/// Rolling captions show each line twice: as the last line of one caption and the first of the next.
fn leave_out_repeated_lines(cues: &mut [Cue]) {
    let plain = |line: &str| {
        line.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect::<String>()
    };
    let mut last = String::new();
    for cue in cues {
        let repeated = |line: &&str| plain(line).trim() == last.trim();
        let skip = cue.lines.iter().take_while(|line| repeated(line)).count();
        cue.lines.drain(..skip);
        if let Some(line) = cue.lines.last() {
            last = plain(line);
        }
    }
}
