//! Every kind of sound file that is broken, and what is left of it.

use std::process::Command;

use super::support::{Ended, Stage, words};
use super::with_recording;

/// Turns `answer.wav` into another kind.
fn convert(stage: &Stage, to: &str) -> Vec<u8> {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-i"]).arg(stage.file("answer.wav")).arg(stage.file(to));
    assert!(command.status().expect("scripts/setup installs ffmpeg").success(), "{to}");
    std::fs::read(stage.file(to)).expect("it was written")
}

fn analyse(stage: &Stage, name: &str) -> Ended {
    stage.run(["analyze", name, "--json"])
}

#[test]
fn what_holds_no_sound_is_refused_with_its_name_and_the_way_out() {
    let stage = with_recording();
    let m4a = convert(&stage, "whole.m4a");
    let noise: Vec<u8> = (0..50_000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let bad: [(&str, &[u8]); 6] = [
        ("empty.wav", b""),
        ("junk.wav", &noise),
        ("junk.mp3", &noise[..100]),
        ("text.ogg", b"this is a text that somebody called a recording"),
        ("cut.m4a", &m4a[..m4a.len() / 2]),
        ("header.wav", b"RIFF\x24\x00\x00\x00WAVEfmt "),
    ];
    for (name, content) in bad {
        stage.write(name, content);
        let ended = analyse(&stage, name).failed(1, &[name]);
        assert_eq!(ended.stdout, "", "{name}");
    }
    stage.run(["rehearse", "--device", "file:junk.wav", "--voice", "text"]).failed(1, &["junk.wav"]);
    assert!(stage.sessions().is_empty());
}

#[test]
fn a_recording_that_was_cut_off_is_used_as_far_as_it_goes() {
    let stage = with_recording();
    let wav = std::fs::read(stage.file("answer.wav")).expect("it is there");
    let mp3 = convert(&stage, "whole.mp3");
    let ogg = convert(&stage, "whole.ogg");
    let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
    for (name, content) in [("cut.wav", half(&wav)), ("cut.mp3", half(&mp3)), ("cut.ogg", half(&ogg))] {
        stage.write(name, content);
        let report = analyse(&stage, name).succeeded().json();
        let length_s = report["recording"]["duration_s"].as_f64().expect("a length");
        assert!((1.0..3.5).contains(&length_s), "{name}: {length_s} s");
        assert!(!words(&report).is_empty(), "{name}");
    }
}

#[test]
fn a_recording_whose_program_was_killed_is_read_although_its_header_says_nothing_is_in_it() {
    let stage = with_recording();
    let mut killed = std::fs::read(stage.file("answer.wav")).expect("it is there");
    killed[4..8].fill(0);
    killed[40..44].fill(0);
    stage.write("killed.wav", killed);
    let ended = analyse(&stage, "killed.wav").succeeded();
    assert!(!words(&ended.json()).is_empty(), "{}", ended.stdout);
}

#[test]
fn what_only_ffmpeg_reads_is_read_by_it_and_without_it_the_line_to_type_is_told() {
    let stage = with_recording();
    convert(&stage, "my talk.wma");
    let report = analyse(&stage, "my talk.wma").succeeded().json();
    assert!(report["notices"].to_string().contains("ffmpeg"), "{}", report["notices"]);
    let mut without = stage.command(["analyze", "my talk.wma"]);
    without.env("PATH", stage.tmp());
    super::support::Running::start(without)
        .end_within(super::support::LIMIT)
        .failed(1, &["my talk.wma", "ffmpeg -i 'my talk.wma' -vn 'my talk.flac'"]);
}

#[test]
fn a_recording_with_no_samples_and_one_of_a_moment_have_a_report() {
    let stage = with_recording();
    for (name, samples) in [("none.wav", 0), ("moment.wav", 200)] {
        super::save(&stage.file(name), &vec![0.0; samples]);
        let ended = analyse(&stage, name);
        if ended.code == 0 {
            assert!(words(&ended.json()).is_empty(), "{name}");
        } else {
            ended.failed(1, &[name]);
        }
    }
}
