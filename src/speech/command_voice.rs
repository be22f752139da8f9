//! A voice that is a command: espeak-ng, say, or any other that plays what it is given.

use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::settings::{VoiceError, VoiceSettings};
use super::{Delivery, NORMAL_RATE_WPM, SpeakError, Speaker, Spoken, StopSignal, speakable, time_limit};
use crate::types::Seconds;

/// How often a running command is looked at: how late a stop or its end may be noticed.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What loading a neural voice may take on top of speaking.
const START_LIMIT: Seconds = Seconds(10.0);

/// A text of fewer characters may be over before anybody could tell whether it was heard.
const TELLING_CHARACTERS: usize = 20;

/// The least time a character takes at [`NORMAL_RATE_WPM`]: a quarter of what espeak-ng needs.
const FASTEST_S_PER_CHARACTER: f64 = 0.017;

/// Whether a command that ended after `took` can have spoken `text`.
///
/// Without a sound server espeak-ng ends after 0.04 s, says nothing and calls it a success.
fn ended_too_soon(text: &str, rate_wpm: u32, took: Seconds) -> bool {
    let characters = text.chars().count();
    let least = FASTEST_S_PER_CHARACTER * characters as f64 * f64::from(NORMAL_RATE_WPM) / f64::from(rate_wpm.max(1));
    characters >= TELLING_CHARACTERS && took.0 < least
}

/// A command and its arguments, with places for what changes.
///
/// Written like a shell line, with quotation marks, but run without a shell. `{text}`, `{rate}`
/// (words a minute) and `{volume}` (percent) are filled in; without `{text}` the text comes on
/// standard input. A pipe needs a shell of its own:
/// `sh -c "piper --model en.onnx --output-raw | aplay -q -r 22050 -f S16_LE"`. There the text comes on standard input only:
/// `{text}` inside of a script is refused, because a question could run what it likes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    words: Vec<String>,
}

impl CommandLine {
    /// Takes a line apart into its words; `'...'` and `"..."` keep a space, `\` keeps the next character.
    pub fn parse(line: &str) -> Result<CommandLine, VoiceError> {
        let mut words = Vec::new();
        let mut word: Option<String> = None;
        let mut quote = None;
        let mut letters = line.chars();
        while let Some(c) = letters.next() {
            match (c, quote) {
                (c, Some(open)) if c == open => quote = None,
                ('\\', None | Some('"')) => word.get_or_insert_default().extend(letters.next()),
                (c, Some(_)) => word.get_or_insert_default().push(c),
                ('\'' | '"', None) => {
                    quote = Some(c);
                    word.get_or_insert_default();
                }
                (c, None) if c.is_whitespace() => words.extend(word.take()),
                (c, None) => word.get_or_insert_default().push(c),
            }
        }
        if quote.is_some() {
            return Err(VoiceError::OpenQuote { command: line.to_owned() });
        }
        words.extend(word);
        if words.windows(2).any(|pair| is_run(&words[0], &pair[0], &pair[1])) {
            return Err(VoiceError::TextIsRun { command: line.to_owned() });
        }
        match words.first() {
            Some(program) if !program.is_empty() => Ok(CommandLine { words }),
            _ => Err(VoiceError::Empty { given: line.to_owned() }),
        }
    }

    /// A command of known words.
    fn of(words: &[&str]) -> CommandLine {
        CommandLine { words: words.iter().map(|&word| word.to_owned()).collect() }
    }

    /// The program's name, without its folder.
    fn program(&self) -> &str {
        self.words[0].rsplit('/').next().unwrap_or(&self.words[0])
    }

    /// The words with the places filled in, and whether the text is among them.
    fn fill(&self, text: &str, rate_wpm: u32, volume_percent: u32) -> (Vec<String>, bool) {
        let takes_text = self.words.iter().any(|word| word.contains("{text}"));
        let fill = |word: &String| {
            let word = word.replace("{rate}", &rate_wpm.to_string()).replace("{volume}", &volume_percent.to_string());
            // Last, so that braces in the text itself stay as they are.
            word.replace("{text}", text)
        };
        (self.words.iter().map(fill).collect(), takes_text)
    }
}

/// Programs that run what they are given.
const INTERPRETERS: [&str; 21] = [
    "ash",
    "bash",
    "busybox",
    "cmd",
    "dash",
    "doas",
    "env",
    "fish",
    "ksh",
    "lua",
    "node",
    "osascript",
    "perl",
    "php",
    "powershell",
    "pwsh",
    "ruby",
    "sh",
    "su",
    "sudo",
    "zsh",
];

/// Whether the text would become a part of a program: a question of a bank could then run what it likes.
///
/// A word that the text only stands in, such as `--text={text}`, is harmless; one with spaces in it is a script, and so is
/// what follows `-c` or `-e` of an interpreter. A shell of another machine runs whatever it is sent.
fn is_run(program: &str, before: &str, word: &str) -> bool {
    if !word.contains("{text}") {
        return false;
    }
    let name = program.rsplit('/').next().unwrap_or(program);
    let interprets = INTERPRETERS.contains(&name) || name.starts_with("python");
    let is_script = before.starts_with('-') && !before.starts_with("--") && before.ends_with(['c', 'e', 'r', 'E']);
    let is_long_script = ["--eval", "--command", "--print", "--run"].contains(&before);
    word.contains([' ', ';', '&', '|', '$', '`', '\n', '('])
        || name == "ssh"
        || interprets && (is_script || is_long_script)
}

/// Speaks by running a command for each text and waiting for it to end.
#[derive(Clone, Debug)]
pub struct CommandVoice {
    line: CommandLine,
    name: String,
    rate_wpm: u32,
    volume_percent: u32,
    /// What goes before the text, such as the volume for `say`.
    prefix: String,
}

impl CommandVoice {
    /// Any command.
    pub fn new(line: CommandLine, settings: &VoiceSettings) -> CommandVoice {
        CommandVoice {
            name: line.program().to_owned(),
            line,
            rate_wpm: settings.rate_wpm,
            volume_percent: settings.volume_percent,
            prefix: String::new(),
        }
    }

    /// `espeak-ng`, speaking American English where no voice is named.
    pub fn espeak(voice: Option<&str>, settings: &VoiceSettings) -> CommandVoice {
        let voice = voice.unwrap_or("en-us");
        let line = CommandLine::of(&["espeak-ng", "-v", voice, "-s", "{rate}", "-a", "{volume}", "--stdin"]);
        CommandVoice::new(line, settings)
    }

    /// `say` of macOS; its volume is a command in the text.
    pub fn say(voice: Option<&str>, settings: &VoiceSettings) -> CommandVoice {
        let mut words = vec!["say", "-r", "{rate}"];
        words.extend(voice.map(|voice| ["-v", voice]).iter().flatten());
        words.extend(["-f", "-"]);
        let mut say = CommandVoice::new(CommandLine::of(&words), settings);
        if settings.volume_percent < 100 {
            say.prefix = format!("[[volm {:.2}]] ", f64::from(settings.volume_percent) / 100.0);
        }
        say
    }

    fn start(&self, text: &str) -> Result<Running, SpeakError> {
        let text = format!("{}{text}", self.prefix);
        let (words, takes_text) = self.line.fill(&text, self.rate_wpm, self.volume_percent);
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).stdout(Stdio::null()).stderr(Stdio::piped());
        command.stdin(if takes_text { Stdio::null() } else { Stdio::piped() });
        // A group of its own: a stop ends the whole of `sh -c "piper | aplay"`.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().map_err(|cause| self.unavailable(&cause))?;
        if let Some(mut stdin) = child.stdin.take() {
            // On a thread: a command that does not read must not hold us up. It may also end early.
            thread::spawn(move || stdin.write_all(text.as_bytes()).ok());
        }
        Ok(Running { complaint: Complaint::of(&mut child), child, ended: None })
    }

    fn unavailable(&self, cause: &io::Error) -> SpeakError {
        let reason = match cause.kind() {
            io::ErrorKind::NotFound => "it is not installed".to_owned(),
            _ => cause.to_string(),
        };
        SpeakError::Unavailable { voice: self.name.clone(), reason }
    }
}

impl Speaker for CommandVoice {
    fn speak(&mut self, text: &str, stop: &StopSignal) -> Result<Spoken, SpeakError> {
        let started = Instant::now();
        let text = speakable(text);
        let spoken = |stopped| Spoken {
            voice: self.name.clone(),
            delivery: Delivery::Aloud,
            stopped,
            duration: Seconds(started.elapsed().as_secs_f64()),
            notes: Vec::new(),
        };
        if text.is_empty() {
            return Ok(spoken(false));
        }
        let limit = time_limit(&text, self.rate_wpm) + START_LIMIT;
        let mut running = self.start(&text)?;
        loop {
            if let Some(status) = running.status() {
                let too_soon = ended_too_soon(&text, self.rate_wpm, Seconds(started.elapsed().as_secs_f64()));
                if status.success() && !too_soon {
                    return Ok(spoken(false));
                }
                let reason = match status.success() {
                    true => "it ended too soon to have spoken; is there any sound?".to_owned(),
                    false => running.complaint.first_line().unwrap_or_else(|| status.to_string()),
                };
                return Err(SpeakError::BrokeOff { voice: self.name.clone(), reason });
            }
            if stop.is_stopped() {
                return Ok(spoken(true));
            }
            if started.elapsed().as_secs_f64() > limit.0 {
                let reason = running.complaint.first_line().unwrap_or_else(|| "it was ended".to_owned());
                return Err(SpeakError::TimedOut { voice: self.name.clone(), limit, reason });
            }
            thread::sleep(LOOK_EVERY);
        }
    }
}

/// A command at work. Dropping it ends it with everything it started.
struct Running {
    child: Child,
    ended: Option<ExitStatus>,
    complaint: Complaint,
}

impl Running {
    /// How it ended; `None` while it runs.
    fn status(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none() {
            self.ended = self.child.try_wait().ok().flatten();
        }
        self.ended
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.ended.is_some() {
            return;
        }
        #[cfg(unix)]
        // SAFETY: a plain system call. The group is the child's own and the child is not yet waited
        // for, so its number cannot have gone to anybody else.
        unsafe {
            libc::kill(-(self.child.id() as libc::pid_t), libc::SIGKILL);
        }
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What a command writes to standard error: read on a thread, so that it never blocks and never reaches the screen.
struct Complaint(mpsc::Receiver<String>);

/// How much of it is kept, in bytes; the rest is read and dropped.
const COMPLAINT_LIMIT: u64 = 4096;

impl Complaint {
    fn of(child: &mut Child) -> Complaint {
        let (sender, receiver) = mpsc::channel();
        if let Some(mut stderr) = child.stderr.take() {
            thread::spawn(move || {
                let mut text = Vec::new();
                (&mut stderr).take(COMPLAINT_LIMIT).read_to_end(&mut text).ok();
                sender.send(String::from_utf8_lossy(&text).into_owned()).ok();
                io::copy(&mut stderr, &mut io::sink()).ok();
            });
        }
        Complaint(receiver)
    }

    /// Its first line that says something, if the command has closed its output.
    fn first_line(&self) -> Option<String> {
        let text = self.0.recv_timeout(Duration::from_millis(200)).ok()?;
        text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned)
    }
}

#[cfg(test)]
mod tests;
