//! What a label at the beginning of a line announces, and what stands behind it.

use super::{
    accounting::LineMeaning as Means,
    asks,
    blank::{Blank, blank},
    defaults,
    draft::Written,
    facts, ids,
    labels::{self, Detail, Label, Labelled, Part},
    place::Place,
    reader::Reader,
    rows::{Row, Shape},
};
use crate::types::{QuestionKind, Tip};

impl Reader<'_> {
    /// Does what a label announces; `None` when it announces nothing here.
    pub(super) fn announced(&mut self, row: &Row, found: Labelled<'_>, in_answer: bool) -> Option<Means> {
        let head = || row.text[..row.text.len() - found.rest.len()].to_owned();
        let open = self.draft.open.is_some();
        match found.label {
            Label::Question if matches!(self.place, Place::ToAsk) => Some(self.entry(row, found.rest)),
            Label::Question if self.goes_on_asking(row, found.rest) => Some(self.follow_up(row, found.rest)),
            Label::Question if asks::asks_of_oneself(found.rest) => Some(self.asked_by_the_person(row)),
            // `Question: [the question]`: a form, and so is what follows.
            Label::Question if !found.rest.is_empty() && blank(found.rest) == Blank::Wholly => Some(self.form()),
            Label::Question => {
                let means = self.open_question(row, found.rest, Written::Line);
                self.situation_in_question(found.rest);
                Some(means)
            }
            Label::Scenario => Some(self.scenario(row, found.rest)),
            // `Framework:` and its steps in a list.
            Label::Detail(Detail::Frameworks) if found.rest.is_empty() && self.next_is_item() => {
                if open {
                    self.draft.share_if_after_list(row);
                    return Some(self.section(Label::Structure, &head(), ""));
                }
                self.place = Place::Advised(head().trim().trim_end_matches(':').to_owned());
                Some(self.headed("advice"))
            }
            Label::Detail(Detail::Frameworks) if open && !facts::is_framework(found.rest) => {
                self.draft.share_if_after_list(row);
                Some(self.section(Label::Structure, &head(), found.rest))
            }
            Label::Detail(detail) => Some(self.detail(detail, found.rest)),
            Label::In(language) if open && !found.rest.is_empty() => Some(self.in_language(language, found.rest)),
            Label::About => Some(self.about(row)),
            Label::ToAsk if !open || matches!(self.place, Place::Prompts(_)) => {
                self.close_question();
                self.place = Place::ToAsk;
                if found.rest.is_empty() { Some(self.headed("to ask")) } else { Some(self.entry(row, found.rest)) }
            }
            Label::Prompts if found.rest.is_empty() && self.opens_a_list(row) => {
                self.close_question();
                self.place = Place::Prompts(row.text.trim_end_matches(':').to_owned());
                Some(self.headed("questions"))
            }
            Label::Fits | Label::Prompts
                if self.draft.open.as_ref().is_some_and(|open| open.written == Written::Story) =>
            {
                Some(self.section(Label::Fits, &head(), found.rest))
            }
            Label::Tips if !open || matches!(self.place, Place::Prompts(_)) && row.depth == 0 => {
                self.close_question();
                let title = head().trim().trim_end_matches(':').to_owned();
                Some(if found.rest.is_empty() {
                    self.place = Place::Tips(title);
                    self.headed("advice")
                } else {
                    self.tip(row, found.rest, &title)
                })
            }
            Label::Story if open && !in_answer => Some(self.section(Label::Answer(2), found.rest, "")),
            Label::Answer(0) if open => Some(self.section(Label::Tips, &head(), found.rest)),
            Label::Structure if open && self.tells_a_story_here() => {
                Some(self.section(Label::Answer(2), &head(), found.rest))
            }
            Label::Part(part @ Part::Situation) if open && self.is_of_an_answer(found.rest) => {
                Some(self.part_or_situation(row, part, found.rest))
            }
            Label::Part(part) if open => {
                // Only a situation says something alone, and only where nobody quotes an answer.
                (part == Part::Situation && !row.quoted && row.depth == 0)
                    .then(|| self.section(Label::Part(part), &head(), found.rest))
            }
            Label::Tips if open && in_answer => None,
            // `Format: "How would you ...?"` says what such questions look like.
            Label::Template if !open && !found.rest.is_empty() => {
                let title = head().trim().trim_end_matches(':').to_owned();
                Some(self.tip(row, found.rest, &title))
            }
            label if label.belongs_to_a_question() || matches!(label, Label::Tips | Label::Template) => {
                if !open {
                    return None;
                }
                if row.depth > 0 {
                    return Some(self.labelled_item(row, label, found.rest));
                }
                self.draft.share_if_after_list(row);
                Some(self.section(label, &head(), found.rest))
            }
            _ => None,
        }
    }

    /// An item with a label under a question: what it says goes where the label says, and the place stays.
    fn labelled_item(&mut self, row: &Row, label: Label, rest: &str) -> Means {
        let title = row.text[..row.text.len() - rest.len()].to_owned();
        if rest.is_empty() || matches!(label, Label::Answer(1..)) {
            return self.section(label, &title, rest);
        }
        let place = self.place.clone();
        let means = self.section(label, &title, rest);
        self.place = place;
        means
    }

    /// Whether what stands behind `Answers:` in a story are questions: `Tell me ...; Describe ...`.
    pub(super) fn names_questions_of_a_story(&self, rest: &str) -> bool {
        let story = self.draft.open.as_ref().is_some_and(|open| open.written == Written::Story);
        story && asks::asks(rest.split(';').next().unwrap_or_default()) == asks::Asks::Surely
    }

    /// Whether `Sample questions:` opens a list here: no question of another kind is open that it could belong to.
    fn opens_a_list(&self, row: &Row) -> bool {
        let free =
            self.draft.open.as_ref().is_none_or(|open| {
                matches!(open.written, Written::Item | Written::Bare | Written::Line | Written::Bold)
            });
        let listed = self.next_is_item() || self.rows.get(self.at + 1).is_some_and(|next| next.quoted && !row.quoted);
        free && row.depth == 0 && listed && !matches!(self.place, Place::Guide | Place::ToAsk)
    }

    /// Whether another question of an interviewer in one section probes the one before: it leans on what was said.
    fn goes_on_asking(&self, row: &Row, rest: &str) -> bool {
        let dialogue = row.text.len() > 11 && row.text.to_lowercase().starts_with("interviewer");
        dialogue
            && !rest.is_empty()
            && !asks::stands_alone(rest)
            && self.draft.open.as_ref().is_some_and(|open| open.written == Written::Line)
    }

    fn follow_up(&mut self, row: &Row, text: &str) -> Means {
        self.leave();
        self.place = Place::Discussion { title: "Follow-up questions".into(), topics: false };
        let asked = Row { shape: Shape::Text, joined: false, ..row.clone() };
        let means = self.prompt(&asked, text);
        self.place = Place::Advice("Follow-up questions".into());
        means
    }

    /// `**Scenario:** ...` above a question tells its situation; alone it is what is asked.
    fn scenario(&mut self, row: &Row, text: &str) -> Means {
        if blank(text) == Blank::Wholly && !text.is_empty() {
            return self.still_to_write();
        }
        let section = self.outline.clues[self.at].section;
        let later = self.rows[self.at + 1..].iter().zip(&self.outline.clues[self.at + 1..]);
        let here = later.take_while(|(_, clue)| clue.section == section && clue.heads.is_none()).take(12);
        let asked = here
            .map(|(row, _)| labels::of_line(&row.text, row.lead()).map(|found| found.label))
            .find(|label| matches!(label, Some(Label::Question | Label::Scenario)));
        if asked == Some(Some(Label::Question)) && !text.is_empty() {
            self.close_question();
            self.draft.give_up_situation();
            self.draft.situation_before = Some((row.line, text.to_owned()));
            return Means::Situation;
        }
        let means = self.open_question(row, text, Written::Line);
        self.draft.name_kind(QuestionKind::Scenario);
        means
    }

    /// `Q: Scenario: You have joined ...` names its kind behind its mark.
    fn situation_in_question(&mut self, text: &str) {
        if let Some(Labelled { label: Label::Scenario, rest }) = labels::of_line(text, 0)
            && !rest.is_empty()
        {
            self.draft.say(rest);
            self.draft.name_kind(QuestionKind::Scenario);
        }
    }

    /// `- DE: Warum ...?` beside `- EN: Why ...?`: the same question in several languages, and no heading above them asks.
    pub(super) fn asked_in_a_language(&mut self, row: &Row) -> Option<Means> {
        let Labelled { label: Label::In(language), rest } = self.labels[self.at].of_line()? else {
            return None;
        };
        if row.quoted || !rest.is_empty() && asks::asks(rest) == asks::Asks::No || rest.is_empty() {
            return None;
        }
        let told = self.draft.question().map(|question| question.in_language.clone());
        // A heading in several languages is the title of the words below it.
        let headed =
            self.draft.open.as_ref().is_some_and(|open| matches!(open.written, Written::Heading | Written::Bold));
        let goes_on = told.as_ref().is_some_and(|told| !told.is_empty() && (headed || !told.contains_key(language)));
        if goes_on && self.place == Place::Asked {
            return Some(self.in_language(language, rest));
        }
        let free = matches!(self.place, Place::Tips(_) | Place::Prompts(_));
        let beside = self.place == Place::Asked && told.is_some_and(|told| told.contains_key(language));
        if !free && !beside {
            return None;
        }
        self.open_question(row, rest, if row.is_item() { Written::Item } else { Written::Line });
        self.place = Place::Asked;
        Some(self.in_language(language, rest))
    }

    /// The open question in another language, on a line of its own.
    fn in_language(&mut self, language: &'static str, text: &str) -> Means {
        if !matches!(self.place, Place::Asked | Place::Prompts(_)) || asks::asks(text) == asks::Asks::No {
            let row = Row { joined: false, ..self.row_now().clone() };
            return self.entry(&row, text);
        }
        let (said, _) = super::draft::words_of_a_question(text);
        if let Some(question) = self.draft.question() {
            // A heading above several languages is their title; the words asked are what stands behind the language.
            let untold = question.in_language.is_empty() && asks::asks(&question.text) == asks::Asks::No;
            if untold || language == "en" {
                question.text.clone_from(&said);
            }
            question.in_language.insert(language.to_owned(), said);
        }
        Means::Question
    }

    pub(super) fn detail(&mut self, detail: Detail, text: &str) -> Means {
        let open = self.draft.open.as_ref().map(|open| open.at);
        if blank(text) == Blank::Wholly && text.chars().any(|c| c.is_alphanumeric() || c == '_') {
            return self.still_to_write();
        }
        let known = match (open, detail) {
            (Some(at), Detail::Id) => ids::from_author(text).map(|id| self.draft.bank.questions[at].id = id),
            (None, Detail::Id) => return Means::NotUnderstood("an id, but no question is open"),
            (Some(at), Detail::Kind) => facts::kind(text).map(|kind| self.draft.kinds[at] = Some(kind)),
            (Some(at), detail) => defaults::set(&mut self.draft.bank.questions[at], detail, text),
            (None, Detail::Theme) => {
                self.draft.themes.open(super::outline::PSEUDO, Some(text.to_owned()));
                Some(())
            }
            (None, detail) => self.draft.themes.defaults_here().set(detail, text),
        };
        match known {
            Some(()) => Means::Detail(defaults::name(detail)),
            None => Means::NotUnderstood(defaults::expected(detail)),
        }
    }

    pub(super) fn about(&mut self, row: &Row) -> Means {
        let title = "About this file";
        match self.draft.bank.tips.last_mut().filter(|tip| tip.title == title) {
            Some(tip) => {
                tip.text.push('\n');
                tip.text.push_str(&row.text);
            }
            None => self.draft.bank.tips.push(Tip { title: title.into(), text: row.text.clone(), line: row.line }),
        }
        Means::About
    }
}
