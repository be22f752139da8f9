//! The bank as far as it has been read: its questions, the one that is open, and what holds for those to come.

use super::{accounting::LineMeaning as Means, answers, defaults::Themes, labels::Part, prose};
use crate::{
    content::spoken::{self, plain},
    types::{Bank, ModelAnswer, Question, QuestionKind, Tip},
};

/// A question that is being read.
#[derive(Clone, Debug)]
pub(super) struct Open {
    /// Its position in the bank.
    pub at: usize,
    /// The first question of its list: what follows the list belongs to all of them.
    pub first: usize,
    /// Deeper headings stand inside it.
    pub level: u8,
    /// The depth of lists at which it stands.
    pub depth: usize,
    /// How it was written.
    pub written: Written,
    /// The list of which it is an item.
    pub list: Option<usize>,
    /// Whether what comes now is given to the whole list.
    pub shared: bool,
    /// Lengths of the lists of the question when sharing began.
    before: Lengths,
    /// The questions that a story answers, each with its line.
    pub fits: Vec<(usize, String)>,
}

/// How a question was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// As a heading.
    Heading,
    /// As the summary of a fold.
    Fold,
    /// As a line in bold.
    Bold,
    /// As a line with a label: `Q: ...`.
    Line,
    /// As an item of a list.
    Item,
    /// As a line of text without any mark.
    Bare,
    /// As a callout, which ends with its quote.
    Callout,
    /// As a row of a table, which ends with the row.
    Cells,
    /// As the story that answers it.
    Story,
}

#[derive(Clone, Copy, Debug, Default)]
struct Lengths {
    criteria: usize,
    notes: usize,
    answers: usize,
    tips: usize,
    discussion: usize,
    structure: usize,
}

impl Lengths {
    fn of(question: &Question) -> Self {
        Self {
            criteria: question.criteria.len(),
            notes: question.notes.len(),
            answers: question.answers.len(),
            tips: question.tips.len(),
            discussion: question.discussion.len(),
            structure: question.structure.len(),
        }
    }
}

/// More questions of one list than share what follows it: in a longer list it can only belong to the last.
const SHARING: usize = 16;
/// More questions than one story is given to.
const FITTING: usize = 32;

/// The bank that is being read.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub bank: Bank,
    /// The kinds that authors named, at the positions of the questions.
    pub kinds: Vec<Option<QuestionKind>>,
    pub themes: Themes,
    pub open: Option<Open>,
    /// Titles of stories and the questions that ask for them.
    pub stories: Vec<(String, usize)>,
    /// Questions and the stories that a table names for them.
    pub links: Vec<(usize, String)>,
    /// A situation that stands above its question, and its line.
    pub situation_before: Option<(usize, String)>,
    /// What to remark on the row that is being read.
    pub remark: Option<String>,
}

impl Draft {
    pub fn new(name: &str) -> Self {
        let bank = Bank { name: name.into(), title: name.into(), ..Bank::default() };
        Self { bank, ..Self::default() }
    }

    /// The question that is being read.
    pub fn question(&mut self) -> Option<&mut Question> {
        let at = self.open.as_ref()?.at;
        self.bank.questions.get_mut(at)
    }

    /// The kind that the author gave the open question.
    pub fn kind_named(&self) -> Option<QuestionKind> {
        self.kinds[self.open.as_ref()?.at]
    }

    /// Opens a question on a line; `text` may be empty where its words follow.
    pub fn open(&mut self, text: &str, line: usize, written: Written, level: u8) {
        let first = self.bank.questions.len();
        let mut question = Question { line, theme: self.themes.title(), ..Question::default() };
        let defaults = self.themes.defaults();
        defaults.fill(&mut question);
        self.kinds.push(defaults.kind);
        self.bank.questions.push(question);
        self.open = Some(Open {
            at: first,
            first,
            level,
            depth: 0,
            written,
            list: None,
            shared: false,
            before: Lengths::default(),
            fits: Vec::new(),
        });
        self.say(text);
        if let Some((_, situation)) = self.situation_before.take()
            && let Some(question) = self.question()
        {
            question.situation = Some(situation);
        }
    }

    /// Keeps a situation for which no question came as advice.
    pub fn give_up_situation(&mut self) {
        if let Some((line, text)) = self.situation_before.take() {
            self.bank.tips.push(Tip { title: "Scenario".into(), text, line });
        }
    }

    /// Gives the open question a kind of its author's.
    pub fn name_kind(&mut self, kind: QuestionKind) {
        if let Some(open) = &self.open {
            self.kinds[open.at] = Some(kind);
        }
    }

    /// Sets the words of the open question, as they are said: without quotes, asides, tags and addresses.
    pub fn say(&mut self, text: &str) {
        let (text, answer) = before_arrow(text);
        let (text, languages) = super::languages::side_by_side(text).unwrap_or((text, Vec::new()));
        let (said, mut left) = words_of_a_question(text);
        let Some(question) = self.question() else { return };
        // `# #` asks nothing.
        question.text = if said.contains(char::is_alphanumeric) { said } else { String::new() };
        question
            .in_language
            .extend(languages.into_iter().map(|(language, text)| (language.to_owned(), words_of_a_question(text).0)));
        question.notes.extend(answer.map(|answer| prose::point_behind_label(answer).to_owned()));
        left.retain(|left| left.chars().any(char::is_alphanumeric));
        for aside in &left {
            let lower = aside.trim_matches(['(', ')', '[', ']', ' ']).to_lowercase();
            if let Some(tag) = aside.strip_prefix('#') {
                let tag = tag.trim_end_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
                if !tag.is_empty() && question.tags.len() < 64 && !question.tags.contains(&tag) {
                    question.tags.push(tag);
                }
            } else if spoken::is_time(&lower) && question.target_s.is_none() {
                question.target_s = super::facts::target(&lower);
            }
        }
        if !left.is_empty() {
            self.remark = Some(format!("left out: {}", left.join(" ")));
        }
    }

    /// Gives the open question a tag.
    pub fn tag(&mut self, text: &str) {
        let Some(question) = self.question().filter(|_| !text.trim().is_empty()) else { return };
        // `T: Why ...?` names who asked.
        let says = text.trim().chars().count() > 1;
        if !says || super::defaults::set(question, super::labels::Detail::Tags, text).is_none() {
            self.remark = Some(format!("left out: {}", text.trim()));
        }
    }

    /// From now on, what is read belongs to all questions of the open one's list.
    pub fn share(&mut self) {
        let Some(open) = &mut self.open else { return };
        if !open.shared && open.first < open.at && open.at - open.first < SHARING {
            open.shared = true;
            open.before = Lengths::of(&self.bank.questions[open.at]);
        }
    }

    /// What stands at the margin behind a list of questions belongs to all of them.
    pub fn share_if_after_list(&mut self, row: &super::rows::Row) {
        if row.depth == 0 && self.open.as_ref().is_some_and(|open| open.written == Written::Item) {
            self.share();
        }
    }

    /// Closes the open question.
    pub fn close(&mut self, understood: &mut [super::reader::Understood]) {
        let Some(open) = self.open.take() else { return };
        let last = open.at + 1 == self.bank.questions.len();
        let question = &mut self.bank.questions[open.at];
        // Again, as the closing mark may have stood on a later line.
        question.text = prose::unquoted(&question.text).to_owned();
        // The names of parts and nothing else are a form.
        let told: Vec<bool> = question.answers.iter().map(answers::is_told).collect();
        if told.contains(&false) {
            let rows = understood.iter_mut().rev().take_while(|row| row.question == Some(open.at));
            let of_a_form = |row: &&mut super::reader::Understood| {
                matches!(row.means, Means::Answer(_) | Means::Part(..))
                    && row.answers.checked_sub(1).is_some_and(|answer| told.get(answer) == Some(&false))
            };
            rows.filter(of_a_form).for_each(|row| row.means = Means::ToWrite);
            question.answers.retain(answers::is_told);
        }
        if question.text.is_empty() && question.blanks > 0 && last {
            self.bank.questions.pop();
            self.kinds.pop();
            for row in understood.iter_mut().rev().take_while(|row| row.question == Some(open.at)) {
                row.question = None;
                row.means = Means::ToWrite;
            }
            return;
        }
        if question.text.is_empty() {
            // A heading that announced a question and had none under it.
            question.text = format!("Question on line {}", question.line);
            let line = question.line;
            if let Some(heading) = understood.iter_mut().rev().find(|row| row.line == line) {
                let left = heading.remark.take().map(|left| format!("; {left}")).unwrap_or_default();
                heading.remark = Some(format!("no question under it{left}"));
            }
        }
        if open.shared {
            self.give_to_the_list(&open);
        }
        if !open.fits.is_empty() {
            self.give_to_what_fits(open, understood);
        }
    }

    /// Copies what was read after a list of questions to all of them.
    fn give_to_the_list(&mut self, open: &Open) {
        let (earlier, rest) = self.bank.questions.split_at_mut(open.at);
        let (last, before) = (&rest[0], open.before);
        for question in &mut earlier[open.first..] {
            question.criteria.extend_from_slice(&last.criteria[before.criteria.min(last.criteria.len())..]);
            question.notes.extend_from_slice(&last.notes[before.notes.min(last.notes.len())..]);
            question.answers.extend_from_slice(&last.answers[before.answers.min(last.answers.len())..]);
            question.tips.extend_from_slice(&last.tips[before.tips.min(last.tips.len())..]);
            question.discussion.extend_from_slice(&last.discussion[before.discussion.min(last.discussion.len())..]);
            question.structure.extend_from_slice(&last.structure[before.structure.min(last.structure.len())..]);
        }
    }

    /// Puts the questions that a story answers in the place of the one that asks for the story.
    fn give_to_what_fits(&mut self, open: Open, understood: &mut [super::reader::Understood]) {
        let story = self.bank.questions[open.at].clone();
        let kind = self.kinds[open.at];
        for (number, (line, text)) in open.fits.into_iter().enumerate() {
            let at = if number == 0 { open.at } else { self.bank.questions.len() };
            let (text, _) = words_of_a_question(&text);
            let asked = if number < FITTING {
                story.clone()
            } else {
                Question { tips: Vec::new(), answers: Vec::new(), ..story.clone() }
            };
            let question = Question { text, line, ..asked };
            if number == 0 {
                self.bank.questions[at] = question;
            } else {
                self.bank.questions.push(question);
                self.kinds.push(kind);
            }
            for row in understood.iter_mut().rev().take_while(|row| row.line >= line).filter(|row| row.line == line) {
                row.question = Some(at);
                row.means = Means::Question;
            }
        }
    }

    /// Opens the last question again: what comes now, under headings deeper than `level`, is its.
    pub fn reopen(&mut self, level: u8) {
        let Some(at) = self.bank.questions.len().checked_sub(1) else { return };
        self.open = Some(Open {
            at,
            first: at,
            level,
            depth: 0,
            written: Written::Heading,
            list: None,
            shared: false,
            before: Lengths::default(),
            fits: Vec::new(),
        });
    }

    /// The example answer that is being read.
    pub fn answer(&mut self) -> Option<&mut ModelAnswer> {
        self.question()?.answers.last_mut()
    }
}

/// `"Why?" → the ferry`, `Why? — the ferry`: a question, and the note of what answers it.
pub(super) fn before_arrow(text: &str) -> (&str, Option<&str>) {
    // Most lines have neither.
    if text.is_ascii() && !text.contains('>') && !text.contains("? - ") && !text.contains("::") {
        return (text, None);
    }
    let dash =
        ["? – ", "? — ", "? - "].iter().filter_map(|dash| text.find(dash).map(|at| (at + 1, at + dash.len()))).min();
    if let Some((end, start)) = dash
        && !text.ends_with('?')
        && !text[start..].starts_with(['"', '“', '('])
        && super::asks::asks(&text[..end]) != super::asks::Asks::No
    {
        return (&text[..end], Some(text[start..].trim()));
    }
    let arrow = [" → ", " -> ", " => ", " ➜ ", " :: ", "?::"]
        .iter()
        .filter_map(|arrow| text.find(arrow).map(|at| (at + usize::from(arrow.starts_with('?')), at + arrow.len())))
        .min();
    match arrow {
        Some((end, start)) if super::asks::may_be_asked(&text[..end]) || text[..end].ends_with("?\"") => {
            (text[..end].trim(), Some(text[start..].trim()))
        }
        _ => (text, None),
    }
}

/// The words of a question as they are said, and what was left out around them.
///
/// What stands in quotes is the question, if it begins with a quote and only an aside follows.
pub(super) fn words_of_a_question(text: &str) -> (String, Vec<String>) {
    let (text, mut left) = plain(text);
    let text = text.trim().trim_end_matches([':', '-', '–', '—']).trim();
    let opens = text.starts_with(['"', '“']);
    let closing = text.rmatch_indices(['"', '”']).next().filter(|(at, _)| opens && *at > 0);
    let (said, rest) = closing.map_or((text, ""), |(at, mark)| text.split_at(at + mark.len()));
    // Only a short aside is left out: `"Why?" (continued)`.
    let aside = rest.trim_start().starts_with('(') && rest.len() <= 40;
    let (said, rest) = if aside { (said, rest.trim()) } else { (text, "") };
    if !rest.is_empty() {
        left.push(rest.to_owned());
    }
    (prose::unquoted(said).to_owned(), left)
}

/// What a part of a story is called.
pub(super) fn part_name(part: Part) -> &'static str {
    match part {
        Part::Situation => "situation",
        Part::Task => "task",
        Part::Action => "action",
        Part::Result => "result",
        Part::Learning => "learning",
    }
}
