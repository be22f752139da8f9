use super::*;

fn words(line: &str) -> Vec<String> {
    CommandLine::parse(line).unwrap().words
}

/// A shell at work as a voice; `{text}` is its first argument.
fn shell(script: &str) -> CommandVoice {
    CommandVoice::new(CommandLine::of(&["sh", "-c", script, "{text}"]), &VoiceSettings::default())
}

#[test]
fn a_line_is_taken_apart_like_in_a_shell() {
    for (line, wanted) in [
        ("piper -m  a.onnx", vec!["piper", "-m", "a.onnx"]),
        ("sh -c \"piper | aplay -q\"", vec!["sh", "-c", "piper | aplay -q"]),
        ("say 'it''s' \"a \\\" b\" ''", vec!["say", "its", "a \" b", ""]),
        ("C\\ D 'a\\b'", vec!["C D", "a\\b"]),
    ] {
        assert_eq!(words(line), wanted, "{line}");
    }
    assert!(matches!(CommandLine::parse("say 'open"), Err(VoiceError::OpenQuote { .. })));
    let runs_the_text = [
        "sh -c 'say \"{text}\"'",
        "/bin/bash -lc {text}",
        "python3 -c {text}",
        "ssh desk {text}",
        "env sh -c 'a;{text}'",
    ];
    for line in runs_the_text {
        assert!(matches!(CommandLine::parse(line), Err(VoiceError::TextIsRun { .. })), "{line}");
    }
    for line in ["say {text}", "flite -t {text}", "talk --text={text}", "sh -c 'say \"$0\"' {text}"] {
        assert!(CommandLine::parse(line).is_ok(), "{line}");
    }
    assert!(matches!(CommandLine::parse(" \t"), Err(VoiceError::Empty { .. })));
    assert!(matches!(CommandLine::parse("'' x"), Err(VoiceError::Empty { .. })));
}

#[test]
fn the_places_are_filled_and_the_text_is_never_read_as_a_place() {
    let line = CommandLine::parse("v -s {rate} -a{volume} {text}").unwrap();
    assert_eq!(line.fill("say {rate}; $(rm)", 150, 80).0, ["v", "-s", "150", "-a80", "say {rate}; $(rm)"]);
    assert!(!CommandLine::parse("v -s {rate}").unwrap().fill("x", 1, 1).1);
}

#[test]
fn the_known_commands_get_voice_rate_and_volume() {
    let settings = VoiceSettings { rate_wpm: 150, volume_percent: 80, ..VoiceSettings::default() };
    let fill =
        |voice: CommandVoice| (voice.line.fill("x", voice.rate_wpm, voice.volume_percent).0.join(" "), voice.prefix);
    let espeak = fill(CommandVoice::espeak(None, &settings));
    assert_eq!(espeak, ("espeak-ng -v en-us -s 150 -a 80 --stdin".to_owned(), String::new()));
    let say = fill(CommandVoice::say(Some("Daniel"), &settings));
    assert_eq!(say, ("say -r 150 -v Daniel -f -".to_owned(), "[[volm 0.80]] ".to_owned()));
}

#[test]
fn a_command_that_ends_well_has_spoken() {
    let spoken = shell("test \"$0\" = 'Why? Now.'").speak("Why?\nNow.", &StopSignal::default()).unwrap();
    assert_eq!((spoken.voice.as_str(), spoken.delivery, spoken.stopped), ("sh", Delivery::Aloud, false));
}

#[test]
fn without_a_place_for_it_the_text_comes_on_standard_input() {
    let line = CommandLine::of(&["sh", "-c", "test \"$(cat)\" = 'Why?'"]);
    CommandVoice::new(line, &VoiceSettings::default()).speak("Why?", &StopSignal::default()).unwrap();
}

#[test]
fn a_command_that_ends_at_once_has_not_spoken_whether_or_not_it_read_the_text() {
    let line = CommandLine::of(&["true"]);
    let text = "x ".repeat(200_000);
    let error = CommandVoice::new(line, &VoiceSettings::default()).speak(&text, &StopSignal::default()).unwrap_err();
    assert_eq!(error.to_string(), "true broke off: it ended too soon to have spoken; is there any sound?");
    for (text, rate, took, wanted) in [
        ("Why?", 170, 0.0, false),
        (&"x".repeat(60), 170, 0.04, true),
        (&"x".repeat(60), 170, 3.0, false),
        (&"x".repeat(60), 450, 1.0, false),
    ] {
        assert_eq!(ended_too_soon(text, rate, Seconds(took)), wanted, "{rate} {took}");
    }
}

#[test]
fn a_command_that_fails_says_why_in_its_own_words() {
    let error = shell("echo; echo 'no such voice' >&2; exit 3").speak("x", &StopSignal::default()).unwrap_err();
    assert_eq!(error.to_string(), "sh broke off: no such voice");
    let error = shell("kill -9 $$").speak("x", &StopSignal::default()).unwrap_err();
    assert!(error.to_string().contains("signal: 9"), "{error}");
}

#[test]
fn a_command_that_is_not_installed_is_unavailable() {
    let line = CommandLine::of(&["no-such-voice-anywhere"]);
    let error = CommandVoice::new(line, &VoiceSettings::default()).speak("x", &StopSignal::default()).unwrap_err();
    assert_eq!(error.to_string(), "no-such-voice-anywhere is not available: it is not installed");
}

#[cfg(unix)]
#[test]
fn a_stop_ends_the_command_and_everything_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pid");
    // The pipe stands for `piper | aplay`: the shell alone would leave the player playing.
    let script = format!("(sleep 600 & echo $! > {}; wait) | cat", file.display());
    let stop = StopSignal::default();
    let speaking = thread::spawn({
        let stop = stop.clone();
        move || shell(&script).speak("x", &stop)
    });
    let player = loop {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        if let Ok(pid) = text.trim().parse::<u32>() {
            break pid;
        }
        thread::yield_now();
    };
    stop.stop();
    assert!(speaking.join().unwrap().unwrap().stopped);
    let state = format!("/proc/{player}/stat");
    let gone = || std::fs::read_to_string(&state).map_or(true, |stat| stat.contains(") Z"));
    assert!(
        (0..1000).any(|_| gone() || {
            thread::sleep(LOOK_EVERY);
            false
        }),
        "the player plays on"
    );
}
