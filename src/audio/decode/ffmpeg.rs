//! Recordings that are not read here, read by ffmpeg where it is installed; the only file that names it as a program.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread::JoinHandle;

/// The program; found where the system looks for programs.
pub const PROGRAM: &str = "ffmpeg";

/// How much is read at a time, in frames.
const PIECE: usize = 16_384;

/// Takes interleaved samples, the number of their channels, and their rate.
pub type TakeFrames<'a> = dyn FnMut(&[f32], usize, u32) -> ControlFlow<()> + 'a;

/// Why ffmpeg gave no sound.
#[derive(Debug)]
pub enum FfmpegError {
    /// It is not installed, or cannot be started.
    NotThere,
    /// What it said in its last line.
    Failed(String),
}

/// Decodes a track of `path`, counted from 0, until `take` breaks off.
pub fn read(program: &str, path: &Path, track: usize, take: &mut TakeFrames) -> Result<(), FfmpegError> {
    let mut running = Running::start(program, path, track).map_err(|_| FfmpegError::NotThere)?;
    let mut sound = BufReader::new(running.child.stdout.take().expect("it was asked for"));
    // No head of a sound at all, or one that is cut: what it says on the other channel is the reason.
    let Ok((channels, rate_hz)) = read_head(&mut sound) else {
        return Err(FfmpegError::Failed(running.last_line()));
    };
    let (mut bytes, mut samples) = (vec![0; 4 * channels * PIECE], Vec::new());
    loop {
        let filled = fill(&mut sound, &mut bytes).map_err(|error| FfmpegError::Failed(error.to_string()))?;
        let whole = filled / (4 * channels) * (4 * channels);
        samples.clear();
        samples.extend(bytes[..whole].chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])));
        if whole == 0 || take(&samples, channels, rate_hz).is_break() {
            return Ok(());
        }
    }
}

/// ffmpeg at work, ended when this is dropped.
struct Running {
    child: Child,
    said: Option<JoinHandle<String>>,
}

impl Running {
    fn start(program: &str, path: &Path, track: usize) -> io::Result<Running> {
        // With the prefix no name is taken for an option or an address, and nothing is fetched that a file mentions.
        let mut input = OsString::from("file:");
        input.push(path);
        let mut child = Command::new(program)
            .args(["-nostdin", "-hide_banner", "-v", "error", "-protocol_whitelist", "file", "-i"])
            .arg(input)
            .args(["-map", &format!("0:a:{track}"), "-c:a", "pcm_f32le", "-f", "wav", "pipe:1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let errors = child.stderr.take().expect("it was asked for");
        let said = std::thread::Builder::new().name("ffmpeg-errors".to_owned()).spawn(move || last_line(errors)).ok();
        Ok(Running { child, said })
    }

    /// Waits for its end and returns what it said last.
    fn last_line(&mut self) -> String {
        let said = self.said.take().and_then(|said| said.join().ok()).unwrap_or_default();
        if said.is_empty() { "it gave no sound".to_owned() } else { said }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The last line that says something, shortened to a line of a terminal.
fn last_line(errors: ChildStderr) -> String {
    let mut last = String::new();
    for line in BufReader::new(errors).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        if !line.trim().is_empty() {
            last = line.trim().chars().filter(|c| !c.is_control()).take(200).collect();
        }
    }
    last
}

/// The number of channels and the rate in the head of a WAV of 32-bit floats, up to its samples.
fn read_head(sound: &mut impl Read) -> io::Result<(usize, u32)> {
    let mut riff = [0; 12];
    sound.read_exact(&mut riff)?;
    let (mut head, mut format) = ([0; 8], None);
    loop {
        sound.read_exact(&mut head)?;
        let size = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        match (&head[..4], format) {
            (b"data", Some(format)) => return Ok(format),
            (b"data", None) => return Err(io::ErrorKind::InvalidData.into()),
            _ => {}
        }
        let mut chunk = Vec::new();
        sound.take(u64::from(size.next_multiple_of(2))).read_to_end(&mut chunk)?;
        if let (b"fmt ", [_, _, low, high, a, b, c, d, ..]) = (&head[..4], &chunk[..]) {
            let channels = usize::from(u16::from_le_bytes([*low, *high]));
            format = (channels > 0).then(|| (channels, u32::from_le_bytes([*a, *b, *c, *d])));
        }
    }
}

/// Reads until `into` is full or the sound ends; returns how much.
fn fill(sound: &mut impl BufRead, into: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < into.len() {
        match sound.read(&mut into[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
