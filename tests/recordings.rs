//! Recordings as people have them: what recorders, phones, browsers and screen recorders leave, made here by ffmpeg.
#![cfg(feature = "app")]

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;

use greenroom::audio::{DecodeError, DecodeWarning, Decoded, Side, WantedSound, decode, read_16k, write_wav};
use greenroom::remedy::Remedy;

/// A folder with files made by ffmpeg.
struct Studio(tempfile::TempDir);

impl Studio {
    /// `tone.wav`, four seconds of a tone that grows; `silence.wav`, as long; `speech.wav`, somebody who speaks.
    fn new() -> Studio {
        let studio = Studio(tempfile::tempdir().expect("a folder can be made"));
        let tone = |at: usize| (at as f32 * 0.2).sin() * (0.1 + at as f32 / 160_000.0);
        let tone: Vec<f32> = (0..64_000).map(tone).collect();
        write_wav(&studio.file("tone.wav"), &tone, 16_000).expect("it can be written");
        write_wav(&studio.file("silence.wav"), &[0.0; 64_000], 16_000).expect("it can be written");
        studio
    }

    fn speech(self) -> Studio {
        let mut command = Command::new("espeak-ng");
        command.arg("-w").arg(self.file("speech.wav")).arg("We planned the release with the whole team.");
        assert!(command.status().expect("scripts/setup installs espeak-ng").success());
        self
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs `ffmpeg ARGS NAME` in the folder.
    fn make(&self, args: &str, name: &str) -> PathBuf {
        let mut command = Command::new("ffmpeg");
        command.args(["-nostdin", "-v", "error", "-y"]).args(args.split(' ')).arg(name).current_dir(self.0.path());
        assert!(command.status().expect("scripts/setup installs ffmpeg").success(), "{args} {name}");
        self.file(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        std::fs::write(self.file(name), bytes).expect("it can be written");
        self.file(name)
    }

    /// The same file, as often as is said, one behind the other.
    fn joined(&self, path: &Path, times: usize, name: &str) -> PathBuf {
        self.write(name, &bytes(path).repeat(times))
    }

    /// The first part of a file.
    fn cut(&self, path: &Path, part: f64, name: &str) -> PathBuf {
        let whole = bytes(path);
        self.write(name, &whole[..(whole.len() as f64 * part) as usize])
    }
}

fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).expect("it is there")
}

fn read(path: &Path) -> Decoded {
    decode(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn is_whole(path: &Path, seconds: f64) {
    let decoded = read(path);
    assert_eq!(decoded.warnings, [], "{}", path.display());
    assert!((decoded.duration().0 - seconds).abs() < 0.3, "{}: {} s", path.display(), decoded.duration().0);
}

/// How much is read of a wanted sound, its power, and what is said of it.
fn heard(path: &Path, wanted: WantedSound) -> Result<(f64, Vec<DecodeWarning>), DecodeError> {
    let mut power = 0.0;
    let decoded = read_16k(path, wanted, &mut |_| (), &mut |piece| {
        power += piece.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>();
        ControlFlow::Continue(())
    })?;
    Ok((power, decoded.warnings))
}

fn track(number: usize) -> WantedSound {
    WantedSound { track: NonZeroUsize::new(number), side: None }
}

#[test]
fn an_mp3_is_read_to_its_end_with_a_length_in_its_head_or_without_and_joined_from_several() {
    let studio = Studio::new();
    let with_head = studio.make("-i tone.wav -c:a libmp3lame -q:a 5", "head.mp3");
    let without = studio.make("-i tone.wav -c:a libmp3lame -q:a 5 -write_xing 0", "no-head.mp3");
    is_whole(&with_head, 4.0);
    is_whole(&without, 4.0);
    is_whole(&studio.joined(&with_head, 3, "joined.mp3"), 12.0);
    is_whole(&studio.joined(&without, 2, "streamed.mp3"), 8.0);
}

#[test]
fn recordings_that_are_chained_in_one_ogg_are_all_read() {
    let studio = Studio::new();
    for (codec, name) in [("libopus", "a.opus"), ("libvorbis", "a.ogg"), ("flac", "a.oga")] {
        let one = studio.make(&format!("-i tone.wav -c:a {codec}"), name);
        is_whole(&studio.joined(&one, 3, &format!("joined-{name}")), 12.0);
    }
    let other_rate = bytes(&studio.make("-i tone.wav -ar 44100 -ac 2 -c:a libvorbis", "b.ogg"));
    let both = [bytes(&studio.file("a.ogg")), other_rate].concat();
    is_whole(&studio.write("rates.ogg", &both), 8.0);
}

#[test]
fn what_was_never_told_its_length_does_not_end_early() {
    let studio = Studio::new();
    for (format, codec) in
        [("webm", "libopus"), ("matroska", "flac"), ("wav", "pcm_s16le"), ("flac", "flac"), ("ogg", "libopus")]
    {
        let ffmpeg = ["-nostdin", "-v", "error", "-i", "tone.wav", "-c:a", codec, "-f", format, "pipe:1"];
        let piped = Command::new("ffmpeg").args(ffmpeg).current_dir(studio.0.path()).output().expect("ffmpeg runs");
        is_whole(&studio.write(&format!("piped-{format}"), &piped.stdout), 4.0);
    }
    is_whole(&studio.make("-i tone.wav -c:a aac -movflags frag_keyframe+empty_moov", "pieces.mp4"), 4.0);
}

#[test]
fn a_download_that_was_cut_short_is_read_as_far_as_it_came_and_says_so() {
    let studio = Studio::new();
    for (args, name) in [
        ("-c:a aac -movflags +faststart", "a.m4a"),
        ("-c:a libopus", "a.webm"),
        ("-c:a libmp3lame", "a.mp3"),
        ("-c:a flac", "a.flac"),
        ("-c:a libvorbis", "a.ogg"),
        ("-c:a pcm_s16le -rf64 always", "a.wav"),
    ] {
        let cut = studio.cut(&studio.make(&format!("-i tone.wav {args}"), name), 0.6, &format!("cut-{name}"));
        let decoded = read(&cut);
        assert!((0.9..3.5).contains(&decoded.duration().0), "{name}: {} s", decoded.duration().0);
        assert!(matches!(decoded.warnings[..], [DecodeWarning::Truncated { .. }]), "{name}: {:?}", decoded.warnings);
    }
}

#[test]
fn a_recording_without_its_index_says_what_is_missing_and_never_to_record_it_again() {
    let studio = Studio::new();
    let cut = studio.cut(&studio.make("-i tone.wav -c:a aac", "a.m4a"), 0.6, "cut.m4a");
    let error = decode(&cut).expect_err("its index was at the end");
    assert!(matches!(error, DecodeError::NoIndex { .. }), "{error}");
    let empty = decode(&studio.write("empty.wav", b"")).expect_err("it is empty");
    for error in [error, empty] {
        assert!(!error.hint().contains("record it again"), "{}", error.hint());
    }
}

#[test]
fn what_was_cut_away_in_an_editing_program_is_not_heard() {
    let studio = Studio::new();
    let whole = studio.make("-i tone.wav -c:a aac", "whole.m4a");
    is_whole(&whole, 4.0);
    let middle = read(&studio.make("-ss 2 -t 1 -i whole.m4a -c copy", "middle.m4a"));
    assert!((middle.duration().0 - 1.0).abs() < 0.1, "{} s", middle.duration().0);
    is_whole(&studio.make("-itsoffset 3 -i tone.wav -c:a aac", "late.m4a"), 7.0);
    is_whole(&studio.make("-i whole.m4a -c copy -f mov", "memo.qta"), 4.0);
}

#[test]
fn of_several_tracks_the_one_is_heard_where_somebody_speaks() {
    let studio = Studio::new().speech();
    let maps = "-i silence.wav -i speech.wav -map 0:a -map 1:a";
    for (args, name) in [("-c:a aac", "screen.mp4"), ("-c:a libopus -disposition:a:0 default", "screen.mkv")] {
        let screen = studio.make(&format!("{maps} {args}"), name);
        let (power, warnings) = heard(&screen, WantedSound::default()).unwrap();
        assert!(power > 1.0, "{name}");
        assert_eq!(warnings, [DecodeWarning::Track { number: 2, of: 2, because_of_speech: true }], "{name}");
        assert!(heard(&screen, track(1)).unwrap().0 < 0.1, "{name}");
        assert!(heard(&screen, track(2)).unwrap().0 > 1.0, "{name}");
        assert!(matches!(heard(&screen, track(3)), Err(DecodeError::NoSuchTrack { wanted: 3, of: 2, .. })), "{name}");
    }
    let second = studio.make(
        "-i speech.wav -i speech.wav -map 0:a -map 1:a -c:a libopus -disposition:a:0 0 -disposition:a:1 default",
        "b.mkv",
    );
    let (_, warnings) = heard(&second, WantedSound::default()).unwrap();
    assert_eq!(warnings, [DecodeWarning::Track { number: 2, of: 2, because_of_speech: false }]);
}

#[test]
fn each_side_of_a_call_can_be_heard_alone() {
    let studio = Studio::new();
    let call = studio
        .make("-i tone.wav -i silence.wav -filter_complex [0:a][1:a]join=inputs=2:channel_layout=stereo", "call.wav");
    let side = |side| WantedSound { track: None, side: Some(side) };
    let (left, said) = heard(&call, side(Side::Left)).unwrap();
    assert!(left > 100.0);
    assert_eq!(said, [DecodeWarning::Side(Side::Left)]);
    assert!(heard(&call, side(Side::Right)).unwrap().0 < 0.01);
    assert!(matches!(heard(&studio.file("tone.wav"), side(Side::Left)), Err(DecodeError::NoSides { .. })));
}

#[test]
fn what_is_not_read_here_is_read_by_ffmpeg_and_that_is_said() {
    let studio = Studio::new();
    for (args, name) in [
        ("-c:a alac", "a.mov"),
        ("-c:a wmav2", "a.wma"),
        ("-c:a aac", "a.ts"),
        ("-c:a libmp3lame", "a.avi"),
        ("-c:a pcm_s16be", "a.au"),
        ("-ar 8000 -c:a libgsm_ms", "gsm.wav"),
        ("-c:a ac3", "a.ac3"),
    ] {
        let decoded = read(&studio.make(&format!("-i tone.wav {args}"), name));
        assert_eq!(decoded.warnings, [DecodeWarning::ByFfmpeg], "{name}");
        assert!((decoded.duration().0 - 4.0).abs() < 0.2, "{name}: {} s", decoded.duration().0);
    }
}

#[test]
fn samples_of_every_width_and_law_are_read() {
    let studio = Studio::new();
    for codec in ["pcm_u8", "pcm_s24le", "pcm_s32le", "pcm_f64le", "pcm_alaw", "pcm_mulaw", "adpcm_ima_wav", "adpcm_ms"]
    {
        is_whole(&studio.make(&format!("-i tone.wav -c:a {codec}"), &format!("{codec}.wav")), 4.0);
    }
    is_whole(&studio.make("-i tone.wav -ac 6", "surround.wav"), 4.0);
    is_whole(&studio.make("-i tone.wav -c:a pcm_s8", "eight.aif"), 4.0);
    is_whole(&studio.make("-i tone.wav", "a.w64"), 4.0);
}
