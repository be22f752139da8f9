//! Lines that are no headings: those that begin with a label, and those that go on with something.

use super::{
    accounting::LineMeaning as Means,
    asks,
    clues::Strength,
    draft::Written,
    labels::{self, Detail, Label, Part},
    place::Place,
    prose,
    reader::{LONG, Reader},
    rows::{Row, Shape},
};
use crate::{content::spoken::plain, types::QuestionKind};

impl Reader<'_> {
    /// A row that is no heading.
    pub(super) fn line(&mut self, row: &Row) -> Means {
        self.back_to_the_list(row);
        // The heading only named it: `## Conflict`, and below it a quote that asks.
        let waits = self.draft.question().is_some_and(|question| question.text.is_empty());
        if waits && row.quoted && !row.joined && asks::opens_as_interviewers_do(&row.text) {
            return self.open_question(row, &row.text, Written::Heading);
        }
        if let Some(means) = self.story_item(row).or_else(|| self.labelled(row)) {
            return means;
        }
        if let Some(means) = self.nothing_to_say(row) {
            return means;
        }
        if row.joined {
            return self.more(row);
        }
        if self.leads_to_questions_for_them(row) {
            self.close_question();
            self.draft.themes.open(super::outline::PSEUDO, None);
            self.place = Place::ToAsk;
            return self.headed("to ask");
        }
        if self.is_in_contents() {
            return Means::Contents;
        }
        if let Some(means) = self.graded(row) {
            return means;
        }
        if let Some(means) = self.asked_item(row).or_else(|| self.asked_line(row)) {
            return means;
        }
        if let Some(means) = self.after_a_list(row) {
            return means;
        }
        self.entry(row, &row.text)
    }

    /// Whether a row is an item of a table of contents.
    fn is_in_contents(&self) -> bool {
        self.outline.clues[self.at].list.is_some_and(|list| self.outline.lists[list].is_contents())
    }

    /// A line of code: parts of a story may be written so.
    pub(super) fn code(&mut self, row: &Row) -> Means {
        let plain = Row { shape: Shape::Text, ..row.clone() };
        if row.shape == Shape::Code(false)
            && self.draft.open.is_some()
            && let Some((part, rest)) = self.part_named(row)
        {
            return self.part_or_situation(&plain, part, rest);
        }
        match self.place {
            Place::Answer(_) if row.shape == Shape::Code(false) => {
                self.entry(&Row { joined: false, ..plain }, row.text.trim())
            }
            Place::Asked if row.shape == Shape::Code(false) && self.is_inline_in_item() => {
                self.entry(&plain, row.text.trim())
            }
            _ => self.entry(row, &row.text),
        }
    }

    fn is_inline_in_item(&self) -> bool {
        self.draft.open.as_ref().is_some_and(|open| open.written == Written::Item)
    }

    /// A line that begins with a label, if it may have one where it stands.
    fn labelled(&mut self, row: &Row) -> Option<Means> {
        if row.text.len() > LONG && row.lead() == 0 && row.text.find(':').is_none_or(|at| at > 12) {
            return None;
        }
        if let Some(means) = self.section_in_a_line(row) {
            return Some(means);
        }
        if let Some((part, rest)) = self.part_named(row)
            && let Some(means) = self.part_in_a_line(row, part, rest)
        {
            return Some(means);
        }
        if let Some(means) = self.asked_in_a_language(row) {
            return Some(means);
        }
        let lead = row.lead();
        if let Some(means) = self.context(row).or_else(|| self.answered_by_letter(row)) {
            return Some(means);
        }
        let found = self.labels[self.at].of_line()?;
        if let Place::Answer(_) = self.place
            && let Label::Part(part) = found.label
        {
            return Some(self.part(row, part, found.rest));
        }
        let in_answer = matches!(self.place, Place::Answer(_));
        // "One example: ..." goes on with an answer; `A: ...` is another.
        let answers = matches!(found.label, Label::Answer(_))
            && (!in_answer || row.text.starts_with(['A', 'a']) && !row.text.contains("example:"));
        let asked = matches!(found.label, Label::Question | Label::In(_)) || answers;
        let bold = lead > 0;
        let open = self.draft.open.as_ref().map(|open| (open.depth, open.written));
        // Beside an item that says `Question:` stand the parts of that question.
        let here =
            open.is_none_or(|(depth, written)| row.depth > depth || written == Written::Line && row.depth == depth);
        let in_list = row.depth > 0;
        let fact = matches!(found.label, Label::Detail(_) | Label::In(_) | Label::About);
        let fresh = matches!(self.place, Place::Asked | Place::Prompts(_))
            && here
            && self.draft.open.is_some()
            && (fact || found.label.belongs_to_a_question() || found.label == Label::Tips);
        let asks_in_list = matches!(found.label, Label::Question)
            && !found.rest.is_empty()
            && self.draft.open.as_ref().is_none_or(|open| open.written != Written::Heading);
        let answers_in_list = matches!(found.label, Label::Answer(_))
            && matches!(self.place, Place::Asked | Place::Prompts(_))
            && self.draft.open.is_some();
        let allowed_in_list = fresh || asks_in_list || answers_in_list;
        // A sentence that goes on is a label only where it stands out, or says so at once: `Tip: ...`.
        let short = matches!(found.label, Label::Tips | Label::Discussion | Label::Notes)
            && row.text.find(':').is_some_and(|at| at < 12);
        let stands_out = bold || asked || fact || short;
        // `Follow-ups:` and a list below it end an answer.
        let ends_an_answer = matches!(found.label, Label::Discussion | Label::Fits | Label::Prompts)
            && (found.rest.is_empty() && self.next_is_item() || found.rest.starts_with(['"', '“']))
            && !row.joined
            && row.depth == 0
            || found.label == Label::Fits && self.names_questions_of_a_story(found.rest);
        let goes_on_with_an_answer = in_answer && !bold && !asked && !ends_an_answer;
        let in_a_quote = row.quoted && !bold && !asked && self.draft.open.is_some();
        if in_list && !allowed_in_list && !ends_an_answer
            || goes_on_with_an_answer
            || row.joined && !stands_out
            || matches!(self.place, Place::Guide)
            || in_a_quote
        {
            return None;
        }
        self.announced(row, found, in_answer)
    }

    /// `A. Yes, from June.` right below a question that has a mark as well.
    fn answered_by_letter(&mut self, row: &Row) -> Option<Means> {
        let below =
            self.place == Place::Asked && self.draft.open.as_ref().is_some_and(|open| open.written == Written::Line);
        let rest = row
            .text
            .strip_prefix("A. ")
            .or_else(|| row.text.strip_prefix("A) "))
            .or_else(|| row.text.strip_prefix("A - "))?;
        let first = self.understood.last().is_some_and(|last| last.means == Means::Question);
        (below && first).then(|| self.section(Label::Answer(2), "Answer", rest))
    }

    /// `Context: ...` under a question: what is read aloud of a scenario, and advice under any other.
    fn context(&mut self, row: &Row) -> Option<Means> {
        if self.place != Place::Asked
            || row.depth > 0
            || row.quoted
            || !matches!(self.outline.clues[self.at].part, Some((Part::Situation, Strength::Weak)))
        {
            return None;
        }
        let (_, rest) = labels::weak_part(&row.text, row.lead())?;
        let label = match self.draft.kind_named() {
            Some(QuestionKind::Scenario) => Label::Part(Part::Situation),
            _ => Label::Tips,
        };
        let means = self.section(label, &row.text[..row.text.len() - rest.len()], rest);
        if !rest.is_empty() {
            self.place = Place::Asked;
        }
        Some(means)
    }

    /// A short line alone that names a section: `Ask interviewer`, `Solution`, `Sample questions:`.
    fn section_in_a_line(&mut self, row: &Row) -> Option<Means> {
        let line = row.depth == 0 && !row.joined && !row.quoted && row.text.len() <= 60 && row.shape == Shape::Text;
        // A number before it makes it an item; what it names stands at the margin below.
        let item = row.is_item()
            && row.depth == 1
            && row.text.len() <= 160
            && self.rows.get(self.at + 1).is_some_and(|next| next.depth == 0);
        let inside = row.joined && row.depth == 0 && row.shape == Shape::Text && row.text.len() <= 160;
        if !line && !item && !inside {
            return None;
        }
        let found = self.labels[self.at].of_heading().filter(|found| found.rest.is_empty())?;
        let in_list = matches!(self.place, Place::Prompts(_))
            || self
                .draft
                .open
                .as_ref()
                .is_none_or(|open| matches!(open.written, Written::Item | Written::Bare | Written::Line));
        match found.label {
            label if (item || inside) && label != Label::ToAsk || self.is_in_contents() => None,
            Label::Guide if matches!(self.place, Place::Prompts(_)) => {
                self.close_question();
                self.place = Place::Guide;
                Some(self.headed("guide"))
            }
            Label::ToAsk if in_list => {
                self.close_question();
                self.draft.themes.open(super::outline::PSEUDO, None);
                self.place = Place::ToAsk;
                Some(self.headed("to ask"))
            }
            Label::Prompts if in_list && !matches!(self.place, Place::ToAsk | Place::Guide) => {
                self.close_question();
                self.place = Place::Prompts(row.text.trim_end_matches(':').to_owned());
                Some(self.headed("questions"))
            }
            Label::Discussion if in_list && self.draft.open.is_some() => {
                self.draft.share();
                Some(self.section(Label::Discussion, &row.text, ""))
            }
            Label::Contents => {
                self.close_question();
                self.place = Place::Contents;
                Some(self.headed("contents"))
            }
            // `Tips` by itself behind an answer is no part of it.
            Label::Tips if in_list && matches!(self.place, Place::Answer(_)) => {
                Some(self.section(Label::Tips, &row.text, ""))
            }
            _ => None,
        }
    }

    /// Whether a sentence says that what the candidate asks follows in a list.
    fn leads_to_questions_for_them(&self, row: &Row) -> bool {
        let free = self.draft.open.is_none() && matches!(self.place, Place::Tips(_) | Place::Prompts(_));
        let next = self.rows.get(self.at + 1).is_some_and(Row::is_item);
        free && next
            && row.shape == Shape::Text
            && row.depth == 0
            && !row.quoted
            && row.text.len() <= 200
            && labels::speaks_of_asking_them(&row.text)
    }

    /// The name of a part of a story at the beginning of a line.
    fn part_in_a_line(&mut self, row: &Row, part: Part, rest: &str) -> Option<Means> {
        if matches!(
            self.place,
            Place::Guide | Place::ToAsk | Place::Contents | Place::SelfCheck(_) | Place::Structure(_)
        ) {
            return None;
        }
        let weak = matches!(self.outline.clues[self.at].part, Some((_, Strength::Weak)));
        if self.draft.open.is_none() {
            return self.story_without_a_heading(row, part, rest);
        }
        let section = &self.outline.sections[self.outline.clues[self.at].section];
        if let Place::Answer(_) = self.place {
            return Some(self.part(row, part, rest));
        }
        if matches!(self.place, Place::Criteria(_) | Place::Notes | Place::Challenges | Place::Situation)
            && (row.depth > 0 || weak)
        {
            return None;
        }
        let letter = matches!(self.outline.clues[self.at].part, Some((_, Strength::Letter)));
        if letter && matches!(part, Part::Action | Part::Result | Part::Learning) {
            // `Q: ... A: ...`: an answer, and no action, where nothing of a story stands before it.
            return None;
        }
        if section.explains() && self.outline.parts_around(self.at).tell_a_story() {
            // What belongs into each part is advice on the structure, not a story.
            return Some(self.explained(row));
        }
        self.draft.share_if_after_list(row);
        Some(self.part_or_situation(row, part, rest))
    }

    /// A row of a form: `Situation: Set the scene`.
    fn explained(&mut self, row: &Row) -> Means {
        let place = std::mem::replace(&mut self.place, Place::Structure("Structure".into()));
        let item = Row { shape: Shape::Item(None), depth: 1, ..row.clone() };
        let means = self.entry(&item, &row.text);
        self.place = place;
        means
    }

    /// Parts of a story that stand under no heading of their own.
    fn story_without_a_heading(&mut self, row: &Row, part: Part, rest: &str) -> Option<Means> {
        let section = &self.outline.sections[self.outline.clues[self.at].section];
        let first =
            part == Part::Situation && section.parts.tell_a_story() && section.tells() && !section.holds_questions;
        if !first || !matches!(self.place, Place::Tips(_)) || row.quoted {
            return None;
        }
        let title = match &self.place {
            Place::Tips(title) if !title.is_empty() => title.clone(),
            _ => self.draft.bank.title.clone(),
        };
        if labels::of_heading(&title).is_some() || super::stories::explains(&title) {
            return None;
        }
        self.open_story(row, &title);
        Some(self.part_or_situation(row, part, rest))
    }

    /// Goes on with what the row before was.
    pub(super) fn more(&mut self, row: &Row) -> Means {
        let last = self.understood.last().map(|row| row.means);
        match last {
            Some(Means::Question) if self.draft.open.is_some() => {
                if let Some(means) = self.asked_line(row) {
                    return means;
                }
                let bold = self.draft.open.as_ref().is_some_and(|open| open.written == Written::Bold);
                let said = self.draft.question().map(|question| question.text.clone()).unwrap_or_default();
                // A question in bold ends where the bold ends; others end with their sentence.
                if bold && row.lead() == 0 || !prose::goes_on(&said, &row.text) {
                    return self
                        .entry(&Row { joined: false, shape: Shape::Text, ..row.clone() }, after_dashes(&row.text));
                }
                if let Some(question) = self.draft.question() {
                    question.text.push(' ');
                    question.text.push_str(&row.text);
                }
                Means::Question
            }
            Some(Means::Title) if self.draft.bank.title.len() < LONG => {
                self.draft.bank.title.push(' ');
                self.draft.bank.title.push_str(&row.text);
                Means::Title
            }
            Some(means @ Means::Detail("tags")) => {
                if self.detail(Detail::Tags, &row.text) == means {
                    means
                } else {
                    Means::NotUnderstood("no tags")
                }
            }
            Some(Means::ToWrite | Means::Heading(_)) => self.entry(&Row { joined: false, ..row.clone() }, &row.text),
            _ => self.asked_line(row).unwrap_or_else(|| {
                let listed = self.is_a_line_of_a_list(row);
                self.entry(
                    &Row { joined: row.joined && !listed, ..row.clone() },
                    if listed { after_dashes(&row.text) } else { &row.text },
                )
            }),
        }
    }

    /// A line of tags, an embedded file, a picture or a row of stars.
    fn nothing_to_say(&mut self, row: &Row) -> Option<Means> {
        // What a deck of cards writes between a question and its answer.
        if row.text.len() <= 2 && row.text.bytes().all(|byte| byte == b'?') {
            return Some(Means::Layout);
        }
        let (said, left) = plain(&row.text);
        if said.chars().any(|c| c.is_alphanumeric() || c == '_') || left.is_empty() {
            return None;
        }
        if left.iter().all(|left| left.starts_with('#')) {
            let tags = left.iter().map(|tag| tag.trim_start_matches('#')).collect::<Vec<_>>().join(", ");
            return Some(self.detail(Detail::Tags, &tags));
        }
        self.draft.remark = Some(format!("left out: {}", left.join(" ")));
        Some(Means::Layout)
    }

    /// Whether a line was meant as an item, though Markdown takes it for the rest of a sentence: `-- the seat map`.
    fn is_a_line_of_a_list(&self, row: &Row) -> bool {
        let place = matches!(self.place, Place::Asked | Place::Prompts(_) | Place::Notes);
        place && row.text.starts_with(['-', '–', '—', '•', '·', '+']) && after_dashes(&row.text).len() > 2
    }
}

fn after_dashes(text: &str) -> &str {
    text.strip_prefix("->").unwrap_or(text).trim_start_matches(['-', '–', '—', '•', '·', '+', ' '])
}
