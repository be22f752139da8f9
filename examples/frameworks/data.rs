//! The labelled answers: which parts of their framework they tell, which moves the stories make.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use crate::labelled::LabelledAnswer;
use greenroom::content::frameworks::Frameworks;
use greenroom::types::{ModelAnswer, Question, QuestionKind, Transcript};
use serde::Deserialize;

use crate::answers::labelled_answers;

/// The framework whose parts are the moves of a strong answer.
pub const MOVES: &str = "moves";

/// An answer, and what it tells of one framework.
pub struct Labelled {
    pub id: String,
    pub framework: String,
    pub question: Question,
    pub transcript: Transcript,
    pub told: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answers {
    question: BTreeMap<String, Asked>,
    answer: Vec<Answer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    kind: QuestionKind,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    id: String,
    framework: String,
    #[serde(rename = "who")]
    _who: String,
    told: Vec<String>,
    #[serde(rename = "trap")]
    _trap: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Others {
    answer: Vec<Other>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Other {
    id: String,
    framework: String,
    told: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stories {
    story: Vec<Story>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    id: String,
    moves: Vec<String>,
}

/// The answers written for `content/labelled/frameworks`. Fails at a framework without a question.
pub fn answers(root: &Path) -> Result<Vec<Labelled>, Box<dyn Error>> {
    let text = std::fs::read_to_string(root.join("content/labelled/frameworks/answers.toml"))?;
    let Answers { question, answer } = toml::from_str(&text)?;
    let labelled = answer.into_iter().map(|Answer { id, framework, told, text, .. }| {
        let asked = question.get(&framework).ok_or_else(|| format!("{id}: no question asks for {framework}"))?;
        let question = Question {
            text: asked.text.clone(),
            kind: asked.kind,
            frameworks: vec![framework.clone()],
            ..Question::default()
        };
        Ok(Labelled { id, framework, question, transcript: Transcript::of_text(&text), told })
    });
    labelled.collect()
}

/// The answers of other writers. Fails at one that `content/labelled/star` does not have.
pub fn others(root: &Path) -> Result<Vec<Labelled>, Box<dyn Error>> {
    let known = by_id()?;
    let text = std::fs::read_to_string(root.join("content/labelled/frameworks/others.toml"))?;
    let Others { answer } = toml::from_str(&text)?;
    let labelled = answer.into_iter().map(|Other { id, framework, told }| {
        let answer = known.get(&id).ok_or_else(|| format!("no labelled answer is called {id}"))?;
        let question = Question {
            text: answer.question.clone(),
            kind: if answer.story { QuestionKind::Behavioural } else { QuestionKind::Strategy },
            frameworks: vec![framework.clone()],
            ..Question::default()
        };
        Ok(Labelled { id, framework, question, transcript: answer.transcript(), told })
    });
    labelled.collect()
}

/// The stories of `content/labelled/moves`. Fails at one that `content/labelled/star` does not have.
pub fn stories(root: &Path) -> Result<Vec<Labelled>, Box<dyn Error>> {
    let known = by_id()?;
    let text = std::fs::read_to_string(root.join("content/labelled/moves/stories.toml"))?;
    let Stories { story } = toml::from_str(&text)?;
    let labelled = story.into_iter().map(|Story { id, moves }| {
        let answer = known.get(&id).ok_or_else(|| format!("no labelled answer is called {id}"))?;
        let transcript = answer.transcript();
        // Moves are looked for beside a best answer; which one that is does not change those of this answer.
        let best = ModelAnswer { level: 2, text: transcript.text.clone(), ..ModelAnswer::default() };
        let question = Question { text: answer.question.clone(), answers: vec![best], ..Question::default() };
        Ok(Labelled { id, framework: MOVES.to_owned(), question, transcript, told: moves })
    });
    labelled.collect()
}

/// The answers of `content/labelled/star` by their ids.
fn by_id() -> Result<BTreeMap<String, LabelledAnswer>, Box<dyn Error>> {
    Ok(labelled_answers()?.into_iter().map(|answer| (answer.id.clone(), answer)).collect())
}

/// What is labelled as told and is no part of its framework, as `id: part`.
pub fn unknown_parts(labelled: &[Labelled], known: &Frameworks) -> Vec<String> {
    let parts = |name: &str| known.named(name).map_or(&[][..], |framework| &framework.parts);
    let of_one = |answer: &Labelled| -> Vec<String> {
        let unknown = |told: &&String| !parts(&answer.framework).iter().any(|part| part.name == **told);
        answer.told.iter().filter(unknown).map(|told| format!("{}: {told}", answer.id)).collect()
    };
    labelled.iter().flat_map(of_one).collect()
}
