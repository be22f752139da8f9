//! Files whose headers are wrong, built byte by byte; read here, without ffmpeg.

use super::*;
use crate::remedy::Remedy;

const RATE_HZ: u32 = 8_000;

/// Half a second of a sawtooth at 100 Hz, in 16 bits.
fn samples() -> Vec<u8> {
    (0..4_000i32).flat_map(|at| ((at % 80 - 40) * 500).try_into().map(i16::to_le_bytes).expect("it fits")).collect()
}

fn format() -> Vec<u8> {
    let rate = RATE_HZ.to_le_bytes();
    [&[1, 0, 1, 0][..], &rate, &(2 * RATE_HZ).to_le_bytes(), &[2, 0, 16, 0]].concat()
}

fn chunk(name: &[u8; 4], declared: u32, content: &[u8]) -> Vec<u8> {
    [&name[..], &declared.to_le_bytes(), content].concat()
}

/// A WAV that says these lengths, with `between` before its samples and `after` behind them.
fn wav(form: &[u8; 4], riff: u32, between: &[u8], data: u32, after: &[u8]) -> Vec<u8> {
    let format = chunk(b"fmt ", 16, &format());
    [&form[..], &riff.to_le_bytes(), b"WAVE", between, &format, &chunk(b"data", data, &samples()), after].concat()
}

/// What is read of these bytes without other programs.
fn read_here(bytes: &[u8], name: &str) -> Result<(Vec<f32>, Decoded), DecodeError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let mut read = Vec::new();
    let mut take = |piece: &[f32], _| {
        read.extend_from_slice(piece);
        ControlFlow::Continue(())
    };
    let mut sink = Sink::new(&path, None, &mut take);
    let warnings = guarded(&path, || read_natively(&path, WantedSound::default(), &mut |_| (), &mut sink))?;
    let decoded = sink.decoded(warnings);
    Ok((read, decoded))
}

fn is_whole(bytes: &[u8], what: &str) {
    let (read, decoded) = read_here(bytes, "a.wav").unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!((read.len(), &decoded.warnings[..]), (4_000, &[][..]), "{what}");
}

#[test]
fn a_wav_is_read_to_its_end_whatever_lengths_its_recorder_left() {
    let (data, riff) = (8_000, 8_036);
    for (riff, data) in [(0, 0), (36, 0), (riff, 0), (0, data), (36, data), (0, u32::MAX), (riff, u32::MAX)] {
        is_whole(&wav(b"RIFF", riff, b"", data, b""), &format!("{riff} {data}"));
    }
    for lie in [u32::MAX, 0x7FFF_FFFF, 0x7FFF_F000, 4_000, 7_000] {
        is_whole(&wav(b"RIFF", lie, b"", lie, b""), &format!("{lie}"));
    }
    let filler = chunk(b"FLLR", 4_044, &[0; 4_044]);
    is_whole(&wav(b"RIFF", 4_088, &filler, 0, b""), "a filler before samples whose length was never written");
}

#[test]
fn what_follows_the_samples_of_a_wav_is_not_heard() {
    let list = chunk(b"LIST", 10, b"INFOabcdef");
    let names = [&list[..], &chunk(b"id3 ", 6, b"ID3abc")].concat();
    is_whole(&wav(b"RIFF", 8_036 + names.len() as u32, b"", 8_000, &names), "names behind the samples");
    let empty = [&wav(b"RIFF", 54, b"", 0, b"")[..44], &list].concat();
    assert!(matches!(read_here(&empty, "a.wav"), Err(DecodeError::NoSound { .. })));
}

#[test]
fn lengths_over_4_gb_stand_elsewhere() {
    let sizes = |data: u64| chunk(b"ds64", 28, &[&0u64.to_le_bytes()[..], &data.to_le_bytes(), &[0; 12]].concat());
    for (form, data) in [(b"RF64", 8_000), (b"BW64", 8_000), (b"RF64", 0)] {
        is_whole(&wav(form, u32::MAX, &sizes(data), u32::MAX, b""), &format!("{form:?} {data}"));
    }
    let id = |name: &[u8; 4]| [&name[..], b"\xF3\xAC\xD3\x11\x8C\xD1\x00\xC0\x4F\x8E\xDB\x8A"].concat();
    for data in [8_024u64, 0, u64::MAX] {
        let riff = b"riff\x2E\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\x00\x00";
        let head = [&riff[..], &8_128u64.to_le_bytes(), &id(b"wave")].concat();
        let body = [&id(b"fmt ")[..], &40u64.to_le_bytes(), &format(), &id(b"data"), &data.to_le_bytes(), &samples()];
        is_whole(&[head, body.concat()].concat(), &format!("W64 {data}"));
    }
}

#[test]
fn a_wav_that_was_cut_off_says_how_much_is_there() {
    let whole = wav(b"RIFF", 8_036, b"", 8_000, b"");
    let (read, decoded) = read_here(&whole[..44 + 2_000], "a.wav").unwrap();
    assert_eq!(read.len(), 1_000);
    assert_eq!(decoded.warnings, [DecodeWarning::Truncated { read: Seconds(0.125), promised: None }]);
}

#[test]
fn kinds_that_only_other_programs_read_are_known_by_their_start() {
    let packets = [&[0x47][..], &[0; 187]].concat().repeat(3);
    for (start, kind) in
        [(&b"#!AMR\n\x3c\x91\x17\x16\xbe\x66"[..], "AMR"), (&packets, "MPEG-TS"), (b"RIFF\0\0\0\0AVI LIST", "AVI")]
    {
        let error = read_here(start, "a.mp3").map(|_| ()).expect_err(kind);
        assert!(error.to_string().contains(kind), "{error}");
        assert!(error.hint().contains("ffmpeg -i "), "{}", error.hint());
    }
}

#[test]
fn a_film_whose_index_is_missing_is_told_so() {
    let cut = [&b"\0\0\0\x10ftypM4A \0\0\0\0"[..], b"\0\x10\0\0mdat", &[7; 500]].concat();
    let error = read_here(&cut, "a.m4a").map(|_| ()).expect_err("it has no index");
    assert!(matches!(error, DecodeError::NoIndex { .. }), "{error}");
}

#[test]
fn no_damage_makes_the_reader_panic() {
    let mut random = fastrand::Rng::with_seed(7);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sounds");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let whole = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        for round in 0..60 {
            let mut bytes = whole.clone();
            // Damage at the head, where the lengths are, and anywhere.
            for _ in 0..=round % 4 {
                let reach = if round % 2 == 0 { bytes.len().min(200) } else { bytes.len() };
                let at = random.usize(0..reach);
                bytes[at] = random.u8(..);
            }
            if round % 3 == 0 {
                bytes.truncate(random.usize(0..whole.len()));
            }
            if let Ok((read, _)) = read_here(&bytes, name) {
                assert!(read.iter().all(|sample| sample.is_finite() && sample.abs() <= 1.0), "{name}, round {round}");
            }
        }
    }
}
