//! A private sound server with a loudspeaker that can be listened to.

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// The server, in a runtime folder of its own; gone with everything it started when dropped.
pub struct Rig {
    folder: tempfile::TempDir,
}

/// `norewinds`: without it the first second of a recording is lost.
const SINKS: &str = "load-module module-native-protocol-unix\n\
    load-module module-null-sink sink_name=speaker norewinds=1 rate=48000 channels=2\n\
    set-default-sink speaker\n";

impl Rig {
    pub fn start() -> Rig {
        let rig = Rig { folder: tempfile::Builder::new().prefix("greenroom-rig-").tempdir().unwrap() };
        let script = rig.folder.path().join("rig.pa");
        fs::write(&script, SINKS).unwrap();
        let mut server = Command::new("pulseaudio");
        server.arg("-n").arg("-F").arg(&script).args(["-D", "--exit-idle-time=-1", "--use-pid-file=yes"]);
        server.arg(format!("--log-target=newfile:{}", rig.folder.path().join("log").display()));
        rig.apply(&mut server);
        assert!(server.status().expect("the sound tests need pulseaudio").success());
        rig
    }

    /// Puts a command into the rig.
    pub fn apply(&self, command: &mut Command) {
        let runtime = self.folder.path();
        command.env("XDG_RUNTIME_DIR", runtime).env("PULSE_RUNTIME_PATH", runtime.join("pulse"));
        command.env("PULSE_SERVER", format!("unix:{}", runtime.join("pulse/native").display()));
        for variable in ["DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "SPEECHD_ADDRESS"] {
            command.env_remove(variable);
        }
    }

    /// Listens to the loudspeaker from now on.
    pub fn listen(&self) -> Hearing {
        let mut recorder = Command::new("parec");
        recorder.args([
            "--device=speaker.monitor",
            "--format=s16le",
            "--rate=16000",
            "--channels=1",
            "--latency-msec=40",
        ]);
        self.apply(&mut recorder);
        let mut recorder = recorder.stdout(Stdio::piped()).spawn().unwrap();
        let mut output = recorder.stdout.take().unwrap();
        let blocks = Arc::new(Mutex::new(Vec::new()));
        let heard = blocks.clone();
        thread::spawn(move || {
            let mut block = [0; BLOCK_BYTES];
            while output.read_exact(&mut block).is_ok() {
                heard.lock().unwrap().push(loudest(&block));
            }
        });
        let hearing = Hearing { recorder, blocks };
        // The monitor delivers silence too: once it delivers anything, nothing will be missed.
        wait_until("the monitor to deliver", || !hearing.blocks.lock().unwrap().is_empty());
        hearing
    }

    /// Kills the speech service the hard way.
    pub fn kill_service(&self) {
        if let Ok(pid) = fs::read_to_string(self.service_pid()) {
            Command::new("kill").args(["-KILL", pid.trim()]).stderr(Stdio::null()).status().unwrap();
        }
    }

    /// Starts a speech service that has one output module only.
    pub fn start_service_with_only(&self, module: &str) {
        let modules = self.folder.path().join("modules");
        fs::create_dir(&modules).unwrap();
        fs::copy(format!("/usr/lib/speech-dispatcher-modules/{module}"), modules.join(module)).unwrap();
        let mut service = Command::new("speech-dispatcher");
        service.arg("-d").arg("-m").arg(&modules).args(["-t", "0"]).stdout(Stdio::null()).stderr(Stdio::null());
        self.apply(&mut service);
        assert!(service.status().unwrap().success());
        let socket = self.folder.path().join("speech-dispatcher/speechd.sock");
        wait_until("the speech service to start", || socket.exists());
    }

    fn service_pid(&self) -> PathBuf {
        self.folder.path().join("speech-dispatcher/pid/speech-dispatcher.pid")
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.kill_service();
        let mut kill = Command::new("pulseaudio");
        self.apply(kill.arg("--kill"));
        kill.status().ok();
        // It tidies its folder as it ends; only then can the folder be removed.
        let pid = self.folder.path().join("pulse/pid");
        for _ in 0..200 {
            if !pid.exists() {
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// 20 ms of sound at 16 kHz and 16 bits.
const BLOCK_BYTES: usize = 640;
const BLOCK_S: f64 = 0.02;
/// A block this loud holds speech; the rig has no noise of its own.
const LOUD: f64 = 0.01;

/// What was heard since [`Rig::listen`].
pub struct Hearing {
    recorder: Child,
    blocks: Arc<Mutex<Vec<f64>>>,
}

impl Hearing {
    /// Seconds of sound so far, pauses not counted.
    pub fn loud_s(&self) -> f64 {
        self.blocks.lock().unwrap().iter().filter(|&&peak| peak > LOUD).count() as f64 * BLOCK_S
    }

    /// The loudest sample so far, 0 to 1.
    pub fn peak(&self) -> f64 {
        self.blocks.lock().unwrap().iter().copied().fold(0.0, f64::max)
    }

    /// Waits until a fifth of a second of sound was heard.
    pub fn wait_for_sound(&self) {
        wait_until("sound", || self.loud_s() >= 0.2);
    }
}

impl Drop for Hearing {
    fn drop(&mut self) {
        self.recorder.kill().ok();
        self.recorder.wait().ok();
    }
}

fn loudest(block: &[u8]) -> f64 {
    let samples = block.chunks_exact(2).map(|bytes| f64::from(i16::from_le_bytes([bytes[0], bytes[1]])) / 32_768.0);
    samples.map(f64::abs).fold(0.0, f64::max)
}

/// Waits for something that takes well under a second; a minute without it is a failure, not a hang.
fn wait_until(what: &str, done: impl Fn() -> bool) {
    for _ in 0..12_000 {
        if done() {
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
    panic!("waited in vain for {what}");
}
