//! Headings, and what looks like one: lines in bold, summaries of folds.
//!
//! What a heading is depends on its words, on what it stands in, and on what stands below it. The rules are tried from
//! the surest to the weakest, first for a heading inside a question, then for one outside (`outside`).

use super::{
    accounting::LineMeaning as Means,
    asks::{self, Asks},
    blank::{Blank, blank},
    clues::{Strength, is_asked},
    defaults,
    draft::Written,
    hints::Is,
    labels::{self, Detail, Label, Labelled, Part},
    numbers::after_number,
    outline::{PSEUDO, Parts, Section},
    place::Place,
    reader::Reader,
    rows::{Callout, Row, Shape},
};
use crate::types::QuestionKind;

impl Reader<'_> {
    /// A row that heads a section.
    pub(super) fn head(&mut self, row: &Row) -> Means {
        let text = row.text.trim();
        self.draft.give_up_situation();
        self.advised = self.advised.filter(|level| self.own_level() > *level);
        if self.outline.clues[self.at].heads == Some(1) && self.hints.above_headings().is_some() {
            // What the person said holds only above it.
            self.close_question();
            self.place = Place::Tips(String::new());
        }
        if let Some(is) = self.hints.heading(text) {
            return self.as_told(row, is);
        }
        let found = self.labels[self.at].of_heading();
        if self.is_line_in_bold() && !self.bold_line_heads(row, found) {
            return self.line(row);
        }
        if let Some(Labelled { label: label @ (Label::Question | Label::Scenario), rest }) = found
            && !matches!(self.place, Place::ToAsk)
            && !(label == Label::Scenario && rest.is_empty() && self.is_a_drill())
        {
            return self.numbered_question(row, label, rest);
        }
        if matches!(self.place, Place::Guide) && self.guide.is_empty() {
            // The sections of a guide stand under its heading, though they are no deeper.
            self.empty_heading = None;
        }
        if let Some(means) = self.head_inside(row, found) {
            return means;
        }
        self.close_question();
        self.head_outside(row, found)
    }

    pub(super) fn is_line_in_bold(&self) -> bool {
        self.own_level() % 10 == PSEUDO
    }

    /// Whether a line that is bold from end to end is a heading here, and not a line like any other.
    fn bold_line_heads(&mut self, row: &Row, found: Option<Labelled<'_>>) -> bool {
        let in_question = self.draft.open.is_some() && !matches!(self.place, Place::Prompts(_));
        let beside =
            self.draft.open.as_ref().is_none_or(|open| open.written == Written::Bold || open.written == Written::Bare);
        let clue = &self.outline.clues[self.at];
        let asked = clue.asks == Asks::Surely || clue.asks == Asks::Maybe && asks::may_be_asked(&row.text);
        let strong = clue.part.filter(|(_, strength)| self.outline.parts_around(self.at).accept(*strength)).is_some();
        match found.map(|found| found.label) {
            // `**Tags**:` and the like say something even with nothing behind them.
            Some(Label::Detail(_) | Label::About | Label::In(_)) => false,
            Some(
                Label::Question | Label::Scenario | Label::ToAsk | Label::Prompts | Label::SelfCheck | Label::Contents,
            ) => true,
            Some(Label::Part(Part::Situation)) if matches!(self.place, Place::Answer(_)) => false,
            Some(Label::Part(Part::Situation)) if in_question => true,
            Some(Label::Part(_)) => false,
            Some(Label::Guide) if self.draft.open.is_none() || matches!(self.place, Place::Prompts(_)) => true,
            Some(label)
                if in_question
                    && (label.belongs_to_a_question()
                        || matches!(
                            label,
                            Label::Tips | Label::Fits | Label::Story | Label::Guide | Label::Template
                        )) =>
            {
                true
            }
            _ if strong && in_question => false,
            _ if self.own_section().holds_questions
                && self
                    .draft
                    .open
                    .as_ref()
                    .is_none_or(|open| matches!(open.written, Written::Item | Written::Bare | Written::Line)) =>
            {
                true
            }
            _ if asked && beside => true,
            _ if asked && matches!(self.place, Place::Asked) && !self.own_section().parts.tell_a_story() => {
                self.is_bare()
            }
            _ if in_question && matches!(self.place, Place::Discussion { .. }) => true,
            _ if in_question && self.own_section().parts.tell_a_story() && !matches!(self.place, Place::Answer(_)) => {
                true
            }
            _ => !(in_question || matches!(self.place, Place::Guide)),
        }
    }

    /// How a question at this heading is written.
    pub(super) fn written(&self, row: &Row) -> Written {
        match row.shape {
            Shape::Summary => Written::Fold,
            _ if self.is_line_in_bold() => Written::Bold,
            _ => Written::Heading,
        }
    }

    /// The section that the row heads.
    pub(super) fn own_section(&self) -> &Section {
        self.outline.section_of(self.at)
    }

    /// `### Question 3: ...`, `## Scenario 1: ...`.
    fn numbered_question(&mut self, row: &Row, label: Label, rest: &str) -> Means {
        if self.is_inside(self.own_level()) && matches!(self.place, Place::Discussion { .. }) && !rest.is_empty() {
            return self.topic(rest);
        }
        let written = self.written(row);
        if asks::asks_of_oneself(rest) {
            return self.asked_by_the_person(row);
        }
        if !rest.is_empty() && blank(rest) == Blank::Wholly {
            return self.form();
        }
        // `Q11. Scenario: You have joined a team. What do you do?` is both.
        let scenario =
            labels::of_heading(rest).filter(|found| found.label == Label::Scenario && !found.rest.is_empty());
        let text = scenario.map_or(rest, |found| found.rest);
        // `Question 3: Ownership` only names what `**Question:** ...` below it asks, `Scenario 3: Who broke it?` too.
        let asks = self.outline.clues[self.at].asks.max(asks::asks(text));
        let named = !text.is_empty()
            && match self.asked_right_below() {
                Some(marked) => asks == Asks::No || marked && label == Label::Scenario,
                None => asks == Asks::No && self.own_section().marks_questions,
            };
        let means = self.open_question(row, if named { "" } else { text }, written);
        if named {
            self.draft.tag(text);
        }
        if label == Label::Scenario || scenario.is_some() {
            self.draft.name_kind(QuestionKind::Scenario);
        }
        means
    }

    /// Whether what stands under `Exercise` says what to do, and not what is asked: `With a partner:` and its steps.
    fn is_a_drill(&self) -> bool {
        let (Some(next), Some(clue)) = (self.rows.get(self.at + 1), self.outline.clues.get(self.at + 1)) else {
            return false;
        };
        (next.is_item() || next.text.ends_with(':')) && clue.asks == Asks::No
    }

    /// Whether the row right below a heading is a question with a mark of its own; `None` where it is none at all.
    fn asked_right_below(&self) -> Option<bool> {
        let (row, labels) = (self.rows.get(self.at + 1)?, self.labels.get(self.at + 1)?);
        let marked = labels.of_line().is_some_and(|found| is_asked(found.label) && !found.rest.is_empty());
        let apart = row.all_bold() || row.text.starts_with(['"', '“', '„', '«']);
        (marked || apart && asks::opens_as_interviewers_do(&row.text)).then_some(marked)
    }

    /// `Question: [the question]`: a form to be filled in.
    pub(super) fn form(&mut self) -> Means {
        self.close_question();
        self.place = Place::Advised("Template".into());
        Means::ToWrite
    }

    /// `Can I use a story twice?`: the person asks, and what follows is advice.
    pub(super) fn asked_by_the_person(&mut self, row: &Row) -> Means {
        self.close_question();
        self.place = Place::Advised(after_number(&row.text).to_owned());
        self.headed("advice")
    }

    /// A heading inside the open question, or `None` when it ends the question.
    fn head_inside(&mut self, row: &Row, found: Option<Labelled<'_>>) -> Option<Means> {
        let waits = self.draft.question().is_some_and(|question| question.text.is_empty());
        if waits && self.outline.clues[self.at].asks == Asks::Surely && self.is_inside(self.own_level()) {
            return Some(self.asked_heading(row));
        }
        let open = self.draft.open.as_ref()?;
        let (level, written) = (self.own_level(), open.written);
        let (deeper, beside) = (level > open.level, level == open.level);
        let text = row.text.trim();
        let rest = found.map_or("", |found| found.rest);
        let label = found.map(|found| found.label);
        let part = label.is_some_and(Label::belongs_to_a_question);
        // In a list of prompts a heading is a part only where it says so.
        if matches!(self.place, Place::Guide)
            || matches!(self.place, Place::Prompts(_))
                && !(deeper
                    && (part || label == Some(Label::Tips) || label == Some(Label::Story) && self.is_line_in_bold()))
        {
            return None;
        }
        if deeper && written == Written::Item {
            self.draft.share();
        }
        let numbered = after_number(text).len() < text.len();
        if deeper && numbered && matches!(self.place, Place::Discussion { .. }) && label != Some(Label::Discussion) {
            return Some(self.topic(after_number(text)));
        }
        match label {
            Some(Label::ToAsk | Label::Contents) => None,
            Some(Label::Part(part)) if deeper || beside => Some(self.part_or_situation(row, part, rest)),
            Some(Label::Guide) if deeper => Some(self.section(Label::Answer(2), text, "")),
            Some(Label::Tips | Label::HowTo | Label::SelfCheck) if deeper => Some(self.section(Label::Tips, text, "")),
            Some(Label::Template) if deeper => Some(self.section(Label::Tips, text, "")),
            Some(Label::Variants) if deeper => Some(self.section(Label::Tips, text, "")),
            Some(Label::Fits) if deeper && written == Written::Story => Some(self.section(Label::Fits, text, rest)),
            Some(Label::Story) if deeper => {
                Some(self.section(Label::Answer(2), if rest.is_empty() { text } else { rest }, ""))
            }
            Some(Label::Prompts | Label::Fits) if deeper && written == Written::Story => {
                Some(self.section(Label::Fits, text, rest))
            }
            Some(Label::Prompts)
                if self.own_section().holds_questions || written == Written::Bold && self.is_line_in_bold() =>
            {
                None
            }
            Some(Label::Answer(0)) if deeper => Some(self.section(Label::Tips, text, rest)),
            Some(Label::Structure) if (deeper || beside) && self.tells_a_story_here() => {
                Some(self.section(Label::Answer(2), text, rest))
            }
            Some(label) if label.belongs_to_a_question() && (deeper || beside && label != Label::HowTo) => {
                Some(self.section(label, text, rest))
            }
            None if deeper && after_number(text).bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => {
                Some(self.section(Label::Answer(2), text, ""))
            }
            Some(Label::Detail(Detail::Frameworks)) if deeper => Some(self.section(Label::Structure, text, "")),
            _ if !deeper => None,
            _ => self.unknown_head_inside(row, written),
        }
    }

    /// A heading inside a question whose words say nothing we know.
    fn unknown_head_inside(&mut self, row: &Row, written: Written) -> Option<Means> {
        let text = row.text.trim();
        let section = self.own_section();
        let (holds, tells) = (section.holds_questions, section.parts.tell_a_story());
        let clue = &self.outline.clues[self.at];
        if let Some((part, strength)) = clue.part
            && self.outline.parts_around(self.at).accept(strength)
        {
            let rest = labels::weak_part(text, text.len()).map_or("", |(_, rest)| rest);
            return Some(self.part_or_situation(row, part, rest));
        }
        if clue.asks == Asks::Surely {
            let among_others = self.outline.sections[clue.section].asking_heads >= 2;
            let own = tells
                || !matches!(written, Written::Heading | Written::Fold)
                || among_others && (self.is_bare() || row.shape == Shape::Summary);
            if own && !asks::asks_of_oneself(text) {
                return None;
            }
            if !matches!(self.place, Place::Discussion { .. }) {
                self.leave();
                self.place = Place::Discussion { title: "Follow-up questions".into(), topics: false };
            }
            let asked = Row { shape: Shape::Text, ..row.clone() };
            let means = self.prompt(&asked, after_number(text));
            self.place = Place::Advice(after_number(text).to_owned());
            return Some(means);
        }
        // A question on a line of its own does not hold the headings that hold others.
        let loose = !matches!(written, Written::Heading | Written::Fold | Written::Story);
        let far = self.draft.open.as_ref().is_some_and(|open| open.level % 10 <= 1) && self.own_level() % 10 <= 2;
        // Several stories behind a list are no answers to its last question.
        let bank = tells && written == Written::Item && self.outline.sections[clue.section].storied_heads >= 2;
        if holds && (loose || written == Written::Story) || loose && far && !tells || bank {
            return None;
        }
        if tells && section.explains() {
            return Some(self.section(Label::Structure, text, ""));
        }
        // All that is folded away under a question is its answer.
        if tells || written == Written::Fold && matches!(self.place, Place::Asked) {
            self.open_answer(2, &Self::answer_label(after_number(text)));
            return Some(self.headed("best answer"));
        }
        if let Some(level) =
            super::grades::grade(text).filter(|level| *level > 0 && matches!(self.place, Place::Answer(_)))
        {
            return Some(self.section(Label::Answer(level), text, ""));
        }
        Some(match self.place {
            Place::Discussion { .. } => self.topic(after_number(text)),
            _ => self.section(Label::Tips, text, ""),
        })
    }

    /// Whether the steps under a heading are a story of the person's own: `S: We had ...`.
    pub(super) fn tells_a_story_here(&self) -> bool {
        let parts = self.outline.parts_around(self.at);
        parts.are_letters() || parts.tell_a_story() && self.own_section().told > 0
    }

    /// The name of a part inside a question: of an answer, or the situation of a scenario.
    pub(super) fn part_or_situation(&mut self, row: &Row, part: Part, rest: &str) -> Means {
        if matches!(self.place, Place::Answer(_)) {
            return self.part(row, part, rest);
        }
        if self.outline.parts_around(self.at).tell_a_story()
            || row.quoted
            || part == Part::Situation && self.is_of_an_answer(rest)
        {
            let label = self.story_label();
            self.open_answer(2, &label);
            return self.part(row, part, rest);
        }
        match part {
            Part::Situation => self.section(Label::Part(part), &row.text, rest),
            _ if self.outline.clues[self.at].heads.is_some() => self.section(Label::Tips, &row.text, rest),
            _ => self.entry(row, &row.text),
        }
    }

    /// Whether a situation is one that somebody was in, and so begins an answer: a scenario speaks to the reader.
    pub(super) fn is_of_an_answer(&self, rest: &str) -> bool {
        let below = self.rows[self.at + 1..].iter().take(2).map(|row| row.text.as_str());
        let mut told = std::iter::once(rest).chain(below.filter(|_| rest.is_empty())).map(str::to_lowercase);
        self.draft.kind_named() != Some(QuestionKind::Scenario) && told.any(|told| asks::tells_of_oneself(&told))
    }

    /// What an answer is called whose parts stand right under a question: by the heading that was opened before them.
    fn story_label(&self) -> String {
        match &self.place {
            Place::Advice(title) if !title.is_empty() => title.clone(),
            _ => "Answer".into(),
        }
    }

    /// A callout: `> [!question] Why?`.
    pub(super) fn callout(&mut self, row: &Row, callout: Callout) -> Means {
        let named = asks::asks(&row.text) == Asks::No && row.text.len() < 30;
        match callout {
            Callout::Question if !named && !asks::asks_of_oneself(after_number(&row.text)) => {
                let (tag, asked) = super::prefix::split(after_number(&row.text));
                let means = self.open_question(row, asked, Written::Callout);
                if let Some(tag) = tag {
                    self.draft.tag(tag);
                }
                means
            }
            // `> [!question] Likely`, and a list of them.
            Callout::Question if named && self.draft.open.is_none() && self.asks_in_a_list() => {
                self.before_aside = Some(std::mem::replace(&mut self.place, Place::Prompts(row.text.clone())));
                self.headed("questions")
            }
            Callout::Question if named && self.draft.open.is_none() => self.open_question(row, "", Written::Callout),
            _ if self.quote_tells_a_story() => self.open_story_in_a_callout(row),
            Callout::Answer if self.draft.open.is_some() => self.section(Label::Answer(2), &row.text, ""),
            Callout::Todo => self.still_to_write(),
            _ if self.draft.open.is_some() => self.section(Label::Tips, &row.text, ""),
            _ => {
                // What stands in the quote is advice under its title; behind it everything is as before.
                self.before_aside = Some(std::mem::replace(&mut self.place, Place::Advised(row.text.clone())));
                self.headed("advice")
            }
        }
    }

    /// Whether the rows right below are items that ask, more than one of them.
    fn asks_in_a_list(&self) -> bool {
        let below = self.outline.clues.get(self.at + 1).and_then(|clue| clue.list);
        below.is_some_and(|list| self.outline.lists[list].items > 1 && self.outline.lists[list].asks())
    }

    /// Whether the lines of the quote that begins here tell a story in parts.
    fn quote_tells_a_story(&self) -> bool {
        let free = self.draft.open.as_ref().is_none_or(|open| open.written == Written::Callout);
        let mut parts = Parts::default();
        let quote = self.rows[self.at + 1..].iter().zip(&self.outline.clues[self.at + 1..]);
        for (_, clue) in quote.take(40).take_while(|(row, _)| row.quoted && !matches!(row.shape, Shape::Callout(_))) {
            if let Some((part, strength)) = clue.part {
                parts.add(part, strength);
            }
        }
        free && parts.tell_a_story()
    }

    fn open_story_in_a_callout(&mut self, row: &Row) -> Means {
        let text = after_number(&row.text);
        let title = labels::of_heading(text).filter(|found| found.label == Label::Story && !found.rest.is_empty());
        let means = self.open_story(row, title.map_or(text, |found| found.rest));
        if let Some(open) = &mut self.draft.open {
            open.written = Written::Callout;
        }
        means
    }

    /// A heading that the person told us about.
    fn as_told(&mut self, row: &Row, is: Is) -> Means {
        let (text, level) = (row.text.trim(), self.own_level());
        let inside = self.is_inside(level) || self.draft.open.as_ref().is_some_and(|open| open.level == level);
        if let Some(label) = is.part().filter(|_| inside) {
            return self.section(label, text, "");
        }
        self.close_question();
        match is {
            Is::Question => self.asked_heading(row),
            Is::Questions => self.open_prompts(text, level),
            Is::ToAsk => self.open_to_ask(text, level),
            Is::Story => self.open_story(row, after_number(text)),
            Is::Theme => {
                self.draft.themes.open(level, Some(after_number(text).to_owned()));
                self.place = Place::Tips(after_number(text).to_owned());
                Means::Theme
            }
            _ => self.open_tips(text, level),
        }
    }

    /// A property at the head of the file.
    pub(super) fn property(&mut self, row: &Row) -> Means {
        if row.joined {
            return self.understood.last().map_or(Means::About, |row| row.means);
        }
        let (key, value) = row.text.split_once(':').unwrap_or((&row.text, ""));
        let value = value.trim();
        match labels::phrase(&key.trim().to_lowercase()) {
            Some(Label::Detail(detail)) if !matches!(detail, Detail::Id | Detail::Theme) && !value.is_empty() => {
                match self.draft.themes.defaults_here().set(detail, value) {
                    Some(()) => Means::Detail(defaults::name(detail)),
                    None => self.about(row),
                }
            }
            _ if key.trim() == "title" && !value.is_empty() && value.len() <= super::reader::LONG => {
                value.clone_into(&mut self.draft.bank.title);
                Means::Title
            }
            _ => self.about(row),
        }
    }

    /// The part of a story that a row names where it stands among others, and what it tells on its own line.
    pub(super) fn part_named<'a>(&self, row: &'a Row) -> Option<(Part, &'a str)> {
        let (part, strength) = self.outline.clues[self.at].part?;
        let around = self.outline.parts_around(self.at);
        if !around.accept(strength) {
            return None;
        }
        let text = row.text.trim_start();
        let rest = match strength {
            Strength::Letter => labels::short_part(text, row.lead())?.1,
            Strength::Strong => labels::of_line(text, row.lead()).or_else(|| labels::of_heading(text))?.rest,
            Strength::Weak => {
                labels::weak_part(text, if row.all_bold() { text.len() } else { row.lead().min(text.len()) })?.1
            }
        };
        Some((part, rest))
    }
}
