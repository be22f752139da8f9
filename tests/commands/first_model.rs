//! A machine without a model: who is asked for one, what a yes and a no do, and what a script types.

use super::SENTENCE;
use super::support::mirror::{Manner, Server, without_network};
use super::support::sound::{save, speak};
use super::support::terminal::{Terminal, assert_fits};
use super::support::{LIMIT, Running, Stage};

const QUESTION: &str = "Download tiny.en now (78 MB, some seconds to a minute)? [Y/n] ";

/// A machine without a model, with a recording, whose downloads come from `server` alone.
fn stage(server: &Server) -> Stage {
    let stage = Stage::silent();
    save(&stage.file("answer.wav"), &speak(SENTENCE));
    stage.write("bank.md", "# Looking back\n\n## What went well?\n");
    stage.run(["config", "set", "mirrors", &server.address]).succeeded();
    stage
}

fn at_terminal(stage: &Stage, args: &[&str]) -> Terminal {
    Terminal::start(without_network(stage.command(args)))
}

const REHEARSE: [&str; 6] = ["rehearse", "bank.md", "--voice", "text", "--device", "file:answer.wav"];

#[test]
fn the_first_rehearsal_asks_once_and_on_a_yes_pulls_the_model_and_goes_on() {
    let server = Server::start(Manner::Right);
    let stage = stage(&server);
    let mut terminal = at_terminal(&stage, &REHEARSE);
    terminal.expect("There is no speech model on this machine yet.");
    terminal.expect(QUESTION);
    assert!(server.ranges().is_empty(), "nothing is downloaded before the yes");
    terminal.press("\r");
    terminal.expect("tiny.en is here and whole");
    terminal.expect("Question 1 of 1");
    terminal.expect("r try again");
    terminal.press("q");
    let (code, text) = terminal.end();
    assert_eq!(code, 0, "{text}");
    // Addresses and paths are not broken.
    let (question, rehearsal) = text.split_once(QUESTION).expect("it was asked");
    assert_fits(question);
    assert_fits(&rehearsal[rehearsal.find("microphone:").expect("it has one")..]);
    assert_eq!(stage.sessions()[0]["settings"]["model"], "tiny.en");
    let mut again = at_terminal(&stage, &["analyze", "answer.wav"]);
    again.expect("Next time");
    let (code, text) = again.end();
    assert!(code == 0 && !text.contains("[Y/n]"), "it asks once: {text}");
    // A better one that is pulled later is used without a word.
    let config = stage.run(["config", "show", "--json"]).succeeded().json();
    assert_eq!(config["model"]["origin"], "default", "{config}");
}

#[test]
fn a_no_downloads_nothing_and_says_what_to_type() {
    let server = Server::start(Manner::Right);
    let stage = stage(&server);
    for (args, no) in [(&REHEARSE[..], "n\r"), (&["analyze", "answer.wav"], "no\r"), (&["demo"], "\x04")] {
        let mut terminal = at_terminal(&stage, args);
        terminal.expect(QUESTION);
        terminal.press(no);
        let (code, text) = terminal.end();
        assert_eq!(code, 1, "{text}");
        assert!(text.contains("try: greenroom models pull tiny.en"), "{text}");
    }
    assert!(server.ranges().is_empty());
    assert!(stage.sessions().is_empty());
}

#[test]
fn control_c_at_the_question_and_in_the_download_ends_the_program_and_keeps_what_came() {
    let server = Server::start(Manner::Stalls(400_000));
    let stage = stage(&server);
    for answer in ["\x03", "y\r"] {
        let mut terminal = at_terminal(&stage, &["analyze", "answer.wav"]);
        terminal.expect(QUESTION);
        terminal.press(answer);
        if answer == "y\r" {
            let part = stage.home().join("models/ggml-tiny.en.bin.part");
            super::support::wait_until("all that will come", || part.metadata().is_ok_and(|it| it.len() == 400_000));
            terminal.press("\x03");
        }
        assert_eq!(terminal.end().0, -libc::SIGINT);
    }
}

#[test]
fn where_nobody_can_be_asked_every_command_that_needs_a_model_names_the_next_thing_to_type() {
    let server = Server::start(Manner::Right);
    let stage = stage(&server);
    let commands: [&[&str]; 5] =
        [&REHEARSE, &["demo"], &["analyze", "answer.wav"], &["transcribe", "answer.wav"], &["doctor", "--calibrate"]];
    for args in commands {
        let ended = Running::start(without_network(stage.command(args.iter()))).end_within(LIMIT);
        let ended = ended.failed(1, &["there is no speech model", "greenroom models pull tiny.en   (78 MB)"]);
        assert!(!ended.stderr.contains("[Y/n]"), "{args:?}: {}", ended.stderr);
    }
    let doctor = stage.run(["doctor"]);
    assert_eq!(doctor.code, 1);
    assert!(
        doctor.stdout.contains("BAD  model") && doctor.stdout.contains("greenroom models pull"),
        "{}",
        doctor.stdout
    );
    assert!(server.ranges().is_empty());
    assert!(stage.sessions().is_empty());
}

#[test]
fn a_script_pulls_a_model_only_where_there_is_none() {
    let server = Server::start(Manner::Right);
    let stage = stage(&server);
    let pull = || Running::start(without_network(stage.command(["models", "pull", "--if-none"]))).end_within(LIMIT);
    let first = pull().succeeded();
    assert!(first.stderr.contains("tiny.en is here and whole"), "{}", first.stderr);
    let again = pull().succeeded();
    assert_eq!((again.stdout.as_str(), again.stderr.as_str(), server.ranges().len()), ("", "", 1));
    let config = stage.run(["config", "show", "--json"]).succeeded().json();
    assert_eq!(config["model"]["origin"], "default", "nobody has chosen it: {config}");
}
