//! A private sound server for machines without sound hardware; demo and tests share it.
//!
//! PulseAudio with two null sinks: what is played into `microphone` comes out of a microphone, what the program
//! says goes to `speaker` and can be recorded. It lives in a folder of its own and touches nothing of the
//! user's sound. Works as root and as an ordinary user, without D-Bus and without a sound card.

use std::ffi::OsString;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::remedy::{NextStep, Remedy};
use crate::scratch::Scratch;

/// How long the server may take to answer; 20 ms is usual.
const START_LIMIT: Duration = Duration::from_secs(10);

/// How long a process may take to end after it was asked to.
const END_LIMIT: Duration = Duration::from_millis(800);

/// The server ends by itself after so many seconds without a client: a program that was killed leaves nothing behind.
const IDLE_LIMIT_S: u32 = 120;

/// The microphone's source; the monitor of a sink would not do, since monitors are not taken for microphones.
const MICROPHONE: &str = "rig_microphone";

/// What the rig is to be like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RigOptions {
    /// The microphone hears the loudspeaker, as on a desk.
    pub echo: bool,
    /// The microphone hears a quiet room (noise at -60 dBFS) instead of digital silence.
    pub room: bool,
}

/// A running sound server. Dropping it ends everything that was started in it.
pub struct Rig {
    dir: Scratch,
    server: Child,
    room: Option<Child>,
}

/// Why there is no rig.
#[derive(Debug, thiserror::Error)]
pub enum RigError {
    /// A program is not installed or does not start.
    #[error("{program} could not be started")]
    NotStarted {
        /// Its name.
        program: &'static str,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The server does not answer.
    #[error("the private sound server did not start: {log}")]
    NoAnswer {
        /// The end of its log.
        log: String,
    },
    /// A program failed.
    #[error("{program} failed: {reason}")]
    Failed {
        /// Its name.
        program: &'static str,
        /// The end of what it said.
        reason: String,
    },
    /// The folder could not be made.
    #[error("the folder for the private sound server could not be made")]
    Folder(#[source] io::Error),
}

impl Remedy for RigError {
    fn next_step(&self) -> NextStep {
        match self {
            RigError::NotStarted { .. } => {
                "install it: apt-get install --no-install-recommends pulseaudio pulseaudio-utils libasound2-plugins"
                    .into()
            }
            RigError::NoAnswer { .. } | RigError::Failed { .. } => {
                "try it alone: pulseaudio -n --daemonize=no -vv".into()
            }
            RigError::Folder(_) => "check that the folder for temporary files has room: df -h /tmp".into(),
        }
    }
}

impl Rig {
    /// Starts a rig and waits until it answers.
    pub fn start(options: RigOptions) -> Result<Rig, RigError> {
        let dir = Scratch::new("rig").map_err(RigError::Folder)?;
        let script = dir.path().join("rig.pa");
        std::fs::write(&script, script_of(options)).map_err(RigError::Folder)?;
        let mut command = Command::new("pulseaudio");
        apply(&env_of(dir.path()), &mut command);
        command
            .args(["-n", "--daemonize=no", "--use-pid-file=no", "--disable-shm=yes", "--fail=yes", "-F"])
            .arg(&script)
            .arg(format!("--exit-idle-time={IDLE_LIMIT_S}"))
            .arg(format!("--log-target=newfile:{}", dir.path().join("server.log").display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C ends the program, which still has to write down what it heard.
            .process_group(0);
        let server = spawn(&mut command, "pulseaudio")?;
        let mut rig = Rig { dir, server, room: None };
        rig.wait_for_answer()?;
        if options.room {
            rig.room = Some(rig.play_room()?);
        }
        Ok(rig)
    }

    /// What to set (`Some`) and to unset (`None`) in the environment of a program that is to use the rig.
    ///
    /// A running process cannot change its own environment safely: run a child.
    pub fn env(&self) -> Vec<(OsString, Option<OsString>)> {
        env_of(self.dir.path())
    }

    /// A command that uses the rig.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        apply(&self.env(), &mut command);
        command
    }

    /// Plays a WAV file into the microphone and waits until it has been heard.
    pub fn play_into_microphone(&self, wav: &Path) -> Result<(), RigError> {
        let mut player = player(wav);
        apply(&self.env(), &mut player);
        run(&mut player, "paplay").map(drop)
    }

    /// Begins to record what the program says into a WAV file (48 kHz, stereo).
    pub fn record_speaker(&self, wav: &Path) -> Result<SpeakerRecording, RigError> {
        let mut command = self.command("parecord");
        command.args(["--device=speaker.monitor", "--file-format=wav", "--rate=48000", "--latency-msec=20"]).arg(wav);
        Ok(SpeakerRecording { child: spawn(&mut command, "parecord")? })
    }

    /// Unplugs the microphone.
    pub fn unplug_microphone(&self) -> Result<(), RigError> {
        run(self.command("pactl").args(["unload-module", "module-remap-source"]), "pactl").map(drop)
    }

    /// Plugs the microphone in again.
    pub fn plug_microphone_in(&self) -> Result<(), RigError> {
        run(self.command("pactl").arg("load-module").args(MICROPHONE_MODULE), "pactl")?;
        run(self.command("pactl").args(["set-default-source", MICROPHONE]), "pactl").map(drop)
    }

    /// Stops the server where it stands: it takes calls and answers none.
    pub fn freeze_server(&self) {
        signal(self.server.id() as i32, libc::SIGSTOP);
    }

    /// Kills the server as a crash would.
    pub fn kill_server(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }

    fn wait_for_answer(&mut self) -> Result<(), RigError> {
        let deadline = Instant::now() + START_LIMIT;
        loop {
            let sources = run(self.command("pactl").args(["list", "short", "sources"]), "pactl");
            match sources {
                Ok(sources) if sources.contains(MICROPHONE) => return Ok(()),
                Err(error @ RigError::NotStarted { .. }) => return Err(error),
                _ => {}
            }
            let ended = matches!(self.server.try_wait(), Ok(Some(_)));
            if ended || Instant::now() > deadline {
                let log = std::fs::read_to_string(self.dir.path().join("server.log")).unwrap_or_default();
                return Err(RigError::NoAnswer { log: last_line(&log) });
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Plays noise at -60 dBFS into the microphone for as long as the rig stands.
    fn play_room(&self) -> Result<Child, RigError> {
        let mut command = self.command("pacat");
        command
            .args(["--playback", "--raw", "--device=microphone", "--rate=48000", "--channels=1", "--format=s16le"])
            .stdin(Stdio::piped())
            // It complains when the server goes first.
            .stderr(Stdio::null());
        let mut child = spawn(&mut command, "pacat")?;
        let mut into = child.stdin.take().expect("its input is a pipe");
        let mut random = fastrand::Rng::with_seed(48_000);
        // Even in -56..=56 has a root mean square of 32.6 of 32768.
        let second: Vec<u8> = (0..48_000).flat_map(|_| random.i16(-56..=56).to_le_bytes()).collect();
        // Ends when the child does.
        std::thread::spawn(move || while into.write_all(&second).is_ok() {});
        Ok(child)
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        if let Some(room) = &mut self.room {
            let _ = room.kill();
            let _ = room.wait();
        }
        let pid_file = self.dir.path().join("speech-dispatcher/pid/speech-dispatcher.pid");
        if let Some(pid) = std::fs::read_to_string(pid_file).ok().and_then(|text| text.trim().parse().ok()) {
            end_speech_dispatcher(pid);
        }
        signal(self.server.id() as i32, libc::SIGTERM);
        if wait_until(END_LIMIT, || matches!(self.server.try_wait(), Ok(Some(_)))).is_none() {
            self.kill_server();
        }
    }
}

/// A recording of the loudspeaker that goes on.
pub struct SpeakerRecording {
    child: Child,
}

impl SpeakerRecording {
    /// Ends the recording; the file is whole afterwards.
    pub fn stop(mut self) -> io::Result<ExitStatus> {
        signal(self.child.id() as i32, libc::SIGINT);
        self.child.wait()
    }
}

impl Drop for SpeakerRecording {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The module that makes a microphone of the null sink, and its arguments.
const MICROPHONE_MODULE: [&str; 4] = [
    "module-remap-source",
    "source_name=rig_microphone",
    "master=microphone.monitor",
    "source_properties=device.description=Rig-Microphone",
];

fn script_of(options: RigOptions) -> String {
    // Without norewinds=1 a null sink eats the first 0.3 to 1.9 s of a recording (AUDIO.md, pitfall 1).
    let sink = "load-module module-null-sink norewinds=1 rate=48000";
    let mut lines = vec![
        "load-module module-native-protocol-unix auth-anonymous=1 auth-cookie-enabled=0".to_owned(),
        format!("{sink} sink_name=speaker channels=2 sink_properties=device.description=Rig-Speaker"),
        format!("{sink} sink_name=microphone channels=1 channel_map=mono sink_properties=device.description=Rig-Air"),
        format!("load-module {}", MICROPHONE_MODULE.join(" ")),
        "set-default-sink speaker".to_owned(),
        format!("set-default-source {MICROPHONE}"),
    ];
    if options.echo {
        lines.push("load-module module-loopback source=speaker.monitor sink=microphone latency_msec=30".to_owned());
    }
    lines.join("\n") + "\n"
}

fn env_of(dir: &Path) -> Vec<(OsString, Option<OsString>)> {
    let pulse = dir.join("pulse");
    let set = |name: &str, value: PathBuf| (OsString::from(name), Some(value.into_os_string()));
    let mut server = OsString::from("unix:");
    server.push(pulse.join("native"));
    vec![
        set("XDG_RUNTIME_DIR", dir.to_owned()),
        set("PULSE_RUNTIME_PATH", pulse.clone()),
        set("PULSE_STATE_PATH", pulse.clone()),
        set("PULSE_CONFIG_PATH", pulse.clone()),
        set("PULSE_COOKIE", pulse.join("cookie")),
        (OsString::from("PULSE_SERVER"), Some(server)),
        ("PULSE_SINK".into(), None),
        ("PULSE_SOURCE".into(), None),
        ("DISPLAY".into(), None),
        ("DBUS_SESSION_BUS_ADDRESS".into(), None),
        ("SPEECHD_ADDRESS".into(), None),
    ]
}

fn apply(env: &[(OsString, Option<OsString>)], command: &mut Command) {
    for (name, value) in env {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
}

fn spawn(command: &mut Command, program: &'static str) -> Result<Child, RigError> {
    command.spawn().map_err(|cause| RigError::NotStarted { program, cause })
}

/// Runs a program to its end and returns what it printed.
fn run(command: &mut Command, program: &'static str) -> Result<String, RigError> {
    let output = command.stdin(Stdio::null()).output().map_err(|cause| RigError::NotStarted { program, cause })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(RigError::Failed { program, reason: last_line(&String::from_utf8_lossy(&output.stderr)) })
}

fn last_line(text: &str) -> String {
    text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing").to_owned()
}

/// Ends the speech service that was started in the rig, and its voices.
///
/// One that never found its sound server ignores SIGTERM (AUDIO.md).
fn end_speech_dispatcher(pid: i32) {
    let alive = || {
        let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        name.starts_with("speech-disp")
    };
    if !alive() {
        return;
    }
    signal(pid, libc::SIGTERM);
    if wait_until(END_LIMIT, || !alive()).is_none() {
        signal(pid, libc::SIGKILL);
    }
}

fn signal(pid: i32, signal: i32) {
    if pid > 1 {
        // SAFETY: `kill` takes two numbers; the process is one that was started here.
        unsafe { libc::kill(pid, signal) };
    }
}

fn wait_until(limit: Duration, mut done: impl FnMut() -> bool) -> Option<()> {
    let deadline = Instant::now() + limit;
    while !done() {
        if Instant::now() > deadline {
            return None;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Some(())
}

/// A command that plays a WAV file into the microphone; for a program that runs inside of a rig.
pub fn player(wav: &Path) -> Command {
    let mut command = Command::new("paplay");
    command.arg("--device=microphone").arg(wav);
    command
}

/// Asks a program to end in order.
pub fn ask_to_end(child: &Child) {
    signal(child.id() as i32, libc::SIGTERM);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_pulseaudio_the_hint_names_the_packages() {
        let missing = RigError::NotStarted { program: "pulseaudio", cause: io::ErrorKind::NotFound.into() };
        assert!(missing.hint().contains("apt-get install") && missing.hint().contains("pulseaudio"));
    }

    #[test]
    fn the_environment_leads_to_the_rig_and_nowhere_else() {
        let env = env_of(Path::new("/tmp/r"));
        let value = |name: &str| env.iter().find(|(n, _)| n == name).unwrap().1.clone();
        assert_eq!(value("PULSE_SERVER").unwrap(), "unix:/tmp/r/pulse/native");
        assert_eq!(value("DBUS_SESSION_BUS_ADDRESS"), None);
    }
}
