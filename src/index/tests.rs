//! The index as people meet it: filled, changed, broken, out of reach.

use std::path::Path;

use super::*;
use crate::store::SessionFolder;
use crate::types::{Analysis, Prompt, Report, SessionSettings, Transcript, Word};

/// A home in a folder that is removed at the end.
struct Stage {
    home: Home,
    _folder: tempfile::TempDir,
}

fn stage() -> Stage {
    let folder = tempfile::tempdir().unwrap();
    Stage { home: Home::at(folder.path().join("home")), _folder: folder }
}

const QUESTION: &str = "What went wrong at your worst launch?";

/// Keeps a session of one take in which this was said, a word every half a second; returns its name.
fn tell(home: &Home, day: u8, said: &str) -> String {
    let started_at: jiff::Zoned = format!("2026-03-{day:02}T09:00:00[UTC]").parse().unwrap();
    let mut folder = SessionFolder::create(home, &started_at, "mine", None, SessionSettings::default()).unwrap();
    let question = QuestionRef { id: "launch".into(), text: QUESTION.into(), bank: Some("mine".into()) };
    let take = folder.begin_take(question.clone(), Prompt::Question, started_at.timestamp()).unwrap();
    let word = |(number, text): (usize, &str)| Word {
        text: text.to_owned(),
        start_s: Some(Seconds(number as f64 / 2.0)),
        end_s: Some(Seconds(number as f64 / 2.0 + 0.4)),
        probability: None,
    };
    let words = said.split_whitespace().enumerate().map(word).collect();
    let transcript = Transcript::of_words(words, "none", "en");
    folder.save_transcript(take, &transcript).unwrap();
    let mut analysis = Analysis::default();
    analysis.length.duration_s = Some(Seconds(f64::from(day)));
    let report = Report {
        schema: Report::SCHEMA.to_owned(),
        question: Some(question),
        recording: None,
        transcript,
        analysis,
        strengths: Vec::new(),
        advice: Vec::new(),
        notices: Vec::new(),
    };
    folder.save_report(take, &report).unwrap();
    folder.end(started_at.timestamp()).unwrap();
    folder.session().id.clone()
}

fn open(home: &Home) -> Index {
    Index::open(home, &mut |_, _| ()).unwrap()
}

/// The days on which it was found, the newest first, and the first hit.
fn search(index: &mut Index, words: &str) -> (Vec<String>, Option<Hit>) {
    let search = Search { words, fields: &[Field::Said, Field::Question, Field::Remarks], question: None, limit: 10 };
    let (_, hits) = index.search(&search).unwrap().expect("there is something to look for");
    (hits.iter().map(|hit| hit.take.session[8..10].to_owned()).collect(), hits.into_iter().next())
}

#[test]
fn what_was_said_is_found_by_stem_start_phrase_and_without_accents() {
    let stage = stage();
    tell(&stage.home, 1, "We were migrating the database, and the backup was empty.");
    tell(&stage.home, 2, "The caf\u{e9} in Z\u{fc}rich was empty, but our backups were not.");
    let mut index = open(&stage.home);
    let table: [(&str, &[&str]); 16] = [
        ("migrated", &["01"]),
        ("migrati*", &["01"]),
        ("MIGR*", &["01"]),
        ("backup", &["02", "01"]),
        ("\"backup was empty\"", &["01"]),
        ("\"was backup\"", &[]),
        ("empty backup", &["02", "01"]),
        ("empty migration", &["01"]),
        ("cafe", &["02"]),
        ("caf\u{e9} zurich", &["02"]),
        ("Z\u{dc}R*", &["02"]),
        ("worst launch", &["02", "01"]),
        ("backup NOT empty", &["02"]),
        ("NEAR(backup", &[]),
        ("said:backup", &[]),
        ("\"); DROP TABLE takes; --", &[]),
    ];
    for (words, days) in table {
        assert_eq!(search(&mut index, words).0, days, "{words:?}");
    }
    let hit = search(&mut index, "\"backup was\"").1.unwrap();
    assert_eq!((hit.field, hit.at_s, hit.matched), (Field::Said, Some(Seconds(3.5)), vec![(7, 9).into()]));
    let hit = search(&mut index, "worst").1.unwrap();
    assert_eq!((hit.field, hit.at_s, hit.quote.as_str()), (Field::Question, None, QUESTION));
    let nothing = Search { words: "*", fields: &Field::ALL, question: None, limit: 10 };
    assert!(index.search(&nothing).unwrap().is_none());
}

#[test]
fn what_was_added_changed_and_deleted_since_is_seen() {
    let stage = stage();
    let first = tell(&stage.home, 1, "We shipped it.");
    assert_eq!(search(&mut open(&stage.home), "shipped").0, ["01"]);
    tell(&stage.home, 2, "We shipped more.");
    let stored = store::read_session_called(&stage.home, &first).unwrap();
    stored.change_remarks(1, |remarks| remarks.notes.push("Name the budgets".into())).unwrap();
    let mut index = open(&stage.home);
    assert_eq!(
        (search(&mut index, "shipped").0, search(&mut index, "budget").0),
        (vec!["02".into(), "01".into()], vec!["01".into()])
    );
    std::fs::remove_dir_all(stage.home.sessions().join(&first)).unwrap();
    let mut index = open(&stage.home);
    assert_eq!((search(&mut index, "shipped").0, search(&mut index, "budget").0), (vec!["02".to_owned()], vec![]));
    assert_eq!(index.sessions().unwrap().len(), 1);
    let lengths: Vec<_> = index.takes(Timestamp::MIN).unwrap().iter().map(|take| take.figures[0]).collect();
    assert_eq!(lengths, [Some(2.0)]);
    assert!(index.notes.is_empty(), "{:?}", index.notes);
}

/// Makes all that lies in the sessions old enough to trust its times.
fn settle(folder: &Path) {
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3_600);
    for entry in walkdir::WalkDir::new(folder).contents_first(true) {
        std::fs::File::open(entry.unwrap().path()).unwrap().set_modified(long_ago).unwrap();
    }
}

#[test]
fn what_did_not_change_is_not_read_again() {
    let stage = stage();
    let id = tell(&stage.home, 1, "We shipped it.");
    settle(&stage.home.sessions());
    open(&stage.home);
    let mut read = Vec::new();
    Index::open(&stage.home, &mut |_, of| read.push(of)).unwrap();
    assert_eq!(read, [0]);
    // A person edits it in place.
    let file = stage.home.sessions().join(id).join("session.json");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text} ")).unwrap();
    Index::open(&stage.home, &mut |_, of| read.push(of)).unwrap();
    assert_eq!(read, [0, 1, 1]);
}

#[test]
fn an_index_that_is_broken_is_made_again_and_that_is_said() {
    let stage = stage();
    (1..9).for_each(|day| _ = tell(&stage.home, day, &"We shipped it and then some more of it. ".repeat(30)));
    settle(&stage.home.sessions());
    let file = stage.home.index_file();
    open(&stage.home);
    let whole = std::fs::read(&file).unwrap();
    let mut scrambled = whole.clone();
    scrambled[4096..].iter_mut().for_each(|byte| *byte ^= 0x55);
    let broken: [(&str, Vec<u8>); 4] = [
        ("no database", b"this is no database at all, it is a text that somebody wrote".repeat(90)),
        ("cut", whole[..whole.len() / 2].to_vec()),
        ("cut in its head", whole[..60].to_vec()),
        ("scrambled", scrambled),
    ];
    for (what, bytes) in broken {
        std::fs::write(&file, bytes).unwrap();
        let mut index = open(&stage.home);
        assert_eq!(search(&mut index, "shipped").0.len(), 8, "{what}");
        assert_eq!(index.notes.len(), 1, "{what}: {:?}", index.notes);
        drop(index);
        assert!(open(&stage.home).notes.is_empty(), "{what}: it is whole again");
    }
    std::fs::remove_file(&file).unwrap();
    let mut index = open(&stage.home);
    assert_eq!(
        (search(&mut index, "shipped").0.len(), index.notes.len()),
        (8, 0),
        "one that is gone is made in silence"
    );
}

#[test]
fn an_older_index_is_made_again_and_a_newer_one_is_left_alone() {
    let stage = stage();
    tell(&stage.home, 1, "We shipped it.");
    open(&stage.home).database.pretend_form(0).unwrap();
    let mut index = open(&stage.home);
    assert_eq!((search(&mut index, "shipped").0.len(), index.notes.len()), (1, 1), "{:?}", index.notes);
    index.database.pretend_form(99).unwrap();
    drop(index);
    let newer = std::fs::read(stage.home.index_file()).unwrap();
    let mut index = open(&stage.home);
    assert_eq!(search(&mut index, "shipped").0, ["01"]);
    assert!(index.notes[0].contains("newer greenroom"), "{:?}", index.notes);
    assert_eq!(std::fs::read(stage.home.index_file()).unwrap(), newer);
}

#[test]
fn an_index_that_another_program_holds_is_done_without() {
    let stage = stage();
    tell(&stage.home, 1, "We shipped it.");
    let other = open(&stage.home);
    other.database.hold().unwrap();
    tell(&stage.home, 2, "We shipped more.");
    let mut index = open(&stage.home);
    assert_eq!(search(&mut index, "shipped").0, ["02", "01"]);
    assert_eq!(index.notes.len(), 1, "{:?}", index.notes);
}

#[cfg(unix)]
#[test]
fn the_file_is_private_and_a_home_without_sessions_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let stage = stage();
    assert!(open(&stage.home).sessions().unwrap().is_empty());
    assert!(!stage.home.root().exists());
    tell(&stage.home, 1, "We shipped it.");
    open(&stage.home);
    assert_eq!(std::fs::metadata(stage.home.index_file()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_broken_session_hides_no_other_and_an_unreadable_report_is_said() {
    let stage = stage();
    let id = tell(&stage.home, 1, "We shipped it.");
    tell(&stage.home, 2, "We shipped more.");
    let broken = tell(&stage.home, 3, "We shipped nothing.");
    assert!(open(&stage.home).database.has(&broken).unwrap());
    std::fs::write(stage.home.sessions().join(&broken).join("session.json"), "{").unwrap();
    std::fs::write(stage.home.sessions().join(&id).join("01-launch.report.json"), "{").unwrap();
    let mut index = open(&stage.home);
    assert_eq!(search(&mut index, "shipped").0, ["02", "01"], "the words are in the transcript, too");
    assert_eq!((index.broken.len(), index.notes.len()), (1, 1), "{index:?}");
}
