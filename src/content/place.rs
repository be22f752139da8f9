//! Where in a bank a row stands, and what a row without a label becomes there.

use super::{
    accounting::LineMeaning as Means,
    guide::GuideSection,
    labels::{self, Label},
    prose,
    reader::Reader,
    rows::{Row, Shape},
};
use crate::types::{AnswerParts, DiscussionTopic, ModelAnswer, QuestionKind, StructureStep, Tip};

/// Where in a bank a row stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Place {
    /// Under a heading of no question: advice.
    Tips(String),
    /// In a list of questions under this heading.
    Prompts(String),
    /// In a guide to the questions before it.
    Guide,
    /// Under a heading that makes no sense where it stands.
    Lost,
    /// Right behind a question.
    Asked,
    /// In the person's own notes.
    Notes,
    Criteria(String),
    Structure(String),
    Answer(Answering),
    Situation,
    Challenges,
    Discussion {
        title: String,
        topics: bool,
    },
    /// Under another heading inside a question.
    Advice(String),
}

/// What is known of the example answer that is being read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Answering {
    /// In how many lists its parts stand, once the first was found.
    depth: Option<usize>,
    part: Option<Label>,
}

impl Reader<'_> {
    /// Puts a row without a label where it stands. `text` is the row's text, or what is left of it
    /// behind a label.
    pub(super) fn entry(&mut self, row: &Row, text: &str) -> Means {
        let beside = matches!(
            self.place,
            Place::Criteria(_) | Place::Structure(_) | Place::Challenges | Place::Discussion { .. } | Place::Advice(_)
        );
        if row.quoted && beside {
            return self.note(row, text);
        }
        match self.place.clone() {
            Place::Tips(title) => self.tip(row, text, &title),
            Place::Prompts(title) if self.question().is_none() => self.tip(row, text, &title),
            Place::Prompts(_) | Place::Notes => self.note(row, text),
            Place::Guide => self.guide_entry(row, text),
            Place::Lost => Means::NotUnderstood("a part of a question, but no question is open"),
            Place::Asked => self.after_question(row, text),
            Place::Criteria(title) => self.criterion(row, text, &title),
            Place::Structure(title) => self.step(row, text, &title),
            Place::Answer(answering) => self.answer_entry(row, text, answering),
            Place::Situation => self.situation(row, text),
            Place::Challenges => {
                if let Some(question) = self.question() {
                    add(&mut question.challenges, row, text);
                }
                Means::Challenge
            }
            Place::Discussion { .. } => self.prompt(row, text),
            Place::Advice(title) => self.advice(row, text, &title),
        }
    }

    fn after_question(&mut self, row: &Row, text: &str) -> Means {
        let unasked = self.question().is_some_and(|question| question.text.is_empty());
        if unasked && (row.shape == Shape::Text || labels::looks_like_a_question(text)) {
            self.say_question(text);
            return Means::Question;
        }
        let scenario = self.kind_named() == Some(QuestionKind::Scenario);
        if scenario && row.shape == Shape::Text && !row.quoted {
            self.situation(row, text)
        } else {
            self.note(row, text)
        }
    }

    fn note(&mut self, row: &Row, text: &str) -> Means {
        if let Some(question) = self.question() {
            add(&mut question.notes, row, text);
        }
        Means::Note
    }

    fn situation(&mut self, row: &Row, text: &str) -> Means {
        if let Some(question) = self.question() {
            let situation = question.situation.get_or_insert_default();
            prose::append(situation, row, text, 0);
        }
        Means::Situation
    }

    fn criterion(&mut self, row: &Row, text: &str, title: &str) -> Means {
        if row.shape == Shape::Text && !row.joined && text.ends_with(':') && self.next_is_item() {
            return self.advice(row, text, title);
        }
        if let Some(question) = self.question() {
            add(&mut question.criteria, row, text);
        }
        Means::Criterion
    }

    fn step(&mut self, row: &Row, text: &str, title: &str) -> Means {
        let behind_label = text.len() < self.row_now().text.len();
        let Some(question) = self.question() else { return Means::Step };
        let steps = &mut question.structure;
        match (row.shape, steps.last_mut()) {
            _ if !row.joined && prose::chain(text).is_some() => {
                let names = prose::chain(text).unwrap_or_default();
                steps.extend(names.into_iter().map(|step| StructureStep { step, hint: String::new() }));
            }
            (Shape::Item(_), Some(last)) if row.depth > 1 => {
                let separator = if last.hint.is_empty() { "" } else { "; " };
                last.hint = format!("{}{separator}{text}", last.hint);
            }
            (Shape::Item(_), _) => {
                let (step, hint) = prose::step(text, row.lead());
                steps.push(StructureStep { step, hint });
            }
            (Shape::Text, Some(last)) if row.depth > 0 => {
                let row = Row { joined: true, ..row.clone() };
                prose::append(&mut last.hint, &row, text, row.depth);
            }
            _ if behind_label => {
                let (step, hint) = prose::step(text, 0);
                steps.push(StructureStep { step, hint });
            }
            _ => return self.advice(row, text, title),
        }
        Means::Step
    }

    fn advice(&mut self, row: &Row, text: &str, title: &str) -> Means {
        if let Some(question) = self.question() {
            match question.tips.last_mut() {
                Some(tip) if (row.joined || row.depth > 1) && tip.title == title => {
                    prose::append(&mut tip.text, row, text, 1);
                }
                _ => question.tips.push(Tip { title: title.into(), text: text.into(), line: row.line }),
            }
        }
        Means::Advice
    }

    /// Opens a topic to discuss.
    pub(super) fn topic(&mut self, title: &str) -> Means {
        if let Place::Discussion { topics, .. } = &mut self.place {
            *topics = true;
        }
        if let Some(question) = self.question() {
            let topic = title.trim_end_matches(':').to_owned();
            question.discussion.push(DiscussionTopic { topic, prompts: Vec::new() });
        }
        Means::Topic
    }

    fn prompt(&mut self, row: &Row, text: &str) -> Means {
        if matches!(row.shape, Shape::Item(_)) && row.depth == 1 && self.next_is_nested(row) {
            return self.topic(text);
        }
        if let Place::Discussion { title, topics: false } = &self.place {
            let title = title.clone();
            self.topic(&title);
        }
        if let Some(topic) = self.question().and_then(|question| question.discussion.last_mut()) {
            add(&mut topic.prompts, row, text);
        }
        Means::Prompt
    }

    fn guide_entry(&mut self, row: &Row, text: &str) -> Means {
        if self.guide.is_empty() {
            self.guide.push(GuideSection::new("Guide", row.line, true));
        }
        self.guide.last_mut().map_or(Means::Advice, |section| section.take(row, text))
    }

    // ---- Example answers

    /// A row of an answer that begins with the name of one of its four parts.
    ///
    /// Parts begin with a situation or a task, and stand side by side: the `Action` of a numbered
    /// plan, or a `Situation` inside an action, is no part.
    pub(super) fn part(&mut self, row: &Row, label: Label, rest: &str) -> Means {
        let Place::Answer(answering) = &mut self.place else { return self.entry(row, &row.text) };
        let starts = answering.depth.is_none() && matches!(label, Label::Situation | Label::Task);
        if row.joined && row.lead() == 0 || !(starts || answering.depth == Some(row.depth)) {
            return self.entry(row, &row.text);
        }
        let depth = row.depth;
        *answering = Answering { depth: Some(depth), part: Some(label) };
        let Some(answer) = self.answer() else { return Means::Answer(2) };
        let line_of_its_own = Row { joined: false, ..row.clone() };
        prose::append(&mut answer.text, &line_of_its_own, &row.text, 0);
        let told = part_of(&mut answer.parts, label);
        if !rest.is_empty() {
            let joined = Row { shape: Shape::Text, ..row.clone() };
            prose::append(told, &joined, rest, depth);
        }
        Means::Part(answer.level, part_name(label))
    }

    fn answer_entry(&mut self, row: &Row, text: &str, answering: Answering) -> Means {
        let belongs = answering.depth.is_some_and(|depth| {
            depth == 0 || row.depth > depth || row.joined || (row.depth == depth && row.shape == Shape::Text)
        });
        let part = answering.part.filter(|_| belongs);
        if let Place::Answer(answering) = &mut self.place {
            answering.part = part;
        }
        let Some(answer) = self.answer() else { return Means::Answer(2) };
        prose::append(&mut answer.text, row, text, 0);
        let Some(part) = part else { return Means::Answer(answer.level) };
        prose::append(part_of(&mut answer.parts, part), row, text, answering.depth.unwrap_or(0));
        Means::Part(answer.level, part_name(part))
    }

    fn answer(&mut self) -> Option<&mut ModelAnswer> {
        self.question()?.answers.last_mut()
    }
}

/// Puts the finishing touches to an answer that has been read to its end.
pub(super) fn finish_answer(answer: &mut ModelAnswer) {
    answer.text = prose::unquoted(&answer.text).to_owned();
    let parts = &mut answer.parts;
    for part in [&mut parts.situation, &mut parts.task, &mut parts.action, &mut parts.result] {
        if let Some(text) = part {
            *part = Some(prose::unquoted(text).to_owned()).filter(|text| !text.is_empty());
        }
    }
}

fn part_of(parts: &mut AnswerParts, label: Label) -> &mut String {
    let part = match label {
        Label::Task => &mut parts.task,
        Label::Action => &mut parts.action,
        Label::Result => &mut parts.result,
        _ => &mut parts.situation,
    };
    part.get_or_insert_default()
}

fn part_name(label: Label) -> &'static str {
    match label {
        Label::Task => "task",
        Label::Action => "action",
        Label::Result => "result",
        _ => "situation",
    }
}

/// Adds an entry to a list, or goes on with its last one.
fn add(list: &mut Vec<String>, row: &Row, text: &str) {
    match list.last_mut() {
        Some(last) if row.joined => {
            last.push(' ');
            last.push_str(text);
        }
        _ => list.push(text.to_owned()),
    }
}
