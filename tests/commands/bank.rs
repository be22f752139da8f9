//! `greenroom bank check`: what the person says of headings and columns, and a file in which nothing is asked.

use std::path::Path;

use super::support::terminal::Terminal;
use super::support::{Stage, files_below};

/// Two lines ask: one under a heading that promises advice, one in a column that does not say what it is.
const NOTES: &str = "\
# Mine

## Tips

- Tell me about a time you led.
- Be brief.

## Other

| Where | What it is for |
|---|---|
| The ferry | Tell me about a time you led a team. |
| The sorter | Growth |
| The bridge | Depth |
";

/// The lines on which `bank check` sees questions, and those it doubts.
fn read(stage: &Stage, notes: &Path, flags: &[&str]) -> (Vec<u64>, Vec<u64>) {
    let mut args = vec!["bank", "check", "--json", notes.to_str().expect("it is UTF-8")];
    args.extend(flags);
    let json = stage.run(args).succeeded().json();
    let lines = |of: &serde_json::Value| {
        let list = of.as_array().expect("a list");
        list.iter().map(|entry| entry["line"].as_u64().expect("a line")).collect()
    };
    (lines(&json["bank"]["questions"]), lines(&json["doubtful"]))
}

#[test]
fn what_is_said_of_a_heading_and_a_column_is_remembered_until_it_is_to_be_forgotten() {
    let stage = Stage::silent();
    let notes = stage.write("notes.md", NOTES);
    assert_eq!(read(&stage, &notes, &[]), (vec![], vec![5, 12]));
    assert!(!stage.home().exists(), "looking makes nothing");

    let heading = read(&stage, &notes, &["--heading", "tips=questions"]);
    assert_eq!(heading, (vec![5, 6], vec![12]));
    assert_eq!(read(&stage, &notes, &[]), heading, "it is remembered");
    let both = read(&stage, &notes, &["--column", "What it is for=question"]);
    assert_eq!(both, (vec![5, 6, 12, 13, 14], vec![]));
    assert_eq!(read(&stage, &notes, &[]), both);
    assert_eq!(std::fs::read_to_string(&notes).expect("it is there"), NOTES, "the file stays as it is");
    assert!(stage.run(["bank", "list"]).succeeded().stdout.lines().all(|line| !line.contains("notes")));

    assert_eq!(read(&stage, &notes, &["--forget"]), (vec![], vec![5, 12]));
    assert_eq!(read(&stage, &notes, &[]), (vec![], vec![5, 12]));
    let left = files_below(&stage.home().join("banks"));
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn what_makes_no_sense_is_refused_and_nothing_is_remembered() {
    let stage = Stage::silent();
    let notes = stage.write("notes.md", NOTES);
    let notes = notes.to_str().expect("it is UTF-8");
    for said in ["Tips", "Tips=nonsense"] {
        stage.run(["bank", "check", notes, "--heading", said]).failed(2, &["--heading", "follow-ups"]);
        stage.run(["bank", "check", notes, "--column", said]).failed(2, &["--column", "follow-ups"]);
    }
    stage.run(["bank", "check", notes, "--column", "=questions"]).failed(2, &["--column", "follow-ups"]);
    stage.run(["bank", "check", notes, "--interactive"]).failed(2, &["no terminal"]);
    assert!(!stage.home().exists());
}

#[test]
fn each_heading_and_column_in_doubt_is_asked_for_once() {
    let stage = Stage::silent();
    let notes = stage.write("notes.md", NOTES);
    let mut terminal =
        Terminal::start(stage.command(["bank", "check", notes.to_str().expect("it is UTF-8"), "--interactive"]));
    terminal.expect("line 3: ## Tips");
    terminal.expect("line 5, taken as tip: - Tell me about a time you led.");
    terminal.expect("this heading is:");
    terminal.press("sandwich\n");
    terminal.expect("\"sandwich\" is none of them");
    terminal.expect("this heading is:");
    terminal.press("questions\n");
    terminal.expect("the column \"Where\" is:");
    terminal.press("\n");
    terminal.expect("the column \"What it is for\" is:");
    terminal.press("question\n");
    let (code, text) = terminal.end();
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("remembered what 2 headings and columns are") && text.contains("5 questions"), "{text}");
    assert_eq!(read(&stage, &notes, &[]), (vec![5, 6, 12, 13, 14], vec![]));
}

#[test]
fn a_file_without_a_question_is_not_rehearsed_and_the_way_to_see_why_is_named() {
    let stage = Stage::silent();
    let notes = stage.write("shopping.md", "# Shopping\n\n- flour\n");
    let path = notes.display().to_string();
    stage.run(["rehearse", &path]).failed(1, &["no question", &format!("greenroom bank check {path}")]);
    assert!(stage.sessions().is_empty());
    let shown = stage.run(["bank", "check", &path]).succeeded().stdout;
    assert!(shown.contains("No question was found") && !shown.contains("Everything was understood"), "{shown}");
}

#[test]
fn edited_notes_are_imported_again_with_what_changed_and_never_silently() {
    let stage = Stage::silent();
    let text = |questions: &[&str]| questions.iter().map(|question| format!("## {question}\n\n")).collect::<String>();
    let launch = "Tell me about a launch that failed in your company.";
    let notes = stage.write("mine.md", text(&[launch, "Who was your best hire?"]));
    let notes = notes.to_str().expect("it is UTF-8").to_owned();
    stage.run(["bank", "import", &notes]).succeeded();
    stage.write("mine.md", text(&["Tell me about a launch that faild in your company.", "Why did you join us?"]));
    stage.run(["bank", "import", &notes]).failed(1, &["mine", "--replace", "--name"]);

    let replaced = stage.run(["bank", "import", &notes, "--replace"]).succeeded();
    for told in ["1 new, 1 gone, 1 reworded", "gone, its takes stay: Who was your best hire?", launch, "replaced"] {
        assert!(replaced.stderr.contains(told), "{told}: {}", replaced.stderr);
    }
    let questions = stage.run(["bank", "show", "mine", "--json"]).succeeded().json()["questions"].clone();
    assert_eq!(questions.as_array().map(Vec::len), Some(2), "{questions}");
    let kept = files_below(&stage.home().join("banks/replaced"));
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(std::fs::read_to_string(&kept[0]).expect("it is text").contains("Who was your best hire?"));
    let again = stage.run(["bank", "import", &notes, "--replace"]).succeeded();
    assert!(again.stderr.contains("there already"), "{}", again.stderr);
}
