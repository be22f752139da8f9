//! The program run as people run it: a home of its own, a sound server of its own, every wait with a limit.

#![allow(dead_code, reason = "every test file includes this one and uses a part of it")]

pub mod mirror;
pub mod real_model;
pub mod sound;
pub mod terminal;

use std::fmt::Debug;
use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use greenroom::rig::{Rig, RigOptions};
use serde_json::Value;

/// How long a command may take that neither records nor transcribes much.
pub const LIMIT: Duration = Duration::from_secs(60);

/// A home, folders and a sound server that only this test uses. Nothing of it is left when it is dropped.
pub struct Stage {
    folder: tempfile::TempDir,
    rig: Option<Rig>,
}

impl Stage {
    /// A machine without any sound.
    pub fn silent() -> Stage {
        let folder = tempfile::Builder::new().prefix("greenroom-test-").tempdir().expect("a folder can be made");
        for name in ["tmp", "user", "run", "files"] {
            std::fs::create_dir(folder.path().join(name)).expect("the folder is new");
        }
        Stage { folder, rig: None }
    }

    /// A machine with a microphone and a loudspeaker.
    pub fn with_sound(options: RigOptions) -> Stage {
        Stage { rig: Some(Rig::start(options).expect("scripts/setup installs what the rig needs")), ..Stage::silent() }
    }

    pub fn rig(&self) -> &Rig {
        self.rig.as_ref().expect("this stage has sound")
    }

    /// `$GREENROOM_HOME`; made by the program, not before.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Where temporary files go.
    pub fn tmp(&self) -> PathBuf {
        self.folder.path().join("tmp")
    }

    /// A place for a file of the test.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("files").join(name)
    }

    /// Writes a file of the test.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.file(name);
        std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("the folder can be made");
        std::fs::write(&path, content).expect("the file can be written");
        path
    }

    /// `greenroom ARGS`, to be changed further. It runs where the files of the test are.
    pub fn command<A: AsRef<std::ffi::OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let program = env!("CARGO_BIN_EXE_greenroom");
        let mut command = match &self.rig {
            Some(rig) => rig.command(program),
            None => self.without_sound(program),
        };
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("GREENROOM_") || ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"].contains(&&*name)
            {
                command.env_remove(&*name);
            }
        }
        command.env("GREENROOM_HOME", self.home()).env("TMPDIR", self.tmp());
        command.env("HOME", self.folder.path().join("user"));
        command.args(args).current_dir(self.folder.path().join("files"));
        command
    }

    fn without_sound(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let run = self.folder.path().join("run");
        command.env("XDG_RUNTIME_DIR", &run).env("PULSE_RUNTIME_PATH", run.join("pulse"));
        command.env("PULSE_SERVER", format!("unix:{}", run.join("pulse/native").display()));
        for variable in ["DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "SPEECHD_ADDRESS"] {
            command.env_remove(variable);
        }
        command
    }

    /// Runs `greenroom ARGS` to its end, with nothing on its standard input.
    pub fn run<A: AsRef<std::ffi::OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Ended {
        Running::start(self.command(args)).end_within(LIMIT)
    }

    /// Runs `greenroom ARGS` to its end with `input` on its standard input.
    pub fn run_with_input<A: AsRef<std::ffi::OsStr>>(&self, args: impl IntoIterator<Item = A>, input: &str) -> Ended {
        let mut running = Running::start_with(self.command(args), Stdio::piped());
        let mut stdin = running.child.stdin.take().expect("it is a pipe");
        // A program that does not read its input is found out by what it answers.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        running.end_within(LIMIT)
    }

    /// Starts `greenroom ARGS`.
    pub fn start<A: AsRef<std::ffi::OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Running {
        Running::start(self.command(args))
    }

    /// The names of the processes that were started on this stage by the program and still run.
    pub fn processes(&self) -> Vec<String> {
        let mark = format!("TMPDIR={}", self.tmp().display());
        let processes = std::fs::read_dir("/proc").expect("this is Linux").flatten();
        let ours = processes.filter(|process| {
            let environment = std::fs::read(process.path().join("environ")).unwrap_or_default();
            environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes())
        });
        ours.map(|process| std::fs::read_to_string(process.path().join("comm")).unwrap_or_default()).collect()
    }

    /// Fails when a process or a temporary file is left, after a moment for them to go.
    pub fn is_clean(&self) {
        wait_until("all processes to end", || self.processes().is_empty());
        let left: Vec<_> = files_below(&self.tmp());
        assert!(left.is_empty(), "left behind: {left:?}");
    }

    /// Waits until so many seconds of a take are on disk.
    pub fn wait_for_recorded(&self, seconds: f64) {
        let deadline = Instant::now() + LIMIT;
        while self.recording_bytes() < (seconds * 2.0 * f64::from(sound::RATE_HZ)) as u64 {
            assert!(Instant::now() < deadline, "nothing is recorded: {:?}", files_below(&self.home()));
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Bytes of the take that is being recorded.
    fn recording_bytes(&self) -> u64 {
        let files = files_below(&self.home()).into_iter();
        let takes = files.filter(|file| file.to_string_lossy().ends_with(".recording.wav"));
        takes.filter_map(|take| Some(take.metadata().ok()?.len())).max().unwrap_or(0)
    }

    /// All sessions, as `review list --json` tells them, the newest first.
    pub fn sessions(&self) -> Vec<Value> {
        let listed = self.run(["review", "list", "--json"]).succeeded();
        listed.json().as_array().expect("a list").clone()
    }
}

/// Every file and folder below `folder`.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).min_depth(1).sort_by_file_name();
    entries.into_iter().flatten().map(walkdir::DirEntry::into_path).collect()
}

/// Waits until `done`; fails after [`LIMIT`].
pub fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + LIMIT;
    while !done() {
        assert!(Instant::now() < deadline, "still waiting for {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Text that grows while a program runs.
#[derive(Clone, Default)]
pub struct Stream(Arc<(Mutex<Text>, Condvar)>);

#[derive(Default)]
struct Text {
    bytes: Vec<u8>,
    over: bool,
}

impl Stream {
    /// Reads `from` to its end on a thread of its own.
    fn read(mut from: impl Read + Send + 'static) -> (Stream, JoinHandle<()>) {
        let stream = Stream::default();
        let shared = stream.clone();
        let reader = std::thread::spawn(move || {
            let mut block = [0; 4096];
            loop {
                // A terminal ends with an error.
                let count = from.read(&mut block).unwrap_or(0);
                let mut text = shared.0.0.lock().expect("no reader panics");
                text.bytes.extend_from_slice(&block[..count]);
                text.over = count == 0;
                shared.0.1.notify_all();
                if count == 0 {
                    return;
                }
            }
        });
        (stream, reader)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.0.lock().expect("no reader panics").bytes).into_owned()
    }

    /// Waits until `wanted` stands in the text behind its first `from` bytes; returns where it ends.
    pub fn wait_for(&self, wanted: &str, from: usize, limit: Duration) -> usize {
        let deadline = Instant::now() + limit;
        let mut text = self.0.0.lock().expect("no reader panics");
        loop {
            let found = text.bytes[from..].windows(wanted.len()).position(|window| window == wanted.as_bytes());
            if let Some(at) = found {
                return from + at + wanted.len();
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let so_far = || String::from_utf8_lossy(&text.bytes).into_owned();
            assert!(!text.over, "it ended without {wanted:?}:\n{}", so_far());
            assert!(!left.is_zero(), "no {wanted:?} within {limit:?}:\n{}", so_far());
            text = self.0.1.wait_timeout(text, left).expect("no reader panics").0;
        }
    }
}

/// A program that runs; it is killed when this is dropped.
pub struct Running {
    pub child: Child,
    pub stdout: Stream,
    pub stderr: Stream,
    readers: Vec<JoinHandle<()>>,
}

impl Running {
    /// Starts a command with nothing on its standard input, in a process group of its own.
    pub fn start(command: Command) -> Running {
        Running::start_with(command, Stdio::null())
    }

    fn start_with(mut command: Command, stdin: Stdio) -> Running {
        command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = command.spawn().expect("the program starts");
        let (stdout, read_stdout) = Stream::read(child.stdout.take().expect("it is a pipe"));
        let (stderr, read_stderr) = Stream::read(child.stderr.take().expect("it is a pipe"));
        Running { child, stdout, stderr, readers: vec![read_stdout, read_stderr] }
    }

    /// Waits for talk on stderr.
    pub fn wait_for(&self, wanted: &str) {
        self.stderr.wait_for(wanted, 0, LIMIT);
    }

    /// Sends a signal to the program alone.
    pub fn signal(&self, signal: i32) {
        send(self.child.id() as i32, signal);
    }

    /// Sends a signal to the program and all it started, as a terminal does for Ctrl-C.
    pub fn signal_all(&self, signal: i32) {
        send(-(self.child.id() as i32), signal);
    }

    /// Waits for the end.
    pub fn end_within(mut self, limit: Duration) -> Ended {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it is our child") {
                break status;
            }
            let told = || format!("{}\n{}", self.stdout.text(), self.stderr.text());
            assert!(began.elapsed() < limit, "it still runs after {limit:?}:\n{}", told());
            std::thread::sleep(Duration::from_millis(5));
        };
        self.readers.drain(..).for_each(|reader| reader.join().expect("no reader panics"));
        let code = status.code().unwrap_or_else(|| -status.signal().expect("no code, so a signal"));
        Ended { code, stdout: self.stdout.text(), stderr: self.stderr.text() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.signal_all(libc::SIGKILL);
            let _ = self.child.wait();
        }
    }
}

fn send(process: i32, signal: i32) {
    // SAFETY: `kill` takes two numbers; the process is our own child, which has not been waited for.
    unsafe { libc::kill(process, signal) };
}

/// What a program left: its exit code (a signal is negative) and what it wrote.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// Fails unless the exit code is 0.
    pub fn succeeded(self) -> Ended {
        assert_eq!(self.code, 0, "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// Fails unless the exit code is `code` and the last thing on stderr is an error of at most three short lines
    /// that has `facts` in it and names the next thing to do.
    pub fn failed(self, code: i32, facts: &[&str]) -> Ended {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        assert_is_an_error(&self.stderr, facts);
        self
    }

    /// What was printed, as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}:\n{}\n{}", self.stdout, self.stderr))
    }
}

/// Fails unless `stderr` ends with an error as every command writes it.
pub fn assert_is_an_error(stderr: &str, facts: &[&str]) {
    let start = stderr.rfind("error:").unwrap_or_else(|| panic!("no error: {stderr}"));
    let error = &stderr[start..];
    assert!(error.trim_end().lines().count() <= 3, "more than three lines:\n{error}");
    assert!(error.contains("\n  try: "), "nothing to type next:\n{error}");
    for fact in facts {
        assert!(error.contains(fact), "no {fact:?} in:\n{error}");
    }
    assert!(!stderr.contains("panicked"), "{stderr}");
}

/// The words of a report's transcript.
pub fn words(report: &Value) -> Vec<String> {
    let words = report["transcript"]["words"].as_array().expect("a report has words");
    words.iter().map(|word| word["text"].as_str().expect("a word has a text").to_owned()).collect()
}

/// Anything as text, for messages.
pub fn shown(value: impl Debug) -> String {
    format!("{value:#?}")
}
