//! Lines that read like questions and were taken for something else.
//!
//! The reader is not always right. What it is least sure of is what matters most: a question that is never asked. So
//! every line that asks and was taken for advice, a note or a part of an answer is told to the person.

use super::{
    accounting::LineMeaning as Means,
    asks::{self, Asks},
    clues::Clue,
    prefix,
    rows::{Row, Shape},
};

/// Whether a row reads like a question though it was taken for something that is not asked.
///
/// `idle` says that nothing is asked below it, and something is told; `among` that nearly all beside it is asked.
pub(super) fn is_doubtful(row: &Row, clue: &Clue, means: Means, idle: bool, among: bool) -> bool {
    if matches!(row.shape, Shape::Property | Shape::Code(true)) {
        return false;
    }
    let text = if row.shape == Shape::Cells {
        row.cells.iter().map(String::as_str).find(|cell| asks::opens_as_interviewers_do(cell)).unwrap_or("")
    } else {
        &row.text
    };
    match means {
        // Here a question is no surprise.
        Means::Question
        | Means::Prompt
        | Means::Topic
        | Means::Criterion
        | Means::ToWrite
        | Means::Contents
        | Means::Step => false,
        // `Practise: "Tell me about yourself"` among what is ticked off.
        Means::SelfCheck => {
            let asked = prefix::split(text).1;
            asks::opens_as_interviewers_do(asked) && asks::stands_alone(asked)
        }
        Means::ToAsk => asks::asks(text) == Asks::Surely && asks::is_of_the_candidate(text),
        Means::Blank
        | Means::Layout
        | Means::Comment
        | Means::Detail(_)
        | Means::About
        | Means::NotUnderstood(_)
        | Means::Challenge => false,
        // In what somebody says, only what opens as interviewers do stands out.
        Means::Answer(_) | Means::Part(..) | Means::Situation | Means::Note | Means::Advice => {
            // `5. Where do you see yourself?` behind an answer may be the next question.
            let numbered = matches!(row.shape, Shape::Item(Some(2..)))
                && row.depth == 1
                && text.ends_with('?')
                && asks::addresses(&text.to_lowercase());
            !row.joined
                && !row.quoted
                && (numbered || asks::opens_as_interviewers_do(text))
                && asks::speaks_to_you(&text.to_lowercase())
                && (row.is_item() || row.shape == Shape::Cells || row.text.len() < 200)
        }
        Means::Heading(_) => clue.heads.is_some() && clue.asks == Asks::Surely && asks::opens_as_interviewers_do(text),
        Means::Title | Means::Theme | Means::Tip => {
            let lower = text.to_lowercase();
            let quoted = row.quoted
                && !(clue.asks == Asks::Surely && asks::opens_as_interviewers_do(text) && asks::speaks_to_you(&lower));
            // A heading that may ask, over something that is told.
            let titled = means == Means::Theme
                && clue.heads.is_some()
                && clue.asks == Asks::Maybe
                && idle
                && (asks::speaks_to_you(&lower) || asks::may_be_asked(text));
            !quoted
                && (titled
                    || means == Means::Tip && among && !row.text.ends_with(':')
                    || clue.asks == Asks::Surely
                        && (asks::speaks_to_you(&lower) || asks::opens_as_interviewers_do(text))
                    || row.shape == Shape::Cells && !text.is_empty())
        }
    }
}
