//! `greenroom review export`, `compare` and `show --transcript`: what is done with takes that are there.

use std::fs;
use std::io::Read;

use greenroom::store::{Home, SessionFolder};
use greenroom::types::{Prompt, QuestionRef, Report, Seconds, SessionSettings};
use jiff::Zoned;

use super::support::{Stage, files_below, sound};

const FIRST: &str = "Um, last winter I was running the night desk at a parcel depot, and every evening sixty parcels got stuck. \
    My manager asked me to get that number under twenty before the holidays. So I spent three nights on the floor with a \
    notebook and wrote down what froze and when. By December we were down to nine parcels a night.";
const SECOND: &str = "Last winter I was running the night desk at a parcel depot, and sixty parcels got stuck every evening. \
    I was asked to get that under twenty. I spent three nights on the floor and trained both shifts myself. By December we \
    were down to nine parcels a night, and the depot in Leeds copied it.";

/// A home with one session whose takes were such answers to one question; each has a recording.
fn stage(answers: &[&str]) -> (Stage, String) {
    let stage = Stage::silent();
    let home = Home::at(stage.home());
    let settings = SessionSettings { device: Some("Ann's headset".into()), ..SessionSettings::default() };
    let now = Zoned::now();
    let mut folder =
        SessionFolder::create(&home, &now, "parcels", Some("mine".into()), settings).expect("it can be made");
    let question = QuestionRef { id: "fixed".into(), text: "What did you fix?".into(), bank: Some("mine".into()) };
    for answer in answers {
        let report = stage.run_with_input(["analyze", "-", "--json"], answer).succeeded().json();
        let mut report: Report = serde_json::from_value(report).expect("a report");
        report.question = Some(question.clone());
        let take = folder.begin_take(question.clone(), Prompt::Question, now.timestamp()).expect("a take begins");
        let audio = folder.files(take).expect("it has files").audio;
        greenroom::audio::write_wav(&audio, &sound::tone(2.0), sound::RATE_HZ).expect("it can be written");
        report.recording = Some(greenroom::types::Recording {
            path: audio.display().to_string(),
            duration_s: Seconds(2.0),
            sample_rate_hz: sound::RATE_HZ,
            channels: 1,
            sha256: "0".repeat(64),
        });
        report.notices = vec![format!("{}: it ends in the middle of a sound", audio.display())];
        folder.finish_recording(take, Seconds(2.0)).expect("it ends");
        folder.save_transcript(take, &report.transcript).expect("it can be saved");
        folder.save_report(take, &report).expect("it can be saved");
    }
    let id = folder.session().id.clone();
    (stage, id)
}

/// Fails where a file has something of the machine in it.
fn says_nothing_of_the_machine(stage: &Stage, text: &str) {
    let home = stage.home().display().to_string();
    for secret in [home.as_str(), "headset", "sessions/"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[test]
fn a_take_leaves_as_one_page_with_its_sound_inside_and_nothing_of_this_machine() {
    let (stage, _) = stage(&[FIRST]);
    stage.run(["review", "note", "last/1", "--remark", "I was nervous"]).succeeded();
    stage.run(["review", "export", "last", "--html", "take.html"]).succeeded();
    let page = fs::read_to_string(stage.file("take.html")).expect("it is there");
    assert!(page.contains("src=\"data:audio/wav;base64,UklGR"), "no sound inside");
    assert!(page.contains("parcels") && !page.contains("nervous"), "{page}");
    says_nothing_of_the_machine(&stage, &page);
    let again = stage.run(["review", "export", "last", "--html", "take.html"]);
    again.failed(1, &["take.html is there already"]);
    stage.run(["review", "export", "last", "--html", "no/such/take.html"]).failed(1, &["ls -ld no/such"]);
    stage.run(["review", "export", "last", "--html", "mine.html", "--remarks", "--no-audio"]).succeeded();
    let page = fs::read_to_string(stage.file("mine.html")).expect("it is there");
    assert!(page.contains("I was nervous") && !page.contains("<audio"), "{page}");
}

#[test]
fn a_session_leaves_as_a_folder_or_a_zip_file_that_only_its_owner_reads() {
    use std::os::unix::fs::PermissionsExt;
    let (stage, id) = stage(&[FIRST, SECOND]);
    stage.run(["review", "export", &id, "--html", "all.html"]).failed(2, &["has 2 takes"]);
    stage.run(["review", "export", &id]).succeeded();
    let files = files_below(&stage.file(&id));
    let names: Vec<String> =
        files.iter().map(|file| file.strip_prefix(stage.file(&id)).expect("below").display().to_string()).collect();
    let of_take =
        |take: &str| ["answer.wav", "index.html", "report.json", "transcript.txt"].map(|name| format!("{take}/{name}"));
    let wanted: Vec<String> =
        [vec!["01".into()], of_take("01").into(), vec!["02".into()], of_take("02").into(), vec!["index.html".into()]]
            .concat();
    assert_eq!(names, wanted);
    for file in files {
        let mode = file.metadata().expect("it is there").permissions().mode() & 0o077;
        assert_eq!(mode, 0, "{}", file.display());
        if file.extension().is_some_and(|ending| ending != "wav") {
            says_nothing_of_the_machine(&stage, &fs::read_to_string(&file).expect("it is text"));
        }
    }
    stage.write("taken/mine.txt", "mine");
    stage.run(["review", "export", &id, "--out", "taken"]).failed(1, &["taken is there already"]);
    stage.run(["review", "export", &format!("{id}/2"), "--out", "two.zip"]).succeeded();
    let mut bytes = Vec::new();
    fs::File::open(stage.file("two.zip")).expect("it is there").read_to_end(&mut bytes).expect("it is read");
    let has = |name: &str| bytes.windows(name.len()).any(|window| window == name.as_bytes());
    assert!(bytes.starts_with(b"PK") && has("index.html") && has("answer.wav"));
}

#[test]
fn two_takes_are_compared_and_nothing_is_called_better_on_too_few_takes() {
    let (stage, id) = stage(&[FIRST, SECOND]);
    let [before, now] = [1, 2].map(|take| format!("{id}/{take}"));
    let found = stage.run(["review", "compare", &before, &now, "--json"]).succeeded().json();
    assert_eq!(found["schema"], "greenroom.comparison/1");
    assert_eq!(found["same_question"], true);
    let figures = found["figures"].as_array().expect("a list");
    assert!(
        figures.iter().all(|figure| ["unknown", "not_judged"].contains(&figure["change"].as_str().expect("a word")))
    );
    let of = |became: &str| {
        let sentences = found["sentences"].as_array().expect("a list");
        sentences.iter().filter(|sentence| sentence["became"] == became).count()
    };
    assert!(of("kept") >= 2, "{found:#}");
    let text = stage.run(["review", "compare", &before]).succeeded().stdout;
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(text.contains("Word for word") && text.contains("copied it"), "{text}");
    stage.run(["review", "compare", &before, &now, "--html", "both.html"]).succeeded();
    let page = fs::read_to_string(stage.file("both.html")).expect("it is there");
    assert!(page.contains("<ins>") && page.contains("<del>"), "{page}");
    stage.run(["review", "compare", &now, &now]).failed(2, &["is one take"]);
}

#[test]
fn a_transcript_is_shown_with_the_letters_of_its_parts() {
    let (stage, id) = stage(&[FIRST]);
    let shown = stage.run(["review", "show", &id, "--transcript"]).succeeded().stdout;
    let lines: Vec<&str> =
        shown.lines().filter(|line| line.starts_with("  S  ") || line.starts_with("  R  ")).collect();
    assert!(lines.len() >= 2, "{shown}");
    assert!(shown.contains("[Um,]") && shown.contains("S Situation, T Task"), "{shown}");
}

#[test]
fn a_take_is_made_again_its_remarks_stay_and_so_does_the_old_report_until_the_new_is_whole() {
    let stage = super::with_recording();
    stage.write("bank.md", "# Looking back\n\n## What went well?\n");
    stage.run(["rehearse", "bank.md", "--voice", "text", "--device", "file:answer.wav"]).succeeded();
    stage.run(["review", "note", "last", "--remark", "Calmer now"]).succeeded();
    let reports = || -> Vec<String> {
        let files = files_below(&stage.home()).into_iter().map(|file| file.display().to_string());
        files.filter(|file| file.ends_with(".report.json") || file.ends_with(".transcript.json")).collect()
    };
    let old = reports();
    let before = fs::read(&old[0]).expect("it is there");
    stage.run(["review", "again", "last", "--model", "no-such-model"]).failed(1, &["no-such-model"]);
    assert_eq!((reports(), fs::read(&old[0]).expect("it is there")), (old.clone(), before));

    let again = stage.run(["review", "again", "last", "--model", "tiny.en"]).succeeded();
    assert!(again.stderr.contains("tiny.en -> tiny.en: ") && again.stderr.contains(" words"), "{}", again.stderr);
    let new = reports();
    assert!(new.len() == 2 && new.iter().all(|file| !old.contains(file) && file.contains(".2.")), "{new:?}");
    let shown = stage.run(["review", "show", "last"]).succeeded().stdout;
    assert!(shown.contains("Calmer now") && shown.contains("What went well?"), "{shown}");
    stage.run(["review", "again", "last", "--model", "tiny.en"]).succeeded();
    assert_eq!(reports(), old, "the names go to and fro");
}
