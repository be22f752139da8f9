use super::*;

fn load(text: &str) -> (Config, Vec<ConfigError>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    fs::write(&file, text).unwrap();
    Config::load(&file, |_| None)
}

#[test]
fn flags_beat_the_environment_which_beats_the_file_which_beats_the_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    fs::write(&file, "# mine\n\nrate = 150\nvolume = 80\nlanguage = \"de\"\n").unwrap();
    let environment = |name: &str| match name {
        "GREENROOM_VOLUME" => Some("70".to_owned()),
        "GREENROOM_LANGUAGE" => Some("fr".to_owned()),
        "GREENROOM_VOICE" => Some(String::new()),
        _ => None,
    };
    let (mut config, left_out) = Config::load(&file, environment);
    assert!(left_out.is_empty(), "{left_out:?}");
    config.override_with("language", "en", "--language").unwrap();
    assert_eq!((config.rate_wpm(), config.origin("rate")), (Some(150), &Origin::File { path: file, line: 3 }));
    assert_eq!(config.volume_percent(), Some(70));
    assert_eq!(config.origin("volume").to_string(), "GREENROOM_VOLUME");
    assert_eq!((config.language(), config.origin("language").to_string().as_str()), (Some("en"), "--language"));
    assert_eq!((config.target_s(), config.origin("target_s")), (Some([60, 120]), &Origin::Default));
    assert_eq!(config.voice(), None);
    assert_eq!(config.entries().len(), KEYS.len());
}

#[test]
fn without_a_file_the_defaults_hold() {
    let (config, left_out) = Config::load(Path::new("/nowhere/config.toml"), |_| None);
    assert!(left_out.is_empty(), "{left_out:?}");
    assert_eq!((config.rate_wpm(), config.think()), (Some(170), Some(Seconds::ZERO)));
}

#[test]
fn every_way_to_write_a_value_in_the_file_is_read() {
    let (config, left_out) = load(
        "think_s = 2.5\nauto_stop_s = \"4s\"\ntarget_s = [45, 90]\nmirrors = [\"https://a\", \"https://b\"]\n\
         voice_command = '''piper --out \"{text}\"'''\n",
    );
    assert!(left_out.is_empty(), "{left_out:?}");
    assert_eq!((config.think(), config.auto_stop()), (Some(Seconds(2.5)), Some(Seconds(4.0))));
    assert_eq!(config.target_s(), Some([45, 90]));
    assert_eq!(config.mirrors(), ["https://a", "https://b"]);
    assert_eq!(load("target_s = 90").0.target_s(), Some([60, 120]));
}

#[test]
fn a_mistake_names_file_line_and_key() {
    for (text, line, wanted) in [
        ("\nrat = 150", 2, "there is no setting called \"rat\""),
        ("rate = \"fast\"", 1, "rate wants a whole number from 80 to 450, not \"fast\""),
        ("\n\nrate = 20", 3, "rate wants a whole number from 80 to 450, not 20"),
        ("device = 3", 1, "device wants text, not 3"),
        ("mirrors = [1, \"b\"]", 1, "mirrors wants a list of texts, not [1, \"b\"]"),
        ("rate = -170", 1, "rate wants a whole number from 80 to 450, not -170"),
        ("target_s = [1, 2, 3]", 1, "target_s wants a length such as 90, \"60-120\" or [60, 120], not [1, 2, 3]"),
        ("target_s = [-60, 90]", 1, "target_s wants a length such as 90, \"60-120\" or [60, 120], not [-60, 90]"),
        ("# a\n[rate]\nx = 1", 2, "rate wants a whole number from 80 to 450, not a table"),
        ("rate = 150\nrate = 160", 2, "duplicate key"),
        ("rate = 150\nvoice = \"open", 2, "invalid basic string"),
    ] {
        let (_, left_out) = load(text);
        let [error] = left_out.as_slice() else { panic!("{text}: {left_out:?}") };
        let error = error.to_string();
        assert!(error.contains(&format!("config.toml line {line}: {wanted}")), "{text}: {error}");
    }
}

#[test]
fn what_cannot_be_used_is_left_out_and_the_rest_holds() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    fs::write(&file, "rat = 150\nvoice = \nvolume = 20\nlanguage = \"de\"\nrate = 9\n").unwrap();
    let environment = |name: &str| (name == "GREENROOM_THINK_S").then(|| "soon".to_owned());
    let (config, left_out) = Config::load(&file, environment);
    assert_eq!((config.volume_percent(), config.language()), (Some(20), Some("de")));
    assert_eq!((config.rate_wpm(), config.think()), (Some(170), Some(Seconds::ZERO)), "the defaults hold");
    let places = ["line 2: ", "line 1: ", "line 5: ", "GREENROOM_THINK_S: "];
    assert!(left_out.iter().zip(places).all(|(error, place)| error.to_string().contains(place)), "{left_out:?}");
    assert_eq!(left_out.len(), places.len());
    // A folder in the place of the file keeps nobody from the defaults.
    let (config, left_out) = Config::load(folder.path(), |_| None);
    assert_eq!((config.rate_wpm(), left_out.len()), (Some(170), 1));
}

#[test]
fn setting_a_value_keeps_every_comment() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    fs::write(&file, "# top\nrate = 150 # calm\n# between\nvoice = \"text\"\n# end\n").unwrap();
    Config::set(&file, "rate", "160").unwrap();
    Config::set(&file, "mirrors", "https://a, https://b").unwrap();
    Config::set(&file, "voice", "").unwrap();
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("# top\nrate = 160 # calm\n"), "{text}");
    assert!(text.contains("mirrors = [\"https://a\", \"https://b\"]\n"), "{text}");
    assert!(text.ends_with("# end\n") && !text.contains("voice"), "{text}");
    assert_eq!(Config::load(&file, |_| None).0.rate_wpm(), Some(160));
}

#[test]
fn a_wrong_value_is_never_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    assert!(Config::set(&file, "rate", "fast").unwrap_err().to_string().starts_with("config set: rate wants"));
    assert!(Config::set(&file, "colour", "red").is_err());
    assert!(!file.exists());
}

#[test]
fn settings_that_are_set_at_the_same_time_are_all_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    let settings = [("rate", "151"), ("volume", "51"), ("think_s", "21"), ("auto_stop_s", "5")];
    for _ in 0..10 {
        std::thread::scope(|scope| {
            for (key, value) in settings {
                scope.spawn(|| Config::set(&file, key, value).unwrap());
            }
        });
        assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), settings.len());
        fs::remove_file(&file).unwrap();
    }
}
