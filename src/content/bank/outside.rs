//! Headings that stand in no question: questions, themes, lists of questions, advice.

use super::{
    accounting::LineMeaning as Means,
    asks::{self, Asks},
    blank::{Blank, blank},
    draft::Written,
    guide::GuideSection,
    labels::{self, Detail, Label, Labelled},
    numbers::after_number,
    outline::{PSEUDO, Section},
    place::Place,
    reader::Reader,
    rows::{Row, Shape},
};
use crate::content::spoken::plain;

impl Reader<'_> {
    /// A heading that stands in no question.
    pub(super) fn head_outside(&mut self, row: &Row, found: Option<Labelled<'_>>) -> Means {
        let (text, level) = (row.text.trim(), self.own_level());
        let title = after_number(text).trim_end_matches(':');
        let label = found.map(|found| found.label);
        let in_guide = matches!(self.place, Place::Guide);
        match &self.place {
            Place::ToAsk if self.is_below(level) && self.own_section().of_interviewers < 2 => {
                let asks = self.outline.clues[self.at].asks;
                if asks == Asks::No || asks == Asks::Maybe && !text.ends_with('?') {
                    return self.headed("to ask");
                }
                return self.entry(&Row { shape: Shape::Item(None), ..row.clone() }, after_number(text));
            }
            Place::SelfCheck(_)
                if self.is_below(level)
                    && !self.own_section().marks_questions
                    && self.own_section().asking_heads == 0 =>
            {
                self.place = Place::SelfCheck(title.to_owned());
                return self.headed("self-check");
            }
            _ => {}
        }
        let form = match found {
            Some(Labelled { label: Label::Story, rest }) => blank(rest) != Blank::No && !rest.is_empty(),
            Some(_) => false,
            None => blank(&plain(text).0) != Blank::No,
        };
        if form && self.outline.clues[self.at].asks == Asks::No {
            // The heading of a form: `Story #[number]: [title]`.
            self.draft.themes.open(level, None);
            self.place = Place::Advised(title.to_owned());
            return Means::ToWrite;
        }
        match label {
            Some(Label::Prompts) => return self.open_prompts(text, level),
            // `**Examples:**` and a list under `Design questions` are examples of such questions, and no answers.
            Some(Label::Answer(_)) if self.next_is_item() && self.is_under_questions() => {
                return self.open_prompts(text, level);
            }
            Some(Label::Guide) if !self.draft.bank.questions.is_empty() => {
                self.place = Place::Guide;
                return self.headed("guide");
            }
            // `Do you have any questions for us?` is asked too, where an answer stands under it.
            Some(Label::ToAsk) if self.asks_beside_others() => return self.asked_heading(row),
            // `Questions to ask` over `Tell me about a time ...`: they are asked of the candidate.
            Some(Label::ToAsk) if self.own_section().of_the_candidate > 1 => return self.open_prompts(text, level),
            Some(Label::ToAsk) => return self.open_to_ask(text, level),
            // `## Exercise` over steps, and no scenario: `head` has seen to that.
            Some(Label::SelfCheck | Label::Scenario) if !self.holds_what_is_asked() => {
                self.draft.themes.open(level, None);
                self.place = Place::SelfCheck(title.to_owned());
                return self.headed("self-check");
            }
            Some(Label::Contents) => {
                self.place = Place::Contents;
                return self.headed("contents");
            }
            _ if in_guide => {}
            // A part of a list of questions that is told behind its own heading.
            Some(Label::Discussion) if !self.draft.bank.questions.is_empty() => return self.reopened(row, found),
            Some(Label::Tips) if !self.own_section().holds_marked => {
                // A title says it of the whole file, which may hold anything.
                self.advised = (level > 1).then_some(level);
                return self.open_tips(text, level);
            }
            Some(Label::Template | Label::Fits | Label::Variants) => return self.open_tips(text, level),
            _ => {}
        }
        if in_guide {
            let structure = label == Some(Label::Structure);
            self.guide.push(GuideSection::new(after_number(text), row.line, structure));
            return self.headed("guide");
        }
        if found.is_none() && self.outline.clues[self.at].asks == Asks::No && self.is_asked_in_a_quote_below() {
            let means = self.open_question(row, "", self.written(row));
            self.draft.tag(title);
            return means;
        }
        if let Some(means) = self.story_head(row, found) {
            return means;
        }
        let is_title =
            level == 1 && self.draft.bank.title == self.draft.bank.name && self.draft.bank.questions.is_empty();
        if self.asks_as_a_heading(row, is_title) {
            return self.asked_heading(row);
        }
        if is_title {
            after_number(text).clone_into(&mut self.draft.bank.title);
            self.draft.themes.open(level, None);
            self.place = Place::Tips(after_number(text).to_owned());
            return Means::Title;
        }
        // `## Challenges` above questions is what they are about.
        let theme = label == Some(Label::Challenges) && self.own_section().holds_below;
        if label.is_some_and(Label::belongs_to_a_question) && !theme {
            let of_any = matches!(label, Some(Label::Criteria | Label::Structure | Label::HowTo));
            self.advised = self.advised.or((of_any && level > 1).then_some(level));
            self.draft.remark = Some("a part of a question, but no question is open: kept as advice".into());
            return self.open_tips(title, level);
        }
        if self.is_line_in_bold() && found.is_none() && self.introduces_a_question() {
            let means = self.open_question(row, "", Written::Bold);
            self.draft.tag(title);
            return means;
        }
        if self.advised.is_some() && found.is_none() && !self.own_section().holds_marked {
            return self.open_tips(title, level);
        }
        let themed = found.filter(|found| found.label == Label::Detail(Detail::Theme) && !found.rest.is_empty());
        let theme = plain(themed.map_or(title, |found| found.rest.trim_end_matches(':'))).0;
        self.draft.themes.open(level, Some(theme.clone()));
        self.place = Place::Tips(theme);
        Means::Theme
    }

    /// Whether a section of drills and checks holds questions all the same: marked, or said as interviewers say them.
    fn holds_what_is_asked(&self) -> bool {
        let section = self.own_section();
        section.marks_questions || section.of_interviewers > 1 && 2 * section.of_interviewers > section.rows
    }

    /// Whether the row below a heading is a block quote of nothing but a question, in quotation marks.
    fn is_asked_in_a_quote_below(&self) -> bool {
        let marks = ['"', '“', '”', '„', '«', '»'];
        self.rows.get(self.at + 1).is_some_and(|next| {
            let whole = next.text.starts_with(marks) && next.text.ends_with(marks);
            next.quoted && whole && next.shape == Shape::Text && asks::opens_as_interviewers_do(&next.text)
        })
    }

    /// Whether the heading above says that questions follow: `Product design questions`.
    fn is_under_questions(&self) -> bool {
        let above = self.outline.sections[self.outline.clues[self.at].section].head;
        let last = above.and_then(|head| self.rows[head].text.split_whitespace().next_back());
        last.and_then(labels::of_heading).is_some_and(|found| found.label == Label::Prompts)
    }

    /// Whether a line in bold stands right before a question in quotes: `**Sample challenge:**`.
    fn introduces_a_question(&self) -> bool {
        let Some(next) = self.rows.get(self.at + 1) else { return false };
        let quoted = next.text.starts_with(['"', '“', '„', '«']) && next.shape == Shape::Text && next.depth == 0;
        let lower = next.text.to_lowercase();
        let asks_you = asks::addresses(&lower) && !asks::tells(&lower) || asks::opens_as_interviewers_do(&next.text);
        quoted
            && asks_you
            && self.rows[self.at].text.trim_end().ends_with(':')
            && self.outline.clues[self.at + 1].asks == Asks::Surely
    }

    /// Whether a heading asks beside others that ask, and nothing below it does.
    fn asks_beside_others(&self) -> bool {
        let clue = &self.outline.clues[self.at];
        let around = &self.outline.sections[clue.section];
        let below = self.own_section();
        clue.asks == Asks::Surely
            && around.asking_heads >= 3
            && below.rows > 0
            && !below.holds_below
            && !self.next_asks()
    }

    /// Whether the first row under a heading asks.
    fn next_asks(&self) -> bool {
        self.outline.clues.get(self.at + 1).is_some_and(|clue| clue.asks != Asks::No)
    }

    /// A list of questions; what it is called is a theme only where it says more than that.
    pub(super) fn open_prompts(&mut self, text: &str, level: u8) -> Means {
        self.draft.themes.open(level, None);
        self.place = Place::Prompts(text.to_owned());
        self.headed("questions")
    }

    pub(super) fn open_tips(&mut self, text: &str, level: u8) -> Means {
        self.draft.themes.open(level, None);
        self.place = Place::Advised(text.trim_end_matches(':').to_owned());
        self.headed("advice")
    }

    pub(super) fn open_to_ask(&mut self, text: &str, level: u8) -> Means {
        let title = level == 1 && self.draft.bank.title == self.draft.bank.name && self.draft.bank.questions.is_empty();
        if title {
            // All of the file is for the interviewer, whatever the level of its headings.
            after_number(text).clone_into(&mut self.draft.bank.title);
        } else {
            // `**Questions to ask:**` right above other lines in bold stands above them all.
            let beside = self
                .outline
                .clues
                .get(self.at + 1)
                .and_then(|clue| clue.heads)
                .is_some_and(|next| self.outline.sections[next].level == level);
            self.draft.themes.open(if beside && level % 10 == PSEUDO { level - 1 } else { level }, None);
        }
        self.place = Place::ToAsk;
        self.headed("to ask")
    }

    /// Follow-ups behind the questions of a section go to the last of them.
    fn reopened(&mut self, row: &Row, found: Option<Labelled<'_>>) -> Means {
        let rest = found.map_or("", |found| found.rest);
        let section = self.outline.clues[self.at].section;
        // In the same section, or under a heading beside this one.
        let near = |row: usize| {
            let clue = &self.outline.clues[row];
            clue.section == section || clue.heads.is_some() || self.outline.sections[clue.section].parent == section
        };
        let last = self.prompts.last().filter(|(_, row)| near(*row));
        if last.is_none() || self.own_section().marks_questions {
            self.draft.themes.open(self.own_level(), None);
            self.place = Place::Probes(row.text.trim_end_matches(':').to_owned());
            return self.headed("discussion");
        }
        self.draft.reopen(self.own_level().saturating_sub(1));
        self.section(Label::Discussion, &row.text, rest)
    }

    /// Whether a heading stands below the one that opened the place we are in.
    fn is_below(&self, level: u8) -> bool {
        self.draft.themes.level() < level
    }

    /// Whether a heading outside a question is one.
    fn asks_as_a_heading(&self, row: &Row, is_title: bool) -> bool {
        let clue = &self.outline.clues[self.at];
        let (section, text) = (self.own_section(), row.text.trim());
        let around = &self.outline.sections[clue.section];
        if blank(text) == Blank::Wholly
            || asks::asks_of_oneself(text) && clue.asks == Asks::Surely && !row.text.contains('"')
        {
            return false;
        }
        let titles = section.holds_below && section.part_heads == 0;
        match clue.asks {
            Asks::Surely if is_title => !titles && !section.marks_questions,
            // A heading above questions that has nothing of its own is what they are about.
            Asks::Surely => !(section.asking_heads >= 2 && section.rows == 0),
            _ if is_title || section.holds_questions => false,
            Asks::Maybe if asks::may_be_asked(text) => true,
            Asks::Maybe
                if around.asking_heads > 0
                    && (around.numbered_heads * 2 > around.heads || around.asking_heads * 2 >= around.heads) =>
            {
                true
            }
            Asks::Maybe if section.parts.tell_a_story() => true,
            Asks::Maybe => section.rows > 0 && self.is_one_of_many(row, around),
            Asks::No => self.is_one_of_many(row, around),
        }
    }

    /// Whether a heading stands in a row of questions: `Most challenging project` among four that ask.
    fn is_one_of_many(&self, row: &Row, around: &Section) -> bool {
        let numbered = after_number(&row.text).len() < row.text.trim().len();
        let asking = around.asking_heads + around.maybe_heads;
        let titles = around.heads - around.labelled_heads.min(around.heads);
        let most = asking * 10 >= titles * 7 && around.asking_heads * 3 >= asking;
        let words = row.text.split_whitespace().count();
        let few = if numbered { 3 } else { 5 };
        most && super::labels::of_heading(&row.text).is_none()
            && titles >= few
            && asking >= few - 1
            && (2..=14).contains(&words)
            && row.text.ends_with(|c: char| c.is_alphanumeric() || c == '.' || c == '?')
            && (numbered || 2 * around.numbered_heads < around.heads)
    }

    /// Opens a question at a heading that asks; what stands before it is its tag.
    pub(super) fn asked_heading(&mut self, row: &Row) -> Means {
        let text = after_number(row.text.trim());
        let (tag, asked) = super::prefix::split(text);
        let means = self.open_question(row, asked, self.written(row));
        if let Some(tag) = tag {
            self.draft.tag(tag);
        }
        means
    }
}
