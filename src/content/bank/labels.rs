//! What a heading or the head of a line announces.

use super::{
    grades::{answer, structure},
    numbers::{after_number, after_ornament},
    vocabulary::{lowered, vocabulary},
};

/// What a heading or the beginning of a line announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Label {
    /// A question, perhaps with a number.
    Question,
    /// A scenario, perhaps with a number.
    Scenario,
    /// What is really being asked.
    Criteria,
    /// The steps of an answer, or the phases of a scenario.
    Structure,
    /// The person's own points.
    Notes,
    /// An example answer: 0 for one that warns, 1 for a competent one, 2 for the best.
    Answer(u8),
    /// A story, perhaps with its title.
    Story,
    /// A part of a story; a lone situation is that of a scenario.
    Part(Part),
    /// What makes a scenario hard.
    Challenges,
    /// What a scenario is expected to touch, and what is asked after an answer.
    Discussion,
    /// Advice.
    Tips,
    /// A list of questions.
    Prompts,
    /// Questions that the candidate asks.
    ToAsk,
    /// What the person asks themself.
    SelfCheck,
    /// A table of contents.
    Contents,
    /// The questions that a story answers.
    Fits,
    /// The question before it in other words.
    Variants,
    /// A guide to the questions before it.
    Guide,
    /// How a question is to be answered.
    HowTo,
    /// A form to fill in.
    Template,
    /// A fact about a question, or about all that follow.
    Detail(Detail),
    /// The same in a language, by its code.
    In(&'static str),
    /// A fact about the file.
    About,
}

/// A part of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// Context and why it mattered.
    Situation,
    /// What had to be done.
    Task,
    /// What was done.
    Action,
    /// What came of it.
    Result,
    /// What was learned.
    Learning,
}

/// A fact about a question on a line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Detail {
    Id,
    Kind,
    Theme,
    Level,
    Company,
    Duration,
    Target,
    Tags,
    Frameworks,
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Column {
    /// What is asked.
    Question,
    /// The name of a story.
    Story,
    /// Nothing but the number of the row.
    Number,
    /// What a label of this kind announces.
    Label(Label),
}

impl Label {
    /// Whether it may stand only inside a question.
    pub fn belongs_to_a_question(self) -> bool {
        matches!(
            self,
            Self::Criteria
                | Self::Structure
                | Self::Notes
                | Self::Answer(_)
                | Self::Part(_)
                | Self::Challenges
                | Self::Discussion
                | Self::Variants
                | Self::HowTo
        )
    }
}

/// A label at the beginning of a line, and what stands after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Labelled<'a> {
    pub label: Label,
    /// Without the colon.
    pub rest: &'a str,
}

/// The label of a heading, or of a line that stands out as one.
pub(super) fn of_heading(text: &str) -> Option<Labelled<'_>> {
    if let Some(question) = numbered(text) {
        return Some(question);
    }
    let (head, rest) = split_head(text);
    if let Some(label) = phrase(head) {
        return Some(Labelled { label, rest });
    }
    if let Some(part) = letter(text).or_else(|| initial(text)) {
        return Some(part);
    }
    let named = answer(text).map(Label::Answer).or_else(|| structure(head)).map(|label| Labelled { label, rest });
    // `Round 2: questions for them`, `Bonus: rapid fire`: what stands behind the colon says what follows.
    let kind = || phrase(rest).filter(|label| matches!(label, Label::Prompts | Label::ToAsk | Label::SelfCheck));
    named.or_else(|| kind().map(|label| Labelled { label, rest: "" })).or_else(|| super::stories::mine(text))
}

/// The label with which a line begins: `Level: Director`, or a bold beginning of `lead` bytes.
pub(super) fn of_line(text: &str, lead: usize) -> Option<Labelled<'_>> {
    if let Some(found) = text.find([':', '：']).filter(|at| *at <= 60).and_then(|at| before_colon(text, at)) {
        return Some(found);
    }
    if let Some(found) = letter(text).or_else(|| question_mark(text)) {
        return Some(found);
    }
    if lead == 0 || lead > 200 {
        return before_dash(text);
    }
    // "**A** plan" is no answer: a letter alone needs its colon. What has a colon in its middle is more than a label.
    let head = text.get(..lead)?.trim().trim_end_matches([':', '.', '?']);
    let label = head_of_line(head).filter(|_| head.len() > 1 && !head.contains(':'))?;
    Some(Labelled { label, rest: text[lead..].trim_start_matches(SEPARATORS).trim() })
}

/// What stands between a label and its text.
const SEPARATORS: [char; 8] = [':', '：', '.', ')', '-', '–', '—', ' '];

fn before_colon(text: &str, at: usize) -> Option<Labelled<'_>> {
    // `key:: value` is how Obsidian writes a property.
    let rest = text[at..].trim_start_matches([':', '：']).trim();
    let label = head_of_line(&text[..at]).or_else(|| names_a_question(&text[..at], rest).then_some(Label::Question))?;
    Some(Labelled { label, rest })
}

/// Whether a few words that end in `question` stand before one: `Key question: "Why us?"`.
fn names_a_question(head: &str, rest: &str) -> bool {
    let lower = lowered(head);
    let last = lower.rsplit(' ').next().unwrap_or_default();
    let noun = vocabulary().labels.get(last) == Some(Label::Question);
    noun && head.split_whitespace().count() <= 4 && super::asks::asks(rest) == super::asks::Asks::Surely
}

/// `Q Why ...?`, `Q1) Why ...?`, `Q.4 Why ...?`: a mark without a colon, and a question.
fn question_mark(text: &str) -> Option<Labelled<'_>> {
    let after = text.strip_prefix(['Q', 'q'])?;
    if let Some(found) = numbered(text).filter(|found| found.label == Label::Question) {
        let whole = after.starts_with('.') && found.rest.ends_with('?');
        return (whole || is_counted(after) || super::asks::asks(found.rest) != super::asks::Asks::No).then_some(found);
    }
    let rest = after.strip_prefix(' ').filter(|_| text.starts_with('Q'))?.trim_start_matches(SEPARATORS);
    (super::asks::asks(rest) != super::asks::Asks::No).then_some(Labelled { label: Label::Question, rest })
}

/// Whether a number and its mark stand behind the `Q`, and a title behind them: `Q3) Biggest weakness`.
fn is_counted(after: &str) -> bool {
    let number = after.trim_start_matches(|c: char| c.is_ascii_lowercase() || matches!(c, ' ' | '.'));
    let title = number.trim_start_matches(|c: char| c.is_ascii_digit());
    let named = title.strip_prefix(['.', ')']).filter(|_| title.len() < number.len());
    named.is_some_and(|title| {
        title.trim_start().starts_with(char::is_uppercase) && title.split_whitespace().count() <= 14
    })
}

/// `Situation - what it was`, `Situation. What it was`: after the name of a part; `Ans. what I say`.
fn before_dash(text: &str) -> Option<Labelled<'_>> {
    let dash = [" - ", " – ", " — ", ". "].iter().filter_map(|dash| Some((text.find(dash)?, *dash))).min();
    let part = dash.filter(|(at, _)| *at <= 30).and_then(|(at, mark)| {
        let label = phrase(text[..at].trim()).filter(|label| matches!(label, Label::Part(_)))?;
        Some(Labelled { label, rest: text[at + mark.len()..].trim() })
    });
    part.or_else(|| answer_mark(text)).or_else(|| empty_part(text))
}

/// `Ans. ...`, `Answer - ...`: marks of an answer that are no colon.
fn answer_mark(text: &str) -> Option<Labelled<'_>> {
    let word = text.split(|c: char| !c.is_alphabetic()).next()?;
    let noun = word.len() > 2 && matches!(word.to_lowercase().as_str(), "ans" | "answer");
    let rest = &text[word.len()..];
    let marked = rest.trim_start().starts_with(['.', ')', '-', '–', '—']) && (rest.len() > 1 || word.len() == 3);
    (noun && marked).then(|| Labelled { label: Label::Answer(2), rest: rest.trim_start_matches(SEPARATORS).trim() })
}

/// `Situation -` with nothing behind it.
fn empty_part(text: &str) -> Option<Labelled<'_>> {
    let head = text.strip_suffix(['-', '–', '—', '.'])?.trim();
    phrase(head).filter(|label| matches!(label, Label::Part(_))).map(|label| Labelled { label, rest: "" })
}

/// `S: ...`, `S (Situation): ...`, `S - Situation: ...`, `+LEARNING ...`: a part by its letter.
///
/// A letter alone says little; whether it is a part depends on those around it.
fn letter(text: &str) -> Option<Labelled<'_>> {
    let first = text.chars().next()?;
    if !matches!(first, 'S' | 'T' | 'A' | 'R' | 'L' | 's' | 't' | 'a' | 'r' | 'l') {
        return None;
    }
    let after = text[1..].trim_start();
    let inner = after.strip_prefix('(').and_then(|inner| inner.split_once(')')).map(|(name, rest)| (name.trim(), rest));
    let (name, rest) = inner.or_else(|| {
        let spelled = after.strip_prefix(['-', '–', '—', '=', '→'])?.trim_start();
        let end = spelled.find(|c: char| !c.is_alphabetic()).unwrap_or(spelled.len());
        Some((&spelled[..end], &spelled[end..]))
    })?;
    let label = phrase(name).filter(|label| matches!(label, Label::Part(_)))?;
    let same = name.to_lowercase().starts_with(first.to_ascii_lowercase());
    same.then(|| Labelled { label, rest: rest.trim_start_matches(SEPARATORS).trim() })
}

/// `(S)ituation`: a part with its letter in brackets.
fn initial(text: &str) -> Option<Labelled<'_>> {
    let (letter, word) = text.strip_prefix('(')?.split_once(')')?;
    let end = word.find(|c: char| !c.is_alphabetic()).unwrap_or(word.len());
    let one = letter.chars().count() == 1 && end > 0;
    let label = phrase(&format!("{letter}{}", &word[..end])).filter(|label| one && matches!(label, Label::Part(_)))?;
    Some(Labelled { label, rest: word[end..].trim_start_matches(SEPARATORS).trim() })
}

/// The part that a single letter stands for, before a colon or another mark: `S: ...`, `S – ...`, `S) ...`.
///
/// A letter in bold (`lead` is its length) needs no mark.
pub(super) fn short_part(text: &str, lead: usize) -> Option<(Part, &str)> {
    let (name, rest) = text.split_at_checked(1)?;
    let mark = rest.trim_start();
    let bold = lead == 1 && rest.starts_with(' ');
    if !bold && !mark.starts_with([':', '：', '-', '–', '—', ')', '.', '=']) || letter(text).is_some() {
        return None;
    }
    // `S-Bahn`, `A.B.`: what is no colon stands before a space.
    let rest = mark.trim_start_matches(SEPARATORS).trim_start_matches('=').trim();
    let spaced = bold || mark.starts_with([':', '：']) || mark.chars().nth(1).is_none_or(char::is_whitespace);
    let part = match name {
        "S" => Part::Situation,
        "T" => Part::Task,
        "A" => Part::Action,
        "R" => Part::Result,
        "L" => Part::Learning,
        _ => return None,
    };
    spaced.then_some((part, rest))
}

/// Whether a line stands for a letter of a word other than STAR and its kin: `F - Frugality`.
pub(super) fn is_other_letter(text: &str) -> bool {
    let mut characters = text.chars();
    let letter = characters.next().is_some_and(|c| c.is_ascii_uppercase() && !"STARLCPQI".contains(c));
    letter && matches!(characters.as_str().trim_start().chars().next(), Some(':' | '-' | '–' | '—' | '='))
}

/// The parts of a story of which a short text speaks, by the bits of [`Part`]: `Describe the situation`.
pub(super) fn parts_spoken_of(text: &str) -> u8 {
    if text.len() > 160 {
        return 0;
    }
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3);
    let parts = words.filter_map(|word| match vocabulary().labels.get(word) {
        Some(Label::Part(part)) => Some(1 << part as u8),
        _ => None,
    });
    parts.fold(0, |parts, part| parts | part)
}

/// The part of a story by a name that means one only beside others: `Context: ...`, `What I did`.
pub(super) fn weak_part(text: &str, lead: usize) -> Option<(Part, &str)> {
    let look = |head: &str| vocabulary().weak_parts.get(&lowered(split_head(head.trim_start_matches('+')).0));
    if let Some(at) = text.find([':', '：']).filter(|at| *at <= 60)
        && let Some(part) = look(&text[..at])
    {
        return Some((part, text[at..].trim_start_matches([':', '：']).trim()));
    }
    let end = if lead > 0 { lead } else { text.len() };
    let part = text.get(..end).filter(|head| head.len() <= 60).and_then(look)?;
    Some((part, text[end..].trim_start_matches(SEPARATORS).trim()))
}

fn head_of_line(head: &str) -> Option<Label> {
    if let Some(Labelled { label, rest: "" }) = numbered(head) {
        return Some(label);
    }
    match head.trim() {
        "Q" | "q" => Some(Label::Question),
        "A" | "a" => Some(Label::Answer(2)),
        head => phrase(split_head(head).0)
            .or_else(|| answer(head).map(Label::Answer))
            .or_else(|| structure(split_head(head).0)),
    }
}

/// The part before a colon or a bracket, and the part after the colon.
pub(super) fn split_head(text: &str) -> (&str, &str) {
    let text = after_number(text);
    let (head, rest) = text.split_once([':', '：']).unwrap_or((text, ""));
    let head = head.split(['(', '[', '{']).next().unwrap_or(head);
    (head.trim().trim_end_matches(['.', '-', '–', '—', '?', '!', '*', '#']).trim(), rest.trim())
}

/// What a short phrase announces as a whole.
pub(super) fn phrase(head: &str) -> Option<Label> {
    let head = head.trim_start_matches('+');
    if head.is_empty() || head.len() > 60 {
        return None;
    }
    vocabulary().labels.get(&lowered(head))
}

/// Whether a sentence speaks of what the candidate asks.
pub(super) fn speaks_of_asking_them(text: &str) -> bool {
    vocabulary().labels.anywhere(&lowered(text)) == Some(Label::ToAsk)
}

/// What the head of a column announces.
pub(super) fn of_column(head: &str) -> Option<Column> {
    if head.len() > 1 && head.trim_end().ends_with('#') {
        return Some(Column::Number);
    }
    let (name, _) = split_head(head);
    let name = lowered(if name.is_empty() { head.trim() } else { name });
    if name.is_empty() || name.len() > 60 {
        return None;
    }
    let column = vocabulary().columns.get(&name);
    let asked = || {
        vocabulary().labels.get(&name).map(|label| match label {
            Label::Question | Label::Prompts => Column::Question,
            Label::Story => Column::Story,
            label => Column::Label(label),
        })
    };
    let ends = || name.ends_with("question").then_some(Column::Question);
    column.or_else(asked).or_else(ends).or_else(|| answer(&name).map(|level| Column::Label(Label::Answer(level))))
}

/// `Question 3: ...`, `Q3. ...`, `STAR Question 4 : ...`, `Scenario 2 - ...`, `Story #3: ...`.
fn numbered(text: &str) -> Option<Labelled<'_>> {
    let text = after_ornament(text);
    let end = text.find(|c: char| c.is_ascii_digit() || matches!(c, ':' | '：' | '.' | ')' | '-' | '–' | '—' | '#'));
    let head = text[..end.unwrap_or(text.len())].trim();
    let label = match lowered(head).as_str() {
        "q" | "quest" | "que" | "ques" | "qn" => Label::Question,
        "" => return None,
        name if head.len() <= 40 => match vocabulary().labels.get(name) {
            Some(label @ (Label::Question | Label::Scenario | Label::Story)) => label,
            _ => return None,
        },
        _ => return None,
    };
    let after = text[end.unwrap_or(text.len())..].trim_start_matches('#');
    // `Q.4 Why`, `Question-1`.
    let inner = after.trim_start_matches(['.', '-', ' ']);
    let after = if inner.starts_with(|c: char| c.is_ascii_digit()) { inner } else { after };
    let digits = after.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(after.len());
    let digits = after[..digits].trim_end_matches('.').len();
    let rest = after[digits..].trim_start();
    let separated = rest.is_empty() || rest.starts_with([':', '：', '.', ')', '-', '–', '—']);
    let colon = rest.starts_with([':', '：']);
    let asked = || super::asks::asks(rest.trim_start_matches(SEPARATORS)) == super::asks::Asks::Surely;
    // `Q. Why ...?`
    let lone = head.len() == 1
        && digits == 0
        && rest.starts_with(['.', ')', '-'])
        && (asked() || rest.starts_with(". ") && rest.ends_with('?'));
    let marked = digits > 0 || colon || lone || (rest.is_empty() && label == Label::Question);
    // `Q1 How ...`: a number and a question need nothing between them.
    let separated =
        separated || digits > 0 && (asked() || head.len() == 1 && super::asks::asks(rest) != super::asks::Asks::No);
    (separated && marked && (head.len() > 1 || digits > 0 || colon || lone))
        .then(|| Labelled { label, rest: rest.trim_start_matches(SEPARATORS).trim() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_say_what_they_announce() {
        let cases = [
            ("Question 1: \"Why?\"", Label::Question, "\"Why?\""),
            ("Q2. Why?", Label::Question, "Why?"),
            ("STAR Question 4 : Why me?", Label::Question, "Why me?"),
            ("Q7 What would you change?", Label::Question, "What would you change?"),
            ("Frage 3: Warum wir?", Label::Question, "Warum wir?"),
            ("🚀 Scenario 3 - The outage", Label::Scenario, "The outage"),
            ("What’s Really Being Asked (The Evaluation):", Label::Criteria, ""),
            ("Structuring Your Answer:", Label::Structure, ""),
            ("A Good Answer (Level 1 - Competent):", Label::Answer(1), ""),
            ("The Best Response (Level 2 - Bold & Calm):", Label::Answer(2), ""),
            ("Answer", Label::Answer(2), ""),
            ("Candidate response", Label::Answer(2), ""),
            ("Full example:", Label::Answer(2), ""),
            ("❌ Weak answer", Label::Answer(0), ""),
            ("Answer (STAR):", Label::Answer(2), ""),
            ("Musterantwort", Label::Answer(2), ""),
            ("Theme: Influence", Label::Detail(Detail::Theme), "Influence"),
            ("Prompts to prepare for", Label::Prompts, ""),
            ("Questions to ask them", Label::ToAsk, ""),
            ("Follow-up questions", Label::Discussion, ""),
            ("Story 3: The ferry", Label::Story, "The ferry"),
            ("SITUATION (30 seconds)", Label::Part(Part::Situation), ""),
        ];
        for (text, label, rest) in cases {
            let found = of_heading(text);
            assert_eq!(found, Some(Labelled { label, rest }), "{text}");
        }
    }

    #[test]
    fn headings_that_only_resemble_a_label_are_none() {
        let texts = [
            "1. Immediate Response",
            "Response Framework",
            "Question the numbers",
            "Crisis and Incident Response",
            "Best Practices for Interviews and talks",
            "Case studies",
            "Actionable advice",
            "The customer's example",
        ];
        for text in texts {
            assert_eq!(of_heading(text).filter(|found| found.label != Label::Tips), None, "{text}");
        }
    }

    #[test]
    fn a_line_is_labelled_by_its_colon_its_bold_beginning_or_a_dash() {
        let detail = |detail, rest| Some(Labelled { label: Label::Detail(detail), rest });
        let part = |part, rest| Some(Labelled { label: Label::Part(part), rest });
        assert_eq!(of_line("Level: Director", 0), detail(Detail::Level, "Director"));
        assert_eq!(of_line("Tags a, b", 4), detail(Detail::Tags, "a, b"));
        assert_eq!(of_line("Level playing field", 0), None);
        assert_eq!(of_line("Situation: why it mattered", 1), part(Part::Situation, "why it mattered"));
        assert_eq!(of_line("Situation – why it mattered", 0), part(Part::Situation, "why it mattered"));
        assert_eq!(of_line("Result -", 0), part(Part::Result, ""));
        assert_eq!(of_line("S (Situation): why", 15), part(Part::Situation, "why"));
        assert_eq!(of_line("Q: Why?", 0), Some(Labelled { label: Label::Question, rest: "Why?" }));
        assert_eq!(of_line("Ans. The sorter", 0), Some(Labelled { label: Label::Answer(2), rest: "The sorter" }));
        assert_eq!(of_line("I said: no", 0), None);
        assert_eq!(of_line("A plan", 1), None);
    }

    #[test]
    fn a_column_is_known_by_its_head() {
        let label = |label| Some(Column::Label(label));
        let cases = [
            ("Likely question", Some(Column::Question)),
            ("Prompt", Some(Column::Question)),
            ("#", Some(Column::Number)),
            ("Lead Story", Some(Column::Story)),
            ("What They Look For", label(Label::Criteria)),
            ("Leadership Principle", label(Label::Detail(Detail::Theme))),
            ("Follow-Up", label(Label::Discussion)),
            ("Result", label(Label::Part(Part::Result))),
            ("Weather", None),
        ];
        for (head, expected) in cases {
            assert_eq!(of_column(head), expected, "{head}");
        }
    }
}
