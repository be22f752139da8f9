//! Questions that want no story: which they are, and what is judged instead.

use super::spoken_for_tests::english;
use super::{Heard, advice, analyse};
use crate::content::frameworks::Frameworks;
use crate::types::{Analysis, CautionKind, Judged, Question, Transcript};

/// What each question wants instead of a story; nothing where it wants one.
const QUESTIONS: [(&str, &[&str]); 36] = [
    ("Tell me about yourself.", &["introduction"]),
    ("So, introduce yourself to the panel, please.", &["introduction"]),
    ("Walk me through your CV.", &["introduction"]),
    ("Could you give us a short overview of your background?", &["introduction"]),
    ("Tell me about a time you surprised yourself.", &[]),
    ("Tell me about a time your background got in the way.", &[]),
    ("Why are you leaving?", &["leaving"]),
    ("Why do you want to leave consulting for a start-up?", &["leaving"]),
    ("What is your reason for leaving your current job?", &["leaving"]),
    ("Why did you leave your last team?", &["leaving"]),
    ("Tell me about a time you had to let somebody go.", &[]),
    ("Tell me about a time when somebody you relied on was leaving.", &[]),
    ("Why us?", &["why-us"]),
    ("Why do you want to work here?", &["why-us"]),
    ("What attracts you to this role?", &["why-us"]),
    ("What do you know about our company, and why do you want to join?", &["why-us"]),
    ("Why use a queue here and no database?", &[]),
    ("Give me an example of something you did because you wanted to work here.", &[]),
    ("What are your strengths?", &["strengths"]),
    ("What is your greatest strength?", &["strengths"]),
    ("What are your key strengths? Prove one with a story.", &[]),
    ("What is your biggest weakness?", &["weakness"]),
    ("Which are your areas for improvement?", &["weakness"]),
    ("What are your strengths and weaknesses?", &["strengths", "weakness"]),
    ("Tell me about a time one of your weaknesses cost you something.", &[]),
    ("What are your salary expectations?", &["salary"]),
    ("How much would you like to earn?", &["salary"]),
    ("Tell me about a time you argued over somebody's salary.", &[]),
    ("How would you settle a quarrel about the salary bands?", &[]),
    ("Where do you see yourself in five years?", &["ambition"]),
    ("What are your career goals?", &["ambition"]),
    ("Where should this product be in five years?", &[]),
    ("Tell me about a time you changed your career goals.", &[]),
    ("Tell me about your proudest project.", &[]),
    ("Describe a situation in which you disagreed with your manager.", &[]),
    ("What was the hardest decision you made last year?", &[]),
];

fn wanted(question: &Question) -> Vec<&'static str> {
    let mut wanted: Vec<&str> =
        Frameworks::builtin().instead_of_story(question).into_iter().map(|framework| framework.name.as_str()).collect();
    wanted.sort_unstable();
    wanted
}

fn asked(text: &str) -> Question {
    Question { text: text.to_owned(), ..Question::default() }
}

fn analysed(question: &Question, answer: &str) -> Analysis {
    analyse(&Heard { transcript: &Transcript::of_text(answer), sound: None, question: Some(question) }, &english())
}

/// The parts of the only framework that an answer tells.
fn told(question: &str, answer: &str) -> Vec<String> {
    let analysis = analysed(&asked(question), answer);
    assert_eq!((analysis.star.judged, analysis.bluf.up_front), (Judged::DoesNotApply, None), "{answer}");
    assert_eq!(analysis.frameworks.len(), 1, "{question}");
    let parts = analysis.frameworks[0].parts.iter();
    parts.filter(|part| part.present).map(|part| part.name.clone()).collect()
}

#[test]
fn what_a_question_wants_is_read_from_its_words() {
    for (question, expected) in QUESTIONS {
        assert_eq!(wanted(&asked(question)), expected, "{question}");
    }
}

#[test]
fn a_question_in_a_bank_is_read_as_it_is_alone() {
    for (question, expected) in QUESTIONS {
        let markdown = format!("# Mine\n\n### Question 1: \"{question}\"\n\n- Say it well\n");
        let bank = crate::content::read(markdown.as_bytes(), "mine").expect("it is a bank").bank;
        let question = bank.questions.first().unwrap_or_else(|| panic!("{question} is no question"));
        assert_eq!(wanted(question), expected, "{}", question.text);
        let asks_for_star = question.frameworks.iter().any(|name| name == "star");
        assert!(expected.is_empty() || !asks_for_star, "{}: {:?}", question.text, question.frameworks);
    }
}

#[test]
fn who_names_star_gets_star_whatever_the_words_are() {
    let question = Question { frameworks: vec!["STAR".into()], ..asked("What are your strengths?") };
    assert_eq!(wanted(&question), [""; 0]);
    let question = Question { frameworks: vec!["leaving".into()], ..asked("And the last job?") };
    assert_eq!(wanted(&question), ["leaving"]);
}

#[test]
fn an_answer_is_judged_by_what_its_question_wants() {
    let introduction = "Tell me about yourself.";
    let present = "I lead the laboratory of a small brewery, with four people and a budget of my own. ";
    let past = "Before that I studied chemistry in Graz and spent six years in the quality control of a dairy. ";
    let next = "Now I'd like to go back to larger plants and to a bigger group of people. ";
    let here = "You are building the second bottling line in Linz, and this role runs it from the first day. ";
    let leaving = "Why are you leaving?";
    let reason = "I'm leaving because the plant moves to Poland in the spring and my family stays in Graz. ";
    let pull = "I'm looking for a place where I can build up a laboratory once more, from the empty room on. ";
    let fair = "The brewery taught me how to run a night shift, and I will miss the people there. ";
    let bitter = "My manager never listened to anybody and the politics in the house were toxic from the start. ";
    let why_us = "Why us?";
    let theirs =
        "I read the report on your wells in Tulln, and you published the figures that others keep to themselves. ";
    let generic =
        "You are a market leader with a great culture and a good reputation among all my friends and colleagues. ";
    let yours = "I spent three years on the water of our own wells and wrote the handbook for the filters. ";
    let there = "I want to work on the filters first, and to learn from the people who laid the pipes. ";
    let weakness = "What is your biggest weakness?";
    let real = "I take on too much alone and ask for help when it is nearly too late for the others. ";
    let false_one = "My biggest weakness is that I'm a perfectionist and that I work too hard for everyone. ";
    let showed = "Last year the audit was a week late, because I had kept the whole protocol to myself. ";
    let done = "Since then I ask a colleague on every Monday which of my three tasks she would take over. ";
    let cases: [(&str, &[&str], &[&str]); 13] = [
        (introduction, &[present, past, next, here], &["Present", "Past", "What next", "Why here"]),
        (introduction, &[past, next], &["Past", "What next"]),
        (introduction, &[present, past], &["Present", "Past"]),
        (introduction, &[present, next, here], &["Present", "What next", "Why here"]),
        (leaving, &[reason, pull, fair], &["The reason", "Pull, not push", "Nothing bitter"]),
        (leaving, &[reason, fair], &["The reason", "Nothing bitter"]),
        (leaving, &[reason, pull, bitter], &["The reason", "Pull, not push"]),
        (why_us, &[theirs, yours, there], &["Something of theirs", "Something of yours", "What you want there"]),
        (why_us, &[generic, yours], &["Something of yours"]),
        (why_us, &[theirs, theirs], &["Something of theirs"]),
        (weakness, &[real, showed, done], &["A real weakness", "Where it showed", "What you do about it"]),
        (weakness, &[false_one, done], &["What you do about it"]),
        (weakness, &[real, showed], &["A real weakness", "Where it showed"]),
    ];
    for (question, sentences, expected) in cases {
        assert_eq!(told(question, &sentences.concat()), expected, "{question} {}", sentences.concat());
    }
}

#[test]
fn what_one_wants_to_earn_and_to_become_has_its_own_parts() {
    let salary = "Something between seventy and seventy-eight thousand euros a year would be right for me. ";
    let rests = "I looked at what similar roles in Vienna are paid, and at the size of the team that I would have. ";
    let room = "I am flexible on that when the whole package is good, the pension above all. ";
    let question = "What are your salary expectations?";
    assert_eq!(told(question, &[salary, rests, room].concat()), ["A figure", "What it rests on", "Room to talk"]);
    assert_eq!(
        told(question, &[rests, "That is all that I can say about it today, so you go first with a number."].concat()),
        ["What it rests on"]
    );
    let direction = "In five years I want to be the person who decides which plants are built in this country. ";
    let way = "To get there I have to learn how a tender is written, and I have started with the course in Graz. ";
    let here = "This role has two tenders a year, and your engineers have won most of theirs. ";
    let question = "Where do you see yourself in five years?";
    assert_eq!(told(question, &[direction, way, here].concat()), ["A direction", "The way there", "Why here"]);
    assert_eq!(
        told(question, &[direction, "That is what it is, and there is no more to it than that, I think."].concat()),
        ["A direction"]
    );
}

#[test]
fn the_advice_is_what_was_not_heard_and_never_a_part_of_a_story_or_a_figure() {
    let question = asked("Why are you leaving?");
    let answer = "I'm leaving because the plant moves to Poland in the spring and my whole family stays here in Graz. \
        That is really all there is to say about it, and nobody was surprised by it either.";
    let transcript = Transcript::of_text(answer);
    let heard = Heard { transcript: &transcript, sound: None, question: Some(&question) };
    let (_, advice) = advice::advise(&heard, &analysed(&question, answer));
    let titles: Vec<&str> = advice.iter().map(|advice| advice.title.as_str()).collect();
    assert_eq!(titles.first(), Some(&"Add what was not heard: pull, not push"), "{titles:?}");
    assert!(!titles.iter().any(|title| title.contains("figure") || title.contains("bottom line")), "{titles:?}");
}

#[test]
fn one_bitter_word_is_enough() {
    let answer = "I'm leaving because the plant moves to Poland in the spring, and I'd like to build up a laboratory \
        once more. It was unfair how they told us, to be honest, and the drama afterwards was worse than that.";
    let analysis = analysed(&asked("Why are you leaving?"), answer);
    assert!(!analysis.cautions.iter().any(|caution| caution.kind == CautionKind::Blame), "the words alone tell it");
    assert_eq!(told("Why are you leaving?", answer), ["The reason", "Pull, not push"]);
}

#[test]
fn too_few_words_are_not_judged() {
    let analysis = analysed(&asked("Why us?"), "I like your wells in Tulln.");
    assert_eq!((analysis.star.judged, analysis.frameworks.len()), (Judged::TooLittle, 0));
}
