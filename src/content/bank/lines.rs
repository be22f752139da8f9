//! Lines that are no headings: those that begin with a label, and those that go on with something.

use super::{
    accounting::LineMeaning as Means,
    asks,
    blank::{Blank, blank},
    clues::Strength,
    defaults,
    draft::Written,
    facts, ids,
    labels::{self, Detail, Label, Labelled, Part},
    place::Place,
    prose,
    reader::{LONG, Reader},
    rows::{Row, Shape},
};
use crate::{
    content::spoken::plain,
    types::{QuestionKind, Tip},
};

impl Reader<'_> {
    /// A row that is no heading.
    pub(super) fn line(&mut self, row: &Row) -> Means {
        self.back_to_the_list(row);
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
        let found = labels::of_line(&row.text, lead)?;
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
        let found = labels::of_heading(&row.text).filter(|found| found.rest.is_empty())?;
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

    /// Does what a label announces; `None` when it announces nothing here.
    fn announced(&mut self, row: &Row, found: Labelled<'_>, in_answer: bool) -> Option<Means> {
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
            Label::Detail(Detail::Frameworks) if open && !facts::is_framework(found.rest) => {
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
    fn names_questions_of_a_story(&self, rest: &str) -> bool {
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

    /// Whether a second question of an interviewer in one section probes the first.
    fn goes_on_asking(&self, row: &Row, rest: &str) -> bool {
        let dialogue = row.text.len() > 11 && row.text.to_lowercase().starts_with("interviewer");
        dialogue && !rest.is_empty() && self.draft.open.as_ref().is_some_and(|open| open.written == Written::Line)
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
    fn asked_in_a_language(&mut self, row: &Row) -> Option<Means> {
        let Labelled { label: Label::In(language), rest } = labels::of_line(&row.text, row.lead())? else {
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

    fn detail(&mut self, detail: Detail, text: &str) -> Means {
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
