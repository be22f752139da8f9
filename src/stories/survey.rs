//! From tellings to what is shown: names, competencies, over-used, never told, contradictions.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Telling;
use super::conflicts::conflicts;
use super::facts::{Fact, facts};
use super::group::{group, is_told};
use super::likeness::{Profile, Rarity, Weighed, stems};
use super::stems::Stems;
use crate::analysis::MIN_WORDS;
use crate::analysis::lexicon::Lexicon;
use crate::analysis::tokens::normals;
use crate::types::{
    Competency, Conflict, FactTold, LeftOut, Question, QuestionRef, Stories, Story, ToldAt, Transcript, WordRange,
};

/// How many prepared stories are usually advised.
const ADVISED: [usize; 2] = [10, 15];
/// A story that answers so many different questions is over-used: two interviewers of one day would hear it.
const OVER_USED: usize = 4;
/// Words in the name of a story.
const NAME_WORDS: usize = 4;

/// A question of the person's own banks, and the answer they prepared.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// The question.
    pub question: QuestionRef,
    /// Its competency tags.
    pub tags: Vec<String>,
    /// Their best answer; `None` where they wrote none.
    pub answer: Option<String>,
    /// Whether something under it is still to be written.
    pub blanks: bool,
}

impl Prepared {
    /// A question as it stands in a bank.
    pub fn of(question: &Question, bank: &str) -> Prepared {
        let best = question.answers.iter().max_by_key(|answer| answer.level);
        Prepared {
            question: QuestionRef { id: question.id.clone(), text: question.text.clone(), bank: Some(bank.to_owned()) },
            tags: question.tags.clone(),
            answer: best.map(|answer| answer.text.clone()),
            blanks: question.blanks > 0,
        }
    }
}

/// Compares all tellings; of under [`MIN_WORDS`] words they are left out. `no_story` counts what was left out before.
///
/// The work grows with the tellings times the stories.
pub fn compare(tellings: Vec<Telling>, prepared: &[Prepared], no_story: usize, lexicon: &Lexicon) -> Stories {
    let all = tellings.len();
    let mut tellings: Vec<Telling> =
        tellings.into_iter().filter(|telling| telling.transcript.words.len() >= MIN_WORDS).collect();
    tellings.sort_by(|a, b| (a.at, &a.take).cmp(&(b.at, &b.take)));
    let stems = stems(lexicon);
    let (groups, rarity) = group(&tellings, &stems, Rarity::general(&stems));
    let found: Vec<Vec<Fact>> = tellings.iter().map(|telling| facts(telling, &stems, lexicon)).collect();
    let survey = Survey { tellings: &tellings, facts: &found, stems: &stems, rarity: &rarity };
    let mut stories: Vec<Story> = groups.iter().map(|group| survey.story(group)).collect();
    // Stable: of two told as often, the one told first.
    stories.sort_by_key(|story| std::cmp::Reverse(story.tellings.len()));
    Stories {
        schema: Stories::SCHEMA.to_owned(),
        competencies: competencies(&stories, prepared),
        never_practised: survey.never_told(prepared),
        not_prepared: not_prepared(prepared),
        stories,
        advised: ADVISED,
        left_out: LeftOut { short: all - tellings.len(), no_story },
    }
}

/// The questions under which a form stands that nobody has filled in.
fn not_prepared(prepared: &[Prepared]) -> Vec<QuestionRef> {
    let blank = prepared.iter().filter(|prepared| prepared.answer.is_none() && prepared.blanks);
    blank.map(|prepared| prepared.question.clone()).collect()
}

struct Survey<'a> {
    tellings: &'a [Telling],
    facts: &'a [Vec<Fact>],
    stems: &'a Stems<'a>,
    rarity: &'a Rarity,
}

impl Survey<'_> {
    fn story(&self, group: &[usize]) -> Story {
        let tellings = group.iter().map(|at| &self.tellings[*at]);
        let questions: BTreeSet<(&str, &str)> =
            tellings.clone().map(|telling| (telling.question.id.as_str(), telling.question.text.as_str())).collect();
        let tags: BTreeSet<&String> = tellings.clone().flat_map(|telling| &telling.tags).collect();
        Story {
            name: self.name(group),
            bottom_line: tellings.clone().rev().find_map(|telling| telling.bottom_line.clone()),
            questions: questions.len(),
            over_used: questions.len() >= OVER_USED,
            competencies: tags.into_iter().cloned().collect(),
            tellings: tellings
                .map(|telling| ToldAt {
                    take: telling.take.clone(),
                    at: telling.at,
                    question: telling.question.clone(),
                })
                .collect(),
            conflicts: self.conflicts(group),
        }
    }

    /// The words that tell this story apart, as they were spoken: those told most often that are rarest, in the order told.
    fn name(&self, group: &[usize]) -> String {
        let mut spoken: HashMap<String, (usize, String, usize)> = HashMap::new();
        let mut place = 0;
        for at in group {
            let transcript = &self.tellings[*at].transcript;
            let mut seen = BTreeSet::new();
            for term in self.stems.terms(&normals(transcript)).into_iter().filter(|term| !term.is_number) {
                let word = trimmed(&transcript.words[term.word].text);
                place += 1;
                let entry = spoken.entry(term.stem.clone()).or_insert((0, word.to_owned(), place));
                entry.0 += usize::from(seen.insert(term.stem));
            }
        }
        let score = |stem: &str, tellings: usize| self.rarity.of(stem) * (1.0 + tellings as f64).ln();
        let mut ranked: Vec<(f64, usize, String)> = spoken
            .into_iter()
            .filter(|(_, (_, word, _))| word.chars().filter(|c| c.is_alphabetic()).count() >= 3)
            .map(|(stem, (tellings, word, place))| (score(&stem, tellings), place, word))
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked.truncate(NAME_WORDS);
        ranked.sort_by_key(|(_, place, _)| *place);
        ranked.into_iter().map(|(_, _, word)| word).collect::<Vec<_>>().join(", ")
    }

    /// What differs between the tellings of one story; of the same difference told several times the latest pair.
    fn conflicts(&self, group: &[usize]) -> Vec<Conflict> {
        let mut latest: BTreeMap<String, Conflict> = BTreeMap::new();
        for (n, first) in group.iter().enumerate() {
            for second in &group[n + 1..] {
                for (before, after) in conflicts(&self.facts[*first], &self.facts[*second], self.rarity) {
                    let (low, high) = if before.value <= after.value {
                        (before.value, after.value)
                    } else {
                        (after.value, before.value)
                    };
                    let key = format!("{:?} {} {low} {high}", before.kind, before.unit);
                    let conflict = Conflict {
                        kind: before.kind,
                        before: told(&self.tellings[*first], before),
                        after: told(&self.tellings[*second], after),
                    };
                    latest.insert(key, conflict);
                }
            }
        }
        let mut found: Vec<Conflict> = latest.into_values().collect();
        found.sort_by(|a, b| (a.kind, a.before.at, &a.before.said).cmp(&(b.kind, b.before.at, &b.before.said)));
        found
    }

    fn never_told(&self, prepared: &[Prepared]) -> Vec<QuestionRef> {
        let told: Vec<Weighed> = self
            .tellings
            .iter()
            .map(|telling| {
                Weighed::of(&Profile::of(self.stems, &telling.transcript, &telling.question.text), self.rarity)
            })
            .collect();
        let answered: BTreeSet<&str> = self.tellings.iter().map(|telling| telling.question.id.as_str()).collect();
        let never = prepared.iter().filter(|prepared| {
            let Some(answer) = &prepared.answer else { return false };
            let profile = Profile::of(self.stems, &Transcript::of_text(answer), &prepared.question.text);
            !answered.contains(prepared.question.id.as_str()) && !is_told(&profile, &told, self.rarity)
        });
        never.map(|prepared| prepared.question.clone()).collect()
    }
}

fn told(telling: &Telling, fact: &Fact) -> FactTold {
    let transcript = &telling.transcript;
    let (first, end) = (fact.quoted.first, fact.quoted.end);
    let starts = first == 0 || ends_sentence(transcript, first - 1);
    let stops = end >= transcript.words.len() || ends_sentence(transcript, end - 1);
    let quote = transcript.quote(WordRange::new(first, end));
    FactTold {
        take: telling.take.clone(),
        at: telling.at,
        said: trimmed(&transcript.quote(fact.words)).to_owned(),
        quote: format!("{}{quote}{}", if starts { "" } else { "... " }, if stops { "" } else { " ..." }),
        at_s: transcript.words.get(fact.words.first).and_then(|word| word.start_s),
    }
}

fn ends_sentence(transcript: &Transcript, word: usize) -> bool {
    crate::analysis::tokens::ends_sentence(&transcript.words[word].text)
}

/// A word without the marks around it.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '$' | '€' | '£' | '%'))
}

/// Every tag of the questions compared and answered, those with the fewest stories first.
fn competencies(stories: &[Story], prepared: &[Prepared]) -> Vec<Competency> {
    let mut tags: BTreeMap<&str, (BTreeSet<usize>, usize)> = BTreeMap::new();
    for tag in prepared.iter().flat_map(|prepared| &prepared.tags) {
        tags.entry(tag).or_default().1 += 1;
    }
    for (at, story) in stories.iter().enumerate() {
        for tag in &story.competencies {
            tags.entry(tag).or_default().0.insert(at);
        }
    }
    let mut found: Vec<Competency> = tags
        .into_iter()
        .map(|(tag, (stories, questions))| Competency {
            tag: tag.to_owned(),
            stories: stories.into_iter().collect(),
            questions,
        })
        .collect();
    found.sort_by_key(|competency| (competency.stories.len(), std::cmp::Reverse(competency.questions)));
    found
}
