//! The figures, team sizes and dates of a telling, each with what it is about.

use std::collections::BTreeSet;

use super::Telling;
use super::stems::Stems;
use crate::analysis::evidence::{self, MONTHS};
use crate::analysis::lexicon::Lexicon;
use crate::analysis::reading::Text;
use crate::analysis::tokens::normal;
use crate::types::{FactKind, WordRange};

/// A fact is about the content words this near to it, in its own sentence.
const REACH: usize = 9;
/// A quote has at most so many words before and after the fact.
const QUOTED: usize = 10;

/// One fact of a telling.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fact {
    pub kind: FactKind,
    /// What it counts, brought to one form: `percent`, `$`, `week`, `engin`; for a date its class.
    pub unit: String,
    /// The number; for a date its number in the year or the week.
    pub value: f64,
    pub role: Role,
    /// How exactly it was meant.
    pub meant: Meant,
    /// Its words, with the unit where that follows.
    pub words: WordRange,
    /// The words of its sentence around it.
    pub quoted: WordRange,
    /// Stems of what stands around it, without its own unit.
    pub about: BTreeSet<String>,
}

/// What a number is in its sentence: facts of different roles are not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// `forty percent`, `in May`.
    Plain,
    /// `from forty`, `since May`.
    From,
    /// `to twelve`, `down to twelve`.
    To,
    /// `by forty percent`; for a date the latest day, `by May`.
    By,
    /// Of somebody else: `their team of nine`.
    Theirs,
}

/// How exactly a number was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    Exactly,
    /// `about`, `nearly`, `-ish`.
    Roughly,
    /// `over`, `more than`, `at least`.
    AtLeast,
    /// `under`, `less than`, `up to`.
    AtMost,
}

const ROUGHLY: &[&str] = &[
    "about",
    "around",
    "roughly",
    "nearly",
    "almost",
    "approximately",
    "maybe",
    "perhaps",
    "probably",
    "some",
    "like",
    "circa",
    "close",
];
const AT_LEAST: &[&str] = &["over", "than", "least", "above", "past", "beyond"];
const AT_MOST: &[&str] = &["under", "below", "most", "within"];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const SEASONS: [&str; 4] = ["spring", "summer", "autumn", "winter"];
const GROUPS: &[&str] =
    &["team", "group", "squad", "crew", "org", "organisation", "organization", "department", "staff"];
const PEOPLE: &[&str] = &["people", "person", "persons", "folks", "members", "member", "strong", "man", "woman"];
const TIMES: &[&str] = &["second", "minute", "hour", "day", "week", "month", "quarter", "year", "sprint"];

/// A word for the search of facts: `twelve-person` is two of these.
struct Token {
    text: String,
    word: usize,
}

/// The facts of a telling, in the order told.
pub(super) fn facts(telling: &Telling, stems: &Stems, lexicon: &Lexicon) -> Vec<Fact> {
    let finder = Finder::new(telling, lexicon);
    let mut found = finder.numbers();
    found.extend(finder.dates());
    let around = Around::of(telling, stems);
    for fact in &mut found {
        around.complete(fact, stems);
    }
    found.sort_by_key(|fact| fact.words);
    found
}

struct Finder<'a> {
    telling: &'a Telling,
    lexicon: &'a Lexicon,
    tokens: Vec<Token>,
    texts: Vec<String>,
}

impl<'a> Finder<'a> {
    fn new(telling: &'a Telling, lexicon: &'a Lexicon) -> Finder<'a> {
        let mut tokens = Vec::new();
        for (word, spoken) in telling.transcript.words.iter().enumerate() {
            let whole = normal(&spoken.text);
            let parts: Vec<&str> = whole.split('-').collect();
            let of_number = parts.len() > 1 && parts.iter().all(|part| evidence::is_number(part, lexicon));
            let begins = parts.len() > 1 && evidence::is_number(parts[0], lexicon);
            if begins && !of_number {
                // `forty-two-person` is a number and what it counts.
                let numbers = parts.iter().take_while(|part| evidence::is_number(part, lexicon)).count();
                tokens.push(Token { text: parts[..numbers].join("-"), word });
                tokens.extend(parts[numbers..].iter().map(|part| Token { text: (*part).to_owned(), word }));
            } else {
                tokens.push(Token { text: whole, word });
            }
        }
        let texts = tokens.iter().map(|token| token.text.clone()).collect();
        Finder { telling, lexicon, tokens, texts }
    }

    fn text(&self, at: usize) -> &str {
        self.texts.get(at).map_or("", String::as_str)
    }

    /// The token `before` places before `at`.
    fn before(&self, at: usize, before: usize) -> &str {
        at.checked_sub(before).map_or("", |at| self.text(at))
    }

    fn words(&self, tokens: WordRange) -> WordRange {
        let last = self.tokens.get(tokens.end.saturating_sub(1)).map_or(0, |token| token.word);
        WordRange::new(self.tokens[tokens.first].word, last + 1)
    }

    /// Whether the word of a token ends a clause: what follows is about something else.
    fn is_closed(&self, at: usize) -> bool {
        self.tokens.get(at).is_none_or(|token| {
            let text = &self.telling.transcript.words[token.word].text;
            let last_of_word = self.tokens.get(at + 1).is_none_or(|next| next.word != token.word);
            last_of_word && text.ends_with(['.', ',', ';', ':', '!', '?'])
        })
    }

    fn numbers(&self) -> Vec<Fact> {
        let ranges: Vec<WordRange> =
            evidence::numbers(&self.texts, self.lexicon).into_iter().flat_map(|range| self.single(range)).collect();
        let mut facts: Vec<Fact> = Vec::new();
        for (n, range) in ranges.iter().enumerate() {
            let Some(mut value) = evidence::value(&self.texts[range.indices()], self.lexicon) else { continue };
            let mut end = range.end;
            if [self.text(end), self.text(end + 1), self.text(end + 2)] == ["and", "a", "half"] {
                value += 0.5;
                end += 3;
                if let Some(factor) = self.lexicon.numbers.multipliers.get(self.text(end)) {
                    value *= factor;
                    end += 1;
                }
            }
            let first = self.text(range.first);
            // A time of day, a version, a name.
            if first.contains(':')
                || (first.starts_with(|c: char| c.is_ascii_digit()) && first.matches('.').count() > 1)
            {
                continue;
            }
            let next = ranges.get(n + 1);
            if self.is_range(range, next) || n > 0 && self.is_range(&ranges[n - 1], Some(range)) {
                continue;
            }
            if let Some(fact) = self.fact(*range, end, value, next) {
                facts.push(fact);
            }
        }
        facts
    }

    /// The numbers alone in what was found as one number with its unit: `fourteen and four weeks` is two numbers,
    /// `two hundred and five` is one.
    fn single(&self, found: WordRange) -> Vec<WordRange> {
        let numbers = &self.lexicon.numbers;
        let is_number = |at: usize| evidence::is_number(self.text(at), self.lexicon);
        let mut ranges: Vec<WordRange> = Vec::new();
        for at in found.indices() {
            let joint = numbers.joints.contains(self.text(at));
            let joins =
                joint && numbers.multipliers.contains_key(self.before(at, 1)) || numbers.points.contains(self.text(at));
            match ranges.last_mut().filter(|range| range.end == at) {
                Some(range) if is_number(at) || joins => range.end = at + 1,
                _ if is_number(at) => ranges.push(WordRange::new(at, at + 1)),
                _ => {}
            }
        }
        ranges
    }

    /// Whether two numbers are the ends of a range, `two or three`, `two to three weeks`; `from two to three` is none.
    fn is_range(&self, number: &WordRange, next: Option<&WordRange>) -> bool {
        let joined =
            next.is_some_and(|next| next.first == number.end + 1 && matches!(self.text(number.end), "or" | "to"));
        joined && !(self.text(number.end) == "to" && self.before(number.first, 1) == "from")
    }

    fn fact(&self, number: WordRange, end: usize, value: f64, next: Option<&WordRange>) -> Option<Fact> {
        let role = self.role(number.first);
        let whole = |kind, unit: String, end: usize, role| Fact {
            kind,
            unit,
            value,
            role,
            meant: self.meant(number.first, end),
            words: self.words(WordRange::new(number.first, end)),
            quoted: WordRange::new(0, 0),
            about: BTreeSet::new(),
        };
        let plain = self.texts[number.indices()].len() == 1;
        let is_year =
            plain && self.text(number.first).len() == 4 && (1950.0..2050.0).contains(&value) && value.fract() == 0.0;
        if is_year && self.unit(number, end).is_none() {
            return Some(whole(FactKind::Year, "year".to_owned(), end, Role::Plain));
        }
        if let Some(after) = self.team(number, end) {
            let theirs = self.words_before(number.first, 5).any(|word| matches!(word, "their" | "his" | "her"));
            return Some(whole(
                FactKind::TeamSize,
                "team".to_owned(),
                after,
                if theirs { Role::Theirs } else { Role::Plain },
            ));
        }
        let (unit, after) = self.unit(number, end).or_else(|| {
            // `from forty down to twelve percent`: the first number counts what the second does.
            let next = next.filter(|next| next.first <= end + 3)?;
            let to = (end..next.first).any(|at| self.text(at) == "to") && role == Role::From;
            to.then(|| self.unit(*next, next.end)).flatten().map(|(unit, _)| (unit, end))
        })?;
        Some(whole(FactKind::Figure, unit, after, role))
    }

    /// `team of twelve`, `twelve-person team`, `twelve people on my team`: where its words end.
    fn team(&self, number: WordRange, end: usize) -> Option<usize> {
        let is_group = |at: usize| GROUPS.contains(&self.text(at).trim_end_matches("'s"));
        let people = PEOPLE.contains(&self.text(end));
        let hedge = |word: &str| ROUGHLY.contains(&word) || AT_LEAST.contains(&word) || matches!(word, "more" | "just");
        let mut of = number.first;
        while of > 0 && hedge(self.text(of - 1)) {
            of -= 1;
        }
        if of >= 2 && self.text(of - 1) == "of" && is_group(of - 2) {
            return Some(if people { end + 1 } else { end });
        }
        if !people {
            return None;
        }
        // `twelve people on the team`.
        let on = matches!(self.text(end + 1), "on" | "in") && (end + 2..end + 5).any(is_group) && !self.is_closed(end);
        (is_group(end + 1) || on).then_some(end + 1)
    }

    /// What a number counts, and where that ends: a sign, a known unit, a plural within three words, a rate.
    fn unit(&self, number: WordRange, end: usize) -> Option<(String, usize)> {
        let last = self.text(number.end - 1);
        if last.ends_with('%') {
            return Some(("percent".to_owned(), end));
        }
        for sign in ["$", "€", "£"] {
            if self.text(number.first).starts_with(sign) {
                return Some((sign.to_owned(), end));
            }
        }
        if self.is_closed(end - 1) {
            return None;
        }
        if matches!(self.text(end), "a" | "an" | "per" | "each" | "every") {
            let time = singular(self.text(end + 1));
            return TIMES.contains(&time.as_str()).then(|| (format!("per {time}"), end + 2));
        }
        for at in end..end + 3 {
            let word = self.text(at);
            if let Some(unit) = known_unit(word) {
                return Some((unit.to_owned(), at + 1));
            }
            let plural =
                word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && self.lexicon.is_content(word);
            if self.lexicon.numbers.units.contains(word) || plural {
                return Some((singular(word), at + 1));
            }
            if !self.lexicon.is_content(word) || evidence::is_number(word, self.lexicon) || self.is_closed(at) {
                return None;
            }
        }
        None
    }

    fn words_before(&self, at: usize, count: usize) -> impl Iterator<Item = &str> {
        (at.saturating_sub(count)..at).map(|at| self.text(at))
    }

    fn role(&self, first: usize) -> Role {
        // Hedges stand between the number and its preposition: `by about forty percent`.
        let mut at = first;
        while at > 0 && (ROUGHLY.contains(&self.text(at - 1)) || matches!(self.text(at - 1), "more" | "than" | "over"))
        {
            at -= 1;
        }
        match self.before(at, 1) {
            "from" => Role::From,
            "to" => Role::To,
            "by" => Role::By,
            _ => Role::Plain,
        }
    }

    fn meant(&self, first: usize, end: usize) -> Meant {
        let before: Vec<&str> = self.words_before(first, 2).collect();
        let any = |words: &[&str]| before.iter().any(|word| words.contains(word));
        let spoken = |at: usize| self.text(at);
        if any(AT_LEAST) && before.contains(&"less") {
            Meant::AtMost
        } else if any(AT_LEAST) {
            Meant::AtLeast
        } else if any(AT_MOST) || before == ["up", "to"] {
            Meant::AtMost
        } else if any(ROUGHLY)
            || matches!(spoken(end), "something" | "ish" | "some" | "odd")
            || [spoken(end), spoken(end + 1)] == ["or", "so"]
        {
            Meant::Roughly
        } else {
            Meant::Exactly
        }
    }

    fn dates(&self) -> impl Iterator<Item = Fact> {
        (0..self.tokens.len()).filter_map(|at| self.date(at))
    }

    fn date(&self, at: usize) -> Option<Fact> {
        let word = self.text(at).trim_end_matches("'s");
        let classes: [(&str, &[&str]); 3] = [("month", &MONTHS), ("weekday", &WEEKDAYS), ("season", &SEASONS)];
        let (unit, number) = classes.iter().find_map(|(class, names)| {
            let number = names.iter().position(|name| *name == word)?;
            Some((*class, number))
        })?;
        let before = self.before(at, 1);
        let dated = [
            "in", "by", "since", "until", "last", "early", "late", "mid", "of", "on", "from", "this", "that", "next",
            "for",
        ];
        // "May" and "march" are other words too; a date of these is announced.
        if matches!(word, "may" | "march") && !dated[..9].contains(&before)
            || unit == "season" && !dated.contains(&before) && before != "the"
        {
            return None;
        }
        let role = match before {
            "by" | "until" => Role::By,
            "since" | "from" => Role::From,
            _ => Role::Plain,
        };
        Some(Fact {
            kind: FactKind::Date,
            unit: unit.to_owned(),
            value: number as f64,
            role,
            meant: Meant::Exactly,
            words: self.words(WordRange::new(at, at + 1)),
            quoted: WordRange::new(0, 0),
            about: BTreeSet::new(),
        })
    }
}

/// Units that have several names.
fn known_unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "percent" | "percentage" | "pct" | "percents" => "percent",
        "dollars" | "dollar" | "bucks" => "$",
        "euros" | "euro" => "€",
        "pounds" | "pound" => "£",
        "people" | "person" | "folks" | "persons" => "person",
        _ => return None,
    })
}

/// `engineers` to `engineer`, `companies` to `company`.
fn singular(word: &str) -> String {
    match word.strip_suffix("ies") {
        Some(stem) if stem.len() > 2 => format!("{stem}y"),
        _ => word.strip_suffix('s').filter(|stem| stem.len() > 2 && !stem.ends_with('s')).unwrap_or(word).to_owned(),
    }
}

/// What stands around the words of a telling.
struct Around {
    sentences: Vec<WordRange>,
    /// Each content word by its position.
    stems: Vec<(usize, String)>,
}

impl Around {
    fn of(telling: &Telling, stems: &Stems) -> Around {
        let text = Text::of(&telling.transcript);
        let terms = stems.terms(&text.words).into_iter().filter(|term| !term.is_number);
        Around { stems: terms.map(|term| (term.word, term.stem)).collect(), sentences: text.segments.sentences }
    }

    /// Adds to a fact what stands around it.
    fn complete(&self, fact: &mut Fact, stems: &Stems) {
        let words = fact.words;
        let sentence = self.sentences.iter().find(|sentence| sentence.contains(words.first)).copied().unwrap_or(words);
        let near = |reach: usize| {
            let first = words.first.saturating_sub(reach).max(sentence.first);
            WordRange::new(first, (words.end + reach).min(sentence.end).max(words.end))
        };
        fact.quoted = near(QUOTED);
        let reach = near(REACH);
        let own: Vec<String> =
            stems.terms(std::slice::from_ref(&fact.unit)).into_iter().map(|term| term.stem).collect();
        let around = self.stems.iter().filter(|(at, _)| reach.contains(*at) && !words.contains(*at));
        fact.about = around.map(|(_, stem)| stem.clone()).filter(|stem| !own.contains(stem)).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::telling;
    use super::*;

    fn found(text: &str) -> Vec<(FactKind, String, f64, Role)> {
        let lexicon = Lexicon::builtin("en").expect("English is built in");
        let stems = super::super::likeness::stems(&lexicon);
        facts(&telling(1, text), &stems, &lexicon)
            .into_iter()
            .map(|fact| (fact.kind, fact.unit, fact.value, fact.role))
            .collect()
    }

    #[test]
    fn numbers_are_read_with_what_they_count_and_what_they_do() {
        use FactKind::{Date, Figure, TeamSize, Year};
        type Expected<'a> = &'a [(FactKind, &'a str, f64, Role)];
        let table: [(&str, Expected); 16] = [
            (
                "a team of fourteen and four weeks",
                &[(TeamSize, "team", 14.0, Role::Plain), (Figure, "week", 4.0, Role::Plain)],
            ),
            ("two hundred and five tickets", &[(Figure, "ticket", 205.0, Role::Plain)]),
            ("I had a team of about twelve people", &[(TeamSize, "team", 12.0, Role::Plain)]),
            ("a forty-person team", &[(TeamSize, "team", 40.0, Role::Plain)]),
            ("there were nine people on my team", &[(TeamSize, "team", 9.0, Role::Plain)]),
            ("their team of six", &[(TeamSize, "team", 6.0, Role::Theirs)]),
            ("costs fell by 38% last year", &[(Figure, "percent", 38.0, Role::By)]),
            (
                "from forty down to twelve percent",
                &[(Figure, "percent", 40.0, Role::From), (Figure, "percent", 12.0, Role::To)],
            ),
            ("it cost two and a half million dollars", &[(Figure, "$", 2.5e6, Role::Plain)]),
            ("$1.2 million", &[(Figure, "$", 1.2e6, Role::Plain)]),
            ("three senior backend engineers", &[(Figure, "engineer", 3.0, Role::Plain)]),
            ("thirty a week", &[(Figure, "per week", 30.0, Role::Plain)]),
            ("two or three weeks", &[]),
            ("we shipped in May and I may march on", &[(Date, "month", 4.0, Role::Plain)]),
            ("by Friday, in 2019", &[(Date, "weekday", 4.0, Role::By), (Year, "year", 2019.0, Role::Plain)]),
            ("at 6:40, one of them, number seven.", &[]),
        ];
        for (text, expected) in table {
            let expected: Vec<_> = expected.iter().map(|(k, u, v, r)| (*k, (*u).to_owned(), *v, *r)).collect();
            assert_eq!(found(text), expected, "{text}");
        }
    }
}
