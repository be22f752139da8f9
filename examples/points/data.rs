//! The labelled points, and pairs of points and answers that have nothing to do with each other.

use std::path::Path;

use greenroom::analysis::points::of_question;
use greenroom::content::builtin_banks;
use greenroom::types::{Question, Transcript};

use crate::answers::labelled_answers;

/// Whether something may be looked at while tuning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    Dev,
    Held,
    /// Held out too, and by writers who wrote nothing else here.
    Other,
    /// Noted down before the answer was given, by two more writers: looked at while tuning, not learned from.
    PreparedDev,
    /// The same by two others, never looked at.
    PreparedHeld,
    /// Plain statements of everyday matters, looked at while tuning.
    Everyday,
    /// The same, never looked at.
    EverydayHeld,
}

impl Set {
    /// The sets that are learned from. The prepared and everyday ones were tried: they lift no set that is held out.
    pub const LEARNED: [Set; 1] = [Set::Dev];
}

/// An answer and its points: made, not made, or in part.
pub struct Labelled {
    pub name: String,
    pub set: Set,
    pub transcript: Transcript,
    pub points: Vec<(Option<bool>, String)>,
}

#[derive(serde::Deserialize)]
struct File {
    answer: Vec<Record>,
}

#[derive(serde::Deserialize)]
struct Record {
    set: String,
    id: Option<String>,
    text: Option<String>,
    points: Vec<(String, String)>,
}

/// All labelled points.
pub fn labelled(root: &Path) -> Result<Vec<Labelled>, Box<dyn std::error::Error>> {
    let told = labelled_answers()?;
    let mut labelled = Vec::new();
    for file in ["answers.toml", "stories.toml", "others.toml", "prepared.toml", "everyday.toml"] {
        let text = std::fs::read_to_string(root.join("content/labelled/points").join(file))?;
        for record in toml::from_str::<File>(&text)?.answer {
            let transcript = match (&record.id, &record.text) {
                (Some(id), _) => {
                    let story = told.iter().find(|answer| answer.id == *id).ok_or_else(|| format!("no answer {id}"))?;
                    story.transcript()
                }
                (None, Some(text)) => Transcript::of_text(text),
                (None, None) => return Err("an answer has neither id nor text".into()),
            };
            let label = |label: &str| match label {
                "yes" => Ok(Some(true)),
                "no" => Ok(Some(false)),
                "partly" => Ok(None),
                other => Err(format!("there is no label {other}")),
            };
            let points =
                record.points.into_iter().map(|(l, text)| Ok((label(&l)?, text))).collect::<Result<_, String>>()?;
            let set = match record.set.as_str() {
                "dev" => Set::Dev,
                "held" => Set::Held,
                "other" => Set::Other,
                "prepared-dev" => Set::PreparedDev,
                "prepared-held" => Set::PreparedHeld,
                "everyday" => Set::Everyday,
                "everyday-held" => Set::EverydayHeld,
                other => return Err(format!("there is no set {other}").into()),
            };
            let name = record.id.unwrap_or_else(|| transcript.text.chars().take(20).collect());
            labelled.push(Labelled { name, set, transcript, points });
        }
    }
    Ok(labelled)
}

/// The points of each question of our banks, with the example answers to other questions of the same half: every
/// second question is held out.
pub fn foreign(set: Set) -> Vec<(Vec<String>, Vec<Transcript>)> {
    let questions: Vec<&Question> = builtin_banks().iter().flat_map(|bank| &bank.questions).collect();
    let half: Vec<&Question> = questions
        .into_iter()
        .enumerate()
        .filter(|(at, _)| (at % 2 == 0) == (set == Set::Dev))
        .map(|(_, q)| q)
        .collect();
    let mut pairs = Vec::new();
    for (at, question) in half.iter().enumerate() {
        let points = of_question(question).into_iter().map(|(text, _)| text).collect();
        let others = half.iter().enumerate().filter(|(other, _)| *other != at);
        let answers = others.flat_map(|(_, other)| &other.answers).map(|answer| Transcript::of_text(&answer.text));
        pairs.push((points, answers.collect()));
    }
    pairs
}
