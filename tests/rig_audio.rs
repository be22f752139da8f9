//! Recording through the virtual rig: real PulseAudio, real cpal, real time.
//!
//! A process cannot move into the rig's environment once it has threads, so every test drives a child:
//! this same binary, running only the test `child`, which takes orders line by line.
#![cfg(all(feature = "app", unix))]
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use greenroom::audio::{
    Capture, CaptureEvent, CaptureSettings, Microphone, Playback, decode, decode_16k, detect, rms_dbfs,
    unfinished_path, write_wav,
};
use greenroom::remedy::Remedy;
use greenroom::rig::{Rig, RigOptions};
use greenroom::store::repair_wav;
use greenroom::types::{Seconds, Span};

const RATE_HZ: u32 = 48_000;
const SECOND: usize = RATE_HZ as usize;
const IS_CHILD: &str = "GREENROOM_RIG_TEST_CHILD";

/// A rig, or `None` where somebody decided to do without.
fn rig(options: RigOptions) -> Option<Rig> {
    if std::env::var_os("GREENROOM_SKIP_RIG").is_some() {
        eprintln!("SKIPPED: GREENROOM_SKIP_RIG is set, nothing was recorded");
        return None;
    }
    Some(Rig::start(options).unwrap_or_else(|error| panic!("{error}; {}; or set GREENROOM_SKIP_RIG=1", error.hint())))
}

const QUIET_ROOM: RigOptions = RigOptions { room: true, echo: false };

fn wait(seconds: f64) {
    std::thread::sleep(Duration::from_secs_f64(seconds));
}

#[test]
fn sixty_seconds_are_recorded_without_a_lost_frame() {
    let Some(rig) = rig(RigOptions::default()) else { return };
    let dir = tempfile::tempdir().unwrap();
    let played = bursts(60.0, 1);
    let wav = dir.path().join("played.wav");
    write_wav(&wav, &played, RATE_HZ).unwrap();
    let mut child = Recorder::start(&rig, None);
    child.begin(&dir.path().join("take.wav"));
    let from = Instant::now();
    // The guard time at the start of a take is dropped on purpose.
    wait(0.3);
    rig.play_into_microphone(&wav).unwrap();
    wait(0.3);
    let take = child.end();
    let clock_s = from.elapsed().as_secs_f64();
    let recorded = decode(&take.path).unwrap().samples;
    let lag = lag_of(&played, &recorded);
    let whole = correlation(&played, &recorded[lag..]);
    let worst = (0..60 * SECOND)
        .step_by(SECOND)
        .map(|at| correlation(&played[at..at + SECOND], &recorded[lag + at..]))
        .fold(1.0, f64::min);
    println!(
        "played 60.0 s; clock {clock_s:.2} s; recorded {:.2} s; lag {:.1} ms; correlation {whole:.5}, worst second \
         {worst:.5}; overflowed {}",
        take.duration_s,
        lag as f64 / 48.0,
        take.overflowed
    );
    assert_eq!(take.overflowed, 0);
    // A lost or doubled frame anywhere would put everything after it out of step.
    assert!(worst >= 0.99, "worst second {worst}");
    assert!((take.duration_s - clock_s).abs() < 0.5, "recorded {} s in {clock_s} s", take.duration_s);
}

#[test]
fn the_question_from_the_loudspeaker_is_not_in_the_answer() {
    let Some(rig) = rig(RigOptions { echo: true, room: false }) else { return };
    let dir = tempfile::tempdir().unwrap();
    let (question, answer) = (dir.path().join("question.wav"), dir.path().join("answer.wav"));
    write_wav(&question, &bursts(2.0, 2), RATE_HZ).unwrap();
    write_wav(&answer, &bursts(1.0, 3), RATE_HZ).unwrap();
    let mut child = Recorder::start(&rig, None);
    // The microphone does hear the loudspeaker.
    child.begin(&dir.path().join("echo.wav"));
    assert!(rig.command("paplay").arg(&question).status().unwrap().success());
    let echo = child.end();
    assert!(rms_dbfs(&decode(&echo.path).unwrap().samples) > -35.0);
    // And the answer begins without it, although it has only just ended.
    assert!(rig.command("paplay").arg(&question).status().unwrap().success());
    child.begin(&dir.path().join("take.wav"));
    wait(0.5);
    rig.play_into_microphone(&answer).unwrap();
    let take = child.end();
    let samples = decode(&take.path).unwrap().samples;
    let before = rms_dbfs(&samples[..SECOND / 4]);
    println!("first quarter second of the answer: {before:.1} dBFS; whole answer {:.1} dBFS", rms_dbfs(&samples));
    assert!(before < -90.0, "the question sounds on at {before} dBFS");
    assert!(rms_dbfs(&samples) > -35.0, "the answer is there");
}

#[test]
fn a_killed_sound_server_ends_the_take_and_keeps_it() {
    for device in [None, Some("alsa:default")] {
        let Some(mut rig) = rig(QUIET_ROOM) else { return };
        let dir = tempfile::tempdir().unwrap();
        let mut child = Recorder::start(&rig, device);
        child.begin(&dir.path().join("take.wav"));
        wait(1.5);
        rig.kill_server();
        let killed = Instant::now();
        child.wait_for("event Ended DeviceLost", 5.0);
        let noticed_s = killed.elapsed().as_secs_f64();
        let take = child.end();
        println!("{device:?}: noticed after {noticed_s:.2} s; kept {:.2} s of about 1.35 s", take.duration_s);
        assert!((1.1..2.0).contains(&take.duration_s), "{} s", take.duration_s);
        assert_eq!(take.ended_by, "DeviceLost");
        assert!((decode(&take.path).unwrap().duration().0 - take.duration_s).abs() < 0.001);
        child.leave();
    }
}

#[test]
fn an_unplugged_microphone_ends_the_take_and_works_again_when_it_is_back() {
    let Some(rig) = rig(QUIET_ROOM) else { return };
    let dir = tempfile::tempdir().unwrap();
    let mut child = Recorder::start(&rig, None);
    child.begin(&dir.path().join("take.wav"));
    wait(1.0);
    // Other sources are left, and PulseAudio would move the recording to one of them.
    rig.unplug_microphone().unwrap();
    child.wait_for("event Ended DeviceLost", 5.0);
    let take = child.end();
    assert!((0.7..2.0).contains(&take.duration_s), "{} s", take.duration_s);
    let refused = child.ask(&format!("begin {}", dir.path().join("none.wav").display()));
    assert!(refused.starts_with("error there is no microphone"), "{refused}");
    rig.plug_microphone_in().unwrap();
    child.begin(&dir.path().join("again.wav"));
    wait(0.7);
    let again = child.end();
    assert!((0.3..1.2).contains(&again.duration_s), "{} s", again.duration_s);
    assert!(rms_dbfs(&decode(&again.path).unwrap().samples) > -65.0);
}

#[test]
fn a_monitor_is_not_taken_for_a_microphone() {
    let Some(rig) = rig(RigOptions::default()) else { return };
    rig.unplug_microphone().unwrap();
    let (_child, refused) = Recorder::start_any(&rig, None);
    assert_eq!(refused, "error no microphone was found");
}

#[test]
fn a_muted_microphone_is_noticed_and_an_open_one_is_fine() {
    for (room, expected) in [(false, "AllZero"), (true, "Ok")] {
        let Some(rig) = rig(RigOptions { room, echo: false }) else { return };
        let mut child = Recorder::start(&rig, None);
        let check = child.ask("probe 0.5");
        assert!(check.starts_with(&format!("probe {expected}")), "{check}");
    }
}

#[test]
fn a_pause_stops_the_time_of_the_take() {
    let Some(rig) = rig(QUIET_ROOM) else { return };
    let dir = tempfile::tempdir().unwrap();
    let mut child = Recorder::start(&rig, None);
    child.begin(&dir.path().join("take.wav"));
    wait(0.8);
    child.say("pause");
    wait(2.0);
    child.say("resume");
    wait(0.8);
    let take = child.end();
    println!("kept {:.2} s of 0.65 s + 0.8 s around a pause of 2 s", take.duration_s);
    assert!((1.1..2.2).contains(&take.duration_s), "{} s", take.duration_s);
}

#[test]
fn speech_through_the_rig_has_its_pause_where_it_was_played() {
    let Some(rig) = rig(QUIET_ROOM) else { return };
    let dir = tempfile::tempdir().unwrap();
    let said = decode(Path::new("tests/sounds/two-phrases.opus")).unwrap();
    let wav = dir.path().join("said.wav");
    write_wav(&wav, &said.samples, said.rate_hz).unwrap();
    let mut child = Recorder::start(&rig, None);
    child.begin(&dir.path().join("take.wav"));
    rig.play_into_microphone(&wav).unwrap();
    wait(0.6);
    let take = child.end();
    assert_eq!(take.speech, 2, "two phrases, found as they were spoken");
    let pause = |wav: &Path| {
        let spans: Vec<Span> = detect(&decode_16k(wav).unwrap().samples);
        (spans[1].start_s - spans[0].end_s).0
    };
    let (played, heard) = (pause(&wav), pause(&take.path));
    println!("pause played {played:.3} s, heard {heard:.3} s");
    assert!((played - heard).abs() < 0.1, "played {played} s, heard {heard} s");
}

#[test]
fn a_sound_is_played_from_where_it_is_asked_to_its_end_and_stops_when_told() {
    let Some(rig) = rig(RigOptions::default()) else { return };
    let dir = tempfile::tempdir().unwrap();
    let sound = bursts(2.0, 4);
    let (wav, heard) = (dir.path().join("sound.wav"), dir.path().join("heard.wav"));
    write_wav(&wav, &sound, RATE_HZ).unwrap();
    let mut child = Recorder::start(&rig, None);
    let recording = rig.record_speaker(&heard).unwrap();
    wait(0.5);
    assert_eq!(child.ask(&format!("play 0.5 {}", wav.display())), "played 2.00");
    recording.stop().unwrap();
    let heard = decode(&heard).unwrap().samples;
    let expected = &sound[SECOND / 2..];
    let lag = lag_of(expected, &heard);
    assert!(correlation(expected, &heard[lag..]) > 0.99);
    // All of it was heard before `wait` came back.
    assert!(rms_dbfs(&heard[lag + expected.len()..]) < -90.0);
    let stopped = child.ask(&format!("play-briefly 0 {}", wav.display()));
    let at: f64 = stopped.strip_prefix("stopped ").unwrap().parse().unwrap();
    assert!((0.3..1.2).contains(&at), "stopped at {at} s");
}

#[test]
fn a_rig_leaves_nothing_behind() {
    let Some(mut rig) = rig(QUIET_ROOM) else { return };
    let dir = PathBuf::from(rig.env().into_iter().find(|(name, _)| name == "XDG_RUNTIME_DIR").unwrap().1.unwrap());
    assert!(dir.join("pulse/native").exists());
    // A speech service starts in it, with processes of its own.
    let mut said = rig.command("spd-say");
    let speech = said.args(["-w", "good morning"]).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    let mine = |path: &Path| {
        std::fs::read(path.join("environ")).is_ok_and(|env| {
            String::from_utf8_lossy(&env).contains(&*dir.to_string_lossy()) && path.join("exe").exists()
        })
    };
    let count = || std::fs::read_dir("/proc").unwrap().filter(|p| mine(&p.as_ref().unwrap().path())).count();
    println!("{} processes in the rig (speech service: {speech})", count());
    assert!(count() >= 2);
    rig.kill_server();
    drop(rig);
    wait(0.3);
    assert_eq!(count(), 0, "processes are left");
    assert!(!dir.exists());
}

#[test]
fn a_program_killed_at_any_moment_loses_a_second_at_most() {
    let Some(rig) = rig(QUIET_ROOM) else { return };
    let dir = tempfile::tempdir().unwrap();
    let mut random = fastrand::Rng::with_seed(9);
    let mut losses = Vec::new();
    for round in 0..5 {
        let mut children: Vec<(Recorder, PathBuf, Instant, Instant)> = (0..4)
            .map(|n| {
                let path = dir.path().join(format!("{round}-{n}.wav"));
                let mut child = Recorder::start(&rig, None);
                child.begin(&path);
                let begun = Instant::now();
                (child, path, begun, begun + Duration::from_secs_f64(0.3 + 2.7 * random.f64()))
            })
            .collect();
        children.sort_by_key(|(.., dies)| *dies);
        for (child, path, begun, dies) in &mut children {
            std::thread::sleep(dies.saturating_duration_since(Instant::now()));
            child.kill();
            let lived_s = begun.elapsed().as_secs_f64();
            let kept = repair_wav(&unfinished_path(path)).unwrap().duration();
            match decode(&unfinished_path(path)) {
                Ok(decoded) => assert!((decoded.duration().0 - kept.0).abs() < 0.001),
                Err(error) => assert_eq!(kept, Seconds::ZERO, "{error}"),
            }
            losses.push(lived_s - kept.0);
        }
    }
    losses.sort_by(f64::total_cmp);
    println!(
        "{} kills: lost {:.2} s at least, {:.2} s in the middle, {:.2} s at most (guard time of 0.15 s included)",
        losses.len(),
        losses[0],
        losses[losses.len() / 2],
        losses[losses.len() - 1]
    );
    assert!(losses[losses.len() - 1] <= 1.0, "{losses:?}");
}

/// A child process that records in the rig.
struct Recorder {
    child: Child,
    orders: ChildStdin,
    lines: Receiver<String>,
}

/// What the child said of a take.
struct ChildTake {
    path: PathBuf,
    duration_s: f64,
    overflowed: u64,
    ended_by: String,
    speech: usize,
}

impl Recorder {
    fn start(rig: &Rig, device: Option<&str>) -> Recorder {
        let (recorder, first) = Recorder::start_any(rig, device);
        assert!(first.starts_with("ready"), "{first}");
        recorder
    }

    fn start_any(rig: &Rig, device: Option<&str>) -> (Recorder, String) {
        let mut command = rig.command(std::env::current_exe().unwrap());
        command.args(["--exact", "child", "--nocapture", "--test-threads=1"]);
        command.env(IS_CHILD, device.unwrap_or_default()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (sender, lines) = channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                // The test harness has lines of its own.
                if let Some((_, line)) = line.split_once("> ") {
                    let _ = sender.send(line.to_owned());
                }
            }
        });
        let orders = child.stdin.take().unwrap();
        let mut recorder = Recorder { child, orders, lines };
        let first = recorder.next(10.0);
        (recorder, first)
    }

    fn next(&mut self, limit_s: f64) -> String {
        self.lines.recv_timeout(Duration::from_secs_f64(limit_s)).expect("the child answers in time")
    }

    fn wait_for(&mut self, start: &str, limit_s: f64) {
        let deadline = Instant::now() + Duration::from_secs_f64(limit_s);
        loop {
            let left = deadline.saturating_duration_since(Instant::now()).as_secs_f64();
            if self.next(left).starts_with(start) {
                return;
            }
        }
    }

    fn say(&mut self, order: &str) {
        writeln!(self.orders, "{order}").unwrap();
    }

    /// The answer to an order; events before it are passed over.
    fn ask(&mut self, order: &str) -> String {
        self.say(order);
        loop {
            let line = self.next(10.0);
            if !line.starts_with("event") {
                return line;
            }
        }
    }

    fn begin(&mut self, path: &Path) {
        let answer = self.ask(&format!("begin {}", path.display()));
        assert_eq!(answer, "begun");
    }

    fn end(&mut self) -> ChildTake {
        let answer = self.ask("end");
        let fields: Vec<&str> = answer.splitn(6, ' ').collect();
        assert_eq!(fields[0], "take", "{answer}");
        ChildTake {
            duration_s: fields[1].parse().unwrap(),
            overflowed: fields[2].parse().unwrap(),
            ended_by: fields[3].to_owned(),
            speech: fields[4].parse().unwrap(),
            path: PathBuf::from(fields[5]),
        }
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks the child to leave by itself, which must not take long.
    fn leave(mut self) {
        self.say("leave");
        let deadline = Instant::now() + Duration::from_secs(5);
        while self.child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < deadline, "the child hangs on its way out");
            wait(0.02);
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Not a test of its own: the child of the others.
#[test]
fn child() {
    let Ok(device) = std::env::var(IS_CHILD) else { return };
    let tell = |line: String| println!("> {line}");
    let on_event = |event| match event {
        CaptureEvent::Sound(_) | CaptureEvent::Level { .. } => {}
        CaptureEvent::Ended { by, kept } => println!("> event Ended {by:?} {}", kept.0),
        other => println!("> event {other:?}"),
    };
    let microphone = match Microphone::find(Some(device.as_str()).filter(|d| !d.is_empty())) {
        Ok(microphone) => microphone,
        Err(error) => return tell(format!("error {error}")),
    };
    let capture = match Capture::start(Box::new(microphone), CaptureSettings::default(), on_event) {
        Ok(capture) => capture,
        Err(error) => return tell(format!("error {error:?}")),
    };
    tell(format!("ready {}", capture.device()));
    for line in std::io::stdin().lines().map_while(Result::ok) {
        let (order, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match order {
            "begin" => match capture.begin(Path::new(rest)) {
                Ok(()) => tell("begun".to_owned()),
                Err(error) => tell(format!("error {error}")),
            },
            "end" => match capture.end() {
                Ok(take) => {
                    let (duration_s, speech) = (take.duration.0, take.speech.len());
                    let (by, path) = (take.ended_by, take.path.display());
                    tell(format!("take {duration_s} {} {by:?} {speech} {path}", take.overflowed));
                }
                Err(error) => tell(format!("error {error}")),
            },
            "play" | "play-briefly" => {
                let (from, path) = rest.split_once(' ').unwrap();
                let sound = decode(Path::new(path)).unwrap();
                let playback = Playback::start(&sound, Seconds(from.parse().unwrap()), None).unwrap();
                let until = Instant::now() + Duration::from_millis(600);
                playback.wait(|| order == "play-briefly" && Instant::now() > until).unwrap();
                let how = if playback.is_over() { "played" } else { "stopped" };
                tell(format!("{how} {:.2}", playback.position().0));
            }
            "pause" => capture.pause(),
            "resume" => capture.resume(),
            "probe" => tell(format!("probe {:?}", capture.probe(Seconds(rest.parse().unwrap())).unwrap())),
            _ => break,
        }
    }
}

/// Noise in bursts of changing loudness: every stretch of it is unlike every other.
fn bursts(seconds: f64, seed: u64) -> Vec<f32> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut out = Vec::new();
    let mut smooth = 0.0f32;
    while out.len() < (seconds * f64::from(RATE_HZ)) as usize {
        let gain = 0.1 + 0.3 * random.f32();
        for _ in 0..RATE_HZ / 8 {
            smooth = 0.7 * smooth + 0.3 * (random.f32() * 2.0 - 1.0);
            out.push(smooth * gain);
        }
    }
    out
}

/// How many samples later than `played` its beginning is in `recorded`, up to 2 s.
fn lag_of(played: &[f32], recorded: &[f32]) -> usize {
    let start = &played[..SECOND / 20];
    let score = |lag: usize| start.iter().zip(&recorded[lag..]).map(|(a, b)| a * b).sum::<f32>();
    let scores: Vec<f32> = (0..(2 * SECOND).min(recorded.len() - start.len())).map(score).collect();
    (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap()
}

/// Pearson's correlation over the length of `a`, both without an offset.
fn correlation(a: &[f32], b: &[f32]) -> f64 {
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (&a, &b) in a.iter().zip(&b[..a.len()]) {
        let (a, b) = (f64::from(a), f64::from(b));
        (ab, aa, bb) = (ab + a * b, aa + a * a, bb + b * b);
    }
    ab / (aa * bb).sqrt().max(1e-12)
}
