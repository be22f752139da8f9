//! The store as a whole: written step by step, killed between steps, full, read-only, shared by two programs.

use std::fs;
use std::path::{Path, PathBuf};

use greenroom::store::{Home, SessionFolder, StoreError, StoredSession, find_take, list_sessions, recover};
use greenroom::types::{
    Analysis, AnswerStatus, Prompt, QuestionRef, Report, Seconds, Session, SessionSettings, Transcript,
};
use jiff::Zoned;

/// A home in a folder that is removed at the end.
struct TestHome {
    home: Home,
    _folder: tempfile::TempDir,
}

fn test_home() -> TestHome {
    let folder = tempfile::tempdir().unwrap();
    TestHome { home: Home::at(folder.path().join("greenroom")), _folder: folder }
}

fn at(time: &str) -> Zoned {
    format!("{time}[Europe/Berlin]").parse().unwrap()
}

/// The session, or that of the take, that a person means by `typed`.
fn find(home: &Home, typed: &str) -> Result<StoredSession, StoreError> {
    find_take(home, typed, &at("2026-11-22T20:00:00+01:00"), |_| None::<()>).map(|(stored, _)| stored)
}

fn question(id: &str) -> QuestionRef {
    QuestionRef { id: id.to_owned(), text: "Why?".to_owned(), bank: Some("own".to_owned()) }
}

fn new_session(home: &Home) -> SessionFolder {
    let settings = SessionSettings { voice: Some("system".to_owned()), ..SessionSettings::default() };
    SessionFolder::create(home, &at("2026-11-21T09:30:00+01:00"), "Stakeholders", None, settings).unwrap()
}

/// A recording of `seconds` whose writer never set the lengths: 16-bit mono at 16 kHz.
fn open_recording(seconds: f64) -> Vec<u8> {
    let mut bytes =
        b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\x7d\0\0\x02\0\x10\0data\0\0\0\0".to_vec();
    bytes.resize(44 + (seconds * 32_000.0) as usize, 7);
    bytes
}

fn report(transcript: &Transcript) -> Report {
    Report {
        schema: Report::SCHEMA.to_owned(),
        question: Some(question("conflict")),
        recording: None,
        transcript: transcript.clone(),
        analysis: Analysis::default(),
        strengths: Vec::new(),
        advice: Vec::new(),
        notices: Vec::new(),
    }
}

fn begin(folder: &mut SessionFolder, id: &str) -> usize {
    folder.begin_take(question(id), Prompt::Question, "2026-11-21T08:31:00Z".parse().unwrap()).unwrap()
}

fn files_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_session_is_read_back_as_it_was_written() {
    let test = test_home();
    let mut folder = new_session(&test.home);
    assert_eq!(folder.session().id, "2026-11-21T0930-stakeholders");
    for (n, id) in [(1, "Product: conflict!"), (2, "q2")] {
        assert_eq!(begin(&mut folder, id), n);
        fs::write(folder.files(n).unwrap().recording, open_recording(1.0)).unwrap();
        folder.finish_recording(n, Seconds(1.0)).unwrap();
    }
    let transcript = Transcript::of_text("We shipped it.");
    folder.save_transcript(1, &transcript).unwrap();
    folder.save_report(1, &report(&transcript)).unwrap();
    folder.discard(2).unwrap();
    folder.end("2026-11-21T09:00:00Z".parse().unwrap()).unwrap();
    let written = folder.session().clone();
    drop(folder);

    let (stored, take) =
        find_take(&test.home, "2026-11-21T0930-stakeholders/1", &at("2026-11-22T20:00:00+01:00"), |_| None::<()>)
            .unwrap();
    assert_eq!((&stored.session, take, stored.live), (&written, Some(1), false));
    let answer = stored.answer(1).unwrap();
    assert_eq!(answer.status, AnswerStatus::Reported);
    assert_eq!(stored.transcript(answer).unwrap().unwrap(), transcript);
    assert_eq!(stored.report(answer).unwrap().unwrap(), report(&transcript));
    assert!(stored.audio(answer).unwrap().is_file());
    assert_eq!(stored.transcript(stored.answer(2).unwrap()).unwrap(), None);
    assert_eq!(
        files_in(&stored.path),
        [
            ".lock",
            "01-product-conflict.report.json",
            "01-product-conflict.transcript.json",
            "01-product-conflict.wav",
            "02-q2.wav",
            "session.json"
        ]
    );
    assert!(recover(&test.home).unwrap().unfinished.is_empty());
}

#[test]
fn names_are_short_readable_and_never_taken_twice() {
    let test = test_home();
    let name = |topic: &str| {
        SessionFolder::create(&test.home, &at("2026-11-21T09:30:00+01:00"), topic, None, SessionSettings::default())
            .unwrap()
            .session()
            .id
            .clone()
    };
    assert_eq!(name("../../Führung & Kultur"), "2026-11-21T0930-führung-kultur");
    assert_eq!(name(" ?! "), "2026-11-21T0930-session");
    assert_eq!(name("session"), "2026-11-21T0930-session-2");
    assert_eq!(name("session"), "2026-11-21T0930-session-3");
    assert_eq!(
        name("a topic with more words than a name of a folder has room for"),
        "2026-11-21T0930-a-topic-with-more-words-than-a-name-of-a"
    );
    assert_eq!(name(&"x".repeat(300)).len(), "2026-11-21T0930-".len() + 40);
}

#[test]
fn broken_sessions_are_named_with_their_reason_and_hide_none_of_the_others() {
    let test = test_home();
    assert!(list_sessions(&test.home).unwrap().sessions.is_empty());
    for day in ["2026-11-20T10:00:00+01:00", "2026-11-22T10:00:00+01:00", "2026-11-21T10:00:00+01:00"] {
        SessionFolder::create(&test.home, &at(day), "s", None, SessionSettings::default()).unwrap();
    }
    let sessions = test.home.sessions();
    for (id, content) in [("cut", "{\"schema\": \"green"), ("newer", "{}"), ("copied", "")] {
        fs::create_dir(sessions.join(id)).unwrap();
        if id == "copied" {
            fs::write(sessions.join(id).join("01-a.wav"), "").unwrap();
        } else {
            fs::write(sessions.join(id).join("session.json"), content).unwrap();
        }
    }
    let text = fs::read_to_string(sessions.join("2026-11-22T1000-s/session.json")).unwrap();
    fs::write(sessions.join("newer/session.json"), text.replace(Session::SCHEMA, "greenroom.session/9")).unwrap();
    fs::create_dir(sessions.join("killed-as-it-began")).unwrap();
    fs::write(sessions.join("a file"), "").unwrap();

    let list = list_sessions(&test.home).unwrap();
    let ids: Vec<&str> = list.sessions.iter().map(|s| s.session.id.as_str()).collect();
    assert_eq!(ids, ["2026-11-22T1000-s", "2026-11-21T1000-s", "2026-11-20T1000-s"]);
    let mut broken: Vec<String> = list.broken.iter().map(|b| format!("{}: {}", b.id, b.reason)).collect();
    broken.sort();
    assert_eq!(broken.len(), 3, "{broken:?}");
    assert!(broken[0].starts_with("copied") && broken[0].ends_with("session.json is damaged: it is missing"));
    assert!(broken[1].starts_with("cut") && broken[1].contains("line 1 column"), "{broken:?}");
    assert!(broken[2].contains("\"greenroom.session/9\""), "{broken:?}");
    assert!(find(&test.home, "cut").unwrap_err().to_string().contains("damaged"));
}

#[test]
fn a_session_is_found_by_its_name_a_unique_start_or_last() {
    let test = test_home();
    for topic in ["team", "team", "vision"] {
        let mut folder = SessionFolder::create(
            &test.home,
            &at("2026-11-21T09:30:00+01:00"),
            topic,
            None,
            SessionSettings::default(),
        )
        .unwrap();
        begin(&mut folder, "q");
    }
    let id = |wanted: &str| find(&test.home, wanted).map(|s| s.session.id);
    assert_eq!(id("2026-11-21T0930-team").unwrap(), "2026-11-21T0930-team");
    assert_eq!(id("2026-11-21T0930-v").unwrap(), "2026-11-21T0930-vision");
    assert_eq!(id("last").unwrap(), "2026-11-21T0930-vision");
    assert!(matches!(id("2026-11-21T0930-t"), Err(StoreError::Ambiguous { matches, .. }) if matches.len() == 2));
    assert!(matches!(id("../sessions"), Err(StoreError::NoSession { .. })));
    assert!(matches!(id("2027"), Err(StoreError::NoSession { .. })));
    assert_eq!(id("yesterday").unwrap_err().to_string().matches("2026-11-21T0930").count(), 3);
    assert!(matches!(id("q#7"), Err(StoreError::NoTake { have: 3, .. })));
    assert_eq!(id("q#best").unwrap(), "2026-11-21T0930-vision", "none has a report: the last");
    assert_eq!(
        find_take(&test.home, "2026-11-21T0930-v/1", &at("2026-11-22T20:00:00+01:00"), |_| None::<()>).unwrap().1,
        Some(1)
    );
    let error =
        find_take(&test.home, "2026-11-21T0930-v/2", &at("2026-11-22T20:00:00+01:00"), |_| None::<()>).unwrap_err();
    assert_eq!(error.to_string(), "2026-11-21T0930-vision has no take 2; it has one, number 1");
}

/// What a killed program leaves of a session with one take, and the folder it is in.
fn killed(leave: impl FnOnce(&mut SessionFolder)) -> (TestHome, PathBuf) {
    let test = test_home();
    let mut folder = new_session(&test.home);
    begin(&mut folder, "conflict");
    leave(&mut folder);
    let path = folder.path().to_owned();
    (test, path)
}

#[test]
fn a_take_that_was_being_recorded_comes_back() {
    let (test, path) = killed(|folder| {
        fs::write(folder.files(1).unwrap().recording, open_recording(2.5)).unwrap();
        fs::write(folder.path().join(".unfinished-abc.tmp"), "half").unwrap();
    });
    let found = recover(&test.home).unwrap();
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    let [take] = found.unfinished.as_slice() else { panic!("{found:?}") };
    assert_eq!((take.session.as_str(), take.cut_off), ("2026-11-21T0930-stakeholders", true));
    assert_eq!((take.answer.status, take.answer.duration_s), (AnswerStatus::Recorded, Some(Seconds(2.5))));
    assert_eq!(take.audio, path.join("01-conflict.wav"));
    assert_eq!(&fs::read(&take.audio).unwrap()[40..44], &80_000u32.to_le_bytes());
    assert_eq!(files_in(&path), [".lock", "01-conflict.wav", "session.json"]);

    let again = recover(&test.home).unwrap();
    assert_eq!((again.unfinished.len(), again.unfinished[0].cut_off), (1, false));

    let mut folder = SessionFolder::open(&test.home, &take.session).unwrap();
    let transcript = Transcript::of_text("so");
    folder.save_transcript(1, &transcript).unwrap();
    folder.save_report(1, &report(&transcript)).unwrap();
    drop(folder);
    assert!(recover(&test.home).unwrap().unfinished.is_empty());
}

#[test]
fn a_kill_between_any_two_steps_loses_nothing() {
    let transcript = Transcript::of_text("so");
    let finished = |folder: &mut SessionFolder| {
        fs::write(folder.files(1).unwrap().recording, open_recording(1.0)).unwrap();
        folder.finish_recording(1, Seconds(1.0)).unwrap();
    };
    let write = |path: PathBuf, json: String| fs::write(path, json).unwrap();
    let json = serde_json::to_string(&transcript).unwrap();

    // The recording has its final name; session.json does not know.
    let (test, _) = killed(|f| {
        fs::write(f.files(1).unwrap().audio, open_recording(1.0)).unwrap();
    });
    let take = recover(&test.home).unwrap().unfinished.remove(0);
    assert_eq!((take.answer.status, take.answer.duration_s), (AnswerStatus::Recorded, Some(Seconds(1.0))));

    // The transcript is there; session.json does not know.
    let (test, _) = killed(|f| {
        finished(f);
        write(f.files(1).unwrap().transcript, json.clone());
    });
    let take = recover(&test.home).unwrap().unfinished.remove(0);
    assert_eq!(take.answer.status, AnswerStatus::Transcribed);
    assert_eq!(take.answer.transcript.as_deref(), Some("01-conflict.transcript.json"));

    // The report is there; session.json does not know.
    let (test, _) = killed(|f| {
        finished(f);
        f.save_transcript(1, &transcript).unwrap();
        write(f.files(1).unwrap().report, serde_json::to_string(&report(&transcript)).unwrap());
    });
    assert!(recover(&test.home).unwrap().unfinished.is_empty());
    let stored = find(&test.home, "last").unwrap();
    assert_eq!(stored.answer(1).unwrap().status, AnswerStatus::Reported);
}

#[test]
fn a_discarded_take_stays_discarded_and_keeps_its_recording() {
    let (test, path) = killed(|folder| {
        fs::write(folder.files(1).unwrap().recording, open_recording(1.0)).unwrap();
        folder.discard(1).unwrap();
    });
    assert!(recover(&test.home).unwrap().unfinished.is_empty());
    let stored = find(&test.home, "last").unwrap();
    let answer = stored.answer(1).unwrap();
    assert_eq!((answer.status, stored.audio(answer)), (AnswerStatus::Discarded, Some(path.join("01-conflict.wav"))));
    let mut folder = SessionFolder::open(&test.home, &stored.session.id).unwrap();
    folder.finish_recording(1, Seconds(1.0)).unwrap();
    assert_eq!(folder.session().answers[0].status, AnswerStatus::Discarded);
}

#[test]
fn a_take_without_any_sound_is_closed_and_says_so() {
    for content in [None, Some(Vec::new()), Some(open_recording(0.0))] {
        let (test, path) = killed(|folder| {
            if let Some(bytes) = &content {
                fs::write(folder.files(1).unwrap().recording, bytes).unwrap();
            }
        });
        let found = recover(&test.home).unwrap();
        assert!(found.unfinished.is_empty() && found.problems.is_empty());
        let stored = find(&test.home, "last").unwrap();
        let answer = stored.answer(1).unwrap();
        assert_eq!((answer.status, &answer.audio), (AnswerStatus::Discarded, &None));
        assert_eq!(answer.problem.as_deref(), Some("The program ended before anything was recorded."));
        assert_eq!(files_in(&path), [".lock", "session.json"]);
    }
}

#[test]
fn a_recording_comes_back_even_where_session_json_is_damaged() {
    let (test, path) = killed(|folder| {
        fs::write(folder.files(1).unwrap().recording, open_recording(1.0)).unwrap();
        fs::write(folder.path().join("session.json"), "{").unwrap();
    });
    let found = recover(&test.home).unwrap();
    assert_eq!(found.problems.len(), 1);
    assert_eq!(fs::read(path.join("01-conflict.wav")).unwrap()[40..44], 32_000u32.to_le_bytes());
}

#[test]
fn a_recording_that_cannot_be_understood_is_set_aside_untouched() {
    let (test, path) = killed(|folder| {
        fs::write(folder.files(1).unwrap().recording, "not sound").unwrap();
    });
    let found = recover(&test.home).unwrap();
    assert!(found.problems[0].reason.to_string().contains("01-conflict.wav.unreadable"));
    assert_eq!(fs::read_to_string(path.join("01-conflict.wav.unreadable")).unwrap(), "not sound");
    assert!(recover(&test.home).unwrap().problems.is_empty(), "it is said once");
}

#[test]
fn no_recording_is_ever_overwritten() {
    let (test, path) = killed(|folder| {
        fs::write(folder.files(1).unwrap().recording, open_recording(1.0)).unwrap();
        fs::write(folder.files(1).unwrap().audio, "an older one").unwrap();
    });
    let found = recover(&test.home).unwrap();
    assert_eq!(found.unfinished[0].audio, path.join("01-conflict-2.wav"));
    assert_eq!(fs::read_to_string(path.join("01-conflict.wav")).unwrap(), "an older one");
}

#[test]
fn a_live_session_is_listed_as_live_and_left_alone() {
    let test = test_home();
    let mut folder = new_session(&test.home);
    begin(&mut folder, "conflict");
    let recording = folder.files(1).unwrap().recording;
    fs::write(&recording, open_recording(1.0)).unwrap();
    assert!(list_sessions(&test.home).unwrap().sessions[0].live);
    assert!(recover(&test.home).unwrap().unfinished.is_empty());
    assert!(recording.exists());
    let error = SessionFolder::open(&test.home, "2026-11-21T0930-stakeholders").unwrap_err();
    assert!(matches!(error, StoreError::InUse { .. }));
    drop(folder);
    assert_eq!(recover(&test.home).unwrap().unfinished.len(), 1);
}

#[cfg(unix)]
mod processes;
