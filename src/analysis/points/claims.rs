//! What the person means to say, taken from a question: one point at a time.

use crate::types::{PointSource, Question};

/// The points of a question, in the order notes, discussion, criteria, structure.
///
/// What its example answers claim is somebody else's story and nobody's point; their moves are compared instead.
pub fn of_question(question: &Question) -> Vec<(String, PointSource)> {
    let of = |source: PointSource| move |text: &str| (text.trim().to_owned(), source);
    let mut points: Vec<(String, PointSource)> = Vec::new();
    points.extend(question.notes.iter().flat_map(|note| sentences(note)).map(of(PointSource::Notes)));
    let prompts = question.discussion.iter().flat_map(|topic| {
        let whole = topic.prompts.is_empty().then_some(&topic.topic);
        topic.prompts.iter().chain(whole)
    });
    points.extend(prompts.map(|prompt| of(PointSource::Discussion)(prompt)));
    points.extend(question.criteria.iter().map(|criterion| of(PointSource::Criteria)(criterion)));
    points.extend(question.structure.iter().map(|step| {
        let text = if step.hint.is_empty() { step.step.clone() } else { format!("{}: {}", step.step, step.hint) };
        of(PointSource::Structure)(&text)
    }));
    points.retain(|(text, _)| text.chars().any(char::is_alphanumeric));
    points
}

/// The sentences of a written text; a line and a semicolon end one too.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let ends = matches!(c, '\n' | ';') || matches!(c, '.' | '!' | '?') && next.is_none_or(char::is_whitespace);
        if ends {
            // A question stays one.
            let end = if c == '?' { at + 1 } else { at };
            found.push(text[start..end].trim());
            start = at + c.len_utf8();
        }
    }
    found.push(text[start..].trim());
    found.into_iter().map(unmarked).filter(|sentence| !sentence.is_empty()).collect()
}

/// An entry of a Markdown list without its mark.
fn unmarked(entry: &str) -> &str {
    ["- ", "* ", "+ "].iter().find_map(|mark| entry.strip_prefix(mark)).unwrap_or(entry).trim_start()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{DiscussionTopic, ModelAnswer, StructureStep};

    #[test]
    fn a_point_comes_from_every_place_where_the_author_wrote_one() {
        let step = |step: &str, hint: &str| StructureStep { step: step.into(), hint: hint.into() };
        let question = Question {
            notes: vec!["Mention the pilot. Say 40%. What did it cost?".into()],
            discussion: vec![
                DiscussionTopic { topic: "Risk".into(), prompts: vec!["What could fail?".into()] },
                DiscussionTopic { topic: "Vision".into(), prompts: vec![] },
            ],
            criteria: vec!["Do you use data?".into()],
            structure: vec![step("Frame", ""), step("Act", "what you did")],
            answers: vec![ModelAnswer {
                level: 2,
                text: "Well, yes. I ran a pilot with 12 stores and cut loss by 3%. How could we lose 40 more?".into(),
                ..ModelAnswer::default()
            }],
            ..Question::default()
        };
        let texts: Vec<String> = of_question(&question).into_iter().map(|(text, _)| text).collect();
        let expected = [
            "Mention the pilot",
            "Say 40%",
            "What did it cost?",
            "What could fail?",
            "Vision",
            "Do you use data?",
            "Frame",
            "Act: what you did",
        ];
        assert_eq!(texts, expected);
    }

    #[test]
    fn a_decimal_point_ends_no_sentence() {
        assert_eq!(sentences("Cut to 2.5 s; done. Then rest"), ["Cut to 2.5 s", "done", "Then rest"]);
    }

    #[test]
    fn the_mark_of_a_list_is_no_part_of_a_sentence() {
        assert_eq!(sentences("- Situation: we were late\n-5 % cost"), ["Situation: we were late", "-5 % cost"]);
    }
}
