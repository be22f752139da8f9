use super::*;

fn conversation(text: &str, name: &str) -> Conversation {
    match read(text.as_bytes(), name) {
        Ok(Source::Conversation(conversation)) => conversation,
        other => panic!("{text}: {other:?}"),
    }
}

/// What is said, `name: text` for each who speaks, in the order of the utterances.
fn told(text: &str, name: &str) -> Vec<String> {
    let line = |utterance: &Utterance| {
        let words: Vec<&str> = utterance.words.iter().map(|word| word.text.as_str()).collect();
        let speaker = utterance.speaker.as_ref().map(|speaker| format!("{speaker}: ")).unwrap_or_default();
        format!("{speaker}{}", words.join(" "))
    };
    conversation(text, name).utterances.iter().map(line).collect()
}

fn is_text(text: &str) -> bool {
    matches!(read(text.as_bytes(), "answer.txt"), Ok(Source::Whole(whole)) if whole.words.len() == text.split_whitespace().count())
}

#[test]
fn subrip_gives_its_words_with_their_times_and_nothing_else() {
    let srt = "\u{feff}1\r\n00:00:01,000 --> 00:00:03,000\r\n<i>We moved</i> the\r\n{\\an8}2 servers &amp; left.\r\n\r\n\
               2\r\n00:00:04,000 --> 00:00:05,500 X1:1\r\n[Music]\r\n\r\n3\r\n00:00:06,000 --> 00:00:07,000\r\n2019\r\n";
    assert_eq!(told(srt, "a.srt"), ["We moved the 2 servers & left.", "2019"]);
    let words = conversation(srt, "a.srt").transcript(None).words;
    assert_eq!(words[0].start_s.map(|time| time.0), Some(1.0));
    assert_eq!(words[6].end_s.map(|time| time.0), Some(3.0));
    assert!(words.windows(2).all(|pair| pair[0].end_s <= pair[1].start_s));
}

#[test]
fn webvtt_has_notes_styles_settings_identifiers_and_voices() {
    let vtt = "WEBVTT - talk\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE by hand\nof two lines\n\nintro-1\n\
               01.000 --> 02.000 align:start\nwrong\n\n4af/2-0\n00:01.000 --> 00:02.000 align:start position:10%\n\
               <v Ana Ruiz>So, tell me.</v>\n\nNOTE between\nin two lines\n\n4af/3-0\n00:03.000 --> 00:05.000\n\
               <v.loud Lee Park>We <00:04.000><c.x>shipped</c> &lt;it&gt;,</v> <v Ana Ruiz>I see.</v>\n";
    assert_eq!(told(vtt, "a.vtt"), ["Ana Ruiz: So, tell me.", "Lee Park: We shipped <it>,", "Ana Ruiz: I see."]);
}

#[test]
fn names_in_front_of_captions_are_those_who_speak() {
    let vtt = "WEBVTT\n\n1\n00:00:00.000 --> 00:00:02.000\nAna Ruiz: What happened?\n\n2\n00:00:02.500 --> 00:00:04.000\n\
               Lee Park: It was late: we\n\n3\n00:00:04.000 --> 00:00:05.000\nwent home.\n";
    assert_eq!(told(vtt, "a.vtt"), ["Ana Ruiz: What happened?", "Lee Park: It was late: we", "Lee Park: went home."]);
    let once = "1\n00:00:00,000 --> 00:00:02,000\nOne thing was clear.\n\n2\n00:00:02,000 --> 00:00:03,000\nBudget: none.\n\n\
                3\n00:00:03,000 --> 00:00:04,000\nAnd no time.\n";
    assert_eq!(told(once, "a.srt")[1], "Budget: none.");
}

#[test]
fn rolling_captions_are_heard_once() {
    let vtt = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n \nso<00:00:00.500><c> we</c><00:00:01.000><c> began</c>\n\n\
               00:00:02.000 --> 00:00:02.010\nso we began\n \n\n00:00:02.010 --> 00:00:04.000\nso we began\n\
               in<00:00:02.500><c> May</c>\n";
    assert_eq!(told(vtt, "a.vtt").join(" "), "so we began in May");
}

#[test]
fn what_whisper_prints_is_read_like_captions() {
    let text =
        "[00:00:00.000 --> 00:00:02.000]   We began in May.\n[00:00:02.000 --> 00:00:04.000]   It took a year.\n";
    assert_eq!(told(text, "log.txt"), ["We began in May.", "It took a year."]);
}

#[test]
fn captions_without_numbers_or_empty_lines_and_tables_of_times_are_read() {
    let forms = [
        "1\n00:00:00,000 --> 00:00:02,000\nWe began in May.\n2\n00:00:02,000 --> 00:00:04,000\nIt took\n\na year.\n",
        "0:00:00.000,0:00:02.000\nWe began in May.\n\n0:00:02.000,0:00:04.000\nIt took a year.\n",
        "00:00:00,000 --> 00:00:02,000\n\nWe began in May.\n00:00:02,000 --> 00:00:04,000\nIt took a year.",
        "start\tend\ttext\n0\t2000\tWe began in May.\n2000\t4000\tIt took a year.\n",
        "0.000000\t2.000000\tWe began in May.\n2.000000\t4.000000\tIt took a year.\n",
    ];
    for text in forms {
        assert_eq!(told(text, "a.txt").join(" "), "We began in May. It took a year.", "{text}");
        let words = conversation(text, "a.txt").transcript(None).words;
        assert_eq!(words.last().and_then(|word| word.end_s).map(|time| time.0), Some(4.0), "{text}");
    }
}

#[test]
fn names_and_times_of_meeting_programs_are_not_words() {
    let expected = ["Ana Ruiz: What went wrong?", "Lee Park: The 2 backups were empty. We called everybody."];
    let forms = [
        "Ana Ruiz  0:00\nWhat went wrong?\n\nLee Park  0:05\nThe 2 backups were empty.\nWe called everybody.\n\nTranscribed by https://otter.ai\n",
        "Weekly talk\n3 May 2024\n\nAna Ruiz   0:00\nWhat went wrong?\nLee Park   0:05\nThe 2 backups were empty. We called everybody.\n",
        "[00:00:00] Ana Ruiz: What went wrong?\n[00:00:05] Lee Park: The 2 backups were empty. We called everybody.\n",
        "Ana Ruiz (00:00): What went wrong?\nLee Park (00:05): The 2 backups were empty. We called everybody.\n",
        "[Ana Ruiz] 14:02:05\nWhat went wrong?\n[Lee Park] 14:02:09\nThe 2 backups were empty. We called everybody.\n",
        "14:02:05 From Ana Ruiz to Everyone: What went wrong?\n14:02:09 From Lee Park: The 2 backups were empty. We called everybody.\n",
        "00:00\nAna Ruiz\nWhat went wrong?\n00:05\nLee Park\nThe 2 backups were empty. We called everybody.\n",
        "@0:00 - Ana Ruiz (Acme)\nWhat went wrong?\n\n@0:05 - Lee Park (Bolt)\nThe 2 backups were empty.\nWe called everybody.\n",
        "Ana Ruiz\n00:00\nWhat went wrong?\n\nLee Park\n00:05\nThe 2 backups were empty. We called everybody.\n",
        "0:0:0.0 --> 0:0:4.5\nAna Ruiz\nWhat went wrong?\n0:0:5.0 --> 0:0:9.25\nLee Park\nThe 2 backups were empty. We called everybody.\n",
        "Ana Ruiz: What went wrong?\nLee Park: The 2 backups were empty.\nLee Park: We called everybody.\n",
    ];
    for text in forms {
        let told = told(text, "talk.txt")
            .join("|")
            .replace(" (Acme)", "")
            .replace(" (Bolt)", "")
            .replace(".|Lee Park: We", ". We");
        assert_eq!(told, expected.join("|"), "{text}");
    }
    let recorder = "0:00\nWe began in May and\n0:04\nit took a year.\n";
    assert_eq!(told(recorder, "talk.txt").join(" "), "We began in May and it took a year.");
}

#[test]
fn a_text_stays_a_text_whatever_colons_times_and_brackets_are_in_it() {
    for text in [
        "Situation: we had no backup.\nTask: mine was to get it back.\nAction: I called.\nResult: by 9:30 it was there.",
        "At 10:30 we met. The plan: ship it.\nBy 11:00 it was clear that 3:1 was not enough.",
        "9:30 was too late, I said, and so we began at eight. It went well.",
        "[Draft] I led the team of five. Result: 60% fewer failures.",
        "{not json} but an answer with brackets",
        "What I learned: ask first.\nWhat I would do again: write it down.",
        "",
    ] {
        assert!(is_text(text), "{text}");
    }
}

#[test]
fn old_encodings_are_read() {
    let text = "1\n00:00:01,000 --> 00:00:02,000\nWir prüfen es.\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&[0xFF, 0xFE][..], &utf16].concat();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let windows: Vec<u8> = text.chars().map(|c| c as u8).collect();
    for bytes in [utf16, marked, big, windows] {
        let Ok(Source::Conversation(found)) = read(&bytes, "a.srt") else { panic!("{bytes:?}") };
        assert_eq!(found.transcript(None).text, "Wir prüfen es.");
    }
}

#[test]
fn json_of_recognisers_gives_words_with_their_times() {
    let shapes = [
        r#"{"text": " We began.", "segments": [{"id": 0, "start": 1.0, "end": 2.0, "text": " We began.", "tokens": [50364, 492], "words": [{"word": " We", "start": 1.0, "end": 1.4, "probability": 0.9}, {"word": " began.", "start": 1.4, "end": 2.0, "probability": 0.8}]}], "language": "en"}"#,
        r#"{"segments": [{"start": 1, "end": 2, "text": "We began.", "speaker": "SPEAKER_00", "words": [{"word": "We", "start": 1.0, "end": 1.4, "score": 0.9}, {"word": "began.", "start": 1.4, "end": 2.0, "score": 0.8}]}], "word_segments": []}"#,
        r#"{"result": {"language": "en"}, "transcription": [{"timestamps": {"from": "00:00:01,000", "to": "00:00:02,000"}, "offsets": {"from": 1000, "to": 2000}, "text": " We began.", "tokens": [{"text": "[_BEG_]", "offsets": {"from": 1000, "to": 1000}, "p": 0.9}, {"text": " We", "offsets": {"from": 1000, "to": 1400}, "p": 0.9}, {"text": " beg", "offsets": {"from": 1400, "to": 1700}, "p": 0.9}, {"text": "an", "offsets": {"from": 1700, "to": 1900}, "p": 0.8}, {"text": ".", "offsets": {"from": 1900, "to": 2000}, "p": 0.9}]}]}"#,
        r#"{"results": {"channels": [{"alternatives": [{"transcript": "we began", "confidence": 0.99, "words": [{"word": "we", "punctuated_word": "We", "start": 1.0, "end": 1.4, "confidence": 0.9}, {"word": "began", "punctuated_word": "began.", "start": 1.4, "end": 2, "confidence": 0.8}]}]}]}}"#,
        r#"{"id": "x", "status": "completed", "audio_duration": 3, "text": "We began.", "words": [{"text": "We", "start": 1000, "end": 1400, "confidence": 0.9, "speaker": "A"}, {"text": "began.", "start": 1400, "end": 2000, "confidence": 0.8, "speaker": "A"}]}"#,
    ];
    for shape in shapes {
        let words = conversation(shape, "a.json").transcript(None).words;
        let times: Vec<f64> =
            words.iter().filter_map(|word| word.span()).flat_map(|span| [span.start_s.0, span.end_s.0]).collect();
        assert_eq!(words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), ["We", "began."], "{shape}");
        assert!(times.iter().zip([1.0, 1.4, 1.4, 2.0]).all(|(a, b)| (a - b).abs() < 1e-9), "{times:?} {shape}");
        assert_eq!(words[1].probability, Some(0.8), "{shape}");
    }
    let without_words = r#"{"text": "We began.", "segments": [{"start": 1.0, "end": 2.0, "text": " We began. "}]}"#;
    assert_eq!(told(without_words, "a.json"), ["We began."]);
    let pairs = r#"{"text": "We began.", "chunks": [{"timestamp": [1.0, 2.0], "text": " We began."}]}"#;
    assert_eq!(told(pairs, "a.json"), ["We began."]);
}

#[test]
fn those_who_speak_in_json_are_kept_apart() {
    let diarised = r#"{"utterances": [{"speaker": "A", "start": 0, "end": 900, "text": "What happened?"},
        {"speaker": "B", "start": 1000, "end": 5000, "text": "We lost the data and got it back."}]}"#;
    assert_eq!(told(diarised, "a.json"), ["Speaker A: What happened?", "Speaker B: We lost the data and got it back."]);
    let sides = r#"{"results": {"channels": [{"alternatives": [{"transcript": "Why?"}]}, {"alternatives": [{"transcript": "Because."}]}]}}"#;
    assert_eq!(told(sides, "a.json"), ["Channel 1: Why?", "Channel 2: Because."]);
}

#[test]
fn json_of_other_things_is_refused_in_words_that_people_know() {
    for (text, said) in [
        (r#"{"name": "x"}"#, "not that of a transcript"),
        ("{\n \"a\": }", "line 2"),
        ("[]", "not that of a transcript"),
    ] {
        let error = read(text.as_bytes(), "other.json").expect_err(text);
        assert!(error.to_string().contains(said) && error.to_string().contains("other.json"), "{error}");
        assert!(!error.hint().is_empty());
    }
    assert!(matches!(read(b"RIFF\x24\0\0\0WAVE", "a.txt"), Err(TranscriptError::NotText { .. })));
}

#[test]
fn a_speaker_is_found_by_any_part_of_the_name_that_only_one_has() {
    let talk = conversation("Ana Ruiz: Why?\nLee Park: Because of that.\nLee Ruiz: Oh.\nLee Park: Yes.\n", "a.txt");
    assert_eq!(talk.main_speaker().map(|speaker| (speaker.name, speaker.words)), Some(("Lee Park".to_owned(), 4)));
    assert_eq!(talk.find("ana").map(|speaker| speaker.name), Ok("Ana Ruiz".to_owned()));
    assert_eq!(talk.find("lee park").map(|speaker| speaker.name), Ok("Lee Park".to_owned()));
    for ambiguous in ["lee", "ruiz", "Tom", ""] {
        assert_eq!(talk.find(ambiguous).map_err(|error| error.present.len()), Err(3), "{ambiguous}");
    }
    assert_eq!(talk.transcript(Some("Lee Park")).text, "Because of that. Yes.");
}

#[test]
fn times_of_one_person_are_left_out_where_others_speak_between() {
    let srt = |middle_s: u32| {
        let end = 12 + middle_s;
        format!(
            "1\n00:00:00,000 --> 00:00:10,000\nAna: One two three.\n\n2\n00:00:10,000 --> 00:00:{:02},000\nLee: Hm.\n\n\
             3\n00:00:{:02},000 --> 00:00:{end:02},000\nAna: Four.\n",
            10 + middle_s,
            10 + middle_s
        )
    };
    let timed = |text: &str| conversation(text, "a.srt").transcript(Some("Ana")).words[0].start_s.is_some();
    assert!(timed(&srt(1)));
    assert!(!timed(&srt(30)));
}

#[test]
fn long_words_and_long_lines_take_no_time() {
    let began = std::time::Instant::now();
    for text in [
        "a".repeat(3_000_000),
        "[".repeat(300_000),
        "<v ".repeat(300_000),
        "0:00 ".repeat(300_000),
        "a: ".repeat(300_000),
    ] {
        let _ = read(text.as_bytes(), "long.txt");
        let caption = format!("1\n00:00:00,000 --> 00:00:10,000\n{text}\n");
        let _ = read(caption.as_bytes(), "long.srt");
    }
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

#[test]
fn any_bytes_are_read_or_refused() {
    let whole = [
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>So &lt;\u{e9}\u{4e2d}[x]: (y) {\\an8} tell me.</v>\n\n[00:01] Ana (0:05): \u{1F600} [a]\n",
        r#"{"results": {"channels": [{"alternatives": [{"words": [{"word": "a", "start": 1e300, "end": -1}]}]}]}, "text": "x"}"#,
        "Ana Ruiz  0:00\nWhat \u{2013} went wrong?\n[Lee Park] 14:02:09 x\n@0:05 - Lee (Bolt)\n0:05\n",
    ];
    let mut random = fastrand::Rng::with_seed(16);
    for round in 0..3_000 {
        let mut bytes = whole[round % whole.len()].as_bytes().to_vec();
        for _ in 0..=round % 6 {
            let at = random.usize(0..bytes.len());
            match round % 3 {
                0 => bytes[at] = random.u8(..),
                1 => bytes[at] = *random.choice(b"[]<>(){}:&-\n0 ").expect("it is not empty"),
                _ => _ = bytes.remove(at),
            }
        }
        for name in ["a.txt", "a.json"] {
            if let Ok(Source::Conversation(talk)) = read(&bytes, name) {
                let words = talk.transcript(None).words;
                assert!(words.iter().all(|word| !word.text.is_empty() && !word.text.contains(char::is_whitespace)));
                assert!(words.iter().filter_map(|word| word.span()).all(|span| span.start_s <= span.end_s));
            }
        }
    }
}
