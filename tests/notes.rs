//! Notes in the shapes that people really use, each with the reading a person would give it.
//!
//! `tests/notes/NAME.md` is a note, `tests/notes/NAME.reading` what is to be read of it. A shape that somebody wrote and
//! the reader took wrongly becomes two files here. `GREENROOM_WRITE_READINGS=1` writes the readings anew; read what it
//! wrote before it is kept.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use greenroom::{
    content::{self, Reading},
    types::{Question, QuestionKind},
};

/// Everything that was read, a line for each thing, without what is empty.
fn told(reading: &Reading) -> String {
    let mut out = format!("title: {}\n", reading.bank.title);
    for question in &reading.bank.questions {
        question_told(question, &mut out);
    }
    for tip in &reading.bank.tips {
        let _ = writeln!(out, "advice: {}: {}", tip.title, one_line(&tip.text));
    }
    for asked in &reading.bank.to_ask {
        let _ = writeln!(out, "to ask them: {asked}");
    }
    let lines = |notes: Vec<usize>| notes.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
    for (name, notes) in [
        ("still to write", reading.to_write().map(|note| note.line).collect::<Vec<_>>()),
        ("doubtful", reading.doubtful().map(|note| note.line).collect()),
        ("not understood", reading.not_understood().map(|note| note.line).collect()),
    ] {
        if !notes.is_empty() {
            let _ = writeln!(out, "{name}: {}", lines(notes));
        }
    }
    out
}

fn question_told(question: &Question, out: &mut String) {
    let _ = writeln!(out, "\n{}: {}", question.line, question.text);
    let mut say = |name: &str, text: &str| {
        if !text.is_empty() {
            let _ = writeln!(out, "    {name}: {}", one_line(text));
        }
    };
    let spoken = content::spoken::spoken(&question.text);
    if spoken != question.text {
        say("spoken", &spoken);
    }
    match question.kind {
        QuestionKind::Behavioural => {}
        QuestionKind::Strategy => say("kind", "strategy"),
        QuestionKind::Scenario => say("kind", "scenario"),
        QuestionKind::DeepDive => say("kind", "deep dive"),
    }
    for (language, text) in &question.in_language {
        say(language, text);
    }
    for (name, fact) in [("theme", &question.theme), ("level", &question.level), ("company", &question.company)] {
        say(name, fact.as_deref().unwrap_or_default());
    }
    say("tags", &question.tags.join(", "));
    say("target", &question.target_s.map(|[low, high]| format!("{low}-{high} s")).unwrap_or_default());
    say("situation", question.situation.as_deref().unwrap_or_default());
    question.criteria.iter().for_each(|criterion| say("criterion", criterion));
    question.structure.iter().for_each(|step| say("step", &format!("{} | {}", step.step, step.hint)));
    question.notes.iter().for_each(|note| say("note", note));
    question.challenges.iter().for_each(|challenge| say("challenge", challenge));
    for topic in &question.discussion {
        say("topic", &format!("{}: {}", topic.topic, topic.prompts.join(" / ")));
    }
    for answer in &question.answers {
        say(&format!("answer {} ({})", answer.level, answer.label), &answer.text);
        let parts = &answer.parts;
        for (name, part) in [("S", &parts.situation), ("T", &parts.task), ("A", &parts.action), ("R", &parts.result)] {
            say(&format!("  {name}"), part.as_deref().unwrap_or_default());
        }
    }
    question.tips.iter().for_each(|tip| say("advice", &format!("{}: {}", tip.title, tip.text)));
}

fn one_line(text: &str) -> String {
    text.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ¶ ")
}

fn notes() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/notes");
    let entries = fs::read_dir(folder).expect("the notes are there");
    let mut notes: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    notes.retain(|path| path.extension().is_some_and(|ending| ending != "reading"));
    notes.sort();
    notes
}

#[test]
fn every_note_is_read_as_a_person_would_read_it() {
    let notes = notes();
    assert!(notes.len() >= 38, "{} notes", notes.len());
    let mut wrong = String::new();
    for note in notes {
        let bytes = fs::read(&note).expect("a note");
        let reading = content::read(&bytes, "note").expect("a note is text");
        assert_eq!(reading.lines.iter().map(|line| line.bytes).sum::<usize>(), bytes.len(), "{}", note.display());
        let (found, file) = (told(&reading), note.with_extension("reading"));
        if std::env::var_os("GREENROOM_WRITE_READINGS").is_some() {
            fs::write(&file, &found).expect("it can be written");
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if found != expected {
            let _ = writeln!(wrong, "== {}\n-- expected\n{expected}\n-- found\n{found}", note.display());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
