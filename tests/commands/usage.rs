//! What all commands have in common: help, wrong usage, pipes, colour, settings, completions, manual pages.

use std::io::Read;
use std::process::{Command, Stdio};

use super::support::terminal::Terminal;
use super::support::{LIMIT, Running, Stage};

/// Every command with its subcommands, from the program's own help.
fn commands(stage: &Stage) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    let mut next = 0;
    while next < all.len() {
        let command: Vec<String> = all[next].clone();
        next += 1;
        let help = help(stage, &command, "-h");
        let listed = help.split("Commands:\n").nth(1).unwrap_or_default().lines();
        let names = listed
            .take_while(|line| !line.is_empty())
            .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
        all.extend(names.map(|name| [command.clone(), vec![name.to_owned()]].concat()));
    }
    all
}

fn help(stage: &Stage, command: &[String], flag: &str) -> String {
    let args: Vec<&str> = command.iter().map(String::as_str).chain([flag]).collect();
    let ended = stage.run(args).succeeded();
    assert_eq!(ended.stderr, "", "{command:?}");
    ended.stdout
}

#[test]
fn help_fits_80_columns_and_describes_every_command_argument_and_flag() {
    let stage = Stage::silent();
    let commands = commands(&stage);
    assert!(commands.len() > 25, "{commands:?}");
    for command in commands {
        for flag in ["-h", "--help"] {
            let help = help(&stage, &command, flag);
            for line in help.lines() {
                assert!(line.chars().count() <= 80, "{command:?} {flag}: {line}");
            }
            assert!(!help.contains('\x1b'), "{command:?}");
            assert_all_described(&help, &command);
        }
    }
}

/// An entry is described on its own line, two spaces behind it, or on the next line, further in.
fn assert_all_described(help: &str, command: &[String]) {
    let lines: Vec<&str> = help.lines().collect();
    let mut in_list = false;
    for (at, line) in lines.iter().enumerate() {
        match *line {
            "Commands:" | "Arguments:" | "Options:" => in_list = true,
            _ if !line.starts_with(' ') && !line.is_empty() => in_list = false,
            _ => {}
        }
        let indent = line.len() - line.trim_start().len();
        let is_entry = in_list && (indent == 2 || (indent == 6 && line.trim_start().starts_with("--")));
        if is_entry {
            let beside = line.trim_start().contains("  ");
            let below = lines
                .get(at + 1)
                .is_some_and(|next| next.len() - next.trim_start().len() >= 10 && !next.trim().is_empty());
            assert!(beside || below, "{command:?} does not describe {line:?}:\n{help}");
        }
    }
}

#[test]
fn the_program_alone_prints_help_and_wrong_usage_ends_with_2() {
    let stage = Stage::silent();
    let alone = Running::start(stage.command::<&str>([])).end_within(LIMIT).succeeded();
    assert!(alone.stdout.contains("rehearse") && alone.stderr.is_empty(), "{alone:?}");
    assert!(stage.run(["--version"]).succeeded().stdout.starts_with("greenroom "));
    let wrong: [&[&str]; 8] = [
        &["nowhere"],
        &["rehearse", "--nowhere"],
        &["rehearse", "--count", "0"],
        &["rehearse", "--seed", "1"],
        &["demo", "--count", "9"],
        &["analyze"],
        &["models"],
        &["completions", "nowhere"],
    ];
    for args in wrong {
        let ended = stage.run(args.iter());
        let asked_for_help = ended.code == 0 && ended.stdout.contains("Usage:");
        assert!(ended.code == 2 || (args == ["models"] && asked_for_help), "{args:?}: {ended:?}");
        let lines = ended.stderr.lines().filter(|line| !line.is_empty()).count();
        assert!(lines <= 4, "{args:?}: {}", ended.stderr);
    }
    for wrong in [["--auto-stop", "soon"], ["--think", "-1s"], ["--target", "x"], ["--voice", "cmd:"]] {
        let ended = stage.run([&["rehearse"], &wrong[..]].concat());
        assert!(ended.code == 2 && ended.stderr.contains("--"), "{wrong:?}: {ended:?}");
    }
    assert!(stage.sessions().is_empty());
}

#[test]
fn settings_are_set_shown_with_their_origin_and_refused_when_wrong() {
    let stage = Stage::silent();
    let path = stage.home().join("config.toml");
    assert_eq!(stage.run(["config", "path"]).succeeded().stdout.trim_end(), path.display().to_string());
    stage.run(["config", "set", "rate", "150"]).succeeded();
    std::fs::write(&path, format!("# my own words\n{}", std::fs::read_to_string(&path).expect("it was set")))
        .expect("ours");
    stage.run(["config", "set", "volume", "80"]).succeeded();
    let file = std::fs::read_to_string(&path).expect("it is there");
    assert!(file.contains("# my own words") && file.contains("150") && file.contains("80"), "{file}");
    let settings = stage.run(["config", "show", "--json"]).succeeded().json();
    assert_eq!(settings["rate"]["value"], "150");
    assert!(settings["rate"]["origin"].as_str().is_some_and(|origin| origin.contains("config.toml")), "{settings}");
    assert_eq!(settings["think_s"]["origin"], "default");
    let mut with_variable = stage.command(["config", "show", "--json"]);
    with_variable.env("GREENROOM_RATE", "200");
    let settings = Running::start(with_variable).end_within(LIMIT).succeeded().json();
    assert_eq!(settings["rate"]["value"], "200");
    assert!(settings["rate"]["origin"].as_str().is_some_and(|origin| origin.contains("GREENROOM_RATE")), "{settings}");
    assert_eq!(stage.run(["config", "show"]).succeeded().stderr, "");

    stage.run(["config", "set", "nowhere", "1"]).failed(2, &["nowhere", "greenroom config show"]);
    stage.run(["config", "set", "rate", "fast"]).failed(2, &["fast"]);
}

#[test]
fn a_slip_in_the_settings_is_named_and_keeps_nobody_from_anything() {
    let stage = Stage::silent();
    let path = stage.home().join("config.toml");
    stage.run(["config", "set", "rate", "150"]).succeeded();
    std::fs::write(&path, "rate = 150\nvolume = \nthnk_s = 20\nlanguage = \"en\"\n").expect("ours");
    let shown = stage.run(["config", "show", "--json"]).succeeded();
    assert!(shown.stderr.contains("config.toml line 2: "), "{}", shown.stderr);
    assert!(shown.stderr.contains("config.toml line 3: there is no setting called \"thnk_s\""), "{}", shown.stderr);
    assert_eq!((&shown.json()["rate"]["value"], &shown.json()["volume"]["value"]), (&"150".into(), &"100".into()));
    let planned = stage.run(["rehearse", "--dry-run"]).succeeded();
    assert!(planned.stderr.contains("config.toml line 2: "), "{}", planned.stderr);

    let findings =
        |stage: &Stage| stage.run(["doctor", "--json"]).json()["findings"].as_array().expect("a list").clone();
    let of_settings: Vec<_> = findings(&stage).into_iter().filter(|finding| finding["what"] == "settings").collect();
    let told = |at: usize, word: &str| of_settings[at]["found"].as_str().is_some_and(|found| found.contains(word));
    assert!(of_settings.len() == 2 && told(0, "line 2") && told(1, "line 3"), "{of_settings:?}");
    assert!(of_settings.iter().all(|finding| finding["state"] == "limited"), "{of_settings:?}");

    // What is not understood is not written over.
    stage.run(["config", "set", "rate", "160"]).failed(1, &["config.toml line 2"]);
    assert!(std::fs::read_to_string(&path).expect("it is there").contains("thnk_s"));
}

#[test]
fn a_bank_or_question_that_does_not_exist_is_wrong_usage() {
    let stage = Stage::silent();
    for args in [&["rehearse", "conflct"][..], &["rehearse", "nowhere.md"], &["bank", "show", "conflct"]] {
        stage.run(args.iter()).failed(2, &["there is no bank and no question named", args.last().expect("a name")]);
    }
}

#[test]
fn completions_name_every_command_and_bash_can_read_them() {
    let stage = Stage::silent();
    for shell in ["bash", "zsh", "fish"] {
        let script = stage.run(["completions", shell]).succeeded().stdout;
        for word in ["rehearse", "transcribe", "auto-stop", "recover"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        assert!(!script.contains("--inside"), "{shell} offers what is hidden");
        let path = stage.write(&format!("greenroom.{shell}"), &script);
        // Where a shell is not installed its script is not read.
        if let Ok(read) = Command::new(shell).arg("-n").arg(path).output() {
            assert!(read.status.success(), "{shell}: {}", String::from_utf8_lossy(&read.stderr));
        }
    }
}

#[test]
fn every_manual_page_is_clean_roff() {
    let stage = Stage::silent();
    for command in commands(&stage) {
        let args: Vec<&str> = ["man"].into_iter().chain(command.iter().map(String::as_str)).collect();
        let page = stage.run(args).succeeded().stdout;
        assert!(page.contains(".SH NAME"), "{command:?}");
        let path = stage.write("page.1", &page);
        let Ok(read) = Command::new("groff").args(["-man", "-Tutf8", "-ww"]).arg(path).output() else { continue };
        assert_eq!(String::from_utf8_lossy(&read.stderr), "", "{command:?}");
        assert!(String::from_utf8_lossy(&read.stdout).starts_with("GREENROOM"), "{command:?}");
    }
    stage.run(["man", "nowhere"]).failed(2, &["nowhere"]);
}

#[test]
fn a_pipe_that_is_closed_early_is_no_error() {
    let stage = Stage::silent();
    let line = r#"{"id": 1, "text": "We planned the release with the whole team, and we shipped it in June."}"#;
    stage.write("many.jsonl", [line; 200].join("\n"));
    let long: [&[&str]; 4] = [&["analyze", "--jsonl", "many.jsonl"], &["completions", "zsh"], &["man"], &["--help"]];
    for args in long {
        let mut command = stage.command(args.iter());
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut first = [0; 10];
        let mut stdout = child.stdout.take().expect("it is a pipe");
        stdout.read_exact(&mut first).expect("it prints something");
        drop(stdout);
        let ended = child.wait_with_output().expect("it ends");
        assert_eq!(String::from_utf8_lossy(&ended.stderr), "", "{args:?}");
        assert_eq!(ended.status.code(), Some(0), "{args:?}");
    }
}

#[test]
fn colour_is_for_terminals_and_for_those_who_want_it() {
    let stage = Stage::silent();
    stage.write("answer.txt", "Um, so last year I led the payments team. Failures dropped by 60%.");
    let analyze = ["analyze", "answer.txt", "--transcript"];
    let piped = stage.run(analyze).succeeded();
    assert!(!piped.stdout.contains('\x1b'), "{:?}", piped.stdout);
    let on_terminal = |no_color: bool| {
        let mut command = stage.command(analyze);
        if no_color {
            command.env("NO_COLOR", "1");
        }
        let (code, text) = Terminal::start(command).end();
        assert_eq!(code, 0, "{text}");
        text
    };
    let coloured = on_terminal(false);
    assert!(coloured.contains("\x1b["), "{coloured:?}");
    super::support::terminal::assert_fits(&coloured);
    let plain = on_terminal(true);
    assert!(!plain.contains('\x1b'), "{plain:?}");
    assert_eq!(plain.replace("\r\n", "\n"), piped.stdout, "colour is the only difference");
}
