//! What the person said about a file: what a heading is, or a column of a table.
//!
//! It is kept beside the bank and never in the person's own file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    labels::{Column, Detail, Label},
    numbers::after_number,
};

/// What a heading or a column is, as a person says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Is {
    /// A question.
    Question,
    /// A list of questions.
    Questions,
    /// A story that can be told.
    Story,
    /// What the questions below are about.
    Theme,
    /// What the interviewer looks for.
    Criteria,
    /// The steps of an answer.
    Structure,
    /// The person's own points.
    Notes,
    /// An example answer.
    Answer,
    /// The situation of a scenario.
    Situation,
    /// What is asked after an answer.
    FollowUps,
    /// Questions for the interviewer.
    ToAsk,
    /// Competency tags.
    Tags,
    /// For whom a question is.
    Level,
    /// Advice, and nothing that is asked.
    Advice,
}

impl Is {
    /// All there are, in the order in which they are offered.
    pub const ALL: [Is; 14] = [
        Is::Question,
        Is::Questions,
        Is::Story,
        Is::Theme,
        Is::Criteria,
        Is::Structure,
        Is::Notes,
        Is::Answer,
        Is::Situation,
        Is::FollowUps,
        Is::ToAsk,
        Is::Tags,
        Is::Level,
        Is::Advice,
    ];

    /// As it is written: `follow-ups`.
    pub fn name(self) -> &'static str {
        match self {
            Is::Question => "question",
            Is::Questions => "questions",
            Is::Story => "story",
            Is::Theme => "theme",
            Is::Criteria => "criteria",
            Is::Structure => "structure",
            Is::Notes => "notes",
            Is::Answer => "answer",
            Is::Situation => "situation",
            Is::FollowUps => "follow-ups",
            Is::ToAsk => "to-ask",
            Is::Tags => "tags",
            Is::Level => "level",
            Is::Advice => "advice",
        }
    }

    /// The one that is written so.
    pub fn named(name: &str) -> Option<Is> {
        Is::ALL.into_iter().find(|is| is.name() == name.trim().to_lowercase())
    }

    /// The part of a question that it is, if it is one.
    pub(super) fn part(self) -> Option<Label> {
        Some(match self {
            Is::Criteria => Label::Criteria,
            Is::Structure => Label::Structure,
            Is::Notes => Label::Notes,
            Is::Answer => Label::Answer(2),
            Is::Situation => Label::Part(super::labels::Part::Situation),
            Is::FollowUps => Label::Discussion,
            Is::Advice => Label::Tips,
            _ => return None,
        })
    }

    pub(super) fn column(self) -> Option<Column> {
        Some(match self {
            Is::Question | Is::Questions => Column::Question,
            Is::Story => Column::Story,
            Is::Theme => Column::Label(Label::Detail(Detail::Theme)),
            Is::Tags => Column::Label(Label::Detail(Detail::Tags)),
            Is::Level => Column::Label(Label::Detail(Detail::Level)),
            Is::ToAsk => Column::Label(Label::ToAsk),
            is => Column::Label(is.part()?),
        })
    }
}

/// What the person said about the headings and columns of one file, by their words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hints {
    headings: BTreeMap<String, Is>,
    columns: BTreeMap<String, Is>,
}

impl Hints {
    /// Remembers what a heading is; its number, case and ornaments do not matter. The heading `""` stands for the lines
    /// above the first.
    pub fn say_heading(&mut self, heading: &str, is: Is) {
        self.headings.insert(key(heading), is);
    }

    /// Remembers what a column is.
    pub fn say_column(&mut self, head: &str, is: Is) {
        self.columns.insert(key(head), is);
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.headings.is_empty() && self.columns.is_empty()
    }

    /// How much was said: headings and columns.
    pub fn len(&self) -> usize {
        self.headings.len() + self.columns.len()
    }

    pub(super) fn heading(&self, text: &str) -> Option<Is> {
        if self.headings.is_empty() { None } else { self.headings.get(&key(text)).copied() }
    }

    /// What stands above the first heading.
    pub(super) fn above_headings(&self) -> Option<Is> {
        self.headings.get("").copied()
    }

    pub(super) fn column(&self, head: &str) -> Option<Is> {
        if self.columns.is_empty() { None } else { self.columns.get(&key(head)).copied() }
    }
}

fn key(text: &str) -> String {
    let words = after_number(text).trim_end_matches(':').to_lowercase();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{super::read_with, *};

    #[test]
    fn every_kind_has_a_name_by_which_it_is_found() {
        for is in Is::ALL {
            assert_eq!(Is::named(is.name()), Some(is));
        }
        assert_eq!(Is::named("nonsense"), None);
    }

    #[test]
    fn what_stands_above_the_first_heading_is_what_the_person_says() {
        let mut hints = Hints::default();
        hints.say_heading("", Is::ToAsk);
        let reading = read_with(b"How long is the lunch?\n\n# Later\n\n- water\n", "a", &hints).expect("text");
        assert_eq!(reading.bank.to_ask, ["How long is the lunch?"]);
        assert!(reading.is_sure());
    }

    #[test]
    fn what_was_said_is_found_whatever_the_number_and_the_case() {
        let mut hints = Hints::default();
        hints.say_heading("2. Story  Map:", Is::Questions);
        assert_eq!(hints.heading("## 3) story map"), Some(Is::Questions));
        assert_eq!(hints.column("story map"), None);
    }
}
