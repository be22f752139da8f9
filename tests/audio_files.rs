//! Reading recordings of every kind that is promised, and of kinds that are not.
//!
//! The files in `tests/sounds` are one second of 440 Hz, made by ffmpeg (a second's tone is nobody's work);
//! `two-phrases.opus` was spoken by espeak-ng.
#![cfg(feature = "app")]

use std::path::{Path, PathBuf};

use greenroom::audio::{DecodeError, DecodeWarning, Decoded, decode, decode_16k, detect, write_wav};
use greenroom::remedy::Remedy;

fn sound(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sounds").join(name)
}

/// A file with these bytes, and what keeps it alive.
fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (dir, path)
}

/// The number of times that the sound goes up through zero in its middle half second.
fn cycles(decoded: &Decoded) -> usize {
    let quarter = decoded.rate_hz as usize / 4;
    decoded.samples[quarter..3 * quarter].windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count()
}

#[test]
fn every_promised_kind_is_read() {
    for name in [
        "tone-s24.wav",
        "tone-f32-stereo.wav",
        "tone.mp3",
        "tone.m4a",
        "tone-alac.m4a",
        "tone.aac",
        "tone.ogg",
        "tone.opus",
        "tone.webm",
        "tone.flac",
        "tone.aiff",
        "tone.caf",
    ] {
        let decoded = decode(&sound(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        // An encoder's padding is up to a tenth of a second at these rates.
        assert!((decoded.duration().0 - 1.0).abs() < 0.15, "{name}: {} s", decoded.duration().0);
        assert_eq!(decoded.warnings, [], "{name}");
        assert!((219..=221).contains(&cycles(&decoded)), "{name}: {} cycles", cycles(&decoded));
        let speech_rate = decode_16k(&sound(name)).unwrap();
        assert_eq!((speech_rate.rate_hz, speech_rate.file_rate_hz), (16_000, decoded.rate_hz), "{name}");
        assert!((speech_rate.duration().0 - decoded.duration().0).abs() < 0.001, "{name}");
    }
    assert_eq!(decode(&sound("tone-f32-stereo.wav")).unwrap().channels, 2);
}

#[test]
fn the_kind_is_found_by_the_content_and_not_by_the_name() {
    let (_dir, path) = file("voice.mp3", &std::fs::read(sound("tone.flac")).unwrap());
    assert!((219..=221).contains(&cycles(&decode(&path).unwrap())));
}

#[test]
fn what_is_no_recording_ends_in_an_error_that_names_the_file() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(decode(dir.path()), Err(DecodeError::NotAFile { .. })));
    assert!(matches!(decode(&dir.path().join("gone.wav")), Err(DecodeError::Unreadable { .. })));
    let junk: Vec<u8> = (0..50_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let whole = std::fs::read(sound("tone.m4a")).unwrap();
    type IsExpected = fn(&DecodeError) -> bool;
    let cases: [(&str, &[u8], IsExpected); 5] = [
        ("nothing.wav", b"", |e| matches!(e, DecodeError::Empty { .. })),
        ("notes.mp3", b"my notes on the interview, not a recording", |e| matches!(e, DecodeError::NotAudio { .. })),
        ("junk.wav", &junk, |e| matches!(e, DecodeError::NotAudio { .. } | DecodeError::Damaged { .. })),
        ("header.wav", b"RIFF\x24\0\0\0WAVE", |e| !matches!(e, DecodeError::Unreadable { .. })),
        ("cut.m4a", &whole[..whole.len() / 2], |e| matches!(e, DecodeError::NoIndex { .. })),
    ];
    for (name, bytes, is_expected) in cases {
        let (_dir, path) = file(name, bytes);
        let error = decode(&path).expect_err(name);
        assert!(is_expected(&error), "{name}: {error:?}");
        assert!(error.to_string().contains(name), "{error}");
        assert!(!error.hint().is_empty());
    }
    assert!(matches!(decode(&sound("no-sound.mp4")), Err(DecodeError::NoSound { .. })));
}

#[cfg(unix)]
#[test]
fn a_recording_that_may_not_be_read_says_so() {
    use std::os::unix::fs::PermissionsExt;
    let (_dir, path) = file("secret.wav", b"RIFF");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::File::open(&path).is_err() {
        assert!(matches!(decode(&path), Err(DecodeError::Unreadable { .. })));
    } // else: root may read everything
}

#[test]
fn the_sound_before_the_cut_is_kept_and_the_cut_is_told() {
    for (name, promises) in [("tone-s24.wav", true), ("tone.mp3", false), ("two-phrases.opus", false)] {
        let whole = std::fs::read(sound(name)).unwrap();
        let (_dir, path) = file(name, &whole[..whole.len() * 2 / 5]);
        let decoded = decode(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let whole_s = decode(&sound(name)).unwrap().duration().0;
        assert!((0.15..0.75).contains(&(decoded.duration().0 / whole_s)), "{name}: {} s", decoded.duration().0);
        if promises {
            assert!(
                matches!(decoded.warnings[..], [DecodeWarning::Truncated { .. }]),
                "{name}: {:?}",
                decoded.warnings
            );
        }
    }
}

#[test]
fn a_wav_whose_length_is_a_lie_is_read_to_its_end() {
    // As `espeak-ng --stdout` writes it.
    let (_dir, path) = file("piped.wav", &[]);
    write_wav(&path, &[0.25; 8_000], 16_000).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4..8].copy_from_slice(&0x7FFF_F024u32.to_le_bytes());
    bytes[40..44].copy_from_slice(&0x7FFF_F000u32.to_le_bytes());
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(decode(&path).unwrap().samples.len(), 8_000);
}

#[test]
fn samples_that_are_no_number_become_silence() {
    let mut bytes = std::fs::read(sound("tone-f32-stereo.wav")).unwrap();
    let data = bytes.windows(4).position(|w| w == b"data").unwrap() + 8;
    for (n, value) in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 7.0].into_iter().enumerate() {
        bytes[data + 4 * n..][..4].copy_from_slice(&value.to_le_bytes());
    }
    let (_dir, path) = file("wild.wav", &bytes);
    let decoded = decode(&path).unwrap();
    assert_eq!(decoded.samples[..2], [0.0, 0.5]);
    assert_eq!(decoded.warnings, [DecodeWarning::NotNumbers(3)]);
}

#[test]
fn a_rate_that_no_sound_has_is_refused() {
    for rate_hz in [0u32, 1, u32::MAX] {
        let mut bytes = std::fs::read(sound("tone-s24.wav")).unwrap();
        bytes[24..28].copy_from_slice(&rate_hz.to_le_bytes());
        let (_dir, path) = file("strange.wav", &bytes);
        assert!(decode(&path).is_err(), "{rate_hz} Hz");
    }
}

#[test]
fn speech_is_found_and_the_pause_in_it() {
    // Silence 0.5 s, speech, a pause, speech, silence 0.5 s, as `ffmpeg` joined them.
    let spans = detect(&decode_16k(&sound("two-phrases.opus")).unwrap().samples);
    assert_eq!(spans.len(), 2, "{spans:?}");
    assert!((spans[0].start_s.0 - 0.5).abs() < 0.1, "{spans:?}");
    assert!((1.1..1.7).contains(&(spans[1].start_s - spans[0].end_s).0), "{spans:?}");
}
