//! Coverage of named frameworks: which parts of STAR, of a 30-60-90 plan, of an executive brief were told.
//!
//! A framework is a file in `content/frameworks`: its parts, the words that show each, what good sounds like and
//! what to ask when it is missing. Adding one takes no code.

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use super::bluf::bluf;
use super::sentences::sentences;
use super::star::star;
use super::tokens::{normal, normals};
use super::{Heard, MIN_WORDS};
use crate::types::{FrameworkCoverage, FrameworkPart, Judged, Star, StarPart, WordRange};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/content/frameworks");

static ALL: LazyLock<Vec<Framework>> = LazyLock::new(|| {
    let texts = FILES.files().filter_map(|file| file.contents_utf8());
    texts.map(|text| toml::from_str(text).expect("a test reads every shipped framework")).collect()
});

/// A way to structure an answer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// Its short name, as questions write it: `star`, `30-60-90`.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Other names that questions use.
    pub aliases: Vec<String>,
    /// Wordings of a question that ask for it.
    pub asked_by: Vec<String>,
    /// Its parts, in order.
    pub parts: Vec<PartGuide>,
}

/// One part of a framework: how it is found, what it should hold, what to ask when it is missing.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartGuide {
    /// Its name.
    pub name: String,
    /// Words and phrases that show it; `*` ends a stem, alone it stands for one to four words.
    #[serde(default)]
    pub cues: Vec<String>,
    /// The judgement that decides instead of cues.
    pub judged: Option<JudgedBy>,
    /// What good sounds like.
    pub good: String,
    /// Questions that draw it out.
    pub probes: Vec<String>,
}

/// A judgement made elsewhere in the analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgedBy {
    /// The Situation is told.
    Situation,
    /// The Task is told.
    Task,
    /// The Action is told.
    Action,
    /// The Result is told.
    Result,
    /// The bottom line comes up front.
    BottomLine,
}

/// All frameworks that ship, by file name.
pub fn all() -> &'static [Framework] {
    &ALL
}

/// The framework of this name or alias, whatever the case and punctuation.
pub fn named(name: &str) -> Option<&'static Framework> {
    let plain =
        |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    let wanted = plain(name);
    ALL.iter().find(|framework| {
        std::iter::once(&framework.name).chain(&framework.aliases).any(|known| plain(known) == wanted)
    })
}

/// Returns how far the frameworks that the question names were covered; without names, those its wording asks for.
///
/// A name that is not known is left out. Empty without a question and on fewer than [`MIN_WORDS`] words.
pub fn coverage(heard: &Heard) -> Vec<FrameworkCoverage> {
    let wanted = wanted(heard);
    if wanted.is_empty() || heard.transcript.words.len() < MIN_WORDS {
        return Vec::new();
    }
    let words = normals(heard.transcript);
    let sentences = sentences(heard.transcript);
    let star = star(heard);
    let covered = wanted.into_iter().map(|framework| FrameworkCoverage {
        name: framework.name.clone(),
        parts: framework.parts.iter().map(|guide| part(guide, heard, &words, &sentences, &star)).collect(),
    });
    covered.collect()
}

fn wanted(heard: &Heard) -> Vec<&'static Framework> {
    let Some(question) = heard.question else { return Vec::new() };
    if !question.frameworks.is_empty() {
        return question.frameworks.iter().filter_map(|name| named(name)).collect();
    }
    let words: Vec<String> = question.text.split_whitespace().map(normal).collect();
    let text = words.join(" ");
    ALL.iter().filter(|framework| framework.asked_by.iter().any(|wording| text.contains(wording.as_str()))).collect()
}

fn part(guide: &PartGuide, heard: &Heard, words: &[String], sentences: &[WordRange], star: &Star) -> FrameworkPart {
    let quote = match guide.judged {
        Some(JudgedBy::BottomLine) => {
            let bluf = bluf(heard, star);
            bluf.quote.filter(|_| bluf.up_front == Some(true))
        }
        Some(judged) if star.judged == Judged::Yes => {
            star.parts.get(&judged.star_part()).filter(|found| found.present).map(|found| found.quote.clone())
        }
        _ => best_sentence(&guide.cues, words, sentences).map(|sentence| heard.transcript.quote(sentence)),
    };
    FrameworkPart { name: guide.name.clone(), present: quote.is_some(), quote: quote.unwrap_or_default() }
}

impl JudgedBy {
    fn star_part(self) -> StarPart {
        match self {
            JudgedBy::Situation => StarPart::Situation,
            JudgedBy::Task => StarPart::Task,
            JudgedBy::Action => StarPart::Action,
            JudgedBy::Result | JudgedBy::BottomLine => StarPart::Result,
        }
    }
}

/// A sentence shorter than this names a part and does not tell it.
const TOLD_WORDS: usize = 5;

/// The sentence with most different cues, the first of equals; `None` when none has any.
fn best_sentence(cues: &[String], words: &[String], sentences: &[WordRange]) -> Option<WordRange> {
    let mut best: Option<(usize, WordRange)> = None;
    for sentence in sentences.iter().filter(|sentence| sentence.len() >= TOLD_WORDS) {
        let words = &words[sentence.indices()];
        let found = cues.iter().filter(|cue| (0..words.len()).any(|start| begins_with(&words[start..], cue))).count();
        if found > best.map_or(0, |(top, _)| top) {
            best = Some((found, *sentence));
        }
    }
    best.map(|(_, sentence)| sentence)
}

/// Whether `words` begin with a cue such as `trade-off`, `assum*` or `from * to`.
fn begins_with(words: &[String], cue: &str) -> bool {
    let (first, rest) = cue.split_once(' ').map_or((cue, None), |(first, rest)| (first, Some(rest)));
    match (first, rest) {
        ("*", Some(rest)) => (1..=4).any(|skipped| words.len() > skipped && begins_with(&words[skipped..], rest)),
        (first, rest) => {
            let Some((word, after)) = words.split_first() else { return false };
            let same = first.strip_suffix('*').map_or(word == first, |stem| word.starts_with(stem));
            same && rest.is_none_or(|rest| begins_with(after, rest))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Question, Transcript};

    const PLAN: &str = "In the first thirty days I would mostly listen and read. From day thirty to sixty I'd fix one \
        thing that annoys everybody. You would know it went well if on-call is quiet and the team sleeps at night.";

    fn covered(question: &Question, text: &str) -> Vec<FrameworkCoverage> {
        coverage(&Heard { transcript: &Transcript::of_text(text), sound: None, question: Some(question) })
    }

    #[test]
    fn every_shipped_framework_has_parts_that_can_be_found_and_asked_for() {
        assert!(all().len() >= 3);
        for framework in all() {
            assert_eq!(named(&framework.title.to_uppercase()).or(named(&framework.name)), Some(framework));
            for part in &framework.parts {
                assert!(part.judged.is_some() == part.cues.is_empty(), "{}: {}", framework.name, part.name);
                assert!(!part.probes.is_empty() && !part.good.is_empty(), "{}: {}", framework.name, part.name);
            }
        }
    }

    #[test]
    fn a_plan_is_covered_by_its_own_framework_with_quotes() {
        let question = Question { text: "What would your first 90 days look like?".to_owned(), ..Question::default() };
        let coverage = covered(&question, PLAN);
        assert_eq!(coverage.len(), 1);
        let present: Vec<bool> = coverage[0].parts.iter().map(|part| part.present).collect();
        assert_eq!((coverage[0].name.as_str(), present), ("30-60-90", vec![true, true, false, true]));
        assert_eq!(coverage[0].parts[0].quote, "In the first thirty days I would mostly listen and read.");
        assert_eq!(coverage[0].parts[2].quote, "");
    }

    #[test]
    fn a_question_that_names_frameworks_gets_those_and_unknown_names_are_left_out() {
        let frameworks = vec!["Executive Brief".to_owned(), "horoscope".to_owned()];
        let question =
            Question { text: "What would your first 90 days look like?".to_owned(), frameworks, ..Question::default() };
        let names: Vec<String> = covered(&question, PLAN).into_iter().map(|coverage| coverage.name).collect();
        assert_eq!(names, ["bluf"]);
    }

    #[test]
    fn nothing_is_covered_in_too_few_words() {
        let question = Question { frameworks: vec!["star".to_owned()], ..Question::default() };
        assert_eq!(covered(&question, "I would listen."), []);
    }

    #[test]
    fn a_star_alone_in_a_cue_stands_for_a_few_words() {
        let words: Vec<String> = "from nine hours to two".split(' ').map(str::to_owned).collect();
        assert!(begins_with(&words, "from * to"));
        assert!(begins_with(&words, "fro*"));
        assert!(!begins_with(&words, "from * under"));
    }
}
