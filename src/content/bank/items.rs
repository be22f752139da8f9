//! Questions without a heading and without a label: items of lists, and lines of text.

use super::{
    accounting::LineMeaning as Means,
    asks::{self, Asks},
    blank::{Blank, blank},
    clues::behind_label,
    draft::{Written, before_arrow},
    labels,
    numbers::after_number,
    outline::List,
    place::Place,
    prefix,
    reader::Reader,
    rows::{Row, Shape},
};

/// A sentence that asks is no question of its own if it is longer than this many bytes: it is a paragraph.
const LONGEST_ALONE: usize = 240;

impl Reader<'_> {
    /// An item of a list that is a question where it stands.
    pub(super) fn asked_item(&mut self, row: &Row) -> Option<Means> {
        if !row.is_item() || row.quoted && !matches!(self.place, Place::Prompts(_)) {
            return None;
        }
        let list = self.outline.clues[self.at].list?;
        let (list, asks) = (&self.outline.lists[list], self.outline.clues[self.at].asks);
        if self.is_the_persons_own(row, list) || self.is_advised(row, list) {
            return None;
        }
        if list.explains_parts() || self.draft.open.is_none() && self.outline.is_under_a_part(list) {
            return None;
        }
        let listed = matches!(self.place, Place::Prompts(_)) && list.parent.is_none();
        let next = asks == Asks::Surely && self.counts_on(row);
        let asked = next || list.asks() && (asks != Asks::No || self.is_asked_among(row, list));
        if !(listed || next || asked && self.may_hold_questions(row)) {
            return self.theme_of_a_list(row);
        }
        if listed
            && self.draft.open.as_ref().is_some_and(|open| open.written == Written::Item && row.depth > open.depth)
        {
            return None;
        }
        let text = behind_label(row);
        if asks::asks_of_oneself(prefix::split(before_arrow(text).0).1) && !matches!(self.place, Place::Prompts(_)) {
            return None;
        }
        if blank(text) == Blank::Wholly {
            return Some(self.still_to_write());
        }
        // In a list of questions even what does not read like one is asked; but a sentence that leads on to more is not.
        if listed && asks == Asks::No && (text.ends_with(':') && self.next_is_nested(row) || text.contains("(#")) {
            return self.theme_of_a_list(row);
        }
        self.empty_heading = None;
        let bold_label = (text.len() < row.text.len())
            .then(|| row.text[..row.text.len() - text.len()].trim_matches([':', ' ']).to_owned());
        let (tag, asked) = prefix::split(after_number(text));
        let means = self.open_question(row, asked, if next { Written::Line } else { Written::Item });
        for tag in bold_label.as_deref().into_iter().chain(tag) {
            if labels::of_line(tag, tag.len()).is_none() {
                self.draft.tag(tag);
            } else if labels::phrase(tag).is_none() {
                self.draft.remark = Some(format!("left out: {tag}"));
            }
        }
        Some(means)
    }

    /// Whether an item stands beside one in which the person asks themself, and speaks to nobody either.
    fn is_the_persons_own(&self, row: &Row, list: &List) -> bool {
        list.own > 0 && !matches!(self.place, Place::Prompts(_)) && !asks::speaks_to_you(&row.text.to_lowercase())
    }

    /// Whether an item stands right under a line that says its list is advice, `To improve:`, and is not said as interviewers
    /// say it.
    fn is_advised(&self, row: &Row, list: &List) -> bool {
        let named = |at: usize| {
            let found = self.labels[at].of_line().filter(|found| found.rest.is_empty());
            found.is_some_and(|found| matches!(found.label, labels::Label::Tips | labels::Label::SelfCheck))
        };
        list.first.checked_sub(1).is_some_and(named) && !asks::opens_as_interviewers_do(&row.text)
    }

    /// Whether an item goes on with the numbers of the questions before it: `5. Why ...?` behind `Q4. ...`.
    fn counts_on(&self, row: &Row) -> bool {
        let line = self.draft.open.as_ref().is_some_and(|open| open.written == Written::Line);
        line && row.depth <= 1
            && !row.quoted
            && self.has_the_next_number(row)
            && asks::addresses(&row.text.to_lowercase())
    }

    /// Whether the number of a row follows that of the last question.
    fn has_the_next_number(&self, row: &Row) -> bool {
        let item = matches!(row.shape, Shape::Item(Some(_)));
        let text = row.shape == Shape::Text && !row.joined && row.depth == 0 && starts_with_a_number(row);
        let before = self.prompts.last().and_then(|(_, row)| number_of(&self.rows[*row]));
        (item || text) && before.is_some_and(|before| before.checked_add(1) == number_of(row))
    }

    /// Whether an item that does not read like a question is one, as those beside it are.
    fn is_asked_among(&self, row: &Row, list: &List) -> bool {
        let named = || list.mostly_asks() && self.names_questions(self.outline.clues[self.at].section);
        (list.nearly_all_ask() || named()) && self.could_be_asked(row)
    }

    /// Whether an item says something that could be asked: a few words, and nothing that leads on to more.
    fn could_be_asked(&self, row: &Row) -> bool {
        (2..=30).contains(&row.text.split_whitespace().count())
            && !row.text.ends_with(':')
            && !row.text.contains(" (http")
    }

    /// An item that asks, beside the item that is being read, ends what was told of that one: `Ans: ...`.
    pub(super) fn back_to_the_list(&mut self, row: &Row) {
        let Some(open) = &self.draft.open else { return };
        let beside = open.written == Written::Item && row.is_item() && row.depth > 0 && row.depth <= open.depth;
        let told = matches!(
            self.place,
            Place::Answer(_) | Place::Notes | Place::Advice(_) | Place::Criteria(_) | Place::Structure(_)
        );
        if beside
            && told
            && (!open.shared || self.has_the_next_number(row))
            && self.outline.clues[self.at].asks != Asks::No
            && !row.quoted
        {
            self.leave();
            self.place = self.list_place.clone().unwrap_or(Place::Asked);
        }
    }

    /// Whether items here may be questions: they stand in no part of a question, and in no list of another kind.
    fn may_hold_questions(&self, row: &Row) -> bool {
        let free = matches!(self.place, Place::Tips(_) | Place::Prompts(_) | Place::Asked);
        let Some(open) = &self.draft.open else { return free };
        match open.written {
            // Deeper items belong to the question; others stand beside it.
            Written::Item => {
                let around = self.outline.clues[self.at].list.and_then(|list| self.outline.lists[list].parent);
                let inside = around.is_some() && around == self.prompts.last().map(|(_, row)| *row);
                free && row.depth <= open.depth && !inside
            }
            Written::Bare => matches!(self.place, Place::Prompts(_)) || asks::opens_as_interviewers_do(&row.text),
            Written::Line => matches!(self.place, Place::Prompts(_)),
            _ => false,
        }
    }

    /// An item whose own items are questions: what they are about.
    fn theme_of_a_list(&mut self, row: &Row) -> Option<Means> {
        self.rows.get(self.at + 1).filter(|next| next.is_item())?;
        let below = &self.outline.lists[self.outline.clues[self.at + 1].list?];
        if below.parent != Some(self.at) || row.depth != 1 {
            return None;
        }
        let free = matches!(self.place, Place::Tips(_) | Place::Prompts(_) | Place::Asked);
        let beside =
            self.draft.open.as_ref().is_none_or(|open| open.written == Written::Item && open.depth >= row.depth);
        if !(free && beside && below.asks() && !below.explains_parts() && row.text.len() <= 80) {
            return None;
        }
        self.close_question();
        let theme = after_number(&row.text).trim_end_matches(':').to_owned();
        self.draft.themes.open(super::outline::PSEUDO, Some(theme.clone()));
        self.place = Place::Tips(theme);
        Some(Means::Theme)
    }

    /// A line of text that is a question: it asks, and it stands among others or in a file that has no other marks.
    pub(super) fn asked_line(&mut self, row: &Row) -> Option<Means> {
        if row.is_item()
            && row.depth == 1
            && !row.quoted
            && self
                .rows
                .get(self.at + 1)
                .is_some_and(|next| next.depth < 2 && next.shape == Shape::Text && !next.joined)
        {
            let free = self.draft.open.as_ref().is_none_or(|open| open.written == Written::Bare);
            let place = matches!(self.place, Place::Tips(_) | Place::Prompts(_) | Place::Asked);
            return if free && place { self.theme_of_lines(row, true) } else { None };
        }
        let clue = &self.outline.clues[self.at];
        let section = &self.outline.sections[clue.section];
        if clue.asks == Asks::Surely && self.counts_on(row) {
            return Some(self.open_question(row, after_number(&row.text), Written::Line));
        }
        // Paragraphs inside an item that only names a theme.
        let inset = row.depth == 1 && !row.joined && section.asking_inset >= 2;
        // `She asked:` and a quote.
        let introduced =
            row.quoted && self.at > 0 && self.rows[self.at - 1].text.ends_with(':') && !self.rows[self.at - 1].quoted;
        let listed = matches!(self.place, Place::Prompts(_)) && clue.asks != Asks::No && !asks::looks_back(&row.text);
        if row.shape != Shape::Text || row.depth > 0 && !inset || row.quoted && !introduced && !listed {
            return None;
        }
        let free = match &self.draft.open {
            None => matches!(self.place, Place::Tips(_) | Place::Prompts(_)),
            Some(open) => {
                open.written == Written::Bare
                    || open.written == Written::Item
                        && matches!(self.place, Place::Asked | Place::Prompts(_))
                        && !row.joined
            }
        };
        if !free {
            return None;
        }
        let lower = row.text.to_lowercase();
        let asks_somebody =
            clue.asks == Asks::Surely && (asks::speaks_to_you(&lower) || asks::opens_as_interviewers_do(&row.text));
        let among_others = inset
            || introduced
            || section.asking_lines >= 2 && 3 * section.asking_lines >= section.lines
            || self.is_answered()
            || self.opens_a_section_of_many(row)
            || self.names_questions(clue.section);
        // The only sentence under its heading, and no advice.
        let only = !row.joined
            && section.lines == 1
            && section.head.is_some()
            && row.text.len() < LONGEST_ALONE
            && asks::opens_as_interviewers_do(before_arrow(&row.text).0)
            && asks::speaks_to_you(&lower);
        let alone = only || !self.outline.sections[0].holds_questions;
        if listed || asks_somebody && (among_others || alone) && !asks::asks_of_oneself(&row.text) {
            self.empty_heading = None;
            let (tag, asked) = prefix::split(after_number(&row.text));
            let place = self.place.clone();
            let means = self.open_question(row, asked, Written::Bare);
            if let Place::Prompts(_) = place {
                self.place = place;
            }
            if let Some(tag) = tag {
                self.draft.tag(tag);
            }
            return Some(means);
        }
        self.theme_of_lines(row, among_others)
    }

    /// Whether it is the first line under its heading, as the questions of this file are.
    fn opens_a_section_of_many(&self, row: &Row) -> bool {
        !row.joined
            && self.at > 0
            && self.outline.clues[self.at - 1].heads == Some(self.outline.clues[self.at].section)
            && self.outline.first_lines_asking >= 3
    }

    /// Whether a section's heading says that questions stand under it: `Open-ended questions`.
    fn names_questions(&self, section: usize) -> bool {
        self.outline.sections[section].head.is_some_and(|head| {
            let text = self.rows[head].text.to_lowercase();
            let last = text.split(|c: char| !c.is_alphanumeric()).rfind(|word| !word.is_empty()).unwrap_or_default();
            labels::phrase(last) == Some(labels::Label::Prompts)
        })
    }

    /// Whether the next line answers this one: `Ans: ...`.
    fn is_answered(&self) -> bool {
        self.rows.get(self.at + 1).is_some_and(|next| {
            labels::of_line(&next.text, next.lead())
                .is_some_and(|found| matches!(found.label, labels::Label::Answer(_)))
        })
    }

    /// A short line that opens a paragraph of questions: what they are about.
    fn theme_of_lines(&mut self, row: &Row, among_others: bool) -> Option<Means> {
        if row.joined || !among_others || row.text.len() > 160 || self.outline.clues[self.at].asks == Asks::Surely {
            return None;
        }
        let joined = |at: &usize| {
            self.rows[*at].joined
                || row.is_item()
                    && self.rows[*at].shape == Shape::Text
                    && self.rows[*at].depth < 2
                    && self.rows[*at].line <= row.line + 2
        };
        let mut after = (self.at + 1..self.rows.len()).take_while(joined).take(2);
        let asked = after.any(|at| self.outline.clues[at].asks == Asks::Surely);
        if !asked || row.text.ends_with('.') {
            return None;
        }
        self.close_question();
        let theme = after_number(&row.text)
            .split(['(', '（'])
            .next()
            .unwrap_or(&row.text)
            .trim()
            .trim_end_matches(':')
            .to_owned();
        self.draft.themes.open(super::outline::PSEUDO, Some(theme.clone()));
        self.place = Place::Tips(theme);
        Some(Means::Theme)
    }

    /// Whether a row stands beside the questions of a list and is none of them: an item that does not ask, or text at the
    /// margin with a blank line before it.
    fn is_beside_the_list(&self, row: &Row) -> bool {
        let Some(open) = self.draft.open.as_ref().filter(|open| open.written == Written::Item && !open.shared) else {
            return false;
        };
        let Some(list) = open.list else { return false };
        let item = row.is_item() && self.outline.clues[self.at].list == Some(list) && row.depth == open.depth;
        let apart = self.at > 0 && self.rows[self.at - 1].line + 1 < row.line;
        let text = row.shape == Shape::Text
            && row.depth == 0
            && !row.quoted
            && !row.joined
            && apart
            && self.outline.lists[list].items > 1;
        item || text
    }

    /// Text at the margin behind a list of questions: it ends the list, or it belongs to the only item before it.
    pub(super) fn after_a_list(&mut self, row: &Row) -> Option<Means> {
        let open = self.draft.open.as_ref()?;
        if self.place == Place::Asked && self.is_beside_the_list(row) {
            self.close_question();
            let title = self.draft.themes.title().unwrap_or_default();
            self.place = Place::Tips(title.clone());
            return Some(self.tip(row, &row.text, &title));
        }
        let Place::Prompts(title) = &self.place else { return None };
        if row.depth > 0 {
            return None;
        }
        let alone = open.list.is_some_and(|list| self.outline.lists[list].items == 1) || open.written == Written::Bare;
        if alone {
            return None;
        }
        let title = title.clone();
        self.close_question();
        self.place = Place::Prompts(title.clone());
        Some(self.tip(row, &row.text, &title))
    }
}

/// The number of a row: that of an item, or the first that its text names: `4.Can you`, `Que 3. Why`.
fn number_of(row: &Row) -> Option<u64> {
    if let Shape::Item(Some(number)) = row.shape {
        return Some(number);
    }
    let text = row.text.trim_start_matches(|c: char| !c.is_ascii_digit());
    text[..text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())].parse().ok()
}

fn starts_with_a_number(row: &Row) -> bool {
    row.text.split_once('.').is_some_and(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()))
}
