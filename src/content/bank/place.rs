//! Where in a bank a row stands, and what a row without a label becomes there.

use super::{
    accounting::LineMeaning as Means,
    answers::Answering,
    asks::{self, Asks},
    blank::{Blank, blank},
    draft::Written,
    guide::GuideSection,
    labels::{self, Label},
    prose,
    reader::Reader,
    rows::{Row, Shape},
};
use crate::content::spoken::plain;
use crate::types::{DiscussionTopic, QuestionKind, StructureStep, Tip};

/// Where in a bank a row stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Place {
    /// Under a heading of no question: advice.
    Tips(String),
    /// Under a heading that says it is advice: what reads like a question there is none.
    Advised(String),
    /// Among probes into any answer, under this heading.
    Probes(String),
    /// In a list of questions under this heading.
    Prompts(String),
    /// In a guide to the questions before it.
    Guide,
    /// Among questions for the interviewer.
    ToAsk,
    /// Where the person asks themself.
    SelfCheck(String),
    /// In a table of contents.
    Contents,
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
    /// In the list of questions that a story answers.
    Fits,
    /// Under another heading inside a question.
    Advice(String),
}

impl Place {
    /// Whether it is a place only while a question is open.
    fn is_in_a_question(&self) -> bool {
        matches!(
            self,
            Self::Asked
                | Self::Notes
                | Self::Criteria(_)
                | Self::Structure(_)
                | Self::Answer(_)
                | Self::Situation
                | Self::Challenges
                | Self::Discussion { .. }
                | Self::Fits
                | Self::Advice(_)
        )
    }
}

/// A paragraph under a question that is longer than this many bytes is an answer, not a note of a point.
const LONG_NOTE: usize = 220;

impl Reader<'_> {
    /// Puts a row without a label where it stands. `text` is the row's text, or what is left of it
    /// behind a label.
    pub(super) fn entry(&mut self, row: &Row, text: &str) -> Means {
        let code = matches!(row.shape, Shape::Code(_));
        let form = matches!(self.place, Place::Advised(_)) && self.is_an_empty_part_of_a_form(row, text);
        if !code && (form || blank(text) == Blank::Wholly || is_an_empty_part(text)) {
            return self.still_to_write();
        }
        if self.draft.open.is_some() && !code {
            self.blanks_in(text);
        }
        if self.draft.open.is_none() && self.place.is_in_a_question() {
            self.place = Place::Tips(self.draft.themes.title().unwrap_or_default());
        }
        let beside = matches!(
            self.place,
            Place::Criteria(_) | Place::Structure(_) | Place::Challenges | Place::Discussion { .. }
        );
        if row.quoted && beside {
            // A form to be filled in is no point that anybody makes.
            return if blank(text) == Blank::No { self.note(row, text) } else { self.advice(row, text, "") };
        }
        if row.shape == Shape::Cells && beside {
            return self.advice(row, text, "Table");
        }
        match self.place.clone() {
            Place::Tips(title) | Place::Advised(title) => self.tip(row, text, &title),
            Place::Probes(title) => {
                self.tip(row, text, &title);
                Means::Prompt
            }
            Place::Prompts(title) if self.draft.open.is_none() => self.tip(row, text, &title),
            Place::Notes => self.note(row, text),
            Place::Prompts(_) | Place::Asked => self.after_question(row, text),
            Place::Guide => self.guide_entry(row, text),
            Place::ToAsk => self.for_them(row, text),
            Place::SelfCheck(title) if self.draft.open.is_some() => self.advice(row, text, &title),
            Place::SelfCheck(title) => {
                self.tip(row, text, &title);
                Means::SelfCheck
            }
            Place::Contents => Means::Contents,
            Place::Criteria(title) => self.criterion(row, text, &title),
            Place::Structure(title) => self.step(row, text, &title),
            Place::Answer(answering) => self.answer_entry(row, text, &answering),
            Place::Situation => self.situation(row, text),
            Place::Challenges => {
                if let Some(question) = self.draft.question() {
                    add(&mut question.challenges, row, text);
                }
                Means::Challenge
            }
            Place::Discussion { .. } => self.prompt(row, text),
            Place::Fits => self.fits(row, text),
            Place::Advice(title) => self.advice(row, text, &title),
        }
    }

    fn after_question(&mut self, row: &Row, text: &str) -> Means {
        let unasked = self.draft.question().is_some_and(|question| question.text.is_empty());
        if unasked && (row.shape == Shape::Text || asks::may_be_asked(text)) {
            self.draft.say(text);
            return Means::Question;
        }
        let scenario = self.draft.kind_named() == Some(QuestionKind::Scenario);
        if scenario && row.shape == Shape::Text && !row.quoted && row.depth == 0 {
            // `Scenario: ...`, and on the next line what is asked.
            if let Some(question) = self.draft.question()
                && question.situation.is_none()
                && asks::asks(&question.text) == Asks::No
                && asks::asks(text) == Asks::Surely
                && asks::addresses(&text.to_lowercase())
                && text.len() < question.text.len() + 200
            {
                question.situation = Some(std::mem::take(&mut question.text));
                self.draft.say(text);
                return Means::Question;
            }
            return self.situation(row, text);
        }
        let written = self.draft.open.as_ref().map(|open| open.written);
        let folded = written == Some(Written::Fold) && row.shape == Shape::Text && row.depth == 0
            || written == Some(Written::Callout) && row.quoted && (row.shape == Shape::Text || text.len() > LONG_NOTE);
        if folded && !text.ends_with(':')
            || row.quoted && written != Some(Written::Callout) && self.quote_is_an_answer(row)
        {
            self.open_answer(2, "Answer");
            return self.entry(row, text);
        }
        match row.shape {
            // A diagram, a program or a table is nothing that anybody says.
            Shape::Code(_) => self.advice(row, text, "Code"),
            Shape::Cells => self.advice(row, text, "Table"),
            _ if row.quoted && blank(text) == Blank::Partly => self.advice(row, text, ""),
            _ if is_only_a_link(text) => self.advice(row, text, "Link"),
            _ if row.joined || row.quoted && written != Some(Written::Callout) => self.note(row, text),
            // What follows an answer is asked after it.
            _ if row.shape != Shape::Text && asks::asks(text) == Asks::Surely => {
                let place = self.place.clone();
                self.place = Place::Discussion { title: "Follow-up questions".into(), topics: self.has_follow_ups() };
                let means = self.prompt(row, text);
                self.place = place;
                means
            }
            _ if text.ends_with([':', '：']) && (text.len() <= 40 || text.len() <= 120 && self.next_is_item()) => {
                Means::Heading("notes")
            }
            Shape::Text if row.depth == 0 && self.paragraph() > LONG_NOTE && asks::advises(text) => {
                self.advice(row, text, "")
            }
            Shape::Text if row.depth == 0 && self.paragraph() > LONG_NOTE => {
                self.open_answer(2, "Answer");
                self.entry(row, text)
            }
            _ => self.note(row, text),
        }
    }

    /// How long the paragraph is that begins here, in bytes.
    fn paragraph(&self) -> usize {
        let rest = self.rows[self.at + 1..].iter().take(20).take_while(|row| row.joined);
        self.rows[self.at].text.len() + rest.map(|row| row.text.len()).sum::<usize>()
    }

    fn has_follow_ups(&mut self) -> bool {
        self.draft.question().is_some_and(|question| {
            question.discussion.last().is_some_and(|topic| topic.topic == "Follow-up questions")
        })
    }

    /// Whether a block quote is what the person would say: it begins with a quotation mark, or it is long.
    fn quote_is_an_answer(&self, row: &Row) -> bool {
        let quote = self.rows[self.at..].iter().take(8).take_while(|row| row.quoted);
        let (lines, bytes) = quote.fold((0, 0), |(lines, bytes), row| (lines + 1, bytes + row.text.len()));
        let says = row.text.starts_with(['"', '“', '„', '«']) && bytes > 40;
        says || lines > 3 || bytes > 2 * LONG_NOTE
    }

    pub(super) fn note(&mut self, row: &Row, text: &str) -> Means {
        let (said, _) = plain(prose::point_behind_label(text));
        let text = prose::as_point(&said);
        if let Some(question) = self.draft.question() {
            add(&mut question.notes, row, text);
        }
        Means::Note
    }

    fn situation(&mut self, row: &Row, text: &str) -> Means {
        if let Some(question) = self.draft.question() {
            let situation = question.situation.get_or_insert_default();
            prose::append(situation, row, text, 0);
        }
        Means::Situation
    }

    fn criterion(&mut self, row: &Row, text: &str, title: &str) -> Means {
        if row.shape == Shape::Text && !row.joined && text.ends_with(':') && self.next_is_item() {
            return self.advice(row, text, title);
        }
        if matches!(row.shape, Shape::Code(_)) {
            return self.advice(row, text, title);
        }
        if let Some(question) = self.draft.question() {
            add(&mut question.criteria, row, text);
        }
        Means::Criterion
    }

    fn step(&mut self, row: &Row, text: &str, title: &str) -> Means {
        let behind_label = text.len() < self.row_now().text.len();
        let Some(question) = self.draft.question() else { return Means::Step };
        let steps = &mut question.structure;
        match (row.shape, steps.last_mut()) {
            _ if !row.joined && prose::chain(text).is_some() => {
                let names = prose::chain(text).unwrap_or_default();
                steps.extend(names.into_iter().map(|step| StructureStep { step, hint: String::new() }));
            }
            (Shape::Item(_), Some(last)) if row.depth > 1 => {
                let separator = if last.hint.is_empty() { "" } else { "; " };
                last.hint.push_str(separator);
                last.hint.push_str(text);
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

    pub(super) fn advice(&mut self, row: &Row, text: &str, title: &str) -> Means {
        if let Some(question) = self.draft.question() {
            let goes_on =
                row.joined || row.depth > 1 || matches!(row.shape, Shape::Code(_) | Shape::Cells) && !row.head;
            match question.tips.last_mut() {
                Some(tip) if goes_on && tip.title == title => prose::append(&mut tip.text, row, text, 1),
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
        if let Some(question) = self.draft.question() {
            let topic = title.trim_end_matches(':').to_owned();
            question.discussion.push(DiscussionTopic { topic, prompts: Vec::new() });
        }
        Means::Topic
    }

    pub(super) fn prompt(&mut self, row: &Row, text: &str) -> Means {
        if row.is_item() && row.depth == 1 && self.next_is_nested(row) {
            return self.topic(text);
        }
        if let Place::Discussion { title, topics: false } = &self.place {
            let title = title.clone();
            self.topic(&title);
        }
        let text = prose::unquoted(text);
        if let Some(topic) = self.draft.question().and_then(|question| question.discussion.last_mut()) {
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

    fn for_them(&mut self, row: &Row, text: &str) -> Means {
        // What is no question here tells how to ask.
        let clue = &self.outline.clues[self.at];
        let section = self.outline.section_of(self.at);
        let idle = clue.list.is_some_and(|list| self.outline.lists[list].sure + self.outline.lists[list].maybe == 0);
        let asked_beside = section.marks_questions || section.asking_lines > 0 || section.asking_heads > 0;
        let tells = match row.shape {
            Shape::Text => true,
            Shape::Item(_) => {
                row.depth > 0
                    && idle
                    && (asked_beside
                        || clue.heads.is_none() && self.outline.clues[self.at.saturating_sub(1)].asks != Asks::No)
            }
            _ => true,
        };
        if !row.joined && tells && asks::asks(text) == Asks::No || row.shape == Shape::Cells {
            return self.tip(row, text, "Questions for the interviewer");
        }
        let text = super::numbers::after_number(prose::unquoted(text));
        match self.draft.bank.to_ask.last_mut() {
            Some(last) if row.joined && !last.ends_with(['?', '？']) => {
                last.push(' ');
                last.push_str(text);
            }
            _ => self.draft.bank.to_ask.push(text.to_owned()),
        }
        Means::ToAsk
    }

    /// Adds a tip under a heading: one for each paragraph and each item of a list.
    pub(super) fn tip(&mut self, row: &Row, text: &str, title: &str) -> Means {
        let bank = &mut self.draft.bank;
        let title = if title.is_empty() { bank.title.as_str() } else { title };
        let goes_on = row.joined || row.depth > 1 || matches!(row.shape, Shape::Code(_) | Shape::Cells) && !row.head;
        match bank.tips.last_mut() {
            Some(tip) if goes_on && tip.title == title => prose::append(&mut tip.text, row, text, 1),
            _ => bank.tips.push(Tip { title: title.into(), text: text.into(), line: row.line }),
        }
        Means::Tip
    }

    /// A line that is still to be written.
    pub(super) fn still_to_write(&mut self) -> Means {
        if let Some(question) = self.draft.question() {
            question.blanks += 1;
        }
        Means::ToWrite
    }

    /// Whether a line is nothing but the name of a part, and another follows.
    fn is_an_empty_part_of_a_form(&self, row: &Row, text: &str) -> bool {
        let named = labels::of_line(text, row.lead())
            .is_some_and(|found| matches!(found.label, Label::Part(_)) && found.rest.is_empty());
        named && self.nothing_follows(row)
    }

    /// Remarks on the gaps in a sentence.
    pub(super) fn blanks_in(&mut self, text: &str) {
        if blank(text) == Blank::Partly {
            self.gaps = true;
            if let Some(question) = self.draft.question() {
                question.blanks += 1;
            }
        }
    }
}

/// Whether a line names a part of a story and leaves it to be written: `Action: [what you did]`.
fn is_an_empty_part(text: &str) -> bool {
    labels::of_line(text, 0).is_some_and(|found| {
        matches!(found.label, Label::Part(_) | Label::Answer(_))
            && !found.rest.is_empty()
            && blank(found.rest) == Blank::Wholly
    })
}

/// Whether a line is nothing but the name of a page and its address.
fn is_only_a_link(text: &str) -> bool {
    text.ends_with(')') && (text.contains(" (http://") || text.contains(" (https://"))
        || text.starts_with("http") && !text.contains(' ')
}

/// Adds an entry to a list, or goes on with its last one.
pub(super) fn add(list: &mut Vec<String>, row: &Row, text: &str) {
    match list.last_mut() {
        Some(last) if row.joined => {
            last.push(' ');
            last.push_str(text);
        }
        _ => list.push(text.to_owned()),
    }
}
