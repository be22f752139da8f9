use std::fs;

use super::*;
use crate::types::{Recording, Seconds, Transcript};

/// A folder with `a.wav` in it, of which text files are wanted.
struct Desk {
    folder: tempfile::TempDir,
    input: Input,
}

impl Desk {
    fn new() -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        fs::write(&path, "sound").unwrap();
        Desk { folder, input: Input::new(path, "a.wav") }
    }

    fn outputs(&self, model: &str) -> Outputs {
        let made_by =
            MadeBy { version: "1".into(), model: model.into(), model_sha256: model.into(), language: "en".into() };
        let wanted = Wanted { formats: vec![Format::Txt], ..Wanted::default() };
        Outputs::plan(std::slice::from_ref(&self.input), wanted, made_by)
    }

    fn text(&self) -> PathBuf {
        self.folder.path().join("a.txt")
    }

    /// Transcribes the recording: `words` are heard.
    fn transcribe(&self, model: &str, words: &str) -> Outcome {
        let before = Source::of(&self.input.path).unwrap();
        self.outputs(model).write(&self.input, &self.report(words), Some(&before)).unwrap()
    }

    fn report(&self, words: &str) -> Report {
        let recording = Recording {
            path: self.input.path.display().to_string(),
            duration_s: Seconds(1.0),
            sample_rate_hz: 16_000,
            channels: 1,
            sha256: crate::models::sha256::of_file(&self.input.path).unwrap(),
        };
        Report {
            recording: Some(recording),
            transcript: Transcript::of_text(words),
            ..crate::assess::Assessor::new(
                crate::analysis::lexicon::Lexicon::builtin("en").unwrap(),
                std::sync::Arc::new(crate::content::frameworks::Frameworks::with_folder(Path::new("nowhere")).0),
                Vec::new(),
            )
            .report_text(Transcript::of_text(words), None)
        }
    }

    fn progress(&self, model: &str) -> Progress {
        self.outputs(model).progress(&self.input, false)
    }
}

#[test]
fn a_transcript_is_done_until_its_recording_or_the_model_is_another() {
    let desk = Desk::new();
    assert_eq!(desk.progress("m"), Progress::ToDo);
    assert_eq!(desk.transcribe("m", "first").written, [desk.text()]);
    assert_eq!(desk.progress("m"), Progress::Done);
    assert_eq!(desk.progress("another"), Progress::ToDo);
    fs::write(&desk.input.path, "noise").unwrap();
    assert_eq!(desk.progress("m"), Progress::ToDo, "of the same size, whatever its date");
    assert_eq!(desk.transcribe("m", "second").written, [desk.text()], "what we wrote may be replaced");
    assert_eq!(fs::read_to_string(desk.text()).unwrap(), "second\n");
    fs::remove_file(desk.text()).unwrap();
    assert_eq!(desk.progress("m"), Progress::ToDo);
}

#[test]
fn a_text_of_the_persons_own_is_neither_done_nor_replaced() {
    let desk = Desk::new();
    fs::write(desk.text(), "my notes").unwrap();
    assert_eq!(desk.progress("m"), Progress::InTheWay(vec![desk.text()]));
    let outcome = desk.transcribe("m", "words");
    assert_eq!(outcome, Outcome { written: Vec::new(), left: vec![desk.text()] });
    assert_eq!(fs::read_to_string(desk.text()).unwrap(), "my notes");
}

#[test]
fn a_transcript_that_was_corrected_by_hand_stays_and_is_done() {
    let desk = Desk::new();
    desk.transcribe("m", "words");
    fs::write(desk.text(), "better words").unwrap();
    assert_eq!(desk.progress("m"), Progress::Done);
    assert_eq!(desk.progress("another"), Progress::InTheWay(vec![desk.text()]));
    assert_eq!(desk.outputs("m").progress(&desk.input, true), Progress::InTheWay(vec![desk.text()]));
    assert_eq!(desk.transcribe("m", "words").left, [desk.text()], "also when it is done again by force");
}

#[test]
fn a_program_that_ended_between_the_record_and_the_file_knows_the_file_again() {
    let desk = Desk::new();
    desk.transcribe("m", "first");
    let killed = fs::read(desk.text()).unwrap();
    desk.transcribe("another", "second");
    fs::write(desk.text(), killed).unwrap();
    assert_eq!(desk.progress("another"), Progress::ToDo);
    assert_eq!(desk.transcribe("another", "second").written, [desk.text()]);
}

#[test]
fn what_failed_is_in_the_table_and_is_tried_again() {
    let desk = Desk::new();
    let outputs = desk.outputs("m");
    outputs.note_failure(&desk.input, "it is cut short").unwrap();
    assert_eq!(outputs.row(&desk.input).unwrap().problem.as_deref(), Some("it is cut short"));
    assert_eq!(outputs.progress(&desk.input, false), Progress::ToDo);
    desk.transcribe("m", "words");
    assert_eq!(outputs.row(&desk.input).unwrap().problem, None);
    assert_eq!(outputs.progress(&desk.input, false), Progress::Done);
}

#[test]
fn another_recording_of_the_name_from_elsewhere_gets_a_name_of_its_own_and_keeps_it() {
    let (one, two) = (Desk::new(), Desk::new());
    fs::write(&two.input.path, "other").unwrap();
    let out = tempfile::tempdir().unwrap();
    let outputs = |desk: &Desk| {
        let wanted = Wanted { folder: Some(out.path().to_owned()), ..desk.outputs("m").wanted };
        Outputs::plan(std::slice::from_ref(&desk.input), wanted, desk.outputs("m").made_by)
    };
    for desk in [&one, &two, &one, &two] {
        let before = Source::of(&desk.input.path).unwrap();
        outputs(desk).write(&desk.input, &desk.report("words"), Some(&before)).unwrap();
        assert_eq!(outputs(desk).progress(&desk.input, false), Progress::Done);
    }
    assert_eq!(outputs(&one).files(&one.input), [out.path().join("a.txt")]);
    assert_ne!(outputs(&two).files(&two.input), outputs(&one).files(&one.input));
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 3, "two texts, and the folder of records");
}

#[test]
fn a_table_of_the_persons_own_is_left_and_ours_is_written_again() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("summary.csv");
    fs::write(&table, "mine").unwrap();
    assert!(!write_summary(&table, "one").unwrap());
    fs::remove_file(&table).unwrap();
    assert!(write_summary(&table, "one").unwrap() && write_summary(&table, "two").unwrap());
    assert_eq!(fs::read_to_string(&table).unwrap(), "two");
}
